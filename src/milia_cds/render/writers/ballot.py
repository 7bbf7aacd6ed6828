"""A table to be judged, as HTML: boxes to tick, and room to write."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from milia_cds.render.blocks import Ballot, BallotRow, Span, words_of
from milia_cds.render.markup import Child, Markup, element

AGREE, CHANGE = "\u2610 agree", "\u2610 change"
"""The two boxes of a row, as they stand in every format."""


def ballot_table(ballot: Ballot) -> Markup:
    """A table of which each row has its boxes, and room to write where there is some.

    Parameters
    ----------
    ballot
        The table.
    """
    heads = [_head(number, each, ballot) for number, each in enumerate(ballot.headings)]
    heads.append(element("th", "Verdict", scope="col", class_="boxes"))
    if ballot.room:
        heads.append(element("th", ballot.room, scope="col", class_="room"))
    columns = [element("col", style=f"width:{each}%") for each in ballot.widths]
    table = element(
        "table",
        columns,
        element("thead", element("tr", heads)),
        element("tbody", [_row(each, ballot) for each in ballot.rows]),
        class_="ballot letters" if ballot.letters else "ballot",
    )
    return element("div", table, class_="wide", tabindex="0", role="group")


def _head(number: int, heading: str, ballot: Ballot) -> Markup:
    upright = "upright" if ballot.letters and number else None
    said: Child = element("span", heading) if upright else heading
    return element("th", said, scope="col", class_=upright)


def _row(row: BallotRow, ballot: Ballot) -> Markup:
    cells = [_cell(number, row, ballot) for number in range(len(row.cells))]
    gap: Child = " " if ballot.letters else element("br")
    cells.append(element("td", AGREE, gap, CHANGE, class_="boxes"))
    if ballot.room:
        cells.append(element("td", class_="room"))
    return element("tr", cells)


def _cell(number: int, row: BallotRow, ballot: Ballot) -> Markup:
    said = row.cells[number]
    looks = [*_looks(number, words_of(said), ballot), *_framed(number, row)]
    class_ = " ".join(looks) or None
    if number == 0:
        return element("th", _line(said), scope="row", class_=class_)
    return element("td", _line(said), class_=class_)


def _looks(number: int, said: str, ballot: Ballot) -> Iterator[str]:
    if ballot.letters and number:
        yield f"letter-{said}"


def _framed(number: int, row: BallotRow) -> Iterator[str]:
    if number in row.framed:
        yield "framed"


def _line(line: Iterable[Span]) -> list[Markup]:
    return [_span(each) for each in line]


def _span(span: Span) -> Markup:
    if span.tone == "strong":
        return element("strong", span.text, class_=span.ink or None)
    if span.tone == "quiet":
        return element("em", span.text)
    return element("span", span.text)
