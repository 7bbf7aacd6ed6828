"""A client of the service in process, and the messages that it sends."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from milia_cds.adapters.cds_hooks import service as serving
from milia_cds.adapters.cds_hooks.tokens import Issuers
from tests.adapters.cds_hooks.signing import ISSUER, NOW, claims, jwks, signed

HERE = "http://127.0.0.1:8000"
THERE = "https://cds.example.org/milia"
VIEW, SIGN = "milia-patient-view", "milia-order-sign"
INSTANCE = "4e0a3a1e-3283-4575-ab82-028d55fe2719"
PATIENT: Mapping[str, Any] = {
    "resourceType": "Patient",
    "id": "1",
    "birthDate": "1992-05-17",
}
NO_DRAFTS: Mapping[str, Any] = {"resourceType": "Bundle", "type": "collection"}


def now() -> datetime:
    return NOW


def call(hook: str = "patient-view", **other: Any) -> dict[str, Any]:
    """A call about a patient of whom no more is said; what is `None` is left out."""
    context: dict[str, Any] = {"userId": "Practitioner/1", "patientId": "1"}
    if hook == "order-sign":
        context["draftOrders"] = NO_DRAFTS
    said = {
        "hook": hook,
        "hookInstance": INSTANCE,
        "context": context,
        "prefetch": {"patient": PATIENT},
        **other,
    }
    return {name: value for name, value in said.items() if value is not None}


def changed(path: str, value: Any, hook: str = "patient-view") -> dict[str, Any]:
    """A call with another value at a path such as "context.userId"."""
    said = call(hook)
    *way, last = path.split(".")
    at: dict[str, Any] = said
    for each in way:
        at[each] = dict(at[each])
        at = at[each]
    at[last] = value
    return said


def report(**other: Any) -> dict[str, Any]:
    """A message of feedback with one report."""
    one = {
        "card": str(uuid4()),
        "outcome": "overridden",
        "outcomeTimestamp": "2026-11-30T09:31:00Z",
        **other,
    }
    return {"feedback": [one]}


def open_client(**settings: Any) -> TestClient:
    """A client of a service for development, without tokens."""
    given = {"trusted": None, "base_url": HERE, "clock": now, **settings}
    return TestClient(unrehearsed(**given), base_url=HERE)


def unrehearsed(**settings: Any) -> Starlette:
    """A service that does not make itself ready, which takes most of its making."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(serving, "rehearse", lambda *_: None)
        return serving.service(**settings)


class Signing:
    """A client of a service in production, that signs what it sends.

    Parameters
    ----------
    settings
        Those of the service beside the issuer, the address and the clock.
    """

    def __init__(self, **settings: Any) -> None:
        trusted = Issuers({ISSUER: jwks()})
        given = {"trusted": trusted, "base_url": THERE, "clock": now, **settings}
        self.bare = TestClient(unrehearsed(**given), base_url="https://cds.example.org")

    def get(self, path: str, **other: Any) -> Any:
        """Get a path with a token, whose claims may be other ones."""
        return self.bare.get(path, headers=self.token(path, **other))

    def post(self, path: str, body: Any, **other: Any) -> Any:
        """Post JSON with a token."""
        return self.bare.post(path, json=body, headers=self.token(path, **other))

    @staticmethod
    def token(path: str, **other: Any) -> dict[str, str]:
        """The header of a fresh token for a path."""
        return {"Authorization": signed(claims(f"{THERE}{path}", **other))}
