"""Sheets: what the card says the text says, and nothing of a record is left out."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import attrs
import pytest

from milia_cds import Case, load_knowledge
from milia_cds.explanation.outcome import stamp
from milia_cds.knowledge.model import Measure, Option, Scenario
from milia_cds.knowledge.wording import Wording
from milia_cds.render.sheet import Item, Part, Sheet
from milia_cds.render.sheets import (
    case_sheet,
    knowledge_sheet,
    option_sheet,
    scenario_sheet,
)

BASE = load_knowledge()
OWNERS: list[Option | Measure] = [*BASE.options.values(), *BASE.measures.values()]
CASE = Case.from_dict(
    {
        "patient": {"age_years": 58, "pregnancy": None},
        "lesion": {"site": "lower_eyelid"},
        "goals": {"weights": {"cost": 9}},
        "clinic": {"offers": ["extraction"]},
        "history": {"pacemaker": True, "failed": ["adapalene"]},
        "assume_absent": ["history"],
    }
)


def flat(text: str) -> str:
    return " ".join(text.split())


def html_words(html: str) -> str:
    plain = re.sub(r"<style>.*?</style>|<[^>]+>", " ", html, flags=re.DOTALL)
    return flat(unescape(plain))


def texts(record: Any) -> list[str]:
    """Give every sentence of a record, at any depth."""
    found = []
    if attrs.has(type(record)):
        for field in attrs.fields(type(record)):
            value = getattr(record, field.name)
            if field.name in {"text", "summary", "performed_text"} and value:
                found.append(flat(value))
            elif isinstance(value, tuple):
                found += [text for each in value for text in texts(each)]
    return found


def both(sheet: Sheet) -> list[str]:
    face = sheet.face()
    return [flat(face.text), html_words(face.html)]


@pytest.mark.parametrize("owner", OWNERS, ids=lambda owner: owner.id)
def test_every_sentence_of_an_option_is_in_card_and_text(
    owner: Option | Measure,
) -> None:
    for said in both(option_sheet(owner, BASE)):
        for text in texts(owner):
            assert text in said
        assert owner.plain in said


@pytest.mark.parametrize("scenario", BASE.scenarios.values(), ids=lambda s: s.id)
def test_every_sentence_of_a_scenario_is_in_card_and_text(scenario: Scenario) -> None:
    for said in both(scenario_sheet(scenario, BASE)):
        for text in texts(scenario):
            assert text in said
        for option in BASE.options.values():
            assert option.label in said


def test_a_case_says_what_is_stated_assumed_and_not_known() -> None:
    words = Wording(BASE)
    facts = CASE.facts()
    for said in both(case_sheet(CASE, BASE)):
        for name, value in (*facts.items(), *CASE.absences().items()):
            if value is not None:
                assert words.value(name, value) in said
        assert "pregnancy: asked, not known" in said
        assert "phototype: not stated" in said
        assert "Weight of affordability: 9 of 10" in said
        assert "The clinic offers: extraction" in said


def test_nothing_assumed_is_called_not_known() -> None:
    sheet = case_sheet(CASE, BASE)
    open_ = next(part for part in sheet.parts if part.heading == "Not known")
    labels = [item.lead for item in open_.items]
    for name in CASE.absences():
        assert BASE.facts[name].label not in labels


def test_a_knowledge_base_says_what_it_is_worth() -> None:
    about = BASE.about
    for said in both(knowledge_sheet(BASE)):
        assert about.version in said
        assert BASE.digest in said
        for text in (about.intended_use, about.users, *about.limits):
            assert flat(text) in said
        kept = [each.text for each in BASE.guarantees]
        for text in (*kept, *(each.text for each in BASE.promises)):
            assert flat(text) in said


def test_a_line_of_text_has_at_most_80_columns() -> None:
    for owner in OWNERS:
        for line in option_sheet(owner, BASE).lines():
            assert len(line) <= 80


def test_sources_are_cited_where_they_stand_and_listed_once() -> None:
    html = option_sheet(BASE.option("extraction"), BASE).html()
    assert "(E060, E061, judgement)" in html
    assert html.count("<strong>E060</strong>") == 1


def test_an_item_can_hold_others() -> None:
    item = Item("text", "lead", ("E001",), judgement=True, items=(Item("below"),))
    sheet = Sheet("t", (), (Part("h", (item,)),), stamp(BASE), {})
    lines = list(sheet.lines())
    assert lines[-6:-2] == [
        "h",
        "  - lead: text",
        "    (E001, judgement)",
        "    - below",
    ]
