"""A case and the decision on it, by the knowledge and the policy of a clinic."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date

import attrs

from milia_cds.case.days import day_of
from milia_cds.case.stated import AnyCase
from milia_cds.decision.case_decision import CaseDecision, decide
from milia_cds.errors import CaseError, Problem, only
from milia_cds.explanation.composing import Report
from milia_cds.explanation.lapses import lapsed
from milia_cds.knowledge.about import Policy
from milia_cds.knowledge.currency import is_overdue, refuse_long_overdue
from milia_cds.knowledge.model import Knowledge
from milia_cds.logic.facts import Value


@attrs.define(eq=False)
class DecidedCase:
    """A case and the decision on it; what it says is made when it is first asked."""

    case: AnyCase
    decision: CaseDecision
    on: date | None = None
    _report: Report | None = None

    @property
    def base(self) -> Knowledge:
        """The knowledge base that decided."""
        return self.decision.base

    @property
    def report(self) -> Report:
        """What there is to say of the decision."""
        if self._report is None:
            case = self.case
            old = lapsed(self.base, case.facts(), case.as_of, self.on)
            late = is_overdue(self.base, self.on)
            self._report = Report(self.decision, old, overdue=late)
        return self._report


def decided(
    case: AnyCase,
    base: Knowledge,
    visit: Mapping[str, Value | None] | None = None,
    on: date | None = None,
) -> DecidedCase:
    """The decision on a case.

    Parameters
    ----------
    case
        The case.
    base
        The knowledge base that decides, with the policy of a clinic if it has one.
    visit
        What the other cases of a visit say of this one, by the name of the fact.
    on
        The day of the assessment, where it is said.

    Raises
    ------
    ContradictionError
        When stated facts cannot be true together.
    CaseError
        When every weight is 0, or the case is of another domain than the knowledge.
    OverdueError
        When the knowledge should have been reviewed more than a year before `on`.
    """
    if on is not None:
        refuse_long_overdue(base, on)
    _only_of_the_domain(case, base)
    roles = base.vocabulary.roles
    absent: Sequence[Value | None] = case.absent()
    offers: Collection[str] | None = case.value(roles.offers)
    if base.policy is not None:
        absent = _with_defaults(case, base, base.policy)
        offers = frozenset(base.options if offers is None else offers)
        offers = offers.difference(base.policy.not_offered)
    decision = decide(
        base,
        case.values(),
        absent=absent,
        offers=offers,
        weights=case.value(roles.weights),
        visit=visit,
    )
    return DecidedCase(case, decision, on)


def day_given(taker: str, given: object) -> date | None:
    """The day that a function was given, or none.

    Parameters
    ----------
    taker
        The name of the function.
    given
        What it was given as `on`.

    Raises
    ------
    WrongTypeError
        When it is no date.
    """
    if given is None:
        return None
    day = day_of(given)
    if day is None:
        takes = f"{taker} takes a day as `on`"
        only(date, given, takes, "give a datetime.date, such as date.today()")
    return day


def _only_of_the_domain(case: AnyCase, base: Knowledge) -> None:
    """Refuse a case whose values mean something else in this knowledge.

    Raises
    ------
    CaseError
        Saying how to read it.
    """
    one, other = case.vocabulary, base.vocabulary
    if one.agrees_with(other):
        return
    message = f"it is a case of {one.domain}, and the knowledge is of {other.domain}"
    if one.domain == other.domain:
        message = f"it was read by another vocabulary of {one.domain}"
    mend = "read it by this knowledge: Knowledge.case(data)"
    raise CaseError([Problem("case", message, mend)])


def _with_defaults(
    case: AnyCase, base: Knowledge, policy: Policy
) -> list[Value | None]:
    """What is filled under the policy of a clinic.

    It fills what the case leaves out, never what was asked and is not known.
    """
    return [
        None if name in case.not_known else policy.defaults.get(name, absence)
        for name, absence in zip(base.kinds, case.absent(), strict=True)
    ]
