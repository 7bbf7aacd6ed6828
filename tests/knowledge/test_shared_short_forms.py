"""What options and kinds of milia share, and questions, can be said on one screen.

A limit of length is held wherever a text is read.
"""

from __future__ import annotations

import re
from typing import get_args

import pytest

from milia_cds import Case, ContradictionError, assess, load_knowledge
from milia_cds.knowledge.dangers import Urgency
from milia_cds.knowledge.texts import Advice
from tests import common

BASE = load_knowledge()
TODAY = "emergency", "same_day"
FIRST_DECISIONS = ("warning_sign", "sure", "disease")
"""Danger, doubt and disease."""
SILENT_SIGNS = {"flag_family"}
"""What is looked for once, and is nothing to come back for."""
MOST_CHECKS = 2


def of_kind(*kinds: str) -> list[Advice]:
    return [each for each in BASE.advice if each.kind in kinds]


def test_every_rule_that_forbids_or_lowers_has_its_reason_in_a_few_words() -> None:
    bare = [
        gate.name
        for gate in BASE.gates()
        if gate.kind in {"forbid", "lower"} and gate.place and not gate.short
    ]
    assert bare == []


def test_a_reason_reads_after_a_colon() -> None:
    shared = {gate.short for gate in BASE.gates() if gate.place and gate.short}
    assert len(shared) > 30
    assert [each for each in shared if not re.fullmatch(r"\S.*[^.?!:;]", each)] == []
    assert [each for each in shared if len(each.split()) > 5] == []


def test_every_call_and_every_point_of_consent_that_is_shared_is_short() -> None:
    assert [each.id for each in BASE.common_calls if not each.short] == []
    assert {each.id for each in BASE.common_consent} >= {"doing_nothing", "cost"}


@pytest.mark.parametrize("name", BASE.scenarios)
def test_every_kind_of_milia_has_its_short_forms(name: str) -> None:
    scenario = BASE.scenarios[name]
    assert scenario.short
    assert scenario.aside or not scenario.not_recommended


@pytest.mark.parametrize("name", BASE.scenarios)
def test_every_disposition_says_itself_in_a_line_and_a_referral_says_why(
    name: str,
) -> None:
    for row in BASE.scenarios[name].action:
        said = row.brief if row.act == "refer" else row.short
        assert re.match(r"[A-Z]", said), row
        assert said.endswith("."), row


def test_every_question_of_the_interview_has_a_line() -> None:
    lines = {name: each.short for name, each in BASE.screens.items()}
    assert [name for name, line in lines.items() if not line.endswith("?")] == []
    assert len({*lines.values()}) == len(lines)


def test_every_sign_of_a_lesion_has_a_name_in_a_list() -> None:
    signs = [f for n, f in BASE.facts.items() if n.startswith("findings.")]
    assert len(signs) > 20
    assert [each.label for each in signs if not each.short] == []


@pytest.mark.parametrize("name", BASE.decisions)
def test_every_decision_and_every_way_out_of_it_has_a_name(name: str) -> None:
    decision = BASE.decisions[name]
    assert decision.short
    assert all(branch.short for branch in decision.branch)


def test_the_ways_to_danger_doubt_and_disease_say_what_to_do_with_their_if() -> None:
    for name in FIRST_DECISIONS:
        *ways, last = BASE.decisions[name].branch
        assert all(way.open.startswith("If ") for way in ways)
        assert not last.open
    others = [b.open for d in BASE.decisions.values() for b in d.branch if b.open]
    assert all(each.startswith("If ") and each.endswith(".") for each in others)
    assert BASE.undecided.endswith(".")


def test_the_look_alikes_stand_in_an_order_by_harm_and_by_how_common_they_are() -> None:
    mimics = of_kind("mimic")
    places = [*range(1, len(mimics) + 1)]
    assert sorted(each.harm or 0 for each in mimics) == places
    assert sorted(each.often or 0 for each in mimics) == places
    assert all(each.short for each in mimics)
    worst = sorted(mimics, key=lambda each: each.harm or 0)[:3]
    assert [each.short.partition(" (")[0] for each in worst] == [
        "lid cancer",
        "basal cell carcinoma",
        "mycosis fungoides",
    ]


def test_every_sign_to_come_back_for_says_how_soon() -> None:
    signs = of_kind("red_flag", "after_procedure")
    assert [each.id for each in signs if each.how_soon is None] == []
    assert {each.id for each in signs if not each.short} == SILENT_SIGNS


def test_what_a_baby_needs_today_stands_beside_no_softer_word_for_the_same() -> None:
    for age in (0.03, 0.5):
        case = {"patient": {"age_years": age}, "assume_absent": ["findings"]}
        flags = assess(Case.from_dict(case)).outcome.red_flags_to_watch
        told = {each.rule.removeprefix("advice.") for each in flags}
        signs = [each for each in of_kind("red_flag") if each.id in told]
        assert any(each.how_soon in TODAY for each in signs)
        soon = [each.short for each in signs if each.how_soon == "soon"]
        assert not any("blister" in each or "pus" in each for each in soon)


def test_every_urgency_is_said_on_a_screen_in_a_letter_and_to_the_patient() -> None:
    assert {*BASE.urgencies} == {*get_args(Urgency)}


def test_no_more_than_two_checks_are_said_at_once() -> None:
    checks = {each.text for each in BASE.checks}
    told: set[str] = set()
    for vignette in common.sampled(common.vignettes(), 4):
        try:
            brief = assess(Case.from_dict(vignette.case_data)).outcome.brief
        except ContradictionError:
            continue
        lines = [line.text for part in brief for line in part.lines]
        said = checks.intersection(lines)
        assert len(said) <= MOST_CHECKS, vignette.id
        told |= said
    assert len(told) > len(checks) / 2
