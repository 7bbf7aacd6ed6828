"""A client of CDS Hooks in Chromium, against the service as it runs in production.

The page makes its key, and the service trusts it; a proxy ends TLS before the service.
What Chromium drew is left in `build/interop` to be looked at.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import attrs
import pytest

from benchmarks.serving import Service, running, trusted
from tests.common import EVERY_ANSWER
from tests.fhir_server.server import Fault, FhirServer, fhir_server
from tests.interop.conftest import PICTURES
from tests.interop.page import page_served
from tests.interop.tls import TlsProxy, tls

ANN = "ann"
SUBJECT = {"reference": f"Patient/{ANN}"}
SNOMED = "http://snomed.info/sct"
LINK = "article .acts a"
ASKED = "() => document.querySelector('[name=ask]').value.split(',')"
HURT = "<img src=x onerror=\"window.hurt='by a record'\">"
VIEW = {"width": 1000, "height": 760}


def condition(code: str, text: str) -> dict[str, Any]:
    terms = "http://terminology.hl7.org/CodeSystem"
    return {
        "resourceType": "Condition",
        "id": f"condition-{code}",
        "subject": SUBJECT,
        "code": {"coding": [{"system": SNOMED, "code": code}], "text": text},
        "clinicalStatus": {
            "coding": [{"system": f"{terms}/condition-clinical", "code": "active"}]
        },
        "verificationStatus": {
            "coding": [{"system": f"{terms}/condition-ver-status", "code": "confirmed"}]
        },
    }


HELD: Sequence[dict[str, Any]] = [
    {
        "resourceType": "Patient",
        "id": ANN,
        "birthDate": "1992-04-03",
        "name": [{"family": HURT, "given": [HURT]}],
    },
    condition("254679001", f"Milia {HURT}"),
    condition("10509002", f"Bronchitis {HURT}"),
]


@attrs.frozen
class Clinic:
    """A clinic: its page and its FHIR server, and the service that it calls.

    Parameters
    ----------
    tab
        The page.
    service, proxy
        The service, and what ends TLS before it.
    feedback
        The file that the service keeps feedback in.
    said
        What the page complained of.
    """

    tab: Any
    service: Service
    proxy: TlsProxy
    feedback: Path
    said: list[str]

    @contextmanager
    def working(self) -> Iterator[None]:
        """What is begun in the block is done after it."""
        before = int(self.tab.evaluate("document.body.dataset.done ?? 0"))
        yield
        self.tab.locator(f"body[data-done='{before + 1}']").wait_for()

    def cards(self, hook: str) -> list[dict[str, Any]]:
        """The cards of the last call, which was of a hook."""
        state = self.tab.inner_text("#state")
        assert state.startswith(f"{hook}: "), state
        cards: list[dict[str, Any]] = self.tab.evaluate("client.opened().last.cards")
        assert self.tab.locator("article").count() == len(cards)
        return cards

    def chart_opened(self, server: FhirServer) -> list[dict[str, Any]]:
        """Open the chart of the patient, and give the cards."""
        self.tab.fill("[name=service]", self.proxy.url)
        self.tab.fill("[name=fhir]", server.url)
        self.tab.fill("[name=patient]", ANN)
        with self.working():
            self.tab.click("text=Open the chart")
        return self.cards("patient-view")

    def stored(self, answers: Path) -> list[dict[str, Any]]:
        """Store an answered form, and give the cards of the next call."""
        with self.working():
            self.tab.set_input_files("#answers", answers)
        assert self.tab.inner_text("#kept") == "Kept."
        return self.cards("patient-view")

    def signed(self) -> list[dict[str, Any]]:
        """Sign the draft orders, and give the cards."""
        with self.working():
            self.tab.click("#sign")
        return self.cards("order-sign")

    def reports(self) -> list[dict[str, Any]]:
        """What the service kept, a line each."""
        lines = self.feedback.read_text("utf-8").splitlines()
        read = [json.loads(each) for each in lines]
        return [each["feedback"] for each in read if "feedback" in each]


@pytest.fixture(scope="module")
def clinic(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clinic]:
    folder = tmp_path_factory.mktemp("clinic")
    context = browser.new_context(
        ignore_https_errors=True, viewport=VIEW, accept_downloads=True
    )
    with page_served() as origin, tls(folder) as proxy:
        tab = context.new_page()
        said: list[str] = []
        tab.on("console", lambda message: said.append(message.text))
        tab.on("pageerror", lambda error: said.append(str(error)))
        tab.goto(origin)
        tab.wait_for_function("window.client")
        issuers = trusted(folder, tab.evaluate("client.publicKeys()"))
        feedback = folder / "feedback.jsonl"
        arguments = ["--issuers", str(issuers), "--feedback", str(feedback)]
        with running([*arguments, "--origin", origin], proxy.url) as service:
            proxy.behind = service.port
            yield Clinic(tab, service, proxy, feedback, said)
        context.close()


def test_the_page_lets_raw_html_through_so_that_a_card_could_hurt_it(
    clinic: Clinic,
) -> None:
    source = {"label": "somebody"}
    card = {"summary": "-", "indicator": "info", "source": source, "detail": HURT}
    clinic.tab.evaluate("card => client.show(card)", card)
    clinic.tab.wait_for_function("window.hurt")
    clinic.tab.evaluate("delete window.hurt")


def test_a_card_is_drawn_answered_by_the_form_accepted_and_signed(
    clinic: Clinic, tmp_path: Path
) -> None:
    tab = clinic.tab
    clinic.said.clear()
    with fhir_server(HELD, {}) as server:
        first = clinic.chart_opened(server)
        pictured(tab, "questions")
        assert tab.evaluate("window.hurt") is None
        # Nothing is known, so nothing is suggested: there are questions, and a link.
        assert suggestions(first) == []
        override(clinic, first[-1])
        cards = clinic.chart_opened(server)
        while tab.locator(LINK).count():
            before = cards
            answers = answered_form(tab, tmp_path)
            said = json.loads(answers.read_text("utf-8"))
            assert "subject" not in said
            cards = clinic.stored(answers)
            kept = server.held[-1]
            assert kept == {**said, "id": kept["id"], "subject": SUBJECT}
            assert cards != before
        pictured(tab, "offers")
        taken = accept(clinic, cards)
        signed = clinic.signed()
        pictured(tab, "signed")
    # What was taken is known again as what it is.
    assert taken["label"].lower() in signed[-1]["summary"]
    assert suggestions(signed) == []
    assert clinic.said == []


def pictured(tab: Any, name: str) -> None:
    """Leave a picture of the page, and one of its last card."""
    tab.screenshot(path=PICTURES / f"{name}.png", full_page=True)
    tab.locator("article").last.screenshot(path=PICTURES / f"{name}_card.png")


def suggestions(cards: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return [each for card in cards for each in card.get("suggestions", [])]


def override(clinic: Clinic, card: dict[str, Any]) -> None:
    """Override the last card for one of its reasons."""
    reason = card["overrideReasons"][1]
    acts = clinic.tab.locator("article").last.locator(".acts")
    acts.locator("select").select_option(label=reason["display"])
    acts.get_by_text("Override", exact=True).click()
    acts.get_by_text("overridden").wait_for()
    [report] = clinic.reports()
    assert (report["card"], report["outcome"]) == (card["uuid"], "overridden")
    assert report["reason"]["code"] == reason["code"]


def accept(clinic: Clinic, cards: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Accept the first suggestion, and give it."""
    taken = suggestions(cards)[0]
    [card] = [each for each in cards if taken in each.get("suggestions", [])]
    acts = clinic.tab.locator("article").last.locator(".acts")
    acts.get_by_role("button", name=taken["label"], exact=True).click()
    acts.get_by_text("accepted").wait_for()
    report = clinic.reports()[-1]
    assert (report["card"], report["outcome"]) == (card["uuid"], "accepted")
    assert report["accepted"] == [taken["uuid"]]
    return taken


def answered_form(tab: Any, folder: Path) -> Path:
    """Follow the link of a card, answer what is asked, and save the answers."""
    with tab.expect_popup() as opened:
        tab.locator(LINK).last.click()
    form = opened.value
    form.wait_for_load_state()
    form.screenshot(path=PICTURES / "form.png", full_page=True)
    for name in form.evaluate(ASKED):
        if name != "lesion.cause":  # only milia after something have one
            answer(form, name, EVERY_ANSWER[name])
    with form.expect_download() as saved:
        form.get_by_role("button", name="Save").click()
    path = folder / "answers.json"
    saved.value.save_as(path)
    form.close()
    return path


def answer(form: Any, name: str, value: Any) -> None:
    """Answer a question as a person does."""
    if isinstance(value, bool):
        value = "yes" if value else "no"
    elif value == frozenset():
        value = "no"  # none of those that are listed
    field = form.locator(f"[name='{name}']")
    if field.first.evaluate("each => each.tagName") == "SELECT":
        field.select_option(value)
    elif field.first.get_attribute("type") == "text":
        field.first.fill(str(value))
    else:
        form.locator(f"[name='{name}'][value='{value}']").check()


@pytest.mark.parametrize(
    ("fault", "key_is_sent"),
    [("operation-outcome", False), ("timeout", False), ("null", True), ("paged", True)],
)
def test_what_a_search_does_not_say_is_not_known(
    fault: Fault, key_is_sent: bool, clinic: Clinic
) -> None:
    answered = {"Observation": fault, "QuestionnaireResponse": fault}
    with fhir_server(HELD, answered) as server:
        [card] = clinic.chart_opened(server)
    sent = clinic.tab.evaluate("client.opened().last.body.prefetch")
    assert ("observations" in sent, "answers" in sent) == (key_is_sent, key_is_sent)
    assert "facts are needed" in card["summary"]
    assert suggestions([card]) == []


def test_where_the_condition_cannot_be_read_nothing_is_said(clinic: Clinic) -> None:
    with fhir_server(HELD, {"Condition": "operation-outcome"}) as server:
        assert clinic.chart_opened(server) == []
