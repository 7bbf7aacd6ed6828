"""Records of patients that are made up, near the shape of Synthea's.

A record is a Bundle of one patient and of what is recorded about them. All that real
records do comes up: product codes, every form of reference, contained resources,
versions, dates of a year alone, members of vendors, resources of somebody else. Much of
it speaks of a fact, with a code that the library ships or with one of a clinic
(`CLINIC`), and two resources may disagree.

`record` makes one by the numbers that it is given, so one seed is one record; `records`
is the same as a strategy.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

import attrs
from hypothesis import strategies as st

Resource = dict[str, Any]

AS_OF: Final = date(2026, 11, 30)
"""The day that every record is read for."""

SNOMED: Final = "http://snomed.info/sct"
LOINC: Final = "http://loinc.org"
RXNORM: Final = "http://www.nlm.nih.gov/research/umls/rxnorm"
ATC: Final = "http://www.whocc.no/atc"
ICD: Final = "http://hl7.org/fhir/sid/icd-10-cm"
CLINIC: Final = "urn:oid:2.999.1"
"""The code system of an imagined clinic: `clinic.toml` says what its codes mean."""

FORM: Final = "urn:milia-cds:questionnaire:1"
ANSWER: Final = "urn:milia-cds:answer"
TERMINOLOGY: Final = "http://terminology.hl7.org/CodeSystem"
SERVER: Final = "https://fhir.example.org/R4"

Code = tuple[str, str]

UNMATCHED: Final[Mapping[str, Sequence[Code]]] = {
    "Condition": [
        (SNOMED, "10509002"),  # acute bronchitis
        (SNOMED, "24079001"),  # atopic dermatitis
        (SNOMED, "444814009"),  # viral sinusitis
        (SNOMED, "72892002"),  # normal pregnancy
    ],
    "AllergyIntolerance": [
        (SNOMED, "232347008"),  # dander
        (SNOMED, "417532002"),  # allergy to fish, as a finding
        (SNOMED, "716184000"),  # no known latex allergy
    ],
    "drug": [
        (RXNORM, "105586"),  # methotrexate 10 mg, a product
        (RXNORM, "1043400"),  # a cough mixture with doxylamine
        (RXNORM, "313782"),  # paracetamol 325 mg, a product
    ],
    "Procedure": [
        (SNOMED, "252160004"),  # pregnancy test
        (SNOMED, "428191000124101"),  # documentation of drugs
    ],
    "Device": [(SNOMED, "49062001")],  # a device
    "Observation": [(LOINC, "8310-5")],  # body temperature
}
"""What records say that is no fact of ours."""

MATCHED: Final[Mapping[str, Sequence[Code]]] = {
    "Condition": [
        (SNOMED, "254679001"),
        (ICD, "L72.0"),
        *((CLINIC, f"history.{name}") for name in ("keloid", "raynaud", "lupus")),
        *((CLINIC, f"history.{name}") for name in ("immunosuppressed", "porphyria")),
        (CLINIC, "no_raynaud"),
    ],
    "AllergyIntolerance": [
        (SNOMED, "373206009"),
        (SNOMED, "7791007"),
        (SNOMED, "735971005"),
        (SNOMED, "716186003"),
        (SNOMED, "409137002"),
        (RXNORM, "3640"),
        (RXNORM, "6387"),
        (RXNORM, "1311629"),
    ],
    "drug": [
        (ATC, "D10BA01"),
        (ATC, "D05BB02"),
        (ATC, "J01AA08"),
        (ATC, "D10AD03"),
        (ATC, "B01AA"),
        (RXNORM, "6980"),
        *((CLINIC, part) for part in ("vitamin_k_antagonist", "doac", "heparin")),
        (CLINIC, "history.methotrexate"),
    ],
    "Procedure": [(SNOMED, "26782000"), (CLINIC, "history.waxed_recently")],
    "Device": [
        (SNOMED, "14106009"),
        (SNOMED, "72506001"),
        (SNOMED, "43252007"),
        (SNOMED, "787483001"),
        (CLINIC, "history.neurostimulator"),
    ],
}
"""What speaks of a fact."""

PREGNANCY: Final = ("77386006", "60001007", "146799005", "152231000119106")
ANSWERS: Final[Mapping[str, Sequence[str]]] = {
    "patient.cooperative": ["yes", "no", "not_known"],
    "findings.growing": ["yes", "no", "not_known"],
    "findings.explained_by_histology": ["yes", "no"],
    "history.keloid": ["yes", "no", "not_known"],
    "history.waxed_recently": ["yes", "no"],
    "lesion.site": ["cheek", "lower_eyelid", "not_known"],
    "goals.wants_treatment": ["yes", "no"],
}
STATUS: Final[Mapping[str, Sequence[str]]] = {
    "Condition": [
        "active",
        "recurrence",
        "relapse",
        "inactive",
        "remission",
        "resolved",
    ],
    "verification": [
        "confirmed",
        "unconfirmed",
        "provisional",
        "differential",
        "refuted",
    ],
    "MedicationRequest": [
        "active",
        "on-hold",
        "cancelled",
        "completed",
        "entered-in-error",
        "stopped",
        "draft",
        "unknown",
    ],
    "MedicationStatement": [
        "active",
        "completed",
        "entered-in-error",
        "intended",
        "stopped",
        "on-hold",
        "unknown",
        "not-taken",
    ],
    "Procedure": ["completed", "not-done", "in-progress", "unknown", "stopped"],
    "Observation": ["final", "amended", "corrected", "preliminary", "cancelled"],
}
AGO: Final = (0, 3, 6, 8, 25, 29, 31, 45, 200, 364, 400, 800, 1000, 1200, 4000, 19_000)
"""Days before: on both sides of every window."""


def concept(*codes: Code, text: str | None = None) -> Resource:
    """A CodeableConcept."""
    coding = [{"system": system, "code": code} for system, code in codes]
    return {"coding": coding, **({"text": text} if text else {})}


def status(kind: str, code: str) -> Resource:
    """A status that is a CodeableConcept."""
    return concept((f"{TERMINOLOGY}/{kind}", code))


@attrs.define
class Making:
    """A record that is being made."""

    chance: random.Random
    on_server: bool
    entries: list[Resource] = attrs.field(factory=list)
    bundle: Resource = attrs.field(factory=dict)

    def rarely(self, one_in: int = 8) -> bool:
        """Whether what is rare is so this time."""
        return self.chance.randrange(one_in) == 0

    def name(self) -> str:
        """A new id."""
        return str(uuid.UUID(int=self.chance.getrandbits(128), version=4))

    def day(self) -> date:
        """A day on either side of a window."""
        return AS_OF - timedelta(days=self.chance.choice(AGO))

    def when(self) -> str:
        """A day as FHIR writes it: now and then less of it, mostly with its time."""
        day = self.day()
        if self.rarely():
            return self.chance.choice([f"{day:%Y}", f"{day:%Y-%m}"])
        return f"{day}{self.chance.choice(['', 'T04:33:37+00:00', 'T23:30:00Z'])}"

    def add(self, kind: str, **members: Any) -> Resource:
        """Record one more resource."""
        name = self.name()
        resource = {"resourceType": kind, "id": name, **members}
        if self.rarely(3):
            resource["meta"] = {
                "versionId": "1",
                "tag": [{"system": CLINIC, "code": "x"}],
            }
        full = f"{SERVER}/{kind}/{name}" if self.on_server else f"urn:uuid:{name}"
        entry = {"fullUrl": full, "resource": resource}
        if not self.on_server:
            entry["request"] = {"method": "POST", "url": kind}
        self.entries.append(entry)
        return resource

    def to(self, resource: Resource) -> Resource:
        """A reference to a resource of the record."""
        kind, name = resource["resourceType"], resource["id"]
        relative = f"{kind}/{name}"
        forms = [f"urn:uuid:{name}"]
        if self.on_server:
            versioned = f"{relative}/_history/1"
            forms = [
                relative,
                f"{SERVER}/{relative}",
                versioned,
                f"{SERVER}/{versioned}",
            ]
        return {"reference": self.chance.choice(forms)}

    def of(self, members: Resource, patient: Resource, key: str) -> Resource:
        """Members with whom they are about, and what rarely stands there besides."""
        about = {**members, key: self.to(patient)}
        if self.rarely(20):
            about["modifierExtension"] = [{"url": "urn:x", "valueBoolean": True}]
        if self.rarely(4):
            about["extension"] = [{"url": "urn:vendor", "valueString": "no known"}]
        return about

    def code(self, kind: str, *, speaking: bool) -> Resource:
        """A code of a kind, that speaks of a fact or does not."""
        codes = MATCHED.get(kind, ()) if speaking else UNMATCHED[kind]
        system, code = self.chance.choice(codes)
        return concept((system, code), text=code if self.rarely(3) else None)


Trait = Callable[[Making, Resource], None]
"""Gives a record of a patient something of its own."""

Maker = Callable[[Making, Resource, bool], None]
"""Records a resource about a patient, that speaks of a fact or does not."""


def condition(making: Making, patient: Resource, speaking: bool) -> None:
    """A disorder, in any state of knowledge."""
    pick = making.chance.choice
    made: Resource = {"code": making.code("Condition", speaking=speaking)}
    verified = pick(
        [*STATUS["verification"], "confirmed", "confirmed", "entered-in-error", ""]
    )
    if verified:
        made["verificationStatus"] = status("condition-ver-status", verified)
    if verified != "entered-in-error":
        made["clinicalStatus"] = status("condition-clinical", pick(STATUS["Condition"]))
    if making.rarely(2):
        made["onsetDateTime"] = making.when()
    making.add("Condition", **making.of(made, patient, "subject"))


def observation(making: Making, patient: Resource, speaking: bool) -> None:
    """A pregnancy, a type of skin, or a temperature."""
    pick = making.chance.choice
    made: Resource = {"status": pick([*STATUS["Observation"], "final", "final"])}
    if not making.rarely():
        made["effectiveDateTime"] = making.when()
    if not speaking:
        made["code"] = making.code("Observation", speaking=False)
        made["valueQuantity"] = {"value": 37.2, "unit": "C"}
    elif making.rarely(3):
        made["code"] = concept((LOINC, "66472-2"))
        made["valueInteger"] = pick([1, 2, 3, 4, 5, 6, 7])
    else:
        made["code"] = concept((LOINC, "82810-3"))
        made["valueCodeableConcept"] = concept((SNOMED, pick(PREGNANCY)))
    making.add("Observation", **making.of(made, patient, "subject"))


def allergy(making: Making, patient: Resource, speaking: bool) -> None:
    """An allergy, or the word that none is known."""
    pick = making.chance.choice
    made: Resource = {"code": making.code("AllergyIntolerance", speaking=speaking)}
    kind = "allergyintolerance-verification"
    verified = pick(["confirmed", "confirmed", "unconfirmed", "refuted", ""])
    if verified:
        made["verificationStatus"] = status(kind, verified)
    state = pick(["active", "active", "inactive", "resolved"])
    made["clinicalStatus"] = status("allergyintolerance-clinical", state)
    made["recordedDate"] = making.when()
    making.add("AllergyIntolerance", **making.of(made, patient, "patient"))


def drug(making: Making, patient: Resource, speaking: bool) -> None:
    """A drug that is asked for or taken: by code, by reference, or contained."""
    pick = making.chance.choice
    code = making.code("drug", speaking=speaking)
    made: Resource = {}
    match pick(["code", "code", "reference", "contained", "nowhere"]):
        case "code":
            made["medicationCodeableConcept"] = code
        case "reference":
            made["medicationReference"] = making.to(making.add("Medication", code=code))
        case "contained":
            held = {"resourceType": "Medication", "id": "drug", "code": code}
            made["contained"] = [held]
            made["medicationReference"] = {"reference": "#drug"}
        case _:
            made["medicationReference"] = {"reference": f"Medication/{making.name()}"}
    if making.rarely(2):
        made["status"] = pick([*STATUS["MedicationRequest"], "active", "active"])
        made["intent"] = pick(["order", "order", "order", "plan", "proposal"])
        made["authoredOn"] = making.when()
        if making.rarely():
            made["doNotPerform"] = True
        making.add("MedicationRequest", **making.of(made, patient, "subject"))
    else:
        made["status"] = pick(
            [*STATUS["MedicationStatement"], "active", "not-taken", "not-taken"]
        )
        if not making.rarely(4):
            made["dateAsserted"] = making.when()
        if making.rarely(2):
            made["effectivePeriod"] = {"start": making.when()}
        making.add("MedicationStatement", **making.of(made, patient, "subject"))


def device(making: Making, patient: Resource, speaking: bool) -> None:
    """A device that a person has, or the use of one."""
    pick = making.chance.choice
    kind = making.code("Device", speaking=speaking)
    state = pick(["active", "active", "inactive", "entered-in-error", ""])
    made: Resource = {"type": kind, **({"status": state} if state else {})}
    if making.rarely(3):
        held = making.add("Device", type=kind)
        use = {"status": pick(["active", "completed"]), "device": making.to(held)}
        making.add("DeviceUseStatement", **making.of(use, patient, "subject"))
    else:
        making.add("Device", **making.of(made, patient, "patient"))


def procedure(making: Making, patient: Resource, speaking: bool) -> None:
    """What was done, or was not."""
    made: Resource = {
        "status": making.chance.choice([*STATUS["Procedure"], "completed"]),
        "code": making.code("Procedure", speaking=speaking),
    }
    if not making.rarely(4):
        made["performedDateTime"] = making.when()
    making.add("Procedure", **making.of(made, patient, "subject"))


def answers(making: Making, patient: Resource, speaking: bool) -> None:
    """A form that was answered, ours or another."""
    pick = making.chance.choice
    asked = making.chance.sample(sorted(ANSWERS), 3)
    items = [
        {
            "linkId": fact,
            "answer": [
                {"valueCoding": {"system": ANSWER, "code": pick(ANSWERS[fact])}}
            ],
        }
        for fact in asked
    ]
    made = {
        "questionnaire": FORM if speaking else "urn:another-form",
        "status": pick(["completed", "completed", "amended", "in-progress"]),
        "item": [{"linkId": "all", "item": items}],
    }
    if not making.rarely():
        made["authored"] = making.when()
    making.add("QuestionnaireResponse", **making.of(made, patient, "subject"))


def unrelated(making: Making, patient: Resource, speaking: bool) -> None:
    """What no reader of facts need know."""
    del speaking
    kind = making.chance.choice(
        ["Immunization", "Encounter", "Claim", "Basic", "Vendor"]
    )
    making.add(kind, **making.of({"status": "completed"}, patient, "patient"))


MAKERS: Final[Sequence[Maker]] = (
    condition,
    observation,
    allergy,
    drug,
    device,
    procedure,
    answers,
    unrelated,
)


def person(making: Making, **members: Any) -> Resource:
    """A patient with names, addresses and extensions of vendors."""
    born = date(1950, 1, 1) + timedelta(days=making.chance.randrange(28_000))
    written = [f"{born}", f"{born}", f"{born}", f"{born:%Y-%m}", f"{born:%Y}"]
    told = [
        {"url": "urn:vendor:race", "extension": [{"url": "text", "valueString": "-"}]}
    ]
    made = {
        "extension": [told],
        "identifier": [{"system": f"{CLINIC}.2", "value": making.name()}],
        "name": [{"use": "official", "family": "Example", "given": ["Alex"]}],
        "gender": making.chance.choice(["female", "male", "other", "unknown"]),
        "birthDate": making.chance.choice(written),
    }
    return making.add("Patient", **{**made, **members})


def record(
    chance: random.Random, traits: Iterable[Trait] = (), *, speaking: bool = True
) -> Resource:
    """Make a record.

    Parameters
    ----------
    chance
        Where its numbers come from.
    traits
        What it has besides.
    speaking
        Whether it speaks of facts at all, but for its traits.
    """
    making = Making(chance, on_server=chance.randrange(2) == 0)
    making.bundle.update(
        resourceType="Bundle", type="collection" if making.on_server else "transaction"
    )
    patient = person(making)
    other = person(making) if making.rarely(4) and speaking else patient
    for _ in range(chance.randrange(24)):
        about = other if making.rarely(6) else patient
        chance.choice(MAKERS)(making, about, speaking and not making.rarely(4))
    if other is not patient:
        making.entries.remove(next(e for e in making.entries if e["resource"] is other))
    for trait in traits:
        trait(making, patient)
    return {**making.bundle, "entry": making.entries}


def records(
    traits: Iterable[Trait] = (), *, speaking: bool = True
) -> st.SearchStrategy[Resource]:
    """Draw records; see `record`."""
    chances = st.randoms(use_true_random=False)
    return chances.map(lambda chance: record(chance, traits, speaking=speaking))


def resources(bundle: Resource) -> list[Resource]:
    """What a record holds, the patient first."""
    return [entry["resource"] for entry in bundle["entry"]]
