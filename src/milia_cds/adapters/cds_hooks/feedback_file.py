"""Feedback kept in a file of JSON Lines, which several processes may write.

A report is acknowledged when it is on the disk. Who is killed in the middle of a line
leaves one that was not acknowledged, and that the next writer takes away.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

import attrs

from milia_cds.adapters.cds_hooks.feedback import OUTCOMES, Feedback, Issued, utc_text

try:
    import fcntl
except ImportError:  # a system without it, on which one process alone may write
    fcntl = None  # type: ignore[assignment]  # there it is no module

ISSUED, FEEDBACK = "issued", "feedback"
"""What a line may be: what a card is about, or what became of one."""

_START = f'{{"{ISSUED}":'.encode()
_BLOCK = 1 << 16


class FeedbackFile:
    """Feedback in a file of JSON Lines, which several processes may write at once.

    Only its owner may read it: comments may name a patient. Where the system has no
    `fcntl`, one process alone may write.

    Parameters
    ----------
    path
        The file; it is made where there is none, and a torn last line is taken away.

    Raises
    ------
    OSError
        When it cannot be written.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._path = Path(path)
        self._turn = threading.Lock()
        self._file: tuple[int, int] | None = None
        self._read = 0
        self._seen: set[bytes] = set()
        with self._opened():
            pass
        _sync_folder(self._path.parent)

    def issued(self, service: str, cards: Iterable[Issued]) -> None:
        """Keep what cards are about.

        A power failure may take the last of them, a killed process none.
        """
        about = (attrs.asdict(attrs.evolve(card, call="")) for card in cards)
        lines = [_line(ISSUED, {"service": service, **each}) for each in about]
        if lines:
            with self._opened() as file:
                _append(file, b"".join(lines))

    def reported(self, service: str, reports: Iterable[Feedback]) -> None:
        """Keep reports, each once; when this returns, they are on the disk."""
        with self._opened() as file:
            self._catch_up(file)
            lines, keys = [], set()
            for report in reports:
                key = _digest(report.key)
                if key not in self._seen and key not in keys:
                    keys.add(key)
                    lines.append(_line(FEEDBACK, _plain(service, report)))
            _append(file, b"".join(lines), sync=True)
            self._seen |= keys
            self._read = os.fstat(file).st_size

    @contextmanager
    def _opened(self) -> Iterator[int]:
        """The file, for this writer alone, ending where a line ends.

        It is opened anew each time, so that a fork, or a file that is moved away, does
        no harm.
        """
        with self._turn:
            file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                if fcntl is not None:
                    fcntl.flock(file, fcntl.LOCK_EX)
                _repair(file)
                yield file
            finally:
                os.close(file)

    def _catch_up(self, file: int) -> None:
        """Learn of the reports that were written since this last looked."""
        state = os.fstat(file)
        known = (state.st_dev, state.st_ino)
        if known != self._file or state.st_size < self._read:
            self._file, self._read, self._seen = known, 0, set()
        for line in _lines(file, self._read):
            if line.startswith(_START):  # most lines are of cards
                continue
            kind, data = parsed(line)
            if kind == FEEDBACK:
                self._seen.add(_digest((data["card"], data["outcome"], data["at"])))
        self._read = state.st_size


def _append(file: int, content: bytes, *, sync: bool = False) -> None:
    """Write whole lines, or none of them."""
    start = os.fstat(file).st_size
    try:
        left = memoryview(content)
        while left:
            left = left[os.write(file, left) :]
        if sync:
            os.fsync(file)
    except OSError:
        with suppress(OSError):
            os.ftruncate(file, start)
        raise


def _repair(file: int) -> None:
    """Take away a last line that was torn; one that only lacks its end gets it."""
    size = os.fstat(file).st_size
    if not size or _read_at(file, size - 1, 1) == b"\n":
        return
    start, tail = size, b""
    while start and b"\n" not in tail:
        step = min(_BLOCK, start)
        start -= step
        tail = _read_at(file, start, step) + tail
    torn = tail.rpartition(b"\n")[2]
    if parsed(torn)[0]:
        _append(file, b"\n")
    else:
        os.ftruncate(file, size - len(torn))


def _read_at(file: int, start: int, count: int) -> bytes:
    os.lseek(file, start, os.SEEK_SET)
    found = b""
    while len(found) < count:
        part = os.read(file, count - len(found))
        if not part:
            break
        found += part
    return found


def _lines(file: int, start: int) -> Iterator[bytes]:
    os.lseek(file, start, os.SEEK_SET)
    with os.fdopen(os.dup(file), "rb") as stream:
        yield from stream


def _sync_folder(folder: Path) -> None:
    """Let a new file be found after a power failure, where a folder can be synced."""
    with suppress(OSError):
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


def _line(kind: str, data: Mapping[str, Any]) -> bytes:
    said = {kind: {name: value for name, value in data.items() if value}}
    return f"{json.dumps(said, separators=(',', ':'))}\n".encode()


def _plain(service: str, report: Feedback) -> dict[str, Any]:
    reason = None if report.reason is None else attrs.asdict(report.reason)
    return {
        "service": service,
        "card": report.card,
        "outcome": report.outcome,
        "at": utc_text(report.at),
        "accepted": report.accepted,
        "reason": reason,
        "comment": report.comment,
    }


def _digest(key: tuple[str, str, str]) -> bytes:
    return sha256("\n".join(key).encode()).digest()[:16]


def parsed(line: bytes) -> tuple[str, Mapping[str, Any]]:
    """What a line is, and what it says; "" where it is none of such a file.

    Parameters
    ----------
    line
        The line, with its end or without.
    """
    try:
        said = json.loads(line)
    except (ValueError, RecursionError):
        return "", {}
    if not isinstance(said, dict) or len(said) != 1:
        return "", {}
    [(kind, data)] = said.items()
    needed = _NEEDED.get(kind, ())
    fits = isinstance(data, dict) and all(
        isinstance(data.get(name), str) for name in needed
    )
    known = kind == ISSUED or (fits and data.get("outcome") in OUTCOMES)
    return (kind, data) if needed and fits and known else ("", {})


_NEEDED: Mapping[str, tuple[str, ...]] = {
    ISSUED: ("service", "card"),
    FEEDBACK: ("service", "card", "outcome", "at"),
}
"""The texts that a line must have."""
