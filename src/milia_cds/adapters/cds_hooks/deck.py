"""The cards about one case, of what a report says; nothing is decided here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import NamedTuple
from urllib.parse import quote
from uuid import UUID, uuid5

import attrs

from milia_cds.adapters.cds_hooks.card_rules import LONGEST
from milia_cds.adapters.cds_hooks.card_texts import (
    label,
    markdown,
    points,
    summary,
    titled,
)
from milia_cds.adapters.cds_hooks.cards import (
    Action,
    Card,
    Coding,
    Indicator,
    Link,
    Source,
    Suggestion,
)
from milia_cds.adapters.cds_hooks.feedback import Issued
from milia_cds.adapters.fhir.output import own, patient_reference
from milia_cds.adapters.fhir.proposals import Proposals, texts
from milia_cds.explanation.bands import Band, bands
from milia_cds.explanation.composing import Report
from milia_cds.explanation.outcome import AlertSaid, BriefLine, Question, stamp
from milia_cds.explanation.parts import AsidePart, OfferedPart, WithheldPart
from milia_cds.explanation.plan import FIRST
from milia_cds.explanation.situation import is_today
from milia_cds.knowledge.currency import is_overdue
from milia_cds.knowledge.dangers import Urgency
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.wording import capital
from milia_cds.render.columns import fitted
from milia_cds.render.phrases import fact_of, series, spaced
from milia_cds.render.width import WIDTH, as_wide_as
from milia_cds.version import VERSION

_MORE = "more"
"""The part of the brief that names commands, of which a client knows nothing."""
_VERDICTS: Mapping[str, str] = {
    "withheld": "withheld until more is known",
    "excluded": "not for this patient",
    "not_indicated": "not recommended here",
    "unavailable": "not offered by this clinic",
}
"""How an ordered option stands that is not offered, in words."""


class DrawnCard(NamedTuple):
    """A card, and what it is about."""

    card: Card
    issued: Issued


@attrs.frozen(kw_only=True)
class Draft:
    """What a card says that no other does.

    Parameters
    ----------
    name
        What tells it from the others that answer the call.
    indicator
        How important it is.
    summary, more
        What it says in a line, and what must stand at its end, however long that is.
    detail
        The rest, in paragraphs of Markdown.
    options, rules
        What it is about.
    asks
        The facts that it asks for.
    suggestions
        What it suggests, by option.
    """

    name: str
    indicator: Indicator
    summary: str
    more: str = ""
    detail: Sequence[str] = ()
    options: Sequence[str] = ()
    rules: Sequence[str] = ()
    asks: Sequence[str] = ()
    suggestions: Mapping[str, Suggestion] = attrs.field(factory=dict)

    @property
    def short(self) -> str:
        """The summary in the room that it has."""
        return f"{summary(self.summary, LONGEST - len(self.more))}{self.more}"


class Deck:
    """Draws the cards about one case.

    Parameters
    ----------
    base
        The knowledge base.
    instance
        Which calling of the hook they answer.
    patient
        The id of the patient.
    as_of
        The day of the call.
    base_url
        The address under which the service stands.
    """

    def __init__(
        self,
        base: Knowledge,
        instance: UUID,
        patient: str,
        as_of: date,
        base_url: str,
    ) -> None:
        self.base = base
        self.instance = instance
        self.base_url = base_url
        subject = patient_reference("answered", patient)
        engine = f"milia-cds {VERSION}"
        self.stamp = stamp(base, overdue=is_overdue(base, as_of))
        self.proposals = Proposals(self.stamp, engine, subject, as_of.isoformat())

    # -- dangers --

    def dangers(self, alerts: Sequence[AlertSaid]) -> Iterator[DrawnCard]:
        """A card for each certain danger of today, and one for all others."""
        grave = [each for each in alerts if is_grave(each)]
        for each in grave:
            yield self.drawn(
                Draft(
                    name=f"alert:{each.alert}",
                    indicator="critical",
                    summary=f"{capital(self.how_soon(each.urgency))}: {each.text}",
                    detail=[points(self.danger(each))],
                    rules=[each.alert],
                )
            )
        others = bands(each for each in alerts if each not in grave)
        if others:
            yield self.drawn(self.others(others))

    def others(self, others: Sequence[Band]) -> Draft:
        """The dangers that can wait for tomorrow, and those that must be asked for."""
        alerts = [each for band in others for each in band.alerts]
        more = f" And {len(others) - 1} more." if others[1:] else ""
        names = [each.alert for each in alerts]
        return Draft(
            name=f"alerts:{','.join(names)}",
            indicator="warning",
            summary=f"{self.lead}: {self.line(others[0])}",
            more=more,
            detail=[points(self.band(each)) for each in others],
            rules=names,
            asks=[name for each in alerts for name in each.asks],
        )

    def danger(self, alert: AlertSaid) -> list[str]:
        """What is said of a danger, to whom, how soon, and to the patient."""
        whom = f"For: {alert.to_text}; {self.how_soon(alert.urgency)}."
        plain = f"To the patient: {alert.plain}"
        return [f"**{markdown(alert.text)}**", markdown(whom), markdown(plain)]

    def band(self, band: Band) -> list[str]:
        """A certain danger, or what is to be asked because of some known facts."""
        if band.certain:
            return self.danger(band.first)
        names = ", ".join(spaced(each.alert) for each in band.alerts)
        return [f"**{markdown(self.line(band))}**", markdown(f"It may be: {names}.")]

    def line(self, band: Band) -> str:
        """What a band says to the clinician."""
        return band.line(lambda name, value: fact_of(name, value, self.base))

    def how_soon(self, urgency: Urgency) -> str:
        """How soon something is, in words."""
        words = self.base.urgencies.get(urgency)
        return words.label if words else spaced(urgency)

    # -- the decision --

    def decision(self, report: Report) -> DrawnCard:
        """The answer on one screen, what to ask, and what is suggested."""
        asked = () if report.situation.settled else report.asked[:FIRST]
        with as_wide_as(WIDTH):
            shown = fitted(report.brief, "")
        settled = report.disposition.action != "needs_information"
        rows = report.disposition.rows if settled else ()
        said = summary(self.decided(report, asked))
        parts = {
            capital(each.label): [
                _line(line) for line in each.lines if line.text not in said
            ]
            for each in shown
            if each.label != _MORE
        }
        return self.drawn(
            Draft(
                name="decision",
                indicator="info",
                summary=said,
                detail=[titled(*each) for each in parts.items() if each[1]],
                options=[each.option for each in report.ranking],
                rules=[row.name for row in rows],
                asks=[name for each in asked for name in each.facts],
                suggestions=self.suggested(report),
            )
        )

    def decided(self, report: Report, asked: Sequence[Question]) -> str:
        """The first place, or how many facts are needed."""
        headline = report.plan.headline
        count = sum(len(each.facts) for each in asked)
        if report.disposition.action == "needs_information" and count:
            needed = "1 fact is" if count == 1 else f"{count} facts are"
            return f"{self.lead}: {needed} needed. {headline}"
        first = [each.label for each in report.ranking if each.rank == 1]
        if not first:
            return f"{self.lead}: {headline}"
        equal = ", equally" if first[1:] else ""
        comes = "come" if first[1:] else "comes"
        return f"{self.lead}: {series(first)} {comes} first{equal}. {headline}"

    def suggested(self, report: Report) -> dict[str, Suggestion]:
        """What the answer names of what is offered; nothing beside a danger of today.

        Nothing is proposed either where a danger of today must be asked for first.
        """
        urgencies = [each.urgency for each in report.alerts]
        urgencies += [report.urgency] if report.urgency else []
        if any(map(is_today, urgencies)):
            return {}
        named = [
            each
            for place, each in enumerate(report.ranking)
            if place < FIRST or each.standing != "limited"
        ]
        best = self.best(report)
        return {
            each.option: self.suggestion(
                each, report.situations, best=each.option == best
            )
            for each in named
        }

    def best(self, report: Report) -> str:
        """The option that comes first alone, whatever is still answered; or none."""
        first = [each.option for each in report.ranking if each.rank == 1]
        sent_on = report.disposition.action in {"refer", "needs_information"}
        sure = [*report.completions.possible_first] == first
        return first[0] if len(first) == 1 and sure and not sent_on else ""

    def suggestion(
        self, place: OfferedPart, situations: Sequence[str], *, best: bool
    ) -> Suggestion:
        """One option that is offered, as a proposal."""
        said = capital(place.label)
        action = Action(
            type="create",
            description=label(f"Propose: {said} ({spaced(place.standing)})"),
            resource=self.proposals.proposal(place, situations),
        )
        return Suggestion(
            label=label(said),
            uuid=self.uuid(f"option:{place.option}"),
            is_recommended=True if best else None,
            actions=(action,),
        )

    # -- an order --

    def order(self, report: Report, option: str) -> DrawnCard:
        """How an option stands that is about to be ordered."""
        for offered in report.ranking:
            if offered.option == option:
                return self.offered(offered)
        for withheld in report.withheld:
            if withheld.option == option:
                return self.withheld(withheld)
        every = (*report.excluded, *report.not_indicated, *report.unavailable)
        return self.aside(next(each for each in every if each.option == option))

    def offered(self, place: OfferedPart) -> DrawnCard:
        """An ordered option that is offered."""
        standing = spaced(place.standing)
        cautions = [markdown(each) for each in texts(place.cautions)]
        return self.drawn(
            Draft(
                name=f"order:{place.option}",
                indicator="info",
                summary=f"{self.lead}: {place.label} is offered here ({standing}).",
                detail=[titled("Mind", cautions)] if cautions else [],
                options=[place.option],
            )
        )

    def withheld(self, each: WithheldPart) -> DrawnCard:
        """An ordered option that something unknown may forbid."""
        because = [markdown(said) for said in texts(each.because)]
        asked = [markdown(capital(name)) for name in each.asks_for]
        return self.drawn(
            Draft(
                name=f"order:{each.option}",
                indicator="warning",
                summary=f"{self.lead}: {each.label} is {_VERDICTS['withheld']}.",
                detail=[titled("Why", because), titled("Ask", asked)],
                options=[each.option],
                rules=[reason.rule for reason in each.because],
                asks=each.asks,
            )
        )

    def aside(self, each: AsidePart) -> DrawnCard:
        """An ordered option that is not for this patient, or not offered here."""
        because = [markdown(said) for said in texts(each.because)]
        verdict = _VERDICTS[each.judged.verdict]
        return self.drawn(
            Draft(
                name=f"order:{each.option}",
                indicator="warning",
                summary=f"{self.lead}: {each.label} is {verdict}.",
                detail=[titled("Why", because)] if because else [],
                options=[each.option],
                rules=[reason.rule for reason in each.because],
            )
        )

    def contradiction(self, said: Iterable[str]) -> DrawnCard:
        """A record whose facts cannot be true together, so that nothing can be said."""
        nothing = "the record contradicts itself, so nothing can be said."
        return self.drawn(
            Draft(
                name="contradiction",
                indicator="warning",
                summary=f"{self.lead}: {nothing}",
                detail=[points([markdown(each) for each in said])],
            )
        )

    # -- what every card has --

    @property
    def lead(self) -> str:
        """With what a summary begins: the domain."""
        return capital(self.base.vocabulary.domain)

    def drawn(self, draft: Draft) -> DrawnCard:
        """A card with what every card has, and what it is about."""
        suggestions = tuple(draft.suggestions.values())
        card = Card(
            uuid=self.uuid(draft.name),
            summary=draft.short,
            detail="\n\n".join([*draft.detail, self.footer]),
            indicator=draft.indicator,
            source=self.source,
            suggestions=suggestions,
            selection_behavior="at-most-one" if suggestions else None,
            override_reasons=self.reasons,
            links=self.links(draft.asks),
        )
        known = self.stamp
        issued = Issued(
            card=str(card.uuid),
            options=tuple(draft.options),
            rules=tuple(dict.fromkeys(draft.rules)),
            suggestions={str(s.uuid): name for name, s in draft.suggestions.items()},
            version=known.version,
            digest=known.digest,
            call=str(self.instance),
        )
        return DrawnCard(card, issued)

    def uuid(self, name: str) -> str:
        """An id that a repeated call gives again."""
        return str(uuid5(self.instance, name))

    @cached_property
    def source(self) -> Source:
        """Which knowledge says so, and that it is a draft where it is one."""
        known, about = self.stamp, self.base.about
        domain = self.base.vocabulary.domain
        return Source(
            label=label(
                f"{about.name} {known.version}, {known.notice}, {known.digest}"
            ),
            topic=Coding(
                system=own("topic"), code=domain, display=label(capital(domain))
            ),
        )

    @cached_property
    def footer(self) -> str:
        """How far a card may be trusted; by which knowledge, its source says."""
        return f"*{markdown(capital(self.stamp.notice))}.*"

    @cached_property
    def reasons(self) -> tuple[Coding, ...]:
        """Why one may not want to follow a card."""
        systems = self.base.fhir.system
        return tuple(
            Coding(
                system=systems[each.system],
                code=each.code,
                display=label(each.display),
            )
            for each in self.base.fhir.override
        )

    def links(self, facts: Sequence[str]) -> tuple[Link, ...]:
        """A link to the form that asks for some facts, by their names alone."""
        if not facts:
            return ()
        names = ",".join(map(quote, dict.fromkeys(facts)))
        count = len({*facts})
        return (
            Link(
                label="Answer what is asked" if count > 1 else "Answer the question",
                url=f"{self.base_url}/form?ask={names}",
            ),
        )


def is_grave(alert: AlertSaid) -> bool:
    """Whether a danger is certain, and cannot wait for tomorrow."""
    return alert.certain and is_today(alert.urgency)


def _line(line: BriefLine) -> str:
    """A line of the brief as Markdown; what numbers a question leads no text."""
    text = markdown(line.text)
    lead = "" if line.lead.isdecimal() else line.lead
    return f"**{markdown(lead)}**: {text}" if lead else text
