"""Disposition: what to do, over all scenarios and actions that are still possible."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from milia_cds.knowledge.dangers import URGENCIES, URGENT, Urgency
from milia_cds.knowledge.options import Act
from milia_cds.knowledge.scenarios import ActionRow
from milia_cds.logic.conditions import Condition

Course: TypeAlias = tuple[str, str | None, str | None]
"""What to do, where to refer to and how soon."""


def course_of(row: ActionRow) -> Course:
    """What a row of actions does."""
    return (row.act, row.to, row.urgency)


class ReachedRow(NamedTuple):
    """An action row of a scenario that is reached, or may be."""

    name: str
    record: ActionRow


class PossibleRow(NamedTuple):
    """A row that may be the first true one of its scenario, and whether it holds."""

    row: ReachedRow
    holds: bool


class Awaited(NamedTuple):
    """A fact whose "yes" is all that lacks, and the options that it puts first."""

    fact: str
    options: tuple[str, ...]


class DispositionDecision(NamedTuple):
    """The action, with where and how soon to refer, and the rows that led to it.

    Parameters
    ----------
    action, to, urgency
        What to do; of a referral, where to and how soon.
    rows
        The rows that may decide, the one whose `to` and `urgency` it has first.
    at_worst
        The highest urgency that is still possible, where it is another.
    also
        Later rows that hold and refer elsewhere.
    pending
        The one fact that is waited for, where its "yes" is all that lacks.
    """

    action: str
    to: str | None
    urgency: Urgency | None
    rows: tuple[ReachedRow, ...]
    at_worst: Urgency | None = None
    also: tuple[ReachedRow, ...] = ()
    pending: Awaited | None = None


class PlannedRow(NamedTuple):
    """An action row, compiled; its bit is `None` where it has no condition."""

    bit: int | None
    row: ReachedRow

    @classmethod
    def of(
        cls, scenario: str, rows: Iterable[ActionRow], bits: Mapping[Condition, int]
    ) -> tuple[PlannedRow, ...]:
        """Compile the rows of a scenario, by the bit of each condition."""
        return tuple(
            cls(
                None if record.condition is None else bits[record.condition],
                ReachedRow(f"{scenario}.{place + 1}", record),
            )
            for place, record in enumerate(rows)
        )


def possible_rows(
    rows: Iterable[PlannedRow], true: int, unknown: int
) -> Iterator[PossibleRow]:
    """The rows that may be the first true one of a scenario."""
    for row in rows:
        if row.bit is None or true & row.bit:
            yield PossibleRow(row.row, holds=True)
            return
        if unknown & row.bit:
            yield PossibleRow(row.row, holds=False)


def also_true(
    rows: Iterable[PlannedRow], settled: DispositionDecision, true: int
) -> Iterator[ReachedRow]:
    """The rows after the one that was settled on that hold and refer elsewhere.

    The last row, which has no condition, stands for what the others leave.
    """
    decided = False
    for row in rows:
        record = row.row.record
        if not decided:
            decided = row.row == settled.rows[0]
        elif row.bit is not None and true & row.bit and _elsewhere(record, settled):
            yield row.row


def _elsewhere(record: ActionRow, settled: DispositionDecision) -> bool:
    return record.act == "refer" and record.to != settled.to


def settle(
    possible: Iterable[PossibleRow], first_acts: frozenset[Act], *, open_: bool
) -> DispositionDecision:
    """Settle on an action.

    Parameters
    ----------
    possible
        Every row that may decide, over the possible scenarios.
    first_acts
        The acts of the options in the first place; empty where nothing is offered.
    open_
        Whether an option is withheld, so that something might still be offered.
    """
    possible = tuple(possible)
    rows = tuple([each.row for each in possible])
    acts = {act for row in rows for act in _acts(row, first_acts, open_=open_)}
    if acts == {"refer"}:
        return _referral(possible)
    if len(acts) == 1:
        return DispositionDecision(min(acts), None, None, rows)
    worst = highest(row.record.urgency for row in rows)
    if acts == {"treat", "observe"}:
        return DispositionDecision("observe", None, None, rows, worst)
    in_order = tuple(sorted(rows, key=_soonest))
    return DispositionDecision("needs_information", None, None, in_order, worst)


def _referral(possible: Sequence[PossibleRow]) -> DispositionDecision:
    """Where to and how soon, when every row that may decide refers.

    The highest urgency among the rows that is at most urgent; where all are higher, the
    least of them: what must be done today is said where every completion has as much.
    """
    ranks = {_rank(each.row) for each in possible}
    rank = max((each for each in ranks if each <= URGENT), default=min(ranks))
    having = [each for each in possible if _rank(each.row) == rank]
    most = next((each for each in having if each.holds), having[0]).row
    others = sorted([each.row for each in possible if each.row != most], key=_soonest)
    urgency = URGENCIES[rank]
    worst = URGENCIES[max(ranks)]
    return DispositionDecision(
        "refer",
        most.record.to,
        urgency,
        (most, *others),
        None if worst == urgency else worst,
    )


def highest(urgencies: Iterable[str | None]) -> Urgency | None:
    """The highest of some urgencies; `None` where there is none."""
    ranks = [URGENCIES.index(each) for each in urgencies if each]
    return URGENCIES[max(ranks)] if ranks else None


def _acts(row: ReachedRow, first_acts: frozenset[Act], *, open_: bool) -> Iterable[str]:
    if row.record.act != "treat":
        return [row.record.act]
    if first_acts:
        return first_acts
    return ["needs_information" if open_ else "observe"]


def _rank(row: ReachedRow) -> int:
    return URGENCIES.index(row.record.urgency or URGENCIES[0])


def _soonest(row: ReachedRow) -> int:
    """A key that sorts the most urgent referral first, and what is none last."""
    return -_rank(row) if row.record.urgency else 1
