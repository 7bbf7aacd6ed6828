"""The proofs of the guarantees: what each rests on, and what breaks without it."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Sequence
from typing import Any, TypeAlias

import attrs
import pytest

from milia_cds import Case, assess, load_knowledge
from milia_cds.check import Held, Proof, examine
from milia_cds.check.guarantees import prove
from milia_cds.check.second_opinion import SecondOpinion
from milia_cds.check.space import Space
from milia_cds.knowledge.dangers import Alert
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.options import Gate, GateKind, Option, Standing, gate_place
from milia_cds.knowledge.promises import Exempt, Guarantee
from milia_cds.logic.language import parse
from tests import common

BASE = load_knowledge()


@pytest.fixture
def space() -> Space:
    return common.space()


@pytest.fixture
def proofs() -> dict[str, Proof]:
    return {each.guarantee.id: each for each in common.examined().proofs}


def names(held: Held, layer: int = 0) -> set[str]:
    return {name for support in held.layers[layer] for name in support.names}


def of(proof: Proof, owner: str) -> Held:
    return next(each for each in proof.held if each.owner == owner)


def test_every_guarantee_is_proved(proofs: dict[str, Proof]) -> None:
    assert set(proofs) == {each.id for each in BASE.guarantees}
    assert [name for name, proof in proofs.items() if proof.broken] == []


def test_a_guarantee_rests_on_the_gates_that_it_needs_and_no_other(
    proofs: dict[str, Proof],
) -> None:
    held = of(proofs["G11"], "cryotherapy")
    assert names(held) == {
        f"options/cryotherapy.toml: gate.{name}"
        for name in (
            "cold_urticaria",
            "cryoglobulinaemia",
            "cold_agglutinin_disease",
            "agammaglobulinaemia",
            "raynaud",
            "myeloma",
            "cryotherapy_reaction",
        )
    }
    assert {support.how for support in held.layers[0]} == {"gate"}


def test_what_standings_alone_hold_is_fragile(proofs: dict[str, Proof]) -> None:
    assert "observation" in proofs["G21a"].fragile
    assert "extraction" not in proofs["G21a"].fragile
    assert [name for name, proof in proofs.items() if proof.fragile] == ["G21a"]
    assert names(of(proofs["G21a"], "observation")) == {
        "scenarios.toml: scenario.red_flag: observation",
        "scenarios.toml: scenario.uncertain_diagnosis: observation",
    }


def test_what_stands_behind_the_first_support_is_named(
    proofs: dict[str, Proof],
) -> None:
    held = of(proofs["G18a"], "cryotherapy")
    assert names(held) == {"common.toml: gate.epidermolysis_bullosa[1] (cryotherapy)"}
    assert "scenarios.toml: scenario.blistering_disease: cryotherapy" in names(held, 1)


def test_an_action_rests_on_the_actions_of_scenarios(proofs: dict[str, Proof]) -> None:
    held = of(proofs["G21b"], "refer")
    assert "scenarios.toml: scenario.red_flag.action[0]" in names(held)


def test_a_copy_rests_on_the_same_and_what_rests_on_less_is_another(
    proofs: dict[str, Proof],
) -> None:
    held = of(proofs["G18a"], "cryotherapy")
    for again in (copy.deepcopy(held), pickle.loads(pickle.dumps(held))):  # noqa: S301 - our own
        assert again.layers == held.layers
        assert (again, hash(again)) == (held, hash(held))
    assert Held(held.owner, held.fragile, lambda: held.layers[:1]) != held


def without(base: Knowledge, held: Held) -> Knowledge:
    """Take away everything that holds a guarantee for one option."""
    taken = {name for layer in held.layers for each in layer for name in each.names}
    option = base.options[held.owner]
    gates = tuple(gate for gate in option.gate if gate_place(option, gate) not in taken)
    scenarios = {
        name: attrs.evolve(scenario, ranks={**scenario.ranks, option.id: 1})
        if f"scenarios.toml: scenario.{name}: {option.id}" in taken
        else scenario
        for name, scenario in base.scenarios.items()
    }
    options: dict[str, Option] = {
        **base.options,
        option.id: attrs.evolve(option, gate=gates),
    }
    return attrs.evolve(base, options=options, scenarios=scenarios)


@pytest.mark.parametrize(
    ("guarantee", "owner"),
    [
        ("G11", "cryotherapy"),
        ("G18a", "cryotherapy"),
        ("G21a", "observation"),
        ("G05", "adapalene"),
        ("G06b", "isotretinoin"),
    ],
)
def test_without_all_its_support_a_guarantee_breaks_and_assess_shows_it(
    space: Space, proofs: dict[str, Proof], guarantee: str, owner: str
) -> None:
    bare = without(BASE, of(proofs[guarantee], owner))
    found = {e.guarantee.id: e for e in prove(bare, space, space.results(bare))}
    case = found[guarantee].broken[owner]
    answer = assess(Case.from_dict(dict(case)), bare)
    assert owner in [place.option for place in answer.ranking]
    assert owner not in [
        place.option for place in assess(Case.from_dict(dict(case))).ranking
    ]


def test_an_action_that_does_not_follow_is_shown_by_a_case(space: Space) -> None:
    guarantee = Guarantee(
        id="X",
        number=99,
        text="Widespread milia refer.",
        when="findings.widespread",
        action="refer",
        condition=parse("findings.widespread", BASE.scope()),
    )
    base = attrs.evolve(BASE, guarantees=(guarantee,))
    (proof,) = prove(base, space, space.results(base))
    answer = assess(Case.from_dict(dict(proof.broken["refer"])), base)
    assert answer.case.findings.widespread is True
    assert answer.disposition.action != "refer"


@pytest.mark.parametrize(
    ("when", "action", "holds"),
    [
        ("newborn and settled and not syndrome", "observe", False),
        ("goals.wants_treatment", "treat", False),
        ("goals.wants_treatment and not goals.wants_treatment", "treat", True),
    ],
)
def test_treat_and_observe_depend_on_the_first_place(
    space: Space, when: str, action: str, *, holds: bool
) -> None:
    guarantee = Guarantee(
        id="X",
        number=99,
        text="Something.",
        when=when,
        action=action,  # type: ignore[arg-type]  # a literal, by the table
        condition=parse(when, BASE.scope()),
    )
    base = attrs.evolve(BASE, guarantees=(guarantee,))
    (proof,) = prove(base, space, space.results(base))
    assert (not proof.broken) is holds


# -- where to, how soon, and alerts ------------------------------------------------


def told(when: str, **said: Any) -> Guarantee:
    condition = parse(when, BASE.scope())
    return Guarantee(
        id="X", number=99, text="Something.", when=when, condition=condition, **said
    )


def proof_of(base: Knowledge, guarantee: Guarantee, space: Space) -> Proof:
    base = attrs.evolve(base, guarantees=(guarantee,))
    (proof,) = prove(base, space, space.results(base))
    return proof


@pytest.mark.parametrize(
    ("said", "owner", "holds"),
    [
        ({}, "refer", True),
        ({"to": "dermatology"}, "refer to dermatology", False),
        ({"urgency": "routine"}, "refer, routine", False),
        ({"urgency_at_least": "routine"}, "refer, routine or sooner", True),
        ({"urgency_at_least": "emergency"}, "refer, emergency or sooner", False),
    ],
)
def test_where_to_and_how_soon_are_proved_or_shown_by_a_case(
    space: Space, said: dict[str, Any], owner: str, *, holds: bool
) -> None:
    proof = proof_of(BASE, told("red_flag", action="refer", **said), space)
    assert [each.owner for each in proof.held] == ([owner] if holds else [])
    if not holds:
        done = assess(Case.from_dict(dict(proof.broken[owner]))).disposition
        assert proof.said[owner] == f"not {owner}"
        assert done.action == "refer"
        assert (done.to, done.urgency) != ("dermatology", "emergency")


@pytest.mark.parametrize(
    ("when", "holds"), [("newborn and findings.infected", True), ("newborn", False)]
)
def test_an_alert_is_certain_wherever_a_guarantee_says_so(
    space: Space, when: str, *, holds: bool
) -> None:
    danger = parse("infant and findings.infected", BASE.scope())
    alert = Alert(
        id="danger",
        when="infant and findings.infected",
        urgency="routine",
        to=(),
        text="Look.",
        plain="Look.",
        condition=danger,
        signs=danger,
    )
    base = attrs.evolve(BASE, alerts={"danger": alert})
    proof = proof_of(base, told(when, alert="danger"), space)
    if holds:
        assert names(of(proof, "danger")) == {"alerts.toml: alert.danger"}
    else:
        assert proof.said == {
            "danger": "the alert danger is not certain, or not as urgent"
        }
        assert "infected" not in proof.broken["danger"].get("findings", {})


# -- the order of harm -------------------------------------------------------------

Gates: TypeAlias = Sequence[tuple[GateKind, str, Standing | None]]
"""Of each gate its kind, its condition and its cap."""

HARSHER = ("electrodesiccation", "cryotherapy")


def order(*exempt: Exempt) -> Guarantee:
    return Guarantee(
        id="X",
        number=99,
        text="Never more harshly.",
        gentler="extraction",
        binds=HARSHER,
        except_=exempt,
    )


def gated(base: Knowledge, owner: str, gates: Gates) -> Knowledge:
    """The knowledge with an option that has these gates."""
    option = base.options[owner]
    changed = attrs.evolve(
        option,
        gate=tuple(
            Gate(
                id=f"g{place}",
                kind=kind,
                text="",
                when=when,
                to=to,
                condition=parse(when, base.scope()),
            )
            for place, (kind, when, to) in enumerate(gates)
        ),
    )
    return attrs.evolve(base, options={**base.options, owner: changed})


def harmed(gentler: Gates, harsher: Gates) -> Knowledge:
    base = gated(BASE, "extraction", gentler)
    for owner in HARSHER:
        base = gated(base, owner, harsher)
    return base


KELOID, TANNED = "history.keloid", "findings.sunburned_or_tanned"
BOTH, EITHER = f"{KELOID} and {TANNED}", f"{KELOID} or {TANNED}"


@pytest.mark.parametrize(
    ("gentler", "harsher", "holds"),
    [
        ([("forbid", KELOID, None)], [("forbid", KELOID, None)], True),
        ([("forbid", KELOID, None)], [("forbid", EITHER, None)], True),
        ([("forbid", KELOID, None)], [("forbid", BOTH, None)], False),
        ([("forbid", KELOID, None)], [("lower", KELOID, "not_recommended")], False),
        ([("lower", KELOID, None)], [("forbid", KELOID, None)], True),
        ([("lower", KELOID, None)], [("lower", KELOID, None)], True),
        ([("lower", KELOID, None)], [("lower", KELOID, "reasonable")], False),
        ([("lower", KELOID, "reasonable")], [("lower", KELOID, None)], True),
        ([("lower", KELOID, "limited")], [("lower", KELOID, None)], False),
        (
            [("lower", KELOID, None), ("lower", TANNED, None)],
            [("lower", KELOID, None), ("lower", f"not {TANNED}", None)],
            False,
        ),
        (
            [("lower", KELOID, None), ("lower", TANNED, None)],
            [("lower", BOTH, "not_recommended"), ("lower", EITHER, None)],
            True,
        ),
        ([("caution", KELOID, None)], [], True),
    ],
)
def test_gates_bind_as_far_or_a_case_shows_it(
    gentler: Gates, harsher: Gates, *, holds: bool
) -> None:
    base = attrs.evolve(harmed(gentler, harsher), guarantees=(order(),))
    space = Space(base)
    (proof,) = prove(base, space, space.results(base))
    assert (not proof.broken) is holds
    assert {each.owner for each in proof.held} == (set(HARSHER) if holds else set())
    opinion = SecondOpinion(base)
    assert (opinion.broken(order()) is None) is holds


def test_a_gate_of_the_gentle_one_alone_breaks_the_order_of_harm(
    space: Space,
) -> None:
    proof = proof_of(BASE, order(), space)
    assert {*proof.broken} == {*HARSHER}
    assert proof.said["cryotherapy"] == (
        "extraction is forbidden by options/extraction.toml: gate.not_tolerated; "
        "cryotherapy is bound by no gate"
    )
    answer = assess(Case.from_dict(dict(proof.broken["cryotherapy"])))
    excluded = {each.option for each in answer.excluded}
    assert "extraction" in excluded
    assert "cryotherapy" not in excluded


def test_an_exception_that_is_not_needed_is_told() -> None:
    base = harmed(
        [("forbid", KELOID, None), ("lower", TANNED, None)],
        [("forbid", KELOID, None)],
    )
    needed = Exempt(gate="g1", options=HARSHER, reason="It is another thing.")
    idle = Exempt(gate="g0", options=("cryotherapy",), reason="Not needed.")
    base = attrs.evolve(base, guarantees=(order(needed, idle),))
    space = Space(base)
    (proof,) = prove(base, space, space.results(base))
    assert (proof.broken, proof.idle) == ({}, ((1, "cryotherapy"),))
    assert list(SecondOpinion(base).idle(order(needed, idle))) == [(1, "cryotherapy")]
    every = examine(base, space=space).findings
    (found,) = [each for each in every if each.kind == "guarantee.idle"]
    assert found.level == "error"
    assert found.path == "guarantees.toml: guarantee.X.except[1]"
    assert found.text == (
        "It holds for cryotherapy without this exception: take cryotherapy out."
    )
