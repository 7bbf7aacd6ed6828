"""Decisions are what the words of the design say (section 4), told once more, slowly.

Like the truth of a condition beside its plan: the engine is written to be fast, this to
be read.
"""

from hypothesis import strategies as st

from milia_cds import Case
from milia_cds.decision.engine import first_place
from milia_cds.decision.record import Record
from milia_cds.knowledge.dangers import URGENCIES, URGENT
from milia_cds.knowledge.options import STANDINGS, Gate, Option
from milia_cds.knowledge.scenarios import ActionRow
from milia_cds.logic.conditions import Truth, truth
from tests.property.deciding import (
    BASE,
    CASES,
    Facts,
    decided,
    disposition,
    law,
    with_verdict,
)


@law
def test_a_verdict_is_the_first_that_holds(data: st.DataObject, kind: str) -> None:
    case = data.draw(CASES[kind])
    record = decided(case)
    for option in BASE.options.values():
        forbids = gates_of(option, "forbid", record.facts)
        cells = [BASE.scenarios[name].ranks[option.id] for name in scenarios(record)]
        lowers = gates_of(option, "lower", record.facts)
        maybe = [gate for gate, value in lowers if value is not False]
        sure = [gate for gate, value in lowers if value]
        worst, best = lowered(min(cells), maybe), lowered(max(cells), sure)
        holds = {
            "excluded": any(value for _, value in forbids),
            "unavailable": not available(option, case),
            "not_indicated": best == 0,
            "withheld": worst == 0 or any(value is None for _, value in forbids),
            "offered": True,
        }
        verdict = next(name for name, value in holds.items() if value)
        judged = record.verdicts[option.id]
        assert (judged.verdict, judged.worst, judged.best) == (verdict, worst, best)


def available(option: Option, case: Case) -> bool:
    return case.clinic.offers is None or option.id in case.clinic.offers


def scenarios(record: Record) -> tuple[str, ...]:
    return record.walk.scenarios


def gates_of(option: Option, kind: str, facts: Facts) -> list[tuple[Gate, Truth]]:
    return [
        (gate, truth(gate.condition, facts) if gate.condition else True)
        for gate in option.gate
        if gate.kind == kind
    ]


def lowered(rank: int, gates: list[Gate]) -> int:
    """The standing that some `lower` gates make of another."""
    plain = [gate for gate in gates if gate.to is None]
    caps = [STANDINGS.index(gate.to) for gate in gates if gate.to is not None]
    if len(plain) > 1:
        return 0
    if plain:
        rank = max(rank - 1, min(rank, STANDINGS.index("limited")))
    return min([rank, *caps])


@law
def test_a_disposition_is_what_the_possible_actions_allow(
    data: st.DataObject, kind: str
) -> None:
    record = decided(data.draw(CASES[kind]))
    rows = [row for name in scenarios(record) for row in rows_of(name, record.facts)]
    acts = {act for row in rows for act in acts_of(row, record)}
    action, to, urgency = disposition(record)
    if acts == {"refer"}:
        ranks = {URGENCIES.index(row.urgency) for row in rows if row.urgency}
        sure = max([each for each in ranks if each <= URGENT] or [min(ranks)])
        assert (action, urgency) == ("refer", URGENCIES[sure])
        assert to in {row.to for row in rows if row.urgency == urgency}
        worst = None if max(ranks) == sure else URGENCIES[max(ranks)]
        assert record.disposition.at_worst == worst
        return
    single = acts.pop() if len(acts) == 1 else "needs_information"
    expected = "observe" if acts == {"treat", "observe"} else single
    assert (action, to, urgency) == (expected, None, None)


def rows_of(scenario: str, facts: Facts) -> list[ActionRow]:
    """The rows of a scenario that may be the first true one."""
    possible = []
    for row in BASE.scenarios[scenario].action:
        value = truth(row.condition, facts) if row.condition else True
        if value is not False:
            possible.append(row)
        if value:
            break
    return possible


def acts_of(row: ActionRow, record: Record) -> set[str]:
    first = first_place(record.ranking)
    if row.act != "treat":
        return {row.act}
    if first:
        return {BASE.options[option].act for option in first}
    open_ = with_verdict(record, "withheld")
    return {"needs_information" if open_ else "observe"}
