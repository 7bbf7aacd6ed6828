"""Outlines on which a place is marked, as records: what `figure.toml` says."""

from __future__ import annotations

import attrs

from milia_cds.knowledge.records import Entry, at_most


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Outline(Entry):
    """A drawing of lines, in units of its own.

    `lines` are paths as SVG writes them; `label` says what is drawn.
    """

    label: str
    width: float
    height: float
    lines: tuple[str, ...]


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Mark(Entry):
    """Where a member of the fact lies: rings of this size about points of an outline.

    `aside` is what the marks leave open, such as the side.
    """

    outline: str
    at: tuple[tuple[float, ...], ...]
    size: float = 9.0
    aside: str = at_most(40)
