"""Age in years from dates, days, weeks or months, for `patient.age_years`.

An age is the completed years plus the days since the last birthday over the length of
that year of life. A year of life has 365 or 366 days, so 28 days are 0.0767 or 0.0765
years; the term `newborn` ends below both.
"""

from __future__ import annotations

import math
from datetime import date

from milia_cds.case.days import day_of, years_between
from milia_cds.errors import CaseError, Problem, described
from milia_cds.logic.facts import plain_scalar

_DAYS_IN_YEAR = 365.25
_DAYS_IN_WEEK = 7
_MONTHS_IN_YEAR = 12
_OLDEST = 120
_NOT_KNOWN = "leave the age out where it is not known"


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
        When the birth is after the visit, or more than 120 years before it, or when one
        of the two is no date.

    Examples
    --------
    >>> age_from_dates(date(2026, 1, 1), date(2026, 1, 29))  # 28 days
    0.07671232876712329
    >>> age_from_dates(date(1990, 5, 17), date(2026, 5, 17))
    36.0
    """
    born, on = _day("birth", born), _day("visit", on)
    if on < born:
        message = f"the birth, {born}, is after the visit, {on}"
        raise _bad_age(message, "check both dates")
    years = years_between(born, on)
    _checked(math.floor(years))
    return _checked(years)


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
        When it is no number, negative, not finite or beyond 120 years.

    Examples
    --------
    >>> age_from_days(28) >= 0.0765  # the 28th day is not under 28 days
    True
    """
    return _years(days, "days", 1, _DAYS_IN_YEAR)


def age_from_weeks(weeks: float) -> float:
    """The age in years of somebody who is so many weeks old.

    Parameters
    ----------
    weeks
        The age in weeks, 0 to 6261.

    Raises
    ------
    CaseError
        When it is no number, negative, not finite or beyond 120 years.
    """
    return _years(weeks, "weeks", _DAYS_IN_WEEK, _DAYS_IN_YEAR)


def age_from_months(months: float) -> float:
    """The age in years of somebody who is so many months old.

    Parameters
    ----------
    months
        The age in months, 0 to 1440. A year counts 12 of them.

    Raises
    ------
    CaseError
        When it is no number, negative, not finite or beyond 120 years.

    Examples
    --------
    >>> age_from_months(6)
    0.5
    """
    return _years(months, "months", 1, _MONTHS_IN_YEAR)


def _day(what: str, given: object) -> date:
    day = day_of(given)
    if day is None:
        message = f"the {what}, {described(given)}, is no date"
        raise _bad_age(message, f"give a datetime.date, or {_NOT_KNOWN}")
    return day


def _years(given: object, unit: str, each: int, in_year: float) -> float:
    number = plain_scalar(given)
    if isinstance(number, bool) or not isinstance(number, int | float):
        message = f"{described(number)} is no number of {unit}"
        raise _bad_age(message, f"give a number, or {_NOT_KNOWN}")
    try:
        years = number * each / in_year
    except OverflowError:
        years = math.inf
    return _checked(years)


def _checked(years: float) -> float:
    if not math.isfinite(years) or not 0 <= years <= _OLDEST:
        message = f"{years:g} years is out of bounds"
        raise _bad_age(message, f"give an age from 0 to {_OLDEST} years")
    return years


def _bad_age(message: str, mend: str) -> CaseError:
    return CaseError([Problem("patient.age_years", message, mend)])
