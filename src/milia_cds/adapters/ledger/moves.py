"""Whom of the stored decisions a change of the knowledge moves (extra `cohort`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from itertools import islice
from typing import Any

import pyarrow as pa

from milia_cds.adapters.cohort import PopulationDiff, input_schema
from milia_cds.adapters.ledger.entries import LedgerEntry
from milia_cds.adapters.ledger.ledger import Ledger, decisions_of, unheard
from milia_cds.knowledge.model import Knowledge

_BATCH = 4096
_NOT_KNOWN, _AS_OF = "not_known", "as_of"


def stored_diff(
    ledger: Ledger,
    before: Knowledge,
    after: Knowledge,
    *,
    heard: Callable[[int], None] = unheard,
) -> PopulationDiff:
    """Decide every stored case by two knowledge bases, and say what is otherwise.

    Parameters
    ----------
    ledger
        The ledger. The rows of the answer are its decisions in order, from 0.
    before, after
        The two knowledge bases. A fact that only one of them knows is left out there,
        and one that neither knows is left out of both.
    heard
        Is told how many cases are read.
    """
    schema = _of_both(before, after)
    batches = _batches(decisions_of(ledger), schema, heard)
    return PopulationDiff.of(batches, before, after)


def _of_both(before: Knowledge, after: Knowledge) -> Any:
    """The columns of cases that either of two knowledge bases may decide."""
    columns = {each.name: each.type for each in input_schema(before)}
    for each in input_schema(after):
        there = columns.get(each.name)
        both = there is not None and pa.types.is_struct(each.type)
        columns[each.name] = _joined(there, each.type) if both else each.type
    return pa.schema([*columns.items()])


def _joined(one: Any, other: Any) -> Any:
    fields = {each.name: each.type for each in (*one, *other)}
    return pa.struct([*fields.items()])


def _batches(
    entries: Iterable[LedgerEntry], schema: Any, heard: Callable[[int], None]
) -> Iterator[Any]:
    left = (_row(entry.content["case"], schema) for entry in entries)
    done = 0
    while rows := list(islice(left, _BATCH)):
        yield pa.RecordBatch.from_pylist(rows, schema=schema)
        done += len(rows)
        heard(done)


def _row(case: Mapping[str, Any], schema: Any) -> dict[str, Any]:
    """A stored case as a row: what was left out and what is not known stay two."""
    row: dict[str, Any] = {**case}
    row[_NOT_KNOWN] = [
        f"{section}.{fact}"
        for section, facts in case.items()
        if isinstance(facts, dict)
        for fact, value in facts.items()
        if value is None and _has(schema, section, fact)
    ]
    said = case.get(_AS_OF)
    row[_AS_OF] = None if said is None else date.fromisoformat(said)
    return row


def _has(schema: Any, section: str, fact: str) -> bool:
    place = schema.get_field_index(section)
    if place < 0:
        return False
    return bool(schema.field(place).type.get_field_index(fact) >= 0)
