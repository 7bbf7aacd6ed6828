"""Verdicts and standings of many cases.

The first that holds: excluded, unavailable, not indicated, withheld, offered.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from milia_cds.adapters.cohort.lacking import Lacking
from milia_cds.adapters.cohort.planes import (
    Plane,
    Planes,
    common,
    somewhere,
    union,
)
from milia_cds.decision.verdicts import VerdictName
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.options import STANDINGS, Gate, Measure, Option
from milia_cds.logic.conditions import Condition

Ranks: TypeAlias = tuple[Plane, ...]
"""Where a standing is at least limited, reasonable, first line."""

LIMITED, REASONABLE, FIRST_LINE = range(3)
"""The planes of `Ranks`."""
_JUDGES = ("forbid", "lower")
"""The gates that judge; the others only say something."""


class JudgedRows(NamedTuple):
    """The verdict on an option or measure.

    Parameters
    ----------
    verdicts
        Where each verdict holds; everywhere exactly one does.
    worst, best
        The worst and the best standing.
    """

    verdicts: Mapping[VerdictName, Plane]
    worst: Ranks
    best: Ranks


class JudgingRows:
    """What judges the options and measures of many cases.

    Parameters
    ----------
    base
        The knowledge base, with the policy of a clinic if it has one.
    """

    def __init__(self, base: Knowledge) -> None:
        self.base = base
        self.cells = {name: _by_rank(base, name) for name in base.options}
        every = base.options.values()
        gates = [gate for each in every for gate in each.gate if gate.kind in _JUDGES]
        branches = [each for found in base.decisions.values() for each in found.branch]
        conditions = [each.condition for each in gates if each.condition is not None]
        conditions += [each.condition for each in branches]
        self.gatherer = Lacking(conditions)

    def options(
        self,
        facts: Planes,
        scenarios: Mapping[str, Plane],
        offers: Mapping[str, Plane],
        names: Iterable[str] | None = None,
    ) -> dict[str, JudgedRows]:
        """Judge options.

        Parameters
        ----------
        facts
            What is decided on.
        scenarios
            Where each scenario is possible.
        offers
            Where the clinic offers each option; one that is not named is offered
            everywhere.
        names
            Which options; `None` is all.
        """
        found = {}
        for name in self.base.options if names is None else names:
            by_rank = self._possible(name, scenarios, facts.none)
            available = offers.get(name, facts.every)
            option = self.base.options[name]
            found[name] = _judged(option, facts, _cells(by_rank), available)
        return found

    def measures(self, facts: Planes) -> dict[str, JudgedRows]:
        """Judge every supporting measure, which no scenario ranks."""
        plain = (facts.every, facts.none, facts.none)
        return {
            name: _judged(measure, facts, (plain, plain), facts.every)
            for name, measure in self.base.measures.items()
        }

    def _possible(
        self, option: str, scenarios: Mapping[str, Plane], none: Plane
    ) -> list[Plane]:
        """Where a scenario is possible that gives an option each standing."""
        return [
            union([scenarios[each] for each in names], none)
            for names in self.cells[option]
        ]

    def lacking(
        self,
        facts: Planes,
        judged: Mapping[str, JudgedRows],
        scenarios: Mapping[str, Plane],
        opened: Sequence[tuple[Condition, Plane]],
    ) -> dict[str, Plane]:
        """Where each fact is missing that a condition lacks which withholds an option.

        These are the open gates that forbid; where an option may stand at not
        recommended, its open gates that lower, too; and the open branches of the walk,
        where it stands so in one scenario that is possible and higher in another.

        Parameters
        ----------
        facts, scenarios
            As for `options`, which gave `judged`.
        opened
            The branches that could be taken.
        """
        asked: dict[Condition, Plane] = {}
        on_the_way = facts.none
        for name, option in self.base.options.items():
            withheld = judged[name].verdicts["withheld"]
            if not somewhere(withheld):
                continue
            low = withheld & ~judged[name].worst[LIMITED]
            where = {"forbid": withheld, "lower": low}
            for gate in option.gate:
                if gate.kind in where and gate.condition is not None:
                    _ask(asked, gate.condition, where[gate.kind])
            by_rank = self._possible(name, scenarios, facts.none)
            on_the_way = on_the_way | (low & _unlike(by_rank, facts.none))
        for condition, here in opened:
            _ask(asked, condition, here & on_the_way)
        return self.gatherer.of(facts, asked)


def _by_rank(base: Knowledge, option: str) -> list[list[str]]:
    """The scenarios that give an option each standing, the lowest first."""
    ranks = {name: each.ranks[option] for name, each in base.scenarios.items()}
    return [
        [name for name, rank in ranks.items() if rank == each]
        for each in range(len(STANDINGS))
    ]


def _cells(by_rank: Sequence[Plane]) -> tuple[Ranks, Ranks]:
    """The worst and the best standing of the scenarios that are possible."""
    lowest, limited, reasonable, first = by_rank
    worst = [~lowest]
    worst.append(worst[0] & ~limited)
    worst.append(worst[1] & ~reasonable)
    best_two = first | reasonable
    return tuple(worst), (best_two | limited, best_two, first)


def _judged(
    owner: Option | Measure,
    facts: Planes,
    cells: tuple[Ranks, Ranks],
    available: Plane,
) -> JudgedRows:
    forbids = [facts.of(g.condition) for g in owner.gate if g.kind == "forbid"]
    lowers = [(g, facts.of(g.condition)) for g in owner.gate if g.kind == "lower"]
    worst = lowered_rows(cells[0], [(g, ~each.false) for g, each in lowers], facts)
    best = lowered_rows(cells[1], [(g, each.true) for g, each in lowers], facts)
    forbidden = union([each.true for each in forbids], facts.none)
    surely_not = common([each.false for each in forbids], facts.every)
    left = ~forbidden
    unavailable = left & ~available
    left &= available
    not_indicated = left & ~best[LIMITED]
    left &= best[LIMITED]
    withheld = left & ~(surely_not & worst[LIMITED])
    verdicts: dict[VerdictName, Plane] = {
        "offered": left & ~withheld,
        "withheld": withheld,
        "excluded": forbidden,
        "not_indicated": not_indicated,
        "unavailable": unavailable,
    }
    return JudgedRows(verdicts, worst, best)


def lowered_rows(
    cell: Ranks, lowers: Iterable[tuple[Gate, Plane]], facts: Planes
) -> Ranks:
    """The standing that a cell becomes, by the lower gates that count in each row."""
    once, twice = facts.none.copy(), facts.none.copy()
    limited, reasonable, first = cell
    caps = []
    for gate, counts in lowers:
        if gate.to is None:
            twice |= once & counts
            once |= counts
        else:
            caps.append((STANDINGS.index(gate.to), counts))
    reasonable = (reasonable & ~once) | (first & once)
    ranks = [limited & ~twice, reasonable & ~twice, first & ~once]
    for cap, counts in caps:
        for place in range(cap, len(ranks)):
            ranks[place] = ranks[place] & ~counts
    return tuple(ranks)


def _ask(asked: dict[Condition, Plane], condition: Condition, here: Plane) -> None:
    asked[condition] = asked[condition] | here if condition in asked else here


def _unlike(by_rank: Iterable[Plane], none: Plane) -> Plane:
    """Where the possible scenarios do not rank an option alike."""
    seen, unlike = none, none
    for here in by_rank:
        unlike = unlike | (seen & here)
        seen = seen | here
    return unlike
