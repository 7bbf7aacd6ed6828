"""Days as texts: those of the calendar, and no other."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from milia_cds.case.days import day_said


def test_every_day_of_four_centuries_is_read() -> None:
    day = date(1899, 12, 31)
    while day < date(2300, 1, 1):
        assert day_said(day.isoformat()) == day
        day += timedelta(1)


@pytest.mark.parametrize("day", [date.min, date(4, 2, 29), date(400, 2, 29), date.max])
def test_so_are_the_first_and_the_last(day: date) -> None:
    assert day_said(day.isoformat()) == day


@pytest.mark.parametrize(
    "text",
    [
        "0000-01-01",
        "0000-02-29",
        "1900-02-29",
        "2100-02-29",
        "2026-02-29",
        "2026-04-31",
        "2026-13-01",
        "2026-00-10",
        "2026-1-1",
        "2026-01-01\n",
        "\uff12\uff10\uff12\uff16-01-01",
    ],
)
def test_what_is_no_day_is_not(text: str) -> None:
    assert day_said(text) is None
