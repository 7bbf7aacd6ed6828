"""Alerts as every answer begins with them, and how soon something is, in words.

Each certain alert is a band of its own; those that are asked for because of the same
known facts are one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias

import attrs

from milia_cds.explanation.outcome import AlertSaid
from milia_cds.knowledge.dangers import URGENCIES, URGENT, Urgency

HOW_SOON: Mapping[Urgency, str] = {
    "routine": "routine",
    "soon": "soon",
    "urgent": "urgent",
    "same_day": "today",
    "emergency": "now (emergency)",
}
"""How soon, in words."""
_MARKS: Mapping[Urgency, str] = {**HOW_SOON, "emergency": "emergency"}

InWords: TypeAlias = Callable[[str, Any], str]
"""Says a fact with its plain value."""


@attrs.frozen
class Band:
    """A certain alert, or those that are asked for because of the same known facts.

    Parameters
    ----------
    alerts
        The alerts, the most urgent first.
    """

    alerts: tuple[AlertSaid, ...]

    @property
    def first(self) -> AlertSaid:
        """The most urgent of them."""
        return self.alerts[0]

    @property
    def certain(self) -> bool:
        """Whether it is a danger that the case states."""
        return self.first.certain

    @property
    def urgency(self) -> Urgency:
        """How urgent the most urgent of them is."""
        return self.first.urgency

    @property
    def mark(self) -> str:
        """Its word: how soon it is, with a question mark where it is asked for."""
        word = _MARKS[self.urgency].upper()
        return word if self.certain else f"{word}?"

    @property
    def asks_for(self) -> tuple[str, ...]:
        """What to ask for, in words."""
        every = (label for each in self.alerts for label in each.asks_for)
        return tuple(dict.fromkeys(every))

    def line(self, in_words: InWords) -> str:
        """What it says to the clinician: the text, or what to ask now.

        Parameters
        ----------
        in_words
            Says the known facts that make it a question.
        """
        if self.certain:
            return self.first.text
        known = "; ".join(in_words(*each) for each in self.first.facts.items())
        asked = f"Ask now ({known}): {', '.join(self.asks_for)}."
        if URGENCIES.index(self.urgency) > URGENT:
            return f"{asked} Until then nothing is begun that can wait."
        return asked


def bands(alerts: Iterable[AlertSaid]) -> tuple[Band, ...]:
    """Alerts as they are shown, in their order; none is left out.

    Parameters
    ----------
    alerts
        The alerts of an answer, the most urgent first.
    """
    found: dict[Any, list[AlertSaid]] = {}
    for each in alerts:
        known = tuple((name, repr(value)) for name, value in each.facts.items())
        found.setdefault(each.alert if each.certain else known, []).append(each)
    return tuple(Band(tuple(several)) for several in found.values())


def danger_of(alert: AlertSaid) -> str:
    """What is dangerous, without the question that may come before it."""
    if alert.certain:
        return alert.text
    return alert.text.partition(f"If {alert.if_}: ")[2] or alert.text
