"""A case as a browser posts it, and the door of the example program that reads it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from examples.apps import plain_form
from milia_cds import Case


def by_form(data: dict[str, Any]) -> Case:
    """Read plain values, as JSON has them, by way of a form."""
    return plain_form.case_of_form(dict(posted(data)))


def posted(data: dict[str, Any]) -> Iterator[tuple[str, list[str]]]:
    """The fields of a form that states the same."""
    for name, value in data.items():
        if not isinstance(value, dict):
            yield name, [value] if isinstance(value, str) else list(value)
            continue
        for fact, stated in value.items():
            yield from _field(f"{name}.{fact}", stated)


def _field(name: str, value: Any) -> Iterator[tuple[str, list[str]]]:
    match value:
        case None:
            yield name, [plain_form.NOT_KNOWN]
        case bool():
            yield name, ["yes" if value else "no"]
        case dict() if value:
            for criterion, weight in value.items():
                yield f"{name}.{criterion}", [str(weight)]
        case list() | dict():
            yield name, [*value] or [plain_form.NONE_OF_THEM]
        case int() | float():
            yield name, [format(Decimal(repr(value)), "f")]  # a person writes no 1e-05
        case _:
            yield name, ["", str(value)]
