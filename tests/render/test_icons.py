"""Icon arrays: only for what the words give, and as many squares as they say."""

from __future__ import annotations

import pytest

from milia_cds import load_knowledge
from milia_cds.render.icons import Frequency, frequency_in, icon_array

SAID = sorted(
    {
        risk.frequency
        for option in load_knowledge().options.values()
        for risk in option.risk
    }
)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("about 8 in 1000 wounds", Frequency(8, 8, 1000, "wounds")),
        ("about 9 in 100,000 people", Frequency(9, 9, 100_000, "people")),
        ("about 4 in 100 peels (18 of 473)", Frequency(4, 4, 100, "peels")),
        ("between 23 and 92 in 100 children", Frequency(23, 92, 100, "children")),
        (
            "at least 10 in 100 people, for each of these",
            Frequency(10, 10, 100, "people"),
        ),
    ],
)
def test_a_natural_frequency_is_read(text: str, read: Frequency) -> None:
    assert frequency_in(text) == read


@pytest.mark.parametrize(
    "text",
    [
        "not known",
        "rare",
        "about 31 in more than 250 000 procedures",
        "about 4 in 1,000 people on the lower usual dose, 4 in 100 on twice as much",
        "about 9 in 8 people",
        "between 5 and 3 in 100 people",
    ],
)
def test_what_is_no_single_frequency_stays_in_words(text: str) -> None:
    assert frequency_in(text) is None


@pytest.mark.parametrize("text", SAID)
def test_the_squares_are_as_many_as_the_words_say(text: str) -> None:
    read = frequency_in(text)
    drawn = icon_array(read) if read else None
    if read is None or drawn is None:
        assert read is None or read.of > 1000
        return
    others, between, hit = (path.count("z") for path in drawn.split("<path")[1:])
    assert (hit, between, others) == (
        read.low,
        read.high - read.low,
        read.of - read.high,
    )


def test_a_picture_of_a_frequency_says_it() -> None:
    assert 'aria-label="3 of 20 people"' in str(
        icon_array(Frequency(3, 3, 20, "people"))
    )
    drawn = str(icon_array(Frequency(3, 5, 20, "people")))
    assert 'aria-label="between 3 and 5 of 20 people"' in drawn


def test_what_would_take_too_many_squares_is_not_drawn() -> None:
    assert icon_array(Frequency(1, 1, 10_000, "people")) is None
    assert icon_array(Frequency(0, 0, 0, "people")) is None
