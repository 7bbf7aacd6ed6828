"""What the other oracles all let pass: an oracle of our own.

They accept an empty array, a reference into the resource that leads nowhere, a code
system given as a name, and a code that is not in the set that its element is bound to
wherever they do not hold that set. This one looks for these alone, in the definitions
that HL7 publishes with FHIR R4.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import attrs

EMPTY: tuple[Any, ...] = (None, "", [], {})
ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+")

Codes = frozenset[tuple[str, str]]
"""What a set of codes holds: systems and codes."""


Part = tuple[str, Mapping[str, Any], Any]
"""A value in a resource: where it stands, the definition of its element, and itself."""


def loose_ends(resource: Mapping[str, Any], definitions: Definitions) -> list[str]:
    """What is wrong with a resource and seen by nobody else, each with its place."""
    parts = list(_parts(resource, resource["resourceType"], "", definitions))
    scope = {each.get("id") for each in resource.get("contained", [])}
    found = [f"{place} is empty" for place in _empty(resource, "")]
    for place, element, value in parts:
        found.extend(f"{place} {each}" for each in _wrong(element, value, definitions))
        if _points_inside(element, value) and value[1:] not in {*scope, ""}:
            found.append(f"{place} points to {value}, which is not contained")
        if element["path"] == "Bundle.entry.resource":
            found.extend(f"{place}: {each}" for each in loose_ends(value, definitions))
    return found


def _empty(value: Any, place: str) -> Iterator[str]:
    if value in EMPTY and value is not False:
        yield place
    match value:
        case dict():
            for name, each in value.items():
                yield from _empty(each, f"{place}.{name}")
        case list():
            for number, each in enumerate(value):
                yield from _empty(each, f"{place}[{number}]")


def _parts(
    value: Mapping[str, Any], kind: str, place: str, definitions: Definitions
) -> Iterator[Part]:
    """Every value below one of a kind, but for resources that stand alone in it."""
    for name, held in value.items():
        element = definitions.elements.get(f"{kind}.{name}")
        if element is None:
            continue
        for each in held if isinstance(held, list) else [held]:
            here = f"{place}.{name}"
            yield here, element, each
            if isinstance(each, dict) and element["path"] != "Bundle.entry.resource":
                inner = each.get("resourceType", _kind(element))
                yield from _parts(each, inner, here, definitions)


def _kind(element: Mapping[str, Any]) -> str:
    """The kind of what an element holds: a type, or what stands below its own path."""
    if "contentReference" in element:
        return str(element["contentReference"].partition("#")[2])
    code = str(element["type"][0]["code"])
    return element["path"] if code in {"BackboneElement", "Element"} else code


def _points_inside(element: Mapping[str, Any], value: Any) -> bool:
    points = element["path"] == "Reference.reference" or _kind(element) == "canonical"
    return points and isinstance(value, str) and value.startswith("#")


def _wrong(
    element: Mapping[str, Any], value: Any, definitions: Definitions
) -> Iterator[str]:
    """What is wrong with one value, by its element alone."""
    named = element["path"].endswith(".system") and _kind(element) == "uri"
    if named and not ABSOLUTE.fullmatch(str(value)):
        yield f"is no absolute URI: {value!r}"
    binding = element.get("binding", {})
    if binding.get("strength") != "required":
        return
    allowed = definitions.bound[binding["valueSet"]]
    if allowed is not None and not _codes(value, allowed) & allowed:
        yield f"has no code of {binding['valueSet']}: {value!r}"


def _codes(value: Any, allowed: Codes) -> Codes:
    """The codes that a value states; a bare one may be of each system of its set."""
    match value:
        case {"coding": codings}:
            return frozenset().union(*(_codes(each, allowed) for each in codings))
        case {"system": system, "code": code}:
            return frozenset({(system, code)})
        case str():
            return frozenset((system, value) for system, _ in allowed)
    return frozenset()


def _version_left_out(canonical: str) -> str:
    return canonical.partition("|")[0]


@attrs.frozen(slots=False)
class Definitions:
    """The definitions of FHIR R4: its elements, and the codes they are bound to."""

    folder: Path

    def _read(self, *names: str) -> Iterator[dict[str, Any]]:
        for name in names:
            bundle = json.loads((self.folder / name).read_text(encoding="utf-8"))
            yield from (entry["resource"] for entry in bundle["entry"])

    @cached_property
    def elements(self) -> Mapping[str, dict[str, Any]]:
        """Every element by its path, as `RequestGroup.action`.

        An element of several types, `value[x]`, stands under the name of each.
        """
        found = {}
        for each in self._read("profiles-types.json", "profiles-resources.json"):
            if each["resourceType"] != "StructureDefinition":
                continue
            if each.get("derivation") == "constraint":
                continue
            for element in each["snapshot"]["element"]:
                types = element.get("type", [])
                for one in types:
                    code = one["code"]
                    capital = code[0].upper() + code[1:]
                    path = element["path"].replace("[x]", capital)
                    found[path] = {**element, "type": [one]}
                if not types:
                    found[element["path"]] = element
        return found

    @cached_property
    def _published(self) -> Mapping[str, dict[str, Any]]:
        files = ("valuesets.json", "v3-codesystems.json", "v2-tables.json")
        return {each["url"]: each for each in self._read(*files) if "url" in each}

    @cached_property
    def bound(self) -> Mapping[str, Codes | None]:
        """The codes of every set that an element must take its code from, by URL."""
        bindings = (each.get("binding", {}) for each in self.elements.values())
        return {
            each["valueSet"]: self.codes(each["valueSet"])
            for each in bindings
            if each.get("strength") == "required"
        }

    def codes(self, url: str) -> Codes | None:
        """The codes of a set, or `None` if they cannot be listed.

        Those of languages and of kinds of files are in no file, and a set that is
        made by a filter is made by a terminology server.
        """
        published = self._published.get(_version_left_out(url))
        if published is None:
            return None
        held: set[tuple[str, str]] = set()
        for each in published["compose"]["include"]:
            one = self._included(each)
            if one is None:
                return None
            held |= one
        for each in published["compose"].get("exclude", []):
            held -= self._included(each) or set()
        return frozenset(held)

    def _included(self, include: dict[str, Any]) -> Codes | None:
        if "filter" in include:
            return None
        sets = [self.codes(each) for each in include.get("valueSet", [])]
        if None in sets:
            return None
        held = [each for each in sets if each is not None]
        if "system" in include:
            system = include["system"]
            listed = include.get("concept") or self._concepts(system)
            if listed is None:
                return None
            held.append(frozenset((system, each["code"]) for each in listed))
        return frozenset.intersection(*held)

    def _concepts(self, system: str) -> list[dict[str, Any]] | None:
        published = self._published.get(_version_left_out(system), {})
        if published.get("content") != "complete":
            return None
        waiting = list(published.get("concept", []))
        for each in waiting:
            waiting.extend(each.get("concept", []))
        return waiting
