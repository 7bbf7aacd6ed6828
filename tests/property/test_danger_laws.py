"""Laws of dangers: alerts, urgency, ways out, advice for safety, the patient's values.

`MILIA_CDS_THOROUGH=1` tries 20,000 fresh cases for each.
"""

from __future__ import annotations

from hypothesis import assume
from hypothesis import strategies as st

from milia_cds import Case, assess
from milia_cds.decision.record import Record
from milia_cds.explanation.outcome import Outcome
from milia_cds.knowledge.dangers import URGENCIES, URGENT
from milia_cds.logic.conditions import truth
from tests.property.deciding import (
    BASE,
    CASES,
    UNMINDFUL,
    Facts,
    completed,
    decided,
    law,
    left,
    redecided,
    slow_law,
)

WAYS_OUT = [name for name, entry in BASE.facts.items() if entry.way_out]
DEFAULTS = {name: each.weight for name, each in BASE.criteria.items()}
NOT_OWN = [name for name, each in BASE.criteria.items() if not each.own]


def certain(record: Record) -> set[str]:
    return {each.alert.id for each in record.alerts if each.certain}


def raised(record: Record) -> set[str]:
    return {each.alert.id for each in record.alerts}


def rank(urgency: str | None) -> int:
    return -1 if urgency is None else URGENCIES.index(urgency)


def worst(record: Record) -> int:
    """The highest urgency that is said to be possible."""
    settled = record.disposition
    return max(rank(settled.urgency), rank(settled.at_worst))


def forgotten(data: st.DataObject, facts: Facts) -> Facts:
    known = [name for name, value in facts.items() if value is not None]
    lost = data.draw(st.lists(st.sampled_from(known), max_size=3)) if known else []
    return {**facts, **dict.fromkeys(lost)}


# -- alerts ----------------------------------------------------------------------------


@law
def test_certain_is_certain_in_every_completion(data: st.DataObject, kind: str) -> None:
    case = data.draw(CASES[kind])
    here = certain(decided(case))
    for there in completed(data, case):
        assert here <= certain(there)


@law
def test_a_danger_that_is_forgotten_is_asked_for_as_long_as_a_sign_is_left(
    data: st.DataObject, kind: str
) -> None:
    facts = decided(data.draw(CASES[kind])).facts
    before = redecided(facts, Case())
    less = forgotten(data, facts)
    after = redecided(less, Case())
    for each in before.alerts:
        if each.certain and truth(each.alert.signs, after.facts):
            assert each.alert.id in raised(after)
    assert certain(after) <= certain(before)


@law
def test_an_alert_that_is_raised_has_a_sign_and_an_empty_case_has_none(
    data: st.DataObject, kind: str
) -> None:
    record = decided(data.draw(CASES[kind]))
    for each in record.alerts:
        assert truth(each.alert.signs, record.facts)
    assert raised(redecided(dict.fromkeys(record.facts), Case())) == set()


@law
def test_what_is_on_offer_and_what_matters_hide_no_danger(
    data: st.DataObject, kind: str
) -> None:
    facts = decided(data.draw(CASES[kind])).facts
    plainly = UNMINDFUL.decide([facts[name] for name in UNMINDFUL.names])
    some = data.draw(st.sets(st.sampled_from(list(BASE.options))))
    weights = {data.draw(st.sampled_from(list(DEFAULTS))): data.draw(st.integers(1, 9))}
    other = UNMINDFUL.decide(
        [facts[name] for name in UNMINDFUL.names], offers=some, weights=weights
    )
    assert other.alerts == plainly.alerts


# -- urgency ---------------------------------------------------------------------------


@law
def test_no_completion_is_more_urgent_than_the_worst_that_is_said(
    data: st.DataObject, kind: str
) -> None:
    case = data.draw(CASES[kind])
    here = decided(case)
    for there in completed(data, case):
        assert rank(there.disposition.urgency) <= worst(here)


@law
def test_today_is_said_only_where_every_completion_has_as_much(
    data: st.DataObject, kind: str
) -> None:
    case = data.draw(CASES[kind])
    said = rank(decided(case).disposition.urgency)
    for there in completed(data, case) if said > URGENT else ():
        assert rank(there.disposition.urgency) >= said


@law
def test_forgetting_never_lowers_the_worst_that_is_said(
    data: st.DataObject, kind: str
) -> None:
    facts = decided(data.draw(CASES[kind])).facts
    before = redecided(facts, Case())
    after = redecided(forgotten(data, facts), Case())
    assert worst(after) >= worst(before)


@law
def test_while_a_row_of_today_holds_nothing_is_ranked(
    data: st.DataObject, kind: str
) -> None:
    record = decided(data.draw(CASES[kind]))
    if rank(record.disposition.urgency) > URGENT:
        assert record.ranking == ()


# -- ways out --------------------------------------------------------------------------


@law
def test_a_way_out_that_is_not_stated_never_helps(
    data: st.DataObject, kind: str
) -> None:
    facts = dict(decided(data.draw(CASES[kind])).facts)
    for name in WAYS_OUT:
        stated = redecided({**facts, name: True}, Case())
        for silent in (None, False):
            here = redecided({**facts, name: silent}, Case())
            assert here.facts[name] is False
            assert here.offered <= stated.offered
            assert raised(stated) <= raised(here)
            assert worst(here) >= rank(stated.disposition.urgency)


# -- what is said for safety -----------------------------------------------------------


def for_safety(outcome: Outcome) -> set[str]:
    parts = (outcome.never, outcome.home_care, outcome.red_flags_to_watch)
    return {each.rule for part in parts for each in part}


@slow_law
def test_forgetting_never_removes_a_piece_of_advice(
    data: st.DataObject, kind: str
) -> None:
    """But for what the rest of the answer denies then: its claims may not stand.

    What other facts settle is not forgotten: nobody of 70 needs to be told of retinoids
    in pregnancy, but where a pregnancy is stated, they are.
    """
    case = data.draw(CASES[kind])
    known = [n for n, v in case.facts().items() if v is not None and n not in WAYS_OUT]
    assume(known)
    lost = data.draw(st.sampled_from(known))
    after = assess(case.stating({lost: None})).outcome
    assume(
        lost not in {each.fact for each in after.assumptions if each.by == "settled"}
    )
    kept = {f"advice.{each.id}" for each in BASE.advice if not claimed(each)}
    assert for_safety(assess(case).outcome) & kept <= for_safety(after)


def claimed(advice: object) -> bool:
    return bool(getattr(advice, "claims", ()) or getattr(advice, "sentence", ()))


# -- the patient's own values ----------------------------------------------------------


@law
def test_naming_every_other_weight_at_its_default_changes_nothing(
    data: st.DataObject, kind: str
) -> None:
    facts = decided(data.draw(CASES[kind])).facts
    named = data.draw(st.sets(st.sampled_from(NOT_OWN)))
    values = [facts[name] for name in UNMINDFUL.names]
    plainly = UNMINDFUL.decide(values)
    other = UNMINDFUL.decide(values, weights={name: DEFAULTS[name] for name in named})
    assert (other.ranking, other.disposition) == (plainly.ranking, plainly.disposition)


@law
def test_in_the_own_order_an_option_that_is_not_there_reorders_nothing(
    data: st.DataObject, kind: str
) -> None:
    facts = decided(data.draw(CASES[kind])).facts
    values = [facts[name] for name in UNMINDFUL.names]
    own = {name: data.draw(st.integers(0, 10)) for name in DEFAULTS}
    assume(any(own.values()))
    every = [each.option for each in UNMINDFUL.decide(values, weights=own).ranking]
    gone = data.draw(st.sets(st.sampled_from(list(BASE.options))))
    fewer = UNMINDFUL.decide(values, weights=own, offers=set(BASE.options) - gone)
    assert [each.option for each in fewer.ranking] == [
        n for n in every if n not in gone
    ]


@slow_law
def test_in_the_own_order_the_possible_first_hold_that_of_every_completion(
    data: st.DataObject, kind: str
) -> None:
    case = data.draw(CASES[kind])
    weights = {"clearance": data.draw(st.integers(0, 10)), "cost": 5}
    weighed = case.stating({"goals.weights": weights})
    possible = set(left(decided(weighed)).possible_first)
    for there in completed(data, weighed):
        assert {p.option for p in there.ranking if p.rank == 1} <= possible


# -- an infant outside a centre --------------------------------------------------------


def test_nobody_is_asked_whether_a_baby_outside_a_centre_keeps_still() -> None:
    """I3: every act is barred there already, so nothing could change."""
    baby = {
        "patient": {"age_years": 0.5},
        "clinic": {"specialist_centre": False},
        "assume_absent": ["findings", "history"],
    }
    asked = {
        fact for each in assess(Case.from_dict(baby)).questions for fact in each.facts
    }
    assert asked
    assert "patient.cooperative" not in asked
    centre = {**baby, "clinic": {"specialist_centre": True}}
    asked = {
        fact for each in assess(Case.from_dict(centre)).questions for fact in each.facts
    }
    assert "patient.cooperative" in asked
