"""The rule as an expert system of experta."""

from typing import Any

from experta import NOT, Fact, KnowledgeEngine, Rule
from trial import trial


class Advice(KnowledgeEngine):
    """Avoid if a fact says that she is pregnant, give if none does."""

    given = None

    @Rule(Fact(pregnant=True))
    def avoid(self) -> None:
        """Advise against."""
        self.given = "avoid"

    @Rule(NOT(Fact(pregnant=True)))
    def give(self) -> None:
        """Advise for."""
        self.given = "give"


def by_rules(case: dict[str, Any]) -> object:
    """Declare what is known and run."""
    engine = Advice()
    engine.reset()
    engine.declare(Fact(**case))
    engine.run()
    return engine.given


trial("`Fact(pregnant=True)`: avoid; `NOT(...)`: give", by_rules)
