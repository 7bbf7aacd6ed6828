"""Draft orders: read as if carried out, and nothing but what they raise is said."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from milia_cds import load_knowledge
from milia_cds.adapters.cds_hooks.cards import Card
from tests.adapters.cds_hooks.charts import (
    ATC,
    CRYOTHERAPY,
    ICD,
    ISOTRETINOIN,
    MILIA,
    SNOMED,
    TRETINOIN,
    answer,
    answers,
    base,
    cards,
    concept,
    condition,
    pregnant,
    prescription,
    request,
    searchset,
    sign,
    taking,
    view,
)

MILIA_RECORDED = {"conditions": searchset(condition())}
PREGNANT = {"observations": searchset(pregnant())}
DOXYCYCLINE = ("http://www.nlm.nih.gov/research/umls/rxnorm", "3640")
OTHER = (SNOMED, "252160004")


def summaries(found: list[Card]) -> list[str]:
    return [each.summary for each in found]


def drug_in_pregnancy(**other: Any) -> list[Card]:
    return cards(sign(prescription(ISOTRETINOIN, **other), **PREGNANT))


# -- when it speaks --


def test_it_is_silent_about_orders_that_are_none_of_ours() -> None:
    drug = prescription(("http://www.nlm.nih.gov/research/umls/rxnorm", "313782"))
    call = sign(request(OTHER), drug, **MILIA_RECORDED, **PREGNANT)
    assert cards(call) == []


def test_it_is_silent_where_there_is_no_order() -> None:
    assert cards(sign(**MILIA_RECORDED)) == []


def test_it_is_silent_about_a_drug_that_raises_nothing() -> None:
    said = answers({"patient.breastfeeding": False})
    assert cards(sign(prescription(DOXYCYCLINE), answers=said)) == []


def test_the_order_of_an_option_has_a_card_and_no_other() -> None:
    [card] = cards(sign(request(CRYOTHERAPY), **MILIA_RECORDED, answers=answers()))
    assert card.summary == "Milia: cryotherapy is offered here (limited)."
    assert card.indicator == "info"
    assert card.suggestions == ()


def test_an_option_is_known_by_what_was_proposed_here() -> None:
    call = view(**MILIA_RECORDED, answers=answers())
    for suggestion in answer(call).response.cards[0].suggestions:
        proposed: Any = suggestion.actions[0].resource
        [card] = cards(sign(dict(proposed), **MILIA_RECORDED, answers=answers()))
        assert suggestion.label.lower() in card.summary.lower()
        assert "is offered here" in card.summary


@pytest.mark.parametrize(
    "other",
    [
        {"status": "entered-in-error"},
        {"status": "revoked"},
        {"doNotPerform": True},
        {"subject": {"reference": "Patient/2"}},
        {"subject": {}},
        {"modifierExtension": [{"url": "urn:x"}]},
        {"implicitRules": "urn:x"},
        {"reasonCode": [concept((SNOMED, "84757009"))]},
        {"reasonCode": [concept((ICD, "B07.9"))]},
    ],
)
def test_what_nobody_orders_for_this_is_no_order(other: dict[str, Any]) -> None:
    call = sign(request(CRYOTHERAPY, **other), **MILIA_RECORDED, answers=answers())
    assert cards(call) == []


@pytest.mark.parametrize(
    "other",
    [
        {"reasonCode": [concept((ICD, "B07.9")), concept(MILIA)]},
        {"reasonCode": [{"text": "milia"}]},
        {"reasonReference": [{"reference": "Condition/c1"}]},
        {"reasonReference": [{"reference": "Condition/gone"}]},
    ],
)
def test_an_order_for_this_or_for_nothing_said_is_one(other: dict[str, Any]) -> None:
    call = sign(request(CRYOTHERAPY, **other), **MILIA_RECORDED, answers=answers())
    assert len(cards(call)) == 1


def test_an_order_for_another_condition_of_the_record_is_none() -> None:
    wart = condition((SNOMED, "57019003"), id="w")
    reason = {"reasonReference": [{"reference": "Condition/w"}]}
    conditions = searchset(condition(), wart)
    call = sign(request(CRYOTHERAPY, **reason), conditions=conditions)
    assert cards(call) == []


# -- dangers --


def test_a_danger_that_an_order_raises_is_the_first_card() -> None:
    found = drug_in_pregnancy()
    assert [each.indicator for each in found] == ["critical", "warning", "warning"]
    assert "Pregnant, or possibly so, on an oral retinoid" in found[0].summary
    assert summaries(found)[-1] == "Milia: oral isotretinoin is not for this patient."


def test_what_was_a_danger_before_is_not_said_again() -> None:
    already = searchset(taking(ISOTRETINOIN))
    call = sign(prescription(ISOTRETINOIN), **PREGNANT, medication_statements=already)
    assert "critical" not in {each.indicator for each in cards(call)}


def test_what_a_record_denies_is_so_once_it_is_ordered() -> None:
    denied = taking(DOXYCYCLINE, status="not-taken", dateAsserted="2026-11-25")
    call = sign(
        prescription(DOXYCYCLINE), **PREGNANT, medication_statements=searchset(denied)
    )
    [card] = cards(call)
    assert "tetracycline in pregnancy" in str(card.detail).lower()


def test_a_drug_that_is_found_by_reference_is_read() -> None:
    drug = {"resourceType": "Medication", "id": "drug", "code": concept(ISOTRETINOIN)}
    reference = {
        "medicationCodeableConcept": None,
        "medicationReference": {"reference": "Medication/drug"},
    }
    order = {
        key: value
        for key, value in prescription(ISOTRETINOIN, **reference).items()
        if value is not None
    }
    within = {**order, "contained": [{**drug, "id": "in"}]}
    within["medicationReference"] = {"reference": "#in"}
    whole = summaries(drug_in_pregnancy())
    assert summaries(cards(sign(order, drug, **PREGNANT))) == whole
    assert summaries(cards(sign(within, **PREGNANT))) == whole


def test_two_orders_raise_what_neither_does_alone() -> None:
    drugs = [prescription(ISOTRETINOIN), prescription(DOXYCYCLINE, id="d2")]
    said = answers({"patient.pregnancy": "not_possible"})
    both = cards(sign(*drugs, answers=said))
    each = [cards(sign(drug, answers=said)) for drug in drugs]
    assert any(card.indicator == "critical" for card in both)
    assert not any(card.indicator == "critical" for alone in each for card in alone)


# -- the ordered option --


def test_a_withheld_option_says_why_and_asks() -> None:
    said = answers({"patient.pregnancy": None})
    found = cards(sign(prescription(TRETINOIN), **MILIA_RECORDED, answers=said))
    card = found[-1]
    assert card.summary == "Milia: tretinoin is withheld until more is known."
    assert card.indicator == "warning"
    assert "patient.pregnancy" in card.links[0].url
    assert "**Why**" in str(card.detail)
    assert card.override_reasons


def test_an_option_is_judged_without_its_own_order() -> None:
    """A retinoid that is about to be ordered is not in use already."""
    [card] = cards(sign(prescription(TRETINOIN), **MILIA_RECORDED, answers=answers()))
    assert "tretinoin is offered here" in card.summary


def test_an_option_is_judged_beside_the_other_orders() -> None:
    orders = [request(CRYOTHERAPY), prescription(ISOTRETINOIN, id="d2")]
    said = answers({"patient.pregnancy": "not_possible"})
    alone = cards(sign(orders[0], **MILIA_RECORDED, answers=said))
    both = cards(sign(*orders, **MILIA_RECORDED, answers=said))
    name = "Milia: cryotherapy"
    of_both = [each for each in both if each.summary.startswith(name)]
    assert summaries(of_both) != summaries(alone) or (
        of_both[0].detail != alone[0].detail
    )


def test_an_option_that_the_clinic_does_not_offer_is_said_to(tmp_path: Path) -> None:
    file = tmp_path / "clinic.toml"
    file.write_text(
        'name = "C"\nversion = "1"\nnot_offered = ["cryotherapy"]\n', "utf-8"
    )
    knowledge = load_knowledge(policy=file)
    call = sign(
        request(CRYOTHERAPY), **MILIA_RECORDED, answers=answers(knowledge=knowledge)
    )
    [card] = cards(call, knowledge)
    assert "not offered by this clinic" in card.summary


def test_a_clinic_gives_its_own_codes_of_an_option(tmp_path: Path) -> None:
    file = tmp_path / "clinic.toml"
    file.write_text(
        """
        name = "C"
        version = "1"
        [[fhir.code]]
        option = "extraction"
        system = "urn:x"
        codes = ["prick"]
        """,
        "utf-8",
    )
    knowledge = load_knowledge(policy=file)
    order = request(("urn:x", "prick"))
    call = sign(order, **MILIA_RECORDED, answers=answers(knowledge=knowledge))
    assert cards(call) == []
    [card] = cards(call, knowledge)
    assert "extraction is offered here" in card.summary


def test_one_code_of_two_drugs_is_each_of_them() -> None:
    order = prescription(ISOTRETINOIN)
    order["medicationCodeableConcept"] = concept(ISOTRETINOIN, (ATC, "D05BB02"))
    said = answers({"patient.pregnancy": "not_possible"})
    found = summaries(cards(sign(order, answers=said)))
    assert any("isotretinoin" in each for each in found)
    assert any("acitretin" in each for each in found)


def test_every_option_with_a_code_of_a_known_terminology_is_recognised() -> None:
    systems = base().fhir.system
    coded = 0
    for option in base().options.values():
        for code in option.codes:
            if code.system in systems:
                order = request((systems[code.system], code.code))
                found = cards(sign(order, **MILIA_RECORDED, answers=answers()))
                assert any(option.label in each.summary for each in found)
                coded += 1
    assert coded >= 8
