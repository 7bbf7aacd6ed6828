"""The front door: a case in, an assessment out, and back from JSON."""

from __future__ import annotations

import copy
import json
import pickle
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import attrs
import pytest

from milia_cds.assessment.assessment import Assessment, assess
from milia_cds.assessment.base import load_knowledge
from milia_cds.assessment.visit import assess_visit
from milia_cds.case.case import Case
from milia_cds.case.milia import READABLE
from milia_cds.errors import AssessmentError, CaseError, ContradictionError
from milia_cds.explanation.outcome import Outcome

EXAMPLES = Path(__file__).parents[2] / "examples" / "cases"
BASE = load_knowledge()

CHEEK = json.loads((EXAMPLES / "adult_cheek.json").read_text("utf-8"))
CASES: dict[str, dict[str, Any]] = {
    **{
        path.stem: json.loads(path.read_text("utf-8"))
        for path in sorted(EXAMPLES.glob("*.json"))
    },
    "nothing": {},
    "screened": {"assume_absent": ["findings", "history"]},
    "offers_little": {**CHEEK, "clinic": {"offers": ["observation", "steaming"]}},
    "warned": {**CHEEK, "lesion": {**CHEEK["lesion"], "size_mm": 4}},
}
EVERY = pytest.mark.parametrize("name", CASES)


@cache
def answer(name: str) -> Assessment:
    return assess(Case.from_dict(CASES[name]))


def written(name: str = "newborn") -> dict[str, Any]:
    """An assessment as plain values that may be changed."""
    return copy.deepcopy(answer(name).to_dict())


# -- what an assessment says --------------------------------------------------


@EVERY
def test_every_option_stands_in_exactly_one_list(name: str) -> None:
    given = answer(name)
    lists = (given.withheld, given.excluded, given.not_indicated, given.unavailable)
    options = [place.option for place in given.ranking]
    options += [each.option for entries in lists for each in entries]
    assert sorted(options) == sorted(BASE.options)


@EVERY
def test_what_could_come_first_is_offered_or_withheld_and_holds_the_first_place(
    name: str,
) -> None:
    given = answer(name)
    open_ = {place.option for place in given.ranking}
    open_ |= {each.option for each in given.withheld}
    first = {place.option for place in given.ranking if place.rank == 1}
    assert first <= set(given.possible_first) <= open_


def test_nothing_is_ranked_under_a_red_flag() -> None:
    given = answer("red_flag")
    assert (given.ranking, given.withheld, given.possible_first) == ((), (), ())
    assert given.disposition.action == "refer"
    assert "observation" in {each.option for each in given.not_indicated}


def test_while_a_red_flag_is_unknown_nothing_is_offered() -> None:
    given = answer("nothing")
    assert given.ranking == ()
    assert given.disposition.action == "needs_information"
    assert given.status == "indeterminate"


@pytest.mark.parametrize(
    "part",
    [
        "status",
        "disposition",
        "scenarios",
        "ranking",
        "withheld",
        "excluded",
        "not_indicated",
        "unavailable",
        "measures",
        "possible_first",
        "questions",
        "warnings",
        "assumptions",
        "trace",
        "knowledge",
    ],
)
def test_the_parts_of_the_outcome_are_at_hand(part: str) -> None:
    given = answer("pregnancy_unknown")
    assert getattr(given, part) is getattr(given.outcome, part)


def test_the_texts_are_composed_once() -> None:
    given = assess(Case())
    assert given.outcome is given.outcome


def test_an_assessment_cannot_be_changed() -> None:
    given = answer("adult_cheek")
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        # It must be refused.
        given.outcome.status = "indeterminate"  # type: ignore[misc]
    with pytest.raises(AttributeError):
        given.status = "indeterminate"  # type: ignore[misc]  # it must be refused


def test_the_knowledge_that_is_given_decides() -> None:
    about = attrs.evolve(BASE.about, notice="a trial")
    given = assess(Case.from_dict(CHEEK), attrs.evolve(BASE, about=about))
    assert given.knowledge.notice == "a trial"
    assert given.disposition == answer("adult_cheek").disposition


# -- assumptions --------------------------------------------------------------


def assumed(stated: dict[str, Any]) -> set[str]:
    return {each.fact for each in assess(Case.from_dict(stated)).assumptions}


def absent(*sections: str) -> set[str]:
    """The facts that screening of these sections settles."""
    return {
        name
        for name, kind in READABLE.items()
        if name.partition(".")[0] in sections
        and kind.absent is not None
        and not BASE.facts[name].way_out
    }


@pytest.mark.parametrize(
    "sections", [(), ("findings",), ("history",), ("findings", "history")]
)
def test_every_fact_that_is_filled_is_listed(sections: tuple[str, ...]) -> None:
    assert assumed({"assume_absent": list(sections)}) == absent(*sections)


@pytest.mark.parametrize("value", [True, False, None], ids=["yes", "no", "not_known"])
def test_what_was_asked_is_never_assumed(value: bool | None) -> None:
    stated = {"history": {"keloid": value}, "assume_absent": ["history"]}
    assert assumed(stated) == absent("history") - {"history.keloid"}


def test_numbers_are_never_assumed() -> None:
    given = answer("screened")
    assert "history.inr" not in {each.fact for each in given.assumptions}


def test_an_assumption_is_the_absent_member_no_or_the_empty_set() -> None:
    values = {each.fact: each.value for each in answer("screened").assumptions}
    assert values["history.isotretinoin"] == "never"
    assert values["history.failed"] == []
    rest = set(values) - {"history.isotretinoin", "history.failed"}
    assert {fact for fact in rest if values[fact] is not False} == {
        "history.not_tolerated"
    }


@pytest.mark.parametrize("cause", ["isotretinoin", "porphyria"])
def test_screening_never_contradicts_the_stated_cause(cause: str) -> None:
    lesion = {"origin": "secondary", "cause": cause}
    stated = {"lesion": lesion, "assume_absent": ["findings", "history"]}
    open_fact = f"history.{cause}"
    assert assumed(stated) == absent("findings", "history") - {open_fact}
    given = assess(Case.from_dict(stated))
    assert open_fact not in {each.fact for each in given.assumptions}


# -- JSON ---------------------------------------------------------------------

REASON = {"rule", "text", "plain", "facts", "sources", "judgement", "if"}
STEP = {"rule", "timing", "text", "plain", "sources", "judgement", "if"}
RISK = {
    "rule",
    "text",
    "plain",
    "frequency",
    "population",
    "period",
    "basis",
    "severity",
    "reversible",
    "more_likely",
    "sources",
    "judgement",
    "if",
}
PARTS = {
    "arguments_for": REASON,
    "arguments_against": REASON,
    "cautions": REASON,
    "notes": REASON,
    "risks": RISK,
    "preparation": STEP,
    "anaesthesia": STEP,
    "aftercare": STEP,
    "call_if": STEP,
}
KEYS: dict[str, set[str]] = {
    "alerts": {
        "alert",
        "certain",
        "if",
        "urgency",
        "to",
        "to_text",
        "to_plain",
        "text",
        "plain",
        "asks",
        "asks_for",
        "facts",
        "sources",
        "judgement",
    },
    "disposition": {
        "action",
        "to",
        "urgency",
        "because",
        "headline",
        "at_worst",
        "own",
        "also",
    },
    "ranking": {
        "rank",
        "tied",
        "option",
        "family",
        "standing",
        "best_standing",
        "points",
        "of",
        "value",
        "arguments_for",
        "arguments_against",
        "cautions",
        "risks",
        "preparation",
        "anaesthesia",
        "aftercare",
        "call_if",
        "performed_by",
        "sources",
        "certainty",
        # Beside those of the vocabulary:
        "label",
        "notes",
        "contributions",
    },
    "withheld": {
        "option",
        "asks",
        "asks_for",
        "standing",
        # Beside those of the vocabulary:
        "label",
        "best_standing",
        "because",
    },
    "excluded": {"option", "because", "label", "listed"},
    "not_indicated": {"option", "because", "label", "listed"},
    "unavailable": {"option", "because", "label", "listed"},
    "measures": {"measure", "verdict", "because", "cautions", "asks", "label"},
    "questions": {
        "facts",
        "screen",
        "ask",
        "ask_patient",
        "affects",
        "decisive",
        "alerts",
    },
    "assumptions": {
        "fact",
        "value",
        "text",
        # Beside those of the vocabulary:
        "by",
        "rule",
        "why",
    },
    "trace": {"node", "kind", "when", "truth", "facts", "sources"},
    "warnings": REASON,
    "knowledge": {
        "version",
        "digest",
        "status",
        "reviewed_by",
        "review_by",
        # Beside those of the vocabulary:
        "notice",
        "certainty",
        "overdue",
        "policy",
    },
}
WHOLE = {
    "format",
    "status",
    "disposition",
    "scenarios",
    "ranking",
    "withheld",
    "excluded",
    "not_indicated",
    "unavailable",
    "measures",
    "possible_first",
    "questions",
    "never",
    "home_care",
    "red_flags_to_watch",
    "expectations",
    "mimics",
    "prevention",
    "assumptions",
    "trace",
    "knowledge",
    "engine",
    # Beside those of the vocabulary:
    "detail",
    "digest",
    "exact",
    "situations",
    "warnings",
    "alerts",
    "brief",
    "urgency",
}
ADVICE = (
    "never",
    "home_care",
    "red_flags_to_watch",
    "expectations",
    "mimics",
    "prevention",
)


@EVERY
def test_the_json_has_the_keys_of_the_vocabulary_and_those_added(name: str) -> None:
    data = json.loads(answer(name).to_json())
    assert set(data) == WHOLE
    assert data["format"] == "milia-cds/assessment/1"
    for part, keys in KEYS.items():
        entries = data[part] if isinstance(data[part], list) else [data[part]]
        for entry in entries:
            assert set(entry) == keys, part


@EVERY
def test_every_reason_in_the_json_has_the_same_keys(name: str) -> None:
    data = json.loads(answer(name).to_json())
    reasons = [*data["disposition"]["because"], *data["warnings"]]
    for part in ("withheld", "excluded", "not_indicated", "measures"):
        reasons += [each for entry in data[part] for each in entry["because"]]
    for part in ADVICE:
        reasons += data[part]
    assert reasons
    assert {frozenset(each) for each in reasons} == {frozenset(REASON)}


@pytest.mark.parametrize(("part", "keys"), PARTS.items(), ids=PARTS)
def test_every_part_of_an_option_in_the_json_has_its_keys(
    part: str, keys: set[str]
) -> None:
    found = [
        each
        for name in CASES
        for place in answer(name).to_dict()["ranking"]
        for each in place[part]
    ]
    assert found
    assert {frozenset(each) for each in found} == {frozenset(keys)}


@EVERY
def test_an_assessment_comes_back_from_json_as_it_was(name: str) -> None:
    given = answer(name)
    for indent in (None, 2):
        back = Assessment.from_json(given.to_json(indent=indent))
        assert back == given
        assert back.outcome == given.outcome
        assert back.to_json() == given.to_json()
    assert Assessment.from_json(given.to_json().encode()) == given
    assert Assessment.from_dict(given.to_dict()) == given


def test_plain_values_are_given_anew_each_time() -> None:
    given = answer("adult_eyelid")
    changed = given.to_dict()
    changed["ranking"].clear()
    changed["excluded"][0]["because"][0]["facts"].clear()
    assert given.to_dict() == written("adult_eyelid")
    assert given.to_dict() != changed


def reordered(value: Any) -> Any:
    """Turn the order of the keys of every object round."""
    if isinstance(value, dict):
        return {key: reordered(value[key]) for key in reversed(value)}
    return value


@EVERY
def test_the_same_case_gives_the_same_json_however_it_is_ordered(name: str) -> None:
    once = assess(Case.from_dict(CASES[name])).to_json()
    again = assess(Case.from_dict(reordered(CASES[name]))).to_json()
    assert once == again


Change: TypeAlias = Callable[[dict[str, Any]], object]

BAD = [
    pytest.param(
        lambda data: data.update(staus=data.pop("status")),
        'staus: there is no key "staus" here; did you mean "status"?',
        id="misspelt_key",
    ),
    pytest.param(
        lambda data: data.update(nonsense_of_mine=1),
        'nonsense_of_mine: there is no key "nonsense_of_mine" here; use one of '
        f"{', '.join(attrs.fields_dict(Outcome))}, detail, digest",
        id="key_near_nothing",
    ),
    pytest.param(
        lambda data: data["ranking"][0].update(rnak=1),
        'ranking[0].rnak: there is no key "rnak" here; did you mean "rank"?',
        id="misspelt_key_inside",
    ),
    pytest.param(
        lambda data: data["excluded"][0]["because"][0].update(if_=None),
        'excluded[0].because[0].if_: there is no key "if_" here; did you mean "if"?',
        id="python_name_of_a_key",
    ),
    pytest.param(
        lambda data: data.pop("trace"),
        "trace: the key is missing; add it",
        id="missing_key",
    ),
    pytest.param(
        lambda data: data["ranking"][1].pop("points"),
        "ranking[1].points: the key is missing; add it",
        id="missing_key_inside",
    ),
    pytest.param(
        lambda data: data.update(format="milia-cds/assessment/2"),
        'format: "milia-cds/assessment/2" is not a member; did you mean '
        '"milia-cds/assessment/1"? The members are milia-cds/assessment/1',
        id="other_format",
    ),
    pytest.param(
        lambda data: data.update(exact="no"),
        'exact: "no" is not true or false; give true or false',
        id="text_for_yes_or_no",
    ),
    pytest.param(
        lambda data: data["ranking"][0].update(rank=True),
        "ranking[0].rank: true is not a whole number; give a whole number",
        id="yes_for_a_number",
    ),
    pytest.param(
        lambda data: data["ranking"][0].update(points=4.5),
        "ranking[0].points: 4.5 is not a whole number; give a whole number",
        id="fraction_for_a_whole_number",
    ),
    pytest.param(
        lambda data: data["ranking"][0].update(option=None),
        "ranking[0].option: null is not a text; give a text",
        id="null_for_a_text",
    ),
    pytest.param(
        lambda data: data["ranking"][0].update(standing="first line"),
        'ranking[0].standing: "first line" is not a member; did you mean '
        '"first_line"? The members are not_recommended, limited, reasonable, '
        "first_line",
        id="misspelt_member",
    ),
    pytest.param(
        lambda data: data.update(ranking={}),
        "ranking: an object is not a list; put it in brackets: [...]",
        id="object_for_a_list",
    ),
    pytest.param(
        lambda data: data.update(scenarios="newborn"),
        'scenarios: "newborn" is not a list; put it in brackets: [...]',
        id="text_for_a_list",
    ),
    pytest.param(
        lambda data: data["excluded"][0]["because"][0].update(facts=[]),
        "excluded[0].because[0].facts: a list is no table; give a table of names and "
        "values",
        id="list_for_a_table",
    ),
    pytest.param(
        lambda data: data.update(disposition=None),
        "disposition: null is no table; give headline, action, to, urgency, at_worst, "
        "own, also, because",
        id="null_for_a_table",
    ),
    pytest.param(
        lambda data: data.update(exact=0, scenarios=[1]),
        "exact: 0 is not true or false; give true or false\n"
        "  scenarios[0]: 1 is not a text; give a text",
        id="several_at_once",
    ),
]


@pytest.mark.parametrize(("change", "problems"), BAD)
def test_a_changed_assessment_is_refused_with_its_path_and_how_to_mend_it(
    change: Change, problems: str
) -> None:
    data = written()
    change(data)
    count = problems.count("\n") + 1
    heading = f"The assessment has {count} problem{'s' if count > 1 else ''}:"
    with pytest.raises(AssessmentError) as by_dict:
        Assessment.from_dict(data)
    assert str(by_dict.value) == f"{heading}\n  {problems}"
    with pytest.raises(AssessmentError) as by_json:
        Assessment.from_json(json.dumps(data))
    assert by_json.value.problems == by_dict.value.problems


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param(
            "",
            "the text: the text is empty; give what to_json gave",
            id="empty",
        ),
        pytest.param(
            b"\xff",
            "the text: byte 0 is not UTF-8; save the text as UTF-8",
            id="not_utf_8",
        ),
        pytest.param(
            "\ufeff{}",
            "the text: the text begins with a byte-order mark; save it as UTF-8 "
            "without a byte-order mark",
            id="byte_order_mark",
        ),
    ],
)
def test_what_is_no_json_is_no_assessment(text: str | bytes, problem: str) -> None:
    with pytest.raises(AssessmentError) as caught:
        Assessment.from_json(text)
    assert str(caught.value) == f"The assessment has 1 problem:\n  {problem}"


def test_a_key_that_is_given_twice_is_refused() -> None:
    text = answer("nothing").to_json()
    twice = text.replace('"exact": true', '"exact": true, "exact": true')
    assert twice != text
    with pytest.raises(AssessmentError) as caught:
        Assessment.from_json(twice)
    assert [str(each) for each in caught.value.problems] == [
        'exact: the key "exact" is given twice; give it once'
    ]


def test_a_case_is_no_assessment() -> None:
    with pytest.raises(AssessmentError) as caught:
        Assessment.from_dict(CHEEK)
    said = [str(each) for each in caught.value.problems]
    assert said[0].startswith('patient: there is no key "patient" here; use one of ')
    assert "status: the key is missing; add it" in said
    for key in CHEEK:
        assert any(each.startswith(f"{key}: there is no key") for each in said)
    for key in WHOLE:
        missing = f"{key}: the key is missing; add it"
        assert missing in said or any(f'did you mean "{key}"?' in each for each in said)


@pytest.mark.parametrize("data", [None, [], "text", 3])
def test_what_is_no_object_is_refused_with_a_place(data: object) -> None:
    with pytest.raises(AssessmentError) as caught:
        Assessment.from_dict(data)
    (problem,) = caught.value.problems
    assert problem.path


# -- one case -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "described"),
    [
        ({}, "an object"),
        (CHEEK, "an object"),
        (None, "null"),
        ("{}", '"{}"'),
        ([Case()], "a list"),
        (Case, "a Python type"),
    ],
    ids=["empty_dict", "dict", "none", "text", "list", "class"],
)
def test_only_a_case_can_be_assessed(given: Any, described: str) -> None:
    with pytest.raises(TypeError) as caught:
        assess(given)
    assert str(caught.value) == (
        f"assess takes a Case, not {described}; use Case.from_dict"
    )


def test_contradictory_facts_are_refused_at_once() -> None:
    case = Case.from_dict({"lesion": {"origin": "primary", "cause": "burn"}})
    with pytest.raises(ContradictionError, match=r"lesion\.origin and lesion\.cause"):
        assess(case)


def test_weights_that_are_all_zero_are_refused_at_once() -> None:
    weights = dict.fromkeys(BASE.criteria, 0)
    case = Case.from_dict({"goals": {"weights": weights}})
    with pytest.raises(CaseError, match="every weight is 0"):
        assess(case)


def test_an_assessment_is_not_made_of_nothing() -> None:
    with pytest.raises(TypeError) as caught:
        _ = Assessment().outcome
    assert str(caught.value) == (
        "an Assessment comes from assess, from_dict or from_json"
    )


# -- as a Python object -------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("adult_cheek", "treat; first place extraction; determinate"),
        ("red_flag", "refer; first place none; determinate"),
        ("nothing", "needs_information; first place none; indeterminate"),
    ],
)
def test_an_assessment_shows_itself_in_a_line(name: str, shown: str) -> None:
    assert repr(answer(name)) == (
        f"<Assessment: {shown}; draft, not clinically reviewed>"
    )


def test_a_tie_is_shown_as_one_first_place() -> None:
    given = answer("adult_cheek").outcome
    two = [attrs.evolve(each, rank=1, tied=True) for each in given.ranking[:2]]
    tied = attrs.evolve(given, ranking=(*two, *given.ranking[2:]))
    one, other = (place.option for place in two)
    assert f"; first place {one}, {other}; " in repr(Assessment(outcome=tied))


@EVERY
def test_an_assessment_as_text_is_its_brief(name: str) -> None:
    assert str(answer(name)) == answer(name).text() == answer(name).text(detail="brief")


def test_assessments_that_say_the_same_are_equal() -> None:
    one, other = (assess(Case.from_dict(CHEEK)) for _ in range(2))
    assert one is not other
    assert one == other
    assert hash(one) == hash(other)
    assert len({one, other, answer("newborn")}) == 2
    assert hash(one) == hash(Assessment.from_json(one.to_json()))


@pytest.mark.parametrize("other", ["newborn", "screened", "warned"])
def test_assessments_that_say_something_else_are_not_equal(other: str) -> None:
    assert answer("adult_cheek") != answer(other)


def test_an_assessment_is_not_equal_to_its_values() -> None:
    given = answer("adult_cheek")
    assert given != given.to_dict()
    assert given != given.outcome


@EVERY
def test_an_assessment_that_was_read_can_be_pickled(name: str) -> None:
    stored = Assessment.from_dict(answer(name).to_dict())
    for again in (pickle.loads(pickle.dumps(stored)), copy.deepcopy(stored)):  # noqa: S301 - our own
        assert again == stored
        assert again.text(detail="full") == stored.text(detail="full")


@pytest.mark.parametrize("copied", [copy.deepcopy, pickle.dumps])
@pytest.mark.parametrize("read", [False, True], ids=["before_reading", "after"])
def test_a_fresh_assessment_can_be_pickled_and_copied(
    copied: Callable[[Assessment], object], read: bool
) -> None:
    given = assess(Case.from_dict(CHEEK))
    if read:
        assert given.outcome.ranking
    again = copied(given)
    if isinstance(again, bytes):
        again = pickle.loads(again)  # noqa: S301 - our own
    assert again == given


# -- a visit ------------------------------------------------------------------


def at(site: str, **sections: Any) -> Case:
    lesion = {**CHEEK["lesion"], "site": site}
    return Case.from_dict({**CHEEK, "lesion": lesion, **sections})


def test_a_visit_is_one_assessment_for_each_site_in_order() -> None:
    cases = [at("cheek"), at("lower_eyelid"), at("back")]
    given = assess_visit(cases)
    assert given == tuple(assess(case) for case in cases)
    assert [each.scenarios for each in given] == [
        ("adult_few_face",),
        ("adult_few_eyelid",),
        ("body_few",),
    ]


def test_a_visit_may_be_given_one_case_at_a_time() -> None:
    assert assess_visit(at(site) for site in ["cheek"]) == (assess(at("cheek")),)


def test_a_visit_is_assessed_by_the_knowledge_that_is_given() -> None:
    about = attrs.evolve(BASE.about, notice="a trial")
    given = assess_visit([at("cheek")], attrs.evolve(BASE, about=about))
    assert [each.knowledge.notice for each in given] == ["a trial"]


def test_a_visit_without_a_case_is_refused() -> None:
    with pytest.raises(CaseError) as caught:
        assess_visit([])
    assert str(caught.value) == (
        "The case has 1 problem:\n"
        "  cases: there is no case; give one case for each group of lesions"
    )


def test_cases_that_differ_about_the_patient_are_refused_with_every_difference() -> (
    None
):
    first = at("cheek", history={"keloid": False})
    older = at("back", patient={**CHEEK["patient"], "age_years": 35})
    keloid = at("chin", history={"keloid": True, "isotretinoin": "current"})
    pregnant = at("nose", patient={**CHEEK["patient"], "pregnancy": "pregnant"})
    with pytest.raises(CaseError) as caught:
        assess_visit([first, older, keloid, pregnant])
    mend = "a visit is of one patient: correct one of the two"
    assert str(caught.value) == (
        "The case has 3 problems:\n"
        f"  cases[1].patient.age_years: 35 is not 34, as in cases[0]; {mend}\n"
        f"  cases[2].history.keloid: true is not false, as in cases[0]; {mend}\n"
        '  cases[3].patient.pregnancy: "pregnant" is not "none", as in cases[0]; '
        f"{mend}"
    )


def test_sets_that_differ_are_shown_by_their_members() -> None:
    first = at("cheek", history={"failed": ["extraction"]})
    other = at("back", history={"failed": ["cryotherapy"]})
    with pytest.raises(CaseError) as caught:
        assess_visit([first, other])
    (problem,) = caught.value.problems
    assert problem.path == "cases[1].history.failed"
    assert "extraction" in problem.message
    assert "cryotherapy" in problem.message


@pytest.mark.parametrize(
    "sections",
    [
        {"patient": {**CHEEK["patient"], "pregnancy": None}},
        {"patient": {}},
        {"history": {"keloid": None}},
        {"findings": {"itchy": True}},
        {"goals": {"wants_treatment": False}},
        {"clinic": {"operator": "nurse"}},
        {"assume_absent": []},
    ],
    ids=[
        "patient_fact_open",
        "patient_left_out",
        "history_open",
        "findings",
        "goals",
        "clinic",
        "not_screened",
    ],
)
def test_cases_may_differ_in_what_is_no_fact_of_the_patient(
    sections: dict[str, Any],
) -> None:
    first = at("cheek", history={"keloid": False})
    other = at("back", **sections)
    assert assess_visit([first, other]) == (assess(first), assess(other))


def test_two_later_cases_may_not_differ_where_the_first_is_open() -> None:
    first = at("cheek", patient={})
    later = [at("back", patient={"age_years": age}) for age in (30, 50)]
    with pytest.raises(CaseError):
        assess_visit([first, *later])


def test_screening_in_one_case_does_not_deny_what_another_states() -> None:
    first = at("cheek", history={"pacemaker": True})
    _, back = assess_visit([first, at("back")])
    assert "history.pacemaker" not in {each.fact for each in back.assumptions}


@pytest.mark.parametrize(
    "cases",
    [
        pytest.param([{}], id="one"),
        pytest.param(
            [{}, {}],
            id="two",
        ),
    ],
)
def test_a_visit_is_of_cases(cases: Any) -> None:
    with pytest.raises(TypeError) as caught:
        assess_visit(cases)
    assert str(caught.value) == (
        "assess takes a Case, not an object; use Case.from_dict"
    )


# -- read back with its knowledge --


def test_a_stored_answer_is_read_back_with_the_knowledge_that_gave_it() -> None:
    local = load_knowledge(policy=EXAMPLES.parent / "policy.toml")
    given = assess(Case.from_dict(CHEEK), local)
    again = Assessment.from_json(given.to_json(), local)
    assert again.base() is local
    assert again.text(detail="full") == given.text(detail="full")


def test_other_knowledge_than_the_one_that_gave_it_is_refused() -> None:
    local = load_knowledge(policy=EXAMPLES.parent / "policy.toml")
    stored = assess(Case()).to_dict()
    with pytest.raises(AssessmentError) as refused:
        Assessment.from_dict(stored, local)
    assert str(refused.value) == (
        "The assessment has 1 problem:\n"
        "  knowledge: it was made under another policy than that of the knowledge; "
        "give the knowledge base that made the assessment, or none"
    )
    stored["knowledge"]["digest"] = "sha256:other"
    with pytest.raises(
        AssessmentError, match="sha256:other is not the knowledge that was given; give"
    ):
        Assessment.from_dict(stored, load_knowledge())
