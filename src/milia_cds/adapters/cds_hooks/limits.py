"""What one request may take: bytes, time, and a place among those being answered."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Future, ThreadPoolExecutor
from http import HTTPStatus
from threading import Lock
from typing import Any, TypeVar

import attrs

from milia_cds.adapters.cds_hooks.outcomes import RefusalError

T = TypeVar("T")

_AGAIN = {"Retry-After": "1"}


@attrs.frozen(kw_only=True)
class Limits:
    """What one request may take.

    Parameters
    ----------
    body
        As many bytes as a message may have.
    sending
        As many seconds as a client may take to send it.
    answering
        As many seconds as an answer may take, with the time it waits for its turn.
    at_once, waiting
        As many calls as are worked on at once, and as many as may wait for their turn.
    """

    body: int = 5_000_000
    sending: float = 10
    answering: float = 10
    at_once: int = 2
    waiting: int = 64


async def body_of(parts: AsyncIterator[bytes], limits: Limits) -> bytes:
    """The body of a request, counted while it is read.

    Parameters
    ----------
    parts
        What the client sends, as it comes.
    limits
        How much it may be, and how long it may take.

    Raises
    ------
    RefusalError
        When it is longer, or takes longer.
    """
    try:
        return await asyncio.wait_for(_read(parts, limits.body), limits.sending)
    except TimeoutError:
        said = f"the message did not come within {limits.sending:g} seconds"
        raise RefusalError(HTTPStatus.REQUEST_TIMEOUT, said) from None


async def _read(parts: AsyncIterator[bytes], most: int) -> bytes:
    body = bytearray()
    async for part in parts:
        body += part
        if len(body) > most:
            said = f"the message has more than {most} bytes"
            raise RefusalError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, said)
    return bytes(body)


class AnsweringQueue:
    """Those that are answered at once, and those that wait for it, in turn.

    Answering is work of the processor, so it is done in threads: whoever asks whether
    the service is well is answered meanwhile. Work that takes too long cannot be
    stopped; its client is told, and it keeps its place until it ends, so that there is
    never more of it than places.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._threads = ThreadPoolExecutor(limits.at_once, "milia-cds-answering")
        self._taken = 0
        self._lock = Lock()

    async def work(self, do: Callable[..., T], *given: Any) -> T:
        """Do some work in one of the places.

        Raises
        ------
        RefusalError
            When no place is free, or when it takes too long.
        """
        seconds = self._limits.answering
        future = self._begun(do, *given)
        try:
            return await asyncio.wait_for(asyncio.wrap_future(future), seconds)
        except TimeoutError:
            said = f"there is no answer within {seconds:g} seconds; send less"
            raise RefusalError(HTTPStatus.GATEWAY_TIMEOUT, said) from None

    def _begun(self, do: Callable[..., T], *given: Any) -> Future[T]:
        with self._lock:
            if self._taken >= self._limits.at_once + self._limits.waiting:
                said = "too many calls wait for an answer; call again in a second"
                raise RefusalError(HTTPStatus.SERVICE_UNAVAILABLE, said, headers=_AGAIN)
            self._taken += 1
        future = self._threads.submit(do, *given)
        future.add_done_callback(self._freed)
        return future

    def _freed(self, _: Future[Any]) -> None:
        with self._lock:
            self._taken -= 1
