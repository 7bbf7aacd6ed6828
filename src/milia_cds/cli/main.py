"""The command line: `milia-cds`.

Exit codes: 0 an answer, 2 bad input, 3 bad knowledge, 4 out of memory, 130 interrupted.
Plain text in a pipe, colour on a terminal only, none where NO_COLOR is set. What could
steer a terminal is shown, never sent.

A command is imported when it is given, so that `assess` does not wait for the others.
"""

from __future__ import annotations

import argparse
import errno
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import TypeAlias

from milia_cds.cli.arguments import parser
from milia_cds.cli.program import complain, interrupted, out_of_memory
from milia_cds.cli.streams import InputError, made_visible, width
from milia_cds.errors import KnowledgeError, MiliaError
from milia_cds.render.width import as_wide_as

Run: TypeAlias = Callable[[argparse.Namespace], int | None]
"""Does what a command is for; what it gives is the exit code, `None` an answer."""

ANSWER, BAD_INPUT, BAD_KNOWLEDGE = 0, 2, 3


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Parameters
    ----------
    arguments
        What follows the name of the program; `None` reads it from the process.

    Returns
    -------
    int
        0 an answer, 2 bad input, 3 bad knowledge, 4 out of memory, 130 interrupted.
    """
    try:
        with made_visible():
            return _run(arguments)
    except KeyboardInterrupt:
        return interrupted()
    except MemoryError:
        return out_of_memory()
    finally:
        _let_go()


def _run(arguments: Sequence[str] | None) -> int:
    asked = _asked(arguments)
    try:
        with as_wide_as(width()):
            code = _command(asked.home)(asked)
        if sys.stdout is None:
            complain("standard output is closed: what was to be printed is lost")
        else:
            sys.stdout.flush()
    except KnowledgeError as error:
        complain(str(error))
        return BAD_KNOWLEDGE
    except (MiliaError, InputError) as error:
        complain(str(error))
        return BAD_INPUT
    except BrokenPipeError:
        _close_quietly()
        return ANSWER
    except OSError as error:
        if error.errno == errno.ENOMEM:
            return out_of_memory()
        _close_quietly()
        complain(f"the answer could not be written: {error.strerror or error}")
        return BAD_INPUT
    return ANSWER if code is None else code


def _asked(arguments: Sequence[str] | None) -> argparse.Namespace:
    """What was asked for; a case and facts may stand before and after options."""
    whole = parser()
    asked, left = whole.parse_known_args(arguments)
    if asked.command is None:
        whole.print_help(sys.stderr)
        whole.exit(BAD_INPUT)
    if any(each.startswith("-") for each in left) or (left and "given" not in asked):
        asked.parser.refuse(left)
    if left:
        last = [asked.option] if "option" in asked else []
        asked.given = [*asked.given, *last, *left]
        if last:
            asked.option = asked.given.pop()
    return asked


def _command(home: str) -> Run:
    """The command that stands at a place, such as "show:print_grid"."""
    module, _, name = home.partition(":")
    run: Run = getattr(import_module(f"milia_cds.cli.{module}"), name)
    return run


# -- output -------------------------------------------------------------------


def _let_go() -> None:
    """Write what is left now: what fails now would fail with a traceback at the end."""
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except OSError:
        _close_quietly()


def _close_quietly() -> None:
    """Leave without a traceback when nobody can take the rest."""
    if sys.stdout is not None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    sys.exit(main())
