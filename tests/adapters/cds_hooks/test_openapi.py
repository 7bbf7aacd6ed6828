"""The description of the service: valid, whole, and what the service does."""

from __future__ import annotations

import copy
from typing import Any

import attrs
import pytest
from jsonschema import Draft202012Validator
from starlette.testclient import TestClient

from milia_cds.adapters.cds_hooks.card_rules import problems_of
from milia_cds.adapters.cds_hooks.cards import (
    Action,
    Card,
    CdsResponse,
    Coding,
    Link,
    Source,
    Suggestion,
)
from milia_cds.adapters.cds_hooks.service import Service
from tests.adapters.cds_hooks.calling import (
    SIGN,
    VIEW,
    Signing,
    call,
    changed,
    open_client,
    report,
)

PATH = f"/cds-services/{VIEW}"
SOURCE = Source(label="a", url="https://a.example")
RESPONSE = CdsResponse(
    cards=(
        Card(
            summary="a",
            indicator="info",
            source=SOURCE,
            uuid="4e0a3a1e-3283-4575-ab82-028d55fe2719",
            detail="**a**",
            suggestions=(
                Suggestion(
                    label="a",
                    uuid="e56e1945-20b3-4393-8503-a1a20fd73152",
                    is_recommended=True,
                    actions=(
                        Action(
                            type="delete",
                            description="a",
                            resource_id="ServiceRequest/1",
                        ),
                    ),
                ),
            ),
            selection_behavior="at-most-one",
            override_reasons=(Coding(system="https://a", code="a", display="a"),),
            links=(Link(label="a", url="https://a.example/form?ask=a.b"),),
        ),
    )
)


@pytest.fixture(scope="module")
def client() -> TestClient:
    return open_client()


@pytest.fixture(scope="module")
def described(client: TestClient) -> Any:
    return client.get("/openapi.json").json()


def resolved(schema: Any, described: Any) -> Draft202012Validator:
    whole = {**schema, "components": described["components"]}
    Draft202012Validator.check_schema(whole)
    return Draft202012Validator(whole)


def of(described: Any, name: str) -> Draft202012Validator:
    return resolved({"$ref": f"#/components/schemas/{name}"}, described)


def of_call(described: Any, name: str) -> Draft202012Validator:
    body = described["paths"][f"/cds-services/{name}"]["post"]["requestBody"]
    return resolved(body["content"]["application/json"]["schema"], described)


def test_every_route_is_described_and_no_other(described: Any) -> None:
    paths = set(described["paths"])
    routes = {
        route.path.replace("{id}", name)
        for route in Service.routes(open_service())
        for name in (VIEW, SIGN)
    }
    assert paths == routes - {"/openapi.json"}


def open_service() -> Any:
    """Whatever has the endpoints of a service."""
    return Service.__new__(Service)


def test_every_reference_leads_to_a_schema(described: Any) -> None:
    schemas = described["components"]["schemas"]
    text = str(described)
    for name in schemas:
        Draft202012Validator.check_schema(schemas[name])
    for part in text.split("#/components/schemas/")[1:]:
        assert part.split("'")[0] in schemas


def test_operations_have_names_of_their_own(described: Any) -> None:
    names = [
        operation["operationId"]
        for path in described["paths"].values()
        for operation in path.values()
    ]
    assert len(names) == len(set(names)) == 8


def test_only_health_and_the_form_need_no_token(described: Any) -> None:
    bare = Signing().bare
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            answer = bare.request(method, path)
            assert (answer.status_code == 401) == (operation["security"] != [])
            assert str(answer.status_code) in operation["responses"]


def test_what_is_sent_is_as_described(client: TestClient, described: Any) -> None:
    of(described, "Services").validate(client.get("/cds-services").json())
    of(described, "Health").validate(client.get("/health").json())
    of(described, "CdsResponse").validate(client.post(PATH, json=call()).json())
    refused = client.post(PATH, json={})
    of(described, "OperationOutcome").validate(refused.json())
    operation = described["paths"][PATH]["post"]["responses"]
    assert refused.headers["content-type"] in operation["422"]["content"]


def test_a_whole_response_is_as_described(described: Any) -> None:
    of(described, "CdsResponse").validate(RESPONSE.to_dict())


def spoiled(data: Any) -> list[Any]:
    """The response with one member too many, too few or empty, at every place."""
    found = []

    def walk(at: Any, place: list[Any]) -> None:
        if isinstance(at, dict):
            for change in ("more", *(f"without {key}" for key in at), "null"):
                copied = copy.deepcopy(data)
                inner = copied
                for step in place:
                    inner = inner[step]
                if change == "more":
                    inner["summery"] = "a"
                elif change == "null":
                    inner[next(iter(at))] = None
                else:
                    del inner[change.removeprefix("without ")]
                found.append(copied)
        items = at.items() if isinstance(at, dict) else enumerate(at)
        for key, value in items:
            if isinstance(value, dict | list):
                walk(value, [*place, key])

    walk(data, [])
    return found


def test_what_the_description_refuses_the_rules_of_cards_refuse(described: Any) -> None:
    validator = of(described, "CdsResponse")
    refused = [
        each for each in spoiled(RESPONSE.to_dict()) if not_valid(validator, each)
    ]
    assert len(refused) > 20
    assert [each for each in refused if not problems_of(each)] == []


def not_valid(validator: Draft202012Validator, data: Any) -> bool:
    return next(validator.iter_errors(data), None) is not None


@pytest.mark.parametrize(
    "record", [CdsResponse, Card, Suggestion, Action, Link, Source, Coding]
)
def test_every_record_is_described(record: type[Any], described: Any) -> None:
    schema = described["components"]["schemas"][record.__name__]
    assert len(schema["properties"]) == len(attrs.fields(record))
    assert schema["additionalProperties"] is False


@pytest.mark.parametrize(
    ("name", "hook"), [(VIEW, "patient-view"), (SIGN, "order-sign")]
)
def test_a_call_is_described(name: str, hook: str, described: Any) -> None:
    validator = of_call(described, name)
    validator.validate(call(hook))
    for path, value in (
        ("hook", "other"),
        ("hookInstance", "1"),
        ("context.userId", "1"),
        ("context.patientId", "a b"),
        ("context.other", 1),
        ("prefetch.conditions", 7),
        ("prefetch.conditions", {}),
        ("fhirAuthorization", {}),
        ("other", 1),
    ):
        assert not_valid(validator, changed(path, value, hook))


def test_feedback_is_described(described: Any) -> None:
    validator = of(described, "Feedback")
    validator.validate(report())
    assert not_valid(validator, {"feedback": []})
    assert not_valid(validator, report(outcome="ignored"))
    assert not_valid(validator, report(outcomeTimestamp="2026-05-01T09:30:00+00:00"))
