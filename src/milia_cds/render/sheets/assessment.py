"""What there is to say of an answer, as much of it as there is room for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import attrs

from milia_cds.explanation.lapses import OVERDUE
from milia_cds.explanation.outcome import Assumption, Outcome, Question, TraceStep
from milia_cds.explanation.places import Place, Reason
from milia_cds.knowledge.about import Source
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.wording import capital
from milia_cds.logic.facts import once
from milia_cds.render.blocks import Banner, Block, Item, Part, Points, Sheet
from milia_cds.render.lines import Detail
from milia_cds.render.phrases import (
    at_worst,
    could_come_first,
    danger_alone_open,
    filled_by,
    further,
    label_of,
    listed,
    prominent,
    rests_on,
    spaced,
    unsaid,
)
from milia_cds.render.sheets.frame import sources_part
from milia_cds.render.sheets.not_offered import (
    aside_items,
    measure_item,
    withheld_item,
)
from milia_cds.render.sheets.offered import order_part, particulars_part, place_part
from milia_cds.render.sheets.said import Telling, said_once, sentences
from milia_cds.render.sheets.screen import screen_of

_SITUATIONS = 4
_STATUS = {
    "determinate": "what is still unknown cannot change what to do or what comes first",
    "indeterminate": "what is still unknown can change what to do or what comes first",
}
_DANGER = "a danger must still be asked about; nothing else can change what to do"
_SCREENED = "Assumed absent, because it was screened for"


@attrs.frozen(kw_only=True)
class Room:
    """How much of an answer there is room for; `None` is all of it.

    Parameters
    ----------
    detail
        The length.
    reasons
        Of what to do.
    places
        Of the offered options, those that are said with their reasons.
    arguments
        On each side of an option.
    groups
        Of options that are set aside for one reason; the screen names them all.
    questions
        Of what to ask.
    particulars
        Of the offered options, those whose risks, steps and calls are said.
    advice
        Points of advice under each heading; what never to do and the warning signs are
        said whole, or not at all where it is 0.
    trace
        Whether the way through the rules is said.
    """

    detail: Detail
    reasons: int | None = None
    places: int | None = None
    arguments: int | None = None
    groups: int | None = None
    questions: int | None = None
    particulars: int | None = None
    advice: int | None = None
    trace: bool = False


FULL = Room(detail="full", trace=True)
PAGE = Room(detail="full")
"""All but the way through the rules, of which there are pictures."""


def assessment_sheet(outcome: Outcome, base: Knowledge | None, room: Room) -> Sheet:
    """What there is to say of an answer.

    Parameters
    ----------
    outcome
        What the assessment says.
    base
        The knowledge base that gave it, for the words of facts and the links of
        sources; without it both are named by their ids.
    room
        How much of it there is room for.
    """
    stamp = outcome.knowledge
    blocks: tuple[Block, ...] = ()
    if room.detail != "brief":
        blocks = tuple(_Answer(outcome, base, room).blocks())
    return Sheet(
        f"Answer: {outcome.disposition.headline}",
        Banner(stamp.notice, stamp.certainty),
        blocks,
        tuple(_ends(outcome)),
        screen_of(outcome, base, room.detail),
    )


def first_screen(outcome: Outcome, base: Knowledge | None) -> Sheet:
    """The first screen of an answer alone, for a page that is drawn after every fact.

    Parameters
    ----------
    outcome, base
        As for `assessment_sheet`.
    """
    whole = assessment_sheet(outcome, base, Room(detail="brief"))
    return attrs.evolve(whole, screen=screen_of(outcome, base, "full"))


def _ends(outcome: Outcome) -> Iterator[str]:
    stamp = outcome.knowledge
    by = ", ".join(stamp.reviewed_by) or "nobody yet"
    yield (
        f"Knowledge {stamp.version}, {stamp.status}, reviewed by {by}, to be "
        f"reviewed by {stamp.review_by}; {outcome.engine}"
    )
    digest, *policy = rests_on(stamp)
    yield from (*policy, digest)


class _Answer:
    def __init__(self, outcome: Outcome, base: Knowledge | None, room: Room) -> None:
        self.outcome = outcome
        self.base = base
        self.room = room
        self.full = room.detail == "full"
        self.say = Telling(base, full=self.full)
        self.sources: Mapping[str, Source] = base.sources if base else {}

    def blocks(self) -> Iterator[Block]:
        """Every part for which there is room, no sentence twice."""
        before = [line.text for e in self.outcome.brief for line in e.lines]
        for each in self.outcome.alerts:
            before += [each.text, each.plain]
        yield from said_once(filter(None, self.parts()), set(sentences(before)))
        if self.full:
            yield from sources_part(cited(self.outcome), self.sources)

    def parts(self) -> Iterator[Part]:
        """Every part for which there may be room, in the order of reading."""
        yield Part("Why", (self.reasons(), Points(self.situation())))
        if self.full:  # what they say stands on the screen
            odd = (each for each in self.outcome.warnings if each.rule != OVERDUE)
            grounds = (self.ground(each) for each in odd)
            yield _list("On what the oddities rest", grounds)
        yield self.options()
        if self.full:
            yield order_part(self.outcome.ranking)
        yield particulars_part(self.told, self.say)
        yield from self.not_offered()
        if self.full or any(place.anaesthesia for place in self.told):
            measures = (measure_item(e, self.say) for e in self.outcome.measures)
            yield _list("Supporting measures", measures)
        yield Part("To tell the patient", tuple(filter(None, self.advice())))
        yield _list("What to ask next", self.questions())
        yield _list("Taken for granted", self.assumptions())
        if self.room.trace:
            steps = map(_step, self.outcome.trace)
            yield _list("The way through the rules", steps)

    # -- what to do --

    def reasons(self) -> Points:
        """Why this is to be done."""
        said = map(self.say.reason, unsaid(self.outcome.disposition))
        return Points(said, self.room.reasons, "reasons")

    def situation(self) -> Iterator[Item]:
        """Where else to send, what it is, and what is open."""
        said = self.outcome
        yield from (Item(further(each)) for each in said.disposition.also)
        named = said.situations if self.full else said.situations[:_SITUATIONS]
        more = len(said.situations) - len(named)
        lead = "Situation" if len(said.situations) == 1 else "Possible situations"
        yield Item("; ".join((*named, *([f"and {more} more"] if more else []))), lead)
        worst = at_worst(said, self.base)
        if worst:
            yield Item(worst)
        possible = could_come_first(said)
        if said.status == "indeterminate" and possible:
            names = ", ".join(map(self.say.name, possible))
            yield Item(names, "Could still come first")
        if self.full:
            why = _DANGER if danger_alone_open(said) else _STATUS[said.status]
            yield Item(f"{said.status} ({why})", "Status")

    def ground(self, warning: Reason) -> Item:
        """On what something odd rests."""
        on = "; ".join(self.say.fact(*each) for each in warning.facts.items())
        rule = spaced(warning.rule)
        return Item(on, rule, warning.sources, judgement=warning.judgement)

    # -- options --

    def options(self) -> Part:
        """The offered options, the first with their reasons, the others by name."""
        every = tuple(self.outcome.ranking)
        shown = every
        if not self.full:
            shown = tuple(filter(prominent, every))[: self.room.places]
        rest = [each.label for each in every if each not in shown]
        also = Points([Item(", ".join(rest), "Also possible")] if rest else [])
        places = (place_part(e, self.say, self.room.arguments) for e in shown)
        by = " (by standing, then by points)" if self.full else ""
        return Part(f"Options, best first{by}", (*places, also))

    @property
    def told(self) -> tuple[Place, ...]:
        """The options whose risks, steps and calls are said."""
        every = tuple(self.outcome.ranking)
        return every if self.full else every[: self.room.particulars]

    def not_offered(self) -> Iterator[Part]:
        """What is withheld, excluded, not indicated and not to be had."""
        said, most = self.outcome, self.room.groups
        if most == 0:  # the screen names them
            return
        items = [withheld_item(each, self.say) for each in said.withheld]
        yield _list("Withheld until more is known", items, most, "options")
        excluded = said.excluded if self.full else listed(said.excluded)
        items = [*aside_items(excluded, self.say)]
        yield _list("Excluded for this patient", items, most, "reasons")
        if self.full:
            items = [*aside_items(said.not_indicated, self.say)]
            yield _list("Not indicated here", items)
        names = (Item(each.label) for each in said.unavailable)
        yield _list("Not offered by this clinic", names)

    # -- what to tell and to ask --

    def advice(self) -> Iterator[Part]:
        """What the patient is told beyond one option, and what it may be instead."""
        said, most = self.outcome, self.room.advice
        if most == 0:
            return
        for heading, reasons, shown in (
            ("Never", said.never, None),
            ("Warning signs to watch", said.red_flags_to_watch, None),
            ("What it may be instead", said.mimics, most),
            ("What to expect", said.expectations, most),
            ("Care at home", said.home_care, most),
            ("So that fewer come", said.prevention, most),
        ):
            yield _list(heading, map(self.say.reason, reasons), shown, "points")

    def questions(self) -> Iterator[Item]:
        """What to ask, the most decisive first."""
        every = self.outcome.questions
        return map(self.question, every if self.full else every[: self.room.questions])

    def question(self, each: Question) -> Item:
        """A question; in full also in the patient's words, and what it is for."""
        mark = ">" if each.decisive else "."
        if not self.full:
            return Item(each.ask, mark=mark)
        more = Points(question_items(each, self.say))
        return Item(each.ask, capital(spaced(each.screen)), mark=mark, blocks=(more,))

    # -- what it rests on --

    def assumptions(self) -> Iterator[Item]:
        """What nobody stated, by what filled it."""
        every = self.outcome.assumptions
        for heading, texts in filled_by(every):
            yield Item("; ".join(texts), heading)
        filled = [each for each in every if each.by == "screening"]
        if filled and not self.full:
            counted = self.base.vocabulary.counted if self.base else "facts"
            yield Item(f"{len(filled)} {counted} that nobody stated", _SCREENED)
        elif filled:
            yield Item((), _SCREENED, blocks=(Points(self.screened(filled)),))

    def screened(self, filled: Sequence[Assumption]) -> Iterator[Item]:
        """What was screened for, by what it speaks of."""
        for subject in dict.fromkeys(map(self.subject, filled)):
            texts = [each.text for each in filled if self.subject(each) == subject]
            yield Item("; ".join(texts), subject)

    def subject(self, assumed: Assumption) -> str:
        """What an assumption speaks of; its section where nothing says so."""
        said = self.base.vocabulary.subject(assumed.fact) if self.base else ""
        return said or assumed.fact.partition(".")[0]


def question_items(each: Question, say: Telling) -> Iterator[Item]:
    """What there is to say of a question beside its words.

    Parameters
    ----------
    each
        The question.
    say
        Names facts and options.
    """
    yield Item(each.ask_patient, "To the patient")
    yield Item(", ".join(label_of(name, say.base) for name in each.facts), "Settles")
    if each.affects:
        yield Item(", ".join(map(say.name, each.affects)), "Affects")


def _list(
    heading: str, items: Iterable[Item], shown: int | None = None, noun: str = ""
) -> Part:
    """A list under a heading."""
    return Part(heading, (Points(items, shown, noun),))


def _step(step: TraceStep) -> Item:
    truth = {True: "true", False: "false", None: "not known"}[step.truth]
    return Item(truth, step.node)


def cited(record: Any) -> Iterator[str]:
    """The ids of every source that a record cites, at any depth."""
    if isinstance(record, tuple):
        for each in record:
            yield from cited(each)
    for name in _fields(type(record)):
        value = getattr(record, name)
        if name == "sources":
            yield from value
        elif isinstance(value, tuple) or _fields(type(value)):
            yield from cited(value)


@once
def _fields(record: type[Any]) -> tuple[str, ...]:
    """The fields in which a record may cite something; none of a plain value."""
    if not attrs.has(record):
        return ()
    names = (field.name for field in attrs.fields(record))
    return tuple(name for name in names if name != "trace")
