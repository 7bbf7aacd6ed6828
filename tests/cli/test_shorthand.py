"""Facts as one types them, and what is said of each that cannot be read."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from milia_cds import CaseError, load_knowledge
from milia_cds.case.milia import Screened
from milia_cds.case.stated import StatedCase
from milia_cds.cli.shorthand import example_of, is_fact, names_of, short_names, stating
from tests.common import vignettes

BASE = load_knowledge()
VOCABULARY = BASE.vocabulary
NONE: dict[str, Any] = {}


def typed(*facts: str, case: dict[str, Any] = NONE) -> dict[str, Any]:
    """The case that these facts give, as JSON."""
    known = StatedCase.read(VOCABULARY, case) if case else None
    return stating(VOCABULARY, known, facts).to_dict()


@pytest.mark.parametrize(
    ("fact", "said"),
    [
        ("patient.age_years=34", {"patient": {"age_years": 34}}),
        ("age_years=34", {"patient": {"age_years": 34}}),
        ("patient.age=34", {"patient": {"age_years": 34}}),
        ("age=0.25", {"patient": {"age_years": 0.25}}),
        ("age=034", {"patient": {"age_years": 34}}),
        ("Size=1.5", {"lesion": {"size_mm": 1.5}}),
        ("duration=20", {"lesion": {"duration_weeks": 20}}),
        ("count=5", {"lesion": {"count": 5}}),
        ("site=cheek", {"lesion": {"site": "cheek"}}),
        ("site=Lower Eyelid", {"lesion": {"site": "lower_eyelid"}}),
        ("wants-treatment=yes", {"goals": {"wants_treatment": True}}),
        ("pacemaker=no", {"history": {"pacemaker": False}}),
        ("pacemaker=true", {"history": {"pacemaker": True}}),
        ("pacemaker=unknown", {"history": {"pacemaker": None}}),
        ("pacemaker=null", {"history": {"pacemaker": None}}),
        ("inr=unknown", {"history": {"inr": None}}),
        ("pregnancy=none", {"patient": {"pregnancy": "none"}}),
        (
            "failed=steaming,extraction",
            {"history": {"failed": ["extraction", "steaming"]}},
        ),
        ("failed=none", {"history": {"failed": []}}),
        ("weights=cost:5, speed:0", {"goals": {"weights": {"cost": 5, "speed": 0}}}),
        (
            "assume_absent=history, findings",
            {"assume_absent": ["history", "findings"]},
        ),
    ],
)
def test_a_fact_is_read_as_it_is_typed(fact: str, said: dict[str, Any]) -> None:
    assert is_fact(fact)
    assert typed(fact) == said


def test_what_is_typed_goes_before_what_the_case_says() -> None:
    case = {
        "patient": {"age_years": 34, "preterm": None},
        "history": {"keloid": True, "inr": None},
    }
    assert typed("age=35", "keloid=unknown", "inr=2.5", case=case) == {
        "patient": {"age_years": 35, "preterm": None},
        "history": {"inr": 2.5, "keloid": None},
    }


@pytest.mark.parametrize("name", ["case.json", "-", "./a=b.json", "cases/a=b.json"])
def test_a_file_is_no_fact(name: str) -> None:
    assert not is_fact(name)


AGE = "give a number from 0 to 120 years, or unknown"

UNREADABLE = {
    "a fact that there is not": (
        "shoe=44",
        'shoe: "shoe" is no fact; milia-cds facts lists the facts that can be stated',
    ),
    "nothing behind the sign": (
        "inr=",
        (
            'history.inr: nothing stands behind "="; write a value, such as '
            "inr=unknown where it is not known"
        ),
    ),
    "no yes and no no": (
        "pacemaker=perhaps",
        'history.pacemaker: "perhaps" is not yes or no; for not known write unknown',
    ),
    "a word of another language": (
        "pacemaker=ja",
        'history.pacemaker: "ja" is not yes or no; write yes',
    ),
    "no number": (
        "age=old",
        (
            'patient.age_years: "old" is not a number; write the age as a number of '
            "years from 0 to 120, such as 0.5 for six months, or unknown"
        ),
    ),
    "a number of another alphabet": (
        "age=\uff13\uff14",
        'patient.age_years: "\\uff13\\uff14" is not a number; write 34',
    ),
    "a number that is none": (
        "age=nan",
        'patient.age_years: "nan" is not a number; for not known write unknown',
    ),
    "out of bounds": ("age=340", f"patient.age_years: 340 is out of bounds; {AGE}"),
    "a fraction of a grade": (
        "phototype=2.5",
        (
            "patient.phototype: 2.5 is not a whole number; write 2 or 3, whichever is "
            "meant, or unknown"
        ),
    ),
    "a weight out of bounds": (
        "weights=cost:11",
        "goals.weights.cost: 11 is out of bounds; give a whole number from 0 to 10",
    ),
    "a criterion without a weight": (
        "weights=cost",
        (
            'goals.weights.cost: "" is not a whole number; give a whole number from 0 '
            "to 10"
        ),
    ),
    "a section that cannot be screened for": (
        "assume_absent=goals",
        (
            'assume_absent[0]: "goals" cannot be assumed absent; use one of '
            f"{', '.join(get_args(Screened))}"
        ),
    ),
}


@pytest.mark.parametrize("what", UNREADABLE)
def test_what_cannot_be_read_is_told_with_what_to_write(what: str) -> None:
    fact, problem = UNREADABLE[what]
    with pytest.raises(CaseError) as refused:
        typed(fact)
    assert str(refused.value) == f"The case has 1 problem:\n  {problem}"


def test_a_fact_is_given_once() -> None:
    with pytest.raises(CaseError) as refused:
        typed("age=34", "age_years=35")
    assert str(refused.value) == (
        "The case has 1 problem:\n"
        '  patient.age_years: "age=34" and "age_years=35" state the same fact; give '
        "one of them"
    )


def test_all_that_cannot_be_read_is_told_at_once() -> None:
    with pytest.raises(CaseError) as refused:
        typed("shoe=44", "age=old", "pacemaker=perhaps", "site=cheek")
    assert [each.path for each in refused.value.problems] == [
        "shoe",
        "patient.age_years",
        "history.pacemaker",
    ]


def test_every_short_name_means_its_fact_and_its_example_is_read() -> None:
    short = short_names(VOCABULARY)
    assert list(short) == list(VOCABULARY.kinds)
    assert len(set(short.values())) == len(short)
    assert short["patient.age_years"] == "age"
    names = names_of(VOCABULARY)
    for fact, kind in VOCABULARY.kinds.items():
        assert names[short[fact]] == fact
        section, _, own = fact.partition(".")
        assert own in typed(f"{short[fact]}={example_of(kind)}")[section]


def as_typed(value: Any) -> str:
    """A plain value as somebody would type it."""
    match value:
        case None:
            return "unknown"
        case bool():
            return "yes" if value else "no"
        case list():
            return ",".join(value) or "none"
        case dict():
            return ",".join(f"{name}:{weight}" for name, weight in value.items())
    return str(value)


@pytest.mark.parametrize("name", ["short", "dotted"])
def test_what_is_typed_is_the_case_that_json_states(name: str) -> None:
    short = short_names(VOCABULARY)
    for vignette in vignettes():
        data = StatedCase.read(VOCABULARY, vignette.case_data).to_dict()
        facts = [
            f"{short[fact] if name == 'short' else fact}={as_typed(value)}"
            for section in VOCABULARY.sections
            for fact, value in (
                (f"{section}.{own}", value)
                for own, value in data.get(section, {}).items()
            )
        ]
        screened = data.get("assume_absent", [])
        if screened:
            facts.append(f"assume_absent={','.join(screened)}")
        assert typed(*facts) == data
