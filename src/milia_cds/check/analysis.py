"""Static analysis by diagrams: what in a knowledge base cannot be meant.

Every question is asked of all complete cases at once. A finding is an error where
something can have no sense at all, a warning where it looks like a slip, and a note
where it is only worth knowing: a second gate behind a first is prudence, not a mistake.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

import attrs

from milia_cds.check.findings import Finding, Severity
from milia_cds.check.slips import slips
from milia_cds.check.space import Shows, Space
from milia_cds.decision.all_cases import AllCases
from milia_cds.decision.engine import first_place
from milia_cds.decision.record import Record
from milia_cds.decision.verdicts import LIMITED, NOT_RECOMMENDED
from milia_cds.knowledge.entries import place_of
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.options import STANDINGS, Gate, Measure, Option, gate_place
from milia_cds.knowledge.shape import unused
from milia_cds.logic.conditions import truth
from milia_cds.logic.diagrams import FALSE, TRUE

_DECIDING = frozenset({"forbid", "lower"})
_VERBS = {
    "forbid": "forbids",
    "lower": "lowers",
    "caution": "is said",
    "favour": "is said",
    "note": "is said",
}


def analyse(base: Knowledge, space: Space, results: AllCases) -> list[Finding]:
    """Everything that a knowledge base says in vain, twice or by a slip.

    Parameters
    ----------
    base
        A knowledge base that was loaded: its names and its triage are sound.
    space, results
        The space of its cases, and its results there.
    """
    return list(_Analysis(base, space, results).findings())


class _Analysis:
    def __init__(self, base: Knowledge, space: Space, results: AllCases) -> None:
        self.base = base
        self.space = space
        self.results = results
        self.diagrams = space.diagrams
        self.reached = space.reached(base)
        self.given = dict(base.conditions())

    def findings(self) -> Iterator[Finding]:
        yield from self.conditions()
        yield from self.actions()
        yield from self.dead_ends()
        for option in self.base.options.values():
            yield from self.option(option)
        for measure in self.base.measures.values():
            yield from self.forbids(measure, TRUE)
            yield from self.said(measure, self.offered(measure))
        yield from self.first_places()
        yield from self.levels()
        yield from self.criteria()
        yield from slips(self.base, self.space)
        for problem in unused(self.base):
            yield Finding("unused", "error", problem.path, f"{problem.message}.")

    # -- conditions --

    def conditions(self) -> Iterator[Finding]:
        """Find conditions that never or always hold; of branches the loader does."""
        for path, condition in self.given.items():
            if path.startswith("triage.toml"):
                continue
            node = self.space.of(condition)
            if node == FALSE:
                text = "The condition holds in no case."
                yield Finding("condition.never", "error", path, text)
            elif node == TRUE:
                text = "The condition holds in every case: leave it out."
                yield Finding("condition.always", "error", path, text)

    # -- scenarios --

    def actions(self) -> Iterator[Finding]:
        """Find actions that no case of their scenario comes to."""
        for name, scenario in self.base.scenarios.items():
            left = self.reached[name]
            for place, row in enumerate(scenario.action):
                here = self.diagrams.both(left, self.space.of(row.condition))
                if here == FALSE:
                    path = f"scenarios.toml: scenario.{name}.action[{place}]"
                    path = place_of(row, path)
                    text = "No case of the scenario comes to this action."
                    yield Finding("action.never", "error", path, text)
                left = self.diagrams.without(left, here)

    def dead_ends(self) -> Iterator[Finding]:
        """Find cases that are to be treated although nothing is offered."""
        treated = self.space.where(
            lambda row: row and row[0] == "treat", self.rows, "treated"
        )
        for name, reached in self.reached.items():
            node = self.diagrams.both(treated, reached)
            ranks = self.base.scenarios[name].ranks
            # Those that are recommended most leave least for the others to do.
            for option in sorted(ranks, key=ranks.__getitem__, reverse=True):
                if node == FALSE:
                    break
                offered = self.offered(self.base.options[option])
                node = self.diagrams.without(node, offered)
            if node != FALSE:
                path = f"scenarios.toml: scenario.{name}"
                text = "Some cases are to be treated here, and no option is offered."
                yield self.found("scenario.dead_end", "warning", path, text, node)

    @property
    def rows(self) -> int:
        """The row of actions that decides."""
        return self.results.rows

    # -- options --

    def option(self, option: Option) -> Iterator[Finding]:
        path = f"options/{option.id}.toml"
        play = self.play(option)
        if play == FALSE:
            text = f"No scenario recommends {option.id}, so it is never offered."
            yield Finding("option.never_recommended", "note", path, text)
            return
        offered = self.offered(option)
        if offered == FALSE:
            text = "Some scenario recommends it, and its gates never let it be offered."
            example = self.space.case(play, self.base)
            yield Finding("option.never_offered", "error", path, text, example)
        yield from self.forbids(option, play)
        yield from self.lowers(option, play)
        yield from self.said(option, offered)

    def play(self, option: Option, least: int = NOT_RECOMMENDED) -> int:
        """The cases of the scenarios in which an option stands above a rank."""
        return self.diagrams.any(
            node
            for name, node in self.reached.items()
            if self.base.scenarios[name].ranks[option.id] > least
        )

    def offered(self, owner: Option | Measure) -> int:
        if isinstance(owner, Measure):
            node = self.results.measures[owner.id]
            return self.space.where(
                lambda verdict: verdict == "offered", node, "measure offered"
            )
        node = self.results.options[owner.id]
        return self.space.where(
            lambda result: result[0] == "offered", node, "option offered"
        )

    # -- gates --

    def forbids(self, owner: Option | Measure, play: int) -> Iterator[Finding]:
        """Find forbid gates that others make needless, or that leave nothing."""
        gates = [gate for gate in owner.gate if gate.kind == "forbid"]
        cases = [self.diagrams.both(play, self.of(gate)) for gate in gates]
        yield from self.twins(owner, gates, cases)
        for place, (gate, here) in enumerate(zip(gates, cases, strict=True)):
            at = gate_place(owner, gate)
            if here == play:
                text = f"It always forbids {owner.id}, wherever it is recommended."
                yield self.found("gate.always", "error", at, text, play)
            elif here == FALSE:
                yield from self.out_of_play(gate, owner, at)
            else:
                others = list(zip(gates, cases, strict=True))
                del others[place]
                yield from self.masked(owner, gate, here, others)

    def out_of_play(
        self, gate: Gate, owner: Option | Measure, path: str
    ) -> Iterator[Finding]:
        """Note a gate of an option that its cases have no use for anyway."""
        if self.of(gate) != FALSE:
            text = f"It holds only where no scenario recommends {owner.id}."
            yield self.gate("gate.idle", "note", path, text, self.of(gate))

    def masked(
        self,
        owner: Option | Measure,
        gate: Gate,
        here: int,
        others: Sequence[tuple[Gate, int]],
    ) -> Iterator[Finding]:
        """Find a gate all of whose cases another gate forbids already."""
        for other, cases in others:
            if cases != here and self.space.within(here, cases):
                text = f"{other.id} forbids already wherever it {_VERBS[gate.kind]}."
                at = gate_place(owner, gate)
                yield self.gate("gate.masked", "note", at, text, here)
                return

    def lowers(self, option: Option, play: int) -> Iterator[Finding]:
        gates = [gate for gate in option.gate if gate.kind == "lower"]
        cases = [self.diagrams.both(play, self.of(gate)) for gate in gates]
        forbids = [gate for gate in option.gate if gate.kind == "forbid"]
        forbidden = self.results.forbidden(option)
        yield from self.twins(option, gates, cases)
        for gate, here in zip(gates, cases, strict=True):
            at = gate_place(option, gate)
            if here == FALSE:
                yield from self.out_of_play(gate, option, at)
            elif here == play:
                text = f"It always lowers {option.id}: lower its standings instead."
                yield self.found("gate.always", "warning", at, text, play)
            elif self.space.within(here, forbidden):
                both = [each.id for each in forbids if self.of(each) == self.of(gate)]
                said = both[0] if both else "another gate"
                text = f"It lowers only where {said} forbids already."
                yield self.gate("gate.lower_forbidden", "warning", at, text, here)
            elif not self.counts(option, gate):
                text = "It changes no standing: another gate lowers as much, or the "
                text += "option stands no higher."
                yield self.gate("gate.idle", "note", at, text, here)

    def counts(self, option: Option, gate: Gate) -> bool:
        """Whether a lower gate changes a result."""
        others = tuple(each for each in option.gate if each is not gate)
        deciding = [self.of(each) for each in others if each.kind in _DECIDING]
        least = LIMITED if gate.to is None else STANDINGS.index(gate.to)
        high = self.diagrams.both(self.of(gate), self.play(option, least))
        if self.diagrams.without(high, *deciding) != FALSE:
            return True  # Alone in some case: the usual answer, and a quick one.
        without = attrs.evolve(option, gate=others)
        return self.results.option(without) != self.results.options[option.id]

    def said(self, owner: Option | Measure, offered: int) -> Iterator[Finding]:
        """Find cautions and notes that are never said, or said twice."""
        gates = [gate for gate in owner.gate if gate.kind not in _DECIDING]
        cases = [self.diagrams.both(offered, self.of(gate)) for gate in gates]
        for gate, here in zip(gates, cases, strict=True):
            if here == FALSE != self.of(gate) and offered != FALSE:
                text = f"It is never said: {owner.id} is not offered where it holds."
                at = gate_place(owner, gate)
                yield self.gate("gate.unsaid", "warning", at, text, self.of(gate))
        yield from self.twins(owner, gates, cases, "note")

    def twins(
        self,
        owner: Option | Measure,
        gates: Sequence[Gate],
        cases: Sequence[int],
        level: Severity = "warning",
    ) -> Iterator[Finding]:
        """Find two gates of one kind that hold in the same cases."""
        both = zip(gates, cases, strict=True)
        for (one, here), (other, there) in combinations(both, 2):
            same = here == there != FALSE and one.condition is not None
            if same and (one.kind, one.to) == (other.kind, other.to):
                text = f"{one.id} says the same: it holds in the same cases."
                path = gate_place(owner, other)
                yield self.gate("gate.twin", level, path, text, here)

    def of(self, gate: Gate) -> int:
        return self.space.of(gate.condition)

    # -- order --

    def first_places(self) -> Iterator[Finding]:
        first = self.results.first
        if first is None:
            text = "The first places take too many nodes: levels ask too many facts."
            yield Finding("diagram.too_large", "error", "options/", text)
            return
        ever = frozenset[str]().union(*self.diagrams.values(first))
        for option in self.base.options.values():
            node = self.offered(option)
            if option.id not in ever and node != FALSE:
                path = f"options/{option.id}.toml"
                text = "It is offered to some and comes first for nobody."
                shows = _not_first(option.id)
                yield self.found(
                    "option.never_first", "note", path, text, node, shows=shows
                )

    def levels(self) -> Iterator[Finding]:
        """Find modifiers of levels that earlier ones leave nothing."""
        for option in self.base.options.values():
            for level in option.level:
                left = TRUE
                at = f"options/{option.id}.toml: level.{level.criterion}.modifier"
                for place, modifier in enumerate(level.modifier):
                    here = self.space.of(modifier.condition)
                    if self.diagrams.both(left, here) == FALSE:
                        text = "An earlier modifier holds wherever this one does."
                        path = f"{at}[{place}]"
                        yield Finding("level.never", "warning", path, text)
                    left = self.diagrams.without(left, here)

    def criteria(self) -> Iterator[Finding]:
        """Find criteria that tell no two options apart."""
        for name in self.base.criteria:
            levels = [
                level
                for option in self.base.options.values()
                for level in option.level
                if level.criterion == name
            ]
            same = len({level.base for level in levels}) < 2  # noqa: PLR2004 - two differ
            if same and not any(level.modifier for level in levels):
                path = f"criteria.toml: criterion.{name}"
                text = "Every option has the same level: it changes no order."
                yield Finding("criterion.idle", "warning", path, text)

    # -- findings with an example --

    def found(  # noqa: PLR0913 - a finding has these parts
        self,
        kind: str,
        level: Severity,
        path: str,
        text: str,
        node: int,
        *,
        shows: Shows | None = None,
    ) -> Finding:
        case = self.space.case(node, self.base, shows)
        return Finding(kind, level, path, text, case)

    def gate(
        self, kind: str, level: Severity, path: str, text: str, node: int
    ) -> Finding:
        """A finding about a gate, with a case in which it holds."""
        condition = self.given.get(path.partition(" (")[0])

        def shows(record: Record) -> bool:
            return condition is None or truth(condition, record.facts) is True

        return self.found(kind, level, path, text, node, shows=shows)


def _not_first(option: str) -> Shows:
    def shows(record: Record) -> bool:
        offered = record.verdicts[option].verdict == "offered"
        return offered and option not in first_place(record.ranking)

    return shows
