"""What a patient reads: in plain words, and easy to read where it is long.

A text is what a patient is handed in one piece: a single entry, the leaflet of one
option, one kind of advice, or all questions.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import attrs
import pytest
import textstat  # type: ignore[import-untyped]  # it has no types

from milia_cds import load_knowledge
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.texts import ADVICE_KINDS

BASE = load_knowledge()
LONG = 60
GRADE = 7
SENTENCE = 30

DRUGS = [
    "acitretin",
    "adapalene",
    "amiodarone",
    "doxycycline",
    "isotretinoin",
    "lidocaine",
    "methotrexate",
    "minocycline",
    "paracetamol",
    "prilocaine",
    "retinoid",
    "tazarotene",
    "tetracycline",
    "tretinoin",
    "vitamin",
    "warfarin",
]


def names(base: Knowledge) -> re.Pattern[str]:
    """What is replaced before a text is graded: names of options and drugs."""
    labels = [each.label for each in base.gated()]
    every = sorted([*labels, *base.options, *DRUGS], key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, every))})s?\b", re.IGNORECASE)


NAMES = names(BASE)


def plain_of(base: Knowledge) -> dict[str, str]:
    """Every single text in plain words, by its place."""
    found = {
        path: claim.plain for path, claim in base.sourced() if hasattr(claim, "plain")
    }
    found |= {f"{name}.ask_patient": f.ask_patient for name, f in base.facts.items()}
    found |= {f"screen.{name}": s.ask_patient for name, s in base.screens.items()}
    for name, criterion in base.criteria.items():
        found[f"criterion.{name}"] = criterion.ask_patient
        found[f"criterion.{name}.levels"] = ". ".join(criterion.levels)
    return found


def handed_out(base: Knowledge) -> Iterator[tuple[str, Iterable[str]]]:
    """The texts that a patient gets in one piece, with their sentences."""
    for name, option in base.options.items():
        yield (
            f"the leaflet of {name}",
            [
                option.plain,
                *(risk.plain for risk in option.risk),
                *(each.plain for risk in option.risk for each in risk.modifier),
                *(step.plain for step in base.steps(option)),
                *(call.plain for call in base.calls(option)),
            ],
        )
    for owner in base.gated():
        yield f"the reasons of {owner.id}", [gate.plain for gate in owner.gate]
    for kind in ADVICE_KINDS:
        chosen = [each for each in base.advice if each.kind == kind]
        yield f"the advice {kind}", [each.plain for each in chosen]
    yield "the questions", [each.ask_patient for each in base.facts.values()]
    yield "the spoken questions", [each.ask_patient for each in base.screens.values()]


def texts(base: Knowledge) -> dict[str, str]:
    """Every text that is long enough to be graded."""
    every = {
        **plain_of(base),
        **{name: " ".join(parts) for name, parts in handed_out(base)},
    }
    return {name: text for name, text in every.items() if len(text.split()) >= LONG}


def grade(text: str) -> float:
    """The Flesch-Kincaid grade of a text with its names replaced."""
    return float(textstat.flesch_kincaid_grade(NAMES.sub("it", text)))


def too_hard(base: Knowledge) -> dict[str, float]:
    graded = {name: grade(text) for name, text in texts(base).items()}
    return {name: found for name, found in graded.items() if found > GRADE}


def spoilt(base: Knowledge, **plain: str) -> Knowledge:
    """Other plain words to options."""
    changed = {
        name: attrs.evolve(base.options[name], plain=text)
        for name, text in plain.items()
    }
    return attrs.evolve(base, options={**base.options, **changed})


def test_a_text_of_60_words_needs_seven_years_of_school_at_most() -> None:
    assert too_hard(BASE) == {}


def test_what_is_graded_is_what_a_patient_is_handed() -> None:
    graded = texts(BASE)
    assert {f"the leaflet of {name}" for name in BASE.options} <= set(graded)
    long = {*ADVICE_KINDS} - {"after_procedure"}  # of two entries, addendum F22
    assert {f"the advice {kind}" for kind in long} <= set(graded)
    assert "the questions" in graded
    assert sum(len(text.split()) for text in graded.values()) > 15_000


HARD = (
    "Postinflammatory hyperpigmentation, notwithstanding appropriate photoprotection, "
    "may necessitate considerable additional dermatological consultation. "
) * 8


@pytest.mark.parametrize("name", ["extraction", "observation", "steaming"])
def test_a_hard_text_is_found(name: str) -> None:
    assert f"options/{name}.toml: " in too_hard(spoilt(BASE, **{name: HARD}))


def test_names_are_replaced_before_a_text_is_graded() -> None:
    assert NAMES.sub("it", "Oral isotretinoin or Tetracyclines") == "it or it"
    assert grade("Put tretinoin on. " * 30) < grade("Put hydroquinone on. " * 30)


def test_every_sentence_for_a_patient_is_short() -> None:
    long = {
        name: sentence
        for name, text in plain_of(BASE).items()
        for sentence in re.split(r"(?<=[.?!]) ", text)
        if len(sentence.split()) > SENTENCE
    }
    assert long == {}


JARGON = re.compile(
    r"\b(?:lesions?|hyperpigment\w*|hypopigment\w*|erythema\w*|periocular|phototype"
    r"|post-inflammatory|histology|biops\w+|contraindicat\w*|topical|ablat\w+"
    r"|haemorrhag\w*|oedema|pruritus|papules?|adjunct|teratogen\w*|patient)\b",
    re.IGNORECASE,
)


def jargon(base: Knowledge) -> dict[str, list[str]]:
    used = {
        name: JARGON.findall(NAMES.sub("it", text))
        for name, text in plain_of(base).items()
    }
    return {name: words for name, words in used.items() if words}


def test_no_text_for_a_patient_uses_the_words_of_the_clinic() -> None:
    assert jargon(BASE) == {}
    bad = {"extraction": "A lesion.", "steaming": "Biopsy it.", "adapalene": "Topical."}
    assert jargon(spoilt(BASE, **bad)) == {
        "options/adapalene.toml: ": ["Topical"],
        "options/extraction.toml: ": ["lesion"],
        "options/steaming.toml: ": ["Biopsy"],
    }
