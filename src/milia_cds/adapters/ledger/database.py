"""Where a ledger is kept: one file of SQLite, or what a server offers in its place."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Protocol, TypeAlias

from milia_cds.adapters.ledger.entries import LedgerError
from milia_cds.adapters.ledger.schema import APPLICATION, sqlite_schema
from milia_cds.errors import Problem

DatabaseRows: TypeAlias = Iterator[tuple[Any, ...]]

_PATIENCE = 60.0
"""For how many seconds a writer waits for its turn."""
_VERSION = 1
_DAMAGED = "it cannot be read", "see `milia-cds ledger verify`, or restore a backup"
_SAID = {
    "BUSY": ("another writer does not let go of it", "try again"),
    "FULL": ("there is no room left on the disk", "make room, and try again"),
    "READONLY": (
        "it may not be written",
        "let this user write it, and its folder",
    ),
    "CANTOPEN": ("it cannot be opened", "name a file in a folder that can be written"),
}
"""What the codes of SQLite mean, and how to mend it."""


class Database(Protocol):
    """What a ledger needs of a database; parameters stand as "?" in statements."""

    def writing(self) -> Any:
        """A transaction of the only writer: all of it is kept, or nothing."""

    def reading(self) -> Any:
        """A transaction that sees one state of the ledger."""

    def rows(self, statement: str, *parameters: Any) -> DatabaseRows:
        """The rows that a statement gives, within a transaction."""

    def run(self, statement: str, *parameters: Any) -> None:
        """Run a statement within a transaction."""

    def forget(self) -> None:
        """Let no copy be left of what was deleted, as far as that is known."""

    def problems(self) -> Iterable[Problem]:
        """What is wrong with the database itself, and with its tables and triggers."""

    def close(self) -> None:
        """Close the connection."""


class SqliteDatabase:
    """A ledger in one file of SQLite, which several processes may write at once.

    Parameters
    ----------
    path
        The file.
    create
        Whether it is made where there is none.

    Raises
    ------
    LedgerError
        When it cannot be opened or is no ledger.
    """

    def __init__(self, path: str | os.PathLike[str], *, create: bool = True) -> None:
        self.path = Path(path)
        self._turn = threading.RLock()
        with _said(str(self.path)):
            self._make_file(create=create)
            self._connection = sqlite3.connect(
                self.path,
                timeout=_PATIENCE,
                isolation_level=None,
                check_same_thread=False,
            )
        try:
            with _said(str(self.path)):
                self._prepare()
        except BaseException:
            self._connection.close()
            raise

    def _make_file(self, *, create: bool) -> None:
        """Make the file where there is none; only its owner may read it."""
        flags = os.O_RDWR | (os.O_CREAT if create else 0)
        os.close(os.open(self.path, flags, 0o600))

    def _prepare(self) -> None:
        """Make the tables where there are none, and see that it is a ledger."""
        run = self._connection.execute
        [tables] = run("SELECT COUNT(*) FROM sqlite_schema").fetchone()
        [known] = run("PRAGMA application_id").fetchone()
        if tables and known != APPLICATION:
            mend = "name a ledger, or a file that is not there yet"
            raise LedgerError(f"{self.path}: it is no ledger", mend)
        self._patiently("PRAGMA journal_mode = WAL")
        for pragma in ("synchronous = FULL", "foreign_keys = ON", "secure_delete = ON"):
            run(f"PRAGMA {pragma}")
        if not tables:
            self._make_tables()
        [version] = run("PRAGMA user_version").fetchone()
        if version != _VERSION:
            mend = "open it with the version of milia-cds that made it"
            raise LedgerError(f"{self.path}: it is a ledger of another form", mend)

    def _patiently(self, statement: str) -> None:
        """Run what SQLite does not let wait for its turn by itself."""
        until = time.monotonic() + _PATIENCE
        while True:
            try:
                self._connection.execute(statement)
            except sqlite3.OperationalError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.01)
            else:
                return

    def _make_tables(self) -> None:
        with self.writing():
            [made] = self._connection.execute(
                "SELECT COUNT(*) FROM sqlite_schema"
            ).fetchone()
            if made:
                return
            for statement in sqlite_schema():
                self._connection.execute(statement)
            self._connection.execute(f"PRAGMA application_id = {APPLICATION}")
            self._connection.execute(f"PRAGMA user_version = {_VERSION}")

    @contextmanager
    def writing(self) -> Iterator[None]:
        """A transaction of the only writer: all of it is kept, or nothing."""
        yield from self._transaction("BEGIN IMMEDIATE")

    @contextmanager
    def reading(self) -> Iterator[None]:
        """A transaction that sees one state of the ledger."""
        yield from self._transaction("BEGIN")

    def _transaction(self, begin: str) -> Iterator[None]:
        with self._turn, _said(str(self.path)):
            if self._connection.in_transaction:  # this thread is in one already
                yield
                return
            self._connection.execute(begin)
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):
                    self._connection.execute("ROLLBACK")
                raise

    def rows(self, statement: str, *parameters: Any) -> DatabaseRows:
        """The rows that a statement gives, within a transaction."""
        yield from self._connection.execute(statement, parameters)

    def run(self, statement: str, *parameters: Any) -> None:
        """Run a statement within a transaction."""
        self._connection.execute(statement, parameters)

    def forget(self) -> None:
        """Let no copy of what was deleted be left in the file or beside it.

        The pages are overwritten as they are freed; what stands in the log is written
        back, and the log is emptied.
        """
        with self._turn, _said(str(self.path)):
            self._patiently("PRAGMA wal_checkpoint(TRUNCATE)")

    def problems(self) -> Iterator[Problem]:
        """What SQLite finds wrong, and tables or triggers that are not as made."""
        mend = "restore a backup, and find out who wrote the file"
        for (found,) in self.rows("PRAGMA integrity_check(10)"):
            if found != "ok":
                yield Problem("file", "SQLite finds it damaged", mend)
        statement = "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL"
        there = sorted(str(sql) for (sql,) in self.rows(statement))
        if there != sorted(sqlite_schema()):
            message = "its tables and triggers are not those of a ledger"
            yield Problem("schema", message, mend)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


@contextmanager
def _said(name: str) -> Iterator[None]:
    """Say in our words what is wrong, without a value that may be of a patient."""
    try:
        yield
    except sqlite3.OperationalError as bad:
        code = getattr(bad, "sqlite_errorname", "")
        message, mend = _SAID.get(code.rpartition("_")[2], _DAMAGED)
        raise LedgerError(f"{name}: {message}", mend) from None
    except (sqlite3.Error, UnicodeDecodeError):  # a damaged text is no UTF-8
        message = f"{name}: it is no ledger, or is damaged"
        raise LedgerError(message, "name a ledger, or restore a backup") from None
    except OSError as bad:
        message = f"{name}: {bad.strerror or bad}"
        raise LedgerError(message, "name a file that can be written") from None
