"""What a table of `facts.toml` may say of the direction of a fact."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from milia_cds import load_knowledge
from milia_cds.errors import Problem
from milia_cds.knowledge.declared import kind_of

FACTS = load_knowledge().facts


def problems(name: str, **changes: Any) -> list[str]:
    found: list[Problem] = []
    entry = attrs.evolve(FACTS[name], **changes)
    kind_of(name, entry, ("extraction",), ("scars",), found)
    return [str(each) for each in found]


@pytest.mark.parametrize(
    ("fact", "direction", "problem"),
    [
        pytest.param(
            "history.keloid",
            "yes -> no",
            "direction: what is immutable has no direction; remove one of the two",
            id="immutable",
        ),
        pytest.param(
            "history.tetracycline",
            "yes",
            'direction[0]: "yes" is no way in which it can change; use "yes -> no" or '
            '"no -> yes"',
            id="half_a_way",
        ),
        pytest.param(
            "history.inr",
            "lower",
            'direction[0]: "lower" is no way in which it can change; use "up" or '
            '"down"',
            id="number",
        ),
        pytest.param(
            "history.isotretinoin",
            "current -> stopped",
            'direction[0]: "current -> stopped" is no way in which it can change; '
            'write "ONE -> OTHER" with two of its members',
            id="no_member",
        ),
        pytest.param(
            "history.isotretinoin",
            "current -> current",
            'direction[0]: "current -> current" is no way in which it can change; '
            'write "ONE -> OTHER" with two of its members',
            id="no_change",
        ),
        pytest.param(
            "clinic.offers",
            "up",
            'direction[0]: "up" is no way in which it can change; remove it',
            id="set",
        ),
    ],
)
def test_a_direction_that_the_fact_cannot_have_is_refused(
    fact: str, direction: str, problem: str
) -> None:
    assert problems(fact, direction=(direction,)) == [f"facts.toml: {fact}.{problem}"]


def test_a_direction_is_given_once() -> None:
    assert problems("history.inr", direction=("down", "down")) == [
        'facts.toml: history.inr.direction[1]: "down" is listed twice; remove one'
    ]


def test_no_direction_is_every_direction() -> None:
    assert problems("history.inr", direction=()) == []
    assert problems("history.inr", direction=("up", "down")) == []
