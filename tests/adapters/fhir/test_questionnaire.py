"""The questions of a vocabulary as a form, when each is shown; a case as answers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from milia_cds import Case, ContradictionError, WrongTypeError, assess, load_knowledge
from milia_cds.adapters.fhir.questionnaire import canonical, questionnaire, response
from milia_cds.adapters.fhir.relevance import shown_when
from milia_cds.case.stated import AnyCase
from milia_cds.explanation.questions import muted
from milia_cds.knowledge.model import Knowledge
from milia_cds.logic.conditions import (
    And,
    Atom,
    Compare,
    Condition,
    Holds,
    Not,
    OneOf,
    Or,
    Yes,
    truth,
)
from milia_cds.logic.facts import Choice, Kind, Members, Number, Value, YesNo
from milia_cds.testing import hostile_cases, near_patients
from tests.adapters.fhir.wellformed import faults, items
from tests.common import SCREENED, THOROUGH, adult, patients
from tests.otherworld.test_otherworld import BASE as DRAGONS
from tests.otherworld.test_otherworld import DRY, WET

BASE = load_knowledge()
FORM = questionnaire()
ITEMS: Mapping[str, Mapping[str, Any]] = {each["linkId"]: each for each in items(FORM)}
laws = settings(
    deadline=None, derandomize=not THOROUGH, max_examples=5000 if THOROUGH else 40
)
few = settings(
    deadline=None, derandomize=not THOROUGH, max_examples=1000 if THOROUGH else 8
)


def codes(item: Mapping[str, Any]) -> list[str]:
    return [each["valueCoding"]["code"] for each in item["answerOption"]]


def chosen(item: Mapping[str, Any]) -> list[str]:
    options = item["answerOption"]
    return [o["valueCoding"]["code"] for o in options if o.get("initialSelected")]


# -- the questions --


@pytest.mark.parametrize("base", [BASE, DRAGONS], ids=["shipped", "dragons"])
def test_a_form_is_well_formed(base: Knowledge) -> None:
    assert faults(questionnaire(base)) == []


@pytest.mark.parametrize("base", [BASE, DRAGONS], ids=["shipped", "dragons"])
def test_every_fact_is_asked_once_by_its_dotted_name(base: Knowledge) -> None:
    asked = [each["linkId"] for each in items(questionnaire(base))]

    facts = [name for name in asked if name in base.vocabulary.kinds]
    assert sorted(facts) == sorted(base.vocabulary.kinds)


def test_the_address_is_of_the_domain() -> None:
    assert canonical(BASE.vocabulary) == "urn:milia-cds:questionnaire:1"
    assert canonical(DRAGONS.vocabulary).startswith("urn:milia-cds:questionnaire:1:")
    assert " " not in canonical(attrs.evolve(BASE.vocabulary, domain="sea serpents"))


def test_a_form_says_that_it_is_a_draft_and_by_which_knowledge() -> None:
    assert FORM["status"] == "draft"
    assert "Draft, not clinically reviewed" in FORM["description"]
    assert BASE.digest in FORM["description"]


def test_a_screen_is_a_group_with_its_question_and_help() -> None:
    group = ITEMS["screen.growth_and_surface"]
    screen = BASE.screens["growth_and_surface"]

    assert (group["type"], group["text"]) == ("group", screen.ask)
    assert group["item"][0]["text"] == screen.help
    assert group["item"][1]["linkId"] == "findings.growing"


def test_the_help_of_a_question_that_stands_alone_is_that_of_both() -> None:
    assert BASE.screens["site"].help in ITEMS["lesion.site#help"]["text"]


@pytest.mark.parametrize("name", [n for n, k in BASE.kinds.items() if k == YesNo()])
def test_a_yes_no_fact_is_never_a_box_of_two_states(name: str) -> None:
    assert ITEMS[name]["type"] == "choice"
    assert codes(ITEMS[name]) == ["yes", "no", "not_known"]


def test_every_fact_that_is_chosen_may_be_not_known() -> None:
    chosen_from = [each for each in ITEMS.values() if each["type"] == "choice"]

    assert len(chosen_from) > 90
    assert all("not_known" in codes(each) for each in chosen_from)


def test_a_choice_has_its_members_but_none_that_is_retired() -> None:
    cause = BASE.facts["lesion.cause"]

    assert cause.retired
    offered = [*cause.members]
    assert codes(ITEMS["lesion.cause"]) == [
        *(name for name in offered if name not in cause.retired),
        "not_known",
    ]


def test_a_retired_member_is_offered_where_it_is_stated() -> None:
    case = Case.from_dict({"lesion": {"origin": "secondary", "cause": "sun_damage"}})
    asked = {each["linkId"]: each for each in items(questionnaire(case=case))}

    assert chosen(asked["lesion.cause"]) == ["sun_damage"]


def test_none_of_a_set_and_not_known_exclude_its_members() -> None:
    failed = ITEMS["history.failed"]

    assert failed["repeats"] is True
    excluding = [o["valueCoding"]["code"] for o in failed["answerOption"][-2:]]
    assert excluding == ["no", "not_known"]
    assert all(
        each["extension"][0]["valueBoolean"] is True
        for each in failed["answerOption"][-2:]
    )


def test_a_number_has_its_bounds_and_its_unit() -> None:
    item = ITEMS["lesion.size_mm"]
    more = {each["url"].rpartition("/")[2]: each for each in item["extension"]}

    assert item["type"] == "decimal"
    assert more["minValue"]["valueDecimal"] == 0.1
    assert more["maxValue"]["valueDecimal"] == 50
    assert more["questionnaire-unit"]["valueCoding"] == {"display": "mm"}
    assert item["text"].endswith("(mm)")


def test_a_whole_number_has_no_decimals() -> None:
    extension = ITEMS["lesion.count"]["extension"]

    assert {"valueInteger": 0}.items() <= extension[-1].items()


def test_weights_are_a_number_for_each_criterion() -> None:
    below = [each["linkId"] for each in ITEMS["goals.weights"]["item"][1:]]

    assert below == [f"goals.weights.{name}" for name in BASE.criteria]


@pytest.mark.parametrize("taker", [questionnaire, response])
def test_what_is_no_case_is_refused(taker: Any) -> None:
    with pytest.raises(WrongTypeError, match="takes a case"):
        taker(case={"patient": {}})


# -- when a question is shown --


def answers_of(said: Mapping[str, Any]) -> dict[str, list[Any]]:
    """The answers in a response by `linkId`: codes, and numbers."""
    return {
        each["linkId"]: [
            one.get("valueDecimal", one.get("valueCoding", {}).get("code"))
            for one in each["answer"]
        ]
        for each in items(said)
        if "answer" in each
    }


def enabled(item: Mapping[str, Any], answers: Mapping[str, list[Any]]) -> bool:
    """Whether a form shows an item, by the reading that shows the least of it.

    No comparison with a question that has no answer holds.
    """
    when = item.get("enableWhen", [])
    held = [_holds(each, answers.get(each["question"], [])) for each in when]
    return not held or (any if item.get("enableBehavior") == "any" else all)(held)


def _holds(when: Mapping[str, Any], answers: list[Any]) -> bool:
    if when["operator"] == "exists":
        return bool(answers) is when["answerBoolean"]
    wanted = when.get("answerDecimal", when.get("answerCoding", {}).get("code"))
    compare = {
        "=": lambda one: one == wanted,
        "!=": lambda one: one != wanted,
        ">": lambda one: one > wanted,
        ">=": lambda one: one >= wanted,
        "<": lambda one: one < wanted,
        "<=": lambda one: one <= wanted,
    }[when["operator"]]
    return any(map(compare, answers))


def visible(form: Mapping[str, Any], answers: Mapping[str, list[Any]]) -> set[str]:
    """The items that a form shows to whoever has given these answers."""
    shown = set()
    for each in form.get("item", ()):
        if enabled(each, answers):
            shown |= {each["linkId"], *visible(each, answers)}
    return shown


def shown_to(case: AnyCase, base: Knowledge = BASE) -> set[str]:
    return visible(questionnaire(base), answers_of(response(case, knowledge=base)))


def test_what_nobody_wants_to_know_is_not_shown() -> None:
    asked = shown_to(adult(wants_treatment=False))

    hidden = {name for name, each in BASE.facts.items() if each.asked_when}
    assert hidden
    assert not hidden & asked
    assert "screen.cold" not in asked


@pytest.mark.parametrize("wish", [{}, {"wants_treatment": None}])
def test_what_may_be_wanted_is_shown(wish: dict[str, Any]) -> None:
    case = Case.from_dict({"goals": wish})

    assert {*BASE.vocabulary.kinds} <= shown_to(case)


@laws
@given(near_patients() | hostile_cases())
def test_a_form_shows_whatever_is_relevant(case: Case) -> None:
    shown = shown_to(case)

    facts = case.facts()
    relevant = {name for name in BASE.kinds if not muted(BASE, name, facts)}
    assert relevant <= shown
    # And where relevance is as flat as here, nothing else.
    assert {*BASE.kinds} & shown == relevant


@few
@given(near_patients())
def test_a_form_shows_whatever_an_answer_asks(case: Case) -> None:
    asked = {fact for each in assess(case).questions for fact in each.facts}

    assert asked <= shown_to(case)


KINDS: Mapping[str, Kind] = {
    "a.yes": YesNo(),
    "a.also": YesNo(),
    "a.kind": Choice(("red", "blue", "green")),
    "a.width": Number(0, 10),
    "a.tried": Members(("salve", "bath")),
}
ATOMS = [
    Atom("a.yes", Yes()),
    Atom("a.also", Yes()),
    Atom("a.kind", OneOf(frozenset({"red", "blue"}))),
    Atom("a.tried", Holds("bath")),
    *(Atom("a.width", Compare(sign, 5)) for sign in ("<", "<=", ">", ">=", "==")),
]
VALUES: Mapping[str, tuple[Value | None, ...]] = {
    "a.yes": (None, True, False),
    "a.also": (None, True, False),
    "a.kind": (None, "red", "green"),
    "a.width": (None, 4, 5, 6),
    "a.tried": (None, frozenset(), frozenset({"bath"}), frozenset({"bath", "salve"})),
}
literals: st.SearchStrategy[Condition] = st.sampled_from([*ATOMS, *map(Not, ATOMS)])
flat_any = st.lists(literals, min_size=1, max_size=3).map(lambda p: Or(tuple(p)))
any_shape: st.SearchStrategy[Condition] = st.recursive(
    literals,
    lambda below: st.one_of(
        st.lists(below, min_size=1, max_size=3).map(lambda p: Or(tuple(p))),
        st.lists(below, min_size=1, max_size=3).map(lambda p: And(tuple(p))),
        below.map(Not),
    ),
    max_leaves=6,
)
stated = st.fixed_dictionaries({n: st.sampled_from(v) for n, v in VALUES.items()})


def answered(facts: Mapping[str, Any], *, blank: bool) -> dict[str, list[Any]]:
    """The answers that say so; what is not known is left blank, or said."""
    given: dict[str, list[Any]] = {}
    for name, value in facts.items():
        match KINDS[name]:
            case Number() if value is not None:
                given[name] = [value]
            case Number():
                pass
            case _ if value is None:
                given |= {} if blank else {name: ["not_known"]}
            case Members():
                given[name] = sorted(value) or ["no"]
            case YesNo():
                given[name] = ["yes" if value else "no"]
            case _:
                given[name] = [value]
    return given


def shows(
    condition: Condition, facts: Mapping[str, Value | None], *, blank: bool
) -> bool:
    when = shown_when(condition, KINDS)
    item = {"enableWhen": when, "enableBehavior": "any"}
    return enabled(item, answered(facts, blank=blank))


@laws
@given(any_shape, stated, st.booleans())
def test_no_answer_that_is_missing_hides_a_question(
    condition: Condition, facts: Mapping[str, Value | None], blank: bool
) -> None:
    if truth(condition, facts) is not False:
        assert shows(condition, facts, blank=blank)


@laws
@given(flat_any, stated, st.booleans())
def test_a_flat_any_hides_exactly_what_is_irrelevant(
    condition: Or, facts: Mapping[str, Value | None], blank: bool
) -> None:
    relevant = truth(condition, facts) is not False

    exact = Not(Atom("a.tried", Holds("bath"))) not in condition.parts
    assert shows(condition, facts, blank=blank) is (relevant or not exact)


@pytest.mark.parametrize(
    "condition",
    [
        None,
        And((ATOMS[0], ATOMS[1])),
        Not(Or((ATOMS[0], ATOMS[1]))),
        Or((ATOMS[2], And((ATOMS[0], ATOMS[1])))),
        Not(Atom("a.tried", Holds("bath"))),
    ],
)
def test_what_a_form_cannot_say_safely_is_always_shown(
    condition: Condition | None,
) -> None:
    assert shown_when(condition, KINDS) == []


# -- what is known, filled in --


def test_what_a_case_states_is_filled_in() -> None:
    case = Case.from_dict(
        {
            "patient": {"age_years": 34, "preterm": False},
            "history": {"failed": ["tretinoin"], "not_tolerated": [], "keloid": None},
            "goals": {"weights": {"pigment": 9}},
        }
    )
    asked = {each["linkId"]: each for each in items(questionnaire(case=case))}

    assert asked["patient.age_years"]["initial"] == [{"valueDecimal": 34}]
    assert chosen(asked["patient.preterm"]) == ["no"]
    assert chosen(asked["history.failed"]) == ["tretinoin"]
    assert chosen(asked["history.not_tolerated"]) == ["no"]
    assert chosen(asked["history.keloid"]) == ["not_known"]
    assert chosen(asked["history.lupus"]) == []
    assert asked["goals.weights.pigment"]["initial"] == [{"valueDecimal": 9}]
    assert "initial" not in asked["goals.weights.speed"]


@few
@given(near_patients() | hostile_cases())
def test_forms_and_answers_of_any_case_are_well_formed(case: Case) -> None:
    assert faults(questionnaire(case=case)) == []
    assert faults(response(case, subject="1", at=date(2026, 11, 30))) == []


def test_what_was_screened_for_is_answered_as_absent() -> None:
    said = answers_of(response(Case.from_dict(SCREENED)))

    assert said["history.pacemaker"] == ["no"]
    assert said["history.isotretinoin"] == ["never"]
    assert said["history.failed"] == ["no"]


def test_screening_that_would_contradict_is_not_said() -> None:
    case = adult(origin="secondary", cause="isotretinoin")

    assert "history.isotretinoin" not in answers_of(response(case))


def test_what_was_not_asked_is_not_answered() -> None:
    assert "item" not in response(Case())


def test_a_number_that_is_not_known_has_no_answer() -> None:
    said = response(Case.from_dict({"history": {"inr": None}}))

    assert [*items(said)] == [
        {"linkId": "history.inr", "text": BASE.facts["history.inr"].ask}
    ]


def test_no_weight_at_all_is_no_empty_list() -> None:
    said = response(Case.from_dict({"goals": {"weights": {}}}))

    assert faults(said) == []
    assert faults(response(adult(age_years=0))) == []
    assert answers_of(response(adult(age_years=0)))["patient.age_years"] == [0]


def test_facts_that_contradict_one_another_are_refused() -> None:
    case = Case.from_dict({"lesion": {"origin": "primary", "cause": "burn"}})

    with pytest.raises(ContradictionError):
        response(case)


def test_the_day_of_the_case_is_that_of_its_answers() -> None:
    case = Case.from_dict({"as_of": "2026-05-01"})
    at = datetime(2026, 5, 2, 9, 30, tzinfo=UTC)

    assert response(case)["authored"] == "2026-05-01"
    assert response(case, at=at)["authored"] == "2026-05-02T09:30:00+00:00"
    assert "authored" not in response(Case())


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(WrongTypeError, match="zone"):
        response(Case(), at=datetime(2026, 5, 2, 9, 30))  # noqa: DTZ001 - so it is


def test_the_same_answers_have_the_same_id() -> None:
    one, other = (response(adult(count=n), subject="1") for n in (5, 6))

    assert one == response(adult(count=5), subject="1")
    assert one["id"] != other["id"]


@pytest.mark.parametrize("name", [*patients()][:12])
def test_answers_stand_where_the_form_asks(name: str) -> None:
    def places(of: Mapping[str, Any], above: tuple[str, ...] = ()) -> set[Any]:
        found = set()
        for each in of.get("item", ()):
            link = (*above, each["linkId"])
            found |= {(link, each["text"]), *places(each, link)}
        return found

    assert places(response(patients()[name])) <= places(FORM)


@pytest.mark.parametrize("data", [WET, DRY])
def test_another_domain_has_its_form_and_its_answers(data: Mapping[str, Any]) -> None:
    case = DRAGONS.case(data)
    said = response(case, knowledge=DRAGONS, at=date(2026, 11, 30))

    assert faults(said) == []
    assert faults(questionnaire(DRAGONS, case=case)) == []
    assert said["questionnaire"].startswith(canonical(DRAGONS.vocabulary))
    assert answers_of(said)["dragon.age_years"] == [300]
