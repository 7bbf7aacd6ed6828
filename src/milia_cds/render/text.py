"""An assessment as plain text of at most 80 columns, for a terminal or a log."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

from milia_cds.explanation.bands import HOW_SOON, Band, bands, danger_of
from milia_cds.explanation.outcome import (
    AlertSaid,
    Assumption,
    MeasureVerdict,
    Outcome,
    Place,
    Question,
    Reason,
    SetAside,
    Withheld,
)
from milia_cds.knowledge.model import Knowledge
from milia_cds.render.lines import WIDTH, Detail, Ink, wrapped
from milia_cds.render.particulars import ParticularText, Shared, particulars_of
from milia_cds.render.phrases import (
    at_worst,
    conditional,
    could_come_first,
    danger_alone_open,
    fact_of,
    filled_by,
    further,
    listed,
    series,
    spaced,
    unsaid,
    value_of,
)

_SHORT = 2
_LABELS = 34
_OPENING = 44
_MARK = 12
_MEASURES = {
    "offered": "may be used",
    "withheld": "withheld until more is known",
    "excluded": "not for this patient",
}
_ACTION_COLOURS = {"refer": "red", "needs_information": "yellow", "treat": "green"}
_STATUS = {
    "determinate": "what is still unknown cannot change what to do or what comes first",
    "indeterminate": "what is still unknown can change what to do or what comes first",
}
_DANGER = "a danger must still be asked about; nothing else can change what to do"


def text_of(
    outcome: Outcome,
    base: Knowledge | None,
    *,
    detail: Detail,
    colour: bool,
) -> str:
    """An outcome as text.

    Parameters
    ----------
    base
        The knowledge that gave it; `None` where it is not at hand.
    detail
        "short" folds away what is rarely needed; "full" says everything but the inner
        values of the trace.
    colour
        Whether to use the colours of a terminal.
    """
    return "\n".join(
        _Text(outcome, base, full=detail == "full", ink=Ink(colour=colour)).lines()
    )


class _Text:
    def __init__(
        self, outcome: Outcome, base: Knowledge | None, *, full: bool, ink: Ink
    ) -> None:
        self.outcome = outcome
        self.base = base
        self.vocabulary = None if base is None else base.vocabulary
        domain = self.vocabulary.domain if self.vocabulary else ""
        self.items = ParticularText(ink, "    ", domain)
        self.full = full
        self.ink = ink
        # Of what the full text has said of an option: of which option it said it.
        self.said: dict[tuple[str, str], str] = {}

    def lines(self) -> Iterator[str]:
        parts = [
            self.heading(),
            self.alerts(),
            self.disposition(),
            self.warnings(),
            self.ranking(),
            self.shared(),
            self.other_possibilities(),
            self.withheld(),
            *self.not_offered(),
            self.unavailable(),
            self.measures(),
            *self.advice(),
            self.questions(),
            self.assumptions(),
            self.trace(),
            self.footer(),
        ]
        shown = [list(part) for part in parts]
        for place, part in enumerate(part for part in shown if part):
            if place:
                yield ""
            yield from part

    # -- parts --

    def heading(self) -> Iterator[str]:
        stamp = self.outcome.knowledge
        for line in wrapped(f"milia-cds: {stamp.notice}"):
            yield self.ink(line, "bold")
        yield from wrapped(stamp.certainty)

    # Nothing shortens the alerts: each is said in every detail.
    def alerts(self) -> Iterator[str]:
        shown = bands(self.outcome.alerts)
        spoken = self.full or sum(band.certain for band in shown) == 1
        for band in shown:
            yield from self.band(band, spoken=spoken)

    def band(self, band: Band, *, spoken: bool) -> Iterator[str]:
        lead = f"{band.mark:<{_MARK}}"
        first, *rest = wrapped(band.line(self.in_words), lead)
        yield self.ink(lead, "bold", "red") + first.removeprefix(lead)
        yield from rest
        if band.certain:
            yield from self.addressed(band.first, " " * _MARK, spoken=spoken)
        told: set[str] = set()
        for each in () if band.certain or not self.full else band.alerts:
            yield from self.danger(each, spoken=each.plain not in told)
            told.add(each.plain)

    def addressed(self, alert: AlertSaid, hang: str, *, spoken: bool) -> Iterator[str]:
        yield from wrapped(f"To: {alert.to_text}", hang)
        if spoken:
            yield from wrapped(f'Say: "{alert.plain}"', hang)
        if self.full:
            yield from self.on(alert.facts, hang)
            yield from self.ink.cited(alert.sources, hang, judgement=alert.judgement)

    def danger(self, alert: AlertSaid, *, spoken: bool) -> Iterator[str]:
        """A danger that is asked for, with what makes it one."""
        hang = " " * _MARK
        text = f"{HOW_SOON[alert.urgency]}, if {alert.if_}: {danger_of(alert)}"
        yield from wrapped(text, f"{hang}- ")
        yield from self.addressed(alert, f"{hang}  ", spoken=spoken)

    def in_words(self, name: str, value: Any) -> str:
        return fact_of(name, value, self.base)

    def disposition(self) -> Iterator[str]:
        said = self.outcome.disposition
        colours = ("bold", _ACTION_COLOURS.get(said.action, ""))
        for line in wrapped(said.headline):
            yield self.ink(line, *colours)
        yield from wrapped(at_worst(self.outcome, self.base), "  ", "    ")
        every = tuple(unsaid(said))
        reasons = every if self.full else _first(every, 3)
        for reason in reasons:
            yield from self.reason(reason, "  ", facts=self.full)
        yield from left_over(every, reasons, "  ", "reasons")
        for each in said.also:
            yield from wrapped(further(each), "  ", "    ")
        named = self.outcome.situations
        label = "Situation" if len(named) == 1 else "Possible situations"
        yield from wrapped(f"{label}: {'; '.join(named)}", "  ", "    ")
        status = self.outcome.status
        why = _DANGER if danger_alone_open(self.outcome) else _STATUS[status]
        yield from wrapped(f"Status: {status} ({why})", "  ", "    ")
        possible = could_come_first(self.outcome)
        if self.outcome.status == "indeterminate" and possible:
            names = ", ".join(map(spaced, possible))
            yield from wrapped(f"Could still come first: {names}", "  ", "    ")

    def warnings(self) -> Iterator[str]:
        for reason in self.outcome.warnings:
            yield from self.reason(reason, "! ")

    def ranking(self) -> Iterator[str]:
        shown = self.prominent()
        if not shown:
            return
        yield self.ink("Options, best first (by standing, then by points)", "bold")
        for place in shown:
            yield from self.place(place)

    def prominent(self) -> list[Place]:
        """The options that are shown in full: all, or those not folded away."""
        if self.full:
            return list(self.outcome.ranking)
        return [
            place
            for place in self.outcome.ranking
            if place.standing != "limited" or place.rank == 1
        ]

    def place(self, place: Place) -> Iterator[str]:
        tie = "=" if place.tied else " "
        standing = _standing(place.standing, place.best_standing)
        points = f"{place.points} of {place.of} points"
        left = f"{place.rank:>2}{tie} {place.label}"
        right = f"{standing} ({points})"
        if len(left) < _LABELS and _LABELS + len(right) <= WIDTH:
            yield self.ink(f"{left:<{_LABELS}}{right}", "bold")
        else:
            yield self.ink(left, "bold")
            yield self.ink(f"    {right}", "bold")
        for sign, reasons in (
            ("+", place.arguments_for),
            ("-", place.arguments_against),
            ("!", place.cautions),
            ("*", place.notes if self.full else ()),
        ):
            told = reasons if self.full or sign == "!" else _first(reasons, _SHORT)
            for reason in told:
                yield from self.reason_once(place.label, reason, f"    {sign} ")
        if self.full:
            yield from self.particulars(place)

    def particulars(self, place: Place) -> Iterator[str]:
        """Who performs it, on what it stands, and what is said of it alone."""
        if place.performed_by:
            names = ", ".join(map(spaced, place.performed_by))
            yield from wrapped(f"Performed by: {names}", "    ", "      ")
        if place.sources:
            yield from wrapped(f"Sources: {', '.join(place.sources)}", "    ", "      ")
        if place.certainty != "very_low":
            certainty = spaced(place.certainty)
            yield from wrapped(
                f"Certainty of its least certain source: {certainty}", "    "
            )
        shared = self.in_common
        yield from self.items.headed(shared.own(particulars_of(place)))
        if place.label in shared.labels:
            yield "    More: what several options share, below."

    @cached_property
    def in_common(self) -> Shared:
        """What several of the options have in common."""
        return Shared.between(
            {p.label: particulars_of(p) for p in self.outcome.ranking}
        )

    def shared(self) -> Iterator[str]:
        if not self.full or not self.in_common.labels:
            return
        yield self.ink("What several options share", "bold")
        said = {p.label: particulars_of(p) for p in self.outcome.ranking}
        for owners, headed in self.in_common.common(said).items():
            yield from wrapped(f"For {series(owners)}", "  ")
            yield from self.items.headed(headed)

    def other_possibilities(self) -> Iterator[str]:
        shown = self.prominent()
        folded = [place for place in self.outcome.ranking if place not in shown]
        if folded:
            names = ", ".join(place.label for place in folded)
            yield from wrapped(f"Other possibilities, rarely needed: {names}", "", "  ")

    def withheld(self) -> Iterator[str]:
        if self.outcome.withheld:
            yield self.ink("Withheld until more is known", "bold", "yellow")
        for each in self.outcome.withheld:
            yield from self.one_withheld(each)

    def one_withheld(self, each: Withheld) -> Iterator[str]:
        asks = each.asks if self.full else _first(each.asks, 4)
        more = len(each.asks) - len(asks)
        named = ", ".join(each.asks_for[: len(asks)])
        rest = f" and {more} more" if more else ""
        yield from wrapped(f"  {each.label}: ask {named}{rest}", "", "    ")
        if self.full:
            standing = _standing(each.standing, each.best_standing)
            yield from wrapped(f"standing: {standing}", "    ")
            for reason in each.because:
                yield from self.reason_once(each.label, reason, "    ? ")

    def not_offered(self) -> list[Iterator[str]]:
        said = self.outcome
        if not self.full and not said.ranking and not said.withheld:
            return [iter(["Nothing is offered here (full detail says why)."])]
        excluded = self.set_aside("Excluded for this patient", said.excluded)
        return [excluded, self.not_indicated()]

    def set_aside(self, title: str, aside: Iterable[SetAside]) -> Iterator[str]:
        alike: dict[tuple[object, ...], list[SetAside]] = {}
        for each in aside if self.full else listed(aside):
            reasons = each.because if self.full else each.because[:1]
            said = (*map(_said, reasons), len(each.because))
            alike.setdefault(said, []).append(each)
        if alike:
            yield self.ink(title, "bold", "red")
        for several in alike.values():
            yield from self.one_set_aside(several)

    def one_set_aside(self, alike: list[SetAside]) -> Iterator[str]:
        """Options that are set aside for the same reasons."""
        labels = series(each.label for each in alike)
        every = alike[0].because
        if self.full:
            yield from wrapped(f"{labels}:", "  ", "    ")
            for reason in every:
                first = alike[0].label
                yield from self.reason_once(first, reason, "    - ", facts=True)
        else:
            yield from wrapped(f"{labels}: {every[0].text}", "  ", "    ")
            yield from left_over(every, every[:1], "    ", "reasons")

    def not_indicated(self) -> Iterator[str]:
        if self.full:
            yield from self.set_aside("Not indicated here", self.outcome.not_indicated)
        elif names := ", ".join(
            each.label for each in listed(self.outcome.not_indicated)
        ):
            yield from wrapped(f"Not indicated here: {names}", "", "  ")

    def unavailable(self) -> Iterator[str]:
        if self.outcome.unavailable:
            names = ", ".join(each.label for each in self.outcome.unavailable)
            yield from wrapped(f"Not offered by this clinic: {names}", "", "  ")

    def measures(self) -> Iterator[str]:
        needed = any(place.anaesthesia for place in self.outcome.ranking)
        if not self.outcome.measures or not (needed or self.full):
            return
        yield self.ink("Supporting measures", "bold")
        if not needed:
            yield "  Nothing is offered here that needs one."
        for each in self.outcome.measures:
            yield from self.measure(each)

    def measure(self, each: MeasureVerdict) -> Iterator[str]:
        asks = ", ".join(spaced(name.partition(".")[2]) for name in each.asks)
        line = f"  {each.label}: {_MEASURES[each.verdict]}"
        yield from wrapped(f"{line}; ask {asks}" if asks else line, "", "    ")
        shown = each.because if self.full or each.verdict == "excluded" else ()
        for reason in shown:
            yield from self.reason_once(each.label, reason, "    - ")
        for reason in each.cautions if self.full else ():
            yield from self.reason_once(each.label, reason, "    ! ")

    def advice(self) -> Iterator[Iterator[str]]:
        """What to tell the patient beyond one option; full detail alone does."""
        if self.full:
            yield self.told("What to expect", self.outcome.expectations)
            yield self.told("Care at home", self.outcome.home_care)
            yield self.told("Never", self.outcome.never)
            yield self.told("Warning signs to watch", self.outcome.red_flags_to_watch)

    def told(self, title: str, reasons: tuple[Reason, ...]) -> Iterator[str]:
        if reasons:
            yield self.ink(title, "bold")
        for reason in reasons:
            yield from self.reason(reason, "  - ")

    def questions(self) -> Iterator[str]:
        if not self.outcome.questions:
            return
        shown = self.outcome.questions
        if not self.full:
            shown = _first(shown, 5)
        yield self.ink("What to ask next", "bold")
        for each in shown:
            yield from self.question(each)
        yield from left_over(self.outcome.questions, shown, "  ", "questions")

    def question(self, each: Question) -> Iterator[str]:
        yield from wrapped(each.ask, "  > " if each.decisive else "  . ", "    ")
        if self.full:
            yield from wrapped(f"settles {', '.join(each.facts)}", "    ", "      ")
            if each.affects:
                names = ", ".join(map(spaced, each.affects))
                yield from wrapped(f"affects {names}", "    ", "      ")

    def assumptions(self) -> Iterator[str]:
        for heading, texts in filled_by(self.outcome.assumptions):
            yield from wrapped(f"{heading}: {'; '.join(texts)}", "", "  ")
        filled = [each for each in self.outcome.assumptions if each.by == "screening"]
        if filled and self.full:
            yield self.ink("Assumed absent, because it was screened for", "bold")
            for subject in dict.fromkeys(map(self.subject, filled)):
                texts = [e.text for e in filled if self.subject(e) == subject]
                yield from wrapped(f"{subject}: {'; '.join(texts)}", "  ", "    ")
        elif filled:
            yield from wrapped(
                f"Assumed absent: {len(filled)} {self.counted} that "
                "nobody stated (listed in full detail)",
                "",
                "  ",
            )

    def subject(self, assumed: Assumption) -> str:
        """What an assumption speaks of; its section where nothing says so."""
        said = self.vocabulary.subject(assumed.fact) if self.vocabulary else ""
        return said or assumed.fact.partition(".")[0]

    @property
    def counted(self) -> str:
        return self.vocabulary.counted if self.vocabulary else "facts"

    def trace(self) -> Iterator[str]:
        if not self.full:
            return
        yield self.ink("The way through the rules", "bold")
        for step in self.outcome.trace:
            value = {True: "true", False: "false", None: "not known"}[step.truth]
            yield from wrapped(f"{step.node}: {value}", "  ", "    ")

    def footer(self) -> Iterator[str]:
        stamp = self.outcome.knowledge
        by = ", ".join(stamp.reviewed_by) or "nobody yet"
        line = (
            f"Knowledge {stamp.version}, {stamp.status}, reviewed by {by}, to be "
            f"reviewed by {stamp.review_by}; {self.outcome.engine}"
        )
        yield from wrapped(line)
        if stamp.policy is not None:
            policy = stamp.policy
            yield from wrapped(f"Local policy: {policy.name}, {policy.version}")
            yield policy.digest
        yield stamp.digest

    # -- pieces --

    def reason(
        self, reason: Reason, lead: str, hang: str = "", *, facts: bool = False
    ) -> Iterator[str]:
        hang = hang or " " * len(lead)
        yield from wrapped(conditional(reason.text, reason.if_), lead, hang)
        if facts:
            yield from self.on(reason.facts, hang)
        if self.full:
            yield from self.ink.cited(reason.sources, hang, judgement=reason.judgement)

    def on(self, facts: Mapping[str, Any], hang: str) -> list[str]:
        """The facts that something rests on, where there are any."""
        said = "; ".join(f"{k} = {value_of(v)}" for k, v in facts.items())
        return wrapped(f"[{said}]", hang) if said else []

    def reason_once(
        self,
        label: str,
        reason: Reason,
        lead: str,
        hang: str = "",
        *,
        facts: bool = False,
    ) -> Iterator[str]:
        """A reason of an option; where another has it too, name that one."""
        first = self.said.setdefault(_said(reason), label) if self.full else label
        if first == label:
            yield from self.reason(reason, lead, hang, facts=facts)
        else:
            opening = textwrap.shorten(reason.text, _OPENING, placeholder=" ...")
            hang = hang or " " * len(lead)
            yield from wrapped(f"As for {first}: {opening}", lead, hang)
            yield from self.ink.cited(reason.sources, hang, judgement=reason.judgement)


def _standing(worst: str, best: str) -> str:
    return (
        spaced(worst) if worst == best else f"{spaced(worst)}, at best {spaced(best)}"
    )


def _said(reason: Reason) -> tuple[str, str]:
    return (reason.text, reason.if_ or "")


def _first(items: tuple[Any, ...], count: int) -> tuple[Any, ...]:
    return items[:count]


def left_over(
    every: tuple[Any, ...], shown: tuple[Any, ...], lead: str, noun: str
) -> Iterator[str]:
    """How many items are not shown, where there are any."""
    more = len(every) - len(shown)
    if more > 0:
        named = noun if more > 1 else noun.removesuffix("s")
        verb = "them" if more > 1 else "it"
        yield f"{lead}and {more} more {named} (full detail lists {verb})"
