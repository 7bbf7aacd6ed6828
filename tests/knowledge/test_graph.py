"""The decision graph: what it holds, what is wrong with its shape, its parts."""

from __future__ import annotations

from collections.abc import Mapping

import attrs
import networkx as nx
import pytest

from milia_cds.errors import Problem
from milia_cds.knowledge.graph import ALERTS, VERDICT, build, part
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.options import STANDINGS
from milia_cds.knowledge.reading import read_knowledge
from milia_cds.knowledge.scenarios import Branch, Decision
from milia_cds.knowledge.shape import structural_problems

LEAD = "lead a branch to it, or remove it"


@pytest.fixture(scope="module")
def shipped() -> Knowledge:
    return read_knowledge()


def _problems(base: Knowledge, **tree: tuple[str, ...]) -> list[Problem]:
    """The problems of another triage: targets by decision."""
    decisions = {
        name: Decision(
            id=name,
            ask=f"{name}?",
            branch=tuple(Branch(to=to, when=f"{name}_{to}") for to in targets),
        )
        for name, targets in tree.items()
    }
    ends = {to for targets in tree.values() for to in targets}
    scenarios = {name: each for name, each in base.scenarios.items() if name in ends}
    changed = attrs.evolve(base, decisions=decisions, scenarios=scenarios)
    return structural_problems(changed)


def _at(node: str, message: str, mend: str = LEAD) -> Problem:
    return Problem(f"triage.toml: {node}", message, mend)


def test_the_shape_of_the_shipped_knowledge_is_sound(shipped: Knowledge) -> None:
    assert structural_problems(shipped) == []


def test_a_shape_with_shared_ends_is_sound(shipped: Knowledge) -> None:
    problems = _problems(
        shipped,
        start=("left", "right"),
        left=("newborn", "tattoo"),
        right=("left", "tattoo"),
    )
    assert problems == []


@pytest.mark.parametrize(
    ("tree", "circle"),
    [
        (
            {"start": ("newborn", "second"), "second": ("start", "newborn")},
            "decision.start to decision.second",
        ),
        ({"start": ("newborn", "start")}, "decision.start"),
        (
            {
                "start": ("one", "newborn"),
                "one": ("two", "newborn"),
                "two": ("three", "newborn"),
                "three": ("one", "newborn"),
            },
            "decision.one to decision.two to decision.three",
        ),
        (
            {
                "start": ("newborn", "tattoo"),
                "one": ("two", "newborn"),
                "two": ("one", "tattoo"),
            },
            "decision.one to decision.two",
        ),
    ],
)
def test_decisions_in_a_circle_are_found(
    shipped: Knowledge, tree: Mapping[str, tuple[str, ...]], circle: str
) -> None:
    assert _problems(shipped, **tree) == [
        _at(
            "decision",
            f"the decisions go in a circle: {circle}",
            "lead one branch elsewhere",
        )
    ]


def test_a_second_root_is_found_with_all_that_only_it_leads_to(
    shipped: Knowledge,
) -> None:
    problems = _problems(
        shipped,
        start=("newborn", "tattoo"),
        other=("below", "newborn"),
        below=("body_few", "newborn"),
    )
    assert problems == [
        _at("decision.other", "a second root beside decision.start"),
        _at("decision.below", "no branch leads here"),
        _at("scenario.body_few", "no branch leads here"),
    ]


def test_a_decision_above_the_first_is_a_second_root(shipped: Knowledge) -> None:
    problems = _problems(
        shipped, start=("newborn", "tattoo"), above=("start", "newborn")
    )
    assert problems == [_at("decision.above", "a second root beside decision.start")]


def test_a_scenario_that_no_branch_leads_to_is_found(shipped: Knowledge) -> None:
    lonely = attrs.evolve(shipped.scenarios["tattoo"], id="lonely")
    scenarios = {**shipped.scenarios, "lonely": lonely}
    problems = structural_problems(attrs.evolve(shipped, scenarios=scenarios))
    assert problems == [_at("scenario.lonely", "no branch leads here")]


def test_an_option_in_no_scenario_is_found_with_its_gates(shipped: Knowledge) -> None:
    spare = attrs.evolve(shipped.options["steaming"], id="spare")
    gate = attrs.evolve(spare.gate[0], name="spare.first")
    options = {**shipped.options, "spare": attrs.evolve(spare, gate=(gate,))}
    problems = structural_problems(attrs.evolve(shipped, options=options))
    assert problems == [
        _at("option.spare", "no branch leads here"),
        _at("gate.spare.first", "no branch leads here"),
    ]


def test_every_record_is_a_node_with_its_kind_id_and_label(shipped: Knowledge) -> None:
    graph = build(shipped)
    expected = {
        **{f"decision.{name}": each.ask for name, each in shipped.decisions.items()},
        **{f"scenario.{name}": each.label for name, each in shipped.scenarios.items()},
        **{f"option.{name}": each.label for name, each in shipped.options.items()},
        **{
            f"gate.{gate.name}": gate.text
            for option in shipped.options.values()
            for gate in option.gate
        },
        **{f"alert.{name}": each.text for name, each in shipped.alerts.items()},
        ALERTS: "Dangers, whatever is decided",
        VERDICT: "verdict",
    }
    assert {node: graph.nodes[node]["label"] for node in graph} == expected
    for node, data in graph.nodes(data=True):
        assert node == f"{data['kind']}.{data['id']}"


def test_every_option_stands_in_every_scenario(shipped: Knowledge) -> None:
    graph = build(shipped)
    for scenario, record in shipped.scenarios.items():
        for option in shipped.options:
            edge = graph.edges[f"scenario.{scenario}", f"option.{option}"]
            assert edge["kind"] == "standing"
            assert option in getattr(record, edge["label"])
            assert edge["label"] in STANDINGS


def test_every_branch_and_gate_is_an_edge_with_its_condition(
    shipped: Knowledge,
) -> None:
    graph = build(shipped)
    for name, decision in shipped.decisions.items():
        for branch in decision.branch:
            kind = "decision" if branch.to in shipped.decisions else "scenario"
            edge = graph.edges[f"decision.{name}", f"{kind}.{branch.to}"]
            assert edge == {"kind": "branch", "label": branch.when or "otherwise"}
    for name, option in shipped.options.items():
        assert graph.has_edge(f"option.{name}", VERDICT)
        for gate in option.gate:
            edge = graph.edges[f"option.{name}", f"gate.{gate.name}"]
            assert edge == {"kind": gate.kind, "label": gate.when or "always"}
            assert graph.has_edge(f"gate.{gate.name}", VERDICT)


def test_every_alert_hangs_on_the_first_decision_by_its_condition(
    shipped: Knowledge,
) -> None:
    graph = build(shipped)
    root = f"decision.{next(iter(shipped.decisions))}"
    assert graph.edges[root, ALERTS] == {"kind": "alerts", "label": ""}
    assert {*graph.successors(ALERTS)} == {f"alert.{name}" for name in shipped.alerts}
    for name, alert in shipped.alerts.items():
        edge = graph.edges[ALERTS, f"alert.{name}"]
        assert edge == {"kind": "alert", "label": alert.when}


def _kinds(graph: nx.DiGraph[str]) -> set[str]:
    return {graph.nodes[node]["kind"] for node in graph}


def test_the_part_about_nothing_is_the_triage(shipped: Knowledge) -> None:
    triage = part(build(shipped))
    assert _kinds(triage) == {"decision", "scenario"}
    assert len(triage) == len(shipped.decisions) + len(shipped.scenarios)


def test_the_part_about_a_scenario_is_its_ways_and_its_options(
    shipped: Knowledge,
) -> None:
    shown = part(build(shipped), scenario="newborn")
    ways = {"warning_sign", "sure", "disease", "baby"}
    options = {f"option.{name}" for name in shipped.options}
    assert {*shown} == {f"decision.{name}" for name in ways} | options | {
        "scenario.newborn"
    }


def test_the_part_about_an_option_is_its_gates_and_all_scenarios(
    shipped: Knowledge,
) -> None:
    shown = part(build(shipped), option="steaming")
    gates = {f"gate.{gate.name}" for gate in shipped.options["steaming"].gate}
    scenarios = {f"scenario.{name}" for name in shipped.scenarios}
    assert {*shown} == gates | scenarios | {"option.steaming", VERDICT}


def test_the_part_about_both_is_the_way_from_the_root_to_the_verdict(
    shipped: Knowledge,
) -> None:
    shown = part(build(shipped), option="steaming", scenario="newborn")
    assert [node for node in shown if shown.in_degree(node) == 0] == [
        "decision.warning_sign"
    ]
    assert [node for node in shown if shown.out_degree(node) == 0] == [VERDICT]
    gates = {f"gate.{gate.name}" for gate in shipped.options["steaming"].gate}
    ways = {f"decision.{name}" for name in ("warning_sign", "sure", "disease", "baby")}
    ends = {"scenario.newborn", "option.steaming", VERDICT}
    assert {*shown} == gates | ways | ends


def test_a_part_is_a_graph_of_its_own(shipped: Knowledge) -> None:
    graph = build(shipped)
    before = len(graph)
    part(graph).clear()
    assert len(graph) == before
