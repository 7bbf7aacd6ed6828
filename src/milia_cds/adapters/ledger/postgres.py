"""A ledger on a server of PostgreSQL, through psycopg (extra `postgres`).

Three things are otherwise than on SQLite: how parameters are written, how a trigger is,
and who may write. Without the lock two writers would follow the same entry.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from milia_cds.adapters.ledger.database import DatabaseRows
from milia_cds.adapters.ledger.entries import LedgerError
from milia_cds.adapters.ledger.schema import APPLICATION, NAMES, postgres_schema
from milia_cds.errors import Problem

try:
    import psycopg
except ImportError:
    message = "a ledger on PostgreSQL needs psycopg: pip install milia-cds[postgres]"
    raise ImportError(message) from None

_TABLES = """
SELECT COUNT(*) FROM information_schema.tables
WHERE table_schema = current_schema() AND table_name IN (?, ?, ?)"""
_MADE = """
SELECT t.tgname, t.tgenabled, p.prosrc FROM pg_trigger t
JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
WHERE NOT t.tgisinternal AND c.relnamespace = current_schema()::regnamespace"""
_ON = "O"


class PostgresDatabase:
    """A ledger in the first schema of the search path of a database.

    Parameters
    ----------
    address
        Where it is, such as "postgresql:///clinic".
    create
        Whether the tables are made where there are none.

    Raises
    ------
    LedgerError
        When it cannot be opened, or holds no ledger.
    """

    def __init__(self, address: str, *, create: bool = True) -> None:
        self._turn = threading.RLock()
        self._depth = 0
        with _said():
            self._connection = psycopg.connect(address, autocommit=True)
        try:
            self._prepare(create=create)
        except BaseException:
            self._connection.close()
            raise

    def _prepare(self, *, create: bool) -> None:
        with self.writing():
            [(tables,)] = self.rows(_TABLES, *NAMES)
            if tables == 0 and create:
                for statement in postgres_schema():
                    self._connection.execute(statement)
            elif tables != len(NAMES):
                mend = "give the address of another, or of one that is empty"
                raise LedgerError("this database holds no ledger", mend)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """A transaction of the only writer: all of it is kept, or nothing."""
        with self._transaction("READ COMMITTED"):
            if self._depth == 1:
                self.run("SELECT pg_advisory_xact_lock(?)", APPLICATION)
            yield

    @contextmanager
    def reading(self) -> Iterator[None]:
        """A transaction that sees one state of the ledger."""
        with self._transaction("REPEATABLE READ"):
            yield

    @contextmanager
    def _transaction(self, isolation: str) -> Iterator[None]:
        with self._turn, _said():
            self._depth += 1
            try:
                if self._depth > 1:  # this thread is in one already
                    yield
                    return
                with self._connection.transaction():
                    self._connection.execute(
                        f"SET TRANSACTION ISOLATION LEVEL {isolation}"
                    )
                    yield
            finally:
                self._depth -= 1

    def rows(self, statement: str, *parameters: Any) -> DatabaseRows:
        """The rows that a statement gives, within a transaction."""
        yield from self._connection.execute(_placed(statement), parameters)

    def run(self, statement: str, *parameters: Any) -> None:
        """Run a statement within a transaction."""
        self._connection.execute(_placed(statement), parameters)

    def forget(self) -> None:
        """Leave what was deleted to the server, whose `VACUUM` takes it away."""

    def problems(self) -> Iterator[Problem]:
        """Triggers that are not as they were made."""
        made = {
            each.split()[2].removesuffix("()"): each.split("$$")[1]
            for each in postgres_schema()
            if "$$" in each
        }
        there = {name: said for name, on, said in self.rows(_MADE) if on == _ON}
        if there != made:
            mend = "restore a backup, and find out who wrote the tables"
            yield Problem("schema", "its triggers are not those of a ledger", mend)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


def _placed(statement: str) -> str:
    """A statement with its parameters as psycopg takes them."""
    return statement.replace("?", "%s")


@contextmanager
def _said() -> Iterator[None]:
    """Say in our words what is wrong, without a value that may be of a patient."""
    try:
        yield
    except psycopg.Error as bad:
        message = "there is no connection to the server"
        if bad.sqlstate:
            message = f"PostgreSQL refused it, with the code {bad.sqlstate}"
        mend = "see the log of the server, and whether this user may do it"
        raise LedgerError(message, mend) from None
