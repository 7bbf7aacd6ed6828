"""The walk of many cases: from the first decision to the scenarios that are possible.

Where a branch is known to be true it is followed; where none is, every branch that
could still be taken is.
"""

from __future__ import annotations

from collections.abc import Mapping
from graphlib import TopologicalSorter
from typing import NamedTuple

from milia_cds.adapters.cohort.planes import (
    Plane,
    Planes,
    somewhere,
)
from milia_cds.knowledge.model import Knowledge
from milia_cds.logic.conditions import Condition


class Walked(NamedTuple):
    """Where the walk led.

    Parameters
    ----------
    scenarios
        Where each scenario is possible, in the order of the knowledge.
    open
        The branches that could be taken where none was known to be true: the condition
        of each, and where.
    """

    scenarios: Mapping[str, Plane]
    open: tuple[tuple[Condition, Plane], ...]


class Walk:
    """The decisions of a knowledge base, each after those that lead to it."""

    def __init__(self, base: Knowledge) -> None:
        self.base = base
        self.first = next(iter(base.decisions))
        before: dict[str, list[str]] = {self.first: []}
        for name, decision in base.decisions.items():
            for branch in decision.branch:
                before.setdefault(branch.to, []).append(name)
        order = TopologicalSorter(before).static_order()
        self.order = [name for name in order if name in base.decisions]

    def walk(self, facts: Planes) -> Walked:
        """Walk every case.

        Parameters
        ----------
        facts
            What is decided on.
        """
        reached = {self.first: facts.every}
        opened: list[tuple[Condition, Plane]] = []
        for name in self.order:
            here: Plane = reached.get(name, facts.none)
            if not somewhere(here):
                continue
            branches = self.base.decisions[name].branch
            held = [(each, facts.of(each.condition)) for each in branches]
            left = here
            for branch, truths in held:
                _reach(reached, branch.to, left & truths.true)
                left = left & ~truths.true
            if somewhere(left):
                for branch, truths in held:
                    _reach(reached, branch.to, left & truths.open)
                    opened.append((branch.condition, left & truths.open))
        scenarios = {
            name: reached.get(name, facts.none) for name in self.base.scenarios
        }
        return Walked(scenarios, tuple(opened))


def _reach(reached: dict[str, Plane], name: str, here: Plane) -> None:
    reached[name] = reached[name] | here if name in reached else here
