"""`python -m benchmarks`: print a Markdown table of ratios, all taken in this run."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from typing import Protocol

import attrs

from benchmarks.cohort import cohort
from benchmarks.columns import columns
from benchmarks.conditions import growth, neutral
from benchmarks.inquiry import inquiry, interview
from benchmarks.knowledge import knowledge
from benchmarks.ledger import ledger
from benchmarks.page import page
from benchmarks.rounds import FEWEST_ROUNDS, ROUNDS, Row
from benchmarks.service import service
from benchmarks.startup import load, start
from benchmarks.streaming import streaming


class Benchmark(Protocol):
    """Times its contestants and gives rows of the table."""

    def __call__(self, rounds: int, *, quick: bool) -> list[Row]:
        """Run the rounds."""
        ...


BENCHMARKS: dict[str, Benchmark] = {
    "neutral": neutral,
    "growth": growth,
    "knowledge": knowledge,
    "cohort": cohort,
    "ledger": ledger,
    "columns": columns,
    "streaming": streaming,
    "inquiry": inquiry,
    "interview": interview,
    "start": start,
    "load": load,
    "service": service,
    "page": page,
}

HEADINGS = (
    "benchmark",
    "what is timed",
    "relative to",
    "ratio",
    "middle half",
    "target",
)


def table(rows: Iterable[Row]) -> str:
    """Write the rows as a Markdown table."""
    lines = [HEADINGS, *(attrs.astuple(row) for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    rule = tuple("-" * width for width in widths)
    return "\n".join(
        f"| {' | '.join(map(str.ljust, line, widths))} |"
        for line in (lines[0], rule, *lines[1:])
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Run what was asked for and print the table."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="fewer cases and rounds, for a glance"
    )
    parser.add_argument(
        "--only", choices=BENCHMARKS, metavar="NAME", help=", ".join(BENCHMARKS)
    )
    asked = parser.parse_args(arguments)
    rounds = FEWEST_ROUNDS if asked.quick else ROUNDS
    rows = [
        row
        for name, benchmark in BENCHMARKS.items()
        if asked.only in {None, name}
        for row in benchmark(rounds, quick=asked.quick)
    ]
    print(table(rows))


if __name__ == "__main__":
    main()
