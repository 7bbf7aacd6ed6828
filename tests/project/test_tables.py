"""Rows of pandas, Polars and NumPy: read as JSON is, or refused with the recipe."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest

from milia_cds import Case, CaseError, History, Lesion, Patient

STATED: dict[str, list[Any]] = {
    "patient.age_years": [34.5, 0.5, None],
    "patient.pregnancy": ["none", None, "possible"],
    "lesion.count": [5, None, 12],
    "history.pacemaker": [True, False, None],
    "history.keloid": [False, None, True],
}
"""Three rows, in columns whose dtypes each library chooses for itself."""

SAME = [
    Case.from_dict(
        {
            section: {
                name.partition(".")[2]: column[row]
                for name, column in STATED.items()
                if name.startswith(section)
            }
            for section in ("patient", "lesion", "history")
        }
    )
    for row in range(3)
]


def cases_of(rows: list[dict[str, Any]]) -> list[Case]:
    return [Case().stating(row) for row in rows]


# -- the recipe of each library --


@pytest.mark.parametrize("nullable", [False, True], ids=["classic", "nullable"])
def test_a_frame_of_pandas_is_read_where_missing_is_made_none(
    *, nullable: bool
) -> None:
    frame = pd.DataFrame(STATED)
    if nullable:
        frame = frame.convert_dtypes()
        assert str(frame.dtypes["history.pacemaker"]) == "boolean"
    rows = frame.astype(object).where(frame.notna(), None).to_dict("records")
    assert cases_of(rows) == SAME


def test_a_frame_of_polars_is_read_as_it_is() -> None:
    assert cases_of(pl.DataFrame(STATED).to_dicts()) == SAME


def test_a_nan_of_polars_is_made_none() -> None:
    frame = pl.DataFrame({"lesion.size_mm": [1.5, float("nan")]})
    with pytest.raises(CaseError, match=r"nan is not a usable number; .* null"):
        cases_of(frame.to_dicts())
    read = cases_of(frame.fill_nan(None).to_dicts())
    assert [case.lesion.size_mm for case in read] == [1.5, None]


def test_a_row_of_numpy_is_read_by_the_names_of_its_columns() -> None:
    kinds = [("lesion.count", "i4"), ("lesion.size_mm", "f4"), ("lesion.site", "U9")]
    table = np.array([(5, 1.5, "cheek"), (12, 2, "nose")], dtype=kinds)
    rows = [dict(zip(table.dtype.names, row, strict=True)) for row in table]
    assert [case.lesion for case in cases_of(rows)] == [
        Lesion(count=5, size_mm=1.5, site="cheek"),
        Lesion(count=12, size_mm=2, site="nose"),
    ]


# -- without it --


MISSING = {
    "nan": float("nan"),
    "float64 nan": np.float64("nan"),
    "float32 nan": np.float32("nan"),
    "pandas.NA": pd.NA,
    "pandas.NaT": pd.NaT,
    "datetime64 NaT": np.datetime64("NaT"),
}


@pytest.mark.parametrize("missing", MISSING.values(), ids=MISSING)
@pytest.mark.parametrize("name", STATED)
def test_a_missing_value_that_is_not_none_is_refused_with_the_recipe(
    name: str, missing: Any
) -> None:
    with pytest.raises(CaseError) as refused:
        Case().stating({name: missing})
    [problem] = refused.value.problems
    assert problem.path == name
    assert "null" in problem.mend
    section, _, fact = name.partition(".")
    sections = {"patient": Patient, "lesion": Lesion, "history": History}
    with pytest.raises(CaseError) as typed:
        sections[section](**{fact: missing})
    assert str(typed.value) == str(refused.value)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (pd.NA, "pandas.NA is not yes or no"),
        (pd.NaT, "pandas.NaT is not yes or no"),
        (np.float64("nan"), "nan is not yes or no"),
        (np.int64(1), "1 is not yes or no"),
        (np.float64(0), "0.0 is not yes or no"),
        (np.array([True]), "a Python ndarray is not yes or no"),
    ],
)
def test_what_is_no_yes_or_no_is_named_as_it_is_written(value: Any, said: str) -> None:
    with pytest.raises(CaseError) as refused:
        Case().stating({"history.pacemaker": value})
    assert refused.value.problems[0].message == said


# -- scalars of NumPy --


@pytest.mark.parametrize(
    ("name", "scalar", "plain"),
    [
        ("history.pacemaker", np.bool_(1), True),
        ("history.pacemaker", np.bool_(0), False),
        ("lesion.count", np.int8(5), 5),
        ("lesion.count", np.uint64(5), 5),
        ("lesion.count", np.float64(5), 5),
        ("patient.age_years", np.int64(34), 34),
        ("patient.age_years", np.float32(0.5), 0.5),
        ("lesion.site", np.str_("cheek"), "cheek"),
        ("goals.weights", {"cost": np.int64(3)}, {"cost": 3}),
        ("history.failed", [np.str_("extraction")], ["extraction"]),
    ],
)
def test_a_scalar_of_numpy_is_the_python_value_that_it_is(
    name: str, scalar: Any, plain: Any
) -> None:
    assert Case().stating({name: scalar}).to_dict() == (
        Case().stating({name: plain}).to_dict()
    )


def test_a_number_of_numpy_with_a_fraction_is_no_whole_number() -> None:
    with pytest.raises(CaseError, match=r"lesion\.count: 3\.9 is not a whole number"):
        Case().stating({"lesion.count": np.float64(3.9)})
