"""Why, why not, what if, differences and the option grid, on real cases."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

from milia_cds import (
    Assessment,
    Case,
    CaseError,
    NoCaseError,
    assess,
    diff,
    load_knowledge,
)
from milia_cds.errors import UnknownNameError
from milia_cds.explanation.places import Place
from milia_cds.explanation.why_not import Path
from tests.common import adult

BASE = load_knowledge()


def cheek(**facts: Any) -> Assessment:
    return assess(adult(**facts))


# -- why -------------------------------------------------------------------------------


def test_an_exclusion_rests_on_one_fact_and_tells_of_the_others() -> None:
    said = cheek(pregnancy="pregnant", dermatitis_at_site=True).why("tretinoin")
    assert said.verdict == "excluded"
    assert dict(said.facts) == {"patient.pregnancy": "pregnant"}
    assert {fact for reason in said.because for fact in reason.facts} == {
        "patient.pregnancy"
    }
    assert {fact for reason in said.also for fact in reason.facts} == {
        "findings.dermatitis_at_site"
    }


def test_an_offer_rests_on_what_rules_out_every_reason_against_it() -> None:
    said = cheek().why("extraction")
    assert (said.verdict, said.standing) == ("offered", "first_line")
    assert said.facts["findings.growing"] is False
    assert said.facts["lesion.diagnosis"] == "confirmed"
    assert "history.cold_urticaria" not in said.facts
    assert any(reason.rule == "adult_few_face.standing" for reason in said.because)


def test_what_is_withheld_needs_no_fact_and_says_what_to_ask() -> None:
    said = cheek(pregnancy=None).why("tretinoin")
    assert (said.verdict, dict(said.facts)) == ("withheld", {})
    assert said.asks == ("patient.pregnancy",)
    assert all(reason.if_ for reason in said.because if reason.facts)


def test_what_is_not_indicated_rests_on_the_situation() -> None:
    said = cheek().why("steaming")
    assert (said.verdict, dict(said.facts)) == ("not_indicated", {})


def test_what_the_clinic_does_not_offer_needs_no_fact() -> None:
    said = cheek(offers=["extraction"]).why("tretinoin")
    assert said.verdict == "unavailable"
    assert not said.facts
    assert [reason.rule for reason in said.because] == ["clinic.offers"]


# -- why not ---------------------------------------------------------------------------


def changes(path: Path) -> dict[str, tuple[Any, ...]]:
    return {change.fact: change.instead for change in path.changes}


def test_one_fact_that_may_change_is_named_with_the_values_that_would_do() -> None:
    said = cheek(pregnancy="pregnant").why_not("tretinoin")
    assert [changes(path) for path in said.offered] == [
        {"patient.pregnancy": ("none",)}
    ]
    [path] = said.offered
    assert path.changes[0].now == "pregnant"


def test_why_not_begins_with_the_reason_of_the_answer() -> None:
    answer = cheek(pregnancy="pregnant", diagnosis="confirmed")
    for option in ("tretinoin", "steaming"):
        entry = answer[option]
        assert not isinstance(entry, Place)
        assert answer.why_not(option).because == entry.because
        assert entry.because
    withheld = cheek(pregnancy=None)
    # It is withheld.
    assert withheld.why_not("tretinoin").because == withheld["tretinoin"].because  # type: ignore[union-attr]
    assert cheek().why_not("observation").because == ()


def test_nobody_is_told_to_start_a_drug_or_to_become_pregnant() -> None:
    taken = cheek(isotretinoin="current").why_not("minocycline")
    assert taken.verdict == "excluded"
    for path in (*taken.offered, *taken.first):
        assert changes(path)["history.isotretinoin"] == (
            "under_6_months",
            "over_6_months",
        )
    never = [cheek(), cheek(age_years=10), cheek(infected=True, pregnancy="possible")]
    for answer in never:
        for option in BASE.options:
            said = answer.why_not(option)
            for path in (*said.offered, *said.first):
                for change in path.changes:
                    entry = BASE.facts[change.fact]
                    assert change.instead
                    for value in change.instead:
                        assert entry.may_become(change.now, value)
                        assert value not in {"pregnant", "possible", "current"}


def test_the_direction_of_a_fact_is_all_that_may_become_of_it() -> None:
    inr, pregnancy = BASE.facts["history.inr"], BASE.facts["patient.pregnancy"]
    assert inr.may_become(4, 2.5)
    assert not inr.may_become(2.5, 4)
    assert pregnancy.may_become("possible", "none")
    assert not pregnancy.may_become("none", "possible")
    assert not BASE.facts["history.tetracycline"].may_become(False, then=True)
    assert BASE.facts["history.tetracycline"].may_become(True, then=False)
    assert BASE.facts["goals.wants_treatment"].may_become(False, then=True)
    assert not BASE.facts["patient.age_years"].may_become(5, 12)


def test_an_option_that_is_offered_needs_no_change_to_be_offered() -> None:
    said = cheek().why_not("observation")
    assert [path.changes for path in said.offered] == [()]
    assert {"goals.wants_treatment"} in [set(changes(path)) for path in said.first]


def test_what_cannot_change_leaves_no_path_at_all() -> None:
    newborn = {"patient": {"age_years": 0.02}, "lesion": {"site": "nose"}}
    said = assess(Case.from_dict(newborn)).why_not("tretinoin")
    assert (said.offered, said.first) == ((), ())
    assert said.exact


def test_a_path_says_what_it_would_still_ask() -> None:
    answer = cheek(infected=True, phototype=None)
    [path] = answer.why_not("cryotherapy").offered
    assert changes(path) == {"findings.infected": (False,)}
    assert "patient.phototype" in path.asks


@pytest.mark.parametrize("option", ["extraction", "tretinoin", "laser_ablation"])
def test_applying_a_path_really_does_it(option: str) -> None:
    answer = cheek(infected=True, cooperative=False, pregnancy="planning")
    for path in answer.why_not(option).offered:
        facts = {change.fact: change.instead[0] for change in path.changes}
        after = assess(answer.case.stating(facts))
        open_ = {place.option for place in after.ranking}
        open_ |= {each.option for each in after.withheld}
        assert option in open_


# -- what if, and differences ----------------------------------------------------------


def test_what_if_says_what_moved_and_by_which_rule() -> None:
    moved = cheek().what_if(pregnancy="pregnant")
    by_option = {each.option: each for each in moved.moved}
    tretinoin = by_option["tretinoin"]
    assert tretinoin.before[0] == "offered"
    assert tretinoin.after == ("excluded", None, None)
    assert any(rule.startswith("gate.tretinoin.") for rule in tretinoin.rules)
    assert "extraction" not in by_option
    assert moved.first is None
    assert moved.disposition is None


def test_what_if_of_what_nobody_reads_moves_nothing() -> None:
    assert not cheek().what_if({"lesion.duration_weeks": 3})


def test_what_becomes_unknown_is_asked_for() -> None:
    moved = cheek().what_if(pregnancy=None)
    assert moved.asked == ("patient.pregnancy",)
    assert not moved.settled


def test_a_fact_that_does_not_exist_is_refused_with_what_to_write() -> None:
    with pytest.raises(CaseError) as error:
        cheek().what_if(pregnent="none")
    assert str(error.value) == (
        "The case has 1 problem:\n"
        '  pregnent: "pregnent" is no fact; write {"patient": {"pregnancy": "none"}}'
    )


def test_two_results_of_one_case_do_not_differ() -> None:
    assert not diff(cheek(), cheek())
    assert not diff(cheek(), Assessment.from_json(cheek().to_json()))


def test_a_referral_that_appears_is_a_difference() -> None:
    moved = diff(cheek(), cheek(growing=True))
    assert moved.disposition is not None
    assert [each.action for each in moved.disposition] == ["treat", "refer"]
    assert moved.first == (("extraction",), ())
    assert moved.scenarios == (("adult_few_face",), ("red_flag",))


# -- of stored assessments -------------------------------------------------------------


@pytest.mark.parametrize(
    "ask",
    [
        lambda answer: answer.case,
        lambda answer: answer.why("extraction"),
        lambda answer: answer.why_not("extraction"),
        lambda answer: answer.what_if(pregnancy=None),
        lambda answer: answer.stability(),
        lambda answer: answer.compare(),
    ],
)
def test_a_stored_assessment_says_that_it_has_no_case(ask: Any) -> None:
    for stored in (
        Assessment.from_json(cheek().to_json()),
        pickle.loads(pickle.dumps(cheek())),  # noqa: S301 - our own
    ):
        with pytest.raises(NoCaseError) as error:
            ask(stored)
        assert str(error.value) == (
            "an assessment that was read from storage has no case to reason about; "
            "store the case beside it and assess it again"
        )


@pytest.mark.parametrize("ask", ["why", "why_not"])
def test_an_option_that_does_not_exist_is_refused_with_what_to_write(ask: str) -> None:
    with pytest.raises(UnknownNameError) as error:
        getattr(cheek(), ask)("extracton")
    assert str(error.value) == 'no option "extracton"; did you mean "extraction"?'
