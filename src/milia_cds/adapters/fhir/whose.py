"""Whose resources are: which patient is read, and what each reference leads to."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from functools import cached_property

from milia_cds.adapters.fhir.elements import Json, items, table, text
from milia_cds.adapters.fhir.gathering import (
    SUBJECT,
    Gathered,
    Resource,
    shown_name,
    unversioned,
)
from milia_cds.adapters.fhir.reading import Ignored
from milia_cds.errors import Problem, RecordError, quoted

_ABSOLUTE = re.compile(r"https?://|urn:", re.IGNORECASE)
_COUNTED = re.compile(r"[0-9]+")
_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?[0-9]*"
    r"(Z|[+-][0-9]{2}:[0-9]{2})"
)
_LOCAL = re.compile(r"(?P<home>.*?/)?(?P<local>[A-Z][A-Za-z]+/[A-Za-z0-9\-.]{1,64})")


class PatientRecord:
    """The resources of a record by what refers to them.

    Parameters
    ----------
    gathered
        What the record holds; what is skipped is added there.
    """

    def __init__(self, gathered: Gathered) -> None:
        self.said = gathered
        self.resources = _newest(gathered)
        self.by_url: dict[str, Resource] = {}
        self.by_local: dict[str, list[Resource]] = {}
        for each in self.resources:
            if each.url:
                self.by_url.setdefault(each.url, each)
            if each.local:
                self.by_local.setdefault(each.local, []).append(each)

    def ignore(self, resource: Resource, why: str) -> None:
        """Skip a resource, and say so."""
        ignored = Ignored(resource.reference, why)
        if ignored not in self.said.ignored:
            self.said.ignored.append(ignored)

    @cached_property
    def homes(self) -> frozenset[str]:
        """The servers of which the record names resources by their full address."""
        homes = {each.home for each in self.resources}
        for each in self.resources:
            subject = table(each.data.get(SUBJECT.get(each.kind, "")))
            found = _LOCAL.fullmatch(unversioned(text(subject.get("reference"))))
            if found and _ABSOLUTE.match(found["home"] or ""):
                homes.add(found["home"])
        return frozenset(homes - {""})

    def at(self, reference: str, holder: Resource) -> Resource | None:
        """The resource that a reference leads to; `None` where it leads nowhere.

        Parameters
        ----------
        reference
            Relative, absolute, `urn:uuid:`, of something contained; with a version.
        holder
            The resource in which it stands.
        """
        if reference.startswith("#"):
            return _contained(reference[1:], holder)
        reference = unversioned(reference)
        home = holder.home
        if _ABSOLUTE.match(reference):
            if reference in self.by_url:
                return self.by_url[reference]
            found = _LOCAL.fullmatch(reference)
            if not found or not found["home"]:
                return None
            home, reference = found["home"], found["local"]
        elif home and home + reference in self.by_url:
            return self.by_url[home + reference]
        fitting = [
            each for each in self.by_local.get(reference, ()) if self.fits(each, home)
        ]
        return fitting[0] if len(fitting) == 1 else None

    def fits(self, resource: Resource, home: str) -> bool:
        """Whether a resource may be of a server; one whose is not said, of the only."""
        if home and resource.home:
            return home == resource.home
        return not home or self.homes <= {home}

    # -- the patient --

    def patient(self, named: str | None) -> Resource:
        """The patient who is read.

        Parameters
        ----------
        named
            "Patient/1", "1" or a full address; `None`: the only one.

        Raises
        ------
        RecordError
            When there is none, or not one alone.
        """
        patients = [each for each in self.resources if each.kind == "Patient"]
        fitting = patients
        if named is not None:
            names = {unversioned(named), f"Patient/{unversioned(named)}"}
            fitting = [each for each in patients if names & {each.url, each.local}]
        if len(fitting) == 1:
            return fitting[0]
        raise RecordError([_not_one(fitting, patients, named)])

    def is_of(self, patient: Resource, subject: Json, holder: Resource) -> bool:
        """Whether a reference names the patient who is read."""
        reference = text(subject.get("reference"))
        if reference:
            return self.at(reference, holder) is patient
        identifier = table(subject.get("identifier"))
        system, value = text(identifier.get("system")), text(identifier.get("value"))
        return bool(system and value) and any(
            (table(each).get("system"), table(each).get("value")) == (system, value)
            for each in items(patient.data.get("identifier"))
        )


def _not_one(
    fitting: list[Resource], patients: list[Resource], named: str | None
) -> Problem:
    """Why no patient, or more than one, can be read."""
    names = ", ".join(quoted(each.url or each.reference) for each in patients[:10])
    if not patients:
        mend = "give the Patient together with what is known of the patient"
        return Problem("the record", "there is no Patient in it", mend)
    if not fitting:
        message = f"there is no patient {quoted(named)}"
        return Problem("patient", message, f"use one of {names}")
    message = f"there are {len(fitting)} patients"
    return Problem("the record", message, f"say which with patient=: {names}")


def _contained(name: str, holder: Resource) -> Resource | None:
    for each in items(holder.data.get("contained")):
        data = table(each)
        kind = data.get("resourceType")
        if isinstance(kind, str) and name and data.get("id") == name:
            found = Resource(data, kind, "", f"{holder.path}.contained")
            found.local = ""
            found.reference = f"{holder.reference}#{name}"
            return found
    return None


def not_understood(data: Json) -> str:
    """Why the elements of a resource mean what nobody here knows; "" if none does."""
    if data.get("implicitRules"):
        return "it has implicit rules, which are not known"
    if data.get("modifierExtension"):
        return "it has a modifier extension, which is not known"
    return ""


def relevant(record: PatientRecord, patient: Resource) -> dict[str, list[Resource]]:
    """The resources of the patient that are read, by their type; others are ignored."""
    found: dict[str, list[Resource]] = {}
    for each in record.resources:
        key = SUBJECT.get(each.kind)
        if key is None:
            continue
        why = (
            not_understood(each.data)
            or _in_error(each)
            or _of_another(record, patient, each, key)
        )
        if why:
            record.ignore(each, why)
        else:
            found.setdefault(each.kind, []).append(each)
    return found


def _of_another(
    record: PatientRecord, patient: Resource, each: Resource, key: str
) -> str:
    subject = each.data.get(key)
    if subject is None:
        return "" if each.kind == "Device" else "it names no patient"
    if not isinstance(subject, dict):
        record.said.problem(
            f"{each.path}.{key}" if each.path else key,
            "it is no reference",
            "give an object with a reference",
        )
        return "it names no patient that can be read"
    if record.is_of(patient, subject, each):
        return ""
    reference = text(subject.get("reference"))
    if reference.startswith("#"):
        return "its patient is one that is contained in it"
    if not reference:
        return "it names no patient that can be read"
    if record.at(reference, each) is None:
        return f"it is of {quoted(reference)}, who is not the patient that is read"
    return "it is of another patient"


def _in_error(each: Resource) -> str:
    said = "it was entered in error"
    if each.data.get("status") == "entered-in-error":
        return said
    for coding in items(table(each.data.get("verificationStatus")).get("coding")):
        if table(coding).get("code") == "entered-in-error":
            return said
    return ""


# -- versions --


def _newest(gathered: Gathered) -> list[Resource]:
    """Each resource once, in the newest of its versions."""
    groups: dict[str, list[Resource]] = {}
    alone: list[Resource] = []
    for each in gathered.resources:
        if each.key:
            groups.setdefault(each.key, []).append(each)
        else:
            alone.append(each)
    kept: list[Resource] = []
    for group in groups.values():
        kept += group if len(group) == 1 else _of_versions(group, gathered)
    return [*kept, *alone]


def _of_versions(group: list[Resource], gathered: Gathered) -> Iterable[Resource]:
    """The newest of several versions; all of them, contested, where it is not clear."""
    best = [group[0]]
    for each in group[1:]:
        if any(_same(each, other) for other in best):
            continue
        newer = [_is_newer(each, other) for other in best]
        if all(way is True for way in newer):
            best = [each]
        elif not any(way is False for way in newer):
            best.append(each)
    for each in group:
        if each not in best and not any(_same(each, other) for other in best):
            which = f" version {shown_name(each.version)}" if each.version else ""
            why = "there is a newer version of it"
            gathered.ignored.append(Ignored(f"{each.reference}{which}", why))
    if len(best) > 1:
        for each in best:
            each.contested = True
    return best


def _same(one: Resource, other: Resource) -> bool:
    """Whether two versions say the same."""
    try:
        return one.data == other.data
    except RecursionError:  # nested so deeply that nobody can tell
        return False


def _is_newer(one: Resource, other: Resource) -> bool | None:
    """Whether one version is newer than another; `None` where that is not said."""
    if _COUNTED.fullmatch(one.version) and _COUNTED.fullmatch(other.version):
        first, second = _number(one.version), _number(other.version)
        if first != second:
            return first > second
    at = [
        text(table(each.data.get("meta")).get("lastUpdated")) for each in (one, other)
    ]
    instants = [_instant(each) for each in at]
    if instants[0] is None or instants[1] is None or instants[0] == instants[1]:
        return None
    return instants[0] > instants[1]


def _number(version: str) -> tuple[int, str]:
    """A version that orders as a number does, however long it is."""
    digits = version.lstrip("0")
    return len(digits), digits


def _instant(said: str) -> float | None:
    """The instant that a text says with its zone; `None` where it says none."""
    if not _INSTANT.fullmatch(said):
        return None
    try:
        return datetime.fromisoformat(said).timestamp()
    except (ValueError, OverflowError):
        return None
