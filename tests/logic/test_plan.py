"""The plan: the disjunctive form and its limit, and the masks made of it."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

import pytest

from milia_cds.errors import ConditionError
from milia_cds.logic.conditions import (
    And,
    Atom,
    Condition,
    Not,
    OneOf,
    Or,
    Scope,
    Term,
    Yes,
)
from milia_cds.logic.facts import Choice, Kind, Members, Number, Value, YesNo
from milia_cds.logic.language import parse
from milia_cds.logic.plan import MOST_TERMS, Plan, disjunctive

FACTS: dict[str, Kind] = {
    "age": Number(0, 120, "years"),
    "count": Number(1, 100, whole=True),
    "site": Choice(("cheek", "chin", "nose")),
    "failed": Members(("extraction", "peel")),
    **{name: YesNo() for name in "abcdefghijklmnopqr"},
}
A, B, C, D = (Atom(name, Yes()) for name in "abcd")
SCOPE = Scope(FACTS, terms={"either": Or((A, B))})


def _form(condition: Condition) -> set[str]:
    """The terms as texts: "ab-c" is a and b and not c."""
    return {
        "".join(f"{'' if plain else '-'}{atom.fact}" for atom, plain in term)
        for term in disjunctive(condition)
    }


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("a", {"a"}),
        ("not a", {"-a"}),
        ("not not a", {"a"}),
        ("a and b or c", {"ab", "c"}),
        ("(a or b) and (c or d)", {"ac", "ad", "bc", "bd"}),
        ("not (a and b)", {"-a", "-b"}),
        ("not (a or b)", {"-a-b"}),
        ("not (a and not (b or c))", {"-a", "b", "c"}),
        ("either and c", {"ac", "bc"}),
        ("not either", {"-a-b"}),
        ("a and a", {"a"}),
        ("a or a", {"a"}),
        ("a or a and b", {"a"}),
        ("a and (a or b)", {"a"}),
        ("a and b or b and a", {"ab"}),
        # these stay, for they are not known while a is not
        ("a and not a", {"a-a"}),
        ("a or not a", {"a", "-a"}),
        ("b or a and not a", {"b", "a-a"}),
    ],
)
def test_the_disjunctive_form_keeps_what_is_not_absorbed(
    text: str, form: set[str]
) -> None:
    assert _form(parse(text, SCOPE)) == form


def test_the_form_of_nothing_to_fulfil_is_one_empty_term() -> None:
    assert disjunctive(And(())) == [[]]
    assert disjunctive(Or(())) == []
    assert disjunctive(Not(And(()))) == []
    assert disjunctive(Not(Or(()))) == [[]]


def _pairs(count: int) -> Condition:
    """A condition of 2 to the power of `count` terms."""
    names = "abcdefghijklmnopqr"
    text = " and ".join(f"({names[2 * i]} or {names[2 * i + 1]})" for i in range(count))
    return parse(text, SCOPE)


def test_256_terms_are_the_most() -> None:
    assert len(disjunctive(_pairs(8))) == 256 == MOST_TERMS
    with pytest.raises(ConditionError) as raised:
        disjunctive(_pairs(9))
    assert str(raised.value) == (
        "column 1: the condition has more than 256 terms in disjunctive form; "
        "split it, or say it in fewer alternatives"
    )


@pytest.mark.parametrize("most", [1, 3])
def test_the_limit_counts_the_terms_of_the_form(most: int) -> None:
    with pytest.raises(ConditionError, match=f"more than {most} terms"):
        disjunctive(_pairs(2), most=most)
    assert len(disjunctive(_pairs(2), most=4)) == 4


def test_the_limit_counts_alternatives_that_stand_side_by_side() -> None:
    alternatives = Or(tuple(Atom(f"fact_{place}", Yes()) for place in range(257)))
    with pytest.raises(ConditionError, match="more than 256 terms"):
        disjunctive(alternatives)
    assert len(disjunctive(Not(alternatives))) == 1


def _found(
    named: Mapping[str, Condition], **facts: Value
) -> tuple[list[str], list[str]]:
    """The names of the conditions that are true, and of those not known."""
    plan = Plan(FACTS, named.values())
    true, unknown = plan.evaluate([facts.get(name) for name in FACTS])
    return _read(plan, named, true), _read(plan, named, unknown)


def _read(plan: Plan, named: Mapping[str, Condition], bits: int) -> list[str]:
    return [name for name, each in named.items() if bits & plan.bit[each]]


NAMED = {
    name: parse(text, SCOPE)
    for name, text in {
        "child": "age < 12",
        "few": "2 <= count < 20",
        "face": 'site in {"cheek", "chin"}',
        "tried": '"peel" in failed',
        "neither": 'not ("peel" in failed or "extraction" in failed)',
        "never": "a and not a",
        "middle": "a or not a",
    }.items()
}


@pytest.mark.parametrize(
    ("facts", "true", "unknown"),
    [
        ({}, [], [*NAMED]),
        (
            {"age": 11.9},
            ["child"],
            ["few", "face", "tried", "neither", "never", "middle"],
        ),
        ({"age": 12}, [], ["few", "face", "tried", "neither", "never", "middle"]),
        (
            {"age": 12, "count": 19, "site": "chin", "failed": frozenset(), "a": True},
            ["few", "face", "neither", "middle"],
            [],
        ),
        (
            {
                "age": 12,
                "count": 20,
                "site": "nose",
                "failed": frozenset({"peel"}),
                "a": False,
            },
            ["tried", "middle"],
            [],
        ),
        (
            {"failed": frozenset({"extraction"})},
            [],
            ["child", "few", "face", "never", "middle"],
        ),
    ],
)
def test_a_plan_finds_what_is_true_and_what_is_unknown(
    facts: dict[str, Value], true: list[str], unknown: list[str]
) -> None:
    assert _found(NAMED, **facts) == (true, unknown)


def test_a_fact_that_absorption_leaves_without_effect_is_still_evaluated() -> None:
    named = {"rule": Or((A, And((A, B)))), "number": NAMED["child"]}
    assert _found(named, a=True) == (["rule"], ["number"])
    assert _found(named, a=False, b=True, age=3) == (["number"], [])


def test_a_plan_without_conditions_finds_nothing() -> None:
    assert Plan(FACTS, []).evaluate([None] * len(FACTS)) == (0, 0)


def test_conditions_of_one_fact_and_of_none_can_be_planned() -> None:
    named: dict[str, Condition] = {"a": A, "always": And(()), "never": Or(())}
    plan = Plan({"a": YesNo()}, named.values())
    assert _read(plan, named, plan.evaluate([True])[0]) == ["a", "always"]
    assert _read(plan, named, plan.evaluate([None])[0]) == ["always"]
    assert _read(plan, named, plan.evaluate([None])[1]) == ["a"]


def test_a_condition_without_terms_may_stand_first() -> None:
    plan = Plan({"a": YesNo()}, [Or(()), A])
    assert plan.evaluate([True])[0] == plan.bit[A] != plan.bit[Or(())]


def test_a_term_is_planned_as_what_it_stands_for() -> None:
    named: dict[str, Condition] = {
        "term": Term("either", Or((A, B))),
        "plain": Or((A, B)),
    }
    assert _found(named, b=True) == (["term", "plain"], [])


def test_equal_conditions_share_a_bit_and_others_do_not() -> None:
    again = parse("age < 12", SCOPE)
    plan = Plan(FACTS, [NAMED["child"], A, again, B])
    assert plan.bit[again] == plan.bit[NAMED["child"]]
    assert len({*plan.bit.values()}) == len(plan.bit) == 3


@pytest.mark.parametrize("count", range(1, 8))
def test_any_number_of_yes_no_facts_is_looked_up(count: int) -> None:
    names = "abcdefg"[:count]
    atoms = [Atom(name, Yes()) for name in names]
    plan = Plan({name: YesNo() for name in names}, atoms)
    for values in product((True, False, None), repeat=count):
        true, unknown = plan.evaluate(values)
        bits = [plan.bit[each] for each in atoms]
        assert [bool(true & bit) for bit in bits] == [v is True for v in values]
        assert [bool(unknown & bit) for bit in bits] == [v is None for v in values]


def test_facts_of_many_values_are_planned_in_the_room_of_each() -> None:
    """A table of three of them at once would have sixty-four million entries."""
    members = tuple(f"m{number}" for number in range(400))
    facts: dict[str, Kind] = {name: Choice(members) for name in "xyz"}
    atoms = [Atom(name, OneOf(frozenset(members[:1]))) for name in facts]
    plan = Plan(facts, atoms)
    true, unknown = plan.evaluate(("m0", "m1", None))
    assert true == plan.bit[atoms[0]]
    assert unknown == plan.bit[atoms[2]]
