"""The plan, fast, says of every condition and case what `truth` defines."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from operator import or_

from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.strategies import DataObject, DrawFn

from milia_cds.errors import ConditionError
from milia_cds.logic.conditions import And, Condition, Not, Or, Scope, Truth, truth
from milia_cds.logic.plan import MOST_TERMS, Literal, Plan, disjunctive
from tests.property.worlds import Facts, cases, conditions, laws, scopes


def _is_short(condition: Condition) -> bool:
    try:
        disjunctive(condition)
    except ConditionError:
        return False
    return True


@st.composite
def _many(draw: DrawFn, scope: Scope) -> dict[str, Condition]:
    """Draw conditions by name: free ones, contradictions and excluded middles."""
    drawn = conditions(scope, wild=draw(st.booleans()))
    free = draw(st.lists(drawn, max_size=6))
    opposed = draw(st.lists(st.tuples(drawn, st.booleans()), max_size=2))
    joined = [(And if both else Or)((part, Not(part))) for part, both in opposed]
    named = enumerate(each for each in (*free, *joined) if _is_short(each))
    return {f"rule {place}": condition for place, condition in named}


def _by_the_plan(
    plan: Plan, scope: Scope, named: Mapping[str, Condition], case: Facts
) -> dict[str, Truth]:
    bits = {name: plan.bit[condition] for name, condition in named.items()}
    true, unknown = plan.evaluate([case[fact] for fact in scope.facts])
    known = {True: True, False: False}
    return {
        name: None if unknown & bit else known[bool(true & bit)]
        for name, bit in bits.items()
    }


def _by_definition(named: Mapping[str, Condition], case: Facts) -> dict[str, Truth]:
    return {name: truth(condition, case) for name, condition in named.items()}


@laws
@given(st.data())
def test_the_plan_says_of_every_condition_what_truth_says(data: DataObject) -> None:
    scope = data.draw(scopes())
    named = data.draw(_many(scope))
    plan = Plan(scope.facts, named.values())
    for _ in range(3):
        case = data.draw(cases(scope.facts, *named.values()))
        assert _by_the_plan(plan, scope, named, case) == _by_definition(named, case)


@laws
@given(st.data())
def test_nothing_is_both_true_and_unknown(data: DataObject) -> None:
    scope = data.draw(scopes())
    named = data.draw(_many(scope))
    plan = Plan(scope.facts, named.values())
    case = data.draw(cases(scope.facts, *named.values()))
    true, unknown = plan.evaluate([case[fact] for fact in scope.facts])
    assert true & unknown == 0
    assert (true | unknown) & ~reduce(or_, plan.bit.values(), 0) == 0


@laws
@given(st.data())
def test_a_bit_is_of_a_condition_whatever_the_others_are(data: DataObject) -> None:
    scope = data.draw(scopes())
    named = data.draw(_many(scope))
    together = Plan(scope.facts, [*named.values(), *named.values()])
    assert [*together.bit] == [*dict.fromkeys(named.values())]
    case = data.draw(cases(scope.facts, *named.values()))
    for name, condition in named.items():
        alone = _by_the_plan(
            Plan(scope.facts, [condition]), scope, {name: condition}, case
        )
        assert alone == _by_the_plan(together, scope, {name: condition}, case)


def _worth(form: list[list[Literal]], case: Facts) -> Truth:
    """Evaluate a disjunctive form by the definition."""
    terms = tuple(
        And(tuple(atom if plain else Not(atom) for atom, plain in term))
        for term in form
    )
    return truth(Or(terms), case)


@laws
@given(st.data())
def test_the_disjunctive_form_is_worth_what_the_condition_is(data: DataObject) -> None:
    scope = data.draw(scopes())
    condition = data.draw(conditions(scope, wild=data.draw(st.booleans())))
    assume(_is_short(condition))
    case = data.draw(cases(scope.facts, condition))
    assert _worth(disjunctive(condition), case) is truth(condition, case)


@laws
@given(st.data())
def test_no_term_of_the_disjunctive_form_holds_another(data: DataObject) -> None:
    scope = data.draw(scopes())
    condition = data.draw(conditions(scope))
    assume(_is_short(condition))
    form = [frozenset(term) for term in disjunctive(condition)]
    assert len(form) <= MOST_TERMS
    assert not [one for one in form for other in form if one < other]
    assert len({*form}) == len(form)
