"""The canned server answers as a FHIR server does, and fails as it is told to."""

from __future__ import annotations

import json
from typing import Any
from urllib.request import Request, urlopen

import pytest

from tests.fhir_server.client import asked, fetched
from tests.fhir_server.server import Fault, fhir_server


def about(patient: str, place: int) -> dict[str, Any]:
    subject = {"reference": f"Patient/{patient}"}
    return {"resourceType": "Condition", "id": f"{patient}-{place}", "subject": subject}


HELD = [
    {"resourceType": "Patient", "id": "ann"},
    {"resourceType": "Patient", "id": "bob"},
    *(about("ann", place) for place in range(3)),
    about("bob", 0),
]
FORM = {
    "resourceType": "QuestionnaireResponse",
    "status": "completed",
    "questionnaire": "urn:a-form",
    "subject": {"reference": "Patient/ann"},
}


def ids(bundle: Any) -> list[str]:
    return [each["resource"]["id"] for each in bundle.get("entry", [])]


@pytest.mark.parametrize("patient", ["ann", "Patient/ann"])
def test_a_search_finds_what_is_of_the_patient(patient: str) -> None:
    with fhir_server(HELD) as server:
        _, by_get = asked(f"{server.url}/Condition?patient={patient}")
        body = f"patient={patient}".encode()
        _, by_post = asked(f"{server.url}/Condition/_search", body)
    assert by_get == by_post
    assert ids(by_get) == ["ann-0", "ann-1", "ann-2"]
    assert (by_get["type"], by_get["total"]) == ("searchset", 3)


def test_a_read_finds_one_or_says_that_there_is_none() -> None:
    with fhir_server(HELD) as server:
        assert asked(f"{server.url}/Patient/bob") == (200, HELD[1])
        status, said = asked(f"{server.url}/Patient/eve")
    assert (status, said["issue"][0]["code"]) == (404, "not-found")


def test_an_answered_form_is_kept_and_found_again() -> None:
    with fhir_server(HELD) as server:
        form = f"{server.url}/QuestionnaireResponse"
        status, kept = asked(form, json.dumps(FORM).encode())
        _, same = asked(f"{form}?subject=Patient/ann&questionnaire=urn:a-form")
        _, others = asked(f"{form}?subject=Patient/ann&questionnaire=urn:another")
        versioned = json.dumps({**FORM, "questionnaire": "urn:a-form|2"}).encode()
        asked(form, versioned)
        _, both = asked(f"{form}?subject=Patient/ann&questionnaire=urn:a-form")
        _, one = asked(f"{form}?subject=Patient/ann&questionnaire=urn:a-form%7C2")
    assert (both["total"], one["total"]) == (2, 1)
    assert status == 201
    assert [each["resource"] for each in same["entry"]] == [kept]
    assert kept == {**FORM, "id": kept["id"]}
    assert "entry" not in others


def test_nothing_but_an_answered_form_may_be_sent() -> None:
    with fhir_server(HELD) as server:
        status, _ = asked(f"{server.url}/Condition", b"{}")
        assert status == 405
        assert server.held == HELD


def test_a_page_of_any_origin_may_ask() -> None:
    with fhir_server(HELD) as server:
        url = f"{server.url}/Condition/_search"
        for method, body in (("OPTIONS", None), ("POST", b"patient=ann")):
            with urlopen(Request(url, body, method=method)) as answer:  # noqa: S310 - http
                assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    ("fault", "answer"),
    [
        ("empty", []),
        ("paged", ["ann-0"]),
        ("wrong-patient", ["bob-0"]),
    ],
)
def test_a_fault_of_a_bundle_is_what_its_name_says(
    fault: Fault, answer: list[str]
) -> None:
    with fhir_server(HELD, {"Condition": fault}) as server:
        _, page = asked(f"{server.url}/Condition?patient=ann")
    assert ids(page) == answer
    relations = [each["relation"] for each in page["link"]]
    assert relations == (["self", "next"] if fault == "paged" else ["self"])


def test_pages_together_are_the_whole() -> None:
    with fhir_server(HELD, {"Condition": "paged"}) as server:
        found = fetched(server.url, "ann", ["Condition"])
        first = fetched(server.url, "ann", ["Condition"], pages=1)
    pages = found["Condition"]
    assert [ids(page) for page in pages] == [["ann-0"], ["ann-1"], ["ann-2"]]
    assert first["Condition"] == pages[0]


def test_a_search_may_answer_null_or_an_outcome() -> None:
    faults: dict[str, Fault] = {"Condition": "null", "Device": "operation-outcome"}
    with fhir_server(HELD, faults) as server:
        assert asked(f"{server.url}/Condition?patient=ann") == (200, None)
        status, said = asked(f"{server.url}/Device?patient=ann")
        assert (status, said["resourceType"]) == (500, "OperationOutcome")
        assert set(fetched(server.url, "ann", faults)) == {"patient", *faults}


def test_a_search_that_is_never_answered_leaves_no_key() -> None:
    with fhir_server(HELD, {"Device": "timeout"}) as server:
        found = fetched(server.url, "ann", ["Device", "Condition"], seconds=0.1)
    assert set(found) == {"patient", "Condition"}
