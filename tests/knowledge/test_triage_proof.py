"""The proof that the triage is exclusive and complete, and what breaks it."""

from __future__ import annotations

from collections.abc import Mapping

import attrs
import pytest

from milia_cds.errors import Problem
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.reading import read_knowledge
from milia_cds.knowledge.scenarios import Branch, Decision
from milia_cds.knowledge.triage_proof import triage_problems
from milia_cds.logic.conditions import Condition, Not, Or
from milia_cds.logic.language import parse

OTHERWISE = ""
EXCLUDE = "make one exclude the other"
WIDEN = "widen a branch, or end with otherwise"
DEAD = "no case that comes here takes this branch"
MEND = "mend its condition, or remove it"
LEAD = "lead a branch to it, or remove it"


@pytest.fixture(scope="module")
def shipped() -> Knowledge:
    return read_knowledge()


def _with(base: Knowledge, tree: Mapping[str, Mapping[str, str]]) -> Knowledge:
    """A knowledge base with another triage: target by condition by decision."""
    decisions = {}
    for name, branches in tree.items():
        made: list[Branch] = []
        before: list[Condition] = []
        for when, to in branches.items():
            condition = parse(when, base.scope()) if when else Not(Or(tuple(before)))
            before.append(condition)
            made.append(Branch(to=to, when=when, condition=condition))
        decisions[name] = Decision(id=name, ask=f"{name}?", branch=tuple(made))
    ends = {to for branches in tree.values() for to in branches.values()}
    scenarios = {name: each for name, each in base.scenarios.items() if name in ends}
    return attrs.evolve(base, decisions=decisions, scenarios=scenarios)


def _problems(base: Knowledge, **tree: Mapping[str, str]) -> list[Problem]:
    return triage_problems(_with(base, tree))


def _at(place: str, message: str, mend: str) -> Problem:
    return Problem(f"triage.toml: {place}", message, mend)


def _unreached(scenario: str) -> Problem:
    return _at(f"scenario.{scenario}", "no case ends in this scenario", LEAD)


def test_the_shipped_triage_is_proved(shipped: Knowledge) -> None:
    assert triage_problems(shipped) == []


@pytest.mark.parametrize(
    "branches",
    [
        {"infant": "newborn", "not infant": "tattoo"},
        {"infant": "newborn", OTHERWISE: "tattoo"},
        {
            "patient.age_years < 1": "newborn",
            "1 <= patient.age_years < 12": "plaque_child",
            "patient.age_years >= 12": "tattoo",
        },
        {
            "lesion.count == 1": "newborn",
            "lesion.count == 2": "plaque_child",
            "lesion.count >= 3": "tattoo",
        },
        {
            '"extraction" in history.failed and infant': "newborn",
            '"extraction" in history.failed and not infant': "plaque_child",
            '"extraction" not in history.failed': "tattoo",
        },
    ],
)
def test_exclusive_and_complete_branches_are_no_problem(
    shipped: Knowledge, branches: Mapping[str, str]
) -> None:
    assert _problems(shipped, start=branches) == []


@pytest.mark.parametrize(
    ("one", "other", "case"),
    [
        (
            "patient.age_years <= 12",
            "patient.age_years >= 12",
            "for the case patient.age_years = 12",
        ),
        (
            "lesion.count <= 2",
            "lesion.count > 1",
            "for the case lesion.count = 2",
        ),
        (
            'lesion.site in {"cheek", "chin"}',
            'lesion.site not in {"cheek", "nose"}',
            'for the case lesion.site = "chin"',
        ),
        (
            "history.pacemaker or history.keloid",
            "not history.pacemaker",
            "for the case history.pacemaker = false, history.keloid = true",
        ),
        (
            '"extraction" in history.failed',
            '"extraction" not in history.failed or "steaming" in history.failed',
            "for the case history.failed = ['extraction', 'steaming']",
        ),
        ("infant or not infant", "infant or not infant or many", "for every case"),
    ],
)
def test_an_overlap_is_found_with_an_example(
    shipped: Knowledge, one: str, other: str, case: str
) -> None:
    problems = _problems(shipped, start={one: "newborn", other: "tattoo"})
    overlap = f"branches 1 and 2 are both true {case}"
    assert _at("decision.start", overlap, EXCLUDE) in problems


def test_every_pair_of_overlapping_branches_is_found(shipped: Knowledge) -> None:
    tree = {"many": "newborn", "not many": "tattoo", "infant": "plaque_child"}
    assert _problems(shipped, start=tree) == [
        _at(
            "decision.start",
            f"branches {pair} are both true "
            f"for the case lesion.count = {count}, patient.age_years = 0",
            EXCLUDE,
        )
        for pair, count in (("1 and 3", 21), ("2 and 3", 1))
    ]


@pytest.mark.parametrize(
    ("one", "other", "case"),
    [
        (
            "patient.age_years < 12",
            "patient.age_years > 12",
            "patient.age_years = 12",
        ),
        ("lesion.count < 2", "lesion.count > 2", "lesion.count = 2"),
        (
            'lesion.site == "scalp"',
            'lesion.site not in {"scalp", "foot"}',
            'lesion.site = "foot"',
        ),
        (
            "history.pacemaker and history.keloid",
            "not history.pacemaker",
            "history.pacemaker = true, history.keloid = false",
        ),
        (
            '"extraction" in history.failed',
            '"steaming" in history.failed and "extraction" not in history.failed',
            "history.failed = []",
        ),
    ],
)
def test_a_gap_is_found_with_an_example(
    shipped: Knowledge, one: str, other: str, case: str
) -> None:
    assert _problems(shipped, start={one: "newborn", other: "tattoo"}) == [
        _at("decision.start", f"no branch is true for the case {case}", WIDEN)
    ]


def test_a_branch_that_no_case_takes_is_found_and_so_is_where_it_leads(
    shipped: Knowledge,
) -> None:
    problems = _problems(
        shipped,
        start={"infant": "child", OTHERWISE: "tattoo"},
        child={"under_12": "newborn", "not under_12": "plaque_child"},
    )
    assert problems == [
        _at("decision.child.branch[1]", DEAD, MEND),
        _unreached("plaque_child"),
    ]


def test_otherwise_after_branches_that_leave_nothing_is_a_dead_branch(
    shipped: Knowledge,
) -> None:
    tree = {"infant": "newborn", "not infant": "tattoo", OTHERWISE: "newborn"}
    assert _problems(shipped, start=tree) == [
        _at("decision.start.branch[2]", DEAD, MEND)
    ]


def test_a_scenario_that_no_branch_leads_to_is_found(shipped: Knowledge) -> None:
    base = _with(shipped, {"start": {"infant": "newborn", OTHERWISE: "tattoo"}})
    more = {**base.scenarios, "body_few": shipped.scenarios["body_few"]}
    assert triage_problems(attrs.evolve(base, scenarios=more)) == [
        _unreached("body_few")
    ]


@pytest.mark.parametrize(
    "second",
    [
        # an overlap, and a gap, below the age of 1 year
        {
            "patient.age_years < 2": "tattoo",
            "infant or patient.age_years >= 2": "plaque_child",
        },
        {
            "1 <= patient.age_years < 2": "tattoo",
            "patient.age_years >= 2": "plaque_child",
        },
    ],
)
def test_only_the_cases_that_come_to_a_decision_count(
    shipped: Knowledge, second: Mapping[str, str]
) -> None:
    assert _problems(shipped, start=second) != []
    start = {"infant": "newborn", "not infant": "second"}
    assert _problems(shipped, start=start, second=second) == []


def test_a_decision_is_judged_by_all_the_ways_that_lead_to_it(
    shipped: Knowledge,
) -> None:
    problems = _problems(
        shipped,
        start={"infant": "device", "not infant": "last"},
        last={"infant": "tattoo", "not infant": "newborn"},
        device={"history.pacemaker": "last", "not history.pacemaker": "newborn"},
    )
    assert problems == []


def test_the_first_decision_of_the_file_is_the_beginning(shipped: Knowledge) -> None:
    problems = _problems(
        shipped,
        last={"infant": "tattoo", "not infant": "newborn"},
        start={"infant": "last", "not infant": "plaque_child"},
    )
    assert problems == [_unreached("plaque_child")]


def _without(decision: Decision, place: int) -> Decision:
    branches = (*decision.branch[:place], *decision.branch[place + 1 :])
    return attrs.evolve(decision, branch=branches)


def test_leaving_out_any_branch_of_the_shipped_triage_leaves_a_gap(
    shipped: Knowledge,
) -> None:
    for name, decision in shipped.decisions.items():
        for place in range(len(decision.branch)):
            changed = {**shipped.decisions, name: _without(decision, place)}
            problems = triage_problems(attrs.evolve(shipped, decisions=changed))
            gap = "no branch is true for the case "
            assert [
                problem.path for problem in problems if problem.message.startswith(gap)
            ] == [f"triage.toml: decision.{name}"]


def test_doubling_any_branch_of_the_shipped_triage_makes_an_overlap(
    shipped: Knowledge,
) -> None:
    for name, decision in shipped.decisions.items():
        for place, branch in enumerate(decision.branch, start=1):
            doubled = attrs.evolve(decision, branch=(*decision.branch, branch))
            changed = {**shipped.decisions, name: doubled}
            [problem] = triage_problems(attrs.evolve(shipped, decisions=changed))
            last = len(decision.branch) + 1
            said = f"branches {place} and {last} are both true for the case "
            assert problem.path == f"triage.toml: decision.{name}"
            assert problem.message.startswith(said)
