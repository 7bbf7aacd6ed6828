"""The rules of CDS Hooks 2.0 for what a service answers, checked on plain values.

Stricter than they are where a client would be in doubt: what may be sent to a FHIR
server is a proposal of a few types, and no text holds what a client could obey.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from math import isfinite
from typing import Any, TypeAlias
from uuid import UUID

from milia_cds.adapters.cds_hooks.calls import EXTENSION, INSTANCE, absolute
from milia_cds.errors import Problem, Problems, described, name_in_path, nearest, quoted

LONGEST = 139
"""The most characters of a summary."""
HTML = re.compile(r"<(?=[A-Za-z/!?])")
"""Where HTML begins, for one client or another."""

_REFERENCE = re.compile(r"[A-Z][A-Za-z]+/[A-Za-z0-9\-.]{1,64}")
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[^\s<>\"]+")
_REVERSE_DOMAIN = re.compile(r"[a-z][a-z0-9\-]*(\.[A-Za-z0-9_\-]+)+")
_TARGET = re.compile(r"(?<!\\)\](?:\(\s*<?|:\s*)([^\s)>]*)|(!)\[")
_REQUEST_STATUS = frozenset(
    {
        *("draft", "active", "on-hold", "revoked", "completed"),
        *("entered-in-error", "unknown"),
    }
)
_PROPOSED = frozenset({"proposal", "plan", "option"})
RESOURCES: Mapping[str, tuple[str, ...]] = {
    "ServiceRequest": ("status", "intent", "subject"),
    "CarePlan": ("status", "intent", "subject"),
    "RequestGroup": ("status", "intent"),
    "CommunicationRequest": ("status",),
    "Goal": ("lifecycleStatus", "description", "subject"),
}
"""The types of resource that a card may propose, and what FHIR R4 requires of each."""
_CODES: Mapping[str, tuple[frozenset[str], str]] = {
    "status": (_REQUEST_STATUS, "a status of a request"),
    "intent": (_PROPOSED, "a proposal, a plan or an option"),
}

_Check: TypeAlias = Callable[["_Rules", str, Any], None]
"""What looks at a value at a path."""


def problems_of(data: object) -> Problems:
    """Find everything that is wrong with a response.

    Parameters
    ----------
    data
        The body as plain JSON values.
    """
    rules = _Rules()
    rules.response(data)
    return rules.found


class _Rules:
    """Looks at one response, gathering problems."""

    def __init__(self) -> None:
        self.found = Problems()
        self.uuids: dict[str, str] = {}

    def problem(self, path: str, message: str, mend: str) -> None:
        self.found.append(Problem(path, message, mend))

    # -- what there is --

    def response(self, data: object) -> None:
        if not isinstance(data, dict):
            message = f"{described(data)} is no response"
            self.problem("the response", message, "give an object with cards")
            return
        self.none_empty("", data, but=("cards",))
        cards = data.get("cards")
        if "cards" not in data:
            mend = "give a list of cards, which may be empty"
            self.problem("cards", "it is missing", mend)
        elif not isinstance(cards, list):
            self.problem("cards", f"{described(cards)} is no list", "give a list")
        self.members("", data, {"cards": _each(_Rules.card)}, ())

    def card(self, path: str, data: Mapping[str, Any]) -> None:
        self.members(
            path,
            data,
            {
                "uuid": _Rules.uuid,
                "summary": _Rules.summary,
                "detail": _Rules.detail,
                "indicator": _one_of("info", "warning", "critical"),
                "source": _object(_Rules.source),
                "suggestions": _each(_Rules.suggestion),
                "selectionBehavior": _one_of("at-most-one", "any"),
                "overrideReasons": _each(_Rules.reason),
                "links": _each(_Rules.link),
            },
            ("summary", "indicator", "source"),
        )
        suggestions = _objects(data.get("suggestions"))
        if "suggestions" in data and "selectionBehavior" not in data:
            mend = 'say "at-most-one" or "any"'
            message = "there are suggestions, and how many may be chosen is not said"
            self.problem(f"{path}.selectionBehavior", message, mend)
        recommended = [each for each in suggestions if each.get("isRecommended")]
        if data.get("selectionBehavior") == "at-most-one" and len(recommended) > 1:
            message = f"{len(recommended)} are recommended, and one may be chosen"
            self.problem(f"{path}.suggestions", message, "recommend one, or none")
        codes = [
            (each.get("system"), each.get("code"))
            for each in _objects(data.get("overrideReasons"))
        ]
        if len({*map(repr, codes)}) < len(codes):
            message = "a code stands there twice"
            self.problem(f"{path}.overrideReasons", message, "give each code once")

    def source(self, path: str, data: Mapping[str, Any]) -> None:
        known: dict[str, _Check] = {
            "label": _Rules.line,
            "url": _Rules.url,
            "icon": _Rules.url,
            "topic": _object(_Rules.coding),
        }
        self.members(path, data, known, ("label",))

    def suggestion(self, path: str, data: Mapping[str, Any]) -> None:
        known: dict[str, _Check] = {
            "label": _Rules.line,
            "uuid": _Rules.uuid,
            "isRecommended": _Rules.yes_no,
            "actions": _each(_Rules.action),
        }
        self.members(path, data, known, ("label",))

    def action(self, path: str, data: Mapping[str, Any]) -> None:
        known: dict[str, _Check] = {
            "type": _one_of("create", "update", "delete"),
            "description": _Rules.line,
            "resource": _object(_Rules.resource),
            "resourceId": _Rules.reference,
        }
        self.members(path, data, known, ("type", "description"))
        kind = data.get("type")
        wanted, other = "resource", "resourceId"
        if kind == "delete":
            wanted, other = other, wanted
        elif kind not in {"create", "update"}:
            return
        if wanted not in data:
            message = f"{quoted(kind)} needs it"
            self.problem(f"{path}.{wanted}", message, f"give the {wanted}")
        if other in data:
            message = f"{quoted(kind)} has none"
            self.problem(f"{path}.{other}", message, "leave it out")
        resource = data.get("resource")
        if kind == "update" and isinstance(resource, dict) and "id" not in resource:
            message = "which resource is updated is not said"
            self.problem(f"{path}.resource.id", message, "give its id")

    def link(self, path: str, data: Mapping[str, Any]) -> None:
        known: dict[str, _Check] = {
            "label": _Rules.line,
            "url": _Rules.url,
            "type": _one_of("absolute", "smart"),
            "appContext": _Rules.text,
            "autolaunchable": _Rules.yes_no,
        }
        self.members(path, data, known, ("label", "url", "type"))
        if "appContext" in data and data.get("type") != "smart":
            message = "only an app that is launched has a context"
            mend = "leave it out, or make the link a smart one"
            self.problem(f"{path}.appContext", message, mend)

    def coding(self, path: str, data: Mapping[str, Any]) -> None:
        known: dict[str, _Check] = {
            "system": _Rules.uri,
            "code": _Rules.line,
            "display": _Rules.line,
        }
        self.members(path, data, known, ("system", "code"))

    def reason(self, path: str, data: Mapping[str, Any]) -> None:
        self.coding(path, data)
        if "display" not in data:
            message = "nobody can choose a reason without words"
            self.problem(f"{path}.display", message, "give its display")

    # -- a resource --

    def resource(self, path: str, data: Mapping[str, Any]) -> None:
        """What FHIR R4 requires of a resource that may be proposed."""
        kind = data.get("resourceType")
        if not isinstance(kind, str) or kind not in RESOURCES:
            mend = nearest(kind, RESOURCES)
            message = f"{described(kind)} is no resource that a card may propose"
            self.problem(f"{path}.resourceType", message, mend)
            return
        for name in RESOURCES[kind]:
            if name not in data:
                message = f"a {kind} has none"
                self.problem(f"{path}.{name}", message, "give it: FHIR R4 requires it")
        for name, (codes, what) in _CODES.items():
            if name in data and data[name] not in codes:
                message = f"{described(data[name])} is not {what}"
                self.problem(f"{path}.{name}", message, nearest(data[name], codes))
        subject = data.get("subject")
        if "subject" in data and not (
            isinstance(subject, dict) and {"reference", "identifier"} & {*subject}
        ):
            message = "it says of no one whom it is about"
            self.problem(f"{path}.subject", message, "give a reference to the patient")

    # -- values --

    def text(self, path: str, value: object) -> None:
        if not isinstance(value, str):
            message = f"{described(value)} is no text"
            self.problem(path, message, "give a text")

    def line(self, path: str, value: object) -> None:
        """One line of text, which no client could take for HTML."""
        self.text(path, value)
        if isinstance(value, str):
            if HTML.search(value):
                mend = "write it without <, for some clients would obey it"
                self.problem(path, "HTML begins in it", mend)
            if "\n" in value:
                self.problem(path, "it has more than one line", "give one line")

    def summary(self, path: str, value: object) -> None:
        self.line(path, value)
        if isinstance(value, str) and len(value) > LONGEST:
            message = f"it has {len(value)} characters"
            self.problem(path, message, f"give at most {LONGEST}")

    def detail(self, path: str, value: object) -> None:
        """Markdown without HTML, images and links that lead elsewhere than the web."""
        self.text(path, value)
        if not isinstance(value, str):
            return
        if HTML.search(value):
            mend = "write &lt; for <, for some clients would obey it"
            self.problem(path, "HTML begins in it", mend)
        for target, image in _TARGET.findall(value):
            if image:
                self.problem(path, "an image stands in it", "leave it out")
            elif not absolute(target):
                mend = "give an absolute address of the web"
                self.problem(path, f"a link leads to {quoted(target)}", mend)

    def uuid(self, path: str, value: object) -> None:
        if not isinstance(value, str) or not re.fullmatch(INSTANCE, value):
            message = f"{described(value)} is no UUID"
            self.problem(path, message, "give one such as uuid.uuid5 makes")
            return
        known = self.uuids.setdefault(str(UUID(value)), path)
        if known != path:
            message = f"{known} has the same"
            self.problem(path, message, "give each card and suggestion its own")

    def url(self, path: str, value: object) -> None:
        if not absolute(value):
            message = f"{described(value)} is no absolute address of the web"
            self.problem(path, message, 'give one such as "https://example.org/form"')

    def uri(self, path: str, value: object) -> None:
        if not isinstance(value, str) or not _URI.fullmatch(value):
            message = f"{described(value)} is no absolute URI"
            self.problem(path, message, "give the URI of the code system")

    def yes_no(self, path: str, value: object) -> None:
        if not isinstance(value, bool):
            self.problem(path, f"{described(value)} is no yes or no", "give true")

    def reference(self, path: str, value: object) -> None:
        if not isinstance(value, str) or not _REFERENCE.fullmatch(value):
            message = f"{described(value)} names no resource"
            self.problem(path, message, 'give one such as "ServiceRequest/1"')

    # -- what holds for every object --

    def members(
        self,
        path: str,
        data: Mapping[str, Any],
        known: Mapping[str, _Check],
        required: Iterable[str],
    ) -> None:
        """Look at each member; refuse those that nobody knows, and miss the others."""
        for name in required:
            if name not in data:
                self.problem(_at(path, name), "it is missing", "give it")
        for name, value in data.items():
            at = _at(path, name)
            if name == EXTENSION:
                self.extension(at, value)
            elif name not in known:
                self.problem(at, "there is no such member", nearest(name, known))
            elif value not in (None, "", [], {}):
                known[name](self, at, value)

    def extension(self, path: str, value: object) -> None:
        """The one member for what only some know: its keys are names of a domain."""
        if not isinstance(value, dict):
            message = f"{described(value)} is no object"
            self.problem(path, message, "give an object, or leave it out")
            return
        for name in value:
            if not isinstance(name, str) or not _REVERSE_DOMAIN.fullmatch(name):
                message = "it is no name of a domain, turned round"
                mend = 'give one such as "org.example.note"'
                self.problem(_at(path, name), message, mend)

    def none_empty(self, path: str, value: object, but: tuple[str, ...] = ()) -> None:
        """Refuse whatever is null or empty, at any depth: it is left out instead."""
        for at, part in _below(path, value):
            if at in but and part == []:
                continue
            if part is None:
                self.problem(at, "it is null", "leave it out")
            elif part in ([], {}) or (isinstance(part, str) and not part.strip()):
                self.problem(at, "it is empty", "leave it out")
            elif isinstance(part, float) and not isfinite(part):
                self.problem(at, "it is no number of JSON", "give a finite one")


def _below(path: str, value: object) -> Iterator[tuple[str, object]]:
    """Each value below one, with its path."""
    ahead = [(path, value)]
    while ahead:
        at, part = ahead.pop()
        if at:
            yield at, part
        if isinstance(part, dict):
            ahead += [(_at(at, key), each) for key, each in part.items()]
        elif isinstance(part, list):
            ahead += [(f"{at}[{place}]", each) for place, each in enumerate(part)]


def _at(path: str, name: object) -> str:
    return f"{path}.{name_in_path(name)}" if path else name_in_path(name)


def _objects(value: object) -> list[Mapping[str, Any]]:
    found = value if isinstance(value, list) else []
    return [each for each in found if isinstance(each, dict)]


def _object(check: _Check) -> _Check:
    """The same for what must be an object."""

    def of(rules: _Rules, path: str, value: object) -> None:
        if isinstance(value, dict):
            check(rules, path, value)
        else:
            message = f"{described(value)} is no object"
            rules.problem(path, message, "give an object")

    return of


def _each(check: _Check) -> _Check:
    """The same for each of a list of objects."""
    one = _object(check)

    def of(rules: _Rules, path: str, value: object) -> None:
        if not isinstance(value, list):
            rules.problem(path, f"{described(value)} is no list", "give a list")
            return
        for place, each in enumerate(value):
            one(rules, f"{path}[{place}]", each)

    return of


def _one_of(*words: str) -> _Check:
    def of(rules: _Rules, path: str, value: object) -> None:
        if value not in words:
            message = f"{described(value)} is none of its words"
            rules.problem(path, message, nearest(value, words))

    return of
