"""The report: the record of a decision, composed into an `Outcome` with its texts.

Nothing is decided here. What does not depend on the case is made once for a knowledge
base and shared between results.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, cached_property, lru_cache
from importlib.metadata import version
from typing import Any

import attrs

from milia_cds.conditions import Condition, deciding, facts_in
from milia_cds.engine import Engine, Record, compiled
from milia_cds.knowledge import (
    STANDINGS,
    Argument,
    Gate,
    Knowledge,
    Measure,
    Option,
    Source,
)
from milia_cds.outcome import (
    FORMAT,
    Assumption,
    Disposition,
    MeasureVerdict,
    Outcome,
    Place,
    Question,
    Reason,
    SetAside,
    Stamp,
    Step,
    Withheld,
)
from milia_cds.ranking import Placed
from milia_cds.records import plain
from milia_cds.verdicts import Judged
from milia_cds.wording import Wording

_CERTAINTIES = ("very_low", "low", "moderate", "high")


class Reporter:
    """Composes the reports of one knowledge base."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.base = engine.base
        self.wording = Wording(engine.base)
        self.bits = {
            condition: engine.bits[path]
            for path, condition in engine.conditions.items()
        }
        self.names_in = cache(facts_in)
        self._true: dict[str, Reason] = {}
        self._open: dict[str, Reason] = {}

    @cached_property
    def stamp(self) -> Stamp:
        """Which knowledge it is."""
        about = self.base.about
        return Stamp(
            version=about.version,
            digest=self.base.digest,
            status=about.status,
            reviewed_by=about.reviewed_by,
            review_by=about.review_by,
            notice=about.notice,
            certainty=about.certainty,
        )

    @cached_property
    def version(self) -> str:
        """The library and its version."""
        return f"milia-cds {version('milia-cds')}"

    def gate(self, gate: Gate, *, open_: bool) -> Reason:
        """Give a gate as a reason without facts, made once."""
        made = self._open if open_ else self._true
        if gate.name not in made:
            clause = self.wording.condition(gate.condition) if gate.condition else None
            made[gate.name] = Reason(
                rule=gate.name,
                text=gate.text,
                sources=gate.sources,
                judgement=gate.judgement,
                if_=clause if open_ else None,
            )
        return made[gate.name]

    def report(self, record: Record) -> Outcome:
        """Compose everything that there is to say about one decision."""
        return _Report(self, record).outcome()


class _Report:
    def __init__(self, reporter: Reporter, record: Record) -> None:
        self.reporter = reporter
        self.engine = reporter.engine
        self.base = reporter.base
        self.record = record
        self.facts = record.facts

    def outcome(self) -> Outcome:
        record = self.record
        aside = self._aside()
        return Outcome(
            format=FORMAT,
            status="determinate" if record.determinate else "indeterminate",
            exact=False,
            disposition=self._disposition(),
            scenarios=record.walked.scenarios,
            ranking=tuple(self._place(place) for place in record.ranking),
            withheld=tuple(
                self._withheld(each)
                for each in record.judged.values()
                if each.verdict == "withheld"
            ),
            excluded=aside["excluded"],
            not_indicated=aside["not_indicated"],
            unavailable=aside["unavailable"],
            measures=tuple(map(self._measure, record.measures.values())),
            possible_first=record.possible_first,
            questions=tuple(self._questions()),
            warnings=tuple(
                self._reason(each.id, each, each.condition) for each in record.warnings
            ),
            never=(),
            home_care=(),
            red_flags_to_watch=(),
            expectations=(),
            assumptions=tuple(map(self._assumption, record.assumed)),
            trace=tuple(self._trace()),
            knowledge=self.reporter.stamp,
            engine=self.reporter.version,
        )

    # -- conditions and facts --

    def _holds(self, condition: Condition | None) -> bool | None:
        if condition is None:
            return True
        bit = self.reporter.bits[condition]
        if self.record.true & bit:
            return True
        return None if self.record.unknown & bit else False

    def _decided_by(self, condition: Condition | None) -> dict[str, Any]:
        if condition is None:
            return {}
        _, names = deciding(condition, self.facts)
        return {name: plain(self.facts[name]) for name in names}

    def _unknown_in(self, condition: Condition | None) -> list[str]:
        if condition is None:
            return []
        _, names = deciding(condition, self.facts)
        return [name for name in names if self.facts[name] is None]

    def _reason(self, rule: str, record: Any, condition: Condition | None) -> Reason:
        open_ = self._holds(condition) is None
        clause = None
        if open_ and condition is not None:
            clause = self.reporter.wording.condition(condition)
        return Reason(
            rule=rule,
            text=record.text,
            facts=self._decided_by(condition),
            sources=record.sources,
            judgement=record.judgement,
            if_=clause,
        )

    # -- disposition --

    def _disposition(self) -> Disposition:
        settled = self.record.settled
        return Disposition(
            action=settled.action,  # type: ignore[arg-type]
            to=settled.to,
            urgency=settled.urgency,  # type: ignore[arg-type]
            because=tuple(self._because_of_rows()),
        )

    def _because_of_rows(self) -> Iterator[Reason]:
        for row in self.record.settled.rows:
            reason = self._reason(row.name, row.record, row.record.condition)
            if row.record.to is not None:
                own = self._own_text(row.record.to)
                reason = attrs.evolve(reason, text=f"{own} {reason.text}".strip())
            yield reason

    def _own_text(self, destination: str) -> str:
        where = self.base.destinations[destination]
        if where.condition is None or self._holds(where.condition) is not True:
            return ""
        return where.own_text

    # -- options --

    def _place(self, placed: Placed) -> Place:
        option = self.base.options[placed.option]
        fors, againsts = self._arguments(option)
        return Place(
            rank=placed.rank,
            tied=placed.tied,
            option=option.id,
            label=option.label,
            family=option.family,
            standing=STANDINGS[placed.worst],
            best_standing=STANDINGS[placed.best],
            points=placed.points,
            of=placed.of,
            value=round(placed.points / placed.of, 2),
            arguments_for=fors,
            arguments_against=againsts,
            cautions=tuple(self._gates(option, {"caution", "lower"})),
            notes=tuple(self._gates(option, {"note"})),
            risks=(),
            preparation=(),
            anaesthesia=(),
            aftercare=(),
            call_if=(),
            performed_by=option.performed_by,
            sources=option.sources,
            certainty=self._certainty(option),
        )

    def _arguments(
        self, option: Option
    ) -> tuple[tuple[Reason, ...], tuple[Reason, ...]]:
        sides: dict[str, list[Reason]] = {"for": [], "against": []}
        for rule, argument in self._arguments_about(option):
            if self._holds(argument.condition) is not False:
                reason = self._reason(rule, argument, argument.condition)
                sides[argument.side].append(reason)
        for gate in option.gate:
            if gate.kind == "favour" and self._holds(gate.condition) is True:
                sides["for"].append(self.reporter.gate(gate, open_=False))
        return tuple(sides["for"]), tuple(sides["against"])

    def _arguments_about(self, option: Option) -> Iterator[tuple[str, Argument]]:
        for name in self.record.walked.scenarios:
            for place, each in enumerate(self.base.scenarios[name].argument):
                if each.option == option.id and self._one_scenario:
                    yield f"{name}.argument.{place + 1}", each
        for place, each in enumerate(option.argument):
            yield f"{option.id}.argument.{place + 1}", each

    @cached_property
    def _one_scenario(self) -> bool:
        return len(self.record.walked.scenarios) == 1

    def _gates(self, owner: Option | Measure, kinds: set[str]) -> Iterator[Reason]:
        for gate in owner.gate:
            if gate.kind in kinds:
                holds = self._holds(gate.condition)
                if holds is not False:
                    yield self.reporter.gate(gate, open_=holds is None)

    def _certainty(self, option: Option) -> Any:
        return _least_certain(self.base.sources, option.sources)

    def _withheld(self, judged: Judged) -> Withheld:
        option = self.base.options[judged.option]
        asks: dict[str, None] = {}
        because: list[Reason] = []
        for gate in option.gate:
            if gate.kind == "forbid" and self._holds(gate.condition) is None:
                asks |= dict.fromkeys(self._unknown_in(gate.condition))
                because.append(self._reason(gate.name, gate, gate.condition))
        if judged.worst == 0:
            asks |= dict.fromkeys(self._why_so_low(option, because))
        return Withheld(
            option=option.id,
            label=option.label,
            asks=tuple(name for name in self.engine.names if name in asks),
            standing=STANDINGS[judged.worst],
            best_standing=STANDINGS[judged.best],
            because=tuple(because),
        )

    def _why_so_low(self, option: Option, because: list[Reason]) -> Iterator[str]:
        """Give the unknown facts that may bring an option to not recommended."""
        ranks = {
            name: self.base.scenarios[name].ranks[option.id]
            for name in self.record.walked.scenarios
        }
        if len(set(ranks.values())) > 1:
            yield from self._lacking_on_the_way()
            low = [name for name, rank in ranks.items() if rank == min(ranks.values())]
            because.extend(self._not_recommended(option, low))
        for gate in option.gate:
            if gate.kind == "lower" and self._holds(gate.condition) is None:
                yield from self._unknown_in(gate.condition)
                because.append(self._reason(gate.name, gate, gate.condition))

    def _lacking_on_the_way(self) -> Iterator[str]:
        for visit in self.record.walked.visits:
            yield from visit.lacking

    def _not_recommended(
        self, option: Option, scenarios: Iterable[str]
    ) -> Iterator[Reason]:
        for name in scenarios:
            scenario = self.base.scenarios[name]
            standing = STANDINGS[scenario.ranks[option.id]].replace("_", " ")
            yield Reason(
                rule=f"{name}.standing",
                text=f"{scenario.label}: {option.label} stands at {standing}.",
                sources=scenario.sources,
                judgement=scenario.judgement,
            )

    def _aside(self) -> dict[str, tuple[SetAside, ...]]:
        reasons: dict[str, Callable[[Option], Iterable[Reason]]] = {
            "excluded": self._why_excluded,
            "not_indicated": self._why_not_indicated,
            "unavailable": lambda _: (),
        }
        return {
            verdict: tuple(
                SetAside(
                    option=each.option,
                    label=self.base.options[each.option].label,
                    because=tuple(why(self.base.options[each.option])),
                )
                for each in self.record.judged.values()
                if each.verdict == verdict
            )
            for verdict, why in reasons.items()
        }

    def _why_excluded(self, owner: Option | Measure) -> Iterator[Reason]:
        for gate in owner.gate:
            if gate.kind == "forbid" and self._holds(gate.condition) is True:
                yield self._reason(gate.name, gate, gate.condition)

    def _why_not_indicated(self, option: Option) -> Iterator[Reason]:
        scenarios = self.record.walked.scenarios
        if self._one_scenario:
            yield from self._not_recommended(option, scenarios)
        else:
            yield Reason(
                rule="standing",
                text=f"In every situation that is still possible, {option.label} "
                "is not recommended.",
                judgement=True,
            )
        for gate in option.gate:
            if gate.kind == "lower" and self._holds(gate.condition) is True:
                yield self._reason(gate.name, gate, gate.condition)

    def _measure(self, judged: Judged) -> MeasureVerdict:
        measure = self.base.measures[judged.option]
        verdict = judged.verdict
        because: list[Reason] = []
        asks: dict[str, None] = {}
        for gate in measure.gate:
            holds = self._holds(gate.condition)
            if gate.kind == "forbid" and holds is not False:
                if verdict == "excluded" and holds is None:
                    continue
                because.append(self._reason(gate.name, gate, gate.condition))
                asks |= dict.fromkeys(self._unknown_in(gate.condition))
        return MeasureVerdict(
            measure=measure.id,
            label=measure.label,
            verdict=verdict,  # type: ignore[arg-type]
            because=tuple(because),
            cautions=tuple(self._gates(measure, {"caution", "note"})),
            asks=tuple(asks) if verdict == "withheld" else (),
        )

    # -- questions --

    def _questions(self) -> Iterator[Question]:
        affects: dict[str, dict[str, None]] = {}
        decisive: set[str] = set()
        for option, facts, weighty in self._open_conditions():
            for fact in facts:
                affected = affects.setdefault(fact, {})
                if option:
                    affected[option] = None
                if weighty:
                    decisive.add(fact)
        screens: dict[str, list[str]] = {}
        for fact in self.engine.names:
            if fact in affects:
                screens.setdefault(self.base.facts[fact].screen, []).append(fact)
        asked = [
            self._question(screen, facts, affects, decisive)
            for screen, facts in screens.items()
        ]
        yield from sorted(asked, key=lambda q: (not q.decisive, -len(q.affects)))

    def _open_conditions(self) -> Iterator[tuple[str, list[str], bool]]:
        """Give (option, unknown facts, may it be decisive) of each open condition."""
        on_the_way = list(self._lacking_on_the_way())
        everything = [
            name
            for name, each in self.record.judged.items()
            if each.verdict in {"offered", "withheld"}
        ]
        for option in everything or [""]:
            yield option, on_the_way, True
        for row in self.record.settled.rows:
            yield "", self._unknown_in(row.record.condition), True
        for option in everything:
            weighty = option in self.record.possible_first
            for condition in self._deciding_conditions(self.base.options[option]):
                if self._holds(condition) is None:
                    yield option, self._unknown_in(condition), weighty
        for name, judged in self.record.measures.items():
            if judged.verdict == "withheld":
                for gate in self.base.measures[name].gate:
                    if gate.kind == "forbid" and self._holds(gate.condition) is None:
                        yield name, self._unknown_in(gate.condition), False

    def _deciding_conditions(self, option: Option) -> Iterator[Condition]:
        for gate in option.gate:
            if gate.kind in {"forbid", "lower"} and gate.condition is not None:
                yield gate.condition
        for level in option.level:
            for modifier in level.modifier:
                yield modifier.condition

    def _question(
        self,
        screen: str,
        facts: list[str],
        affects: Mapping[str, Mapping[str, None]],
        decisive: set[str],
    ) -> Question:
        spoken: Any = self.base.screens[screen]
        if len(facts) == 1:
            spoken = self.base.facts[facts[0]]
        affected = {name for fact in facts for name in affects[fact]}
        owners = (*self.base.options, *self.base.measures)
        return Question(
            facts=tuple(facts),
            screen=screen,
            ask=spoken.ask,
            ask_patient=spoken.ask_patient,
            affects=tuple(name for name in owners if name in affected),
            decisive=not decisive.isdisjoint(facts),
        )

    # -- the record --

    def _assumption(self, fact: str) -> Assumption:
        value = self.facts[fact]
        text = self.reporter.wording.value(fact, value)
        return Assumption(fact=fact, value=plain(value), text=text)

    def _trace(self) -> Iterator[Step]:
        for visit in self.record.walked.visits:
            decision = self.base.decisions[visit.decision]
            for place, branch in enumerate(decision.branch):
                names = self.reporter.names_in(branch.condition)
                yield Step(
                    node=f"decision.{decision.id}.{place + 1}",
                    kind="branch",
                    when=branch.when or "otherwise",
                    truth=visit.truth(place),
                    facts=self._values(names),
                    sources=decision.sources,
                )
        for row in self.record.settled.rows:
            yield self._step(f"action.{row.name}", "action", row.record)
        for gate in self.base.gates():
            yield self._step(f"gate.{gate.name}", gate.kind, gate)

    def _step(self, node: str, kind: str, rule: Any) -> Step:
        return Step(
            node=node,
            kind=kind,
            when=rule.when or "always",
            truth=self._holds(rule.condition),
            facts=self._values(
                self.reporter.names_in(rule.condition) if rule.condition else ()
            ),
            sources=rule.sources,
        )

    def _values(self, names: Iterable[str]) -> dict[str, Any]:
        return {name: plain(self.facts[name]) for name in names}


def _least_certain(sources: Mapping[str, Source], names: Iterable[str]) -> str:
    known = [sources[name].certainty for name in names if name in sources]
    return min(known, key=_CERTAINTIES.index, default="very_low")


@lru_cache(maxsize=8)
def reporter(base: Knowledge) -> Reporter:
    """Give the reporter of a knowledge base, made on first use."""
    return Reporter(compiled(base))
