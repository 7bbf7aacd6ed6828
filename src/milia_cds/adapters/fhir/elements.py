"""The elements of a FHIR resource, read from plain values that may be anything."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple, TypeAlias

from milia_cds.case.days import day_said

Json: TypeAlias = Mapping[str, Any]
"""A JSON object."""
NOTHING: Json = {}

_TIME = re.compile(
    r"T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?(Z|[+-][0-9]{2}:[0-9]{2})?"
)
_DAY, _MONTH, _YEAR = 10, 7, 4
"""How many characters a day, a month and a year have."""
_DECEMBER = 12
_LAST_YEAR = 9999


class Days(NamedTuple):
    """The first and the last day that a date may mean: of a year, all of its days."""

    first: date
    last: date

    def __str__(self) -> str:
        """The day, or both."""
        if self.first == self.last:
            return self.first.isoformat()
        return f"{self.first.isoformat()} to {self.last.isoformat()}"


def table(value: object) -> Json:
    """A JSON object; whatever else stands there is as good as nothing."""
    return value if isinstance(value, dict) else NOTHING


def items(value: object) -> list[Any]:
    """A JSON list; whatever else stands there is as good as nothing."""
    return value if isinstance(value, list) else []


def text(value: object) -> str:
    """A JSON text; whatever else stands there is as good as nothing."""
    return value if isinstance(value, str) else ""


def codings(concept: object) -> Iterator[tuple[str, str]]:
    """System and code of each coding of a CodeableConcept; a text alone is none."""
    for coding in items(table(concept).get("coding")):
        if isinstance(coding, dict):
            system, code = coding.get("system"), coding.get("code")
            if isinstance(system, str) and isinstance(code, str):
                yield system, code


def status(concept: object, system: str) -> str:
    """The one code of a status from its own system; "" where there is none, or two."""
    said = {code for of, code in codings(concept) if of == system}
    return said.pop() if len(said) == 1 else ""


def days(value: object) -> Days | None:
    """The days that a FHIR date, dateTime or instant means; `None` where it is none.

    A day is the one that its own time zone had.
    """
    if not isinstance(value, str):
        return None
    if len(value) == _YEAR:
        first, last = day_said(f"{value}-01-01"), day_said(f"{value}-12-31")
        return Days(first, last) if first and last else None
    if len(value) == _MONTH:
        first = day_said(f"{value}-01")
        return Days(first, _end_of_month(first)) if first else None
    day = day_said(value[:_DAY])
    if day is None or not (len(value) == _DAY or _TIME.fullmatch(value[_DAY:])):
        return None
    return Days(day, day)


def _end_of_month(first: date) -> date:
    if first.month == _DECEMBER:
        return first.replace(day=31)
    following = first.replace(month=first.month + 1)
    return date.fromordinal(following.toordinal() - 1)


def months_before(day: date, months: int) -> date:
    """The day so many months before, or the last of its month where it has none."""
    whole = day.year * 12 + day.month - 1 - months
    year, month = divmod(whole, 12)
    if year < 1:
        return date.min
    first = date(min(year, _LAST_YEAR), month + 1, 1)
    return first.replace(day=min(day.day, _end_of_month(first).day))


def days_before(day: date, count: int) -> date:
    """The day so many days before."""
    return date.fromordinal(max(1, day.toordinal() - count))
