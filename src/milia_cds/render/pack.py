"""The review pack as records: claims to sign, in sections."""

from __future__ import annotations

from collections.abc import Mapping

import attrs


@attrs.frozen(kw_only=True)
class PackClaim:
    """One thing to sign: what it says, to whom, when, and what it stands on.

    `certainty` is that of the weakest source; a judgement without source has none.
    """

    id: str
    text: str
    plain: str = ""
    when: str = ""
    sources: tuple[str, ...] = ()
    judgement: bool = False
    certainty: str = ""


@attrs.frozen(kw_only=True)
class PackSection:
    """A part of the pack: a heading, what to know, and the claims to sign.

    `also` are the ids of claims of another section that hold here too.
    """

    id: str
    title: str
    level: int = 2
    notes: tuple[str, ...] = ()
    claims: tuple[PackClaim, ...] = ()
    also: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class Pack:
    """The whole pack, with what every page of it must say."""

    title: str
    notice: str
    version: str
    digest: str
    review_by: str
    sections: tuple[PackSection, ...]
    sources: Mapping[str, str]

    @property
    def claims(self) -> tuple[PackClaim, ...]:
        """Every claim, in the order of the pack."""
        return tuple(claim for each in self.sections for claim in each.claims)
