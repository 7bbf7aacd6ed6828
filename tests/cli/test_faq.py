"""Patients' questions on the command line: found by words, answered in plain words."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from milia_cds import load_knowledge
from milia_cds.cli.main import main
from milia_cds.knowledge.faq import faq, questions_of
from milia_cds.knowledge.texts import Advice

BASE = load_knowledge()
FOLDER = Path(__file__).parents[1] / "otherworld" / "knowledge"
QUESTIONS = questions_of(BASE)
ASKED_OF_US = [each for each in QUESTIONS if each.kind == "question"]
ASKED = {
    "pop": "q_pop",
    "can I pop them at home?": "q_pop",
    "POPPING": "q_pop",
    "do they hurt": "q_extraction",
    "will they come back": "q_come_back",
    "lactic acid": "q_peel_kit",
    "frozen": "q_cryotherapy",
    "lasers": "q_laser",
    "newborn": "q_newborn_now",
    "steam": "q_steam",
    "funding england": "q_need_treatment",
}
"""What people type, and the question that answers it."""

Printed: TypeAlias = Callable[..., str]


@pytest.fixture
def printed(capsys: pytest.CaptureFixture[str]) -> Printed:
    def run(*arguments: str) -> str:
        assert main(["faq", *arguments]) == 0
        return capsys.readouterr().out

    return run


def folded(text: str) -> str:
    return " ".join(text.split())


def question(name: str) -> Advice:
    return next(each for each in QUESTIONS if each.id == name)


def test_without_words_every_question_is_listed_and_none_is_answered(
    printed: Printed,
) -> None:
    page = folded(printed())
    assert len(QUESTIONS) > 20
    assert all(each.title in page for each in QUESTIONS)
    assert not any(each.plain in page for each in QUESTIONS)
    assert BASE.about.notice in page.lower()


@pytest.mark.parametrize(("words", "name"), ASKED.items(), ids=ASKED)
def test_the_question_that_is_asked_comes_first(words: str, name: str) -> None:
    assert faq(BASE, words).questions[0].id == name


@pytest.mark.parametrize("each", ASKED_OF_US, ids=lambda each: each.id)
def test_a_question_is_found_by_its_own_words(each: Advice) -> None:
    assert faq(BASE, each.title).questions[0] == each


def test_the_answer_is_plain_and_names_no_source(printed: Printed) -> None:
    page, steam = folded(printed("steam")), question("q_steam")
    assert steam.title in page
    assert steam.plain in page
    assert steam.text not in page
    assert not any(source in page for source in steam.sources)
    assert BASE.about.notice in page.lower()


def test_full_detail_says_the_words_for_the_clinician_and_their_sources(
    printed: Printed,
) -> None:
    page, steam = folded(printed("steam", "--detail", "full")), question("q_steam")
    assert steam.plain in page
    assert steam.text in page
    assert all(f"- {source}:" in page for source in steam.sources)


def test_full_detail_without_words_answers_every_question(printed: Printed) -> None:
    page = folded(printed("--detail", "full"))
    assert all(each.plain in page and each.text in page for each in QUESTIONS)


def test_what_else_there_is_to_know_is_found_too(printed: Printed) -> None:
    page = folded(printed("scrubbing"))
    assert "What is said to bring milia, without data" in page
    assert "You did nothing wrong." in page


def test_full_detail_says_where_it_departs_from_popular_articles(
    printed: Printed,
) -> None:
    peel = question("q_peel_kit")
    page = folded(printed("peel", "kit", "--detail", "full"))
    assert f"Where it departs from popular articles: {peel.departs}" in page


def test_an_answer_for_some_patients_says_for_whom(printed: Printed) -> None:
    assert "If the patient is under 28 days old:" in folded(printed("newborn"))


def test_where_nothing_is_found_the_nearest_are_named(printed: Printed) -> None:
    page = folded(printed("retinoyd", "creems"))
    assert "No question holds these words. The nearest: - Do retinoid creams" in page
    assert question("q_retinoid_creams").plain not in page


def test_where_nothing_is_near_all_are_named(printed: Printed) -> None:
    page = folded(printed("xylophone"))
    assert "No question holds these words" in page
    assert all(each.title in page for each in QUESTIONS)


@pytest.mark.parametrize("words", ["", "?!", "\u0301", "x" * 10_000, "\x1b[31m"])
def test_whatever_is_typed_something_is_said(words: str) -> None:
    found = faq(BASE, words)
    assert found.questions or found.nearest


def test_the_order_of_words_and_their_case_make_no_difference() -> None:
    first = faq(BASE, "acid lactic").questions
    assert first == faq(BASE, "LACTIC  Acid").questions


def test_as_json_it_says_the_same_with_both_registers(printed: Printed) -> None:
    said: dict[str, Any] = json.loads(printed("steam", "--json"))
    assert said["format"] == "milia-cds/faq/1"
    assert said["words"] == "steam"
    assert said["nearest"] == []
    assert said["knowledge"]["digest"] == BASE.digest
    [found] = said["questions"]
    steam = question("q_steam")
    assert found == {
        "id": "q_steam",
        "question": steam.title,
        "plain": steam.plain,
        "text": steam.text,
        "when": None,
        "sources": list(steam.sources),
        "judgement": steam.judgement,
    }


def test_as_json_what_is_nearest_stands_apart(printed: Printed) -> None:
    said = json.loads(printed("retinoyd", "--json"))
    assert said["questions"] == []
    assert [each["id"] for each in said["nearest"]] == ["q_retinoid_creams"]


def test_another_world_answers_its_own(printed: Printed) -> None:
    page = folded(printed("why", "--knowledge", str(FOLDER)))
    [asked, _] = questions_of(load_knowledge(FOLDER))
    assert asked.title in page
    assert asked.plain in page
    assert "milia" not in page.replace("milia-cds", "").lower()
