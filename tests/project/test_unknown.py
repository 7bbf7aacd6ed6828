"""The comparison with other engines: it runs here too, and its table is complete."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.unknown import __main__ as unknown

OWN = unknown.Engine("milia-cds", "0", "here", "milia.py")
RESULTS = unknown.RESULTS.read_text(encoding="utf-8")


def test_here_the_unknown_is_withheld_and_asked(tmp_path: Path) -> None:
    (row,) = unknown.run(OWN, tmp_path)
    assert row["yes"] == "avoid"
    assert row["no"] == "give"
    assert unknown.became(row) == "withheld, and asked"


@pytest.mark.parametrize(
    ("null", "left_out", "said"),
    [
        ("give", "give", "read as “no”"),
        ("avoid", "avoid", "read as “yes”"),
        ("nothing", "raises Error: x", "an error or no answer"),
        ("null", "null", "kept, as null"),
    ],
)
def test_what_became_of_the_unknown_is_said_of_both_ways_to_give_it(
    null: str, left_out: str, said: str
) -> None:
    assert unknown.became({"null": null, "left out": left_out}) == said


def test_an_engine_that_cannot_run_is_said_to_have_not(tmp_path: Path) -> None:
    broken = unknown.Engine("broken", "1", "here", "missing.py")
    with pytest.raises(unknown.CouldNotRunError, match="No such file"):
        unknown.run(broken, tmp_path)


def test_an_engine_that_is_not_in_the_list_is_refused() -> None:
    with pytest.raises(SystemExit):
        unknown.main(["--only", "nothing-of-that-name"])


@pytest.mark.parametrize("engine", unknown.INSTALLED, ids=lambda engine: engine.name)
def test_the_published_table_has_every_engine_in_its_pinned_version(
    engine: unknown.Engine,
) -> None:
    assert f"| {engine.name} {engine.version} |" in RESULTS


def test_every_engine_that_ran_decides_the_known_cases() -> None:
    rows = [line.split(" | ") for line in RESULTS.splitlines() if line.startswith("| ")]
    ran = [row for row in rows[2:] if "could not be run" not in row]
    assert len(ran) >= 20
    assert {(row[2], row[3]) for row in ran} <= {
        ("avoid", "give"),
        ("False", "True"),
        ("false", "true"),
    }
