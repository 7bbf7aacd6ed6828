"""What a vignette sees of a decision, without the texts that nobody compares.

Composing everything that there is to say takes many times as long as deciding; of a
mutant only what vignettes claim is made. What depends on all completions, such as the
questions, is not looked at.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

import attrs

from milia_cds.decision.engine import Record
from milia_cds.decision.verdicts import Verdict
from milia_cds.knowledge.model import STANDINGS, Gate, Knowledge, Measure, Option
from milia_cds.logic.conditions import facts_in, truth

SEEN = frozenset(
    {
        *("scenarios", "disposition", "first", "order", "ranking_empty", "offered"),
        *("not_offered", "withheld", "excluded", "not_indicated", "unavailable"),
        *("standing", "best_standing", "measures", "cautions", "not_cautioned"),
        "warned",
    }
)
"""The claims of a vignette that are looked at."""


class _Anything:
    """Holds everything: what is not looked at is not missed."""

    def __contains__(self, _: object) -> bool:
        return True

    def __iter__(self) -> Iterator[str]:
        return iter(())


@attrs.frozen
class _Said:
    """A reason, as far as a vignette reads it."""

    text: str = ""
    facts: Any = ()


@attrs.frozen
class _Seen:
    """An option or a measure, as far as a vignette reads it."""

    option: str
    rank: int = 0
    standing: str = ""
    best_standing: str = ""
    verdict: str = ""
    because: tuple[_Said, ...] = ()
    cautions: tuple[_Said, ...] = ()
    asks: Any = _Anything()

    @property
    def measure(self) -> str:
        """The same name, where it is a measure."""
        return self.option


class Sight:
    """A decision, as `testing.expectations` reads one.

    Parameters
    ----------
    record
        The decision.
    base
        The knowledge base that gave it.
    """

    def __init__(self, record: Record, base: Knowledge) -> None:
        self.record = record
        self.base = base
        self.scenarios = record.walk.scenarios
        self.disposition = record.disposition

    @cached_property
    def ranking(self) -> list[_Seen]:
        """The offered options, in order."""
        return [
            _Seen(
                placed.option,
                placed.rank,
                STANDINGS[placed.worst],
                STANDINGS[placed.best],
                cautions=self._cautions(self.base.options[placed.option]),
            )
            for placed in self.record.ranking
        ]

    @cached_property
    def withheld(self) -> list[_Seen]:
        """The options withheld."""
        return [
            _Seen(
                each.option,
                standing=STANDINGS[each.worst],
                best_standing=STANDINGS[each.best],
            )
            for each in self._judged("withheld")
        ]

    @cached_property
    def excluded(self) -> list[_Seen]:
        """The options that are forbidden, and by which facts."""
        return [
            _Seen(each.option, because=self._forbidding(each.option))
            for each in self._judged("excluded")
        ]

    @cached_property
    def not_indicated(self) -> list[_Seen]:
        """The options that are not recommended."""
        return [_Seen(each.option) for each in self._judged("not_indicated")]

    @cached_property
    def unavailable(self) -> list[_Seen]:
        """The options that the clinic does not offer."""
        return [_Seen(each.option) for each in self._judged("unavailable")]

    @cached_property
    def measures(self) -> list[_Seen]:
        """The measures, each with its verdict and cautions."""
        return [
            _Seen(
                name,
                verdict=each.verdict,
                cautions=self._cautions(self.base.measures[name]),
            )
            for name, each in self.record.measures.items()
        ]

    @cached_property
    def warnings(self) -> list[_Said]:
        """What is odd about the stated facts."""
        return [_Said(facts=each.facts) for each in self.record.warnings]

    def _judged(self, verdict: str) -> Iterator[Verdict]:
        return (
            each for each in self.record.verdicts.values() if each.verdict == verdict
        )

    def _forbidding(self, option: str) -> tuple[_Said, ...]:
        return tuple(
            _Said(facts=facts_in(gate.condition) if gate.condition else ())
            for gate in self.base.options[option].gate
            if gate.kind == "forbid" and self._holds(gate) is True
        )

    def _cautions(self, owner: Option | Measure) -> tuple[_Said, ...]:
        kinds = {"caution", "lower"}
        if isinstance(owner, Measure):
            kinds = {"caution", "note"}
        return tuple(
            _Said(gate.text)
            for gate in owner.gate
            if gate.kind in kinds and self._holds(gate) is not False
        )

    def _holds(self, gate: Gate) -> bool | None:
        if gate.condition is None:
            return True
        return truth(gate.condition, self.record.facts)
