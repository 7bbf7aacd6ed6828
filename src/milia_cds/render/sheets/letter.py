"""The letter that goes with a referral, for the clinician to check and to sign.

Urgency, question and reason stand before all else. What is absent was looked for, and
what nobody stated is said not to be known; neither is ever taken for the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

from milia_cds.explanation.bands import HOW_SOON
from milia_cds.explanation.outcome import Assumption, Outcome
from milia_cds.explanation.situation import is_today
from milia_cds.knowledge.leaflets import LetterLine, LetterPart
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.wording import Wording, capital
from milia_cds.logic.conditions import truth
from milia_cds.logic.facts import Value
from milia_cds.render.blocks import (
    AlertBand,
    Banner,
    Block,
    Paragraph,
    Room,
    Sheet,
    Span,
    Table,
)
from milia_cds.render.phrases import series
from milia_cds.render.sheets.handout import (
    figure_of,
    known_facts,
    series_or,
)
from milia_cds.render.sheets.referral import Referral, led
from milia_cds.render.sheets.rows import Row, rows_of, seen

_FROM = Room(("From", "Telephone", "Date"))
_WHO = Room(("Patient", "Born", "Number", "Telephone"))
_SIGNED = Room(("Signature", "Name and registration"))
_COPY = "Please copy to: the patient ☐, the general practitioner ☐, ____________ ☐"
_TICKS = "Leaflet given ☐, told what is being looked for ☐"
_NOT_KNOWN = "Not known"


def letter_sheet(
    outcome: Outcome, stated: Mapping[str, Value | None], base: Knowledge
) -> Sheet:
    """The letter for a referral.

    Parameters
    ----------
    outcome
        What the assessment says.
    stated
        What the case states, by the name of the fact; `None` is not known.
    base
        The knowledge base that gave the assessment.

    Raises
    ------
    NoReferralError
        When the assessment refers nobody.
    """
    return _Letter(outcome, Referral.of(outcome), stated, base).sheet()


class _Letter:
    def __init__(
        self,
        outcome: Outcome,
        referral: Referral,
        stated: Mapping[str, Value | None],
        base: Knowledge,
    ) -> None:
        self.outcome = outcome
        self.referral = referral
        self.base = base
        self.stated = stated
        self.words = Wording(base)

    @cached_property
    def filled(self) -> Mapping[str, Assumption]:
        """What nobody stated and something filled, except what counts when stated."""
        return {
            each.fact: each for each in self.outcome.assumptions if each.by != "way_out"
        }

    @cached_property
    def facts(self) -> Mapping[str, Value | None]:
        """What is known, with what was filled."""
        given = {name: _value(each.value) for name, each in self.filled.items()}
        return {
            name: given.get(name) if value is None else value
            for name, value in self.stated.items()
        }

    def sheet(self) -> Sheet:
        notice = self.outcome.knowledge.notice
        return Sheet(
            self.title,
            Banner(notice, "For the clinician who signs to check and complete."),
            tuple(self.blocks()),
            (self.drafted,),
        )

    @property
    def drafted(self) -> str:
        """What drafted it, and how it is to be read."""
        stamp = self.outcome.knowledge
        return (
            f"Drafted from the facts stated here with {self.outcome.engine} "
            f"(knowledge {stamp.version}, digest {stamp.digest}; {stamp.notice}). "
            "\u201cAbsent\u201d means looked for and not found; what nobody stated "
            f"stands under \u201c{_NOT_KNOWN}\u201d. The clinician who signs answers "
            "for it."
        )

    @property
    def title(self) -> str:
        words = self.base.urgencies.get(self.referral.urgency)
        how_soon = words.label if words else HOW_SOON[self.referral.urgency]
        signs = series(list(self.seen)[:4]) if self.seen else ""
        about = signs or next(iter(self.outcome.situations), "")
        where = f", {self.where}" if self.where else ""
        return f"{capital(how_soon)}: {about}{where}"

    @property
    def where(self) -> str:
        """Where it is, in the words of the clinician."""
        place = self.base.leaflets.place
        value = None if place is None else self.facts.get(place.fact)
        if place is None or value is None:
            return ""
        return self.base.facts[place.fact].members.get(str(value), str(value))

    @property
    def seen(self) -> tuple[str, ...]:
        """The signs that were seen."""
        return tuple(
            self.named(name) for name in seen(self.base) if self.facts[name] is True
        )

    def blocks(self) -> Iterator[Block]:
        to = self.referral.to
        label = self.base.destinations[to].label if to else ""
        also = [each.to for each in self.outcome.disposition.also]
        every = [label, *(self.base.destinations[name].label for name in also)]
        yield Paragraph((Span("To:", "strong"), f" {capital(series(every))}"))
        yield from figure_of(self.facts, self.base)
        yield _FROM
        yield _WHO
        for alert in self.outcome.alerts:
            mark = "ALERT" if alert.certain else "TO ASK"
            text = f"{alert.text} To: {alert.to_text}."
            yield AlertBand(mark, text, certain=alert.certain)
        yield from led("Question.", self.said("question"))
        yield from led("Why now.", " ".join(self.why()))
        yield Table(("Fact", "As stated"), self.rows())
        yield from self.told()
        yield Paragraph(_TICKS)
        yield Paragraph(_COPY)
        yield _SIGNED

    def told(self) -> Iterator[Block]:
        """What the patient was told: of a danger of today the very words."""
        today = [
            e.plain for e in self.outcome.alerts if e.certain and is_today(e.urgency)
        ]
        said = " ".join(today) or self.said("told")
        if said:
            yield from led("The patient was told:", f"\u201c{said}\u201d")

    def why(self) -> Iterator[str]:
        told = (
            each.text
            for each in self.outcome.disposition.because
            if not each.if_ and not each.rule.endswith(".way_out")
        )
        yield from dict.fromkeys(told)

    def said(self, part: LetterPart) -> str:
        """The first line of a part that is for this referral and holds."""
        every = (each for each in self.base.leaflets.letter if each.part == part)
        return next((each.text for each in every if self.stands(each)), "")

    def stands(self, line: LetterLine) -> bool:
        facts = {**known_facts(self.outcome), **_known(self.facts)}
        held = line.condition is None or truth(line.condition, facts)
        return self.referral.concerns(line) and bool(held)

    # -- the facts --

    def rows(self) -> Iterator[tuple[str, str]]:
        """The rows, in order; what is absent follows, then what is not known."""
        every = rows_of(self.base)
        for row in every:
            said = "; ".join(filter(None, [*self.row(row), row.entry.blank]))
            if said:
                yield row.entry.heading, said
            if row.entry.absent:
                absent = [self.named(name) for name in self.absent(row.named)]
                yield row.entry.absent, ", ".join(absent) or "nothing was looked for"
        unknown = [text for row in every for text in self.not_known(row)]
        yield _NOT_KNOWN, "; ".join(unknown) or "nothing of the above"

    def row(self, row: Row) -> Iterator[str]:
        """What is known of the facts of a row."""
        held = [
            name
            for name in (*row.named, *row.others)
            if self.facts[name] not in {None, False}
        ]
        absent, others = self.absent(row.named), self.absent(row.others)
        yield from map(self.value, held)
        if row.entry.absent:
            if absent and not held:
                yield "none of the signs that were looked for"
            return
        if absent and row.entry.none and absent == row.named:
            yield row.entry.none
        elif absent:
            yield f"no {series_or(map(self.named, absent))}"
        if len(others) > 1:
            yield f"no to {len(others)} other questions"

    def absent(self, facts: Iterable[str]) -> tuple[str, ...]:
        """Those facts that are known to be absent."""
        return tuple(name for name in facts if self.facts[name] is False)

    def value(self, name: str) -> str:
        value, how = self.facts[name], self.filled.get(name)
        sign = value is True and name in seen(self.base)
        said = self.named(name) if sign else self.words.value(name, value)
        if isinstance(value, float) and self.base.facts[name].unit == "years":
            said = f"{said}{_in_days(value)}"
        settled = how is not None and how.by == "settled"
        return f"{said} (by what is stated)" if settled else said

    def named(self, name: str) -> str:
        entry = self.base.facts[name]
        return entry.short or entry.label

    def not_known(self, row: Row) -> Iterator[str]:
        """What nobody stated of a row; of its further questions how many."""
        yield from (self.named(n) for n in row.named if self.missing(n))
        others = [name for name in row.others if self.missing(name)]
        if len(others) > 1:
            yield f"{len(others)} other questions of {row.entry.heading.lower()}"

    def missing(self, name: str) -> bool:
        """Whether a fact is not known, and somebody would be asked for it."""
        condition = self.base.facts[name].condition
        needless = condition is not None and truth(condition, self.facts) is False
        return self.facts[name] is None and not needless


def _value(value: object) -> Any:
    """A value as conditions and words read it: a list is a set."""
    return frozenset(value) if isinstance(value, list | tuple) else value


def _in_days(years: float) -> str:
    """How many days a short time is, beside the years."""
    return f", about {round(years * 365.25)} days" if years < 1 else ""


def _known(facts: Mapping[str, Value | None]) -> dict[str, Value]:
    return {name: value for name, value in facts.items() if value is not None}
