"""What was chosen and typed in the form of a question, as an interview takes it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, TypeAlias

from milia_cds.errors import (
    AnswerError,
    CaseError,
    ContradictionError,
    Problem,
    Problems,
    quoted,
)
from milia_cds.logic.facts import OR_NULL, Kind, Members, Number, YesNo

YES, NO, NOT_KNOWN = "yes", "no", "not_known"
"""Answers that are no member of a fact."""

Deed: TypeAlias = Literal["answer", "deny", "skip", "back"]
"""What a button does."""

Fields: TypeAlias = Mapping[str, Sequence[str]]
"""What was chosen and typed, by the dotted name of the fact."""

_NUMBER = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?")
_PRESS = "press “Not known”"


def facts_answered(fields: Fields, kinds: Mapping[str, Kind]) -> dict[str, Any]:
    """The facts that were answered, as plain JSON values; what is empty is left out.

    What is no answer is handed on as it is, for the interview to refuse.

    Parameters
    ----------
    fields
        What was chosen and typed.
    kinds
        The kind of each fact.

    Raises
    ------
    CaseError
        When answers to one question exclude one another, or a number is none.
    """
    facts = {}
    problems = Problems()
    for fact, texts in fields.items():
        given = list(dict.fromkeys(text.strip() for text in texts if text.strip()))
        wrong = _wrong(given, kinds[fact])
        if wrong:
            problems.append(Problem(fact, *wrong))
        elif given:
            facts[fact] = _value(given, kinds[fact])
    if problems:
        raise CaseError(problems)
    return facts


def _wrong(given: list[str], kind: Kind) -> tuple[str, str] | None:
    """What is wrong with an answer before it is read, and how to mend it."""
    several = isinstance(kind, Members) and not {NO, NOT_KNOWN} & {*given}
    if given[1:] and not several:
        return "it has answers that exclude one another", "choose one of them"
    text = given[0] if given else NOT_KNOWN
    if isinstance(kind, Number) and text != NOT_KNOWN and not _NUMBER.fullmatch(text):
        message = f"{quoted(text)} is not a number"
        return message, "write it in digits, such as 2 or 1.5"
    return None


def _value(given: list[str], kind: Kind) -> Any:
    first = given[0]
    if first == NOT_KNOWN:
        return None
    match kind:
        case Members():
            return [] if first == NO else given
        case YesNo():
            return {YES: True, NO: False}.get(first, first)
        case Number():
            return float(first) if "." in first else int(first)
    return first


def problems_of(error: AnswerError | CaseError) -> Iterator[Problem]:
    """What is wrong, each at its fact, with what to press and not what to write.

    Parameters
    ----------
    error
        What the interview raised.
    """
    if isinstance(error, AnswerError):
        yield Problem("", error.message, error.mend)
        return
    for each in error.problems:
        mend = each.mend.replace(OR_NULL, f"or {_PRESS}")
        if isinstance(error, ContradictionError):
            mend = f"correct one of them, or {_PRESS}"
        yield Problem(each.path, each.message, mend)
