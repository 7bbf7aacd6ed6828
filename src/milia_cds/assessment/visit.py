"""A visit: several groups of lesions of one patient, a case each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import attrs

from milia_cds.assessment.assessment import Assessment, assess
from milia_cds.case.case import Case, only_cases
from milia_cds.case.milia import History, Patient
from milia_cds.errors import CaseError, Problem, described
from milia_cds.knowledge.model import Knowledge
from milia_cds.logic.facts import Value

_OF_THE_PATIENT = (f"{Patient.SECTION}.", f"{History.SECTION}.")


def assess_visit(
    cases: Iterable[Case], knowledge: Knowledge | None = None
) -> tuple[Assessment, ...]:
    """Assess several groups of lesions of one patient, a case each.

    Parameters
    ----------
    cases
        At least one case. What is stated of the patient and of the history must not
        differ between them; what one case leaves open stays open in it, and what one
        states is not assumed absent in another.
    knowledge
        The knowledge base; `None` is the one that comes with the library.

    Returns
    -------
    tuple
        One assessment for each case, in order.

    Raises
    ------
    CaseError
        When there is no case, or when two cases differ about the patient.
    TypeError
        When one of them is no `Case`.
    """
    cases = tuple(cases)
    for case in cases:
        only_cases(case)
    if not cases:
        mend = "give one case for each group of lesions"
        raise CaseError([Problem("cases", "there is no case", mend)])
    stated = _stated_of_the_patient(cases)
    return tuple(assess(_not_denied(case, stated), knowledge) for case in cases)


def _stated_of_the_patient(cases: Iterable[Case]) -> dict[str, Value]:
    """Give what the cases of a visit state of the patient, who is one."""
    stated: dict[str, tuple[int, Value]] = {}
    problems = []
    for place, case in enumerate(cases):
        for name, value in case.facts().items():
            if value is None or not name.startswith(_OF_THE_PATIENT):
                continue
            before, first = stated.setdefault(name, (place, value))
            if first != value:
                message = f"{described(value)} is not {described(first)}, as in "
                problems.append(
                    Problem(
                        f"cases[{place}].{name}",
                        f"{message}cases[{before}]",
                        "a visit is of one patient: correct one of the two",
                    )
                )
    if problems:
        raise CaseError(problems)
    return {name: value for name, (_, value) in stated.items()}


def _not_denied(case: Case, stated: Mapping[str, Value]) -> Case:
    """Assume nothing absent in one case that another case of the visit states."""
    denied = {
        name
        for name, value in case.absences().items()
        if stated.get(name, value) != value
    }
    return attrs.evolve(case, not_known=case.not_known | denied)
