"""Answers to our questions read as facts: which speak, what each says, and the loop."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from milia_cds import Case, Interview, assess, load_knowledge
from milia_cds.adapters.fhir import Reading, questionnaire, read_fhir, response
from milia_cds.adapters.fhir.reading import ANSWERED
from milia_cds.testing import near_patients
from tests.adapters.fhir.wellformed import items
from tests.common import EVERY_ANSWER, THOROUGH, patients, sampled
from tests.otherworld.test_otherworld import BASE as DRAGONS
from tests.otherworld.test_otherworld import WET

DAY = date(2026, 11, 30)
PATIENT = {"resourceType": "Patient", "id": "1"}
BASE = load_knowledge()
LAWS = settings(
    deadline=None, derandomize=not THOROUGH, max_examples=2000 if THOROUGH else 10
)
OURS = "urn:milia-cds:answer"


def said(*answered: Any, **more: Any) -> dict[str, Any]:
    """A completed response of today; answers are pairs of `linkId` and values."""
    return {
        "resourceType": "QuestionnaireResponse",
        "id": "a",
        "questionnaire": "urn:milia-cds:questionnaire:1",
        "status": "completed",
        "subject": {"reference": "Patient/1"},
        "authored": DAY.isoformat(),
        "item": [
            {"linkId": link, "answer": [*map(value, values)]}
            for link, *values in answered
        ],
        **more,
    }


def value(given: Any) -> dict[str, Any]:
    if isinstance(given, dict):
        return given
    if isinstance(given, str):
        return {"valueCoding": {"system": OURS, "code": given}}
    return {"valueDecimal": given}


def read(*resources: Any, **more: Any) -> Reading:
    return read_fhir([PATIENT, *resources], as_of=DAY, **more)


def fact(reading: Reading, name: str) -> Any:
    assert reading.case.value(name) == reading.evidence[name].value
    return reading.evidence[name].value


# -- what an answer says --


@pytest.mark.parametrize(
    ("name", "answered", "expected"),
    [
        ("history.pacemaker", ["yes"], True),
        ("history.pacemaker", ["no"], False),
        ("history.pacemaker", ["not_known"], None),
        ("findings.explained_by_histology", ["yes"], True),
        ("patient.pregnancy", ["none"], "none"),
        ("lesion.cause", ["sun_damage"], "sun_damage"),
        ("patient.age_years", [34.5], 34.5),
        ("lesion.count", [4.0], 4),
        ("lesion.count", [{"valueInteger": 7}], 7),
        ("history.failed", ["tretinoin", "extraction"], {"tretinoin", "extraction"}),
        ("history.failed", ["no"], frozenset()),
        ("history.failed", ["not_known"], None),
        ("clinic.offers", ["extraction"], {"extraction"}),
    ],
)
def test_an_answer_is_what_it_says(
    name: str, answered: list[Any], expected: Any
) -> None:
    reading = read(said((name, *answered)))

    assert fact(reading, name) == expected
    assert reading.problems == ()
    [source] = reading.evidence[name].said_by
    assert source == ("QuestionnaireResponse/a", "", ANSWERED)


def test_weights_are_read_criterion_by_criterion() -> None:
    reading = read(said(("goals.weights.pigment", 9), ("goals.weights.speed", 0)))

    assert reading.case.value("goals.weights") == {"pigment": 9, "speed": 0}


def test_an_item_stands_anywhere() -> None:
    inner = {"linkId": "history.lupus", "answer": [value("no")]}
    deep = {"linkId": "findings.itchy", "answer": [{**value("yes"), "item": [inner]}]}
    reading = read(said(item=[{"linkId": "screen.x", "item": [{"item": [deep]}]}]))

    assert fact(reading, "findings.itchy") is True
    assert fact(reading, "history.lupus") is False


def test_what_was_asked_and_has_no_answer_is_not_known() -> None:
    reading = read(said(("history.inr",), ("history.keloid",)))

    assert fact(reading, "history.inr") is None
    assert "no answer" in reading.evidence["history.keloid"].why
    assert reading.case.not_known >= {"history.inr", "history.keloid"}


NOTHING: list[tuple[str, list[Any], str]] = [
    ("history.pacemaker", ["yes", "no"], "exclude one another"),
    ("history.pacemaker", ["no", "not_known"], "exclude one another"),
    ("history.pacemaker", ["maybe"], "no answer"),
    ("history.pacemaker", [{"valueBoolean": False}], "valueBoolean"),
    ("history.pacemaker", [{"valueString": "no"}], "valueString"),
    ("history.pacemaker", [{"valueCoding": {"code": "no"}}], "no code of an answer"),
    (
        "history.pacemaker",
        [{"valueCoding": {"system": "urn:other", "code": "no"}}],
        "no code of an answer",
    ),
    ("history.pacemaker", [{}], "no value"),
    ("history.pacemaker", [{**value("no"), "valueDecimal": 1}], "valueDecimal"),
    ("history.failed", ["no", "tretinoin"], "exclude one another"),
    ("history.failed", ["tretinoin", "not_known"], "exclude one another"),
    ("history.failed", ["bleach"], "no answer"),
    ("patient.pregnancy", ["no"], "no answer"),
    ("patient.age_years", [200], "out of bounds"),
    ("patient.age_years", [{"valueDecimal": True}], "not a number"),
    ("patient.age_years", [{"valueDecimal": float("nan")}], "not a usable number"),
    ("patient.age_years", [34, 35], "several answers"),
    ("patient.phototype", [3.5], "not a whole number"),
    ("goals.weights.pigment", [11], "out of bounds"),
    ("goals.weights.pigment", [1, 2], "several answers"),
]


@pytest.mark.parametrize(("link", "answered", "why"), NOTHING)
def test_what_cannot_be_read_is_a_problem_and_not_known(
    link: str, answered: list[Any], why: str
) -> None:
    name = "goals.weights" if link.startswith("goals.weights") else link
    reading = read(said((link, *answered)))

    assert reading.case.value(name) is None
    assert why in reading.evidence[name].why
    [problem] = reading.problems
    assert why in problem.message
    assert problem.path.endswith("item[0]")


def test_one_question_answered_twice_in_two_ways_is_not_known() -> None:
    reading = read(said(("history.lupus", "no"), ("history.lupus", "yes")))

    assert fact(reading, "history.lupus") is None


def test_a_question_that_is_none_of_ours_is_a_problem() -> None:
    reading = read(said(("history.pacemakr", "no")))

    [problem] = reading.problems
    assert "is no question" in problem.message


# -- which responses speak --


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"status": "in-progress"}, "in-progress"),
        ({"status": "stopped"}, "stopped"),
        ({"status": None}, "no known status"),
        ({"status": ["completed"]}, "no known status"),
        ({"authored": None}, "says no day"),
        ({"authored": "2026-11"}, "says no day"),
        ({"authored": "yesterday"}, "says no day"),
        ({"authored": "2026-12-01"}, "after the day of the case"),
    ],
)
@pytest.mark.parametrize("answered", ["yes", "no"])
def test_a_response_that_may_not_speak_says_nothing(
    more: dict[str, Any], why: str, answered: str
) -> None:
    reading = read(said(("history.lupus", answered), **more))

    assert fact(reading, "history.lupus") is None
    assert why in reading.evidence["history.lupus"].why


def test_an_amended_response_speaks() -> None:
    reading = read(said(("history.lupus", "no"), status="amended"))

    assert fact(reading, "history.lupus") is False


@pytest.mark.parametrize(
    "questionnaire",
    [
        None,
        "urn:other",
        ["urn:milia-cds:questionnaire:1"],
        "urn:milia-cds:questionnaire",
    ],
)
def test_a_response_to_other_questions_is_ignored_and_said(questionnaire: Any) -> None:
    reading = read(said(("history.lupus", "no"), questionnaire=questionnaire))

    assert fact(reading, "history.lupus") is None
    [ignored] = reading.ignored
    assert ignored.reference == "QuestionnaireResponse/a"


def test_a_version_of_our_questions_is_ours() -> None:
    form = f"{questionnaire()['url']}|0.2.0"

    assert (
        fact(read(said(("history.lupus", "no"), questionnaire=form)), "history.lupus")
        is False
    )


def test_the_newer_of_two_responses_speaks_question_by_question() -> None:
    old = said(("history.lupus", "no"), ("history.keloid", "no"), id="old")
    old["authored"] = "2026-11-20"
    reading = read(said(("history.lupus", "not_known")), old)

    assert fact(reading, "history.lupus") is None
    assert fact(reading, "history.keloid") is False


def test_two_of_one_day_that_disagree_are_both_named() -> None:
    reading = read(
        said(("history.lupus", "no")), said(("history.lupus", "yes"), id="b")
    )

    assert fact(reading, "history.lupus") is None
    named = {each.reference for each in reading.evidence["history.lupus"].said_by}
    assert named == {"QuestionnaireResponse/a", "QuestionnaireResponse/b"}


@pytest.mark.parametrize(
    ("name", "answered", "held"),
    [("patient.pregnancy", "none", 30), ("findings.active_herpes", "no", 30)],
)
def test_what_holds_for_a_day_is_not_read_from_an_older_answer(
    name: str, answered: str, held: int
) -> None:
    days = {held: True, held + 1: False}
    for ago, known in days.items():
        authored = (DAY - timedelta(days=ago)).isoformat()
        reading = read(said((name, answered), authored=authored))
        assert (fact(reading, name) is not None) is known, ago


def test_in_a_baby_it_holds_for_one_day() -> None:
    for ago, known in {1: True, 2: False}.items():
        authored = (DAY - timedelta(days=ago)).isoformat()
        answered = [("patient.age_years", 0.05), ("findings.active_herpes", "no")]
        reading = read(said(*answered, authored=authored))
        assert (fact(reading, "findings.active_herpes") is False) is known


def test_what_was_ever_so_is_read_from_an_old_answer() -> None:
    reading = read(said(("history.lupus", "no"), authored="2020-01-01"))

    assert fact(reading, "history.lupus") is False


def test_while_a_page_of_answers_is_missing_none_speaks() -> None:
    page = {
        "resourceType": "Bundle",
        "type": "searchset",
        "link": [{"relation": "next", "url": "https://fhir.example/next"}],
        "entry": [
            {"resource": said(("history.lupus", "no"), ("findings.itchy", "yes"))}
        ],
    }
    reading = read_fhir({"patient": PATIENT, "answers": page}, as_of=DAY)

    assert fact(reading, "history.lupus") is None
    assert fact(reading, "findings.itchy") is None


def test_the_answers_of_somebody_else_are_ignored() -> None:
    other = {"reference": "Patient/2"}
    reading = read(said(("history.lupus", "no"), subject=other))

    assert fact(reading, "history.lupus") is None
    assert reading.ignored


# -- beside a record --


def test_an_answer_settles_what_the_record_leaves_open() -> None:
    assert fact(read(), "patient.age_years") is None

    assert fact(read(said(("patient.age_years", 34))), "patient.age_years") == 34


def test_a_record_and_an_answer_that_disagree_are_both_named() -> None:
    device = {
        "resourceType": "Device",
        "id": "d",
        "status": "active",
        "patient": {"reference": "Patient/1"},
        "type": {"coding": [{"system": "http://snomed.info/sct", "code": "14106009"}]},
    }
    assert fact(read(device), "history.pacemaker") is True
    reading = read(device, said(("history.pacemaker", "no")))

    assert fact(reading, "history.pacemaker") is None
    named = {each.reference for each in reading.evidence["history.pacemaker"].said_by}
    assert named == {"Device/d", "QuestionnaireResponse/a"}


BORN = {**PATIENT, "birthDate": "1992-11-15"}  # 34 years and 15 days ago


@pytest.mark.parametrize(
    ("years", "authored", "agrees"),
    [
        (34, DAY, True),
        (34.0, DAY, True),
        (34.04, DAY, True),
        (33, date(2026, 11, 14), True),
        (34, date(2026, 11, 14), False),
        (33, DAY, False),
        (35, DAY, False),
        (34.1, DAY, False),
    ],
)
def test_an_age_may_be_answered_in_short(
    years: float, authored: date, agrees: bool
) -> None:
    answered = said(("patient.age_years", years), authored=authored.isoformat())
    reading = read_fhir([BORN, answered], as_of=DAY)

    exact = fact(read_fhir([BORN], as_of=DAY), "patient.age_years")
    assert exact == pytest.approx(34 + 15 / 365)
    assert fact(reading, "patient.age_years") == (exact if agrees else None)
    named = {each.reference for each in reading.evidence["patient.age_years"].said_by}
    assert named == {"Patient/1", "QuestionnaireResponse/a"}


def no_known_allergy() -> dict[str, Any]:
    """An entry of the allergy list that says that there is none."""
    systems = "http://terminology.hl7.org/CodeSystem/allergyintolerance-"
    clinical = {"system": f"{systems}clinical", "code": "active"}
    verified = {"system": f"{systems}verification", "code": "confirmed"}
    none = {"system": "http://snomed.info/sct", "code": "716186003"}
    return {
        "resourceType": "AllergyIntolerance",
        "id": "none",
        "patient": {"reference": "Patient/1"},
        "clinicalStatus": {"coding": [clinical]},
        "verificationStatus": {"coding": [verified]},
        "code": {"coding": [none]},
    }


ALLERGY = "history.allergy_tetracycline"


def test_not_known_takes_nothing_from_a_record() -> None:
    assert fact(read(no_known_allergy()), ALLERGY) is False

    answered = said((ALLERGY, "not_known"))
    assert fact(read(no_known_allergy(), answered), ALLERGY) is False


def test_an_answer_that_cannot_be_read_leaves_a_no_of_the_record_open() -> None:
    reading = read(no_known_allergy(), said((ALLERGY, "yes", "no")))

    assert fact(reading, ALLERGY) is None


# -- the whole loop --


def same_decision(one: Any, other: Any) -> bool:
    decided = [assess(case).to_dict("decision") for case in (one, other)]
    for each in decided:
        each.pop("digest")
    return bool(decided[0] == decided[1])


@pytest.mark.parametrize("name", sampled(patients(), 6))
def test_a_case_that_is_written_and_read_is_decided_alike(name: str) -> None:
    case = patients()[name]
    reading = read(response(case, subject="Patient/1", at=DAY))

    assert reading.problems == ()
    assert same_decision(case, reading.case)


@LAWS
@given(near_patients())
def test_what_a_case_states_is_read_back(case: Case) -> None:
    reading = read(response(case, subject="Patient/1", at=DAY))

    stated = {n: v for n, v in case.facts().items() if v is not None}
    again = reading.case.facts()
    assert {name: again[name] for name in stated} == stated
    assert {n for n, v in again.items() if v is not None} - {*stated} <= {
        *case.absences()
    }


def test_another_domain_reads_its_own_answers() -> None:
    case = DRAGONS.case(WET)
    answered = response(case, knowledge=DRAGONS, subject="1", at=DAY)
    reading = read_fhir([PATIENT, answered], as_of=DAY, knowledge=DRAGONS)

    stated = {n: v for n, v in case.facts().items() if v is not None}
    assert {n: v for n, v in reading.case.facts().items() if v is not None} == stated


def test_record_prefilled_form_interview_answers_and_record_again() -> None:
    record = [{**PATIENT, "birthDate": "1992-05-17"}, no_known_allergy()]
    first = read_fhir(record, as_of=DAY)
    asked = {each["linkId"]: each for each in items(questionnaire(case=first.case))}
    age = first.case.value("patient.age_years")
    assert asked["patient.age_years"]["initial"] == [{"valueDecimal": age}]
    [known] = [o for o in asked[ALLERGY]["answerOption"] if o.get("initialSelected")]
    assert known["valueCoding"]["code"] == "no"

    interview = Interview(first.case)
    while (question := interview.next_question()) is not None:
        interview.answer(
            {
                name: BASE.kinds[name].plain(EVERY_ANSWER[name])
                for name in question.facts
            }
        )
    answered = response(interview.case, subject="1", at=DAY)
    again = read_fhir([*record, answered], as_of=DAY)

    assert again.problems == ()
    assert not assess(again.case).questions
    assert same_decision(interview.case, again.case)


# -- hostile --


anything = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda below: (
        st.lists(below, max_size=3)
        | st.dictionaries(st.text(max_size=5), below, max_size=3)
    ),
    max_leaves=8,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where something stands in a value."""
    below: Mapping[Any, Any] = {}
    if isinstance(value, dict):
        below = value
    if isinstance(value, list):
        below = dict(enumerate(value))
    found = [
        place for key, each in below.items() for place in places(each, (*path, key))
    ]
    return [path, *found] if path else found


FULL = said(
    ("history.lupus", "no"),
    ("history.failed", "tretinoin"),
    ("patient.age_years", 34),
    ("goals.weights.pigment", 9),
)


@settings(
    deadline=None, derandomize=not THOROUGH, max_examples=5000 if THOROUGH else 40
)
@given(st.sampled_from(places(FULL)), anything)
def test_whatever_stands_in_a_response_is_no_exception_and_no_no(
    place: tuple[Any, ...], instead: Any
) -> None:
    spoiled = copy.deepcopy(FULL)
    *above, last = place
    at: Any = spoiled
    for key in above:
        at = at[key]
    at[last] = instead

    reading = read(spoiled)

    noes = {n for n, v in reading.case.facts().items() if v is False}
    assert noes <= {"history.lupus"}


def test_a_form_without_end_has_one() -> None:
    item: dict[str, Any] = {"linkId": "screen.x"}
    item["item"] = [item, item]
    reading = read(said(item=[item]))

    assert any("items" in each.message for each in reading.problems)
