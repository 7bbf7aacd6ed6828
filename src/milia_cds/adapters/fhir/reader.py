"""The reader: a FHIR R4 record in, a case and its evidence out."""

from __future__ import annotations

from datetime import date

from milia_cds.adapters.fhir.reading import Evidence, Reading
from milia_cds.assessment.base import knowledge_of
from milia_cds.knowledge.model import Knowledge


def read_fhir(
    resources: object,
    *,
    as_of: date,
    knowledge: Knowledge | None = None,
    patient: str | None = None,
    condition: str | None = None,
) -> Reading:
    """Read the record of one patient."""
    base = knowledge_of("read_fhir", knowledge)
    evidence = {
        name: Evidence(name, None, (), "it is not read from a record")
        for name in base.vocabulary.kinds
    }
    case = base.case({"as_of": as_of.isoformat()})
    return Reading(case, evidence, (), ())
