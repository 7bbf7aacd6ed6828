"""Devices, and statements of their use."""

from __future__ import annotations

from collections.abc import Iterator

from milia_cds.adapters.fhir.codes import Codes, Match, NoneMatch
from milia_cds.adapters.fhir.context import Context
from milia_cds.adapters.fhir.elements import days, table, text
from milia_cds.adapters.fhir.gathering import Resource
from milia_cds.adapters.fhir.none_known import none_known
from milia_cds.adapters.fhir.reading import Saying
from milia_cds.adapters.fhir.whose import not_understood
from milia_cds.knowledge.fhir import NoneKnown


class _Use:
    """A device of the patient: what it is, and why it does not count as one of now."""

    def __init__(self, by: Resource, concept: object, why: str) -> None:
        self.by = by
        self.concept = concept
        self.why = why


def devices(resources: list[Resource], context: Context) -> Iterator[Saying]:
    """What devices say, by themselves and by the statements of their use."""
    uses = _uses(resources, context)
    none: list[tuple[Resource, NoneKnown, str]] = []
    real: list[Resource] = []
    for use in uses:
        found = _codes(use.by, context).found(use.concept)
        said = [each.none for each in found if isinstance(each, NoneMatch)]
        none += [(use.by, which, use.why) for which in said]
        matches = [match for match in found if isinstance(match, Match)]
        for match in matches:
            yield _said(use, match, context)
        denying = bool(said) or any(one.value is False for one in matches)
        if not denying and not (use.why and use.why in _OVER):
            real.append(use.by)
    yield from none_known(none, lambda _: real, context)


def _codes(by: Resource, context: Context) -> Codes:
    return context.index.codes(by.kind)


def _said(use: _Use, match: Match, context: Context) -> Saying:
    if use.why:
        return context.voice(use.by, match).opens(use.why)
    if match.value is False:
        return context.voice(use.by, match).denies("it is active, and its code says no")
    return context.voice(use.by, match).says(match.value, "it is active")


_INACTIVE = "it is inactive, so nothing says that it is there now"
_ENDED = "its use has ended, so nothing says that it is there now"
_OVER = frozenset({_INACTIVE, _ENDED})


def _uses(resources: list[Resource], context: Context) -> list[_Use]:
    """The devices of the patient; one that a statement is about is read by that."""
    uses, stated = [], set()
    for each in resources:
        device = _device(each, context)
        if device is not None:
            stated.add(id(device))
            why = _of_use(each, device, context)
            uses.append(_Use(each, device.data.get("type"), why))
    uses += [
        _Use(each, each.data.get("type"), _of_device(each))
        for each in resources
        if each.kind == "Device"
        and (id(each) not in stated or each.data.get("patient") is not None)
    ]
    return uses


def _device(use: Resource, context: Context) -> Resource | None:
    """The device that a statement is about; one that cannot be read is said."""
    if use.kind != "DeviceUseStatement":
        return None
    record, why = context.record, ""
    reference = text(table(use.data.get("device")).get("reference"))
    device = record.at(reference, use) if reference else None
    if device is None or device.kind != "Device":
        record.ignore(use, "its device leads nowhere")
        return None
    of = device.data.get("patient")
    if device.data.get("status") == "entered-in-error":
        why = "it was entered in error"
    elif of is not None and not record.is_of(context.patient, table(of), device):
        why = "it is of another patient"
    why = why or not_understood(device.data)
    if why:
        record.ignore(use, f"{device.reference}: {why}")
        return None
    return device


def _of_device(device: Resource) -> str:
    """Why a device is not known to be one of now; "" where it is."""
    if device.data.get("patient") is None:
        return "it names no patient"
    said = device.data.get("status")
    if said == "active":
        return ""
    return _INACTIVE if said == "inactive" else "it is not said to be active"


def _of_use(each: Resource, device: Resource, context: Context) -> str:
    at = days(each.data.get("recordedOn"))
    if at and at.first > context.as_of:
        return f"it was recorded on {at}, after the day of the case"
    said = text(each.data.get("status"))
    if said in {"completed", "stopped"}:
        return _ENDED
    if said != "active":
        return "its use is not said to be of now"
    if device.data.get("status") == "inactive":
        return _INACTIVE
    return ""
