"""What makes dangers honest, proved by diagrams over all complete cases.

A way out may only make an answer more careful where it is not stated. Every alert has a
sign; one that is carried has its row of actions, and a row of today its alert. A fact
that nobody is asked for changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from typing import Any

import attrs

from milia_cds.check.findings import Finding
from milia_cds.check.space import Space
from milia_cds.decision.all_cases import AllCases
from milia_cds.decision.disposition import Course
from milia_cds.knowledge.dangers import URGENCIES, URGENT
from milia_cds.knowledge.entries import place_of
from milia_cds.knowledge.model import Knowledge
from milia_cds.logic.diagrams import FALSE, Diagrams
from milia_cds.logic.restriction import Restriction


def dangers(base: Knowledge, space: Space, results: AllCases) -> Iterator[Finding]:
    """Find what is not as it must be for dangers to be honest.

    Parameters
    ----------
    base
        The knowledge base.
    space, results
        The space of its cases, and its results there.
    """
    proof = _Dangers(base, space, results)
    yield from proof.ways_out()
    yield from proof.alerts()
    yield from proof.rows()
    yield from proof.muted()


@attrs.frozen
class _Dangers:
    base: Knowledge
    space: Space
    results: AllCases

    # -- ways out --

    def ways_out(self) -> Iterator[Finding]:
        for name, entry in self.base.facts.items():
            if entry.way_out:
                yield from self.better_without(name)

    def better_without(self, fact: str) -> Iterator[Finding]:
        """Find what is better where a way out is denied than where it is stated."""
        results = self.results
        offered = {name: self.offered(name) for name in self.base.options}
        found: list[tuple[str, int, Callable[..., Hashable]]] = [
            *((f"{name} stands higher", node, _more) for name, node in offered.items()),
            *(
                (f"{name} is offered", node, _is_offered)
                for name, node in results.measures.items()
            ),
            ("a referral is lost", results.rows, _lost),
            ("an urgency is lower", results.rows, _lower),
            *(
                (f"the alert {name} is gone", node, _gone)
                for name, node in results.alerts.items()
            ),
        ]
        for said, node, better in found:
            cases = self.compared(fact, node, better)
            if cases:
                text = f"Where {fact} is not stated, {said} than where it is."
                path = f"facts.toml: {fact}.way_out"
                yield Finding("way_out.helps", "error", path, text)

    def offered(self, name: str) -> int:
        return self.results.offered[name]

    def compared(self, fact: str, node: int, better: Callable[..., Hashable]) -> bool:
        """Whether some case is better with a fact denied than with it stated."""
        diagrams = self.space.diagrams
        level = self.level(fact)
        if not diagrams.levels(node) >> level & 1:
            return False
        made = Diagrams(diagrams.variables)
        [no], [yes] = (
            Restriction(diagrams, {level: cell}).made_in(made, node) for cell in (0, 1)
        )
        return made.apply(lambda *each: bool(better(*each)), no, yes) != FALSE

    def level(self, fact: str) -> int:
        facts = [each.fact for each in self.space.diagrams.variables]
        return facts.index(fact)

    # -- alerts and rows --

    def alerts(self) -> Iterator[Finding]:
        for name, alert in self.base.alerts.items():
            path = f"alerts.toml: alert.{name}"
            node = self.results.alerts[name]
            signs = self.space.of(alert.signs)
            bare = self.space.diagrams.without(node, signs)
            if node == FALSE:
                text = "It never holds."
                yield Finding("alert.never", "error", f"{path}.when", text)
            elif bare != FALSE:
                text = "It can hold without any sign, so that nobody would be asked."
                yield self.shown("alert.unsigned", f"{path}.when", text, bare)
            if alert.carried:
                yield from self.carried(path, node, URGENCIES.index(alert.urgency))

    def carried(self, path: str, node: int, urgency: int) -> Iterator[Finding]:
        """Find where the disposition is less urgent than an alert that is carried."""
        less = self.space.where(
            lambda course: _rank(course) < urgency, self.results.rows
        )
        cases = self.space.diagrams.both(node, less)
        if cases != FALSE:
            text = (
                "It is carried, and what to do is less urgent: add a row, or move one."
            )
            yield self.shown("alert.uncarried", path, text, cases)

    def rows(self) -> Iterator[Finding]:
        """Find the rows of today that no alert announces, or that can be missed."""
        diagrams = self.space.diagrams
        announced = diagrams.any(
            self.results.alerts[name]
            for name, alert in self.base.alerts.items()
            if URGENCIES.index(alert.urgency) > URGENT
        )
        silent = diagrams.without(self.results.today, announced)
        if silent != FALSE:
            text = "What to do is for today, and no alert of today says so."
            yield self.shown("row.unannounced", "scenarios.toml", text, silent)
        for name, scenario in self.base.scenarios.items():
            ends = self.space.reached(self.base)[name]
            for number, row in enumerate(scenario.action):
                if _rank((row.act, row.to, row.urgency)) <= URGENT or not row.condition:
                    continue
                missed = diagrams.without(self.space.of(row.condition), ends)
                if missed != FALSE:
                    at = f"scenarios.toml: scenario.{name}.action[{number}]"
                    text = (
                        "It is for today, and a case where it holds can end elsewhere."
                    )
                    yield self.shown("row.missed", place_of(row, at), text, missed)

    # -- facts that nobody is asked for --

    def muted(self) -> Iterator[Finding]:
        """Find the facts that matter where nobody is asked for them."""
        results = self.results
        moved = [
            ("the first place", results.first),
            ("what to do", results.disposition),
            *((f"the alert {n}", node) for n, node in results.alerts.items()),
        ]
        for fact, entry in self.base.facts.items():
            if entry.condition is None or fact not in {
                each.fact for each in self.space.diagrams.variables
            }:
                continue
            asked = self.space.of(entry.condition)
            for said, node in moved:
                if node is not None and self.matters(fact, asked, node):
                    text = f"Where nobody is asked for it, it can move {said}."
                    path = f"facts.toml: {fact}.asked_when"
                    yield Finding("fact.muted", "error", path, text)

    def matters(self, fact: str, asked: int, node: int) -> bool:
        """Whether a fact makes a difference where nobody is asked for it."""
        diagrams = self.space.diagrams
        left = diagrams.choose(asked, diagrams.end(None), node)
        read = diagrams.levels(left) & ~diagrams.levels(asked)
        return any(
            read >> level & 1
            for level, variable in enumerate(diagrams.variables)
            if variable.fact == fact
        )

    def shown(self, kind: str, path: str, text: str, cases: int) -> Finding:
        case = self.space.case(cases, self.base)
        return Finding(kind, "error", path, text, case)


def _rank(course: Course | None) -> int:
    """How urgent a course is, as a rank; less than any where it refers nowhere."""
    urgency: Any = course and course[2]
    return URGENCIES.index(urgency) if urgency else -1


def _more(no: int, yes: int) -> bool:
    return no > yes


def _is_offered(no: str, yes: str) -> bool:
    return no == "offered" != yes


def _lost(no: Course | None, yes: Course | None) -> bool:
    return (no is None or no[0] != "refer") and yes is not None and yes[0] == "refer"


def _lower(no: Course | None, yes: Course | None) -> bool:
    return _rank(no) < _rank(yes)


def _gone(no: object, yes: object) -> bool:
    return bool(yes) and not no
