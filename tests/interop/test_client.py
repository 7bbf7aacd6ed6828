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
from tests.fhir_server.server import Fault, FhirServer, fhir_server
from tests.interop.conftest import PICTURES
from tests.interop.page import page_served
from tests.interop.tls import TlsProxy, tls

ANN = "ann"
SUBJECT = {"reference": f"Patient/{ANN}"}
SNOMED = "http://snomed.info/sct"
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

    def open_chart(self, server: FhirServer) -> None:
        """Open the chart of the patient."""
        self.tab.fill("[name=service]", self.proxy.url)
        self.tab.fill("[name=fhir]", server.url)
        self.tab.fill("[name=patient]", ANN)
        self.tab.click("text=Open the chart")
        self.answered("patient-view")

    def answered(self, hook: str) -> list[dict[str, Any]]:
        """Wait for the cards of a call, and give them."""
        self.tab.wait_for_function(
            "hook => /card|Failed/.test(document.querySelector('#state').textContent)"
            " && document.querySelector('#state').textContent.startsWith(hook)"
            " || document.querySelector('#state').textContent.startsWith('Failed')",
            arg=hook,
        )
        state = self.tab.inner_text("#state")
        assert "Failed" not in state, state
        cards: list[dict[str, Any]] = self.tab.evaluate("client.opened().last.cards")
        return cards

    def reports(self) -> list[dict[str, Any]]:
        """What the service kept, a line each."""
        lines = self.feedback.read_text("utf-8").splitlines()
        return [json.loads(each) for each in lines]


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


@contextmanager
def held(faults: dict[str, Fault] | None = None) -> Iterator[FhirServer]:
    with fhir_server(HELD, faults) as server:
        yield server


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
    with held() as server:
        clinic.open_chart(server)
        before = clinic.answered("patient-view")
        tab.screenshot(path=PICTURES / "client_questions.png", full_page=True)
        assert tab.evaluate("window.hurt") is None
        # Nothing is known, so nothing is offered: there are questions, and a link.
        assert [each for card in before for each in card.get("suggestions", [])] == []
        answers = answered_form(clinic, tmp_path)
        assert "subject" not in json.loads(answers.read_text("utf-8"))
        tab.set_input_files("#answers", answers)
        tab.wait_for_function("document.querySelector('#kept').textContent === 'Kept.'")
        after = clinic.answered("patient-view")
        tab.screenshot(path=PICTURES / "client_offers.png", full_page=True)
        [kept] = [
            e for e in server.held if e["resourceType"] == "QuestionnaireResponse"
        ]
    assert kept["subject"] == SUBJECT
    assert before != after
    print(json.dumps(after, indent=1)[:6000])
    assert clinic.said == []


def answered_form(clinic: Clinic, folder: Path) -> Path:
    """Follow the link of a card, answer what is asked, and save the answers."""
    with clinic.tab.expect_popup() as opened:
        clinic.tab.click("article .acts a")
    form = opened.value
    form.wait_for_load_state()
    form.screenshot(path=PICTURES / "client_form.png", full_page=True)
    print(form.url)
    print(form.inner_text("main")[:3000])
    print(form.content()[:6000])
    raise AssertionError
