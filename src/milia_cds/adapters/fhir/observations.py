"""Observations: the newest final one of the window, and no other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from milia_cds.adapters.fhir.codes import Match
from milia_cds.adapters.fhir.context import Context
from milia_cds.adapters.fhir.elements import (
    Days,
    codings,
    days,
    days_before,
    months_before,
    table,
    text,
)
from milia_cds.adapters.fhir.gathering import Resource
from milia_cds.adapters.fhir.reading import Saying
from milia_cds.errors import Problem
from milia_cds.knowledge.fhir import FhirRule
from milia_cds.logic.facts import Value, YesNo

_TOO_MUCH = 1e15
_FINAL = frozenset({"final", "amended", "corrected"})


def observations(resources: list[Resource], context: Context) -> Iterator[Saying]:
    """What the newest observation says by each rule."""
    codes = context.index.codes("Observation")
    read: dict[str, list[tuple[Resource, Match]]] = {}
    for each in resources:
        for match in codes.found(each.data.get("code")):
            read.setdefault(match.rule.id, []).append((each, match))
    lacking = context.incomplete(["Observation"])
    for found in read.values():
        if lacking:
            why = f"a newer one may be missing: {lacking}"
            for each, match in found:
                yield context.voice(each, match).opens(why)
        else:
            yield from _newest(found, context)


def _newest(found: list[tuple[Resource, Match]], context: Context) -> Iterator[Saying]:
    """What the newest says; of the others, why they are not read."""
    dated: list[tuple[date, Resource, Match]] = []
    for each, match in found:
        day, why = _day(each, match.rule, context)
        if day is None:
            yield context.voice(each, match).opens(why, aside=True)
        else:
            dated.append((day, each, match))
    newest = max((day for day, _, _ in dated), default=None)
    for day, each, match in dated:
        if day == newest:
            value, why = _value(each, match, context)
            yield context.voice(each, match).says(value, f"{why} of {day}", day=day)


def _day(each: Resource, rule: FhirRule, context: Context) -> tuple[date | None, str]:
    """The day of an observation that is read, or why it is not."""
    said = each.data.get("status")
    if not isinstance(said, str) or said not in _FINAL:
        return None, f"it is {_word(said)}, so it is not read"
    if each.data.get("focus"):
        return None, "it is about something else than the patient"
    at = _effective(each)
    if at is None or at.first != at.last:
        return None, "it says no day, so it is not read"
    if at.last > context.as_of:
        return None, f"it is of {at}, after the day of the case"
    if at.first < oldest(rule, context.as_of):
        return None, f"it is of {at}, which is too long ago"
    return at.last, ""


def _word(said: object) -> str:
    return said if said in _STATUSES else "of no known status"


_STATUSES = ("registered", "preliminary", "cancelled", "unknown")


def oldest(rule: FhirRule, as_of: date) -> date:
    """The first day of the window of a rule."""
    if rule.within_days is not None:
        return days_before(as_of, rule.within_days)
    if rule.within_months is not None:
        return months_before(as_of, rule.within_months)
    return date.min


def _effective(each: Resource) -> Days | None:
    for key in ("effectiveDateTime", "effectiveInstant"):
        if key in each.data:
            return days(each.data[key])
    period = table(each.data.get("effectivePeriod"))
    return days(period.get("end") or period.get("start"))


# -- values --


def _value(each: Resource, match: Match, context: Context) -> tuple[Value | None, str]:
    """The value of an observation by a rule, and in words how it was read."""
    if each.data.get("dataAbsentReason") is not None:
        return None, "its value is said to be absent: that"
    if match.rule.reader == "number":
        return _number(each, match, context)
    return _answer(each, match, context)


def _answer(each: Resource, match: Match, context: Context) -> tuple[Value | None, str]:
    kind = context.vocabulary.kinds[match.rule.fact]
    said = each.data.get("valueBoolean")
    if isinstance(said, bool) and isinstance(kind, YesNo):
        if said or "value" in match.rule.no:
            return said, "the value"
        return None, "a no that says nothing here: that"
    found = context.index.answers[match.rule.id].found(
        each.data.get("valueCodeableConcept")
    )
    means = {value for value, _ in found}
    if len(means) != 1:
        named = any(codings(each.data.get("valueCodeableConcept")))
        why = (
            "its value has no code that is known" if named else "it has no coded value"
        )
        return None, f"{'its value has codes that differ' if means else why}: that"
    return means.pop(), "the value"


def _number(each: Resource, match: Match, context: Context) -> tuple[Value | None, str]:
    number, units = _measured(each)
    if number is None:
        if "valueQuantity" in each.data or "valueInteger" in each.data:
            message = "it is no measured number"
            mend = "give a finite number without comparator, or leave it out"
            context.problem(each, "value[x]", message, mend)
        return None, "it has no measured number: that"
    if not units & {*match.units}:
        return None, "its unit is not one that is read: that"
    rule = match.rule
    if rule.below is None:
        kind = context.vocabulary.kinds[rule.fact]
        problems: list[Problem] = []
        read = kind.read(number, "value", problems)
        for wrong in problems:
            context.problem(each, "value[x]", wrong.message, wrong.mend)
        return read, "the value" if read is not None else "it is out of bounds: that"
    if number < rule.below:
        return True, f"{number:g} is below {rule.below:g}: the value"
    if "value" in rule.no:
        return False, f"{number:g} is not below {rule.below:g}: the value"
    return None, f"{number:g} is not below {rule.below:g}, which says no no: that"


def _measured(each: Resource) -> tuple[float | None, set[str]]:
    """The number of an observation, and the names of its unit."""
    whole = each.data.get("valueInteger")
    if type(whole) is int and abs(whole) < _TOO_MUCH:
        return whole, {""}
    quantity = table(each.data.get("valueQuantity"))
    number = quantity.get("value")
    if isinstance(number, bool) or not isinstance(number, int | float):
        return None, set()
    if quantity.get("comparator") is not None or not abs(number) < _TOO_MUCH:
        return None, set()  # what is no number is not below either
    names = {text(quantity.get("code")), text(quantity.get("unit"))}
    return number, names - {""} or {""}
