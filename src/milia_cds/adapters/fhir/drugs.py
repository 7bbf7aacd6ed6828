"""Statements and requests of drugs: taken now, at some time, or not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Literal, TypeAlias

import attrs

from milia_cds.adapters.fhir.codes import Match
from milia_cds.adapters.fhir.context import Context
from milia_cds.adapters.fhir.elements import (
    Days,
    days,
    days_before,
    items,
    months_before,
    table,
    text,
)
from milia_cds.adapters.fhir.gathering import Resource
from milia_cds.adapters.fhir.observations import oldest
from milia_cds.adapters.fhir.reading import Saying
from milia_cds.adapters.fhir.whose import not_understood

DrugState: TypeAlias = Literal["active", "ended", "not-taken", "open", "nothing"]

_ORDERS = frozenset(
    {
        *("order", "original-order", "reflex-order", "filler-order"),
        "instance-order",
    }
)
_STATED: dict[str, DrugState] = {
    "active": "active",
    "completed": "ended",
    "stopped": "ended",
    "not-taken": "not-taken",
}
_REQUESTED: dict[str, DrugState] = {
    "active": "active",
    "completed": "ended",
    "stopped": "ended",
    "cancelled": "nothing",
}


@attrs.frozen(eq=False)
class DrugEntry:
    """An entry of a drug.

    Parameters
    ----------
    at
        The resource.
    state
        Whether the drug is taken, was, is not, or none of these is known.
    why
        In words.
    begun, end, said
        When it began, when it ended, and the days on which that was said.
    """

    at: Resource
    state: DrugState
    why: str
    begun: Days | None
    end: Days | None
    said: tuple[Days, ...]

    @property
    def last(self) -> Days | None:
        """The last day that it names."""
        named = [each for each in (self.begun, self.end, *self.said) if each]
        return max(named, key=lambda each: (each.first, each.last), default=None)


def drugs(resources: list[Resource], context: Context) -> Iterator[Saying]:
    """What statements and requests say of drugs."""
    courses: dict[str, list[tuple[DrugEntry, Match]]] = {}
    for each in resources:
        codes = context.index.codes(each.kind)
        concept, ingredients = drug_of(each, context)
        found = codes.found(concept)
        known = {match.rule.fact for match in found}
        for part in ingredients:
            found += [
                match._replace(denies="")
                for match in codes.found(part)
                if match.rule.fact not in known
            ]
        entry = _entry(each)
        for match in found:
            if match.rule.reader == "course" and match.value is not False:
                courses.setdefault(match.rule.fact, []).append((entry, match))
            else:
                yield _said(entry, match, context)
    for entries in courses.values():
        yield from _course(entries, context)


def drug_of(each: Resource, context: Context) -> tuple[object, list[object]]:
    """What a statement or request is of: its concept, and those of its ingredients."""
    reference = table(each.data.get("medicationReference")).get("reference")
    if reference is None:
        return each.data.get("medicationCodeableConcept"), []
    drug = context.record.at(text(reference), each)
    if drug is None or drug.kind != "Medication":
        context.record.ignore(each, "its medication leads nowhere")
        return None, []
    why = not_understood(drug.data)
    if drug.data.get("status") == "entered-in-error":
        why = "it was entered in error"
    if why:
        context.record.ignore(each, f"{why}: {drug.reference}")
        return None, []
    parts = items(drug.data.get("ingredient"))
    return drug.data.get("code"), [
        table(part).get("itemCodeableConcept") for part in parts
    ]


def _entry(each: Resource) -> DrugEntry:
    data = each.data
    said = data.get("status")
    word = said if isinstance(said, str) and said in _WORDS else "of no known status"
    if each.kind == "MedicationStatement":
        state, why = _STATED.get(word, "open"), f"it is {word}"
        period = table(data.get("effectivePeriod"))
        begun, end = days(period.get("start")), days(period.get("end"))
        at = [data.get("effectiveDateTime"), data.get("dateAsserted")]
    else:
        state, why = _REQUESTED.get(word, "open"), f"it is {word}"
        if data.get("doNotPerform", False) is not False:
            state, why = "open", "it asks not to give it"
        elif text(data.get("intent")) not in _ORDERS:
            state, why = "open", "it is no order"
        begun, end, at = None, None, [data.get("authoredOn")]
    named = tuple(day for day in map(days, at) if day)
    begun = begun or (named[0] if named else None)
    return DrugEntry(each, state, why, begun, end, named)


_WORDS = frozenset(
    {
        *("active", "completed", "stopped", "not-taken", "cancelled", "intended"),
        *("on-hold", "draft", "unknown"),
    }
)


def _taken_now(entry: DrugEntry, context: Context) -> tuple[bool, str]:
    """Whether an active entry is one of now, and in words why or why not."""
    times = context.base.fhir.drug
    last = entry.last
    if last is None:
        return False, "it is active and undated, so nothing says when"
    if entry.begun and entry.begun.first > context.as_of:
        return False, f"it begins on {entry.begun}, after the day of the case"
    if entry.end and entry.end.last < context.as_of:
        return False, f"it is active, and yet it ended on {entry.end}"
    within = times.active_within_months if times else 0
    if last.first < months_before(context.as_of, within):
        return False, f"it is active since {last}, and nothing later says so: ask"
    return True, f"it is active, and of {last}"


def _said(entry: DrugEntry, match: Match, context: Context) -> Saying:
    """What an entry says of a drug that is taken now, or in a window."""
    if entry.state == "not-taken" or match.value is False:
        return _not_taken(entry, match, context)
    if match.rule.reader == "taken":
        return _taken(entry, match, context)
    if entry.state == "active":
        now, why = _taken_now(entry, context)
        value = match.value if now else None
        return context.voice(entry.at, match).says(value, why)
    if entry.state == "open":
        return context.voice(entry.at, match).opens(entry.why)
    why = f"{entry.why}, which says nothing of now"
    return context.voice(entry.at, match).opens(why, aside=True)


def _not_taken(entry: DrugEntry, match: Match, context: Context) -> Saying:
    """A no for now, while it is fresh: what is not taken may have been before."""
    if match.value is False and entry.state != "active":
        return context.voice(entry.at, match).opens(entry.why, aside=True)
    if match.value is not False and "not-taken" not in match.rule.no:
        why = "it is not taken, which says nothing here"
        return context.voice(entry.at, match).opens(why, aside=True)
    times = context.base.fhir.drug
    at = _asserted(entry)
    why = "it is not taken" if match.value is not False else "its code says no"
    if at is None or at.first != at.last:
        why = f"{why}, and says no day"
        return context.voice(entry.at, match).opens(why, aside=True)
    if at.last > context.as_of:
        why = f"{why} on {at}, after the day of the case"
        return context.voice(entry.at, match).opens(why, aside=True)
    within = times.not_taken_within_days if times else 0
    if at.first < days_before(context.as_of, within):
        why = f"{why} on {at}, which is too long ago"
        return context.voice(entry.at, match).opens(why, aside=True)
    return context.voice(entry.at, match).denies(f"{why} on {at}", at.last)


def _asserted(entry: DrugEntry) -> Days | None:
    """The day on which a statement was made, or else the day that it is about."""
    data = entry.at.data
    if "dateAsserted" in data:
        return days(data["dateAsserted"])
    return entry.end or entry.begun


def _taken(entry: DrugEntry, match: Match, context: Context) -> Saying:
    """A yes by any day of the window, whatever became of it."""
    if entry.state in {"open", "nothing"}:
        aside = entry.state == "nothing"
        return context.voice(entry.at, match).opens(entry.why, aside=aside)
    named = [each for each in (entry.begun, entry.end, *entry.said) if each]
    begin = oldest(match.rule, context.as_of)
    if any(begin <= each.first and each.last <= context.as_of for each in named):
        why = f"{entry.why}, and of {entry.last}"
        return context.voice(entry.at, match).says(match.value, why)
    if entry.begun and entry.end and entry.begun.last <= begin <= entry.end.first:
        why = f"{entry.why}, from {entry.begun} to {entry.end}"
        return context.voice(entry.at, match).says(match.value, why)
    if not named:
        return context.voice(entry.at, match).opens(f"{entry.why} and undated")
    over = entry.state == "ended" and entry.end is not None and entry.end.last < begin
    why = f"{entry.why}, and of {entry.last}"
    return context.voice(entry.at, match).opens(why, aside=over)


# -- courses: taken now, or ended so long ago --


def _course(
    entries: list[tuple[DrugEntry, Match]], context: Context
) -> Iterator[Saying]:
    """What the newest course of a drug says; the older ones say nothing beside it."""
    now: list[Saying] = []
    open_: list[Saying] = []
    ended: list[tuple[date, Saying]] = []
    for entry, match in entries:
        said = _of_course(entry, match, context)
        if entry.state == "active" and said.value is not None:
            now.append(said)
        elif said.value is not None and said.day is not None:
            ended.append((said.day, said))
        else:
            open_.append(said)
    newest = max((day for day, _ in ended), default=None)
    lacking = context.incomplete(["MedicationStatement", "MedicationRequest"])
    yield from now
    for said in open_:
        yield attrs.evolve(said, aside=said.aside or bool(now))
    for day, said in ended:
        if lacking and not now:
            why = f"a later one may be missing: {lacking}"
            yield attrs.evolve(said, value=None, why=why)
        elif now or day != newest:
            yield attrs.evolve(said, value=None, aside=True)
        else:
            yield said


def _of_course(entry: DrugEntry, match: Match, context: Context) -> Saying:
    if entry.state == "active":
        taken, why = _taken_now(entry, context)
        value = match.rule.current if taken else None
        return context.voice(entry.at, match).says(value, why)
    if entry.state == "ended":
        return _ended(entry, match, context)
    why, aside = entry.why, entry.state == "nothing"
    if entry.state == "not-taken":
        why, aside = "it is not taken now, which says nothing of before", True
    return context.voice(entry.at, match).opens(why, aside=aside)


def _ended(entry: DrugEntry, match: Match, context: Context) -> Saying:
    """What a course is that has ended, by how long ago that is."""
    end = entry.end
    if end is None:
        return context.voice(entry.at, match).opens(f"{entry.why}, and says no end")
    if end.last > context.as_of:
        why = f"{entry.why}, and yet it ends on {end}"
        return context.voice(entry.at, match).opens(why)
    means = {_bucket(day, match, context.as_of) for day in end}
    if len(means) != 1:
        why = f"it ended {end}, which may mean either"
        return context.voice(entry.at, match).opens(why)
    why = f"it ended on {end}"
    return context.voice(entry.at, match).says(means.pop(), why, day=end.last)


def _bucket(end: date, match: Match, as_of: date) -> str | None:
    for each in match.rule.ended:
        if each.under_months is None or end > months_before(as_of, each.under_months):
            return each.means
    return None
