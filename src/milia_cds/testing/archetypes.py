"""Archetypes: plausible patients, as the values that their facts may have.

Each names only the facts in which it differs from an adult with a few milia on the
face, screened, in good health, in the hands of a dermatologist. A value that stands
twice is drawn twice as often.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TypeAlias

import attrs

from milia_cds.case.milia import READABLE
from milia_cds.logic.facts import Value


@attrs.frozen
class Between:
    """Any number from `low` to `high`, both included."""

    low: float
    high: float


Values: TypeAlias = tuple[Value | None, ...]
Drawn: TypeAlias = Values | Between
"""What a fact may be: one of these values, or a number between two."""

_Group: TypeAlias = Mapping[str, Mapping[str, Drawn]]


@attrs.frozen
class Archetype:
    """A kind of patient.

    Parameters
    ----------
    id
        Its name.
    facts
        What its facts may be, by dotted name; the rest is as in `ADULT`.
    """

    id: str
    facts: Mapping[str, Drawn] = attrs.field(hash=False)


_YES: Values = (True,)
_EITHER: Values = (False, True)
_SELDOM: Values = (False, False, False, True)

_FACE: Values = ("cheek", "cheek", "nose", "forehead", "temple", "chin", "ear", "neck")
_LIDS: Values = ("upper_eyelid", "lower_eyelid", "canthus", "periorbital")
_BODY: Values = ("chest", "back", "abdomen", "axilla", "arm", "leg", "hand", "foot")
_SKIN: Values = (*_FACE, *_LIDS, *_BODY)

_SECONDARY: Mapping[str, Drawn] = {"lesion.origin": ("secondary",)}
_CHILD: Mapping[str, Drawn] = {
    "patient.pregnancy": ("not_possible",),
    "patient.cooperative": (True, True, False),
    "history.lipid_or_liver_monitoring_possible": _EITHER,
}
_PLAQUE: Mapping[str, Drawn] = {
    "lesion.pattern": ("plaque",),
    "lesion.count": Between(5, 80),
}

ADULT: Mapping[str, Drawn] = MappingProxyType(
    {
        **{name: (kind.absent,) for name, kind in READABLE.items()},
        "patient.age_years": Between(18, 95),
        "patient.pregnancy": ("not_possible", "none"),
        "patient.phototype": (1, 2, 3, 4, 5, 6),
        "patient.cooperative": _YES,
        "lesion.origin": ("primary",),
        "lesion.pattern": ("scattered",),
        "lesion.site": _FACE,
        "lesion.count": Between(1, 20),
        "lesion.size_mm": Between(0.5, 3),
        "lesion.duration_weeks": Between(1, 500),
        "lesion.diagnosis": ("confirmed",),
        "history.inr": Between(0.8, 1.2),
        "history.lipid_or_liver_monitoring_possible": _YES,
        "goals.wants_treatment": (True, True, True, False),
        "clinic.operator": (
            "dermatologist",
            "dermatologist",
            "oculoplastic_surgeon",
            "physician",
            "nurse",
        ),
        "clinic.corneal_shields": _EITHER,
        "clinic.aesthetician_may_lance": _EITHER,
        "clinic.specialist_centre": _SELDOM,
    }
)
"""What the facts of an adult in good health may be; "no" where nothing is said."""

_BY_AGE: _Group = {
    "newborn": {
        **_CHILD,
        "patient.age_years": Between(0, 0.24),
        "patient.preterm": _SELDOM,
        "lesion.site": ("nose", "cheek", "forehead", "chin", "scalp", "chest"),
        "lesion.count": Between(1, 60),
        "findings.widespread": _SELDOM,
    },
    "mouth_of_a_newborn": {
        **_CHILD,
        "patient.age_years": Between(0, 0.24),
        "patient.preterm": _SELDOM,
        "lesion.site": ("oral_mucosa",),
        "findings.widespread": _SELDOM,
    },
    "infant": {
        **_CHILD,
        "patient.age_years": Between(0.25, 0.99),
        "clinic.specialist_centre": _EITHER,
        "findings.widespread": _SELDOM,
    },
    "child": {
        **_CHILD,
        "patient.age_years": Between(1, 11.9),
        "lesion.site": (*_FACE, *_LIDS),
    },
    "adolescent": {"patient.age_years": Between(12, 18)},
}

_BY_SITE: _Group = {
    "face": {},
    "dark_skin": {"patient.phototype": (4, 5, 6), "lesion.site": _SKIN},
    "many_on_the_face": {"lesion.count": Between(21, 300)},
    "eyelid": {"lesion.site": _LIDS},
    "lid_margin": {
        "lesion.site": ("lid_margin",),
        "lesion.count": Between(1, 3),
        "clinic.operator": ("oculoplastic_surgeon", "dermatologist"),
        "clinic.corneal_shields": _YES,
    },
    "nasal_crease": {
        "patient.age_years": Between(4, 40),
        "lesion.site": ("nasal_crease",),
    },
    "lip": {"lesion.site": ("lip",)},
    "genital_or_areola": {
        "lesion.site": ("genital", "areola"),
        "patient.breastfeeding": _SELDOM,
    },
    "body": {"lesion.site": _BODY, "lesion.count": Between(1, 40)},
}

_BY_PATTERN: _Group = {
    "plaque_near_the_ear": {**_PLAQUE, "lesion.site": ("ear", "periauricular")},
    "plaque_on_the_eyelid": {**_PLAQUE, "lesion.site": _LIDS},
    "plaque_elsewhere": {**_PLAQUE, "lesion.site": ("cheek", "neck", "scalp", "back")},
    "plaque_of_a_child": {
        **_CHILD,
        **_PLAQUE,
        "patient.age_years": Between(1, 11.9),
        "lesion.site": ("ear", "cheek", "upper_eyelid"),
    },
    "eruptive": {
        "lesion.pattern": ("eruptive",),
        "lesion.count": Between(10, 300),
        "findings.sudden_onset": _EITHER,
        "lesion.site": ("cheek", "forehead", "chest", "back"),
        "clinic.operator": ("dermatologist", "dermatologist", "physician"),
    },
    "nodular_grouped": {
        "lesion.pattern": ("nodular_grouped",),
        "lesion.count": Between(2, 30),
    },
}

_BY_DISEASE: _Group = {
    "syndrome": {
        "patient.age_years": Between(0.3, 60),
        "history.genodermatosis": _EITHER,
        "history.skin_cancer_syndrome": _SELDOM,
        "history.xeroderma_pigmentosum": _SELDOM,
        "findings.syndromic_signs": _EITHER,
        "lesion.count": Between(5, 200),
        "clinic.specialist_centre": _EITHER,
    },
    "epidermolysis_bullosa": {
        **_SECONDARY,
        "patient.age_years": Between(0.3, 50),
        "lesion.cause": ("blistering_disease",),
        "lesion.site": ("hand", "arm", "leg", "cheek"),
        "history.epidermolysis_bullosa": _YES,
        "findings.fragile_skin": _EITHER,
        "clinic.specialist_centre": _EITHER,
    },
    "pemphigoid": {
        **_SECONDARY,
        "lesion.cause": ("blistering_disease", "other"),
        "lesion.site": _BODY,
        "history.pemphigoid": _YES,
        "findings.blisters": _SELDOM,
    },
    "porphyria": {
        **_SECONDARY,
        "lesion.cause": ("porphyria",),
        "lesion.site": ("hand", "hand", "cheek", "forehead"),
        "history.porphyria": _YES,
        "findings.fragile_skin": _EITHER,
    },
}

_BY_CAUSE: _Group = {
    "resurfaced": {
        **_SECONDARY,
        "lesion.cause": ("laser_resurfacing", "dermabrasion", "chemical_peel"),
        "history.resurfaced_recently": _EITHER,
    },
    "irradiated": {
        **_SECONDARY,
        "lesion.cause": ("radiotherapy",),
        "lesion.site": ("chest", "neck", "cheek", "scalp"),
    },
    "steroid": {**_SECONDARY, "lesion.cause": ("topical_corticosteroid",)},
    "kinase_inhibitor": {
        **_SECONDARY,
        "lesion.cause": ("kinase_inhibitor",),
        "lesion.count": Between(5, 100),
    },
    "tattoo": {
        **_SECONDARY,
        "lesion.cause": ("tattoo",),
        "lesion.site": ("arm", "leg", "back", "neck"),
        "lesion.count": Between(1, 60),
    },
    "on_isotretinoin": {"history.isotretinoin": ("current",)},
    "isotretinoin_brought_it": {
        **_SECONDARY,
        "lesion.cause": ("isotretinoin",),
        "history.isotretinoin": ("current", "under_6_months", "over_6_months"),
    },
    "injury_or_other_cause": {
        **_SECONDARY,
        "lesion.cause": (
            "burn",
            "wound_or_friction",
            "other_drug",
            "sun_damage",
            "other",
        ),
        "lesion.site": _SKIN,
    },
}

_BY_WARNING: _Group = {
    "tumour_of_the_eyelid": {
        "lesion.site": ("lower_eyelid", "lid_margin"),
        "findings.lash_loss": _EITHER,
        "findings.lid_margin_distorted": _EITHER,
        "findings.indurated": _EITHER,
    },
    "tumour_elsewhere": {
        "findings.growing": _EITHER,
        "findings.ulcerated": _SELDOM,
        "findings.bleeding": _SELDOM,
        "findings.pearly_or_telangiectatic": _SELDOM,
        "findings.pigmented": _SELDOM,
    },
    "inflamed_or_bald_plaque": {
        **_PLAQUE,
        "findings.inflamed_plaque": _EITHER,
        "findings.hair_loss_over_lesion": _EITHER,
    },
    "sore_or_blistered": {
        "findings.infected": _EITHER,
        "findings.painful": _SELDOM,
        "findings.blisters": _SELDOM,
        "findings.fragile_skin": _SELDOM,
    },
    "in_doubt": {
        "lesion.diagnosis": ("uncertain", "confirmed"),
        "findings.nothing_expresses": _EITHER,
        "findings.itchy": _SELDOM,
    },
}

_BY_HISTORY: _Group = {
    "implant": {
        "lesion.site": _SKIN,
        "history.pacemaker": _EITHER,
        "history.defibrillator": _SELDOM,
        "history.device_plan_known": _EITHER,
        "history.neurostimulator": _SELDOM,
        "history.cochlear_implant": _SELDOM,
    },
    "anticoagulated": {
        "history.anticoagulant": _YES,
        "history.doac_or_heparin": _EITHER,
        "history.inr": Between(1.5, 4.5),
    },
    "cold_sensitive": {
        "lesion.site": _BODY,
        "history.cold_urticaria": _SELDOM,
        "history.raynaud": _SELDOM,
        "history.cryoglobulinaemia": _SELDOM,
        "history.myeloma": _SELDOM,
    },
    "scars_or_marks_easily": {
        "lesion.site": _SKIN,
        "history.keloid": _EITHER,
        "history.vitiligo_or_koebner": _SELDOM,
        "history.psoriasis_or_lichen_planus": _SELDOM,
    },
    "sensitive_to_light": {
        "findings.sunburned_or_tanned": _SELDOM,
        "findings.dermatitis_at_site": _SELDOM,
        "history.photosensitivity": _EITHER,
        "history.photosensitising_drug": _EITHER,
        "history.lupus": _SELDOM,
        "history.waxed_recently": _SELDOM,
    },
    "many_drugs": {
        "history.oral_retinoid_or_vitamin_a": _SELDOM,
        "history.tetracycline": _SELDOM,
        "history.topical_retinoid": _SELDOM,
        "history.methotrexate": _SELDOM,
        "history.class_3_antiarrhythmic": _SELDOM,
        "history.immunosuppressed": _SELDOM,
        "history.hepatic_disease": _SELDOM,
        "history.renal_failure": _SELDOM,
    },
    "allergic": {
        "history.allergy_amide_anaesthetic": _EITHER,
        "history.allergy_retinoid": _SELDOM,
        "history.allergy_tetracycline": _SELDOM,
        "history.allergy_nickel": _SELDOM,
        "history.methaemoglobinaemia_or_g6pd": _SELDOM,
    },
    "treated_before": {
        "history.failed": (frozenset({"extraction"}), frozenset({"adapalene"})),
        "history.not_tolerated": (
            frozenset(),
            frozenset({"tretinoin", "tazarotene"}),
            frozenset({"cryotherapy", "gentle_cleansing"}),
        ),
    },
    "anxious": {
        "patient.cooperative": _EITHER,
        "history.needle_phobia": _EITHER,
        "history.unrealistic_expectations": _SELDOM,
    },
    "pregnant_or_nursing": {
        "patient.age_years": Between(16, 48),
        "patient.pregnancy": ("pregnant", "possible", "planning", "none"),
        "patient.breastfeeding": _EITHER,
        "lesion.site": _SKIN,
    },
    "at_an_aesthetician": {
        "clinic.operator": ("aesthetician",),
        "lesion.site": (*_FACE, *_LIDS),
    },
}

ARCHETYPES: tuple[Archetype, ...] = tuple(
    Archetype(name, MappingProxyType({**ADULT, **facts}))
    for group in (
        _BY_SITE,
        _BY_AGE,
        _BY_PATTERN,
        _BY_DISEASE,
        _BY_CAUSE,
        _BY_WARNING,
        _BY_HISTORY,
    )
    for name, facts in group.items()
)
"""The kinds of patient that `near_patients` draws from."""
