"""What z3 is asked: guarantees, decisions and laws, each for every case at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from itertools import combinations
from typing import Any

import attrs
import z3

from milia_cds.check.second_opinion.complete import Complete
from milia_cds.check.second_opinion.formulas import Formula, Formulas
from milia_cds.check.second_opinion.partial import Partial
from milia_cds.errors import MiliaError, UnknownNameError
from milia_cds.knowledge.dangers import URGENCIES
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.options import STANDINGS
from milia_cds.knowledge.promises import Guarantee
from milia_cds.logic.conditions import Condition
from milia_cds.logic.facts import Value

_SECONDS = 60.0
_RANKS = range(1, len(STANDINGS))


class UndecidedError(MiliaError):
    """z3 gave up on a question."""


@attrs.frozen
class Broken:
    """What does not hold, and a case in which it does not.

    Parameters
    ----------
    claim
        What was to be proved.
    facts
        The known facts of the case, by name.
    """

    claim: str
    facts: dict[str, Value] = attrs.field(hash=False)


class SecondOpinion:
    """What z3 says of a knowledge base, for every case at once.

    Parameters
    ----------
    base
        The knowledge base.
    seconds
        How long z3 may think about one question.
    """

    def __init__(self, base: Knowledge, *, seconds: float = _SECONDS) -> None:
        self.base = base
        self.complete = Complete(base)
        self._solver = z3.Solver()
        self._solver.set("timeout", int(1000 * seconds))
        self._solver.add(self.complete.formulas.domain())

    @cached_property
    def partial(self) -> Partial:
        """The decision where facts are unknown."""
        return Partial(self.base)

    @cached_property
    def forgetful(self) -> Partial:
        """The same decision, where the same facts or fewer are known."""
        return Partial(self.base, "remembered")

    # -- guarantees --

    def broken(self, guarantee: Guarantee | str) -> dict[str, Value] | None:
        """The facts of a case that breaks a guarantee, or `None`: it is proved.

        Complete cases are tried first, then those in which facts are unknown; of both,
        those without a contradiction before all others. Where facts are unknown an
        action is `treat_cause` or `refer`, which no order can change; and what gates do
        to an option follows from the completions.

        Parameters
        ----------
        guarantee
            One of the knowledge base, or its id.

        Raises
        ------
        UndecidedError
            When z3 does not find out in time.
        UnknownNameError
            When there is no guarantee with this id.
        """
        wanted = self._guarantee(guarantee)
        violated = self.complete.violated(wanted)
        model = self._model(violated, self._consistent) or self._model(violated)
        if model is not None:
            return self.complete.formulas.read(model)
        if wanted.gentler or wanted.action in {"treat", "observe"}:
            return None
        violated = self.partial.violated(wanted)
        model = self._model(violated, self._perhaps_consistent)
        model = model or self._model(violated)
        if model is None:
            return None
        return self.partial.formulas.read(model, complete=False)

    def idle(self, guarantee: Guarantee) -> Iterator[tuple[int, str]]:
        """The exceptions of a guarantee that an option does not need, by number."""
        for number, each in enumerate(guarantee.except_):
            others = (*guarantee.except_[:number], *guarantee.except_[number + 1 :])
            for name in each.options:
                fewer = tuple(one for one in each.options if one != name)
                kept = (*others, attrs.evolve(each, options=fewer))
                without = attrs.evolve(guarantee, except_=kept)
                if self._model(self.complete.less_bound(without, name)) is None:
                    yield number, name

    def _guarantee(self, guarantee: Guarantee | str) -> Guarantee:
        if isinstance(guarantee, Guarantee):
            return guarantee
        known = {each.id: each for each in self.base.guarantees}
        if guarantee not in known:
            raise UnknownNameError("guarantee", guarantee, known)
        return known[guarantee]

    # -- decisions --

    def undecided(self) -> Iterator[Broken]:
        """Every overlap and gap of the decisions, each with a complete case."""
        formulas = self.complete.formulas
        for name, decision in self.base.decisions.items():
            here = self.complete.reached(name)
            ways = [formulas.of(branch.condition) for branch in decision.branch]
            for (i, one), (j, other) in combinations(enumerate(ways), 2):
                claim = f"{name}: branches {i + 1} and {j + 1} exclude each other"
                yield from self._refuted(claim, here, one, other)
            claim = f"{name}: a branch is true"
            yield from self._refuted(claim, here, z3.Not(z3.Or(ways)))

    def _refuted(self, claim: str, *formulas: Formula) -> Iterator[Broken]:
        model = self._model(*formulas)
        if model is not None:
            yield Broken(claim, self.complete.formulas.read(model))

    # -- laws --

    def unlawful(self) -> Iterator[Broken]:
        """Every law of the engine that some case breaks.

        Of every option and measure: what is offered, excluded or not indicated is so
        in every completion; the standing is never better than in a completion; and
        forgetting never helps. And of every way out: denied, it makes nothing better
        than stated.
        """
        yield from self._ways_out()
        for name in (*self.base.options, *self.base.measures):
            for claim, formula in self._laws(name):
                facts = self._facts(self.partial.formulas, formula)
                if facts is not None:
                    yield Broken(f"{name}: {claim}", facts)

    def _ways_out(self) -> Iterator[Broken]:
        """Every case that a way out makes better where it is denied."""
        for name, entry in self.base.facts.items():
            for said, helps in self._kept_by(name) if entry.way_out else ():
                claim = f"{name}: denied, it never helps: {said}"
                yield from self._refuted(claim, helps)

    def _kept_by(self, fact: str) -> Iterator[tuple[str, Formula]]:
        """What would be better with a fact denied than with it stated, by name."""
        complete = self.complete

        def gained(good: Formula) -> Formula:
            return z3.And(
                self._where(good, fact, value=False),
                z3.Not(self._where(good, fact, value=True)),
            )

        for name in (*self.base.options, *self.base.measures):
            yield f"{name} is offered", gained(complete.offered(name))
        for name, option in self.base.options.items():
            for rank in _RANKS:
                good = z3.And(complete.offered(name), complete.stands_at(option, rank))
                yield f"{name} at {STANDINGS[rank]}", gained(good)
        for urgency in URGENCIES:
            good = z3.Not(complete.refers(urgency))
            yield f"no referral as {urgency}", gained(good)
        for name, alert in self.base.alerts.items():
            good = z3.Not(complete.formulas.of(alert.condition))
            yield f"no alert {name}", gained(good)

    def _where(self, formula: Formula, fact: str, *, value: bool) -> Formula:
        """A formula for the cases in which a yes/no fact has this value."""
        known = self.complete.formulas.facts[fact]
        return z3.substitute(formula, (known, z3.BoolVal(value)))

    def _laws(self, name: str) -> Iterator[tuple[str, Formula]]:
        partial, complete = self.partial, self.complete
        yield (
            "with every fact known, both readings are the same",
            z3.And(
                *partial.formulas.known.values(),
                partial.offered(name) != complete.offered(name),
            ),
        )
        yield (
            "offered is offered in every completion",
            z3.And(partial.offered(name), z3.Not(complete.offered(name))),
        )
        yield (
            "excluded is excluded in every completion",
            z3.And(partial.excluded(name), z3.Not(complete.excluded(name))),
        )
        yield (
            "forgetting never leads to offered",
            z3.And(
                self._forgotten,
                self.forgetful.offered(name),
                z3.Not(partial.offered(name)),
            ),
        )
        if name in self.base.options:
            yield from self._laws_of_standing(name)

    def _laws_of_standing(self, name: str) -> Iterator[tuple[str, Formula]]:
        partial, complete = self.partial, self.complete
        yield (
            "not indicated is never offered in a completion",
            z3.And(partial.not_indicated(name), complete.offered(name)),
        )
        yield (
            "the standing is never better than in a completion",
            z3.Or(
                [
                    z3.And(
                        partial.worst(name, rank),
                        z3.Not(complete.stands_at(self.base.options[name], rank)),
                    )
                    for rank in _RANKS
                ]
            ),
        )
        yield (
            "forgetting never raises the standing",
            z3.And(
                self._forgotten,
                z3.Or(
                    [
                        z3.And(
                            self.forgetful.worst(name, rank),
                            z3.Not(partial.worst(name, rank)),
                        )
                        for rank in _RANKS
                    ]
                ),
            ),
        )

    @cached_property
    def _forgotten(self) -> Formula:
        """What is remembered is known."""
        fewer, more = self.forgetful.formulas.known, self.partial.formulas.known
        return z3.And([z3.Implies(fewer[name], more[name]) for name in more])

    @cached_property
    def _consistent(self) -> Formula:
        """No facts contradict one another."""
        return self._none(self.complete.formulas.of)

    @cached_property
    def _perhaps_consistent(self) -> Formula:
        """No facts that are known contradict one another."""
        return self._none(lambda when: self.partial.formulas.threefold(when).true)

    def _none(self, formula: Callable[[Condition], Formula]) -> Formula:
        errors = [
            formula(each.condition)
            for each in self.base.contradictions
            if each.level == "error"
        ]
        return z3.Not(z3.Or(errors))

    # -- asking --

    def _facts(self, formulas: Formulas, *asked: Formula) -> dict[str, Value] | None:
        model = self._model(*asked)
        return None if model is None else formulas.read(model, complete=False)

    def _model(self, *formulas: Formula) -> Any:
        """A case in which all formulas hold, or `None`: there is none."""
        self._solver.push()
        try:
            self._solver.add(*formulas)
            answer = self._solver.check()
            if answer == z3.unsat:
                return None
            if answer != z3.sat:
                message = f"z3 gave up: {self._solver.reason_unknown()}"
                raise UndecidedError(message)
            return self._solver.model()
        finally:
            self._solver.pop()
