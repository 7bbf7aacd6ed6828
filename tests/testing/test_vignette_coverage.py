"""The vignettes reach all of the knowledge, and each rests on something that exists.

What comes out of each is tested in `test_vignettes.py`; here only what they cover is.
"""

from __future__ import annotations

from collections import Counter

import pytest

from docs.generate import read_rows
from milia_cds import Case, ContradictionError, load_knowledge
from milia_cds.decision.engine import compiled
from milia_cds.decision.record import Record
from milia_cds.testing import Vignette
from tests import common

BASE = load_knowledge()
ENGINE = compiled(BASE)

DECIDING = {
    gate.name: ENGINE.plan.bit[gate.condition]
    for gate in BASE.gates()
    if gate.kind in {"forbid", "lower"} and gate.condition is not None
}
FEWEST = 160
FEWEST_REPORTS = 40
FEWEST_PER_SCENARIO = 3

ADDENDUM = {
    f"addendum-{name}"
    for name in (
        *(f"A{number:02}" for number in range(1, 28)),
        *(f"U{number:02}" for number in range(1, 18)),
        *(f"I{number}" for number in range(1, 5)),
        *(f"K{number}" for number in range(1, 10)),
        *(f"F{number}" for number in range(1, 24)),
        *(f"section-{number}" for number in ("0.3", "1", "2", "3", "4.2", "4.3", "9")),
    )
}
"""The numbers of the clinical addendum that decided what comes out."""


@pytest.fixture(scope="module")
def vignettes() -> tuple[Vignette, ...]:
    return common.vignettes()


@pytest.fixture(scope="module")
def reports(vignettes: tuple[Vignette, ...]) -> list[Vignette]:
    return [each for each in vignettes if each.file.startswith("reports_")]


@pytest.fixture(scope="module")
def records(vignettes: tuple[Vignette, ...]) -> list[Record]:
    """What is decided on every vignette that is not refused."""
    decided = (decide(Case.from_dict(each.case_data)) for each in vignettes)
    return [record for record in decided if record is not None]


def decide(case: Case) -> Record | None:
    try:
        return ENGINE.decide(
            case.values(),
            absent=case.absent(),
            offers=case.clinic.offers,
            weights=case.goals.weights,
        )
    except ContradictionError:
        return None


@pytest.mark.parametrize("value", ["true", "false", "unknown"])
def test_every_gate_that_decides_is_true_false_and_unknown_somewhere(
    records: list[Record], value: str
) -> None:
    seen = {
        "true": [record.true for record in records],
        "unknown": [record.unknown for record in records],
        "false": [~(record.true | record.unknown) for record in records],
    }[value]
    assert [
        name for name, bit in DECIDING.items() if not any(bits & bit for bits in seen)
    ] == []


def test_every_scenario_is_the_only_possible_one_in_three_vignettes(
    records: list[Record],
) -> None:
    certain = Counter(
        record.walk.scenarios[0]
        for record in records
        if len(record.walk.scenarios) == 1
    )
    assert {
        name: certain[name]
        for name in BASE.scenarios
        if certain[name] < FEWEST_PER_SCENARIO
    } == {}


def test_there_are_vignettes_enough(vignettes: tuple[Vignette, ...]) -> None:
    assert len(vignettes) >= FEWEST


def test_there_are_vignettes_enough_from_published_reports(
    reports: list[Vignette],
) -> None:
    assert len(reports) >= FEWEST_REPORTS


def test_every_vignette_from_a_report_names_it(reports: list[Vignette]) -> None:
    assert [
        (each.file, each.id)
        for each in reports
        if not any(is_a_report(name) for name in each.evidence)
    ] == []


def is_a_report(name: str) -> bool:
    """Whether an evidence id is one of the publications E001 and on."""
    return name in BASE.sources and name[0] == "E" and name[1:].isdecimal()


def test_every_vignette_rests_on_evidence_that_exists(
    vignettes: tuple[Vignette, ...],
) -> None:
    numbers = {each.number for each in BASE.guarantees}
    numbers |= {each.number for each in BASE.promises}
    known = {
        *BASE.sources,
        *(row.id for row in read_rows()),
        *(f"guarantee-{number}" for number in numbers),
        *ADDENDUM,
        "judgement",
    }
    assert [
        (each.file, each.id, name)
        for each in vignettes
        for name in each.evidence
        if name not in known
    ] == []
