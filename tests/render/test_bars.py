"""The bars: each criterion by its name, as long as its level, with its number."""

from __future__ import annotations

import re

import pytest

from milia_cds import Case, assess, contributions
from milia_cds.explanation.places import Place
from tests.common import adult

ANSWER = assess(adult(phototype=5, weights={"cost": 7, "comfort": 0}))
EVERY = pytest.mark.parametrize("place", ANSWER.ranking, ids=lambda p: p.option)
BARS = re.compile(
    r"<g><title>(?P<said>[^<]*)</title><text[^>]*>(?P<level>\d)</text>"
    r'<rect class="ground"[^>]* width="(?P<full>[\d.]+)"[^>]*/>'
    r'(?:<rect class="bar-a"[^>]* width="(?P<width>[\d.]+)"[^>]*/>)?</g>'
)


def bars() -> list[dict[str, str]]:
    found = BARS.finditer(contributions(ANSWER).svg)
    return [each.groupdict(default="0") for each in found]


@EVERY
def test_the_points_of_a_place_are_those_of_its_contributions(place: Place) -> None:
    assert sum(each.points for each in place.contributions) == place.points
    assert 4 * sum(each.weight for each in place.contributions) == place.of
    assert all(each.points == each.weight * each.level for each in place.contributions)


def test_every_criterion_of_every_option_has_a_bar_of_its_own() -> None:
    said = sorted(each["said"] for each in bars())
    assert said == sorted(
        f"{each.label}: weight {each.weight} x level {each.level} = {each.points}"
        for place in ANSWER.ranking
        for each in place.contributions
    )


def test_a_bar_is_as_long_as_the_number_beside_it() -> None:
    for each in bars():
        level = int(each["level"])
        assert f"x level {level} =" in each["said"]
        share = float(each["width"]) / float(each["full"])
        assert share == pytest.approx(level / 4, abs=0.01)


def test_bars_are_named_by_their_criteria() -> None:
    svg = contributions(ANSWER).svg
    for each in ANSWER.ranking[0].contributions:
        assert f">{each.label} (weight {each.weight})</text>" in svg


@EVERY
def test_the_picture_names_every_option_with_its_points(place: Place) -> None:
    svg = contributions(ANSWER).svg
    words = re.sub(r"</text><text[^>]*>", " ", svg)
    assert f"{place.rank} {place.label} " in words
    assert f">{place.points} of {place.of}</text>" in svg


@EVERY
def test_the_words_name_every_criterion_with_its_points(place: Place) -> None:
    text = contributions(ANSWER).text
    assert f"{place.rank} {place.label}: " in text
    for each in place.contributions:
        line = (
            f"{each.label}: weight {each.weight} x level {each.level} = {each.points}"
        )
        assert line in text


def test_the_weights_of_the_patient_count() -> None:
    weights = {each.criterion: each.weight for each in ANSWER.ranking[0].contributions}
    assert weights["cost"] == 7
    assert weights["comfort"] == 0


def test_without_an_offer_the_picture_says_so() -> None:
    picture = contributions(assess(Case()))
    assert picture.text == "No option is offered."
    assert "No option is offered." in picture.svg
