"""What the letter of a referral and the leaflet about it have in common."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from milia_cds.errors import NoReferralError
from milia_cds.explanation.outcome import Outcome
from milia_cds.knowledge.dangers import Urgency
from milia_cds.knowledge.leaflets import ReferralLine
from milia_cds.render.blocks import Block, Paragraph, Span


class Referral(NamedTuple):
    """Where an answer sends the patient, and how soon.

    Parameters
    ----------
    to
        The destination; empty where none is named.
    urgency
        How soon; routine where nothing is said.
    """

    to: str
    urgency: Urgency

    @classmethod
    def of(cls, outcome: Outcome) -> Referral:
        """The referral of an answer.

        Parameters
        ----------
        outcome
            What the assessment says.

        Raises
        ------
        NoReferralError
            When it refers nobody.
        """
        said = outcome.disposition
        if said.action != "refer":
            raise NoReferralError(each.option for each in outcome.ranking)
        return cls(said.to or "", said.urgency or "routine")

    def concerns(self, line: ReferralLine) -> bool:
        """Whether a line is about this destination."""
        return not line.to or self.to in line.to


def led(lead: str, text: str) -> Iterator[Block]:
    """A text after a lead that stands out, if there is any text."""
    if text:
        yield Paragraph((Span(lead, "strong"), f" {text}"))
