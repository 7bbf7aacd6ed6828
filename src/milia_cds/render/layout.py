"""Drawings in layers: where each node stands, with few lines that cross."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple, TypeAlias

_SWEEPS = 12

Neighbours: TypeAlias = Mapping[str, Sequence[str]]
"""The nodes that a line joins to each node."""


class Arrangement(NamedTuple):
    """Nodes in layers from top to bottom, each layer in an order with few crossings.

    An edge that passes layers has a stand-in in each of them; `routes` gives its
    stand-ins, from the top.
    """

    layers: list[list[str]]
    routes: dict[tuple[str, str], list[str]]


def layers(nodes: Iterable[str], edges: Iterable[tuple[str, str]]) -> list[list[str]]:
    """Nodes in layers, so that every edge leads to a later layer.

    Parameters
    ----------
    nodes, edges
        A graph without circles. Each node stands as high as it can, and a layer is in
        the order of the nodes.
    """
    order = list(nodes)
    above, below = _neighbours(order, edges)
    left = {node: len(above[node]) for node in order}
    found: list[list[str]] = []
    layer = [node for node in order if not left[node]]
    while layer:
        found.append(layer)
        reached = set()
        for node in layer:
            for after in below[node]:
                left[after] -= 1
                if not left[after]:
                    reached.add(after)
        layer = [node for node in order if node in reached]
    return found


def arranged(nodes: Iterable[str], edges: Iterable[tuple[str, str]]) -> Arrangement:
    """Arrange a drawing in layers, with few crossings.

    Parameters
    ----------
    nodes, edges
        What is drawn, without circles; the order of the nodes is kept where it can be.
    """
    given = {node: place for place, node in enumerate(nodes)}
    lines = sorted(dict.fromkeys(edges), key=lambda edge: given[edge[0]])
    order = layers(given, lines)
    level = {node: depth for depth, layer in enumerate(order) for node in layer}
    routes: dict[tuple[str, str], list[str]] = {}
    for start, end in lines:
        between = range(level[start] + 1, level[end])
        routes[start, end] = [f"{start} > {end} @ {at}" for at in between]
        for depth, stand_in in zip(between, routes[start, end], strict=True):
            order[depth].append(stand_in)
    short = [
        step
        for (start, end), passed in routes.items()
        for step in pairwise([start, *passed, end])
    ]
    every = [*given, *(name for passed in routes.values() for name in passed)]
    above, below = _neighbours(every, short)
    return Arrangement(_uncrossed(order, above, below), routes)


def _neighbours(
    nodes: Iterable[str], edges: Iterable[tuple[str, str]]
) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """The nodes above each node, and those below it."""
    above: dict[str, list[str]] = {node: [] for node in nodes}
    below: dict[str, list[str]] = {node: [] for node in above}
    for start, end in dict.fromkeys(edges):
        above[end].append(start)
        below[start].append(end)
    return above, below


def _uncrossed(
    order: list[list[str]], above: Neighbours, below: Neighbours
) -> list[list[str]]:
    """Sweep down and up, each node to the middle of its neighbours; keep the best."""
    best, fewest = order, _crossings(order, below)
    for sweep in range(_SWEEPS):
        if sweep % 2 == 0:
            order = _swept(order, above)
        else:
            order = _swept(order[::-1], below)[::-1]
        crossings = _crossings(order, below)
        if crossings < fewest:
            best, fewest = order, crossings
    return best


def _swept(order: list[list[str]], beside: Neighbours) -> list[list[str]]:
    swept: list[list[str]] = []
    before: dict[str, float] = {}
    for layer in order:
        at = {node: float(place) for place, node in enumerate(layer)}
        for node in layer:
            places = [before[other] for other in beside[node] if other in before]
            at[node] = sum(places) / len(places) if places else at[node]
        moved = sorted(layer, key=at.__getitem__)
        before = {node: float(place) for place, node in enumerate(moved)}
        swept.append(moved)
    return swept


def _crossings(order: list[list[str]], below: Neighbours) -> int:
    """Count the pairs of edges that cross, between each layer and the next."""
    count = 0
    for upper, lower in pairwise(order):
        place = {node: at for at, node in enumerate(lower)}
        ends = [
            place[node]
            for above in upper
            for node in sorted(below[above], key=place.__getitem__)
        ]
        count += sum(
            first > second for at, first in enumerate(ends) for second in ends[at + 1 :]
        )
    return count
