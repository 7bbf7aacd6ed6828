"""What many decisions come to, held to a count over the answers one by one."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from milia_cds import Case, OverdueError, WrongTypeError, load_knowledge
from milia_cds.adapters.cohort import (
    CohortSummary,
    FrameError,
    assess_many,
    cohort_summary,
    detail,
    frame_of,
)
from milia_cds.adapters.cohort.counting import Missing
from tests.adapters.cohort.held import expected
from tests.common import OTHERWORLD, SCREENED, sampled, vignettes

BASE = load_knowledge()
CASES = [Case.from_dict(each.case_data) for each in sampled(vignettes(), 20)]
FOUND = assess_many(frame_of(CASES))
SAID = [each for each in (expected(c, BASE) for c in CASES) if "errors" not in each]


@pytest.fixture(scope="module")
def summary() -> CohortSummary:
    return cohort_summary(FOUND)


def test_it_counts_what_the_answers_say(summary: CohortSummary) -> None:
    counts = summary.counts

    assert counts.cases == len(CASES)
    assert counts.refused == len(CASES) - len(SAID)
    assert counts.actions == Counter(each["action"] for each in SAID)
    assert counts.first == Counter(tuple(each["first"]) for each in SAID)
    assert counts.urgency == Counter(u for each in SAID for u in each["urgency"])
    assert +counts.certain == Counter(a for each in SAID for a in each["certain"])
    assert +counts.asked == Counter(a for each in SAID for a in each["asked"])
    for name in BASE.options:
        verdicts = Counter(each["options"][name][0] for each in SAID)
        assert counts.verdicts[name] == verdicts
    referred = Counter(
        (each["to"][0], each["urgency of referral"][0]) for each in SAID if each["to"]
    )
    assert counts.to == referred


def test_what_to_record_frees_as_many_as_it_says(summary: CohortSummary) -> None:
    left = [set(each["lacking"]) for each in SAID if each["lacking"]]
    every = [{*facts} for facts in left]
    assert summary.counts.lacking == len(left)
    for each in summary.worth_recording:
        assert each.lacking == sum(not facts.isdisjoint(each.facts) for facts in every)
        free = sum(not facts for facts in left)
        single = max(sum(facts == {name} for facts in left) for name in each.facts)
        assert (len(each.facts) == 1) is (single > 0)
        for facts in left:
            facts.difference_update(each.facts)
        assert each.frees == sum(not facts for facts in left) - free > 0


def worth_recording(*rows: str) -> tuple[Missing, ...]:
    """What is worth recording where rows lack these of the facts x, y and z."""
    table = FOUND.slice(0, len(rows))
    columns = {
        "lacking": [{"a": {name: name in row for name in "xyz"}} for row in rows],
        "refused": [False] * len(rows),
    }
    for name, column in columns.items():
        place = table.column_names.index(name)
        table = table.set_column(place, name, pa.array(column))
    return cohort_summary(table).worth_recording


def test_the_fact_that_frees_most_comes_first() -> None:
    assert worth_recording("xy", "z", "z", "x", "", "y") == (
        Missing(("a.z",), 2, 2),
        Missing(("a.x",), 2, 1),
        Missing(("a.y",), 2, 2),
    )


def test_facts_that_free_nobody_one_by_one_are_named_together() -> None:
    assert worth_recording("xyz", "", "xy", "xyz") == (
        Missing(("a.x", "a.y"), 3, 1),
        Missing(("a.z",), 2, 2),
    )


def test_text_card_page_and_picture_say_it(summary: CohortSummary) -> None:
    text = str(summary)

    assert text.index("Dangers") < text.index("What comes first")
    assert text.index("What comes first") < text.index("What to record")
    assert BASE.digest in text
    assert BASE.facts[summary.worth_recording[0].facts[0]].label in text
    bundle = summary._repr_mimebundle_()
    assert bundle["text/plain"] == text
    assert "What to record" in bundle["text/html"]
    assert summary.html().startswith("<!doctype html>")
    picture = summary.picture()
    assert picture.svg.count("<rect") == 3 * len(BASE.options)
    assert "Extraction: " in picture.text


def test_batches_and_other_frames_give_the_same(summary: CohortSummary) -> None:
    parts = FOUND.to_batches(max_chunksize=7)
    for other in (
        CohortSummary.of(parts, BASE),
        cohort_summary(pl.DataFrame(FOUND)),
        cohort_summary(FOUND.to_pandas()),
    ):
        assert str(other) == str(summary)


def test_nothing_and_another_domain_can_be_summed_up() -> None:
    assert "0 cases" in str(cohort_summary(FOUND.slice(0, 0)))
    dragons = load_knowledge(OTHERWORLD)
    cases = [dragons.case({"dragon": {"age_years": 300}}), dragons.case({})]
    found = assess_many(frame_of(cases, dragons), dragons)

    assert "2 cases" in str(cohort_summary(found, dragons))
    with pytest.raises(FrameError, match="it was decided by"):
        cohort_summary(found)


def test_what_is_no_result_is_refused() -> None:
    with pytest.raises(FrameError, match="give what assess_many gave"):
        cohort_summary(pa.table({"refused": [True]}))


# -- knowledge whose review is overdue --


REVIEW = date.fromisoformat(BASE.about.review_by)


@pytest.mark.parametrize("kind", [pd.DataFrame, pl.DataFrame, pa.table])
def test_rows_that_overdue_knowledge_decided_say_so_in_a_frame_of_any_kind(
    kind: Any,
) -> None:
    frame = kind({"patient.age_years": [34, 340]})

    for days, said in {0: False, 1: True}.items():
        found = assess_many(frame, on=REVIEW + timedelta(days))
        summary = cohort_summary(found)
        assert summary.overdue is said
        for text in (summary.text(), summary.html(), summary.picture().svg):
            assert (f"review overdue since {REVIEW}" in " ".join(text.split())) is said


def test_overdue_knowledge_changes_no_decision_on_a_row() -> None:
    table = frame_of([Case(), Case.from_dict(SCREENED)])
    plain = assess_many(table)

    late = assess_many(table, on=REVIEW + timedelta(365))

    assert late.drop_columns(["warnings"]) == plain.drop_columns(["warnings"])
    before = plain.column("warnings").to_pylist()
    now = late.column("warnings").to_pylist()
    assert now == [["review_by", *names] for names in before]
    assert detail(table, 1, on=REVIEW + timedelta(1)).knowledge.overdue


def test_long_overdue_knowledge_decides_no_row() -> None:
    table = frame_of([Case()])
    day = REVIEW + timedelta(366)
    with pytest.raises(OverdueError):
        assess_many(table, on=day)
    with pytest.raises(OverdueError):
        detail(table, 0, on=day)
    wrong: Any = "2027-11-23"
    with pytest.raises(WrongTypeError, match="assess_many takes a day as `on`"):
        assess_many(table, on=wrong)
