"""The walk: from the first decision to the set of scenarios that are possible.

Where a branch is known to be true it is followed; where none is, every branch that
could still be taken is, and the facts that were missing are remembered. Below a branch
an unknown fact keeps only the values that the branch leaves, where its condition is
about that fact alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import attrs

from milia_cds.cells import Variables
from milia_cds.conditions import Atom, Condition, Truth, facts_in, truth_by
from milia_cds.facts import Value
from milia_cds.knowledge import Decision, Knowledge

Kept: TypeAlias = Mapping[str, tuple[Value, ...]]
"""For unknown facts: examples of the cells that are still possible."""


@attrs.frozen
class Way:
    """A branch, compiled: where it leads, its bit, and the fact it narrows."""

    to: str
    condition: Condition
    bit: int
    alone: str | None


@attrs.frozen
class Visit:
    """A decision that was asked: what each branch was worth, and which were taken."""

    decision: str
    truths: tuple[Truth, ...]
    taken: tuple[int, ...]
    lacking: tuple[str, ...]


@attrs.frozen
class Walked:
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
        The bit of each branch in the plan, by decision, in the order of branches.
    variables
        The cells of the facts.
    """

    def __init__(
        self,
        base: Knowledge,
        bits: Mapping[str, Sequence[int]],
        variables: Variables,
    ) -> None:
        self.first = next(iter(base.decisions))
        self.scenarios = tuple(base.scenarios)
        self.examples = {
            variable.fact: variable.examples
            for variable in variables
            if variable.member is None
        }
        self.ways = {
            name: self._ways(decision, bits[name])
            for name, decision in base.decisions.items()
        }

    def _ways(self, decision: Decision, bits: Sequence[int]) -> tuple[Way, ...]:
        ways = []
        for branch, bit in zip(decision.branch, bits, strict=True):
            names = facts_in(branch.condition)
            alone = names[0] if len(names) == 1 and names[0] in self.examples else None
            ways.append(Way(branch.to, branch.condition, bit, alone))
        return tuple(ways)

    def walk(
        self, facts: Mapping[str, Value | None], true: int, unknown: int
    ) -> Walked:
        """Walk one case.

        Parameters
        ----------
        facts
            The value of every fact; `None` is not known.
        true, unknown
            The bits of the plan for this case.
        """
        visits: list[Visit] = []
        ends: set[str] = set()
        ahead: list[tuple[str, Kept]] = [(self.first, {})]
        while ahead:
            name, kept = ahead.pop()
            ways = self.ways.get(name)
            if ways is None:
                ends.add(name)
                continue
            truths = [_truth(way, true, unknown, facts, kept) for way in ways]
            visits.append(_visit(name, ways, truths, facts))
            ahead += [
                (ways[place].to, self._narrowed(ways[place], truths[place], facts, kept))
                for place in reversed(visits[-1].taken)
            ]
        possible = tuple(name for name in self.scenarios if name in ends)
        return Walked(tuple(visits), possible)

    def _narrowed(
        self,
        way: Way,
        value: Truth,
        facts: Mapping[str, Value | None],
        kept: Kept,
    ) -> Kept:
        fact = way.alone
        if value is True or fact is None or facts[fact] is not None:
            return kept
        left = tuple(
            example
            for example in kept.get(fact, self.examples[fact])
            if truth_by(way.condition, lambda atom, v=example: atom.test.holds(v))  # type: ignore[misc]
        )
        return {**kept, fact: left}


def _truth(
    way: Way,
    true: int,
    unknown: int,
    facts: Mapping[str, Value | None],
    kept: Kept,
) -> Truth:
    if true & way.bit:
        return True
    if not unknown & way.bit:
        return False
    if not kept:
        return None

    def leaf(atom: Atom) -> Truth:
        value = facts[atom.fact]
        if value is not None:
            return atom.test.holds(value)
        worth = {atom.test.holds(example) for example in kept.get(atom.fact, ())}
        return worth.pop() if len(worth) == 1 else None

    return truth_by(way.condition, leaf)


def _visit(
    name: str,
    ways: Sequence[Way],
    truths: Sequence[Truth],
    facts: Mapping[str, Value | None],
) -> Visit:
    if True in truths:
        return Visit(name, tuple(truths), (truths.index(True),), ())
    taken = tuple(place for place, value in enumerate(truths) if value is None)
    lacking = {
        fact: None
        for place in taken
        for fact in facts_in(ways[place].condition)
        if facts[fact] is None
    }
    return Visit(name, tuple(truths), taken, tuple(lacking))
