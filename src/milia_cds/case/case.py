"""A case: what was stated of one group of lesions of one patient, read strictly."""

from __future__ import annotations

from operator import attrgetter
from typing import Any, ClassVar, Self, TypeVar

import attrs

from milia_cds.case.milia import (
    SECTIONS,
    VOCABULARY,
    Clinic,
    Findings,
    Goals,
    History,
    Lesion,
    Patient,
    Screened,
)
from milia_cds.case.sections import Section, plain_scalar
from milia_cds.case.stated import AnyCase, read_screened, read_statement
from milia_cds.case.strict_json import parse_json
from milia_cds.case.vocabulary import Vocabulary
from milia_cds.errors import CaseError, Problem, described, nearest, quoted
from milia_cds.logic.facts import Value

C = TypeVar("C", bound="Case")

_values = attrgetter(*VOCABULARY.readable)


def _names(value: Any) -> Any:
    if isinstance(value, set | frozenset):
        value = sorted(value, key=str)
    if isinstance(value, list | tuple):
        return tuple(plain_scalar(name) for name in value)
    return value


def _fact_names(value: Any) -> Any:
    if not isinstance(value, set | frozenset | list | tuple):
        return value
    names = tuple(plain_scalar(name) for name in value)
    texts = all(isinstance(name, str) for name in names)
    return frozenset(names) if texts else names


@attrs.frozen(kw_only=True)
class Case(AnyCase):
    """One group of lesions of one patient, as it was stated.

    Parameters
    ----------
    patient, lesion, findings, history, goals, clinic
        The sections; a fact that is `None` is not known.
    assume_absent
        The sections, among "findings" and "history", for which the clinician has
        screened: their unstated yes/no facts are read as "no", unstated sets as empty.
        Numbers stay unknown.
    not_known
        Dotted names of facts that were asked and are not known (JSON `null`): these
        are never filled by `assume_absent`.

    Raises
    ------
    CaseError
        When a value is of the wrong kind or out of bounds.

    Examples
    --------
    >>> case = Case(patient=Patient(age_years=34), lesion=Lesion(site="cheek"))
    >>> case.lesion.site
    'cheek'
    >>> case.patient.pregnancy is None  # not known
    True
    """

    vocabulary: ClassVar[Vocabulary] = VOCABULARY

    patient: Patient = Patient()
    lesion: Lesion = Lesion()
    findings: Findings = Findings()
    history: History = History()
    goals: Goals = Goals()
    clinic: Clinic = Clinic()
    assume_absent: tuple[Screened, ...] = attrs.field(default=(), converter=_names)
    not_known: frozenset[str] = attrs.field(default=frozenset(), converter=_fact_names)

    def __attrs_post_init__(self) -> None:
        """Refuse what the validators of the sections cannot see."""
        problems: list[Problem] = []
        for name, section in SECTIONS.items():
            if not isinstance(getattr(self, name), section):
                mend = f"give a milia_cds.{section.__name__}"
                what = described(getattr(self, name))
                problems.append(Problem(name, f"{what} is no section", mend))
        screened: object = self.assume_absent
        if isinstance(screened, tuple):
            screened = list(screened)
        read_screened(VOCABULARY, screened, problems)
        if not problems:
            _check_not_known(self, problems)
        if problems:
            raise CaseError(problems)

    def value(self, name: str) -> Any:
        """The value of a fact or setting by its dotted name; `None` is not known.

        Parameters
        ----------
        name
            The name, such as "patient.age_years". A role that the domain does not give
            has none, "", and so no value.
        """
        section, _, fact = name.partition(".")
        return getattr(getattr(self, section), fact) if fact else None

    def values(self) -> tuple[Value | None, ...]:
        """The stated values in the order of the vocabulary."""
        values: tuple[Value | None, ...] = _values(self)
        return values

    def _known(self, section: str) -> dict[str, Value]:
        stated: Section = getattr(self, section)
        return stated.known()

    def _read_again(self, data: object, problems: list[Problem]) -> Self:
        return _case(type(self), data, problems)

    @classmethod
    def from_dict(cls, data: object) -> Self:
        """Read a case from plain JSON values, strictly.

        Parameters
        ----------
        data
            An object of sections, each an object of facts. A fact that is `None`, or
            left out, is not known.

        Raises
        ------
        CaseError
            With every problem at once, each with its path and how to mend it.

        Examples
        --------
        >>> try:
        ...     Case.from_dict({"patient": {"phototype": "7"}})
        ... except CaseError as error:
        ...     print(error)
        The case has 1 problem:
          patient.phototype: "7" is not a whole number; give a whole number from 1 to \
6, or null (for not known)
        """
        return _case(cls, data, [])

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """Read a case from JSON text, strictly.

        Parameters
        ----------
        text
            The text; bytes are read as UTF-8.

        Raises
        ------
        CaseError
            With every problem at once, each with its path and how to mend it.
        """
        return _case(cls, *parse_json(text, CaseError))


def _case(made: type[C], data: object, problems: list[Problem]) -> C:
    read = read_statement(VOCABULARY, data, problems)
    sections: dict[str, Any] = {
        name: SECTIONS[name](**facts) for name, facts in read.sections.items()
    }
    assumed: Any = read.assume_absent
    return made(**sections, assume_absent=assumed, not_known=read.not_known)


def _check_not_known(case: Case, problems: list[Problem]) -> None:
    mend = "give a set of dotted names of facts"
    given: object = case.not_known
    if not isinstance(given, tuple | frozenset):
        message = f"{described(given)} is no set"
        problems.append(Problem("not_known", message, mend))
        return
    for name in sorted(given, key=str):
        if not isinstance(name, str):
            message = f"{described(name)} is not the name of a fact"
            problems.append(Problem("not_known", message, mend))
        elif name not in VOCABULARY.readable:
            message = f"{quoted(name)} is no fact"
            mended = nearest(name, VOCABULARY.readable)
            problems.append(Problem("not_known", message, mended))
        elif case.value(name) is not None:
            message = f"{name} is stated and marked as not known"
            problems.append(Problem("not_known", message, "keep one of the two"))
