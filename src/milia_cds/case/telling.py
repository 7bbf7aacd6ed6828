"""The parts of sentences that say what to write, for values that are misread."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from milia_cds.case.vernacular import Alias, Vernacular
from milia_cds.errors import Problem, quoted
from milia_cds.logic.facts import OR_NULL, Choice, Kind, Members, Number, Weights, YesNo

BARE = ", without quotation marks"


class Fact(NamedTuple):
    """A fact that was misread: its dotted name, its kind, and the words for it."""

    name: str
    kind: Kind
    words: Vernacular


def takes(kind: Kind) -> str:
    """What a kind reads, in the imperative.

    Parameters
    ----------
    kind
        The kind.
    """
    match kind:
        case YesNo():
            return f"write true (yes), false (no), {OR_NULL}"
        case Choice(members):
            return f"use one of {', '.join(members)}, {OR_NULL}"
        case Members(members):
            return f"give a list of {', '.join(members)}, {OR_NULL}"
        case Weights():
            return f"give an object of criterion and weight, {OR_NULL}"
    return str(_number_mend(kind))


def _number_mend(kind: Number) -> str:
    problems: list[Problem] = []
    kind.read("", "", problems)
    return problems[0].mend


def said_of(alias: Alias, words: Vernacular, name: str) -> str:
    """What an alias says to write for one fact.

    Parameters
    ----------
    alias
        The alias.
    words
        The words for the members.
    name
        The fact of which it is a value.
    """
    if not alias.members:
        return going_on(alias.text)
    labels = words.members.get(name, {})
    several = [_labelled(member, labels) for member in alias.members]
    said = f"write {either(several)}"
    if len(several) > 1:
        said += f", whichever it is, {OR_NULL}"
    return f"{said}; {going_on(alias.text)}" if alias.text else said


def going_on(text: str) -> str:
    """A sentence as it goes on behind a semicolon.

    Parameters
    ----------
    text
        The sentence.
    """
    return text[:1].lower() + text[1:].removesuffix(".")


def which(fact: Fact, members: Iterable[str]) -> str:
    """Ask which of several members it is.

    Parameters
    ----------
    fact
        The fact.
    members
        The members that may be meant.
    """
    labels = fact.words.members.get(fact.name, {})
    asked = either([_labelled(member, labels) for member in members])
    return f"write {asked}, whichever it is, {OR_NULL}"


def _labelled(member: str, labels: Mapping[str, str]) -> str:
    label = labels.get(member, "").replace(" (", ", ").replace(")", "")
    same = label.replace(" ", "_") in {"", member}
    return quoted(member) if same else f"{quoted(member)} ({label})"


def either(texts: list[str]) -> str:
    """Texts of which one is to be chosen, joined by "or".

    Parameters
    ----------
    texts
        At least one.
    """
    *most, last = texts
    return f"{', '.join(most)} or {last}" if most else last
