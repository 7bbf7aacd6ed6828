"""Batches of Arrow in, batches of Arrow out: what runs wherever batches are."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, TypeAlias, TypedDict, Unpack

import numpy as np
import pyarrow as pa

from milia_cds.adapters.cohort.deciding import Decided, kernel_of
from milia_cds.adapters.cohort.layout import NOT_KNOWN, Layout, for_all_rows
from milia_cds.adapters.cohort.planes import rows_in
from milia_cds.adapters.cohort.stating import BatchReader, ReadBatch
from milia_cds.adapters.cohort.writing import Writer, fields_of, told_of
from milia_cds.assessment.base import knowledge_of
from milia_cds.assessment.decided import day_given
from milia_cds.case.statement import AS_OF, ASSUMED
from milia_cds.decision.engine import contradictory
from milia_cds.errors import CaseError, Problem, only
from milia_cds.knowledge.currency import is_overdue, refuse_long_overdue
from milia_cds.knowledge.model import Knowledge
from milia_cds.logic.facts import Choice, Kind, Members, Number, Weights, YesNo

Batch: TypeAlias = Any
"""A record batch of PyArrow."""
ArrowSchema: TypeAlias = Any
"""A schema of PyArrow."""

_BATCHES = "use Table.to_batches, or assess_many"

CHUNK = 1 << 18
"""The rows that are decided at once: more take more memory, and less time each."""

# Every new page of memory costs time. glibc gives pages back whenever large arrays are
# freed, until it has seen an array of this size go, in which nothing need be written:
# from then on it keeps for the next chunk most of what one chunk needed.
_GIVEN_BACK = np.empty(31 << 20, np.uint8)
del _GIVEN_BACK


def input_schema(knowledge: Knowledge | None = None) -> ArrowSchema:
    """The schema of a frame of cases: a struct column for each section.

    Parameters
    ----------
    knowledge
        The knowledge base; `None` is the one that comes with the library.
    """
    base = knowledge_of("input_schema", knowledge)
    sections = [
        (name, pa.struct([(fact, _type_of(kind)) for fact, kind in kinds.items()]))
        for name, kinds in base.vocabulary.by_section.items()
    ]
    names = pa.list_(pa.utf8())
    more = [(ASSUMED, names), (NOT_KNOWN, names), (AS_OF, pa.date32())]
    return pa.schema([*sections, *more])


def _type_of(kind: Kind) -> Any:
    match kind:
        case YesNo():
            return pa.bool_()
        case Number(whole=whole):
            return pa.int64() if whole else pa.float64()
        case Choice():
            return pa.utf8()
        case Members():
            return pa.list_(pa.utf8())
        case Weights(criteria):
            return pa.struct([(name, pa.int64()) for name in criteria])


def output_schema(
    knowledge: Knowledge | None = None, *, plain: bool = False
) -> ArrowSchema:
    """The schema of a result, without the columns that are handed on.

    Parameters
    ----------
    knowledge
        The knowledge base; `None` is the one that comes with the library.
    plain
        Whether names are plain texts, for engines that know no dictionary.
    """
    base = knowledge_of("output_schema", knowledge)
    return pa.schema(fields_of(base, plain=plain))


class HowDecided(TypedDict, total=False):
    """How the rows of a frame are decided.

    Parameters
    ----------
    assume_absent
        The sections and spoken questions that were screened for in every row: a fact
        that has no column is then absent. A null is not filled.
    offers
        The options that the clinic offers; without it, everything.
    weights
        The weights that replace the defaults.
    keep
        The columns that are handed on.
    strict
        Whether a row that cannot be decided is an error.
    plain
        Whether names are plain texts, for engines that know no dictionary.
    texts
        Whether every cell is a text, as in CSV: "yes" and "true", a number, several
        names with commas between them, "none" for none of them.
    on
        The day on which they are decided, as for `assess`: where the review of the
        knowledge is overdue then, the warnings of every row say so.
    """

    assume_absent: Iterable[str]
    offers: Collection[str] | None
    weights: Mapping[str, int] | None
    keep: Collection[str]
    strict: bool
    plain: bool
    texts: bool
    on: date | None


class Decider:
    """Decides the batches of one schema.

    Parameters
    ----------
    schema
        The schema of the batches.
    knowledge
        The knowledge base; `None` is the one that comes with the library.
    asked
        How the rows are decided, as `HowDecided` says.

    Attributes
    ----------
    schema
        That of what comes out; its metadata says by which knowledge, and which facts
        had no column.

    Raises
    ------
    FrameError
        When the columns, or what is said of all rows, cannot be read.
    OverdueError
        When the review of the knowledge is long overdue.
    """

    def __init__(
        self,
        schema: ArrowSchema,
        knowledge: Knowledge | None = None,
        **asked: Unpack[HowDecided],
    ) -> None:
        base = knowledge_of("assess_many", knowledge)
        day = day_given("assess_many", asked.get("on"))
        if day is not None:
            refuse_long_overdue(base, day)
        overdue = is_overdue(base, day)
        said = for_all_rows(
            base,
            asked.get("assume_absent", ()),
            asked.get("offers"),
            asked.get("weights"),
        )
        plain = asked.get("plain", False)
        layout = Layout.of(base, schema, asked.get("keep", ()), said)
        self.base = base
        self._kept = layout.kept
        texts = asked.get("texts", False)
        self._reader = BatchReader(base, layout, said, texts=texts)
        self._kernel = kernel_of(base)
        self._writer = Writer(base, plain, overdue)
        self._strict = asked.get("strict", False)
        handed_on = (schema.field(each) for each in self._kept)
        said_of_it = told_of(base, layout.left_out, overdue=overdue)
        self.schema = pa.schema([*handed_on, *fields_of(base, plain=plain)], said_of_it)

    def decide(self, batch: Batch) -> Batch:
        """Decide a batch, as one.

        Parameters
        ----------
        batch
            A record batch of the schema, of any length.

        Raises
        ------
        CaseError
            When a row cannot be decided and that is an error.
        """
        only(pa.RecordBatch, batch, "decide_batch takes a RecordBatch", _BATCHES)
        chunks = [*self.stream([batch])] or [self._chunk(batch, 0)]
        if len(chunks) == 1:
            return chunks[0]
        table = pa.Table.from_batches(chunks, self.schema).combine_chunks()
        [whole] = table.to_batches()
        return whole

    def stream(self, batches: Iterable[Batch]) -> Iterator[Batch]:
        """Decide batches one after the other, each in pieces that need little memory.

        Parameters
        ----------
        batches
            Record batches of the schema.

        Raises
        ------
        CaseError
            When a row cannot be decided and that is an error.
        """
        before = 0
        for chunk in in_chunks(batches):
            yield self._chunk(chunk, before)
            before += chunk.num_rows

    def decided(self, batch: Batch) -> Decided:
        """The decision on a batch, as planes."""
        read = self._reader.read(batch)
        return self._kernel.decide(read.stated, read.settings)

    def _chunk(self, batch: Batch, before: int) -> Batch:
        read = self._reader.read(batch)
        decided = self._kernel.decide(read.stated, read.settings)
        problems = self._problems(read, decided)
        if self._strict and problems:
            raise CaseError(_in_rows(problems, before))
        columns = [batch.column(each) for each in self._kept]
        columns += self._writer.written(decided, problems)
        return pa.RecordBatch.from_arrays(columns, schema=self.schema)

    def _problems(
        self, read: ReadBatch, decided: Decided
    ) -> dict[int, Sequence[Problem]]:
        """What is wrong with rows: a value that cannot be, else a contradiction."""
        found: dict[int, list[Problem]] = {}
        for each in self.base.contradictions:
            here = decided.resolved.errors.get(each.id)
            if here is not None:
                for row in rows_in(here, decided.rows).tolist():
                    found.setdefault(row, []).append(contradictory(each))
        return {**found, **{row: each for row, each in read.problems.items() if each}}


def in_chunks(batches: Iterable[Batch]) -> Iterator[Batch]:
    """Batches of the length that is decided at once, but the last: each costs time."""
    waiting: list[Batch] = []
    for batch in batches:
        start = 0
        while start < batch.num_rows:
            room = CHUNK - sum(each.num_rows for each in waiting)
            waiting.append(batch.slice(start, room))
            start += waiting[-1].num_rows
            if waiting[-1].num_rows == room:
                yield _joined(waiting)
                waiting = []
    if waiting:
        yield _joined(waiting)


def _joined(batches: Sequence[Batch]) -> Batch:
    if len(batches) == 1:
        return batches[0]
    [whole] = pa.Table.from_batches(batches).combine_chunks().to_batches()
    return whole


def _in_rows(
    problems: Mapping[int, Sequence[Problem]], before: int
) -> Iterator[Problem]:
    for row in sorted(problems):
        for each in problems[row]:
            path = f"rows[{before + row}].{each.path}"
            yield Problem(path, each.message, each.mend)


def decide_batch(
    batch: Batch, knowledge: Knowledge | None = None, **asked: Unpack[HowDecided]
) -> Batch:
    """Decide a record batch of cases.

    Parameters
    ----------
    batch
        A record batch of PyArrow, a row for each case, as for `assess_many`.
    knowledge
        The knowledge base; `None` is the one that comes with the library.
    asked
        How the rows are decided, as `HowDecided` says.

    Returns
    -------
    pyarrow.RecordBatch
        The columns that are kept, then those of `output_schema`.

    Raises
    ------
    FrameError
        When the columns, or what is said of all rows, cannot be read.
    CaseError
        When a row cannot be decided and `strict` is true.
    """
    only(pa.RecordBatch, batch, "decide_batch takes a RecordBatch", _BATCHES)
    return Decider(batch.schema, knowledge, **asked).decide(batch)
