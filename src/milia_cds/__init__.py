"""milia-cds: clinical decision support for choosing a treatment for milia.

Draft, not clinically reviewed. Describe a case, assess it, read the answer:

>>> from milia_cds import Case, assess
>>> answer = assess(Case.from_dict({"lesion": {"site": "cheek"}}))
>>> answer.disposition.action
'needs_information'

What is not known is never read as "no": an option that an unknown fact may forbid is
withheld, and the fact is asked for.
"""

import warnings
from importlib import import_module
from typing import TYPE_CHECKING, Any

from milia_cds.shown import Face, show_by
from milia_cds.version import VERSION

if TYPE_CHECKING:
    from milia_cds import adapters as adapters
    from milia_cds import check as check
    from milia_cds import errors as errors
    from milia_cds import examples as examples
    from milia_cds import testing as testing
    from milia_cds.assessment.assessment import Assessment, assess, diff
    from milia_cds.assessment.base import load_knowledge, prepare
    from milia_cds.assessment.interview import Interview
    from milia_cds.assessment.pictures import (
        contributions,
        decision_graph,
        leaflet,
        letter,
        option_grid,
        path_picture,
        site_picture,
        thresholds,
    )
    from milia_cds.assessment.result_schema import result_schema
    from milia_cds.assessment.schema import case_schema
    from milia_cds.assessment.visit import Visit, assess_visit
    from milia_cds.case.ages import (
        age_from_dates,
        age_from_days,
        age_from_months,
        age_from_weeks,
    )
    from milia_cds.case.case import Case
    from milia_cds.case.milia import Clinic, Findings, Goals, History, Lesion, Patient
    from milia_cds.errors import (
        AnswerError,
        AssessmentError,
        CaseError,
        ContradictionError,
        DeceasedError,
        InterviewError,
        KnowledgeError,
        KnowledgeFormatError,
        MiliaError,
        NoCaseError,
        NoReferralError,
        NotOfferedError,
        OverdueError,
        RecordError,
        WrongTypeError,
    )
    from milia_cds.knowledge.model import Knowledge

__version__ = VERSION

_HOMES = {
    "AnswerError": "errors",
    "Assessment": "assessment.assessment",
    "AssessmentError": "errors",
    "Case": "case.case",
    "CaseError": "errors",
    "Clinic": "case.milia",
    "ContradictionError": "errors",
    "DeceasedError": "errors",
    "Findings": "case.milia",
    "Goals": "case.milia",
    "History": "case.milia",
    "Interview": "assessment.interview",
    "InterviewError": "errors",
    "Knowledge": "knowledge.model",
    "KnowledgeError": "errors",
    "KnowledgeFormatError": "errors",
    "Lesion": "case.milia",
    "MiliaError": "errors",
    "NoCaseError": "errors",
    "NoReferralError": "errors",
    "NotOfferedError": "errors",
    "OverdueError": "errors",
    "Patient": "case.milia",
    "RecordError": "errors",
    "Visit": "assessment.visit",
    "WrongTypeError": "errors",
    "age_from_dates": "case.ages",
    "age_from_days": "case.ages",
    "age_from_months": "case.ages",
    "age_from_weeks": "case.ages",
    "assess": "assessment.assessment",
    "assess_visit": "assessment.visit",
    "case_schema": "assessment.schema",
    "contributions": "assessment.pictures",
    "decision_graph": "assessment.pictures",
    "diff": "assessment.assessment",
    "leaflet": "assessment.pictures",
    "letter": "assessment.pictures",
    "load_knowledge": "assessment.base",
    "option_grid": "assessment.pictures",
    "path_picture": "assessment.pictures",
    "prepare": "assessment.base",
    "result_schema": "assessment.result_schema",
    "site_picture": "assessment.pictures",
    "thresholds": "assessment.pictures",
}
"""The module of each public name, imported when the name is first used."""

_DEPRECATED: dict[str, tuple[str, str, str]] = {}
"""Former names: the name to use instead, the version since when, and the last one."""

_ROOMS = frozenset({"adapters", "check", "errors", "examples", "testing"})

__all__ = [
    "AnswerError",
    "Assessment",
    "AssessmentError",
    "Case",
    "CaseError",
    "Clinic",
    "ContradictionError",
    "DeceasedError",
    "Findings",
    "Goals",
    "History",
    "Interview",
    "InterviewError",
    "Knowledge",
    "KnowledgeError",
    "KnowledgeFormatError",
    "Lesion",
    "MiliaError",
    "NoCaseError",
    "NoReferralError",
    "NotOfferedError",
    "OverdueError",
    "Patient",
    "RecordError",
    "Visit",
    "WrongTypeError",
    "age_from_dates",
    "age_from_days",
    "age_from_months",
    "age_from_weeks",
    "assess",
    "assess_visit",
    "case_schema",
    "contributions",
    "decision_graph",
    "diff",
    "leaflet",
    "letter",
    "load_knowledge",
    "option_grid",
    "path_picture",
    "prepare",
    "result_schema",
    "site_picture",
    "thresholds",
]


if not TYPE_CHECKING:  # or a type checker would find any name at all

    def __getattr__(name: str) -> Any:
        if name in _ROOMS:
            return import_module(f"{__name__}.{name}")
        if name in _DEPRECATED:
            return _by_its_former_name(name)
        if name not in _HOMES:
            message = f"module {__name__!r} has no attribute {name!r}"
            raise AttributeError(message)
        value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
        globals()[name] = value
        return value

    def _by_its_former_name(name: str) -> Any:
        now, since, last = _DEPRECATED[name]
        message = (
            f"{__name__}.{name} is deprecated since {since} and {last} is the last "
            f"version that has it; use {__name__}.{now}"
        )
        warnings.warn(message, DeprecationWarning, stacklevel=3)
        return __getattr__(now)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__, *_ROOMS})


def _draw(record: object) -> Face | None:
    from milia_cds.assessment.pictures import face

    return face(record)


show_by(_draw)
