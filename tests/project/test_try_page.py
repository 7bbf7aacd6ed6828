"""What the page that tries a case asks and says, without a browser."""

from __future__ import annotations

import json
import pickle
import shutil
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from docs._ext.example_cases import example_cases
from docs._ext.gallery import gallery
from docs.try_form import form_of
from milia_cds import assess, examples, load_knowledge
from milia_cds.decision.all_cases import AllCases, all_cases, take
from tests.common import OTHERWORLD

BASE = load_knowledge()
OPENED = import_module("docs.try.page")  # its folder is named by a word of Python's
DAY = "2026-05-01"


@pytest.fixture
def page() -> Any:
    """A page that has answered nothing yet."""
    return OPENED.Page(BASE)


def told(page: Any, stated: dict[str, Any]) -> dict[str, Any]:
    """What the page is told of a case."""
    said: dict[str, Any] = json.loads(page.answer(json.dumps(stated), DAY))
    return said


# -- what is asked --


@pytest.mark.parametrize("folder", [None, OTHERWORLD], ids=["shipped", "otherworld"])
def test_every_fact_is_asked_for_once(folder: Path | None) -> None:
    base = load_knowledge(folder)
    asked = [
        field["name"]
        for section in form_of(base)["sections"]
        for question in section["questions"]
        for field in question["fields"]
    ]
    assert sorted(asked) == sorted(base.vocabulary.kinds)


def test_not_known_is_no_member_and_only_what_may_be_denied_as_one_is() -> None:
    questions = {
        question["name"]: question
        for section in form_of(BASE)["sections"]
        for question in section["questions"]
    }
    (pregnancy,) = questions["pregnancy"]["fields"]
    assert pregnancy["kind"] == "choice"
    assert None not in [value for value, _ in pregnancy["members"]]
    assert questions["devices"]["denied"]["history.pacemaker"] is False
    assert questions["wish_and_consent"]["denied"] == {}


def test_every_example_has_its_situation() -> None:
    found = {each.name: each for each in example_cases()}
    assert sorted(found) == sorted(examples.names())
    assert found["newborn"].situation.startswith("ten days old")
    assert found["newborn"].data["lesion"]["site"] == "nose"


def test_the_gallery_shows_twelve_cases_and_leads_to_the_page_where_it_is() -> None:
    shown = gallery(BASE, built=True)
    names = [each.name for each in example_cases() if each.data]
    assert len(names) == 12
    for name in names:
        assert f'href="../try/index.html#example={name}"' in shown
    assert "**Alert**: Pregnant, or possibly so, on an oral retinoid" in shown
    assert "Withheld until more is known: 4 (pregnancy)." in shown
    assert "href" not in gallery(BASE, built=False)


# -- what is said --


def test_what_is_wrong_is_said_with_its_fields(page: Any) -> None:
    cause = {"lesion": {"origin": "primary", "cause": "burn"}}
    (problem,) = told(page, cause)["problems"]
    assert problem["fields"] == ["lesion.origin", "lesion.cause"]
    assert "A primary milium has no cause" in problem["said"]
    (problem,) = told(page, {"history": {"failed": ["prayer"]}})["problems"]
    assert problem["fields"] == ["history.failed"]
    with pytest.raises(ValueError, match="no answer"):
        page.json()


def test_what_moved_is_said_until_another_case_is_begun(page: Any) -> None:
    case = examples.case("pregnancy_unknown").to_dict()
    assert told(page, case)["moved"] == []
    case["patient"]["pregnancy"] = "none"
    freed = {"before": "waits for an answer", "now": "offered"}
    assert {"option": "tretinoin", **freed} in told(page, case)["moved"]
    page.anew()
    assert told(page, examples.case("newborn").to_dict())["moved"] == []


def test_the_questions_and_what_is_not_asked_come_with_an_answer(page: Any) -> None:
    said = told(page, examples.case("newborn").to_dict())
    assert said["headline"] in said["card"]
    assert "patient.phototype" in said["muted"]
    first, *_ = told(page, {})["questions"]
    assert first == {"ask": "How old is the patient?", "facts": ["patient.age_years"]}


def test_each_weight_says_what_it_would_change(page: Any) -> None:
    firm = told(page, examples.case("milia_en_plaque").to_dict())["firm"]
    assert {*firm} == {"", *BASE.criteria}
    assert "now 2, rises past 8/3" in firm["speed"]
    assert [*told(page, {})["firm"]] == [""]


def test_the_program_that_is_handed_on_gives_the_same_answer(
    page: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    case = json.dumps(examples.case("adult_eyelid").to_dict())
    exec(page.python(case, DAY), {})  # noqa: S102 - it was made here
    assert capsys.readouterr().out == f"{assess(examples.case('adult_eyelid'))}\n"


# -- what it begins from --


def test_what_was_prepared_elsewhere_answers_the_same() -> None:
    results = all_cases(load_knowledge(OTHERWORLD))
    results.make()
    found: AllCases = pickle.loads(pickle.dumps(results))  # noqa: S301 - made here
    again, diagrams = found.diagrams, results.diagrams
    assert again.parts(found.scenario) == diagrams.parts(results.scenario)
    assert found.options == results.options
    assert len(again) == len(diagrams)
    assert again.end(True) == diagrams.end(True)
    assert again.end(1) == diagrams.end(1)
    found.make()
    assert found.alerts == results.alerts
    assert len(again) == len(diagrams), "nothing had to be made anew"


def test_what_was_prepared_is_used_and_not_made_again(tmp_path: Path) -> None:
    copy = shutil.copytree(OTHERWORLD, tmp_path / "copy")
    about = copy / "about.toml"
    version = 'version = "'
    about.write_text(about.read_text("utf-8").replace(version, f"{version}9."), "utf-8")
    results = AllCases(load_knowledge(copy))
    assert all_cases(take(results)) is results
