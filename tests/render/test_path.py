"""The path of a case on one screen: its words are the walk, and nothing is hidden."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from milia_cds import Assessment, Case, assess, load_knowledge, path_picture
from milia_cds.render.path import HEIGHT, WIDTH
from milia_cds.render.path_words import PathWords
from tests.common import adult

FOLDER = Path(__file__).parents[2] / "examples" / "cases"
EXAMPLES = sorted(path.stem for path in FOLDER.glob("*.json"))
EXAMPLE = pytest.mark.parametrize("name", EXAMPLES)
BASE = load_knowledge()
SVG = "{http://www.w3.org/2000/svg}"


@cache
def answer(name: str) -> Assessment:
    return assess(Case.from_json((FOLDER / f"{name}.json").read_bytes()))


def words(given: Assessment) -> PathWords:
    return PathWords(given.to_show, BASE, given.turning_points())


def flat(text: str) -> str:
    return " ".join(text.split())


def drawn(given: Assessment) -> str:
    root = ET.fromstring(path_picture(given).svg)  # noqa: S314 - our own
    texts = ("".join(each.itertext()) for each in root.iter(f"{SVG}text"))
    return flat(" ".join(texts))


def walked(given: Assessment) -> dict[str, list[bool | None]]:
    """The truth of every branch of each decision that was asked."""
    found: dict[str, list[bool | None]] = {}
    for step in given.trace:
        if step.node.startswith("decision."):
            name = step.node.split(".")[1]
            found.setdefault(name, []).append(step.truth)
    return found


@EXAMPLE
def test_its_steps_are_the_walk(name: str) -> None:
    walk, steps = walked(answer(name)), words(answer(name)).steps
    assert len(steps) == len(walk)
    for step, (decision, truths) in zip(steps, walk.items(), strict=True):
        asked = BASE.decisions[decision]
        assert step.question.lower() == (asked.short or asked.ask).lower()
        assert step.known == (True in truths)
        if step.known and not step.folded:
            taken = asked.branch[truths.index(True)]
            assert step.answer.startswith(taken.short)


@EXAMPLE
def test_only_a_no_is_folded_and_never_where_something_was_not_known(name: str) -> None:
    walk, steps = walked(answer(name)), words(answer(name)).steps
    for step, (decision, truths) in zip(steps, walk.items(), strict=True):
        denies = BASE.decisions[decision].denies
        folded = bool(denies) and truths[-1] is True
        assert step.folded == folded
        assert not (step.folded and None in truths)
        assert not folded or step.answer == denies


@EXAMPLE
def test_picture_and_words_say_every_step(name: str) -> None:
    given = answer(name)
    text, ink = flat(path_picture(given).text), drawn(given)
    assert ".." not in text
    for step in words(given).steps:
        assert step.answer in text
        said: Any = step.answer if step.folded else step.question
        assert all(word in ink for word in said.split()[:2])


@EXAMPLE
def test_every_option_is_named_by_what_became_of_it(name: str) -> None:
    given = answer(name)
    counts = {
        "Rarely needed": sum(p.standing == "limited" for p in given.ranking),
        "Withheld for now": len(given.withheld),
        "Forbidden here": len(given.excluded),
        "No use here": len(given.not_indicated),
    }
    for said in (flat(path_picture(given).text), drawn(given)):
        for place in given.ranking:
            option = BASE.options[place.option]
            if place.standing != "limited":
                assert f"{place.rank} {option.short or option.label}" in said
        for heading, count in counts.items():
            assert (f"{heading}: {count}" in said) == bool(count)


@EXAMPLE
def test_it_is_one_screen_and_alerts_make_it_higher(name: str) -> None:
    picture, given = path_picture(answer(name)), answer(name)
    assert picture.width == WIDTH == 1100
    assert (picture.height == HEIGHT) == (not given.alerts)
    for each in given.alerts:
        if each.certain:
            assert flat(picture.text).startswith("! ")
            assert each.text in flat(picture.text).replace(" ! ", " ")
            assert each.text in drawn(given)


@EXAMPLE
def test_it_is_accessible_and_says_what_it_rests_on(name: str) -> None:
    given = answer(name)
    root = ET.fromstring(path_picture(given).svg)  # noqa: S314 - our own
    assert root.get("role") == "img"
    assert root.findtext(f"{SVG}title") == root.get("aria-label")
    assert "draft, not clinically reviewed" in root.get("aria-label", "")
    assert root.findtext(f"{SVG}desc") == flat(path_picture(given).text)
    assert given.knowledge.digest in drawn(given)
    assert "prefers-color-scheme:dark" in path_picture(given).svg


def test_an_answer_says_the_value_that_it_rests_on() -> None:
    answers = {each.answer for each in words(assess(adult(count=5))).steps}
    assert {"20 or fewer (5)", "face or neck (cheek)", "12 or older (34)"} <= answers


# -- what would change the first place -------------------------------------------------


def test_what_would_change_the_first_place_does() -> None:
    given = assess(adult())
    points = given.turning_points()
    assert points
    for point in points:
        for fact in point.facts:
            now = given.case.value(fact)
            if isinstance(now, bool) or now is None:
                turned = given.what_if({fact: not now})
                assert turned.first is not None, fact


def test_it_is_said_in_the_words_of_the_walk_and_the_rules() -> None:
    said = [each.text for each in assess(adult()).turning_points()]
    assert said[:3] == [
        "a warning sign",
        "the diagnosis in doubt",
        "a disease behind them",
    ]
    assert "active herpes" in said
    line = flat(path_picture(assess(adult())).text)
    assert f"What would change the first place: {', '.join(said)}." in line


def test_nothing_turns_where_nothing_is_offered() -> None:
    assert assess(Case()).turning_points() == ()
    assert assess(adult(growing=True)).turning_points() == ()
    assert "To ask next: " in path_picture(assess(Case())).text


def test_a_stored_answer_has_its_path_without_what_would_change_it() -> None:
    stored = Assessment.from_json(assess(adult()).to_json())
    fresh = path_picture(assess(adult())).text
    text = path_picture(stored).text
    assert text == re.sub(r"What would change.*", "", fresh, flags=re.DOTALL).rstrip()


def test_a_domain_without_short_forms_is_drawn_in_its_own_words() -> None:
    folder = Path(__file__).parents[1] / "otherworld" / "knowledge"
    base = load_knowledge(folder)
    for weeping, said in {
        True: "- Does it weep?: weeps",
        False: "Answered no: 1, folded: weeps.",
    }.items():
        case = base.case({"patch": {"weeping": weeping, "glowing": False}})
        assert said in path_picture(assess(case, base)).text
