"""When a question of a form is shown, as far as a FHIR Questionnaire can say it.

Nobody is asked for a fact where its `asked_when` is known to be false. A form can only
compare answers, joined by one "and" or one "or", and a question without an answer makes
every comparison false. So a part of the condition is written by what does not make it
false: no answer, "not known", or an answer that makes it true. Such parts can be joined
by "or", and by nothing else: an "and" of them is shown always, and so is whatever is
nested deeper, or compares what a form compares in more ways than one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from milia_cds.adapters.fhir.output import Element, own
from milia_cds.logic.conditions import (
    And,
    Atom,
    Compare,
    Condition,
    Holds,
    Not,
    OneOf,
    Or,
    Term,
    Yes,
)
from milia_cds.logic.facts import Choice, Kind

ANSWERS = own("answer")
"""The system of the answers: yes, no, not known, or the name of a member."""
YES, NO, NOT_KNOWN = "yes", "no", "not_known"

_OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!="}
_SIGN = {"==": "="}


class _Part(NamedTuple):
    """A test that holds, or that does not hold."""

    atom: Atom
    positive: bool


def shown_when(condition: Condition | None, kinds: Mapping[str, Kind]) -> list[Element]:
    """The `enableWhen` of a question, any of which shows it; none shows it always.

    Parameters
    ----------
    condition
        Where it is known to be false, nobody asks.
    kinds
        The kind of every fact, by dotted name.
    """
    parts = None if condition is None else _any_of(condition, positive=True)
    if parts is None:
        return []
    shown: list[Element] = []
    for part in parts:
        answers = _answers(part, kinds[part.atom.fact])
        if answers is None:
            return []
        question = {"question": part.atom.fact}
        shown.append({**question, "operator": "exists", "answerBoolean": False})
        shown.extend({**question, **each} for each in answers)
    return [each for place, each in enumerate(shown) if each not in shown[:place]]


def _any_of(condition: Condition, *, positive: bool) -> list[_Part] | None:
    """The parts of which any is enough; `None` where it is no flat list of such."""
    match condition:
        case Atom():
            return [_Part(condition, positive)]
        case Term(_, stands_for):
            return _any_of(stands_for, positive=positive)
        case Not(part):
            return _any_of(part, positive=not positive)
        case And(parts) | Or(parts):
            if isinstance(condition, And) is positive and len(parts) > 1:
                return None
            lists = [_any_of(part, positive=positive) for part in parts]
            found = [each for each in lists if each is not None]
            return (
                None if len(found) < len(lists) else [p for each in found for p in each]
            )


def _answers(part: _Part, kind: Kind) -> list[Element] | None:
    """The answers that do not make a part false; `None` where a form cannot say it."""
    match part.atom.test:
        case Compare(sign, bound):
            operator = sign if part.positive else _OPPOSITE[sign]
            operator = _SIGN.get(operator, operator)
            return [{"operator": operator, "answerDecimal": bound}]
        case Yes():
            return [*_coded([YES if part.positive else NO, NOT_KNOWN])]
        case OneOf(members) if isinstance(kind, Choice):
            fitting = (m for m in kind.members if (m in members) is part.positive)
            return [*_coded([*fitting, NOT_KNOWN])]
        case Holds(member) if part.positive:
            return [*_coded([member, NOT_KNOWN])]
    return None


def _coded(codes: list[str]) -> Iterator[Element]:
    for code in codes:
        yield {"operator": "=", "answerCoding": {"system": ANSWERS, "code": code}}
