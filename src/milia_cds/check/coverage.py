"""Which gates the vignettes reach, with which values; and which vignettes fail."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import attrs

from milia_cds.check.findings import Finding
from milia_cds.decision.engine import compiled
from milia_cds.errors import ContradictionError
from milia_cds.knowledge.model import Knowledge
from milia_cds.logic.conditions import truth
from milia_cds.testing.expectations import check_vignette
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


def failing(base: Knowledge, vignettes: Iterable[Vignette]) -> Iterator[Finding]:
    """Find every vignette that does not come out as expected.

    Parameters
    ----------
    base
        The knowledge base.
    vignettes
        The vignettes, as `load_vignettes` gives them.
    """
    for each in vignettes:
        differences = check_vignette(each, base)
        if differences:
            path = f"{each.file}: case.{each.id}"
            yield Finding("vignette.fails", "error", path, f"{'; '.join(differences)}.")
