"""A recorded decision made exact: no verdict more doubtful than the facts leave it.

Strong Kleene logic looks at one condition at a time, so it can leave open what all
completions agree on: "x or not x" of two gates. Where that is so, the record is given
the verdict that the completions have. Nothing else changes, and nothing is ever less
careful: offered is offered in every completion.
"""

from __future__ import annotations

from collections.abc import Collection

import attrs

from milia_cds.decision.alerts import Raised, in_order
from milia_cds.decision.completions import Completions
from milia_cds.decision.disposition import Awaited, DispositionDecision, highest
from milia_cds.decision.engine import Engine, first_place
from milia_cds.decision.ranking import RankedOption, rank
from milia_cds.decision.record import Record
from milia_cds.decision.verdicts import Verdict, VerdictName
from milia_cds.logic.conditions import Condition, truth


def exact(engine: Engine, completions: Completions) -> Record:
    """The record with the verdicts, order and disposition of all completions.

    Parameters
    ----------
    engine
        The engine that made the record.
    completions
        The completions of its case.
    """
    record = completions.record
    record = attrs.evolve(
        record,
        walk=record.walk._replace(scenarios=completions.scenarios),
        verdicts={name: _verdict_of(completions, name) for name in record.verdicts},
        alerts=_alerts(completions),
        measures={
            name: each._replace(verdict=_verdict(completions.measure(name).values))
            for name, each in record.measures.items()
        },
    )
    record = attrs.evolve(record, ranking=_ranked(engine, completions, record))
    settled = engine.disposition(record, completions.rows.values)
    settled = _disposition(completions, settled)
    awaited = _awaited(engine, completions)
    if awaited is not None:
        settled = settled._replace(action="needs_information", pending=awaited)
    return attrs.evolve(record, disposition=settled)


def _awaited(engine: Engine, completions: Completions) -> Awaited | None:
    """The fact that alone still decides, where its "yes" would lead to treatment."""
    if completions.first is None or completions.disposition is None:
        return None
    deciding = {*completions.first.facts, *completions.disposition.facts}
    if len(deciding) != 1:
        return None
    [fact] = deciding
    record, pending = completions.record, engine.base.facts[fact].pending
    if pending is None or not _holds(pending.condition, record):
        return None
    given = engine.redecided(record, {fact: True})
    if given is None or given.disposition.action != "treat":
        return None
    return Awaited(fact, first_place(given.ranking))


def _holds(condition: Condition | None, record: Record) -> bool:
    return condition is None or truth(condition, record.facts) is True


def _alerts(completions: Completions) -> tuple[Raised, ...]:
    """The alerts that are certain, or open, in all that is still possible."""
    found = []
    for each in completions.record.alerts:
        values = {True} if each.certain else completions.alert(each.alert.id).values
        if True in values:
            found.append(Raised(each.alert, certain=False not in values))
    return in_order(found)


def _verdict_of(completions: Completions, option: str) -> Verdict:
    verdicts = {verdict for verdict, _ in completions.option(option).values}
    standings = completions.standing(option).values
    return Verdict(option, _verdict(verdicts), min(standings), max(standings))


def _verdict(possible: Collection[str]) -> VerdictName:
    """The verdict of a case whose completions have these."""
    match sorted(possible):
        case [only]:
            return only  # type: ignore[return-value]  # sorted() widens a literal
        case ["excluded", "unavailable"]:
            return "unavailable"
        case ["excluded", "not_indicated"]:
            return "not_indicated"
    return "withheld"


def _ranked(
    engine: Engine, completions: Completions, record: Record
) -> tuple[RankedOption, ...]:
    """Rank each offered option by its least score."""
    offered = []
    for name, each in record.verdicts.items():
        if each.verdict == "offered":
            least = min(completions.places(name))
            offered.append((each, least, engine.scales[name].invasiveness))
    return rank(offered, completions.of)


def _disposition(
    completions: Completions, settled: DispositionDecision
) -> DispositionDecision:
    """Settle on the one action that all completions come to, where there is one."""
    if completions.disposition is None:
        return settled
    possible = completions.disposition.values
    shown = (settled.action, settled.to, settled.urgency)
    if len(possible) == 1 and shown not in possible:
        [(action, to, urgency)] = possible
        settled = settled._replace(action=action, to=to, urgency=urgency)
    worst = highest(urgency for _, _, urgency in possible)
    return settled._replace(at_worst=None if worst == settled.urgency else worst)
