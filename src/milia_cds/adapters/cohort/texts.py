"""Cells that are texts, as in CSV, read as what they say."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import types

from milia_cds.adapters.cohort.cells import ArrowArray, valid
from milia_cds.adapters.cohort.planes import Plane, nowhere
from milia_cds.logic.facts import Kind, Members, Number, YesNo

YES, NO = ("yes", "true"), ("no", "false")
NONE = "none"
"""A set that is known to be empty."""
_NUMBER = r"^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?$"


def parsed_texts(kind: Kind, array: ArrowArray) -> tuple[ArrowArray, Plane]:
    """The values that texts say.

    Parameters
    ----------
    kind
        The kind of the fact.
    array
        Its cells; what is no text is left as it is.

    Returns
    -------
    tuple
        The values, null where a text says none, and where that is.
    """
    if not (types.is_string(array.type) or types.is_large_string(array.type)):
        return array, nowhere(len(array))
    match kind:
        case YesNo():
            found = _yes_no(array)
        case Number():
            found = _numbers(array)
        case Members():
            found = _lists(array)
        case _:
            found = array
    return found, valid(array) & ~valid(found)


def _yes_no(array: ArrowArray) -> ArrowArray:
    lower = pc.utf8_lower(array)
    yes = pc.is_in(lower, value_set=pa.array(YES, array.type))
    said = pc.is_in(lower, value_set=pa.array((*YES, *NO), array.type))
    return pc.if_else(said, yes, pa.scalar(None, pa.bool_()))


def _numbers(array: ArrowArray) -> ArrowArray:
    is_one = pc.match_substring_regex(array, _NUMBER)
    nothing = pa.scalar(None, array.type)
    return pc.if_else(is_one, array, nothing).cast(pa.float64())


def _lists(array: ArrowArray) -> ArrowArray:
    """Several names with commas between them; each text is split once."""
    encoded = array.dictionary_encode()
    lists: list[Any] = [
        [] if text == NONE else [name.strip() for name in text.split(",")]
        for text in encoded.dictionary.to_pylist()
    ]
    kind = pa.list_(pa.utf8())
    if not lists:
        return pa.nulls(len(array), kind)
    return pa.array(lists, kind).take(encoded.indices.cast(pa.int64()))
