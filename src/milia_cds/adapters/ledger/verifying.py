"""Whether a ledger is whole: its file, its chain, its bundles, and every decision."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from milia_cds.adapters.ledger.entries import (
    BEGINNING,
    DECISION,
    ERASED,
    Head,
    LedgerEntry,
    Replay,
    Verification,
)
from milia_cds.adapters.ledger.recording import policy_digest
from milia_cds.adapters.ledger.replaying import Bases, replay_of
from milia_cds.errors import MiliaError, Problem

RESTORE = "restore a backup, and find out who wrote the file"
_MOST = 1000


class Verifier:
    """Walks through a ledger, and gathers what is wrong.

    Parameters
    ----------
    bases
        The knowledge bases of its bundles.
    heard
        Is told how many entries are done.
    replay
        Whether every decision is made again.
    """

    def __init__(
        self, bases: Bases, heard: Callable[[int], None], *, replay: bool
    ) -> None:
        self.bases = bases
        self.heard = heard
        self.replay = replay
        self.head = Head(0, BEGINNING)
        self.problems: list[Problem] = []
        self.decisions = self.replayed = 0
        self.gone: set[int] = set()
        self.erased: set[int] = set()

    def problem(self, path: str, message: str, mend: str = RESTORE) -> None:
        """Add a problem; of very many the first are kept."""
        if len(self.problems) < _MOST:
            self.problems.append(Problem(path, message, mend))

    def bundles(self, digests: Iterable[tuple[Any, Any]]) -> None:
        """See that each bundle is what it is kept as."""
        for knowledge, policy in digests:
            path = f"bundle {knowledge}"
            try:
                base = self.bases[knowledge, policy]
            except Exception as bad:  # noqa: BLE001 - whatever a damaged bundle does
                reason = str(bad) if isinstance(bad, MiliaError) else "it is damaged"
                self.problem(path, f"it cannot be read: {reason}")
                continue
            if (base.digest, policy_digest(base)) != (knowledge, policy):
                self.problem(path, "it holds something else")

    def entries(
        self, entries: Iterable[LedgerEntry], bundles: set[tuple[Any, Any]]
    ) -> None:
        """Walk the chain."""
        for entry in entries:
            self.link(entry)
            self.seal(entry)
            if entry.kind == DECISION:
                self.decisions += 1
                if (entry.knowledge, entry.policy) not in bundles:
                    self.problem(_path(entry), "its bundle is missing")
                elif entry.body is not None and self.replay:
                    self.again(entry)
            self.head = entry.head
            self.heard(entry.number)
        for number in sorted(self.gone - self.erased):
            message = "what was stored with it is gone, and nothing says that it was "
            self.problem(f"entry {number}", f"{message}erased")
        for number in sorted(self.erased - self.gone):
            self.problem(f"entry {number}", "it is said to be erased, and is there")

    def link(self, entry: LedgerEntry) -> None:
        """See that an entry follows the one before, and is what its digest says."""
        if entry.number != self.head.number + 1:
            self.problem(_path(entry), f"it follows entry {self.head.number}")
        if entry.previous != self.head.digest:
            self.problem(_path(entry), "its link to the entry before is broken")
        try:
            own = entry.own_digest()
        except (TypeError, ValueError):
            own = ""
        if own != entry.digest:
            self.problem(_path(entry), "it is not what its digest was made over")

    def seal(self, entry: LedgerEntry) -> None:
        """See that what is stored with an entry is what it was sealed over."""
        if entry.kind == ERASED and entry.about is not None:
            self.erased.add(entry.about)
        if entry.body is None:
            if entry.sealed:
                self.gone.add(entry.number)
            return
        try:
            sealed = entry.body.sealed
        except (TypeError, ValueError):
            sealed = ""
        if sealed != entry.sealed:
            self.problem(_path(entry), "what is stored with it was changed")

    def again(self, entry: LedgerEntry) -> None:
        """Make a decision again."""
        try:
            replay = replay_of(entry, self.bases[entry.knowledge, entry.policy])
        except Exception:  # noqa: BLE001 - a message could show the case
            self.problem(_path(entry), "its case cannot be decided by its knowledge")
            return
        self.replayed += 1
        for each in _otherwise(replay):
            was, now = replay.engine
            mend = f"{RESTORE}; it was made by version {was}, and this is {now}"
            self.problem(_path(entry), each, mend)

    def against(self, head: Head, digest_there: str | None) -> None:
        """Hold the ledger against a head that was kept elsewhere."""
        path = f"head {head.number}"
        if digest_there is None:
            message = f"the ledger ends at entry {self.head.number}"
            self.problem(path, f"{message}: its end was cut off")
        elif digest_there != head.digest:
            self.problem(path, "that entry is another: the chain was written anew")

    def found(self) -> Verification:
        """All that was found."""
        return Verification(
            self.head,
            self.decisions,
            self.replayed,
            len(self.gone & self.erased),
            tuple(self.problems),
        )


def _path(entry: LedgerEntry) -> str:
    return f"entry {entry.number}"


def _otherwise(replay: Replay) -> Iterator[str]:
    """What is another when a decision is made again."""
    if not replay.same:
        yield "made again, the decision is another"
    if replay.same_answer is False:
        yield "made again, the answer has other words or questions"
