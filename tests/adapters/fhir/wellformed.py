"""What is wrong with FHIR resources that we write: rules of R4 that they could break.

It is no validator: it knows the kinds that are written here and no others. Independent
ones look at the same resources in `make interop`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any
from xml.etree import ElementTree as ET

_NAMESPACE = "{http://www.w3.org/1999/xhtml}"
_DAY = r"\d{4}-\d\d-\d\d"
_ZONED = re.compile(rf"{_DAY}T\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")
_DATE_TIME = re.compile(rf"{_DAY}|{_ZONED.pattern}")
_ID = re.compile(r"[A-Za-z0-9.-]{1,64}")
_URI = re.compile(r"[a-z][a-z0-9+.-]*:\S+")
_CODE = re.compile(r"\S+( \S+)*")

_REQUEST = {"draft", "active", "on-hold", "revoked", "completed", "unknown"}
_INTENT = {"proposal", "plan", "order", "option"}
_PRIORITIES = {"routine", "urgent", "asap", "stat"}
_CODES: Mapping[tuple[str, str], set[str]] = {
    ("Bundle", "type"): {"collection"},
    ("DetectedIssue", "status"): {"preliminary", "final"},
    ("DetectedIssue", "severity"): {"high", "moderate", "low"},
    ("GuidanceResponse", "status"): {"success", "data-requested", "data-required"},
    ("RequestGroup", "status"): _REQUEST,
    ("RequestGroup", "intent"): _INTENT,
    ("ServiceRequest", "status"): _REQUEST,
    ("ServiceRequest", "intent"): _INTENT,
    ("ServiceRequest", "priority"): _PRIORITIES,
    ("Questionnaire", "status"): {"draft", "active"},
    ("QuestionnaireResponse", "status"): {"completed"},
}
_REQUIRED: Mapping[str, tuple[str, ...]] = {
    "Bundle": ("type",),
    "DetectedIssue": ("status",),
    "GuidanceResponse": ("moduleUri", "status"),
    "RequestGroup": ("status", "intent"),
    "ServiceRequest": ("status", "intent", "subject"),
    "Provenance": ("target", "recorded", "agent"),
    "Questionnaire": ("status",),
    "QuestionnaireResponse": ("status",),
}
_MOMENTS: Mapping[str, re.Pattern[str]] = {
    "timestamp": _ZONED,
    "recorded": _ZONED,
    "occurrenceDateTime": _DATE_TIME,
    "identifiedDateTime": _DATE_TIME,
    "authoredOn": _DATE_TIME,
    "authored": _DATE_TIME,
    "date": _DATE_TIME,
}


def faults(resource: Any) -> list[str]:
    """What is wrong with a resource, and with those in it, each with its place.

    What a Provenance was made from stands outside of the Bundle.
    """
    ids = {each.get("fullUrl") for each in resource.get("entry", [])}
    kind = resource.get("resourceType")
    return [*_everywhere(resource, kind, ids), *_of_kind(resource)]


def _everywhere(value: Any, path: str, ids: set[str]) -> Iterator[str]:
    if value in (None, "", [], {}):
        yield f"{path} is empty"
    if isinstance(value, str) and re.search("[\x00-\x08\x0b-\x1f\ud800-\udfff]", value):
        yield f"{path} has a character that no text may have"
    if isinstance(value, dict):
        yield from _element(value, path, ids)
        for key, each in value.items():
            yield from _everywhere(each, f"{path}.{key}", ids)
    if isinstance(value, list):
        for place, each in enumerate(value):
            yield from _everywhere(each, f"{path}[{place}]", ids)


def _element(element: Mapping[str, Any], path: str, ids: set[str]) -> Iterator[str]:
    if not _URI.fullmatch(element.get("system", "urn:x")):
        yield f"{path}.system is no absolute address"
    if not _CODE.fullmatch(str(element.get("code", "x"))) and "system" in element:
        yield f"{path}.code is no code"
    reference = element.get("reference", "")
    if isinstance(reference, str) and reference.startswith("urn:uuid:"):
        if ids and reference not in ids and ".entity[" not in path:
            yield f"{path}.reference leads nowhere"
    elif reference and not re.fullmatch(r"(https?://\S+/)?[A-Z]\w+/\S+", reference):
        yield f"{path}.reference is none"
    for name, form in _MOMENTS.items():
        if name in element and not form.fullmatch(str(element[name])):
            yield f"{path}.{name} is no such time"
    for key in element:
        if not re.fullmatch("_?[a-z][A-Za-z0-9]*", key):
            yield f"{path}.{key} is no name of an element"


def _of_kind(resource: Mapping[str, Any]) -> Iterator[str]:
    kind = resource["resourceType"]
    for name in _REQUIRED[kind]:
        if name not in resource:
            yield f"{kind} has no {name}"
    for (of, name), codes in _CODES.items():
        if of == kind and resource.get(name, min(codes)) not in codes:
            yield f"{kind}.{name} is no code of its set"
    if not _ID.fullmatch(resource.get("id", "1")):
        yield f"{kind}.id is no id"
    if "text" in resource:
        yield from _narrative(resource["text"])
    yield from _OF_KIND.get(kind, _nothing)(resource)


def _nothing(_: Mapping[str, Any]) -> Iterator[str]:
    return iter(())


def _narrative(text: Mapping[str, str]) -> Iterator[str]:
    div = ET.fromstring(text["div"])  # noqa: S314 - what we wrote
    if text["status"] != "generated" or div.tag != f"{_NAMESPACE}div":
        yield "text is no narrative (txt-1)"
    if {each.tag for each in div.iter()} - {f"{_NAMESPACE}div", f"{_NAMESPACE}p"}:
        yield "text has other elements than paragraphs (txt-1)"
    if not "".join(div.itertext()).strip():
        yield "text says nothing (txt-2)"


def _bundle(bundle: Mapping[str, Any]) -> Iterator[str]:
    addresses = [each["fullUrl"] for each in bundle["entry"]]
    if len({*addresses}) < len(addresses):
        yield "fullUrl stands twice (bdl-7)"
    for each in bundle["entry"]:
        if each["fullUrl"] != f"urn:uuid:{each['resource']['id']}":
            yield "fullUrl is not that of its resource"
        yield from _of_kind(each["resource"])


def _guidance(guidance: Mapping[str, Any]) -> Iterator[str]:
    if len([key for key in guidance if key.startswith("module")]) != 1:
        yield "GuidanceResponse has not exactly one module[x]"
    for each in guidance.get("dataRequirement", ()):
        if "type" not in each:
            yield "dataRequirement has no type"
        for code_filter in each.get("codeFilter", ()):
            if ("path" in code_filter) is ("searchParam" in code_filter):
                yield "codeFilter has not exactly one of path, searchParam (drq-1)"


def _group(group: Mapping[str, Any]) -> Iterator[str]:
    for action in _actions(group.get("action", ())):
        if ("resource" in action) is ("action" in action):
            yield "action has not exactly one of resource and action (rqg-1)"


def _actions(actions: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    for each in actions:
        yield each
        yield from _actions(each.get("action", ()))


def _provenance(provenance: Mapping[str, Any]) -> Iterator[str]:
    if any("who" not in each for each in provenance["agent"]):
        yield "agent has no who"
    for each in provenance.get("entity", ()):
        if "what" not in each or each.get("role") != "source":
            yield "entity has no role or no what"


def items(of: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Every item of a form, or of its answers, wholes before parts."""
    for each in of.get("item", ()):
        yield each
        yield from items(each)


def _form(form: Mapping[str, Any]) -> Iterator[str]:
    every = [*items(form)]
    links = [each["linkId"] for each in every]
    if len({*links}) < len(links):
        yield "linkId stands twice (que-2)"
    for each in every:
        yield from (f"{each['linkId']}: {fault}" for fault in _item(each, links))


def _item(item: Mapping[str, Any], links: list[str]) -> Iterator[str]:
    kind = item["type"]
    if kind not in {"group", "display", "choice", "decimal"}:
        yield "no type that we write"
    if kind == "group" and "item" not in item:
        yield "a group without items (que-1)"
    if kind == "display" and {"item", "code", "initial", "repeats"} & {*item}:
        yield "a display that asks (que-1, que-3, que-6, que-8)"
    if ("answerOption" in item) is not (kind == "choice"):
        yield "answerOption without choice, or a choice without (que-5)"
    if "answerOption" in item and "initial" in item:
        yield "answerOption beside initial (que-11)"
    chosen = [each.get("initialSelected") for each in item.get("answerOption", ())]
    if len([*filter(None, chosen)]) > 1 and not item.get("repeats"):
        yield "several initial answers (que-13)"
    yield from _enabling(item, links)


def _enabling(item: Mapping[str, Any], links: list[str]) -> Iterator[str]:
    enabling = item.get("enableWhen", [])
    if len(enabling) > 1 and "enableBehavior" not in item:
        yield "no enableBehavior (que-12)"
    for each in enabling:
        if each["question"] not in links:
            yield "enableWhen about no question"
        if (each["operator"] == "exists") is not ("answerBoolean" in each):
            yield "exists without a boolean (que-7)"


def _answers(response: Mapping[str, Any]) -> Iterator[str]:
    for each in items(response):
        if "item" in each and "answer" in each:
            yield f"{each['linkId']}: an item below both item and answer (qrs-1)"


_OF_KIND: Mapping[str, Callable[[Mapping[str, Any]], Iterator[str]]] = {
    "Bundle": _bundle,
    "GuidanceResponse": _guidance,
    "RequestGroup": _group,
    "Provenance": _provenance,
    "Questionnaire": _form,
    "QuestionnaireResponse": _answers,
}
