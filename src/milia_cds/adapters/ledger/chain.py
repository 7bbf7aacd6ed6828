"""The rows of a ledger: entries in their order, each put after the newest one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from milia_cds.adapters.ledger.database import Database
from milia_cds.adapters.ledger.entries import (
    BEGINNING,
    CALL,
    DECISION,
    Body,
    Draft,
    Head,
    KeyTakenError,
    LedgerEntry,
    LedgerError,
    NoEntryError,
    digest_of_bytes,
    stored_key,
)
from milia_cds.adapters.ledger.lines import BundleRow
from milia_cds.errors import WrongTypeError, quoted

_ENTRIES = """
SELECT n, id, at, kind, about, knowledge, policy, engine, sealed, previous, digest,
    body.entry, subject, key, salt, json
FROM entry LEFT JOIN body ON body.entry = entry.n """
_OF_THE_CHAIN = 11
"""How many columns of these stand in the chain."""
_INSERT_ENTRY = """
INSERT INTO entry
    (n, id, at, kind, about, knowledge, policy, engine, sealed, previous, digest)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
_INSERT_BODY = """
INSERT INTO body (entry, subject, key, salt, json) VALUES (?, ?, ?, ?, ?)"""
_INSERT_BUNDLE = """
INSERT INTO bundle (knowledge, policy, content, digest) VALUES (?, ?, ?, ?)
ON CONFLICT DO NOTHING"""


class Chain:
    """The rows of a ledger. What it does is done within a transaction.

    Parameters
    ----------
    database
        Where they are kept.
    """

    def __init__(self, database: Database) -> None:
        self.database = database

    # -- writing --

    def append(self, drafts: Iterable[Draft]) -> list[LedgerEntry]:
        """Put entries at the end; one whose key is there with the same is that one.

        Parameters
        ----------
        drafts
            The entries, in order.

        Raises
        ------
        KeyTakenError
            When a key is there with something else.
        """
        head = self.newest()
        entries = []
        for draft in drafts:
            there = self.of_body(draft.body)
            if there is None:
                there = draft.after(head)
                self.insert(there)
                head = there.head
            elif not draft.says_the_same(there):
                message = "this key was given before, with something else"
                raise KeyTakenError(message, "give each decision a key of its own")
            entries.append(there)
        return entries

    def insert(self, entry: LedgerEntry) -> None:
        """Put an entry at the end that has its place already."""
        self.database.run(_INSERT_ENTRY, *entry.columns)
        body = entry.body
        if body is not None:
            row = entry.number, body.subject, body.key, body.salt, body.text
            self.database.run(_INSERT_BODY, *row)

    def insert_bundle(self, knowledge: str, policy: str, content: bytes) -> None:
        """Keep a bundle, where it is not there yet."""
        row = knowledge, policy, content, digest_of_bytes(content)
        self.database.run(_INSERT_BUNDLE, *row)

    def take(
        self, rows: Iterable[LedgerEntry | BundleRow], heard: Callable[[int], None]
    ) -> int:
        """Take over the rows of another ledger, of which this one may be a part.

        Returns
        -------
        int
            How many entries are new.

        Raises
        ------
        LedgerError
            When an entry here is another.
        """
        new, head = 0, self.newest()
        for each in rows:
            if not isinstance(each, LedgerEntry):
                self.insert_bundle(*each)
            elif each.number > head.number:
                self.insert(each)
                new += 1
                heard(new)
            elif self.digest_at(each.number) != each.digest:
                message = f"entry {each.number} here is another"
                raise LedgerError(message, "import it into a ledger of its own")
        return new

    def erase(self, number: int) -> None:
        """Take away what is stored with an entry that is said to be erased."""
        self.database.run("DELETE FROM body WHERE entry = ?", number)

    # -- reading --

    def newest(self) -> Head:
        """The head of the chain."""
        statement = "SELECT n, digest FROM entry ORDER BY n DESC LIMIT 1"
        rows = self.database.rows(statement)
        return next((Head(*row) for row in rows), Head(0, BEGINNING))

    def digest_at(self, number: int) -> str | None:
        """The digest of an entry by its number, or `None`."""
        rows = self.database.rows("SELECT digest FROM entry WHERE n = ?", number)
        return next((str(digest) for (digest,) in rows), None)

    def entries(self, where: str, *parameters: Any) -> Iterator[LedgerEntry]:
        """Some entries, by the end of a statement."""
        for row in self.database.rows(_ENTRIES + where, *parameters):
            there, *stored = row[_OF_THE_CHAIN:]
            body = None if there is None else Body(*stored)
            yield LedgerEntry(*(*row[:_OF_THE_CHAIN], body))

    def of_key(self, key: str | None) -> LedgerEntry | None:
        """The entry of a key, or `None`."""
        if key is None:
            return None
        return next(self.entries("WHERE body.key = ?", key), None)

    def of_body(self, body: Body | None) -> LedgerEntry | None:
        """The entry that has the key of a body, or `None`."""
        return None if body is None else self.of_key(body.key)

    def of_id(self, given: object) -> LedgerEntry:
        """The entry of an id.

        Raises
        ------
        NoEntryError
            When there is none.
        """
        if not isinstance(given, str):
            message = "a ledger knows entries by their id, which is a text"
            raise WrongTypeError(f"{message}; give what record gave")
        found = next(self.entries("WHERE entry.id = ?", given), None)
        if found is None:
            message = f"there is no entry {quoted(given)}"
            raise NoEntryError(message, "give the id that record gave")
        return found

    def stored_of(self, subject: str) -> list[int]:
        """The numbers of the entries of a patient, and of what followed them.

        Parameters
        ----------
        subject
            The patient.
        """
        statement = "SELECT entry FROM body WHERE subject = ?"
        numbers = [n for (n,) in self.database.rows(statement, subject)]
        after = (n for n in self.following(numbers) if self._is_stored(n))
        return sorted({*numbers, *after})

    def following(self, numbers: Iterable[int]) -> list[int]:
        """The numbers of what follows from entries, at any remove, in order."""
        found: set[int] = set()
        ahead = list(numbers)
        while ahead:
            number = ahead.pop()
            new = {*self._about(number), *self._calls_of(number)} - found
            found |= new
            ahead += new
        return sorted(found)

    def _is_stored(self, number: int) -> bool:
        rows = self.database.rows("SELECT entry FROM body WHERE entry = ?", number)
        return next(rows, None) is not None

    def _about(self, number: int) -> list[int]:
        rows = self.database.rows("SELECT n FROM entry WHERE about = ?", number)
        return [n for (n,) in rows]

    def _calls_of(self, number: int) -> list[int]:
        """The call that a decision answered, by its key."""
        [entry] = self.entries("WHERE n = ?", number)
        if entry.kind != DECISION:
            return []
        there = self.of_key(stored_key(CALL, entry.key))
        return [] if there is None else [there.number]

    # -- bundles --

    def bundled(self) -> set[tuple[str, str]]:
        """The digests of the knowledge and of the policy of each bundle."""
        rows = self.database.rows("SELECT knowledge, policy FROM bundle")
        return {(knowledge, policy) for knowledge, policy in rows}

    def bundles(self) -> Iterator[tuple[str, str, bytes]]:
        """Each bundle, with the digests of the knowledge and of the policy."""
        statement = "SELECT knowledge, policy, content FROM bundle ORDER BY 1, 2"
        for knowledge, policy, content in self.database.rows(statement):
            yield knowledge, policy, bytes(content)

    def damaged(self) -> Iterator[str]:
        """The digest of the knowledge of each bundle that is not as it was stored."""
        statement = "SELECT knowledge, content, digest FROM bundle"
        for knowledge, content, digest in self.database.rows(statement):
            if digest_of_bytes(bytes(content)) != digest:
                yield knowledge

    def bundle(self, knowledge: str, policy: str) -> bytes:
        """The bundle of a knowledge and a policy.

        Raises
        ------
        LedgerError
            When it is missing.
        """
        statement = "SELECT content FROM bundle WHERE knowledge = ? AND policy = ?"
        with self.database.reading():
            rows = self.database.rows(statement, knowledge, policy)
            content = next((bytes(each) for (each,) in rows), None)
        if content is None:
            message = "the bundle of this decision is missing"
            raise LedgerError(message, "see `milia-cds ledger verify`")
        return content
