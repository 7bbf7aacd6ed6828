"""The walk of the knowledge: nothing is forgotten, and every place is the file's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import attrs
import pytest

from milia_cds.knowledge.reading import read_knowledge
from milia_cds.knowledge.shape import unused
from milia_cds.knowledge.words import Guard
from milia_cds.logic.language import parse

BASE = read_knowledge()
PLACED = {placed.path: placed for placed in BASE.entries}


def records(value: Any) -> Iterator[Any]:
    """Every attrs record that is reached, whatever its kind, by plain recursion."""
    if isinstance(value, Mapping):
        for each in value.values():
            yield from records(each)
    elif isinstance(value, tuple | list | frozenset):
        for each in value:
            yield from records(each)
    elif attrs.has(type(value)):
        yield value
        for field in attrs.fields(type(value)):
            yield from records(getattr(value, field.name))


@pytest.mark.parametrize("has", ["condition", "sources"])
def test_the_walk_finds_every_record_with_a_condition_and_with_sources(
    has: str,
) -> None:
    _, *every = records(BASE)
    there = [each for each in every if hasattr(each, has)]
    found = [placed.entry for placed in BASE.entries if hasattr(placed.entry, has)]
    assert {id(each) for each in found} == {id(each) for each in there}
    assert len(found) == len(there) > 500


def test_the_condition_of_a_guard_is_among_the_conditions() -> None:
    conditions = dict(BASE.conditions())
    guard = BASE.guards["lesion.cause"]
    assert conditions["terms.toml: guard.lesion.cause"] is guard.condition


def test_what_a_guard_alone_reads_is_used() -> None:
    term = attrs.evolve(BASE.terms["newborn"], when="history.keloid")
    base = attrs.evolve(BASE, terms={**BASE.terms, "spare": term})
    assert [each.path for each in unused(base)] == ["terms.toml: term.spare"]
    condition = parse("spare", base.scope())
    guard = Guard(when="spare", text="so", condition=condition)
    guarded = attrs.evolve(base, guards={**base.guards, "lesion.size_mm": guard})
    assert unused(guarded) == []


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("facts.toml: screen.growth_and_surface", "Screen"),
        ("facts.toml: lesion.size_mm", "FactEntry"),
        ("terms.toml: set.eyelid_sites", "SetEntry"),
        ("triage.toml: decision.warning_sign", "Decision"),
        ("triage.toml: decision.warning_sign.branch[0]", "Branch"),
        ("scenarios.toml: scenario.newborn.action[0]", "ActionRow"),
        ("options/extraction.toml: ", "Option"),
        ("options/extraction.toml: gate.not_tolerated", "Gate"),
        ("options/extraction.toml: level.pigment", "CriterionLevel"),
        ("options/extraction.toml: level.pigment.modifier[0]", "Modifier"),
        ("measures/topical_anaesthetic.toml: gate.near_eye", "Gate"),
        ("guarantees.toml: guarantee.G07a", "Guarantee"),
        ("sources.toml: E001", "Source"),
        ("about.toml: ", "About"),
    ],
)
def test_a_place_is_the_file_and_the_key(path: str, kind: str) -> None:
    assert type(PLACED[path].entry).__name__ == kind


def test_every_place_is_that_of_one_entry_but_for_what_several_share() -> None:
    shared = [each for each in BASE.entries if getattr(each.entry, "place", "")]
    single = [each.path for each in BASE.entries if each not in shared]
    assert len(set(single)) == len(single) > len(shared)
    assert {each.path for each in shared}.isdisjoint(single)


def test_an_entry_knows_what_it_is_a_part_of() -> None:
    placed = PLACED["options/extraction.toml: level.pigment.modifier[0]"]
    option = BASE.options["extraction"]
    level = PLACED["options/extraction.toml: level.pigment"].entry
    assert placed.within == (option, level)
    gate = PLACED["options/extraction.toml: gate.not_tolerated"]
    assert (gate.name, placed.name) == ("not_tolerated", "")
