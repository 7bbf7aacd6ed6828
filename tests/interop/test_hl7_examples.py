"""HL7's own examples of FHIR R4 are read, and none of them becomes a silent no."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from milia_cds import RecordError
from milia_cds.adapters.fhir import Reading, read_fhir
from tests.adapters.fhir.records import AS_OF
from tests.adapters.fhir.test_laws import SAYS_NO, noes, same
from tests.interop.oracles import EXAMPLES

READ = (
    "AllergyIntolerance",
    "Condition",
    "Device",
    "DeviceUseStatement",
    "Medication",
    "MedicationRequest",
    "MedicationStatement",
    "Observation",
    "Procedure",
    "QuestionnaireResponse",
)
"""The types that a reader of facts looks at, and what they refer to."""

Resource = dict[str, Any]


def parsed(path: Path) -> Resource:
    found: Resource = json.loads(path.read_text(encoding="utf-8"))
    return found


def paths(kind: str) -> list[Path]:
    """The examples of a type, by name."""
    return sorted(EXAMPLES.glob(f"{kind}-*.json"))


@cache
def others() -> tuple[Resource, ...]:
    """All that is recorded about anybody."""
    return tuple(parsed(path) for kind in READ for path in paths(kind))


def read_or_refused(found: Any, patient: str | None = None) -> Reading | None:
    """The reading; `None` where the record is refused: it is of nobody, or of two."""
    try:
        return read_fhir(found, as_of=AS_OF, patient=patient)
    except RecordError:
        return None


def said_explicitly(reading: Reading, resources: Iterator[Resource]) -> None:
    """Hold each no against the resources that are named for it."""
    texts = {f"{e['resourceType']}/{e.get('id')}": json.dumps(e) for e in resources}
    for fact in noes(reading):
        said_by = reading.evidence[fact].said_by
        assert said_by, fact
        named = ["/".join(each.reference.split("/")[-2:]) for each in said_by]
        assert any(word in texts[each] for word in SAYS_NO for each in named), fact
    for fact, each in reading.evidence.items():
        assert each.why, fact


def held(found: Any) -> Iterator[Resource]:
    """Every resource at any depth."""
    match found:
        case dict():
            if "resourceType" in found:
                yield found
            for each in found.values():
                yield from held(each)
        case list():
            for each in found:
                yield from held(each)


def test_there_are_as_many_examples_as_there_were() -> None:
    assert (len(paths("Patient")), len(paths("Bundle"))) == (22, 44)
    assert len(others()) > 150


@pytest.mark.parametrize("path", paths("Patient"), ids=lambda path: path.stem)
def test_a_patient_is_read_among_all_that_is_recorded_about_anybody(path: Path) -> None:
    patient = parsed(path)
    everything = [patient, *others()]
    reading = read_or_refused(everything)
    if reading is None:
        assert {"deceasedBoolean", "deceasedDateTime"} & set(patient)
        return
    said_explicitly(reading, held(everything))
    again = read_or_refused([patient, *reversed(others())])
    assert again is not None
    assert same(reading, again)


@pytest.mark.parametrize("path", paths("Bundle"), ids=lambda path: path.stem)
def test_a_bundle_is_read_or_refused_with_a_reason(path: Path) -> None:
    bundle = parsed(path)
    patients = [e for e in held(bundle) if e["resourceType"] == "Patient"]
    named: list[str | None] = [f"Patient/{each.get('id')}" for each in patients]
    for patient in named or [None]:
        reading = read_or_refused(bundle, patient)
        if reading is not None:
            said_explicitly(reading, held(bundle))


@pytest.mark.parametrize(("name", "value"), [("nka", False), ("nkda", None)])
def test_no_known_allergy_is_a_no_and_no_known_drug_allergy_not_of_food(
    name: str, value: bool | None
) -> None:
    said = parsed(EXAMPLES / f"AllergyIntolerance-{name}.json")
    mother = {"resourceType": "Patient", "id": "mom"}
    reading = read_fhir([mother, said], as_of=AS_OF)
    assert reading.case.value("history.allergy_fish") is value
    assert reading.case.value("history.allergy_tetracycline") is False


def test_no_known_latex_allergy_says_nothing_of_ours() -> None:
    said = parsed(EXAMPLES / "AllergyIntolerance-nkla.json")
    patient = parsed(EXAMPLES / "Patient-example.json")
    reading = read_fhir([patient, said], as_of=AS_OF)
    assert noes(reading) == set()
    assert reading.ignored == ()
