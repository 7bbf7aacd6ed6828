"""One law for all doors: the same facts give the same case, whichever way they come in.

What is left out and what was asked and is not known are facts of a case too: under
screening, and under the policy of a clinic, they decide.
"""

from __future__ import annotations

import copy
import datetime as dt
import json
import pickle
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, TypeAlias, assert_type, get_args

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import milia_cds
from milia_cds import (
    Case,
    Clinic,
    History,
    Interview,
    Patient,
    assess,
    diff,
    load_knowledge,
)
from milia_cds.case.milia import SCREENED, SECTIONS, VOCABULARY, Screened
from milia_cds.case.sections import kinds_of
from tests.common import THOROUGH
from tests.property.deciding import BASE, CASES, PROFILE
from tests.property.forms import by_form

Plain: TypeAlias = dict[str, Any]
"""A case as JSON has it."""

Door: TypeAlias = Callable[[Plain], Any]

HERE = Path(__file__).parents[2]
CLINIC = HERE / "examples" / "policy.toml"

# The doors ---------------------------------------------------------------------------


def nothing_of(data: Plain) -> Case:
    """A case that only says what was screened for, and when."""
    day = data.get("as_of")
    as_of = None if day is None else date.fromisoformat(day)
    return Case(assume_absent=tuple(data.get("assume_absent", ())), as_of=as_of)


def facts_of(data: Plain) -> Iterator[tuple[str, str, Any]]:
    for section in SECTIONS:
        for fact, value in data.get(section, {}).items():
            yield section, fact, value


def by_text(data: Plain) -> Case:
    return Case.from_json(json.dumps(data))


def by_sections(data: Plain) -> Case:
    made: dict[str, Any] = {
        name: section(**data.get(name, {})) for name, section in SECTIONS.items()
    }
    return attrs.evolve(nothing_of(data), **made)


def by_changes(
    data: Plain, change: Callable[..., Any], start: Case | None = None
) -> Case:
    case = nothing_of(data) if start is None else start
    for section, fact, value in facts_of(data):
        made = change(getattr(case, section), **{fact: value})
        case = change(case, **{section: made})
    return case


def by_evolving(data: Plain) -> Case:
    return by_changes(data, attrs.evolve)


def by_evolving_in_turn(data: Plain) -> Case:
    """Each fact was first unknown, then what it is."""
    unknown = {
        section: dict.fromkeys(facts)
        for section, facts in data.items()
        if section in SECTIONS
    }
    start = by_changes({**data, **unknown}, attrs.evolve)
    return by_changes(data, attrs.evolve, start)


def by_stating(data: Plain) -> Case:
    facts = {f"{section}.{fact}": value for section, fact, value in facts_of(data)}
    return nothing_of(data).stating(facts)


def by_interview(data: Plain) -> Case:
    case: Case = Interview(Case.from_dict(data)).case
    return case


DOORS: dict[str, Door] = {
    "text": by_text,
    "sections": by_sections,
    "evolving": by_evolving,
    "evolving in turn": by_evolving_in_turn,
    "stating": by_stating,
    "form": by_form,
}
"""Ways to make a case of the same facts; whoever adds a door adds it here."""

KEPT: dict[str, Callable[[Case], Any]] = {
    "to_dict": lambda case: Case.from_dict(case.to_dict()),
    "to_json": lambda case: Case.from_json(case.to_json()),
    # Our own.
    "repr": lambda case: eval(repr(case), vars(milia_cds) | named()),  # noqa: S307
    "pickle": lambda case: pickle.loads(pickle.dumps(case)),  # noqa: S301 - our own
    "deepcopy": copy.deepcopy,
    "copy": copy.copy,
    "evolve": attrs.evolve,
}
"""What gives back the case it was given."""

if sys.version_info >= (3, 13):
    DOORS["replacing"] = lambda data: by_changes(data, copy.replace)
    KEPT["replace"] = copy.replace


def named() -> dict[str, Any]:
    """The names that the `repr` of a case is made of."""
    made = {section.__name__: section for section in [*SECTIONS.values(), Case]}
    return {"datetime": dt, **made}


some = st.lists(st.sampled_from(get_args(Screened)), unique=True, max_size=3)
drawn = st.builds(
    lambda case, screened, day: attrs.evolve(case, assume_absent=screened, as_of=day),
    st.sampled_from([*CASES.values()]).flatmap(lambda cases: cases),
    st.sampled_from([(), SCREENED]) | some.map(tuple),
    st.none() | st.dates(),
)
laws = settings(PROFILE, max_examples=20_000 if THOROUGH else 40)
slow_laws = settings(PROFILE, max_examples=500 if THOROUGH else 3)

# The law -----------------------------------------------------------------------------


@laws
@given(drawn)
def test_every_door_gives_the_same_case(case: Case) -> None:
    data = case.to_dict()

    made = {name: door(data) for name, door in DOORS.items()}

    assert made == dict.fromkeys(DOORS, case)
    assert {hash(each) for each in made.values()} == {hash(case)}
    assert {each.to_json() for each in made.values()} == {case.to_json()}


@laws
@given(drawn)
def test_whatever_keeps_a_case_keeps_what_is_unknown_and_what_left_out(
    case: Case,
) -> None:
    kept = {name: keep(case) for name, keep in KEPT.items()}

    assert kept == dict.fromkeys(KEPT, case)
    assert {hash(each) for each in kept.values()} == {hash(case)}
    assert {each.to_json() for each in kept.values()} == {case.to_json()}


@laws
@given(drawn)
def test_a_case_without_typed_sections_says_the_same(case: Case) -> None:
    untyped = BASE.case(case.to_dict())

    assert untyped.to_dict() == case.to_dict()
    assert untyped.values() == case.values()
    assert tuple(untyped.absent()) == tuple(case.absent())
    assert untyped.not_known == case.not_known
    assert untyped.as_of == case.as_of


@laws
@given(drawn, st.sampled_from(list(VOCABULARY.readable)))
def test_what_is_given_as_none_differs_from_what_is_left_out(
    case: Case, name: str
) -> None:
    section, _, fact = name.partition(".")
    data = case.to_dict()
    data.get(section, {}).pop(fact, None)
    left_out = Case.from_dict(data)
    unknown = left_out.stating({name: None})

    assert unknown != left_out
    assert repr(unknown) != repr(left_out)
    assert unknown.value(name) is left_out.value(name) is None
    assert unknown.not_known == left_out.not_known | {name}
    assert unknown.absences().keys() == left_out.absences().keys() - {name}
    assert case.stating({name: None}) == unknown


@slow_laws
@given(drawn)
def test_what_if_and_the_interview_are_doors_too(case: Case) -> None:
    data = case.to_dict()
    facts = {f"{section}.{fact}": value for section, fact, value in facts_of(data)}
    start = assess(nothing_of(data))

    assert by_interview(data) == case
    assert start.what_if(facts) == diff(start, assess(case))


def test_an_answer_of_an_interview_is_a_statement() -> None:
    begun = Case(assume_absent=("history",), patient=Patient(age_years=34))
    interview = Interview(begun)
    question = interview.next_question()
    assert question is not None

    interview.skip()

    assert interview.case == begun.stating(dict.fromkeys(question.facts))
    assert interview.case.not_known == {*question.facts}


# By hand -----------------------------------------------------------------------------

CHANGES: dict[str, Callable[..., Any]] = {"evolve": attrs.evolve}
if sys.version_info >= (3, 13):
    CHANGES["replace"] = copy.replace

on_each_change = pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
screened = Case(assume_absent=("history",))
ADULT = Case.from_dict(
    {
        "patient": {"age_years": 34, "pregnancy": "none", "phototype": 2},
        "lesion": {
            "origin": "primary",
            "pattern": "scattered",
            "site": "cheek",
            "count": 5,
            "diagnosis": "confirmed",
        },
        "goals": {"wants_treatment": True},
        "assume_absent": ["findings", "history"],
    }
)


@pytest.mark.skipif(sys.version_info < (3, 13), reason="copy.replace is of Python 3.13")
def test_replacing_is_among_the_doors() -> None:
    assert "replacing" in DOORS
    assert "replace" in KEPT
    assert "replace" in CHANGES


@on_each_change
def test_what_was_assumed_stays_assumed_where_another_fact_changes(
    change: Callable[..., Any],
) -> None:
    changed = change(screened, history=change(screened.history, pacemaker=True))

    assert changed.absences() == {
        name: value
        for name, value in screened.absences().items()
        if name != "history.pacemaker"
    }
    assert changed.not_known == frozenset()


@on_each_change
@pytest.mark.parametrize(
    "before",
    [History(keloid=True), History(keloid=False), History(keloid=None), History()],
    ids=repr,
)
def test_a_fact_changed_to_none_is_not_known_whatever_it_was(
    change: Callable[..., Any], before: History
) -> None:
    case = change(screened, history=change(before, keloid=None))

    assert case.not_known == {"history.keloid"}
    assert case.history == History(keloid=None)
    assert "history.keloid" not in case.absences()
    assert case.to_dict()["history"] == {"keloid": None}


def row_of_nones() -> Case:
    """A case as an ORM gives it where every column is empty."""
    sections: dict[str, Any] = {
        name: section(**dict.fromkeys(kinds_of(section)))
        for name, section in SECTIONS.items()
    }
    return Case(**sections, assume_absent=("findings", "history"))


def test_a_row_of_nones_is_asked_and_not_known_throughout() -> None:
    case = row_of_nones()

    assert case.not_known == {*VOCABULARY.readable}
    assert case.absences() == {}
    assert set(case.facts().values()) == {None}


def test_what_a_row_says_is_not_known_is_not_filled_by_a_policy() -> None:
    policy = load_knowledge(policy=CLINIC)
    assert policy.policy is not None
    row = attrs.evolve(ADULT, clinic=row_of_nones().clinic)

    def filled(case: Case) -> set[str]:
        said = assess(case, policy).assumptions
        return {each.fact for each in said if each.by == "policy"}

    assert filled(ADULT) == {*policy.policy.defaults}
    assert filled(row) == set()


def test_a_pacemaker_given_as_none_withholds_what_a_pacemaker_forbids() -> None:
    unknown = attrs.evolve(ADULT, history=History(pacemaker=None))

    withheld = {each.option: each for each in assess(unknown).withheld}

    assert "history.pacemaker" in withheld["electrodesiccation"].asks


# Types -------------------------------------------------------------------------------


def test_a_type_checker_sees_each_fact_as_what_it_is() -> None:
    """mypy, which reads this file, refuses each line marked as wrong, and no other."""
    history = History(keloid=None, failed=frozenset({"extraction"}))

    assert_type(history.keloid, bool | None)
    assert_type(Patient().age_years, float | None)
    assert_type(Clinic().offers is None, bool)
    wrong: list[Callable[[], object]] = [
        lambda: History(keloid="no"),  # type: ignore[arg-type]  # must be refused
        # Must be refused.
        lambda: Patient(pregnancy="perhaps"),  # type: ignore[arg-type]
        # Must be refused.
        lambda: Case(not_known=frozenset()),  # type: ignore[call-arg]
    ]
    for make in wrong:
        with pytest.raises(milia_cds.CaseError):
            make()
