"""The points of the offered options as stacked bars: what each criterion gives.

Each criterion has a letter, which stands in its piece of every bar and in the key: no
colour has to be told from another.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from string import ascii_uppercase

from milia_cds.explanation.outcome import Contribution, Outcome, Place
from milia_cds.render.markup import Markup, element
from milia_cds.render.phrases import rests_on, spaced
from milia_cds.render.picture import Picture
from milia_cds.render.svg import Drawing, Title, measure, svg

_WIDTH = 720
_MARGIN = 16
_BAR = 26
_ROW = 62
_LINE = 18
_SMALL = 12
_NARROWEST = 240  # of the place that a bar in a card may stand in
_COLUMNS = 3
_NOTE = (
    "The length of a piece is its weight times its level, 0 (worst) to 4 (best).",
    "Standing comes first; points only order options of equal standing.",
)


def bars_picture(outcome: Outcome) -> Picture:
    """Draw the points of the offered options, criterion by criterion.

    Parameters
    ----------
    outcome
        What an assessment says. Without an offered option the picture says so.
    """
    stamp = outcome.knowledge
    title = Title(f"What each criterion gives ({stamp.notice})", rests_on(stamp))
    return Picture.of(_drawn(outcome, title), "\n".join(_words(outcome)))


def bar(place: Place) -> Markup:
    """One stacked bar as wide as the place it stands in."""
    return element(
        "svg",
        _pieces(place, _NARROWEST),
        role="img",
        aria_label=f"{place.points} of {place.of} points",
        width="100%",
        height=str(_BAR),
    )


def _pieces(place: Place, width: float) -> Iterator[Markup]:
    """The ground of the bar and a piece for each criterion, by percentages.

    What is written in a piece fits where the bar is as wide as `width`, or wider.
    """
    yield element(
        "rect", class_="ground", x="0", y="0.5", width="100%", height=str(_BAR - 1)
    )
    start = 0.0
    for at, each in enumerate(place.contributions):
        share = 100 * each.points / place.of
        if share:
            room = share * width / 100
            yield _piece(each, _label(each, at, room), (start, share), "ab"[at % 2])
        start += share


def _label(each: Contribution, at: int, room: float) -> str:
    """The letter and the points of a piece, or as much as there is room for."""
    for text in (f"{letter(at)} {each.points}", letter(at)):
        if measure(text, _SMALL) + 2 <= room:
            return text
    return ""


def _piece(
    each: Contribution, label: str, place: tuple[float, float], shade: str
) -> Markup:
    start, share = place
    written = element(
        "text",
        label,
        x=f"{start + share / 2:.2f}%",
        y=str(_BAR / 2 + 4.5),
        text_anchor="middle",
        class_=f"small on-{shade}",
    )
    return element(
        "g",
        element(
            "rect",
            class_=f"bar-{shade}",
            x=f"{start:.2f}%",
            y="0.5",
            width=f"{share:.2f}%",
            height=str(_BAR - 1),
        ),
        written if label else None,
        element("title", _said(each)),
    )


def letter(at: int) -> str:
    """The letter of a criterion by its place: A to Z, then A1 and so on."""
    again, place = divmod(at, len(ascii_uppercase))
    return f"{ascii_uppercase[place]}{again or ''}"


def _said(each: Contribution) -> str:
    return f"{each.label}: weight {each.weight} x level {each.level} = {each.points}"


def _drawn(outcome: Outcome, title: Title) -> Drawing:
    parts: list[Markup] = []
    y = _MARGIN
    for place in outcome.ranking:
        parts += _row(place, y)
        y += _ROW
    if not outcome.ranking:
        parts.append(_text("No option is offered.", _MARGIN, y + 14, ""))
        y += 2 * _LINE
    else:
        parts += _key(outcome.ranking[0].contributions, y)
        y += _LINE * (-(-len(outcome.ranking[0].contributions) // _COLUMNS) + 3)
    return svg(_WIDTH, y + _MARGIN, title, parts)


def _row(place: Place, y: float) -> Iterator[Markup]:
    name = f"{place.rank}  {place.label}"
    yield _text(name, _MARGIN, y + 14, "strong")
    about = f"{spaced(place.standing)}, {place.points} of {place.of} points"
    x = _MARGIN + measure(name, bold=True) + 12
    yield _text(about, x, y + 14, "quiet")
    width = _WIDTH - 2 * _MARGIN
    yield element(
        "svg",
        _pieces(place, width),
        x=str(_MARGIN),
        y=str(y + 22),
        width=str(width),
        height=str(_BAR),
    )


def _key(contributions: Sequence[Contribution], y: float) -> Iterator[Markup]:
    rows = -(-len(contributions) // _COLUMNS)
    for at, each in enumerate(contributions):
        column, row = divmod(at, rows)
        x = _MARGIN + column * (_WIDTH - _MARGIN) / _COLUMNS
        said = f"{letter(at)}  {each.label} (weight {each.weight})"
        yield _text(said, x, y + _LINE * (row + 1), "small")
    for at, line in enumerate(_NOTE):
        yield _text(line, _MARGIN, y + _LINE * (rows + 1.5 + at), "small quiet")


def _text(text: str, x: float, y: float, ink: str) -> Markup:
    return element("text", text, x=f"{x:.0f}", y=f"{y:.0f}", class_=ink or None)


def _words(outcome: Outcome) -> Iterator[str]:
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
