"""Feedback: what became of cards, read strictly, and what keeps it.

What a card was about is kept when it is issued, and nothing of the patient with it:
later nobody could tell it from its id.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Literal, Protocol, TypeAlias, cast

import attrs

from milia_cds.adapters.cds_hooks.calls import EXTENSION, INSTANCE
from milia_cds.errors import (
    Problem,
    Problems,
    ProblemsError,
    described,
    name_in_path,
    nearest,
)

CardOutcome: TypeAlias = Literal["accepted", "overridden"]
OUTCOMES: tuple[CardOutcome, ...] = ("accepted", "overridden")
"""What may become of a card; one that was passed over is never reported."""

_MOST_REPORTS = 1000
_LONGEST_COMMENT = 4000
_LONGEST_CODE = 200
_UUID = re.compile(INSTANCE)
_TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?Z"
)
_MEMBERS = (
    "card",
    "outcome",
    "acceptedSuggestions",
    "overrideReason",
    "outcomeTimestamp",
)
_FEEDBACK = "feedback"


class FeedbackError(ProblemsError):
    """Feedback cannot be read, each problem with its path."""

    subject = "The feedback"


@attrs.frozen
class OverrideReason:
    """Why a card was overridden, as a code.

    Parameters
    ----------
    system, code
        The code.
    display
        Its words; "" where it has none.
    """

    system: str
    code: str
    display: str = ""


@attrs.frozen(repr=False)
class Feedback:
    """What became of one card.

    Parameters
    ----------
    card
        The id of the card.
    outcome
        "accepted" or "overridden".
    at
        When, in UTC.
    accepted
        The ids of the suggestions that were accepted.
    reason
        Why it was overridden, or `None`.
    comment
        What was written beside it, which may name a patient; "" is nothing.
    """

    card: str
    outcome: CardOutcome
    at: datetime
    accepted: tuple[str, ...] = ()
    reason: OverrideReason | None = None
    comment: str = ""

    def __repr__(self) -> str:
        """Say what it is; its comment is shown to nobody by chance."""
        return f"<Feedback: {self.outcome}>"

    @property
    def key(self) -> tuple[str, str, str]:
        """What makes a report the same one sent again."""
        return (self.card, self.outcome, utc_text(self.at))


@attrs.frozen
class Issued:
    """What a card was about, kept so that feedback on it can be led back to that.

    Parameters
    ----------
    card
        The id of the card.
    options
        The options that it is about.
    rules
        The alerts that it says, and the gates for which an option is withheld.
    suggestions
        The option of each of its suggestions, by the id of the suggestion.
    version, digest
        The knowledge that it rests on.
    call
        The hookInstance of the call that it answers. A file of feedback leaves it out.
    """

    card: str
    options: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    suggestions: Mapping[str, str] = attrs.field(factory=dict)
    version: str = ""
    digest: str = ""
    call: str = ""


class FeedbackStore(Protocol):
    """Where feedback is kept."""

    def issued(self, service: str, cards: Iterable[Issued]) -> None:
        """Keep what cards are about, before they are sent.

        Parameters
        ----------
        service
            The id of the service that issues them.
        cards
            What each is about.
        """

    def reported(self, service: str, reports: Iterable[Feedback]) -> None:
        """Keep reports, each once however often it is sent; then they are safe.

        Parameters
        ----------
        service
            The id of the service that they were sent to.
        reports
            The reports.
        """


def utc_text(at: datetime) -> str:
    """A moment as it is kept, in UTC."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


# -- messages --


def feedback_of(body: object) -> tuple[Feedback, ...]:
    """Read a message of feedback.

    Parameters
    ----------
    body
        The message as plain values, such as `parse_json` gives.

    Raises
    ------
    FeedbackError
        With everything that is wrong with it, each with its path.

    Examples
    --------
    >>> card = "4e0a3a1e-3283-4575-ab82-028d55fe2719"
    >>> report = {"card": card, "outcome": "overridden"}
    >>> report["outcomeTimestamp"] = "2026-05-01T09:30:00Z"
    >>> [one] = feedback_of({"feedback": [report]})
    >>> one.outcome, one.reason
    ('overridden', None)
    """
    reading = _Reading()
    read = [*reading.message(body)]
    if reading.problems:
        raise FeedbackError(reading.problems)
    return tuple(read)


class _Reading:
    """Reads one message, gathering problems."""

    def __init__(self) -> None:
        self.problems = Problems()

    def problem(self, path: str, message: str, mend: str) -> None:
        self.problems.append(Problem(path, message, mend))

    def message(self, body: object) -> Iterator[Feedback]:
        given = self.object(body, "the message", (_FEEDBACK,), at="")
        if given is None:
            return
        for place, each in enumerate(self.list(given, "", _FEEDBACK, _MOST_REPORTS)):
            read = self.report(each, f"{_FEEDBACK}[{place}]")
            if read is not None:
                yield read

    def report(self, given: object, path: str) -> Feedback | None:
        data = self.object(given, path, _MEMBERS)
        if data is None:
            return None
        card = self.text(data, path, "card", _UUID, "the uuid of a card")
        outcome = data.get("outcome")
        if outcome not in OUTCOMES:
            mend = f"give {' or '.join(OUTCOMES)}"
            self.problem(f"{path}.outcome", _lacking(data, "outcome"), mend)
        at = self.moment(data, path)
        accepted = [*self.accepted(data, path)]
        reason, comment = self.overridden(data, path)
        if card is None or at is None or outcome not in OUTCOMES:
            return None
        return Feedback(
            card.lower(),
            cast("CardOutcome", outcome),
            at,
            tuple(dict.fromkeys(accepted)),
            reason,
            comment,
        )

    def accepted(self, data: Mapping[str, Any], path: str) -> Iterator[str]:
        """The suggestions that were accepted; only an accepted card has some."""
        name = "acceptedSuggestions"
        if data.get("outcome") != "accepted":
            if name in data:
                self.problem(
                    f"{path}.{name}",
                    "it is given for a card that is not accepted",
                    "leave it out",
                )
            return
        for place, each in enumerate(self.list(data, path, name, _MOST_REPORTS)):
            at = f"{path}.{name}[{place}]"
            suggestion = self.object(each, at, ("id",))
            if suggestion is not None:
                what = "the uuid of a suggestion"
                read = self.text(suggestion, at, "id", _UUID, what)
                if read is not None:
                    yield read.lower()

    def overridden(
        self, data: Mapping[str, Any], path: str
    ) -> tuple[OverrideReason | None, str]:
        """Why a card was overridden: a code, a comment, or both."""
        name = "overrideReason"
        at = f"{path}.{name}"
        if name not in data:
            return None, ""
        if data.get("outcome") == "accepted":
            message = "it is given for a card that was accepted"
            self.problem(at, message, "leave it out")
        given = self.object(data[name], at, ("reason", "userComment"))
        if given is None:
            return None, ""
        if not {"reason", "userComment"} & {*given}:
            message = "it has neither a reason nor a comment"
            self.problem(at, message, "give one, or leave it out")
        comment = ""
        if "userComment" in given:
            comment = self.words(given, at, "userComment", _LONGEST_COMMENT)
        return self.reason(given, f"{at}.reason"), comment

    def reason(self, given: Mapping[str, Any], at: str) -> OverrideReason | None:
        if "reason" not in given:
            return None
        coding = self.object(given["reason"], at, ("system", "code", "display"))
        if coding is None:
            return None
        system, code = (
            self.words(coding, at, name, _LONGEST_CODE) for name in ("system", "code")
        )
        display = ""
        if "display" in coding:
            display = self.words(coding, at, "display", _LONGEST_COMMENT)
        return OverrideReason(system, code, display)

    def moment(self, data: Mapping[str, Any], path: str) -> datetime | None:
        name = "outcomeTimestamp"
        what = "a time in UTC such as 2026-05-01T09:30:00Z"
        said = self.text(data, path, name, _TIME, what)
        if said is None:
            return None
        try:
            return datetime.fromisoformat(said)
        except ValueError:
            self.problem(f"{path}.{name}", "there is no such time", f"give {what}")
            return None

    # -- members --

    def object(
        self, given: object, path: str, known: tuple[str, ...], at: str | None = None
    ) -> Mapping[str, Any] | None:
        """An object that has members, none of which is unknown, empty or null."""
        if not isinstance(given, dict) or not given:
            mend = f"give an object with {' and '.join(known)}"
            self.problem(path, f"{_shape(given)} is no object with members", mend)
            return None
        for name in given:
            where = _at(path if at is None else at, name)
            if name == EXTENSION:
                if not isinstance(given[name], dict) or not given[name]:
                    mend = "give an object whose keys are names of yours, or leave it"
                    self.problem(where, "it is no such object", mend)
            elif name not in known:
                self.problem(where, "there is no such member", nearest(name, known))
        return given

    def list(
        self, given: Mapping[str, Any], path: str, name: str, most: int
    ) -> list[Any]:
        value = given.get(name)
        where = _at(path, name)
        if not isinstance(value, list) or not value:
            message = _lacking(given, name, "it is no list with entries")
            self.problem(where, message, "give a list with an entry at least")
            return []
        if len(value) > most:
            self.problem(where, f"it has {len(value)} entries", f"give {most} at most")
            return []
        return value

    def text(
        self,
        given: Mapping[str, Any],
        path: str,
        name: str,
        form: re.Pattern[str],
        what: str,
    ) -> str | None:
        value = given.get(name)
        if isinstance(value, str) and form.fullmatch(value):
            return value
        message = _lacking(given, name, f"it is not {what}")
        self.problem(_at(path, name), message, f"give {what}")
        return None

    def words(self, given: Mapping[str, Any], path: str, name: str, most: int) -> str:
        value = given.get(name)
        if isinstance(value, str) and value.strip() and len(value) <= most:
            return value
        message = _lacking(given, name, "it is empty, too long or no text")
        self.problem(_at(path, name), message, f"give a text of 1 to {most} signs")
        return ""


def _lacking(given: Mapping[str, Any], name: str, wrong: str = "it is none") -> str:
    return wrong if name in given else "it is missing"


def _shape(value: object) -> str:
    """What a value is, without what it says: that may be of a patient."""
    return "a text" if isinstance(value, str) else described(value)


def _at(path: str, key: object) -> str:
    return f"{path}.{name_in_path(key)}" if path else name_in_path(key)
