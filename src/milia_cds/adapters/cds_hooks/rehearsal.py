"""A rehearsal: what the first call would have to wait for is done before it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from uuid import UUID

from milia_cds.adapters.cds_hooks.answering import prepare_answers
from milia_cds.adapters.cds_hooks.discovery import services
from milia_cds.adapters.fhir.conditions import CLINICAL, VERIFICATION
from milia_cds.knowledge.fhir import uris
from milia_cds.knowledge.model import Knowledge

Json = dict[str, Any]

_NOBODY = "rehearsal"
_PATIENT: Json = {"resourceType": "Patient", "id": _NOBODY, "birthDate": "1990-01-01"}


def rehearse(base: Knowledge, answer: Callable[[str, bytes], Any]) -> None:
    """Work out what calls share, and answer a call of each service about nobody.

    Parameters
    ----------
    base
        The knowledge base; what all cases share is worked out.
    answer
        Answers a call: the id of the service, and the body.
    """
    prepare_answers(base)
    for each in services(base)["services"]:
        answer(each["id"], json.dumps(_call(each["hook"], base)).encode())


def _call(hook: str, base: Knowledge) -> Json:
    context: Json = {"userId": f"Practitioner/{_NOBODY}", "patientId": _NOBODY}
    if hook == "order-sign":
        context["draftOrders"] = _bundle(())
    return {
        "hook": hook,
        "hookInstance": str(UUID(int=0)),
        "context": context,
        "prefetch": {
            "patient": _PATIENT,
            "conditions": _bundle(_conditions(base)),
        },
    }


def _bundle(resources: Iterable[Json]) -> Json:
    entries = [{"resource": each} for each in resources]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


def _conditions(base: Knowledge) -> Iterator[Json]:
    """A condition of each kind that is a reason to speak."""
    for rule in base.fhir.rule:
        if rule.speaks:
            for system, code in uris(base.fhir.system, rule.codes):
                yield {
                    "resourceType": "Condition",
                    "id": _NOBODY,
                    "subject": {"reference": f"Patient/{_NOBODY}"},
                    "clinicalStatus": _concept(CLINICAL, "active"),
                    "verificationStatus": _concept(VERIFICATION, "confirmed"),
                    "code": _concept(system, code),
                }


def _concept(system: str, code: str) -> Json:
    return {"coding": [{"system": system, "code": code}]}
