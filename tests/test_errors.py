"""The errors: what they say, what they carry, and that they survive a pickle."""

from __future__ import annotations

import copy
import pickle

import attrs
import pytest

from milia_cds.errors import (
    AssessmentError,
    CaseError,
    ConditionError,
    ContradictionError,
    KnowledgeError,
    MiliaError,
    NotOfferedError,
    Problem,
    Problems,
    ProblemsError,
    UnknownNameError,
    WrongTypeError,
    meant,
    nearest,
    not_meant,
    quoted,
)

AGE = Problem("patient.age_years", '"7" is not a number', "give a number")
SITE = Problem("lesion.site", '"chek" is not a member', 'did you mean "cheek"?')

ERRORS = [
    CaseError([AGE, SITE]),
    ContradictionError([AGE]),
    KnowledgeError([SITE]),
    AssessmentError([AGE, SITE]),
    ConditionError("there is no fact", "use another", 7),
    UnknownNameError("option", "lazer", ["laser_ablation", "observation"]),
    NotOfferedError("laser_ablation", "not_indicated", ["observation"]),
    WrongTypeError("assess takes a Case, not 3; use Case.from_dict"),
    CaseError([AGE], more=7),
]


def test_a_problem_reads_as_one_line() -> None:
    assert str(AGE) == 'patient.age_years: "7" is not a number; give a number'


def test_a_problem_cannot_be_changed() -> None:
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        AGE.path = "elsewhere"  # type: ignore[misc]  # it must be refused


def test_one_problem_is_counted_in_the_singular() -> None:
    assert str(CaseError([AGE])) == (
        "The case has 1 problem:\n"
        '  patient.age_years: "7" is not a number; give a number'
    )


def test_every_problem_has_its_line_in_the_order_of_finding() -> None:
    assert str(CaseError([AGE, SITE])) == (
        "The case has 2 problems:\n"
        '  patient.age_years: "7" is not a number; give a number\n'
        '  lesion.site: "chek" is not a member; did you mean "cheek"?'
    )


@pytest.mark.parametrize(
    ("error", "heading"),
    [
        (ProblemsError([AGE]), "The input has 1 problem:"),
        (ContradictionError([AGE]), "The case has 1 problem:"),
        (KnowledgeError([AGE]), "The knowledge base has 1 problem:"),
        (AssessmentError([AGE]), "The assessment has 1 problem:"),
    ],
)
def test_the_heading_names_what_was_read(error: ProblemsError, heading: str) -> None:
    assert str(error).splitlines()[0] == heading


def test_problems_may_be_given_by_a_generator() -> None:
    error = CaseError(problem for problem in (AGE, SITE))

    assert error.problems == (AGE, SITE)
    assert error.args == ((AGE, SITE),)


@pytest.mark.parametrize(
    ("error", "builtin"),
    [
        (CaseError, ValueError),
        (ContradictionError, CaseError),
        (KnowledgeError, ValueError),
        (AssessmentError, ValueError),
        (ConditionError, ValueError),
        (UnknownNameError, LookupError),
        (NotOfferedError, LookupError),
    ],
)
def test_every_error_has_the_root_and_a_builtin_parent(
    error: type[Exception], builtin: type[Exception]
) -> None:
    assert issubclass(error, MiliaError)
    assert issubclass(error, builtin)


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_an_error_survives_a_pickle_and_a_copy(error: MiliaError) -> None:
    for again in (pickle.loads(pickle.dumps(error)), copy.deepcopy(error)):  # noqa: S301 - our own
        assert type(again) is type(error)
        assert str(again) == str(error)
        assert vars(again) == vars(error)


def test_a_missing_name_that_a_wrong_one_was_meant_to_be_is_not_missing() -> None:
    missing = ["cheek", "chin", "nose"]

    assert not_meant(missing, ["chek", "noze"]) == ["chin"]
    assert not_meant(missing, ["chek", "cheeek"]) == ["chin", "nose"]
    assert not_meant(missing, ["xyz"]) == missing


def test_the_names_that_were_possibly_meant_come_likeliest_first() -> None:
    assert meant("chek", ["chin", "cheeks", "cheek"]) == ("cheek", "cheeks")
    assert meant(3, ["3"]) == ()
    assert meant("chek", []) == ()


def test_an_error_in_a_condition_names_the_column() -> None:
    error = ConditionError("there is no fact", "use another", 7)

    assert str(error) == "column 7: there is no fact; use another"
    assert (error.message, error.mend, error.column) == (
        "there is no fact",
        "use another",
        7,
    )


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "laser_ablatoin",
            'no option "laser_ablatoin"; did you mean "laser_ablation"?',
        ),
        ("zzz", 'no option "zzz"; use one of laser_ablation, observation'),
    ],
)
def test_an_unknown_name_is_answered_with_the_names_there_are(
    name: str, text: str
) -> None:
    error = UnknownNameError("option", name, iter(["laser_ablation", "observation"]))

    assert str(error) == text
    assert (error.kind, error.name) == ("option", name)
    assert error.names == ("laser_ablation", "observation")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("cheek", '"cheek"'),
        ('say "no"\n', '"say \\"no\\"\\n"'),
        ("é", '"\\u00e9"'),
        ("\ud800", '"\\ud800"'),
        ("\x00\x1b\x7f", '"\\u0000\\u001b\\u007f"'),
        (7, "7"),
        (True, "true"),
        (("a", "b"), '["a", "b"]'),
        (frozenset(), "a frozenset"),
        ("x" * 58, f'"{"x" * 58}"'),
        ("x" * 59, f'"{"x" * 56}...'),
        ("x" * 100_000, f'"{"x" * 56}...'),
    ],
)
def test_a_hostile_value_is_shown_escaped_and_cut(value: object, text: str) -> None:
    assert quoted(value) == text


def test_a_value_that_holds_itself_is_shown_by_its_type() -> None:
    endless: list[object] = []
    endless.append(endless)

    assert quoted(endless) == "a list"


@pytest.mark.parametrize(
    ("name", "names", "text"),
    [
        ("chek", ["cheek", "chin"], 'did you mean "cheek"?'),
        ("elbow", ["cheek", "chin"], "use one of cheek, chin"),
        (7, ["cheek", "chin"], "use one of cheek, chin"),
        ("elbow", [], "there is none"),
        ("elbow", [f"n{i:02}" for i in range(41)], "it is none of the 41 names in use"),
        ("n4o", [f"n{i:02}" for i in range(41)], 'did you mean "n40"?'),
    ],
)
def test_the_nearest_name_is_offered_or_the_names_there_are(
    name: object, names: list[str], text: str
) -> None:
    assert nearest(name, names) == text


def test_forty_names_are_listed_in_full() -> None:
    names = [f"n{i:02}" for i in range(40)]

    assert nearest("elbow", names) == f"use one of {', '.join(names)}"


@pytest.mark.parametrize(
    ("offered", "end"),
    [
        (["extraction", "observation"], "choose one of extraction, observation"),
        ([], "no option is"),
    ],
)
def test_what_is_not_offered_is_answered_with_what_is(
    offered: list[str], end: str
) -> None:
    said = '"steaming" is not indicated in this assessment, not offered; '
    assert str(NotOfferedError("steaming", "not_indicated", offered)) == said + end


def test_the_first_fifty_problems_are_listed_and_the_others_counted() -> None:
    error = CaseError([AGE] * 128)
    lines = str(error).splitlines()

    assert lines[0] == "The case has 128 problems:"
    assert lines[1:-1] == [f"  {AGE}"] * 50
    assert lines[-1] == "  and 78 more"
    assert len(error.problems) == 128
    assert str(CaseError([AGE] * 50)).splitlines()[-1] == f"  {AGE}"


def test_a_thousand_problems_are_kept_and_the_others_counted() -> None:
    found = Problems()
    found.extend([AGE] * 900)
    for _ in range(400):
        found.append(SITE)

    error = CaseError(found)

    assert error.problems == (AGE,) * 900 + (SITE,) * 100
    assert error.more == 300
    assert str(error).splitlines()[0] == "The case has 1300 problems:"
    assert str(error).splitlines()[-1] == "  and 1250 more"
    assert str(copy.copy(error)) == str(error)
