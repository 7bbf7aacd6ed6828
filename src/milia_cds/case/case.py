"""A case: what was stated of one group of lesions of one patient, read strictly."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from operator import attrgetter
from typing import Any

import attrs

from milia_cds.case.milia import (
    FACTS,
    READABLE,
    SCREENED,
    SECTIONS,
    SETTINGS,
    Clinic,
    Findings,
    Goals,
    History,
    Lesion,
    Patient,
    Screened,
)
from milia_cds.case.sections import exact, kinds_of
from milia_cds.case.strict_json import parse_json
from milia_cds.errors import (
    CaseError,
    Problem,
    described,
    name_in_path,
    nearest,
    quoted,
)
from milia_cds.logic.facts import Value
from milia_cds.shown import Shown

_values = attrgetter(*READABLE)
_DOTTED = {name.partition(".")[2]: name for name in FACTS}
_places = {name: place for place, name in enumerate(READABLE)}


@cache
def _absent(screened: frozenset[Screened]) -> tuple[Value | None, ...]:
    """Give what absence means for each fact of the sections that were screened."""
    return tuple(
        kind.absent if name.partition(".")[0] in screened else None
        for name, kind in READABLE.items()
    )


def _names(value: Any) -> Any:
    if isinstance(value, set | frozenset):
        value = sorted(value, key=str)
    if isinstance(value, list | tuple):
        return tuple(exact(name) for name in value)
    return value


def _fact_names(value: Any) -> Any:
    if not isinstance(value, set | frozenset | list | tuple):
        return value
    names = tuple(exact(name) for name in value)
    texts = all(isinstance(name, str) for name in names)
    return frozenset(names) if texts else names


@attrs.frozen(kw_only=True)
class Case(Shown):
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
        _read_screened(screened, problems)
        if not problems:
            _check_not_known(self, problems)
        if problems:
            raise CaseError(problems)

    def values(self) -> tuple[Value | None, ...]:
        """Give the stated values in the order of the vocabulary."""
        values: tuple[Value | None, ...] = _values(self)
        return values

    def facts(self) -> dict[str, Value | None]:
        """Give the stated values by dotted name; `None` is not known."""
        return dict(zip(READABLE, self.values(), strict=True))

    def absent(self) -> Sequence[Value | None]:
        """Give what `assume_absent` says of each fact, in the order of the vocabulary.

        It says nothing, `None`, of numbers and of what was asked and is not known; what
        is stated goes before it.
        """
        absent = _absent(frozenset(self.assume_absent))
        if not self.not_known:
            return absent
        left = list(absent)
        for name in self.not_known:
            left[_places[name]] = None
        return left

    def absences(self) -> dict[str, Value]:
        """Give the values that `assume_absent` stands for, by dotted name.

        Left out are facts that were stated, or asked and not known, and numbers.
        """
        return {
            name: absence
            for name, stated, absence in zip(
                READABLE, self.values(), self.absent(), strict=True
            )
            if stated is None and absence is not None
        }

    @classmethod
    def from_dict(cls, data: object) -> Case:
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
6, or null
        """
        return _case(data, [])

    @classmethod
    def from_json(cls, text: str | bytes) -> Case:
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
        return _case(*parse_json(text, CaseError))

    def stating(self, facts: Mapping[str, Any]) -> Case:
        """Give the case with some facts stated otherwise.

        Parameters
        ----------
        facts
            Plain JSON values by the name of the fact or setting, dotted or, as each is
            used once only, without its section; `None` is not known.

        Raises
        ------
        CaseError
            With every problem at once, each with its path and how to mend it.

        Examples
        --------
        >>> Case().stating({"age_years": 34, "lesion.site": "cheek"}).to_dict()
        {'patient': {'age_years': 34}, 'lesion': {'site': 'cheek'}}
        """
        data = self.to_dict()
        problems = []
        for given, value in facts.items():
            name = _DOTTED.get(given, given)
            if name not in FACTS:
                message = f"{quoted(given)} is no fact"
                problems.append(
                    Problem(name, message, nearest(given, [*FACTS, *_DOTTED]))
                )
                continue
            section, _, fact = name.partition(".")
            data.setdefault(section, {})[fact] = value
        return _case(data, problems)

    def to_dict(self) -> dict[str, Any]:
        """Give the case as plain JSON values; reading them gives the same case."""
        plain: dict[str, Any] = {}
        for name, section in SECTIONS.items():
            known = _plain_section(self, name, section)
            if known:
                plain[name] = known
        if self.assume_absent:
            plain["assume_absent"] = list(self.assume_absent)
        return plain

    def to_json(self, *, indent: int | None = None) -> str:
        """Give the case as JSON text.

        Parameters
        ----------
        indent
            The spaces of one step of indentation; `None` writes one line.
        """
        return json.dumps(self.to_dict(), indent=indent)


def only_cases(case: object) -> None:
    """Refuse what is no case.

    Raises
    ------
    TypeError
        Saying how to read one.
    """
    if not isinstance(case, Case):
        message = f"assess takes a Case, not {described(case)}; use Case.from_dict"
        raise TypeError(message)


def case_schema() -> dict[str, Any]:
    """Give the JSON Schema (2020-12) that accepts what `Case.from_dict` accepts."""
    sections = {
        name: {
            "type": "object",
            "properties": {
                fact: kind.schema() for fact, kind in kinds_of(section).items()
            },
            "additionalProperties": False,
        }
        for name, section in SECTIONS.items()
    }
    screened = {
        "type": "array",
        "items": {"enum": list(SCREENED)},
        "uniqueItems": True,
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "milia-cds case",
        "description": "One group of milia of one patient. null, or a key left out, "
        "means not known; never no.",
        "type": "object",
        "properties": {**sections, "assume_absent": screened},
        "additionalProperties": False,
    }


def _plain_section(case: Case, name: str, section: type) -> dict[str, Any]:
    stated = getattr(case, name)
    plain: dict[str, Any] = {}
    for fact, kind in kinds_of(section).items():
        value = getattr(stated, fact)
        if value is not None:
            plain[fact] = kind.plain(value)
        elif f"{name}.{fact}" in case.not_known:
            plain[fact] = None
    return plain


def _case(data: object, problems: list[Problem]) -> Case:
    given = _read(data, problems)
    if problems:
        raise CaseError(problems)
    return Case(**given)


def _read(data: object, problems: list[Problem]) -> dict[str, Any]:
    if not isinstance(data, dict):
        mend = f"give an object with the sections {', '.join(SECTIONS)}"
        problems.append(Problem("case", f"{described(data)} is no object", mend))
        return {}
    given: dict[str, Any] = {}
    not_known: set[str] = set()
    for key, value in data.items():
        if key in SECTIONS:
            given[key] = _read_section(key, value, not_known, problems)
        elif key == "assume_absent":
            given[key] = _read_screened(value, problems)
        else:
            message = f"{quoted(key)} is no section of a case"
            mend = nearest(key, [*SECTIONS, "assume_absent"])
            problems.append(Problem(name_in_path(key), message, mend))
    given["not_known"] = frozenset(not_known)
    return given


def _read_section(
    name: str, data: object, not_known: set[str], problems: list[Problem]
) -> object:
    section = SECTIONS[name]
    if not isinstance(data, dict):
        mend = "give an object of facts, or leave the key out"
        problems.append(Problem(name, f"{described(data)} is no object", mend))
        return None
    kinds = kinds_of(section)
    read: dict[str, Value | None] = {}
    before = len(problems)
    for fact, value in data.items():
        path = f"{name}.{name_in_path(fact)}"
        if fact not in kinds:
            problems.append(_unknown_fact(name, fact, path))
        elif value is None:
            if path not in SETTINGS:
                not_known.add(path)
        else:
            read[fact] = kinds[fact].read(value, path, problems)
    return section(**read) if len(problems) == before else None


def _unknown_fact(section: str, fact: object, path: str) -> Problem:
    message = f"{quoted(fact)} is no fact of {section}"
    elsewhere = [name for name in FACTS if name.partition(".")[2] == fact]
    if elsewhere:
        return Problem(path, message, f"it belongs at {elsewhere[0]}")
    return Problem(path, message, nearest(fact, kinds_of(SECTIONS[section])))


def _read_screened(data: object, problems: list[Problem]) -> tuple[str, ...]:
    mend = "give a list of findings, history, or leave the key out"
    if not isinstance(data, list):
        message = f"{described(data)} is not a list"
        problems.append(Problem("assume_absent", message, mend))
        return ()
    seen: set[str] = set()
    for place, name in enumerate(data):
        path = f"assume_absent[{place}]"
        if not isinstance(name, str) or name not in SCREENED:
            message = f"{described(name)} cannot be assumed absent"
            problems.append(Problem(path, message, "use findings or history"))
        elif name in seen:
            problems.append(Problem(path, f"{quoted(name)} is listed twice", mend))
        else:
            seen.add(name)
    return tuple(data)


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
        elif name not in READABLE:
            message = f"{quoted(name)} is no fact"
            problems.append(Problem("not_known", message, nearest(name, READABLE)))
        elif attrgetter(name)(case) is not None:
            message = f"{name} is stated and marked as not known"
            problems.append(Problem("not_known", message, "keep one of the two"))
