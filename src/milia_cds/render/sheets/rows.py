"""Which facts stand in which row of a letter."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from milia_cds.knowledge.leaflets import LetterRow
from milia_cds.knowledge.model import Knowledge


@attrs.frozen
class Row:
    """A row with its facts.

    Parameters
    ----------
    entry
        What the knowledge says of it.
    named
        The facts that it names, whatever they are.
    others
        Those that it names only where they hold.
    """

    entry: LetterRow
    named: tuple[str, ...]
    others: tuple[str, ...] = ()


def rows_of(base: Knowledge) -> tuple[Row, ...]:
    """The rows of a letter, in order; no fact stands in two.

    Parameters
    ----------
    base
        The knowledge base; where it names no rows, each of its sections is one.
    """
    if not base.leaflets.row:
        return tuple(_sections(base))
    named = {name for entry in base.leaflets.row for name in entry.facts}
    return tuple(Row(e, e.facts, _others(e, base, named)) for e in base.leaflets.row)


def _others(entry: LetterRow, base: Knowledge, named: set[str]) -> tuple[str, ...]:
    """The facts of the questions of a row that no row names."""
    return tuple(
        name
        for name, fact in base.facts.items()
        if fact.screen in entry.screens and name not in named
    )


def _sections(base: Knowledge) -> Iterator[Row]:
    for name, section in base.vocabulary.sections.items():
        facts = [f for f in base.vocabulary.readable if f.startswith(f"{name}.")]
        yield Row(LetterRow(heading=section.label), tuple(facts))


def seen(base: Knowledge) -> tuple[str, ...]:
    """The facts that are looked for: what is absent of them has a row of its own."""
    return tuple(
        name for row in rows_of(base) if row.entry.absent for name in row.named
    )
