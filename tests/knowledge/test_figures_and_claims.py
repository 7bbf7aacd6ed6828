"""Figures and claims that were wrong once, and must not come back.

F1 to F23 are the numbers of the clinical addendum, in its section 6; what a leaflet
lacked is in its section 7.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from milia_cds import load_knowledge

BASE = load_knowledge()
EYE_SCENARIOS = {"adult_few_eyelid", "lid_margin"}
DESTRUCTIVE = BASE.groups["destructive"].options


def said() -> Iterator[tuple[str, str]]:
    """What the knowledge says to a clinician or a patient, by its place."""
    for path, claim in BASE.sourced():
        for field in ("text", "plain", "frequency", "population", "period", "departs"):
            words = getattr(claim, field, "")
            if words:
                yield f"{path}.{field}", words
    for name, criterion in BASE.criteria.items():
        yield f"criteria.toml: {name}", ". ".join(criterion.levels)


SAID = dict(said())

GONE = {
    "F1": r"51 in 100|11\.9 seconds",
    "F3": r"0\.8 ?%",
    "F4": r"93\.5",
    "F5": r"[Aa] new raised scar",
    "F6": r"back within 6 to 8 weeks|comes back within two months",
    "F7": r"[Aa]lmost certain",
    "F8": r"[Tt]extbooks agree|almost never (?:comes|returns|recurs)",
    "F9": r"2 to 10 days|shorter time than",
    "F12": r"lasting mark is likely",
    "F13": r"labels? (?:says? to keep off lips|exclude it)\b.*\bacid",
    "F17": r"2 to 3 days of downtime",
    "F23": r"(?:2 or 3|two or three|a few) nights a week",
}


@pytest.mark.parametrize("number", GONE)
def test_what_was_corrected_stays_corrected(number: str) -> None:
    wrong = re.compile(GONE[number])
    assert {place for place, words in SAID.items() if wrong.search(words)} == set()


def test_what_was_corrected_is_found_where_it_comes_back() -> None:
    again = {
        "F1": "About 51 in 100 eyes.",
        "F8": "A cyst once removed almost never comes back.",
        "F23": "Start with two or three nights a week.",
    }
    for number, words in again.items():
        assert re.search(GONE[number], words), number


def test_eyes_that_feel_drier_with_tretinoin_have_no_figure() -> None:
    """F1: the figure was of a stain, with another drug."""
    (risk,) = [each for each in BASE.option("tretinoin").risk if each.id == "dry_eyes"]
    assert (risk.frequency, risk.basis, risk.population) == (
        "not known",
        "not_known",
        "",
    )


def test_the_share_of_cancers_is_of_lids_only_and_says_of_what() -> None:
    """F2: of biopsied lid lesions of all kinds, second-hand, beside an eye alone."""
    figured = [
        (path, claim)
        for path, claim in BASE.sourced()
        if "4.6 %" in getattr(claim, "text", "")
    ]
    assert figured
    for path, claim in figured:
        for words in ("biopsied lid lesions of all kinds", "not of milia", "second-h"):
            assert words in claim.text, path
        assert beside_the_eye(path, claim), path
    cited = {path for path, each in BASE.sourced() if "E125" in _sources(each)}
    said_of_them = {path for path in cited if ".action[" not in path}
    assert said_of_them == {path for path, _ in figured}


def beside_the_eye(path: str, claim: Any) -> bool:
    """Whether a claim is made of lesions around the eye only."""
    if "periocular_sites" in claim.when:
        return True
    return any(f"scenario.{name}" in path for name in EYE_SCENARIOS)


def _sources(claim: Any) -> tuple[str, ...]:
    return getattr(claim, "sources", ())


def test_poorly_controlled_diabetes_gives_no_figure() -> None:
    """F3: a judgement, with no figure of a series of larger procedures."""
    gates = [each for each in BASE.gates() if each.id == "diabetes"]
    assert gates
    for gate in gates:
        assert not re.search(r"\d", gate.text)
        assert gate.judgement
        assert not gate.sources


def test_a_raised_scar_is_no_reason_to_call_the_same_day() -> None:
    """F5: a scar thickens over months."""
    for name in DESTRUCTIVE:
        scars = [
            call
            for call in BASE.calls(BASE.option(name))
            if "scar" in f"{call.text} {call.plain}"
        ]
        assert scars
        assert {call.how_soon for call in scars} == {"soon"}
    assert not any(
        "scar" in each.plain for each in BASE.advice if each.kind == "after_procedure"
    )


def test_no_home_acid_is_without_a_risk_of_scars() -> None:
    """F10: a scar is unlikely, which is level 3."""
    option = BASE.option("home_exfoliation")
    (level,) = [each for each in option.level if each.criterion == "scarring"]
    assert (level.base, level.modifier) == (3, ())
    assert any("scar" in risk.plain for risk in option.risk)


def test_an_argument_does_not_say_what_its_authors_could_not_find_or_read() -> None:
    """F18, F19: that stands once, where the evidence is explained."""
    voice = re.compile(
        r"could (?:not )?be read|\b(?:was|were) found\b|of a rapid|not known to us"
    )
    arguments = [
        *(each for option in BASE.options.values() for each in option.argument),
        *(each for kind in BASE.scenarios.values() for each in kind.argument),
    ]
    assert [each.text for each in arguments if voice.search(each.text)] == []
    assert any("no evidence found" in limit for limit in BASE.about.limits)


def test_a_lymphoma_is_an_argument_of_plaques_alone() -> None:
    """F20."""
    speaking = {
        name
        for name, scenario in BASE.scenarios.items()
        if any("mycosis fungoides" in each.text for each in scenario.argument)
    }
    assert speaking == {"plaque_periauricular", "plaque_eyelid", "plaque_other"}


def test_secondary_milia_persist_on_isotretinoin_only_where_they_are_secondary() -> (
    None
):
    """F21."""
    (argument,) = [
        each
        for each in BASE.scenarios["on_isotretinoin"].argument
        if "tend to persist" in each.text
    ]
    assert argument.when == "secondary"


TREATED = {
    r"free?z|frozen": {"cryotherapy"},
    r"numb|anaesthe": {"extraction", "electrodesiccation", "laser_ablation"},
    r"bleeds after|bleeding that": {
        *("extraction", "electrodesiccation", "cryotherapy", "laser_ablation"),
    },
}


@pytest.mark.parametrize("pattern", TREATED)
def test_a_call_is_said_with_the_option_that_it_belongs_to(pattern: str) -> None:
    """F22: no leaflet of a cream speaks of freezing, numbing or a wound."""
    named = re.compile(pattern, re.IGNORECASE)
    speaking = {
        name
        for name, option in BASE.options.items()
        for call in BASE.calls(option)
        if named.search(f"{call.text} {call.plain}")
    }
    assert speaking <= TREATED[pattern]
    later = [each for each in BASE.advice if each.kind == "after_procedure"]
    assert not any(named.search(f"{each.text} {each.plain}") for each in later)


# -- what was missing (section 7) ------------------------------------------------------

NEAR_THE_EYE = {
    "antiseptic_near_eye": ("povidone-iodine", "iodine allergy"),
    "no_chlorhexidine": ("Never chlorhexidine", "cornea"),
    "lenses_in_again": ("eye is white",),
    "no_eye_make_up": ("lash extensions",),
    "ointment_near_eye": ("made for eyes", "petrolatum"),
    "consent_near_eye": ("bruising", "harm to the eye"),
    "shade_for_lids": ("sunglasses",),
    "ask_about_allergies": ("latex", "plasters", "antiseptics"),
    "antiplatelets_go_on": ("Aspirin", "clopidogrel", "go on"),
    "odd_to_histology": ("histology",),
    "consent": ("Doing nothing is safe", "dark mark", "cost", "who does it"),
    "hands_off": ("dark marks",),
}


@pytest.mark.parametrize("name", NEAR_THE_EYE)
def test_extraction_says_what_was_missing(name: str) -> None:
    steps = BASE.steps(BASE.option("extraction"))
    (step,) = [each for each in steps if each.id == name]
    for words in NEAR_THE_EYE[name]:
        assert words in step.text


def test_chlorhexidine_is_named_only_to_forbid_it() -> None:
    naming = [words for words in SAID.values() if "chlorhexidine" in words.lower()]
    assert naming
    assert all(re.search(r"\b[Nn]ever\b|\bnot\b", words) for words in naming)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("q_funding", ("not removed for looks", "bleeding", "doubt")),
        ("q_newborn_now", ("Nothing works faster than time",)),
        ("q_curettage", ("Curettage", "dermabrasion", "no sign")),
    ],
)
def test_a_common_question_is_answered(name: str, words: tuple[str, ...]) -> None:
    (advice,) = [each for each in BASE.advice if each.id == name]
    assert advice.kind == "question"
    assert all(each in advice.text for each in words)
