"""The vocabulary in words, as records: facts, screens, sets, terms, groups, codes.

Each mirrors one table of `facts.toml` or `terms.toml`; a group stands with what it
groups.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, TypeAlias

import attrs

from milia_cds.knowledge.records import Entry, at_most, derived
from milia_cds.logic.conditions import Condition
from milia_cds.logic.facts import Value
from milia_cds.shown import Shown

FactKind: TypeAlias = Literal[
    "yes_no", "number", "whole_number", "choice", "options", "weights"
]

Level: TypeAlias = Literal["error", "warning"]
LEVELS: tuple[Level, ...] = ("error", "warning")

ARROW = " -> "
"""What stands between the two values of a direction."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Code(Entry):
    """A code of a terminology, verified."""

    system: str
    code: str
    display: str
    version: str = ""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Screen(Entry):
    """A spoken question that settles several facts.

    "No" settles them all, unless `no_to_all` is false: then each is answered by itself.
    `short` asks it in a line.
    """

    ask: str
    ask_patient: str
    short: str = at_most(76)
    help: str = ""
    no_to_all: bool = True


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Settled(Entry):
    """What a fact that is not stated is, while stated facts leave it nothing else."""

    when: str
    value: Any
    text: str
    sources: tuple[str, ...] = ()
    judgement: bool = False
    condition: Condition = derived()


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Pending(Entry):
    """What is said where nothing but the "yes" of a fact is waited for.

    `text` goes on from the option that it would put first.
    """

    text: str
    when: str = ""
    sources: tuple[str, ...] = ()
    judgement: bool = False
    condition: Condition | None = derived()


@attrs.frozen(kw_only=True, eq=False, repr=False)
class FactEntry(Entry, Shown):
    """What a fact may be, what it means in words, and how to ask for it.

    Parameters
    ----------
    one_in_visit
        Whether all cases of a visit must agree on it, as on all of its section.
    summed_over
        The set of places over which it is one number in a visit.
    background
        Whether every case has it, so that it is no sign of a danger.
    way_out
        Whether it counts only when stated true: not stated, it reads as no.
    explains, explained
        The facts that a way out explains, and how a sentence about them begins.
    asked_when
        Where this is known to be false, nobody is asked for it.
    settled
        What it is, not stated, while something stated leaves it nothing else.
    pending
        What is said where nothing but its "yes" is waited for.
    retired
        The members that are still read, and no longer offered.
    direction
        The only ways in which somebody may change it: "yes -> no", "MEMBER -> MEMBER",
        or of a number "up" or "down"; without any, every way.
    dated
        Whether it holds for a day, so that an old case may no longer be true.
    short
        What it is as a sign in a list, such as "growth".
    """

    label: str
    kind: FactKind
    ask: str
    ask_patient: str
    screen: str
    low: float | None = None
    high: float | None = None
    unit: str = ""
    absent: str = ""
    setting: bool = False
    immutable: bool = False
    direction: tuple[str, ...] = ()
    dated: bool = False
    help: str = ""
    short: str = at_most(40)
    yes: str = ""
    no: str = ""
    has: str = ""
    lacks: str = ""
    one_in_visit: bool = False
    summed_over: str = ""
    background: bool = False
    way_out: bool = False
    explains: tuple[str, ...] = ()
    explained: str = ""
    asked_when: str = ""
    retired: tuple[str, ...] = ()
    settled: tuple[Settled, ...] = ()
    pending: Pending | None = None
    members: Mapping[str, str] = attrs.field(factory=dict)
    condition: Condition | None = derived()

    def may_become(self, now: Value | None, then: Value) -> bool:
        """Whether somebody may bring about a change from one value, or wait for it.

        Parameters
        ----------
        now, then
            Two values of the fact; a set fact has no direction.
        """
        if self.immutable or not self.direction:
            return not self.immutable
        if isinstance(now, int | float) and not isinstance(now, bool):
            # Both are numbers.
            way = "up" if then > now else "down"  # type: ignore[operator]
        else:
            way = ARROW.join(map(_word, (now, then)))
        return way in self.direction


def _word(value: Value | None) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class OptionGroup(Entry):
    """Several options under one name, which rules, steps and guarantees may use.

    `short` stands for all of them in a list.
    """

    label: str
    options: tuple[str, ...]
    short: str = at_most(24)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ScenarioGroup(Entry):
    """Several scenarios under one name, which actions and arguments may use."""

    scenarios: tuple[str, ...]


@attrs.frozen(kw_only=True, eq=False, repr=False)
class SetEntry(Entry):
    """A named set of members of one choice, and how it reads in a sentence."""

    fact: str
    members: tuple[str, ...]
    label: str
    not_: str
    subject: str
    sources: tuple[str, ...] = ()
    judgement: bool = False
    note: str = ""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class TermEntry(Entry):
    """A named condition, and how it reads in a sentence."""

    when: str
    label: str
    not_: str
    subject: str = ""
    sources: tuple[str, ...] = ()
    judgement: bool = False
    note: str = ""
    condition: Condition = derived()


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Guard(Entry):
    """A fact that means something only beside a condition.

    Every condition that reads the fact must be joined to it by `and`.
    """

    when: str
    text: str
    condition: Condition | None = derived()


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Contradiction(Entry):
    """Facts that cannot be true together: `when` holds and all of `stated` are given.

    An error is refused; a warning is said in the result. While one that `unsettles`
    holds, no fact settles another: the fact that would may be wrong.
    """

    id: str
    level: Level
    when: str
    facts: tuple[str, ...]
    text: str
    stated: tuple[str, ...] = ()
    unsettles: bool = False
    sources: tuple[str, ...] = ()
    judgement: bool = False
    condition: Condition = derived()
