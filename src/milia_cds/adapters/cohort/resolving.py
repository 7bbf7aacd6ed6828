"""The resolved cases: what is decided on, of many cases at once.

First what is stated; then the ways out, which are true only where they are stated; then
what stated facts settle; then what was screened for and what the policy of a clinic
says, for what is still left out, but nothing of that which may contradict what is sure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import attrs

from milia_cds.adapters.cohort.planes import (
    FactColumn,
    Filled,
    Plane,
    Planes,
    common,
    somewhere,
    union,
)
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.words import Contradiction, Level
from milia_cds.logic.facts import Value


@attrs.frozen(eq=False)
class Stated:
    """What is stated of many cases.

    Parameters
    ----------
    rows
        How many cases there are.
    columns
        The stated values of facts, by name.
    left_out
        Where each fact was left out, by name: there it may be filled. A fact that is
        not named was left out nowhere.
    screened
        Where each section or spoken question was screened for, by name.
    """

    rows: int
    columns: Mapping[str, FactColumn]
    left_out: Mapping[str, Plane] = attrs.field(factory=dict)
    screened: Mapping[str, Plane] = attrs.field(factory=dict)


@attrs.frozen(eq=False)
class Resolved:
    """What is decided on.

    Parameters
    ----------
    facts
        The facts after filling.
    settled, screened
        What was settled, and what was filled because it was left out, by the name of
        the fact.
    errors, warnings
        Where facts that were stated contradict one another, by the id.
    """

    facts: Planes
    settled: Mapping[str, Sequence[Filled]]
    screened: Mapping[str, Sequence[Filled]]
    errors: Mapping[str, Plane]
    warnings: Mapping[str, Plane]


class ResolvingRows:
    """What makes the facts of many cases sure.

    Parameters
    ----------
    base
        The knowledge base, with the policy of a clinic if it has one.
    """

    def __init__(self, base: Knowledge) -> None:
        self.base = base
        entries = {name: base.facts[name] for name in base.kinds}
        self.way_outs = [name for name, each in entries.items() if each.way_out]
        self.settling = {
            name: each.settled for name, each in entries.items() if each.settled
        }
        self.defaults: Mapping[str, Value] = {}
        if base.policy is not None:
            self.defaults = base.policy.defaults

    def resolve(self, stated: Stated) -> Resolved:
        """The cases that are decided on."""
        said = Planes(stated.rows, stated.columns)
        settled = self.settled(said)
        sure = {**settled, **self.ways_out(said)}
        sure_of = Planes(stated.rows, stated.columns, sure)
        screened = self._screened(stated, sure_of)
        facts = sure_of
        while screened:
            filled = {
                name: (*sure.get(name, ()), *screened.get(name, ()))
                for name in {**sure, **screened}
            }
            facts = Planes(stated.rows, stated.columns, filled)
            undone = self.undone_in(facts, screened)
            if not undone:
                break
            screened = _without(screened, undone)
            facts = sure_of
        errors = self._contradicting(facts, said, "error")
        warnings = self._contradicting(facts, said, "warning")
        return Resolved(facts, settled, screened, errors, warnings)

    def ways_out(self, said: Planes) -> dict[str, list[Filled]]:
        """A way out that is not stated reads as no."""
        return {
            name: [Filled(~said.known(name), value=False)] for name in self.way_outs
        }

    def settled(self, said: Planes) -> dict[str, list[Filled]]:
        """What stated facts settle, where none of them is in doubt."""
        every = self.base.contradictions
        doubtful = [said.of(each.condition).true for each in every if each.unsettles]
        sure = ~union(doubtful, said.none)
        found: dict[str, list[Filled]] = {}
        for name, rules in self.settling.items():
            left = sure & ~said.known(name)
            for rule in rules:
                here = left & said.of(rule.condition).true
                left = left & ~here
                if somewhere(here):
                    found.setdefault(name, []).append(Filled(here, rule.value))
        return found

    def _screened(self, stated: Stated, sure: Planes) -> dict[str, list[Filled]]:
        """What was left out and is read as what the policy or a screening says."""
        found: dict[str, list[Filled]] = {}
        for name, where in stated.left_out.items():
            default, rows = self.defaults.get(name), where
            if default is None:
                default = self.base.kinds[name].absent
                rows = where & self._denied(stated, name, sure.none)
            if default is None:
                continue
            rows = rows & ~sure.known(name)
            if somewhere(rows):
                found[name] = [Filled(rows, default)]
        return found

    def _denied(self, stated: Stated, name: str, none: Plane) -> Plane:
        """Where a screening covers a fact."""
        vocabulary = self.base.vocabulary
        return union(
            (
                rows
                for each, rows in stated.screened.items()
                if name in vocabulary.screens.get(each, ())
                or (each in vocabulary.screened and name.startswith(f"{each}."))
            ),
            none,
        )

    def undone_in(
        self, facts: Planes, screened: Mapping[str, Sequence[Filled]]
    ) -> dict[str, Plane]:
        """Where what was filled may contradict what is sure, by the fact."""
        found: dict[str, Plane] = {}
        for each in self.base.contradictions:
            filled = [name for name in each.facts if name in screened]
            if each.level != "error" or not filled:
                continue
            possible = facts.of(each.condition).possible
            known = common([possible, *map(facts.known, each.facts)], facts.every)
            for name in filled:
                here = known & union([f.rows for f in screened[name]], facts.none)
                if somewhere(here):
                    found[name] = found.get(name, facts.none) | here
        return found

    def _contradicting(
        self, facts: Planes, said: Planes, level: Level
    ) -> dict[str, Plane]:
        return {
            each.id: self._holds(each, facts, said)
            for each in self.base.contradictions
            if each.level == level
        }

    def _holds(self, each: Contradiction, facts: Planes, said: Planes) -> Plane:
        """Where a contradiction is true of facts of which some must be stated."""
        true = facts.of(each.condition).true
        return common([true, *map(said.known, each.stated)], facts.every)


def _without(
    screened: Mapping[str, Sequence[Filled]], undone: Mapping[str, Plane]
) -> dict[str, list[Filled]]:
    """What was filled, but in the rows in which it is undone."""
    return {
        name: [
            Filled(rows & ~undone[name], value)
            if name in undone
            else Filled(rows, value)
            for rows, value in filled
        ]
        for name, filled in screened.items()
    }
