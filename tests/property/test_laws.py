"""The laws of the engine, on cases near real patients and on hostile ones.

A law about a case is checked on the case after the filling by `assume_absent`, for only
then is an unknown unknown. Completions are drawn from all cells and may contradict
themselves, so they are decided by an engine that does not mind (design, section 4).

`MILIA_CDS_THOROUGH=1 pytest tests/property` tries 20,000 fresh cases for each law.
"""

import json
import os
import pickle
import random
import subprocess
import sys
from collections.abc import Callable, Mapping
from functools import cache
from itertools import pairwise
from typing import Any, TypeAlias, TypeVar

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from milia_cds import Assessment, Case, assess, load_knowledge
from milia_cds.conditions import Truth, facts_in, truth
from milia_cds.engine import Engine, Record, compiled, first_place
from milia_cds.facts import Value
from milia_cds.knowledge import (
    STANDINGS,
    URGENCIES,
    ActionRow,
    Decision,
    Gate,
    Guarantee,
    Knowledge,
    Option,
)
from milia_cds.testing import completions, hostile_cases, near_patients
from milia_cds.testing.archetypes import ARCHETYPES, Between, Drawn
from milia_cds.testing.strategies import axes, case_of, consistent, words

Facts: TypeAlias = Mapping[str, Value | None]
V = TypeVar("V")

BASE = load_knowledge()
ENGINE = compiled(BASE)
UNMINDFUL = Engine(attrs.evolve(BASE, contradictions=()))
"""The same engine, but that it decides contradictory cases too."""

CASES = {"near": near_patients(), "hostile": hostile_cases()}

THOROUGH = os.environ.get("MILIA_CDS_THOROUGH") == "1"
settings.register_profile(
    "laws",
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "thorough laws",
    max_examples=20_000 // len(CASES),
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
PROFILE = settings.get_profile("thorough laws" if THOROUGH else "laws")

on_both = pytest.mark.parametrize("kind", CASES)


def law(check: Callable[..., None]) -> Callable[..., None]:
    """Check a property of cases on near patients and on hostile cases."""
    drawn: Callable[..., None] = on_both(PROFILE(given(data=st.data())(check)))
    return drawn


# -- what the laws speak of ------------------------------------------------------------


def decided(case: Case, engine: Engine = ENGINE) -> Record:
    return engine.decide(
        case.values(),
        absences=case.absences(),
        offers=case.clinic.offers,
        weights=case.goals.weights,
    )


def redecided(facts: Facts, case: Case, engine: Engine = UNMINDFUL) -> Record:
    """Decide other facts, with the settings of a case."""
    return engine.decide(
        [facts[name] for name in engine.names],
        offers=case.clinic.offers,
        weights=case.goals.weights,
    )


def completed(data: st.DataObject, case: Case) -> list[Record]:
    """Decide some completions of a case."""
    drawn = [data.draw(completions(case)) for _ in range(3)]
    return [redecided(each.facts(), each) for each in drawn]


def with_verdict(record: Record, *verdicts: str) -> set[str]:
    return {name for name, each in record.judged.items() if each.verdict in verdicts}


def disposition(record: Record) -> tuple[str, str | None, str | None]:
    settled = record.settled
    return settled.action, settled.to, settled.urgency


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
    here = decided(case).judged
    for completion in completed(data, case):
        for option, there in completion.judged.items():
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
    possible = decided(case).walked.scenarios
    for completion in completed(data, case):
        (scenario,) = completion.walked.scenarios
        assert scenario in possible


@law
def test_a_determinate_result_is_that_of_every_completion(
    data: st.DataObject, kind: str
) -> None:
    case = data.draw(CASES[kind])
    here = decided(case)
    if here.determinate:
        for completion in completed(data, case):
            assert disposition(completion) == disposition(here)
            assert first_place(completion.ranking) == first_place(here.ranking)


@law
def test_a_complete_case_is_determinate(data: st.DataObject, kind: str) -> None:
    case = data.draw(CASES[kind])
    for completion in completed(data, case):
        assert completion.determinate
        assert set(completion.possible_first) == set(first_place(completion.ranking))


@law
def test_what_may_come_first_holds_the_first_place_of_every_completion(
    data: st.DataObject, kind: str
) -> None:
    case = data.draw(CASES[kind])
    possible = decided(case).possible_first
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
    for option, each in after.judged.items():
        assert each.worst <= before.judged[option].worst
        assert each.best >= before.judged[option].best
    for measure, each in after.measures.items():
        if each.verdict == "offered":
            assert before.measures[measure].verdict == "offered"


# -- what the words of the design say --------------------------------------------------


@law
def test_a_verdict_is_the_first_that_holds(data: st.DataObject, kind: str) -> None:
    case = data.draw(CASES[kind])
    record = decided(case)
    for option in BASE.options.values():
        forbids = gates_of(option, "forbid", record.facts)
        cells = [BASE.scenarios[name].ranks[option.id] for name in scenarios(record)]
        lowers = gates_of(option, "lower", record.facts)
        maybe = [gate for gate, value in lowers if value is not False]
        sure = [gate for gate, value in lowers if value]
        worst, best = lowered(min(cells), maybe), lowered(max(cells), sure)
        holds = {
            "excluded": any(value for _, value in forbids),
            "unavailable": not available(option, case),
            "not_indicated": best == 0,
            "withheld": worst == 0 or any(value is None for _, value in forbids),
            "offered": True,
        }
        verdict = next(name for name, value in holds.items() if value)
        judged = record.judged[option.id]
        assert (judged.verdict, judged.worst, judged.best) == (verdict, worst, best)


def available(option: Option, case: Case) -> bool:
    return case.clinic.offers is None or option.id in case.clinic.offers


def scenarios(record: Record) -> tuple[str, ...]:
    return record.walked.scenarios


def gates_of(option: Option, kind: str, facts: Facts) -> list[tuple[Gate, Truth]]:
    return [
        (gate, truth(gate.condition, facts) if gate.condition else True)
        for gate in option.gate
        if gate.kind == kind
    ]


def lowered(rank: int, gates: list[Gate]) -> int:
    """Give the standing that some `lower` gates make of another."""
    plain = [gate for gate in gates if gate.to is None]
    caps = [STANDINGS.index(gate.to) for gate in gates if gate.to is not None]
    if len(plain) > 1:
        return 0
    if plain:
        rank = max(rank - 1, min(rank, STANDINGS.index("limited")))
    return min([rank, *caps])


@law
def test_a_disposition_is_what_the_possible_actions_allow(
    data: st.DataObject, kind: str
) -> None:
    record = decided(data.draw(CASES[kind]))
    rows = [row for name in scenarios(record) for row in rows_of(name, record.facts)]
    acts = {act for row in rows for act in acts_of(row, record)}
    action, to, urgency = disposition(record)
    if acts == {"refer"}:
        most = max(URGENCIES.index(row.urgency) for row in rows if row.urgency)
        assert (action, urgency) == ("refer", URGENCIES[most])
        assert to in {row.to for row in rows if row.urgency == urgency}
        return
    single = acts.pop() if len(acts) == 1 else "needs_information"
    expected = "observe" if acts == {"treat", "observe"} else single
    assert (action, to, urgency) == (expected, None, None)


def rows_of(scenario: str, facts: Facts) -> list[ActionRow]:
    """Give the rows of a scenario that may be the first true one."""
    possible = []
    for row in BASE.scenarios[scenario].action:
        value = truth(row.condition, facts) if row.condition else True
        if value is not False:
            possible.append(row)
        if value:
            break
    return possible


def acts_of(row: ActionRow, record: Record) -> set[str]:
    first = first_place(record.ranking)
    if row.act != "treat":
        return {row.act}
    if first:
        return {BASE.options[option].act for option in first}
    open_ = with_verdict(record, "withheld")
    return {"needs_information" if open_ else "observe"}


# -- red flags -------------------------------------------------------------------------

RED_FLAG = BASE.terms["red_flag"].condition


@law
def test_under_a_red_flag_nothing_is_ranked_and_the_patient_is_referred(
    data: st.DataObject, kind: str
) -> None:
    facts = flagged(data, kind, but=False)
    record = redecided(facts, Case())
    assert not record.ranking
    assert with_verdict(record, "not_indicated", "excluded") == set(BASE.options)
    assert record.settled.action == "refer"


@law
def test_while_a_red_flag_is_unknown_nothing_is_offered_nor_treated_nor_observed(
    data: st.DataObject, kind: str
) -> None:
    facts = flagged(data, kind, but=None)
    record = redecided(facts, Case())
    assert not record.ranking
    assert record.settled.action not in {"treat", "observe"}


def flagged(data: st.DataObject, kind: str, *, but: bool | None) -> Facts:
    """Draw facts under a red flag; with `None`, under one that is not known."""
    facts = dict(decided(data.draw(CASES[kind])).facts)
    signs = [name for name in facts_in(RED_FLAG) if name.startswith("findings.")]
    value = None if but is None else True
    if but is None:
        facts |= {name: False for name in signs if facts[name]}
    facts[data.draw(st.sampled_from(signs))] = value
    wanted = None if but is None else True
    return (
        facts
        if truth(RED_FLAG, facts) is wanted
        else {**facts, "findings.infected": value}
    )


# -- order -----------------------------------------------------------------------------


@law
def test_the_order_of_rules_in_the_files_changes_nothing(
    data: st.DataObject, kind: str
) -> None:
    case = data.draw(CASES[kind])
    other = shuffled(data.draw(st.integers(1, 8)))
    assert result(decided(case, other)) == result(decided(case))


def result(record: Record) -> dict[str, Any]:
    """Give what a decision says, where order is no part of it without it."""
    return {
        "scenarios": set(record.walked.scenarios),
        "judged": dict(record.judged),
        "measures": dict(record.measures),
        "ranking": record.ranking,
        "disposition": disposition(record),
        "possible_first": set(record.possible_first),
        "determinate": record.determinate,
        "warnings": set(record.warnings),
        "facts": dict(record.facts),
        "assumed": set(record.assumed),
    }


@cache
def shuffled(seed: int) -> Engine:
    """Give an engine whose rules stand in another order, where order means nothing."""
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
        assert after.judged[option] == before.judged[option]


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


@law
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
        attrs.evolve(place, points=factor * place.points, of=factor * place.of)
        for place in once.ranking
    )
    assert disposition(more) == disposition(once)
    assert more.possible_first == once.possible_first
    assert more.determinate == once.determinate


# -- the assessment --------------------------------------------------------------------


@law
def test_every_option_stands_in_exactly_one_list(
    data: st.DataObject, kind: str
) -> None:
    answer = assess(data.draw(CASES[kind]))
    lists = (
        answer.ranking,
        answer.withheld,
        answer.excluded,
        answer.not_indicated,
        answer.unavailable,
    )
    options = [each.option for some in lists for each in some]
    assert sorted(options) == sorted(BASE.options)


@law
def test_to_assess_twice_gives_the_same_text(data: st.DataObject, kind: str) -> None:
    case = data.draw(CASES[kind])
    assert assess(case).to_json() == assess(case).to_json()
    assert result(decided(case, shuffled(0))) == result(decided(case))


@law
def test_an_assessment_reads_back_as_it_was_written(
    data: st.DataObject, kind: str
) -> None:
    answer = assess(data.draw(CASES[kind]))
    assert Assessment.from_json(answer.to_json()) == answer
    assert Assessment.from_json(answer.to_json()).to_json() == answer.to_json()


@law
def test_a_case_reads_back_as_it_was_written(data: st.DataObject, kind: str) -> None:
    case = data.draw(CASES[kind])
    assert Case.from_json(case.to_json()) == case


@law
def test_an_assessment_survives_pickling(data: st.DataObject, kind: str) -> None:
    answer = assess(data.draw(CASES[kind]))
    assert pickle.loads(pickle.dumps(answer)) == answer  # noqa: S301 - our own


SCRIPT = """
import json, sys
from milia_cds import Case, assess
cases = map(Case.from_dict, json.load(sys.stdin))
print(json.dumps([assess(case).to_json() for case in cases]))
"""


def test_the_order_of_hashes_changes_nothing() -> None:
    cases = [typical(each.facts) for each in ARCHETYPES]
    written = json.dumps([case.to_dict() for case in cases])
    said = {
        subprocess.run(  # noqa: S603 - our own interpreter
            [sys.executable, "-c", SCRIPT],
            input=written,
            capture_output=True,
            check=True,
            text=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }
    assert said == {f"{json.dumps([assess(case).to_json() for case in cases])}\n"}


def typical(facts: Mapping[str, Drawn]) -> Case:
    """Give a patient of an archetype, half of whose facts are not known."""
    values = {
        name: int(drawn.high) if isinstance(drawn, Between) else drawn[0]
        for name, drawn in facts.items()
    }
    half = tuple(values)[::2]
    return case_of(consistent({**values, **dict.fromkeys(half)}, BASE), {})


# -- guarantees ------------------------------------------------------------------------


def generous() -> Knowledge:
    """Give a knowledge base that recommends everything wherever nothing is in doubt."""
    scenarios = {
        name: attrs.evolve(each, ranks=dict.fromkeys(BASE.options, 3))
        if any(each.ranks.values())
        else each
        for name, each in BASE.scenarios.items()
    }
    return attrs.evolve(BASE, contradictions=(), scenarios=scenarios)


GENEROUS = Engine(generous())


@pytest.mark.parametrize("guarantee", BASE.guarantees, ids=lambda each: each.id)
@on_both
@settings(PROFILE, max_examples=500 if THOROUGH else 20)
@given(data=st.data())
def test_the_guarantee_holds_whatever_is_unknown(
    data: st.DataObject, kind: str, guarantee: Guarantee
) -> None:
    case = data.draw(CASES[kind])
    facts = reconsidered(data, decided(case).facts, guarantee)
    holds = truth(guarantee.condition, facts)
    record = redecided(facts, case)
    if guarantee.action is not None:
        assert holds is not True or record.settled.action == guarantee.action
    elif holds is not False:
        # The standings could hide that a gate is missing, so they are lifted as well.
        for each in (record, redecided(facts, case, GENEROUS)):
            assert not with_verdict(each, "offered") & set(guarantee.options)
            for measure in guarantee.measures:
                assert each.measures[measure].verdict != "offered"


def reconsidered(data: st.DataObject, facts: Facts, guarantee: Guarantee) -> Facts:
    """Draw the facts that a guarantee is about anew: some kept, some forgotten."""
    names = facts_in(guarantee.condition)
    every = {axis.fact: axis for axis in axes(BASE)}
    ways = data.draw(st.tuples(*[st.sampled_from("kff+++") for _ in names]))
    chosen = data.draw(words(len(names)))
    new: dict[str, Value | None] = {}
    for name, way, word in zip(names, ways, chosen, strict=True):
        new[name] = {"k": facts[name], "f": None}.get(way, every[name].value(word))
    return {**facts, **new}
