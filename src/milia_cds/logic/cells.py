"""Cells: the values of a fact that no condition tells apart.

The atoms of all conditions cut the domain of each fact into finitely many cells. A
set fact gives one variable for each member that is asked about. Plans, diagrams and
completions all live on cells.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from typing import TypeAlias

import attrs

from milia_cds.logic.conditions import Atom, Compare, Holds
from milia_cds.logic.facts import Choice, Kind, Members, Number, Value


@attrs.frozen
class Variable:
    """One axis of the space of cases, cut into cells.

    Parameters
    ----------
    name
        The dotted name of the fact; for a member of a set fact, with ":member".
    fact
        The dotted name of the fact.
    examples
        One value for each cell; for a choice the first member in it.
    cuts
        For a number: the least value of each cell but the first.
    places
        For a choice: the cell of each member.
    member
        For a member of a set fact: its name.
    """

    name: str
    fact: str
    examples: tuple[Value, ...]
    cuts: tuple[float, ...] = ()
    places: Mapping[str, int] = attrs.field(factory=dict, hash=False)
    member: str | None = None

    def index(self, value: Value) -> int:
        """The cell of a known value of the fact."""
        if self.member is not None:
            # Of a set fact a set.
            return int(self.member in value)  # type: ignore[operator]
        if self.places:
            return self.places[value]  # type: ignore[index]  # of a choice a text
        if isinstance(value, bool):
            return int(value)
        # A number is left.
        return bisect_right(self.cuts, value)  # type: ignore[type-var]

    def reads(self, atom: Atom) -> bool:
        """Whether an atom is about this variable."""
        if atom.fact != self.fact:
            return False
        return self.member is None or atom.test == Holds(self.member)

    def holds(self, atom: Atom) -> tuple[bool, ...]:
        """Whether an atom about this variable holds, in each cell."""
        return tuple(atom.test.holds(example) for example in self.examples)


Variables: TypeAlias = tuple[Variable, ...]


def cut(facts: Mapping[str, Kind], atoms: Iterable[Atom]) -> Variables:
    """Cut the domain of every fact that some atom reads, in the order of the facts."""
    by_fact: dict[str, dict[Atom, None]] = {}
    for atom in atoms:
        by_fact.setdefault(atom.fact, {})[atom] = None
    return tuple(
        variable
        for fact, kind in facts.items()
        if fact in by_fact
        for variable in _variables(fact, kind, tuple(by_fact[fact]))
    )


def _variables(fact: str, kind: Kind, atoms: tuple[Atom, ...]) -> Iterable[Variable]:
    match kind:
        case Number():
            cuts = _cuts(kind, atoms)
            yield Variable(fact, fact, (kind.low, *cuts), cuts)
        case Choice():
            yield _choice(fact, kind, atoms)
        case Members():
            asked = {atom.test.member for atom in atoms if isinstance(atom.test, Holds)}
            for member in kind.members:
                if member in asked:
                    examples = (frozenset[str](), frozenset([member]))
                    name = f"{fact}:{member}"
                    yield Variable(name, fact, examples, member=member)
        case _:
            yield Variable(fact, fact, (False, True))


def _cuts(kind: Number, atoms: tuple[Atom, ...]) -> tuple[float, ...]:
    cuts: set[float] = set()
    for atom in atoms:
        if isinstance(atom.test, Compare):
            bound = atom.test.bound
            after = bound + 1 if kind.whole else math.nextafter(bound, math.inf)
            if atom.test.sign in {"<", ">=", "=="}:
                cuts.add(bound)
            if atom.test.sign in {"<=", ">", "=="}:
                cuts.add(after)
    return tuple(sorted(value for value in cuts if kind.low < value <= kind.high))


def _choice(fact: str, kind: Choice, atoms: tuple[Atom, ...]) -> Variable:
    cells: dict[tuple[bool, ...], int] = {}
    examples: list[str] = []
    places: dict[str, int] = {}
    for member in kind.members:
        signature = tuple(atom.test.holds(member) for atom in atoms)
        if signature not in cells:
            cells[signature] = len(cells)
            examples.append(member)
        places[member] = cells[signature]
    return Variable(fact, fact, tuple(examples), places=places)
