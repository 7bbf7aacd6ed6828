"""The best mixture of criteria for one option, by exact linear programming.

Weights that add up to 1 are a mixed strategy of a game of two players with no sum: who
chooses the weights wants the option far ahead, who chooses the rival wants it behind.
The value of the game is the greatest lead over all rivals at once that any weights
give. Fractions throughout, so a lead of nothing is exactly nothing.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import chain


def greatest_lead(leads: list[list[Fraction]]) -> tuple[Fraction, list[Fraction]]:
    """The greatest lead over all rivals at once, and the weights that give it.

    Parameters
    ----------
    leads
        A row for each criterion, a column for each rival: by how much the option is
        ahead there. All rows have the same length; without rivals the lead is 1.

    Returns
    -------
    tuple
        The lead, and one weight for each criterion; they add up to 1.

    Examples
    --------
    >>> greatest_lead([[Fraction(1), Fraction(-1)], [Fraction(-1), Fraction(1)]])
    (Fraction(0, 1), [Fraction(1, 2), Fraction(1, 2)])
    """
    count = len(leads)
    if not leads[0]:
        return Fraction(1), [Fraction(1, count)] * count
    shift = 1 - min(chain.from_iterable(leads))
    rows = [
        [each + shift for each in row]
        + [Fraction(place == own) for place in range(count)]
        + [Fraction(1)]
        for own, row in enumerate(leads)
    ]
    gains = [Fraction(1)] * len(leads[0]) + [Fraction(0)] * (count + 1)
    _climb(rows, gains)
    prices = [-gain for gain in gains[-count - 1 : -1]]
    total = sum(prices, Fraction(0))
    return 1 / total - shift, [price / total for price in prices]


def _climb(rows: list[list[Fraction]], gains: list[Fraction]) -> None:
    """Run the simplex method in place; the first column that gains enters (Bland)."""
    width = len(gains) - 1
    basis = [width - len(rows) + place for place in range(len(rows))]
    while True:
        entering = next((at for at in range(width) if gains[at] > 0), None)
        if entering is None:
            return
        _, _, leaving = min(
            (row[-1] / row[entering], basis[place], place)
            for place, row in enumerate(rows)
            if row[entering] > 0
        )
        basis[leaving] = entering
        _pivot(rows, gains, leaving, entering)


def _pivot(
    rows: list[list[Fraction]], gains: list[Fraction], leaving: int, entering: int
) -> None:
    pivot = rows[leaving][entering]
    rows[leaving] = [each / pivot for each in rows[leaving]]
    for row in (*rows[:leaving], *rows[leaving + 1 :], gains):
        factor = row[entering]
        row[:] = [
            each - factor * own for each, own in zip(row, rows[leaving], strict=True)
        ]
