"""Threads that use a knowledge base for the first time at once get the same answers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from milia_cds import assess, load_knowledge
from milia_cds.assessment.assessment import Assessment
from milia_cds.decision.all_cases import prepare
from milia_cds.knowledge.model import Knowledge
from tests.common import THREADS, at_once

SMALL = Path(__file__).parents[1] / "otherworld" / "knowledge"
CASES: tuple[dict[str, Any], ...] = (
    {},
    {"patch": {"glowing": False}},
    {"patch": {"weeping": True}},
)


def told(answer: Assessment, base: Knowledge) -> tuple[str, ...]:
    """All that an answer says, and what can be asked about it."""
    return (
        answer.to_json(),
        answer.text(detail="full"),
        answer.compare().text(),
        answer.stability().text(),
        *(answer.why(name).text() for name in base.options),
        *(answer.why_not(name).text() for name in base.options),
    )


def all_told(base: Knowledge) -> list[tuple[str, ...]]:
    return [told(assess(base.case(case), base), base) for case in CASES]


def test_the_first_use_is_the_same_for_every_thread() -> None:
    expected = all_told(load_knowledge(SMALL))
    for _ in range(2):
        fresh = load_knowledge(SMALL)
        # Mypy infers no default of a lambda.
        assert at_once(lambda fresh=fresh: all_told(fresh)) == [expected] * THREADS  # type: ignore[misc]


def test_threads_may_read_one_answer() -> None:
    base = load_knowledge(SMALL)
    expected = told(assess(base.case({}), base), base)
    answer = assess(base.case({}), load_knowledge(SMALL))
    assert at_once(lambda: told(answer, base)) == [expected] * THREADS


def test_the_trace_of_an_answer_is_made_for_every_thread() -> None:
    base = load_knowledge(SMALL)
    for _ in range(20):
        answer = assess(base.case({}), base)
        # Mypy infers no default of a lambda.
        assert len(set(map(len, at_once(lambda a=answer: a.trace)))) == 1  # type: ignore[misc]


def test_all_cases_are_made_once_for_all_threads() -> None:
    fresh = load_knowledge(SMALL)
    found = at_once(lambda: prepare(fresh))
    assert len(set(map(id, found))) == 1


def test_the_shipped_knowledge_is_one() -> None:
    assert len(set(map(id, at_once(load_knowledge)))) == 1
