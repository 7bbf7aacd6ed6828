"""Cells: the values that no condition tells apart, and nothing coarser or finer."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import DataObject

from milia_cds.logic.cells import Variable, cut
from milia_cds.logic.conditions import Atom, Compare, Holds, OneOf, Yes, atoms
from milia_cds.logic.facts import Choice, Kind, Members, Number, Value, YesNo
from tests.property.worlds import cases, conditions, laws, scopes

AGE = Number(0, 120, "years")
COUNT = Number(1, 10, whole=True)
SITE = Choice(("cheek", "chin", "nose", "ear"))
FAILED = Members(("extraction", "peel", "laser"))


def _above(value: float) -> float:
    return math.nextafter(value, math.inf)


def _below(value: float) -> float:
    return math.nextafter(value, -math.inf)


def _only(kind: Kind, *tests: Compare | OneOf | Holds | Yes) -> Variable:
    [variable] = cut({"fact": kind}, [Atom("fact", test) for test in tests])
    return variable


@pytest.mark.parametrize(
    ("kind", "sign", "bound", "cuts"),
    [
        (AGE, "<", 12, (12,)),
        (AGE, ">=", 12, (12,)),
        (AGE, "<=", 12, (_above(12),)),
        (AGE, ">", 12, (_above(12),)),
        (AGE, "==", 12, (12, _above(12))),
        (AGE, "<=", 0, (_above(0),)),
        (AGE, "==", 0, (_above(0),)),
        (AGE, "==", 120, (120,)),
        (AGE, "<", 120, (120,)),
        (COUNT, "<", 3, (3,)),
        (COUNT, ">=", 3, (3,)),
        (COUNT, "<=", 3, (4,)),
        (COUNT, ">", 3, (4,)),
        (COUNT, "==", 3, (3, 4)),
        (COUNT, "==", 1, (2,)),
        (COUNT, "==", 10, (10,)),
        (COUNT, ">", 9, (10,)),
    ],
)
def test_a_comparison_cuts_a_number_just_where_it_changes(
    kind: Number, sign: str, bound: float, cuts: tuple[float, ...]
) -> None:
    variable = _only(kind, Compare(sign, bound))
    assert variable.cuts == cuts
    assert variable.examples == (kind.low, *cuts)


@pytest.mark.parametrize(
    ("sign", "before", "after"),
    [
        ("<", _below(0.25), 0.25),
        (">=", _below(0.25), 0.25),
        ("<=", 0.25, _above(0.25)),
        (">", 0.25, _above(0.25)),
        ("==", _below(0.25), 0.25),
        ("==", 0.25, _above(0.25)),
    ],
)
def test_the_numbers_on_either_side_of_a_limit_lie_in_neighbouring_cells(
    sign: str, before: float, after: float
) -> None:
    variable = _only(AGE, Compare(sign, 0.25), Compare("<", 90))
    assert variable.index(after) == variable.index(before) + 1


def test_limits_of_several_comparisons_are_sorted_and_each_cut_once() -> None:
    variable = _only(
        COUNT, Compare(">", 6), Compare("<", 3), Compare(">=", 3), Compare("<=", 6)
    )
    cells = [str(variable.index(count)) for count in range(1, 11)]
    assert "".join(cells) == "0011112222"
    assert variable.cuts == (3, 7)


@pytest.mark.parametrize(
    "test", [Compare("<", 0), Compare("<=", 120), Compare(">", 9e9)]
)
def test_a_comparison_that_never_changes_within_the_bounds_cuts_nothing(
    test: Compare,
) -> None:
    assert _only(AGE, test).cuts == ()


def test_a_choice_keeps_together_the_members_that_no_test_tells_apart() -> None:
    variable = _only(
        SITE,
        OneOf(frozenset({"chin", "nose"})),
        OneOf(frozenset({"nose", "chin", "ear"})),
    )
    assert variable.places == {"cheek": 0, "chin": 1, "nose": 1, "ear": 2}
    assert variable.examples == ("cheek", "chin", "ear")


def test_a_set_fact_has_one_variable_for_each_member_asked_about_in_order() -> None:
    asked = [Atom("failed", Holds("laser")), Atom("failed", Holds("extraction"))]
    first, second = cut({"failed": FAILED}, asked)
    assert (first.name, first.fact) == ("failed:extraction", "failed")
    assert (second.name, second.fact) == ("failed:laser", "failed")
    assert first.examples == (frozenset(), frozenset({"extraction"}))
    both = frozenset({"laser", "peel"})
    assert (first.index(both), second.index(both)) == (0, 1)
    assert (first.reads(asked[0]), first.reads(asked[1])) == (False, True)


def test_a_yes_no_fact_has_two_cells() -> None:
    variable = _only(YesNo(), Yes())
    assert variable.examples == (False, True)
    assert [variable.index(False), variable.index(True)] == [0, 1]


def test_variables_come_in_the_order_of_the_facts_and_only_for_facts_asked_about() -> (
    None
):
    facts: dict[str, Kind] = {
        "age": AGE,
        "unasked": YesNo(),
        "site": SITE,
        "yes": YesNo(),
    }
    asked = [
        Atom("yes", Yes()),
        Atom("site", OneOf(frozenset({"ear"}))),
        Atom("age", Compare("<", 1)),
    ]
    assert [variable.name for variable in cut(facts, asked)] == ["age", "site", "yes"]


def _behaviour(
    variables: tuple[Variable, ...], value: Value, fact: str, asked: list[Atom]
) -> tuple[list[bool], list[bool]]:
    """What each atom of a fact says of a value, and of the example of its cell."""
    said: list[bool] = []
    expected: list[bool] = []
    for variable in variables:
        if variable.fact == fact:
            cell = variable.index(value)
            for atom in filter(variable.reads, asked):
                said.append(atom.test.holds(value))
                expected.append(variable.holds(atom)[cell])
                assert expected[-1] is atom.test.holds(variable.examples[cell])
    return said, expected


@pytest.mark.slow
@laws
@given(st.data())
def test_every_value_behaves_as_the_example_of_its_cell(data: DataObject) -> None:
    scope = data.draw(scopes())
    condition = data.draw(conditions(scope, wild=data.draw(st.booleans())))
    asked = list(atoms(condition))
    variables = cut(scope.facts, asked)
    case = data.draw(cases(scope.facts, condition, complete=True))
    for fact, value in case.items():
        assert value is not None
        said, expected = _behaviour(variables, value, fact, asked)
        assert said == expected


@pytest.mark.slow
@laws
@given(st.data())
def test_the_example_of_a_cell_lies_in_that_cell_and_in_the_domain(
    data: DataObject,
) -> None:
    scope = data.draw(scopes())
    condition = data.draw(conditions(scope, wild=data.draw(st.booleans())))
    for variable in cut(scope.facts, atoms(condition)):
        cells = range(len(variable.examples))
        assert [variable.index(example) for example in variable.examples] == [*cells]
        kind = scope.facts[variable.fact]
        if isinstance(kind, Number):
            # Of a number a number.
            assert all(kind.low <= each <= kind.high for each in variable.examples)  # type: ignore[operator]


@pytest.mark.slow
@laws
@given(st.data())
def test_no_cell_is_finer_than_the_tests_ask_for(data: DataObject) -> None:
    scope = data.draw(scopes())
    condition = data.draw(conditions(scope))
    asked = list(atoms(condition))
    for variable in cut(scope.facts, asked):
        columns = [variable.holds(atom) for atom in filter(variable.reads, asked)]
        rows = list(zip(*columns, strict=True))
        assert all(one != other for one, other in pairwise(rows))
        if not isinstance(scope.facts[variable.fact], Number):
            assert len({*rows}) == len(rows)


@pytest.mark.slow
@laws
@given(st.data())
def test_each_test_of_a_condition_is_read_by_exactly_one_variable(
    data: DataObject,
) -> None:
    scope = data.draw(scopes())
    condition = data.draw(conditions(scope))
    variables = cut(scope.facts, atoms(condition))
    for atom in atoms(condition):
        assert sum(variable.reads(atom) for variable in variables) == 1
