"""A sheet as plain text of at most 80 columns, for a terminal or a log."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import attrs

from milia_cds.errors import visible
from milia_cds.render.blocks import (
    Block,
    Callout,
    Figure,
    Item,
    Meaning,
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
from milia_cds.render.lines import Detail, Ink, wrapped

_STEP = "  "
_COLOURS: dict[Meaning, str] = {
    "": "bold",
    "good": "green",
    "open": "yellow",
    "bad": "red",
}


def as_text(sheet: Sheet, *, detail: Detail = "short", colour: bool = False) -> str:
    """A sheet as text.

    Parameters
    ----------
    sheet
        What there is to say.
    detail
        "short" leaves out what only the parts of full detail say, and cuts long lists.
    colour
        Whether to use the colours of a terminal.
    """
    writer = _Text(Ink(colour=colour), full=detail == "full")
    return "\n".join(writer.sheet(sheet))


@attrs.frozen
class _Text:
    ink: Ink
    full: bool

    def sheet(self, sheet: Sheet) -> Iterator[str]:
        banner = sheet.banner
        for line in wrapped(words_of(sheet.title)):
            yield self.ink(line, "bold")
        yield from wrapped(f"{banner.notice}. {banner.more}")
        yield ""
        yield from self.blocks(sheet.blocks, "")
        yield ""
        left = [] if self.full else list(_left_out(sheet.blocks))
        if left:
            yield from wrapped(f"(--detail full says more: {'; '.join(left)})")
            yield ""
        for line in sheet.rests_on:
            yield from wrapped(line)

    def blocks(self, blocks: Iterable[Block], indent: str) -> Iterator[str]:
        for block in blocks:
            yield from self.block(block, indent)

    def block(self, block: Block, indent: str) -> Iterator[str]:
        match block:
            case Part():
                yield from self.part(block, indent)
            case Paragraph():
                yield from wrapped(_line(block.spans), indent)
                yield from self.cited(block, indent)
            case Points():
                yield from self.points(block, indent)
            case Table():
                yield from _table(block, indent)
            case Callout():
                yield from wrapped(f"{block.mark}: {_line(block.spans)}", indent)
            case Room():
                yield from (f"{indent}{each}: {'_' * 24}" for each in block.labels)
            case Verbatim():
                yield from wrapped(f"{block.lead}:", indent)
                yield from (f"{indent}{line}" for line in _lines(block.text))
            case Figure():
                words = "" if block.repeats else block.picture.text
                yield from _lines(words)

    def part(self, part: Part, indent: str) -> Iterator[str]:
        if _says_nothing(part) or not (self.full or part.detail == "short"):
            return
        if not indent:
            yield ""
        for line in wrapped(part.heading, indent):
            yield self.ink(line, "bold")
        yield from self.blocks(part.blocks, f"{indent}{_STEP}")

    def points(self, points: Points, indent: str) -> Iterator[str]:
        shown = points.items if self.full else points.items[: points.shown]
        for item in shown:
            yield from self.item(item, indent)
        if len(shown) < len(points.items):
            them = "it" if len(points.items) - len(shown) == 1 else "them"
            more = f"{points.more()} (--detail full lists {them})"
            yield from wrapped(more, indent)

    def item(self, item: Item, indent: str) -> Iterator[str]:
        said = _line(item.spans)
        lead = f"{item.lead}: " if item.lead else ""
        mark = f"{indent}{item.mark or '-'} "
        lines = wrapped(f"{lead}{said}".rstrip(), mark)
        for span in item.spans:
            if span.ink and lines:
                lines[0] = lines[0].replace(
                    span.text, self.ink(span.text, _COLOURS[span.ink]), 1
                )
        yield from lines
        for span in item.spans:
            if span.address:
                yield from wrapped(span.text, f"{indent}{_STEP}")
        yield from self.cited(item, f"{indent}{_STEP}")
        yield from self.blocks(item.blocks, f"{indent}{_STEP}")

    def cited(self, said: Item | Paragraph, indent: str) -> list[str]:
        return self.ink.cited(said.sources, indent, judgement=said.judgement)


def _lines(text: str) -> list[str]:
    return visible(text, "\n\t").splitlines()


def _line(line: Iterable[Span]) -> str:
    """The words of a line; a tag leads what follows, an address has its own line."""
    return "".join(
        f"{each.text}: " if each.tone == "tag" else each.text
        for each in line
        if not each.address
    )


def _says_nothing(part: Part) -> bool:
    """Whether a part is empty, or a picture of what is said beside it."""
    return not part or all(isinstance(b, Figure) and b.repeats for b in part.blocks)


def _left_out(blocks: Iterable[Block]) -> Iterator[str]:
    """The headings of what only full detail says."""
    for block in blocks:
        if isinstance(block, Part) and not _says_nothing(block):
            if block.detail == "full":
                yield block.heading
            else:
                yield from _left_out(block.blocks)


def _table(table: Table, indent: str) -> Iterator[str]:
    _, *headings = table.headings
    for name, *cells in table.rows:
        pairs = zip(headings, cells, strict=True)
        said = ", ".join(f"{heading} {cell}" for heading, cell in pairs)
        yield from wrapped(f"{name}: {said}", f"{indent}- ")
