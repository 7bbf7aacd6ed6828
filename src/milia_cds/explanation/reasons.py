"""A view of a recorded decision: what held, on which facts, and why, as reasons.

What does not depend on the case is made once for a knowledge base and shared.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache, cached_property
from typing import Any

from milia_cds.decision.completions import Left
from milia_cds.decision.engine import Engine
from milia_cds.decision.record import Record
from milia_cds.explanation.claims import Beside, Claims
from milia_cds.explanation.outcome import Assumption, FilledBy
from milia_cds.explanation.places import Reason
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.options import STANDINGS, Argument, Gate, Measure, Option
from milia_cds.knowledge.promises import Guarantee
from milia_cds.knowledge.records import plain
from milia_cds.knowledge.scenarios import Branch
from milia_cds.knowledge.texts import CERTAINTIES, Certainty
from milia_cds.knowledge.wording import Wording
from milia_cds.knowledge.words import FactEntry, Guard, Pending, Settled, TermEntry
from milia_cds.logic.conditions import Condition, deciding, facts_in, remaining
from milia_cds.logic.facts import Value
from milia_cds.logic.plan import Plan

_NEVER_SAID = (TermEntry, Guard, Guarantee, FactEntry, Settled, Pending)
"""No answer says whether the condition of one of these holds."""


class Sayings:
    """What can be said of a knowledge base without a case, made once."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.base = engine.base
        self.names_in = cache(facts_in)
        self._gates: dict[tuple[str, str | None], Reason] = {}
        self._unconditional: dict[str, Reason] = {}
        self._filled: dict[tuple[str, Value | None], str] = {}

    @cached_property
    def wording(self) -> Wording:
        """The words of facts and conditions."""
        return Wording(self.base)

    @cached_property
    def sentences(self) -> Wording:
        """The words of conditions, each with its subject."""
        return Wording(self.base, subjects=True)

    @cached_property
    def plan(self) -> Plan:
        """The plan of the conditions that decide nothing and choose what is said."""
        decided = self.engine.plan.bit
        said = (each for each in _said(self.base) if each not in decided)
        return Plan(self.base.kinds, said)

    @cached_property
    def branch_to(self) -> dict[str, tuple[str, Branch]]:
        """The branch that leads to each decision and scenario, and whose it is."""
        return {
            branch.to: (decision.id, branch)
            for decision in reversed(tuple(self.base.decisions.values()))
            for branch in reversed(decision.branch)
        }

    def gate(self, gate: Gate, clause: str | None) -> Reason:
        """A gate as a reason without facts, made once for each condition left."""
        key = (gate.name, clause)
        if key not in self._gates:
            self._gates[key] = Reason(
                rule=gate.name,
                text=gate.text,
                plain=gate.plain,
                sources=gate.sources,
                judgement=gate.judgement,
                if_=clause,
            )
        return self._gates[key]

    def unconditional(self, rule: str, record: Any) -> Reason:
        """A rule without a condition as a reason, made once."""
        if rule not in self._unconditional:
            self._unconditional[rule] = Reason(
                rule=rule,
                text=self.base.told(record),
                plain=getattr(record, "plain", ""),
                sources=record.sources,
                judgement=record.judgement,
            )
        return self._unconditional[rule]

    def assumption(
        self,
        fact: str,
        value: Value | None,
        settled: Settled | None = None,
        *,
        visit: bool = False,
    ) -> Assumption:
        """A fact that was filled; its words are made once for each value."""
        policy = self.base.policy
        by: FilledBy = "screening"
        if visit:
            by = "visit"
        elif self.base.facts[fact].way_out:
            by = "way_out"
        elif settled is not None:
            by = "settled"
        elif policy is not None and fact in policy.defaults:
            by = "policy"
        text = self._filled.get((fact, value))
        if text is None:
            text = self._filled[fact, value] = self.wording.value(fact, value)
        return Assumption(
            fact=fact,
            value=plain(value),
            text=text,
            by=by,
            rule="" if settled is None else f"{fact}.settled",
            why="" if settled is None else settled.text,
        )


def _said(base: Knowledge) -> Iterator[Condition]:
    """The conditions on which something is decided or said of a case."""
    for placed in base.entries:
        condition = getattr(placed.entry, "condition", None)
        if condition is not None and not isinstance(placed.entry, _NEVER_SAID):
            yield condition


class View:
    """The record of one decision, with what can be said of it.

    Parameters
    ----------
    sayings
        What can be said without a case.
    record
        The recorded decision.
    """

    def __init__(self, sayings: Sayings, record: Record) -> None:
        self.sayings = sayings
        self.engine = sayings.engine
        self.base = sayings.base
        self.record = record
        self.facts = record.facts
        self._deciding = sayings.engine.plan.bit
        self._decided: dict[Condition, tuple[str, ...]] = {}

    @cached_property
    def _said(self) -> tuple[int, int]:
        """The bits of the conditions that decide nothing: true, and unknown."""
        return self.sayings.plan.evaluate(self.record.values)

    def holds(self, condition: Condition | None) -> bool | None:
        """Whether a condition was known to hold; none at all always does."""
        if condition is None:
            return True
        bit = self._deciding.get(condition)
        if bit is not None:
            true, unknown = self.record.true, self.record.unknown
        else:
            bit = self.sayings.plan.bit[condition]
            true, unknown = self._said
        if true & bit:
            return True
        return None if unknown & bit else False

    def decided_by(self, condition: Condition | None) -> dict[str, Any]:
        """The facts that decided a condition, with their plain values."""
        return {name: plain(self.facts[name]) for name in self._names(condition)}

    def _names(self, condition: Condition | None) -> tuple[str, ...]:
        """The facts that decided a condition, worked out once: many rules share one."""
        if condition is None:
            return ()
        if condition not in self._decided:
            self._decided[condition] = deciding(condition, self.facts)[1]
        return self._decided[condition]

    def unknown_in(self, condition: Condition | None) -> list[str]:
        """The facts that were missing to know a condition."""
        return [name for name in self._names(condition) if self.facts[name] is None]

    @cached_property
    def claims(self) -> Claims:
        """What texts may claim beside the rest of the answer."""
        return Claims(self.base, Beside.of(self.record))

    def that_matter(self, facts: set[str], left: Left | None) -> tuple[str, ...]:
        """The facts, among those that open conditions lack, that still matter.

        Parameters
        ----------
        facts
            What open conditions lack.
        left
            What is left to tell apart; `None`: all of it matters.
        """
        asked = facts
        if left is not None:
            matter = set(left.facts)
            asked = matter.intersection(facts) or matter
        return tuple(name for name in self.engine.names if name in asked)

    def reason(self, rule: str, record: Any, condition: Condition | None) -> Reason:
        """A rule with the facts that decided it.

        Its text lacks the sentences that claim what may not stand beside the rest of
        the answer; it may be left without any.
        """
        text, plain = self.claims.left_of(record, self.clause)
        if condition is None and text is record.text:
            return self.sayings.unconditional(rule, record)
        return Reason(
            rule=rule,
            text=self.base.told(record, text),
            plain=plain,
            facts=self.decided_by(condition),
            sources=record.sources,
            judgement=record.judgement,
            if_=self.unless_known(condition),
        )

    def clause(self, condition: Condition | None) -> str | None:
        """What is left to know of a condition that may hold, "" where it does."""
        held = self.holds(condition)
        return "" if held else None if held is False else self.unless_known(condition)

    def unless_known(self, condition: Condition | None) -> str | None:
        """What is left to know of a condition, where it is not known to hold."""
        if condition is None or self.holds(condition) is not None:
            return None
        # Not remembered: equal conditions may name their sets differently.
        return self.sayings.sentences.condition(remaining(condition, self.facts))

    def advice(self, *kinds: str) -> tuple[Reason, ...]:
        """The advice of some kinds that holds or may, without what it may not claim."""
        found = (
            self.reason(f"advice.{each.id}", each, each.condition)
            for each in self.base.advice
            if each.kind in kinds and self.holds(each.condition) is not False
        )
        return tuple(each for each in found if each.text)

    def rules(self, gates: Iterable[Gate]) -> Iterator[Reason]:
        """Gates as reasons with the facts that decided them."""
        for gate in gates:
            yield self.reason(gate.name, gate, gate.condition)

    def gates(self, owner: Option | Measure, *kinds: str) -> Iterator[Reason]:
        """The gates of some kinds that hold, or may, as reasons without facts."""
        for gate in owner.gate:
            if gate.kind not in kinds or self.holds(gate.condition) is False:
                continue
            if self.claims.stand(gate.claims):
                yield self.sayings.gate(gate, self.unless_known(gate.condition))

    def lacking_on_the_way(self) -> Iterator[str]:
        """The facts that were missing to choose a branch."""
        for visit in self.record.walk.visits:
            yield from visit.lacking

    def arguments(
        self, option: Option
    ) -> tuple[tuple[Reason, ...], tuple[Reason, ...]]:
        """What speaks for an option, and what against it."""
        sides: dict[str, list[Reason]] = {"for": [], "against": []}
        for rule, argument in self.arguments_about(option):
            if self.holds(argument.condition) is False:
                continue
            if self.claims.stand(argument.claims, of=option.id):
                reason = self.reason(rule, argument, argument.condition)
                sides[argument.side].append(reason)
        for gate in option.gate:
            if gate.kind == "favour" and self.holds(gate.condition) is True:
                sides["for"].append(self.sayings.gate(gate, None))
        return tuple(sides["for"]), tuple(sides["against"])

    def arguments_about(self, option: Option) -> Iterator[tuple[str, Argument]]:
        """The arguments of the one scenario, then the general ones, by name."""
        for name in self.record.walk.scenarios:
            for place, each in enumerate(self.base.scenarios[name].argument):
                if each.option == option.id and self.one_scenario:
                    yield f"{name}.argument.{place + 1}", each
        for place, each in enumerate(option.argument):
            yield f"{option.id}.argument.{place + 1}", each

    @cached_property
    def one_scenario(self) -> bool:
        """Whether one scenario alone is possible."""
        return len(self.record.walk.scenarios) == 1

    def way_to(self, scenario: str) -> str | None:
        """What is left to know of the last branch that leads to a scenario, if any."""
        branch = self.sayings.branch_to.get(scenario)
        while branch is not None:
            home, leading = branch
            clause = None if leading.otherwise else self.unless_known(leading.condition)
            if clause is not None:
                return clause
            branch = self.sayings.branch_to.get(home)
        return None

    def standing_reason(self, option: Option, name: str) -> Reason:
        """Say at which standing a scenario has an option."""
        scenario = self.base.scenarios[name]
        standing = STANDINGS[scenario.ranks[option.id]].replace("_", " ")
        return Reason(
            rule=f"{name}.standing",
            text=f"Standing here ({scenario.label}): {standing}.",
            sources=scenario.sources,
            judgement=scenario.judgement,
        )

    def certainty(self, option: Option) -> Certainty:
        """The certainty of the least certain source of an option."""
        known = [self.base.sources[name].certainty for name in option.sources]
        return min(known, key=CERTAINTIES.index, default=CERTAINTIES[0])
