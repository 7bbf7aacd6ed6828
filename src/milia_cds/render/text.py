"""An assessment as plain text of at most 80 columns, for a terminal or a log."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from typing import Any, Literal, TypeAlias

from milia_cds.outcome import (
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

Detail: TypeAlias = Literal["short", "full"]

WIDTH = 80
_SHORT = 2
_LABELS = 34
_COLOURS = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33"}
_ACTIONS = {
    "treat": "Treat",
    "observe": "Observe",
    "treat_cause": "Treat the cause",
    "refer": "Refer",
    "needs_information": "More information is needed first",
}
_ACTION_COLOURS = {"refer": "red", "needs_information": "yellow", "treat": "green"}


def text_of(outcome: Outcome, *, detail: Detail, colour: bool) -> str:
    """Give an outcome as text.

    Parameters
    ----------
    detail
        "short" folds away what is rarely needed; "full" says everything but the inner
        values of the trace.
    colour
        Whether to use the colours of a terminal.
    """
    return "\n".join(_Text(outcome, full=detail == "full", colour=colour).lines())


class _Text:
    def __init__(self, outcome: Outcome, *, full: bool, colour: bool) -> None:
        self.outcome = outcome
        self.full = full
        self.colour = colour

    def lines(self) -> Iterator[str]:
        parts = [
            self.heading(),
            self.disposition(),
            self.warnings(),
            self.ranking(),
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
        yield self.ink(f"milia-cds: {stamp.notice}", "bold")
        yield from wrapped(stamp.certainty)

    def disposition(self) -> Iterator[str]:
        said = self.outcome.disposition
        title = _ACTIONS[said.action]
        if said.to:
            title = f"{title}: {spaced(said.to)}, {said.urgency}"
        yield self.ink(title, "bold", _ACTION_COLOURS.get(said.action, ""))
        every = tuple(_each_once(said.because))
        reasons = every if self.full else _first(every, 3)
        for reason in reasons:
            yield from self.reason(reason, "  ", facts=self.full)
        yield from left_over(every, reasons, "  ", "reasons")
        named = [spaced(name) for name in self.outcome.scenarios]
        label = "Situation" if len(named) == 1 else "Possible situations"
        yield from wrapped(f"{label}: {', '.join(named)}", "  ", "    ")
        yield from wrapped(f"Status: {self.outcome.status}", "  ")
        if self.outcome.status == "indeterminate" and self.outcome.possible_first:
            names = ", ".join(map(spaced, self.outcome.possible_first))
            yield from wrapped(f"Could still come first: {names}", "  ", "    ")

    def warnings(self) -> Iterator[str]:
        for reason in self.outcome.warnings:
            yield from self.reason(reason, "! ")

    def ranking(self) -> Iterator[str]:
        shown = self.prominent()
        if not shown:
            return
        yield self.ink("Options, best first", "bold")
        for place in shown:
            yield from self.place(place)

    def prominent(self) -> list[Place]:
        """Give the options that are shown in full: all, or those not folded away."""
        if self.full:
            return list(self.outcome.ranking)
        return [
            place
            for place in self.outcome.ranking
            if place.standing != "limited" or place.rank == 1
        ]

    def place(self, place: Place) -> Iterator[str]:
        tie = "=" if place.tied else " "
        standing = spaced(place.standing)
        if place.best_standing != place.standing:
            standing += f", at best {spaced(place.best_standing)}"
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
                yield from self.reason(reason, f"    {sign} ")
        if self.full:
            yield from wrapped(
                f"Performed by: {', '.join(map(spaced, place.performed_by))}",
                "    ",
                "      ",
            )
            certainty = spaced(place.certainty)
            yield from wrapped(f"Certainty of its sources: {certainty}", "    ")
            yield from self.cited(place.sources, "    ")
            yield from self.risks(place.risks)
            yield from self.steps("Before", place.preparation)
            yield from self.steps("Anaesthesia", place.anaesthesia)
            yield from self.steps("After", place.aftercare)
            yield from self.steps("Call", place.call_if)

    def risks(self, risks: tuple[RiskSaid, ...]) -> Iterator[str]:
        if risks:
            yield "    What can go wrong"
        for risk in risks:
            text = f"[if: {risk.if_}] {risk.text}" if risk.if_ else risk.text
            yield from wrapped(text, "      - ")
            yield from wrapped(_how_often(risk), "        ")
            for each in risk.more_likely:
                yield from self.reason(each, "        ! ")
            yield from self.cited(risk.sources, "        ", judgement=risk.judgement)

    def steps(self, title: str, steps: tuple[StepSaid, ...]) -> Iterator[str]:
        if steps:
            yield f"    {title}"
        for step in steps:
            text = f"{spaced(step.timing).capitalize()}: {step.text}"
            if step.if_:
                text = f"[if: {step.if_}] {text}"
            yield from wrapped(text, "      - ")
            yield from self.cited(step.sources, "        ", judgement=step.judgement)

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
            yield from wrapped(
                f"standing {spaced(each.standing)}, at best "
                f"{spaced(each.best_standing)}",
                "    ",
            )
            for reason in each.because:
                yield from self.reason(reason, "    ? ")

    def not_offered(self) -> list[Iterator[str]]:
        said = self.outcome
        if not self.full and not said.ranking and not said.withheld:
            return [iter(["No treatment is offered here (full detail says why)."])]
        excluded = self.set_aside("Excluded for this patient", said.excluded)
        return [excluded, self.not_indicated()]

    def set_aside(self, title: str, aside: Iterable[SetAside]) -> Iterator[str]:
        aside = tuple(aside)
        if aside:
            yield self.ink(title, "bold", "red")
        for each in aside:
            reasons = each.because if self.full else each.because[:1]
            for place, reason in enumerate(reasons):
                label = each.label if not place else " " * len(each.label)
                mark = ":" if not place else " "
                yield from self.reason(
                    reason, f"  {label}{mark} ", "    ", facts=self.full
                )
            yield from left_over(each.because, reasons, "    ", "reasons")

    def not_indicated(self) -> Iterator[str]:
        if self.full:
            yield from self.set_aside("Not indicated here", self.outcome.not_indicated)
        elif self.outcome.not_indicated:
            names = ", ".join(each.label for each in self.outcome.not_indicated)
            yield from wrapped(f"Not indicated here: {names}", "", "  ")

    def unavailable(self) -> Iterator[str]:
        if self.outcome.unavailable:
            names = ", ".join(each.label for each in self.outcome.unavailable)
            yield from wrapped(f"Not offered by this clinic: {names}", "", "  ")

    def measures(self) -> Iterator[str]:
        if not self.outcome.ranking and not self.full:
            return
        if self.outcome.measures:
            yield self.ink("Supporting measures", "bold")
        for each in self.outcome.measures:
            yield from self.measure(each)

    def measure(self, each: MeasureVerdict) -> Iterator[str]:
        asks = ", ".join(spaced(name.partition(".")[2]) for name in each.asks)
        line = f"  {each.label}: {each.verdict}"
        yield from wrapped(f"{line}; ask {asks}" if asks else line, "", "    ")
        shown = each.because if self.full or each.verdict == "excluded" else ()
        for reason in shown:
            yield from self.reason(reason, "    - ")
        for reason in each.cautions if self.full else ():
            yield from self.reason(reason, "    ! ")

    def advice(self) -> Iterator[Iterator[str]]:
        """Give what to tell the patient beyond one option; full detail alone does."""
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
        filled = self.outcome.assumptions
        if not filled:
            return
        if self.full:
            yield self.ink("Assumed absent, because it was screened for", "bold")
            yield from wrapped("; ".join(each.text for each in filled), "  ")
        else:
            yield from wrapped(
                f"Assumed absent: {len(filled)} findings or items of history that "
                "nobody stated (listed in full detail)",
                "",
                "  ",
            )

    def trace(self) -> Iterator[str]:
        if not self.full:
            return
        yield self.ink("The way through the rules", "bold")
        for step in self.outcome.trace:
            worth = {True: "true", False: "false", None: "not known"}[step.truth]
            yield from wrapped(f"{step.node}: {worth}", "  ", "    ")

    def footer(self) -> Iterator[str]:
        stamp = self.outcome.knowledge
        by = ", ".join(stamp.reviewed_by) or "nobody yet"
        line = (
            f"Knowledge {stamp.version}, {stamp.status}, reviewed by {by}, to be "
            f"reviewed by {stamp.review_by}; {self.outcome.engine}"
        )
        yield from wrapped(line)
        yield stamp.digest

    # -- pieces --

    def reason(
        self, reason: Reason, lead: str, hang: str = "", *, facts: bool = False
    ) -> Iterator[str]:
        text = reason.text
        if reason.if_:
            text = f"[if: {reason.if_}] {text}"
        hang = hang or " " * len(lead)
        yield from wrapped(text, lead, hang)
        if facts and reason.facts:
            said = "; ".join(f"{k} = {_json(v)}" for k, v in reason.facts.items())
            yield from wrapped(f"[{said}]", hang)
        if self.full:
            yield from self.cited(reason.sources, hang, judgement=reason.judgement)

    def cited(
        self, sources: tuple[str, ...], hang: str, *, judgement: bool = False
    ) -> Iterator[str]:
        said = [*sources, *(["judgement"] if judgement else [])]
        if said:
            yield self.ink_lines(wrapped(f"({', '.join(said)})", hang))

    def ink_lines(self, lines: Iterable[str]) -> str:
        return "\n".join(self.ink(line, "dim") for line in lines)

    def ink(self, text: str, *styles: str) -> str:
        codes = [_COLOURS[style] for style in styles if style]
        if not self.colour or not codes:
            return text
        return f"\033[{';'.join(codes)}m{text}\033[0m"


def _each_once(reasons: Iterable[Reason]) -> Iterator[Reason]:
    """Drop a reason that says what another has said."""
    said: set[tuple[str, str | None]] = set()
    for reason in reasons:
        if (reason.text, reason.if_) not in said:
            said.add((reason.text, reason.if_))
            yield reason


def _how_often(risk: RiskSaid) -> str:
    """Say how often, in whom, from where the figure is, how bad, and for how long."""
    figure = ", ".join(filter(None, [risk.frequency, risk.population, risk.period]))
    basis = ""
    if risk.basis == "analogue":
        basis = " (not from milia: a larger procedure or another lesion)"
    return (
        f"How often: {figure}{basis}. Severity {risk.severity} of 5; reversible: "
        f"{spaced(risk.reversible)}."
    )


def _json(value: object) -> str:
    words = {None: "not known", True: "yes", False: "no"}
    if value is None or isinstance(value, bool):
        return words[value]
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value)) or "none"
    return str(value)


def _first(items: tuple[Any, ...], count: int) -> tuple[Any, ...]:
    return items[:count]


def left_over(
    every: tuple[Any, ...], shown: tuple[Any, ...], lead: str, noun: str
) -> Iterator[str]:
    """Say how many items are not shown, where there are any."""
    more = len(every) - len(shown)
    if more > 0:
        named = noun if more > 1 else noun.removesuffix("s")
        verb = "them" if more > 1 else "it"
        yield f"{lead}and {more} more {named} (full detail lists {verb})"


def spaced(name: str) -> str:
    """Give an id as words."""
    return name.replace("_", " ")


def wrapped(text: str, lead: str = "", hang: str | None = None) -> list[str]:
    """Wrap a text to 80 columns."""
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=lead,
        subsequent_indent=" " * len(lead) if hang is None else hang,
        break_long_words=True,
        break_on_hyphens=False,
    )
