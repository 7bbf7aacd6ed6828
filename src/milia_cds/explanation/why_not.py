"""Why an option is not offered, or not first: what would have to change.

Read off the diagrams: the smallest sets of known facts with whose other values some
completion offers the option, or puts it first. What cannot be changed, such as an age,
is never among them, nor a change that nobody may bring about.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import product
from typing import Any, TypeAlias

import attrs

from milia_cds.decision.all_cases import MOST_NODES
from milia_cds.decision.completions import Completions, cells_of
from milia_cds.decision.verdicts import VerdictName
from milia_cds.errors import visible
from milia_cds.explanation.outcome import Stamp, stamp
from milia_cds.explanation.places import Reason
from milia_cds.knowledge.options import Option
from milia_cds.knowledge.records import plain
from milia_cds.logic.cells import Variable, Variables
from milia_cds.logic.diagrams import Diagrams
from milia_cds.logic.facts import Choice, Kind, Number, Value
from milia_cds.logic.restriction import Restriction
from milia_cds.shown import Told

Target: TypeAlias = Callable[[Any], bool]
"""Whether a value of a diagram is what is wanted."""
Changed: TypeAlias = frozenset[str]


@attrs.frozen(kw_only=True)
class Change:
    """A known fact that would have to change, and may come to be.

    Parameters
    ----------
    fact, label
        Its dotted name, and its name in a sentence.
    now
        Its value as it is.
    instead
        Values that would do, and that somebody may bring about or wait for; for a
        number the first of each range of values that do.
    """

    fact: str
    label: str
    now: Any
    instead: tuple[Any, ...]


@attrs.frozen(kw_only=True)
class Path:
    """One smallest set of changes: any of the values of each will do together.

    Parameters
    ----------
    changes
        The facts that would have to change; none where nothing has to change.
    asks
        The unknown facts that would still matter after the first value of each.
    """

    changes: tuple[Change, ...]
    asks: tuple[str, ...]


@attrs.frozen(kw_only=True)
class WhyNot(Told):
    """What would have to change for an option to be offered, and to be first.

    Parameters
    ----------
    option, label
        Its id, and its name in a sentence.
    verdict
        Its verdict as it is.
    because
        Why it has this verdict, as in the assessment; nothing where it is offered.
    offered, first
        The smallest sets of changes. A path without changes means that nothing known
        stands against it; no path at all means never: nothing that can change helps.
    exact
        Whether `first` could be worked out; where it is false, `first` is empty
        because its diagram would be too large.
    knowledge
        Which knowledge it comes from, and how far it has been reviewed.
    """

    option: str
    label: str
    verdict: VerdictName
    because: tuple[Reason, ...]
    offered: tuple[Path, ...]
    first: tuple[Path, ...]
    exact: bool
    knowledge: Stamp

    def __repr__(self) -> str:
        """Name the option, its verdict, and how many ways lead elsewhere."""
        ways = f"{len(self.offered)} ways to be offered, {len(self.first)} to be first"
        return visible(f"<WhyNot: {self.option}, {self.verdict}, {ways}>")


def why_not(
    completions: Completions, option: Option, because: tuple[Reason, ...] = ()
) -> WhyNot:
    """Find what would have to change for one option.

    Parameters
    ----------
    completions
        The completions of the case.
    option
        The option.
    because
        Why it has the verdict that it has.
    """
    completions = completions.changeable
    search = _Search(completions, completions.results.diagrams)
    first = _first(completions)
    return WhyNot(
        option=option.id,
        label=option.label,
        verdict=completions.record.verdicts[option.id].verdict,
        because=because,
        offered=search.paths(completions.offer(option.id), bool),
        first=()
        if first is None
        else _Search(completions, first[0]).paths(
            first[1], lambda names: option.id in names
        ),
        exact=first is not None,
        knowledge=stamp(completions.results.base),
    )


def _first(completions: Completions) -> tuple[Diagrams, int] | None:
    """The first place of all that can be changed, with the diagrams it is of."""
    results = completions.results
    if completions.usual and results.first is not None:
        return results.diagrams, results.first
    fixed = immutable_cells(completions)
    made = completions.best_within(Restriction(results.diagrams, fixed), MOST_NODES)
    return made and made[:2]


def immutable_cells(completions: Completions) -> dict[int, int]:
    """The cells of the known facts that cannot be changed."""
    variables, facts = completions.variables, completions.results.base.facts
    return {
        place: cell
        for place, cell in cells_of(variables, completions.record.facts).items()
        if facts[variables[place].fact].immutable
    }


class _Search:
    """Looks for smallest sets of changes in the diagrams of one case."""

    def __init__(self, completions: Completions, diagrams: Diagrams) -> None:
        self.completions = completions
        self.base = completions.results.base
        self.diagrams = diagrams
        self.variables: Variables = completions.variables
        self.facts = completions.record.facts
        self.cells = cells_of(self.variables, self.facts)
        self._cells_reached: dict[int, tuple[int, ...]] = {}

    def paths(self, node: int, target: Target) -> tuple[Path, ...]:
        """The paths from the case to a value of a diagram that is wanted."""
        if not self._ever(node, target):
            return ()
        most = 0
        while not (found := self._changes(node, target, most)):
            most += 1
        names = list(self.base.kinds)
        order = sorted(found, key=lambda each: sorted(map(names.index, each)))
        return tuple(self._path(node, target, changed) for changed in order)

    def _ever(self, node: int, target: Target) -> bool:
        """Whether any change of what may be changed leads there."""
        done: dict[int, bool] = {}

        def step(node: int) -> bool:
            if node not in done:
                level, children = self.diagrams.parts(node)
                if children:
                    ways = (child for child, _ in self._ways(level, children))
                    done[node] = any(map(step, ways))
                else:
                    done[node] = target(self.diagrams.value(node))
            return done[node]

        return step(node)

    def _changes(self, node: int, target: Target, most: int) -> frozenset[Changed]:
        """The least sets of facts to change, of at most so many."""
        done: dict[int, frozenset[Changed]] = {}

        def step(node: int) -> frozenset[Changed]:
            if node not in done:
                level, children = self.diagrams.parts(node)
                if not children:
                    here = target(self.diagrams.value(node))
                    done[node] = frozenset([frozenset[str]()] if here else [])
                else:
                    done[node] = _least(
                        changed
                        for child, cost in self._ways(level, children)
                        for below in step(child)
                        if len(changed := below | cost) <= most
                    )
            return done[node]

        return step(node)

    def _ways(
        self, level: int, children: tuple[int, ...]
    ) -> Iterator[tuple[int, Changed]]:
        """The children within reach, and the fact to change for them."""
        fact = self.variables[level].fact
        here = self.cells.get(level)
        if here is None:
            yield from ((child, frozenset[str]()) for child in set(children))
            return
        yield children[here], frozenset()
        others = {children[cell] for cell in self._reached(level)}
        yield from ((child, frozenset([fact])) for child in others)

    def _reached(self, place: int) -> tuple[int, ...]:
        """The other cells to which somebody may bring the fact of a variable."""
        if place not in self._cells_reached:
            variable, here = self.variables[place], self.cells[place]
            self._cells_reached[place] = tuple(
                cell
                for cell in range(len(variable.examples))
                if cell != here and self._may_become(variable, cell)
            )
        return self._cells_reached[place]

    def _may_become(self, variable: Variable, cell: int) -> bool:
        entry = self.base.facts[variable.fact]
        if variable.member is not None:
            return not entry.immutable
        values = _values_of(self.base.kinds[variable.fact], variable, cell)
        now = self.facts[variable.fact]
        return any(entry.may_become(now, value) for value in values)

    # -- the values that would do --

    def _path(self, node: int, target: Target, changed: Changed) -> Path:
        names = [name for name in self.base.kinds if name in changed]
        box = self._box(node, target, names)
        changes = tuple(
            Change(
                fact=name,
                label=self.base.facts[name].label,
                now=plain(self.facts[name]),
                instead=tuple(
                    plain(value)
                    for cells in box[name]
                    for value in self._values(name, cells)
                ),
            )
            for name in names
        )
        example = {name: box[name][0] for name in names}
        left = self._left(node, example)
        return Path(changes=changes, asks=left)

    def _box(
        self, node: int, target: Target, names: list[str]
    ) -> dict[str, list[tuple[int, ...]]]:
        """Cells for each fact, all combinations of which will do."""
        axes = {name: self._others(name) for name in names}
        example = next(
            dict(zip(names, chosen, strict=True))
            for chosen in product(*axes.values())
            if self._does(node, target, dict(zip(names, chosen, strict=True)))
        )
        box = {name: [cells] for name, cells in example.items()}
        for name in names:
            for cells in axes[name]:
                wider = {**box, name: [cells]}
                if cells not in box[name] and all(
                    self._does(node, target, dict(zip(names, chosen, strict=True)))
                    for chosen in product(*wider.values())
                ):
                    box[name].append(cells)
        return box

    def _others(self, fact: str) -> list[tuple[int, ...]]:
        """The other cells of a fact; of a set fact, a cell for each member."""
        places = self._places(fact)
        here = tuple(self.cells[place] for place in places)
        axes = [sorted((self.cells[place], *self._reached(place))) for place in places]
        return [cells for cells in product(*axes) if cells != here]

    def _places(self, fact: str) -> list[int]:
        return [place for place, each in enumerate(self.variables) if each.fact == fact]

    def _does(
        self, node: int, target: Target, chosen: Mapping[str, tuple[int, ...]]
    ) -> bool:
        restriction = self._restricted(chosen)
        return any(map(target, restriction.values(restriction.of(node))))

    def _restricted(self, chosen: Mapping[str, tuple[int, ...]]) -> Restriction:
        cells = dict(self.cells)
        for fact, new in chosen.items():
            cells |= zip(self._places(fact), new, strict=True)
        return Restriction(self.diagrams, cells)

    def _left(
        self, node: int, chosen: Mapping[str, tuple[int, ...]]
    ) -> tuple[str, ...]:
        restriction = self._restricted(chosen)
        levels = restriction.levels(restriction.of(node))
        asked = {
            variable.fact
            for place, variable in enumerate(self.variables)
            if levels >> place & 1
        }
        return tuple(name for name in self.base.kinds if name in asked)

    def _values(self, fact: str, cells: tuple[int, ...]) -> Iterable[Value]:
        variables = [self.variables[place] for place in self._places(fact)]
        if variables[0].member is not None:
            return [_set_of(variables, cells, self.facts[fact])]
        values = _values_of(self.base.kinds[fact], variables[0], cells[0])
        entry, now = self.base.facts[fact], self.facts[fact]
        return [value for value in values if entry.may_become(now, value)]


def _least(sets: Iterable[Changed]) -> frozenset[Changed]:
    """Drop every set that holds another one."""
    least: list[Changed] = []
    for one in sorted(set(sets), key=len):
        if not any(other <= one for other in least):
            least.append(one)
    return frozenset(least)


def _values_of(kind: Kind, variable: Variable, cell: int) -> list[Value]:
    """The values of a cell: its members, or the first number of it."""
    match kind:
        case Choice(members):
            return [name for name in members if variable.places[name] == cell]
        case Number():
            return [variable.examples[cell]]
        case _:
            return [variable.examples[cell]]


def _set_of(
    variables: Iterable[Variable], cells: Iterable[int], now: Value | None
) -> Value:
    """A set fact with some members put in or taken out."""
    members = set(now) if isinstance(now, frozenset) else set()
    for variable, cell in zip(variables, cells, strict=True):
        if variable.member is not None:
            members.discard(variable.member)
            if cell:
                members.add(variable.member)
    return frozenset(members)
