"""The examples run, and show what they promise."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from milia_cds import Case, assess

FOLDER = Path(__file__).parents[2] / "examples"
CASES = sorted((FOLDER / "cases").glob("*.json"))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_every_case_is_read_assessed_and_described(path: Path) -> None:
    assess(Case.from_json(path.read_bytes()))
    assert f"[{path.stem}](cases/{path.name})" in (FOLDER / "README.md").read_text()


def test_the_cases_are_marked_as_invented() -> None:
    assert "synthetic" in (FOLDER / "README.md").read_text("utf-8")
    assert "synthetic" in (FOLDER / "cases" / "README.md").read_text("utf-8")


def test_one_case_prints_what_to_do_and_the_options_in_order() -> None:
    ran = subprocess.run(  # noqa: S603 - our own
        [sys.executable, FOLDER / "one_case.py"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.startswith(
        "to do: Treat, as wished; leaving them is a choice.\n1 extraction\n"
    )


# -- the notebook --


@pytest.fixture(scope="module")
def notebook() -> Any:
    # It has no types.
    read = nbformat.read(FOLDER / "explore.ipynb", as_version=4)  # type: ignore[no-untyped-call]
    NotebookClient(read, resources={"metadata": {"path": str(FOLDER)}}).execute()
    return read


def test_the_notebook_is_kept_without_what_it_printed() -> None:
    kept = json.loads((FOLDER / "explore.ipynb").read_text("utf-8"))
    assert all(not cell.get("outputs") for cell in kept["cells"])


def test_every_cell_of_the_notebook_shows_something(notebook: Any) -> None:
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    kinds = [
        set(out.get("data", {"stream": 0})) for cell in code for out in cell.outputs
    ]
    *cards, widget = kinds
    assert len(kinds) == len(code)
    assert cards.count({"text/html", "text/plain"}) == len(cards)
    assert widget == {"application/vnd.jupyter.widget-view+json", "text/plain"}


def test_the_notebook_says_which_extra_its_widget_needs() -> None:
    cells = json.loads((FOLDER / "explore.ipynb").read_text("utf-8"))["cells"]
    first, *_, last = (c["source"] for c in cells if c["cell_type"] == "code")
    code = [
        "import sys; sys.modules['anywidget'] = None",
        *("".join(each) for each in (first, last)),
        "print(type(shown).__name__)",
    ]
    ran = subprocess.run(  # noqa: S603 - our own
        [sys.executable, "-c", "\n".join(code)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout == (
        "milia_cds.adapters.widget needs anywidget: pip install milia-cds[widget]\n"
        "Interview\n"
    )


def test_the_notebook_shows_what_one_answer_moves(notebook: Any) -> None:
    shown = [
        out.data["text/plain"]
        for cell in notebook.cells
        for out in cell.get("outputs", ())
    ]
    [moved] = [text for text in shown if text.startswith("What moved")]
    assert "- tretinoin: withheld -> offered (reasonable, place 3)" in moved
    assert "- By: gate.tretinoin.pregnancy" in moved
