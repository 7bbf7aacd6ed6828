"""What moved between two results, and the rules that moved it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal, TypeAlias

import attrs

from milia_cds.explanation.outcome import (
    AlertSaid,
    Disposition,
    Outcome,
    Stamp,
    TraceStep,
)
from milia_cds.knowledge.dangers import Urgency
from milia_cds.shown import Told

AlertState: TypeAlias = Literal["certain", "asked", "silent"]
Truths: TypeAlias = Mapping[str, TraceStep]
Stand: TypeAlias = tuple[str, str | None, int | None]
"""Verdict, standing and rank; the last two are `None` where it is not offered."""


@attrs.frozen(kw_only=True)
class Moved:
    """An option that has another verdict, standing or place.

    Parameters
    ----------
    option
        Its id.
    before, after
        How it stood and stands: such as ("offered", "first_line", 1).
    rules
        The rules whose truth has changed and that bear on it: its own gates, the
        branches and the standing of the scenario. Where none has, it was moved by
        others that were.
    """

    option: str
    before: Stand
    after: Stand
    rules: tuple[str, ...]


@attrs.frozen(kw_only=True)
class Turned:
    """A rule whose truth has changed; `None` is not known."""

    rule: str
    when: str
    before: bool | None
    after: bool | None
    facts: Mapping[str, Any] = attrs.field(hash=False)


@attrs.frozen(kw_only=True)
class AlertMoved:
    """An alert that came, went, or became certain or a question.

    Parameters
    ----------
    alert
        Its id.
    before, after
        "certain", "asked", or "silent" where nothing was or is said of it.
    said
        What is said of it after, or was before where it went.
    """

    alert: str
    before: AlertState
    after: AlertState
    said: AlertSaid


@attrs.frozen(kw_only=True)
class Difference(Told):
    """What moved between two results.

    Parameters
    ----------
    alerts
        The alerts that came, went or turned, the most urgent after first.
    urgency
        The urgency of the whole before and after, or `None` where it stayed.
    disposition
        The disposition before and after, or `None` where it stayed.
    scenarios
        The possible scenarios before and after, or `None` where they stayed.
    first
        The options in the first place before and after, or `None` where they stayed.
    moved
        The options that moved, in the order of the ranking after.
    turned
        The rules whose truth changed.
    asked, settled
        Facts that are asked for now and were not, and the other way round.
    knowledge
        Which knowledge gave the result before, and which after.
    """

    alerts: tuple[AlertMoved, ...]
    urgency: tuple[Urgency | None, Urgency | None] | None
    disposition: tuple[Disposition, Disposition] | None
    scenarios: tuple[tuple[str, ...], tuple[str, ...]] | None
    first: tuple[tuple[str, ...], tuple[str, ...]] | None
    moved: tuple[Moved, ...]
    turned: tuple[Turned, ...]
    asked: tuple[str, ...]
    settled: tuple[str, ...]
    knowledge: tuple[Stamp, Stamp]

    def __repr__(self) -> str:
        """Count what moved."""
        counts = f"{len(self.moved)} options, {len(self.turned)} rules"
        return f"<Difference: {counts}, {len(self.alerts)} alerts>"

    def __bool__(self) -> bool:
        """Whether anything moved."""
        danger = self.alerts or self.urgency
        return bool(
            danger or self.disposition or self.scenarios or self.first or self.moved
        )


def difference(before: Outcome, after: Outcome) -> Difference:
    """Compare two results, of one patient or of two, of one knowledge base or of two.

    Parameters
    ----------
    before, after
        The results.
    """
    one, other = _asked(before), _asked(after)
    turned = tuple(_turned(before, after))
    return Difference(
        alerts=tuple(_alerts(before, after)),
        urgency=_pair(before.urgency, after.urgency),
        disposition=_pair(before.disposition, after.disposition, _action),
        scenarios=_pair(before.scenarios, after.scenarios),
        first=_pair(_first(before), _first(after)),
        moved=tuple(_moved(before, after, turned)),
        turned=turned,
        asked=tuple(fact for fact in other if fact not in one),
        settled=tuple(fact for fact in one if fact not in other),
        knowledge=(before.knowledge, after.knowledge),
    )


def _pair(before: Any, after: Any, key: Any = lambda each: each) -> Any:
    return None if key(before) == key(after) else (before, after)


def _action(said: Disposition) -> tuple[object, ...]:
    also = tuple((each.to, each.urgency) for each in said.also)
    return said.headline, said.action, said.to, said.urgency, also


def _alerts(before: Outcome, after: Outcome) -> Iterator[AlertMoved]:
    was = {each.alert: each for each in before.alerts}
    now = {each.alert: each for each in after.alerts}
    for name, said in {**now, **was, **now}.items():
        pair = _state(was.get(name)), _state(now.get(name))
        if pair[0] != pair[1]:
            yield AlertMoved(alert=name, before=pair[0], after=pair[1], said=said)


def _state(said: AlertSaid | None) -> AlertState:
    if said is None:
        return "silent"
    return "certain" if said.certain else "asked"


def _first(outcome: Outcome) -> tuple[str, ...]:
    return tuple(place.option for place in outcome.ranking if place.rank == 1)


def _asked(outcome: Outcome) -> list[str]:
    return [fact for question in outcome.questions for fact in question.facts]


def _stands(outcome: Outcome) -> dict[str, Stand]:
    """Verdict, standing and rank of every option, ranked ones first."""
    stands: dict[str, Stand] = {}
    for place in outcome.ranking:
        stands[place.option] = ("offered", place.standing, place.rank)
    for verdict in ("withheld", "excluded", "not_indicated", "unavailable"):
        for each in getattr(outcome, verdict):
            stands[each.option] = (verdict, None, None)
    return stands


def _moved(
    before: Outcome, after: Outcome, turned: tuple[Turned, ...]
) -> Iterator[Moved]:
    was, now = _stands(before), _stands(after)
    gone = ("absent", None, None)
    for option in dict.fromkeys((*now, *was)):
        pair = was.get(option, gone), now.get(option, gone)
        if pair[0] != pair[1]:
            verdict = pair[0][:2] != pair[1][:2]
            rules = [each.rule for each in turned if _bears_on(each.rule, option)]
            yield Moved(
                option=option,
                before=pair[0],
                after=pair[1],
                rules=tuple(rules) if verdict else (),
            )


def _bears_on(rule: str, option: str) -> bool:
    return rule.startswith((f"gate.{option}.", "decision."))


def _turned(before: Outcome, after: Outcome) -> Iterator[Turned]:
    was: Truths = {step.node: step for step in before.trace}
    for step in after.trace:
        old = was.get(step.node)
        if old is not None and old.truth is not step.truth:
            yield Turned(
                rule=step.node,
                when=step.when,
                before=old.truth,
                after=step.truth,
                facts=step.facts,
            )
