"""Layered drawings as SVG: boxes with wrapped text, edges that cross no box.

What is true, false or not known has a mark of its own shape and says so in a word;
colour only repeats it. Sizes are in CSS pixels, at which a drawing is meant to be read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from math import ceil
from typing import Literal, NamedTuple, TypeAlias

from milia_cds.render.layout import arranged
from milia_cds.render.markup import Markup, element
from milia_cds.render.style import PICTURE

State: TypeAlias = Literal["", "true", "false", "unknown", "danger"]
STATES: dict[State, str] = {
    "true": "true",
    "false": "false",
    "unknown": "not known",
    "danger": "stated",
}
"""The word that goes with each state."""

SIZE = 13
_LINE = 17
_PAD = 10
_GAP = 18
_BETWEEN = 32
_MARGIN = 16
_MARK = 20
_BEND = 8
_STAND_IN = 10
_NARROWEST = 560  # so that the digest has room

# The advance of letters in hundredths of the size, by Helvetica's measures and on the
# generous side, since the font that is there may be a wider one.
_WIDTHS = {
    **dict.fromkeys("ijl'|", 25),
    **dict.fromkeys("ft.,:;!/\\I()[] ", 31),
    **dict.fromkeys('r-"', 37),
    **dict.fromkeys("ckJsvxyz", 52),
    **dict.fromkeys("ABEKPSVXY&", 70),
    **dict.fromkeys("CDGHNOQRUw+<>=", 75),
    **dict.fromkeys("mM", 87),
    **dict.fromkeys("W%@", 96),
}
_ORDINARY = 59


class BoxRow(NamedTuple):
    """A line of a box, such as a rule, with its value in a case."""

    text: str
    state: State = ""


class Box(NamedTuple):
    """A box of a drawing.

    Parameters
    ----------
    caption
        What kind of thing it is, in a word or two.
    text
        What stands in it.
    rows
        Lines below it.
    state
        Its value in a case.
    said
        The word for the state, where it is not that of `STATES`; `None` leaves the
        state to the rows.
    shape
        "round" for what is reached, "label" for a condition, "box" otherwise.
    width
        In pixels.
    """

    caption: str
    text: str
    rows: tuple[BoxRow, ...] = ()
    state: State = ""
    said: str | None = ""
    shape: Literal["box", "round", "label"] = "box"
    width: int = 190


class Edge(NamedTuple):
    """An edge of a drawing, by the names of its boxes."""

    start: str
    end: str
    state: State = ""


def measure(text: str, size: float = SIZE, *, bold: bool = False) -> float:
    """The width that a text takes, in pixels; rather too much than too little."""
    units = sum(
        _WIDTHS.get(letter, _ORDINARY if letter.isascii() else 100) for letter in text
    )
    return units * size / 100 * (1.08 if bold else 1)


def wrap(text: str, width: float, *, bold: bool = False) -> list[str]:
    """Break a text into lines of at most a width; a longer word is broken too."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        longer = f"{line} {word}" if line else word
        if measure(longer, bold=bold) <= width:
            line = longer
            continue
        if line:
            lines.append(line)
        line = word
        while measure(line, bold=bold) > width:
            fits = _fitting(line, width, bold=bold)
            lines.append(line[:fits])
            line = line[fits:]
    return [*lines, line] if line else lines


def _fitting(word: str, width: float, *, bold: bool) -> int:
    fits = len(word)
    while fits > 1 and measure(word[:fits], bold=bold) > width:
        fits -= 1
    return fits


class Title(NamedTuple):
    """What a picture shows, and the knowledge that it rests on, line by line."""

    text: str
    rests_on: tuple[str, ...]


class Drawing(NamedTuple):
    """A drawing that stands alone, and its size in pixels."""

    title: Title
    svg: Markup
    width: int
    height: int


def svg(
    width: float, height: float, title: Title, *children: Iterable[Markup] | Markup
) -> Drawing:
    """A drawing of a fixed size that stands alone, under its title."""
    across = max(ceil(width), _NARROWEST)
    lines = wrap(title.text, across - 2 * _MARGIN, bold=True)
    top = len(lines) * _LINE + _MARGIN
    room = across - 2 * _MARGIN
    ground = [part for line in title.rests_on for part in wrap(line, room)]
    down = ceil(top + height + len(ground) * _LINE + _MARGIN)
    drawn = element(
        "svg",
        element("style", Markup(PICTURE)),
        [
            _text(line, _MARGIN, _MARGIN + (at + 1) * _LINE - 5, "strong")
            for at, line in enumerate(lines)
        ],
        element(
            "g",
            *children,
            transform=f"translate({_px((across - ceil(width)) / 2)} {top})",
        ),
        [
            _text(line, _MARGIN, down - _MARGIN - at * _LINE, "small quiet")
            for at, line in enumerate(reversed(ground))
        ],
        xmlns="http://www.w3.org/2000/svg",
        class_="milia",
        width=str(across),
        height=str(down),
        viewBox=f"0 0 {across} {down}",
        role="img",
        aria_label=title.text,
    )
    return Drawing(title, drawn, across, down)


def drawing(boxes: Mapping[str, Box], edges: Sequence[Edge], title: Title) -> Drawing:
    """Draw boxes and edges in layers.

    Parameters
    ----------
    boxes
        By name; those that no edge joins stand below the others.
    edges
        Between boxes, without circles.
    title
        What the picture shows.
    """
    return _Layout(boxes, edges).drawn(title)


class _Place(NamedTuple):
    """Where a box or a stand-in lies: its middle, its top, and its layer's bottom."""

    x: float
    top: float
    height: float
    bottom: float


class _Layout:
    def __init__(self, boxes: Mapping[str, Box], edges: Sequence[Edge]) -> None:
        self.boxes = boxes
        self.edges = edges
        self.laid = {name: _Laid(box) for name, box in boxes.items()}
        joined = {name for edge in edges for name in (edge.start, edge.end)}
        self.layers, self.routes = arranged(
            [name for name in boxes if name in joined],
            [(edge.start, edge.end) for edge in edges],
        )
        loose = [name for name in boxes if name not in joined]
        self.layers += [loose] if loose else []
        self.places: dict[str, _Place] = {}
        self._place()

    def drawn(self, title: Title) -> Drawing:
        widths = [self._width(name) for name in self.places]
        rights = [
            place.x + width / 2
            for place, width in zip(self.places.values(), widths, strict=True)
        ]
        width = max(rights, default=0) + _MARGIN
        height = max((place.bottom for place in self.places.values()), default=0)
        # What holds is drawn over what does not.
        order = {"false": 0, "": 1, "unknown": 2, "true": 3, "danger": 4}
        edges = sorted(self.edges, key=lambda edge: order[edge.state])
        return svg(
            width,
            height + _MARGIN,
            title,
            (self._edge(edge) for edge in edges),
            (self._box(name) for name in self.boxes),
        )

    # -- places --

    def _width(self, name: str) -> float:
        return self.boxes[name].width if name in self.boxes else _STAND_IN

    def _height(self, name: str) -> float:
        return self.laid[name].height if name in self.laid else 0

    def _place(self) -> None:
        columns = self._columns()
        left = min(
            (x - self._width(name) / 2 for name, x in columns.items()), default=0
        )
        top = float(_MARGIN)
        for layer in self.layers:
            tallest = max(map(self._height, layer))
            for name in layer:
                x = columns[name] - left + _MARGIN
                self.places[name] = _Place(x, top, self._height(name), top + tallest)
            top += tallest + _BETWEEN

    def _columns(self) -> dict[str, float]:
        """The middle of each box: near those it is joined to, in the order."""
        beside = self._neighbours()
        columns: dict[str, float] = {}
        for layer in self.layers:
            columns |= self._spread(layer, [0.0] * len(layer))
        for sweep in range(12):
            for layer in self.layers if sweep % 2 == 0 else reversed(self.layers):
                wanted = []
                for name in layer:
                    near = [columns[other] for other in beside[name]]
                    wanted.append(sum(near) / len(near) if near else columns[name])
                columns |= self._spread(layer, wanted)
        return columns

    def _neighbours(self) -> dict[str, list[str]]:
        beside: dict[str, list[str]] = {n: [] for layer in self.layers for n in layer}
        for (start, end), passed in self.routes.items():
            for first, second in pairwise([start, *passed, end]):
                beside[first].append(second)
                beside[second].append(first)
        return beside

    def _spread(
        self, layer: Sequence[str], wanted: Sequence[float]
    ) -> dict[str, float]:
        """Keep the boxes of a layer apart, each as near as can be to where it should.

        The mean of the two tightest ways to keep them apart keeps them apart.
        """
        apart = [
            (self._width(first) + self._width(second)) / 2 + _GAP
            for first, second in pairwise(layer)
        ]
        forth = list(wanted)
        back = list(wanted)
        for at, least in enumerate(apart):
            forth[at + 1] = max(forth[at + 1], forth[at] + least)
        for at, least in reversed(list(enumerate(apart))):
            back[at] = min(back[at], back[at + 1] - least)
        return {
            name: (one + other) / 2
            for name, one, other in zip(layer, forth, back, strict=True)
        }

    # -- ink --

    def _edge(self, edge: Edge) -> Markup:
        start, end = self.places[edge.start], self.places[edge.end]
        passed = [self.places[name] for name in self.routes[edge.start, edge.end]]
        path = f"M{_px(start.x)} {_px(start.top + start.height)}V{_px(start.bottom)}"
        x = start.x
        bottom = start.bottom
        for place in [*passed, end]:
            middle = (bottom + place.top) / 2
            last = place.top - (_BEND if place is end else 0)
            path += (
                f"C{_px(x)} {_px(middle)} {_px(place.x)} {_px(middle)} "
                f"{_px(place.x)} {_px(last)}"
            )
            if place is not end:
                path += f"V{_px(place.bottom)}"
            x, bottom = place.x, place.bottom
        tip = f"M{_px(end.x)} {_px(end.top)}l-5 -9h10z"
        return element(
            "g",
            element("path", class_=f"edge {edge.state}".strip(), d=path),
            element("path", class_=f"head {edge.state}".strip(), d=tip),
        )

    def _box(self, name: str) -> Markup:
        place = self.places[name]
        box = self.boxes[name]
        left = place.x - box.width / 2
        return element(
            "g",
            _outline(box, left, place.top, place.height),
            self.laid[name].ink(left, place.top),
        )


class _Laid:
    """The lines of a box, measured."""

    def __init__(self, box: Box) -> None:
        self.box = box
        inner = box.width - 2 * _PAD
        self.said = state_word(box)
        self.text = wrap(box.text, inner, bold=box.shape != "label")
        self.rows = [
            (row, wrap(_with_word(row), inner - (_MARK if row.state else 12)))
            for row in box.rows
        ]
        lines = len(self.text) + sum(len(lines) for _, lines in self.rows)
        lines += bool(box.caption) + bool(self.said)
        self.height = lines * _LINE + 2 * _PAD + 4 * len(self.rows)

    def ink(self, left: float, top: float) -> Iterator[Markup]:
        x = left + _PAD
        y = top + _PAD + SIZE - 1
        if self.box.caption:
            yield _text(self.box.caption, x, y, "small quiet")
            y += _LINE
        for line in self.text:
            yield _text(line, x, y, "" if self.box.shape == "label" else "strong")
            y += _LINE
        if self.said:
            yield element("g", mark(self.box.state, x, y - 11))
            yield _text(self.said, x + _MARK, y, _INKS[self.box.state])
            y += _LINE
        for row, lines in self.rows:
            y += 4
            indent = _MARK if row.state else 12
            yield mark(row.state, x, y - 11) or _text("\u2022", x, y, "")
            for line in lines:
                yield _text(line, x + indent, y, "")
                y += _LINE


def state_word(box: Box) -> str:
    """The word for the state of a box, where it says one."""
    return "" if box.said is None else box.said or STATES.get(box.state, "")


_INKS: dict[State, str] = {
    "": "quiet",
    "true": "good strong",
    "unknown": "open strong",
    "false": "quiet",
    "danger": "bad strong",
}


def _with_word(row: BoxRow) -> str:
    return f"{STATES[row.state]}: {row.text}" if row.state else row.text


def mark(state: State, x: float, y: float) -> Markup | None:
    """The mark of a state: a ticked disc, a crossed square, a lozenge, a triangle."""
    left, top = _px(x), _px(y)
    if state == "true":
        disc = element(
            "circle", class_="mark true", cx=_px(x + 6.5), cy=_px(y + 6.5), r="6.5"
        )
        tick = element("path", class_="stroke", d=f"M{left} {top}m3 7l2.5 2.5 4.5 -6")
        return element("g", disc, tick)
    if state == "unknown":
        lozenge = element(
            "path",
            class_="mark unknown",
            d=f"M{left} {top}m6.5 -1.5l8 8 -8 8 -8 -8z",
        )
        hook = element(
            "path",
            class_="stroke",
            d=f"M{left} {top}m4.2 4.6c.2-3 4.8-3 4.6 0 0 1.7-2.3 1.6-2.3 3.4m0 1.2v1.5",
        )
        return element("g", lozenge, hook)
    if state == "false":
        square = element(
            "rect", class_="mark false", x=left, y=top, width="13", height="13"
        )
        cross = element(
            "path", class_="stroke", d=f"M{left} {top}m3.5 3.5l6 6m0 -6l-6 6"
        )
        return element("g", square, cross)
    if state == "danger":
        triangle = element(
            "path", class_="mark danger", d=f"M{left} {top}m6.5 0l7 13h-14z"
        )
        call = element("path", class_="stroke", d=f"M{left} {top}m6.5 4v4m0 1.6v1.6")
        return element("g", triangle, call)
    return None


def _outline(box: Box, left: float, top: float, height: float) -> Markup:
    kinds = {"box": "box", "round": "box", "label": "box raised"}
    radius = {"box": "3", "round": "14", "label": "3"}[box.shape]
    return element(
        "rect",
        class_=f"{kinds[box.shape]} {box.state}".strip(),
        x=_px(left),
        y=_px(top),
        width=_px(box.width),
        height=_px(height),
        rx=radius,
    )


def _text(text: str, x: float, y: float, ink: str) -> Markup:
    return element("text", text, x=_px(x), y=_px(y), class_=ink or None)


def _px(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
