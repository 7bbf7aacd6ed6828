"""The door: a frame of cases in, a frame of decisions of the same kind out.

A row is a case. A column is a struct of the facts of a section, or one fact under its
dotted name, in which `__` may stand for the dot. Null is not known and is never filled.
A column that is missing is left out: that is what a screening, and a policy of a
clinic, fills. In a frame with a column `not_known`, which names the facts that were
asked and are not known, every other null is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeAlias, Unpack

import narwhals as nw
import pyarrow as pa

from milia_cds.adapters.cohort.batches import Batch, Decider, HowDecided, input_schema
from milia_cds.adapters.cohort.layout import NOT_KNOWN, FrameError, Layout, for_all_rows
from milia_cds.assessment.assessment import Assessment, assess
from milia_cds.assessment.base import knowledge_of
from milia_cds.case.stated import AnyCase, only_cases
from milia_cds.case.statement import AS_OF, ASSUMED
from milia_cds.errors import Problem, only
from milia_cds.knowledge.model import Knowledge

Frame: TypeAlias = Any
"""A frame of pandas, Polars, PyArrow or DuckDB."""

_TAKES = "assess_many takes a frame of pandas, Polars, PyArrow or DuckDB"
_ELSEWHERE = "use decide_batch on its record batches, as mapInArrow of Spark does"


def assess_many(
    frame: Frame,
    knowledge: Knowledge | None = None,
    *,
    progress: Callable[[int], None] | None = None,
    **asked: Unpack[HowDecided],
) -> Frame:
    """Decide the case in each row of a frame.

    Parameters
    ----------
    frame
        A DataFrame of pandas, a DataFrame or LazyFrame of Polars, a Table, RecordBatch
        or RecordBatchReader of PyArrow, or a relation of DuckDB. What is lazy is read
        in batches.
    knowledge
        The knowledge base; `None` is the one that comes with the library.
    progress
        What is called with the number of rows that are done, now and then.
    asked
        How the rows are decided, as `HowDecided` says.

    Returns
    -------
    Frame
        One of the same kind, with the columns that are kept, then those of
        `output_schema`. A row that cannot be decided is `refused`, and `problem` says
        why; of a frame of PyArrow the metadata says by which knowledge it was decided,
        and which facts had no column; of one of pandas its `attrs`.

    Raises
    ------
    FrameError
        When the columns, or what is said of all rows, cannot be read.
    CaseError
        When a row cannot be decided and `strict` is true.
    OverdueError
        When the review of the knowledge is long overdue on the day that is given.
    WrongTypeError
        When it is no such frame.

    Examples
    --------
    >>> import pyarrow
    >>> rows = pyarrow.table({"patient.age_years": [34, None]})
    >>> assess_many(rows).column("refused").to_pylist()
    [False, False]
    """

    def deciding(schema: Any) -> _Deciding:
        return _Deciding(Decider(schema, knowledge, **asked), progress)

    if isinstance(frame, pa.RecordBatch):
        [batch] = deciding(frame.schema).table([frame]).combine_chunks().to_batches()
        return batch
    if isinstance(frame, pa.RecordBatchReader):
        lazy = deciding(frame.schema)
        return pa.RecordBatchReader.from_batches(lazy.schema, lazy.stream(frame))
    read = nw.from_native(frame, pass_through=True)
    if isinstance(read, nw.DataFrame):
        table = table_of(frame)
        found = deciding(table.schema).table(table.to_batches())
        return _like(frame, read, found)
    if isinstance(read, nw.LazyFrame):
        return _lazily(frame, read.implementation, deciding)
    return only((), frame, _TAKES, "use one of these")


class _Deciding:
    """Decides the batches of a frame, and says how far it is."""

    def __init__(
        self, decider: Decider, progress: Callable[[int], None] | None
    ) -> None:
        self.decider = decider
        self.schema = decider.schema
        self.progress = progress

    def stream(self, batches: Iterable[Batch]) -> Iterator[Batch]:
        done = 0
        for batch in self.decider.stream(batches):
            yield batch
            done += batch.num_rows
            if self.progress is not None:
                self.progress(done)

    def table(self, batches: Iterable[Batch]) -> Any:
        return pa.Table.from_batches(self.stream(batches), self.schema)


def table_of(frame: Frame) -> Any:
    """A frame that is not lazy as a table of PyArrow, without the index of pandas.

    Raises
    ------
    FrameError
        Where pandas holds values of several kinds in a column.
    """
    read = nw.from_native(frame, eager_only=True)
    if not read.implementation.is_pandas_like():
        return read.to_arrow()
    columns, problems = {}, []
    for name in read.columns:
        try:
            columns[name] = pa.Array.from_pandas(frame[name])
        except (pa.ArrowInvalid, pa.ArrowTypeError):
            message = "its values are not of one kind"
            mend = "give each row a value of the same kind, or None"
            problems.append(Problem(str(name), message, mend))
    if problems:
        raise FrameError(problems)
    return pa.table(columns) if columns else pa.table({}, pa.schema([]))


def _like(frame: Frame, read: Any, found: Any) -> Frame:
    """A table as a frame of the kind that another is of."""
    if read.implementation.is_pyarrow():
        return found
    made = nw.from_arrow(found, backend=read.implementation).to_native()
    if read.implementation.is_pandas_like():
        made.index = frame.index
        made.attrs.update(_said(found.schema))
    return made


def _said(schema: Any) -> dict[str, str]:
    every = (schema.metadata or {}).items()
    return {name.decode(): said.decode() for name, said in every}


def _lazily(
    frame: Frame, kind: nw.Implementation, deciding: Callable[[Any], _Deciding]
) -> Frame:
    if kind.is_duckdb():
        reads = getattr(frame, "to_arrow_reader", None) or frame.fetch_arrow_reader
        reader = reads()
        found = deciding(reader.schema).table(reader)
        return kind.to_native_namespace().from_arrow(found)
    if not kind.is_polars():
        return only((), frame, _TAKES, _ELSEWHERE)
    polars = kind.to_native_namespace()
    lazy = deciding(frame.collect_schema().to_frame().to_arrow().schema)

    def decided(part: Any) -> Any:
        return polars.from_arrow(lazy.table(part.to_arrow().to_batches()))

    empty = polars.from_arrow(lazy.schema.empty_table())
    return frame.map_batches(
        decided,
        schema=empty.schema,
        streamable=True,
        predicate_pushdown=False,
        projection_pushdown=False,
        slice_pushdown=False,
    )


def frame_of(cases: Iterable[AnyCase], knowledge: Knowledge | None = None) -> Any:
    """Cases as a table of PyArrow, decided as `assess` decides each.

    What was left out and what is not known stay two things, by row.

    Parameters
    ----------
    cases
        The cases.
    knowledge
        The knowledge base by whose vocabulary they were read; `None` is the one that
        comes with the library.

    Examples
    --------
    >>> from milia_cds import Case
    >>> table = frame_of([Case(), Case(assume_absent=["history"])])
    >>> table.column("assume_absent").to_pylist()
    [[], ['history']]
    """
    base = knowledge_of("frame_of", knowledge)
    rows = []
    for case in cases:
        only_cases(case)
        said = {ASSUMED: [*case.assume_absent], NOT_KNOWN: sorted(case.not_known)}
        rows.append({**case.to_dict(), **said, AS_OF: case.as_of})
    return pa.Table.from_pylist(rows, schema=input_schema(base))


def detail(
    frame: Frame,
    row: int,
    knowledge: Knowledge | None = None,
    **asked: Unpack[HowDecided],
) -> Assessment:
    """Assess the case in one row of a frame, with all that is said of it.

    Parameters
    ----------
    frame
        A frame that is not lazy.
    row
        The number of the row, from 0.
    knowledge
        The knowledge base; `None` is the one that comes with the library.
    asked
        What was given to `assess_many`.

    Raises
    ------
    FrameError
        When the columns, or what is said of all rows, cannot be read.
    CaseError
        When the row cannot be read, or its facts contradict one another.
    IndexError
        When there is no such row.

    Examples
    --------
    >>> import pyarrow
    >>> rows = pyarrow.table({"patient.age_years": [34, None]})
    >>> detail(rows, 0).case.to_dict()
    {'patient': {'age_years': 34}}
    """
    base = knowledge_of("detail", knowledge)
    table = frame if isinstance(frame, pa.RecordBatch) else table_of(frame)
    if not 0 <= row < table.num_rows:
        message = f"row {row} is not one of the {table.num_rows} of the frame"
        raise IndexError(message)
    case = base.case(_stated(table, row, base, asked))
    return assess(case, base, on=asked.get("on"))


def _stated(table: Any, row: int, base: Knowledge, asked: HowDecided) -> dict[str, Any]:
    """What a row states, as the plain values of a case."""
    said = for_all_rows(
        base, asked.get("assume_absent", ()), asked.get("offers"), asked.get("weights")
    )
    layout = Layout.of(base, table.schema, asked.get("keep", ()), said)
    roles, names = base.vocabulary.roles, table.schema.names
    [cells] = table.slice(row, 1).to_pylist()
    not_known = cells.get(NOT_KNOWN) if NOT_KNOWN in layout.others else ()
    stated: dict[str, Any] = {}
    for name, place in layout.facts.items():
        section, _, fact = name.partition(".")
        value = cells[names[place.column]]
        if place.part is not None:
            value = None if value is None else value[fact]
        if name in base.vocabulary.settings:
            value = _setting(value)
        if value is None and (
            name in base.vocabulary.settings
            or (NOT_KNOWN in layout.others and name not in (not_known or ()))
        ):
            continue
        stated.setdefault(section, {})[fact] = value
    settings: dict[str, Any] = {}
    if said.offers is not None:
        settings[roles.offers] = sorted(said.offers)
    if said.weights is not None:
        settings[roles.weights] = dict(said.weights)
    for name, value in settings.items():
        section, _, fact = name.partition(".")
        stated.setdefault(section, {})[fact] = value
    screened = cells.get(ASSUMED) if ASSUMED in layout.others else said.assume_absent
    if screened:
        stated[ASSUMED] = [*screened]
    if AS_OF in layout.others and cells[AS_OF] is not None:
        stated[AS_OF] = cells[AS_OF]
    return stated


def _setting(value: Any) -> Any:
    """A setting as JSON has it: an object without what is not given."""
    if isinstance(value, list) and value and isinstance(value[0], tuple):
        value = dict(value)
    if isinstance(value, dict):
        return {name: each for name, each in value.items() if each is not None}
    return value
