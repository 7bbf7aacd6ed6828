"""The decision graph as Mermaid text, for documents.

A drawing of all gates would pass what Mermaid draws at all (500 edges), so the whole
graph shows the gates of an option as one count; the graph of one option shows each.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from milia_cds.errors import visible
from milia_cds.explanation.bands import HOW_SOON
from milia_cds.knowledge.graph import ALERTS, Graph, build, of_kind, part
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.wording import Wording
from milia_cds.render.layout import layers

_SHAPES = {
    "alerts": ('[["', '"]]'),
    "alert": ('{{"', '"}}'),
    "decision": ('{"', '"}'),
    "scenario": ('(["', '"])'),
    "option": ('["', '"]'),
    "gate": ('[/"', '"/]'),
    "verdict": ('(("', '"))'),
}
_LONGEST = 90


def mermaid(
    base: Knowledge,
    *,
    option: str | None = None,
    scenario: str | None = None,
    triage: bool = False,
) -> str:
    """The decision graph as a Mermaid flowchart.

    Parameters
    ----------
    option, scenario
        The id of the one option or scenario that is wanted, or both.
    triage
        Whether only the decisions and scenarios are wanted.

    Raises
    ------
    UnknownNameError
        When there is no such option or scenario.
    """
    if option is not None:
        base.option(option)
    if scenario is not None:
        base.scenario(scenario)
    graph = build(base)
    if option or scenario or triage:
        graph = part(graph, option=option, scenario=scenario)
    else:
        graph = _folded(graph)
    edges = _edges(graph, base, every=bool(option and scenario))
    policy = [] if base.policy is None else [f"    %% {base.policy}"]
    return "\n".join(["flowchart TD", *policy, *_nodes(graph), *edges])


def _folded(graph: Graph) -> Graph:
    """The graph with the gates of each option counted, not drawn."""
    shown = graph.copy()
    for node in of_kind(graph, "option"):
        gates = [after for after in graph.successors(node) if after.startswith("gate.")]
        counts = Counter(graph.nodes[gate]["gate"] for gate in gates)
        said = ", ".join(f"{count} {name}" for name, count in counts.items())
        shown.edges[node, "verdict.verdict"]["label"] = said
        shown.remove_nodes_from(gates)
    return shown


def _nodes(graph: Graph) -> Iterator[str]:
    for layer in layers(graph, graph.edges):
        for node in sorted(layer):
            about = graph.nodes[node]
            left, right = _SHAPES[about["kind"]]
            text = about["label"]
            if about["kind"] == "alert":
                text = f"{HOW_SOON[about['urgency']]}: {text}"
            label = _escaped(text)
            if about["kind"] == "gate":
                label = f"{about['gate']}: {label}"
            yield f"    {_name(node)}{left}{label}{right}"


def _edges(graph: Graph, base: Knowledge, *, every: bool) -> Iterator[str]:
    said = _branches_in_words(base)
    for start, end, edge in graph.edges(data=True):
        label = said.get((start, end), edge["label"])
        if label == "not_recommended" and not every:
            continue
        arrow = f'-->|"{_escaped(label)}"|' if label else "-->"
        yield f"    {_name(start)} {arrow} {_name(end)}"


def _branches_in_words(base: Knowledge) -> dict[tuple[str, str], str]:
    words = Wording(base)
    said: dict[tuple[str, str], str] = {
        (ALERTS, f"alert.{name}"): words.condition(alert.condition)
        for name, alert in base.alerts.items()
    }
    for name, decision in base.decisions.items():
        for branch in decision.branch:
            kind = "decision" if branch.to in base.decisions else "scenario"
            clause = (
                "otherwise" if branch.otherwise else words.condition(branch.condition)
            )
            said[f"decision.{name}", f"{kind}.{branch.to}"] = clause
    for owner in base.options.values():
        for gate in owner.gate:
            clause = words.condition(gate.condition) if gate.condition else "always"
            said[f"option.{owner.id}", f"gate.{gate.name}"] = clause
    return said


def _name(node: str) -> str:
    return re.sub(r"\W", "_", node)


def _escaped(text: str) -> str:
    text = visible(text)
    short = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3].rstrip()}..."
    return (
        short.replace("&", "#amp;")
        .replace('"', "#quot;")
        .replace("<", "#lt;")
        .replace(">", "#gt;")
        .replace("_", " ")
    )
