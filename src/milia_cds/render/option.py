"""What is said of an option besides its rules: risks, steps by time, when to call.

An assessment says it of the options that are offered, an explanation of any. What
several options share is said once, with the options that it is for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

import attrs

from milia_cds.explanation.outcome import Place, Reason, RiskSaid, StepSaid
from milia_cds.knowledge.texts import NOT_KNOWN, Step
from milia_cds.render.lines import Ink, conditional, wrapped

RISKS = "What can go wrong"
_PHASES = {"preparation": "Before", "anaesthesia": "Anaesthesia"}
_TIMES = {
    "immediate": "Straight after",
    "first_two_days": "In the first two days",
    "first_week": "In the first week",
    "until_healed": "Until it has healed",
    "ongoing": "All along",
    "review": "Review",
    "same_day": "Call the same day",
    "soon": "Call soon",
}
HEADINGS = (*_PHASES.values(), *_TIMES.values())
"""The headings of steps and calls, in the order of time."""
_PASSES = {
    "yes": "it passes",
    "partly": "it may not pass altogether",
    "no": "it often stays for good",
    "not_known": "whether it passes is not known",
}

Item: TypeAlias = RiskSaid | StepSaid
Items: TypeAlias = Mapping[str, Sequence[Item]]
"""Risks, steps and calls by their heading."""


def items_of(place: Place) -> Items:
    """Give what is said of an option in its place, by heading, in the order of time."""
    return items(
        place.risks,
        {"preparation": place.preparation, "anaesthesia": place.anaesthesia},
        (*place.aftercare, *place.call_if),
    )


def items(
    risks: Iterable[RiskSaid],
    phases: Mapping[str, Iterable[StepSaid]],
    later: Iterable[StepSaid],
) -> Items:
    """Order risks, steps before a procedure by phase, and later ones by time."""
    found: dict[str, list[Item]] = {RISKS: list(risks)}
    found |= {heading: [] for heading in HEADINGS}
    for phase, steps in phases.items():
        found[_PHASES[phase]] += steps
    for step in later:
        found[_TIMES[step.timing]].append(step)
    return {heading: each for heading, each in found.items() if each}


def heading_of(step: Step) -> str:
    """Give the heading under which a step stands."""
    return _PHASES.get(step.phase) or _TIMES[step.timing]


@attrs.frozen
class Shared:
    """What several options have in common, and which options.

    Parameters
    ----------
    labels
        The options that have something in common with another.
    owners
        The options of each item, by heading and what it says.
    """

    labels: tuple[str, ...]
    owners: Mapping[tuple[object, ...], tuple[str, ...]]

    @classmethod
    def between(cls, said: Mapping[str, Items]) -> Shared:
        """Find what is said of more than one of the options, given by label."""
        owners: dict[tuple[object, ...], dict[str, None]] = {}
        for label, headed in said.items():
            for heading, entries in headed.items():
                for item in entries:
                    owners.setdefault(_key(heading, item), {})[label] = None
        several = {key: tuple(each) for key, each in owners.items() if len(each) > 1}
        taking = {label for each in several.values() for label in each}
        return cls(tuple(label for label in said if label in taking), several)

    def own(self, headed: Items) -> Items:
        """Leave out of the items of one option what it shares with another."""
        kept = {
            heading: [
                each for each in entries if _key(heading, each) not in self.owners
            ]
            for heading, entries in headed.items()
        }
        return {heading: entries for heading, entries in kept.items() if entries}

    def common(self, said: Mapping[str, Items]) -> dict[tuple[str, ...], Items]:
        """Give the shared items once, by the options that share them, most first."""
        found: dict[tuple[str, ...], dict[str, dict[tuple[object, ...], Item]]] = {}
        for headed in said.values():
            for heading, entries in headed.items():
                for item in entries:
                    key = _key(heading, item)
                    if owners := self.owners.get(key):
                        under = found.setdefault(owners, {}).setdefault(heading, {})
                        under.setdefault(key, item)
        return {
            owners: {
                heading: tuple(found[owners][heading].values())
                for heading in (RISKS, *HEADINGS)
                if heading in found[owners]
            }
            for owners in sorted(found, key=len, reverse=True)
        }


def _key(heading: str, item: Item) -> tuple[object, ...]:
    figures = (item.frequency, item.population) if isinstance(item, RiskSaid) else ()
    return (heading, item.text, item.if_, item.sources, *figures)


@attrs.frozen
class ItemText:
    """Lays risks, steps and calls out as lines.

    Parameters
    ----------
    lead
        The indentation of the headings.
    domain
        The word for the domain; empty where the knowledge is not at hand.
    """

    ink: Ink
    lead: str = ""
    domain: str = ""

    def headed(self, headed: Items) -> Iterator[str]:
        """Give every heading with its items below."""
        for heading, entries in headed.items():
            yield f"{self.lead}{heading}"
            for item in entries:
                yield from self.item(item)

    def item(self, item: Item) -> Iterator[str]:
        """Give one risk, step or call with its sources."""
        hang = f"{self.lead}    "
        yield from wrapped(conditional(item.text, item.if_), f"{self.lead}  - ")
        if isinstance(item, RiskSaid):
            yield from wrapped(how_often(item, self.domain), hang)
            for each in item.more_likely:
                yield from self._modifier(each, hang)
        yield from self.ink.cited(item.sources, hang, judgement=item.judgement)

    def _modifier(self, reason: Reason, hang: str) -> Iterator[str]:
        yield from wrapped(conditional(reason.text, reason.if_), f"{hang}! ")
        yield from self.ink.cited(
            reason.sources, f"{hang}  ", judgement=reason.judgement
        )


def how_often(risk: RiskSaid, domain: str = "") -> str:
    """How often, in whom, where the figure comes from, how bad, for how long.

    Parameters
    ----------
    domain
        The word for the domain; empty where the knowledge is not at hand.
    """
    figure = risk.frequency
    if risk.basis == "analogue" and risk.frequency == NOT_KNOWN:
        figure = f"not known {f'in {domain}' if domain else 'here'}"
    of_whom = ", ".join(filter(None, [risk.population, risk.period]))
    if of_whom:
        counted = risk.basis == "analogue" and risk.frequency != NOT_KNOWN
        basis = f"not {domain or 'counted here'}; " if counted else ""
        figure = f"{figure} ({basis}{of_whom})"
    passes = _PASSES[risk.reversible]
    return f"How often: {figure}. Severity {risk.severity} of 5; {passes}."
