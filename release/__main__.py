"""`python -m release PYODIDE`: build what is released and use it, step by step."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from release.building import OUT, committed, sbom, twice, uploadable
from release.using import Using

STEPS: Mapping[str, str] = {
    "twice": "Build the wheel and the source archive in two folders: the same bytes",
    "uploadable": "Ask twine whether the package index can show them",
    "sbom": "List what the library runs on (CycloneDX)",
    "pythons": "Assess the examples under every Python that is here",
    "pyodide": "Assess the examples under Python 3.14, which is Pyodide in Node",
    "extras": "Install each extra alone, and use what it is for",
}


def main() -> None:
    """Take every step; the first that fails ends it with what was wrong."""
    committed()
    [_, pyodide] = sys.argv
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)
    with TemporaryDirectory() as folder:
        room = Path(folder)
        step("twice", lambda: twice(room))
        step("uploadable", uploadable)
        using = Using(room)
        step("sbom", lambda: sbom(using.plain))
        step("pythons", using.pythons)
        step("pyodide", lambda: using.pyodide(Path(pyodide)))
        step("extras", using.extras)
    print(f"\nTo be released, in {OUT}:")
    for file in sorted(OUT.iterdir()):
        print(f"  {file.name}  {file.stat().st_size / 1000:.0f} kB")


def step(name: str, do: Callable[[], None]) -> None:
    """Take a step, and say which it is and how long it took."""
    print(f"{STEPS[name]} ...", flush=True)
    begun = time.monotonic()
    do()
    print(f"  {time.monotonic() - begun:.0f} s", flush=True)


if __name__ == "__main__":
    main()
