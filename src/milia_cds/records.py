"""Plain values to attrs records and back, strictly, by the annotations of the fields.

Used for the tables of the knowledge base and for stored results. Nothing is coerced,
lost or defaulted beyond the field's own default; every problem is reported with its
path. A field whose name ends in "_" has the key without it; a field with the metadata
`derived` is not read.
"""

from __future__ import annotations

import types
from collections.abc import Mapping
from functools import cache
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

import attrs

from milia_cds.errors import Problem, nearest, quoted
from milia_cds.facts import described, name_in_path, not_a_member

T = TypeVar("T")

_NOUNS: dict[type, str] = {
    str: "a text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
}


@cache
def _fields(record: type) -> dict[str, tuple[attrs.Attribute[Any], Any]]:
    hints = get_type_hints(record)
    return {
        field.name.rstrip("_"): (field, hints[field.name])
        for field in attrs.fields(record)
        if not field.metadata.get("derived", False)
    }


def read_record(
    record: type[T], data: object, path: str, problems: list[Problem]
) -> T | None:
    """Read one record; report every problem in it and give None if there is one.

    Parameters
    ----------
    record
        An attrs class.
    data
        Plain values, as JSON or TOML gives them.
    path
        Where the data stands, for the problems.
    problems
        Where problems are added.
    """
    if not isinstance(data, dict):
        message = f"{described(data)} is no table"
        problems.append(Problem(path, message, f"give {', '.join(_fields(record))}"))
        return None
    fields = _fields(record)
    before = len(problems)
    given: dict[str, Any] = {}
    for key, value in data.items():
        if key not in fields:
            message = f"there is no key {quoted(key)} here"
            problems.append(Problem(_at(path, key), message, nearest(key, fields)))
            continue
        field, hint = fields[key]
        given[field.alias or field.name] = _read(hint, value, _at(path, key), problems)
    for key, (field, _) in fields.items():
        if key not in data and field.default is attrs.NOTHING:
            problems.append(Problem(_at(path, key), "the key is missing", "add it"))
    return record(**given) if len(problems) == before else None


def _at(path: str, key: object) -> str:
    name = name_in_path(key)
    return f"{path}{name}" if not path or path.endswith(": ") else f"{path}.{name}"


def _read(hint: Any, value: object, path: str, problems: list[Problem]) -> Any:  # noqa: ANN401
    origin = get_origin(hint)
    if hint is Any:
        return value
    if origin in {Union, types.UnionType}:
        return _read_union(hint, value, path, problems)
    if origin is Literal:
        if isinstance(value, str) and value in get_args(hint):
            return value
        problems.append(not_a_member(value, path, get_args(hint)))
        return None
    if origin is tuple:
        return _read_list(get_args(hint)[0], value, path, problems)
    if origin is not None and issubclass(origin, Mapping):
        return _read_table(get_args(hint)[1], value, path, problems)
    if attrs.has(hint):
        return read_record(hint, value, path, problems)
    return _read_scalar(hint, value, path, problems)


def _read_union(hint: Any, value: object, path: str, problems: list[Problem]) -> Any:  # noqa: ANN401
    kinds = [kind for kind in get_args(hint) if kind is not type(None)]
    if value is None and len(kinds) < len(get_args(hint)):
        return None
    return _read(kinds[0], value, path, problems)


def _read_list(
    hint: Any,  # noqa: ANN401 - an annotation
    value: object,
    path: str,
    problems: list[Problem],
) -> tuple[Any, ...]:
    if not isinstance(value, list | tuple):
        message = f"{described(value)} is not a list"
        problems.append(Problem(path, message, "put it in brackets: [...]"))
        return ()
    return tuple(
        _read(hint, item, _item_path(path, place, item), problems)
        for place, item in enumerate(value)
    )


def _item_path(path: str, place: int, item: object) -> str:
    if isinstance(item, dict) and isinstance(item.get("id"), str):
        return _at(path, item["id"])
    return f"{path}[{place}]"


def _read_table(
    hint: Any,  # noqa: ANN401 - an annotation
    value: object,
    path: str,
    problems: list[Problem],
) -> dict[str, Any]:
    if not isinstance(value, dict):
        message = f"{described(value)} is no table"
        problems.append(Problem(path, message, "give a table of names and values"))
        return {}
    return {
        key: _read(hint, item, _at(path, key), problems) for key, item in value.items()
    }


def _read_scalar(hint: Any, value: object, path: str, problems: list[Problem]) -> Any:  # noqa: ANN401
    accepted: tuple[type, ...] = (int, float) if hint is float else (hint,)
    if type(value) in accepted:
        return value
    noun = _NOUNS.get(hint, hint.__name__)
    message = f"{described(value)} is not {noun}"
    problems.append(Problem(path, message, f"give {noun}"))
    return None


def plain(value: Any) -> Any:  # noqa: ANN401 - any record, or what a field holds
    """Give a record, and all that is in it, as plain JSON values."""
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    return {key: plain(getattr(value, name)) for key, name in _keys(type(value))}


@cache
def _keys(record: type) -> tuple[tuple[str, str], ...]:
    return tuple((key, field.name) for key, (field, _) in _fields(record).items())
