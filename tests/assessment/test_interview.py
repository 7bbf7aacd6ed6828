"""The interview: what it asks, what it takes for an answer, and when it ends."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from functools import cache
from typing import Any

import attrs
import pytest

from milia_cds import (
    AnswerError,
    Case,
    CaseError,
    Interview,
    InterviewError,
    assess,
    load_knowledge,
    prepare,
)
from milia_cds.case.milia import READABLE
from milia_cds.decision.all_cases import all_cases
from milia_cds.errors import ContradictionError
from milia_cds.explanation.outcome import Question
from milia_cds.explanation.questions import muted
from milia_cds.testing import Vignette
from tests.common import EVERY_ANSWER, OTHERWORLD, sampled, vignettes

BASE = load_knowledge()
SMALL = load_knowledge(OTHERWORLD)
"""The knowledge of another domain, whose diagrams are made in no time."""


def plain(fact: str) -> Any:
    return READABLE[fact].plain(EVERY_ANSWER[fact])


def answered(interview: Interview) -> tuple[int, int]:
    """Answer as the healthy adult would; give how many until settled, and in all."""
    settled = None
    while (question := interview.next_question()) is not None:
        if settled is None and interview.settled:
            settled = len(interview.asked)
        interview.answer({fact: plain(fact) for fact in question.facts})
    return settled or len(interview.asked), len(interview.asked)


def test_a_healthy_adult_is_settled_after_16_questions_and_done_after_24() -> None:
    interview = Interview()
    settled, asked = answered(interview)
    assert settled <= 16
    assert asked <= 24
    assert interview.done
    assert interview.assessment.disposition.action == "treat"
    assert interview.assessment.ranking[0].option == "extraction"


def test_asking_ends_in_the_assessment_of_the_whole_case() -> None:
    interview = Interview()
    answered(interview)
    facts = {name: plain(name) for name in EVERY_ANSWER if name != "lesion.cause"}
    whole = assess(Case().stating(facts))
    assert interview.assessment.disposition == whole.disposition
    assert [(p.option, p.rank, p.standing) for p in interview.assessment.ranking] == [
        (p.option, p.rank, p.standing) for p in whole.ranking
    ]
    assert not interview.assessment.withheld


@cache
def halts() -> dict[str, Interview]:
    """The interview of the healthy adult, as it stood at each screen."""
    interview, found = Interview(), {}
    while (question := interview.next_question()) is not None:
        found[question.screen] = copy.copy(interview)
        interview.answer({fact: plain(fact) for fact in question.facts})
    return found


def at(screen: str) -> Interview:
    """An interview that has come to this screen."""
    return copy.copy(halts()[screen])


def asked_now(interview: Interview) -> Question:
    question = interview.next_question()
    assert question is not None
    return question


def test_no_denies_every_fact_of_the_question() -> None:
    interview = at("growth_and_surface")
    question = asked_now(interview)
    assert len(question.facts) == 5
    assert interview.may_deny(question)
    interview.answer(False)
    facts = interview.case.facts()
    assert {facts[fact] for fact in question.facts} == {False}


def test_some_may_be_given_and_the_rest_denied() -> None:
    interview = at("growth_and_surface")
    question = asked_now(interview)
    interview.answer({"growing": True}, no_to_rest=True)
    facts = interview.case.facts()
    assert facts["findings.growing"] is True
    assert {facts[f] for f in question.facts if f != "findings.growing"} == {False}
    assert interview.assessment.disposition.action == "refer"


def test_what_is_left_out_is_asked_again() -> None:
    interview = at("growth_and_surface")
    before = asked_now(interview)
    interview.answer({"findings.bleeding": False})
    later = [q for q in interview.assessment.questions if q.screen == before.screen]
    assert [each.facts for each in later] == [
        tuple(fact for fact in before.facts if fact != "findings.bleeding")
    ]


def test_a_skipped_question_is_not_asked_again_and_stays_not_known() -> None:
    interview = at("area_today")
    question = asked_now(interview)
    interview.skip()
    assert interview.case.not_known.issuperset(question.facts)
    while (other := interview.next_question()) is not None:
        assert other.screen != question.screen
        interview.answer({fact: plain(fact) for fact in other.facts})
    assert interview.done
    assert not interview.settled
    assert "extraction" in {each.option for each in interview.assessment.withheld}


def test_what_is_answered_by_null_was_asked_and_is_not_known() -> None:
    interview = at("area_today")
    question = asked_now(interview)
    known, *others = question.facts
    interview.answer({known: False, **dict.fromkeys(others)})
    assert interview.case.not_known.issuperset(others)
    assert asked_now(interview).screen != question.screen
    interview.back()
    assert asked_now(interview) == question


def test_a_single_fact_is_answered_by_null_as_by_skip() -> None:
    answered, skipped = Interview(), Interview()
    answered.answer(None)
    skipped.skip()
    assert answered == skipped


def test_going_back_asks_the_same_question_of_the_same_case() -> None:
    interview = Interview()
    first = asked_now(interview)
    interview.answer(34)
    second, case = asked_now(interview), interview.case
    interview.skip()
    interview.back()
    assert (asked_now(interview), interview.case) == (second, case)
    interview.back()
    assert (asked_now(interview), interview.case) == (first, Case())
    with pytest.raises(AnswerError) as error:
        interview.back()
    assert (
        str(error.value) == "there is no answer to take back; answer the first question"
    )


def test_a_wrong_answer_changes_nothing_and_says_how_to_mend_it() -> None:
    interview = Interview()
    question, before = asked_now(interview), interview.case
    with pytest.raises(CaseError) as error:
        interview.answer("old")
    assert [each.path for each in error.value.problems] == ["patient.age_years"]
    assert (asked_now(interview), interview.case) == (question, before)
    assert interview.asked == ()


def test_an_answer_that_contradicts_what_is_known_is_refused() -> None:
    interview = Interview(
        Case().stating({"origin": "secondary", "cause": "isotretinoin"})
    )
    while asked_now(interview).screen != "skin_drugs":
        interview.skip()
    case = interview.case
    with pytest.raises(ContradictionError):
        interview.answer(dict.fromkeys(["history.isotretinoin"], "never"))
    assert interview.case == case


@pytest.mark.parametrize(
    ("screen", "facts"),
    [
        ("pattern_and_count", "lesion.pattern, lesion.count"),
        ("wish_and_consent", "patient.cooperative, goals.wants_treatment"),
    ],
)
def test_a_plain_no_is_refused_where_each_fact_wants_an_answer(
    screen: str, facts: str
) -> None:
    interview = at(screen)
    with pytest.raises(AnswerError) as error:
        interview.answer(False)
    assert str(error.value) == (
        f"false does not answer 2 facts at once; give an object of the facts {facts}"
    )


def test_what_was_not_asked_is_refused() -> None:
    interview = at("pattern_and_count")
    with pytest.raises(AnswerError) as error:
        interview.answer({"lesion.site": "cheek"})
    assert str(error.value) == (
        '"lesion.site" is not asked for; answer lesion.pattern, lesion.count'
    )


def test_a_fact_that_is_answered_by_two_names_is_refused() -> None:
    interview = Interview()

    with pytest.raises(AnswerError) as error:
        interview.answer({"age_years": 34, "patient.age_years": 3})

    assert str(error.value) == (
        '"age_years" and "patient.age_years" name the same fact; give it once'
    )
    assert interview.asked == ()


def test_no_cannot_be_said_to_the_rest_where_it_means_nothing() -> None:
    interview = at("pattern_and_count")
    with pytest.raises(AnswerError) as error:
        interview.answer({"pattern": "scattered"}, no_to_rest=True)
    assert str(error.value).startswith(
        "lesion.count cannot be answered by no; give its"
    )


def test_nothing_can_be_answered_when_all_is_asked() -> None:
    interview = Interview()
    answered(interview)
    assert interview.next_question() is None
    for act in (interview.skip, lambda: interview.answer(True)):
        with pytest.raises(AnswerError) as error:
            act()
        assert str(error.value) == (
            "there is nothing left to ask; read the assessment, or go back"
        )


BLAMED = {"history.isotretinoin": "current", "history.porphyria": True}
VIGNETTES = [
    each for each in sampled(vignettes(), 8) if each.expect.contradiction is None
]


@pytest.mark.parametrize("vignette", VIGNETTES, ids=lambda each: each.id)
def test_asking_only_what_is_listed_settles_every_case(vignette: Vignette) -> None:
    interview = Interview(Case.from_dict(vignette.case_data))
    while (question := interview.next_question()) is not None:
        facts = {fact: plain(fact) for fact in question.facts}
        try:
            interview.answer(facts)
        except ContradictionError:  # the cause of the milia says that they have it
            interview.answer({fact: BLAMED.get(fact, facts[fact]) for fact in facts})
    assert interview.settled
    # What nobody is asked for, as nothing that it could change is wanted, stays open.
    asks = {fact for each in interview.assessment.withheld for fact in each.asks}
    known = interview.case.facts()
    assert all(muted(load_knowledge(), fact, known) for fact in asks)


def test_an_interview_that_begins_with_nothing_is_prepared_for_every_answer() -> None:
    fresh = attrs.evolve(SMALL, digest="sha256:an interview")
    Interview(knowledge=fresh)
    assert all_cases(fresh).prepared


def test_prepare_is_public_and_gives_the_knowledge_that_it_prepared() -> None:
    fresh = attrs.evolve(SMALL, digest="sha256:preparing")
    assert prepare(fresh) is fresh
    assert all_cases(fresh).prepared


# -- kept, copied and compared ---------------------------------------------------------


def begun() -> Interview:
    """An interview that has come some way, with a question that was passed over."""
    interview = Interview(Case.from_dict({"lesion": {"site": "cheek"}}))
    interview.answer(34)
    interview.answer({"findings.blisters": False}, no_to_rest=True)
    interview.skip()
    return interview


def pickled(interview: Interview) -> Interview:
    again: Interview = pickle.loads(pickle.dumps(interview))  # noqa: S301 - our own
    return again


COPIES: dict[str, Callable[[Interview], Interview]] = {
    "copy": copy.copy,
    "deep copy": copy.deepcopy,
    "pickle": pickled,
    "dict": lambda interview: Interview.from_dict(interview.to_dict()),
    "JSON": lambda interview: Interview.from_json(interview.to_json(indent=1)),
}


@pytest.mark.parametrize("way", COPIES)
def test_an_interview_goes_on_where_it_was_left(way: str) -> None:
    interview = begun()
    again = COPIES[way](interview)
    assert again == interview
    assert again.case == interview.case
    assert again.asked == interview.asked
    assert again.next_question() == interview.next_question()
    assert again.assessment == interview.assessment
    again.back()
    assert again != interview
    assert again.next_question() == interview.asked[-1]
    for _ in again.asked:
        again.back()
    assert again.case == Case.from_dict({"lesion": {"site": "cheek"}})
    assert interview == begun()


def test_an_interview_has_no_hash_for_it_changes() -> None:
    with pytest.raises(TypeError, match="unhashable"):
        hash(Interview())
    assert Interview() != Interview().to_dict()


def _at(data: dict[str, Any], *path: Any) -> Any:
    found: Any = data
    for step in path:
        found = found[step]
    return found


def refusals(path: str, data: object) -> list[str]:
    """What is wrong with a case, where it stands in an interview."""
    with pytest.raises(CaseError) as refused:
        assess(Case.from_dict(data))
    said = [str(each) for each in refused.value.problems]
    return [f"{path}.{each}".replace("case.case:", "case:") for each in said]


LOST: dict[str, tuple[Callable[[dict[str, Any]], object], list[str]]] = {
    "a misspelt key": (
        lambda data: data.update(fromat=1),
        ['fromat: there is no key "fromat" here; did you mean "format"?'],
    ),
    "another format": (
        lambda data: data.update(format="milia-cds/assessment/1"),
        [
            (
                'format: "milia-cds/assessment/1" is not a member; did you mean '
                '"milia-cds/interview/1"? The members are milia-cds/interview/1'
            )
        ],
    ),
    "facts that are not there": (
        lambda data: (
            _at(data, "passed").append("history.luck"),
            _at(data, "asked", 0, "question").update(facts=["history.lukc"]),
        ),
        [
            (
                'asked[0].question.facts[0]: there is no fact "history.lukc"; did you '
                'mean "history.lupus"?'
            ),
            'passed[5]: there is no fact "history.luck"; did you mean "history.lupus"?',
        ],
    ),
    "no such screen": (
        lambda data: _at(data, "asked", 0, "question").update(screen="agee"),
        ['asked[0].question.screen: there is no screen "agee"; did you mean "age"?'],
    ),
    "cases that cannot be read": (
        lambda data: (
            data.update(case=[]),
            _at(data, "asked", 0).update(before={"lesion": {"site": 3}}),
        ),
        [
            *refusals("case", []),
            *refusals("asked[0].before", {"lesion": {"site": 3}}),
        ],
    ),
    "a case that contradicts itself": (
        lambda data: _at(data, "case", "lesion").update(origin="primary", cause="burn"),
        [
            *refusals("case", {"lesion": {"origin": "primary", "cause": "burn"}}),
        ],
    ),
    "other knowledge": (
        lambda data: _at(data, "knowledge").update(digest="sha256:gone"),
        [
            (
                "knowledge: sha256:gone is not the knowledge that is given; give that "
                "knowledge, or begin anew with the case: Interview(case)"
            )
        ],
    ),
    "another notice": (
        lambda data: _at(data, "knowledge").update(notice="approved"),
        [
            (
                "knowledge: it was begun under another policy, or another notice; give "
                "that knowledge, or begin anew with the case: Interview(case)"
            )
        ],
    ),
}


@pytest.mark.parametrize("claim", LOST)
def test_a_stored_interview_is_read_strictly(claim: str) -> None:
    change, problems = LOST[claim]
    data = copy.deepcopy(begun().to_dict())
    change(data)
    with pytest.raises(InterviewError) as refused:
        Interview.from_dict(data)
    said = [str(each) for each in refused.value.problems]
    assert said == problems


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            "{",
            (
                "line 1, column 2: this is not JSON: the text ends too early; add } at "
                "the end"
            ),
        ),
        (
            "[]",
            (
                "interview: a list is no table; give format, case, asked, passed, "
                "knowledge"
            ),
        ),
    ],
)
def test_what_is_no_interview_is_refused(text: str, problem: str) -> None:
    with pytest.raises(InterviewError) as refused:
        Interview.from_json(text)
    assert str(refused.value) == f"The interview has 1 problem:\n  {problem}"
