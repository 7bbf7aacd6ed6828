"""The rules of CDS Hooks for discovery, calls, statuses and tokens, a test each.

Those of cards stand in `test_card_rules.py`, those of feedback in `test_feedback.py`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import attrs
import pytest
from starlette.testclient import TestClient

from milia_cds.adapters.cds_hooks import service as serving
from milia_cds.adapters.cds_hooks.calls import CallError, OtherHookError, call_of
from milia_cds.adapters.cds_hooks.cards import CardsError, cards_of
from milia_cds.adapters.cds_hooks.discovery import services
from milia_cds.adapters.cds_hooks.safety import SettingsError
from milia_cds.adapters.cds_hooks.seen import SeenInFile
from milia_cds.assessment.base import load_knowledge
from tests.adapters.cds_hooks.calling import (
    PATIENT,
    SIGN,
    VIEW,
    Signing,
    call,
    changed,
    open_client,
)
from tests.adapters.cds_hooks.signing import claims, key, signed
from tests.common import OTHERWORLD

OFFERED = services(load_knowledge())["services"]


@pytest.fixture(scope="module")
def client() -> TestClient:
    return open_client()


@pytest.fixture(scope="module")
def signing() -> Signing:
    return Signing()


def wrong(path: str, value: Any, hook: str = "patient-view") -> list[str]:
    """The paths of the problems of a call with another value at a path."""
    with pytest.raises(CallError) as found:
        call_of(changed(path, value, hook), hook=hook)
    return [problem.path for problem in found.value.problems]


def leaves(data: Any) -> Iterator[Any]:
    """Every value at any depth."""
    yield data
    for each in data.values() if isinstance(data, dict) else ():
        yield from leaves(each)
    for each in data if isinstance(data, list) else ():
        yield from leaves(each)


# -- discovery --


def test_r1_discovery_has_its_exact_path(client: TestClient) -> None:
    assert client.get("/cds-services").status_code == 200
    for path in ("/cds-services/", "/cds-service", "/CDS-services", "//cds-services"):
        assert client.get(path, follow_redirects=False).status_code in {404, 405}


def test_r2_services_are_a_list(client: TestClient) -> None:
    said = client.get("/cds-services").json()
    assert isinstance(said["services"], list)
    assert {each["id"] for each in said["services"]} == {VIEW, SIGN}


@pytest.mark.parametrize("folder", [None, OTHERWORLD])
def test_r3_each_service_has_what_it_must_have(folder: Any) -> None:
    for each in services(load_knowledge(folder))["services"]:
        assert {"hook", "id", "description"} <= set(each)
        assert re.fullmatch(r"[A-Za-z0-9._~-]+", each["id"])
        assert each["hook"] in {"patient-view", "order-sign"}


@pytest.mark.parametrize("folder", [None, OTHERWORLD])
def test_r4_prefetch_has_known_tokens_and_balanced_braces(folder: Any) -> None:
    for each in services(load_knowledge(folder))["services"]:
        for query in each["prefetch"].values():
            assert "{{" in query
            assert re.findall(r"\{\{(.*?)\}\}", query) == ["context.patientId"]
            assert re.sub(r"\{\{[A-Za-z.]+\}\}", "", query).isascii()
            assert not set("{}") & set(re.sub(r"\{\{[A-Za-z.]+\}\}", "", query))


def test_r5_no_member_is_null_or_empty(client: TestClient) -> None:
    for said in (client.get("/cds-services").json(), client.get("/nothing").json()):
        assert not [each for each in leaves(said) if each in (None, "", [], {})]
    empty: tuple[object, ...] = (None, "", [])
    for path in ("context.encounterId", "fhirServer", "extension", "prefetch"):
        assert [wrong(path, value) for value in empty] == [[path]] * 3
    assert wrong("context.extension", {}) == ["context.extension"]
    read = call_of(changed("prefetch.conditions", None), hook="patient-view")
    assert read.prefetch["conditions"] is None


# -- calls --


@pytest.mark.parametrize(
    "instance",
    [
        *("", "1", 7, None),
        "4e0a3a1e32834575ab82028d55fe2719",
        "{4e0a3a1e-3283-4575-ab82-028d55fe2719}",
        "urn:uuid:4e0a3a1e-3283-4575-ab82-028d55fe2719",
        "4e0a3a1e-3283-4575-ab82-028d55fe2719\n",
        "4e0a3a1e-3283-4575-ab82-028d55fe271g",
    ],
)
def test_r6_an_instance_is_a_uuid(instance: object) -> None:
    assert wrong("hookInstance", instance) == ["hookInstance"]


def test_r7_an_authorization_needs_its_server() -> None:
    grant = {
        "access_token": "s3cr3t",
        "token_type": "Bearer",
        "expires_in": 300,
        "scope": "user/Patient.read",
        "subject": "cds",
    }
    assert wrong("fhirAuthorization", grant) == ["fhirServer"]
    server = "https://fhir.example.org"
    said = call(fhirAuthorization=grant, fhirServer=server)
    read = call_of(said, hook="patient-view")
    assert "s3cr3t" not in str(attrs.asdict(read))


def test_r8_the_context_has_what_its_hook_needs() -> None:
    for name in ("userId", "patientId"):
        assert wrong(f"context.{name}", 7) == [f"context.{name}"]
    for user in (
        *("1", "Practitioner/", "Practitioner/a b", "practitioner/1", "Group/1"),
        f"Practitioner/{'a' * 65}",
        "Practitioner/1/2",
        "Practitioner/1\n",
    ):
        assert wrong("context.userId", user) == ["context.userId"]
    for kind in ("Practitioner", "PractitionerRole", "Patient", "RelatedPerson"):
        said = changed("context.userId", f"{kind}/a-1.B")
        assert call_of(said, hook="patient-view").context.user == f"{kind}/a-1.B"
    lacking = changed(
        "context", {"userId": "Patient/1", "patientId": "1"}, "order-sign"
    )
    with pytest.raises(CallError, match=r"context\.draftOrders: it is missing"):
        call_of(lacking, hook="order-sign")
    assert wrong("context.draftOrders", {"resourceType": "Bundle"})


def test_r9_the_hook_is_that_of_the_service(client: TestClient) -> None:
    with pytest.raises(OtherHookError):
        call_of(call("order-sign"), hook="patient-view")
    for name, hook in ((VIEW, "order-sign"), (SIGN, "patient-view")):
        answer = client.post(f"/cds-services/{name}", json=call(hook))
        assert answer.status_code == 400
        assert "another hook" in answer.text


def test_r21_urls_are_absolute() -> None:
    for url in (
        "fhir",
        "/fhir",
        "//fhir.example.org",
        "ftp://a",
        "https://",
        "https:a",
    ):
        assert wrong("fhirServer", url) == ["fhirServer"]
    with pytest.raises(SettingsError, match="no absolute URL"):
        open_client(base_url="/cds")
    source = {"label": "a", "url": "https://a.example"}
    link = {"label": "a", "type": "absolute", "url": "https://a.example/form"}
    card: dict[str, Any] = {
        "summary": "a",
        "indicator": "info",
        "source": source,
        "links": [link],
    }
    assert cards_of({"cards": [card]}).to_dict() == {"cards": [card]}
    for name in ("url", "icon"):
        spoiled = {**card, "source": {**source, name: "/a"}}
        with pytest.raises(CardsError, match=rf"source\.{name}"):
            cards_of({"cards": [spoiled]})
    with pytest.raises(CardsError, match=r"links\[0\]\.url"):
        cards_of({"cards": [{**card, "links": [{**link, "url": "/form"}]}]})


# -- statuses --


@pytest.mark.parametrize(
    "prefetch",
    [
        None,
        {},
        {"patient": None},
        {"conditions": {"resourceType": "Bundle", "type": "searchset"}},
        {"patient": {"resourceType": "OperationOutcome", "issue": []}},
    ],
)
def test_r27_only_a_missing_patient_is_412(prefetch: Any, client: TestClient) -> None:
    answer = client.post(f"/cds-services/{VIEW}", json=call(prefetch=prefetch))
    assert answer.status_code == 412
    assert answer.json()["resourceType"] == "OperationOutcome"
    there = client.post(f"/cds-services/{VIEW}", json=call())
    assert (there.status_code, there.json()) == (200, {"cards": []})


@pytest.mark.parametrize(
    "error", [RuntimeError, KeyError, MemoryError, RecursionError, AssertionError]
)
def test_r28_an_exception_is_never_200_and_says_nothing(
    error: type[Exception],
    client: TestClient,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error(f"Jane Doe {PATIENT}")

    monkeypatch.setattr(serving, "answer_to", fail)
    caplog.set_level(0)
    answer = client.post(f"/cds-services/{VIEW}", json=call())
    assert answer.status_code == 500
    assert answer.json()["issue"][0]["code"] == "exception"
    for said in (answer.text, caplog.text):
        assert "Jane" not in said
        assert "1992" not in said
    assert error.__name__ in caplog.text


# -- tokens --


def test_r29_a_token_is_signed_for_here_valid_and_used_once(
    signing: Signing, tmp_path: Any
) -> None:
    path = f"/cds-services/{VIEW}"
    url = f"https://cds.example.org/milia{path}"

    def status(header: str | None) -> int:
        headers = {} if header is None else {"Authorization": header}
        answer: int = signing.bare.post(path, json=call(), headers=headers).status_code
        return answer

    good = signed(claims(url))
    assert [status(good), status(good)] == [200, 401]
    assert status(None) == 401
    assert status(signed(claims(url), by=key("ES384", "other"))) == 401
    assert status(signed(claims(f"{url}/"))) == 401
    assert status(signed(claims(url.replace("view", "sign")))) == 401
    assert status(signed(claims(url, exp=1))) == 401
    assert status(signed(claims(url, jti=None))) == 401
    assert status(signed(claims(url), "HS384", by=b"a" * 48, kid="ES384 one")) == 401
    assert status(signed(claims(url, iss="https://other.example.org"))) == 403
    shared = [Signing(tokens_seen=SeenInFile(tmp_path / "seen")) for _ in range(2)]
    header = {"Authorization": signed(claims(url))}
    assert [
        each.bare.post(path, json=call(), headers=header).status_code for each in shared
    ] == [200, 401]


def test_the_services_that_are_listed_are_those_that_answer(client: TestClient) -> None:
    for each in OFFERED:
        answer = client.post(f"/cds-services/{each['id']}", json=call(each["hook"]))
        assert json.loads(answer.text) == {"cards": []}
