"""A leaflet for the patient about one offered option, to be printed and handed out.

It says what the fields for the patient say, of this assessment only. A risk without a
figure is said to be without one; a figure from elsewhere is said to be from elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from milia_cds.errors import NotOfferedError
from milia_cds.explanation.claims import Beside, Claims
from milia_cds.explanation.outcome import Outcome, Place, Reason, RiskSaid, StepSaid
from milia_cds.knowledge.dangers import URGENCIES, URGENT
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.texts import CERTAINTIES, NOT_KNOWN
from milia_cds.logic.conditions import Condition
from milia_cds.render.icons import frequency_in, icon_array
from milia_cds.render.markup import Child, Markup, Page, element, joined
from milia_cds.render.parts import bullets, footer, notice, plain_alerts, section
from milia_cds.render.phrases import capital, rests_on
from milia_cds.render.sheets.assessment import cited
from milia_cds.render.style import LEAFLET, PAPER

_TIMES = {
    "before": "Before",
    "immediate": "Straight after",
    "first_two_days": "The first two days",
    "first_week": "The first week",
    "until_healed": "Until it has healed",
    "ongoing": "All along",
    "review": "Coming back",
}
_SOON = {"same_day": "Call the same day", "soon": "Call soon, within days"}
_SOURCES = 5
"""A leaflet prints at most so many."""
_CLAUSE = 80
"""A condition of more characters is asked for rather than read."""
_ASIDE = ("withheld", "excluded", "not_indicated", "unavailable")


def leaflet_page(outcome: Outcome, option: str, base: Knowledge) -> Page:
    """The leaflet as a page of HTML that stands alone.

    Parameters
    ----------
    outcome
        What the assessment says.
    option
        The id of an option that it offers.
    base
        The knowledge base that gave the assessment.

    Raises
    ------
    UnknownNameError
        When there is no such option.
    NotOfferedError
        When the assessment does not offer it.
    """
    base.option(option)
    for place in outcome.ranking:
        if place.option == option:
            body = _Leaflet(outcome, place, base).markup()
            title = f"{capital(place.label)}: information for patients"
            return Page(title, PAPER, body)
    offered = [place.option for place in outcome.ranking]
    raise NotOfferedError(option, _verdict(outcome, option), offered)


def _verdict(outcome: Outcome, option: str) -> str:
    for verdict in _ASIDE:
        if option in [each.option for each in getattr(outcome, verdict)]:
            return verdict
    return "not mentioned"


def _part(heading: str, *children: Child) -> Markup:
    return section(heading, *children, level=2)


class _Leaflet:
    def __init__(self, outcome: Outcome, place: Place, base: Knowledge) -> None:
        self.outcome = outcome
        self.place = place
        self.base = base
        self.option = base.options[place.option]
        self.claims = Claims(base, _beside(outcome, base))

    def markup(self) -> Markup:
        stamp = self.outcome.knowledge
        name = capital(self.place.label)
        return element(
            "main",
            element("style", Markup(LEAFLET)),
            notice(stamp.notice, "Talk it through with your clinician."),
            plain_alerts(self.outcome.alerts),
            self.another_day(),
            element("h1", name, class_="title"),
            element("p", "Information for patients", class_="quiet"),
            self.about(),
            self.told("What to expect", self.outcome.expectations),
            self.told("Why it may suit you", self.place.arguments_for),
            self.told("What speaks against it", self.place.arguments_against),
            self.told(
                "For you in particular", (*self.place.cautions, *self.place.notes)
            ),
            self.other_choices(),
            self.steps("What will happen", self.happening()),
            self.risks(),
            self.steps("Afterwards", self.place.aftercare),
            self.calls(),
            self.told("Never", self.outcome.never, class_="never"),
            self.told("Care at home", self.outcome.home_care),
            self.told("Come back if you see this", self.outcome.red_flags_to_watch),
            self.sources(),
            self.footer(),
            class_="milia leaflet",
        )

    def another_day(self) -> Markup | None:
        """That nothing of this is done today, where a danger comes first."""
        today = any(
            each.certain and URGENCIES.index(each.urgency) > URGENT
            for each in self.outcome.alerts
        )
        said = "Do that first. What follows is for another day."
        return element("p", said) if today else None

    def about(self) -> Markup:
        named = [self.base.scenarios[name].plain for name in self.outcome.scenarios]
        situation = named if len(named) == 1 else []
        what = [
            self.claims.left_of(each, _where_it_always_holds)[1]
            for each in self.base.advice
            if each.kind == "what"
        ][:1]
        return joined(
            _part(
                "What you have",
                [element("p", _sentence(text)) for text in situation],
                [element("p", text) for text in what if text],
            ),
            _part("What it is", element("p", self.option.plain)),
        )

    def other_choices(self) -> Markup | None:
        others = [
            each
            for each in self.outcome.ranking
            if each.option != self.place.option and each.standing != "limited"
        ]
        if not others:
            return None
        rows = [
            joined(
                element("strong", capital(each.label)),
                f": {self.base.options[each.option].plain}",
            )
            for each in others
        ]
        return _part("Your other choices", bullets(rows))

    def told(
        self, heading: str, reasons: Iterable[Reason], *, class_: str = ""
    ) -> Markup | None:
        """The reasons that have words for the patient."""
        rows = [
            _conditional(reason.plain, reason.if_) for reason in reasons if reason.plain
        ]
        said = bullets(dict.fromkeys(rows))
        if said is None:
            return None
        return _part(heading, element("div", said, class_=class_) if class_ else said)

    def happening(self) -> tuple[StepSaid, ...]:
        return (*self.place.preparation, *self.place.anaesthesia)

    def steps(self, heading: str, steps: Iterable[StepSaid]) -> Markup | None:
        """Steps as a timeline."""
        rows = list(_by(steps, lambda step: step.timing, _TIMES))
        return _part(heading, element("ol", rows, class_="time")) if rows else None

    def risks(self) -> Markup | None:
        rows = [element("li", self.risk(each)) for each in self.place.risks]
        if not rows:
            return None
        return _part("What can go wrong", element("ul", rows, class_="plain risks"))

    def risk(self, risk: RiskSaid) -> Markup:
        more = [
            _conditional(each.plain, each.if_)
            for each in risk.more_likely
            if each.plain
        ]
        return joined(
            element("p", element("strong", _conditional(risk.plain, risk.if_))),
            self.how_often(risk),
            bullets(more),
        )

    def how_often(self, risk: RiskSaid) -> Markup:
        domain = self.base.vocabulary.domain
        of_whom = ", ".join(filter(None, [risk.population, risk.period]))
        if risk.frequency == NOT_KNOWN:
            said = "How often: not known. No figure was found."
            if of_whom:
                said = f"How often: not known in {domain}. Elsewhere: {of_whom}."
            return element("p", said, class_="quiet")
        read = frequency_in(risk.frequency)
        elsewhere = f"This figure is not from {domain}. " * (risk.basis == "analogue")
        counted = f"Where it was counted: {of_whom}." if of_whom else ""
        return joined(
            element("p", f"How often: {risk.frequency}."),
            icon_array(read) if read else None,
            element("p", f"{elsewhere}{counted}", class_="quiet"),
        )

    def calls(self) -> Markup | None:
        rows = list(_by(self.place.call_if, lambda step: step.timing, _SOON))
        if not rows:
            return None
        phone = element("p", "Telephone of the clinic: ", class_="phone")
        return _part("When to call", phone, element("ul", rows, class_="plain calls"))

    def sources(self) -> Markup | None:
        """The surest few sources; the others stand in the full answer."""
        names = dict.fromkeys((*self.option.sources, *cited(self.place)))
        known = [self.base.sources[name] for name in names if name in self.base.sources]
        printed = sorted(
            (source for source in known if source.in_leaflets),
            key=lambda source: -CERTAINTIES.index(source.certainty),
        )
        titles = dict.fromkeys(
            f"{source.title}{f' ({source.year})' * bool(source.year)}"
            for source in printed
        )
        said = "; ".join([*titles][:_SOURCES])
        if not said:
            return None
        return _part("Where this comes from", element("p", said, class_="small"))

    def footer(self) -> Markup:
        stamp = self.outcome.knowledge
        by = ", ".join(stamp.reviewed_by) or "nobody yet"
        return footer(
            f"{self.base.about.name} {stamp.version} of {self.base.about.date}, "
            f"{stamp.status}, reviewed by {by}, to be reviewed by {stamp.review_by}",
            *rests_on(stamp),
        )


def _beside(outcome: Outcome, base: Knowledge) -> Beside:
    """The answer beside which a text of the knowledge itself is printed."""
    measures = [each.measure for each in outcome.measures if each.verdict == "offered"]
    return Beside(
        tuple([base.alerts[each.alert] for each in outcome.alerts]),
        outcome.urgency,
        outcome.disposition.action,
        frozenset([*measures, *(each.option for each in outcome.ranking)]),
        frozenset([each.option for each in outcome.ranking if each.rank == 1]),
    )


def _by(
    steps: Iterable[StepSaid],
    when: Callable[[StepSaid], str],
    headings: dict[str, str],
) -> Iterator[Markup]:
    """The steps under the headings of their times, in the order of headings."""
    chosen = list(steps)
    for time, heading in headings.items():
        texts = [_conditional(s.plain, s.if_) for s in chosen if when(s) == time]
        if texts:
            head = element("h3", heading, class_="name")
            yield element("li", head, bullets(dict.fromkeys(texts)), class_=time)


def _conditional(text: str, clause: str | None) -> str:
    if clause is None:
        return text
    if len(clause) > _CLAUSE:
        return f"Ask us whether this is for you: {text}"
    return f"Only where this is so ({clause}): {text}"


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _where_it_always_holds(condition: Condition | None) -> str | None:
    """A sentence without a condition is said, no other: this is no answer to a case."""
    return "" if condition is None else None
