"""What to ask next: exactly the unknown facts that can still change a result.

A fact is asked for iff two of its values can still lead to different results: the
disposition, whether an option is offered and at which standing, whether a measure is
offered, the first place. Facts of one screen are one question.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeAlias

from milia_cds.decision.completions import Completions
from milia_cds.explanation.outcome import Question
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.words import FactEntry, Screen

Affected: TypeAlias = dict[str, dict[str, None]]
"""For each fact that matters: the options and measures whose verdict it can change."""


def questions(completions: Completions) -> tuple[Question, ...]:
    """The questions in the order of asking.

    First what may change the first place or the disposition, then what may change the
    verdict of most options, then the order of the vocabulary.
    """
    base = completions.results.base
    affected = _affected(completions)
    decisive = _decisive(completions)
    screens: dict[str, list[str]] = {}
    for fact in base.kinds:
        if fact in affected or fact in decisive:
            screens.setdefault(base.facts[fact].screen, []).append(fact)
    asked = [
        _question(base, screen, facts, affected, decisive)
        for screen, facts in screens.items()
    ]
    return tuple(
        sorted(asked, key=lambda each: (not each.decisive, -len(each.affects)))
    )


def _affected(completions: Completions) -> Affected:
    affected: Affected = {}
    for name, left in completions.what_is_offered():
        for fact in left.facts:
            affected.setdefault(fact, {})[name] = None
    return affected


def _decisive(completions: Completions) -> frozenset[str]:
    """The facts that may change the first place or the disposition."""
    if completions.first is None or completions.disposition is None:
        return frozenset(_perhaps_decisive(completions))
    return frozenset((*completions.first.facts, *completions.disposition.facts))


def _perhaps_decisive(completions: Completions) -> Iterator[str]:
    """The facts on which the first place is made of; never too few."""
    yield from completions.rows.facts
    for name in completions.possible_first:
        yield from completions.offered(name).facts
        yield from completions.levels(name).facts


def _question(
    base: Knowledge,
    screen: str,
    facts: Iterable[str],
    affected: Affected,
    decisive: frozenset[str],
) -> Question:
    facts = tuple(facts)
    spoken: Screen | FactEntry = base.screens[screen]
    if len(facts) == 1:
        spoken = base.facts[facts[0]]
    affects = {name for fact in facts for name in affected.get(fact, ())}
    owners = (*base.options, *base.measures)
    return Question(
        facts=facts,
        screen=screen,
        ask=spoken.ask,
        ask_patient=spoken.ask_patient,
        affects=tuple(name for name in owners if name in affects),
        decisive=not decisive.isdisjoint(facts),
    )
