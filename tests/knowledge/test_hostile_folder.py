"""A hostile folder of knowledge is refused with file and reason, in bounded time."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from milia_cds import load_knowledge
from milia_cds.decision import all_cases
from milia_cds.errors import KnowledgeError
from milia_cds.knowledge import files, triage_proof

SMALL = Path(__file__).parents[1] / "otherworld" / "knowledge"
CIRCLE = "Too many levels of symbolic links"
REMOVE = "mend or remove it"
FEWER = "say it with fewer terms that stand in one another"
Hostile: TypeAlias = Callable[[Path], object]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SMALL, tmp_path / "knowledge"))


def problems(folder: Path) -> list[str]:
    with pytest.raises(KnowledgeError) as raised:
        load_knowledge(folder)
    return [str(each) for each in raised.value.problems]


def _link(name: str, to: str) -> Hostile:
    return lambda folder: (folder / name).symlink_to(to)


def _added(name: str, text: str) -> Hostile:
    def add(folder: Path) -> None:
        with (folder / name).open("a", encoding="utf-8") as file:
            file.write(text)

    return add


@pytest.mark.parametrize(
    ("spoil", "problem"),
    [
        (
            lambda folder: os.mkfifo(folder / "options" / "x.toml"),
            f"options/x.toml: it cannot be read: it is a pipe, not a file; {REMOVE}",
        ),
        (
            _link("options/x.toml", "/dev/zero"),
            f"options/x.toml: it cannot be read: it is a device, not a file; {REMOVE}",
        ),
        (
            _link("options/x.toml", "x.toml"),
            f"options/x.toml: it cannot be read: {CIRCLE}; {REMOVE}",
        ),
        (
            _added("about.toml", f"# {'x' * 5_000_000}"),
            f"about.toml: it cannot be read: it has more than 5 MB; {REMOVE}",
        ),
        (
            _added("about.toml", f"\n{'a.' * 200}a = 1"),
            "about.toml: line 22 has more than 100 dots; break the line",
        ),
    ],
    ids=["pipe", "device", "circle", "long", "dots"],
)
def test_what_is_no_file_of_knowledge_is_refused(
    folder: Path, spoil: Hostile, problem: str
) -> None:
    spoil(folder)
    assert problems(folder) == [problem]


def test_links_to_folders_are_not_followed(folder: Path) -> None:
    (folder / "options" / "up").symlink_to("..")
    assert load_knowledge(folder).digest == load_knowledge(SMALL).digest


@pytest.mark.parametrize(
    ("limit", "most", "said"),
    [
        ("MOST_ENTRIES", 5, "it holds more than 5 files"),
        ("MOST_BYTES", 5000, "its files together have more than 0 MB"),
    ],
)
def test_a_folder_of_very_many_or_very_long_files_is_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch, limit: str, most: int, said: str
) -> None:
    monkeypatch.setattr(files, limit, most)
    mend = "give the folder that holds facts.toml and the other files, and no more"
    assert problems(folder) == [f"{folder}: {said}; {mend}"]


def test_the_name_of_a_file_is_shown(folder: Path) -> None:
    (folder / os.fsdecode(b"\xff\x1b[2J\n.toml")).write_text("x = 1", "utf-8")
    [problem] = problems(folder)
    assert problem.startswith("\\udcff\\u001b[2J\\u000a.toml: no file of this name is")


# -- terms ---------------------------------------------------------------------


def terms(when: str, count: int, *, backwards: bool = False) -> Hostile:
    """Terms of which each says something of the one before it."""
    texts = [
        f'\n[term.x{n}]\nlabel = "x"\nnot = "no x"\njudgement = true\n'
        f'when = "{when.format(f"x{n - 1}") if n else "patch.glowing"}"\n'
        for n in range(count)
    ]
    return _added("terms.toml", "".join(texts[::-1] if backwards else texts))


@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize(
    ("when", "count", "place", "said"),
    [
        ("not {0}", 1500, "x30", "with its terms it is nested more than 60 deep"),
        ("{0} and {0}", 60, "x10", "with its terms it has more than 1000 tests"),
        ("{0} or not {0}", 60, "x10", "with its terms it has more than 1000 tests"),
    ],
    ids=["chained", "doubled", "doubled_and_negated"],
)
def test_terms_that_grow_without_end_are_one_problem(  # noqa: PLR0913 - a table
    folder: Path, when: str, count: int, place: str, said: str, *, backwards: bool
) -> None:
    terms(when, count, backwards=backwards)(folder)
    expected = f"terms.toml: term.{place}.when, column 1: {said}; {FEWER}"
    assert problems(folder) == [expected]


def test_a_circle_of_very_many_terms_is_a_problem(folder: Path) -> None:
    terms("not {0}", 500)(folder)
    file = folder / "terms.toml"
    text = file.read_text("utf-8")
    file.write_text(text.replace('when = "patch.glowing"', 'when = "x499"'), "utf-8")
    [problem] = problems(folder)
    assert problem.endswith(
        "the terms name one another too deeply; define some without the others"
    )


# -- rules that are too entangled ----------------------------------------------


def test_a_triage_that_is_too_entangled_is_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(triage_proof, "_MOST_NODES", 1)
    [problem] = problems(folder)
    assert problem == (
        "triage.toml: decision: its conditions are too entangled to be proved for "
        "every case; ask after fewer facts that go together in one decision"
    )


def test_rules_that_are_too_entangled_are_refused_when_all_cases_are_made(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(all_cases, "MOST_NODES_OF_ALL", 10)
    base = load_knowledge(folder)
    for _ in range(2):
        with pytest.raises(KnowledgeError) as raised:
            all_cases.prepare(base)
        [problem] = raised.value.problems
        assert str(problem) == (
            "the rules: together they are too entangled to be decided for every case; "
            "split the conditions that ask after many facts at once"
        )
