"""What there is to say of an answer, as much of it as there is room for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import attrs

from milia_cds.explanation.outcome import (
    Assumption,
    MeasureVerdict,
    Outcome,
    Place,
    Question,
    SetAside,
    TraceStep,
    Withheld,
)
from milia_cds.knowledge.about import Source
from milia_cds.knowledge.model import Knowledge
from milia_cds.render.blocks import (
    Banner,
    Block,
    Item,
    Paragraph,
    Part,
    Points,
    Sheet,
    Table,
)
from milia_cds.render.lines import Detail
from milia_cds.render.particulars import Shared, counted, particulars_of
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
    series,
    spaced,
    unsaid,
)
from milia_cds.render.sheets.frame import sources_part
from milia_cds.render.sheets.said import Sayings, once
from milia_cds.render.sheets.screen import screen_of

_BARS = 4
"""So many options stand side by side in a table of bars."""
_LEVELS = 4
_MEASURES = {
    "offered": "may be used",
    "withheld": "withheld until more is known",
    "excluded": "not for this patient",
}
_STATUS = {
    "determinate": "what is still unknown cannot change what to do or what comes first",
    "indeterminate": "what is still unknown can change what to do or what comes first",
}
_DANGER = "a danger must still be asked about; nothing else can change what to do"
_NOT_COUNTED = "Nobody has counted how often these happen{where}{but}."
_UNLESS = ", unless a figure stands beside it"


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
        Of options that are set aside for one reason.
    questions
        Of what to ask.
    particulars
        Of the offered options, those whose risks, steps and calls are said.
    advice
        Points of advice under each heading.
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
        f"Answer: {outcome.brief.headline}",
        Banner(stamp.notice, stamp.certainty),
        blocks,
        tuple(_ends(outcome)),
        screen_of(outcome, base, room.detail),
    )


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
        self.say = Sayings(base, facts=self.full)
        self.sources: Mapping[str, Source] = base.sources if base else {}

    def blocks(self) -> Iterator[Block]:
        parts = [part for part in self.parts() if part]
        told = {line.text for part in self.outcome.brief.parts for line in part.lines}
        yield from once(parts, told)
        if self.full:
            yield from sources_part(cited(self.outcome), self.sources)

    def parts(self) -> Iterator[Part]:
        """Every part for which there may be room, in the order of reading."""
        yield self.why()
        yield self.part("What is odd", self.warnings())
        yield from self.options()
        yield from self.order()
        yield from self.particulars()
        yield from self.not_offered()
        yield self.part("Supporting measures", self.measures())
        yield from self.advice()
        yield self.part("What to ask next", self.questions())
        yield Part("Taken for granted", tuple(self.assumptions()))
        if self.room.trace:
            steps = Points(map(_step, self.outcome.trace))
            yield Part("The way through the rules", (steps,))

    @staticmethod
    def part(
        heading: str, items: Iterable[Item], shown: int | None = None, noun: str = ""
    ) -> Part:
        """A list under a heading."""
        return Part(heading, (Points(items, shown, noun),))

    # -- what to do --

    def why(self) -> Part:
        """Why this is to be done, where else to send, what it is, what is open."""
        reasons = [self.say.reason(each) for each in unsaid(self.outcome.disposition)]
        also = [Item(further(each)) for each in self.outcome.disposition.also]
        return Part(
            "Why",
            (
                Points(reasons, self.room.reasons, "reasons"),
                Points([*also, *self.situation(), *self.status()]),
            ),
        )

    def situation(self) -> Iterator[Item]:
        named = self.outcome.situations
        lead = "Situation" if len(named) == 1 else "Possible situations"
        shown = named if self.full else named[:_BARS]
        more = len(named) - len(shown)
        said = "; ".join((*shown, *([f"and {more} more"] if more else [])))
        yield Item(said, lead)

    def status(self) -> Iterator[Item]:
        worst = at_worst(self.outcome, self.base)
        if worst:
            yield Item(worst)
        possible = could_come_first(self.outcome)
        if self.outcome.status == "indeterminate" and possible:
            yield Item(", ".join(map(self.name, possible)), "Could still come first")
        if self.full:
            status = self.outcome.status
            why = _DANGER if danger_alone_open(self.outcome) else _STATUS[status]
            yield Item(f"{status} ({why})", "Status")

    def name(self, option: str) -> str:
        """The label of an option or a measure."""
        for known in (self.base.options, self.base.measures) if self.base else ():
            if option in known:
                return str(known[option].label)
        return spaced(option)

    def warnings(self) -> Iterator[Item]:
        return (self.say.reason(each, "!") for each in self.outcome.warnings)

    # -- options --

    @property
    def shown(self) -> tuple[Place, ...]:
        """The options that are said with their reasons."""
        every = tuple(self.outcome.ranking)
        if self.full:
            return every
        return tuple(filter(prominent, every))[: self.room.places]

    def options(self) -> Iterator[Part]:
        shown = self.shown
        rest = [each.label for each in self.outcome.ranking if each not in shown]
        blocks: list[Block] = [*map(self.place, shown)]
        if rest:
            blocks.append(Points([Item(", ".join(rest), "Also possible")]))
        by = " (by standing, then by points)" if self.full else ""
        yield Part(f"Options, best first{by}", tuple(blocks))

    def place(self, place: Place) -> Part:
        tie = "=" if place.tied else ""
        standing = _standing(place.standing, place.best_standing)
        points = f", {place.points} of {place.of} points" if self.full else ""
        return Part(
            f"{place.rank}{tie} {place.label}: {standing}{points}",
            (*self.arguments(place), *(self.about(place) if self.full else ())),
        )

    def arguments(self, place: Place) -> Iterator[Points]:
        most = None if self.full else self.room.arguments
        for mark, reasons in (
            ("+", place.arguments_for),
            ("-", place.arguments_against),
        ):
            yield Points([self.say.of(place.label, e, mark) for e in reasons[:most]])
        yield Points(self.say.of(place.label, e, "!") for e in place.cautions)
        if self.full:
            yield Points(self.say.of(place.label, e, "*") for e in place.notes)

    @staticmethod
    def about(place: Place) -> Iterator[Points]:
        """Of what its points are made, who performs it, and on what it stands."""
        points = ", ".join(
            f"{each.label} {each.level} x {each.weight}" for each in place.contributions
        )
        who = ", ".join(map(spaced, place.performed_by))
        certainty = f"Certainty of its least certain source: {spaced(place.certainty)}"
        yield Points(
            Item(said, lead, sources)
            for lead, said, sources in (
                ("Points, level by weight", points, ()),
                ("Performed by", who, ()),
                ("", f"{certainty}.", place.sources),
            )
            if said
        )

    def order(self) -> Iterator[Part]:
        """Why this order: the level of each criterion, option by option."""
        shown = [each for each in self.outcome.ranking if each.contributions][:_BARS]
        if not self.full or not shown:
            return
        rows = [
            (f"{each.label} (weight {each.weight})", *_levels(shown, place))
            for place, each in enumerate(shown[0].contributions)
        ]
        heads = (f"0 worst, {_LEVELS} best", *(each.label for each in shown))
        note = Paragraph(
            "Standing comes first. Points, level by weight, only order options of "
            "equal standing."
        )
        table = Table(heads, tuple(rows), bars=_LEVELS)
        yield Part("Why this order", (table, note))

    # -- risks, steps and calls --

    @property
    def told(self) -> tuple[Place, ...]:
        """The options whose risks, steps and calls are said."""
        every = tuple(self.outcome.ranking)
        return every if self.full else every[: self.room.particulars]

    def particulars(self) -> Iterator[Part]:
        places = self.told
        said = {each.label: particulars_of(each) for each in places}
        shared = Shared.between(said)
        parts: list[Block] = []
        for place in places:
            own = shared.own(said[place.label])
            if own:
                parts.append(Part(place.label, tuple(self.headed(own))))
        for owners, common in shared.common(said).items():
            parts.append(Part(f"For {series(owners)}", tuple(self.headed(common))))
        if parts:
            named = "Before, risks, aftercare and calls"
            yield Part(named, (*self.not_counted(places), *parts))

    def headed(self, headed: Mapping[str, Sequence[Any]]) -> Iterator[Part]:
        for heading, entries in headed.items():
            yield self.part(heading, map(self.say.particular, entries))

    def not_counted(self, places: Iterable[Place]) -> Iterator[Paragraph]:
        """That nobody has counted, said once for all risks without a figure."""
        known = {bool(counted(risk)) for place in places for risk in place.risks}
        if False in known:
            where = f" in {self.say.domain}" if self.say.domain else ""
            but = _UNLESS if True in known else ""
            yield Paragraph(_NOT_COUNTED.format(where=where, but=but))

    # -- what is not offered --

    def not_offered(self) -> Iterator[Part]:
        said = self.outcome
        yield self.part(
            "Withheld until more is known", map(self.withheld, said.withheld)
        )
        yield self.aside("Excluded for this patient", said.excluded)
        if self.full:
            yield self.aside("Not indicated here", said.not_indicated)
        names = [Item(each.label) for each in said.unavailable]
        yield self.part("Not offered by this clinic", names)

    def withheld(self, each: Withheld) -> Item:
        asks = each.asks_for if self.full else each.asks_for[:_BARS]
        more = len(each.asks_for) - len(asks)
        rest = f" and {more} more" if more else ""
        blocks: tuple[Block, ...] = ()
        if self.full:
            standing = _standing(each.standing, each.best_standing)
            reasons = [self.say.of(each.label, r, "?") for r in each.because]
            blocks = (Points([Item(standing, "Standing")]), Points(reasons))
        return Item(f"ask {', '.join(asks)}{rest}", each.label, blocks=blocks)

    def aside(self, heading: str, aside: Iterable[SetAside]) -> Part:
        """Options that are set aside, those for the same reasons together."""
        alike: dict[tuple[object, ...], list[SetAside]] = {}
        for each in aside if self.full else listed(aside):
            reasons = each.because if self.full else each.because[:1]
            said = tuple((reason.text, reason.if_) for reason in reasons)
            alike.setdefault(said, []).append(each)
        items = map(self.set_aside, alike.values())
        return self.part(heading, items, self.room.groups, "groups of options")

    def set_aside(self, alike: Sequence[SetAside]) -> Item:
        labels = series(each.label for each in alike)
        every = alike[0].because
        if not self.full:
            said = self.say.reason(every[0]) if every else Item()
            lead = f"{said.lead}: " if said.lead else ""
            return Item((lead, *said.spans), labels)
        label = alike[0].label
        reasons = Points(self.say.of(label, each, "-") for each in every)
        return Item((), labels, blocks=(reasons,))

    # -- measures, advice, questions --

    def measures(self) -> Iterator[Item]:
        needed = any(place.anaesthesia for place in self.told)
        if needed or self.full:
            yield from map(self.measure, self.outcome.measures)

    def measure(self, each: MeasureVerdict) -> Item:
        asks = ", ".join(label_of(name, self.base) for name in each.asks)
        said = f"{_MEASURES[each.verdict]}{f'; ask {asks}' if asks else ''}"
        shown = each.because if self.full or each.verdict == "excluded" else ()
        cautions = each.cautions if self.full else ()
        reasons = (
            *(self.say.of(each.label, reason, "-") for reason in shown),
            *(self.say.of(each.label, reason, "!") for reason in cautions),
        )
        return Item(said, each.label, blocks=(Points(reasons),) if reasons else ())

    def advice(self) -> Iterator[Part]:
        """What the patient is told beyond one option, and what it may be instead."""
        said = self.outcome
        if self.room.advice == 0:
            return
        for heading, reasons in (
            ("What it may be instead", getattr(said, "mimics", ())),
            ("What to expect", said.expectations),
            ("Care at home", said.home_care),
            ("So that fewer come", getattr(said, "prevention", ())),
            ("Never", said.never),
            ("Warning signs to watch", said.red_flags_to_watch),
        ):
            items = map(self.say.reason, reasons)
            yield self.part(heading, items, self.room.advice, "points")

    def questions(self) -> Iterator[Item]:
        every = self.outcome.questions
        for each in every if self.full else every[: self.room.questions]:
            yield self.question(each)

    def question(self, each: Question) -> Item:
        mark = ">" if each.decisive else "."
        if not self.full:
            return Item(each.ask, mark=mark)
        facts = ", ".join(label_of(name, self.base) for name in each.facts)
        affects = ", ".join(map(self.name, each.affects))
        more = [Item(each.ask_patient, "To the patient"), Item(facts, "Settles")]
        more += [Item(affects, "Affects")] if affects else []
        return Item(each.ask, mark=mark, blocks=(Points(more),))

    # -- what it rests on --

    def assumptions(self) -> Iterator[Points]:
        every = self.outcome.assumptions
        items = [Item("; ".join(texts), heading) for heading, texts in filled_by(every)]
        filled = [each for each in every if each.by == "screening"]
        if filled and not self.full:
            said = f"{len(filled)} {self.counted_as} that nobody stated"
            items.append(Item(said, "Assumed absent, because it was screened for"))
        elif filled:
            heading = "Assumed absent, because it was screened for"
            items.append(Item((), heading, blocks=(Points(self.screened(filled)),)))
        if items:
            yield Points(items)

    def screened(self, filled: Sequence[Assumption]) -> Iterator[Item]:
        for subject in dict.fromkeys(map(self.subject, filled)):
            texts = [each.text for each in filled if self.subject(each) == subject]
            yield Item("; ".join(texts), subject)

    def subject(self, assumed: Assumption) -> str:
        """What an assumption speaks of; its section where nothing says so."""
        said = self.base.vocabulary.subject(assumed.fact) if self.base else ""
        return said or assumed.fact.partition(".")[0]

    @property
    def counted_as(self) -> str:
        return self.base.vocabulary.counted if self.base else "facts"


def _levels(shown: Iterable[Place], place: int) -> Iterator[str]:
    return (str(each.contributions[place].level) for each in shown)


def _standing(worst: str, best: str) -> str:
    at_best = "" if worst == best else f", at best {spaced(best)}"
    return f"{spaced(worst)}{at_best}"


def _step(step: TraceStep) -> Item:
    truth = {True: "true", False: "false", None: "not known"}[step.truth]
    return Item(truth, step.node)


def cited(record: Any) -> Iterator[str]:
    """The ids of every source that a record cites, at any depth."""
    if attrs.has(type(record)):
        for field in attrs.fields(type(record)):
            value = getattr(record, field.name)
            if field.name == "sources":
                yield from value
            elif field.name != "trace":
                yield from cited(value)
    elif isinstance(record, tuple):
        for each in record:
            yield from cited(each)
