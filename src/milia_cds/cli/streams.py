"""What the commands read and write: files, standard input, a terminal or a pipe."""

from __future__ import annotations

import os
import sys
from datetime import date, datetime
from pathlib import Path

_STDIN = "-"

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


def colour() -> bool:
    """Whether the output is a terminal on which colours are wanted."""
    return (
        sys.stdout is not None
        and sys.stdout.isatty()
        and not os.environ.get("NO_COLOR")
    )


def portable(markup: str) -> str:
    """Markup written so that it reads the same in whatever encoding the output has."""
    return markup.encode("ascii", "xmlcharrefreplace").decode("ascii")


def today() -> date:
    """The day where the command runs."""
    return datetime.now().astimezone().date()
