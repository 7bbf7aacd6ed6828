"""Allergies and intolerances: of what, of what not, and that none is known."""

from __future__ import annotations

from collections.abc import Iterator

from milia_cds.adapters.fhir.codes import Match, NoneMatch
from milia_cds.adapters.fhir.context import Context
from milia_cds.adapters.fhir.elements import days, items, status
from milia_cds.adapters.fhir.gathering import Resource
from milia_cds.adapters.fhir.none_known import none_known
from milia_cds.adapters.fhir.reading import Saying
from milia_cds.knowledge.fhir import NoneKnown

CLINICAL = "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical"
VERIFICATION = "http://terminology.hl7.org/CodeSystem/allergyintolerance-verification"

_PAST = frozenset({"inactive", "resolved"})


def allergies(resources: list[Resource], context: Context) -> Iterator[Saying]:
    """What allergies say."""
    codes = context.index.codes("AllergyIntolerance")
    real: list[tuple[Resource, frozenset[str]]] = []
    none: list[tuple[Resource, NoneKnown, str]] = []
    for each in resources:
        found = codes.found(each.data.get("code"))
        said = [one.none for one in found if isinstance(one, NoneMatch)]
        none += [(each, which, _doubted(each, context)) for which in said]
        matches = [match for match in found if isinstance(match, Match)]
        for match in matches:
            yield _said(each, match, context)
        denying = bool(said) or any(one.value is False for one in matches)
        if (
            _verified(each) != "refuted"
            and _clinical(each) not in _PAST
            and not denying
        ):
            real.append((each, frozenset(match.rule.fact for match in matches)))
        yield from _named(each, context)
    yield from none_known(none, lambda which: _against(which, real), context)


def _verified(each: Resource) -> str:
    return status(each.data.get("verificationStatus"), VERIFICATION)


def _clinical(each: Resource) -> str:
    return status(each.data.get("clinicalStatus"), CLINICAL)


def _doubted(each: Resource, context: Context) -> str:
    """Why an entry does not count as confirmed, active and of now; "" where it does."""
    recorded = days(each.data.get("recordedDate"))
    if recorded and recorded.first > context.as_of:
        return f"it was recorded on {recorded}, after the day of the case"
    if _verified(each) != "confirmed":
        return f"it is {_verified(each) or 'not said to be confirmed'}"
    if _clinical(each) != "active":
        return f"it is {_clinical(each) or 'not said to be active'}"
    return ""


def _said(each: Resource, match: Match, context: Context) -> Saying:
    if _verified(each) == "refuted":
        if "refuted" in match.rule.no and match.value is not False:
            return context.voice(each, match).denies("it is refuted")
        return context.voice(each, match).opens(
            "it is refuted, which says nothing here"
        )
    why = _doubted(each, context)
    if why:
        return context.voice(each, match).opens(why)
    if match.value is False:
        return context.voice(each, match).denies(
            "it is confirmed, and its code says no"
        )
    why = "it is confirmed and active"
    return context.voice(each, match).says(match.value, why)


def _against(
    which: NoneKnown, real: list[tuple[Resource, frozenset[str]]]
) -> list[Resource]:
    """The allergies that contradict that none is known."""
    return [each for each, facts in real if _within(which, each, facts)]


def _within(which: NoneKnown, each: Resource, facts: frozenset[str]) -> bool:
    """Whether an allergy may be one of those of which none is said to be known."""
    if not which.category:
        return True
    if facts:
        return bool(facts & {*which.facts})
    categories = [name for name in items(each.data.get("category")) if name]
    return not categories or which.category in categories


def _named(each: Resource, context: Context) -> Iterator[Saying]:
    """What it names of a set of options, which a record never names as a whole."""
    named = context.index.options.found(each.data.get("code"))
    if not named or _verified(each) == "refuted":
        return
    label = context.base.options[named[0]].label
    for rule in context.base.fhir.rule:
        if rule.reader == "options":
            why = f"it names {label}, and a record never names all"
            yield context.voice(each, Match(rule, rule.id, None, "")).opens(why)
