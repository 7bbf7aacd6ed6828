"""The completions of a case: what is still possible, and which facts still matter.

Read off the diagrams of `all_cases`, restricted to the facts that are known. A fact
matters to a result iff two of its values can still lead to different ones.

There are two ways to the same diagrams. Those of all cases can be made once for a
knowledge base, and restricted to a case afterwards. Or the facts of the case are fixed
before its own diagrams are made: where much is known that is a small part of the work.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

import attrs

from milia_cds.decision.all_cases import AllCases, all_cases, narrow, prepare
from milia_cds.decision.engine import first_place
from milia_cds.decision.first_place import LAST, first_of, score_of
from milia_cds.decision.ranking import BEST_LEVEL, Score
from milia_cds.decision.record import Record
from milia_cds.knowledge.model import Knowledge
from milia_cds.logic.cells import Variables
from milia_cds.logic.diagrams import Diagrams, TooManyNodesError
from milia_cds.logic.facts import Value
from milia_cds.logic.restriction import Restriction

MOST_NODES_OF_A_CASE = 20_000
"""The most nodes that the first place of one case may take where no diagram of all
cases could be made; past them it is not exact."""

MOST_NODES_BEFORE_ALL = 5_000
"""The most nodes of the diagrams of one case; past them those of all cases are made.

Less than `MOST_NODES_OF_A_CASE`, so that an answer is exact in both ways or in neither:
what can be made within this limit could be made within that one."""


class Completions:
    """All completions of a case: every unknown fact gets any of its values.

    Parameters
    ----------
    results
        The results of all complete cases; or of those that have its known facts.
    record
        The decision on the case.
    """

    def __init__(self, results: AllCases, record: Record) -> None:
        self.results = results
        self.record = record
        offers, weights = record.offers, record.weights
        self.usual = offers is None and weights == results.weights and not record.own
        self.variables = results.diagrams.variables
        fixed = results.diagrams.fixed
        cells = cells_of(self.variables, record.facts)
        left = {place: cell for place, cell in cells.items() if place not in fixed}
        self.restriction = Restriction(results.diagrams, left)

    @property
    def changeable(self) -> Completions:
        """The same in diagrams that ask what is known too, to change or forget it."""
        if not self.results.diagrams.fixed:
            return self
        return Completions(all_cases(self.results.base), self.record)

    @cached_property
    def first(self) -> Left | None:
        """The first place; `None` where it would take too many nodes."""
        if self.usual and self.results.first is not None:
            return Left(self.restriction, self.results.first)
        return self._own and Left(*self._own[:2])

    @cached_property
    def disposition(self) -> Left | None:
        """The disposition; `None` where the first place is."""
        if self.usual and self.results.disposition is not None:
            return Left(self.restriction, self.results.disposition)
        return self._own and Left(self._own[0], self._own[2])

    @cached_property
    def _own(self) -> tuple[Restriction, int, int] | None:
        made = self.best_within(self.restriction, MOST_NODES_OF_A_CASE)
        return made and (Restriction(made[0], {}), made[1], made[2])

    def best_within(
        self, restriction: Restriction, most: int
    ) -> tuple[Diagrams, int, int] | None:
        """The first place and the disposition by the settings of the case.

        What a restriction leaves of the options is much less than they are, and what is
        made of it goes with it: settings are as many as patients.

        Parameters
        ----------
        restriction
            What is fixed.
        most
            The most nodes that this may take; past them there is no answer.
        """
        diagrams = Diagrams(self.variables)
        names = [name for name in self.results.by_standing if self._available(name)]
        offered = [self.results.offered[name] for name in names]
        levels = [self.results.levels[name] for name in names]
        rows, *nodes = restriction.made_in(
            diagrams, self.results.rows, *offered, *levels
        )
        pairs = zip(nodes[: len(names)], nodes[len(names) :], strict=True)
        placed = {
            name: score_of(diagrams, *pair, self.record.weights, own=self.record.own)
            for name, pair in zip(names, pairs, strict=True)
        }
        options = self.results.base.options
        made = first_of(diagrams, placed, rows, options, most=most)
        return made and (diagrams, *made)

    def _available(self, name: str) -> bool:
        offers = self.record.offers
        return offers is None or name in offers

    @property
    def rows(self) -> Left:
        """The row of actions that decides."""
        return Left(self.restriction, self.results.rows)

    def alert(self, name: str) -> Left:
        """Whether the case states a danger."""
        return Left(self.restriction, self.results.alerts[name])

    @property
    def today(self) -> Left:
        """Whether the patient is to be seen today, or at once."""
        return Left(self.restriction, self.results.today)

    def result(self, name: str) -> int:
        """The diagram of the verdict on an option, as the clinic offers it."""
        if self._available(name):
            return self.results.option(self.results.base.options[name])
        return self.results.unavailable[name]

    def offer(self, name: str) -> int:
        """The diagram of the rank at which an option is offered, or 0."""
        if self._available(name):
            return self.results.offered[name]
        return self.results.diagrams.end(0)

    def option(self, name: str) -> Left:
        """The verdict and standing of an option."""
        return Left(self.restriction, self.result(name))

    def measure(self, name: str) -> Left:
        """The verdict on a supporting measure."""
        return Left(self.restriction, self.results.measures[name])

    def levels(self, name: str) -> Left:
        """The levels of an option."""
        return Left(self.restriction, self.results.levels[name])

    @cached_property
    def _placing(self) -> Diagrams:
        """The diagrams of the places of options, which go with the case."""
        return Diagrams(self.variables)

    def places(self, name: str) -> frozenset[Score]:
        """Every place that an option may come to, where it is offered."""
        diagrams = self._placing
        nodes = self.offer(name), self.results.levels[name]
        offered, levels = self.restriction.made_in(diagrams, *nodes)
        record = self.record
        place = score_of(diagrams, offered, levels, record.weights, own=record.own)
        return diagrams.values(place)

    def offered(self, name: str) -> Left:
        """The rank of an option's standing; 0 where it is not offered."""
        return Left(self.restriction, self.offer(name))

    @cached_property
    def treatable(self) -> bool:
        """Whether some completion is offered a treatment, for which one may prepare."""
        return any(
            option.act == "treat" and self.offered(name).values != {0}
            for name, option in self.results.base.options.items()
        )

    def what_is_offered(self) -> Iterator[tuple[str, Left]]:
        """What is offered: each option, and each measure where one could be used.

        Whether an option is not offered because it is excluded or because it is not
        indicated makes no difference here: nobody need be asked about that.
        """
        for name in self.results.options:
            yield name, self.offered(name)
        if self.treatable:
            for name in self.results.measures:
                yield name, self.measure(name)

    @property
    def scenarios(self) -> tuple[str, ...]:
        """The scenarios that some completion ends in."""
        ends = Left(self.restriction, self.results.scenario).values
        return tuple(name for name in self.results.base.scenarios if name in ends)

    def standing(self, name: str) -> Left:
        """The rank of the standing of an option, whatever forbids it."""
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
        return tuple(name for name in self.record.verdicts if name in first)

    def _perhaps_first(self) -> tuple[str, ...]:
        """The options whose best place is no worse than the worst of another."""
        places = {name: self.places(name) for name in self.results.options}
        sure = max(LAST, *map(min, places.values()))
        return tuple(name for name, each in places.items() if max(each) >= sure)

    def agree_with(self, record: Record) -> bool:
        """Whether every completion gives the disposition and first place shown.

        And whether there is no danger left to ask for.
        """
        if self.first is None or self.disposition is None:
            return False
        if any(not each.certain for each in record.alerts):
            return False
        settled = record.disposition
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
        found: dict[str, None] = {}
        while levels:
            lowest = levels & -levels
            found[variables[lowest.bit_length() - 1].fact] = None
            levels ^= lowest
        return tuple(found)


def cells_of(variables: Variables, facts: Mapping[str, Value | None]) -> dict[int, int]:
    """The cell of every variable whose fact is known, by its place."""
    return {
        place: variable.index(value)
        for place, variable in enumerate(variables)
        if (value := facts[variable.fact]) is not None
    }


def completions_of(base: Knowledge, record: Record) -> Completions:
    """The completions of a case, in whichever diagrams are at hand first.

    Parameters
    ----------
    base
        The knowledge base that gave the decision.
    record
        The decision on the case.
    """
    whole = all_cases(base)
    own = None if whole.prepared else in_its_own_diagrams(whole, record)
    if own is not None:
        return own
    cells = cells_of(whole.diagrams.variables, record.facts)
    return Completions(prepare(base).fitting(cells), record)


def prepare_for(base: Knowledge, record: Record) -> None:
    """Make ready for the cases that have what is known of one, and perhaps more.

    Parameters
    ----------
    base
        The knowledge base that gave the decision.
    record
        The decision on a case of which little is known.
    """
    variables = all_cases(base).diagrams.variables
    narrow(base, cells_of(variables, record.facts))


def in_its_own_diagrams(whole: AllCases, record: Record) -> Completions | None:
    """The completions of a case, whose facts are fixed before any diagram is made.

    Parameters
    ----------
    whole
        The results of all cases, of which the variables are taken.
    record
        The decision on the case.

    Returns
    -------
    Completions or None
        `None` where that is no gain: nothing is known, or the diagrams are large.
    """
    variables = whole.diagrams.variables
    fixed = cells_of(variables, record.facts)
    if not fixed:
        return None
    completions = Completions(AllCases(whole.base, Diagrams(variables, fixed)), record)
    try:
        with completions.results.diagrams.at_most(MOST_NODES_BEFORE_ALL):
            completions.results.make()
            inexact = completions.usual and completions.results.first is None
    except TooManyNodesError:
        return None
    return None if inexact else completions
