"""The laws of deciding, on cases near real patients and on hostile ones."""

import random
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import combinations_with_replacement, pairwise
from typing import Any, TypeVar

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from milia_cds import Case
from milia_cds.decision.engine import Engine, first_place
from milia_cds.decision.record import Record
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.promises import Guarantee
from milia_cds.knowledge.scenarios import Decision
from milia_cds.logic.conditions import facts_in, truth
from milia_cds.logic.facts import Value
from milia_cds.testing.archetypes import ARCHETYPES, Archetype
from milia_cds.testing.strategies import Axis, axes, words
from tests.common import THOROUGH
from tests.property.deciding import (
    BASE,
    CASES,
    ENGINE,
    PROFILE,
    UNMINDFUL,
    Facts,
    complete,
    completed,
    decided,
    disposition,
    law,
    left,
    redecided,
    slow_law,
    typical,
    with_verdict,
)

V = TypeVar("V")

LOPSIDED: tuple[Mapping[str, int], ...] = tuple(
    {**dict.fromkeys(BASE.criteria, 0), one: 1, other: 1}
    for one, other in combinations_with_replacement(BASE.criteria, 2)
)
"""Weights by which one criterion alone counts, or two: ties are common then."""

AXES = {axis.fact: axis for axis in axes(BASE)}
ABSENT = {name: axis.absent for name, axis in AXES.items()}

# -- what the unknown may turn out to be -----------------------------------------------


@law
def test_offered_is_offered_in_every_completion(data: st.DataObject, kind: str) -> None:
    case = data.draw(CASES[kind])
    offered = with_verdict(decided(case), "offered")
    for completion in completed(data, case):
        assert offered <= with_verdict(completion, "offered")


@law
def test_excluded_is_excluded_in_every_completion(
    data: st.DataObject, kind: str
) -> None:
    case = data.draw(CASES[kind])
    excluded = with_verdict(decided(case), "excluded")
    for completion in completed(data, case):
        assert excluded <= with_verdict(completion, "excluded")


@law
def test_not_indicated_is_never_indicated_in_a_completion(
    data: st.DataObject, kind: str
) -> None:
    case = data.draw(CASES[kind])
    not_indicated = with_verdict(decided(case), "not_indicated")
    for completion in completed(data, case):
        assert not_indicated <= with_verdict(completion, "not_indicated", "excluded")


@law
def test_unavailable_is_never_available_in_a_completion(
    data: st.DataObject, kind: str
) -> None:
    case = data.draw(CASES[kind])
    unavailable = with_verdict(decided(case), "unavailable")
    for completion in completed(data, case):
        assert unavailable <= with_verdict(completion, "unavailable", "excluded")


@law
def test_the_standings_enclose_that_of_every_completion(
    data: st.DataObject, kind: str
) -> None:
    case = data.draw(CASES[kind])
    here = decided(case).verdicts
    for completion in completed(data, case):
        for option, there in completion.verdicts.items():
            assert here[option].worst <= there.worst == there.best
            assert there.best <= here[option].best


@law
def test_the_verdict_on_a_measure_stands_in_every_completion(
    data: st.DataObject, kind: str
) -> None:
    case = data.draw(CASES[kind])
    here = decided(case).measures
    for completion in completed(data, case):
        for measure, each in here.items():
            if each.verdict != "withheld":
                assert completion.measures[measure].verdict == each.verdict


@law
def test_a_completion_ends_in_one_of_the_possible_scenarios(
    data: st.DataObject, kind: str
) -> None:
    case = data.draw(CASES[kind])
    possible = decided(case).walk.scenarios
    for completion in completed(data, case):
        (scenario,) = completion.walk.scenarios
        assert scenario in possible


@law
def test_a_determinate_result_is_that_of_every_completion(
    data: st.DataObject, kind: str
) -> None:
    case = data.draw(CASES[kind])
    here = decided(case)
    if left(here).agree_with(here):
        for completion in completed(data, case):
            assert disposition(completion) == disposition(here)
            assert first_place(completion.ranking) == first_place(here.ranking)


@law
def test_a_complete_case_is_determinate(data: st.DataObject, kind: str) -> None:
    case = data.draw(CASES[kind])
    for completion in completed(data, case):
        assert left(completion).agree_with(completion)
        assert set(left(completion).possible_first) == set(
            first_place(completion.ranking)
        )


@pytest.mark.parametrize("archetype", ARCHETYPES, ids=lambda each: each.id)
def test_a_complete_case_is_determinate_also_where_equals_share_the_first_place(
    archetype: Archetype,
) -> None:
    facts = complete(typical(archetype))
    for weights in LOPSIDED:
        record = weighed(facts, weights)
        assert left(record).agree_with(record)
        assert set(left(record).possible_first) == set(first_place(record.ranking))


def weighed(facts: Facts, weights: Mapping[str, int] | None) -> Record:
    return UNMINDFUL.decide([facts[name] for name in ENGINE.names], weights=weights)


@law
def test_what_may_come_first_holds_the_first_place_of_every_completion(
    data: st.DataObject, kind: str
) -> None:
    case = data.draw(CASES[kind])
    possible = left(decided(case)).possible_first
    for completion in completed(data, case):
        assert set(first_place(completion.ranking)) <= set(possible)


@law
def test_the_points_are_the_least_of_every_completion(
    data: st.DataObject, kind: str
) -> None:
    case = data.draw(CASES[kind])
    here = {place.option: place for place in decided(case).ranking}
    for completion in completed(data, case):
        there = {place.option: place for place in completion.ranking}
        for option, place in here.items():
            assert place.points <= there[option].points
            assert place.of == there[option].of


@pytest.mark.parametrize("archetype", ARCHETYPES, ids=lambda each: each.id)
def test_whatever_one_unknown_fact_turns_out_to_be_every_law_holds(
    archetype: Archetype,
) -> None:
    facts = complete(typical(archetype))
    turn = ARCHETYPES.index(archetype) % EVERY
    axes = [*AXES.values()]
    for axis in axes if THOROUGH else axes[turn::EVERY]:
        for weights in (None, *(LOPSIDED if axis.fact in WEIGHED else ())):
            here = weighed({**facts, axis.fact: None}, weights)
            mine = left(here)
            possible, certain = set(mine.possible_first), mine.agree_with(here)
            for value in one_of_each_cell(axis):
                there = weighed({**facts, axis.fact: value}, weights)
                check_laws(here, there)
                assert set(first_place(there.ranking)) <= possible
                if certain:
                    assert disposition(there) == disposition(here)
                    assert first_place(there.ranking) == first_place(here.ranking)


EVERY = 8
"""One fact in so many is tried near each patient, another one near the next."""

WEIGHED = {
    name
    for option in BASE.options.values()
    for level in option.level
    for modifier in level.modifier
    for name in facts_in(modifier.condition)
}
"""The facts that points depend on."""


def one_of_each_cell(axis: Axis) -> list[Value]:
    sets = [frozenset[str](), *(frozenset([member]) for member in axis.members)]
    return [cell[0] for cell in axis.cells] or [*sets]


def check_laws(here: Record, there: Record) -> None:
    """Check what a decision promises of another, on a case that knows more."""
    offered = with_verdict(here, "offered")
    assert offered <= with_verdict(there, "offered")
    assert with_verdict(here, "excluded") <= with_verdict(there, "excluded")
    never = with_verdict(there, "excluded", "not_indicated")
    assert with_verdict(here, "not_indicated") <= never
    points = {place.option: place.points for place in there.ranking}
    assert all(place.points <= points[place.option] for place in here.ranking)
    for option, each in here.verdicts.items():
        assert each.worst <= there.verdicts[option].worst
        assert each.best >= there.verdicts[option].best


# -- forgetting ------------------------------------------------------------------------


@law
def test_forgetting_never_leads_to_offered_nor_to_a_better_standing(
    data: st.DataObject, kind: str
) -> None:
    case = data.draw(CASES[kind])
    facts = decided(case).facts
    known = [name for name, value in facts.items() if value is not None]
    lost = data.draw(st.lists(st.sampled_from(known), max_size=4)) if known else []
    before = redecided(facts, case)
    after = redecided({**facts, **dict.fromkeys(lost)}, case)
    assert with_verdict(after, "offered") <= with_verdict(before, "offered")
    for option, each in after.verdicts.items():
        assert each.worst <= before.verdicts[option].worst
        assert each.best >= before.verdicts[option].best
    for measure, each in after.measures.items():
        if each.verdict == "offered":
            assert before.measures[measure].verdict == "offered"


# -- red flags -------------------------------------------------------------------------

RED_FLAG = BASE.terms["red_flag"].condition
SIGNS = [name for name in facts_in(RED_FLAG) if name.startswith("findings.")]
SURE_SIGN = "findings.infected"


def flagged(data: st.DataObject, kind: str, *, sign: bool | None) -> Facts:
    """Draw facts with some sign of a red flag, or with one that is not known."""
    facts = dict(decided(data.draw(CASES[kind])).facts)
    if sign is None:
        facts |= dict.fromkeys(SIGNS, False)
    facts[data.draw(st.sampled_from(SIGNS))] = sign
    # Some signs count only beside other facts; infection always does.
    return facts if truth(RED_FLAG, facts) is sign else {**facts, SURE_SIGN: sign}


@law
def test_under_a_red_flag_nothing_is_ranked_and_the_patient_is_referred(
    data: st.DataObject, kind: str
) -> None:
    record = redecided(flagged(data, kind, sign=True), Case())
    assert not record.ranking
    assert with_verdict(record, "not_indicated", "excluded") == set(BASE.options)
    assert record.disposition.action == "refer"


@law
def test_while_a_red_flag_is_unknown_nothing_is_offered_nor_treated_nor_observed(
    data: st.DataObject, kind: str
) -> None:
    record = redecided(flagged(data, kind, sign=None), Case())
    assert not record.ranking
    assert record.disposition.action not in {"treat", "observe"}


# -- order -----------------------------------------------------------------------------


@law
def test_the_order_of_rules_in_the_files_changes_nothing(
    data: st.DataObject, kind: str
) -> None:
    case = data.draw(CASES[kind])
    other = shuffled(data.draw(st.integers(1, 8)))
    assert result(decided(case, other)) == result(decided(case))


def result(record: Record) -> dict[str, Any]:
    """What a decision says, where order is no part of it without it."""
    return {
        "scenarios": set(record.walk.scenarios),
        "judged": dict(record.verdicts),
        "measures": dict(record.measures),
        "ranking": record.ranking,
        "disposition": disposition(record),
        "warnings": set(record.warnings),
        "facts": dict(record.facts),
        "assumed": set(record.assumed),
    }


@cache
def shuffled(seed: int) -> Engine:
    """An engine whose rules stand in another order, where order means nothing."""
    chance = random.Random(seed)  # noqa: S311 - no secret

    def stirred(rules: tuple[V, ...]) -> tuple[V, ...]:
        return tuple(chance.sample(rules, len(rules)))

    def mixed(table: Mapping[str, V]) -> dict[str, V]:
        return dict(stirred(tuple(table.items())))

    def turned(decision: Decision) -> Decision:
        if any(branch.otherwise for branch in decision.branch):
            return decision
        return attrs.evolve(decision, branch=stirred(decision.branch))

    first, *others = BASE.decisions.values()
    options = {
        name: attrs.evolve(each, gate=stirred(each.gate), level=stirred(each.level))
        for name, each in BASE.options.items()
    }
    measures = {
        name: attrs.evolve(each, gate=stirred(each.gate))
        for name, each in BASE.measures.items()
    }
    return Engine(
        attrs.evolve(
            BASE,
            terms=mixed(BASE.terms),
            contradictions=stirred(BASE.contradictions),
            decisions={
                each.id: turned(each) for each in (first, *stirred(tuple(others)))
            },
            scenarios=mixed(BASE.scenarios),
            options=mixed(options),
            measures=mixed(measures),
            criteria=mixed(BASE.criteria),
        )
    )


@law
def test_an_option_that_is_not_there_never_reorders_the_others(
    data: st.DataObject, kind: str
) -> None:
    facts = decided(data.draw(CASES[kind])).facts
    missing = data.draw(st.sampled_from(list(BASE.options)))
    values = [facts[name] for name in ENGINE.names]
    before = UNMINDFUL.decide(values)
    after = UNMINDFUL.decide(values, offers=set(BASE.options) - {missing})
    left = [place for place in before.ranking if place.option != missing]
    assert [(place.option, place.points, place.worst) for place in after.ranking] == [
        (place.option, place.points, place.worst) for place in left
    ]
    for option in set(BASE.options) - {missing}:
        assert after.verdicts[option] == before.verdicts[option]


@cache
def with_a_twin(option: str) -> Engine:
    """An engine that has one option twice, the second under another name."""
    twin = attrs.evolve(
        BASE.options[option],
        id="twin",
        gate=tuple(
            attrs.evolve(gate, name=f"twin.{gate.id}")
            for gate in BASE.options[option].gate
        ),
    )
    scenarios = {
        name: attrs.evolve(each, ranks={**each.ranks, "twin": each.ranks[option]})
        for name, each in BASE.scenarios.items()
    }
    return Engine(
        attrs.evolve(
            BASE,
            contradictions=(),
            options={**BASE.options, "twin": twin},
            scenarios=scenarios,
        )
    )


@law
def test_an_option_that_is_there_twice_stands_beside_itself_and_moves_no_other(
    data: st.DataObject, kind: str
) -> None:
    facts = decided(data.draw(CASES[kind])).facts
    option = data.draw(st.sampled_from(("extraction", "observation", "tretinoin")))
    values = [facts[name] for name in ENGINE.names]
    before, after = UNMINDFUL.decide(values), with_a_twin(option).decide(values)
    places = {place.option: place for place in after.ranking}
    assert [name for name in places if name != "twin"] == [
        place.option for place in before.ranking
    ]
    assert ("twin" in places) is (option in places)
    if option in places:
        twin, own = places["twin"], places[option]
        assert (twin.rank, twin.points) == (own.rank, own.points)
        assert twin.tied
        assert own.tied


@law
def test_the_ranking_is_total_and_equals_share_their_rank(
    data: st.DataObject, kind: str
) -> None:
    ranking = decided(data.draw(CASES[kind])).ranking
    keys = [(-place.worst, -place.points) for place in ranking]
    full = [
        (*key, BASE.options[place.option].invasiveness, place.option)
        for key, place in zip(keys, ranking, strict=True)
    ]
    assert all(one < other for one, other in pairwise(full))
    for key, place in zip(keys, ranking, strict=True):
        assert place.rank == 1 + sum(other < key for other in keys)
        assert place.tied == (keys.count(key) > 1)


@slow_law
def test_weights_that_are_all_multiplied_change_nothing_but_the_scale(
    data: st.DataObject, kind: str
) -> None:
    facts = decided(data.draw(CASES[kind])).facts
    values = [facts[name] for name in ENGINE.names]
    weight = st.integers(0, 3)
    drawn = st.fixed_dictionaries(dict.fromkeys(BASE.criteria, weight))
    weights = data.draw(drawn.filter(lambda given: any(given.values())))
    factor = data.draw(st.integers(2, 3))
    once = UNMINDFUL.decide(values, weights=weights)
    more = UNMINDFUL.decide(
        values, weights={name: factor * each for name, each in weights.items()}
    )
    assert more.ranking == tuple(
        place._replace(points=factor * place.points, of=factor * place.of)
        for place in once.ranking
    )
    assert disposition(more) == disposition(once)
    assert left(more).possible_first == left(once).possible_first
    assert left(more).agree_with(more) == left(once).agree_with(once)


# -- guarantees ------------------------------------------------------------------------


def generous() -> Knowledge:
    """A knowledge base that recommends everything wherever nothing is in doubt."""
    scenarios = {
        name: attrs.evolve(each, ranks=dict.fromkeys(BASE.options, 3))
        if any(each.ranks.values())
        else each
        for name, each in BASE.scenarios.items()
    }
    return attrs.evolve(UNMINDFUL.base, scenarios=scenarios)


GENEROUS = Engine(generous())


on_every_guarantee = pytest.mark.parametrize(
    "guarantee",
    [each for each in BASE.guarantees if not each.gentler],
    ids=lambda each: each.id,
)


@on_every_guarantee
@settings(PROFILE, max_examples=1000 if THOROUGH else 12)
@given(data=st.data())
def test_the_guarantee_holds_near_real_patients(
    data: st.DataObject, guarantee: Guarantee
) -> None:
    facts = dict(decided(data.draw(CASES["near"])).facts)
    if data.draw(st.integers(0, 3)):
        # Where much is not known nothing is offered, and every guarantee holds.
        facts |= {name: ABSENT[name] for name, value in facts.items() if value is None}
    for each in tempted(data, facts, guarantee):
        check(guarantee, each)


@on_every_guarantee
@settings(PROFILE, max_examples=1000 if THOROUGH else 4)
@given(data=st.data())
def test_the_guarantee_holds_for_hostile_cases(
    data: st.DataObject, guarantee: Guarantee
) -> None:
    facts = decided(data.draw(CASES["hostile"])).facts
    for each in tempted(data, facts, guarantee):
        check(guarantee, each)


def tempted(data: st.DataObject, facts: Facts, guarantee: Guarantee) -> Iterator[Facts]:
    """Change, and forget, each fact that a guarantee is about; then change them all."""
    names = facts_in(guarantee.condition)
    drawn = zip(names, data.draw(words(len(names))), strict=True)
    values = {name: AXES[name].value(word) for name, word in drawn}
    yield facts
    yield {**facts, **values}
    for name, value in values.items():
        yield {**facts, name: value}
        yield {**facts, name: None}


def check(guarantee: Guarantee, facts: Facts) -> None:
    """Check that a guarantee holds, also where standings would hide a missing gate."""
    holds = truth(guarantee.condition, facts)
    if holds is False or (guarantee.when and holds is None):
        return
    for each in (redecided(facts, Case()), redecided(facts, Case(), GENEROUS)):
        if guarantee.action is not None:
            assert each.disposition.action == guarantee.action
            assert guarantee.to in {None, each.disposition.to}
            assert guarantee.urgency in {None, each.disposition.urgency}
        if guarantee.alert is not None:
            certain = [raised.alert.id for raised in each.alerts if raised.certain]
            assert guarantee.alert in certain
        assert not with_verdict(each, "offered") & set(guarantee.options)
        verdicts = {each.measures[name].verdict for name in guarantee.measures}
        assert "offered" not in verdicts
