"""The leaflet: the words for the patient, of an offered option, and nothing else."""

from __future__ import annotations

import re
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from milia_cds.render.card import cited

from milia_cds import (
    Assessment,
    Case,
    NotOfferedError,
    assess,
    leaflet,
    load_knowledge,
)
from milia_cds.errors import UnknownNameError
from milia_cds.explanation.outcome import Place, RiskSaid
from milia_cds.render.icons import frequency_in
from tests.common import adult

BASE = load_knowledge()
FOLDER = Path(__file__).parents[2] / "examples" / "cases"
OFFERED = [
    (path.stem, place.option)
    for path in sorted(FOLDER.glob("*.json"))
    for place in assess(Case.from_json(path.read_bytes())).ranking
]
EVERY = pytest.mark.parametrize(("name", "option"), OFFERED)


@cache
def answer(name: str) -> Assessment:
    return assess(Case.from_json((FOLDER / f"{name}.json").read_bytes()))


@cache
def html(name: str, option: str) -> str:
    return leaflet(answer(name), option)


@cache
def said(name: str, option: str) -> str:
    plain = re.sub(
        r"<style>.*?</style>|<[^>]+>", " ", html(name, option), flags=re.DOTALL
    )
    return " ".join(unescape(plain).split())


def place_of(name: str, option: str) -> Place:
    return next(place for place in answer(name).ranking if place.option == option)


@EVERY
def test_it_says_what_it_is_and_what_happens_in_words_for_the_patient(
    name: str, option: str
) -> None:
    text = said(name, option)
    assert BASE.options[option].plain in text
    place = place_of(name, option)
    for step in (*place.preparation, *place.anaesthesia, *place.aftercare):
        assert step.plain in text
    for call in place.call_if:
        assert call.plain in text
    for reason in answer(name).outcome.never:
        assert reason.plain in text


@EVERY
def test_it_does_not_say_what_is_meant_for_the_clinician(
    name: str, option: str
) -> None:
    place = place_of(name, option)
    told: list[Any] = [*place.preparation, *place.aftercare]
    for step in (*told, *place.risks, *place.cautions):
        if step.text != step.plain and len(step.text) > 60:
            assert step.text not in said(name, option)


def part(name: str, option: str, risk: RiskSaid) -> str:
    """The part of the leaflet that is about one risk."""
    marked = re.findall(
        r"<li><p><strong>.*?(?=<li><p><strong>|</section>)", html(name, option)
    )
    return next(each for each in map(unescape, marked) if risk.plain in each)


@EVERY
def test_a_risk_has_a_picture_only_where_it_has_a_figure(
    name: str, option: str
) -> None:
    for risk in place_of(name, option).risks:
        about = part(name, option, risk)
        read = frequency_in(risk.frequency)
        assert ("<svg" in about) is (read is not None and read.of <= 1000)
        if risk.frequency == "not known":
            elsewhere = risk.population or risk.period
            said = "not known in milia. " if elsewhere else "not known. No figure"
            assert f"How often: {said}" in about
        else:
            assert f"How often: {risk.frequency}." in about


@EVERY
def test_a_figure_from_elsewhere_is_said_to_be_from_elsewhere(
    name: str, option: str
) -> None:
    for risk in place_of(name, option).risks:
        if risk.frequency != "not known":
            elsewhere = "This figure is not from milia." in part(name, option, risk)
            assert elsewhere is (risk.basis == "analogue")


@EVERY
def test_aftercare_and_calls_stand_in_the_order_of_time(name: str, option: str) -> None:
    text = said(name, option)
    times = ["Straight after", "The first two days", "The first week", "Coming back"]
    _, _, after = text.partition(" Afterwards ")
    after = after.partition(" When to call ")[0]
    found = [after.index(time) for time in times if time in after]
    assert found == sorted(found)
    calls = re.findall(r'<li class="(same_day|soon)">', html(name, option))
    assert calls == sorted(calls)


@EVERY
def test_it_is_a_draft_of_a_date_with_its_digest(name: str, option: str) -> None:
    text = said(name, option)
    assert "Draft, not clinically reviewed." in text
    assert f"{BASE.about.version} of {BASE.about.date}" in text
    assert text.endswith(BASE.digest)


@EVERY
def test_it_prints_five_sources_at_most_and_never_a_seller(
    name: str, option: str
) -> None:
    _, _, printed = said(name, option).partition(" Where this comes from ")
    place = place_of(name, option)
    cites = {*BASE.options[option].sources, *cited(place)}
    titles = {
        BASE.sources[each].title: BASE.sources[each].in_leaflets for each in cites
    }
    shown = [title for title in titles if title in printed]
    assert len(shown) <= 5
    assert all(titles[title] for title in shown)
    assert shown or not any(titles.values())


def test_it_is_the_same_every_time() -> None:
    given = answer("adult_cheek")
    assert leaflet(given, "extraction") == leaflet(given, "extraction")


@pytest.mark.parametrize(
    ("name", "option", "message"),
    [
        (
            "pregnancy_unknown",
            "tretinoin",
            '"tretinoin" is withheld in this assessment, not offered; choose one of ',
        ),
        (
            "adult_eyelid",
            "superficial_peel",
            '"superficial_peel" is excluded in this assessment, not offered; choose ',
        ),
        (
            "adult_cheek",
            "steaming",
            '"steaming" is not indicated in this assessment, not offered; choose one ',
        ),
        (
            "red_flag",
            "extraction",
            '"extraction" is excluded in this assessment, not offered; no option is',
        ),
    ],
)
def test_an_option_that_is_not_offered_is_refused(
    name: str, option: str, message: str
) -> None:
    with pytest.raises(NotOfferedError) as caught:
        leaflet(answer(name), option)
    assert str(caught.value).startswith(message)
    assert caught.value.option == option
    offered = [place.option for place in answer(name).ranking]
    assert list(caught.value.offered) == offered


def test_an_unknown_option_is_refused() -> None:
    with pytest.raises(UnknownNameError) as caught:
        leaflet(answer("adult_cheek"), "extract")
    assert str(caught.value) == 'no option "extract"; did you mean "extraction"?'


def told(case: Case, option: str) -> str:
    page = leaflet(assess(case), option)
    plain = re.sub(r"<style>.*?</style>|<[^>]+>", " ", page, flags=re.DOTALL)
    return " ".join(unescape(plain).split())


def test_it_says_that_milia_are_harmless_only_where_nothing_is_urgent() -> None:
    case = {"age_years": 30, "breastfeeding": False, "isotretinoin": "current"}
    assert "They are harmless." in told(adult(age_years=30), "extraction")
    in_danger = told(adult(pregnancy="pregnant", **case), "extraction")
    assert "Milia are tiny hard bumps" in in_danger
    assert "harmless" not in in_danger
    assert "harmless" not in told(adult(pregnancy=None, **case), "extraction")


def test_beside_a_danger_of_today_it_is_for_another_day() -> None:
    said = told(adult(anticoagulant=True, doac_or_heparin=False, inr=6), "observation")
    danger, rest = said.split("Do that first. What follows is for another day.")
    assert "Your blood is too thin today." in danger
    assert "What you have" in rest
    assert "for another day" not in told(adult(), "observation")


def test_what_several_dangers_ask_is_asked_once() -> None:
    case = adult(
        age_years=30, pregnancy=None, breastfeeding=False, isotretinoin="current"
    )
    asked = [each.alert for each in assess(case).alerts]
    assert {"oral_retinoid_in_pregnancy", "oral_retinoid_planning_pregnancy"} <= {
        *asked
    }
    assert told(case, "extraction").count("Are you pregnant") == 1


def test_a_condition_that_is_long_is_asked_for() -> None:
    base = adult(
        cold_urticaria=None, cryoglobulinaemia=None, raynaud=None, myeloma=None
    )
    said = told(base, "extraction")
    assert "Ask us whether this is for you: You have an illness in which" in said
    assert not re.search(r"\(the patient [^)]{80,}\)", said)


def test_the_time_to_press_is_said_once() -> None:
    said = told(adult(anticoagulant=True, doac_or_heparin=True, count=2), "extraction")
    assert "Press on the spot for five minutes" in said
    assert "10 to 20 minutes" not in said
