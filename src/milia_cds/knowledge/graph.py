"""The decision graph: triage, scenarios, options, gates and verdict as one DiGraph.

The only module that knows networkx. A node is named "kind.id"; its attributes are
`kind`, `id` and `label`; an edge has `kind` and, where it has a condition or a
standing, `label`.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple, TypeAlias

import networkx as nx

from milia_cds.errors import Problem
from milia_cds.knowledge.model import STANDINGS, Knowledge

VERDICT = "verdict.verdict"
_SWEEPS = 12

Graph: TypeAlias = "nx.DiGraph[str]"
"""A directed graph whose nodes are named by texts."""


def build(base: Knowledge) -> Graph:
    """Build the whole graph of a knowledge base."""
    graph: Graph = nx.DiGraph()
    _add(graph, "verdict", "verdict", "verdict")
    for name, decision in base.decisions.items():
        _add(graph, "decision", name, decision.ask)
    for name, scenario in base.scenarios.items():
        _add(graph, "scenario", name, scenario.label)
    for name, option in base.options.items():
        _add(graph, "option", name, option.label)
        for gate in option.gate:
            _add(graph, "gate", gate.name, gate.text, gate=gate.kind)
    _connect(graph, base)
    return graph


def _add(graph: Graph, kind: str, name: str, label: str, **more: str) -> None:
    graph.add_node(f"{kind}.{name}", kind=kind, id=name, label=label, **more)


def _connect(graph: Graph, base: Knowledge) -> None:
    for name, decision in base.decisions.items():
        for branch in decision.branch:
            kind = "decision" if branch.to in base.decisions else "scenario"
            label = branch.when or "otherwise"
            graph.add_edge(
                f"decision.{name}", f"{kind}.{branch.to}", kind="branch", label=label
            )
    for name, scenario in base.scenarios.items():
        for option, rank in scenario.ranks.items():
            graph.add_edge(
                f"scenario.{name}",
                f"option.{option}",
                kind="standing",
                label=STANDINGS[rank],
            )
    for name, option_record in base.options.items():
        graph.add_edge(f"option.{name}", VERDICT, kind="verdict", label="")
        for gate in option_record.gate:
            label = gate.when or "always"
            node = f"gate.{gate.name}"
            graph.add_edge(f"option.{name}", node, kind=gate.kind, label=label)
            graph.add_edge(node, VERDICT, kind="verdict", label="")


def structural_problems(graph: Graph) -> list[Problem]:
    """Give what is wrong with the shape: roots, circles, what cannot be reached."""
    file = "triage.toml: "
    problems: list[Problem] = []
    if not nx.is_directed_acyclic_graph(graph):
        circle = " to ".join(edge[0] for edge in nx.find_cycle(graph))
        message = f"the decisions go in a circle: {circle}"
        return [Problem(f"{file}decision", message, "lead one branch elsewhere")]
    first = of_kind(graph, "decision")[0]
    roots = [node for node, degree in graph.in_degree() if degree == 0]
    reached = nx.descendants(graph, first) | {first}
    for node in graph:
        if node not in reached:
            mend = "lead a branch to it, or remove it"
            message = "no branch leads here"
            if node in roots and graph.nodes[node]["kind"] == "decision":
                message = f"a second root beside {first}"
            problems.append(Problem(f"{file}{node}", message, mend))
    return problems


def part(
    graph: Graph, *, option: str | None = None, scenario: str | None = None
) -> Graph:
    """Give the part of the graph that is about one option, one scenario, or both.

    Without either, the triage alone: decisions and scenarios.
    """
    keep: set[str] = set()
    if scenario is None and option is None:
        keep = {*of_kind(graph, "decision"), *of_kind(graph, "scenario")}
    if scenario is not None:
        node = f"scenario.{scenario}"
        keep |= nx.ancestors(graph, node) | {node}
        if option is None:
            keep |= set(graph.successors(node))
    if option is not None:
        node = f"option.{option}"
        keep |= {node, VERDICT} | nx.descendants(graph, node)
        if scenario is None:
            keep |= set(graph.predecessors(node))
    shown: Graph = nx.DiGraph()
    shown.add_nodes_from((node, graph.nodes[node]) for node in graph if node in keep)
    shown.add_edges_from(
        edge for edge in graph.edges(data=True) if edge[0] in keep and edge[1] in keep
    )
    return shown


def of_kind(graph: Graph, kind: str) -> list[str]:
    """Give the nodes of one kind, in the order of the files."""
    return [node for node in graph if graph.nodes[node]["kind"] == kind]


def layers(graph: Graph) -> list[list[str]]:
    """Give the nodes in layers, so that every edge leads to a later layer."""
    return [sorted(layer) for layer in nx.topological_generations(graph)]


class Arrangement(NamedTuple):
    """Nodes in layers from top to bottom, each layer in an order with few crossings.

    An edge that passes layers has a stand-in in each of them; `routes` gives its
    stand-ins, from the top.
    """

    layers: list[list[str]]
    routes: dict[tuple[str, str], list[str]]


def arranged(nodes: Iterable[str], edges: Iterable[tuple[str, str]]) -> Arrangement:
    """Arrange a drawing in layers, with few crossings.

    Parameters
    ----------
    nodes, edges
        What is drawn, without circles; the order of the nodes is kept where it can be.
    """
    graph: Graph = nx.DiGraph()
    graph.add_nodes_from(nodes)
    graph.add_edges_from(edges)
    given = {node: place for place, node in enumerate(graph)}
    order = [sorted(layer, key=given.__getitem__) for layer in layers(graph)]
    level = {node: depth for depth, layer in enumerate(order) for node in layer}
    routes: dict[tuple[str, str], list[str]] = {}
    short: Graph = nx.DiGraph()
    short.add_nodes_from(graph)
    for start, end in graph.edges:
        passed = [
            f"{start} > {end} @ {at}" for at in range(level[start] + 1, level[end])
        ]
        routes[start, end] = passed
        nx.add_path(short, [start, *passed, end])
        for depth, stand_in in enumerate(passed, start=level[start] + 1):
            order[depth].append(stand_in)
    return Arrangement(_uncrossed(short, order), routes)


def _uncrossed(graph: Graph, order: list[list[str]]) -> list[list[str]]:
    """Sweep down and up, each node to the middle of its neighbours; keep the best."""
    best, fewest = order, _crossings(graph, order)
    for sweep in range(_SWEEPS):
        down = sweep % 2 == 0
        order = _swept(graph, order, down=down)
        crossings = _crossings(graph, order)
        if crossings < fewest:
            best, fewest = order, crossings
    return best


def _swept(graph: Graph, order: list[list[str]], *, down: bool) -> list[list[str]]:
    swept: list[list[str]] = []
    before: dict[str, float] = {}
    for layer in order if down else reversed(order):
        at = {node: float(place) for place, node in enumerate(layer)}
        for node in layer:
            beside = graph.predecessors(node) if down else graph.successors(node)
            places = [before[other] for other in beside if other in before]
            at[node] = sum(places) / len(places) if places else at[node]
        layer = sorted(layer, key=at.__getitem__)  # noqa: PLW2901 - the same, in order
        before = {node: float(place) for place, node in enumerate(layer)}
        swept.append(layer)
    return swept if down else swept[::-1]


def _crossings(graph: Graph, order: list[list[str]]) -> int:
    """Count the pairs of edges that cross, between each layer and the next."""
    count = 0
    for upper, lower in pairwise(order):
        place = {node: at for at, node in enumerate(lower)}
        ends = [
            place[node]
            for above in upper
            for node in sorted(graph.successors(above), key=place.__getitem__)
        ]
        count += sum(
            first > second for at, first in enumerate(ends) for second in ends[at + 1 :]
        )
    return count
