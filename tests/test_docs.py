"""The documentation: every block of code in it runs, and shows what it says.

One test for each page, because its blocks build on one another: Python blocks
(doctests, plain code, the cells of notebooks) run in order in one fresh namespace, the
commands of a console block must print what follows them, those of a shell block must
succeed, and JSON and TOML must be read.
"""

from __future__ import annotations

import ast
import doctest
import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from sybil import Example, Sybil
from sybil.parsers.myst import CodeBlockParser, PythonCodeBlockParser

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
GENERATED = DOCS / "reference" / "knowledge"
PAGES = sorted(
    page
    for folder, pattern in [
        (ROOT, "*.md"),
        (DOCS, "**/*.md"),
        (ROOT / "benchmarks", "**/*.md"),
        (ROOT / "examples", "**/*.md"),
        (ROOT / "tests", "**/*.md"),
    ]
    for page in folder.glob(pattern)
    if GENERATED not in page.parents
)
OPTIONS = doctest.ELLIPSIS | doctest.REPORT_NDIFF
RUN = {"python", "console", "sh", "json", "toml"}
"""The languages whose blocks are run or read."""

SHOWN = {"text", "mermaid", "diff"}
"""The languages whose blocks are only shown."""

NOT_RUN = re.compile(
    r"#|python3 -m venv |pip install |git |chromium |"
    r"(pytest|pip|sphinx-build|jupyter|python -m (benchmarks|http))\b"
)
"""Lines of shell blocks that no test runs: they change the machine, or take long."""


def run(command: str) -> subprocess.CompletedProcess[str]:
    """Run a command as a reader would, inside the virtual environment."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(  # noqa: S602 - a shell is what the page shows
        command,
        shell=True,
        cwd=ROOT,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def differs(want: str, got: str) -> bool:
    checker = doctest.OutputChecker()
    return not checker.check_output(want, got, doctest.ELLIPSIS)


def console(example: Example) -> str | None:
    """Compare what each command prints with what follows it."""
    source = str(example.parsed)
    if not source.startswith("$ "):
        return "a console block begins with a command: $ ..."
    for block in re.split(r"^\$ ", source, flags=re.MULTILINE)[1:]:
        command, _, want = block.partition("\n")
        done = run(command)
        got = done.stdout + done.stderr
        if differs(want, got):
            return f"$ {command}\nexpected:\n{want}\ngot:\n{got}"
    return None


def shell(example: Example) -> str | None:
    """Run each line; of `make` only see that there is such a target."""
    for line in str(example.parsed).replace(".venv/bin/", "").splitlines():
        command = line.partition("  #")[0].strip()
        if not command or NOT_RUN.match(command):
            continue
        done = run(re.sub(r"^make ", "make --dry-run ", command))
        if done.returncode:
            return f"{command}\nexit code {done.returncode}\n{done.stderr}"
    return None


def read_by(reader: Callable[[str], object]) -> Callable[[Example], None]:
    def evaluate(example: Example) -> None:
        reader(str(example.parsed))

    return evaluate


SYBIL = Sybil(
    [
        PythonCodeBlockParser(doctest_optionflags=OPTIONS),
        CodeBlockParser("console", console),
        CodeBlockParser("sh", shell),
        CodeBlockParser("json", read_by(json.loads)),
        CodeBlockParser("toml", read_by(tomllib.loads)),
    ]
)


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_block_of_a_page_runs(page: Path) -> None:
    for example in SYBIL.parse(page).examples():
        example.evaluate()


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_block_of_a_page_has_a_language_that_is_run_or_only_shown(
    page: Path,
) -> None:
    text = page.read_text(encoding="utf-8")
    opened = re.findall(r"^ *(`{3,})(.*)\n(?:.*\n)*?\s*\1 *$", text, re.MULTILINE)
    languages = {language.strip() for _, language in opened}
    plain = {each for each in languages if not each.startswith("{")}
    assert plain <= RUN | SHOWN


def test_a_block_that_fails_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    for block in (
        "python\n>>> 1 + 1\n3",
        "python\nraise RuntimeError",
        "{code-cell} python\nraise RuntimeError",
        "console\n$ echo one\ntwo",
        "sh\nfalse",
        "json\n{",
    ):
        page.write_text(f"# Page\n\n```{block}\n```\n", encoding="utf-8")
        (example,) = SYBIL.parse(page).examples()
        with pytest.raises(Exception, match=r".*"):
            example.evaluate()


# -- what is public is described --


def described() -> set[str]:
    """Give the names that the pages of the API describe."""
    pages = [*(DOCS / "reference" / "api").glob("*.md"), DOCS / "reference/result.md"]
    text = "\n".join(page.read_text(encoding="utf-8") for page in pages)
    return set(re.findall(r"^\.\. auto\w+:: ([\w.]+)$", text, re.MULTILINE))


def public_modules() -> list[str]:
    """Give the modules of the library that say what is public in them."""
    source = ROOT / "src" / "milia_cds"
    found = []
    for path in sorted(source.rglob("__init__.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        named = {
            getattr(node.targets[0], "id", "")
            for node in tree.body
            if isinstance(node, ast.Assign)
        }
        if "__all__" in named:
            found.append(".".join(path.relative_to(source.parent).parent.parts))
    return found


def test_both_public_packages_are_found() -> None:
    assert {"milia_cds", "milia_cds.testing"} <= {*public_modules()}
