"""Charts of a patient who is made up, as a client sends them, and calls about them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, Final
from uuid import UUID

from milia_cds import load_knowledge
from milia_cds.adapters.cds_hooks.answering import CallAnswer, answer_to
from milia_cds.adapters.cds_hooks.calls import Call, call_of
from milia_cds.adapters.cds_hooks.cards import Card
from milia_cds.adapters.fhir import response
from milia_cds.knowledge.model import Knowledge
from tests.adapters.cds_hooks.calling import INSTANCE
from tests.common import adult

Resource = dict[str, Any]

AS_OF: Final = date(2026, 11, 30)
AT: Final = datetime(2026, 11, 30, 9, tzinfo=UTC)
BASE_URL: Final = "https://cds.example.org/milia"
SNOMED: Final = "http://snomed.info/sct"
ATC: Final = "http://www.whocc.no/atc"
ICD: Final = "http://hl7.org/fhir/sid/icd-10-cm"
TERMINOLOGY: Final = "http://terminology.hl7.org/CodeSystem"
MILIA: Final = (SNOMED, "254679001")
ISOTRETINOIN: Final = (ATC, "D10BA01")
TRETINOIN: Final = (ATC, "D10AD01")
CRYOTHERAPY: Final = (SNOMED, "26782000")
SUBJECT: Final = {"reference": "Patient/1"}


@cache
def base() -> Knowledge:
    """The knowledge that comes with the library."""
    return load_knowledge()


def concept(*codes: tuple[str, str]) -> Resource:
    return {"coding": [{"system": system, "code": code} for system, code in codes]}


def patient(**other: Any) -> Resource:
    return {"resourceType": "Patient", "id": "1", "birthDate": "1992-05-17", **other}


def condition(
    code: tuple[str, str] = MILIA,
    clinical: str = "active",
    verified: str = "confirmed",
    **other: Any,
) -> Resource:
    return {
        "resourceType": "Condition",
        "id": "c1",
        "subject": SUBJECT,
        "code": concept(code),
        "clinicalStatus": concept((f"{TERMINOLOGY}/condition-clinical", clinical)),
        "verificationStatus": concept(
            (f"{TERMINOLOGY}/condition-ver-status", verified)
        ),
        **other,
    }


def pregnant(code: str = "77386006") -> Resource:
    """An observation of the status of a pregnancy, ten days old."""
    return {
        "resourceType": "Observation",
        "id": "o1",
        "status": "final",
        "subject": SUBJECT,
        "effectiveDateTime": "2026-11-20",
        "code": concept(("http://loinc.org", "82810-3")),
        "valueCodeableConcept": concept((SNOMED, code)),
    }


def taking(code: tuple[str, str], **other: Any) -> Resource:
    """A statement that a drug is taken."""
    return {
        "resourceType": "MedicationStatement",
        "id": "m1",
        "status": "active",
        "subject": SUBJECT,
        "effectiveDateTime": "2026-11-01",
        "medicationCodeableConcept": concept(code),
        **other,
    }


def prescription(code: tuple[str, str], **other: Any) -> Resource:
    """A draft of a prescription."""
    return {
        "resourceType": "MedicationRequest",
        "id": "d1",
        "status": "draft",
        "intent": "order",
        "subject": SUBJECT,
        "medicationCodeableConcept": concept(code),
        **other,
    }


def request(code: tuple[str, str], **other: Any) -> Resource:
    """A draft of an order of a procedure."""
    return {
        "resourceType": "ServiceRequest",
        "id": "d1",
        "status": "draft",
        "intent": "order",
        "subject": SUBJECT,
        "code": concept(code),
        **other,
    }


def searchset(*found: Resource, **other: Any) -> Resource:
    entry = [{"resource": each} for each in found]
    return {
        "resourceType": "Bundle",
        "type": "searchset",
        "total": len(found),
        "entry": entry,
        **other,
    }


def answers(
    facts: Mapping[str, Any] | None = None, knowledge: Knowledge | None = None
) -> Resource:
    """What the healthy adult answers to the form but for the age, with other facts."""
    case = adult(**{"age_years": None, **(facts or {})})
    said = response(case, at=AT, subject="Patient/1", knowledge=knowledge or base())
    return searchset({"id": "q1", **said})


def view(**prefetch: Any) -> Call:
    """A call that opens the chart; the patient is there unless said otherwise."""
    return _call("patient-view", {}, prefetch)


def sign(*drafts: Resource, **prefetch: Any) -> Call:
    """A call that is about to sign draft orders."""
    bundle = {**searchset(*drafts), "type": "collection"}
    del bundle["total"]
    return _call("order-sign", {"draftOrders": bundle}, prefetch)


def _call(hook: str, context: Mapping[str, Any], prefetch: Mapping[str, Any]) -> Call:
    message = {
        "hook": hook,
        "hookInstance": INSTANCE,
        "context": {"userId": "Practitioner/1", "patientId": "1", **context},
        "prefetch": {"patient": patient(), **prefetch},
    }
    return call_of(message, hook=hook)


def answer(call: Call, knowledge: Knowledge | None = None) -> CallAnswer:
    return answer_to(call, knowledge or base(), as_of=AS_OF, base_url=BASE_URL)


def cards(call: Call, knowledge: Knowledge | None = None) -> list[Card]:
    return [*answer(call, knowledge).response.cards]


def instance() -> UUID:
    return UUID(INSTANCE)
