"""The space of all complete cases, and readable cases out of it.

One set of diagrams over the cells that every condition cuts, also those of guarantees
and of texts, and of several knowledge bases where they are compared.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from functools import cache, cached_property
from typing import Any, TypeAlias

from milia_cds.case.vocabulary import Vocabulary
from milia_cds.decision.all_cases import AllCases
from milia_cds.decision.asked_order import variables
from milia_cds.decision.engine import compiled
from milia_cds.decision.record import Record
from milia_cds.errors import ContradictionError
from milia_cds.knowledge.model import Knowledge
from milia_cds.logic.cells import Variable, Variables, cut
from milia_cds.logic.conditions import Atom, Condition, atoms
from milia_cds.logic.diagrams import FALSE, TRUE, Diagrams
from milia_cds.logic.facts import Value

Shows: TypeAlias = Callable[[Record], bool]
"""Whether the decision on a case shows what it was made for."""


_MANY = 2_000_000
"""Past so many nodes they are made anew, so that the memory has an end."""

_KEPT: list[Diagrams] = []


def _diagrams(variables: Variables) -> Diagrams:
    """The diagrams over some variables: those of the last examination, if it had them.

    One rule after the other is edited and examined, and most of what is worked out of
    one knowledge base holds for the next.
    """
    for kept in _KEPT:
        if kept.variables == variables and len(kept) < _MANY:
            return kept
    _KEPT[:] = [Diagrams(variables)]
    return _KEPT[0]


class Space:
    """All complete cases, over the facts and cells of some knowledge bases.

    Parameters
    ----------
    bases
        The knowledge bases; the first gives the order of the facts.
    more
        Further tests that must not fall within a cell.
    """

    def __init__(self, *bases: Knowledge, more: Iterable[Atom] = ()) -> None:
        self.vocabulary = bases[0].vocabulary
        self.diagrams = _diagrams(_variables(bases, more))
        self.results = cache(self._results)
        self.reached = cache(self._reached)
        self._plain = {
            place: _plain_cell(variable, self.vocabulary)
            for place, variable in enumerate(self.diagrams.variables)
        }

    def of(self, condition: Condition | None) -> int:
        """The diagram of a condition; without one, it always holds."""
        return TRUE if condition is None else self.diagrams.of(condition)

    def _results(self, base: Knowledge) -> AllCases:
        """The results of a knowledge base in these diagrams, made once."""
        return AllCases(base, self.diagrams)

    def _reached(self, base: Knowledge) -> dict[str, int]:
        """The diagram of the cases that end in each scenario, made once."""
        results = self.results(base)
        return {name: results.reached(name) for name in base.scenarios}

    def where(
        self, test: Callable[[Any], bool], node: int, kept: Hashable = None
    ) -> int:
        """The diagram of the cases in which a diagram has such a value.

        Parameters
        ----------
        test, node
            Tells whether a value is such; the diagram.
        kept
            What the test is called, as for `Diagrams.apply`.
        """
        return self.diagrams.apply(lambda value: bool(test(value)), node, kept=kept)

    def within(self, node: int, other: int) -> bool:
        """Whether every case of a diagram is one of the other."""
        return self.diagrams.without(node, other) == FALSE

    def differing(self, one: int, other: int) -> int:
        """The diagram of the cases in which exactly one of two holds."""
        return self.diagrams.either(
            self.diagrams.without(one, other), self.diagrams.without(other, one)
        )

    # -- examples --

    def example(self, node: int) -> dict[str, Value]:
        """The facts of the plainest case in a diagram that is not false.

        It has as few findings and as little history as possible; what does not matter
        is left out.
        """
        facts: dict[str, Value] = {}
        while node != TRUE:
            level, children = self.diagrams.parts(node)
            cell = min(
                (cell for cell, child in enumerate(children) if child != FALSE),
                key=lambda cell: self._cost(children[cell]) + self._step(level, cell),
            )
            variable = self.diagrams.variables[level]
            value = variable.examples[cell]
            if isinstance(value, frozenset):
                # Of a set fact a set.
                value = value | facts.get(variable.fact, frozenset())  # type: ignore[operator]
            facts[variable.fact] = value
            node = children[cell]
        return facts

    def _step(self, level: int, cell: int) -> int:
        plain = self._plain[level]
        return 0 if plain is None or plain == cell else 1

    @cached_property
    def _costs(self) -> dict[int, int]:
        return {TRUE: 0}

    def _cost(self, node: int) -> int:
        """The least number of facts that are not as they are in most patients."""
        if node not in self._costs:
            level, children = self.diagrams.parts(node)
            self._costs[node] = min(
                self._cost(child) + self._step(level, cell)
                for cell, child in enumerate(children)
                if child != FALSE
            )
        return self._costs[node]

    def case(
        self, node: int, base: Knowledge, shows: Shows | None = None
    ) -> dict[str, Any]:
        """A case of a diagram as JSON has it, one that `assess` accepts.

        Parameters
        ----------
        node
            A diagram that is not false.
        base
            The knowledge base that is to decide it.
        shows
            What its decision must show. Facts that do not matter are left out, unless
            it shows nothing without them.
        """
        facts = self.example(node)
        full = {**self._rest(), **facts}
        for stated in (facts, full):
            record, kept = _decided(base, stated)
            if record is not None and (shows is None or shows(record)):
                return written(kept, base.vocabulary)
        return written(facts, base.vocabulary)

    def _rest(self) -> dict[str, Value]:
        """A value of every fact that screening does not fill."""
        return {
            variable.fact: variable.examples[len(variable.examples) // 2]
            for variable in self.diagrams.variables
            if not self.vocabulary.may_be_screened(variable.fact)
            and variable.member is None
        }


def written(
    facts: Mapping[str, Value],
    vocabulary: Vocabulary,
    assumed: tuple[str, ...] | None = None,
) -> dict[str, Any]:
    """Facts as a case in JSON.

    Parameters
    ----------
    facts
        The facts that are known, by name.
    vocabulary
        What it may state.
    assumed
        The sections that were screened; what this fills is left out. `None` is every
        section that may be assumed absent.
    """
    assumed = vocabulary.screened if assumed is None else assumed
    case: dict[str, Any] = {}
    for name, kind in vocabulary.readable.items():
        section, _, fact = name.partition(".")
        if name not in facts:
            continue
        if section not in assumed or facts[name] != kind.absent:
            case.setdefault(section, {})[fact] = kind.plain(facts[name])
    return {**case, "assume_absent": list(assumed)} if assumed else case


def _decided(
    base: Knowledge, facts: Mapping[str, Value]
) -> tuple[Record | None, Mapping[str, Value]]:
    """Decide a case, without the facts that contradict others."""
    left = dict(facts)
    while True:
        case = base.case(written(left, base.vocabulary))
        try:
            record = compiled(base).decide(case.values(), absent=case.absent())
        except ContradictionError as refusal:
            named = [name for p in refusal.problems for name in p.path.split(" and ")]
            wrong = [name for name in reversed(named) if name in left]
            if not wrong:
                return None, left
            del left[wrong[0]]
        else:
            return record, left


def _plain_cell(variable: Variable, vocabulary: Vocabulary) -> int | None:
    """The cell that screening means, where there is one."""
    kind = vocabulary.readable.get(variable.fact)
    if kind is None or kind.absent is None:
        return None
    if not vocabulary.may_be_screened(variable.fact):
        return None
    return variable.index(kind.absent)


def _variables(bases: tuple[Knowledge, ...], more: Iterable[Atom]) -> Variables:
    first = bases[0]
    used = [
        atom
        for base in bases
        for _, condition in base.conditions()
        for atom in atoms(condition)
    ]
    used += more
    order = dict.fromkeys(variable.fact for variable in variables(first))
    order |= dict.fromkeys(atom.fact for atom in used)
    return cut({fact: first.kinds[fact] for fact in order}, used)
