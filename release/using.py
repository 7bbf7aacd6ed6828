"""What was built, installed as a user installs it, and used."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

from release.building import OUT, ROOT, pinned_wheels, run, unpacked

HERE = Path(__file__).parent
SMOKE = HERE / "smoke.py"
DOORS = HERE / "doors"
OF_THE_REPOSITORY = frozenset({"dev", "engines", "faces", "interop", "release", "try"})
"""The extras that make's own commands install and use."""
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
UV = [sys.executable, "-m", "uv"]


def extras() -> list[str]:
    """The extras that somebody installs, as `pyproject.toml` has them."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return sorted(project["optional-dependencies"].keys() - OF_THE_REPOSITORY)


class Using:
    """Uses what was built.

    Parameters
    ----------
    room
        A folder for the environments.
    """

    def __init__(self, room: Path) -> None:
        self.room = room
        [self.wheel] = OUT.glob("*.whl")
        self.source = unpacked(OUT, room / "source")
        self.plain = self.environment("plain", sys.executable)
        self.answers = run([self.plain, "-I", SMOKE])

    def environment(self, name: str, python: str, extra: str = "") -> Path:
        """The Python of a new environment with the wheel, and an extra of it."""
        place = self.room / name
        program = place / "bin" / "python"
        run([*UV, "venv", "-q", "--no-python-downloads", "--python", python, place])
        wheel = f"milia-cds{extra} @ {self.wheel.as_uri()}"
        run([*UV, "pip", "install", "-q", "--python", program, wheel])
        return program

    def extras(self) -> None:
        """Install each extra alone, and use what it is for."""
        for name in extras():
            python = self.environment(f"extra-{name}", sys.executable, f"[{name}]")
            said = run([python, "-I", DOORS / f"{name}.py"], cwd=self.source)
            print(f"  {name}: {said.strip()}", flush=True)

    def pythons(self) -> None:
        """Have every Python that is here give the same answers."""
        for version in PYTHONS:
            python = found(version)
            if python is None:
                print(f"  Python {version}: not seen: none that starts was found")
                continue
            there = self.environment(f"python-{version}", python)
            self.same(f"Python {version}", run([there, "-I", SMOKE]))

    def pyodide(self, packages: Path) -> None:
        """Have the Python of a browser give the same answers.

        Parameters
        ----------
        packages
            Where npm installed Pyodide.
        """
        wheels = self.room / "wheels"
        pinned_wheels(wheels)
        place = packages.resolve() / "node_modules" / "pyodide" / "pyodide.mjs"
        given = [place, SMOKE, self.wheel, *wheels.iterdir()]
        self.same("Pyodide", run(["node", HERE / "pyodide.mjs", *given]))

    def same(self, who: str, answers: str) -> None:
        """Hold answers to those that are released, byte for byte."""
        if answers != self.answers:
            message = f"{who} gives other answers than {sys.version.split()[0]}"
            raise SystemExit(message)
        print(f"  {who}: the same {len(answers) // 1000} kB of answers", flush=True)


def found(version: str) -> str | None:
    """The path of a Python of this version, where uv finds one on this machine."""
    command = [*UV, "python", "find", "--no-python-downloads", version]
    asked = subprocess.run(command, capture_output=True, text=True, check=False)
    return asked.stdout.strip() if asked.returncode == 0 else None
