"""A view of a recorded decision: what held, on which facts, and why, as reasons.

What does not depend on the case is made once for a knowledge base and shared.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from milia_cds.conditions import Condition, deciding, facts_in
from milia_cds.engine import Engine, Record
from milia_cds.knowledge import Gate
from milia_cds.outcome import Reason
from milia_cds.records import plain
from milia_cds.wording import Wording


class Sayings:
    """What can be said of a knowledge base without a case, made once."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.base = engine.base
        self.wording = Wording(engine.base)
        self.sentences = Wording(engine.base, subjects=True)
        self.bits = {
            condition: engine.bits[path]
            for path, condition in engine.conditions.items()
        }
        self.names_in = cache(facts_in)
        self._true: dict[str, Reason] = {}
        self._open: dict[str, Reason] = {}

    def gate(self, gate: Gate, *, open_: bool) -> Reason:
        """Give a gate as a reason without facts, made once."""
        made = self._open if open_ else self._true
        if gate.name not in made:
            clause = self._clause(gate.condition)
            made[gate.name] = Reason(
                rule=gate.name,
                text=gate.text,
                plain=gate.plain,
                sources=gate.sources,
                judgement=gate.judgement,
                if_=clause if open_ else None,
            )
        return made[gate.name]

    def _clause(self, condition: Condition | None) -> str | None:
        return None if condition is None else self.sentences.condition(condition)


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

    def holds(self, condition: Condition | None) -> bool | None:
        """Tell what a condition was worth; none at all always holds."""
        if condition is None:
            return True
        bit = self.sayings.bits[condition]
        if self.record.true & bit:
            return True
        return None if self.record.unknown & bit else False

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
        """Give the condition in words, where it is not known whether it holds."""
        if condition is None or self.holds(condition) is not None:
            return None
        return self.sayings.sentences.condition(condition)

    def lacking_on_the_way(self) -> Iterator[str]:
        """Give the facts that were missing to choose a branch."""
        for visit in self.record.walked.visits:
            yield from visit.lacking
