"""Decision diagrams over cells: exact questions about all complete cases at once.

A diagram is a number: an end, which has a value, or a node that asks one variable and
has one child for each of its cells. The ends 0 and 1 are false and true. Equal diagrams
have equal numbers, so two conditions say the same iff their diagrams are the same
number.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import repeat
from threading import Lock, get_ident
from typing import TYPE_CHECKING, Any

from milia_cds.logic.conditions import And, Atom, Condition, Not, Or, Term

if TYPE_CHECKING:
    from milia_cds.logic.cells import Variables
    from milia_cds.logic.facts import Value

FALSE = 0
TRUE = 1


class TooManyNodesError(Exception):
    """More nodes were needed than were allowed; what was under way is given up."""


class Diagrams:
    """The diagrams over some variables, in this order.

    Parameters
    ----------
    variables
        The variables that a diagram may ask.
    fixed
        The cell of each variable that is known, by its place. No diagram asks it: what
        a condition says of it is true or false at once. `None`: nothing is known.
    """

    def __init__(
        self, variables: Variables, fixed: Mapping[int, int] | None = None
    ) -> None:
        self.variables = variables
        self.fixed = fixed or {}
        self._by_fact: dict[str, list[int]] = {}
        for level, variable in enumerate(variables):
            self._by_fact.setdefault(variable.fact, []).append(level)
        end = len(variables)
        self._level = [end, end]
        self._children: list[tuple[int, ...]] = [(), ()]
        self._values: dict[int, Any] = {FALSE: False, TRUE: True}
        self._ends: dict[Hashable, int] = {False: FALSE, True: TRUE}
        self._known: dict[tuple[int, tuple[int, ...]], int] = {}
        self._levels: dict[int, int] = {FALSE: 0, TRUE: 0}
        self._reached: dict[int, frozenset[Any]] = {}
        self._making = Lock()
        self._left: dict[int, int] = {}
        self._conditions: dict[Condition, int] = {}
        self._both: dict[tuple[int, int], int] = {}
        self._either: dict[tuple[int, int], int] = {}
        self._negated: dict[int, int] = {FALSE: TRUE, TRUE: FALSE}
        self._chosen: dict[tuple[int, int, int], int] = {}
        self._combined: dict[Hashable, dict[tuple[int, ...], int]] = {}

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the diagrams, not what was worked out on the way to them."""
        with self._making:
            nodes = [*self._level], [*self._children], {**self._values}
        return _again, (self.variables, self.fixed, *nodes)

    def __len__(self) -> int:
        """How many nodes were made so far, each of them known."""
        with self._making:
            return len(self._level)

    @contextmanager
    def at_most(self, count: int) -> Iterator[None]:
        """Allow at most so many new nodes inside the block, a block around it no more.

        They are those that this thread makes.

        Raises
        ------
        TooManyNodesError
            As soon as one more is needed.
        """
        thread = get_ident()
        before = self._left.get(thread)
        allowed = count + 1 if before is None else min(before, count + 1)
        self._left[thread] = allowed
        try:
            yield
        finally:
            left = self._left.pop(thread)
            if before is not None:
                self._left[thread] = before - (allowed - left)

    def of(self, condition: Condition) -> int:
        """The diagram of a condition: true for exactly its complete cases."""
        done = self._conditions.get(condition)
        if done is None:
            done = self._conditions[condition] = self._of(condition)
        return done

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
                cell = self.fixed.get(level)
                if cell is not None:
                    return int(atom.test.holds(variable.examples[cell]))
                return self.node(level, tuple(map(int, variable.holds(atom))))
        message = f"no variable for {atom}"
        raise LookupError(message)

    def node(self, level: int, children: tuple[int, ...]) -> int:
        """The diagram that asks a variable; a child, where all children are one."""
        if children.count(children[0]) == len(children):
            return children[0]
        key = (level, children)
        node = self._known.get(key)
        return self._new_node(key) if node is None else node

    def _new_node(self, key: tuple[int, tuple[int, ...]]) -> int:
        """Make a node, one thread at a time; it is known when it is whole."""
        with self._making:
            node = self._known.get(key)
            if node is None:
                if self._left.get(get_ident(), 1) <= 0:
                    raise TooManyNodesError
                node = self._next(*key)
                self._known[key] = node
            return node

    def _hold(
        self,
        levels: list[int],
        children: list[tuple[int, ...]],
        values: dict[int, Any],
    ) -> None:
        """Hold nodes and ends that were made before, under the same numbers."""
        self._level, self._children, self._values = levels, children, values
        self._levels = dict.fromkeys(values, 0)
        self._ends = {_told_apart(value): end for end, value in values.items()}
        self._known = {
            key: node
            for node, key in enumerate(zip(levels, children, strict=True))
            if node not in values
        }

    def _next(self, level: int, children: tuple[int, ...]) -> int:
        """The number of one more node or end, taken from what the thread may make."""
        thread = get_ident()
        if thread in self._left:
            self._left[thread] -= 1
        self._level.append(level)
        self._children.append(children)
        return len(self._level) - 1

    def known(self, key: tuple[int, tuple[int, ...]]) -> int | None:
        """The node of a variable's place and children, where it was made."""
        return self._known.get(key)

    def parts(self, node: int) -> tuple[int, tuple[int, ...]]:
        """The place of the variable that a diagram asks, and its children."""
        return self._level[node], self._children[node]

    def along(self, node: int, cells: Mapping[int, int]) -> int:
        """Where a diagram leads as long as the variables it asks have a cell."""
        levels, children = self._level, self._children
        while (cell := cells.get(levels[node])) is not None:
            node = children[node][cell]
        return node

    def both(self, left: int, right: int) -> int:
        """The diagram that is true where both are."""
        if left == right or right == TRUE:  # noqa: PLR1714 - a tuple costs time here
            return left
        if left == TRUE:
            return right
        if left == FALSE or right == FALSE:  # noqa: PLR1714 - as above
            return FALSE
        key = (left, right) if left < right else (right, left)
        done = self._both.get(key)
        if done is None:
            done = self._both[key] = self._joined(self.both, left, right)
        return done

    def negation(self, node: int) -> int:
        """The diagram that is true where this one is not."""
        done = self._negated.get(node)
        if done is None:
            children = tuple(self.negation(child) for child in self._children[node])
            done = self.node(self._level[node], children)
            self._negated[node] = done
            self._negated[done] = node
        return done

    def either(self, left: int, right: int) -> int:
        """The diagram that is true where one of the two is."""
        if left == right or right == FALSE:  # noqa: PLR1714 - a tuple costs time here
            return left
        if left == FALSE:
            return right
        if left == TRUE or right == TRUE:  # noqa: PLR1714 - as above
            return TRUE
        key = (left, right) if left < right else (right, left)
        done = self._either.get(key)
        if done is None:
            done = self._either[key] = self._joined(self.either, left, right)
        return done

    def _joined(self, join: Callable[[int, int], int], left: int, right: int) -> int:
        """What joins two diagrams, cell by cell of the first variable of the two.

        It is `_descend` for two, written out: here a proof spends most of its time.
        """
        one, other = self._level[left], self._level[right]
        if one < other:
            joined = [join(child, right) for child in self._children[left]]
            return self.node(one, tuple(joined))
        if other < one:
            joined = [join(left, child) for child in self._children[right]]
            return self.node(other, tuple(joined))
        both = map(join, self._children[left], self._children[right])
        return self.node(one, tuple(both))

    def end(self, value: Hashable) -> int:
        """The diagram that has this value for every case.

        Values are told apart by equality and type: 1 is not true.
        """
        key = _told_apart(value)
        end = self._ends.get(key)
        return self._new_end(key, value) if end is None else end

    def _new_end(self, key: Hashable, value: Hashable) -> int:
        with self._making:
            end = self._ends.get(key)
            if end is None:
                end = self._next(len(self.variables), ())
                self._values[end] = value
                self._levels[end] = 0
                self._ends[key] = end
            return end

    def choose(self, condition: int, then: int, otherwise: int) -> int:
        """The diagram that is `then` where a condition holds, else `otherwise`."""
        if condition in (FALSE, TRUE):
            return then if condition == TRUE else otherwise
        done = self._chosen

        def step(condition: int, then: int, otherwise: int) -> int:
            if condition == TRUE or then == otherwise:
                return then
            if condition == FALSE:
                return otherwise
            key = (condition, then, otherwise)
            if key not in done:
                done[key] = self._descend(step, key)
            return done[key]

        return step(condition, then, otherwise)

    def apply(
        self, combine: Callable[..., Hashable], *nodes: int, kept: Hashable = None
    ) -> int:
        """The diagram whose value is `combine` of the values of some diagrams.

        Parameters
        ----------
        combine
            Gives the value of one case, of the values there.
        nodes
            The diagrams.
        kept
            What the combination is called, where it is always the same: what it was
            asked before is then remembered.
        """
        end, levels, values = len(self.variables), self._level, self._values
        if all(node in values for node in nodes):
            return self.end(combine(*(values[node] for node in nodes)))
        done: dict[tuple[int, ...], int] = {}
        if kept is not None:
            done = self._combined.setdefault(kept, done)

        def step(*nodes: int) -> int:
            node = done.get(nodes)
            if node is None:
                level = min([levels[node] for node in nodes])
                if level == end:
                    node = self.end(combine(*[values[node] for node in nodes]))
                else:
                    node = self._split(level, step, nodes)
                done[nodes] = node
            return node

        return step(*nodes)

    def changes(self, before: int, after: int) -> int:
        """The diagram of the pairs of values of two diagrams, `None` where they agree.

        Where both are the same diagram it goes no deeper, so that it is quick where
        little changes.
        """
        end, levels, values = len(self.variables), self._level, self._values
        agreed = self.end(None)
        done: dict[tuple[int, ...], int] = {}

        def step(*nodes: int) -> int:
            before, after = nodes
            if before == after:
                return agreed
            if nodes not in done:
                level = min(levels[before], levels[after])
                if level == end:
                    done[nodes] = self.end((values[before], values[after]))
                else:
                    done[nodes] = self._split(level, step, nodes)
            return done[nodes]

        return step(before, after)

    def _descend(self, step: Callable[..., int], nodes: tuple[int, ...]) -> int:
        """What a step makes of some diagrams, cell by cell of the first variable."""
        levels = self._level
        return self._split(min([levels[node] for node in nodes]), step, nodes)

    def _split(
        self, level: int, step: Callable[..., int], nodes: tuple[int, ...]
    ) -> int:
        levels, children = self._level, self._children
        columns = [
            children[node] if levels[node] == level else repeat(node) for node in nodes
        ]
        return self.node(level, tuple(map(step, *columns)))

    def all(self, nodes: Iterable[int]) -> int:
        """The diagram that is true where all are."""
        all_ = TRUE
        for node in nodes:
            all_ = self.both(all_, node)
            if all_ == FALSE:
                break  # the others need not even be made
        return all_

    def any(self, nodes: Iterable[int]) -> int:
        """The diagram that is true where some are."""
        any_ = FALSE
        for node in nodes:
            any_ = self.either(any_, node)
            if any_ == TRUE:
                break
        return any_

    def without(self, node: int, *others: int) -> int:
        """The diagram that is true where this one is and none of the others."""
        return self.all([node, *(self.negation(other) for other in others)])

    def example(self, node: int) -> dict[str, Value] | None:
        """The facts of one case in a diagram, or `None` where there is none.

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
                # Of a set fact a set.
                value = value | facts.get(variable.fact, frozenset())  # type: ignore[operator]
            facts[variable.fact] = value
            node = children[cell]
        return facts

    # -- what a diagram depends on, and the values that it can have --

    def value(self, node: int) -> Any:
        """The value of an end.

        Raises
        ------
        KeyError
            When the diagram is no end: its value is not the same for every case.
        """
        return self._values[node]

    def values(self, node: int) -> frozenset[Any]:
        """Every value that a diagram has for some case."""
        reached = self._reached.get(node)
        if reached is None:
            if node in self._values:
                reached = frozenset([self._values[node]])
            else:
                parts = map(self.values, set(self._children[node]))
                reached = frozenset().union(*parts)
            self._reached[node] = reached
        return reached

    def levels(self, node: int) -> int:
        """The variables that a diagram asks, as bits: 1 << the variable's place.

        These are exactly the variables of which two cells can make a difference.
        """
        levels = self._levels.get(node)
        if levels is None:
            levels = 1 << self._level[node]
            for child in set(self._children[node]):
                levels |= self.levels(child)
            self._levels[node] = levels
        return levels

    def size(self, *nodes: int) -> int:
        """How many nodes and ends some diagrams are made of."""
        seen: set[int] = set()
        ahead = list(nodes)
        while ahead:
            node = ahead.pop()
            if node not in seen:
                seen.add(node)
                ahead.extend(self._children[node])
        return len(seen)


def _told_apart(value: Hashable) -> Hashable:
    """A value as ends are known by it: 1 is not true."""
    return value if isinstance(value, bool) else (type(value), value)


def _again(
    variables: Variables,
    fixed: Mapping[int, int],
    levels: list[int],
    children: list[tuple[int, ...]],
    values: dict[int, Any],
) -> Diagrams:
    """The diagrams that were pickled."""
    found = Diagrams(variables, fixed)
    found._hold(levels, children, values)  # noqa: SLF001 - a constructor of it
    return found
