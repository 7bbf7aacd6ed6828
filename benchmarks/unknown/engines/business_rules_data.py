"""The rule as data for business-rules."""

from typing import Any

from trial import trial

from business_rules import run_all
from business_rules.actions import BaseActions, rule_action
from business_rules.variables import BaseVariables, boolean_rule_variable


class Facts(BaseVariables):
    """What the rules may read."""

    def __init__(self, case: dict[str, Any]) -> None:
        self.case = case

    @boolean_rule_variable
    def pregnant(self) -> object:
        """The status; what is left out is given as None."""
        return self.case.get("pregnant")


class Advice(BaseActions):
    """What the rules may do."""

    def __init__(self) -> None:
        self.given: str | None = None

    @rule_action()
    def avoid(self) -> None:
        """Advise against."""
        self.given = "avoid"

    @rule_action()
    def give(self) -> None:
        """Advise for."""
        self.given = "give"


def rule(operator: str, action: str) -> dict[str, Any]:
    """One rule."""
    test = {"name": "pregnant", "operator": operator, "value": True}
    return {"conditions": {"all": [test]}, "actions": [{"name": action, "params": {}}]}


def by_rules(case: dict[str, Any]) -> object:
    """Run both rules, the first that fires decides."""
    advice = Advice()
    rules = [rule("is_true", "avoid"), rule("is_false", "give")]
    run_all(rules, Facts(case), advice, stop_on_first_trigger=True)
    return advice.given


trial("`is_true`: avoid; `is_false`: give", by_rules)
