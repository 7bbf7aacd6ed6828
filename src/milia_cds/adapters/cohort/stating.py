"""What a batch of Arrow states of many cases, and what is wrong with its rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import attrs
import numpy as np
import pyarrow as pa
from pyarrow import types

from milia_cds.adapters.cohort.cells import (
    ArrowArray,
    plain_array,
    read_cells,
    read_members,
    read_numbers,
    valid,
)
from milia_cds.adapters.cohort.deciding import RowSettings
from milia_cds.adapters.cohort.layout import (
    NOT_KNOWN,
    UNREAD,
    CellsAt,
    ForAllRows,
    FrameError,
    Layout,
)
from milia_cds.adapters.cohort.ordering import Weighing
from milia_cds.adapters.cohort.planes import (
    FactColumn,
    MembersColumn,
    NumberColumn,
    Plane,
    everywhere,
    nowhere,
    packed,
    rows_in,
)
from milia_cds.adapters.cohort.resolving import Stated
from milia_cds.adapters.cohort.texts import parsed_texts
from milia_cds.case.misread import misread
from milia_cds.case.statement import AS_OF, ASSUMED, read_day, read_screened
from milia_cds.case.telling import Fact
from milia_cds.decision.engine import weightless
from milia_cds.errors import Problem, nearest, quoted
from milia_cds.knowledge.model import Knowledge
from milia_cds.logic.facts import MOST_WEIGHT, Kind, Members, Number, plain_value

_MOST_REMEMBERED = 10_000


@attrs.frozen(eq=False)
class ReadBatch:
    """What a batch states.

    Parameters
    ----------
    stated, settings
        What is decided on, and by.
    problems
        What is wrong with rows, by their number.
    """

    stated: Stated
    settings: RowSettings
    problems: Mapping[int, Sequence[Problem]]


class BatchReader:
    """Reads the batches of one schema.

    Parameters
    ----------
    base
        The knowledge base.
    layout
        Where everything stands.
    said
        What is said of all rows.
    texts
        Whether every cell is a text.
    """

    def __init__(
        self, base: Knowledge, layout: Layout, said: ForAllRows, *, texts: bool = False
    ) -> None:
        self.base = base
        self.texts = texts
        self.layout = layout
        self.said = said
        self._told: dict[tuple[str, str], list[Problem]] = {}

    def read(self, batch: Any) -> ReadBatch:
        """Read a batch.

        Parameters
        ----------
        batch
            A record batch of the schema.
        """
        return _Reading(self, batch).read()

    def told(self, name: str, value: Any) -> list[Problem]:
        """What is wrong with a value of a fact, worked out once for each."""
        key = (name, repr(value))
        if key not in self._told:
            if len(self._told) > _MOST_REMEMBERED:
                self._told.clear()
            self._told[key] = self._tell(name, value)
        return self._told[key]

    def _tell(self, name: str, value: Any) -> list[Problem]:
        vocabulary, wrong = self.base.vocabulary, list[Problem]()
        if name == ASSUMED:
            read_screened(vocabulary, value, wrong)
        elif name == AS_OF:
            read_day(value, wrong)
        elif name == NOT_KNOWN:
            Members(tuple(vocabulary.readable)).read(value, name, wrong)
        else:
            kind, plain = vocabulary.kinds[name], plain_value(value)
            kind.read(plain, name, wrong)
            wrong = misread(Fact(name, kind, vocabulary.vernacular), plain, wrong)
        return wrong


class _Reading:
    """Reads one batch."""

    def __init__(self, reader: BatchReader, batch: Any) -> None:
        self.reader = reader
        self.base = reader.base
        self.layout = reader.layout
        self.batch = batch
        self.rows = batch.num_rows
        self.none = nowhere(self.rows)
        self.every = everywhere(self.rows)
        self.problems: dict[int, list[Problem]] = {}
        self._parts: dict[int, Any] = {}

    def read(self) -> ReadBatch:
        columns = {
            name: self._fact(name, self.base.kinds[name])
            for name in self.base.kinds
            if name in self.layout.facts
        }
        self._day()
        self._refused_before()
        stated = Stated(self.rows, columns, self._left_out(columns), self._screened())
        settings = RowSettings(self._offers(), self._weights())
        return ReadBatch(stated, settings, self.problems)

    def array(self, place: CellsAt) -> ArrowArray:
        """The values that stand in a place."""
        if place.part is None:
            return plain_array(self.batch.column(place.column))
        if place.column not in self._parts:
            whole = plain_array(self.batch.column(place.column))
            self._parts[place.column] = whole.flatten()
        return plain_array(self._parts[place.column][place.part])

    def _fact(self, name: str, kind: Kind) -> FactColumn:
        array = self.array(self.layout.facts[name])
        if self.reader.texts:
            array = self._parsed(name, kind, array)
        column, bad = read_cells(kind, array)
        self.complain(name, array, bad)
        return column

    def _parsed(self, name: str, kind: Kind, array: ArrowArray) -> ArrowArray:
        """Texts as what they say; what says nothing that the fact can be is bad."""
        parsed, bad = parsed_texts(kind, array)
        self.complain(name, array, bad)
        return parsed

    def complain(self, name: str, array: ArrowArray, bad: Plane) -> None:
        """Say what is wrong with the rows in which a cell is bad."""
        places = rows_in(bad, self.rows)
        if len(places):
            for row, value in zip(
                places.tolist(), array.take(pa.array(places)).to_pylist(), strict=True
            ):
                self.problems.setdefault(row, []).extend(self.reader.told(name, value))

    # -- what a case says beside its facts --

    def _named(self, name: str, members: Sequence[str]) -> MembersColumn | None:
        """What is said beside the facts as lists of names."""
        if name not in self.layout.others:
            return None
        array = plain_array(self.batch.column(self.layout.others[name]))
        return self._names(name, members, array)

    def _names(
        self, name: str, members: Sequence[str], array: ArrowArray
    ) -> MembersColumn:
        """A column of lists of names."""
        if self.reader.texts:
            array = self._parsed(name, Members(tuple(members)), array)
        column, bad = read_members(members, array)
        self.complain(name, array, bad)
        return column

    def _screened(self) -> Mapping[str, Plane]:
        vocabulary = self.base.vocabulary
        by_row = self._named(ASSUMED, vocabulary.absentable)
        if by_row is not None:
            return by_row.has
        return dict.fromkeys(self.reader.said.assume_absent, self.every)

    def _left_out(self, columns: Mapping[str, FactColumn]) -> Mapping[str, Plane]:
        """Where each fact was left out: everywhere without a column of its own.

        A null is asked and not known, unless a column says which are.
        """
        found = dict.fromkeys(self.layout.left_out, self.every)
        not_known = self._named(NOT_KNOWN, tuple(self.base.kinds))
        if not_known is not None:
            for name in self.base.kinds:
                asked = not_known.has.get(name, self.none)
                column = columns.get(name)
                known = self.none if column is None else column.known
                found[name] = ~known & ~asked
        return found

    def _refused_before(self) -> None:
        """The rows that could not be read at all."""
        if UNREAD in self.layout.others:
            array = self.batch.column(self.layout.others[UNREAD])
            for row in rows_in(valid(array), self.rows).tolist():
                told = [Problem(**each) for each in array[row].as_py()]
                self.problems.setdefault(row, []).extend(told)

    def _day(self) -> None:
        if AS_OF not in self.layout.others:
            return
        array = plain_array(self.batch.column(self.layout.others[AS_OF]))
        if types.is_date(array.type) or types.is_null(array.type):
            return
        if types.is_timestamp(array.type):
            return
        wrong = [
            value
            for value in array.unique().to_pylist()
            if value is not None and self.reader.told(AS_OF, value)
        ]
        if wrong:
            flags = np.array([value in wrong for value in array.to_pylist()])
            self.complain(AS_OF, array, packed(flags))

    # -- settings --

    def _offers(self) -> Mapping[str, Plane]:
        name = self.base.vocabulary.roles.offers
        place = self.layout.facts.get(name)
        if place is None:
            return self._offered_everywhere()
        column = self._names(name, tuple(self.base.options), self.array(place))
        everything = ~column.known
        return {
            option: everything | column.has.get(option, self.none)
            for option in self.base.options
        }

    def _offered_everywhere(self) -> Mapping[str, Plane]:
        offers = self.reader.said.offers
        if offers is None:
            return {}
        left = [name for name in self.base.options if name not in offers]
        return dict.fromkeys(left, self.none)

    def _weights(self) -> Weighing | None:
        place = self.layout.facts.get(self.base.vocabulary.roles.weights)
        given = self.reader.said.weights
        if place is not None:
            return _WeightsByRow(self, self.array(place)).read()
        if given is None:
            return None
        every = self.base.criteria.items()
        own = any(each.own and name in given for name, each in every)
        chosen = {name: given.get(name, each.weight) for name, each in every}
        if not any(chosen.values()):
            raise FrameError([weightless(self.base)])
        return Weighing(chosen, self.every if own else self.none)


class _WeightsByRow:
    """Reads weights that rows have of their own: a struct of criteria, or a map."""

    def __init__(self, reading: _Reading, array: ArrowArray) -> None:
        self.reading = reading
        self.base = reading.base
        self.array = array
        self.name = self.base.vocabulary.roles.weights

    def read(self) -> Weighing | None:
        if types.is_map(self.array.type):
            self._as_struct()
        if not types.is_struct(self.array.type):
            self.reading.complain(self.name, self.array, valid(self.array))
            return None
        names = [field.name for field in self.array.type]
        parts = dict(zip(names, self.array.flatten(), strict=True))
        unknown = [name for name in parts if name not in self.base.criteria]
        if unknown:
            raise FrameError([self._no_criterion(name) for name in unknown])
        weights, given = dict[str, Any](), self.reading.none
        own = given
        for name, criterion in self.base.criteria.items():
            weights[name] = criterion.weight
            if name in parts:
                column = self._read(name, parts[name])
                weights[name] = self._filled(column, criterion.weight)
                given = given | column.known
                own = own | column.known if criterion.own else own
        self._refuse_weightless(weights, rows_in(given, self.reading.rows))
        return Weighing(weights, own)

    def _filled(self, column: NumberColumn, weight: int) -> Any:
        """The weight in each row; one for all where no row has its own."""
        places = rows_in(column.known, self.reading.rows)
        if not len(places):
            return weight
        weights = np.full(self.reading.rows, weight, np.int16)
        weights[places] = column.values[places]
        return weights

    def _no_criterion(self, name: str) -> Problem:
        mend = nearest(name, self.base.criteria)
        return Problem(f"{self.name}.{name}", f"{quoted(name)} is no criterion", mend)

    def _read(self, name: str, array: ArrowArray) -> NumberColumn:
        kind = Number(0, MOST_WEIGHT, whole=True, nullable=False)
        array = plain_array(array)
        column, bad = read_numbers(kind, array)
        for row in rows_in(bad, self.reading.rows).tolist():
            value = array[row].as_py()
            told = self.reading.reader.told(self.name, {name: value})
            self.reading.problems.setdefault(row, []).extend(told)
        return column

    def _refuse_weightless(self, weights: Mapping[str, Any], given: Any) -> None:
        """Refuse the rows with weights of their own in which nothing weighs."""
        rows = self.reading.rows
        every = [np.broadcast_to(each, rows)[given] for each in weights.values()]
        for row in given[np.sum(every, axis=0) == 0].tolist():
            self.reading.problems.setdefault(row, []).append(weightless(self.base))

    def _as_struct(self) -> None:
        """Read a map as the struct of its keys."""
        rows = [None if each is None else dict(each) for each in self.array.to_pylist()]
        names = dict.fromkeys(name for each in rows if each for name in each)
        kind = pa.struct([(name, self.array.type.item_type) for name in names])
        self.array = pa.array(rows, kind)
