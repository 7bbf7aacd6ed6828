"""The proofs of the guarantees over all complete cases, and what each rests on.

An option is not offered where a gate forbids it, where its cell is not_recommended,
where a gate caps it there, or where two gates lower it. A guarantee holds iff these
cover every case of its condition; they are its support.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Literal, TypeAlias

import attrs

from milia_cds.check.space import Space
from milia_cds.decision.all_cases import AllCases
from milia_cds.decision.engine import Record
from milia_cds.decision.verdicts import NOT_RECOMMENDED, TOO_MANY
from milia_cds.knowledge.entries import place_of
from milia_cds.knowledge.model import (
    STANDINGS,
    Gate,
    Guarantee,
    Knowledge,
    Measure,
    Option,
    gate_place,
)
from milia_cds.logic.conditions import atoms
from milia_cds.logic.diagrams import FALSE

How: TypeAlias = Literal["gate", "standing", "action"]


@attrs.frozen
class Support:
    """One thing that keeps a guarantee: a forbid gate, a standing or an action.

    Parameters
    ----------
    how
        A standing can be a cell of the scenarios, or gates that lower to the last.
    names
        The paths of what does it.
    cases
        The diagram of the cases in which it does.
    weight
        How much it takes to say it; the support prefers what takes less.
    """

    how: How
    names: tuple[str, ...]
    cases: int = attrs.field(eq=False)
    weight: int = attrs.field(eq=False, default=0)


@attrs.frozen
class Held:
    """How a guarantee is kept for one option, measure or action.

    Parameters
    ----------
    owner
        The id of the option or measure, or the action.
    layers
        Sets of supports that each suffice alone, the first without standings where
        that is possible. Without all of them the guarantee is broken.
    fragile
        Whether no set of gates suffices: standings hold it, which are there for
        another reason.
    """

    owner: str
    layers: tuple[tuple[Support, ...], ...]
    fragile: bool


@attrs.frozen
class Proof:
    """Whether a guarantee holds for every complete case.

    Parameters
    ----------
    guarantee
        What was to be proved.
    held
        How, for each option and measure that it names.
    broken
        The options and measures for which it does not hold, each with a case.
    """

    guarantee: Guarantee
    held: tuple[Held, ...]
    broken: Mapping[str, Mapping[str, Any]] = attrs.field(hash=False)

    @property
    def fragile(self) -> tuple[str, ...]:
        """The options and measures for which standings alone hold it."""
        return tuple(each.owner for each in self.held if each.fragile)


def prove(base: Knowledge, space: Space, results: AllCases) -> tuple[Proof, ...]:
    """Prove every guarantee of a knowledge base, or show a case that breaks it.

    Parameters
    ----------
    base
        The knowledge base.
    space, results
        The space of its cases, and its results there.
    """
    prover = _Prover(base, space, results)
    return tuple(prover.proof(each) for each in base.guarantees)


class _Prover:
    def __init__(self, base: Knowledge, space: Space, results: AllCases) -> None:
        self.base = base
        self.space = space
        self.results = results
        self.diagrams = space.diagrams
        self.supports = cache(self._supports)
        self.reached = space.reached(base)

    def proof(self, guarantee: Guarantee) -> Proof:
        where = self.space.of(guarantee.condition)
        owners: Sequence[str] = (*guarantee.options, *guarantee.measures)
        if guarantee.action is not None:
            owners = [guarantee.action]
        held, broken = [], {}
        for owner in owners:
            supports = self._acting(owner) if guarantee.action else self.supports(owner)
            left = self.diagrams.without(where, *(each.cases for each in supports))
            if left == FALSE:
                held.append(self.held(owner, where, supports))
            else:
                shows = _shows(guarantee, owner)
                broken[owner] = self.space.case(left, self.base, shows)
        return Proof(guarantee, tuple(held), broken)

    # -- layers --

    def held(self, owner: str, where: int, supports: Sequence[Support]) -> Held:
        """Sets of supports, each of which covers the condition alone."""
        # Of each support only the cases that matter here: far smaller diagrams.
        ahead = [
            attrs.evolve(each, cases=self.diagrams.both(each.cases, where))
            for each in supports
        ]
        firm = [each for each in ahead if each.how != "standing"]
        fragile = not self.covers(firm, where)
        layers: list[tuple[Support, ...]] = []
        while where != FALSE and self.covers(ahead, where):
            firm = [each for each in ahead if each.how != "standing"]
            layer = self.cover(firm if self.covers(firm, where) else ahead, where)
            layers.append(layer)
            ahead = [each for each in ahead if each not in layer]
        return Held(owner, tuple(layers), fragile)

    def covers(self, supports: Sequence[Support], where: int) -> bool:
        return self.diagrams.any(each.cases for each in supports) == where

    def cover(self, supports: Sequence[Support], where: int) -> tuple[Support, ...]:
        """Leave out supports that are not needed, standings and long ones first."""
        kept = [each for each in supports if each.cases != FALSE]
        for each in sorted(kept, key=lambda s: (s.how != "standing", -s.weight)):
            others = [other for other in kept if other is not each]
            if self.covers(others, where):
                kept = others
        return tuple(kept)

    # -- supports --

    def _supports(self, owner: str) -> list[Support]:
        if owner in self.base.measures:
            return list(self._forbids(self.base.measures[owner]))
        option = self.base.options[owner]
        return [*self._forbids(option), *self._standings(option)]

    def _forbids(self, owner: Option | Measure) -> Iterator[Support]:
        for gate in owner.gate:
            if gate.kind == "forbid":
                path = gate_place(owner, gate)
                yield Support("gate", (path,), self._of(gate), _weight(gate))

    def _standings(self, option: Option) -> Iterator[Support]:
        """What brings an option to not_recommended."""
        for name, scenario in self.base.scenarios.items():
            if scenario.ranks[option.id] == NOT_RECOMMENDED:
                path = f"scenarios.toml: scenario.{name}: {option.id}"
                yield Support("standing", (path,), self.reached[name])
        steps = []
        for gate in option.gate:
            path = gate_place(option, gate)
            if gate.kind != "lower":
                continue
            if gate.to is None:
                steps.append((path, self._of(gate)))
            elif STANDINGS.index(gate.to) == NOT_RECOMMENDED:
                yield Support("standing", (path,), self._of(gate), _weight(gate))
        if len(steps) >= TOO_MANY:
            twice = self._at_least_two([cases for _, cases in steps])
            yield Support("standing", tuple(path for path, _ in steps), twice)

    def _at_least_two(self, nodes: Sequence[int]) -> int:
        once = twice = FALSE
        for node in nodes:
            twice = self.diagrams.either(twice, self.diagrams.both(once, node))
            once = self.diagrams.either(once, node)
        return twice

    def _of(self, gate: Gate) -> int:
        return self.space.of(gate.condition)

    def _acting(self, action: str) -> list[Support]:
        """The actions of scenarios that come to this one."""
        supports = []
        for name, scenario in self.base.scenarios.items():
            left = self.reached[name]
            for place, row in enumerate(scenario.action):
                here = self.diagrams.both(left, self.space.of(row.condition))
                left = self.diagrams.without(left, here)
                path = place_of(row, f"scenarios.toml: scenario.{name}.action[{place}]")
                if row.act == action:
                    supports.append(Support("action", (path,), here))
                elif row.act == "treat" and action in {"treat", "observe"}:
                    acted = self.diagrams.both(here, self._first_acts(action))
                    supports.append(Support("action", (path,), acted))
        return supports

    def _first_acts(self, action: str) -> int:
        """The cases in which the first place makes this of "treat"."""
        disposition = self.results.disposition
        if disposition is None:
            return FALSE
        return self.space.where(lambda value: value[0] == action, disposition)


def _weight(gate: Gate) -> int:
    return 0 if gate.condition is None else len(tuple(atoms(gate.condition)))


def _shows(guarantee: Guarantee, owner: str) -> Any:
    """What the decision on a case that breaks a guarantee must show."""

    def shows(record: Record) -> bool:
        if guarantee.action is not None:
            return record.disposition.action != guarantee.action
        judged = {**record.verdicts, **record.measures}
        return judged[owner].verdict == "offered"

    return shows
