"""`milia-cds feedback`: what a file of feedback says, and what it keeps to itself."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from milia_cds.adapters.cds_hooks.feedback import Issued, feedback_of
from milia_cds.adapters.cds_hooks.feedback_file import FeedbackFile
from milia_cds.cli.main import main

CARD = "4e0a3a1e-3283-4575-ab82-028d55fe2719"
WRITTEN = "Mrs Example\x1b[2J said no"


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "feedback.jsonl"
    store = FeedbackFile(path)
    about = Issued(CARD, ("extraction",), ("extraction.tan",), {}, "0.1.0", "sha256:d")
    store.issued("milia-patient-view", [about])
    reason = {
        "reason": {"system": "http://x.example.org", "code": "prefers-alternative"},
        "userComment": WRITTEN,
    }
    report = {
        "card": CARD,
        "outcome": "overridden",
        "overrideReason": reason,
        "outcomeTimestamp": "2026-05-01T09:30:00Z",
    }
    store.reported("milia-patient-view", feedback_of({"feedback": [report]}))
    return str(path)


def test_a_table_says_how_often_and_why(
    file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["feedback", file]) == 0

    said = capsys.readouterr().out
    rows = [line.split() for line in said.splitlines()]
    assert ["1", "0", "1", "extraction"] in rows
    assert ["1", "0", "1", "extraction.tan"] in rows
    assert ["1", "0", "1", "0.1.0", "sha256:d"] in rows
    assert ["1", "for", "prefers-alternative"] in rows
    assert "Example" not in said
    assert "--comments" in said


def test_json_says_the_same(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["feedback", file, "--json"]) == 0

    said = json.loads(capsys.readouterr().out)
    assert said["options"]["extraction"]["reasons"] == {"prefers-alternative": 1}
    assert said["comments"] == 1


def test_comments_are_printed_for_who_asks_and_steer_no_terminal(
    file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["feedback", file, "--comments"]) == 0
    said = capsys.readouterr().out
    assert main(["feedback", file, "--comments", "--json"]) == 0

    assert "Mrs Example" in said
    assert "\x1b" not in said
    assert json.loads(capsys.readouterr().out)["comments"] == [WRITTEN]


def test_an_empty_file_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    FeedbackFile(tmp_path / "f")

    assert main(["feedback", str(tmp_path / "f")]) == 0
    assert "No report yet" in capsys.readouterr().out


def test_a_file_that_is_not_there_is_bad_input(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["feedback", str(tmp_path / "none")]) == 2
    assert "give a file that can be read" in capsys.readouterr().err


def test_lines_that_are_none_are_said_apart(
    file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with Path(file).open("ab") as stream:
        stream.write(b"nonsense\n")

    assert main(["feedback", file]) == 0
    said = capsys.readouterr()
    assert "were left out, such as 3" in said.err
    assert "extraction" in said.out
