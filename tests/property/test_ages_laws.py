"""Laws of ages: they grow by the day, and a birthday completes a year."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import example, given, settings
from hypothesis import strategies as st

from milia_cds.case.ages import age_from_dates, age_from_days, age_from_weeks

LEAP_DAY = date(2024, 2, 29)
births = st.dates(date(1880, 1, 1), date(2060, 12, 31))
days_of_life = st.integers(0, 43_800)  # within 120 years
halves = st.integers(0, 21_900)
few = settings(deadline=None)


def _birthday(born: date, years: int) -> date:
    year = born.year + years
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    if (born.month, born.day) == (2, 29) and not leap:
        return date(year, 3, 1)
    return date(year, born.month, born.day)


@few
@given(births, days_of_life, days_of_life)
@example(LEAP_DAY, 365, 366)
@example(LEAP_DAY, 1460, 1461)
def test_who_lives_longer_is_older(born: date, some: int, more: int) -> None:
    some, more = sorted((some, more))

    younger = age_from_dates(born, born + timedelta(some))
    older = age_from_dates(born, born + timedelta(more))

    assert younger < older if some < more else younger == older


@few
@given(births, halves, halves)
def test_who_is_born_later_is_no_older(born: date, gap: int, days: int) -> None:
    later = born + timedelta(gap)
    on = later + timedelta(days)

    assert age_from_dates(later, on) <= age_from_dates(born, on)


@few
@given(births, st.integers(0, 120))
@example(LEAP_DAY, 1)
@example(LEAP_DAY, 4)
@example(date(1896, 2, 29), 4)
def test_a_birthday_completes_a_year_exactly(born: date, years: int) -> None:
    assert age_from_dates(born, _birthday(born, years)) == years


@few
@given(births, st.integers(1, 120))
def test_the_day_before_a_birthday_completes_none(born: date, years: int) -> None:
    eve = _birthday(born, years) - timedelta(1)

    assert int(age_from_dates(born, eve)) == years - 1


@few
@given(births, days_of_life)
def test_dates_and_days_agree_within_a_day(born: date, days: int) -> None:
    from_dates = age_from_dates(born, born + timedelta(days))

    assert abs(from_dates - age_from_days(days)) < 2 / 365


@few
@given(st.integers(0, 6261))
def test_a_week_has_seven_days(weeks: int) -> None:
    assert age_from_weeks(weeks) == age_from_days(7 * weeks)
