"""What a leaflet says of its option: entries, and the lines that stand for them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from functools import cached_property
from operator import itemgetter

from milia_cds.explanation.places import Place, Reason, RiskSaid, StepSaid
from milia_cds.knowledge.leaflets import LeafletLine, LeafletPart
from milia_cds.knowledge.model import Knowledge
from milia_cds.logic.conditions import Condition

_LONG = {
    "before": "Before",
    "immediate": "Straight after",
    "first_two_days": "Two days",
    "first_week": "One week",
    "until_healed": "Until it has healed",
    "ongoing": "",
    "review": "Coming back",
}
"""How long care of each timing lasts, what begins soonest first."""
_SOONEST = (*_LONG,)


class Entries:
    """The entries of one place in the ranking, as its leaflet says them.

    Parameters
    ----------
    place
        The place of the option.
    base
        The knowledge base that gave it.
    dropped
        What goes because the leaflet is too long.
    """

    def __init__(self, place: Place, base: Knowledge, dropped: Collection[str]) -> None:
        self.place = place
        self.base = base
        self.dropped = dropped
        self.option = base.options[place.option]
        own = self.option.leaflet
        self.own_lines = () if own is None else own.line
        self.own_unsaid = () if own is None else own.unsaid

    @property
    def steps(self) -> tuple[StepSaid, ...]:
        """The steps before, during and after it."""
        place = self.place
        return (*place.preparation, *place.anaesthesia, *place.aftercare)

    @property
    def gates(self) -> tuple[Reason, ...]:
        """Its cautions and notes."""
        return (*self.place.cautions, *self.place.notes)

    @cached_property
    def lines(self) -> tuple[LeafletLine, ...]:
        """The lines that stand in the place of several entries of this answer."""
        every: tuple[StepSaid | Reason, ...] = (*self.steps, *self.gates)
        known = {name_of(each) for each in every if not each.if_}
        shared = self.base.leaflets.line
        for_it = [each for each in shared if self.place.option in each.options]
        return tuple(
            each
            for each in (*for_it, *self.own_lines)
            if not known.isdisjoint(each.says)
        )

    @cached_property
    def unsaid(self) -> frozenset[str]:
        """The entries that a line says, or that no leaflet needs to."""
        lines = (name for each in self.lines for name in each.says)
        return frozenset([*self.base.leaflets.unsaid, *self.own_unsaid, *lines])

    def said(self, part: LeafletPart) -> Iterator[LeafletLine]:
        """The lines of a part, those aside that are dropped."""
        for each in self.lines:
            if each.part == part and not (each.spare and "spare" in self.dropped):
                yield each

    def alone(self, steps: Iterable[StepSaid]) -> Iterator[StepSaid]:
        """The steps that stand for themselves."""
        for each in steps:
            if not each.if_ and name_of(each) not in self.unsaid:
                yield each

    def happening(self) -> Iterator[str]:
        """What happens: steps and shared lines in their order, then the own lines."""
        order = [name_of(each) for each in self.steps]
        lines = list(self.said("happens"))
        placed = [
            (min(order.index(name) for name in each.says if name in order), each.plain)
            for each in lines
            if each not in self.own_lines
        ]
        steps = self.alone((*self.place.preparation, *self.place.anaesthesia))
        placed += [(order.index(name_of(each)), each.plain) for each in steps]
        yield from (plain for _, plain in sorted(placed))
        yield from (each.plain for each in lines if each in self.own_lines)

    def care(self) -> list[tuple[str, str]]:
        """What to do afterwards, each after how long; what begins soonest first."""
        by_time = sorted(self._care(), key=itemgetter(0))
        return [(lead, plain) for _, lead, plain in by_time]

    def _care(self) -> Iterator[tuple[int, str, str]]:
        timing = {name_of(each): str(each.timing) for each in self.steps}
        for line in self.said("care"):
            times = [timing[name] for name in line.says if name in timing]
            when = max(times, key=_SOONEST.index, default="ongoing")
            yield _SOONEST.index(when), line.lead or _LONG[when], line.plain
        for step in self.alone(self.place.aftercare):
            when = str(step.timing)
            yield _SOONEST.index(when), _LONG[when], step.plain

    @property
    def risks(self) -> list[RiskSaid]:
        """The risks that it names, the worst first."""
        told = [
            each
            for each in self.place.risks
            if f"risk.{_id(each.rule)}" not in self.unsaid
        ]
        return sorted(told, key=lambda each: -each.severity)

    def for_this_patient(self) -> Iterator[str]:
        """What the cautions and notes say that are known to hold."""
        kinds = {"cautions": self.place.cautions, "notes": self.place.notes}
        for kind, several in kinds.items():
            for each in several if kind not in self.dropped else ():
                if each.plain and not each.if_ and name_of(each) not in self.unsaid:
                    yield each.plain

    def open_conditions(self) -> Iterator[Condition | None]:
        """The conditions of all that may hold, as far as nobody knows."""
        place, option = self.place, self.option
        likelier = (each for risk in place.risks for each in risk.more_likely)
        told: tuple[StepSaid | RiskSaid | Reason, ...]
        told = (*self.steps, *place.cautions, *place.risks, *likelier)
        rules = {each.rule for each in told if each.if_}
        for step in self.base.steps(option):
            if f"step.{step.id}" in rules:
                yield step.condition
        yield from (gate.condition for gate in option.gate if gate.name in rules)
        for risk in option.risk:
            name = f"{option.id}.{risk.id}"
            if name in rules:
                yield risk.condition
            for number, more in enumerate(risk.modifier, 1):
                if f"{name}.{number}" in rules:
                    yield more.condition


def name_of(entry: StepSaid | Reason) -> str:
    """The name by which a line says an entry."""
    if isinstance(entry, StepSaid):
        return entry.rule.removeprefix("step.")
    return f"gate.{_id(entry.rule)}"


def _id(rule: str) -> str:
    """The id of a rule within its option."""
    return rule.partition(".")[2]
