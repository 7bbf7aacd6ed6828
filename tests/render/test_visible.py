"""What a hostile knowledge base holds is shown in every face, and never obeyed."""

from __future__ import annotations

import html
import re
import shutil
import sys
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from milia_cds import assess, load_knowledge
from milia_cds.assessment.pictures import (
    contributions,
    decision_graph,
    option_grid,
    thresholds,
)
from milia_cds.check.review import review_pack
from milia_cds.cli.main import main
from milia_cds.knowledge.model import Knowledge
from milia_cds.render.explain import explained
from milia_cds.render.mermaid import mermaid
from milia_cds.render.sheets.pack import pack_sheet
from milia_cds.render.writers.html import as_page
from milia_cds.render.writers.markdown import as_markdown

SMALL = Path(__file__).parents[1] / "otherworld" / "knowledge"
IN_TOML = "\\u001b[2J\\u202e\\u200b\\u009b\\u2028"
"""Clears the screen, turns the text round, hides, and ends the line."""
TOLD = ("label", "text", "plain", "ask", "ask_patient", "help", "title", "summary")
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small knowledge base, each of whose texts begins with hostile characters."""
    made = tmp_path_factory.mktemp("hostile") / "knowledge"
    shutil.copytree(SMALL, made)
    told = "|".join((*TOLD, "version", "unit", "notice", "because", "period"))
    for file in made.rglob("*.toml"):
        text = file.read_text("utf-8")
        laced = re.sub(
            rf'^({told}) = "',
            lambda found: f"{found[0]}{IN_TOML}",
            text,
            flags=re.MULTILINE,
        )
        file.write_text(laced, "utf-8")
    return made


@pytest.fixture(scope="module")
def base(folder: Path) -> Knowledge:
    return load_knowledge(folder)


def unseen(text: str) -> set[str]:
    """The characters of a text that nobody sees, or that steer a terminal."""
    kinds = {"Cc", "Cf", "Zl", "Zp", "Cs"}
    return {sign for sign in text if unicodedata.category(sign) in kinds} - {"\n"}


FACES: dict[str, Callable[[Knowledge], str]] = {
    "short text": lambda base: assess(base.case({}), base).text(),
    "full text": lambda base: assess(base.case({}), base).text(detail="full"),
    "page": lambda base: assess(base.case({}), base)._repr_html_() or "",
    "grid": lambda base: assess(base.case({}), base).compare().text(),
    "page of the grid": lambda base: option_grid(assess(base.case({}), base)),
    "graph": lambda base: decision_graph(base).svg,
    "graph in words": lambda base: str(decision_graph(base)),
    "mermaid": mermaid,
    "bars": lambda base: str(contributions(assess(base.case({}), base))),
    "limits": lambda base: str(thresholds(assess(base.case({}), base))),
    "review": lambda base: as_page(pack_sheet(review_pack(base))),
    "Markdown": lambda base: as_markdown(pack_sheet(review_pack(base))),
    "option": lambda base: explained(base, next(iter(base.options)), detail="full"),
    "coloured": lambda base: COLOUR.sub(
        "", assess(base.case({}), base).text(detail="full", colour=True)
    ),
    "names": lambda base: repr([base, *base.options.values()]),
}


@pytest.mark.parametrize("name", FACES)
def test_every_face_shows_it(base: Knowledge, name: str) -> None:
    said = html.unescape(FACES[name](base))
    assert unseen(said) == set()
    assert "\\u202e" in said


COMMANDS = (
    ("assess", "CASE", "--detail", "full"),
    ("assess", "CASE", "--json"),
    ("facts",),
    ("faq", "--detail", "full"),
    ("faq", "bumps", "--json"),
    ("faq", "no\x1b[2J\u202eword"),
    ("explain", "ash_bath"),
    ("graph",),
    ("graph", "--svg"),
    ("grid", "CASE", "--text"),
    ("review", "--format", "markdown"),
    ("explain", "ash\x1b[2Jbath"),
    ("assess", "no\x1b[2J\u202e\nfile"),
    ("assess", "CASE", "two\x1b[2J"),
)


@pytest.fixture(params=[False, True], ids=["pipe", "terminal"])
def terminal(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether the output is a terminal."""
    asked: bool = request.param
    for stream in (sys.stdout, sys.stderr):
        monkeypatch.setattr(stream, "isatty", lambda: asked)
    return asked


@pytest.mark.parametrize("arguments", COMMANDS, ids=lambda each: ascii(each[0]))
def test_no_command_sends_it(
    arguments: tuple[str, ...],
    terminal: bool,
    folder: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    case = folder.with_name("case.json")
    case.write_text("{}", "utf-8")
    given = [str(case) if each == "CASE" else each for each in arguments]
    with suppress(SystemExit):
        main([*given, "--knowledge", str(folder)])
    ran = capsys.readouterr()
    said = ran.out + ran.err
    assert said
    assert unseen(COLOUR.sub("", said) if terminal else said) == set()
    assert "[2J" in said or "\\u202e" in said


def test_an_interview_asks_in_characters_that_are_seen(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    typed = iter(["?", "\x1b[2J\u202e", "u", "q"])
    prompts: list[str] = []

    def read(prompt: str) -> str:
        prompts.append(prompt)
        return next(typed)

    monkeypatch.setattr("builtins.input", read)
    assert main(["ask", "--knowledge", str(folder)]) == 0
    ran = capsys.readouterr()
    assert unseen(ran.out + ran.err + "".join(prompts)) == set()
    assert "\\u202e" in ran.out
