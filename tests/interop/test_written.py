"""Everything that is written as FHIR is valid for every oracle."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from milia_cds import Case, assess
from milia_cds.adapters.fhir.questionnaire import questionnaire, response
from milia_cds.adapters.fhir.writing import write_fhir
from tests.common import patients, sampled, vignettes
from tests.interop.oracles import Oracles

AT = datetime(2026, 11, 30, 9, 30, tzinfo=UTC)
EVERY = 6
"""Of so many vignettes one is written; a thorough run writes all."""

CASES = {
    "a case of nothing": Case(),
    **patients(),
    **{
        each.id: Case.from_dict(each.case_data)
        for each in sampled(vignettes(), EVERY)
        if each.expect.contradiction is None  # else the case is refused
    },
}


def wrong(resource: dict[str, Any], oracles: Oracles) -> Iterator[str]:
    """What any oracle has against a resource or, alone, one that it holds."""
    for entry in resource.get("entry", []):
        yield from wrong(entry["resource"], oracles)
    kind = resource["resourceType"]
    for name, found in oracles.findings(resource).items():
        yield from (f"{name}: {kind} {each}" for each in found)


@pytest.mark.parametrize("name", CASES)
def test_what_is_written_of_an_assessment_is_valid(name: str, oracles: Oracles) -> None:
    bundle = write_fhir(assess(CASES[name]), patient="Patient/1", at=AT)
    assert sorted(set(wrong(bundle, oracles))) == []


@pytest.mark.parametrize("name", [None, *sampled(CASES, 12)])
def test_a_form_is_valid(name: str | None, oracles: Oracles) -> None:
    form = questionnaire(case=None if name is None else CASES[name])
    assert sorted(set(wrong(form, oracles))) == []


@pytest.mark.parametrize("name", CASES)
def test_what_a_case_states_is_a_valid_response(name: str, oracles: Oracles) -> None:
    said = response(CASES[name], subject="Patient/1", at=AT)
    assert sorted(set(wrong(said, oracles))) == []
