"""Whom of the stored decisions a change of the knowledge moves (extra `cohort`)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

from milia_cds.adapters.cohort import PopulationDiff, input_schema
from milia_cds.adapters.ledger.entries import LedgerEntry
from milia_cds.adapters.ledger.ledger import Ledger, decisions_of, unheard
from milia_cds.knowledge.model import Knowledge

try:
    import pyarrow as pa
    from pyarrow.json import ParseOptions, ReadOptions, read_json
except ImportError:
    message = "a difference of a ledger needs PyArrow: pip install milia-cds[cohort]"
    raise ImportError(message) from None

_BATCH = 4096
_MOST_BYTES = 1 << 28
"""As long as the lines of a batch may be; what is shorter is read at once."""
_CASE, _NOT_KNOWN, _AS_OF = "case", "not_known", "as_of"
_OF_OURS = (_NOT_KNOWN, _AS_OF)


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
    texts = (entry.body.text for entry in entries if entry.body is not None)
    done = 0
    while some := list(islice(texts, _BATCH)):
        yield _batch(some, schema)
        done += len(some)
        heard(done)


def _batch(texts: list[str], schema: Any) -> Any:
    """What is stored with decisions as a batch of cases."""
    said = pa.schema([*(each for each in schema if each.name not in _OF_OURS)])
    wanted = pa.struct([*said, (_AS_OF, pa.string())])
    read = read_json(
        pa.BufferReader("\n".join(texts).encode()),
        read_options=ReadOptions(block_size=_MOST_BYTES),
        parse_options=ParseOptions(
            explicit_schema=pa.schema([(_CASE, wanted)]),
            unexpected_field_behavior="ignore",
        ),
    )
    case = read.column(_CASE).combine_chunks()
    columns = dict(zip(wanted.names, case.flatten(), strict=True))
    columns[_AS_OF] = columns[_AS_OF].cast(pa.date32())
    columns[_NOT_KNOWN] = pa.array(
        [_not_known(text, schema) for text in texts], pa.list_(pa.string())
    )
    return pa.RecordBatch.from_pydict(
        {name: columns[name] for name in schema.names}, schema=schema
    )


def _not_known(text: str, schema: Any) -> list[str]:
    """The facts that were asked and are not known, of those that have a column."""
    if ":null" not in text:
        return []
    case = json.loads(text)[_CASE]
    return [
        f"{section}.{fact}"
        for section, facts in case.items()
        if isinstance(facts, dict)
        for fact, value in facts.items()
        if value is None and _has(schema, section, fact)
    ]


def _has(schema: Any, section: str, fact: str) -> bool:
    place = schema.get_field_index(section)
    if place < 0:
        return False
    return bool(schema.field(place).type.get_field_index(fact) >= 0)
