"""The lengths of an answer as JSON: for machines that act, for pages, for the file.

A decision says what is decided and on what to act; the standard has the texts as well,
of the first options; full has every text of every option and the trace. Whatever is
shortened says by how much: a list that is cut is counted in `left_out`. No alert, no
option with its verdict, and no urgency is ever left out.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal, NamedTuple, TypeAlias, get_args

import attrs

from milia_cds.assessment.stored import in_full, sealed
from milia_cds.errors import nearest, quoted
from milia_cds.explanation.outcome import (
    Disposition,
    DispositionAction,
    FilledBy,
    Outcome,
    PolicyStamp,
    Question,
    Status,
)
from milia_cds.explanation.parts import said
from milia_cds.explanation.places import MeasureVerdict, Withheld
from milia_cds.knowledge.about import ReviewStatus
from milia_cds.knowledge.dangers import Urgency
from milia_cds.knowledge.options import Standing
from milia_cds.knowledge.records import Said, plain
from milia_cds.knowledge.texts import Certainty

JsonDetail: TypeAlias = Literal["decision", "standard", "full"]
JSON_DETAILS: tuple[JsonDetail, ...] = get_args(JsonDetail)

MOST_BYTES: Mapping[str, int] = {"decision": 4_000, "standard": 40_000}
"""The most that a detail takes as JSON text without indentation."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class DecidedAlert(Said):
    """An alert of a decision, without its texts; `asks` are the facts that it lacks."""

    alert: str
    certain: bool
    urgency: Urgency
    to: tuple[str, ...]
    asks: tuple[str, ...]


@attrs.frozen(kw_only=True, eq=False, repr=False)
class DecidedReferral(Said):
    """A further referral of a decision."""

    to: str
    urgency: Urgency


@attrs.frozen(kw_only=True, eq=False, repr=False)
class DecidedDisposition(Said):
    """What to do, without its reasons."""

    action: DispositionAction
    to: str | None
    urgency: Urgency | None
    at_worst: Urgency | None
    own: bool
    also: tuple[DecidedReferral, ...]


@attrs.frozen(kw_only=True, eq=False, repr=False)
class DecidedPlace(Said):
    """An offered option in its place."""

    option: str
    rank: int
    standing: Standing


@attrs.frozen(kw_only=True, eq=False, repr=False)
class DecidedWithheld(Said):
    """A withheld option: the fact to ask for first, and how many more there are."""

    option: str
    ask: str
    more: int


@attrs.frozen(kw_only=True, eq=False, repr=False)
class DecidedExcluded(Said):
    """An option that is forbidden, and the first rule that forbids it."""

    option: str
    rule: str


@attrs.frozen(kw_only=True, eq=False, repr=False)
class DecidedQuestion(Said):
    """The facts of a question, and the screen that has its words."""

    screen: str
    facts: tuple[str, ...]


@attrs.frozen(kw_only=True, eq=False, repr=False)
class DecidedStamp(Said):
    """Which knowledge decided, and how far it has been reviewed."""

    version: str
    digest: str
    status: ReviewStatus
    notice: str
    overdue: bool
    policy: PolicyStamp | None


@attrs.frozen(kw_only=True, eq=False, repr=False)
class DecisionSaid(Said):
    """An answer for a machine that acts on it.

    `questions` are the first ones; `left_out` says how many entries of a list there are
    beyond those that stand in it.
    """

    format: Literal["milia-cds/assessment/1"]
    detail: Literal["decision"]
    status: Status
    exact: bool
    urgency: Urgency | None
    alerts: tuple[DecidedAlert, ...]
    disposition: DecidedDisposition
    scenarios: tuple[str, ...]
    ranking: tuple[DecidedPlace, ...]
    withheld: tuple[DecidedWithheld, ...]
    excluded: tuple[DecidedExcluded, ...]
    not_indicated: tuple[str, ...]
    unavailable: tuple[str, ...]
    questions: tuple[DecidedQuestion, ...]
    left_out: Mapping[str, int]
    knowledge: DecidedStamp
    engine: str
    digest: str


@attrs.frozen(kw_only=True, eq=False, repr=False)
class BriefPlace(Said):
    """An offered option in its place, without its texts."""

    rank: int
    tied: bool
    option: str
    label: str
    standing: Standing
    best_standing: Standing
    points: int
    of: int
    value: float
    certainty: Certainty


@attrs.frozen(kw_only=True, eq=False, repr=False)
class BriefAssumption(Said):
    """A fact that nobody stated, and what filled it."""

    fact: str
    value: Any
    by: FilledBy


# -- a decision ------------------------------------------------------------------------


def decision(outcome: Outcome) -> dict[str, Any]:
    """An answer for a machine that acts on it, in at most 4,000 bytes.

    Parameters
    ----------
    outcome
        What the assessment says.
    """
    order = {fact: n for n, fact in enumerate(_asked(outcome.questions))}
    last = len(order)

    def waiting(each: Withheld) -> DecidedWithheld:
        first, *more = sorted(each.asks, key=lambda fact: order.get(fact, last)) or [""]
        return DecidedWithheld(option=each.option, ask=first, more=len(more))

    content: dict[str, Any] = plain(
        {
            "format": outcome.format,
            "detail": "decision",
            "status": outcome.status,
            "exact": outcome.exact,
            "urgency": outcome.urgency,
            "alerts": [said(DecidedAlert, each) for each in outcome.alerts],
            "disposition": _disposition(outcome.disposition),
            "scenarios": outcome.scenarios,
            "ranking": [said(DecidedPlace, each) for each in outcome.ranking],
            "withheld": [waiting(each) for each in outcome.withheld],
            "excluded": [
                DecidedExcluded(option=each.option, rule=each.because[0].rule)
                for each in outcome.excluded
            ],
            "not_indicated": [each.option for each in outcome.not_indicated],
            "unavailable": [each.option for each in outcome.unavailable],
            "questions": [],
            "left_out": {},
            "knowledge": said(DecidedStamp, outcome.knowledge),
            "engine": outcome.engine,
        }
    )
    questions = [plain(said(DecidedQuestion, each)) for each in outcome.questions]
    for kept in range(len(questions), -1, -1):
        content["questions"] = questions[:kept]
        content["left_out"] = _counts(questions=len(questions) - kept)
        if _size(content) <= MOST_BYTES["decision"] - _DIGEST:
            break
    return sealed(content)


_DIGEST = len('"digest": "sha256:", ') + 64


def _disposition(given: Disposition) -> DecidedDisposition:
    also = tuple(said(DecidedReferral, each) for each in given.also)
    return DecidedDisposition(
        action=given.action,
        to=given.to,
        urgency=given.urgency,
        at_worst=given.at_worst,
        own=given.own,
        also=also,
    )


def _asked(questions: Iterable[Question]) -> list[str]:
    return [fact for each in questions for fact in each.facts]


# -- the standard ----------------------------------------------------------------------


class _Room(NamedTuple):
    """How much of an answer there is room for."""

    places: int
    reasons: int
    questions: int
    advice: int


_ROOMS = (
    _Room(3, 6, 30, 30),
    _Room(3, 3, 12, 12),
    _Room(2, 3, 12, 12),
    _Room(1, 3, 8, 12),
    _Room(1, 1, 6, 8),
    _Room(1, 1, 3, 4),
    _Room(1, 0, 2, 2),
    _Room(0, 1, 3, 4),
    _Room(0, 0, 1, 1),
)
"""The most of each that is said, tried in turn until all of it fits."""
_ADVICE = (
    "warnings",
    "never",
    "home_care",
    "red_flags_to_watch",
    "expectations",
    "mimics",
    "prevention",
)


def standard(outcome: Outcome) -> dict[str, Any]:
    """An answer with its texts, those of the first options, in at most 40,000 bytes.

    Parameters
    ----------
    outcome
        What the assessment says.
    """
    content: dict[str, Any] = {}
    for room in _ROOMS:
        content = _within(outcome, room)
        if _size(content) <= MOST_BYTES["standard"] - _DIGEST:
            break
    return sealed(content)


def _within(outcome: Outcome, room: _Room) -> dict[str, Any]:
    cut = _Cut()
    reasons = room.reasons

    def parts(name: str) -> list[Any]:
        given = getattr(outcome, name)
        return [cut.of_entry(f"{name}[{n}]", e, reasons) for n, e in enumerate(given)]

    content: dict[str, Any] = {
        "format": outcome.format,
        "detail": "standard",
        "status": outcome.status,
        "exact": outcome.exact,
        "urgency": outcome.urgency,
        "alerts": outcome.alerts,
        "brief": outcome.brief,
        "disposition": cut.of_entry("disposition", outcome.disposition, reasons),
        "scenarios": outcome.scenarios,
        "situations": outcome.situations,
        "ranking": [
            each if number < room.places else said(BriefPlace, each)
            for number, each in enumerate(outcome.ranking)
        ],
        **{name: parts(name) for name in ("withheld", "excluded", "not_indicated")},
        "unavailable": outcome.unavailable,
        "measures": parts("measures"),
        "possible_first": outcome.possible_first,
        "questions": cut.to("questions", outcome.questions, room.questions),
        **{n: cut.to(n, getattr(outcome, n), room.advice) for n in _ADVICE},
        "assumptions": [said(BriefAssumption, each) for each in outcome.assumptions],
        "left_out": cut.left,
        "knowledge": outcome.knowledge,
        "engine": outcome.engine,
    }
    whole: dict[str, Any] = plain(content)
    return whole


class _Cut:
    """Cuts lists, and counts what is left out of each."""

    def __init__(self) -> None:
        self.left: dict[str, int] = {}

    def to(self, path: str, entries: tuple[Any, ...], most: int) -> tuple[Any, ...]:
        """The first of some entries."""
        self.left |= _counts(**{path: len(entries) - most})
        return entries[:most]

    def of_entry(self, path: str, entry: Any, most: int) -> Any:
        """An entry with the first of its reasons, and of the facts that it asks."""
        changes: dict[str, Any] = {
            key: self.to(f"{path}.{key}", getattr(entry, key), most)
            for key in ("because", "cautions")
            if hasattr(entry, key)
        }
        if isinstance(entry, Withheld | MeasureVerdict):
            changes["asks"] = self.to(f"{path}.asks", entry.asks, most + 2)
        if isinstance(entry, Withheld):
            changes["asks_for"] = entry.asks_for[: most + 2]
        return attrs.evolve(entry, **changes)


def _counts(**left: int) -> dict[str, int]:
    return {name: count for name, count in left.items() if count > 0}


def _size(content: Mapping[str, Any]) -> int:
    return len(json.dumps(content))


# -- the door --------------------------------------------------------------------------

_WRITERS: Mapping[str, Callable[[Outcome], dict[str, Any]]] = {
    "decision": decision,
    "standard": standard,
    "full": in_full,
}


def in_detail(outcome: Outcome, detail: JsonDetail) -> dict[str, Any]:
    """An answer as plain JSON values, in one of its lengths.

    Parameters
    ----------
    outcome
        What the assessment says.
    detail
        How much of it.

    Raises
    ------
    ValueError
        When there is no such detail.
    """
    if detail not in JSON_DETAILS:
        message = f"no detail {quoted(detail)}; {nearest(detail, JSON_DETAILS)}"
        raise ValueError(message)
    return _WRITERS[detail](outcome)
