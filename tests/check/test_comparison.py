"""What a change of the knowledge changes, for every case at once."""

from __future__ import annotations

from pathlib import Path

import attrs
import pytest

from milia_cds import Case, assess, load_knowledge
from milia_cds.check import Finding
from milia_cds.check.comparison import compare
from milia_cds.check.space import Space
from milia_cds.knowledge.model import Knowledge
from milia_cds.logic.facts import YesNo
from milia_cds.logic.language import parse

BASE = load_knowledge()
EXAMPLE = load_knowledge(policy=Path(__file__).parents[2] / "examples" / "policy.toml")


@pytest.fixture(scope="module")
def space() -> Space:
    return Space(BASE, EXAMPLE)


def offered(case: Finding, base: Knowledge) -> list[str]:
    read = Case.from_dict(dict(case.case or {}))
    return [place.option for place in assess(read, base).ranking]


def test_nothing_differs_from_itself(space: Space) -> None:
    assert compare(BASE, BASE, space) == []


def test_a_policy_is_compared_with_the_knowledge_without_it(space: Space) -> None:
    found = {(each.kind, each.path) for each in compare(BASE, EXAMPLE, space)}
    assert ("change.not_offered", "options/cryotherapy.toml") in found
    assert ("change.worse", "options/extraction.toml") in found
    assert ("change.worse", "options/tretinoin.toml") in found
    assert ("change.text", "common.toml: step.policy.photograph") in found
    kinds = {kind for kind, _ in found}
    assert not kinds & {"change.offered", "change.better", "change.scenario"}


def test_the_other_way_round_what_is_offered_is_a_warning_with_a_case(
    space: Space,
) -> None:
    (found,) = [
        each
        for each in compare(EXAMPLE, BASE, space)
        if (each.kind, each.path) == ("change.offered", "options/cryotherapy.toml")
        and "was excluded" in each.text
    ]
    assert found.level == "warning"
    assert found.text == "cryotherapy is offered in cases in which it was excluded."
    assert "cryotherapy" in offered(found, BASE)
    assert "cryotherapy" not in offered(found, EXAMPLE)


def test_a_guarantee_that_is_gone_or_promises_less_is_a_warning() -> None:
    first, second, *others = BASE.guarantees
    less = attrs.evolve(second, condition=parse("newborn", BASE.scope()))
    base = attrs.evolve(BASE, guarantees=(less, *others))
    assert [
        (each.level, each.path, each.text)
        for each in compare(BASE, base, Space(base, BASE))
    ] == [
        ("warning", f"guarantees.toml: guarantee.{first.id}", "It is gone."),
        (
            "warning",
            f"guarantees.toml: guarantee.{second.id}",
            "It promises less: there are cases of which it no longer speaks.",
        ),
    ]


def test_contradictions_that_are_no_longer_refused_are_a_warning(space: Space) -> None:
    warned = tuple(each for each in BASE.contradictions if each.level == "warning")
    base = attrs.evolve(BASE, contradictions=warned)
    assert [each.kind for each in compare(BASE, base, space)] == ["change.accepted"]
    assert [each.kind for each in compare(base, BASE, space)] == ["change.refused"]


def test_warnings_that_are_no_longer_said_are_a_warning(space: Space) -> None:
    quiet = attrs.evolve(
        BASE,
        contradictions=tuple(e for e in BASE.contradictions if e.level == "error"),
    )
    lost, more = compare(BASE, quiet, space), compare(quiet, BASE, space)
    assert [(e.kind, e.level) for e in lost] == [("change.unwarned", "warning")]
    assert [(e.kind, e.level) for e in more] == [("change.warned", "note")]
    assert lost[0].text == "Facts that contradict one another are no longer warned of."


def levelled(base: Knowledge, option: str, criterion: str, level: int) -> Knowledge:
    changed = attrs.evolve(
        base.options[option],
        level=tuple(
            attrs.evolve(each, base=level) if each.criterion == criterion else each
            for each in base.options[option].level
        ),
    )
    return attrs.evolve(base, options={**base.options, option: changed})


def gentler(base: Knowledge, option: str) -> Knowledge:
    changed = attrs.evolve(base.options[option], invasiveness=0)
    return attrs.evolve(base, options={**base.options, option: changed})


@pytest.mark.parametrize(
    ("option", "changed"),
    [
        ("adapalene", levelled(BASE, "adapalene", "speed", 4)),
        ("cryotherapy", gentler(BASE, "cryotherapy")),
    ],
)
def test_an_edit_that_moves_the_order_alone_is_shown_with_the_cases_that_it_moves(
    space: Space, option: str, changed: Knowledge
) -> None:
    found = [e for e in compare(BASE, changed, space) if e.kind != "change.first"]
    assert found
    assert {(each.kind, each.level) for each in found} == {("change.order", "note")}
    for each in found:
        before, after = offered(each, BASE), offered(each, changed)
        others = [name for name in before if name != option and name in each.text]
        assert [before.index(option) > before.index(name) for name in others] == [
            after.index(option) < after.index(name) for name in others
        ] or "level with" in each.text
        assert sorted(before) == sorted(after)


def test_an_option_that_comes_or_goes_is_named(space: Space) -> None:
    fewer = {k: v for k, v in BASE.options.items() if k != "steaming"}
    base = attrs.evolve(BASE, options=fewer)
    gone = [e.text for e in compare(BASE, base, space) if e.kind == "change.option"]
    new = [e.text for e in compare(base, BASE, space) if e.kind == "change.option"]
    assert (gone, new) == (["It is gone."], ["It is new."])


def test_knowledge_over_other_facts_is_not_compared() -> None:
    vocabulary = attrs.evolve(BASE.vocabulary, kinds={"a.b": YesNo()})
    other = attrs.evolve(BASE, vocabulary=vocabulary)
    assert [each.kind for each in compare(BASE, other)] == ["change.facts"]
