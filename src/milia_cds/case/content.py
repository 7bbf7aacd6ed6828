"""The content of a file that somebody named, in bounded time and memory.

A pipe may never say anything and a device may never end, so neither is read, and no
file of more than 5 MB: no case and no knowledge is a tenth as long.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

MOST_BYTES = 5_000_000
"""As long as a file may be."""
TOO_LONG = "it has more than 5 MB"


def content_of(path: str | Path) -> bytes:
    """Read a file.

    Parameters
    ----------
    path
        Where it is; a link is followed.

    Returns
    -------
    bytes
        What it holds, at most 5 MB.

    Raises
    ------
    OSError
        When it cannot be read, is no file or is too long; `strerror` says so.
    """
    _refuse_no_file(Path(path).stat())  # some devices act when they are opened
    with open(path, "rb", opener=_opened) as file:
        _refuse_no_file(os.fstat(file.fileno()))
        content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise OSError(errno.EFBIG, TOO_LONG)
    return content


def _opened(path: str, flags: int) -> int:
    """Open without waiting for whoever writes into a pipe."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _refuse_no_file(found: os.stat_result) -> None:
    mode = found.st_mode
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if stat.S_ISFIFO(mode):
        raise OSError(errno.EINVAL, "it is a pipe, not a file")
    if not stat.S_ISREG(mode):
        raise OSError(errno.EINVAL, "it is a device, not a file")
    if found.st_size > MOST_BYTES:
        raise OSError(errno.EFBIG, TOO_LONG)
