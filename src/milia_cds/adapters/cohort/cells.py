"""Arrow arrays read as columns of facts, strictly: nothing is coerced or filled.

Null is not known. A value that a fact cannot have is a bad cell: it counts as not
known here, and whoever reads the column says what is wrong with its row.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import types

from milia_cds.adapters.cohort.planes import (
    Array,
    ChoiceColumn,
    FactColumn,
    MembersColumn,
    NumberColumn,
    Plane,
    YesNoColumn,
    everywhere,
    nowhere,
    packed,
    plain_bound,
    somewhere,
    unpacked,
    words_for,
)
from milia_cds.logic.facts import Choice, Kind, Members, Number, YesNo

ArrowArray: TypeAlias = Any
"""An array of PyArrow."""

_BYTE = 8
_NO_MEMBER = -1
"""The place of a text that is no member."""


class ReadCells(NamedTuple):
    """A column, and where its cells are bad."""

    column: FactColumn
    bad: Plane


def read_cells(kind: Kind, array: ArrowArray) -> ReadCells:
    """Read the cells of one fact.

    Parameters
    ----------
    kind
        The kind of the fact, but no weights.
    array
        Its values.
    """
    array = plain_array(array)
    match kind:
        case YesNo():
            return _yes_no(array)
        case Number():
            return ReadCells(*read_numbers(kind, array))
        case Choice(members):
            return _choice(members, array)
        case Members(members):
            return ReadCells(*read_members(members, array))
    raise TypeError(kind)


def plain_array(array: ArrowArray) -> ArrowArray:
    """An array without the ways that Arrow has to say the same in less room.

    Parameters
    ----------
    array
        An array; one of texts in a dictionary stays as it is.
    """
    if isinstance(array, pa.ExtensionArray):
        array = array.storage
    if types.is_run_end_encoded(array.type):
        array = pc.run_end_decode(array)
    if types.is_dictionary(array.type) and not _is_text(array.type.value_type):
        array = array.dictionary_decode()
    return array


def bits(buffer: Any, offset: int, rows: int) -> Plane:
    """The plane of the bits of a buffer, from any of them on.

    Parameters
    ----------
    buffer
        Bits of Arrow, the least of a byte first.
    offset
        The first bit.
    rows
        How many there are.
    """
    first, shift = divmod(offset, _BYTE)
    words = words_for(rows)
    if not shift and buffer.size >= first + words * _BYTE:
        return np.frombuffer(buffer, np.uint64, words, first)
    last = (offset + rows + _BYTE - 1) // _BYTE
    found = np.frombuffer(buffer, np.uint8)[first:last]
    if shift:
        flags = np.unpackbits(found, bitorder="little")[shift : shift + rows]
        found = np.packbits(flags, bitorder="little")
    plane = nowhere(rows)
    plane.view(np.uint8)[: len(found)] = found
    return plane


def valid(array: ArrowArray) -> Plane:
    """Where an array is not null."""
    rows = len(array)
    if types.is_null(array.type):
        return nowhere(rows)
    if not array.null_count:
        return everywhere(rows)
    return bits(array.buffers()[0], array.offset, rows)


def _yes_no(array: ArrowArray) -> ReadCells:
    known, none = valid(array), nowhere(len(array))
    if not types.is_boolean(array.type):
        return ReadCells(YesNoColumn(none, none), known)
    yes = bits(array.buffers()[1], array.offset, len(array)) if len(array) else none
    return ReadCells(YesNoColumn(known, yes & known), none)


def read_numbers(kind: Number, array: ArrowArray) -> tuple[NumberColumn, Plane]:
    """Read numbers.

    Parameters
    ----------
    kind
        The kind of the fact.
    array
        Its values.

    Returns
    -------
    tuple
        The column, and where its cells are bad.
    """
    there, rows = valid(array), len(array)
    if not _is_numeric(array.type) or not somewhere(there):
        return NumberColumn(nowhere(rows), np.zeros(rows)), there
    values = _numbers(array)
    usable = (values >= plain_bound(kind.low)) & (values <= plain_bound(kind.high))
    if kind.whole and values.dtype == np.float64:
        usable &= values == np.floor(values)
    known = packed(usable) & there
    return NumberColumn(known, values), there & ~known


def _is_numeric(kind: Any) -> bool:
    """Whether a type of Arrow is one of numbers."""
    return bool(
        types.is_integer(kind) or types.is_floating(kind) or types.is_decimal(kind)
    )


def _numbers(array: ArrowArray) -> Array:
    """The numbers of an array; where it is null they mean nothing."""
    if not types.is_int64(array.type):
        array = array.cast(pa.float64(), safe=False)
    if not len(array):
        return np.zeros(0)
    values = np.frombuffer(array.buffers()[1], array.type.to_pandas_dtype())
    return values[array.offset : array.offset + len(array)]


def _is_text(kind: Any) -> bool:
    view = getattr(types, "is_string_view", lambda _kind: False)
    return bool(types.is_string(kind) or types.is_large_string(kind) or view(kind))


def _choice(members: Sequence[str], array: ArrowArray) -> ReadCells:
    there = valid(array)
    known, places = places_of(members, array)
    by_name = {name: place for place, name in enumerate(members)}
    return ReadCells(ChoiceColumn(known, by_name, places), there & ~known)


def places_of(members: Sequence[str], array: ArrowArray) -> tuple[Plane, Array]:
    """The place of each text among the members.

    Parameters
    ----------
    members
        The names that may be given.
    array
        Texts, or texts in a dictionary; whatever else it has is no member.

    Returns
    -------
    tuple
        Where there is a member, and its place; elsewhere the place is any.
    """
    rows = len(array)
    if types.is_dictionary(array.type):
        return _places_in_dictionary(members, array)
    if not _is_text(array.type) or not rows:
        return nowhere(rows), np.zeros(rows, np.int8)
    if not (types.is_string(array.type) or types.is_large_string(array.type)):
        array = array.cast(pa.large_string())
    found = pc.index_in(array, value_set=pa.array(members, array.type))
    places = np.frombuffer(found.buffers()[1], np.int32)[:rows]
    return valid(found), places.astype(_shortest(members))


def _shortest(members: Sequence[str]) -> Any:
    """The shortest numbers in which the places of members have room."""
    return np.int8 if len(members) <= np.iinfo(np.int8).max else np.int16


def _places_in_dictionary(
    members: Sequence[str], array: ArrowArray
) -> tuple[Plane, Array]:
    by_name = {name: place for place, name in enumerate(members)}
    texts = array.dictionary.to_pylist()
    found = [by_name.get(text, _NO_MEMBER) for text in texts]
    of_text = np.array(found, _shortest(members))
    indices = array.indices
    there = valid(indices)
    if not somewhere(there):
        return there, np.zeros(len(array), np.int8)
    places = of_text[indices.fill_null(0).to_numpy(zero_copy_only=False)]
    return there & packed(places != _NO_MEMBER), places


def is_list(kind: Any) -> bool:
    """Whether a type of Arrow is one of lists."""
    return bool(
        types.is_list(kind)
        or types.is_large_list(kind)
        or types.is_fixed_size_list(kind)
    )


def read_members(
    members: Sequence[str], array: ArrowArray
) -> tuple[MembersColumn, Plane]:
    """Read sets of names, each a list without one twice.

    Parameters
    ----------
    members
        The names that may be given.
    array
        The lists.

    Returns
    -------
    tuple
        The column, and where its cells are bad.
    """
    there, rows = valid(array), len(array)
    if not is_list(array.type) or not somewhere(there):
        return MembersColumn(nowhere(rows), {}), there
    lengths = pc.list_value_length(array).fill_null(0).to_numpy(zero_copy_only=False)
    of_row = np.repeat(np.arange(rows), lengths)
    found, places = places_of(members, plain_array(array.flatten()))
    named = unpacked(found, len(of_row)).view(bool)
    wrong = np.zeros(rows, bool)
    wrong[of_row[~named]] = True
    has = {}
    for place, those in _by_place(places[named], of_row[named]):
        wrong[those[1:][those[1:] == those[:-1]]] = True
        flags = np.zeros(rows, bool)
        flags[those] = True
        has[members[place]] = packed(flags)
    bad = packed(wrong)
    if wrong.any():
        has = {name: here & ~bad for name, here in has.items()}
    return MembersColumn(there & ~bad, has), bad


def _by_place(places: Array, of_row: Array) -> Iterator[tuple[int, Array]]:
    """The rows of each place, in order."""
    order = np.argsort(places, kind="stable")
    places, of_row = places[order], of_row[order]
    starts = np.flatnonzero(np.diff(places, prepend=-1)).tolist()
    for start, end in pairwise([*starts, len(places)]):
        yield int(places[start]), of_row[start:end]
