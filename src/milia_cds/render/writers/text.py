"""A sheet as plain text of at most 80 columns, for a terminal or a log."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import attrs

from milia_cds.errors import visible
from milia_cds.knowledge.wording import capital
from milia_cds.render.blocks import (
    AlertBand,
    Ballot,
    Block,
    Choices,
    Comparison,
    Enclosed,
    Figure,
    FirstScreen,
    Item,
    Meaning,
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
from milia_cds.render.columns import LABEL, Row, rows
from milia_cds.render.lines import Detail, Ink, reaches, wrapped

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
        "brief" is its screen alone, where it has one. What only a longer text says is
        left out, and long lists are cut but in full. Beside a screen only full detail
        names the sources.
    colour
        Whether to use the colours of a terminal.
    """
    cites = sheet.screen is None or detail == "full"
    writer = _Text(Ink(colour=colour), detail, cites=cites)
    return "\n".join(writer.sheet(sheet))


def band_lines(sheet: Sheet, *, detail: Detail = "short") -> int:
    """How many lines of a text its dangers take, which count for no limit.

    Parameters
    ----------
    sheet, detail
        As for `as_text`.
    """
    writer = _Text(Ink(colour=False), detail, cites=detail == "full")
    shown = sheet.screen.bands if sheet.screen else ()
    return sum(1 for band in shown for _ in writer.band(band))


@attrs.frozen
class _Text:
    ink: Ink
    detail: Detail
    cites: bool = attrs.field(kw_only=True)

    @property
    def full(self) -> bool:
        return self.detail == "full"

    def sheet(self, sheet: Sheet) -> Iterator[str]:
        if sheet.screen is None:
            yield from self.whole(sheet)
            return
        yield from self.screen(sheet.screen)
        if self.detail != "brief":
            yield from self.blocks(sheet.blocks, "")
            yield ""
            banner = sheet.banner
            yield from wrapped(f"{capital(banner.notice)}. {banner.more}")
            yield from self.end(sheet)

    def whole(self, sheet: Sheet) -> Iterator[str]:
        """A sheet without a screen."""
        for band in sheet.bands:
            yield from self.band(band)
        for line in wrapped(words_of(sheet.title)):
            yield self.ink(line, "bold")
        yield from wrapped(f"{capital(sheet.banner.notice)}. {sheet.banner.more}")
        yield ""
        yield from self.blocks(sheet.blocks, "")
        yield ""
        left = [] if self.full else list(_left_out(sheet.blocks))
        if left:
            yield from wrapped(f"(--detail full says more: {'; '.join(left)})")
            yield ""
        yield from self.end(sheet)

    def end(self, sheet: Sheet) -> Iterator[str]:
        """What it rests on; a line without spaces, such as a digest, stays whole."""
        for line in sheet.rests_on:
            yield from wrapped(line) if " " in line else [self.ink(line)]

    # -- the screen --

    def screen(self, screen: FirstScreen) -> Iterator[str]:
        for band in screen.bands:
            yield from self.band(band)
        ink = _COLOURS[screen.meaning] if screen.meaning else ""
        inks: tuple[str, ...] = ("bold", ink)
        for row in rows(screen.parts, screen.notice):
            yield self.row(row, screen.notice, inks).rstrip()
            inks = ("",)

    def row(self, row: Row, notice: str, inks: tuple[str, ...]) -> str:
        """A row with its label and lead in bold, and its notice apart from its text."""
        text = self.ink(row.text, *inks)
        if notice and "bold" in inks and row.text.endswith(notice):
            said = row.text.removesuffix(notice)
            text = f"{self.ink(said.rstrip(), *inks)}{said[len(said.rstrip()) :]}"
            text += self.ink(notice, "yellow")
        return f"{self.bold(row.label)}{self.bold(row.lead)}{text}"

    def bold(self, text: str) -> str:
        """A text in bold without the spaces after it."""
        said = text.rstrip()
        return f"{self.ink(said, 'bold')}{text[len(said) :]}" if said else text

    def band(self, band: AlertBand) -> Iterator[str]:
        lead = f"{band.mark:<{LABEL}}"
        lead += "" if lead.endswith(" ") else " "
        hang = " " * LABEL
        first, *rest = wrapped(_line(band.spans), lead, hang)
        ink = "red" if band.certain else "yellow"
        yield self.ink(lead.rstrip(), "bold", ink) + first[len(lead.rstrip()) :]
        yield from rest
        for item in band.items:
            yield from wrapped(f"{item.lead}: {_line(item.spans)}", hang)
            yield from self.cited(item, hang)
        if self.full:
            yield from self.blocks(band.more, hang)

    # -- blocks --

    def blocks(self, blocks: Iterable[Block], indent: str) -> Iterator[str]:
        for block in blocks:
            yield from self.block(block, indent)

    def block(self, block: Block, indent: str) -> Iterator[str]:
        match block:
            case Part():
                yield from self.part(block, indent)
            case Points():
                yield from self.points(block, indent)
            case FirstScreen():
                yield from self.screen(block)
            case AlertBand():
                yield from self.band(block)
            case _:
                yield from self.alone(block, indent)

    def alone(self, block: Block, indent: str) -> Iterator[str]:
        """A block that holds no other."""
        match block:
            case Paragraph():
                yield from wrapped(_line(block.spans), indent)
                yield from self.cited(block, indent)
            case Table():
                yield from _table(block, indent)
            case Room():
                yield from (f"{indent}{each}: {'_' * 24}" for each in block.labels)
            case Figure():
                yield from _lines("" if block.repeats else block.picture.text)
            case Comparison():
                yield from self.comparison(block, indent)
            case Note():
                yield from self.note(block, indent)
            case Verbatim() | Choices() | Ballot() | Enclosed():
                yield from _on_paper(block, indent)

    def comparison(self, compared: Comparison, indent: str) -> Iterator[str]:
        """Each question with its answers; first what is compared, by all its names."""
        for each in compared.columns:
            aside = f" ({each.aside})" if each.aside else ""
            yield from wrapped(f"{each.label}{aside}", f"{indent}* ")
        for question, answers in compared.rows:
            yield ""
            for line in wrapped(question, indent):
                yield self.ink(line, "bold")
            for each, said in zip(compared.columns, answers, strict=True):
                yield from wrapped(f"{each.label}: {said}", f"{indent}- ")
        yield ""

    def note(self, note: Note, indent: str) -> Iterator[str]:
        first, *rest = wrapped(f"{note.mark} {_line(note.spans)}", f"{indent}> ")
        yield first.replace(note.mark, self.ink(note.mark, "bold"), 1)
        yield from rest

    def part(self, part: Part, indent: str) -> Iterator[str]:
        least: Detail = "brief" if part.detail == "short" else part.detail
        if _says_nothing(part) or not reaches(self.detail, least):
            return
        if not indent:
            yield ""
        for line in wrapped(part.heading, indent):
            yield self.ink(line, "bold")
        yield from self.blocks(part.blocks, f"{indent}{_STEP}")

    def points(self, points: Points, indent: str) -> Iterator[str]:
        shown = points.items if self.full else points.items[: points.shown]
        for number, item in enumerate(shown, 1):
            numbered = attrs.evolve(item, mark=f"{number}.")
            yield from self.item(numbered if points.numbered else item, indent)
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
        if not self.cites:
            return []
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


def _on_paper(
    block: Verbatim | Choices | Ballot | Enclosed, indent: str
) -> Iterator[str]:
    """What is copied or filled in by hand, or is a page of its own."""
    match block:
        case Verbatim():
            yield from wrapped(f"{block.lead}:", indent)
            yield from (f"{indent}{line}" for line in _lines(block.text))
        case Choices():
            said = " ".join(f"[ ] {each}" for each in block.items)
            yield from wrapped(f"{block.lead}: {said}", indent)
        case Ballot():
            rows = (tuple(map(words_of, row.cells)) for row in block.rows)
            yield from _table(Table(block.headings, rows), indent)
        case Enclosed():
            yield from wrapped(block.title, indent)


def _table(table: Table, indent: str) -> Iterator[str]:
    _, *headings = table.headings
    for name, *cells in table.rows:
        pairs = zip(headings, cells, strict=True)
        said = ", ".join(f"{heading} {cell}" for heading, cell in pairs if cell)
        yield from wrapped(f"{name}: {said}", f"{indent}- ")
