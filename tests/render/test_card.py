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


@EXAMPLE
@pytest.mark.parametrize("kind", ["Reason", "RiskSaid", "StepSaid"])
def test_no_reason_risk_or_step_is_left_out(path: Path, kind: str) -> None:
    headline = answer(path).disposition.headline
    assert said(path).count(answer(path).outcome.brief.headline) == 1
    for each in of(answer(path).outcome, kind):
        text = " ".join(unheaded(each.text, each.if_).split())
        for sentence in re.split(r"(?<=[.!?]) ", text):  # none is said twice
            same = sentence.lower() == f"{headline}.".lower()
            assert sentence in said(path) or same
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
        assert question.ask in said(path)
        assert question.ask_patient in said(path)
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
    headline = answer(path).outcome.brief.headline
    assert f"{headline} draft, not reviewed" in said(path)
    assert "Draft, not clinically reviewed. " in said(path)
    assert said(path).endswith(stamp.digest)
    for each in answer(path).assumptions:
        assert each.text in said(path)


@EXAMPLE
def test_limited_options_and_cautions_are_folded(path: Path) -> None:
    html = assessment_card(answer(path).outcome, BASE)
    shown = re.sub(r"<details>.*</details>", "", html, flags=re.DOTALL)
    for place in answer(path).ranking:
        if place.standing == "limited" and place.rank > 1:
            assert f"{place.rank}. {place.label}" not in shown
        for caution in place.cautions:
            assert caution.text not in words(shown)


def test_a_red_flag_is_a_referral_without_options() -> None:
    text = words(assessment_card(assess(red_flag()).outcome, BASE))
    assert text.startswith(
        "Refer to oculoplastic surgery, urgent (2 weeks). draft, not reviewed"
    )
    assert "Options, best first" not in text


def red_flag() -> Case:
    path = next(path for path in EXAMPLES if path.stem == "red_flag")
    return Case.from_json(path.read_bytes())


def test_what_is_not_settled_says_what_could_come_first() -> None:
    text = words(assessment_card(assess(adult(cooperative=None)).outcome, BASE))
    assert "Still possible as the first: " in text
    assert "Settled" not in text


def test_headings_go_down_step_by_step() -> None:
    html = assessment_card(answer(EXAMPLES[0]).outcome, BASE)
    levels = [int(level) for level in re.findall(r"<h(\d)", html)]
    assert levels[0] == 2
    assert all(after <= before + 1 for before, after in pairwise(levels))
