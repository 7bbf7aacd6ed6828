"""The shape of a knowledge base: circles, second roots, what nothing needs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter

from milia_cds.errors import Problem
from milia_cds.knowledge.model import Knowledge
from milia_cds.logic.conditions import And, Atom, Condition, Not, OneOf, Or, Term, atoms


def structural_problems(base: Knowledge) -> list[Problem]:
    """What is wrong with the shape: circles, second roots, what nothing leads to.

    It speaks of the nodes of the decision graph, which is not built for it.
    """
    leads_to = _leads_to(base)
    circle = _circle(leads_to)
    if circle:
        message = f"the decisions go in a circle: {' to '.join(circle)}"
        mend = "lead one branch elsewhere"
        return [Problem("triage.toml: decision", message, mend)]
    first = f"decision.{next(iter(base.decisions))}"
    reached = _reached(first, leads_to)
    led_to = {node for nodes in leads_to.values() for node in nodes}
    problems = []
    for node in leads_to:
        if node not in reached:
            message = "no branch leads here"
            if node not in led_to and node.startswith("decision."):
                message = f"a second root beside {first}"
            mend = "lead a branch to it, or remove it"
            problems.append(Problem(f"triage.toml: {node}", message, mend))
    return problems


def _leads_to(base: Knowledge) -> dict[str, list[str]]:
    """For each node of the decision graph, those that it leads to."""
    leads_to: dict[str, list[str]] = {}
    for name, decision in base.decisions.items():
        leads_to[f"decision.{name}"] = [
            f"{'decision' if branch.to in base.decisions else 'scenario'}.{branch.to}"
            for branch in decision.branch
        ]
    for name, scenario in base.scenarios.items():
        leads_to[f"scenario.{name}"] = [f"option.{option}" for option in scenario.ranks]
    for name, option in base.options.items():
        gates = [f"gate.{gate.name}" for gate in option.gate]
        leads_to[f"option.{name}"] = gates
        leads_to |= {gate: [] for gate in gates}
    return leads_to


def _circle(leads_to: Mapping[str, Iterable[str]]) -> list[str]:
    """A circle, from its first node on; empty where there is none."""
    try:
        TopologicalSorter(leads_to).prepare()
    except CycleError as error:
        circle = error.args[1][:0:-1]  # it leads against the branches
        first = min(circle, key=list(leads_to).index)
        place = circle.index(first)
        return [*circle[place:], *circle[:place]]
    return []


def _reached(first: str, leads_to: Mapping[str, Iterable[str]]) -> set[str]:
    reached: set[str] = set()
    ahead = [first]
    while ahead:
        node = ahead.pop()
        if node not in reached:
            reached.add(node)
            ahead.extend(leads_to.get(node, ()))
    return reached


def unused(base: Knowledge) -> list[Problem]:
    """Every source, set, term, fact and destination that nothing uses."""
    conditions = [condition for _, condition in base.conditions()]
    read = {atom.fact for each in conditions for atom in atoms(each)}
    terms, sets = _names_used(conditions)
    cited = {name for _, claim in base.sourced() for name in claim.sources}
    sent = {row.to for each in base.scenarios.values() for row in each.action}
    found = [
        ("terms.toml: term", base.terms, terms),
        ("terms.toml: set", base.sets, sets),
        ("facts.toml", base.kinds, read),
        ("sources.toml", base.sources, cited),
        ("scenarios.toml: destination", base.destinations, sent),
    ]
    return [
        Problem(
            f"{path}{'.' if ': ' in path else ': '}{name}",
            "nothing uses it",
            "use it, or remove it",
        )
        for path, names, used in found
        for name in names
        if name not in used
    ]


def _names_used(conditions: Iterable[Condition]) -> tuple[set[str], set[str]]:
    terms: set[str] = set()
    sets: set[str] = set()
    ahead = list(conditions)
    while ahead:
        match ahead.pop():
            case Term(name, part):
                terms.add(name)
                ahead.append(part)
            case Not(part):
                ahead.append(part)
            case And(parts) | Or(parts):
                ahead.extend(parts)
            case Atom(_, OneOf(_, str() as name)):
                sets.add(name)
    return terms, sets
