"""What there is to say of a visit: what holds over its cases, then each in brief."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import attrs

from milia_cds.explanation.bands import HOW_SOON
from milia_cds.explanation.outcome import AlertSaid, Outcome
from milia_cds.explanation.places import SetAside
from milia_cds.explanation.short_names import named
from milia_cds.knowledge.dangers import URGENCIES
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.wording import Wording, capital
from milia_cds.render.blocks import (
    AlertBand,
    Banner,
    FirstScreen,
    Labelled,
    Line,
    Part,
    Sheet,
)
from milia_cds.render.phrases import rests_on, series
from milia_cds.render.sheets.screen import alert_bands, screen_of


@attrs.frozen
class Group:
    """A case of a visit: its answer, and what it states.

    Parameters
    ----------
    outcome
        What its assessment says.
    facts
        What is known of it, by the names of the facts.
    """

    outcome: Outcome
    facts: Mapping[str, Any]


def visit_sheet(groups: Sequence[Group], base: Knowledge) -> Sheet:
    """What holds over the cases of a visit, and each of them in brief.

    Parameters
    ----------
    groups
        The cases, in their order.
    base
        The knowledge base that decided them.
    """
    stamp = groups[0].outcome.knowledge
    screens = [screen_of(each.outcome, base, "short") for each in groups]
    words = _Visit(groups, base)
    bands = tuple(alert_bands(words.alerts(), base, "brief"))
    whole = FirstScreen(
        screens[0].notice, bands, (Labelled("visit", map(Line, words.lines())),)
    )
    return Sheet(
        words.worst(),
        Banner(stamp.notice, stamp.certainty),
        tuple(
            Part(capital(words.case(place)), (_alone(each),), folded=False)
            for place, each in enumerate(screens)
        ),
        (f"Knowledge {stamp.version}, {stamp.status}", *rests_on(stamp)),
        whole,
    )


def _alone(screen: FirstScreen) -> FirstScreen:
    """The screen of a case, whose dangers stand before all cases."""
    none: tuple[AlertBand, ...] = ()
    return attrs.evolve(screen, bands=none, notice="")


@attrs.frozen
class _Visit:
    groups: Sequence[Group]
    base: Knowledge

    def alerts(self) -> list[AlertSaid]:
        """The alerts of all cases, each once, the most urgent first."""
        every = (alert for each in self.groups for alert in each.outcome.alerts)
        once = {(each.alert, each.certain): each for each in every}
        return sorted(once.values(), key=lambda each: -URGENCIES.index(each.urgency))

    def lines(self) -> Iterator[str]:
        """How urgent it is, how many there are in all, and what one case forbids."""
        yield self.worst()
        yield from self.totals()
        yield from self.forbids()

    def worst(self) -> str:
        """How urgent the most urgent case is."""
        every = [each.outcome.urgency for each in self.groups]
        soon = max((each for each in every if each), key=URGENCIES.index, default=None)
        counted = f"{len(every)} cases" if len(every) > 1 else "One case"
        if soon is None:
            return f"{counted}, none to be referred."
        which = [self.case(place) for place, each in enumerate(every) if each == soon]
        return f"{counted}. {capital(HOW_SOON[soon])}: {series(which)}."

    def totals(self) -> Iterator[str]:
        """What is counted over a visit, where the number of every case is known."""
        for name, entry in self.base.facts.items():
            if not entry.summed_over:
                continue
            parts = [each.facts[name] for each in self.groups]
            if None not in parts:
                said = Wording(self.base).value(name, sum(parts))
                yield f"In all, {said}."

    def forbids(self) -> Iterator[str]:
        """What one case forbids and another offers."""
        offered = {each.option for g in self.groups for each in g.outcome.ranking}
        for place, each in enumerate(self.groups):
            here = [a for a in each.outcome.excluded if a.option in offered]
            if here:
                said = "; ".join(self.grouped(here))
                yield f"{capital(self.case(place))}, forbids {said}; others do not."

    def grouped(self, aside: Sequence[SetAside]) -> Iterator[str]:
        """Options by why they are forbidden, in few words where there are any."""
        reasons: dict[str, list[str]] = {}
        for each in aside:
            reasons.setdefault(self.reason(each), []).append(each.option)
        for reason, options in reasons.items():
            yield f"{named(self.base, options)}{f' ({reason})' if reason else ''}"

    def reason(self, aside: SetAside) -> str:
        """The first rule that forbids an option, in few words."""
        gates = {gate.name: gate for gate in self.base.options[aside.option].gate}
        rule = aside.because[0].rule if aside.because else ""
        return gates[rule].short if rule in gates else ""

    def case(self, place: int) -> str:
        """A case by its number, and the place that it is of."""
        facts = self.groups[place].facts
        where = [
            self.base.facts[fact].members.get(str(facts[fact]), "").partition(" (")[0]
            for fact in dict.fromkeys(
                self.base.sets[entry.summed_over].fact
                for entry in self.base.facts.values()
                if entry.summed_over
            )
        ]
        said = ", ".join(filter(None, where))
        return f"case {place + 1}, {said}" if said else f"case {place + 1}"
