"""What the commands read and write: files, standard input, a terminal or a pipe."""

from __future__ import annotations

import io
import os
import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from datetime import date, datetime
from pathlib import Path
from typing import Any, TextIO, cast

from milia_cds.case.content import MOST_BYTES, TOO_LONG, content_of
from milia_cds.errors import visible
from milia_cds.render.width import WIDTH

_STDIN = "-"
_WIDEST = 100
"""The longest lines that read well."""

SHIPPED_CASES = "tests/cases"
"""The folder of the vignettes for the knowledge that comes with the library."""


class InputError(Exception):
    """A file could not be read or written, or arguments do not go together."""

    def __str__(self) -> str:
        """What is wrong, in one line, whatever the name of the file holds."""
        return visible(super().__str__())


def read(name: str) -> bytes:
    """Read a file that was named on the command line; "-" is standard input."""
    if name == _STDIN:
        if sys.stdin is None:
            message = "standard input is closed; give a file, or pipe the case in"
            raise InputError(message)
        content = sys.stdin.buffer.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            message = f"standard input: {TOO_LONG}; give one case"
            raise InputError(message)
        return content
    try:
        return content_of(name)
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


def put(text: str, name: str | None) -> None:
    """Print a text, or write it to a file that was named on the command line."""
    if name is None:
        print(text, end="" if text.endswith("\n") else "\n")
        return
    try:
        Path(name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise not_written(name, error) from None


def not_written(name: str, error: OSError) -> InputError:
    """The error of a file that was named and cannot be written."""
    reason = error.strerror or error
    return InputError(f"{name}: {reason}; name a file that can be written")


def portable(markup: str) -> str:
    """Markup written so that it reads the same in whatever encoding the output has."""
    return markup.encode("ascii", "xmlcharrefreplace").decode("ascii")


# -- what reaches a terminal --

_COLOUR = re.compile(r"(\x1b\[[0-9;]*m)")


class VisibleStream:
    """A stream that shows what would steer a terminal, turn a text or stay unseen.

    Texts are shown where they are rendered; this holds for whatever came another way.
    Colours pass where the stream is a terminal.

    Parameters
    ----------
    stream
        Where it goes.
    """

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self._coloured = stream.isatty()

    def __getattr__(self, name: str) -> Any:
        """Whatever else a stream does."""
        return getattr(self.stream, name)

    def write(self, text: str) -> int:
        """Write a text, of which lines and tabs stay."""
        parts = _COLOUR.split(text) if self._coloured else [text]
        parts[::2] = [visible(part, "\n\t") for part in parts[::2]]
        return self.stream.write("".join(parts))


@contextmanager
def made_visible() -> Iterator[None]:
    """Let all that is written show what it holds; "?" is what no terminal can show."""
    with ExitStack() as stack:
        for stream, redirect in (
            (sys.stdout, redirect_stdout),
            (sys.stderr, redirect_stderr),
        ):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="replace")
            if stream is not None:
                made = cast("TextIO", VisibleStream(stream))
                stack.enter_context(redirect(made))
        yield


def write_over(line: str) -> None:
    """Write a line of progress to the standard error, over the one before it."""
    if sys.stderr is not None:
        stream = getattr(sys.stderr, "stream", sys.stderr)
        stream.write(f"\r{visible(line)}")
        stream.flush()


def today() -> date:
    """The day where the command runs."""
    return datetime.now().astimezone().date()
