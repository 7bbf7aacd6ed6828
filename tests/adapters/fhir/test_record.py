"""Whose resources are read, where they stand, and what of a record is missing."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from milia_cds import RecordError, WrongTypeError
from milia_cds.adapters.fhir import Reading, read_fhir
from tests.adapters.fhir.building import (
    AS_OF,
    ATC,
    OWN,
    Json,
    allergy,
    bundle,
    clinic,
    concept,
    condition,
    device,
    evidence,
    patient,
    pregnancy,
    procedure,
    read,
    request,
    statement,
)

FISH, NO_ALLERGY = "735971005", "716186003"
LUPUS = "history.lupus"


def of(record: object, **more: Any) -> Reading:
    return read_fhir(record, as_of=AS_OF, knowledge=clinic(), **more)


def why_ignored(reading: Reading) -> dict[str, str]:
    return {each.reference: each.why for each in reading.ignored}


# The patient --------------------------------------------------------------------------


@pytest.mark.parametrize("record", [[], {}, bundle(), [None], [condition("lupus")]])
def test_no_patient_is_an_error(record: object) -> None:
    with pytest.raises(RecordError, match="there is no Patient in it"):
        of(record)


@pytest.mark.parametrize("record", [None, 3, "a text", b"{}", 2.5, True, date.today])
def test_what_is_no_record_is_an_error(record: object) -> None:
    with pytest.raises(RecordError, match="is no FHIR record"):
        of(record)


def test_of_two_patients_one_is_named() -> None:
    two = [patient(), patient(id="2", birthDate="2000-05-17"), condition("lupus")]

    with pytest.raises(RecordError, match='say which with patient=: "Patient/1"'):
        of(two)
    for name in ("1", "Patient/1", "Patient/1/_history/3"):
        assert of(two, patient=name).evidence[LUPUS].value is True
    second = of(two, patient="Patient/2")
    assert second.case.value("patient.age_years") == 26
    assert second.evidence[LUPUS].value is None
    assert why_ignored(second) == {"Condition/c1": "it is of another patient"}
    with pytest.raises(RecordError, match='there is no patient "3"'):
        of(two, patient="3")


@pytest.mark.parametrize(
    "died", [{"deceasedBoolean": True}, {"deceasedDateTime": "2026-01-01"}]
)
def test_who_has_died_is_refused(died: Json) -> None:
    with pytest.raises(RecordError, match="the patient has died"):
        read(patient(**died))


def test_who_lives_is_read() -> None:
    assert read(patient(deceasedBoolean=False)).case.value("patient.age_years") == 36


@pytest.mark.parametrize("as_of", [None, "2026-05-17", 20260517])
def test_the_day_is_a_date(as_of: Any) -> None:
    with pytest.raises(WrongTypeError, match="read_fhir takes as_of=, a date"):
        read_fhir([patient()], as_of=as_of)


@pytest.mark.parametrize("name", [1, ["1"], {"id": "1"}])
def test_names_are_texts(name: Any) -> None:
    with pytest.raises(WrongTypeError, match="a text"):
        of([patient()], patient=name)
    with pytest.raises(WrongTypeError, match="a text"):
        of([patient()], condition=name)


def test_a_condition_that_is_not_there_is_a_problem() -> None:
    reading = read(condition("lupus"), condition="Condition/9")

    [problem] = reading.problems
    assert problem.path == "condition"
    assert "Condition/9" in problem.message
    assert reading.evidence["lesion.diagnosis"].value is None
    assert reading.evidence[LUPUS].value is True


# References ---------------------------------------------------------------------------

OURS, THEIRS = "http://ours.example/fhir/", "https://theirs.example/fhir/"


def at(home: str, resource: Json) -> Json:
    return {
        "fullUrl": f"{home}{resource['resourceType']}/{resource['id']}",
        "resource": resource,
    }


def entries(*each: Json) -> Json:
    return {"resourceType": "Bundle", "type": "collection", "entry": list(each)}


def lupus(reference: object) -> Json:
    return condition("lupus", subject={"reference": reference})


@pytest.mark.parametrize(
    ("record", "value"),
    [
        ([patient(), lupus("Patient/1")], True),
        ([patient(), lupus("Patient/1/_history/4")], True),
        ([patient(), lupus("Patient/2")], None),
        ([patient(), lupus(f"{OURS}Patient/1")], True),  # the only server
        ([patient(), lupus("urn:uuid:1")], None),
        ([patient(), lupus("#1")], None),
        ([patient(), lupus("")], None),
        ([patient(), lupus(7)], None),
        ([patient(), lupus(None)], None),
        (entries(at(OURS, patient()), at(OURS, lupus("Patient/1"))), True),
        (entries(at(OURS, patient()), at(OURS, lupus(f"{OURS}Patient/1"))), True),
        (entries(at(OURS, patient()), at(THEIRS, lupus("Patient/1"))), None),
        (entries(at(OURS, patient()), at(OURS, lupus(f"{THEIRS}Patient/1"))), None),
        (
            entries(
                {"fullUrl": "urn:uuid:a-b", "resource": patient()},
                {"fullUrl": "urn:uuid:c-d", "resource": lupus("urn:uuid:a-b")},
            ),
            True,
        ),
        (
            entries(
                {"fullUrl": "urn:uuid:a-b", "resource": patient()},
                {"fullUrl": "urn:uuid:c-d", "resource": lupus("Patient/1")},
            ),
            True,
        ),
        (
            [
                patient(),
                lupus(f"{OURS}Patient/1"),
                allergy(FISH, patient={"reference": f"{THEIRS}Patient/1"}),
            ],
            None,  # whose server is which, nothing says
        ),
        (
            [
                patient(identifier=[{"system": "urn:x", "value": "9"}]),
                condition(
                    "lupus", subject={"identifier": {"system": "urn:x", "value": "9"}}
                ),
            ],
            True,
        ),
        (
            [
                patient(identifier=[{"system": "urn:x", "value": "8"}]),
                condition(
                    "lupus", subject={"identifier": {"system": "urn:x", "value": "9"}}
                ),
            ],
            None,
        ),
        (
            [
                patient(),
                lupus("#me") | {"contained": [patient(id="me")]},
            ],
            None,
        ),
    ],
)
def test_references_lead_to_the_patient_or_the_resource_is_ignored(
    record: object, value: object
) -> None:
    reading = of(record)

    assert reading.evidence[LUPUS].value is value
    assert ("Condition/c1" in why_ignored(reading)) is (value is None)


def test_a_subject_that_is_no_reference_is_a_problem_with_its_path() -> None:
    reading = of(bundle(patient(), condition("lupus", subject="Patient/1")))

    assert reading.evidence[LUPUS].value is None
    [problem] = reading.problems
    assert problem.path == "entry[1].resource.subject"


DRUG = {
    "resourceType": "Medication",
    "id": "m1",
    "code": concept("J01AA08", system=ATC),
}


@pytest.mark.parametrize(
    ("more", "value", "why"),
    [
        ([DRUG], True, None),
        ([], None, "its medication leads nowhere"),
        ([DRUG | {"implicitRules": "urn:x"}], None, "implicit rules"),
        ([DRUG | {"modifierExtension": [{"url": "urn:x"}]}], None, "modifier"),
        ([DRUG | {"status": "entered-in-error"}], None, "entered in error"),
        ([DRUG | {"resourceType": "Substance"}], None, "leads nowhere"),
    ],
)
def test_a_medication_is_read_where_its_reference_leads(
    more: list[Json], value: object, why: str | None
) -> None:
    order = request("") | {"medicationReference": {"reference": "Medication/m1"}}
    del order["medicationCodeableConcept"]
    reading = read(order, *more)

    assert reading.evidence["history.tetracycline"].value is value
    assert (why or "") in why_ignored(reading).get("MedicationRequest/r1", "")


def test_a_contained_medication_and_its_ingredients_are_read() -> None:
    order = request("") | {
        "medicationReference": {"reference": "#m1"},
        "contained": [
            {
                "resourceType": "Medication",
                "id": "m1",
                "code": concept("a-product", system=OWN),
                "ingredient": [{"itemCodeableConcept": concept("J01AA08", system=ATC)}],
            }
        ],
    }
    del order["medicationCodeableConcept"]

    assert evidence("history.tetracycline", order).value is True


# What is skipped ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"implicitRules": "urn:x"}, "it has implicit rules"),
        ({"modifierExtension": [{"url": "urn:x"}]}, "it has a modifier extension"),
    ],
)
def test_what_is_not_understood_is_ignored_and_said(more: Json, why: str) -> None:
    for each, fact in (
        (condition("lupus", "refuted", **more), LUPUS),
        (allergy(NO_ALLERGY, **more), "history.allergy_fish"),
        (pregnancy("60001007", **more), "patient.pregnancy"),
    ):
        reading = read(each)
        assert reading.evidence[fact].value is None
        assert why in why_ignored(reading)[f"{each['resourceType']}/{each['id']}"]


@pytest.mark.parametrize(
    ("resource", "fact"),
    [
        (condition("lupus", "entered-in-error"), LUPUS),
        (allergy(NO_ALLERGY, "entered-in-error"), "history.allergy_fish"),
        (pregnancy("60001007", status="entered-in-error"), "patient.pregnancy"),
        (statement("J01AA08", "entered-in-error"), "history.tetracycline"),
        (request("J01AA08", "entered-in-error"), "history.tetracycline"),
        (device("787483001", "entered-in-error"), "history.pacemaker"),
        (procedure("waxing", status="entered-in-error"), "history.waxed_recently"),
    ],
)
def test_what_was_entered_in_error_is_ignored_and_said(
    resource: Json, fact: str
) -> None:
    reading = read(resource)

    assert reading.evidence[fact].value is None
    name = f"{resource['resourceType']}/{resource['id']}"
    assert why_ignored(reading) == {name: "it was entered in error"}


# Versions -----------------------------------------------------------------------------


def version(code: str, number: str | None, updated: str | None = None) -> Json:
    meta = {"versionId": number, "lastUpdated": updated}
    return condition(
        "lupus", code, meta={key: each for key, each in meta.items() if each}
    )


@pytest.mark.parametrize(
    ("one", "other", "value"),
    [
        (version("refuted", "2"), version("confirmed", "10"), True),
        (version("refuted", "10"), version("confirmed", "2"), False),
        (
            version("refuted", "a", "2026-01-02T00:00:00Z"),
            version("confirmed", "b", "2026-01-01T00:00:00Z"),
            False,
        ),
        (
            version("refuted", None, "2026-01-01T22:30:00-05:00"),
            version("confirmed", None, "2026-01-02T00:30:00Z"),
            False,
        ),
        (version("refuted", "a"), version("confirmed", "b"), None),
        (version("refuted", None), version("confirmed", None), None),
        (version("refuted", "1"), version("confirmed", "1"), None),
        (version("refuted", "2"), version("entered-in-error", "3"), None),
        (version("refuted", "2"), version("refuted", "2"), False),
    ],
)
def test_of_two_versions_the_newer_is_read(
    one: Json, other: Json, value: object
) -> None:
    for pair in ((one, other), (other, one)):
        assert evidence(LUPUS, *pair).value is value


def test_two_versions_of_which_neither_is_newer_are_both_named() -> None:
    found = evidence(LUPUS, version("refuted", "a"), version("confirmed", "b"))

    assert [each.version for each in found.said_by] == ["a", "b"]
    assert "which is newer is not said" in found.why


def test_what_a_history_deletes_is_not_read() -> None:
    reading = of(
        entries(
            at(OURS, patient()),
            at(OURS, lupus("Patient/1")),
            {
                "fullUrl": f"{OURS}Condition/c1",
                "request": {"method": "DELETE", "url": "Condition/c1"},
            },
        )
    )

    assert reading.evidence[LUPUS].value is None
    assert why_ignored(reading) == {"Condition/c1": "it was deleted"}


# Where resources stand ----------------------------------------------------------------


@pytest.mark.parametrize(
    "record",
    [
        [patient(), condition("lupus")],
        bundle(patient(), condition("lupus")),
        bundle(patient(), bundle(condition("lupus"), kind="searchset")),
        [bundle(patient()), bundle(condition("lupus"))],
        {"patient": patient(), "conditions": bundle(condition("lupus"))},
        {"patient": patient(), "conditions": [condition("lupus")], "devices": None},
        bundle(patient(), condition("lupus"), kind="transaction"),
    ],
)
def test_resources_are_found_wherever_they_stand(record: object) -> None:
    reading = of(record)

    assert reading.evidence[LUPUS].value is True
    assert reading.problems == ()


def test_other_types_of_resource_and_vendor_members_change_nothing() -> None:
    plain = read(condition("lupus"), pregnancy("60001007"))
    more = read(
        condition("lupus", _vendor={"x": 1}, extension=[{"url": "urn:x"}]),
        pregnancy("60001007", language="en"),
        {"resourceType": "Immunization", "id": "i", "patient": {"reference": "x"}},
        {"resourceType": "Claim"},
    )

    assert more.evidence == plain.evidence
    assert more.ignored == plain.ignored == ()


# What is missing ----------------------------------------------------------------------

NO_ALLERGIES = allergy(NO_ALLERGY)
REFUTED = condition("lupus", "refuted")
FAILED = {
    "resourceType": "OperationOutcome",
    "issue": [{"severity": "error", "code": "timeout"}],
}
HINT = {
    "resourceType": "OperationOutcome",
    "issue": [{"severity": "information", "code": "informational"}],
}


def search(kind: str, *resources: Json, **more: Any) -> Json:
    own = {"relation": "self", "url": f"{OURS}{kind}?patient=Patient/1"}
    links = [own, *more.pop("link", [])]
    return bundle(*resources, kind="searchset", link=links, **more)


NEXT = {"relation": "next", "url": f"{OURS}page/2"}
LACKING: list[tuple[str, Json]] = [
    ("a page of the search is missing", {"link": [NEXT]}),
    ("a page of the search is missing", {"link": [{"relation": "next"}]}),
    (
        "a page of the search is missing",
        {"link": [{"relation": "previous", "url": f"{OURS}page/0"}]},
    ),
    ("the search found 2, and 1 are given", {"total": 2}),
    ("is no number", {"total": "1"}),
]


@pytest.mark.parametrize(("why", "more"), LACKING)
def test_while_a_page_is_missing_nothing_of_the_family_says_no(
    why: str, more: Json
) -> None:
    record = [patient(), search("AllergyIntolerance", NO_ALLERGIES, **more), REFUTED]
    reading = of(record)

    found = reading.evidence["history.allergy_fish"]
    assert found.value is None
    assert why in found.why
    assert reading.evidence[LUPUS].value is False  # of another search
    record = [patient(), search("AllergyIntolerance", allergy(FISH), **more)]
    assert of(record).evidence["history.allergy_fish"].value is True


@pytest.mark.parametrize(("why", "more"), LACKING)
def test_while_a_page_is_missing_no_newest_value_is_taken(why: str, more: Json) -> None:
    for answer in ("60001007", "77386006"):
        record = [patient(), search("Observation", pregnancy(answer), **more)]
        found = of(record).evidence["patient.pregnancy"]
        assert found.value is None
        assert why in found.why


@pytest.mark.parametrize(("why", "more"), LACKING)
def test_a_search_of_no_one_type_lets_nothing_say_no(why: str, more: Json) -> None:
    page = bundle(patient(), NO_ALLERGIES, REFUTED, kind="searchset", **more)
    if "total" in more and more["total"] == 2:
        page["total"], why = 4, "found 4, and 3 are given"
    reading = of(page)

    for fact in ("history.allergy_fish", LUPUS):
        assert reading.evidence[fact].value is None
        assert why in reading.evidence[fact].why


def test_all_pages_are_as_the_whole() -> None:
    whole = of([patient(), search("Condition", REFUTED, condition("keloid", id="c2"))])
    first = search("Condition", REFUTED, link=[NEXT], total=2)
    second = bundle(
        condition("keloid", id="c2"),
        kind="searchset",
        total=2,
        link=[
            {"relation": "self", "url": NEXT["url"]},
            {"relation": "previous", "url": f"{OURS}Condition?patient=Patient/1"},
        ],
    )

    for pages in ([first, second], [second, first]):
        together = of([patient(), *pages])
        assert together.evidence == whole.evidence
    assert whole.evidence[LUPUS].value is False
    assert of([patient(), first]).evidence[LUPUS].value is None
    twice = of([patient(), first, first])
    assert twice.evidence[LUPUS].value is None


def test_what_a_search_includes_is_not_what_it_found() -> None:
    page = search("Condition", REFUTED, patient(), total=2)
    page["entry"][1]["search"] = {"mode": "include"}

    assert of(page).evidence[LUPUS].value is None


@pytest.mark.parametrize(
    ("record", "refuted", "allergic"),
    [
        ({"patient": patient(), "conditions": [REFUTED, FAILED]}, None, None),
        ({"patient": patient(), "c": REFUTED, "allergies": FAILED}, False, None),
        ({"patient": patient(), "c": REFUTED, "what": FAILED}, None, None),
        ({"patient": patient(), "c": REFUTED, "what": HINT}, False, None),
        ([patient(), REFUTED, NO_ALLERGIES, FAILED], None, None),
        ([patient(), REFUTED, NO_ALLERGIES, HINT], False, False),
        ([patient(), search("Condition", REFUTED, FAILED), NO_ALLERGIES], None, False),
        (
            bundle(patient(), REFUTED, NO_ALLERGIES)
            | {"entry": [*bundle(patient(), REFUTED)["entry"], "nothing"]},
            None,
            None,
        ),
        (
            entries(
                {"resource": patient()},
                {"resource": REFUTED},
                {"response": {"status": "404 Not Found"}},
            ),
            None,
            None,
        ),
        (
            entries(
                {"resource": patient()},
                {"resource": REFUTED},
                {"response": {"status": "200", "outcome": FAILED}},
            ),
            None,
            None,
        ),
        ([patient(), REFUTED, bundle(implicitRules="urn:x")], None, None),
    ],
)
def test_where_a_search_failed_nothing_of_it_says_no(
    record: object, refuted: object, allergic: object
) -> None:
    reading = of(record)

    assert reading.evidence[LUPUS].value is refuted
    assert reading.evidence["history.allergy_fish"].value is allergic


@pytest.mark.parametrize(
    ("record", "words"),
    [
        ({"patient": patient(), "conditions": None}, "The record has no Condition"),
        ({"patient": patient()}, "The record has no Condition"),
        ({"patient": patient(), "conditions": search("Condition")}, "has no Condition"),
        ({"patient": patient(), "conditions": FAILED}, "says that the search failed"),
        (
            {"patient": patient(), "conditions": search("Condition", link=[NEXT])},
            "a page of the search is missing",
        ),
        (
            {"patient": patient(), "conditions": condition("lupsu")},
            "None of what the record has of Condition, 1 in all",
        ),
    ],
)
def test_absence_is_unknown_and_says_why(record: object, words: str) -> None:
    reading = of(record)

    for fact in (LUPUS, "history.keloid"):
        assert reading.evidence[fact].value is None
        assert words in reading.evidence[fact].why
        assert reading.evidence[fact].said_by == ()
    assert "history" not in reading.case.to_dict()


def test_every_fact_has_evidence_in_the_order_of_the_vocabulary() -> None:
    reading = read()

    assert list(reading.evidence) == list(clinic().vocabulary.kinds)
    for fact, each in reading.evidence.items():
        assert each.fact == fact
        assert each.why
    way_out = reading.evidence["findings.explained_by_histology"]
    assert way_out.why.startswith("It counts only where a person states it")
    assert "the policy" in reading.evidence["clinic.operator"].why


def test_what_is_left_open_is_stated_as_not_known_so_that_no_screening_fills_it() -> (
    None
):
    reading = read(condition("lupus", "differential"))

    assert reading.case.to_dict() == {
        "patient": {"age_years": 36.0},
        "history": {"lupus": None},
        "as_of": "2026-05-17",
    }


def test_a_reading_shows_no_patient() -> None:
    assert repr(read(condition("lupus"))) == "<Reading: 2 of 105 facts are known>"
