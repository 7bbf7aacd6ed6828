"""Complete cases: walk, verdicts, order and disposition, as formulas."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property

import z3

from milia_cds.check.second_opinion.formulas import Formula, Formulas
from milia_cds.knowledge.dangers import URGENCIES, Urgency
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.options import STANDINGS, CriterionLevel, Gate, Option
from milia_cds.knowledge.promises import Guarantee
from milia_cds.knowledge.scenarios import ActionRow

_LIMITED = STANDINGS.index("limited")
_BEST = len(STANDINGS) - 1


class Complete:
    """The decision on a case of which every fact is known.

    Parameters
    ----------
    base
        The knowledge base.
    """

    def __init__(self, base: Knowledge) -> None:
        self.base = base
        self.formulas = Formulas(base.kinds)
        self._reached: dict[str, Formula] = {}

    # -- the walk --

    def reached(self, name: str) -> Formula:
        """When a decision or scenario is reached."""
        if name not in self._reached:
            self._reached[name] = self._reach(name)
        return self._reached[name]

    def _reach(self, name: str) -> Formula:
        if name == next(iter(self.base.decisions)):
            return z3.BoolVal(True)  # noqa: FBT003 - z3's own signature
        return z3.Or(
            [
                z3.And(self.reached(decision.id), self.formulas.of(branch.condition))
                for decision in self.base.decisions.values()
                for branch in decision.branch
                if branch.to == name
            ]
        )

    # -- verdicts --

    def offered(self, name: str) -> Formula:
        """When an option or a measure is offered."""
        if name in self.base.measures:
            return z3.Not(self._forbidden(self.base.measures[name].gate))
        option = self.base.options[name]
        return z3.And(z3.Not(self._forbidden(option.gate)), self.stands_at(option, 1))

    def excluded(self, name: str) -> Formula:
        """When an option or a measure is excluded."""
        if name in self.base.measures:
            return self._forbidden(self.base.measures[name].gate)
        return self._forbidden(self.base.options[name].gate)

    def _forbidden(self, gates: Iterable[Gate]) -> Formula:
        return z3.Or([self._when(gate) for gate in gates if gate.kind == "forbid"])

    def _when(self, gate: Gate) -> Formula:
        return self.formulas.of(gate.condition)

    def stands_at(self, option: Option, rank: int) -> Formula:
        """When an option stands at this rank (1 to 3) or better."""
        return self._stands(option.gate, rank, lambda least: self._cell(option, least))

    def _stands(
        self, gates: Iterable[Gate], rank: int, cell: Callable[[int], Formula]
    ) -> Formula:
        """When what a cell becomes by gates is at this rank or better."""
        lowers = [gate for gate in gates if gate.kind == "lower"]
        counted = [self._when(gate) for gate in lowers if gate.to is None]
        capped = [
            self._when(gate)
            for gate in lowers
            if gate.to is not None and STANDINGS.index(gate.to) < rank
        ]
        return z3.And(
            z3.If(z3.Or(counted), self._lowered(rank, cell), cell(rank)),
            z3.Not(z3.Or(capped)),
            # As above.
            z3.AtMost(*counted, 1) if counted else z3.BoolVal(True),  # noqa: FBT003
        )

    def _lowered(self, rank: int, cell: Callable[[int], Formula]) -> Formula:
        """When a cell is at this rank or better after one step down."""
        if rank == _LIMITED:
            return cell(rank)
        if rank == _BEST:
            return z3.BoolVal(False)  # noqa: FBT003 - z3's own signature
        return cell(rank + 1)

    def _cell(self, option: Option, rank: int) -> Formula:
        return z3.Or(
            [
                self.reached(name)
                for name, scenario in self.base.scenarios.items()
                if scenario.ranks[option.id] >= rank
            ]
        )

    # -- order and disposition --

    def acted(self, action: str) -> Formula:
        """When the disposition is this action, with the default weights."""
        plain = self._row(lambda row: row.act == action)
        if action not in {"treat", "observe"}:
            return plain
        treated = self._row(lambda row: row.act == "treat")
        observed = z3.Or(self._no_option, self._first("observe"))
        if action == "treat":
            return z3.And(treated, z3.Not(observed))
        return z3.Or(plain, z3.And(treated, observed))

    def refers(self, least: str = "routine") -> Formula:
        """When the disposition refers at an urgency, or a higher one."""
        rank = URGENCIES.index(least)
        return self._row(
            lambda row: (
                row.act == "refer"
                and URGENCIES.index(row.urgency or URGENCIES[0]) >= rank
            )
        )

    def _row(self, fits: Callable[[ActionRow], bool]) -> Formula:
        """When a row that fits decides."""
        return z3.Or(
            [
                z3.And(self.reached(name), self._is_first(scenario.action, place))
                for name, scenario in self.base.scenarios.items()
                for place, row in enumerate(scenario.action)
                if fits(row)
            ]
        )

    def _is_first(self, rows: tuple[ActionRow, ...], place: int) -> Formula:
        before = [self.formulas.of(row.condition) for row in rows[:place]]
        here = self.formulas.of(rows[place].condition)
        return z3.And(here, z3.Not(z3.Or(before)))

    @cached_property
    def _no_option(self) -> Formula:
        return z3.Not(z3.Or([self.offered(name) for name in self.base.options]))

    def _first(self, act: str) -> Formula:
        """When an option with this act is in the first place."""
        keys = self._keys
        return z3.Or(
            [
                z3.And([keys[name] >= 0, *(keys[name] >= key for key in keys.values())])
                for name, option in self.base.options.items()
                if option.act == act
            ]
        )

    @cached_property
    def _keys(self) -> dict[str, Formula]:
        """A number for each option by which it is ranked; below 0: not offered."""
        most = 1 + 4 * sum(each.weight for each in self.base.criteria.values())
        keys = {}
        for name, option in self.base.options.items():
            standing = z3.Sum(
                [
                    z3.If(self.stands_at(option, rank), most, 0)
                    for rank in range(1, _BEST + 1)
                ]
            )
            points = z3.Sum([self._points(level) for level in option.level])
            keys[name] = z3.If(self.offered(name), standing + points, -1)
        return keys

    def _points(self, level: CriterionLevel) -> Formula:
        weight = self.base.criteria[level.criterion].weight
        points: Formula = z3.IntVal(weight * level.base)
        for modifier in reversed(level.modifier):
            when = self.formulas.of(modifier.condition)
            points = z3.If(when, weight * modifier.level, points)
        return points

    # -- guarantees --

    def violated(self, guarantee: Guarantee) -> Formula:
        """When a guarantee is broken."""
        if guarantee.gentler:
            return z3.Or([self.less_bound(guarantee, each) for each in guarantee.binds])
        condition = self.formulas.of(guarantee.condition)
        return z3.And(condition, z3.Not(self._kept(guarantee)))

    def _kept(self, guarantee: Guarantee) -> Formula:
        """When what a guarantee says is so."""
        if guarantee.action == "refer":
            return self._row(lambda row: as_said(row, guarantee))
        if guarantee.action is not None:
            return self.acted(guarantee.action)
        if guarantee.alert is not None:
            alert = self.base.alerts[guarantee.alert]
            urgent = soon_enough(alert.urgency, guarantee)
            return z3.And(self.formulas.of(alert.condition), z3.BoolVal(urgent))
        names = (*guarantee.options, *guarantee.measures)
        return z3.Not(z3.Or([self.offered(name) for name in names]))

    def less_bound(self, guarantee: Guarantee, name: str) -> Formula:
        """When gates bind an option less than the gentler one of a guarantee."""
        spared = [each.gate for each in guarantee.except_ if name in each.options]
        gentler = [
            gate
            for gate in self.base.options[guarantee.gentler].gate
            if gate.id not in spared and not gate.id.startswith("policy.")
        ]
        own = self.base.options[name].gate
        higher = [
            z3.And(
                self._stands(own, rank, _known(cell)),
                z3.Not(self._stands(gentler, rank, _known(cell))),
            )
            for cell in range(len(STANDINGS))
            for rank in range(1, _BEST + 1)
        ]
        less = z3.Or(self._forbidden(gentler), *higher)
        return z3.And(z3.Not(self._forbidden(own)), less)


def _known(cell: int) -> Callable[[int], Formula]:
    """Whether a cell that is known is at a rank or better."""
    return lambda rank: z3.BoolVal(cell >= rank)


def as_said(row: ActionRow, guarantee: Guarantee) -> bool:
    """Whether a row refers as a guarantee says."""
    if row.act != "refer" or row.urgency is None:
        return False
    if guarantee.to is not None and row.to != guarantee.to:
        return False
    return soon_enough(row.urgency, guarantee)


def soon_enough(urgency: Urgency, guarantee: Guarantee) -> bool:
    """Whether an urgency is as a guarantee says."""
    if guarantee.urgency is not None and urgency != guarantee.urgency:
        return False
    least = guarantee.urgency_at_least or URGENCIES[0]
    return URGENCIES.index(urgency) >= URGENCIES.index(least)
