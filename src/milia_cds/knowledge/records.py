"""What records have in common: equality, how they show themselves, and plain values.

A field whose name ends in "_" has the key without it; a field with the metadata
`derived` is given by no file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import attrs

from milia_cds.errors import visible
from milia_cds.logic.facts import once
from milia_cds.shown import Shown

_ONE_LINE = 88
_PLAIN = frozenset({str, int, float, bool, type(None)})


def derived() -> Any:
    """Declare a field that no file gives: the loader makes it."""
    return attrs.field(default=None, metadata={"derived": True})


def at_most(most: int, *, needed: bool = False) -> Any:
    """Declare a short text, which has so many characters at most.

    Parameters
    ----------
    most
        The most characters.
    needed
        Whether it must be there; otherwise it may be left out, and is then empty.
    """
    default = attrs.NOTHING if needed else ""
    return attrs.field(default=default, metadata={"at_most": most})


def key_of(name: str) -> str:
    """The key of a field in a file, or in JSON."""
    return name.rstrip("_")


@once
def _keys(record: type) -> tuple[tuple[str, str], ...]:
    """The key and the name of each field that a file gives."""
    return tuple(
        (key_of(field.name), field.name)
        for field in attrs.fields(record)
        if not field.metadata.get("derived", False)
    )


class Entry:
    """An entry of the knowledge base: equal when all its fields are.

    It shows itself by name, not by its texts. These methods serve all entries, for
    making them again for each class is most of what importing the library would cost.
    """

    __slots__ = ()

    def __repr__(self) -> str:
        """Name the entry."""
        name = getattr(self, "id", "") or getattr(self, "label", "")
        return f"<{type(self).__name__}{f': {visible(name)}' if name else ''}>"

    def __eq__(self, other: object) -> bool:
        """Compare the fields that a file gives."""
        if type(self) is not type(other):
            return NotImplemented
        return all(
            getattr(self, name) == getattr(other, name) for _, name in _keys(type(self))
        )

    def __hash__(self) -> int:
        """A hash that equal entries share."""
        return hash(repr(self))


class Said(Entry, Shown):
    """A record of a result: equal when all its fields are; it shows itself in a line.

    A record that says in `_in_short` what it is shows that; others show their fields,
    as far as a line reaches.
    """

    __slots__ = ()

    def __repr__(self) -> str:
        """Show it in a line."""
        name = type(self).__name__
        said = " ".join(visible(self._in_short()).split())
        room = _ONE_LINE - len(name) - 4
        more = "..." if len(said) > room else ""
        return f"<{name}: {said[: room - len(more)]}{more}>"

    def _in_short(self) -> str:
        """What it is; a line shows as much of it as there is room for."""
        values = ((name, getattr(self, name)) for _, name in _keys(type(self)))
        return ", ".join(f"{name} {_brief(value)}" for name, value in values)

    def __hash__(self) -> int:
        """A hash that equal records share."""
        values = (getattr(self, name) for _, name in _keys(type(self)))
        return hash(tuple(v for v in values if not isinstance(v, Mapping)))


def _brief(value: object) -> str:
    """A value in a line: how many there are of several records."""
    if isinstance(value, tuple) and value and isinstance(value[0], Said):
        return f"({len(value)})"
    return repr(value)


def plain(value: Any) -> Any:
    """A record, and all that is in it, as plain JSON values."""
    kind = type(value)
    if kind in _PLAIN:
        return value
    if issubclass(kind, tuple | list):
        return [item if type(item) in _PLAIN else plain(item) for item in value]
    if kind is frozenset:
        return sorted(value)
    if isinstance(value, Mapping):
        return {
            key: item if type(item) in _PLAIN else plain(item)
            for key, item in value.items()
        }
    written = {}
    for key, name in _keys(kind):
        item = getattr(value, name)
        written[key] = item if type(item) in _PLAIN else plain(item)
    return written


def alike(one: Any, other: Any) -> bool:
    """Whether two values say the same: all fields of records, and in the same order.

    Parameters
    ----------
    one, other
        Records, or what stands in them.
    """
    if one is other:
        return True
    if type(one) is not type(other):
        return False
    if isinstance(one, Mapping):
        return all_alike([*one], [*other]) and all_alike(one.values(), other.values())
    if isinstance(one, tuple | list):
        return all_alike(one, other)
    if attrs.has(type(one)):
        names = [field.name for field in attrs.fields(type(one))]
        return all(alike(getattr(one, n), getattr(other, n)) for n in names)
    return bool(one == other)


def all_alike(some: Iterable[Any], others: Iterable[Any]) -> bool:
    """Whether values in two rows say the same, one by one."""
    some, others = list(some), list(others)
    return len(some) == len(others) and all(map(alike, some, others))
