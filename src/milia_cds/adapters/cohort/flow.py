"""A flow between two columns: how many went from each on the left to the right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from milia_cds.render.markup import Markup, element
from milia_cds.render.phrases import spaced
from milia_cds.render.picture import Picture
from milia_cds.render.svg import Title, svg

_WIDTH, _MARGIN, _HEIGHT = 760, 16, 360
_NAMES, _BAR, _GAP, _LINE = 220, 14, 16, 14


class Flow(NamedTuple):
    """How many went from one place to another."""

    before: str
    after: str
    cases: int


def flow_picture(flows: Sequence[Flow], title: Title) -> Picture:
    """Draw two columns of bars, and what went from one to the other.

    Parameters
    ----------
    flows
        How many went from where to where.
    title
        Its title.
    """
    order = sorted(flows, key=lambda each: (-each.cases, each.before, each.after))
    words = [
        f"{spaced(each.before)} -> {spaced(each.after)}: {each.cases}" for each in order
    ]
    sides = max(len({e.before for e in order}), len({e.after for e in order}), 1)
    height = _HEIGHT + sides * _GAP + _LINE
    drawn = svg(_WIDTH, height + _MARGIN, title, [*_ink(order)])
    return Picture.of(drawn, "\n".join(words) or "There is no case.")


def _ink(flows: Sequence[Flow]) -> Iterator[Markup]:
    total = sum(each.cases for each in flows) or 1
    scale = _HEIGHT / total
    left = _tops([(each.before, each.cases) for each in flows], scale)
    right = _tops([(each.after, each.cases) for each in flows], scale)
    x1, x2 = _MARGIN + _NAMES, _WIDTH - _MARGIN - _NAMES
    yield _text("before", x1 - 6, _LINE, "end")
    yield _text("after", x2 + _BAR + 6, _LINE, "start")
    starts, ends = dict(left), dict(right)
    sized: dict[str, dict[str, int]] = {"left": {}, "right": {}}
    for each in flows:
        high = each.cases * scale
        y1, y2 = starts[each.before], ends[each.after]
        starts[each.before] += high
        ends[each.after] += high
        sized["left"][each.before] = sized["left"].get(each.before, 0) + each.cases
        sized["right"][each.after] = sized["right"].get(each.after, 0) + each.cases
        yield _band(each, (x1 + _BAR, y1), (x2, y2), high)
    for name, cases in sized["left"].items():
        yield _bar(x1, left[name], cases * scale)
        said = f"{spaced(name)}: {cases}"
        yield _text(said, x1 - 6, left[name] + cases * scale / 2 + 4, "end")
    for name, cases in sized["right"].items():
        yield _bar(x2, right[name], cases * scale)
        said = f"{spaced(name)}: {cases}"
        yield _text(said, x2 + _BAR + 6, right[name] + cases * scale / 2 + 4, "start")


def _tops(sizes: Sequence[tuple[str, int]], scale: float) -> dict[str, float]:
    """Where the bar of each place begins, the largest first."""
    whole: dict[str, int] = {}
    for name, cases in sizes:
        whole[name] = whole.get(name, 0) + cases
    tops, y = {}, 2.0 * _LINE
    for name in sorted(whole, key=lambda each: (-whole[each], each)):
        tops[name] = y
        y += whole[name] * scale + _GAP
    return tops


def _band(
    flow: Flow, start: tuple[float, float], end: tuple[float, float], high: float
) -> Markup:
    (x1, y1), (x2, y2) = start, end
    middle = (x1 + x2) / 2
    way = (
        f"M{x1:.1f},{y1:.1f}C{middle:.1f},{y1:.1f} {middle:.1f},{y2:.1f} "
        f"{x2:.1f},{y2:.1f}V{y2 + high:.1f}C{middle:.1f},{y2 + high:.1f} "
        f"{middle:.1f},{y1 + high:.1f} {x1:.1f},{y1 + high:.1f}Z"
    )
    said = f"{spaced(flow.before)} to {spaced(flow.after)}: {flow.cases}"
    ink = "ground" if flow.before == flow.after else "bar-b"
    return element("path", element("title", said), class_=ink, d=way)


def _bar(x: float, y: float, high: float) -> Markup:
    return element(
        "rect",
        class_="bar-a",
        x=f"{x:.1f}",
        y=f"{y:.1f}",
        width=str(_BAR),
        height=f"{max(high, 1):.1f}",
    )


def _text(text: str, x: float, y: float, anchor: str) -> Markup:
    return element(
        "text", text, x=f"{x:.0f}", y=f"{y:.0f}", text_anchor=anchor, class_="small"
    )
