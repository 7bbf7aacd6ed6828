"""Seeded defects: small wrong edits of the real knowledge, each found by `check`.

The edits are in `defects/`, whose files begin with their grammar.
"""

from __future__ import annotations

import shutil
import tomllib
from collections.abc import Iterable
from pathlib import Path

import attrs
import pytest

from milia_cds import KnowledgeError, load_knowledge
from milia_cds.check import Examination, examine
from milia_cds.check.analysis import analyse
from milia_cds.check.comparison import compare
from milia_cds.check.guarantees import first_broken, prove
from milia_cds.check.harm import OrderOfHarm
from milia_cds.check.order import changed_order
from milia_cds.check.second_opinion import SecondOpinion
from milia_cds.check.space import Space
from milia_cds.decision.all_cases import AllCases
from milia_cds.knowledge.files import SHIPPED
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.promises import Guarantee
from milia_cds.logic.diagrams import FALSE
from tests.common import THOROUGH, sampled

pytestmark = pytest.mark.no_cover  # long, and reached by shorter tests

BASE = load_knowledge()
FEWEST = 40


@attrs.frozen(kw_only=True)
class Defect:
    """An edit of one file, and what `check` must find."""

    id: str
    what: str
    file: str
    find: str
    replace: str
    finds: list[str] = attrs.field(hash=False)


def read_defects() -> list[Defect]:
    folder = Path(__file__).parents[1] / "defects"
    return [
        Defect(**each)
        for path in sorted(folder.glob("*.toml"))
        for each in tomllib.loads(path.read_text(encoding="utf-8"))["defect"]
    ]


DEFECTS = read_defects()
EVERY = pytest.mark.parametrize("defect", DEFECTS, ids=lambda each: each.id)
EXAMINED = sampled(DEFECTS, 16)
"""One in sixteen: an examination takes seconds; a thorough run takes all."""


def edited(defect: Defect, folder: Path) -> Knowledge | None:
    """Load the knowledge with the edit; `None` where it is refused."""
    shutil.copytree(SHIPPED, folder)
    file = folder / defect.file
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace(defect.find, defect.replace), encoding="utf-8")
    try:
        return load_knowledge(folder)
    except KnowledgeError:
        return None


@pytest.fixture(scope="module")
def bases(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Knowledge | None]:
    folder = tmp_path_factory.mktemp("edited")
    return {each.id: edited(each, folder / each.id) for each in EXAMINED}


@pytest.fixture(scope="module")
def space(bases: dict[str, Knowledge | None]) -> Space:
    """Make one space of all edits: what they share is made once."""
    return Space(BASE, *(base for base in bases.values() if base is not None))


@pytest.fixture(scope="module")
def shipped(space: Space) -> Examination:
    return examine(BASE, space=space)


def found(
    defect: Defect, base: Knowledge | None, shipped: Examination, space: Space
) -> set[str]:
    """The kinds of what is found beyond what is found without the edit.

    An edit that the guarantees and the comparison find is not analysed too, and what
    the proofs rest on is asked only where that is to be found. That order is as it was
    is asked where an edit is to change nothing.
    """
    if base is None:
        return {"refused"}
    results = space.results(base)
    kinds = {
        *broken(base, space, results),
        *({each.kind for each in compare(BASE, base, space)} or {"nothing"}),
    }
    if "nothing" not in kinds and kinds.issuperset(defect.finds):
        return kinds
    fragile = {each.guarantee.id: set(each.fragile) for each in shipped.proofs}
    proofs = prove(base, space, results)
    kinds = {
        *(f"broken:{each.guarantee.id}" for each in proofs if each.broken),
        *(
            f"fragile:{each.guarantee.id}"
            for each in proofs
            if not set(each.fragile) <= fragile[each.guarantee.id]
        ),
        *(f"idle:{each.guarantee.id}" for each in proofs if each.idle),
        *({each.kind for each in compare(BASE, base, space)} or {"nothing"}),
    }
    if "nothing" in kinds or "order.changed" in defect.finds:
        kinds |= {each.kind for each in changed_order(base, space, results)}
    if kinds.issuperset(defect.finds):
        return kinds
    before = {(each.kind, each.path, each.text) for each in shipped.findings}
    return kinds | {
        each.kind
        for each in analyse(base, space, results)
        if (each.kind, each.path, each.text) not in before
    }


def broken(base: Knowledge, space: Space, results: AllCases) -> set[str]:
    """The guarantees that an edit breaks, without what they rest on."""
    harm = [each for each in base.guarantees if each.gentler]
    rest = (each for each in base.guarantees if not each.gentler)
    bound = OrderOfHarm(base, space, results)
    return {
        *(
            f"broken:{each.id}"
            for each in rest
            if first_broken(base, space, results, [each])
        ),
        *(
            f"broken:{each.id}"
            for each in harm
            if any(bound.broken(each, owner) != FALSE for owner in each.binds)
        ),
    }


def test_there_are_defects_enough_and_each_has_a_name_of_its_own() -> None:
    assert len(DEFECTS) >= FEWEST
    assert len({each.id for each in DEFECTS}) == len(DEFECTS)


@EVERY
def test_the_text_to_be_edited_stands_there_once(defect: Defect) -> None:
    text = (SHIPPED / defect.file).read_text(encoding="utf-8")
    assert text.count(defect.find) == 1
    assert defect.find != defect.replace


@pytest.mark.parametrize("defect", EXAMINED, ids=lambda each: each.id)
def test_it_is_found_or_shown_to_change_nothing(
    defect: Defect,
    bases: dict[str, Knowledge | None],
    shipped: Examination,
    space: Space,
) -> None:
    base = bases[defect.id]
    kinds = found(defect, base, shipped, space)
    assert set(defect.finds) <= kinds
    assert not {"nothing", "order.changed"} <= kinds
    if base is not None:
        asked = [each for each in base.guarantees if reaches(defect, base, each)]
        found_broken = {each for each in kinds if "broken:" in each}
        assert found_broken <= {f"broken:{each.id}" for each in asked}
        if THOROUGH or found_broken:
            assert broken_by_z3(base, asked) == found_broken


def reaches(defect: Defect, base: Knowledge, guarantee: Guarantee) -> bool:
    """Whether an edit can break a guarantee: not one that withholds other options.

    What z3 is asked of these stands as it does without the edit, where it is proved.
    """
    rules = defect.file.startswith(("options/", "measures/", "common.toml"))
    if not rules or guarantee.action is not None or guarantee not in BASE.guarantees:
        return True
    before = {each.id: each for each in BASE.gated()}
    changed = {each.id for each in base.gated() if each != before.get(each.id)}
    asked = (*guarantee.options, *guarantee.measures)
    return not changed.isdisjoint((*asked, guarantee.gentler, *guarantee.binds))


def broken_by_z3(base: Knowledge, asked: Iterable[Guarantee]) -> set[str]:
    """The guarantees that the second opinion breaks, of those that it is asked."""
    opinion = SecondOpinion(base)
    return {f"broken:{each.id}" for each in asked if opinion.broken(each) is not None}


def test_no_error_is_found_in_the_knowledge_as_it_is(
    shipped: Examination, space: Space
) -> None:
    assert shipped.sound
    assert compare(BASE, BASE, space) == []
