"""An assessment as a Bundle: what it says, what it proposes, and what it never does."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given, settings

from milia_cds import (
    Assessment,
    Case,
    WrongTypeError,
    assess,
    load_knowledge,
)
from milia_cds.adapters.fhir.reading import FactEvidence, Reading, RecordSource
from milia_cds.adapters.fhir.writing import PRIORITY, SEVERITY, write_fhir
from milia_cds.assessment.stored import sealed
from milia_cds.knowledge.dangers import URGENCIES, Urgency
from milia_cds.render.phrases import conditional
from milia_cds.testing import hostile_cases, near_patients
from tests.adapters.fhir.wellformed import faults
from tests.common import SCREENED, THOROUGH, adult, patients, sampled, vignettes
from tests.otherworld.test_otherworld import BASE as DRAGONS
from tests.otherworld.test_otherworld import POLICY as DRAGON_POLICY
from tests.otherworld.test_otherworld import WET

AT = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
TODAY: tuple[Urgency, ...] = ("same_day", "emergency")
ACCEPTED = [each for each in vignettes() if each.expect.contradiction is None]
LAWS = settings(
    deadline=None, derandomize=not THOROUGH, max_examples=2000 if THOROUGH else 8
)


def written(assessment: Assessment, **more: Any) -> dict[str, Any]:
    return write_fhir(assessment, patient="Patient/1", at=AT, **more)


def resources(bundle: Mapping[str, Any], kind: str = "") -> list[dict[str, Any]]:
    every = (each["resource"] for each in bundle["entry"])
    return [each for each in every if kind in ("", each["resourceType"])]


def one(bundle: Mapping[str, Any], kind: str) -> dict[str, Any]:
    [found] = resources(bundle, kind)
    return found


def codes(bundle: Mapping[str, Any], system: str) -> list[str]:
    """The codes of one of our own systems among the requests."""
    return [
        coding["code"]
        for each in resources(bundle, "ServiceRequest")
        for coding in each["code"]["coding"]
        if coding["system"] == f"urn:milia-cds:{system}"
    ]


def case_named(name: str) -> Case:
    return patients()[name]


@cache
def healthy() -> dict[str, Any]:
    """What is written of the healthy adult, who may choose."""
    return written(assess(Case.from_dict(SCREENED)))


def unmarked(markdown: str) -> str:
    return re.sub(r"\\(?=[^\w\s])", "", markdown)


# -- laws --


def holds(assessment: Assessment) -> None:
    """Every law about what is written of an assessment."""
    bundle = written(assessment)
    outcome = assessment.outcome

    assert faults(bundle) == []
    proposed = codes(bundle, "option")
    offered = [each.option for each in outcome.ranking]
    danger = any(each.urgency in TODAY for each in outcome.alerts)
    assert proposed == ([] if danger or outcome.urgency in TODAY else offered)
    kinds = [each["resourceType"] for each in resources(bundle)]
    alerts = len(outcome.alerts)
    assert kinds[:alerts] == ["DetectedIssue"] * alerts
    assert kinds[alerts] == "GuidanceResponse"
    for each in resources(bundle):
        says_what_it_is(each, outcome.knowledge.notice, outcome.knowledge.digest)
        assert each.get("intent", "proposal") == "proposal"
        assert each["resourceType"] != "MedicationRequest"
    referred = codes(bundle, "destination")
    assert bool(referred) is (
        bool(outcome.disposition.also)
        or (outcome.disposition.action == "refer" and not outcome.disposition.own)
    )
    assert one(bundle, "GuidanceResponse")["status"] == status_of(assessment)


def says_what_it_is(resource: Mapping[str, Any], notice: str, digest: str) -> None:
    [tag, *_] = resource["meta"]["tag"]
    assert (tag["code"], tag["display"]) == (digest, notice)
    assert digest in resource["text"]["div"]
    assert notice.lower() in resource["text"]["div"].lower()


def status_of(assessment: Assessment) -> str:
    if assessment.disposition.action == "needs_information":
        return "data-required"
    return "data-requested" if assessment.questions else "success"


@pytest.mark.parametrize("name", sampled(patients(), 5))
def test_the_laws_hold_for_patients(name: str) -> None:
    holds(assess(patients()[name]))


@pytest.mark.parametrize("name", [each.id for each in sampled(ACCEPTED, 50)])
def test_the_laws_hold_for_vignettes(name: str) -> None:
    [vignette] = [each for each in ACCEPTED if each.id == name]
    holds(assess(Case.from_dict(vignette.case_data)))


@LAWS
@given(near_patients() | hostile_cases())
def test_the_laws_hold_for_any_case(case: Case) -> None:
    holds(assess(case))


# -- dangers --


def test_a_certain_danger_stands_first_and_nothing_is_proposed_beside_it() -> None:
    case = adult(pregnancy="pregnant", isotretinoin="current")
    bundle = written(assess(case))

    first = resources(bundle)[0]
    assert first["resourceType"] == "DetectedIssue"
    assert first["code"]["coding"][0]["code"] == "oral_retinoid_in_pregnancy"
    assert (first["status"], first["severity"]) == ("final", "high")
    assert "the prescriber" in first["detail"]
    assert "the same day" in first["detail"]
    assert assess(case).ranking
    assert codes(bundle, "option") == []
    assert resources(bundle, "RequestGroup") == []
    texts = [each["text"] for each in one(bundle, "GuidanceResponse")["note"]]
    assert "Nothing is proposed until the danger has been dealt with." in texts


def test_nothing_is_proposed_until_a_danger_has_been_asked_about() -> None:
    bundle = written(assess(case_named("teen15 cheek acne isotret")))

    first = resources(bundle)[0]
    assert first["status"] == "preliminary"
    assert first["detail"].startswith("Ask now: breastfeeding.")
    assert codes(bundle, "option") == []


def test_a_danger_names_the_facts_that_make_it_one() -> None:
    bundle = written(assess(adult(isotretinoin="current", breastfeeding=True)))

    [evidence] = resources(bundle, "DetectedIssue")[0]["evidence"]
    facts = {each["coding"][0]["code"]: each["text"] for each in evidence["code"]}
    assert facts["history.isotretinoin"] == "Oral isotretinoin: being taken now"


def test_a_danger_that_can_wait_leaves_the_proposals() -> None:
    bundle = written(assess(case_named("BDD")))

    assert resources(bundle)[0]["severity"] == "moderate"
    assert codes(bundle, "option")


# -- the answer --


def test_a_settled_answer_is_a_success_and_asks_for_nothing() -> None:
    guidance = one(healthy(), "GuidanceResponse")

    assert guidance["status"] == "success"
    assert "dataRequirement" not in guidance
    assert guidance["subject"] == {"reference": "Patient/1"}
    assert load_knowledge().digest in guidance["moduleUri"]


def test_what_is_open_is_asked_by_the_items_of_the_form() -> None:
    answer = assess(case_named("typical emr"))
    guidance = one(written(answer), "GuidanceResponse")

    assert guidance["status"] == "data-required"
    asked = [each["codeFilter"][0]["code"] for each in guidance["dataRequirement"]]
    assert [[c["code"] for c in each] for each in asked] == [
        [*each.facts] for each in answer.questions
    ]
    assert {c["system"] for each in asked for c in each} == {
        "urn:milia-cds:questionnaire:1"
    }
    texts = " ".join(each["text"] for each in guidance["note"])
    assert "Could be an emergency: ask first about" in texts


def test_an_answer_that_a_fact_may_change_requests_it() -> None:
    guidance = one(written(assess(case_named("pacemaker"))), "GuidanceResponse")

    assert guidance["status"] == "data-requested"
    assert "result" in guidance


def test_what_is_odd_about_the_facts_is_said() -> None:
    answer = assess(Case.from_dict({"patient": {"age_years": 62, "pregnancy": "none"}}))
    warned = assess(
        Case.from_dict({"patient": {"age_years": 62, "pregnancy": "pregnant"}})
    )

    def odd(each: Assessment) -> list[str]:
        notes = one(written(each), "GuidanceResponse")["note"]
        return [note["text"] for note in notes if note["text"].startswith("Odd: ")]

    assert (len(odd(answer)), len(odd(warned))) == (
        len(answer.warnings),
        len(warned.warnings),
    )
    assert odd(warned)


# -- options --


def test_at_most_one_of_the_offered_options_is_proposed() -> None:
    group = one(healthy(), "RequestGroup")

    [parent] = group["action"]
    assert parent["selectionBehavior"] == "at-most-one"
    assert (group["status"], group["intent"]) == ("draft", "proposal")
    places = {each["fullUrl"]: each["resource"] for each in healthy()["entry"]}
    pointed = [places[leaf["resource"]["reference"]] for leaf in parent["action"]]
    assert pointed == resources(healthy(), "ServiceRequest")
    assert parent["action"][0]["prefix"] == "1"
    guidance = one(healthy(), "GuidanceResponse")
    assert places[guidance["result"]["reference"]] == group


def test_a_proposal_has_the_cautions_of_its_option() -> None:
    answer = assess(adult(keloid=True))
    proposals = resources(written(answer), "ServiceRequest")

    for place, proposal in zip(answer.ranking, proposals, strict=True):
        texts = [unmarked(note["text"]) for note in proposal["note"]]
        for caution in place.cautions:
            assert conditional(caution.text, caution.if_) in texts


def test_what_is_withheld_or_excluded_is_no_request() -> None:
    answer = assess(Case.from_dict(SCREENED).stating(pregnancy=None))
    aside = {each.option for each in answer.withheld}
    aside |= {each.option for each in answer.excluded}

    assert aside
    assert codes(written(answer), "option")
    assert not aside & {*codes(written(answer), "option")}


# -- referrals --


@pytest.mark.parametrize(
    ("name", "to", "priority"),
    [
        ("lid margin derm", "oculoplastics", "routine"),
        ("infant widespread syndromic", "paediatric_dermatology", "urgent"),
        ("sebhyper bcc", "dermatology", "urgent"),
        ("newborn blisters", "emergency", "stat"),
    ],
)
def test_a_referral_has_its_destination_and_priority(
    name: str, to: str, priority: str
) -> None:
    bundle = written(assess(case_named(name)))

    [referral] = [
        each
        for each in resources(bundle, "ServiceRequest")
        if each["code"]["coding"][0]["system"] == "urn:milia-cds:destination"
    ]
    label = load_knowledge().destinations[to].label
    assert referral["code"]["coding"][0]["code"] == to
    assert referral["performerType"]["text"] == label
    assert referral["priority"] == priority
    assert referral["note"][0]["text"].startswith("How soon: ")


def test_a_priority_is_never_less_than_the_urgency() -> None:
    order = ["routine", "urgent", "asap", "stat"]
    ranks = [order.index(PRIORITY[each]) for each in URGENCIES]
    assert ranks == sorted(ranks)
    assert (PRIORITY["same_day"], PRIORITY["emergency"]) == ("asap", "stat")
    assert [SEVERITY[each] for each in TODAY] == ["high", "high"]


def test_nobody_is_referred_to_the_operator_s_own_field() -> None:
    answer = assess(case_named("infected cheek GP"))

    assert answer.disposition.own
    assert codes(written(answer), "destination") == []


def test_a_further_referral_is_one_more_request() -> None:
    answer = next(
        answer
        for each in ACCEPTED
        for answer in [assess(Case.from_dict(each.case_data))]
        if answer.disposition.also
    )
    referred = codes(written(answer), "destination")

    assert [each.to for each in answer.disposition.also] == referred[-1:]


# -- where it comes from --


def test_the_provenance_names_all_and_the_knowledge() -> None:
    provenance = one(healthy(), "Provenance")

    places = [each["fullUrl"] for each in healthy()["entry"]]
    assert [each["reference"] for each in provenance["target"]] == places[:-1]
    [entity] = provenance["entity"]
    assert entity["what"]["identifier"]["value"] == load_knowledge().digest
    assert provenance["agent"][0]["who"]["display"].startswith("milia-cds ")


def read_from(*references: tuple[str, str]) -> Reading:
    base = load_knowledge()
    sources = tuple(RecordSource(*each, "rule") for each in references)
    evidence = {
        "patient.preterm": FactEvidence("patient.preterm", False, sources, "said"),
        "history.lupus": FactEvidence(
            "history.lupus", None, (RecordSource("Condition/9", "", "r"),), "open"
        ),
    }
    return Reading(base.case({}), evidence, (), ())


def test_the_provenance_names_what_was_read() -> None:
    uuid = "urn:uuid:0a1b2c3d-0a1b-4c3d-8a1b-0a1b2c3d4e5f"
    reading = read_from(
        ("Condition/1", "3"), ("Condition/1", "3"), ("Device/2", ""), (uuid, "1")
    )
    bundle = written(assess(Case()), reading=reading)

    what = [each["what"] for each in one(bundle, "Provenance")["entity"][1:]]
    assert what == [
        {"reference": "Condition/1/_history/3"},
        {"reference": "Device/2"},
        {"reference": uuid},
    ]
    assert faults(bundle) == []


@pytest.mark.parametrize("hostile", ["local:guidance", "a b", "", "Condition/<b>"])
def test_a_hostile_reference_is_words(hostile: str) -> None:
    bundle = written(assess(Case()), reading=read_from((hostile, "1")))

    [_, entity] = one(bundle, "Provenance")["entity"]
    assert [*entity["what"]] == ["display"]
    assert faults(bundle) == []


# -- the same content, the same ids --


def test_what_is_written_again_is_the_same() -> None:
    case = Case.from_dict(SCREENED)

    assert written(assess(case)) == written(assess(case))


@pytest.mark.parametrize(
    "other",
    [
        {"patient": "Patient/2", "at": AT},
        {"patient": "Patient/1", "at": AT + timedelta(seconds=1)},
    ],
)
def test_what_differs_has_other_ids(other: dict[str, Any]) -> None:
    bundle = write_fhir(assess(Case.from_dict(SCREENED)), **other)

    ours = {each["fullUrl"] for each in healthy()["entry"]}
    assert not ours & {each["fullUrl"] for each in bundle["entry"]}


# -- what is given --


@pytest.mark.parametrize(
    ("given", "reference"),
    [
        ("Patient/1", "Patient/1"),
        ("1", "Patient/1"),
        ("https://fhir.example/r4/Patient/1", "https://fhir.example/r4/Patient/1"),
        (
            "urn:uuid:0a1b2c3d-0a1b-4c3d-8a1b-0a1b2c3d4e5f",
            "urn:uuid:0a1b2c3d-0a1b-4c3d-8a1b-0a1b2c3d4e5f",
        ),
    ],
)
def test_a_patient_is_named_in_any_form(given: str, reference: str) -> None:
    bundle = write_fhir(assess(Case()), patient=given, at=AT)

    assert one(bundle, "GuidanceResponse")["subject"] == {"reference": reference}


@pytest.mark.parametrize("given", ["", "Condition/1", "local:guidance", "a b", 1, None])
def test_what_is_no_patient_is_refused(given: Any) -> None:
    with pytest.raises(WrongTypeError, match="reference to a patient"):
        write_fhir(assess(Case()), patient=given, at=AT)


@pytest.mark.parametrize(
    "at",
    [
        date(2026, 11, 30),
        AT.replace(tzinfo=None),
        AT.astimezone(timezone(timedelta(seconds=90))),
        "2026-11-30T09:00:00Z",
    ],
)
def test_a_time_that_fhir_cannot_write_is_refused(at: Any) -> None:
    with pytest.raises(WrongTypeError, match="zone"):
        write_fhir(assess(Case()), patient="1", at=at)


def test_what_is_no_assessment_is_refused() -> None:
    with pytest.raises(WrongTypeError, match="takes an Assessment"):
        written(Case())  # type: ignore[arg-type]  # it must be refused


def test_a_stored_assessment_is_written_as_it_was() -> None:
    answer = assess(Case.from_dict(SCREENED))

    assert written(Assessment.from_json(answer.to_json())) == healthy()


def test_one_whose_knowledge_is_not_at_hand_says_so() -> None:
    plain = json.loads(assess(Case.from_dict(SCREENED)).to_json())
    plain["knowledge"]["digest"] = "sha256:of-another-knowledge"
    foreign = Assessment.from_dict(sealed(plain))

    with pytest.raises(WrongTypeError, match="needs the knowledge"):
        written(foreign)
    bundle = written(foreign, knowledge=load_knowledge())
    assert faults(bundle) == []
    for each in resources(bundle):
        assert "not checked" in each["text"]["div"].lower()


# -- other knowledge --


def test_another_domain_is_written_too() -> None:
    bundle = written(assess(DRAGONS.case(WET), DRAGONS))

    assert faults(bundle) == []
    text = json.dumps(bundle).replace("milia-cds", "")
    assert "milia" not in text


def test_the_policy_of_a_clinic_is_named(tmp_path: Path) -> None:
    policy = tmp_path / "policy.toml"
    policy.write_text(DRAGON_POLICY, encoding="utf-8")
    base = load_knowledge(
        Path(__file__).parents[2] / "otherworld/knowledge", policy=policy
    )
    bundle = written(assess(base.case(WET), base))

    assert faults(bundle) == []
    for each in resources(bundle):
        assert [tag["system"] for tag in each["meta"]["tag"]] == [
            "urn:milia-cds:knowledge",
            "urn:milia-cds:policy",
        ]
        assert "The northern stables" in each["text"]["div"]


def renamed(edit: Callable[[Any], Any]) -> Assessment:
    """The answer of the healthy adult, whose words were edited."""
    answer = assess(Case.from_dict(SCREENED))
    outcome = edit(answer.outcome)
    return Assessment(outcome=outcome, base=load_knowledge())


def test_the_guidance_is_the_brief_and_no_longer() -> None:
    """What only may hold is not listed: an empty case had 45 paragraphs of it."""
    for case in (Case(), Case.from_dict(SCREENED)):
        answer = assess(case)
        guidance = one(written(answer), "GuidanceResponse")
        said = [note["text"] for note in guidance["note"]]
        assert answer.disposition.headline.rstrip(".") in said[0]
        assert len(said) <= 14
        assert not any(text.startswith("If ") for text in said)


def test_hostile_words_stay_words() -> None:
    evil = '<script>alert("1")</script> & \u202e**x** [a](b)\x00'

    def edit(outcome: Any) -> Any:
        plan, *parts = outcome.brief
        lines = (attrs.evolve(plan.lines[0], text=evil), *plan.lines[1:])
        brief = (attrs.evolve(plan, lines=lines), *parts)
        first = attrs.evolve(outcome.ranking[0], label=evil)
        ranking = (first, *outcome.ranking[1:])
        return attrs.evolve(outcome, brief=brief, ranking=ranking, trace=())

    bundle = written(renamed(edit))

    assert faults(bundle) == []
    for each in resources(bundle):
        assert "<script" not in each["text"]["div"]
    note = one(bundle, "GuidanceResponse")["note"][0]["text"]
    assert "\\<script\\>" in note
    assert "\\*\\*x" in note
