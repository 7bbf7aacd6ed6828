"""A sheet as Markdown, to be filed, pasted or printed by other programs.

Every sign that Markdown would read is escaped, so that a text stays a text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from milia_cds.errors import visible
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
from milia_cds.render.phrases import capital, grounds

_SIGNS = re.compile(r"([\\`*_\[\]<>|~])")
_BLANK = "_" * 24


def as_markdown(sheet: Sheet) -> str:
    """A sheet as Markdown.

    Parameters
    ----------
    sheet
        What there is to say.
    """
    banner = sheet.banner
    notice = f"{capital(banner.notice)}. {banner.more}".strip()
    parts = [
        f"# {_escaped(words_of(sheet.title))}",
        f"*{_escaped(notice)}*",
        *_blocks(sheet.blocks, 2),
        "---",
        *map(_escaped, sheet.rests_on),
    ]
    return "\n\n".join(filter(None, parts)) + "\n"


def _escaped(text: str) -> str:
    return _SIGNS.sub(r"\\\1", " ".join(visible(text, "\n").split()))


def _blocks(blocks: Iterable[Block], level: int) -> Iterator[str]:
    for block in blocks:
        yield from _block(block, level)


def _block(block: Block, level: int) -> Iterator[str]:
    match block:
        case Part():
            if block:
                yield f"{'#' * level} {_escaped(block.heading)}"
                yield from _blocks(block.blocks, level + 1)
        case Paragraph():
            yield f"{_line(block.spans)}{_cited(block)}"
        case Points():
            yield "\n".join(_points(block))
        case Table():
            yield "\n".join(_table(block))
        case Callout():
            yield f"> **{_escaped(block.mark)}** {_line(block.spans)}"
        case Room():
            yield "  ".join(f"{_escaped(each)}: {_BLANK}" for each in block.labels)
        case Verbatim():
            text = visible(block.text, "\n")
            yield f"{_escaped(block.lead)}:\n\n```\n{text}\n```"
        case Figure():
            yield "" if block.repeats else _escaped(block.picture.text)


def _points(points: Points, indent: str = "") -> Iterator[str]:
    for number, item in enumerate(points.items, 1):
        mark = f"{number}." if points.numbered else "*"
        yield f"{indent}{mark} {_item(item)}"
        for below in item.blocks:
            if isinstance(below, Points):
                yield from _points(below, f"{indent}  ")


def _item(item: Item) -> str:
    mark = f"{item.mark} " if item.mark else ""
    lead = f"**{_escaped(item.lead)}:** " if item.lead else ""
    cited = _cited(item)
    return f"{mark}{lead}{_line(item.spans)}{cited}"


def _cited(said: Item | Paragraph) -> str:
    grounds_ = grounds(said.sources, judgement=said.judgement)
    return f" ({_escaped(grounds_)})" if grounds_ else ""


def _line(line: Sequence[Span]) -> str:
    return "".join(map(_span, line))


def _span(span: Span) -> str:
    text = _SIGNS.sub(r"\\\1", visible(span.text))
    if span.address:
        return f"[{text}](<{span.address}>)"
    return f"**{text}**" if span.tone == "strong" else text


def _table(table: Table) -> Iterator[str]:
    yield _row(table.headings)
    yield "|---" * len(table.headings) + "|"
    for name, *cells in table.rows:
        yield _row((f"**{_escaped(name)}**", *map(_escaped, cells)))


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
