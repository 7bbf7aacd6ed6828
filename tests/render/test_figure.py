"""The small outline on which the place of a case is marked."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from milia_cds import Assessment, Case, assess, load_knowledge, site_picture
from milia_cds.render.figure import site_figure
from milia_cds.render.picture import Picture
from tests.common import adult

BASE = load_knowledge()
MARKED = sorted(BASE.marks)
SVG = "{http://www.w3.org/2000/svg}"


def picture(site: str) -> Picture:
    made = site_figure(site, BASE)
    assert made is not None
    return made


@pytest.mark.parametrize("site", MARKED)
def test_a_site_is_ringed_where_it_lies(site: str) -> None:
    root = ET.fromstring(picture(site).svg)  # noqa: S314 - our own
    rings = [
        (float(each.get("cx", "")), float(each.get("cy", "")))
        for each in root.iter(f"{SVG}circle")
    ]
    assert rings == [(x, y) for x, y in BASE.marks[site].at]
    left, top, width, height = map(float, root.get("viewBox", "").split())
    size = BASE.marks[site].size
    for x, y in rings:
        assert left <= x - size
        assert x + size <= width
        assert top <= y - size
        assert y + size <= height


@pytest.mark.parametrize("site", MARKED)
def test_a_picture_says_in_words_what_it_shows(site: str) -> None:
    made = picture(site)
    root = ET.fromstring(made.svg)  # noqa: S314 - our own
    name = BASE.facts["lesion.site"].members[site].partition(" (")[0]
    assert made.text.lower().startswith(name.lower())
    assert BASE.marks[site].aside in made.text
    assert root.get("role") == "img"
    assert root.get("aria-label") == root.findtext(f"{SVG}title") == made.text
    assert root.find(f".//{SVG}text") is None


def test_what_is_marked_on_both_sides_says_that_the_side_is_not_known() -> None:
    for each in BASE.marks.values():
        assert each.aside or len(each.at) == 1


def test_every_site_of_the_face_is_marked_and_intimate_sites_are_not() -> None:
    face = {*BASE.sets["face_sites"].members, *BASE.sets["periocular_sites"].members}
    assert face <= BASE.marks.keys()
    assert BASE.marks.keys().isdisjoint(BASE.sets["intimate_sites"].members)


def test_a_site_without_a_mark_has_no_picture() -> None:
    assert site_figure("genital", BASE) is None
    assert site_picture(adult(site="genital")) is None


def test_case_answer_and_stored_answer_have_one_picture() -> None:
    answer = assess(adult())
    stored = Assessment.from_json(answer.to_json())
    assert site_picture(adult()) == site_picture(answer) == picture("cheek")
    assert site_picture(stored) == picture("cheek")


def test_no_picture_is_made_where_the_site_is_not_known() -> None:
    assert site_picture(Case()) is None
    assert site_picture(assess(Case())) is None
