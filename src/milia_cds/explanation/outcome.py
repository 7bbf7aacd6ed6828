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
    TypeAlias,
)

import attrs

from milia_cds.explanation.places import (
    MeasureVerdict,
    Places,
    Reason,
    SetAside,
    Withheld,
)
from milia_cds.knowledge.about import ReviewStatus
from milia_cds.knowledge.dangers import Urgency
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.records import Said

FORMAT: Literal["milia-cds/assessment/1"] = "milia-cds/assessment/1"

Status: TypeAlias = Literal["determinate", "indeterminate"]
FilledBy: TypeAlias = Literal["way_out", "settled", "visit", "screening", "policy"]
DispositionAction: TypeAlias = Literal[
    "treat", "observe", "treat_cause", "refer", "needs_information"
]


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
    """Which knowledge gave the result, and how far it has been reviewed.

    `overdue` says that the day of the assessment was after `review_by`; `notice` then
    says so too.
    """

    version: str
    digest: str
    status: ReviewStatus
    reviewed_by: tuple[str, ...]
    review_by: str
    notice: str
    certainty: str
    overdue: bool = False
    policy: PolicyStamp | None = None

    def _in_short(self) -> str:
        return f"{self.version}, {self.notice}, {self.digest}"


@lru_cache(maxsize=16)
def stamp(base: Knowledge, *, overdue: bool = False) -> Stamp:
    """Which knowledge it is, and how far it has been reviewed.

    Parameters
    ----------
    base
        The knowledge base.
    overdue
        Whether it is used after the day by which it was to be reviewed.
    """
    about, policy = base.about, base.policy
    late = f"; review overdue since {about.review_by}" if overdue else ""
    return Stamp(
        version=about.version,
        digest=base.digest,
        status=about.status,
        reviewed_by=about.reviewed_by,
        review_by=about.review_by,
        notice=f"{about.notice}{late}",
        certainty=about.certainty,
        overdue=overdue,
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
