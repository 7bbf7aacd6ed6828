"""The rules for what goes out, each with what breaks it; and nothing sound is refused.

R10 to R22 and R30 of the specification of CDS Hooks 2.0; those of calls, feedback and
tokens stand in `test_rules.py`.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import attrs
import pytest

from milia_cds.adapters.cds_hooks.cards import (
    Card,
    CardsError,
    CdsResponse,
    Source,
    Suggestion,
    cards_of,
)

LEAVE_OUT = object()
"""Stands for a member that is not there."""
PROPOSAL = {
    "resourceType": "ServiceRequest",
    "status": "draft",
    "intent": "proposal",
    "code": {"text": "Look again in three months"},
    "subject": {"reference": "Patient/ann"},
}
SOUND: dict[str, Any] = {
    "cards": [
        {
            "uuid": "0b8f3f0a-95d5-4a4f-8f8e-0f6f5a3b7c01",
            "summary": "River dragons: a bath comes first",
            "indicator": "info",
            "source": {
                "label": "Dragon keepers, 3rd edition",
                "url": "https://keepers.example.org/3",
                "icon": "https://keepers.example.org/3.png",
                "topic": {"system": "urn:keepers:topics", "code": "river"},
            },
            "detail": "* a bath &lt; a swim\n* [more](https://keepers.example.org/b)",
            "selectionBehavior": "at-most-one",
            "suggestions": [
                {
                    "uuid": "0b8f3f0a-95d5-4a4f-8f8e-0f6f5a3b7c02",
                    "label": "A bath",
                    "isRecommended": True,
                    "actions": [
                        {
                            "type": "create",
                            "description": "Propose a bath",
                            "resource": PROPOSAL,
                        },
                        {
                            "type": "update",
                            "description": "Change what was proposed",
                            "resource": {**PROPOSAL, "id": "before"},
                        },
                        {
                            "type": "delete",
                            "description": "Withdraw the swim",
                            "resourceId": "ServiceRequest/swim",
                        },
                    ],
                },
                {
                    "uuid": "0b8f3f0a-95d5-4a4f-8f8e-0f6f5a3b7c03",
                    "label": "A swim",
                    "isRecommended": False,
                },
            ],
            "overrideReasons": [
                {"system": "urn:keepers:why", "code": "cold", "display": "Too cold"},
                {"system": "urn:keepers:why", "code": "dry", "display": "No water"},
            ],
            "links": [
                {
                    "label": "Ask",
                    "url": "https://keepers.example.org/form?ask=dragon.kin",
                    "type": "absolute",
                    "autolaunchable": False,
                },
                {
                    "label": "The app",
                    "url": "https://keepers.example.org/launch",
                    "type": "smart",
                    "appContext": "kin=river",
                },
            ],
            "extension": {"org.example.keepers": {"shelf": 3}},
        },
        {
            "uuid": "0b8f3f0a-95d5-4a4f-8f8e-0f6f5a3b7c04",
            "summary": "x" * 139,
            "indicator": "critical",
            "source": {"label": "Dragon keepers"},
        },
    ]
}
CARD = "cards[0]"
ACTIONS = f"{CARD}.suggestions[0].actions"


def steps(path: str) -> Iterator[str | int]:
    """The keys and places of a path such as "cards[0].summary"."""
    for part in path.replace("[", ".[").split("."):
        if part:
            yield int(part[1:-1]) if part.startswith("[") else part


def with_other(*edits: tuple[str, Any]) -> dict[str, Any]:
    """The sound response with something else at some paths."""
    data = copy.deepcopy(SOUND)
    for path, value in edits:
        *way, last = steps(path)
        at: Any = data
        for step in way:
            at = at[step]
        if value is LEAVE_OUT:
            del at[last]
        else:
            at[last] = value
    return data


def found(data: object) -> list[str]:
    with pytest.raises(CardsError) as refused:
        cards_of(data)
    return [str(each) for each in refused.value.problems]


def paths(*edits: tuple[str, Any]) -> set[str]:
    """Where the problems are of the sound response with some edits."""
    return {each.partition(":")[0] for each in found(with_other(*edits))}


# -- what is sound --


@pytest.mark.parametrize("data", [SOUND, {"cards": []}])
def test_what_is_sound_is_read_and_written_again(data: dict[str, Any]) -> None:
    read = cards_of(data)
    assert read.to_dict() == data
    assert cards_of(json.loads(json.dumps(read.to_dict()))) == read


def test_a_card_needs_no_more_than_the_specification_asks() -> None:
    card = {"summary": "Rest", "indicator": "info", "source": {"label": "Keepers"}}
    assert cards_of({"cards": [card]}).to_dict() == {"cards": [card]}


# -- one test a rule --


def test_r10_there_is_a_list_of_cards() -> None:
    assert found({}) == [
        "cards: it is missing; give a list of cards, which may be empty"
    ]
    assert found({"cards": None})
    assert found({"cards": {}})
    assert found({"cards": ["a card"]})
    assert found([])
    assert found(None)


def test_r11_a_summary_has_fewer_than_140_characters_in_one_line() -> None:
    assert paths((f"{CARD}.summary", "x" * 140)) == {f"{CARD}.summary"}
    assert paths((f"{CARD}.summary", "two\nlines")) == {f"{CARD}.summary"}
    assert paths((f"{CARD}.summary", LEAVE_OUT)) == {f"{CARD}.summary"}


@pytest.mark.parametrize("word", ["hard-stop", "Info", "", None, 1, ["info"]])
def test_r12_an_indicator_is_one_of_three_words(word: object) -> None:
    assert paths((f"{CARD}.indicator", word)) == {f"{CARD}.indicator"}


def test_r13_a_source_has_a_label() -> None:
    at = f"{CARD}.source"
    assert paths((f"{at}.label", LEAVE_OUT)) == {f"{at}.label"}
    assert paths((at, LEAVE_OUT)) == {at}
    assert paths((at, "Keepers")) == {at}


def test_r14_suggestions_say_how_many_may_be_chosen() -> None:
    at = f"{CARD}.selectionBehavior"
    assert paths((at, LEAVE_OUT)) == {at}
    assert paths((at, "all")) == {at}


def test_r15_of_those_of_which_one_is_chosen_one_is_recommended_at_most() -> None:
    both = (f"{CARD}.suggestions[1].isRecommended", True)
    assert paths(both) == {f"{CARD}.suggestions"}
    any_of_them = with_other(both, (f"{CARD}.selectionBehavior", "any"))
    assert cards_of(any_of_them).to_dict() == any_of_them


def test_r16_an_action_has_the_resource_or_the_id_that_its_type_needs() -> None:
    assert paths((f"{ACTIONS}[0].resource", LEAVE_OUT)) == {f"{ACTIONS}[0].resource"}
    assert paths((f"{ACTIONS}[1].resource.id", LEAVE_OUT)) == {
        f"{ACTIONS}[1].resource.id"
    }
    assert paths((f"{ACTIONS}[2].resourceId", LEAVE_OUT)) == {
        f"{ACTIONS}[2].resourceId"
    }
    assert paths((f"{ACTIONS}[2].resourceId", "swim")) == {f"{ACTIONS}[2].resourceId"}
    assert paths((f"{ACTIONS}[0].resourceId", "ServiceRequest/1")) == {
        f"{ACTIONS}[0].resourceId"
    }
    assert paths((f"{ACTIONS}[2].resource", PROPOSAL)) == {f"{ACTIONS}[2].resource"}
    assert paths((f"{ACTIONS}[0].type", "order")) == {f"{ACTIONS}[0].type"}


def test_r17_an_action_says_what_it_does() -> None:
    at = f"{ACTIONS}[0].description"
    assert paths((at, LEAVE_OUT)) == {at}


def test_r18_only_an_app_has_a_context() -> None:
    at = f"{CARD}.links[0].appContext"
    assert paths((at, "kin=river")) == {at}


def test_r19_a_reason_has_words_and_its_code_stands_once() -> None:
    at = f"{CARD}.overrideReasons"
    assert paths((f"{at}[0].display", LEAVE_OUT)) == {f"{at}[0].display"}
    assert paths((f"{at}[1].code", "cold")) == {at}
    assert paths((f"{at}[0].system", "keepers")) == {f"{at}[0].system"}


def test_r20_each_card_and_suggestion_has_a_uuid_of_its_own() -> None:
    same = SOUND["cards"][0]["uuid"].upper()
    assert paths(("cards[1].uuid", same)) == {"cards[1].uuid"}
    at = f"{CARD}.suggestions[1].uuid"
    assert paths((at, same)) == {at}
    assert paths((f"{CARD}.uuid", "card-1")) == {f"{CARD}.uuid"}


@pytest.mark.parametrize(
    "url",
    ["/form", "form", "//here/form", "javascript:alert(1)", "https://", "urn:x", 7],
)
def test_r21_urls_are_absolute_addresses_of_the_web(url: object) -> None:
    for at in (f"{CARD}.links[0].url", f"{CARD}.source.url", f"{CARD}.source.icon"):
        assert paths((at, url)) == {at}


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("subject", LEAVE_OUT),
        ("status", LEAVE_OUT),
        ("intent", LEAVE_OUT),
        ("status", "planned"),
        ("intent", "order"),
        ("subject", {"display": "Ann"}),
        ("resourceType", "MedicationRequest"),
        ("resourceType", LEAVE_OUT),
        ("note", []),
        ("code", {"text": ""}),
        ("code", {"text": None}),
        ("code", {"coding": [{}]}),
        ("priority", float("nan")),
    ],
)
def test_r22_a_resource_is_valid_and_a_proposal(member: str, value: object) -> None:
    [where] = paths((f"{ACTIONS}[0].resource.{member}", value))
    assert where.startswith(f"{ACTIONS}[0].resource.{member}")


@pytest.mark.parametrize(
    "text",
    [
        "a <b>b</b>",
        "<img src=x onerror=alert(1)>",
        r"\<script>",
        "`<script>`",
        "<!-- -->",
        "</div>",
        "<?php",
        "[here](javascript:alert(1))",
        "[here](/form)",
        "![a picture](https://keepers.example.org/x.png)",
        "[here]\n\n[here]: data:text/html,x",
    ],
)
def test_r30_markdown_holds_no_html_no_image_and_no_strange_link(text: str) -> None:
    assert paths((f"{CARD}.detail", text)) == {f"{CARD}.detail"}


@pytest.mark.parametrize(
    "at",
    [
        f"{CARD}.summary",
        f"{CARD}.source.label",
        f"{CARD}.suggestions[0].label",
        f"{ACTIONS}[0].description",
        f"{CARD}.links[0].label",
        f"{CARD}.overrideReasons[0].display",
    ],
)
def test_no_line_that_a_client_draws_holds_html(at: str) -> None:
    assert paths((at, "fine <img src=x>")) == {at}


@pytest.mark.parametrize("nothing", [None, "", "  ", [], {}])
@pytest.mark.parametrize(
    "member", ["detail", "suggestions", "links", "overrideReasons", "extension"]
)
def test_what_is_not_there_is_left_out(member: str, nothing: object) -> None:
    assert f"{CARD}.{member}" in paths((f"{CARD}.{member}", nothing))


@pytest.mark.parametrize(
    "at",
    [
        "systemActions",
        f"{CARD}.severity",
        f"{CARD}.source.name",
        f"{CARD}.links[0].autoLaunchable",
        f"{CARD}.suggestions[0].recommended",
        f"{ACTIONS}[0].id",
        f"{CARD}.overrideReasons[0].version",
    ],
)
def test_no_member_is_unknown(at: str) -> None:
    assert paths((at, True)) == {at}


@pytest.mark.parametrize(
    "key", ["note", "Org.example", "org..example", "org example.x"]
)
def test_an_extension_is_named_by_a_domain(key: str) -> None:
    [problem] = found(with_other((f"{CARD}.extension", {key: 1})))
    assert problem.startswith(f"{CARD}.extension.")
    assert "turned round" in problem


# -- the seeded defects --

DEFECTS: dict[str, list[tuple[str, Any]]] = {
    "no cards": [("cards", LEAVE_OUT)],
    "a summary of 140": [(f"{CARD}.summary", "y" * 140)],
    "an indicator of its own": [(f"{CARD}.indicator", "stop")],
    "a source without label": [(f"{CARD}.source.label", LEAVE_OUT)],
    "no selectionBehavior": [(f"{CARD}.selectionBehavior", LEAVE_OUT)],
    "two recommended": [(f"{CARD}.suggestions[1].isRecommended", True)],
    "created from nothing": [(f"{ACTIONS}[0].resource", LEAVE_OUT)],
    "deleted by its content": [
        (f"{ACTIONS}[2].resourceId", LEAVE_OUT),
        (f"{ACTIONS}[2].resource", PROPOSAL),
    ],
    "an action without words": [(f"{ACTIONS}[0].description", LEAVE_OUT)],
    "context of a plain link": [(f"{CARD}.links[0].appContext", "kin")],
    "a reason without words": [(f"{CARD}.overrideReasons[1].display", LEAVE_OUT)],
    "a relative link": [(f"{CARD}.links[0].url", "/form?ask=dragon.kin")],
    "a detail of null": [(f"{CARD}.detail", None)],
    "an empty list": [(f"{CARD}.suggestions", [])],
    "a uuid that is none": [(f"{CARD}.uuid", "the-first-card")],
    "two cards of one uuid": [("cards[1].uuid", SOUND["cards"][0]["uuid"])],
    "a misspelt member": [(f"{CARD}.links[0].autoLaunchable", True)],
    "a member of its own": [(f"{CARD}.priority", "high")],
    "a resource of nobody": [(f"{ACTIONS}[0].resource.subject", LEAVE_OUT)],
    "a link of another type": [(f"{CARD}.links[0].type", "app")],
}


ELSEWHERE = {"two recommended": f"{CARD}.suggestions"}
"""Where a defect is found that lies between two members."""


@pytest.mark.parametrize("name", DEFECTS)
def test_each_seeded_defect_is_caught_at_its_place(name: str) -> None:
    edits = DEFECTS[name]
    assert ELSEWHERE.get(name, edits[0][0]) in paths(*edits)


def test_there_are_twenty_of_them() -> None:
    assert len(DEFECTS) == 20


def test_all_problems_are_said_at_once_with_how_to_mend_them() -> None:
    chosen = ["an indicator of its own", "a summary of 140", "a uuid that is none"]
    problems = found(with_other(*(edit for name in chosen for edit in DEFECTS[name])))
    assert len(problems) == len(chosen)
    assert all("; " in each for each in problems)


# -- records --


def test_a_record_that_breaks_a_rule_is_no_response() -> None:
    card = Card(summary="z" * 150, indicator="info", source=Source(label="Keepers"))
    with pytest.raises(CardsError, match="it has 150 characters"):
        CdsResponse(cards=(card,))


def test_records_are_frozen_and_show_no_resource() -> None:
    read = cards_of(SOUND)
    suggestion = read.cards[0].suggestions[0]
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        suggestion.label = "another"  # type: ignore[misc]  # it is frozen
    assert isinstance(suggestion, Suggestion)
    assert "Patient/ann" not in repr(read)
