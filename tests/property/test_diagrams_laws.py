"""Diagrams say exactly what holds over all complete cases, by brute force."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import DataObject, DrawFn

from milia_cds.logic.cells import Variables, cut
from milia_cds.logic.conditions import And, Condition, Not, Or, Scope, atoms, truth
from milia_cds.logic.diagrams import FALSE, TRUE, Diagrams
from tests.property.worlds import completions, conditions, laws, scopes


@st.composite
def _world(draw: DrawFn, count: int) -> tuple[Scope, list[Condition], Diagrams]:
    """Draw some conditions, and the diagrams over all their cells."""
    scope = draw(scopes())
    wild = draw(st.booleans())
    drawn = [draw(conditions(scope, wild=wild, depth=2)) for _ in range(count)]
    used = [atom for condition in drawn for atom in atoms(condition)]
    return scope, drawn, Diagrams(cut(scope.facts, used))


def _holding(condition: Condition, variables: Variables) -> list[bool]:
    """Evaluate a condition on every complete case."""
    return [truth(condition, case) is True for case in completions(variables, {})]


@laws
@given(_world(1))
def test_a_diagram_is_constant_iff_all_complete_cases_agree(
    world: tuple[Scope, list[Condition], Diagrams],
) -> None:
    _, [condition], diagrams = world
    holding = _holding(condition, diagrams.variables)
    node = diagrams.of(condition)
    assert (node == TRUE) is all(holding)
    assert (node == FALSE) is not any(holding)


@laws
@given(_world(2))
def test_two_conditions_have_one_diagram_iff_they_hold_in_the_same_cases(
    world: tuple[Scope, list[Condition], Diagrams],
) -> None:
    _, [one, other], diagrams = world
    same = _holding(one, diagrams.variables) == _holding(other, diagrams.variables)
    assert (diagrams.of(one) == diagrams.of(other)) is same


@laws
@given(_world(1))
def test_an_example_satisfies_its_condition_however_it_is_completed(
    world: tuple[Scope, list[Condition], Diagrams],
) -> None:
    _, [condition], diagrams = world
    example = diagrams.example(diagrams.of(condition))
    if example is None:
        assert not any(_holding(condition, diagrams.variables))
        return
    cases = list(completions(diagrams.variables, example))
    assert {truth(condition, case) for case in cases} == {True}


@laws
@given(st.data())
def test_the_diagram_holds_in_just_the_cells_where_the_condition_does(
    data: DataObject,
) -> None:
    _, [condition], diagrams = data.draw(_world(1))
    case = data.draw(st.sampled_from(list(completions(diagrams.variables, {}))))
    alike = And(
        tuple(
            atom if truth(atom, case) else Not(atom)
            for atom in dict.fromkeys(atoms(condition))
        )
    )
    here = diagrams.of(alike)
    assert here != FALSE
    expected = here if truth(condition, case) else FALSE
    assert diagrams.both(diagrams.of(condition), here) == expected


@laws
@given(_world(3))
def test_and_or_not_obey_the_laws_of_boole(
    world: tuple[Scope, list[Condition], Diagrams],
) -> None:
    _, [x, y, z], diagrams = world
    equal: list[tuple[Condition, Condition]] = [
        (Not(Not(x)), x),
        (And((x, Not(x))), Or(())),
        (Or((x, Not(x))), And(())),
        (Not(And((x, y))), Or((Not(x), Not(y)))),
        (Not(Or((x, y))), And((Not(x), Not(y)))),
        (And((x, Or((y, z)))), Or((And((x, y)), And((x, z))))),
        (Or((x, And((x, y)))), x),
        (And((x, y)), And((y, x))),
        (Or((x, Or((y, z)))), Or((x, y, z))),
    ]
    for one, other in equal:
        assert diagrams.of(one) == diagrams.of(other)


@laws
@given(_world(3))
def test_operations_on_diagrams_are_those_on_conditions(
    world: tuple[Scope, list[Condition], Diagrams],
) -> None:
    _, [x, y, z], diagrams = world
    of = diagrams.of
    assert diagrams.negation(of(x)) == of(Not(x))
    assert diagrams.both(of(x), of(y)) == of(And((x, y)))
    assert diagrams.either(of(x), of(y)) == of(Or((x, y)))
    assert diagrams.all([of(x), of(y), of(z)]) == of(And((x, y, z)))
    assert diagrams.any([of(x), of(y), of(z)]) == of(Or((x, y, z)))
    assert diagrams.without(of(x), of(y), of(z)) == of(And((x, Not(Or((y, z))))))
