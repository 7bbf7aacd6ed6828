"""Days: the one on which a case was stated, and those that ages are counted from."""

from __future__ import annotations

import re
from datetime import date, datetime

_ISO = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def day_of(given: object) -> date | None:
    """The day of a date, or of a date and time, whose hours would hide a birthday.

    Parameters
    ----------
    given
        Anything; what has no day, such as a date that is missing, gives `None`.
    """
    if isinstance(given, datetime):
        try:
            return date(given.year, given.month, given.day)
        except (TypeError, ValueError):  # the missing date of pandas
            return None
    return given if isinstance(given, date) else None


def day_said(text: str) -> date | None:
    """The day that a text says as ISO 8601 does, such as "2026-05-01".

    Parameters
    ----------
    text
        Anything else gives `None`.
    """
    if not _ISO.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
