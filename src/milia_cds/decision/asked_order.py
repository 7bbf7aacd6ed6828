"""The facts that decide, in the order in which diagrams ask them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from milia_cds.knowledge.dangers import Alert
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.options import Gate, Modifier
from milia_cds.knowledge.scenarios import ActionRow
from milia_cds.logic.cells import Variables, cut
from milia_cds.logic.conditions import Condition, atoms, facts_in
from milia_cds.logic.facts import Members, YesNo

_TOP_FACTS = 2


def variables(base: Knowledge) -> Variables:
    """The facts that decide, cut into cells, in an order that keeps diagrams small.

    The two facts of many values that most rules of gates share with the triage come
    first, then what gates alone read, then the triage: each gate is settled before the
    scenarios are told apart. Sets of options come last: each member is about one
    option, and speaks only where that option has come so far.
    """
    conditions = tuple(deciding_conditions(base))
    used = [atom for condition in conditions for atom in atoms(condition)]
    asked = _asked_last_first(base)
    different = {each.condition for each in _deciding_gates(base) if each.condition}
    gates = Counter(fact for condition in different for fact in facts_in(condition))
    shared = [fact for fact in asked if not isinstance(base.kinds[fact], YesNo)]
    top = sorted(shared, key=lambda fact: -gates[fact])[:_TOP_FACTS]
    alone = [atom.fact for atom in used if atom.fact not in asked]
    order = dict.fromkeys([*top, *alone, *asked])
    last = sorted(order, key=lambda fact: isinstance(base.kinds[fact], Members))
    return cut({fact: base.kinds[fact] for fact in last}, used)


def deciding_conditions(base: Knowledge) -> Iterator[Condition]:
    """Every condition that decides a result; the others only add words."""
    for decision in base.decisions.values():
        for branch in decision.branch:
            yield branch.condition
    for scenario in base.scenarios.values():
        yield from _given(scenario.action)
    yield from _given(_deciding_gates(base))
    for option in base.options.values():
        for level in option.level:
            yield from _given(level.modifier)
    yield from _given(base.alerts.values())


def _given(
    owners: Iterable[ActionRow | Alert | Gate | Modifier],
) -> Iterator[Condition]:
    for owner in owners:
        if owner.condition is not None:
            yield owner.condition


def _deciding_gates(base: Knowledge) -> Iterator[Gate]:
    return (gate for gate in base.gates() if gate.kind in {"forbid", "lower"})


def _asked_last_first(base: Knowledge) -> list[str]:
    """The facts of the triage, what is asked to the end first."""
    last: dict[str, int] = {}
    for place, decision in enumerate(base.decisions.values()):
        for branch in decision.branch:
            last |= dict.fromkeys(facts_in(branch.condition), place)
    return sorted(last, key=lambda fact: -last[fact])
