"""The errors of the library: one root, few leaves, each with fields.

Every problem that is found is reported at once, with the place, what is wrong there
and how to mend it.
"""

from __future__ import annotations

import json
import re
from difflib import get_close_matches
from typing import TYPE_CHECKING, Self

import attrs

if TYPE_CHECKING:
    from collections.abc import Iterable

_SHOWN = 60
_LISTED = 40
_MOST_KEPT = 1000
_MOST_LISTED = 50
_LONGEST_NAME = 60
# What a terminal obeys, what turns the direction of the text around it, and what nobody
# sees: control and format characters, fillers, and halves of characters.
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufeff\uffa0"
    "\ufff0-\ufffb\ufffe\uffff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff]"
)
_MISSING = {"NAType": "pandas.NA", "NaTType": "pandas.NaT"}


@attrs.frozen
class Problem:
    """One thing that is wrong: where, what, and how to mend it."""

    path: str
    message: str
    mend: str

    def __str__(self) -> str:
        """The problem as one line."""
        return visible(f"{self.path}: {self.message}; {self.mend}")


class Problems(list[Problem]):
    """Problems as they are found: the first 1000 are kept, the others counted.

    So whoever sends a million wrong entries is told so, and takes no memory by it.
    """

    more = 0

    def append(self, problem: Problem, /) -> None:
        """Keep a problem, or count it."""
        if len(self) < _MOST_KEPT:
            super().append(problem)
        else:
            self.more += 1

    def extend(self, problems: Iterable[Problem], /) -> None:
        """Keep or count each of some problems."""
        for problem in problems:
            self.append(problem)

    # Only problems are added to problems, and only in place.
    def __iadd__(self, problems: Iterable[Problem], /) -> Self:  # type: ignore[misc, override]
        """Keep or count each of some problems."""
        self.extend(problems)
        return self


class MiliaError(Exception):
    """The root of every error that this library raises on purpose."""


class WrongTypeError(MiliaError, TypeError):
    """A function was given what it does not take; it says what to give instead."""


class ProblemsError(MiliaError, ValueError):
    """Something that was read has problems; they are in `problems`.

    Parameters
    ----------
    problems
        At least one problem, in the order of finding; at most 1000 of what a case has.
    more
        How many there are beyond those.
    """

    subject = "The input"

    def __init__(self, problems: Iterable[Problem], more: int = 0) -> None:
        self.more = problems.more if isinstance(problems, Problems) else more
        self.problems = tuple(problems)
        super().__init__(self.problems, *([self.more] if self.more else []))

    def __str__(self) -> str:
        """A heading, and a line for each of the first 50 problems."""
        count = len(self.problems) + self.more
        noun = "problem" if count == 1 else "problems"
        lines = [f"{self.subject} has {count} {noun}:"]
        lines += [f"  {problem}" for problem in self.problems[:_MOST_LISTED]]
        if count > _MOST_LISTED:
            lines.append(f"  and {count - _MOST_LISTED} more")
        return "\n".join(lines)


class CaseError(ProblemsError):
    """A case could not be read, or cannot be assessed as it stands."""

    subject = "The case"


class ContradictionError(CaseError):
    """Stated facts of a case cannot be true together."""


class KnowledgeError(ProblemsError):
    """The knowledge base has problems, each with its file and key."""

    subject = "The knowledge base"


class KnowledgeFormatError(KnowledgeError):
    """The knowledge base is of a format that another version of the library reads."""


class OverdueError(KnowledgeError):
    """The knowledge should have been reviewed long before the day of the assessment."""


class AssessmentError(ProblemsError):
    """A stored assessment could not be read back."""

    subject = "The assessment"


class InterviewError(ProblemsError):
    """A stored interview could not be read back."""

    subject = "The interview"


class RecordError(ProblemsError):
    """A record of a patient cannot be read: it is none, or not that of one patient."""

    subject = "The record"


class DeceasedError(RecordError):
    """A record says that its patient has died, for whom nothing is chosen."""


class NoCaseError(MiliaError, LookupError):
    """A stored assessment was asked for what only its case can tell."""

    def __str__(self) -> str:
        """Say why, and how to mend it."""
        return (
            "an assessment that was read from storage has no case to reason about; "
            "store the case beside it and assess it again"
        )


class MendableError(MiliaError, ValueError):
    """One thing is wrong, and can be mended.

    Parameters
    ----------
    message, mend
        What is wrong, and how to mend it.
    """

    def __init__(self, message: str, mend: str) -> None:
        self.message = message
        self.mend = mend
        super().__init__(message, mend)

    def __str__(self) -> str:
        """What is wrong and how to mend it."""
        return visible(f"{self.message}; {self.mend}")


class AnswerError(MendableError):
    """An answer does not fit the question of an interview."""


class ConditionError(MiliaError, ValueError):
    """A condition is not of the language, or asks what can never be.

    Parameters
    ----------
    message, mend
        What is wrong, and how to mend it.
    column
        Where in the text, counted from 1.
    unknown
        A name that is not there, and what it would be: "name" (of a fact or term),
        "set", or the fact of which it would be a member.
    """

    def __init__(
        self, message: str, mend: str, column: int, unknown: tuple[str, str] = ("", "")
    ) -> None:
        self.message = message
        self.mend = mend
        self.column = column
        self.unknown = unknown
        super().__init__(message, mend, column, unknown)

    def __str__(self) -> str:
        """The place, what is wrong and how to mend it."""
        return visible(f"column {self.column}: {self.message}; {self.mend}")


class UnknownNameError(MiliaError, LookupError):
    """A name was asked for that the knowledge base does not have.

    Parameters
    ----------
    kind
        What was looked for, such as "option".
    name
        The name that was given.
    names
        The names that exist.
    """

    def __init__(self, kind: str, name: str, names: Iterable[str]) -> None:
        self.kind = kind
        self.name = name
        self.names = tuple(names)
        super().__init__(kind, name, self.names)

    def __str__(self) -> str:
        """Name the nearest existing name, or all."""
        mend = nearest(self.name, self.names)
        return visible(f"no {self.kind} {quoted(self.name)}; {mend}")


class NotOfferedError(MiliaError, LookupError):
    """Something was asked for that only an offered option has.

    Parameters
    ----------
    option
        The id that was given.
    verdict
        What the assessment says of it, such as "withheld".
    offered
        The options that the assessment offers.
    """

    def __init__(self, option: str, verdict: str, offered: Iterable[str]) -> None:
        self.option = option
        self.verdict = verdict
        self.offered = tuple(offered)
        super().__init__(option, verdict, self.offered)

    def __str__(self) -> str:
        """Say what the verdict is, and what is offered instead."""
        verdict = self.verdict.replace("_", " ")
        said = f"{quoted(self.option)} is {verdict} in this assessment, not offered"
        if not self.offered:
            return visible(f"{said}; no option is")
        return visible(f"{said}; choose one of {', '.join(self.offered)}")


class NoReferralError(MiliaError, LookupError):
    """A letter, or a leaflet for who is referred, was asked for, and nobody is.

    Parameters
    ----------
    offered
        The options that the assessment offers, on which there are leaflets.
    """

    def __init__(self, offered: Iterable[str]) -> None:
        self.offered = tuple(offered)
        super().__init__(self.offered)

    def __str__(self) -> str:
        """Say so, and which leaflets there are."""
        said = "this assessment refers nobody, so there is no letter and no leaflet"
        if not self.offered:
            return visible(f"{said} about one; answer its questions first")
        return visible(
            f"{said} about one; there are leaflets on {', '.join(self.offered)}"
        )


def visible(text: str, keep: str = "") -> str:
    r"""Show what would steer a terminal, turn the text around it or stay unseen.

    Control, format and bidirectional characters become their escapes: what a hostile
    file says is read, not obeyed. Done twice it is the same.

    Parameters
    ----------
    text
        Any text.
    keep
        The characters among them that stay, such as the ends of lines.

    Examples
    --------
    >>> print(visible("gentle\u202e\x1b[2J"))
    gentle\u202e\u001b[2J
    """
    return _UNSEEN.sub(
        lambda found: found[0] if found[0] in keep else _escape(found[0]), text
    )


def _escape(sign: str) -> str:
    code = ord(sign)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004 - \u


def quoted(value: object) -> str:
    """Show a hostile value in a message: escaped, and cut when it is long."""
    try:
        text = json.dumps(value)
    except (TypeError, ValueError, RecursionError):
        text = f"a {type(value).__name__}"
    text = visible(text)  # the one control sign that JSON lets stand is DEL
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 3]}..."


def meant(name: object, names: Iterable[str]) -> tuple[str, ...]:
    """The existing names that were possibly meant, the likeliest first."""
    known = tuple(names)
    if not isinstance(name, str) or not known:
        return ()
    return tuple(get_close_matches(name, known, n=len(known)))


def not_meant(missing: Iterable[str], wrong: Iterable[str]) -> list[str]:
    """Of missing names, those that no wrong one was probably meant to be."""
    left = list(missing)
    for name in wrong:
        for close in meant(name, left)[:1]:
            left.remove(close)
    return left


def nearest(name: object, names: Iterable[str]) -> str:
    """Say which existing name was probably meant, or which names there are."""
    known = tuple(names)
    close = meant(name, known)
    if close:
        return f"did you mean {quoted(close[0])}?"
    if len(known) > _LISTED:
        return f"it is none of the {len(known)} names in use"
    return f"use one of {', '.join(known)}" if known else "there is none"


def only(kind: type | tuple[type, ...], given: object, takes: str, mend: str) -> None:
    """Refuse what a function does not take.

    Parameters
    ----------
    kind
        What it takes.
    given
        What it was given.
    takes
        The beginning of the sentence, such as "assess takes a Case".
    mend
        Its end: what to give instead.

    Raises
    ------
    WrongTypeError
        In one sentence.
    """
    if not isinstance(given, kind):
        message = f"{takes}, not {described(given)}; {mend}"
        raise WrongTypeError(message)


@attrs.frozen
class Unreadable:
    """A JSON token that stands for no JSON value, such as NaN or 1e999."""

    text: str


def described(value: object) -> str:
    """Say what a value is, in the words of JSON."""
    match value:
        case None:
            return "null"
        case Unreadable(text):
            return text
        case bool() | str():
            return quoted(value)
        case int() | float():
            return _number_text(value)
        case list():
            return "a list"
        case dict():
            return "an object"
        case frozenset():
            return f"the set of {', '.join(sorted(map(str, value))) or 'nothing'}"
        case _:
            name = type(value).__name__
            return _MISSING.get(name, f"a Python {name}")


def _number_text(value: float) -> str:
    if isinstance(value, int) and value.bit_length() > 64:  # noqa: PLR2004 - one word
        return "a number of very many digits"
    return repr(value)


def name_in_path(name: object) -> str:
    """A key as it stands in a path: plain where it is a plain name."""
    if isinstance(name, str) and name.isidentifier() and name.isascii():
        return name if len(name) <= _LONGEST_NAME else quoted(name)
    return quoted(name)
