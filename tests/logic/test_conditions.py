"""Conditions: whether they hold, and which facts decided it."""

from __future__ import annotations

import pickle

import attrs
import pytest

from milia_cds.logic.conditions import (
    And,
    Atom,
    Compare,
    Holds,
    NamedSet,
    Not,
    OneOf,
    Or,
    Scope,
    Term,
    Truth,
    Yes,
    atoms,
    deciding,
    facts_in,
    remaining,
    truth,
)
from milia_cds.logic.facts import Choice, Kind, Members, Number, Value, YesNo
from milia_cds.logic.language import parse

FACTS: dict[str, Kind] = {
    "patient.age_years": Number(0, 120, "years"),
    "patient.warmth": Number(-5, 40.5, "degrees"),
    "lesion.count": Number(1, 100, whole=True),
    "lesion.site": Choice(("cheek", "chin", "nose", "eyelid")),
    "lesion.pattern": Choice(("plaque", "scattered")),
    "history.pacemaker": YesNo(),
    "history.keloid": YesNo(),
    "history.failed": Members(("extraction", "peel")),
}
SETS = {
    "face": NamedSet("lesion.site", ("cheek", "chin", "nose")),
    "nowhere": NamedSet("lesion.site", ()),
    "everywhere": NamedSet("lesion.site", ("cheek", "chin", "nose", "eyelid")),
}
PACEMAKER = Atom("history.pacemaker", Yes())
KELOID = Atom("history.keloid", Yes())
CHILD = Atom("patient.age_years", Compare("<", 12))
SCOPE = Scope(FACTS, SETS, {"child": CHILD, "device": Or((PACEMAKER, KELOID))})


def _truth(text: str, **facts: Value | None) -> Truth:
    """Evaluate a text; the facts are given by the last part of their names."""
    given = {name: facts.get(name.partition(".")[2]) for name in FACTS}
    return truth(parse(text, SCOPE), given)


# -- whether a condition holds --------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "both", "either"),
    [
        (True, True, True, True),
        (True, False, False, True),
        (True, None, None, True),
        (False, True, False, True),
        (False, False, False, False),
        (False, None, False, None),
        (None, True, None, True),
        (None, False, False, None),
        (None, None, None, None),
    ],
)
def test_and_and_or_follow_the_tables_of_kleene(
    one: Truth, other: Truth, both: Truth, either: Truth
) -> None:
    facts = {"pacemaker": one, "keloid": other}
    assert _truth("history.pacemaker and history.keloid", **facts) is both
    assert _truth("history.pacemaker or history.keloid", **facts) is either


@pytest.mark.parametrize(
    ("value", "opposite"), [(True, False), (False, True), (None, None)]
)
def test_not_turns_what_is_known_and_leaves_the_unknown(
    value: Truth, opposite: Truth
) -> None:
    assert _truth("history.pacemaker", pacemaker=value) is value
    assert _truth("not history.pacemaker", pacemaker=value) is opposite
    assert _truth("not not history.pacemaker", pacemaker=value) is value


@pytest.mark.parametrize(
    ("text", "below", "at", "above"),
    [
        ("patient.age_years < 12", True, False, False),
        ("patient.age_years <= 12", True, True, False),
        ("patient.age_years > 12", False, False, True),
        ("patient.age_years >= 12", False, True, True),
        ("patient.age_years == 12", False, True, False),
        ("patient.age_years != 12", True, False, True),
        ("12 > patient.age_years", True, False, False),
        ("12 >= patient.age_years", True, True, False),
        ("12 < patient.age_years", False, False, True),
        ("12 <= patient.age_years", False, True, True),
        ("12 == patient.age_years", False, True, False),
        ("12 != patient.age_years", True, False, True),
        ("8 <= patient.age_years < 12", True, False, False),
        ("8 < patient.age_years <= 12", True, True, False),
        ("12 <= patient.age_years <= 12", False, True, False),
        ("90 > patient.age_years > 12", False, False, True),
        ("11.9985 < patient.age_years < 11.9995", True, False, False),
        ("12.0005 < patient.age_years <= 12.001", False, False, True),
        ("8 < patient.age_years < 90 > patient.age_years", True, True, True),
    ],
)
def test_a_number_is_compared_with_its_bound(
    text: str, *, below: bool, at: bool, above: bool
) -> None:
    ages = (11.999, 12, 12.001, None)
    expected = [below, at, above, None]
    assert [_truth(text, age_years=age) for age in ages] == expected


def test_a_chain_may_leave_a_single_whole_number() -> None:
    for text in ("5 <= lesion.count <= 5", "4 < lesion.count < 6"):
        assert [_truth(text, count=count) for count in (4, 5, 6)] == [
            False,
            True,
            False,
        ]


@pytest.mark.parametrize(
    ("text", "cheek", "eyelid"),
    [
        ('lesion.site == "cheek"', True, False),
        ('"cheek" == lesion.site', True, False),
        ('lesion.site != "cheek"', False, True),
        ('lesion.site in {"cheek", "chin"}', True, False),
        ('lesion.site not in {"cheek", "chin"}', False, True),
        ("lesion.site in face", True, False),
        ("lesion.site not in face", False, True),
    ],
)
def test_a_choice_is_compared_with_members_and_sets(
    text: str, *, cheek: bool, eyelid: bool
) -> None:
    sites = ("cheek", "eyelid", None)
    assert [_truth(text, site=site) for site in sites] == [cheek, eyelid, None]


@pytest.mark.parametrize(
    ("failed", "has"),
    [
        (frozenset({"peel"}), True),
        (frozenset({"peel", "extraction"}), True),
        (frozenset({"extraction"}), False),
        (frozenset(), False),
        (None, None),
    ],
)
def test_a_set_fact_is_asked_for_a_member(
    failed: frozenset[str] | None, has: Truth
) -> None:
    assert _truth('"peel" in history.failed', failed=failed) is has
    lacks = None if has is None else not has
    assert _truth('"peel" not in history.failed', failed=failed) is lacks


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("history.pacemaker", PACEMAKER),
        ("child", Term("child", CHILD)),
        ("patient.age_years < 12", CHILD),
        ("patient.warmth > -1.5", Atom("patient.warmth", Compare(">", -1.5))),
        ("lesion.count == 3.0", Atom("lesion.count", Compare("==", 3))),
        (
            "history.pacemaker or child and not history.keloid",
            Or((PACEMAKER, And((Term("child", CHILD), Not(KELOID))))),
        ),
        (
            "(history.pacemaker or child) and history.keloid",
            And((Or((PACEMAKER, Term("child", CHILD))), KELOID)),
        ),
        (
            'lesion.site in face or "peel" in history.failed',
            Or(
                (
                    Atom("lesion.site", OneOf(frozenset({"cheek", "chin", "nose"}))),
                    Atom("history.failed", Holds("peel")),
                )
            ),
        ),
        ("\n  history.pacemaker\r\n  or history.keloid ", Or((PACEMAKER, KELOID))),
    ],
)
def test_a_text_is_read_as_its_tree(text: str, tree: object) -> None:
    assert parse(text, SCOPE) == tree


def test_a_named_set_keeps_its_name_for_the_words() -> None:
    named, plain = (
        parse(text, SCOPE)
        for text in ("lesion.site in face", 'lesion.site in {"cheek", "chin", "nose"}')
    )
    assert named == plain
    # Both are of a set.
    names = [each.test.name for each in (named, plain)]  # type: ignore[union-attr]
    assert names == ["face", None]


def test_a_name_left_out_of_the_case_is_not_known() -> None:
    assert truth(CHILD, {}) is None
    assert truth(Or((CHILD, PACEMAKER)), {"history.pacemaker": True}) is True


def test_and_of_nothing_is_true_and_or_of_nothing_is_false() -> None:
    assert truth(And(()), {}) is True
    assert truth(Or(()), {}) is False


def test_atoms_and_facts_come_in_the_order_of_the_text() -> None:
    condition = parse(
        "not history.keloid and (device or 8 <= patient.age_years < 12)", SCOPE
    )
    low, high = (
        Atom("patient.age_years", Compare(sign, bound))
        for sign, bound in ((">=", 8), ("<", 12))
    )
    assert list(atoms(condition)) == [KELOID, PACEMAKER, KELOID, low, high]
    assert facts_in(condition) == (
        "history.keloid",
        "history.pacemaker",
        "patient.age_years",
    )


def test_conditions_can_be_hashed_compared_and_pickled() -> None:
    condition = parse(
        'child and lesion.site in face or "peel" in history.failed', SCOPE
    )
    assert pickle.loads(pickle.dumps(condition)) == condition  # noqa: S301 - our own
    assert len({condition, attrs.evolve(condition)}) == 1


@pytest.mark.parametrize(
    ("text", "facts", "value", "names"),
    [
        ("history.pacemaker", {}, None, ["pacemaker"]),
        ("not history.pacemaker", {"pacemaker": True}, False, ["pacemaker"]),
        ("device and child", {"age_years": 30}, False, ["age_years"]),
        (
            "device and child",
            {"pacemaker": True, "age_years": 3},
            True,
            ["pacemaker", "age_years"],
        ),
        (
            "device and child",
            {"pacemaker": False, "age_years": 3},
            None,
            ["keloid"],
        ),
        ("device and child", {"pacemaker": True}, None, ["age_years"]),
        ("device and child", {}, None, ["pacemaker", "keloid", "age_years"]),
        (
            "device or child",
            {"pacemaker": False, "keloid": False, "age_years": 30},
            False,
            ["pacemaker", "keloid", "age_years"],
        ),
        ("device or child", {"keloid": True}, True, ["keloid"]),
        ("device or child", {"age_years": 3}, True, ["age_years"]),
        ("8 <= patient.age_years < 12", {"age_years": 9}, True, ["age_years"]),
        ("history.keloid or not history.keloid", {}, None, ["keloid"]),
    ],
)
def test_deciding_names_the_facts_that_decide_or_are_missing(
    text: str, facts: dict[str, Value], value: Truth, names: list[str]
) -> None:
    given = {name: facts.get(name.partition(".")[2]) for name in FACTS}
    decided, by = deciding(parse(text, SCOPE), given)
    assert decided is value
    assert [name.partition(".")[2] for name in by] == names


# -- what is left to know -----------------------------------------------------


@pytest.mark.parametrize(
    ("text", "known", "left"),
    [
        ("history.keloid", {}, "history.keloid"),
        ("child and history.keloid", {"age_years": 3}, "history.keloid"),
        ("child or history.keloid", {"age_years": 30}, "history.keloid"),
        ("child and history.keloid", {}, "child and history.keloid"),
        (
            "child and (history.keloid or lesion.site in face)",
            {"age_years": 3, "site": "eyelid"},
            "history.keloid",
        ),
        ("not (child and history.keloid)", {"age_years": 3}, "not history.keloid"),
        # A term is known by its name, so it stays whole.
        ("child and device", {"age_years": 3, "keloid": False}, "device"),
        (
            "child and history.keloid and lesion.site in face",
            {"age_years": 3},
            "history.keloid and lesion.site in face",
        ),
    ],
)
def test_what_is_known_is_left_out_of_an_open_condition(
    text: str, known: dict[str, Value], left: str
) -> None:
    facts = {name: known.get(name.partition(".")[2]) for name in FACTS}
    assert remaining(parse(text, SCOPE), facts) == parse(left, SCOPE)
