"""The recorded decision on one case, of which every output is a view."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

import attrs

from milia_cds.decision.alerts import Raised
from milia_cds.decision.disposition import DispositionDecision, highest
from milia_cds.decision.ranking import RankedOption
from milia_cds.decision.verdicts import Verdict
from milia_cds.decision.walk import WalkResult
from milia_cds.knowledge.dangers import Urgency
from milia_cds.knowledge.words import Contradiction, Settled
from milia_cds.logic.facts import Value


@attrs.frozen(slots=False)  # for the cached properties
class Record:
    """The recorded decision on one case; every output is a view of it.

    Parameters
    ----------
    names
        The name of every fact.
    stated, values
        Its value as it was stated, and as it is decided on; `None` is not known.
    settled
        What other facts settled, by the name of the fact.
    visit
        What the other cases of a visit say of this one.
    true, unknown
        The bits of the plan.
    weights
        The weight of every criterion.
    offers
        The options that the clinic offers; `None` is everything.
    own
        Whether the patient's own values order what is acceptable.
    alerts
        The dangers that the case states, and those to ask for, the worst first.
    """

    names: tuple[str, ...]
    stated: Sequence[Value | None]
    values: Sequence[Value | None]
    settled: Mapping[str, Settled]
    visit: Mapping[str, Value | None]
    true: int
    unknown: int
    weights: Mapping[str, int]
    offers: frozenset[str] | None
    own: bool
    alerts: tuple[Raised, ...]
    walk: WalkResult
    verdicts: Mapping[str, Verdict]
    measures: Mapping[str, Verdict]
    ranking: tuple[RankedOption, ...]
    disposition: DispositionDecision
    warnings: tuple[Contradiction, ...]

    @cached_property
    def urgency(self) -> Urgency | None:
        """The highest urgency of the disposition and of the certain alerts."""
        return highest(
            [
                self.disposition.urgency,
                *(each.alert.urgency for each in self.alerts if each.certain),
            ]
        )

    @property
    def offered(self) -> frozenset[str]:
        """The options and measures that are offered."""
        every = (*self.verdicts.values(), *self.measures.values())
        return frozenset(each.option for each in every if each.verdict == "offered")

    @cached_property
    def facts(self) -> Mapping[str, Value | None]:
        """The value of every fact by name, after filling; `None` is not known."""
        return dict(zip(self.names, self.values, strict=True))

    @cached_property
    def assumed(self) -> tuple[str, ...]:
        """The facts that were filled, in order."""
        every = zip(self.names, self.stated, self.values, strict=True)
        return tuple(name for name, before, after in every if before is not after)
