"""What the public functions do not take: one typed error, in one sentence."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any

import pytest

from milia_cds import (
    Case,
    Interview,
    MiliaError,
    WrongTypeError,
    assess,
    assess_visit,
    case_schema,
    contributions,
    decision_graph,
    diff,
    leaflet,
    load_knowledge,
    option_grid,
    prepare,
    thresholds,
)
from milia_cds.errors import UnknownNameError

CASE = Case.from_dict({"patient": {"age_years": 34}, "lesion": {"site": "cheek"}})
USE_IT = "; use load_knowledge"
GIVE_PATH = "; give a text or a pathlib.Path"
EITHER = "decision_graph takes an Assessment or a Knowledge"
MANY = "assess_visit takes several cases, not "

WRONG: list[tuple[Callable[[Any], object], object, str]] = [
    (assess, None, "assess takes a Case, not null; use Case.from_dict"),
    (assess, {}, "assess takes a Case, not an object; use Case.from_dict"),
    (
        lambda x: assess(CASE, knowledge=x),
        "x",
        f'assess takes a Knowledge, not "x"{USE_IT}',
    ),
    (lambda x: assess(CASE, x), 3, f"assess takes a Knowledge, not 3{USE_IT}"),
    (
        lambda x: assess_visit([CASE], x),
        {},
        f"assess_visit takes a Knowledge, not an object{USE_IT}",
    ),
    (assess_visit, CASE, f"{MANY}a Python Case; give the cases in a list"),
    (assess_visit, None, f"{MANY}null; give the cases in a list"),
    (assess_visit, [CASE, 3], "assess takes a Case, not 3; use Case.from_dict"),
    (Interview, {}, "assess takes a Case, not an object; use Case.from_dict"),
    (
        lambda x: Interview(CASE, x),
        "folder",
        f'Interview takes a Knowledge, not "folder"{USE_IT}',
    ),
    (prepare, "x", f'prepare takes a Knowledge, not "x"{USE_IT}'),
    (case_schema, "x", f'case_schema takes a Knowledge, not "x"{USE_IT}'),
    (
        load_knowledge,
        3,
        f"load_knowledge takes the path of a folder, not 3{GIVE_PATH}",
    ),
    (
        lambda x: load_knowledge(policy=x),
        {},
        f"load_knowledge takes the path of a policy, not an object{GIVE_PATH}",
    ),
    (
        lambda x: diff(x, x),
        CASE,
        "diff compares two assessments, not a Python Case; use assess",
    ),
    (
        lambda x: leaflet(x, "extraction"),
        CASE,
        "leaflet takes an Assessment, not a Python Case; use assess",
    ),
    (thresholds, 3, "thresholds takes an Assessment, not 3; use assess"),
    (option_grid, "x", 'option_grid takes an Assessment, not "x"; use assess'),
    (contributions, [], "contributions takes an Assessment, not a list; use assess"),
    (
        decision_graph,
        "x",
        f'{EITHER}, not "x"; use assess or load_knowledge',
    ),
    (
        CASE.stating,
        "age_years",
        'stating takes facts by name, not "age_years"; use {name: value}',
    ),
    (
        assess(CASE).what_if,
        3,
        "stating takes facts by name, not 3; use {name: value}",
    ),
]


@pytest.mark.parametrize(("taker", "given", "sentence"), WRONG, ids=range(len(WRONG)))
def test_what_is_not_taken_is_refused_in_a_sentence(
    taker: Callable[[Any], object], given: object, sentence: str
) -> None:
    with pytest.raises(WrongTypeError) as caught:
        taker(given)

    assert str(caught.value) == sentence
    assert isinstance(caught.value, MiliaError)
    assert isinstance(caught.value, TypeError)
    # Our own.
    assert str(pickle.loads(pickle.dumps(caught.value))) == sentence  # noqa: S301


@pytest.mark.parametrize("given", [3, None, ["extraction"], {}], ids=repr)
def test_what_is_no_id_is_no_option(given: Any) -> None:
    answer = assess(CASE)

    for asked in (answer.why, answer.why_not, answer.__getitem__):
        with pytest.raises(UnknownNameError, match=r"^no option "):
            asked(given)
