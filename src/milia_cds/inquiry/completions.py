"""The completions of a case: what is still possible, and which facts still matter.

Read off the diagrams of `results`, restricted to the facts that are known. A fact
matters to a result iff two of its values can still lead to different ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

import attrs

from milia_cds.cells import Variables
from milia_cds.diagrams import Diagrams, Restriction
from milia_cds.engine import Record, first_place
from milia_cds.facts import Value
from milia_cds.ranking import BEST_LEVEL
from milia_cds.results import LAST, Results, first_of

MOST_NODES_OF_A_CASE = 20_000
"""The most nodes that the first place of one case may take where no diagram of all
cases could be made; past them it is not exact."""


class Completions:
    """All completions of a case: every unknown fact gets any of its values.

    Parameters
    ----------
    results
        The results of all complete cases.
    record
        The decision on the case.
    """

    def __init__(self, results: Results, record: Record) -> None:
        self.results = results
        self.record = record
        self.answers = results.answers(record.offers, record.weights)
        self.variables = results.diagrams.variables
        cells = cells_of(self.variables, record.facts)
        self.restriction = Restriction(results.diagrams, cells)

    @cached_property
    def first(self) -> Left | None:
        """The first place; `None` where it would take too many nodes."""
        if self.answers.first is not None:
            return Left(self.restriction, self.answers.first)
        return self._anew and self._anew[0]

    @cached_property
    def disposition(self) -> Left | None:
        """The disposition; `None` where the first place is."""
        if self.answers.disposition is not None:
            return Left(self.restriction, self.answers.disposition)
        return self._anew and self._anew[1]

    @cached_property
    def _anew(self) -> tuple[Left, Left] | None:
        """Put the options in order among what is left of them, which is less."""
        diagrams = Diagrams(self.variables)
        answers = self.answers
        rows, *nodes = diagrams.taken(
            self.restriction, answers.rows, *answers.placed.values()
        )
        placed = dict(zip(answers.placed, nodes, strict=True))
        made = first_of(
            diagrams, placed, rows, self.results.base.options, most=MOST_NODES_OF_A_CASE
        )
        if made is None:
            return None
        left = Restriction(diagrams, {})
        return Left(left, made[0]), Left(left, made[1])

    @property
    def rows(self) -> Left:
        """The row of actions that decides."""
        return Left(self.restriction, self.answers.rows)

    def option(self, name: str) -> Left:
        """Give the verdict and standing of an option."""
        return Left(self.restriction, self.answers.options[name])

    def measure(self, name: str) -> Left:
        """Give the verdict on a supporting measure."""
        return Left(self.restriction, self.answers.measures[name])

    def place(self, name: str) -> Left:
        """Give the standing and points of an option, where it is offered."""
        return Left(self.restriction, self.answers.placed[name])

    def offered(self, name: str) -> Left:
        """Give the rank of an option's standing; 0 where it is not offered."""
        return Left(self.restriction, self.answers.offered[name])

    @cached_property
    def treatable(self) -> bool:
        """Whether some completion is offered a treatment, for which one may prepare."""
        return any(
            option.act == "treat" and self.offered(name).values != {0}
            for name, option in self.results.base.options.items()
        )

    def what_is_offered(self) -> Iterator[tuple[str, Left]]:
        """Give what is offered: each option, and each measure where one could be used.

        Whether an option is not offered because it is excluded or because it is not
        indicated makes no difference here: nobody need be asked about that.
        """
        for name in self.answers.options:
            yield name, self.offered(name)
        if self.treatable:
            for name in self.answers.measures:
                yield name, self.measure(name)

    @property
    def scenarios(self) -> tuple[str, ...]:
        """The scenarios that some completion ends in."""
        ends = Left(self.restriction, self.results.scenario).values
        return tuple(name for name in self.results.base.scenarios if name in ends)

    def standing(self, name: str) -> Left:
        """Give the rank of the standing of an option, whatever forbids it."""
        return Left(self.restriction, self.results.standings[name])

    @property
    def of(self) -> int:
        """The most points that there can be."""
        return BEST_LEVEL * sum(self.record.weights.values())

    @property
    def exact(self) -> bool:
        """Whether the first place and the disposition are known exactly."""
        return self.first is not None

    @cached_property
    def possible_first(self) -> tuple[str, ...]:
        """The options that some completion puts first; where not exact, a superset."""
        if self.first is None:
            return self._perhaps_first()
        first = frozenset[str]().union(*self.first.values)
        return tuple(name for name in self.record.judged if name in first)

    def _perhaps_first(self) -> tuple[str, ...]:
        """Give the options whose best place is no worse than the worst of another."""
        places = {name: self.place(name).values for name in self.answers.placed}
        sure = max(map(min, places.values()))
        return tuple(
            name for name, each in places.items() if max(each) >= max(sure, LAST)
        )

    def agree_with(self, record: Record) -> bool:
        """Tell whether every completion gives the disposition and first place shown."""
        if self.first is None or self.disposition is None:
            return False
        settled = record.settled
        shown = (settled.action, settled.to, settled.urgency)
        first = frozenset(first_place(record.ranking))
        return self.disposition.values == {shown} and self.first.values == {first}


@attrs.frozen
class Left:
    """What is left of a diagram for a case: its values, and the facts that matter."""

    restriction: Restriction
    diagram: int

    @property
    def values(self) -> frozenset[Any]:
        """Every value that some completion gives."""
        return self.restriction.values(self.restriction.of(self.diagram))

    @property
    def facts(self) -> tuple[str, ...]:
        """The unknown facts two of whose values can still lead to different ones."""
        variables = self.restriction.diagrams.variables
        levels = self.restriction.levels(self.restriction.of(self.diagram))
        places = (place for place in range(levels.bit_length()) if levels >> place & 1)
        return tuple(dict.fromkeys(variables[place].fact for place in places))


def cells_of(variables: Variables, facts: Mapping[str, Value | None]) -> dict[int, int]:
    """Give the cell of every variable whose fact is known, by its place."""
    return {
        place: variable.index(value)
        for place, variable in enumerate(variables)
        if (value := facts[variable.fact]) is not None
    }
