"""Starting up: importing the library, and loading its knowledge.

Both are done once a process, so every time is taken in a process of its own. All
modules are compiled beforehand, into a folder of their own: whether Python may write
compiled modules beside the sources, and has, makes no difference.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.rounds import Row, Timings, compared, interleaved, taken

ROOT = Path(__file__).parents[1]

LIBRARY = "import milia_cds"
DEPENDENCIES = "import attrs, networkx"

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

_PREPARED = """
import tomllib
from time import perf_counter
from milia_cds.decision.engine import compiled
from milia_cds.assessment.base import load_knowledge
from milia_cds.knowledge.reading import SHIPPED, read_knowledge
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


def imports(rounds: int, *, quick: bool) -> list[Row]:
    """Time the import of the library against that of what it stands on."""
    del quick  # nothing here can be made smaller but the number of rounds
    scripts = {
        LIBRARY: _TIMED_IMPORT.format("milia_cds"),
        DEPENDENCIES: _TIMED_IMPORT.format("attrs, networkx"),
    }
    with TemporaryDirectory() as compiled:
        timings = _in_processes("import", scripts, compiled, rounds)
    return [compared(timings, "import", LIBRARY, DEPENDENCIES, most=1.3)]


def load(rounds: int, *, quick: bool) -> list[Row]:
    """Time the loading of the knowledge against the mere parsing of its files."""
    del quick  # as in imports
    scripts = {
        PARSE: _step("parse()"),
        LOAD: _step("load_knowledge()"),
        PROOF: _step("triage_problems(base)", before="base = read_knowledge()"),
        COMPILE: _step("compiled(base)", before="base = load_knowledge()"),
    }
    with TemporaryDirectory() as compiled:
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
    benchmark: str, scripts: Mapping[str, str], compiled: str, rounds: int
) -> Timings:
    """Run every script in turn; each prints the seconds that it took."""
    contestants = {
        name: partial(_seconds, script, compiled) for name, script in scripts.items()
    }
    return interleaved(benchmark, contestants, rounds)


def _seconds(script: str, compiled: str) -> float:
    """Run a script in a new process, with its compiled modules in a folder."""
    done = subprocess.run(  # noqa: S603 - this interpreter, on the scripts above
        [sys.executable, "-c", script],
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
    return float(done.stdout)
