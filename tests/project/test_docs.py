"""The documentation: every block of code in it runs, and shows what it says.

One test for each page, because its blocks build on one another: Python blocks
(doctests, plain code, the cells of notebooks) run in order in one fresh namespace, the
commands of a console block must print what follows them, those of a shell block must
succeed, and JSON and TOML must be read.
"""

from __future__ import annotations

import doctest
import importlib
import inspect
import io
import json
import os
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import attrs
import pytest
from sybil import Example, Sybil
from sybil.parsers.myst import CodeBlockParser, PythonCodeBlockParser

import milia_cds
import milia_cds.check
import milia_cds.examples
import milia_cds.testing
from docs import check_links, conf
from docs._ext import knowledge_reference
from milia_cds import MiliaError, load_knowledge
from milia_cds.case.milia import SECTIONS
from milia_cds.case.sections import kinds_of
from milia_cds.cli.main import main
from milia_cds.explanation import outcome

pytestmark = pytest.mark.no_cover  # long, and reached by shorter tests

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
GENERATED = DOCS / "reference" / "knowledge"
PAGES = sorted(
    page
    for folder, pattern in [
        (ROOT, "*.md"),
        (DOCS, "**/*.md"),
        (ROOT / "benchmarks", "**/*.md"),
        (ROOT / "examples", "**/*.md"),
        (ROOT / "src", "**/*.md"),
        (ROOT / "tests", "**/*.md"),
    ]
    for page in folder.glob(pattern)
    if GENERATED not in page.parents
)
CLUSTERS = DOCS / "howto" / "cluster.md"
"""The page whose programs need engines that only `make engines` installs and runs."""
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


@attrs.frozen
class Printed:
    """The exit code of a command, and what it prints."""

    code: int
    out: str
    err: str


PROGRAM = re.compile(r"(?:([^|]*) \| )?milia-cds ([^|<>&;$`*\n]*)((?:[|>].*)?)")
"""A line with the program: what it is given, its arguments, where its output goes."""


def run(command: str) -> Printed:
    """Run a command as a reader would, inside the virtual environment.

    The program itself runs here, where the knowledge is loaded and its diagrams are
    made; `tests/cli` sees that it runs as a process of its own.
    """
    program = PROGRAM.fullmatch(command)
    if program is None:
        return in_shell(command)
    source, arguments, onward = program.groups()
    given = in_shell(source).out if source else ""
    printed = in_process(shlex.split(arguments), given)
    if not onward:
        return printed
    passed_on = in_shell(f"cat {onward}", printed.out)
    return attrs.evolve(passed_on, err=printed.err + passed_on.err)


def in_process(arguments: list[str], given: str) -> Printed:
    """What the program prints that is given a text on its standard input."""
    out, err = io.StringIO(), io.StringIO()
    stdin = io.TextIOWrapper(io.BytesIO(given.encode()))
    with (
        chdir(ROOT),
        redirect_stdout(out),
        redirect_stderr(err),
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setattr(sys, "stdin", stdin)
        try:
            code = main(arguments)
        except SystemExit as left:
            code = int(left.code or 0)
    return Printed(code, out.getvalue(), err.getvalue())


def in_shell(command: str, given: str = "") -> Printed:
    """What a shell prints, as the exit code of the last in a pipe."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(  # noqa: S602 - a shell is what the page shows
        command,
        shell=True,
        cwd=ROOT,
        env={**os.environ, "PATH": path},
        input=given,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return Printed(done.returncode, done.stdout, done.stderr)


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
        got = done.out + done.err
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
        if done.code:
            return f"{command}\nexit code {done.code}\n{done.err}"
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


@pytest.mark.parametrize(
    "page", [each for each in PAGES if each != CLUSTERS], ids=name_of
)
def test_every_block_of_a_page_runs(page: Path) -> None:
    for example in SYBIL.parse(page).examples():
        example.evaluate()


def test_the_programs_for_engines_are_read_here_and_run_by_make_engines() -> None:
    programs = [str(each.parsed) for each in SYBIL.parse(CLUSTERS).examples()]
    for program in programs:
        compile(program, CLUSTERS, "exec")
        assert "from milia_cds.adapters.cohort import" in program
    runs = in_shell("make --dry-run engines").out
    assert "pytest tests/engines" in runs
    test = ROOT / "tests" / "engines" / "test_cluster_page.py"
    assert f'"{CLUSTERS.name}"' in test.read_text(encoding="utf-8")
    assert len(programs) == 5


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


# -- the links of the built site --


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (
            '<a href="other.html#here">fine</a><a href="https://example.org/">out</a>',
            "",
        ),
        (
            '<a href="other.html#case=1">fine</a><a href="other.html#case">gone</a>',
            "links other.html#case\n",
        ),
        (
            '<a href="other.html#case=1">fine</a>',
            "",
        ),
        ('<a href="none.html">gone</a>', "links none.html"),
        ('<a href="other.html#there">gone</a>', "links other.html#there"),
        ('<script src="https://example.org/x.js"></script>', "loads https://"),
    ],
)
def test_a_link_that_leads_nowhere_and_a_script_from_elsewhere_are_found(
    body: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "index.html").write_text(body, encoding="utf-8")
    (tmp_path / "other.html").write_text('<p id="here">', encoding="utf-8")
    assert check_links.main([str(tmp_path)]) == bool(said)
    assert said in capsys.readouterr().err


# -- the README --


def test_the_readme_shows_a_card_that_is_there_and_is_one_screen_long() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    (picture,) = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", text)
    assert (ROOT / picture).stat().st_size < 150_000
    assert text.count("\n") < 60


# -- decisions --


def test_every_decision_stands_in_the_index_under_its_own_title() -> None:
    index = (DOCS / "decisions" / "README.md").read_text(encoding="utf-8")
    for path in sorted((DOCS / "decisions").glob("0*.md")):
        title = path.read_text(encoding="utf-8").partition("\n")[0]
        number, _, name = title.removeprefix("# ").partition(". ")
        assert f"| [{number}]({path.name}) | {name} | " in index


# -- what is public is described --

PUBLIC = {
    f"{module.__name__}.{name}": getattr(module, name)
    for module in (
        milia_cds,
        milia_cds.check,
        milia_cds.examples,
        milia_cds.testing,
    )
    for name in module.__all__
}
API = [*(DOCS / "reference" / "api").glob("*.md"), DOCS / "reference" / "result.md"]


def described() -> set[str]:
    """The dotted names that the pages of the API describe."""
    names: set[str] = set()
    for page in API:
        module = ""
        for line in page.read_text(encoding="utf-8").splitlines():
            directive, _, argument = line.strip().removeprefix(".. ").partition(":: ")
            if directive == "currentmodule":
                module = argument
            elif directive in {"autoclass", "autoexception", "autofunction"}:
                names.add(f"{module}.{argument}")
    return names


def callables() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Every public function, class and method, by name."""
    for name, thing in PUBLIC.items():
        yield name, thing
        if isinstance(thing, type):
            for own, member in vars(thing).items():
                method = getattr(member, "__func__", member)
                if not own.startswith("_") and inspect.isfunction(method):
                    yield f"{name}.{own}", method


def sections(text: str) -> set[str]:
    return set(re.findall(r"^(\w+)\n-{3,}$", text, re.MULTILINE))


CALLABLES = dict(callables())


def test_every_public_name_is_described_in_the_api() -> None:
    assert PUBLIC.keys() - described() == set()


def test_every_record_of_a_result_is_described() -> None:
    records = {
        f"{outcome.__name__}.{name}"
        for name, thing in vars(outcome).items()
        if isinstance(thing, type) and thing.__module__ == outcome.__name__
    }
    assert records - described() == set()


@pytest.mark.parametrize("name", sorted(described()))
def test_what_the_api_describes_is_there_and_says_what_it_is(name: str) -> None:
    module, _, own = name.rpartition(".")
    thing = getattr(importlib.import_module(module), own)
    assert inspect.getdoc(thing)
    assert thing.__module__.startswith(module)


@pytest.mark.parametrize("name", CALLABLES)
def test_every_public_callable_says_what_it_takes(name: str) -> None:
    thing = CALLABLES[name]
    own = inspect.getdoc(thing) or ""
    assert own
    if thing in SECTIONS.values():
        return  # the site describes them from the data, as the next test sees
    taken = takes(thing) - {"self", "cls"}
    text = "\n".join(inspect.getdoc(each) or "" for each in _with_bases(thing))
    assert "Parameters" in sections(text) or not taken
    assert [each for each in taken if not re.search(rf"\b{each}\b", text)] == []


def takes(thing: Callable[..., Any]) -> set[str]:
    try:
        return {*inspect.signature(thing).parameters}
    except ValueError:  # an error that takes nothing of its own
        return set()


def _with_bases(thing: Callable[..., Any]) -> Iterable[object]:
    """A callable; of an error also those it is one of, which take its fields."""
    if isinstance(thing, type) and issubclass(thing, MiliaError):
        return thing.__mro__
    return [thing]


@pytest.mark.parametrize("section", SECTIONS.values(), ids=lambda each: each.__name__)
def test_the_site_describes_every_fact_of_a_section(section: type) -> None:
    lines = knowledge_reference.parameters(section, load_knowledge())
    assert {*kinds_of(section)} <= {*lines}


@pytest.mark.parametrize("name", CALLABLES)
def test_every_public_function_that_refuses_says_what_it_raises(name: str) -> None:
    thing = CALLABLES[name]
    if inspect.isfunction(thing) and "raise " in inspect.getsource(thing):
        assert "Raises" in sections(inspect.getdoc(thing) or "")


def test_every_page_of_the_site_names_its_version() -> None:
    assert conf.html_title == f"milia-cds {milia_cds.__version__}"
