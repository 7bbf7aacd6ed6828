"""Laws of the condition language, over random vocabularies, conditions and cases."""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import DataObject

from milia_cds.errors import ConditionError
from milia_cds.logic.cells import cut
from milia_cds.logic.conditions import (
    And,
    Condition,
    Not,
    Or,
    Scope,
    Term,
    Truth,
    atom_truth,
    atoms,
    deciding,
    facts_in,
    remaining,
    truth,
)
from milia_cds.logic.language import parse
from tests.property.worlds import (
    Facts,
    cases,
    completions,
    conditions,
    laws,
    scopes,
    written,
)

_WORDS = (
    *("part.fact_0", "part.fact_1", "term_0", "set_0", "alpha", "not", "and", "or"),
    *("in", "is", "==", "!=", "<", "<=", ">", ">=", "(", ")", "{", "}", "[", "]"),
    *('"alpha"', '"beta"', "0", "1", "2.5", "-1", "1e999", "1j", "True", "None", ","),
    *(".", ":", "=", ":=", "*", "**", "+", "-", "%", "lambda", "x", "if", "else"),
    *("for", "await", "yield", "__import__", "f'{x}'", "b'x'", "...", "\n", "\\", "#"),
)


def _degree(condition: Condition, facts: Facts) -> float:
    """The degree of truth of a condition, from 0 to 1: "and" is min, "or" is max."""
    match condition:
        case And(parts):
            return min((_degree(part, facts) for part in parts), default=1)
        case Or(parts):
            return max((_degree(part, facts) for part in parts), default=0)
        case Not(part):
            return 1 - _degree(part, facts)
        case Term(_, part):
            return _degree(part, facts)
        case _:
            value = atom_truth(condition, facts)
            return 0.5 if value is None else float(value)


_DEGREES: dict[Truth, float] = {False: 0, None: 0.5, True: 1}


@laws
@given(st.data())
def test_the_text_of_a_condition_reads_back_as_the_same_condition(
    data: DataObject,
) -> None:
    scope = data.draw(scopes())
    condition = data.draw(conditions(scope))
    assert parse(written(condition), scope) == condition


@laws
@given(st.data())
def test_spaces_lines_and_parentheses_change_nothing(data: DataObject) -> None:
    scope = data.draw(scopes())
    condition = data.draw(conditions(scope))
    spaced = written(condition).replace(" ", data.draw(st.sampled_from((" ", "\n  "))))
    assert parse(f"\n  (({spaced}))  \n", scope) == condition


@laws
@given(st.data())
def test_a_condition_is_worth_what_strong_kleene_logic_says(data: DataObject) -> None:
    scope = data.draw(scopes())
    condition = data.draw(conditions(scope, wild=True))
    case = data.draw(cases(scope.facts, condition))
    assert _DEGREES[truth(condition, case)] == _degree(condition, case)


@laws
@given(st.data())
def test_a_certain_answer_stands_in_every_completion(data: DataObject) -> None:
    scope = data.draw(scopes())
    condition = data.draw(conditions(scope))
    case = data.draw(cases(scope.facts, condition))
    value = truth(condition, case)
    variables = cut(scope.facts, atoms(condition))
    found = {truth(condition, each) for each in completions(variables, case)}
    assert None not in found
    assert value is None or found == {value}


@laws
@given(st.data())
def test_learning_a_fact_never_turns_a_certain_answer_round(data: DataObject) -> None:
    scope = data.draw(scopes())
    condition = data.draw(conditions(scope))
    case = data.draw(cases(scope.facts, condition))
    before = truth(condition, case)
    answers = data.draw(cases(scope.facts, condition, complete=True))
    for fact in data.draw(st.permutations([*scope.facts])):
        if case[fact] is None:
            case[fact] = answers[fact]
            after = truth(condition, case)
            assert before is None or after is before
            before = after
    assert before is not None


@laws
@given(st.data())
def test_the_deciding_facts_suffice_for_a_certain_answer(data: DataObject) -> None:
    scope = data.draw(scopes())
    condition = data.draw(conditions(scope, wild=True))
    case = data.draw(cases(scope.facts, condition))
    value, names = deciding(condition, case)
    assert value is truth(condition, case)
    if value is not None:
        assert truth(condition, {name: case[name] for name in names}) is value


@laws
@given(st.data())
def test_the_deciding_facts_of_an_open_answer_are_all_missing(
    data: DataObject,
) -> None:
    scope = data.draw(scopes())
    condition = data.draw(conditions(scope))
    case = data.draw(cases(scope.facts, condition))
    value, names = deciding(condition, case)
    assert set(names) <= set(facts_in(condition))
    assert len(set(names)) == len(names)
    if value is None:
        assert names
        assert [case[name] for name in names] == [None] * len(names)


@laws
@given(st.data())
def test_what_remains_of_an_open_condition_is_open_and_comes_to_the_same(
    data: DataObject,
) -> None:
    scope = data.draw(scopes())
    condition = data.draw(conditions(scope))
    case = data.draw(cases(scope.facts, condition))
    if truth(condition, case) is not None:
        return
    left = remaining(condition, case)
    assert {truth(part, case) for part in _parts(left)} == {None}
    for each in completions(cut(scope.facts, atoms(condition)), case):
        assert truth(left, each) is truth(condition, each)


def _parts(condition: Condition) -> Iterator[Condition]:
    """A condition and its parts, down to the terms, which stay whole."""
    yield condition
    match condition:
        case And(parts) | Or(parts):
            for part in parts:
                yield from _parts(part)
        case Not(part):
            yield from _parts(part)


@laws
@given(st.data())
def test_without_the_deciding_facts_an_open_answer_stays_open(
    data: DataObject,
) -> None:
    scope = data.draw(scopes())
    condition = data.draw(conditions(scope))
    case = data.draw(cases(scope.facts, condition))
    value, names = deciding(condition, case)
    if value is None:
        rest = {name: kind for name, kind in scope.facts.items() if name not in names}
        learnt = data.draw(cases(rest, condition, complete=True))
        known = {name: value for name, value in case.items() if value is not None}
        assert truth(condition, {**learnt, **known}) is None


def _is_refused_or_read(text: str, scope: Scope) -> None:
    try:
        condition = parse(text, scope)
    except ConditionError as bad:
        refused = bad
    else:
        assert parse(written(condition), scope) == condition
        return
    assert 1 <= refused.column <= len(text) + 2
    assert refused.message
    assert refused.mend


@laws
@given(scope=scopes(), words=st.lists(st.sampled_from(_WORDS), max_size=9))
def test_any_row_of_words_is_refused_or_is_a_condition(
    scope: Scope, words: list[str]
) -> None:
    _is_refused_or_read(" ".join(words), scope)


@laws
@given(scope=scopes(), text=st.text(max_size=30))
def test_any_text_is_refused_or_is_a_condition(scope: Scope, text: str) -> None:
    _is_refused_or_read(text, scope)
