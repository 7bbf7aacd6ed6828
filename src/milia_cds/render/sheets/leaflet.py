"""The leaflet about an offered option: two pages for the patient, and no more.

It says what the fields for the patient say, of this option, place and person only. A
figure stands where there is one; that nobody has counted the others is said once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from milia_cds.errors import NotOfferedError
from milia_cds.explanation.outcome import Outcome
from milia_cds.explanation.places import Place, Reason, RiskSaid
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.options import Option
from milia_cds.knowledge.texts import NOT_KNOWN, Advice
from milia_cds.knowledge.wording import capital
from milia_cds.logic.conditions import Condition
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
from milia_cds.render.sheets.assessment import cited as cited_by
from milia_cds.render.sheets.handout import (
    BLANKS,
    SENTENCES,
    Handout,
    paragraph,
    sentence,
    series_or,
)
from milia_cds.render.sheets.leaflet_entries import Entries
from milia_cds.render.sheets.word_count import word_count

WORDS = 650
"""So many are in a leaflet at most, beside its sources."""
_DROPPED = (
    "questions",
    "questions",
    "something_else",
    "mimics",
    "background",
    "spare",
    "notes",
    "asks",
    "modifiers",
    "cautions",
)
"""What goes where it does not fit, step by step; nothing else does."""
_CALLS = {
    "emergency": "Go to the emergency department now if",
    "same_day": "Call us the same day",
    "soon": "Make an appointment",
}
_PHONE = Room(("Telephone", "Out of hours"))
_ASIDE = ("withheld", "excluded", "not_indicated", "unavailable")
_QUESTIONS = 2
_SENTENCE = 20
_CLAUSES = 2
"""What depends on more is asked for rather than read."""


def leaflet_sheet(outcome: Outcome, option: str, base: Knowledge) -> Sheet:
    """The leaflet about an option, as long as fits two pages.

    Parameters
    ----------
    outcome
        What the assessment says.
    option
        The id of an option that it offers.
    base
        The knowledge base that gave the assessment.

    Raises
    ------
    UnknownNameError
        When there is no such option.
    NotOfferedError
        When the assessment does not offer it.
    """
    base.option(option)
    if option not in outcome.ranking:
        offered = [place.option for place in outcome.ranking]
        raise NotOfferedError(option, _verdict(outcome, option), offered)
    place = outcome.ranking[option]
    sheet = _Leaflet(outcome, place, base, ()).sheet_of_it()
    for dropped in range(1, len(_DROPPED) + 1):
        if word_count(sheet) <= WORDS:
            break
        sheet = _Leaflet(outcome, place, base, _DROPPED[:dropped]).sheet_of_it()
    return sheet


def _verdict(outcome: Outcome, option: str) -> str:
    for verdict in _ASIDE:
        if option in [each.option for each in getattr(outcome, verdict)]:
            return verdict
    return "not mentioned"


class _Leaflet(Handout):
    """The leaflet of one place in the ranking, without what is dropped."""

    def __init__(
        self, outcome: Outcome, place: Place, base: Knowledge, dropped: Sequence[str]
    ) -> None:
        super().__init__(outcome, base)
        self.of = place
        self.option = base.options[place.option]
        self.own = self.option.leaflet
        self.dropped = dropped
        self.entries = Entries(place, base, dropped)

    def sheet_of_it(self) -> Sheet:
        sources = (*self.option.sources, *cited_by(self.of))
        return self.sheet(self.title, self.blocks, sources)

    @property
    def title(self) -> str:
        about = f"{capital(self.base.vocabulary.domain)} {self.place}".strip()
        return f"{about}: {_name(self.option)}"

    def blocks(self) -> Iterator[Block]:
        if self.hurried:
            yield Paragraph("Do that first. What follows is for another day.")
        yield from self.figure
        yield BLANKS
        yield from self.about()
        yield from self.choices()
        yield from self.expected()
        yield from self.happens()
        yield from self.for_you()
        yield from self.risks()
        yield from self.care()
        yield from self.mimics()
        yield from self.calls()
        yield from self.never()
        yield from self.questions()

    # -- what it is, and what can be chosen --

    def about(self) -> Iterator[Block]:
        """What the domain is about, in two sentences or so."""
        for each in self.base.advice:
            if each.kind == "what":
                long = "background" not in self.dropped
                said = self.whole(each) if long else self.in_short(each)
                yield from paragraph(self.once(said))
                return

    def whole(self, advice: Advice) -> str:
        """Those sentences of advice that hold whatever else is the case."""
        return self.claims.left_of(advice, self._clause)[1]

    def in_short(self, advice: Advice) -> str:
        """The first sentence of each of its parts that hold."""
        parts = self.claims.sentences(advice.sentence, self._clause)
        return " ".join(SENTENCES.split(plain)[0] for _, plain in parts if plain)

    def _clause(self, condition: Condition | None) -> str | None:
        return "" if self.holds(condition) else None

    def choices(self) -> Iterator[Block]:
        items = [*self._doing_nothing(), self._this(), *self._something_else()]
        if len(items) == 1:
            yield _part("What to do", Points(items))
            return
        more = ""
        if not self.hurried and self.outcome.disposition.action != "refer":
            more = "You can decide another day, and change your mind at any time."
        yield _part("Your choices", Points(items), *paragraph(more))

    def _doing_nothing(self) -> Iterator[Item]:
        gentlest = self._gentlest
        if gentlest is not None and gentlest is not self.option:
            yield Item(self.once(f"{_choice(gentlest)} {self._course}".strip()))

    @property
    def _gentlest(self) -> Option | None:
        """What doing nothing is called, where that is offered."""
        options = [self.base.options[each.option] for each in self.outcome.ranking]
        watching = [each for each in options if each.act == "observe"]
        return min(watching, key=lambda each: each.invasiveness, default=None)

    @property
    def _course(self) -> str:
        """How it goes on by itself, in a sentence."""
        known = [each.plain for each in self.outcome.expectations if not each.if_]
        said = next(filter(None, known), "")
        return f"{said.partition('. ')[0].rstrip('.')}." if said else ""

    def _this(self) -> Item:
        said = self.once(_choice(self.option))
        return Item((said, " ", Span("This leaflet is about that.", "strong")))

    def _something_else(self) -> Iterator[Item]:
        others = [
            _name(self.base.options[each.option])
            for each in self.outcome.ranking
            if each.option != self.of.option
            and each.standing != "limited"
            and self.base.options[each.option].act != "observe"
        ]
        if others and "something_else" not in self.dropped:
            names = capital(series_or(others[:3]))
            yield Item(f"{names}. Ask us if you would like that.", "Something else")

    # -- what happens, and what can go wrong --

    def expected(self) -> Iterator[Block]:
        """What is to come, where nothing is done; else one sentence has said it."""
        if self.option.act == "observe":
            said = (
                self.once(each.plain)
                for each in self.outcome.expectations
                if not each.if_
            )
            yield _part("What will happen", _points(said))

    def happens(self) -> Iterator[Block]:
        heading = (self.own and self.own.happens) or "What happens"
        said = [self.once(each) for each in self.entries.happening()]
        items = [Item(each) for each in said if each]
        yield _part(heading, Points(items, numbered=len(items) > 1))

    def for_you(self) -> Iterator[Block]:
        """What is so for this patient, and what is first to be told."""
        told = map(self.once, self.entries.for_this_patient())
        yield _part("For you in particular", _points(told))
        if "asks" not in self.dropped:
            yield _part("Tell us first if", _points(map(sentence, self.asked)))

    @property
    def asked(self) -> tuple[str, ...]:
        """What nobody knows yet, of all that matters to this option."""
        return self.clauses(self.entries.open_conditions())

    def risks(self) -> Iterator[Block]:
        risks = self.entries.risks
        lines = [self.once(each.plain) for each in self.entries.said("wrong")]
        said = [*(self.risk(each) for each in risks), *lines]
        yield _part("What can go wrong", _points(said), *self.how_often(risks))

    def how_often(self, risks: Sequence[RiskSaid]) -> Iterator[Block]:
        """What is known of how often it happens, once."""
        domain = self.base.vocabulary.domain
        counted = [each for each in risks if each.frequency != NOT_KNOWN]
        said = ""
        if any(each.basis == "analogue" for each in counted):
            said = f"Figures from elsewhere were not counted in {domain}. "
        if len(counted) < len(risks):
            which = "the others" if counted else "these"
            said = f"{said}Nobody has counted how often {which} happen."
        yield from paragraph(said.strip())

    def risk(self, risk: RiskSaid) -> str:
        more = [
            each.plain
            for each in risk.more_likely
            if not each.if_ and "modifiers" not in self.dropped
        ]
        said = self.once(_with_figure(risk))
        return " ".join(filter(None, [said, *map(self.once, more)]))

    # -- afterwards --

    def care(self) -> Iterator[Block]:
        """Care by how long, what begins soonest first."""
        heading = (self.own and self.own.care) or "Afterwards"
        said: dict[str, list[str]] = {}
        for lead, plain in self.entries.care():
            said.setdefault(lead, []).extend(filter(None, [self.once(plain)]))
        alone = [Item(text) for text in said.pop("", [])]
        washing = [
            Item(self.once(each.plain)) for each in self.printed(self.outcome.home_care)
        ]
        led = [Item(" ".join(texts), lead) for lead, texts in said.items() if texts]
        yield _part(heading, Points([*alone, *washing, *led]))

    def mimics(self) -> Iterator[Block]:
        if "mimics" not in self.dropped:
            said = [self.once(each.plain) for each in self.printed(self.outcome.mimics)]
            yield _part("What else it may be", _points(said))

    def printed(self, reasons: Iterable[Reason]) -> Iterator[Reason]:
        """The advice that this leaflet prints."""
        for each in reasons:
            advice = self._advice.get(each.rule)
            if advice is not None and each.plain and self.prints(advice):
                yield each

    @cached_property
    def _advice(self) -> dict[str, Advice]:
        return {f"advice.{each.id}": each for each in self.base.advice}

    def prints(self, advice: Advice) -> bool:
        """Whether a piece of advice is for the leaflets of this option."""
        if advice.leaflets is None:
            return advice.kind == "never"
        return self.of.option in self.base.single(advice.leaflets)

    def calls(self) -> Iterator[Block]:
        said: dict[str, list[str]] = {name: [] for name in _CALLS}
        for step in self.of.call_if:
            said[step.timing].append(step.plain)
        for flag in self.printed(self.outcome.red_flags_to_watch):
            said[self._advice[flag.rule].how_soon or "soon"].append(flag.plain)
        phone: tuple[Block, ...] = (_PHONE,)
        for how_soon, plain in said.items():
            points = _points(map(self.once, plain))
            room = phone if points.items and how_soon != "emergency" else ()
            phone = () if room else phone
            more = ""
            if points.items and how_soon == "emergency":
                more = "Do not wait for an appointment, and do not wait until morning."
            yield _part(_CALLS[how_soon], *room, points, *paragraph(more))

    def never(self) -> Iterator[Block]:
        said = [
            self.once(self.conditional(each))
            for each in self.printed(self.outcome.never)
        ]
        yield _part("Never", _points(said))

    def conditional(self, reason: Reason) -> str:
        """A text with its "if", where that is not known and it has none itself."""
        if not reason.if_ or reason.plain.startswith("If "):
            return reason.plain
        clauses = self.clauses([self._advice[reason.rule].condition])
        if not clauses or len(clauses) > _CLAUSES:
            return f"{reason.plain} Ask us whether this is for you."
        return f"If {series_or(clauses)}: {reason.plain}"

    def questions(self) -> Iterator[Block]:
        left = _QUESTIONS - self.dropped.count("questions")
        items: list[Item] = []
        for each in self.base.advice:
            asked = each.kind == "question" and self.prints(each)
            if asked and self.holds(each.condition) and len(items) < left:
                said = self.once(self.whole(each))
                title = Span(self.to_reader(each.title), "strong")
                items += [Item((title, " ", said))] if said else []
        yield _part("Often asked", Points(items))


def _with_figure(risk: RiskSaid) -> str:
    """A risk with how often it happens, where there is a figure."""
    if risk.frequency == NOT_KNOWN:
        return risk.plain
    figure = f"{'elsewhere ' * (risk.basis == 'analogue')}{risk.frequency}"
    last = risk.plain.rpartition(". ")[2]
    if len(f"{last} {figure}".split()) <= _SENTENCE:
        return f"{risk.plain.rstrip('.')} ({figure})."
    return f"{risk.plain} {capital(figure)}."


def _part(heading: str, *blocks: Block) -> Part:
    kept = tuple(blocks)
    empty = [each for each in kept if isinstance(each, Points) and not each.items]
    return Part(heading, () if empty else kept, folded=False)


def _points(texts: Iterable[str]) -> Points:
    return Points([Item(capital(each)) for each in texts if each])


def _name(option: Option) -> str:
    """The option after a colon, for the patient."""
    if option.leaflet is not None:
        return option.leaflet.title
    return option.plain_label or option.label


def _choice(option: Option) -> str:
    return option.plain if option.leaflet is None else option.leaflet.choice
