"""What each misread case is told, word for word, from the table `messages.toml`."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import attrs
import pytest

from milia_cds import load_knowledge
from milia_cds.case.case import Case
from milia_cds.case.milia import VOCABULARY, History, Patient
from milia_cds.case.vernacular import Alias, Vernacular
from milia_cds.errors import CaseError
from milia_cds.knowledge.aliased import aliased

TABLE = Path(__file__).with_name("messages.toml").read_text(encoding="utf-8")
ATTEMPTS: list[dict[str, Any]] = tomllib.loads(TABLE)["attempt"]
BASE = load_knowledge()
WRITES = re.compile(
    r"write |use one of|give |did you mean|leave (it|the key) out|put |add |remove |"
    r"state "
)
"""How a sentence says what to do."""


def told(text: str) -> tuple[str, ...]:
    with pytest.raises(CaseError) as caught:
        Case.from_json(text)
    return tuple(map(str, caught.value.problems))


@pytest.mark.parametrize("attempt", ATTEMPTS, ids=lambda each: each["text"][:60])
def test_an_attempt_is_told_what_to_write(attempt: dict[str, Any]) -> None:
    assert told(attempt["text"]) == tuple(attempt["told"])


@pytest.mark.parametrize("attempt", ATTEMPTS, ids=lambda each: each["text"][:60])
def test_a_message_names_the_place_what_is_wrong_and_what_to_write(
    attempt: dict[str, Any],
) -> None:
    with pytest.raises(CaseError) as caught:
        Case.from_json(attempt["text"])

    for problem in caught.value.problems:
        assert problem.path
        assert problem.message
        assert WRITES.search(problem.mend), problem


def test_the_case_of_the_domain_is_told_the_same() -> None:
    """The typed door reads the words at its first error; the other has them loaded."""
    for attempt in ATTEMPTS:
        if attempt["kind"] != "whole cases":
            with pytest.raises(CaseError) as caught:
                BASE.case(json.loads(attempt["text"]))
            assert tuple(map(str, caught.value.problems)) == tuple(attempt["told"])


def test_the_words_of_the_typed_door_are_those_of_the_knowledge() -> None:
    typed, loaded = VOCABULARY.vernacular, BASE.vocabulary.vernacular

    assert typed.labels == loaded.labels
    assert typed.members == loaded.members
    assert typed.spelling == loaded.spelling
    assert typed.ignored == loaded.ignored
    said = [attrs.asdict(alias) for alias in typed.aliases]
    assert said == [attrs.asdict(alias) for alias in loaded.aliases]


def test_python_is_told_what_json_is_told() -> None:
    wrong: Any = {"phototype": "IV"}
    with pytest.raises(CaseError) as caught:
        Patient(**wrong)
    assert caught.value.problems[0].mend == "write 4, without quotation marks"

    failed: Any = {"failed": {"Differin"}}
    with pytest.raises(CaseError) as caught:
        History(**failed)
    assert caught.value.problems[0].mend == 'write "adapalene"'


# A word that only looks like another is no slip of it -------------------------------


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("CHEEK", ("cheek",)),
        ("cheeks", ("cheek",)),
        ("chekc", ()),
        ("nasal-crease", ("nasal_crease",)),
        ("NasalCrease", ("nasal_crease",)),
        ("", ()),
    ],
)
def test_a_name_is_the_same_but_for_its_form(
    written: str, meant: tuple[str, ...]
) -> None:
    names = ("cheek", "nasal_crease")
    assert BASE.vocabulary.vernacular.same(written, names) == meant


@pytest.mark.parametrize(
    ("written", "names", "meant"),
    [
        ("chek", ("cheek", "chin"), ("cheek",)),
        ("hcin", ("cheek", "chin"), ("chin",)),
        ("scatered", ("scattered", "plaque"), ("scattered",)),
        ("clustered", ("scattered", "plaque"), ()),
        ("tretinoin", ("isotretinoin",), ()),
        ("lid", ("lip",), ()),
        ("pacemaker", ("peacemaker", "pacemakerx"), ()),
    ],
)
def test_only_one_slip_of_the_pen_is_seen_through(
    written: str, names: tuple[str, ...], meant: tuple[str, ...]
) -> None:
    assert Vernacular().slip(written, names) == meant


def test_american_and_british_spellings_are_one() -> None:
    words = BASE.vocabulary.vernacular

    assert words.form("cryoglobulinaemia") == words.form("cryoglobulinemia")
    assert words.form("anaesthetic") == words.form("anesthetic")


# Aliases are checked when they are loaded ---------------------------------------------


@pytest.mark.parametrize(
    ("alias", "told"),
    [
        (
            Alias(words=("a1",), facts=("patient.agee",)),
            'facts: there is no fact "patient.agee"; did you mean "patient.age_years"?',
        ),
        (
            Alias(words=("a1",), of=("lesion.site",), members=("cheekk",)),
            'members: there is no member "cheekk"; did you mean "cheek"?',
        ),
        (
            Alias(words=("a1",), members=("cheek",)),
            (
                "members: members of no fact; write of = [...], the facts that have "
                "these "
                "members"
            ),
        ),
        (
            Alias(words=("a1",)),
            ": it leads nowhere; add members, facts, stated or text",
        ),
        (
            Alias(words=("a1",), items="x", text="So."),
            (
                'items: "x" has no place; write {} where the item stands, such as '
                '"{} allergy"'
            ),
        ),
        (
            Alias(words=("a1",), stated={"patient.preterm": "yes"}),
            ('stated.patient.preterm: "yes" is not yes or no; give true or false'),
        ),
        (Alias(words=("-",), text="So."), 'words: "-" is no word; remove it'),
        (
            Alias(words=("Cheeks",), of=("lesion.site",), members=("nose",)),
            'words: "Cheeks" is understood without it; remove it',
        ),
    ],
)
def test_an_alias_that_leads_nowhere_is_refused(alias: Alias, told: str) -> None:
    vernacular = attrs.evolve(BASE.vocabulary.vernacular, aliases=(alias,))
    vocabulary = attrs.evolve(BASE.vocabulary, spoken=vernacular)
    (problem,) = aliased(attrs.evolve(BASE, vocabulary=vocabulary))

    lead = "aliases.toml: alias[0]"
    assert str(problem) == (f"{lead}{told}" if told[0] == ":" else f"{lead}.{told}")


def test_a_word_has_one_meaning() -> None:
    twice = (Alias(words=("lid",), text="A."), Alias(words=("Lids",), text="B."))
    vernacular = attrs.evolve(BASE.vocabulary.vernacular, aliases=twice)
    vocabulary = attrs.evolve(BASE.vocabulary, spoken=vernacular)
    (problem,) = aliased(attrs.evolve(BASE, vocabulary=vocabulary))

    assert str(problem) == (
        'aliases.toml: alias[1].words: "Lids" stands at aliases.toml: alias[0] too; '
        "keep one of the two"
    )


def test_no_alias_is_read_as_a_value() -> None:
    for alias in BASE.vocabulary.vernacular.aliases:
        for of in alias.of[:1]:
            section, _, fact = of.partition(".")
            with pytest.raises(CaseError):
                Case.from_dict({section: {fact: alias.words[0]}})
