"""Sheets: nothing of a record is left out, in text or card."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import attrs
import pytest

from milia_cds import Case, load_knowledge
from milia_cds.explanation.outcome import stamp
from milia_cds.knowledge.options import Measure, Option
from milia_cds.knowledge.scenarios import Scenario
from milia_cds.knowledge.wording import Wording, capital
from milia_cds.render.blocks import Item, Part, Points, Sheet, words_of
from milia_cds.render.sheets.case import case_sheet
from milia_cds.render.sheets.frame import framed
from milia_cds.render.sheets.knowledge import knowledge_sheet
from milia_cds.render.sheets.option import option_sheet
from milia_cds.render.sheets.scenario import scenario_sheet
from milia_cds.render.writers.html import as_card
from milia_cds.render.writers.text import as_text

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
    """Every sentence of a record, at any depth."""
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
    return [flat(as_text(sheet, detail="full")), html_words(as_card(sheet))]


def says(said: str, text: str) -> bool:
    """Whether a sentence is there, if need be without what its condition has said."""
    rest = text.partition(": ")[2]
    return text in said or (bool(rest) and (rest in said or capital(rest) in said))


@pytest.mark.parametrize("owner", OWNERS, ids=lambda owner: owner.id)
def test_every_sentence_of_an_option_is_in_card_and_text(
    owner: Option | Measure,
) -> None:
    for said in both(option_sheet(owner, BASE)):
        for text in texts(owner):
            assert says(said, text), text
        assert owner.plain in said


@pytest.mark.parametrize("scenario", BASE.scenarios.values(), ids=lambda s: s.id)
def test_every_sentence_of_a_scenario_is_in_card_and_text(scenario: Scenario) -> None:
    for said in both(scenario_sheet(scenario, BASE)):
        for text in texts(scenario):
            assert text in said
        for option in BASE.options.values():
            assert option.label in said


def test_a_figure_from_elsewhere_is_said_to_be_from_elsewhere() -> None:
    option = BASE.option("minocycline")
    marked = [BASE.told(each) for each in option.argument if each.basis]
    assert len(marked) == 2
    for said in both(option_sheet(option, BASE)):
        assert all(says(said, text) for text in marked)


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


def points(sheet: Sheet, heading: str) -> Points:
    parts = [each for each in sheet.blocks if isinstance(each, Part)]
    (part,) = [each for each in parts if each.heading == heading]
    (block,) = part.blocks
    assert isinstance(block, Points)
    return block


def test_nothing_assumed_is_called_not_known() -> None:
    labels = [item.lead for item in points(case_sheet(CASE, BASE), "Not known").items]
    for name in CASE.absences():
        assert BASE.facts[name].label not in labels


def test_a_knowledge_base_says_how_far_it_may_be_trusted() -> None:
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
        for line in as_text(option_sheet(owner, BASE), detail="full").splitlines():
            assert len(line) <= 80


def test_sources_are_cited_where_they_stand_and_listed_once() -> None:
    sheet = option_sheet(BASE.option("extraction"), BASE)
    for said in both(sheet):
        assert "(E060, E061, judgement)" in said
        assert said.count("E060: Milia chapter") == 1
    sources = points(sheet, "Sources")
    assert [item.lead for item in sources.items] == sorted(
        item.lead for item in sources.items
    )


def test_a_source_says_where_it_can_be_read() -> None:
    (item,) = points(framed("t", CITES, stamp(BASE), BASE.sources), "Sources").items
    doi, address = item.spans[2], "https://doi.org/10.1055/s-2007-967752"
    assert words_of(item.spans).startswith("Blanco G et al. Periocular laser")
    assert (doi.text, doi.address) == ("doi:10.1055/s-2007-967752", address)


def test_without_the_knowledge_sources_are_named_by_id() -> None:
    sheet = framed("t", CITES, stamp(BASE), {})
    for said in both(sheet):
        assert "is not at hand, so the sources are named by their ids only." in said
        assert "E097:" in said


CITES = (Part("h", (Points([Item("said", sources=("E097",))]),)),)
