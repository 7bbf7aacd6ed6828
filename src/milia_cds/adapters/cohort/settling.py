"""The disposition of many cases: what to do, where to refer to and how soon."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, get_args

from milia_cds.adapters.cohort.planes import (
    Plane,
    Planes,
    somewhere,
    union,
)
from milia_cds.explanation.outcome import DispositionAction
from milia_cds.knowledge.dangers import URGENCIES, URGENT, Urgency
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.scenarios import ActionRow

ACTIONS: tuple[DispositionAction, ...] = get_args(DispositionAction)


class Also(NamedTuple):
    """A further referral: where to, how soon, and in which rows."""

    to: str
    urgency: Urgency
    rows: Plane


class SettledRows(NamedTuple):
    """The disposition.

    Parameters
    ----------
    actions
        Where each action is settled on; everywhere exactly one is.
    to, urgency
        Of a referral, where each destination, and each urgency, is the one.
    own
        Where the operator is of the field that the referral goes to.
    also
        The further referrals, in the order in which they are named.
    """

    actions: Mapping[str, Plane]
    to: Mapping[str, Plane]
    urgency: Mapping[Urgency, Plane]
    own: Plane
    also: Sequence[Also]

    def waiting(self, here: Plane) -> SettledRows:
        """The same, but in some rows nothing is done until more is known.

        Parameters
        ----------
        here
            These rows; nobody is referred in them.
        """
        actions = {act: rows & ~here for act, rows in self.actions.items()}
        actions["needs_information"] = actions["needs_information"] | here
        return self._replace(actions=actions)


class _Row(NamedTuple):
    """A row of actions: where it may decide, where it then holds, and where it is true.

    The last row, which has no condition, is true nowhere: it stands for what the
    others leave.
    """

    record: ActionRow
    place: int
    possible: Plane
    holds: Plane
    true: Plane

    @property
    def rank(self) -> int:
        return URGENCIES.index(self.record.urgency or URGENCIES[0])


class _Acts(NamedTuple):
    """What a row that treats comes to: by the first place, and where there is none."""

    observe: Plane
    treat: Plane
    needs_information: Plane


class Settling:
    """What settles on an action in many cases, by the scenarios that are possible.

    Parameters
    ----------
    base
        The knowledge base.
    facts
        What is decided on.
    scenarios
        Where each scenario is possible.
    """

    def __init__(
        self, base: Knowledge, facts: Planes, scenarios: Mapping[str, Plane]
    ) -> None:
        self.base = base
        self.facts = facts
        self.rows = {
            name: [*_rows(base.scenarios[name].action, facts, here)]
            for name, here in scenarios.items()
            if somewhere(here)
        }

    def actions(self, first: Mapping[str, Plane], withheld: Plane) -> dict[str, Plane]:
        """Where each action is settled on.

        Parameters
        ----------
        first
            Where each option is in the first place.
        withheld
            Where some option is withheld.
        """
        every = (row for each in self.rows.values() for row in each)
        acts = _acts(self.base, self.facts, first, withheld)
        return _actions(every, acts, self.facts)

    def of(self, first: Mapping[str, Plane], withheld: Plane) -> SettledRows:
        """The whole disposition, of what `actions` takes."""
        base, facts = self.base, self.facts
        every = [row for each in self.rows.values() for row in each]
        actions = self.actions(first, withheld)
        decided = _decided(every, actions["refer"], facts)
        to: dict[str, Plane] = {}
        urgency: dict[Urgency, Plane] = {}
        for row, here in zip(every, decided, strict=True):
            name = row.record.to
            if name is not None and somewhere(here):
                to[name] = to.get(name, facts.none) | here
            soon = URGENCIES[row.rank]
            urgency[soon] = urgency.get(soon, facts.none) | here
        own = union(
            [
                here & facts.of(base.destinations[name].condition).true
                for name, here in to.items()
                if base.destinations[name].condition is not None
            ],
            facts.none,
        )
        found = [*_also(base, self.rows, iter(decided))]
        return SettledRows(actions, to, urgency, own, found)


def _rows(actions: Iterable[ActionRow], facts: Planes, here: Plane) -> Iterator[_Row]:
    """The rows of a scenario, in order; the first true one ends them."""
    for place, record in enumerate(actions):
        truths = facts.of(record.condition)
        possible = here & truths.possible
        true = facts.none if record.condition is None else truths.true
        yield _Row(record, place, possible, possible & truths.true, true)
        here = here & ~truths.true


def _acts(
    base: Knowledge, facts: Planes, first: Mapping[str, Plane], withheld: Plane
) -> _Acts:
    by_act = {
        act: union(
            (here for name, here in first.items() if base.options[name].act == act),
            facts.none,
        )
        for act in ("observe", "treat")
    }
    nothing = ~(by_act["observe"] | by_act["treat"])
    observe = by_act["observe"] | (nothing & ~withheld)
    return _Acts(observe, by_act["treat"], nothing & withheld)


def _actions(rows: Iterable[_Row], treating: _Acts, facts: Planes) -> dict[str, Plane]:
    """The one action of all rows that may decide, or what several come to."""
    found: dict[str, Plane] = dict.fromkeys(ACTIONS, facts.none)
    for row in rows:
        if row.record.act == "treat":
            for act, here in treating._asdict().items():
                found[act] = found[act] | (row.possible & here)
        else:
            found[row.record.act] = found[row.record.act] | row.possible
    alone = {
        act: here & ~union((found[o] for o in ACTIONS if o != act), facts.none)
        for act, here in found.items()
    }
    others = found["refer"] | found["treat_cause"] | found["needs_information"]
    both = found["observe"] & found["treat"] & ~others
    alone["observe"] = alone["observe"] | both
    decided = union((alone[act] for act in ACTIONS[:-1]), facts.none)
    alone["needs_information"] = ~decided
    return alone


def _decided(rows: Sequence[_Row], refer: Plane, facts: Planes) -> list[Plane]:
    """Where each row is the one whose destination and urgency a referral has.

    The highest urgency that is at most urgent, or the least where all are higher; of
    its rows the first that holds, else the first.
    """
    decided = [facts.none] * len(rows)
    left = refer
    for rank in (*range(URGENT, -1, -1), *range(URGENT + 1, len(URGENCIES))):
        those = [
            (place, row)
            for place, row in enumerate(rows)
            if row.record.act == "refer" and row.rank == rank
        ]
        chosen = left & union((row.possible for _, row in those), facts.none)
        left = left & ~chosen
        for sure in (True, False):
            for place, row in those:
                here = chosen & (row.holds if sure else row.possible)
                decided[place] = decided[place] | here
                chosen = chosen & ~here
    return decided


def _also(
    base: Knowledge, rows: Mapping[str, Sequence[_Row]], decided: Iterator[Plane]
) -> Iterator[Also]:
    """The later rows that are true and refer elsewhere.

    Where several refer to the same place, the first says how soon, and it is named in
    the place of the last.
    """
    for each in rows.values():
        chosen = [(row, next(decided)) for row in each]
        for place, (row, here) in enumerate(chosen):
            if row.record.act == "refer" and somewhere(here):
                later = [more for more, _ in chosen[place + 1 :]]
                yield from _later(base, row.record, here, later)


def _later(
    base: Knowledge, settled_on: ActionRow, here: Plane, later: Iterable[_Row]
) -> Iterator[Also]:
    found = [
        (row, here & row.true)
        for row in later
        if row.record.act == "refer"
        and row.record.to != settled_on.to
        and settled_on.to not in base.destinations[row.record.to or ""].covered_by
    ]
    for named, rows in found:
        same = [each for each in found if each[0].record.to == named.record.to]
        left = rows
        for row, others in same:
            if row.place > named.place:
                left = left & ~others
        for row, others in same:
            if row.place <= named.place and somewhere(soonest := left & others):
                to, urgency = str(row.record.to), row.record.urgency
                yield Also(to, urgency or URGENCIES[0], soonest)
                left = left & ~others
