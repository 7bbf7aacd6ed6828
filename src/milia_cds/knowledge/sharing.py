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

from milia_cds.errors import Problem, quoted
from milia_cds.knowledge.consequences import (
    MEASURE,
    OPTION,
    OPTION_GROUP,
    SCENARIO,
    SCENARIO_GROUP,
    Home,
    asked,
    no_such,
)
from milia_cds.knowledge.entries import place_of
from milia_cds.knowledge.files import CommonFile, ScenariosFile
from milia_cds.knowledge.leaflets import LeafletLine
from milia_cds.knowledge.named import has_twice
from milia_cds.knowledge.options import Argument, Gate, GateKind, Measure, Option
from milia_cds.knowledge.promises import Guarantee
from milia_cds.knowledge.records import Entry
from milia_cds.knowledge.scenarios import ActionRow, Scenario
from milia_cds.knowledge.shared import (
    OtherWords,
    SharedAction,
    SharedArgument,
    SharedGate,
)
from milia_cds.knowledge.texts import Call, Consent, Step

Row = TypeVar("Row", bound=ActionRow | Argument)
Gated = TypeVar("Gated", Option, Measure)
OfScenarios = TypeVar("OfScenarios", bound=SharedAction | SharedArgument)
OfSeveral = TypeVar("OfSeveral", Step, Call, Consent, LeafletLine)


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
        self.problems = problems
        groups = {name: each.options for name, each in common.group.items()}
        kinds = {name: each.scenarios for name, each in scenarios.group.items()}
        one, other = Home(OPTION, options), Home(MEASURE, measures)
        ids = Home(SCENARIO, dict.fromkeys(each.id for each in scenarios.scenario))
        named, of_kinds = Home(OPTION_GROUP, groups), Home(SCENARIO_GROUP, kinds)
        self.options = Names("option", [one], groups, named, problems)
        self.owners = Names("option or measure", [one, other], groups, named, problems)
        self.kinds = Names("scenario", [ids], kinds, of_kinds, problems)
        for name in groups:
            self.options.check_group(name, taken=measures)
        for name in kinds:
            self.kinds.check_group(name)

    def rules(self, owners: Iterable[Option | Measure]) -> dict[str, tuple[Gate, ...]]:
        """The gates of each option and measure that come from shared rules, in order.

        Parameters
        ----------
        owners
            The options and measures with their own gates, whose ids no rule may repeat.
        """
        found: dict[str, dict[str, Gate]] = {name: {} for name in self.owners.known}
        owners = tuple(owners)
        own = {each.id: {gate.id for gate in each.gate} for each in owners}
        rules = self.common.gate
        unsure = {r.id for r in rules if not self.owners.complete(r.not_for)}
        for rule, place in zip(rules, _places(rules), strict=True):
            gates = _Rule(rule, place, self.owners, owners).gates()
            taken = {name: {*found[name], *own.get(name, ())} for name in gates}
            twice = [name for name, ids in taken.items() if rule.id in ids]
            if twice and rule.id not in unsure:
                mend = "keep one for each; not_for spares an option"
                self.problems.append(has_twice(place, twice, rule.id, mend))
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
            place = place_of(row, f"scenarios.toml: {key}[{number}]")
            made_of_it = tuple(made(row, place))
            for name in self.kinds.all(row.for_, f"{place}.for"):
                found[name] = (*found[name], *made_of_it)
        return found

    def _actions(self, row: SharedAction, place: str) -> Iterator[ActionRow]:
        yield ActionRow(**_fields(row, place=place))

    def _arguments(self, row: SharedArgument, place: str) -> Iterator[Argument]:
        for option in self.options.all(row.options, f"{place}.options"):
            yield Argument(**_fields(row, option=option, place=place))

    def several(self, entry: OfSeveral, path: str) -> OfSeveral:
        """A step, call or point of consent with the options that its groups come to."""
        meant = self._meant(entry.options, f"{path}.options")
        return attrs.evolve(entry, options=meant)

    def _meant(self, names: tuple[str, ...], path: str) -> tuple[str, ...]:
        """The options that names come to; those that are not known stay."""
        self.options.check_repeats(names, path)
        # An unknown member is a mistake of its group, another unknown name one of this.
        told = {*self.options.known, *names}
        left = (name for name in self.options.expanded(names) if name in told)
        return tuple(left) or names

    def guarantee(self, entry: Guarantee, path: str) -> Guarantee:
        """A guarantee with its options, except those that it spares."""
        key = "binds" if entry.binds else "options"
        named = getattr(entry, key)
        meant = self._meant(named, f"{path}.{key}")
        sure = self.options.complete(named)
        whole = Whole(self.options, meant, "the guarantee is not about", sure)
        left = whole.without(entry.not_for, f"{path}.not_for")
        exempt = tuple(
            attrs.evolve(each, options=left.some(each.options, f"{at}.options"))
            for number, each in enumerate(entry.except_)
            for at in (f"{path}.except[{number}]",)
        )
        expanded: dict[str, Any] = {key: left.members or meant, "except_": exempt}
        return attrs.evolve(entry, **expanded)


def with_rules(owner: Gated, rules: Mapping[str, tuple[Gate, ...]]) -> Gated:
    """An option or measure with its gates of shared rules.

    Of each kind the shared ones stand first; the gravest kind is said first.
    """
    gates = (*rules.get(owner.id, ()), *owner.gate)
    order = get_args(GateKind)
    return attrs.evolve(
        owner, gate=tuple(sorted(gates, key=lambda gate: order.index(gate.kind)))
    )


def _fields(entry: Entry, **more: Any) -> dict[str, Any]:
    """What a shared entry says, without whom it is for, and with what is added."""
    left = {"for_", "not_for", "options", "wording"}
    # Every entry is of attrs.
    given = attrs.asdict(entry, recurse=False)  # type: ignore[arg-type]
    return {key: value for key, value in given.items() if key not in left} | more


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
    homes
        Where the single ones stand.
    groups
        The members of each group, by its name.
    grouped
        Where the groups stand.
    problems
        Where problems are added.
    """

    def __init__(
        self,
        noun: str,
        homes: Sequence[Home],
        groups: Mapping[str, tuple[str, ...]],
        grouped: Home,
        problems: list[Problem],
    ) -> None:
        self.noun = noun
        self.homes = tuple(homes)
        self.groups = groups
        self.grouped = grouped
        self.problems = problems
        self.known = tuple(name for home in homes for name in home.names)

    def problem(self, path: str, message: str, mend: str) -> None:
        """Add a problem."""
        self.problems.append(Problem(path, message, mend))

    def check_group(self, name: str, taken: Collection[str] = ()) -> None:
        """Report what is wrong with a group itself; other names are taken too."""
        path = self.grouped.of(name)
        if name in {*self.known, *taken}:
            message = f"{quoted(name)} is the id of something else already"
            self.problem(path, message, "rename the group")
        at = f"{path}.{self.noun}s"
        if not self.groups[name]:
            self.problem(at, "the group is empty", "name its members")
        for each in dict.fromkeys(self.groups[name]):
            if each in self.groups and each not in self.known:
                message = f"there is no {self.noun} {quoted(each)}"
                self.problem(at, message, "groups do not nest: name its members")
            elif each not in self.known:
                self.problems.append(no_such(at, self.noun, each, self.homes))
        self._once(at, self.groups[name])

    def _once(self, path: str, names: Iterable[str]) -> None:
        for name, count in Counter(names).items():
            if count > 1:
                message = f"{quoted(name)} stands there {count} times"
                self.problem(path, message, "keep one")

    def all(self, names: Sequence[str], path: str) -> tuple[str, ...]:
        """Every single name that some names come to, each once.

        Of names that are not known, which are reported, nothing is left.
        """
        if not names:
            self.problem(path, f"no {self.noun} is named", "name one, or a group")
        self.check_repeats(names, path)
        homes = (*self.homes, self.grouped)
        for name in dict.fromkeys(names):
            if name not in self.groups and name not in self.known:
                self.problems.append(
                    no_such(path, f"{self.noun} or group", name, homes)
                )
        return tuple(name for name in self.expanded(names) if name in self.known)

    def check_repeats(self, names: Sequence[str], path: str) -> None:
        """Report what stands there twice, or in a group that stands there."""
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

    def expanded(self, names: Iterable[str]) -> tuple[str, ...]:
        """The names with those of the members for each group; each once."""
        groups = {n: each for n, each in self.groups.items() if n not in self.known}
        found = [each for name in names for each in groups.get(name, (name,))]
        return tuple(dict.fromkeys(found))

    def among(self, names: Iterable[str], member: str) -> tuple[str, ...]:
        """Those of the names that are groups with this member."""
        return tuple(name for name in names if member in self.groups.get(name, ()))

    def complete(self, names: Iterable[str]) -> bool:
        """Whether all that some names come to is known."""
        return all(name in self.known for name in self.expanded(names))


@attrs.frozen
class Whole:
    """All that a rule is for, of which its parts must be some.

    Parameters
    ----------
    names
        The names that may stand there.
    members
        The single names.
    denied
        What is said of a name that is none of them.
    sure
        Whether they are all known; otherwise none is denied.
    """

    names: Names
    members: tuple[str, ...]
    denied: str
    sure: bool

    def some(self, names: Sequence[str], path: str) -> tuple[str, ...]:
        """The single names that some names come to, each of which must be a member."""
        found = self.names.all(names, path) if names else ()
        for name in found if self.sure else ():
            if name not in self.members:
                self.names.problem(path, f"{self.denied} {name}", "remove it")
        return tuple(name for name in found if name in self.members)

    def without(self, names: Sequence[str], path: str) -> Whole:
        """What is left where some are spared."""
        spared = self.some(names, path)
        left = tuple(name for name in self.members if name not in spared)
        if self.members and not left:
            self.names.problem(path, "no option is left", "spare fewer")
        sure = self.sure and self.names.complete(names)
        return attrs.evolve(self, members=left, sure=sure)


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
        sure = names.complete(rule.for_)
        whole = Whole(names, meant, "the rule does not go to", sure)
        self.goes_to = whole.without(rule.not_for, f"{place}.not_for")

    def gates(self) -> dict[str, Gate]:
        """The gate of each option and measure."""
        self.check_rows()
        worded = self.worded()
        return {
            owner: self.gate(owner, worded.get(owner)) for owner in self.goes_to.members
        }

    def gate(self, owner: str, wording: OtherWords | None) -> Gate:
        given = _fields(self.rule)
        if wording is not None:
            given["text"] = wording.text or self.rule.text
            given["plain"] = wording.plain or self.rule.plain
            given["short"] = wording.short or self.rule.short
        if wording is not None and (wording.sources or wording.judgement):
            given["sources"] = wording.sources
            given["judgement"] = wording.judgement
        given["rows"] = tuple(row for row in self.rule.rows if self.owns(owner, row))
        given["groups"] = self.names.among(self.rule.for_, owner)
        name = f"{owner}.{self.rule.id}"
        return Gate(**given, name=name, place=self.place)

    def worded(self) -> dict[str, OtherWords]:
        """The other words of the rule, by the option that they are for."""
        found: dict[str, OtherWords] = {}
        for number, wording in enumerate(self.rule.wording):
            path = f"{self.place}.wording[{number}].for"
            for owner in self.goes_to.some(wording.for_, path):
                if owner in found:
                    message = f"{owner} has other words already"
                    self.names.problem(path, message, "keep one wording")
                found.setdefault(owner, wording)
        return found

    def owns(self, owner: str, row: str) -> bool:
        return row.startswith(self.own_rows.get(owner, ()))

    def check_rows(self) -> None:
        """Report rows that no option of the rule says are its own."""
        owners = self.goes_to.members
        if not self.goes_to.sure or not self.own_rows.keys() >= {*owners}:
            return
        for row in self.rule.rows:
            if not any(self.owns(owner, row) for owner in owners):
                message = f"{row} is a row of no option that the rule goes to"
                mend = "remove it, or give that option its own_rows"
                self.names.problems.append(self.of_no_option(row, message, mend))

    def of_no_option(self, row: str, message: str, mend: str) -> Problem:
        """The problem of a row; if it is nobody's, of what the row begins with."""
        path = f"{self.place}.rows"
        if any(row.startswith(begins) for begins in self.own_rows.values()):
            return Problem(path, message, mend)
        begins = f"{row.rpartition('-')[0]}-"
        homes = [Home("options/: own_rows", ())]
        homes += [
            Home(f"{home.of(name)}: own_rows", self.own_rows[name])
            for home in self.names.homes
            for name in home.names
            if name in self.own_rows
        ]
        return asked(path, message, mend, begins, homes)


def _places(rules: Sequence[SharedGate]) -> Iterator[str]:
    """The place of each rule; a number tells those of one id apart."""
    count, seen = Counter(rule.id for rule in rules), Counter[str]()
    for rule in rules:
        number = f"[{seen[rule.id]}]" if count[rule.id] > 1 else ""
        seen[rule.id] += 1
        yield f"common.toml: gate.{rule.id}{number}"
