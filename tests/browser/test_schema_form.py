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
ANSWERS = {"Yes": True, "No": False, "Not known": None}
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
