"""The interview as a widget in JupyterLab: what a person does, sees and hears."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from axe_playwright_python.sync_playwright import Axe

from milia_cds import Case
from tests.browser.test_faces import WCAG, legible

SHOW = """\
from milia_cds.adapters.widget import InterviewWidget
widget = InterviewWidget()
widget"""
CELLS = (SHOW, "print(widget.interview.case.to_json())")
KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}
# It asks nobody outside, and lets a test press what stands in a menu.
SETTINGS = (
    "--no-browser",
    "--allow-root",
    "--expose-app-in-browser",
    "--ServerApp.ip=127.0.0.1",
    "--IdentityProvider.token=",
    "--LabApp.extension_manager=readonly",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
)
NO_NEWS = {"fetchNews": "false", "checkForUpdates": False}
READY = (
    "() => !!window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel"
)
COMMAND = "([name, args]) => { jupyterapp.commands.execute(name, args) }"
FOCUSED = "document.activeElement.textContent"
DESCRIBED = """() => document.getElementById(
  document.activeElement.getAttribute('aria-describedby')).textContent"""
WIDER = """() => [...document.querySelectorAll('.milia-interview *')]
  .filter(each => each.scrollWidth > each.clientWidth + 1
    && getComputedStyle(each).display !== 'inline'
    && getComputedStyle(each).overflow !== 'hidden')
  .map(each => each.outerHTML.slice(0, 200))"""
AGE = "Number, 0 to 120 years"


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[str]:
    """The address of a JupyterLab that knows nothing of this machine's settings."""
    _write_notebook(tmp_path / "ask.ipynb")
    kept = tmp_path / "settings" / "@jupyterlab" / "apputils-extension"
    kept.mkdir(parents=True)
    (kept / "notification.jupyterlab-settings").write_text(json.dumps(NO_NEWS))
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    place = [f"--ServerApp.port={port}", f"--ServerApp.root_dir={tmp_path}"]
    log = tmp_path / "log"
    with log.open("w") as written:
        server = subprocess.Popen(  # noqa: S603 - our own words
            [sys.executable, "-m", "jupyterlab", *SETTINGS, *place],
            stdout=written,
            stderr=written,
            env={**os.environ, **_homes(tmp_path)},
        )
        try:
            _wait(f"http://127.0.0.1:{port}/api", server, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(timeout=30)


def _write_notebook(path: Path) -> None:
    code: dict[str, Any] = {
        "cell_type": "code",
        "metadata": {},
        "outputs": [],
        "execution_count": None,
    }
    cells = [{**code, "id": f"cell-{n}", "source": e} for n, e in enumerate(CELLS)]
    said = {"metadata": {"kernelspec": KERNEL}, "nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps({**said, "cells": cells}), "utf-8")


def _homes(folder: Path) -> dict[str, str]:
    homes = (
        "HOME",
        "IPYTHONDIR",
        *(f"JUPYTER_{each}_DIR" for each in ("CONFIG", "DATA", "RUNTIME")),
    )
    return {
        **{name: str(folder / name.lower()) for name in homes},
        "JUPYTERLAB_SETTINGS_DIR": str(folder / "settings"),
        "JUPYTER_PLATFORM_DIRS": "1",  # it warns without it
    }


def _wait(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(240):
        assert server.poll() is None, log.read_text("utf-8")
        try:
            urlopen(address, timeout=5).close()  # noqa: S310 - http, on this machine
        except OSError:
            time.sleep(0.25)
        else:
            return
    raise AssertionError(log.read_text("utf-8"))


@pytest.fixture
def tab(lab: str, browser: Any) -> Iterator[Any]:
    """The notebook in a tab that keeps what it complains of, and whom it asks."""
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    opened = context.new_page()
    opened.said = []
    opened.on("pageerror", lambda error: opened.said.append(str(error)))
    opened.on(
        "console",
        lambda each: opened.said.extend([each.text] if each.type == "error" else []),
    )
    opened.on("request", lambda each: opened.said.extend(_foreign(each.url, lab)))
    opened.goto(f"{lab}/lab/tree/ask.ipynb")
    opened.wait_for_function(READY, timeout=180_000)
    _command(opened, "application:toggle-left-area")
    _command(opened, "notebook:run-all-cells")
    yield opened
    context.close()


def _foreign(address: str, lab: str) -> list[str]:
    own = address.startswith((lab, lab.replace("http", "ws"), "data:", "blob:"))
    return [] if own else [address]


def _command(tab: Any, name: str, **more: str) -> None:
    tab.evaluate(COMMAND, [name, more])


def _choose(widget: Any, question: str, answer: str) -> None:
    field = widget.get_by_role("radiogroup", name=question)
    field.get_by_label(answer, exact=True).check()


def _press(widget: Any, button: str, then: str) -> None:
    """Press a button, and wait for the question that follows."""
    widget.get_by_role("button", name=button, exact=True).click()
    _asks(widget, then)


def _asks(widget: Any, question: str) -> None:
    """Wait for a question, which then has the focus."""
    widget.get_by_role("heading", name=question).and_(
        widget.locator(":focus")
    ).wait_for()


def test_an_interview_is_held_in_a_notebook(tab: Any, folder: Path) -> None:
    widget = tab.locator(".milia-interview")
    widget.locator("form").wait_for(timeout=180_000)

    # What is wrong stands at its field, which has the focus and is described by it.
    widget.get_by_label(AGE).fill("thirty")
    widget.get_by_label(AGE).press("Enter")
    widget.locator(".wrong").wait_for()
    wrong = '"thirty" is not a number; write it in digits, such as 2 or 1.5'
    assert tab.evaluate(DESCRIBED) == wrong
    assert widget.get_by_role("status").text_content() == wrong
    assert widget.get_by_label(AGE).input_value() == "thirty"
    tab.screenshot(path=folder / "widget_refused.png")

    # The keyboard alone: its keys are not those of the notebook, where "b" adds a cell.
    tab.keyboard.press("Control+a")
    tab.keyboard.type("34")
    tab.keyboard.press("Enter")
    _asks(widget, "Where is the lesion?")
    tab.keyboard.press("b")
    tab.keyboard.press("Tab")
    tab.keyboard.press("b")
    assert tab.locator(".jp-CodeCell").count() == len(CELLS)
    widget.get_by_label("Cheek", exact=True).check()
    _press(widget, "Answer", "Are there blisters")

    # A danger stands before what is asked next, and is said aloud.
    _choose(widget, "Is the patient ill now", "Yes")
    _choose(widget, "Are there blisters", "Yes")
    _choose(widget, "Is the lesion painful?", "Not known")
    widget.get_by_role("button", name="No to the rest").click()
    danger = widget.locator(".question .alert")
    danger.wait_for()
    assert "emergency" in danger.inner_text().lower()
    assert danger.inner_text().strip() in widget.get_by_role("status").inner_text()
    tab.screenshot(path=folder / "widget_danger.png")
    _press(widget, "Back", "Are there blisters")
    assert danger.count() == 0
    _press(widget, "Not known", "Is there dermatitis")

    # It is whole and accessible: light, dark, and where there is little room.
    found = Axe().run(tab, context=".milia-interview", options=WCAG)
    assert found.violations_count == 0, found.generate_report()
    _command(tab, "apputils:change-theme", theme="JupyterLab Dark")
    tab.locator("[data-jp-theme-light=false]").wait_for(state="attached")
    tab.screenshot(path=folder / "widget_dark.png")
    legible(tab, ".milia-interview")
    tab.set_viewport_size({"width": 480, "height": 1000})
    tab.screenshot(path=folder / "widget_narrow.png")
    assert tab.evaluate(WIDER) == []

    # Python has what was pressed.
    tab.evaluate("jupyterapp.shell.currentWidget.content.activeCellIndex = 1")
    _command(tab, "notebook:run-cell")
    stated = tab.locator(".jp-OutputArea-output pre", has_text="age_years")
    stated.wait_for()
    case = Case.from_json(stated.inner_text())
    assert case.patient.age_years == 34
    assert case.lesion.site == "cheek"
    assert "findings.blisters" in case.not_known
    assert tab.said == []
