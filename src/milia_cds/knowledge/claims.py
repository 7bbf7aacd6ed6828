"""Every claim of a knowledge base, with the file and the key where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from milia_cds.knowledge.model import Knowledge, Option


def claimants(base: Knowledge) -> Iterator[tuple[str, Any]]:
    """Give everything that must have a source or be a judgement, with its place."""
    for name, named in base.sets.items():
        yield f"terms.toml: set.{name}", named
    for name, term in base.terms.items():
        yield f"terms.toml: term.{name}", term
    for contradiction in base.contradictions:
        yield f"terms.toml: contradiction.{contradiction.id}", contradiction
    for name, decision in base.decisions.items():
        yield f"triage.toml: decision.{name}", decision
    for name, destination in base.destinations.items():
        yield f"scenarios.toml: destination.{name}", destination
    for name, scenario in base.scenarios.items():
        path = f"scenarios.toml: scenario.{name}"
        yield path, scenario
        yield from _numbered(f"{path}.action", scenario.action)
        yield from _numbered(f"{path}.argument", scenario.argument)
    for name, criterion in base.criteria.items():
        yield f"criteria.toml: criterion.{name}", criterion
    for name, measure in base.measures.items():
        path = f"measures/{name}.toml: "
        yield path, measure
        yield from ((f"{path}gate.{gate.id}", gate) for gate in measure.gate)
    yield from ((f"common.toml: step.{each.id}", each) for each in base.common_steps)
    yield from ((f"common.toml: call.{each.id}", each) for each in base.common_calls)
    yield from ((f"advice.toml: advice.{each.id}", each) for each in base.advice)
    for name, option in base.options.items():
        yield from _option_claims(f"options/{name}.toml: ", option)


def _option_claims(path: str, option: Option) -> Iterator[tuple[str, Any]]:
    yield path, option
    yield from ((f"{path}gate.{gate.id}", gate) for gate in option.gate)
    yield from _numbered(f"{path}argument", option.argument)
    for risk in option.risk:
        yield f"{path}risk.{risk.id}", risk
        yield from _numbered(f"{path}risk.{risk.id}.modifier", risk.modifier)
    yield from ((f"{path}step.{step.id}", step) for step in option.step)
    yield from ((f"{path}call.{call.id}", call) for call in option.call)
    for level in option.level:
        at = f"{path}level.{level.criterion}"
        yield at, level
        yield from _numbered(f"{at}.modifier", level.modifier)


def _numbered(path: str, claims: Iterable[Any]) -> Iterator[tuple[str, Any]]:
    for place, claim in enumerate(claims):
        yield f"{path}[{place}]", claim
