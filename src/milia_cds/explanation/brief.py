"""The brief: an answer on one screen, of the short forms of the knowledge.

Where the knowledge has no short form, longer words stand in its place. What may be
left out where it does not fit says so by its `drop`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from milia_cds.explanation.lapses import OVERDUE
from milia_cds.explanation.outcome import BriefLine, BriefPart
from milia_cds.explanation.parts import AsidePart, WithheldPart
from milia_cds.explanation.places import Reason
from milia_cds.explanation.plan import FIRST, CarePlan
from milia_cds.explanation.short_names import named
from milia_cds.explanation.situation import Situation, is_today
from milia_cds.knowledge.options import Gate, Option
from milia_cds.knowledge.texts import (
    HOW_SOON,
    Advice,
    Call,
    Consent,
    HowSoon,
    Risk,
    Step,
)
from milia_cds.knowledge.wording import capital

_MORE, _HOW, _CONSENT, _SECOND_MIMIC, _AFTERCARE, _SOON = 1, 3, 4, 5, 6, 7
_QUESTION, _SAY = 9, 10
"""In which order lines are dropped where the brief does not fit; the plan has 2, 8."""
_CALLS: dict[HowSoon, str] = {
    "emergency": "Hospital now",
    "same_day": "Today",
    "soon": "Soon",
}
_NO_USE = "no use here"
_AFTERWARDS = ("aftercare", "review")
_TRIVIAL = 1
"""A risk of this severity is not named before a patient agrees."""


def brief_of(
    now: Situation, plan: CarePlan, warnings: Sequence[Reason]
) -> tuple[BriefPart, ...]:
    """An answer on one screen.

    Parameters
    ----------
    now
        How things stand.
    plan
        What to do.
    warnings
        What is odd about the stated facts, and that the knowledge is overdue.
    """
    parts = _Brief(now, plan, warnings).parts()
    made = (BriefPart(label=label, lines=tuple(lines)) for label, lines in parts)
    return tuple(each for each in made if each.lines)


class _Brief:
    def __init__(
        self, now: Situation, plan: CarePlan, warnings: Sequence[Reason]
    ) -> None:
        self.now = now
        self.said = now.said
        self.base = now.base
        self.plan = plan
        self.warnings = warnings

    def parts(self) -> Iterator[tuple[str, Iterable[BriefLine]]]:
        """The parts in the order of reading; beside an emergency the plan is all."""
        yield "plan", self.plan.lines()
        late = [each for each in self.warnings if each.rule == OVERDUE]
        odd = [each for each in self.warnings if each.rule != OVERDUE]
        yield "overdue", (BriefLine(text=each.text) for each in late)
        yield "odd", (BriefLine(text=each.text) for each in odd)
        if not self.now.at_once:
            yield "check", self.check()
            yield "not yet", self.not_yet()
            yield "not here", self.not_here()
            yield "how", self.how()
            yield "consent", self.consent()
            yield "say", self.say()
            yield "after", self.after()
        yield "ask", self.ask()
        yield "more", self.more()

    # -- before, and what not --

    def check(self) -> Iterator[BriefLine]:
        """What to look for, and what it may be instead."""
        if self.now.settled and not self.now.alarmed:
            for each in self.base.checks:
                if self.said.holds(each.condition) is True:
                    yield BriefLine(text=each.text)
        mimics = self.mimics()
        if mimics:
            both = "; ".join(each.short for each in mimics)
            one = f"Look-alikes here: {mimics[0].short}."
            text = f"Look-alikes here: {both}."
            yield BriefLine(text=text, drop=_SECOND_MIMIC, instead=one)

    def mimics(self) -> list[Advice]:
        """The most harmful look-alike of this case, then the commonest."""
        here = [
            each
            for each in self.base.advice
            if each.kind == "mimic" and each.short and self.said.holds(each.condition)
        ]
        worst = sorted(here, key=lambda each: each.harm or len(here))[:1]
        often = sorted(here, key=lambda each: each.often or len(here))
        return [*worst, *(each for each in often if each not in worst)][:2]

    def not_yet(self) -> Iterator[BriefLine]:
        """What is withheld, and what it waits for."""
        waits: dict[str, list[str]] = {}
        for each in self.said.withheld:
            waits.setdefault(self.awaits(each), []).append(each.option)
        if self.plan.unplaced:
            yield BriefLine(text="Every option waits for what is asked below.")
            return
        most = sorted(waits, key=lambda question: -len(waits[question]))[:FIRST]
        for question in (each for each in waits if each in most):
            names = capital(named(self.base, waits[question]))
            yield BriefLine(text=f"{names}: {question}")
        rest = [name for each in waits if each not in most for name in waits[each]]
        if rest:
            text = (
                f"{capital(named(self.base, rest))}: more than one answer is lacking."
            )
            yield BriefLine(text=text)

    def awaits(self, withheld: WithheldPart) -> str:
        """The first question that an option waits for, and not every option does."""
        asks = {self.base.facts[name].screen for name in withheld.asks}
        order = [each.screen for each in self.now.asked if each.screen in asks]
        few = len(self.said.withheld) / 2
        own = [each for each in order if self.waiting[each] <= few]
        first = next(iter([*own, *order, *asks]))
        return self.now.spoken(first) or f"{withheld.asks_for[0]}?"

    @cached_property
    def waiting(self) -> Counter[str]:
        """How many options wait for each question."""
        return Counter(
            screen
            for each in self.said.withheld
            for screen in {self.base.facts[name].screen for name in each.asks}
        )

    def not_here(self) -> Iterator[BriefLine]:
        """What is not offered, by its reason, the worst first."""
        reasons: dict[str, list[str]] = {}
        for each in (*self.said.excluded, *self.said.not_indicated):
            if each.listed:
                reasons.setdefault(self.why_not(each), []).append(each.option)
        for measure in self.said.measures if self.now.treated else ():
            if measure.verdict == "excluded":
                owner = self.base.measures[measure.measure]
                short = self.short_reason(owner.gate)
                reasons.setdefault(short, []).append(measure.measure)
        said = [
            f"{capital(named(self.base, names))}: {why}."
            for why, names in reasons.items()
        ]
        away = [each.option for each in self.said.unavailable]
        if away:
            said.append(
                f"{capital(named(self.base, away))}: not offered by this clinic."
            )
        if said:
            yield BriefLine(text=" ".join(said))

    def why_not(self, aside: AsidePart) -> str:
        """The first reason that an option is set aside, in a few words."""
        gates = self.base.options[aside.option].gate
        if aside.judged.verdict == "excluded":
            return self.short_reason([each for each in gates if each.kind == "forbid"])
        scenarios = [self.base.scenarios[n] for n in self.said.record.walk.scenarios]
        asides = {each.aside for each in scenarios if not each.ranks[aside.option]}
        lowers = [each for each in gates if each.kind == "lower" and each.short]
        lowered = "" if asides else self.short_reason(lowers)
        return lowered or (asides.pop() if len(asides) == 1 else "") or _NO_USE

    def short_reason(self, gates: Sequence[Gate]) -> str:
        """The first gate that holds, or else may, in a few words."""
        held = [each for each in gates if self.said.holds(each.condition) is True]
        may = [each for each in gates if self.said.holds(each.condition) is None]
        for gate in held or may:
            if gate.short or gate.condition is None:
                return gate.short or _NO_USE
            return self.said.sayings.sentences.condition(gate.condition)
        return ""

    # -- how, and afterwards --

    def how(self) -> Iterator[BriefLine]:
        """How the first option is done."""
        first = self.now.first
        if first is not None and self.now.begun:
            rows = [each for each in first.how if self.now.may_say(first, each)]
            if rows:
                yield BriefLine(text=" ".join(each.text for each in rows), drop=_HOW)

    def consent(self) -> Iterator[BriefLine]:
        """What is said and written down before the patient agrees."""
        if self.now.first is None or not self.now.treated:
            return
        points = self.listed(self.base.consents(self.now.first))
        risks = sorted(self.now.first.risk, key=lambda each: -each.severity)
        grave = (each for each in risks if each.severity > _TRIVIAL)
        dangers = ", ".join(self.listed(grave))
        said = "; ".join(filter(None, [*points, dangers]))
        if said:
            instead = "Said and written: see the leaflet."
            text = f"Said and written: {said}."
            yield BriefLine(text=text, drop=_CONSENT, instead=instead)

    def listed(self, entries: Iterable[Consent | Risk]) -> Iterator[str]:
        """Entries in a list, each with its "if" while that is not known."""
        for entry in entries:
            for short, clause in self.told(entry):
                yield f"{short} (if {clause})" if clause else short

    def say(self) -> Iterator[BriefLine]:
        """What may be said to the patient, where the situation needs words."""
        if self.said.one_scenario and not self.now.alarmed:
            [name] = self.said.record.walk.scenarios
            if self.base.scenarios[name].say:
                yield BriefLine(text=self.base.scenarios[name].say, drop=_SAY)

    def after(self) -> Iterator[BriefLine]:
        """What to do afterwards, and what to come back for."""
        if self.now.first is not None and self.now.begun:
            steps = [each.short for each in self.steps(self.now.first) if each.short]
            if steps:
                text = f"{capital('; '.join(steps))}."
                yield BriefLine(text=text, drop=_AFTERCARE)
        if not self.plan.unplaced:
            yield from self.come_back()

    def come_back(self) -> Iterator[BriefLine]:
        """What to come back for, by how soon; first what is so whatever is unknown."""
        signs = self.signs()
        for soon, lead in _CALLS.items():
            said = [short for short, clause in signs[soon] if not clause]
            if said:
                text = f"{self.spared(lead)}: {', '.join(said)}."
                yield BriefLine(text=text, drop=_SOON if soon == "soon" else 0)
            for clause in dict.fromkeys(each[1] for each in signs[soon] if each[1]):
                said = [short for short, only in signs[soon] if only == clause]
                text = f"{self.spared(lead)}, if {clause}: {', '.join(said)}."
                yield BriefLine(text=text, drop=_SOON)

    def spared(self, lead: str) -> str:
        """A word of time, which is not of a danger where one may be of today."""
        if any(is_today(each.urgency) for each in self.said.alerts):
            return f"For the {self.base.vocabulary.domain}, {lead.lower()}"
        return lead

    def steps(self, option: Option) -> Iterator[Step]:
        """The steps after an option that are known to be for this patient."""
        for each in self.base.steps(option):
            if each.phase in _AFTERWARDS and self.said.holds(each.condition) is True:
                yield each

    def signs(self) -> dict[HowSoon, list[tuple[str, str]]]:
        """The signs after a treatment or while watching, and what each depends on."""
        found: dict[HowSoon, list[tuple[str, str]]] = {each: [] for each in HOW_SOON}
        first = self.now.first
        calls = self.base.calls(first) if first and self.now.treated else ()
        for call in calls:
            found[call.how_soon] += self.told(call)
        for each in () if calls else self.base.advice:
            if each.how_soon is not None:
                found[each.how_soon] += self.told(each)
        return found

    def told(self, entry: Consent | Risk | Call | Advice) -> Iterator[tuple[str, str]]:
        """An entry in a list, and what it depends on while that is not known."""
        short = entry.text if isinstance(entry, Consent) else entry.short
        if short and self.said.holds(entry.condition) is not False:
            yield short, self.said.unless_known(entry.condition) or ""

    # -- what to ask, and where to read on --

    def ask(self) -> Iterator[BriefLine]:
        """The first questions; none where nothing depends on them."""
        if self.now.settled:
            return
        for place, question in enumerate(self.now.asked[:FIRST]):
            yield BriefLine(
                lead=f"{place + 1}",
                text=self.now.spoken(question.screen) or question.ask,
                drop=_QUESTION if place else 0,
            )

    def more(self) -> Iterator[BriefLine]:
        """Where to read on."""
        commands = ["--detail short"]
        if self.now.action == "refer":
            commands = ["letter", "leaflet referred"]
        elif self.now.action == "needs_information":
            commands = ["ask (question by question)", *commands]
        elif self.now.first is not None:
            commands += [f"leaflet {self.now.first.id}"]
            commands += ["grid"] if self.now.treats else []
        text = "   ".join(commands)
        yield BriefLine(text=text, drop=_MORE, instead=commands[0])
