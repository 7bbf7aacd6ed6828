"""What a ledger holds: entries in one chain, and what was stored with each.

An entry carries the digest of the one before it. What is of a patient stands in its
body, and the chain holds only the digest of the body and of a random salt: a case has
so few values that its bare digest could be guessed. So a body can be erased, and the
chain still holds.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple, Self, TypedDict
from uuid import uuid4

import attrs

from milia_cds.assessment.assessment import Assessment
from milia_cds.errors import MendableError, Problem, WrongTypeError, only
from milia_cds.version import VERSION

LEDGER_FORMAT = "milia-cds/ledger/1"
DECISION, ERASED = "decision", "erased"
CALL, ISSUED, FEEDBACK = "call", "issued", "feedback"
"""The kinds of entry that the library writes; others are events of the caller."""


def digest_of_bytes(content: bytes) -> str:
    """The digest of some bytes: "sha256:" and 64 digits."""
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def digest_of_text(text: str) -> str:
    """The digest of a text."""
    return digest_of_bytes(text.encode())


def stored_text(value: object) -> str:
    """Plain JSON values in the one way in which they are stored.

    Raises
    ------
    WrongTypeError
        When they are not plain; it shows none of them.
    """
    try:
        return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        message = "a ledger stores plain JSON values; give texts, numbers, yes/no, "
        raise WrongTypeError(f"{message}lists and objects") from None


def stored_key(kind: str, key: str | None) -> str | None:
    """A key as it is stored: it is one among those of its kind."""
    return None if key is None else f"{kind}:{key}"


BEGINNING = digest_of_text(LEDGER_FORMAT)
"""What the first entry has as the digest of the one before."""


class LedgerError(MendableError):
    """A ledger cannot be opened, read or written."""


class KeyTakenError(LedgerError):
    """A key was given before, with something else."""


class NoEntryError(LedgerError, LookupError):
    """There is no such entry, or what was stored with it is erased."""


class Head(NamedTuple):
    """The newest entry of a ledger: to be kept where nobody can write who writes it.

    Parameters
    ----------
    number
        Its number; 0 where there is none.
    digest
        Its digest.
    """

    number: int
    digest: str

    def __str__(self) -> str:
        """The head as one word, such as "12:sha256:..."."""
        return f"{self.number}:{self.digest}"

    @classmethod
    def read(cls, text: str) -> Self:
        """Read what `str` gave.

        Raises
        ------
        LedgerError
            When it is none.
        """
        number, _, digest = text.partition(":")
        if not (number.isascii() and number.isdigit() and digest.startswith("sha256:")):
            mend = "give the number and the digest that `ledger head` prints"
            raise LedgerError("this is no head of a ledger", mend)
        return cls(int(number), digest)


@attrs.frozen(repr=False)
class Body:
    """What is stored with an entry and may be erased.

    Parameters
    ----------
    subject
        Whom it is about, by the clinic's own pseudonym; `None` is not said.
    key
        What the caller knows it by, after the kind and a colon, or `None`.
    salt
        Random digits, without which nothing can be guessed from its digest.
    text
        What is stored, as JSON.
    """

    subject: str | None
    key: str | None
    salt: str
    text: str

    def __repr__(self) -> str:
        """Say what it is, and nothing of a patient."""
        return "<Body>"

    @classmethod
    def of(cls, content: object, subject: str | None, key: str | None) -> Self:
        """A body with a salt of its own."""
        return cls(subject, key, secrets.token_hex(16), stored_text(content))

    @property
    def sealed(self) -> str:
        """The digest of it and of its salt, which stands in the chain."""
        said = [self.salt, self.subject, self.key, self.text]
        return digest_of_text(stored_text(said))


@attrs.frozen(repr=False)
class LedgerEntry:
    """One entry of a ledger.

    Parameters
    ----------
    number
        Its place in the chain, from 1.
    id
        A random id.
    at
        When it was, as the caller said, with its offset.
    kind
        "decision", "erased", or the kind of an event.
    about
        The number of the entry that it is about, or `None`.
    knowledge, policy
        The digests by which a decision was made; "" is none.
    engine
        The version of the library.
    sealed
        The digest of its body and salt; "" where it never had one.
    previous, digest
        The digest of the entry before, and its own over all of this.
    body
        What is stored with it; `None` where it never was, or is erased.
    """

    number: int
    id: str
    at: str
    kind: str
    about: int | None
    knowledge: str
    policy: str
    engine: str
    sealed: str
    previous: str
    digest: str
    body: Body | None = attrs.field(default=None, eq=False)

    def __repr__(self) -> str:
        """Say which it is, and nothing of a patient."""
        return f"<Entry {self.number}: {self.kind}, {self.at}>"

    @property
    def content(self) -> Any:
        """What was stored with it, as plain JSON values.

        Raises
        ------
        NoEntryError
            When it is erased.
        """
        if self.body is None:
            mend = "nothing brings it back; the chain still shows that it was there"
            raise NoEntryError("what was stored with this entry is erased", mend)
        return json.loads(self.body.text)

    @property
    def subject(self) -> str | None:
        """Whom it is about, by the clinic's own pseudonym."""
        return None if self.body is None else self.body.subject

    @property
    def key(self) -> str | None:
        """What the caller knows it by."""
        key = None if self.body is None else self.body.key
        return None if key is None else key.partition(":")[2]

    @property
    def head(self) -> Head:
        """The head of a ledger of which this is the newest entry."""
        return Head(self.number, self.digest)

    @property
    def columns(self) -> tuple[Any, ...]:
        """What is stored of it in the chain, its digest last."""
        return attrs.astuple(self, recurse=False)[:-1]

    def own_digest(self) -> str:
        """The digest that it must have."""
        return digest_of_text(stored_text(self.columns[:-1]))


@attrs.frozen(repr=False)
class Draft:
    """An entry before it has its place in the chain."""

    at: str
    kind: str
    body: Body | None = None
    about: int | None = None
    knowledge: str = ""
    policy: str = ""

    def after(self, head: Head) -> LedgerEntry:
        """The entry that follows the newest one."""
        entry = LedgerEntry(
            number=head.number + 1,
            id=str(uuid4()),
            at=self.at,
            kind=self.kind,
            about=self.about,
            knowledge=self.knowledge,
            policy=self.policy,
            engine=VERSION,
            sealed="" if self.body is None else self.body.sealed,
            previous=head.digest,
            digest="",
            body=self.body,
        )
        return attrs.evolve(entry, digest=entry.own_digest())

    def says_the_same(self, entry: LedgerEntry) -> bool:
        """Whether an entry of the same key was made of the same; its time may differ.

        So whoever calls again, because the answer was lost, gets what was recorded.
        """
        mine, other = self.body, entry.body
        if mine is None or other is None:
            return False
        one = (self.knowledge, self.policy, mine.subject, mine.text)
        return one == (entry.knowledge, entry.policy, other.subject, other.text)


class Known(TypedDict, total=False):
    """What may be known of a decision that is recorded, as `Recording` says."""

    key: str | None
    subject: str | None
    context: Mapping[str, Any] | None
    answer: Mapping[str, Any] | None


@attrs.frozen(kw_only=True, repr=False)
class Recording:
    """A decision that is to be recorded.

    Parameters
    ----------
    assessment
        What `assess` or `assess_visit` gave.
    at
        When it was made: a date and time with its zone.
    key
        What the caller knows it by, such as a hookInstance: recorded once, however
        often it is given. Without one every call is an entry.
    subject
        The patient, by a pseudonym of the clinic; needed to erase it later.
    context
        What else belongs to it, as plain JSON values: who asked, on which resources
        the case rests.
    answer
        The JSON that was handed out, of which the digest is kept.
    """

    assessment: Assessment
    at: datetime
    key: str | None = None
    subject: str | None = None
    context: Mapping[str, Any] | None = None
    answer: Mapping[str, Any] | None = None


def moment_said(taker: str, at: object) -> str:
    """A moment as it is stored: with the offset that it was given with.

    Parameters
    ----------
    taker
        The name of the function.
    at
        What it was given.

    Raises
    ------
    WrongTypeError
        When it is no date and time with a zone.
    """
    mend = "give a datetime with its zone, such as datetime.now(UTC)"
    only(datetime, at, f"{taker} takes a time as `at`", mend)
    if not isinstance(at, datetime) or at.utcoffset() is None:
        message = f"{taker} takes a time with its zone as `at`; {mend}"
        raise WrongTypeError(message)
    return at.isoformat()


def name_given(taker: str, name: str, given: object) -> str | None:
    """A key, a subject or the like, or `None`.

    Raises
    ------
    WrongTypeError
        When it is no text, or an empty one.
    """
    if given is not None and (not isinstance(given, str) or not given.strip()):
        message = f"{taker} takes a text as `{name}`; give one, or None"
        raise WrongTypeError(message)
    return given


@attrs.frozen
class Replay:
    """A decision made again, from the bundle and the case that were stored.

    Parameters
    ----------
    id
        The id of the entry.
    same
        Whether the decision is the same, byte for byte.
    difference
        What of it is otherwise, a line each.
    same_answer
        Whether the answer that was handed out is the same too; `None` where none was
        stored in a form in which it can be made again.
    engine
        The version that decided, and the one that decides now.
    """

    id: str
    same: bool
    difference: tuple[str, ...] = ()
    same_answer: bool | None = None
    engine: tuple[str, str] = ("", "")

    def __bool__(self) -> bool:
        """Whether the decision is the same, and the answer where one was stored."""
        return self.same and self.same_answer is not False


@attrs.frozen
class Verification:
    """What was found when a ledger was verified.

    Parameters
    ----------
    head
        Its newest entry.
    decisions, replayed, erased
        How many decisions it holds, how many were made again, how many bodies are
        erased.
    problems
        What is wrong, each with its place.
    """

    head: Head
    decisions: int
    replayed: int
    erased: int
    problems: tuple[Problem, ...] = ()

    def __bool__(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems
