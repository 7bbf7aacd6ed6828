"""The order of the options of many cases, as whole numbers: the greater stands first.

Standing first, then points; where the patient's own values decide between what is
acceptable, points come before the standing within each of two bands.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import attrs
import numpy as np

from milia_cds.adapters.cohort.judging import REASONABLE, JudgedRows, Ranks
from milia_cds.adapters.cohort.planes import (
    Array,
    Plane,
    Planes,
    from_digits,
    packed,
    rows_in,
    somewhere,
    unpacked,
)
from milia_cds.decision.ranking import BEST_LEVEL
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.options import STANDINGS, CriterionLevel, Option
from milia_cds.logic.facts import MOST_WEIGHT

NOT_OFFERED = -1
"""The score of an option that is not offered."""
NO_SCORE = -2
"""What no option has: the best score where nothing is offered."""


class Weighing(NamedTuple):
    """What the criteria weigh.

    Parameters
    ----------
    of
        The weight of each criterion: a number, or one for each row.
    own
        Where the patient's own values order what is acceptable.
    """

    of: Mapping[str, int | Array]
    own: Plane


class Ordered(NamedTuple):
    """The order of the options.

    Parameters
    ----------
    points
        The least points of each option that is offered somewhere.
    scores
        What these are ordered by: equal ones are tied, `NOT_OFFERED` has no place.
    first
        Where each option is in the first place; the less invasive options come first,
        as they do in a ranking.
    """

    points: Mapping[str, Array]
    scores: Mapping[str, Array]
    first: Mapping[str, Plane]


class Ordering:
    """What puts the options in order, by facts that decide their points.

    Parameters
    ----------
    base
        The knowledge base.
    facts
        What is decided on.
    weights
        What the criteria weigh in each row.
    """

    def __init__(self, base: Knowledge, facts: Planes, weights: Weighing) -> None:
        self.base = base
        self.facts = facts
        self.scale = _Scale.of(base, facts, weights)
        self.by_invasiveness = sorted(
            base.options, key=lambda name: (base.options[name].invasiveness, name)
        )
        self._points: dict[str, Array] = {}

    def of(
        self,
        judged: Mapping[str, JudgedRows],
        known: Mapping[str, Array] | None = None,
    ) -> Ordered:
        """Put the options in order.

        Parameters
        ----------
        judged
            The verdict on each option.
        known
            The scores of options that were judged so before.
        """
        rows, points, scores = self.facts.rows, {}, {}
        top = np.full(rows, NOT_OFFERED, self.scale.number)
        for name in self.base.options:
            offered = judged[name].verdicts["offered"]
            if somewhere(offered):
                points[name] = self.points(name)
                score = (known or {}).get(name)
                if score is None:
                    score = self.scale.score(judged[name], points[name])
                scores[name] = score
                np.maximum(top, score, out=top)
        top[top == NOT_OFFERED] = NO_SCORE
        first = {
            name: packed(scores[name] == top) if name in scores else self.facts.none
            for name in self.by_invasiveness
        }
        return Ordered(points, scores, first)

    def points(self, option: str) -> Array:
        """The least points of an option that are still possible."""
        if option not in self._points:
            record = self.base.options[option]
            self._points[option] = _points(record, self.facts, self.scale)
        return self._points[option]


@attrs.frozen(eq=False)
class _Scale:
    """How standing and points become one number.

    Parameters
    ----------
    number
        The type of the numbers: the shortest in which all scores have room.
    room
        More than the most points that there can be.
    weights
        What the criteria weigh.
    own
        The numbers of the rows that the patient's own values order.
    rows
        How many rows there are.
    """

    number: Any
    room: int
    weights: Mapping[str, int | Array]
    own: Array
    rows: int

    @classmethod
    def of(cls, base: Knowledge, facts: Planes, weights: Weighing) -> _Scale:
        room = MOST_WEIGHT * BEST_LEVEL * len(base.criteria) + 1
        fits = room * len(STANDINGS) * 2 < np.iinfo(np.int16).max
        number = np.int16 if fits else np.int32
        own = rows_in(weights.own & facts.every, facts.rows)
        of = {name: np.asarray(each, number) for name, each in weights.of.items()}
        return cls(number, room, of, own, facts.rows)

    def score(self, judged: JudgedRows, points: Array) -> Array:
        """What an option is ordered by, where it is offered."""
        standing = rank_numbers(judged.worst, self.rows).astype(self.number)
        usual = standing * self.number(self.room)
        usual += points
        if len(self.own):
            better = unpacked(judged.worst[REASONABLE], self.rows)[self.own]
            banded = better.astype(self.number) * self.number(self.room)
            banded += points[self.own]
            own = banded * self.number(len(STANDINGS)) + standing[self.own]
            usual[self.own] = own
        left = unpacked(~judged.verdicts["offered"], self.rows).astype(self.number)
        usual |= left * NOT_OFFERED  # which has all bits
        return usual


def rank_numbers(ranks: Ranks, rows: int) -> Array:
    """The standing in each row, as a rank."""
    limited, reasonable, first = ranks
    return from_digits([(limited & ~reasonable) | first, reasonable], rows)


def _points(option: Option, facts: Planes, scale: _Scale) -> Array:
    """The least points that are still possible."""
    weighed = [(each, scale.weights[each.criterion]) for each in option.level]
    usual = sum(weight * scale.number(each.base) for each, weight in weighed)
    points = np.full(facts.rows, usual, scale.number)
    for level, weight in weighed:
        for change, here in changed(level, facts):
            flags = unpacked(here, facts.rows).astype(scale.number)
            flags *= weight * scale.number(change)
            points += flags
    return points


def changed(level: CriterionLevel, facts: Planes) -> Sequence[tuple[int, Plane]]:
    """By how much the least level that is possible differs from the base, and where.

    The first modifier that is true wins.
    """
    possible: dict[int, Plane] = {}
    left = facts.every
    for each in level.modifier:
        truths = facts.of(each.condition)
        here = left & truths.possible
        possible[each.level] = possible.get(each.level, facts.none) | here
        left = left & ~truths.true
    possible[level.base] = possible.get(level.base, facts.none) | left
    found, taken = [], facts.none
    for value in sorted(possible):
        here = possible[value] & ~taken
        taken = taken | here
        if value != level.base and somewhere(here):
            found.append((value - level.base, here))
    return found
