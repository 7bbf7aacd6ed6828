"""What several faces share: what to do, a fact in words, what stands out, the stamp."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

import attrs

from milia_cds.explanation.bands import HOW_SOON
from milia_cds.explanation.outcome import (
    AlsoRefer,
    Assumption,
    Disposition,
    Outcome,
    Question,
    Stamp,
)
from milia_cds.explanation.places import Place, Reason, SetAside
from milia_cds.knowledge.about import Source
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.wording import Wording
from milia_cds.knowledge.words import Code

_DOI = re.compile(r"10\.\d{4,9}/[^\s\"<>]+")
_PMID = re.compile(r"\d{1,9}")
_SMALL = {"a", "an", "and", "at", "has", "in", "is", "of", "on", "or", "the", "to"}
_AT_WORST = {
    "routine": "Could need a referral",
    "soon": "Could need a referral soon",
    "urgent": "Could be urgent",
    "same_day": "Could be as urgent as same day",
    "emergency": "Could be an emergency",
}
_NAMED = 4
_FILLED = {
    "way_out": "Taken so, because nobody stated otherwise",
    "settled": "Settled by what is stated",
    "visit": "Taken from the other cases of the visit",
    "policy": "Taken from the local policy",
}
"""What fills a fact, other than screening, in words."""
_WORDS = {None: "not known", True: "yes", False: "no"}


def spaced(name: str) -> str:
    """An id as words."""
    return name.replace("_", " ")


def uncapital(text: str) -> str:
    """Begin a text with a small letter, and leave the rest as it is."""
    return text[:1].lower() + text[1:]


def conditional(text: str, if_: str | None) -> str:
    """A text with the condition on which it holds, where there is one."""
    return f"If {if_}: {unheaded(text, if_)}" if if_ else text


def unheaded(text: str, if_: str | None) -> str:
    """A text without its heading, where its condition has said every word of it."""
    head, colon, rest = text.partition(": ")
    repeats = colon and if_ and _words(head) <= _words(if_)
    return rest if repeats else text


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.lower())) - _SMALL


def series(names: Iterable[str]) -> str:
    """Names as a list in a sentence."""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def grounds(sources: Iterable[str], *, judgement: bool) -> str:
    """What a claim stands on: its sources, and whether it is a judgement."""
    return ", ".join([*sources, *(["judgement"] if judgement else [])])


def at_worst(outcome: Outcome, base: Knowledge | None) -> str:
    """How urgent it could still be, and what to ask first; empty where it is settled.

    Parameters
    ----------
    outcome
        The answer; what it asks first may settle it.
    base
        The knowledge base that names the facts; without it they keep their ids.
    """
    worst = outcome.disposition.at_worst
    if worst is None:
        return ""
    first = [name for each in outcome.disposition.because for name in each.facts]
    asked = _asked(outcome.questions, first)
    if not asked:
        return f"{_AT_WORST[worst]}."
    named = ", ".join(label_of(name, base) for name in asked[:_NAMED])
    more = f" and {len(asked) - _NAMED} more" if len(asked) > _NAMED else ""
    return f"{_AT_WORST[worst]}: ask first about {named}{more}."


def _asked(questions: Iterable[Question], first: list[str]) -> list[str]:
    """The facts of the question that asks what comes first of some facts, those first.

    Where none asks for any, the facts of the first that may decide.
    """

    def place(name: str) -> int:
        return first.index(name) if name in first else len(first)

    every = [each for each in questions if each.facts]
    if not every:
        return []
    chosen = min(
        every, key=lambda each: (min(map(place, each.facts)), not each.decisive)
    )
    return sorted(chosen.facts, key=place)


def danger_alone_open(outcome: Outcome) -> bool:
    """Whether nothing is open but a danger that must be asked about."""
    asked = any(not each.certain for each in outcome.alerts)
    return asked and not any(each.decisive for each in outcome.questions)


def could_come_first(outcome: Outcome) -> tuple[str, ...]:
    """The options that could still come first; none where those do that are first."""
    first = {place.option for place in outcome.ranking if place.rank == 1}
    possible = outcome.possible_first
    return () if first == set(possible) else possible


def further(also: AlsoRefer) -> str:
    """A further referral, in a sentence."""
    return f"Also: {spaced(also.to)}, {HOW_SOON[also.urgency]}: {also.text}"


def unsaid(said: Disposition) -> Iterator[Reason]:
    """The reasons of a disposition, without what its headline has said."""
    for reason in distinct(said.because):
        text = _without(said.headline, reason.text)
        if text:
            yield attrs.evolve(reason, text=text)


def _without(headline: str, text: str) -> str:
    """A text without its first sentence, where a headline ends in that."""
    for told in (headline, headline.partition(": ")[2]):
        if told and text.lower().startswith(f"{told.lower()}."):
            return text[len(told) + 1 :].lstrip()
    return text


def filled_by(
    assumptions: Iterable[Assumption],
) -> Iterator[tuple[str, list[str]]]:
    """What filled facts that nobody stated, except screening: how, and each in words.

    What a way out is taken for comes first, for stating it would change the answer.
    """
    every = tuple(assumptions)
    for by, heading in _FILLED.items():
        texts = [_because(each) for each in every if each.by == by]
        if texts:
            yield heading, texts


def _because(assumed: Assumption) -> str:
    return f"{assumed.text} ({assumed.why})" if assumed.why else assumed.text


def label_of(fact: str, base: Knowledge | None) -> str:
    """The label of a fact; its id where the knowledge is not at hand."""
    return base.facts[fact].label if base and fact in base.facts else fact


def value_of(value: object) -> str:
    """A plain value in words."""
    if value is None or isinstance(value, bool):
        return _WORDS[value]
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value)) or "none"
    return str(value)


def fact_of(name: str, value: Any, base: Knowledge | None) -> str:
    """A fact with its plain JSON value, in the words of a knowledge base."""
    if base is None or name not in base.facts:
        return f"{name} = {value_of(value)}"
    known = frozenset(value) if isinstance(value, list | tuple) else value
    return Wording(base).value(name, known)


def prominent(place: Place) -> bool:
    """Whether an option is shown unfolded."""
    return place.standing != "limited" or place.rank == 1


def listed(aside: Iterable[SetAside]) -> tuple[SetAside, ...]:
    """Those options set aside that anybody would think of here."""
    return tuple(each for each in aside if each.listed)


def distinct(reasons: Iterable[Reason]) -> Iterator[Reason]:
    """The reasons without those that say what another has said."""
    said: set[tuple[str, str | None]] = set()
    for reason in reasons:
        if (reason.text, reason.if_) not in said:
            said.add((reason.text, reason.if_))
            yield reason


def rests_on(stamp: Stamp) -> tuple[str, ...]:
    """The knowledge that an answer rests on, and the local policy over it."""
    if stamp.policy is None:
        return (stamp.digest,)
    name, version, digest = attrs.astuple(stamp.policy)
    return (stamp.digest, f"Local policy: {name}, {version}, {digest}")


def source_line(name: str, source: Source) -> str:
    """A source in one line: who, what, when, of which kind, how sure."""
    what = f"{source.authors}. " if source.authors else ""
    year = f", {source.year}" if source.year else ""
    certainty = spaced(source.certainty)
    return f"{name}: {what}{source.title}{year} ({source.type}, {certainty})"


def about_source(source: Source) -> str:
    """What a source is: who, what, when, of which kind, how sure."""
    authors = f"{source.authors}. " if source.authors else ""
    year = f", {source.year}" if source.year else ""
    about = f" ({source.type}; certainty {spaced(source.certainty)})"
    return f"{authors}{source.title}{year}{about}"


def addresses(source: Source) -> Iterator[tuple[str, str]]:
    """Where a source can be read: what is shown, and the address."""
    if _DOI.fullmatch(source.doi):
        yield f"doi:{source.doi}", f"https://doi.org/{source.doi}"
    if _PMID.fullmatch(source.pmid):
        address = f"https://pubmed.ncbi.nlm.nih.gov/{source.pmid}/"
        yield f"PubMed {source.pmid}", address
    if source.url:
        yield source.url, source.url


def coded(codes: Iterable[Code]) -> str:
    """Codes with their system, its version where it is known, and their name."""
    said = []
    for code in codes:
        system = f"{code.system} {code.version}".strip()
        said.append(f"{system} {code.code}, {code.display}")
    return "; ".join(said)
