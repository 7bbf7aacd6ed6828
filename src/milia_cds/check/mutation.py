"""Mutation of the knowledge: who would notice if a rule were a little wrong.

Every mutant is decided: *equivalent*, where diagrams show that no result changes in any
case; *killed*, where a guarantee breaks, a vignette comes out differently, the order is
not the one that is kept, or a text claims more than it says; else it has *survived*,
and a vignette is missing. Needs the extra `testing`, for the vignettes.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import cache, cached_property, partial
from typing import Any, Literal, TypeAlias

import attrs

from milia_cds.case.stated import AnyCase
from milia_cds.check.guarantees import alert_as_said, first_broken
from milia_cds.check.mutants import PARTS, Mutant, MutatedPart, mutants
from milia_cds.check.order import order_of_option, weights_of
from milia_cds.check.slips import unclaimed
from milia_cds.check.space import Space
from milia_cds.decision.all_cases import AllCases
from milia_cds.decision.disposition import Course
from milia_cds.decision.engine import Engine
from milia_cds.decision.record import Record
from milia_cds.errors import ContradictionError
from milia_cds.explanation.answer import Parts
from milia_cds.explanation.reasons import Sayings
from milia_cds.knowledge.model import Knowledge
from milia_cds.logic.conditions import Atom, Condition, atoms, truth
from milia_cds.logic.diagrams import FALSE
from milia_cds.testing.expectations import differences
from milia_cds.testing.vignettes import Vignette

Fate: TypeAlias = Literal["equivalent", "killed", "survived"]
Progress: TypeAlias = Callable[[int, int], None]
"""Called with how many mutants are decided, and of how many."""

LEAST: dict[MutatedPart, float] = {
    "gates": 0.97,
    "triage": 0.97,
    "standings": 0.97,
    "cautions": 0.8,
    "alerts": 0.97,
    "levels": 0.9,
    "claims": 0.9,
}
"""The part of all mutants that are not equivalent that must be killed."""
SEEN = frozenset(
    {
        *("scenarios", "disposition", "first", "order", "ranking_empty", "offered"),
        *("not_offered", "withheld", "excluded", "not_indicated", "unavailable"),
        *("standing", "best_standing", "measures", "cautions", "not_cautioned"),
        "warned",
        *("alerts", "no_alert", "alert_questions"),
    }
)
"""The claims of a vignette that are looked at: those that need no completions.

Of a mutant only the parts that they read are composed.
"""
_CHUNK = 20


@attrs.frozen
class MutantFate:
    """What became of one mutant, and what killed it."""

    part: MutatedPart
    path: str
    what: str
    fate: Fate
    by: str = ""


@attrs.frozen
class PartScore:
    """What became of all mutants of a part of the knowledge."""

    part: MutatedPart
    killed: int
    survived: int
    equivalent: int

    @property
    def value(self) -> float:
        """Killed, of all that are not equivalent."""
        return self.killed / max(1, self.killed + self.survived)

    @property
    def enough(self) -> bool:
        """Whether it is as high as it should be."""
        return self.value >= LEAST[self.part]


@attrs.frozen
class Mutation:
    """What became of every mutant."""

    decided: tuple[MutantFate, ...]

    def scores(self) -> tuple[PartScore, ...]:
        """The score of each part."""
        counts = Counter((each.part, each.fate) for each in self.decided)
        return tuple(
            PartScore(part, *(counts[part, fate] for fate in _FATES)) for part in PARTS
        )

    @property
    def survivors(self) -> tuple[MutantFate, ...]:
        """The mutants that nothing noticed."""
        return tuple(each for each in self.decided if each.fate == "survived")

    @property
    def enough(self) -> bool:
        """Whether every score is as high as it should be."""
        return all(score.enough for score in self.scores())


_FATES: tuple[Fate, ...] = ("killed", "survived", "equivalent")


def mutate(
    base: Knowledge,
    vignettes: Sequence[Vignette],
    *,
    processes: int | None = None,
    progress: Progress = lambda _done, _all: None,
) -> Mutation:
    """Decide every mutant of a knowledge base.

    Parameters
    ----------
    base
        The knowledge base.
    vignettes
        The vignettes that are to notice.
    processes
        How many to use; `None`: one for each core, and 1: this one alone.
    progress
        Called now and then with how many mutants are decided, and of how many.
    """
    count = len(mutants(base))
    chunks = [range(start, count, _step(count)) for start in range(_step(count))]
    if processes == 1:
        trial = Trial(base, vignettes)
        decided = [(chunk, trial.decide(chunk)) for chunk in _told(chunks, progress)]
    else:
        decided = list(_shared(base, vignettes, chunks, processes, progress))
    every = {
        place: each
        for chunk, some in decided
        for place, each in zip(chunk, some, strict=True)
    }
    return Mutation(tuple(every[place] for place in range(count)))


def _step(count: int) -> int:
    return max(1, count // _CHUNK)


def _told(chunks: Sequence[range], progress: Progress) -> Iterator[range]:
    total, done = sum(map(len, chunks)), 0
    for chunk in chunks:
        yield chunk
        done += len(chunk)
        progress(done, total)


def _shared(
    base: Knowledge,
    vignettes: Sequence[Vignette],
    chunks: Sequence[range],
    processes: int | None,
    progress: Progress,
) -> Iterator[tuple[range, list[MutantFate]]]:
    total, done = sum(map(len, chunks)), 0
    workers = processes or os.cpu_count() or 1
    with ProcessPoolExecutor(workers, None, _begin, (base, vignettes)) as pool:
        asked = {pool.submit(_continue, chunk): chunk for chunk in chunks}
        for answer in as_completed(asked):
            chunk = asked[answer]
            yield chunk, answer.result()
            done += len(chunk)
            progress(done, total)


_TRIALS: list[Trial] = []


def _begin(base: Knowledge, vignettes: Sequence[Vignette]) -> None:
    """Make ready what a process needs for all its mutants."""
    _TRIALS[:] = [Trial(base, vignettes)]


def _continue(places: Iterable[int]) -> list[MutantFate]:
    return _TRIALS[0].decide(places)


@attrs.frozen
class _Seat:
    """A vignette, its case, and the decision of the knowledge as it is."""

    vignette: Vignette
    case: AnyCase
    record: Record


class Trial:
    """Everything that decides mutants of one knowledge base.

    Parameters
    ----------
    base
        The knowledge base.
    vignettes
        The vignettes that are to notice; those that come out wrong without any change,
        or claim nothing that is looked at, are left out.
    """

    def __init__(self, base: Knowledge, vignettes: Sequence[Vignette]) -> None:
        self.base = base
        self.mutants = mutants(base)
        self.space = Space(base, more=_tests(self.mutants))
        self.diagrams = self.space.diagrams
        self.results = self.space.results(base)
        self.seats = list(_seats(base, vignettes))
        self.orders = cache(partial(order_of_option, self.results, base))

    def decide(self, places: Iterable[int]) -> list[MutantFate]:
        """What becomes of some mutants, by their places."""
        return [self.fate(self.mutants[place]) for place in places]

    def fate(self, mutant: Mutant) -> MutantFate:
        """What becomes of one mutant."""
        results = self.results_of(mutant)
        fate: Fate = "survived"
        by = ""
        if self.same(mutant, results):
            fate = "equivalent"
        else:
            by = self.breaks(mutant, results) or self.noticed(mutant)
            fate = "killed" if by else "survived"
        return MutantFate(mutant.part, mutant.path, mutant.what, fate, by)

    # -- whether it changes a result --

    def results_of(self, mutant: Mutant) -> AllCases:
        """The results of a mutant; what cannot differ is taken over."""
        results = AllCases(mutant.base, self.diagrams)
        if mutant.base.decisions is self.base.decisions:
            results.__dict__["scenario"] = self.results.scenario
        if mutant.part == "levels":
            results.__dict__["offered"] = self.results.offered
        return results

    def same(self, mutant: Mutant, results: AllCases) -> bool:
        """Whether no result differs in any complete case."""
        if mutant.part in _SAME:
            return _SAME[mutant.part](self, mutant, results)
        if mutant.part == "triage" and mutant.owners:
            return self.disposition(results.rows) == self.disposition(self.results.rows)
        if mutant.owners:
            return all(
                _result(results, mutant.base, name)
                == _result(self.results, self.base, name)
                for name in mutant.owners
            )
        return results.scenario == self.results.scenario

    def said_the_same(self, mutant: Mutant, _: AllCases) -> bool:
        """Whether cautions are said in the same cases as before."""
        return all(self.said_alike(mutant, name) for name in mutant.owners)

    def alerted_the_same(self, mutant: Mutant, _: AllCases) -> bool:
        """Whether an alert is certain in the same cases, and as urgent."""
        if mutant.gone or mutant.after is None or mutant.before is None:
            return False
        (name,) = mutant.owners
        urgency = [base.alerts[name].urgency for base in (self.base, mutant.base)]
        certain = [self.space.of(each) for each in (mutant.before, mutant.after)]
        return urgency[0] == urgency[1] and certain[0] == certain[1]

    def ordered_the_same(self, mutant: Mutant, results: AllCases) -> bool:
        """Whether an option comes to the same place wherever it is offered."""
        if weights_of(self.base) != weights_of(mutant.base):
            return False
        return all(
            self.orders(name) == order_of_option(results, mutant.base, name)
            for name in mutant.owners
        )

    def claimed_the_same(self, mutant: Mutant, _: AllCases) -> bool:
        """Whether a text claims the same: none that no longer says so does."""
        return mutant.placed is None

    def said_alike(self, mutant: Mutant, owner: str) -> bool:
        """Whether a caution is said in the same cases as before."""
        offered = self.offered[owner]
        said = [
            self.diagrams.both(offered, self.space.of(condition))
            for condition in (mutant.before, mutant.after)
        ]
        return said[0] == (FALSE if mutant.gone else said[1])

    def disposition(self, rows: int) -> int:
        """What the rows of actions come to, with the first place as it is."""
        acts = {name: option.act for name, option in self.base.options.items()}

        def action(row: Course, first: frozenset[str]) -> Course:
            if row[0] != "treat":
                return row
            treated = {acts[name] for name in first} == {"treat"}
            return ("treat" if treated else "observe", None, None)

        return (
            rows
            if self.results.first is None
            else self.diagrams.apply(action, rows, self.results.first)
        )

    @cached_property
    def offered(self) -> dict[str, int]:
        """The cases in which each option and measure is offered."""
        every = {**self.results.options, **self.results.measures}
        return {name: self.space.where(_offers, node) for name, node in every.items()}

    # -- who notices --

    def breaks(self, mutant: Mutant, results: AllCases) -> str:
        """Name a guarantee that a mutant breaks, if there is one."""
        if mutant.part == "cautions":
            return ""
        if mutant.part == "claims" and mutant.placed is not None:
            return next((e.kind for e in unclaimed(self.base, mutant.placed)), "")
        if mutant.part == "levels":
            return "order.toml" if self.base.order.scenario else ""
        if mutant.part == "alerts":
            return self.silenced_by(mutant)
        if mutant.owners and mutant.part != "triage":
            broken = (self.broken_by(mutant, results, name) for name in mutant.owners)
            return next(filter(None, broken), "")
        asked = [
            each
            for each in self.base.guarantees
            if each.action is not None or (each.never_when and not mutant.owners)
        ]
        return first_broken(mutant.base, self.space, results, asked)

    def silenced_by(self, mutant: Mutant) -> str:
        """Name a guarantee of an alert that a mutant breaks."""
        (name,) = mutant.owners
        for each in self.base.guarantees:
            if each.alert == name and not (
                name in mutant.base.alerts
                and alert_as_said(mutant.base.alerts[name], each)
                and self.space.within(
                    self.space.of(each.condition),
                    self.space.of(mutant.base.alerts[name].condition),
                )
            ):
                return each.id
        return ""

    def broken_by(self, mutant: Mutant, results: AllCases, name: str) -> str:
        """Name a guarantee that a mutant breaks of one option or measure."""
        node = _result(results, mutant.base, name)
        offered = self.space.where(_offers, node)
        for each in self.base.guarantees:
            if name in (*each.options, *each.measures):
                where = self.space.of(each.condition)
                if self.diagrams.both(where, offered) != FALSE:
                    return each.id
        return ""

    def noticed(self, mutant: Mutant) -> str:
        """Name a vignette that comes out differently, if there is one.

        What a text says that it claims is seen by no vignette.
        """
        if mutant.placed is not None:
            return ""
        said: Sayings | None = None
        for seat in self.seats:
            if not _touched(mutant, seat.record):
                continue
            said = said or Sayings(Engine(mutant.base))
            try:
                record = _decided(said.engine, seat.case)
            except ContradictionError:
                return seat.vignette.id
            if any(_wrong(seat.vignette, record, said)):
                return seat.vignette.id
        return ""


_SAME: Mapping[MutatedPart, Callable[[Trial, Mutant, AllCases], bool]] = {
    "cautions": Trial.said_the_same,
    "alerts": Trial.alerted_the_same,
    "levels": Trial.ordered_the_same,
    "claims": Trial.claimed_the_same,
}
"""Of some parts: whether no result differs."""


def _result(results: AllCases, base: Knowledge, name: str) -> int:
    """The diagram of what an option or a measure comes to."""
    if name in base.measures:
        return results.measure(base.measures[name])
    return results.option(base.options[name])


def _offers(result: Any) -> bool:
    """Whether an option or a measure that comes to this is offered."""
    return (result if isinstance(result, str) else result[0]) == "offered"


def _tests(every: Iterable[Mutant]) -> Iterator[Atom]:
    """The tests that the mutants bring in."""
    for mutant in every:
        if mutant.after is not None:
            yield from atoms(mutant.after)
        for name in mutant.owners if mutant.part == "levels" else ():
            for level in mutant.base.options[name].level:
                for modifier in level.modifier:
                    yield from atoms(modifier.condition)
        for name in mutant.owners if mutant.part == "triage" else ():
            for row in mutant.base.scenarios[name].action:
                if row.condition is not None:
                    yield from atoms(row.condition)


def _seats(base: Knowledge, vignettes: Iterable[Vignette]) -> Iterator[_Seat]:
    said = Sayings(Engine(base))
    for vignette in vignettes:
        case = base.case(vignette.case_data)
        try:
            record = _decided(said.engine, case)
        except ContradictionError:
            continue
        if not any(_wrong(vignette, record, said)):
            yield _Seat(vignette, case, record)


def _decided(engine: Engine, case: AnyCase) -> Record:
    roles = engine.base.vocabulary.roles
    return engine.decide(
        case.values(),
        absent=case.absent(),
        offers=case.value(roles.offers),
        weights=case.value(roles.weights),
    )


def _wrong(vignette: Vignette, record: Record, said: Sayings) -> Iterator[str]:
    return differences(vignette.expect, Parts(said, record), SEEN)


def _touched(mutant: Mutant, record: Record) -> bool:
    """Whether a mutant may make a difference to a case."""
    if mutant.part == "standings":
        name = mutant.path.split(": ")[1].removeprefix("scenario.")
        return name in record.walk.scenarios
    if not mutant.owners:
        return True
    if mutant.part == "triage":
        return not set(mutant.owners).isdisjoint(record.walk.scenarios)
    before = _worth(mutant.before, record)
    if mutant.after is None or mutant.after is mutant.before:
        return before is not False
    return before is not _worth(mutant.after, record)


def _worth(condition: Condition | None, record: Record) -> bool | None:
    return True if condition is None else truth(condition, record.facts)
