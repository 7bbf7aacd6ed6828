"""An assessment as plain text of at most 80 columns, for a terminal or a log."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any, Literal, TypeAlias

from milia_cds.case.vocabulary import Vocabulary
from milia_cds.explanation.outcome import (
    Assumption,
    MeasureVerdict,
    Outcome,
    Place,
    Question,
    Reason,
    SetAside,
    Withheld,
)
from milia_cds.render.lines import (
    WIDTH,
    Ink,
    conditional,
    listed,
    spaced,
    wrapped,
)
from milia_cds.render.option import ItemText, Shared, items_of
from milia_cds.render.phrases import action_of, once, value_of

Detail: TypeAlias = Literal["short", "full"]

_SHORT = 2
_LABELS = 34
_OPENING = 44
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


def text_of(
    outcome: Outcome,
    vocabulary: Vocabulary | None,
    *,
    detail: Detail,
    colour: bool,
) -> str:
    """An outcome as text.

    Parameters
    ----------
    vocabulary
        That of the knowledge that gave it; `None` where it is not at hand.
    detail
        "short" folds away what is rarely needed; "full" says everything but the inner
        values of the trace.
    colour
        Whether to use the colours of a terminal.
    """
    return "\n".join(
        _Text(
            outcome, vocabulary, full=detail == "full", ink=Ink(colour=colour)
        ).lines()
    )


class _Text:
    def __init__(
        self, outcome: Outcome, vocabulary: Vocabulary | None, *, full: bool, ink: Ink
    ) -> None:
        self.outcome = outcome
        self.vocabulary = vocabulary
        self.items = ItemText(ink, "    ", vocabulary.domain if vocabulary else "")
        self.full = full
        self.ink = ink
        # Of what the full text has said of an option: of which option it said it.
        self.said: dict[tuple[str, str], str] = {}

    def lines(self) -> Iterator[str]:
        parts = [
            self.heading(),
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
        yield self.ink(f"milia-cds: {stamp.notice}", "bold")
        yield from wrapped(stamp.certainty)

    def disposition(self) -> Iterator[str]:
        said = self.outcome.disposition
        yield self.ink(action_of(said), "bold", _ACTION_COLOURS.get(said.action, ""))
        every = tuple(once(said.because))
        reasons = every if self.full else _first(every, 3)
        for reason in reasons:
            yield from self.reason(reason, "  ", facts=self.full)
        yield from left_over(every, reasons, "  ", "reasons")
        named = self.outcome.situations
        label = "Situation" if len(named) == 1 else "Possible situations"
        yield from wrapped(f"{label}: {'; '.join(named)}", "  ", "    ")
        status = self.outcome.status
        yield from wrapped(f"Status: {status} ({_STATUS[status]})", "  ", "    ")
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
        yield self.ink("Options, best first (by standing, then by points)", "bold")
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
        """Give who performs it, on what it stands, and what is said of it alone."""
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
        yield from self.items.headed(shared.own(items_of(place)))
        if place.label in shared.labels:
            yield "    More: what several options share, below."

    @cached_property
    def in_common(self) -> Shared:
        """What several of the options have in common."""
        return Shared.between({p.label: items_of(p) for p in self.outcome.ranking})

    def shared(self) -> Iterator[str]:
        if not self.full or not self.in_common.labels:
            return
        yield self.ink("What several options share", "bold")
        said = {p.label: items_of(p) for p in self.outcome.ranking}
        for owners, headed in self.in_common.common(said).items():
            yield from wrapped(f"For {listed(owners)}", "  ")
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
            return [iter(["No treatment is offered here (full detail says why)."])]
        excluded = self.set_aside("Excluded for this patient", said.excluded)
        return [excluded, self.not_indicated()]

    def set_aside(self, title: str, aside: Iterable[SetAside]) -> Iterator[str]:
        alike: dict[tuple[object, ...], list[SetAside]] = {}
        for each in aside:
            reasons = each.because if self.full else each.because[:1]
            said = (*map(_said, reasons), len(each.because))
            alike.setdefault(said, []).append(each)
        if alike:
            yield self.ink(title, "bold", "red")
        for several in alike.values():
            yield from self.one_set_aside(several)

    def one_set_aside(self, alike: list[SetAside]) -> Iterator[str]:
        """Give options that are set aside for the same reasons."""
        labels = listed(each.label for each in alike)
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
        elif self.outcome.not_indicated:
            names = ", ".join(each.label for each in self.outcome.not_indicated)
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
        own = [each for each in self.outcome.assumptions if each.by == "policy"]
        filled = [each for each in self.outcome.assumptions if each.by != "policy"]
        if own:
            said = "; ".join(each.text for each in own)
            yield from wrapped(f"Taken from the local policy: {said}", "", "  ")
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
        if facts and reason.facts:
            said = "; ".join(f"{k} = {value_of(v)}" for k, v in reason.facts.items())
            yield from wrapped(f"[{said}]", hang)
        if self.full:
            yield from self.ink.cited(reason.sources, hang, judgement=reason.judgement)

    def reason_once(
        self,
        label: str,
        reason: Reason,
        lead: str,
        hang: str = "",
        *,
        facts: bool = False,
    ) -> Iterator[str]:
        """Give a reason of an option; where another has it too, name that one."""
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
    """Say how many items are not shown, where there are any."""
    more = len(every) - len(shown)
    if more > 0:
        named = noun if more > 1 else noun.removesuffix("s")
        verb = "them" if more > 1 else "it"
        yield f"{lead}and {more} more {named} (full detail lists {verb})"
