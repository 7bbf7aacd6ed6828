"""Disposition: what to do, over all scenarios and actions that are still possible."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from milia_cds.knowledge import URGENCIES, Act, ActionRow


class Row(NamedTuple):
    """An action row of a scenario that is reached, or may be."""

    name: str
    record: ActionRow
    certain: bool


class Settled(NamedTuple):
    """The action, with where and how soon to refer, and the rows that led to it.

    `certain` tells whether every row that may decide comes to the same: one of them
    does decide, so the action is then fixed once the first place is.
    """

    action: str
    to: str | None
    urgency: str | None
    rows: tuple[Row, ...]
    certain: bool


class Ahead(NamedTuple):
    """An action row, compiled: its bit, and the row as certain and as possible.

    The bit is `None` where the row has no condition.
    """

    bit: int | None
    certain: Row
    possible: Row

    @classmethod
    def of(
        cls, scenario: str, rows: Iterable[ActionRow], bits: Mapping[str, int]
    ) -> tuple[Ahead, ...]:
        """Compile the rows of a scenario; `bits` by the place of each."""
        path = f"scenarios.toml: scenario.{scenario}.action"
        return tuple(
            cls(
                None if record.condition is None else bits[f"{path}[{place}]"],
                Row(f"{scenario}.{place + 1}", record, certain=True),
                Row(f"{scenario}.{place + 1}", record, certain=False),
            )
            for place, record in enumerate(rows)
        )


def possible_rows(rows: Iterable[Ahead], true: int, unknown: int) -> Iterator[Row]:
    """Give the rows that may be the first true one of a scenario."""
    certain = True
    for row in rows:
        if row.bit is None or true & row.bit:
            yield row.certain if certain else row.possible
            return
        if unknown & row.bit:
            certain = False
            yield row.possible


def settle(rows: Iterable[Row], first_acts: frozenset[Act], *, open_: bool) -> Settled:
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
    ends = {
        (
            frozenset(_acts(row, first_acts, open_=open_)),
            row.record.to,
            row.record.urgency,
        )
        for row in rows
    }
    acts = {act for each, _, _ in ends for act in each}
    certain = len(ends) == 1
    if acts == {"refer"}:
        most, *others = sorted(rows, key=_urgency)
        to, urgency = most.record.to, most.record.urgency
        return Settled("refer", to, urgency, (most, *others), certain)
    if len(acts) == 1:
        return Settled(min(acts), None, None, rows, certain)
    if acts == {"treat", "observe"}:
        return Settled("observe", None, None, rows, certain)
    return Settled("needs_information", None, None, rows, certain)


def _acts(row: Row, first_acts: frozenset[Act], *, open_: bool) -> Iterable[str]:
    if row.record.act != "treat":
        return [row.record.act]
    if first_acts:
        return first_acts
    return ["needs_information" if open_ else "observe"]


def _urgency(row: Row) -> int:
    """Give a key that sorts the most urgent first."""
    return -URGENCIES.index(row.record.urgency or URGENCIES[0])
