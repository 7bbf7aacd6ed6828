"""An assessment laid out by rich: whole, as wide as the terminal, closed to texts."""

from __future__ import annotations

import builtins
from pathlib import Path
from typing import Any

import attrs
import pytest

from milia_cds import Assessment, Case, assess
from milia_cds.cli.main import main
from tests.common import richly

FOLDER = Path(__file__).parents[2] / "examples" / "cases"
EXAMPLES = sorted(path.stem for path in FOLDER.glob("*.json"))
EXAMPLE = pytest.mark.parametrize("name", EXAMPLES)


def answer(name: str) -> Assessment:
    return assess(Case.from_json((FOLDER / f"{name}.json").read_bytes()))


def printed(given: Assessment, width: int = 100) -> str:
    return richly(given.outcome, None, width)


@EXAMPLE
@pytest.mark.parametrize("width", [50, 80, 140])
def test_no_line_is_wider_than_the_terminal(name: str, width: int) -> None:
    assert max(map(len, printed(answer(name), width).splitlines())) <= width


@EXAMPLE
def test_it_says_what_to_do_and_every_option_that_is_offered(name: str) -> None:
    given = answer(name)
    said = " ".join(printed(given, 200).split())
    assert given.disposition.headline in said
    for place in given.ranking:
        assert place.label in said
    for each in given.withheld:
        assert each.label in said
    assert given.knowledge.digest in said
    assert given.knowledge.notice in said


def test_a_text_is_neither_markup_nor_a_command_to_the_terminal() -> None:
    given = answer("adult_cheek")
    place = attrs.evolve(given.ranking[0], label="[red]x[/red]\x1b[2J")
    outcome = attrs.evolve(given.outcome, ranking=(place,))
    said = printed(Assessment(outcome=outcome), 200)
    assert "[red]x[/red]\\u001b[2J" in said
    assert "\x1b" not in said


def test_the_command_prints_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["assess", str(FOLDER / "adult_cheek.json"), "--rich"]) == 0
    assert "Options, best first" in capsys.readouterr().out


def test_without_rich_the_command_says_what_to_install(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def without_rich(name: str, *rest: Any, **more: Any) -> Any:
        if name.startswith("rich"):
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without_rich)
    assert main(["assess", str(FOLDER / "adult_cheek.json"), "--rich"]) == 2
    assert capsys.readouterr().err == (
        "--rich needs the package rich: pip install 'milia-cds[rich]'; without --rich "
        "the text says the same and more\n"
    )
