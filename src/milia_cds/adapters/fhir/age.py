"""The age of the patient, from the date of birth and the day."""

from __future__ import annotations

from collections.abc import Iterator

from milia_cds.adapters.fhir.codes import Match
from milia_cds.adapters.fhir.context import Context
from milia_cds.adapters.fhir.elements import Days, days, items, table
from milia_cds.adapters.fhir.gathering import Resource
from milia_cds.adapters.fhir.reading import Saying
from milia_cds.adapters.fhir.whose import not_understood
from milia_cds.case.days import years_between
from milia_cds.errors import DeceasedError, Problem, described
from milia_cds.knowledge.model import Knowledge
from milia_cds.logic.conditions import Compare, atoms
from milia_cds.logic.facts import Number
from milia_cds.logic.memory import one_of_each

_BIRTH_TIME = "http://hl7.org/fhir/StructureDefinition/patient-birthTime"
_LEAVE_OUT = "give a date such as 1990-05-17, or leave it out"


def only_the_living(patient: Resource) -> None:
    """Refuse the record of somebody who has died.

    Raises
    ------
    DeceasedError
        Where the record says so.
    """
    data = patient.data
    died = data.get("deceasedBoolean")
    if data.get("deceasedDateTime") is not None or _is_said(died):
        lead = f"{patient.path}." if patient.path else ""
        message = "the record says that the patient has died"
        mend = "choose nothing for this patient; mend the record where it is mistaken"
        raise DeceasedError([Problem(f"{lead}deceased[x]", message, mend)])


def _is_said(value: object) -> bool:
    """Whether a yes or no is anything but left out, or no."""
    return value is not None and value is not False


def ages(context: Context) -> Iterator[Saying]:
    """What the Patient says of the age, by each rule that reads it."""
    for rule in context.base.fhir.rule:
        if rule.reader == "age":
            match = Match(rule, rule.id, None, "")
            value, why = _age(context, rule.fact)
            if why:
                yield context.voice(context.patient, match).says(
                    value, why, day=context.as_of
                )


def _age(context: Context, fact: str) -> tuple[float | None, str]:
    """The age and how it was read, or why it is not known."""
    data, patient = context.patient.data, context.patient
    said = not_understood(data)
    if said:
        context.record.ignore(patient, said)
        return None, said
    birth = data.get("birthDate")
    if birth is None:
        return None, "it has no date of birth"
    born = days(birth)
    if born is None:
        message = f"{described(birth)} is no date"
        context.problem(patient, "birthDate", message, _LEAVE_OUT)
        return None, "its date of birth is no date"
    if _born_on_another_day(data, born):
        return None, "its time of birth is of another day than its date of birth"
    if born.first > context.as_of:
        message = f"the birth, {born}, is after {context.as_of}"
        context.problem(patient, "birthDate", message, "check both days")
        return None, "its date of birth is after the day of the case"
    born = Days(born.first, min(born.last, context.as_of))
    kind = context.vocabulary.kinds[fact]
    youngest, oldest = (years_between(day, context.as_of) for day in reversed(born))
    if not isinstance(kind, Number) or not kind.low <= oldest <= kind.high:
        message = f"the birth, {born}, is too long before {context.as_of}"
        context.problem(patient, "birthDate", message, "check both days")
        return None, "nobody is that old"
    if born.first == born.last:
        return _fitting(kind, oldest), "from the date of birth"
    for bound in _bounds(context.base, fact):
        if youngest <= bound <= oldest:
            return None, (
                f"its date of birth says no day, and {bound:g} lies within the ages "
                f"that it may mean"
            )
    middle = (youngest + oldest) / 2
    return _fitting(kind, middle), (
        f"the middle of {youngest:.1f} to {oldest:.1f}, for its date of birth says no "
        "day, and no limit lies between"
    )


def _fitting(kind: Number, age: float) -> float:
    return int(age) if kind.whole else age


def _born_on_another_day(data: object, born: Days) -> bool:
    for extension in items(table(table(data).get("_birthDate")).get("extension")):
        if table(extension).get("url") == _BIRTH_TIME:
            at = days(table(extension).get("valueDateTime"))
            if at is None or at.last < born.first or born.last < at.first:
                return True
    return False


@one_of_each(8)
def _bounds(base: Knowledge, fact: str) -> tuple[float, ...]:
    """The numbers with which the knowledge compares a fact, in order."""
    found = {
        atom.test.bound
        for _, condition in base.conditions()
        for atom in atoms(condition)
        if atom.fact == fact and isinstance(atom.test, Compare)
    }
    found |= {
        each.below for each in base.about.lapse if each.fact == fact and each.below
    }
    return tuple(sorted(found))
