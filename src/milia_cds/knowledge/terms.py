"""The named conditions of `terms.toml`, which may name one another."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter

import attrs

from milia_cds.errors import ConditionError, quoted
from milia_cds.knowledge.words import TermEntry
from milia_cds.logic.conditions import Condition, Scope
from milia_cds.logic.language import parse
from milia_cds.logic.plan import disjunctive


def read_condition(text: str, scope: Scope) -> Condition:
    """Parse a condition, which must be of no more terms than a plan has room for."""
    condition = parse(text, scope)
    disjunctive(condition)
    return condition


class Terms(Mapping[str, Condition]):
    """The named conditions, each parsed when first asked for.

    Attributes
    ----------
    wrong
        Why one cannot be read, by name.
    """

    def __init__(self, entries: Mapping[str, TermEntry], scope: Scope) -> None:
        self.wrong: dict[str, ConditionError] = {}
        self._entries = entries
        self._scope = attrs.evolve(scope, terms=self)
        self._parsed: dict[str, Condition] = {}
        self._open: list[str] = []

    def __getitem__(self, name: str) -> Condition:
        for each in () if self._open else self._ahead_of(name):
            self._parse(each)  # a chain of thousands is no depth
        self._parse(name)
        if name in self.wrong:
            message = f"the term {quoted(name)} cannot be read"
            raise ConditionError(message, "mend the term", 1, ("name", name))
        return self._parsed[name]

    def _ahead_of(self, name: str) -> tuple[str, ...]:
        """The terms that one stands on, each after its own; none where they circle."""
        named: dict[str, list[str]] = {}
        ahead = [name]
        while ahead:
            each = ahead.pop()
            if not any(each in read for read in (named, self._parsed, self.wrong)):
                words = re.findall(r"\w+", self._entries[each].when)
                named[each] = [word for word in words if word in self._entries]
                ahead += named[each]
        try:
            return tuple(TopologicalSorter(named).static_order())
        except CycleError:
            return ()

    def _parse(self, name: str) -> None:
        """Parse a term, and see whether it comes back to itself."""
        if name in self._open:
            circle = [*self._open[self._open.index(name) :], name]
            message = f"the terms go in a circle: {' uses '.join(circle)}"
            self.wrong[name] = ConditionError(message, "define one without it", 1)
        elif name not in self._parsed and name not in self.wrong:
            self._open.append(name)
            try:
                self._parsed[name] = read_condition(
                    self._entries[name].when, self._scope
                )
            except ConditionError as bad:
                self.wrong.setdefault(name, bad)
            except RecursionError:  # in a circle of very many terms
                mend = "define some without the others"
                message = "the terms name one another too deeply"
                self.wrong.setdefault(name, ConditionError(message, mend, 1))
            finally:
                self._open.pop()

    def __contains__(self, name: object) -> bool:
        return name in self._entries

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)
