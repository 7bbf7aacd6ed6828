"""The conditions over columns, beside what else evaluates them over columns.

On the knowledge of the library: the gates of two options and of all, against the same
trees written out as expressions of Polars, on one thread. On the neutral task: its
rules against OpenFisca and GoRules zen, where these are installed; and how the cost of
a rule grows with the rules. Everything that is timed is compared first.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from operator import and_, or_
from typing import Any

# Both sides have one thread; Polars reads this when it is imported.
os.environ.setdefault("POLARS_MAX_THREADS", "1")

import numpy as np
import polars as pl
import pyarrow as pa

from benchmarks.cohort import batch_of, stated_cases
from benchmarks.neutral.enlarged import enlarged
from benchmarks.neutral.records import Facts, read_cases, read_task
from benchmarks.neutral.translation import KINDS, rules_of
from benchmarks.peers import PEERS, MissingError
from benchmarks.rounds import Row, compared, interleaved, progress, stopwatch
from milia_cds import load_knowledge
from milia_cds.adapters.cohort.cells import read_cells
from milia_cds.adapters.cohort.planes import Planes, TruthPlanes, unpacked
from milia_cds.knowledge.model import Knowledge
from milia_cds.logic.conditions import (
    And,
    Atom,
    Compare,
    Condition,
    Holds,
    Not,
    OneOf,
    Or,
    Term,
    Yes,
)
from milia_cds.logic.facts import Choice, Kind, Number

ROWS = 1 << 18
QUICK_ROWS = 1 << 14
SOME = ("cryotherapy", "tretinoin")
TIMES = (1, 2, 4, 8)
PLANES = "planes"
POLARS = "Polars"


class Columns:
    """The planes of conditions, from columns of Arrow.

    Parameters
    ----------
    kinds
        The kinds of the facts.
    table
        A column for each fact.
    conditions
        What is evaluated.
    """

    def __init__(
        self, kinds: Mapping[str, Kind], table: Any, conditions: Sequence[Condition]
    ) -> None:
        self.kinds = kinds
        self.conditions = conditions
        [self.batch] = table.combine_chunks().to_batches()

    def __call__(self) -> list[TruthPlanes]:
        """Read the columns and evaluate all."""
        columns = {
            name: read_cells(self.kinds[name], self.batch.column(name)).column
            for name in self.batch.schema.names
        }
        facts = Planes(self.batch.num_rows, columns)
        return [facts.of(condition) for condition in self.conditions]


def expression(condition: Condition) -> Any:
    """A condition as an expression of Polars."""
    match condition:
        case Atom(fact, test):
            return _tested(pl.col(fact), test)
        case Term(_, part):
            return expression(part)
        case Not(part):
            return ~expression(part)
        case And(parts):
            return reduce(and_, map(expression, parts))
        case Or(parts):
            return reduce(or_, map(expression, parts))


def _tested(column: Any, test: Any) -> Any:
    match test:
        case Yes():
            return column
        case OneOf(members):
            return column.is_in(sorted(members))
        case Holds(member):
            return column.list.contains(member)
        case Compare(sign, bound):
            compare = {"<": "lt", "<=": "le", ">": "gt", ">=": "ge", "==": "eq"}[sign]
            return getattr(column, compare)(bound)
    raise TypeError(test)


def columns(rounds: int, *, quick: bool) -> list[Row]:
    """Time conditions over columns."""
    rows = QUICK_ROWS if quick else ROWS
    return [
        *_against_polars(rounds, rows),
        *_growth(rounds, rows),
        *_against_peers(rounds, rows),
    ]


# The gates of the knowledge -----------------------------------------------------------


def _against_polars(rounds: int, rows: int) -> list[Row]:
    base = load_knowledge()
    table = _facts(base, rows)
    found = []
    for options, least in ((SOME, 0.5), (tuple(base.options), 2)):
        conditions = gates_of(base, options)
        what = f"gates of {len(options)} options ({len(conditions)})"
        planes, polars = f"{what}: {PLANES}", f"{what}: {POLARS}"
        ours = Columns(base.kinds, table, conditions)
        frame = pl.from_arrow(table).lazy()
        theirs = frame.select(
            expression(each).alias(str(n)) for n, each in enumerate(conditions)
        )
        check(ours(), theirs.collect(), rows)
        timings = interleaved(
            "columns",
            {
                planes: stopwatch(_called, [ours]),
                polars: stopwatch(_called, [theirs.collect]),
            },
            rounds,
        )
        found.append(compared(timings, "columns", planes, polars, most=1 / least))
    return found


def _called(function: Callable[[], object]) -> object:
    return function()


def gates_of(base: Knowledge, options: Sequence[str]) -> list[Condition]:
    """The conditions of the gates that judge some options."""
    return [
        gate.condition
        for name in options
        for gate in base.options[name].gate
        if gate.kind in {"forbid", "lower"} and gate.condition is not None
    ]


def _facts(base: Knowledge, rows: int) -> Any:
    """The cases of the cohort, a column for each fact."""
    batch = batch_of(stated_cases(), rows)
    columns = {}
    for section in base.vocabulary.by_section:
        whole = batch.column(section)
        for field, values in zip(whole.type, whole.flatten(), strict=True):
            name = f"{section}.{field.name}"
            if name in base.kinds:
                columns[name] = values
    return pa.table(columns)


def check(planes: Sequence[TruthPlanes], frame: Any, rows: int) -> None:
    """Compare planes with the columns of a frame, in which null is not known.

    Raises
    ------
    ArithmeticError
        At the first condition on which they differ.
    """
    for number, (true, false) in enumerate(planes):
        column = frame.get_column(str(number))
        for plane, value in ((true, True), (false, False)):
            theirs = (column == value).fill_null(value=False).to_numpy()
            if (unpacked(plane, rows).view(bool) != theirs).any():
                message = f"of condition {number} they do not say the same"
                raise ArithmeticError(message)


# The neutral task ---------------------------------------------------------------------


def _growth(rounds: int, rows: int) -> list[Row]:
    """The cost of a rule with more and more of them, and of a row."""
    task, table = read_task(), _neutral(rows, known=False)
    names = {times: f"each of {len(task.rules) * times} rules" for times in TIMES}
    contestants = {
        name: stopwatch(
            _called, [Columns(KINDS, table, rules_of(enlarged(task, times)))]
        )
        for times, name in names.items()
    }
    timings = interleaved("columns", contestants, rounds)
    return [
        compared(timings, "columns", name, names[1], most=1, scale=1 / times)
        for times, name in names.items()
        if times > 1
    ]


def _neutral(rows: int, *, known: bool) -> Any:
    """The cases of the neutral task as columns, again and again."""
    cases = [_known(case) if known else case for case in read_cases()]
    types = {name: _type_of(kind) for name, kind in KINDS.items()}
    table = pa.Table.from_pylist(cases, schema=pa.schema([*types.items()]))
    often = rows // table.num_rows + 1
    return pa.concat_tables([table] * often).slice(0, rows).combine_chunks()


def _type_of(kind: Kind) -> Any:
    if isinstance(kind, Number):
        return pa.int64()
    return pa.utf8() if isinstance(kind, Choice) else pa.bool_()


def _known(case: Facts) -> Facts:
    """A case of which everything is known: what was not is the least there can be."""
    return {
        name: _least(KINDS[name]) if value is None else value
        for name, value in case.items()
    }


def _least(kind: Kind) -> Any:
    match kind:
        case Number(low, _):
            return int(low)
        case Choice(members):
            return members[0]
        case _:
            return False


def _against_peers(rounds: int, rows: int) -> list[Row]:
    """The rules on cases of which all is known: the peers know no unknown."""
    task, table = read_task(), _neutral(rows, known=True)
    ours = Columns(KINDS, table, rules_of(task))
    right = np.array([unpacked(true, rows) for true, _ in ours()], bool)
    contestants, missing = {PLANES: _by_row(ours, rows)}, []
    for name, peer in PEERS.items():
        try:
            made = peer(task, table)
        except MissingError as error:
            progress(f"columns: {error}")
            missing.append(Row("columns", name, PLANES, "not installed"))
            continue
        if (made() != right[:, : made.rows]).any():
            message = f"{name} does not say of the neutral task what the planes say"
            raise ArithmeticError(message)
        contestants[name] = _by_row(made, made.rows)
    timings = interleaved("columns", contestants, rounds)
    others = [name for name in contestants if name != PLANES]
    return [*missing, *(compared(timings, "columns", each, PLANES) for each in others)]


def _by_row(function: Callable[[], object], rows: int) -> Callable[[], float]:
    timed = stopwatch(_called, [function])
    return lambda: timed() / rows
