"""The diagrams of results say of each complete case what the engine decides."""

from __future__ import annotations

from hypothesis import strategies as st

from milia_cds import Case
from milia_cds.decision.all_cases import AllCases, all_cases
from milia_cds.decision.completions import Completions, cells_of
from milia_cds.decision.engine import first_place
from milia_cds.decision.ranking import score
from milia_cds.decision.record import Record
from milia_cds.logic.restriction import Restriction
from milia_cds.testing import completions
from tests.property.deciding import BASE, CASES, disposition, law, redecided

RESULTS = all_cases(BASE)


def result_of(record: Record, option: str) -> tuple[str, int]:
    judged = record.verdicts[option]
    return judged.verdict, judged.worst if judged.verdict == "offered" else 0


@law
def test_a_complete_case_comes_to_what_the_engine_decides(
    kind: str, data: st.DataObject
) -> None:
    case: Case = data.draw(CASES[kind])
    record = redecided(data.draw(completions(case)).facts(), case)
    check_complete(RESULTS, record)


def check_complete(made: AllCases, record: Record) -> None:
    """Check every diagram on a complete case."""
    left = Completions(made, record)
    cells = cells_of(made.diagrams.variables, record.facts)
    restriction = Restriction(made.diagrams, cells)
    scenarios = restriction.values(restriction.of(made.scenario))
    assert scenarios == set(record.walk.scenarios)
    for name in record.verdicts:
        assert left.option(name).values == {result_of(record, name)}
    for name, judged in record.measures.items():
        assert left.measure(name).values == {judged.verdict}
    for place in record.ranking:
        placed = score(place.worst, place.points, own=record.own)
        assert left.places(place.option) == {placed}
    assert left.first is not None
    assert left.first.values == {frozenset(first_place(record.ranking))}
    assert left.disposition is not None
    assert left.disposition.values == {disposition(record)}
    assert left.agree_with(record)
    assert not any(each.facts for _, each in left.what_is_offered())
