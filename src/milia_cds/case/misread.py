"""What to write instead of a value that is misread: told, and never read as it is.

It is worked out where a case is refused, and only there.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import attrs

from milia_cds.case.miscounted import of_amounts, of_number
from milia_cds.case.replies import reply_of
from milia_cds.case.telling import (
    BARE,
    Fact,
    either,
    said_of,
    takes,
    which,
)
from milia_cds.errors import Problem, Unreadable, quoted
from milia_cds.logic.facts import OR_NULL, Choice, Members, Number, Weights, YesNo

_NULL = f"for not known write null{BARE}"
MOST = 100
"""Of more problems than these nobody is told more than what is wrong."""
_LONGEST = 200
"""A longer text is no slip of the pen."""
_LISTED = 6


def misread(fact: Fact, value: object, problems: Iterable[Problem]) -> list[Problem]:
    """Problems of a value, with what to write instead where that can be told.

    Parameters
    ----------
    fact
        The fact that was to be read.
    value
        What was given.
    problems
        What its kind says of it.
    """
    if isinstance(fact.kind, Members) and isinstance(value, list):
        told = [*problems]
        return [_of_item(fact, value, each) for each in told[:MOST]] + told[MOST:]
    if isinstance(fact.kind, Weights) and isinstance(value, Mapping):
        return list(problems)
    mend = advice(fact, value)
    return [_mended(fact, each, mend) for each in problems]


def _mended(fact: Fact, problem: Problem, mend: str) -> Problem:
    """A problem with what to write; names that are only alike are not suggested."""
    if not mend and problem.mend.startswith("did you mean"):
        use = f"use one of {', '.join(getattr(fact.kind, 'members', ()))}"
        mend = f"{use}, {OR_NULL}" if isinstance(fact.kind, Choice) else use
    return attrs.evolve(problem, mend=mend or problem.mend)


def advice(fact: Fact, value: object) -> str:
    """What to write instead of a value; nothing where that cannot be told.

    Parameters
    ----------
    fact
        The fact that was to be read.
    value
        What was given.
    """
    match value:
        case str():
            return _of_text(fact, value)
        case Unreadable(text):
            return f"{text} says nothing: {takes(fact.kind)}"
        case bool() | int() | float():
            return _of_scalar(fact, value)
        case list() | tuple():
            return _of_several(fact, value)
        case dict():
            return _of_object(fact, value)
    return ""


def _of_scalar(fact: Fact, value: Any) -> str:
    if isinstance(value, float) and math.isnan(value):
        return f"NaN says nothing: {takes(fact.kind)}"
    truth = value is True or value is False
    if truth or (value in (0, 1) and not isinstance(fact.kind, Number)):
        return _of_reply(fact, "yes" if value else "no", "")
    return of_number(fact, value)


# -- texts --


def _of_text(fact: Fact, text: str) -> str:
    if not text.strip():
        return f"an empty text says nothing: {takes(fact.kind)}"
    if len(text) > _LONGEST:
        return ""
    reply = reply_of(text)
    if isinstance(fact.kind, Members) and not reply:
        listed = _in_a_list(fact, [*map(str.strip, re.split("[,;]", text))])
        if listed:
            return listed
    told = _of_word(fact, text) or (reply in {"yes", "no"} and _of_reply(fact, reply))
    if told:
        return told
    if reply == "not known":
        return _NULL
    match fact.kind:
        case YesNo():
            return _of_truth(fact, text)
        case Choice():
            return _of_parts(fact, text)
        case Number():
            return of_amounts(fact, text)
    return ""


def _of_parts(fact: Fact, text: str) -> str:
    """What a text says that names several members."""
    parts = re.split(r"\s*(?:[,;/+&]|\band\b|\bor\b)\s*", text)
    found = [*_members(fact, parts)] if len(parts) > 1 else []
    return _of_several(fact, found) if len(found) == len(parts) else ""


def _of_truth(fact: Fact, text: str) -> str:
    first = re.split("[,;:(.]", text.strip())[0]
    reply = reply_of(first) if first != text.strip() else ""
    if reply in {"yes", "no"}:
        return _of_reply(fact, reply)
    inner = text.strip().casefold()
    if inner in {"0", "1", "0.0", "1.0"}:
        return _of_reply(fact, "yes" if inner[0] == "1" else "no")
    return ""


def _of_word(fact: Fact, word: str) -> str:
    """What a word says that is nearly a member, its label or an alias."""
    alias = fact.words.alias(word, fact.name)
    if not isinstance(fact.kind, Choice | Members):
        return said_of(alias, fact.words, fact.name) if alias else ""
    members, words = fact.kind.members, fact.words
    found = words.same(word, members) or words.labelled(word, fact.name)
    if not found and alias:
        return said_of(alias, words, fact.name)
    if not found and words.bare(word):
        return _of_word(fact, words.bare(word))
    if not found and not reply_of(word):
        found = words.slip(word, members)
        alias = None if found else words.near_alias(word, fact.name)
    if not found and alias:
        return said_of(alias, words, fact.name)
    if len(found) != 1:
        return which(fact, found) if found else ""
    listed = f"The members are {', '.join(members)}"
    also = f", {OR_NULL}" if isinstance(fact.kind, Choice) else ""
    return f"did you mean {quoted(found[0])}? {listed}{also}"


# -- values in brackets --


def _alone(fact: Fact, value: object, brackets: str) -> str:
    """What to write instead of a value that stands in brackets."""
    problems: list[Problem] = []
    fact.kind.read(value, fact.name, problems)
    if not problems:
        return f"write {json.dumps(value)}, without {brackets}"
    inner = "" if isinstance(value, list | dict) else advice(fact, value)
    return f"without {brackets}, {inner or takes(fact.kind)}"


def _of_object(fact: Fact, value: Mapping[Any, Any]) -> str:
    if "value" in value:
        inner, unit = value["value"], value.get("unit")
        named = isinstance(inner, int | float) and isinstance(unit, str)
        return _alone(fact, f"{inner} {unit}" if named else inner, "{ }")
    members = getattr(fact.kind, "members", ())
    if (
        isinstance(fact.kind, Members)
        and value
        and all(key in members for key in value)
    ):
        held = [key for key, is_so in value.items() if is_so is True]
        return f"put it in a list: write {json.dumps(held)}"
    return f"write the value itself, without {{ }}: {takes(fact.kind)}"


# -- yes and no --


def _of_reply(fact: Fact, reply: str, bare: str = BARE) -> str:
    """What a plain yes or no says of a fact."""
    match fact.kind:
        case YesNo():
            value = "true" if reply == "yes" else "false"
            return f"for {reply} write {value}{bare}"
        case Members() if reply == "no":
            return f"for none write [], {OR_NULL}"
        case Choice():
            alias = fact.words.alias(reply, fact.name)
            return said_of(alias, fact.words, fact.name) if alias else ""
    return ""


# -- lists --


def _of_several(fact: Fact, values: Iterable[Any]) -> str:
    several = [*values]
    if isinstance(fact.kind, Weights):
        return ""
    if len(several) == 1:
        return _alone(fact, several[0], "[ ]")
    found = [quoted(each) for each in several[:_LISTED]]
    if not found:
        return f"an empty list says nothing: {takes(fact.kind)}"
    return (
        f"write one value, not a list: {either(found)}. What holds of another one "
        f"goes into a case of its own"
    )


def _in_a_list(fact: Fact, parts: list[str]) -> str:
    """A text of one or more members, which is to stand in a list."""
    members = [*_members(fact, parts)]
    if len(members) < len(parts):
        return ""
    return f"put it in a list: write {json.dumps(members)}"


def _members(fact: Fact, parts: Iterable[str]) -> Iterator[str]:
    for part in parts:
        alias = fact.words.alias(part, fact.name)
        known = getattr(fact.kind, "members", ())
        found = fact.words.same(part, known) or (alias.members if alias else ())
        if len(found) == 1:
            yield found[0]


def _of_item(fact: Fact, values: list[Any], problem: Problem) -> Problem:
    """The problem of an item of a list, with the member that it may mean."""
    _, _, place = problem.path.rpartition("[")
    number = place.removesuffix("]")
    item = values[int(number)] if number.isdigit() else None
    if not isinstance(item, str) or "twice" in problem.message:
        return problem
    return _mended(fact, problem, _of_word(fact, item))
