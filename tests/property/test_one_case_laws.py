"""Diagrams of one case, and those of all cases restricted to it, say the same.

On small knowledge bases with offers and weights of their own, and on the shipped one.
`MILIA_CDS_THOROUGH=1` tries 2,000 cases of each.
"""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from milia_cds.decision.all_cases import AllCases
from milia_cds.decision.completions import (
    MOST_NODES_BEFORE_ALL,
    MOST_NODES_OF_A_CASE,
    Completions,
    in_its_own_diagrams,
)
from milia_cds.decision.engine import Engine
from milia_cds.decision.exact import exact
from milia_cds.explanation.questions import questions
from milia_cds.explanation.reasons import Sayings, View
from milia_cds.explanation.why import why
from milia_cds.explanation.why_not import why_not
from tests.common import THOROUGH
from tests.property.deciding import BASE, CASES, ENGINE, decided
from tests.property.small import CRITERIA, KINDS, OPTIONS, bases
from tests.property.worlds import cases

SHIPPED = AllCases(BASE)
oracle = settings(
    max_examples=2000 if THOROUGH else 24,
    deadline=None,
    derandomize=not THOROUGH,
    suppress_health_check=list(HealthCheck),
)


def said(engine: Engine, left: Completions) -> Iterator[object]:
    """All that is read off the diagrams of a case."""
    record = exact(engine, left)
    yield record
    yield left.exact
    yield left.agree_with(record)
    yield left.possible_first
    yield left.treatable
    yield left.scenarios
    yield questions(left)
    for name in left.results.measures:
        yield left.measure(name).values
        yield left.measure(name).facts


def asked(engine: Engine, left: Completions, option: str) -> Iterator[object]:
    """What is said of one option, which changes and forgets what is known."""
    view = View(Sayings(engine), exact(engine, left))
    yield why(view, left, engine.base.options[option])
    yield why_not(left, engine.base.options[option])


def check_both(engine: Engine, whole: Completions, own: Completions | None) -> None:
    assert own is not None
    assert own.results is not whole.results
    assert list(said(engine, own)) == list(said(engine, whole))


@oracle
@given(st.data())
def test_on_small_knowledge_both_ways_say_the_same(data: st.DataObject) -> None:
    base = data.draw(bases())
    engine, results = Engine(base), AllCases(base)
    for _ in range(3):
        facts = data.draw(cases(KINDS))
        if all(facts[name] is None for name in KINDS):
            continue
        record = engine.decide(
            [facts.get(name) for name in engine.names],
            offers=data.draw(st.none() | st.frozensets(st.sampled_from(OPTIONS))),
            weights=data.draw(
                st.none()
                | st.fixed_dictionaries({name: st.integers(1, 10) for name in CRITERIA})
            ),
        )
        own = in_its_own_diagrams(results, record)
        if own is None:  # nothing that is read is known
            assert not set(KINDS) & {
                each.fact
                for each in results.diagrams.variables
                if facts[each.fact] is not None
            }
            continue
        whole = Completions(results, record)
        check_both(engine, whole, own)
        option = data.draw(st.sampled_from(OPTIONS))
        assert list(asked(engine, own, option)) == list(asked(engine, whole, option))


@oracle
@given(st.data())
def test_on_the_shipped_knowledge_both_ways_say_the_same(data: st.DataObject) -> None:
    case = data.draw(CASES["near"])
    record = decided(case)
    own = in_its_own_diagrams(SHIPPED, record)
    if own is None:  # little is known: there are no two ways
        return
    whole = Completions(SHIPPED, record)
    check_both(ENGINE, whole, own)
    option = data.draw(st.sampled_from(list(BASE.options)))
    assert list(asked(ENGINE, own, option)) == list(asked(ENGINE, whole, option))


def test_what_one_way_can_make_exactly_the_other_can_too() -> None:
    # Equal diagrams are made in both, so what is within the smaller limit is within
    # the larger one; and past the smaller one there is only one way.
    assert MOST_NODES_BEFORE_ALL <= MOST_NODES_OF_A_CASE
