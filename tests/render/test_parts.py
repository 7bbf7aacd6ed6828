"""Every part of an answer by itself: in a line, and as a small card."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import attrs
import pytest

from milia_cds import (
    Case,
    Interview,
    Visit,
    assess,
    assess_visit,
    load_knowledge,
)
from milia_cds.explanation.outcome import Outcome
from milia_cds.explanation.places import Places
from tests.common import adult

BASE = load_knowledge()
TREATED = assess(adult())
OPEN = assess(Case())
ALERTED = assess(adult(infected=True))
SHOWN = {
    "place": TREATED.ranking[0],
    "places": TREATED.ranking,
    "no place": OPEN.ranking,
    "withheld": OPEN.withheld[0],
    "set aside": TREATED.excluded[0],
    "measure": TREATED.measures[0],
    "disposition": TREATED.disposition,
    "alert": ALERTED.alerts[0],
    "question": OPEN.questions[0],
    "assumption": TREATED.assumptions[0],
    "reason": TREATED.disposition.because[0],
    "risk": TREATED.ranking[0].risks[0],
    "step": TREATED.ranking[0].aftercare[0],
    "fact": BASE.facts["lesion.size_mm"],
    "interview": Interview(),
}


def parts(record: Any) -> Iterator[Any]:
    """Every record of an answer, at any depth."""
    if attrs.has(type(record)):
        yield record
        for field in attrs.fields(type(record)):
            yield from parts(getattr(record, field.name))
    elif isinstance(record, tuple):
        yield from (each for item in record for each in parts(item))


@pytest.mark.parametrize("outcome", [TREATED.outcome, OPEN.outcome, ALERTED.outcome])
def test_every_part_of_an_answer_is_one_line_as_repr(outcome: Outcome) -> None:
    for each in parts(outcome):
        said = repr(each)
        assert said.startswith(f"<{type(each).__name__}: ")
        assert len(said) <= 88
        assert "\n" not in said


def test_the_line_of_a_ranking_names_the_first_options() -> None:
    assert repr(TREATED.ranking) == (
        "<Places: 1 extraction (first line), 2 observation (reasonable), "
        "3 electrodesiccation (reasonable), 8 more>"
    )
    assert repr(Places()) == "<Places: none>"


@pytest.mark.parametrize(
    ("part", "said"),
    [
        (TREATED.ranking[0], "<Place: 1 extraction, first line, 80 of 100 points>"),
        (
            TREATED.disposition,
            "<Disposition: treat: Treat, as wished; leaving them is a choice.>",
        ),
        (ALERTED.alerts[0], "<AlertSaid: infection_today, same_day, certain>"),
        (
            TREATED.excluded[0],
            "<SetAside: acitretin, by acitretin.could_become_pregnant>",
        ),
        (OPEN.questions[0], "<Question: age: How old is the patient?>"),
        (TREATED.measures[0], "<MeasureVerdict: lidocaine_infiltration, offered>"),
        (Interview(), "<Interview: 0 asked, up to 34 left, asks age>"),
        (TREATED.why("extraction"), "<Why: extraction, offered>"),
    ],
)
def test_the_line_of_a_part_says_what_it_is(part: Any, said: str) -> None:
    assert repr(part) == said


def test_the_line_of_a_withheld_option_counts_what_it_asks() -> None:
    said = repr(OPEN.withheld[0])
    more = len(OPEN.withheld[0].asks) - 1
    assert said == f"<Withheld: adapalene, asks patient.age_years and {more} more>"


def words(html: str) -> str:
    plain = re.sub(r"<style>.*?</style>|<[^>]+>", " ", html, flags=re.DOTALL)
    return " ".join(unescape(plain).split())


@pytest.mark.parametrize("name", SHOWN)
def test_a_part_is_a_small_card_that_says_it_is_a_part(name: str) -> None:
    bundle = SHOWN[name]._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "text/html"}
    said = words(bundle["text/html"])
    assert "reviewed" in said
    assert len(said) < 12_000
    first = bundle["text/plain"].split("\n")[0]
    assert first in said


def test_what_has_no_card_has_its_line() -> None:
    stamp = TREATED.knowledge
    assert stamp._repr_html_() is None
    assert stamp._repr_mimebundle_() == {"text/plain": repr(stamp)}


def test_the_card_of_a_question_says_what_it_is_for() -> None:
    said = words(OPEN.questions[0]._repr_html_() or "")
    assert OPEN.questions[0].ask_patient in said
    assert "Affects: " in said


# -- a visit --


def visit(*cases: Case) -> Visit:
    return assess_visit(cases)


BOTH = visit(adult(site="cheek", count=5), adult(site="lower_eyelid", count=3))


def test_a_visit_is_the_tuple_of_its_answers() -> None:
    first, second = BOTH
    assert (first, second) == BOTH
    headline = "Treat, as wished; leaving them is a choice."
    assert repr(BOTH) == f"<Visit: {headline} | {headline}>"


def test_a_visit_says_first_what_holds_over_its_cases() -> None:
    text = BOTH.text(width=200)
    assert "  draft, not reviewed\n" in text
    top = " ".join(text.partition("\nCase 1, cheek\nPLAN")[0].split())
    assert top.startswith("VISIT 2 cases, none to be referred.")
    assert "In all, number of lesions: 8." in top
    assert "Case 2, lower eyelid, forbids" in top


def test_each_case_of_a_visit_stands_below_in_brief() -> None:
    said = " ".join(BOTH.text().split())
    for each in BOTH:
        assert each.disposition.headline in said
    assert said.count("PLAN ") == 2
    assert said.endswith(BOTH[0].knowledge.digest)


def test_the_dangers_of_a_visit_stand_on_top_once_the_most_urgent_case_named() -> None:
    sick = visit(adult(site="cheek", infected=True), adult(site="nose", infected=True))
    text = sick.text()
    [alert] = sick[0].alerts
    assert " ".join(text.split()).count(alert.text) == 1
    assert text.startswith("TODAY ")
    assert "Today: case 1, cheek and case 2, nose." in " ".join(text.split())


def test_a_number_that_one_case_does_not_know_is_not_summed() -> None:
    unknown = visit(adult(site="cheek", count=5), adult(site="nose", count=None))
    assert "In all" not in unknown.text()


@pytest.mark.parametrize("width", [50, 80, 120])
def test_a_visit_is_as_wide_as_is_asked(width: int) -> None:
    lines = BOTH.text(width=width).split("\n")
    assert max(len(each) for each in lines if "sha256" not in each) <= width
