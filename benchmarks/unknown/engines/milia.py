"""The rule as a gate of milia-cds that forbids, judged as any option of it is."""

from typing import Any

from trial import trial

from milia_cds.logic.conditions import Scope
from milia_cds.logic.facts import YesNo
from milia_cds.knowledge.options import STANDINGS, Gate
from milia_cds.logic.language import parse
from milia_cds.logic.plan import Plan
from milia_cds.decision.verdicts import Rules, judge

KINDS = {"pregnant": YesNo()}
CONDITION = parse("pregnant", Scope(KINDS))
GATE = Gate(
    id="pregnant",
    name="drug.pregnant",
    kind="forbid",
    when="pregnant",
    text="Pregnant: to be avoided.",
    judgement=True,
    condition=CONDITION,
)
PLAN = Plan(KINDS, [CONDITION])
FIRST_LINE = STANDINGS.index("first_line")
ADVICE = {
    "excluded": "avoid",
    "offered": "give",
    "withheld": "withheld: ask whether she is pregnant",
}


def by_gate(case: dict[str, Any]) -> str:
    """Judge an option that is first line but for the gate."""
    bits = PLAN.evaluate([case.get("pregnant")])
    rules = Rules.of([GATE], PLAN.bit)
    judged = judge("drug", rules, [FIRST_LINE], bits, available=True)
    return ADVICE[judged.verdict]


trial('gate `forbid`, when = "pregnant"', by_gate)
