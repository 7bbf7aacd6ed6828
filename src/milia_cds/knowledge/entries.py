"""Every entry of a knowledge base, with the file and the key where it stands.

One walk over the fields of the records: what is added to a file is found by everything
that asks for conditions, claims or places, without being named here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, get_args, get_type_hints

import attrs

from milia_cds.knowledge.records import Entry
from milia_cds.logic.facts import once


class Placed(NamedTuple):
    """An entry where it stands.

    Parameters
    ----------
    path
        The file and the key, such as "options/OPTION.toml: gate.ID".
    entry
        The record.
    name
        Its name among those of its kind; a level has that of its criterion. Empty where
        it is known by its number.
    within
        The records that it is a part of, the outermost first.
    """

    path: str
    entry: Any
    name: str = ""
    within: tuple[Any, ...] = ()


def stands_at(path: str) -> Any:
    """Declare a field of a knowledge base by the place of its entries.

    Parameters
    ----------
    path
        The file and the key; "{}" is the name of an entry that has its own file.
    """
    return attrs.field(metadata={"path": path})


def shared_from(own: object = "") -> Any:
    """Declare a field that says where a shared entry comes from; empty for one's own.

    Parameters
    ----------
    own
        The empty value.
    """
    return attrs.field(default=own, eq=False, metadata={"derived": True})


def place_of(entry: Any, path: str) -> str:
    """Where an entry stands: the place of the shared one that it comes from, or a path.

    Parameters
    ----------
    entry
        The record.
    path
        Where it stands unless it is shared.
    """
    return getattr(entry, "place", "") or path


def walk(base: object) -> tuple[Placed, ...]:
    """Every entry of a knowledge base, in the order of its fields, wholes before parts.

    Parameters
    ----------
    base
        A record whose fields say by `stands_at` where their entries stand.
    """
    found: list[Placed] = []
    for name, path in _places(type(base)):
        for placed in _each(path, getattr(base, name), ()):
            found.append(placed)
            _add_parts(found, placed)
    return tuple(found)


def _add_parts(found: list[Placed], whole: Placed) -> None:
    """Add all that stands in an entry: each list, then what stands in its members."""
    path, entry, _, within = whole
    for name, key in _shape(type(entry)).lists:
        entries = getattr(entry, name)
        if entries:
            parts = _each(_below(path, key), entries, (*within, entry))
            found += parts
            if _shape(type(parts[0].entry)).lists:
                for part in parts:
                    _add_parts(found, part)


def _each(path: str, entries: Any, within: tuple[Any, ...]) -> list[Placed]:
    """Each of some entries in its place; a single one stands at the path itself."""
    if isinstance(entries, Mapping):
        return [
            Placed(_below(path, name), entry, name, within)
            for name, entry in entries.items()
        ]
    if not isinstance(entries, tuple):
        return [Placed(path, entries, "", within)]
    named_by = _shape(type(entries[0])).named_by if entries else ""
    if not named_by:
        return [
            Placed(place_of(entry, f"{path}[{number}]"), entry, "", within)
            for number, entry in enumerate(entries)
        ]
    names = [getattr(entry, named_by) for entry in entries]
    return [
        Placed(place_of(entry, _below(path, name)), entry, name, within)
        for name, entry in zip(names, entries, strict=True)
    ]


def _below(path: str, name: str) -> str:
    if path.endswith("}.toml: "):
        return path.format(name)
    return f"{path}{name}" if path.endswith(": ") else f"{path}.{name}"


@once
def _places(base: type[Any]) -> tuple[tuple[str, str], ...]:
    """The fields whose entries have a place, and the place."""
    return tuple(
        (field.name, field.metadata["path"])
        for field in attrs.fields(base)
        if "path" in field.metadata
    )


class _Shape(NamedTuple):
    """What the entries of a kind are named by, and the fields that hold entries."""

    named_by: str
    lists: tuple[tuple[str, str], ...]


@once
def _shape(kind: type[Any]) -> _Shape:
    hints = get_type_hints(kind)
    named_by = next((name for name in ("id", "criterion") if name in hints), "")
    lists = tuple(
        (name, name.rstrip("_"))
        for name, hint in hints.items()
        if any(map(_is_entry, get_args(hint)))
    )
    return _Shape(named_by, lists)


def _is_entry(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Entry)
