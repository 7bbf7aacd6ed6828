"""All cases at once: of the options as they are, and of one that was changed."""

from __future__ import annotations

import attrs
import pytest

from milia_cds import load_knowledge
from milia_cds.decision.all_cases import AllCases

pytestmark = pytest.mark.slow  # they make the diagrams of all cases

BASE = load_knowledge()


@pytest.fixture(scope="module")
def cases() -> AllCases:
    return AllCases(BASE)


@pytest.mark.parametrize("kind", ["forbid", "lower"])
def test_a_changed_option_is_not_taken_for_the_one_of_its_name(
    cases: AllCases, kind: str
) -> None:
    option = BASE.options["extraction"]
    changed = attrs.evolve(
        option, gate=tuple(each for each in option.gate if each.kind != kind)
    )
    before = cases.option(option)
    assert cases.option(changed) != before
    assert cases.option(option) == before == cases.options["extraction"]


def test_a_changed_option_has_a_standing_of_its_own(cases: AllCases) -> None:
    option = BASE.options["extraction"]
    changed = attrs.evolve(option, gate=())
    assert cases.standing(changed) != cases.standing(option)
    assert cases.standing(option) == cases.standings["extraction"]
