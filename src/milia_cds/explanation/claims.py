"""What texts may claim: a sentence is dropped where the rest of the answer denies it.

That a drug can go on may not stand beside an alert that it must stop; that nothing need
be done, not beside a referral. A text says itself what it claims, by the names of
`claims.toml`; nothing is looked for in its words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import Any, NamedTuple, TypeAlias

from milia_cds.decision.engine import first_place
from milia_cds.decision.record import Record
from milia_cds.knowledge.dangers import URGENCIES, URGENT, Alert, Urgency
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.texts import Sentence
from milia_cds.logic.conditions import Condition

Clause: TypeAlias = Callable[[Condition | None], str | None]
"""What is left to know of a condition: nothing, "", where it holds; `None` where it
does not."""


class Beside(NamedTuple):
    """What claims must not contradict: the rest of an answer.

    Parameters
    ----------
    alerts
        The alerts that are certain or asked for.
    urgency, action
        How urgent the answer is, and what it says to do.
    offered, first
        The options and measures that are offered; the options in the first place.
    """

    alerts: tuple[Alert, ...]
    urgency: Urgency | None
    action: str
    offered: frozenset[str]
    first: frozenset[str]

    @classmethod
    def of(cls, record: Record) -> Beside:
        """The rest of the answer that a recorded decision leads to."""
        return cls(
            tuple([each.alert for each in record.alerts]),
            record.urgency,
            record.disposition.action,
            record.offered,
            frozenset(first_place(record.ranking)),
        )


class Claims:
    """Which claims may stand beside one decision.

    Parameters
    ----------
    base
        The knowledge base.
    beside
        The rest of the answer.
    """

    def __init__(self, base: Knowledge, beside: Beside) -> None:
        self.base = base
        self.beside = beside

    @cached_property
    def alert_today(self) -> bool:
        """Whether an alert of today is certain or asked for."""
        ranks = (URGENCIES.index(each.urgency) for each in self.beside.alerts)
        return any(rank > URGENT for rank in ranks)

    @cached_property
    def hurried(self) -> bool:
        """Whether something cannot wait, or is referred, or perhaps cannot wait."""
        urgency = self.beside.urgency
        today = urgency is not None and URGENCIES.index(urgency) > URGENT
        return self.alert_today or today or self.beside.action == "refer"

    @cached_property
    def _silenced(self) -> frozenset[str]:
        return frozenset(
            claim for each in self.beside.alerts for claim in each.silences
        )

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
                return about == of or about in self.beside.offered
            case "first":
                return about in self.beside.first
            case "unhurried":
                return not self.hurried
            case "no_alert_today":
                return not self.alert_today
        return True

    def left_of(self, record: Any, clause: Clause) -> tuple[str, str]:
        """What is left of a text for the clinician and of that for the patient.

        Parameters
        ----------
        record
            An entry with a text, which may be a list of sentences.
        clause
            What is left to know of the condition of a sentence.
        """
        text, plain = record.text, getattr(record, "plain", "")
        if not self.stand(getattr(record, "claims", ())):
            return "", ""
        sentences = getattr(record, "sentence", ())
        if not sentences:
            return text, plain
        said = list(self.sentences(sentences, clause))
        if said == [(each.text, each.plain) for each in sentences]:
            return text, plain
        return _joined(text for text, _ in said), _joined(plain for _, plain in said)

    def sentences(
        self, sentences: Iterable[Sentence], clause: Clause
    ) -> Iterator[tuple[str, str]]:
        """Those sentences that may be said, in both registers, each with its "if".

        Parameters
        ----------
        sentences
            The sentences of a text.
        clause
            What is left to know of the condition of a sentence.
        """
        for each in sentences:
            unless = clause(each.condition)
            if unless is not None and self.stand(each.claims):
                yield _if(unless, each.text), _if(unless, each.plain)


def _if(clause: str, text: str) -> str:
    return f"If {clause}: {text}" if clause and text else text


def _joined(texts: Iterable[str]) -> str:
    return " ".join(filter(None, texts))
