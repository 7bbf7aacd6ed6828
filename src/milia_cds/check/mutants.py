"""Mutants: the knowledge with one small thing wrong, as by a slip of the pen.

The records are changed, not the files; nothing is read again.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any, Literal, TypeAlias, TypeVar

import attrs

from milia_cds.knowledge.dangers import URGENCIES, Alert
from milia_cds.knowledge.entries import Placed, place_of
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.options import (
    STANDINGS,
    CriterionLevel,
    Gate,
    Measure,
    Modifier,
    Option,
    by_rule,
)
from milia_cds.knowledge.scenarios import ActionRow, Decision, Scenario
from milia_cds.logic.conditions import (
    And,
    Atom,
    Compare,
    Condition,
    Holds,
    Not,
    OneOf,
    Or,
    Term,
)
from milia_cds.logic.facts import Choice, Kind, Members, Number

MutatedPart: TypeAlias = Literal[
    "gates", "triage", "standings", "cautions", "alerts", "levels", "claims"
]
PARTS: tuple[MutatedPart, ...] = (
    "gates",
    "triage",
    "standings",
    "cautions",
    "alerts",
    "levels",
    "claims",
)
_GATES: Mapping[str, MutatedPart] = {
    "forbid": "gates",
    "lower": "gates",
    "caution": "cautions",
}
T = TypeVar("T")
Row = TypeVar("Row", bound=Gate | ActionRow | Modifier)
Edit: TypeAlias = Mapping[str, Any]
"""The fields of a rule that become something else."""
Cuts: TypeAlias = Mapping[str, Sequence[float]]
"""The least value of each cell but the first, of each number."""


@attrs.frozen
class Mutant:
    """One thing changed.

    Parameters
    ----------
    part
        The part of the knowledge that it is counted under.
    path, what
        Where, and what was done.
    base
        The knowledge with the change.
    owners
        The options, measures, scenarios or alerts that alone can differ; none where
        all may.
    before, after
        The condition that changed, and what it became.
    gone
        Whether a gate or an alert is gone: then there is nothing after.
    placed
        The text that no longer says what it claims; the base is then as it was.
    """

    part: MutatedPart
    path: str
    what: str
    base: Knowledge = attrs.field(eq=False, repr=False)
    owners: tuple[str, ...] = ()
    before: Condition | None = attrs.field(default=None, eq=False, repr=False)
    after: Condition | None = attrs.field(default=None, eq=False, repr=False)
    gone: bool = False
    placed: Placed | None = attrs.field(default=None, eq=False, repr=False)


def mutants(base: Knowledge) -> list[Mutant]:
    """Every mutant of a knowledge base, always in the same order."""
    return list(_Mutations(base).all())


class _Mutations:
    def __init__(self, base: Knowledge) -> None:
        self.base = base
        self.cuts = cuts(base)

    def all(self) -> Iterator[Mutant]:
        yield from self.gates()
        for decision in self.base.decisions.values():
            yield from self.branches(decision)
        yield from self.actions()
        for scenario in self.base.scenarios.values():
            yield from self.standings(scenario)
        for alert in self.base.alerts.values():
            yield from self.alerts(alert)
        for option in self.base.options.values():
            yield from self.levels(option)
        yield from self.weights()
        yield from self.claims()

    # -- gates --

    def gates(self) -> Iterator[Mutant]:
        """Change every rule for all whom it is for, and take each of these out."""
        for path, found in by_rule(self.base.gated()).items():
            _, gate = found[0]
            if gate.kind not in _GATES:
                continue
            for what, change in self.changed(gate):
                yield self.gated(path, what, found, change)
            for owner, own in found if len(found) > 1 else ():
                yield self.gated(path, f"not for {owner.id}", [(owner, own)], None)

    def gated(
        self,
        path: str,
        what: str,
        found: Sequence[tuple[Option | Measure, Gate]],
        change: Edit | None,
    ) -> Mutant:
        """The same change of some gates of one rule."""
        options, measures = dict(self.base.options), dict(self.base.measures)
        for owner, gate in found:
            place = owner.gate.index(gate)
            gates = _replaced(owner.gate, place, change)
            if isinstance(owner, Option):
                options[owner.id] = attrs.evolve(owner, gate=gates)
            else:
                measures[owner.id] = attrs.evolve(owner, gate=gates)
        _, gate = found[0]
        return Mutant(
            _GATES[gate.kind],
            path,
            what,
            attrs.evolve(self.base, options=options, measures=measures),
            tuple(owner.id for owner, _ in found),
            gate.condition,
            None if change is None else change.get("condition", gate.condition),
            gone=change is None,
        )

    def changed(self, gate: Gate) -> Iterator[tuple[str, Edit | None]]:
        yield "drop it", None
        if gate.condition is not None:
            yield from self.turned(gate.condition)
        if gate.to is not None:
            for to in STANDINGS[:-1]:
                if to != gate.to:
                    yield f'to = "{to}"', {"to": to}

    def turned(self, condition: Condition) -> Iterator[tuple[str, Edit]]:
        yield "negate it", {"condition": Not(condition)}
        for what, changed in self.shifted(condition):
            yield what, {"condition": changed}

    # -- conditions --

    def shifted(self, condition: Condition) -> Iterator[tuple[str, Condition]]:
        """A condition with one of its tests a little changed."""
        yield from _rewritten(condition, self.atoms)

    def atoms(self, atom: Atom) -> Iterator[tuple[str, Atom]]:
        kind = self.base.kinds[atom.fact]
        match atom.test:
            case Compare(sign, bound):
                for other in beside(atom.test, kind, self.cuts[atom.fact]):
                    what = f"{atom.fact} {sign} {other:g} for {bound:g}"
                    yield what, attrs.evolve(atom, test=Compare(sign, other))
            case OneOf(members):
                for lost, gained in _swaps(members, kind):
                    what = f"{atom.fact}: {gained} for {lost}"
                    test = OneOf(members - {lost} | {gained})
                    yield what, attrs.evolve(atom, test=test)
            case Holds(member) if isinstance(kind, Members):
                for _, gained in _swaps(frozenset([member]), kind):
                    what = f"{atom.fact}: {gained} for {member}"
                    yield what, attrs.evolve(atom, test=Holds(gained))

    # -- triage --

    def branches(self, decision: Decision) -> Iterator[Mutant]:
        """Swap where two branches lead."""
        path = f"triage.toml: decision.{decision.id}"
        for (i, one), (j, other) in combinations(enumerate(decision.branch), 2):
            branches = list(decision.branch)
            branches[i] = attrs.evolve(one, to=other.to)
            branches[j] = attrs.evolve(other, to=one.to)
            changed = attrs.evolve(decision, branch=tuple(branches))
            decisions = {**self.base.decisions, decision.id: changed}
            base = attrs.evolve(self.base, decisions=decisions)
            yield Mutant("triage", path, f"swap {one.to} and {other.to}", base)

    def actions(self) -> Iterator[Mutant]:
        """Drop a row, turn its condition round, refer elsewhere or at another time.

        A row of several scenarios changes for all of them, or is lost to one.
        """
        for path, found in self.rows().items():
            scenario, place = found[0]
            row = scenario.action[place]
            for what, change in self.acted(row):
                yield self.acting(path, what, found, change)
            several = len(found) > 1 and row.condition is not None
            for each in found if several else ():
                yield self.acting(path, f"not for {each[0].id}", [each], None)

    def rows(self) -> dict[str, list[tuple[Scenario, int]]]:
        """Where every row of actions comes to stand, by where it is written."""
        found: dict[str, list[tuple[Scenario, int]]] = {}
        for scenario in self.base.scenarios.values():
            for place, row in enumerate(scenario.action):
                path = f"scenarios.toml: scenario.{scenario.id}.action[{place}]"
                found.setdefault(place_of(row, path), []).append((scenario, place))
        return found

    def acted(self, row: ActionRow) -> Iterator[tuple[str, Edit | None]]:
        if row.condition is not None:
            yield "drop it", None
            yield from self.turned(row.condition)
        if row.to is not None:
            for to in _next(row.to, tuple(self.base.destinations)):
                yield f'to = "{to}"', {"to": to}
        if row.urgency is not None:
            for urgency in _next(row.urgency, URGENCIES):
                yield f'urgency = "{urgency}"', {"urgency": urgency}

    def acting(
        self,
        path: str,
        what: str,
        found: Sequence[tuple[Scenario, int]],
        change: Edit | None,
    ) -> Mutant:
        """The same change of a row in some scenarios."""
        changed = {
            each.id: attrs.evolve(each, action=_replaced(each.action, place, change))
            for each, place in found
        }
        base = self.placed(changed)
        return Mutant("triage", path, what, base, tuple(changed))

    def placed(self, changed: Mapping[str, Scenario]) -> Knowledge:
        scenarios = {**self.base.scenarios, **changed}
        return attrs.evolve(self.base, scenarios=scenarios)

    # -- standings --

    def standings(self, scenario: Scenario) -> Iterator[Mutant]:
        for option, rank in scenario.ranks.items():
            for other in (rank - 1, rank + 1):
                if 0 <= other < len(STANDINGS):
                    ranks = {**scenario.ranks, option: other}
                    changed = attrs.evolve(scenario, ranks=ranks)
                    base = self.placed({scenario.id: changed})
                    path = f"scenarios.toml: scenario.{scenario.id}: {option}"
                    yield Mutant("standings", path, STANDINGS[other], base, (option,))

    # -- alerts --

    def alerts(self, alert: Alert) -> Iterator[Mutant]:
        """Drop an alert, change its condition a little, or how soon it is."""
        path = f"alerts.toml: alert.{alert.id}"
        others = {k: v for k, v in self.base.alerts.items() if k != alert.id}
        yield Mutant(
            "alerts",
            path,
            "drop it",
            attrs.evolve(self.base, alerts=others),
            (alert.id,),
            alert.condition,
            gone=True,
        )
        for what, change in (*self.turned(alert.condition), *_inverted(alert)):
            yield self.alerting(path, what, alert, change)
        for urgency in _beside(alert.urgency, URGENCIES):
            what = f'urgency = "{urgency}"'
            yield self.alerting(path, what, alert, {"urgency": urgency})

    def alerting(self, path: str, what: str, alert: Alert, change: Edit) -> Mutant:
        changed = attrs.evolve(alert, **change)
        alerts = {**self.base.alerts, alert.id: changed}
        base = attrs.evolve(self.base, alerts=alerts)
        before, after = alert.condition, changed.condition
        return Mutant("alerts", path, what, base, (alert.id,), before, after)

    # -- order --

    def levels(self, option: Option) -> Iterator[Mutant]:
        """Move a level, and change its modifiers; let it be more or less invasive."""
        for place, level in enumerate(option.level):
            path = f"options/{option.id}.toml: level.{level.criterion}"
            for what, changed in self.levelled(level):
                rows = (*option.level[:place], changed, *option.level[place + 1 :])
                yield self.ordering(path, what, option, {"level": rows})
        path = f"options/{option.id}.toml: invasiveness"
        for other in (option.invasiveness - 1, option.invasiveness + 1):
            if other >= 0:
                yield self.ordering(path, f"{other}", option, {"invasiveness": other})

    def levelled(self, level: CriterionLevel) -> Iterator[tuple[str, CriterionLevel]]:
        for base in _beside(level.base, _LEVELS):
            yield f"{base} for {level.base}", attrs.evolve(level, base=base)
        for place, modifier in enumerate(level.modifier):
            changes: list[tuple[str, Edit | None]] = [("drop it", None)]
            changes += [
                (f"{other} for {modifier.level}", {"level": other})
                for other in _beside(modifier.level, _LEVELS)
            ]
            changes += self.turned(modifier.condition)
            for what, change in changes:
                rows = _replaced(level.modifier, place, change)
                said = f"modifier[{place}]: {what}"
                yield said, attrs.evolve(level, modifier=rows)

    def ordering(self, path: str, what: str, option: Option, change: Edit) -> Mutant:
        changed = attrs.evolve(option, **change)
        options = {**self.base.options, option.id: changed}
        base = attrs.evolve(self.base, options=options)
        return Mutant("levels", path, what, base, (option.id,))

    def weights(self) -> Iterator[Mutant]:
        for name, criterion in self.base.criteria.items():
            for weight in _beside(criterion.weight, range(11)):
                changed = attrs.evolve(criterion, weight=weight)
                criteria = {**self.base.criteria, name: changed}
                base = attrs.evolve(self.base, criteria=criteria)
                path = f"criteria.toml: criterion.{name}.weight"
                yield Mutant("levels", path, f"{weight} for {criterion.weight}", base)

    # -- what texts claim --

    def claims(self) -> Iterator[Mutant]:
        """Let a text no longer say one of the things that it claims."""
        for placed in self.base.entries:
            claims = getattr(placed.entry, "claims", ())
            for claim in claims:
                fewer = tuple(each for each in claims if each != claim)
                entry = attrs.evolve(placed.entry, claims=fewer)
                yield Mutant(
                    "claims",
                    placed.path,
                    f"does not claim {claim}",
                    self.base,
                    placed=placed._replace(entry=entry),
                )


_LEVELS = range(5)


def _beside(value: T, values: Sequence[T]) -> Iterator[T]:
    """The values on both sides of one."""
    place = values.index(value)
    yield from values[max(0, place - 1) : place]
    yield from values[place + 1 : place + 2]


def _inverted(alert: Alert) -> Iterator[tuple[str, Edit]]:
    """Turn one test of the condition of an alert round."""

    def inverted(atom: Atom) -> Iterator[tuple[str, Condition]]:
        yield f"not {atom.fact}", Not(atom)

    for what, condition in _rewritten(alert.condition, inverted):
        yield what, {"condition": condition}


def _rewritten(
    condition: Condition, each: Callable[[Atom], Iterable[tuple[str, Condition]]]
) -> Iterator[tuple[str, Condition]]:
    """A condition with one of its tests as something else, and what was done."""
    match condition:
        case Atom():
            yield from each(condition)
        case Term(name, part):
            for what, changed in _rewritten(part, each):
                yield what, Term(name, changed)
        case Not(part):
            for what, changed in _rewritten(part, each):
                yield what, Not(changed)
        case And(parts) | Or(parts):
            for place, part in enumerate(parts):
                for what, changed in _rewritten(part, each):
                    others = (*parts[:place], changed, *parts[place + 1 :])
                    yield what, type(condition)(others)


def _replaced(
    rows: tuple[Row, ...], place: int, change: Edit | None
) -> tuple[Row, ...]:
    """Some rows, with one of them changed, or without it."""
    kept = () if change is None else (attrs.evolve(rows[place], **change),)
    return (*rows[:place], *kept, *rows[place + 1 :])


def cuts(base: Knowledge) -> Cuts:
    """The cuts of every number, by all conditions but those of warnings.

    A warning cuts where it must be told, as at every whole year of a childhood; at such
    a cut no rule turns.
    """
    warned = {e.condition for e in base.contradictions if e.level == "warning"}
    found: dict[str, set[float]] = {name: set() for name in base.kinds}
    for _, condition in base.conditions():
        for atom in _atoms(condition) if condition not in warned else ():
            kind = base.kinds[atom.fact]
            if isinstance(atom.test, Compare) and isinstance(kind, Number):
                found[atom.fact].add(_cut(atom.test, kind))
    return {name: sorted(values) for name, values in found.items()}


def _atoms(condition: Condition) -> Iterator[Atom]:
    match condition:
        case Atom():
            yield condition
        case Term(_, part) | Not(part):
            yield from _atoms(part)
        case And(parts) | Or(parts):
            for part in parts:
                yield from _atoms(part)


def _cut(test: Compare, kind: Number) -> float:
    """The least value on the far side of a test."""
    if test.sign in {"<", ">=", "=="}:
        return test.bound
    return test.bound + 1 if kind.whole else math.nextafter(test.bound, math.inf)


def beside(test: Compare, kind: Kind, known: Sequence[float]) -> Iterator[float]:
    """The bounds that move a test by one cell, down and up.

    Where no other condition cuts, the rest of the domain is cut in the middle.
    """
    if not isinstance(kind, Number):
        return
    here = _cut(test, kind)
    below = [cut for cut in known if cut < here]
    above = [cut for cut in known if cut > here]
    low = below[-1] if below else _middle(kind.low, here, kind)
    high = above[0] if above else _middle(here, kind.high, kind)
    for cut in (low, high):
        if kind.low < cut < kind.high and cut != here:
            yield _bound(test.sign, cut, kind)


def _middle(low: float, high: float, kind: Number) -> float:
    middle = (low + high) / 2
    return int(middle) if kind.whole else middle


def _bound(sign: str, cut: float, kind: Number) -> float:
    if sign in {"<", ">=", "=="}:
        return cut
    return cut - 1 if kind.whole else math.nextafter(cut, -math.inf)


def _swaps(members: Iterable[str], kind: Kind) -> Iterator[tuple[str, str]]:
    """A member to lose and one to gain: the first and the last of the set."""
    if not isinstance(kind, Choice | Members):
        return
    held = [name for name in kind.members if name in set(members)]
    free = [name for name in kind.members if name not in held]
    if not held or not free:
        return
    pairs = dict.fromkeys([(held[0], free[0]), (held[-1], free[-1])])
    yield from pairs


def _next(name: str, names: Sequence[str]) -> Iterator[Any]:
    place = names.index(name)
    yield names[(place + 1) % len(names)]
