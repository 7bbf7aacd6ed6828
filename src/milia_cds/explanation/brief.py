"""The brief: an answer on one screen, of the short forms of the knowledge.

Where the knowledge has no short form, longer words stand in its place. What may be
left out where it does not fit says so by its `drop`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from milia_cds.decision.completions import Completions
from milia_cds.decision.walk import AskedDecision
from milia_cds.explanation.answer import Parts
from milia_cds.explanation.bands import HOW_SOON
from milia_cds.explanation.outcome import Brief, BriefLine, BriefPart, Question
from milia_cds.explanation.parts import AsidePart, OfferedPart, WithheldPart
from milia_cds.explanation.short_names import named, short_name
from milia_cds.knowledge.dangers import URGENCIES, URGENT, Urgency
from milia_cds.knowledge.model import STANDINGS, Branch, Gate, Option
from milia_cds.knowledge.texts import HOW_SOON as CALLS
from milia_cds.knowledge.texts import Advice, HowSoon, Phrase, Step

_FIRST = 3
"""So many options are named with their reason, and so many questions asked."""
_HEADLINE = 49
_ENDS = 8
"""Where more ends than these are open, they are not told one by one."""
_MORE, _RARE, _HOW, _CONSENT, _SECOND_MIMIC, _AFTERCARE, _SOON = range(1, 8)
_REASON, _QUESTION, _SAY = range(8, 11)
"""In which order lines are dropped where the brief does not fit."""
_CALLS: dict[HowSoon, str] = {
    "emergency": "Hospital now",
    "same_day": "Today",
    "soon": "Soon",
}
_SETTLED = "Settled: nothing still open changes this."
_NO_USE = "no use here"
_AFTERWARDS = ("aftercare", "review")


def brief_of(said: Parts, completions: Completions, asked: Sequence[Question]) -> Brief:
    """An answer on one screen.

    Parameters
    ----------
    said
        What there is to say of the decision.
    completions
        What the case may still become.
    asked
        What to ask next, the most decisive first.
    """
    composer = _Brief(said, completions, asked)
    parts = [
        BriefPart(label=label, lines=tuple(lines)) for label, lines in composer.parts()
    ]
    return Brief(
        headline=composer.headline, parts=tuple(each for each in parts if each.lines)
    )


class _Brief:
    def __init__(
        self, said: Parts, completions: Completions, asked: Sequence[Question]
    ) -> None:
        self.said = said
        self.base = said.base
        self.left = completions
        self.asked = asked
        self.action = said.disposition.action
        self.stands = said.claims.stand

    def parts(self) -> Iterator[tuple[str, Iterable[BriefLine]]]:
        """The parts in the order of reading; beside an emergency the plan is all."""
        yield "plan", self.plan()
        if not self.at_once:
            yield "check", self.check()
            yield "not yet", self.not_yet()
            yield "not here", self.not_here()
            yield "how", self.how()
            yield "consent", self.consent()
            yield "say", self.say()
            yield "after", self.after()
        yield "ask", self.ask()
        yield "more", self.more()

    # -- what is so --

    @cached_property
    def at_once(self) -> bool:
        """Whether the patient is sent on today, so that nothing else matters now."""
        soon = self.said.disposition.urgency
        return self.action == "refer" and soon is not None and _today(soon)

    @cached_property
    def alarmed(self) -> bool:
        """Whether the case states a danger of today."""
        return any(each.certain and _today(each.urgency) for each in self.said.alerts)

    @cached_property
    def settled(self) -> bool:
        """Whether no answer to a question changes what to do or what comes first."""
        doubtful = any(not each.certain for each in self.said.alerts)
        return self.left.agree_with(self.said.record) and not doubtful

    @cached_property
    def first(self) -> Option | None:
        """The option in the first place."""
        return next((each.owner for each in self.said.ranking), None)

    @cached_property
    def treats(self) -> bool:
        """Whether it is a treatment."""
        return self.first is not None and self.first.act == "treat"

    @cached_property
    def treated(self) -> bool:
        """Whether the first option is a treatment that is begun here."""
        return self.treats and self.action != "refer" and not self.alarmed

    @cached_property
    def begun(self) -> bool:
        """Whether the first option is begun here, be it to leave alone."""
        return self.treated or (not self.treats and not self.alarmed)

    # -- the plan --

    @cached_property
    def headline(self) -> str:
        """What to do, in a line."""
        said = self._headline()
        if not self.alarmed or self.action == "refer":
            return said
        lead = f"For the {self.base.vocabulary.domain}"
        put_off = f"{lead}: {said[:1].lower()}{said[1:]}"
        return put_off if len(put_off) <= _HEADLINE else f"{lead}, another day."

    def _headline(self) -> str:
        part = self.said.disposition
        row = part.rows[0].record if part.rows else None
        if self.action == "needs_information":
            return self.open_headline()
        if row and row.short and row.act == self.action and self.stands(row.claims):
            return row.short
        if part.to is not None and part.own:
            return self.own_headline(part.to)
        if part.to is not None:
            where = self.base.destinations[part.to].label
            soon = self.how_soon(part.urgency)
            return f"Refer to {where}{'' if where.endswith(soon) else f', {soon}'}."
        if self.action == "observe" and self.first is not None:
            return f"{_capital(short_name(self.first))} comes first here."
        return f"{part.headline}."

    def own_headline(self, field: str) -> str:
        """What to do in the operator's own field, and how soon."""
        said = self.base.destinations[field].own_text
        soon = _capital(self.how_soon(self.said.disposition.urgency))
        if soon.lower() in said.lower():
            return said
        return f"{soon}: {said[:1].lower()}{said[1:]}"

    def how_soon(self, urgency: Urgency | None) -> str:
        """How soon something is, in words."""
        words = self.base.urgencies.get(urgency or "routine")
        return words.short if words else HOW_SOON[urgency or "routine"]

    def open_headline(self) -> str:
        """What to settle first, where it is not known what to do."""
        if self.said.record.disposition.pending is not None:
            said = f"{self.said.disposition.headline}."
            return said if len(said) <= _HEADLINE else "Open: one answer is awaited."
        if self.unplaced:
            first = self.base.facts[self.asked[0].facts[0]]
            start = f"Start with the {first.label}." if first.background else ""
            return f"Nothing can be said yet. {start or 'Ask what stands below.'}"
        for visit in self.open_visits:
            short = self.base.decisions[visit.decision].short
            if short:
                return f"Open. First settle {short}."
        return "Open until what is asked below is known."

    @cached_property
    def open_visits(self) -> tuple[AskedDecision, ...]:
        """The decisions that cannot be taken yet."""
        visits = self.said.record.walk.visits
        return tuple(each for each in visits if len(each.taken) > 1)

    def plan(self) -> Iterator[BriefLine]:
        """What to do, with the options and their reasons."""
        yield BriefLine(text=self.headline)
        yield from self.why()
        if self.alarmed and self.action != "refer":
            yield BriefLine(text="Nothing elective is begun today.")
        yield from self.if_so()
        yield from self.options()
        yield from map(_line, self.status())

    def why(self) -> Iterator[BriefLine]:
        """What the headline leaves to say."""
        part = self.said.disposition
        row = part.rows[0].record if part.rows else None
        open_ = self.action == "needs_information"
        if row and row.brief and not open_ and self.stands(row.claims):
            yield BriefLine(text=row.brief, drop=_REASON)
        for also in self.said.disposition.also:
            where = self.base.destinations[also.to].label
            yield BriefLine(text=f"Also to {where}, {self.how_soon(also.urgency)}.")

    def if_so(self) -> Iterator[BriefLine]:
        """What each answer still possible would lead to, the gravest first."""
        told = [] if self.unplaced else self.open_ends
        yield from map(_line, told)
        if self.action != "needs_information":
            return
        possible = named(self.base, self.possible_first)
        if possible and not self.unplaced:
            lead = "If none of these" if told else "Still possible as the first"
            yield BriefLine(text=f"{lead}: {possible}.")
        if self.base.undecided and any(self.held_back()):
            yield BriefLine(text=self.base.undecided)

    @cached_property
    def unplaced(self) -> bool:
        """Whether so much is open that only a question helps."""
        return (
            self.action == "needs_information"
            and len(self.open_ends) > _ENDS
            and bool(self.asked)
        )

    @cached_property
    def open_ends(self) -> list[str]:
        """What each answer still possible would lead to, each with its "if"."""
        return [each.open for each in self.open_branches() if each.open]

    @cached_property
    def possible_first(self) -> list[str]:
        """The options that could come first, the best standing first."""
        every: tuple[OfferedPart | WithheldPart, ...]
        every = (*self.said.ranking, *self.said.withheld)
        ranks = {each.option: STANDINGS.index(each.best_standing) for each in every}
        return sorted(self.left.possible_first, key=lambda name: -ranks.get(name, 0))

    def open_branches(self) -> Iterator[Branch]:
        """The branches that may still be taken, in the order of the decisions."""
        for visit in self.open_visits:
            branches = self.base.decisions[visit.decision].branch
            yield from (branches[place] for place in visit.taken)

    def held_back(self) -> Iterator[WithheldPart]:
        """The treatments that are withheld."""
        options = self.base.options
        for each in self.said.withheld:
            if options[each.option].act == "treat":
                yield each

    def options(self) -> Iterator[BriefLine]:
        """The first options with their reason; the others by name or counted."""
        for place, each in enumerate(self.said.ranking[:_FIRST]):
            rank = f"{each.rank}=" if each.tied else f"{each.rank}"
            yield BriefLine(
                lead=f"{rank} {short_name(each.owner)}",
                text=self.reason(each),
                drop=_REASON if place else 0,
            )
        others = self.said.ranking[_FIRST:]
        also = [each.option for each in others if each.standing != "limited"]
        rare = [each for each in others if each.standing == "limited"]
        said = [
            f"Also reasonable: {named(self.base, also)}." if also else "",
            f"Rarely needed: {len(rare)} more." if rare else "",
        ]
        if others:
            count = f"Also possible: {len(others)} more."
            text = " ".join(filter(None, said))
            yield BriefLine(text=text, drop=_RARE, instead=count)

    def reason(self, offered: OfferedPart) -> str:
        """The one reason beside an option; without any, how it stands here."""
        row = self.phrase(offered.owner, offered.owner.brief)
        return row.text if row else offered.standing.replace("_", " ")

    def phrase(self, option: Option, rows: Sequence[Phrase]) -> Phrase | None:
        """The first row that is known to hold and may be said."""
        return next((each for each in rows if self.may_say(option, each)), None)

    def may_say(self, option: Option, row: Phrase) -> bool:
        """Whether a phrase about an option is true here."""
        kinds = self.base.scenario_groups
        where = {
            scenario
            for name in row.scenarios
            for scenario in (kinds[name].scenarios if name in kinds else (name,))
        }
        return (
            (not where or where >= {*self.said.record.walk.scenarios})
            and self.said.holds(row.condition) is True
            and self.said.claims.stand(row.claims, of=option.id)
        )

    def status(self) -> Iterator[str]:
        """Whether anything still open can change the answer."""
        if self.settled:
            taken = ", ".join(
                self.base.facts[name].label for name in self.said.lifted_by
            )
            yield (
                f"Settled. Taken as no, since not stated: {taken}."
                if taken
                else _SETTLED
            )
        elif self.action != "needs_information":
            yield "Not settled: what is asked below can still change this."
        worst = self.said.disposition.at_worst
        open_ = self.action == "needs_information"
        if worst is not None and _today(worst) and not open_:
            yield f"At worst: {self.how_soon(worst)}. Ask before anything else."

    # -- before, and what not --

    def check(self) -> Iterator[BriefLine]:
        """What to look for, and what it may be instead."""
        if self.settled and not self.alarmed:
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
        if self.unplaced:
            yield BriefLine(text="Every option waits for what is asked below.")
            return
        most = sorted(waits, key=lambda question: -len(waits[question]))[:_FIRST]
        for question in (each for each in waits if each in most):
            names = _capital(named(self.base, waits[question]))
            yield BriefLine(text=f"{names}: {question}")
        rest = [name for each in waits if each not in most for name in waits[each]]
        if rest:
            text = (
                f"{_capital(named(self.base, rest))}: more than one answer is lacking."
            )
            yield BriefLine(text=text)

    def awaits(self, withheld: WithheldPart) -> str:
        """The first question that an option waits for, and not every option does."""
        asks = {self.base.facts[name].screen for name in withheld.asks}
        order = [each.screen for each in self.asked if each.screen in asks]
        few = len(self.said.withheld) / 2
        own = [each for each in order if self.waiting[each] <= few]
        first = next(iter([*own, *order, *asks]))
        return self.spoken(first) or f"{withheld.asks_for[0]}?"

    @cached_property
    def waiting(self) -> Counter[str]:
        """How many options wait for each question."""
        return Counter(
            screen
            for each in self.said.withheld
            for screen in {self.base.facts[name].screen for name in each.asks}
        )

    def spoken(self, screen: str) -> str:
        """A question in a line."""
        entry = self.base.screens.get(screen)
        return (entry.short or entry.ask) if entry else ""

    def not_here(self) -> Iterator[BriefLine]:
        """What is not offered, by its reason, the worst first."""
        reasons: dict[str, list[str]] = {}
        for each in (*self.said.excluded, *self.said.not_indicated):
            if each.listed:
                reasons.setdefault(self.why_not(each), []).append(each.option)
        for measure in self.said.measures if self.treated else ():
            if measure.verdict == "excluded":
                owner = self.base.measures[measure.measure]
                short = self.short_reason(owner.gate)
                reasons.setdefault(short, []).append(measure.measure)
        said = [
            f"{_capital(named(self.base, names))}: {why}."
            for why, names in reasons.items()
        ]
        away = [each.option for each in self.said.unavailable]
        if away:
            said.append(
                f"{_capital(named(self.base, away))}: not offered by this clinic."
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
        if self.first is not None and self.begun:
            rows = [each for each in self.first.how if self.may_say(self.first, each)]
            if rows:
                yield BriefLine(text=" ".join(each.text for each in rows), drop=_HOW)

    def consent(self) -> Iterator[BriefLine]:
        """What is said and written down before the patient agrees."""
        if self.first is None or not self.treated:
            return
        points = [
            each.text
            for each in self.base.consents(self.first)
            if self.said.holds(each.condition) is not False
        ]
        risks = sorted(self.first.risk, key=lambda each: -each.severity)
        named = [
            each.short
            for each in risks
            if each.short
            and each.severity > 1
            and self.said.holds(each.condition) is not False
        ]
        said = "; ".join(filter(None, [*points, ", ".join(named)]))
        if said:
            instead = "Said and written: see the leaflet."
            text = f"Said and written: {said}."
            yield BriefLine(text=text, drop=_CONSENT, instead=instead)

    def say(self) -> Iterator[BriefLine]:
        """What may be said to the patient, where the situation needs words."""
        if self.said.one_scenario and not self.alarmed:
            [name] = self.said.record.walk.scenarios
            if self.base.scenarios[name].say:
                yield BriefLine(text=self.base.scenarios[name].say, drop=_SAY)

    def after(self) -> Iterator[BriefLine]:
        """What to do afterwards, and what to come back for."""
        if self.first is not None and self.begun:
            steps = [each.short for each in self.steps(self.first) if each.short]
            if steps:
                text = f"{_capital('; '.join(steps))}."
                yield BriefLine(text=text, drop=_AFTERCARE)
        signs = self.signs()
        for soon, lead in _CALLS.items():
            if signs[soon]:
                drop = _SOON if soon == "soon" else 0
                said = f"{self.spared(lead)}: {', '.join(signs[soon])}."
                yield BriefLine(text=said, drop=drop)

    def spared(self, lead: str) -> str:
        """A word of time, which is not of a danger where one may be of today."""
        if any(_today(each.urgency) for each in self.said.alerts):
            return f"For the {self.base.vocabulary.domain}, {lead.lower()}"
        return lead

    def steps(self, option: Option) -> Iterator[Step]:
        """The steps after an option that are known to be for this patient."""
        for each in self.base.steps(option):
            if each.phase in _AFTERWARDS and self.said.holds(each.condition) is True:
                yield each

    def signs(self) -> dict[HowSoon, list[str]]:
        """What to come back for, by how soon: after a treatment, or while watching."""
        found: dict[HowSoon, dict[str, None]] = {each: {} for each in CALLS}
        calls = self.base.calls(self.first) if self.first and self.treated else ()
        for call in calls:
            if call.short and self.said.holds(call.condition) is not False:
                found[call.how_soon][call.short] = None
        for each in self.base.advice if not calls else ():
            if each.short and each.how_soon and self.said.holds(each.condition):
                found[each.how_soon][each.short] = None
        return {soon: [*signs] for soon, signs in found.items()}

    # -- what to ask, and where to read on --

    def ask(self) -> Iterator[BriefLine]:
        """The first questions; none where nothing depends on them."""
        if self.settled:
            return
        for place, question in enumerate(self.asked[:_FIRST]):
            yield BriefLine(
                lead=f"{place + 1}",
                text=self.spoken(question.screen) or question.ask,
                drop=_QUESTION if place else 0,
            )

    def more(self) -> Iterator[BriefLine]:
        """Where to read on."""
        commands = ["--detail short"]
        if self.action == "refer":
            commands = ["letter", "leaflet referred"]
        elif self.action == "needs_information":
            commands = ["ask (question by question)", *commands]
        elif self.first is not None:
            commands += [f"leaflet {self.first.id}"]
            commands += ["grid"] if self.treats else []
        text = "   ".join(commands)
        yield BriefLine(text=text, drop=_MORE, instead=commands[0])


def _line(text: str) -> BriefLine:
    return BriefLine(text=text)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _today(urgency: Urgency) -> bool:
    return URGENCIES.index(urgency) > URGENT
