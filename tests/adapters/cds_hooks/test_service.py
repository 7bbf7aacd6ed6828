"""The service over ASGI: statuses, limits, what it lets nobody see, where it stands."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

from milia_cds.adapters.cds_hooks import rehearsal
from milia_cds.adapters.cds_hooks import service as serving
from milia_cds.adapters.cds_hooks.answering import CallAnswer, answer_to
from milia_cds.adapters.cds_hooks.calls import Call
from milia_cds.adapters.cds_hooks.cards import CdsResponse, cards_of
from milia_cds.adapters.cds_hooks.feedback import Feedback, Issued
from milia_cds.adapters.cds_hooks.limits import Limits
from milia_cds.adapters.cds_hooks.safety import SettingsError
from milia_cds.adapters.cds_hooks.service import mounted, service
from milia_cds.adapters.cds_hooks.tokens import Issuers
from milia_cds.assessment.base import load_knowledge
from milia_cds.errors import OverdueError, WrongTypeError
from tests.adapters.cds_hooks.calling import (
    HERE,
    INSTANCE,
    THERE,
    VIEW,
    Signing,
    call,
    changed,
    now,
    open_client,
    report,
    unrehearsed,
)
from tests.adapters.cds_hooks.signing import ISSUER, claims, jwks, signed
from tests.common import OTHERWORLD

PATH = f"/cds-services/{VIEW}"
JSON = {"Content-Type": "application/json"}
ORIGIN = "https://ehr.example.org"


class Kept:
    """A store of feedback that only remembers."""

    def __init__(self) -> None:
        self.reports: list[tuple[str, Feedback]] = []
        self.cards: list[tuple[str, Issued]] = []

    def issued(self, service: str, cards: Iterable[Issued]) -> None:
        """Remember what cards are about."""
        self.cards += [(service, each) for each in cards]

    def reported(self, service: str, reports: Iterable[Feedback]) -> None:
        """Remember the reports."""
        self.reports += [(service, each) for each in reports]


@pytest.fixture(scope="module")
def kept() -> Kept:
    return Kept()


@pytest.fixture(scope="module")
def client(kept: Kept) -> TestClient:
    return open_client(feedback=kept)


@pytest.fixture(scope="module")
def signing(kept: Kept) -> Signing:
    return Signing(feedback=kept)


def outcome(answer: Any, status: int) -> str:
    """What an answer that refuses says."""
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/fhir+json"
    assert answer.headers["cache-control"] == "no-store"
    said = answer.json()
    assert said["resourceType"] == "OperationOutcome"
    texts = []
    for issue in said["issue"]:
        assert issue["severity"] == "error"
        texts.append(issue["details"]["text"])
    assert texts
    return "; ".join(texts)


# -- what is sent --


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (JSON, 200),
        ({"Content-Type": "application/json; charset=utf-8"}, 200),
        ({"Content-Type": 'Application/JSON;charset="UTF-8"'}, 200),
        ({}, 415),
        ({"Content-Type": "text/plain"}, 415),
        ({"Content-Type": "application/x-www-form-urlencoded"}, 415),
        ({"Content-Type": "application/json; charset=latin-1"}, 415),
        ({**JSON, "Content-Encoding": "gzip"}, 415),
    ],
)
def test_a_call_is_json(
    headers: dict[str, str], status: int, client: TestClient
) -> None:
    body = json.dumps(call()).encode()
    answer = client.post(PATH, content=body, headers=headers)
    assert answer.status_code == status
    if status != 200:
        outcome(answer, status)


NOT_JSON = {
    b"": "empty",
    b"{": "not JSON",
    b"\xff": "UTF-8",
    b"\xef\xbb\xbf{}": "byte-order mark",
    b'{"hook": 1, "hook": 2}': "given twice",
    b'{"a": "\\ud800"}': "surrogate",
    b"[" * 21 + b"]" * 21: "nested too deeply",
    b"[" * 100_000: "nested too deeply",
    b'{"a":' * 50_000: "nested too deeply",
}


@pytest.mark.parametrize("body", NOT_JSON, ids=lambda body: repr(body[:12]))
def test_what_is_no_strict_json_is_400(body: bytes, client: TestClient) -> None:
    for path in (PATH, f"{PATH}/feedback"):
        answer = client.post(path, content=body, headers=JSON)
        assert NOT_JSON[body] in outcome(answer, 400)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_a_number_that_json_does_not_have_is_refused(
    number: str, client: TestClient
) -> None:
    patient = {"resourceType": "Patient", "id": "1", "multipleBirthInteger": 7}
    text = json.dumps(call(prefetch={"patient": patient})).replace("7}", f"{number}}}")
    answer = client.post(PATH, content=text.encode(), headers=JSON)
    assert "multipleBirthInteger" in outcome(answer, 400)
    told = json.dumps(report(card=7)).replace("7,", f"{number},")
    answer = client.post(f"{PATH}/feedback", content=told.encode(), headers=JSON)
    assert "feedback[0].card" in outcome(answer, 400)


def test_every_problem_of_a_call_is_said_with_its_path(client: TestClient) -> None:
    said = changed("context.userId", "nobody")
    del said["hookInstance"]
    said["contexts"] = 1
    text = outcome(client.post(PATH, json=said), 422)
    assert "context.userId: it is not a user" in text
    assert "hookInstance: it is missing" in text
    assert 'contexts: there is no such member; did you mean "context"?' in text
    assert "nobody" not in text


def test_many_problems_are_counted(client: TestClient) -> None:
    said = {**call(), **{f"other{number}": 1 for number in range(500)}}
    text = outcome(client.post(PATH, json=said), 422)
    assert text.endswith("and 450 more")


def test_there_are_no_other_services_paths_and_methods(client: TestClient) -> None:
    for path in ("other", f"{VIEW}x", "%2e%2e", VIEW.upper()):
        outcome(client.post(f"/cds-services/{path}", json=call()), 404)
        outcome(client.post(f"/cds-services/{path}/feedback", json=report()), 404)
    outcome(client.get("/"), 404)
    outcome(client.get(PATH), 405)
    outcome(client.delete("/cds-services"), 405)
    assert client.get(PATH).headers["allow"] == "POST"


# -- limits --


def test_a_message_is_counted_while_it_is_read() -> None:
    client = open_client(limits=Limits(body=1000))
    taken = []

    def endless() -> Iterator[bytes]:
        for _ in range(10_000):
            taken.append(1)
            yield b" " * 100

    answer = client.post(PATH, content=endless(), headers=JSON)
    assert "more than 1000 bytes" in outcome(answer, 413)
    lying = {**JSON, "Content-Length": "10"}
    answer = client.post(PATH, content=b" " * 1001, headers=lying)
    outcome(answer, 413)
    small = json.dumps(call()).encode()
    assert client.post(PATH, content=small, headers=JSON).status_code == 200


def asgi(
    app: Any, body: Callable[[int], Any], headers: Sequence[tuple[bytes, bytes]] = ()
) -> tuple[int, bytes]:
    """The status and body that an application gives to a call that is sent in parts."""
    sent: list[dict[str, Any]] = []
    parts = iter(range(1000))

    async def receive() -> Any:
        return await body(next(parts))

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": PATH,
        "raw_path": PATH.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": [(b"content-type", b"application/json"), *headers],
        "client": ("127.0.0.1", 1),
    }
    asyncio.run(app(scope, receive, send))
    body_sent = b"".join(each.get("body", b"") for each in sent[1:])
    return (sent[0]["status"], body_sent) if sent else (0, b"")


def test_who_sends_too_slowly_is_told() -> None:
    app = open_client(limits=Limits(sending=0.05)).app

    async def slowly(number: int) -> Any:
        await asyncio.sleep(0.02)
        return {"type": "http.request", "body": b" ", "more_body": number < 500}

    status, body = asgi(app, slowly)
    assert status == 408
    assert b"0.05 seconds" in body


def test_who_goes_away_is_no_failure(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    async def gone(_: int) -> Any:
        return {"type": "http.disconnect"}

    asgi(client.app, gone)
    assert "unforeseen" not in caplog.text


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Until it is set, every answer takes for ever."""
    event = threading.Event()

    def wait(*_: object, **__: object) -> CallAnswer:
        event.wait(10)
        return CallAnswer(CdsResponse())

    monkeypatch.setattr(serving, "answer_to", wait)
    yield event
    event.set()


@pytest.fixture
def slow() -> TestClient:
    return open_client(limits=Limits(answering=0.5, at_once=1, waiting=1))


def test_an_answer_that_takes_too_long_is_504_and_health_is_answered_meanwhile(
    slow: TestClient, gate: threading.Event
) -> None:
    found: list[str] = []

    def ask() -> None:
        found.append(outcome(slow.post(PATH, json=call()), 504))

    asking = threading.Thread(target=ask)
    asking.start()
    assert slow.get("/health").json()["status"] == "ok"
    assert found == []
    asking.join()
    assert found == ["there is no answer within 0.5 seconds; send less"]
    gate.set()


def test_where_no_place_is_free_a_call_is_refused_and_later_answered(
    slow: TestClient, gate: threading.Event
) -> None:
    outcome(slow.post(PATH, json=call()), 504)  # it keeps the one place
    answers: list[Any] = []

    def ask() -> None:
        answers.append(slow.post(PATH, json=call()))

    several = [threading.Thread(target=ask) for _ in range(4)]
    for each in several:
        each.start()
    for each in several:
        each.join()
    refused = [each for each in answers if each.status_code == 503]
    assert 1 <= len(refused) < 4
    assert "call again" in outcome(refused[0], 503)
    assert refused[0].headers["retry-after"] == "1"
    gate.set()
    for _ in range(100):
        if slow.post(PATH, json=call()).status_code == 200:
            return
        time.sleep(0.02)
    pytest.fail("the place was never free again")


# -- tokens --


def test_every_call_needs_a_token_discovery_and_feedback_too(signing: Signing) -> None:
    assert signing.get("/cds-services").status_code == 200
    assert signing.post(PATH, call()).status_code == 200
    assert signing.post(f"{PATH}/feedback", report()).status_code == 200
    for answer in (
        signing.bare.get("/cds-services"),
        signing.bare.post(PATH, json=call()),
        signing.bare.post(f"{PATH}/feedback", json=report()),
    ):
        assert "there is no token" in outcome(answer, 401)
        assert answer.headers["www-authenticate"] == "Bearer"
    for path in ("/health", "/form?ask=patient.pregnancy", "/openapi.json"):
        assert signing.bare.get(path).status_code == 200


def test_a_token_is_for_one_address(signing: Signing) -> None:
    header = {"Authorization": signed(claims(f"{THERE}{PATH}"))}
    outcome(signing.bare.get("/cds-services", headers=header), 401)
    outcome(signing.bare.post(f"{PATH}/feedback", headers=header, json=report()), 401)
    assert signing.bare.post(PATH, headers=header, json=call()).status_code == 200


def test_two_tokens_at_once_are_none(signing: Signing) -> None:
    headers = [("Authorization", signed(claims(f"{THERE}{PATH}"))) for _ in range(2)]
    outcome(signing.bare.post(PATH, headers=headers, json=call()), 401)


def test_the_address_is_that_of_the_set_up_and_not_of_the_request(
    signing: Signing,
) -> None:
    forged = {"Host": "attacker.example.org", "X-Forwarded-Host": "a.example.org"}
    said = claims(f"https://attacker.example.org/milia{PATH}")
    header = {"Authorization": signed(said), **forged}
    outcome(signing.bare.post(PATH, headers=header, json=call()), 401)
    header = {"Authorization": signed(claims(f"{THERE}{PATH}")), **forged}
    assert signing.bare.post(PATH, headers=header, json=call()).status_code == 200


def test_who_may_not_call_is_refused_before_the_message_is_read(
    signing: Signing,
) -> None:
    answer = signing.bare.post(PATH, content=b"{", headers=JSON)
    outcome(answer, 401)
    wrong = signing.token(PATH, iss="https://other.example.org")
    assert "not trusted" in outcome(signing.bare.post(PATH, headers=wrong), 403)


def test_where_used_tokens_cannot_be_kept_nobody_is_let_in() -> None:
    class Broken:
        def first_seen(self, jti_key: str, until: Any) -> bool:
            raise OSError(jti_key, until)

    outcome(Signing(tokens_seen=Broken()).post(PATH, call()), 500)


def test_development_is_for_this_machine_alone() -> None:
    app = open_client().app
    for host, status in (("127.0.0.1", 200), ("::1", 200), ("192.0.2.7", 403)):
        asked = TestClient(app, client=(host, 50_000)).get("/cds-services")
        assert asked.status_code == status


# -- the set-up --


@pytest.mark.parametrize(
    ("base_url", "said"),
    [
        ("http://cds.example.org", "is not https"),
        ("https://cds.example.org/", "ends in a slash"),
        ("https://cds.example.org?a=b", "more than a host and a path"),
        ("https://user@cds.example.org", "more than a host and a path"),
        ("cds.example.org", "no absolute URL"),
        ("https://cds.example.org:port", "no absolute URL"),
        ("https://[::1", "no absolute URL"),
        ("http://127.0.0.1.example.org", "is not https"),
    ],
)
def test_an_address_that_is_not_safe_is_refused(base_url: str, said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        service(trusted=Issuers({ISSUER: jwks()}), base_url=base_url)


def test_without_issuers_it_stays_on_this_machine() -> None:
    with pytest.raises(SettingsError, match="anybody could call"):
        service(trusted=None, base_url="https://cds.example.org")
    with pytest.raises(WrongTypeError):
        service(7, trusted=None, base_url=HERE)  # type: ignore[arg-type]  # a mistake


@pytest.mark.parametrize("origin", ["*", "null", f"{ORIGIN}/", "ehr.example.org"])
def test_an_origin_is_a_page_s(origin: str) -> None:
    with pytest.raises(SettingsError, match="no origin of a page"):
        open_client(origins=[origin])


def test_other_pages_may_not_call_unless_they_are_named(client: TestClient) -> None:
    asked = {
        "Origin": ORIGIN,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type",
    }
    closed = client.options(PATH, headers=asked)
    assert closed.status_code == 405
    assert "access-control-allow-origin" not in closed.headers
    opened = open_client(origins=[ORIGIN])
    answer = opened.options(PATH, headers=asked)
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == ORIGIN
    assert "Authorization" in answer.headers["access-control-allow-headers"]
    for path, status in ((PATH, 415), ("/nothing", 404)):
        refused = opened.post(path, headers={"Origin": ORIGIN})
        assert refused.status_code == status
        assert refused.headers["access-control-allow-origin"] == ORIGIN
    other = opened.options(PATH, headers={**asked, "Origin": "https://a.example"})
    assert other.status_code == 400
    assert "access-control-allow-origin" not in other.headers


@pytest.mark.parametrize("kind", [FastAPI, Starlette])
def test_it_stands_inside_another_application(kind: Any) -> None:
    inner = Signing().bare.app
    outer = kind()
    outer.router.routes.append(Mount("/milia", inner))
    client = TestClient(outer, base_url="https://cds.example.org")
    header = Signing.token(PATH)
    answer = client.post(f"/milia{PATH}", json=call(), headers=header)
    assert answer.status_code == 200
    outcome(client.post(f"/milia{PATH}", json=call(), headers=header), 401)
    form = client.get("/milia/form", params={"ask": "patient.pregnancy"})
    assert 'action="/milia/form"' in form.text


def test_it_is_served_below_the_path_of_its_address() -> None:
    app = unrehearsed(trusted=None, base_url=f"{HERE}/a/b")
    client = TestClient(mounted(app, f"{HERE}/a/b"))
    assert client.get("/a/b/health").status_code == 200
    assert client.get("/health").status_code == 404
    assert mounted(app, HERE) is app


def test_another_domain_is_served_too() -> None:
    client = open_client(knowledge=load_knowledge(OTHERWORLD))
    offered = client.get("/cds-services").json()["services"]
    assert len(offered) == 2
    for each in offered:
        answer = client.post(f"/cds-services/{each['id']}", json=call(each["hook"]))
        assert cards_of(answer.json()).cards == ()


# -- feedback and the form --


def test_feedback_is_handed_to_the_store(client: TestClient, kept: Kept) -> None:
    before = len(kept.reports)
    answer = client.post(f"{PATH}/feedback", json=report())
    assert (answer.status_code, answer.content) == (200, b"")
    [(name, read)] = kept.reports[before:]
    assert (name, read.outcome) == (VIEW, "overridden")


def test_feedback_that_is_wrong_is_not_kept(client: TestClient, kept: Kept) -> None:
    before = len(kept.reports)
    answer = client.post(f"{PATH}/feedback", json=report(outcome="ignored"))
    assert "feedback[0].outcome" in outcome(answer, 422)
    assert len(kept.reports) == before


def test_where_no_feedback_is_kept_it_is_404() -> None:
    answer = open_client().post(f"{PATH}/feedback", json=report())
    assert "keeps no feedback" in outcome(answer, 404)


def test_feedback_that_cannot_be_kept_is_not_acknowledged() -> None:
    class Full(Kept):
        def reported(self, service: str, reports: Iterable[Feedback]) -> None:
            raise OSError(service, reports)

    answer = open_client(feedback=Full()).post(f"{PATH}/feedback", json=report())
    outcome(answer, 500)


def test_the_form_is_shown_and_answered(client: TestClient) -> None:
    page = client.get("/form", params={"ask": "patient.pregnancy"})
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "script" not in page.headers["content-security-policy"]
    assert page.headers["referrer-policy"] == "no-referrer"
    assert client.get("/form", params={"ask": "patient.nothing"}).status_code == 400
    said = {"ask": "patient.pregnancy", "patient.pregnancy": "none", "deed": "save"}
    posted = client.post("/form", data=said)
    assert posted.status_code == 200
    assert posted.headers["cache-control"] == "no-store"
    assert posted.json()["resourceType"] == "QuestionnaireResponse"
    outcome(client.post("/form", json={}), 415)
    many = open_client(limits=Limits(body=1000))
    outcome(many.post("/form", data={"ask": "a" * 1000}), 413)


# -- what nobody sees --

SECRET = "Jane-Doe-1992"  # noqa: S105 - the word to look for


def test_nothing_of_a_patient_is_logged(
    client: TestClient, signing: Signing, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(0)
    patient = {"resourceType": "Patient", "id": SECRET, "name": [{"text": SECRET}]}
    said = call(prefetch={"patient": patient})
    said["context"] = {"userId": f"Practitioner/{SECRET}", "patientId": SECRET}
    assert client.post(PATH, json=said).status_code == 200
    client.post(PATH, json={**said, SECRET: SECRET})
    client.post(f"/cds-services/{SECRET}", json=said)
    client.get("/form", params={"ask": SECRET})
    client.post("/form", data={SECRET: SECRET, "ask": SECRET})
    told = {"overrideReason": {"userComment": SECRET}}
    assert client.post(f"{PATH}/feedback", json=report(**told)).status_code == 200
    signing.post(PATH, said, sub=SECRET, iss=SECRET)
    signing.post(PATH, said, jti=SECRET)
    ours = [each for each in caplog.records if each.name.startswith("milia_cds")]
    lines = [each.getMessage() for each in ours]
    assert len(lines) >= 4
    assert SECRET not in "\n".join(lines)
    assert lines[0].startswith(f"{VIEW} 200 in ")
    assert lines[0].endswith(" ms, cards: 0")


def test_health_says_counts_and_nothing_else() -> None:
    client = open_client()
    client.post(PATH, json=call())
    client.post(PATH, json=call())
    client.post(PATH, json=[])
    client.post(f"/cds-services/{SECRET}", json=call())
    said = client.get("/health").json()
    base = load_knowledge()
    assert said == {
        "status": "ok",
        "knowledge": {"version": base.about.version, "digest": base.digest},
        "calls": {VIEW: {"200": 2, "422": 1}},
        "cards": {},
    }


def test_cards_are_counted_by_indicator(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = {"label": "a"}
    cards = [
        {"summary": "a", "indicator": each, "source": source}
        for each in ("critical", "info", "info")
    ]
    found = cards_of({"cards": cards})
    monkeypatch.setattr(serving, "answer_to", lambda *_, **__: CallAnswer(found))
    answer = client.post(PATH, json=call())
    assert cards_of(answer.json()) == found
    assert client.get("/health").json()["cards"] == {"critical": 1, "info": 2}


def test_answers_are_kept_by_nobody(client: TestClient) -> None:
    for path in ("/cds-services", "/health", "/openapi.json", "/form"):
        assert client.get(path).headers["cache-control"] == "no-store"


# -- ready at once --


@pytest.mark.parametrize("folder", [None, OTHERWORLD])
def test_it_rehearses_a_call_of_each_service_and_counts_none(
    folder: Path | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []

    def answering(call: Call, *given: Any, **more: Any) -> CallAnswer:
        made = answer_to(call, *given, **more)
        done.append(f"{call.hook} {len(made.response.cards) > 0}")
        return made

    monkeypatch.setattr(serving, "answer_to", answering)
    monkeypatch.setattr(rehearsal, "prepare_answers", lambda _: done.append("ready"))
    app = service(load_knowledge(folder), trusted=None, base_url=HERE, clock=now)
    speaks = any(rule.speaks for rule in load_knowledge(folder).fhir.rule)
    said = [f"patient-view {speaks}", "order-sign False"]
    assert done == ["ready", *said]
    assert TestClient(app, base_url=HERE).get("/health").json()["calls"] == {}


# -- what is known of cards --


def test_what_cards_are_about_is_kept_before_they_are_sent(
    client: TestClient, kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    about = Issued(card=INSTANCE, options=("a",))
    made = CallAnswer(CdsResponse(), (about,))
    monkeypatch.setattr(serving, "answer_to", lambda *_, **__: made)
    assert client.post(PATH, json=call()).status_code == 200
    assert kept.cards == [(VIEW, about)]


def test_cards_of_which_nothing_can_be_kept_are_not_sent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Full(Kept):
        def issued(self, service: str, cards: Iterable[Issued]) -> None:
            raise OSError(service, cards)

    made = CallAnswer(CdsResponse(), (Issued(card=INSTANCE),))
    monkeypatch.setattr(serving, "answer_to", lambda *_, **__: made)
    outcome(open_client(feedback=Full()).post(PATH, json=call()), 500)


@pytest.mark.parametrize("base_url", [HERE, f"{HERE}/milia"])
def test_the_threads_that_answer_begin_with_the_server(base_url: str) -> None:
    app = mounted(unrehearsed(trusted=None, base_url=base_url), base_url)

    def answering() -> set[int | None]:
        names = ((each.name, each.ident) for each in threading.enumerate())
        return {ident for name, ident in names if name.startswith("milia-cds-answer")}

    before = answering()
    with TestClient(app, base_url=HERE):
        assert answering() - before


# -- knowledge whose review is long overdue --


def test_it_answers_no_call_by_long_overdue_knowledge_and_says_what_to_do() -> None:
    review = date.fromisoformat(load_knowledge().about.review_by)
    at = [datetime.combine(review, datetime.min.time(), UTC) + timedelta(365)]
    client = open_client(clock=lambda: at[0])
    assert client.post(PATH, json=call()).status_code == 200

    at[0] += timedelta(1)
    said = outcome(client.post(PATH, json=call()), 500)

    assert said == (
        "about.toml: review_by: it was to be reviewed by 2027-11-22, and is refused "
        "from 2028-11-22 on; install a newer version, or review the knowledge "
        "(milia-cds review) and write the next day there"
    )
    with pytest.raises(OverdueError):
        open_client(clock=lambda: at[0])
