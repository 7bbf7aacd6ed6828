"""The neutral task made larger: its rules again and again, each time altered.

Every copy moves the bounds of the numbers, turns the members of the choices and the
targets, and every other copy turns yes into no; so conditions keep their shape, and
share no more tests than rules of one field would. Nothing is drawn at random.
"""

from __future__ import annotations

from typing import Any

import attrs

from benchmarks.neutral.records import Expression, Rule, Task, Term
from benchmarks.neutral.translation import KINDS
from milia_cds.logic.facts import Choice, Number

_STEP = 13  # shares no factor with the span of any field, so it visits every bound


def enlarged(task: Task, times: int) -> Task:
    """The task with `times` as many rules; the first copy is the task itself."""
    return attrs.evolve(
        task,
        terms=tuple(_term(each, copy) for copy in range(times) for each in task.terms),
        rules=tuple(
            _rule(each, copy, len(task.candidates))
            for copy in range(times)
            for each in task.rules
        ),
    )


def _name(name: str, copy: int) -> str:
    return f"{name}_{copy}" if copy else name


def _term(term: Term, copy: int) -> Term:
    return Term(_name(term.id, copy), _altered(term.when, copy))


def _rule(rule: Rule, copy: int, candidates: int) -> Rule:
    return attrs.evolve(
        rule,
        id=_name(rule.id, copy),
        targets=tuple(sorted((place + copy) % candidates for place in rule.targets)),
        when=_altered(rule.when, copy),
    )


def _altered(expression: Expression, copy: int) -> Expression:
    match expression:
        case {"f": field, "v": value}:
            return {**expression, "v": _moved(field, value, copy)}
        case {"ref": name}:
            return {"ref": _name(name, copy)}
        case {"not": part}:
            return {"not": _altered(part, copy)}
    return {
        key: [_altered(part, copy) for part in parts]
        for key, parts in expression.items()
    }


def _moved(field: str, value: Any, copy: int) -> Any:
    match KINDS[field]:
        case Number(low, high):
            # From low + 1 to high: there a test neither always nor never holds.
            return int(low + 1 + (value - low - 1 + _STEP * copy) % (high - low))
        case Choice(members):
            places = [(members.index(each) + copy) % len(members) for each in value]
            return [members[place] for place in places]
    return value is (copy % 2 == 0)
