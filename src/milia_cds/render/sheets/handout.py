"""What every page for a patient needs: whom it speaks of, where, and what is known."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

from milia_cds.explanation.bands import Band
from milia_cds.explanation.bands import bands as bands_of
from milia_cds.explanation.claims import Beside, Claims
from milia_cds.explanation.outcome import Outcome
from milia_cds.explanation.situation import is_today
from milia_cds.knowledge.about import Source
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.texts import CERTAINTIES
from milia_cds.knowledge.wording import capital
from milia_cds.logic.conditions import Condition, facts_in, truth
from milia_cds.render.blocks import (
    AlertBand,
    Banner,
    Block,
    Figure,
    Paragraph,
    Room,
    Sheet,
)
from milia_cds.render.figure import site_figure
from milia_cds.render.phrases import rests_on

BLANKS = Room(("For", "Clinic", "Date"))
SENTENCES = re.compile(r"(?<=[.?!]) ")
"""What stands between two sentences."""
_WORDS_OF_NAMES = 17
_LONG_NAME = 8
_SHORT = 3
_PERSON = re.compile(r"(?=\S*[a-z])[A-Z][\w'-]+ [A-Z]{1,3}( et al)?")


class Handout:
    """The words of an answer as its patient, or a parent, is told them.

    Parameters
    ----------
    outcome
        What the assessment says.
    base
        The knowledge base that gave it.
    """

    def __init__(self, outcome: Outcome, base: Knowledge) -> None:
        self.outcome = outcome
        self.base = base
        self.shared = base.leaflets
        self.facts = known_facts(outcome)
        self.claims = Claims(base, _beside(outcome, base))
        self._told: set[str] = set()

    def holds(self, condition: Condition | None) -> bool | None:
        """Whether a condition is known to hold on what the answer knows."""
        return True if condition is None else truth(condition, self.facts)

    @cached_property
    def _person(self) -> tuple[str, Mapping[str, str]]:
        for each in self.shared.person:
            if self.holds(each.condition):
                return each.whose, each.words
        return "your", {}

    @property
    def place(self) -> str:
        """Where it is, such as "on your cheek"; empty where that is not known."""
        place = self.shared.place
        if place is None:
            return ""
        where = place.members.get(str(self.facts.get(place.fact)), "")
        return where.replace("{whose}", self._person[0])

    @property
    def figure(self) -> Iterator[Block]:
        """A small picture of where it is."""
        return figure_of(self.facts, self.base)

    def to_reader(self, text: str) -> str:
        """A text that speaks to the patient, as the reader is told it."""
        words = self._person[1]
        if not words:
            return text
        lower = {word.lower(): other for word, other in words.items()}
        every = "|".join(map(re.escape, sorted(words, key=len, reverse=True)))

        def put(found: re.Match[str]) -> str:
            word = lower[found.group().lower()]
            return capital(word) if found.group()[0].isupper() else word

        return re.sub(rf"\b(?:{every})\b", put, text, flags=re.IGNORECASE)

    def once(self, text: str) -> str:
        """What of a text was not said before, as the reader is told it."""
        said = []
        for sentence in SENTENCES.split(self.to_reader(text)):
            key = sentence.lower().rstrip(".")
            if sentence and key not in self._told:
                self._told.add(key)
                said.append(sentence)
        return " ".join(said)

    def clauses(self, conditions: Iterable[Condition | None]) -> tuple[str, ...]:
        """What is not known of some conditions, as clauses, each once."""
        missing = [
            self.shared.signs.get(name, "")
            for each in conditions
            if each is not None
            for name in facts_in(each)
            if self.facts.get(name) is None
        ]
        return tuple(dict.fromkeys(map(self.to_reader, filter(None, missing))))

    @property
    def hurried(self) -> bool:
        """Whether a danger of today is certain."""
        return any(
            each.certain and is_today(each.urgency) for each in self.outcome.alerts
        )

    @cached_property
    def alerts(self) -> tuple[AlertBand, ...]:
        """The dangers, the worst first; what several ask in the same words once."""
        told: dict[tuple[str, str], Band] = {}
        for each in self.outcome.alerts:
            (band,) = bands_of([each])
            told.setdefault((band.mark, each.plain), band)
        said = [
            (each, self.once(each.first.plain), each.certain) for each in told.values()
        ]
        return tuple(
            AlertBand(each.mark, text, certain=certain)
            for each, text, certain in said
            if text
        )

    def sheet(
        self,
        title: str,
        blocks: Callable[[], Iterable[Block]],
        sources: Iterable[str],
    ) -> Sheet:
        """The page of these blocks, which say nothing that the alerts have said."""
        stamp, bands = self.outcome.knowledge, self.alerts
        more = "A clinician hands this out and goes through it with you."
        return Sheet(
            title,
            Banner(stamp.notice, more),
            tuple(blocks()),
            (self._rests_on(sources),),
            bands=bands,
        )

    def _rests_on(self, names: Iterable[str]) -> str:
        stamp = self.outcome.knowledge
        every = [n for n in dict.fromkeys(names) if n in self.base.sources]
        known = [self.base.sources[name] for name in every]
        shown = "; ".join(_surest(known))
        among = f" Among them: {shown}." if shown else ""
        number = sources_in_words(len(every))
        where = "listed in the clinic's file and at ____________"
        written = f"Written from {number}, {where}.{among} " if every else ""
        return (
            f"{written}Knowledge {stamp.version}, review by {stamp.review_by}, digest "
            f"{'. '.join(rests_on(stamp))}."
        )


def figure_of(facts: Mapping[str, Any], base: Knowledge) -> Iterator[Block]:
    """A small picture of where it is, which the words beside it say too.

    Parameters
    ----------
    facts
        What is known.
    base
        The knowledge base, which has the outlines.
    """
    site = facts.get(base.figure_of)
    picture = None if site is None else site_figure(str(site), base)
    if picture is not None:
        yield Figure(picture, repeats=True, small=True)


def known_facts(outcome: Outcome) -> dict[str, Any]:
    """The facts that an answer knows, by name, as its trace has them."""
    facts: dict[str, Any] = {}
    for step in outcome.trace:
        facts |= step.facts
    return {name: value for name, value in facts.items() if value is not None}


def sources_in_words(sources: int) -> str:
    """How many sources, in words."""
    return "1 source" if sources == 1 else f"{sources} sources"


def sentence(clause: str) -> str:
    """A clause as a sentence."""
    return f"{capital(clause)}."


def series_or(names: Iterable[str]) -> str:
    """Names of which one is meant."""
    *first, last = names
    return f"{', '.join(first)} or {last}" if first else last


def _surest(sources: Iterable[Source]) -> Iterator[str]:
    """The names of the surest sources, as many as there is room for."""
    left = _WORDS_OF_NAMES
    printed = sorted(
        (each for each in sources if each.in_leaflets and _is_named(each)),
        key=lambda each: -CERTAINTIES.index(each.certainty),
    )
    for name in dict.fromkeys(map(_name, printed)):
        if len(name.split()) <= min(left, _LONG_NAME):
            left -= len(name.split())
            yield name


def _is_named(source: Source) -> bool:
    """Whether it is known whose a source is."""
    first = source.authors.partition(",")[0]
    return first[:1].isupper() and len(first) > _SHORT


def _name(source: Source) -> str:
    """Whose a source is, and of when, in a few words."""
    first, *others = source.authors.split(", ")
    person = _PERSON.fullmatch(first)
    if person is None:
        return f"{first} {source.year}".strip()
    name = first.split()[0]
    second = _PERSON.fullmatch(others[0]) if len(others) == 1 else None
    if second is not None:
        name = f"{name} and {others[0].split()[0]}"
    elif others or "et al" in first:
        name = f"{name} and others"
    return f"{name} {source.year}".strip()


def _beside(outcome: Outcome, base: Knowledge) -> Beside:
    """The answer beside which a text of the knowledge itself is printed."""
    measures = [each.measure for each in outcome.measures if each.verdict == "offered"]
    return Beside(
        tuple([base.alerts[each.alert] for each in outcome.alerts]),
        outcome.urgency,
        outcome.disposition.action,
        frozenset([*measures, *(each.option for each in outcome.ranking)]),
        frozenset([each.option for each in outcome.ranking if each.rank == 1]),
    )


def paragraph(text: str) -> Iterator[Block]:
    """A text as a paragraph, if there is any."""
    if text:
        yield Paragraph(text)
