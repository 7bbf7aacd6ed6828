"""Verdicts and standings of many cases.

The first that holds: excluded, unavailable, not indicated, withheld, offered.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from milia_cds.adapters.cohort.lacking import Lacking
from milia_cds.adapters.cohort.planes import Plane, Planes, union
from milia_cds.decision.verdicts import VerdictName
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.options import STANDINGS, Gate, Measure, Option
from milia_cds.logic.conditions import Condition

Ranks: TypeAlias = tuple[Plane, ...]
"""Where a standing is at least limited, reasonable, first line."""

LIMITED, REASONABLE, FIRST_LINE = range(3)
"""The planes of `Ranks`."""


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


def judged_options(
    base: Knowledge,
    facts: Planes,
    scenarios: Mapping[str, Plane],
    offers: Mapping[str, Plane],
) -> dict[str, JudgedRows]:
    """Judge every option.

    Parameters
    ----------
    base
        The knowledge base.
    facts
        What is decided on.
    scenarios
        Where each scenario is possible.
    offers
        Where the clinic offers each option; one that is not named is offered
        everywhere.
    """
    found = {}
    for name, option in base.options.items():
        by_rank = [
            union(
                [
                    scenarios[s]
                    for s, e in base.scenarios.items()
                    if e.ranks[name] == rank
                ],
                facts.none,
            )
            for rank in range(len(STANDINGS))
        ]
        low = tuple(~union(by_rank[:rank], facts.none) for rank in (1, 2, 3))
        high = tuple(union(by_rank[rank:], facts.none) for rank in (1, 2, 3))
        available = offers.get(name, facts.every)
        found[name] = _judged(option, facts, (low, high), available)
    return found


def judged_measures(base: Knowledge, facts: Planes) -> dict[str, JudgedRows]:
    """Judge every supporting measure, which no scenario ranks."""
    plain = (facts.every, facts.none, facts.none)
    return {
        name: _judged(measure, facts, (plain, plain), facts.every)
        for name, measure in base.measures.items()
    }


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
    perhaps = union([each.possible for each in forbids], facts.none)
    left = ~forbidden
    unavailable = left & ~available
    left = left & available
    not_indicated = left & ~best[LIMITED]
    left = left & best[LIMITED]
    withheld = left & (perhaps | ~worst[LIMITED])
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
    once, twice = facts.none, facts.none
    limited, reasonable, first = cell
    caps = []
    for gate, counts in lowers:
        if gate.to is None:
            twice = twice | (once & counts)
            once = once | counts
        else:
            caps.append((STANDINGS.index(gate.to), counts))
    reasonable = (reasonable & ~once) | (first & once)
    ranks = [limited & ~twice, reasonable & ~twice, first & ~once]
    for cap, counts in caps:
        for place in range(cap, len(ranks)):
            ranks[place] = ranks[place] & ~counts
    return tuple(ranks)


def lacking(
    base: Knowledge,
    facts: Planes,
    judged: Mapping[str, JudgedRows],
    scenarios: Mapping[str, Plane],
    opened: Sequence[tuple[Condition, Plane]],
) -> dict[str, Plane]:
    """Where each fact is missing that a condition lacks which withholds an option.

    These are the open gates that forbid; where an option may stand at not recommended,
    its open gates that lower, too; and the open branches of the walk, where it stands
    so in one scenario that is possible and higher in another.

    Parameters
    ----------
    base, facts, scenarios
        As for `judged_options`, which gave `judged`.
    opened
        The branches that could be taken.
    """
    asked: dict[Condition, Plane] = {}
    on_the_way = facts.none
    for name, option in base.options.items():
        withheld = judged[name].verdicts["withheld"]
        if not withheld.any():
            continue
        low = withheld & ~judged[name].worst[LIMITED]
        for gate in option.gate:
            here = {"forbid": withheld, "lower": low}.get(gate.kind)
            if here is not None and gate.condition is not None:
                _ask(asked, gate.condition, here)
        on_the_way = on_the_way | (low & _unlike(base, name, scenarios, facts.none))
    for condition, here in opened:
        _ask(asked, condition, here & on_the_way)
    return Lacking(facts).of(asked)


def _ask(asked: dict[Condition, Plane], condition: Condition, here: Plane) -> None:
    asked[condition] = asked[condition] | here if condition in asked else here


def _unlike(
    base: Knowledge, option: str, scenarios: Mapping[str, Plane], none: Plane
) -> Plane:
    """Where the possible scenarios do not rank an option alike."""
    by_rank: dict[int, Plane] = {}
    for name, scenario in base.scenarios.items():
        rank = scenario.ranks[option]
        by_rank[rank] = by_rank.get(rank, none) | scenarios[name]
    seen, unlike = none, none
    for here in by_rank.values():
        unlike = unlike | (seen & here)
        seen = seen | here
    return unlike
