"""The first screen of an answer: its dangers and its brief."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from milia_cds.explanation.bands import HOW_SOON, Band, bands, danger_of
from milia_cds.explanation.outcome import AlertSaid, Outcome
from milia_cds.explanation.places import Place
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.wording import capital
from milia_cds.render.blocks import (
    AlertBand,
    FirstScreen,
    Item,
    Labelled,
    Line,
    Meaning,
    Paragraph,
    Points,
)
from milia_cds.render.columns import fitted, labelled
from milia_cds.render.lines import Detail
from milia_cds.render.phrases import fact_of, spaced

_DRAFT, _OVERDUE = "draft, not reviewed", "draft, review overdue"
_MEANINGS: dict[str, Meaning] = {
    "treat": "good",
    "observe": "good",
    "refer": "bad",
    "needs_information": "open",
    "treat_cause": "open",
}
_MORE = "more"
"""The part of a brief that says where to read on; what is longer needs none."""


def screen_of(outcome: Outcome, base: Knowledge | None, detail: Detail) -> FirstScreen:
    """The first screen of an answer.

    Parameters
    ----------
    outcome
        What the assessment says.
    base
        The knowledge base that gave it; where it is not at hand, the notice is said
        in full, for it says so.
    detail
        How much of the answer is shown with it.
    """
    stamp, notice = outcome.knowledge, ""
    if base and stamp.status == "draft":
        notice = _OVERDUE if stamp.overdue else _DRAFT
    parts = [_with_standings(each, outcome) for each in _brief(outcome, notice, detail)]
    if not notice:
        said = Line(f"{capital(stamp.notice)}.")
        first = parts[0]
        parts[0] = Labelled(first.label, (first.lines[0], said, *first.lines[1:]))
    return FirstScreen(
        notice,
        tuple(alert_bands(outcome.alerts, base, detail)),
        tuple(parts),
        _MEANINGS.get(outcome.disposition.action, ""),
    )


def _brief(outcome: Outcome, notice: str, detail: Detail) -> list[Labelled]:
    """The parts of the brief that fit, each with a label."""
    shown = [each for each in fitted(outcome.brief, notice) if each.lines]
    if detail != "brief":
        shown = [each for each in shown if each.label != _MORE]
    return [labelled(each) for each in shown]


def _with_standings(part: Labelled, outcome: Outcome) -> Labelled:
    """A part whose options say how they stand, as there is room for on a page."""
    offered = iter(outcome.ranking)
    lines = [
        Line(each.text, each.lead, _note(each, next(offered, None)))
        if each.lead
        else each
        for each in part.lines
    ]
    return Labelled(part.label, lines)


def _note(line: Line, place: Place | None) -> str:
    """How an option stands, where the reason beside it does not say so."""
    number, _, name = line.lead.partition(" ")
    if place is None or not name or number.rstrip("=") != str(place.rank):
        return ""
    standing = spaced(place.standing)
    return "" if standing == line.text else standing


# -- dangers --


def alert_bands(
    alerts: Iterable[AlertSaid], base: Knowledge | None, detail: Detail
) -> Iterator[AlertBand]:
    """The bands of alerts; what is said to the patient stands there where one is sure.

    Parameters
    ----------
    alerts
        The alerts, the most urgent first.
    base
        The knowledge base that names facts; without it they keep their ids.
    detail
        How much is said beside them.
    """
    shown = bands(alerts)
    spoken = detail == "full" or sum(band.certain for band in shown) == 1
    for danger in shown:
        yield _band(danger, base, detail, spoken=spoken)


def _band(
    danger: Band, base: Knowledge | None, detail: Detail, *, spoken: bool
) -> AlertBand:
    def in_words(name: str, value: Any) -> str:
        return fact_of(name, value, base)

    text = danger.line(in_words)
    if not danger.certain:
        asked = Points(_asked(danger)) if detail == "full" else None
        more = (asked,) if asked else ()
        return AlertBand(danger.mark, text, certain=False, more=more)
    alert = danger.first
    because = "; ".join(in_words(*each) for each in alert.facts.items())
    ground = Paragraph(
        f"Because: {because}." if because else "", alert.sources, alert.judgement
    )
    return AlertBand(
        danger.mark,
        text,
        items=tuple(_addressed(alert, spoken=spoken)),
        more=(ground,) if detail == "full" else (),
    )


def _addressed(alert: AlertSaid, *, spoken: bool) -> Iterator[Item]:
    yield Item(alert.to_text, "To")
    if spoken:
        yield Item(f"\u201c{alert.plain}\u201d", "Say")


def _asked(danger: Band) -> Iterator[Item]:
    """The dangers of a band that are asked for, with what makes each one."""
    told: set[str] = set()
    for each in danger.alerts:
        spoken = each.plain not in told
        told.add(each.plain)
        yield Item(
            danger_of(each),
            f"If {each.if_} ({HOW_SOON[each.urgency]})",
            each.sources,
            judgement=each.judgement,
            blocks=(Points(_addressed(each, spoken=spoken)),),
        )
