"""Laws of reading and writing cases, on valid cases and on what is nearly valid."""

from __future__ import annotations

import copy
import json
import pickle
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias, get_args

from hypothesis import event, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from milia_cds.assessment.schema import case_schema
from milia_cds.case.case import Case
from milia_cds.case.milia import (
    FACTS,
    READABLE,
    SCREENED,
    SECTIONS,
    SETTINGS,
    VOCABULARY,
    Screened,
)
from milia_cds.errors import CaseError
from milia_cds.logic.facts import Choice, Kind, Members, Number, Weights, YesNo
from tests.common import THOROUGH

Plain: TypeAlias = Any
"""A value as JSON has it."""

Place: TypeAlias = tuple[Any, Any]
"""A list or object, and the index or key in it."""

SCHEMA = Draft202012Validator(case_schema())
NAMES = sorted({name.partition(".")[2] for name in FACTS} | {*SECTIONS})
laws = settings(deadline=None, max_examples=2000 if THOROUGH else 100)


# Valid cases -------------------------------------------------------------------------


def _numbers(kind: Number) -> st.SearchStrategy[Plain]:
    # The bounds are whole.
    whole = st.integers(-(-kind.low // 1), kind.high // 1)  # type: ignore[arg-type]
    if kind.whole:
        return whole | whole.map(float)
    return whole | st.floats(kind.low, kind.high)


def _known(kind: Kind) -> st.SearchStrategy[Plain]:
    """Draw a plain value of a fact, as JSON may write it."""
    match kind:
        case YesNo():
            return st.booleans()
        case Number():
            return _numbers(kind)
        case Choice(members):
            return st.sampled_from(members)
        case Members(members):
            return st.lists(st.sampled_from(members), unique=True, max_size=3)
        case Weights(criteria):
            weights = st.integers(0, 10) | st.integers(0, 10).map(float)
            return st.dictionaries(st.sampled_from(criteria), weights, max_size=3)


FACT = st.sampled_from(list(FACTS)).flatmap(
    lambda name: st.tuples(st.just(name), st.none() | _known(FACTS[name]))
)


@st.composite
def valid_cases(draw: st.DrawFn) -> dict[str, Plain]:
    """Draw the plain values of a case: few facts or many, in any order."""
    facts = draw(st.lists(FACT, max_size=12, unique_by=lambda fact: fact[0]))
    sections = draw(st.lists(st.sampled_from(list(SECTIONS)), max_size=2))
    case: dict[str, Plain] = {section: {} for section in sections}
    for name, value in facts:
        section, _, fact = name.partition(".")
        case.setdefault(section, {})[fact] = value
    if draw(st.booleans()):
        case["as_of"] = draw(st.none() | st.dates().map(str))
        case["assume_absent"] = draw(
            st.lists(st.sampled_from(get_args(Screened)), unique=True, max_size=2)
        )
    return case


# What is nearly a case ---------------------------------------------------------------

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-2, 130)
    | st.integers()
    | st.just(10**400)
    | st.integers(-2, 130).map(float)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(["7", "no", "true", "", "none", "cheek", "steaming", *SCREENED])
    | st.text(max_size=4)
)
JUNK = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(NAMES) | st.text(max_size=3), inner, max_size=3
        )
    ),
    max_leaves=5,
)
KEYS = (
    st.sampled_from(NAMES)
    | st.sampled_from(["assume_absent", "not_known", "patient.preterm", "weight"])
    | st.text(max_size=3)
)


def _places(plain: Plain) -> Iterator[Place]:
    if isinstance(plain, dict | list):
        for key in plain if isinstance(plain, dict) else range(len(plain)):
            yield plain, key
            yield from _places(plain[key])


def _drop(_draw: st.DrawFn, holder: Any, key: Any) -> None:
    del holder[key]


def _rename(draw: st.DrawFn, holder: Any, key: Any) -> None:
    value = holder.pop(key)
    if isinstance(holder, dict):
        holder[draw(KEYS)] = value


def _replace(draw: st.DrawFn, holder: Any, key: Any) -> None:
    holder[key] = draw(JUNK)


def _wrap(draw: st.DrawFn, holder: Any, key: Any) -> None:
    value = holder[key]
    holder[key] = draw(
        st.sampled_from([[value], {key: value}, str(value), [value] * 2])
    )


def _shift(draw: st.DrawFn, holder: Any, key: Any) -> None:
    value = holder[key]
    if isinstance(value, int | float) and abs(value) < 10**9:
        step = draw(st.sampled_from([-1, 1, 0.5, -0.5, 1e-9, 10**6, -(10**6)]))
        holder[key] = value + step


def _add(draw: st.DrawFn, holder: Any, key: Any) -> None:
    inner = holder[key]
    if isinstance(inner, dict):
        inner[draw(KEYS)] = draw(JUNK)
    elif isinstance(inner, list):
        inner.append(draw(st.sampled_from(inner) if inner else JUNK))


CHANGES: list[Callable[[st.DrawFn, Any, Any], None]] = [
    _drop,
    _rename,
    _replace,
    _wrap,
    _shift,
    _add,
]


@st.composite
def near_cases(draw: st.DrawFn) -> Plain:
    """Draw a valid case that was then changed in none to three places."""
    root = {"case": draw(valid_cases())}
    for _ in range(draw(st.integers(0, 3))):
        places = list(_places(root))
        if not places:
            break
        change = draw(st.sampled_from(CHANGES))
        change(draw, *draw(st.sampled_from(places)))
    return root.get("case", draw(JUNK))


def _reads(data: Plain) -> bool:
    try:
        Case.from_dict(data)
    except CaseError:
        return False
    return True


# Laws --------------------------------------------------------------------------------


@settings(deadline=None, max_examples=2000 if THOROUGH else 200)
@given(near_cases() | JUNK)
def test_the_schema_accepts_what_is_read_and_nothing_else(data: Plain) -> None:
    accepted = _reads(data)
    event(f"accepted: {accepted}")

    assert SCHEMA.is_valid(data) == accepted


@laws
@given(near_cases())
def test_text_and_plain_values_are_read_alike(data: Plain) -> None:
    text = json.dumps(data)

    try:
        from_text: object = Case.from_json(text)
    except CaseError:
        from_text = None

    assert from_text == (Case.from_dict(data) if _reads(data) else None)


@laws
@given(near_cases())
def test_reading_changes_nothing_that_was_given(data: Plain) -> None:
    before = copy.deepcopy(data)

    _reads(data)

    assert data == before


@laws
@given(valid_cases())
def test_what_was_stated_is_held_and_nothing_else(data: Plain) -> None:
    case = Case.from_dict(data)

    given_facts = {
        f"{section}.{fact}": value
        for section in SECTIONS
        for fact, value in data.get(section, {}).items()
    }
    for name in READABLE:
        stated = given_facts.get(name)
        held = frozenset(stated) if isinstance(stated, list) else stated
        assert case.facts()[name] == held
    nulls = {name for name, value in given_facts.items() if value is None}
    assert case.not_known == nulls - SETTINGS
    assert case.assume_absent == tuple(data.get("assume_absent", ()))
    assert case.goals.weights == given_facts.get("goals.weights")
    assert (case.clinic.offers is None) == (given_facts.get("clinic.offers") is None)


@laws
@given(valid_cases())
def test_a_written_case_reads_as_the_same_case(data: Plain) -> None:
    case = Case.from_dict(data)

    assert Case.from_dict(case.to_dict()) == case
    assert Case.from_json(case.to_json()) == case
    assert Case.from_json(case.to_json(indent=1).encode()) == case
    assert SCHEMA.is_valid(case.to_dict())


@laws
@given(valid_cases())
def test_a_case_is_written_in_one_way(data: Plain) -> None:
    case = Case.from_dict(data)

    again = Case.from_dict(case.to_dict())

    assert again.to_json() == case.to_json()


@laws
@given(valid_cases())
def test_a_case_survives_a_pickle_and_keeps_its_hash(data: Plain) -> None:
    case = Case.from_dict(data)

    again = pickle.loads(pickle.dumps(case))  # noqa: S301 - our own

    assert again == case
    assert hash(again) == hash(case)


@laws
@given(valid_cases())
def test_screening_fills_gaps_and_changes_no_answer(data: Plain) -> None:
    case = Case.from_dict(data)
    absences = case.absences()

    screened = set[str](case.assume_absent)
    for screen, denied in VOCABULARY.screens.items():
        screened |= {*denied} if screen in case.assume_absent else set()
    assert all({name, name.partition(".")[0]} & screened for name in absences)
    for name, value in absences.items():
        kind = FACTS[name]
        assert case.facts()[name] is None
        assert name not in case.not_known
        assert not isinstance(kind, Number)
        assert value == kind.absent
        assert kind.read(kind.plain(value), name, []) == value


@laws
@given(st.text() | st.text('{}[]":,0123456789.eE+- \\utrfalsn', max_size=40))
def test_any_text_is_a_case_or_a_typed_error(text: str) -> None:
    try:
        Case.from_json(text)
    except CaseError as error:
        event("refused")
        str(error).encode()


@laws
@given(st.binary() | st.text().map(lambda text: text.encode("utf-16")))
def test_any_bytes_are_a_case_or_a_typed_error(data: bytes) -> None:
    try:
        Case.from_json(data)
    except CaseError as error:
        event("refused")
        str(error).encode()


ODD = (
    st.floats()
    | st.binary(max_size=3)
    | st.dates()
    | st.decimals(allow_nan=False)
    | st.complex_numbers()
    | st.just(object())
    | st.frozensets(st.integers(), max_size=2)
    | st.text(st.characters(categories=["Cs", "Cc"]), max_size=3)
)
ODDLY = st.recursive(
    ODD,
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.tuples(inner)
        | st.dictionaries(st.sampled_from(NAMES) | ODD, inner, max_size=3)
    ),
    max_leaves=6,
)


@laws
@given(st.dictionaries(st.sampled_from(list(SECTIONS)) | ODD, ODDLY, min_size=1))
def test_any_python_values_are_a_case_or_a_typed_error(data: object) -> None:
    try:
        Case.from_dict(data)
    except CaseError as error:
        event("refused")
        for problem in error.problems:
            assert str(problem).isprintable()
