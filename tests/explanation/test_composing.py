"""The report: every reason, question and step is what the record of the walk says."""

from __future__ import annotations

import copy
import json
import pickle
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import attrs
import pytest

from milia_cds.assessment.assessment import assess
from milia_cds.assessment.base import load_knowledge
from milia_cds.case.case import Case
from milia_cds.case.milia import READABLE
from milia_cds.decision.case_decision import CaseDecision, decide
from milia_cds.decision.record import Record
from milia_cds.explanation.composing import Report
from milia_cds.explanation.outcome import Outcome, Question
from milia_cds.explanation.places import Reason, Withheld
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.options import STANDINGS, Gate
from milia_cds.knowledge.wording import Wording
from milia_cds.logic.conditions import Condition, Scope, facts_in, remaining, truth
from milia_cds.logic.language import parse
from tests.common import EVERY_ANSWER

BASE = load_knowledge()
WORDS = Wording(BASE, subjects=True)
BREASTFEEDING = "the patient is breastfeeding"
EXAMPLES = Path(__file__).parents[2] / "examples" / "cases"
CERTAINTIES = ("very_low", "low", "moderate", "high")

SCREENED = {"assume_absent": ["findings", "history"]}
CHEEK = json.loads((EXAMPLES / "adult_cheek.json").read_text("utf-8"))
CASES: dict[str, dict[str, Any]] = {
    **{
        path.stem: json.loads(path.read_text("utf-8"))
        for path in sorted(EXAMPLES.glob("*.json"))
    },
    "nothing": {},
    "screened": SCREENED,
    "growing": {"findings": {"growing": True}},
    "site_alone": {"lesion": {"site": "lower_eyelid"}},
    "porphyria": {
        "lesion": {
            "origin": "secondary",
            "cause": "porphyria",
            "site": "cheek",
            "diagnosis": "confirmed",
        },
        **SCREENED,
    },
    "offers_little": {**CHEEK, "clinic": {"offers": ["observation", "steaming"]}},
    "at_an_aesthetician": {**CHEEK, "clinic": {"operator": "aesthetician"}},
}
OPERATORS = (
    "dermatologist",
    "oculoplastic_surgeon",
    "physician",
    "nurse",
    "aesthetician",
)
EVERY = pytest.mark.parametrize("name", CASES)


def decided(case: Case, base: Knowledge = BASE) -> CaseDecision:
    return decide(
        base,
        case.values(),
        absent=case.absent(),
        offers=case.clinic.offers,
        weights=case.goals.weights,
    )


def reported(name: str) -> tuple[Outcome, Record]:
    decision = decided(Case.from_dict(CASES[name]))
    return Report(decision).outcome(), decision.record


def pickled(outcome: Outcome) -> Outcome:
    read: Outcome = pickle.loads(pickle.dumps(outcome))  # noqa: S301 - our own
    return read


def outcome_of(stated: Mapping[str, Any]) -> Outcome:
    return assess(Case.from_dict(stated)).outcome


def holds(condition: Condition | None, facts: Mapping[str, Any]) -> bool | None:
    """Evaluate a condition by the definition; `None` is always true."""
    return True if condition is None else truth(condition, facts)


def clause_of(condition: Condition, facts: Mapping[str, Any]) -> str | None:
    """Say what is left to know of a condition, where it is open."""
    if truth(condition, facts) is not None:
        return None
    return WORDS.condition(remaining(condition, facts))


def gates() -> Iterator[tuple[str, Gate]]:
    for owner in BASE.gated():
        for gate in owner.gate:
            yield owner.id, gate


def told(outcome: Outcome) -> Iterator[Reason]:
    """Every reason that comes with the facts that decided it."""
    yield from outcome.disposition.because
    for aside in (*outcome.excluded, *outcome.not_indicated):
        yield from aside.because
    for withheld in outcome.withheld:
        yield from withheld.because
    for measure in outcome.measures:
        yield from measure.because


# -- the trace ----------------------------------------------------------------


@EVERY
def test_the_trace_holds_every_gate_with_what_it_was_worth(name: str) -> None:
    outcome, record = reported(name)
    steps = {step.node: step for step in outcome.trace}
    assert len(steps) == len(outcome.trace)
    for _, gate in gates():
        step = steps.pop(f"gate.{gate.name}")
        assert step.truth is holds(gate.condition, record.facts)
        assert (step.kind, step.when) == (gate.kind, gate.when or "always")
        assert step.sources == gate.sources
    assert {node.partition(".")[0] for node in steps} == {"decision", "action"}


@EVERY
def test_a_step_names_the_facts_of_its_condition_with_their_values(name: str) -> None:
    outcome, record = reported(name)
    conditions = {f"gate.{gate.name}": gate.condition for _, gate in gates()}
    for step in outcome.trace:
        condition = conditions.get(step.node)
        if condition is not None:
            assert tuple(step.facts) == facts_in(condition)
        for fact, value in step.facts.items():
            stated = record.facts[fact]
            expected = sorted(stated) if isinstance(stated, frozenset) else stated
            assert value == expected


@EVERY
def test_the_trace_begins_with_the_branches_of_the_walk(name: str) -> None:
    outcome, record = reported(name)
    branches = [
        (f"decision.{visit.decision}.{place + 1}", branch.when or "otherwise")
        for visit in record.walk.visits
        for place, branch in enumerate(BASE.decisions[visit.decision].branch)
    ]
    steps = outcome.trace[: len(branches)]
    assert [(step.node, step.when) for step in steps] == branches
    assert {step.kind for step in steps} == {"branch"}
    taken = {step.node for step in steps if step.truth is not False}
    assert taken == {
        f"decision.{visit.decision}.{place + 1}"
        for visit in record.walk.visits
        for place in visit.taken
    }


@EVERY
def test_the_actions_in_the_trace_are_those_that_decide(name: str) -> None:
    outcome, _ = reported(name)
    nodes = [step.node for step in outcome.trace if step.kind == "action"]
    rows = [each.rule for each in outcome.disposition.because]
    rows = [rule for rule in rows if rule.rpartition(".")[2].isdigit()]
    assert nodes == [f"action.{rule}" for rule in rows]


# -- reasons ------------------------------------------------------------------


@EVERY
def test_the_facts_of_a_reason_alone_are_enough_to_know_it(name: str) -> None:
    outcome, _ = reported(name)
    by_rule = {gate.name: gate for _, gate in gates()}
    checked = 0
    for reason in told(outcome):
        gate = by_rule.get(reason.rule)
        if gate is not None and gate.condition is not None:
            facts = {
                fact: frozenset(value) if isinstance(value, list) else value
                for fact, value in reason.facts.items()
            }
            expected = None if reason.if_ else True
            assert truth(gate.condition, facts) is expected, reason.rule
            checked += 1
    assert checked or not outcome.excluded


@EVERY
def test_a_reason_that_may_hold_says_if_and_one_that_holds_does_not(name: str) -> None:
    outcome, record = reported(name)
    conditions = {gate.name: gate.condition for _, gate in gates()}
    reasons = [*told(outcome)]
    for place in outcome.ranking:
        reasons += [*place.cautions, *place.notes, *place.arguments_for]
    for reason in reasons:
        condition = conditions.get(reason.rule)
        if condition is not None:
            value = truth(condition, record.facts)
            assert value is not False
            assert reason.if_ == clause_of(condition, record.facts)
            assert (reason.if_ is None) is (value is not None)


@EVERY
def test_what_is_excluded_names_every_rule_that_forbids_it(name: str) -> None:
    outcome, record = reported(name)
    for aside in outcome.excluded:
        forbidding = [
            gate.name
            for owner, gate in gates()
            if owner == aside.option
            and gate.kind == "forbid"
            and holds(gate.condition, record.facts)
        ]
        assert forbidding
        assert [reason.rule for reason in aside.because] == forbidding


@EVERY
def test_what_is_set_aside_has_a_reason_unless_the_clinic_does_not_offer_it(
    name: str,
) -> None:
    outcome, _ = reported(name)
    assert all(each.because for each in (*outcome.excluded, *outcome.not_indicated))
    assert not any(each.because for each in outcome.unavailable)


def test_what_is_not_indicated_in_one_scenario_names_it() -> None:
    outcome, _ = reported("adult_cheek")
    (reason,) = next(
        each.because for each in outcome.not_indicated if each.option == "steaming"
    )
    assert reason.rule == "adult_few_face.standing"
    assert reason.text == (
        "Standing here (a few primary milia of the face or neck): not recommended."
    )
    assert reason.sources == BASE.scenarios["adult_few_face"].sources


def test_what_is_not_indicated_in_every_scenario_says_so() -> None:
    outcome, _ = reported("nothing")
    (reason,) = next(
        each.because for each in outcome.not_indicated if each.option == "steaming"
    )
    assert reason.text == ("Not recommended in any situation that is still possible.")
    assert (reason.facts, reason.sources, reason.judgement) == ({}, (), True)


@EVERY
def test_an_argument_with_a_figure_from_elsewhere_says_so(name: str) -> None:
    outcome, _ = reported(name)
    for place in outcome.ranking:
        records = BASE.options[place.option].argument
        for reason in (*place.arguments_for, *place.arguments_against):
            owner, _, number = reason.rule.rpartition(".argument.")
            if owner == place.option:
                record = records[int(number) - 1]
                said = reason.text.endswith("This figure is not from milia.")
                assert said is (record.basis == "analogue")


@EVERY
def test_the_disposition_names_rows_of_the_scenarios_in_their_words(name: str) -> None:
    outcome, _ = reported(name)
    assert outcome.disposition.because
    for reason in outcome.disposition.because:
        scenario, _, place = reason.rule.rpartition(".")
        if not place.isdigit():  # what is awaited, the own values, or a way out
            continue
        assert scenario in outcome.scenarios
        row = BASE.scenarios[scenario].action[int(place) - 1]
        said = [each.text for each in row.sentence if each.text in reason.text]
        tail = " ".join(said) or f"{row.act.replace('_', ' ').capitalize()}."
        shown = re.sub(r"(?<=[.?] )If [^:.]+: ", "", reason.text)  # what is still open
        assert shown.endswith(tail if row.sentence else row.text)
        assert (reason.sources, reason.judgement) == (row.sources, row.judgement)


@pytest.mark.parametrize(
    ("operator", "own"),
    [("oculoplastic_surgeon", True), ("physician", False), (None, False)],
)
def test_a_referral_to_ones_own_specialty_says_so(
    operator: str | None, own: bool
) -> None:
    outcome = outcome_of(
        {
            "lesion": {"site": "lower_eyelid"},
            "findings": {"lash_loss": True},
            "clinic": {"operator": operator},
        }
    )
    assert outcome.disposition.to == "oculoplastics"
    reason = outcome.disposition.because[0]
    text = BASE.destinations["oculoplastics"].own_text
    assert text
    assert reason.text.startswith(text) is own
    refers = outcome.disposition.headline.startswith("Refer")
    assert refers is (outcome.disposition.action == "refer" and not own)


# -- options in their place ---------------------------------------------------


@EVERY
def test_a_place_is_the_place_of_the_record_in_words(name: str) -> None:
    outcome, record = reported(name)
    for place, placed in zip(outcome.ranking, record.ranking, strict=True):
        option = BASE.options[placed.option]
        assert (place.rank, place.tied) == (placed.rank, placed.tied)
        assert (place.option, place.label, place.family) == (
            option.id,
            option.label,
            option.family,
        )
        assert place.standing == STANDINGS[placed.worst]
        assert place.best_standing == STANDINGS[placed.best]
        assert (place.points, place.of) == (placed.points, placed.of)
        assert place.value == pytest.approx(place.points / place.of, abs=0.005)
        assert 0 <= place.points <= place.of == 4 * sum(record.weights.values())


@EVERY
def test_an_option_is_performed_by_those_in_whose_hands_it_is_offered(
    name: str,
) -> None:
    outcome, _ = reported(name)
    barred: dict[str, set[str]] = {}
    for operator in OPERATORS:
        stated = copy.deepcopy(CASES[name])
        stated.setdefault("clinic", {})["operator"] = operator
        other = outcome_of(stated)
        barred[operator] = {each.option for each in other.excluded}
        barred[operator] |= {each.option for each in other.withheld}
    for place in outcome.ranking:
        able = [
            who
            for who in BASE.options[place.option].performed_by
            if place.option not in barred.get(who, ())
        ]
        assert list(place.performed_by) == able, place.option


def test_at_the_lid_margin_eye_trained_hands_alone_extract() -> None:
    stated = {**CHEEK, "lesion": {**CHEEK["lesion"], "site": "lid_margin"}}
    stated["clinic"] = {"operator": "oculoplastic_surgeon"}
    by = {each.option: each.performed_by for each in outcome_of(stated).ranking}
    assert by["extraction"] == ("dermatologist", "oculoplastic_surgeon")


@EVERY
def test_a_place_shows_what_holds_or_may_hold_by_kind(name: str) -> None:
    outcome, record = reported(name)

    def shown(option: str, *kinds: str, sure: bool = False) -> list[str]:
        return [
            gate.name
            for owner, gate in gates()
            if owner == option
            and gate.kind in kinds
            and holds(gate.condition, record.facts)
            in ({True} if sure else {True, None})
        ]

    for place in outcome.ranking:
        cautions = [reason.rule for reason in place.cautions]
        assert cautions == shown(place.option, "caution", "lower")
        notes = [reason.rule for reason in place.notes]
        assert notes == shown(place.option, "note")
        rules = [reason.rule for reason in place.arguments_for]
        favours = shown(place.option, "favour", sure=True)
        assert rules[len(rules) - len(favours) :] == favours


def open_or_true(record: Any, entries: Iterable[Any]) -> list[tuple[str, str | None]]:
    """The texts that are to be said, each with its condition while it is open."""
    said = []
    for each in entries:
        value = holds(each.condition, record.facts)
        if value is not False:
            clause = None if value else WORDS.condition(each.condition)
            said.append((each.text, clause))
    return said


@EVERY
def test_a_place_says_what_may_go_wrong_and_who_runs_it_more_often(name: str) -> None:
    outcome, record = reported(name)
    for place in outcome.ranking:
        risks = BASE.options[place.option].risk
        said = [(each.text, each.if_) for each in place.risks]
        assert said == open_or_true(record, risks)
        by_text = {each.text: each for each in risks}
        for each in place.risks:
            risk = by_text[each.text]
            assert (each.frequency, each.basis) == (risk.frequency, risk.basis)
            more = [(reason.text, reason.if_) for reason in each.more_likely]
            assert more == open_or_true(record, risk.modifier)


@EVERY
def test_a_place_says_what_to_do_before_during_and_after(name: str) -> None:
    outcome, record = reported(name)
    for place in outcome.ranking:
        steps = BASE.steps(BASE.options[place.option])
        parts = {
            "preparation": ["preparation"],
            "anaesthesia": ["anaesthesia"],
            "aftercare": ["aftercare", "review"],
        }
        for part, phases in parts.items():
            expected = [
                said
                for phase in phases
                for said in open_or_true(
                    record, [step for step in steps if step.phase == phase]
                )
            ]
            given = [(each.text, each.if_) for each in getattr(place, part)]
            assert given == expected, part


@EVERY
def test_a_place_says_when_to_call_and_how_soon(name: str) -> None:
    outcome, record = reported(name)
    for place in outcome.ranking:
        calls = BASE.calls(BASE.options[place.option])
        said = [(each.text, each.if_) for each in place.call_if]
        assert said == open_or_true(record, calls)
        soon = {each.text: each.how_soon for each in calls}
        assert all(each.timing == soon[each.text] for each in place.call_if)


@EVERY
def test_advice_is_given_where_it_may_hold_with_its_if_where_that_is_open(
    name: str,
) -> None:
    outcome, record = reported(name)
    parts = {
        "never": {"never"},
        "home_care": {"home_care"},
        "red_flags_to_watch": {"red_flag", "after_procedure"},
        "expectations": {"expectation"},
        "mimics": {"mimic"},
        "prevention": {"prevention"},
    }
    for part, kinds in parts.items():
        expected = {
            f"advice.{each.id}": holds(each.condition, record.facts)
            for each in BASE.advice
            if each.kind in kinds and holds(each.condition, record.facts) is not False
        }
        given = getattr(outcome, part)
        told = [reason.rule for reason in given]
        # What claims what may not stand is left out whole.
        assert told == [rule for rule in expected if rule in set(told)]
        claiming = {f"advice.{a.id}" for a in BASE.advice if a.claims or a.sentence}
        assert expected.keys() - set(told) <= claiming
        for reason in given:
            assert (reason.if_ is None) is (expected[reason.rule] is True)


@pytest.mark.parametrize("name", ["adult_cheek", "newborn", "milia_en_plaque"])
def test_the_arguments_of_a_scenario_come_before_those_in_general(name: str) -> None:
    outcome, _ = reported(name)
    (scenario,) = outcome.scenarios
    for place in outcome.ranking:
        for reasons in (place.arguments_for, place.arguments_against):
            origins = [reason.rule.partition(".")[0] for reason in reasons]
            local = [origin == scenario for origin in origins]
            assert local == sorted(local, reverse=True)
    rules = [each.rule for place in outcome.ranking for each in place.arguments_for]
    assert any(rule.startswith(f"{scenario}.") for rule in rules)


def test_where_several_scenarios_are_possible_no_argument_is_of_one_alone() -> None:
    case = {**CHEEK, "lesion": {**CHEEK["lesion"], "count": None}}
    outcome = outcome_of(case)
    assert outcome.scenarios == ("adult_few_face", "adult_many_face")
    rules = {
        reason.rule.partition(".")[0]
        for place in outcome.ranking
        for reason in (*place.arguments_for, *place.arguments_against)
    }
    assert rules
    assert rules <= set(BASE.options)


@EVERY
def test_the_certainty_of_an_option_is_that_of_its_weakest_source(name: str) -> None:
    outcome, _ = reported(name)
    for place in outcome.ranking:
        known = [BASE.sources[each].certainty for each in place.sources]
        weakest = min(known, key=CERTAINTIES.index, default="very_low")
        assert place.certainty == weakest


# -- what is withheld, and what is asked --------------------------------------


def asking(outcome: Outcome) -> dict[str, tuple[str, ...]]:
    return {each.option: each.asks for each in outcome.withheld}


@EVERY
def test_what_is_withheld_asks_for_facts_that_are_not_known(name: str) -> None:
    outcome, record = reported(name)
    order = list(READABLE)
    for each in outcome.withheld:
        assert each.asks
        assert all(record.facts[fact] is None for fact in each.asks)
        assert list(each.asks) == sorted(set(each.asks), key=order.index)
        assert each.because


@pytest.mark.parametrize(
    ("unstated", "withheld"),
    [
        ("pregnancy", {"adapalene", "laser_ablation", "tazarotene", "tretinoin"}),
        ("phototype", {"cryotherapy"}),
        (
            "cooperative",
            {
                "cryotherapy",
                "electrodesiccation",
                "extraction",
                "laser_ablation",
                "superficial_peel",
            },
        ),
    ],
)
def test_one_unknown_fact_is_the_only_one_that_is_asked(
    unstated: str, withheld: set[str]
) -> None:
    patient = {**CHEEK["patient"], "breastfeeding": False, unstated: None}
    outcome = outcome_of({**CHEEK, "patient": patient})
    fact = f"patient.{unstated}"
    assert asking(outcome) == dict.fromkeys(withheld, (fact,))
    assert [each.facts for each in outcome.questions] == [(fact,)]


def withheld_by_forbid() -> Withheld:
    outcome, _ = reported("pregnancy_unknown")
    return next(each for each in outcome.withheld if each.option == "adapalene")


def test_what_is_withheld_says_which_rule_and_if_what() -> None:
    withheld = withheld_by_forbid()
    assert withheld.asks == ("patient.pregnancy",)
    assert {reason.facts["patient.pregnancy"] for reason in withheld.because} == {None}
    assert all(reason.if_ for reason in withheld.because)
    gate = next(gate for _, gate in gates() if gate.name == withheld.because[0].rule)
    assert (gate.kind, withheld.because[0].text) == ("forbid", gate.text)


def test_what_is_withheld_for_its_standing_names_what_is_against_it() -> None:
    outcome, _ = reported("nothing")
    withheld = next(each for each in outcome.withheld if each.option == "extraction")
    rules = [reason.rule for reason in withheld.because]
    assert "newborn.standing" in rules
    assert "adult_few_face.standing" not in rules
    assert "lesion.site" in withheld.asks


@EVERY
def test_every_fact_that_is_asked_for_is_in_one_question(name: str) -> None:
    outcome, record = reported(name)
    asked = [fact for each in outcome.questions for fact in each.facts]
    assert len(asked) == len(set(asked))
    assert all(record.facts[fact] is None for fact in asked)
    wanted = {fact for each in outcome.withheld for fact in each.asks}
    wanted |= {fact for each in outcome.measures for fact in each.asks}
    assert wanted <= set(asked)


@EVERY
def test_a_question_is_that_of_the_fact_or_of_the_screen(name: str) -> None:
    outcome, _ = reported(name)
    for each in outcome.questions:
        assert {BASE.facts[fact].screen for fact in each.facts} == {each.screen}
        spoken = (
            BASE.facts[each.facts[0]]
            if len(each.facts) == 1
            else BASE.screens[each.screen]
        )
        assert (each.ask, each.ask_patient) == (spoken.ask, spoken.ask_patient)
    screens = [each.screen for each in outcome.questions]
    assert len(screens) == len(set(screens))


@EVERY
def test_the_most_weighty_question_comes_first(name: str) -> None:
    decision = decided(Case.from_dict(CASES[name]))
    outcome = Report(decision).outcome()
    today = set(decision.completions.today.facts)

    def weight(each: Question) -> tuple[bool, bool, int]:
        return not today.isdisjoint(each.facts), each.decisive, len(each.affects)

    settling = {"pregnancy", "breastfeeding"}  # asked after what may settle them
    asked = [each for each in outcome.questions if each.screen not in settling]
    before = [each.alerts != () for each in asked]
    assert before == sorted(before, reverse=True)
    weights = [weight(each) for each in asked if not each.alerts]
    assert weights == sorted(weights, reverse=True)


@EVERY
def test_a_question_affects_what_is_still_open(name: str) -> None:
    outcome, _ = reported(name)
    open_ = {place.option for place in outcome.ranking} | set(asking(outcome))
    open_ |= {mine.measure for mine in outcome.measures if mine.verdict == "withheld"}
    order = [*BASE.options, *BASE.measures]
    for each in outcome.questions:
        assert set(each.affects) <= open_
        assert list(each.affects) == sorted(set(each.affects), key=order.index)


def test_a_case_of_which_all_is_known_asks_nothing() -> None:
    facts = {name: kind.absent for name, kind in READABLE.items()}
    stated: dict[str, dict[str, Any]] = {}
    for name, value in {**facts, **EVERY_ANSWER, "lesion.cause": None}.items():
        section, _, fact = name.partition(".")
        plain = sorted(value) if isinstance(value, frozenset) else value
        stated.setdefault(section, {})[fact] = plain
    outcome = outcome_of(stated)
    assert (outcome.questions, outcome.withheld) == ((), ())
    assert outcome.status == "determinate"
    assert not any(reason.if_ for place in outcome.ranking for reason in place.cautions)
    causes = {"lesion.cause"}  # which a primary milium does not have
    open_steps = [step for step in outcome.trace if step.truth is None]
    assert all(causes & set(step.facts) for step in open_steps)


def test_where_the_case_is_determinate_no_question_is_decisive() -> None:
    outcome, _ = reported("porphyria")
    assert outcome.status == "determinate"
    assert [each.facts for each in outcome.questions if each.decisive] == []


@EVERY
def test_where_the_case_is_open_some_question_is_decisive(name: str) -> None:
    outcome, _ = reported(name)
    decisive = [each.facts for each in outcome.questions if each.decisive]
    dangers = outcome.questions[:1] and outcome.questions[0].alerts
    assert outcome.status == "determinate" or decisive or dangers


# -- measures, assumptions, warnings and the stamp ----------------------------


@EVERY
def test_a_measure_has_the_verdict_of_its_forbid_gates(name: str) -> None:
    outcome, record = reported(name)
    assert [each.measure for each in outcome.measures] == list(BASE.measures)
    for each in outcome.measures:
        truths = {
            gate.name: holds(gate.condition, record.facts)
            for gate in BASE.measures[each.measure].gate
            if gate.kind == "forbid"
        }
        true = [rule for rule, value in truths.items() if value]
        unknown = [rule for rule, value in truths.items() if value is None]
        verdict = "excluded" if true else "withheld" if unknown else "offered"
        assert each.verdict == verdict
        assert [reason.rule for reason in each.because] == (true or unknown)
        open_ = {place.option for place in outcome.ranking} | set(asking(outcome))
        treated = any(BASE.options[name].act == "treat" for name in open_)
        assert bool(each.asks) is (verdict == "withheld" and treated)
        assert all(record.facts[fact] is None for fact in each.asks)


def test_a_measure_asks_in_the_order_of_the_vocabulary_like_an_option() -> None:
    outcome, _ = reported("nothing")
    order = list(READABLE)
    for each in outcome.measures:
        assert list(each.asks) == sorted(each.asks, key=order.index)


@EVERY
def test_an_assumption_says_the_fact_its_value_and_both_in_words(name: str) -> None:
    outcome, record = reported(name)
    listed = {each.fact for each in outcome.assumptions}
    # A way out is named only where stating it would change the answer.
    assert [each.fact for each in outcome.assumptions] == [
        fact
        for fact in record.assumed
        if not BASE.facts[fact].way_out or fact in listed
    ]
    for each in outcome.assumptions:
        value = record.facts[each.fact]
        assert each.value == (sorted(value) if isinstance(value, frozenset) else value)
        assert each.text == WORDS.value(each.fact, value)


def test_a_warning_names_what_is_odd_and_on_which_facts() -> None:
    outcome = outcome_of({"lesion": {"size_mm": 4, "diagnosis": "confirmed"}})
    (warning,) = outcome.warnings
    assert warning.rule == "large_for_a_milium"
    assert warning.facts == {"lesion.size_mm": 4, "lesion.diagnosis": "confirmed"}
    assert warning.if_ is None


@EVERY
def test_the_stamp_is_that_of_the_knowledge(name: str) -> None:
    outcome, _ = reported(name)
    about = BASE.about
    assert attrs.astuple(outcome.knowledge) == (
        about.version,
        BASE.digest,
        about.status,
        about.reviewed_by,
        about.review_by,
        about.notice,
        about.certainty,
        False,  # no day is said, so it is not overdue
        None,  # no local policy
    )
    assert outcome.engine.startswith("milia-cds ")


# -- of knowledge made by hand ------------------------------------------------


def with_gate(gate: Gate) -> Outcome:
    """Report on an adult cheek where extraction has this gate alone."""
    extraction = attrs.evolve(BASE.options["extraction"], gate=(gate,))
    base = attrs.evolve(BASE, options={**BASE.options, "extraction": extraction})
    return Report(decided(Case.from_dict(CHEEK), base)).outcome()


@pytest.mark.parametrize(
    ("kind", "when", "places"),
    [
        ("caution", "history.keloid", {}),
        ("caution", "not history.keloid", {"cautions": None}),
        (
            "caution",
            "patient.breastfeeding",
            {"cautions": "the patient is breastfeeding"},
        ),
        ("lower", "not history.keloid", {"cautions": None}),
        ("note", "patient.breastfeeding", {"notes": BREASTFEEDING}),
        ("favour", "not history.keloid", {"arguments_for": None}),
        ("favour", "patient.breastfeeding", {}),
        ("favour", "history.keloid", {}),
    ],
)
def test_a_gate_is_shown_where_its_kind_belongs(
    kind: Any, when: str, places: dict[str, str | None]
) -> None:
    gate = Gate(
        id="mine",
        name="extraction.mine",
        kind=kind,
        when=when,
        text="So it is.",
        sources=("E001",),
        condition=parse(when, Scope(READABLE)),
    )
    place = next(
        each for each in with_gate(gate).ranking if each.option == "extraction"
    )
    found = {
        part: reason.if_
        for part in ("arguments_for", "arguments_against", "cautions", "notes")
        for reason in getattr(place, part)
        if reason.rule == "extraction.mine"
    }
    assert found == places


# -- the trace, made when it is read ------------------------------------------


def test_the_trace_is_made_when_it_is_read_and_once() -> None:
    outcome = assess(Case.from_dict(CHEEK)).outcome
    assert "trace" not in vars(outcome)
    assert outcome.trace
    assert outcome.trace is outcome.trace


def test_the_short_text_makes_no_trace() -> None:
    answer = assess(Case.from_dict(CHEEK))
    assert answer.text()
    assert answer.questions == ()
    assert "trace" not in vars(answer.outcome)


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, pickled])
def test_a_copy_has_the_trace_and_is_equal(again: Callable[[Outcome], Outcome]) -> None:
    outcome = assess(Case.from_dict(CHEEK)).outcome
    copied = again(outcome)
    assert "trace" in vars(copied)
    assert copied == outcome
    assert copied.trace == outcome.trace


def test_an_outcome_has_no_other_name() -> None:
    outcome: Any = assess(Case.from_dict(CHEEK)).outcome
    with pytest.raises(AttributeError, match="no attribute 'tracing'"):
        _ = outcome.tracing
