"""Drawings in layers: every edge leads down, and few cross."""

from __future__ import annotations

from itertools import pairwise

import pytest

from milia_cds.knowledge.graph import VERDICT, build, part
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.reading import read_knowledge
from milia_cds.render.layout import arranged, layers


@pytest.fixture(scope="module")
def shipped() -> Knowledge:
    return read_knowledge()


def test_every_edge_leads_to_a_later_layer(shipped: Knowledge) -> None:
    graph = build(shipped)
    place = {
        node: number
        for number, layer in enumerate(layers(graph, graph.edges))
        for node in layer
    }
    assert place.keys() == {*graph}
    assert all(place[one] < place[other] for one, other in graph.edges)
    assert layers(graph, graph.edges)[0] == ["decision.warning_sign"]
    assert layers(graph, graph.edges)[-1] == [VERDICT]


def _crossed(edges: list[tuple[str, str]], order: list[list[str]]) -> int:
    place = {node: at for layer in order for at, node in enumerate(layer)}
    level = {node: depth for depth, layer in enumerate(order) for node in layer}
    return sum(
        level[a] == level[c] and (place[a] - place[c]) * (place[b] - place[d]) < 0
        for at, (a, b) in enumerate(edges)
        for c, d in edges[at + 1 :]
    )


def test_an_arrangement_leads_down_and_holds_every_node_once() -> None:
    edges = [("a", "b"), ("b", "c"), ("a", "c"), ("d", "c")]
    order, routes = arranged("dabc", edges)
    level = {node: depth for depth, layer in enumerate(order) for node in layer}
    nodes = [node for layer in order for node in layer]
    passed = [node for route in routes.values() for node in route]
    assert sorted(nodes) == sorted([*"abcd", *passed])
    assert all(level[start] < level[end] for start, end in edges)


def test_a_long_edge_has_a_stand_in_in_each_layer_that_it_passes() -> None:
    order, routes = arranged("abcd", [("a", "b"), ("b", "c"), ("c", "d"), ("a", "d")])
    assert len(routes["a", "d"]) == 2
    assert routes["a", "b"] == []
    for depth, stand_in in enumerate(routes["a", "d"], start=1):
        assert stand_in in order[depth]


def test_crossings_are_undone() -> None:
    edges = [("a", "z"), ("b", "y"), ("c", "x")]
    assert _crossed(edges, [["a", "b", "c"], ["x", "y", "z"]]) == 3
    order, _ = arranged("abcxyz", edges)
    assert _crossed(edges, order) == 0


def test_an_arrangement_is_the_same_every_time(shipped: Knowledge) -> None:
    graph = build(shipped)
    edges = list(graph.edges)
    assert arranged(graph, edges) == arranged(graph, edges)


def test_the_triage_is_arranged_without_a_crossing(shipped: Knowledge) -> None:
    triage = part(build(shipped))
    order, routes = arranged(triage, list(triage.edges))
    short = []
    for (start, end), passed in routes.items():
        short += list(pairwise([start, *passed, end]))
    assert _crossed(short, order) == 0
