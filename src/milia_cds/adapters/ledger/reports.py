"""What a service of CDS Hooks says of its cards, and what is reported of them.

A call is known by its hookInstance, which is the key of the decision where that is
recorded too; a card follows the call, and a report follows the card.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Protocol

import attrs

from milia_cds.adapters.ledger.chain import Chain
from milia_cds.adapters.ledger.entries import (
    CALL,
    FEEDBACK,
    ISSUED,
    Body,
    Draft,
    stored_key,
)


class Card(Protocol):
    """What a card is about; a record of attrs."""

    @property
    def card(self) -> str:
        """Its id."""

    @property
    def call(self) -> str:
        """The hookInstance of the call that it answers; "" where it is not said."""


class CardReport(Protocol):
    """What became of a card; a record of attrs."""

    @property
    def card(self) -> str:
        """The id of the card."""

    @property
    def at(self) -> datetime:
        """When it was."""

    @property
    def key(self) -> tuple[str, ...]:
        """What makes it the same one sent again."""


class Reports:
    """Puts cards and what became of them into a chain, within a transaction.

    Parameters
    ----------
    chain
        The chain.
    """

    def __init__(self, chain: Chain) -> None:
        self.chain = chain

    def issued(self, service: str, cards: Iterable[Card]) -> None:
        """Put in what cards are about, each after the call that it answers.

        Parameters
        ----------
        service
            The id of the service that issues them.
        cards
            What each is about.
        """
        at = datetime.now().astimezone().isoformat()
        for card in cards:
            number = self.call(service, card.call, at) if card.call else None
            draft = Draft(at, ISSUED, about=number)
            self.card(draft, card.card, card_content(service, card))

    def call(self, service: str, call: str, at: str) -> int:
        """The number of the entry of a call."""
        key = stored_key(CALL, call)
        there = self.chain.of_key(key)
        if there is None:
            body = Body.of({"service": service}, None, key)
            [there] = self.chain.append([Draft(at, CALL, body)])
        return there.number

    def card(self, draft: Draft, card: str, said: Mapping[str, Any]) -> None:
        """Put in what a card is about; one that is sent again may be about more."""
        known = attrs.evolve(draft, body=Body.of(said, None, stored_key(ISSUED, card)))
        there = self.chain.of_body(known.body)
        if there is not None and not known.says_the_same(there):
            known = attrs.evolve(draft, body=Body.of(said, None, None))
        self.chain.append([known])

    def reported(self, service: str, reports: Iterable[CardReport]) -> None:
        """Put in reports, each after its card, and each once.

        Parameters
        ----------
        service
            The id of the service that they were sent to.
        reports
            The reports.
        """
        for report in reports:
            key = stored_key(FEEDBACK, "/".join(report.key))
            if self.chain.of_key(key) is None:
                card = self.chain.of_key(stored_key(ISSUED, report.card))
                about = None if card is None else card.number
                body = Body.of(report_content(service, report), None, key)
                draft = Draft(report.at.isoformat(), FEEDBACK, body, about)
                self.chain.append([draft])


def card_content(service: str, card: Any) -> dict[str, Any]:
    """What is stored of a card.

    Parameters
    ----------
    service
        The id of the service that issues it.
    card
        What it is about.
    """
    said = {name: value for name, value in attrs.asdict(card).items() if value}
    said.pop("call", None)
    return {"service": service, **said}


def report_content(service: str, report: Any) -> dict[str, Any]:
    """What is stored of a report.

    Parameters
    ----------
    service
        The id of the service that it was sent to.
    report
        The report.
    """
    said = {name: value for name, value in attrs.asdict(report).items() if value}
    moment = report.at.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return {**said, "service": service, "at": moment}
