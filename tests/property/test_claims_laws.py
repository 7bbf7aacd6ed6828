"""No answer says what its alerts, its urgency or its referral deny.

The words that mark a claim are looked for in every text of an answer, and in leaflets
and grids, which print texts of the knowledge beside it; no other face says more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from hypothesis import HealthCheck, given, reject, settings

from milia_cds import Case, ContradictionError, assess, leaflet, load_knowledge
from milia_cds.explanation.outcome import Outcome
from milia_cds.knowledge.dangers import URGENCIES, URGENT
from milia_cds.knowledge.records import plain
from milia_cds.testing import hostile_cases, near_patients
from tests import common
from tests.common import THOROUGH

BASE = load_knowledge()
SPARED = f"for the {BASE.vocabulary.domain}"
NOT_SAID = {"alerts", "knowledge", "questions", "trace", "assumptions"}
"""What names rules and facts, or is said because of the danger itself."""

SOME = settings(
    max_examples=20_000 if THOROUGH else 30,
    deadline=None,
    derandomize=not THOROUGH,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


def denied(outcome: Outcome) -> set[str]:
    """The claims that may not stand beside an answer, about anything."""
    today = any(URGENCIES.index(each.urgency) > URGENT for each in outcome.alerts)
    hurried = outcome.disposition.action == "refer" or (
        outcome.urgency is not None and URGENCIES.index(outcome.urgency) > URGENT
    )
    standing = {
        "unhurried": not (today or hurried),
        "no_alert_today": not today,
    }
    silenced = {
        claim.partition(":")[0]
        for each in outcome.alerts
        for claim in BASE.alerts[each.alert].silences
    }
    return {
        name
        for name, claim in BASE.claims.items()
        if claim.stands not in {"offered", "first"}
        and (name in silenced or not standing.get(claim.stands, True))
    }


def sentences(part: Any) -> Iterator[str]:
    if isinstance(part, Mapping):
        for key, each in part.items():
            if key not in NOT_SAID:
                yield from sentences(each)
    elif isinstance(part, list):
        for each in part:
            yield from sentences(each)
    elif isinstance(part, str):
        yield from re.split(r"(?<=[.!?]) ", part.lower())


def untrue(outcome: Outcome) -> list[str]:
    """The sentences of an answer with the words of a claim that may not stand."""
    markers = [m for name in denied(outcome) for m in markers_of(name)]
    return [
        said
        for said in (sentences(plain(outcome)) if markers else ())
        if SPARED not in said and any(marker in said for marker in markers)
    ]


@SOME
@given(case=near_patients())
def test_a_near_patient_is_told_nothing_that_the_answer_denies(case: Case) -> None:
    assert untrue(assess(case).outcome) == []


@SOME
@given(case=hostile_cases())
def test_whatever_is_stated_nothing_is_told_that_the_answer_denies(case: Case) -> None:
    try:
        outcome = assess(case).outcome
    except ContradictionError:
        reject()
    assert untrue(outcome) == []


def test_no_vignette_is_told_anything_that_the_answer_denies() -> None:
    wrong = {}
    for vignette in common.sampled(common.vignettes(), 4):
        try:
            outcome = assess(Case.from_dict(vignette.case_data)).outcome
        except ContradictionError:
            continue
        wrong[vignette.id] = untrue(outcome)
    assert {name: said for name, said in wrong.items() if said} == {}


def test_no_leaflet_and_no_grid_says_what_the_answer_denies() -> None:
    wrong, looked_at = {}, 0
    for vignette in common.sampled(common.vignettes(), 4):
        try:
            answer = assess(Case.from_dict(vignette.case_data))
        except ContradictionError:
            continue
        markers = [m for name in denied(answer.outcome) for m in markers_of(name)]
        for place in answer.ranking[:1] if markers and answer.alerts else ():
            page = re.sub(r"<[^>]+>", "\n", str(leaflet(answer, place.option)))
            page += f"\n{' '.join(str(answer.compare()).split())}"
            looked_at += 1
            said = [
                each
                for each in re.split(r"(?<=[.!?])\s|\n", page.lower())
                if SPARED not in each and any(marker in each for marker in markers)
            ]
            if said:
                wrong[vignette.id] = said
    assert wrong == {}
    assert looked_at > 1


def markers_of(claim: str) -> tuple[str, ...]:
    return BASE.claims[claim].markers


NEWBORN = {
    "patient": {"age_years": 0.03},
    "lesion": {"origin": "primary", "site": "nose", "diagnosis": "confirmed"},
    "assume_absent": ["findings", "history"],
}
HERPES = {**NEWBORN, "findings": {"active_herpes": True}}


def test_a_claim_that_may_not_stand_would_be_found() -> None:
    ill, well = (assess(Case.from_dict(each)).outcome for each in (HERPES, NEWBORN))
    assert denied(ill) >= {"nothing_needed", "waiting_safe", "now"}
    assert denied(well) == set()
    markers = [each for claim in BASE.claims.values() for each in claim.markers]
    assert any(m in said for said in sentences(plain(well)) for m in markers)
