"""The decision on a case as it leaves its room: cheap at first, exact when asked."""

from __future__ import annotations

import pytest

from milia_cds.assessment.assessment import assess
from milia_cds.assessment.base import load_knowledge
from milia_cds.case.case import Case
from milia_cds.decision import case_decision
from milia_cds.decision.case_decision import decide
from milia_cds.decision.completions import Completions, completions_of
from milia_cds.decision.exact import exact
from milia_cds.decision.record import Record
from milia_cds.knowledge.model import Knowledge

pytestmark = pytest.mark.slow  # they make the diagrams of all cases

BASE = load_knowledge()
TODDLER = Case.from_dict({"patient": {"age_years": 2}})


def test_the_exact_record_is_that_of_all_completions() -> None:
    decision = decide(BASE, TODDLER.values())
    assert decision.base is BASE
    assert decision.exact == exact(decision.engine, decision.completions)
    assert decision.exact is decision.exact


def test_nothing_is_asked_of_all_cases_until_somebody_asks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = []

    def counted(base: Knowledge, record: Record) -> Completions:
        asked.append(record)
        return completions_of(base, record)

    monkeypatch.setattr(case_decision, "completions_of", counted)
    assessment = assess(TODDLER)
    assert asked == []
    assert assessment.status
    assert assessment.trace
    assert len(asked) == 1
