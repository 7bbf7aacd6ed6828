"""The report: a decision, composed into an `Outcome` with its texts.

Nothing is decided here. Each part is made when it is read; what does not depend on the
case is made once for a knowledge base and shared between results.
"""

from __future__ import annotations

from functools import cached_property
from typing import TypeVar

import attrs

from milia_cds.decision.case_decision import CaseDecision
from milia_cds.decision.engine import compiled
from milia_cds.explanation.answer import Parts
from milia_cds.explanation.brief import brief_of
from milia_cds.explanation.grid import Grid, side_by_side
from milia_cds.explanation.lapses import review_overdue
from milia_cds.explanation.outcome import (
    FORMAT,
    AlertSaid,
    BriefPart,
    Disposition,
    Outcome,
    Question,
    Status,
    stamp,
)
from milia_cds.explanation.parts import (
    AsidePart,
    WithheldPart,
    said,
)
from milia_cds.explanation.places import (
    MeasureVerdict,
    Place,
    Reason,
    SetAside,
    Withheld,
)
from milia_cds.explanation.plan import CarePlan
from milia_cds.explanation.questions import questions
from milia_cds.explanation.reasons import Sayings
from milia_cds.explanation.situation import Situation
from milia_cds.explanation.stability import Stability, stability
from milia_cds.explanation.turning import TurningPoint, turning_points
from milia_cds.explanation.why import Why, why
from milia_cds.explanation.why_not import WhyNot, why_not
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.options import Option
from milia_cds.logic.memory import one_of_each
from milia_cds.version import VERSION

A = TypeVar("A", Why, WhyNot, Stability)


class Report(Parts):
    """What there is to say of an exact decision, and what can be asked about it.

    Parameters
    ----------
    decision
        The decision on a case.
    lapsed
        The warning that the case is old, if it is.
    overdue
        Whether the knowledge should have been reviewed by the day of the assessment.
    """

    def __init__(
        self,
        decision: CaseDecision,
        lapsed: tuple[Reason, ...] = (),
        *,
        overdue: bool = False,
    ) -> None:
        super().__init__(sayings(decision.base), decision.exact, decision.completions)
        self.completions = decision.completions
        self.stamp = stamp(decision.base, overdue=overdue)
        self._lapsed = lapsed

    def why(self, option: Option) -> Why:
        """Explain the verdict on one option."""
        return self._at_home(why(self, self.completions, option))

    def why_not(self, option: Option) -> WhyNot:
        """Find what would have to change for one option."""
        aside: tuple[WithheldPart | AsidePart, ...]
        aside = (*self.withheld, *self.excluded, *self.not_indicated)
        because = [each.because for each in aside if each.option == option.id]
        return self._at_home(why_not(self.completions, option, *because))

    def stability(self) -> Stability:
        """Work out which weights would change the first place."""
        return self._at_home(stability(self.engine, self.record))

    def turning_points(self) -> tuple[TurningPoint, ...]:
        """Find what would change the first place, if one fact were different."""
        return turning_points(self)

    def compare(self, *, whole: bool = False) -> Grid:
        """Put options side by side."""
        made = side_by_side(self, self.alerts_said, self.stamp, whole=whole)
        return made.at_home(self.base)

    def _at_home(self, found: A) -> A:
        """An answer with the knowledge that gave it, and whether that is overdue."""
        return attrs.evolve(found, knowledge=self.stamp).at_home(self.base)

    @cached_property
    def alerts_said(self) -> tuple[AlertSaid, ...]:
        """The dangers, as the records that they become."""
        return tuple(said(AlertSaid, each) for each in self.alerts)

    @cached_property
    def asked(self) -> tuple[Question, ...]:
        """What to ask next, the most decisive first."""
        return questions(self.completions)

    @cached_property
    def situation(self) -> Situation:
        """How things stand."""
        return Situation(self, self.completions, self.asked)

    @cached_property
    def plan(self) -> CarePlan:
        """What to do."""
        return CarePlan(self.situation)

    @cached_property
    def brief(self) -> tuple[BriefPart, ...]:
        """The answer on one screen."""
        return brief_of(self.situation, self.plan, self.warned)

    @property
    def warned(self) -> tuple[Reason, ...]:
        """That the knowledge is overdue, and what is odd about the case or its age."""
        late = (review_overdue(self.base),) if self.stamp.overdue else ()
        return (*late, *self.warnings, *self._lapsed)

    @property
    def situations(self) -> tuple[str, ...]:
        """The scenarios that are still possible, in words."""
        return tuple(self.base.scenarios[name].label for name in self.scenarios)

    def outcome(self) -> Outcome:
        """Everything that there is to say; the trace is made when it is read."""
        return Outcome.traced_by(
            lambda: self.trace,
            format=FORMAT,
            status=self.status,
            exact=self.completions.exact,
            urgency=self.urgency,
            alerts=self.alerts_said,
            brief=self.brief,
            disposition=said(
                Disposition, self.disposition, headline=self.plan.headline
            ),
            scenarios=self.scenarios,
            situations=self.situations,
            ranking=tuple(said(Place, each) for each in self.ranking),
            withheld=tuple(said(Withheld, each) for each in self.withheld),
            excluded=tuple(said(SetAside, each) for each in self.excluded),
            not_indicated=tuple(said(SetAside, each) for each in self.not_indicated),
            unavailable=tuple(said(SetAside, each) for each in self.unavailable),
            measures=tuple(said(MeasureVerdict, each) for each in self.measures),
            possible_first=self.completions.possible_first,
            questions=self.asked,
            warnings=self.warned,
            never=self.advice("never"),
            home_care=self.advice("home_care"),
            red_flags_to_watch=self.advice("red_flag", "after_procedure"),
            expectations=self.advice("expectation"),
            mimics=self.advice("mimic"),
            prevention=self.advice("prevention"),
            assumptions=self.assumptions,
            knowledge=self.stamp,
            engine=f"milia-cds {VERSION}",
        )

    @property
    def status(self) -> Status:
        """Whether any answer could still change the disposition or the first place."""
        certain = self.completions.agree_with(self.record)
        return "determinate" if certain else "indeterminate"


@one_of_each(8)
def sayings(base: Knowledge) -> Sayings:
    """What can be said of a knowledge base without a case, made once."""
    return Sayings(compiled(base))
