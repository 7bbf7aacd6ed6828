"""A rehearsal: what the first call would have to wait for is done before it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

from milia_cds.adapters.cds_hooks.discovery import services
from milia_cds.assessment.assessment import assess
from milia_cds.assessment.base import prepare
from milia_cds.knowledge.model import Knowledge

_NOBODY = "rehearsal"


def rehearse(base: Knowledge, answer: Callable[[str, bytes], Any]) -> None:
    """Answer a call of each service about nobody, and compose an answer to no facts.

    Parameters
    ----------
    base
        The knowledge base; what all cases share is worked out.
    answer
        Answers a call: the id of the service, and the body.
    """
    prepare(base)
    str(assess(base.case({}), base))
    for each in services(base)["services"]:
        answer(each["id"], _call(each["hook"]))


def _call(hook: str) -> bytes:
    context: dict[str, Any] = {
        "userId": f"Practitioner/{_NOBODY}",
        "patientId": _NOBODY,
    }
    if hook == "order-sign":
        context["draftOrders"] = {"resourceType": "Bundle", "type": "collection"}
    patient = {"resourceType": "Patient", "id": _NOBODY}
    call = {
        "hook": hook,
        "hookInstance": str(UUID(int=0)),
        "context": context,
        "prefetch": {"patient": patient},
    }
    return json.dumps(call).encode()
