"""What is looked at: every kind of page and picture, for cases that differ much."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import cache
from pathlib import Path

from examples.apps import plain_form
from milia_cds import (
    Assessment,
    Case,
    NotOfferedError,
    assess,
    contributions,
    decision_graph,
    leaflet,
    letter,
    load_knowledge,
    option_grid,
    path_picture,
    site_picture,
    thresholds,
)
from milia_cds.adapters.cds_hooks.form import asked_form, posted_form
from milia_cds.check import examine
from milia_cds.check.review import review_pack
from milia_cds.check.sheets import report_sheet
from milia_cds.errors import Problem
from milia_cds.explanation.outcome import Outcome
from milia_cds.render.markup import Markup, Page
from milia_cds.render.sheets.leaflet import leaflet_sheet
from milia_cds.render.sheets.pack import foot_line, pack_sheet
from milia_cds.render.sheets.word_count import word_count
from milia_cds.render.style import PAPER, pack_paper
from milia_cds.render.writers.html import as_handout, as_page
from milia_cds.shown import Shown
from tests.common import OTHERWORLD, sampled, vignettes

CASES = Path(__file__).parents[2] / "examples" / "cases"
ENDANGERED = "possibly_pregnant_on_isotretinoin"


def answer(name: str) -> Assessment:
    """Assess an example."""
    return assess(case(name))


def case(name: str) -> Case:
    """Read an example."""
    return Case.from_json((CASES / f"{name}.json").read_bytes())


def shown(thing: Shown) -> Page:
    """Put what a notebook would show into a page."""
    html = thing._repr_mimebundle_()["text/html"]
    return Page(type(thing).__name__, PAPER, Markup(html))


def figure() -> Shown:
    """The outline of the face with the site marked."""
    marked: Shown | None = site_picture(case("adult_cheek"))
    assert marked is not None
    return marked


def _shown() -> dict[str, Callable[[], Shown]]:
    base = load_knowledge()
    return {
        "card_treat": lambda: answer("adult_eyelid"),
        "card_withheld": lambda: answer("pregnancy_unknown"),
        "card_nothing_known": lambda: assess(Case()),
        "card_red_flag": lambda: answer("red_flag"),
        "card_danger": lambda: answer(ENDANGERED),
        "case": lambda: case("adult_eyelid"),
        "option": lambda: base.option("extraction"),
        "measure": lambda: base.measures["topical_anaesthetic"],
        "scenario": lambda: base.scenario("adult_few_eyelid"),
        "knowledge": lambda: base,
        "graph_option": lambda: decision_graph(option="cryotherapy"),
        "graph_scenario": lambda: decision_graph(scenario="adult_few_face"),
        "graph_triage": lambda: decision_graph(triage=True),
        "graph_whole": decision_graph,
        "path": lambda: path_picture(answer("adult_cheek")),
        "path_open": lambda: path_picture(assess(Case())),
        "path_danger": lambda: path_picture(answer(ENDANGERED)),
        "path_red_flag": lambda: path_picture(answer("red_flag")),
        "figure": figure,
        "graph_way": lambda: decision_graph(answer("adult_eyelid")),
        "graph_way_open": lambda: decision_graph(assess(Case())),
        "graph_danger": lambda: decision_graph(answer(ENDANGERED)),
        "grid_danger": lambda: answer(ENDANGERED).compare(),
        "graph_rules": lambda: decision_graph(
            answer("pregnancy_unknown"), option="adapalene"
        ),
        "grid": lambda: answer("pregnancy_unknown").compare(),
        "why": lambda: answer("adult_cheek").why("isotretinoin"),
        "why_not": lambda: answer("pregnancy_unknown").why_not("tretinoin"),
        "difference": lambda: answer("adult_cheek").what_if(growing=True),
        "stability": lambda: answer("milia_en_plaque").stability(),
        "thresholds": lambda: thresholds(answer("milia_en_plaque")),
        "thresholds_firm": lambda: thresholds(answer("adult_cheek")),
        "bars": lambda: contributions(answer("pregnancy_unknown")),
        "bars_none": lambda: contributions(assess(Case())),
    }


GROWING = Case.from_dict({"findings": {"growing": True}})
"""A case of which hardly anything is known, and which is referred."""


@cache
def long_leaflets() -> dict[str, Page]:
    """The longest leaflet of each option that the vignettes offer, by its name."""
    base = load_knowledge()
    longest: dict[str, int] = {}
    found: dict[str, Outcome] = {}
    for vignette in sampled(vignettes(), 60):
        if vignette.expect.contradiction is not None:
            continue
        outcome = assess(base.case(vignette.case_data), base).outcome
        for place in outcome.ranking:
            count = word_count(leaflet_sheet(outcome, place.option, base))
            if count > longest.get(place.option, 0):
                longest[place.option], found[place.option] = count, outcome
    return {
        option: as_handout(leaflet_sheet(outcome, option, base))
        for option, outcome in found.items()
    }


def _pages() -> dict[str, Callable[[], Page]]:
    return {
        "leaflet_extraction": lambda: leaflet(answer("adult_eyelid"), "extraction"),
        "leaflet_electrodesiccation": lambda: leaflet(
            answer("pregnancy_unknown"), "electrodesiccation"
        ),
        "leaflet_peel": lambda: leaflet(
            answer("pregnancy_unknown"), "superficial_peel"
        ),
        "leaflet_danger": lambda: leaflet(answer(ENDANGERED), "observation"),
        "grid_page": lambda: option_grid(answer("pregnancy_unknown")),
        "grid_of_five": lambda: option_grid(answer("adult_cheek")),
        "grid_whole": lambda: option_grid(answer("pregnancy_unknown"), whole=True),
        "leaflet_observation": lambda: leaflet(answer("newborn"), "observation"),
        "leaflet_referred": lambda: leaflet(answer("red_flag"), "referred"),
        "letter": lambda: letter(answer("red_flag")),
        "letter_open": lambda: letter(assess(GROWING)),
    }


def _program() -> dict[str, Callable[[], str]]:
    """The pages of the example program."""
    given = case("pregnancy_unknown")
    wrong = Problem("lesion.count", "it is none", "give a number")
    refused = NotOfferedError("x", "withheld", ["y"])
    return {
        "program_form": plain_form.form_page,
        "program_corrected": lambda: plain_form.form_page(
            {"lesion.count": ["x"]}, [wrong]
        ),
        "program_answer": lambda: plain_form.assessment_page(given, assess(given)),
        "program_refusal": lambda: plain_form.refusal("No leaflet", refused),
    }


ASKED = (
    "patient.pregnancy",
    "lesion.site",
    "lesion.size_mm",
    "history.failed",
    "history.raynaud",
)
WRONG = (
    b"ask=lesion.size_mm,patient.pregnancy&lesion.size_mm=1%2C5&patient.pregnancy=none"
    b"&history.failed=no&history.failed=tretinoin&lesion.origin=primary"
    b"&lesion.cause=burn&goals.weights.speed=11&lost=1"
)
ANSWERED = (
    b"ask=lesion.size_mm&lesion.size_mm=1.5&patient.pregnancy=none&history.inr=not_known"
    b"&history.failed=extraction&history.failed=tretinoin&goals.weights.speed=9"
)


def _forms() -> dict[str, Callable[[], str]]:
    """The form that a card links to."""
    base, at = load_knowledge(), dt.datetime(2026, 11, 30, 9, 30, tzinfo=dt.UTC)

    def after(body: bytes) -> str:
        return posted_form(base, body, at=at, action="/form").body

    return {
        "form": lambda: asked_form(base, ASKED, action="/form").body,
        "form_wrong": lambda: after(WRONG),
        "form_answers": lambda: after(ANSWERED),
        "form_refused": lambda: asked_form(base, ["patient.age"], action="/form").body,
    }


@cache
def review() -> str:
    """The page that a clinician signs: long, and the same on every ground."""
    cases = {each.id: Case.from_dict(each.case_data) for each in vignettes()}
    pack = review_pack(load_knowledge(), cases, drawn_from="vignettes")
    return as_page(pack_sheet(pack), pack_paper(foot_line(pack)))


def report() -> Page:
    """The page of an examination."""
    day = dt.date.fromisoformat("2026-11-25")
    return as_page(report_sheet(examine(load_knowledge(OTHERWORLD)), today=day))


def _pictured(make: Callable[[], Shown]) -> Callable[[], str]:
    return lambda: shown(make())


PAGES: dict[str, Callable[[], str]] = {
    **{name: _pictured(make) for name, make in _shown().items()},
    **_pages(),
    "report": report,
    **_program(),
    **_forms(),
}
"""What makes each page, by its name."""


@cache
def page(name: str) -> str:
    """A page by its name."""
    return PAGES[name]()
