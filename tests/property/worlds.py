"""Random small worlds: vocabularies, conditions over them, and cases.

A world has a few facts of every kind, named sets of members and named terms. Its
conditions are drawn as trees; `written` gives the text that a person would write.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from typing import TypeAlias

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from milia_cds.logic.cells import Variables
from milia_cds.logic.conditions import (
    And,
    Atom,
    Compare,
    Condition,
    Holds,
    NamedSet,
    Not,
    OneOf,
    Or,
    Scope,
    Term,
    Yes,
    atoms,
)
from milia_cds.logic.conditions import Test as AtomTest
from milia_cds.logic.facts import Choice, Kind, Members, Number, Value, YesNo
from tests.common import THOROUGH

Facts: TypeAlias = Mapping[str, Value | None]

laws = settings(
    deadline=None,
    max_examples=1000 if THOROUGH else 40,
    suppress_health_check=[HealthCheck.too_slow],
)
"""How laws over worlds are tried: however busy the machine is."""

_SIGNS = ("<", "<=", ">", ">=", "==")
_NAMES = ("alpha", "beta", "gamma", "delta", "epsilon")
_SHAPES = st.sampled_from(("atom", "atom", "not", "and", "or"))
_BOUNDS = st.integers(-4, 10)
_DEPTH = 3
KINDS: tuple[Kind, ...] = (
    YesNo(),
    Number(0, 120),
    Number(-3, 2.5),
    Number(1, 6, whole=True),
    Choice(_NAMES),
    Choice(_NAMES[:2]),
    Members(_NAMES[:3]),
)


# -- vocabularies -------------------------------------------------------------


@st.composite
def scopes(draw: DrawFn) -> Scope:
    """The names that the conditions of a world may use."""
    drawn = draw(st.lists(st.sampled_from(KINDS), min_size=1, max_size=4))
    facts = {f"part.fact_{place}": kind for place, kind in enumerate(drawn)}
    sets: dict[str, NamedSet] = {}
    for fact, kind in facts.items():
        if isinstance(kind, Choice) and draw(st.booleans()):
            sets[f"set_{len(sets)}"] = NamedSet(fact, _some_of(draw, kind))
    terms: dict[str, Condition] = {}
    for place in range(draw(st.integers(0, 2))):
        scope = Scope(facts, sets, dict(terms))
        terms[f"term_{place}"] = draw(conditions(scope, depth=1))
    return Scope(facts, sets, terms)


def _some_of(draw: DrawFn, kind: Choice) -> tuple[str, ...]:
    """Draw some members of a choice, but not all."""
    bits = draw(st.integers(1, 2 ** len(kind.members) - 2))
    return tuple(name for place, name in enumerate(kind.members) if bits >> place & 1)


# -- conditions ---------------------------------------------------------------


@st.composite
def conditions(
    draw: DrawFn, scope: Scope, *, wild: bool = False, depth: int = _DEPTH
) -> Condition:
    """Conditions as trees.

    Parameters
    ----------
    wild
        Whether to give trees too that no text could say: and, or without parts, bounds
        out of reach, sets of no member or of all.
    depth
        How often and, or, not may be nested.
    """
    shape = draw(_SHAPES) if depth else "atom"
    if shape == "atom":
        return _leaf(draw, scope, wild=wild)
    inner = conditions(scope, wild=wild, depth=depth - 1)
    if shape == "not":
        return Not(draw(inner))
    count = draw(st.integers(0 if wild else 2, 3))
    parts = tuple(draw(inner) for _ in range(count))
    return And(parts) if shape == "and" else Or(parts)


def _leaf(draw: DrawFn, scope: Scope, *, wild: bool) -> Condition:
    name = draw(st.sampled_from((*scope.facts, *scope.terms)))
    if name in scope.terms:
        return Term(name, scope.terms[name])
    return Atom(name, _test(draw, name, scope, wild=wild))


def _test(draw: DrawFn, fact: str, scope: Scope, *, wild: bool) -> AtomTest:
    match scope.facts[fact]:
        case Number() as kind:
            return _comparison(draw, kind, wild=wild)
        case Choice(members) as kind:
            if wild:
                return OneOf(draw(st.frozensets(st.sampled_from(members))))
            for name, named in scope.sets.items():
                if named.fact == fact and draw(st.booleans()):
                    return OneOf(frozenset(named.members), name)
            return OneOf(frozenset(_some_of(draw, kind)))
        case Members(members):
            return Holds(draw(st.sampled_from(members)))
        case _:
            return Yes()


def _comparison(draw: DrawFn, kind: Number, *, wild: bool) -> Compare:
    bound: float = draw(_BOUNDS)
    if not kind.whole and draw(st.booleans()):
        bound = draw(st.floats(kind.low, kind.high))
    signs: tuple[str, ...] = _SIGNS
    if not wild:
        bound = min(max(bound, kind.low), kind.high)
        signs = tuple(sign for sign in signs if _decides(Compare(sign, bound), kind))
    return Compare(draw(st.sampled_from(signs)), bound)


def _decides(test: Compare, kind: Number) -> bool:
    """Whether some value of the kind passes the test and some does not."""
    return {test.holds(value) for value in near(kind, [test.bound])} == {True, False}


def written(condition: Condition) -> str:
    """The text of a condition, with the parentheses that it needs."""
    match condition:
        case And((Atom(fact, Compare(">=", low)), Atom(other, Compare("<", high)))) if (
            fact == other and low < high
        ):
            return f"{low!r} <= {fact} < {high!r}"
        case And(parts):
            return " and ".join(map(_in_parentheses, parts))
        case Or(parts):
            return " or ".join(map(_in_parentheses, parts))
        case Not(Atom(fact, test)):
            return _written_atom(fact, test, negated=True)
        case Not(part):
            return f"not {_in_parentheses(part)}"
        case Term(name, _):
            return name
        case Atom(fact, test):
            return _written_atom(fact, test, negated=False)


def _in_parentheses(part: Condition) -> str:
    return f"({written(part)})" if isinstance(part, And | Or) else written(part)


def _written_atom(fact: str, test: AtomTest, *, negated: bool) -> str:
    within, equals = ("not in", "!=") if negated else ("in", "==")
    match test:
        case OneOf(_, str() as name):
            return f"{fact} {within} {name}"
        case OneOf(members, _) if len(members) == 1:
            return f'{fact} {equals} "{min(members)}"'
        case OneOf(members, _):
            listed = ", ".join(f'"{member}"' for member in sorted(members))
            return f"{fact} {within} {{{listed}}}"
        case Holds(member):
            return f'"{member}" {within} {fact}'
        case Compare("==", bound):
            return f"{fact} {equals} {bound!r}"
        case Compare(sign, bound):
            said = f"{fact} {sign} {bound!r}"
        case _:
            said = fact
    return f"not {said}" if negated else said


# -- cases --------------------------------------------------------------------


def near(kind: Number, bounds: Iterable[float]) -> list[float]:
    """The ends of a number, and each bound within with its two neighbours."""
    beside = [kind.low, kind.high]
    for bound in bounds:
        if kind.whole:
            beside += [bound - 1, bound, bound + 1]
        else:
            down = math.nextafter(bound, -math.inf)
            beside += [down, bound, math.nextafter(bound, math.inf)]
    return sorted({value for value in beside if kind.low <= value <= kind.high})


def _value(draw: DrawFn, kind: Kind, tests: list[AtomTest]) -> Value:
    match kind:
        case Number(low, high):
            if not kind.whole and draw(st.booleans()):
                return draw(st.floats(low, high))
            bounds = [test.bound for test in tests if isinstance(test, Compare)]
            return draw(st.sampled_from(near(kind, bounds)))
        case Choice(members):
            return draw(st.sampled_from(members))
        case Members(members):
            return draw(st.frozensets(st.sampled_from(members)))
        case _:
            return draw(st.booleans())


@st.composite
def cases(
    draw: DrawFn,
    facts: Mapping[str, Kind],
    *asked: Condition,
    complete: bool = False,
) -> dict[str, Value | None]:
    """Cases: each fact has a value, or is not known unless it must be.

    Numbers lie at, beside or between the bounds of what is asked.
    """
    used = [atom for condition in asked for atom in atoms(condition)]
    case: dict[str, Value | None] = {}
    for fact, kind in facts.items():
        known = complete or draw(st.booleans())
        tests = [atom.test for atom in used if atom.fact == fact]
        case[fact] = _value(draw, kind, tests) if known else None
    return case


def completions(variables: Variables, facts: Facts) -> Iterator[dict[str, Value]]:
    """Every completion of a case: a cell for each fact that is not known."""
    axes: dict[str, list[Value]] = {}
    for variable in variables:
        known = facts.get(variable.fact)
        before = axes.get(variable.fact)
        if known is not None:
            axes[variable.fact] = [known]
        elif before is None:
            axes[variable.fact] = list(variable.examples)
        else:
            axes[variable.fact] = [
                one | other  # type: ignore[operator]  # both are sets
                for one, other in product(before, variable.examples)
            ]
    for chosen in product(*axes.values()):
        yield dict(zip(axes, chosen, strict=True))
