"""The data of milia and the typed sections say the same of every fact."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from milia_cds import Case, KnowledgeError, load_knowledge
from milia_cds.assessment.typed import nothing_stated
from milia_cds.case.milia import FACTS, SCREENED, SECTIONS, SETTINGS, VOCABULARY
from milia_cds.errors import Problem
from milia_cds.knowledge.files import SHIPPED
from milia_cds.knowledge.reading import read_knowledge
from milia_cds.logic.facts import Members

BOTH = "; whoever changes it changes case/milia.py too"
ORDER = "it stands out of order, and values go by position"

GOALS = """[section.goals]
label = "Goals"
subject = "the patient"
"""
CLINIC = """[section.clinic]
label = "Clinic"
possessive = "the"
in_policy = true
"""
NUMB = """[findings.numb]
label = "?"
kind = "yes_no"
ask = "?"
ask_patient = "?"
screen = "itch_and_onset"
yes = "?"
no = "?"
"""

# Each edit of a file: what is replaced by what, and the problem that is told.
DIFFERENT: dict[str, tuple[str, str, str, str, str]] = {
    "another unit": (
        'unit = "mm"',
        'unit = "cm"',
        "lesion.size_mm.unit",
        '"cm" is not what the typed case has',
        'write "mm"',
    ),
    "another bound": (
        "high = 50",
        "high = 60",
        "lesion.size_mm.high",
        "60 is not what the typed case has",
        "write 50",
    ),
    "a unit where there is none": (
        "low = 0.5",
        'low = 0.5\nunit = "s"',
        "history.inr.unit",
        '"s" is not what the typed case has',
        "remove it",
    ),
    "another kind of number": (
        'kind = "whole_number"\nlow = 1\nhigh = 6',
        'kind = "number"\nlow = 1\nhigh = 6',
        "patient.phototype.kind",
        '"number" is not what the typed case has',
        'write "whole_number"',
    ),
    "a member that one side has not": (
        'secondary = "secondary"',
        'secondary = "secondary"\ntertiary = "tertiary"',
        "lesion.origin.members.tertiary",
        "the typed case has no such member",
        'did you mean "primary"?',
    ),
    "members in another order": (
        'chest = "chest"\nback = "back"',
        'back = "back"\nchest = "chest"',
        "lesion.site.members.back",
        ORDER,
        "put chest before it",
    ),
    "another absent": (
        'absent = "never"',
        'absent = "current"',
        "history.isotretinoin.absent",
        '"current" is not what the typed case has',
        'write "never"',
    ),
    "an absent that screening finds": (
        'absent = "unknown"\n',
        "",
        "history.lipid_or_liver_monitoring_possible.absent",
        '"no" is not what the typed case has',
        'write "unknown"',
    ),
    "a section that may not be screened": (
        'items = "findings"\nmay_be_assumed_absent = true',
        'items = "findings"',
        "section.findings.may_be_assumed_absent",
        "false is not what the typed case has",
        "write true",
    ),
    "a fact that another question asks for": (
        'ask_patient = "Do you have a pacemaker?"\nscreen = "devices"',
        'ask_patient = "Do you have a pacemaker?"\nscreen = "device_plan"',
        "history.pacemaker.screen",
        '"device_plan" is not what the typed case has',
        'write "devices"',
    ),
    "a question that no does not answer": (
        "[screen.allergies]",
        "[screen.allergies]\nno_to_all = false",
        "screen.allergies",
        "the typed case lets it be assumed absent as it is here",
        "ask the same facts by it, or none",
    ),
    "sections in another order": (
        f"{GOALS}\n{CLINIC}",
        f"{CLINIC}\n{GOALS}",
        "section.clinic",
        ORDER,
        "put goals before it",
    ),
    "a fact that the typed case has not": (
        "[findings.itchy]",
        f"{NUMB}\n[findings.itchy]",
        "findings.numb",
        "the typed case has no such fact",
        'did you mean "findings.painful"?',
    ),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped files, to be edited."""
    return Path(shutil.copytree(SHIPPED, tmp_path / "data"))


def _edit(file: Path, old: str, new: str) -> None:
    before, found, after = file.read_text("utf-8").partition(old)
    assert found, old
    file.write_text(f"{before}{new}{after}", "utf-8")


@pytest.mark.parametrize("what", DIFFERENT)
def test_a_difference_is_refused_with_file_and_key(folder: Path, what: str) -> None:
    old, new, key, message, mend = DIFFERENT[what]
    _edit(folder / "facts.toml", old, new)

    with pytest.raises(KnowledgeError) as refused:
        load_knowledge(folder)

    problem = Problem(f"facts.toml: {key}", message, f"{mend}{BOTH}")
    assert refused.value.problems == (problem,)


def test_facts_in_another_order_are_refused(folder: Path) -> None:
    file = folder / "facts.toml"
    text = file.read_text("utf-8")
    begin = text.index("[patient.preterm]")
    middle = text.index("[patient.pregnancy]")
    end = text.index("[patient.breastfeeding]")
    swapped = text[:begin] + text[middle:end] + text[begin:middle] + text[end:]
    file.write_text(swapped, "utf-8")

    with pytest.raises(KnowledgeError) as refused:
        load_knowledge(folder)

    path = "facts.toml: patient.pregnancy"
    mend = f"put patient.preterm before it{BOTH}"
    assert refused.value.problems == (Problem(path, ORDER, mend),)


def test_the_same_folder_under_another_domain_is_what_it_says(folder: Path) -> None:
    _edit(folder / "about.toml", 'domain = "milia"', 'domain = "bumps"')
    _edit(folder / "facts.toml", "high = 50", "high = 60")

    base = load_knowledge(folder)

    assert base.case({"lesion": {"size_mm": 55}}).value("lesion.size_mm") == 55


def test_the_shipped_data_says_what_the_typed_sections_say() -> None:
    vocabulary = read_knowledge().vocabulary

    assert vocabulary.agrees_with(VOCABULARY)
    assert list(vocabulary.kinds) == list(FACTS)
    assert list(vocabulary.sections) == list(SECTIONS)
    assert vocabulary.settings == SETTINGS
    assert vocabulary.screened == SCREENED
    for name, kind in vocabulary.kinds.items():
        if isinstance(kind, Members):
            # Both are choices.
            assert set(kind.members) == set(FACTS[name].members), name  # type: ignore[union-attr]
        else:
            assert kind == FACTS[name], name


def test_ids_of_options_come_in_the_order_of_the_typed_sections() -> None:
    base = load_knowledge()
    given = {"history": {"failed": ["steaming", "acitretin", "observation"]}}

    assert base.vocabulary.kinds == FACTS
    assert base.case(given).to_dict() == Case.from_dict(given).to_dict()


def test_a_typed_and_an_untyped_case_of_milia_say_the_same() -> None:
    base = load_knowledge()
    given = {
        "patient": {"age_years": 34, "pregnancy": None},
        "lesion": {"site": "cheek"},
        "goals": {"weights": {"speed": 3}},
        "clinic": {"offers": ["extraction"]},
        "assume_absent": ["history"],
    }
    typed, untyped = Case.from_dict(given), base.case(given)

    assert typed.values() == untyped.values()
    assert typed.absent() == untyped.absent()
    assert typed.to_json() == untyped.to_json()
    assert typed.absences() == untyped.absences()


def test_where_nothing_is_stated_milia_has_a_typed_case() -> None:
    assert nothing_stated(load_knowledge()) == Case()
