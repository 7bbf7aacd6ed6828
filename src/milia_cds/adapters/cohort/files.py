"""Files of many cases, read and written batch by batch: memory does not grow with them.

Parquet, Arrow, CSV and JSON Lines, known by how the name ends. In CSV every cell is a
text, and an empty one is not known. A line of JSON is a case as `assess` reads it: a
key that is left out is left out, and null was asked and is not known.
"""

from __future__ import annotations

import json
import re
from codecs import BOM_UTF8
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv, types
from pyarrow.parquet import ParquetFile, ParquetWriter

from milia_cds.adapters.cohort.batches import CHUNK, ArrowSchema, Batch, input_schema
from milia_cds.adapters.cohort.cells import is_list
from milia_cds.adapters.cohort.layout import NOT_KNOWN, UNREAD, FrameError
from milia_cds.case.statement import AS_OF
from milia_cds.case.strict_json import parse_json
from milia_cds.errors import CaseError, Problem, quoted
from milia_cds.knowledge.model import Knowledge

_LINES = 4096
_BYTES = 1 << 24
_UNEVEN = re.compile(r"Expected (\d+) columns, got (\d+)")
_OTHER_COMMAS = re.compile(r"[;\t|]")
_SAID = {";": "semicolons", "\t": "tabs", "|": "bars"}
_USE = "use a name that ends in .parquet, .arrow, .csv or .jsonl"


class CaseRows(NamedTuple):
    """The rows of a file.

    Parameters
    ----------
    schema
        Their schema.
    batches
        Them, batch by batch.
    texts
        Whether every cell is a text.
    """

    schema: ArrowSchema
    batches: Iterable[Batch]
    texts: bool = False


Write: TypeAlias = Callable[[Batch], None]


@contextmanager
def open_rows(path: Path, base: Knowledge, keep: Collection[str]) -> Iterator[CaseRows]:
    """Open a file of cases.

    Parameters
    ----------
    path
        The file.
    base
        The knowledge base by whose vocabulary cases are read.
    keep
        The columns that are handed on.

    Raises
    ------
    FrameError
        When it is none of these files, or cannot be read as what its name says.
    OSError
        When it cannot be opened.
    """
    with ExitStack() as stack:
        try:
            yield _OPENED[_ending(path)](path, base, keep, stack)
        except pa.ArrowInvalid as error:
            raise FrameError([_unreadable(path, str(error))]) from error


def _unreadable(path: Path, told: str) -> Problem:
    """Why a file cannot be read; nothing of what it holds is said."""
    if not path.stat().st_size:
        return Problem(path.name, "it is empty", "give a file of cases")
    if path.suffix.lower() == ".csv":
        if uneven := _UNEVEN.search(told):
            names, cells = uneven.groups()
            message = f"a row has {cells} cells, and the first row has {names}"
            mend = "put a cell that holds a comma in quotation marks"
            return Problem(path.name, message, mend)
        if "UTF8" in told:
            return Problem(path.name, "it is not UTF-8", "save it as UTF-8")
    return Problem(path.name, "it is not what its name says", _USE)


def _ending(path: Path) -> str:
    ending = path.suffix.lower()
    if ending not in _OPENED:
        message = f"{quoted(ending)} is no file of many cases"
        message = message if ending else "its name has no ending that says what it is"
        raise FrameError([Problem(path.name, message, _USE)])
    return ending


def _parquet(path: Path, _base: Any, _keep: Any, stack: ExitStack) -> CaseRows:
    file = stack.enter_context(ParquetFile(path))
    return CaseRows(file.schema_arrow, file.iter_batches(batch_size=CHUNK))


def _arrow(path: Path, _base: Any, _keep: Any, stack: ExitStack) -> CaseRows:
    source = stack.enter_context(pa.memory_map(str(path)))
    try:
        file = stack.enter_context(pa.ipc.open_file(source))
    except pa.ArrowInvalid:
        source.seek(0)
        try:
            stream = stack.enter_context(pa.ipc.open_stream(source))
        except OSError as error:  # it was opened, so it is not such a stream
            raise pa.ArrowInvalid(str(error)) from error
        return CaseRows(stream.schema, stream)
    numbers = range(file.num_record_batches)
    return CaseRows(file.schema, map(file.get_batch, numbers))


def _csv(path: Path, _base: Any, _keep: Any, stack: ExitStack) -> CaseRows:
    with path.open("rb") as file:
        head = csv.open_csv(file, csv.ReadOptions(block_size=_BYTES)).schema
    if len(head) == 1 and (wrong := _OTHER_COMMAS.search(head.names[0])):
        message = f"its cells are separated by {_SAID[wrong[0]]}"
        problem = Problem(path.name, message, "save it with commas between the cells")
        raise FrameError([problem])
    columns = csv.ConvertOptions(
        column_types=dict.fromkeys(head.names, pa.string()),
        null_values=[""],
        strings_can_be_null=True,
        quoted_strings_can_be_null=True,
    )
    reader = stack.enter_context(
        csv.open_csv(path, csv.ReadOptions(block_size=_BYTES), convert_options=columns)
    )
    return CaseRows(reader.schema, reader, texts=True)


def _json_lines(
    path: Path, base: Knowledge, keep: Collection[str], stack: ExitStack
) -> CaseRows:
    problem = pa.struct([(name, pa.utf8()) for name in ("path", "message", "mend")])
    schema = pa.schema(
        [
            *((name, pa.utf8()) for name in keep),
            *input_schema(base),
            (UNREAD, pa.list_(problem)),
        ]
    )
    lines = stack.enter_context(path.open("rb"))
    if lines.read(len(BOM_UTF8)) != BOM_UTF8:  # the mark is no part of the first case
        lines.seek(0)
    return CaseRows(schema, _batches(lines, base, keep, schema))


def _batches(
    lines: Iterable[bytes], base: Knowledge, keep: Collection[str], schema: ArrowSchema
) -> Iterator[Batch]:
    rows: list[dict[str, Any]] = []
    for line in lines:
        if line.strip():
            rows.append(_row(line, base, keep))
        if len(rows) == _LINES:
            yield pa.RecordBatch.from_pylist(rows, schema)
            rows = []
    if rows:
        yield pa.RecordBatch.from_pylist(rows, schema)


def _row(line: bytes, base: Knowledge, keep: Collection[str]) -> dict[str, Any]:
    """A line as a row: a case, or what is wrong with it; and what is handed on."""
    handed_on: dict[str, Any] = {}
    try:
        data, _ = parse_json(line, CaseError)
        if isinstance(data, dict):
            given = {name: data.pop(name) for name in keep if name in data}
            handed_on = {name: _as_text(value) for name, value in given.items()}
        case = base.case(data)
    except CaseError as error:
        told = [
            {"path": each.path, "message": each.message, "mend": each.mend}
            for each in error.problems
        ]
        return {**handed_on, UNREAD: told}
    said = {NOT_KNOWN: sorted(case.not_known), AS_OF: case.as_of}
    return {**handed_on, **case.to_dict(), **said}


def _as_text(value: Any) -> str | None:
    return value if value is None or isinstance(value, str) else json.dumps(value)


_OPENED: dict[str, Any] = {
    ".parquet": _parquet,
    ".arrow": _arrow,
    ".csv": _csv,
    ".jsonl": _json_lines,
}


# -- writing --


@contextmanager
def writing(path: Path, schema: ArrowSchema) -> Iterator[Write]:
    """Write a file of results, batch by batch.

    Parameters
    ----------
    path
        The file; how its name ends says what it becomes. In CSV a part of a struct is
        a column of its own, and the names in a list have a space between them.
    schema
        The schema of the results.

    Raises
    ------
    FrameError
        When it is none of these files.
    OSError
        When it cannot be written. What was written before an error is removed: half of
        the cases would look like all of them.
    """
    to = _WRITTEN[_ending(path)]
    with path.open("wb") as file:
        try:
            with ExitStack() as stack:
                yield to(file, schema, stack)
        except BaseException:
            if path.is_file():
                path.unlink()
            raise


def _to_parquet(file: BinaryIO, schema: ArrowSchema, stack: ExitStack) -> Write:
    writer = stack.enter_context(ParquetWriter(file, schema, compression="zstd"))
    write: Write = writer.write_batch
    return write


def _to_arrow(file: BinaryIO, schema: ArrowSchema, stack: ExitStack) -> Write:
    options = pa.ipc.IpcWriteOptions(compression="zstd")
    writer = stack.enter_context(
        pa.RecordBatchStreamWriter(file, schema, options=options)
    )
    write: Write = writer.write_batch
    return write


def _to_csv(file: BinaryIO, schema: ArrowSchema, stack: ExitStack) -> Write:
    names = flat(schema.empty_table()).schema
    writer = stack.enter_context(csv.CSVWriter(file, names))
    return lambda batch: writer.write_table(flat(pa.Table.from_batches([batch])))


def _to_json_lines(file: BinaryIO, _schema: ArrowSchema, _stack: ExitStack) -> Write:
    def write(batch: Batch) -> None:
        file.writelines(f"{json.dumps(row)}\n".encode() for row in batch.to_pylist())

    return write


_WRITTEN: dict[str, Any] = {
    ".parquet": _to_parquet,
    ".arrow": _to_arrow,
    ".csv": _to_csv,
    ".jsonl": _to_json_lines,
}


def flat(table: Any) -> Any:
    """A table without structs and lists, for CSV.

    Parameters
    ----------
    table
        A table of results.
    """
    while any(types.is_struct(each.type) for each in table.schema):
        table = table.flatten()
    columns = [_cells(column.combine_chunks()) for column in table.columns]
    return pa.table(columns, names=table.column_names)


def _cells(array: Any) -> Any:
    if isinstance(array, pa.ChunkedArray):
        array = pa.concat_arrays(array.chunks) if array.chunks else pa.nulls(0)
    if is_list(array.type) and not types.is_struct(array.type.value_type):
        lists = array.cast(pa.list_(array.type.value_type))
        names = lists.values.cast(pa.utf8())
        kept = pa.ListArray.from_arrays(lists.offsets, names)
        words = pc.binary_join(kept, " ")
        return pc.if_else(array.is_valid(), words, pa.scalar(None, pa.utf8()))
    if is_list(array.type):
        return pa.array([_also(each) for each in array.to_pylist()], pa.utf8())
    return array.cast(pa.utf8()) if types.is_dictionary(array.type) else array


def _also(said: list[dict[str, str]] | None) -> str | None:
    if said is None:
        return None
    return "; ".join(f"{each['to']} {each['urgency']}" for each in said)
