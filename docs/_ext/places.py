"""Where things stand in the knowledge base: who reads a fact, who cites a source.

Every record that makes a claim or asks a condition has a place: a link to it on the
page of its owner. Turned round, the places give "used in" and "decides".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeAlias

import attrs

from docs._ext.markdown import link, listed, plain
from milia_cds.knowledge.model import Knowledge, Option
from milia_cds.logic.conditions import (
    And,
    Atom,
    Condition,
    Not,
    OneOf,
    Or,
    Term,
    facts_in,
)


@attrs.frozen
class Place:
    """Where a record is shown: the page of its owner, and what it is called there."""

    owner: str
    text: str
    kind: str
    name: str

    def link(self) -> str:
        """Give the link to it."""
        return link(plain(self.text), self.kind, self.name)


PlacedClaim: TypeAlias = tuple[Place, Any]
Uses: TypeAlias = Mapping[str, tuple[Place, ...]]


@attrs.frozen
class Usage:
    """What uses each fact, named set, term and source."""

    facts: Uses
    sets: Uses
    terms: Uses
    sources: Uses

    @classmethod
    def of(cls, base: Knowledge) -> Usage:
        """Turn the places of a knowledge base round."""
        facts: dict[str, dict[Place, None]] = {}
        sets: dict[str, dict[Place, None]] = {}
        terms: dict[str, dict[Place, None]] = {}
        sources: dict[str, dict[Place, None]] = {}
        for place, record in places(base):
            condition = getattr(record, "condition", None)
            if condition is not None:
                _add(facts, facts_in(condition), place)
                _add(sets, set(sets_in(condition)), place)
                _add(terms, set(terms_in(condition)), place)
            _add(sources, getattr(record, "sources", ()), place)
        return cls(*map(_frozen, (facts, sets, terms, sources)))


def _add(
    uses: dict[str, dict[Place, None]], names: Iterable[str], place: Place
) -> None:
    for name in names:
        uses.setdefault(name, {})[place] = None


def _frozen(uses: Mapping[str, Mapping[Place, None]]) -> Uses:
    return {name: tuple(found) for name, found in uses.items()}


def _parts(condition: Condition) -> tuple[Condition, ...]:
    match condition:
        case Not(part):
            return (part,)
        case And(parts) | Or(parts):
            return parts
    return ()


def direct_facts(condition: Condition) -> tuple[str, ...]:
    """Give the facts that a condition reads by itself, not through a term."""
    return tuple(dict.fromkeys(_facts_outside_terms(condition)))


def _facts_outside_terms(condition: Condition) -> Iterator[str]:
    if isinstance(condition, Atom):
        yield condition.fact
    for part in _parts(condition):
        yield from _facts_outside_terms(part)


def sets_in(condition: Condition) -> Iterator[str]:
    """Give the named sets that a condition asks by itself."""
    match condition:
        case Atom(_, OneOf(_, str() as name)):
            yield name
    for part in _parts(condition):
        yield from sets_in(part)


def terms_in(condition: Condition) -> Iterator[str]:
    """Give the terms that a condition names by itself."""
    match condition:
        case Term(name, _):
            yield name
    for part in _parts(condition):
        yield from terms_in(part)


# -- places of every record --


def places(base: Knowledge) -> Iterator[PlacedClaim]:
    """Give every record that makes a claim or asks a condition, with its place."""
    yield from _of_words(base)
    yield from _of_triage(base)
    yield from _of_scenarios(base)
    for option in base.options.values():
        yield from _of_option(option)
    for measure in base.measures.values():
        yield Place(measure.label, "what it is", "measure", measure.id), measure
        yield from _named(measure.label, "gate", measure.id, measure.gate)
    yield from _of_texts(base)


def _of_words(base: Knowledge) -> Iterator[PlacedClaim]:
    for name, group in base.sets.items():
        yield Place("sets", name, "set", name), group
    for name, term in base.terms.items():
        yield Place("terms", name, "term", name), term
    for each in base.contradictions:
        yield Place("contradictions", each.id, "contradiction", each.id), each


def _of_triage(base: Knowledge) -> Iterator[PlacedClaim]:
    for name, decision in base.decisions.items():
        place = Place("triage", name, "decision", name)
        yield place, decision
        for branch in decision.branch:
            yield place, branch
    for name, destination in base.destinations.items():
        text = f"referral: {destination.label}"
        yield Place("triage", text, "destination", name), destination


def _of_scenarios(base: Knowledge) -> Iterator[PlacedClaim]:
    for name, scenario in base.scenarios.items():
        label = f"scenario {name}"
        yield Place(label, "standing", "scenario", name), scenario
        for action in scenario.action:
            yield Place(label, "what to do", "actions", name), action
        for argument in scenario.argument:
            yield Place(label, "arguments", "arguments", name), argument


def _of_option(option: Option) -> Iterator[PlacedClaim]:
    yield Place(option.label, "what it is", "option", option.id), option
    for level in option.level:
        place = Place(option.label, level.criterion, "levels", option.id)
        yield place, level
        for modifier in level.modifier:
            yield place, modifier
    for argument in option.argument:
        yield Place(option.label, "arguments", "reasons", option.id), argument
    yield from _named(option.label, "gate", option.id, option.gate)
    yield from _named(option.label, "risk", option.id, option.risk)
    for risk in option.risk:
        place = Place(option.label, risk.id, "risk", f"{option.id}.{risk.id}")
        yield from ((place, modifier) for modifier in risk.modifier)
    yield from _named(option.label, "step", option.id, option.step)
    yield from _named(option.label, "call", option.id, option.call)


def _of_texts(base: Knowledge) -> Iterator[PlacedClaim]:
    yield from _named("common steps", "step", "common", base.common_steps)
    yield from _named("common calls", "call", "common", base.common_calls)
    for advice in base.advice:
        yield Place("advice", advice.title, "advice", advice.id), advice
    for name, criterion in base.criteria.items():
        yield Place("criteria", name, "criterion", name), criterion
    for each in base.guarantees:
        yield Place("guarantees", each.id, "guarantee", each.id), each


def _named(
    owner: str, kind: str, prefix: str, records: Iterable[Any]
) -> Iterator[PlacedClaim]:
    for record in records:
        yield Place(owner, record.id, kind, f"{prefix}.{record.id}"), record


def used_in(found: Iterable[Place]) -> list[str]:
    """Give a line for each owner, with links to its places."""
    by_owner: dict[str, list[str]] = {}
    for place in found:
        by_owner.setdefault(place.owner, []).append(place.link())
    return [
        f"{plain(owner)}: {listed(dict.fromkeys(links))}"
        for owner, links in by_owner.items()
    ]
