"""The card of an assessment says everything that the assessment says."""

from __future__ import annotations

import re
from functools import cache
from html import unescape
from itertools import pairwise
from pathlib import Path
from typing import Any

import attrs
import pytest

from milia_cds import Assessment, Case, assess, load_knowledge
from milia_cds.explanation.outcome import Outcome
from milia_cds.render.columns import fitted
from milia_cds.render.phrases import unheaded
from milia_cds.render.sheets.assessment import cited
from tests.common import adult, assessment_card

BASE = load_knowledge()
EXAMPLES = sorted((Path(__file__).parents[2] / "examples" / "cases").glob("*.json"))
EXAMPLE = pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)


@cache
def answer(path: Path) -> Assessment:
    return assess(Case.from_json(path.read_bytes()))


@cache
def said(path: Path) -> str:
    return words(assessment_card(answer(path).outcome, BASE))


def words(html: str) -> str:
    """What a reader reads."""
    plain = re.sub(r"<style>.*?</style>|<[^>]+>", " ", html, flags=re.DOTALL)
    return " ".join(unescape(plain).split())


def of(outcome: Outcome, kind: str) -> list[Any]:
    found: list[Any] = []

    def look(value: Any) -> None:
        if attrs.has(type(value)):
            if type(value).__name__ == kind:
                found.append(value)
            for field in attrs.fields(type(value)):
                look(getattr(value, field.name))
        elif isinstance(value, tuple):
            for each in value:
                look(each)

    look(outcome)
    return found


def held(text: str, said: str) -> bool:
    """Whether a text holds another, of which a sentence may stand elsewhere in it."""
    every = re.split(r"(?<=[.?!]) (?=[A-Z])", " ".join(said.split()))
    return " ".join(said.split()) in text or all(each in text for each in every)


@EXAMPLE
@pytest.mark.parametrize("kind", ["Reason", "RiskSaid", "StepSaid"])
def test_no_reason_risk_or_step_is_left_out(path: Path, kind: str) -> None:
    headline = answer(path).disposition.headline
    for each in of(answer(path).outcome, kind):
        text = unheaded(each.text, each.if_)
        assert held(said(path), text) or text.lower() == f"{headline}.".lower()
        if each.if_:
            assert f"If {each.if_}: " in said(path)


@EXAMPLE
def test_every_option_and_measure_is_named(path: Path) -> None:
    for option in BASE.options.values():
        assert option.label in said(path)
    for measure in BASE.measures.values():
        assert measure.label in said(path)


@EXAMPLE
def test_every_question_and_what_is_withheld_is_there(path: Path) -> None:
    for question in answer(path).questions:
        assert held(said(path), question.ask)
        assert held(said(path), question.ask_patient)
    for each in answer(path).withheld:
        for fact in each.asks_for:
            assert fact in said(path)


@EXAMPLE
def test_every_source_is_there_with_its_title_and_link(path: Path) -> None:
    html = assessment_card(answer(path).outcome, BASE)
    names = set(cited(answer(path).outcome))
    assert names
    for name in names:
        source = BASE.sources[name]
        assert " ".join(source.title.split()) in said(path)
        address = source.url or source.doi or source.pmid
        assert not address or address.replace("&", "&amp;") in html


@EXAMPLE
def test_the_notice_the_digest_and_the_assumptions_are_there(path: Path) -> None:
    stamp = answer(path).knowledge
    assert "draft, not reviewed" in shown(path)
    assert f"Draft, not clinically reviewed. {stamp.certainty}" in shown(path)
    assert said(path).endswith(stamp.digest)
    for each in answer(path).assumptions:
        assert each.text in said(path)


@cache
def shown(path: Path) -> str:
    """What a reader reads before anything is unfolded."""
    html = assessment_card(answer(path).outcome, BASE)
    return words(re.sub(r"<details>.*</details>", "", html, flags=re.DOTALL))


@EXAMPLE
def test_the_brief_is_on_top_and_all_else_is_folded(path: Path) -> None:
    outcome = answer(path).outcome
    assert outcome.disposition.headline in shown(path)
    for part in fitted(outcome.brief, "draft, not reviewed"):
        for line in part.lines:
            if part.label != "more":
                assert line.text in shown(path)
                assert all(word in shown(path) for word in line.lead.split())
    for place in outcome.ranking:
        for reason in (*place.arguments_for, *place.cautions):
            assert reason.text not in shown(path)


@EXAMPLE
def test_it_runs_no_script_and_takes_nothing_from_elsewhere(path: Path) -> None:
    html = assessment_card(answer(path).outcome, BASE)
    assert not re.search(r"<script|<img|<link|\bon\w+=|\bsrc=|\bid=|@import", html)


def test_how_an_option_stands_is_said_beside_it_once() -> None:
    html = assessment_card(assess(adult()).outcome, BASE)
    top = html.partition("<details>")[0]
    assert top.count("<small>first line</small>") == 1


def test_why_this_order_has_a_bar_for_each_criterion_with_its_number() -> None:
    outcome = assess(adult()).outcome
    html = assessment_card(outcome, BASE)
    table = html.partition('<table class="bars">')[2].partition("</table>")[0]
    heads = [unescape(each) for each in re.findall(r'scope="col">([^<]*)<', table)]
    assert heads == [each.label for each in outcome.ranking[:4]]
    rows = re.findall(r"<tr><th.*?</tr>", table)
    assert len(rows) == len(BASE.criteria)
    for row, *levels in zip(
        rows, *(each.contributions for each in outcome.ranking[:4]), strict=True
    ):
        assert levels[0].label in row
        bars = re.findall(r'<span>(\d)<i style="--w:([\d.]+)%" aria-hidden', row)
        assert [int(number) for number, _ in bars] == [each.level for each in levels]
        assert all(float(width) == 25 * int(number) for number, width in bars)


def test_an_alert_is_a_band_with_its_word_before_the_answer() -> None:
    given = assess(adult(infected=True))
    html = assessment_card(given.outcome, BASE)
    band, answer_ = html.index('class="alert"'), html.index("<header")
    assert band < answer_
    top = words(html[:answer_])
    for each in given.alerts:
        assert each.text in top
        assert f"To: {each.to_text}" in top
        assert each.plain in top
    assert re.search(r'<strong class="how bad">TODAY</strong>', html)


def test_what_is_not_settled_says_what_could_come_first() -> None:
    text = words(assessment_card(assess(Case()).outcome, BASE))
    assert "Status: indeterminate (" in text
    assert "Could still come first: " in text


def test_headings_go_down_step_by_step() -> None:
    html = assessment_card(answer(EXAMPLES[0]).outcome, BASE)
    levels = [int(level) for level in re.findall(r"<h(\d)", html)]
    assert levels[0] == 2
    assert all(after <= before + 1 for before, after in pairwise(levels))
