"""Cross-checks of what is laid out for the eye: the grid, and the figure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from milia_cds.errors import Problem, quoted
from milia_cds.knowledge.consequences import (
    CRITERION,
    FACT,
    GRID,
    OUTLINE,
    Dependent,
    Home,
)
from milia_cds.knowledge.figure import Mark, Outline
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.named import known_names, members_of, needless, single_names
from milia_cds.logic.facts import Choice

_PATH = re.compile(r"[Mm][MLHVCSQTAZmlhvcsqtaz0-9 .-]*")
"""A path as SVG writes it: letters of commands, numbers and spaces."""
_PAIR = 2


def laid_out(base: Knowledge) -> Iterator[Problem]:
    """Every problem of the grid and of the figure."""
    yield from _grid(base)
    yield from _figure(base)


def _grid(base: Knowledge) -> Iterator[Problem]:
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


def _figure(base: Knowledge) -> Iterator[Problem]:
    if not (base.figure_of or base.outlines or base.marks):
        return
    kind = base.vocabulary.kinds.get(base.figure_of)
    facts = Home(FACT, base.vocabulary.kinds)
    yield from known_names("figure.toml: fact", "fact", [base.figure_of], facts)
    if kind is not None and not isinstance(kind, Choice):
        message = f"{quoted(base.figure_of)} is no choice"
        yield Problem("figure.toml: fact", message, "name a choice")
    if isinstance(kind, Choice):
        members = members_of(base.figure_of, kind)
        yield from known_names("figure.toml: mark", "member", base.marks, members)
    for name, outline in base.outlines.items():
        yield from _outline(OUTLINE.format(name), outline)
    for name, mark in base.marks.items():
        yield from _mark(f"figure.toml: mark.{name}", mark, base)
    used = dict.fromkeys(each.outline for each in base.marks.values())
    for name in needless(base.outlines, used):
        mend = "mark something on it, or remove it"
        path, message = OUTLINE.format(name), "nothing is marked on it"
        yield Dependent(path, message, mend, among="figure.toml: mark")


def _outline(path: str, outline: Outline) -> Iterator[Problem]:
    for key, size in (("width", outline.width), ("height", outline.height)):
        if size <= 0:
            message = f"{size:g} is out of bounds"
            yield Problem(f"{path}.{key}", message, "give a number above 0")
    for number, line in enumerate(outline.lines):
        if not _PATH.fullmatch(line):
            message = "it is no path"
            mend = "write commands and numbers, such as M10 10L20 20"
            yield Problem(f"{path}.lines[{number}]", message, mend)


def _mark(path: str, mark: Mark, base: Knowledge) -> Iterator[Problem]:
    outlines = Home(OUTLINE, base.outlines)
    yield from known_names(f"{path}.outline", "outline", [mark.outline], outlines)
    if not mark.at:
        mend = "give at least one point, such as [[10, 20]]"
        yield Problem(f"{path}.at", "it is marked nowhere", mend)
    if mark.size <= 0:
        message = f"{mark.size:g} is out of bounds"
        yield Problem(f"{path}.size", message, "give a number above 0")
    outline = base.outlines.get(mark.outline)
    for number, point in enumerate(mark.at):
        if outline is not None and not _within(point, outline):
            message = f"{[*point]} is no point of the outline"
            mend = f"give two numbers, up to {outline.width:g} and {outline.height:g}"
            yield Problem(f"{path}.at[{number}]", message, mend)


def _within(point: tuple[float, ...], outline: Outline) -> bool:
    if len(point) != _PAIR:
        return False
    x, y = point
    return 0 <= x <= outline.width and 0 <= y <= outline.height
