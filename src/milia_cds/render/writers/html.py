"""A sheet as HTML: a card for a notebook, or a page that stands alone.

Both run no script and take nothing from elsewhere; every text is escaped. What is
folded is there for a screen reader, and opens in print.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import attrs

from milia_cds.render.blocks import (
    Block,
    Callout,
    Figure,
    Item,
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
from milia_cds.render.markup import Child, Markup, Page, element, fold, joined, link
from milia_cds.render.parts import (
    bullets,
    callout,
    card,
    cite,
    footer,
    notice,
    section,
    tag,
)
from milia_cds.render.style import HANDOUT, PAPER, REPORT, SHEET


def as_card(sheet: Sheet) -> Markup:
    """A sheet as a card, which may stand in a page many times."""
    return _Html(level=2).sheet(sheet)


def as_page(sheet: Sheet) -> Page:
    """A sheet as a page, to be filed and printed."""
    return Page(words_of(sheet.title), REPORT, _Html(level=1).sheet(sheet))


def as_handout(sheet: Sheet) -> Page:
    """A sheet as a page to be printed, handed out or signed."""
    body = _Html(level=1).sheet(sheet, HANDOUT, "handout")
    return Page(words_of(sheet.title), PAPER, body)


@attrs.frozen
class _Html:
    """Writes a sheet whose title is a heading of this level."""

    level: int

    def sheet(self, sheet: Sheet, style: str = SHEET, kind: str = "") -> Markup:
        banner = sheet.banner
        return card(
            f"{words_of(sheet.title)} ({banner.notice})",
            notice(banner.notice, banner.more),
            element(f"h{self.level}", _line(sheet.title), class_="title"),
            self.blocks(sheet.blocks),
            footer(*sheet.rests_on),
            style=style,
            kind=kind,
        )

    def blocks(self, blocks: Iterable[Block]) -> list[Child]:
        return [self.block(each) for each in blocks]

    def block(self, block: Block) -> Child:
        match block:
            case Part():
                return self.part(block)
            case Paragraph():
                cites = cite(block.sources, judgement=block.judgement)
                return element("p", _line(block.spans), cites)
            case Points():
                return self.points(block)
            case Table():
                return _table(block)
            case Callout():
                return callout(block.mark, _line(block.spans), certain=block.certain)
            case Room():
                return element("p", map(_room, block.labels), class_="rooms")
            case Verbatim():
                code = element("pre", block.text, class_="words")
                return fold(block.lead, code)
            case Figure():
                return block.picture.part()

    def part(self, part: Part) -> Markup | None:
        if not part:
            return None
        if part.folded:
            heading = f"{part.heading}{_counted(part.blocks)}"
            return fold(heading, self.blocks(part.blocks))
        below = _Html(self.level + 1)
        return section(part.heading, below.blocks(part.blocks), level=below.level)

    def points(self, points: Points) -> Markup | None:
        shown = points.items[: points.shown]
        rest = points.items[len(shown) :]
        if points.numbered:
            rows = [element("li", self.item(each)) for each in points.items]
            return element("ol", rows) if rows else None
        return joined(
            self.items(shown), fold(points.more(), self.items(rest)) if rest else None
        )

    def items(self, items: Sequence[Item]) -> Markup | None:
        return bullets(map(self.item, items), plain=any(each.mark for each in items))

    def item(self, item: Item) -> Markup:
        return joined(
            element("span", item.mark, class_="mark") if item.mark else None,
            " " if item.mark else None,
            element("strong", f"{item.lead}: ") if item.lead else None,
            _line(item.spans),
            cite(item.sources, judgement=item.judgement),
            self.blocks(item.blocks),
        )


def _room(label: str) -> Markup:
    """A name with a line to write on."""
    return element("span", f"{label}: ", element("span", class_="room"), class_="blank")


def _counted(blocks: Sequence[Block]) -> str:
    """How many points a folded part holds, where it holds nothing else."""
    lists = [each for each in blocks if isinstance(each, Points)]
    return f" ({len(lists[0].items)})" if len(lists) == 1 else ""


def _line(line: Iterable[Span]) -> list[Markup]:
    return [_span(each) for each in line]


def _span(span: Span) -> Markup:
    if span.address:
        return link(span.address, span.text)
    if span.tone == "tag":
        return tag(span.text, span.ink or "quiet")
    if span.tone == "strong":
        return element("strong", span.text, class_=span.ink or None)
    class_ = "quiet" if span.tone == "quiet" else span.ink
    return element("span", span.text, class_=class_) if class_ else joined(span.text)


def _table(table: Table) -> Markup:
    heads = [element("th", each, scope="col") for each in table.headings]
    rows = [
        element("tr", [_cell(*each) for each in zip(table.headings, row, strict=True)])
        for row in table.rows
    ]
    return element(
        "table",
        element("thead", element("tr", heads)),
        element("tbody", rows),
        class_="rows",
    )


def _cell(heading: str, said: str) -> Markup:
    number = "number" if said.strip("0123456789.,%") == "" else None
    return element("td", said, class_=number, data_label=heading)
