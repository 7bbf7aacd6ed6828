"""Calls are read strictly, and nothing that they say of a patient is repeated."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milia_cds.adapters.cds_hooks.calls import (
    HOOKS,
    Call,
    CallError,
    OtherHookError,
    absolute,
    call_of,
)
from milia_cds.case.strict_json import parse_json
from milia_cds.errors import Unreadable
from tests.adapters.cds_hooks.calling import (
    INSTANCE,
    NO_DRAFTS,
    PATIENT,
    call,
    changed,
)

GRANT = {
    "access_token": "s3cr3t",
    "token_type": "Bearer",
    "expires_in": 300,
    "scope": "user/Patient.read",
    "subject": "cds",
}
SERVER = "https://fhir.example.org/r4"


def read(said: object, hook: str = "patient-view") -> Call:
    return call_of(said, hook=hook)


def problems(said: object, hook: str = "patient-view") -> list[str]:
    with pytest.raises(CallError) as found:
        call_of(said, hook=hook)
    return [str(each) for each in found.value.problems]


def paths(said: object, hook: str = "patient-view") -> list[str]:
    return [each.partition(": ")[0] for each in problems(said, hook)]


def test_a_call_says_for_whom_and_what_is_known() -> None:
    said = changed("context.encounterId", "e-1")
    found = read(said)
    assert (found.hook, found.instance) == ("patient-view", UUID(INSTANCE))
    context = found.context
    assert (context.user, context.patient) == ("Practitioner/1", "1")
    assert (context.encounter, context.draft_orders) == ("e-1", None)
    assert found.prefetch == {"patient": PATIENT}
    signed = read(call("order-sign"), "order-sign")
    assert signed.context.draft_orders == NO_DRAFTS
    assert signed.context.encounter is None


def test_without_prefetch_nothing_is_known() -> None:
    assert read(call(prefetch=None)).prefetch == {}
    assert read(call(prefetch={})).prefetch == {}


def test_a_call_shows_nothing_of_the_patient() -> None:
    assert repr(read(call())) == "<Call: patient-view>"
    assert "Practitioner/1" not in repr(read(call()).context)


def test_draft_orders_are_for_order_sign_alone() -> None:
    assert paths(changed("context.draftOrders", NO_DRAFTS)) == ["context.draftOrders"]
    wrong: tuple[object, ...] = (None, [], {}, "Bundle", {"resourceType": "List"})
    for drafts in wrong:
        found = paths(
            changed("context.draftOrders", drafts, "order-sign"), "order-sign"
        )
        assert len(found) == 1
        assert found[0].startswith("context.draftOrders")


@pytest.mark.parametrize(
    ("entries", "path"),
    [
        ({}, ""),
        ("orders", ""),
        ([None], "[0].resource"),
        ([{"fullUrl": "urn:x"}], "[0].resource"),
        ([{"resource": []}], "[0].resource"),
        ([{"resource": {"id": "1"}}], "[0].resource.resourceType"),
        ([{"resource": {"resourceType": ""}}], "[0].resource.resourceType"),
    ],
)
def test_a_draft_order_that_cannot_be_read_is_not_passed_over(
    entries: object, path: str
) -> None:
    drafts = {"resourceType": "Bundle", "entry": entries}
    sent = changed("context.draftOrders", drafts, "order-sign")
    assert f"context.draftOrders.entry{path}" in paths(sent, "order-sign")


def test_the_authorization_is_checked_and_dropped() -> None:
    said = call(fhirServer=SERVER, fhirAuthorization=GRANT)
    assert read(said) == read(call())
    of_one = {**GRANT, "scope": "patient/*.read"}
    lacking = call(fhirServer=SERVER, fhirAuthorization=of_one)
    assert paths(lacking) == ["fhirAuthorization.patient"]
    for name, wrong in (
        ("token_type", "bearer"),
        ("expires_in", "300"),
        ("expires_in", True),
        ("expires_in", -1),
        ("scope", ""),
        ("subject", None),
        ("access_token", 7),
        ("patient", "a b"),
        ("other", 1),
    ):
        said = call(fhirServer=SERVER, fhirAuthorization={**GRANT, name: wrong})
        assert paths(said) == [f"fhirAuthorization.{name}"]
        assert "s3cr3t" not in str(problems(said))


def test_every_problem_is_said_at_once_in_order() -> None:
    assert paths({}) == ["hook", "hookInstance", "context"]
    said = {"hook": "patient-view", "context": {"a": 1}, "more": 1}
    assert paths(said) == [
        "more",
        "hookInstance",
        "context.a",
        "context.userId",
        "context.patientId",
    ]


def test_a_misspelt_member_is_led_back() -> None:
    [said] = problems({**call(), "prefetched": {}})
    assert said == 'prefetched: there is no such member; did you mean "prefetch"?'


def test_extensions_are_let_be() -> None:
    extension = {"org.example.a": None}
    said = changed("context.extension", extension)
    said["extension"] = extension
    assert read(said) == read(call())


def test_what_is_prefetched_is_a_resource_or_null() -> None:
    assert read(changed("prefetch.conditions", None)).prefetch["conditions"] is None
    for value in (7, "a", [], [PATIENT], {}, {"resourceType": 7}):
        [path] = paths(changed("prefetch.conditions", value))
        assert path.startswith("prefetch.conditions")


def test_what_is_no_number_is_refused_wherever_it_stands() -> None:
    text = json.dumps(call()).replace('"1992-05-17"', "[1, NaN]")
    data, _ = parse_json(text, CallError)
    assert paths(data) == ["prefetch.patient.birthDate[1]"]
    assert isinstance(data["prefetch"]["patient"]["birthDate"][1], Unreadable)


def test_another_hook_is_an_error_of_its_own() -> None:
    for hook in ("order-sign", "order-select", "", 7, ["patient-view"]):
        with pytest.raises(OtherHookError):
            read({**call(), "hook": hook})


@pytest.mark.parametrize(
    "url",
    [
        "https://a",
        "http://127.0.0.1:8000/r4",
        "https://[::1]:8/r4",
        "HTTPS://FHIR.example.org",
    ],
)
def test_an_address_of_the_web_is_absolute(url: str) -> None:
    assert absolute(url)


@pytest.mark.parametrize(
    "url",
    [
        None,
        7,
        "",
        "a",
        "/a",
        "//a",
        "https://",
        "https:///a",
        "https://a b",
        "https://a\n",
        "https://a:b",
        "https://a:99999",
        "https://[a",
        "https://ä.example",
        "https:\\\\a",
        "file:///etc/passwd",
        "javascript:alert(1)",
    ],
)
def test_anything_else_is_not(url: object) -> None:
    assert not absolute(url)


SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=9)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=9), inner, max_size=3)
    ),
    max_leaves=9,
)
PATHS = (
    *("hook", "hookInstance", "context", "prefetch", "fhirServer"),
    *("fhirAuthorization", "extension", "context.userId", "context.patientId"),
    *("context.encounterId", "context.draftOrders", "prefetch.patient"),
)


@given(VALUES)
def test_whatever_is_sent_is_read_or_refused(said: Any) -> None:
    with pytest.raises(CallError):
        read(said)


@given(st.sampled_from(PATHS), VALUES, st.sampled_from(HOOKS))
def test_whatever_stands_at_a_place_is_read_or_refused(
    path: str, value: Any, hook: str
) -> None:
    said = changed(path, value, hook)
    try:
        found = call_of(said, hook=hook)
    except CallError as error:
        lacking = [each for each in error.problems if not (each.path and each.mend)]
    else:
        assert found.hook == hook
        lacking = []
    assert lacking == []
