"""What a sheet is made of: blocks that every format writes in its own way.

A sheet says what there is to say of one thing, and each writer (`render.writers`) lays
all of it out. No block knows a format, and no writer knows what it writes about.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, TypeAlias

import attrs

from milia_cds.render.lines import Detail
from milia_cds.render.picture import Picture

Meaning: TypeAlias = Literal["", "good", "open", "bad"]
"""What a colour means: speaks for, not settled, speaks against."""
Tone: TypeAlias = Literal["text", "strong", "tag", "quiet"]


@attrs.frozen
class Span:
    """Some words of a line in one tone, and where they lead.

    A tag is a word that sorts what follows, such as "error".
    """

    text: str
    tone: Tone = "text"
    ink: Meaning = ""
    address: str = ""


Words: TypeAlias = "str | Span | Iterable[str | Span]"
"""What a line may be written with: a text, or several texts and spans."""


def spans(words: Words) -> tuple[Span, ...]:
    """The spans of a line; a text is one, and an empty text is none."""
    several = (words,) if isinstance(words, str | Span) else tuple(words)
    made = (Span(each) if isinstance(each, str) else each for each in several)
    return tuple(each for each in made if each.text)


@attrs.frozen
class Item:
    """A point of a list.

    Parameters
    ----------
    spans
        What it says.
    lead
        What comes before, such as a name or the condition on which it holds.
    sources, judgement
        What it rests on.
    blocks
        What stands below it.
    mark
        The sign that it stands behind; none is the plain one of a list.
    """

    spans: tuple[Span, ...] = attrs.field(default=(), converter=spans)
    lead: str = ""
    sources: tuple[str, ...] = ()
    judgement: bool = attrs.field(default=False, kw_only=True)
    blocks: tuple[Block, ...] = attrs.field(default=(), kw_only=True)
    mark: str = attrs.field(default="", kw_only=True)


@attrs.frozen
class Paragraph:
    """A few sentences, and what they rest on."""

    spans: tuple[Span, ...] = attrs.field(converter=spans)
    sources: tuple[str, ...] = ()
    judgement: bool = False


@attrs.frozen
class Points:
    """A list.

    Parameters
    ----------
    items
        Its points.
    shown
        How many come before "and 3 more"; `None` is all. Full detail lists them all.
    noun
        What the points are, in the plural.
    numbered
        Whether they are in an order.
    """

    items: tuple[Item, ...] = attrs.field(converter=tuple[Item, ...])
    shown: int | None = None
    noun: str = ""
    numbered: bool = False

    def more(self) -> str:
        """What is said of the points that are not shown; nothing where all are."""
        left = 0 if self.shown is None else len(self.items) - self.shown
        if left <= 0:
            return ""
        noun = self.noun if left > 1 else self.noun.removesuffix("s")
        return f"and {left} more {noun}" if self.shown else f"{left} {noun}"


@attrs.frozen
class Table:
    """Rows of cells under headings; the first cell of a row names it.

    A text writes a row as a point: its name, then each cell with its heading.
    """

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...] = attrs.field(
        converter=tuple[tuple[str, ...], ...]
    )


@attrs.frozen
class Figure:
    """A picture, for which its words stand in a text.

    Parameters
    ----------
    picture
        The picture with its words.
    repeats
        Whether the blocks beside it say the same, so that a text can do without it.
    """

    picture: Picture
    repeats: bool = False


@attrs.frozen
class Banner:
    """What must be known before all else, such as that this is a draft."""

    notice: str
    more: str = ""


@attrs.frozen
class Callout:
    """What a reader must not miss, behind a word that says how soon.

    Parameters
    ----------
    mark
        The word.
    spans
        What it says.
    certain
        Whether it is so; else it is asked.
    """

    mark: str
    spans: tuple[Span, ...] = attrs.field(converter=spans)
    certain: bool = True


@attrs.frozen
class Room:
    """Names with room to write behind each."""

    labels: tuple[str, ...]


@attrs.frozen
class Verbatim:
    """Lines to be copied as they are, such as a case, and what they show."""

    text: str
    lead: str


@attrs.frozen
class Part:
    """Blocks under a heading.

    Parameters
    ----------
    heading
        The heading.
    blocks
        What stands under it; a part without any is not written.
    folded
        Whether a page opens it only on demand.
    detail
        The least detail of a text at which it shows.
    """

    heading: str
    blocks: tuple[Block, ...]
    folded: bool = True
    detail: Detail = "short"

    def __bool__(self) -> bool:
        """Whether there is anything to write."""
        return any(not isinstance(each, Points) or each.items for each in self.blocks)


Block: TypeAlias = (
    "Paragraph | Points | Table | Figure | Callout | Room | Verbatim | Part"
)


@attrs.frozen
class Sheet:
    """Everything that is said of one thing.

    Parameters
    ----------
    title
        Its name, or the answer in a line.
    banner
        What must be known before all else.
    blocks
        What there is to say, the most important first.
    rests_on
        The knowledge that it comes from, line by line.
    """

    title: tuple[Span, ...] = attrs.field(converter=spans)
    banner: Banner
    blocks: tuple[Block, ...]
    rests_on: tuple[str, ...]


def words_of(line: Iterable[Span]) -> str:
    """The words of a line alone."""
    return "".join(each.text for each in line)


def cited(blocks: Iterable[Block]) -> Iterator[str]:
    """The ids of all sources that blocks name, at any depth, as often as they do."""
    for block in blocks:
        match block:
            case Paragraph():
                yield from block.sources
            case Points():
                for item in block.items:
                    yield from item.sources
                    yield from cited(item.blocks)
            case Part():
                yield from cited(block.blocks)
