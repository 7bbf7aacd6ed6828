"""One row of a decision on many cases, held to what the engine decides on its case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from milia_cds.adapters.cohort.batches import input_schema
from milia_cds.adapters.cohort.deciding import Decided, Kernel
from milia_cds.adapters.cohort.judging import JudgedRows, Ranks
from milia_cds.adapters.cohort.layout import ForAllRows, Layout
from milia_cds.adapters.cohort.ordering import NOT_OFFERED
from milia_cds.adapters.cohort.planes import Plane, unpacked
from milia_cds.adapters.cohort.stating import BatchReader, ReadBatch
from milia_cds.assessment.decided import decided as decided_one
from milia_cds.case.stated import AnyCase
from milia_cds.decision.case_decision import CaseDecision
from milia_cds.decision.engine import first_place
from milia_cds.decision.record import Record
from milia_cds.errors import ContradictionError
from milia_cds.knowledge.model import Knowledge
from milia_cds.logic.conditions import deciding, truth

Said = dict[str, Any]


def table_of(cases: Sequence[AnyCase], base: Knowledge) -> Any:
    """Cases as a table in which left out and not known are two things."""
    rows = [{**each.to_dict(), "not_known": sorted(each.not_known)} for each in cases]
    return pa.Table.from_pylist(rows, schema=input_schema(base))


def read(table: Any, base: Knowledge) -> ReadBatch:
    [batch] = table.to_batches()
    layout = Layout.of(base, table.schema, (), ForAllRows())
    return BatchReader(base, layout, ForAllRows()).read(batch)


def decide_all(cases: Sequence[AnyCase], base: Knowledge) -> Decided:
    read_batch = read(table_of(cases, base).combine_chunks(), base)
    return Kernel(base).decide(read_batch.stated, read_batch.settings)


class Rows:
    """The rows of a decision, as plain values."""

    def __init__(self, decided: Decided, base: Knowledge) -> None:
        self.decided = decided
        self.base = base
        self._flags: dict[int, Any] = {}

    def holds(self, plane: Plane, row: int) -> bool:
        """Whether a plane is true in a row."""
        if id(plane) not in self._flags:
            self._flags[id(plane)] = (
                plane,
                unpacked(plane, self.decided.rows).tolist(),
            )
        return bool(self._flags[id(plane)][1][row])

    def names(self, planes: Mapping[Any, Plane], row: int) -> list[Any]:
        """The names of the planes that are true in a row."""
        return [name for name, plane in planes.items() if self.holds(plane, row)]

    def rank(self, ranks: Ranks, row: int) -> int:
        """The rank of a standing in a row."""
        return sum(self.holds(plane, row) for plane in ranks)

    def judged(self, judged: JudgedRows, row: int) -> tuple[str, int, int]:
        """A verdict, with the worst and the best standing."""
        [verdict] = self.names(judged.verdicts, row)
        return verdict, self.rank(judged.worst, row), self.rank(judged.best, row)

    def row(self, row: int) -> Said:
        """All that is said of a row; of one with a contradiction, which."""
        decided = self.decided
        errors = self.names(decided.resolved.errors, row)
        if errors:
            return {"errors": errors}
        settled = decided.disposition
        [action] = self.names(settled.actions, row)
        options = {n: self.judged(e, row) for n, e in decided.options.items()}
        offered = [n for n, each in options.items() if each[0] == "offered"]
        scores = {n: int(decided.order.scores[n][row]) for n in offered}
        for name in set(options).difference(offered):
            scores_of = decided.order.scores.get(name)
            assert scores_of is None or scores_of[row] == NOT_OFFERED
        return {
            "known": {n for n in self.base.kinds if self.holds(self._known(n), row)},
            "settled": self.filled(decided.resolved.settled, row),
            "screened": self.filled(decided.resolved.screened, row),
            "warnings": self.names(decided.resolved.warnings, row),
            "scenarios": self.names(decided.scenarios, row),
            "options": options,
            "measures": {n: self.judged(e, row) for n, e in decided.measures.items()},
            "points": {n: int(decided.order.points[n][row]) for n in offered},
            "order": _in_order(scores, self.base),
            "first": self.names(decided.order.first, row),
            "action": action,
            "to": self.names(settled.to, row),
            "urgency of referral": self.names(settled.urgency, row),
            "own": self.holds(settled.own, row),
            "also": [
                (each.to, each.urgency)
                for each in settled.also
                if self.holds(each.rows, row)
            ],
            "certain": self.names(
                {n: e.certain for n, e in decided.alerts.items()}, row
            ),
            "asked": self.names({n: e.asked for n, e in decided.alerts.items()}, row),
            "urgency": self.names(decided.urgency, row),
            "lacking": {*self.names(decided.lacking, row)},
        }

    def _known(self, name: str) -> Plane:
        return self.decided.resolved.facts.known(name)

    def filled(self, filled: Mapping[str, Sequence[Any]], row: int) -> dict[str, Any]:
        """What was filled in a row, by the name of the fact."""
        return {
            name: value
            for name, each in filled.items()
            for rows, value in each
            if self.holds(rows, row)
        }


def _in_order(scores: Mapping[str, Any], base: Knowledge) -> list[tuple[int, str]]:
    """Rank and name of each, equal scores sharing a rank."""
    order = sorted(scores, key=lambda n: (-scores[n], base.options[n].invasiveness, n))
    ranked = sorted(scores.values(), reverse=True)
    return [(ranked.index(scores[name]) + 1, name) for name in order]


def expected(case: AnyCase, base: Knowledge) -> Said:
    """The same from the engine."""
    try:
        made = decided_one(case, base)
    except ContradictionError as error:
        texts = {each.message for each in error.problems}
        return {
            "errors": [
                each.id
                for each in base.contradictions
                if each.level == "error" and each.text.rstrip(".") in texts
            ]
        }
    record = made.decision.record
    facts, disposition = record.facts, record.disposition
    where = base.destinations.get(disposition.to or "")
    condition = None if where is None else where.condition
    screened = {
        name: facts[name]
        for name in record.assumed
        if not base.facts[name].way_out and name not in record.settled
    }
    return {
        "known": {name for name, value in facts.items() if value is not None},
        "settled": {name: each.value for name, each in record.settled.items()},
        "screened": screened,
        "warnings": [each.id for each in record.warnings],
        "scenarios": list(record.walk.scenarios),
        "options": {n: tuple(v[1:]) for n, v in record.verdicts.items()},
        "measures": {n: tuple(v[1:]) for n, v in record.measures.items()},
        "points": {each.option: each.points for each in record.ranking},
        "order": [(each.rank, each.option) for each in record.ranking],
        "first": list(first_place(record.ranking)),
        "action": "needs_information" if waits(made.decision) else disposition.action,
        "to": [disposition.to] * (disposition.to is not None),
        "urgency of referral": [disposition.urgency] * bool(disposition.urgency),
        "own": condition is not None and truth(condition, facts) is True,
        "also": [
            (e.record.to, e.record.urgency or "routine") for e in disposition.also
        ],
        "certain": sorted(
            (each.alert.id for each in record.alerts if each.certain),
            key=[*base.alerts].index,
        ),
        "asked": sorted(
            (each.alert.id for each in record.alerts if not each.certain),
            key=[*base.alerts].index,
        ),
        "urgency": [record.urgency] * (record.urgency is not None),
        "lacking": _lacking(record, base),
    }


def waits(decision: CaseDecision) -> bool:
    """Whether the "yes" of a fact would lead to treatment, or to another one."""
    record, engine = decision.record, decision.engine
    for name, entry in engine.base.facts.items():
        if entry.pending is None or record.facts[name] is not None:
            continue
        condition = entry.pending.condition
        held = condition is None or truth(condition, record.facts) is True
        given = engine.redecided(record, {name: True}) if held else None
        if given is not None and given.disposition.action == "treat":
            if record.disposition.action not in {"observe", "treat"}:
                continue
            if first_place(given.ranking) != first_place(record.ranking):
                return True
    return False


def _lacking(record: Record, base: Knowledge) -> set[str]:
    """The unknown facts of what withholds an option, by the definition."""
    found: set[str] = set()
    facts = record.facts
    for name, judged in record.verdicts.items():
        if judged.verdict != "withheld":
            continue
        kinds = {"forbid", "lower"} if judged.worst == 0 else {"forbid"}
        for gate in base.options[name].gate:
            if gate.kind in kinds and gate.condition is not None:
                held, names = deciding(gate.condition, facts)
                if held is None:
                    found.update(each for each in names if facts[each] is None)
        ranks = {base.scenarios[s].ranks[name] for s in record.walk.scenarios}
        if judged.worst == 0 and len(ranks) > 1:
            for visit in record.walk.visits:
                found.update(visit.lacking)
    return found


def differences(cases: Sequence[AnyCase], base: Knowledge) -> list[tuple[int, Any]]:
    """The rows on which both do not say the same, and what each says."""
    rows = Rows(decide_all(cases, base), base)
    found = []
    for number, case in enumerate(cases):
        one, other = rows.row(number), expected(case, base)
        if one != other:
            unlike = {
                key: (one.get(key), other.get(key))
                for key in {*one, *other}
                if one.get(key) != other.get(key)
            }
            found.append((number, unlike))
    return found
