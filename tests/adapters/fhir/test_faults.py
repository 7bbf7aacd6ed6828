"""A server that fails makes questions, never a no that nobody said."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any, get_args

import pytest

from milia_cds.adapters.fhir import Reading
from tests.adapters.fhir.records import Making, Resource, person
from tests.adapters.fhir.test_laws import noes, read, same
from tests.adapters.fhir.traits import no_known
from tests.fhir_server.client import fetched
from tests.fhir_server.server import Fault, fhir_server

KINDS = ["AllergyIntolerance", "Condition", "Device", "Observation"]
ALLERGY = "history.allergy_fish"


def recorded() -> tuple[Resource, list[Resource]]:
    """A patient of whom no allergy is known, said twice; and what a server holds."""
    making = Making(random.Random(1), on_server=False)  # noqa: S311 - made up
    patient, other = person(making), person(making)
    for about in (patient, patient, other):
        no_known("716186003")(making, about)
    held = [entry["resource"] for entry in making.entries]
    for each in held:  # a server refers by type and id
        if "patient" in each:
            name = each["patient"]["reference"].removeprefix("urn:uuid:")
            each["patient"] = {"reference": f"Patient/{name}"}
    return patient, held


def through(faults: Mapping[str, Fault], **how: Any) -> Reading:
    """The reading of what a client gets."""
    patient, held = recorded()
    with fhir_server(held, faults) as server:
        return read(dict(fetched(server.url, patient["id"], KINDS, **how)))


def test_a_server_without_fault_says_what_is_recorded() -> None:
    reading = through({})
    assert reading.case.value(ALLERGY) is False
    assert ALLERGY in noes(reading)


@pytest.mark.parametrize("fault", sorted({*get_args(Fault)} - {"paged"}))
def test_a_fault_leaves_a_question_and_says_why(fault: Fault) -> None:
    reading = through({"AllergyIntolerance": fault}, seconds=0.2)
    assert noes(reading) == set()
    assert reading.evidence[ALLERGY].value is None
    assert reading.evidence[ALLERGY].why


def test_pages_are_read_together_and_one_alone_says_no_no() -> None:
    paged: Mapping[str, Fault] = {"AllergyIntolerance": "paged"}
    assert same(through(paged), through({}))
    assert noes(through(paged, pages=1)) == set()


def test_what_is_of_another_patient_is_ignored_and_said() -> None:
    reading = through({"AllergyIntolerance": "wrong-patient"})
    [ignored] = reading.ignored
    assert ignored.reference.startswith("AllergyIntolerance/")


@pytest.mark.parametrize("fault", get_args(Fault))
def test_a_fault_of_one_search_takes_nothing_from_another(fault: Fault) -> None:
    reading = through({"Device": fault}, seconds=0.2)
    assert reading.case.value(ALLERGY) is False
