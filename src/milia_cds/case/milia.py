"""The vocabulary: the sections of a case, one line a fact.

These names are the public contract: JSON keys, attribute names and the names that the
rules may use. `None` always means *not known*, never "no". What each fact means in
words, and how to ask for it, stands in `data/facts.toml`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar, Literal, TypeAlias, get_args

import attrs

from milia_cds.case.sections import (
    SPOKEN,
    Section,
    choice,
    kinds_of,
    members,
    number,
    screens_of,
    settings_of,
    told_apart,
    weights,
    yes_no,
)
from milia_cds.case.vocabulary import SectionEntry, Vocabulary
from milia_cds.logic.facts import Kind

Pregnancy: TypeAlias = Literal[
    "pregnant", "possible", "planning", "none", "not_possible"
]
Origin: TypeAlias = Literal["primary", "secondary"]
Pattern: TypeAlias = Literal["scattered", "plaque", "eruptive", "nodular_grouped"]
Site: TypeAlias = Literal[
    "scalp",
    "forehead",
    "temple",
    "upper_eyelid",
    "lower_eyelid",
    "lid_margin",
    "canthus",
    "periorbital",
    "nose",
    "nasal_crease",
    "cheek",
    "lip",
    "chin",
    "ear",
    "periauricular",
    "neck",
    "chest",
    "back",
    "abdomen",
    "axilla",
    "areola",
    "genital",
    "arm",
    "hand",
    "leg",
    "foot",
    "oral_mucosa",
]
Cause: TypeAlias = Literal[
    "burn",
    "wound_or_friction",
    "surgery",
    "blistering_disease",
    "porphyria",
    "laser_resurfacing",
    "dermabrasion",
    "chemical_peel",
    "radiotherapy",
    "tattoo",
    "topical_corticosteroid",
    "kinase_inhibitor",
    "isotretinoin",
    "other_drug",
    "sun_damage",
    "other",
]
Diagnosis: TypeAlias = Literal["confirmed", "uncertain"]
IsotretinoinUse: TypeAlias = Literal[
    "never", "current", "under_6_months", "over_6_months"
]
Operator: TypeAlias = Literal[
    "dermatologist", "oculoplastic_surgeon", "physician", "nurse", "aesthetician"
]
OptionId: TypeAlias = Literal[
    "observation",
    "extraction",
    "electrodesiccation",
    "cryotherapy",
    "adapalene",
    "tretinoin",
    "tazarotene",
    "isotretinoin",
    "acitretin",
    "minocycline",
    "laser_ablation",
    "superficial_peel",
    "gentle_cleansing",
    "home_exfoliation",
    "steaming",
]
CriterionId: TypeAlias = Literal[
    "clearance",
    "speed",
    "visits",
    "downtime",
    "comfort",
    "pigment",
    "scarring",
    "cost",
    "evidence",
]
Screened: TypeAlias = Literal[
    "findings",
    "history",
    "infection_and_illness",
    "growth_and_surface",
    "skin_and_lashes",
    "itch_and_onset",
    "histology",
    "area_today",
    "skin_disease",
    "inherited_skin_disease",
    "skin_history",
    "devices",
    "device_plan",
    "cold",
    "skin_drugs",
    "other_drugs",
    "anticoagulant_kind",
    "general_health",
    "other_health",
    "allergies",
    "tolerance",
]


@attrs.frozen(kw_only=True, eq=False, repr=False, field_transformer=told_apart)
class Patient(Section):
    """Who has the milia."""

    SECTION: ClassVar[str] = "patient"

    age_years: float | None = number(0, 120, "years")
    preterm: bool | None = yes_no()
    pregnancy: Pregnancy | None = choice(Pregnancy)
    breastfeeding: bool | None = yes_no()
    phototype: int | None = number(1, 6, whole=True)
    cooperative: bool | None = yes_no()


@attrs.frozen(kw_only=True, eq=False, repr=False, field_transformer=told_apart)
class Lesion(Section):
    """One group of milia at one site."""

    SECTION: ClassVar[str] = "lesion"

    origin: Origin | None = choice(Origin)
    pattern: Pattern | None = choice(Pattern)
    site: Site | None = choice(Site)
    count: int | None = number(1, 10000, whole=True)
    size_mm: float | None = number(0.1, 50, "mm")
    duration_weeks: float | None = number(0, 6000, "weeks")
    cause: Cause | None = choice(Cause)
    diagnosis: Diagnosis | None = choice(Diagnosis)


@attrs.frozen(kw_only=True, eq=False, repr=False, field_transformer=told_apart)
class Findings(Section):
    """What the examination showed."""

    SECTION: ClassVar[str] = "findings"

    growing: bool | None = yes_no(screen="growth_and_surface")
    ulcerated: bool | None = yes_no(screen="growth_and_surface")
    bleeding: bool | None = yes_no(screen="growth_and_surface")
    pearly_or_telangiectatic: bool | None = yes_no(screen="growth_and_surface")
    pigmented: bool | None = yes_no(screen="growth_and_surface")
    lash_loss: bool | None = yes_no(screen="skin_and_lashes")
    lid_margin_distorted: bool | None = yes_no(screen="skin_and_lashes")
    indurated: bool | None = yes_no(screen="skin_and_lashes")
    inflamed_plaque: bool | None = yes_no(screen="skin_and_lashes")
    hair_loss_over_lesion: bool | None = yes_no(screen="skin_and_lashes")
    blisters: bool | None = yes_no(screen="infection_and_illness")
    unwell: bool | None = yes_no(screen="infection_and_illness")
    explained_by_histology: bool | None = yes_no(screen="histology")
    fragile_skin: bool | None = yes_no(screen="infection_and_illness")
    painful: bool | None = yes_no(screen="infection_and_illness")
    itchy: bool | None = yes_no(screen="itch_and_onset")
    infected: bool | None = yes_no(screen="infection_and_illness")
    syndromic_signs: bool | None = yes_no(screen="inherited_skin_disease")
    sudden_onset: bool | None = yes_no(screen="itch_and_onset")
    widespread: bool | None = yes_no(screen="itch_and_onset")
    nothing_expresses: bool | None = yes_no(screen="itch_and_onset")
    active_herpes: bool | None = yes_no(screen="area_today")
    dermatitis_at_site: bool | None = yes_no(screen="area_today")
    sunburned_or_tanned: bool | None = yes_no(screen="area_today")


@attrs.frozen(kw_only=True, eq=False, repr=False, field_transformer=told_apart)
class History(Section):
    """What was there before: devices, diseases, drugs, allergies, earlier treatment."""

    SECTION: ClassVar[str] = "history"

    pacemaker: bool | None = yes_no(screen="devices")
    defibrillator: bool | None = yes_no(screen="devices")
    device_plan_known: bool | None = yes_no(screen="device_plan")
    neurostimulator: bool | None = yes_no(screen="devices")
    cochlear_implant: bool | None = yes_no(screen="devices")

    cold_urticaria: bool | None = yes_no(screen="cold")
    cryoglobulinaemia: bool | None = yes_no(screen="cold")
    cold_agglutinin_disease: bool | None = yes_no(screen="cold")
    agammaglobulinaemia: bool | None = yes_no(screen="cold")
    raynaud: bool | None = yes_no(screen="cold")
    myeloma: bool | None = yes_no(screen="cold")
    cryotherapy_reaction: bool | None = yes_no(screen="cold")

    keloid: bool | None = yes_no(screen="skin_history")
    vitiligo_or_koebner: bool | None = yes_no(screen="skin_history")
    psoriasis_or_lichen_planus: bool | None = yes_no(screen="skin_history")
    epidermolysis_bullosa: bool | None = yes_no(screen="skin_disease")
    pemphigoid: bool | None = yes_no(screen="skin_disease")
    porphyria: bool | None = yes_no(screen="skin_disease")
    lupus: bool | None = yes_no(screen="skin_disease")
    xeroderma_pigmentosum: bool | None = yes_no(screen="inherited_skin_disease")
    photosensitivity: bool | None = yes_no(screen="skin_disease")
    genodermatosis: bool | None = yes_no(screen="inherited_skin_disease")
    skin_cancer_syndrome: bool | None = yes_no(screen="inherited_skin_disease")
    herpes_simplex: bool | None = yes_no(screen="skin_history")

    resurfaced_recently: bool | None = yes_no(screen="area_today")
    waxed_recently: bool | None = yes_no(screen="area_today")

    acitretin_recent: bool | None = yes_no(screen="skin_drugs")
    isotretinoin: IsotretinoinUse | None = choice(
        IsotretinoinUse, absent="never", screen="skin_drugs"
    )
    oral_retinoid_or_vitamin_a: bool | None = yes_no(screen="skin_drugs")
    tetracycline: bool | None = yes_no(screen="skin_drugs")
    topical_retinoid: bool | None = yes_no(screen="skin_drugs")
    photosensitising_drug: bool | None = yes_no(screen="other_drugs")
    anticoagulant: bool | None = yes_no(screen="other_drugs")
    doac_or_heparin: bool | None = yes_no(screen="anticoagulant_kind")
    inr: float | None = number(0.5, 20)
    methotrexate: bool | None = yes_no(screen="other_drugs")
    methaemoglobin_inducer: bool | None = yes_no(screen="other_drugs")
    class_3_antiarrhythmic: bool | None = yes_no(screen="other_drugs")
    # What can be arranged is nothing that a screening of the history finds: unless it
    # is asked, it stays unknown.
    lipid_or_liver_monitoring_possible: bool | None = yes_no(screened=False)

    bleeding_disorder: bool | None = yes_no(screen="general_health")
    diabetes_uncontrolled: bool | None = yes_no(screen="general_health")
    immunosuppressed: bool | None = yes_no(screen="general_health")
    hepatic_disease: bool | None = yes_no(screen="general_health")
    renal_failure: bool | None = yes_no(screen="general_health")
    hyperlipidaemia: bool | None = yes_no(screen="other_health")
    intracranial_hypertension: bool | None = yes_no(screen="other_health")
    methaemoglobinaemia_or_g6pd: bool | None = yes_no(screen="other_health")
    mental_health_disorder: bool | None = yes_no(screen="other_health")
    alcohol_excess: bool | None = yes_no(screen="other_health")

    allergy_amide_anaesthetic: bool | None = yes_no(screen="allergies")
    allergy_retinoid: bool | None = yes_no(screen="allergies")
    allergy_tetracycline: bool | None = yes_no(screen="allergies")
    allergy_soya_or_peanut: bool | None = yes_no(screen="allergies")
    allergy_fish: bool | None = yes_no(screen="allergies")
    allergy_nickel: bool | None = yes_no(screen="allergies")

    contact_lenses_or_dry_eye: bool | None = yes_no(screen="tolerance")
    needle_phobia: bool | None = yes_no(screen="tolerance")
    unrealistic_expectations: bool | None = yes_no(screen="tolerance")

    failed: frozenset[OptionId] | None = members(OptionId, screen="tolerance")
    not_tolerated: frozenset[OptionId] | None = members(OptionId, screen="tolerance")


@attrs.frozen(kw_only=True, eq=False, repr=False, field_transformer=told_apart)
class Goals(Section):
    """What the patient wants. `weights` is a setting: `None` means the defaults."""

    SECTION: ClassVar[str] = "goals"

    wants_treatment: bool | None = yes_no()
    weights: Mapping[CriterionId, int] | None = weights(CriterionId)


@attrs.frozen(kw_only=True, eq=False, repr=False, field_transformer=told_apart)
class Clinic(Section):
    """Who treats, and with what. `offers` is a setting: `None` means everything."""

    SECTION: ClassVar[str] = "clinic"

    operator: Operator | None = choice(Operator)
    corneal_shields: bool | None = yes_no()
    aesthetician_may_lance: bool | None = yes_no()
    specialist_centre: bool | None = yes_no()
    offers: frozenset[OptionId] | None = members(OptionId, setting=True)


SECTIONS: Mapping[str, type] = MappingProxyType(
    {
        section.SECTION: section
        for section in (Patient, Lesion, Findings, History, Goals, Clinic)
    }
)
SCREENED: tuple[Screened, ...] = ("findings", "history")
"""The sections that may be assumed absent as a whole."""

SCREENS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        screen: tuple(
            f"{name}.{fact}"
            for name in SCREENED
            for fact, other in screens_of(SECTIONS[name]).items()
            if other == screen
        )
        for screen in get_args(Screened)
        if screen not in SCREENED
    }
)
"""The facts of each spoken question that may be assumed absent by itself."""

FACTS: Mapping[str, Kind] = MappingProxyType(
    {
        f"{name}.{fact}": kind
        for name, section in SECTIONS.items()
        for fact, kind in kinds_of(section).items()
    }
)
"""The kind of every fact and setting by its dotted name, in the order of asking."""

SETTINGS: frozenset[str] = frozenset(
    f"{name}.{fact}"
    for name, section in SECTIONS.items()
    for fact in settings_of(section)
)
"""The dotted names that no condition may read."""

VOCABULARY = Vocabulary(
    domain="milia",
    case="one group of milia of one patient",
    kinds=dict(FACTS),  # as a case may be pickled with its vocabulary
    settings=SETTINGS,
    sections={
        name: SectionEntry(label=name, may_be_assumed_absent=name in SCREENED)
        for name in SECTIONS
    },
    screens=dict(SCREENS),
    spoken=SPOKEN,
)
"""What a typed case may state; `load_knowledge` holds the data of milia to it."""

READABLE: Mapping[str, Kind] = MappingProxyType(dict(VOCABULARY.readable))
"""The facts that conditions may read, by dotted name."""
