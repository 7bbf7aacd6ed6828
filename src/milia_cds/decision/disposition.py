"""Disposition: what to do, over all scenarios and actions that are still possible."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from milia_cds.knowledge.model import URGENCIES, Act, ActionRow
from milia_cds.logic.conditions import Condition


class ReachedRow(NamedTuple):
    """An action row of a scenario that is reached, or may be."""

    name: str
    record: ActionRow


class DispositionDecision(NamedTuple):
    """The action, with where and how soon to refer, and the rows that led to it."""

    action: str
    to: str | None
    urgency: str | None
    rows: tuple[ReachedRow, ...]


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
) -> Iterator[ReachedRow]:
    """The rows that may be the first true one of a scenario."""
    for row in rows:
        if row.bit is None or true & row.bit:
            yield row.row
            return
        if unknown & row.bit:
            yield row.row


def settle(
    rows: Iterable[ReachedRow], first_acts: frozenset[Act], *, open_: bool
) -> DispositionDecision:
    """Settle on an action.

    Parameters
    ----------
    rows
        Every row that may decide, over the possible scenarios.
    first_acts
        The acts of the options in the first place; empty where nothing is offered.
    open_
        Whether an option is withheld, so that something might still be offered.
    """
    rows = tuple(rows)
    acts = {act for row in rows for act in _acts(row, first_acts, open_=open_)}
    if acts == {"refer"}:
        most, *others = sorted(rows, key=_urgency)
        to, urgency = most.record.to, most.record.urgency
        return DispositionDecision("refer", to, urgency, (most, *others))
    if len(acts) == 1:
        return DispositionDecision(min(acts), None, None, rows)
    if acts == {"treat", "observe"}:
        return DispositionDecision("observe", None, None, rows)
    return DispositionDecision("needs_information", None, None, rows)


def _acts(row: ReachedRow, first_acts: frozenset[Act], *, open_: bool) -> Iterable[str]:
    if row.record.act != "treat":
        return [row.record.act]
    if first_acts:
        return first_acts
    return ["needs_information" if open_ else "observe"]


def _urgency(row: ReachedRow) -> int:
    """A key that sorts the most urgent first."""
    return -URGENCIES.index(row.record.urgency or URGENCIES[0])
