"""What every complete case comes to, as decision diagrams over cells.

The walk, the verdicts, the order and the disposition of `engine`, for all complete
cases at once: one diagram for the scenario, for each option and measure, for the first
place and for the disposition. Restricted to a case, they say exactly what is still
possible and which facts still matter. A test holds them to the engine.

The facts of a case may be fixed before anything is made: then all this is about its own
completions, and much smaller (`completions`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from threading import RLock
from typing import Any, TypeAlias

from milia_cds.decision.asked_order import variables
from milia_cds.decision.disposition import Course, course_of
from milia_cds.decision.first_place import first_of, score_of
from milia_cds.decision.verdicts import NOT_RECOMMENDED, TOO_MANY, VerdictName, lowered
from milia_cds.errors import KnowledgeError, Problem
from milia_cds.knowledge.dangers import URGENCIES, URGENT
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.options import STANDINGS, CriterionLevel, Gate, Measure, Option
from milia_cds.knowledge.scenarios import Branch
from milia_cds.logic.conditions import Condition
from milia_cds.logic.diagrams import FALSE, TRUE, Diagrams, TooManyNodesError
from milia_cds.logic.memory import made_once, one_of_each

MOST_NODES = 100_000
"""The most nodes that the first place may take; past them it is not exact."""

MOST_NODES_OF_ALL = 1_000_000
"""The most nodes that all cases may take: some ten times what the shipped ones do."""

OptionResult: TypeAlias = tuple[VerdictName, int]
"""A verdict, and the rank of the standing where the option is offered, else 0."""
Lowering: TypeAlias = tuple[int, int]
"""How many gates lower without a cap, at most two, and the lowest cap."""
NO_EFFECT: Lowering = (0, len(STANDINGS) - 1)


_READ_BY_EVERY_ANSWER = (
    "scenario",
    "options",
    "standings",
    "measures",
    "rows",
    "offered",
    "levels",
    "alerts",
    "today",
)


class AllCases:
    """The results of all complete cases of a knowledge base.

    Parameters
    ----------
    base
        The knowledge base.
    diagrams
        The diagrams to make them in: those of another knowledge base over the same
        facts, so that the two can be compared number by number; or with some facts
        fixed, for the complete cases that have these. `None` makes new ones.

    Attributes
    ----------
    prepared
        Whether everything that an answer reads has been made.
    narrowed
        The same of those cases only that have some facts, where these were made too.
    making
        What a thread holds while it makes a part.
    """

    def __init__(self, base: Knowledge, diagrams: Diagrams | None = None) -> None:
        self.base = base
        self.diagrams = diagrams or Diagrams(variables(base))
        self.weights = {name: each.weight for name, each in base.criteria.items()}
        self.prepared = False
        self.narrowed: tuple[AllCases, ...] = ()
        self.making = RLock()
        self._options: dict[str, int] = {}
        self._standings: dict[str, int] = {}
        self._cells: dict[str, int] = {}

    def __getstate__(self) -> dict[str, Any]:
        """Pickle what was made, not the lock of who makes it."""
        return {name: kept for name, kept in vars(self).items() if name != "making"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Hold what was made, under a lock of its own."""
        vars(self).update(state, making=RLock())

    def fitting(self, cells: Mapping[int, int]) -> AllCases:
        """The narrowest of these results that are about a case.

        Parameters
        ----------
        cells
            The cell of each variable whose fact is known in the case, by its place.
        """
        found = self
        for each in self.narrowed:
            fixed = each.diagrams.fixed
            more = len(fixed) > len(found.diagrams.fixed)
            if more and fixed.items() <= cells.items():
                found = each
        return found

    def make(self) -> None:
        """Make now, not when it is asked for, what every answer reads."""
        for name in _READ_BY_EVERY_ANSWER:
            getattr(self, name)

    @made_once
    def scenario(self) -> int:
        """The scenario that a complete case ends in: values are ids."""
        nodes = {name: self.diagrams.end(name) for name in self.base.scenarios}

        def node(name: str) -> int:
            if name not in nodes:
                nodes[name] = ahead(self.base.decisions[name].branch)
            return nodes[name]

        def ahead(branches: tuple[Branch, ...]) -> int:
            """What lies ahead; not what a known fact has closed."""
            branch, *others = branches
            condition = self.diagrams.of(branch.condition) if others else TRUE
            if condition == TRUE:
                return node(branch.to)
            if condition == FALSE:
                return ahead(tuple(others))
            then, otherwise = node(branch.to), ahead(tuple(others))
            return self.diagrams.choose(condition, then, otherwise)

        return node(next(iter(self.base.decisions)))

    @made_once
    def options(self) -> Mapping[str, int]:
        """Of each option where everything is offered: values are `OptionResult`."""
        return {name: self.option(each) for name, each in self.base.options.items()}

    @made_once
    def standings(self) -> Mapping[str, int]:
        """Of each option, whatever forbids it: values are ranks."""
        return {name: self.standing(each) for name, each in self.base.options.items()}

    @made_once
    def measures(self) -> Mapping[str, int]:
        """Of each supporting measure: values are verdicts."""
        return {name: self.measure(each) for name, each in self.base.measures.items()}

    @made_once
    def rows(self) -> int:
        """The row of actions that decides a complete case: values are `Course`."""
        node = self.diagrams.end(None)
        for name, scenario in self.base.scenarios.items():
            reached = self.reached(name)
            if reached == FALSE:
                continue
            rows = self.diagrams.end(None)
            for row in reversed(scenario.action):
                action = self.diagrams.end(course_of(row))
                rows = self.diagrams.choose(self._of(row.condition), action, rows)
            node = self.diagrams.choose(reached, rows, node)
        return node

    @made_once
    def today(self) -> int:
        """The diagram of the complete cases that are to be seen today, or at once."""

        def is_today(course: Course | None) -> bool:
            urgency = course and course[2]
            return bool(urgency) and URGENCIES.index(urgency) > URGENT

        return self.diagrams.apply(is_today, self.rows)

    def reached(self, scenario: str) -> int:
        """The diagram of the complete cases that end in a scenario."""
        return self.diagrams.apply(
            lambda end: end == scenario, self.scenario, kept=("reached", scenario)
        )

    def option(self, option: Option) -> int:
        """The diagram of the verdict on one option: values are `OptionResult`.

        Parameters
        ----------
        option
            One of the knowledge base, of which it is kept, or a changed one.
        """
        if not self._is_own(option):
            return self._option(option)
        if option.id not in self._options:
            self._options[option.id] = self._option(option)
        return self._options[option.id]

    def _option(self, option: Option) -> int:
        offered = self.diagrams.apply(_result, self.standing(option), kept=_result)
        excluded = self.diagrams.end(("excluded", 0))
        return self.diagrams.choose(self.forbidden(option), excluded, offered)

    def _is_own(self, option: Option) -> bool:
        """Whether an option is the one of the knowledge base, not one of its name."""
        return self.base.options.get(option.id) is option

    def measure(self, measure: Measure) -> int:
        """The diagram of the verdict on one measure."""
        return self.diagrams.choose(
            self.forbidden(measure),
            self.diagrams.end("excluded"),
            self.diagrams.end("offered"),
        )

    def forbidden(self, owner: Option | Measure) -> int:
        """The diagram of the complete cases in which a gate forbids."""
        return self.diagrams.any(
            self._of(gate.condition) for gate in owner.gate if gate.kind == "forbid"
        )

    def standing(self, option: Option) -> int:
        """The diagram of the rank that an option's cell becomes by its gates."""
        if not self._is_own(option):
            return self._standing(option)
        if option.id not in self._standings:
            self._standings[option.id] = self._standing(option)
        return self._standings[option.id]

    def _standing(self, option: Option) -> int:
        cell = self._cell(option.id)
        lowers = [
            (gate, node)
            for gate in option.gate
            if gate.kind == "lower" and (node := self._of(gate.condition)) != FALSE
        ]
        return self.diagrams.apply(
            lowered, cell, self._count(lowers), self._cap(lowers), kept=lowered
        )

    def _cell(self, option: str) -> int:
        """The diagram of the rank that the scenario gives an option."""
        if option not in self._cells:
            every = self.base.scenarios.items()
            ranks = {name: scenario.ranks[option] for name, scenario in every}
            self._cells[option] = self.diagrams.apply(
                ranks.__getitem__, self.scenario, kept=("rank", *ranks.items())
            )
        return self._cells[option]

    def _count(self, lowers: Iterable[tuple[Gate, int]]) -> int:
        """The diagram of how many gates lower without a cap, at most two."""
        count = self.diagrams.end(0)
        for gate, true in lowers:
            if gate.to is None:
                count = self.diagrams.apply(_one_more, count, true, kept=_one_more)
        return count

    def _cap(self, lowers: Iterable[tuple[Gate, int]]) -> int:
        """The diagram of the lowest rank that a gate caps at."""
        cap = self.diagrams.end(len(STANDINGS) - 1)
        for gate, true in lowers:
            if gate.to is not None:
                rank = self.diagrams.end(STANDINGS.index(gate.to))
                capped = self.diagrams.apply(min, cap, rank, kept=min)
                cap = self.diagrams.choose(true, capped, cap)
        return cap

    @made_once
    def alerts(self) -> Mapping[str, int]:
        """Of each alert: the complete cases that state the danger."""
        return {
            name: self.diagrams.of(each.condition)
            for name, each in self.base.alerts.items()
        }

    def lowering(self, gates: Iterable[Gate]) -> int:
        """The diagram of how far some gates lower an option: values are `Lowering`."""
        lowers = [(g, self._of(g.condition)) for g in gates if g.kind == "lower"]
        return self.diagrams.apply(
            lambda count, cap: (count, cap), self._count(lowers), self._cap(lowers)
        )

    def _of(self, condition: Condition | None) -> int:
        return TRUE if condition is None else self.diagrams.of(condition)

    # -- what an option comes to --

    @made_once
    def unavailable(self) -> Mapping[str, int]:
        """Of each option where it is not offered here: values are `OptionResult`."""

        def unavailable(result: OptionResult) -> OptionResult:
            return result if result[0] == "excluded" else ("unavailable", 0)

        return {
            name: self.diagrams.apply(unavailable, node)
            for name, node in self.options.items()
        }

    @made_once
    def offered(self) -> Mapping[str, int]:
        """Of each option: values are the rank of its standing, 0 where not offered."""
        return {
            name: self.diagrams.apply(_rank, node, kept=_rank)
            for name, node in self.options.items()
        }

    @made_once
    def levels(self) -> Mapping[str, int]:
        """Of each option: values are `OptionLevels`."""
        return {name: self._levels(each) for name, each in self.base.options.items()}

    def _levels(self, option: Option) -> int:
        names = [level.criterion for level in option.level]
        return self.diagrams.apply(
            lambda *levels: tuple(zip(names, levels, strict=True)),
            *map(self._level, option.level),
            kept=("levels", *names),
        )

    def _level(self, level: CriterionLevel) -> int:
        """The diagram of an option's level on one criterion."""
        node = self.diagrams.end(level.base)
        for modifier in reversed(level.modifier):
            modified = self.diagrams.end(modifier.level)
            condition = self.diagrams.of(modifier.condition)
            node = self.diagrams.choose(condition, modified, node)
        return node

    @made_once
    def by_standing(self) -> tuple[str, ...]:
        """The options, those first that stand high in most scenarios."""
        scenarios = self.base.scenarios.values()
        high = {name: sum(e.ranks[name] for e in scenarios) for name in self.options}
        return tuple(sorted(high, key=lambda name: -high[name]))

    @made_once
    def placed(self) -> Mapping[str, int]:
        """Of each option by the weights of the knowledge base: values are `Score`.

        Those come first that mostly stand high.
        """
        return {
            name: score_of(
                self.diagrams, self.offered[name], self.levels[name], self.weights
            )
            for name in self.by_standing
        }

    @made_once
    def _best(self) -> tuple[int, int] | None:
        return first_of(
            self.diagrams, self.placed, self.rows, self.base.options, most=MOST_NODES
        )

    @property
    def first(self) -> int | None:
        """The first place by the weights of the knowledge base, everything offered.

        Values are frozen sets of ids; `None` where it would take too many nodes.
        """
        return self._best and self._best[0]

    @property
    def disposition(self) -> int | None:
        """What that comes to: values are `Course`; `None` where the first place is."""
        return self._best and self._best[1]


def _result(rank: int) -> OptionResult:
    return ("offered", rank) if rank > NOT_RECOMMENDED else ("not_indicated", 0)


def _one_more(count: int, true: int) -> int:
    return min(TOO_MANY, count + true)


def _rank(result: OptionResult) -> int:
    return result[1]


_TAKEN: dict[Knowledge, AllCases] = {}


@one_of_each(8)
def all_cases(base: Knowledge) -> AllCases:
    """The results of a knowledge base, of which each is made on first use."""
    return _TAKEN.pop(base, None) or AllCases(base)


def take(results: AllCases) -> Knowledge:
    """Use results that were made before, by another process, and give their knowledge.

    Parameters
    ----------
    results
        The results as they were unpickled.
    """
    _TAKEN[results.base] = results
    return results.base


def prepare(base: Knowledge) -> AllCases:
    """The results of a knowledge base, made now: no case then needs its own.

    Threads that want them at once wait for the first.

    Raises
    ------
    KnowledgeError
        When the rules are so entangled that it would take too many nodes.
    """
    results = all_cases(base)
    with results.making:
        if not results.prepared:
            _make_all(results)
    return results


def narrow(base: Knowledge, cells: Mapping[int, int]) -> None:
    """Make the results of the cases that have some facts, which many cases have.

    What is asked of such a case is then read off diagrams that are small already.

    Parameters
    ----------
    base
        The knowledge base; its results are made too.
    cells
        The cell of each variable whose fact they have, by its place.

    Raises
    ------
    KnowledgeError
        When the rules are so entangled that it would take too many nodes.
    """
    whole = prepare(base)
    with whole.making:
        if any(each.diagrams.fixed == cells for each in whole.narrowed) or not cells:
            return
        found = AllCases(base, Diagrams(whole.diagrams.variables, cells))
        _make_all(found)
        whole.narrowed = (*whole.narrowed, found)


def _make_all(results: AllCases) -> None:
    try:
        with results.diagrams.at_most(MOST_NODES_OF_ALL):
            results.make()
            _ = results.first
    except TooManyNodesError:
        message = "together they are too entangled to be decided for every case"
        mend = "split the conditions that ask after many facts at once"
        raise KnowledgeError([Problem("the rules", message, mend)]) from None
    results.prepared = True
