"""The proofs of the guarantees: what each rests on, and what breaks without it."""

from __future__ import annotations

import attrs
import pytest

from milia_cds import Case, assess, load_knowledge
from milia_cds.check import Held, Proof
from milia_cds.check.guarantees import prove
from milia_cds.check.space import Space
from milia_cds.knowledge.model import Guarantee, Knowledge, Option, gate_place
from milia_cds.logic.language import parse

BASE = load_knowledge()


@pytest.fixture(scope="module")
def space() -> Space:
    return Space(BASE)


@pytest.fixture(scope="module")
def proofs(space: Space) -> dict[str, Proof]:
    return {each.guarantee.id: each for each in prove(BASE, space, space.results(BASE))}


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
        action=action,  # type: ignore[arg-type]
        condition=parse(when, BASE.scope()),
    )
    base = attrs.evolve(BASE, guarantees=(guarantee,))
    (proof,) = prove(base, space, space.results(base))
    assert (not proof.broken) is holds
