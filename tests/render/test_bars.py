"""The bars: every point of the record, in words and at its length."""

from __future__ import annotations

import re

import pytest

from milia_cds import Case, assess, contributions
from milia_cds.explanation.outcome import Place
from milia_cds.render.bars import bar, letter
from tests.common import adult

ANSWER = assess(adult(phototype=5, weights={"cost": 7, "comfort": 0}))
EVERY = pytest.mark.parametrize("place", ANSWER.ranking, ids=lambda p: p.option)


@EVERY
def test_the_points_of_a_place_are_those_of_its_contributions(place: Place) -> None:
    assert sum(each.points for each in place.contributions) == place.points
    assert 4 * sum(each.weight for each in place.contributions) == place.of
    assert all(each.points == each.weight * each.level for each in place.contributions)


@EVERY
def test_a_bar_is_as_long_as_its_points(place: Place) -> None:
    widths = re.findall(r'class="bar-[ab]"[^>]* width="([\d.]+)%"', bar(place))
    shown = [each for each in place.contributions if each.points]
    assert len(widths) == len(shown)
    assert sum(map(float, widths)) == pytest.approx(
        100 * place.points / place.of, abs=0.1
    )


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


def test_there_are_letters_for_any_number_of_criteria() -> None:
    assert [letter(at) for at in (0, 25, 26, 27)] == ["A", "Z", "A1", "B1"]


def test_without_an_offer_the_picture_says_so() -> None:
    picture = contributions(assess(Case()))
    assert picture.text == "No option is offered."
    assert "No option is offered." in picture.svg
