"""Where things stand in the knowledge base: who reads a fact, who cites a source.

Every record that makes a claim or asks a condition has a place: a link to it on the
page of its owner; that of a shared rule is where the rule stands, for all its options.
Turned round, the places give "used in" and "decides".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeAlias

import attrs

from docs._ext.markdown import link, listed, plain, spaced
from milia_cds.knowledge.criteria import Criterion, GridNote
from milia_cds.knowledge.dangers import Alert, UrgencyWords
from milia_cds.knowledge.fhir import DrugTimes, Fhir, FhirRule, NoneKnown
from milia_cds.knowledge.leaflets import LeafletLine, Leaflets, OptionLeaflet
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.options import (
    Argument,
    CriterionLevel,
    Gate,
    Measure,
    Modifier,
    Option,
)
from milia_cds.knowledge.promises import Guarantee
from milia_cds.knowledge.scenarios import (
    ActionRow,
    Branch,
    Decision,
    Destination,
    Scenario,
)
from milia_cds.knowledge.texts import (
    Advice,
    Call,
    Cell,
    Check,
    Consent,
    Phrase,
    Risk,
    RiskModifier,
    Sentence,
    Step,
)
from milia_cds.knowledge.words import (
    Contradiction,
    FactEntry,
    Pending,
    SetEntry,
    Settled,
    TermEntry,
)
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
        """The link to it."""
        return link(plain(self.text), self.kind, self.name)


SHARED = "common.toml: gate."
"""What the place of a shared rule begins with."""


def rule_of(gate: Gate) -> str:
    """The name of the shared rule that a gate comes from; empty for one's own."""
    return gate.place.removeprefix(SHARED)


def gate_link(text: str, gate: Gate) -> str:
    """The link to a gate where it is read: a shared one at its rule."""
    if rule := rule_of(gate):
        return link(text, "rule", rule)
    return link(text, "gate", gate.name)


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
    """The facts that a condition reads by itself, not through a term."""
    return tuple(dict.fromkeys(_facts_outside_terms(condition)))


def _facts_outside_terms(condition: Condition) -> Iterator[str]:
    if isinstance(condition, Atom):
        yield condition.fact
    for part in _parts(condition):
        yield from _facts_outside_terms(part)


def sets_in(condition: Condition) -> Iterator[str]:
    """The named sets that a condition asks by itself."""
    match condition:
        case Atom(_, OneOf(_, str() as name)):
            yield name
    for part in _parts(condition):
        yield from sets_in(part)


def terms_in(condition: Condition) -> Iterator[str]:
    """The terms that a condition names by itself."""
    match condition:
        case Term(name, _):
            yield name
    for part in _parts(condition):
        yield from terms_in(part)


# -- places of every record --


def places(base: Knowledge) -> Iterator[PlacedClaim]:
    """Every record that makes a claim or asks a condition, with its place."""
    parts = {
        id(part): name
        for name, fact in base.facts.items()
        for part in (*fact.settled, fact.pending)
    }
    for placed in base.entries:
        name = placed.name or parts.get(id(placed.entry), "")
        leaflets = bool(placed.within) and isinstance(placed.within[0], Leaflets)
        shown = (placed.within[0], "", ()) if leaflets else None
        place = _place(*(shown or (placed.entry, name, placed.within)))
        if place is not None:
            yield place, placed.entry


_ON_ONE_PAGE: Mapping[type[Any], tuple[str, str]] = {
    SetEntry: ("sets", "set"),
    TermEntry: ("terms", "term"),
    Contradiction: ("contradictions", "contradiction"),
    Decision: ("triage", "decision"),
    Criterion: ("criteria", "criterion"),
    Guarantee: ("guarantees", "guarantee"),
    Alert: ("alerts", "alert"),
    UrgencyWords: ("alerts", "urgency"),
    Check: ("advice", "checks"),
    GridNote: ("criteria", "grid-notes"),
    Leaflets: ("advice", "leaflets"),
}
"""What stands with all others of its kind: the page, and what its links begin with."""


def _place(entry: Any, name: str, within: tuple[Any, ...]) -> Place | None:
    """Where an entry is shown; a part without a place of its own, where the whole is.

    What has no page has no place.
    """
    if isinstance(entry, Branch | Modifier | RiskModifier):
        *around, whole = within
        return _place(whole, _name(whole), tuple(around))
    if within:
        of_part = _in_records if isinstance(within[0], Fhir) else _place_of_part
        return of_part(entry, name, within[0])
    if type(entry) in _ON_ONE_PAGE:
        page, kind = _ON_ONE_PAGE[type(entry)]
        return Place(page, name or kind, kind, name)
    kind = type(entry).__name__.lower()
    match entry:
        case Destination():
            return Place("triage", f"referral: {entry.label}", kind, name)
        case Advice():
            return Place("advice", entry.title, kind, name)
        case FactEntry():
            return Place("facts", entry.label, "fact", name)
        case Option() | Measure():
            return Place(entry.label, "what it is", kind, name)
        case Scenario():
            return Place(f"scenario {name}", "standing", kind, name)
        case Step() | Call() | Consent():
            return Place(f"common {kind}s", name, kind, f"common.{name}")
    return None


def _in_records(entry: Any, name: str, _: Any) -> Place | None:
    """Where it is shown how records are read."""
    match entry:
        case FhirRule():
            return Place("facts in records", spaced(name), "fact", entry.fact)
        case NoneKnown():
            return Place("facts in records", spaced(name), "none_known", name)
        case DrugTimes():
            return Place("facts in records", "entries of drugs", "fhir", "drug")
    return None


def _place_of_part(entry: Any, name: str, owner: Any) -> Place | None:
    """Where a part of a scenario, an option or a measure is shown."""
    match entry, owner:
        case Sentence(), Alert() | Advice():
            return _place(owner, owner.id, ())
        case Settled() | Pending(), FactEntry():
            return Place("facts", owner.label, "fact", name)
        case ActionRow() | Sentence(), _:
            return Place(f"scenario {owner.id}", "what to do", "actions", owner.id)
        case Argument(), Scenario():
            return Place(f"scenario {owner.id}", "arguments", "arguments", owner.id)
        case Argument(), _:
            return Place(owner.label, "arguments", "reasons", owner.id)
        case Phrase() | Consent() | Cell() | OptionLeaflet() | LeafletLine(), _:
            return Place(owner.label, "in short", "short", owner.id)
        case CriterionLevel(), _:
            return Place(owner.label, name, "levels", owner.id)
        case Gate(), _ if rule := rule_of(entry):
            return Place("shared rules", name, "rule", rule)
        case Gate() | Risk() | Step() | Call(), _:
            kind = type(entry).__name__.lower()
            return Place(owner.label, name, kind, f"{owner.id}.{name}")
    return None


def _name(whole: Decision | CriterionLevel | Risk) -> str:
    return whole.criterion if isinstance(whole, CriterionLevel) else whole.id


def used_in(found: Iterable[Place]) -> list[str]:
    """A line for each owner, with links to its places."""
    by_owner: dict[str, list[str]] = {}
    for place in found:
        by_owner.setdefault(place.owner, []).append(place.link())
    return [
        f"{plain(owner)}: {listed(dict.fromkeys(links))}"
        for owner, links in by_owner.items()
    ]
