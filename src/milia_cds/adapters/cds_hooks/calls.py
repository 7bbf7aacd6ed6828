"""What comes in: a call of CDS Hooks 2.0, read strictly.

Nothing of `fhirServer` and `fhirAuthorization` is kept: their shape is checked, and no
server is ever asked. No message repeats what a call says of a patient, or a token.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import attrs

from milia_cds.errors import (
    Problem,
    Problems,
    ProblemsError,
    Unreadable,
    name_in_path,
    nearest,
    quoted,
)

HOOKS = ("patient-view", "order-sign")
"""The hooks that are answered, each by a service."""

USER = r"^(Practitioner|PractitionerRole|Patient|RelatedPerson)/[A-Za-z0-9\-.]{1,64}$"
"""A user, as CDS Hooks writes one."""
ID = r"^[A-Za-z0-9\-.]{1,64}$"
"""The id of a resource."""
INSTANCE = r"^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$"
"""A UUID as it is written in a message."""
EXTENSION = "extension"
"""The one member that any object may have beside its own: what it holds is not read."""

_CALL = ("hook", "hookInstance", "context", "prefetch", "fhirServer")
_AUTHORIZATION = "fhirAuthorization"
_GRANT = ("access_token", "token_type", "expires_in", "scope", "subject")
_DRAFTS = "draftOrders"


class CallError(ProblemsError):
    """A call cannot be read, or is none of the hook of the service."""

    subject = "The call"


class OtherHookError(CallError):
    """A call is of another hook than the service that got it."""


@attrs.frozen(repr=False)
class Context:
    """For whom, and by whom, a hook was called.

    Parameters
    ----------
    user
        Who is logged in, such as "Practitioner/1".
    patient
        The id of the patient.
    encounter
        The id of the encounter, or `None`.
    draft_orders
        The Bundle of orders that are about to be signed; `None` but for order-sign.
    """

    user: str
    patient: str
    encounter: str | None = None
    draft_orders: Mapping[str, Any] | None = None


@attrs.frozen(repr=False)
class Call:
    """A call of a service.

    Parameters
    ----------
    hook
        The hook, one of `HOOKS`.
    instance
        Which calling of the hook it is; a repeated call has the same.
    context
        For whom, and by whom.
    prefetch
        What the record says, by prefetch key: resources, Bundles, or `None`; it is read
        by `read_fhir`.
    """

    hook: str
    instance: UUID
    context: Context
    prefetch: Mapping[str, Any]

    def __repr__(self) -> str:
        """Say which hook it is; what it says of a patient is shown to nobody."""
        return f"<Call: {self.hook}>"


def call_of(body: object, *, hook: str) -> Call:
    """Read a call.

    Parameters
    ----------
    body
        The message as plain values, such as `parse_json` gives.
    hook
        The hook of the service that got it.

    Raises
    ------
    OtherHookError
        When it is of another hook.
    CallError
        With everything that is wrong with it, each with its path.
    """
    reading = _Reading()
    call = reading.call(body, hook)
    if reading.other:
        raise OtherHookError(reading.problems)
    if reading.problems or call is None:
        raise CallError(reading.problems)
    return call


def unreadable(data: object) -> Iterator[Problem]:
    """The problems of numbers that no JSON has, such as NaN and 1e999."""
    if _some_unreadable(data):
        yield from _unreadable(data, "")


def _some_unreadable(data: object) -> bool:
    """Whether there is such a number; most messages have none, and paths take long."""
    left = [data]
    while left:
        each = left.pop()
        if isinstance(each, dict):
            left.extend(each.values())
        elif isinstance(each, list):
            left.extend(each)
        elif isinstance(each, Unreadable):
            return True
    return False


def _unreadable(data: object, path: str) -> Iterator[Problem]:
    match data:
        case Unreadable(text):
            where = path or "the message"
            yield Problem(where, f"{text} is no number of JSON", "give a finite number")
        case list():
            for place, item in enumerate(data):
                yield from _unreadable(item, f"{path}[{place}]")
        case dict():
            for key, value in data.items():
                yield from _unreadable(value, _at(path, key))


def absolute(url: object) -> bool:
    """Whether something is an absolute address of the web."""
    if not isinstance(url, str) or not url.isascii() or re.search(r"[\s\\]", url):
        return False
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    return parts.scheme in {"https", "http"} and bool(parts.hostname) and port != 0


class _Reading:
    """Reads one call, gathering problems."""

    def __init__(self) -> None:
        self.problems = Problems()
        self.other = False

    def problem(self, path: str, message: str, mend: str) -> None:
        self.problems.append(Problem(path, message, mend))

    def call(self, body: object, hook: str) -> Call | None:
        if not isinstance(body, dict):
            mend = "give an object with hook, hookInstance and context"
            self.problem("the call", "it is no object", mend)
            return None
        self.problems.extend(unreadable(body))
        self.members("", body, (*_CALL, _AUTHORIZATION))
        self.hook(body, hook)
        self.authorization(body)
        instance = self.text(body, "", "hookInstance", INSTANCE, "a UUID")
        context = self.context(body, hook)
        prefetch = self.prefetch(body)
        if instance is None or context is None:
            return None
        return Call(hook, UUID(instance), context, prefetch)

    # -- parts --

    def hook(self, body: Mapping[str, Any], hook: str) -> None:
        given = body.get("hook")
        if given is None:
            self.problem("hook", "it is missing", f"give {quoted(hook)}")
        elif given != hook:
            message = "this service is for another hook"
            self.problem("hook", message, f"call it for {quoted(hook)} alone")
            self.other = True

    def context(self, body: Mapping[str, Any], hook: str) -> Context | None:
        at = "context"
        given = self.object(body, "", at)
        if given is None:
            return None
        drafts = (_DRAFTS,) if hook == "order-sign" else ()
        self.members(at, given, ("userId", "patientId", "encounterId", *drafts))
        user = self.text(given, at, "userId", USER, 'a user such as "Practitioner/1"')
        patient = self.text(given, at, "patientId", ID, 'an id such as "1"')
        encounter = None
        if "encounterId" in given:
            encounter = self.text(given, at, "encounterId", ID, 'an id such as "1"')
        orders = self.drafts(given) if drafts else None
        if user is None or patient is None:
            return None
        return Context(user, patient, encounter, orders)

    def drafts(self, context: Mapping[str, Any]) -> Mapping[str, Any] | None:
        given = self.object(context, "context", _DRAFTS)
        if given is not None and given.get("resourceType") != "Bundle":
            path = f"context.{_DRAFTS}.resourceType"
            self.problem(path, "the draft orders are no Bundle", 'give a "Bundle"')
        if given is not None and "entry" in given:
            self.entries(given["entry"], f"context.{_DRAFTS}.entry")
        return given

    def entries(self, entries: object, path: str) -> None:
        """An order that cannot be read must not be passed over: it may be a danger."""
        if not isinstance(entries, list):
            self.problem(path, "it is no list", "give a list, or leave it out")
            return
        for place, entry in enumerate(entries):
            at = f"{path}[{place}].resource"
            held = entry.get("resource") if isinstance(entry, dict) else None
            if isinstance(held, dict):
                self.kind(held, at)
            else:
                self.problem(at, "it is no resource", "give the order")

    def kind(self, resource: Mapping[str, Any], path: str) -> None:
        kind = resource.get("resourceType")
        if not isinstance(kind, str) or not kind:
            mend = 'give its type, such as "Bundle"'
            self.problem(f"{path}.resourceType", "it is missing", mend)

    def prefetch(self, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """What the record says; where nothing could be had, it may be empty."""
        if "prefetch" not in body:
            return {}
        given = body["prefetch"]
        if not isinstance(given, dict):
            mend = "give an object of prefetch keys, or leave it out"
            self.problem("prefetch", "it is no object", mend)
            return {}
        for key, value in given.items():
            path = _at("prefetch", key)
            if value is None:
                continue
            if not isinstance(value, dict):
                mend = "give a resource or null, or leave the key out"
                self.problem(path, "it is no resource", mend)
            else:
                self.kind(value, path)
        return given

    def authorization(self, body: Mapping[str, Any]) -> None:
        """The shape of what gives access to a FHIR server; nobody ever uses it."""
        if "fhirServer" in body and not absolute(body["fhirServer"]):
            mend = 'give one such as "https://fhir.example.org/r4"'
            self.problem("fhirServer", "it is no absolute URL", mend)
        if _AUTHORIZATION not in body:
            return
        if "fhirServer" not in body:
            message = f"{_AUTHORIZATION} is given without it"
            self.problem("fhirServer", message, "give both, or neither")
        given = self.object(body, "", _AUTHORIZATION)
        if given is not None:
            self.grant(given)

    def grant(self, given: Mapping[str, Any]) -> None:
        at = _AUTHORIZATION
        self.members(at, given, (*_GRANT, "patient"))
        for name in ("access_token", "scope", "subject"):
            self.text(given, at, name, r"^[^\x00]+$", "a text that is not empty")
        self.text(given, at, "token_type", r"^Bearer$", '"Bearer"')
        seconds = given.get("expires_in")
        if type(seconds) is not int or seconds < 0:
            message = "it is no whole number of seconds"
            self.problem(f"{at}.expires_in", message, "give one such as 300")
        scope = given.get("scope")
        of_one = isinstance(scope, str) and "patient/" in scope
        if of_one or "patient" in given:
            self.text(given, at, "patient", ID, 'the id of the patient, such as "1"')

    # -- members --

    def members(
        self, path: str, given: Mapping[str, Any], known: tuple[str, ...]
    ) -> None:
        """Refuse members that nobody knows; `extension` is an object, and not read."""
        for name in given:
            if name == EXTENSION:
                if not isinstance(given[name], dict) or not given[name]:
                    mend = "give an object whose keys are names of yours, or leave it"
                    self.problem(_at(path, name), "it is no such object", mend)
            elif name not in known:
                mend = nearest(name, known)
                self.problem(_at(path, name), "there is no such member", mend)

    def object(
        self, given: Mapping[str, Any], path: str, name: str
    ) -> Mapping[str, Any] | None:
        value = given.get(name)
        if isinstance(value, dict) and value:
            return value
        message = "it is no object with members" if name in given else "it is missing"
        self.problem(_at(path, name), message, "give an object")
        return None

    def text(
        self, given: Mapping[str, Any], path: str, name: str, form: str, what: str
    ) -> str | None:
        value = given.get(name)
        if isinstance(value, str) and re.fullmatch(form, value):
            return value
        message = f"it is not {what}" if name in given else "it is missing"
        self.problem(_at(path, name), message, f"give {what}")
        return None


def _at(path: str, key: str) -> str:
    return f"{path}.{name_in_path(key)}" if path else name_in_path(key)
