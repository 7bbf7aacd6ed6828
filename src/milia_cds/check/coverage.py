"""Which gates the vignettes reach, and with which of the three values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import attrs

from milia_cds.decision.engine import compiled
from milia_cds.errors import ContradictionError
from milia_cds.knowledge.model import Knowledge
from milia_cds.logic.conditions import truth
from milia_cds.testing.vignettes import Vignette


@attrs.frozen
class Reached:
    """How many vignettes find a gate true, false and not known."""

    true: int
    false: int
    unknown: int

    @property
    def everywhere(self) -> bool:
        """Whether each of the three occurs."""
        return min(self.true, self.false, self.unknown) > 0


def coverage(base: Knowledge, vignettes: Iterable[Vignette]) -> Mapping[str, Reached]:
    """Count, for every gate with a condition, how often it is true, false or unknown.

    Parameters
    ----------
    base
        The knowledge base.
    vignettes
        The vignettes; those that are refused reach nothing.
    """
    every = [facts for each in vignettes if (facts := _facts(base, each)) is not None]
    return {
        gate.name: _reached(gate.condition, every)
        for gate in base.gates()
        if gate.condition is not None
    }


def _reached(condition: Any, every: Iterable[Mapping[str, Any]]) -> Reached:
    worths = [truth(condition, facts) for facts in every]
    return Reached(worths.count(True), worths.count(False), worths.count(None))


def _facts(base: Knowledge, vignette: Vignette) -> Mapping[str, Any] | None:
    case = base.case(vignette.case_data)
    try:
        return compiled(base).decide(case.values(), absent=case.absent()).facts
    except ContradictionError:
        return None
