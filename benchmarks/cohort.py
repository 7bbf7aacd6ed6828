"""Many cases at once, beside one after the other: the time and the memory of a row.

The cases are the vignettes of `tests/cases`, with what was screened for stated. Both
decide the same: one is given Cases, ready to be assessed, and the other a batch of
Arrow whose choices are plain texts; it writes all that it gives.
"""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

import pyarrow as pa

from benchmarks.rounds import Row, compared, interleaved, stopwatch
from milia_cds import Case, ContradictionError, assess
from milia_cds.adapters.cohort import Decider, frame_of
from milia_cds.testing import load_vignettes

CASES = Path(__file__).parents[1] / "tests" / "cases"

ASSESS = "assess: one Case"
ROWS = "300 rows, Arrow in and out"
WITH_DICTIONARIES = "300 rows, choices in dictionaries"
MORE_ROWS = "a row of 1,048,576"
FEWER_ROWS = "a row of 262,144"
FEWEST_ROWS = "a row of 16,384"
_ROWS = 1 << 18
_MOST_BYTES = 1000


def cohort(rounds: int, *, quick: bool) -> list[Row]:
    """Time rows of a batch beside cases, and see what memory they take."""
    cases = stated_cases()
    batch = batch_of(cases, _ROWS // 16 if quick else _ROWS)
    contestants = {
        ASSESS: stopwatch(assess, cases, 1),
        ROWS: _timed(batch, 300),
        WITH_DICTIONARIES: _timed(in_dictionaries(batch), 300),
        FEWER_ROWS: _timed(batch, 1),
        FEWEST_ROWS: _timed(batch.slice(0, _ROWS // 16), 1),
    }
    if not quick:
        contestants[MORE_ROWS] = _timed(batch_of(cases, 4 * _ROWS), 1)
    timings = interleaved("cohort", contestants, rounds)
    found = [
        compared(timings, "cohort", ROWS, ASSESS, most=1),
        compared(timings, "cohort", WITH_DICTIONARIES, ASSESS, most=1),
    ]
    if not quick:
        found.append(compared(timings, "cohort", FEWEST_ROWS, FEWER_ROWS))
        found.append(compared(timings, "cohort", MORE_ROWS, FEWER_ROWS, most=1.2))
    return [*found, _memory(batch)]


def stated_cases() -> list[Case]:
    """The vignettes that contradict nothing, with what was screened for stated."""
    found = []
    for each in load_vignettes(CASES):
        case = Case.from_dict(each.case_data)
        filled = {
            name: sorted(value) if isinstance(value, frozenset) else value
            for name, value in case.absences().items()
        }
        data = case.stating(filled).to_dict()
        data.pop("assume_absent", None)
        stated = Case.from_dict(data)
        try:
            assess(stated)
        except ContradictionError:
            continue
        found.append(stated)
    return found


def batch_of(cases: list[Case], rows: int) -> Any:
    """So many rows of cases, each as often as the others."""
    table = frame_of(cases).drop_columns(["not_known", "assume_absent", "as_of"])
    often = rows // table.num_rows + 1
    whole = pa.concat_tables([table] * often).slice(0, rows).combine_chunks()
    [batch] = whole.to_batches()
    return batch


def in_dictionaries(batch: Any) -> Any:
    """The same cases, their choices in dictionaries, as categories of frames are."""
    columns = []
    for column in batch.columns:
        if pa.types.is_struct(column.type):
            names = [field.name for field in column.type]
            parts = zip(names, column.flatten(), strict=True)
            encoded = {name: _in_dictionary(part) for name, part in parts}
            columns.append(pa.StructArray.from_arrays([*encoded.values()], [*encoded]))
        else:
            columns.append(column)
    return pa.RecordBatch.from_arrays(columns, names=batch.schema.names)


def _in_dictionary(values: Any) -> Any:
    return values.dictionary_encode() if pa.types.is_string(values.type) else values


def _timed(batch: Any, rows: int) -> Callable[[], float]:
    """The seconds that some rows of a batch take, all of it decided."""
    decider = Decider(batch.schema)

    def timed() -> float:
        start = perf_counter()
        for _ in decider.stream([batch]):
            pass
        taken = perf_counter() - start
        return taken * rows / int(batch.num_rows)

    return timed


def _memory(batch: Any) -> Row:
    """The most memory that a row takes beside the input, results included."""
    pool = pa.default_memory_pool()
    before = pool.bytes_allocated()
    tracemalloc.start()
    result = Decider(batch.schema).decide(batch)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    arrow = max(pool.max_memory() - before, 0)
    bytes_ = (most + arrow) / result.num_rows
    target = f"at most {_MOST_BYTES} B" + ": missed" * (bytes_ > _MOST_BYTES)
    return Row("cohort", "peak memory of a row", "", f"{bytes_:.0f} B", "", target)
