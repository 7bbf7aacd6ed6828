"""What to do, combined over scenarios and actions that are still possible."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal, TypeAlias

import pytest

from milia_cds.decision.disposition import (
    DispositionDecision,
    PlannedRow,
    PossibleRow,
    ReachedRow,
    also_true,
    possible_rows,
    settle,
)
from milia_cds.knowledge.dangers import Urgency
from milia_cds.knowledge.options import Act
from milia_cds.knowledge.promises import Action
from milia_cds.knowledge.scenarios import ActionRow
from milia_cds.logic.conditions import Atom, Condition, Yes

Truth: TypeAlias = Literal["true", "unknown", "false"]


def row(
    act: Action,
    to: str | None = None,
    urgency: Urgency | None = None,
    *,
    name: str = "somewhere.1",
) -> ReachedRow:
    record = ActionRow(act=act, text=f"{act} it", to=to, urgency=urgency)
    return ReachedRow(name, record)


OBSERVE, TREAT, CAUSE = row("observe"), row("treat"), row("treat_cause")
ROUTINE = row("refer", "dermatology", "routine")
SOON = row("refer", "genetics", "soon")
URGENT = row("refer", "oculoplastics", "urgent")


def maybe(*rows: ReachedRow) -> list[PossibleRow]:
    """Rows of which none is known to hold."""
    return [PossibleRow(each, holds=False) for each in rows]


def settled(
    *rows: ReachedRow, first: Collection[Act] = (), open_: bool = False
) -> tuple[str, str | None, str | None]:
    given = settle(maybe(*rows), frozenset(first), open_=open_)
    return given.action, given.to, given.urgency


@pytest.mark.parametrize(
    ("rows", "action"),
    [
        # One action: that one, from however many scenarios.
        ([OBSERVE], "observe"),
        ([OBSERVE, OBSERVE], "observe"),
        ([CAUSE], "treat_cause"),
        ([CAUSE, CAUSE], "treat_cause"),
        # Only treat and observe: observe.
        ([TREAT, OBSERVE], "observe"),
        ([OBSERVE, TREAT, OBSERVE], "observe"),
        # Anything else: more must be known.
        ([TREAT, CAUSE], "needs_information"),
        ([OBSERVE, CAUSE], "needs_information"),
        ([TREAT, OBSERVE, CAUSE], "needs_information"),
        ([OBSERVE, URGENT], "needs_information"),
        ([TREAT, ROUTINE], "needs_information"),
        ([CAUSE, SOON], "needs_information"),
        ([TREAT, OBSERVE, CAUSE, URGENT], "needs_information"),
    ],
)
def test_actions_are_combined_over_what_is_possible(
    rows: list[ReachedRow], action: str
) -> None:
    assert settled(*rows, first=["treat"]) == (action, None, None)
    assert settled(*reversed(rows), first=["treat"]) == (action, None, None)


@pytest.mark.parametrize(
    ("first", "open_", "action"),
    [
        # `treat` becomes the act of the first place.
        (["treat"], False, "treat"),
        (["treat"], True, "treat"),
        (["observe"], False, "observe"),
        (["treat", "observe"], False, "observe"),
        # Where nothing is offered: wait for answers, or observe.
        ([], True, "needs_information"),
        ([], False, "observe"),
    ],
)
def test_treat_becomes_the_act_of_the_first_place(
    first: list[Act], open_: bool, action: str
) -> None:
    assert settled(TREAT, first=first, open_=open_) == (action, None, None)


@pytest.mark.parametrize(
    ("rows", "to", "urgency"),
    [
        ([ROUTINE], "dermatology", "routine"),
        ([URGENT], "oculoplastics", "urgent"),
        ([ROUTINE, SOON], "genetics", "soon"),
        ([ROUTINE, SOON, URGENT], "oculoplastics", "urgent"),
        ([URGENT, ROUTINE], "oculoplastics", "urgent"),
    ],
)
def test_referrals_alone_are_one_referral_of_the_highest_urgency(
    rows: list[ReachedRow], to: str, urgency: str
) -> None:
    assert settled(*rows) == ("refer", to, urgency)
    assert settled(*reversed(rows)) == ("refer", to, urgency)


def test_of_two_equally_urgent_referrals_the_first_decides_where() -> None:
    other = row("refer", "emergency", "urgent")
    assert settled(URGENT, other) == ("refer", "oculoplastics", "urgent")
    assert settled(other, URGENT) == ("refer", "emergency", "urgent")


def test_the_deciding_referral_comes_first_and_the_others_stay() -> None:
    given = settle(maybe(ROUTINE, URGENT, SOON), frozenset(), open_=False)
    assert given.rows == (URGENT, SOON, ROUTINE)


def test_every_row_that_is_possible_stays_with_the_result_the_gravest_first() -> None:
    rows = (TREAT, URGENT, OBSERVE)
    given = settle(maybe(*rows), frozenset(["treat"]), open_=False)
    assert given.rows == (URGENT, TREAT, OBSERVE)


# -- how soon, where it is not known ----------------------------------------------

TODAY = row("refer", "same_day_care", "same_day")
NOW = row("refer", "emergency", "emergency")


def urgency(*rows: ReachedRow) -> tuple[str | None, str | None]:
    """The urgency over rows that may decide, and that at worst."""
    given = settle(maybe(*rows), frozenset(), open_=False)
    return given.urgency, given.at_worst


@pytest.mark.parametrize(
    ("rows", "said", "worst"),
    [
        # What may be for today is not said while something less may be it.
        ([ROUTINE, TODAY], "routine", "same_day"),
        ([SOON, NOW], "soon", "emergency"),
        ([ROUTINE, URGENT, NOW], "urgent", "emergency"),
        ([ROUTINE, TODAY, NOW], "routine", "emergency"),
        # The highest that is at most urgent, as long as nothing more is possible.
        ([ROUTINE, SOON], "soon", None),
        ([SOON, URGENT], "urgent", None),
        # Today only where every row has as much: then the least of them.
        ([TODAY], "same_day", None),
        ([NOW], "emergency", None),
        ([TODAY, NOW], "same_day", "emergency"),
        ([NOW, NOW], "emergency", None),
    ],
)
def test_today_is_said_where_every_row_has_as_much_and_the_worst_is_kept(
    rows: list[ReachedRow], said: str, worst: str | None
) -> None:
    assert urgency(*rows) == (said, worst)
    assert urgency(*reversed(rows)) == (said, worst)


def test_at_worst_is_kept_while_more_must_be_known() -> None:
    given = settle(maybe(OBSERVE, NOW, ROUTINE), frozenset(), open_=False)
    assert given.action == "needs_information"
    assert (given.urgency, given.at_worst) == (None, "emergency")
    given = settle(maybe(TREAT, CAUSE), frozenset(["treat"]), open_=False)
    assert given.at_worst is None


def test_of_equally_urgent_referrals_one_that_holds_decides_where() -> None:
    other = row("refer", "emergency", "urgent")
    rows = [PossibleRow(URGENT, holds=False), PossibleRow(other, holds=True)]
    given = settle(rows, frozenset(), open_=False)
    assert (given.to, given.urgency) == ("emergency", "urgent")


# -- further referrals ----------------------------------------------------------


def further(*truths: tuple[ReachedRow, Truth | None]) -> list[str | None]:
    """Where the rows after the first true one refer as well."""
    planned, true = [], 0
    for place, (reached, truth) in enumerate(truths):
        bit = None if truth is None else 1 << place
        planned.append(PlannedRow(bit, reached))
        true |= (bit or 0) if truth == "true" else 0
    first = next(each for each in planned if each.bit is None or true & each.bit)
    settled = DispositionDecision("refer", first.row.record.to, "urgent", (first.row,))
    return [each.record.to for each in also_true(planned, settled, true)]


NOWHERE: list[str] = []


@pytest.mark.parametrize(
    ("truths", "also"),
    [
        ([(NOW, "true"), (URGENT, "true")], ["oculoplastics"]),
        (
            [(NOW, "true"), (URGENT, "true"), (SOON, "true")],
            ["oculoplastics", "genetics"],
        ),
        # Not what comes before, what is not known, what stays, or the last of all.
        ([(NOW, "false"), (URGENT, "true")], NOWHERE),
        ([(NOW, "true"), (URGENT, "unknown"), (SOON, "false")], NOWHERE),
        ([(NOW, "true"), (OBSERVE, "true")], NOWHERE),
        ([(NOW, "true"), (SOON, None)], NOWHERE),
        # Nor what goes to the same place.
        ([(NOW, "true"), (row("refer", "emergency", "soon"), "true")], NOWHERE),
    ],
)
def test_later_rows_that_hold_refer_elsewhere_as_well(
    truths: list[tuple[ReachedRow, Truth | None]], also: list[str]
) -> None:
    assert further(*truths) == also


# -- the rows of one scenario -------------------------------------------------


def possible(*truths: Truth | None) -> list[str]:
    """The rows of a scenario that may decide; `None` is a row without `when`."""
    conditions: list[Condition] = [
        Atom(f"fact_{place}", Yes()) for place in range(len(truths))
    ]
    rows = [
        ActionRow(
            act="observe",
            text="observe it",
            condition=None if truth is None else condition,
        )
        for truth, condition in zip(truths, conditions, strict=True)
    ]
    bits = {each: 1 << place for place, each in enumerate(conditions)}
    pairs = list(zip(bits.values(), truths, strict=True))
    true = sum(bit for bit, truth in pairs if truth == "true")
    open_ = sum(bit for bit, truth in pairs if truth == "unknown")
    found = possible_rows(PlannedRow.of("newborn", rows, bits), true, open_)
    return [each.row.name for each in found]


@pytest.mark.parametrize(
    ("truths", "rows"),
    [
        ([None], ["newborn.1"]),
        (["true", None], ["newborn.1"]),
        (["false", None], ["newborn.2"]),
        (["unknown", None], ["newborn.1", "newborn.2"]),
        (["true", "true", None], ["newborn.1"]),
        (["true", "unknown", None], ["newborn.1"]),
        (["unknown", "true", None], ["newborn.1", "newborn.2"]),
        (["false", "unknown", None], ["newborn.2", "newborn.3"]),
        (["unknown", "false", None], ["newborn.1", "newborn.3"]),
        (
            ["unknown", "unknown", None],
            ["newborn.1", "newborn.2", "newborn.3"],
        ),
    ],
)
def test_the_first_true_row_decides_and_unknown_ones_before_it_may(
    truths: list[Truth | None], rows: list[str]
) -> None:
    assert possible(*truths) == rows
