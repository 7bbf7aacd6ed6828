"""What a call is answered: when the service speaks, and the cards that say it.

Nothing is kept of a call. In the view of a patient it speaks only where a condition of
the domain is recorded and lasts; of orders only where one is of an option, or raises a
danger. Dangers come first. What is offered is suggested, as a proposal; what is
withheld or forbidden never is.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from milia_cds.adapters.cds_hooks.calls import Call
from milia_cds.adapters.cds_hooks.cards import CdsResponse
from milia_cds.adapters.cds_hooks.deck import Deck, DrawnCard
from milia_cds.adapters.cds_hooks.discovery import ANSWERS
from milia_cds.adapters.cds_hooks.feedback import Issued
from milia_cds.adapters.cds_hooks.orders import DraftOrders, draft_orders
from milia_cds.adapters.fhir.conditions import lasts
from milia_cds.adapters.fhir.context import Context
from milia_cds.adapters.fhir.gathering import gather
from milia_cds.adapters.fhir.reader import context_of, reading_in
from milia_cds.assessment.decided import decided
from milia_cds.case.stated import AnyCase
from milia_cds.decision.completions import prepare_for
from milia_cds.errors import (
    ContradictionError,
    DeceasedError,
    ProblemsError,
    RecordError,
)
from milia_cds.explanation.composing import Report
from milia_cds.explanation.outcome import AlertSaid
from milia_cds.knowledge.currency import refuse_long_overdue
from milia_cds.knowledge.model import Knowledge


class NoPatientError(ProblemsError):
    """A call came without the patient, without whom nothing can be said."""

    subject = "The call"


class CallAnswer(NamedTuple):
    """What a call is answered.

    Parameters
    ----------
    response
        The cards.
    issued
        What each of them is about, for whoever keeps feedback.
    """

    response: CdsResponse
    issued: tuple[Issued, ...] = ()


def prepare_answers(base: Knowledge) -> None:
    """Work out now what most calls need: then the first is no slower than the tenth.

    Parameters
    ----------
    base
        The knowledge base, with the policy of a clinic where it has one.
    """
    stated = [{}, *({each.fact: each.means} for each in base.fhir.rule if each.speaks)]
    for facts in stated:
        case = base.case({}).stating(facts)
        prepare_for(base, decided(case, base).decision.record)


def answered(call: Call, base: Knowledge, *, as_of: date, base_url: str) -> CdsResponse:
    """CallAnswer a call; pure, and the same for the same call.

    Parameters
    ----------
    call
        What was asked.
    base
        The knowledge base, with the policy of a clinic where it has one.
    as_of
        The day on which it is asked.
    base_url
        The address under which the service stands, without a slash at its end.

    Raises
    ------
    NoPatientError
        When the patient of the context is not among what was sent.
    OverdueError
        When the review of the knowledge is long overdue.
    """
    return answer_to(call, base, as_of=as_of, base_url=base_url).response


def answer_to(call: Call, base: Knowledge, *, as_of: date, base_url: str) -> CallAnswer:
    """CallAnswer a call, and say what each card is about.

    Parameters
    ----------
    call, base, as_of, base_url
        As for `answered`.

    Raises
    ------
    NoPatientError
        When the patient of the context is not among what was sent.
    OverdueError
        When the review of the knowledge is long overdue.
    """
    refuse_long_overdue(base, as_of)
    try:
        context = _context(call, base, as_of)
    except DeceasedError:
        return CallAnswer(CdsResponse())
    except RecordError as bad:
        raise NoPatientError(bad.problems) from None
    deck = Deck(base, call.instance, call.context.patient, as_of, base_url)
    try:
        drawn = [*_drawn(call, context, deck)]
    except ContradictionError as bad:
        drawn = [deck.contradiction(map(str, bad.problems))]
    cards = tuple(each.card for each in drawn)
    return CallAnswer(CdsResponse(cards=cards), tuple(each.issued for each in drawn))


def _context(call: Call, base: Knowledge, as_of: date) -> Context:
    """The record of the patient, as far as it was sent."""
    sent = {
        "questionnaire_responses" if key == ANSWERS else key: value
        for key, value in call.prefetch.items()
    }
    said = gather(sent)
    return context_of(said, base, as_of, f"Patient/{call.context.patient}")


def _drawn(call: Call, context: Context, deck: Deck) -> Iterator[DrawnCard]:
    if call.hook == "order-sign":
        yield from _of_orders(call, context, deck)
    elif lasts(context):
        yield from _of_patient(context, deck)


def _of_patient(context: Context, deck: Deck) -> Iterator[DrawnCard]:
    """The dangers of the case, then what is decided of it."""
    report = _report(reading_in(context).case, context)
    yield from deck.dangers(report.alerts_said)
    yield deck.decision(report)


def _of_orders(call: Call, context: Context, deck: Deck) -> Iterator[DrawnCard]:
    """The dangers that draft orders raise, then how the ordered options stand."""
    orders = draft_orders(call.context.draft_orders, context)
    if not orders.options and not orders.facts:
        return
    case = reading_in(context).case
    before = _report(case, context)
    yield from deck.dangers(_raised(before, case, orders, context))
    for option in orders.options:
        beside = orders.facts_beside(option)
        report = _report(case.stating(beside), context) if beside else before
        yield deck.order(report, option)


def _raised(
    report: Report, case: AnyCase, orders: DraftOrders, context: Context
) -> tuple[AlertSaid, ...]:
    """The dangers that are there once the orders are carried out, and not before."""
    if not orders.facts:
        return ()
    before = {(each.alert, each.certain) for each in report.alerts}
    after = _report(case.stating(orders.facts), context)
    return tuple(
        each
        for each in after.alerts_said
        if (each.alert, each.certain) not in before and (each.alert, True) not in before
    )


def _report(case: AnyCase, context: Context) -> Report:
    """What there is to say of a case; each part is made when it is read."""
    return decided(case, context.base, on=context.as_of).report
