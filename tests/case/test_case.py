"""A case is read strictly, cannot be changed, and can be written and read again."""

from __future__ import annotations

import copy
import json
import pickle
from typing import Any, Final, get_args

import attrs
import pytest
from jsonschema import Draft202012Validator

from milia_cds.assessment.schema import case_schema
from milia_cds.case.case import Case
from milia_cds.case.milia import (
    FACTS,
    READABLE,
    SECTIONS,
    Clinic,
    Findings,
    Goals,
    History,
    Lesion,
    Patient,
    Screened,
)
from milia_cds.errors import CaseError
from milia_cds.logic.facts import YesNo

# Good input --------------------------------------------------------------------------

EXAMPLE: Final[dict[str, Any]] = {
    "patient": {"age_years": 34, "phototype": 4.0, "pregnancy": "none"},
    "lesion": {
        "origin": "primary",
        "pattern": "scattered",
        "site": "lower_eyelid",
        "count": 6,
        "diagnosis": "confirmed",
    },
    "findings": {},
    "history": {"pacemaker": False, "inr": None, "failed": ["steaming", "extraction"]},
    "goals": {"wants_treatment": True, "weights": {"visits": 3, "pigment": 5}},
    "clinic": {"operator": "dermatologist", "offers": None},
    "assume_absent": ["findings", "history"],
}


def test_a_case_holds_what_was_stated() -> None:
    assert Case.from_dict(EXAMPLE) == Case(
        patient=Patient(age_years=34, phototype=4, pregnancy="none"),
        lesion=Lesion(
            origin="primary",
            pattern="scattered",
            site="lower_eyelid",
            count=6,
            diagnosis="confirmed",
        ),
        history=History(
            pacemaker=False, inr=None, failed=frozenset({"steaming", "extraction"})
        ),
        goals=Goals(wants_treatment=True, weights={"visits": 3, "pigment": 5}),
        clinic=Clinic(operator="dermatologist"),
        assume_absent=("findings", "history"),
    )


@pytest.mark.parametrize("text", ["{}", b"{}", ' {"patient": {}}\n'])
def test_nothing_stated_is_nothing_known(text: str | bytes) -> None:
    case = Case.from_json(text)

    assert case == Case()
    assert set(case.facts().values()) == {None}


def test_a_whole_number_may_be_written_as_a_decimal() -> None:
    phototype = Case.from_dict(EXAMPLE).patient.phototype

    assert phototype == 4
    assert isinstance(phototype, int)


def test_a_number_may_be_whole_or_not() -> None:
    assert Case.from_json('{"history": {"inr": 2}}').history.inr == 2
    assert Case.from_json('{"history": {"inr": 2.5}}').history.inr == 2.5


def test_null_is_remembered_as_asked_and_not_known() -> None:
    case = Case.from_json(
        '{"history": {"pacemaker": null, "failed": null}, "patient": {"preterm": null}}'
    )

    assert case.not_known == {"history.pacemaker", "history.failed", "patient.preterm"}
    assert case.history.pacemaker is None


def test_null_for_a_setting_is_its_default_and_no_unknown() -> None:
    case = Case.from_json('{"goals": {"weights": null}, "clinic": {"offers": null}}')

    assert case == Case()
    assert case.not_known == frozenset()


def test_an_empty_set_is_known_to_be_empty() -> None:
    case = Case.from_dict({"history": {"failed": []}, "clinic": {"offers": []}})

    assert case.history.failed == frozenset()
    assert case.clinic.offers == frozenset()


def test_facts_and_values_stand_in_the_order_of_the_vocabulary() -> None:
    case = Case.from_dict(EXAMPLE)

    assert list(case.facts()) == list(READABLE)
    assert tuple(case.facts().values()) == case.values()
    assert {name for name, value in case.facts().items() if value is not None} == {
        "patient.age_years",
        "patient.phototype",
        "patient.pregnancy",
        "lesion.origin",
        "lesion.pattern",
        "lesion.site",
        "lesion.count",
        "lesion.diagnosis",
        "history.pacemaker",
        "history.failed",
        "goals.wants_treatment",
        "clinic.operator",
    }


def test_reading_leaves_the_input_as_it_was() -> None:
    data = copy.deepcopy(EXAMPLE)

    case = Case.from_dict(data)
    data["history"]["failed"].append("cryotherapy")
    data["goals"]["weights"]["visits"] = 99
    data["assume_absent"].clear()

    assert case == Case.from_dict(EXAMPLE)


# Writing -----------------------------------------------------------------------------


def test_a_case_is_written_without_what_was_not_said() -> None:
    assert Case.from_dict(EXAMPLE).to_dict() == {
        "patient": {"age_years": 34, "pregnancy": "none", "phototype": 4},
        "lesion": {
            "origin": "primary",
            "pattern": "scattered",
            "site": "lower_eyelid",
            "count": 6,
            "diagnosis": "confirmed",
        },
        "history": {
            "pacemaker": False,
            "inr": None,
            "failed": ["extraction", "steaming"],
        },
        "goals": {"wants_treatment": True, "weights": {"visits": 3, "pigment": 5}},
        "clinic": {"operator": "dermatologist"},
        "assume_absent": ["findings", "history"],
    }
    assert Case().to_dict() == {}


def test_a_written_case_reads_as_the_same_case() -> None:
    case = Case.from_dict(EXAMPLE)

    assert Case.from_dict(case.to_dict()) == case
    assert Case.from_json(case.to_json()) == case
    assert Case.from_json(case.to_json(indent=2).encode()) == case
    assert case.to_json(indent=2).startswith('{\n  "patient"')


def test_a_written_case_shares_nothing_with_the_case() -> None:
    case = Case.from_dict(EXAMPLE)

    written = case.to_dict()
    written["goals"]["weights"]["visits"] = 99
    written["history"]["failed"].clear()

    assert case == Case.from_dict(EXAMPLE)


# In Python ---------------------------------------------------------------------------


def test_what_is_screened_for_may_be_any_collection() -> None:
    given: list[Any] = [
        ["findings", "history"],
        ("findings", "history"),
        {"history", "findings"},
        frozenset({"findings", "history"}),
    ]

    assert {Case(assume_absent=names).assume_absent for names in given} == {
        ("findings", "history")
    }


def test_a_fact_given_as_none_was_asked_and_one_left_out_was_not() -> None:
    case = Case(history=History(pacemaker=None, inr=None), patient=Patient())

    assert case.not_known == {"history.pacemaker", "history.inr"}
    assert (case.history.pacemaker, case.history.keloid) == (None, None)
    assert case.history.given() == {"pacemaker": None, "inr": None}
    assert case.history.known() == {}


def test_none_for_a_setting_is_its_default_in_python_too() -> None:
    case = Case(goals=Goals(weights=None), clinic=Clinic(offers=None))

    assert case == Case()
    assert repr(case.clinic) == "Clinic()"


def test_a_changed_section_says_alone_what_is_not_known_in_it() -> None:
    case = Case(history=History(pacemaker=None), findings=Findings(itchy=None))

    changed = attrs.evolve(case, history=History(keloid=None))

    assert changed.not_known == {"history.keloid", "findings.itchy"}


def test_neither_a_case_nor_a_section_can_be_changed() -> None:
    case = Case.from_dict(EXAMPLE)

    for record in [case, *(getattr(case, name) for name in SECTIONS)]:
        for field in attrs.fields(type(record)):
            for name in {field.name, field.alias}:
                with pytest.raises(attrs.exceptions.FrozenInstanceError):
                    setattr(record, name, None)


def test_neither_a_case_nor_a_section_takes_further_attributes() -> None:
    case = Case()

    for record in [case, *(getattr(case, name) for name in SECTIONS)]:
        assert not hasattr(record, "__dict__")
        with pytest.raises(AttributeError):
            object.__setattr__(record, "pregnent", True)


def test_facts_are_given_by_name_only() -> None:
    made: Any = Patient

    with pytest.raises(TypeError, match="positional"):
        made(34)


@pytest.mark.parametrize("section", SECTIONS.values())
def test_a_misspelt_fact_is_refused_in_python_too(section: Any) -> None:
    with pytest.raises(TypeError, match="pregnent"):
        section(pregnent=True)


def test_equal_cases_are_one_key_and_others_are_not() -> None:
    case = Case.from_dict(EXAMPLE)
    again = Case.from_dict(copy.deepcopy(EXAMPLE))
    older = attrs.evolve(case, patient=attrs.evolve(case.patient, age_years=35))
    weighed = attrs.evolve(case, goals=Goals(wants_treatment=True, weights={}))

    assert (again, hash(again)) == (case, hash(case))
    assert len({case, again, older, weighed}) == 3


def test_known_not_known_and_unsaid_are_three_cases() -> None:
    cases = {
        Case.from_json('{"history": {"pacemaker": false}}'),
        Case.from_json('{"history": {"pacemaker": null}}'),
        Case.from_json('{"history": {}}'),
    }

    assert len(cases) == 3


def test_a_case_survives_a_pickle_and_a_copy() -> None:
    case = Case.from_dict(EXAMPLE)

    for again in (pickle.loads(pickle.dumps(case)), copy.deepcopy(case)):  # noqa: S301 - our own
        assert again == case
        assert hash(again) == hash(case)


def test_a_changed_copy_is_checked_again() -> None:
    with pytest.raises(CaseError, match="121 is out of bounds"):
        attrs.evolve(Patient(age_years=34), age_years=121)


# Screening ---------------------------------------------------------------------------


def test_silence_is_never_no_unless_screened_for() -> None:
    assert Case().absences() == {}
    assert Case.from_json('{"history": {"pacemaker": false}}').absences() == {}


def test_screened_findings_are_read_as_no() -> None:
    absences = Case(assume_absent=("findings",)).absences()

    assert absences == dict.fromkeys(
        (name for name in FACTS if name.startswith("findings.")), False
    )
    assert len(absences) == len(attrs.fields(Findings))


def test_a_screened_history_is_no_never_or_empty_and_has_no_numbers() -> None:
    absences = Case(assume_absent=("history",)).absences()

    assert absences == {
        **{
            name: False
            for name, kind in FACTS.items()
            if name.startswith("history.") and kind == YesNo()
        },
        "history.isotretinoin": "never",
        "history.failed": frozenset(),
        "history.not_tolerated": frozenset(),
    }
    assert len(absences) == len(attrs.fields(History)) - 2  # INR, monitoring


def test_both_sections_may_be_screened_for() -> None:
    findings = Case(assume_absent=("findings",)).absences()
    history = Case(assume_absent=("history",)).absences()

    both = Case(assume_absent=("history", "findings")).absences()
    assert both == {**findings, **history}


def test_screening_fills_neither_what_was_stated_nor_what_is_not_known() -> None:
    case = Case.from_json(
        """{
            "findings": {"painful": true, "itchy": false, "infected": null},
            "history": {"isotretinoin": "current", "failed": ["steaming"],
                        "not_tolerated": null, "pacemaker": null},
            "assume_absent": ["findings", "history"]
        }"""
    )
    silence = Case(assume_absent=("findings", "history")).absences()

    assert set(silence) - set(case.absences()) == {
        "findings.painful",
        "findings.itchy",
        "findings.infected",
        "history.isotretinoin",
        "history.failed",
        "history.not_tolerated",
        "history.pacemaker",
    }
    assert case.absences().items() <= silence.items()


def test_a_spoken_question_may_be_screened_for_by_itself() -> None:
    case = Case(assume_absent=("allergies", "devices"))

    assert case.absences() == dict.fromkeys(
        (
            "history.pacemaker",
            "history.defibrillator",
            "history.neurostimulator",
            "history.cochlear_implant",
            "history.allergy_amide_anaesthetic",
            "history.allergy_retinoid",
            "history.allergy_tetracycline",
            "history.allergy_soya_or_peanut",
            "history.allergy_fish",
            "history.allergy_nickel",
        ),
        False,
    )


def test_a_question_fills_neither_what_was_stated_nor_what_is_not_known() -> None:
    history = History(allergy_nickel=True, allergy_fish=None)

    absences = Case(history=history, assume_absent=("allergies",)).absences()

    assert "history.allergy_retinoid" in absences
    assert not {"history.allergy_nickel", "history.allergy_fish"} & {*absences}


def test_a_question_within_a_section_adds_nothing_to_it() -> None:
    section = Case(assume_absent=("history",)).absences()

    both = Case(assume_absent=("history", "allergies", "skin_drugs"))
    assert both.absences() == section
    assert section["history.isotretinoin"] == "never"


def test_every_question_that_may_be_screened_for_lies_in_the_two_sections() -> None:
    questions = get_args(Screened)[2:]
    asked = [{*Case(assume_absent=(name,)).absences()} for name in questions]
    sections = Case(assume_absent=("findings", "history")).absences()

    assert all(asked)
    assert set().union(*asked) == {*sections}
    assert sum(map(len, asked)) == len(sections)


# The schema --------------------------------------------------------------------------


def test_the_schema_is_of_the_draft_it_names() -> None:
    schema = case_schema()

    assert schema["$schema"] == Draft202012Validator.META_SCHEMA["$id"]
    Draft202012Validator.check_schema(schema)
    assert json.loads(json.dumps(schema)) == schema


def facts_of_the_schema() -> dict[str, Any]:
    return {
        f"{section}.{fact}": schema
        for section, facts in case_schema()["properties"].items()
        for fact, schema in facts.get("properties", {}).items()
    }


def test_the_schema_knows_every_fact_and_no_more() -> None:
    assert [*facts_of_the_schema()] == [*FACTS]
    screened = case_schema()["properties"]["assume_absent"]["items"]["oneOf"]
    assert [each["const"] for each in screened] == list(get_args(Screened))


def test_each_fact_and_each_member_of_the_schema_has_a_title() -> None:
    for name, schema in facts_of_the_schema().items():
        assert schema["title"], name
        assert schema["description"].endswith((".", "?")), name
        constants = schema.get("oneOf", schema.get("items", {}).get("oneOf", ()))
        assert all(each["title"] for each in constants), name


def test_a_number_of_the_schema_names_its_unit() -> None:
    titles = {name: each["title"] for name, each in facts_of_the_schema().items()}

    assert titles["patient.age_years"] == "Age (years)"
    assert titles["lesion.size_mm"] == "Size of the largest lesion (mm)"
    assert titles["lesion.count"] == "Number of lesions"


def test_no_fact_of_the_schema_is_drawn_as_a_box_of_two_states() -> None:
    """Generators of forms draw the first type, and choose the first constant."""
    for name, schema in facts_of_the_schema().items():
        types = schema["type"]
        assert types[0] != "boolean", name
        if isinstance(FACTS[name], YesNo):
            values = [each["const"] for each in schema["oneOf"]]
            assert values == [None, True, False], name
        assert schema.get("oneOf", [{"const": None}])[0]["const"] is None, name


def test_a_member_that_is_no_longer_offered_says_so_in_the_schema() -> None:
    causes = facts_of_the_schema()["lesion.cause"]["oneOf"]

    assert [each for each in causes if each.get("deprecated")] == [
        {
            "const": "sun_damage",
            "title": "Sun damage (no longer offered)",
            "deprecated": True,
        }
    ]


def test_the_schema_accepts_the_example() -> None:
    assert Draft202012Validator(case_schema()).is_valid(EXAMPLE)
