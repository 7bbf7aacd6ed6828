"""A natural frequency as a picture: one square for each, those concerned filled.

Only where the words give a whole number in a whole number; anything else stays in
words, for a picture of it would be a guess.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from milia_cds.render.markup import Markup, element

_COUNT = r"([\d, ]*\d)"
_ONE = re.compile(
    rf"(?:about|at least) {_COUNT} in {_COUNT} (\w+)(?: \([^()]*\))?(?:, for each .*)?"
)
_TWO = re.compile(rf"between {_COUNT} and {_COUNT} in {_COUNT} (\w+)")
_MOST = 1000
_FEW = 200


class Frequency(NamedTuple):
    """From `low` to `high` of `of`, and of what."""

    low: int
    high: int
    of: int
    what: str


def frequency_in(text: str) -> Frequency | None:
    """Read a natural frequency, where the text gives exactly one.

    Examples
    --------
    >>> frequency_in("about 8 in 1000 wounds")
    Frequency(low=8, high=8, of=1000, what='wounds')
    >>> frequency_in("between 1 and 10 in 1,000 people").high
    10
    >>> frequency_in("not known")
    >>> frequency_in("about 31 in more than 250 000 procedures")
    """
    one, two = _ONE.fullmatch(text), _TWO.fullmatch(text)
    if one:
        low = high = _whole(one[1])
        read = Frequency(low, high, _whole(one[2]), one[3])
    elif two:
        read = Frequency(_whole(two[1]), _whole(two[2]), _whole(two[3]), two[4])
    else:
        return None
    return read if read.low <= read.high <= read.of else None


def _whole(text: str) -> int:
    return int(re.sub(r"\D", "", text))


def icon_array(frequency: Frequency) -> Markup | None:
    """Draw a frequency; nothing where it would take more than 1000 squares."""
    low, high, of, what = frequency
    if not 0 < of <= _MOST:
        return None
    size, step, across = (9, 12, 25) if of <= _FEW else (5, 7, 50)
    across = min(across, of)
    squares = [
        (at % across * step + 1, at // across * step + 1, size) for at in range(of)
    ]
    said = f"{low} of {of} {what}"
    if high > low:
        said = f"between {low} and {high} of {of} {what}"
    return element(
        "svg",
        element("path", class_="icon", d=_path(squares[high:])),
        element("path", class_="icon maybe", d=_path(squares[low:high])),
        element("path", class_="icon hit", d=_path(squares[:low])),
        role="img",
        aria_label=said,
        width=str(across * step + 1),
        height=str(-(-of // across) * step + 1),
    )


def _path(squares: list[tuple[int, int, int]]) -> str:
    return "".join(f"M{x} {y}h{size}v{size}h-{size}z" for x, y, size in squares)
