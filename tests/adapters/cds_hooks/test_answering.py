"""When the service speaks, and what it says: dangers first, and never an order."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid5

import pytest

from milia_cds import OverdueError, load_knowledge
from milia_cds.adapters.cds_hooks.answering import NoPatientError, answered
from milia_cds.adapters.cds_hooks.cards import Card, cards_of
from milia_cds.adapters.fhir import read_fhir
from milia_cds.assessment.assessment import assess
from milia_cds.knowledge.currency import overdue_text
from milia_cds.knowledge.model import Knowledge
from tests.adapters.cds_hooks.calling import INSTANCE
from tests.adapters.cds_hooks.charts import (
    AS_OF,
    BASE_URL,
    ICD,
    ISOTRETINOIN,
    MILIA,
    answer,
    answers,
    base,
    cards,
    condition,
    patient,
    pregnant,
    searchset,
    taking,
    view,
)

RECORDED = {"conditions": searchset(condition())}


def decision(found: list[Card]) -> Card:
    """The card for the decision, which comes last."""
    return found[-1]


def settled(**facts: Any) -> list[Card]:
    """The cards about the healthy adult, who answered the form."""
    return cards(view(**RECORDED, answers=answers(facts)))


def with_policy(folder: Path, text: str) -> Knowledge:
    file = folder / "clinic.toml"
    file.write_text(text, "utf-8")
    return load_knowledge(policy=file)


# -- when it speaks in the view of a patient --


def test_it_speaks_where_milia_are_recorded() -> None:
    assert [each.indicator for each in cards(view(**RECORDED))] == ["info"]


@pytest.mark.parametrize("verified", ["confirmed", "provisional", "unconfirmed"])
@pytest.mark.parametrize("clinical", ["active", "recurrence", "relapse"])
def test_it_speaks_while_they_last(clinical: str, verified: str) -> None:
    assert cards(view(conditions=searchset(condition(MILIA, clinical, verified))))


@pytest.mark.parametrize("clinical", ["inactive", "remission", "resolved", "none"])
def test_it_is_silent_where_they_are_past(clinical: str) -> None:
    assert cards(view(conditions=searchset(condition(clinical=clinical)))) == []


@pytest.mark.parametrize("verified", ["refuted", "entered-in-error"])
def test_it_is_silent_where_they_are_refuted(verified: str) -> None:
    assert cards(view(conditions=searchset(condition(verified=verified)))) == []


def test_it_is_silent_about_epidermal_cysts_alone() -> None:
    assert cards(view(conditions=searchset(condition((ICD, "L72.0"))))) == []


def test_it_is_silent_about_other_conditions() -> None:
    other = condition(("http://snomed.info/sct", "24079001"))
    assert cards(view(conditions=searchset(other))) == []


def test_it_is_silent_about_the_milia_of_somebody_else() -> None:
    other = condition(subject={"reference": "Patient/2"})
    assert cards(view(conditions=searchset(other))) == []


def test_it_is_silent_about_milia_to_come() -> None:
    late = condition(recordedDate="2026-12-24")
    assert cards(view(conditions=searchset(late))) == []


@pytest.mark.parametrize(
    "conditions",
    [
        None,
        searchset(),
        {"resourceType": "OperationOutcome", "issue": [{"severity": "error"}]},
        searchset(link=[{"relation": "next", "url": "https://x.example.org/2"}]),
    ],
)
def test_it_is_silent_where_nothing_is_recorded(conditions: Any) -> None:
    assert cards(view(conditions=conditions)) == []
    assert cards(view()) == []


def test_it_is_silent_about_the_dead() -> None:
    assert cards(view(**RECORDED, patient=patient(deceasedBoolean=True))) == []


def test_it_is_silent_about_drugs_and_answers_without_the_condition() -> None:
    drugs = searchset(taking(ISOTRETINOIN))
    call = view(medication_statements=drugs, observations=searchset(pregnant()))
    assert cards(call) == []


def test_it_speaks_by_a_code_of_the_clinic(tmp_path: Path) -> None:
    own = ("urn:x", "m")
    call = view(conditions=searchset(condition(own)))
    policy = """
        name = "Clinic"
        version = "1"
        [[fhir.code]]
        fact = "lesion.diagnosis"
        system = "urn:x"
        codes = ["m"]
        means = "confirmed"
    """
    knowledge = with_policy(tmp_path, policy)
    known = view(**call.prefetch, answers=answers(knowledge=knowledge))
    assert cards(call) == []
    assert cards(known, knowledge)


@pytest.mark.parametrize(
    "sent", [{"patient": None}, {"patient": patient(id="2")}, {"patient": searchset()}]
)
def test_without_the_patient_nothing_can_be_said(sent: Any) -> None:
    with pytest.raises(NoPatientError, match=r"there is no"):
        cards(view(**RECORDED, **sent))


@pytest.mark.parametrize("found", [cards(view(**RECORDED)), settled()])
def test_the_detail_is_a_list_below_each_heading_and_repeats_no_summary(
    found: list[Card],
) -> None:
    said = decision(found)
    lines = [line for line in (said.detail or "").split("\n") if line]
    points = [line.removeprefix("* ") for line in lines if line.startswith("* ")]
    assert points
    assert not [each for each in points if each in said.summary]
    assert not [each for each in points if re.match(r"\*\*\d+\*\*", each)]
    assert lines[-1] == "*Draft, not clinically reviewed.*"


# -- what is said first --


def danger(**more: Any) -> list[Card]:
    """The cards where a pregnant patient takes isotretinoin."""
    drugs = searchset(taking(ISOTRETINOIN))
    pregnancy = searchset(pregnant())
    call = view(**RECORDED, medication_statements=drugs, observations=pregnancy, **more)
    return cards(call)


def test_a_certain_danger_of_today_is_a_critical_card_and_the_first() -> None:
    found = danger()
    assert [each.indicator for each in found] == ["critical", "warning", "info"]
    assert found[0].summary.startswith("The same day: Pregnant")
    assert "prescriber" in str(found[0].detail)


def test_beside_a_certain_danger_of_today_nothing_is_suggested() -> None:
    assert all(not each.suggestions for each in danger())
    facts = {"history.isotretinoin": "current", "patient.pregnancy": "pregnant"}
    found = settled(**facts)
    assert found[0].indicator == "critical"
    assert assess_ranking(facts), "something is offered, and yet not suggested"
    assert all(not each.suggestions for each in found)


def assess_ranking(facts: dict[str, Any]) -> list[str]:
    read = read_fhir(
        [patient(), condition(), answers(facts)["entry"][0]["resource"]],
        as_of=AS_OF,
        knowledge=base(),
    )
    return [each.option for each in assess(read.case, base()).ranking]


def test_each_certain_danger_of_today_has_a_card_of_its_own() -> None:
    more = {
        "history.isotretinoin": "current",
        "history.tetracycline": True,
        "patient.pregnancy": "pregnant",
    }
    found = settled(**more)
    critical = [each for each in found if each.indicator == "critical"]
    assert len(critical) == 2
    assert found[:2] == critical


def test_what_must_be_asked_now_and_what_can_wait_share_one_warning() -> None:
    warnings = [each for each in danger() if each.indicator == "warning"]
    assert len(warnings) == 1
    assert "Ask now" in str(warnings[0].detail)
    assert "history.methotrexate" in str(warnings[0].links[0].url)
    soon = settled(
        **{"history.topical_retinoid": True, "patient.pregnancy": "pregnant"}
    )
    assert [each.indicator for each in soon] == ["warning", "info"]


def test_there_is_one_card_for_the_decision() -> None:
    for found in (settled(), danger(), cards(view(**RECORDED))):
        assert [each.indicator for each in found].count("info") == 1


# -- the decision --


def test_the_decision_says_what_comes_first() -> None:
    card = decision(settled())
    assert card.summary.startswith("Milia: extraction comes first. Treat, as wished")


def test_or_how_many_facts_are_needed() -> None:
    card = decision(cards(view(**RECORDED)))
    asked = parse_qs(urlsplit(card.links[0].url).query)["ask"][0].split(",")
    assert card.summary.startswith(f"Milia: {len(asked)} facts are needed.")


def test_the_detail_is_the_brief() -> None:
    read = read_fhir(
        [patient(), condition(), answers()["entry"][0]["resource"]],
        as_of=AS_OF,
        knowledge=base(),
    )
    brief = assess(read.case, base(), on=AS_OF).outcome.brief
    detail = plain(decision(settled()))
    said = " ".join(str(assess(read.case, base())).split())
    lines = [each for each in detail.splitlines() if each.startswith(" ")]
    assert lines
    for line in lines:
        text = line.strip().partition(": ")[2] or line.strip()
        assert " ".join(text.split()) in said, line
    assert {each.label.capitalize() for each in brief} - {"More"} == {
        each for each in detail.splitlines() if each and not each.startswith(" ")
    } - {detail.splitlines()[-1]}


def test_questions_have_a_link_with_names_and_no_value() -> None:
    found = cards(view(**RECORDED, observations=searchset(pregnant())))
    [link] = decision(found).links
    url = urlsplit(link.url)
    assert link.type == "absolute"
    assert f"{url.scheme}://{url.netloc}{url.path}" == f"{BASE_URL}/form"
    asked = parse_qs(url.query)
    assert set(asked) == {"ask"}
    assert set(asked["ask"][0].split(",")) <= set(base().kinds)
    assert "Patient" not in link.url


def test_what_is_settled_asks_nothing() -> None:
    assert decision(settled()).links == ()


# -- what is suggested --


def test_only_what_is_offered_is_suggested_and_never_a_prescription() -> None:
    card = decision(settled())
    offered = assess_ranking({})
    codes = []
    for each in card.suggestions:
        [action] = each.actions
        resource: Any = action.resource
        assert action.type == "create"
        assert resource["resourceType"] == "ServiceRequest"
        assert (resource["status"], resource["intent"]) == ("draft", "proposal")
        assert resource["subject"] == {"reference": "Patient/1"}
        assert resource["authoredOn"] == "2026-11-30"
        codes.append(resource["code"]["coding"][0]["code"])
    assert codes == [each for each in offered if each in codes]
    assert codes[:3] == offered[:3]
    assert card.selection_behavior == "at-most-one"


def test_what_is_withheld_is_not_suggested() -> None:
    card = decision(settled(**{"patient.pregnancy": None}))
    labels = {each.label for each in card.suggestions}
    assert "Tretinoin" not in labels
    assert "Extraction" in labels


def test_the_only_first_place_is_recommended() -> None:
    recommended = [
        each.label for each in decision(settled()).suggestions if each.is_recommended
    ]
    assert recommended == ["Extraction"]


def test_of_several_first_places_none_is() -> None:
    card = decision(settled(**{"goals.weights": SCARRING}))
    assert card.summary.startswith("Milia: observation, adapalene and tretinoin come")
    assert not any(each.is_recommended for each in card.suggestions)


def test_what_an_answer_may_still_change_is_not_recommended() -> None:
    card = decision(settled(**{"history.failed": None}))
    assert card.summary.startswith("Milia: extraction comes first.")
    assert card.suggestions
    assert not any(each.is_recommended for each in card.suggestions)


SCARRING = {name: 3 if name == "scarring" else 0 for name in base().criteria}
"""Weights by which three options come first, equally."""


# -- what every card has --


def test_a_repeated_call_gives_the_same_cards_and_another_other_ids() -> None:
    call = view(**RECORDED, answers=answers())
    first, again = answer(call), answer(call)
    assert first == again
    card = first.response.cards[-1]
    assert card.uuid == str(uuid5(UUID(INSTANCE), "decision"))
    option = str(uuid5(UUID(INSTANCE), "option:extraction"))
    assert card.suggestions[0].uuid == option


def test_every_card_says_by_which_knowledge_and_that_it_is_a_draft() -> None:
    for card in danger():
        label = card.source.label
        assert base().digest in label
        assert base().about.name in label
        assert base().about.version in label
        assert "draft, not clinically reviewed" in label
        assert "Draft, not clinically reviewed" in str(card.detail)


def test_every_card_has_reasons_to_override_it() -> None:
    for card in danger():
        assert len(card.override_reasons) == len(base().fhir.override)
        for reason in card.override_reasons:
            assert reason.system.endswith("non-adherence-reason-codes")
            assert reason.display


def test_what_a_card_is_about_is_known_without_the_patient() -> None:
    found = answer(view(**RECORDED, answers=answers()))
    [issued] = found.issued
    assert issued.card == found.response.cards[0].uuid
    assert issued.options[0] == "extraction"
    assert issued.digest == base().digest
    ids = {each.uuid for each in found.response.cards[0].suggestions}
    assert {*issued.suggestions} == ids
    assert {*issued.suggestions.values()} <= {*issued.options}


def test_summaries_are_cut_between_words() -> None:
    found = [card for card in danger() if " ..." in card.summary]
    assert found
    for card in found:
        assert len(card.summary) < 140
        said = card.summary.partition(" ...")[0].partition(": ")[2]
        assert re.search(re.escape(said) + r"\W", plain(card))


def plain(card: Card) -> str:
    """The detail without its marks."""
    return re.sub(r"[\\*]", "", str(card.detail))


# -- hostile texts --

HOSTILE = (
    "<img src=x onerror=alert(1)> [x](javascript:alert(1)) ![i](http://x.example/y) "
    "`<script>` | --- | \u202e &lt; www.x.example # *"
)


def test_nothing_hostile_in_a_record_reaches_a_card() -> None:
    hostile = {
        "text": HOSTILE,
        "coding": [{"system": MILIA[0], "code": MILIA[1], "display": HOSTILE}],
    }
    name = [{"text": HOSTILE, "family": HOSTILE}]
    call = view(
        patient=patient(name=name),
        conditions=searchset(
            condition(code=MILIA, code_=None)
            | {"code": hostile, "note": [{"text": HOSTILE}]}
        ),
        answers=answers(),
    )
    harmless = view(**RECORDED, answers=answers())
    assert cards(call) == cards(harmless)


def test_nothing_hostile_in_a_policy_is_obeyed(tmp_path: Path) -> None:
    quoted = HOSTILE.replace("\u202e", "")
    policy = f"""
        name = '{quoted}'
        version = '<b>1</b>'
        not_offered = ["cryotherapy"]
        [[gate]]
        option = "extraction"
        id = "own"
        kind = "caution"
        always = true
        text = '{quoted}'
        plain = '{quoted}'
        judgement = true
        [[alert]]
        id = "own_danger"
        when = "history.keloid"
        urgency = "same_day"
        to = ["prescriber"]
        text = '{quoted}'
        plain = '{quoted}'
        judgement = true
    """
    knowledge = with_policy(tmp_path, policy)
    said = answers({"history.keloid": True}, knowledge)
    found = answered(
        view(**RECORDED, answers=said), knowledge, as_of=AS_OF, base_url=BASE_URL
    )
    assert cards_of(found.to_dict()) == found
    assert found.cards[0].indicator == "critical"
    for card in found.cards:
        text = f"{card.summary} {card.detail} {card.source.label}"
        assert not re.search(r"<[A-Za-z/!?]", text)
        assert not re.search(r"(?<!\\)(\]\(|`|!\[)", str(card.detail))
        assert "\u202e" not in text
        assert "www.x" not in str(card.detail)


# -- facts that cannot be true together --


def test_a_record_that_contradicts_itself_is_said_to() -> None:
    said = answers({"lesion.diagnosis": None, "lesion.size_mm": 20})
    found = cards(view(**RECORDED, answers=said))
    assert [each.indicator for each in found] == ["warning"]
    assert "contradicts itself" in found[0].summary
    assert not found[0].suggestions


def test_the_case_is_that_of_the_day_of_the_call() -> None:
    call = view(**RECORDED, observations=searchset(pregnant()))
    fresh = answered(call, base(), as_of=AS_OF, base_url=BASE_URL)
    stale = answered(call, base(), as_of=AS_OF.replace(year=2027), base_url=BASE_URL)
    assert "pregnancy" in str(fresh.cards[-1].detail)
    assert fresh != stale


# -- knowledge whose review is overdue --

REVIEW = date.fromisoformat(load_knowledge().about.review_by)


def on(day: date) -> list[Card]:
    """The cards about somebody of whom nothing but milia is known, on a day."""
    found = answered(view(**RECORDED), base(), as_of=day, base_url=BASE_URL)
    assert cards_of(found.to_dict()) == found
    return [*found.cards]


def test_every_card_says_that_the_knowledge_is_overdue() -> None:
    said = f"review overdue since {REVIEW}"
    for days, expected in {0: False, 1: True, 365: True}.items():
        found = on(REVIEW + timedelta(days))
        assert found
        for card in found:
            detail = str(card.detail).replace("\\", "")
            assert (said in detail) is (said in card.source.label) is expected
        detail = str(decision(found).detail).replace("\\", "")
        assert (overdue_text(base()) in detail) is expected


def test_long_overdue_knowledge_gives_no_card() -> None:
    with pytest.raises(OverdueError):
        on(REVIEW + timedelta(366))
