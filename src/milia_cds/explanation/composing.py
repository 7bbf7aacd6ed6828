"""The report: a decision, composed into an `Outcome` with its texts.

Nothing is decided here. Each part is made when it is read; what does not depend on the
case is made once for a knowledge base and shared between results.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any

from milia_cds.decision.case_decision import CaseDecision
from milia_cds.decision.completions import Completions
from milia_cds.decision.engine import Record, compiled
from milia_cds.decision.verdicts import Verdict
from milia_cds.explanation.acts import AlertPart, DispositionPart
from milia_cds.explanation.grid import Grid, side_by_side
from milia_cds.explanation.outcome import (
    FORMAT,
    AlertSaid,
    Assumption,
    Disposition,
    MeasureVerdict,
    Outcome,
    Place,
    Reason,
    SetAside,
    Status,
    TraceStep,
    Withheld,
    stamp,
)
from milia_cds.explanation.parts import (
    AsidePart,
    MeasurePart,
    OfferedPart,
    WithheldPart,
    said,
)
from milia_cds.explanation.questions import questions
from milia_cds.explanation.reasons import Sayings, View
from milia_cds.explanation.stability import Stability, stability
from milia_cds.explanation.why import Why, why
from milia_cds.explanation.why_not import WhyNot, why_not
from milia_cds.knowledge.dangers import Urgency
from milia_cds.knowledge.model import Knowledge, Option
from milia_cds.knowledge.tables import plain
from milia_cds.logic.memory import one_of_each
from milia_cds.version import VERSION


class Parts(View):
    """What there is to say of a record, part by part.

    Parameters
    ----------
    sayings
        What can be said without a case.
    record
        The record of the decision.
    completions
        What tells the facts that still matter from the others; `None`: nothing does.
    """

    def __init__(
        self, sayings: Sayings, record: Record, completions: Completions | None = None
    ) -> None:
        super().__init__(sayings, record)
        self._left = completions
        self.scenarios = record.walk.scenarios

    @cached_property
    def alerts(self) -> tuple[AlertPart, ...]:
        """The dangers that the case states, and those to ask for, the worst first."""
        return tuple(AlertPart(self, each, self._left) for each in self.record.alerts)

    @property
    def urgency(self) -> Urgency | None:
        """The highest urgency of the disposition and of the certain alerts."""
        return self.record.urgency

    @cached_property
    def disposition(self) -> DispositionPart:
        """What to do now, and why."""
        return DispositionPart(self, self.lifted_by)

    @cached_property
    def lifted_by(self) -> tuple[str, ...]:
        """The way outs that nobody stated and that would change the answer."""
        return tuple(
            name
            for name in self.engine.way_outs_of(self.record)
            if self.engine.changes(self.record, name)
        )

    @cached_property
    def assumptions(self) -> tuple[Assumption, ...]:
        """The facts that nobody stated, and what filled them."""
        record = self.record
        return tuple(
            self.sayings.assumption(
                name,
                self.facts[name],
                record.settled.get(name),
                visit=name in record.visit,
            )
            for name in record.assumed
            if not self.base.facts[name].way_out or name in self.lifted_by
        )

    @cached_property
    def ranking(self) -> tuple[OfferedPart, ...]:
        """The offered options, in order."""
        return tuple(OfferedPart(self, placed) for placed in self.record.ranking)

    @cached_property
    def withheld(self) -> tuple[WithheldPart, ...]:
        """The options that something unknown may forbid."""
        return tuple(
            WithheldPart(self, each, self._left) for each in self._judged("withheld")
        )

    @cached_property
    def excluded(self) -> tuple[AsidePart, ...]:
        """The options that are forbidden."""
        return tuple(AsidePart(self, each) for each in self._judged("excluded"))

    @cached_property
    def not_indicated(self) -> tuple[AsidePart, ...]:
        """The options that are not recommended."""
        return tuple(AsidePart(self, each) for each in self._judged("not_indicated"))

    @cached_property
    def unavailable(self) -> tuple[AsidePart, ...]:
        """The options that the clinic does not offer."""
        return tuple(AsidePart(self, each) for each in self._judged("unavailable"))

    def _judged(self, verdict: str) -> Iterator[Verdict]:
        return (
            each for each in self.record.verdicts.values() if each.verdict == verdict
        )

    @cached_property
    def measures(self) -> tuple[MeasurePart, ...]:
        """The supporting measures."""
        return tuple(
            MeasurePart(self, each, self._left)
            for each in self.record.measures.values()
        )

    @cached_property
    def warnings(self) -> tuple[Reason, ...]:
        """What is odd about the stated facts."""
        return tuple(
            self.reason(each.id, each, each.condition) for each in self.record.warnings
        )

    @cached_property
    def trace(self) -> tuple[TraceStep, ...]:
        """Every step of the walk, of the actions and of the gates."""
        return tuple(self._trace())

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


class Report(Parts):
    """What there is to say of an exact decision, and what can be asked about it.

    Parameters
    ----------
    decision
        The decision on a case.
    lapsed
        The warning that the case is old, if it is.
    """

    def __init__(self, decision: CaseDecision, lapsed: tuple[Reason, ...] = ()) -> None:
        super().__init__(sayings(decision.base), decision.exact, decision.completions)
        self.completions = decision.completions
        self._lapsed = lapsed

    def why(self, option: Option) -> Why:
        """Explain the verdict on one option."""
        return why(self, self.completions, option).at_home(self.base)

    def why_not(self, option: Option) -> WhyNot:
        """Find what would have to be otherwise for one option."""
        aside: tuple[WithheldPart | AsidePart, ...]
        aside = (*self.withheld, *self.excluded, *self.not_indicated)
        because = [each.because for each in aside if each.option == option.id]
        found = why_not(self.completions, option, *because)
        return found.at_home(self.base)

    def stability(self) -> Stability:
        """Work out which weights would change the first place."""
        return stability(self.engine, self.record).at_home(self.base)

    def compare(self) -> Grid:
        """Put the options that are still possible side by side."""
        return side_by_side(self, self._alerts_said, stamp(self.base))

    @property
    def _alerts_said(self) -> tuple[AlertSaid, ...]:
        return tuple(said(AlertSaid, each) for each in self.alerts)

    def outcome(self) -> Outcome:
        """Everything that there is to say; the trace is made when it is read."""
        return Outcome.traced_by(
            lambda: self.trace,
            format=FORMAT,
            status=self.status,
            exact=self.completions.exact,
            urgency=self.urgency,
            alerts=self._alerts_said,
            disposition=said(Disposition, self.disposition),
            scenarios=self.scenarios,
            situations=tuple(
                self.base.scenarios[name].label for name in self.scenarios
            ),
            ranking=tuple(said(Place, each) for each in self.ranking),
            withheld=tuple(said(Withheld, each) for each in self.withheld),
            excluded=tuple(said(SetAside, each) for each in self.excluded),
            not_indicated=tuple(said(SetAside, each) for each in self.not_indicated),
            unavailable=tuple(said(SetAside, each) for each in self.unavailable),
            measures=tuple(said(MeasureVerdict, each) for each in self.measures),
            possible_first=self.completions.possible_first,
            questions=questions(self.completions),
            warnings=(*self.warnings, *self._lapsed),
            never=self.advice("never"),
            home_care=self.advice("home_care"),
            red_flags_to_watch=self.advice("red_flag", "after_procedure"),
            expectations=self.advice("expectation"),
            assumptions=self.assumptions,
            knowledge=stamp(self.base),
            engine=f"milia-cds {VERSION}",
        )

    @property
    def status(self) -> Status:
        """Whether any answer could still change the disposition or the first place."""
        certain = self.completions.agree_with(self.record)
        return "determinate" if certain else "indeterminate"


@one_of_each(8)
def sayings(base: Knowledge) -> Sayings:
    """What can be said of a knowledge base without a case, made once."""
    return Sayings(compiled(base))
