"""What each resource says of a fact: a yes, a no or nothing, and in which words."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.adapters.fhir.building import (
    ATC,
    ICD,
    LOINC,
    OWN,
    RXNORM,
    Json,
    allergy,
    concept,
    condition,
    device,
    evidence,
    observation,
    pregnancy,
    procedure,
    request,
    statement,
)

Row = tuple[list[Json], str, Any, str]
"""Resources, a fact, what it is then, and words of why."""

MILIA = "http://snomed.info/sct|254679001"
FISH, PEANUT, SOYA = "735971005", "762952008", "7791007"
PACEMAKER, NO_DEVICE = "14106009", "787483001"
ISOTRETINOIN, ACITRETIN, MINOCYCLINE = "D10BA01", "D05BB02", "J01AA08"

CONDITIONS: list[Row] = [
    *(
        ([condition("lupus", clinical=status)], "history.lupus", True, status)
        for status in (
            *("active", "recurrence", "relapse"),
            *("inactive", "remission", "resolved"),
        )
    ),
    ([condition("lupus", "refuted")], "history.lupus", False, "refuted"),
    *(
        ([condition("lupus", status)], "history.lupus", None, status)
        for status in ("unconfirmed", "provisional", "differential")
    ),
    (
        [condition("lupus", verificationStatus=None)],
        "history.lupus",
        None,
        "not said to be confirmed",
    ),
    (
        [condition("lupus", clinicalStatus=None)],
        "history.lupus",
        None,
        "its clinical status is not said",
    ),
    (
        [condition("lupus", verificationStatus=concept("confirmed"))],  # of no system
        "history.lupus",
        None,
        "not said to be confirmed",
    ),
    ([condition("lupsu")], "history.lupus", None, "None of what the record has"),
    ([], "history.lupus", None, "The record has no Condition"),
    (
        [condition("lupus") | {"code": {"text": "lupus"}}],  # a text alone is no code
        "history.lupus",
        None,
        "None of what the record has",
    ),
    (
        [condition("lupus", recordedDate="2027-01-01")],
        "history.lupus",
        None,
        "after the day of the case",
    ),
    (
        [condition("lupus"), condition("lupus", "refuted", id="c2")],
        "history.lupus",
        None,
        "The record disagrees: Condition/c1",
    ),
    (
        [condition("lupus", "refuted"), condition("lupus", "provisional", id="c2")],
        "history.lupus",
        None,
        "Condition/c2: its diagnosis is provisional",
    ),
    ([condition("no-keloid")], "history.keloid", False, "its code says no"),
    ([condition("no-keloid", "refuted")], "history.keloid", None, "says nothing here"),
    ([condition("no-keloid", "provisional")], "history.keloid", None, "provisional"),
    # a class of diseases: one of them that is refuted denies itself alone
    ([condition("hepatitis")], "history.hepatic_disease", True, "confirmed"),
    ([condition("hepatitis", "refuted")], "history.hepatic_disease", None, "in part"),
    (
        [
            condition("hepatitis", "refuted"),
            condition("cirrhosis", "refuted", id="c2"),
        ],
        "history.hepatic_disease",
        False,
        "Condition/c2: it is refuted",
    ),
    ([condition("liver-disease", "refuted")], "history.hepatic_disease", False, "ref"),
    (
        [condition("hepatitis"), condition("cirrhosis", "refuted", id="c2")],
        "history.hepatic_disease",
        True,
        "Condition/c1",
    ),
    # of two parts
    ([condition("vitiligo")], "history.vitiligo_or_koebner", True, "confirmed"),
    (
        [condition("vitiligo", "refuted")],
        "history.vitiligo_or_koebner",
        None,
        "in part",
    ),
    (
        [condition("vitiligo", "refuted"), condition("koebner", "refuted", id="c2")],
        "history.vitiligo_or_koebner",
        False,
        "Condition/c2",
    ),
    (
        [condition("leukoderma", "refuted")],
        "history.vitiligo_or_koebner",
        None,
        "denies no part",
    ),
    (
        [condition("vitiligo", "refuted"), condition("koebner", id="c2")],
        "history.vitiligo_or_koebner",
        True,
        "Condition/c2",
    ),
    # under which control a disease is, no code says
    ([condition("diabetes")], "history.diabetes_uncontrolled", None, "which control"),
    ([condition("diabetes", "refuted")], "history.diabetes_uncontrolled", False, "ref"),
    # what is there now
    ([condition("paced")], "history.pacemaker", True, "active"),
    ([condition("paced", clinical="resolved")], "history.pacemaker", None, "of now"),
    ([condition("paced", "refuted")], "history.pacemaker", None, "says nothing here"),
    # the diagnosis
    ([condition(MILIA)], "lesion.diagnosis", "confirmed", "confirmed and active"),
    ([condition(MILIA, "differential")], "lesion.diagnosis", "uncertain", "differenti"),
    ([condition(MILIA, "provisional")], "lesion.diagnosis", "uncertain", "provisional"),
    ([condition(MILIA, "unconfirmed")], "lesion.diagnosis", None, "unconfirmed"),
    ([condition(MILIA, "refuted")], "lesion.diagnosis", None, "refuted"),
    ([condition(MILIA, clinical="resolved")], "lesion.diagnosis", None, "of now"),
    ([condition(f"{ICD}|L72.0")], "lesion.diagnosis", None, "every epidermal cyst"),
    (
        [condition(MILIA), condition(MILIA, "provisional", id="c2")],
        "lesion.diagnosis",
        None,
        "The record disagrees",
    ),
    # where it lies
    (
        [condition(MILIA, bodySite=[concept("at-cheek", system=OWN)])],
        "lesion.site",
        "cheek",
        "it lies there",
    ),
    ([condition(MILIA)], "lesion.site", None, "it says no site"),
    (
        [condition(MILIA, bodySite=[concept("at-elbow", system=OWN)])],
        "lesion.site",
        None,
        "no code that is known",
    ),
    (
        [condition("lupus", bodySite=[concept("at-cheek", system=OWN)])],
        "lesion.site",
        None,
        "None of what",
    ),
    (
        [condition(f"{ICD}|L72.0", bodySite=[concept("at-cheek", system=OWN)])],
        "lesion.site",
        None,
        "None of what",
    ),
    # a pregnancy in the list of conditions
    (
        [condition("http://snomed.info/sct|77386006", recordedDate="2016-03-01")],
        "patient.pregnancy",
        None,
        "says nothing of today",
    ),
    (
        [condition("http://snomed.info/sct|77386006"), pregnancy("60001007")],
        "patient.pregnancy",
        None,
        "A part of the record leaves it open",
    ),
]

OBSERVATIONS: list[Row] = [
    ([pregnancy("77386006")], "patient.pregnancy", "pregnant", "the value of 2026-05"),
    ([pregnancy("60001007")], "patient.pregnancy", "none", "the value"),
    ([pregnancy("146799005")], "patient.pregnancy", "possible", "the value"),
    ([pregnancy("152231000119106")], "patient.pregnancy", "possible", "the value"),
    ([pregnancy("1")], "patient.pregnancy", None, "no code that is known"),
    *(
        ([pregnancy("60001007", status=each)], "patient.pregnancy", "none", "the value")
        for each in ("final", "amended", "corrected")
    ),
    *(
        ([pregnancy("60001007", status=each)], "patient.pregnancy", None, each)
        for each in ("registered", "preliminary", "cancelled", "unknown")
    ),
    ([pregnancy("60001007", "2026-04-17")], "patient.pregnancy", "none", "the value"),
    ([pregnancy("60001007", "2026-04-16")], "patient.pregnancy", None, "too long ago"),
    ([pregnancy("60001007", "2026-05-18")], "patient.pregnancy", None, "after the day"),
    ([pregnancy("60001007", None)], "patient.pregnancy", None, "says no day"),
    ([pregnancy("60001007", "2026-05")], "patient.pregnancy", None, "says no day"),
    (
        [pregnancy("60001007", focus=[{"reference": "Patient/2"}])],
        "patient.pregnancy",
        None,
        "something else than the patient",
    ),
    (
        [pregnancy("60001007"), pregnancy("77386006", "2026-05-11", id="o2")],
        "patient.pregnancy",
        "pregnant",
        "Observation/o2",
    ),
    (
        [pregnancy("60001007"), pregnancy("1", "2026-05-11", id="o2")],
        "patient.pregnancy",
        None,
        "Observation/o2",
    ),
    (
        [pregnancy("60001007"), pregnancy("77386006", id="o2")],
        "patient.pregnancy",
        None,
        "The record disagrees: Observation/o1",
    ),
    (
        [
            pregnancy("60001007"),
            pregnancy("77386006", "2026-05-12", id="o2", status="preliminary"),
        ],
        "patient.pregnancy",
        "none",
        "Observation/o1",
    ),
    (
        [pregnancy("60001007", dataAbsentReason=concept("unknown"))],
        "patient.pregnancy",
        None,
        "said to be absent",
    ),
    (
        [pregnancy("", valueCodeableConcept=concept("77386006", "60001007"))],
        "patient.pregnancy",
        None,
        "codes that differ",
    ),
    (
        [
            observation(
                f"{LOINC}|86645-9",
                {"valueCodeableConcept": concept("LA26438-4", system=LOINC)},
            )
        ],
        "patient.pregnancy",
        "planning",
        "the value",
    ),
    # yes and no, in codes and without
    (
        [observation("nursing", {"valueBoolean": True})],
        "patient.breastfeeding",
        True,
        "",
    ),
    (
        [observation("nursing", {"valueBoolean": False})],
        "patient.breastfeeding",
        False,
        "the value of 2026-05-10",
    ),
    (
        [observation("nursing", {"valueCodeableConcept": concept(f"{OWN}|nurses")})],
        "patient.breastfeeding",
        True,
        "",
    ),
    (
        [
            observation(
                "nursing", {"valueCodeableConcept": concept(f"{OWN}|nurses-not")}
            )
        ],
        "patient.breastfeeding",
        False,
        "",
    ),
    (
        [observation("nursing", {"valueString": "no"})],
        "patient.breastfeeding",
        None,
        "",
    ),
    # numbers
    (
        [observation("inr", {"valueQuantity": {"value": 2.5, "code": "{INR}"}})],
        "history.inr",
        2.5,
        "the value",
    ),
    ([observation("inr", {"valueQuantity": {"value": 2.5}})], "history.inr", 2.5, ""),
    (
        [observation("inr", {"valueQuantity": {"value": 2.5, "unit": "mg"}})],
        "history.inr",
        None,
        "its unit is not one that is read",
    ),
    (
        [observation("inr", {"valueQuantity": {"value": 8, "comparator": ">"}})],
        "history.inr",
        None,
        "no measured number",
    ),
    (
        [observation("inr", {"valueQuantity": {"value": 250}})],
        "history.inr",
        None,
        "out of bounds",
    ),
    (
        [observation("inr", {"valueQuantity": {"value": 2.5}}, "2026-04-16")],
        "history.inr",
        None,
        "too long ago",
    ),
    (
        [observation("fitzpatrick", {"valueInteger": 3}, "2001-01-01")],
        "patient.phototype",
        3,
        "the value",
    ),
    ([observation("fitzpatrick", {"valueInteger": 7})], "patient.phototype", None, ""),
    (
        [
            observation(
                "weeks-at-birth", {"valueQuantity": {"value": 36.9, "code": "wk"}}
            )
        ],
        "patient.preterm",
        True,
        "36.9 is below 37",
    ),
    (
        [observation("weeks-at-birth", {"valueQuantity": {"value": 37, "code": "wk"}})],
        "patient.preterm",
        False,
        "37 is not below 37",
    ),
    (
        [observation("weeks-at-birth", {"valueQuantity": {"value": 259, "code": "d"}})],
        "patient.preterm",
        None,
        "its unit",
    ),
]

NO_ALLERGY, NO_DRUG_ALLERGY, NO_LATEX = "716186003", "409137002", "716184000"
OF_ALLERGY = (
    "history.allergy_amide_anaesthetic",
    "history.allergy_retinoid",
    "history.allergy_tetracycline",
    "history.allergy_soya_or_peanut",
    "history.allergy_fish",
)

ALLERGIES: list[Row] = [
    ([allergy(FISH)], "history.allergy_fish", True, "confirmed and active"),
    ([allergy(FISH, "refuted")], "history.allergy_fish", False, "refuted"),
    ([allergy(FISH, "unconfirmed")], "history.allergy_fish", None, "unconfirmed"),
    ([allergy(FISH, "")], "history.allergy_fish", None, "not said to be confirmed"),
    ([allergy(FISH, clinical="resolved")], "history.allergy_fish", None, "resolved"),
    ([allergy(FISH, clinical="inactive")], "history.allergy_fish", None, "inactive"),
    ([allergy(PEANUT)], "history.allergy_soya_or_peanut", True, ""),
    ([allergy(PEANUT, "refuted")], "history.allergy_soya_or_peanut", None, "in part"),
    (
        [allergy(PEANUT, "refuted"), allergy(SOYA, "refuted", id="a2")],
        "history.allergy_soya_or_peanut",
        False,
        "AllergyIntolerance/a2",
    ),
    ([allergy(f"{RXNORM}|3640")], "history.allergy_tetracycline", True, ""),
    ([allergy(f"{ATC}|D10AD03")], "history.allergy_retinoid", True, ""),
    ([allergy(f"{RXNORM}|6387")], "history.allergy_amide_anaesthetic", True, ""),
    ([allergy(f"{RXNORM}|31738")], "history.allergy_nickel", True, ""),
    *(([allergy(NO_ALLERGY)], fact, False, "none is known") for fact in OF_ALLERGY),
    ([allergy(NO_ALLERGY)], "history.allergy_nickel", None, "None of what"),
    *(([allergy(NO_DRUG_ALLERGY)], fact, False, "none") for fact in OF_ALLERGY[:3]),
    *(([allergy(NO_DRUG_ALLERGY)], fact, None, "None of") for fact in OF_ALLERGY[3:]),
    *(([allergy(NO_LATEX)], fact, None, "None of what") for fact in OF_ALLERGY),
    (
        [allergy(NO_ALLERGY), allergy(NO_LATEX, id="a2")],
        "history.allergy_fish",
        False,
        "none is known",
    ),
    ([allergy(NO_ALLERGY, "unconfirmed")], "history.allergy_fish", None, "unconfirmed"),
    ([allergy(NO_ALLERGY, "refuted")], "history.allergy_fish", None, "refuted"),
    ([allergy(NO_ALLERGY, clinical="inactive")], "history.allergy_fish", None, "inact"),
    *(
        (
            [allergy(NO_ALLERGY), allergy("1003755004", id="a2")],  # of something else
            fact,
            None,
            "AllergyIntolerance/a2: it contradicts AllergyIntolerance/a1",
        )
        for fact in OF_ALLERGY
    ),
    (
        [allergy(NO_ALLERGY), allergy(FISH, id="a2")],
        "history.allergy_fish",
        None,
        "The record disagrees: AllergyIntolerance/a1",
    ),
    (
        [allergy(NO_ALLERGY), allergy("1003755004", "refuted", id="a2")],
        "history.allergy_fish",
        False,
        "none is known",
    ),
    (
        [allergy(NO_DRUG_ALLERGY), allergy(FISH, id="a2")],
        "history.allergy_tetracycline",
        False,
        "none is known",
    ),
    (
        [allergy(NO_DRUG_ALLERGY), allergy("1", id="a2", category=["food"])],
        "history.allergy_tetracycline",
        False,
        "none is known",
    ),
    (
        [allergy(NO_DRUG_ALLERGY), allergy("1", id="a2", category=["medication"])],
        "history.allergy_tetracycline",
        None,
        "it contradicts",
    ),
    (
        [allergy(NO_DRUG_ALLERGY), allergy("1", id="a2")],
        "history.allergy_tetracycline",
        None,
        "it contradicts",
    ),
    (
        [allergy(f"{OWN}|no-known-nickel")],
        "history.allergy_nickel",
        False,
        "its code says no",
    ),
    (
        [allergy(f"{ATC}|D10AD01", type="intolerance")],
        "history.not_tolerated",
        None,
        "a record never names all",
    ),
]

DRUGS: list[Row] = [
    # taken now
    ([request(MINOCYCLINE)], "history.tetracycline", True, "it is active, and of 2026"),
    ([request(f"{RXNORM}|3640")], "history.tetracycline", True, ""),
    ([request(f"{OWN}|J01AA02")], "history.tetracycline", True, ""),
    ([request("R06AA09")], "history.tetracycline", None, "None of what"),  # doxylamine
    (
        [request(MINOCYCLINE, authoredOn="2024-05-17")],
        "history.tetracycline",
        True,
        "of 2024-05-17",
    ),
    (
        [request(MINOCYCLINE, authoredOn="2024-05-16")],
        "history.tetracycline",
        None,
        "active since 2024-05-16, and nothing later says so: ask",
    ),
    (
        [request(MINOCYCLINE, authoredOn="1973-01-01")],
        "history.tetracycline",
        None,
        "active since 1973-01-01",
    ),
    (
        [
            statement(
                MINOCYCLINE,
                effectivePeriod={"start": "1973-01-01"},
                dateAsserted="2026-05-01",
            )
        ],
        "history.tetracycline",
        True,
        "of 2026-05-01",
    ),
    ([statement(MINOCYCLINE)], "history.tetracycline", None, "undated"),
    (
        [statement(MINOCYCLINE, effectivePeriod={"start": "2026-06-01"})],
        "history.tetracycline",
        None,
        "after the day of the case",
    ),
    (
        [
            statement(
                MINOCYCLINE,
                effectivePeriod={"start": "2026-01-01", "end": "2026-02-01"},
            )
        ],
        "history.tetracycline",
        None,
        "yet it ended",
    ),
    *(
        ([statement(MINOCYCLINE, each)], "history.tetracycline", None, each)
        for each in ("intended", "on-hold", "unknown", "completed", "stopped")
    ),
    *(
        ([request(MINOCYCLINE, each)], "history.tetracycline", None, each)
        for each in ("draft", "on-hold", "unknown", "completed", "stopped", "cancelled")
    ),
    *(
        ([request(MINOCYCLINE, intent=each)], "history.tetracycline", None, "no order")
        for each in ("proposal", "plan", "option", None)
    ),
    (
        [request(MINOCYCLINE, doNotPerform=True)],
        "history.tetracycline",
        None,
        "asks not to give it",
    ),
    # not taken
    (
        [statement("D10AD03", "not-taken", dateAsserted="2026-04-17")],
        "history.topical_retinoid",
        None,
        "in part",
    ),
    (
        [
            statement(code, "not-taken", dateAsserted="2026-05-01", id=code)
            for code in ("D10AD01", "D10AD03", "D10AD04", "D05AX05")
        ],
        "history.topical_retinoid",
        False,
        "not taken on 2026-05-01",
    ),
    (
        [statement(f"{OWN}|J01AA", "not-taken", dateAsserted="2026-04-17")],
        "history.tetracycline",
        False,
        "not taken on 2026-04-17",
    ),
    (
        [statement(f"{OWN}|J01AA", "not-taken", effectiveDateTime="2026-05-01")],
        "history.tetracycline",
        False,
        "not taken on 2026-05-01",
    ),
    (
        [statement(f"{OWN}|J01AA", "not-taken", dateAsserted="2026-04-16")],
        "history.tetracycline",
        None,
        "too long ago",
    ),
    (
        [statement(f"{OWN}|J01AA", "not-taken")],
        "history.tetracycline",
        None,
        "says no day",
    ),
    (
        [statement(f"{OWN}|J01AA", "not-taken", dateAsserted="2026-05-18")],
        "history.tetracycline",
        None,
        "after the day",
    ),
    (
        [
            statement(f"{OWN}|J01AA", "not-taken", dateAsserted="2026-05-01"),
            request(MINOCYCLINE),
        ],
        "history.tetracycline",
        None,
        "The record disagrees",
    ),
    (
        [
            statement(f"{OWN}|J01AA", "not-taken", dateAsserted="2026-05-01"),
            request(MINOCYCLINE, "completed", authoredOn="2015-01-01"),
        ],
        "history.tetracycline",
        False,
        "not taken",
    ),
    (
        [statement(f"{OWN}|mtx", "not-taken", dateAsserted="2026-05-01")],
        "history.methotrexate",
        None,
        "says nothing here",
    ),
    ([request(f"{OWN}|mtx")], "history.methotrexate", True, ""),
    # a course
    ([request(ISOTRETINOIN)], "history.isotretinoin", "current", "active"),
    ([request(f"{OWN}|isotretinoin-product")], "history.isotretinoin", "current", ""),
    *(
        (
            [
                statement(
                    ISOTRETINOIN,
                    "completed",
                    effectivePeriod={"start": "2025-01-01", "end": end},
                )
            ],
            "history.isotretinoin",
            value,
            words,
        )
        for end, value, words in (
            ("2026-05-17", "under_6_months", "ended on 2026-05-17"),
            ("2025-11-18", "under_6_months", "ended on"),
            ("2025-11-17", "over_6_months", "ended on"),
            ("2025-11", None, "may mean either"),
            ("2025", None, "may mean either"),
            ("2019", "over_6_months", "ended on"),
            ("2027-01-01", None, "yet it ends"),
            (None, None, "says no end"),
        )
    ),
    ([request(ISOTRETINOIN, "completed")], "history.isotretinoin", None, "no end"),
    (
        [statement(ISOTRETINOIN, "not-taken", dateAsserted="2026-05-16")],
        "history.isotretinoin",
        None,
        "says nothing of before",
    ),
    (
        [
            statement(ISOTRETINOIN, "completed", effectivePeriod={"end": "2019-01-01"}),
            statement(
                ISOTRETINOIN,
                "stopped",
                effectivePeriod={"end": "2026-03-01"},
                id="s2",
            ),
        ],
        "history.isotretinoin",
        "under_6_months",
        "MedicationStatement/s2",
    ),
    (
        [
            request(ISOTRETINOIN),
            statement(ISOTRETINOIN, "completed", effectivePeriod={"end": "2019"}),
        ],
        "history.isotretinoin",
        "current",
        "MedicationRequest/r1",
    ),
    (
        [
            request(ISOTRETINOIN, "on-hold"),
            statement(ISOTRETINOIN, "completed", effectivePeriod={"end": "2019"}),
        ],
        "history.isotretinoin",
        None,
        "leaves it open",
    ),
    # taken at any time of a window
    (
        [request(ACITRETIN, "completed", authoredOn="2023-05-17")],
        "history.acitretin_recent",
        True,
        "of 2023-05-17",
    ),
    (
        [request(ACITRETIN, "stopped", authoredOn="2023-05-16")],
        "history.acitretin_recent",
        None,
        "of 2023-05-16",
    ),
    (
        [
            statement(
                ACITRETIN,
                "completed",
                effectivePeriod={"start": "2020-01-01", "end": "2024-01-01"},
            )
        ],
        "history.acitretin_recent",
        True,
        "it is completed",
    ),
    ([statement(ACITRETIN, "completed")], "history.acitretin_recent", None, "undated"),
    (
        [statement(ACITRETIN, "not-taken", dateAsserted="2026-05-16")],
        "history.acitretin_recent",
        None,
        "says nothing here",
    ),
    ([request(ACITRETIN)], "history.oral_retinoid_or_vitamin_a", True, ""),
    (
        [statement(ACITRETIN, "not-taken", dateAsserted="2026-05-16")],
        "history.oral_retinoid_or_vitamin_a",
        None,
        "in part",
    ),
]

DEVICES: list[Row] = [
    ([device(PACEMAKER)], "history.pacemaker", True, "it is active"),
    ([device("72506001")], "history.defibrillator", True, ""),
    ([device("19257004")], "history.defibrillator", True, ""),
    ([device("43252007")], "history.cochlear_implant", True, ""),
    ([device(PACEMAKER, "inactive")], "history.pacemaker", None, "inactive"),
    ([device(PACEMAKER, None)], "history.pacemaker", None, "not said to be active"),
    ([device(PACEMAKER, patient=None)], "history.pacemaker", None, "names no patient"),
    *(
        ([device(NO_DEVICE)], f"history.{name}", False, "none is known")
        for name in (
            "pacemaker",
            "defibrillator",
            "cochlear_implant",
            "neurostimulator",
        )
    ),
    ([device(NO_DEVICE, "inactive")], "history.pacemaker", None, "inactive"),
    (
        [device(NO_DEVICE), device("360063003", id="d2")],
        "history.pacemaker",
        None,
        "Device/d2: it contradicts Device/d1",
    ),
    (
        [device(NO_DEVICE), device("360063003", "inactive", id="d2")],
        "history.pacemaker",
        False,
        "none is known",
    ),
    (
        [device(NO_DEVICE), device(PACEMAKER, "inactive", id="d2")],
        "history.pacemaker",
        None,
        "leaves it open",
    ),
]


def use(status: str = "active", reference: str = "Device/d1", **more: Any) -> Json:
    return {
        "resourceType": "DeviceUseStatement",
        "id": "u1",
        "status": status,
        "subject": {"reference": "Patient/1"},
        "device": {"reference": reference},
        **more,
    }


def no_patient(code: str, **more: Any) -> Json:
    return device(code, None, patient=None, **more)


DEVICES += [
    ([use(), no_patient(PACEMAKER)], "history.pacemaker", True, "UseStatement/u1"),
    ([use(), no_patient(NO_DEVICE)], "history.pacemaker", False, "UseStatement/u1"),
    ([use("completed"), no_patient(PACEMAKER)], "history.pacemaker", None, "has ended"),
    ([use("on-hold"), no_patient(PACEMAKER)], "history.pacemaker", None, "of now"),
    (
        [use(recordedOn="2027-01-01"), no_patient(NO_DEVICE)],
        "history.pacemaker",
        None,
        "after the day",
    ),
    ([use(reference="Device/d9")], "history.pacemaker", None, "None of what"),
]

PROCEDURES: list[Row] = [
    ([procedure("waxing")], "history.waxed_recently", True, "done on 2026-05-15"),
    ([procedure("waxing", "2026-05-10")], "history.waxed_recently", True, ""),
    ([procedure("waxing", "2026-05-09")], "history.waxed_recently", None, "long ago"),
    ([procedure("waxing", "2026-05")], "history.waxed_recently", None, "after the day"),
    ([procedure("waxing", None)], "history.waxed_recently", None, "no day is said"),
    ([procedure("waxing", "2026-05-20")], "history.waxed_recently", None, "after"),
    (
        [procedure("waxing", None, performedPeriod={"end": "2026-05-15"})],
        "history.waxed_recently",
        True,
        "",
    ),
    (
        [procedure("waxing", status="not-done")],
        "history.waxed_recently",
        False,
        "not done on 2026-05-15",
    ),
    (
        [procedure("waxing", None, "not-done")],
        "history.waxed_recently",
        None,
        "no day is said",
    ),
    (
        [procedure("waxing", "2016-05-15", "not-done")],
        "history.waxed_recently",
        None,
        "too long ago",
    ),
    *(
        (
            [procedure("waxing", status=each)],
            "history.waxed_recently",
            None,
            "to be done",
        )
        for each in ("preparation", "on-hold", "stopped", "unknown", "")
    ),
    ([procedure("peel")], "history.resurfaced_recently", True, ""),
    (
        [procedure("peel", status="not-done")],
        "history.resurfaced_recently",
        None,
        "part",
    ),
]


def document(status: str = "current", **more: Any) -> Json:
    return {
        "resourceType": "DocumentReference",
        "id": "x1",
        "status": status,
        "subject": {"reference": "Patient/1"},
        "type": concept("plan", system=OWN),
        **more,
    }


def event(actuality: str = "actual", **more: Any) -> Json:
    return {
        "resourceType": "AdverseEvent",
        "id": "e1",
        "actuality": actuality,
        "subject": {"reference": "Patient/1"},
        "event": concept("frostbite", system=OWN),
        **more,
    }


OTHERS: list[Row] = [
    ([document()], "history.device_plan_known", True, "the document is there"),
    ([document("superseded")], "history.device_plan_known", None, "not current"),
    ([document(docStatus="preliminary")], "history.device_plan_known", None, "final"),
    ([document(date="2027-01-01")], "history.device_plan_known", None, "after the day"),
    ([event()], "history.cryotherapy_reaction", True, "it happened"),
    ([event("potential")], "history.cryotherapy_reaction", None, "actual"),
    ([event(date="2027-01-01")], "history.cryotherapy_reaction", None, "after the day"),
    ([condition("frostbite")], "history.cryotherapy_reaction", True, ""),
    ([condition("frostbite", "refuted")], "history.cryotherapy_reaction", None, ""),
]

ROWS = [
    *CONDITIONS,
    *OBSERVATIONS,
    *ALLERGIES,
    *DRUGS,
    *DEVICES,
    *PROCEDURES,
    *OTHERS,
]


@pytest.mark.parametrize(("resources", "fact", "value", "words"), ROWS)
def test_resources_say_of_a_fact(
    resources: list[Json], fact: str, value: Any, words: str
) -> None:
    found = evidence(fact, *resources)

    assert (found.value, type(found.value)) == (value, type(value)), found.why
    assert words.lower() in found.why.lower()
    assert found.why.endswith(".")
    if value is not None:
        assert found.said_by


@pytest.mark.parametrize(("resources", "fact", "value", "words"), ROWS)
def test_the_order_of_resources_changes_nothing(
    resources: list[Json], fact: str, value: Any, words: str
) -> None:
    del words
    if len(resources) > 1:
        turned = evidence(fact, *reversed(resources))
        assert turned == evidence(fact, *resources)
        assert turned.value == value


@pytest.mark.parametrize(
    ("resources", "fact"),
    [(resources, fact) for resources, fact, value, _ in ROWS if value is False],
)
def test_a_no_is_said_by_what_it_names_and_gone_without_it(
    resources: list[Json], fact: str
) -> None:
    for each in evidence(fact, *resources).said_by:
        left = [
            r for r in resources if f"{r['resourceType']}/{r['id']}" != each.reference
        ]
        assert len(left) == len(resources) - 1
    assert evidence(fact).value is None


def test_the_source_names_version_and_rule() -> None:
    fish = allergy(FISH, meta={"versionId": "7"})
    lupus = condition("lupus")

    assert evidence("history.allergy_fish", fish).said_by == (
        ("AllergyIntolerance/a1", "7", "allergy_fish"),
    )
    [source] = evidence("history.lupus", lupus).said_by
    assert source.rule == "clinic.toml: fhir.code[0]"


def test_one_of_two_conditions_is_chosen() -> None:
    two = [
        condition(MILIA, bodySite=[concept("at-cheek", system=OWN)]),
        condition(MILIA, id="c2", bodySite=[concept("at-nose", system=OWN)]),
    ]

    found = evidence("lesion.site", *two)
    assert found.value is None
    assert [each.reference for each in found.said_by] == [
        "Condition/c1",
        "Condition/c2",
    ]
    for name in ("Condition/c2", "c2"):
        assert evidence("lesion.site", *two, condition=name).value == "nose"
        chosen = evidence("lesion.diagnosis", *two, condition=name)
        assert [each.reference for each in chosen.said_by] == ["Condition/c2"]


def test_the_day_of_the_case_moves_the_windows() -> None:
    told = pregnancy("60001007", "2026-05-10")

    assert evidence("patient.pregnancy", told).value == "none"
    later = evidence("patient.pregnancy", told, as_of=date(2026, 6, 10))
    assert later.value is None
