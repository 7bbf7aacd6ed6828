"""Random cases near real patients.

Drawn uniformly, a case is vacuous: nearly always something forbids, so no active option
is ever offered. Here a plausible patient is drawn first; then a few facts become
something else, some are forgotten, and what is left unsaid may be assumed absent.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any, TypeAlias

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from milia_cds.assessment.base import load_knowledge
from milia_cds.case.case import Case
from milia_cds.case.milia import READABLE, SECTIONS, Screened
from milia_cds.knowledge.model import Knowledge
from milia_cds.logic.facts import Number, Value
from milia_cds.testing.archetypes import ARCHETYPES, Archetype, Between, Drawn
from milia_cds.testing.strategies import (
    Axis,
    axes,
    case_of,
    consistent,
    screened,
    settings,
    words,
)

_Stated: TypeAlias = dict[str, Value | None]

_MOST_CHANGED = 3
_MOST_FORGOTTEN = 5


def near_patients(knowledge: Knowledge | None = None) -> SearchStrategy[Case]:
    """Draw cases near real patients, as `assess` accepts them.

    Whatever the knowledge base, the patients are those of `archetypes`. Of its cases
    at least 30 % are offered an active option, every option that can be offered at all
    is in at least 1 %, and every scenario is reached; with the shipped knowledge, that
    is. Options that no scenario recommends are never offered, in any case: acitretin,
    isotretinoin and steaming.

    Parameters
    ----------
    knowledge
        Whose rules cut the cells that changed facts are drawn from, and whose
        contradictions are avoided; `None` is what comes with the library.
    """
    return _near(load_knowledge() if knowledge is None else knowledge)


@st.composite
def _near(draw: DrawFn, base: Knowledge) -> Case:
    facts = dict(draw(_patients()))
    facts |= draw(_changed(base))
    facts = consistent(facts, base)
    forgotten = draw(_forgotten())
    facts = consistent({**facts, **dict.fromkeys(forgotten)}, base)
    assume_absent = draw(screened())
    unsaid = _unsaid(facts, assume_absent)
    return case_of(
        {**facts, **dict.fromkeys(unsaid)},
        draw(settings()),
        assume_absent=assume_absent,
        not_known=forgotten if draw(st.booleans()) else frozenset(),
    )


@cache
def _patients() -> SearchStrategy[_Stated]:
    return st.sampled_from(ARCHETYPES).flatmap(_patient)


@cache
def _patient(archetype: Archetype) -> SearchStrategy[_Stated]:
    """Draw a patient of this kind; what can only be one thing is not drawn."""
    sure: _Stated = {}
    open_: dict[str, SearchStrategy[Any]] = {}
    for name, drawn in archetype.facts.items():
        if isinstance(drawn, tuple) and len(set(drawn)) == 1:
            sure[name] = drawn[0]
        else:
            open_[name] = _one(name, drawn)
    return st.fixed_dictionaries(open_).map(lambda values: {**sure, **values})


def _one(name: str, drawn: Drawn) -> SearchStrategy[Any]:
    if not isinstance(drawn, Between):
        return st.sampled_from(drawn)
    kind = READABLE[name]
    if isinstance(kind, Number) and kind.whole:
        return st.integers(int(drawn.low), int(drawn.high))
    return st.floats(drawn.low, drawn.high)


@lru_cache(maxsize=8)
def _changed(base: Knowledge) -> SearchStrategy[dict[str, Value]]:
    """Draw a few facts and give each any value."""
    some = st.lists(st.sampled_from(axes(base)), max_size=_MOST_CHANGED, unique=True)
    return some.flatmap(_valued)


def _valued(changed: list[Axis]) -> SearchStrategy[dict[str, Value]]:
    return words(len(changed)).map(
        lambda drawn: {
            axis.fact: axis.value(word)
            for axis, word in zip(changed, drawn, strict=True)
        }
    )


@cache
def _forgotten() -> SearchStrategy[frozenset[str]]:
    """Draw what is forgotten: nothing, a few facts, a section, or about half of all."""
    names = tuple(READABLE)
    few = st.frozensets(st.sampled_from(names), min_size=1, max_size=_MOST_FORGOTTEN)
    section = st.sampled_from(tuple(SECTIONS)).map(
        lambda section: frozenset(n for n in names if n.startswith(f"{section}."))
    )
    half = st.binary(min_size=len(names), max_size=len(names)).map(
        lambda coins: frozenset(
            name for name, coin in zip(names, coins, strict=True) if coin % 2
        )
    )
    nothing: SearchStrategy[frozenset[str]] = st.just(frozenset())
    return st.one_of(nothing, nothing, nothing, few, few, few, section, half)


def _unsaid(
    facts: Mapping[str, Value | None], sections: tuple[Screened, ...]
) -> list[str]:
    """What a clinician who has screened does not write down."""
    return [
        name
        for name, value in facts.items()
        if name.partition(".")[0] in sections and value == READABLE[name].absent
    ]
