"""What a naive mapping answers with a silent "treat" is not known, and asked for.

Each record has a trait that was seen in sample records, and the facts that it leaves
unknown. Where one of them decides something, it is asked.
"""

from __future__ import annotations

from typing import Any

import pytest

from milia_cds import Interview
from milia_cds.adapters.fhir import read_fhir
from milia_cds.case.milia import READABLE
from tests.adapters.fhir.building import (
    AS_OF,
    SNOMED,
    Json,
    allergy,
    bundle,
    clinic,
    concept,
    condition,
    patient,
    pregnancy,
    request,
)
from tests.common import EVERY_ANSWER

NULL_FLAVOUR = {
    "resourceType": "Composition",
    "id": "x",
    "status": "final",
    "section": [
        {
            "title": "Allergies",
            "emptyReason": concept(
                "unavailable",
                system="http://terminology.hl7.org/CodeSystem/list-empty-reason",
            ),
        }
    ],
}
ABSENT = "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips"
PAGE = {"relation": "next", "url": "https://x.example/page/2"}
BORN = "http://hl7.org/fhir/StructureDefinition/patient-birthTime"

TRAITS: dict[str, tuple[object, tuple[str, ...]]] = {
    "a pregnancy in a record of 2016": (
        bundle(
            patient(),
            condition(f"{SNOMED}|77386006", recordedDate="2016-02-03"),
            pregnancy("60001007", "2016-11-03"),
        ),
        ("patient.pregnancy",),
    ),
    "doxylamine is no doxycycline": (
        bundle(patient(), request("R06AA09"), request("doxylamine 5 MG")),
        ("history.tetracycline", "history.allergy_tetracycline"),
    ),
    "a date of birth that is a year": (
        bundle(patient(birthDate="2010")),
        ("patient.age_years",),
    ),
    "a date of birth that is not the day of the time of birth": (
        bundle(
            patient(
                birthDate="2026-05-12",
                _birthDate={
                    "extension": [
                        {"url": BORN, "valueDateTime": "2026-12-05T12:00:00Z"}
                    ]
                },
            )
        ),
        ("patient.age_years",),
    ),
    "a differential disorder": (
        bundle(patient(), condition("lupus", "differential")),
        ("history.lupus",),
    ),
    "a refuted disorder of a class": (
        bundle(patient(), condition("hepatitis", "refuted")),
        ("history.hepatic_disease",),
    ),
    "a refuted part of two": (
        bundle(patient(), condition("vitiligo", "refuted")),
        ("history.vitiligo_or_koebner",),
    ),
    "no known latex allergy": (
        bundle(patient(), allergy("716184000")),
        (
            "history.allergy_fish",
            "history.allergy_amide_anaesthetic",
            "history.allergy_nickel",
        ),
    ),
    "an empty section, with its reason": (
        bundle(NULL_FLAVOUR, patient(), kind="document"),
        ("history.allergy_fish", "history.tetracycline", "history.pacemaker"),
    ),
    "no information about allergies": (
        bundle(
            patient(),
            allergy("") | {"code": concept("no-allergy-info", system=ABSENT)},
        ),
        ("history.allergy_fish",),
    ),
    "page 1 of 2": (
        {
            "patient": patient(),
            "allergies": bundle(
                allergy("716186003"), kind="searchset", total=2, link=[PAGE]
            ),
        },
        ("history.allergy_fish", "history.allergy_amide_anaesthetic"),
    ),
    "a drug that is active since 1973": (
        bundle(patient(), request("J01AA08", authoredOn="1973-04-01")),
        ("history.tetracycline",),
    ),
    "nothing at all": (
        bundle(patient()),
        ("patient.pregnancy", "history.allergy_fish", "history.pacemaker"),
    ),
}


@pytest.mark.parametrize("trait", TRAITS)
def test_what_a_record_does_not_say_is_not_known(trait: str) -> None:
    record, facts = TRAITS[trait]
    reading = read_fhir(record, as_of=AS_OF, knowledge=clinic())

    for fact in facts:
        assert reading.evidence[fact].value is None
        assert reading.evidence[fact].why
        assert reading.case.value(fact) is None


PLAQUE = {"lesion.pattern": "plaque", "lesion.site": "periauricular"}
"""Where milia are treated by drugs too, so that more facts decide."""
ASKED: dict[str, tuple[str, dict[str, Any]]] = {
    "a pregnancy in a record of 2016": ("patient.pregnancy", {}),
    "doxylamine is no doxycycline": ("history.allergy_tetracycline", PLAQUE),
    "a date of birth that is a year": ("patient.age_years", {}),
    "a date of birth that is not the day of the time of birth": (
        "patient.age_years",
        {},
    ),
    "a differential disorder": ("history.lupus", {}),
    "a refuted disorder of a class": ("history.hepatic_disease", PLAQUE),
    "a refuted part of two": ("history.vitiligo_or_koebner", {}),
    "no known latex allergy": ("history.allergy_amide_anaesthetic", {}),
    "an empty section, with its reason": ("history.pacemaker", {}),
    "page 1 of 2": ("history.allergy_amide_anaesthetic", {}),
    "a drug that is active since 1973": (
        "history.tetracycline",
        {"patient.breastfeeding": True},
    ),
}
"""The trait, a fact that it leaves open, and of whom the fact decides something."""


@pytest.mark.parametrize("trait", ASKED)
def test_a_healthy_adult_with_the_trait_is_asked(trait: str) -> None:
    record, _ = TRAITS[trait]
    fact, of_whom = ASKED[trait]
    case = read_fhir(record, as_of=AS_OF, knowledge=clinic()).case
    answers = {
        name: READABLE[name].plain(each)
        for name, each in {**EVERY_ANSWER, **of_whom}.items()
        if name not in {fact, "lesion.cause"}  # milia that are primary have no cause
    }
    interview = Interview(case.stating(answers), clinic())

    asked: set[str] = set()
    while (question := interview.next_question()) is not None:
        asked |= {*question.facts}
        interview.skip()
    assert asked == {fact}


def test_a_resolved_disorder_is_one_that_was_and_no_no() -> None:
    reading = read_fhir(
        bundle(patient(), condition("lupus", clinical="resolved")),
        as_of=AS_OF,
        knowledge=clinic(),
    )
    assert reading.case.value("history.lupus") is True


def test_a_way_out_is_never_read() -> None:
    every: list[Json] = [patient(), condition("lupus"), allergy("716186003")]
    reading = read_fhir(every, as_of=AS_OF, knowledge=clinic())
    outs = [name for name, each in clinic().facts.items() if each.way_out]

    assert outs
    for name in outs:
        assert name not in {rule.fact for rule in clinic().fhir.rule}
        assert reading.evidence[name].value is None


def synthetic(count: int) -> dict[str, Any]:
    """A record of so many resources, as large ones are."""
    kinds = (
        lambda n: condition("asthma", id=f"c{n}", recordedDate="2019-01-01"),
        lambda n: request(f"R{n:02}", id=f"r{n}", authoredOn="2021-01-01"),
        lambda n: allergy(f"{n}", id=f"a{n}"),
        lambda n: pregnancy("60001007", "2018-01-01", id=f"o{n}"),
    )
    return bundle(patient(), *(kinds[n % 4](n) for n in range(count - 1)))


def test_a_large_record_is_read_whole() -> None:
    reading = read_fhir(synthetic(400), as_of=AS_OF, knowledge=clinic())

    assert reading.problems == ()
    assert "and 94 more" in reading.evidence["patient.pregnancy"].why
