"""FHIR R4: a record read as a case, what is asked beside it, and the answer written.

What each fact rests on is kept as evidence; what is not known is asked by a form.
"""

from milia_cds.adapters.fhir.questionnaire import questionnaire, response
from milia_cds.adapters.fhir.reader import read_fhir
from milia_cds.adapters.fhir.reading import FactEvidence, Ignored, Reading, RecordSource
from milia_cds.adapters.fhir.writing import write_fhir

__all__ = [
    "FactEvidence",
    "Ignored",
    "Reading",
    "RecordSource",
    "questionnaire",
    "read_fhir",
    "response",
    "write_fhir",
]
