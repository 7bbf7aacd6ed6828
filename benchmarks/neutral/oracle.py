"""The oracle: what the answer is, by plain recursion over the trees.

Strong Kleene logic; `None` is not known. It shares no code with the library, so that
the two can disagree.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from benchmarks.neutral.records import Answer, Expression, Facts, Task


def truth(
    expression: Expression, facts: Facts, terms: Mapping[str, bool | None]
) -> bool | None:
    """Evaluate an expression, given the values of the terms."""
    match expression:
        case {"f": field, "op": sign, "v": bound}:
            return _atom(facts[field], sign, bound)
        case {"ref": name}:
            return terms[name]
        case {"not": part}:
            return _not(truth(part, facts, terms))
        case {"all": parts}:
            return _all(truth(part, facts, terms) for part in parts)
        case {"any": parts}:
            return _not(_all(_not(truth(part, facts, terms)) for part in parts))
    message = f"this is no expression: {expression}"
    raise ValueError(message)


def _atom(value: Any, sign: str, bound: Any) -> bool | None:
    if value is None:
        return None
    answers: dict[str, bool] = {
        "lt": sign == "lt" and value < bound,
        "ge": sign == "ge" and value >= bound,
        "in": sign == "in" and value in bound,
        "is": value is bound,
    }
    return answers[sign]


def _not(value: bool | None) -> bool | None:  # noqa: FBT001 - one of three values
    return None if value is None else not value


def _all(values: Iterable[bool | None]) -> bool | None:
    known = list(values)
    if False in known:
        return False
    return None if None in known else True


def answer(task: Task, facts: Facts) -> Answer:
    """Decide one case."""
    terms: dict[str, bool | None] = {}
    for term in task.terms:
        terms[term.id] = truth(term.when, facts, terms)
    found = {rule.id: truth(rule.when, facts, terms) for rule in task.rules}
    places = range(len(task.candidates))
    scores = dict.fromkeys(places, 0)
    excluded: set[int] = set()
    for rule in task.rules:
        if found[rule.id] and rule.kind == "exclude":
            excluded.update(rule.targets)
        elif found[rule.id]:
            for place in rule.targets:
                scores[place] += rule.weight
    offered = [place for place in places if place not in excluded]
    return Answer(
        excluded=tuple(sorted(excluded)),
        ranking=tuple(sorted(offered, key=lambda place: (-scores[place], place))),
        scores=tuple(scores.values()),
        fired=tuple(name for name, value in found.items() if value),
        unknown=tuple(name for name, value in found.items() if value is None),
    )
