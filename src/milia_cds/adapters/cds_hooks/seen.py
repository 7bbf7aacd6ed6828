"""Which tokens were used: kept by one process, or in a file that several share."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Lock
from time import sleep
from typing import Protocol

import attrs

LONGEST_LIFE = timedelta(minutes=5)
"""As long as a token may be valid, from `iat` to `exp`."""
SKEW = timedelta(minutes=1)
"""As far as two clocks may be apart."""


class TokensSeen(Protocol):
    """Knows which tokens were used."""

    def first_seen(self, jti_key: str, until: datetime) -> bool:
        """Keep that a token was used, and say whether it was for the first time.

        Parameters
        ----------
        jti_key
            The digest of its issuer and `jti`.
        until
            When it may be forgotten.
        """


_FORGET = LONGEST_LIFE + 2 * SKEW
"""A token that holds now runs out within this time: so what ran out that long before it
has run out now."""


class SeenInProcess:
    """The tokens that one process has seen: enough for one worker."""

    def __init__(self) -> None:
        self._until: dict[str, datetime] = {}
        self._lock = Lock()
        self._forgotten = datetime.min.replace(tzinfo=UTC)

    def first_seen(self, jti_key: str, until: datetime) -> bool:
        """Keep that a token was used, and say whether it was for the first time."""
        with self._lock:
            if jti_key in self._until:
                return False
            self._forget(until - _FORGET)
            self._until[jti_key] = until
            return True

    def _forget(self, before: datetime) -> None:
        """Forget what has run out, once a minute."""
        if before - self._forgotten > SKEW:
            self._forgotten = before
            left = {key: end for key, end in self._until.items() if end >= before}
            self._until = left


_WAIT, _TRIES = 5, 100
"""As many seconds as one worker waits for another, and how often it tries."""


@attrs.define(init=False)
class SeenInFile:
    """The tokens that several workers have seen, in one SQLite file.

    Parameters
    ----------
    path
        The file; it is made where there is none. It holds digests and times, nothing
        of a patient.
    """

    _connection: sqlite3.Connection
    _lock: Lock

    def __init__(self, path: str | Path) -> None:
        self._lock = Lock()
        self._connection = sqlite3.connect(
            path, timeout=_WAIT, isolation_level=None, check_same_thread=False
        )
        with self._lock, closing(self._connection.cursor()) as cursor:
            _keep_a_log(cursor)
            cursor.execute("PRAGMA synchronous = FULL")
            cursor.execute(
                "CREATE TABLE IF NOT EXISTS seen "
                "(token TEXT PRIMARY KEY, until REAL NOT NULL) WITHOUT ROWID"
            )

    def first_seen(self, jti_key: str, until: datetime) -> bool:
        """Keep that a token was used, and say whether it was for the first time."""
        ends = until.timestamp()
        with self._lock, closing(self._connection.cursor()) as cursor:
            cursor.execute("BEGIN IMMEDIATE")
            try:
                cursor.execute(
                    "DELETE FROM seen WHERE until < ?",
                    (ends - _FORGET.total_seconds(),),
                )
                cursor.execute(
                    "INSERT OR IGNORE INTO seen VALUES (?, ?)", (jti_key, ends)
                )
                first = cursor.rowcount == 1
            except BaseException:
                cursor.execute("ROLLBACK")
                raise
            cursor.execute("COMMIT")
        return first

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._connection.close()


def _keep_a_log(cursor: sqlite3.Cursor) -> None:
    """Let the file be written ahead; of several that begin at once, one may do so."""
    for _ in range(_TRIES - 1):
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            sleep(_WAIT / _TRIES)
        else:
            return
    cursor.execute("PRAGMA journal_mode = WAL")
