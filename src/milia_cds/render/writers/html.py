"""A sheet as HTML: a card for a notebook, or a page that stands alone.

Both run no script and take nothing from elsewhere; every text is escaped. What is
folded is there for a screen reader, and opens in print.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

import attrs

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
    Labelled,
    Line,
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
from milia_cds.render.markup import Child, Markup, Page, element, fold, joined, link
from milia_cds.render.parts import (
    bullets,
    card,
    cite,
    footer,
    notice,
    section,
    tag,
)
from milia_cds.render.style import HANDOUT, PAPER, REPORT, SHEET
from milia_cds.render.writers.ballot import ballot_table

_HEAD = 24
"""So many characters before a colon stand out as what a line is about."""


def as_card(sheet: Sheet, style: str = SHEET) -> Markup:
    """A sheet as a card, which may stand in a page many times.

    Parameters
    ----------
    sheet
        What there is to say.
    style
        The style of the card.
    """
    return _Html(2, style).sheet(sheet)


def as_page(sheet: Sheet, paper: str = REPORT, style: str = SHEET) -> Page:
    """A sheet as a page, to be filed and printed.

    Parameters
    ----------
    sheet
        What there is to say.
    paper
        The style of the page around it.
    style
        The style of what stands in the page.
    """
    return Page(words_of(sheet.title), paper, _Html(1, style).sheet(sheet))


def as_handout(sheet: Sheet) -> Page:
    """A sheet as a page to be printed, handed out or signed."""
    body = _Html(1, HANDOUT).sheet(sheet, "handout")
    return Page(words_of(sheet.title), PAPER, body)


@attrs.frozen
class _Html:
    """Writes a sheet whose title is a heading of this level."""

    level: int
    style: str

    def sheet(self, sheet: Sheet, kind: str = "") -> Markup:
        banner = sheet.banner
        if sheet.screen is not None:
            return card(
                f"{words_of(sheet.title)} ({banner.notice})",
                self.screen(sheet.screen),
                self.blocks(sheet.blocks),
                notice(banner.notice, banner.more),
                footer(*sheet.rests_on) if sheet.rests_on else None,
                style=self.style,
            )
        return card(
            f"{words_of(sheet.title)} ({banner.notice})",
            notice(banner.notice, banner.more),
            [self.band(each) for each in sheet.bands],
            element(f"h{self.level}", _line(sheet.title), class_="title"),
            self.blocks(sheet.blocks),
            footer(*sheet.rests_on) if sheet.rests_on else None,
            style=self.style,
            kind=kind,
        )

    # -- the screen --

    def screen(self, screen: FirstScreen) -> Markup:
        (plan, *rest), first = screen.parts, screen.parts[0].lines[0]
        ink = screen.meaning or None
        answer = element(f"h{self.level}", first.text, class_="title")
        draft = (
            element("span", screen.notice, class_="draft") if screen.notice else None
        )
        return element(
            "div",
            [self.band(each) for each in screen.bands],
            element("header", answer, draft, class_=ink),
            _lines(plan.lines[1:]),
            element("dl", [_labelled(each) for each in rest]) if rest else None,
            class_="screen",
        )

    def band(self, band: AlertBand) -> Markup:
        """A danger under its word, in the colour of what is sure or is asked."""
        ink = "bad" if band.certain else "open"
        kind = "Alert" if band.certain else "Ask now"
        return element(
            "div",
            element("strong", band.mark, class_=f"how {ink}"),
            " ",
            _line(band.spans),
            [element("div", self.item(each)) for each in band.items],
            self.blocks(band.more),
            class_="alert" if band.certain else "alert asked",
            role="note",
            aria_label=f"{kind}: {band.mark.lower()}",
        )

    # -- blocks --

    def blocks(self, blocks: Iterable[Block]) -> list[Child]:
        return [self.block(each) for each in blocks]

    def block(self, block: Block) -> Child:
        match block:
            case Part():
                return self.part(block)
            case Points():
                return self.points(block)
            case FirstScreen():
                return self.screen(block)
            case AlertBand():
                return self.band(block)
        return _alone(block)

    def part(self, part: Part) -> Markup | None:
        if not part:
            return None
        if part.folded:
            heading = f"{part.heading}{_counted(part.blocks)}"
            return fold(heading, self.blocks(part.blocks))
        below = _Html(self.level + 1, self.style)
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
    count = len(lists[0].items) if len(lists) == 1 else 0
    return f" ({count})" if count else ""


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


def _labelled(part: Labelled) -> list[Markup]:
    return [
        element("dt", part.label.capitalize()),
        element("dd", _lines(part.lines)),
    ]


def _lines(lines: Iterable[Line]) -> list[Markup]:
    """Lines one below the other; neighbours with a lead are a list in columns."""
    said: list[Markup] = []
    for led, several in groupby(lines, key=lambda each: bool(each.lead)):
        if led:
            said.append(element("ol", map(_led, several), class_="plan"))
        else:
            said += [element("p", _headed(each.text)) for each in several]
    return said


def _led(line: Line) -> Markup:
    number, _, name = line.lead.partition(" ")
    said = element("span", line.text, class_="why")
    note = element("small", line.note) if line.note else None
    named = element("span", name, note, class_="named") if name else None
    wide = None if name else "wide-why"
    return element(
        "li", element("span", number, class_="number"), named, said, class_=wide
    )


def _headed(text: str) -> Child:
    """A text whose few words before its only colon stand out."""
    head, colon, rest = text.partition(": ")
    if not rest or ": " in rest or len(head) > _HEAD or head.startswith("If "):
        return text
    return [element("strong", f"{head}{colon.rstrip()}"), f" {rest}"]


def _table(table: Table) -> Markup:
    if table.bars:
        return _bars(table)
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


def _bars(table: Table) -> Markup:
    """A table of numbers, each with a bar beside it that a reader may do without."""
    corner, *heads = table.headings
    head = [element("th", each, scope="col") for each in heads]
    rows = [
        element(
            "tr",
            element("th", name, scope="row"),
            [
                element("td", element("span", each, _bar(each, table.bars)))
                for each in cells
            ],
        )
        for name, *cells in table.rows
    ]
    return element(
        "table",
        element("thead", element("tr", element("td", corner), head)),
        element("tbody", rows),
        class_="bars",
    )


def _bar(number: str, most: int) -> Markup:
    share = f"--w:{100 * float(number) / most:g}%"
    return element("i", style=share, aria_hidden="true")


def _cell(heading: str, said: str) -> Markup:
    number = "number" if said.strip("0123456789.,%") == "" else None
    return element("td", said, class_=number, data_label=heading)


def _alone(block: Block) -> Child:
    """A block that holds no other."""
    match block:
        case Paragraph():
            cites = cite(block.sources, judgement=block.judgement)
            return element("p", _line(block.spans), cites)
        case Table():
            return _table(block)
        case Figure(small=True):
            return element("div", block.picture.svg, class_="beside")
        case Figure():
            return block.picture.part()
        case Room():
            return element("p", map(_room, block.labels), class_="rooms")
        case Comparison():
            return _comparison(block)
        case Note():
            return _note(block)
        case Verbatim() | Choices() | Ballot() | Enclosed():
            return _on_paper(block)
    return None


def _comparison(compared: Comparison) -> Markup:
    heads = [
        element("th", each.label, _aside(each.aside), scope="col")
        for each in compared.columns
    ]
    labels = [each.label for each in compared.columns]
    rows = [
        element(
            "tr",
            element("th", question, scope="row"),
            [
                element("td", said, data_label=label)
                for label, said in zip(labels, answers, strict=True)
            ],
        )
        for question, answers in compared.rows
    ]
    table = element(
        "table",
        element("caption", compared.caption),
        element("thead", element("tr", element("td"), heads)),
        element("tbody", rows),
    )
    return element(
        "div",
        table,
        class_="wide side",
        tabindex="0",
        role="region",
        aria_label=compared.caption,
    )


def _aside(text: str) -> Markup | None:
    return element("small", text) if text else None


def _note(note: Note) -> Markup:
    word = element("strong", note.mark)
    return element("p", word, " ", _line(note.spans), class_="band")


def _on_paper(block: Verbatim | Choices | Ballot | Enclosed) -> Markup:
    """What is copied or filled in by hand, or is a page of its own."""
    match block:
        case Ballot():
            return ballot_table(block)
        case Enclosed():
            return element("div", block.page.body, class_="enclosed")
        case Choices():
            return _choices(block)
        case Verbatim():
            return fold(block.lead, element("pre", block.text, class_="words"))


def _choices(choices: Choices) -> Markup:
    items = [element("span", f"\u2610 {each}") for each in choices.items]
    room = element("span", f"{choices.room}: ", class_="room") if choices.room else None
    lead = element("strong", f"{choices.lead}:")
    return element(
        "p", lead, [joined(" ", each) for each in items], " ", room, class_="choices"
    )
