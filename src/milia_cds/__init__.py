"""milia-cds: clinical decision support for choosing a treatment for milia.

Draft, not clinically reviewed. Describe a case, assess it, read the answer:

>>> from milia_cds import Case, assess
>>> answer = assess(Case.from_dict({"lesion": {"site": "cheek"}}))
>>> answer.disposition.action
'needs_information'

What is not known is never read as "no": an option that an unknown fact may forbid is
withheld, and the fact is asked for.
"""

from milia_cds.assessment.assessment import Assessment, assess, diff
from milia_cds.assessment.base import load_knowledge
from milia_cds.assessment.interview import Interview
from milia_cds.assessment.pictures import (
    contributions,
    decision_graph,
    leaflet,
    option_grid,
    thresholds,
)
from milia_cds.assessment.visit import assess_visit
from milia_cds.case.ages import age_from_dates, age_from_days, age_from_weeks
from milia_cds.case.case import Case, case_schema
from milia_cds.case.milia import Clinic, Findings, Goals, History, Lesion, Patient
from milia_cds.errors import (
    AnswerError,
    AssessmentError,
    CaseError,
    ContradictionError,
    KnowledgeError,
    MiliaError,
    NoCaseError,
    NotOfferedError,
)
from milia_cds.knowledge.model import Knowledge

__all__ = [
    "AnswerError",
    "Assessment",
    "AssessmentError",
    "Case",
    "CaseError",
    "Clinic",
    "ContradictionError",
    "Findings",
    "Goals",
    "History",
    "Interview",
    "Knowledge",
    "KnowledgeError",
    "Lesion",
    "MiliaError",
    "NoCaseError",
    "NotOfferedError",
    "Patient",
    "age_from_dates",
    "age_from_days",
    "age_from_weeks",
    "assess",
    "assess_visit",
    "case_schema",
    "contributions",
    "decision_graph",
    "diff",
    "leaflet",
    "load_knowledge",
    "option_grid",
    "thresholds",
]
