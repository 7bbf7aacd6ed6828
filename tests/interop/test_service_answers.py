"""What the service answers for every patient is well formed, and valid FHIR inside."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from benchmarks.serving import SERVICES, call, record
from milia_cds import Case, load_knowledge
from milia_cds.adapters.cds_hooks.cards import CdsResponse, cards_of
from milia_cds.adapters.cds_hooks.service import service
from tests.common import patients_and_vignettes
from tests.interop.oracles import Oracles
from tests.interop.test_written import wrong

HERE = "http://127.0.0.1:8080"
NOW = datetime(2026, 11, 30, 9, 30, tzinfo=UTC)
CASES = {"a case of nothing": Case(), **patients_and_vignettes(vignettes_every=9)}

Resource = dict[str, Any]


class Caller:
    """Calls the service in this process, and holds all that it answers to the rules."""

    def __init__(self) -> None:
        app = service(load_knowledge(), trusted=None, base_url=HERE, clock=lambda: NOW)
        self.client = httpx.AsyncClient(transport=httpx.ASGITransport(app=app))
        self.loop = asyncio.Runner()
        self.found_valid: set[str] = set()

    def answered(
        self, hook: str, prefetch: Resource, drafts: Resource | None = None
    ) -> CdsResponse:
        """The cards that a call is answered with."""
        asked = call(hook, prefetch)
        if drafts is not None:
            asked["context"]["draftOrders"] = drafts
        url = f"{HERE}/cds-services/{SERVICES[hook]}"
        answer = self.loop.run(self.client.post(url, json=asked))
        assert answer.status_code == 200, answer.text
        return cards_of(answer.json())

    def wrong(self, resource: Resource, oracles: Oracles) -> list[str]:
        """What an oracle has against a resource; what is valid is judged once."""
        key = json.dumps({**resource, "id": ""}, sort_keys=True)
        if key in self.found_valid:
            return []
        found = sorted(set(wrong(resource, oracles)))
        if not found:
            self.found_valid.add(key)
        return found


@pytest.fixture(scope="module")
def caller() -> Iterator[Caller]:
    made = Caller()
    yield made
    made.loop.run(made.client.aclose())
    made.loop.close()


def suggested(response: CdsResponse) -> list[Resource]:
    """The resources in the actions of a response."""
    return [
        dict(action.resource)
        for card in response.cards
        for suggestion in card.suggestions
        for action in suggestion.actions
        if action.resource is not None
    ]


@pytest.mark.parametrize("name", CASES)
def test_an_answer_keeps_the_rules_and_what_it_proposes_is_valid(
    name: str, caller: Caller, oracles: Oracles
) -> None:
    prefetch = record(CASES[name].to_dict(), NOW)
    cards = caller.answered("patient-view", prefetch)
    proposed = suggested(cards)
    for each in proposed:
        assert caller.wrong(each, oracles) == []
    # What was proposed is signed: the service knows its own again.
    for number, each in enumerate(proposed[:2]):
        order = {**each, "id": f"draft-{number}"}
        bundle = {"resourceType": "Bundle", "type": "collection"}
        drafts = {**bundle, "entry": [{"resource": order}]}
        signed = caller.answered("order-sign", prefetch, drafts)
        for inner in suggested(signed):
            assert caller.wrong(inner, oracles) == []


def test_most_patients_get_cards_and_many_a_proposal(caller: Caller) -> None:
    answers = [
        caller.answered("patient-view", record(case.to_dict(), NOW))
        for case in list(CASES.values())[::4]
    ]
    spoken = [each for each in answers if each.cards]
    assert len(spoken) > len(answers) * 0.9
    assert len([each for each in spoken if suggested(each)]) > 10
