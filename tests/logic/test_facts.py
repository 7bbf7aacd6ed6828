"""The kinds of fact: what each reads, refuses, writes and says of itself."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from enum import IntEnum, StrEnum
from types import MappingProxyType
from typing import Any

import pytest

from milia_cds.case.case import Case
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
)
from milia_cds.case.sections import kinds_of, settings_of
from milia_cds.errors import CaseError, Problem, Unreadable, described, name_in_path
from milia_cds.logic.facts import (
    Choice,
    Kind,
    Members,
    Number,
    Weights,
    YesNo,
    not_a_member,
    plain_scalar,
)

AGE = Number(0, 120, "years")
GRADE = Number(1, 6, whole=True)
SITE = Choice(("cheek", "chin"))
TRIED = Members(("laser", "peel"))
WEIGHTS = Weights(("cost", "speed"))

GIVE_AGE = "give a number from 0 to 120 years, or null (for not known)"
GIVE_GRADE = "give a whole number from 1 to 6, or null (for not known)"
GIVE_YES_NO = "give true, false, or null (for not known)"
GIVE_SIZE = "give a number from 0.1 to 50 mm, or null (for not known)"
GIVE_WEIGHT = "give a whole number from 0 to 10"
PLANNING = (
    'did you mean "planning"? '
    "The members are pregnant, possible, planning, none, not_possible, "
    "or null (for not known)"
)
CHEEK_OR_CHIN = (
    'did you mean "cheek"? The members are cheek, chin, or null (for not known)'
)
USE_A_SITE = "use one of cheek, chin, or null (for not known)"


class Place(StrEnum):
    """A choice as a program may hold it."""

    CHEEK = "cheek"


class Treatment(StrEnum):
    """A member of a set as a program may hold it."""

    PEEL = "superficial_peel"


class Grade(IntEnum):
    """A whole number as a program may hold it."""

    FOUR = 4


class Measured(float):
    """A number as numpy has it: a float, and yet not quite."""

    __slots__ = ()


def read(kind: Kind, value: object) -> tuple[object, list[Problem]]:
    problems: list[Problem] = []
    return kind.read(value, "here", problems), problems


# Reading -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        (YesNo(), True, True),
        (YesNo(), False, False),
        (AGE, 0, 0),
        (AGE, 0.5, 0.5),
        (AGE, 120, 120),
        (AGE, 120.0, 120.0),
        (GRADE, 1, 1),
        (GRADE, 6, 6),
        (GRADE, 4.0, 4),
        (SITE, "chin", "chin"),
        (TRIED, [], frozenset()),
        (TRIED, ["peel", "laser"], frozenset({"laser", "peel"})),
        (WEIGHTS, {}, {}),
        (WEIGHTS, {"cost": 0, "speed": 10}, {"cost": 0, "speed": 10}),
        (WEIGHTS, {"cost": 3.0}, {"cost": 3}),
    ],
)
def test_a_fact_reads_its_own_values(
    kind: Kind, value: object, expected: object
) -> None:
    assert read(kind, value) == (expected, [])


def test_a_whole_number_is_read_as_an_integer() -> None:
    assert isinstance(read(GRADE, 4.0)[0], int)


@pytest.mark.parametrize(
    ("kind", "value", "message", "mend"),
    [
        (YesNo(), "no", '"no" is not yes or no', GIVE_YES_NO),
        (YesNo(), "false", '"false" is not yes or no', GIVE_YES_NO),
        (YesNo(), 0, "0 is not yes or no", GIVE_YES_NO),
        (YesNo(), 1, "1 is not yes or no", GIVE_YES_NO),
        (YesNo(), 0.0, "0.0 is not yes or no", GIVE_YES_NO),
        (YesNo(), [], "a list is not yes or no", GIVE_YES_NO),
        (YesNo(), {}, "an object is not yes or no", GIVE_YES_NO),
        (YesNo(), Unreadable("NaN"), "NaN is not yes or no", GIVE_YES_NO),
        (AGE, "7", '"7" is not a number', GIVE_AGE),
        (AGE, True, "true is not a number", GIVE_AGE),
        (AGE, False, "false is not a number", GIVE_AGE),
        (AGE, [7], "a list is not a number", GIVE_AGE),
        (AGE, -0.001, "-0.001 is out of bounds", GIVE_AGE),
        (AGE, 120.5, "120.5 is out of bounds", GIVE_AGE),
        (AGE, 10**400, "a number of very many digits is out of bounds", GIVE_AGE),
        (AGE, math.nan, "nan is not a usable number", GIVE_AGE),
        (AGE, math.inf, "inf is not a usable number", GIVE_AGE),
        (AGE, -math.inf, "-inf is not a usable number", GIVE_AGE),
        (AGE, Unreadable("1e999"), "1e999 is not a usable number", GIVE_AGE),
        (GRADE, "7", '"7" is not a whole number', GIVE_GRADE),
        (GRADE, True, "true is not a whole number", GIVE_GRADE),
        (GRADE, 3.9, "3.9 is not a whole number", GIVE_GRADE),
        (GRADE, math.nan, "nan is not a usable number", GIVE_GRADE),
        (GRADE, 0, "0 is out of bounds", GIVE_GRADE),
        (GRADE, 7, "7 is out of bounds", GIVE_GRADE),
        (GRADE, 7.0, "7.0 is out of bounds", GIVE_GRADE),
        (GRADE, 1e300, "1e+300 is out of bounds", GIVE_GRADE),
        (
            SITE,
            "chek",
            '"chek" is not a member',
            CHEEK_OR_CHIN,
        ),
        (SITE, "elbow", '"elbow" is not a member', USE_A_SITE),
        (SITE, "CHEEK", '"CHEEK" is not a member', USE_A_SITE),
        (SITE, "", '"" is not a member', USE_A_SITE),
        (SITE, 1, "1 is not the name of a member", USE_A_SITE),
        (
            SITE,
            ["cheek"],
            "a list is not the name of a member",
            USE_A_SITE,
        ),
        (
            TRIED,
            "peel",
            '"peel" is not a list',
            "give a list of laser, peel, or null (for not known)",
        ),
        (
            TRIED,
            {},
            "an object is not a list",
            "give a list of laser, peel, or null (for not known)",
        ),
        (
            TRIED,
            ("peel",),
            "a Python tuple is not a list",
            "give a list of laser, peel, or null (for not known)",
        ),
        (
            TRIED,
            {"peel"},
            "a Python set is not a list",
            "give a list of laser, peel, or null (for not known)",
        ),
        (
            WEIGHTS,
            [],
            "a list is no object",
            "give an object of criterion and weight, or null (for not known)",
        ),
        (
            WEIGHTS,
            3,
            "3 is no object",
            "give an object of criterion and weight, or null (for not known)",
        ),
    ],
)
def test_a_fact_refuses_whatever_is_not_of_its_kind(
    kind: Kind, value: object, message: str, mend: str
) -> None:
    assert read(kind, value) == (None, [Problem("here", message, mend)])


@pytest.mark.parametrize(
    ("kind", "value", "path", "message", "mend"),
    [
        (TRIED, ["peel", "peel"], "here[1]", '"peel" is listed twice', "remove one"),
        (
            TRIED,
            ["peel", "lazer"],
            "here[1]",
            '"lazer" is not a member',
            'did you mean "laser"? The members are laser, peel',
        ),
        (
            TRIED,
            [None],
            "here[0]",
            "null is not the name of a member",
            "use one of laser, peel",
        ),
        (
            TRIED,
            [["peel"]],
            "here[0]",
            "a list is not the name of a member",
            "use one of laser, peel",
        ),
        (
            WEIGHTS,
            {"sped": 3},
            "here.sped",
            '"sped" is no criterion',
            'did you mean "speed"?',
        ),
        (WEIGHTS, {7: 3}, "here.7", "7 is no criterion", "use one of cost, speed"),
        (WEIGHTS, {"cost": 11}, "here.cost", "11 is out of bounds", GIVE_WEIGHT),
        (WEIGHTS, {"cost": -1}, "here.cost", "-1 is out of bounds", GIVE_WEIGHT),
        (WEIGHTS, {"cost": 0.5}, "here.cost", "0.5 is not a whole number", GIVE_WEIGHT),
        (
            WEIGHTS,
            {"cost": True},
            "here.cost",
            "true is not a whole number",
            GIVE_WEIGHT,
        ),
        (
            WEIGHTS,
            {"cost": None},
            "here.cost",
            "null is not a whole number",
            GIVE_WEIGHT,
        ),
    ],
)
def test_a_problem_inside_a_value_has_its_own_place(
    kind: Kind, value: object, path: str, message: str, mend: str
) -> None:
    assert read(kind, value) == (None, [Problem(path, message, mend)])


def test_every_wrong_member_and_weight_is_reported() -> None:
    tried = read(TRIED, ["a", "peel", 7, "peel"])[1]
    weighed = read(WEIGHTS, {"cost": -1, "speed": "3", "beauty": 1})[1]

    assert [problem.path for problem in tried] == ["here[0]", "here[2]", "here[3]"]
    assert [problem.path for problem in weighed] == [
        "here.cost",
        "here.speed",
        "here.beauty",
    ]


NUMBERS = [name for name, kind in FACTS.items() if isinstance(kind, Number)]


def _steps(kind: Number) -> tuple[float, float]:
    if kind.whole:
        return kind.low - 1, kind.high + 1
    return math.nextafter(kind.low, -math.inf), math.nextafter(kind.high, math.inf)


@pytest.mark.parametrize("name", NUMBERS)
def test_both_bounds_are_included_and_nothing_beyond_them(name: str) -> None:
    kind = FACTS[name]
    assert isinstance(kind, Number)

    assert read(kind, kind.low) == (kind.low, [])
    assert read(kind, kind.high) == (kind.high, [])
    for beyond in _steps(kind):
        value, problems = read(kind, beyond)
        assert value is None
        assert [problem.message for problem in problems] == [
            f"{beyond!r} is out of bounds"
        ]


# Writing -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "value", "plain"),
    [
        (YesNo(), False, False),
        (AGE, 0.5, 0.5),
        (SITE, "chin", "chin"),
        (TRIED, frozenset({"peel", "laser"}), ["laser", "peel"]),
        (TRIED, frozenset(), []),
        (WEIGHTS, MappingProxyType({"speed": 3}), {"speed": 3}),
    ],
)
def test_a_value_is_written_as_json_has_it(
    kind: Kind, value: object, plain: object
) -> None:
    written = kind.plain(value)

    assert (type(written), written) == (type(plain), plain)


@pytest.mark.parametrize(
    ("kind", "schema"),
    [
        (YesNo(), {"type": ["boolean", "null"]}),
        (AGE, {"type": ["number", "null"], "minimum": 0, "maximum": 120}),
        (GRADE, {"type": ["integer", "null"], "minimum": 1, "maximum": 6}),
        (SITE, {"enum": ["cheek", "chin", None]}),
        (
            TRIED,
            {
                "type": ["array", "null"],
                "items": {"enum": ["laser", "peel"]},
                "uniqueItems": True,
            },
        ),
        (
            WEIGHTS,
            {
                "type": ["object", "null"],
                "properties": {
                    "cost": {"type": "integer", "minimum": 0, "maximum": 10},
                    "speed": {"type": "integer", "minimum": 0, "maximum": 10},
                },
                "additionalProperties": False,
            },
        ),
    ],
)
def test_a_kind_writes_its_schema(kind: Kind, schema: Mapping[str, Any]) -> None:
    assert kind.schema() == schema


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (YesNo(), "yes/no"),
        (AGE, "number, 0 to 120 years"),
        (GRADE, "whole number, 1 to 6"),
        (SITE, "one of cheek, chin"),
        (TRIED, "set of laser, peel"),
        (WEIGHTS, "weights 0 to 10 of cost, speed"),
    ],
)
def test_a_kind_describes_itself_for_a_table(kind: Kind, text: str) -> None:
    assert str(kind) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        (True, "true"),
        ("a", '"a"'),
        (4, "4"),
        (4.0, "4.0"),
        (2**64 - 1, "18446744073709551615"),
        (2**64, "a number of very many digits"),
        (-(10**400), "a number of very many digits"),
        (math.inf, "inf"),
        (Unreadable("-Infinity"), "-Infinity"),
        ([], "a list"),
        ({}, "an object"),
        ((), "a Python tuple"),
        (MappingProxyType({}), "a Python mappingproxy"),
        (object(), "a Python object"),
    ],
)
def test_a_value_is_described_in_the_words_of_json(value: object, text: str) -> None:
    assert described(value) == text


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("age_years", "age_years"),
        ("age years", '"age years"'),
        ("patient.age_years", '"patient.age_years"'),
        ("", '""'),
        ("âge", '"\\u00e2ge"'),
        ("\ud800", '"\\ud800"'),
        (None, "null"),
        (7, "7"),
        ("a" * 60, "a" * 60),
        ("a" * 61, f'"{"a" * 56}...'),
    ],
)
def test_a_hostile_key_stands_quoted_and_cut_in_a_path(name: object, text: str) -> None:
    assert name_in_path(name) == text


def test_a_problem_of_membership_takes_any_names() -> None:
    problem = not_a_member("chek", "here", iter(["cheek", "chin"]))

    assert problem.mend == 'did you mean "cheek"? The members are cheek, chin'


# Declaring ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("section", "facts", "path", "message", "mend"),
    [
        (
            Patient,
            {"age_years": "7"},
            "patient.age_years",
            '"7" is not a number',
            "write 7, without quotation marks",
        ),
        (
            Patient,
            {"phototype": 3.9},
            "patient.phototype",
            "3.9 is not a whole number",
            "write 3 or 4, whichever is meant, or null (for not known)",
        ),
        (
            Patient,
            {"preterm": "no"},
            "patient.preterm",
            '"no" is not yes or no',
            "for no write false, without quotation marks",
        ),
        (
            Patient,
            {"pregnancy": "planing"},
            "patient.pregnancy",
            '"planing" is not a member',
            PLANNING,
        ),
        (
            Lesion,
            {"size_mm": math.nan},
            "lesion.size_mm",
            "nan is not a usable number",
            f"NaN says nothing: {GIVE_SIZE}",
        ),
        (
            Goals,
            {"weights": {"visits": 11}},
            "goals.weights.visits",
            "11 is out of bounds",
            GIVE_WEIGHT,
        ),
        (
            Goals,
            {"weights": [("visits", 3)]},
            "goals.weights",
            "a list is no object",
            "give an object of criterion and weight, or null (for not known)",
        ),
    ],
)
def test_a_section_made_in_python_is_as_strict(
    section: Callable[..., object],
    facts: dict[str, object],
    path: str,
    message: str,
    mend: str,
) -> None:
    with pytest.raises(CaseError) as caught:
        section(**facts)

    assert caught.value.problems == (Problem(path, message, mend),)


@pytest.mark.parametrize(
    "offers",
    [{"peeling"}, frozenset({"peeling"}), ["peeling"], ("peeling",)],
    ids=lambda offers: type(offers).__name__,
)
def test_a_wrong_member_is_found_in_any_collection(offers: Any) -> None:
    with pytest.raises(CaseError) as caught:
        Clinic(offers=offers)

    (problem,) = caught.value.problems
    assert problem.path == "clinic.offers[0]"
    assert problem.message == '"peeling" is not a member'


@pytest.mark.parametrize("offers", [[["peel"]], ({},), {7}, [None]])
def test_a_collection_of_anything_but_texts_is_refused(offers: Any) -> None:
    with pytest.raises(CaseError, match="is not the name of a member"):
        Clinic(offers=offers)


def test_problems_in_a_set_come_in_one_order_whatever_the_hash_seed() -> None:
    with pytest.raises(CaseError) as caught:
        # As a user may write it.
        Clinic(offers={"z", "y", "x"})  # type: ignore[arg-type]

    assert [problem.message[:3] for problem in caught.value.problems] == [
        '"x"',
        '"y"',
        '"z"',
    ]


def test_a_collection_that_is_given_is_copied() -> None:
    tried: Any = ["cryotherapy"]
    weights: Any = {"visits": 3}
    history, goals = History(failed=tried), Goals(weights=weights)

    tried.append("extraction")
    weights["visits"] = 99

    assert history.failed == frozenset({"cryotherapy"})
    assert goals.weights == {"visits": 3}


def test_weights_may_be_any_mapping() -> None:
    goals = Goals(weights=MappingProxyType({"visits": 3}))

    assert goals.weights == {"visits": 3}


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (Measured(0.5), 0.5),
        (Place.CHEEK, "cheek"),
        (Grade.FOUR, 4),
        (True, True),
        (4, 4),
        (None, None),
        ([], []),
    ],
)
def test_a_number_or_text_of_a_subclass_becomes_the_plain_one(
    value: object, plain: object
) -> None:
    assert (type(plain_scalar(value)), plain_scalar(value)) == (type(plain), plain)


class Scalar:
    """A scalar as NumPy has it: no number of Python, but it knows its own."""

    shape: tuple[int, ...] = ()

    def __init__(self, value: object) -> None:
        self.value = value

    def item(self) -> object:
        """The value of Python."""
        return self.value


Scalar.__module__ = "numpy"


@pytest.mark.parametrize("value", [True, 4, 34.5, "cheek"])
def test_a_scalar_of_numpy_is_read_as_what_it_is(value: object) -> None:
    assert plain_scalar(Scalar(value)) is value


def test_what_numpy_has_no_plain_value_for_is_left_as_it_is() -> None:
    many, odd = Scalar(4), Scalar(object())
    many.shape = (1,)

    assert plain_scalar(many) is many
    assert plain_scalar(odd) is odd


def test_every_door_reads_the_scalars_of_numpy() -> None:
    given: dict[str, Any] = {
        "patient": {"age_years": Scalar(34.5), "phototype": Scalar(4.0)},
        "history": {"keloid": Scalar(value=False), "failed": [Scalar("steaming")]},
        "goals": {"weights": {"cost": Scalar(3)}},
    }
    plain = Case.from_dict(
        {
            "patient": {"age_years": 34.5, "phototype": 4},
            "history": {"keloid": False, "failed": ["steaming"]},
            "goals": {"weights": {"cost": 3}},
        }
    )

    assert Case.from_dict(given) == plain
    assert plain.to_json() == Case.from_dict(given).to_json()
    assert plain == Case(
        patient=Patient(**given["patient"]),
        history=History(**given["history"]),
        goals=Goals(**given["goals"]),
    )
    assert Case().stating(keloid=Scalar(value=False)).history.keloid is False


def test_a_section_holds_plain_values_only() -> None:
    sections: Any = [
        # As a user may write it.
        Patient(age_years=Measured(34.5), phototype=Measured(4.0)),  # type: ignore[arg-type]
        Lesion(site=Place.CHEEK),  # type: ignore[arg-type]  # as a user may write it
        # As a user may write it.
        Goals(weights={"visits": Measured(3.0)}),  # type: ignore[dict-item]
        # As a user may write it.
        Clinic(offers={Treatment.PEEL}),  # type: ignore[arg-type]
    ]
    patient, lesion, goals, clinic = sections

    assert type(patient.age_years) is float
    assert type(patient.phototype) is int
    assert type(lesion.site) is str
    assert type(goals.weights["visits"]) is int
    assert [type(option) for option in clinic.offers] == [str]


def test_a_section_shows_what_is_known_and_nothing_else() -> None:
    patient = Patient(preterm=False, age_years=34)

    assert patient.known() == {"age_years": 34, "preterm": False}
    assert repr(patient) == "Patient(age_years=34, preterm=False)"
    assert repr(Lesion()) == "Lesion()"


def test_sections_are_equal_when_all_their_facts_are() -> None:
    weighed = Goals(wants_treatment=True, weights={"cost": 1})

    assert Patient(age_years=34) == Patient(age_years=34.0)
    assert Patient(preterm=False) != Patient()
    assert weighed == Goals(weights={"cost": 1}, wants_treatment=True)
    assert weighed != Goals(wants_treatment=True, weights={"cost": 2})
    assert Findings() != Lesion()
    assert Patient(preterm=True) != {"preterm": True}


def test_equal_sections_share_their_hash_and_others_need_not() -> None:
    hashes = {
        hash(section)
        for section in (
            Patient(),
            Patient(age_years=34),
            Patient(age_years=34.0),
            Patient(preterm=False),
            History(failed=frozenset({"steaming", "extraction"})),
            History(failed=frozenset({"extraction", "steaming"})),
        )
    }

    assert len(hashes) == 4


def test_the_kind_of_each_fact_is_known_by_name_in_order() -> None:
    assert list(kinds_of(Goals)) == ["wants_treatment", "weights"]
    assert kinds_of(Patient)["age_years"] == AGE


def test_settings_are_told_from_facts() -> None:
    assert settings_of(Goals) == {"weights"}
    assert settings_of(Clinic) == {"offers"}
    assert settings_of(History) == frozenset()


# The vocabulary ----------------------------------------------------------------------


def test_a_fact_goes_by_its_section_and_name() -> None:
    assert list(SECTIONS) == [
        "patient",
        "lesion",
        "findings",
        "history",
        "goals",
        "clinic",
    ]
    assert list(FACTS)[:2] == ["patient.age_years", "patient.preterm"]
    assert list(FACTS)[-1] == "clinic.offers"


def test_no_condition_may_read_a_setting() -> None:
    assert sorted(SETTINGS) == ["clinic.offers", "goals.weights"]
    assert set(READABLE) == set(FACTS) - SETTINGS


def test_absence_is_no_the_empty_set_or_never_and_no_number_nor_arrangement() -> None:
    absences = {
        name: kind.absent
        for name, kind in FACTS.items()
        if name.partition(".")[0] in SCREENED and kind.absent is not False
    }

    assert YesNo().absent is False
    assert absences == {
        "history.lipid_or_liver_monitoring_possible": None,
        "history.isotretinoin": "never",
        "history.inr": None,
        "history.failed": frozenset(),
        "history.not_tolerated": frozenset(),
    }
