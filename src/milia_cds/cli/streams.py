"""What the commands read and write: files, standard input, a terminal or a pipe."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from milia_cds.render.width import WIDTH

_STDIN = "-"
_WIDEST = 100
"""The longest lines that read well."""

SHIPPED_CASES = "tests/cases"
"""The folder of the vignettes for the knowledge that comes with the library."""


class InputError(Exception):
    """A file could not be read or written, or arguments do not go together."""


def read(name: str) -> bytes:
    """Read a file that was named on the command line; "-" is standard input."""
    if name == _STDIN:
        if sys.stdin is None:
            message = "standard input is closed; give a file, or pipe the case in"
            raise InputError(message)
        return sys.stdin.buffer.read()
    try:
        return Path(name).read_bytes()
    except OSError as error:
        message = f"{name}: {error.strerror or error}; give a file that can be read"
        raise InputError(message) from None


def on_terminal() -> bool:
    """Whether somebody reads the output on a terminal."""
    return sys.stdout is not None and sys.stdout.isatty()


def colour() -> bool:
    """Whether the output is a terminal on which colours can be shown and are wanted."""
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return on_terminal() and not plain


def width() -> int:
    """The columns of a text: those of the terminal up to 100, and 80 elsewhere."""
    if not on_terminal():
        return WIDTH
    return min(shutil.get_terminal_size((WIDTH, 0)).columns, _WIDEST)


def portable(markup: str) -> str:
    """Markup written so that it reads the same in whatever encoding the output has."""
    return markup.encode("ascii", "xmlcharrefreplace").decode("ascii")
