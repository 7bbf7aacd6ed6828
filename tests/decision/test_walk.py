"""The walk, on small triages made by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

import attrs
import pytest

from milia_cds.assessment.assessment import assess
from milia_cds.assessment.base import load_knowledge
from milia_cds.case.case import Case
from milia_cds.case.milia import READABLE
from milia_cds.decision.case_decision import decide
from milia_cds.decision.walk import AskedDecision, Triage, WalkResult
from milia_cds.knowledge.scenarios import Branch, Decision
from milia_cds.logic.conditions import Scope
from milia_cds.logic.facts import Value
from milia_cds.logic.language import parse
from milia_cds.logic.plan import Plan

Ways: TypeAlias = Mapping[str, Mapping[str, str]]
"""Decisions, the first of them the root: each a condition and where it leads."""

SCOPE = Scope(READABLE)
BASE = load_knowledge()


def decision(name: str, ways: Mapping[str, str]) -> Decision:
    branches = (
        Branch(to=to, when=when, condition=parse(when, SCOPE))
        for when, to in ways.items()
    )
    return Decision(id=name, ask=f"{name}?", branch=tuple(branches))


def walk(triage: Ways, facts: Mapping[str, Value]) -> WalkResult:
    """Walk a triage; every target that is no decision is a scenario."""
    decisions = {name: decision(name, ways) for name, ways in triage.items()}
    ends = {to: None for ways in triage.values() for to in ways.values()}
    branches = (branch for each in decisions.values() for branch in each.branch)
    plan = Plan(READABLE, (branch.condition for branch in branches))
    base = attrs.evolve(
        BASE,
        decisions=decisions,
        scenarios={
            name: BASE.scenarios["newborn"] for name in ends if name not in decisions
        },
    )
    values = {**dict.fromkeys(READABLE), **facts}
    stated = list(values.values())
    return Triage(base, plan.bit).walk(stated, *plan.evaluate(stated))


AGES = {
    "baby": {"patient.age_years < 1": "infant", "patient.age_years >= 1": "group"},
    "group": {
        "patient.age_years < 12": "child",
        "patient.age_years >= 12": "adult",
    },
}


@pytest.mark.parametrize(
    ("age", "visits", "scenario"),
    [
        (0.5, (AskedDecision("baby", 0),), "infant"),
        (1, (AskedDecision("baby", 1), AskedDecision("group", 0)), "child"),
        (11.9, (AskedDecision("baby", 1), AskedDecision("group", 0)), "child"),
        (12, (AskedDecision("baby", 1), AskedDecision("group", 1)), "adult"),
    ],
)
def test_the_branch_that_is_true_is_followed(
    age: float, visits: tuple[AskedDecision, ...], scenario: str
) -> None:
    assert walk(AGES, {"patient.age_years": age}) == WalkResult(visits, (scenario,))


def test_where_nothing_is_known_every_branch_is_followed() -> None:
    lacking = ("patient.age_years",)
    assert walk(AGES, {}) == WalkResult(
        (
            AskedDecision("baby", None, (0, 1), lacking),
            AskedDecision("group", None, (0, 1), lacking),
        ),
        ("infant", "child", "adult"),
    )


def test_the_scenarios_come_in_the_order_of_the_knowledge() -> None:
    backwards = {"baby": dict(reversed(AGES["baby"].items())), "group": AGES["group"]}
    assert walk(backwards, {}).scenarios == ("infant", "child", "adult")


# -- what is left to ask ------------------------------------------------------

DANGER = {
    "danger": {
        "findings.growing or findings.bleeding": "red_flag",
        "not (findings.growing or findings.bleeding)": "calm",
    }
}


@pytest.mark.parametrize(
    ("facts", "scenarios", "lacking"),
    [
        ({}, ("red_flag", "calm"), ("findings.growing", "findings.bleeding")),
        (
            {"findings.growing": False},
            ("red_flag", "calm"),
            ("findings.bleeding",),
        ),
        ({"findings.growing": True}, ("red_flag",), ()),
        ({"findings.growing": False, "findings.bleeding": False}, ("calm",), ()),
    ],
)
def test_an_open_decision_remembers_the_facts_that_it_lacked(
    facts: dict[str, Value], scenarios: tuple[str, ...], lacking: tuple[str, ...]
) -> None:
    walked = walk(DANGER, facts)
    assert walked.scenarios == scenarios
    assert [visit.lacking for visit in walked.visits] == [lacking]


SITES = {
    "where": {
        'lesion.site == "cheek"': "cheek",
        'lesion.site == "nose"': "nose",
        'lesion.site not in {"cheek", "nose"} and lesion.count > 20': "many",
        'lesion.site not in {"cheek", "nose"} and lesion.count <= 20': "few",
    }
}


@pytest.mark.parametrize(
    ("facts", "visit", "scenarios"),
    [
        (
            {"lesion.site": "chin"},
            AskedDecision("where", None, (2, 3), ("lesion.count",)),
            ("many", "few"),
        ),
        (
            {"lesion.count": 3},
            AskedDecision("where", None, (0, 1, 3), ("lesion.site",)),
            ("cheek", "nose", "few"),
        ),
        (
            {},
            AskedDecision("where", None, (0, 1, 2, 3), ("lesion.site", "lesion.count")),
            ("cheek", "nose", "many", "few"),
        ),
    ],
    ids=["number_lacks", "site_lacks", "both_lack"],
)
def test_only_branches_that_could_be_taken_are_possible(
    facts: dict[str, Value], visit: AskedDecision, scenarios: tuple[str, ...]
) -> None:
    assert walk(SITES, facts) == WalkResult((visit,), scenarios)


# -- each decision by itself --------------------------------------------------

TWICE = {
    "first": {"patient.age_years < 1": "infant", "patient.age_years >= 1": "second"},
    "second": {"patient.age_years < 1": "ghost", "patient.age_years >= 1": "older"},
}


def test_a_branch_above_makes_no_branch_below_certain() -> None:
    lacking = ("patient.age_years",)
    assert walk(TWICE, {}) == WalkResult(
        (
            AskedDecision("first", None, (0, 1), lacking),
            AskedDecision("second", None, (0, 1), lacking),
        ),
        ("infant", "ghost", "older"),
    )


def test_the_exact_record_leaves_out_a_scenario_that_no_completion_ends_in() -> None:
    base = attrs.evolve(
        BASE,
        decisions={name: decision(name, ways) for name, ways in TWICE.items()},
        scenarios={
            name: attrs.evolve(BASE.scenarios["newborn"], id=name)
            for name in ("infant", "ghost", "older")
        },
    )
    decided = decide(base, [None] * len(READABLE))
    assert decided.record.walk.scenarios == ("infant", "ghost", "older")
    assert decided.exact.walk.scenarios == ("infant", "older")


def test_a_decision_that_two_ways_lead_to_is_asked_on_each() -> None:
    triage = {
        "first": {"findings.growing": "last", "not findings.growing": "middle"},
        "middle": {"findings.bleeding": "red_flag", "not findings.bleeding": "last"},
        "last": {"patient.age_years < 1": "infant", "patient.age_years >= 1": "older"},
    }
    walked = walk(triage, {"patient.age_years": 40})
    assert walked.scenarios == ("red_flag", "older")
    last = [visit for visit in walked.visits if visit.decision == "last"]
    assert last == [AskedDecision("last", 1), AskedDecision("last", 1)]


@pytest.mark.parametrize(
    ("visit", "taken", "truths"),
    [
        (AskedDecision("x", 1), (1,), [False, True, False]),
        (AskedDecision("x", None, (0, 2), ("a",)), (0, 2), [None, False, None]),
    ],
    ids=["known", "open"],
)
def test_a_visit_says_what_each_branch_was_worth(
    visit: AskedDecision, taken: tuple[int, ...], truths: list[bool | None]
) -> None:
    assert visit.taken == taken
    assert [visit.truth(place) for place in range(3)] == truths


# -- the shipped triage -------------------------------------------------------


def possible(**lesion: str) -> tuple[str, ...]:
    stated = {"origin": "primary", "diagnosis": "confirmed", **lesion}
    screened = ["findings", "history"]
    case = Case.from_dict({"lesion": stated, "assume_absent": screened})
    return assess(case).scenarios


def test_an_unknown_age_leaves_the_baby_and_what_the_site_makes_of_the_others() -> None:
    assert possible(pattern="plaque", site="chin") == (
        "newborn",
        "infant_persistent",
        "plaque_child",
        "plaque_other",
    )
