"""The form that a card links to, filled in where no script runs: what a person does."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from milia_cds import load_knowledge
from milia_cds.adapters.cds_hooks.form import FormReply, asked_form, posted_form
from milia_cds.adapters.fhir import read_fhir

BASE = load_knowledge()
AT = datetime(2026, 11, 30, 9, 30, tzinfo=UTC)
SITE = "https://cds.example.org"
ASKED = "/form?ask=patient.pregnancy,lesion.size_mm,history.failed"


@pytest.fixture(params=[False, True], ids=["without script", "with script"])
def tab(browser: Any, request: pytest.FixtureRequest) -> Iterator[Any]:
    """A tab in which the form stands as a service sends it."""
    context = browser.new_context(
        java_script_enabled=request.param, accept_downloads=True
    )
    opened = context.new_page()
    opened.asked, opened.said = [], []
    opened.on("console", lambda message: opened.said.append(message.text))

    def serve(route: Any) -> None:
        opened.asked.append((route.request.method, route.request.url))
        reply = _reply(route.request)
        headers = {**reply.headers, "Content-Type": reply.media_type}
        route.fulfill(status=reply.status, headers=headers, body=reply.body)

    opened.route("**/*", serve)
    yield opened
    context.close()


def _reply(request: Any) -> FormReply:
    if request.method == "POST":
        body = request.post_data_buffer or b""
        return posted_form(BASE, body, at=AT, action="/form")
    asked = parse_qs(urlsplit(request.url).query).get("ask", [])
    return asked_form(BASE, asked, action="/form")


def choose(tab: Any, question: str, answer: str) -> None:
    tab.get_by_role("radiogroup", name=question).get_by_label(
        answer, exact=True
    ).check()


def test_a_form_is_filled_in_saved_and_read(tab: Any) -> None:
    tab.goto(f"{SITE}{ASKED}")
    choose(tab, "Is the patient pregnant", "Absent (could occur)")
    tab.get_by_label("Number, 0.1 to 50 mm").fill("1.5")
    failed = tab.get_by_role("group", name="Which treatments have been tried")
    failed.get_by_label("Tretinoin", exact=True).check()
    tab.locator("summary", has_text="implanted electronic device").click()
    choose(tab, "Does the patient have a pacemaker?", "No")
    tab.locator("summary", has_text="How old is the patient").click()
    age = tab.get_by_role("group", name="How old is the patient?")
    age.get_by_label("Not known").check()

    with tab.expect_download() as saved:
        tab.get_by_role("button", name="Save the answers as a file").click()
    said = json.loads(Path(saved.value.path()).read_text(encoding="utf-8"))

    said["subject"] = {"reference": "Patient/1"}
    patient = {"resourceType": "Patient", "id": "1"}
    case = read_fhir([patient, said], as_of=date(2026, 11, 30)).case
    assert case.to_dict() == {
        "patient": {"age_years": None, "pregnancy": "none"},
        "lesion": {"size_mm": 1.5},
        "history": {"pacemaker": False, "failed": ["tretinoin"]},
        "as_of": "2026-11-30",
    }
    assert tab.asked == [("GET", f"{SITE}{ASKED}"), ("POST", f"{SITE}/form")]
    assert tab.said == []


def test_what_is_wrong_is_mended_and_shown(tab: Any) -> None:
    tab.goto(f"{SITE}{ASKED}")
    size = tab.get_by_label("Number, 0.1 to 50 mm")
    size.fill("1,5")
    choose(tab, "Is the patient pregnant", "Planned")
    size.press("Enter")

    alert = tab.get_by_role("alert")
    assert "1 answer needs to be corrected" in alert.inner_text()
    size = tab.get_by_label("Number, 0.1 to 50 mm")
    assert size.input_value() == "1,5"
    assert tab.get_by_label("Planned").is_checked()
    alert.get_by_role("link").click()
    assert tab.url == f"{SITE}/form#lesion-size_mm"
    size.fill("1.5")
    tab.get_by_role("button", name="Show the answers").click()

    assert tab.get_by_role("heading", name="Your answers").is_visible()
    assert "1.5" in tab.locator("dl").inner_text()
    tab.get_by_role("button", name="Change the answers").click()
    assert tab.get_by_label("Number, 0.1 to 50 mm").input_value() == "1.5"
    assert tab.get_by_label("Planned").is_checked()
    assert all("status of 422" in each for each in tab.said)


def test_the_keyboard_goes_through_it_in_the_order_of_reading(browser: Any) -> None:
    page = browser.new_page()
    page.set_content(asked_form(BASE, ["history.lupus,history.inr"], action="/").body)
    seen = []
    for _ in range(4):
        page.keyboard.press("Tab")
        seen.append(
            page.evaluate(
                "document.activeElement.name || document.activeElement.tagName"
            )
        )
    page.close()

    assert seen == ["history.lupus", "history.inr", "history.inr", "SUMMARY"]


def test_errors_have_the_focus_first(browser: Any) -> None:
    page = browser.new_page()
    page.set_content(posted_form(BASE, b"history.inr=x", at=AT, action="/form").body)

    assert page.evaluate("document.activeElement.getAttribute('role')") == "alert"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.hash") == "#history-inr"
    page.close()
