"""Signatures as records: who has reviewed which section of the knowledge, and when.

Each mirrors a table of `reviews.toml`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias, get_args

import attrs

from milia_cds.knowledge.records import Entry

SectionId: TypeAlias = Literal[
    "standings",
    "dangers",
    "guarantees",
    "patients",
    "figures",
    "leaflets",
    "rules",
    "texts",
]
"""The sections of the knowledge that are signed, in the order of the review pack."""
SECTIONS: tuple[SectionId, ...] = get_args(SectionId)
JUDGED: tuple[SectionId, ...] = ("patients", "leaflets")
"""The sections of which answers are judged; they rest on all of the others."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Signature(Entry):
    """A section that somebody has reviewed, as it was on that day.

    Parameters
    ----------
    name, role, registration
        Who signs, as what, and under which number of a register, where there is one.
    date
        The day, as "2027-01-31".
    digest
        The digest of the section.
    rows
        The mark of each of its rows; of patients and leaflets those that were agreed.
    """

    section: SectionId
    name: str
    role: str
    registration: str = ""
    date: str
    digest: str
    rows: Mapping[str, str] = attrs.field(factory=dict)

    @property
    def by(self) -> str:
        """Who signs, and as what."""
        return f"{self.name}, {self.role}"


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ReviewsFile:
    """What `reviews.toml` says."""

    signature: tuple[Signature, ...] = ()
