"""Ages in years, from dates, days or weeks."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import pytest

from milia_cds.case.ages import (
    age_from_dates,
    age_from_days,
    age_from_months,
    age_from_weeks,
)
from milia_cds.case.milia import Patient
from milia_cds.errors import CaseError, Problem

NEWBORN_ENDS: Final = 0.0765  # in years, as the term `newborn` has it
GIVE_AGE: Final = "give an age from 0 to 120 years"


@pytest.mark.parametrize(
    ("born", "on", "years"),
    [
        # Completed years, and the days since the birthday over the days of that year.
        (date(2026, 1, 1), date(2026, 1, 1), 0.0),
        (date(2026, 1, 1), date(2026, 1, 29), 28 / 365),
        (date(2026, 1, 1), date(2026, 12, 31), 364 / 365),
        (date(2026, 1, 1), date(2027, 1, 1), 1.0),
        (date(1990, 5, 17), date(2026, 5, 16), 35 + 364 / 365),
        (date(1990, 5, 17), date(2026, 5, 17), 36.0),
        (date(1990, 5, 17), date(2026, 5, 18), 36 + 1 / 365),
        (date(2013, 12, 31), date(2026, 1, 1), 12 + 1 / 365),
        # A year of life with a 29 February in it has 366 days.
        (date(2024, 1, 1), date(2024, 1, 29), 28 / 366),
        (date(2023, 3, 1), date(2024, 2, 29), 365 / 366),
        (date(2023, 2, 28), date(2024, 2, 28), 1.0),
        (date(2024, 3, 1), date(2025, 2, 28), 364 / 365),
        (date(1899, 3, 1), date(1900, 2, 28), 364 / 365),
        # Somebody born on 29 February: 1 March in a common year.
        (date(2024, 2, 29), date(2025, 2, 28), 365 / 366),
        (date(2024, 2, 29), date(2025, 3, 1), 1.0),
        (date(2024, 2, 29), date(2026, 2, 28), 1 + 364 / 365),
        (date(2024, 2, 29), date(2027, 3, 1), 3.0),
        (date(2024, 2, 29), date(2028, 2, 28), 3 + 364 / 365),
        (date(2024, 2, 29), date(2028, 2, 29), 4.0),
        (date(2024, 2, 29), date(2028, 3, 1), 4 + 1 / 366),
        # The bounds.
        (date(1906, 7, 1), date(2026, 7, 1), 120.0),
    ],
)
def test_an_age_is_completed_years_and_the_part_of_the_next(
    born: date, on: date, years: float
) -> None:
    assert age_from_dates(born, on) == years


def test_an_age_can_be_a_fact() -> None:
    assert Patient(age_years=age_from_dates(date(1990, 5, 17), date(2026, 5, 17))) == (
        Patient(age_years=36)
    )


def test_a_birth_after_the_visit_is_refused() -> None:
    with pytest.raises(CaseError) as caught:
        age_from_dates(date(2026, 1, 2), date(2026, 1, 1))

    assert caught.value.problems == (
        Problem(
            "patient.age_years",
            "the birth, 2026-01-02, is after the visit, 2026-01-01",
            "check both dates",
        ),
    )


@pytest.mark.parametrize(
    ("born", "on", "message"),
    [
        (date(1906, 7, 1), date(2026, 7, 2), "120.003 years is out of bounds"),
        (date(1806, 7, 1), date(2026, 7, 1), "220 years is out of bounds"),
        (date(1990, 1, 1), date.max, "8009 years is out of bounds"),
        (date.min, date.max, "9998 years is out of bounds"),
    ],
)
def test_nobody_is_older_than_120(born: date, on: date, message: str) -> None:
    with pytest.raises(CaseError) as caught:
        age_from_dates(born, on)

    assert caught.value.problems == (Problem("patient.age_years", message, GIVE_AGE),)


@pytest.mark.parametrize(
    ("born", "on"),
    [
        (datetime(1996, 1, 1, 15, tzinfo=UTC), datetime(2026, 1, 1, 9, tzinfo=UTC)),
        (date(1996, 1, 1), datetime(2026, 1, 1, 9, tzinfo=UTC)),
        (datetime(1996, 1, 1, 15, tzinfo=UTC), date(2026, 1, 1)),
    ],
)
def test_the_hour_of_birth_does_not_put_off_a_birthday(born: date, on: date) -> None:
    assert age_from_dates(born, on) == 30.0


@pytest.mark.parametrize("days", range(5))
def test_the_28th_day_divides_newborns_from_infants_on_any_date(days: int) -> None:
    """Every birth date in 2019 to 2025, with a leap day before, within and after."""
    first, last = date(2019, 1, 1), date(2025, 12, 31)
    births = [first + timedelta(day) for day in range((last - first).days + 1)]
    on_day = 26 + days

    newborn = {
        age_from_dates(born, born + timedelta(on_day)) < NEWBORN_ENDS for born in births
    }

    assert newborn == {on_day < 28}


@pytest.mark.parametrize(
    ("days", "years"),
    [(0, 0.0), (28, 28 / 365.25), (365.25, 1.0), (1461, 4.0), (43830, 120.0)],
)
def test_without_dates_a_year_has_365_days_and_a_quarter(
    days: float, years: float
) -> None:
    assert age_from_days(days) == years
    assert age_from_weeks(days / 7) == pytest.approx(years)


def test_28_days_or_4_weeks_are_not_under_28_days() -> None:
    assert age_from_days(27) < NEWBORN_ENDS <= age_from_days(28) == age_from_weeks(4)


@pytest.mark.parametrize(
    ("days", "message"),
    [
        (-1, "-0.00273785 years is out of bounds"),
        (43831, "120.003 years is out of bounds"),
        (math.nan, "nan years is out of bounds"),
        (math.inf, "inf years is out of bounds"),
        (-math.inf, "-inf years is out of bounds"),
        (10**400, "inf years is out of bounds"),
    ],
)
def test_days_that_are_no_age_are_refused(days: float, message: str) -> None:
    with pytest.raises(CaseError) as caught:
        age_from_days(days)

    assert caught.value.problems == (Problem("patient.age_years", message, GIVE_AGE),)


@pytest.mark.parametrize("weeks", [-1, 6262, math.nan, math.inf, 1e308, 10**400])
def test_weeks_that_are_no_age_are_refused(weeks: float) -> None:
    with pytest.raises(CaseError, match="years is out of bounds"):
        age_from_weeks(weeks)


def test_the_oldest_age_in_weeks_is_read() -> None:
    assert age_from_weeks(6261) == 43827 / 365.25


# What is no age ----------------------------------------------------------------------

LEAVE_OUT: Final = "leave the age out where it is not known"
DAY: Final = date(2026, 5, 17)


class Missing(datetime):
    """A date that is missing, as pandas has it: a datetime without a day."""

    year: Any = math.nan


@pytest.mark.parametrize(
    ("born", "on", "message"),
    [
        (None, DAY, "the birth, null, is no date"),
        (DAY, None, "the visit, null, is no date"),
        ("1990-05-17", DAY, 'the birth, "1990-05-17", is no date'),
        (1990, DAY, "the birth, 1990, is no date"),
        (Missing(1, 1, 1), DAY, "the birth, a Python Missing, is no date"),
    ],
)
def test_what_is_no_date_is_refused(born: Any, on: Any, message: str) -> None:
    with pytest.raises(CaseError) as caught:
        age_from_dates(born, on)

    mend = f"give a datetime.date, or {LEAVE_OUT}"
    assert caught.value.problems == (Problem("patient.age_years", message, mend),)


@pytest.mark.parametrize(
    ("age", "given", "message"),
    [
        (age_from_days, None, "null is no number of days"),
        (age_from_weeks, "3", '"3" is no number of weeks'),
        (age_from_months, True, "true is no number of months"),
        (age_from_months, [6], "a list is no number of months"),
    ],
)
def test_what_is_no_number_is_refused(
    age: Callable[[Any], float], given: object, message: str
) -> None:
    with pytest.raises(CaseError) as caught:
        age(given)

    mend = f"give a number, or {LEAVE_OUT}"
    assert caught.value.problems == (Problem("patient.age_years", message, mend),)


@pytest.mark.parametrize(
    ("months", "years"), [(0, 0.0), (1, 1 / 12), (6, 0.5), (18, 1.5), (1440, 120.0)]
)
def test_a_year_has_twelve_months(months: float, years: float) -> None:
    assert age_from_months(months) == years


@pytest.mark.parametrize("months", [-1, 1441, math.nan, math.inf, 10**400])
def test_months_out_of_bounds_are_refused(months: float) -> None:
    with pytest.raises(CaseError) as caught:
        age_from_months(months)

    assert caught.value.problems[0].mend == GIVE_AGE
