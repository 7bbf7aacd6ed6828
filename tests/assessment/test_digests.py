"""What stands under the digest of a decision, and what an answer may say beside it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import strategies as st

from milia_cds import Assessment, Case, CaseError, NoCaseError, assess, load_knowledge
from milia_cds.assessment.digests import (
    answer_digest,
    decision_content,
    decision_digest,
    to_verify,
)
from milia_cds.assessment.stored import content_digest
from milia_cds.knowledge.options import STANDINGS
from tests.common import adult
from tests.property.deciding import CASES, slow_law


def test_the_content_says_what_was_decided_and_no_more() -> None:
    content = decision_content(assess(adult()))
    facts, options = content.pop("facts"), content.pop("options")
    assert content == {
        "format": "milia-cds/decision/1",
        "scenarios": ["adult_few_face"],
        "alerts": {},
        "urgency": None,
        "disposition": {
            "action": "treat",
            "to": None,
            "urgency": None,
            "own": False,
            "also": {},
        },
        "measures": dict.fromkeys(load_knowledge().measures, "offered"),
    }
    assert facts["patient.age_years"] == 34
    assert facts["history.keloid"] is False  # by the screening
    assert None not in facts.values()
    assert options["extraction"] == {
        "verdict": "offered",
        "standing": "first_line",
        "best_standing": "first_line",
        "points": 80,
        "rank": 1,
    }
    assert options["minocycline"] == {
        "verdict": "not_indicated",
        "standing": "not_recommended",
        "best_standing": "not_recommended",
    }


def test_a_referral_says_where_to_for_whom_and_what_else() -> None:
    case = adult(growing=True, blisters=True, operator="dermatologist")
    content = decision_content(assess(case))
    assert content["urgency"] == content["disposition"]["urgency"]
    assert content["disposition"]["to"] == "dermatology"
    assert content["disposition"]["own"] is True


def test_a_decision_has_one_digest_however_its_case_is_given() -> None:
    case = adult(count=5)
    digest = decision_digest(assess(case))
    assert digest == content_digest(decision_content(assess(case)))
    assert digest == decision_digest(assess(adult(count=5.0)))
    assert digest == decision_digest(assess(load_knowledge().case(case.to_dict())))
    assert digest != decision_digest(assess(adult(count=6)))


def test_a_decision_has_one_digest_whatever_was_stated_or_filled() -> None:
    """The same facts are decided alike; what filled them is said by the answer."""
    stated = adult(**{"history.keloid": False})
    assert decision_digest(assess(stated)) == decision_digest(assess(adult()))


def test_the_digest_of_an_answer_is_over_the_json_that_was_handed_out() -> None:
    answer = assess(adult())
    digests = set()
    for detail in ("decision", "standard", "full"):
        said = answer.to_dict(detail)
        assert answer_digest(said) == said["digest"]
        assert answer_digest(json.loads(json.dumps(said))) == said["digest"]
        digests.add(said["digest"])
    digests.add(answer_digest({"cards": [{"summary": "Treat."}]}))
    assert len(digests) == 4


def test_a_stored_answer_has_no_decision() -> None:
    stored = Assessment.from_dict(assess(adult()).to_dict())
    for asked in (decision_content, decision_digest, to_verify):
        with pytest.raises(NoCaseError):
            asked(stored)


def test_what_is_verified_names_its_knowledge_and_what_was_asked() -> None:
    said = to_verify(assess(Case.from_dict({"lesion": {"site": "cheek"}})))
    assert said["knowledge"] == load_knowledge().digest
    assert said["policy"] is None
    assert said["digest"] == content_digest(said["decision"])
    assert "patient.age_years" in said["asks"]["options"]["extraction"]
    assert json.loads(json.dumps(said)) == said


@slow_law
def test_an_answer_says_more_than_the_decision_and_nothing_else(
    data: st.DataObject, kind: str
) -> None:
    try:
        answer = assess(data.draw(CASES[kind]))
    except CaseError:
        return
    decided = decision_content(answer)
    assert set(answer.scenarios) <= set(decided["scenarios"])
    for alert in answer.alerts:
        assert alert.certain >= decided["alerts"][alert.alert]
    certain = {each.alert for each in answer.alerts if each.certain}
    assert certain >= {name for name, sure in decided["alerts"].items() if sure}
    for option, before in decided["options"].items():
        _surer(before, answer, option)
    for measure in answer.measures:
        assert decided["measures"][measure.measure] in {measure.verdict, "withheld"}


def _surer(before: Mapping[str, Any], answer: Assessment, option: str) -> None:
    """An option has its verdict, or one that its unknowns left open."""
    lists = ("ranking", "withheld", "excluded", "not_indicated", "unavailable")
    names = ("offered", *lists[1:])
    [now] = [
        name
        for each, name in zip(lists, names, strict=True)
        if option in [entry.option for entry in getattr(answer, each)]
    ]
    assert now in {before["verdict"], "excluded"} or before["verdict"] == "withheld"
    assert now == "offered" or before["verdict"] != "offered"
    if before["verdict"] == "offered":
        place = answer.ranking[option]
        rank = STANDINGS.index(before["standing"])
        assert STANDINGS.index(place.standing) >= rank
