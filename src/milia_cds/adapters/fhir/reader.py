"""The reader: a FHIR R4 record in, a case and its evidence out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from milia_cds.adapters.fhir.age import ages, only_the_living
from milia_cds.adapters.fhir.allergies import allergies
from milia_cds.adapters.fhir.answers import answers
from milia_cds.adapters.fhir.codes import index_of
from milia_cds.adapters.fhir.conditions import adverse_events, conditions, documents
from milia_cds.adapters.fhir.context import Context, Family
from milia_cds.adapters.fhir.devices import devices
from milia_cds.adapters.fhir.drugs import drugs
from milia_cds.adapters.fhir.gathering import Gathered, gather
from milia_cds.adapters.fhir.joining import joined_sayings
from milia_cds.adapters.fhir.observations import observations
from milia_cds.adapters.fhir.procedures import procedures
from milia_cds.adapters.fhir.reading import FactEvidence, Reading, Saying
from milia_cds.adapters.fhir.whose import PatientRecord, relevant
from milia_cds.assessment.base import knowledge_of
from milia_cds.case.days import day_of
from milia_cds.errors import WrongTypeError, described, only
from milia_cds.knowledge.model import Knowledge

_FAMILIES: tuple[tuple[Family, tuple[str, ...]], ...] = (
    (conditions, ("Condition",)),
    (adverse_events, ("AdverseEvent",)),
    (documents, ("DocumentReference",)),
    (observations, ("Observation",)),
    (allergies, ("AllergyIntolerance",)),
    (drugs, ("MedicationStatement", "MedicationRequest")),
    (devices, ("Device", "DeviceUseStatement")),
    (procedures, ("Procedure",)),
    (answers, ("QuestionnaireResponse",)),
)
"""Each family, and the types of resource that it reads."""


def read_fhir(
    resources: object,
    *,
    as_of: date,
    knowledge: Knowledge | None = None,
    patient: str | None = None,
    condition: str | None = None,
) -> Reading:
    """Read the record of one patient from FHIR R4 resources.

    Whatever is absent says nothing: what no resource says is not known. Only what is
    said explicitly, and of now, says no.

    Parameters
    ----------
    resources
        A Bundle of any type, a list of resources, or an object of prefetch keys, as
        plain values, such as `json.loads` gives. Bundles may stand in bundles.
    as_of
        The day to which the facts are relative.
    knowledge
        The knowledge base, with the policy of a clinic where it has one; `None` is the
        one that comes with the library.
    patient
        Which patient: "Patient/1", "1", or a full address; needed where there are two.
    condition
        Which condition the case is about, such as "Condition/1", where there are two.

    Raises
    ------
    RecordError
        When it is no FHIR record, or not that of one living patient.
    WrongTypeError
        When an argument is not what it should be.

    Examples
    --------
    >>> from datetime import date
    >>> born = {"resourceType": "Patient", "id": "1", "birthDate": "1990-05-17"}
    >>> reading = read_fhir([born], as_of=date(2026, 5, 17))
    >>> reading.case.value("patient.age_years")
    36.0
    >>> reading.evidence["patient.pregnancy"].value is None
    True
    """
    base = knowledge_of("read_fhir", knowledge)
    day = day_of(as_of)
    if day is None:
        message = f"read_fhir takes as_of=, a date, not {described(as_of)}; "
        raise WrongTypeError(f"{message}use datetime.date(2026, 5, 17)")
    for key, given in {"patient": patient, "condition": condition}.items():
        takes = f"read_fhir takes {key}=, a text"
        only((str, type(None)), given, takes, f'use "{key.capitalize()}/1"')
    gathered = gather(resources)
    return reading_in(context_of(gathered, base, day, patient, condition))


def context_of(
    said: Gathered,
    base: Knowledge,
    day: date,
    patient: str | None = None,
    condition: str | None = None,
) -> Context:
    """The record of one patient as it is read: sorted by type, nothing said yet.

    Parameters
    ----------
    said
        What `gather` found.
    base
        The knowledge base.
    day
        The day to which the facts are relative.
    patient, condition
        As for `read_fhir`.

    Raises
    ------
    RecordError
        When the record is not that of one living patient.
    """
    record = PatientRecord(said)
    whose = record.patient(patient)
    only_the_living(whose)
    found = relevant(record, whose)
    return Context(base, index_of(base), day, record, whose, condition, found)


def reading_in(context: Context) -> Reading:
    """What a record says of the patient, and what each fact rests on.

    Parameters
    ----------
    context
        What `context_of` gave.
    """
    said = context.record.said
    evidence = {each.fact: each for each in joined_sayings(_sayings(context), context)}
    case = context.base.case(_stated(evidence.values(), context))
    ignored = tuple(sorted(said.ignored, key=lambda each: (each.reference, each.why)))
    return Reading(case, evidence, ignored, tuple(said.problems))


def _sayings(context: Context) -> Iterator[Saying]:
    """What everything that is read says."""
    yield from ages(context)
    for family, kinds in _FAMILIES:
        resources = [each for kind in kinds for each in context.found.get(kind, ())]
        if resources or (family is conditions and context.condition is not None):
            yield from family(resources, context)


def _stated(evidence: Iterable[FactEvidence], context: Context) -> dict[str, Any]:
    """The case as plain values.

    What a resource speaks of and leaves open is stated as not known: then no screening
    and no default of a clinic fills it.
    """
    data: dict[str, Any] = {"as_of": context.as_of.isoformat()}
    kinds = context.vocabulary.kinds
    for each in evidence:
        if each.value is not None or each.said_by:
            section, _, fact = each.fact.partition(".")
            known = each.value is not None
            plain = kinds[each.fact].plain(each.value) if known else None
            data.setdefault(section, {})[fact] = plain
    return data
