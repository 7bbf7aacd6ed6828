"""The program `milia-cds`: it ends with a line and a code, whatever happens.

It imports nothing before somebody listens for an interrupt: most of the time of a short
command goes into its imports.
"""

import atexit
import gc
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module

INTERRUPTED, OUT_OF_MEMORY = 130, 4
_SELDOM = (100_000, 50, 100)
"""The thresholds of the garbage collector in a process that soon ends."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Parameters
    ----------
    arguments
        What follows the name of the program; `None` reads it from the process.

    Returns
    -------
    int
        What `milia_cds.cli.main.main` gives; 130 when it was interrupted, 4 when there
        was no memory left.
    """
    if arguments is None:
        _leave_garbage()
    try:
        code: int = import_module("milia_cds.cli.main").main(arguments)
    except KeyboardInterrupt:
        return interrupted()
    except MemoryError:
        return out_of_memory()
    return code


def _leave_garbage() -> None:
    """Look for garbage seldom, and not at the end, when all memory is given back.

    It would be an eighth of the time of a short command.
    """
    gc.set_threshold(*_SELDOM)
    atexit.register(gc.freeze)


def interrupted() -> int:
    """Say that the person at the terminal stopped it; gives the exit code."""
    complain("interrupted")
    return INTERRUPTED


def out_of_memory() -> int:
    """Say that there is no memory left; gives the exit code."""
    complain("there is not enough memory for this; close something, or ask for less")
    return OUT_OF_MEMORY


def complain(text: str) -> None:
    """Write a line to the standard error, where anybody takes it."""
    with suppress(OSError, ValueError, KeyboardInterrupt):
        if sys.stderr is not None:
            sys.stderr.write(f"{text}\n")
            sys.stderr.flush()
