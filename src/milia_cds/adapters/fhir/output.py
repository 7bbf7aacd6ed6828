"""Parts of the FHIR resources that are written: codings, references, times, texts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, TypeAlias

from milia_cds.case.days import day_of
from milia_cds.errors import WrongTypeError, described, only, quoted, visible
from milia_cds.render.markup import element

Element: TypeAlias = dict[str, Any]
"""An element of FHIR that is written, such as a resource, as plain JSON values."""

NAME = "milia-cds"
"""The name of the program, from which its own identifiers begin."""

_PATIENT = re.compile(
    r"(?:https?://[^\s?#]+/)?Patient/[A-Za-z0-9.-]{1,64}(?:/_history/[A-Za-z0-9.-]{1,64})?"
    r"|urn:uuid:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
)
_ID = re.compile(r"[A-Za-z0-9.-]{1,64}")
_MARKED = str.maketrans({sign: f"\\{sign}" for sign in "\\`*_[]<>#|~"})
_MINUTE = timedelta(minutes=1)


def own(*parts: str) -> str:
    """An identifier of the library's own, such as "urn:milia-cds:answer"."""
    return ":".join(("urn", NAME, *parts))


def coding(system: str, code: str, display: str) -> Element:
    """A code of a system, with its words."""
    return {"system": system, "code": code, "display": fhir_text(display)}


def patient_reference(taker: str, given: object) -> Element:
    """The reference to a patient.

    Parameters
    ----------
    taker
        The name of the function that was given it.
    given
        "Patient/1", the id alone, an absolute address or a `urn:uuid:`.

    Raises
    ------
    WrongTypeError
        When it is none of these.
    """
    takes, mend = f"{taker} takes a reference to a patient", 'give it as "Patient/1"'
    only(str, given, takes, mend)
    text = str(given)
    if _PATIENT.fullmatch(text):
        return {"reference": text}
    if _ID.fullmatch(text):
        return {"reference": f"Patient/{text}"}
    message = f"{takes}, not {quoted(text)}; {mend}"
    raise WrongTypeError(message)


def instant(taker: str, given: object) -> str:
    """A moment as FHIR writes it, to the second, in the zone that it was given in.

    Parameters
    ----------
    taker
        The name of the function that was given it.
    given
        A date and time with its zone.

    Raises
    ------
    WrongTypeError
        When it is something else, or has no zone.
    """
    takes = f"{taker} takes a date and time with its zone as `at`"
    mend = "give a datetime with tzinfo, such as datetime.now(UTC)"
    if isinstance(given, datetime):
        offset = given.utcoffset()
        if offset is not None and not offset % _MINUTE:
            return given.isoformat(timespec="seconds")
        message = f"{takes}, and this has no zone of whole minutes; {mend}"
        raise WrongTypeError(message)
    message = f"{takes}, not {described(given)}; {mend}"
    raise WrongTypeError(message)


def day_or_instant(taker: str, given: object) -> str:
    """A day, or a moment with its zone, as FHIR writes it.

    Parameters
    ----------
    taker
        The name of the function that was given it.
    given
        A date, or a date and time with its zone.

    Raises
    ------
    WrongTypeError
        When it is something else, or a time without a zone.
    """
    if isinstance(given, datetime):
        return instant(taker, given)
    day = day_of(given)
    if day is None:
        mend = "give a datetime.date, or a datetime with its zone"
        only(date, given, f"{taker} takes a day as `at`", mend)
    return str(day)


def fhir_text(text: str) -> str:
    """A text in which nothing stands that nobody would see."""
    return visible(text, "\n\t")


def markdown(text: str) -> str:
    """A text as FHIR's Markdown, in which nothing of it is a mark."""
    return fhir_text(text).translate(_MARKED)


def notes(texts: Iterable[str]) -> list[Element]:
    """Texts as the notes of a resource."""
    return [{"text": markdown(text)} for text in texts]


def narrative(paragraphs: Iterable[str]) -> Element:
    """What a resource says for whoever reads it without a program, a line each."""
    said = (element("p", paragraph) for paragraph in paragraphs)
    div = element("div", said, xmlns="http://www.w3.org/1999/xhtml")
    return {"status": "generated", "div": str(div)}
