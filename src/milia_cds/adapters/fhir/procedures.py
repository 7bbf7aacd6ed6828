"""Procedures: done within a window, or not done."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from milia_cds.adapters.fhir.codes import Match
from milia_cds.adapters.fhir.context import Context
from milia_cds.adapters.fhir.elements import Days, days, table, text
from milia_cds.adapters.fhir.gathering import Resource
from milia_cds.adapters.fhir.observations import oldest
from milia_cds.adapters.fhir.reading import Saying

_DONE = frozenset({"completed", "in-progress"})


def procedures(resources: list[Resource], context: Context) -> Iterator[Saying]:
    """What procedures say."""
    codes = context.index.codes("Procedure")
    for each in resources:
        for match in codes.found(each.data.get("code")):
            yield _said(each, match, context)


def _said(each: Resource, match: Match, context: Context) -> Saying:
    said = text(each.data.get("status"))
    at = _performed(each)
    windowed = oldest(match.rule, context.as_of) > _NO_WINDOW
    if said not in _DONE and said != "not-done":
        return context.voice(each, match).opens("it is not said to be done")
    done = "it was done" if said in _DONE else "it was not done"
    if at is None:
        if windowed or said == "not-done" or match.value is False:
            why = f"{done}, and no day is said"
            return context.voice(each, match).opens(why)
        return context.voice(each, match).says(match.value, done)
    if at.last > context.as_of:
        why = f"{done} on {at}, after the day of the case"
        return context.voice(each, match).opens(why, aside=at.first > context.as_of)
    first = oldest(match.rule, context.as_of)
    if at.first < first:
        why = f"{done} on {at}, which is too long ago"
        return context.voice(each, match).opens(why, aside=at.last < first)
    if said == "not-done":
        if "not-done" in match.rule.no and match.value is not False:
            return context.voice(each, match).denies(f"{done} on {at}", at.last)
        why = "it was not done, which says nothing here"
        return context.voice(each, match).opens(why, aside=True)
    why = f"{done} on {at}"
    if match.value is False:
        return context.voice(each, match).denies(
            f"{why}, and its code says no", at.last
        )
    return context.voice(each, match).says(match.value, why, day=at.last)


def _performed(each: Resource) -> Days | None:
    if "performedDateTime" in each.data:
        return days(each.data["performedDateTime"])
    period = table(each.data.get("performedPeriod"))
    return days(period.get("end") or period.get("start"))


_NO_WINDOW = date.min
