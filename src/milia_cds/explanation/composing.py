"""The report: the record of a decision, composed into an `Outcome` with its texts.

Nothing is decided here. What does not depend on the case is made once for a knowledge
base and shared between results.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, Literal

import attrs

from milia_cds.decision.completions import Completions, Left, completions_of
from milia_cds.decision.engine import Record, compiled
from milia_cds.decision.exact import exact
from milia_cds.decision.ranking import RankedOption
from milia_cds.decision.verdicts import Verdict
from milia_cds.explanation.grid import Grid, side_by_side
from milia_cds.explanation.outcome import (
    FORMAT,
    Assumption,
    Contribution,
    Disposition,
    MeasureVerdict,
    Outcome,
    Place,
    Reason,
    RiskSaid,
    SetAside,
    StepSaid,
    TraceStep,
    Withheld,
    stamp,
)
from milia_cds.explanation.questions import questions
from milia_cds.explanation.reasons import Sayings, View
from milia_cds.explanation.stability import Stability, stability
from milia_cds.explanation.why import Why, why
from milia_cds.explanation.why_not import WhyNot, why_not
from milia_cds.knowledge.model import (
    OPERATOR,
    STANDINGS,
    Knowledge,
    Measure,
    Option,
)
from milia_cds.knowledge.tables import plain
from milia_cds.knowledge.texts import PHASES
from milia_cds.logic.conditions import truth
from milia_cds.version import VERSION


class Report(View):
    """The view of an exact record, with what is left to be told apart of its case."""

    def __init__(
        self, sayings: Sayings, record: Record, completions: Completions
    ) -> None:
        super().__init__(sayings, record)
        self.completions = completions

    def why(self, option: Option) -> Why:
        """Explain the verdict on one option."""
        return why(self, self.completions, option)

    def why_not(self, option: Option) -> WhyNot:
        """Find what would have to be otherwise for one option."""
        return why_not(self.completions, option)

    def stability(self) -> Stability:
        """Work out which weights would change the first place."""
        return stability(self.engine, self.record)

    def compare(self) -> Grid:
        """Put the options that are still possible side by side."""
        return side_by_side(self, stamp(self.base))

    def outcome(self) -> Outcome:
        """Compose everything that there is to say."""
        record = self.record
        aside = self._aside()
        certain = self.completions.agree_with(record)
        return Outcome(
            format=FORMAT,
            status="determinate" if certain else "indeterminate",
            exact=self.completions.exact,
            disposition=self._disposition(),
            scenarios=record.walk.scenarios,
            situations=tuple(
                self.base.scenarios[name].label for name in record.walk.scenarios
            ),
            ranking=tuple(self._place(place) for place in record.ranking),
            withheld=tuple(
                self._withheld(each)
                for each in record.verdicts.values()
                if each.verdict == "withheld"
            ),
            excluded=aside["excluded"],
            not_indicated=aside["not_indicated"],
            unavailable=aside["unavailable"],
            measures=tuple(map(self._measure, record.measures.values())),
            possible_first=self.completions.possible_first,
            questions=questions(self.completions),
            warnings=tuple(
                self.reason(each.id, each, each.condition) for each in record.warnings
            ),
            never=self._advice("never"),
            home_care=self._advice("home_care"),
            red_flags_to_watch=self._advice("red_flag", "after_procedure"),
            expectations=self._advice("expectation"),
            assumptions=tuple(map(self._assumption, record.assumed)),
            trace=tuple(self._trace()),
            knowledge=stamp(self.base),
            engine=f"milia-cds {VERSION}",
        )

    # -- disposition --

    def _disposition(self) -> Disposition:
        settled = self.record.disposition
        return Disposition(
            action=settled.action,  # type: ignore[arg-type]
            to=settled.to,
            urgency=settled.urgency,  # type: ignore[arg-type]
            because=tuple(self._because_of_rows()),
        )

    def _because_of_rows(self) -> Iterator[Reason]:
        told: set[str] = set()
        for row in self.record.disposition.rows:
            reason = self.reason(row.name, row.record, row.record.condition)
            if row.record.to is not None and row.record.to not in told:
                told.add(row.record.to)
                own = self._own_text(row.record.to)
                reason = attrs.evolve(reason, text=f"{own} {reason.text}".strip())
            if (
                row.record.act == "treat"
                and self.record.disposition.action == "observe"
            ):
                reason = attrs.evolve(reason, text=self._watch_first(reason.text))
            yield reason

    def _watch_first(self, text: str) -> str:
        """Say why a scenario that treats comes to watching here."""
        first = next(iter(self.record.ranking), None)
        if first is None or self.base.options[first.option].act != "observe":
            return text
        label = self.base.options[first.option].label
        named = f"{label[:1].upper()}{label[1:]}"
        return f"{named} comes first among the options open here. In general: {text}"

    def _own_text(self, destination: str) -> str:
        where = self.base.destinations[destination]
        if where.condition is None or self.holds(where.condition) is not True:
            return ""
        return where.own_text

    # -- options --

    def _place(self, placed: RankedOption) -> Place:
        option = self.base.options[placed.option]
        fors, againsts = self.arguments(option)
        steps = self._steps(option)
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
            risks=tuple(self._risks(option)),
            preparation=steps["preparation"],
            anaesthesia=steps["anaesthesia"],
            aftercare=(*steps["aftercare"], *steps["review"]),
            call_if=tuple(
                StepSaid.of(each, self.unless_known(each.condition))
                for each in self.base.calls(option)
                if self.holds(each.condition) is not False
            ),
            performed_by=tuple(self._performers(option)),
            sources=option.sources,
            certainty=self.certainty(option),
            contributions=tuple(self._contributions(option.id)),
        )

    def _performers(self, option: Option) -> Iterator[str]:
        """Give those who are known to be let perform it in this case."""
        about_them = [
            gate.condition
            for gate in option.gate
            if gate.kind == "forbid"
            and gate.condition is not None
            and OPERATOR in self.sayings.names_in(gate.condition)
        ]
        for name in option.performed_by:
            facts = {**self.facts, OPERATOR: name}
            if all(truth(condition, facts) is False for condition in about_them):
                yield name

    def _contributions(self, option: str) -> Iterator[Contribution]:
        scales = self.engine.scales[option]
        levels = scales.least_levels(self.record.true, self.record.unknown)
        for name, level in levels.items():
            label = self.base.criteria[name].label
            yield _contribution(name, label, self.record.weights[name], level)

    def _risks(self, option: Option) -> Iterator[RiskSaid]:
        for risk in option.risk:
            if self.holds(risk.condition) is False:
                continue
            name = f"{option.id}.{risk.id}"
            more = tuple(
                self.reason(f"{name}.{place + 1}", each, each.condition)
                for place, each in enumerate(risk.modifier)
                if self.holds(each.condition) is not False
            )
            yield RiskSaid.of(name, risk, more, self.unless_known(risk.condition))

    def _steps(self, option: Option) -> dict[str, tuple[StepSaid, ...]]:
        steps: dict[str, list[StepSaid]] = {phase: [] for phase in PHASES}
        for step in self.base.steps(option):
            if self.holds(step.condition) is not False:
                said = StepSaid.of(step, self.unless_known(step.condition))
                steps[step.phase].append(said)
        return {phase: tuple(said) for phase, said in steps.items()}

    def _gates(self, owner: Option | Measure, kinds: set[str]) -> Iterator[Reason]:
        for gate in owner.gate:
            if gate.kind in kinds and self.holds(gate.condition) is not False:
                clause = self.unless_known(gate.condition)
                yield self.sayings.gate(gate, clause)

    def _withheld(self, judged: Verdict) -> Withheld:
        option = self.base.options[judged.option]
        asks: dict[str, None] = {}
        because: list[Reason] = []
        for gate in option.gate:
            if gate.kind == "forbid" and self.holds(gate.condition) is None:
                asks |= dict.fromkeys(self.unknown_in(gate.condition))
                because.append(self.reason(gate.name, gate, gate.condition))
        if judged.worst == 0:
            asks |= dict.fromkeys(self._why_so_low(option, because))
        asked = self._that_matter(asks, self.completions.offered(option.id))
        return Withheld(
            option=option.id,
            label=option.label,
            asks=asked,
            asks_for=tuple(self.base.facts[name].label for name in asked),
            standing=STANDINGS[judged.worst],
            best_standing=STANDINGS[judged.best],
            because=tuple(because),
        )

    def _that_matter(self, facts: Mapping[str, None], left: Left) -> tuple[str, ...]:
        """Give the facts, among those that open conditions lack, that still matter."""
        matter = set(left.facts)
        asked = matter.intersection(facts) or matter
        return tuple(name for name in self.engine.names if name in asked)

    def _why_so_low(self, option: Option, because: list[Reason]) -> Iterator[str]:
        """Give the unknown facts that may bring an option to not recommended."""
        ranks = {
            name: self.base.scenarios[name].ranks[option.id]
            for name in self.record.walk.scenarios
        }
        if len(set(ranks.values())) > 1:
            yield from self.lacking_on_the_way()
            low = [name for name, rank in ranks.items() if rank == min(ranks.values())]
            because += [self.standing_reason(option, name) for name in low]
        for gate in option.gate:
            if gate.kind == "lower" and self.holds(gate.condition) is None:
                yield from self.unknown_in(gate.condition)
                because.append(self.reason(gate.name, gate, gate.condition))

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
                for each in self.record.verdicts.values()
                if each.verdict == verdict
            )
            for verdict, why in reasons.items()
        }

    def _why_excluded(self, owner: Option | Measure) -> Iterator[Reason]:
        """Give the gates that forbid; or those that may, of which one surely does."""
        forbids = [gate for gate in owner.gate if gate.kind == "forbid"]
        true = [gate for gate in forbids if self.holds(gate.condition)]
        open_ = [gate for gate in forbids if self.holds(gate.condition) is None]
        for gate in true or open_:
            yield self.reason(gate.name, gate, gate.condition)

    def _why_not_indicated(self, option: Option) -> Iterator[Reason]:
        scenarios = self.record.walk.scenarios
        if self.one_scenario:
            yield from (self.standing_reason(option, name) for name in scenarios)
        else:
            yield Reason(
                rule="standing",
                text="Not recommended in any situation that is still possible.",
                judgement=True,
            )
        for gate in option.gate:
            if gate.kind == "lower" and self.holds(gate.condition) is True:
                yield self.reason(gate.name, gate, gate.condition)

    def _measure(self, judged: Verdict) -> MeasureVerdict:
        measure = self.base.measures[judged.option]
        verdict = judged.verdict
        because: list[Reason] = []
        asks: dict[str, None] = {}
        for gate in measure.gate:
            holds = self.holds(gate.condition)
            if gate.kind == "forbid" and holds is not False:
                if verdict == "excluded" and holds is None:
                    continue
                because.append(self.reason(gate.name, gate, gate.condition))
                asks |= dict.fromkeys(self.unknown_in(gate.condition))
        return MeasureVerdict(
            measure=measure.id,
            label=measure.label,
            verdict=verdict,  # type: ignore[arg-type]
            because=tuple(because),
            cautions=tuple(self._gates(measure, {"caution", "note"})),
            asks=self._that_matter(asks, self.completions.measure(measure.id))
            if verdict == "withheld" and self.completions.treatable
            else (),
        )

    # -- advice --

    def _advice(self, *kinds: str) -> tuple[Reason, ...]:
        return tuple(
            self.reason(f"advice.{each.id}", each, each.condition)
            for each in self.base.advice
            if each.kind in kinds and self.holds(each.condition) is True
        )

    # -- the record --

    def _assumption(self, fact: str) -> Assumption:
        value = self.facts[fact]
        text = self.sayings.wording.value(fact, value)
        policy = self.base.policy
        own = policy is not None and fact in policy.defaults
        by: Literal["screening", "policy"] = "policy" if own else "screening"
        return Assumption(fact=fact, value=plain(value), text=text, by=by)

    def _trace(self) -> Iterator[TraceStep]:
        for visit in self.record.walk.visits:
            decision = self.base.decisions[visit.decision]
            for place, branch in enumerate(decision.branch):
                names = self.sayings.names_in(branch.condition)
                yield TraceStep(
                    node=f"decision.{decision.id}.{place + 1}",
                    kind="branch",
                    when=branch.when or "otherwise",
                    truth=visit.truth(place),
                    facts=self._values(names),
                    sources=decision.sources,
                )
        for row in self.record.disposition.rows:
            yield self._step(f"action.{row.name}", "action", row.record)
        for gate in self.base.gates():
            yield self._step(f"gate.{gate.name}", gate.kind, gate)

    def _step(self, node: str, kind: str, rule: Any) -> TraceStep:
        return TraceStep(
            node=node,
            kind=kind,
            when=rule.when or "always",
            truth=self.holds(rule.condition),
            facts=self._values(
                self.sayings.names_in(rule.condition) if rule.condition else ()
            ),
            sources=rule.sources,
        )

    def _values(self, names: Iterable[str]) -> dict[str, Any]:
        return {name: plain(self.facts[name]) for name in names}


@lru_cache(maxsize=1024)
def _contribution(name: str, label: str, weight: int, level: int) -> Contribution:
    return Contribution(
        criterion=name, label=label, weight=weight, level=level, points=weight * level
    )


@lru_cache(maxsize=8)
def sayings(base: Knowledge) -> Sayings:
    """Give what can be said of a knowledge base without a case, made once."""
    return Sayings(compiled(base))


def viewed(record: Record, base: Knowledge) -> Report:
    """Give the view of one decision from which everything is composed.

    Parameters
    ----------
    record
        The recorded decision.
    base
        The knowledge base that gave it.
    """
    said = sayings(base)
    completions = completions_of(base, record)
    return Report(said, exact(said.engine, completions), completions)
