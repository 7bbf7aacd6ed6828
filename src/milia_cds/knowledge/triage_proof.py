"""The proof that every decision is exclusive and complete.

Over all complete cases that reach a decision, exactly one branch is true. Decided by
diagrams, so for every case at once; what breaks it is shown as an example.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from milia_cds.errors import Problem, quoted
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.scenarios import Decision
from milia_cds.logic.cells import cut
from milia_cds.logic.conditions import Atom, Condition, atoms, facts_in
from milia_cds.logic.diagrams import FALSE, TRUE, Diagrams, TooManyNodesError
from milia_cds.logic.facts import Value

_MOST_NODES = 200_000


def triage_problems(base: Knowledge) -> list[Problem]:
    """Every overlap, gap and dead branch of the triage, with an example case."""
    proof = _Proof(base)
    found = []
    try:
        with proof.diagrams.at_most(_MOST_NODES):
            for problem in proof.problems():
                found.append(problem)  # noqa: PERF402 - those before the last are kept
    except TooManyNodesError:
        message = "its conditions are too entangled to be proved for every case"
        mend = "ask after fewer facts that go together in one decision"
        found.append(Problem("triage.toml: decision", message, mend))
    return found


class _Proof:
    def __init__(self, base: Knowledge) -> None:
        self.base = base
        last: dict[str, int] = {}
        used: list[Atom] = []
        for place, decision in enumerate(base.decisions.values()):
            for branch in decision.branch:
                used += atoms(branch.condition)
                last |= dict.fromkeys(facts_in(branch.condition), place)
        # What is asked to the end comes first: a third of the nodes of any other order.
        order = sorted(last, key=lambda fact: -last[fact])
        self.diagrams = Diagrams(cut({fact: base.kinds[fact] for fact in order}, used))
        self.reached: dict[str, int] = dict.fromkeys(base.scenarios, FALSE)

    def problems(self) -> Iterator[Problem]:
        self.reached |= dict.fromkeys(self.base.decisions, FALSE)
        first, *_ = order = self.order()
        self.reached[first] = TRUE
        for name in order:
            yield from self.decision(self.base.decisions[name])
        for name in self.base.scenarios:
            if self.reached[name] == FALSE:
                path = f"triage.toml: scenario.{name}"
                message = "no case ends in this scenario"
                yield Problem(path, message, "lead a branch to it, or remove it")

    def order(self) -> list[str]:
        """The decisions so that each comes after all that lead to it."""
        after: dict[str, None] = {}

        def visit(name: str) -> None:
            if name in after or name not in self.base.decisions:
                return
            for branch in reversed(self.base.decisions[name].branch):
                visit(branch.to)
            after[name] = None

        visit(next(iter(self.base.decisions)))
        return list(reversed(after))

    def decision(self, decision: Decision) -> Iterator[Problem]:
        path = f"triage.toml: decision.{decision.id}"
        here = self.reached[decision.id]
        taken = [self.taken(here, branch.condition) for branch in decision.branch]
        for (i, one), (j, other) in combinations(enumerate(taken), 2):
            both = self.diagrams.both(one, other)
            if both != FALSE:
                message = (
                    f"branches {i + 1} and {j + 1} are both true {self.for_(both)}"
                )
                yield Problem(path, message, "make one exclude the other")
        gap = self.diagrams.without(here, *taken)
        if gap != FALSE:
            message = f"no branch is true {self.for_(gap)}"
            yield Problem(path, message, "widen a branch, or end with otherwise")
        for place, (node, branch) in enumerate(
            zip(taken, decision.branch, strict=True)
        ):
            if node == FALSE:
                at = f"{path}.branch[{place}]"
                message = "no case that comes here takes this branch"
                yield Problem(at, message, "mend its condition, or remove it")
            before = self.reached[branch.to]
            self.reached[branch.to] = self.diagrams.either(before, node)

    def taken(self, here: int, condition: Condition) -> int:
        return self.diagrams.both(here, self.diagrams.of(condition))

    def for_(self, node: int) -> str:
        facts = self.diagrams.example(node)
        return f"for the case {_shown(facts)}" if facts else "for every case"


def _shown(facts: dict[str, Value]) -> str:
    return ", ".join(f"{name} = {_plain(value)}" for name, value in facts.items())


def _plain(value: Value) -> str:
    return str(sorted(value)) if isinstance(value, frozenset) else quoted(value)
