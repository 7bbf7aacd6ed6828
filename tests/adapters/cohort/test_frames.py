"""Frames in and out: what is read, what is refused, and that nothing is filled."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from random import Random
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from milia_cds import Case, CaseError, assess, load_knowledge
from milia_cds.adapters.cohort import (
    FrameError,
    assess_many,
    batches,
    decide_batch,
    detail,
    frame_of,
    input_schema,
    output_schema,
)
from milia_cds.errors import WrongTypeError
from tests.adapters.cohort.drawn import Drawing
from tests.adapters.cohort.held import expected
from tests.common import ADULT, OTHERWORLD, SCREENED, sampled, vignettes

BASE = load_knowledge()
FLAT: dict[str, list[Any]] = {
    "id": [1, 2, 3],
    "patient.age_years": [34.0, None, 71.0],
    "patient.pregnancy": ["none", None, "not_possible"],
    "lesion.site": ["cheek", "forehead", None],
    "lesion.count": [5, None, 1],
    "history.pacemaker": [None, True, False],
    "history.failed": [["extraction"], None, []],
}
TABLE = pa.table(FLAT)
SAME: dict[str, Any] = {
    "pandas": pd.DataFrame(FLAT),
    "polars": pl.DataFrame(FLAT),
    "lazy polars": pl.LazyFrame(FLAT),
    "duckdb": duckdb.from_arrow(TABLE),
    "record batch": TABLE.to_batches()[0],
    "reader": pa.RecordBatchReader.from_batches(TABLE.schema, TABLE.to_batches()),
}


def rows_of(frame: Any) -> list[dict[str, Any]]:
    """The rows of any frame, without dictionaries."""
    if isinstance(frame, pl.LazyFrame):
        frame = frame.collect(engine="streaming")
    if isinstance(frame, pa.RecordBatchReader):
        frame = frame.read_all()
    if isinstance(frame, duckdb.DuckDBPyRelation):
        frame = frame.to_arrow_table()
    if isinstance(frame, pl.DataFrame):
        frame = frame.to_arrow()
    if isinstance(frame, pd.DataFrame):
        frame = pa.Table.from_pandas(frame, preserve_index=False)
    rows: list[dict[str, Any]] = json.loads(json.dumps(frame.to_pylist()))
    return rows


def answers(**columns: list[Any]) -> list[dict[str, Any]]:
    dotted = {name.replace("__", "."): each for name, each in columns.items()}
    return rows_of(assess_many(pa.table(dotted)))


# The same in every kind --------------------------------------------------------------


@pytest.mark.parametrize("kind", SAME)
def test_every_kind_of_frame_gives_the_same_in_its_own_kind(kind: str) -> None:
    found = assess_many(SAME[kind], keep=["id"])

    assert type(found) is type(SAME[kind])
    assert rows_of(found) == rows_of(assess_many(TABLE, keep=["id"]))


def test_pandas_keeps_its_index_and_says_by_what_it_was_decided() -> None:
    frame = pd.DataFrame(FLAT, index=["a", "b", "c"]).drop(columns="id")
    found = assess_many(frame)

    assert [*found.index] == ["a", "b", "c"]
    said = json.loads(found.attrs["milia_cds"])
    assert said["knowledge"] == BASE.digest
    assert "lesion.origin" in said["left_out"]
    assert "lesion.site" not in said["left_out"]


def test_what_pandas_calls_missing_is_not_known() -> None:
    frame = pd.DataFrame(
        {
            "patient.age_years": [34, float("nan")],
            "patient.cooperative": [True, float("nan")],
            "patient.pregnancy": pd.Series(["none", pd.NA], dtype="string"),
            "lesion.count": pd.array([5, None], dtype="Int64"),
        }
    )
    found = assess_many(frame)

    assert [*found["refused"]] == [False, False]
    assert found["lacking"][1]["patient"]["age_years"]


def test_a_nan_that_is_a_value_is_a_bad_value() -> None:
    nan = pa.array([34.0, float("nan"), None], pa.float64(), from_pandas=False)
    [well, bad, unknown] = answers(patient__age_years=nan)

    assert (well["refused"], bad["refused"], unknown["refused"]) == (0, 1, 0)
    assert bad["problem"].startswith("patient.age_years: nan")
    assert pl.DataFrame({"patient.age_years": [float("nan")]}).pipe(assess_many)[
        "refused"
    ].to_list() == [True]


def test_columns_of_one_schema_come_out() -> None:
    found = assess_many(TABLE.drop_columns(["id"]))
    assert found.schema.remove_metadata() == output_schema()
    plain = decide_batch(TABLE.to_batches()[0], keep="id", plain=True)
    assert plain.schema.remove_metadata() == pa.schema(
        [TABLE.schema.field("id"), *output_schema(plain=True)]
    )
    assert rows_of(plain) == rows_of(assess_many(TABLE, keep="id"))


# The same as assess ------------------------------------------------------------------


def test_cases_as_a_frame_are_decided_as_assess_decides_them() -> None:
    cases = [Case.from_dict(each.case_data) for each in sampled(vignettes(), 15)]
    rows = rows_of(assess_many(frame_of(cases)))

    for row, case in zip(rows, cases, strict=True):
        said = expected(case, BASE)
        assert row["refused"] is ("errors" in said)
        if row["refused"]:
            assert row["verdict"] is row["lacking"] is row["first"] is None
            continue
        assert row["first"] == said["first"]
        assert row["scenarios"] == said["scenarios"]
        assert row["warnings"] == said["warnings"]
        assert row["verdict"] == {n: each[0] for n, each in said["options"].items()}
        assert row["measure"] == {n: each[0] for n, each in said["measures"].items()}
        settled = row["disposition"]
        assert settled["action"] == said["action"]
        assert settled["own"] is said["own"]
        assert [settled["to"]] == (said["to"] or [None])
        assert [(e["to"], e["urgency"]) for e in settled["also"]] == said["also"]
        assert [row["urgency"]] == (said["urgency"] or [None])
        for key, word in (("certain", "certain"), ("asked", "ask")):
            named = [name for name, raised in row["alerts"].items() if raised == word]
            assert named == said[key]
        lacking = {
            f"{section}.{fact}"
            for section, facts in row["lacking"].items()
            for fact, lacks in facts.items()
            if lacks
        }
        assert lacking == said["lacking"]


def test_what_an_answer_asks_for_is_among_what_is_lacking() -> None:
    for each in sampled(vignettes(), 40):
        if each.expect.contradiction is None:
            case = Case.from_dict(each.case_data)
            asks = {name for w in assess(case).withheld for name in w.asks}
            assert asks <= expected(case, BASE)["lacking"]


def test_detail_is_the_assessment_of_a_row() -> None:
    cases = [
        Case.from_dict({**SCREENED, "history": {"inr": None}, "as_of": "2026-05-01"}),
        Case.from_dict({**ADULT, "clinic": {"offers": ["extraction"]}}),
        Case.from_dict({**ADULT, "goals": {"weights": {"downtime": 10}}}),
    ]
    table = frame_of(cases)

    for row, case in enumerate(cases):
        assert detail(table, row) == assess(case)
    assert detail(TABLE, 0, keep="id").case.to_dict()["lesion"] == {
        "site": "cheek",
        "count": 5,
    }
    with pytest.raises(IndexError, match="row 3 is not one of the 3 of the frame"):
        detail(TABLE, 3, keep="id")


# Null is not known, and is never filled ----------------------------------------------


def test_a_screening_fills_a_missing_column_and_no_null() -> None:
    site = {"lesion.site": ["cheek", "cheek"]}
    asked = pa.table({**site, "history.pacemaker": pa.nulls(2, pa.bool_())})
    found = {
        name: rows_of(assess_many(table, assume_absent=["history"]))[0]["lacking"]
        for name, table in {"null": asked, "missing": pa.table(site)}.items()
    }

    assert found["null"]["history"]["pacemaker"] is True
    assert found["missing"]["history"]["pacemaker"] is False
    unscreened = rows_of(assess_many(pa.table(site)))[0]["lacking"]
    assert unscreened["history"]["pacemaker"] is True


def test_a_column_says_which_nulls_were_asked_and_by_row_what_was_screened_for() -> (
    None
):
    table = pa.table(
        {
            "lesion.site": ["cheek"] * 4,
            "history.pacemaker": pa.nulls(4, pa.bool_()),
            "not_known": [["history.pacemaker"], [], None, []],
            "assume_absent": [["history"], ["history"], ["devices"], None],
        }
    )
    rows = rows_of(assess_many(table))

    lacks = [row["lacking"]["history"]["pacemaker"] for row in rows]
    assert lacks == [True, False, False, True]


def test_offers_and_weights_are_said_for_all_rows_or_by_row() -> None:
    table = frame_of([Case.from_dict(SCREENED)]).drop_columns(["goals", "clinic"])
    [row] = rows_of(assess_many(table, offers=["extraction"]))
    assert row["verdict"]["observation"] == "unavailable"
    by_row = pa.table(
        {
            "clinic.offers": [["extraction"], None, []],
            "goals.weights": [{"downtime": 10}, None, {"downtime": 0}],
        }
    )
    said = [row["verdict"]["observation"] for row in rows_of(assess_many(by_row))]
    assert said == ["unavailable", "withheld", "unavailable"]
    both = "a column says it by row, and it is given for all rows too"
    with pytest.raises(FrameError, match=both):
        assess_many(by_row, offers=["extraction"])
    with pytest.raises(FrameError, match="every weight is 0"):
        assess_many(TABLE, keep="id", weights=dict.fromkeys(BASE.criteria, 0))


def test_weights_of_a_row_may_not_all_be_0() -> None:
    nothing = dict.fromkeys(BASE.criteria, 0)
    one = {**nothing, "speed": 1}
    [bad, well] = answers(goals__weights=[nothing, one])

    assert (bad["refused"], well["refused"]) == (True, False)
    assert "every weight is 0" in bad["problem"]


# Bad values mark their rows ----------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("patient.age_years", 121.0, "out of bounds"),
        ("patient.age_years", "34", "is not a number"),
        ("patient.phototype", 2.5, "is not a whole number"),
        ("patient.cooperative", 1, "is not yes or no"),
        ("patient.pregnancy", "pregnent", "did you mean"),
        ("lesion.site", True, "not the name of a member"),
        ("history.failed", ["extraction", "extraction"], "is listed twice"),
        ("history.failed", ["cutting"], "is not a member"),
        ("history.failed", "extraction", "is not a list"),
        ("goals.weights", {"speed": 11}, "out of bounds"),
        ("clinic.offers", ["nothing"], "is not a member"),
        ("assume_absent", ["goals"], "cannot be assumed absent"),
        ("not_known", ["patient.hat"], "is not a member"),
        ("as_of", "yesterday", "is no date"),
    ],
)
def test_a_bad_value_marks_its_row_as_a_case_says_it(
    name: str, value: Any, says: str
) -> None:
    table = pa.table({name: [value, None], "patient.preterm": [False, False]})
    [bad, well] = rows_of(assess_many(table))

    assert (bad["refused"], well["refused"]) == (True, False)
    assert says in bad["problem"]
    assert bad["verdict"] is None
    assert well["verdict"] is not None
    if "." in name and name != "not_known":
        section, _, fact = name.partition(".")
        with pytest.raises(CaseError) as error:
            BASE.case({section: {fact: value}})
        assert bad["problem"] == "\n".join(map(str, error.value.problems))


def test_strict_raises_with_the_row() -> None:
    table = pa.table({"patient.age_years": [34, 200]})

    with pytest.raises(CaseError, match=r"rows\[1\]\.patient\.age_years"):
        assess_many(table, strict=True)


def test_a_contradiction_marks_its_row() -> None:
    table = pa.table(
        {"lesion.origin": ["primary", "primary"], "lesion.cause": ["burn", None]}
    )
    [bad, well] = rows_of(assess_many(table))

    assert (bad["refused"], well["refused"]) == (True, False)
    assert bad["problem"].startswith("lesion.origin and lesion.cause")


# Columns -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        ({"patient.age": [1]}, 'did you mean "patient.age_years"'),
        ({"id": [1]}, "name it in keep"),
        ({"patient.age_years": [1], "patient__age_years": [1]}, "drop one of the two"),
        ({"lesion": [{"sise": 1}]}, 'did you mean "site"'),
        ({"lesion": [1]}, "give a struct of facts"),
        ({"goals.weights": [{"sped": 1}]}, 'did you mean "speed"'),
    ],
)
def test_a_column_that_is_none_is_refused(columns: dict[str, Any], says: str) -> None:
    with pytest.raises(FrameError) as error:
        assess_many(pa.table(columns))
    assert says in str(error.value)


def test_flat_names_structs_and_short_types_say_the_same() -> None:
    flat = TABLE.drop_columns(["id"])
    doubled = flat.rename_columns([n.replace(".", "__") for n in flat.column_names])
    large = flat.cast(
        pa.schema(
            [
                pa.field(f.name, pa.large_string() if f.type == pa.string() else f.type)
                for f in flat.schema
            ]
        )
    )
    words = [name for name in flat.column_names if flat[name].type == pa.string()]
    encoded = flat
    for name in words:
        place = encoded.column_names.index(name)
        encoded = encoded.set_column(place, name, flat[name].dictionary_encode())
    structs = pa.Table.from_pylist(
        [
            {
                section: {
                    name.partition(".")[2]: value
                    for name, value in row.items()
                    if name.startswith(f"{section}.")
                }
                for section in ("patient", "lesion", "history")
            }
            for row in flat.to_pylist()
        ]
    )

    expected_rows = rows_of(assess_many(flat))
    for other in (doubled, large, encoded, structs):
        assert rows_of(assess_many(other)) == expected_rows


def test_a_column_of_nothing_is_not_known_and_no_rows_are_none() -> None:
    nothing = pa.table({"goals": pa.nulls(2), "patient.age_years": pa.nulls(2)})
    assert rows_of(assess_many(nothing))[0]["lacking"]["patient"]["age_years"]
    assert assess_many(TABLE.slice(0, 0), keep="id").num_rows == 0


def test_what_is_no_frame_is_refused() -> None:
    with pytest.raises(WrongTypeError, match="takes a frame of pandas"):
        assess_many([{"patient.age_years": 34}])
    with pytest.raises(FrameError, match="not of one kind"):
        assess_many(pd.DataFrame({"patient.age_years": [34, "old", True]}))


# Long frames -------------------------------------------------------------------------


def test_short_batches_are_joined_long_ones_cut_and_progress_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(batches, "CHUNK", 16)
    cases = [Case.from_dict(each.case_data) for each in vignettes()[:50]]
    table = frame_of(cases)
    parts = [table.slice(0, 3), table.slice(3, 40), table.slice(43, 0), table.slice(43)]
    many = pa.concat_tables(parts)
    done: list[int] = []
    found = assess_many(many, progress=done.append)

    assert done == [16, 32, 48, 50]
    monkeypatch.undo()
    assert rows_of(found) == rows_of(assess_many(table))


def test_another_domain_goes_through_the_door() -> None:
    dragons = load_knowledge(OTHERWORLD)
    drawing, random = Drawing(dragons), Random(3)  # noqa: S311 - for tests
    cases = [drawing.case(random) for _ in range(20)]
    table = frame_of(cases, dragons)

    assert table.schema == input_schema(dragons)
    for row, case in zip(rows_of(assess_many(table, dragons)), cases, strict=True):
        said = expected(case, dragons)
        assert row["refused"] is ("errors" in said)
        if not row["refused"]:
            assert row["first"] == said["first"]


def test_a_day_may_be_a_date() -> None:
    [row] = answers(as_of=[date(2026, 5, 1)])
    assert row["refused"] is False


def test_a_missing_extra_is_named() -> None:
    code = (
        "import sys; sys.modules['narwhals'] = None\n"
        "try: import milia_cds.adapters.cohort\n"
        "except ImportError as error: print(error)"
    )
    said = subprocess.run(  # noqa: S603 - our own
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout
    assert "pip install milia-cds[cohort]" in said
