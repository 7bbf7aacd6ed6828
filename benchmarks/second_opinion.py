"""`python -m benchmarks.second_opinion`: compare z3 with the engine, case by case.

It compares every condition, the possible scenarios, every verdict and standing on cases
near real patients and on the boundary cases of every condition, and times the proofs.
"""

from __future__ import annotations

import argparse
import math
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

import z3
from hypothesis import HealthCheck, Phase, given, settings

from milia_cds.assessment.base import load_knowledge
from milia_cds.case.case import Case
from milia_cds.check.second_opinion import Evaluation, PartialDecision, SecondOpinion
from milia_cds.check.second_opinion.formulas import Formulas
from milia_cds.decision.engine import compiled
from milia_cds.decision.record import Record
from milia_cds.errors import ContradictionError
from milia_cds.knowledge.model import Knowledge
from milia_cds.logic.conditions import (
    Atom,
    Compare,
    Holds,
    OneOf,
    Truth,
    Yes,
    atoms,
    truth,
)
from milia_cds.logic.facts import Choice, Number, Value
from milia_cds.testing import near_patients

Facts: TypeAlias = Mapping[str, Value | None]

CASES = 20_000
_EVERY = 1_000


class Comparison:
    """The engine and z3, side by side on the same cases."""

    def __init__(self, base: Knowledge) -> None:
        self.base = base
        self.engine = compiled(base)
        self.other = Evaluation(base)
        self.compared = 0

    def of_case(self, case: Case) -> list[str]:
        """Every point on which the two disagree about a case."""
        return self._differences(
            self.engine.decide(case.values(), absent=case.absent())
        )

    def of_facts(self, facts: Facts) -> list[str]:
        """The same for facts; of those that contradict, the conditions alone."""
        values = [facts.get(name) for name in self.engine.names]
        try:
            return self._differences(self.engine.decide(values))
        except ContradictionError:
            self.compared += 1
            truths = self._truths(facts, *self.engine.plan.evaluate(values))
            return _unlike({"truths": truths}, self.other.decide(facts))

    def _differences(self, record: Record) -> list[str]:
        self.compared += 1
        ours = {
            "truths": self._truths(record.facts, record.true, record.unknown),
            "scenarios": record.walk.scenarios,
            "verdicts": {
                name: each.verdict
                for name, each in {**record.verdicts, **record.measures}.items()
            },
            "standings": {
                name: (each.worst, each.best) for name, each in record.verdicts.items()
            },
        }
        return _unlike(ours, self.other.decide(record.facts))

    def _truths(self, facts: Facts, true: int, unknown: int) -> dict[str, Truth]:
        """The truth of every condition; of those without a bit by definition."""
        bits = self.engine.plan.bit
        return {
            path: _worth(bits[condition], true, unknown)
            if condition in bits
            else truth(condition, facts)
            for path, condition in self.base.conditions()
        }


def _unlike(ours: Mapping[str, Any], other: PartialDecision) -> list[str]:
    return [
        f"{key}: the engine says {value}, z3 {getattr(other, key)}"
        for key, value in ours.items()
        if value != getattr(other, key)
    ]


def _worth(bit: int, true: int, unknown: int) -> Truth:
    if true & bit:
        return True
    return None if unknown & bit else False


# -- the cases ----------------------------------------------------------------


def patients(base: Knowledge, count: int, seen: Callable[[Case], None]) -> None:
    """Show so many cases near real patients, each drawn by itself."""

    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(near_patients(base))
    def draw(case: Case) -> None:
        seen(case)

    draw()


def boundaries(base: Knowledge, every: int = 1) -> Iterator[list[Facts]]:
    """Give, for every test in every condition, cases on all sides of its boundary.

    The other facts are such that the condition turns with the test; where there are
    none, the test decides nothing, and any will do. Of the tests, one in `every` is
    taken.
    """
    formulas = Formulas(base.kinds)
    solver = z3.Solver()
    solver.add(formulas.domain())
    tests = [
        (condition, atom)
        for condition in dict.fromkeys(each for _, each in base.conditions())
        for atom in dict.fromkeys(atoms(condition))
    ]
    for condition, atom in tests[::every]:
        values = list(sides(base, atom))
        read = [
            z3.substitute(formulas.of(condition), *formulas.stated({atom.fact: value}))
            for value in values
        ]
        solver.push()
        solver.add(z3.Not(z3.And([each == read[0] for each in read])))
        found = solver.check() == z3.sat
        facts = formulas.read(solver.model()) if found else {}
        solver.pop()
        yield [{**facts, atom.fact: value} for value in values]


def sides(base: Knowledge, atom: Atom) -> Iterable[Value]:
    """The values of a fact on and next to the boundary of a test of it."""
    kind: Any = base.kinds[atom.fact]
    match atom.test:
        case Yes():
            return (True, False)
        case Holds(member):
            return (frozenset(), frozenset([member]), frozenset(kind.members))
        case OneOf() if isinstance(kind, Choice):
            return kind.members
        case Compare(_, bound) if isinstance(kind, Number):
            near = (
                (bound - 1, bound, bound + 1)
                if kind.whole
                else (
                    math.nextafter(bound, -math.inf),
                    bound,
                    math.nextafter(bound, math.inf),
                )
            )
            return [value for value in near if kind.low <= value <= kind.high]
    message = f"no boundary of {atom}"
    raise TypeError(message)


# -- the script ---------------------------------------------------------------


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare, time the proofs, and say both; 1 where anything differs."""
    parser = argparse.ArgumentParser(prog="second_opinion", description=__doc__)
    parser.add_argument("--cases", type=int, default=CASES, help="how many patients")
    asked = parser.parse_args(arguments)
    base = load_knowledge()
    comparison = Comparison(base)
    wrong: list[str] = []

    def compare(case: Case) -> None:
        wrong.extend(comparison.of_case(case))
        if comparison.compared % _EVERY == 0:
            print(f"{comparison.compared} cases", file=sys.stderr)

    patients(base, asked.cases, compare)
    print(f"{comparison.compared} near-patient cases: {len(wrong)} differences")
    drawn = comparison.compared
    tests = turned = 0
    for around in boundaries(base):
        tests += 1
        turned += len(around[0]) > 1
        for facts in around:
            wrong.extend(comparison.of_facts(facts))
    print(f"{comparison.compared - drawn} boundary cases: {len(wrong)} differences")
    print(f"{turned} of {tests} tests turn their condition")
    print("\n".join(wrong[:10]))
    _time_proofs(base)
    return 1 if wrong else 0


def _time_proofs(base: Knowledge) -> None:
    start = time.perf_counter()
    opinion = SecondOpinion(base)
    broken = [each.id for each in base.guarantees if opinion.broken(each) is not None]
    spent = time.perf_counter() - start
    print(f"{len(base.guarantees)} guarantees, {len(broken)} broken: {spent:.2f} s")
    start = time.perf_counter()
    found = [*opinion.undecided(), *opinion.unlawful()]
    spent = time.perf_counter() - start
    print(f"decisions and laws, {len(found)} broken: {spent:.2f} s")


if __name__ == "__main__":
    sys.exit(main())
