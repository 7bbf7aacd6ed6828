"""Order: lexicographic, total and exact, on fixed scales.

Standing first, then points (the sum of weight times level over the criteria, whole
numbers), then the less invasive, then the name. Removing or adding an option never
reorders the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import attrs

from milia_cds.decision.verdicts import Verdict
from milia_cds.knowledge.model import CriterionLevel, Option
from milia_cds.logic.conditions import Condition

BEST_LEVEL = 4


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
    offered: Sequence[tuple[Verdict, int, int]], of: int
) -> tuple[RankedOption, ...]:
    """Put the offered options in order.

    Parameters
    ----------
    offered
        The verdict, the points and the invasiveness of each offered option.
    of
        The most points that there can be.

    Returns
    -------
    tuple
        Equal standing and points share a rank (1, 1, 3).
    """
    order = sorted(
        [
            (-judged.worst, -points, invasiveness, judged.option, judged.best)
            for judged, points, invasiveness in offered
        ]
    )
    keys = [each[:2] for each in order]
    last = {key: place for place, key in enumerate(keys, 1)}
    placed = []
    rank = 1
    for place, (worst, points, _, option, best) in enumerate(order, 1):
        end = last[worst, points]
        tied = end > rank
        placed.append(RankedOption(rank, tied, option, -worst, best, -points, of))
        if place == end:
            rank = end + 1
    return tuple(placed)
