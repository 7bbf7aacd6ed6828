"""An assessment as a card for a notebook or a page: the answer first, the rest folded.

HTML without script and without ids; every text is escaped. What is folded is there for
a screen reader and opens in print.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import attrs

from milia_cds.explanation.outcome import (
    MeasureVerdict,
    Outcome,
    Place,
    Question,
    Reason,
    RiskSaid,
    SetAside,
    StepSaid,
    Withheld,
)
from milia_cds.knowledge.about import Source
from milia_cds.knowledge.model import Knowledge, Measure, Option
from milia_cds.render.bars import bar, letter
from milia_cds.render.markup import Child, Markup, element, fold, joined
from milia_cds.render.particulars import how_often
from milia_cds.render.parts import (
    alerts_part,
    bullets,
    card,
    cite,
    first_few,
    folded_list,
    footer,
    notice,
    section,
    sources_part,
    tag,
    title,
)
from milia_cds.render.phrases import (
    at_worst,
    capital,
    could_come_first,
    danger_alone_open,
    fact_of,
    filled_by,
    further,
    listed,
    prominent,
    rests_on,
    spaced,
    unheaded,
    unsaid,
)

_SHOWN = 3
_ASKED = 4
_INKS = {"treat": "good", "observe": "good", "refer": "bad"}
_STANDINGS = {"first_line": "good", "reasonable": "good", "limited": "open"}


def assessment_card(outcome: Outcome, base: Knowledge | None = None) -> Markup:
    """An assessment as a card.

    Parameters
    ----------
    outcome
        What the assessment says.
    base
        The knowledge base that gave it, for the words of facts and the links of
        sources; without it both are named by their ids.
    """
    return _Card(outcome, base).markup()


class _Card:
    def __init__(self, outcome: Outcome, base: Knowledge | None) -> None:
        self.outcome = outcome
        self.base = base
        self.domain = base.vocabulary.domain if base else ""
        self.sources: Mapping[str, Source] = base.sources if base else {}
        self.options: dict[str, Option | Measure] = (
            {**base.options, **base.measures} if base else {}
        )

    def markup(self) -> Markup:
        stamp = self.outcome.knowledge
        said = self.outcome.disposition.headline
        return card(
            f"Assessment: {said} ({stamp.notice})",
            notice(stamp.notice, stamp.certainty),
            alerts_part(self.outcome.alerts, self.base),
            self.disposition(said),
            self.warnings(),
            self.ranking(),
            self.questions(),
            self.withheld(),
            self.aside("Excluded for this patient", listed(self.outcome.excluded)),
            self.rest(),
            self.measures(),
            self.advice(),
            self.assumptions(),
            sources_part(cited(self.outcome), self.sources),
            self.footer(),
        )

    def disposition(self, headline: str) -> Markup:
        said = self.outcome.disposition
        named = self.outcome.situations
        situations: Child = named[0] if len(named) == 1 else None
        if len(named) > 1:
            situations = folded_list("Situations that are still possible", named)
        elif situations is not None:
            situations = element("p", element("strong", "Situation: "), situations)
        ink = _INKS.get(said.action, "open")
        worst = at_worst(self.outcome, self.base)
        return joined(
            title(element("span", headline, class_=ink)),
            element("p", worst, class_="open") if worst else None,
            self.reasons(unsaid(said), shown=_SHOWN),
            [element("p", further(each)) for each in said.also],
            situations,
            element("p", *self.status()),
        )

    def status(self) -> Iterator[Child]:
        if self.outcome.status == "determinate":
            yield tag("settled", "good")
            yield "No answer that is still open could change this, or the first place."
            return
        yield tag("not settled", "open")
        if danger_alone_open(self.outcome):
            yield "A danger must still be asked about; nothing else could change this."
            return
        yield "An answer that is still open could change this, or the first place. "
        names = [self.name(each) for each in could_come_first(self.outcome)]
        if names:
            yield f"Could still come first: {', '.join(names)}."

    def name(self, option: str) -> str:
        known = self.options.get(option)
        return known.label if known else spaced(option)

    def warnings(self) -> Markup | None:
        if not self.outcome.warnings:
            return None
        return section("What is odd", self.reasons(self.outcome.warnings))

    # -- options --

    def ranking(self) -> Markup | None:
        shown = [p for p in self.outcome.ranking if prominent(p)]
        rest = [p for p in self.outcome.ranking if not prominent(p)]
        if not shown and not rest:
            none = "No option is offered for now; what follows says why."
            return section("Options", element("p", none))
        limited = None
        if rest:
            names = ", ".join(place.label for place in rest)
            heading = f"Other possibilities, rarely needed ({len(rest)}): {names}"
            limited = fold(heading, self.places(rest))
        return section("Options, best first", self.key(), self.places(shown), limited)

    def key(self) -> Markup | None:
        """Which letter of the bars is which criterion."""
        given = self.outcome.ranking[0].contributions
        if not given:
            return None
        said = ", ".join(f"{letter(at)} {each.label}" for at, each in enumerate(given))
        return element("p", f"In the bars: {said}.", class_="quiet")

    def places(self, places: Iterable[Place]) -> Markup:
        rows = [element("li", self.place(each), class_="option") for each in places]
        return element("ol", rows, class_="plain")

    def place(self, place: Place) -> Markup:
        tied = " (tied)" if place.tied else ""
        standing = spaced(place.standing)
        if place.best_standing != place.standing:
            standing += f", at best {spaced(place.best_standing)}"
        return joined(
            element("h4", f"{place.rank}. {place.label}{tied}", class_="name"),
            tag(standing, _STANDINGS.get(place.standing, "quiet")),
            element("span", f"{place.points} of {place.of} points", class_="quiet"),
            bar(place) if place.contributions else None,
            self.arguments("For", "+", "good", place.arguments_for),
            self.arguments("Against", "\u2212", "bad", place.arguments_against),
            folded_list("Take care", map(self.reason, place.cautions)),
            folded_list("To know", map(self.reason, place.notes)),
            folded_list("What can go wrong", map(self.risk, place.risks)),
            folded_list("Before", map(self.step, place.preparation)),
            folded_list("Anaesthesia", map(self.step, place.anaesthesia)),
            folded_list("Aftercare", map(self.step, place.aftercare)),
            folded_list("When to call", map(self.step, place.call_if)),
            self.about(place),
        )

    def arguments(
        self, side: str, sign: str, ink: str, reasons: tuple[Reason, ...]
    ) -> Markup | None:
        if not reasons:
            return None
        mark = element("span", sign, class_=f"mark {ink}", aria_hidden="true")
        rows = [joined(mark, " ", self.reason(each)) for each in reasons]
        return joined(
            element("p", element("strong", side)),
            first_few(rows, _SHOWN, side.lower(), plain=True),
        )

    def about(self, place: Place) -> Markup:
        points = [
            f"{letter(at)}: {each.label}, weight {each.weight} times level "
            f"{each.level} makes {each.points}"
            for at, each in enumerate(place.contributions)
        ]
        who = ", ".join(map(spaced, place.performed_by))
        return fold(
            "Points, who performs it, certainty",
            bullets(points),
            element("p", f"Performed by: {who}") if who else None,
            element(
                "p",
                f"Certainty of its least certain source: {spaced(place.certainty)}",
                cite(place.sources),
            ),
        )

    def risk(self, risk: RiskSaid) -> Markup:
        return joined(
            element("strong", *self.condition(risk.if_), unheaded(risk.text, risk.if_)),
            cite(risk.sources, judgement=risk.judgement),
            element("div", how_often(risk, self.domain)),
            bullets(map(self.reason, risk.more_likely)),
        )

    def step(self, step: StepSaid) -> Markup:
        when = element("strong", f"{capital(spaced(step.timing))}: ")
        return joined(
            when,
            *self.condition(step.if_),
            unheaded(step.text, step.if_),
            cite(step.sources, judgement=step.judgement),
        )

    # -- what is not offered --

    def withheld(self) -> Markup | None:
        if not self.outcome.withheld:
            return None
        rows = [self.one_withheld(each) for each in self.outcome.withheld]
        return section("Withheld until more is known", bullets(rows))

    def one_withheld(self, each: Withheld) -> Markup:
        asks = ", ".join(each.asks_for[:_ASKED])
        more = each.asks_for[_ASKED:]
        return joined(
            element("strong", each.label),
            ": ask ",
            element("strong", asks, class_="open"),
            fold(f"and {len(more)} more to ask", ", ".join(more)) if more else None,
            folded_list("Because", map(self.reason, each.because)),
        )

    def aside(self, heading: str, aside: Iterable[SetAside]) -> Markup | None:
        rows = [
            joined(element("strong", each.label), self.reasons(each.because))
            for each in aside
        ]
        return section(heading, bullets(rows)) if rows else None

    def rest(self) -> Markup | None:
        said = self.outcome
        unlisted = [
            each for each in (*said.excluded, *said.not_indicated) if not each.listed
        ]
        parts = [
            fold(
                f"{heading} ({len(aside)}): {', '.join(each.label for each in aside)}",
                bullets(
                    joined(element("strong", each.label), self.reasons(each.because))
                    for each in aside
                ),
            )
            for heading, aside in (
                ("Not indicated here", listed(said.not_indicated)),
                ("Not offered by this clinic", said.unavailable),
                ("Not thought of here", unlisted),
            )
            if aside
        ]
        return section("Not for now", *parts) if parts else None

    def measures(self) -> Markup | None:
        rows = [self.measure(each) for each in self.outcome.measures]
        return section("Supporting measures", bullets(rows)) if rows else None

    def measure(self, each: MeasureVerdict) -> Markup:
        asks = ", ".join(spaced(name.partition(".")[2]) for name in each.asks)
        return joined(
            element("strong", each.label),
            f": {each.verdict}",
            f"; ask {asks}" if asks else None,
            folded_list("Because", map(self.reason, each.because)),
            folded_list("Take care", map(self.reason, each.cautions)),
        )

    # -- what to ask, tell and know --

    def questions(self) -> Markup | None:
        rows = [self.question(each) for each in self.outcome.questions]
        if not rows:
            return None
        return section("What to ask next", first_few(rows, _ASKED, "questions"))

    def question(self, each: Question) -> Markup:
        affects = ", ".join(self.name(option) for option in each.affects)
        return joined(
            tag("decisive", "open") if each.decisive else None,
            each.ask,
            element("div", f"To the patient: {each.ask_patient}", class_="quiet"),
            element("div", f"Affects: {affects}", class_="quiet") if affects else None,
        )

    def advice(self) -> Markup | None:
        said = self.outcome
        parts = [
            folded_list(heading, map(self.reason, reasons))
            for heading, reasons in (
                ("What to expect", said.expectations),
                ("Never", said.never),
                ("Care at home", said.home_care),
                ("Warning signs to watch", said.red_flags_to_watch),
            )
        ]
        return section("To tell the patient", *parts) if any(parts) else None

    def assumptions(self) -> Markup | None:
        said = self.outcome.assumptions
        absent = [each.text for each in said if each.by == "screening"]
        parts: list[Child] = [
            element("p", element("strong", f"{heading}: "), "; ".join(texts))
            for heading, texts in filled_by(said)
        ]
        heading = "Assumed absent, because it was screened for"
        if absent:
            parts.append(folded_list(heading, absent))
        return section("Assumptions", *parts) if parts else None

    def footer(self) -> Markup:
        stamp = self.outcome.knowledge
        by = ", ".join(stamp.reviewed_by) or "nobody yet"
        return footer(
            f"Knowledge {stamp.version}, {stamp.status}, reviewed by {by}, to be "
            f"reviewed by {stamp.review_by}; {self.outcome.engine}",
            *rests_on(stamp),
        )

    # -- pieces --

    def reasons(
        self, reasons: Iterable[Reason], *, shown: int | None = None
    ) -> Markup | None:
        return first_few([self.reason(each) for each in reasons], shown, "reasons")

    def reason(self, reason: Reason) -> Markup:
        facts = "; ".join(fact_of(*each, self.base) for each in reason.facts.items())
        return joined(
            *self.condition(reason.if_),
            unheaded(reason.text, reason.if_),
            element("span", f" [{facts}]", class_="quiet") if facts else None,
            cite(reason.sources, judgement=reason.judgement),
        )

    def condition(self, clause: str | None) -> Iterator[Child]:
        if clause:
            yield element("strong", f"If {clause}: ", class_="open")


def cited(record: Any) -> Iterator[str]:
    """The ids of every source that a record cites, at any depth."""
    if attrs.has(type(record)):
        for field in attrs.fields(type(record)):
            value = getattr(record, field.name)
            if field.name == "sources":
                yield from value
            elif field.name != "trace":
                yield from cited(value)
    elif isinstance(record, tuple):
        for each in record:
            yield from cited(each)
