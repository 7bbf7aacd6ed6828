"""Plain records of a result: what an assessment says, ready to be written as JSON.

The names are the public contract. A record knows nothing of the engine.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import (
    TYPE_CHECKING,
    Any,
    Literal,
    Self,
    SupportsIndex,
    TypeAlias,
    overload,
)

import attrs

from milia_cds.errors import UnknownNameError, visible
from milia_cds.knowledge.about import ReviewStatus
from milia_cds.knowledge.dangers import Urgency
from milia_cds.knowledge.model import Knowledge, Standing
from milia_cds.knowledge.tables import Said
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

_NAMED = 3
FORMAT: Literal["milia-cds/assessment/1"] = "milia-cds/assessment/1"

When: TypeAlias = Literal[Timing, HowSoon]
Status: TypeAlias = Literal["determinate", "indeterminate"]
FilledBy: TypeAlias = Literal["way_out", "settled", "visit", "screening", "policy"]
DispositionAction: TypeAlias = Literal[
    "treat", "observe", "treat_cause", "refer", "needs_information"
]


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
class AlertSaid(Said):
    """A danger that the case states, or one to ask for; nothing hides it.

    `certain` says which of the two. An alert that is asked for has its condition in
    words in `if_`, and in `asks` the facts that it lacks; `facts` are those that are
    known and make it one; `asks_for` says the facts that it lacks in words. `to` says
    whom it is for, `to_text` and `to_plain` in words.
    """

    alert: str
    certain: bool
    if_: str | None
    urgency: Urgency
    to: tuple[str, ...]
    to_text: str
    to_plain: str
    text: str
    plain: str
    asks: tuple[str, ...]
    asks_for: tuple[str, ...]
    facts: Mapping[str, Any]
    sources: tuple[str, ...]
    judgement: bool

    def _in_short(self) -> str:
        known = "certain" if self.certain else f"asks {', '.join(self.asks)}"
        return f"{self.alert}, {self.urgency}, {known}"


@attrs.frozen(kw_only=True, eq=False, repr=False)
class AlsoRefer(Said):
    """A further referral: a later rule that holds and sends elsewhere."""

    to: str
    urgency: Urgency
    rule: str
    text: str

    def _in_short(self) -> str:
        return f"{self.to}, {self.urgency}: {self.text}"


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Disposition(Said):
    """What to do now: treat, observe, treat the cause, refer, or find out more.

    `headline` says it in a line, which is the first of the brief. `at_worst` is the
    highest urgency that is still possible, `None` where that is `urgency`. `own` says
    that the operator is of the field that a referral goes to; it is then said what to
    do, never to refer.
    """

    headline: str
    action: DispositionAction
    to: str | None
    urgency: Urgency | None
    at_worst: Urgency | None
    own: bool
    also: tuple[AlsoRefer, ...]
    because: tuple[Reason, ...]

    def _in_short(self) -> str:
        return f"{self.action}: {self.headline}"


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


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Question(Said):
    """A spoken question, the facts that it settles and what it affects.

    `affects` are options and measures, `alerts` the dangers that are asked for.
    """

    facts: tuple[str, ...]
    screen: str
    ask: str
    ask_patient: str
    affects: tuple[str, ...]
    decisive: bool
    alerts: tuple[str, ...] = ()

    def _in_short(self) -> str:
        return f"{self.screen}: {self.ask}"


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Assumption(Said):
    """A fact that nobody stated, and what filled it.

    `by` is "way_out" for a fact that counts only when stated, where stating it would
    change the answer; "settled" for what stated facts leave no other value, by the
    `rule` of which `why` gives the reason; "visit" for what its other cases say of
    this one; "screening" for what `assume_absent`
    filled, and "policy" for what the clinic says of itself.
    """

    fact: str
    value: Any
    text: str
    by: FilledBy = "screening"
    rule: str = ""
    why: str = ""

    def _in_short(self) -> str:
        return f"{self.fact} = {self.value!r}, by {self.by}"


@attrs.frozen(kw_only=True, eq=False, repr=False)
class BriefLine(Said):
    """A line of the brief, before it is wrapped.

    Parameters
    ----------
    text
        What it says.
    lead
        What stands before it in a column of its own, such as the name of an option.
    drop
        Where the brief does not fit, what has 1 is dropped first, then 2, and so on; 0
        is never dropped.
    instead
        What stands in the place of the text once it is dropped; "" is nothing.
    """

    text: str
    lead: str = ""
    drop: int = 0
    instead: str = ""

    def _in_short(self) -> str:
        return f"{self.lead} {self.text}"


@attrs.frozen(kw_only=True, eq=False, repr=False)
class BriefPart(Said):
    """Lines of the brief under a label of one word, such as "plan"."""

    label: str
    lines: tuple[BriefLine, ...]

    def _in_short(self) -> str:
        return f"{self.label}, {len(self.lines)} lines"


@attrs.frozen(kw_only=True, eq=False, repr=False)
class TraceStep(Said):
    """A step of the recorded walk: a condition, its truth, and on what facts.

    `truth` is true, false, or `None` for not known.
    """

    node: str
    kind: str
    when: str
    truth: bool | None
    facts: Mapping[str, Any]
    sources: tuple[str, ...]

    def _in_short(self) -> str:
        truth = {True: "true", False: "false", None: "not known"}[self.truth]
        return f"{self.node}: {truth}"


@attrs.frozen(kw_only=True, eq=False, repr=False)
class PolicyStamp(Said):
    """Which local policy was laid over the knowledge."""

    name: str
    version: str
    digest: str

    def _in_short(self) -> str:
        return f"{self.name} {self.version}"


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Stamp(Said):
    """Which knowledge gave the result, and how far it has been reviewed."""

    version: str
    digest: str
    status: ReviewStatus
    reviewed_by: tuple[str, ...]
    review_by: str
    notice: str
    certainty: str
    policy: PolicyStamp | None = None

    def _in_short(self) -> str:
        return f"{self.version}, {self.notice}, {self.digest}"


@lru_cache(maxsize=8)
def stamp(base: Knowledge) -> Stamp:
    """Which knowledge it is, and how far it has been reviewed."""
    about, policy = base.about, base.policy
    return Stamp(
        version=about.version,
        digest=base.digest,
        status=about.status,
        reviewed_by=about.reviewed_by,
        review_by=about.review_by,
        notice=about.notice,
        certainty=about.certainty,
        policy=None
        if policy is None
        else PolicyStamp(
            name=policy.name, version=policy.version, digest=policy.digest
        ),
    )


@attrs.frozen(kw_only=True, eq=False, repr=False, slots=False)  # for a later trace
class Outcome(Said):
    """Everything that an assessment says.

    `urgency` is the highest of the disposition's and of the certain alerts'.
    `scenarios` are the ids of those that are still possible, `situations` say the same
    in words; `mimics` are what looks alike at this site and age. The trace is long and
    seldom read, so it may be made when it is.
    """

    format: Literal["milia-cds/assessment/1"]
    status: Status
    exact: bool
    urgency: Urgency | None
    alerts: tuple[AlertSaid, ...]
    brief: tuple[BriefPart, ...]
    disposition: Disposition
    scenarios: tuple[str, ...]
    situations: tuple[str, ...]
    ranking: Places = attrs.field(converter=Places)
    withheld: tuple[Withheld, ...]
    excluded: tuple[SetAside, ...]
    not_indicated: tuple[SetAside, ...]
    unavailable: tuple[SetAside, ...]
    measures: tuple[MeasureVerdict, ...]
    possible_first: tuple[str, ...]
    questions: tuple[Question, ...]
    warnings: tuple[Reason, ...]
    never: tuple[Reason, ...]
    home_care: tuple[Reason, ...]
    red_flags_to_watch: tuple[Reason, ...]
    expectations: tuple[Reason, ...]
    mimics: tuple[Reason, ...]
    prevention: tuple[Reason, ...]
    assumptions: tuple[Assumption, ...]
    trace: tuple[TraceStep, ...]
    knowledge: Stamp
    engine: str

    @classmethod
    def traced_by(cls, trace: Callable[[], tuple[TraceStep, ...]], **said: Any) -> Self:
        """An outcome whose trace is made when it is first read.

        Parameters
        ----------
        trace
            Makes the trace.
        said
            Every other field.
        """
        outcome = cls(trace=(), **said)
        del outcome.__dict__["trace"]
        outcome.__dict__["_make_trace"] = trace
        return outcome

    if not TYPE_CHECKING:  # or every name would be an attribute

        def __getattr__(self, name: str) -> Any:
            """The trace, made now."""
            make = self.__dict__.get("_make_trace") if name == "trace" else None
            if make is not None:
                self.__dict__.setdefault("trace", make())
                self.__dict__.pop("_make_trace", None)
            elif name != "trace" or name not in self.__dict__:
                message = f"{type(self).__name__!r} has no attribute {name!r}"
                raise AttributeError(message)
            return self.__dict__["trace"]  # perhaps by another thread, just now

    def _in_short(self) -> str:
        return f"{self.disposition.action}, {self.status}: {self.disposition.headline}"

    def __getstate__(self) -> dict[str, Any]:
        """Copy and pickle the trace, not what makes it."""
        names = (field.name for field in attrs.fields(Outcome))
        return {name: getattr(self, name) for name in names}
