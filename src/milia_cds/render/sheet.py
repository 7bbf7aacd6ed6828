"""A sheet: headings and lists that are read as a card or as plain text, from one tree.

What the card says the text says too, because both are written from the same sheet.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from milia_cds.explanation.outcome import Stamp
from milia_cds.knowledge.model import Source
from milia_cds.render.lines import wrapped
from milia_cds.render.markup import Markup, element, fold, joined
from milia_cds.render.parts import (
    card,
    cite,
    footer,
    listed,
    notice,
    section,
    sources_part,
    title,
)
from milia_cds.render.phrases import rests_on
from milia_cds.render.picture import Picture
from milia_cds.shown import Face


class Item(NamedTuple):
    """A line of a list: what it says, on what it rests, and what stands below it."""

    text: str
    lead: str = ""
    sources: tuple[str, ...] = ()
    judgement: bool = False
    items: tuple[Item, ...] = ()


class Part(NamedTuple):
    """A list under a heading; a folded one is opened on demand."""

    heading: str
    items: tuple[Item, ...]
    folded: bool = True


class Sheet(NamedTuple):
    """Everything that is said of one thing.

    Parameters
    ----------
    title
        Its name.
    intro
        What it is, in a few paragraphs.
    parts
        The lists; empty ones are left out.
    stamp
        Which knowledge it comes from, and how far it has been reviewed.
    sources
        What is known of the sources.
    picture
        A picture of it, where there is one.
    """

    title: str
    intro: tuple[str, ...]
    parts: tuple[Part, ...]
    stamp: Stamp
    sources: Mapping[str, Source]
    picture: Picture | None = None

    def face(self) -> Face:
        """Give the sheet as a card and as text."""
        return Face(self.html(), "\n".join(self.lines()))

    def html(self) -> Markup:
        """Give the sheet as a card."""
        stamp = self.stamp
        cited = [name for part in self.parts for name in _cited(part.items)]
        drawn = self.picture
        return card(
            f"{self.title} ({stamp.notice})",
            notice(stamp.notice, stamp.certainty),
            title(self.title),
            [element("p", paragraph) for paragraph in self.intro],
            [_part(part) for part in self.parts if part.items],
            fold(f"Picture: {drawn.title}", drawn.part()) if drawn else None,
            sources_part(cited, self.sources),
            footer(f"Knowledge {stamp.version}, {stamp.status}", *rests_on(stamp)),
        )

    def lines(self) -> Iterator[str]:
        """Give the sheet as text of at most 80 columns."""
        yield self.title
        yield from wrapped(f"{self.stamp.notice}. {self.stamp.certainty}")
        for paragraph in self.intro:
            yield from wrapped(paragraph)
        for part in self.parts:
            if part.items:
                yield ""
                yield part.heading
                yield from _lines(part.items, "  ")
        yield ""
        yield from rests_on(self.stamp)


def _part(part: Part) -> Markup:
    rows = _items(part.items)
    if part.folded:
        return fold(f"{part.heading} ({len(part.items)})", rows)
    return section(part.heading, rows)


def _items(items: Iterable[Item]) -> Markup | None:
    return listed(
        joined(
            element("strong", f"{item.lead}: ") if item.lead else None,
            item.text,
            cite(item.sources, judgement=item.judgement),
            _items(item.items),
        )
        for item in items
    )


def _lines(items: Iterable[Item], indent: str) -> Iterator[str]:
    for item in items:
        lead = f"{item.lead}: " if item.lead else ""
        yield from wrapped(f"{lead}{item.text}", f"{indent}- ")
        said = [*item.sources, *(["judgement"] if item.judgement else [])]
        if said:
            yield from wrapped(f"({', '.join(said)})", f"{indent}  ")
        yield from _lines(item.items, f"{indent}  ")


def _cited(items: Iterable[Item]) -> Iterator[str]:
    for item in items:
        yield from item.sources
        yield from _cited(item.items)
