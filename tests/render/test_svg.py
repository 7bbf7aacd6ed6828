"""Drawings: texts fit their boxes, boxes keep apart, states have a shape and a word."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest

from milia_cds.render.svg import Box, BoxRow, Edge, Title, drawing, measure, wrap

TITLE = Title("a title", ("sha256:x", "a policy"))
SPACE = "{http://www.w3.org/2000/svg}"


def drawn(boxes: dict[str, Box], edges: list[Edge]) -> ET.Element:
    return ET.fromstring(drawing(boxes, edges, TITLE).svg)  # noqa: S314 - our own


def rectangles(root: ET.Element) -> list[tuple[float, float, float, float]]:
    return [
        # There are four.
        tuple(float(box.get(key, "")) for key in ("x", "y", "width", "height"))  # type: ignore[misc]
        for box in root.iter(f"{SPACE}rect")
        if (box.get("class") or "").startswith("box")
    ]


def test_lines_are_no_wider_than_asked_and_lose_nothing() -> None:
    text = "one two three " + "x" * 200 + " four"
    lines = wrap(text, 120)
    assert all(measure(line) <= 120 for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_a_letter_wider_than_the_line_still_ends() -> None:
    assert wrap("WWW", 1) == ["W", "W", "W"]
    assert wrap("", 10) == []


def test_boxes_never_meet() -> None:
    boxes = {f"n{i}": Box("kind", "some text " * (i % 4 + 1)) for i in range(20)}
    edges = [Edge(f"n{i}", f"n{j}") for i in range(20) for j in range(i + 1, 20, i + 2)]
    areas = rectangles(drawn(boxes, edges))
    assert len(areas) == 20
    for at, (x, y, w, h) in enumerate(areas):
        for left, top, wide, high in areas[at + 1 :]:
            assert x + w <= left or left + wide <= x or y + h <= top or top + high <= y


def test_an_edge_leads_down() -> None:
    boxes = {"a": Box("", "a"), "b": Box("", "b"), "c": Box("", "c")}
    edges = [Edge("a", "b"), Edge("b", "c"), Edge("a", "c")]
    tops = [y for _, y, _, _ in rectangles(drawn(boxes, edges))]
    assert tops == sorted(set(tops))


def test_a_long_edge_passes_beside_the_boxes_between() -> None:
    boxes = {"a": Box("", "a"), "b": Box("", "b"), "c": Box("", "c")}
    root = drawn(boxes, [Edge("a", "b"), Edge("b", "c"), Edge("a", "c")])
    x, y, w, h = rectangles(root)[1]
    long = max((p.get("d", "") for p in root.iter(f"{SPACE}path")), key=len)
    upright = re.findall(r"([\d.]+) ([\d.]+)V([\d.]+)", long)
    beside = [float(at) for at, start, end in upright if float(end) >= y + h]
    assert beside
    assert all(at < x or at > x + w for at in beside)


@pytest.mark.parametrize(
    ("state", "word", "shape"),
    [
        ("true", "true", "circle"),
        ("false", "false", "rect"),
        ("unknown", "not known", "path"),
    ],
)
def test_a_state_has_a_word_and_a_shape(state: str, word: str, shape: str) -> None:
    # A literal, by the table above.
    box = Box("kind", "text", (BoxRow("a row", state),), state)  # type: ignore[arg-type]
    root = drawn({"a": box}, [])
    texts = [text.text for text in root.iter(f"{SPACE}text")]
    assert word in texts
    assert f"{word}: a row" in texts
    marks = [
        element.tag.removeprefix(SPACE)
        for element in root.iter()
        if (element.get("class") or "") == f"mark {state}"
    ]
    assert marks == [shape, shape]


def test_a_box_that_no_edge_joins_stands_below() -> None:
    boxes = {"loose": Box("", "x"), "a": Box("", "a"), "b": Box("", "b")}
    loose, *others = rectangles(drawn(boxes, [Edge("a", "b")]))
    assert all(loose[1] > top for _, top, _, _ in others)


def test_a_picture_says_what_it_shows() -> None:
    root = drawn({"a": Box("", "a")}, [])
    assert root.get("role") == "img"
    assert root.get("aria-label") == "a title"
    texts = [text.text for text in root.iter(f"{SPACE}text")]
    assert texts[0] == "a title"
    assert texts[-2:] == ["a policy", "sha256:x"]
