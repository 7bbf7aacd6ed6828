"""Strategies over the cells of a knowledge base: hostile cases, and completions.

An axis is a fact with the values worth trying: the ends and the middle of every cell,
so every limit of every rule, and the number next to it, comes up.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any, TypeAlias

import attrs
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from milia_cds.assessment.base import load_knowledge
from milia_cds.case.case import Case
from milia_cds.case.milia import FACTS, READABLE, SCREENED, SECTIONS, Screened
from milia_cds.decision.engine import compiled
from milia_cds.knowledge.model import Knowledge
from milia_cds.logic.cells import Variable, cut
from milia_cds.logic.conditions import atoms, truth
from milia_cds.logic.facts import Choice, Kind, Members, Number, Value

Facts: TypeAlias = Mapping[str, Value | None]

_BYTE = 256
_WORD = 2
"""Bytes that choose a value: enough for a cell and a place in it, or for a set."""


@attrs.frozen
class Axis:
    """A fact, and the values worth trying: a tuple for each of its cells.

    A set fact has its members in place of cells: any of its subsets may be tried.
    """

    fact: str
    cells: tuple[tuple[Value, ...], ...]
    members: tuple[str, ...] = ()
    absent: Value | None = None

    def value(self, word: int) -> Value:
        """The value that a number from 0 to 65,535 chooses."""
        if self.members:
            bits = 8 * _WORD
            chosen = (
                each for i, each in enumerate(self.members) if word >> i % bits & 1
            )
            return frozenset(chosen)
        place, cell = divmod(word, len(self.cells))
        values = self.cells[cell]
        return values[place % len(values)]


@lru_cache(maxsize=8)
def axes(base: Knowledge) -> tuple[Axis, ...]:
    """An axis for every fact that the rules of a knowledge base could read."""
    used = (atom for _, each in base.conditions() for atom in atoms(each))
    variables = {each.fact: each for each in cut(base.kinds, used)}
    return tuple(
        _axis(fact, kind, variables.get(fact)) for fact, kind in READABLE.items()
    )


def _axis(fact: str, kind: Kind, variable: Variable | None) -> Axis:
    match kind:
        case Members(members):
            return Axis(fact, (), members, kind.absent)
        case Number():
            cuts = variable.cuts if variable else ()
            return Axis(fact, tuple(_numbers(kind, cuts)))
        case Choice(members):
            cells: dict[int, list[Value]] = {}
            for place, member in enumerate(members):
                cell = variable.places[member] if variable else place
                cells.setdefault(cell, []).append(member)
            return Axis(fact, tuple(map(tuple, cells.values())), absent=kind.absent)
        case _:
            return Axis(fact, ((False,), (True,)), absent=kind.absent)


def _numbers(kind: Number, cuts: tuple[float, ...]) -> list[tuple[float, ...]]:
    """For each cell, its first two numbers, its last and one between."""
    ends = [kind.low, *cuts]
    lasts = [_before(kind, cut) for cut in cuts] + [kind.high]
    cells = []
    for first, last in zip(ends, lasts, strict=True):
        between = (first + last) // 2 if kind.whole else (first + last) / 2
        second = first + 1 if kind.whole else math.nextafter(first, math.inf)
        cells.append(tuple(dict.fromkeys((first, min(second, last), between, last))))
    return cells


def _before(kind: Number, cut: float) -> float:
    return cut - 1 if kind.whole else math.nextafter(cut, -math.inf)


def case_of(
    facts: Facts,
    settings: Mapping[str, Any],
    *,
    assume_absent: tuple[Screened, ...] = (),
    not_known: frozenset[str] = frozenset(),
) -> Case:
    """Make a case of facts and settings by dotted name, `None` being left out.

    `not_known` names the facts that are `None` because they were asked.
    """
    sections: dict[str, dict[str, Any]] = {section: {} for section in SECTIONS}
    for name, value in {**facts, **settings, **dict.fromkeys(not_known)}.items():
        section, _, fact = name.partition(".")
        if value is not None or name in not_known:
            sections[section][fact] = value
    made: dict[str, Any] = {
        section: SECTIONS[section](**given) for section, given in sections.items()
    }
    return Case(**made, assume_absent=assume_absent)


def consistent(
    facts: Facts, base: Knowledge, kept: frozenset[str] = frozenset()
) -> dict[str, Value | None]:
    """Forget, one by one, the facts that contradict others; never those to be kept."""
    left = dict(facts)
    while wrong := _contradicting(left, base):
        left[[name for name in wrong if name not in kept][-1]] = None
    return left


def _contradicting(facts: Facts, base: Knowledge) -> list[str]:
    """Facts that cannot all be true, or none."""
    ways_out = {
        name: facts[name] is True
        for name, entry in base.facts.items()
        if entry.way_out and name in facts
    }
    read = {**facts, **ways_out}
    for each in base.contradictions:
        stated = all(facts[name] is not None for name in each.stated)
        if each.level == "error" and stated and truth(each.condition, read):
            return [name for name in each.facts if facts[name] is not None]
    return []


@cache
def settings() -> SearchStrategy[dict[str, Any]]:
    """Draw what the clinic offers and what the patient weighs; usually nothing."""
    offers: Any = FACTS["clinic.offers"]
    weights: Any = FACTS["goals.weights"]
    nothing = dict.fromkeys(weights.criteria, 0)
    weight = st.integers(0, 10)
    criterion = st.sampled_from(weights.criteria)
    some = st.dictionaries(criterion, weight, max_size=3)
    # Where one thing alone counts, ties are common.
    one = st.builds(lambda name, many: {**nothing, name: many or 1}, criterion, weight)
    given = {
        "clinic.offers": st.frozensets(st.sampled_from(offers.members)),
        "goals.weights": some | one,
    }
    names = ("", "", "", *given, "goals.weights")
    return st.sampled_from(names).flatmap(
        lambda name: st.fixed_dictionaries({name: given[name]} if name else {})
    )


@lru_cache(maxsize=512)
def words(count: int) -> SearchStrategy[list[int]]:
    """Draw so many numbers from 0 to 65,535, all at once for the sake of speed."""
    size = _WORD * count

    def read(drawn: bytes) -> list[int]:
        starts = range(0, size, _WORD)
        return [int.from_bytes(drawn[at : at + _WORD], "big") for at in starts]

    return st.binary(min_size=size, max_size=size).map(read)


def hostile_cases(knowledge: Knowledge | None = None) -> SearchStrategy[Case]:
    """Draw cases without regard to sense: any values, any of them known.

    Every cell of every fact is as likely as the others, and so is every limit of a
    rule and the number next to it. Only facts that contradict one another are not
    stated together, for `assess` refuses them.

    Parameters
    ----------
    knowledge
        Whose rules cut the cells; `None` is what comes with the library.
    """
    return _hostile(load_knowledge() if knowledge is None else knowledge)


@st.composite
def _hostile(draw: DrawFn, base: Knowledge) -> Case:
    every = axes(base)
    most = draw(st.sampled_from((240, 192, 128, 64, 16, -1)))
    coins = draw(st.binary(min_size=len(every), max_size=len(every)))
    chosen = draw(words(len(every)))
    facts = {
        axis.fact: axis.value(word) if coin > most else None
        for axis, coin, word in zip(every, coins, chosen, strict=True)
    }
    facts = consistent(facts, base)
    odd = {axis.fact for axis, coin in zip(every, coins, strict=True) if coin % 2}
    return case_of(
        facts,
        draw(settings()),
        assume_absent=draw(screened()),
        not_known=frozenset(name for name in odd if facts[name] is None),
    )


@cache
def screened() -> SearchStrategy[tuple[Screened, ...]]:
    """Draw the sections for which the clinician has screened."""
    return st.sampled_from(((), SCREENED, SCREENED[:1], SCREENED[1:]))


def completions(
    case: Case, knowledge: Knowledge | None = None, *, allowed: bool = False
) -> SearchStrategy[Case]:
    """Draw completions of a case: every fact that is not known gets some value.

    What `assume_absent` stands for is filled first. The values come from any cell; in
    half of the draws most of them are "no", as they are in most patients. The settings
    stay as they are.

    Parameters
    ----------
    case
        A case that `assess` accepts.
    knowledge
        Whose rules cut the cells; `None` is what comes with the library.
    allowed
        Whether to leave facts out again until none contradict. Without it a
        completion may be a case that `assess` refuses: a primary milium with a cause.
    """
    base = load_knowledge() if knowledge is None else knowledge
    settings = {
        "clinic.offers": case.clinic.offers,
        "goals.weights": case.goals.weights,
    }
    engine = compiled(base)
    facts = engine.decide(case.values(), absent=case.absent()).facts
    completed = _completed(facts, axes(base))
    if allowed:
        known = frozenset(name for name, value in facts.items() if value is not None)
        completed = completed.map(lambda drawn: consistent(drawn, base, known))
    return completed.map(lambda drawn: case_of(drawn, settings))


@st.composite
def _completed(
    draw: DrawFn, facts: Facts, every: tuple[Axis, ...]
) -> dict[str, Value | None]:
    unknown = [axis for axis in every if facts[axis.fact] is None]
    bold = draw(st.sampled_from((0, 64, _BYTE, _BYTE)))
    coins = draw(st.binary(min_size=len(unknown), max_size=len(unknown)))
    chosen = draw(words(len(unknown)))
    drawn = {
        axis.fact: axis.absent
        if coin >= bold and axis.absent is not None
        else axis.value(word)
        for axis, coin, word in zip(unknown, coins, chosen, strict=True)
    }
    return {**facts, **drawn}
