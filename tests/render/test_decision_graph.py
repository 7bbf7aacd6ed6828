"""The picture of the decision graph: what is asked for, said in words, and walked."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from milia_cds import Assessment, Case, assess, decision_graph, load_knowledge
from milia_cds.errors import UnknownNameError
from milia_cds.knowledge.wording import Wording

BASE = load_knowledge()
EXAMPLES = sorted((Path(__file__).parents[2] / "examples" / "cases").glob("*.json"))
EXAMPLE = pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)


@cache
def answer(path: Path) -> Assessment:
    return assess(Case.from_json(path.read_bytes()))


def flat(text: str) -> str:
    """Undo the wrapping of lines."""
    return " ".join(text.split())


def texts(svg: str) -> str:
    """All that is written in a picture, in one line."""
    parts = re.findall(r"<text[^>]*>([^<]*)</text>", svg)
    return flat(" ".join(parts)).replace("&#39;", "'")


@pytest.mark.parametrize("name", BASE.options)
def test_an_option_shows_every_rule_and_every_situation(name: str) -> None:
    picture = decision_graph(option=name)
    said = flat(picture.text)
    drawn = texts(picture.svg)
    words = Wording(BASE)
    for gate in BASE.options[name].gate:
        clause = words.condition(gate.condition) if gate.condition else "always"
        assert f"- {clause}" in said
        assert clause in drawn
    for scenario in BASE.scenarios.values():
        assert f"- {scenario.label}" in said


@pytest.mark.parametrize("name", BASE.scenarios)
def test_a_scenario_shows_the_way_to_it_and_every_option(name: str) -> None:
    said = flat(decision_graph(scenario=name).text)
    first = next(iter(BASE.decisions.values()))
    assert f"Decision: {flat(first.ask)}" in said
    assert f"Situation: {BASE.scenarios[name].label}" in said
    for option in BASE.options.values():
        assert f"- {option.label}" in said


@pytest.mark.parametrize("part", [{"triage": True}, {}])
def test_the_triage_shows_every_decision_branch_and_situation(
    part: dict[str, bool],
) -> None:
    # The keys are those that it takes.
    picture = decision_graph(**part)  # type: ignore[arg-type]
    said = flat(picture.text)
    words = Wording(BASE)
    for decision in BASE.decisions.values():
        assert f"Decision: {flat(decision.ask)}" in said
        for branch in decision.branch:
            if not branch.otherwise:
                assert f"> if {words.condition(branch.condition)}: " in said
    for scenario in BASE.scenarios.values():
        assert f"Situation: {scenario.label}" in said


def test_the_whole_counts_the_rules_of_every_option() -> None:
    said = flat(decision_graph().text)
    for option in BASE.options.values():
        line = said.split(f"- {option.label}: ")[1].split(" - ")[0]
        assert sum(map(int, re.findall(r"\d+", line))) == len(option.gate)


def test_one_option_in_one_scenario_shows_no_other() -> None:
    said = decision_graph(option="extraction", scenario="newborn").text
    assert BASE.scenarios["newborn"].label in said
    assert BASE.scenarios["tattoo"].label not in said


@EXAMPLE
def test_the_way_of_a_case_is_that_of_its_record(path: Path) -> None:
    given = answer(path)
    said = flat(decision_graph(given).text)
    for name in given.scenarios:
        word = "reached" if len(given.scenarios) == 1 else "still possible"
        assert f"Situation: {BASE.scenarios[name].label} [{word}]" in said
    asked = {step.node.split(".")[1] for step in given.trace if step.kind == "branch"}
    for name, decision in BASE.decisions.items():
        shown = f"Decision: {flat(decision.ask)} [asked"
        assert (shown in said) is (name in asked)


@EXAMPLE
def test_every_step_of_the_way_has_its_truth(path: Path) -> None:
    given = answer(path)
    said = flat(decision_graph(given).text)
    said_as = {True: "true", False: "false", None: "not known"}
    words = Wording(BASE)
    for step in given.trace:
        if step.kind == "branch":
            _, name, place = step.node.split(".")
            branch = BASE.decisions[name].branch[int(place) - 1]
            clause = "otherwise"
            if not branch.otherwise:
                clause = f"if {words.condition(branch.condition)}"
            assert f"[{said_as[step.truth]}] {clause}: " in said


@EXAMPLE
def test_the_rules_of_an_option_show_what_held_and_what_was_not_known(
    path: Path,
) -> None:
    given = answer(path)
    truths = {step.node: step.truth for step in given.trace}
    words = Wording(BASE)
    for name, option in BASE.options.items():
        picture = decision_graph(given, option=name)
        said = flat(picture.text)
        for gate in option.gate:
            clause = words.condition(gate.condition) if gate.condition else "always"
            truth = truths[f"gate.{gate.name}"]
            if truth is not False:
                word = "true" if truth else "not known"
                assert f"[{word}] {clause}" in said
        for place in given.ranking:
            if place.option == name:
                assert f"place {place.rank}" in said
        for each in given.withheld:
            if each.option == name:
                assert flat(f"withheld: ask {', '.join(each.asks_for)}") in said


def test_truth_is_marked_by_a_shape_and_a_word() -> None:
    picture = decision_graph(answer(EXAMPLES[0]))
    assert 'class="mark true"' in picture.svg
    assert 'class="mark false"' in picture.svg
    assert "not known" not in picture.svg
    open_ = decision_graph(assess(Case()))
    assert 'class="mark unknown"' in open_.svg
    assert "not known" in texts(open_.svg)


def test_a_picture_is_the_same_every_time() -> None:
    assert decision_graph(triage=True) == decision_graph(triage=True)


@pytest.mark.parametrize(
    ("part", "message"),
    [
        ({"option": "extract"}, 'no option "extract"; did you mean "extraction"?'),
        ({"scenario": "newbor"}, 'no scenario "newbor"; did you mean "newborn"?'),
        (
            {"option": "extraction", "scenario": "newbor"},
            'no scenario "newbor"; did you mean "newborn"?',
        ),
    ],
)
def test_an_unknown_name_is_refused(part: dict[str, str], message: str) -> None:
    with pytest.raises(UnknownNameError, match=f"^{re.escape(message)}$"):
        # The keys are those that it takes.
        decision_graph(**part)  # type: ignore[arg-type]
