"""What to ask next: exactly the unknown facts that can still change a result.

A fact is asked for iff two of its values can still lead to different results: the
disposition, whether an option is offered and at which standing, whether a measure is
offered, the first place. Facts of one screen are one question.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from milia_cds.decision.completions import Completions
from milia_cds.explanation.outcome import Question
from milia_cds.knowledge.dangers import URGENCIES
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.words import FactEntry, Screen
from milia_cds.logic.conditions import facts_in, truth
from milia_cds.logic.facts import Value

Affected: TypeAlias = dict[str, dict[str, None]]
"""For each fact that matters: the options and measures whose verdict it can change."""


class _Matters(NamedTuple):
    """Why facts matter.

    Parameters
    ----------
    affected, decisive
        What each affects; which may change the first place or the disposition.
    dangers, today
        The alerts that lack each; which tell whether the patient must be seen today.
    """

    affected: Affected
    decisive: frozenset[str]
    dangers: Affected
    today: frozenset[str] = frozenset()

    def result(self, fact: str) -> bool:
        """Whether it may change what is offered, the first place or what to do."""
        return fact in self.affected or fact in self.decisive


def questions(completions: Completions) -> tuple[Question, ...]:
    """The questions in the order of asking.

    First what a danger lacks that must be asked for, then what tells whether the
    patient must be seen today, then what may change the first place or the disposition,
    then what may change the verdict of most options, then the
    order of the vocabulary; a fact that may settle another before that one.
    """
    base = completions.results.base
    matters = _Matters(
        _affected(completions),
        _decisive(completions),
        _dangers(completions),
        frozenset(completions.today.facts),
    )
    screens: dict[str, list[str]] = {}
    for fact in base.kinds:
        muting = muted(base, fact, completions.record.facts)
        if fact in matters.dangers or (matters.result(fact) and not muting):
            screens.setdefault(base.facts[fact].screen, []).append(fact)
    asked = [
        _question(base, screen, facts, matters) for screen, facts in screens.items()
    ]
    order = sorted(
        asked,
        key=lambda each: (
            _urgency(base, each),
            matters.today.isdisjoint(each.facts),
            not each.decisive,
            -len(each.affects),
        ),
    )
    return _after_what_settles(base, order)


def muted(base: Knowledge, fact: str, facts: Mapping[str, Value | None]) -> bool:
    """Whether nobody is asked for a fact: nothing that it could change is wanted.

    Parameters
    ----------
    base
        The knowledge base.
    fact
        Its name.
    facts
        What is known of the case.
    """
    asked_when = base.facts[fact].condition
    return asked_when is not None and truth(asked_when, facts) is False


def _urgency(base: Knowledge, question: Question) -> int:
    """A key that sorts dangers before all else, the worst first."""
    ranks = [URGENCIES.index(base.alerts[name].urgency) for name in question.alerts]
    return -max(ranks, default=-1)


def _after_what_settles(
    base: Knowledge, order: Sequence[Question]
) -> tuple[Question, ...]:
    """The questions, each after those whose answer may settle what it asks."""
    asked = {fact: each for each in order for fact in each.facts}
    placed: dict[Question, None] = {}

    def place(question: Question) -> None:
        rules = (rule for fact in question.facts for rule in base.facts[fact].settled)
        for fact in (name for rule in rules for name in facts_in(rule.condition)):
            before = asked.get(fact)
            if before is not None and before is not question and before not in placed:
                placed[before] = None
        placed[question] = None

    for question in order:
        place(question)
    return tuple(placed)


def _dangers(completions: Completions) -> Affected:
    """For each fact that an alert lacks which must be asked for: these alerts."""
    dangers: Affected = {}
    for each in completions.record.alerts:
        if not each.certain:
            for fact in completions.alert(each.alert.id).facts:
                dangers.setdefault(fact, {})[each.alert.id] = None
    return dangers


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
    matters: _Matters,
) -> Question:
    facts = tuple(facts)
    spoken: Screen | FactEntry = base.screens[screen]
    if len(facts) == 1:
        spoken = base.facts[facts[0]]
    affects = {name for fact in facts for name in matters.affected.get(fact, ())}
    owners = (*base.options, *base.measures)
    alerts = {name for fact in facts for name in matters.dangers.get(fact, ())}
    return Question(
        facts=facts,
        screen=screen,
        ask=spoken.ask,
        ask_patient=spoken.ask_patient,
        affects=tuple(name for name in owners if name in affects),
        decisive=not matters.decisive.isdisjoint(facts),
        alerts=tuple(name for name in base.alerts if name in alerts),
    )


def about_one(base: Knowledge, fact: str) -> Question:
    """The question about one fact, whatever it affects.

    Parameters
    ----------
    base
        The knowledge base.
    fact
        Its name.
    """
    screen = base.facts[fact].screen
    return _question(base, screen, [fact], _Matters({}, frozenset(), {}))
