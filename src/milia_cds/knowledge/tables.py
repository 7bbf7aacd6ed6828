"""Plain values to attrs records and back, strictly, by the annotations of the fields.

Used for the tables of the knowledge base and for stored results. Nothing is coerced,
lost or defaulted beyond the field's own default; every problem is reported with its
path. A field whose name ends in "_" has the key without it; a field with the metadata
`derived` is not read.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import (
    Any,
    Literal,
    NamedTuple,
    TypeAlias,
    TypeVar,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

import attrs

from milia_cds.errors import (
    Problem,
    described,
    meant,
    name_in_path,
    nearest,
    quoted,
)
from milia_cds.knowledge.consequences import Doubts
from milia_cds.knowledge.records import key_of
from milia_cds.logic.facts import OR_NULL, Kind, not_a_member, once

T = TypeVar("T")


def read_value(kind: Kind, value: object, path: str, problems: list[Problem]) -> Any:
    """Read a value of a fact as TOML states it, which has no null.

    Parameters
    ----------
    kind
        The kind of the fact.
    value, path
        The value, and where it stands.
    problems
        Where problems are added.
    """
    found: list[Problem] = []
    read = kind.read(value, path, found)
    problems += map(without_null, found)
    return read


def without_null(problem: Problem) -> Problem:
    """A problem of what stands in TOML, whose mend names no null.

    Parameters
    ----------
    problem
        The problem, as it would be told of JSON.
    """
    mend = problem.mend.replace(f"true, false, {OR_NULL}", "true or false")
    return attrs.evolve(problem, mend=mend.replace(f", {OR_NULL}", ""))


Reader: TypeAlias = Callable[[object, str, list[Problem]], Any]
"""Reads a plain value that stands at a path, and adds to the problems."""


_NOUNS: dict[type, str] = {
    str: "a text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
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
    fields, _ = _fields(record)
    if not isinstance(data, dict):
        message = f"{described(data)} is no table"
        problems.append(Problem(path, message, f"give {', '.join(fields)}"))
        return None
    before = len(problems)
    lead = path if not path or path.endswith(": ") else f"{path}."
    unknown, missing = _wrong_keys(record, data, lead)
    given: dict[str, Any] = {}
    for key, value in data.items():
        if key in fields:
            alias, reader = fields[key]
            given[alias] = reader(value, f"{lead}{key}", problems)
        else:
            problems.append(unknown[key])
    problems += missing
    return record(**given) if len(problems) == before else None


def _wrong_keys(
    record: type[T], data: Mapping[str, object], lead: str
) -> tuple[dict[str, Problem], list[Problem]]:
    """The problem of each unknown key, and of each missing one that none of them is."""
    fields, needed = _fields(record)
    missing = [key for key in needed if key not in data]
    unknown = {}
    for key in [each for each in data if each not in fields]:
        close = meant(key, missing)[:1]
        missing = [each for each in missing if each not in close]
        place = f"{lead}{name_in_path(key)}"
        message = f"there is no key {quoted(key)} here"
        unknown[key] = Problem(place, message, nearest(key, close or fields))
    return unknown, [
        Problem(f"{lead}{key}", "the key is missing", "add it") for key in missing
    ]


def read_entries(
    record: type[T],
    data: Mapping[str, object],
    file: str,
    problems: list[Problem],
    doubts: Doubts,
) -> T | None:
    """Read a file entry by entry: one that cannot be read is left out, and in doubt.

    The whole file is in doubt where a key of its own is wrong: what stands below a
    misspelt table has perhaps come to stand in another one.

    Parameters
    ----------
    record
        An attrs class.
    data
        Plain values, as TOML gives them.
    file
        The name of the file.
    problems, doubts
        Where problems, and what is in doubt, are added.

    Returns
    -------
    The record, or None where it lacks more than entries.
    """
    fields, needed = _fields(record)
    lists = _lists(record)
    unknown, missing = _wrong_keys(record, data, f"{file}: ")
    wrong: list[Problem] = []
    given: dict[str, Any] = {key: each.none for key, each in lists.items()}
    for key, value in data.items():
        path, before = f"{file}: {key}", len(wrong)
        if key in lists and isinstance(value, lists[key].form):
            given[key] = lists[key].read(value, path, problems, doubts)
        elif key in fields and not (key in lists and meant(key, unknown)):
            read = fields[key][1](value, path, wrong)
            given |= {key: read} if len(wrong) == before else {}
    wrong += [*unknown.values(), *missing]
    problems += wrong
    if wrong:
        doubts.file(file)
    if not given.keys() >= {*needed}:
        return None
    return record(**{fields[key][0]: value for key, value in given.items()})


class _Listed(NamedTuple):
    """Entries of one kind in a file: a list of tables, or a table of them by name."""

    kind: type[Any]
    form: type

    @property
    def none(self) -> Any:
        return () if self.form is list else {}

    def read(
        self, value: Any, path: str, problems: list[Problem], doubts: Doubts
    ) -> Any:
        """Those that can be read; one that is known by its number keeps its place."""
        kept: dict[Any, Any] = {}
        for key, place, item in self.placed(value, path):
            entry = read_record(self.kind, item, place, problems)
            numbered = place.endswith("]")
            if entry is None:
                doubts.place(place, *([path] if numbered else []))
            elif numbered and len(kept) < key and hasattr(entry, "place"):
                kept[key] = attrs.evolve(entry, place=place)
            else:
                kept[key] = entry
        return tuple(kept.values()) if self.form is list else kept

    def placed(self, value: Any, path: str) -> Iterator[tuple[Any, str, object]]:
        if self.form is dict:
            for name, item in value.items():
                yield name, f"{path}.{name_in_path(name)}", item
        else:
            for number, item in enumerate(value):
                yield number, _item_path(path, number, item), item


@once
def _lists(record: type) -> dict[str, _Listed]:
    """The keys of a file under which there are entries."""
    shown, _ = _fields(record)
    found: dict[str, _Listed] = {}
    for name, hint in get_type_hints(record).items():
        form = {tuple: list, Mapping: dict}.get(get_origin(hint))
        if form is not None and key_of(name) in shown:
            kind = get_args(hint)[0 if form is list else 1]
            found |= {key_of(name): _Listed(kind, form)} if attrs.has(kind) else {}
    return found


@once
def _fields(record: type) -> tuple[dict[str, tuple[str, Reader]], tuple[str, ...]]:
    """The argument and the reader of each key, and the keys that must be there."""
    hints = get_type_hints(record)
    shown = [
        field
        for field in attrs.fields(record)
        if not field.metadata.get("derived", False)
    ]
    fields = {
        key_of(field.name): (
            field.alias or field.name,
            _within(_reader(hints[field.name]), field.metadata.get("at_most")),
        )
        for field in shown
    }
    needed = tuple(
        key_of(field.name) for field in shown if field.default is attrs.NOTHING
    )
    return fields, needed


def _within(reader: Reader, most: int | None) -> Reader:
    """The reader of a text that has so many characters at most."""
    if most is None:
        return reader

    def read(value: object, path: str, problems: list[Problem]) -> Any:
        if isinstance(value, str) and len(value) > most:
            message = f"it has {len(value)} characters, and {most} fit"
            problems.append(Problem(path, message, f"cut {len(value) - most} of them"))
        return reader(value, path, problems)

    return read


@cache
def _reader(hint: Any) -> Reader:
    """The reader of an annotation, made once."""
    origin = get_origin(hint)
    if hint is Any:
        return lambda value, _path, _problems: value
    if origin in {Union, types.UnionType}:
        return _optional(hint)
    if origin is Literal:
        return _member(get_args(hint))
    if origin is tuple:
        return _list(get_args(hint)[0])
    if isinstance(hint, type) and issubclass(hint, tuple):
        # Of a tuple with a name.
        return _list(get_args(hint.__orig_bases__[0])[0])  # type: ignore[attr-defined]
    if origin is not None and issubclass(origin, Mapping):
        return _table(get_args(hint)[1])
    if attrs.has(hint):
        return lambda value, path, problems: read_record(hint, value, path, problems)
    return _scalar(hint)


def _optional(hint: Any) -> Reader:
    kinds = [kind for kind in get_args(hint) if kind is not type(None)]
    reader = _reader(kinds[0])

    def read(value: object, path: str, problems: list[Problem]) -> Any:
        return None if value is None else reader(value, path, problems)

    return read


def _member(members: tuple[str, ...]) -> Reader:
    def read(value: object, path: str, problems: list[Problem]) -> Any:
        if isinstance(value, str) and value in members:
            return value
        problems.append(not_a_member(value, path, members))
        return None

    return read


def _list(hint: Any) -> Reader:
    reader = _reader(hint)

    def read(value: object, path: str, problems: list[Problem]) -> Any:
        if not isinstance(value, list | tuple):
            message = f"{described(value)} is not a list"
            problems.append(Problem(path, message, "put it in brackets: [...]"))
            return ()
        if {*map(type, value)} == {hint}:  # plain values: no place is made for each
            return tuple(value)
        return tuple(
            [
                reader(item, _item_path(path, place, item), problems)
                for place, item in enumerate(value)
            ]
        )

    return read


def _item_path(path: str, place: int, item: object) -> str:
    if isinstance(item, dict) and isinstance(item.get("id"), str):
        return f"{path}.{name_in_path(item['id'])}"
    return f"{path}[{place}]"


def _table(hint: Any) -> Reader:
    reader = _reader(hint)

    def read(value: object, path: str, problems: list[Problem]) -> Any:
        if not isinstance(value, dict):
            message = f"{described(value)} is no table"
            problems.append(Problem(path, message, "give a table of names and values"))
            return {}
        return {
            key: reader(item, f"{path}.{name_in_path(key)}", problems)
            for key, item in value.items()
        }

    return read


def _scalar(hint: type) -> Reader:
    accepted = {int, float} if hint is float else {hint}
    noun = _NOUNS.get(hint, hint.__name__)

    def read(value: object, path: str, problems: list[Problem]) -> Any:
        if type(value) in accepted:
            return value
        message = f"{described(value)} is not {noun}"
        problems.append(Problem(path, message, f"give {noun}"))
        return None

    return read
