"""An option grid as tables: questions down the side, a few options across each.

Four options go beside one another; more would not be read on paper. Those that are
rarely needed, or withheld, come in tables of their own.
"""

from __future__ import annotations

from collections.abc import Iterator

from milia_cds.explanation.grid import Grid, GridColumn
from milia_cds.render.markup import Markup, element, fold, joined
from milia_cds.render.parts import card, footer, notice, plain_alerts, tag, title
from milia_cds.render.phrases import capital, rests_on, spaced

_ACROSS = 4
_INKS = {"first_line": "good", "reasonable": "good"}


def grid_card(grid: Grid) -> Markup:
    """An option grid as a card.

    Parameters
    ----------
    grid
        The grid; without a column the card says that no option is possible.
    """
    stamp = grid.knowledge
    groups = list(_groups(grid))
    first = [_table(grid, group) for heading, group in groups if not heading]
    none = None
    if not grid.columns:
        none = element("p", "No option is offered or withheld in this case.")
    return card(
        f"Options side by side ({stamp.notice})",
        notice(stamp.notice, "Talk it through with your clinician."),
        plain_alerts(grid.alerts),
        title("Options side by side"),
        none,
        first,
        [fold(heading, _table(grid, group)) for heading, group in groups if heading],
        footer(f"Knowledge {stamp.version}, {stamp.status}", *rests_on(stamp)),
    )


def _groups(grid: Grid) -> Iterator[tuple[str, list[int]]]:
    """The columns by places, a few at a time; a heading folds them away."""
    kinds: dict[str, list[int]] = {"": [], "Rarely needed": [], "Withheld": []}
    for place, column in enumerate(grid.columns):
        kinds[_kind(column, place)].append(place)
    for kind, places in kinds.items():
        for start in range(0, len(places), _ACROSS):
            group = places[start : start + _ACROSS]
            labels = ", ".join(grid.columns[place].label for place in group)
            yield (f"{kind}: {labels}" if kind else ""), group


def _kind(column: GridColumn, place: int) -> str:
    if column.verdict == "withheld":
        return "Withheld"
    return "Rarely needed" if column.standing == "limited" and place else ""


def _table(grid: Grid, places: list[int]) -> Markup:
    labels = ", ".join(grid.columns[place].label for place in places)
    head = element(
        "tr",
        element("td"),
        [element("th", _heading(grid.columns[p]), scope="col") for p in places],
    )
    rows = [
        element(
            "tr",
            element("th", row.question, scope="row"),
            _cells([row.cells[place] for place in places]),
        )
        for row in grid.rows
    ]
    table = element("table", element("thead", head), element("tbody", rows))
    return element(
        "div",
        table,
        class_="wide side",
        tabindex="0",
        role="region",
        aria_label=f"Side by side: {labels}",
    )


def _heading(column: GridColumn) -> Markup:
    withheld = column.verdict == "withheld"
    said = "withheld: something is not known" if withheld else spaced(column.standing)
    ink = "open" if withheld else _INKS.get(column.standing, "quiet")
    label = capital(column.label)
    return joined(label, element("br"), tag(said, ink))


def _cells(cells: list[tuple[str, ...]]) -> list[Markup]:
    """The cells of a row; one across all where they say the same."""
    across = len(cells)
    shown = cells[:1] if len(set(cells)) == 1 else cells
    return [
        element(
            "td",
            [element("p", text) for text in texts],
            colspan=str(across) if len(shown) < across else None,
        )
        for texts in shown
    ]
