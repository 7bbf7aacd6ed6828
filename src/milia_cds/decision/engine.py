"""The engine: the facts of a case in, the record of a decision out.

Pure and deterministic: no clock, no files, no clinical word. A knowledge base is
compiled once; a case is then evaluated by the plan, walk, verdicts and ranked. The plan
holds only what can change a decision; what is said about it is evaluated when it is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import reduce
from operator import or_
from typing import Any

from milia_cds.decision.alerts import PlannedAlert, Raised, raised
from milia_cds.decision.disposition import (
    Course,
    DispositionDecision,
    PlannedRow,
    also_true,
    course_of,
    possible_rows,
    settle,
)
from milia_cds.decision.ranking import BEST_LEVEL, RankedOption, Scales, rank, score
from milia_cds.decision.record import Record
from milia_cds.decision.resolved import Resolving
from milia_cds.decision.verdicts import NOT_RECOMMENDED, Rules, Verdict, judge
from milia_cds.decision.walk import Triage, WalkResult
from milia_cds.errors import (
    CaseError,
    ContradictionError,
    Problem,
)
from milia_cds.knowledge.dangers import Alert
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.options import Gate, Modifier
from milia_cds.knowledge.scenarios import ActionRow, Branch
from milia_cds.knowledge.words import LEVELS, Contradiction, Level, Settled
from milia_cds.logic.facts import Value
from milia_cds.logic.memory import one_of_each
from milia_cds.logic.plan import Plan

_DECIDING = (Contradiction, Branch, ActionRow, Modifier, Alert)
_DECIDING_GATES = frozenset({"forbid", "lower"})
_INDICATED = (NOT_RECOMMENDED + 1,)
"""The rank of a measure, which no scenario gives."""


class Engine:
    """A knowledge base, compiled."""

    def __init__(self, base: Knowledge) -> None:
        self.base = base
        self.names = tuple(base.kinds)
        self.place = {name: place for place, name in enumerate(self.names)}
        decide = [each.entry.condition for each in base.entries if _decides(each.entry)]
        signs = [each.signs for each in base.alerts.values()]
        self.plan = Plan(base.kinds, (*decide, *signs))
        bits = self.plan.bit
        self.resolving = Resolving(base)
        self.alerts = PlannedAlert.of(base, bits)
        self._alerting = reduce(or_, (each.condition for each in self.alerts), 0)
        self.contradictions = {
            level: [
                (bits[each.condition], each)
                for each in base.contradictions
                if each.level == level
            ]
            for level in LEVELS
        }
        self._contradictory = {
            level: reduce(or_, (bit for bit, _ in each), 0)
            for level, each in self.contradictions.items()
        }
        self.triage = Triage(base, bits)
        self.rules = {owner.id: Rules.of(owner.gate, bits) for owner in base.gated()}
        self.rules_of_options = [(name, self.rules[name]) for name in base.options]
        self.rules_of_measures = [(name, self.rules[name]) for name in base.measures]
        self.plain = {
            name: {
                option: judge(
                    option, rules, [each.ranks[option]], (0, 0), available=True
                )
                for option, rules in self.rules_of_options
            }
            for name, each in base.scenarios.items()
        }
        self.plain_measures = {
            name: judge(name, rules, _INDICATED, (0, 0), available=True)
            for name, rules in self.rules_of_measures
        }
        self.actions = {
            name: PlannedRow.of(name, each.action, bits)
            for name, each in base.scenarios.items()
        }
        self.scales = {
            name: Scales.of(option, bits) for name, option in base.options.items()
        }
        self._default_weights = {
            name: criterion.weight for name, criterion in base.criteria.items()
        }
        self._own = {name for name, criterion in base.criteria.items() if criterion.own}
        self.plain_points = {
            name: scales.points(self._default_weights, 0, 0)
            for name, scales in self.scales.items()
        }

    def decide(
        self,
        stated: Sequence[Value | None],
        *,
        absent: Sequence[Value | None] = (),
        offers: Collection[str] | None = None,
        weights: Mapping[Any, int] | None = None,
        visit: Mapping[str, Value | None] | None = None,
    ) -> Record:
        """Decide one case.

        Parameters
        ----------
        stated
            The stated value of every fact, in the order of the vocabulary.
        absent
            The value that each fact has where it is not stated, because the clinician
            has screened for it; `None`, or nothing at all, where nobody has. What would
            contradict a stated fact stays unknown.
        offers
            The options that the clinic offers; `None` is everything.
        weights
            The weights that replace the defaults.
        visit
            What the other cases of a visit say of this one, by the name of the fact.

        Raises
        ------
        CaseError
            When every weight is 0.
        ContradictionError
            When stated facts cannot be true together.
        """
        chosen = self._weights(weights)
        own = weights is not None and not self._own.isdisjoint(weights)
        values, settled, (true, unknown) = self._resolved(stated, absent, visit or {})
        walk = self.triage.walk(values, true, unknown)
        verdicts = self._verdicts(walk.scenarios, (true, unknown), offers)
        points = self._points(verdicts, chosen, true, unknown)
        ranking = rank(
            [
                (judged, score(judged.worst, least, own=own), invasiveness)
                for judged, least, invasiveness in points
            ],
            BEST_LEVEL * sum(chosen.values()),
        )
        return Record(
            names=self.names,
            stated=stated,
            values=values,
            settled=settled,
            visit=visit or {},
            true=true,
            unknown=unknown,
            weights=chosen,
            offers=None if offers is None else frozenset(offers),
            own=own,
            alerts=self._alerts(true, unknown),
            walk=walk,
            verdicts=verdicts,
            measures=self._measures((true, unknown)),
            ranking=ranking,
            disposition=self._disposition(walk, verdicts, ranking, (true, unknown)),
            warnings=tuple(self._contradicting(stated, true, "warning")),
        )

    # -- the facts --

    def _weights(self, given: Mapping[Any, int] | None) -> Mapping[str, int]:
        if given is None:
            return self._default_weights
        chosen = {**self._default_weights, **given}
        if not any(chosen.values()):
            raise CaseError([weightless(self.base)])
        return chosen

    def _resolved(
        self,
        stated: Sequence[Value | None],
        absent: Sequence[Value | None],
        visit: Mapping[str, Value | None],
    ) -> tuple[Sequence[Value | None], Mapping[str, Settled], tuple[int, int]]:
        """The case that is decided on.

        First what is stated, then the ways out, then what stated facts settle, then
        what was screened for, but nothing of that which contradicts a stated fact.
        """
        sure, settled = self.resolving.resolve(stated)
        for name, value in visit.items():
            sure[self.place[name]] = value
        values = sure
        if absent:
            pairs = zip(sure, absent, strict=True)
            values = [absence if fact is None else fact for fact, absence in pairs]
        bits = self.plan.evaluate(values)
        while undone := self._undone(sure, values, bits):
            for place in undone:
                values[place] = None
            bits = self.plan.evaluate(values)
        wrong = self._contradicting(stated, bits[0], "error")
        if wrong:
            raise ContradictionError(map(contradictory, wrong))
        return values, settled, bits

    def _undone(
        self,
        sure: Sequence[Value | None],
        values: Sequence[Value | None],
        bits: tuple[int, int],
    ) -> set[int]:
        """The places of what was screened for and may contradict what is sure."""
        either = (bits[0] | bits[1]) & self._contradictory["error"]
        if not either:
            return set()
        return {
            place
            for bit, each in self.contradictions["error"]
            if either & bit
            and all(values[self.place[fact]] is not None for fact in each.facts)
            for place in map(self.place.__getitem__, each.facts)
            if sure[place] is None
        }

    def _contradicting(
        self, stated: Sequence[Value | None], true: int, level: Level
    ) -> list[Contradiction]:
        if not true & self._contradictory[level]:
            return []
        return [
            each
            for bit, each in self.contradictions[level]
            if true & bit
            and all(stated[self.place[fact]] is not None for fact in each.stated)
        ]

    # -- the decision --

    def _verdicts(
        self,
        scenarios: Sequence[str],
        bits: tuple[int, int],
        offers: Collection[str] | None,
    ) -> dict[str, Verdict]:
        ranks = [self.base.scenarios[name].ranks for name in scenarios]
        verdicts: dict[str, Verdict] = {}
        touched = self.rules_of_options
        if len(ranks) == 1 and offers is None:
            either = bits[0] | bits[1]
            verdicts = self.plain[scenarios[0]].copy()
            touched = [each for each in touched if either & each[1].deciding]
        for option, rules in touched:
            verdicts[option] = judge(
                option,
                rules,
                [each[option] for each in ranks],
                bits,
                available=offers is None or option in offers,
            )
        return verdicts

    def _points(
        self,
        verdicts: Mapping[str, Verdict],
        weights: Mapping[str, int],
        true: int,
        unknown: int,
    ) -> Iterator[tuple[Verdict, int, int]]:
        """The verdict, the least points and the invasiveness of each offered option."""
        either = true | unknown
        for name, each in verdicts.items():
            if each.verdict != "offered":
                continue
            scales = self.scales[name]
            if weights is self._default_weights and not either & scales.modified:
                points = self.plain_points[name]
            else:
                points = scales.points(weights, true, unknown)
            yield each, points, scales.invasiveness

    def _measures(self, bits: tuple[int, int]) -> dict[str, Verdict]:
        either = bits[0] | bits[1]
        verdicts = self.plain_measures.copy()
        for measure, rules in self.rules_of_measures:
            if either & rules.deciding:
                verdicts[measure] = judge(
                    measure, rules, _INDICATED, bits, available=True
                )
        return verdicts

    def _alerts(self, true: int, unknown: int) -> tuple[Raised, ...]:
        if not (true | unknown) & self._alerting:
            return ()
        return raised(self.alerts, true, unknown)

    def disposition(
        self, record: Record, courses: Collection[Course] | None = None
    ) -> DispositionDecision:
        """Settle on an action again, for the scenarios and ranking of a record.

        Parameters
        ----------
        record
            The record.
        courses
            The actions, with where to and how soon, that some completion has; `None`:
            those of all rows that may hold.
        """
        bits = record.true, record.unknown
        walk, ranking = record.walk, record.ranking
        return self._disposition(walk, record.verdicts, ranking, bits, courses)

    def way_outs_of(self, record: Record) -> Iterator[str]:
        """The ways out that nobody has stated in the case of a record."""
        for place in self.resolving.way_outs:
            if record.stated[place] is None:
                yield self.names[place]

    def changes(self, record: Record, way_out: str) -> bool:
        """Whether stating a way out would change the disposition or what is offered.

        Parameters
        ----------
        record
            The decision on a case that does not state it.
        way_out
            The name of the fact.
        """
        stated = self.redecided(record, {way_out: True})
        denied = self.redecided(record, {way_out: False})
        if stated is None or denied is None:
            return False
        return _comes_to(stated) != _comes_to(denied)

    def redecided(self, record: Record, facts: Mapping[str, Value]) -> Record | None:
        """The decision on the case of a record, with some other facts.

        `None` where they contradict the others.

        Parameters
        ----------
        record
            The record; what was filled counts as stated.
        facts
            The values that differ, by the name of the fact.
        """
        values = list(record.values)
        for name, value in facts.items():
            values[self.place[name]] = value
        weights = {
            name: weight
            for name, weight in record.weights.items()
            if record.own or name not in self._own
        }
        try:
            return self.decide(values, offers=record.offers, weights=weights)
        except ContradictionError:
            return None

    def _disposition(
        self,
        walk: WalkResult,
        verdicts: Mapping[str, Verdict],
        ranking: Sequence[RankedOption],
        bits: tuple[int, int],
        courses: Collection[Course] | None = None,
    ) -> DispositionDecision:
        rows = [
            each
            for name in walk.scenarios
            for each in possible_rows(self.actions[name], *bits)
            if courses is None or course_of(each.row.record) in courses
        ]
        acts = frozenset(self.base.options[name].act for name in first_place(ranking))
        open_ = not acts and any(e.verdict == "withheld" for e in verdicts.values())
        settled = settle(rows, acts, open_=open_)
        if settled.action != "refer":
            return settled
        also = {
            row.record.to or "": row
            for name in reversed(walk.scenarios)
            for row in reversed([*also_true(self.actions[name], settled, bits[0])])
        }
        seen_to = [
            name
            for name in also
            if settled.to in self.base.destinations[name].covered_by
        ]
        for name in seen_to:
            del also[name]
        return settled._replace(also=tuple(reversed(also.values())))


def _decides(entry: Any) -> bool:
    """Whether an entry has a condition that can change a decision."""
    decides = (
        entry.kind in _DECIDING_GATES
        if isinstance(entry, Gate)
        else isinstance(entry, _DECIDING)
    )
    return decides and entry.condition is not None


def _comes_to(record: Record) -> object:
    """What is done and offered."""
    settled = record.disposition
    return settled.action, settled.to, settled.urgency, record.offered


def first_place(ranking: Sequence[RankedOption]) -> tuple[str, ...]:
    """The options that are tied at the top."""
    return tuple([place.option for place in ranking if place.rank == 1])


def weightless(base: Knowledge) -> Problem:
    """What is wrong where every weight is 0."""
    message = "every weight is 0, so nothing can be told apart"
    mend = "give at least one criterion a weight from 1 to 10"
    return Problem(base.vocabulary.roles.weights, message, mend)


def contradictory(each: Contradiction) -> Problem:
    """What is wrong where stated facts cannot be true together."""
    mend = "correct one of them, or give null where it is not known"
    return Problem(" and ".join(each.facts), each.text.rstrip("."), mend)


@one_of_each(8)
def compiled(base: Knowledge) -> Engine:
    """The engine of a knowledge base, compiled on first use."""
    return Engine(base)
