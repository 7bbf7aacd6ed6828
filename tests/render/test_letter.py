"""The referral letter: what is stated, what is absent and what is not known, apart."""

from __future__ import annotations

import re

import pytest

from milia_cds import (
    Assessment,
    Case,
    NoCaseError,
    NoReferralError,
    assess,
    letter,
    load_knowledge,
)
from milia_cds.render.sheets.letter import letter_sheet
from milia_cds.render.sheets.rows import rows_of
from tests.common import adult, sampled, vignettes

BASE = load_knowledge()
GROWING = adult(
    age_years=66,
    pregnancy=None,
    growing=True,
    pearly_or_telangiectatic=True,
    size_mm=4,
    operator="physician",
)


def said(case: Case) -> str:
    return letter(assess(case), format="markdown")


def rows(text: str) -> dict[str, str]:
    return dict(re.findall(r"^\| (.*?) \| (.*) \|$", text, re.MULTILINE))


def test_urgency_question_and_reason_come_before_any_fact() -> None:
    text = said(GROWING)
    assert re.match(r"# Urgent\b.*: grow", text)
    places = [text.index(each) for each in ("**Question.**", "**Why now.**", "| Fact")]
    assert places == sorted(places)
    assert "Nothing will be done to it before the histology." in text
    assert "may be a skin cancer" in text


def test_what_is_seen_and_what_is_absent_are_rows_of_their_own() -> None:
    found = rows(said(GROWING))
    assert "grow" in found["Seen"]
    assert "blisters" in found["Looked for, absent"]
    assert "grow" not in found["Looked for, absent"]
    assert "blisters" not in found["Not known"]


def test_what_nobody_stated_is_not_known_and_never_absent() -> None:
    case = GROWING.stating({"blisters": None, "keloid": None, "inr": None})
    found = rows(said(case))
    assert "blisters" in found["Not known"]
    assert "keloid" in found["Not known"]
    assert "blisters" not in found["Looked for, absent"]
    assert "keloid" not in found["History"]


def test_of_an_open_case_all_is_not_known() -> None:
    found = rows(said(Case.from_dict({"findings": {"growing": True}})))
    assert found["Seen"] == BASE.facts["findings.growing"].short or "growth"
    assert found["Looked for, absent"] == "nothing was looked for"
    assert "Devices" not in found
    for label in ("pacemaker", "blisters", "age", "keloid"):
        assert label in found["Not known"]


def test_a_way_out_that_nobody_stated_is_not_known() -> None:
    entry = BASE.facts["findings.explained_by_histology"]
    assert (entry.short or entry.label) in rows(said(GROWING))["Not known"]


def test_what_stated_facts_settle_is_said_to_follow() -> None:
    case = Case.from_dict({**GROWING.to_dict(), "patient": {"age_years": 80}})
    assert "(by what is stated)" in rows(said(case))["Patient"]


def test_a_young_age_is_said_in_days_too() -> None:
    case = adult(age_years=0.03, pregnancy=None, blisters=True)
    assert "about 11 days" in rows(said(case))["Patient"]


def test_there_is_room_to_complete_and_to_sign() -> None:
    text = said(GROWING)
    for label in ("From", "Patient", "Born", "Number", "Signature"):
        assert f"{label}: _" in text
    assert "latex, plasters, antiseptics" in rows(text)["Allergies"]
    assert "☐" in rows(text)["Enclosed"]
    assert "Please copy to: the patient ☐" in text
    assert f"digest {BASE.digest}; draft, not clinically reviewed" in text


def test_the_patient_was_told_the_very_words_of_a_danger_of_today() -> None:
    case = adult(age_years=0.03, pregnancy=None, blisters=True)
    text = said(case)
    assert "“Take your baby to the emergency department now.”" in text
    assert "> **ALERT** Under 28 days" in text
    assert "examine and treat today" in text


def test_every_fact_that_holds_stands_in_every_letter() -> None:
    told = 0
    for vignette in sampled(vignettes(), 20):
        if vignette.expect.contradiction is not None:
            continue
        case = BASE.case(vignette.case_data)
        answer = assess(case, BASE)
        if answer.disposition.action != "refer":
            continue
        told += 1
        sheet = letter_sheet(answer.outcome, case.facts(), BASE)
        text = str(sheet)
        for name, value in case.facts().items():
            if value is True and not name.startswith("clinic."):
                entry = BASE.facts[name]
                words = {entry.short or entry.label, entry.label, entry.yes}
                assert any(each in text for each in words), (vignette.id, name)
    assert told > 5


def test_no_fact_stands_in_two_rows() -> None:
    every = [name for row in rows_of(BASE) for name in (*row.named, *row.others)]
    assert len(every) == len(set(every))
    left = {*BASE.vocabulary.readable} - {*every}
    assert {name.partition(".")[0] for name in left} == {"clinic"}


def test_a_page_holds_the_same_and_prints() -> None:
    page = letter(assess(GROWING))
    assert page.startswith("<!doctype html>")
    assert "Not known" in page
    assert "<script" not in page


def test_a_stored_answer_has_no_case_for_a_letter() -> None:
    stored = Assessment.from_json(assess(GROWING).to_json())
    with pytest.raises(NoCaseError):
        letter(stored)


def test_without_a_referral_there_is_none() -> None:
    with pytest.raises(NoReferralError, match="refers nobody, so there is no letter"):
        letter(assess(adult()))
