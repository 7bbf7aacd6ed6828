"""Reading the knowledge base: every mistake in a file is told with its place."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import attrs
import pytest

from milia_cds.errors import KnowledgeError, Problem
from milia_cds.knowledge.files import SHIPPED
from milia_cds.knowledge.reading import read_knowledge
from milia_cds.knowledge.shape import structural_problems, unused
from milia_cds.knowledge.triage_proof import triage_problems
from milia_cds.knowledge.wording import Wording
from milia_cds.logic.conditions import Not, Or
from milia_cds.logic.facts import Choice, Kind, Number, YesNo

STEAMING = "options/steaming.toml"
UNDER_18 = 'when = "patient.age_years < 18"'
GATE = f"{STEAMING}: gate.under_18"
NEWBORN = "scenarios.toml: scenario.newborn"
SHARED = "scenarios.toml: action[0]"
NUMBER = "give a whole number"
EITHER = "a gate needs either when or always"
CHOOSE = "write when = ..., or always = true"
UNSOURCED = (
    '[[gate]]\nid = "spare"\nkind = "note"\nalways = true\ntext = "."\nplain = "."'
)
PRIMARY = 'id = "primary_with_cause"\nlevel = "error"\nwhen = '
MANY_TERMS = " and ".join(
    f"(history.{one} or history.{other})"
    for one, other in (
        ("pacemaker", "keloid"),
        ("raynaud", "myeloma"),
        ("lupus", "porphyria"),
        ("anticoagulant", "methotrexate"),
        ("tetracycline", "needle_phobia"),
        ("pemphigoid", "cold_urticaria"),
        ("herpes_simplex", "photosensitivity"),
        ("renal_failure", "hepatic_disease"),
        ("cryoglobulinaemia", "immunosuppressed"),
    )
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped files, to be edited."""
    return Path(shutil.copytree(SHIPPED, tmp_path / "data"))


def _edit(folder: Path, file: str, old: str, new: str) -> None:
    """Replace the first place of a text that begins a line."""
    path = folder / file
    before, found, after = path.read_text("utf-8").partition(f"\n{old}")
    assert found, f"{file} has no line that begins with {old}"
    path.write_text(f"{before}\n{new}{after}", "utf-8")


def _problems(folder: Path) -> list[Problem]:
    with pytest.raises(KnowledgeError) as raised:
        read_knowledge(folder)
    return list(raised.value.problems)


@attrs.frozen
class Mistake:
    """A mistake in one file, and what is told of it."""

    file: str
    old: str
    new: str
    path: str
    message: str
    mend: str

    @property
    def problem(self) -> Problem:
        """What is told."""
        return Problem(self.path, self.message, self.mend)


ALONE = {
    # tables and keys
    "a key is missing": Mistake(
        "about.toml",
        'version = "',
        '# "',
        "about.toml: version",
        "the key is missing",
        "add it",
    ),
    "a number is no text": Mistake(
        "about.toml",
        'version = "',
        'version = 3 #"',
        "about.toml: version",
        "3 is not a text",
        "give a text",
    ),
    "a date is no text": Mistake(
        "about.toml",
        'date = "',
        "date = 2026-11-22 #",
        "about.toml: date",
        "a Python date is not a text",
        "give a text",
    ),
    "a text is no whole number": Mistake(
        "criteria.toml",
        "weight = ",
        'weight = "2" #',
        "criteria.toml: criterion.clearance.weight",
        '"2" is not a whole number',
        NUMBER,
    ),
    "a number with a point is no whole number": Mistake(
        "criteria.toml",
        "weight = ",
        "weight = 2.0 #",
        "criteria.toml: criterion.clearance.weight",
        "2.0 is not a whole number",
        NUMBER,
    ),
    "true is no whole number": Mistake(
        "criteria.toml",
        "weight = ",
        "weight = true #",
        "criteria.toml: criterion.clearance.weight",
        "true is not a whole number",
        NUMBER,
    ),
    "a text is no yes or no": Mistake(
        "criteria.toml",
        "judgement = true",
        'judgement = "yes"',
        "criteria.toml: criterion.clearance.judgement",
        '"yes" is not true or false',
        "give true or false",
    ),
    "a text is no list": Mistake(
        "triage.toml",
        'sources = ["',
        'sources = "E112" #',
        "triage.toml: decision.warning_sign.sources",
        '"E112" is not a list',
        "put it in brackets: [...]",
    ),
    "an item of a list has another type": Mistake(
        "triage.toml",
        'sources = ["',
        'sources = ["E112", 123] #',
        "triage.toml: decision.warning_sign.sources[1]",
        "123 is not a text",
        "give a text",
    ),
    "a row of a table has another type": Mistake(
        "triage.toml",
        'when = "red_flag"',
        "when = 3",
        "triage.toml: decision.warning_sign.branch[0].when",
        "3 is not a text",
        "give a text",
    ),
    "an action is none of the four": Mistake(
        "scenarios.toml",
        'act = "refer"',
        'act = "referr"',
        f"{SHARED}.act",
        '"referr" is not a member',
        'did you mean "refer"? The members are treat, observe, treat_cause, refer',
    ),
    "a key is unknown": Mistake(
        "triage.toml",
        "ask = ",
        'aks = "?"\nask = ',
        "triage.toml: decision.warning_sign.aks",
        'there is no key "aks" here',
        'did you mean "ask"?',
    ),
    "a derived key is unknown": Mistake(
        "triage.toml",
        'when = "red_flag"',
        'when = "red_flag"\ncondition = "infant"',
        "triage.toml: decision.warning_sign.branch[0].condition",
        'there is no key "condition" here',
        "use one of to, short, open, when, otherwise",
    ),
    "a key with a blank is quoted": Mistake(
        "triage.toml",
        "ask = ",
        '"as k" = "?"\nask = ',
        'triage.toml: decision.warning_sign."as k"',
        'there is no key "as k" here',
        'did you mean "ask"?',
    ),
    "a text is no table": Mistake(
        "terms.toml",
        "[term.newborn]",
        "[term]\nspare = 3\n[term.newborn]",
        "terms.toml: term.spare",
        "3 is no table",
        "give when, label, not, subject, sources, judgement, note",
    ),
    # conditions
    "a gate asks for a misspelt fact": Mistake(
        STEAMING,
        UNDER_18,
        'when = "infant or patient.age_yers < 18"',
        f"{GATE}.when, column 11",
        'there is no fact or term "patient.age_yers"',
        'did you mean "patient.age_years"?',
    ),
    "a condition has too many terms": Mistake(
        STEAMING,
        UNDER_18,
        f'when = "{MANY_TERMS}"',
        f"{GATE}.when, column 1",
        "the condition has more than 256 terms in disjunctive form",
        "split it, or say it in fewer alternatives",
    ),
    "a modifier asks what can never hold": Mistake(
        "options/extraction.toml",
        'when = "patient.phototype >= 5"',
        'when = "patient.phototype > 6"',
        "options/extraction.toml: level.pigment.modifier[0].when, column 21",
        "patient.phototype > 6 can never hold",
        "the fact goes from 1 to 6",
    ),
    "a branch asks for an unknown member": Mistake(
        "triage.toml",
        "when = 'lesion.pattern == \"plaque\"'",
        "when = 'lesion.pattern == \"plague\"'",
        "triage.toml: decision.pattern.branch[0].when, column 19",
        '"plague" is no member of lesion.pattern',
        'did you mean "plaque"?',
    ),
    "a branch before otherwise asks for an unknown term": Mistake(
        "triage.toml",
        'when = "blistering_leaf"',
        'when = "blistering_laef"',
        "triage.toml: decision.disease.branch[0].when, column 1",
        'there is no fact or term "blistering_laef"',
        'did you mean "blistering_leaf"?',
    ),
    "an action asks for an unknown fact": Mistake(
        "scenarios.toml",
        'when = "findings.widespread"',
        'when = "findings.wide"',
        f"{SHARED}.when, column 1",
        'there is no fact or term "findings.wide"',
        'did you mean "findings.widespread"?',
    ),
    "an argument of a scenario asks for an unknown term": Mistake(
        "scenarios.toml",
        "[[scenario.argument]]",
        '[[scenario.argument]]\nwhen = "infnt"',
        f"{NEWBORN}.argument[0].when, column 1",
        'there is no fact or term "infnt"',
        'did you mean "infant"?',
    ),
    "an argument of an option asks for an unknown term": Mistake(
        "options/observation.toml",
        "[[argument]]",
        '[[argument]]\nwhen = "infnt"',
        "options/observation.toml: argument[0].when, column 1",
        'there is no fact or term "infnt"',
        'did you mean "infant"?',
    ),
    "a specialty is of an unknown operator": Mistake(
        "scenarios.toml",
        "own_when = 'clinic.operator == \"dermatologist\"'",
        "own_when = 'clinic.operator == \"dermatologis\"'",
        "scenarios.toml: destination.dermatology.own_when, column 20",
        '"dermatologis" is no member of clinic.operator',
        'did you mean "dermatologist"?',
    ),
    "a contradiction asks for an unknown member": Mistake(
        "terms.toml",
        f"{PRIMARY}'lesion.origin == \"primary\"'",
        f"{PRIMARY}'lesion.origin == \"primry\"'",
        "terms.toml: contradiction.primary_with_cause.when, column 18",
        '"primry" is no member of lesion.origin',
        'did you mean "primary"?',
    ),
    "a guard asks for an unknown member": Mistake(
        "terms.toml",
        '[guard."lesion.cause"]\nwhen = \'lesion.origin == "secondary"\'',
        '[guard."lesion.cause"]\nwhen = \'lesion.origin == "secndary"\'',
        "terms.toml: guard.lesion.cause.when, column 18",
        '"secndary" is no member of lesion.origin',
        'did you mean "secondary"?',
    ),
    "a guarantee forbids by an unknown fact": Mistake(
        "guarantees.toml",
        'never_when = "history.tetracycline"',
        'never_when = "history.tetracyclin"',
        "guarantees.toml: guarantee.G07a.never_when, column 1",
        'there is no fact or term "history.tetracyclin"',
        'did you mean "history.tetracycline"?',
    ),
    "a guarantee refers by an unknown term": Mistake(
        "guarantees.toml",
        'when = "red_flag or doubtful"',
        'when = "red_flag or doubtfull"',
        "guarantees.toml: guarantee.G21b.when, column 13",
        'there is no fact or term "doubtfull"',
        'did you mean "doubtful"?',
    ),
    "a gate of a measure asks for an unknown set": Mistake(
        "measures/topical_anaesthetic.toml",
        'when = "lesion.site in periocular_sites"',
        'when = "lesion.site in periocular_site"',
        "measures/topical_anaesthetic.toml: gate.near_eye.when, column 16",
        'there is no set "periocular_site"',
        'did you mean "periocular_sites"?',
    ),
    "a cause is read without secondary": Mistake(
        STEAMING,
        UNDER_18,
        "when = 'lesion.cause == \"burn\"'",
        GATE,
        'lesion.cause is read without lesion.origin == "secondary"',
        "join it by and; a primary milium has no cause, and there is no member for "
        '"none", so its cause reads as not known for ever',
    ),
    "a term reads a cause without secondary": Mistake(
        "terms.toml",
        'when = "patient.age_years < 1"',
        "when = 'lesion.cause == \"burn\"'",
        "terms.toml: term.infant",
        'lesion.cause is read without lesion.origin == "secondary"',
        "join it by and; a primary milium has no cause, and there is no member for "
        '"none", so its cause reads as not known for ever',
    ),
    # names between the files
    "an option of a scenario is unknown": Mistake(
        "scenarios.toml",
        'limited = ["gentle_cleansing"]',
        'limited = ["gentle_cleansing", "steeming"]',
        NEWBORN,
        'there is no option "steeming"',
        'did you mean "steaming"?',
    ),
    "an option is missing in a scenario": Mistake(
        "scenarios.toml",
        'limited = ["gentle_cleansing"]',
        "limited = []",
        NEWBORN,
        'the option "gentle_cleansing" is missing',
        "add it",
    ),
    "an option stands twice in a scenario": Mistake(
        "scenarios.toml",
        "reasonable = []",
        'reasonable = ["observation"]',
        NEWBORN,
        '"observation" stands there 2 times',
        "keep one",
    ),
    "a gate has no source and is no judgement": Mistake(
        STEAMING,
        "[[gate]]",
        f"{UNSOURCED}\n[[gate]]",
        f"{STEAMING}: gate.spare",
        "the claim has no source and is no judgement",
        "add sources = [...], or judgement = true",
    ),
    "a gate has neither when nor always": Mistake(
        STEAMING, UNDER_18, "", GATE, EITHER, CHOOSE
    ),
    "a gate has both when and always": Mistake(
        STEAMING, UNDER_18, f"{UNDER_18}\nalways = true", GATE, EITHER, CHOOSE
    ),
    "a gate stands twice": Mistake(
        "options/extraction.toml",
        'id = "active_disease"',
        'id = "lid_margin_operator"',
        "options/extraction.toml: gate",
        '"lid_margin_operator" stands there 2 times',
        "keep one",
    ),
    "a level is out of range": Mistake(
        STEAMING,
        "base = ",
        "base = 5 #",
        f"{STEAMING}: level.clearance.base",
        "5 is no level",
        "give 0 (worst) to 4 (best)",
    ),
    "a branch leads nowhere": Mistake(
        "triage.toml",
        'to = "sure"',
        'to = "shure"',
        "triage.toml: decision.warning_sign.branch[1].to",
        'there is no decision or scenario "shure"',
        'did you mean "sure"?',
    ),
    "a referral has no urgency": Mistake(
        "scenarios.toml",
        'urgency = "soon"',
        "",
        SHARED,
        "a referral needs to and urgency",
        "add both",
    ),
    "an action before the last has no when": Mistake(
        "scenarios.toml",
        'when = "findings.widespread"',
        "",
        SHARED,
        "only the last action stands without when",
        "give every row a when but the last",
    ),
    "a screen is not used": Mistake(
        "facts.toml",
        "[screen.age]",
        '[screen.spare]\nask = "?"\nask_patient = "?"\n[screen.age]',
        "facts.toml: screen.spare",
        "no fact uses the screen",
        "remove it",
    ),
    # what others ask for, of which nothing else is told
    "a table that is misspelt is another fact than the conditions read": Mistake(
        "facts.toml",
        "[lesion.count]",
        "[lesion.cuont]",
        "facts.toml: lesion.cuont",
        'nothing asks for this name, but 11 places ask for "lesion.count", the first '
        "terms.toml: term.many.when, column 1",
        "rename it, or mend those places",
    ),
    "a fact stands in no section": Mistake(
        "facts.toml",
        "[lesion.count]",
        '[lesoin.spare]\nlabel = "?"\nkind = "yes_no"\nask = "?"\nask_patient = "?"\n'
        'screen = "site"\nyes = "?"\nno = "?"\n\n[lesion.count]',
        "facts.toml: lesoin.spare",
        'there is no section "lesoin"',
        'did you mean "lesion"?',
    ),
    "a choice has no members": Mistake(
        "facts.toml",
        'label = "preterm birth"\nkind = "yes_no"',
        'label = "preterm birth"\nkind = "choice"',
        "facts.toml: patient.preterm.members",
        "the key is missing",
        "name the members",
    ),
    "what stands for a section is no table": Mistake(
        "facts.toml",
        "[section.patient]",
        "spare = 3\n[section.patient]",
        "facts.toml: spare",
        "3 is no table",
        "give label, kind, ask, ask_patient, screen, low, high, unit, absent, setting, "
        "immutable, direction, dated, help, short, yes, no, has, lacks, "
        "one_in_visit, summed_over, background, way_out, explains, explained, "
        "asked_when, retired, settled, pending, members",
    ),
    "a number has no bound": Mistake(
        "facts.toml",
        "low = 0.1",
        "",
        "facts.toml: lesion.size_mm.low",
        "the key is missing",
        "add the bound, in the unit",
    ),
    "a bound is no number": Mistake(
        "facts.toml",
        "low = 0.1",
        "low = nan",
        "facts.toml: lesion.size_mm.low",
        "nan is no bound",
        "give a number",
    ),
    "a bound of a whole number is not whole": Mistake(
        "facts.toml",
        "high = 6\n",
        "high = 6.5\n",
        "facts.toml: patient.phototype.high",
        "6.5 is not whole",
        "give a whole number",
    ),
    "bounds are the wrong way round": Mistake(
        "facts.toml",
        "low = 0.1",
        "low = 51",
        "facts.toml: lesion.size_mm.low",
        "51 is above 50",
        "swap the two",
    ),
    "a yes/no fact has no unit": Mistake(
        "facts.toml",
        'label = "preterm birth"',
        'label = "preterm birth"\nunit = "weeks"',
        "facts.toml: patient.preterm.unit",
        '"yes_no" has no unit',
        "remove it, or choose another kind",
    ),
    "an absent that is neither": Mistake(
        "facts.toml",
        'absent = "unknown"',
        'absent = "yes"',
        "facts.toml: history.lipid_or_liver_monitoring_possible.absent",
        '"yes" is neither no nor unknown',
        'write "unknown", or remove it',
    ),
    "an absent that is no member": Mistake(
        "facts.toml",
        'absent = "never"',
        'absent = "nevr"',
        "facts.toml: history.isotretinoin.absent",
        '"nevr" is not a member',
        'did you mean "never"?',
    ),
    "a role of another kind": Mistake(
        "facts.toml",
        'operator = "clinic.operator"',
        'operator = "clinic.offers"',
        "facts.toml: role.operator",
        "clinic.offers cannot be that",
        "name a choice that is no setting",
    ),
    "a role that is no fact": Mistake(
        "facts.toml",
        'weights = "goals.weights"',
        'weights = "goals.wieghts"',
        "facts.toml: role.weights",
        'there is no fact "goals.wieghts"',
        'did you mean "goals.weights"?',
    ),
    "a section without facts": Mistake(
        "facts.toml",
        "[role]",
        '[section.spare]\nlabel = "?"\n\n[role]',
        "facts.toml: section.spare",
        "the section has no facts",
        "add one, or remove it",
    ),
    "a key of an entry is misspelt": Mistake(
        "facts.toml",
        'unit = "mm"',
        'unnit = "mm"',
        "facts.toml: lesion.size_mm.unnit",
        'there is no key "unnit" here',
        'did you mean "unit"?',
    ),
    "a key of an option is misspelt": Mistake(
        STEAMING,
        "family =",
        "famly =",
        f"{STEAMING}: famly",
        'there is no key "famly" here',
        'did you mean "family"?',
    ),
    "a key of an option is missing": Mistake(
        STEAMING,
        "family =",
        "# family =",
        f"{STEAMING}: family",
        "the key is missing",
        "add it",
    ),
    "a kind of gate is misspelt": Mistake(
        STEAMING,
        'kind = "forbid"',
        'kind = "forbide"',
        f"{GATE}.kind",
        '"forbide" is not a member',
        'did you mean "forbid"? The members are forbid, lower, caution, favour, note',
    ),
    "an option has not the name of its file": Mistake(
        STEAMING,
        'id = "steaming"',
        'id = "steming"',
        f"{STEAMING}: id",
        "it is not the file's name",
        'write id = "steaming", or rename the file',
    ),
    "a source is of no certainty": Mistake(
        "sources.toml",
        "certainty = ",
        'certainty = "lowish" #',
        "sources.toml: E001.certainty",
        '"lowish" is not a member',
        'did you mean "low"? The members are high, moderate, low, very_low',
    ),
    "a term uses itself": Mistake(
        "terms.toml",
        'when = "patient.age_years < 0.0765"',
        'when = "infant and newborn"',
        "terms.toml: term.newborn.when, column 1",
        "the terms go in a circle: newborn uses newborn",
        "define one without it",
    ),
    "a term asks for a misspelt fact": Mistake(
        "terms.toml",
        'when = "lesion.count > 20"',
        'when = "lesion.cont > 20"',
        "terms.toml: term.many.when, column 1",
        'there is no fact or term "lesion.cont"',
        'did you mean "lesion.count"?',
    ),
    "a set is of a number": Mistake(
        "terms.toml",
        'fact = "lesion.site"',
        'fact = "lesion.count"',
        "terms.toml: set.eyelid_sites.fact",
        '"lesion.count" is no choice',
        'did you mean "lesion.cause"?',
    ),
    "a set has a misspelt member": Mistake(
        "terms.toml",
        'members = ["hand", "foot"]',
        'members = ["hand", "foott"]',
        "terms.toml: set.acral_sites.members",
        'there is no member "foott"',
        'did you mean "foot"?',
    ),
    "otherwise stands before the last branch": Mistake(
        "triage.toml",
        'when = "red_flag"',
        "otherwise = true",
        "triage.toml: decision.warning_sign.branch[0]",
        "otherwise is only for the last branch",
        "move it",
    ),
}


@pytest.mark.parametrize("claim", ALONE)
def test_a_mistake_is_told_once(folder: Path, claim: str) -> None:
    mistake = ALONE[claim]
    _edit(folder, mistake.file, mistake.old, mistake.new)
    assert _problems(folder) == [mistake.problem]


def test_terms_that_use_one_another_in_a_circle_are_told(folder: Path) -> None:
    _edit(folder, "terms.toml", 'when = "patient.age_years < 0.0765"', 'when = "many"')
    _edit(folder, "terms.toml", 'when = "lesion.count > 20"', 'when = "infant"')
    _edit(folder, "terms.toml", 'when = "patient.age_years < 1"', 'when = "newborn"')
    circle = "the terms go in a circle: newborn uses many uses infant uses newborn"
    path = "terms.toml: term.newborn.when, column 1"
    assert _problems(folder) == [Problem(path, circle, "define one without it")]


def test_a_vocabulary_without_an_operator_has_nobody_to_perform_an_option(
    folder: Path,
) -> None:
    _edit(folder, "facts.toml", 'operator = "clinic.operator"', "")
    [problem] = _problems(folder)
    assert problem.path == "facts.toml: role.operator"
    assert re.fullmatch(
        r'it is not there, but \d+ places ask for "operator", the first '
        r"options/acitretin\.toml: performed_by",
        problem.message,
    )


def test_a_beginning_of_rows_that_is_misspelt_is_told_once(folder: Path) -> None:
    _edit(folder, STEAMING, 'own_rows = ["STEAM-"]', 'own_rows = ["STEM-"]')
    [problem] = _problems(folder)
    assert problem.path == f"{STEAMING}: own_rows"
    assert re.fullmatch(
        r'nothing asks for this name, but \d+ places ask for "STEAM-", the first '
        r"common\.toml: gate\.\w+(\[\d\])?\.rows",
        problem.message,
    )


def test_a_condition_that_cannot_be_read_is_told_in_the_words_of_python(
    folder: Path,
) -> None:
    _edit(folder, STEAMING, UNDER_18, 'when = "infant or patient.age_years << 3 ="')
    [problem] = _problems(folder)
    assert re.fullmatch(rf"{re.escape(GATE)}\.when, column \d+", problem.path)
    assert problem.message.startswith("this is no condition: ")


# -- files --


FILES = sorted(path.relative_to(SHIPPED).as_posix() for path in SHIPPED.rglob("*.toml"))
OPTIONAL = {
    "alerts.toml",
    "aliases.toml",
    "claims.toml",
    "fhir.toml",
    "figure.toml",
    "leaflets.toml",
    "order.toml",
}
"""The files that a domain may do without."""
SINGLE = [name for name in FILES if "/" not in name and name not in OPTIONAL]


@pytest.mark.parametrize("name", SINGLE)
def test_a_file_that_is_missing_is_told(folder: Path, name: str) -> None:
    (folder / name).unlink()
    assert _problems(folder) == [Problem(name, "the file is missing", "add it")]


def test_options_without_their_folder_are_told(folder: Path) -> None:
    shutil.rmtree(folder / "options")
    assert _problems(folder) == [
        Problem("options/", "the folder is missing", "add it, with an option")
    ]


def test_an_option_without_its_file_is_told(folder: Path) -> None:
    (folder / STEAMING).unlink()
    [problem] = _problems(folder)
    assert problem.path == STEAMING
    assert re.fullmatch(
        r'it is not there, but \d+ places ask for "steaming", the first common\.toml: '
        r"gate\.\w+(\[\d+\])?\.for",
        problem.message,
    )
    assert problem.mend.startswith("add it; or: ")


def test_a_folder_that_does_not_exist_is_told(tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere"
    assert _problems(nowhere) == [
        Problem(
            str(nowhere),
            "there is no such folder",
            "give the folder that holds facts.toml and the other files",
        )
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"name = oops", "this is not TOML: Invalid value (at line 1, column 8)"),
        (b"[name\n", "this is not TOML: "),
        (b'name = "a"\nname = "b"', "this is not TOML: "),
        (b"\xef\xbb\xbfname = 1", "this is not TOML: "),
        (b'name = "\xff"', "byte 8 is not UTF-8"),
        (b"name = " + b"[" * 5000 + b"]" * 5000, "the values are nested too deeply"),
    ],
)
def test_a_file_that_is_no_toml_is_told(
    folder: Path, content: bytes, message: str
) -> None:
    (folder / "about.toml").write_bytes(content)
    [problem] = _problems(folder)
    assert problem.path == "about.toml"
    assert problem.message.startswith(message)


@pytest.mark.parametrize(
    ("name", "mend"),
    [
        ("fact.toml", 'did you mean "facts.toml"?'),
        ("source.toml", 'did you mean "sources.toml"?'),
        ("terms.toml.toml", 'did you mean "terms.toml"?'),
    ],
)
def test_a_file_that_nothing_reads_is_told(folder: Path, name: str, mend: str) -> None:
    (folder / name).write_text("")
    assert _problems(folder) == [Problem(name, "no file of this name is read", mend)]


def test_a_folder_that_nothing_reads_is_told(folder: Path) -> None:
    shutil.copytree(folder / "options", folder / "option")
    told = "no folder of this name is read"
    problem = Problem("option/", told, 'did you mean "options/"?')
    assert _problems(folder) == [problem]
    shutil.rmtree(folder / "options")
    assert _problems(folder) == [problem]


@pytest.mark.parametrize("name", SINGLE)
def test_a_file_under_a_misspelt_name_is_told_once(folder: Path, name: str) -> None:
    (folder / name).rename(folder / f"{name[0]}{name}")
    problem = Problem(
        f"{name[0]}{name}", "no file of this name is read", f'did you mean "{name}"?'
    )
    assert _problems(folder) == [problem]


def test_a_file_that_cannot_be_read_is_told(folder: Path) -> None:
    (folder / "spare.toml").mkdir()
    told = "it cannot be read: Is a directory"
    assert _problems(folder) == [Problem("spare.toml", told, "mend or remove it")]


def test_a_copy_of_an_option_under_another_name_is_told(folder: Path) -> None:
    shutil.copy(folder / STEAMING, folder / "options/vapour.toml")
    assert _problems(folder) == [
        Problem(
            "options/vapour.toml: id",
            "it is not the file's name",
            'write id = "vapour", or rename the file',
        )
    ]


def test_a_file_of_another_kind_is_no_concern(folder: Path) -> None:
    (folder / "README.md").write_text("Not knowledge.")
    assert read_knowledge(folder).digest == read_knowledge().digest


def test_a_file_saved_with_other_line_endings_is_read(folder: Path) -> None:
    path = folder / "terms.toml"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert read_knowledge(folder).terms == read_knowledge().terms


# -- all at once --


def test_mistakes_in_several_files_are_told_at_once(folder: Path) -> None:
    claims = (
        "a text is no whole number",
        "a key is missing",
        "a date is no text",
        "an action is none of the four",
    )
    for claim in claims:
        mistake = ALONE[claim]
        _edit(folder, mistake.file, mistake.old, mistake.new)
    problems = _problems(folder)
    assert sorted(map(str, problems)) == sorted(
        str(ALONE[claim].problem) for claim in claims
    )


def test_mistakes_in_conditions_and_between_files_are_told_at_once(
    folder: Path,
) -> None:
    claims = (
        "a gate asks for a misspelt fact",
        "a guarantee forbids by an unknown fact",
        "a branch leads nowhere",
        "a gate stands twice",
        "a referral has no urgency",
    )
    for claim in claims:
        mistake = ALONE[claim]
        _edit(folder, mistake.file, mistake.old, mistake.new)
    problems = _problems(folder)
    assert sorted(map(str, problems)) == sorted(
        str(ALONE[claim].problem) for claim in claims
    )


def test_the_error_counts_and_lists_its_problems(folder: Path) -> None:
    _edit(folder, "about.toml", 'version = "', '# "')
    _edit(folder, "about.toml", 'date = "', '# "')
    with pytest.raises(KnowledgeError) as raised:
        read_knowledge(folder)
    assert str(raised.value) == (
        "The knowledge base has 2 problems:\n"
        "  about.toml: version: the key is missing; add it\n"
        "  about.toml: date: the key is missing; add it"
    )


@pytest.mark.parametrize(
    ("file", "table", "name"),
    [
        ("triage.toml", "decision", "margin"),
        ("scenarios.toml", "scenario", "tattoo"),
        ("criteria.toml", "criterion", "cost"),
    ],
)
def test_a_row_that_stands_twice_is_told(
    folder: Path, file: str, table: str, name: str
) -> None:
    content = (folder / file).read_text("utf-8")
    [row] = re.findall(
        rf'^\[\[{table}\]\]\nid = "{name}"\n.*?(?=^\[\[{table}\]\]|\Z)',
        content,
        re.DOTALL | re.MULTILINE,
    )
    (folder / file).write_text(f"{content}\n{row}", "utf-8")
    told = f'"{name}" stands there 2 times'
    assert [each.message for each in _problems(folder)] == [told]


# -- what is read --


def test_reading_twice_gives_equal_records() -> None:
    one, other = read_knowledge(), read_knowledge()
    for name in ("terms", "decisions", "scenarios", "options", "measures", "facts"):
        assert getattr(one, name) == getattr(other, name)
    assert [*one.conditions()] == [*other.conditions()]


def test_otherwise_stands_for_none_of_the_branches_before() -> None:
    *before, last = read_knowledge().decisions["disease"].branch
    assert last.otherwise
    assert last.condition == Not(Or(tuple(each.condition for each in before)))


def test_a_scenario_knows_the_rank_of_every_option() -> None:
    base = read_knowledge()
    ranks = base.scenarios["newborn"].ranks
    assert ranks.keys() == base.options.keys()
    assert (ranks["observation"], ranks["gentle_cleansing"], ranks["steaming"]) == (
        3,
        1,
        0,
    )


def test_every_gate_is_named_by_its_owner_once() -> None:
    base = read_knowledge()
    names = [gate.name for gate in base.gates()]
    assert "steaming.under_18" in names
    assert "topical_anaesthetic.near_eye" in names
    assert len({*names}) == len(names)


def test_every_text_of_a_condition_has_been_parsed() -> None:
    for path, entry, *_ in read_knowledge().entries:
        keys = ("when", "never_when", "own_when", "asked_when", "unlisted_when")
        text = any(getattr(entry, key, "") for key in keys)
        otherwise = getattr(entry, "otherwise", False)
        condition = getattr(entry, "condition", None)
        assert (condition is not None) is (text or otherwise), path


# -- another vocabulary --


OTHER_KINDS: dict[str, Kind] = {
    "tooth.age_days": Number(0, 9000, "days", whole=True),
    "tooth.loose": YesNo(),
    "tooth.colour": Choice(("white", "grey")),
}
OTHER_FILES = {
    "facts.toml": """
        [section.tooth]
        label = "Tooth"
        [screen.look]
        ask = "?"
        ask_patient = "?"
        [tooth.age_days]
        label = "age"
        kind = "whole_number"
        low = 0
        high = 9000
        ask = "?"
        ask_patient = "?"
        screen = "look"
        unit = "days"
        [tooth.loose]
        label = "loose"
        kind = "yes_no"
        ask = "?"
        ask_patient = "?"
        screen = "look"
        yes = "is loose"
        no = "is firm"
        [tooth.colour]
        label = "colour"
        kind = "choice"
        ask = "?"
        ask_patient = "?"
        screen = "look"
        members = { white = "white", grey = "grey" }
        """,
    "terms.toml": """
        [set]
        [term.old]
        when = "tooth.age_days >= 2000"
        label = "an old tooth"
        not = "a young tooth"
        judgement = true
        """,
    "triage.toml": """
        [[decision]]
        id = "begin"
        ask = "?"
        judgement = true
        branch = [
            { when = "old and tooth.loose", to = "out" },
            { otherwise = true, to = "in" },
        ]
        """,
    "scenarios.toml": """
        [destination]
        [[scenario]]
        id = "out"
        label = "out"
        plain = "out"
        first_line = ["pull"]
        reasonable = []
        limited = []
        not_recommended = []
        judgement = true
        action = [{ act = "treat", text = "?", judgement = true }]
        [[scenario]]
        id = "in"
        label = "in"
        plain = "in"
        first_line = []
        reasonable = []
        limited = []
        not_recommended = ["pull"]
        judgement = true
        action = [{ act = "observe", text = "?", judgement = true }]
        """,
    "criteria.toml": """
        [[criterion]]
        id = "calm"
        label = "calm"
        question = "?"
        ask_patient = "?"
        levels = ["loud", "noisy", "fair", "low", "quiet"]
        weight = 1
        judgement = true
        """,
    "guarantees.toml": "",
    "common.toml": "",
    "advice.toml": "advice = []",
    "sources.toml": "",
    "about.toml": """
        format = 2
        domain = "teeth"
        case = "one tooth"
        name = "teeth"
        version = "1"
        review_by = ""
        date = ""
        intended_use = ""
        users = ""
        limits = []
        notice = ""
        certainty = ""
        """,
    "options/pull.toml": """
        id = "pull"
        label = "a pull"
        family = "pulling"
        act = "treat"
        invasiveness = 1
        summary = "?"
        plain = "?"
        performed_by = []
        performed_text = "?"
        judgement = true
        level = [{ criterion = "calm", base = 1, judgement = true }]
        [[gate]]
        id = "firm"
        kind = "forbid"
        when = 'not tooth.loose or tooth.colour == "white"'
        text = "?"
        plain = "?"
        judgement = true
        """,
}


def test_a_knowledge_base_of_another_vocabulary_can_be_read(tmp_path: Path) -> None:
    (tmp_path / "options").mkdir()
    for name, content in OTHER_FILES.items():
        (tmp_path / name).write_text(content, "utf-8")
    base = read_knowledge(tmp_path)
    assert base.vocabulary.kinds == OTHER_KINDS
    conditions = dict(base.conditions())
    said = Wording(base).condition(conditions["options/pull.toml: gate.firm"])
    assert said == "is firm or colour is white"
    assert triage_problems(base) == []
    assert structural_problems(base) == []
    assert unused(base) == []


# -- digest --


def test_the_digest_is_that_of_the_content_wherever_it_lies(folder: Path) -> None:
    digest = read_knowledge().digest
    assert re.fullmatch("sha256:[0-9a-f]{64}", digest)
    assert read_knowledge(folder).digest == digest


def test_the_digest_does_not_change_with_the_line_endings(folder: Path) -> None:
    for path in folder.rglob("*.toml"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert read_knowledge(folder).digest == read_knowledge().digest


@pytest.mark.parametrize(
    "name", [*SINGLE, STEAMING, "measures/topical_anaesthetic.toml"]
)
def test_the_digest_changes_with_the_content_of_each_file(
    folder: Path, name: str
) -> None:
    path = folder / name
    path.write_text(f"{path.read_text('utf-8')}# one more comment\n", "utf-8")
    assert read_knowledge(folder).digest != read_knowledge().digest


def test_the_digest_changes_when_text_moves_to_the_next_file(folder: Path) -> None:
    first, second = (
        folder / "options" / name for name in ("acitretin.toml", "adapalene.toml")
    )
    comment = "# moved\n"
    content = second.read_text("utf-8")
    second.write_text(comment + content, "utf-8")
    before = read_knowledge(folder).digest
    second.write_text(content, "utf-8")
    first.write_text(first.read_text("utf-8") + comment, "utf-8")
    assert read_knowledge(folder).digest != before
