"""What a clinician heard when answers were read aloud, and must not hear again.

Dangers and doubt come first in an answer that is not decided, each sentence with its
"if"; no sentence speaks of what is not offered here, or to somebody else.
"""

from __future__ import annotations

import re
from typing import Any

import pytest

from milia_cds import Case, assess
from milia_cds.assessment.assessment import Assessment
from milia_cds.assessment.base import load_knowledge
from milia_cds.knowledge.dangers import URGENCIES
from tests.common import ADULT

BASE = load_knowledge()
SCREENED = ["findings", "history"]
MAN = {**ADULT["patient"], "age_years": 40, "pregnancy": "not_possible"}


def answer(*, screened: bool = True, **stated: Any) -> Assessment:
    """Assess an adult with a few milia on the cheek, but for what is stated."""
    sections: dict[str, Any] = {**ADULT, "patient": MAN}
    for name, facts in stated.items():
        sections[name] = {**sections.get(name, {}), **facts}
    if screened:
        sections["assume_absent"] = SCREENED
    return assess(Case.from_dict(sections))


def plaque(**stated: Any) -> Assessment:
    lesion = {"pattern": "plaque", "site": "periauricular", "count": 30}
    return answer(lesion=lesion, **stated)


def spoken(given: Assessment) -> str:
    return re.sub(r"\s+", " ", given.text(detail="standard"))


def why(given: Assessment) -> str:
    return " ".join(each.text for each in given.disposition.because)


UNDECIDED = {
    "nothing screened": answer(screened=False),
    "a baby": answer(screened=False, patient={"age_years": 0.04}),
    "a child": answer(screened=False, patient={"age_years": 7}),
    "a plaque": answer(screened=False, lesion={"pattern": "plaque"}),
    "a lid margin": answer(screened=False, lesion={"site": "lid_margin"}),
    "a drug": answer(
        screened=False,
        patient={"pregnancy": "pregnant"},
        history={"isotretinoin": "current"},
    ),
}


@pytest.mark.parametrize("name", UNDECIDED)
def test_dangers_and_doubt_come_before_treatment(name: str) -> None:
    rows = [
        BASE.scenarios[scenario].action[int(place) - 1]
        for reason in UNDECIDED[name].disposition.because
        for scenario, _, place in [reason.rule.rpartition(".")]
    ]
    ranks = [URGENCIES.index(row.urgency or URGENCIES[0]) for row in rows]
    assert ranks == sorted(ranks, reverse=True)
    acts = [row.act == "refer" for row in rows]
    assert acts == sorted(acts, reverse=True)


@pytest.mark.parametrize("name", UNDECIDED)
def test_each_sentence_of_an_undecided_answer_has_its_if(name: str) -> None:
    for reason in UNDECIDED[name].disposition.because:
        assert reason.if_, reason.rule


@pytest.mark.parametrize("name", UNDECIDED)
def test_what_could_be_an_emergency_is_asked_for_by_name(name: str) -> None:
    said = spoken(UNDECIDED[name])
    (line,) = re.findall(r"Could be an emergency: ask first about ([^.]*)\.", said)
    assert "illness now" in line
    assert "blisters" in line


def test_only_what_is_for_another_day_is_put_off() -> None:
    for reason in UNDECIDED["a drug"].disposition.because:
        refers = reason.rule.startswith(("red_flag.", "uncertain_diagnosis."))
        assert not (refers and "another day" in reason.text), reason.rule


def test_what_holds_unless_a_row_above_does_is_said_as_the_other_case() -> None:
    given = answer(clinic={"operator": "aesthetician"})
    first, last = given.disposition.because
    assert first.if_
    assert "may not open milia here: An aesthetician" not in spoken(given)
    assert last.text.startswith("Otherwise: ")


def test_where_watching_is_the_first_choice_nothing_is_said_in_general() -> None:
    given = plaque(patient={"age_years": 6})
    assert given.disposition.action == "observe"
    assert given.disposition.because[0].text.startswith("Watching is the first choice.")


def test_what_is_left_of_a_text_is_not_said_in_general() -> None:
    given = answer(findings={"active_herpes": True})
    assert given.disposition.because[0].text.startswith("Observation comes first")
    assert "In general:" not in why(given)


def test_histology_that_explains_is_not_asked_for_again() -> None:
    assert "Histology first" in why(plaque())
    explained = {"hair_loss_over_lesion": True, "explained_by_histology": True}
    for site in ("periauricular", "upper_eyelid", "neck"):
        given = answer(lesion={"pattern": "plaque", "site": site}, findings=explained)
        assert given.disposition.action == "treat"
        assert "Histology first" not in why(given)


def test_ways_are_compared_only_where_both_are_open() -> None:
    assert "which way is better" in why(plaque())
    assert "which way is better" not in why(plaque(patient={"pregnancy": "pregnant"}))


def test_an_aesthetician_is_not_told_that_a_plaque_can_be_excised() -> None:
    lesion = {"pattern": "plaque", "site": "neck"}
    assert "excised" in why(answer(lesion=lesion))
    assert "excised" not in why(answer(lesion=lesion, clinic={"operator": "nurse"}))


def test_words_for_a_child_are_not_said_to_an_adult() -> None:
    crease = {"site": "nasal_crease"}
    assert "atopic child" in why(answer(lesion=crease, patient={"age_years": 9}))
    assert "atopic child" not in why(answer(lesion=crease))


def test_nothing_is_referred_soon_beside_a_baby_sent_to_hospital_now() -> None:
    given = answer(patient={"age_years": 0.04}, findings={"infected": True})
    assert given.disposition.urgency == "emergency"
    assert given.disposition.also == ()
    assert "soon" not in spoken(given)


def test_an_age_settles_for_its_own_reason() -> None:
    for age, said in ((0.04, "before 10"), (40, "hysterectomy")):
        assert said in spoken(answer(patient={"age_years": age}))
    assert "hysterectomy" not in spoken(answer(patient={"age_years": 0.04}))


def test_no_retinoid_is_named_to_one_who_may_not_have_it() -> None:
    dark = {"pregnancy": "pregnant", "phototype": 6}
    (first, *_) = answer(patient=dark).ranking
    assert not any("retinoid" in each.text for each in first.cautions)


def test_many_milia_are_not_said_to_go_in_one_visit() -> None:
    given = answer(lesion={"count": 60})
    assert "in one visit" not in " ".join(given.text(detail="short").split())
