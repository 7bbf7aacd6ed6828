"""An assessment laid out by rich: whole, as wide as the terminal, closed to texts."""

from __future__ import annotations

import builtins
import re
from functools import cache
from pathlib import Path
from typing import Any

import attrs
import pytest

from milia_cds import Assessment, Case, assess
from milia_cds.cli.main import main
from milia_cds.render.lines import DETAILS, Detail
from milia_cds.render.phrases import unheaded
from tests.common import richly, sampled

FOLDER = Path(__file__).parents[2] / "examples" / "cases"
EXAMPLES = sorted(path.stem for path in FOLDER.glob("*.json"))
EXAMPLE = pytest.mark.parametrize("name", EXAMPLES)


@cache
def answer(name: str) -> Assessment:
    return assess(Case.from_json((FOLDER / f"{name}.json").read_bytes()))


def printed(given: Assessment, width: int, detail: Detail = "full") -> str:
    return richly(given.outcome, given.base(), width, detail)


@pytest.mark.parametrize("name", sampled(EXAMPLES, 3))
@pytest.mark.parametrize("width", [50, 80, 140])
def test_no_line_is_wider_than_the_terminal(name: str, width: int) -> None:
    for detail in DETAILS:
        lines = printed(answer(name), width, detail).splitlines()
        assert max(map(len, lines)) <= width


@EXAMPLE
def test_a_brief_says_every_word_that_the_plain_brief_says(name: str) -> None:
    given = answer(name)
    said = set(bare(printed(given, 200, "brief")).split())
    labels = {"PLAN"}  # the answer is the title of a frame
    assert set(bare(given.text()).split()) - labels <= said


def bare(text: str) -> str:
    """A text without the lines of its frames."""
    return re.sub("[\u2500-\u257f]", " ", text)


@pytest.mark.parametrize("name", sampled(EXAMPLES, 3))
def test_in_full_it_says_every_option_the_notice_and_the_digest(name: str) -> None:
    given = answer(name)
    said = " ".join(bare(printed(given, 400)).split())
    for place in given.ranking:
        assert re.search(rf"{place.rank}=? {re.escape(place.label)}: ", said)
        for reason in place.cautions:
            assert unheaded(reason.text, reason.if_) in said
    for each in given.withheld:
        assert f"{each.label}: " in said
    assert given.knowledge.digest in said
    assert "Draft, not clinically reviewed. " in said


def test_a_text_is_neither_markup_nor_a_command_to_the_terminal() -> None:
    given = answer("adult_cheek")
    place = attrs.evolve(given.ranking[0], label="[red]x[/red]\x1b[2J")
    outcome = attrs.evolve(given.outcome, ranking=(place,))
    said = printed(Assessment(outcome=outcome), 200)
    assert "[red]x[/red]\\u001b[2J" in said
    assert "\x1b" not in said


@pytest.mark.parametrize("detail", DETAILS)
def test_the_command_prints_it(
    detail: Detail, capsys: pytest.CaptureFixture[str]
) -> None:
    case = str(FOLDER / "adult_cheek.json")
    assert main(["assess", case, "--rich", "--detail", detail]) == 0
    said = capsys.readouterr().out
    assert answer("adult_cheek").disposition.headline in said
    assert ("Options, best first" in said) is (detail != "brief")


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
        "the text says the same\n"
    )
