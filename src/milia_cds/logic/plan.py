"""The plan: all conditions at once, by bit masks over cells.

Every condition becomes terms in disjunctive form, every term one bit, in two planes:
"this term is false" and "this term is not known to be true". The value of a fact says
at once which bits it sets; OR them over the facts, and a condition is true where a term
is left in the upper plane, unknown where one is left only in the lower. The conditions
lie side by side with a spare bit each, so one addition finds out for all of them.

`conditions.truth` is the definition; a property test holds the plan to it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache, reduce
from itertools import chain, product
from operator import getitem, itemgetter, or_
from typing import Any, TypeAlias

from milia_cds.errors import ConditionError
from milia_cds.logic.cells import Variable, Variables, cut
from milia_cds.logic.conditions import And, Atom, Condition, Not, Or, Term, atoms
from milia_cds.logic.facts import Kind, Members, Number, Value

Literal: TypeAlias = tuple[Atom, bool]
"""An atom, and whether it stands plain (True) or negated (False)."""

MOST_TERMS = 256
"""As many as one condition may have: that no red flag is there takes over 200."""
_VALUES = 3
"""What a yes/no fact can be: yes, no, not known."""
_TOGETHER = 3
"""So many yes/no facts are looked up at once, in a table of 27 entries."""


def disjunctive(condition: Condition, *, most: int = MOST_TERMS) -> list[list[Literal]]:
    """The disjunctive form: literals that must all be true, joined by or.

    Only steps that keep the Kleene value are taken: distribution, De Morgan and
    absorption; a contradiction such as "x and not x" stays, for it is unknown while
    x is.

    Raises
    ------
    ConditionError
        When there are more than `most` terms.
    """
    terms = _terms(condition, positive=True, most=most)
    return [list(term) for term in terms]


@lru_cache(maxsize=8192)
def _terms(
    condition: Condition, *, positive: bool, most: int
) -> list[dict[Literal, None]]:
    match condition:
        case Atom():
            return [{(condition, positive): None}]
        case Term(_, stands_for):
            return _terms(stands_for, positive=positive, most=most)
        case Not(part):
            return _terms(part, positive=not positive, most=most)
        case And(parts) | Or(parts):
            options = [_terms(part, positive=positive, most=most) for part in parts]
            if isinstance(condition, And) is positive:
                return _joined(options, most)
            return _least([term for terms in options for term in terms], most)


def _joined(
    options: list[list[dict[Literal, None]]], most: int
) -> list[dict[Literal, None]]:
    joined: list[dict[Literal, None]] = [{}]
    for terms in options:
        several = len(joined) > 1 and len(terms) > 1
        joined = [left | right for left, right in product(joined, terms)]
        if several:  # there may be many more of them than before
            joined = _least(joined, most)
    return _least(joined, most)


def _least(terms: list[dict[Literal, None]], most: int) -> list[dict[Literal, None]]:
    """Drop every term that another one absorbs."""
    kept: list[dict[Literal, None]] = []
    masks: list[int] = []  # as bits, for there may be hundreds to compare
    bits: dict[Literal, int] = {}
    for term in sorted(terms, key=len):
        mask = sum(bits.setdefault(literal, 1 << len(bits)) for literal in term)
        if not any(other & mask == other for other in masks):
            kept.append(term)
            masks.append(mask)
    if len(kept) > most:
        message = f"the condition has more than {most} terms in disjunctive form"
        raise ConditionError(message, "split it, or say it in fewer alternatives", 1)
    return kept


class Plan:
    """Conditions compiled to masks.

    Parameters
    ----------
    facts
        The kind of every fact, in the order in which `evaluate` gets the values.
    conditions
        The conditions; equal ones share a bit.

    Attributes
    ----------
    bit
        The bit of each condition, in their order.
    variables
        The cells of the facts that they read.
    """

    def __init__(
        self, facts: Mapping[str, Kind], conditions: Iterable[Condition]
    ) -> None:
        distinct = tuple(dict.fromkeys(conditions))
        self.variables: Variables = cut(
            facts, (atom for each in distinct for atom in atoms(each))
        )
        layout = _Layout(distinct)
        self.bit: Mapping[Condition, int] = layout.bit
        self._width = layout.width
        self._low = (1 << layout.width) - 1
        self._all = layout.terms | layout.terms << layout.width
        self._spare = layout.spare | layout.spare << layout.width
        self._compile(facts, _effects(self.variables, layout))

    def _compile(
        self, facts: Mapping[str, Kind], effects: Mapping[str, list[tuple[Any, ...]]]
    ) -> None:
        tables: list[tuple[int, dict[Any, int]]] = []
        self._numbers: list[tuple[int, tuple[float, ...], tuple[int, ...], int]] = []
        self._sets: list[tuple[int, int, int, list[tuple[Any, tuple[int, ...]]]]] = []
        for place, (fact, kind) in enumerate(facts.items()):
            if fact not in effects:
                continue
            unknown = reduce(or_, (effect[2] for effect in effects[fact]))
            variable, masks, _ = effects[fact][0]
            if isinstance(kind, Number):
                self._numbers.append((place, variable.cuts, masks, unknown))
            elif isinstance(kind, Members):
                members = [(var.member, each) for var, each, _ in effects[fact]]
                none = reduce(or_, (each[0] for _, each in members))
                self._sets.append((place, unknown, none, members))
            else:
                values = variable.places or {False: 0, True: 1}
                table: dict[Any, int] = {value: masks[i] for value, i in values.items()}
                tables.append((place, {**table, None: unknown}))
        self._pick, self._tables = _together(tables)

    def evaluate(self, values: Sequence[Value | None]) -> tuple[int, int]:
        """Evaluate all conditions for one case.

        Parameters
        ----------
        values
            The value of every fact, in the order of the facts; `None` is not known.

        Returns
        -------
        tuple
            The bits of the conditions that are true, and of those that are unknown;
            `bit[condition]` is the bit of one.
        """
        lost = reduce(or_, map(getitem, self._tables, self._pick(values)), 0)
        for place, cuts, masks, unknown in self._numbers:
            value: Any = values[place]
            lost |= unknown if value is None else masks[bisect_right(cuts, value)]
        for place, unknown, none, members in self._sets:
            value = values[place]
            if not value:
                lost |= unknown if value is None else none
            else:
                for member, masks in members:
                    lost |= masks[member in value]
        left = (self._all ^ lost) + self._all & self._spare
        true = left >> self._width
        return true, left & self._low ^ true


class _Layout:
    """Where each term and each condition has its bit."""

    def __init__(self, conditions: Iterable[Condition]) -> None:
        self.bit: dict[Condition, int] = {}
        self.uses: dict[Literal, int] = {}
        self.terms = 0
        self.width = 0
        for condition in conditions:
            for term in disjunctive(condition):
                place = 1 << self.width
                self.terms |= place
                self.width += 1
                for literal in term:
                    self.uses[literal] = self.uses.get(literal, 0) | place
            self.bit[condition] = 1 << self.width
            self.width += 1
        self.spare = reduce(or_, self.bit.values(), 0)


def _effects(
    variables: Variables, layout: _Layout
) -> dict[str, list[tuple[Variable, tuple[int, ...], int]]]:
    """What each cell of each variable, and its absence, takes away."""
    by_fact: dict[str, list[tuple[Literal, int]]] = {}
    for literal, places in layout.uses.items():
        by_fact.setdefault(literal[0].fact, []).append((literal, places))
    effects: dict[str, list[tuple[Variable, tuple[int, ...], int]]] = {}
    for variable in variables:
        masks = [0] * len(variable.examples)
        unknown = 0
        for (atom, positive), places in by_fact.get(variable.fact, ()):
            if not variable.reads(atom):
                continue
            unknown |= places << layout.width
            both = places | places << layout.width
            for cell, holds in enumerate(variable.holds(atom)):
                if holds is not positive:
                    masks[cell] |= both
        effects.setdefault(variable.fact, []).append((variable, tuple(masks), unknown))
    return effects


def _together(
    tables: Sequence[tuple[int, dict[Any, int]]],
) -> tuple[Callable[[Sequence[Value | None]], Iterator[Any]], list[dict[Any, int]]]:
    """The tables to look up, those of yes/no facts three at a time, and what picks.

    So three facts cost one look-up. Facts of more values stand alone, for the entries
    of a joint table are as many as the values multiplied. What is left of the yes/no
    facts stands alone too.
    """
    small = [each for each in tables if len(each[1]) == _VALUES]
    small = small[: len(small) // _TOGETHER * _TOGETHER]
    alone = [each for each in tables if each not in small]
    threes = [small[i : i + _TOGETHER] for i in range(0, len(small), _TOGETHER)]
    pick_alone = _picker([place for place, _ in alone])
    pick_small = _picker([place for place, _ in small])

    def pick(values: Sequence[Value | None]) -> Iterator[Any]:
        each = iter(pick_small(values))
        return chain(pick_alone(values), zip(*[each] * _TOGETHER, strict=True))

    joint = [_joint([table for _, table in three]) for three in threes]
    return pick, [*(table for _, table in alone), *joint]


def _joint(tables: Sequence[dict[Any, int]]) -> dict[tuple[Any, ...], int]:
    """What values of several facts take away together."""
    return {
        values: reduce(or_, map(getitem, tables, values)) for values in product(*tables)
    }


def _picker(places: list[int]) -> Callable[[Sequence[Value | None]], tuple[Any, ...]]:
    if len(places) > 1:
        return itemgetter(*places)
    return lambda values: tuple(values[place] for place in places)
