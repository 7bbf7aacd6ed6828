"""Order: lexicographic, total and exact, on fixed scales.

Standing first, then points (the sum of weight times level over the criteria, whole
numbers), then the less invasive, then the name. Where the patient's own values decide
between what is acceptable, points come before the standing within each of two bands.
Removing or adding an option never reorders the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from operator import itemgetter
from typing import NamedTuple, TypeAlias

import attrs

from milia_cds.decision.verdicts import LIMITED, Verdict
from milia_cds.knowledge.options import CriterionLevel, Option
from milia_cds.logic.conditions import Condition

BEST_LEVEL = 4


Score: TypeAlias = tuple[int, ...]
"""What options are ordered by: the greater one first, equal ones tied.

The standing and the points; by the patient's own values the band (limited, or better),
the points and the standing. The points are the second of either."""


def score(standing: int, points: int, *, own: bool) -> Score:
    """The score of an offered option.

    Parameters
    ----------
    standing, points
        The rank of its standing, and its points.
    own
        Whether the patient's own values order what is acceptable.
    """
    if own:
        return (2 if standing > LIMITED else 1, points, standing)
    return (standing, points)


class RankedOption(NamedTuple):
    """An offered option in its place; `points` is out of `of`."""

    rank: int
    tied: bool
    option: str
    worst: int
    best: int
    points: int
    of: int


@attrs.frozen(eq=False, repr=False)
class Scales:
    """The levels of one option on the criteria, with the bits of their modifiers."""

    invasiveness: int
    levels: tuple[tuple[str, int, tuple[tuple[int, int], ...]], ...]
    modified: int

    @classmethod
    def of(cls, option: Option, bits: Mapping[Condition, int]) -> Scales:
        """Compile the levels of one option, by the bit of each condition."""

        def modifiers(level: CriterionLevel) -> tuple[tuple[int, int], ...]:
            return tuple((bits[each.condition], each.level) for each in level.modifier)

        levels = tuple(
            (level.criterion, level.base, modifiers(level)) for level in option.level
        )
        modified = sum({bit for _, _, each in levels for bit, _ in each})
        return cls(option.invasiveness, levels, modified)

    def points(self, weights: Mapping[str, int], true: int, unknown: int) -> int:
        """The least points that are still possible."""
        least = 0
        touched = (true | unknown) & self.modified
        for criterion, base, modifiers in self.levels:
            low = base
            if touched and modifiers:
                low = _least(base, modifiers, true, unknown)
            least += weights[criterion] * low
        return least

    def least_levels(self, true: int, unknown: int) -> dict[str, int]:
        """The least level on each criterion that is still possible."""
        return {
            criterion: _least(base, modifiers, true, unknown)
            for criterion, base, modifiers in self.levels
        }


def _least(
    base: int, modifiers: Iterable[tuple[int, int]], true: int, unknown: int
) -> int:
    """The least level that is still possible; the first true modifier wins."""
    possible = []
    for bit, level in modifiers:
        if true & bit:
            possible.append(level)
            break
        if unknown & bit:
            possible.append(level)
    else:
        possible.append(base)
    return min(possible)


def rank(
    offered: Iterable[tuple[Verdict, Score, int]], of: int
) -> tuple[RankedOption, ...]:
    """Put the offered options in order.

    Parameters
    ----------
    offered
        The verdict, the least score and the invasiveness of each offered option.
    of
        The most points that there can be.

    Returns
    -------
    tuple
        Equal scores share a rank (1, 1, 3).
    """
    by_name = sorted(offered, key=itemgetter(2, 0))  # an option's verdict, so its name
    order = sorted(by_name, key=itemgetter(1), reverse=True)
    last = {each[1]: place for place, each in enumerate(order, 1)}
    placed = []
    rank = 1
    for place, (judged, scored, _) in enumerate(order, 1):
        end = last[scored]
        tied = end > rank
        name, worst, best = judged.option, judged.worst, judged.best
        placed.append(RankedOption(rank, tied, name, worst, best, scored[1], of))
        if place == end:
            rank = end + 1
    return tuple(placed)
