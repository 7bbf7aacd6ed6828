"""Whom a change of the knowledge moves, held to two assessments of each case."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from milia_cds import Case, load_knowledge
from milia_cds.adapters.cohort import (
    FrameError,
    PopulationDiff,
    compare_knowledge,
    frame_of,
)
from milia_cds.cli.main import main
from milia_cds.knowledge.files import SHIPPED
from milia_cds.knowledge.model import Knowledge
from tests.adapters.cohort.held import expected
from tests.common import ADULT, OTHERWORLD, sampled, vignettes

BASE = load_knowledge()
THIN_BLOOD = {"anticoagulant": True, "doac_or_heparin": False, "inr": 6}
CASES = [
    Case.from_dict({**ADULT, "history": THIN_BLOOD}),
    *(Case.from_dict(each.case_data) for each in sampled(vignettes(), 12)),
]
GATE = """
[[gate]]
id = "over_thirty"
kind = "forbid"
when = "patient.age_years >= 30"
text = "Over thirty."
plain = "You are over thirty."
judgement = true
"""
DRAGON = {
    "dragon": {"age_years": 300, "kin": "river"},
    "patch": {"width_cm": 3},
}


def edited(folder: Path, name: str, old: str, new: str) -> Path:
    file = folder / name
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The knowledge with one more rule of extraction, and a danger that is rarer."""
    made = tmp_path_factory.mktemp("knowledge") / "data"
    shutil.copytree(SHIPPED, made)
    option = made / "options" / "extraction.toml"
    option.write_text(f"{option.read_text('utf-8')}\n{GATE}", "utf-8")
    return edited(made, "alerts.toml", "history.inr >= 5", "history.inr >= 15")


@pytest.fixture(scope="module")
def after(folder: Path) -> Knowledge:
    return load_knowledge(folder)


@pytest.fixture(scope="module")
def diff(after: Knowledge) -> PopulationDiff:
    return compare_knowledge(frame_of(CASES), BASE, after)


def test_it_counts_what_two_assessments_say(
    diff: PopulationDiff, after: Knowledge
) -> None:
    counts: Counter[tuple[str, str, str, str]] = Counter()
    for case in CASES:
        one, other = expected(case, BASE), expected(case, after)
        if "errors" in one or "errors" in other:
            assert ("errors" in one) is ("errors" in other)
            continue
        for name in BASE.options:
            pair = one["options"][name][0], other["options"][name][0]
            counts["verdict", name, *pair] += pair[0] != pair[1]
        for name in BASE.alerts:
            raised = [
                "certain" * (name in e["certain"])
                or "ask" * (name in e["asked"])
                or "silent"
                for e in (one, other)
            ]
            counts["alert", name, raised[0], raised[1]] += raised[0] != raised[1]
        counts["action", "", one["action"], other["action"]] += (
            one["action"] != other["action"]
        )
        first = [" = ".join(e["first"]) or "nothing" for e in (one, other)]
        counts["first", "", first[0], first[1]] += first[0] != first[1]

    found = {each[:4]: each.cases for each in diff.moved if each.what != "measure"}
    assert found == dict(+counts)
    assert {each[0] for each in found} >= {"verdict", "alert"}


def test_dangers_gone_come_first_then_what_is_newly_offered(
    diff: PopulationDiff,
) -> None:
    gravity = [each.gravity for each in diff.moved]
    assert gravity == sorted(gravity)
    assert diff.moved[0].what == "alert"
    assert diff.moved[0].after in {"silent", "ask"}


def test_each_move_has_rows_and_the_rules_that_explain_it(
    diff: PopulationDiff, after: Knowledge
) -> None:
    for each in diff.moved:
        assert 1 <= len(each.rows) <= min(5, each.cases)
        if each.what == "verdict" and each.name == "extraction":
            assert any(rule.startswith("extraction.") for rule in each.rules)
            said = expected(CASES[each.rows[0]], after)
            assert said["options"]["extraction"][0] == each.after
        if each.what == "alert":
            assert each.rules == (each.name,)


def test_unchanged_knowledge_moves_nobody() -> None:
    same = compare_knowledge(frame_of(CASES[:10]), BASE, BASE)

    assert not same
    assert same.cases == 10
    assert "Nothing, in no case." in str(same)
    assert same.first
    assert all(before == now for before, now in same.first)


def test_what_could_not_be_decided_is_no_case_in_which_nothing_moved() -> None:
    table = pa.table({"patient.age_years": [34, 340, 340]})
    same = compare_knowledge(table, BASE, BASE)

    assert (same.cases, same.refused) == (3, 2)
    assert "3 cases, of which 2 could not be decided; before" in str(same)


def test_it_shows_itself(diff: PopulationDiff, after: Knowledge) -> None:
    text = str(diff)
    assert BASE.digest in text
    assert after.digest in text
    assert "changed rules there" in text
    assert "What differs" in diff._repr_mimebundle_()["text/html"]
    assert diff.html().startswith("<!doctype html>")
    picture = diff.picture()
    assert picture.svg.count("<path") == len(diff.first)
    assert sum(diff.first.values()) <= len(CASES)


def test_a_fact_that_one_side_does_not_know_is_left_out_and_named() -> None:
    dragons = load_knowledge(OTHERWORLD)
    table = pa.Table.from_pylist([DRAGON, DRAGON])
    flat = pa.table({"patch__width_cm": [3.0], "lesion.size_mm": [3.0]})

    assert compare_knowledge(table, dragons, dragons).cases == 2
    other = compare_knowledge(flat, dragons, BASE)
    assert other.left_out == (("lesion.size_mm",), ("patch.width_cm",))
    assert "lesion.size_mm" in str(other)
    with pytest.raises(FrameError, match="nothing of this name"):
        compare_knowledge(pa.table({"size": [3.0]}), dragons, BASE)


def test_the_command_prints_it(
    tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "cases.parquet"
    pq.write_table(frame_of(CASES), path)

    assert main(["cohort", str(path), "--against", str(folder)]) == 0
    assert "What differs" in capsys.readouterr().out
    arguments = ["cohort", str(path), "--against", str(folder), "--summary"]
    assert main(arguments) == 2
    assert "leave the file and --summary out" in capsys.readouterr().err
