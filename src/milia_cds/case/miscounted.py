"""What to write instead of a number that is misread: its unit, range or sign."""

from __future__ import annotations

import math

from milia_cds.case.amounts import Amount, Amounts, amounts_of, shown, size_in
from milia_cds.case.telling import Fact, either, going_on, takes
from milia_cds.errors import Problem
from milia_cds.logic.facts import OR_NULL, Number

_CALENDAR = range(1900, 2101)
"""Numbers that stand for a year of the calendar where years are counted."""


def of_number(fact: Fact, value: float) -> str:
    """What a number says that is out of bounds or not whole.

    Parameters
    ----------
    fact
        The fact that was to be read.
    value
        The number.
    """
    kind = fact.kind
    if not isinstance(kind, Number):
        return ""
    if kind.unit == "years" and value in _CALENDAR:
        return _of_date(fact)
    if not kind.whole or type(value) is int or not math.isfinite(value):
        return ""
    lower = int(value // 1)
    return "" if lower == value else _given(kind, [lower, lower + 1], OR_NULL)


def of_amounts(fact: Fact, text: str) -> str:
    """What a text says that stands for a number.

    Parameters
    ----------
    fact
        The fact that was to be read.
    text
        The text.
    """
    kind = fact.kind
    if not isinstance(kind, Number):
        return ""
    amounts = amounts_of(text, roman=kind.whole)
    if amounts.is_date:
        return _of_date(fact)
    sizes = [size_in(each, kind.unit) for each in amounts.found]
    numbers = [size for size in sizes if size is not None]
    if amounts.is_range:
        return _best(kind, numbers)
    if amounts.is_bound and numbers:
        return f"write one number, the best estimate: {takes(kind)}"
    return _given(kind, numbers, _without(text, amounts, kind.unit))


def _without(text: str, amounts: Amounts, unit: str) -> str:
    """What is to be left out beside the number, and where it comes from."""
    units = any(each.unit for each in amounts.found)
    comma = "," in text and len(amounts.found) == 1
    converted = units and any(_differs(each, unit) for each in amounts.found)
    why = f" ({' '.join(text.split())} in {unit})"
    return (
        f"{'with a point and ' * comma}without quotation marks{' and unit' * units}"
        f"{why * converted}"
    )


def _of_date(fact: Fact) -> str:
    alias = fact.words.alias("date", fact.name)
    return going_on(alias.text) if alias else f"a date is no number: {takes(fact.kind)}"


def _differs(amount: Amount, unit: str) -> bool:
    return bool(amount.unit) and size_in(Amount(1, amount.unit), unit) != 1


def _best(kind: Number, numbers: list[float]) -> str:
    """Which one number to write instead of a range."""
    low, high = (*numbers, 0, 0)[:2]
    if low >= high or not (_fits(kind, low) and _fits(kind, high)):
        return ""
    if kind.whole and high - low == 1:
        return f"write {shown(low)} or {shown(high)}, {OR_NULL}"
    ends = f"from {shown(low)} to {shown(high)}"
    return f"write one number {ends}, the best estimate, {OR_NULL}"


def _given(kind: Number, numbers: list[float], then: str) -> str:
    fit = [shown(each) for each in numbers if _fits(kind, each)]
    if not fit:
        return ""
    meant = ", whichever is meant" if len(fit) > 1 else ""
    return f"write {either(fit)}{meant}, {then}"


def _fits(kind: Number, number: float) -> bool:
    problems: list[Problem] = []
    kind.read(int(number) if number == int(number) else number, "", problems)
    return not problems
