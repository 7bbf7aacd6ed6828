"""Conditions and values in words, on the knowledge base that is shipped."""

from __future__ import annotations

import re

import attrs
import pytest

from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.reading import read_knowledge
from milia_cds.knowledge.wording import Wording
from milia_cds.logic.conditions import And, Atom, Compare, Or, Yes
from milia_cds.logic.facts import Members, Number, Value, YesNo
from milia_cds.logic.language import parse


@pytest.fixture(scope="module")
def wording() -> Wording:
    return Wording(read_knowledge())


SAID = {
    # numbers
    "patient.age_years < 12": "age under 12 years",
    "patient.age_years <= 12": "age 12 years or under",
    "patient.age_years > 12": "age over 12 years",
    "patient.age_years >= 12": "age 12 years or over",
    "patient.age_years == 12": "age 12 years",
    "patient.age_years != 12": "age other than 12 years",
    "not patient.age_years < 12": "age 12 years or over",
    "not patient.age_years <= 12": "age over 12 years",
    "not patient.age_years > 12": "age 12 years or under",
    "not patient.age_years >= 12": "age under 12 years",
    "12 > patient.age_years": "age under 12 years",
    "patient.age_years >= 1": "age 1 year or over",
    "patient.age_years < 0.0765": "age under 0.0765 years",
    "lesion.duration_weeks > 1": "duration over 1 week",
    "lesion.size_mm == 1": "size of the largest lesion 1 mm",
    "lesion.count > 20": "number of lesions over 20",
    "lesion.count == 1": "number of lesions 1",
    "lesion.count < 10000": "number of lesions under 10000",
    "history.inr > 3.5": "INR over 3.5",
    "patient.phototype >= 5": "phototype 5 or over",
    # ranges
    "8 <= patient.age_years < 12": "age 8 to under 12 years",
    "8 <= patient.age_years <= 12": "age 8 to 12 years",
    "3 <= patient.phototype <= 4": "phototype 3 to 4",
    "not 3 <= patient.phototype <= 4": "phototype under 3 or phototype over 4",
    "12 > patient.age_years >= 8": "age under 12 years and age 8 years or over",
    "8 < patient.age_years <= 12": "age over 8 years and age 12 years or under",
    "patient.age_years >= 8 and patient.age_years < 12": "age 8 to under 12 years",
    "not 8 <= patient.age_years < 12": "age under 8 years or age 12 years or over",
    "patient.phototype >= 3 and lesion.count < 5": (
        "phototype 3 or over and number of lesions under 5"
    ),
    "patient.breastfeeding and 1 <= patient.age_years < 12": (
        "is breastfeeding and age 1 to under 12 years"
    ),
    "patient.breastfeeding or 1 <= patient.age_years < 12": (
        "is breastfeeding or age 1 to under 12 years"
    ),
    "patient.breastfeeding and not 8 <= patient.age_years < 12": (
        "is breastfeeding and (age under 8 years or age 12 years or over)"
    ),
    "patient.breastfeeding or not 8 <= patient.age_years < 12": (
        "is breastfeeding or age under 8 years or age 12 years or over"
    ),
    "not (patient.breastfeeding or 8 <= patient.age_years < 12)": (
        "is not breastfeeding and (age under 8 years or age 12 years or over)"
    ),
    "patient.age_years >= 8 or patient.age_years < 12": (
        "age 8 years or over or age under 12 years"
    ),
    "patient.breastfeeding and (patient.age_years >= 8 or patient.age_years < 12)": (
        "is breastfeeding and (age 8 years or over or age under 12 years)"
    ),
    # yes/no facts
    "history.pacemaker": "has a pacemaker",
    "not history.pacemaker": "has no pacemaker",
    "not not history.pacemaker": "has a pacemaker",
    "clinic.corneal_shields": "corneal shields are at hand",
    # choices
    'lesion.site == "nose"': "site is nose",
    'lesion.site != "nose"': "site is not nose",
    'lesion.site in {"chin", "nose"}': "site is nose or chin",
    'lesion.site in {"neck", "axilla", "chest"}': "site is neck, chest or armpit",
    'lesion.site not in {"chin", "nose"}': "site is not nose or chin",
    'clinic.operator == "nurse"': "operator is a nurse",
    'lesion.pattern in {"nodular_grouped", "eruptive"}': (
        "pattern is eruptive or nodular and grouped"
    ),
    'patient.pregnancy != "not_possible"': "pregnancy is not impossible",
    # named sets
    "lesion.site in eyelid_sites": "on the eyelid",
    "lesion.site not in eyelid_sites": "not on the eyelid",
    "not lesion.site not in eyelid_sites": "on the eyelid",
    "clinic.operator in medical_operators": "in the hands of a doctor",
    # set facts
    '"extraction" in history.failed': "extraction has been tried and has failed",
    '"extraction" not in history.failed': (
        "extraction has not been tried without success"
    ),
    '"home_exfoliation" in history.not_tolerated': (
        "home exfoliation with a mild acid was not tolerated before"
    ),
    # terms
    "infant": "under 1 year old",
    "not infant": "1 year old or older",
    "red_flag and not syndrome": (
        "a warning sign is present and no genetic syndrome is known or suspected"
    ),
    # and, or, not, parentheses
    "infant and (history.pacemaker or history.keloid)": (
        "under 1 year old and (has a pacemaker or has had a keloid)"
    ),
    "infant and history.pacemaker or history.keloid": (
        "(under 1 year old and has a pacemaker) or has had a keloid"
    ),
    "(infant and history.pacemaker) and history.keloid": (
        "under 1 year old and has a pacemaker and has had a keloid"
    ),
    "infant or (history.pacemaker or history.keloid)": (
        "under 1 year old or has a pacemaker or has had a keloid"
    ),
    "not (infant and history.pacemaker)": "1 year old or older or has no pacemaker",
    "not (infant or history.pacemaker)": "1 year old or older and has no pacemaker",
    "history.keloid and not (infant and history.pacemaker)": (
        "has had a keloid and (1 year old or older or has no pacemaker)"
    ),
    "history.keloid or not (infant and history.pacemaker)": (
        "has had a keloid or 1 year old or older or has no pacemaker"
    ),
    "history.keloid and not (infant or history.pacemaker)": (
        "has had a keloid and 1 year old or older and has no pacemaker"
    ),
    "history.keloid and not not (infant or history.pacemaker)": (
        "has had a keloid and (under 1 year old or has a pacemaker)"
    ),
    "not (history.keloid and (infant or history.pacemaker))": (
        "has never had a keloid or (1 year old or older and has no pacemaker)"
    ),
    "infant and infant": "under 1 year old",
    "history.keloid and (infant or many and (secondary or history.pacemaker))": (
        "has had a keloid and (under 1 year old or "
        "(more than 20 milia and (the milia are secondary or has a pacemaker)))"
    ),
}


@pytest.mark.parametrize(("text", "said"), SAID.items(), ids=[*SAID])
def test_a_condition_reads_as_a_clause(wording: Wording, text: str, said: str) -> None:
    assert wording.condition(parse(text, wording.base.scope())) == said


@pytest.mark.parametrize(
    ("fact", "value", "said"),
    [
        ("findings.growing", True, "is growing"),
        ("findings.growing", False, "is not growing"),
        ("findings.growing", None, "growth: not known"),
        ("patient.age_years", 34, "age: 34 years"),
        ("patient.age_years", 1, "age: 1 year"),
        ("patient.age_years", 0.25, "age: 0.25 years"),
        ("patient.age_years", None, "age: not known"),
        ("lesion.count", 10000, "number of lesions: 10000"),
        ("lesion.site", "oral_mucosa", "site: inside of the mouth"),
        ("history.failed", frozenset(), "treatments that have failed: none"),
        (
            "history.failed",
            frozenset({"steaming", "extraction"}),
            "treatments that have failed: extraction, steaming",
        ),
    ],
)
def test_a_value_reads_with_the_name_of_its_fact(
    wording: Wording, fact: str, value: Value | None, said: str
) -> None:
    assert wording.value(fact, value) == said


def _sentences(base: Knowledge) -> list[tuple[str, str]]:
    words = Wording(base)
    both = [(path, words.condition(condition)) for path, condition in base.conditions()]
    terms = [
        (name, text) for name, e in base.terms.items() for text in (e.label, e.not_)
    ]
    return [*both, *terms]


def test_every_condition_of_the_knowledge_base_has_words(wording: Wording) -> None:
    sentences = _sentences(wording.base)
    assert len(sentences) > 500
    untidy = re.compile(r"^$|^\s|\s$|\s\s|[{}_]|\(\)|None|\b(and|or|is) (and|or)\b")
    assert [each for each in sentences if untidy.search(each[1])] == []


def test_the_parentheses_of_every_sentence_match(wording: Wording) -> None:
    for path, text in _sentences(wording.base):
        depth = 0
        for letter in text:
            depth += (letter == "(") - (letter == ")")
            assert depth >= 0, path
        assert depth == 0, path


def _values(kind: object) -> list[Value | None]:
    match kind:
        case YesNo():
            return [None, True, False]
        case Number(low, high):
            return [None, low, high]
        case Members(members):
            return [None, frozenset(), frozenset(members)]
        case _:
            return [None, *getattr(kind, "members", ())]


def test_every_value_of_every_fact_has_words(wording: Wording) -> None:
    said = {
        wording.value(fact, value)
        for fact, kind in wording.base.kinds.items()
        for value in _values(kind)
    }
    assert [each for each in said if re.search(r"[{}_]|\s\s|^$|None|: $", each)] == []


def test_each_value_of_a_fact_reads_differently(wording: Wording) -> None:
    for fact, kind in wording.base.kinds.items():
        values = _values(kind)
        assert len({wording.value(fact, value) for value in values}) == len(values), (
            fact
        )


def test_what_has_no_words_is_refused(wording: Wording) -> None:
    with pytest.raises(TypeError, match="no words for 3"):
        # No test at all.
        wording.condition(Atom("findings.growing", 3))  # type: ignore[arg-type]


def test_a_member_that_is_no_option_reads_as_it_is_named(wording: Wording) -> None:
    words = Wording(attrs.evolve(wording.base, options={}))
    failed = parse('"extraction" in history.failed', wording.base.scope())
    assert words.condition(failed) == "extraction has been tried and has failed"


def test_a_range_is_of_one_number(wording: Wording) -> None:
    low = Atom("patient.age_years", Compare(">=", 8))
    high = Atom("lesion.count", Compare("<", 12))
    pair = "age 8 years or over and number of lesions under 12"
    assert wording.condition(And((low, high))) == pair
    assert wording.condition(
        And((And((low, high)), Atom("findings.itchy", Yes())))
    ) == (f"{pair} and is itchy")
    assert wording.condition(Or((low, high))) == pair.replace(" and ", " or ")


# -- with subjects --

SENTENCES = {
    "patient.breastfeeding": "the patient is breastfeeding",
    "not findings.blisters": "the lesion comes without blisters",
    "goals.wants_treatment": "the patient wants treatment",
    "clinic.specialist_centre": "care is directed by the specialist centre",
    "patient.age_years < 12": "the patient's age is under 12 years",
    "3 <= patient.phototype <= 4": "the patient's phototype is 3 to 4",
    "history.inr > 3.5": "INR is over 3.5",
    "lesion.count != 1": "the number of lesions is other than 1",
    "lesion.site in eyelid_sites": "the lesion is on the eyelid",
    "lesion.site not in eyelid_sites": "the lesion is not on the eyelid",
    "infant and not many": (
        "the patient is under 1 year old and there are 20 milia or fewer"
    ),
    "secondary and lesion.cause == 'tattoo'": (
        "the milia are secondary and the cause is a tattoo"
    ),
    "history.pacemaker and infant": (
        "the patient has a pacemaker and is under 1 year old"
    ),
    "findings.infected or lesion.site in nose_sites": (
        "the lesion is infected or is on the nose"
    ),
    "history.pacemaker or history.defibrillator": (
        "the patient has a pacemaker or has an implanted defibrillator"
    ),
    "history.epidermolysis_bullosa or findings.fragile_skin": (
        "the patient has epidermolysis bullosa or the lesion lies on fragile skin"
    ),
    "history.keloid and lesion.site == 'chest' and history.raynaud": (
        "the patient has had a keloid and the site is chest and the patient has "
        "Raynaud phenomenon"
    ),
}


@pytest.mark.parametrize("written", SENTENCES)
def test_a_clause_with_its_subject_names_it_once_in_a_row(
    written: str, wording: Wording
) -> None:
    sentences = Wording(wording.base, subjects=True)
    condition = parse(written, wording.base.scope())
    assert sentences.condition(condition) == SENTENCES[written]
