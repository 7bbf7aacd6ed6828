"""Starting up: from a new process to the library, its knowledge, and an answer.

All this is done once a process, so every time is taken in a process of its own. All
modules are compiled beforehand, into a folder of their own: whether Python may write
compiled modules beside the sources, and has, makes no difference.

A time begins with the first line of a script, so the bare interpreter is taken off;
that of the whole command begins outside, and has it in.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from benchmarks.rounds import Row, Timings, compared, interleaved, taken

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "examples" / "cases" / "adult_cheek.json"

LIBRARY = "import milia_cds"
DEPENDENCIES = "import attrs, networkx"
COMMAND = "the whole of `milia-cds assess`"
SCRIPT = "that of the import in a script"
WELL_KNOWN, HALF_KNOWN, EMPTY = "well known", "half known", "empty"

LOAD = "load_knowledge"
PARSE = "parsing its TOML"
PROOF = "of it, the proof of the triage"
COMPILE = "compiling it, before the first case"

_TIMED_IMPORT = """
from time import perf_counter
start = perf_counter()
import {}
print(perf_counter() - start)
"""

_TIMED_ANSWER = """
from time import perf_counter
start = perf_counter()
from milia_cds import Case, assess
answer = assess(Case.from_dict({case}))
answer.{said}
print(perf_counter() - start)
"""

_COMMAND = "import sys; from milia_cds.cli.main import main; sys.exit(main())"

_PREPARED = """
import tomllib
from time import perf_counter
from milia_cds.decision.engine import compiled
from milia_cds.assessment.base import load_knowledge
from milia_cds.knowledge.files import SHIPPED
from milia_cds.knowledge.reading import read_knowledge
from milia_cds.knowledge.triage_proof import triage_problems

def parse():
    for path in sorted(SHIPPED.rglob("*.toml")):
        tomllib.loads(path.read_text("utf-8"))

parse()  # so that the files are at hand, and tomllib has made its patterns
"""

_TIMED_STEP = """
start = perf_counter()
{}
print(perf_counter() - start)
"""


def start(rounds: int, *, quick: bool) -> list[Row]:
    """Time a new process to its first answer against importing attrs and networkx."""
    cases = cases_of_a_start()
    if quick:
        cases = {WELL_KNOWN: cases[WELL_KNOWN]}
    answers = {
        f"to the first {said}, a case {known}": _TIMED_ANSWER.format(
            case=case, said=attribute
        )
        for said, attribute in (("verdict", "disposition"), ("text", "text()"))
        for known, case in cases.items()
    }
    scripts = {
        DEPENDENCIES: _TIMED_IMPORT.format("attrs, networkx"),
        LIBRARY: _TIMED_IMPORT.format("milia_cds"),
        **answers,
    }
    with _folder(quick=quick) as compiled:
        timings = _in_processes("start", scripts, compiled, rounds, _whole(compiled))
    return [
        compared(timings, "start", LIBRARY, DEPENDENCIES, most=0.2),
        *(compared(timings, "start", name, DEPENDENCIES) for name in answers),
        compared(timings, "start", COMMAND, SCRIPT, most=2),
    ]


def cases_of_a_start() -> dict[str, dict[str, Any]]:
    """One patient of whom more and more is forgotten."""
    whole: dict[str, Any] = json.loads(EXAMPLE.read_text("utf-8"))
    half = {name: each for name, each in whole.items() if name != "assume_absent"}
    return {WELL_KNOWN: whole, HALF_KNOWN: half, EMPTY: {}}


def _folder(*, quick: bool) -> AbstractContextManager[str]:
    """Where compiled modules go: to their usual place, if only for a glance."""
    return nullcontext("") if quick else TemporaryDirectory()


def _whole(compiled: str) -> dict[str, Callable[[], float]]:
    """The command, and what it is compared with, timed from outside."""
    commands = {
        SCRIPT: ["-c", DEPENDENCIES],
        COMMAND: ["-c", _COMMAND, "assess", str(EXAMPLE)],
    }
    return {
        name: partial(_seconds_outside, arguments, compiled)
        for name, arguments in commands.items()
    }


def load(rounds: int, *, quick: bool) -> list[Row]:
    """Time the loading of the knowledge against the mere parsing of its files."""
    scripts = {
        PARSE: _step("parse()"),
        LOAD: _step("load_knowledge()"),
        PROOF: _step("triage_problems(base)", before="base = read_knowledge()"),
        COMPILE: _step("compiled(base)", before="base = load_knowledge()"),
    }
    with _folder(quick=quick) as compiled:
        timings = _in_processes("load", scripts, compiled, rounds)
    return [
        compared(timings, "load", LOAD, PARSE, most=2),
        taken(timings, "load", LOAD),
        taken(timings, "load", PROOF),
        taken(timings, "load", COMPILE),
    ]


def _step(step: str, *, before: str = "") -> str:
    return "\n".join((_PREPARED, before, _TIMED_STEP.format(step)))


def _in_processes(
    benchmark: str,
    scripts: Mapping[str, str],
    compiled: str,
    rounds: int,
    more: Mapping[str, Callable[[], float]] | None = None,
) -> Timings:
    """Run every script in turn; each prints the seconds that it took."""
    contestants = {
        name: partial(_seconds, script, compiled) for name, script in scripts.items()
    }
    return interleaved(benchmark, {**contestants, **(more or {})}, rounds)


def _seconds(script: str, compiled: str) -> float:
    """Run a script in a new process; it prints the seconds that it took."""
    return float(_run(["-c", script], compiled))


def _seconds_outside(arguments: list[str], compiled: str) -> float:
    """Run Python with these arguments, and take the time from here."""
    before = perf_counter()
    _run(arguments, compiled)
    return perf_counter() - before


def _run(arguments: list[str], compiled: str) -> str:
    """Run Python in a new process, with its compiled modules in a folder."""
    done = subprocess.run(  # noqa: S603 - this interpreter, on the scripts above
        [sys.executable, *arguments],
        cwd=ROOT,
        env={
            **os.environ,
            "PYTHONPYCACHEPREFIX": compiled,
            "PYTHONDONTWRITEBYTECODE": "",  # empty: they may be written
        },
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return done.stdout
