"""Days: the one on which a case was stated, and those that ages are counted from."""

from __future__ import annotations

import re
from datetime import MAXYEAR, date, datetime

_FOURTH = "(?:0[48]|[2468][048]|[13579][26])"
_LEAP = rf"(?:[0-9]{{2}}{_FOURTH}|{_FOURTH}00)"
DAY = (
    r"^(?:(?!0000)[0-9]{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])"
    r"|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))"
    rf"|{_LEAP}-02-29)$"
)
"""The days of the calendar as ISO 8601 writes them, for those who check a text."""

_ISO = re.compile(DAY)


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
    return date.fromisoformat(text) if _ISO.fullmatch(text) else None


def years_between(born: date, on: date) -> float:
    """The completed years, and the days since the birthday over the length of its year.

    Parameters
    ----------
    born, on
        Two days, the earlier first. Who was born on 29 February has the birthday on
        1 March in a common year.
    """
    years = on.year - born.year - (_birthday(born, on.year) > on.toordinal())
    last = _birthday(born, born.year + years)
    length = _birthday(born, born.year + years + 1) - last
    return years + (on.toordinal() - last) / length


def _birthday(born: date, year: int) -> int:
    """The birthday in a year, as an ordinal; the year after the last has one too."""
    if year > MAXYEAR:
        return _birthday(born, year - 1) + 365
    try:
        return born.replace(year=year).toordinal()
    except ValueError:
        return date(year, 3, 1).toordinal()
