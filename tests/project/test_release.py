"""What `make release` does, as far as it needs no network."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from release.building import ROOT, build, differences, unpacked
from release.using import DOORS, SMOKE, extras


def test_what_is_built_again_from_the_source_archive_is_the_same(
    tmp_path: Path,
) -> None:
    first = build(ROOT, tmp_path / "first")
    elsewhere = unpacked(tmp_path / "first", tmp_path / "else where")
    again = build(elsewhere, tmp_path / "again", umask=0o077, zone="Asia/Kathmandu")
    assert sorted(file.suffix for file in first) == [".gz", ".whl"]
    assert differences(first, again) == []


def test_a_file_that_differs_or_is_missing_is_named(tmp_path: Path) -> None:
    for folder, text in {"one": "a", "other": "b"}.items():
        (tmp_path / folder).mkdir()
        for name in ("same", folder, "differs"):
            said = text if name == "differs" else "x"
            (tmp_path / folder / name).write_text(said)
    one, other = ([*(tmp_path / each).iterdir()] for each in ("one", "other"))
    assert differences(one, other) == ["differs", "one", "other"]


def test_every_extra_that_somebody_installs_is_used_before_it_is_released() -> None:
    assert extras() == sorted(file.stem for file in DOORS.glob("*.py"))


@pytest.mark.parametrize("script", [SMOKE, *DOORS.glob("*.py")], ids=lambda p: p.stem)
def test_a_script_uses_nothing_of_the_repository(script: Path) -> None:
    tree = ast.parse(script.read_text("utf-8"))
    imported = {
        (node.module or "") if isinstance(node, ast.ImportFrom) else each.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for each in node.names
    }
    rooms = {name.partition(".")[0] for name in imported}
    assert rooms.isdisjoint({"release", "tests", "docs", "benchmarks"})
