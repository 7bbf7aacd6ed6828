"""The benchmarks time right answers; how fast they come is not tested."""

from __future__ import annotations

import attrs
import pytest

from benchmarks.__main__ import BENCHMARKS, main
from benchmarks.neutral import oracle
from benchmarks.neutral.enlarged import enlarged
from benchmarks.neutral.handwritten import two_valued
from benchmarks.neutral.handwritten_unknown import three_valued
from benchmarks.neutral.records import Answer, Facts, Patient, read_cases, read_task
from benchmarks.neutral.translation import Translated
from benchmarks.rounds import compared, interleaved
from benchmarks.startup import EMPTY, HALF_KNOWN, WELL_KNOWN, cases_of_a_start
from milia_cds import Case
from tests.common import THOROUGH

pytestmark = pytest.mark.no_cover  # long, and reached by shorter tests

TASK = read_task()
CASES = read_cases(most=400)
PATIENTS = [Patient(**case) for case in CASES]


@pytest.fixture(autouse=True)
def leave_the_garbage(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is timed here, so no timing needs to begin on a clean heap.

    The heap of a test session is large: to collect it before each timing takes minutes.
    """
    monkeypatch.setattr("benchmarks.rounds.gc.collect", lambda: 0)


@pytest.fixture(scope="module")
def right() -> list[Answer]:
    return [oracle.answer(TASK, case) for case in CASES]


def test_the_plan_answers_the_neutral_task_as_the_oracle_does(
    right: list[Answer],
) -> None:
    translated = Translated(TASK)
    assert [translated.answer(patient) for patient in PATIENTS] == right


def test_the_bits_are_those_of_the_rules_that_fired_or_are_unknown(
    right: list[Answer],
) -> None:
    translated = Translated(TASK)
    mask = translated.mask
    assert [translated.bits(patient) for patient in PATIENTS] == [
        (mask(answer.fired), mask(answer.unknown)) for answer in right
    ]


def test_the_three_valued_rules_by_hand_answer_as_the_oracle_does(
    right: list[Answer],
) -> None:
    assert [three_valued(patient) for patient in PATIENTS] == right


def test_the_unit_answers_as_the_oracle_does_but_for_the_unknown_rules(
    right: list[Answer],
) -> None:
    assert [two_valued(patient) for patient in PATIENTS] == [
        attrs.evolve(answer, unknown=()) for answer in right
    ]


def test_the_cases_know_and_lack_every_field_that_may_be_unknown() -> None:
    always = {"age", "sex", "setting"}
    lacking = {name for case in CASES for name, value in case.items() if value is None}
    assert lacking == CASES[0].keys() - always
    assert all(set(case.values()) != {None} for case in CASES)


def test_an_enlarged_task_has_new_rules_and_the_plan_answers_it_too() -> None:
    larger = enlarged(TASK, 3)
    assert len({rule.id for rule in larger.rules}) == 3 * len(TASK.rules)
    assert larger.rules[: len(TASK.rules)] == TASK.rules
    few: list[Facts] = CASES[:40]
    translated = Translated(larger)
    assert [translated.answer(Patient(**case)) for case in few] == [
        oracle.answer(larger, case) for case in few
    ]


def test_a_ratio_is_the_median_of_the_ratios_of_each_round() -> None:
    # One slow round slows both, and leaves the ratio as it was.
    times = {"one": iter([9.0, 2.0, 20.0, 2.1]), "other": iter([9.0, 1.0, 10.0, 1.0])}
    timings = interleaved(
        "test", {name: each.__next__ for name, each in times.items()}, rounds=3
    )
    row = compared(timings, "test", "one", "other", most=1.5)
    assert row.ratio == "2.00"
    assert row.target == "at most 1.5: missed"


def test_the_command_prints_a_table(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("benchmarks.__main__.FEWEST_ROUNDS", 2)
    main(["--quick", "--only", "neutral"])
    out, progress = capsys.readouterr()
    heading, rule, *rows = out.splitlines()
    assert heading.startswith("| benchmark ")
    assert set(rule) == set("|- ")
    assert [row.split("|")[1].strip() for row in rows] == ["neutral"] * 3
    assert "checking 300 cases against the oracle" in progress


LONG = {
    "cohort",
    "columns",
    "inquiry",
    "ledger",
    "load",
    "page",
    "service",
    "start",
    "streaming",
}
"""Half a minute each: they run in a thorough test, and by `make bench`."""


@pytest.mark.parametrize(
    "name", [name for name in BENCHMARKS if THOROUGH or name not in LONG]
)
def test_every_benchmark_runs(name: str) -> None:
    rows = BENCHMARKS[name](2, quick=True)
    assert rows
    assert {row.benchmark for row in rows} == {name}


def test_the_command_refuses_a_benchmark_that_does_not_exist(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit):
        main(["--only", "nutral"])
    said = capsys.readouterr().err
    assert all(name in said for name in BENCHMARKS)


def test_of_the_cases_of_a_start_less_and_less_is_known() -> None:
    known = {
        name: {
            place
            for place, values in enumerate(
                zip(case.values(), case.absent() or case.values(), strict=True)
            )
            if values != (None, None)
        }
        for name, data in cases_of_a_start().items()
        for case in [Case.from_dict(data)]
    }
    assert known[WELL_KNOWN] > known[HALF_KNOWN] > known[EMPTY] == set()
