"""The walk: from the first decision to the set of scenarios that are possible.

Where a branch is known to be true it is followed; where none is, every branch that
could still be taken is, and the facts that were missing are remembered. Below a branch
an unknown fact keeps only the values that the branch leaves, where its condition is
about that fact alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypeAlias

from milia_cds.knowledge.model import Decision, Knowledge
from milia_cds.logic.cells import Variables
from milia_cds.logic.conditions import (
    Atom,
    Condition,
    Truth,
    deciding,
    facts_in,
    truth_by,
)
from milia_cds.logic.facts import Value

Kept: TypeAlias = Mapping[str, tuple[Value, ...]]
"""For unknown facts: examples of the cells that are still possible."""


class Visit(NamedTuple):
    """A decision that was asked.

    Parameters
    ----------
    decision
        Its id.
    true
        The branch that was true, or `None` where none was known to be.
    possible
        Where none was: the branches that could still be taken.
    lacking
        The facts that were missing to know.
    """

    decision: str
    true: int | None
    possible: tuple[int, ...] = ()
    lacking: tuple[str, ...] = ()

    @property
    def taken(self) -> tuple[int, ...]:
        """The branches that were followed."""
        return self.possible if self.true is None else (self.true,)

    def truth(self, place: int) -> Truth:
        """Give what a branch was worth; of a true one, that the others are not."""
        if self.true is not None:
            return place == self.true
        return None if place in self.possible else False


class Way(NamedTuple):
    """A branch, compiled.

    Parameters
    ----------
    to, condition, bit
        Where it leads, and when.
    alone
        The fact that its condition is about, where it is about one alone.
    visit
        The visit in which this branch is known to be true.
    """

    to: str
    condition: Condition
    bit: int
    alone: str | None
    visit: Visit


class WalkResult(NamedTuple):
    """Where a walk led: the decisions asked, and the scenarios still possible."""

    visits: tuple[Visit, ...]
    scenarios: tuple[str, ...]


class Triage:
    """The decisions of a knowledge base, ready to be walked.

    Parameters
    ----------
    base
        The knowledge base; its first decision is the root.
    bits
        The bit of each condition in the plan.
    variables
        The cells of the facts.
    """

    def __init__(
        self,
        base: Knowledge,
        bits: Mapping[Condition, int],
        variables: Variables,
    ) -> None:
        self.names = tuple(base.kinds)
        self.first = next(iter(base.decisions))
        self.scenarios = tuple(base.scenarios)
        self.examples = {
            variable.fact: variable.examples
            for variable in variables
            if variable.member is None
        }
        self.ways = {
            name: self._ways(decision, bits)
            for name, decision in base.decisions.items()
        }

    def _ways(
        self, decision: Decision, bits: Mapping[Condition, int]
    ) -> tuple[Way, ...]:
        ways = []
        for place, branch in enumerate(decision.branch):
            names = facts_in(branch.condition)
            alone = names[0] if len(names) == 1 and names[0] in self.examples else None
            visit = Visit(decision.id, place)
            bit = bits[branch.condition]
            ways.append(Way(branch.to, branch.condition, bit, alone, visit))
        return tuple(ways)

    def walk(
        self, values: Sequence[Value | None], true: int, unknown: int
    ) -> WalkResult:
        """Walk one case.

        Parameters
        ----------
        values
            The value of every fact, in the order of the vocabulary; `None` is not
            known.
        true, unknown
            The bits of the plan for this case.
        """
        facts: Mapping[str, Value | None] = {}
        visits: list[Visit] = []
        ends: set[str] = set()
        ahead: list[tuple[str, Kept]] = [(self.first, {})]
        while ahead:
            name, kept = ahead.pop()
            ways = self.ways.get(name)
            if ways is None:
                ends.add(name)
                continue
            for way in ways:
                if true & way.bit:
                    visits.append(way.visit)
                    ahead.append((way.to, kept))
                    break
            else:
                facts = facts or dict(zip(self.names, values, strict=True))
                visit = _open_visit(name, ways, unknown, facts, kept)
                visits.append(visit)
                for place in reversed(visit.taken):
                    followed = ways[place]
                    ahead.append((followed.to, self._narrowed(followed, facts, kept)))
        possible = tuple(name for name in self.scenarios if name in ends)
        return WalkResult(tuple(visits), possible)

    def _narrowed(
        self,
        way: Way,
        facts: Mapping[str, Value | None],
        kept: Kept,
    ) -> Kept:
        fact = way.alone
        if fact is None or facts[fact] is not None:
            return kept
        left = tuple(
            example
            for example in kept.get(fact, self.examples[fact])
            if truth_by(way.condition, lambda atom, v=example: atom.test.holds(v))  # type: ignore[misc]
        )
        return {**kept, fact: left}


def _open_visit(
    name: str,
    ways: Sequence[Way],
    unknown: int,
    facts: Mapping[str, Value | None],
    kept: Kept,
) -> Visit:
    """Visit a decision of which no branch is true by the plan alone."""
    truths = {
        place: _narrow_truth(way.condition, facts, kept)
        for place, way in enumerate(ways)
        if unknown & way.bit
    }
    for place, value in truths.items():
        if value is True:
            return ways[place].visit
    possible = tuple(place for place, value in truths.items() if value is None)
    lacking = {
        fact: None
        for place in possible
        for fact in deciding(ways[place].condition, facts)[1]
        if facts[fact] is None
    }
    return Visit(name, None, possible, tuple(lacking))


def _narrow_truth(
    condition: Condition, facts: Mapping[str, Value | None], kept: Kept
) -> Truth:
    """Evaluate a condition where unknown facts keep only some of their cells."""
    if not kept:
        return None

    def leaf(atom: Atom) -> Truth:
        value = facts[atom.fact]
        if value is not None:
            return atom.test.holds(value)
        worth = {atom.test.holds(example) for example in kept.get(atom.fact, ())}
        return worth.pop() if len(worth) == 1 else None

    return truth_by(condition, leaf)
