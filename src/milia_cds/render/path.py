"""The path of one case drawn on one screen.

What must not be missed, the alerts, stands above and makes the picture higher.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Literal, NamedTuple

from milia_cds.render.markup import Markup, element
from milia_cds.render.path_words import Group, PathStep, PathWords
from milia_cds.render.phrases import rests_on
from milia_cds.render.picture import Picture
from milia_cds.render.style import PICTURE
from milia_cds.render.svg import SIZE, Drawing, Title, mark, wrap

WIDTH, HEIGHT = 1100, 560
_TITLE = "Which situation is it, and what follows"
_EDGE = 24
_TOP = 60
_LINE = 18
_LEGEND = (
    "Line: the way taken. Folded: answered no, with nothing met that was not known. "
    "Dashed: not known."
)


def path_drawing(words: PathWords) -> Picture:
    """Draw the path of a case.

    Parameters
    ----------
    words
        What is said of it.
    """
    title = Title(
        f"{_TITLE} ({words.outcome.knowledge.notice})",
        rests_on(words.outcome.knowledge),
    )
    return Picture.of(_Drawn(words, title).drawing(), words.text())


class _Frame(NamedTuple):
    """Where something stands."""

    x: float
    y: float
    width: float
    height: float


class _Drawn:
    """The picture, from left to right: folded, asked, situation, options."""

    def __init__(self, words: PathWords, title: Title) -> None:
        self.words = words
        self.title = title
        self.parts: list[Markup] = []
        self.ends = self._last_lines()
        self.raised = self._raised()

    def drawing(self) -> Drawing:
        top = _TOP + len(self.raised) * _LINE + (8 if self.raised else 0)
        height = HEIGHT + top - _TOP
        bottom = height - len(self.ends) * _LINE - 34
        self.head()
        left = self.folded(top, bottom)
        at = self.asked(left, top, bottom)
        self.situation(at, top, bottom)
        self.options(top, bottom)
        self.last(height, bottom)
        return Drawing(self.title, self.svg(height), WIDTH, height)

    def svg(self, height: int) -> Markup:
        return element(
            "svg",
            element("title", self.title.text),
            element("desc", " ".join(self.words.text().split())),
            element("style", Markup(PICTURE)),
            self.parts,
            xmlns="http://www.w3.org/2000/svg",
            class_="milia",
            width=str(WIDTH),
            height=str(height),
            viewBox=f"0 0 {WIDTH} {height}",
            role="img",
            aria_label=self.title.text,
        )

    # -- lines above and below --

    def head(self) -> None:
        self.add(_text(_TITLE, _EDGE, 34, "large strong"))
        notice = self.words.outcome.knowledge.notice
        self.add(_text(notice, WIDTH - _EDGE, 34, "open", anchor="end"))
        for at, (state, line) in enumerate(self.raised):
            y = _TOP + at * _LINE + 4
            if state:
                self.add(mark(state, _EDGE, y - 11) or Markup(""))
            self.add(
                _marked(line, _EDGE + 20, y)
                if state
                else _text(line, _EDGE + 20, y, "")
            )

    def _raised(self) -> list[tuple[Literal["", "danger", "unknown"], str]]:
        """The lines of the alerts; the first of each has its mark."""
        found: list[tuple[Literal["", "danger", "unknown"], str]] = []
        for certain, word, line in self.words.alerts():
            first: Literal["danger", "unknown"] = "danger" if certain else "unknown"
            lines = wrap(f"{word} {line}", WIDTH - 2 * _EDGE - 20, bold=True)
            found += [(first if not at else "", each) for at, each in enumerate(lines)]
        return found

    def _last_lines(self) -> list[tuple[str, str]]:
        """The lines at the foot: what would change, the legend, what it rests on."""
        room = WIDTH - 2 * _EDGE
        change = [(line, "") for line in _cut(wrap(self.words.change, room), 2)]
        rests = [(line, "small quiet") for line in self.title.rests_on]
        return [*change, (_LEGEND, "small quiet"), *rests]

    def last(self, height: float, bottom: float) -> None:
        self.add(_line(f"M{_EDGE} {_px(bottom + 18)}H{WIDTH - _EDGE}", "edge false"))
        start = height - 12 - (len(self.ends) - 1) * _LINE
        for at, (line, ink) in enumerate(self.ends):
            self.add(_text(line, _EDGE, start + at * _LINE, ink))

    # -- from left to right --

    def folded(self, top: float, bottom: float) -> float:
        """The list of what was answered no; gives where the next column begins."""
        if not self.words.folded:
            return _EDGE
        wide = 236 if len(self.words.asked) <= _ONE_COLUMN else 176
        x, room = _EDGE + 16, wide - 46
        lines = [
            (line, not at)
            for each in self.words.folded
            for at, line in enumerate(wrap(each.answer, room))
        ]
        screened = wrap(self.words.screened, room)
        head = wrap(self.words.heading, wide - 32, bold=True)
        space = bottom - top - 30 - (len(head) + len(screened)) * _LINE
        pitch = min(28.0, space / max(len(lines), 1))
        y = top + 28 - _LINE
        inner = []
        for line in head:
            y += _LINE
            inner.append(_text(line, x, y, "strong"))
        for line, first in lines:
            y += pitch
            inner += [_text("\u00b7", x, y, "")] if first else []
            inner.append(_text(line, x + 12, y, ""))
        y += 6
        for line in screened:
            y += _LINE
            inner.append(_text(line, x, y, "small quiet"))
        frame = _Frame(_EDGE, top, wide, y + 14 - top)
        self.add(element("g", _box(frame, "raised"), inner))
        return frame.x + wide

    def asked(self, left: float, top: float, bottom: float) -> _Frame:
        """The decisions that keep question and answer; gives the last of them."""
        steps = self.words.asked
        right = 548.0
        columns = 1 if len(steps) <= _ONE_COLUMN else 2
        gap = 58.0 if left > _EDGE and columns == 1 else 22.0
        begin = left + gap if left > _EDGE else float(_EDGE)
        wide = (right - begin - (columns - 1) * 16) / columns
        wide = min(wide, 216.0 if columns == 1 and left > _EDGE else 300.0)
        rows = -(-len(steps) // columns) or 1
        pitch = min(69.0, (bottom - top + 10) / rows)
        high = pitch - min(15.0, pitch / 5)
        frames = [
            _Frame(
                begin + at // rows * (wide + 16), top + at % rows * pitch, wide, high
            )
            for at in range(len(steps))
        ]
        if left > _EDGE and frames:
            self.arrow(left, frames[0].y + high / 2, frames[0].x)
        for pair, (one, other) in zip(pairwise(steps), pairwise(frames), strict=True):
            known = all(each.known for each in pair)
            self.add(_joint(one, other, "way" if known else "unknown"))
        for step, frame in zip(steps, frames, strict=True):
            self.add(element("g", *self.step(step, frame)))
        if not frames:
            return _Frame(left - 10, top, 10, 54)
        return frames[-1]

    def step(self, step: PathStep, frame: _Frame) -> Iterator[Markup]:
        yield _box(frame, "way" if step.known else "unknown")
        x, room = frame.x + 12, frame.width - 24
        said = step.answer if step.known else "not known"
        most = 1 if frame.height < _TWO_LINES else 2
        lines = _cut(wrap(said, room, bold=True), most)
        question = _cut(
            wrap(step.question, room * SIZE / _SMALL), most + 1 - len(lines)
        )
        height = (len(lines) + len(question)) * _CLOSE
        y = frame.y + (frame.height - height) / 2 + 12
        for line in question:
            yield _text(line, x, y, "small quiet")
            y += _CLOSE
        if not step.known:
            yield mark("unknown", frame.x + frame.width - 24, y - 12) or Markup("")
        for line in lines:
            yield _text(line, x, y, "strong")
            y += _CLOSE

    def situation(self, last: _Frame, top: float, bottom: float) -> None:
        """Where it led, and what to do."""
        x, wide = 632.0, 180.0
        names = self.words.situations
        shown = [
            line for name in names[:_SITUATIONS] for line in self.listed(name, names)
        ]
        if len(names) > _SITUATIONS:
            shown.append(f"and {len(names) - _SITUATIONS} more")
        high = len(shown) * _LINE + 26
        frame = _Frame(x, min(top + 58, bottom - high), wide, high)
        sent = self.words.outcome.disposition.action == "refer"
        ink = "strong" if len(names) == 1 else ""
        kind = "unknown" if not ink else "danger" if sent else "true"
        texts = [
            _text(line, x + 14, frame.y + 26 + at * _LINE, ink)
            for at, line in enumerate(shown)
        ]
        self.add(element("g", _box(frame, kind), texts))
        middle = frame.y + min(frame.height / 2, 34)
        start = last.y + last.height / 2
        bend = (last.x + last.width + x) / 2
        self.add(
            _line(
                f"M{_px(last.x + last.width)} {_px(start)}H{_px(bend)}V{_px(middle)}"
                f"H{_px(x - 13)}"
            )
        )
        self.add(_head(x, middle))
        self.arrow(x + wide, middle, 860.0)
        follows = _cut(wrap(self.words.outcome.disposition.headline, wide), 4)
        y = frame.y + frame.height + 24
        self.add(_text("What follows", x, y, "small quiet"))
        for at, line in enumerate(follows):
            self.add(_text(line, x, y + (at + 1) * _LINE, "strong"))

    def listed(self, name: str, names: Sequence[str]) -> list[str]:
        return wrap(name, 150, bold=len(names) == 1)

    def options(self, top: float, bottom: float) -> None:
        """The options by standing; names of those set aside go where there is room."""
        y = top + 12
        for heading, lines, ink in _fitted(list(self.words.groups()), bottom - top - 8):
            for line in wrap(heading, _OPTIONS, bold=True):
                self.add(_text(line, 868, y, f"{ink} strong".strip()))
                y += 20
            for line in lines:
                self.add(_text(line, 868, y, "" if ink != "quiet" else "quiet"))
                y += _LINE
            y += 12

    # -- ink --

    def arrow(self, start: float, y: float, end: float) -> None:
        self.add(_line(f"M{_px(start)} {_px(y)}H{_px(end - 13)}"))
        self.add(_head(end, y))

    def add(self, part: Markup) -> None:
        self.parts.append(part)


_ONE_COLUMN = 6
_SMALL = 12
_CLOSE = 16
"""From one line to the next in a box."""
_TWO_LINES = 50
"""So high is a box in which an answer may have two lines."""
_SITUATIONS = 7
_OPTIONS = 208.0


def _fitted(groups: list[Group], room: float) -> list[tuple[str, list[str], str]]:
    """The groups with their lines; the longest names give way until all of it fits."""
    laid = [
        (
            each.heading,
            [line for text in each.lines for line in wrap(text, _OPTIONS)],
            each,
        )
        for each in groups
    ]

    def height() -> float:
        heads = sum(
            len(wrap(head, _OPTIONS, bold=True)) * 20 + 12 for head, _, _ in laid
        )
        return heads + sum(len(lines) * _LINE for _, lines, _ in laid)

    while height() > room:
        long = max(laid, key=lambda each: (not each[2].listed) * len(each[1]))
        if not long[1]:
            break
        long[1].pop()
        if long[1]:
            long[1][-1] = f"{long[1][-1].rstrip(',')[:26].rstrip()} \u2026"
    return [(head, lines, group.ink) for head, lines, group in laid]


def _cut(lines: list[str], most: int) -> list[str]:
    """The first lines; an ellipsis says that there is more."""
    if len(lines) <= most:
        return lines
    last = lines[most - 1]
    return [*lines[: most - 1], f"{last[: max(len(last) - 2, 1)].rstrip()} \u2026"]


def _box(frame: _Frame, kind: str) -> Markup:
    return element(
        "rect",
        class_=f"box {kind}",
        x=_px(frame.x),
        y=_px(frame.y),
        width=_px(frame.width),
        height=_px(frame.height),
        rx="6",
    )


def _joint(one: _Frame, other: _Frame, kind: str) -> Markup:
    """A line down to the next box, or over to the first of the next column."""
    if one.x == other.x:
        x = one.x + one.width / 2
        d = f"M{_px(x)} {_px(one.y + one.height)}V{_px(other.y)}"
    else:
        right, half = one.x + one.width, one.height / 2
        d = (
            f"M{_px(right)} {_px(one.y + half)}H{_px((right + other.x) / 2)}"
            f"V{_px(other.y + half)}H{_px(other.x)}"
        )
    return _line(d, f"edge {kind}")


def _line(d: str, kind: str = "edge way") -> Markup:
    return element("path", class_=kind, d=d)


def _head(x: float, y: float) -> Markup:
    return element("path", class_="head way", d=f"M{_px(x)} {_px(y)}l-14 -7v14z")


def _text(
    text: str, x: float, y: float, ink: str, *, anchor: str | None = None
) -> Markup:
    return element(
        "text", text, x=_px(x), y=_px(y), class_=ink or None, text_anchor=anchor
    )


def _marked(line: str, x: float, y: float) -> Markup:
    """A line whose first word stands out."""
    word, _, rest = line.partition(" ")
    strong = element("tspan", word, font_weight="bold")
    return element("text", strong, f" {rest}", x=_px(x), y=_px(y))


def _px(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
