"""Conditions, adverse events and documents: what is there, what was, where it lies."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from milia_cds.adapters.fhir.codes import Match
from milia_cds.adapters.fhir.context import Context
from milia_cds.adapters.fhir.elements import days, items, status, text
from milia_cds.adapters.fhir.gathering import Resource, unversioned
from milia_cds.adapters.fhir.reading import Saying
from milia_cds.errors import Problem
from milia_cds.knowledge.fhir import FhirRule

CLINICAL = "http://terminology.hl7.org/CodeSystem/condition-clinical"
VERIFICATION = "http://terminology.hl7.org/CodeSystem/condition-ver-status"

_NOW = frozenset({"active", "recurrence", "relapse"})
_PAST = frozenset({"inactive", "remission", "resolved"})
_DOUBTED = frozenset({"provisional", "differential"})


def conditions(resources: list[Resource], context: Context) -> Iterator[Saying]:
    """What conditions say: each rule by itself, and where they lie."""
    codes = context.index.codes("Condition")
    chosen = _chosen(resources, context)
    sites = [rule for rule in context.base.fhir.rule if rule.reader == "site"]
    of = {rule.of for rule in sites}
    for each in resources:
        found = codes.found(each.data.get("code"))
        if not found:
            continue
        verified = status(each.data.get("verificationStatus"), VERIFICATION)
        clinical = status(each.data.get("clinicalStatus"), CLINICAL)
        about = [m for m in found if m.rule.fact not in of or chosen in {None, each}]
        for match in about:
            yield _said(each, match, verified, clinical, context)
        for rule in sites:
            of_it = (m for m in about if m.rule.fact == rule.of)
            named = chosen is each or any(not m.rule.open for m in of_it)
            there = verified == "confirmed" or verified in _DOUBTED
            if named and there and clinical in _NOW:
                yield from _lies(each, rule, context)


def lasts(context: Context) -> bool:
    """Whether a condition that is a reason to speak is recorded, and lasts.

    Refuted it is none, nor where a code of the clinic says no.
    """
    return any(
        _is_of_now(each, context) and is_reason(each.data.get("code"), context)
        for each in context.found.get("Condition", ())
    )


def is_reason(concept: object, context: Context) -> bool:
    """Whether a condition is one that is a reason to speak, as its codes say."""
    return any(
        match.rule.speaks
        and match.value is not False
        and match.value not in match.rule.denials
        for match in context.index.codes("Condition").found(concept)
    )


def _is_of_now(each: Resource, context: Context) -> bool:
    recorded = days(each.data.get("recordedDate"))
    verified = status(each.data.get("verificationStatus"), VERIFICATION)
    clinical = status(each.data.get("clinicalStatus"), CLINICAL)
    begun = recorded is None or recorded.first <= context.as_of
    return clinical in _NOW and verified != "refuted" and begun


def _chosen(resources: list[Resource], context: Context) -> Resource | bool | None:
    """The condition that the case is about: `None` any, `False` one that is missing."""
    if context.condition is None:
        return None
    name = unversioned(context.condition)
    names = {name, f"Condition/{name}"}
    for each in resources:
        if names & {each.url, each.local}:
            return each
    known = ", ".join(each.reference for each in resources[:10])
    mend = f"use one of {known}" if known else "leave it out, for there is none"
    message = f"the record has no {context.condition} of the patient"
    context.record.said.problems.append(Problem("condition", message, mend))
    return False


def _said(
    each: Resource, match: Match, verified: str, clinical: str, context: Context
) -> Saying:
    """What one condition says by one rule."""
    recorded = days(each.data.get("recordedDate"))
    day = recorded.last if recorded else None
    if recorded and recorded.first > context.as_of:
        why = f"it was recorded on {recorded}, after the day of the case"
        return context.voice(each, match).opens(why, day=day, aside=True)
    if verified == "refuted":
        return _refuted(each, match, day, context)
    past = clinical in _PAST
    if match.rule.open and match.value is not False:
        return context.voice(each, match).opens(match.rule.open, day=day, aside=past)
    if verified in _DOUBTED and match.rule.uncertain and clinical in _NOW:
        why = f"its diagnosis is {verified}"
        return context.voice(each, match).says(match.rule.uncertain, why, day=day)
    if verified != "confirmed":
        why = f"its diagnosis is {verified or 'not said to be confirmed'}"
        return context.voice(each, match).opens(why, day=day)
    if not past and clinical not in _NOW:
        why = "its clinical status is not said"
        return context.voice(each, match).opens(why, day=day)
    if past and (match.rule.now or match.value is False):
        why = f"it is {clinical}, which says nothing of now"
        return context.voice(each, match).opens(why, day=day, aside=True)
    why = f"it is confirmed and {clinical}"
    if match.value is False:
        return context.voice(each, match).denies(f"{why}, and its code says no", day)
    return context.voice(each, match).says(match.value, why, day=day)


def _refuted(
    each: Resource, match: Match, day: date | None, context: Context
) -> Saying:
    if "refuted" in match.rule.no and match.value is not False:
        return context.voice(each, match).denies("it is refuted", day)
    why = "it is refuted, which says nothing here"
    return context.voice(each, match).opens(why, day=day)


def _lies(each: Resource, rule: FhirRule, context: Context) -> Iterator[Saying]:
    """Where a condition lies, by the codes that a clinic gave for sites."""
    codes = context.index.sites.get(rule.id)
    sites = items(each.data.get("bodySite"))
    found = [said for site in sites for said in (codes.found(site) if codes else ())]
    nowhere = Match(rule, rule.id, None, "")
    for member, by in dict.fromkeys(found):
        why = "it lies there"
        yield context.voice(each, nowhere._replace(by=by)).says(member, why)
    if not found or any(not codes.found(site) for site in sites if codes):
        why = "its body site has no code that is known" if sites else "it says no site"
        yield context.voice(each, nowhere).opens(why)


def adverse_events(resources: list[Resource], context: Context) -> Iterator[Saying]:
    """What adverse events say: those that happened."""
    codes = context.index.codes("AdverseEvent")
    for each in resources:
        for match in codes.found(each.data.get("event")):
            at = days(each.data.get("date"))
            if at and at.first > context.as_of:
                why = f"it is dated {at}, after the day of the case"
                yield context.voice(each, match).opens(why, aside=True)
            elif each.data.get("actuality") != "actual":
                yield context.voice(each, match).opens("it is not said to be actual")
            elif match.value is False:
                yield context.voice(each, match).opens("an event says no no")
            else:
                yield context.voice(each, match).says(match.value, "it happened")


def documents(resources: list[Resource], context: Context) -> Iterator[Saying]:
    """What documents say: those that are current."""
    codes = context.index.codes("DocumentReference")
    for each in resources:
        concepts = [each.data.get("type"), *items(each.data.get("category"))]
        found = [match for concept in concepts for match in codes.found(concept)]
        for match in dict.fromkeys(found):
            at = days(each.data.get("date"))
            current = each.data.get("status") == "current"
            if at and at.first > context.as_of:
                why = f"it is dated {at}, after the day of the case"
                yield context.voice(each, match).opens(why, aside=True)
            elif not current or text(each.data.get("docStatus")) in _DRAFTS:
                yield context.voice(each, match).opens("it is not current and final")
            elif match.value is False:
                yield context.voice(each, match).opens("a document says no no")
            else:
                yield context.voice(each, match).says(
                    match.value, "the document is there"
                )


_DRAFTS = frozenset({"preliminary", "entered-in-error"})
