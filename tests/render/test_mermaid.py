"""The decision graph as Mermaid: text that can be drawn, and holds what was asked."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import attrs
import pytest

from milia_cds.assessment.base import load_knowledge
from milia_cds.errors import UnknownNameError
from milia_cds.knowledge.graph import build
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.options import STANDINGS
from milia_cds.render.mermaid import mermaid

BASE = load_knowledge()
MOST_EDGES = 500  # that Mermaid draws at all
LONGEST = 90

NODE = re.compile(
    r'    (?P<name>\w+)(?P<open>\{\{"|\{"|\[\["|\(\["|\(\("|\[/"|\[")(?P<label>[^"]+)'
    r'(?P<close>"\}\}|"\}|"\]\]|"\]\)|"\)\)|"/\]|"\])'
)
EDGE = re.compile(r'    (?P<start>\w+) -->(?:\|"(?P<label>[^"|]+)"\|)? (?P<end>\w+)')
SHAPES = {
    "alerts": ('[["', '"]]'),
    "alert": ('{{"', '"}}'),
    "decision": ('{"', '"}'),
    "scenario": ('(["', '"])'),
    "option": ('["', '"]'),
    "gate": ('[/"', '"/]'),
    "verdict": ('(("', '"))'),
}

WHOLE: dict[str, Any] = {}
TRIAGE: dict[str, Any] = {"triage": True}
PARTS: list[dict[str, Any]] = [
    WHOLE,
    TRIAGE,
    *({"option": name} for name in BASE.options),
    *({"scenario": name} for name in BASE.scenarios),
    {"scenario": "newborn", "option": "extraction"},
    {"scenario": "adult_few_face", "option": "extraction"},
]
DRAWN = pytest.mark.parametrize(
    "part",
    PARTS,
    ids=lambda part: "-".join(map(str, part.values())) or "whole",
)


@attrs.frozen
class Drawing:
    """A flowchart, read back: the labels of nodes, and of edges by their ends."""

    nodes: dict[str, str]
    edges: dict[tuple[str, str], str | None]

    def of_kind(self, kind: str) -> set[str]:
        """The ids of the nodes of a kind."""
        return {
            name.removeprefix(f"{kind}_")
            for name in self.nodes
            if name.startswith(f"{kind}_")
        }


def draw(base: Knowledge = BASE, **part: Any) -> Drawing:
    """Read a flowchart back; every line must be of the grammar, and new."""
    first, *lines = mermaid(base, **part).split("\n")
    assert first == "flowchart TD"
    nodes: dict[str, str] = {}
    edges: dict[tuple[str, str], str | None] = {}
    for line in lines:
        if node := NODE.fullmatch(line):
            assert node["name"] not in nodes, "declared twice"
            assert not edges, "declared after an edge"
            kind = node["name"].partition("_")[0]
            assert (node["open"], node["close"]) == SHAPES[kind]
            nodes[node["name"]] = node["label"]
        else:
            edge = EDGE.fullmatch(line)
            assert edge, f"this is neither a node nor an edge: {line}"
            ends = edge["start"], edge["end"]
            assert ends not in edges, "drawn twice"
            edges[ends] = edge["label"]
    return Drawing(nodes, edges)


# -- every drawing ------------------------------------------------------------


@DRAWN
def test_every_line_is_a_node_or_an_edge_between_nodes(part: dict[str, Any]) -> None:
    drawing = draw(**part)
    assert {end for ends in drawing.edges for end in ends} <= set(drawing.nodes)
    assert drawing.edges


@DRAWN
def test_mermaid_draws_that_many_edges(part: dict[str, Any]) -> None:
    assert len(draw(**part).edges) <= MOST_EDGES


@DRAWN
def test_labels_are_words_that_end_at_a_length_that_can_be_read(
    part: dict[str, Any],
) -> None:
    drawing = draw(**part)
    for label in (*drawing.nodes.values(), *filter(None, drawing.edges.values())):
        text = re.sub(r"^(forbid|lower|caution|favour|note): ", "", label)
        assert len(re.sub(r"#\w+;", "x", text)) <= LONGEST
        assert not re.search(r"_|None|==|[<>]", label)


@DRAWN
def test_a_node_comes_after_all_that_lead_to_it(part: dict[str, Any]) -> None:
    drawing = draw(**part)
    place = {name: place for place, name in enumerate(drawing.nodes)}
    backwards = [ends for ends in drawing.edges if place[ends[0]] >= place[ends[1]]]
    assert backwards == []


# -- what was asked for -------------------------------------------------------


def standing(scenario: str, option: str) -> str:
    return STANDINGS[BASE.scenarios[scenario].ranks[option]].replace("_", " ")


def gates(option: str) -> set[str]:
    return {f"{option}_{gate.id}" for gate in BASE.options[option].gate}


def branches() -> set[tuple[str, str]]:
    return {
        (
            f"decision_{name}",
            f"{'decision' if each.to in BASE.decisions else 'scenario'}_{each.to}",
        )
        for name, decision in BASE.decisions.items()
        for each in decision.branch
    }


def test_the_whole_graph_has_everything_but_single_gates() -> None:
    drawing = draw()
    assert drawing.of_kind("alert") == set(BASE.alerts)
    assert drawing.of_kind("decision") == set(BASE.decisions)
    assert drawing.of_kind("scenario") == set(BASE.scenarios)
    assert drawing.of_kind("option") == set(BASE.options)
    assert drawing.of_kind("gate") == set()
    assert drawing.of_kind("verdict") == {"verdict"}


def test_the_whole_graph_counts_the_gates_of_each_option() -> None:
    drawing = draw()
    for name, option in BASE.options.items():
        said = drawing.edges[f"option_{name}", "verdict_verdict"] or ""
        counted = dict(each.split()[::-1] for each in said.split(", "))
        expected = Counter(gate.kind for gate in option.gate)
        assert counted == {kind: str(count) for kind, count in expected.items()}


def test_the_whole_graph_shows_every_standing_but_not_recommended() -> None:
    shown = {
        (start.removeprefix("scenario_"), end.removeprefix("option_")): label
        for (start, end), label in draw().edges.items()
        if start.startswith("scenario_")
    }
    every = {
        (scenario, option): standing(scenario, option)
        for scenario in BASE.scenarios
        for option in BASE.options
    }
    assert shown == {
        ends: label for ends, label in every.items() if label != "not recommended"
    }


def test_the_alerts_hang_off_the_root_as_a_group_with_their_conditions() -> None:
    drawing = draw()
    root = f"decision_{next(iter(BASE.decisions))}"
    assert (root, "alerts_alerts") in drawing.edges
    for name in BASE.alerts:
        assert drawing.edges["alerts_alerts", f"alert_{name}"], name


def test_the_triage_is_the_decisions_and_the_scenarios() -> None:
    drawing = draw(triage=True)
    assert drawing.of_kind("decision") == set(BASE.decisions)
    assert drawing.of_kind("scenario") == set(BASE.scenarios)
    assert len(drawing.nodes) == len(BASE.decisions) + len(BASE.scenarios)
    assert set(drawing.edges) == branches()


def test_branches_say_their_condition_in_words() -> None:
    edges = draw(triage=True).edges
    assert edges["decision_warning_sign", "scenario_red_flag"] == (
        "a warning sign is present"
    )
    assert edges["decision_origin", "decision_crease"] == "origin is primary"
    assert edges["decision_place", "scenario_body_few"] == "otherwise"
    assert all(edges.values())


@pytest.mark.parametrize("option", BASE.options)
def test_the_graph_of_an_option_shows_its_gates_and_no_others(option: str) -> None:
    drawing = draw(option=option)
    assert drawing.of_kind("option") == {option}
    assert drawing.of_kind("gate") == gates(option)
    assert drawing.of_kind("decision") == set()
    assert drawing.of_kind("scenario") == set(BASE.scenarios)
    for gate in BASE.options[option].gate:
        node = f"gate_{option}_{gate.id}"
        label = drawing.nodes[node].replace("#quot;", '"')
        assert label.startswith(f"{gate.kind}: {gate.text[:20]}")
        assert drawing.edges[f"option_{option}", node]
        assert (node, "verdict_verdict") in drawing.edges


@pytest.mark.parametrize("scenario", BASE.scenarios)
def test_the_graph_of_a_scenario_shows_the_way_to_it_and_its_options(
    scenario: str,
) -> None:
    drawing = draw(scenario=scenario)
    assert drawing.of_kind("scenario") == {scenario}
    assert drawing.of_kind("option") == set(BASE.options)
    assert "warning_sign" in drawing.of_kind("decision")
    ends = {end for _, end in drawing.edges}
    assert f"scenario_{scenario}" in ends
    for option in BASE.options:
        label = drawing.edges.get((f"scenario_{scenario}", f"option_{option}"))
        assert (label or "not recommended") == standing(scenario, option)


def test_the_graph_of_both_is_the_way_from_the_first_decision_to_the_verdict() -> None:
    drawing = draw(scenario="adult_few_face", option="extraction")
    assert drawing.of_kind("scenario") == {"adult_few_face"}
    assert drawing.of_kind("option") == {"extraction"}
    assert drawing.of_kind("gate") == gates("extraction")
    ends = "scenario_adult_few_face", "option_extraction"
    assert drawing.edges[ends] == "first line"
    assert ("option_extraction", "verdict_verdict") in drawing.edges


def test_the_graph_of_both_says_that_the_option_is_not_recommended() -> None:
    edges = draw(scenario="newborn", option="extraction").edges
    assert edges.get(("scenario_newborn", "option_extraction")) == "not recommended"


def test_every_node_of_the_graph_has_a_name_of_its_own() -> None:
    nodes = list(build(BASE))
    assert len({re.sub(r"\W", "_", node) for node in nodes}) == len(nodes)


# -- labels by hand -----------------------------------------------------------


@pytest.mark.parametrize(
    ("label", "drawn"),
    [
        ("plain words", "plain words"),
        ('"quoted"', "#quot;quoted#quot;"),
        ("under <3> & over", "under #lt;3#gt; #amp; over"),
        ("lower_eyelid", "lower eyelid"),
        ("a" * LONGEST, "a" * LONGEST),
        ("a" * (LONGEST + 1), f"{'a' * (LONGEST - 3)}..."),
        (f"{'a' * (LONGEST - 4)} bcdef", f"{'a' * (LONGEST - 4)}..."),
        ("&" * LONGEST, "#amp;" * LONGEST),
    ],
    ids=[
        "plain",
        "quotes",
        "signs",
        "underscore",
        "longest",
        "too_long",
        "cut_at_a_space",
        "long_when_escaped",
    ],
)
def test_a_label_is_escaped_and_cut(label: str, drawn: str) -> None:
    named = attrs.evolve(BASE.scenarios["newborn"], label=label)
    base = attrs.evolve(BASE, scenarios={**BASE.scenarios, "newborn": named})
    assert draw(base, triage=True).nodes["scenario_newborn"] == drawn


# -- names that do not exist --------------------------------------------------


@pytest.mark.parametrize(
    ("part", "message"),
    [
        ({"option": "extracton"}, 'no option "extracton"; did you mean "extraction"?'),
        ({"scenario": "newborm"}, 'no scenario "newborm"; did you mean "newborn"?'),
        (
            {"option": "extracton", "scenario": "newborm"},
            'no option "extracton"; did you mean "extraction"?',
        ),
        (
            {"option": "extracton", "triage": True},
            'no option "extracton"; did you mean "extraction"?',
        ),
    ],
    ids=["option", "scenario", "both", "beside_triage"],
)
def test_what_does_not_exist_is_not_drawn(part: dict[str, Any], message: str) -> None:
    with pytest.raises(UnknownNameError) as caught:
        mermaid(BASE, **part)
    assert str(caught.value) == message
