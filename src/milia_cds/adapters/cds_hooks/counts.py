"""What a service has done, by counts only: nothing of a patient is in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from threading import Lock
from typing import Any


class Counts:
    """Counts of calls by service and status, and of cards by indicator."""

    def __init__(self) -> None:
        self._calls: Counter[tuple[str, int]] = Counter()
        self._cards: Counter[str] = Counter()
        self._lock = Lock()

    def add(self, service: str, status: int, indicators: Iterable[str] = ()) -> None:
        """Count an answer.

        Parameters
        ----------
        service
            The id of a service that there is.
        status
            The status of HTTP.
        indicators
            That of each card.
        """
        with self._lock:
            self._calls[service, status] += 1
            self._cards.update(indicators)

    def to_dict(self) -> dict[str, Any]:
        """The counts as plain JSON values."""
        with self._lock:
            calls, cards = dict(self._calls), dict(self._cards)
        by_service: dict[str, dict[str, int]] = {}
        for (service, status), count in sorted(calls.items()):
            by_service.setdefault(service, {})[str(status)] = count
        return {"calls": by_service, "cards": dict(sorted(cards.items()))}
