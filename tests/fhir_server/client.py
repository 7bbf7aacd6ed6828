"""What a clinic's software gets of a FHIR server: a key for each search, or none.

As a client of CDS Hooks does, it leaves out the key of a search that nobody answered;
and it follows the pages of a search.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

SECONDS = 5.0
"""How long it waits for an answer."""


def asked(
    url: str, body: bytes | None = None, *, seconds: float = SECONDS
) -> tuple[int, Any]:
    """The status and the JSON that a server answers."""
    try:
        with urlopen(Request(url, body), timeout=seconds) as answer:  # noqa: S310 - http
            return answer.status, json.load(answer)
    except HTTPError as error:
        with error:
            return error.code, json.load(error)


def fetched(
    url: str,
    patient: str,
    kinds: Iterable[str],
    *,
    seconds: float = SECONDS,
    pages: int | None = None,
) -> Mapping[str, Any]:
    """The patient and what is recorded of some kinds, by a key for each.

    Parameters
    ----------
    pages
        How many pages it follows at most; `None`: all.
    """
    found: dict[str, Any] = {"patient": asked(f"{url}/Patient/{patient}")[1]}
    for kind in kinds:
        query = urlencode({"patient": f"Patient/{patient}"}).encode()
        try:
            _, page = asked(f"{url}/{kind}/_search", query, seconds=seconds)
        except TimeoutError:
            continue
        got = [page]
        while (after := _next(page)) and len(got) != pages:
            _, page = asked(after, seconds=seconds)
            got.append(page)
        found[kind] = got if len(got) > 1 else got[0]
    return found


def _next(page: Any) -> str | None:
    links = page.get("link", []) if isinstance(page, Mapping) else []
    return next((each["url"] for each in links if each["relation"] == "next"), None)
