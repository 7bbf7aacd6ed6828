"""Questions, why and why not are exactly right, by trying every completion.

On small knowledge bases all completions are tried; on the real one those of up to seven
unknown facts. `MILIA_CDS_THOROUGH=1` tries 2,000 cases of each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from itertools import combinations, product

import attrs
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from milia_cds.decision.all_cases import AllCases
from milia_cds.decision.completions import Completions
from milia_cds.decision.engine import Engine, first_place
from milia_cds.decision.exact import exact
from milia_cds.decision.record import Record
from milia_cds.explanation.questions import muted, questions
from milia_cds.explanation.reasons import Sayings, View
from milia_cds.explanation.why import why
from milia_cds.explanation.why_not import Path, why_not
from milia_cds.logic.cells import Variable, Variables
from milia_cds.logic.facts import Choice, Value
from milia_cds.testing.strategies import axes
from tests.common import THOROUGH
from tests.property.deciding import (
    BASE,
    CASES,
    UNMINDFUL,
    decided,
    redecided,
)
from tests.property.small import KINDS, OPTIONS, Facts, Tried, bases, tried
from tests.property.small import decided as decided_small
from tests.property.worlds import cases, completions

oracle = settings(
    max_examples=500 if THOROUGH else 12,
    deadline=None,
    derandomize=not THOROUGH,
    suppress_health_check=list(HealthCheck),
)
"""Each example is a knowledge base with four cases: 2,000 in a thorough run."""

CASES_EACH = 4


@attrs.frozen
class World:
    """A knowledge base, one case, and all its completions."""

    engine: Engine
    results: AllCases
    facts: Facts
    record: Record
    left: Completions
    tried: Sequence[Tried]

    @property
    def exact(self) -> Record:
        """The exact record."""
        return exact(self.engine, self.left)

    @property
    def view(self) -> View:
        """The view of the exact record."""
        return View(Sayings(self.engine), self.exact)


@st.composite
def worlds(draw: st.DrawFn) -> list[World]:
    """A small knowledge base with some cases and their completions."""
    base = draw(bases())
    engine, results = Engine(base), AllCases(base)
    made = []
    for _ in range(CASES_EACH):
        facts = draw(cases(KINDS))
        record = decided_small(engine, facts)
        left = Completions(results, record)
        every = tried(engine, left.variables, facts)
        made.append(World(engine, results, facts, record, left, every))
    return made


def outcome(world: World, one: Tried) -> tuple[object, ...]:
    """All that a completion comes to and that one may be asked about."""
    treated = any(
        each.offered(name) for each in world.tried for name in OPTIONS if name != "wait"
    )
    numb = one.record.measures["numb"].verdict if treated else ""
    offered = tuple(one.offered(name) for name in OPTIONS)
    dangers = one.certain(asked_alerts(world.record))
    return offered, one.first, one.disposition, numb, dangers


def asked_alerts(record: Record) -> frozenset[str]:
    """The alerts of a record that one must ask for."""
    return frozenset(each.alert.id for each in record.alerts if not each.certain)


def that_matter(world: World, read: Callable[[Tried], object]) -> set[str]:
    """The unknown facts of which two values lead to different things."""
    unknown = {
        each.fact for each in world.left.variables if world.facts[each.fact] is None
    }
    matter = set()
    for fact in unknown:
        alike: dict[object, set[object]] = {}
        for one in world.tried:
            others = tuple(
                (name, one.facts[name]) for name in one.facts if name != fact
            )
            alike.setdefault(others, set()).add(read(one))
        if any(len(ends) > 1 for ends in alike.values()):
            matter.add(fact)
    return matter


def rank_of(name: str) -> Callable[[Tried], int]:
    """A reader of the rank at which a completion offers an option, or 0."""
    return lambda one: one.offered(name)


def has_first(name: str) -> Callable[[Tried], bool]:
    """A reader of whether a completion puts an option first."""
    return lambda one: name in one.first


@oracle
@given(worlds())
def test_what_is_asked_is_exactly_what_can_still_change_a_result(
    drawn: list[World],
) -> None:
    for world in drawn:
        asked = questions(world.left)
        facts = [fact for each in asked for fact in each.facts]
        assert len(facts) == len(set(facts))
        assert set(facts) == that_matter(world, partial(outcome, world))
        decisive = that_matter(world, lambda one: (one.first, one.disposition))
        for each in asked:
            assert each.decisive is bool(decisive.intersection(each.facts))
            affected = {
                name
                for name in OPTIONS
                if set(each.facts) & that_matter(world, rank_of(name))
            }
            assert set(each.affects) - {"numb"} == affected


@oracle
@given(worlds())
def test_status_and_possible_first_are_those_of_all_completions(
    drawn: list[World],
) -> None:
    for world in drawn:
        firsts = {one.first for one in world.tried}
        assert set(world.left.possible_first) == frozenset[str]().union(*firsts)
        ends = {(one.first, one.disposition) for one in world.tried}
        settled = world.exact.disposition
        shown = (
            frozenset(first_place(world.exact.ranking)),
            (settled.action, settled.to, settled.urgency),
        )
        settled_all = ends == {shown} and not asked_alerts(world.exact)
        assert world.left.agree_with(world.exact) is settled_all


@oracle
@given(worlds())
def test_a_case_with_no_decisive_question_is_determinate(drawn: list[World]) -> None:
    for world in drawn:
        asked = questions(world.left)
        if not any(each.decisive or each.alerts for each in asked):
            assert world.left.agree_with(world.exact)


@oracle
@given(worlds())
def test_an_exact_verdict_is_what_all_completions_agree_on(drawn: list[World]) -> None:
    for world in drawn:
        for name, judged in world.exact.verdicts.items():
            verdicts = {one.record.verdicts[name].verdict for one in world.tried}
            standings = [one.record.verdicts[name].worst for one in world.tried]
            assert (judged.verdict == "offered") is (verdicts == {"offered"})
            assert (judged.verdict == "excluded") is (verdicts == {"excluded"})
            closed = "offered" not in verdicts and verdicts != {"excluded"}
            assert (judged.verdict == "not_indicated") is closed
            assert (judged.worst, judged.best) == (min(standings), max(standings))
        assert set(world.exact.walk.scenarios) == {
            one.record.walk.scenarios[0] for one in world.tried
        }


@oracle
@given(worlds())
def test_exactness_only_settles_what_the_walk_had_left_open(drawn: list[World]) -> None:
    for world in drawn:
        for name, judged in world.record.verdicts.items():
            sharp = world.exact.verdicts[name]
            assert judged.worst <= sharp.worst <= sharp.best <= judged.best
            if judged.verdict in {"offered", "excluded", "unavailable"}:
                assert sharp.verdict == judged.verdict


# -- why -------------------------------------------------------------------------------


@oracle
@given(worlds())
def test_the_facts_of_why_are_enough_and_none_can_be_left_out(
    drawn: list[World],
) -> None:
    for world in drawn:
        for name in OPTIONS:
            said = why(world.view, world.left, world.engine.base.options[name])
            claim = claimed(world, name)
            assert holds_with(world, said.facts, claim)
            for fact in said.facts:
                fewer = [each for each in said.facts if each != fact]
                assert not holds_with(world, fewer, claim)
            if said.verdict == "withheld":
                assert set(said.asks) == that_matter(world, rank_of(name))


def claimed(world: World, name: str) -> Callable[[Tried], bool]:
    judged = world.exact.verdicts[name]
    if judged.verdict == "offered":
        return lambda one: one.offered(name) >= judged.worst
    if judged.verdict == "withheld":
        return lambda _: True
    if judged.verdict == "excluded":
        return lambda one: one.record.verdicts[name].verdict == "excluded"
    return lambda one: not one.offered(name)


def holds_with(
    world: World, facts: Iterable[str], claim: Callable[[Tried], bool]
) -> bool:
    """Whether a claim holds however all other facts are completed."""
    known = {name: world.facts[name] for name in facts}
    every = tried(world.engine, world.left.variables, {**dict.fromkeys(KINDS), **known})
    return all(map(claim, every))


# -- why not ---------------------------------------------------------------------------


@oracle
@given(worlds())
def test_why_not_gives_all_smallest_sets_of_changes_and_each_does_it(
    drawn: list[World],
) -> None:
    for world in drawn[:2]:
        for name in OPTIONS:
            said = why_not(world.left, world.engine.base.options[name])
            check_paths(world, said.offered, rank_of(name))
            check_paths(world, said.first, has_first(name))


def check_paths(
    world: World, paths: Sequence[Path], target: Callable[[Tried], object]
) -> None:
    found = {frozenset(change.fact for change in path.changes) for path in paths}
    assert len(found) == len(paths)
    assert found == smallest(world, target)
    for path in paths:
        names = [change.fact for change in path.changes]
        for values in product(*(change.instead for change in path.changes)):
            facts = {**world.facts, **dict(zip(names, map(read, values), strict=True))}
            every = tried(world.engine, world.left.variables, facts)
            assert any(map(target, every))


def read(value: object) -> Value:
    # A set of members.
    return frozenset(value) if isinstance(value, list) else value  # type: ignore[return-value]


def smallest(world: World, target: Callable[[Tried], object]) -> set[frozenset[str]]:
    """The smallest sets of known facts to change, by trying all sets."""
    facts = world.engine.base.facts
    asked = {each.fact for each in world.left.variables}
    known = [
        name
        for name in asked
        if world.facts[name] is not None and not facts[name].immutable
    ]
    for size in range(len(known) + 1):
        found = {
            frozenset(chosen)
            for chosen in combinations(known, size)
            if changed_does(world, chosen, target)
        }
        if found:
            return found
    return set()


def changed_does(
    world: World, chosen: Sequence[str], target: Callable[[Tried], object]
) -> bool:
    free = {**world.facts, **dict.fromkeys(chosen)}
    return any(
        target(one)
        for one in tried(world.engine, world.left.variables, free)
        if may_be(world, chosen, one.facts)
    )


def may_be(world: World, chosen: Sequence[str], facts: Facts) -> bool:
    """Whether somebody may bring the chosen facts to the values of a completion."""
    return all(
        variable.fact not in chosen
        or variable.member is not None
        or may_come_to(world, variable, facts[variable.fact])
        for variable in world.left.variables
    )


def may_come_to(world: World, variable: Variable, value: Value | None) -> bool:
    """Whether a fact may come to be what no condition tells apart from a value."""
    now, kind = world.facts[variable.fact], KINDS[variable.fact]
    assert now is not None
    assert value is not None
    cell = variable.index(value)
    values = kind.members if isinstance(kind, Choice) else (value,)
    alike = [each for each in values if variable.index(each) == cell]
    entry = world.engine.base.facts[variable.fact]
    return cell == variable.index(now) or any(
        entry.may_become(now, each) for each in alike
    )


# -- on the real knowledge -------------------------------------------------------------

REAL = AllCases(BASE)
MOST_UNKNOWN = 7
MOST_COMPLETIONS = 3000


@settings(oracle, max_examples=2000 if THOROUGH else 10)
@given(st.data())
def test_on_the_real_knowledge_the_questions_are_exactly_right_too(
    data: st.DataObject,
) -> None:
    case = data.draw(CASES["near"])
    known = dict(decided(case, UNMINDFUL).facts)
    for axis in axes(BASE):
        if known[axis.fact] is None:
            known[axis.fact] = axis.value(0)
    facts = {each.fact for each in REAL.diagrams.variables}
    readable = sorted(name for name in facts if not BASE.facts[name].way_out)
    chosen = st.lists(
        st.sampled_from(readable), min_size=1, max_size=MOST_UNKNOWN, unique=True
    )
    for fact in data.draw(chosen):
        if size_of(REAL.diagrams.variables, {**known, fact: None}) <= MOST_COMPLETIONS:
            known[fact] = None
    record = redecided(known, case)
    left = Completions(REAL, record)
    every = [
        Tried(facts=each, record=redecided({**known, **each}, case))
        for each in completions(left.variables, known)
    ]
    check_real(left, every)


def size_of(variables: Variables, facts: Mapping[str, Value | None]) -> int:
    size = 1
    for each in variables:
        size *= len(each.examples) if facts[each.fact] is None else 1
    return size


def check_real(left: Completions, every: list[Tried]) -> None:
    options = tuple(BASE.options)
    treated = any(
        one.offered(name)
        for one in every
        for name in options
        if BASE.options[name].act == "treat"
    )

    dangers = asked_alerts(left.record)

    def read(one: Tried) -> object:
        measures = tuple(each.verdict for each in one.record.measures.values())
        offered = tuple(map(one.offered, options))
        told = (one.disposition, measures if treated else (), one.certain(dangers))
        return offered, one.first, told

    unknown = [
        name
        for name, value in left.record.facts.items()
        if value is None and not muted(BASE, name, left.record.facts)
    ]
    matter = set()
    for fact in unknown:
        alike: dict[object, set[object]] = {}
        for one in every:
            others = tuple(one.facts[name] for name in one.facts if name != fact)
            alike.setdefault(others, set()).add(read(one))
        if any(len(ends) > 1 for ends in alike.values()):
            matter.add(fact)
    asked = {fact for each in questions(left) for fact in each.facts}
    assert asked == matter
    firsts = frozenset[str]().union(*(one.first for one in every))
    assert left.exact
    assert set(left.possible_first) == firsts
