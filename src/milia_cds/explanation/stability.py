"""How firm the first place is: which weights would change it, exactly.

Points are a sum of weight times level, so what a weight changes is a line, and where
two options are level is a fraction, not a sample.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from math import lcm
from typing import TypeAlias

import attrs

from milia_cds.decision.engine import Engine, first_place
from milia_cds.decision.ranking import RankedOption, score
from milia_cds.decision.record import Record
from milia_cds.errors import visible
from milia_cds.explanation.games import greatest_lead
from milia_cds.explanation.outcome import Stamp, stamp
from milia_cds.knowledge.model import Knowledge
from milia_cds.logic.facts import MOST_WEIGHT
from milia_cds.shown import Told

Levels: TypeAlias = Mapping[str, int]
"""The level of one option on each criterion, as its points count it."""


OWN_VALUES = (
    "The patient's own values order what is first line or reasonable; no weight here "
    "changes that."
)


@attrs.frozen(kw_only=True)
class Threshold:
    """How far the weight of one criterion may go before the first place changes.

    Parameters
    ----------
    criterion, label
        Its id, and its name in a sentence.
    weight
        Its weight as it is, a whole number from 0 to 10.
    below, above
        The first place changes where the weight falls below, or rises above, these:
        exact numbers from 0 to 10 as text, such as "13/2". `None`: it never changes.
    first_below, first_above
        The options that are then in the first place, at the nearest whole weight;
        empty where no whole weight up to 10 does it.
    """

    criterion: str
    label: str
    weight: int
    below: str | None
    above: str | None
    first_below: tuple[str, ...]
    first_above: tuple[str, ...]


@attrs.frozen(kw_only=True)
class Weighting:
    """An option that some weighting puts first.

    Parameters
    ----------
    option, label
        Its id, and its name in a sentence.
    alone
        Whether it can be first alone, or only beside options with other levels.
    weights
        One such weighting in whole numbers from 0 to 10; empty where only finer
        proportions do it.
    """

    option: str
    label: str
    alone: bool
    weights: Mapping[str, int] = attrs.field(hash=False)


@attrs.frozen(kw_only=True)
class Stability(Told):
    """How firm the first place is under other weights.

    Parameters
    ----------
    first
        The options in the first place.
    rivals
        The options that share its standing: only they can take its place by weights.
    thresholds
        One for each criterion, in the order of the file.
    can_be_first
        The rivals and first options that some weighting puts first.
    own_values
        Whether the patient's own values are in force: then the rivals are all that are
        first line or reasonable, and no weight here switches to the other order.
    knowledge
        Which knowledge it comes from, and how far it has been reviewed.
    """

    first: tuple[str, ...]
    rivals: tuple[str, ...]
    thresholds: tuple[Threshold, ...]
    can_be_first: tuple[Weighting, ...]
    own_values: bool
    knowledge: Stamp

    def __repr__(self) -> str:
        """Name the first place, and how many weights may change it."""
        firm = [each for each in self.thresholds if each.below or each.above]
        count = f"{len(firm)} of {len(self.thresholds)} weights may change it"
        return visible(f"<Stability: {', '.join(self.first) or 'none'} first, {count}>")

    def sentences(self) -> tuple[str, ...]:
        """How firm the first place is, a sentence for each criterion."""
        if not self.first:
            return ("Nothing is ranked, so no weight changes anything.",)
        labels = {each.option: each.label for each in self.can_be_first}
        names = " and ".join(labels.get(name, name) for name in self.first)
        stays = f"{names} {'stays' if len(self.first) == 1 else 'stay'} first"
        said = tuple(f"{stays} {_unless(each)}." for each in self.thresholds)
        return (OWN_VALUES, *said) if self.own_values else said


def _unless(threshold: Threshold) -> str:
    ways = []
    if threshold.below is not None:
        ways.append(f"falls past {threshold.below}")
    if threshold.above is not None:
        ways.append(f"rises past {threshold.above}")
    if not ways:
        return f"whatever the weight of {threshold.label}"
    weight = f"the weight of {threshold.label}, now {threshold.weight}"
    return f"unless {weight}, {' or '.join(ways)}"


def stability(engine: Engine, record: Record) -> Stability:
    """Work out how firm the first place of a record is.

    Parameters
    ----------
    engine
        The engine that made the record.
    record
        The exact record.
    """
    base = engine.base
    first = first_place(record.ranking)
    group = [
        place.option
        for place in record.ranking
        if _tier(place, own=record.own) == _tier(record.ranking[0], own=record.own)
    ]
    standings = {place.option: place.worst for place in record.ranking}
    lines: dict[str, Levels] = {
        name: engine.scales[name].least_levels(record.true, record.unknown)
        for name in group
    }
    return Stability(
        first=first,
        rivals=tuple(name for name in group if name not in first),
        thresholds=tuple(
            _threshold(base, lines, record.weights, criterion, standings)
            for criterion in base.criteria
            if group
        ),
        can_be_first=tuple(_can_be_first(base, lines, standings)),
        own_values=record.own,
        knowledge=stamp(base),
    )


def _tier(place: RankedOption, *, own: bool) -> int:
    """What weights cannot overcome: the standing, or the band of the own values."""
    return score(place.worst, 0, own=own)[0]


def _firsts(
    lines: Mapping[str, Levels],
    weights: Mapping[str, Fraction],
    standings: Mapping[str, int],
) -> set[str]:
    points = {
        name: (_points(levels, weights), standings[name])
        for name, levels in lines.items()
    }
    best = max(points.values())
    return {name for name, each in points.items() if each == best}


def _points(levels: Levels, weights: Mapping[str, Fraction]) -> Fraction:
    return sum((weights[name] * level for name, level in levels.items()), Fraction(0))


def _threshold(
    base: Knowledge,
    lines: Mapping[str, Levels],
    weights: Mapping[str, int],
    criterion: str,
    standings: Mapping[str, int],
) -> Threshold:
    exact = {name: Fraction(weight) for name, weight in weights.items()}
    here = _firsts(lines, exact, standings)

    def firsts(weight: Fraction) -> set[str]:
        return _firsts(lines, {**exact, criterion: weight}, standings)

    def beyond(steps: Iterable[int]) -> tuple[str, ...]:
        changed = (firsts(Fraction(weight)) for weight in steps)
        new = next((each for each in changed if each != here), set[str]())
        return tuple(name for name in lines if name in new)

    now = weights[criterion]
    turns = _turns(lines, exact, criterion)
    up = sorted(turn for turn in turns if turn >= now)
    down = sorted((turn for turn in turns if turn <= now), reverse=True)
    return Threshold(
        criterion=criterion,
        label=base.criteria[criterion].label,
        weight=now,
        below=_first_change([*down, Fraction(0)], lambda w: firsts(w) != here),
        above=_first_change([*up, Fraction(MOST_WEIGHT)], lambda w: firsts(w) != here),
        first_below=beyond(range(now - 1, -1, -1)),
        first_above=beyond(range(now + 1, MOST_WEIGHT + 1)),
    )


def _turns(
    lines: Mapping[str, Levels], weights: Mapping[str, Fraction], criterion: str
) -> set[Fraction]:
    """The weights, from 0 to 10, at which two options have the same points."""
    rest = {**weights, criterion: Fraction(0)}
    turns = set()
    for one in lines.values():
        for other in lines.values():
            steeper = one[criterion] - other[criterion]
            if steeper > 0:
                turns.add((_points(other, rest) - _points(one, rest)) / steeper)
    return {turn for turn in turns if 0 <= turn <= MOST_WEIGHT}


def _first_change(
    turns: list[Fraction], changed: Callable[[Fraction], bool]
) -> str | None:
    """The first turn at which, or right behind which, something has changed."""
    for turn, after in zip(turns, [*turns[1:], turns[-1]], strict=True):
        if changed(turn) or changed((turn + after) / 2):
            return str(turn)
    return None


def _can_be_first(
    base: Knowledge, lines: Mapping[str, Levels], standings: Mapping[str, int]
) -> Iterator[Weighting]:
    """The options that some weights put first.

    Equal points are enough beside a rival of no higher standing; one of a higher
    standing must be overtaken.
    """
    for name, levels in lines.items():
        higher = [each for each in lines if standings[each] > standings[name]]
        if any(lines[each] == levels for each in higher):
            continue
        rivals = [other for other in lines if lines[other] != levels]
        least = [_A_LITTLE if other in higher else Fraction(0) for other in rivals]
        leads = [
            [
                levels[each] - lines[other][each] - needed
                for other, needed in zip(rivals, least, strict=True)
            ]
            for each in base.criteria
        ]
        lead, proportions = greatest_lead(leads)
        if lead >= 0:
            weights = _whole(proportions, leads, lead)
            yield Weighting(
                option=name,
                label=base.options[name].label,
                alone=lead > 0,
                weights=dict(zip(base.criteria, weights, strict=False)),
            )


_A_LITTLE = Fraction(1, 10**6)
"""By how much a rival of a higher standing must be overtaken; far less than what whole
weights up to 10 can tell apart."""


def _whole(
    proportions: list[Fraction], leads: list[list[Fraction]], lead: Fraction
) -> list[int]:
    """Whole weights up to 10 that do what these proportions do, or nothing."""
    scale = lcm(*(each.denominator for each in proportions))
    most = max(proportions)
    for size in (most * scale, *range(1, MOST_WEIGHT + 1)):
        weights = [round(each * size / most) for each in proportions]
        if size <= MOST_WEIGHT and all(
            margin > 0 if lead > 0 else margin >= 0
            for margin in _margins(weights, leads)
        ):
            return weights
    return []


def _margins(weights: list[int], leads: list[list[Fraction]]) -> list[Fraction]:
    """The lead over each rival."""
    return [
        sum(map(operator.mul, weights, column), Fraction(0))
        for column in zip(*leads, strict=True)
    ]
