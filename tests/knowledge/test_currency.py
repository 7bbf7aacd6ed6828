"""Knowledge past its review: warned of from the next day, refused after a year."""

from __future__ import annotations

import pickle
from datetime import date, timedelta
from pathlib import Path

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from milia_cds import KnowledgeError, OverdueError, load_knowledge
from milia_cds.knowledge.currency import (
    is_overdue,
    overdue_text,
    refuse_long_overdue,
)
from milia_cds.knowledge.model import Knowledge

BASE = load_knowledge()
REVIEW = "2027-11-22"
POLICY = 'name = "Example Clinic"\nversion = "1"\n'


EXAMPLE = load_knowledge(
    policy=Path(__file__).parents[2] / "examples" / "policy.toml"
).policy


def by(review: str = REVIEW, days: int | None = None) -> Knowledge:
    """The knowledge, to be reviewed by a day, perhaps with a policy."""
    base = attrs.evolve(BASE, about=attrs.evolve(BASE.about, review_by=review))
    if days is None or EXAMPLE is None:
        return base
    return attrs.evolve(base, policy=attrs.evolve(EXAMPLE, refuse_after_days=days))


def state(base: Knowledge, on: str) -> str:
    """What becomes of knowledge on a day."""
    day = date.fromisoformat(on)
    try:
        refuse_long_overdue(base, day)
    except OverdueError:
        return "refused"
    return "overdue" if is_overdue(base, day) else "in time"


@pytest.mark.parametrize(
    ("review", "on", "expected"),
    [
        (REVIEW, "2027-11-21", "in time"),
        (REVIEW, "2027-11-22", "in time"),
        (REVIEW, "2027-11-23", "overdue"),
        # 2028 has a 29 February, so 365 days end a day before the year does.
        (REVIEW, "2028-11-21", "overdue"),
        (REVIEW, "2028-11-22", "refused"),
        ("2026-11-22", "2027-11-22", "overdue"),
        ("2026-11-22", "2027-11-23", "refused"),
        ("2028-02-29", "2028-02-29", "in time"),
        ("2028-02-29", "2028-03-01", "overdue"),
        ("2028-02-29", "2029-02-28", "overdue"),
        ("2028-02-29", "2029-03-01", "refused"),
        ("9999-12-31", "9999-12-31", "in time"),
        ("0001-01-01", "2026-12-01", "refused"),
    ],
)
def test_it_is_overdue_after_its_day_and_refused_after_365_more(
    review: str, on: str, expected: str
) -> None:
    assert state(by(review), on) == expected


@pytest.mark.parametrize(
    ("days", "on", "expected"),
    [
        (0, "2027-11-22", "in time"),
        (0, "2027-11-23", "refused"),
        (30, "2027-12-22", "overdue"),
        (30, "2027-12-23", "refused"),
        (365, "2028-11-21", "overdue"),
        (365, "2028-11-22", "refused"),
    ],
)
def test_a_policy_shortens_the_year(days: int, on: str, expected: str) -> None:
    assert state(by(days=days), on) == expected


@settings(deadline=None)
@given(st.integers(0, 365), st.integers(-400, 800))
def test_a_policy_refuses_whatever_is_refused_without_one(
    days: int, after: int
) -> None:
    on = str(date.fromisoformat(REVIEW) + timedelta(after))

    if state(by(), on) == "refused":
        assert state(by(days=days), on) == "refused"
    if state(by(days=days), on) == "in time":
        assert state(by(), on) == "in time"


def test_without_a_day_nothing_is_overdue() -> None:
    assert not is_overdue(by("2000-01-01"), None)


def test_the_warning_says_both_days() -> None:
    assert overdue_text(by()) == (
        "This knowledge was to be reviewed by 2027-11-22. Check with newer sources; "
        "from 2028-11-22 on it is refused."
    )
    assert overdue_text(by(days=0)).endswith("from 2027-11-23 on it is refused.")


def test_the_refusal_says_where_it_stands_and_how_to_mend_it() -> None:
    with pytest.raises(OverdueError) as caught:
        refuse_long_overdue(by(), date(2028, 11, 22))

    assert str(caught.value) == (
        "The knowledge base has 1 problem:\n"
        "  about.toml: review_by: it was to be reviewed by 2027-11-22, and is refused "
        "from 2028-11-22 on; install a newer version, or review the knowledge "
        "(milia-cds review) and write the next day there"
    )
    assert isinstance(caught.value, KnowledgeError)
    again = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 - our own
    assert str(again) == str(caught.value)


def test_the_refusal_names_the_policy_that_refuses_sooner() -> None:
    base = by(days=7)
    assert base.policy is not None

    with pytest.raises(OverdueError) as caught:
        refuse_long_overdue(base, date(2027, 12, 1))

    said = f"is refused by the policy of {base.policy.name} from 2027-11-30 on"
    assert said in str(caught.value)


# -- the policy's file --


def policy_of(tmp_path: Path, line: str) -> Knowledge:
    file = tmp_path / "clinic.toml"
    file.write_text(POLICY + line, encoding="utf-8")
    return load_knowledge(policy=file)


def test_a_policy_says_after_how_many_days(tmp_path: Path) -> None:
    for line, expected in {"refuse_after_days = 90": 90, "": 365}.items():
        policy = policy_of(tmp_path, line).policy
        assert policy is not None
        assert policy.refuse_after_days == expected


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            "refuse_after_days = 366",
            "366 days is not from 0 to 365; a policy only tightens: give at most 365",
        ),
        (
            "refuse_after_days = -1",
            "-1 days is not from 0 to 365; a policy only tightens: give at most 365",
        ),
        ("refuse_after_days = true", "true is not a whole number"),
        ('refuse_after_days = "90"', '"90" is not a whole number'),
    ],
)
def test_a_policy_cannot_lengthen_the_year(
    line: str, said: str, tmp_path: Path
) -> None:
    with pytest.raises(KnowledgeError) as caught:
        policy_of(tmp_path, line)

    [problem] = caught.value.problems
    assert str(problem).startswith(f"clinic.toml: refuse_after_days: {said}")
