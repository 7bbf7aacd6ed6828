"""The option grid as tables: every answer of every option, a few options across."""

from __future__ import annotations

import re
from functools import cache
from html import unescape
from pathlib import Path

import pytest

from milia_cds import Case, assess, option_grid
from milia_cds.explanation.grid import Grid
from milia_cds.render.grid import grid_card

FOLDER = Path(__file__).parents[2] / "examples" / "cases"
EXAMPLES = sorted(path.stem for path in FOLDER.glob("*.json"))
EXAMPLE = pytest.mark.parametrize("name", EXAMPLES)


@cache
def grid(name: str) -> Grid:
    case = Case.from_json((FOLDER / f"{name}.json").read_bytes())
    return assess(case).compare()


def tables(html: str) -> list[str]:
    return re.findall(r"<table>.*?</table>", html, re.DOTALL)


def words(html: str) -> str:
    plain = re.sub(r"<style>.*?</style>|<[^>]+>", " ", html, flags=re.DOTALL)
    return " ".join(unescape(plain).split())


@EXAMPLE
def test_every_cell_is_there(name: str) -> None:
    said = words(grid_card(grid(name)))
    for row in grid(name).rows:
        assert not grid(name).columns or row.question in said
        for cell in row.cells:
            assert all(" ".join(text.split()) in said for text in cell)


@EXAMPLE
def test_at_most_four_options_stand_side_by_side(name: str) -> None:
    drawn = tables(grid_card(grid(name)))
    across = [table.count('scope="col"') for table in drawn]
    assert sum(across) == len(grid(name).columns)
    assert all(0 < count <= 4 for count in across)


@EXAMPLE
def test_every_row_of_a_table_is_as_wide_as_its_head(name: str) -> None:
    for table in tables(grid_card(grid(name))):
        columns = table.count('scope="col"')
        for row in re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)[1:]:
            spans = re.findall(r'<td(?: colspan="(\d+)")?>', row)
            assert sum(int(span or 1) for span in spans) == columns
            assert row.count('scope="row"') == 1


@EXAMPLE
def test_withheld_options_are_folded_and_said_to_be_withheld(name: str) -> None:
    html = grid_card(grid(name))
    open_ = re.sub(r"<details>.*</details>", "", html, flags=re.DOTALL)
    for column in grid(name).columns:
        head = f"{column.label[:1].upper()}{column.label[1:]}<br>"
        if column.verdict == "withheld":
            assert head not in open_
    withheld = sum(column.verdict == "withheld" for column in grid(name).columns)
    assert html.count("withheld: something is not known") == withheld


def test_without_an_option_the_grid_says_so() -> None:
    assert "No option is offered or withheld in this case." in words(
        grid_card(grid("red_flag"))
    )


def test_the_page_stands_alone_with_notice_and_digest() -> None:
    case = Case.from_json((FOLDER / "adult_cheek.json").read_bytes())
    page = option_grid(assess(case))
    assert page.startswith("<!doctype html>")
    assert "Draft, not clinically reviewed." in page
    assert assess(case).knowledge.digest in page
