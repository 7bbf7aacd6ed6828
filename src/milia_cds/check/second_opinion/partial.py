"""Cases with unknown facts: walk and verdicts in three-valued logic, as formulas.

Strong Kleene with two formulas for each condition, the walk along every path from the
first decision, and the rule of verdicts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import z3

from milia_cds.check.second_opinion.complete import as_said
from milia_cds.check.second_opinion.formulas import Formula, Formulas, Threefold
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.options import STANDINGS, Gate
from milia_cds.knowledge.promises import Guarantee
from milia_cds.knowledge.scenarios import ActionRow

_LIMITED = STANDINGS.index("limited")
_BEST = len(STANDINGS) - 1


class Partial:
    """The decision on a case of which some facts are known.

    Parameters
    ----------
    base
        The knowledge base.
    known
        What says that a fact is known (see `Formulas`).
    """

    def __init__(self, base: Knowledge, known: str = "known") -> None:
        self.base = base
        self.formulas = Formulas(base.kinds, known)
        self._ways: dict[str, list[Formula]] = {name: [] for name in base.scenarios}
        # Z3's own signature.
        self._walk(next(iter(base.decisions)), z3.BoolVal(True))  # noqa: FBT003
        self.may = {name: z3.Or(ways) for name, ways in self._ways.items()}

    # -- the walk --

    def _walk(self, name: str, reached: Formula) -> None:
        if name in self._ways:
            self._ways[name].append(reached)
            return
        branches = self.base.decisions[name].branch
        asked = [self.formulas.threefold(each.condition) for each in branches]
        for place, branch in enumerate(branches):
            self._walk(branch.to, z3.And(reached, _taken(asked, place)))

    # -- verdicts --

    def offered(self, name: str) -> Formula:
        """When an option or a measure is offered."""
        forbids, may_forbid = self.forbidden(name)
        if name in self.base.measures:
            return z3.Not(z3.Or(forbids, may_forbid))
        return z3.And(z3.Not(z3.Or(forbids, may_forbid)), self.worst(name, _LIMITED))

    def excluded(self, name: str) -> Formula:
        """When an option or a measure is excluded."""
        return self.forbidden(name)[0]

    def not_indicated(self, option: str) -> Formula:
        """When an option is not indicated."""
        return z3.Not(z3.Or(self.excluded(option), self.best(option, _LIMITED)))

    def forbidden(self, name: str) -> tuple[Formula, Formula]:
        """Whether a gate forbids, and whether one that is not known may."""
        forbids = [
            self.formulas.threefold(gate.condition)
            for gate in self._gates(name)
            if gate.kind == "forbid"
        ]
        return (
            z3.Or([each.true for each in forbids]),
            z3.Or([each.unknown for each in forbids]),
        )

    def _gates(self, name: str) -> tuple[Gate, ...]:
        if name in self.base.measures:
            return self.base.measures[name].gate
        return self.base.options[name].gate

    def worst(self, option: str, rank: int) -> Formula:
        """Whether the worst standing is at this rank (1 to 3) or better."""

        def at_least(low: int) -> Formula:
            below = (self.may[name] for name in self._cells(option, range(low)))
            return z3.Not(z3.Or(list(below)))

        return self._standing(option, rank, at_least, lambda value: z3.Not(value.false))

    def best(self, option: str, rank: int) -> Formula:
        """Whether the best standing is at this rank (1 to 3) or better."""

        def at_least(low: int) -> Formula:
            names = self._cells(option, range(low, _BEST + 1))
            return z3.Or([self.may[name] for name in names])

        return self._standing(option, rank, at_least, lambda value: value.true)

    def _cells(self, option: str, ranks: Iterable[int]) -> Iterator[str]:
        """The scenarios in which an option stands at one of these ranks."""
        return (
            name
            for name, scenario in self.base.scenarios.items()
            if scenario.ranks[option] in ranks
        )

    def _standing(
        self,
        option: str,
        rank: int,
        cell: Callable[[int], Formula],
        counts: Callable[[Threefold], Formula],
    ) -> Formula:
        lowers = [
            (gate.to, counts(self.formulas.threefold(gate.condition)))
            for gate in self._gates(option)
            if gate.kind == "lower"
        ]
        steps = [when for to, when in lowers if to is None]
        caps = [when for to, when in lowers if to and STANDINGS.index(to) < rank]
        # One step down: what is limited stays so, what comes first is never first.
        # Z3's own signature.
        down = [cell(_LIMITED), cell(_BEST), z3.BoolVal(False)][rank - 1]  # noqa: FBT003
        return z3.And(
            z3.If(z3.Or(steps), down, cell(rank)),
            z3.Not(z3.Or(caps)),
            *[z3.Not(z3.And(a, b)) for i, a in enumerate(steps) for b in steps[:i]],
        )

    # -- guarantees --

    def violated(self, guarantee: Guarantee) -> Formula:
        """When a guarantee is broken; unknown counts as not kept.

        An action is kept if every row that may decide has it.
        """
        condition = self.formulas.threefold(guarantee.condition)
        if guarantee.action is not None:
            others = list(self._other_rows(guarantee))
            return z3.And(condition.true, z3.Or(others))
        if guarantee.alert is not None:
            alert = self.base.alerts[guarantee.alert]
            certain = self.formulas.threefold(alert.condition).true
            return z3.And(condition.true, z3.Not(certain))
        names = (*guarantee.options, *guarantee.measures)
        offered = z3.Or([self.offered(name) for name in names])
        return z3.And(z3.Not(condition.false), offered)

    def _other_rows(self, guarantee: Guarantee) -> Iterator[Formula]:
        for name, scenario in self.base.scenarios.items():
            for place, row in enumerate(scenario.action):
                fits = row.act == guarantee.action
                if guarantee.action == "refer":
                    fits = as_said(row, guarantee)
                if not fits:
                    yield z3.And(self.may[name], self._decides(scenario.action, place))

    def _decides(self, rows: tuple[ActionRow, ...], place: int) -> Formula:
        """Whether a row may be the first true one."""
        before = [self.formulas.threefold(row.condition).true for row in rows[:place]]
        here = self.formulas.threefold(rows[place].condition)
        return z3.And(z3.Not(here.false), z3.Not(z3.Or(before)))


def _taken(asked: list[Threefold], place: int) -> Formula:
    """Whether a branch is followed: the first that is true, else every open one."""
    true = [each.true for each in asked]
    return z3.Or(
        _first(true, place),
        z3.And(z3.Not(z3.Or(true)), asked[place].unknown),
    )


def _first(formulas: list[Formula], place: int) -> Formula:
    return z3.And(formulas[place], z3.Not(z3.Or(formulas[:place])))
