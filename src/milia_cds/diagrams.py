"""Decision diagrams over cells: exact questions about all complete cases at once.

A diagram is a number: 0 is false, 1 is true, any other is a node that asks one variable
and has one child for each of its cells. Equal diagrams have equal numbers, so two
conditions say the same iff their diagrams are the same number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import reduce
from typing import TYPE_CHECKING

from milia_cds.conditions import And, Atom, Condition, Not, Or, Term

if TYPE_CHECKING:
    from milia_cds.cells import Variables
    from milia_cds.facts import Value

FALSE = 0
TRUE = 1


class Diagrams:
    """The diagrams over some variables, in this order."""

    def __init__(self, variables: Variables) -> None:
        self.variables = variables
        self._by_fact: dict[str, list[int]] = {}
        for level, variable in enumerate(variables):
            self._by_fact.setdefault(variable.fact, []).append(level)
        end = len(variables)
        self._level = [end, end]
        self._children: list[tuple[int, ...]] = [(), ()]
        self._known: dict[tuple[int, tuple[int, ...]], int] = {}
        self._conditions: dict[Condition, int] = {}
        self._both: dict[tuple[int, int], int] = {}
        self._either: dict[tuple[int, int], int] = {}
        self._negated: dict[int, int] = {FALSE: TRUE, TRUE: FALSE}

    def __len__(self) -> int:
        """Count the nodes made so far."""
        return len(self._level)

    def of(self, condition: Condition) -> int:
        """Give the diagram of a condition: true for exactly its complete cases."""
        if condition not in self._conditions:
            self._conditions[condition] = self._of(condition)
        return self._conditions[condition]

    def _of(self, condition: Condition) -> int:
        match condition:
            case Atom():
                return self._atom(condition)
            case Term(_, stands_for):
                return self.of(stands_for)
            case Not(part):
                return self.negation(self.of(part))
            case And(parts):
                return self.all(self.of(part) for part in parts)
            case Or(parts):
                return self.any(self.of(part) for part in parts)

    def _atom(self, atom: Atom) -> int:
        for level in self._by_fact[atom.fact]:
            variable = self.variables[level]
            if variable.reads(atom):
                return self._node(level, tuple(map(int, variable.holds(atom))))
        message = f"no variable for {atom}"
        raise LookupError(message)

    def _node(self, level: int, children: tuple[int, ...]) -> int:
        if children.count(children[0]) == len(children):
            return children[0]
        key = (level, children)
        node = self._known.get(key)
        if node is None:
            node = self._known[key] = len(self._level)
            self._level.append(level)
            self._children.append(children)
        return node

    def both(self, left: int, right: int) -> int:
        """Give the diagram that is true where both are."""
        if right in (left, TRUE):
            return left
        if left == TRUE:
            return right
        if FALSE in (left, right):
            return FALSE
        key = (left, right) if left < right else (right, left)
        done = self._both.get(key)
        if done is None:
            done = self._both[key] = self._split(self.both, left, right)
        return done

    def _split(self, step: Callable[[int, int], int], left: int, right: int) -> int:
        level = min(self._level[left], self._level[right])
        count = len(self.variables[level].examples)
        pairs = zip(
            self._cofactors(left, level, count),
            self._cofactors(right, level, count),
            strict=True,
        )
        return self._node(level, tuple(step(one, other) for one, other in pairs))

    def _cofactors(self, node: int, level: int, count: int) -> tuple[int, ...]:
        if self._level[node] == level:
            return self._children[node]
        return (node,) * count

    def negation(self, node: int) -> int:
        """Give the diagram that is true where this one is not."""
        done = self._negated.get(node)
        if done is None:
            children = tuple(self.negation(child) for child in self._children[node])
            done = self._node(self._level[node], children)
            self._negated[node] = done
            self._negated[done] = node
        return done

    def either(self, left: int, right: int) -> int:
        """Give the diagram that is true where one of the two is."""
        if right in (left, FALSE):
            return left
        if left == FALSE:
            return right
        if TRUE in (left, right):
            return TRUE
        key = (left, right) if left < right else (right, left)
        done = self._either.get(key)
        if done is None:
            done = self._either[key] = self._split(self.either, left, right)
        return done

    def all(self, nodes: Iterable[int]) -> int:
        """Give the diagram that is true where all are."""
        return reduce(self.both, nodes, TRUE)

    def any(self, nodes: Iterable[int]) -> int:
        """Give the diagram that is true where some are."""
        return reduce(self.either, nodes, FALSE)

    def without(self, node: int, *others: int) -> int:
        """Give the diagram that is true where this one is and none of the others."""
        return self.all([node, *(self.negation(other) for other in others)])

    def example(self, node: int) -> dict[str, Value] | None:
        """Give the facts of one case in a diagram, or `None` where there is none.

        Facts that do not matter are left out; a set fact has the members that must be
        in it.
        """
        if node == FALSE:
            return None
        facts: dict[str, Value] = {}
        while node != TRUE:
            variable = self.variables[self._level[node]]
            children = self._children[node]
            cell = next(i for i, child in enumerate(children) if child != FALSE)
            value = variable.examples[cell]
            if isinstance(value, frozenset):
                value = value | facts.get(variable.fact, frozenset())  # type: ignore[operator]
            facts[variable.fact] = value
            node = children[cell]
        return facts
