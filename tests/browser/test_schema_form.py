"""A form that a form generator makes of `case_schema()`, with nothing added to it."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import os
import platform
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from milia_cds import Case, case_schema, load_knowledge

HERE = Path(__file__).parent / "form"
REGISTRY = os.environ.get("NPM_CONFIG_REGISTRY", "https://registry.npmjs.org")
SYSTEM = {"win32": "win32", "darwin": "darwin"}.get(sys.platform, "linux")
PROCESSOR = {"aarch64": "arm64", "arm64": "arm64"}.get(platform.machine(), "x64")
ESBUILD = f"node_modules/@esbuild/{SYSTEM}-{PROCESSOR}"
BUNDLE = ["form.js", "--bundle", "--outfile=all.js"]
FACTS = load_knowledge().facts
YES_NO = [name for name, entry in FACTS.items() if entry.kind == "yes_no"]
# The label of each field, by its id; rjsf shows the key where there is no title.
LABELS = """() => Object.fromEntries(
  [...document.querySelectorAll('form [id^="root_"]')]
  .filter(each => each.matches('input, select, textarea'))
  .map(each => [each.id, (each.labels[0]?.textContent ?? '').replace(/\\*$/, '')]))"""
ANSWERS = {"Yes": True, "No": False, "Not known": None}
OPTIONS = "each => [...each.options].map(option => option.textContent)"


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The script of the form: its packages as the lock has them, bundled by esbuild."""
    folder = tmp_path_factory.mktemp("rjsf") / "form"
    shutil.copytree(HERE, folder)
    lock = json.loads((folder / "package-lock.json").read_text("utf-8"))
    for place, package in lock["packages"].items():
        if place and ("os" not in package or place == ESBUILD):
            unpack(place, package, folder)
    program = folder / ESBUILD / ("esbuild.exe" if SYSTEM == "win32" else "bin/esbuild")
    done = subprocess.run(  # noqa: S603 - our own words
        [program, *BUNDLE],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return folder / "all.js"


def unpack(place: str, package: dict[str, Any], folder: Path) -> None:
    """Fetch a package, hold it to its digest, and unpack it where the lock has it.

    That is all of npm that is needed here: no script of a package is run.
    """
    name = place.rpartition("node_modules/")[2]
    file = f"{name.rpartition('/')[2]}-{package['version']}.tgz"
    address = f"{REGISTRY.rstrip('/')}/{name}/-/{file}"
    with urlopen(address, timeout=120) as answer:  # noqa: S310 - https, but for a mirror
        content: bytes = answer.read()
    digest = base64.b64encode(hashlib.sha512(content).digest()).decode()
    assert package["integrity"] == f"sha512-{digest}", name
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        for entry in archive.getmembers():
            entry.name = entry.name.partition("/")[2]  # without "package/"
            if entry.name:
                archive.extract(entry, folder / place, filter="data")


def _id(name: str) -> str:
    return f"root_{name.replace('.', '_')}"


def _titled(schema: dict[str, Any], name: str) -> str:
    section, _, fact = name.partition(".")
    title: str = schema["properties"][section]["properties"][fact]["title"]
    return title


def drawn(tab: Any, script: Path, behaviour: dict[str, str] | None) -> list[str]:
    """Draw the form into an empty tab, and keep what it complains of."""
    said: list[str] = []
    tab.on("console", lambda message: said.append(message.text))
    tab.on("pageerror", lambda error: said.append(str(error)))
    tab.set_content('<main id="form"></main>')
    tab.add_script_tag(path=script)
    tab.evaluate("given => draw(...given)", [case_schema(), behaviour])
    tab.wait_for_selector("form")
    return said


def chosen(tab: Any, label: str) -> Any:
    """What the form states once one fact has been answered."""
    tab.select_option("#root_history_pacemaker", label=label)
    return tab.evaluate("stated")


def test_a_form_of_the_schema_has_titles_and_three_answers_and_knows_nothing(
    script: Path, browser: Any, folder: Path
) -> None:
    tab = browser.new_page(viewport={"width": 1000, "height": 900})
    said = drawn(tab, script, None)
    tab.screenshot(path=folder / "schema_form.png", full_page=True)
    labels = tab.evaluate(LABELS)
    for name in FACTS:  # what an object of criteria has are their own fields
        if FACTS[name].kind != "weights":
            assert labels[_id(name)] == _titled(case_schema(), name)
    assert [each for each, text in labels.items() if not text.strip()] == []
    # No control has two states.
    assert tab.locator("form input[type=checkbox]").count() == 0
    for name in YES_NO:
        field = tab.locator(f"#{_id(name)}")
        assert field.evaluate(OPTIONS) == ["", "Not known", "Yes", "No"], name
    # What nobody touched is not known, and what is chosen is what the library reads.
    for label, value in ANSWERS.items():
        facts = Case.from_dict(chosen(tab, label)).facts()
        assert facts.pop("history.pacemaker") is value
        assert set(facts.values()) == {None}
    tab.locator("form button[type=submit]").click()
    assert tab.evaluate("sent") == tab.evaluate("stated")
    assert said == []
    tab.close()


def test_a_form_that_takes_no_constant_for_a_default_leaves_out_what_nobody_touched(
    script: Path, browser: Any
) -> None:
    tab = browser.new_page()
    assert drawn(tab, script, {"constAsDefaults": "never"}) == []
    for label, value in ANSWERS.items():
        stated = Case.from_dict(chosen(tab, label))
        assert stated == Case().stating({"history.pacemaker": value})
    tab.close()
