"""The path of one case in words: what was asked, where it led, what follows.

A decision whose answer was "no" is folded into a list, unless something was met there
that was not known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from milia_cds.explanation.bands import bands
from milia_cds.explanation.outcome import Outcome, TraceStep
from milia_cds.explanation.places import SetAside
from milia_cds.explanation.short_names import named
from milia_cds.explanation.turning import TurningPoint
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.options import Gate
from milia_cds.knowledge.scenarios import Branch, Decision
from milia_cds.knowledge.wording import Wording, capital
from milia_cds.logic.conditions import Atom, Condition, Not, OneOf
from milia_cds.render.lines import wrapped
from milia_cds.render.phrases import fact_of, spaced


class PathStep(NamedTuple):
    """A decision on the way.

    Parameters
    ----------
    question, answer
        In a few words; of one that is folded the answer is what it denies.
    known
        Whether it was answered.
    folded
        Whether its answer was no.
    assumed
        Whether it rests on what was screened for.
    """

    question: str
    answer: str
    known: bool
    folded: bool
    assumed: bool


class Group(NamedTuple):
    """Options of one standing: the heading, and a line for each, or lines of names."""

    heading: str
    lines: tuple[str, ...]
    ink: str
    listed: bool


class PathWords:
    """Says the path of a case.

    Parameters
    ----------
    outcome
        What an assessment says; its trace is the walk.
    base
        The knowledge base that gave it.
    turning
        What would change the first place.
    """

    def __init__(
        self, outcome: Outcome, base: Knowledge, turning: Sequence[TurningPoint] = ()
    ) -> None:
        self.outcome = outcome
        self.base = base
        self.turning = turning
        self.words = Wording(base)
        self.assumed = {e.fact for e in outcome.assumptions if e.by == "screening"}
        self.gates = {gate.name: gate for gate in base.gates()}
        self.steps = tuple(self._steps())
        self.folded = tuple(each for each in self.steps if each.folded)
        self.asked = tuple(each for each in self.steps if not each.folded)

    # -- the walk --

    def _steps(self) -> Iterator[PathStep]:
        walked: dict[str, list[TraceStep]] = {}
        for each in self.outcome.trace:
            kind, _, name = each.node.partition(".")
            if kind == "decision":
                walked.setdefault(name.rpartition(".")[0], []).append(each)
        for name, traced in walked.items():
            yield self._step(self.base.decisions[name], traced)

    def _step(self, decision: Decision, traced: Sequence[TraceStep]) -> PathStep:
        taken = [at for at, each in enumerate(traced) if each.truth is not False]
        question = capital(decision.short or decision.ask)
        assumed = any(self.assumed.intersection(each.facts) for each in traced)
        if len(taken) != 1 or traced[taken[0]].truth is None:
            answers = " or ".join(self.answer(decision.branch[at]) for at in taken)
            return PathStep(question, answers, known=False, folded=False, assumed=False)
        branch = decision.branch[taken[0]]
        last = taken[0] == len(traced) - 1
        denies = decision.denies or self.denied(decision)
        if last and denies:
            return PathStep(question, denies, known=True, folded=True, assumed=assumed)
        answer = f"{self.answer(branch)}{self.value(traced[taken[0]], branch)}"
        return PathStep(question, answer, known=True, folded=False, assumed=assumed)

    def denied(self, decision: Decision) -> str:
        """What a question without a short form denies, where it is a yes or no."""
        if decision.short or len(decision.branch) != len(("yes", "no")):
            return ""
        yes, no = decision.branch
        return self.answer(yes) if no.otherwise or _denies(no.condition) else ""

    def answer(self, branch: Branch) -> str:
        """The answer of a branch, in a few words."""
        if branch.short:
            return branch.short
        return (
            "otherwise" if branch.otherwise else self.words.condition(branch.condition)
        )

    def value(self, step: TraceStep, branch: Branch) -> str:
        """The one fact that an answer rests on, where it says more than the answer."""
        if len(step.facts) != 1 or not branch.short or _exact(branch.condition):
            return ""
        [(name, value)] = step.facts.items()
        if value is None or isinstance(value, bool | list):
            return ""
        said = self.member(name, value) if isinstance(value, str) else f"{value:g}"
        return "" if said in branch.short else f" ({said})"

    def member(self, name: str, value: str) -> str:
        """The label of a member without what stands in brackets."""
        label = self.base.facts[name].members.get(value, value)
        return label.partition(" (")[0]

    @property
    def heading(self) -> str:
        """What was folded, in a line."""
        return f"Answered no: {len(self.folded)}, folded"

    @property
    def screened(self) -> str:
        """How many of the folded rest on what was screened for."""
        count = sum(each.assumed for each in self.folded)
        return f"{count} rest{'s' * (count == 1)} on what was screened" if count else ""

    # -- what follows --

    @property
    def situations(self) -> tuple[str, ...]:
        """The situations that are still possible."""
        every = (self.base.scenarios[name] for name in self.outcome.scenarios)
        return tuple(capital(each.short or each.label) for each in every)

    def groups(self) -> Iterator[Group]:
        """The options by standing, those that are offered first."""
        offered: dict[str, list[str]] = {}
        for place in self.outcome.ranking:
            name = named(self.base, [place.option])
            offered.setdefault(place.standing, []).append(f"{place.rank} {name}")
        for standing in ("first_line", "reasonable"):
            if standing in offered:
                lines = tuple(offered[standing])
                yield Group(capital(spaced(standing)), lines, "", listed=True)
        rare = [p.option for p in self.outcome.ranking if p.standing == "limited"]
        if rare:
            heading = f"Rarely needed: {_options(rare)}"
            yield Group(heading, (named(self.base, rare),), "quiet", listed=False)
        yield from self.not_offered()

    def not_offered(self) -> Iterator[Group]:
        """The other options, by what became of them."""
        said = self.outcome
        if said.withheld:
            names = named(self.base, [each.option for each in said.withheld])
            heading = f"Withheld for now: {_options(said.withheld)}"
            yield Group(heading, (names,), "open", listed=False)
        if said.excluded:
            heading = f"Forbidden here: {_options(said.excluded)}"
            yield Group(heading, tuple(self.forbidden()), "bad", listed=False)
        if said.not_indicated:
            names = named(self.base, [each.option for each in said.not_indicated])
            heading = f"No use here: {_options(said.not_indicated)}"
            yield Group(heading, (names,), "quiet", listed=False)
        if said.unavailable:
            names = named(self.base, [each.option for each in said.unavailable])
            heading = f"Not offered by this clinic: {_options(said.unavailable)}"
            yield Group(heading, (names,), "quiet", listed=False)

    def forbidden(self) -> Iterator[str]:
        """The options that are forbidden, those of one reason together."""
        reasons: dict[str, list[str]] = {}
        for each in self.outcome.excluded:
            reasons.setdefault(self.reason(each), []).append(each.option)
        for reason, options in reasons.items():
            names = named(self.base, options)
            yield f"{names}: {reason}" if reason else names

    def reason(self, aside: SetAside) -> str:
        """Why an option is forbidden, in a few words; empty where there are none."""
        gates: Iterable[Gate] = (
            self.gates[each.rule] for each in aside.because if each.rule in self.gates
        )
        return next((each.short for each in gates if each.short), "")

    @property
    def change(self) -> str:
        """What would change the first place, or what is still to ask."""
        if self.turning:
            return f"What would change the first place: {_row(self.turning)}."
        if self.outcome.questions:
            return f"To ask next: {self.outcome.questions[0].ask}"
        return ""

    def alerts(self) -> Iterator[tuple[bool, str, str]]:
        """The dangers: whether each is certain, its word, and what it says."""
        for band in bands(self.outcome.alerts):
            line = band.line(lambda name, value: fact_of(name, value, self.base))
            yield band.certain, band.mark, line

    # -- all of it in words --

    def text(self) -> str:
        """The same in words, complete."""
        return "\n".join(line for each in self._said() for line in each)

    def _said(self) -> Iterator[list[str]]:
        for _, word, line in self.alerts():
            yield wrapped(f"{word} {line}", "! ", "  ")
        if self.folded:
            names = ", ".join(each.answer for each in self.folded)
            more = f"; {self.screened}" if self.screened else ""
            yield wrapped(f"{self.heading}: {names}{more}.")
        for each in self.asked:
            known = "" if each.known else "not known: "
            yield wrapped(f"{each.question}: {known}{each.answer}", "- ", "  ")
        lead = "Situation" if len(self.situations) == 1 else "Situations still possible"
        yield wrapped(f"{lead}: {'; '.join(self.situations)}.")
        yield wrapped(f"What follows: {self.outcome.disposition.headline.rstrip('.')}.")
        for group in self.groups():
            yield wrapped(f"{group.heading}: {'; '.join(group.lines)}.", "", "  ")
        if self.change:
            yield wrapped(self.change)


def _options(some: Sequence[object]) -> str:
    """How many options there are, of which one name may stand for several."""
    return "1 option" if len(some) == 1 else f"{len(some)} options"


def _denies(condition: Condition) -> bool:
    return isinstance(condition, Not)


def _exact(condition: Condition) -> bool:
    """Whether a condition leaves a choice one member only."""
    match condition:
        case Atom(_, OneOf(members)):
            return len(members) == 1
    return False


def _row(points: Sequence[TurningPoint]) -> str:
    return ", ".join(each.text for each in points)
