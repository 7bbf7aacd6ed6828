"""What a policy says, and its parts laid over the knowledge, each in its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeVar

import attrs

from milia_cds.errors import (
    ConditionError,
    Problem,
    nearest,
    quoted,
)
from milia_cds.knowledge.about import REFUSED_AFTER, Policy
from milia_cds.knowledge.consequences import OPTION, OPTION_GROUP, Home
from milia_cds.knowledge.dangers import Alert, signs_of
from milia_cds.knowledge.fhir import ClinicCode
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.named import has_twice
from milia_cds.knowledge.options import STANDINGS, Gate, GateKind, Standing
from milia_cds.knowledge.records import Entry
from milia_cds.knowledge.scenarios import Scenario
from milia_cds.knowledge.sharing import Names
from milia_cds.knowledge.tables import read_value
from milia_cds.knowledge.texts import Advice, Call, Step
from milia_cds.logic.conditions import Condition
from milia_cds.logic.facts import Value, Weights
from milia_cds.logic.language import parse
from milia_cds.logic.plan import disjunctive

T = TypeVar("T")

PROPERLY = "change the knowledge itself, with a source and a review: CONTRIBUTING.md"
"""The way to loosen a rule."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class PolicyGate(Entry):
    """A further gate, as a policy says it; `option` may be a group."""

    option: str
    id: str
    kind: GateKind
    text: str
    plain: str = ""
    when: str = ""
    always: bool = False
    to: Standing | None = None
    sources: tuple[str, ...] = ()
    judgement: bool = False


@attrs.frozen(kw_only=True, eq=False, repr=False)
class LoweredStanding(Entry):
    """A standing below that of the knowledge."""

    option: str
    scenario: str
    standing: Standing
    text: str
    sources: tuple[str, ...] = ()
    judgement: bool = False


@attrs.frozen(kw_only=True, eq=False, repr=False)
class PolicyCodes(Entry):
    """The codes of the records of a clinic."""

    code: tuple[ClinicCode, ...] = ()


@attrs.frozen(kw_only=True, eq=False, repr=False)
class PolicyFile(Entry):
    """What the file of a policy says, but for the facts of the clinic."""

    name: str
    version: str
    not_offered: tuple[str, ...] = ()
    refuse_after_days: int = REFUSED_AFTER
    weights: Mapping[str, Any] = attrs.field(factory=dict)
    gate: tuple[PolicyGate, ...] = ()
    standing: tuple[LoweredStanding, ...] = ()
    alert: tuple[Alert, ...] = ()
    advice: tuple[Advice, ...] = ()
    step: tuple[Step, ...] = ()
    call: tuple[Call, ...] = ()
    fhir: PolicyCodes = attrs.field(factory=PolicyCodes)


class Overlay:
    """Puts each part of a policy into its place, gathering problems."""

    def __init__(
        self, base: Knowledge, read: PolicyFile, name: str, problems: list[Problem]
    ) -> None:
        self.base = base
        self.read = read
        self.name = name
        self.problems = problems
        self.scope = base.scope()
        groups = {name: each.options for name, each in base.groups.items()}
        homes, grouped = [Home(OPTION, base.options)], Home(OPTION_GROUP, groups)
        self.options = Names("option", homes, groups, grouped, problems)
        self.stated: Mapping[str, Mapping[str, Any]] = {}

    def applied(self, digest: str, clinic: tuple[ClinicCode, ...]) -> Knowledge:
        """The knowledge with all of the policy in its place."""
        policy = Policy(
            name=self.read.name,
            version=self.read.version,
            digest=digest,
            defaults=self.defaults(),
            not_offered=self.not_offered(),
            lowered=tuple(f"{e.scenario}.{e.option}" for e in self.read.standing),
            refuse_after_days=self.refused_after(),
        )
        gates = self.gates()
        return attrs.evolve(
            self.base,
            options=self.gated(self.base.options, gates),
            measures=self.gated(self.base.measures, gates),
            scenarios=self.scenarios(),
            criteria=self.criteria(),
            alerts=self.alerts(),
            advice=(*self.base.advice, *self.own("advice", self.read.advice)),
            common_steps=(*self.base.common_steps, *self.own("step", self.read.step)),
            common_calls=(*self.base.common_calls, *self.own("call", self.read.call)),
            fhir=attrs.evolve(self.base.fhir, clinic=clinic),
            policy=policy,
        )

    def problem(self, key: str, message: str, mend: str) -> None:
        """Add a problem, at its key in the policy."""
        self.problems.append(Problem(f"{self.name}: {key}", message, mend))

    # -- what the clinic is --

    def defaults(self) -> dict[str, Value]:
        """What the clinic is, by the name of the fact."""
        read: dict[str, Value] = {}
        for section, facts in self.stated.items():
            for key, value in facts.items():
                stated = self.default(section, key, value)
                if stated is not None:
                    read[f"{section}.{key}"] = stated
        return read

    def default(self, section: str, key: str, value: object) -> Value | None:
        """The value of one such fact; `None` where it is refused."""
        vocabulary = self.base.vocabulary
        fact, kinds = f"{section}.{key}", vocabulary.by_section[section]
        if fact in vocabulary.settings:
            mend = "list what the clinic does not offer: not_offered = [...]"
            self.problem(fact, "this is a setting of a case", mend)
        elif key not in kinds:
            message = f"{quoted(key)} is no fact of the {section}"
            known = [n for n in kinds if f"{section}.{n}" not in vocabulary.settings]
            self.problem(fact, message, nearest(key, known))
        else:
            path = f"{self.name}: {fact}"
            read: Value | None = read_value(kinds[key], value, path, self.problems)
            return read
        return None

    def not_offered(self) -> tuple[str, ...]:
        """The options that the clinic does not offer."""
        for place, option in enumerate(self.read.not_offered):
            key = f"not_offered[{place}]"
            self.known(key, "option", option, self.base.options)
            self.spared(key, option)
        return self.read.not_offered

    def refused_after(self) -> int:
        """After how many days past its review the knowledge is refused."""
        days = self.read.refuse_after_days
        if not 0 <= days <= REFUSED_AFTER:
            message = f"{days} days is not from 0 to {REFUSED_AFTER}"
            mend = f"a policy only tightens: give at most {REFUSED_AFTER}"
            self.problem("refuse_after_days", message, mend)
        return days

    def criteria(self) -> Mapping[str, Any]:
        """The criteria with the default weights of the clinic."""
        kind = Weights(tuple(self.base.criteria))
        path = f"{self.name}: weights"
        given = read_value(kind, dict(self.read.weights), path, self.problems) or {}
        return {
            name: attrs.evolve(each, weight=given.get(name, each.weight))
            for name, each in self.base.criteria.items()
        }

    # -- what it tightens --

    def spared(self, key: str, option: str) -> None:
        """Refuse to take watching away: it is what is left where nothing is safe."""
        known = self.base.options.get(option)
        if known is not None and known.act == "observe":
            message = f"without {option}, a treatment would come first in its place"
            self.problem(key, message, f"a policy only tightens; {PROPERLY}")

    def gates(self) -> dict[str, tuple[Gate, ...]]:
        """The further gates, by option or measure."""
        added: dict[str, dict[str, Gate]] = {}
        for each in self.read.gate:
            key = f"gate.{each.id}"
            owners = {**self.base.options, **self.base.measures, **self.base.groups}
            noun = "option or measure or group"
            self.known(f"{key}.option", noun, each.option, owners)
            self.favours_none(key, each)
            members = self.base.members(each.option)
            self.tightens(key, each, members)
            again = [option for option in members if each.id in added.get(option, ())]
            if again:
                path, mend = f"{self.name}: {key}", "keep one for each"
                self.problems.append(has_twice(path, again, each.id, mend))
            condition = self.condition(each.when, f"{key}.when")
            for option in members:
                gate = self.gate(each, option, condition)
                added.setdefault(option, {}).setdefault(each.id, gate)
        return {option: tuple(gates.values()) for option, gates in added.items()}

    def favours_none(self, key: str, each: PolicyGate) -> None:
        """Refuse a gate that speaks for an option."""
        if each.kind == "favour":
            message = "a policy only tightens, and favour speaks for an option"
            self.problem(f"{key}.kind", message, PROPERLY)

    def tightens(self, key: str, each: PolicyGate, members: Iterable[str]) -> None:
        """Refuse a gate that withholds what must stay, or would replace another."""
        if each.kind in {"forbid", "lower"}:
            for option in members:
                self.spared(f"{key}.option", option)
        taken = [
            owner.id
            for owner in self.base.gated()
            if owner.id in members and each.id in {gate.id for gate in owner.gate}
        ]
        if taken:
            have = "has a gate" if len(taken) == 1 else "have gates"
            message = (
                f"{', '.join(taken)} {have} of this id, and a policy replaces none"
            )
            self.problem(key, message, f"choose another id to add one; {PROPERLY}")

    def gate(self, each: PolicyGate, option: str, condition: Condition | None) -> Gate:
        """A gate as the knowledge has it."""
        given = attrs.asdict(each, recurse=False)
        del given["option"]
        given["id"] = f"policy.{each.id}"
        given["text"] = self.marked(each.text)
        given["plain"] = self.marked(each.plain)
        name = f"{option}.{given['id']}"
        return attrs.evolve(Gate(**given), condition=condition, name=name)

    def gated(
        self, owners: Mapping[str, T], gates: Mapping[str, tuple[Gate, ...]]
    ) -> dict[str, T]:
        """Options or measures of its own, for they lead to the tightened knowledge."""

        def with_more(name: str, owner: Any) -> Any:
            return attrs.evolve(owner, gate=(*owner.gate, *gates.get(name, ())))

        return {name: with_more(name, owner) for name, owner in owners.items()}

    def scenarios(self) -> dict[str, Scenario]:
        """Scenarios of its own, with the standings that it lowers."""
        scenarios = self.base.scenarios
        lowered = {name: attrs.evolve(each) for name, each in scenarios.items()}
        for place, each in enumerate(self.read.standing):
            key = f"standing[{place}]"
            self.known(f"{key}.option", "option", each.option, self.base.options)
            self.known(f"{key}.scenario", "scenario", each.scenario, lowered)
            self.spared(f"{key}.option", each.option)
            self.claimed(key, each)
            if each.option in self.base.options and each.scenario in lowered:
                scenario = lowered[each.scenario]
                self.lower(key, each, scenario)
                lowered[each.scenario] = _moved(scenario, each.option, each.standing)
        return lowered

    def lower(self, key: str, each: LoweredStanding, scenario: Scenario) -> None:
        """Refuse a standing that is not below that of the knowledge."""
        before = STANDINGS[scenario.ranks[each.option]]
        said = f"{each.option} stands at {before} in {each.scenario}"
        if each.standing == before:
            self.problem(f"{key}.standing", f"{said} already", "remove it")
        elif STANDINGS.index(each.standing) > scenario.ranks[each.option]:
            message = f"{said}, and a policy raises no standing"
            self.problem(f"{key}.standing", message, PROPERLY)

    def claimed(self, key: str, each: LoweredStanding) -> None:
        """Refuse what says neither its source nor that it is a judgement."""
        if not each.sources and not each.judgement:
            mend = "add sources = [...], or judgement = true"
            message = "the claim has no source and is no judgement"
            self.problem(key, message, mend)
        for name in each.sources:
            self.known(f"{key}.sources", "source", name, self.base.sources)

    # -- its own texts --

    def own(self, key: str, entries: Iterable[T]) -> Iterator[T]:
        """Own texts as entries of the knowledge, marked as the clinic's."""
        for entry in entries:
            each: Any = entry
            named = getattr(each, "options", ())
            self.options.check_repeats(named, f"{self.name}: {key}.{each.id}.options")
            more = {"options": self.base.single(named)} if named else {}
            yield attrs.evolve(
                each,
                **more,
                id=f"policy.{each.id}",
                text=self.marked(each.text),
                plain=self.marked(each.plain),
                condition=self.condition(each.when, f"{key}.{each.id}.when"),
            )

    def alerts(self) -> dict[str, Alert]:
        """The alerts of the knowledge, and those that the clinic adds."""
        added: dict[str, Alert] = {}
        for each in self.read.alert:
            key = f"alert.{each.id}"
            if each.id in self.base.alerts:
                message = "there is an alert of this id, and a policy changes none"
                mend = f"choose another id to add one; {PROPERLY}"
                self.problem(key, message, mend)
            name = f"policy.{each.id}"
            if name in added:
                self.problem(key, f"{quoted(each.id)} stands there twice", "keep one")
            condition = self.condition(each.when, f"{key}.when")
            if condition is not None:
                added[name] = attrs.evolve(
                    each,
                    id=name,
                    text=self.marked(each.text),
                    plain=self.marked(each.plain),
                    condition=condition,
                    signs=signs_of(condition, self.base.facts),
                    sentence=tuple(
                        attrs.evolve(
                            more,
                            condition=self.condition(
                                more.when, f"{key}.sentence[{place}].when"
                            ),
                        )
                        for place, more in enumerate(each.sentence)
                    ),
                )
        return {**self.base.alerts, **added}

    def marked(self, text: str) -> str:
        """A text that says whose it is."""
        return f"Local policy of {self.read.name}: {text}" if text else ""

    # -- names and conditions --

    def known(self, key: str, noun: str, name: str, names: Iterable[str]) -> None:
        """Refuse a name that there is not, with the nearest one."""
        names = tuple(names)
        if name not in names:
            message = f"there is no {noun} {quoted(name)}"
            self.problem(key, message, nearest(name, names))

    def condition(self, text: str, key: str) -> Any:
        """Parse a condition; report what is wrong with it."""
        if not text:
            return None
        try:
            condition = parse(text, self.scope)
            disjunctive(condition)
        except ConditionError as bad:
            self.problem(f"{key}, column {bad.column}", bad.message, bad.mend)
            return None
        return condition


def _moved(scenario: Scenario, option: str, standing: Standing) -> Scenario:
    """A scenario in which an option has another standing."""
    lists = {
        each: tuple(name for name in getattr(scenario, each) if name != option)
        for each in STANDINGS
    }
    lists[standing] = (*lists[standing], option)
    ranks = {**scenario.ranks, option: STANDINGS.index(standing)}
    # The keys are fields.
    return attrs.evolve(scenario, **lists, ranks=ranks)  # type: ignore[arg-type]
