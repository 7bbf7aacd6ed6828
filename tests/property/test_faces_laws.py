"""No text can become markup: hostile strings in all that can reach a page.

A page of hostile texts has exactly the elements of the same page with harmless texts of
the same length, so nothing that was said became an element, an attribute or a link.
"""

from __future__ import annotations

import datetime as dt
import types
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, TypeAlias, Union, get_args, get_origin, get_type_hints
from xml.etree import ElementTree as ET

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from milia_cds import Assessment, Case, assess, load_knowledge, thresholds
from milia_cds.check import Examination, Finding, examine
from milia_cds.check.mutation import MutantFate, Mutation
from milia_cds.check.sheets import report_sheet
from milia_cds.explanation.outcome import Outcome
from milia_cds.knowledge.about import Source
from milia_cds.knowledge.model import Knowledge
from milia_cds.logic.conditions import Condition
from milia_cds.render.bars import bars_picture
from milia_cds.render.blocks import Figure, Part, Sheet
from milia_cds.render.decision_graph import decision_picture
from milia_cds.render.figure import site_figure
from milia_cds.render.markup import Markup, element
from milia_cds.render.path import path_drawing
from milia_cds.render.path_words import PathWords
from milia_cds.render.sheets.alert import alert_sheet
from milia_cds.render.sheets.answers import answer_sheet
from milia_cds.render.sheets.case import case_sheet
from milia_cds.render.sheets.grid import grid_sheet
from milia_cds.render.sheets.knowledge import knowledge_sheet
from milia_cds.render.sheets.leaflet import leaflet_sheet
from milia_cds.render.sheets.letter import letter_sheet
from milia_cds.render.sheets.option import option_sheet
from milia_cds.render.sheets.referred import referred_sheet
from milia_cds.render.sheets.scenario import scenario_sheet
from milia_cds.render.writers.html import as_card, as_handout, as_page
from tests.common import OTHERWORLD, THOROUGH, assessment_card

BASE = load_knowledge()
FOLDER = Path(__file__).parents[2] / "examples" / "cases"
EXAMPLES = {
    path.stem: Case.from_json(path.read_bytes()) for path in FOLDER.glob("*.json")
}
ENDANGERED = EXAMPLES["on_isotretinoin"].stating(
    {"pregnancy": "pregnant", "breastfeeding": None, "wants_treatment": False}
)
"""A case with an alert that is certain, and others to ask for."""
ATTACKS = (
    "<script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    "</svg></title><img src=x onerror=alert(1)>",
    '"><b onmouseover="alert(1)">',
    "' onload='alert(1)",
    "<!-- ",
    "]]><x>",
    "&lt;b&gt;&#60;b&#62;",
    "javascript:alert(1)",
    "https://example.org/\"onclick='alert(1)'",
    "\x00\x1b[31m\ud800\u202e</p>",
)
HOSTILE = st.one_of(
    st.sampled_from(ATTACKS),
    st.text("<>&\"'/= ax:;!-\x00\u2028\ud83d", min_size=1, max_size=30),
).filter(str.strip)
FEW = settings(max_examples=500 if THOROUGH else 10, deadline=None, derandomize=False)
VERY_FEW = settings(
    max_examples=2 if THOROUGH else 1,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)

Texts: TypeAlias = Callable[[str], str]
"""What stands in place of a text."""


class Elements(HTMLParser):
    """The elements of a page, each with the names of its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, tuple[str, ...]]] = []
        self.addresses: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.found.append((tag, tuple(name for name, _ in attrs)))
        self.addresses += [value or "" for name, value in attrs if name == "href"]

    def handle_endtag(self, tag: str) -> None:
        """Note its end."""
        self.found.append((f"/{tag}", ()))

    def handle_comment(self, data: str) -> None:
        """Note what no page of ours has."""
        self.found.append(("comment", (data,)))

    def handle_decl(self, decl: str) -> None:
        """Note what only a whole page has."""
        self.found.append(("declaration", (decl,)))


def harmless(text: str) -> str:
    """A text of the same length and the same words, all of letters."""
    return "".join(letter if letter.isspace() else "x" for letter in text)


_HINTS: dict[type, Mapping[str, Any]] = {}


def hints(record: object) -> Mapping[str, Any]:
    """The types of the fields of a record."""
    kind = type(record)
    if kind not in _HINTS:
        _HINTS[kind] = get_type_hints(kind)
    return _HINTS[kind]


def replaced(value: Any, hint: Any, texts: Texts) -> Any:
    """Replace every free text of a record, by the annotations of its fields."""
    if attrs.has(type(value)):
        fields = attrs.fields(type(value))
        return attrs.evolve(
            value,
            **{
                field.alias: replaced(
                    getattr(value, field.name), hints(value)[field.name], texts
                )
                for field in fields
            },
        )
    origin, inner = get_origin(hint), get_args(hint)
    if origin in {Union, types.UnionType}:
        return replaced(value, inner[0], texts) if value is not None else None
    if hint is str:
        return texts(value)
    if origin is tuple:
        return tuple(replaced(each, inner[0], texts) for each in value)
    if isinstance(value, Mapping) and inner == (str, Any):
        return {texts(key): texts(str(each)) for key, each in value.items()}
    return value


@cache
def answer(name: str) -> Outcome:
    return assess(EXAMPLES[name]).outcome


@FEW
@given(text=HOSTILE, name=st.sampled_from(sorted(EXAMPLES)))
def test_a_stored_assessment_cannot_write_into_its_card(text: str, name: str) -> None:
    outcome = replaced(answer(name), Outcome, lambda _: text)
    same = replaced(answer(name), Outcome, lambda _: harmless(text))
    elements = Elements(assessment_card(outcome))
    assert elements.addresses == []  # what is said decides what fits on one screen
    ours = (assessment_card(same), assessment_card(answer(name)))
    assert {*elements.found} <= {each for card in ours for each in Elements(card).found}
    bars = Elements(bars_picture(outcome).part())
    assert bars.addresses == []  # what is said decides where its lines break
    assert {*bars.found} == {*Elements(bars_picture(same).part()).found}


@FEW
@given(text=HOSTILE)
def test_a_stored_assessment_is_read_with_hostile_texts(text: str) -> None:
    outcome = replaced(
        answer("adult_eyelid"),
        Outcome,
        lambda said: text if " " in said else said,  # names must fit one another
    )
    stamp = attrs.evolve(outcome.knowledge, digest="sha256:other")
    outcome = attrs.evolve(outcome, knowledge=stamp)
    stored = Assessment.from_dict(Assessment(outcome=outcome).to_dict())
    assert Elements(stored._repr_html_() or "").addresses == []


# -- the knowledge base --

# Names by which records find one another, and what is no text for a reader.
NAMES = {
    *("id", "name", "to", "fact", "facts", "criterion", "option", "options", "screen"),
    *("sources", "when", "own_when", "never_when", "stated", "rows", "performed_by"),
    *("has", "lacks", "first_line", "reasonable", "limited", "not_recommended"),
    *("measures", "system", "code", "family", "condition", "kinds", "domain", "basis"),
    *("roles", "place", "silences", "claims", "signs", "asked_when", "retired"),
    *("explains", "unlisted_when", "covered_by", "summed_over", "spreads_over"),
    *("spreads", "outline", "figure_of", "says", "unsaid", "leaflets", "screens"),
    "row",
}


def in_knowledge(value: Any, texts: Texts) -> Any:
    """Replace every text of a knowledge base that a reader may be shown."""
    if isinstance(value, str):
        return texts(value) if value else value
    if isinstance(value, Condition):
        return value
    if attrs.has(type(value)):
        changed = dict(_changed(value, texts))
        return attrs.evolve(value, **changed) if changed else value
    if isinstance(value, tuple):
        return tuple(in_knowledge(each, texts) for each in value)
    if isinstance(value, Mapping):
        return {key: in_knowledge(each, texts) for key, each in value.items()}
    return value


def _changed(record: Any, texts: Texts) -> Iterator[tuple[str, Any]]:
    for field in attrs.fields(type(record)):
        value = getattr(record, field.name)
        literal = "Literal" in str(field.type) or field.type in _LITERALS
        records = isinstance(value, Mapping) and field.name != "kinds"
        if records or (field.name not in NAMES and not literal):
            yield field.alias, in_knowledge(value, texts)


# The aliases of `Literal`, as annotations name them.
_LITERALS = {
    *("Act", "Action", "AdviceKind", "Basis", "Certainty", "GateKind", "HowSoon"),
    *("ClaimStands", "Urgency", "FactKind"),
    *("Level", "Phase", "Reversible", "Side", "Standing", "Timing"),
    *("Action | None", "Certainty | None", "Standing | None", "Urgency | None"),
    *("HowSoon | None", "LeafletPart", "ReferredPart"),
}


def pages(base: Knowledge) -> Iterator[str]:
    """Every page that is written from the texts of a knowledge base."""
    given = {name: assess(case, base).outcome for name, case in EXAMPLES.items()}
    for sheet in sheets(base):
        yield as_card(without_pictures(sheet))
        yield as_page(without_pictures(sheet))
    yield assessment_card(given["pregnancy_unknown"], base)
    endangered = assess(ENDANGERED, base)
    yield assessment_card(endangered.outcome, base)
    yield as_handout(leaflet_sheet(endangered.outcome, "observation", base))
    yield as_card(grid_sheet(endangered.compare()))
    yield as_handout(
        leaflet_sheet(given["pregnancy_unknown"], "superficial_peel", base)
    )
    asked = assess(EXAMPLES["pregnancy_unknown"], base)
    yield as_card(grid_sheet(asked.compare(whole=True)))
    sent, facts = given["red_flag"], EXAMPLES["red_flag"].facts()
    yield as_handout(referred_sheet(sent, base))
    yield as_handout(letter_sheet(sent, facts, base))


def sheets(base: Knowledge) -> Iterator[Sheet]:
    """Every kind of sheet of a knowledge base and its answers."""
    yield knowledge_sheet(base)
    yield option_sheet(base.option("extraction"), base)
    yield option_sheet(base.measures["topical_anaesthetic"], base)
    yield scenario_sheet(base.scenario("adult_few_face"), base)
    yield alert_sheet(base.alerts["oral_retinoid_in_pregnancy"], base)
    yield case_sheet(EXAMPLES["adult_eyelid"], base)
    asked = assess(EXAMPLES["pregnancy_unknown"], base)
    yield answer_sheet(asked.why("tretinoin"), base)
    yield answer_sheet(asked.why_not("tretinoin"), base)
    yield answer_sheet(asked.what_if(pregnancy="pregnant"), base)
    yield answer_sheet(asked.stability(), base)


def without_pictures(sheet: Sheet) -> Sheet:
    """A sheet without what breaks its lines by what is said."""
    kept = [
        block
        for block in sheet.blocks
        if not (isinstance(block, Part) and isinstance(block.blocks[0], Figure))
    ]
    return attrs.evolve(sheet, blocks=tuple(kept))


def pictures(base: Knowledge) -> Iterator[Markup]:
    """Every kind of picture; what is said decides where its lines break."""
    answer = assess(EXAMPLES["pregnancy_unknown"], base)
    outcome = answer.outcome
    yield thresholds(answer).svg
    yield decision_picture(base).svg
    yield decision_picture(base, scenario="newborn").svg
    yield decision_picture(base, option="extraction", outcome=outcome).svg
    yield decision_picture(base, outcome=outcome).svg
    yield bars_picture(outcome).svg
    yield decision_picture(base, outcome=assess(ENDANGERED, base).outcome).svg
    yield path_drawing(PathWords(outcome, base, answer.turning_points())).svg
    yield path_drawing(PathWords(assess(ENDANGERED, base).outcome, base)).svg
    cheek = site_figure("cheek", base)
    assert cheek is not None
    yield cheek.svg


@VERY_FEW
@given(text=HOSTILE)
def test_a_knowledge_base_cannot_write_into_a_page(text: str) -> None:
    hostile = in_knowledge(BASE, lambda _: text)
    same = in_knowledge(BASE, lambda _: harmless(text))
    assert text in hostile.option("extraction").plain
    for page, other in zip(pages(hostile), pages(same), strict=True):
        elements = Elements(page)
        assert all(each.startswith("http") for each in elements.addresses)
        found = {each for each in elements.found if each[0] not in {"a", "/a"}}
        ours = {*Elements(other).found, *USUAL}
        assert found <= ours


USUAL = {
    *(("strong", ()), ("/strong", ()), ("p", ()), ("/p", ()), ("div", ())),
    *(("/div", ()), ("li", ()), ("/li", ()), ("ul", ()), ("/ul", ())),
}
"""What a longer text may be laid out with, where it says more before a colon."""

TAGS = {
    *("svg", "style", "title", "desc", "g"),
    *("rect", "path", "circle", "text", "tspan"),
}
"""What pictures are drawn with."""


@VERY_FEW
@given(text=HOSTILE)
def test_a_knowledge_base_cannot_draw_into_a_picture(text: str) -> None:
    for picture in pictures(in_knowledge(BASE, lambda _: text)):
        root = ET.fromstring(picture.encode("utf-8"))  # noqa: S314 - it must parse
        tags = {each.tag.partition("}")[2] for each in root.iter()}
        assert tags <= TAGS
        names = {name for each in root.iter() for name in each.attrib}
        assert not any(name.startswith("on") or "href" in name for name in names)


@cache
def examined() -> Examination:
    return examine(load_knowledge(OTHERWORLD))


@FEW
@given(text=HOSTILE)
def test_an_examination_cannot_write_into_its_page(text: str) -> None:
    pages = []
    for said in (text, harmless(text)):
        finding = Finding(said, "error", said, said, {said: {said: said}})
        first, case = examined().proofs[0], {said: said}
        proof = attrs.evolve(first, broken={said: case}, said={said: said})
        found = attrs.evolve(examined(), findings=(finding,), proofs=(proof,))
        made = Mutation((MutantFate("gates", said, said, "survived"),))
        day = dt.date.fromisoformat("2026-11-25")
        pages.append(as_page(report_sheet(found, mutation=made, today=day)))
    hostile, same = map(Elements, pages)
    assert hostile.found == same.found
    assert hostile.addresses == []


@FEW
@given(text=st.text())
def test_an_element_shows_just_its_text(text: str) -> None:
    elements = Elements(element("p", text, title=text))
    assert elements.found == [("p", ("title",)), ("/p", ())]


@pytest.mark.parametrize("kind", [Source])
def test_a_link_of_a_source_leads_to_the_web(kind: type[Source]) -> None:
    odd = kind(
        title="t",
        type="t",
        certainty="low",
        read="read",
        checked="c",
        url="javascript:alert(1)",
        doi="10.1/x",
        pmid="12x",
    )
    base = attrs.evolve(BASE, sources={**BASE.sources, "psk": odd})
    html = as_card(option_sheet(base.option("extraction"), base))
    assert "javascript:alert(1)" in html
    assert 'href="javascript' not in html
    assert "10.1/x" not in html
