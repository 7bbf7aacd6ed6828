"""A case that says its day: what may have changed since is said, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from milia_cds import (
    Assessment,
    Case,
    Interview,
    WrongTypeError,
    assess,
    assess_visit,
    load_knowledge,
)
from milia_cds.explanation.outcome import Outcome
from milia_cds.explanation.places import Reason
from milia_cds.testing import near_patients

STATED = date(2026, 5, 1)
ADULT = Case.from_dict(
    {
        "patient": {"age_years": 34, "pregnancy": "none"},
        "lesion": {"site": "cheek", "count": 5},
        "history": {"isotretinoin": "under_6_months", "waxed_recently": None},
        "as_of": "2026-05-01",
    }
)
BABY = ADULT.stating(age_years=0.2499, pregnancy=None, isotretinoin=None)


def warned(case: Case, days: int) -> list[Reason]:
    answer = assess(case, on=STATED + timedelta(days))
    return [each for each in answer.warnings if each.rule == "as_of"]


@pytest.mark.parametrize(
    ("case", "days", "warns"),
    [
        (ADULT, -1, True),
        (ADULT, 0, False),
        (ADULT, 30, False),
        (ADULT, 31, True),
        (BABY, 1, False),
        (BABY, 2, True),
        (BABY.stating(age_years=0.25), 2, False),
        (ADULT.stating(age_years=None), 30, False),
        (attrs.evolve(ADULT, as_of=None), 400, False),
        (Case(as_of=STATED), 400, False),
        (Case(as_of=STATED), -1, True),
    ],
)
def test_a_case_is_old_after_thirty_days_and_that_of_a_small_baby_after_one(
    case: Case, days: int, warns: bool
) -> None:
    assert bool(warned(case, days)) is warns


def test_an_old_case_names_what_it_states_of_its_day() -> None:
    [warning] = warned(ADULT, 61)

    assert warning.text == (
        "The case was stated on 2026-05-01, 61 days before it is assessed: ask again "
        "for what may have changed since (age, pregnancy, oral isotretinoin)."
    )
    assert warning.facts == {
        "patient.age_years": 34,
        "patient.pregnancy": "none",
        "history.isotretinoin": "under_6_months",
    }


def test_a_case_of_a_later_day_asks_to_check_both_days() -> None:
    [warning] = warned(ADULT, -1)

    assert warning.text == (
        "The case is assessed on 2026-04-30, before the day on which it was stated, "
        "2026-05-01: check both days."
    )


def test_without_a_day_of_its_own_an_assessment_warns_of_none() -> None:
    assert assess(ADULT).warnings == ()


def undated(said: Outcome) -> Outcome:
    """What is said, without the warnings of the day."""
    lapses = {each.text for each in said.warnings if each.rule == "as_of"}
    parts = [
        attrs.evolve(part, lines=tuple(x for x in part.lines if x.text not in lapses))
        for part in said.brief
    ]
    return attrs.evolve(
        said,
        warnings=tuple(each for each in said.warnings if each.rule != "as_of"),
        brief=tuple(part for part in parts if part.lines),
    )


@settings(deadline=None, max_examples=8)
@given(near_patients(), st.integers(-3, 90))
def test_the_day_changes_no_verdict(case: Case, days: int) -> None:
    dated = attrs.evolve(case, as_of=STATED)
    plain = assess(case).outcome

    said = assess(dated, on=STATED + timedelta(days)).outcome

    assert undated(said) == undated(plain)


def test_the_day_goes_along_with_what_if_an_interview_and_a_visit() -> None:
    later = STATED + timedelta(61)
    answer = assess(ADULT, on=later)
    interview = Interview(ADULT, on=later)
    interview.skip()

    assert not answer.what_if(needle_phobia=True)
    assert warned(ADULT, 61)[0] in interview.assessment.warnings
    assert warned(ADULT, 61)[0] in assess_visit([ADULT], on=later)[0].warnings


def test_a_stored_answer_keeps_the_warning() -> None:
    answer = assess(ADULT, on=STATED + timedelta(61))

    assert Assessment.from_json(answer.to_json()) == answer
    said = " ".join(answer.text().split())
    assert "The case was stated on 2026-05-01, 61 days" in said


def test_a_date_and_time_is_its_day() -> None:
    noon = datetime(2026, 5, 1, 12, tzinfo=UTC)

    assert attrs.evolve(ADULT, as_of=noon).as_of == STATED
    assert assess(ADULT, on=noon) == assess(ADULT, on=STATED)


@pytest.mark.parametrize(
    ("given", "said"), [("2026-05-01", '"2026-05-01"'), (3, "3"), ([], "a list")]
)
def test_only_a_date_is_a_day(given: Any, said: str) -> None:
    takers: dict[str, Callable[[], object]] = {
        "assess": lambda: assess(ADULT, on=given),
        "Interview": lambda: Interview(ADULT, on=given),
        "assess_visit": lambda: assess_visit([ADULT], on=given),
    }
    for taker, take in takers.items():
        with pytest.raises(WrongTypeError) as caught:
            take()
        assert str(caught.value) == (
            f"{taker} takes a day as `on`, not {said}; "
            "give a datetime.date, such as date.today()"
        )


def test_dated_are_facts_that_a_case_may_state() -> None:
    base = load_knowledge()
    dated = {name for name, entry in base.facts.items() if entry.dated}

    assert {"patient.age_years", "history.waxed_recently"} <= dated
    assert dated <= base.vocabulary.readable.keys()
