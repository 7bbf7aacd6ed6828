"""What a sheet is made of: blocks that every format writes in its own way.

A sheet says what there is to say of one thing, and each writer (`render.writers`) lays
all of it out. No block knows a format, and no writer knows what it writes about.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, TypeAlias

import attrs

from milia_cds.render.lines import Detail
from milia_cds.render.markup import Page
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

    Parameters
    ----------
    bars
        Where the cells are numbers, the most that one can be: a page draws them as
        bars.
    """

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...] = attrs.field(
        converter=tuple[tuple[str, ...], ...]
    )
    bars: int = attrs.field(default=0, kw_only=True)


@attrs.frozen
class Column:
    """What a column of a comparison is about, and its other name."""

    label: str
    aside: str = ""


@attrs.frozen
class Comparison:
    """The same questions answered of a few things, side by side, in sentences.

    Where there is little room, as in a text, a question is followed by its answers,
    each with the name of its column.

    Parameters
    ----------
    caption
        What is compared, in a line.
    columns
        What is compared.
    rows
        Each question, and its answers in the order of the columns.
    """

    caption: str
    columns: tuple[Column, ...] = attrs.field(converter=tuple[Column, ...])
    rows: tuple[tuple[str, tuple[str, ...]], ...] = attrs.field(
        converter=tuple[tuple[str, tuple[str, ...]], ...]
    )


@attrs.frozen
class Note:
    """A few words in a band of their own, under a word of theirs."""

    mark: str
    spans: tuple[Span, ...] = attrs.field(converter=spans)


@attrs.frozen
class Choices:
    """What somebody ticks on paper, and room for what is not listed."""

    lead: str
    items: tuple[str, ...]
    room: str = ""


def _cells(cells: Iterable[Words]) -> tuple[tuple[Span, ...], ...]:
    return tuple(map(spans, cells))


@attrs.frozen
class BallotRow:
    """A row to be judged.

    Parameters
    ----------
    id
        The name by which it is found again.
    cells
        What it says under each heading; the first cell names it.
    framed
        The cells that are framed, by number, as what has changed is.
    """

    id: str
    cells: tuple[tuple[Span, ...], ...] = attrs.field(converter=_cells)
    framed: frozenset[int] = frozenset()


@attrs.frozen
class Ballot:
    """A table of which each row is judged, with a box to agree and one to change.

    Parameters
    ----------
    headings
        The headings of the cells.
    rows
        The rows.
    seconds
        How long a row takes, besides reading it.
    letters
        Whether all cells but the first hold a letter each, under upright headings.
    room
        The heading of the room to write in; empty where there is none.
    widths
        How wide each column is, in hundredths; without any, as wide as it needs.
    """

    headings: tuple[str, ...]
    rows: tuple[BallotRow, ...] = attrs.field(converter=tuple[BallotRow, ...])
    seconds: int = 30
    letters: bool = False
    room: str = ""
    widths: tuple[int, ...] = ()


@attrs.frozen
class Enclosed:
    """Another page as it prints, such as a leaflet."""

    title: str
    page: Page


@attrs.frozen
class Figure:
    """A picture, for which its words stand in a text.

    Parameters
    ----------
    picture
        The picture with its words.
    repeats
        Whether the blocks beside it say the same, so that a text can do without it.
    small
        Whether it stands beside the text, small and without its words.
    """

    picture: Picture
    repeats: bool = False
    small: bool = False


@attrs.frozen
class Banner:
    """What must be known before all else, such as that this is a draft."""

    notice: str
    more: str = ""


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
    "Paragraph | Points | Table | Figure | Verbatim | Part | FirstScreen"
    " | Comparison | Note | Choices | Ballot | Enclosed | AlertBand | Room"
)


@attrs.frozen
class AlertBand:
    """A danger, which stands before all else and is never left out.

    Parameters
    ----------
    mark
        How soon something is to be done, in a word.
    spans
        What the danger is.
    certain
        Whether it is there, or must be asked for.
    items
        Whom to tell, and what to say.
    more
        What only full detail says.
    """

    mark: str
    spans: tuple[Span, ...] = attrs.field(converter=spans)
    certain: bool = attrs.field(default=True, kw_only=True)
    items: tuple[Item, ...] = attrs.field(default=(), kw_only=True)
    more: tuple[Block, ...] = attrs.field(default=(), kw_only=True)


@attrs.frozen
class Line:
    """A line of a screen.

    Parameters
    ----------
    text
        What it says.
    lead
        What stands before it in a column of its own, such as the name of an option.
    note
        What a page says below the lead.
    """

    text: str
    lead: str = ""
    note: str = ""


@attrs.frozen
class Labelled:
    """Lines of a screen, under a label of one or two words."""

    label: str
    lines: tuple[Line, ...] = attrs.field(converter=tuple[Line, ...])


@attrs.frozen
class FirstScreen:
    """What is enough to act on: the first screen of a sheet, or all of its brief.

    Parameters
    ----------
    notice
        In few words, what must be known before all else; it stands beside the first
        line.
    bands
        The dangers, the most urgent first.
    parts
        What to do, the first line of all being the answer.
    meaning
        The ink of the answer.
    """

    notice: str
    bands: tuple[AlertBand, ...]
    parts: tuple[Labelled, ...]
    meaning: Meaning = ""


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
    screen
        What it begins with instead of its title and banner; the banner then ends it.
    bands
        The dangers that stand before the title, where it has no screen.
    """

    title: tuple[Span, ...] = attrs.field(converter=spans)
    banner: Banner
    blocks: tuple[Block, ...]
    rests_on: tuple[str, ...]
    screen: FirstScreen | None = None
    bands: tuple[AlertBand, ...] = ()


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
