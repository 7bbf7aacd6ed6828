"""Bit planes: the truth of a condition for many cases, 64 of them in a word.

A condition has two planes, where it is true and where it is false; what is in neither
is not known. And, or and not are those of strong Kleene logic by construction. The
trees that are evaluated are the very ones that are evaluated for one case.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

import attrs
import numpy as np

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
    Test,
    Yes,
    facts_in,
)
from milia_cds.logic.facts import Value

Array: TypeAlias = Any
"""An array of NumPy with a value for each row."""
Plane: TypeAlias = Any
"""An array of 64-bit words with a bit for each row; those after the last row mean
nothing."""

WORD = 64
"""The rows of a word."""

_COMPARED: Mapping[str, Any] = {
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
    "==": np.equal,
}


def words_for(rows: int) -> int:
    """How many words a plane of so many rows has."""
    return (rows + WORD - 1) // WORD


def nowhere(rows: int) -> Plane:
    """The plane that is true in no row."""
    return np.zeros(words_for(rows), np.uint64)


def everywhere(rows: int) -> Plane:
    """The plane that is true in every row."""
    return ~nowhere(rows)


def packed(flags: Array) -> Plane:
    """The plane of some flags, one for each row."""
    plane = nowhere(len(flags))
    bits = np.packbits(flags, bitorder="little")
    plane.view(np.uint8)[: len(bits)] = bits
    return plane


def unpacked(plane: Plane, rows: int) -> Array:
    """The flags of a plane, one for each row, as bytes of 0 or 1."""
    return np.unpackbits(plane.view(np.uint8), count=rows, bitorder="little")


def from_digits(planes: Sequence[Plane], rows: int) -> Array:
    """The number in each row of which each plane is one binary digit."""
    kind = np.int8 if len(planes) < np.iinfo(np.int8).bits else np.int16
    found = unpacked(planes[0], rows).view(np.int8).astype(kind, copy=False)
    for digit, plane in enumerate(planes[1:], start=1):
        if somewhere(plane):
            # Not shifted: NumPy multiplies bytes many times as fast.
            found |= unpacked(plane, rows).view(np.int8) * kind(1 << digit)
    return found


def rows_in(plane: Plane, rows: int) -> Array:
    """The numbers of the rows in which a plane is true."""
    if not somewhere(plane):
        return np.empty(0, np.intp)
    return np.flatnonzero(unpacked(plane, rows).view(bool))


def somewhere(plane: Plane) -> bool:
    """Whether a plane is true in some row. `any` says the same, at twice the time."""
    return bool(np.count_nonzero(plane))


def union(planes: Iterable[Plane], none: Plane) -> Plane:
    """Where one of some planes is true; `none` stands for no plane at all."""
    return _joined(np.bitwise_or, planes, none)


def common(planes: Iterable[Plane], every: Plane) -> Plane:
    """Where all of some planes are true; `every` stands for no plane at all."""
    return _joined(np.bitwise_and, planes, every)


def _joined(operation: Any, planes: Iterable[Plane], nothing: Plane) -> Plane:
    """Planes joined in one new plane, so that no memory but its own is touched."""
    first, *others = [*planes] or [nothing]
    if not others:
        return first
    found = operation(first, others[0])
    for each in others[1:]:
        operation(found, each, out=found)
    return found


@attrs.frozen(eq=False)
class YesNoColumn:
    """A yes/no fact: where it is known, and where it is true."""

    known: Plane
    yes: Plane


@attrs.frozen(eq=False)
class NumberColumn:
    """A number: where it is known, and its values; of others the value is any."""

    known: Plane
    values: Array


@attrs.frozen(eq=False)
class ChoiceColumn:
    """A choice: where it is known, and the place of its value among the members.

    Where it is not known, the place is any.
    """

    known: Plane
    members: Mapping[str, int]
    places: Array
    _of_member: dict[str, Plane] = attrs.field(factory=dict, init=False)

    def has(self, member: str) -> Plane:
        """Where it is a member."""
        if member not in self._of_member:
            here = packed(self.places == self.members[member]) & self.known
            self._of_member[member] = here
        return self._of_member[member]


@attrs.frozen(eq=False)
class MembersColumn:
    """A set fact: where it is known, and where it has each member."""

    known: Plane
    has: Mapping[str, Plane]


FactColumn: TypeAlias = YesNoColumn | NumberColumn | ChoiceColumn | MembersColumn
"""The stated values of one fact, one for each row, some of them not known."""


def plain_bound(bound: float) -> float:
    """A bound as a whole number, if it is one: whole numbers are compared faster."""
    return int(bound) if bound == int(bound) else bound


def passing(column: FactColumn, test: Test) -> Plane:
    """Where a fact is known and passes a test.

    Parameters
    ----------
    column
        The values of the fact.
    test
        A test of its kind.

    Raises
    ------
    TypeError
        When it is a test of another kind.
    """
    match column, test:
        case YesNoColumn(), Yes():
            return column.yes
        case NumberColumn(), Compare(sign, bound):
            passes = _COMPARED[sign](column.values, plain_bound(bound))
            return packed(passes) & column.known
        case ChoiceColumn(), OneOf(members):
            found = [column.has(each) for each in members if each in column.members]
            return union(found, column.known ^ column.known)
        case MembersColumn(), Holds(member):
            return column.has.get(member, column.known ^ column.known)
    raise TypeError(test)


class TruthPlanes(NamedTuple):
    """Where a condition is true, and where it is false."""

    true: Plane
    false: Plane

    @property
    def open(self) -> Plane:
        """Where it is not known."""
        return ~(self.true | self.false)

    @property
    def possible(self) -> Plane:
        """Where it is true or not known."""
        return ~self.false


class Filled(NamedTuple):
    """A value that a fact has in some rows in which nobody stated it."""

    rows: Plane
    value: Value


class Planes:
    """The facts of many cases, and the truth of conditions on them.

    Parameters
    ----------
    rows
        How many cases there are.
    columns
        The stated values by the name of the fact; a fact without a column is known in
        no row.
    filled
        What facts are in rows in which they are not stated.
    """

    def __init__(
        self,
        rows: int,
        columns: Mapping[str, FactColumn],
        filled: Mapping[str, Sequence[Filled]] | None = None,
    ) -> None:
        self.rows = rows
        self.none = nowhere(rows)
        self.every = everywhere(rows)
        self.columns = columns
        self.filled = {} if filled is None else filled
        self._known: dict[str, Plane] = {}
        self._truths: dict[Condition, TruthPlanes] = {}
        self._open: dict[Condition, Plane] = {}

    def given(self, fact: str, rows: Plane) -> Planes:
        """The same cases, in some of which a yes/no fact that is not known is true.

        Parameters
        ----------
        fact
            The fact.
        rows
            Where it is true.
        """
        others = self.filled.get(fact, ())
        filled = {**self.filled, fact: (*others, Filled(rows, value=True))}
        found = Planes(self.rows, self.columns, filled)
        # What does not read the fact is as it was, and need not be evaluated again.
        found._truths = {
            condition: truths
            for condition, truths in self._truths.items()
            if fact not in facts_in(condition)
        }
        return found

    def known(self, fact: str) -> Plane:
        """Where a fact is known, be it stated or filled."""
        if fact not in self._known:
            column = self.columns.get(fact)
            stated = self.none if column is None else column.known
            others = [each.rows for each in self.filled.get(fact, ())]
            self._known[fact] = union([stated, *others], self.none)
        return self._known[fact]

    def of(self, condition: Condition | None) -> TruthPlanes:
        """The planes of a condition; none at all always holds."""
        if condition is None:
            return TruthPlanes(self.every, self.none)
        truths = self._truths.get(condition)
        if truths is None:
            truths = self._truths[condition] = self.evaluated(condition)
        return truths

    def open(self, condition: Condition) -> Plane:
        """Where a condition is not known."""
        if condition not in self._open:
            self._open[condition] = self.of(condition).open
        return self._open[condition]

    def evaluated(self, condition: Condition) -> TruthPlanes:
        """The planes of a condition, from those of its parts."""
        match condition:
            case Atom():
                return self.atom(condition)
            case Term(_, stands_for):
                return self.of(stands_for)
            case Not(part):
                true, false = self.of(part)
                return TruthPlanes(false, true)
            case And(parts):
                held = [self.of(part) for part in parts]
                return TruthPlanes(
                    common([true for true, _ in held], self.every),
                    union([false for _, false in held], self.none),
                )
            case Or(parts):
                held = [self.of(part) for part in parts]
                return TruthPlanes(
                    union([true for true, _ in held], self.none),
                    common([false for _, false in held], self.every),
                )

    def atom(self, atom: Atom) -> TruthPlanes:
        """The planes of one test."""
        column = self.columns.get(atom.fact)
        true = self.none if column is None else passing(column, atom.test)
        for rows, value in self.filled.get(atom.fact, ()):
            if atom.test.holds(value):
                true = true | rows
        # It is true only where it is known.
        return TruthPlanes(true, self.known(atom.fact) ^ true)
