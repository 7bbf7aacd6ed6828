"""The proofs of the guarantees over all complete cases, and what each rests on.

An option is not offered where a gate forbids it, where its cell is not_recommended,
where a gate caps it there, or where two gates lower it. A guarantee holds iff these
cover every case of its condition; they are its support. So are the actions that are as
it says, the condition of an alert, and what gates do to a harsher option.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property, partial
from typing import Any, Literal, TypeAlias

import attrs

from milia_cds.check.harm import OrderOfHarm
from milia_cds.check.space import Shows, Space
from milia_cds.decision.all_cases import AllCases
from milia_cds.decision.record import Record
from milia_cds.decision.verdicts import NOT_RECOMMENDED, TOO_MANY
from milia_cds.knowledge.dangers import URGENCIES, Alert
from milia_cds.knowledge.entries import place_of
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.options import STANDINGS, Gate, Measure, Option, gate_place
from milia_cds.knowledge.promises import Guarantee
from milia_cds.logic.conditions import atoms
from milia_cds.logic.diagrams import FALSE

_SOON: Mapping[str, int] = {each: place for place, each in enumerate(URGENCIES)}
How: TypeAlias = Literal["gate", "standing", "action", "alert"]


@attrs.frozen
class Support:
    """One thing that keeps a guarantee: gates, a standing, an action or an alert.

    Parameters
    ----------
    how
        A standing can be a cell of the scenarios, or gates that lower to the last.
    names
        The paths of what does it.
    cases
        The diagram of the cases in which it does.
    weight
        How much it takes to say it; the support prefers what takes less.
    """

    how: How
    names: tuple[str, ...]
    cases: int = attrs.field(eq=False)
    weight: int = attrs.field(eq=False, default=0)


Layers: TypeAlias = tuple[tuple[Support, ...], ...]


@attrs.frozen(slots=False, eq=False)
class Held:
    """How a guarantee is kept for one option, measure or action.

    Parameters
    ----------
    owner
        The id of the option, measure or alert, or the action.
    fragile
        Whether no set of gates suffices: standings hold it, which are there for
        another reason.
    found
        Finds the layers.
    """

    owner: str
    fragile: bool
    _found: Callable[[], Layers] = attrs.field(repr=False)

    @cached_property
    def layers(self) -> Layers:
        """Sets of supports that each suffice alone, found when they are first read.

        The first is without standings where that is possible. Without all of them the
        guarantee is broken.
        """
        return self._found()

    def __eq__(self, other: object) -> bool:
        """Whether both say the same, and rest on the same."""
        if not isinstance(other, Held):
            return NotImplemented
        said = self.owner, self.fragile
        return said == (other.owner, other.fragile) and self.layers == other.layers

    def __hash__(self) -> int:
        """A hash that equal ones share, for which no layer is found."""
        return hash((self.owner, self.fragile))

    def __reduce__(self) -> tuple[Any, ...]:
        """Copy and pickle the layers, without the diagrams that they are found in."""
        return Held, (self.owner, self.fragile, partial(tuple, self.layers))


@attrs.frozen
class Proof:
    """Whether a guarantee holds for every complete case.

    Parameters
    ----------
    guarantee
        What was to be proved.
    held
        How, for each option and measure that it names.
    broken
        What it does not hold for, as in `held`, each with a case.
    said
        What is so in each of these cases, as a sentence without its full stop.
    idle
        The exceptions that it does not need: their number, and for which option.
    """

    guarantee: Guarantee
    held: tuple[Held, ...]
    broken: Mapping[str, Mapping[str, Any]] = attrs.field(hash=False)
    said: Mapping[str, str] = attrs.field(factory=dict, hash=False)
    idle: tuple[tuple[int, str], ...] = ()

    @property
    def fragile(self) -> tuple[str, ...]:
        """The options and measures for which standings alone hold it."""
        return tuple(each.owner for each in self.held if each.fragile)


def prove(base: Knowledge, space: Space, results: AllCases) -> tuple[Proof, ...]:
    """Prove every guarantee of a knowledge base, or show a case that breaks it.

    Parameters
    ----------
    base
        The knowledge base.
    space, results
        The space of its cases, and its results there.
    """
    prover = _Prover(base, space, results)
    return tuple(prover.proof(each) for each in base.guarantees)


def first_broken(
    base: Knowledge, space: Space, results: AllCases, asked: Iterable[Guarantee]
) -> str:
    """The id of the first of some guarantees that is broken; empty where all hold.

    Parameters
    ----------
    base
        The knowledge base.
    space, results
        The space of its cases, and its results there.
    asked
        The guarantees; none of the order of harm.
    """
    prover = _Prover(base, space, results)
    return next((each.id for each in asked if not prover.holds(each)), "")


class _Prover:
    def __init__(self, base: Knowledge, space: Space, results: AllCases) -> None:
        self.base = base
        self.space = space
        self.results = results
        self.diagrams = space.diagrams
        self.supports = cache(self._supports)
        self.reached = space.reached(base)
        self.harm = OrderOfHarm(base, space, results)

    def proof(self, guarantee: Guarantee) -> Proof:
        if guarantee.gentler:
            return self.order_of_harm(guarantee)
        where = self.space.of(guarantee.condition)
        held, broken, said = [], {}, {}
        for owner, supports in self.kept(guarantee):
            left = self.diagrams.without(where, *(each.cases for each in supports))
            if left == FALSE:
                held.append(self.held(owner, where, supports))
            else:
                said[owner], shows = _breaks(guarantee, owner)
                broken[owner] = self.space.case(left, self.base, shows)
        return Proof(guarantee, tuple(held), broken, said)

    def holds(self, guarantee: Guarantee) -> bool:
        """Whether a guarantee that is not of the order of harm holds."""
        where = self.space.of(guarantee.condition)
        return all(
            self.diagrams.without(where, *(each.cases for each in supports)) == FALSE
            for _, supports in self.kept(guarantee)
        )

    def kept(self, guarantee: Guarantee) -> Iterator[tuple[str, Sequence[Support]]]:
        """Who or what keeps a guarantee, each with its supports."""
        if guarantee.action is not None:
            yield course(guarantee), self._acting(guarantee)
        elif guarantee.alert is not None:
            alert = self.base.alerts[guarantee.alert]
            path = f"alerts.toml: alert.{alert.id}"
            certain = self.space.of(alert.condition)
            kept = alert_as_said(alert, guarantee)
            yield alert.id, [Support("alert", (path,), certain)] if kept else []
        else:
            for owner in (*guarantee.options, *guarantee.measures):
                yield owner, self.supports(owner)

    def order_of_harm(self, guarantee: Guarantee) -> Proof:
        """The proof that gates bind harsher options as far as the gentler one."""
        held, broken, said = [], {}, {}
        for owner in guarantee.binds:
            if self.harm.broken(guarantee, owner) == FALSE:
                where = self.harm.where(guarantee, owner)
                held.append(self.held(owner, where, self._binding(guarantee, owner)))
            else:
                breach = self.harm.breach(guarantee, owner)
                shows = _bound_less(guarantee, owner, forbidden=breach.forbidden)
                said[owner] = breach.said
                broken[owner] = self.space.case(breach.cases, self.base, shows)
        idle = tuple(self.harm.idle(guarantee))
        return Proof(guarantee, tuple(held), broken, said, idle)

    def _binding(self, guarantee: Guarantee, owner: str) -> list[Support]:
        """The gates by which an option is bound as far as the gentler one."""
        option = self.base.options[owner]
        lowers = tuple(gate for gate in option.gate if gate.kind == "lower")
        cases = self.harm.together(guarantee, owner)
        paths = tuple(gate_place(option, gate) for gate in lowers)
        together = [Support("gate", paths, cases)] if lowers else []
        return [*self._forbids(option), *together]

    # -- layers --

    def held(self, owner: str, where: int, supports: Sequence[Support]) -> Held:
        """How supports that cover the condition together do so."""
        firm = [each.cases for each in supports if each.how != "standing"]
        fragile = self.diagrams.without(where, *firm) != FALSE
        return Held(owner, fragile, partial(self.layers, where, supports))

    def layers(self, where: int, supports: Sequence[Support]) -> Layers:
        """Sets of supports, each of which covers the condition alone."""
        # Of each support only the cases that matter here: far smaller diagrams.
        ahead = [
            attrs.evolve(each, cases=self.diagrams.both(each.cases, where))
            for each in supports
        ]
        layers: list[tuple[Support, ...]] = []
        while where != FALSE and self.covers(ahead, where):
            firm = [each for each in ahead if each.how != "standing"]
            layer = self.cover(firm if self.covers(firm, where) else ahead, where)
            layers.append(layer)
            ahead = [each for each in ahead if each not in layer]
        return tuple(layers)

    def covers(self, supports: Sequence[Support], where: int) -> bool:
        return self.diagrams.any(each.cases for each in supports) == where

    def cover(self, supports: Sequence[Support], where: int) -> tuple[Support, ...]:
        """Leave out supports that are not needed, standings and long ones first."""
        ahead = [each for each in supports if each.cases != FALSE]
        ahead.sort(key=lambda each: (each.how != "standing", -each.weight))
        # Of each the cases of all that follow, so that every one is asked once.
        after = [FALSE]
        for each in reversed(ahead):
            after.append(self.diagrams.either(each.cases, after[-1]))
        kept: list[Support] = []
        before = FALSE
        for each, others in zip(ahead, reversed(after[:-1]), strict=True):
            if self.diagrams.either(before, others) != where:
                kept.append(each)
                before = self.diagrams.either(before, each.cases)
        return tuple(each for each in supports if each in kept)

    # -- supports --

    def _supports(self, owner: str) -> list[Support]:
        if owner in self.base.measures:
            return list(self._forbids(self.base.measures[owner]))
        option = self.base.options[owner]
        return [*self._forbids(option), *self._standings(option)]

    def _forbids(self, owner: Option | Measure) -> Iterator[Support]:
        for gate in owner.gate:
            if gate.kind == "forbid":
                path = gate_place(owner, gate)
                yield Support("gate", (path,), self._of(gate), _weight(gate))

    def _standings(self, option: Option) -> Iterator[Support]:
        """What brings an option to not_recommended."""
        for name, scenario in self.base.scenarios.items():
            if scenario.ranks[option.id] == NOT_RECOMMENDED:
                path = f"scenarios.toml: scenario.{name}: {option.id}"
                yield Support("standing", (path,), self.reached[name])
        steps = []
        for gate in option.gate:
            path = gate_place(option, gate)
            if gate.kind != "lower":
                continue
            if gate.to is None:
                steps.append((path, self._of(gate)))
            elif STANDINGS.index(gate.to) == NOT_RECOMMENDED:
                yield Support("standing", (path,), self._of(gate), _weight(gate))
        if len(steps) >= TOO_MANY:
            twice = self._at_least_two([cases for _, cases in steps])
            yield Support("standing", tuple(path for path, _ in steps), twice)

    def _at_least_two(self, nodes: Sequence[int]) -> int:
        once = twice = FALSE
        for node in nodes:
            twice = self.diagrams.either(twice, self.diagrams.both(once, node))
            once = self.diagrams.either(once, node)
        return twice

    def _of(self, gate: Gate) -> int:
        return self.space.of(gate.condition)

    def _acting(self, guarantee: Guarantee) -> list[Support]:
        """The actions of scenarios that come to what a guarantee says."""
        supports = []
        for name, scenario in self.base.scenarios.items():
            left = self.reached[name]
            for place, row in enumerate(scenario.action):
                here = self.diagrams.both(left, self.space.of(row.condition))
                left = self.diagrams.without(left, here)
                path = place_of(row, f"scenarios.toml: scenario.{name}.action[{place}]")
                if _as_said(guarantee, row.act, row.to, row.urgency):
                    supports.append(Support("action", (path,), here))
                elif row.act == "treat" and guarantee.action in {"treat", "observe"}:
                    acts = self._first_acts(guarantee.action)
                    acted = self.diagrams.both(here, acts)
                    supports.append(Support("action", (path,), acted))
        return supports

    def _first_acts(self, action: str) -> int:
        """The cases in which the first place makes this of "treat"."""
        disposition = self.results.disposition
        if disposition is None:
            return FALSE
        return self.space.where(lambda value: value[0] == action, disposition)


def course(guarantee: Guarantee) -> str:
    """The action of a guarantee in words, with where to and how soon."""
    said = str(guarantee.action)
    if guarantee.to:
        said += f" to {guarantee.to}"
    if guarantee.urgency:
        said += f", {guarantee.urgency}"
    if guarantee.urgency_at_least:
        said += f", {guarantee.urgency_at_least} or sooner"
    return said


def alert_as_said(alert: Alert, guarantee: Guarantee) -> bool:
    """Whether an alert is as urgent as a guarantee says."""
    least = guarantee.urgency_at_least
    return guarantee.urgency in {None, alert.urgency} and (
        least is None or _SOON[alert.urgency] >= _SOON[least]
    )


def _as_said(
    guarantee: Guarantee, action: str, to: str | None, urgency: str | None
) -> bool:
    """Whether what is done is as a guarantee says."""
    least = guarantee.urgency_at_least
    return (
        action == guarantee.action
        and guarantee.to in {None, to}
        and guarantee.urgency in {None, urgency}
        and (least is None or (urgency is not None and _SOON[urgency] >= _SOON[least]))
    )


def _weight(gate: Gate) -> int:
    return 0 if gate.condition is None else len(tuple(atoms(gate.condition)))


def _breaks(guarantee: Guarantee, owner: str) -> tuple[str, Shows]:
    """What breaks a guarantee in some case, and whether its decision shows it."""

    def otherwise(record: Record) -> bool:
        done = record.disposition
        return not _as_said(guarantee, done.action, done.to, done.urgency)

    def silent(record: Record) -> bool:
        certain = {each.alert.id for each in record.alerts if each.certain}
        return owner not in certain or guarantee.urgency is not None

    def offered(record: Record) -> bool:
        judged = {**record.verdicts, **record.measures}
        return judged[owner].verdict == "offered"

    if guarantee.action is not None:
        return f"not {owner}", otherwise
    if guarantee.alert is not None:
        return f"the alert {owner} is not certain, or not as urgent", silent
    return f"{owner} is offered", offered


def _bound_less(guarantee: Guarantee, owner: str, *, forbidden: bool) -> Shows:
    """Whether a decision shows that an option is bound less than the gentler one."""

    def shows(record: Record) -> bool:
        gentler = record.verdicts[guarantee.gentler].verdict == "excluded"
        return gentler is forbidden and record.verdicts[owner].verdict != "excluded"

    return shows
