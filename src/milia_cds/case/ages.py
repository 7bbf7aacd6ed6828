"""Age in years from dates, days or weeks, for `patient.age_years`.

An age is the completed years plus the days since the last birthday over the length of
that year of life. A year of life has 365 or 366 days, so 28 days are 0.0767 or 0.0765
years; the term `newborn` ends below both.
"""

from __future__ import annotations

import math
from datetime import date, datetime

from milia_cds.errors import CaseError, Problem

_DAYS_IN_YEAR = 365.25
_OLDEST = 120


def age_from_dates(born: date, on: date) -> float:
    """The age on a day.

    Parameters
    ----------
    born, on
        The date of birth, and the day of the visit. Somebody born on 29 February has
        the birthday on 1 March in a common year.

    Returns
    -------
    float
        The age in years, 0 to 120.

    Raises
    ------
    CaseError
        When the birth is after the visit, or more than 120 years before it.

    Examples
    --------
    >>> age_from_dates(date(2026, 1, 1), date(2026, 1, 29))  # 28 days
    0.07671232876712329
    >>> age_from_dates(date(1990, 5, 17), date(2026, 5, 17))
    36.0
    """
    born, on = _day(born), _day(on)
    if on < born:
        message = f"the birth, {born}, is after the visit, {on}"
        raise _bad_age(message, "check both dates")
    years = on.year - born.year
    if _birthday(born, on.year) > on:
        years -= 1
    _checked(years)
    last = _birthday(born, born.year + years)
    following = _birthday(born, born.year + years + 1)
    return _checked(years + (on - last).days / (following - last).days)


def age_from_days(days: float) -> float:
    """The age in years of somebody who is so many days old.

    Parameters
    ----------
    days
        The age in days, 0 to 43830. Without dates a year counts 365.25 days, so an
        age within a day of a birthday may still read as the younger one.

    Raises
    ------
    CaseError
        When the number is negative, not finite or beyond 120 years.

    Examples
    --------
    >>> age_from_days(28) >= 0.0765  # the 28th day is not under 28 days
    True
    """
    try:
        years = days / _DAYS_IN_YEAR
    except OverflowError:
        years = math.inf
    return _checked(years)


def age_from_weeks(weeks: float) -> float:
    """The age in years of somebody who is so many weeks old.

    Parameters
    ----------
    weeks
        The age in weeks, 0 to 6261.

    Raises
    ------
    CaseError
        When the number is negative, not finite or beyond 120 years.
    """
    return age_from_days(weeks * 7)


def _day(value: date) -> date:
    """The day of a date and time, whose hours would hide a birthday."""
    return value.date() if isinstance(value, datetime) else value


def _birthday(born: date, year: int) -> date:
    try:
        return born.replace(year=year)
    except ValueError:
        return date(year, 3, 1)


def _checked(years: float) -> float:
    if not math.isfinite(years) or not 0 <= years <= _OLDEST:
        message = f"{years:g} years is out of bounds"
        raise _bad_age(message, f"give an age from 0 to {_OLDEST} years")
    return years


def _bad_age(message: str, mend: str) -> CaseError:
    return CaseError([Problem("patient.age_years", message, mend)])
