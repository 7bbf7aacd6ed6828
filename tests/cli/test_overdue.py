"""Commands on a day when the review of the knowledge is overdue, or long overdue."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any, TypeAlias

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from milia_cds.adapters.cds_hooks import service as serving
from milia_cds.assessment.base import load_knowledge
from milia_cds.cli.main import main
from milia_cds.knowledge.currency import overdue_text

BASE = load_knowledge()
REVIEW = date.fromisoformat(BASE.about.review_by)
SMALL = str(Path(__file__).parents[1] / "otherworld" / "knowledge")
"""A small knowledge base, which is to be reviewed by 2027-11-01."""
TEXT = overdue_text(BASE)
OF_SMALL = overdue_text(load_knowledge(SMALL))
FACTS = ("age=34", "site=cheek", "count=5")

At: TypeAlias = Callable[[int], None]


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> At:
    """Set the clock of the command to so many days after the review."""

    def set_to(days: int) -> None:
        day = REVIEW + timedelta(days)

        class Clock(datetime):
            """A clock that stands at noon."""

            @classmethod
            def now(cls, tz: tzinfo | None = None) -> Clock:
                return cls(day.year, day.month, day.day, 12, tzinfo=tz)

        monkeypatch.setattr("milia_cds.cli.streams.datetime", Clock)
        monkeypatch.setattr(serving, "datetime", Clock)

    return set_to


Ran: TypeAlias = tuple[int, str, str]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """Run the command: its code, what it prints, and what it complains of."""

    def running(*arguments: str) -> Ran:
        code = main(arguments)
        out, err = capsys.readouterr()
        return code, " ".join(out.split()), err.strip()

    return running


def test_an_answer_says_so(at: At, run: Callable[..., Ran]) -> None:
    for days, expected in {0: 0, 1: 1, 365: 1}.items():
        at(days)
        code, out, err = run("assess", *FACTS)
        assert (code, out.count(TEXT), err) == (0, expected, "")


def test_so_does_an_interview(
    at: At, run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    at(1)
    monkeypatch.setattr("builtins.input", lambda *_: "q")

    code, out, _ = run("ask", *FACTS)

    assert code == 0
    assert f"milia-cds: {BASE.about.notice}; review overdue since {REVIEW}" in out
    assert TEXT in out


@pytest.mark.parametrize(
    "command",
    [
        ("assess", *FACTS),
        ("assess", *FACTS, "--json"),
        ("ask", *FACTS),
        ("leaflet", *FACTS, "extraction"),
        ("letter", *FACTS),
        ("grid", *FACTS),
        ("fhir", "write", *FACTS, "--patient", "Patient/1"),
        ("serve", "--development"),
        ("serve", "--development", "--workers", "2"),
    ],
    ids=" ".join,
)
def test_long_overdue_knowledge_is_bad_knowledge(
    command: tuple[str, ...], at: At, run: Callable[..., Ran]
) -> None:
    at(366)

    code, out, err = run(*command)

    assert (code, out) == (3, "")
    assert err.splitlines()[-1] == (
        "  about.toml: review_by: it was to be reviewed by 2027-11-22, and is refused "
        "from 2028-11-22 on; install a newer version, or review the knowledge "
        "(milia-cds review) and write the next day there"
    )


def test_a_policy_refuses_sooner(
    at: At, run: Callable[..., Ran], tmp_path: Path
) -> None:
    policy = tmp_path / "clinic.toml"
    policy.write_text('name = "Us"\nversion = "1"\nrefuse_after_days = 30\n', "utf-8")
    for days, expected in {30: 0, 31: 3}.items():
        at(days)
        code, _, err = run("assess", *FACTS, "--policy", str(policy))
        assert code == expected
        assert bool(err) is (code == 3)
        assert not err or "is refused by the policy of Us from 2027-12-23 on" in err


@pytest.mark.parametrize(
    "command",
    [
        ("explain", "extraction"),
        ("faq", "come", "back"),
        ("graph", "--triage"),
        ("review", "--format", "toml"),
    ],
)
def test_what_answers_no_case_says_so_beside_it_and_is_never_refused(
    command: tuple[str, ...], at: At, run: Callable[..., Ran]
) -> None:
    for days, said in {0: "", 1: TEXT, 1000: TEXT}.items():
        at(days)
        code, out, err = run(*command)
        assert (code, bool(out), err) == (0, True, said)


def test_check_says_so_at_its_start_and_on_its_page(
    at: At, run: Callable[..., Ran], tmp_path: Path
) -> None:
    at(1)

    code, out, err = run("check", SMALL, "--report", str(tmp_path / "report.html"))

    assert (code, err.splitlines()[0]) == (0, OF_SMALL)
    assert "To be reviewed by: 2027-11-01, which has passed" in out
    page = (tmp_path / "report.html").read_text("utf-8")
    assert "review overdue since 2027-11-01" in page


def test_the_review_pack_says_so_on_every_page(
    at: At, capsys: pytest.CaptureFixture[str]
) -> None:
    at(1)

    assert main(["review", "--knowledge", SMALL]) == 0

    assert capsys.readouterr().out.count("review overdue since 2027-11-01") >= 2


def test_serve_says_so_at_its_start(
    at: At, run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "rehearse", lambda *_: None)
    monkeypatch.setattr("uvicorn.run", lambda *_, **__: None)
    for days, said in {0: False, 1: True}.items():
        at(days)
        code, _, err = run("serve", "--development")
        assert (code, TEXT in err) == (0, said)


def test_the_pictures_of_a_case_say_so(
    at: At, run: Callable[..., Ran], tmp_path: Path
) -> None:
    at(1)
    case = tmp_path / "case.json"
    case.write_text(json.dumps({"lesion": {"site": "cheek"}}), "utf-8")
    for more in ("--path", "--svg"):
        _, out, _ = run("graph", more, "--case", str(case))
        assert "review overdue" in out


def test_many_cases_say_so_in_each_row_and_above_the_summary(
    at: At, run: Callable[..., Ran], tmp_path: Path
) -> None:
    cases, decided = tmp_path / "cases.parquet", tmp_path / "decided.parquet"
    pq.write_table(pa.table({"patient.age_years": [34, None, 340]}), cases)
    at(1)

    code, out, err = run("cohort", str(cases), str(decided), "--summary")

    assert (code, TEXT in out, err.splitlines()[0]) == (0, True, TEXT)
    rows: Any = pq.read_table(decided).column("warnings").to_pylist()
    assert rows == [["review_by"], ["review_by"], None]

    at(366)
    assert run("cohort", str(cases), "--summary")[0] == 3
