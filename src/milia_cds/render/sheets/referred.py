"""The leaflet for the patient who is referred: what, why, how soon, and until then."""

from __future__ import annotations

from collections.abc import Iterator

from milia_cds.explanation.bands import HOW_SOON
from milia_cds.explanation.outcome import Outcome
from milia_cds.knowledge.dangers import URGENCIES, URGENT
from milia_cds.knowledge.leaflets import ReferralLine, ReferredPart
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.wording import capital
from milia_cds.render.blocks import (
    Block,
    Item,
    Paragraph,
    Part,
    Points,
    Room,
    Sheet,
    Span,
)
from milia_cds.render.phrases import series
from milia_cds.render.sheets.handout import BLANKS, Handout
from milia_cds.render.sheets.referral import Referral, led
from milia_cds.render.sheets.rows import seen

_PHONE = Room(("Call",))
_DATE = Room(("Your appointment",))
_SIGNS = 4
"""So many signs are named at most."""


def referred_sheet(outcome: Outcome, base: Knowledge) -> Sheet:
    """The leaflet for a patient who is referred.

    Parameters
    ----------
    outcome
        What the assessment says.
    base
        The knowledge base that gave the assessment.

    Raises
    ------
    NoReferralError
        When the assessment refers nobody.
    """
    return _Referred(outcome, Referral.of(outcome), base).sheet_of_it()


class _Referred(Handout):
    """The leaflet of one referral."""

    def __init__(self, outcome: Outcome, referral: Referral, base: Knowledge) -> None:
        super().__init__(outcome, base)
        self.referral = referral

    def sheet_of_it(self) -> Sheet:
        sources = [
            name
            for each in self.shared.referred
            for name in each.sources
            if self.stands(each)
        ]
        reasons = self.outcome.disposition.because
        told = [name for each in reasons for name in each.sources]
        return self.sheet(self.title, self.blocks, (*told, *sources))

    @property
    def title(self) -> str:
        return "A specialist should look at this first"

    @property
    def what(self) -> str:
        return f"{self.shared.what} {self.place}".strip()

    def blocks(self) -> Iterator[Block]:
        yield from self.figure
        yield BLANKS
        first = f"A specialist should look at {self.what} before anyone treats it."
        yield Paragraph(" ".join(filter(None, [first, self.lines("first")])))
        yield from led("Why.", self.why())
        yield from led("When.", f"{capital(self.how_soon)}.")
        if not self.today:
            yield _DATE
        yield from led("What happens there.", self.lines("there"))
        yield from led("Until then.", self.lines("until"))
        if not self.today:
            yield from self.by_itself()

    @property
    def today(self) -> bool:
        """Whether it cannot wait for an appointment."""
        return URGENCIES.index(self.referral.urgency) > URGENT

    def by_itself(self) -> Iterator[Block]:
        """When not to wait for the appointment, and what to do without one."""
        sooner = Points([Item(each) for each in self.each("sooner")])
        if sooner.items:
            yield Part("Go sooner if", (sooner, _PHONE), folded=False)
        no_date = Span("If you have no date by ____________, call us.", "strong")
        yield Paragraph((no_date, " Do not think that no news is good news."))

    @property
    def how_soon(self) -> str:
        words = self.base.urgencies.get(self.referral.urgency)
        return words.plain.rstrip(".") if words else HOW_SOON[self.referral.urgency]

    def why(self) -> str:
        """The signs that led to it, in a sentence, and what they mean."""
        signs = list(self.signs())[:_SIGNS]
        named = f"{capital(series(signs))}." if signs else ""
        meant = next(self.each("why"), "" if signs else self.in_general)
        return " ".join(filter(None, [named, meant]))

    @property
    def in_general(self) -> str:
        return "A specialist knows best how to go on from here."

    def signs(self) -> Iterator[str]:
        """What was seen, as clauses to the patient, each once."""
        clauses = [
            self.shared.signs.get(name, "")
            for name in seen(self.base)
            if self.facts.get(name) is True
        ]
        yield from dict.fromkeys(map(self.to_reader, filter(None, clauses)))

    def stands(self, line: ReferralLine) -> bool:
        """Whether a line is for this referral, and known to hold."""
        return self.referral.concerns(line) and bool(self.holds(line.condition))

    def each(self, part: ReferredPart) -> Iterator[str]:
        for line in self.shared.referred:
            if line.part == part and self.stands(line):
                text = self.once(line.plain)
                if text:
                    yield text

    def lines(self, part: ReferredPart) -> str:
        return " ".join(self.each(part))
