"""The engine: a decision on a small knowledge base, and what is filled before it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeAlias

import attrs
import pytest

import milia_cds
from milia_cds.assessment.assessment import assess
from milia_cds.assessment.base import load_knowledge
from milia_cds.case.case import Case
from milia_cds.case.milia import READABLE
from milia_cds.decision.all_cases import AllCases
from milia_cds.decision.completions import Completions
from milia_cds.decision.engine import Engine, compiled, first_place
from milia_cds.decision.record import Record
from milia_cds.decision.verdicts import VerdictName
from milia_cds.errors import CaseError, ContradictionError
from milia_cds.knowledge.files import SHIPPED
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.options import (
    STANDINGS,
    Act,
    CriterionLevel,
    Gate,
    GateKind,
    Modifier,
    Option,
    Standing,
)
from milia_cds.knowledge.scenarios import ActionRow, Branch, Decision, Scenario
from milia_cds.knowledge.texts import ADVICE_KINDS
from milia_cds.knowledge.words import Contradiction
from milia_cds.logic.conditions import Scope
from milia_cds.logic.facts import Value
from milia_cds.logic.language import parse

BASE = load_knowledge()
SCOPE = Scope(READABLE)

Standings: TypeAlias = Mapping[str, Standing]

# -- a small knowledge base ---------------------------------------------------
#
# Primary milia are `plain`, secondary ones `odd`. One may wait, rub or cut.


def option(
    name: str,
    act: Act,
    cost: int,
    *gates: tuple[GateKind, str],
    cheaper_when: str = "",
) -> Option:
    modifiers = (
        [Modifier(when=cheaper_when, level=4, condition=parse(cheaper_when, SCOPE))]
        if cheaper_when
        else []
    )
    return attrs.evolve(
        BASE.options["extraction"],
        id=name,
        act=act,
        invasiveness=cost,
        level=(CriterionLevel(criterion="cost", base=cost, modifier=tuple(modifiers)),),
        argument=(),
        gate=tuple(
            Gate(
                id=f"gate_{place}",
                name=f"{name}.gate_{place}",
                kind=kind,
                when=when,
                text="a text",
                condition=parse(when, SCOPE),
            )
            for place, (kind, when) in enumerate(gates)
        ),
    )


def scenario(name: str, standings: Standings, action: Act = "treat") -> Scenario:
    return attrs.evolve(
        BASE.scenarios["newborn"],
        id=name,
        ranks={each: STANDINGS.index(standing) for each, standing in standings.items()},
        action=(ActionRow(act=action, text=f"{action} it"),),
        argument=(),
    )


def branch(when: str, to: str) -> Branch:
    return Branch(to=to, when=when, condition=parse(when, SCOPE))


def world(
    *options: Option, plain: Scenario, odd: Scenario | None = None, **more: Any
) -> Engine:
    """Make an engine of these options; where `odd` is left out, it is as `plain`."""
    which = Decision(
        id="which",
        ask="Which?",
        branch=(
            branch('lesion.origin == "primary"', "plain"),
            branch('lesion.origin == "secondary"', "odd"),
        ),
    )
    parts: dict[str, Any] = {
        "decisions": {"which": which},
        "scenarios": {"plain": plain, "odd": odd or attrs.evolve(plain, id="odd")},
        "options": {each.id: each for each in options},
        "measures": {},
        "criteria": {"cost": attrs.evolve(BASE.criteria["cost"], weight=3)},
        "contradictions": (),
        "destinations": {},
        "guarantees": (),
        "alerts": {},
        "facts": {
            name: attrs.evolve(each, way_out=False, settled=())
            for name, each in BASE.facts.items()
        },
    }
    base: Knowledge = attrs.evolve(BASE, **parts | more)
    return Engine(base)


PRIMARY: Mapping[str, Value] = {"lesion.origin": "primary"}
SECONDARY: Mapping[str, Value] = {"lesion.origin": "secondary"}


def decide(
    engine: Engine,
    facts: Mapping[str, Value],
    absences: Mapping[str, Value] = MappingProxyType({}),
    **more: Any,
) -> Record:
    return engine.decide(
        [facts.get(name) for name in engine.names],
        absent=[absences.get(name) for name in engine.names],
        **more,
    )


def left(engine: Engine, record: Record) -> Completions:
    return Completions(AllCases(engine.base), record)


def verdicts(record: Record) -> dict[str, VerdictName]:
    return {name: each.verdict for name, each in record.verdicts.items()}


GOOD: Standings = {"wait": "reasonable", "rub": "reasonable", "cut": "first_line"}
BAD: Standings = dict.fromkeys(GOOD, "not_recommended")
WAIT = option("wait", "observe", 0)
RUB = option("rub", "treat", 2)
CUT = option("cut", "treat", 3)


def test_a_case_of_which_all_is_known_is_determinate() -> None:
    engine = world(WAIT, RUB, CUT, plain=scenario("plain", GOOD))
    record = decide(engine, PRIMARY)
    assert record.walk.scenarios == ("plain",)
    assert [place.option for place in record.ranking] == ["cut", "rub", "wait"]
    assert [place.rank for place in record.ranking] == [1, 2, 3]
    assert {place.of for place in record.ranking} == {3 * 4}
    assert [place.points for place in record.ranking] == [9, 6, 0]
    assert (
        left(engine, record).possible_first == first_place(record.ranking) == ("cut",)
    )
    assert record.disposition.action == "treat"
    assert left(engine, record).agree_with(record)


OPEN_LOWER = option("cut", "treat", 3, ("lower", "history.keloid"))
OPEN_FORBID = option("cut", "treat", 3, ("forbid", "history.keloid"))


@pytest.mark.parametrize(
    ("cut", "facts", "possible", "determinate"),
    [
        # Cut stands first alone, whatever is not known of another option.
        (CUT, {}, ["cut"], True),
        # Lowered by one, it stands no better than rub, but its points are more.
        (OPEN_LOWER, {"history.keloid": False}, ["cut"], True),
        (OPEN_LOWER, {"history.keloid": True}, ["cut"], True),
        (OPEN_LOWER, {}, ["cut"], True),
        # Withheld, it could still come first.
        (OPEN_FORBID, {"history.keloid": False}, ["cut"], True),
        (OPEN_FORBID, {"history.keloid": True}, ["rub"], True),
        (OPEN_FORBID, {}, ["rub", "cut"], False),
    ],
)
def test_what_could_come_first_decides_whether_the_case_is_determinate(
    cut: Option, facts: dict[str, Value], possible: list[str], determinate: bool
) -> None:
    engine = world(WAIT, RUB, cut, plain=scenario("plain", GOOD))
    record = decide(engine, {**PRIMARY, **facts})
    assert list(left(engine, record).possible_first) == possible
    assert left(engine, record).agree_with(record) is determinate


def test_a_level_that_is_not_known_counts_least_and_may_come_first() -> None:
    rub = option("rub", "treat", 2, cheaper_when="history.keloid")
    even: Standings = dict.fromkeys(GOOD, "reasonable")
    engine = world(WAIT, rub, CUT, plain=scenario("plain", even))
    ranked = [
        [(place.option, place.points) for place in decide(engine, facts).ranking]
        for facts in (
            {**PRIMARY, "history.keloid": True},
            {**PRIMARY, "history.keloid": False},
            PRIMARY,
        )
    ]
    assert ranked == [
        [("rub", 12), ("cut", 9), ("wait", 0)],
        [("cut", 9), ("rub", 6), ("wait", 0)],
        [("cut", 9), ("rub", 6), ("wait", 0)],
    ]
    record = decide(engine, PRIMARY)
    assert left(engine, record).possible_first == ("rub", "cut")
    assert not left(engine, record).agree_with(record)


TWIN = option("twin", "treat", 3)


@pytest.mark.parametrize(
    ("twin", "determinate"),
    [(TWIN, True), (option("twin", "treat", 3, cheaper_when="history.keloid"), False)],
    ids=["for_certain", "if_it_stays_so"],
)
def test_a_tie_at_the_top_is_one_first_place(twin: Option, determinate: bool) -> None:
    even: Standings = {"twin": "first_line", **GOOD}
    engine = world(WAIT, CUT, twin, plain=scenario("plain", even))
    record = decide(engine, PRIMARY)
    assert first_place(record.ranking) == ("cut", "twin")
    assert [(place.rank, place.tied) for place in record.ranking] == [
        (1, True),
        (1, True),
        (3, False),
    ]
    assert set(left(engine, record).possible_first) == {"cut", "twin"}
    assert left(engine, record).agree_with(record) is determinate


@pytest.mark.parametrize(
    ("odd", "facts", "expected", "action"),
    [
        (scenario("odd", GOOD), {}, dict.fromkeys(GOOD, "offered"), "treat"),
        (
            scenario("odd", GOOD, "observe"),
            {},
            dict.fromkeys(GOOD, "offered"),
            "observe",
        ),
        (
            scenario("odd", GOOD, "treat"),
            SECONDARY,
            dict.fromkeys(GOOD, "offered"),
            "treat",
        ),
        (
            scenario("odd", BAD),
            {},
            dict.fromkeys(GOOD, "withheld"),
            "needs_information",
        ),
        (scenario("odd", BAD), PRIMARY, dict.fromkeys(GOOD, "offered"), "treat"),
        (
            scenario("odd", BAD),
            SECONDARY,
            dict.fromkeys(GOOD, "not_indicated"),
            "observe",
        ),
        (
            scenario("odd", {**GOOD, "cut": "not_recommended"}),
            {},
            {"wait": "offered", "rub": "offered", "cut": "withheld"},
            "treat",
        ),
    ],
    ids=[
        "same",
        "other_action",
        "other_action_known",
        "open_and_bad",
        "plain_for_certain",
        "bad_for_certain",
        "one_is_withheld",
    ],
)
def test_an_open_scenario_offers_what_every_scenario_offers(
    odd: Scenario,
    facts: dict[str, Value],
    expected: dict[str, VerdictName],
    action: str,
) -> None:
    engine = world(WAIT, RUB, CUT, plain=scenario("plain", GOOD), odd=odd)
    record = decide(engine, facts)
    assert verdicts(record) == expected
    assert record.disposition.action == action


# -- settings -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("offers", "ranked"),
    [
        (None, ["cut", "rub", "wait"]),
        (["wait", "rub", "cut"], ["cut", "rub", "wait"]),
        (["wait", "cut"], ["cut", "wait"]),
        (["wait"], ["wait"]),
        ([], []),
    ],
)
def test_only_what_the_clinic_offers_is_offered(
    offers: list[str] | None, ranked: list[str]
) -> None:
    engine = world(WAIT, RUB, CUT, plain=scenario("plain", GOOD))
    record = decide(
        engine, PRIMARY, offers=None if offers is None else frozenset(offers)
    )
    assert [place.option for place in record.ranking] == ranked
    assert verdicts(record) == {
        name: "offered" if name in ranked else "unavailable" for name in GOOD
    }


@pytest.mark.parametrize(
    ("weights", "expected"),
    [
        (None, {}),
        ({}, {}),
        ({"cost": 0}, {"cost": 0}),
        ({"pigment": 10, "visits": 0}, {"pigment": 10, "visits": 0}),
    ],
)
def test_weights_that_are_given_replace_the_defaults_and_the_rest_stay(
    weights: dict[str, int] | None, expected: dict[str, int]
) -> None:
    defaults = {name: each.weight for name, each in BASE.criteria.items()}
    record = decide(compiled(BASE), {}, weights=weights)
    assert record.weights == {**defaults, **expected}


def test_what_points_are_out_of_follows_the_weights() -> None:
    engine = world(WAIT, RUB, CUT, plain=scenario("plain", GOOD))
    record = decide(engine, PRIMARY, weights={"cost": 7})
    assert [(place.points, place.of) for place in record.ranking] == [
        (21, 28),
        (14, 28),
        (0, 28),
    ]


@pytest.mark.parametrize("facts", [{}, PRIMARY], ids=["nothing_known", "known"])
def test_weights_that_are_all_zero_are_refused(facts: dict[str, Value]) -> None:
    engine = world(WAIT, RUB, CUT, plain=scenario("plain", GOOD))
    with pytest.raises(CaseError) as caught:
        decide(engine, facts, weights={"cost": 0})
    assert str(caught.value) == (
        "The case has 1 problem:\n"
        "  goals.weights: every weight is 0, so nothing can be told apart; give at "
        "least one criterion a weight from 1 to 10"
    )


# -- contradictions, and what is filled ---------------------------------------


def contradiction(when: str, *facts: str, stated: str = "", level: Any) -> Any:
    return Contradiction(
        id="odd_one",
        level=level,
        when=when,
        facts=facts,
        stated=(stated,) if stated else (),
        text="These cannot both be.",
        condition=parse(when, SCOPE),
    )


KELOID_AND_GROWING = (
    "history.keloid and findings.growing",
    "history.keloid",
    "findings.growing",
)


def contradicted(**more: Any) -> Engine:
    given = contradiction(*KELOID_AND_GROWING, **more)
    plain = scenario("plain", GOOD)
    return world(WAIT, RUB, CUT, plain=plain, contradictions=(given,))


def test_stated_facts_that_contradict_are_refused_with_both_paths() -> None:
    facts: dict[str, Value] = {"history.keloid": True, "findings.growing": True}
    with pytest.raises(ContradictionError) as caught:
        decide(contradicted(level="error"), facts)
    assert str(caught.value) == (
        "The case has 1 problem:\n"
        "  history.keloid and findings.growing: These cannot both be; correct one of "
        "them, or give null where it is not known"
    )


@pytest.mark.parametrize(
    ("facts", "warned"),
    [
        ({"history.keloid": True, "findings.growing": True}, ["odd_one"]),
        ({"history.keloid": True, "findings.growing": False}, []),
        ({"history.keloid": True}, []),
        ({}, []),
    ],
)
def test_what_is_only_odd_is_a_warning(
    facts: dict[str, Value], warned: list[str]
) -> None:
    record = decide(contradicted(level="warning"), facts)
    assert [each.id for each in record.warnings] == warned


@pytest.mark.parametrize(
    ("absences", "assumed"),
    [
        ({}, []),
        ({"findings.growing": False}, ["findings.growing"]),
        # It would contradict the keloid, so it stays unknown, alone.
        ({"findings.growing": True}, []),
        (
            {"findings.growing": True, "history.lupus": False},
            ["history.lupus"],
        ),
    ],
)
def test_nothing_is_filled_that_contradicts_a_stated_fact(
    absences: dict[str, Value], assumed: list[str]
) -> None:
    engine = contradicted(level="error")
    record = decide(engine, {"history.keloid": True}, absences=absences)
    assert list(record.assumed) == assumed
    for name, value in absences.items():
        assert record.facts[name] == (value if name in assumed else None)


def test_what_was_filled_is_not_stated() -> None:
    engine = contradicted(level="error", stated="history.lupus")
    facts: dict[str, Value] = {"history.keloid": True, "findings.growing": True}
    record = decide(engine, facts, absences={"history.lupus": False})
    assert record.assumed == ("history.lupus",)
    with pytest.raises(ContradictionError):
        decide(engine, {**facts, "history.lupus": False})


def filled(stated: Mapping[str, Any]) -> set[str]:
    case = Case.from_dict({**stated, "assume_absent": ["findings", "history"]})
    return {each.fact for each in assess(case).assumptions}


@pytest.mark.parametrize(
    ("cause", "left_open"),
    [
        ("isotretinoin", {"history.isotretinoin"}),
        ("porphyria", {"history.porphyria"}),
        ("burn", set()),
    ],
)
def test_the_cause_that_is_stated_keeps_its_history_open(
    cause: str, left_open: set[str]
) -> None:
    every = filled({})
    assert left_open <= every
    stated = {"lesion": {"origin": "secondary", "cause": cause}}
    assert filled(stated) == every - left_open


@pytest.mark.parametrize("cause", ["isotretinoin", "porphyria"])
def test_the_cause_keeps_its_history_open_where_the_origin_is_not_stated(
    cause: str,
) -> None:
    assert f"history.{cause}" not in filled({"lesion": {"cause": cause}})


# -- compiling and loading ----------------------------------------------------


def test_a_knowledge_base_is_compiled_once() -> None:
    assert compiled(BASE) is compiled(BASE)


def test_the_shipped_knowledge_is_loaded_once() -> None:
    assert load_knowledge() is load_knowledge() is BASE


@pytest.mark.slow
def test_a_folder_is_read_anew_and_may_be_a_text_or_a_path() -> None:
    by_text, by_path = load_knowledge(str(SHIPPED)), load_knowledge(SHIPPED)
    assert by_text is not by_path
    assert by_text.digest == by_path.digest == BASE.digest


PURE = (
    "logic/cells",
    "logic/conditions",
    "logic/diagrams",
    "decision/disposition",
    "decision/engine",
    "decision/completions",
    "decision/exact",
    "explanation/questions",
    "logic/language",
    "logic/plan",
    "decision/ranking",
    "explanation/composing",
    "decision/all_cases",
    "decision/verdicts",
    "explanation/reasons",
    "decision/walk",
)


@pytest.mark.parametrize("module", PURE)
def test_the_engine_names_no_option_no_scenario_and_no_fact(module: str) -> None:
    names = {*BASE.options, *BASE.measures, *BASE.scenarios, *READABLE}
    names -= set(ADVICE_KINDS)  # one kind of advice is named like a scenario
    code = (Path(milia_cds.__file__).parent / f"{module}.py").read_text("utf-8")
    found = [name for name in names if re.search(rf"\b{re.escape(name)}\b", code)]
    assert found == []
