"""The parts of an answer, each composed when it is read.

A part has the attributes of the record that it becomes; `said` makes the record. Who
reads only a few of them, as the checker of the vignettes does, pays for no more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property, lru_cache
from typing import Any, TypeVar

import attrs

from milia_cds.decision.completions import Completions
from milia_cds.decision.ranking import RankedOption
from milia_cds.decision.verdicts import Verdict
from milia_cds.explanation.places import Contribution, Reason, RiskSaid, StepSaid
from milia_cds.explanation.reasons import View
from milia_cds.knowledge.options import STANDINGS, Gate, Measure, Option
from milia_cds.knowledge.texts import PHASES, Certainty
from milia_cds.logic.conditions import truth
from milia_cds.logic.facts import once

T = TypeVar("T")


def said(record: type[T], part: object, **more: Any) -> T:
    """The record of a part: its fields are the attributes of the same names.

    Parameters
    ----------
    record
        The class of the record.
    part
        The part.
    more
        The fields that the part does not have.
    """
    names = (name for name in _fields(record) if name not in more)
    return record(**more, **{name: getattr(part, name) for name in names})


@once
def _fields(record: type[Any]) -> tuple[str, ...]:
    return tuple(field.name for field in attrs.fields(record))


class _Judged:
    """An option or a measure with its verdict."""

    def __init__(self, view: View, judged: Verdict) -> None:
        self.view = view
        self.judged = judged
        self.option = judged.option


class OfferedPart:
    """An offered option in its place; becomes a `Place`."""

    def __init__(self, view: View, placed: RankedOption) -> None:
        self.view = view
        self.owner = view.base.options[placed.option]
        self.rank, self.tied, self.option = placed.rank, placed.tied, placed.option
        self.points, self.of = placed.points, placed.of
        self.standing = STANDINGS[placed.worst]
        self.best_standing = STANDINGS[placed.best]
        self.label, self.family = self.owner.label, self.owner.family
        self.sources = self.owner.sources

    @property
    def value(self) -> float:
        """The points as a part of the most that there can be."""
        return round(self.points / self.of, 2)

    @cached_property
    def _sides(self) -> tuple[tuple[Reason, ...], tuple[Reason, ...]]:
        return self.view.arguments(self.owner)

    @property
    def arguments_for(self) -> tuple[Reason, ...]:
        """What speaks for it."""
        return self._sides[0]

    @property
    def arguments_against(self) -> tuple[Reason, ...]:
        """What speaks against it."""
        return self._sides[1]

    @cached_property
    def cautions(self) -> tuple[Reason, ...]:
        """The gates that caution or lower, and hold or may."""
        return tuple(self.view.gates(self.owner, "caution", "lower"))

    @cached_property
    def notes(self) -> tuple[Reason, ...]:
        """The gates that note, and hold or may."""
        return tuple(self.view.gates(self.owner, "note"))

    @cached_property
    def risks(self) -> tuple[RiskSaid, ...]:
        """What can go wrong for this patient."""
        return tuple(self._risks())

    def _risks(self) -> Iterator[RiskSaid]:
        view = self.view
        for risk in self.owner.risk:
            if view.holds(risk.condition) is False:
                continue
            name = f"{self.option}.{risk.id}"
            more = tuple(
                view.reason(f"{name}.{place + 1}", each, each.condition)
                for place, each in enumerate(risk.modifier)
                if view.holds(each.condition) is not False
            )
            yield RiskSaid.of(name, risk, more, view.unless_known(risk.condition))

    @cached_property
    def _steps(self) -> Mapping[str, tuple[StepSaid, ...]]:
        steps: dict[str, list[StepSaid]] = {phase: [] for phase in PHASES}
        for step in self.view.base.steps(self.owner):
            if self.view.holds(step.condition) is not False:
                clause = self.view.unless_known(step.condition)
                steps[step.phase].append(StepSaid.of(step, clause))
        return {phase: tuple(each) for phase, each in steps.items()}

    @property
    def preparation(self) -> tuple[StepSaid, ...]:
        """What to do before."""
        return self._steps["preparation"]

    @property
    def anaesthesia(self) -> tuple[StepSaid, ...]:
        """How to numb."""
        return self._steps["anaesthesia"]

    @property
    def aftercare(self) -> tuple[StepSaid, ...]:
        """What to do after, and when to look again."""
        return (*self._steps["aftercare"], *self._steps["review"])

    @cached_property
    def call_if(self) -> tuple[StepSaid, ...]:
        """What to call about after it."""
        return tuple(
            StepSaid.of(each, self.view.unless_known(each.condition))
            for each in self.view.base.calls(self.owner)
            if self.view.holds(each.condition) is not False
        )

    @cached_property
    def performed_by(self) -> tuple[str, ...]:
        """Those who are known to be let perform it in this case."""
        operator = self.view.base.vocabulary.roles.operator
        about_them = [
            gate.condition
            for gate in self.owner.gate
            if gate.kind == "forbid"
            and gate.condition is not None
            and operator in self.view.sayings.names_in(gate.condition)
        ]
        return tuple(
            name
            for name in self.owner.performed_by
            if all(
                truth(each, {**self.view.facts, operator: name}) is False
                for each in about_them
            )
        )

    @property
    def certainty(self) -> Certainty:
        """The certainty of its least certain source."""
        return self.view.certainty(self.owner)

    @cached_property
    def contributions(self) -> tuple[Contribution, ...]:
        """What each criterion gives to its points."""
        record, criteria = self.view.record, self.view.base.criteria
        scales = self.view.engine.scales[self.option]
        levels = scales.least_levels(record.true, record.unknown)
        return tuple(
            _contribution(name, criteria[name].label, record.weights[name], level)
            for name, level in levels.items()
        )


class WithheldPart(_Judged):
    """An option that something unknown may forbid; becomes a `Withheld`.

    Without completions it asks for all that its open rules lack, not only for what
    still matters.
    """

    def __init__(
        self, view: View, judged: Verdict, completions: Completions | None
    ) -> None:
        super().__init__(view, judged)
        self.completions = completions
        self.owner = view.base.options[judged.option]
        self.label = self.owner.label
        self.standing = STANDINGS[judged.worst]
        self.best_standing = STANDINGS[judged.best]

    @property
    def _forbidding(self) -> Iterator[Gate]:
        """The gates that may forbid."""
        for gate in self.owner.gate:
            if gate.kind == "forbid" and self.view.holds(gate.condition) is None:
                yield gate

    @property
    def _lowering(self) -> Iterator[Gate]:
        """The gates that may bring it to not recommended."""
        if self.judged.worst == 0:
            for gate in self.owner.gate:
                if gate.kind == "lower" and self.view.holds(gate.condition) is None:
                    yield gate

    @cached_property
    def _low(self) -> tuple[str, ...]:
        """The scenarios in which it stands lowest, where that makes a difference."""
        scenarios = self.view.base.scenarios
        names = self.view.record.walk.scenarios
        ranks = {name: scenarios[name].ranks[self.option] for name in names}
        if self.judged.worst != 0 or len(set(ranks.values())) == 1:
            return ()
        return tuple(name for name in ranks if ranks[name] == min(ranks.values()))

    @cached_property
    def because(self) -> tuple[Reason, ...]:
        """The rules that are open, and the scenarios in which it stands low."""
        low = (self.view.standing_reason(self.owner, name) for name in self._low)
        rules = self.view.rules
        return (*rules(self._forbidding), *low, *rules(self._lowering))

    @cached_property
    def asks(self) -> tuple[str, ...]:
        """The facts to ask for."""
        asks: set[str] = set()
        for gate in (*self._forbidding, *self._lowering):
            asks.update(self.view.unknown_in(gate.condition))
        if self._low:
            asks.update(self.view.lacking_on_the_way())
        every = self.completions
        left = None if every is None else every.offered(self.option)
        return self.view.that_matter(asks, left)

    @property
    def asks_for(self) -> tuple[str, ...]:
        """The same in words."""
        return tuple(self.view.base.facts[name].label for name in self.asks)


class AsidePart(_Judged):
    """An option that is set aside; becomes a `SetAside`."""

    @property
    def label(self) -> str:
        """Its name in a sentence."""
        return self._owner.label

    @property
    def _owner(self) -> Option:
        return self.view.base.options[self.option]

    @property
    def listed(self) -> bool:
        """Whether anybody would think of it here."""
        condition = self._owner.condition
        return condition is None or self.view.holds(condition) is not True

    @cached_property
    def because(self) -> tuple[Reason, ...]:
        """Why it is excluded or not indicated; what is unavailable needs no reason."""
        match self.judged.verdict:
            case "excluded":
                return tuple(self._why_excluded())
            case "not_indicated":
                return tuple(self._why_not_indicated())
        return ()

    def _why_excluded(self) -> Iterator[Reason]:
        """The gates that forbid; or those that may, of which one surely does."""
        forbids = [gate for gate in self._owner.gate if gate.kind == "forbid"]
        held = [(self.view.holds(gate.condition), gate) for gate in forbids]
        true = [gate for holds, gate in held if holds]
        open_ = [gate for holds, gate in held if holds is None]
        yield from self.view.rules(true or open_)

    def _why_not_indicated(self) -> Iterator[Reason]:
        view, option = self.view, self._owner
        if view.one_scenario:
            for name in view.record.walk.scenarios:
                yield view.standing_reason(option, name)
        else:
            yield Reason(
                rule="standing",
                text="Not recommended in any situation that is still possible.",
                judgement=True,
            )
        lowers = (gate for gate in option.gate if gate.kind == "lower")
        yield from view.rules(each for each in lowers if view.holds(each.condition))


class MeasurePart(_Judged):
    """The verdict on a supporting measure; becomes a `MeasureVerdict`."""

    def __init__(
        self, view: View, judged: Verdict, completions: Completions | None
    ) -> None:
        super().__init__(view, judged)
        self.completions = completions
        self.measure, self.verdict = judged.option, judged.verdict

    @property
    def _owner(self) -> Measure:
        return self.view.base.measures[self.measure]

    @property
    def label(self) -> str:
        """Its name in a sentence."""
        return self._owner.label

    @cached_property
    def _forbidding(self) -> tuple[Gate, ...]:
        """The gates that forbid it, or may where none does."""
        wanted = (True,) if self.verdict == "excluded" else (True, None)
        return tuple(
            gate
            for gate in self._owner.gate
            if gate.kind == "forbid" and self.view.holds(gate.condition) in wanted
        )

    @cached_property
    def because(self) -> tuple[Reason, ...]:
        """The gates that forbid it, or may."""
        return tuple(self.view.rules(self._forbidding))

    @cached_property
    def cautions(self) -> tuple[Reason, ...]:
        """The gates that caution or note, and hold or may."""
        return tuple(self.view.gates(self._owner, "caution", "note"))

    @cached_property
    def asks(self) -> tuple[str, ...]:
        """The facts to ask for, where some treatment may need it."""
        every = self.completions
        if self.verdict != "withheld" or not (every is None or every.treatable):
            return ()
        asks = {
            name
            for gate in self._forbidding
            for name in self.view.unknown_in(gate.condition)
        }
        left = None if every is None else every.measure(self.measure)
        return self.view.that_matter(asks, left)


@lru_cache(maxsize=1024)
def _contribution(name: str, label: str, weight: int, level: int) -> Contribution:
    return Contribution(
        criterion=name, label=label, weight=weight, level=level, points=weight * level
    )
