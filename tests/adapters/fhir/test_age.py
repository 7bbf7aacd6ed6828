"""The age: from a day, from a year where no limit lies in it, or not at all."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.adapters.fhir.building import Json, patient, read

AGE = "patient.age_years"
BIRTH_TIME = "http://hl7.org/fhir/StructureDefinition/patient-birthTime"


def at(time: object) -> Json:
    return {"_birthDate": {"extension": [{"url": BIRTH_TIME, "valueDateTime": time}]}}


@pytest.mark.parametrize(
    ("birth", "age", "words"),
    [
        ("1990-05-17", 36, "from the date of birth"),
        ("1990-05-18", 35 + 364 / 365, "from the date of birth"),
        ("2026-05-17", 0, "from the date of birth"),
        ("2026-04-19", 28 / 365, "from the date of birth"),
        ("1906-05-17", 120, "from the date of birth"),
        ("1990", (35 + 137 / 365 + 36 + 136 / 365) / 2, "the middle of 35.4 to 36.4"),
        ("1990-03", (36 + 47 / 365 + 36 + 77 / 365) / 2, "the middle of 36.1 to 36.2"),
        ("2010", None, "16 lies within"),
        ("2026", None, "lies within the ages"),
        ("2026-04", None, "lies within the ages"),
        (None, None, "it has no date of birth"),
    ],
)
def test_an_age_is_read(birth: str | None, age: float | None, words: str) -> None:
    found = read(patient(birthDate=birth)).evidence[AGE]

    assert found.value == (None if age is None else pytest.approx(age, abs=1e-9))
    assert words in found.why


@pytest.mark.parametrize(
    "birth",
    [
        *("1990-02-30", "1990-13", "17.5.1990", "", "0000", "1990-5-17", "٢٠٢٠"),
        *("2027-01-01", "2027", "1900-01-01", "1899", 19900517, True, [], {}),
    ],
)
def test_what_is_no_date_of_birth_is_a_problem_with_its_path(birth: Any) -> None:
    reading = read(patient(birthDate=birth))

    assert reading.evidence[AGE].value is None
    [problem] = reading.problems
    assert problem.path == "[0].birthDate"


@pytest.mark.parametrize(
    ("time", "known"),
    [
        ("1990-05-17T23:59:00-05:00", True),
        ("1990-05-18T00:10:00+02:00", False),
        ("1990-05", True),
        ("no time", False),
        (7, False),
    ],
)
def test_a_time_of_birth_must_be_of_that_day(time: object, *, known: bool) -> None:
    found = read(patient(**at(time))).evidence[AGE]

    assert (found.value is not None) is known
    assert known or "another day" in found.why


@pytest.mark.parametrize("key", ["implicitRules", "modifierExtension"])
def test_a_patient_who_is_not_understood_has_no_age(key: str) -> None:
    reading = read(patient(**{key: [{"url": "urn:x"}]}))

    assert reading.evidence[AGE].value is None
    assert [each.reference for each in reading.ignored] == ["Patient/1"]


def test_the_last_day_of_all_is_no_mistake() -> None:
    reading = read(patient(birthDate="9990-06-01"), as_of=date(9999, 12, 31))
    assert reading.case.value(AGE) == pytest.approx(9 + 213 / 365, abs=0.01)
