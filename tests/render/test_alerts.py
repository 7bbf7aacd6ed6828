"""Alerts in every output: first, whole, and hidden by nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from html import unescape
from typing import Any

import pytest

from milia_cds import Case, decision_graph, diff, leaflet, load_knowledge, option_grid
from milia_cds.assessment.assessment import Assessment, assess
from milia_cds.explanation.bands import bands, danger_of
from milia_cds.knowledge.dangers import URGENCIES
from milia_cds.render.lines import Detail
from tests.common import ADULT, adult, assessment_card, richly

BASE = load_knowledge()

PREGNANT = {
    "age_years": 29,
    "pregnancy": "pregnant",
    "breastfeeding": False,
    "isotretinoin": "current",
}
CERTAIN: Mapping[str, Case] = {
    "pregnant": adult(**PREGNANT, wants_treatment=False),
    "pregnant_treated": adult(**PREGNANT),
    "newborn": adult(age_years=0.03, pregnancy=None, active_herpes=True, blisters=True),
    "herpes_at_the_lid": adult(site="lower_eyelid", active_herpes=True, growing=True),
    "infected": adult(infected=True),
    "inr": adult(anticoagulant=True, inr=6),
    "several": adult(**PREGNANT, tetracycline=True, topical_retinoid=True),
}
ASKED = Case.from_dict(
    {"patient": {"age_years": 29}, "history": {"isotretinoin": "current"}}
)
OWN: Mapping[str, Case] = {
    "dermatologist": adult(growing=True, ulcerated=True),
    "pearly": adult(pearly_or_telangiectatic=True),
    "doubtful": adult(diagnosis="uncertain"),
    "oculoplastic_surgeon": adult(
        site="lid_margin", lash_loss=True, operator="oculoplastic_surgeon"
    ),
    "infected": CERTAIN["infected"],
}
CASES: Mapping[str, Case] = {
    **CERTAIN,
    **OWN,
    "asked": ASKED,
    "only_soon": adult(age_years=30, tetracycline=True, breastfeeding=None),
}
EACH = pytest.mark.parametrize("name", CERTAIN)


@cache
def answer(name: str) -> Assessment:
    return assess(CASES[name])


@cache
def narrowed(name: str) -> Assessment:
    """The answer where nothing is offered, wished or weighed."""
    narrow = {"offers": [], "wants_treatment": False, "weights": {"clearance": 0}}
    return assess(CERTAIN[name].stating(narrow))


def flat(text: str) -> str:
    """A text in one line, without the notice that stands beside its headline."""
    return " ".join(text.replace("draft, not reviewed", "").split())


def without_tags(page: str) -> str:
    bare = re.sub(r"<style>.*?</style>|<[^>]+>", " ", page, flags=re.DOTALL)
    return flat(unescape(bare))


OUTPUTS: Mapping[str, Callable[[Assessment], str]] = {
    "brief": lambda given: flat(given.text()),
    "short": lambda given: flat(given.text(detail="short")),
    "standard": lambda given: flat(given.text(detail="standard")),
    "full": lambda given: flat(given.text(detail="full")),
    "card": lambda given: without_tags(assessment_card(given.outcome, BASE)),
    "card_without_knowledge": lambda given: without_tags(
        assessment_card(given.outcome)
    ),
    "rich": lambda given: flat(richly(given.outcome, BASE, 400, "brief")),
    "rich_full": lambda given: flat(richly(given.outcome, BASE, 400)),
}
OUTPUT = pytest.mark.parametrize("output", OUTPUTS)


@cache
def said_of(name: str, output: str) -> str:
    """What an output says of an answer: rich takes its time to lay it out."""
    return OUTPUTS[output](answer(name))


@OUTPUT
@EACH
def test_every_certain_alert_stands_before_the_headline(name: str, output: str) -> None:
    given = answer(name)
    said = said_of(name, output)
    before, headline, _ = said.partition(given.disposition.headline)
    assert headline
    certain = [each for each in given.alerts if each.certain]
    assert certain
    for each in certain:
        assert each.text in before
        assert f"To: {each.to_text}" in before


@EACH
def test_alerts_come_with_the_most_urgent_first(name: str) -> None:
    ranks = [URGENCIES.index(each.urgency) for each in answer(name).alerts]
    assert ranks == sorted(ranks, reverse=True)


@OUTPUT
def test_alerts_are_asked_for_in_one_line_for_what_is_known(output: str) -> None:
    given = answer("asked")
    asked = [each for each in given.alerts if not each.certain]
    assert len(asked) > 3
    said = said_of("asked", output)
    assert said.count("Ask now (") == 1
    line = said.partition("Ask now (")[2].partition("): ")[2].partition(".")[0]
    for each in asked:
        for label in each.asks_for:
            assert label in line
    assert said.index("Ask now (") < said.index(given.disposition.headline)


@OUTPUT
def test_what_is_asked_for_today_says_that_nothing_is_begun_before(output: str) -> None:
    said = "Until then nothing is begun that can wait."
    assert said_of("asked", output).count(said) == 1
    assert [each.urgency for each in answer("only_soon").alerts] == ["soon"]
    assert said not in said_of("only_soon", output)


def asked_of_the_patient(name: str, **facts: Any) -> str:
    [alert] = [each for each in assess(adult(**facts)).alerts if each.alert == name]
    assert not alert.certain
    return alert.plain


def test_if_so_is_said_only_after_a_question_whose_yes_is_the_danger() -> None:
    said = asked_of_the_patient(
        "oral_retinoid_with_tetracycline", isotretinoin="current", tetracycline=None
    )
    assert said.partition("? If so: ")[2].startswith("These two medicines")


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        (
            "oral_retinoid_in_pregnancy",
            {"age_years": 29, "pregnancy": None, "isotretinoin": "current"},
        ),
        ("tetracycline_under_12", {"age_years": None, "tetracycline": True}),
        (
            "inr_too_high",
            {"anticoagulant": True, "doac_or_heparin": False, "inr": None},
        ),
        # "Yes" to a DOAC is what makes it no danger.
        ("inr_too_high", {"anticoagulant": True, "doac_or_heparin": None, "inr": 6}),
    ],
)
def test_after_another_question_the_patient_is_to_tell(
    name: str, facts: dict[str, Any]
) -> None:
    said = asked_of_the_patient(name, **facts)
    assert "If so:" not in said
    assert said.endswith("Tell us before anything is done.")


@pytest.mark.parametrize("output", ["full", "card", "rich_full"])
def test_what_is_asked_for_says_what_makes_it_a_danger(output: str) -> None:
    given = answer("asked")
    said = said_of("asked", output)
    for each in given.alerts:
        assert danger_of(each) in said
        assert each.if_ is not None
        assert each.if_ in said


def test_certain_alerts_each_have_a_band_of_their_own() -> None:
    given = answer("several")
    certain = [each.alert for each in given.alerts if each.certain]
    alone = [band.first.alert for band in bands(given.alerts) if band.certain]
    assert alone == certain
    assert len(certain) > 2


def test_the_mark_of_a_band_says_how_soon_and_whether_it_is_asked() -> None:
    marks = [
        [band.mark for band in bands(answer(name).alerts)]
        for name in ("newborn", "pregnant", "asked")
    ]
    assert marks == [["EMERGENCY"], ["TODAY"], ["TODAY?"]]


@pytest.mark.parametrize("name", ["pregnant", "pregnant_treated", "inr"])
def test_a_leaflet_begins_with_what_the_patient_must_know(name: str) -> None:
    given = answer(name)
    for place in given.ranking:
        said = without_tags(leaflet(given, place.option))
        title = said.rindex("Milia on your cheek: ")
        for each in given.alerts:
            assert said.index(each.plain) < title


@pytest.mark.parametrize("name", [*CERTAIN, "asked"])
def test_a_grid_begins_with_what_the_patient_must_know(name: str) -> None:
    given = answer(name)
    page, text = without_tags(option_grid(given)), flat(given.compare().text())
    for each in given.alerts:
        assert page.index(each.plain) < page.index(given.knowledge.digest)
        assert each.plain in text


@EACH
def test_a_picture_of_the_way_begins_with_the_alerts(name: str) -> None:
    given = answer(name)
    said = flat(decision_graph(given).text)
    for each in given.alerts:
        if each.certain:
            assert said.index(each.text) < said.index("Decision: ")


@OUTPUT
@EACH
def test_nothing_hides_an_alert(name: str, output: str) -> None:
    given = narrowed(name)
    said = OUTPUTS[output](given)
    assert [each.alert for each in given.alerts] == [
        each.alert for each in answer(name).alerts
    ]
    for each in given.alerts:
        assert each.text in said or not each.certain
        for label in each.asks_for:
            assert label in said


@EACH
def test_a_stored_answer_says_its_alerts_again(name: str) -> None:
    given = answer(name)
    stored = Assessment.from_json(given.to_json())
    assert stored.alerts == given.alerts
    assert stored.text() == given.text()


# -- what is put off, and the own field --


@pytest.mark.parametrize("name", ["pregnant", "pregnant_treated", "inr"])
def test_beside_a_danger_of_today_the_milia_are_for_another_day(name: str) -> None:
    said = answer(name).disposition
    assert said.action != "refer"
    assert said.headline.startswith("For the milia")
    assert said.because[0].text.startswith("For the milia, another day: ")


@OUTPUT
@pytest.mark.parametrize("name", OWN)
def test_the_own_field_is_never_referred_to(name: str, output: str) -> None:
    given = answer(name)
    assert given.disposition.own
    said = said_of(name, output)
    soon = BASE.urgencies[given.disposition.urgency or "routine"].short
    assert soon in given.disposition.headline.lower()
    assert given.disposition.headline in said
    assert "Refer:" not in said
    assert not given.disposition.headline.startswith("Refer")


@pytest.mark.parametrize("operator", ["nurse", "aesthetician", "physician"])
def test_another_field_is_referred_to(operator: str) -> None:
    given = assess(adult(growing=True, operator=operator))
    assert given.disposition.headline == "Refer to dermatology, urgent (2 weeks)."


def test_a_further_referral_is_said() -> None:
    given = answer("herpes_at_the_lid")
    assert given.disposition.to == "emergency_eye_care"
    for also in given.disposition.also:
        where = BASE.destinations[also.to].label
        assert f"Also to {where}, {also.urgency}" in flat(given.text())
        assert f"Also: {also.to}, {also.urgency}: " in flat(given.text(detail="short"))
    assert given.disposition.also


def test_what_could_be_worse_is_said_with_what_to_ask_first() -> None:
    doubtful = {**ADULT, "lesion": {**ADULT["lesion"], "diagnosis": "uncertain"}}
    given = assess(Case.from_dict(doubtful))
    assert given.disposition.at_worst == "emergency"
    assert "At worst: now" in flat(given.text()) or "ASK 1 " in flat(given.text())
    said = flat(given.text(detail="short"))
    assert "Could be an emergency: ask first about " in said


# -- what changed --


def test_a_difference_tells_the_alerts_that_came_and_the_urgency() -> None:
    before, after = assess(adult()), answer("infected")
    came = diff(before, after)
    assert [(each.alert, each.before, each.after) for each in came.alerts] == [
        ("infection_today", "silent", "certain")
    ]
    assert came.urgency == (None, "same_day")
    assert after.alerts[0].text in flat(came.text())
    went = diff(after, before)
    assert [(each.before, each.after) for each in went.alerts] == [
        ("certain", "silent")
    ]
    assert not diff(after, after)


def test_a_question_that_is_answered_turns_an_alert() -> None:
    moved = answer("asked").what_if(pregnancy="pregnant")
    turned = {each.alert: (each.before, each.after) for each in moved.alerts}
    assert turned["oral_retinoid_in_pregnancy"] == ("asked", "certain")


def test_what_nobody_would_think_of_for_a_child_is_in_full_lists_only() -> None:
    """K9: isotretinoin, acitretin and steaming are never listed for a child."""
    child = {
        "patient": {"age_years": 9},
        "lesion": {"origin": "primary", "pattern": "scattered", "site": "cheek"},
        "assume_absent": ["findings", "history"],
    }
    answer = assess(Case.from_dict(child))
    detail: Detail
    aside = {each.option: each.listed for each in answer.excluded}
    for name, label in UNLISTED.items():
        assert aside[name] is False
        for detail in ("brief", "short", "standard"):
            assert label not in answer.text(detail=detail)
        assert label in answer.text(detail="full")


UNLISTED = {
    "isotretinoin": "oral isotretinoin",
    "acitretin": "oral acitretin",
    "steaming": "steaming",
}
