"""The ledger: decisions kept so that they can be made again years later."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from importlib import import_module
from itertools import islice
from typing import Any, Self, Unpack

from milia_cds.adapters.fhir.output import Element
from milia_cds.adapters.fhir.writing import write_answer
from milia_cds.adapters.ledger.chain import Chain
from milia_cds.adapters.ledger.database import Database, SqliteDatabase
from milia_cds.adapters.ledger.entries import (
    CALL,
    DECISION,
    ERASED,
    FEEDBACK,
    ISSUED,
    Body,
    Draft,
    Head,
    Known,
    LedgerEntry,
    LedgerError,
    NoEntryError,
    Recording,
    Replay,
    Verification,
    moment_said,
    name_given,
    stored_key,
)
from milia_cds.adapters.ledger.lines import Lines, read_lines
from milia_cds.adapters.ledger.recording import draft_of, new_bundles
from milia_cds.adapters.ledger.replaying import Bases, assessment_of, replay_of
from milia_cds.adapters.ledger.reports import Card, CardReport, Reports
from milia_cds.adapters.ledger.verifying import Verifier
from milia_cds.assessment.assessment import Assessment
from milia_cds.errors import quoted
from milia_cds.knowledge.model import Knowledge

Heard = Callable[[int], None]
"""Is told how many entries are done."""

_SERVER = "milia_cds.adapters.ledger.postgres"
_BATCH = 100
_KIND = re.compile(r"[a-z][a-z_]{0,39}")
_RESERVED = frozenset({DECISION, ERASED, CALL, ISSUED, FEEDBACK})


def unheard(_done: int) -> None:
    """Tell nobody."""


class Ledger:
    """Decisions and what followed them, in one chain that only grows.

    Several processes may write one ledger at once, and several threads share one. It is
    also a store of feedback for the service of CDS Hooks.

    Parameters
    ----------
    database
        Where it is kept.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> from tempfile import mkdtemp
    >>> from milia_cds import Case, assess
    >>> at = datetime(2026, 5, 1, 9, tzinfo=UTC)
    >>> with Ledger.open(f"{mkdtemp()}/ledger.sqlite") as ledger:
    ...     entry = ledger.record(assess(Case()), at=at)
    ...     bool(ledger.replay(entry)), bool(ledger.verify())
    (True, True)
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._chain = Chain(database)
        self._reports = Reports(self._chain)
        self._bundled: set[tuple[str, str]] = set()
        self._bases = Bases(self._chain.bundle)

    @classmethod
    def open(cls, path: str | os.PathLike[str], *, create: bool = True) -> Self:
        """Open a ledger.

        Parameters
        ----------
        path
            A file of SQLite; or the address of a database of PostgreSQL, such as
            "postgresql:///clinic", which needs the extra postgres.
        create
            Whether it is made where there is none.

        Raises
        ------
        LedgerError
            When it cannot be opened, or is no ledger.
        """
        if str(path).startswith(("postgresql:", "postgres:")):
            server = import_module(_SERVER)  # only who has one has the extra
            return cls(server.PostgresDatabase(str(path), create=create))
        return cls(SqliteDatabase(path, create=create))

    def close(self) -> None:
        """Close it."""
        self._database.close()

    def __enter__(self) -> Self:
        """The ledger, which is closed at the end."""
        return self

    def __exit__(self, *_raised: object) -> None:
        """Close it."""
        self.close()

    # -- writing --

    def record(
        self,
        assessment: Assessment,
        *,
        at: datetime,
        **more: Unpack[Known],
    ) -> str:
        """Record a decision; when this returns, it is on the disk.

        Parameters
        ----------
        assessment, at
            The decision, and when it was made.
        more
            What else is known of it: `key`, `subject`, `context` and `answer`, as
            `Recording` says.

        Returns
        -------
        str
            The id of its entry. The same key with the same content gives the same id.

        Raises
        ------
        KeyTakenError
            When the key was given before with something else.
        NoCaseError
            When the assessment was read from storage.
        WrongTypeError
            When something is of a wrong type, or `at` has no zone.
        """
        one = Recording(assessment=assessment, at=at, **more)
        return self.record_many([one])[0]

    def record_many(
        self, recordings: Iterable[Recording], *, heard: Heard = unheard
    ) -> list[str]:
        """Record decisions by the hundred, each hundred wholly or not at all.

        Parameters
        ----------
        recordings
            The decisions.
        heard
            Is told after each hundred how many are on the disk.

        Returns
        -------
        list
            The ids of their entries, in order.

        Raises
        ------
        KeyTakenError
            When a key was given before with something else.
        """
        ids: list[str] = []
        left = iter(recordings)
        while some := list(islice(left, _BATCH)):
            ids += self._recorded(some)
            heard(len(ids))
        return ids

    def _recorded(self, recordings: list[Recording]) -> list[str]:
        drafts = [draft_of(each) for each in recordings]
        bundles = new_bundles(recordings, self._bundled)
        with self._database.writing():
            for digests, content in bundles.items():
                self._chain.insert_bundle(*digests, content)
            ids = [entry.id for entry in self._chain.append(drafts)]
        self._bundled |= {*bundles}
        return ids

    def note(
        self,
        kind: str,
        content: Mapping[str, Any],
        *,
        at: datetime,
        about: str | None = None,
        key: str | None = None,
    ) -> str:
        """Record an event, such as what became of a decision.

        Parameters
        ----------
        kind
            What it is, in small letters, such as "done_otherwise".
        content
            What there is to say, as plain JSON values.
        at
            When it was: a date and time with its zone.
        about
            The id of the entry that it is about; it is erased with that.
        key
            What the caller knows it by, as for `record`.

        Raises
        ------
        NoEntryError
            When there is no entry that it could be about.
        KeyTakenError
            When the key was given before with something else.
        LedgerError
            When there is no such kind.
        """
        if not _KIND.fullmatch(str(kind)) or kind in _RESERVED:
            mend = 'give a word of your own in small letters, such as "outcome"'
            raise LedgerError(f"{quoted(kind)} is no kind of an event", mend)
        moment = moment_said("note", at)
        body = Body.of(
            dict(content), None, stored_key(kind, name_given("note", "key", key))
        )
        with self._database.writing():
            whom = None if about is None else self._chain.of_id(about).number
            [entry] = self._chain.append([Draft(moment, kind, body, whom)])
        return entry.id

    def erase(self, subject: str, *, at: datetime) -> int:
        """Take away all that is stored of a patient, and of what followed.

        The chain stays whole: it holds only digests of what is gone and of salts that
        are gone too, and an entry for each says that it is erased.

        Parameters
        ----------
        subject
            The patient, as decisions were recorded.
        at
            When it is erased: a date and time with its zone.

        Returns
        -------
        int
            How many entries lost what was stored with them; 0 where there were none.
        """
        moment = moment_said("erase", at)
        name_given("erase", "subject", subject)
        with self._database.writing():
            found = self._chain.stored_of(subject)
            self._chain.append(Draft(moment, ERASED, about=n) for n in found)
            for number in found:
                self._chain.erase(number)
        self._database.forget()
        return len(found)

    # -- feedback --

    def issued(self, service: str, cards: Iterable[Card]) -> None:
        """Keep what cards are about, before a service of CDS Hooks sends them.

        Parameters
        ----------
        service
            The id of the service that issues them.
        cards
            What each is about, as the service says.
        """
        with self._database.writing():
            self._reports.issued(service, cards)

    def reported(self, service: str, reports: Iterable[CardReport]) -> None:
        """Keep what became of cards, each report once however often it is sent.

        Parameters
        ----------
        service
            The id of the service that they were sent to.
        reports
            The reports.
        """
        with self._database.writing():
            self._reports.reported(service, reports)

    # -- reading --

    def head(self) -> Head:
        """The newest entry, to be kept where nobody can write who writes the ledger."""
        with self._database.reading():
            return self._chain.newest()

    def entry(self, entry_id: str) -> LedgerEntry:
        """An entry by its id.

        Raises
        ------
        NoEntryError
            When there is none.
        """
        with self._database.reading():
            return self._chain.of_id(entry_id)

    def entries(self, kind: str | None = None) -> Iterator[LedgerEntry]:
        """All entries in order, or those of one kind.

        Parameters
        ----------
        kind
            Such as "decision".
        """
        number = 0
        while True:
            with self._database.reading():
                some = self._chain.entries("WHERE n > ? ORDER BY n LIMIT 1000", number)
                found = list(some)
            if not found:
                return
            number = found[-1].number
            yield from (each for each in found if kind in {None, each.kind})

    def events(self, entry_id: str) -> tuple[LedgerEntry, ...]:
        """What followed a decision, and what followed that, in order.

        Feedback on a card follows the decision whose key is the hookInstance of the
        call that the card answered.

        Parameters
        ----------
        entry_id
            The id of the decision.

        Raises
        ------
        NoEntryError
            When there is none.
        """
        with self._database.reading():
            numbers = self._chain.following([self._chain.of_id(entry_id).number])
            found = (self._chain.entries("WHERE n = ?", n) for n in numbers)
            return tuple(each for one in found for each in one)

    def assessment(self, entry_id: str) -> Assessment:
        """The assessment of a stored case, made again by the knowledge of its time.

        Raises
        ------
        NoEntryError
            When there is none, or it is erased.
        KnowledgeError
            When the knowledge cannot be read by this version of the library.
        """
        entry = self._decision(entry_id)
        return assessment_of(entry, self._bases[entry.knowledge, entry.policy])

    def replay(self, entry_id: str) -> Replay:
        """Make a decision again, and say whether it is the same.

        Raises
        ------
        NoEntryError
            When there is none, or it is erased.
        KnowledgeError
            When the knowledge cannot be read by this version of the library.
        """
        entry = self._decision(entry_id)
        return replay_of(entry, self._bases[entry.knowledge, entry.policy])

    def knowledge(self, entry_id: str) -> Knowledge:
        """The knowledge, with its policy, by which a decision was made."""
        entry = self._decision(entry_id)
        return self._bases[entry.knowledge, entry.policy]

    def verify(
        self,
        head: Head | None = None,
        *,
        replay: bool = True,
        heard: Heard = unheard,
    ) -> Verification:
        """See whether the ledger is whole, and make every decision again.

        Parameters
        ----------
        head
            A head that was kept elsewhere: without one nobody can tell that the end was
            cut off, or that all of it was written anew.
        replay
            Whether every decision is made again.
        heard
            Is told how many entries are done.
        """
        verifier = Verifier(Bases(self._chain.bundle), heard, replay=replay)
        with self._database.reading():
            verifier.problems += self._database.problems()
            if any(each.path == "schema" for each in verifier.problems):
                return verifier.found()
            for knowledge in self._chain.damaged():
                verifier.problem(f"bundle {knowledge}", "it was changed")
            kept = self._chain.bundled()
            verifier.bundles(sorted(kept, key=str))
            verifier.entries(self._chain.entries("ORDER BY n"), kept)
            if head is not None and head.number:
                verifier.against(head, self._chain.digest_at(head.number))
        return verifier.found()

    def _decision(self, given: str) -> LedgerEntry:
        entry = self.entry(given)
        if entry.kind != DECISION:
            message = f"entry {entry.number} is no decision"
            raise NoEntryError(message, "give the id of a decision")
        return entry

    def to_fhir(self, entry_id: str, *, patient: str) -> Element:
        """A stored decision as FHIR: a GuidanceResponse and its Provenance.

        Parameters
        ----------
        entry_id
            The id of the decision.
        patient
            The patient whom it is about, such as "Patient/1".

        Raises
        ------
        NoEntryError
            When there is none, or it is erased.
        """
        entry = self._decision(entry_id)
        base = self._bases[entry.knowledge, entry.policy]
        stored = {"entry": entry.id, "decision": entry.content["decision"]}
        return write_answer(
            assessment_of(entry, base),
            patient=patient,
            at=datetime.fromisoformat(entry.at),
            kept_as=stored,
        )

    # -- export --

    def export(self, *, heard: Heard = unheard) -> Iterator[str]:
        """The whole ledger as lines of JSON, which anybody can read in ten years.

        Parameters
        ----------
        heard
            Is told how many entries are done.
        """
        with self._database.reading():
            entries = self._chain.entries("ORDER BY n")
            yield from Lines(self._chain.bundles(), entries).written(heard)

    def import_(self, lines: Iterable[str], *, heard: Heard = unheard) -> int:
        """Read what `export` gave, into a ledger that is empty or a part of it.

        Parameters
        ----------
        lines
            The lines.
        heard
            Is told how many entries are done.

        Returns
        -------
        int
            How many entries are new.

        Raises
        ------
        LedgerError
            When a line is none of a ledger, the chain is broken, or another ledger is
            here already. Nothing is then kept of it.
        """
        with self._database.writing():
            return self._chain.take(read_lines(lines), heard)


def decisions_of(ledger: Ledger) -> Iterator[LedgerEntry]:
    """The decisions of a ledger that are not erased, in order.

    Parameters
    ----------
    ledger
        The ledger.
    """
    return (each for each in ledger.entries(DECISION) if each.body is not None)
