"""FHIR R4: a record read as a case, with the evidence for every fact."""

from milia_cds.adapters.fhir.reader import read_fhir
from milia_cds.adapters.fhir.reading import Evidence, Ignored, Reading, RecordSource

__all__ = ["Evidence", "Ignored", "Reading", "RecordSource", "read_fhir"]
