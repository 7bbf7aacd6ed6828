"""Verdicts and standings, on gates made by hand."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Literal, TypeAlias

import attrs
import pytest

from milia_cds.decision.verdicts import Rules, Verdict, VerdictName, judge
from milia_cds.knowledge.options import STANDINGS, Gate, GateKind, Standing
from milia_cds.logic.conditions import Atom, Condition, Yes

Truth: TypeAlias = Literal["true", "unknown", "false"]
Lower: TypeAlias = Standing | None
"""A lower gate: `None` lowers by a step, a standing caps."""

WORST, LIMITED, REASONABLE, BEST = STANDINGS


def gates(
    kind: GateKind, caps: Collection[Lower], *, always: bool = False
) -> tuple[Gate, ...]:
    return tuple(
        Gate(
            id=f"{kind}_{place}",
            name=f"{kind}_{place}",
            kind=kind,
            text="a text",
            always=always,
            to=cap,
            condition=None if always else asked(f"{kind}_{place}"),
        )
        for place, cap in enumerate(caps)
    )


def asked(name: str) -> Condition:
    return Atom(name, Yes())


def bits_of(made: Iterable[Gate]) -> dict[Condition, int]:
    """A bit for the condition of each gate."""
    conditions = (gate.condition for gate in made if gate.condition is not None)
    return {each: 1 << place for place, each in enumerate(conditions)}


def rank(standing: Standing) -> int:
    return STANDINGS.index(standing)


def standing(start: Standing, lowers: Collection[Lower], *, always: bool) -> Standing:
    """Lower a standing by gates that all hold."""
    made = gates("lower", lowers, always=always)
    bits = bits_of(made)
    rules = Rules.of(made, bits)
    return STANDINGS[rules.standing(rank(start), 0 if always else sum(bits.values()))]


@pytest.mark.parametrize("always", [False, True], ids=["true", "always"])
@pytest.mark.parametrize(
    ("start", "lowers", "after"),
    [
        # Nothing lowers.
        ("first_line", [], "first_line"),
        ("not_recommended", [], "not_recommended"),
        # One lowers by one step, never below limited.
        ("first_line", [None], "reasonable"),
        ("reasonable", [None], "limited"),
        ("limited", [None], "limited"),
        ("not_recommended", [None], "not_recommended"),
        # Two or more make it not recommended.
        ("first_line", [None, None], "not_recommended"),
        ("reasonable", [None, None], "not_recommended"),
        ("limited", [None, None], "not_recommended"),
        ("not_recommended", [None, None], "not_recommended"),
        ("first_line", [None, None, None], "not_recommended"),
        # A cap caps.
        ("first_line", ["first_line"], "first_line"),
        ("first_line", ["reasonable"], "reasonable"),
        ("first_line", ["limited"], "limited"),
        ("first_line", ["not_recommended"], "not_recommended"),
        # A cap never raises.
        ("reasonable", ["first_line"], "reasonable"),
        ("limited", ["reasonable"], "limited"),
        ("not_recommended", ["limited"], "not_recommended"),
        # The lowest of several caps counts, in any order.
        ("first_line", ["reasonable", "limited"], "limited"),
        ("first_line", ["limited", "reasonable"], "limited"),
        # A cap is not counted among those that lower.
        ("first_line", [None, "reasonable"], "reasonable"),
        ("first_line", [None, "first_line"], "reasonable"),
        ("first_line", ["limited", None], "limited"),
        ("first_line", ["reasonable", "reasonable"], "reasonable"),
        ("first_line", ["reasonable", None, "limited", None], "not_recommended"),
    ],
)
def test_lower_gates_change_a_standing(
    start: Standing, lowers: list[Lower], after: Standing, always: bool
) -> None:
    assert standing(start, lowers, always=always) == after


@pytest.mark.parametrize(
    ("always", "conditional", "after"),
    [
        ([None], [None], "not_recommended"),
        ([None], ["limited"], "limited"),
        (["limited"], [None], "limited"),
        (["reasonable"], ["limited"], "limited"),
        (["limited"], ["reasonable"], "limited"),
        ([None, None], [], "not_recommended"),
    ],
)
def test_gates_that_always_hold_count_with_the_others(
    always: list[Lower], conditional: list[Lower], after: Standing
) -> None:
    conditions = gates("lower", conditional)
    bits = bits_of(conditions)
    rules = Rules.of((*gates("lower", always, always=True), *conditions), bits)
    assert STANDINGS[rules.standing(rank("first_line"), sum(bits.values()))] == after


@pytest.mark.parametrize("kind", ["caution", "favour", "note"])
def test_gates_that_only_inform_change_nothing(kind: GateKind) -> None:
    made = gates(kind, [None, None])
    rules = Rules.of(made, bits_of(made))
    everything = (~0, ~0)
    given = judge("x", rules, [rank("first_line")], everything, available=True)
    assert given == Verdict("x", "offered", rank("first_line"), rank("first_line"))


def judged(
    forbid: Truth,
    lowers: Collection[Truth],
    standings: Collection[Standing],
    *,
    available: bool = True,
) -> tuple[VerdictName, Standing, Standing]:
    """Judge an option with one forbid gate and some lower gates."""
    made = (*gates("forbid", [None]), *gates("lower", [None] * len(lowers)))
    bits = bits_of(made)
    truths = dict(zip(bits, [forbid, *lowers], strict=True))
    given = judge(
        "extraction",
        Rules.of(made, bits),
        [rank(each) for each in standings],
        (
            sum(bits[name] for name, truth in truths.items() if truth == "true"),
            sum(bits[name] for name, truth in truths.items() if truth == "unknown"),
        ),
        available=available,
    )
    assert given.option == "extraction"
    return given.verdict, STANDINGS[given.worst], STANDINGS[given.best]


@pytest.mark.parametrize(
    ("forbid", "lowers", "standings", "expected"),
    [
        # One scenario, all known.
        ("false", [], [BEST], ("offered", BEST, BEST)),
        ("false", ["false"], [BEST], ("offered", BEST, BEST)),
        ("false", ["true"], [BEST], ("offered", REASONABLE, REASONABLE)),
        ("false", ["true", "true"], [BEST], ("not_indicated", WORST, WORST)),
        ("false", [], [WORST], ("not_indicated", WORST, WORST)),
        ("true", [], [BEST], ("excluded", BEST, BEST)),
        # An unknown forbid withholds, whatever the standing, but for the worst.
        ("unknown", [], [BEST], ("withheld", BEST, BEST)),
        ("unknown", [], [LIMITED], ("withheld", LIMITED, LIMITED)),
        ("unknown", [], [WORST], ("not_indicated", WORST, WORST)),
        # An unknown lower counts for the standing, not for the best standing.
        ("false", ["unknown"], [BEST], ("offered", REASONABLE, BEST)),
        ("false", ["unknown"], [LIMITED], ("offered", LIMITED, LIMITED)),
        ("false", ["unknown", "true"], [BEST], ("withheld", WORST, REASONABLE)),
        ("false", ["unknown", "unknown"], [BEST], ("withheld", WORST, BEST)),
        ("false", ["true", "true", "unknown"], [BEST], ("not_indicated", WORST, WORST)),
        # Several scenarios: the standing is the worst, the best standing the best.
        ("false", [], [LIMITED, BEST], ("offered", LIMITED, BEST)),
        ("false", [], [BEST, REASONABLE, LIMITED], ("offered", LIMITED, BEST)),
        ("false", [], [WORST, BEST], ("withheld", WORST, BEST)),
        ("false", [], [WORST, WORST], ("not_indicated", WORST, WORST)),
        ("false", ["true"], [LIMITED, BEST], ("offered", LIMITED, REASONABLE)),
        ("false", ["unknown"], [REASONABLE, BEST], ("offered", LIMITED, BEST)),
        ("unknown", [], [WORST, WORST], ("not_indicated", WORST, WORST)),
        ("true", [], [WORST, WORST], ("excluded", WORST, WORST)),
        ("true", ["unknown"], [WORST, BEST], ("excluded", WORST, BEST)),
    ],
)
def test_the_verdict_is_the_first_that_holds(
    forbid: Truth,
    lowers: list[Truth],
    standings: list[Standing],
    expected: tuple[VerdictName, Standing, Standing],
) -> None:
    assert judged(forbid, lowers, standings) == expected


@pytest.mark.parametrize(
    ("forbid", "standings", "verdict"),
    [
        ("true", [BEST], "excluded"),
        ("false", [BEST], "unavailable"),
        ("false", [WORST], "unavailable"),
        ("unknown", [BEST], "unavailable"),
        ("unknown", [WORST, BEST], "unavailable"),
    ],
)
def test_what_the_clinic_does_not_offer_is_unavailable_unless_it_is_forbidden(
    forbid: Truth, standings: list[Standing], verdict: VerdictName
) -> None:
    assert judged(forbid, [], standings, available=False)[0] == verdict


def test_a_gate_that_always_forbids_excludes() -> None:
    rules = Rules.of(gates("forbid", [None], always=True), {})
    given = judge("x", rules, [rank("first_line")], (0, 0), available=True)
    assert given.verdict == "excluded"


@pytest.mark.parametrize(
    ("truths", "verdict"),
    [
        (["false", "false"], "offered"),
        (["unknown", "false"], "withheld"),
        (["unknown", "true"], "excluded"),
        (["true", "unknown"], "excluded"),
    ],
)
def test_one_of_several_forbid_gates_is_enough(
    truths: list[Truth], verdict: VerdictName
) -> None:
    made = gates("forbid", [None, None])
    bits = bits_of(made)
    pairs = list(zip(bits.values(), truths, strict=True))
    true = sum(bit for bit, truth in pairs if truth == "true")
    unknown = sum(bit for bit, truth in pairs if truth == "unknown")
    rules = Rules.of(made, bits)
    given = judge("x", rules, [rank("limited")], (true, unknown), available=True)
    assert given.verdict == verdict


# -- what mutants of the code asked for ---------------------------------------


def test_a_cap_that_does_not_hold_caps_nothing() -> None:
    made = gates("lower", ["limited", "not_recommended"])
    rules = Rules.of(made, bits_of(made))
    assert rules.standing(rank("first_line"), 0) == rank("first_line")
    assert rules.standing(rank("first_line"), 1) == rank("limited")
    assert rules.standing(rank("first_line"), 4) == rank("first_line")


def test_lower_gates_with_one_condition_count_each() -> None:
    same = attrs.evolve(gates("lower", [None])[0], id="again")
    both = (*gates("lower", [None]), same)
    twice = Rules.of(both, bits_of(both[:1]))
    assert twice.standing(rank("first_line"), 1) == rank("not_recommended")
    assert twice.standing(rank("first_line"), 0) == rank("first_line")
    beside = (*gates("lower", [None, None]), same)
    mixed = Rules.of(beside, bits_of(beside[:2]))
    assert mixed.standing(rank("first_line"), 2) == rank("reasonable")


def test_only_the_gates_of_an_option_decide_it() -> None:
    rules = Rules.of(gates("lower", ["limited"]), {asked("lower_0"): 2})
    assert rules.deciding == 2
