"""Points and order, on options made by hand."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations
from typing import Literal, TypeAlias

import attrs
import pytest

from milia_cds.assessment.base import load_knowledge
from milia_cds.decision.ranking import RankedOption, Scales, Score, rank, score
from milia_cds.decision.verdicts import Verdict
from milia_cds.knowledge.options import (
    STANDINGS,
    CriterionLevel,
    Modifier,
    Option,
    Standing,
)
from milia_cds.logic.conditions import Atom, Condition, Yes

Truth: TypeAlias = Literal["true", "unknown", "false"]
Modified: TypeAlias = tuple[Truth, int]
"""A modifier: whether its condition holds, and its level."""


def option(*levels: tuple[str, int, Sequence[int]], invasiveness: int = 0) -> Option:
    """Make an option of levels: criterion, base, and the levels of its modifiers."""
    return attrs.evolve(
        load_knowledge().options["extraction"],
        id="massage",
        invasiveness=invasiveness,
        level=tuple(
            CriterionLevel(
                criterion=criterion,
                base=base,
                modifier=tuple(
                    Modifier(when="a", level=each, condition=asked(criterion, place))
                    for place, each in enumerate(modifiers)
                ),
            )
            for criterion, base, modifiers in levels
        ),
    )


def asked(criterion: str, place: int) -> Condition:
    """The condition of a modifier, by its place."""
    return Atom(f"{criterion}_{place}", Yes())


def points(base: int, modifiers: Sequence[Modified], weight: int) -> int:
    """The least points of one criterion, `cost`."""
    bits = {asked("cost", place): 1 << place for place in range(len(modifiers))}
    made = option(("cost", base, [level for _, level in modifiers]))
    pairs = list(zip(bits.values(), modifiers, strict=True))
    return Scales.of(made, bits).points(
        {"cost": weight},
        sum(bit for bit, (truth, _) in pairs if truth == "true"),
        sum(bit for bit, (truth, _) in pairs if truth == "unknown"),
    )


@pytest.mark.parametrize(
    ("modifiers", "least"),
    [
        # Without a modifier, or with a false one, the base.
        ([], 2),
        ([("false", 4)], 2),
        ([("false", 4), ("false", 0)], 2),
        # The first that is true.
        ([("true", 4)], 4),
        ([("true", 0)], 0),
        ([("true", 3), ("true", 1)], 3),
        ([("false", 3), ("true", 1)], 1),
        # What is unknown may be the first: all of them, or what stands behind them.
        ([("unknown", 4)], 2),
        ([("unknown", 0)], 0),
        ([("unknown", 2)], 2),
        ([("unknown", 0), ("unknown", 4)], 0),
        ([("unknown", 3), ("unknown", 4)], 2),
        # Behind a true one nothing counts, and the base does not.
        ([("unknown", 4), ("true", 3)], 3),
        ([("unknown", 1), ("true", 3), ("unknown", 0)], 1),
        ([("true", 3), ("unknown", 0)], 3),
    ],
)
def test_the_first_true_modifier_gives_the_level(
    modifiers: list[Modified], least: int
) -> None:
    assert points(2, modifiers, weight=1) == least
    assert points(2, modifiers, weight=7) == 7 * least
    assert points(2, modifiers, weight=0) == 0


def test_points_are_the_sum_of_weight_times_level() -> None:
    made = option(("cost", 1, []), ("speed", 4, [0]), ("comfort", 3, [2]))
    bits = {asked("speed", 0): 1, asked("comfort", 0): 2}
    weights = {"cost": 5, "speed": 2, "comfort": 10, "visits": 9}
    scales = Scales.of(made, bits)
    assert scales.points(weights, 0, 0) == 5 + 8 + 30
    assert scales.points(weights, 1, 0) == 5 + 0 + 30
    assert scales.points(weights, 1, 2) == 5 + 0 + 20
    assert scales.points(weights, 0, 3) == 5 + 0 + 20


# -- order --------------------------------------------------------------------

Offered: TypeAlias = tuple[Verdict, Score, int]


def offered(
    name: str,
    standing: Standing = "first_line",
    points: int = 5,
    invasiveness: int = 0,
    *,
    own: bool = False,
) -> Offered:
    worst = STANDINGS.index(standing)
    judged = Verdict(name, "offered", worst, worst)
    return judged, score(worst, points, own=own), invasiveness


def order(*items: Offered) -> list[str]:
    return [place.option for place in rank(items, 100)]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        # The standing comes before the points.
        (offered("b", "first_line", 0), offered("a", "reasonable", 100)),
        (offered("b", "reasonable", 0), offered("a", "limited", 100)),
        # The points come before invasiveness.
        (offered("b", points=6, invasiveness=9), offered("a", points=5)),
        # The gentler comes before the name.
        (offered("b", invasiveness=1), offered("a", invasiveness=2)),
        # The name comes last.
        (offered("a"), offered("b")),
    ],
    ids=["standing", "standing_below", "points", "invasiveness", "name"],
)
def test_options_are_ordered_by_one_thing_after_the_other(
    first: Offered, second: Offered
) -> None:
    names = [first[0].option, second[0].option]
    assert order(first, second) == names
    assert order(second, first) == names


def test_the_best_standing_does_not_matter_for_the_order() -> None:
    worst = STANDINGS.index("limited")
    hopeful = Verdict("b", "offered", worst, 3), score(worst, 5, own=False), 0
    assert order(hopeful, offered("a", "limited")) == ["a", "b"]


MIXED = (
    offered("a", "first_line", 7),
    offered("b", "first_line", 7, invasiveness=3),
    offered("c", "first_line", 6),
    offered("d", "reasonable", 9),
    offered("e", "limited", 7),
    offered("f", "limited", 7),
)


def test_equal_standing_and_points_share_a_rank() -> None:
    ranked = [(place.option, place.rank, place.tied) for place in rank(MIXED, 100)]
    assert ranked == [
        ("a", 1, True),
        ("b", 1, True),
        ("c", 3, False),
        ("d", 4, False),
        ("e", 5, True),
        ("f", 5, True),
    ]


@pytest.mark.parametrize(
    ("items", "ranks"),
    [
        ([], []),
        ([offered("a")], [1]),
        ([offered("a"), offered("b"), offered("c")], [1, 1, 1]),
        ([offered("a"), offered("b", points=4), offered("c", points=4)], [1, 2, 2]),
        # Equal points in another standing are no tie.
        ([offered("a"), offered("b", "reasonable")], [1, 2]),
    ],
    ids=["none", "one", "all_tied", "tied_below", "other_standing"],
)
def test_ranks_count_from_one(items: list[Offered], ranks: list[int]) -> None:
    placed = rank(items, 100)
    assert [place.rank for place in placed] == ranks
    tied = [ranks.count(each) > 1 for each in ranks]
    assert [place.tied for place in placed] == tied


def test_the_order_of_giving_does_not_matter() -> None:
    expected = rank(MIXED, 100)
    assert {rank(items, 100) for items in permutations(MIXED)} == {expected}


@pytest.mark.parametrize("removed", range(len(MIXED)))
def test_removing_an_option_reorders_nothing(removed: int) -> None:
    rest = MIXED[:removed] + MIXED[removed + 1 :]
    gone = MIXED[removed][0].option
    assert order(*rest) == [name for name in order(*MIXED) if name != gone]


def test_a_place_keeps_standing_points_and_what_they_are_out_of() -> None:
    judged = Verdict("extraction", "offered", 1, 3)
    assert rank([(judged, score(1, 42, own=False), 4)], 116) == (
        RankedOption(
            rank=1, tied=False, option="extraction", worst=1, best=3, points=42, of=116
        ),
    )


# -- by the patient's own values (addendum K6) --------------------------------


def own(
    name: str, standing: Standing = "first_line", points: int = 5, invasiveness: int = 0
) -> Offered:
    return offered(name, standing, points, invasiveness, own=True)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        # The points come before the standing, between what is acceptable.
        (own("b", "reasonable", 6), own("a", "first_line", 5)),
        (own("b", "first_line", 6), own("a", "reasonable", 5)),
        # What is limited stays behind, whatever its points.
        (own("b", "reasonable", 0), own("a", "limited", 100)),
        # Equal points: the better standing, then the gentler, then the name.
        (own("b", "first_line"), own("a", "reasonable")),
        (own("b", invasiveness=1), own("a", invasiveness=2)),
        (own("a"), own("b")),
    ],
    ids=["points", "points_too", "band", "standing", "invasiveness", "name"],
)
def test_the_patients_own_values_order_what_is_acceptable(
    first: Offered, second: Offered
) -> None:
    names = [first[0].option, second[0].option]
    assert order(first, second) == names
    assert order(second, first) == names


OWN = (
    own("a", "reasonable", 9),
    own("b", "first_line", 8),
    own("c", "reasonable", 8),
    own("d", "reasonable", 8, invasiveness=2),
    own("e", "limited", 99),
)


def test_in_the_own_order_a_tie_is_equal_in_band_points_and_standing() -> None:
    ranked = [(place.option, place.rank, place.tied) for place in rank(OWN, 100)]
    assert ranked == [
        ("a", 1, False),
        ("b", 2, False),
        ("c", 3, True),
        ("d", 3, True),
        ("e", 5, False),
    ]


@pytest.mark.parametrize("removed", range(len(OWN)))
def test_removing_an_option_reorders_nothing_in_the_own_order(removed: int) -> None:
    rest = OWN[:removed] + OWN[removed + 1 :]
    gone = OWN[removed][0].option
    assert order(*rest) == [name for name in order(*OWN) if name != gone]


def test_a_place_keeps_its_points_in_the_own_order() -> None:
    assert [place.points for place in rank(OWN, 100)] == [9, 8, 8, 8, 99]
