"""One word for one thing, on one screen and on what a patient is handed.

The formal name of an option stands in its own entry, in long texts and in the file; on
one screen and in a leaflet it has one short name, which the knowledge gives. Nobody is
"he" or "she": a patient is the patient, or "you".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from milia_cds import Assessment, assess, leaflet, load_knowledge
from tests.common import patients, patients_and_vignettes, sampled

BASE = load_knowledge()
OTHER_WORDS = (
    *("observation", "observe", "watchful", "wait and see"),
    *("cryotherapy", "cryosurgery", "liquid nitrogen"),
    *("cleansing", "exfoliat", "glycolic", "salicylic"),
    *("hyfrecat", "diathermy", "cautery", "curett"),
    *("tablet", "deroof", "lanc"),
)
"""Words for what has another one in the brief: leave alone, freezing, washing, mild
acid, electrodesiccation, pills, extraction."""
ABOUT_THE_LAW = "local law let an aesthetician lance"
"""The law is asked for in its own word."""
PRONOUN = re.compile(r"\b(he|she|him|her|his|hers|himself|herself)\b", re.IGNORECASE)
PATIENTS = patients_and_vignettes(vignettes_every=25)


@pytest.fixture(params=PATIENTS)
def answer(request: pytest.FixtureRequest) -> Assessment:
    return assess(PATIENTS[request.param])


def lines(answer: Assessment) -> Iterator[str]:
    for part in answer.outcome.brief:
        if part.label != "more":  # commands take ids
            for line in part.lines:
                yield f"{line.lead} {line.text}".replace(ABOUT_THE_LAW, "")


def test_the_brief_has_one_word_for_one_thing(answer: Assessment) -> None:
    wrong = [
        (word, line)
        for line in lines(answer)
        for word in OTHER_WORDS
        if re.search(rf"\b{word}", line.lower())
    ]
    assert wrong == []


def test_the_brief_has_no_pronoun_for_the_patient(answer: Assessment) -> None:
    assert [line for line in lines(answer) if PRONOUN.search(line)] == []


def test_every_list_of_options_uses_their_short_names(answer: Assessment) -> None:
    longer = [
        option.label
        for option in BASE.options.values()
        if option.short and option.label not in option.short
    ]
    said = " ".join(lines(answer)).lower()
    assert [each for each in longer if f" {each}:" in said or f" {each}," in said] == []


@pytest.mark.parametrize("name", sampled(patients(), 3))
def test_a_leaflet_has_no_pronoun_and_no_formal_name(name: str) -> None:
    said = assess(PATIENTS[name])
    for place in said.ranking[:1]:
        text = leaflet(said, place.option, format="markdown").partition("Written from")
        words = text[0].lower()
        assert PRONOUN.search(words) is None
        assert not re.search(r"\b(observation|cryotherapy|exfoliat|cleansing)", words)
