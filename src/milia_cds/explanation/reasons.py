"""A view of a recorded decision: what held, on which facts, and why, as reasons.

What does not depend on the case is made once for a knowledge base and shared.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, cached_property
from typing import Any

from milia_cds.decision.engine import Engine, Record
from milia_cds.explanation.outcome import Reason
from milia_cds.knowledge.model import (
    STANDINGS,
    Argument,
    Gate,
    Guarantee,
    Knowledge,
    Option,
)
from milia_cds.knowledge.tables import plain
from milia_cds.knowledge.texts import CERTAINTIES, Certainty
from milia_cds.knowledge.wording import Wording
from milia_cds.knowledge.words import Guard, TermEntry
from milia_cds.logic.conditions import Condition, deciding, facts_in, remaining
from milia_cds.logic.plan import Plan

_NEVER_SAID = (TermEntry, Guard, Guarantee)
"""Of these no case is told whether their condition holds."""


class Sayings:
    """What can be said of a knowledge base without a case, made once."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.base = engine.base
        self.wording = Wording(engine.base)
        self.sentences = Wording(engine.base, subjects=True)
        decided = engine.plan.bit
        said = (each for each in _said(self.base) if each not in decided)
        self.plan = Plan(self.base.kinds, said)
        self.bits = {each: (0, bit) for each, bit in decided.items()}
        self.bits |= {each: (1, bit) for each, bit in self.plan.bit.items()}
        self.names_in = cache(facts_in)
        self._gates: dict[tuple[str, str | None], Reason] = {}

    def gate(self, gate: Gate, clause: str | None) -> Reason:
        """Give a gate as a reason without facts, made once for each condition left."""
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
        self.bits = (
            (record.true, record.unknown),
            sayings.plan.evaluate(list(record.facts.values())),
        )

    def holds(self, condition: Condition | None) -> bool | None:
        """Tell what a condition was worth; none at all always holds."""
        if condition is None:
            return True
        plan, bit = self.sayings.bits[condition]
        true, unknown = self.bits[plan]
        if true & bit:
            return True
        return None if unknown & bit else False

    def decided_by(self, condition: Condition | None) -> dict[str, Any]:
        """Give the facts that decided a condition, with their plain values."""
        if condition is None:
            return {}
        _, names = deciding(condition, self.facts)
        return {name: plain(self.facts[name]) for name in names}

    def unknown_in(self, condition: Condition | None) -> list[str]:
        """Give the facts that were missing to know a condition."""
        if condition is None:
            return []
        _, names = deciding(condition, self.facts)
        return [name for name in names if self.facts[name] is None]

    def reason(self, rule: str, record: Any, condition: Condition | None) -> Reason:
        """Give a rule with the facts that decided it."""
        return Reason(
            rule=rule,
            text=record.text,
            plain=getattr(record, "plain", ""),
            facts=self.decided_by(condition),
            sources=record.sources,
            judgement=record.judgement,
            if_=self.unless_known(condition),
        )

    def unless_known(self, condition: Condition | None) -> str | None:
        """Say what is left to know of a condition, where it is not known to hold."""
        if condition is None or self.holds(condition) is not None:
            return None
        # Not remembered: equal conditions may name their sets differently.
        return self.sayings.sentences.condition(remaining(condition, self.facts))

    def lacking_on_the_way(self) -> Iterator[str]:
        """Give the facts that were missing to choose a branch."""
        for visit in self.record.walk.visits:
            yield from visit.lacking

    def arguments(
        self, option: Option
    ) -> tuple[tuple[Reason, ...], tuple[Reason, ...]]:
        """Give what speaks for an option, and what against it."""
        sides: dict[str, list[Reason]] = {"for": [], "against": []}
        for rule, argument in self.arguments_about(option):
            if self.holds(argument.condition) is not False:
                reason = self.reason(rule, argument, argument.condition)
                sides[argument.side].append(reason)
        for gate in option.gate:
            if gate.kind == "favour" and self.holds(gate.condition) is True:
                sides["for"].append(self.sayings.gate(gate, None))
        return tuple(sides["for"]), tuple(sides["against"])

    def arguments_about(self, option: Option) -> Iterator[tuple[str, Argument]]:
        """Give the arguments of the one scenario, then the general ones, by name."""
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
        """Give the certainty of the least certain source of an option."""
        known = [self.base.sources[name].certainty for name in option.sources]
        return min(known, key=CERTAINTIES.index, default=CERTAINTIES[0])
