"""Run the same neutral rule on other engines, with a status that nobody recorded.

`python -m benchmarks.unknown` makes a throw-away environment for each engine, installs
the pinned version from PyPI or npm, runs the engine's script in `engines/` and prints
what came out as a Markdown table. `--write` also writes it to `results.md`, which the
documentation shows. It needs a network, and Node.js for three of the engines.
"""

from __future__ import annotations

import argparse
import json
import platform
import shutil
import subprocess
import sys
import venv
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from importlib.metadata import version as installed
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal, TypeAlias

import attrs

HERE = Path(__file__).parent
ENGINES = HERE / "engines"
RESULTS = HERE / "results.md"
KNOWN = ("yes", "no")
UNKNOWN = ("null", "left out")
BECAME = {
    "give": "read as “no”",
    "avoid": "read as “yes”",
    "True": "read as “no”",
    "true": "read as “no”",
    "False": "read as “yes”",
    "false": "read as “yes”",
    "nothing": "no answer",
    "null": "kept, as null",
    "raises": "an error",
    "withheld": "withheld, and asked",
}
"""What became of the unknown, by the first word of the answer."""

Row: TypeAlias = dict[str, str]


@attrs.frozen
class Engine:
    """An engine, where it comes from, and its script."""

    name: str
    version: str
    index: Literal["PyPI", "npm", "here"]
    script: str


INSTALLED = (
    Engine("zen-engine", "2.1.3", "PyPI", "zen_table.py"),
    Engine("SpiffWorkflow", "3.2.0", "PyPI", "spiff_decision.py"),
    Engine("openfisca-core", "46.0.1", "PyPI", "openfisca_formula.py"),
    Engine("business-rules", "1.1.1", "PyPI", "business_rules_data.py"),
    Engine("scikit-criteria", "0.10", "PyPI", "criteria_matrix.py"),
    Engine("fhirpathpy", "2.2.4", "PyPI", "fhirpath_expression.py"),
    Engine("experta", "1.9.4", "PyPI", "experta_rules.py"),
    Engine("json-rules-engine", "7.3.1", "npm", "json_rules_engine.mjs"),
    Engine("feelin", "8.2.0", "npm", "feelin.mjs"),
    Engine("cql-execution", "3.3.2", "npm", "cql_execution.mjs"),
)


class CouldNotRunError(Exception):
    """An engine could not be installed or run; the text says why."""


# -- running --


def run(engine: Engine, folder: Path) -> list[Row]:
    """Install an engine into a folder of its own and give the rows of its script."""
    command = _command(engine, folder)
    return [json.loads(line) for line in _output(command).splitlines()]


def _command(engine: Engine, folder: Path) -> list[str]:
    match engine.index:
        case "PyPI":
            return _python(engine, folder)
        case "npm":
            return _node(engine, folder)
        case "here":
            return [sys.executable, str(ENGINES / engine.script)]


def _python(engine: Engine, folder: Path) -> list[str]:
    venv.create(folder, with_pip=True)
    python = str(folder / "bin" / "python")
    _output([python, "-m", "pip", "install", "-qq", f"{engine.name}=={engine.version}"])
    return [python, str(ENGINES / engine.script)]


def _node(engine: Engine, folder: Path) -> list[str]:
    if shutil.which("npm") is None:
        message = "npm was not found: install Node.js"
        raise CouldNotRunError(message)
    folder.mkdir()
    for name in ("trial.mjs", engine.script):
        shutil.copy(ENGINES / name, folder)
    package = f"{engine.name}@{engine.version}"
    _output(["npm", "install", "--silent", "--prefix", str(folder), package])
    return ["node", str(folder / engine.script)]


def _output(command: Sequence[str]) -> str:
    done = subprocess.run(  # noqa: S603 - what the table above names
        command, capture_output=True, text=True, timeout=600, check=False
    )
    if done.returncode:
        said = done.stderr.strip().splitlines() or ["no message"]
        raise CouldNotRunError(said[-1])
    return done.stdout


# -- the table --


def became(row: Row) -> str:
    """Say what became of the unknown, given as null and left out."""
    said = {
        next(words for start, words in BECAME.items() if row[case].startswith(start))
        for case in UNKNOWN
    }
    return " or ".join(sorted(said))


def lines(engine: Engine, rows: Iterable[Row]) -> Iterator[str]:
    """The lines of an engine."""
    for row in rows:
        name = f"{engine.name} {engine.version}"
        known = (row[case] for case in KNOWN)
        yield _line(name, row["rule"], *known, unknown(row), became(row))


def unknown(row: Row) -> str:
    """What comes of the unknown, once where null and left out are the same."""
    null, left_out = (row[case].replace("|", "\\|") for case in UNKNOWN)
    return null if null == left_out else f"null: {null}; left out: {left_out}"


def _line(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def table(engines: Iterable[Engine]) -> Iterator[str]:
    """Run the engines and give the table, line by line."""
    head = ("engine", "the rule", *KNOWN, "not known", "so the unknown became")
    yield _line(*head)
    yield _line(*["---"] * len(head))
    with TemporaryDirectory() as folder:
        for engine in engines:
            print(f"{engine.name} {engine.version} ...", file=sys.stderr)
            try:
                yield from lines(engine, run(engine, Path(folder) / engine.name))
            except CouldNotRunError as error:
                name = f"{engine.name} {engine.version}"
                yield _line(name, "could not be run", "", "", "", str(error))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the engines, print the table, and write it where that is wanted."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.unknown")
    parser.add_argument("--only", metavar="NAME", help="only this engine")
    parser.add_argument("--write", action="store_true", help=f"write {RESULTS.name}")
    asked = parser.parse_args(arguments)
    own = Engine("milia-cds", installed("milia-cds"), "here", "milia.py")
    chosen = [
        engine
        for engine in (*INSTALLED, own)
        if asked.only is None or engine.name == asked.only
    ]
    if not chosen:
        parser.error(f"there is no engine {asked.only}")
    text = "\n".join([*table(chosen), "", _stamp()]) + "\n"
    print(text)
    if asked.write:
        RESULTS.write_text(text, encoding="utf-8")
    return 0


def _stamp() -> str:
    day = datetime.now(UTC).date()
    node = _output(["node", "--version"]).strip() if shutil.which("node") else "none"
    return f"Run on {day} with Python {platform.python_version()} and Node.js {node}."


if __name__ == "__main__":
    raise SystemExit(main())
