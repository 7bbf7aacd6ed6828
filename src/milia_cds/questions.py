"""What to ask next: the unknown facts of every condition that is open on this walk.

Grouped by screen, so that one spoken question settles many. Not yet exact: a question
may be asked although no answer can change the result.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from milia_cds.conditions import Condition
from milia_cds.knowledge import Option
from milia_cds.outcome import Question
from milia_cds.view import View


def questions(view: View) -> Iterator[Question]:
    """Give the questions, those first that may change the first place or a referral."""
    affects: dict[str, dict[str, None]] = {}
    decisive: set[str] = set()
    for option, facts, weighty in _open_conditions(view):
        for fact in facts:
            affected = affects.setdefault(fact, {})
            if option:
                affected[option] = None
            if weighty and not view.record.determinate:
                decisive.add(fact)
    screens: dict[str, list[str]] = {}
    for fact in view.engine.names:
        if fact in affects:
            screens.setdefault(view.base.facts[fact].screen, []).append(fact)
    asked = [
        _question(view, screen, facts, affects, decisive)
        for screen, facts in screens.items()
    ]
    yield from sorted(asked, key=lambda q: (not q.decisive, -len(q.affects)))


def _open_conditions(view: View) -> Iterator[tuple[str, list[str], bool]]:
    """Give (option, unknown facts, may it be decisive) of each open condition."""
    on_the_way = list(view.lacking_on_the_way())
    everything = [
        name
        for name, each in view.record.judged.items()
        if each.verdict in {"offered", "withheld"}
    ]
    for option in everything or [""]:
        yield option, on_the_way, True
    for row in view.record.settled.rows:
        yield "", view.unknown_in(row.record.condition), True
    for option in everything:
        weighty = option in view.record.possible_first
        for condition in _deciding_conditions(view.base.options[option]):
            if view.holds(condition) is None:
                yield option, view.unknown_in(condition), weighty
    for name, judged in view.record.measures.items():
        if judged.verdict == "withheld":
            for gate in view.base.measures[name].gate:
                if gate.kind == "forbid" and view.holds(gate.condition) is None:
                    yield name, view.unknown_in(gate.condition), False


def _deciding_conditions(option: Option) -> Iterator[Condition]:
    for gate in option.gate:
        if gate.kind in {"forbid", "lower"} and gate.condition is not None:
            yield gate.condition
    for level in option.level:
        for modifier in level.modifier:
            yield modifier.condition


def _question(
    view: View,
    screen: str,
    facts: list[str],
    affects: Mapping[str, Mapping[str, None]],
    decisive: set[str],
) -> Question:
    spoken: Any = view.base.screens[screen]
    if len(facts) == 1:
        spoken = view.base.facts[facts[0]]
    affected = {name for fact in facts for name in affects[fact]}
    owners = (*view.base.options, *view.base.measures)
    return Question(
        facts=tuple(facts),
        screen=screen,
        ask=spoken.ask,
        ask_patient=spoken.ask_patient,
        affects=tuple(name for name in owners if name in affected),
        decisive=not decisive.isdisjoint(facts),
    )
