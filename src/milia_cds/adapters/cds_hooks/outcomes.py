"""Refusals: a status, and an OperationOutcome that says what is wrong, and the mend.

What an unforeseen exception says never stands in one: it could name a patient.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Any

from milia_cds.errors import ProblemsError, visible

CODES: Mapping[int, str] = MappingProxyType(
    {
        HTTPStatus.BAD_REQUEST: "structure",
        HTTPStatus.UNAUTHORIZED: "login",
        HTTPStatus.FORBIDDEN: "forbidden",
        HTTPStatus.NOT_FOUND: "not-found",
        HTTPStatus.METHOD_NOT_ALLOWED: "not-supported",
        HTTPStatus.REQUEST_TIMEOUT: "timeout",
        HTTPStatus.PRECONDITION_FAILED: "required",
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "too-long",
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "not-supported",
        HTTPStatus.UNPROCESSABLE_ENTITY: "invalid",
        HTTPStatus.INTERNAL_SERVER_ERROR: "exception",
        HTTPStatus.SERVICE_UNAVAILABLE: "throttled",
        HTTPStatus.GATEWAY_TIMEOUT: "timeout",
    }
)
"""The kind of issue, in the words of FHIR, by the status of the answer."""

_MOST = 50
UNFORESEEN = "the service failed; nothing of what it was doing is repeated here"


class RefusalError(Exception):
    """A request is answered with a status that is not success.

    Parameters
    ----------
    status
        The status of HTTP, one of `CODES`.
    said
        What is wrong, in sentences without a capital, at least one.
    headers
        Headers of the answer.
    """

    def __init__(
        self, status: int, *said: str, headers: Mapping[str, str] | None = None
    ) -> None:
        self.status = int(status)
        self.said = said
        self.headers = dict(headers or {})
        super().__init__(status, *said)


def of_problems(status: int, error: ProblemsError) -> RefusalError:
    """The refusal that says every problem of what was read, the first 50 of them."""
    shown = [str(each) for each in error.problems[:_MOST]]
    more = len(error.problems) + error.more - len(shown)
    return RefusalError(status, *shown, *([f"and {more} more"] if more > 0 else []))


def outcome(status: int, said: Iterable[str]) -> dict[str, Any]:
    """An OperationOutcome of FHIR R4.

    Parameters
    ----------
    status
        The status of HTTP, which says of what kind the issues are.
    said
        What is wrong: an issue each.
    """
    code = CODES.get(status, "processing")
    issues = [
        {"severity": "error", "code": code, "details": {"text": visible(each)}}
        for each in said
    ]
    return {"resourceType": "OperationOutcome", "issue": issues}
