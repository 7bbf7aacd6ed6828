"""The decision graph: triage, scenarios, options, gates and verdict as one DiGraph.

Alerts hang off its root as a group of their own: they are looked at in every case.

The only module that knows networkx, which it imports when a graph is asked for. A node
is named "kind.id"; its attributes are `kind`, `id` and `label`; an edge has `kind` and,
where it has a condition or a standing, `label`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.options import STANDINGS

if TYPE_CHECKING:
    import networkx as nx

VERDICT = "verdict.verdict"
ALERTS = "alerts.alerts"

Graph: TypeAlias = "nx.DiGraph[str]"
"""A directed graph whose nodes are named by texts."""


def build(base: Knowledge) -> Graph:
    """Build the whole graph of a knowledge base."""
    graph: Graph = _networkx().DiGraph()
    _add(graph, "verdict", "verdict", "verdict")
    if base.alerts:
        _add(graph, "alerts", "alerts", "Dangers, whatever is decided")
    for name, alert in base.alerts.items():
        _add(graph, "alert", name, alert.text, urgency=alert.urgency)
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
    if base.alerts:
        root = f"decision.{next(iter(base.decisions))}"
        graph.add_edge(root, ALERTS, kind="alerts", label="")
    for name, alert in base.alerts.items():
        graph.add_edge(ALERTS, f"alert.{name}", kind="alert", label=alert.when)
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


def part(
    graph: Graph, *, option: str | None = None, scenario: str | None = None
) -> Graph:
    """The part of the graph that is about one option, one scenario, or both.

    Without either, the triage alone: decisions and scenarios.
    """
    nx = _networkx()
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
    """The nodes of one kind, in the order of the files."""
    return [node for node in graph if graph.nodes[node]["kind"] == kind]


def _networkx() -> Any:
    """Networkx, which takes longer to import than a case takes to be assessed."""
    import networkx as nx  # noqa: PLC0415 - only where a graph is asked for

    return nx
