"""The page that tries a case in Chromium: to its first answer, and to each further one.

Pyodide's own start is the floor, and no time in seconds travels, so the first answer is
compared with that start in the same load of the page. It needs what `make faces`
installs, and the page that `make try` builds.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from benchmarks.rounds import Row, Timings, compared, progress, taken

try:
    from playwright.sync_api import sync_playwright
except ImportError:
    sync_playwright = None

PAGE = Path(__file__).parents[1] / "build" / "try"
PYODIDE, FIRST = "Pyodide's own start", "to the first answer, nothing known"
STATED, NEARLY_NOTHING = (
    "a further answer, a case well known",
    "of which the age is known",
)
AGE = "input[name='patient.age_years']"
EXAMPLE = "adult_cheek"
LONGEST = 120_000


def page(rounds: int, *, quick: bool) -> list[Row]:
    """Time loads of the page, each in a browser that has kept nothing of it.

    Quick makes fewer rounds, and nothing else of it.
    """
    del quick
    lacking = _lacking()
    if lacking:
        return [Row("page", FIRST, PYODIDE, "not measured", "", lacking)]
    timings: Timings = {PYODIDE: [], FIRST: [], STATED: [], NEARLY_NOTHING: []}
    with _served() as address, _chromium() as browser:
        for number in range(rounds):
            progress(f"page: load {number + 1} of {rounds}")
            for name, seconds in _loaded(browser, address).items():
                timings[name].append(seconds)
    return [
        compared(timings, "page", FIRST, PYODIDE, most=1.6),
        taken(timings, "page", PYODIDE),
        *(taken(timings, "page", name) for name in (STATED, NEARLY_NOTHING)),
    ]


def _lacking() -> str:
    """What there is not, and how to get it."""
    if sync_playwright is None:
        return "needs Chromium and its driver: make faces"
    return "" if (PAGE / "index.html").exists() else "needs the page: make try"


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *said: object) -> None:
        """Say nothing."""


@contextmanager
def _served() -> Iterator[str]:
    handler = partial(_Quiet, directory=PAGE)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@contextmanager
def _chromium() -> Iterator[Any]:
    program = shutil.which(os.environ.get("CHROMIUM", "chromium"))
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=program, args=["--disable-gpu"])
        yield browser
        browser.close()


def _loaded(browser: Any, address: str) -> dict[str, float]:
    """The seconds of one load, as the page itself takes them."""
    context = browser.new_context()
    tab = context.new_page()
    tab.goto(address)
    answer = tab.locator("#answer")
    tab.wait_for_selector("#answer[data-stage4]", timeout=LONGEST)
    found = {
        PYODIDE: _seconds(answer, "data-stage1"),
        FIRST: _seconds(answer, "data-stage4"),
    }
    tab.fill(AGE, "34")
    tab.wait_for_selector("#answer[data-case*='34']")
    found[NEARLY_NOTHING] = _seconds(answer, "data-took")
    for example in (EXAMPLE, "newborn", EXAMPLE):
        tab.goto(f"{address}#example={example}")
        tab.wait_for_selector(f"#answer[data-example='{example}']")
    found[STATED] = _seconds(answer, "data-took")
    context.close()
    return found


def _seconds(answer: Any, name: str) -> float:
    return float(answer.get_attribute(name)) / 1000
