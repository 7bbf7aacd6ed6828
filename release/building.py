"""The wheel, the source archive and the list of what they run on, built."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent
OUT = ROOT / "build" / "release"
IN_A_BROWSER = ROOT / "docs" / "try" / "requirements.txt"


def run(
    command: Sequence[str | Path],
    *,
    cwd: Path = ROOT,
    umask: int = -1,
    zone: str = "UTC",
) -> str:
    """Run a program of this environment, and give what it wrote.

    Parameters
    ----------
    command
        The program and its arguments.
    cwd
        The folder in which it runs.
    umask, zone
        What new files may not be, and the zone of the clock.

    Raises
    ------
    SystemExit
        Where it fails, with the end of what it said.
    """
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    outside = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    done = subprocess.run(
        command,
        cwd=cwd,
        umask=umask,
        env={**outside, "PATH": path, "TZ": zone},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        words = " ".join(map(str, command[:6]))
        message = f"{words} ... failed:\n{f'{done.stdout}{done.stderr}'[-3000:]}"
        raise SystemExit(message)
    return done.stdout


def pinned_wheels(folder: Path) -> None:
    """Fetch the wheels of what the library needs in a browser, held to their digests.

    Parameters
    ----------
    folder
        Where they are put.
    """
    pip = [sys.executable, "-m", "pip", "download", "-q", "--no-deps"]
    pinned = ["--only-binary", ":all:", "--require-hashes", "-r", str(IN_A_BROWSER)]
    run([*pip, *pinned, "-d", folder])


def committed() -> None:
    """Refuse to release what is not committed."""
    changed = run(["git", "status", "--porcelain"])
    if changed:
        message = f"commit these first, or put them away:\n{changed}"
        raise SystemExit(message)


def build(
    source: Path, out: Path, *, umask: int = 0o022, zone: str = "UTC"
) -> list[Path]:
    """Build the wheel and the source archive, without network.

    Parameters
    ----------
    source
        The folder of the project.
    out
        Where they are put.
    umask, zone
        As for `run`.
    """
    command = [sys.executable, "-m", "hatchling", "build", "-d", str(out)]
    run(command, cwd=source, umask=umask, zone=zone)
    return sorted(out.iterdir())


def unpacked(out: Path, room: Path) -> Path:
    """The folder of a source archive, unpacked.

    Parameters
    ----------
    out
        Where the archive is.
    room
        Where it is unpacked.
    """
    [archive] = out.glob("*.tar.gz")
    with tarfile.open(archive) as held:
        held.extractall(room, filter="data")
    return room / archive.name.removesuffix(".tar.gz")


def differences(one: Sequence[Path], other: Sequence[Path]) -> list[str]:
    """The names of the files that two builds do not have in common, byte for byte."""
    first, second = (
        {file.name: file.read_bytes() for file in each} for each in (one, other)
    )
    return sorted(
        name for name in first | second if first.get(name) != second.get(name)
    )


def twice(room: Path) -> None:
    """Build here, and again from the source archive: elsewhere, as somebody else.

    Parameters
    ----------
    room
        A folder for what is needed meanwhile.
    """
    first = build(ROOT, OUT)
    elsewhere = unpacked(OUT, room / "else where")
    again = build(elsewhere, room / "again", umask=0o077, zone="Asia/Kathmandu")
    other = differences(first, again)
    if other:
        message = f"built twice, these differ: {', '.join(other)}"
        raise SystemExit(message)


def uploadable() -> None:
    """Have twine look over what the package index will show."""
    run([sys.executable, "-m", "twine", "check", "--strict", *sorted(OUT.iterdir())])


def sbom(python: Path) -> None:
    """Write what is installed with the library, as CycloneDX.

    Parameters
    ----------
    python
        The Python of an environment with the library and what it needs.
    """
    [wheel] = OUT.glob("*.whl")
    name = "-".join(wheel.name.split("-")[:2])
    command = [sys.executable, "-m", "cyclonedx_py", "environment"]
    options = ["--output-reproducible", "--pyproject", str(ROOT / "pyproject.toml")]
    run([*command, *options, "-o", OUT / f"{name}.cdx.json", python])
