"""How firm the first place is, held to trying every weight."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milia_cds import Case, assess, load_knowledge
from milia_cds.decision.engine import first_place
from milia_cds.decision.record import Record
from milia_cds.explanation.games import greatest_lead
from milia_cds.explanation.stability import Stability, stability
from milia_cds.testing.archetypes import ARCHETYPES
from tests.property.deciding import ENGINE, UNMINDFUL, complete, typical
from tests.property.worlds import laws

BASE = load_knowledge()
WEIGHTS = {name: each.weight for name, each in BASE.criteria.items()}
PICKED = ARCHETYPES[::4]


def decided(facts: Mapping[str, object], weights: Mapping[str, int]) -> Record:
    stated = [facts[name] for name in ENGINE.names]
    # Values as they are stated.
    return UNMINDFUL.decide(stated, weights=weights)  # type: ignore[arg-type]


@pytest.mark.parametrize("archetype", PICKED, ids=lambda each: each.id)
def test_thresholds_and_new_first_places_are_those_of_trying_every_weight(
    archetype: object,
) -> None:
    # An archetype, by its table.
    facts = complete(typical(archetype))  # type: ignore[arg-type]
    record = decided(facts, WEIGHTS)
    said = stability(UNMINDFUL, record)
    for each in said.thresholds:
        tried = {
            weight: first_place(
                decided(facts, {**WEIGHTS, each.criterion: weight}).ranking
            )
            for weight in range(11)
        }
        here = tried[each.weight]
        assert here == said.first
        down = [w for w in range(each.weight, -1, -1) if tried[w] != here]
        up = [w for w in range(each.weight, 11) if tried[w] != here]
        assert set(each.first_below) == set(tried[down[0]] if down else ())
        assert set(each.first_above) == set(tried[up[0]] if up else ())
        for weight, first in tried.items():
            inside = (each.below is None or weight > Fraction(each.below)) and (
                each.above is None or weight < Fraction(each.above)
            )
            assert not inside or first == here


@pytest.mark.parametrize("archetype", PICKED, ids=lambda each: each.id)
def test_the_weights_given_for_an_option_do_put_it_first(archetype: object) -> None:
    # An archetype, by its table.
    facts = complete(typical(archetype))  # type: ignore[arg-type]
    record = decided(facts, WEIGHTS)
    for each in stability(UNMINDFUL, record).can_be_first:
        if each.weights:
            first = first_place(decided(facts, each.weights).ranking)
            assert each.option in first
            assert not each.alone or same_levels(record, first)


def same_levels(record: Record, options: tuple[str, ...]) -> bool:
    levels = [
        UNMINDFUL.scales[name].least_levels(record.true, record.unknown)
        for name in options
    ]
    return all(each == levels[0] for each in levels)


@pytest.mark.parametrize("archetype", PICKED, ids=lambda each: each.id)
def test_no_single_pair_of_weights_puts_another_option_first(archetype: object) -> None:
    # An archetype, by its table.
    facts = complete(typical(archetype))  # type: ignore[arg-type]
    record = decided(facts, WEIGHTS)
    can = {each.option for each in stability(UNMINDFUL, record).can_be_first}
    nothing = dict.fromkeys(BASE.criteria, 0)
    for one, other in product(BASE.criteria, repeat=2):
        weights = {**nothing, one: 3, other: 2}
        assert set(first_place(decided(facts, weights).ranking)) <= can


def adult() -> Stability:
    return assess(
        Case.from_dict(
            {
                "patient": {"age_years": 34, "phototype": 2, "pregnancy": "none"},
                "lesion": {
                    "origin": "primary",
                    "pattern": "plaque",
                    "site": "periauricular",
                    "count": 30,
                    "diagnosis": "confirmed",
                },
                "goals": {"wants_treatment": True},
                "clinic": {"operator": "dermatologist"},
                "assume_absent": ["findings", "history"],
            }
        ).stating({"cooperative": True})
    ).stability()


def test_it_names_who_could_take_the_place_and_by_which_weight() -> None:
    said = adult()
    assert said.first == ("extraction",)
    assert "observation" in said.rivals
    clearance = next(each for each in said.thresholds if each.criterion == "clearance")
    assert clearance.below is not None
    assert Fraction(clearance.below) < clearance.weight
    assert clearance.above is None
    assert set(clearance.first_below) == {"observation"}  # addendum K2
    assert (
        "extraction stays first unless the weight of clearance, now 8, falls past "
        f"{clearance.below}."
    ) in said.sentences()


def test_where_nothing_is_ranked_nothing_can_be_firm() -> None:
    said = assess(Case.from_dict({"findings": {"growing": True}})).stability()
    assert (said.first, said.rivals, said.thresholds, said.can_be_first) == ((),) * 4
    assert said.sentences() == ("Nothing is ranked, so no weight changes anything.",)


_LEADS = st.integers(1, 4).flatmap(
    lambda width: st.lists(
        st.lists(st.integers(-4, 4), min_size=width, max_size=width),
        min_size=1,
        max_size=4,
    )
)


@laws
@given(_LEADS)
def test_the_greatest_lead_is_reached_and_no_rival_mixture_does_better(
    drawn: list[list[int]],
) -> None:
    leads = [[Fraction(each) for each in row] for row in drawn]
    lead, weights = greatest_lead(leads)
    assert sum(weights) == 1
    assert all(weight >= 0 for weight in weights)
    reached = [
        sum((w * each for w, each in zip(weights, column, strict=True)), Fraction(0))
        for column in zip(*leads, strict=True)
    ]
    assert min(reached) == lead
    # The other player's best mixture holds every criterion down to the same lead.
    turned = [[-each for each in column] for column in zip(*leads, strict=True)]
    loss, _ = greatest_lead(turned)
    assert -loss == lead
