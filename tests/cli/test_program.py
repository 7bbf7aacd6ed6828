"""The program ends with a line and a code: interrupted, out of memory, unheard."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from milia_cds.cli import main as command
from milia_cds.cli import program
from milia_cds.cli.main import main

SMALL = str(Path(__file__).parents[1] / "otherworld" / "knowledge")
NO_MEMORY = "there is not enough memory for this; close something, or ask for less\n"


def _raise(error: BaseException) -> object:
    def raising(*_: object) -> object:
        raise error

    return raising


# -- interrupted --


@pytest.mark.parametrize("name", ["facts", "schema", "review", "check", "graph"])
def test_an_interrupt_is_a_line_and_130(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    interrupted = _raise(KeyboardInterrupt())
    monkeypatch.setattr(command, "_command", lambda _: interrupted)
    assert main([name]) == 130
    assert capsys.readouterr().err == "interrupted\n"


def test_an_interrupt_of_the_imports_is_a_line_and_130(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(program, "import_module", _raise(KeyboardInterrupt()))
    assert program.main(["facts"]) == 130
    assert capsys.readouterr().err == "interrupted\n"


INTERRUPTED = """
import signal, sys
from milia_cds.cli.program import main
signal.signal(signal.SIGALRM, signal.default_int_handler)
signal.setitimer(signal.ITIMER_REAL, {after})
sys.exit(main(["check", {small!r}]))
"""


@pytest.mark.parametrize("after", [0.001, 0.05, 0.2])
def test_a_person_may_interrupt_at_any_time(after: float) -> None:
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", INTERRUPTED.format(after=after, small=SMALL)],
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (130, b"interrupted\n")


# -- out of memory --


@pytest.mark.parametrize(
    "error", [MemoryError(), OSError(12, "Cannot allocate memory")]
)
def test_a_lack_of_memory_is_a_line_and_4(
    error: BaseException,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(command, "_command", lambda _: _raise(error))
    assert main(["facts"]) == 4
    assert capsys.readouterr().err == NO_MEMORY
    monkeypatch.setattr(program, "import_module", _raise(MemoryError()))
    assert program.main(["facts"]) == 4
    assert capsys.readouterr().err == NO_MEMORY


# -- nobody listens --


def shell(line: str) -> tuple[int, bytes, bytes]:
    program = f"'{sys.executable}' -m milia_cds.cli"
    done = subprocess.run(  # noqa: S603 - our own program
        ["/bin/sh", "-c", line.replace("milia-cds", program)],
        capture_output=True,
        check=False,
        timeout=60,
        env={**os.environ, "SMALL": SMALL},
    )
    return done.returncode, done.stdout, done.stderr


CLOSED = b"standard output is closed: what was to be printed is lost\n"
FULL = b"the answer could not be written: No space left on device\n"
NO_TERMINAL = b"ask needs a terminal; standard input or output is closed\n"


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        ("milia-cds facts --knowledge $SMALL >&-", 0, CLOSED),
        ("milia-cds facts --knowledge $SMALL >/dev/full", 2, FULL),
        ("milia-cds facts --knowledge $SMALL >/dev/full 2>/dev/full", 2, b""),
        ("milia-cds facts --knowledge $SMALL >&- 2>&-", 0, b""),
        ("milia-cds ask --knowledge $SMALL <&-", 2, NO_TERMINAL),
        ("milia-cds assess no-file >/dev/full 2>&-", 2, b""),
    ],
)
def test_a_closed_or_full_output_is_a_line_and_a_code(
    line: str, code: int, said: bytes
) -> None:
    assert shell(line)[::2] == (code, said)


# -- what is no file --

NO_FILE = "give a file that can be read\n"


@pytest.mark.parametrize(
    ("made", "reason"),
    [
        (os.mkfifo, "it is a pipe, not a file"),
        (lambda at: Path(at).symlink_to("/dev/zero"), "it is a device, not a file"),
        (lambda at: Path(at).mkdir(), "Is a directory"),
        (lambda at: Path(at).symlink_to(at), "Too many levels of symbolic links"),
        (lambda at: Path(at).write_bytes(b" " * 5_000_001), "it has more than 5 MB"),
    ],
    ids=["pipe", "device", "folder", "circle", "long"],
)
def test_a_case_or_policy_is_read_from_a_file_of_at_most_5_mb(
    made: object, reason: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    at = tmp_path / "it"
    made(at)  # type: ignore[operator]  # a function, by the table above
    assert main(["assess", str(at)]) == 2
    assert capsys.readouterr().err == f"{at}: {reason}; {NO_FILE}"
    assert main(["facts", "--policy", str(at)]) == 3
    said = f"  {at}: it cannot be read: {reason}; give the file of a policy\n"
    assert capsys.readouterr().err.endswith(said)


def test_standard_input_is_read_up_to_5_mb() -> None:
    code, _, said = shell("milia-cds assess - < /dev/zero")
    assert code == 2
    assert said == b"standard input: it has more than 5 MB; give one case\n"


def test_the_module_is_found_by_its_name() -> None:
    assert import_module("milia_cds.cli.main").main is main


# -- garbage --


def test_only_a_process_of_its_own_leaves_its_garbage(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    left: list[object] = []
    monkeypatch.setattr("gc.set_threshold", lambda *_: left.append("threshold"))
    monkeypatch.setattr("atexit.register", left.append)
    help_ = ["assess", "--help"]
    with pytest.raises(SystemExit):
        program.main(help_)
    assert left == []
    monkeypatch.setattr(sys, "argv", ["milia-cds", *help_])
    with pytest.raises(SystemExit):
        program.main()
    assert left == ["threshold", gc.freeze]
    assert "usage: milia-cds assess" in capsys.readouterr().out
