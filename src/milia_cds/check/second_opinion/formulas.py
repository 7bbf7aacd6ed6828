"""Facts as constants of z3, and conditions as formulas over them.

A yes/no fact is a Bool, a number an Int or a Real within its bounds, a choice the
number of its member, a set a Bool for each member. Beside each fact stands a Bool that
says whether it is known, which only the three-valued reading asks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any, TypeAlias

import attrs
import z3

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
from milia_cds.logic.facts import Choice, Kind, Members, Number, Value

Formula: TypeAlias = Any
"""A Bool of z3, which has no types that mypy could read."""


@attrs.frozen
class Threefold:
    """Two formulas for one condition: it is true, and it is false; else not known."""

    true: Formula
    false: Formula

    @property
    def unknown(self) -> Formula:
        """Neither true nor false."""
        return z3.Not(z3.Or(self.true, self.false))


class Formulas:
    """The facts of a vocabulary, and conditions over them.

    Parameters
    ----------
    kinds
        The kind of every fact, by name.
    known
        What says that a fact is known. Formulas that differ only in this share the
        facts: one case, with more or less of it known.
    """

    def __init__(self, kinds: Mapping[str, Kind], known: str = "known") -> None:
        self.kinds = kinds
        self.facts = {name: _constant(name, kind) for name, kind in kinds.items()}
        self.known = {name: z3.Bool(f"{known} {name}") for name in kinds}
        self.sets = {
            name: {member: z3.Bool(f"{name}:{member}") for member in kind.members}
            for name, kind in kinds.items()
            if isinstance(kind, Members)
        }
        self._made: dict[Condition, Formula] = {}
        self._threefold: dict[Condition, Threefold] = {}

    def domain(self) -> list[Formula]:
        """The bounds of every fact."""
        return list(_bounds(self.facts, self.kinds))

    def of(self, condition: Condition | None) -> Formula:
        """The formula of a condition in a complete case; of none, true."""
        if condition is None:
            return z3.BoolVal(True)  # noqa: FBT003 - z3's own signature
        if condition not in self._made:
            self._made[condition] = self._of(condition)
        return self._made[condition]

    def _of(self, condition: Condition) -> Formula:
        match condition:
            case Atom():
                return self.atom(condition)
            case Term(_, stands_for):
                return self.of(stands_for)
            case Not(part):
                return z3.Not(self.of(part))
            case And(parts):
                return z3.And([self.of(part) for part in parts])
            case Or(parts):
                return z3.Or([self.of(part) for part in parts])

    def atom(self, atom: Atom) -> Formula:
        """The formula of one test of one fact."""
        fact = self.facts[atom.fact]
        match atom.test:
            case Yes():
                return fact
            case Holds(member):
                return self.sets[atom.fact][member]
            case OneOf(members):
                # A choice has members.
                places = self.kinds[atom.fact].members  # type: ignore[union-attr]
                return z3.Or([fact == places.index(name) for name in sorted(members)])
            case Compare(sign, bound):
                return _compared(fact, sign, z3.RealVal(Fraction(bound)))

    def threefold(self, condition: Condition | None) -> Threefold:
        """When a condition is true, and when false, where facts are not known."""
        if condition is None:
            # Z3's own.
            return Threefold(z3.BoolVal(True), z3.BoolVal(False))  # noqa: FBT003
        if condition not in self._threefold:
            self._threefold[condition] = kleene(condition, self.known_atom)
        return self._threefold[condition]

    def known_atom(self, atom: Atom) -> Threefold:
        """The reading of one test: unknown while its fact is."""
        known, holds = self.known[atom.fact], self.of(atom)
        return Threefold(z3.And(known, holds), z3.And(known, z3.Not(holds)))

    def stated(
        self, facts: Mapping[str, Value | None]
    ) -> Iterator[tuple[Formula, Formula]]:
        """Constants and their values for one case; what is unknown has any."""
        for name, kind in self.kinds.items():
            value = facts.get(name)
            yield self.known[name], z3.BoolVal(value is not None)
            if value is None:
                continue
            if isinstance(kind, Members):
                for member, constant in self.sets[name].items():
                    # Of a set fact a set.
                    yield constant, z3.BoolVal(member in value)  # type: ignore[operator]
            else:
                yield self.facts[name], _plain(kind, value)

    def read(self, model: Any, *, complete: bool = True) -> dict[str, Value]:
        """Read the facts of one case from a model; what is free, as z3 likes.

        A number is read as the nearest one that a case can state. A case that is not
        complete has only the facts that are known.
        """
        return {
            name: self._value(name, model)
            for name in self.kinds
            if complete or z3.is_true(model.eval(self.known[name]))
        }

    def _value(self, name: str, model: Any) -> Any:
        kind = self.kinds[name]
        if isinstance(kind, Members):
            return frozenset(
                member
                for member, constant in self.sets[name].items()
                if z3.is_true(model.eval(constant, model_completion=True))
            )
        found = model.eval(self.facts[name], model_completion=True)
        if isinstance(kind, Choice):
            return kind.members[found.as_long()]
        if isinstance(kind, Number):
            return found.as_long() if kind.whole else float(found.as_fraction())
        return z3.is_true(found)


def kleene(condition: Condition, leaf: Any) -> Threefold:
    """The strong Kleene reading of a condition, given that of its atoms."""
    match condition:
        case Atom():
            made: Threefold = leaf(condition)
            return made
        case Term(_, stands_for):
            return kleene(stands_for, leaf)
        case Not(part):
            value = kleene(part, leaf)
            return Threefold(value.false, value.true)
        case And(parts):
            values = [kleene(part, leaf) for part in parts]
            return Threefold(_all(values, "true"), _some(values, "false"))
        case Or(parts):
            values = [kleene(part, leaf) for part in parts]
            return Threefold(_some(values, "true"), _all(values, "false"))


def _all(values: Iterable[Threefold], side: str) -> Formula:
    return z3.And([getattr(value, side) for value in values])


def _some(values: Iterable[Threefold], side: str) -> Formula:
    return z3.Or([getattr(value, side) for value in values])


def _constant(name: str, kind: Kind) -> Formula:
    match kind:
        case Number(whole=True) | Choice():
            return z3.Int(name)
        case Number():
            return z3.Real(name)
        case _:
            return z3.Bool(name)


def _bounds(
    facts: Mapping[str, Formula], kinds: Mapping[str, Kind]
) -> Iterator[Formula]:
    for name, kind in kinds.items():
        if isinstance(kind, Number):
            low, high = Fraction(kind.low), Fraction(kind.high)
            yield facts[name] >= z3.RealVal(low)
            yield facts[name] <= z3.RealVal(high)
        elif isinstance(kind, Choice):
            yield z3.And(facts[name] >= 0, facts[name] < len(kind.members))


def _compared(fact: Formula, sign: str, bound: Formula) -> Formula:
    match sign:
        case "<":
            return fact < bound
        case "<=":
            return fact <= bound
        case ">":
            return fact > bound
        case ">=":
            return fact >= bound
    return fact == bound


def _plain(kind: Kind, value: Any) -> Formula:
    match kind:
        case Choice(members):
            return z3.IntVal(members.index(value))
        case Number(whole=True):
            return z3.IntVal(value)
        case Number():
            return z3.RealVal(Fraction(value))
        case _:
            return z3.BoolVal(value)
