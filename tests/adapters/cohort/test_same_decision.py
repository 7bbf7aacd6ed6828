"""The decision on many cases is the engine's decision on each, in everything.

`MILIA_CDS_THOROUGH=1` tries 20,000 rows of each kind.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from milia_cds import load_knowledge
from milia_cds.adapters.cohort import cells, judging, ordering, planes, resolving
from milia_cds.adapters.cohort.deciding import Kernel
from milia_cds.adapters.cohort.planes import TruthPlanes
from milia_cds.adapters.cohort.settling import SettledRows
from milia_cds.assessment.decided import decided
from milia_cds.case.case import Case
from milia_cds.case.stated import AnyCase
from milia_cds.knowledge.model import Knowledge
from milia_cds.logic.conditions import And, Condition
from milia_cds.testing import hostile_cases, near_patients
from tests.adapters.cohort.drawn import Drawing
from tests.adapters.cohort.held import Rows, decide_all, differences, expected, read
from tests.adapters.cohort.held import table_of as cases_as_table
from tests.common import OTHERWORLD, THOROUGH, patients, sampled, vignettes

BASE = load_knowledge()
DRAGONS = load_knowledge(OTHERWORLD)
ROWS = 8
"""The cases of one example."""
POLICY = """
name = "The clinic"
version = "1"
not_offered = ["cryotherapy"]

[clinic]
operator = "nurse"

[weights]
downtime = 9
"""

SOME = settings(
    max_examples=20_000 // ROWS if THOROUGH else 6,
    deadline=None,
    derandomize=not THOROUGH,
    suppress_health_check=[HealthCheck.too_slow],
)
CASES = {"near": near_patients(), "hostile": hostile_cases()}


def drawn(base: Knowledge, rows: int, seed: int = 0) -> list[AnyCase]:
    random, drawing = Random(seed), Drawing(base)  # noqa: S311 - for tests
    return [drawing.case(random) for _ in range(rows)]


def every_vignette() -> list[Case]:
    return [Case.from_dict(each.case_data) for each in vignettes()]


@pytest.mark.slow
def test_vignettes_and_patients_are_decided_as_by_the_engine() -> None:
    cases = [*sampled(every_vignette(), 5), *sampled(patients().values(), 2)]

    assert differences(cases, BASE) == []


@pytest.mark.slow
@pytest.mark.parametrize("kind", CASES)
def test_drawn_cases_are_decided_as_by_the_engine(kind: str) -> None:
    @SOME
    @given(st.lists(CASES[kind], min_size=ROWS, max_size=ROWS))
    def check(cases: list[Case]) -> None:
        assert differences(cases, BASE) == []

    check()


@pytest.mark.slow
@pytest.mark.parametrize("base", [BASE, DRAGONS], ids=["milia", "dragons"])
def test_any_values_are_decided_as_by_the_engine(base: Knowledge) -> None:
    cases = drawn(base, 20_000 if THOROUGH else 120)

    assert differences(cases, base) == []


def test_those_values_contradict_one_another_and_themselves() -> None:
    said = [expected(each, BASE) for each in drawn(BASE, 120)]

    assert 10 < sum("errors" in each for each in said) < 110
    answered = [each for each in said if "errors" not in each]
    for key in ("settled", "screened", "warnings", "also", "asked", "certain"):
        assert any(each[key] for each in answered), key


@pytest.mark.slow
def test_a_policy_counts_in_every_row(tmp_path: Path) -> None:
    file = tmp_path / "policy.toml"
    file.write_text(POLICY, "utf-8")
    base = load_knowledge(policy=file)
    cases = [*drawn(base, 60, seed=1), *sampled(every_vignette(), 12)]

    assert differences(cases, base) == []
    assert any(expected(each, base).get("screened") for each in cases)


@pytest.mark.slow
def test_a_row_is_never_less_careful_than_the_answer() -> None:
    cases = [unsaid(each) for each in sampled(every_vignette(), 24)]
    waited, rows = 0, Rows(decide_all(cases, BASE), BASE)

    for number, case in enumerate(cases):
        row = rows.row(number)
        if "errors" in row:
            continue
        answer = decided(case, BASE).decision.exact
        for name, (verdict, _, _) in row["options"].items():
            assert verdict in {answer.verdicts[name].verdict, "withheld"}
        if answer.disposition.pending is not None:
            assert row["action"] == "needs_information"
            waited += 1
    assert waited > 3


@pytest.mark.slow
def test_what_does_not_read_a_fact_need_not_be_decided_anew() -> None:
    cases = [unsaid(each) for each in sampled(every_vignette(), 24)]
    given = read(cases_as_table(cases, BASE).combine_chunks(), BASE)
    kernel, thorough = Kernel(BASE), Kernel(BASE)
    thorough.reading = dict.fromkeys(kernel.reading)
    some, every = (
        Rows(each.decide(given.stated, given.settings), BASE)
        for each in (kernel, thorough)
    )

    assert all(kernel.reading.values())
    assert [some.row(n) for n in range(len(cases))] == [
        every.row(n) for n in range(len(cases))
    ]


def unsaid(case: Case) -> Case:
    """A case in which nobody says whether the patient agrees."""
    return case.stating({"patient.cooperative": None})


# Mutants: what would be wrong, and must be seen --------------------------------------

Patch = Callable[[pytest.MonkeyPatch], None]


def and_is_or(patch: pytest.MonkeyPatch) -> None:
    evaluated = planes.Planes.evaluated

    def wrong(self: planes.Planes, condition: Condition) -> TruthPlanes:
        if isinstance(condition, And):
            held = [self.of(part) for part in condition.parts]
            return TruthPlanes(
                planes.union([each.true for each in held], self.none),
                planes.common([each.false for each in held], self.every),
            )
        return evaluated(self, condition)

    patch.setattr(planes.Planes, "evaluated", wrong)


def null_is_false(patch: pytest.MonkeyPatch) -> None:
    atom = planes.Planes.atom

    def wrong(self: planes.Planes, each: Any) -> TruthPlanes:
        true = atom(self, each).true
        return TruthPlanes(true, ~true)

    patch.setattr(planes.Planes, "atom", wrong)


def a_plane_is_off_by_one(patch: pytest.MonkeyPatch) -> None:
    def wrong(flags: Any) -> Any:
        return right([*flags[1:], *flags[:1]])

    right = planes.packed
    patch.setattr(cells, "packed", wrong)


def a_way_out_is_unknown(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(resolving.ResolvingRows, "ways_out", lambda _self, _said: {})


class Deaf(planes.Planes):
    """Facts of which none is stated, whatever they are."""

    def known(self, _fact: str) -> Any:
        """Nowhere."""
        return self.none


def a_fact_is_settled_against_a_stated_one(patch: pytest.MonkeyPatch) -> None:
    right = resolving.ResolvingRows.settled

    def wrong(self: resolving.ResolvingRows, said: planes.Planes) -> Any:
        return right(self, Deaf(said.rows, said.columns))

    patch.setattr(resolving.ResolvingRows, "settled", wrong)


def a_doubtful_age_settles(patch: pytest.MonkeyPatch) -> None:
    right = planes.union

    def wrong(those: Any, none: Any) -> Any:
        return none if isinstance(those, list) else right(those, none)

    patch.setattr(resolving, "union", wrong)


def screening_is_never_undone(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(resolving.ResolvingRows, "undone_in", lambda *_given: {})


def two_lower_gates_are_one(patch: pytest.MonkeyPatch) -> None:
    right = judging.lowered_rows

    def wrong(cell: Any, lowers: Any, facts: Any) -> Any:
        return right(cell, list(lowers)[:1], facts)

    patch.setattr(judging, "lowered_rows", wrong)


def the_last_modifier_wins(patch: pytest.MonkeyPatch) -> None:
    right = ordering.changed

    def wrong(level: Any, facts: Any) -> Any:
        return right(level, facts)[:1]

    patch.setattr(ordering, "changed", wrong)


def a_yes_is_not_waited_for(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(SettledRows, "waiting", lambda self, _here: self)


MUTANTS: Sequence[Patch] = (
    and_is_or,
    null_is_false,
    a_plane_is_off_by_one,
    a_way_out_is_unknown,
    a_fact_is_settled_against_a_stated_one,
    a_doubtful_age_settles,
    screening_is_never_undone,
    two_lower_gates_are_one,
    the_last_modifier_wins,
    a_yes_is_not_waited_for,
)


@pytest.mark.slow
@pytest.mark.parametrize("mutant", MUTANTS, ids=[each.__name__ for each in MUTANTS])
def test_what_would_be_wrong_is_seen(
    mutant: Patch, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases, said = said_of_some()
    mutant(monkeypatch)
    rows = Rows(decide_all(cases, BASE), BASE)

    assert any(rows.row(n) != each for n, each in enumerate(said))


@cache
def said_of_some() -> tuple[list[AnyCase], list[dict[str, Any]]]:
    """Cases, and what the engine says of them; the kernel says the same."""
    some = every_vignette()[::20]
    cases = [*drawn(BASE, 80), *some, *map(unsaid, some[:5])]
    assert differences(cases, BASE) == []
    return cases, [expected(each, BASE) for each in cases]


def test_a_bit_is_read_from_any_place() -> None:
    cases = drawn(BASE, 40, seed=2)
    table = cases_as_table(cases, BASE)
    whole = Rows(decide_all(cases, BASE), BASE)

    for start in (1, 7, 9):
        part = table.combine_chunks().slice(start, 25)
        [batch] = part.to_batches()
        assert batch.column("findings").offset == start
        said = read(part, BASE)
        rows = Rows(Kernel(BASE).decide(said.stated, said.settings), BASE)
        assert [rows.row(n) for n in range(25)] == [
            whole.row(start + n) for n in range(25)
        ]
