"""An option grid as a sheet: what concerns all above, the table, then the rest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from milia_cds.explanation.bands import Band
from milia_cds.explanation.grid import Grid, GridColumn
from milia_cds.explanation.outcome import AlertSaid
from milia_cds.knowledge.wording import capital
from milia_cds.render.blocks import (
    AlertBand,
    Banner,
    Block,
    Choices,
    Column,
    Comparison,
    Note,
    Paragraph,
    Part,
    Sheet,
    Span,
)
from milia_cds.render.phrases import rests_on, spaced

_ACROSS = 4
"""So many columns of the whole table go beside one another."""
_NAMED = 4


def grid_sheet(grid: Grid) -> Sheet:
    """An option grid.

    Parameters
    ----------
    grid
        The grid; without a column the sheet says that no option is possible.
    """
    return _GridWords(grid).sheet()


def plain_bands(alerts: Iterable[AlertSaid]) -> Iterator[AlertBand]:
    """The alerts as the patient reads them, each in a band of its own.

    What several would only ask for in the same words is asked once.
    """
    told: dict[tuple[str, str], Band] = {}
    for each in alerts:
        danger = Band((each,))
        told.setdefault((danger.mark, each.plain), danger)
    for danger in told.values():
        yield AlertBand(danger.mark, danger.first.plain, certain=danger.certain)


class _GridWords:
    def __init__(self, grid: Grid) -> None:
        self.grid = grid

    def sheet(self) -> Sheet:
        stamp = self.grid.knowledge
        about = f"Knowledge {stamp.version}, {stamp.status}, review by "
        return Sheet(
            self.title(),
            Banner(stamp.notice, "To be gone through with your clinician."),
            tuple(self.blocks()),
            (f"{about}{stamp.review_by}", *rests_on(stamp)),
            bands=tuple(plain_bands(self.grid.alerts)),
        )

    def title(self) -> str:
        about = self.grid.situation
        if not self.grid.columns:
            return about or "Your choices"
        return f"{about}: your choices side by side" if about else "Your choices"

    def blocks(self) -> Iterator[Block]:
        if self.grid.columns:
            yield Note("What if I wait?", " ".join(self.grid.wait))
        for each in self.grid.notes:
            yield Paragraph(Span(each, "strong"))
        if self.grid.withheld:
            yield Note("May become possible once we know more:", self.open())
        yield from self.tables()
        if self.grid.columns and self.grid.matters:
            yield Choices("What matters most to me", self.grid.matters, "My questions")
        said = " ".join(self.said())
        if said:
            yield Paragraph(Span(said, "quiet"))

    # -- tables --

    def tables(self) -> Iterator[Block]:
        if not self.grid.columns:
            yield Paragraph("No choice is open yet." if self.grid.withheld else _NONE)
        elif not self.grid.whole:
            yield self.table(range(len(self.grid.columns)))
        else:
            yield from self.every()

    def every(self) -> Iterator[Block]:
        """All columns, a few at a time; what is rarely needed or withheld is folded."""
        kinds: dict[str, list[int]] = {"": [], "Rarely needed": [], "Withheld": []}
        for place, column in enumerate(self.grid.columns):
            kinds[_kind(column, place)].append(place)
        for kind, places in kinds.items():
            for start in range(0, len(places), _ACROSS):
                table = self.table(places[start : start + _ACROSS])
                names = ", ".join(each.label for each in table.columns)
                yield Part(f"{kind}: {names}", (table,)) if kind else table

    def table(self, places: Iterable[int]) -> Comparison:
        places = tuple(places)
        columns = [self.column(self.grid.columns[place]) for place in places]
        names = ", ".join(each.label for each in columns)
        rows = [
            (row.question, tuple(row.cells[place] for place in places))
            for row in self.grid.rows
        ]
        return Comparison(f"Side by side: {names}", columns, rows)

    def column(self, column: GridColumn) -> Column:
        said = [column.name] if column.name else []
        if column.verdict == "withheld":
            said.append("withheld: something is not known")
        elif self.grid.whole:
            said.append(spaced(column.standing))
        return Column(capital(column.label), ", ".join(said))

    # -- what is said once --

    def open(self) -> str:
        """The first few options that are withheld, and how many more there are."""
        names = self.grid.withheld
        more = len(names) - _NAMED
        several = names if more <= 1 else (*names[:_NAMED], f"and {more} more")
        return f"{'; '.join(several)}."

    def said(self) -> Iterator[str]:
        if self.grid.columns and not self.grid.counted:
            yield "Nobody has counted how often these happen."
        left = len(self.grid.left_out)
        if left:
            them = "it" if left == 1 else "them"
            yield f"Not shown: {left} other{'s' * (left > 1)} (ask us about {them})."


_NONE = "Nothing is open to compare: no option is offered or withheld."


def _kind(column: GridColumn, place: int) -> str:
    if column.verdict == "withheld":
        return "Withheld"
    return "Rarely needed" if column.standing == "limited" and place else ""
