"""Short names of options, and of several that a group stands for."""

from __future__ import annotations

from collections.abc import Iterable

from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.options import Measure, Option


def short_name(owner: Option | Measure) -> str:
    """The name of an option or a measure in a list."""
    return owner.short or owner.label


def named(base: Knowledge, options: Iterable[str]) -> str:
    """Options and measures in a list; a group stands for all of its members.

    Parameters
    ----------
    base
        The knowledge base.
    options
        The ids, in the order of naming.
    """
    left = dict.fromkeys(options)
    owners: dict[str, Option | Measure] = {**base.options, **base.measures}
    names: list[str] = []
    for short, members in _groups(base):
        if len(members) > 1 and left.keys() >= members:
            names.append(short)
            left = {name: None for name in left if name not in members}
    return ", ".join([*names, *(short_name(owners[name]) for name in left)])


def _groups(base: Knowledge) -> list[tuple[str, set[str]]]:
    """The groups that have a short form, the largest first."""
    found = [
        (each.short, set(each.options)) for each in base.groups.values() if each.short
    ]
    return sorted(found, key=lambda each: -len(each[1]))
