"""What is stated of a case, read from plain JSON values, strictly.

All that is wrong is reported at once, each with its path and what to write instead.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from milia_cds.case.days import day_of, day_said
from milia_cds.case.misplaced import misplaced, misplaced_fact, no_case, no_section
from milia_cds.case.misread import MOST, misread
from milia_cds.case.telling import Fact
from milia_cds.case.vocabulary import Vocabulary
from milia_cds.errors import CaseError, Problem, described, name_in_path, quoted
from milia_cds.logic.facts import plain_value

ASSUMED = "assume_absent"
AS_OF = "as_of"
"""What a case says beside its sections."""


class Statement(NamedTuple):
    """What was read of a case: its facts by section, and what was said about them.

    A fact that is `None` was asked and is not known.
    """

    sections: Mapping[str, Mapping[str, Any]]
    assume_absent: tuple[str, ...]
    as_of: date | None


def read_statement(
    vocabulary: Vocabulary, data: object, problems: list[Problem]
) -> Statement:
    """Read a case from plain JSON values, strictly.

    Parameters
    ----------
    vocabulary
        What it may state.
    data
        An object of sections, each an object of facts.
    problems
        What is wrong with it already.

    Raises
    ------
    CaseError
        With every problem at once, each with its path and how to mend it.
    """
    sections: dict[str, Mapping[str, Any]] = {}
    assumed: tuple[str, ...] = ()
    day: date | None = None
    if not isinstance(data, dict):
        problems.append(no_case(vocabulary, data))
        data = {}
    for key, value in data.items():
        if key in vocabulary.sections:
            sections[key] = _read_section(vocabulary, key, value, problems)
        elif key == ASSUMED:
            assumed = read_screened(vocabulary, value, problems)
        elif key == AS_OF:
            day = read_day(value, problems)
        else:
            tops = (*vocabulary.sections, ASSUMED, AS_OF)
            brief = len(problems) >= MOST
            problems += misplaced(vocabulary, key, value, tops, brief=brief)
    if problems:
        raise CaseError(problems)
    return Statement(sections, assumed, day)


def _read_section(
    vocabulary: Vocabulary,
    name: str,
    data: object,
    problems: list[Problem],
) -> Mapping[str, Any]:
    if not isinstance(data, dict):
        problems.append(no_section(vocabulary, name, data))
        return {}
    kinds = vocabulary.by_section[name]
    read: dict[str, Any] = {}
    for fact, value in data.items():
        path = f"{name}.{name_in_path(fact)}"
        if fact not in kinds:
            brief = len(problems) >= MOST
            problems.append(
                misplaced_fact(vocabulary, name, fact, value, path, brief=brief)
            )
        elif value is None:
            read[fact] = None
        else:
            wrong: list[Problem] = []
            plain = plain_value(value)
            read[fact] = kinds[fact].read(plain, path, wrong)
            if wrong:
                named = Fact(path, kinds[fact], vocabulary.vernacular)
                problems += misread(named, plain, wrong)
    return read


def read_screened(
    vocabulary: Vocabulary, data: object, problems: list[Problem]
) -> tuple[str, ...]:
    """Read what was screened for; report every problem in it.

    Parameters
    ----------
    vocabulary
        Which sections and spoken questions may be assumed absent.
    data
        A list of their names.
    problems
        Where problems are added.
    """
    named = vocabulary.absentable
    mend = f"give a list of {', '.join(named)}, or leave the key out"
    if not named:
        mend = "leave the key out: no section may be assumed absent"
    if not isinstance(data, list):
        message = f"{described(data)} is not a list"
        meant = _screening_meant(vocabulary, data) or mend
        problems.append(Problem(ASSUMED, message, meant))
        return ()
    use = f"use one of {', '.join(named)}" if named[1:] else f"use {''.join(named)}"
    use = use if named else mend
    seen: set[str] = set()
    for place, name in enumerate(data):
        path = f"{ASSUMED}[{place}]"
        if not isinstance(name, str) or name not in named:
            message = f"{described(name)} cannot be assumed absent"
            problems.append(Problem(path, message, use))
        elif name in seen:
            message = f"{quoted(name)} is listed twice"
            problems.append(Problem(path, message, "list it once"))
        else:
            seen.add(name)
    return tuple(data)


def _screening_meant(vocabulary: Vocabulary, data: object) -> str:
    """What to write where no list says what was screened for; empty if unclear."""
    if data is True and vocabulary.screened:
        every = json.dumps(list(vocabulary.screened))
        return f"write {every} if all of it was looked for"
    if data is None or data is False:
        return "leave the key out"
    names = data.replace(",", " ").split() if isinstance(data, str) else []
    known = names and all(name in vocabulary.absentable for name in names)
    return f"write {json.dumps(names)}" if known else ""


def read_day(data: object, problems: list[Problem]) -> date | None:
    """Read the day on which a case was stated; report what is wrong with it.

    Parameters
    ----------
    data
        A text such as "2026-05-01", a date, or nothing.
    problems
        Where problems are added.
    """
    if data is None:
        return None
    day = day_said(data) if isinstance(data, str) else day_of(data)
    if day is None:
        mend = 'give a date such as "2026-05-01", or leave the key out'
        problems.append(Problem(AS_OF, f"{described(data)} is no date", mend))
    return day
