"""The command `milia-cds ledger`: what it prints, and how it ends."""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from milia_cds.adapters.ledger import Ledger
from milia_cds.adapters.ledger.schema import sqlite_schema
from milia_cds.cli.main import main
from tests.common import OTHERWORLD

CASE = "examples/cases/adult_cheek.json"
Printed = pytest.CaptureFixture[str]


@pytest.fixture
def path(tmp_path: Path) -> str:
    return str(tmp_path / "ledger.sqlite")


def said(capsys: Printed, *arguments: str, code: int = 0) -> str:
    """What a command prints to where it prints it."""
    assert main(["ledger", *arguments]) == code
    out, err = capsys.readouterr()
    return (out or err).rstrip()


def test_a_decision_is_recorded_once_and_made_again(capsys: Printed, path: str) -> None:
    kept = said(capsys, "record", path, CASE, "--key", "a", "--subject", "p17")
    assert re.fullmatch(r"[0-9a-f-]{36}", kept)
    assert said(capsys, "record", path, CASE, "--key", "a", "--subject", "p17") == kept
    again = "Decisions made again: 1; the same."
    assert said(capsys, "replay", path) == said(capsys, "replay", path, kept) == again
    assert said(capsys, "record", path, "age=34", "--key", "a", code=2) == (
        "this key was given before, with something else; give each decision a key of "
        "its own"
    )
    assert said(capsys, "replay", path, "x", code=2) == (
        'there is no entry "x"; give the id that record gave'
    )


def test_a_ledger_is_verified_with_and_without_its_head(
    capsys: Printed, path: str
) -> None:
    said(capsys, "record", path, CASE, "--at", "2026-05-01T09:30:00+00:00")
    head = said(capsys, "head", path)
    summary = f"Entries: 1, to {head}\nDecisions made again: 1 of 1"
    assert said(capsys, "verify", path) == (
        f"{summary}\nThe ledger is whole.\nWhether its end was cut off, only a head "
        "that was kept elsewhere says."
    )
    assert said(capsys, "verify", path, "--head", head) == (
        f"{summary}\nThe ledger is whole."
    )
    other = f"1:sha256:{'0' * 64}"
    assert said(capsys, "verify", path, "--head", other, code=2) == (
        f"{summary}\nThe ledger is not whole:\n  head 1: that entry is another: the "
        "chain was written anew; restore a backup, and find out who wrote the file"
    )
    assert said(capsys, "verify", path, "--head", "x", code=2) == (
        "this is no head of a ledger; give the number and the digest that `ledger "
        "head` prints"
    )


def test_another_program_comes_to_the_same(capsys: Printed, path: str) -> None:
    policy = ("--policy", "examples/policy.toml")
    said(capsys, "record", path, CASE, *policy)
    for age in (20, 30, 70):
        said(capsys, "record", path, f"age={age}", "site=cheek")
    assert said(capsys, "verify", path, "--independent").splitlines()[1:4] == [
        "Decisions made again: 4 of 4",
        "Decisions checked by another program: 4",
        "The ledger is whole.",
    ]


def test_another_program_finds_what_the_engine_would_miss(
    capsys: Printed, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    said(capsys, "record", path, CASE)
    monkeypatch.setattr(
        "milia_cds.cli.ledger.to_verify",
        lambda _answer: {"decision": {}, "knowledge": "", "policy": None, "asks": {}},
    )
    found = said(capsys, "verify", path, "--independent", code=2)
    assert "The ledger is not whole:\n  entry 1: " in found


def test_a_file_of_cases_is_recorded(
    capsys: Printed, path: str, tmp_path: Path
) -> None:
    lines = tmp_path / "cases.jsonl"
    case = json.dumps(json.loads(Path(CASE).read_text()))
    lines.write_text(f"{case}\n\n{case}\n")
    assert said(capsys, "record", path, str(lines)) == "Decisions recorded: 2"
    lines.write_text(f'{case}\n{{"patient": 1}}\n')
    assert said(capsys, "record", path, str(lines), code=2).startswith(
        f"{lines}, line 2: The case has 1 problem:"
    )
    assert said(capsys, "record", path, str(lines), "--key", "a", code=2) == (
        "--key and --subject are of one decision; leave them out"
    )


def test_a_difference_is_printed(capsys: Printed, path: str) -> None:
    said(capsys, "record", path, CASE)
    bundles = Path("tests/adapters/ledger")
    printed = said(
        capsys, "diff", path, str(bundles / "oldest.zip"), str(bundles / "older.zip")
    )
    assert "1 case; before:" in printed
    assert "Not known before, and left out: " in printed


def test_an_export_is_imported(capsys: Printed, path: str, tmp_path: Path) -> None:
    said(capsys, "record", path, CASE)
    lines, other = str(tmp_path / "lines.jsonl"), str(tmp_path / "other.sqlite")
    assert said(capsys, "export", path, "-o", lines) == ""
    assert said(capsys, "export", path) == Path(lines).read_text().rstrip()
    assert said(capsys, "import", other, lines) == "New entries: 1"
    assert said(capsys, "import", other, lines) == "New entries: 0"
    assert said(capsys, "head", other) == said(capsys, "head", path)
    assert said(capsys, "import", other, str(tmp_path / "none"), code=2) == (
        f"{tmp_path / 'none'}: No such file or directory; give a file that can be read"
    )


def test_a_patient_is_erased_and_it_is_told(capsys: Printed, path: str) -> None:
    kept = said(capsys, "record", path, CASE, "--subject", "p17")
    with Ledger.open(path) as ledger:
        ledger.note("outcome", {"said": "done"}, at=_now(), about=kept)
    [event] = said(capsys, "events", path, kept).splitlines()
    assert json.loads(event)["content"] == {"said": "done"}
    assert said(capsys, "erase", path, "p17") == (
        "Erased: what was stored with entries of this patient, 2 in all."
    )
    assert said(capsys, "erase", path, "p17", code=2) == (
        "nothing is stored of this patient; give the pseudonym by which it was recorded"
    )
    events = [json.loads(each) for each in said(capsys, "events", path).splitlines()]
    assert [each["kind"] for each in events] == [
        *("decision", "outcome", "erased", "erased")
    ]
    assert not any("content" in each for each in events)
    assert "\nErased: 2\n" in said(capsys, "verify", path)


def _now() -> datetime:
    return datetime.now(UTC)


def test_the_schema_that_is_printed_is_the_one_that_is_made(capsys: Printed) -> None:
    script = said(capsys, "schema")
    connection = sqlite3.connect(":memory:")
    connection.executescript(script)
    [count] = connection.execute(
        "SELECT COUNT(*) FROM sqlite_schema WHERE sql IS NOT NULL"
    ).fetchone()
    connection.close()
    assert count == len([*sqlite_schema()])
    assert "BEFORE TRUNCATE" in said(capsys, "schema", "--postgres")


def test_knowledge_of_another_domain_is_kept_as_well(
    capsys: Printed, path: str, tmp_path: Path
) -> None:
    case = tmp_path / "case.json"
    case.write_text('{"dragon": {"age_years": 300}}')
    said(capsys, "record", path, str(case), "--knowledge", str(OTHERWORLD))
    assert said(capsys, "replay", path) == "Decisions made again: 1; the same."


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["head", "none.sqlite"], "none.sqlite: No such file or directory; name a "),
        (["record", "l", CASE, "--at", "now"], '"now" is no time with its zone; give '),
        (["record", "l"], "no case is given; give a file, or - for standard input"),
    ],
)
def test_what_cannot_be_done_is_told(
    capsys: Printed,
    tmp_path: Path,
    arguments: list[str],
    says: str,
) -> None:
    what, name, *more = arguments
    printed = said(capsys, what, str(tmp_path / name), *more, code=2)
    assert printed.removeprefix(f"{tmp_path}/").startswith(says)


def test_a_difference_names_the_extra_that_it_needs(path: str) -> None:
    code = (
        "import sys; sys.modules['pyarrow'] = None\n"
        "from milia_cds.cli.main import main\n"
        "sys.exit(main(['ledger', 'diff', *sys.argv[1:]]))"
    )
    run = subprocess.run(  # noqa: S603 - our own
        [sys.executable, "-c", code, path, "a", "b"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 2
    assert run.stderr == (
        "milia_cds.adapters.cohort needs NumPy, PyArrow and narwhals: "
        "pip install milia-cds[cohort]\n"
    )
