"""The brief of an answer: what it must say, whoever the patient is."""

from __future__ import annotations

from functools import cache

import pytest

from milia_cds import Assessment, Case, assess, load_knowledge
from milia_cds.explanation.outcome import BriefLine
from milia_cds.explanation.short_names import named, short_name
from milia_cds.knowledge.dangers import URGENCIES, URGENT
from tests.common import adult, patients_and_vignettes

BASE = load_knowledge()
SETTLED = "Settled"
CASES = patients_and_vignettes(vignettes_every=25)


@cache
def answer_to(name: str) -> Assessment:
    return assess(CASES[name])


@pytest.fixture(params=CASES)
def answer(request: pytest.FixtureRequest) -> Assessment:
    return answer_to(request.param)


def lines(answer: Assessment, label: str) -> tuple[BriefLine, ...]:
    return next(
        (each.lines for each in answer.outcome.brief if each.label == label), ()
    )


def said(answer: Assessment, label: str) -> str:
    return " ".join(f"{each.lead} {each.text}" for each in lines(answer, label))


def alarmed(answer: Assessment) -> bool:
    return any(
        each.certain and URGENCIES.index(each.urgency) > URGENT
        for each in answer.alerts
    )


def at_once(answer: Assessment) -> bool:
    urgency = answer.disposition.urgency
    return urgency is not None and URGENCIES.index(urgency) > URGENT


def test_the_plan_begins_with_the_headline(answer: Assessment) -> None:
    plan = answer.outcome.brief[0]
    assert plan.label == "plan"
    assert plan.lines[0] == BriefLine(text=answer.disposition.headline)


def test_the_first_three_options_stand_there_with_a_reason(answer: Assessment) -> None:
    offered = [each for each in lines(answer, "plan") if each.lead]
    assert [each.lead for each in offered] == [
        f"{place.rank}{'=' if place.tied else ''} "
        f"{short_name(BASE.options[place.option])}"
        for place in answer.ranking[:3]
    ]
    assert all(each.text for each in offered)


def test_every_other_offered_option_is_named_or_counted(answer: Assessment) -> None:
    rest = answer.ranking[3:]
    if rest:
        reasonable = [each.option for each in rest if each.standing != "limited"]
        limited = len(rest) - len(reasonable)
        plan = said(answer, "plan")
        assert not reasonable or f"Also reasonable: {named(BASE, reasonable)}." in plan
        assert not limited or f"Rarely needed: {limited} more." in plan


def test_every_withheld_option_waits_for_a_question(answer: Assessment) -> None:
    waiting = said(answer, "not yet").lower()
    assert all(each.drop == 0 for each in lines(answer, "not yet"))
    if "every option waits" not in waiting and not at_once(answer):
        missing = [
            each.option for each in answer.withheld if not told(each.option, waiting)
        ]
        assert missing == []


def told(option: str, text: str) -> bool:
    """Whether an option is named, by itself or by a group that stands for it."""
    names = [short_name(BASE.options[option])]
    names += [
        each.short
        for each in BASE.groups.values()
        if each.short and option in each.options
    ]
    return any(name.lower() in text for name in names)


def test_every_excluded_option_has_its_reason(answer: Assessment) -> None:
    not_here = said(answer, "not here").lower()
    if not at_once(answer):
        aside = (*answer.excluded, *answer.not_indicated, *answer.unavailable)
        missing = [
            each.option
            for each in aside
            if each.listed and not told(each.option, not_here)
        ]
        assert missing == []


def test_beside_a_danger_of_today_nothing_elective_is_prepared(
    answer: Assessment,
) -> None:
    if alarmed(answer):
        labels = {each.label for each in answer.outcome.brief}
        assert labels.isdisjoint({"how", "consent", "say"})


def test_settled_is_said_where_nothing_open_changes_the_answer(
    answer: Assessment,
) -> None:
    asked = any(not each.certain for each in answer.alerts)
    settled = answer.status == "determinate" and not asked
    assert (SETTLED in said(answer, "plan")) is settled
    assert settled or lines(answer, "ask")
    assert not settled or not lines(answer, "ask")


def test_what_is_never_dropped_has_no_place_in_the_order(answer: Assessment) -> None:
    for line in lines(answer, "plan"):
        assert not line.text.startswith("If ") or line.drop == 0
    for line in lines(answer, "after"):
        assert not line.text.startswith(("Today:", "Hospital now:")) or line.drop == 0
    assert all(each.drop == 0 for each in lines(answer, "not here"))
    assert all(each.drop == 0 for each in lines(answer, "ask")[:1])


def test_it_says_nothing_twice(answer: Assessment) -> None:
    texts = [each.text for part in answer.outcome.brief for each in part.lines]
    twice = {each for each in texts if texts.count(each) > 1}
    leads = {each.text for each in lines(answer, "plan") if each.lead}
    assert twice <= leads  # two options may have one reason


def test_an_empty_case_begins_with_a_question() -> None:
    empty = assess(Case())
    assert lines(empty, "ask")[0].lead == "1"
    assert empty.disposition.headline == (
        "Nothing can be said yet. Start with the age."
    )
    assert (
        said(empty, "not yet").strip() == "Every option waits for what is asked below."
    )


def test_what_the_clinic_does_not_offer_is_named() -> None:
    answer = assess(adult(offers=["observation", "extraction"]))
    assert "not offered by this clinic" in said(answer, "not here")


def test_a_stored_answer_keeps_its_brief() -> None:
    answer = assess(adult())
    assert Assessment.from_json(answer.to_json()).outcome.brief == answer.outcome.brief
