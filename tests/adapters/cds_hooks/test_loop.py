"""The loop over HTTP: a card asks, the form answers, the next card has changed."""

from __future__ import annotations

from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from starlette.testclient import TestClient

from milia_cds.adapters.cds_hooks.feedback_file import FeedbackFile
from milia_cds.adapters.cds_hooks.feedback_summary import Summary, summary
from milia_cds.adapters.cds_hooks.service import service
from milia_cds.adapters.fhir import response
from tests.adapters.cds_hooks.calling import HERE, VIEW, call, now
from tests.adapters.cds_hooks.charts import condition, patient, searchset
from tests.adapters.cds_hooks.test_form import BASE, answered
from tests.common import adult

CALL = f"/cds-services/{VIEW}"
SENT = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "feedback.jsonl"


@pytest.fixture
def client(path: Path) -> TestClient:
    app = service(trusted=None, base_url=HERE, feedback=FeedbackFile(path), clock=now)
    return TestClient(app, base_url=HERE)


def shown(client: TestClient, **prefetch: Any) -> list[dict[str, Any]]:
    told = {"patient": patient(), "conditions": searchset(condition()), **prefetch}
    reply = client.post(CALL, json=call(prefetch=told))
    assert reply.status_code == 200, reply.text
    cards: list[dict[str, Any]] = reply.json()["cards"]
    return cards


def filled_in(client: TestClient) -> dict[str, Any]:
    """What the healthy adult answers in the form, stored by the client."""
    said = answered(response(adult(), knowledge=BASE))
    fields = {link: [*map(str, given)] for link, given in said.items() if given}
    body = urlencode({**fields, "deed": ["save"]}, doseq=True)
    stored: dict[str, Any] = client.post("/form", content=body, headers=SENT).json()
    return {**stored, "subject": {"reference": "Patient/1"}}


def summed(path: Path) -> Summary:
    with path.open("rb") as stream:
        return summary(stream)


def test_a_service_that_has_answered_nobody_has_shown_nothing(
    client: TestClient, path: Path
) -> None:
    assert client.get("/health").status_code == 200
    assert summed(path).whole.shown == 0


def test_the_answers_of_the_form_change_the_next_card(client: TestClient) -> None:
    [before] = shown(client)
    [link] = [each["url"] for each in before["links"] if "/form?" in each["url"]]
    page = client.get(link)
    assert page.status_code == 200
    assert "Asked for" in unescape(page.text)
    asked = urlsplit(link).query.removeprefix("ask=").split(",")
    assert asked

    [after] = shown(client, answers=searchset(filled_in(client)))
    assert not before.get("suggestions")
    assert after["suggestions"]
    assert after["summary"] != before["summary"]


def test_feedback_leads_back_to_options_and_knowledge(
    client: TestClient, path: Path
) -> None:
    [card] = shown(client, answers=searchset(filled_in(client)))
    first = card["suggestions"][0]
    report = {
        "card": card["uuid"],
        "outcome": "accepted",
        "acceptedSuggestions": [{"id": first["uuid"]}],
        "outcomeTimestamp": "2026-11-30T09:31:00Z",
    }

    for _ in range(2):
        reply = client.post(f"{CALL}/feedback", json={"feedback": [report]})
        assert reply.status_code == 200

    found = summed(path)
    assert (found.whole.shown, found.whole.accepted, found.unknown) == (1, 1, 0)
    taken = [name for name, each in found.options.items() if each.accepted]
    assert len(taken) == 1
    assert len(found.options) >= len(card["suggestions"])
    [knowledge] = found.knowledge
    assert BASE.digest in knowledge
