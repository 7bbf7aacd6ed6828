"""The kind of a fact, as its table in `facts.toml` declares it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import permutations
from typing import Any

from milia_cds.errors import Problem, nearest, quoted
from milia_cds.knowledge.words import ARROW, FactEntry
from milia_cds.logic.facts import Choice, Kind, Members, Number, Weights, YesNo

_YES_NO = YesNo()
_NEVER_NO = YesNo(absent=None)
_NUMBERS = frozenset({"number", "whole_number"})
_OF_NUMBERS = ("low", "high", "unit")


def kind_of(
    name: str,
    entry: FactEntry,
    options: tuple[str, ...],
    criteria: tuple[str, ...],
    problems: list[Problem],
) -> Kind:
    """The kind of a fact; what does not fit together is reported, with file and key.

    Parameters
    ----------
    name
        The dotted name of the fact.
    entry
        Its table.
    options, criteria
        The ids that a set of options may hold, and that may be weighed.
    problems
        Where problems are added.
    """
    reader = _Declared(f"facts.toml: {name}", entry, problems)
    reader.direction()
    match entry.kind:
        case "yes_no":
            return reader.yes_no()
        case "choice":
            return reader.choice()
        case "options":
            reader.only()
            return Members(options)
        case "weights":
            reader.only()
            return Weights(criteria)
        case _:
            return reader.number()


class _Declared:
    """One table of a fact, with the place where its problems are added."""

    def __init__(self, path: str, entry: FactEntry, problems: list[Problem]) -> None:
        self.path = path
        self.entry = entry
        self.problems = problems

    def problem(self, key: str, message: str, mend: str) -> None:
        self.problems.append(Problem(f"{self.path}.{key}", message, mend))

    def only(self, *, absent: bool = False) -> None:
        """Refuse the keys that this kind of fact does not have."""
        keys: tuple[str, ...] = () if self.entry.kind in _NUMBERS else _OF_NUMBERS
        for key in keys if absent else (*keys, "absent"):
            value: Any = getattr(self.entry, key)
            if value not in {None, ""}:
                message = f"{quoted(self.entry.kind)} has no {key}"
                self.problem(key, message, "remove it, or choose another kind")

    def direction(self) -> None:
        """Refuse a way in which a fact of this kind cannot change."""
        if self.entry.direction and self.entry.immutable:
            message = "what is immutable has no direction"
            self.problem("direction", message, "remove one of the two")
        ways = tuple(self.ways())
        mend = f"use {' or '.join(map(quoted, ways))}" if ways else "remove it"
        if self.entry.kind == "choice":
            mend = f"write {quoted(f'ONE{ARROW}OTHER')} with two of its members"
        for place, way in enumerate(self.entry.direction):
            if way not in ways:
                message = f"{quoted(way)} is no way in which it can change"
                self.problem(f"direction[{place}]", message, mend)
            elif way in self.entry.direction[:place]:
                message = f"{quoted(way)} is listed twice"
                self.problem(f"direction[{place}]", message, "remove one")

    def ways(self) -> Iterator[str]:
        """The ways in which a fact of this kind can change."""
        if self.entry.kind in _NUMBERS:
            yield from ("up", "down")
        elif self.entry.kind in {"yes_no", "choice"}:
            values = self.entry.members or ("yes", "no")
            yield from map(ARROW.join, permutations(values, 2))

    def yes_no(self) -> YesNo:
        self.only(absent=True)
        said = self.entry.absent
        if said not in {"", "no", "unknown"}:
            message = f"{quoted(said)} is neither no nor unknown"
            self.problem("absent", message, 'write "unknown", or remove it')
        return _NEVER_NO if said == "unknown" else _YES_NO

    def choice(self) -> Choice:
        self.only(absent=True)
        members = tuple(self.entry.members)
        if not members:
            self.problem("members", "the key is missing", "name the members")
        absent = self.entry.absent or None
        if absent is not None and absent not in members:
            message = f"{quoted(absent)} is not a member"
            self.problem("absent", message, nearest(absent, members))
        return Choice(members, absent)

    def number(self) -> Number:
        self.only()
        whole = self.entry.kind == "whole_number"
        low, high = self.bound("low", whole=whole), self.bound("high", whole=whole)
        if low is None or high is None:
            return Number(0, 0)
        if low > high:
            self.problem("low", f"{low:g} is above {high:g}", "swap the two")
        return Number(low, high, self.entry.unit, whole)

    def bound(self, key: str, *, whole: bool) -> float | None:
        value: float | None = getattr(self.entry, key)
        if value is None:
            self.problem(key, "the key is missing", "add the bound, in the unit")
        elif not math.isfinite(value):
            self.problem(key, f"{value} is no bound", "give a number")
        elif whole and not isinstance(value, int):
            self.problem(key, f"{value} is not whole", "give a whole number")
        else:
            return value
        return None
