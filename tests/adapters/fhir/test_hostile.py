"""No record, however hostile, ends in anything but a reading or a typed error."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from milia_cds import RecordError
from milia_cds.adapters.fhir import Reading, read_fhir
from milia_cds.errors import visible
from tests.adapters.fhir.building import (
    AS_OF,
    Json,
    allergy,
    bundle,
    clinic,
    condition,
    device,
    observation,
    patient,
    pregnancy,
    procedure,
    request,
    statement,
)
from tests.common import THOROUGH

TRIES = 5_000 if THOROUGH else 25

WORDS = st.sampled_from(
    [
        *("resourceType", "Bundle", "Patient", "Condition", "Observation", "entry"),
        *("resource", "id", "subject", "reference", "coding", "system", "code"),
        *("status", "OperationOutcome", "issue", "contained", "link", "total", "1"),
        *("birthDate", "1990-05-17", "Patient/1", "#1", "urn:uuid:1", "", "\ud800"),
    ]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | WORDS | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(WORDS | st.text(), inner, max_size=5)
    ),
    max_leaves=20,
)

RECORD = bundle(
    patient(identifier=[{"system": "urn:x", "value": "1"}], deceasedBoolean=False),
    condition("lupus", "refuted", recordedDate="2026-01-01"),
    condition("254679001", bodySite=[{"coding": []}]),
    allergy("716186003", category=["food"], recordedDate="2026-01-01"),
    pregnancy("60001007", meta={"versionId": "1", "lastUpdated": "2026-01-01"}),
    observation("inr", {"valueQuantity": {"value": 2.5, "code": "1"}}),
    statement("D10BA01", "completed", effectivePeriod={"start": "2019", "end": "2020"}),
    request("J01AA08", reasonCode=[], intent="order"),
    device("14106009"),
    {
        "resourceType": "DeviceUseStatement",
        "id": "u1",
        "status": "active",
        "subject": {"reference": "Patient/1"},
        "device": {"reference": "#d"},
        "contained": [device("787483001", id="d")],
    },
    procedure("waxing", performedPeriod={"end": "2026-05-15"}),
    kind="searchset",
    total=11,
    link=[{"relation": "self", "url": "http://x.example/Condition?patient=1"}],
)


def tried(record: object, **more: Any) -> Reading | None:
    """The reading of a record, or `None` where it is refused by a typed error."""
    refused = ""
    try:
        reading = read_fhir(record, as_of=AS_OF, knowledge=clinic(), **more)
    except RecordError as error:
        refused = str(error)
        reading = None
    if reading is None:
        assert refused == visible(refused, "\n")
        return None
    for problem in reading.problems:
        assert problem.path
        assert problem.mend
    for each in reading.evidence.values():
        assert each.why == visible(each.why)
        assert len(each.why) < 3000
    assert reading.case == clinic().case(reading.case.to_dict())
    return reading


def places(value: object, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every value in plain values."""
    yield path
    inner: Any = ()
    if isinstance(value, dict):
        inner = value.items()
    elif isinstance(value, list):
        inner = enumerate(value)
    for key, each in inner:
        yield from places(each, (*path, key))


PLACES = [path for path in places(RECORD) if path]


def spoiled(record: Json, path: tuple[Any, ...], value: object) -> Json:
    """A record with another value at a place."""
    copied = copy.deepcopy(record)
    at: Any = copied
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    return copied


@settings(max_examples=TRIES, deadline=None)
@given(VALUES)
def test_any_value_is_read_or_refused(value: object) -> None:
    tried(value)
    tried([patient(), value])
    tried({"patient": patient(), "conditions": value})


@settings(max_examples=TRIES, deadline=None)
@given(st.sampled_from(PLACES), VALUES)
def test_any_value_may_stand_anywhere(path: tuple[Any, ...], value: object) -> None:
    tried(spoiled(RECORD, path, value))


@pytest.mark.parametrize(
    "value",
    [None, True, 0, 10**400, -1.5, float("nan"), float("inf"), "", "x", [], {}, [[]]],
    ids=repr,
)
def test_each_place_takes_each_kind_of_value(value: object) -> None:
    for path in PLACES if THOROUGH else PLACES[::12]:
        tried(spoiled(RECORD, path, value))


def test_what_is_whole_is_read() -> None:
    reading = tried(RECORD)
    assert reading is not None
    assert reading.problems == ()
    assert reading.evidence["history.isotretinoin"].value == "over_6_months"
    assert reading.evidence["history.pacemaker"].value is None  # and none, too


def deep(levels: int) -> Any:
    nested: Any = {}
    for _ in range(levels):
        nested = {"resourceType": "Bundle", "entry": [{"resource": nested}]}
    return nested


def test_bundles_in_bundles_come_to_an_end() -> None:
    reading = tried([patient(), allergy("716186003"), deep(30)])

    assert reading is not None
    assert "too deeply" in reading.problems[0].message
    assert reading.evidence["history.allergy_fish"].value is None
    tried([patient(), deep(100_000)])


def test_two_versions_too_deep_to_compare_are_no_mistake() -> None:
    nested: Any = []
    for _ in range(100_000):
        nested = [nested]
    other = copy.copy(nested)
    two = [condition("lupus", x=nested), condition("lupus", x=[other])]

    reading = tried([patient(), *two])
    assert reading is not None
    assert reading.evidence["history.lupus"].value is None


def test_what_would_steer_a_terminal_is_shown_and_not_obeyed() -> None:
    bad = "\u202e\x1b[2J"
    reading = tried(
        [
            patient(),
            condition("lupus", id=bad, meta={"versionId": bad}),
            condition("lupus", id=bad * 2, subject={"reference": bad}),
        ]
    )

    assert reading is not None
    [source] = reading.evidence["history.lupus"].said_by
    assert source == tuple(map(visible, source))
    for each in reading.ignored:
        assert each.reference == visible(each.reference)
        assert each.why == visible(each.why)
