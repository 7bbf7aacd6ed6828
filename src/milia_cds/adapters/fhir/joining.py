"""What all resources together say of each fact: a value, or why it is not known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from milia_cds.adapters.fhir.context import Context
from milia_cds.adapters.fhir.reading import ANSWERED, FactEvidence, RecordSource, Saying
from milia_cds.case.days import years_between
from milia_cds.knowledge.fhir import FhirRule
from milia_cds.logic.facts import Value

_SHOWN = 5
"""How many resources a sentence names."""


def joined_sayings(
    sayings: Iterable[Saying], context: Context
) -> Iterator[FactEvidence]:
    """The evidence for every fact of the vocabulary, in its order."""
    said: dict[str, list[Saying]] = {}
    for each in sayings:
        said.setdefault(each.fact, []).append(each)
    for fact in context.vocabulary.kinds:
        if fact in said:
            yield _joined(fact, sorted(said[fact], key=_order), context)
        else:
            silent = context.index.silent.get(fact)
            yield silent or FactEvidence(fact, None, (), _unsaid(fact, context))


def _order(saying: Saying) -> tuple[str, ...]:
    return (*saying.source, str(saying.part), str(saying.value), saying.why)


def _joined(fact: str, said: list[Saying], context: Context) -> FactEvidence:
    """What several sayings come to: what disagrees or is left open is not known."""
    speaking = _unsettled([each for each in said if not each.aside])
    known = [each for each in speaking if each.value is not None]
    if not known:
        return _evidence(fact, None, speaking or said, _listed(speaking or said))
    yes = [each for each in known if each.value is True]
    no = [each for each in known if each.value is False]
    if yes and any(_deny(each, one) for each in no for one in yes):
        return _unknown(fact, known, "the record disagrees")
    if yes:
        return _evidence(fact, yes[0].value, yes, _listed(yes))
    if no:
        return _no(fact, no, speaking, context)
    exact = [each for each in known if not _in_short(each, known, context)]
    value = exact[0].value
    if any(each.value != value for each in exact):
        return _unknown(fact, known, "the record disagrees")
    if len(known) < len(speaking):
        return _unknown(fact, speaking, "a part of the record leaves it open")
    lacking = _lacking(fact, context) if _denies(fact, value, context) else ""
    if lacking:
        return _unknown(fact, known, f"it would be {value}, but {lacking}")
    return _evidence(fact, value, known, _listed(known))


def _unsettled(speaking: list[Saying]) -> list[Saying]:
    """What speaks of a fact, without what leaves open what a person has answered.

    Only what is known to be newer than the answer opens it again.
    """
    answered = [
        each.day
        for each in speaking
        if each.source.rule == ANSWERED and each.value is not None and each.day
    ]
    if not answered:
        return speaking
    newest = max(answered)
    return [
        each
        for each in speaking
        if each.value is not None or (each.day is not None and each.day > newest)
    ]


def _in_short(each: Saying, known: list[Saying], context: Context) -> bool:
    """Whether an answer is an age in short, such as 34, of which the birth says more.

    It was so on the day of the answer, cut off after as many decimals as were given.
    """
    by_birth = {rule.id for rule in context.base.fhir.rule if rule.reader == "age"}
    exact = [one.value for one in known if one.source.rule in by_birth]
    if not exact or each.source.rule != ANSWERED or each.day is None:
        return False
    step = 10 ** -len(f"{each.value:g}".partition(".")[2])
    since = years_between(each.day, context.as_of)
    return any(0 <= age - since - each.value < step for age in exact)


def _no(
    fact: str, no: list[Saying], speaking: list[Saying], context: Context
) -> FactEvidence:
    """A no: of the whole fact, or of each of its parts, with nothing left open."""
    if len(no) < len(speaking):
        return _unknown(fact, speaking, "a part of the record leaves it open")
    lacking = _lacking(fact, context)
    if lacking:
        return _unknown(fact, no, f"it would be no, but {lacking}")
    denied = {each.part for each in no}
    missing = context.index.parts.get(fact, set()) - denied
    if None not in denied and missing:
        return _unknown(fact, no, "it is denied in part only")
    return _evidence(fact, no[0].value, no, _listed(no))


def _deny(no: Saying, yes: Saying) -> bool:
    """Whether a no is about what a yes is about."""
    return no.part is None or no.part == yes.part


def _denies(fact: str, value: Value, context: Context) -> bool:
    """Whether a value is a kind of no."""
    rules: tuple[FhirRule, ...] = context.base.fhir.rules_of(fact)
    return any(value in rule.denials for rule in rules)


def _lacking(fact: str, context: Context) -> str:
    """Why nothing may say no to a fact now; "" where something may."""
    return context.incomplete(context.index.types.get(fact, ()))


# -- in words --


def _evidence(
    fact: str, value: Value | None, said: list[Saying], why: str
) -> FactEvidence:
    sources: Mapping[RecordSource, None] = dict.fromkeys(each.source for each in said)
    return FactEvidence(fact, value, tuple(sources), f"{why}.")


def _unknown(fact: str, said: list[Saying], why: str) -> FactEvidence:
    return _evidence(fact, None, said, f"{why}: {_listed(said)}")


def _listed(said: list[Saying]) -> str:
    """Who says what, in a sentence."""
    words = list(dict.fromkeys(f"{each.source.reference}: {each.why}" for each in said))
    more = len(words) - _SHOWN
    return "; ".join([*words[:_SHOWN], *([f"and {more} more"] if more > 0 else [])])


def _unsaid(fact: str, context: Context) -> str:
    """Why a fact is not known that some resource might have said."""
    kinds = context.index.types[fact]
    lacking = context.incomplete(kinds)
    if lacking:
        return f"Nothing of the record speaks of it, and {lacking}."
    names, count = " or ".join(kinds), sum(map(context.counted, kinds))
    if not count:
        return f"The record has no {names} of the patient, which says nothing."
    return f"None of what the record has of {names}, {count} in all, has its codes."
