"""The neutral task in the condition language of the library, decided by its plan."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from functools import reduce
from operator import attrgetter, or_
from typing import Any

from benchmarks.neutral.records import Answer, Expression, Patient, Task
from milia_cds.case.sections import kinds_of
from milia_cds.logic.conditions import Condition, Scope, Term
from milia_cds.logic.language import parse
from milia_cds.logic.plan import Plan

KINDS = kinds_of(Patient)
_values: Callable[[Patient], tuple[Any, ...]] = attrgetter(*KINDS)


def text(expression: Expression) -> str:
    """Write an expression as a condition."""
    match expression:
        case {"f": field, "op": "lt", "v": bound}:
            return f"{field} < {bound}"
        case {"f": field, "op": "ge", "v": bound}:
            return f"{field} >= {bound}"
        case {"f": field, "op": "in", "v": members}:
            return f"{field} in {{{', '.join(map(json.dumps, members))}}}"
        case {"f": field, "op": "is", "v": wanted}:
            return field if wanted else f"not {field}"
        case {"ref": name}:
            return str(name)
        case {"not": part}:
            return f"not ({text(part)})"
        case {"all": parts}:
            return " and ".join(f"({text(part)})" for part in parts)
        case {"any": parts}:
            return " or ".join(f"({text(part)})" for part in parts)
    message = f"this is no expression: {expression}"
    raise ValueError(message)


def rules_of(task: Task) -> list[Term]:
    """The rules as conditions, each with a name, so that no two are one."""
    terms: dict[str, Condition] = {}
    scope = Scope(KINDS, terms=terms)
    for term in task.terms:
        terms[term.id] = parse(text(term.when), scope)
    return [Term(rule.id, parse(text(rule.when), scope)) for rule in task.rules]


class Translated:
    """The task, its conditions compiled to a plan."""

    def __init__(self, task: Task) -> None:
        rules = rules_of(task)
        self.plan = Plan(KINDS, rules)
        self._bit = {rule.name: self.plan.bit[rule] for rule in rules}
        self._name = {bit.bit_length() - 1: name for name, bit in self._bit.items()}
        places = range(len(task.candidates))
        self._no_scores = [0 for _ in places]
        self._excluding = [
            self.mask(
                rule.id
                for rule in task.rules
                if rule.kind == "exclude" and place in rule.targets
            )
            for place in places
        ]
        self._scoring = {
            rule.id: [(place, rule.weight) for place in rule.targets]
            for rule in task.rules
            if rule.kind == "score"
        }

    def mask(self, rules: Iterable[str]) -> int:
        """The bits of some rules, by their ids."""
        return reduce(or_, map(self._bit.__getitem__, rules), 0)

    def names(self, bits: int) -> list[str]:
        """The ids of the rules whose bits are set, in their order."""
        name = self._name
        signs = bin(bits)[:1:-1]
        found: list[str] = []
        place = signs.find("1")
        while place >= 0:
            found.append(name[place])
            place = signs.find("1", place + 1)
        return found

    def bits(self, patient: Patient) -> tuple[int, int]:
        """The bits of the rules that are true, and of those that are unknown."""
        return self.plan.evaluate(_values(patient))

    def answer(self, patient: Patient) -> Answer:
        """Decide one case, with the ids of all that fired or is unknown."""
        true, unknown = self.plan.evaluate(_values(patient))
        fired = self.names(true)
        scores = self._no_scores.copy()
        for rule in fired:
            for place, weight in self._scoring.get(rule, ()):
                scores[place] += weight
        excluded: list[int] = []
        offered: list[tuple[int, int]] = []
        for place, mask in enumerate(self._excluding):
            if true & mask:
                excluded.append(place)
            else:
                offered.append((-scores[place], place))
        offered.sort()
        return Answer(
            tuple(excluded),
            tuple([place for _, place in offered]),
            tuple(scores),
            tuple(fired),
            tuple(self.names(unknown)),
        )
