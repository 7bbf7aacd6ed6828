"""Whatever is no case is refused: every problem at once, word for word."""

from __future__ import annotations

import json
from collections.abc import Callable
from types import MappingProxyType
from typing import Any, Final, get_args

import pytest
from jsonschema import Draft202012Validator

from milia_cds.assessment.schema import case_schema
from milia_cds.case.case import Case
from milia_cds.case.milia import FACTS, Lesion, Patient, Screened
from milia_cds.errors import CaseError, Problem

GIVE_AGE: Final = "give a number from 0 to 120 years, or null (for not known)"
GIVE_GRADE: Final = "give a whole number from 1 to 6, or null (for not known)"
GIVE_COUNT: Final = "give a whole number from 1 to 10000, or null (for not known)"
GIVE_SIZE: Final = "give a number from 0.1 to 50 mm, or null (for not known)"
GIVE_INR: Final = "give a number from 0.5 to 20, or null (for not known)"
GIVE_YES_NO: Final = "give true, false, or null (for not known)"
GIVE_FACTS: Final = "give an object of facts, or leave the key out"
GIVE_SECTIONS: Final = (
    "give an object with the sections patient, lesion, findings, history, goals, clinic"
)
GIVE_WEIGHT: Final = "give a whole number from 0 to 10"
GIVE_WEIGHTS: Final = "give an object of criterion and weight, or null (for not known)"
ABSENTABLE: Final = ", ".join(get_args(Screened))
GIVE_SCREENED: Final = f"give a list of {ABSENTABLE}, or leave the key out"
GIVE_DAY: Final = 'give a date such as "2026-05-01", or leave the key out'
USE_SCREENED: Final = f"use one of {ABSENTABLE}"
USE_A_SECTION: Final = (
    "use one of patient, lesion, findings, history, goals, clinic, assume_absent, as_of"
)
PREGNANCIES: Final = "pregnant, possible, planning, none, not_possible"
CAUSES: Final = (
    "burn, wound_or_friction, surgery, blistering_disease, porphyria, "
    "laser_resurfacing, dermabrasion, chemical_peel, radiotherapy, tattoo, "
    "topical_corticosteroid, kinase_inhibitor, isotretinoin, other_drug, sun_damage, "
    "other"
)
OPTIONS: Final = (
    "observation, extraction, electrodesiccation, cryotherapy, adapalene, tretinoin, "
    "tazarotene, isotretinoin, acitretin, minocycline, laser_ablation, "
    "superficial_peel, gentle_cleansing, home_exfoliation, steaming"
)
REPAIR: Final = "repair the text"
TOO_DEEP: Final = (
    "the values are nested too deeply",
    "a document here has at most 20 levels",
)


class Awkward:
    """A value that breaks whoever compares it."""

    __hash__ = None  # type: ignore[assignment]  # what is tried

    def __eq__(self, other: object) -> bool:
        raise ValueError


def problems_of(read: Callable[[Any], Case], data: object) -> tuple[Problem, ...]:
    with pytest.raises(CaseError) as caught:
        read(data)
    return caught.value.problems


# One problem at a time --------------------------------------------------------------

# Plain values; and where, what and how to mend the one problem that they have.
PLAIN: list[tuple[object, str, str, str]] = [
    (
        None,
        "case",
        "null is no object",
        (
            "give an object with the sections patient, lesion, findings, history, "
            "goals, "
            "clinic; {} where nothing is known"
        ),
    ),
    ([], "case", "a list is no object", GIVE_SECTIONS),
    (
        "{}",
        "case",
        '"{}" is no object',
        "give what the text says, not the text: from_json reads it",
    ),
    (7, "case", "7 is no object", GIVE_SECTIONS),
    (True, "case", "true is no object", GIVE_SECTIONS),
    (
        MappingProxyType({}),
        "case",
        "a Python mappingproxy is no object",
        GIVE_SECTIONS,
    ),
    (
        {"pateint": {}},
        "pateint",
        '"pateint" is no section of a case',
        'did you mean "patient"?',
    ),
    (
        {"Patient": {}},
        "Patient",
        '"Patient" is no section of a case',
        'did you mean "patient"?',
    ),
    (
        {"asume_absent": []},
        "asume_absent",
        '"asume_absent" is no section of a case',
        'did you mean "assume_absent"?',
    ),
    (
        {"x": 1},
        "x",
        '"x" is no section of a case',
        (
            "leave it out, or use one of patient, lesion, findings, history, goals, "
            "clinic, assume_absent, as_of"
        ),
    ),
    (
        {"": {}},
        '""',
        '"" is no section of a case',
        (
            "leave it out, or use one of patient, lesion, findings, history, goals, "
            "clinic, assume_absent, as_of"
        ),
    ),
    (
        {"not_known": []},
        "not_known",
        '"not_known" is no section of a case',
        (
            "leave it out, or use one of patient, lesion, findings, history, goals, "
            "clinic, assume_absent, as_of"
        ),
    ),
    (
        {"patient.preterm": True},
        '"patient.preterm"',
        '"patient.preterm" is no section of a case',
        'write {"patient": {"preterm": true}}',
    ),
    ({None: {}}, "null", "null is no section of a case", USE_A_SECTION),
    ({7: {}}, "7", "7 is no section of a case", USE_A_SECTION),
    (
        {("patient",): {}},
        '["patient"]',
        '["patient"] is no section of a case',
        USE_A_SECTION,
    ),
    ({"patient": None}, "patient", "null is no object", GIVE_FACTS),
    ({"findings": []}, "findings", "a list is no object", GIVE_FACTS),
    (
        {"history": False},
        "history",
        "false is no object",
        (
            'write {"history": {}, "assume_absent": ["history"]} if all of it was '
            "looked "
            "for and is absent"
        ),
    ),
    ({"goals": "none"}, "goals", '"none" is no object', GIVE_FACTS),
    ({"clinic": 0}, "clinic", "0 is no object", GIVE_FACTS),
    ({"lesion": Lesion()}, "lesion", "a Python Lesion is no object", GIVE_FACTS),
    (
        {"patient": {"pregnent": True}},
        "patient.pregnent",
        '"pregnent" is no fact of patient',
        'it belongs at patient.pregnancy: write "pregnant" (confirmed)',
    ),
    (
        {"history": {"pacemaker ": True}},
        'history."pacemaker "',
        '"pacemaker " is no fact of history',
        'did you mean "pacemaker"?',
    ),
    (
        {"patient": {"site": "cheek"}},
        "patient.site",
        '"site" is no fact of patient',
        'write {"lesion": {"site": "cheek"}}',
    ),
    (
        {"clinic": {"weights": {}}},
        "clinic.weights",
        '"weights" is no fact of clinic',
        'write {"goals": {"weights": {}}}',
    ),
    (
        {"goals": {"z": 1}},
        "goals.z",
        '"z" is no fact of goals',
        "leave it out, or use one of wants_treatment, weights",
    ),
    (
        {"history": {"z": 1}},
        "history.z",
        '"z" is no fact of history',
        (
            "leave it out: history has no fact for it (the JSON Schema of a case lists "
            "its 60)"
        ),
    ),
    (
        {"goals": {7: 1}},
        "goals.7",
        "7 is no fact of goals",
        "leave it out, or use one of wants_treatment, weights",
    ),
    (
        {"goals": {"\ud800": 1}},
        'goals."\\ud800"',
        '"\\ud800" is no fact of goals',
        "leave it out, or use one of wants_treatment, weights",
    ),
    (
        {"history": {"failed": ["extraction", "steaming", "extraction"]}},
        "history.failed[2]",
        '"extraction" is listed twice',
        "remove one",
    ),
    (
        {"history": {"not_tolerated": ["extraction", "adapalen"]}},
        "history.not_tolerated[1]",
        '"adapalen" is not a member',
        f'did you mean "adapalene"? The members are {OPTIONS}',
    ),
    (
        {"history": {"failed": [None]}},
        "history.failed[0]",
        "null is not the name of a member",
        f"use one of {OPTIONS}",
    ),
    (
        {"goals": {"weights": {"visit": 3}}},
        "goals.weights.visit",
        '"visit" is no criterion',
        'did you mean "visits"?',
    ),
    (
        {"goals": {"weights": {"visits": "3"}}},
        "goals.weights.visits",
        '"3" is not a whole number',
        GIVE_WEIGHT,
    ),
    (
        {"goals": {"weights": {"visits": None}}},
        "goals.weights.visits",
        "null is not a whole number",
        GIVE_WEIGHT,
    ),
    (
        {"goals": {"weights": {"visits": 11}}},
        "goals.weights.visits",
        "11 is out of bounds",
        GIVE_WEIGHT,
    ),
    (
        {"assume_absent": None},
        "assume_absent",
        "null is not a list",
        "leave the key out",
    ),
    (
        {"assume_absent": True},
        "assume_absent",
        "true is not a list",
        'write ["findings", "history"] if all of it was looked for',
    ),
    *(
        ({"as_of": given}, "as_of", f"{said} is no date", GIVE_DAY)
        for given, said in {
            "1.5.2026": '"1.5.2026"',
            "20260501": '"20260501"',
            "2026-02-30": '"2026-02-30"',
            "2026-05-01T12:00": '"2026-05-01T12:00"',
            "": '""',
            20260501: "20260501",
            True: "true",
        }.items()
    ),
    (
        {"assume_absent": "history"},
        "assume_absent",
        '"history" is not a list',
        'write ["history"]',
    ),
    (
        {"assume_absent": {"history": True}},
        "assume_absent",
        "an object is not a list",
        GIVE_SCREENED,
    ),
    (
        {"assume_absent": ("history",)},
        "assume_absent",
        "a Python tuple is not a list",
        GIVE_SCREENED,
    ),
    (
        {"assume_absent": ["patient"]},
        "assume_absent[0]",
        '"patient" cannot be assumed absent',
        USE_SCREENED,
    ),
    (
        {"assume_absent": ["history.pacemaker"]},
        "assume_absent[0]",
        '"history.pacemaker" cannot be assumed absent',
        USE_SCREENED,
    ),
    (
        {"assume_absent": ["findings", None]},
        "assume_absent[1]",
        "null cannot be assumed absent",
        USE_SCREENED,
    ),
    (
        {"assume_absent": [["history"]]},
        "assume_absent[0]",
        "a list cannot be assumed absent",
        USE_SCREENED,
    ),
    (
        {"assume_absent": [Awkward()]},
        "assume_absent[0]",
        "a Python Awkward cannot be assumed absent",
        USE_SCREENED,
    ),
    (
        {"assume_absent": ["history", "history"]},
        "assume_absent[1]",
        '"history" is listed twice',
        "list it once",
    ),
]

# The name of a fact, and a value that is none of it.
VALUES: list[tuple[str, object, str, str]] = [
    (
        "patient.preterm",
        "no",
        '"no" is not yes or no',
        "for no write false, without quotation marks",
    ),
    ("history.pacemaker", 1, "1 is not yes or no", "for yes write true"),
    ("findings.painful", 0.0, "0.0 is not yes or no", "for no write false"),
    (
        "findings.painful",
        {},
        "an object is not yes or no",
        (
            "write the value itself, without { }: write true (yes), false (no), or "
            "null "
            "(for not known)"
        ),
    ),
    (
        "patient.age_years",
        "7",
        '"7" is not a number',
        "write 7, without quotation marks",
    ),
    ("patient.age_years", True, "true is not a number", GIVE_AGE),
    ("patient.age_years", -0.5, "-0.5 is out of bounds", GIVE_AGE),
    ("patient.age_years", 121, "121 is out of bounds", GIVE_AGE),
    (
        "patient.age_years",
        float("nan"),
        "nan is not a usable number",
        "NaN says nothing: give a number from 0 to 120 years, or null (for not known)",
    ),
    ("lesion.size_mm", 0.09, "0.09 is out of bounds", GIVE_SIZE),
    (
        "history.inr",
        [],
        "a list is not a number",
        (
            "an empty list says nothing: give a number from 0.5 to 20, or null (for "
            "not "
            "known)"
        ),
    ),
    ("history.inr", 20.1, "20.1 is out of bounds", GIVE_INR),
    ("patient.phototype", "7", '"7" is not a whole number', GIVE_GRADE),
    ("patient.phototype", True, "true is not a whole number", GIVE_GRADE),
    (
        "patient.phototype",
        3.9,
        "3.9 is not a whole number",
        "write 3 or 4, whichever is meant, or null (for not known)",
    ),
    ("patient.phototype", 0, "0 is out of bounds", GIVE_GRADE),
    ("patient.phototype", 7, "7 is out of bounds", GIVE_GRADE),
    (
        "lesion.count",
        10**400,
        "a number of very many digits is out of bounds",
        GIVE_COUNT,
    ),
    (
        "patient.pregnancy",
        "planing",
        '"planing" is not a member',
        (
            'did you mean "planning"? The members are pregnant, possible, planning, '
            "none, not_possible, or null (for not known)"
        ),
    ),
    (
        "patient.pregnancy",
        "unknown",
        '"unknown" is not a member',
        "for not known write null, without quotation marks",
    ),
    (
        "patient.pregnancy",
        False,
        "false is not the name of a member",
        (
            'write "none" (absent, could occur) or "not_possible" (impossible), '
            "whichever it is, or null (for not known); impossible means male, before "
            "the "
            "menarche, after the menopause or a hysterectomy; on contraception it is "
            '"none"'
        ),
    ),
    (
        "lesion.cause",
        ["burn"],
        "a list is not the name of a member",
        'write "burn", without [ ]',
    ),
    (
        "lesion.diagnosis",
        Awkward(),
        "a Python Awkward is not the name of a member",
        "use one of confirmed, uncertain, or null (for not known)",
    ),
    (
        "clinic.offers",
        "extraction",
        '"extraction" is not a list',
        'put it in a list: write ["extraction"]',
    ),
    (
        "clinic.offers",
        ("extraction",),
        "a Python tuple is not a list",
        'without [ ], put it in a list: write ["extraction"]',
    ),
    (
        "history.failed",
        {"extraction": True},
        "an object is not a list",
        'put it in a list: write ["extraction"]',
    ),
    ("goals.weights", [], "a list is no object", GIVE_WEIGHTS),
]

PLAIN += [
    ({name.partition(".")[0]: {name.partition(".")[2]: value}}, name, message, mend)
    for name, value, message, mend in VALUES
]

# JSON text that says what plain values cannot.
TEXT: list[tuple[str | bytes, str, str, str]] = [
    (
        "",
        "the text",
        "the text is empty",
        "give a JSON object; {} says nothing",
    ),
    (
        '{"patient": {"age_years": 3',
        "line 1, column 28",
        "this is not JSON: the text ends too early",
        "add }} at the end",
    ),
    (
        '{"patient": {}} {"lesion": {}}',
        "line 1, column 17",
        "this is not JSON: a second value begins here",
        "give one at a time",
    ),
    (
        "\ufeff{}",
        "the text",
        "the text begins with a byte-order mark",
        "save it as UTF-8 without a byte-order mark",
    ),
    (b"{\xff}", "the text", "byte 1 is not UTF-8", "save the text as UTF-8"),
    (
        "{}".encode("utf-16"),
        "the text",
        "byte 0 is not UTF-8",
        "save the text as UTF-8",
    ),
    (
        '{"\udfff": {}}',
        "the text",
        "character 2 is a lone surrogate",
        "remove it, or repair the encoding",
    ),
    ("[" * 100_000, "the text", *TOO_DEEP),
    ('{"patient":' * 100_000, "the text", *TOO_DEEP),
    (
        "null",
        "case",
        "null is no object",
        (
            "give an object with the sections patient, lesion, findings, history, "
            "goals, "
            "clinic; {} where nothing is known"
        ),
    ),
    ("NaN", "case", "NaN is no object", GIVE_SECTIONS),
    (
        '{"patient": {"age_years": NaN}}',
        "patient.age_years",
        "NaN is not a usable number",
        "NaN says nothing: give a number from 0 to 120 years, or null (for not known)",
    ),
    (
        '{"patient": {"age_years": Infinity}}',
        "patient.age_years",
        "Infinity is not a usable number",
        (
            "Infinity says nothing: give a number from 0 to 120 years, or null (for "
            "not "
            "known)"
        ),
    ),
    (
        '{"patient": {"age_years": 1e999}}',
        "patient.age_years",
        "1e999 is not a usable number",
        (
            "1e999 says nothing: give a number from 0 to 120 years, or null (for not "
            "known)"
        ),
    ),
    (
        '{"patient": {"phototype": -1e999}}',
        "patient.phototype",
        "-1e999 is not a usable number",
        "-1e999 says nothing: give a whole number from 1 to 6, or null (for not known)",
    ),
    (
        f'{{"lesion": {{"count": {"1" * 400}}}}}',
        "lesion.count",
        "11111111111111111111... is not a usable number",
        (
            "11111111111111111111... says nothing: give a whole number from 1 to "
            "10000, "
            "or null (for not known)"
        ),
    ),
    (
        '{"history": {"pacemaker": NaN}}',
        "history.pacemaker",
        "NaN is not yes or no",
        "NaN says nothing: write true (yes), false (no), or null (for not known)",
    ),
    (
        '{"patient": {"preterm": true}, "patient": {}}',
        "patient",
        'the key "patient" is given twice',
        "give it once",
    ),
    (
        '{"patient": {"preterm": true, "preterm": false}}',
        "patient.preterm",
        'the key "preterm" is given twice',
        "give it once: true or false, whichever is right",
    ),
    (
        '{"goals": {"weights": {"cost": 1, "cost": 2}}}',
        "goals.weights.cost",
        'the key "cost" is given twice',
        "give it once: 1 or 2, whichever is right",
    ),
]


@pytest.mark.parametrize(
    ("data", "path", "message", "mend"), PLAIN, ids=[row[2] for row in PLAIN]
)
def test_bad_values_are_refused_word_for_word(
    data: object, path: str, message: str, mend: str
) -> None:
    assert problems_of(Case.from_dict, data) == (Problem(path, message, mend),)


@pytest.mark.parametrize(
    ("text", "path", "message", "mend"), TEXT, ids=[row[2] for row in TEXT]
)
def test_bad_text_is_refused_word_for_word(
    text: str | bytes, path: str, message: str, mend: str
) -> None:
    assert problems_of(Case.from_json, text) == (Problem(path, message, mend),)


def _as_json(data: object) -> str | None:
    """The text of what JSON can say, with numbers that it can still show."""
    try:
        text = json.dumps(data)
    except TypeError:
        return None
    sound = "NaN" not in text and "\\ud800" not in text and "0" * 300 not in text
    return text if sound and json.loads(text) == data else None


JSON: Final = [text for data, *_ in PLAIN if (text := _as_json(data)) is not None]


@pytest.mark.parametrize("text", JSON)
def test_text_and_plain_values_have_the_same_problems(text: str) -> None:
    from_text = problems_of(Case.from_json, text)

    assert from_text == problems_of(Case.from_dict, json.loads(text))


@pytest.mark.parametrize("text", JSON)
def test_the_schema_refuses_what_is_refused(text: str) -> None:
    assert not Draft202012Validator(case_schema()).is_valid(json.loads(text))


# Many problems at once ---------------------------------------------------------------


def test_every_problem_is_reported_at_once() -> None:
    data = {
        "patient": {"age_years": "7", "phototype": 7, "pregnent": True},
        "lesion": None,
        "findings": {"painful": "no", "pacemaker": False},
        "history": {"failed": ["lazer", "steaming", "steaming"]},
        "goals": {"weights": {"cost": -1, "beauty": 3}},
        "assume_absent": ["patient", "history", "history"],
        "extra": {},
    }

    assert [problem.path for problem in problems_of(Case.from_dict, data)] == [
        "patient.age_years",
        "patient.phototype",
        "patient.pregnent",
        "lesion",
        "findings.painful",
        "findings.pacemaker",
        "history.failed[0]",
        "history.failed[2]",
        "goals.weights.cost",
        "goals.weights.beauty",
        "assume_absent[0]",
        "assume_absent[2]",
        "extra",
    ]


def test_a_key_given_twice_does_not_hide_the_other_problems() -> None:
    text = """{
        "patient": {"age_years": "7", "preterm": true, "preterm": false},
        "lesion": {"site": "cheek"},
        "lesion": {"site": "chek", "count": 1e999},
        "goals": {"weights": {"cost": 1, "cost": 11}}
    }"""

    assert [
        (problem.path, problem.message) for problem in problems_of(Case.from_json, text)
    ] == [
        ("lesion", 'the key "lesion" is given twice'),
        ("patient.preterm", 'the key "preterm" is given twice'),
        ("goals.weights.cost", 'the key "cost" is given twice'),
        ("patient.age_years", '"7" is not a number'),
        ("lesion.site", '"chek" is not a member'),
        ("lesion.count", "1e999 is not a usable number"),
        ("goals.weights.cost", "11 is out of bounds"),
    ]


def test_lone_surrogates_are_named_beside_what_they_break() -> None:
    text = '{"patient": {"pregnancy": "\\ud800"}, "goals": {"\\udfff": 1}}'

    assert problems_of(Case.from_json, text) == (
        Problem("patient.pregnancy", "a text has a lone surrogate", REPAIR),
        Problem("goals", 'the key "\\udfff" has a lone surrogate', REPAIR),
        Problem(
            "patient.pregnancy",
            '"\\ud800" is not a member',
            f"use one of {PREGNANCIES}, or null (for not known)",
        ),
        Problem(
            'goals."\\udfff"',
            '"\\udfff" is no fact of goals',
            "leave it out, or use one of wants_treatment, weights",
        ),
    )


def test_nesting_that_python_can_still_read_is_refused_as_too_deep() -> None:
    text = f'{{"lesion": {{"diagnosis": {"[" * 500 + "]" * 500}}}}}'

    assert problems_of(Case.from_json, text) == (
        Problem("lesion.diagnosis" + "[0]" * 18, *TOO_DEEP),
        Problem(
            "lesion.diagnosis",
            "a list is not the name of a member",
            "without [ ], use one of confirmed, uncertain, or null (for not known)",
        ),
    )


def test_values_that_hold_themselves_are_refused() -> None:
    endless: dict[str, object] = {}
    endless["patient"] = endless

    assert problems_of(Case.from_dict, endless) == (
        Problem(
            "patient.patient",
            '"patient" is no fact of patient',
            "leave it out, or use one of age_years, preterm, pregnancy, breastfeeding, "
            "phototype, cooperative",
        ),
    )


LUPUS: Final = "history=History(inr=None, lupus=None)"
LONG: Final = "a" * 1_000_000
HOSTILE: list[tuple[Callable[[Any], Case], object]] = [
    (Case.from_dict, {LONG: {}}),
    (Case.from_dict, {"patient": {LONG: 1, "\ud800" * 1000: 1}}),
    (Case.from_dict, {"patient": {"pregnancy": LONG, "age_years": LONG}}),
    (Case.from_dict, {"patient": {"pregnancy": "\ud800\x00\x1b[31m\x7f\n\r\u202e"}}),
    (Case.from_dict, {"goals": {"weights": {LONG: 1, "\udfff\n": 1, "é": 1}}}),
    (Case.from_dict, {"clinic": {"offers": [LONG, "\ud800"]}}),
    (Case.from_dict, {"assume_absent": [LONG, "\ud800\n"]}),
    (Case.from_dict, {10**5000: 1, "patient": {10**5000: 1}}),
    (Case.from_dict, {"patient": {"age_years": -(10**5000)}}),
    (Case.from_json, f'{{"{LONG}": {{"{LONG}": 1, "{LONG}": 2}}}}'),
    (Case.from_json, f'{{"{LONG[:500]}": ' * 15 + "[" * 10 + "]" * 10 + "}" * 15),
    (Case.from_json, f'{{"patient": {{"age_years": {"1" * 1_000_000}}}}}'),
    (Case.from_json, f'{{"patient": {{"age_years": {"1" * 1_000_000}.5}}}}'),
    (Case.from_json, "\ud800" * 1000),
    (Case.from_json, '{"patient\ue000": "\\u0000", "\\n": "\\ud800"}'),
]


@pytest.mark.parametrize(("read", "data"), HOSTILE, ids=range(len(HOSTILE)))
def test_problems_are_short_and_printable_whatever_is_given(
    read: Callable[[Any], Case], data: object
) -> None:
    for problem in problems_of(read, data):
        assert str(problem).isprintable()
        assert len(problem.path) <= 1200  # twenty keys
        assert len(problem.message) <= 120
        assert len(problem.mend) <= 400  # the names of all members


@pytest.mark.slow
def test_a_great_many_entries_are_refused_in_good_time() -> None:
    """Looking each entry up in the list of all before it would take minutes here."""
    many = [f"treatment {number}" for number in range(20_000)]
    twice = ["history"] * 200_000

    for data, found in (
        ({"clinic": {"offers": many}}, 20_000),
        ({"assume_absent": twice}, 199_999),
    ):
        with pytest.raises(CaseError) as caught:
            Case.from_dict(data)

        assert len(caught.value.problems) == 1000
        assert caught.value.more == found - 1000
        assert f"The case has {found} problems:" in str(caught.value)


# In Python ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "path", "message", "mend"),
    [
        (
            {"patient": None},
            "patient",
            "null is no section",
            "give a milia_cds.Patient",
        ),
        (
            {"patient": {"preterm": True}},
            "patient",
            "an object is no section",
            "give a milia_cds.Patient",
        ),
        (
            {"lesion": Patient()},
            "lesion",
            "a Python Patient is no section",
            "give a milia_cds.Lesion",
        ),
        (
            {"assume_absent": None},
            "assume_absent",
            "null is not a list",
            "leave the key out",
        ),
        (
            {"assume_absent": "history"},
            "assume_absent",
            '"history" is not a list',
            'write ["history"]',
        ),
        (
            {"assume_absent": ("goals",)},
            "assume_absent[0]",
            '"goals" cannot be assumed absent',
            USE_SCREENED,
        ),
        (
            {"assume_absent": [["history"]]},
            "assume_absent[0]",
            "a list cannot be assumed absent",
            USE_SCREENED,
        ),
        (
            {"not_known": {"history.inr"}},
            "not_known",
            "the sections say what is not known",
            "give history=History(inr=None) instead",
        ),
        (
            {"not_known": ["patient.preterm", "history.inr", "history.lupus"]},
            "not_known",
            "the sections say what is not known",
            f"give patient=Patient(preterm=None), {LUPUS} instead",
        ),
        (
            {"not_known": frozenset()},
            "not_known",
            "the sections say what is not known",
            "leave it out",
        ),
        *(
            (
                {"not_known": given},
                "not_known",
                "the sections say what is not known",
                "give None in its section, such as history=History(inr=None)",
            )
            for given in (None, "patient.preterm", {"patient.age"}, [["a"]], [*FACTS])
        ),
    ],
)
def test_a_case_made_in_python_is_as_strict(
    facts: dict[str, Any], path: str, message: str, mend: str
) -> None:
    with pytest.raises(CaseError) as caught:
        Case(**facts)

    assert caught.value.problems == (Problem(path, message, mend),)


@pytest.mark.parametrize(
    ("facts", "path", "message", "mend"),
    [
        (
            {"age_years": 34, "patient.age_years": 34},
            "patient.age_years",
            '"age_years" and "patient.age_years" name the same fact',
            "give it once",
        ),
        (
            {"patient.age": 34},
            "patient.age",
            '"patient.age" is no fact',
            'write {"patient": {"age_years": 34}}',
        ),
        (
            {3: 34},
            "3",
            "3 is no fact",
            "use the name of a fact",
        ),
    ],
)
def test_stating_takes_each_fact_once_and_by_its_name(
    facts: dict[Any, Any], path: str, message: str, mend: str
) -> None:
    with pytest.raises(CaseError) as caught:
        Case().stating(facts)

    assert caught.value.problems == (Problem(path, message, mend),)


def test_stating_takes_a_fact_once_whichever_way_it_is_given() -> None:
    with pytest.raises(CaseError) as caught:
        Case().stating({"age_years": 34}, age_years=35)

    assert [str(problem) for problem in caught.value.problems] == [
        'patient.age_years: "age_years" is given twice; give it once'
    ]
    assert Case().stating(age_years=34) == Case().stating({"age_years": 34})


def test_every_problem_of_a_case_made_in_python_is_reported() -> None:
    wrong: Any = {"patient": None, "clinic": 7, "assume_absent": ["goals", "clinic"]}

    with pytest.raises(CaseError) as caught:
        Case(**wrong)

    assert [problem.path for problem in caught.value.problems] == [
        "patient",
        "clinic",
        "assume_absent[0]",
        "assume_absent[1]",
    ]
