"""Which patients a review pack has, and what is said of them."""

from __future__ import annotations

from milia_cds import assess, examples, load_knowledge
from milia_cds.check.review import (
    LEAFLETS,
    PATIENTS,
    Patients,
    answer_in_a_line,
    review_pack,
)
from tests.common import sampled, vignettes

BASE = load_knowledge()
CASES = {
    each.id: BASE.case(each.case_data)
    for each in sampled(vignettes(), 6)
    if each.expect.contradiction is None
}
PACK = review_pack(BASE, CASES, drawn_from="vignettes")


def test_there_are_forty_patients_and_five_leaflets_on_as_many_options() -> None:
    assert len(PACK.patients) == PATIENTS == 40
    assert len(PACK.leaflets) == LEAFLETS == 5
    options = [each.id.rpartition(" ")[2] for each in PACK.leaflets]
    assert len({*options}) == LEAFLETS


def test_they_cover_every_situation_and_every_disposition() -> None:
    chosen = {each.id for each in PACK.patients}
    answers = {name: assess(case, BASE).outcome for name, case in CASES.items()}
    found = {
        name: (
            each.scenarios if len(each.scenarios) == 1 else (),
            (each.disposition.action, each.disposition.to, each.disposition.urgency),
        )
        for name, each in answers.items()
    }
    for place in (0, 1):
        every = {each[place] for each in found.values()}
        assert {found[name][place] for name in chosen} == every


def test_the_choice_is_the_same_whenever_it_is_made() -> None:
    again = review_pack(BASE, CASES, drawn_from="vignettes")
    assert again.patients == PACK.patients


def test_what_contradicts_itself_is_no_patient() -> None:
    wrong = {
        each.id: BASE.case(each.case_data)
        for each in vignettes()
        if each.expect.contradiction is not None
    }
    assert wrong
    assert review_pack(BASE, wrong).patients == ()


def test_a_patient_is_what_departs_from_the_usual_and_what_is_not_known() -> None:
    usual, other = examples.case("adult_cheek"), examples.case("pregnancy_unknown")
    said = Patients((usual, usual, other), BASE)
    assert "site: cheek" in said.usually()
    assert said.departing(usual) == "As said above."
    assert "Not known: pregnancy" in said.departing(other)
    assert "site: cheek" not in said.departing(usual)


def test_an_answer_in_a_line_has_its_alerts_first() -> None:
    case = examples.case("possibly_pregnant_on_isotretinoin")
    outcome = assess(case, BASE).outcome
    line = answer_in_a_line(outcome, BASE)
    assert line.startswith("Today: Pregnant, or possibly so, on an oral retinoid")
    assert outcome.disposition.headline.rstrip(".") in line


def test_an_open_answer_says_what_it_asks_first() -> None:
    outcome = assess(examples.case("nothing_known"), BASE).outcome
    assert f"Asks first: {outcome.questions[0].ask}" in answer_in_a_line(outcome, BASE)
