"""Small FHIR resources for tests, and a clinic whose policy has codes of its own."""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeAlias

from milia_cds import load_knowledge
from milia_cds.adapters.fhir import FactEvidence, Reading, read_fhir
from milia_cds.knowledge.model import Knowledge

Json: TypeAlias = dict[str, Any]

AS_OF = date(2026, 5, 17)
SNOMED = "http://snomed.info/sct"
LOINC = "http://loinc.org"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
ATC = "http://www.whocc.no/atc"
ICD = "http://hl7.org/fhir/sid/icd-10-cm"
OWN = "urn:example:clinic"
TERMINOLOGY = "http://terminology.hl7.org/CodeSystem"

POLICY = """
name = "The clinic of the tests"
version = "1"
""" + "".join(
    f"""
[[fhir.code]]
fact = "{fact}"
system = "{OWN}"
codes = {json.dumps(codes.split())}
means = "{means}"
{more}
"""
    for fact, codes, means, more in (
        ("history.lupus", "lupus", "yes", ""),
        ("history.keloid", "keloid", "yes", ""),
        ("history.keloid", "no-keloid", "no", "judgement = true"),
        ("history.hepatic_disease", "hepatitis cirrhosis", "yes", ""),
        ("history.hepatic_disease", "liver-disease", "yes", 'part = "all"'),
        ("history.vitiligo_or_koebner", "vitiligo", "yes", 'part = "vitiligo"'),
        ("history.vitiligo_or_koebner", "koebner", "yes", 'part = "koebner"'),
        ("history.vitiligo_or_koebner", "leukoderma", "yes", ""),
        ("history.diabetes_uncontrolled", "diabetes", "yes", ""),
        ("history.cryotherapy_reaction", "frostbite", "yes", ""),
        ("history.pacemaker", "paced", "yes", ""),
        ("lesion.site", "at-cheek", "cheek", ""),
        ("lesion.site", "at-nose", "nose", ""),
        ("patient.breastfeeding", "nursing", "value", ""),
        ("patient.breastfeeding", "nurses", "yes", ""),
        ("patient.breastfeeding", "nurses-not", "no", "judgement = true"),
        ("patient.preterm", "weeks-at-birth", "value", ""),
        ("patient.phototype", "fitzpatrick", "value", ""),
        ("history.inr", "inr", "value", ""),
        ("history.waxed_recently", "waxing", "yes", ""),
        ("history.resurfaced_recently", "peel", "yes", 'part = "peel"'),
        ("history.device_plan_known", "plan", "yes", ""),
        ("history.methotrexate", "mtx", "yes", ""),
        ("history.tetracycline", "J01AA", "yes", 'prefix = true\npart = "all"'),
        ("history.isotretinoin", "isotretinoin-product", "yes", ""),
        ("history.allergy_nickel", "no-known-nickel", "no", "judgement = true"),
    )
)


@cache
def clinic() -> Knowledge:
    """The knowledge with the codes of a clinic."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "clinic.toml"
        file.write_text(POLICY, "utf-8")
        return load_knowledge(policy=file)


def read(*resources: Json, as_of: date = AS_OF, **more: Any) -> Reading:
    """Read resources of Patient/1, who was born on 17 May 1990 unless one is given."""
    given = list(resources)
    if not any(each.get("resourceType") == "Patient" for each in given):
        given.append(patient())
    return read_fhir(given, as_of=as_of, knowledge=clinic(), **more)


def evidence(fact: str, *resources: Json, **more: Any) -> FactEvidence:
    """What resources say of one fact."""
    return read(*resources, **more).evidence[fact]


def concept(*codes: str, system: str = SNOMED) -> Json:
    """A CodeableConcept; a code of another system is written "system|code"."""
    pairs = (code.rpartition("|") for code in codes)
    return {"coding": [{"system": of or system, "code": code} for of, _, code in pairs]}


def patient(**more: Any) -> Json:
    """A patient."""
    return {"resourceType": "Patient", "id": "1", "birthDate": "1990-05-17", **more}


def condition(
    code: str, verified: str = "confirmed", clinical: str = "active", **more: Any
) -> Json:
    """A condition of Patient/1, by default by a code of the clinic."""
    data: Json = {
        "resourceType": "Condition",
        "id": "c1",
        "subject": {"reference": "Patient/1"},
        "code": concept(code, system=OWN),
        "verificationStatus": concept(
            verified, system=f"{TERMINOLOGY}/condition-ver-status"
        ),
        "clinicalStatus": concept(clinical, system=f"{TERMINOLOGY}/condition-clinical"),
        **more,
    }
    return {key: each for key, each in data.items() if each is not None}


def observation(
    code: str, value: Json | None = None, day: str | None = "2026-05-10", **more: Any
) -> Json:
    """An observation of Patient/1, by default by a code of the clinic."""
    data: Json = {
        "resourceType": "Observation",
        "id": "o1",
        "status": "final",
        "subject": {"reference": "Patient/1"},
        "code": concept(code, system=OWN),
        "effectiveDateTime": day,
        **(value or {}),
        **more,
    }
    return {key: each for key, each in data.items() if each is not None}


def pregnancy(answer: str, day: str | None = "2026-05-10", **more: Any) -> Json:
    """An observation of the pregnancy status, by a coded value of SNOMED CT."""
    value = {"valueCodeableConcept": concept(answer)}
    return observation(f"{LOINC}|82810-3", value, day, **more)


def allergy(
    code: str, verified: str = "confirmed", clinical: str = "active", **more: Any
) -> Json:
    """An allergy of Patient/1, by default by a code of SNOMED CT."""
    of = f"{TERMINOLOGY}/allergyintolerance-"
    return {
        "resourceType": "AllergyIntolerance",
        "id": "a1",
        "patient": {"reference": "Patient/1"},
        "code": concept(code),
        "verificationStatus": concept(verified, system=f"{of}verification"),
        "clinicalStatus": concept(clinical, system=f"{of}clinical"),
        **more,
    }


def statement(code: str, status: str = "active", **more: Any) -> Json:
    """A statement of a drug, by default by a code of ATC."""
    return {
        "resourceType": "MedicationStatement",
        "id": "s1",
        "status": status,
        "subject": {"reference": "Patient/1"},
        "medicationCodeableConcept": concept(code, system=ATC),
        **more,
    }


def request(code: str, status: str = "active", **more: Any) -> Json:
    """An order of a drug, by default by a code of ATC."""
    return {
        "resourceType": "MedicationRequest",
        "id": "r1",
        "status": status,
        "intent": "order",
        "authoredOn": "2026-04-01",
        "subject": {"reference": "Patient/1"},
        "medicationCodeableConcept": concept(code, system=ATC),
        **more,
    }


def device(code: str, status: str | None = "active", **more: Any) -> Json:
    """A device of Patient/1, by default by a code of SNOMED CT."""
    data: Json = {
        "resourceType": "Device",
        "id": "d1",
        "status": status,
        "patient": {"reference": "Patient/1"},
        "type": concept(code),
        **more,
    }
    return {key: each for key, each in data.items() if each is not None}


def procedure(
    code: str, day: str | None = "2026-05-15", status: str = "completed", **more: Any
) -> Json:
    """A procedure on Patient/1, by a code of the clinic."""
    data: Json = {
        "resourceType": "Procedure",
        "id": "p1",
        "status": status,
        "subject": {"reference": "Patient/1"},
        "code": concept(code, system=OWN),
        "performedDateTime": day,
        **more,
    }
    return {key: each for key, each in data.items() if each is not None}


def bundle(*resources: Json, kind: str = "collection", **more: Any) -> Json:
    """A bundle of resources."""
    entries = [{"resource": each} for each in resources]
    return {"resourceType": "Bundle", "type": kind, "entry": entries, **more}
