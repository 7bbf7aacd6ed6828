"""Reasons, risks and steps of an answer as points of a list, each sentence once."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any

import attrs

from milia_cds.explanation.places import Reason, RiskSaid, StepSaid
from milia_cds.knowledge.model import Knowledge
from milia_cds.render.blocks import (
    Block,
    Item,
    Paragraph,
    Part,
    Points,
    Span,
)
from milia_cds.render.particulars import Particular, gravity, how_often_counted
from milia_cds.render.phrases import fact_of, spaced, uncapital, unheaded

_OPENING = 44
_LONG = 6
"""So many words make a sentence that is not said twice."""
_LEANING = ("This ", "That ", "It ", "They ", "Both ", "So ")
"""How a sentence begins that says something of the one before."""
_SENTENCE = re.compile(r"(?<=[.?!]) (?=[A-Z])")


@attrs.define
class Telling:
    """Says the reasons of an answer, and remembers of which option it said one.

    Parameters
    ----------
    base
        The knowledge that names facts; without it they keep their ids.
    full
        Whether to say all of it, such as the facts that a reason rests on.
    """

    base: Knowledge | None
    full: bool
    _said_of: dict[tuple[str, str | None], str] = attrs.field(factory=dict, init=False)

    @property
    def domain(self) -> str:
        """The word for the domain; empty where the knowledge is not at hand."""
        return self.base.vocabulary.domain if self.base else ""

    def fact(self, name: str, value: Any) -> str:
        """A fact in words."""
        return fact_of(name, value, self.base)

    def name(self, option: str) -> str:
        """The label of an option or a measure."""
        for known in (self.base.options, self.base.measures) if self.base else ():
            if option in known:
                return str(known[option].label)
        return spaced(option)

    def reason(self, reason: Reason, mark: str = "") -> Item:
        """A reason, led by the condition on which it holds."""
        return _point(reason, *self.on(reason), mark=mark)

    def on(self, reason: Reason) -> Iterator[Span]:
        """The facts that a reason rests on, where they are to be said."""
        said = "; ".join(self.fact(*each) for each in reason.facts.items())
        if said and self.full:
            yield Span(f" [{said}]", "quiet")

    def of(self, label: str, reason: Reason, mark: str = "") -> Item:
        """A reason of an option; where another has it too, that one is named."""
        first = self._said_of.setdefault((reason.text, reason.if_), label)
        if first == label:
            return self.reason(reason, mark)
        opening = textwrap.shorten(reason.text, _OPENING, placeholder=" ...")
        return Item(
            opening,
            f"As for {first}",
            reason.sources,
            judgement=reason.judgement,
            mark=mark,
        )

    def particular(self, entry: Particular) -> Item:
        """A risk with its figure, where anybody counted; a step, or when to call."""
        if isinstance(entry, StepSaid):
            return _point(entry)
        often = how_often_counted(entry, self.domain)
        figure = [Span(f" How often: {often}.")] if often else []
        grave = Span(f" ({uncapital(gravity(entry))})", "quiet")
        more = Points(self.reason(each, "!") for each in entry.more_likely)
        blocks = (more,) if more.items else ()
        return _point(entry, *figure, grave, blocks=blocks)


def _point(
    said: Reason | RiskSaid | StepSaid,
    *more: Span,
    mark: str = "",
    blocks: tuple[Block, ...] = (),
) -> Item:
    return Item(
        (unheaded(said.text, said.if_), *more),
        f"If {said.if_}" if said.if_ else "",
        said.sources,
        judgement=said.judgement,
        mark=mark,
        blocks=blocks,
    )


# -- each sentence once --


def sentences(texts: Iterable[str]) -> Iterator[str]:
    """The sentences of some texts, one by one."""
    for text in texts:
        yield from map(str.strip, _SENTENCE.split(text))


def said_once(blocks: Iterable[Block], told: set[str] | None = None) -> Iterator[Block]:
    """Blocks without the sentences that one before has said on the same condition.

    Parameters
    ----------
    blocks
        What there is to say, in order.
    told
        The sentences that were said before; those of the blocks are added.
    """
    told = set() if told is None else told
    for block in blocks:
        match block:
            case Part():
                yield attrs.evolve(block, blocks=tuple(said_once(block.blocks, told)))
            case Points():
                items = [(each, _item(each, told)) for each in block.items]
                kept = (cut for whole, cut in items if not whole.spans or _says(cut))
                yield attrs.evolve(block, items=kept)
            case Paragraph():
                left = _left(block.spans, "", told)
                if left:
                    yield attrs.evolve(block, spans=left)
            case _:
                yield block


def _item(item: Item, told: set[str]) -> Item:
    if item.lead.startswith("As for "):
        return item
    condition = f"{item.lead}: " if item.lead.startswith("If ") else ""
    left = _left(item.spans, condition, told)
    blocks = tuple(said_once(item.blocks, told)) if item.blocks else ()
    if left is item.spans and not blocks:
        return item  # most are: nothing of them was told
    return attrs.evolve(item, spans=left, blocks=blocks)


def _says(item: Item) -> bool:
    return bool(item.spans or item.blocks)


def _left(said: tuple[Span, ...], condition: str, told: set[str]) -> tuple[Span, ...]:
    """A line without the sentences that were told; whole, where all are new."""
    if not said or any(each.tone == "text" for each in said[1:]):
        return said  # a figure of its own makes it another
    first, *rest = said
    every = [*sentences([first.text])]
    new: list[str] = []
    for before, each in pairwise(["", *every]):
        leans = each.startswith(_LEANING) and before in new
        if leans or not _known(each, condition, told):
            new.append(each)
    told.update(f"{condition}{each}" for each in new if len(each.split()) >= _LONG)
    if len(new) == len(every):
        return said
    return (attrs.evolve(first, text=" ".join(new)), *rest) if new else ()


def _known(sentence: str, condition: str, told: set[str]) -> bool:
    return sentence in told or f"{condition}{sentence}" in told
