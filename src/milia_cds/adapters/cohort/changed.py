"""The rules that differ between two knowledge bases, and where each bears on a case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from milia_cds.adapters.cohort.planes import Planes, unpacked
from milia_cds.knowledge.model import Knowledge
from milia_cds.logic.conditions import Condition

_DECIDING = frozenset({"forbid", "lower"})


class Rule(NamedTuple):
    """A rule that decides.

    Parameters
    ----------
    says
        What it says, to be compared.
    condition
        When it holds; `None` is always.
    about
        The option, measure or alert that it is about; "" is all of a case.
    scenario
        The only scenario in which it bears, or "".
    """

    says: tuple[Any, ...]
    condition: Condition | None
    about: str = ""
    scenario: str = ""


def _rules_of(base: Knowledge) -> dict[str, Rule]:
    """The rules that decide, by name."""
    return {
        **dict(_gates(base)),
        **dict(_of_triage(base)),
        **dict(_of_scenarios(base)),
        **dict(_dangers(base)),
    }


def _gates(base: Knowledge) -> Iterator[tuple[str, Rule]]:
    for owner in base.gated():
        for gate in owner.gate:
            if gate.kind in _DECIDING:
                says = (gate.kind, gate.to, gate.always, gate.condition)
                yield gate.name, Rule(says, gate.condition, owner.id)


def _of_triage(base: Knowledge) -> Iterator[tuple[str, Rule]]:
    for name, decision in base.decisions.items():
        for place, each in enumerate(decision.branch):
            says = (each.to, each.condition)
            yield f"{name}.{place + 1}", Rule(says, each.condition)


def _of_scenarios(base: Knowledge) -> Iterator[tuple[str, Rule]]:
    for name, scenario in base.scenarios.items():
        for place, row in enumerate(scenario.action):
            says = (row.act, row.to, row.urgency, row.condition)
            rule = Rule(says, row.condition, "", name)
            yield f"{name}.action.{place + 1}", rule
        for option, rank in scenario.ranks.items():
            yield f"{name}.standing.{option}", Rule((rank,), None, option, name)


def _dangers(base: Knowledge) -> Iterator[tuple[str, Rule]]:
    for name, alert in base.alerts.items():
        says = (alert.urgency, alert.to, alert.condition)
        yield name, Rule(says, alert.condition, name)


def changed_rules(
    before: Knowledge, after: Knowledge
) -> tuple[dict[str, Rule], dict[str, Rule]]:
    """The rules of each that the other lacks, or has in another form."""
    ours, theirs = _rules_of(before), _rules_of(after)
    return _only_in(ours, theirs), _only_in(theirs, ours)


def _only_in(some: Mapping[str, Rule], others: Mapping[str, Rule]) -> dict[str, Rule]:
    return {
        name: rule
        for name, rule in some.items()
        if name not in others or others[name].says != rule.says
    }


def bearing(
    rules: Mapping[str, Rule], facts: Planes, scenarios: Mapping[str, Any], about: str
) -> Iterator[str]:
    """The names of the rules that are true or open in the first row of some.

    Parameters
    ----------
    rules
        The rules.
    facts, scenarios
        What is decided on, and where each scenario is possible.
    about
        The option, measure or alert that is asked about; "" is all of a case.
    """
    for name, rule in rules.items():
        if about and rule.about not in {"", about}:
            continue
        here = facts.of(rule.condition).possible
        if rule.scenario:
            here = here & scenarios[rule.scenario]
        if unpacked(here, 1)[0]:
            yield name
