"""Timing in rounds: all contestants in turn, and the median of the ratios.

One run of a round times every contestant once, one after the other, so that what slows
the machine down for a while slows them all. Only ratios of the same round are formed.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterable, Mapping
from statistics import median, quantiles
from time import perf_counter
from typing import TypeAlias

import attrs

ROUNDS = 9
FEWEST_ROUNDS = 7

Timings: TypeAlias = Mapping[str, list[float]]
"""The seconds that each contestant took, in every round."""


@attrs.frozen
class Row:
    """One row of the table.

    Parameters
    ----------
    benchmark
        The name for `--only`.
    what, against
        What is timed, and what it is compared with.
    ratio
        The median, or a time with its unit where nothing is compared.
    spread
        The middle half of the rounds.
    target
        The bound, and "missed" where it is.
    """

    benchmark: str
    what: str
    against: str
    ratio: str
    spread: str = ""
    target: str = ""


def stopwatch(
    function: Callable[..., object], arguments: Iterable[object], repeats: int = 1
) -> Callable[[], float]:
    """A function that times calls, one for each argument, in seconds a call."""
    given = [*arguments] * repeats

    def timed() -> float:
        gc.collect()
        start = perf_counter()
        for each in given:
            function(each)
        return (perf_counter() - start) / len(given)

    return timed


def interleaved(
    benchmark: str, contestants: Mapping[str, Callable[[], float]], rounds: int
) -> Timings:
    """Time all contestants in turn, after a round that does not count."""
    timings: dict[str, list[float]] = {name: [] for name in contestants}
    for number in range(rounds + 1):
        progress(f"{benchmark}: round {number} of {rounds}")
        for name, timed in contestants.items():
            seconds = timed()
            if number:
                timings[name].append(seconds)
    return timings


def progress(text: str) -> None:
    """Say on stderr what is being done."""
    print(text, file=sys.stderr, flush=True)


def compared(  # noqa: PLR0913 - the columns of the table
    timings: Timings,
    benchmark: str,
    what: str,
    against: str,
    *,
    most: float | None = None,
    scale: float = 1.0,
) -> Row:
    """The row of one contestant against another.

    Parameters
    ----------
    most
        The target: the ratio is to be at most this.
    scale
        What each ratio is multiplied by, such as one over a number of rules.
    """
    pairs = zip(timings[what], timings[against], strict=True)
    ratios = [one / other * scale for one, other in pairs]
    middle = median(ratios)
    low, _, high = quantiles(ratios, n=4)
    target = "" if most is None else f"at most {most:g}"
    if most is not None and middle > most:
        target += ": missed"
    spread = f"{shown(low)} to {shown(high)}"
    return Row(benchmark, what, against, shown(middle), spread, target)


def taken(timings: Timings, benchmark: str, what: str) -> Row:
    """The row of a contestant that nothing is compared with, in milliseconds."""
    low, middle, high = (f"{1000 * each:.1f}" for each in quantiles(timings[what], n=4))
    return Row(benchmark, what, "", f"{middle} ms", f"{low} to {high} ms")


def shown(ratio: float) -> str:
    """Write a ratio with about three figures."""
    # As it reads best.
    return f"{ratio:.2f}" if ratio < 10 else f"{ratio:.0f}"  # noqa: PLR2004
