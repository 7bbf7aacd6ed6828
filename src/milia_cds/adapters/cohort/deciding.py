"""The decision on many cases at once: all that the engine decides on one.

It is made of the same knowledge by the same conditions, and a test holds it to the
engine. What looks at whole completions is not in it: questions, the status, and what is
exact where an open condition leaves nothing open. So it is never less careful than the
answer on one case, and now and then more. As that answer does, it waits for the "yes"
of a fact where nothing else keeps a patient from treatment.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple, Protocol

import attrs

from milia_cds.adapters.cohort.judging import JudgedRows, JudgingRows
from milia_cds.adapters.cohort.ordering import Ordered, Ordering, Weighing
from milia_cds.adapters.cohort.planes import (
    Plane,
    Planes,
    somewhere,
    union,
)
from milia_cds.adapters.cohort.resolving import Resolved, ResolvingRows, Stated
from milia_cds.adapters.cohort.settling import SettledRows, Settling
from milia_cds.adapters.cohort.walking import Walk, Walked
from milia_cds.knowledge.dangers import URGENCIES, Urgency
from milia_cds.knowledge.model import Knowledge
from milia_cds.logic.conditions import Condition, facts_in
from milia_cds.logic.memory import one_of_each


class _Conditional(Protocol):
    """What holds on a condition."""

    @property
    def condition(self) -> Condition | None: ...


@attrs.frozen(eq=False)
class RowSettings:
    """What is decided by beside the facts.

    Parameters
    ----------
    offers
        Where the clinic offers each option; one that is not named is offered
        everywhere.
    weights
        What the criteria weigh; `None` is as the knowledge says.
    """

    offers: Mapping[str, Plane] = attrs.field(factory=dict)
    weights: Weighing | None = None


@attrs.frozen(eq=False)
class RaisedRows:
    """Where an alert is certain, and where it is asked for."""

    certain: Plane
    asked: Plane


@attrs.frozen(eq=False)
class Decided:
    """The decision on many cases.

    Parameters
    ----------
    rows
        How many cases there are.
    resolved
        What was decided on, with the contradictions.
    scenarios
        Where each scenario is possible.
    options, measures
        The verdict on each.
    order
        The order of the options.
    disposition
        What to do.
    alerts
        Where each danger is stated, or to be asked for.
    urgency
        Where each urgency is the highest of the disposition and the certain alerts.
    lacking
        Where each fact is missing that a condition lacks which withholds an option.
    """

    rows: int
    resolved: Resolved
    scenarios: Mapping[str, Plane]
    options: Mapping[str, JudgedRows]
    measures: Mapping[str, JudgedRows]
    order: Ordered
    disposition: SettledRows
    alerts: Mapping[str, RaisedRows]
    urgency: Mapping[Urgency, Plane]
    lacking: Mapping[str, Plane]

    @property
    def refused(self) -> Plane:
        """Where stated facts contradict one another, so that nothing is decided."""
        return union(self.resolved.errors.values(), self.resolved.facts.none)


class _Judged(NamedTuple):
    """What follows from facts: where the walk leads, the verdicts, what comes first."""

    walked: Walked
    options: Mapping[str, JudgedRows]
    ordering: Ordering
    order: Ordered
    settling: Settling

    @property
    def withheld(self) -> Plane:
        """Where some option is withheld."""
        every = [each.verdicts["withheld"] for each in self.options.values()]
        return union(every, self.settling.facts.none)

    def again(self, options: Mapping[str, JudgedRows]) -> _Judged:
        """The same, but for the verdicts on some options."""
        every, scores = {**self.options, **options}, self.order.scores
        known = {name: each for name, each in scores.items() if name not in options}
        return self._replace(options=every, order=self.ordering.of(every, known))


class Kernel:
    """A knowledge base, ready to decide many cases.

    Parameters
    ----------
    base
        The knowledge base, with the policy of a clinic if it has one.
    """

    def __init__(self, base: Knowledge) -> None:
        self.base = base
        self.resolving = ResolvingRows(base)
        self.judging = JudgingRows(base)
        self.triage = Walk(base)
        self.pending = {
            name: each.pending
            for name, each in base.facts.items()
            if each.pending is not None and name in base.kinds
        }
        self.reading = {name: _options_reading(base, name) for name in self.pending}

    def decide(self, stated: Stated, settings: RowSettings | None = None) -> Decided:
        """Decide many cases.

        Parameters
        ----------
        stated
            What is stated of them.
        settings
            What is decided by beside the facts; `None` is as the knowledge says.
        """
        settings = settings or RowSettings()
        resolved = self.resolving.resolve(stated)
        facts = resolved.facts
        judged = self._judged(facts, settings)
        walked, options, _, order, settling = judged
        disposition = settling.of(order.first, judged.withheld)
        waiting = self._waiting(facts, settings, judged, disposition)
        disposition = disposition.waiting(waiting)
        alerts = self._alerts(facts)
        scenarios, opened = walked
        return Decided(
            rows=stated.rows,
            resolved=resolved,
            scenarios=scenarios,
            options=options,
            measures=self.judging.measures(facts),
            order=order,
            disposition=disposition,
            alerts=alerts,
            urgency=self._urgency(facts, disposition, alerts),
            lacking=self.judging.lacking(facts, options, scenarios, opened),
        )

    def _judged(self, facts: Planes, settings: RowSettings) -> _Judged:
        walked = self.triage.walk(facts)
        offers = self._offers(settings, facts)
        options = self.judging.options(facts, walked.scenarios, offers)
        ordering = Ordering(self.base, facts, self._weights(settings, facts))
        settling = Settling(self.base, facts, walked.scenarios)
        return _Judged(walked, options, ordering, ordering.of(options), settling)

    def _waiting(
        self, facts: Planes, settings: RowSettings, now: _Judged, settled: SettledRows
    ) -> Plane:
        """Where the "yes" of one fact would lead to treatment, or to another one."""
        found = facts.none
        may = settled.actions["observe"] | settled.actions["treat"]
        for name, pending in self.pending.items():
            here = may & ~facts.known(name) & facts.of(pending.condition).true
            if somewhere(here):
                then = self._given(name, facts.given(name, here), settings, now)
                first = then.order.first
                moves = (rows ^ first[name] for name, rows in now.order.first.items())
                moved = here & union(moves, facts.none)
                treat = then.settling.actions(first, then.withheld)["treat"]
                found = found | (moved & treat)
        return found

    def _given(
        self, name: str, facts: Planes, settings: RowSettings, now: _Judged
    ) -> _Judged:
        """What follows where a fact is given; what does not read it is as it was."""
        reading = self.reading[name]
        if reading is None:
            return self._judged(facts, settings)
        offers = self._offers(settings, facts)
        scenarios = now.walked.scenarios
        return now.again(self.judging.options(facts, scenarios, offers, reading))

    def _offers(self, settings: RowSettings, facts: Planes) -> Mapping[str, Plane]:
        policy = self.base.policy
        if policy is None:
            return settings.offers
        return {**settings.offers, **dict.fromkeys(policy.not_offered, facts.none)}

    def _weights(self, settings: RowSettings, facts: Planes) -> Weighing:
        if settings.weights is not None:
            return settings.weights
        every = self.base.criteria.items()
        return Weighing({name: each.weight for name, each in every}, facts.none)

    def _alerts(self, facts: Planes) -> dict[str, RaisedRows]:
        found = {}
        for name, alert in self.base.alerts.items():
            truths = facts.of(alert.condition)
            signs = facts.of(alert.signs).true
            found[name] = RaisedRows(truths.true, truths.open & signs)
        return found

    def _urgency(
        self, facts: Planes, disposition: SettledRows, alerts: Mapping[str, RaisedRows]
    ) -> dict[Urgency, Plane]:
        """The highest urgency in each row, by name."""
        by_name: dict[Urgency, Plane] = dict.fromkeys(URGENCIES, facts.none)
        for name, here in disposition.urgency.items():
            by_name[name] = by_name[name] | here
        for alert, raised in alerts.items():
            name = self.base.alerts[alert].urgency
            by_name[name] = by_name[name] | raised.certain
        left, found = facts.every, {}
        for name in reversed(URGENCIES):
            found[name] = left & by_name[name]
            left = left & ~by_name[name]
        return found


def _options_reading(base: Knowledge, fact: str) -> list[str] | None:
    """The options whose gates read a fact; `None` where not they alone do."""
    branches = [each for found in base.decisions.values() for each in found.branch]
    actions = [each for found in base.scenarios.values() for each in found.action]
    options = base.options.items()
    levels = [level for _, option in options for level in option.level]
    modifiers = [each for level in levels for each in level.modifier]
    if _read(fact, (*branches, *actions, *modifiers)):
        return None
    return [name for name, option in options if _read(fact, option.gate)]


def _read(fact: str, rules: Iterable[_Conditional]) -> bool:
    every = (each.condition for each in rules)
    return any(each is not None and fact in facts_in(each) for each in every)


@one_of_each(8)
def kernel_of(base: Knowledge) -> Kernel:
    """The kernel of a knowledge base, made on first use."""
    return Kernel(base)
