"""Over all patients: a grid is one page across, a path fits its picture."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pypdfium2

from milia_cds import assess, option_grid, path_picture
from milia_cds.render.markup import Markup, Page
from milia_cds.render.style import PAPER
from tests.browser.test_faces import CUT_OFF, OVERLAPPING_TEXT, WIDE
from tests.common import patients

A4_ACROSS = (842, 595)
"""In points."""
SMALLEST = """() => Math.min(...[...document.querySelectorAll('body *')]
  .filter(each => each.children.length === 0 && each.textContent.trim()
    && each.tagName !== 'STYLE')
  .map(each => parseFloat(getComputedStyle(each).fontSize)))"""
TEN_POINTS = 10 * 96 / 72 - 0.01
"""In pixels."""


def test_a_grid_is_one_page_of_a4_across(browser: Any, folder: Path) -> None:
    tab = browser.new_page()
    long = {}
    for name, case in patients().items():
        tab.set_content(option_grid(assess(case)))
        path = folder / "a_grid.pdf"
        tab.pdf(path=path, format="A4", prefer_css_page_size=True)
        printed = pypdfium2.PdfDocument(path)
        sizes = {tuple(map(round, page.get_size())) for page in printed}
        if len(printed) != 1 or sizes != {A4_ACROSS}:
            long[name] = len(printed), sizes
    tab.close()
    assert long == {}


def test_nothing_on_a_printed_grid_is_smaller_than_10_points(browser: Any) -> None:
    tab = browser.new_page()
    tab.emulate_media(media="print")
    for case in list(patients().values())[::5]:
        tab.set_content(option_grid(assess(case)))
        assert tab.evaluate(SMALLEST) >= TEN_POINTS
    tab.close()


def test_a_grid_fits_a_telephone(browser: Any) -> None:
    tab = browser.new_page(viewport={"width": 400, "height": 800})
    for case in list(patients().values())[::5]:
        tab.set_content(option_grid(assess(case)))
        assert tab.evaluate(WIDE) <= 0
    tab.close()


def test_no_text_of_a_path_leaves_its_box_or_meets_another(browser: Any) -> None:
    tab = browser.new_page(viewport={"width": 1200, "height": 800})
    wrong: dict[str, list[Any]] = {}
    for name, case in patients().items():
        picture = path_picture(assess(case))
        tab.set_content(Page("path", PAPER, Markup(picture.svg)))
        found = [*tab.evaluate(CUT_OFF), *tab.evaluate(OVERLAPPING_TEXT)]
        wrong |= {name: found} if found else {}
    tab.close()
    assert wrong == {}
