"""The page that `make try` builds: it asks, answers, and needs nobody else.

Python starts once for all that is looked at here, and once more without a network.
Under the policy of the page a test waits for elements, not for JavaScript.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import expect

from milia_cds import assess, examples, load_knowledge
from tests.browser.test_faces import WIDE, legible, well_made

pytestmark = pytest.mark.xdist_group("try")

ROOT = Path(__file__).parents[2]
CASES, FOLDER = ROOT / "examples" / "cases", ROOT / "build" / "try"
LONGEST_START = 120_000
"""Milliseconds; a machine may be busy with all other tests."""
LONGEST = 20_000
AGE, CAUSE = "input[name='patient.age_years']", "select[name='lesion.cause']"
SHOWN = "#given:visible, #problems:visible"


class Quiet(SimpleHTTPRequestHandler):
    """Serves files, and says nothing of it."""

    def log_message(self, *said: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Where the page is served, as `make try` says to serve it."""
    if not (FOLDER / "index.html").exists():
        pytest.fail("build/try is not there: run make try first")
    built = json.loads((FOLDER / "form.json").read_bytes())["digest"]
    assert built == load_knowledge().digest, "build/try is old: run make try again"
    handler = partial(Quiet, directory=FOLDER)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


class Opened:
    """The page in a tab, with all that it asked for and complained of."""

    def __init__(self, context: Any, address: str) -> None:
        self.context = context
        self.address = address
        self.said: list[str] = []
        self.tab = context.new_page()
        self.tab.on("console", lambda message: self.said.append(message.text))
        self.tab.on("pageerror", lambda error: self.said.append(str(error)))
        context.on("request", self._asked)
        self.tab.goto(address)
        self.tab.wait_for_selector(SHOWN, timeout=LONGEST_START)

    def _asked(self, request: Any) -> None:
        if not request.url.startswith((self.address, "data:")):
            self.said.append(f"asked for {request.url}")

    def open(self, name: str) -> dict[str, Any]:
        """Open an example by its fragment, and wait for its answer."""
        stated: dict[str, Any] = json.loads((CASES / f"{name}.json").read_bytes())
        self.tab.goto(f"{self.address}#example={name}")
        self.answered(stated)
        return stated

    def answered(self, stated: dict[str, Any]) -> None:
        """Wait until the answer about a case is shown."""
        said = json.dumps(stated, separators=(",", ":"), ensure_ascii=False)
        expect(self.tab.locator("#answer")).to_have_attribute("data-case", said)

    def json(self) -> str:
        """The whole answer, as the page hands it on."""
        self.tab.click("[data-copy=json]")
        self.tab.wait_for_selector("#copy:visible")
        text: str = self.tab.input_value("#copy-text")
        return text

    def stated(self) -> Any:
        """The case, as the page hands it on."""
        self.tab.click("[data-copy=case]")
        self.tab.wait_for_selector("#copy:visible")
        return json.loads(self.tab.input_value("#copy-text"))


@pytest.fixture(scope="module")
def started(browser: Any, address: str) -> Iterator[Opened]:
    """The page, once Python runs in it."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(LONGEST)
    expect.set_options(timeout=LONGEST)
    yield Opened(context, address)
    context.close()


@pytest.fixture
def page(started: Opened) -> Iterator[Opened]:
    """The page; whatever is done with it, it is quiet and asks nobody else."""
    yield started
    assert started.said == []


def test_at_first_nothing_is_known_and_the_age_is_asked_for(page: Opened) -> None:
    tab = page.tab
    page.open("nothing_known")
    expect(tab.locator("#news")).to_have_text(
        "Nothing can be said yet. Start with the age."
    )
    assert tab.locator("#form input[type=radio]:checked").count() > 80
    checked = tab.locator("#form label:has(input[type=radio]:checked)")
    assert {*checked.all_text_contents()} == {"Not known"}
    assert "Draft, not clinically reviewed." in tab.text_content("#notice")


@pytest.mark.parametrize("name", examples.names())
def test_the_answer_is_that_of_the_library_to_the_byte(name: str, page: Opened) -> None:
    page.open(name)
    day = dt.datetime.now().astimezone().date()
    assert page.json() == assess(examples.case(name), on=day).to_json()


def test_a_recorded_pregnancy_status_frees_what_was_withheld(page: Opened) -> None:
    tab = page.tab
    page.open("pregnancy_unknown")
    expect(tab.locator("#moved li")).to_have_count(0)
    tab.get_by_role("button", name="Pregnant, possibly so").click()
    expect(tab.get_by_label("Not known").and_(tab.locator(":focus"))).to_have_count(1)
    tab.keyboard.press("ArrowDown")  # confirmed
    expect(tab.locator("#moved")).to_contain_text("not for this patient")
    tab.get_by_label("Absent (could occur)").check()
    news = tab.locator("#news[role=status]")
    expect(news).to_contain_text("Now offered: tretinoin, adapalene")
    expect(tab.locator("#ask")).to_contain_text("Nothing is left to ask")


def test_a_case_lives_in_the_address_alone(page: Opened) -> None:
    tab = page.tab
    page.open("nothing_known")
    tab.fill(AGE, "34")
    page.answered({"patient": {"age_years": 34}})
    address = tab.evaluate("location.href")
    assert address.endswith("#case=%7B%22patient%22%3A%7B%22age_years%22%3A34%7D%7D")
    tab.click("#empty")
    page.answered({})
    tab.goto(address)
    page.answered({"patient": {"age_years": 34}})
    assert tab.input_value(AGE) == "34"


def test_an_address_that_cannot_be_read_is_said_and_nothing_is_known(
    page: Opened,
) -> None:
    page.tab.goto(f"{page.address}#case=%7B")
    page.answered({})
    expect(page.tab.locator("#unread")).to_contain_text("no case that can be read")
    page.open("nothing_known")
    expect(page.tab.locator("#unread")).to_be_empty()


def test_what_contradicts_is_said_at_both_fields_and_stays_typed(
    page: Opened,
) -> None:
    tab = page.tab
    stated = page.open("adult_cheek")
    tab.select_option(CAUSE, label="A burn")
    said = "A primary milium has no cause"
    expect(tab.locator("#problems")).to_contain_text(said)
    for fact in ("lesion.origin", "lesion.cause"):
        expect(tab.locator(f"[id='field-{fact}'].bad .wrong")).to_contain_text(said)
    expect(tab.locator(f"{CAUSE} option:checked")).to_have_text("A burn")
    expect(tab.locator("#given")).to_be_hidden()
    tab.locator("#problems button").first.click()
    expect(tab.locator("[id='field-lesion.origin'] :focus")).to_have_count(1)
    tab.get_by_label("Secondary").check()
    expect(tab.locator("#given")).to_be_visible()
    stated["lesion"] |= {"origin": "secondary", "cause": "burn"}
    assert page.stated() == stated


def test_what_is_no_number_stays_as_it_was_typed(page: Opened) -> None:
    tab = page.tab
    page.open("nothing_known")
    tab.fill(AGE, "abc")
    wrong = tab.locator("[id='field-patient.age_years'].bad .wrong")
    expect(wrong).to_contain_text('"abc" is not a number; give a number from 0')
    assert tab.input_value(AGE) == "abc"
    tab.fill(AGE, "0,5")
    page.answered({"patient": {"age_years": 0.5}})
    expect(tab.locator(".bad")).to_have_count(0)


def test_screening_denies_what_nobody_touched_and_never_a_not_known(
    page: Opened,
) -> None:
    tab = page.tab
    page.open("nothing_known")
    tab.locator("#question-devices summary").click()
    pacemaker = tab.locator("[id='field-history.pacemaker']")
    pacemaker.get_by_label("Yes").check()
    pacemaker.get_by_label("Not known").check()
    tab.locator("input[name='screened.history']").check()
    page.answered({"history": {"pacemaker": None}, "assume_absent": ["history"]})
    expect(pacemaker.get_by_label("Not known")).to_be_checked()
    defibrillator = tab.locator("[id='field-history.defibrillator']")
    expect(defibrillator.get_by_label("No", exact=True)).to_be_checked()
    expect(defibrillator).to_contain_text("absent by screening")


def test_no_to_all_denies_each_and_leaves_what_was_stated(page: Opened) -> None:
    tab = page.tab
    page.open("nothing_known")
    devices = tab.locator("#question-devices")
    devices.locator("summary").click()
    devices.get_by_label("Yes").first.check()
    devices.get_by_role("button", name="No to all").click()
    expect(devices.locator("summary")).to_contain_text("4 of 4 answered")
    facts = {"pacemaker": True, "defibrillator": False}
    facts |= {"neurostimulator": False, "cochlear_implant": False}
    assert page.stated() == {"history": facts}


def test_a_weight_says_what_it_would_change_and_counts_when_it_is_moved(
    page: Opened,
) -> None:
    tab = page.tab
    page.open("milia_en_plaque")
    tab.locator("#question-priorities summary").click()
    speed = tab.locator("#weight-speed")
    firm = tab.locator("#weight-speed-firm")
    expect(firm).to_contain_text("unless the weight of speed, now 2, rises past")
    speed.fill("10")
    expect(firm).to_contain_text("now 10, falls past")
    assert page.stated()["goals"]["weights"] == {"speed": 10}
    tab.get_by_role("button", name="Usual weights").click()
    expect(firm).to_contain_text("now 2")
    assert "weights" not in page.stated()["goals"]


def test_a_case_is_handed_on_as_a_program_and_its_path_is_drawn(page: Opened) -> None:
    tab = page.tab
    page.open("newborn")
    tab.click("#path")
    expect(tab.locator("#picture svg")).to_be_visible()
    tab.click("[data-copy=python]")
    tab.wait_for_selector("#copy:visible")
    assert "case = Case.from_dict(" in tab.input_value("#copy-text")


VIEWS: dict[str, tuple[str, int]] = {
    "light": ("light", 1280),
    "dark": ("dark", 1280),
    "narrow": ("light", 320),
}


@pytest.mark.parametrize("view", VIEWS)
def test_the_page_is_whole_and_accessible(
    view: str, page: Opened, folder: Path
) -> None:
    tab, (scheme, width) = page.tab, VIEWS[view]
    tab.emulate_media(color_scheme=scheme)
    tab.set_viewport_size({"width": width, "height": 900})
    page.open("possibly_pregnant_on_isotretinoin")
    tab.screenshot(path=folder / f"try_{view}.png")
    tab.screenshot(path=folder / f"try_{view}_whole.png", full_page=True)
    assert tab.evaluate(WIDE) <= 0, "the page is wider than the window"
    for fold in tab.locator("#form summary").all():
        fold.click()
    if view == "narrow":
        well_made(tab)
    else:
        legible(tab)
    tab.emulate_media(color_scheme="light")
    tab.set_viewport_size({"width": 1280, "height": 900})


def test_it_works_without_a_network_once_it_was_loaded(page: Opened) -> None:
    tab = page.tab
    page.open("dark_skin")
    expect(tab.locator("#offline")).to_contain_text("works without a network now")
    page.context.set_offline(True)
    tab.reload()
    tab.wait_for_selector(SHOWN, timeout=LONGEST_START)
    page.open("red_flag")
    assert json.loads(page.json())["disposition"]["action"] == "refer"
    page.context.set_offline(False)


def test_opened_as_a_file_it_says_how_it_is_served(browser: Any, address: str) -> None:
    assert address
    tab = browser.new_page()
    tab.goto((FOLDER / "index.html").as_uri())
    expect(tab.locator("#unserved")).to_be_visible()
    expect(tab.locator("#unserved")).to_contain_text("python3 -m http.server")
    tab.close()
