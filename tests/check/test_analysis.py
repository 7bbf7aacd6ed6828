"""The analysis finds what is said in vain, twice, or by a slip; `test_defects` more."""

from __future__ import annotations

import attrs
import pytest

from milia_cds import Case, load_knowledge
from milia_cds.check import Finding
from milia_cds.check.analysis import analyse
from milia_cds.check.findings import graded
from milia_cds.check.space import Space
from milia_cds.decision.engine import compiled
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.options import Gate, Modifier
from milia_cds.logic.conditions import truth
from milia_cds.logic.language import parse
from tests import common

BASE = load_knowledge()


@pytest.fixture
def space() -> Space:
    return common.space()


@pytest.fixture
def shipped() -> tuple[Finding, ...]:
    return common.examined().findings


def found(base: Knowledge, shipped: tuple[Finding, ...], space: Space) -> list[Finding]:
    """What is found beyond what is found in the shipped knowledge."""
    before = {(each.kind, each.path) for each in shipped}
    every = analyse(base, space, space.results(base))
    return [each for each in every if (each.kind, each.path) not in before]


def test_the_shipped_knowledge_has_no_error(shipped: tuple[Finding, ...]) -> None:
    assert [each for each in shipped if each.level == "error"] == []


def test_options_that_no_scenario_recommends_are_noted(
    shipped: tuple[Finding, ...],
) -> None:
    never = {e.path for e in shipped if e.kind == "option.never_recommended"}
    assert never == {
        f"options/{name}.toml" for name in ("acitretin", "isotretinoin", "steaming")
    }


def test_a_caution_that_is_never_said_comes_with_a_case_in_which_it_holds(
    shipped: tuple[Finding, ...],
) -> None:
    unsaid = [each for each in shipped if each.kind == "gate.unsaid"]
    assert unsaid
    for each in unsaid:
        condition = dict(BASE.conditions())[each.path.partition(" (")[0]]
        case = Case.from_dict(dict(each.case or {}))
        facts = compiled(BASE).decide(case.values(), absent=case.absent()).facts
        assert truth(condition, facts) is True


def with_gates(*gates: Gate, option: str = "extraction") -> Knowledge:
    record = BASE.options[option]
    more = attrs.evolve(record, gate=(*record.gate, *gates))
    return attrs.evolve(BASE, options={**BASE.options, option: more})


def gate(kind: str, when: str, **more: str) -> Gate:
    return Gate(
        id="new",
        kind=kind,  # type: ignore[arg-type]  # a literal, by its callers
        text="Something.",
        when=when,
        judgement=True,
        condition=parse(when, BASE.scope()),
        name="extraction.new",
        **more,  # type: ignore[arg-type]  # the keys are fields
    )


@pytest.mark.parametrize(
    ("added", "kind", "level"),
    [
        (gate("forbid", "not patient.cooperative"), "gate.twin", "warning"),
        (gate("forbid", "findings.active_herpes and under_12"), "gate.masked", "note"),
        (gate("lower", "findings.active_herpes"), "gate.lower_forbidden", "warning"),
        (
            gate("lower", "not goals.wants_treatment and infant", to="limited"),
            "gate.idle",
            "note",
        ),
        (gate("caution", "findings.active_herpes"), "gate.unsaid", "warning"),
        (gate("caution", "history.anticoagulant"), "gate.twin", "note"),
        (
            gate("caution", "patient.cooperative or not patient.cooperative"),
            "condition.always",
            "error",
        ),
        (gate("note", "infant and not infant"), "condition.never", "error"),
    ],
)
def test_a_gate_in_vain_is_found(
    shipped: tuple[Finding, ...], space: Space, added: Gate, kind: str, level: str
) -> None:
    at = "options/extraction.toml: gate.new"
    findings = [e for e in found(with_gates(added), shipped, space) if e.path == at]
    assert (kind, level) in [(each.kind, each.level) for each in findings]


def test_cases_that_are_treated_with_nothing_are_found(
    shipped: tuple[Finding, ...], space: Space
) -> None:
    scenario = BASE.scenarios["child_few"]
    ranks = dict.fromkeys(scenario.ranks, 0)
    none = attrs.evolve(scenario, ranks=ranks)
    base = attrs.evolve(BASE, scenarios={**BASE.scenarios, "child_few": none})
    (dead_end,) = [
        e for e in found(base, shipped, space) if e.kind == "scenario.dead_end"
    ]
    assert dead_end.path == "scenarios.toml: scenario.child_few"
    case = Case.from_dict(dict(dead_end.case or {}))
    record = compiled(base).decide(case.values(), absent=case.absent())
    assert record.ranking == ()


def test_a_level_that_is_never_taken_is_found(
    shipped: tuple[Finding, ...], space: Space
) -> None:
    option = BASE.options["extraction"]
    wide, narrow = (
        Modifier(when=when, level=1, condition=parse(when, BASE.scope()))
        for when in ("under_12", "infant")
    )
    level = attrs.evolve(option.level[0], modifier=(wide, narrow))
    changed = attrs.evolve(option, level=(level, *option.level[1:]))
    base = attrs.evolve(BASE, options={**BASE.options, option.id: changed})
    never = [e for e in found(base, shipped, space) if e.kind == "level.never"]
    assert [each.path for each in never] == [
        f"options/extraction.toml: level.{level.criterion}.modifier[1]"
    ]


def test_a_criterion_that_tells_nothing_apart_is_found(
    shipped: tuple[Finding, ...], space: Space
) -> None:
    options = {
        name: attrs.evolve(
            option,
            level=tuple(
                attrs.evolve(level, base=2, modifier=())
                if level.criterion == "cost"
                else level
                for level in option.level
            ),
        )
        for name, option in BASE.options.items()
    }
    base = attrs.evolve(BASE, options=options)
    idle = [e for e in found(base, shipped, space) if e.kind == "criterion.idle"]
    assert [each.path for each in idle] == ["criteria.toml: criterion.cost"]


def test_the_gravest_come_first_and_else_the_order_stays() -> None:
    given = [
        Finding("a", "note", "1", "."),
        Finding("b", "error", "2", "."),
        Finding("c", "warning", "3", "."),
        Finding("d", "error", "4", "."),
    ]
    assert [each.kind for each in graded(given)] == ["b", "d", "c", "a"]
