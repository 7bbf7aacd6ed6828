"""Comparing with another release finds what differs, and says where first."""

from __future__ import annotations

import json
import sys

import attrs
import pytest

from benchmarks import against
from benchmarks.against import Place, answers_of, differing, first_place, report
from milia_cds import Case, assess, load_knowledge

ORDERS = (
    {"id": "one", "case": {}, "views": ("json", "short")},
    {"id": "two", "case": {"lesion": {"cause": "burn", "origin": "primary"}}},
    {"id": "three", "command": ("assess", "--help")},
)


def test_an_order_is_answered_by_an_interpreter_with_the_digest_left_out() -> None:
    one, two, three = answers_of(sys.executable, ORDERS, full=True)
    digest = load_knowledge().digest
    assert one["json"] == assess(Case()).to_json().replace(digest, "(digest)")
    assert two["refused"].startswith("ContradictionError: ")
    assert "usage: milia-cds assess" in three["printed"]


def test_random_cases_are_the_same_ones_each_time() -> None:
    assert against.random_cases(10) == against.random_cases(10)


def test_every_kind_of_order_is_asked() -> None:
    kinds = [order["id"].split()[0] for order in against.orders(2, 1)]
    assert set(kinds) == {"command", "example", "vignette", "random"}
    assert kinds.count("random") == 3


def test_a_view_that_differs_or_is_missing_is_found() -> None:
    before = [{"json": "a"}, {"refused": "r"}, {"printed": "p"}]
    after = [{"json": "b"}, {"json": "a"}, {"printed": "p"}]
    found = differing(ORDERS, before, after)
    assert found == {"one": ["json"], "two": ["refused", "json"]}


@pytest.mark.parametrize(
    ("before", "after", "place"),
    [
        (
            {"a": [{"b": 1}, {"b": 2}]},
            {"a": [{"b": 1}, {"b": 3}]},
            Place("a.[].b", "2", "3"),
        ),
        ({"a": 1}, {"a": True}, Place("a", "1", "true")),
        ({"a": [1]}, {"a": [1, 2]}, Place("a", "[1]", "[1, 2]")),
        (
            {"a": 1, "b": 2},
            {"b": 2, "a": 1},
            Place("the whole", '{"a": 1, "b": 2}', '{"b": 2, "a": 1}'),
        ),
    ],
)
def test_in_json_the_path_is_told(before: object, after: object, place: Place) -> None:
    assert first_place(json.dumps(before), json.dumps(after)) == place


def test_in_a_text_the_line_is_told() -> None:
    assert first_place("a\nb\nc", "a\nB\nC") == Place("", "b", "B")
    assert first_place("a", "a\nb") == Place("", "null", "b")
    assert first_place("a\n", "a") == Place("the ends of lines", "", "")


def test_differences_of_one_place_are_grouped_and_the_most_frequent_is_first() -> None:
    place = Place("a.[]", "1", "2")
    places = [
        ("one", "short", Place("", "b", "B")),
        ("two", "json", place),
        ("three", "json", attrs.evolve(place, after="3")),
    ]
    assert list(report(places)) == [
        "json, 2 times, first in two: a.[]",
        "    before: 1",
        "    after:  2",
        "short, 1 times, first in one",
        "    before: b",
        "    after:  B",
    ]


def test_a_difference_is_reported_and_the_exit_code_tells(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(against, "orders", lambda _decisions, _answers: ORDERS[:1])
    texts = iter(["same", "same", "before", "after", "before", "after"])
    monkeypatch.setattr(
        against,
        "answers_of",
        lambda _python, asked, **_: iter([{"json": next(texts)} for _ in asked]),
    )
    assert against.main([sys.executable]) == 0
    assert against.main([sys.executable]) == 1
    said = capsys.readouterr().out
    assert "1 orders, 0 with a difference" in said
    assert "json, 1 times, first in one\n    before: before\n    after:  after" in said
