"""A part of an answer as a small sheet: an option, a question, what to do, a fact."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

from milia_cds.explanation.bands import HOW_SOON, Band, danger_of
from milia_cds.explanation.outcome import AlertSaid, Assumption, Disposition, Question
from milia_cds.explanation.places import (
    MeasureVerdict,
    Place,
    Places,
    Reason,
    RiskSaid,
    SetAside,
    StepSaid,
    Withheld,
)
from milia_cds.knowledge.wording import capital
from milia_cds.knowledge.words import FactEntry
from milia_cds.render.blocks import Banner, Item, Paragraph, Points, Sheet
from milia_cds.render.particulars import particulars_of
from milia_cds.render.phrases import further, spaced, unsaid
from milia_cds.render.sheets.assessment import question_items
from milia_cds.render.sheets.not_offered import (
    aside_items,
    measure_item,
    withheld_item,
)
from milia_cds.render.sheets.offered import (
    headed,
    not_counted,
    numbered,
    order_part,
    place_part,
    standing_of,
)
from milia_cds.render.sheets.said import Telling

_OF_AN_ANSWER = Banner(
    "Part of an answer", "The answer says how far its knowledge has been reviewed."
)
_OF_KNOWLEDGE = Banner(
    "Part of a knowledge base", "That says how far it has been reviewed."
)


def part_sheet(record: object) -> Sheet | None:
    """A part of an answer, or a fact of a knowledge base, by itself.

    Parameters
    ----------
    record
        The part; of what is none there is no sheet.
    """
    if isinstance(record, FactEntry):
        said = Points(_fact(record))
        return Sheet(capital(record.label), _OF_KNOWLEDGE, (said,), ())
    write = _WRITERS.get(type(record))
    if write is None:
        return None
    title, *blocks = write(record, Telling(None, full=True))
    return Sheet(title, _OF_AN_ANSWER, tuple(blocks), ())


_Said: TypeAlias = "Iterator[Any]"
"""A title, then blocks."""


def _place(place: Place, say: Telling) -> _Said:
    yield numbered(place)
    said = place_part(place, say)
    yield Paragraph(said.heading.partition(": ")[2])
    yield from said.blocks
    yield order_part([place])
    yield from not_counted([place], say)
    yield from headed(particulars_of(place), say)


def _places(places: Places, _: Telling) -> _Said:
    items = [
        Item(
            f"{standing_of(each.standing, each.best_standing)}, {each.points} of "
            f"{each.of} points",
            numbered(each),
        )
        for each in places
    ]
    yield "Options, best first"
    yield Points(items) if items else Paragraph("No option is offered.")
    yield order_part(places)


def _withheld(each: Withheld, say: Telling) -> _Said:
    yield f"{capital(each.label)}: withheld"
    yield Points([withheld_item(each, say)])


def _set_aside(each: SetAside, say: Telling) -> _Said:
    yield f"{capital(each.label)}: set aside"
    yield Points(aside_items([each], say))


def _measure(each: MeasureVerdict, say: Telling) -> _Said:
    yield capital(each.label)
    yield Points([measure_item(each, say)])


def _disposition(said: Disposition, say: Telling) -> _Said:
    soon = [
        Item(HOW_SOON[urgency], lead)
        for lead, urgency in (("How soon", said.urgency), ("At worst", said.at_worst))
        if urgency is not None
    ]
    also = [Item(further(each)) for each in said.also]
    yield said.headline
    yield Points([*map(say.reason, unsaid(said)), *also, *soon])


def _alert(alert: AlertSaid, _: Telling) -> _Said:
    asks = [Item(", ".join(alert.asks_for), "Ask")] if alert.asks else []
    yield Band((alert,)).mark
    yield Paragraph(danger_of(alert), alert.sources, alert.judgement)
    yield Points(
        [*asks, Item(alert.to_text, "To"), Item(f"\u201c{alert.plain}\u201d", "Say")]
    )


def _question(each: Question, say: Telling) -> _Said:
    yield each.ask
    yield Points(question_items(each, say))


def _assumption(each: Assumption, _: Telling) -> _Said:
    yield capital(each.text)
    yield Points([Item(each.why or spaced(each.by), "Because")])


def _reason(each: Reason, say: Telling) -> _Said:
    yield each.rule
    yield Points([say.reason(each)])


def _particular(each: RiskSaid | StepSaid, say: Telling) -> _Said:
    yield each.rule
    yield Points([say.particular(each)])


_WRITERS: Mapping[type, Callable[[Any, Telling], _Said]] = {
    Place: _place,
    Places: _places,
    Withheld: _withheld,
    SetAside: _set_aside,
    MeasureVerdict: _measure,
    Disposition: _disposition,
    AlertSaid: _alert,
    Question: _question,
    Assumption: _assumption,
    Reason: _reason,
    RiskSaid: _particular,
    StepSaid: _particular,
}


def _fact(fact: FactEntry) -> Iterator[Item]:
    yield Item(fact.ask, "Ask")
    yield Item(fact.ask_patient, "Ask the patient")
    if fact.help:
        yield Item(fact.help)
    if fact.low is not None or fact.high is not None:
        unit = f" {fact.unit}" if fact.unit else ""
        yield Item(f"{fact.low:g} and {fact.high:g}{unit}", "Between")
    if fact.members:
        yield Item("; ".join(fact.members.values()), "One of")
