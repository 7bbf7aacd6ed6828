"""What is said of an option besides its rules: risks, steps by time, when to call.

An assessment says it of the options that are offered, an explanation of any. What
several options share is said once, with the options that it is for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

import attrs

from milia_cds.explanation.places import Place, Reason, RiskSaid, StepSaid
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.options import Option
from milia_cds.knowledge.texts import NOT_KNOWN, Call, Risk, Step
from milia_cds.knowledge.wording import Wording
from milia_cds.logic.conditions import Condition

RISKS = "What can go wrong"
_PHASES = {"preparation": "Before", "anaesthesia": "Anaesthesia"}
_TIMES = {
    "immediate": "Straight after",
    "first_two_days": "In the first two days",
    "first_week": "In the first week",
    "until_healed": "Until it has healed",
    "ongoing": "All along",
    "review": "Review",
    "emergency": "To hospital now",
    "same_day": "Call the same day",
    "soon": "Call soon",
}
HEADINGS = (*_PHASES.values(), *_TIMES.values())
"""The headings of steps and calls, in the order of time."""
EFFECTS = {
    "forbid": "Never offered while",
    "lower": "Less recommended while",
    "caution": "Take care when",
    "favour": "Speaks for it when",
    "note": "To know",
}
"""What each kind of gate does, as a heading."""
_PASSES = {
    "yes": "it passes",
    "partly": "it may not pass altogether",
    "no": "it often stays for good",
    "not_known": "whether it passes is not known",
}

Particular: TypeAlias = RiskSaid | StepSaid
Particulars: TypeAlias = Mapping[str, Sequence[Particular]]
"""Risks, steps and calls by their heading."""
_Found: TypeAlias = dict[str, dict[tuple[object, ...], Particular]]


def particulars_of(place: Place) -> Particulars:
    """What is said of an option in its place, by heading, in the order of time."""
    return by_heading(
        place.risks,
        {"preparation": place.preparation, "anaesthesia": place.anaesthesia},
        (*place.aftercare, *place.call_if),
    )


def by_heading(
    risks: Iterable[RiskSaid],
    phases: Mapping[str, Iterable[StepSaid]],
    later: Iterable[StepSaid],
) -> Particulars:
    """Risks, steps before a procedure by phase, and later ones by time."""
    found: dict[str, list[Particular]] = {RISKS: list(risks)}
    found |= {heading: [] for heading in HEADINGS}
    for phase, steps in phases.items():
        found[_PHASES[phase]] += steps
    for step in later:
        found[_TIMES[step.timing]].append(step)
    return {heading: each for heading, each in found.items() if each}


def heading_of(step: Step) -> str:
    """The heading under which a step stands."""
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
    def between(cls, said: Mapping[str, Particulars]) -> Shared:
        """What is said of more than one of the options, by label."""
        owners: dict[tuple[object, ...], dict[str, None]] = {}
        for label, headed in said.items():
            for heading, entries in headed.items():
                for entry in entries:
                    owners.setdefault(_key(heading, entry), {})[label] = None
        several = {key: tuple(each) for key, each in owners.items() if len(each) > 1}
        taking = {label for each in several.values() for label in each}
        return cls(tuple(label for label in said if label in taking), several)

    def own(self, headed: Particulars) -> Particulars:
        """What is said of one option and is not shared with another."""
        kept = {
            heading: [
                each for each in entries if _key(heading, each) not in self.owners
            ]
            for heading, entries in headed.items()
        }
        return {heading: entries for heading, entries in kept.items() if entries}

    def common(
        self, said: Mapping[str, Particulars]
    ) -> dict[tuple[str, ...], Particulars]:
        """The shared items once, by the options that share them, most first."""
        found: dict[tuple[str, ...], _Found] = {}
        for headed in said.values():
            for heading, entries in headed.items():
                for entry in entries:
                    key = _key(heading, entry)
                    if owners := self.owners.get(key):
                        under = found.setdefault(owners, {}).setdefault(heading, {})
                        under.setdefault(key, entry)
        return {
            owners: {
                heading: tuple(found[owners][heading].values())
                for heading in (RISKS, *HEADINGS)
                if heading in found[owners]
            }
            for owners in sorted(found, key=len, reverse=True)
        }


def _key(heading: str, entry: Particular) -> tuple[object, ...]:
    figures = (entry.frequency, entry.population) if isinstance(entry, RiskSaid) else ()
    return (heading, entry.text, entry.if_, entry.sources, *figures)


def how_often(risk: RiskSaid, domain: str = "") -> str:
    """How often, in whom, where the figure comes from, how bad, for how long.

    Parameters
    ----------
    domain
        The word for the domain; empty where the knowledge is not at hand.
    """
    figure = how_often_counted(risk, domain)
    if not figure:
        where = f" {f'in {domain}' if domain else 'here'}"
        figure = f"{NOT_KNOWN}{where if risk.basis == 'analogue' else ''}"
        figure += _in_brackets(risk.population, risk.period)
    return f"How often: {figure}. {gravity(risk)}."


def how_often_counted(risk: RiskSaid, domain: str = "") -> str:
    """The frequency of a risk, in whom, and where it is from; "" where nobody counted.

    Parameters
    ----------
    domain
        The word for the domain; empty where the knowledge is not at hand.
    """
    if risk.frequency == NOT_KNOWN:
        return ""
    of_whom = (risk.population, risk.period)
    elsewhere = risk.basis == "analogue" and any(of_whom)
    basis = f"not {domain or 'counted here'}; " if elsewhere else ""
    return f"{risk.frequency}{_in_brackets(*of_whom, basis=basis)}"


def gravity(risk: RiskSaid) -> str:
    """How bad a risk is, and whether it passes."""
    return f"Severity {risk.severity} of 5; {_PASSES[risk.reversible]}"


def _in_brackets(*of_whom: str, basis: str = "") -> str:
    said = ", ".join(filter(None, of_whom))
    return f" ({basis}{said})" if said else ""


@attrs.frozen
class InGeneral:
    """Says the records of an option without a case: every condition in words."""

    words: Wording

    def clause(self, condition: Condition | None) -> str | None:
        """A condition in words, where there is one."""
        return None if condition is None else self.words.condition(condition)

    def particulars(self, base: Knowledge, option: Option) -> Particulars:
        """The risks, steps and calls of an option by heading."""
        steps = base.steps(option)
        early = {
            phase: [self._step(step) for step in steps if step.phase == phase]
            for phase in ("preparation", "anaesthesia")
        }
        late = [self._step(step) for step in steps if step.phase not in early]
        calls = [self._step(call) for call in base.calls(option)]
        return by_heading(
            [self.risk(each) for each in option.risk], early, late + calls
        )

    def _step(self, entry: Step | Call) -> StepSaid:
        return StepSaid.of(entry, self.clause(entry.condition))

    def risk(self, risk: Risk) -> RiskSaid:
        """A risk with all its modifiers, whose texts name their own case."""
        more = tuple(
            Reason(
                rule=risk.id,
                text=each.text,
                plain=each.plain,
                sources=each.sources,
                judgement=each.judgement,
            )
            for each in risk.modifier
        )
        return RiskSaid.of(risk.id, risk, more, self.clause(risk.condition))
