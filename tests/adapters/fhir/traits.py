"""What a hasty reader would take for an answer, by name, for a record of its own.

Each is seen in records that are published. `MAY_BE_READ` says what it may be read as: a
question, mostly.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tests.adapters.fhir.records import (
    AS_OF,
    ATC,
    LOINC,
    RXNORM,
    SERVER,
    SNOMED,
    Making,
    Resource,
    Trait,
    concept,
    status,
)

UNKNOWN: Final = frozenset({None})
NOT_CONFIRMED: Final = frozenset({None, "uncertain"})


def _pregnancy_of_2016(making: Making, patient: Resource) -> None:
    making.add(
        "Condition",
        subject=making.to(patient),
        code=concept((SNOMED, "72892002")),
        clinicalStatus=status("condition-clinical", "resolved"),
        verificationStatus=status("condition-ver-status", "confirmed"),
        onsetDateTime="2016-05-09T04:33:37+00:00",
    )
    making.add(
        "Observation",
        subject=making.to(patient),
        status="final",
        code=concept((LOINC, "82810-3")),
        effectiveDateTime="2016-05-09",
        valueCodeableConcept=concept((SNOMED, "60001007")),
    )


def _doxylamine(making: Making, patient: Resource) -> None:
    making.add(
        "MedicationStatement",
        subject=making.to(patient),
        status="not-taken",
        dateAsserted=f"{AS_OF}",
        medicationCodeableConcept=concept(
            (RXNORM, "1043400"), text="doxylamine, which is no doxycycline"
        ),
    )


def _born_in_a_year(_: Making, patient: Resource) -> None:
    patient["birthDate"] = f"{AS_OF.year - 12}"


def _born_on_another_day(_: Making, patient: Resource) -> None:
    patient["birthDate"] = "2026-11-01"
    url = "http://hl7.org/fhir/StructureDefinition/patient-birthTime"
    born = {"url": url, "valueDateTime": "2026-01-11T17:11:00+01:00"}
    patient["_birthDate"] = {"extension": [born]}


def _milium(verified: str, state: str) -> Trait:
    def make(making: Making, patient: Resource) -> None:
        making.add(
            "Condition",
            subject=making.to(patient),
            code=concept((SNOMED, "254679001")),
            clinicalStatus=status("condition-clinical", state),
            verificationStatus=status("condition-ver-status", verified),
        )

    return make


def no_known(code: str) -> Trait:
    """That no allergy of some kind is known."""

    def make(making: Making, patient: Resource) -> None:
        making.add(
            "AllergyIntolerance",
            patient=making.to(patient),
            code=concept((SNOMED, code)),
            clinicalStatus=status("allergyintolerance-clinical", "active"),
            verificationStatus=status("allergyintolerance-verification", "confirmed"),
        )

    return make


def _empty_reason(making: Making, patient: Resource) -> None:
    none = status("list-empty-reason", "nilknown")
    allergies = concept((LOINC, "48765-2"))
    for kind in ("List", "Composition"):
        section = {"code": allergies, "emptyReason": none}
        members = section if kind == "List" else {"section": [section]}
        making.add(kind, subject=making.to(patient), status="current", **members)


def _page_1_of_2(making: Making, patient: Resource) -> None:
    no_known("716186003")(making, patient)
    after = {"relation": "next", "url": f"{SERVER}/?page=2"}
    making.bundle.update(type="searchset", total=len(making.entries) + 7, link=[after])
    for entry in making.entries:
        entry.pop("request", None)


def _drug_since_1973(making: Making, patient: Resource) -> None:
    making.add(
        "MedicationRequest",
        subject=making.to(patient),
        status="active",
        intent="order",
        authoredOn="1973-02-11T05:13:37+00:00",
        medicationCodeableConcept=concept((ATC, "J01AA08")),
    )


TRAITS: Final[Mapping[str, Trait]] = {
    "pregnancy_of_2016": _pregnancy_of_2016,
    "doxylamine": _doxylamine,
    "born_in_a_year": _born_in_a_year,
    "born_on_another_day": _born_on_another_day,
    "differential": _milium("differential", "active"),
    "refuted": _milium("refuted", "active"),
    "resolved": _milium("confirmed", "resolved"),
    "no_known_latex_allergy": no_known("716184000"),
    "empty_reason": _empty_reason,
    "page_1_of_2": _page_1_of_2,
    "drug_since_1973": _drug_since_1973,
}
MAY_BE_READ: Final[Mapping[str, Mapping[str, frozenset[str | None]]]] = {
    "pregnancy_of_2016": {"patient.pregnancy": UNKNOWN},
    "doxylamine": {"history.tetracycline": UNKNOWN},
    "born_in_a_year": {"patient.age_years": UNKNOWN},
    "born_on_another_day": {"patient.age_years": UNKNOWN},
    "differential": {"lesion.diagnosis": NOT_CONFIRMED},
    "refuted": {"lesion.diagnosis": NOT_CONFIRMED},
    "resolved": {"lesion.diagnosis": NOT_CONFIRMED},
    "no_known_latex_allergy": {"history.allergy_fish": UNKNOWN},
    "empty_reason": {"history.allergy_fish": UNKNOWN},
    "page_1_of_2": {"history.allergy_fish": UNKNOWN},
    "drug_since_1973": {"history.tetracycline": UNKNOWN},
}
"""The values that a fact may have where nothing but the trait speaks of it."""
