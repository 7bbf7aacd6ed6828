"""What recording a decision costs beside making it, and a difference over many.

Times are of the processor: waiting for the disk, or for other programs, does not count.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from itertools import cycle, islice
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from time import process_time

from benchmarks.cohort import stated_cases
from benchmarks.rounds import Row, progress
from milia_cds import Assessment, assess, load_knowledge
from milia_cds.adapters.ledger import Ledger, Recording
from milia_cds.adapters.ledger.moves import stored_diff
from milia_cds.assessment.digests import decision_digest

AT = datetime(2026, 5, 1, 9, 30, tzinfo=UTC)

_BATCH = 100
_MOST = {"one": 0.5, "many": 0.1, "diff": 10.0}


def ledger(rounds: int, *, quick: bool) -> list[Row]:
    """Time recording, alone and in hundreds, and a difference over many cases."""
    answers = [assess(case) for case in stated_cases()[:_BATCH]]
    with TemporaryDirectory() as folder, Ledger.open(Path(folder) / "l") as opened:
        opened.record(answers[0], at=AT)
        timed: dict[str, Callable[[], object]] = {
            "assess": lambda: [assess(each.case) for each in answers],
            "digest": lambda: [decision_digest(each) for each in answers],
            "one": lambda: [opened.record(each, at=AT) for each in answers],
            "many": lambda: opened.record_many(_recordings(answers)),
        }
        times = {name: _rounds(name, each, rounds) for name, each in timed.items()}
    names = {
        "assess": "assess, for comparison",
        "digest": "the digest of a decision, a part of the next two",
        "one": "record one decision, on the disk when it returns",
        "many": "record one of a hundred at once",
    }
    rows = [_row(names[name], found, _MOST.get(name)) for name, found in times.items()]
    return [*rows, _diff(10_000 if quick else 100_000)]


def _recordings(answers: list[Assessment]) -> list[Recording]:
    return [Recording(assessment=each, at=AT) for each in answers]


def _rounds(name: str, timed: Callable[[], object], rounds: int) -> list[float]:
    """The milliseconds of the processor for one decision, in each round."""
    found = []
    for number in range(rounds + 1):
        progress(f"ledger: {name}, round {number}")
        start = process_time()
        timed()
        found.append((process_time() - start) * 1000 / _BATCH)
    return found[1:]


def _row(what: str, times: list[float], most: float | None) -> Row:
    low, middle, high = quantiles(times, n=4)
    target = ""
    if most is not None:
        target = f"at most {most:g} ms" + ": missed" * (middle > most)
    spread = f"{low:.2f} to {high:.2f}"
    return Row("ledger", what, "", f"{middle:.2f} ms", spread, target)


def _diff(count: int) -> Row:
    """The seconds of a difference over stored cases."""
    progress(f"ledger: {count:,} decisions for a difference")
    base = load_knowledge()
    answers = cycle([assess(case) for case in stated_cases()])
    some = (Recording(assessment=each, at=AT) for each in islice(answers, count))
    with TemporaryDirectory() as folder, Ledger.open(Path(folder) / "l") as opened:
        opened.record_many(some)
        start = process_time()
        stored_diff(opened, base, base)
        taken = process_time() - start
    target = f"at most {_MOST['diff']:g} s" + ": missed" * (taken > _MOST["diff"])
    what = f"a difference over {count:,} stored cases"
    return Row("ledger", what, "", f"{taken:.1f} s", "", target)
