"""The description of the service as OpenAPI 3.1, from the records of its messages.

What is sent is described by its records; what is received, by what is read of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import attrs

from milia_cds.adapters.cds_hooks.calls import EXTENSION, ID, INSTANCE, USER
from milia_cds.adapters.cds_hooks.cards import CdsResponse
from milia_cds.adapters.cds_hooks.form_answers import DEED
from milia_cds.adapters.cds_hooks.form_pages import CHANGE, SAVE, SHOW
from milia_cds.adapters.cds_hooks.form_questions import ASK, every_question
from milia_cds.adapters.cds_hooks.outcomes import CODES
from milia_cds.knowledge.model import Knowledge

Schema = dict[str, Any]

_TEXT: Schema = {"type": "string", "minLength": 1}
_EXTENSION: Schema = {"type": "object", "minProperties": 1}
_BOUNDS: Mapping[tuple[str, str], Schema] = {
    ("Card", "summary"): {"maxLength": 139},
    ("Card", "uuid"): {"format": "uuid"},
    ("Suggestion", "uuid"): {"format": "uuid"},
    ("Coding", "system"): {"format": "uri"},
    ("Link", "url"): {"format": "uri"},
    ("Source", "url"): {"format": "uri"},
    ("Source", "icon"): {"format": "uri"},
}
"""What the type of a member does not say of it."""
_MAY_BE_EMPTY = {("CdsResponse", "cards")}
_SIMPLE: Mapping[object, Schema] = {
    str: _TEXT,
    bool: {"type": "boolean"},
    Any: {},
}


def openapi(base: Knowledge, base_url: str, hooks: Mapping[str, str]) -> dict[str, Any]:
    """The description of the service of a knowledge base.

    Parameters
    ----------
    base
        The knowledge base.
    base_url
        Where clients find the service.
    hooks
        The hook of each service, by the id of the service.
    """
    schemas: dict[str, Schema] = {}
    _of_record(CdsResponse, schemas)
    schemas |= _RECEIVED
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"CDS Hooks: {base.about.name}",
            "version": base.about.version,
            "description": base.about.notice,
        },
        "servers": [{"url": base_url}],
        "paths": {
            "/cds-services": {"get": _discovery()},
            **{f"/cds-services/{name}": _call(name, hooks[name]) for name in hooks},
            **{f"/cds-services/{name}/feedback": _feedback(name) for name in hooks},
            "/health": {"get": _health()},
            "/form": _form(base),
        },
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
            },
        },
    }


# -- paths --


def _discovery() -> Schema:
    return _operation(
        "discover",
        "Which services there are",
        _json({"$ref": "#/components/schemas/Services"}),
        (401, 403),
    )


def _call(name: str, hook: str) -> Schema:
    refused = (400, 401, 403, 408, 412, 413, 415, 422, 500, 503, 504)
    said = _operation(
        f"call {name}",
        f"Answer {hook} with cards",
        _json({"$ref": "#/components/schemas/CdsResponse"}),
        refused,
    )
    return {"post": said | {"requestBody": _body(_of_call(hook))}}


def _feedback(name: str) -> Schema:
    refused = (400, 401, 403, 404, 408, 413, 415, 422, 500, 503, 504)
    said = _operation(f"feedback {name}", "Keep what became of cards", None, refused)
    feedback = {"$ref": "#/components/schemas/Feedback"}
    return {"post": said | {"requestBody": _body(feedback)}}


def _health() -> Schema:
    shown = _json({"$ref": "#/components/schemas/Health"})
    return {**_operation("health", "Whether it is well", shown, ()), "security": []}


def _form(base: Knowledge) -> Schema:
    page, text = "text/html", {"schema": {"type": "string"}}
    shown = {page: text}
    wrong = {status: _said(status, shown) for status in (400, 422)}
    names = sorted(base.facts)
    ask = {
        "name": "ask",
        "in": "query",
        "description": "names of facts, with commas between them",
        # Nothing between two commas asks for nothing.
        "schema": {"type": "array", "items": {"type": "string", "enum": ["", *names]}},
        "explode": False,
        "style": "form",
    }
    shown_form = _operation("ask", "Show the form", shown, (503, 504))
    answers = {**shown, "application/fhir+json": {"schema": {"type": "object"}}}
    posted = _operation("answer", "Give its answers", answers, (408, 413, 415, 503))
    for each in (shown_form, posted):
        each["responses"] |= {str(key): value for key, value in wrong.items()}
    form = {"application/x-www-form-urlencoded": {"schema": _fields(base)}}
    return {
        "get": {**shown_form, "parameters": [ask], "security": []},
        "post": {**posted, "requestBody": {"content": form}, "security": []},
    }


def _fields(base: Knowledge) -> Schema:
    """What the form may be posted with; any of it may be left out, or empty."""
    text: Schema = {"type": "string"}
    fields: Schema = {ASK: text, DEED: {**text, "enum": [SHOW, SAVE, CHANGE]}}
    for each in every_question(base):
        if each.type == "choice":
            code = {**text, "enum": ["", *each.options]}
            several: Schema = {"type": "array", "items": code}
            fields[each.link] = several if each.item.get("repeats") else code
        else:
            below = [f"{each.link}.{name}" for name in each.below] or [each.link]
            fields |= {name: {"type": ["number", "string"]} for name in below}
    return {"type": "object", "properties": fields, "additionalProperties": False}


def _operation(
    name: str, summary: str, content: Schema | None, refused: Iterable[int]
) -> Schema:
    responses = {"200": _said(200, content)}
    outcome = {"$ref": "#/components/schemas/OperationOutcome"}
    for status in (*refused, 500):
        said = _said(status, {"application/fhir+json": {"schema": outcome}})
        responses[str(status)] = said
    return {
        "operationId": re.sub(r"[^A-Za-z0-9]+", "_", name),
        "summary": summary,
        "security": [{"token": []}],
        "responses": responses,
    }


def _said(status: int, content: Schema | None) -> Schema:
    said: Schema = {"description": HTTPStatus(status).phrase}
    return said if content is None else {**said, "content": content}


def _json(schema: Schema) -> Schema:
    return {"application/json": {"schema": schema}}


def _body(schema: Schema) -> Schema:
    return {"required": True, "content": _json(schema)}


# -- what is sent --


def _of_record(record: type[Any], schemas: dict[str, Schema]) -> Schema:
    """A reference to the schema of a record, which is added with those it holds."""
    name = record.__name__
    if name not in schemas:
        schemas[name] = {}  # it may hold itself
        hints = get_type_hints(record)
        properties, required = {}, []
        for each in attrs.fields(record):
            member = _member(each.name)
            key = (name, each.name)
            schema = _of_type(hints[each.name], schemas)
            if schema.get("type") == "array" and key not in _MAY_BE_EMPTY:
                schema["minItems"] = 1
            properties[member] = {**schema, **_BOUNDS.get(key, {})}
            if each.default is attrs.NOTHING or key in _MAY_BE_EMPTY:
                required.append(member)
        properties[EXTENSION] = _EXTENSION
        schemas[name] = _object(properties, required)
    return {"$ref": f"#/components/schemas/{name}"}


def _of_type(kind: Any, schemas: dict[str, Schema]) -> Schema:
    """The schema of a member; one that may be `None` is left out where it is."""
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in {Union, UnionType}:
        [kind] = (each for each in arguments if each is not NoneType)
        return _of_type(kind, schemas)
    if origin is Literal:
        return {"enum": list(arguments)}
    if origin is tuple:
        return {"type": "array", "items": _of_type(arguments[0], schemas)}
    if attrs.has(kind):
        return _of_record(kind, schemas)
    return dict(_SIMPLE.get(kind, {"type": "object"}))


def _member(name: str) -> str:
    """The name of a member in a message, such as "overrideReasons"."""
    first, *rest = name.split("_")
    return "".join([first, *(each.capitalize() for each in rest)])


def _object(properties: Schema, required: Iterable[str]) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": sorted(required),
        "additionalProperties": False,
    }


# -- what is received --

_RESOURCE: Schema = {
    "type": "object",
    "properties": {"resourceType": _TEXT},
    "required": ["resourceType"],
}
_BUNDLE: Schema = {
    "type": "object",
    "properties": {
        "resourceType": {"const": "Bundle"},
        "entry": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"resource": _RESOURCE},
                "required": ["resource"],
            },
        },
    },
    "required": ["resourceType"],
}
_AUTHORIZATION = _object(
    {
        "access_token": _TEXT,
        "token_type": {"const": "Bearer"},
        "expires_in": {"type": "integer", "minimum": 0},
        "scope": _TEXT,
        "subject": _TEXT,
        "patient": {"type": "string", "pattern": ID},
        EXTENSION: _EXTENSION,
    },
    ("access_token", "token_type", "expires_in", "scope", "subject"),
)


def _of_call(hook: str) -> Schema:
    members: Schema = {
        "userId": {"type": "string", "pattern": USER},
        "patientId": {"type": "string", "pattern": ID},
        "encounterId": {"type": "string", "pattern": ID},
        EXTENSION: _EXTENSION,
    }
    needed = ["userId", "patientId"]
    if hook == "order-sign":
        members["draftOrders"] = _BUNDLE
        needed.append("draftOrders")
    whole = _object(
        {
            "hook": {"const": hook},
            "hookInstance": {"type": "string", "pattern": INSTANCE, "format": "uuid"},
            "context": _object(members, needed),
            "prefetch": {
                "type": "object",
                "additionalProperties": {"anyOf": [_RESOURCE, {"type": "null"}]},
            },
            "fhirServer": {"type": "string", "format": "uri"},
            "fhirAuthorization": _AUTHORIZATION,
            EXTENSION: _EXTENSION,
        },
        ("hook", "hookInstance", "context"),
    )
    return {**whole, "dependentRequired": {"fhirAuthorization": ["fhirServer"]}}


_COUNTS: Schema = {"type": "object", "additionalProperties": {"type": "integer"}}
_REASON = _object(
    {
        "reason": _object(
            {
                "code": _TEXT,
                "system": {"type": "string", "format": "uri"},
                "display": _TEXT,
                EXTENSION: _EXTENSION,
            },
            ("code", "system"),
        ),
        "userComment": _TEXT,
        EXTENSION: _EXTENSION,
    },
    (),
)
_REPORT = _object(
    {
        "card": {"type": "string", "format": "uuid"},
        "outcome": {"enum": ["accepted", "overridden"]},
        "acceptedSuggestions": {
            "type": "array",
            "minItems": 1,
            "items": _object(
                {"id": {"type": "string", "format": "uuid"}, EXTENSION: _EXTENSION},
                ("id",),
            ),
        },
        "overrideReason": {**_REASON, "minProperties": 1},
        "outcomeTimestamp": {"type": "string", "format": "date-time", "pattern": "Z$"},
        EXTENSION: _EXTENSION,
    },
    ("card", "outcome", "outcomeTimestamp"),
)
_RECEIVED: Mapping[str, Schema] = {
    "Feedback": _object(
        {
            "feedback": {"type": "array", "minItems": 1, "items": _REPORT},
            EXTENSION: _EXTENSION,
        },
        ("feedback",),
    ),
    "Services": _object(
        {
            "services": {
                "type": "array",
                "items": _object(
                    {
                        "hook": _TEXT,
                        "id": {"type": "string", "pattern": "^[A-Za-z0-9_.-]+$"},
                        "title": _TEXT,
                        "description": _TEXT,
                        "usageRequirements": _TEXT,
                        "prefetch": {
                            "type": "object",
                            "minProperties": 1,
                            "additionalProperties": _TEXT,
                        },
                        EXTENSION: _EXTENSION,
                    },
                    ("hook", "id", "description"),
                ),
            }
        },
        ("services",),
    ),
    "Health": _object(
        {
            "status": {"const": "ok"},
            "knowledge": _object(
                {"version": _TEXT, "digest": _TEXT}, ("version", "digest")
            ),
            "calls": {"type": "object", "additionalProperties": _COUNTS},
            "cards": _COUNTS,
        },
        ("status", "knowledge", "calls", "cards"),
    ),
    "OperationOutcome": _object(
        {
            "resourceType": {"const": "OperationOutcome"},
            "issue": {
                "type": "array",
                "minItems": 1,
                "items": _object(
                    {
                        "severity": {"const": "error"},
                        "code": {"enum": sorted({*CODES.values(), "processing"})},
                        "details": _object({"text": _TEXT}, ("text",)),
                    },
                    ("severity", "code", "details"),
                ),
            },
        },
        ("resourceType", "issue"),
    ),
}
