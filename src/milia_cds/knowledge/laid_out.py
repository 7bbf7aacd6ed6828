"""Cross-checks of what is laid out for the eye: the grid."""

from __future__ import annotations

from collections.abc import Iterator

from milia_cds.errors import Problem
from milia_cds.knowledge.consequences import CRITERION, GRID, Home
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.named import known_names, single_names


def laid_out(base: Knowledge) -> Iterator[Problem]:
    """Every problem of the grid and of what stands beside it."""
    criteria, rows = Home(CRITERION, base.criteria), Home(GRID, base.grid)
    for name, asked in base.grid.items():
        path = f"{GRID.format(name)}.criterion"
        given = [asked.criterion] if asked.criterion else []
        yield from known_names(path, "criterion", given, criteria)
    for option in base.options.values():
        for number, cell in enumerate(option.cell):
            path = f"options/{option.id}.toml: cell[{number}].row"
            yield from known_names(path, "question of the grid", [cell.row], rows)
    for number, note in enumerate(base.grid_notes):
        path = f"criteria.toml: grid_note[{number}].options"
        yield from single_names(path, note.options, base)
