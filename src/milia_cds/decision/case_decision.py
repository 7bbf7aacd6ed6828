"""The decision on one case as it leaves this room: recorded, and exact when asked.

The engine looks at one condition at a time and is fast; what all completions agree on
is read off the diagrams, which are made only where somebody asks.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from typing import Any, TypedDict, Unpack

import attrs

from milia_cds.decision.completions import Completions, completions_of
from milia_cds.decision.engine import Engine, compiled
from milia_cds.decision.exact import exact
from milia_cds.decision.record import Record
from milia_cds.knowledge.model import Knowledge
from milia_cds.logic.facts import Value


@attrs.frozen(eq=False, repr=False, slots=False)  # for the cached properties
class CaseDecision:
    """The decision on one case.

    Parameters
    ----------
    engine
        The engine that made it.
    record
        What it recorded; where conditions are open it may leave open what is not.
    """

    engine: Engine
    record: Record

    @property
    def base(self) -> Knowledge:
        """The knowledge base that it rests on."""
        return self.engine.base

    @cached_property
    def completions(self) -> Completions:
        """All completions of the case: what is possible, and what still matters."""
        return completions_of(self.base, self.record)

    @cached_property
    def exact(self) -> Record:
        """The record, no more doubtful than the completions are."""
        return exact(self.engine, self.completions)


class Settings(TypedDict, total=False):
    """What the engine takes beside the stated values, as `Engine.decide` says."""

    absent: Sequence[Value | None]
    offers: Collection[str] | None
    weights: Mapping[Any, int] | None
    visit: Mapping[str, Value | None] | None


def decide(
    base: Knowledge, stated: Sequence[Value | None], **settings: Unpack[Settings]
) -> CaseDecision:
    """Decide one case by a knowledge base; the parameters are those of the engine.

    Raises
    ------
    CaseError
        When every weight is 0.
    ContradictionError
        When stated facts cannot be true together.
    """
    engine = compiled(base)
    return CaseDecision(engine, engine.decide(stated, **settings))
