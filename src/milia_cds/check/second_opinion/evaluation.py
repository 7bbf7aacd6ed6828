"""The second opinion on single cases, to be compared with the engine's.

All formulas are bits of one long number, so that z3 evaluates a case at once; nothing
is searched.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import attrs
import z3

from milia_cds.check.second_opinion.formulas import Formula
from milia_cds.check.second_opinion.partial import Partial
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.options import STANDINGS
from milia_cds.logic.conditions import Truth
from milia_cds.logic.facts import Value

_RANKS = range(1, len(STANDINGS))


@attrs.frozen
class PartialDecision:
    """What z3 makes of one case.

    Parameters
    ----------
    truths
        The truth of every condition, by its place.
    scenarios
        The scenarios that are possible.
    verdicts
        The verdict on every option and measure, all being available.
    standings
        The worst and the best rank of every option.
    """

    truths: Mapping[str, Truth]
    scenarios: tuple[str, ...]
    verdicts: Mapping[str, str]
    standings: Mapping[str, tuple[int, int]]


class Evaluation:
    """A knowledge base, ready to decide cases by evaluating formulas.

    Parameters
    ----------
    base
        The knowledge base.
    """

    def __init__(self, base: Knowledge) -> None:
        self.base = base
        self.partial = Partial(base)
        self.conditions = dict(base.conditions())
        asked = list(self._asked())
        self._width = len(asked)
        self._number = z3.Concat([_bit(formula) for formula in asked])
        self._model = z3.Model()

    def decide(self, facts: Mapping[str, Value | None]) -> PartialDecision:
        """Decide one case.

        Parameters
        ----------
        facts
            The value of every fact by name; `None`, or a name left out, is not known.
        """
        for constant, value in self.partial.formulas.stated(facts):
            self._model.update_value(constant, value)
        number = self._model.eval(self._number, model_completion=True).as_long()
        bits = format(number, f"0{self._width}b")
        return self._read(bit == "1" for bit in bits)

    def _asked(self) -> Iterator[Formula]:
        """Every formula, in the order in which `_read` reads their values."""
        for condition in self.conditions.values():
            value = self.partial.formulas.threefold(condition)
            yield from (value.true, value.false)
        yield from self.partial.may.values()
        for name in self.base.options:
            yield from self.partial.forbidden(name)
            for rank in _RANKS:
                yield self.partial.worst(name, rank)
                yield self.partial.best(name, rank)
        for name in self.base.measures:
            yield from self.partial.forbidden(name)

    def _read(self, bits: Iterator[bool]) -> PartialDecision:
        truths = {path: _truth(next(bits), next(bits)) for path in self.conditions}
        scenarios = tuple(name for name in self.partial.may if next(bits))
        verdicts: dict[str, str] = {}
        standings: dict[str, tuple[int, int]] = {}
        for name in self.base.options:
            forbidden = (next(bits), next(bits))
            worst = best = 0
            for _ in _RANKS:
                worst += next(bits)
                best += next(bits)
            standings[name] = (worst, best)
            verdicts[name] = _verdict(*forbidden, worst, best)
        for name in self.base.measures:
            verdicts[name] = _verdict(next(bits), next(bits), 1, 1)
        return PartialDecision(truths, scenarios, verdicts, standings)


def _bit(formula: Formula) -> Any:
    return z3.If(formula, z3.BitVecVal(1, 1), z3.BitVecVal(0, 1))


def _truth(true: bool, false: bool) -> Truth:  # noqa: FBT001 - two bits of a number
    return None if true == false else true


def _verdict(forbids: bool, may_forbid: bool, worst: int, best: int) -> str:  # noqa: FBT001 - as above
    if forbids:
        return "excluded"
    if not best:
        return "not_indicated"
    if may_forbid or not worst:
        return "withheld"
    return "offered"
