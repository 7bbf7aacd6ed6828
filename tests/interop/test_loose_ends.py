"""Our own oracle reads every depth, and only what it knows."""

from __future__ import annotations

from typing import Any

import pytest

from tests.interop.loose_ends import Definitions, loose_ends
from tests.interop.oracles import DEFINITIONS

ACTIVE = {
    "coding": [
        {
            "system": "http://terminology.hl7.org/CodeSystem/condition-clinical",
            "code": "active",
        }
    ]
}
MILIA = {"coding": [{"system": "http://snomed.info/sct", "code": "254679001"}]}
SUBJECT = {"reference": "Patient/1"}


def condition(**members: Any) -> dict[str, Any]:
    return {"resourceType": "Condition", "subject": SUBJECT, "code": MILIA, **members}


def form(*item: dict[str, Any], **members: Any) -> dict[str, Any]:
    start = {"resourceType": "Questionnaire", "status": "draft"}
    return {**start, "item": list(item), **members}


def bundle(*resources: dict[str, Any]) -> dict[str, Any]:
    entry = [{"resource": each} for each in resources]
    return {"resourceType": "Bundle", "type": "collection", "entry": entry}


@pytest.fixture(scope="module")
def definitions() -> Definitions:
    return Definitions(DEFINITIONS)


@pytest.mark.parametrize(
    "resource",
    [
        condition(clinicalStatus=ACTIVE),
        condition(
            onsetBoolean=False, note=[{"text": "0", "extension": [{"url": "u:"}]}]
        ),
        condition(
            contained=[{"resourceType": "Practitioner", "id": "me"}],
            asserter={"reference": "#me"},
        ),
        # Of this resource itself.
        condition(evidence=[{"detail": [{"reference": "#"}]}]),
        # An address of a person: its system is no URI.
        {"resourceType": "Patient", "telecom": [{"system": "phone", "value": "1"}]},
        # The kinds of files are listed nowhere, so any may stand.
        {"resourceType": "Patient", "photo": [{"contentType": "image/png"}]},
        form({"linkId": "a", "type": "choice"}, contained=[{"resourceType": "Basic"}]),
        bundle(
            condition(clinicalStatus=ACTIVE), form({"linkId": "a", "type": "choice"})
        ),
    ],
)
def test_what_is_valid_has_none(
    resource: dict[str, Any], definitions: Definitions
) -> None:
    assert loose_ends(resource, definitions) == []


@pytest.mark.parametrize(
    ("resource", "place", "wrong"),
    [
        (condition(note=[{"text": None}]), ".note[0].text", "is empty"),
        (condition(code={"text": ""}), ".code.text", "is empty"),
        (condition(code={"coding": [MILIA, {}]}), ".code.coding[1]", "is empty"),
        (condition(category=[]), ".category", "is empty"),
        (
            condition(asserter={"reference": "#me"}),
            ".asserter.reference",
            "points to #me",
        ),
        (
            form({"linkId": "a", "type": "choice", "answerValueSet": "#yes_no"}),
            ".item.answerValueSet",
            "points to #yes_no",
        ),
        (
            condition(code={"coding": [{"system": "SNOMED CT", "code": "1"}]}),
            ".code.coding.system",
            "is no absolute URI",
        ),
        # A code of a wrong system, one without a system, and words alone.
        (condition(clinicalStatus=MILIA), ".clinicalStatus", "has no code"),
        (
            condition(clinicalStatus={"coding": [{"code": "active"}]}),
            ".clinicalStatus",
            "has no code",
        ),
        (condition(clinicalStatus={"text": "active"}), ".clinicalStatus", "no code"),
        (form({"linkId": "a", "type": "yes_no"}), ".item.type", "has no code"),
        # Deeper than the definitions are written: an item in an item.
        (
            form(
                {
                    "linkId": "a",
                    "type": "group",
                    "item": [{"linkId": "b", "type": "yes_no"}],
                }
            ),
            ".item.item.type",
            "has no code",
        ),
        # One of several types.
        (
            condition(onsetAge={"value": 1, "comparator": "="}),
            ".onsetAge.comparator",
            "has no code",
        ),
        # In a resource that another one contains.
        (
            condition(contained=[{"resourceType": "Patient", "gender": "f"}]),
            ".contained.gender",
            "has no code",
        ),
    ],
)
def test_what_is_loose_is_named_with_its_place(
    resource: dict[str, Any], place: str, wrong: str, definitions: Definitions
) -> None:
    (found,) = loose_ends(resource, definitions)
    assert found.startswith(f"{place} ")
    assert wrong in found
    # As an entry of a bundle, too: whatever stands beside it.
    inside = loose_ends(bundle(condition(), resource), definitions)
    assert any(wrong in each and place in each for each in inside)


def test_what_another_resource_contains_is_out_of_reach(
    definitions: Definitions,
) -> None:
    holds = condition(contained=[{"resourceType": "Practitioner", "id": "me"}])
    points = condition(asserter={"reference": "#me"})
    assert loose_ends(bundle(holds, points), definitions) == [
        ".entry.resource: .asserter.reference points to #me, which is not contained"
    ]


def test_every_set_that_can_be_listed_is(definitions: Definitions) -> None:
    unlisted = {url for url, codes in definitions.bound.items() if not codes}
    assert len(unlisted) < 10
    assert "http://hl7.org/fhir/ValueSet/mimetypes|4.0.1" in unlisted
