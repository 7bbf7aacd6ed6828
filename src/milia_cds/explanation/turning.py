"""What would change the first place, if one fact of a case were different.

Each known fact is turned by itself and the case decided anew. Numbers, choices that
nothing can change, such as the site, and what the clinic is, are left as they are.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import attrs

from milia_cds.decision.engine import Engine, first_place
from milia_cds.decision.record import Record
from milia_cds.errors import ContradictionError
from milia_cds.explanation.reasons import View
from milia_cds.knowledge.options import Gate
from milia_cds.knowledge.records import Said
from milia_cds.logic.facts import Choice, Value, YesNo

_AGAINST = ("forbid", "lower")


@attrs.frozen(kw_only=True, eq=False, repr=False)
class TurningPoint(Said):
    """What would change the first place, in a few words, and the facts that are it."""

    text: str
    facts: tuple[str, ...]


def turning_points(view: View) -> tuple[TurningPoint, ...]:
    """What would change the first place, in the order of the walk, then of the rules.

    Parameters
    ----------
    view
        The view of the record; without an offered option nothing is turned.
    """
    return tuple(_Turned(view).points()) if view.record.ranking else ()


class _Turned:
    def __init__(self, view: View) -> None:
        self.view = view
        self.base = view.base
        self.engine: Engine = view.engine
        self.values = view.record.values
        self.before = self.decided(self.values)

    def points(self) -> Iterator[TurningPoint]:
        found: dict[tuple[int, int, str], list[str]] = {}
        for name in self.base.kinds:
            for value in self.others(name):
                after = self.with_fact(name, value)
                if after is not None and self.moved(after):
                    key = self.through(after, name, value)
                    found.setdefault(key, []).append(name)
        for key in sorted(found, key=lambda each: each[:2]):
            facts = tuple(dict.fromkeys(found[key]))
            yield TurningPoint(text=key[2], facts=facts)

    def others(self, name: str) -> Iterator[Value]:
        """The values that a known fact could have instead."""
        now, kind, entry = self.view.facts[name], self.base.kinds[name], self.base.facts
        section = self.base.vocabulary.sections[name.partition(".")[0]]
        if now is None or entry[name].way_out or section.in_policy:
            return
        if isinstance(kind, YesNo):
            yield not now
        elif isinstance(kind, Choice) and not entry[name].immutable:
            yield from (member for member in kind.members if member != now)

    def with_fact(self, name: str, value: Value) -> Record | None:
        """The decision with another value of a fact, where that contradicts nothing."""
        changed = list(self.values)
        changed[self.engine.place[name]] = value
        with suppress(ContradictionError):
            return self.decided(changed)
        return None

    def decided(self, values: Any) -> Record:
        record = self.view.record
        weights = {
            name: weight
            for name, weight in record.weights.items()
            if record.own or not self.base.criteria[name].own
        }
        return self.engine.decide(values, offers=record.offers, weights=weights)

    def moved(self, after: Record) -> bool:
        return set(first_place(self.before.ranking)) != set(first_place(after.ranking))

    # -- in words --

    def through(self, after: Record, name: str, value: Value) -> tuple[int, int, str]:
        """By what a fact moves the first place: its order, and its words."""
        for at, (was, now) in enumerate(
            zip(self.before.walk.visits, after.walk.visits, strict=False)
        ):
            if was != now:
                decision = self.base.decisions[was.decision]
                answers = [decision.branch[place].short for place in now.taken]
                said = decision.denies or " or ".join(filter(None, answers))
                return 0, at, said or self.value(name, value)
        for at, (gate, known) in enumerate(self.against(after)):
            said = gate.short if known else ""
            return 1, at, said or self.value(name, value)
        return 2, self.engine.place[name], self.value(name, value)

    def against(self, after: Record) -> Iterator[tuple[Gate, bool]]:
        """The gates of the first option that then speak against it, and did not.

        Each with whether it is then known to hold.
        """
        bits = self.engine.plan.bit
        for name in first_place(self.before.ranking):
            for gate in self.base.options[name].gate:
                if gate.kind in _AGAINST and gate.condition is not None:
                    bit = bits[gate.condition]
                    then = (after.true | after.unknown) & bit
                    if then and not (self.before.true | self.before.unknown) & bit:
                        yield gate, bool(after.true & bit)

    def value(self, name: str, value: Value) -> str:
        """A value as an item of a list."""
        if isinstance(value, bool):
            label = self.base.facts[name].label
            return label if value else f"no {label}"
        return self.view.sayings.wording.value(name, value)
