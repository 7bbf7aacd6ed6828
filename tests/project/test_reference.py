"""The reference pages: they are up to date, and every reviewed rule has its place.

The list is `docs/reference/rules.csv`; why a row has no gate stands beside it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import pytest

from docs import generate
from docs.generate import Reason
from milia_cds import load_knowledge
from milia_cds.errors import KnowledgeError
from milia_cds.knowledge.faq import questions_of

BASE = load_knowledge()
ROWS = generate.read_rows()
REASONS = generate.read_reasons()
GATES = generate.carriers(BASE)
BY_ID = {row.id: row for row in ROWS}

NEEDED = {
    "same_as": {"row"},
    "property": {"option", "keys"},
    "advice": {"advice"},
    "criterion": {"criterion"},
}
"""The keys of each reason, beside `reason` and `text`."""

PROPERTIES: dict[tuple[str, str], Callable[[Any], bool]] = {
    ("extraction", "performed_by"): lambda operators: "patient" not in operators,
    ("superficial_peel", "performed_by"): lambda operators: "patient" not in operators,
    ("home_exfoliation", "max_acid_percent"): lambda percent: percent <= 10,
    ("home_exfoliation", "min_ph"): lambda ph: ph >= 3.5,
}
"""What a property must be where it stands in for a gate."""

BEST_LEVEL = 4


def of_kind(kind: str) -> dict[str, Reason]:
    return {row: reason for row, reason in REASONS.items() if reason.reason == kind}


# -- the page --


def test_the_pages_are_up_to_date(capsys: pytest.CaptureFixture[str]) -> None:
    code = generate.main(["--check"])
    assert (code, capsys.readouterr().out) == (0, "")


def test_a_page_that_is_out_of_date_is_told_and_not_written(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = generate.REFERENCE / "rules.md"
    before = page.read_bytes()
    monkeypatch.setattr(generate, "pages", lambda: {page: "something else"})
    assert generate.main(["--check"]) == 1
    assert "docs/reference/rules.md is out of date" in capsys.readouterr().out
    assert page.read_bytes() == before


def test_the_page_shows_every_row_once() -> None:
    lines = (generate.REFERENCE / "rules.md").read_text(encoding="utf-8").splitlines()
    shown = Counter(line.split(" ", 2)[1] for line in lines if line.startswith("| "))
    assert {row.id: shown[row.id] for row in ROWS} == dict.fromkeys(BY_ID, 1)


# -- the page of the articles --

TOPICS = generate.read_topics()


def test_all_24_topics_of_the_articles_are_listed_once() -> None:
    assert [topic.number for topic in TOPICS] == [*range(1, 25)]
    assert {name for topic in TOPICS for name in topic.articles} == {"A", "B"}


def test_every_topic_is_served_by_advice_and_no_advice_serves_another() -> None:
    assert all(generate.advice_on(BASE, topic) for topic in TOPICS)
    served = {number for each in BASE.advice for number in each.articles}
    assert served == {topic.number for topic in TOPICS}


def test_what_serves_a_topic_is_part_of_the_knowledge() -> None:
    guarantees = {each.number for each in BASE.guarantees}
    guarantees |= {each.number for each in BASE.promises}
    for topic in TOPICS:
        assert {*topic.options} <= {*BASE.options}, topic.number
        assert {*topic.scenarios} <= {*BASE.scenarios}, topic.number
        assert {*topic.facts} <= {*BASE.facts}, topic.number
        assert {*topic.guarantees} <= guarantees, topic.number


def test_every_departure_from_an_article_is_told_once_with_what_it_stands_on() -> None:
    text = (generate.REFERENCE / "articles.md").read_text(encoding="utf-8")
    departing = [each for each in BASE.advice if each.departs]
    assert len(departing) > 20
    for each in departing:
        assert each.sources or each.judgement
        assert text.count(each.departs) == 1, each.id
        assert f"(advice `{each.id}`: " in text


def test_a_misspelt_topic_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    text = '[[row]]\nnumber = 1\ntopic = "x"\nin = ["A"]\nopitons = []\n'
    (tmp_path / "articles.toml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(generate, "REFERENCE", tmp_path)
    with pytest.raises(KnowledgeError, match=r"articles\.toml\.opitons"):
        generate.read_topics()


STATEMENTS = generate.read_statements()


def test_all_87_statements_of_the_articles_are_listed_once() -> None:
    assert [each.number for each in STATEMENTS] == [*range(1, 88)]
    assert Counter(each.article for each in STATEMENTS) == {"A": 33, "B": 54}


def test_what_becomes_of_a_statement_is_part_of_the_knowledge() -> None:
    known = {*BASE.options, *BASE.scenarios, *BASE.facts}
    known |= {each.id for each in BASE.advice}
    for each in STATEMENTS:
        assert each.by, each.number
        assert {*each.by} <= known, each.number


def test_a_reader_meets_what_becomes_of_every_statement() -> None:
    assert all(generate.where_met(BASE, each) for each in STATEMENTS)


def test_advice_that_no_output_tells_does_not_count() -> None:
    asked = {each.id for each in questions_of(BASE)}
    assert asked == {each.id for each in BASE.advice if each.kind in generate.ASKED}
    lost = generate.Statement(
        number=1, article="A", says="x", outcome="served", by=("no_such_advice",)
    )
    assert generate.where_met(BASE, lost) == []


def test_what_is_corrected_or_refused_is_so_with_a_reason() -> None:
    advice = {each.id: each for each in BASE.advice}
    for each in STATEMENTS:
        if each.outcome != "served":
            assert any(
                advice[name].sources or advice[name].judgement
                for name in each.by
                if name in advice
            ), each.number


# -- the rows --


def test_all_423_reviewed_rows_are_listed_once() -> None:
    assert len(ROWS) == len(BY_ID) == 423


def test_every_row_is_carried_by_one_gate_or_has_one_reason() -> None:
    placed = {row.id: len(GATES.get(row.id, ())) + (row.id in REASONS) for row in ROWS}
    assert {row: places for row, places in placed.items() if places != 1} == {}


def test_gates_and_reasons_name_only_rows_that_exist() -> None:
    assert {*GATES, *REASONS} - {*BY_ID} == set()


def test_a_row_is_carried_by_a_gate_of_its_own_option_or_measure() -> None:
    assert [
        (row, gate.name)
        for row, gates in GATES.items()
        for gate in gates
        if not gate.name.startswith(f"{BY_ID[row].option}.")
    ] == []


def test_every_row_is_of_an_option_or_measure() -> None:
    assert {row.option for row in ROWS} <= {owner.id for owner in BASE.gated()}


def test_an_absolute_row_is_a_gate_that_forbids_or_a_property() -> None:
    kinds = {
        row.id: [gate.kind for gate in GATES.get(row.id, ())]
        for row in ROWS
        if row.level == "absolute" and row.id not in of_kind("property")
    }
    assert {row: kind for row, kind in kinds.items() if kind != ["forbid"]} == {}


# -- the reasons --


def test_every_reason_has_just_the_keys_that_it_needs() -> None:
    for row, reason in REASONS.items():
        given = {key for key, value in attrs.asdict(reason).items() if value}
        assert given == NEEDED[reason.reason] | {"reason", "text"}, row


def test_another_row_that_says_the_same_is_of_the_same_option_and_carried() -> None:
    for row, reason in of_kind("same_as").items():
        assert reason.row in GATES, row
        assert BY_ID[reason.row].option == BY_ID[row].option


def test_the_properties_that_stand_in_for_gates_have_their_values() -> None:
    for row, reason in of_kind("property").items():
        assert reason.option == BY_ID[row].option
        for key in reason.keys:
            holds = PROPERTIES[reason.option, key]
            assert holds(getattr(BASE.option(reason.option), key)), (row, key)


def test_no_property_is_checked_that_stands_in_for_nothing() -> None:
    named = {(r.option, key) for r in of_kind("property").values() for key in r.keys}
    assert named == {*PROPERTIES}


def test_the_ids_of_advice_are_in_snake_case() -> None:
    for reason in of_kind("advice").values():
        assert reason.advice.isidentifier()
        assert reason.advice == reason.advice.lower()


def test_the_option_does_better_or_worse_on_the_criterion_as_its_row_says() -> None:
    for row, reason in of_kind("criterion").items():
        option = BASE.option(BY_ID[row].option)
        levels = {level.criterion: level.base for level in option.level}
        if BY_ID[row].level == "info":
            assert levels[reason.criterion] > BEST_LEVEL / 2, row
        else:
            assert levels[reason.criterion] <= BEST_LEVEL / 2, row


# -- reading --


def test_a_misspelt_reason_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    text = '[EXT-031]\nreason = "taste"\ntext = "x"\n'
    (tmp_path / "rows_without_gate.toml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(generate, "REFERENCE", tmp_path)
    with pytest.raises(KnowledgeError, match=r"rows_without_gate\.toml: EXT-031"):
        generate.read_reasons()


def test_a_misspelt_level_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    text = "id,option,factor,level\nEXT-031,extraction,x,harmless\n"
    (tmp_path / "rules.csv").write_text(text, encoding="utf-8")
    monkeypatch.setattr(generate, "REFERENCE", tmp_path)
    with pytest.raises(KnowledgeError, match=r"rules\.csv: EXT-031\.level"):
        generate.read_rows()
