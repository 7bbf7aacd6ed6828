"""What a result says of each option and measure: its place, or why it has none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, SupportsIndex, TypeAlias, overload

import attrs

from milia_cds.errors import UnknownNameError, visible
from milia_cds.knowledge.options import Standing
from milia_cds.knowledge.records import Said
from milia_cds.knowledge.texts import (
    Basis,
    Call,
    Certainty,
    HowSoon,
    Reversible,
    Risk,
    Step,
    Timing,
)
from milia_cds.shown import Shown

When: TypeAlias = Literal[Timing, HowSoon]

_NAMED = 3
"""So many places are named in a line at most."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Reason(Said):
    """A rule that holds: which, in words, why, and on which facts.

    `plain` are the words for the patient, where it reaches one. `if_` is the condition
    in words where it is not known whether the rule holds.
    """

    rule: str
    text: str
    plain: str = ""
    facts: Mapping[str, Any] = attrs.field(factory=dict)
    sources: tuple[str, ...] = ()
    judgement: bool = False
    if_: str | None = None

    def _in_short(self) -> str:
        return f"{self.rule}: {self.text}"


@attrs.frozen(kw_only=True, eq=False, repr=False)
class RiskSaid(Said):
    """What can go wrong, how often, how badly, and who runs it more often.

    `frequency` is a natural frequency or "not known"; `basis` says whether it is from
    the domain itself, by its name, from an "analogue", or "not_known".
    `severity` goes from 1 (trivial) to 5 (serious or permanent).
    """

    rule: str
    text: str
    plain: str
    frequency: str
    population: str
    period: str
    basis: Basis
    severity: int
    reversible: Reversible
    more_likely: tuple[Reason, ...]
    sources: tuple[str, ...]
    judgement: bool
    if_: str | None

    @classmethod
    def of(
        cls, rule: str, risk: Risk, more_likely: tuple[Reason, ...], if_: str | None
    ) -> RiskSaid:
        """Say a risk, with those of its modifiers that apply."""
        return cls(
            rule=rule,
            text=risk.text,
            plain=risk.plain,
            frequency=risk.frequency,
            population=risk.population,
            period=risk.period,
            basis=risk.basis,
            severity=risk.severity,
            reversible=risk.reversible,
            more_likely=more_likely,
            sources=risk.sources,
            judgement=risk.judgement,
            if_=if_,
        )

    def _in_short(self) -> str:
        return f"{self.rule}: {self.text}"


@attrs.frozen(kw_only=True, eq=False, repr=False)
class StepSaid(Said):
    """Something to do, and when; for `call_if`, how soon to call."""

    rule: str
    timing: When
    text: str
    plain: str
    sources: tuple[str, ...]
    judgement: bool
    if_: str | None

    @classmethod
    def of(cls, entry: Step | Call, if_: str | None) -> StepSaid:
        """Say a step, or what to call about."""
        step = isinstance(entry, Step)
        return cls(
            rule=f"step.{entry.id}" if step else f"call.{entry.id}",
            timing=entry.timing if isinstance(entry, Step) else entry.how_soon,
            text=entry.text,
            plain=entry.plain,
            sources=entry.sources,
            judgement=entry.judgement,
            if_=if_,
        )

    def _in_short(self) -> str:
        return f"{self.rule}, {self.timing}: {self.text}"


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Contribution(Said):
    """What a criterion gives an option: its weight times the level, 0 to 4.

    With unknowns the level is the least that is still possible.
    """

    criterion: str
    label: str
    weight: int
    level: int
    points: int

    def _in_short(self) -> str:
        return (
            f"{self.criterion}, level {self.level} x weight {self.weight} = "
            f"{self.points}"
        )


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Place(Said):
    """An offered option in its place; its points are those of its contributions.

    `performed_by` are those in whose hands it would be offered in this case.
    """

    rank: int
    tied: bool
    option: str
    label: str
    family: str
    standing: Standing
    best_standing: Standing
    points: int
    of: int
    value: float
    arguments_for: tuple[Reason, ...]
    arguments_against: tuple[Reason, ...]
    cautions: tuple[Reason, ...]
    notes: tuple[Reason, ...]
    risks: tuple[RiskSaid, ...]
    preparation: tuple[StepSaid, ...]
    anaesthesia: tuple[StepSaid, ...]
    aftercare: tuple[StepSaid, ...]
    call_if: tuple[StepSaid, ...]
    performed_by: tuple[str, ...]
    sources: tuple[str, ...]
    certainty: Certainty
    contributions: tuple[Contribution, ...] = ()

    def _in_short(self) -> str:
        tie = "=" if self.tied else ""
        standing = self.standing.replace("_", " ")
        points = f"{self.points} of {self.of} points"
        return f"{self.rank}{tie} {self.option}, {standing}, {points}"


class Places(tuple[Place, ...], Shown):
    """The offered options in order; each is found by its place or by its id."""

    __slots__ = ()

    @overload
    def __getitem__(self, key: SupportsIndex | str, /) -> Place: ...
    @overload
    def __getitem__(self, key: slice, /) -> tuple[Place, ...]: ...
    def __getitem__(
        self, key: SupportsIndex | slice | str, /
    ) -> Place | tuple[Place, ...]:
        """The place of an option, by number or id; or several, by a slice.

        Raises
        ------
        UnknownNameError
            When no option of this id is offered.
        IndexError
            When there are not so many.
        """
        if not isinstance(key, str):
            return super().__getitem__(key)
        for place in self:
            if place.option == key:
                return place
        raise UnknownNameError("offered option", key, [each.option for each in self])

    def __contains__(self, key: object, /) -> bool:
        """Whether an option is offered, by its id, or a place is among these."""
        if isinstance(key, str):
            return any(place.option == key for place in self)
        return super().__contains__(key)

    def __repr__(self) -> str:
        """Name them in a line, the first with how they stand."""
        named = [
            f"{each.rank}{'=' if each.tied else ''} {visible(each.option)} "
            f"({each.standing.replace('_', ' ')})"
            for each in self[:_NAMED]
        ]
        more = [f"{len(self) - _NAMED} more"] if len(self) > _NAMED else []
        return f"<Places: {', '.join([*named, *more]) or 'none'}>"


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Withheld(Said):
    """An option that something unknown may forbid, and what to ask.

    `asks` names the facts, `asks_for` says them in words, in the same order.
    """

    option: str
    label: str
    asks: tuple[str, ...]
    asks_for: tuple[str, ...]
    standing: Standing
    best_standing: Standing
    because: tuple[Reason, ...]

    def _in_short(self) -> str:
        first, *more = self.asks or ("nothing",)
        rest = f" and {len(more)} more" if more else ""
        return f"{self.option}, asks {first}{rest}"


@attrs.frozen(kw_only=True, eq=False, repr=False)
class SetAside(Said):
    """An option that is excluded, not indicated or unavailable, and why.

    One that is not `listed` is nothing that anybody would think of here: only full
    lists name it.
    """

    option: str
    label: str
    because: tuple[Reason, ...]
    listed: bool = True

    def _in_short(self) -> str:
        rules = ", ".join(each.rule for each in self.because)
        return f"{self.option}{f', by {rules}' if rules else ''}"


@attrs.frozen(kw_only=True, eq=False, repr=False)
class MeasureVerdict(Said):
    """The verdict on a supporting measure, such as an anaesthetic."""

    measure: str
    label: str
    verdict: Literal["offered", "withheld", "excluded"]
    because: tuple[Reason, ...]
    cautions: tuple[Reason, ...]
    asks: tuple[str, ...]

    def _in_short(self) -> str:
        return f"{self.measure}, {self.verdict}"
