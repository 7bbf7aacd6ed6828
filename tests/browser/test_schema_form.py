"""A form that a form generator makes of `case_schema()`, with nothing added to it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from milia_cds import Case, case_schema, load_knowledge

HERE = Path(__file__).parent / "form"
BUNDLE = ["npx", "--no-install", "esbuild", "form.js", "--bundle", "--outfile=all.js"]
INSTALL = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
FACTS = load_knowledge().facts
YES_NO = [name for name, entry in FACTS.items() if entry.kind == "yes_no"]
# The label of each field, by its id; rjsf shows the key where there is no title.
LABELS = """() => Object.fromEntries(
  [...document.querySelectorAll('form [id^="root_"]')]
  .filter(each => each.matches('input, select, textarea'))
  .map(each => [each.id, (each.labels[0]?.textContent ?? '').replace(/\\*$/, '')]))"""
OPTIONS = "each => [...each.options].map(option => option.textContent)"


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The script of the form: installed by npm from the lock, bundled by esbuild."""
    folder = tmp_path_factory.mktemp("rjsf") / "form"
    shutil.copytree(HERE, folder)
    for command in (INSTALL, BUNDLE):
        done = subprocess.run(  # noqa: S603 - our own words
            command,
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, done.stderr
    return folder / "all.js"


def _id(name: str) -> str:
    return f"root_{name.replace('.', '_')}"


def _titled(schema: dict[str, Any], name: str) -> str:
    section, _, fact = name.partition(".")
    title: str = schema["properties"][section]["properties"][fact]["title"]
    return title


def test_a_form_made_of_the_schema_asks_in_three_ways_and_states_nothing(
    script: Path, browser: Any, folder: Path
) -> None:
    tab = browser.new_page(viewport={"width": 1000, "height": 900})
    said: list[str] = []
    tab.on("console", lambda message: said.append(message.text))
    tab.on("pageerror", lambda error: said.append(str(error)))
    tab.set_content('<main id="form"></main>')
    tab.add_script_tag(path=script)
    schema = case_schema()
    tab.evaluate("schema => draw(schema)", schema)
    tab.wait_for_selector("form")
    tab.screenshot(path=folder / "schema_form.png", full_page=True)
    labels = tab.evaluate(LABELS)
    for name in FACTS:  # what an object of criteria has are their own fields
        if FACTS[name].kind != "weights":
            assert labels[_id(name)] == _titled(schema, name)
    assert [each for each, text in labels.items() if not text.strip()] == []
    # No control has two states; each yes/no has three answers and may stay untouched.
    assert tab.locator("form input[type=checkbox]").count() == 0
    for name in YES_NO:
        field = tab.locator(f"#{_id(name)}")
        assert field.evaluate(OPTIONS) == ["", "yes", "no", "not known"], name
    # What nobody touched is not stated, and what is chosen is what the library reads.
    for label, value in (("yes", True), ("no", False), ("not known", None)):
        tab.select_option("#root_history_pacemaker", label=label)
        stated = tab.evaluate("stated")
        assert Case.from_dict(stated) == Case().stating({"history.pacemaker": value})
    tab.locator("form button[type=submit]").click()
    assert tab.evaluate("sent") == tab.evaluate("stated")
    assert said == []
    tab.close()
