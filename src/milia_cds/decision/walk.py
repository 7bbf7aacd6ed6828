"""The walk: from the first decision to the set of scenarios that are possible.

Where a branch is known to be true it is followed; where none is, every branch that
could still be taken is, and the facts that were missing are remembered. Each decision
is asked by itself: that a branch above leaves an unknown fact only some of its values
is seen by the exact record, which looks at whole completions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from milia_cds.knowledge.model import Knowledge
from milia_cds.logic.conditions import Condition, Truth, deciding
from milia_cds.logic.facts import Value


class AskedDecision(NamedTuple):
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
        """Whether a branch holds; where one is known to, the others do not."""
        if self.true is not None:
            return place == self.true
        return None if place in self.possible else False


class Way(NamedTuple):
    """A branch, compiled.

    Parameters
    ----------
    to, condition, bit
        Where it leads, and when.
    visit
        The visit in which this branch is known to be true.
    """

    to: str
    condition: Condition
    bit: int
    visit: AskedDecision


class WalkResult(NamedTuple):
    """Where a walk led: the decisions asked, and the scenarios still possible."""

    visits: tuple[AskedDecision, ...]
    scenarios: tuple[str, ...]


class Triage:
    """The decisions of a knowledge base, ready to be walked.

    Parameters
    ----------
    base
        The knowledge base; its first decision is the root.
    bits
        The bit of each condition in the plan.
    """

    def __init__(self, base: Knowledge, bits: Mapping[Condition, int]) -> None:
        self.names = tuple(base.kinds)
        self.first = next(iter(base.decisions))
        self.scenarios = tuple(base.scenarios)
        self.ways = {
            name: tuple(
                Way(
                    each.to,
                    each.condition,
                    bits[each.condition],
                    AskedDecision(name, place),
                )
                for place, each in enumerate(decision.branch)
            )
            for name, decision in base.decisions.items()
        }

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
        visits: list[AskedDecision] = []
        ends: set[str] = set()
        ahead = [self.first]
        while ahead:
            name = ahead.pop()
            ways = self.ways.get(name)
            if ways is None:
                ends.add(name)
                continue
            for to, _, bit, visit in ways:
                if true & bit:
                    visits.append(visit)
                    ahead.append(to)
                    break
            else:
                facts = facts or dict(zip(self.names, values, strict=True))
                opened = _open_visit(name, ways, unknown, facts)
                visits.append(opened)
                ahead += [ways[place].to for place in reversed(opened.taken)]
        possible = tuple(name for name in self.scenarios if name in ends)
        return WalkResult(tuple(visits), possible)


def _open_visit(
    name: str, ways: Sequence[Way], unknown: int, facts: Mapping[str, Value | None]
) -> AskedDecision:
    """The visit of a decision of which no branch is known to be true."""
    possible = tuple(place for place, way in enumerate(ways) if unknown & way.bit)
    lacking = {
        fact: None
        for place in possible
        for fact in deciding(ways[place].condition, facts)[1]
        if facts[fact] is None
    }
    return AskedDecision(name, None, possible, tuple(lacking))
