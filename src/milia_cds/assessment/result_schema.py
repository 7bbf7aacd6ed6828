"""The JSON Schema of an answer, made from the records that it is written from."""

from __future__ import annotations

import types
from collections.abc import Mapping
from typing import Any, Literal, TypeAlias, Union, get_args, get_origin, get_type_hints

import attrs

from milia_cds.assessment.details import (
    BriefAssumption,
    BriefPlace,
    DecisionSaid,
)
from milia_cds.assessment.stored import StoredOutcome

Schema: TypeAlias = dict[str, Any]

_SCALARS: Mapping[Any, Schema] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    Any: {},
}
_SHORTER = {"ranking": BriefPlace, "assumptions": BriefAssumption}
"""What stands in a list of the standard beside the entries of the full answer."""


def result_schema() -> Schema:
    """The JSON Schema (2020-12) of an assessment as JSON, in each of its details.

    Returns
    -------
    dict
        It accepts what `Assessment.to_dict` gives: "decision", "standard" and "full"
        are told apart by `detail`. It says nothing of what the parts mean together;
        `Assessment.from_dict` checks that.

    Examples
    --------
    >>> [each["$ref"] for each in result_schema()["oneOf"]]
    ['#/$defs/decision', '#/$defs/standard', '#/$defs/full']
    """
    made = _Definitions()
    details = {
        "decision": made.record(DecisionSaid),
        "standard": _standard(made),
        "full": made.record(StoredOutcome),
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "milia-cds assessment",
        "description": "What an assessment says, by its detail: a decision for "
        "machines that act, the standard with texts, or in full with the trace.",
        "oneOf": [{"$ref": f"#/$defs/{name}"} for name in details],
        "$defs": {**details, **made.found},
    }


def _standard(made: _Definitions) -> Schema:
    """The full answer without its trace, and with what is cut counted."""
    properties = {**made.record(StoredOutcome)["properties"]}
    del properties["trace"]
    for name, shorter in _SHORTER.items():
        either = [properties[name]["items"], made.of(shorter)]
        properties[name] = {"type": "array", "items": {"anyOf": either}}
    properties["detail"] = {"const": "standard"}
    properties["left_out"] = made.of(Mapping[str, int])
    return _object(properties, properties)


def _object(properties: Mapping[str, Schema], needed: Any) -> Schema:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(needed),
        "additionalProperties": False,
    }


class _Definitions:
    """Schemas of records, each made once and named."""

    def __init__(self) -> None:
        self.found: dict[str, Schema] = {}

    def record(self, kind: type[Any]) -> Schema:
        """The schema of a record: every key is written, and no other."""
        hints = get_type_hints(kind)
        names = [field.name for field in attrs.fields(kind)]
        properties = {name.rstrip("_"): self.of(hints[name]) for name in names}
        return _object(properties, properties)

    def of(self, hint: Any) -> Schema:
        """The schema of an annotation."""
        origin = get_origin(hint)
        if origin is Literal:
            return {"enum": list(get_args(hint))}
        if origin in {Union, types.UnionType}:
            every = [each for each in get_args(hint) if each is not type(None)]
            return {"anyOf": [*map(self.of, every), {"type": "null"}]}
        if origin is tuple:
            return {"type": "array", "items": self.of(get_args(hint)[0])}
        if origin is not None:
            values = self.of(get_args(hint)[1])
            return {"type": "object", "additionalProperties": values}
        return self._named(hint)

    def _named(self, hint: Any) -> Schema:
        if hint in _SCALARS:
            return {**_SCALARS[hint]}
        if issubclass(hint, tuple):
            return self.of(hint.__orig_bases__[0])
        name = hint.__name__
        if name not in self.found:
            self.found[name] = {}  # a record may hold its own kind
            self.found[name].update(self.record(hint))
        return {"$ref": f"#/$defs/{name}"}
