"""The codes that a knowledge base reads, found by type of resource, system and code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from milia_cds.adapters.fhir.elements import codings
from milia_cds.adapters.fhir.output import own
from milia_cds.adapters.fhir.reading import FactEvidence
from milia_cds.knowledge.fhir import WHOLE, ClinicCode, FhirRule, NoneKnown
from milia_cds.knowledge.model import Knowledge
from milia_cds.logic.facts import Value
from milia_cds.logic.memory import one_of_each

OPTION = own("option")
"""The system of the ids of options, by which what is proposed here names them."""
NOT_MEANT = frozenset({"value"})
"""What a code may mean beside a value: that the value of its observation is read."""


class Match(NamedTuple):
    """What a code means by one rule.

    Parameters
    ----------
    rule
        The rule.
    by
        The id of the rule, or the place in the policy of the clinic.
    value
        The value where the code is there; `None` where it is read elsewhere.
    denies
        The part that it denies where it is denied: "" nothing, "all" the whole.
    part
        The part of the fact that it is about; `None` is the whole.
    units
        The units of a number.
    """

    rule: FhirRule
    by: str
    value: Value | None
    denies: str
    part: str | None = None
    units: tuple[str, ...] = ()


class NoneMatch(NamedTuple):
    """A code that says "none known"."""

    none: NoneKnown


class Codes:
    """What the codes of one type of resource, or the answers of one rule, mean."""

    def __init__(self) -> None:
        self.exact: dict[tuple[str, str], list[Any]] = {}
        self.prefixes: dict[str, list[tuple[str, Any]]] = {}

    def add(self, system: str, code: str, match: Any, *, prefix: bool = False) -> None:
        """Add what a code means."""
        if prefix:
            self.prefixes.setdefault(system, []).append((code, match))
        else:
            self.exact.setdefault((system, code), []).append(match)

    def found(self, concept: object) -> list[Any]:
        """What the codings of a CodeableConcept mean, each meaning once."""
        matches: list[Any] = []
        for pair in codings(concept):
            matches += self.exact.get(pair, ())
            for prefix, match in self.prefixes.get(pair[0], ()):
                if pair[1].startswith(prefix):
                    matches.append(match)
        return [*dict.fromkeys(matches)]


class Index:
    """All codes of a knowledge base and of the policy laid over it.

    Attributes
    ----------
    of
        The codes by the type of resource in which they are looked for.
    answers
        What coded values mean, by the id of the rule.
    parts
        The parts that must all be denied for a fact to be no; empty: there are none.
    types
        The types of resource that speak of a fact.
    sites
        What the codes of places mean, by the id of the rule.
    coded
        The facts for which some code is known.
    options
        The ids of the options, by the codes of what may be ordered.
    silent
        The evidence for the facts of which no resource can speak.
    """

    def __init__(self, base: Knowledge) -> None:
        self.base = base
        self.of: dict[str, Codes] = {}
        self.answers: dict[str, Codes] = {}
        self.sites: dict[str, Codes] = {}
        self.parts: dict[str, set[str]] = {}
        self.types: dict[str, tuple[str, ...]] = {}
        self.coded: set[str] = set()
        clinic = _by_fact(base.fhir.clinic)
        for fact in dict.fromkeys(rule.fact for rule in base.fhir.rule):
            self._add_fact(fact, clinic.get(fact, ()))
        for none in base.fhir.none_known:
            for code in none.codes:
                for kind in none.resources:
                    uri = base.fhir.system.get(code.system, "")
                    self.codes(kind).add(uri, code.code, NoneMatch(none))
        self.options = self._options()
        self.silent = {
            fact: FactEvidence(fact, None, (), why)
            for fact in base.vocabulary.kinds
            if (why := self._never(fact))
        }

    def _never(self, fact: str) -> str:
        """Why no resource can speak of a fact; "" where one can."""
        vocabulary = self.base.vocabulary
        section = vocabulary.sections.get(fact.partition(".")[0])
        if self.base.facts[fact].way_out:
            return "It counts only where a person states it, so no record says it."
        if section is not None and section.in_policy:
            return "No record says it; the policy of the clinic or the case does."
        if fact in vocabulary.settings or not self.types.get(fact):
            return "No record says it; ask."
        if fact not in self.coded:
            return (
                "No code for it is known; a clinic adds its own in its policy, under "
                "[[fhir.code]]."
            )
        return ""

    def codes(self, kind: str) -> Codes:
        """The codes that are looked for in a type of resource."""
        return self.of.setdefault(kind, Codes())

    def has_codes(self, kind: str) -> bool:
        """Whether any code is looked for in a type of resource."""
        return kind in self.of

    def _add_fact(self, fact: str, clinic: tuple[ClinicCode, ...]) -> None:
        rules = self.base.fhir.rules_of(fact)
        kinds = (kind for rule in rules for kind in rule.resources)
        self.types[fact] = tuple(dict.fromkeys(kinds))
        self.parts[fact] = {part for rule in rules for part in rule.parts}
        own = {pair for each in clinic for pair in each.pairs}
        taking = [rule for rule in rules if not rule.open] or rules
        for rule in rules:
            self._add_rule(rule, own)
            if rule in taking:
                for each in clinic:
                    self._add_clinic(rule, each)

    def _add_rule(self, rule: FhirRule, own: set[tuple[str, str]]) -> None:
        systems = self.base.fhir.system
        value = None if rule.open else meant_value(rule.means)
        if rule.reader in {"age", "options"}:
            self.coded.add(rule.fact)
        for code in rule.codes:
            pair = systems.get(code.system, ""), code.code
            if not (rule.open and pair in own):  # then the clinic has said what it is
                match = self._match(rule, rule.id, value, pair, code.part)
                self._put(rule, pair, match, prefix=code.prefix)
        answers = self.answers.setdefault(rule.id, Codes())
        for answer in rule.answer:
            uri = systems.get(answer.system, "")
            answers.add(uri, answer.code, (meant_value(answer.means), rule.id))

    def _add_clinic(self, rule: FhirRule, given: ClinicCode) -> None:
        for pair in given.pairs:
            if rule.reader == "site":
                self.sites.setdefault(rule.id, Codes()).add(
                    *pair, (given.means, given.id), prefix=given.prefix
                )
                self.coded.add(rule.fact)
            elif "Observation" in rule.resources and given.means not in NOT_MEANT:
                self.answers[rule.id].add(
                    *pair, (meant_value(given.means), given.id), prefix=given.prefix
                )
            elif ("Observation" in rule.resources) == (given.means in NOT_MEANT):
                value = None if rule.open else meant_value(given.means)
                if given.means == "no":
                    value = False
                match = self._match(rule, given.id, value, pair, given.part)
                units = (given.unit,) if given.unit else rule.units
                match = match._replace(units=units)
                self._put(rule, pair, match, prefix=given.prefix)

    def _match(
        self,
        rule: FhirRule,
        by: str,
        value: Value | None,
        pair: tuple[str, str],
        part: str,
    ) -> Match:
        """What a code means; a code of a class is a part of its own."""
        if rule.parts:
            own = part
        elif rule.members and value is not False:
            own = part or f"{pair[0]} {pair[1]}"
            if own != WHOLE:
                self.parts[rule.fact].add(own)
        else:
            own = WHOLE
        about = None if own in {"", WHOLE} else own
        return Match(rule, by, value, own, about, rule.units)

    def _put(
        self, rule: FhirRule, pair: tuple[str, str], match: Match, *, prefix: bool
    ) -> None:
        for kind in rule.resources:
            self.codes(kind).add(*pair, match, prefix=prefix)
        self.coded.add(rule.fact)

    def _options(self) -> Codes:
        """The options by their codes: those of terminologies, a clinic's, our own."""
        found = Codes()
        systems = self.base.fhir.system
        for option in self.base.options.values():
            found.add(OPTION, option.id, option.id)
            for code in option.codes:
                if code.system in systems:
                    found.add(systems[code.system], code.code, option.id)
        for each in self.base.fhir.clinic:
            for pair in each.pairs if each.option else ():
                found.add(*pair, each.option, prefix=each.prefix)
        return found


def meant_value(means: str) -> Value:
    """The value that a word means: yes, no, or a member."""
    return {"yes": True, "no": False}.get(means, means)


def _by_fact(codes: Iterable[ClinicCode]) -> Mapping[str, tuple[ClinicCode, ...]]:
    found: dict[str, tuple[ClinicCode, ...]] = {}
    for each in codes:
        if each.option:
            continue
        found[each.fact] = (*found.get(each.fact, ()), each)
    return found


@one_of_each(8)
def index_of(base: Knowledge) -> Index:
    """The codes of a knowledge base, made once."""
    return Index(base)
