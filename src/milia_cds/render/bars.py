"""What each criterion gives the offered options: a bar each, named, with its number.

Criteria go down the side and a few options across, so that what differs stands side by
side; more options come below.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from milia_cds.decision.ranking import BEST_LEVEL
from milia_cds.explanation.outcome import Outcome
from milia_cds.explanation.places import Contribution, Place
from milia_cds.render.markup import Markup, element
from milia_cds.render.phrases import rests_on, spaced
from milia_cds.render.picture import Picture
from milia_cds.render.svg import Drawing, Title, svg, wrap

_WIDTH = 820
_MARGIN = 16
_NAMES = 190
_ACROSS = 4
_COLUMN = (_WIDTH - 2 * _MARGIN - _NAMES) / _ACROSS
_GAP = 18
_BAR = 12
_ROW = 26
_LINE = 17
_NOTE = (
    f"A bar is a level, 0 (worst) to {BEST_LEVEL} (best); points: level times weight.",
    "Standing comes first; points only order options of equal standing.",
)


def bars_picture(outcome: Outcome) -> Picture:
    """Draw what each criterion gives the offered options.

    Parameters
    ----------
    outcome
        What an assessment says. Without an offered option the picture says so.
    """
    stamp = outcome.knowledge
    title = Title(f"What each criterion gives ({stamp.notice})", rests_on(stamp))
    return Picture.of(_drawn(outcome, title), "\n".join(_words(outcome)))


def _drawn(outcome: Outcome, title: Title) -> Drawing:
    if not outcome.ranking:
        none = _text("No option is offered.", _MARGIN, _MARGIN + 14, "")
        return svg(_WIDTH, 3 * _MARGIN, title, none)
    parts: list[Markup] = []
    y = float(_MARGIN)
    for start in range(0, len(outcome.ranking), _ACROSS):
        panel = _Panel(outcome.ranking[start : start + _ACROSS], y)
        parts += panel.ink()
        y = panel.bottom + 2 * _LINE
    for at, line in enumerate(_NOTE):
        parts.append(_text(line, _MARGIN, y + at * _LINE, "small quiet"))
    return svg(_WIDTH, y + len(_NOTE) * _LINE, title, parts)


class _Panel:
    """A few options across, with a row for each criterion."""

    def __init__(self, places: Sequence[Place], top: float) -> None:
        self.places = places
        self.top = top
        names = [f"{each.rank} {each.label}" for each in places]
        self.names = [wrap(name, _COLUMN - _GAP / 2, bold=True) for name in names]
        self.first = top + (max(map(len, self.names)) + 1) * _LINE + 10
        self.bottom = self.first + (len(places[0].contributions) + 1) * _ROW

    def ink(self) -> Iterator[Markup]:
        yield from self.heads()
        for at, each in enumerate(self.places[0].contributions):
            y = self.first + at * _ROW
            name = f"{each.label} (weight {each.weight})"
            yield _text(name, _MARGIN, y + 11, "small")
            for column, place in enumerate(self.places):
                yield _bar(place.contributions[at], self.left(column), y)
        y = self.bottom - _ROW + 14
        yield _text("points", _MARGIN, y, "small strong")
        for column, place in enumerate(self.places):
            said = f"{place.points} of {place.of}"
            yield _text(said, self.left(column), y, "small strong")

    def heads(self) -> Iterator[Markup]:
        for column, (place, name) in enumerate(
            zip(self.places, self.names, strict=True)
        ):
            lines = [(line, "strong") for line in name]
            lines.append((spaced(place.standing), "small quiet"))
            for at, (line, ink) in enumerate(lines):
                y = self.top + (at + 1) * _LINE
                yield _text(line, self.left(column), y, ink)

    @staticmethod
    def left(column: int) -> float:
        return _MARGIN + _NAMES + column * _COLUMN


def _bar(given: Contribution, x: float, y: float) -> Markup:
    """The number of a level, and its bar."""
    start, full = x + 16, _COLUMN - _GAP - 16
    return element(
        "g",
        element("title", _said(given)),
        _text(str(given.level), x, y + 11, "small"),
        _rect("ground", start, y, full),
        _rect("bar-a", start, y, full * given.level / BEST_LEVEL),
    )


def _rect(kind: str, x: float, y: float, width: float) -> Markup | None:
    if not width:
        return None
    return element(
        "rect",
        class_=kind,
        x=f"{x:.1f}",
        y=f"{y:.1f}",
        width=f"{width:.1f}",
        height=str(_BAR),
    )


def _said(each: Contribution) -> str:
    return f"{each.label}: weight {each.weight} x level {each.level} = {each.points}"


def _text(text: str, x: float, y: float, ink: str) -> Markup:
    return element("text", text, x=f"{x:.0f}", y=f"{y:.0f}", class_=ink or None)


def _words(outcome: Outcome) -> Iterable[str]:
    for place in outcome.ranking:
        yield (
            f"{place.rank} {place.label}: {spaced(place.standing)}, "
            f"{place.points} of {place.of} points"
        )
        yield from (f"  - {_said(each)}" for each in place.contributions)
    if not outcome.ranking:
        yield "No option is offered."
    else:
        yield _NOTE[1]
