"""No answer says what its alerts, its urgency or its referral deny.

The words that mark a claim are looked for in every text of an answer, and in leaflets
and grids, which print texts of the knowledge beside it; no other face says more.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
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


def silenced(outcome: Outcome) -> set[str]:
    """The claims that an alert denies, each with what it is about."""
    return {
        claim for each in outcome.alerts for claim in BASE.alerts[each.alert].silences
    }


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
    names = {claim.partition(":")[0] for claim in silenced(outcome)}
    return {
        name
        for name, claim in BASE.claims.items()
        if claim.stands not in {"offered", "first"}
        and (name in names or not standing.get(claim.stands, True))
    }


def claims_made() -> dict[str, set[str]]:
    """What each sentence of the knowledge claims of something, such as of a drug."""
    made: dict[str, set[str]] = {}
    for placed in BASE.entries:
        claims = {
            claim
            for each in (*placed.within, placed.entry)
            for claim in getattr(each, "claims", ())
            if ":" in claim
        }
        for key in ("text", "plain") if claims else ():
            for said in sentences(getattr(placed.entry, key, "")):
                made.setdefault(said, set()).update(claims)
    return made


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


CLAIMS_MADE = claims_made()


def untrue(outcome: Outcome) -> list[str]:
    """The sentences of an answer with the words of a claim that may not stand.

    That one drug can go on may stand beside an alert that another must stop.
    """
    names, against = denied(outcome), silenced(outcome)
    return [
        said
        for said in (sentences(plain(outcome)) if names else ())
        if SPARED not in said
        for name in names
        if any(marker in said for marker in markers_of(name))
        if name in against or not _of_another(name, CLAIMS_MADE.get(said, ()), against)
    ]


def _of_another(name: str, claims: Collection[str], against: set[str]) -> bool:
    """Whether a sentence makes a claim, and only of what no alert is about."""
    own = {each for each in claims if each.startswith(f"{name}:")}
    return bool(own) and not own & against


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


def test_a_claim_is_denied_of_the_drug_alone_that_the_alert_is_about() -> None:
    topical = "history.topical_retinoid"
    said = next(each for each in CLAIMS_MADE if "no retinoid on the spot" in each)
    assert CLAIMS_MADE[said] == {f"goes_on:{topical}"}
    assert _of_another("goes_on", CLAIMS_MADE[said], {"goes_on:history.tetracycline"})
    assert not _of_another("goes_on", CLAIMS_MADE[said], {f"goes_on:{topical}"})
    assert not _of_another("goes_on", (), {"goes_on:history.tetracycline"})


def test_a_claim_that_may_not_stand_would_be_found() -> None:
    ill, well = (assess(Case.from_dict(each)).outcome for each in (HERPES, NEWBORN))
    assert denied(ill) >= {"nothing_needed", "waiting_safe", "now"}
    assert denied(well) == set()
    markers = [each for claim in BASE.claims.values() for each in claim.markers]
    assert any(m in said for said in sentences(plain(well)) for m in markers)
