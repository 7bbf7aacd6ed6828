"""The condition engine on the neutral task, and how its cost grows with the rules."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from benchmarks.neutral import oracle
from benchmarks.neutral.enlarged import enlarged
from benchmarks.neutral.handwritten import two_valued
from benchmarks.neutral.handwritten_unknown import three_valued
from benchmarks.neutral.records import Facts, Patient, Task, read_cases, read_task
from benchmarks.neutral.translation import Translated
from benchmarks.rounds import Row, compared, interleaved, progress, stopwatch

UNIT = "by hand, two-valued"
BY_HAND = "by hand, three-valued"
BITS = "plan: bits"
ANSWERS = "plan: exclusions, scores, order, ids"

TIMES = (1, 2, 4, 8, 16)
CASES = 2000
QUICK_CASES = 300
CHECKED = 50  # cases on which each enlarged task is checked


def unit(*, quick: bool) -> Callable[[], float]:
    """The unit of the ratios: a case of the neutral task, decided by hand."""
    return stopwatch(two_valued, _patients(_cases(quick=quick)))


def _cases(*, quick: bool) -> list[Facts]:
    return read_cases(QUICK_CASES if quick else CASES)


def _patients(cases: Sequence[Facts]) -> list[Patient]:
    return [Patient(**case) for case in cases]


def check(task: Task, translated: Translated, cases: Sequence[Facts]) -> None:
    """Compare the answers of the plan with those of the oracle.

    Raises
    ------
    ArithmeticError
        At the first case on which they differ.
    """
    for patient, case in zip(_patients(cases), cases, strict=True):
        given, right = translated.answer(patient), oracle.answer(task, case)
        if given != right:
            message = f"of {case} the plan says {given}, the oracle says {right}"
            raise ArithmeticError(message)


def neutral(rounds: int, *, quick: bool) -> list[Row]:
    """Time the plan on the neutral task against the same task by hand."""
    task, cases = read_task(), _cases(quick=quick)
    translated = Translated(task)
    progress(f"neutral: checking {len(cases)} cases against the oracle")
    check(task, translated, cases)
    given = _patients(cases)
    timings = interleaved(
        "neutral",
        {
            UNIT: stopwatch(two_valued, given),
            BY_HAND: stopwatch(three_valued, given),
            BITS: stopwatch(translated.bits, given),
            ANSWERS: stopwatch(translated.answer, given),
        },
        rounds,
    )
    return [
        compared(timings, "neutral", BY_HAND, UNIT),
        compared(timings, "neutral", BITS, UNIT, most=1.2),
        compared(timings, "neutral", ANSWERS, UNIT, most=3),
    ]


def growth(rounds: int, *, quick: bool) -> list[Row]:
    """Time the plan on more and more rules, by the rule."""
    cases = _cases(quick=quick)
    given = _patients(cases)
    task = read_task()
    times = {f"{len(task.rules) * each} rules": each for each in TIMES}
    contestants: dict[str, Callable[[], float]] = {}
    for name, each in times.items():
        progress(f"growth: checking {name} against the oracle")
        larger = enlarged(task, each)
        translated = Translated(larger)
        check(larger, translated, cases[:CHECKED])
        contestants[f"bits, each of {name}"] = stopwatch(translated.bits, given)
        contestants[f"answer, each of {name}"] = stopwatch(translated.answer, given)
    timings = interleaved("growth", contestants, rounds)
    first, *others = times
    return [
        compared(
            timings,
            "growth",
            f"{what}, each of {name}",
            f"{what}, each of {first}",
            most=1,
            scale=1 / times[name],
        )
        for what in ("bits", "answer")
        for name in others
    ]
