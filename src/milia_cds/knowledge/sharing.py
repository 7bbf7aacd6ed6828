"""What several options or scenarios share: written once, expanded when it is read.

A rule of `common.toml` becomes a gate of each option that it is for, and an action or
an argument of `scenarios.toml` a row of each scenario. What is wrong with the shared
entry is reported once, at its own place.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar, get_args

import attrs

from milia_cds.errors import Problem, nearest, quoted
from milia_cds.knowledge.files import CommonFile, ScenariosFile
from milia_cds.knowledge.model import (
    ActionRow,
    Argument,
    Gate,
    GateKind,
    Guarantee,
    Measure,
    Option,
    Scenario,
)
from milia_cds.knowledge.shared import (
    OtherWords,
    SharedAction,
    SharedArgument,
    SharedGate,
)
from milia_cds.knowledge.tables import Entry
from milia_cds.knowledge.texts import Call, Step

Row = TypeVar("Row", bound=ActionRow | Argument)
Gated = TypeVar("Gated", Option, Measure)
OfScenarios = TypeVar("OfScenarios", bound=SharedAction | SharedArgument)
OfSeveral = TypeVar("OfSeveral", Step, Call, Guarantee)


class Sharing:
    """What the files say of several options or scenarios, for each of them.

    Parameters
    ----------
    common, scenarios
        The two files, their conditions parsed.
    options, measures
        The ids of all of them.
    problems
        Where problems are added.
    """

    def __init__(
        self,
        common: CommonFile,
        scenarios: ScenariosFile,
        options: Sequence[str],
        measures: Sequence[str],
        problems: list[Problem],
    ) -> None:
        self.common = common
        self.shared = scenarios
        groups = {name: each.options for name, each in common.group.items()}
        kinds = {name: each.scenarios for name, each in scenarios.group.items()}
        ids = dict.fromkeys(each.id for each in scenarios.scenario)
        owners = (*options, *measures)
        self.options = Names("option", options, groups, problems)
        self.owners = Names("option or measure", owners, groups, problems)
        self.kinds = Names("scenario", ids, kinds, problems)
        for name in groups:
            path = f"common.toml: group.{name}"
            self.options.check_group(name, path, taken=measures)
        for name in kinds:
            self.kinds.check_group(name, f"scenarios.toml: group.{name}")

    def rules(self, owners: Iterable[Option | Measure]) -> dict[str, tuple[Gate, ...]]:
        """The gates of each option and measure that come from shared rules, in order.

        Parameters
        ----------
        owners
            The options and measures with their own gates, whose ids no rule may repeat.
        """
        found: dict[str, dict[str, Gate]] = {name: {} for name in self.owners.known}
        own = {each.id: {gate.id for gate in each.gate} for each in owners}
        rules = self.common.gate
        for rule, place in zip(rules, _places(rules), strict=True):
            gates = _Rule(rule, place, self.owners, owners).gates()
            taken = {name: {*found[name], *own.get(name, ())} for name in gates}
            twice = [name for name, ids in taken.items() if rule.id in ids]
            if twice:
                message = f"{', '.join(twice)}: each would have {quoted(rule.id)} twice"
                mend = "keep one for each; not_for spares an option"
                self.owners.problem(place, message, mend)
            for owner, gate in gates.items():
                found[owner].setdefault(rule.id, gate)
        return {owner: tuple(gates.values()) for owner, gates in found.items()}

    def scenarios(self, own: Iterable[Scenario]) -> list[Scenario]:
        """The scenarios with the rows that they share, before their own."""
        actions = self._spread("action", self.shared.action, self._actions)
        arguments = self._spread("argument", self.shared.argument, self._arguments)
        return [
            attrs.evolve(
                each,
                action=_joined(each, "action", actions[each.id]),
                argument=_joined(each, "argument", arguments[each.id]),
            )
            for each in own
        ]

    def _spread(
        self,
        key: str,
        rows: Sequence[OfScenarios],
        made: Callable[[OfScenarios, str], Iterable[Row]],
    ) -> dict[str, tuple[Row, ...]]:
        """The rows of each scenario that come from shared ones, in order."""
        found: dict[str, tuple[Row, ...]] = dict.fromkeys(self.kinds.known, ())
        for number, row in enumerate(rows):
            place = f"scenarios.toml: {key}[{number}]"
            made_of_it = tuple(made(row, place))
            for name in self.kinds.all(row.for_, f"{place}.for"):
                found[name] = (*found[name], *made_of_it)
        return found

    def _actions(self, row: SharedAction, place: str) -> Iterator[ActionRow]:
        yield ActionRow(place=place, **_fields(row))

    def _arguments(self, row: SharedArgument, place: str) -> Iterator[Argument]:
        for option in self.options.all(row.options, f"{place}.options"):
            yield Argument(option=option, place=place, **_fields(row))

    def several(self, entry: OfSeveral) -> OfSeveral:
        """A step, a call or a guarantee with the options that its groups come to."""
        return attrs.evolve(entry, options=self.options.expanded(entry.options))


def with_rules(owner: Gated, rules: Mapping[str, tuple[Gate, ...]]) -> Gated:
    """An option or measure with its gates of shared rules.

    Of each kind the shared ones stand first; the gravest kind is said first.
    """
    gates = (*rules.get(owner.id, ()), *owner.gate)
    order = get_args(GateKind)
    return attrs.evolve(
        owner, gate=tuple(sorted(gates, key=lambda gate: order.index(gate.kind)))
    )


def _fields(entry: Entry, *without: str) -> dict[str, Any]:
    """What a shared entry says, but for whom it says it."""
    left = {"for_", "not_for", "options", "wording", *without}
    given = attrs.asdict(entry, recurse=False)  # type: ignore[arg-type]
    return {key: value for key, value in given.items() if key not in left}


def _joined(scenario: Scenario, key: str, shared: tuple[Row, ...]) -> tuple[Row, ...]:
    """Shared rows and a scenario's own, which keep the numbers of the file."""
    rows = getattr(scenario, key)
    if not shared:
        return tuple(rows)
    path = f"scenarios.toml: scenario.{scenario.id}.{key}"
    own = [attrs.evolve(row, place=f"{path}[{n}]") for n, row in enumerate(rows)]
    before = [row for row in own if getattr(row, "first", False)]
    return (*before, *shared, *(row for row in own if not getattr(row, "first", False)))


class Names:
    """The names that may stand where several are meant, and what each comes to.

    Parameters
    ----------
    noun
        What is named, such as "option".
    known
        The single names.
    groups
        The members of each group, by its name.
    problems
        Where problems are added.
    """

    def __init__(
        self,
        noun: str,
        known: Iterable[str],
        groups: Mapping[str, tuple[str, ...]],
        problems: list[Problem],
    ) -> None:
        self.noun = noun
        self.known = tuple(known)
        self.groups = groups
        self.problems = problems

    def problem(self, path: str, message: str, mend: str) -> None:
        """Add a problem."""
        self.problems.append(Problem(path, message, mend))

    def check_group(self, name: str, path: str, taken: Collection[str] = ()) -> None:
        """Report what is wrong with a group itself; other names are taken too."""
        if name in {*self.known, *taken}:
            message = f"{quoted(name)} is the id of something else already"
            self.problem(path, message, "rename the group")
        at = f"{path}.{self.noun}s"
        if not self.groups[name]:
            self.problem(at, "the group is empty", "name its members")
        for each in dict.fromkeys(self.groups[name]):
            if each not in self.known:
                mend = nearest(each, self.known)
                if each in self.groups:
                    mend = "groups do not nest: name its members"
                message = f"there is no {self.noun} {quoted(each)}"
                self.problem(at, message, mend)
        self._once(at, self.groups[name])

    def _once(self, path: str, names: Iterable[str]) -> None:
        for name, count in Counter(names).items():
            if count > 1:
                message = f"{quoted(name)} stands there {count} times"
                self.problem(path, message, "keep one")

    def all(self, names: Iterable[str], path: str) -> tuple[str, ...]:
        """Every single name that some names come to, each once.

        Of names that are not known, which are reported, nothing is left.
        """
        names = tuple(names)
        if not names:
            self.problem(path, f"no {self.noun} is named", "name one, or a group")
        self._once(path, names)
        grouped = {
            each
            for name in names
            if name not in self.known
            for each in self.groups.get(name, ())
        }
        for name in dict.fromkeys(names):
            if name in grouped:
                message = f"{quoted(name)} is in a group that stands there"
                self.problem(path, message, "remove one of the two")
            elif name not in self.groups and name not in self.known:
                known = (*self.groups, *self.known)
                message = f"there is no {self.noun} or group {quoted(name)}"
                self.problem(path, message, nearest(name, known))
        return tuple(name for name in self.expanded(names) if name in self.known)

    def expanded(self, names: Iterable[str]) -> tuple[str, ...]:
        """The names with those of the members for each group; each once."""
        found = [each for name in names for each in self.groups.get(name, (name,))]
        return tuple(dict.fromkeys(found))

    def among(self, names: Iterable[str], member: str) -> tuple[str, ...]:
        """Those of the names that are groups with this member."""
        return tuple(name for name in names if member in self.groups.get(name, ()))

    def some(
        self, names: Sequence[str], path: str, whole: Collection[str]
    ) -> tuple[str, ...]:
        """The single names, each of which must be one of those of the whole rule."""
        found = self.all(names, path) if names else ()
        for name in found:
            if name not in whole:
                message = f"the rule does not go to {name}"
                self.problem(path, message, "remove it")
        return tuple(name for name in found if name in whole)


class _Rule:
    """One shared rule, and the options and measures that it goes to."""

    def __init__(
        self,
        rule: SharedGate,
        place: str,
        names: Names,
        owners: Iterable[Option | Measure],
    ) -> None:
        self.rule = rule
        self.place = place
        self.names = names
        self.own_rows = {each.id: each.own_rows for each in owners}
        meant = names.all(rule.for_, f"{place}.for")
        spared = names.some(rule.not_for, f"{place}.not_for", meant)
        self.goes_to = tuple(owner for owner in meant if owner not in spared)
        if meant and not self.goes_to:
            names.problem(f"{place}.not_for", "no option is left", "spare fewer")

    def gates(self) -> dict[str, Gate]:
        """The gate of each option and measure."""
        self.check_rows()
        worded = self.worded()
        return {owner: self.gate(owner, worded.get(owner)) for owner in self.goes_to}

    def gate(self, owner: str, wording: OtherWords | None) -> Gate:
        given = _fields(self.rule, "rows")
        if wording is not None:
            given["text"] = wording.text or self.rule.text
            given["plain"] = wording.plain or self.rule.plain
        if wording is not None and (wording.sources or wording.judgement):
            given["sources"] = wording.sources
            given["judgement"] = wording.judgement
        rows = [row for row in self.rule.rows if self.owns(owner, row)]
        return Gate(
            **given,
            name=f"{owner}.{self.rule.id}",
            place=self.place,
            groups=self.names.among(self.rule.for_, owner),
            rows=tuple(rows),
        )

    def worded(self) -> dict[str, OtherWords]:
        """The other words of the rule, by the option that they are for."""
        found: dict[str, OtherWords] = {}
        for number, wording in enumerate(self.rule.wording):
            path = f"{self.place}.wording[{number}].for"
            for owner in self.names.some(wording.for_, path, self.goes_to):
                if owner in found:
                    message = f"{owner} has other words already"
                    self.names.problem(path, message, "keep one wording")
                found.setdefault(owner, wording)
        return found

    def owns(self, owner: str, row: str) -> bool:
        return row.startswith(self.own_rows.get(owner, ()))

    def check_rows(self) -> None:
        for row in self.rule.rows:
            if not any(self.owns(owner, row) for owner in self.goes_to):
                message = f"{row} is a row of no option that the rule goes to"
                mend = "remove it, or give that option its own_rows"
                self.names.problem(f"{self.place}.rows", message, mend)


def _places(rules: Sequence[SharedGate]) -> Iterator[str]:
    """The place of each rule; a number tells those of one id apart."""
    count, seen = Counter(rule.id for rule in rules), Counter[str]()
    for rule in rules:
        number = f"[{seen[rule.id]}]" if count[rule.id] > 1 else ""
        seen[rule.id] += 1
        yield f"common.toml: gate.{rule.id}{number}"
