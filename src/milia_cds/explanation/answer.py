"""What there is to say of a recorded decision, part by part, each made when it is read.

Who reads only some parts, as the checker of the vignettes does, pays for no others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any

from milia_cds.decision.completions import Completions
from milia_cds.decision.record import Record
from milia_cds.decision.verdicts import Verdict
from milia_cds.explanation.acts import AlertPart, DispositionPart
from milia_cds.explanation.outcome import Assumption, TraceStep
from milia_cds.explanation.parts import (
    AsidePart,
    MeasurePart,
    OfferedPart,
    WithheldPart,
)
from milia_cds.explanation.places import Reason
from milia_cds.explanation.reasons import Sayings, View
from milia_cds.knowledge.dangers import Urgency
from milia_cds.knowledge.records import plain


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
