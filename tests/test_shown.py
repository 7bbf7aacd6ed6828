"""What a notebook is shown, and how a record is told how it looks."""

from __future__ import annotations

import copy
import gc
import pickle
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import attrs
import pytest

from milia_cds import (
    Assessment,
    Case,
    Interview,
    assess,
    assess_visit,
    contributions,
    decision_graph,
    leaflet,
    load_knowledge,
    thresholds,
)
from milia_cds.assessment.stored import sealed
from milia_cds.knowledge.files import SHIPPED
from milia_cds.knowledge.options import Option
from milia_cds.render.markup import Page
from milia_cds.shown import Shown, Told

BASE = load_knowledge()
RECORDS: dict[str, Callable[[], Shown]] = {
    "assessment": lambda: assess(Case()),
    "case": Case,
    "option": lambda: BASE.option("extraction"),
    "measure": lambda: BASE.measures["topical_anaesthetic"],
    "scenario": lambda: BASE.scenario("newborn"),
    "knowledge": lambda: BASE,
    "graph": lambda: decision_graph(option="steaming"),
    "bars": lambda: contributions(assess(Case())),
    "thresholds": lambda: thresholds(assess(Case())),
    "grid": lambda: assess(Case()).compare(),
    "why": lambda: assess(Case()).why("extraction"),
    "why not": lambda: assess(Case()).why_not("steaming"),
    "difference": lambda: assess(Case()).what_if(pregnancy="pregnant"),
    "stability": lambda: assess(Case()).stability(),
    "outcome": lambda: assess(Case()).outcome,
    "interview": Interview,
    "visit": lambda: assess_visit([Case(), Case()]),
}
EVERY = pytest.mark.parametrize("name", RECORDS)


@EVERY
def test_a_record_shows_a_card_and_complete_text(name: str) -> None:
    record = RECORDS[name]()
    bundle = record._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "text/html"}
    assert bundle["text/html"] == record._repr_html_()
    assert bundle["text/html"].startswith(("<article", "<div"))
    assert BASE.about.notice in bundle["text/plain"].lower()


@EVERY
def test_a_card_has_no_script_no_id_and_nothing_from_elsewhere(name: str) -> None:
    html = RECORDS[name]()._repr_html_() or ""
    for never in ("<script", " id=", " src=", "@import", "url("):
        assert never not in html


def test_a_notebook_gets_the_kinds_that_it_asks_for() -> None:
    case = Case()
    assert set(case._repr_mimebundle_(include={"text/html"})) == {"text/html"}
    assert set(case._repr_mimebundle_(exclude={"text/html"})) == {"text/plain"}


def test_a_record_that_nobody_knows_how_to_show_gives_its_name() -> None:
    class Plain(Shown):
        def __repr__(self) -> str:
            return "<Plain>"

    assert Plain()._repr_html_() is None
    assert Plain()._repr_mimebundle_() == {"text/plain": "<Plain>"}


def _pickled(record: Any) -> Any:
    read: Any = pickle.loads(pickle.dumps(record))  # noqa: S301 - our own
    return read


@pytest.mark.parametrize("again", [copy.deepcopy, _pickled])
def test_an_option_without_its_knowledge_base_gives_its_name(
    again: Callable[[Option], Option],
) -> None:
    option = again(BASE.option("extraction"))
    assert option._repr_html_() is None
    assert option._repr_mimebundle_() == {"text/plain": "<Option: extraction>"}


def test_an_option_that_was_changed_gives_its_name() -> None:
    option = attrs.evolve(BASE.option("extraction"), label="pulling")
    assert option._repr_html_() is None


ANSWERS: dict[str, Callable[[Assessment], Told]] = {
    "why": lambda asked: asked.why("extraction"),
    "why not": lambda asked: asked.why_not("steaming"),
    "difference": lambda asked: asked.what_if(pregnancy="pregnant"),
    "stability": lambda asked: asked.stability(),
}


def test_an_answer_keeps_the_words_of_knowledge_that_nobody_holds_any_more(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "data"
    shutil.copytree(SHIPPED, folder)
    facts = folder / "facts.toml"
    text, label = facts.read_text("utf-8"), 'label = "pregnancy"'
    assert label in text
    facts.write_text(text.replace(label, 'label = "gravidity"'), "utf-8")
    answer = assess(Case(), load_knowledge(folder))
    every = [tell(answer) for tell in ANSWERS.values()]
    del answer
    gc.collect()
    for told in every:
        assert told.text() == str(told)
        assert told.home.facts["patient.pregnancy"].label == "gravidity"


@pytest.mark.parametrize("name", ANSWERS)
@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, _pickled])
def test_a_copy_of_an_answer_is_equal_and_says_the_same(
    name: str, again: Callable[[Any], Any]
) -> None:
    told = ANSWERS[name](assess(Case()))
    copied = again(told)
    assert copied == told
    assert copied.text() == told.text()


def test_a_stored_assessment_finds_the_knowledge_that_gave_it() -> None:
    answer = assess(Case())
    stored = Assessment.from_json(answer.to_json())
    assert stored.base() is BASE
    assert stored._repr_html_() == answer._repr_html_()


def test_an_assessment_by_other_knowledge_names_its_sources_by_id() -> None:
    data = assess(Case()).to_dict()
    data["knowledge"]["digest"] = "sha256:other"
    stored = Assessment.from_dict(sealed(data))
    assert stored.base() is None
    html = stored._repr_html_() or ""
    assert "The knowledge base that gave this answer is not at hand" in html
    assert "https://" not in html
    message = (
        r"^the knowledge base that gave this assessment \(sha256:other\) is not at "
        r"hand; assess the case anew$"
    )
    with pytest.raises(TypeError, match=message):
        decision_graph(stored)


def test_nothing_extra_is_imported_to_show_a_record() -> None:
    code = (
        "import sys; from milia_cds import *; Case()._repr_html_(); "
        "assess(Case())._repr_html_(); load_knowledge()._repr_html_(); "
        "extra = {'IPython', 'rich', 'jinja2', 'matplotlib', 'numpy', 'pandas'}; "
        "print(sorted(extra & set(sys.modules)))"
    )
    ran = subprocess.run(  # noqa: S603 - our own
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert ran.stdout == "[]\n"


# -- under a local policy --

POLICY = Path(__file__).parents[1] / "examples" / "policy.toml"
LOCAL = load_knowledge(policy=POLICY)
CHEEK = Case.from_json((POLICY.parent / "cases" / "adult_cheek.json").read_bytes())
UNDER_POLICY: dict[str, Callable[[], Shown | Page]] = {
    "assessment": lambda: assess(CHEEK, LOCAL),
    "option": lambda: LOCAL.option("extraction"),
    "measure": lambda: LOCAL.measures["topical_anaesthetic"],
    "scenario": lambda: LOCAL.scenario("newborn"),
    "knowledge": lambda: LOCAL,
    "graph": lambda: decision_graph(LOCAL, option="extraction"),
    "bars": lambda: contributions(assess(CHEEK, LOCAL)),
    "thresholds": lambda: thresholds(assess(CHEEK, LOCAL)),
    "grid": lambda: assess(CHEEK, LOCAL).compare(),
    "leaflet": lambda: leaflet(assess(CHEEK, LOCAL), "extraction"),
}


@pytest.mark.parametrize("name", UNDER_POLICY)
def test_every_face_names_the_local_policy(name: str) -> None:
    shown = UNDER_POLICY[name]()
    assert LOCAL.policy is not None
    said = [shown._repr_html_() or ""]
    if isinstance(shown, Shown):
        said.append(shown._repr_mimebundle_()["text/plain"])
    for text in said:
        plain = " ".join(re.sub(r"<[^>]+>", " ", unescape(text)).split())
        assert f"Local policy: {LOCAL.policy.name}" in plain
        assert LOCAL.policy.digest in plain


def test_an_option_shows_the_knowledge_that_it_was_taken_from() -> None:
    html = BASE.option("extraction")._repr_html_() or ""
    assert "Local policy" not in html
