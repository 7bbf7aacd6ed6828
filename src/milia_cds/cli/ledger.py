"""The command `milia-cds ledger`: decisions kept, made again and checked."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from milia_cds.adapters.ledger import Head, Ledger, LedgerEntry, Recording, Replay
from milia_cds.adapters.ledger.entries import Known
from milia_cds.adapters.ledger.ledger import decisions_of
from milia_cds.adapters.ledger.schema import postgres_schema, sqlite_schema
from milia_cds.assessment.assessment import assess
from milia_cds.assessment.base import load_knowledge
from milia_cds.assessment.digests import to_verify, verifier
from milia_cds.cli.cases import assessed, read_case
from milia_cds.cli.streams import InputError, not_written, put, today, write_over
from milia_cds.errors import ProblemsError, quoted

_WRONG = 2
"""The exit code of a ledger that is not whole, or of another decision."""
_LINES = ".jsonl"
_AT_ONCE = 200
"""So many decisions are checked by another program at once."""


class DoneSoFar:
    """Says on a terminal how many are done."""

    def __init__(self, of: str) -> None:
        self.of = of
        self.shown = sys.stderr is not None and sys.stderr.isatty()
        self.said = False

    def __call__(self, done: int) -> None:
        """Say so, over what was said before."""
        if self.shown and (done % 100 == 0 or not self.said):
            write_over(f"{done:,} {self.of}")
            self.said = True

    def end(self) -> None:
        """Leave the line."""
        if self.said:
            write_over("\n")


def print_record(asked: argparse.Namespace) -> None:
    """Decide a case and record the decision."""
    at = _moment(asked.at)
    if len(asked.given) == 1 and asked.given[0].endswith(_LINES):
        _record_lines(asked, at)
        return
    answer = assessed(asked)
    with Ledger.open(asked.ledger) as ledger:
        more: Known = {"key": asked.key, "subject": asked.subject}
        print(ledger.record(answer, at=at, **more))


def _moment(given: str | None) -> datetime:
    if given is None:
        return datetime.now().astimezone()
    try:
        at = datetime.fromisoformat(given)
    except ValueError:
        at = None
    if at is None or at.utcoffset() is None:
        message = f"{quoted(given)} is no time with its zone; give one such as "
        raise InputError(f"{message}2026-05-01T09:30:00+00:00")
    return at


def _record_lines(asked: argparse.Namespace, at: datetime) -> None:
    """Record a case a line."""
    if asked.key is not None or asked.subject is not None:
        message = "--key and --subject are of one decision; leave them out"
        raise InputError(message)
    base = load_knowledge(asked.knowledge, policy=asked.policy)
    progress = DoneSoFar("decisions")

    def recordings() -> Iterator[Recording]:
        for number, line in enumerate(_lines(asked.given[0]), 1):
            try:
                answer = assess(read_case(line.encode(), base), base, on=today())
            except ProblemsError as wrong:
                message = f"{asked.given[0]}, line {number}: {wrong}"
                raise InputError(message) from None
            yield Recording(assessment=answer, at=at)

    with Ledger.open(asked.ledger) as ledger:
        ids = ledger.record_many(recordings(), heard=progress)
    progress.end()
    print(f"Decisions recorded: {len(ids)}")


def _lines(name: str) -> Iterator[str]:
    """The lines of a file that have something in them."""
    try:
        with Path(name).open(encoding="utf-8") as file:
            yield from (line for line in file if line.strip())
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no text in UTF-8"
        message = f"{name}: {reason}; give a file that can be read"
        raise InputError(message) from None


def print_replay(asked: argparse.Namespace) -> int | None:
    """Make decisions again, and say which are another."""
    progress = DoneSoFar("decisions")
    with opened(asked) as ledger:
        ids = asked.ids or (each.id for each in decisions_of(ledger))
        done = other = 0
        for done, replay in enumerate(map(ledger.replay, ids), 1):
            progress(done)
            if not replay:
                other += 1
                print("\n".join(_otherwise(replay)))
    progress.end()
    same = "the same" if not other else f"the same but for {other}"
    print(f"Decisions made again: {done}; {same}.")
    return _WRONG if other else None


def _otherwise(replay: Replay) -> Iterator[str]:
    was, now = replay.engine
    yield f"{replay.id}: decided by version {was}, now by {now}"
    yield from (f"  {each}" for each in replay.difference)
    if replay.same_answer is False:
        yield "  the answer has other words or questions"


def print_verify(asked: argparse.Namespace) -> int | None:
    """See whether a ledger is whole."""
    head = None if asked.head is None else Head.read(asked.head)
    progress = DoneSoFar("entries")
    with opened(asked) as ledger:
        found = ledger.verify(head, heard=progress)
        progress.end()
        problems = [*map(str, found.problems)]
        if asked.independent and not problems:
            problems += _independently(ledger)
    print(f"Entries: {found.head.number}, to {found.head}")
    print(f"Decisions made again: {found.replayed} of {found.decisions}")
    if asked.independent and not found.problems:
        print(f"Decisions checked by another program: {found.replayed}")
    if found.erased:
        print(f"Erased: {found.erased}")
    if problems:
        print("\n".join(["The ledger is not whole:", *(f"  {p}" for p in problems)]))
        return _WRONG
    print("The ledger is whole.")
    if head is None:
        print("Whether its end was cut off, only a head that was kept elsewhere says.")
    return None


def _independently(ledger: Ledger) -> Iterator[str]:
    """What another program finds wrong with the decisions.

    It is started once for many of them, since it reads the bundle each time.
    """
    progress = DoneSoFar("decisions")
    waiting: dict[tuple[str, str], list[LedgerEntry]] = {}
    for done, entry in enumerate(decisions_of(ledger), 1):
        together = waiting.setdefault((entry.knowledge, entry.policy), [])
        together.append(entry)
        if len(together) == _AT_ONCE:
            yield from _found_by_another(ledger, together)
            together.clear()
        progress(done)
    for together in filter(None, waiting.values()):
        yield from _found_by_another(ledger, together)
    progress.end()


def _found_by_another(ledger: Ledger, entries: Sequence[LedgerEntry]) -> Iterator[str]:
    """What the other program says of decisions by one bundle."""
    with TemporaryDirectory() as folder:
        bundle = Path(folder, "bundle.zip")
        bundle.write_bytes(ledger.knowledge(entries[0].id).bundle())
        paths = [str(bundle)]
        for entry in entries:
            decision = to_verify(ledger.assessment(entry.id))
            stored = {**decision, "digest": entry.content["decision"]}
            given = {"case": entry.content["case"], f"entry {entry.number}": stored}
            for name, content in given.items():
                path = Path(folder, name if name != "case" else f"case {entry.number}")
                path.write_text(json.dumps(content), "utf-8")
                paths.append(str(path))
        run = subprocess.run(  # noqa: S603 - a program that comes with the library
            [sys.executable, str(verifier()), *paths],
            capture_output=True,
            text=True,
            check=False,
        )
    if run.returncode:
        *said, _ = run.stdout.splitlines() or ["it did not answer", ""]
        yield from (each.removeprefix("Wrong: ") for each in said)


def print_head(asked: argparse.Namespace) -> None:
    """Print the newest entry."""
    with opened(asked) as ledger:
        print(ledger.head())


def print_export(asked: argparse.Namespace) -> None:
    """Print a ledger as lines of JSON."""
    progress = DoneSoFar("entries")
    with opened(asked) as ledger:
        lines = ledger.export(heard=progress)
        if asked.output is None:
            for line in lines:
                print(line)
        else:
            _write(asked.output, lines)
    progress.end()


def _write(name: str, lines: Iterable[str]) -> None:
    try:
        with Path(name).open("w", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in lines)
    except OSError as error:
        raise not_written(name, error) from None


def print_import(asked: argparse.Namespace) -> None:
    """Read what was exported."""
    progress = DoneSoFar("entries")
    with Ledger.open(asked.ledger) as ledger:
        new = ledger.import_(_lines(asked.lines), heard=progress)
    progress.end()
    print(f"New entries: {new}")


def print_erase(asked: argparse.Namespace) -> int | None:
    """Take away what is stored of a patient."""
    with opened(asked) as ledger:
        count = ledger.erase(asked.subject, at=datetime.now().astimezone())
    if not count:
        message = "nothing is stored of this patient; give the pseudonym by which it "
        raise InputError(f"{message}was recorded")
    print(f"Erased: what was stored with entries of this patient, {count} in all.")
    return None


def print_events(asked: argparse.Namespace) -> None:
    """Print what followed a decision, or all entries, a line each."""
    with opened(asked) as ledger:
        found = ledger.entries() if asked.id is None else ledger.events(asked.id)
        for each in found:
            print(json.dumps(_event(each)))


def _event(entry: LedgerEntry) -> dict[str, Any]:
    said: dict[str, Any] = {
        "number": entry.number,
        "id": entry.id,
        "at": entry.at,
        "kind": entry.kind,
    }
    if entry.about is not None:
        said["about"] = entry.about
    if entry.body is not None:
        said["content"] = entry.content
    return said


def print_schema(asked: argparse.Namespace) -> None:
    """Print the tables and triggers."""
    schema = postgres_schema() if asked.postgres else sqlite_schema()
    put(";\n\n".join([*schema, ""]), None)


def opened(asked: argparse.Namespace) -> Ledger:
    """A ledger that is there."""
    return Ledger.open(asked.ledger, create=False)
