"""Build the page that tries a case in a browser: `make try` writes `build/try`.

The page is static: our scripts as they stand in `docs/try`, Pyodide from npm, and one
archive with the library, compiled and prepared in that very Python by Node.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from docs._ext.example_cases import example_cases
from docs.try_form import form_of
from milia_cds import load_knowledge
from milia_cds.render.style import FORM
from release.building import pinned_wheels, run

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "docs" / "try"
PAGE = ROOT / "build" / "try"
COPIED = ("index.html", "*.css", "*.js")
PYTHON = (
    "pyodide.mjs",
    "pyodide.asm.mjs",
    "pyodide.asm.wasm",
    "pyodide-lock.json",
    "python_stdlib.zip",
)
"""The files of Pyodide that the page loads."""


def built(packages: Path, page: Path = PAGE) -> Path:
    """Build the page, and give its folder.

    Parameters
    ----------
    packages
        The folder in which npm installed what `docs/try/package.json` names.
    page
        The folder to write; what was in it is removed.
    """
    pyodide = packages / "node_modules" / "pyodide"
    shutil.rmtree(page, ignore_errors=True)
    (page / "python").mkdir(parents=True)
    for name in PYTHON:
        shutil.copy(pyodide / name, page / "python")
    for pattern in COPIED:
        for file in SOURCE.glob(pattern):
            shutil.copy(file, page)
    _made(page)
    with TemporaryDirectory() as folder:
        _archive(pyodide, _wheels(Path(folder)), page / "library.zip")
    _listed(page)
    return page


def _made(page: Path) -> None:
    """The style, the questions and the examples, from the library."""
    examples = [
        {
            "name": each.name,
            "title": each.title,
            "situation": each.situation,
            "case": each.data,
        }
        for each in example_cases()
    ]
    (page / "milia.css").write_text(FORM, "utf-8")
    (page / "form.json").write_text(json.dumps(form_of(load_knowledge())), "utf-8")
    (page / "examples.json").write_text(json.dumps(examples), "utf-8")


def _wheels(folder: Path) -> list[Path]:
    """The wheel of the library, and that of what it imports, held to its digest."""
    pinned_wheels(folder)
    run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder])
    return sorted(folder.glob("*.whl"))


def _archive(pyodide: Path, wheels: Sequence[Path], archive: Path) -> None:
    given = [pyodide, *wheels, SOURCE / "page.py", archive]
    run(["node", SOURCE / "prepare.mjs", *given])


def _listed(page: Path) -> None:
    """What the service worker keeps, and the digest that changes with any of it."""
    files = {
        file.relative_to(page).as_posix(): sha256(file.read_bytes()).hexdigest()
        for file in sorted(page.rglob("*"))
        if file.is_file()
    }
    digest = sha256(json.dumps(files).encode()).hexdigest()[:16]
    kept = ["./", *(name for name in files if name != "sw.js")]
    text = f"const FILES = {json.dumps(kept)};\nconst DIGEST = {json.dumps(digest)};\n"
    (page / "files.js").write_text(text, "utf-8")


def main(arguments: Sequence[str] | None = None) -> None:
    """Build the page, and say how it is served."""
    parser = argparse.ArgumentParser(description="Build the page that tries a case.")
    parser.add_argument("packages", type=Path, help="where npm installed Pyodide")
    packages: Path = parser.parse_args(arguments).packages
    page = built(packages).relative_to(ROOT)
    size = sum(file.stat().st_size for file in (ROOT / page).rglob("*")) / 1e6
    print(f"Built {page}, {size:.1f} MB. To serve it on this machine:")
    print(f"  python3 -m http.server --bind 127.0.0.1 --directory {page} 8000")
    print("Then open http://127.0.0.1:8000/")


if __name__ == "__main__":
    main()
