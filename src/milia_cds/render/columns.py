"""A screen in three columns: labels, leads and texts; and what is left out to fit it.

What fits is measured at 80 columns, whatever the terminal: an answer says the same on
all of them.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

import attrs

from milia_cds.errors import visible
from milia_cds.explanation.outcome import BriefLine, BriefPart
from milia_cds.render.blocks import Labelled, Line
from milia_cds.render.lines import wrapped
from milia_cds.render.width import WIDTH, as_wide_as, columns

MOST_LINES = 24
"""So many lines make a screen, besides its dangers."""
LABEL = 10
_LEAD = 22
_NUMBER = 2
_GAP = 2


@attrs.frozen
class Row:
    """A row of a screen: what stands in each column, with the spaces between."""

    label: str
    lead: str
    text: str

    def __str__(self) -> str:
        """The row without colour."""
        return f"{self.label}{self.lead}{self.text}"


def rows(parts: Iterable[Labelled], notice: str = "") -> Iterator[Row]:
    """The rows of a screen, as wide as texts are written now.

    Parameters
    ----------
    parts
        What it says.
    notice
        What stands at the right end of the first row.
    """
    for part in parts:
        label = visible(part.label.upper())
        for width, lines in _runs(part.lines):
            for line in lines:
                for row in _of_line(line, width, notice):
                    yield attrs.evolve(row, label=f"{label:<{LABEL}}")
                    label = notice = ""


def _runs(lines: Iterable[Line]) -> Iterator[tuple[int, list[Line]]]:
    """Neighbours that share a column of leads, with its width."""
    for led, several in groupby(lines, key=lambda each: bool(each.lead)):
        run = list(several)
        widest = max(len(each.lead) for each in run)
        if not led:
            yield 0, run
        elif widest <= _NUMBER:
            yield widest + 1, run
        else:
            yield max(widest + _GAP, _LEAD), run


def _of_line(line: Line, width: int, notice: str) -> Iterator[Row]:
    width = min(width, columns() // 2 - LABEL)
    hang = " " * (LABEL + width)
    room = columns() - len(hang) - len(notice) - _GAP
    lead = f"{visible(line.lead):<{width}}"
    if len(lead.rstrip()) >= width > 0:  # no room beside it: a row of its own
        yield from (Row("", "", each) for each in _unhung(wrapped(line.lead, hang)))
        lead = " " * width
    if notice and room >= LABEL:
        first, *rest = _beside(line.text, room)
        yield Row("", lead, f"{first:<{room + _GAP}}{notice}")
        texts = _unhung(wrapped(" ".join(rest), hang))
    else:
        texts = _unhung(wrapped(line.text, hang)) or [""]
        if notice:
            texts.append(notice)
    for text in texts:
        yield Row("", lead, text)
        lead = " " * width


def _beside(text: str, room: int) -> list[str]:
    return textwrap.wrap(visible(text), room, break_on_hyphens=False) or [""]


def _unhung(lines: Iterable[str]) -> list[str]:
    return [each.strip() for each in lines]


# -- what fits --


def fitted(parts: tuple[BriefPart, ...], notice: str) -> tuple[BriefPart, ...]:
    """The parts of a brief, without what is dropped first where they do not fit.

    Parameters
    ----------
    parts
        All that it would say.
    notice
        What stands at the right end of its first row.
    """
    drops = sorted({each.drop for part in parts for each in part.lines} - {0})
    for drop in drops:
        if _height(parts, notice) <= MOST_LINES:
            break
        parts = tuple(_without(part, drop) for part in parts)
        parts = tuple(part for part in parts if part.lines)
    return parts


def _height(parts: Iterable[BriefPart], notice: str) -> int:
    with as_wide_as(WIDTH):
        return sum(1 for _ in rows(map(labelled, parts), notice))


def labelled(part: BriefPart) -> Labelled:
    """A part of a brief as a page and a text lay it out."""
    return Labelled(part.label, (Line(each.text, each.lead) for each in part.lines))


def _without(part: BriefPart, drop: int) -> BriefPart:
    """A part without the lines of a drop, or with what stands there instead.

    A name keeps its place in the line where its reason is dropped.
    """
    kept: list[BriefLine] = []
    for dropped, lines in groupby(part.lines, key=lambda each: each.drop == drop):
        run = tuple(lines)
        kept += _instead(run) if dropped else run
    return attrs.evolve(part, lines=tuple(kept))


def _instead(lines: Sequence[BriefLine]) -> Iterator[BriefLine]:
    names = [each.lead for each in lines if not each.lead.isdecimal() and each.lead]
    if names:
        yield BriefLine(text=f"{', '.join(names)}.")
    for each in lines:
        if each.instead and not each.lead:
            yield BriefLine(text=each.instead)
