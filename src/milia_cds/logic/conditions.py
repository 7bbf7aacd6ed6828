"""Conditions as trees, and their truth: the definition.

A condition is written once and parsed once, by `language`, to a small tree. For one
case it is, in strong Kleene logic, true, false, or `None` for not known. Nothing
in a condition can ask whether a fact is known, so learning a fact never turns a certain
answer round.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import attrs

if TYPE_CHECKING:
    from milia_cds.logic.facts import Kind, Value

Truth: TypeAlias = bool | None
"""True, false, or `None`: not known."""

_SIGNS: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
}


@attrs.frozen
class Yes:
    """A yes/no fact is true."""

    def holds(self, value: Value) -> bool:
        """Test a known value."""
        return value is True


@attrs.frozen
class OneOf:
    """A choice is one of the members; `name` is that of the set, where it has one."""

    members: frozenset[str]
    name: str | None = attrs.field(default=None, eq=False)

    def holds(self, value: Value) -> bool:
        """Test a known value."""
        return value in self.members


@attrs.frozen
class Compare:
    """A number stands in this relation to a bound; `sign` is one of < <= > >= ==."""

    sign: str
    bound: float

    def holds(self, value: Value) -> bool:
        """Test a known value."""
        # Of a number a number.
        return _SIGNS[self.sign](value, self.bound)  # type: ignore[arg-type]


@attrs.frozen
class Holds:
    """A set fact has this member."""

    member: str

    def holds(self, value: Value) -> bool:
        """Test a known value."""
        return self.member in value  # type: ignore[operator]  # of a set fact a set


Test: TypeAlias = Yes | OneOf | Compare | Holds


@attrs.frozen(cache_hash=True)
class Atom:
    """One test of one fact."""

    fact: str
    test: Test


@attrs.frozen(cache_hash=True)
class Not:
    """The part is false."""

    part: Condition


@attrs.frozen(cache_hash=True)
class And:
    """All parts are true."""

    parts: tuple[Condition, ...]


@attrs.frozen(cache_hash=True)
class Or:
    """Some part is true."""

    parts: tuple[Condition, ...]


@attrs.frozen(cache_hash=True)
class Term:
    """A named condition: it is true where what it stands for is, and keeps its name."""

    name: str
    stands_for: Condition


Condition: TypeAlias = Atom | Not | And | Or | Term


class NamedSet(NamedTuple):
    """A named set of members of one choice."""

    fact: str
    members: tuple[str, ...]


@attrs.frozen(eq=False)
class Scope:
    """The names that a condition may use.

    Parameters
    ----------
    facts
        The kind of each fact, by the name that conditions use.
    sets, terms
        Named sets, and named conditions already parsed.
    """

    facts: Mapping[str, Kind]
    sets: Mapping[str, NamedSet] = attrs.field(factory=dict)
    terms: Mapping[str, Condition] = attrs.field(factory=dict)


def truth(condition: Condition, facts: Mapping[str, Value | None]) -> Truth:
    """Evaluate a condition for one case; this is the definition.

    Parameters
    ----------
    facts
        The value of every fact by name; `None`, or a name left out, is not known.
    """
    return truth_by(condition, lambda atom: atom_truth(atom, facts))


def atom_truth(atom: Atom, facts: Mapping[str, Value | None]) -> Truth:
    """Evaluate one test for one case."""
    value = facts.get(atom.fact)
    return None if value is None else atom.test.holds(value)


def truth_by(condition: Condition, leaf: Callable[[Atom], Truth]) -> Truth:
    """The truth of a condition in strong Kleene logic, from that of its atoms."""
    match condition:
        case Atom():
            return leaf(condition)
        case Term(_, stands_for):
            return truth_by(stands_for, leaf)
        case Not(part):
            value = truth_by(part, leaf)
            return None if value is None else not value
        case And(parts):
            return _all(truth_by(part, leaf) for part in parts)
        case Or(parts):
            value = _all(_not(truth_by(part, leaf)) for part in parts)
            return _not(value)


def plain_atoms(condition: Condition) -> tuple[Atom, ...]:
    """The tests that stand without `not`, once negations are brought to the tests."""
    return tuple(dict.fromkeys(_plain_atoms(condition, positive=True)))


def _plain_atoms(condition: Condition, *, positive: bool) -> Iterator[Atom]:
    match condition:
        case Atom():
            if positive:
                yield condition
        case Term(_, stands_for):
            yield from _plain_atoms(stands_for, positive=positive)
        case Not(part):
            yield from _plain_atoms(part, positive=not positive)
        case And(parts) | Or(parts):
            for part in parts:
                yield from _plain_atoms(part, positive=positive)


def _not(value: Truth) -> Truth:
    return None if value is None else not value


def _all(values: Iterator[Truth]) -> Truth:
    worst: Truth = True
    for value in values:
        if value is False:
            return False
        if value is None:
            worst = None
    return worst


def deciding(
    condition: Condition, facts: Mapping[str, Value | None]
) -> tuple[Truth, tuple[str, ...]]:
    """Evaluate a condition and name the facts that decided it.

    Returns
    -------
    tuple
        The value, and the names: those of the first part that suffices where one
        does, of all parts where all are needed, and the facts that are missing where
        the value is not known.
    """
    value, names = _deciding(condition, facts)
    return value, tuple(dict.fromkeys(names))


def _deciding(
    condition: Condition, facts: Mapping[str, Value | None]
) -> tuple[Truth, list[str]]:
    match condition:
        case Atom(fact, _):
            return atom_truth(condition, facts), [fact]
        case Term(_, stands_for):
            return _deciding(stands_for, facts)
        case Not(part):
            value, names = _deciding(part, facts)
            return _not(value), names
        case And(parts):
            return _deciding_parts(parts, facts, enough=False)
        case Or(parts):
            return _deciding_parts(parts, facts, enough=True)


def _deciding_parts(
    parts: tuple[Condition, ...], facts: Mapping[str, Value | None], *, enough: bool
) -> tuple[Truth, list[str]]:
    results = [_deciding(part, facts) for part in parts]
    for value, names in results:
        if value is enough:
            return enough, names
    open_ones = [names for value, names in results if value is None]
    if open_ones:
        return None, [name for names in open_ones for name in names]
    return not enough, [name for _, names in results for name in names]


def remaining(condition: Condition, facts: Mapping[str, Value | None]) -> Condition:
    """What is left to know of a condition that is open.

    Parameters
    ----------
    condition
        A condition that is not known on the facts.
    facts
        The value of every fact by name; `None`, or a name left out, is not known.

    Returns
    -------
    Condition
        The condition without the parts of an "and" or "or" that are known, which is
        as true whatever the missing facts turn out to be. A term stays whole,
        for it is known by its name.
    """
    match condition:
        case Not(part):
            return Not(remaining(part, facts))
        case And(parts) | Or(parts):
            left = [
                remaining(part, facts) for part in parts if truth(part, facts) is None
            ]
            return left[0] if len(left) == 1 else type(condition)(tuple(left))
        case _:
            return condition


def atoms(condition: Condition) -> Iterator[Atom]:
    """The atoms of a condition, in the order of the text."""
    match condition:
        case Atom():
            yield condition
        case Term(_, stands_for):
            yield from atoms(stands_for)
        case Not(part):
            yield from atoms(part)
        case And(parts) | Or(parts):
            for part in parts:
                yield from atoms(part)


@lru_cache(maxsize=4096)
def extent(condition: Condition) -> tuple[int, int]:
    """How many tests a condition has with all its terms, and how deep it is nested."""
    if isinstance(condition, Atom):
        return 1, 1
    below = [extent(part) for part in conditions_within(condition)]
    return sum(tests for tests, _ in below), 1 + max(deep for _, deep in below)


def conditions_within(condition: Condition) -> tuple[Condition, ...]:
    """The conditions that a condition is made of; a test has none."""
    match condition:
        case Term(_, part) | Not(part):
            return (part,)
        case And(parts) | Or(parts):
            return parts
        case _:
            return ()


@lru_cache(maxsize=4096)
def facts_in(condition: Condition) -> tuple[str, ...]:
    """The facts that a condition reads, each once, in the order of the text."""
    return tuple(dict.fromkeys(atom.fact for atom in atoms(condition)))
