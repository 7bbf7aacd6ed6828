"""A case: what was stated of one group of lesions of one patient, read strictly."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
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
from milia_cds.case.sections import LEFT_OUT, Section
from milia_cds.case.stated import AnyCase
from milia_cds.case.statement import read_day, read_screened, read_statement
from milia_cds.case.strict_json import parse_json
from milia_cds.case.vocabulary import Vocabulary
from milia_cds.errors import CaseError, Problem, Problems, described
from milia_cds.logic.facts import Value, plain_scalar

C = TypeVar("C", bound="Case")

_MOST_NAMED = 5

_as_given = attrgetter(*(name.replace(".", "._") for name in VOCABULARY.readable))
"""Each fact as it was given, in the order of the vocabulary, or left out."""


def _names(value: Any) -> Any:
    if isinstance(value, set | frozenset):
        value = sorted(value, key=str)
    if isinstance(value, list | tuple):
        return tuple(plain_scalar(name) for name in value)
    return value


class _Sectioned(AnyCase):
    """A case of sections, each of which knows what in it is not known."""

    __slots__ = ()

    def __new__(cls, **given: Any) -> Self:
        """Refuse what a case of 0.1.0 said beside its sections."""
        if "not_known" in given:
            mend = _as_nones(given["not_known"])
            problem = Problem("not_known", "the sections say what is not known", mend)
            raise CaseError([problem])
        return object.__new__(cls)


@attrs.frozen(kw_only=True)
class Case(_Sectioned):
    """One group of lesions of one patient, as it was stated.

    Parameters
    ----------
    patient, lesion, findings, history, goals, clinic
        The sections. A fact given as `None` was asked and is not known; one that is
        left out was not asked. Both read as `None`.
    assume_absent
        What the clinician has screened for: the sections "findings" and "history", or
        spoken questions, such as "allergies" or "devices". Yes/no facts that are left
        out are then read as "no", sets as empty. Numbers stay unknown, and so does
        whatever was given as `None`.
    as_of
        The day on which the case was stated, or `None`. It changes no verdict; `assess`
        warns of what may have changed since, if it is told its own day.

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
    as_of: date | None = None

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
        object.__setattr__(self, "as_of", read_day(self.as_of, problems))
        if problems:
            raise CaseError(problems)

    @property
    def not_known(self) -> frozenset[str]:
        """The facts that were asked and are not known: given as `None`."""
        given = zip(VOCABULARY.readable, _as_given(self), strict=True)
        return frozenset(name for name, value in given if value is None)

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
        return tuple([None if x is LEFT_OUT else x for x in _as_given(self)])

    def absent(self) -> Sequence[Value | None]:
        """What `assume_absent` says of each fact, in the order of the vocabulary.

        It says nothing, `None`, of numbers and of what was asked and is not known; what
        is stated goes before it.
        """
        absent = VOCABULARY.absences(self.assume_absent)
        if not self.assume_absent:
            return absent
        given = _as_given(self)
        if None not in given:
            return absent
        pairs = zip(given, absent, strict=True)
        return [None if value is None else absence for value, absence in pairs]

    def _given(self, section: str) -> dict[str, Value | None]:
        stated: Section = getattr(self, section)
        return stated.given()

    def _read_again(self, data: object, problems: list[Problem]) -> Self:
        return _case(type(self), data, problems)

    @classmethod
    def from_dict(cls, data: object) -> Self:
        """Read a case from plain JSON values, strictly.

        Parameters
        ----------
        data
            An object of sections, each an object of facts. A fact that is `None` was
            asked and is not known; one that is left out was not asked.

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
        return _case(cls, data, Problems())

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
    return made(**sections, assume_absent=assumed, as_of=read.as_of)


def _as_nones(not_known: object) -> str:
    """How to say in sections what 0.1.0 took as names of what is not known."""
    names = _names(not_known)
    known = isinstance(names, tuple) and all(
        isinstance(name, str) and name in VOCABULARY.readable for name in names
    )
    if not known or len(names) > _MOST_NAMED:
        return "give None in its section, such as history=History(inr=None)"
    nones: dict[str, list[str]] = {}
    for name in names:
        section, _, fact = name.partition(".")
        nones.setdefault(section, []).append(f"{fact}=None")
    sections = (
        f"{section}={SECTIONS[section].__name__}({', '.join(facts)})"
        for section, facts in nones.items()
    )
    return f"give {', '.join(sections)} instead" if names else "leave it out"
