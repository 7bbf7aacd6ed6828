"""Alerts: the dangers that a case states, and those that one must ask for.

An alert is certain where its condition is true. It is asked for where the condition is
open and one of its signs is known to be true; else nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from milia_cds.knowledge.dangers import URGENCIES, Alert
from milia_cds.knowledge.model import Knowledge
from milia_cds.logic.conditions import Condition


class Raised(NamedTuple):
    """An alert that is raised: certain, or asked for."""

    alert: Alert
    certain: bool

    @property
    def urgency(self) -> int:
        """How urgent it is, as a rank."""
        return URGENCIES.index(self.alert.urgency)


class PlannedAlert(NamedTuple):
    """An alert, compiled: the bits of its condition and of its signs."""

    alert: Alert
    condition: int
    signs: int

    @classmethod
    def of(
        cls, base: Knowledge, bits: Mapping[Condition, int]
    ) -> tuple[PlannedAlert, ...]:
        """Compile the alerts of a knowledge base, the most urgent first."""
        order = sorted(
            base.alerts.values(), key=lambda alert: -URGENCIES.index(alert.urgency)
        )
        return tuple(
            cls(each, bits[each.condition], bits[each.signs]) for each in order
        )


def raised(
    alerts: Iterable[PlannedAlert], true: int, unknown: int
) -> tuple[Raised, ...]:
    """The alerts that are certain or asked for, the certain ones of an urgency first.

    Parameters
    ----------
    alerts
        The alerts, the most urgent first.
    true, unknown
        The bits of the plan.
    """
    found = [
        Raised(alert, certain=bool(true & condition))
        for alert, condition, signs in alerts
        if true & condition or (unknown & condition and true & signs)
    ]
    return in_order(found) if len(found) > 1 else tuple(found)


def in_order(found: Iterable[Raised]) -> tuple[Raised, ...]:
    """Alerts with the most urgent first, and of one urgency the certain ones."""
    return tuple(sorted(found, key=lambda each: (-each.urgency, not each.certain)))
