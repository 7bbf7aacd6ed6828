"""The thresholds: every turn that was worked out, in words and at its place."""

from __future__ import annotations

import re

import pytest

from milia_cds.explanation.outcome import Stamp
from milia_cds.explanation.stability import Stability, Threshold, Weighting
from milia_cds.render.picture import Picture
from milia_cds.render.thresholds import ThresholdWords, thresholds_picture

STAMP = Stamp(
    version="1",
    digest="sha256:x",
    status="draft",
    reviewed_by=(),
    review_by="2027-01-01",
    notice="draft",
    certainty="",
)
LABELS = {"a": "option a", "b": "option b", "c": "option c"}


def threshold(
    below: str | None = None,
    above: str | None = None,
    first_below: tuple[str, ...] = (),
    first_above: tuple[str, ...] = (),
) -> Threshold:
    return Threshold(
        criterion="cost",
        label="affordability",
        weight=5,
        below=below,
        above=above,
        first_below=first_below,
        first_above=first_above,
    )


def picture(each: Threshold, rivals: tuple[str, ...] = ("b",)) -> Picture:
    way = Weighting(option="b", label="option b", alone=True, weights={"cost": 3})
    said = Stability(
        first=("a",),
        rivals=rivals,
        thresholds=(each,),
        can_be_first=(way,),
        own_values=False,
        knowledge=STAMP,
    )
    return thresholds_picture(ThresholdWords(said, LABELS))


@pytest.mark.parametrize(
    ("each", "line"),
    [
        (threshold(), "affordability (weight 5): never changes"),
        (
            threshold(below="1", first_below=("b",)),
            "affordability (weight 5): below 1, first: option b",
        ),
        (
            threshold("1/2", "19/3", ("b", "c"), ("a", "b", "c")),
            (
                "affordability (weight 5): below 0.5, first: option b and option c; "
                "above about 6.33, first: option a, option b and option c"
            ),
        ),
        (threshold(above="10"), "affordability (weight 5): above 10"),
    ],
)
def test_the_words_say_where_the_first_place_changes(
    each: Threshold, line: str
) -> None:
    assert f"  - {line}\n" in picture(each).text


def test_the_words_say_what_else_can_be_first() -> None:
    assert picture(threshold()).text.splitlines() == [
        "First place: option a. Of the same standing: option b.",
        "  - affordability (weight 5): never changes",
        "  Can be first alone: option b, with affordability 3",
    ]


def test_the_bar_reaches_from_turn_to_turn() -> None:
    svg = picture(threshold("2", "8", ("b",), ("b",))).svg
    scale = re.search(r'class="ground" x="([\d.]+)" y="[\d.]+" width="([\d.]+)"', svg)
    bar = re.search(r'class="bar-a" x="([\d.]+)" y="[\d.]+" width="([\d.]+)"', svg)
    assert scale is not None
    assert bar is not None
    left, width = map(float, scale.groups())
    assert float(bar[1]) == pytest.approx(left + 0.2 * width)
    assert float(bar[2]) == pytest.approx(0.6 * width)
    assert svg.count("turn") == 2 + svg.split("</style>")[0].count("turn")


def test_without_rivals_no_weight_is_drawn() -> None:
    firm = picture(threshold(), rivals=())
    said = (
        "First place: option a. No other option has its standing, so no weight can "
        "change the first place."
    )
    assert firm.text == said
    assert 'class="dot"' not in firm.svg


def test_without_an_offer_there_is_no_first_place() -> None:
    none = Stability(
        first=(),
        rivals=(),
        thresholds=(),
        can_be_first=(),
        own_values=False,
        knowledge=STAMP,
    )
    said = "No option is offered, so there is no first place."
    assert thresholds_picture(ThresholdWords(none, {})).text == said
