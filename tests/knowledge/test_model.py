"""A knowledge base is kept and copied, and equals another that says the same."""

from __future__ import annotations

import copy
import pickle

import attrs
import pytest

from milia_cds import Case, Knowledge, assess, load_knowledge

BASE = load_knowledge()


@pytest.fixture(scope="module")
def again() -> Knowledge:
    """The knowledge base after pickling."""
    found: Knowledge = pickle.loads(pickle.dumps(BASE))  # noqa: S301 - our own
    return found


def test_a_knowledge_base_is_pickled_and_says_the_same(again: Knowledge) -> None:
    assert again is not BASE
    assert again == BASE
    assert again == BASE
    assert hash(again) == hash(BASE)
    assert repr(again) == repr(BASE)
    assert assess(Case(), again) == assess(Case(), BASE)


def test_what_is_taken_from_a_pickled_one_leads_to_it(again: Knowledge) -> None:
    for name in BASE.options:
        assert again.option(name).home is again
    assert again.option("extraction")._repr_html_() == (
        BASE.option("extraction")._repr_html_()
    )


def test_nothing_that_was_worked_out_is_pickled() -> None:
    before = pickle.dumps(BASE)
    assert BASE.entries
    assess(Case(), BASE)
    assert pickle.dumps(BASE) == before


def test_a_knowledge_base_is_its_own_copy() -> None:
    assert copy.copy(BASE) is BASE
    assert copy.deepcopy(BASE) is BASE


def test_what_says_something_else_is_not_equal(again: Knowledge) -> None:
    extraction = attrs.evolve(BASE.options["extraction"], label="another")
    others = [
        attrs.evolve(BASE, options={**BASE.options, "extraction": extraction}),
        attrs.evolve(BASE, about=attrs.evolve(BASE.about, notice="approved")),
        attrs.evolve(BASE, options=dict(reversed([*BASE.options.items()]))),
        attrs.evolve(BASE, alerts={}),
        attrs.evolve(BASE, digest="sha256:another"),
    ]
    for other in others:
        assert other != BASE
        assert other != BASE
        assert other != again
    assert BASE.digest != BASE


def test_equal_knowledge_of_other_records_is_equal() -> None:
    other = attrs.evolve(BASE, about=attrs.evolve(BASE.about))
    assert other == BASE
