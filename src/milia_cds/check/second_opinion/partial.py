"""Cases with unknown facts: walk and verdicts in three-valued logic, as formulas.

Strong Kleene with two formulas for each condition, the walk along every path from the
first decision, and the rule of verdicts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeAlias

import z3

from milia_cds.check.second_opinion.formulas import Formula, Formulas, Threefold, kleene
from milia_cds.knowledge.model import (
    STANDINGS,
    ActionRow,
    Branch,
    Gate,
    Guarantee,
    Knowledge,
)
from milia_cds.logic.conditions import Atom, Condition, Truth, facts_in
from milia_cds.logic.facts import Members

_LIMITED = STANDINGS.index("limited")
_BEST = len(STANDINGS) - 1

Passed: TypeAlias = Mapping[str, tuple[Condition, ...]]
"""The conditions about one fact alone that a path has passed, by fact."""


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
        self._solver = z3.Solver()
        self._solver.add(self.formulas.domain())
        self._entailed: dict[tuple[tuple[Condition, ...], Atom], Truth] = {}
        self._ways: dict[str, list[Formula]] = {name: [] for name in base.scenarios}
        self._walk(next(iter(base.decisions)), z3.BoolVal(True), {})  # noqa: FBT003
        self.may = {name: z3.Or(ways) for name, ways in self._ways.items()}

    # -- the walk --

    def _walk(self, name: str, reached: Formula, kept: Passed) -> None:
        if name in self._ways:
            self._ways[name].append(reached)
            return
        branches = self.base.decisions[name].branch
        plain = [self.formulas.threefold(each.condition) for each in branches]
        narrow = [self._narrowed(each.condition, kept) for each in branches]
        for place, branch in enumerate(branches):
            taken = _taken(plain, narrow, place)
            self._walk(branch.to, z3.And(reached, taken), self._after(branch, kept))

    def _after(self, branch: Branch, kept: Passed) -> Passed:
        names = facts_in(branch.condition)
        if len(names) > 1 or isinstance(self.base.kinds[names[0]], Members):
            return kept
        return {**kept, names[0]: (*kept.get(names[0], ()), branch.condition)}

    def _narrowed(self, condition: Condition, kept: Passed) -> Threefold:
        """The reading where an unknown fact obeys what the path has passed."""

        def leaf(atom: Atom) -> Threefold:
            plain = self.formulas.known_atom(atom)
            value = self._entails(kept.get(atom.fact, ()), atom)
            unknown = z3.Not(self.formulas.known[atom.fact])
            if value is True:
                return Threefold(z3.Or(plain.true, unknown), plain.false)
            if value is False:
                return Threefold(plain.true, z3.Or(plain.false, unknown))
            return plain

        return kleene(condition, leaf)

    def _entails(self, passed: tuple[Condition, ...], atom: Atom) -> Truth:
        """What conditions about one fact say of a test of it, if anything."""
        if not passed:
            return None
        key = (passed, atom)
        if key not in self._entailed:
            holds = self.formulas.of(atom)
            before = [self.formulas.of(condition) for condition in passed]
            may = self._solver.check(*before, holds) == z3.sat
            may_not = self._solver.check(*before, z3.Not(holds)) == z3.sat
            self._entailed[key] = None if may == may_not else may
        return self._entailed[key]

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
            others = list(self._other_rows(guarantee.action))
            return z3.And(condition.true, z3.Or(others))
        names = (*guarantee.options, *guarantee.measures)
        offered = z3.Or([self.offered(name) for name in names])
        return z3.And(z3.Not(condition.false), offered)

    def _other_rows(self, action: str) -> Iterator[Formula]:
        for name, scenario in self.base.scenarios.items():
            for place, row in enumerate(scenario.action):
                if row.act != action:
                    yield z3.And(self.may[name], self._decides(scenario.action, place))

    def _decides(self, rows: tuple[ActionRow, ...], place: int) -> Formula:
        """Whether a row may be the first true one."""
        before = [self.formulas.threefold(row.condition).true for row in rows[:place]]
        here = self.formulas.threefold(rows[place].condition)
        return z3.And(z3.Not(here.false), z3.Not(z3.Or(before)))


def _taken(plain: list[Threefold], narrow: list[Threefold], place: int) -> Formula:
    """Whether a branch is followed: the first that is true, else every open one.

    A branch that is not known to be true on its own may be after narrowing.
    """
    surely = [
        z3.And(one.unknown, other.true)
        for one, other in zip(plain, narrow, strict=True)
    ]
    open_ = z3.And(plain[place].unknown, narrow[place].unknown)
    return z3.Or(
        _first([each.true for each in plain], place),
        z3.And(
            z3.Not(z3.Or([each.true for each in plain])),
            z3.Or(_first(surely, place), z3.And(z3.Not(z3.Or(surely)), open_)),
        ),
    )


def _first(formulas: list[Formula], place: int) -> Formula:
    return z3.And(formulas[place], z3.Not(z3.Or(formulas[:place])))
