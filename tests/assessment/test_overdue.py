"""Knowledge whose review is overdue: every output says so, and no verdict changes."""

from __future__ import annotations

import copy
import io
import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import attrs
import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from milia_cds import (
    Assessment,
    AssessmentError,
    Case,
    Interview,
    OverdueError,
    assess,
    assess_visit,
    contributions,
    decision_graph,
    diff,
    leaflet,
    letter,
    load_knowledge,
    option_grid,
    path_picture,
    result_schema,
    thresholds,
)
from milia_cds.adapters.fhir import write_fhir
from milia_cds.assessment.stored import sealed
from milia_cds.explanation.outcome import Outcome
from milia_cds.knowledge.currency import overdue_text
from milia_cds.render.lines import DETAILS, Detail
from milia_cds.render.picture import Picture
from milia_cds.render.text import sheet_of
from milia_cds.render.writers.terminal import print_sheet
from milia_cds.testing import near_patients
from tests.common import SCREENED, THOROUGH, patients_and_vignettes

BASE = load_knowledge()
REVIEW = date.fromisoformat(BASE.about.review_by)
LATE, TOO_LATE = REVIEW + timedelta(1), REVIEW + timedelta(366)
NOTICE = f"{BASE.about.notice}; review overdue since {REVIEW}"
TEXT = overdue_text(BASE)
ADULT = Case.from_dict(SCREENED)
REFERRED = Case.from_dict({"lesion": {"site": "cheek"}, "findings": {"growing": True}})


@pytest.fixture(scope="module")
def late() -> Assessment:
    return assess(ADULT, on=LATE)


def plain(text: str) -> str:
    """A text without its breaks of lines."""
    return " ".join(text.split())


# -- texts --


@pytest.mark.parametrize("detail", DETAILS)
def test_every_length_of_the_text_says_so(detail: Detail, late: Assessment) -> None:
    said = plain(late.text(detail=detail))

    assert said.count(TEXT) == 1
    assert "draft, review overdue" in said
    if detail != "brief":
        assert NOTICE[1:] in said


def test_so_does_a_narrow_text(late: Assessment) -> None:
    assert TEXT in plain(late.text(width=40))


def test_every_brief_says_so_and_keeps_to_its_screen() -> None:
    for name, case in patients_and_vignettes(
        patients_every=3, vignettes_every=9
    ).items():
        said = assess(case, on=LATE)

        assert TEXT in plain(said.text()), name
        if not said.alerts:
            assert len(said.text().splitlines()) <= 24, name


@pytest.mark.parametrize("detail", DETAILS)
def test_so_do_the_tables_of_a_terminal(detail: Detail, late: Assessment) -> None:
    console = Console(width=100, file=io.StringIO(), record=True)

    print_sheet(sheet_of(late.to_show, late.base(), detail), console, detail)

    said = plain(console.export_text().replace("│", " "))
    assert "review overdue" in said
    assert TEXT in said


def test_so_do_the_card_and_the_line(late: Assessment) -> None:
    assert NOTICE in repr(late)
    card = late._repr_mimebundle_()["text/html"]
    assert TEXT in plain(card)
    assert NOTICE in card


def test_so_do_leaflets_letter_and_grid(late: Assessment) -> None:
    referred = assess(REFERRED, on=LATE)
    pages = [
        leaflet(late, "extraction"),
        leaflet(late, "extraction", format="markdown"),
        leaflet(referred, "referred"),
        letter(referred),
        letter(referred, format="markdown"),
        option_grid(late),
        option_grid(late, whole=True),
        late.compare().text(),
    ]
    for page in pages:
        assert f"review overdue since {REVIEW}" in plain(page)


def test_so_do_the_pictures_of_an_answer(late: Assessment) -> None:
    drawings: list[Callable[[Assessment], Picture]]
    drawings = [contributions, thresholds, path_picture, decision_graph]
    for draw in drawings:
        assert "review overdue" in draw(late).svg, draw
        assert NOTICE not in draw(assess(ADULT)).svg, draw


def test_so_do_the_answers_about_an_answer(late: Assessment) -> None:
    for said in (
        late.why("extraction"),
        late.why_not("steaming"),
        late.stability(),
        late.compare(),
        diff(late, late),
        late.what_if(needle_phobia=True),
    ):
        assert NOTICE[1:] in plain(str(said.text()))


def test_so_do_a_visit_and_an_interview() -> None:
    visit = assess_visit([ADULT, ADULT.stating(site="lower_eyelid")], on=LATE)
    interview = Interview(ADULT, on=LATE)

    assert "review overdue" in visit.text()
    assert all(each.knowledge.overdue for each in visit)
    assert TEXT in plain(interview.assessment.text())


def test_so_does_each_resource_that_a_record_gets(late: Assessment) -> None:
    at = datetime(2027, 11, 23, 9, tzinfo=UTC)
    for entry in write_fhir(late, patient="Patient/1", at=at)["entry"]:
        assert entry["resource"]["meta"]["tag"][0]["display"] == NOTICE
        assert NOTICE[1:] in entry["resource"]["text"]["div"]


# -- JSON --


def test_every_detail_of_the_json_says_so_and_fits_the_schema(late: Assessment) -> None:
    schema = result_schema()
    for said in (late.to_dict("decision"), late.to_dict("standard"), late.to_dict()):
        assert said["knowledge"]["overdue"] is True
        assert said["knowledge"]["notice"] == NOTICE
        jsonschema.validate(said, schema)
    for said in (late.to_dict("standard"), late.to_dict()):
        first = said["warnings"][0]
        assert (first["rule"], first["text"]) == ("review_by", TEXT)


def test_a_stored_answer_keeps_the_warning(late: Assessment) -> None:
    again = Assessment.from_json(late.to_json())

    assert again == late
    assert again.text() == late.text()
    assert again.base() is BASE
    assert Assessment.from_json(late.to_json(), BASE).base() is BASE
    assert copy.deepcopy(again).knowledge.overdue


def test_an_answer_of_before_the_warning_existed_is_still_read() -> None:
    stored = assess(ADULT).to_dict()
    del stored["knowledge"]["overdue"]

    assert Assessment.from_dict(sealed(stored)) == assess(ADULT)


@pytest.mark.parametrize(
    ("on", "change", "paths"),
    [
        (LATE, {"overdue": False}, {"knowledge.overdue", "knowledge.notice"}),
        (None, {"overdue": True}, {"knowledge.overdue", "knowledge.notice"}),
        (LATE, {"notice": BASE.about.notice}, {"knowledge.notice"}),
        (None, {"notice": NOTICE}, {"knowledge.notice"}),
    ],
)
def test_a_stored_answer_cannot_hide_it_nor_invent_it(
    on: date | None, change: dict[str, Any], paths: set[str]
) -> None:
    stored = json.loads(assess(ADULT, on=on).to_json())
    stored["knowledge"] |= change

    with pytest.raises(AssessmentError) as caught:
        Assessment.from_dict(sealed(stored))

    assert {each.path for each in caught.value.problems} == paths


def test_a_stored_answer_cannot_lose_its_warning(late: Assessment) -> None:
    stored = json.loads(late.to_json())
    stored["warnings"] = stored["warnings"][1:]

    with pytest.raises(AssessmentError) as caught:
        Assessment.from_dict(sealed(stored))

    [problem] = caught.value.problems
    assert problem.path == "knowledge.overdue"


# -- refused --


def test_long_overdue_knowledge_decides_nothing() -> None:
    begun = Interview().to_dict()
    takers: tuple[Callable[[], object], ...] = (
        lambda: assess(ADULT, on=TOO_LATE),
        lambda: assess_visit([ADULT], on=TOO_LATE),
        lambda: Interview(ADULT, on=TOO_LATE),
        lambda: Interview.from_dict(begun, on=TOO_LATE),
    )
    for take in takers:
        with pytest.raises(OverdueError, match="is refused from"):
            take()
    assert assess(ADULT, on=REVIEW + timedelta(365)).knowledge.overdue


def test_the_day_of_the_case_does_not_count() -> None:
    dated = attrs.evolve(ADULT, as_of=TOO_LATE)

    assert not assess(dated).knowledge.overdue


# -- laws --


def without(said: Outcome) -> Outcome:
    """What is said, without the day and without what may give way to its line."""
    warnings = tuple(each for each in said.warnings if each.rule != "review_by")
    brief = tuple(each for each in said.brief if each.label != "overdue")
    known = attrs.evolve(said.knowledge, overdue=False, notice=BASE.about.notice)
    return attrs.evolve(said, warnings=warnings, brief=brief, knowledge=known)


@settings(deadline=None, max_examples=500 if THOROUGH else 12)
@given(near_patients(), st.integers(1, 365))
def test_the_warning_changes_nothing_else(case: Case, days: int) -> None:
    said = assess(case, on=REVIEW + timedelta(days)).outcome

    assert said.knowledge.overdue
    assert without(said) == assess(case).outcome


@settings(deadline=None, max_examples=500 if THOROUGH else 12)
@given(near_patients(), st.integers(0, 3000))
def test_without_a_day_or_in_time_nothing_changes(case: Case, days: int) -> None:
    answer = assess(case)

    assert not answer.knowledge.overdue
    assert answer.knowledge.notice == BASE.about.notice
    assert assess(case, on=REVIEW - timedelta(days)) == answer
