"""A ledger as lines of JSON: one for its form, one for each bundle and each entry."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeAlias

import attrs

from milia_cds.adapters.ledger.entries import (
    BEGINNING,
    LEDGER_FORMAT,
    Body,
    Head,
    LedgerEntry,
    LedgerError,
    stored_text,
)

BundleRow: TypeAlias = tuple[str, str, bytes]
"""The digests of a knowledge and a policy, and their bundle."""

_MEND = "give the lines that `milia-cds ledger export` wrote, all of them"
_TEXTS = tuple(
    each.name
    for each in attrs.fields(LedgerEntry)
    if each.name not in {"number", "about", "body"}
)


class Lines:
    """The lines of a ledger.

    Parameters
    ----------
    bundles
        Its bundles.
    entries
        Its entries, in order.
    """

    def __init__(
        self, bundles: Iterable[tuple[Any, ...]], entries: Iterable[LedgerEntry]
    ) -> None:
        self.bundles = bundles
        self.entries = entries

    def written(self, heard: Callable[[int], None]) -> Iterator[str]:
        """Each line, without its end."""
        yield stored_text({"format": LEDGER_FORMAT})
        for knowledge, policy, content in self.bundles:
            packed = base64.b64encode(content).decode()
            said = {"knowledge": knowledge, "policy": policy, "zip": packed}
            yield stored_text({"bundle": said})
        for entry in self.entries:
            yield stored_text({"entry": attrs.asdict(entry)})
            heard(entry.number)


def read_lines(lines: Iterable[str]) -> Iterator[LedgerEntry | BundleRow]:
    """Read what `Lines.written` gave, and hold its chain.

    Parameters
    ----------
    lines
        The lines.

    Raises
    ------
    LedgerError
        With the number of the line that is wrong.
    """
    head = Head(0, BEGINNING)
    number = 0
    for number, line in enumerate(lines, 1):
        kind, said = _said(line, number)
        if number == 1:
            if kind != "format" or said != LEDGER_FORMAT:
                raise _wrong(number, f"it does not say {LEDGER_FORMAT}")
        elif kind == "bundle":
            yield _bundle(said, number)
        elif kind == "entry":
            entry = _entry(said, number)
            _hold(entry, head, number)
            head = entry.head
            yield entry
        else:
            raise _wrong(number, "it is neither a bundle nor an entry")
    if not number:
        raise _wrong(1, "there is none")


def _wrong(number: int, message: str) -> LedgerError:
    return LedgerError(f"line {number}: {message}", _MEND)


def _said(line: str, number: int) -> tuple[str, Any]:
    """The kind of a line, and what it says."""
    try:
        said = json.loads(line)
    except (ValueError, RecursionError):
        raise _wrong(number, "it is no JSON, or is cut off") from None
    if not isinstance(said, dict) or len(said) != 1:
        raise _wrong(number, "it is no object with one key")
    [(kind, content)] = said.items()
    return kind, content


def _bundle(said: Any, number: int) -> BundleRow:
    try:
        content = base64.b64decode(said["zip"], validate=True)
        digests = said["knowledge"], said["policy"]
    except (TypeError, KeyError, ValueError, binascii.Error):
        raise _wrong(number, "it is no bundle") from None
    if not all(isinstance(each, str) for each in digests):
        raise _wrong(number, "it is no bundle")
    return *digests, content


def _entry(said: Any, number: int) -> LedgerEntry:
    try:
        body = None if said["body"] is None else Body(**said["body"])
        entry = LedgerEntry(**{**said, "body": body})
    except (TypeError, KeyError):
        raise _wrong(number, "it is no entry") from None
    texts = [getattr(entry, name) for name in _TEXTS]
    texts += [] if body is None else [body.salt, body.text]
    optional = [] if body is None else [body.subject, body.key]
    if (
        not all(isinstance(each, str) for each in texts)
        or not all(each is None or isinstance(each, str) for each in optional)
        or type(entry.number) is not int
        or not (entry.about is None or type(entry.about) is int)
    ):
        raise _wrong(number, "it is no entry")
    return entry


def _hold(entry: LedgerEntry, head: Head, number: int) -> None:
    """Refuse an entry that does not follow, or is not what its digests say."""
    follows = entry.number == head.number + 1 and entry.previous == head.digest
    if not follows or entry.own_digest() != entry.digest:
        raise _wrong(number, "the chain is broken here")
    if entry.body is not None and entry.body.sealed != entry.sealed:
        raise _wrong(number, "what is stored with the entry was changed")
