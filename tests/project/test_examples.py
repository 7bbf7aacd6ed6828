"""The examples run, and show what they promise."""

from __future__ import annotations

import importlib.util
import io
import json
import subprocess
import sys
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlencode
from wsgiref.util import setup_testing_defaults
from wsgiref.validate import validator

import attrs
import nbformat
import pytest
from nbclient import NotebookClient

from milia_cds import Case, assess

FOLDER = Path(__file__).parents[2] / "examples"
CASES = sorted((FOLDER / "cases").glob("*.json"))
ADULT = {
    "patient.age_years": "34",
    "patient.phototype": "2",
    "patient.pregnancy": "none",
    "patient.cooperative": "yes",
    "lesion.diagnosis": "confirmed",
    "lesion.origin": "primary",
    "lesion.pattern": "scattered",
    "lesion.site": "cheek",
    "lesion.count": "5",
    "goals.wants_treatment": "yes",
    "clinic.operator": "dermatologist",
    "screened": "yes",
}


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
    assert ran.stdout.startswith("to do: Treat\n1 extraction\n")


# -- the notebook --


@pytest.fixture(scope="module")
def notebook() -> Any:
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
    assert len(kinds) == len(code)
    assert kinds.count({"text/html", "text/plain"}) == len(code)


def test_the_notebook_shows_what_one_answer_moves(notebook: Any) -> None:
    shown = [
        out.data["text/plain"]
        for cell in notebook.cells
        for out in cell.get("outputs", ())
    ]
    [moved] = [text for text in shown if text.startswith("What moved")]
    assert "- tretinoin: withheld -> offered (reasonable, place 3)" in moved
    assert "- By: gate.tretinoin.pregnancy" in moved


# -- the program of a clinic --


@attrs.frozen
class Reply:
    """What the program sent."""

    status: str
    headers: dict[str, str]
    text: str


class Ask(Protocol):
    """Sends a form to the program."""

    def __call__(self, method: str, path: str, **fields: str) -> Reply:
        """What it sent back."""
        ...


@pytest.fixture(scope="module")
def ask() -> Ask:
    spec = importlib.util.spec_from_file_location("clinic", FOLDER / "clinic_app.py")
    assert spec is not None
    assert spec.loader is not None
    clinic = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(clinic)

    def asked(method: str, path: str, **fields: str) -> Reply:
        return _sent(clinic.app, method, path, fields)

    return asked


def _sent(app: Any, method: str, path: str, fields: dict[str, str]) -> Reply:
    body = urlencode(fields).encode()
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
    }
    setup_testing_defaults(environ)
    said: list[Any] = []

    def start(
        status: str, headers: list[tuple[str, str]], *_: object
    ) -> Callable[[bytes], object]:
        said.extend([status, dict(headers)])
        return lambda _: None

    sent = validator(app)(environ, start)
    text = b"".join(sent).decode("utf-8")
    sent.close()  # type: ignore[attr-defined]
    return Reply(said[0], said[1], unescape(text))


def test_the_form_begins_with_everything_not_known(ask: Ask) -> None:
    form = ask("GET", "/")
    assert form.status == "200 OK"
    assert form.text.count('<option value="">not known</option>') == 11
    assert "script-src" not in form.headers["Content-Security-Policy"]
    assert "default-src 'none'" in form.headers["Content-Security-Policy"]


def test_facts_go_in_and_the_assessment_comes_out(ask: Ask) -> None:
    said = ask("POST", "/assessment", **ADULT)
    assert said.status == "200 OK"
    assert "Draft, not clinically reviewed." in said.text
    assert "1. extraction" in said.text
    assert 'name="option" value="extraction"' in said.text


def test_what_is_left_open_is_not_known(ask: Ask) -> None:
    open_ = {**ADULT, "patient.pregnancy": ""}
    said = ask("POST", "/assessment", **open_)
    assert "Withheld until more is known" in said.text
    assert "Is the patient pregnant" in said.text


def test_nothing_filled_in_is_no_error(ask: Ask) -> None:
    said = ask("POST", "/assessment")
    assert said.status == "200 OK"
    assert "More information is needed first" in said.text


def test_the_leaflet_of_an_offered_option_comes_out(ask: Ask) -> None:
    case = json.dumps(json.loads((FOLDER / "cases/adult_cheek.json").read_text()))
    said = ask("POST", "/leaflet", case=case, option="extraction")
    assert said.status == "200 OK"
    assert "Information for patients" in said.text


@pytest.mark.parametrize(
    ("path", "changed", "message"),
    [
        (
            "/assessment",
            {"patient.age_years": "<b>34"},
            (
                'age: "<b>34" is not a number; give a number from 0 to 120 years, or '
                "null "
                "(for not known)"
            ),
        ),
        (
            "/assessment",
            {"lesion.site": "chek"},
            'site: "chek" is ',
        ),
        (
            "/leaflet",
            {"case": "{", "option": "extraction"},
            "check the text with a JSON",
        ),
        (
            "/leaflet",
            {"case": "{}", "option": "extraction"},
            '"extraction" is withheld in this assessment, not offered; no option is',
        ),
    ],
)
def test_what_is_wrong_is_said_with_how_to_mend_it(
    ask: Ask, path: str, changed: dict[str, str], message: str
) -> None:
    said = ask("POST", path, **{**ADULT, **changed})
    assert said.status == "400 Bad Request"
    assert message in said.text


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/x"), ("POST", "/"), ("GET", "/leaflet")]
)
def test_another_page_is_not_found(ask: Ask, method: str, path: str) -> None:
    assert ask(method, path).status == "404 Not Found"
