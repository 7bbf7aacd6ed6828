"""A sheet as Markdown, to be read, changed and filled in on a screen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html.parser import HTMLParser

import attrs

from milia_cds.errors import visible
from milia_cds.knowledge.wording import capital
from milia_cds.render.blocks import (
    AlertBand,
    Ballot,
    BallotRow,
    Block,
    Choices,
    Comparison,
    Enclosed,
    Figure,
    FirstScreen,
    Item,
    Note,
    Paragraph,
    Part,
    Points,
    Room,
    Sheet,
    Span,
    Table,
    Verbatim,
    words_of,
)
from milia_cds.render.markup import Page
from milia_cds.render.phrases import grounds
from milia_cds.render.writers.ballot import AGREE, CHANGE

_MARKED = str.maketrans({sign: f"\\{sign}" for sign in "\\`*_[]<>#|~"})
_HEADINGS = {"h1": "###### ", "h2": "###### ", "h3": "###### ", "summary": "###### "}
_BLANK = "_" * 24
_MARKS = {"quiet": "*", "strong": "**"}
_UNSEEN = {"style", "svg", "title"}


def as_markdown(sheet: Sheet) -> str:
    """A sheet as Markdown, with the same boxes to tick as on its page.

    Parameters
    ----------
    sheet
        What there is to say.
    """
    lines = [*_sheet(sheet)]
    return "\n".join(lines).strip("\n") + "\n"


def _sheet(sheet: Sheet) -> Iterator[str]:
    yield from _Markdown(2).blocks(sheet.bands)
    yield f"# {_marked(words_of(sheet.title))}\n"
    banner = sheet.banner
    yield f"**{_marked(capital(banner.notice))}.** {_marked(banner.more)}\n"
    yield from _Markdown(2).blocks(sheet.blocks)
    for line in sheet.rests_on:
        yield f"{_marked(line)}  "


@attrs.frozen
class _Markdown:
    """Writes blocks whose headings are of this level."""

    level: int

    def blocks(self, blocks: Iterable[Block], indent: str = "") -> Iterator[str]:
        for block in blocks:
            for line in self.block(block):
                yield f"{indent}{line}" if line else ""

    def block(self, block: Block) -> Iterator[str]:
        match block:
            case Part():
                if block:
                    yield f"{'#' * self.level} {_marked(block.heading)}\n"
                    yield from _Markdown(self.level + 1).blocks(block.blocks)
            case Paragraph():
                yield f"{_line(block.spans)}{_cited(block)}\n"
            case Points():
                for number, item in enumerate(block.items, 1):
                    mark = f"{number}." if block.numbered else "*"
                    yield from self.item(item, mark)
                yield ""
            case Table():
                yield from _table(block)
            case _:
                yield from _printed(block)

    def item(self, item: Item, mark: str) -> Iterator[str]:
        lead = f"**{_marked(item.lead)}:** " if item.lead else ""
        said = f"{lead}{_line(item.spans)}{_cited(item)}"
        yield " ".join(filter(None, [mark, item.mark.strip(), said]))
        yield from self.blocks(item.blocks, "  ")


def _printed(block: Block) -> Iterator[str]:
    match block:
        case Ballot():
            yield from _ballot(block)
        case Enclosed():
            yield from _words(block.page)
        case Verbatim():
            yield f"{_marked(block.lead)}:\n\n```\n{visible(block.text, chr(10))}"
            yield "```\n"
        case Figure():
            yield "" if block.repeats else f"{_marked(block.picture.text)}\n"
        case Note():
            mark = f"**{_marked(block.mark)}** " if block.mark else ""
            yield f"{mark}{_line(block.spans)}\n"
        case _:
            yield from _to_fill_in(block)


def _to_fill_in(block: Block) -> Iterator[str]:
    match block:
        case Choices():
            said = " ".join(f"\u2610 {_marked(each)}" for each in block.items)
            yield f"{_marked(block.lead)}: {said}\n"
        case Comparison():
            heads = ("", *(each.label for each in block.columns))
            yield from _table(Table(heads, ((q, *said) for q, said in block.rows)))
        case AlertBand():
            yield f"> **{_marked(block.mark)}** {_line(block.spans)}\n"
        case Room():
            rooms = (f"{_marked(each)}: {_BLANK}" for each in block.labels)
            yield f"{'  '.join(rooms)}\n"
        case FirstScreen():
            for part in block.parts:
                yield f"**{_marked(part.label)}**\n"
                yield from (f"* {_marked(f'{e.lead} {e.text}')}" for e in part.lines)
                yield ""


def _table(table: Table) -> Iterator[str]:
    yield _cells(table.headings)
    yield _cells("---" for _ in table.headings)
    for row in table.rows:
        yield _cells(map(_marked, row))
    yield ""


def _cells(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _ballot(ballot: Ballot) -> Iterator[str]:
    if ballot.letters:
        yield _cells([*map(_marked, ballot.headings), "Verdict"])
        yield _cells("---" for _ in (*ballot.headings, ""))
        for row in ballot.rows:
            yield _cells([*_framed(row), f"{AGREE} {CHANGE}"])
        yield ""
        return
    for row in ballot.rows:
        name, *cells = _framed(row)
        yield f"* {AGREE} {CHANGE}: **{name}**"
        for heading, cell in zip(ballot.headings[1:], cells, strict=True):
            if cell:
                yield f"  <br>{_marked(heading)}: {cell}"
        if ballot.room:
            yield f"  <br>{_marked(ballot.room)}: "
    yield ""


def _framed(row: BallotRow) -> list[str]:
    """The cells of a row; what is framed on a page stands between braces."""
    return [
        f"{{{_line(cell)}}}" if number in row.framed else _line(cell)
        for number, cell in enumerate(row.cells)
    ]


def _line(line: Iterable[Span]) -> str:
    return "".join(map(_span, line))


def _span(span: Span) -> str:
    """The words of a span; a mark stands at a word, not at a space."""
    said, mark = _marked(span.text), _MARKS.get(span.tone, "")
    words = said.strip()
    return said.replace(words, f"{mark}{words}{mark}", 1) if words else said


def _cited(said: Item | Paragraph) -> str:
    named = grounds(said.sources, judgement=said.judgement)
    return f" ({_marked(named)})" if named else ""


def _marked(text: str) -> str:
    return visible(text.replace("\n", " "), "\t").translate(_MARKED)


def _words(page: Page) -> Iterator[str]:
    """The words of a page, as a quotation."""
    reader = _Reader()
    reader.feed(page.body)
    for line in reader.lines():
        yield f"> {line}\n>"
    yield ""


class _Reader(HTMLParser):
    """Gathers what a page says, block by block."""

    _BLOCKS = frozenset(
        {"p", "li", "div", "h1", "h2", "h3", "tr", "summary", "section", "footer"}
    )

    def __init__(self) -> None:
        super().__init__()
        self._said: list[tuple[str, str]] = []
        self._mark, self._words, self._unseen = "", "", 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a block, or what is not seen."""
        del attrs
        self._unseen += tag in _UNSEEN
        if tag in self._BLOCKS:
            self._close()
            self._mark = "* " if tag == "li" else _HEADINGS.get(tag, "")

    def handle_endtag(self, tag: str) -> None:
        """End a block, or what is not seen."""
        self._unseen -= tag in _UNSEEN
        if tag in self._BLOCKS:
            self._close()

    def handle_data(self, data: str) -> None:
        """Take up what is seen."""
        self._words += "" if self._unseen else data

    def _close(self) -> None:
        said = " ".join(self._words.split())
        if said:
            self._said.append((self._mark, said))
            self._mark = ""
        self._words = ""

    def lines(self) -> Iterator[str]:
        """The blocks that say something."""
        self._close()
        for mark, said in self._said:
            yield f"{mark}{_marked(said)}"
