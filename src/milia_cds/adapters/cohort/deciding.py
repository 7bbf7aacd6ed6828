"""The decision on many cases at once: all that the engine decides on one.

It is made of the same knowledge by the same conditions, and a test holds it to the
engine. What looks at whole completions is not in it: questions, the status, and what is
exact where an open condition leaves nothing open. So it is never less careful than the
answer on one case, and now and then more. As that answer does, it waits for the "yes"
of a fact where nothing else keeps a patient from treatment.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import attrs

from milia_cds.adapters.cohort.judging import (
    JudgedRows,
    judged_measures,
    judged_options,
    lacking,
)
from milia_cds.adapters.cohort.ordering import Ordered, Weighing, ordered
from milia_cds.adapters.cohort.planes import Plane, Planes, union
from milia_cds.adapters.cohort.resolving import Resolved, ResolvingRows, Stated
from milia_cds.adapters.cohort.settling import SettledRows, settled
from milia_cds.adapters.cohort.walking import Walk, Walked
from milia_cds.knowledge.dangers import URGENCIES, Urgency
from milia_cds.knowledge.model import Knowledge
from milia_cds.logic.memory import one_of_each


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
    """What follows from facts: where the walk leads, the verdicts, what to do."""

    walked: Walked
    options: Mapping[str, JudgedRows]
    order: Ordered
    disposition: SettledRows


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
        self.triage = Walk(base)
        self.pending = {
            name: each.pending
            for name, each in base.facts.items()
            if each.pending is not None and name in base.kinds
        }

    def decide(self, stated: Stated, settings: RowSettings | None = None) -> Decided:
        """Decide many cases.

        Parameters
        ----------
        stated
            What is stated of them.
        settings
            What is decided by beside the facts; `None` is as the knowledge says.
        """
        base, settings = self.base, settings or RowSettings()
        resolved = self.resolving.resolve(stated)
        facts = resolved.facts
        walked, options, order, disposition = judged = self._judged(facts, settings)
        waiting = self._waiting(facts, settings, judged)
        disposition = disposition.waiting(waiting)
        alerts = self._alerts(facts)
        return Decided(
            rows=stated.rows,
            resolved=resolved,
            scenarios=walked.scenarios,
            options=options,
            measures=judged_measures(base, facts),
            order=order,
            disposition=disposition,
            alerts=alerts,
            urgency=self._urgency(facts, disposition, alerts),
            lacking=lacking(base, facts, options, walked.scenarios, walked.open),
        )

    def _judged(self, facts: Planes, settings: RowSettings) -> _Judged:
        base, walked = self.base, self.triage.walk(facts)
        offers = self._offers(settings, facts)
        options = judged_options(base, facts, walked.scenarios, offers)
        order = ordered(base, facts, options, self._weights(settings, facts))
        withheld = [each.verdicts["withheld"] for each in options.values()]
        disposition = settled(
            base, facts, walked.scenarios, order.first, union(withheld, facts.none)
        )
        return _Judged(walked, options, order, disposition)

    def _waiting(self, facts: Planes, settings: RowSettings, now: _Judged) -> Plane:
        """Where the "yes" of one fact would lead to treatment, or to another one."""
        found, actions = facts.none, now.disposition.actions
        for name, pending in self.pending.items():
            here = ~facts.known(name) & facts.of(pending.condition).true
            here = here & (actions["observe"] | actions["treat"])
            if here.any():
                then = self._judged(facts.given(name, here), settings)
                first = then.order.first
                moves = (rows ^ first[name] for name, rows in now.order.first.items())
                moved = union(moves, facts.none)
                found = found | (here & moved & then.disposition.actions["treat"])
        return found

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


@one_of_each(8)
def kernel_of(base: Knowledge) -> Kernel:
    """The kernel of a knowledge base, made on first use."""
    return Kernel(base)
