"""What texts may claim: a sentence is dropped where the rest of the answer denies it.

That a drug can go on may not stand beside an alert that it must stop; that nothing need
be done, not beside a referral. A text says itself what it claims, by the names of
`claims.toml`; nothing is looked for in its words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any

from milia_cds.decision.engine import Record, first_place
from milia_cds.knowledge.model import URGENCIES, URGENT, Knowledge
from milia_cds.logic.conditions import Condition, Truth


class Claims:
    """Which claims may stand beside one decision.

    Parameters
    ----------
    base
        The knowledge base.
    record
        The recorded decision.
    """

    def __init__(self, base: Knowledge, record: Record) -> None:
        self.base = base
        self.record = record

    @cached_property
    def alert_today(self) -> bool:
        """Whether an alert of today is certain or asked for."""
        return any(each.urgency > URGENT for each in self.record.alerts)

    @cached_property
    def hurried(self) -> bool:
        """Whether something cannot wait, or is referred, or perhaps cannot wait."""
        urgency = self.record.urgency
        today = urgency is not None and URGENCIES.index(urgency) > URGENT
        referred = self.record.disposition.action == "refer"
        return self.alert_today or today or referred

    @cached_property
    def _silenced(self) -> frozenset[str]:
        return frozenset(
            claim for each in self.record.alerts for claim in each.alert.silences
        )

    @cached_property
    def _first(self) -> frozenset[str]:
        return frozenset(first_place(self.record.ranking))

    def stand(self, claims: Iterable[str], *, of: str = "") -> bool:
        """Whether all of some claims may stand.

        Parameters
        ----------
        claims
            The claims, such as "waiting_safe" or "does:OPTION".
        of
            The option in whose own entry they stand: that it is used is said there.
        """
        return all(self._stands(each, of) for each in claims)

    def _stands(self, claim: str, of: str) -> bool:
        name, _, about = claim.partition(":")
        if claim in self._silenced or name in self._silenced:
            return False
        match self.base.claims[name].stands:
            case "offered":
                return about == of or about in self.record.offered
            case "first":
                return about in self._first
            case "unhurried":
                return not self.hurried
            case "no_alert_today":
                return not self.alert_today
        return True

    def left_of(
        self, record: Any, holds: Callable[[Condition | None], Truth]
    ) -> tuple[str, str]:
        """What is left of a text for the clinician and of that for the patient.

        Parameters
        ----------
        record
            An entry with a text, which may be a list of sentences.
        holds
            Whether a condition holds in the case.
        """
        text, plain = record.text, getattr(record, "plain", "")
        if not self.stand(getattr(record, "claims", ())):
            return "", ""
        sentences = getattr(record, "sentence", ())
        if not sentences:
            return text, plain
        said = [
            each
            for each in sentences
            if holds(each.condition) is True and self.stand(each.claims)
        ]
        if len(said) == len(sentences):
            return text, plain
        return (
            " ".join(each.text for each in said if each.text),
            " ".join(each.plain for each in said if each.plain),
        )
