"""The signature of order: what changes it, what does not, and what is said of it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import attrs
import pytest

from milia_cds import load_knowledge
from milia_cds.check.order import changed_order, order_of, write_order
from milia_cds.check.space import Space
from milia_cds.decision.all_cases import AllCases
from milia_cds.knowledge.files import SHIPPED
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.options import Modifier
from milia_cds.knowledge.promises import KeptOrder
from milia_cds.logic.diagrams import Diagrams
from milia_cds.logic.language import parse

SMALL = Path(__file__).parents[1] / "otherworld" / "knowledge"
SALVE = "star_salve"
Change: TypeAlias = Callable[[Knowledge], Knowledge]


@pytest.fixture(scope="module")
def small() -> Knowledge:
    return load_knowledge(SMALL)


def signed(base: Knowledge, *others: Knowledge) -> KeptOrder:
    space = Space(base, *others)
    return order_of(base, space, space.results(base))


def option(name: str, **fields: Any) -> Change:
    """Change the fields of an option."""

    def change(base: Knowledge) -> Knowledge:
        changed = attrs.evolve(base.options[name], **fields)
        return attrs.evolve(base, options={**base.options, name: changed})

    return change


def levelled(name: str, **fields: Any) -> Change:
    """Change the first level of an option."""

    def change(base: Knowledge) -> Knowledge:
        first, *rest = base.options[name].level
        return option(name, level=(attrs.evolve(first, **fields), *rest))(base)

    return change


def weighed(base: Knowledge) -> Knowledge:
    name, first = next(iter(base.criteria.items()))
    heavier = attrs.evolve(first, weight=first.weight + 1)
    return attrs.evolve(base, criteria={**base.criteria, name: heavier})


def modified(when: str, *, otherwise: bool) -> Change:
    """Give the first level of an option a modifier, which differs from it or not."""

    def change(base: Knowledge) -> Knowledge:
        first, *_ = base.options[SALVE].level
        level = (first.base + 1) % 5 if otherwise else first.base
        condition = parse(when, base.scope())
        modifier = Modifier(when=when, level=level, condition=condition)
        return levelled(SALVE, modifier=(modifier, *first.modifier))(base)

    return change


def swapped(base: Knowledge) -> Knowledge:
    """Let facts, options and scenarios stand in another order."""
    return attrs.evolve(
        base,
        options=dict(reversed([*base.options.items()])),
        scenarios=dict(reversed([*base.scenarios.items()])),
        criteria=dict(reversed([*base.criteria.items()])),
        contradictions=tuple(reversed(base.contradictions)),
    )


MOVES: dict[str, Change] = {
    "a level": levelled(SALVE, base=0),
    "a weight": weighed,
    "what is less invasive": option(SALVE, invasiveness=4),
    "a modifier of a level": modified("dragon.age_years < 30", otherwise=True),
}
HARMLESS: dict[str, Change] = {
    "nothing": lambda base: base,
    "the order of the entries": swapped,
    "a modifier that changes nothing": modified(
        "dragon.age_years < 30", otherwise=False
    ),
    "a text": option(SALVE, summary="Something else."),
}


@pytest.mark.parametrize("change", MOVES)
def test_what_moves_the_order_changes_the_signature(
    small: Knowledge, change: str
) -> None:
    base = MOVES[change](small)
    kept = attrs.evolve(base, order=signed(small))
    space = Space(kept)
    (found,) = changed_order(kept, space, space.results(kept))
    assert (found.level, found.path) == ("error", "order.toml: scenario")
    assert any(name in found.text for name in base.scenarios)
    assert "--write-order" in found.text


@pytest.mark.parametrize("change", HARMLESS)
def test_what_changes_no_result_leaves_the_signature(
    small: Knowledge, change: str
) -> None:
    base = HARMLESS[change](small)
    assert signed(base) == signed(small)


def test_a_condition_written_otherwise_leaves_the_signature(
    small: Knowledge,
) -> None:
    def written(when: str) -> KeptOrder:
        return signed(modified(when, otherwise=True)(small))

    young = written("dragon.age_years < 30")
    assert young == written("not (dragon.age_years >= 30)")
    assert young == written("dragon.age_years < 10 or 10 <= dragon.age_years < 30")
    assert young != written("dragon.age_years <= 30")


def test_neither_other_cells_nor_another_order_of_facts_makes_a_difference(
    small: Knowledge,
) -> None:
    other = modified("dragon.age_years < 77 and patch.weeping", otherwise=True)(small)
    space = Space(other, small)
    assert signed(small) == order_of(small, space, space.results(small))
    turned = Space(small)
    variables = tuple(reversed(turned.diagrams.variables))
    turned.diagrams = Diagrams(variables)
    assert signed(small) == order_of(small, turned, AllCases(small, turned.diagrams))


def test_it_is_the_same_in_every_process(small: Knowledge) -> None:
    code = (
        "import sys; from milia_cds import load_knowledge\n"
        "from milia_cds.check.order import order_of\n"
        "from milia_cds.check.space import Space\n"
        "base = load_knowledge(sys.argv[1]); space = Space(base)\n"
        "print(order_of(base, space, space.results(base)).scenario)"
    )
    run = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", code, str(SMALL)],
        capture_output=True,
        check=True,
        text=True,
    )
    assert run.stdout.strip() == str(signed(small).scenario)


def test_a_limit_of_a_warning_changes_the_signature_of_contradictions(
    small: Knowledge,
) -> None:
    first, *rest = small.contradictions
    wider = attrs.evolve(first, condition=parse("patch.glowing", small.scope()))
    base = attrs.evolve(
        small, contradictions=(wider, *rest), order=signed(small, small)
    )
    space = Space(base)
    (found,) = changed_order(base, space, space.results(base))
    assert (found.level, found.path) == ("error", "order.toml: contradictions")


def test_what_is_written_is_what_is_read(tmp_path: Path) -> None:
    folder = tmp_path / "knowledge"
    shutil.copytree(SMALL, folder)
    order = KeptOrder(contradictions="c", scenario={"one": "1", "other": "2"})
    assert write_order(order, folder) == folder / "order.toml"
    assert load_knowledge(folder).order == order


def test_the_order_that_is_shipped_is_the_one_kept() -> None:
    base = load_knowledge(SHIPPED)
    space = Space(base)
    assert list(changed_order(base, space, space.results(base))) == []
    assert base.order.scenario.keys() == base.scenarios.keys()


def test_where_no_order_is_kept_a_note_says_how_to_keep_it(small: Knowledge) -> None:
    base = attrs.evolve(small, order=KeptOrder())
    space = Space(base)
    (found,) = changed_order(base, space, space.results(base))
    assert (found.kind, found.level) == ("order.unkept", "note")
