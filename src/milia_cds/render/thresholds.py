"""How firm the first place is, as a picture: how far each weight may move.

Each criterion has a scale from 0 to 10 with its weight on it; the bar is where the
first place stays, and the words beside it say what comes first beyond.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

import attrs

from milia_cds.explanation.stability import Stability, Threshold
from milia_cds.logic.facts import MOST_WEIGHT
from milia_cds.render.markup import Markup, element
from milia_cds.render.phrases import rests_on, series
from milia_cds.render.picture import Picture
from milia_cds.render.svg import Drawing, Title, svg, wrap

_WIDTH = 720
_MARGIN = 16
_LEFT = 190
_RIGHT = 430
_ROW = 58
_LINE = 17
_FINITE = frozenset({1, 2, 4, 5, 8, 10})


def thresholds_picture(words: ThresholdWords) -> Picture:
    """Draw how far the weight of each criterion may move, with these words."""
    stamp = words.said.knowledge
    title = Title(f"How far each weight may move ({stamp.notice})", rests_on(stamp))
    lines = [words.heading(), *(f"  - {line}" for line in words.moves())]
    lines += [f"  Can be first {line}" for line in words.ways()]
    return Picture.of(_drawn(words, title), "\n".join(lines))


@attrs.frozen
class ThresholdWords:
    """Says which weights would change the first place.

    Parameters
    ----------
    said
        What was worked out.
    labels
        The labels of the options, by id.
    """

    said: Stability
    labels: Mapping[str, str]

    def named(self, options: tuple[str, ...]) -> str:
        """Options in a sentence."""
        return series(self.labels.get(name, name) for name in options)

    def heading(self) -> str:
        """What is first, and what else has its standing."""
        if not self.said.first:
            return "No option is offered, so there is no first place."
        first = f"First place: {self.named(self.said.first)}."
        if self.said.rivals:
            return f"{first} Of the same standing: {self.named(self.said.rivals)}."
        return (
            f"{first} No other option has its standing, so no weight can change the "
            "first place."
        )

    def moves(self) -> Iterator[str]:
        """Where the first place changes, weight by weight."""
        for each in self.said.thresholds if self.said.rivals else ():
            changes = "; ".join(self.changes(each))
            yield f"{each.label} (weight {each.weight}): {changes}"

    def changes(self, each: Threshold) -> Iterator[str]:
        """Where the first place changes, and to what."""
        for word, at, first in (
            ("below", each.below, each.first_below),
            ("above", each.above, each.first_above),
        ):
            if at is not None:
                then = f", first: {self.named(first)}" if first else ""
                yield f"{word} {_figure(at)}{then}"
        if each.below is None and each.above is None:
            yield "never changes"

    def ways(self) -> Iterator[str]:
        """What some weighting puts first, and one such weighting."""
        criteria = {each.criterion: each.label for each in self.said.thresholds}
        for way in self.said.can_be_first if self.said.rivals else ():
            alone = "alone" if way.alone else "beside others"
            weights = ", ".join(
                f"{criteria.get(name, name)} {weight}"
                for name, weight in way.weights.items()
                if weight
            )
            how = f", with {weights}" if weights else ""
            yield f"{alone}: {way.label}{how}"


def _figure(exact: str) -> str:
    """An exact number as a decimal, or as near as three figures come to it."""
    number = Fraction(exact)
    if number.denominator in _FINITE:
        return f"{float(number):g}"
    return f"about {float(number):.2f}"


def _drawn(words: ThresholdWords, title: Title) -> Drawing:
    said = words.said
    parts: list[Markup] = []
    y = _MARGIN
    for line in wrap(words.heading(), _WIDTH - 2 * _MARGIN, bold=True):
        y += _LINE
        parts.append(_text(line, _MARGIN, y, "strong"))
    for each in said.thresholds if said.rivals else ():
        parts += _row(each, words, y + _LINE)
        y += _ROW
    if said.rivals:
        y += 2 * _LINE
        parts.append(_text(_NOTE, _MARGIN, y, "small quiet"))
    return svg(_WIDTH, y + _MARGIN, title, parts)


_NOTE = (
    "Dot: the weight now. Bar: the first place stays. Stroke: the first place changes."
)


def _row(each: Threshold, words: ThresholdWords, y: float) -> Iterator[Markup]:
    middle = y + 14
    for at, line in enumerate(wrap(each.label, _LEFT - _MARGIN - 14)[:2]):
        yield _text(line, _MARGIN, middle + 4 + at * _LINE, "")
    low = _at(each.below) if each.below is not None else float(_LEFT)
    high = _at(each.above) if each.above is not None else float(_RIGHT)
    yield _bar("ground", _LEFT, _RIGHT, middle, 6)
    yield _bar("bar-a", low, high, middle, 12)
    for turn in (each.below, each.above):
        if turn is not None:
            x = _at(turn)
            d = f"M{x:.1f} {middle - 12}v24"
            yield element("path", class_="edge unknown turn", d=d)
    x = _at(str(each.weight))
    yield element("circle", class_="dot", cx=f"{x:.1f}", cy=str(middle), r="6")
    yield _text(str(each.weight), x, middle - 11, "small strong", anchor="middle")
    for end, x in ((0, _LEFT), (MOST_WEIGHT, _RIGHT)):
        yield _text(str(end), x, middle + 24, "small quiet", anchor="middle")
    room = _WIDTH - _MARGIN - _RIGHT - 20
    said = [line for text in words.changes(each) for line in wrap(text, room)]
    start = middle + 4 - (len(said) - 1) * _LINE / 2
    for at, line in enumerate(said):
        yield _text(line, _RIGHT + 20, start + at * _LINE, "small")


def _at(weight: str) -> float:
    share = Fraction(weight) / MOST_WEIGHT
    return _LEFT + float(share) * (_RIGHT - _LEFT)


def _bar(kind: str, left: float, right: float, middle: float, height: float) -> Markup:
    return element(
        "rect",
        class_=kind,
        x=f"{left:.1f}",
        y=f"{middle - height / 2:.1f}",
        width=f"{max(right - left, 1):.1f}",
        height=f"{height:.0f}",
    )


def _text(
    text: str, x: float, y: float, ink: str, *, anchor: str | None = None
) -> Markup:
    return element(
        "text", text, x=f"{x:.1f}", y=f"{y:.1f}", class_=ink or None, text_anchor=anchor
    )
