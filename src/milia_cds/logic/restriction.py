"""What is left of diagrams where some variables are fixed."""

from __future__ import annotations

from collections.abc import Mapping
from threading import Lock
from typing import Any

from milia_cds.logic.diagrams import Diagrams


class Restriction:
    """Diagrams where some variables are fixed to a cell; what is left of them.

    Its diagrams are numbers as well, negative where the restriction made them: they go
    with it, so that asking about many cases does not fill the memory. What the diagrams
    had when the restriction was made keeps its number; what they were given since, by
    this thread or another, is made again here, so that equal remains equal.

    Parameters
    ----------
    diagrams
        The diagrams.
    cells
        The cell of each variable that is fixed, by the place of the variable.
    """

    def __init__(self, diagrams: Diagrams, cells: Mapping[int, int]) -> None:
        self.diagrams = diagrams
        self.cells = cells
        self._fixed = sum(1 << level for level in cells)
        self._before = len(diagrams)
        self._done: dict[int, int] = {}
        self._made: dict[tuple[int, tuple[int, ...]], int] = {}
        self._nodes: list[tuple[int, tuple[int, ...]]] = [(0, ())]
        self._making = Lock()
        self._levels: dict[int, int] = {}
        self._reached: dict[int, frozenset[Any]] = {}

    def of(self, node: int) -> int:
        """What is left of a diagram."""
        done = self._done.get(node)
        if done is None:
            done = self._done[node] = self._left(node)
        return done

    def _left(self, node: int) -> int:
        node = self.diagrams.along(node, self.cells)
        if not self._fixed:
            return node
        level, children = self.diagrams.parts(node)
        untouched = not self.diagrams.levels(node) & self._fixed
        if untouched and (node < self._before or not children):
            return node
        return self._node(level, tuple(map(self.of, children)))

    def _node(self, level: int, children: tuple[int, ...]) -> int:
        if children.count(children[0]) == len(children):
            return children[0]
        key = (level, children)
        node = self.diagrams.known(key)
        if node is None or node >= self._before:
            node = self._made.get(key)
        return self._new_node(key) if node is None else node

    def _new_node(self, key: tuple[int, tuple[int, ...]]) -> int:
        with self._making:
            node = self._made.get(key)
            if node is None:
                self._nodes.append(key)
                node = self._made[key] = 1 - len(self._nodes)
            return node

    def parts(self, node: int) -> tuple[int, tuple[int, ...]]:
        """The place of the variable that a diagram asks, and its children."""
        return self._nodes[-node] if node < 0 else self.diagrams.parts(node)

    def levels(self, node: int) -> int:
        """The variables that can still make a difference, as bits."""
        if node >= 0:
            return self.diagrams.levels(node)
        levels = self._levels.get(node)
        if levels is None:
            level, children = self._nodes[-node]
            levels = 1 << level
            for child in set(children):
                levels |= self.levels(child)
            self._levels[node] = levels
        return levels

    def values(self, node: int) -> frozenset[Any]:
        """Every value that is still possible."""
        if node >= 0:
            return self.diagrams.values(node)
        reached = self._reached.get(node)
        if reached is None:
            parts = map(self.values, set(self._nodes[-node][1]))
            reached = self._reached[node] = frozenset().union(*parts)
        return reached

    def made_in(self, diagrams: Diagrams, *nodes: int) -> tuple[int, ...]:
        """What is left of some diagrams, made again among others."""
        done: dict[int, int] = {}

        def step(node: int) -> int:
            if node not in done:
                level, children = self.parts(node)
                done[node] = (
                    diagrams.node(level, tuple(map(step, children)))
                    if children
                    else diagrams.end(self.diagrams.value(node))
                )
            return done[node]

        return tuple(step(self.of(node)) for node in nodes)
