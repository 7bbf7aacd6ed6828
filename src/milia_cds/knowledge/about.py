"""What a knowledge base is, what it rests on, and what a clinic lays over it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

import attrs

from milia_cds.errors import visible
from milia_cds.knowledge.records import Entry
from milia_cds.knowledge.texts import Certainty
from milia_cds.knowledge.words import Code
from milia_cds.logic.facts import Value

FORMAT = 2
"""The number of the form in which knowledge is written that this engine reads."""
READ_BY = {1: "0.1.0"}
"""The version that reads a former format; the first one had no number."""
REFUSED_AFTER = 365
"""After how many days past its review knowledge is refused, at the latest."""

ReviewStatus: TypeAlias = Literal["draft", "partly reviewed", "reviewed"]
"""How far named people have reviewed the knowledge, as it now is."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Lapse(Entry):
    """After how many days a case is old: any, or one whose number is below a limit."""

    after_days: int
    fact: str = ""
    below: float | None = None


@attrs.frozen(kw_only=True, eq=False, repr=False)
class About(Entry):
    """What the knowledge base is, for whom, and how far it may be trusted.

    `status` and `reviewed_by`, and what `notice` says once somebody has reviewed it,
    follow from the signatures.
    """

    format: int
    domain: str
    case: str
    name: str
    version: str
    review_by: str
    date: str
    intended_use: str
    users: str
    limits: tuple[str, ...]
    notice: str
    certainty: str
    analogue: str = ""
    attributes: Mapping[str, str] = attrs.field(factory=dict)
    codes: tuple[Code, ...] = ()
    lapse: tuple[Lapse, ...] = ()
    status: ReviewStatus = attrs.field(default="draft", metadata={"derived": True})
    reviewed_by: tuple[str, ...] = attrs.field(default=(), metadata={"derived": True})


NOTHING_SAID = About(
    format=FORMAT,
    domain="",
    case="",
    name="",
    version="",
    review_by="",
    date="",
    intended_use="",
    users="",
    limits=(),
    notice="",
    certainty="",
)
"""What stands for `about.toml` where it cannot be read."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Source(Entry):
    """Where a claim comes from, and what was read of it.

    `in_leaflets` is false for what no leaflet prints, such as a seller's page.
    """

    title: str
    type: str
    certainty: Certainty
    read: Literal["read", "secondary"]
    checked: str
    claim: str = ""
    figure: str = ""
    authors: str = ""
    year: str = ""
    url: str = ""
    doi: str = ""
    pmid: str = ""
    access: str = ""
    in_leaflets: bool = True


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Policy(Entry):
    """What a clinic has laid over the knowledge, apart from its gates and texts.

    Parameters
    ----------
    defaults
        What the clinic is, by fact: read where a case leaves it out.
    not_offered
        The options that it does not offer.
    lowered
        The standings that it has lowered, as "scenario.option".
    refuse_after_days
        After how many days past its review the knowledge is refused.
    """

    name: str
    version: str
    digest: str
    defaults: Mapping[str, Value] = attrs.field(factory=dict)
    not_offered: tuple[str, ...] = ()
    lowered: tuple[str, ...] = ()
    refuse_after_days: int = REFUSED_AFTER

    def __str__(self) -> str:
        """Name the policy as every output does."""
        return visible(f"Local policy: {self.name}, {self.version}, {self.digest}")
