"""What to do, combined over scenarios and actions that are still possible."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal, TypeAlias

import pytest

from milia_cds.decision.disposition import PlannedRow, ReachedRow, possible_rows, settle
from milia_cds.knowledge.model import Act, Action, ActionRow, Urgency
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


def settled(
    *rows: ReachedRow, first: Collection[Act] = (), open_: bool = False
) -> tuple[str, str | None, str | None]:
    given = settle(rows, frozenset(first), open_=open_)
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
    given = settle([ROUTINE, URGENT, SOON], frozenset(), open_=False)
    assert given.rows == (URGENT, SOON, ROUTINE)


def test_every_row_that_is_possible_stays_with_the_result() -> None:
    rows = (TREAT, URGENT, OBSERVE)
    assert settle(rows, frozenset(["treat"]), open_=False).rows == rows


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
    return [each.name for each in found]


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
