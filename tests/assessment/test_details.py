"""The lengths of an answer as JSON: their bounds, what each says, and their schema."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import jsonschema
import pytest

from milia_cds import Assessment, Case, assess, load_knowledge, result_schema
from milia_cds.assessment.details import JSON_DETAILS, MOST_BYTES
from milia_cds.assessment.stored import content_digest
from milia_cds.errors import CaseError
from tests.common import THOROUGH, adult, vignettes

BASE = load_knowledge()
LARGEST = {"unknown_everything", "one_cryotherapy_forbidden_4"}
"""The vignettes of the largest decision and of the largest standard."""
SAMPLE = [
    each.id
    for place, each in enumerate(vignettes())
    if THOROUGH or place % 90 == 0 or each.id in LARGEST
]
EVERY = pytest.mark.parametrize("detail", JSON_DETAILS)
ACCEPTS = jsonschema.Draft202012Validator(result_schema())


@cache
def of(vignette: str) -> Assessment | None:
    [each] = [each for each in vignettes() if each.id == vignette]
    try:
        return assess(Case.from_dict(each.case_data))
    except CaseError:
        return None


@cache
def pregnant() -> Assessment:
    return assess(adult(pregnancy="pregnant", isotretinoin="current", keloid=None))


@pytest.mark.parametrize("vignette", SAMPLE)
def test_no_detail_is_longer_than_it_may_be_and_all_are_of_the_schema(
    vignette: str,
) -> None:
    answer = of(vignette)
    if answer is None:
        return
    for detail in JSON_DETAILS:
        text = answer.to_json(detail)
        assert len(text.encode()) <= MOST_BYTES.get(detail, len(text))
        ACCEPTS.validate(json.loads(text))


def test_the_bounds_are_four_and_forty_thousand_bytes() -> None:
    assert MOST_BYTES == {"decision": 4_000, "standard": 40_000}


def test_a_decision_is_what_a_machine_acts_on() -> None:
    answer = pregnant()
    first, asked = answer.alerts
    assert answer.to_dict("decision") == {
        "format": "milia-cds/assessment/1",
        "detail": "decision",
        "status": "indeterminate",
        "exact": True,
        "urgency": "same_day",
        "alerts": [
            {
                "alert": "oral_retinoid_in_pregnancy",
                "certain": True,
                "urgency": "same_day",
                "to": list(first.to),
                "asks": [],
            },
            {
                "alert": "oral_retinoid_breastfeeding",
                "certain": False,
                "urgency": "same_day",
                "to": list(asked.to),
                "asks": ["patient.breastfeeding"],
            },
        ],
        "disposition": {
            "action": "treat",
            "to": None,
            "urgency": None,
            "at_worst": None,
            "own": False,
            "also": [],
        },
        "scenarios": ["on_isotretinoin"],
        "ranking": [
            {"option": each.option, "rank": each.rank, "standing": each.standing}
            for each in answer.ranking
        ],
        "withheld": [
            {"option": each.option, "ask": each.asks[0], "more": len(each.asks) - 1}
            for each in answer.withheld
        ],
        "excluded": [
            {"option": each.option, "rule": each.because[0].rule}
            for each in answer.excluded
        ],
        "not_indicated": [each.option for each in answer.not_indicated],
        "unavailable": [],
        "questions": [
            {"screen": each.screen, "facts": list(each.facts)}
            for each in answer.questions
        ],
        "left_out": {},
        "knowledge": {
            "version": BASE.about.version,
            "digest": BASE.digest,
            "status": "draft",
            "notice": "draft, not clinically reviewed",
            "overdue": False,
            "policy": None,
        },
        "engine": answer.outcome.engine,
        "digest": answer.to_dict("decision")["digest"],
    }


def test_a_withheld_option_names_the_fact_that_is_asked_for_next() -> None:
    answer = assess(adult(phototype=None, pregnancy=None, growing=None))
    order = [fact for each in answer.questions for fact in each.facts]
    for each in answer.to_dict("decision")["withheld"]:
        asks = answer[each["option"]].asks  # type: ignore[union-attr]  # it is withheld
        assert each["ask"] == min(asks, key=order.index)
        assert each["more"] == len(asks) - 1


def test_what_a_decision_has_no_room_for_is_counted() -> None:
    answer = of("unknown_everything")
    assert answer is not None
    decision = answer.to_dict("decision")
    said, left = len(decision["questions"]), decision["left_out"]["questions"]
    assert said
    assert said + left == len(answer.questions)
    assert [each["option"] for each in decision["withheld"]] == [
        each.option for each in answer.withheld
    ]


ADVICE = {
    *("never", "home_care", "red_flags_to_watch", "expectations"),
    *("mimics", "prevention", "measures"),
}
"""What goes first where a standard has no room: advice that holds for many."""


def test_the_standard_has_the_texts_of_the_first_options_and_no_trace() -> None:
    answer = assess(adult())
    full, said = answer.to_dict(), answer.to_dict("standard")
    assert "trace" not in said
    assert said["ranking"][0] == full["ranking"][0]
    assert said["ranking"][-1] == {
        key: full["ranking"][-1][key] for key in said["ranking"][-1]
    }
    assert "risks" not in said["ranking"][-1]
    for key in ("alerts", "status", "urgency", "scenarios", "knowledge", "excluded"):
        assert said[key] == full[key], key
    assert {each.partition("[")[0] for each in said["left_out"]} <= ADVICE


@pytest.mark.parametrize("vignette", sorted(LARGEST))
def test_no_option_and_no_alert_is_left_out_and_what_is_cut_is_counted(
    vignette: str,
) -> None:
    answer = of(vignette)
    assert answer is not None
    full, said = answer.to_dict(), answer.to_dict("standard")
    assert said["alerts"] == full["alerts"]
    for verdict in ("ranking", "withheld", "excluded", "not_indicated", "unavailable"):
        named = [each["option"] for each in full[verdict]]
        assert [each["option"] for each in said[verdict]] == named
    for path, count in said["left_out"].items():
        assert count == len(at(full, path)) - len(at(said, path))
        assert at(said, path) == at(full, path)[: len(at(said, path))]
    for place, each in enumerate(said["withheld"]):
        lists = {"because", "asks", "asks_for"}
        whole = full["withheld"][place]
        assert {k: v for k, v in each.items() if k not in lists} == {
            k: v for k, v in whole.items() if k not in lists
        }
        assert len(each["asks"]) == len(each["asks_for"])


def at(data: Any, path: str) -> Any:
    """What stands at a path such as "withheld[2].because"."""
    for step in path.replace("]", "").replace("[", ".").split("."):
        data = data[int(step) if step.isdigit() else step]
    return data


@EVERY
def test_the_digest_is_over_what_is_written(detail: Any) -> None:
    said = pregnant().to_dict(detail)
    assert said["digest"] == content_digest(said)
    assert said["detail"] == detail
    assert json.loads(pregnant().to_json(detail, indent=2)) == said


def test_full_is_what_is_written_unless_another_detail_is_asked_for() -> None:
    assert pregnant().to_dict() == pregnant().to_dict("full")
    assert pregnant().to_json() == pregnant().to_json("full")


def test_there_is_no_other_detail() -> None:
    asked: Any = "short"
    with pytest.raises(ValueError) as refused:  # noqa: PT011 - the text is the test
        pregnant().to_dict(asked)
    assert str(refused.value) == (
        'no detail "short"; use one of decision, standard, full'
    )


# -- the schema ------------------------------------------------------------------------


def test_the_schema_is_a_schema_and_json() -> None:
    schema = result_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    assert json.loads(json.dumps(schema)) == schema


@pytest.mark.parametrize(
    "change",
    [
        {"staus": "determinate"},
        {"status": "sure"},
        {"urgency": "now"},
        {"alerts": None},
        {"detail": "short"},
        {"exact": "yes"},
        {"ranking": [{"option": "extraction"}]},
    ],
    ids=lambda change: next(iter(change)),
)
def test_what_is_misspelt_or_of_another_kind_is_not_of_the_schema(
    change: dict[str, Any],
) -> None:
    said = pregnant().to_dict("decision")
    assert ACCEPTS.is_valid(said)
    assert not ACCEPTS.is_valid({**said, **change})


@EVERY
def test_every_key_that_is_written_is_needed_and_no_other_is_known(detail: Any) -> None:
    schema = result_schema()["$defs"][detail]
    written = set(pregnant().to_dict(detail))
    assert set(schema["required"]) == set(schema["properties"]) == written
    assert schema["additionalProperties"] is False
