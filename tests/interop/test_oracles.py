"""The oracles see every seeded defect, and take nothing valid for wrong.

A resource of `defects.json` becomes wrong by one change: at a path a member gets a
value or, where none is given, is left out. Which oracle sees it is stated for each
defect: one that began to see less, or more, shows here.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.interop.oracles import Oracles

SEEDED = json.loads(Path(__file__).with_name("defects.json").read_text("utf-8"))
VALID: Mapping[str, dict[str, Any]] = {
    each["resourceType"]: each for each in SEEDED["valid"]
}
DEFECTS: list[dict[str, Any]] = SEEDED["defects"]


def changed(resource: Mapping[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of a resource with one change."""
    made = copy.deepcopy(dict(resource))
    held: Any = made
    *way, last = change["at"]
    for step in way:
        held = held[step]
    if "becomes" in change:
        held[last] = change["becomes"]
    else:
        del held[last]
    return made


@pytest.mark.parametrize("kind", VALID)
def test_nothing_valid_is_taken_for_wrong(kind: str, oracles: Oracles) -> None:
    found = oracles.findings(VALID[kind])
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda each: each["name"])
def test_every_defect_is_seen_by_the_oracles_that_are_named(
    defect: Mapping[str, Any], oracles: Oracles
) -> None:
    found = oracles.findings(changed(VALID[defect["in"]], defect))
    assert [name for name, wrong in found.items() if wrong] == defect["seen_by"]


def test_more_than_twenty_defects_are_seeded_and_each_is_seen() -> None:
    assert len(DEFECTS) > 20
    assert all(each["seen_by"] for each in DEFECTS)
