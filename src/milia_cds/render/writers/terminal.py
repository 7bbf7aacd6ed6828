"""A sheet in a terminal, laid out by rich: an extra; the plain text says the same.

No text is read as markup, and what could steer a terminal is shown as its escape.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

import attrs
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table as Columns
from rich.text import Text

from milia_cds.errors import visible
from milia_cds.knowledge.wording import capital
from milia_cds.render.blocks import (
    AlertBand,
    Block,
    Figure,
    FirstScreen,
    Item,
    Labelled,
    Line,
    Meaning,
    Paragraph,
    Part,
    Points,
    Sheet,
    Span,
    Table,
    Verbatim,
    words_of,
)
from milia_cds.render.lines import Detail, reaches
from milia_cds.render.phrases import grounds

_INKS: dict[Meaning, str] = {"": "", "good": "green", "open": "yellow", "bad": "red"}
_MARKS = {"+": "green", "-": "red", "!": "yellow", ">": "yellow"}
_BAR = 8


def print_sheet(sheet: Sheet, console: Console, detail: Detail) -> None:
    """Print a sheet.

    Parameters
    ----------
    sheet
        What there is to say.
    console
        Where, and how wide.
    detail
        How much of it, as for a plain text.
    """
    for each in _Terminal(detail).sheet(sheet):
        console.print(each)


@attrs.frozen
class _Terminal:
    detail: Detail

    @property
    def full(self) -> bool:
        return self.detail == "full"

    def sheet(self, sheet: Sheet) -> Iterator[RenderableType]:
        if sheet.screen is not None:
            yield from self.screen(sheet.screen)
        else:
            yield _text(words_of(sheet.title), "bold")
        if sheet.screen is not None and self.detail == "brief":
            return
        yield from self.blocks(sheet.blocks)
        banner = sheet.banner
        yield _text(f"\n{capital(banner.notice)}. {banner.more}", "yellow")
        for line in sheet.rests_on:
            yield _text(line, "dim")

    # -- the screen --

    def screen(self, screen: FirstScreen) -> Iterator[RenderableType]:
        yield from map(self.band, screen.bands)
        first, *rest = screen.parts
        headline, *lines = first.lines
        ink = _INKS[screen.meaning]
        yield Panel(
            Group(*self.lines(lines)),
            title=_text(headline.text, f"bold {ink}"),
            title_align="left",
            subtitle=_text(screen.notice, "yellow"),
            subtitle_align="right",
            border_style=ink,
        )
        if rest:
            yield self.labelled(rest)

    def band(self, band: AlertBand) -> Panel:
        """A danger in a frame under its word."""
        ink = "red" if band.certain else "yellow"
        said = [_line(band.spans)]
        said += [_line((f"{each.lead}: ", *each.spans)) for each in band.items]
        more = self.blocks(band.more) if self.full else ()
        title = _text(band.mark, f"bold {ink}")
        return Panel(
            Group(*said, *more), title=title, title_align="left", border_style=ink
        )

    def labelled(self, parts: Iterable[Labelled]) -> RenderableType:
        table = Columns.grid(padding=(0, 2), expand=True)
        table.add_column(style="bold", no_wrap=True)
        table.add_column(ratio=1, overflow="fold")
        for part in parts:
            table.add_row(_text(part.label.upper()), Group(*self.lines(part.lines)))
        return table

    def lines(self, lines: Iterable[Line]) -> Iterator[RenderableType]:
        for led, several in groupby(lines, key=lambda each: bool(each.lead)):
            if not led:
                yield from (_text(each.text) for each in several)
                continue
            table = Columns.grid(padding=(0, 2))
            table.add_column(style="bold", overflow="fold")
            table.add_column(overflow="fold")
            for each in several:
                note = f"{each.text} ({each.note})" if each.note else each.text
                table.add_row(_text(each.lead), _text(note))
            yield table

    # -- blocks --

    def blocks(self, blocks: Iterable[Block]) -> Iterator[RenderableType]:
        for block in blocks:
            yield from self.block(block)

    def block(self, block: Block) -> Iterator[RenderableType]:
        match block:
            case Part():
                yield from self.part(block)
            case Paragraph():
                yield _line(block.spans)
                yield from self.cited(block)
            case Points():
                yield from self.points(block)
            case Table():
                yield _table(block)
            case Verbatim():
                yield _text(f"{block.lead}:")
                yield _text(block.text)
            case Figure() if not block.repeats:
                yield _text(block.picture.text)
            case FirstScreen():
                yield from self.screen(block)

    def part(self, part: Part) -> Iterator[RenderableType]:
        least: Detail = "brief" if part.detail == "short" else part.detail
        if part and reaches(self.detail, least):
            yield _text(part.heading, "bold")
            yield Padding(Group(*self.blocks(part.blocks)), (0, 0, 0, 2))

    def points(self, points: Points) -> Iterator[RenderableType]:
        shown = points.items if self.full else points.items[: points.shown]
        table = Columns.grid(padding=(0, 1))
        table.add_column(no_wrap=True)
        table.add_column(overflow="fold")
        for item in shown:
            mark = item.mark or "-"
            table.add_row(_text(mark, _MARKS.get(item.mark, "")), self.item(item))
        if len(shown) < len(points.items):
            table.add_row("", _text(points.more(), "dim"))
        if table.row_count:
            yield table

    def item(self, item: Item) -> Group:
        lead = (Span(f"{item.lead}: ", "strong"),) if item.lead else ()
        return Group(
            _line((*lead, *item.spans)), *self.cited(item), *self.blocks(item.blocks)
        )

    def cited(self, said: Item | Paragraph) -> Iterator[Text]:
        on = grounds(said.sources, judgement=said.judgement)
        if on and self.full:
            yield _text(f"({on})", "dim")


def _text(text: str, style: str = "") -> Text:
    return Text(visible(text, "\n\t"), style.strip())


def _line(line: Iterable[Span | str]) -> Text:
    return Text.assemble(*(_span(each) for each in line))


def _span(span: Span | str) -> Text:
    if isinstance(span, str):
        return _text(span, "bold")
    style = {"strong": "bold", "tag": "bold", "quiet": "dim"}.get(span.tone, "")
    return _text(span.text, f"{style} {_INKS[span.ink]}")


def _table(table: Table) -> RenderableType:
    made = Columns(expand=False)
    for heading in table.headings:
        made.add_column(_text(heading), overflow="fold")
    for name, *cells in table.rows:
        said = (_bar(each, table.bars) if table.bars else _text(each) for each in cells)
        made.add_row(_text(name), *said)
    return made


def _bar(number: str, most: int) -> Text:
    filled = round(_BAR * float(number) / most)
    bar = "\u2588" * filled + "\u2591" * (_BAR - filled)
    return Text.assemble(_text(f"{number} "), _text(bar, "blue"))
