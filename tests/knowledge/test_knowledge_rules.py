"""Proofs over the rules of the knowledge base: for all complete cases at once.

Decided by diagrams. A complete case states every fact; a primary milium has no cause,
but no rule reads the cause of one. What a guarantee withholds must be withheld by gates
of its own: where only the standings do it, one edited cell would break it.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cached_property
from graphlib import TopologicalSorter
from pathlib import Path

import attrs
import pytest

from milia_cds import load_knowledge
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.options import STANDINGS, Gate, Option
from milia_cds.knowledge.promises import Guarantee
from milia_cds.knowledge.scenarios import Scenario
from milia_cds.knowledge.shape import unused
from milia_cds.logic.cells import cut
from milia_cds.logic.conditions import Condition, atoms
from milia_cds.logic.diagrams import FALSE, TRUE, Diagrams

BASE = load_knowledge()

DATA = Path(__file__).parents[1] / "data"

FRAGILE = {
    ("G21a", option)
    for option in (
        "observation",
        "adapalene",
        "tretinoin",
        "tazarotene",
        "isotretinoin",
        "acitretin",
        "minocycline",
        "gentle_cleansing",
        "home_exfoliation",
        "steaming",
    )
}
"""Guarantees that rest on standings alone, with the option.

With a warning sign, or a diagnosis in doubt, the five procedures have gates of their
own. Observation, washing, creams and medicines destroy no histology; what must not be
is a ranking beside the referral. The two scenarios in which everything stands at
not_recommended keep it, and `test_nothing_is_recommended_before_a_referral` keeps them.
"""


@attrs.frozen(slots=False, eq=False)
class Proof:
    """The diagrams of a knowledge base, in the order in which its triage asks."""

    base: Knowledge

    @cached_property
    def diagrams(self) -> Diagrams:
        """The diagrams over every fact that some condition reads."""
        triage = [
            atom
            for decision in self.base.decisions.values()
            for branch in decision.branch
            for atom in atoms(branch.condition)
        ]
        rest = [atom for _, each in self.base.conditions() for atom in atoms(each)]
        every = [*triage, *rest]
        order = {atom.fact: self.base.kinds[atom.fact] for atom in every}
        return Diagrams(cut(order, every))

    @cached_property
    def consistent(self) -> int:
        """The cases that are not refused, whatever is stated."""
        return self.diagrams.negation(
            self.diagrams.any(
                self.of(each.condition)
                for each in self.base.contradictions
                if each.level == "error" and not each.stated
            )
        )

    @cached_property
    def reached(self) -> dict[str, int]:
        """The consistent cases that come to each decision and each scenario."""
        reached = dict.fromkeys([*self.base.decisions, *self.base.scenarios], FALSE)
        reached[next(iter(self.base.decisions))] = self.consistent
        for name in self.downwards():
            if name in self.base.scenarios:
                continue
            for branch in self.base.decisions[name].branch:
                taken = self.both(reached[name], branch.condition)
                reached[branch.to] = self.diagrams.either(reached[branch.to], taken)
        return reached

    def downwards(self) -> Iterable[str]:
        """Decisions and scenarios so that each comes after all that lead to it."""
        order = TopologicalSorter[str]()
        for decision in self.base.decisions.values():
            for branch in decision.branch:
                order.add(branch.to, decision.id)
        return order.static_order()

    def of(self, condition: Condition | None) -> int:
        """The diagram of a condition; without one it always holds."""
        return TRUE if condition is None else self.diagrams.of(condition)

    def both(self, node: int, condition: Condition | None) -> int:
        """The cases of a diagram in which a condition holds."""
        return self.diagrams.both(node, self.of(condition))

    def splits(self, node: int, condition: Condition | None) -> bool:
        """Whether a condition is true of some cases, and false of others."""
        holds = self.both(node, condition)
        return FALSE not in (holds, self.diagrams.without(node, holds))

    def not_forbidden(self, node: int, gates: tuple[Gate, ...]) -> int:
        """The cases of a diagram that no forbid gate stops."""
        forbids = [self.of(gate.condition) for gate in gates if gate.kind == "forbid"]
        return self.diagrams.without(node, *forbids)

    def indicated(self, option: str) -> int:
        """The cases whose scenario does not have the option as not recommended."""
        return self.diagrams.any(
            self.reached[name]
            for name, scenario in self.base.scenarios.items()
            if STANDINGS[scenario.ranks[option]] != "not_recommended"
        )

    def rows(self, scenario: Scenario, node: int) -> Iterator[tuple[int, int]]:
        """The cases of a diagram in which each action row decides."""
        left = node
        for place, row in enumerate(scenario.action):
            taken = self.both(left, row.condition)
            yield place, taken
            left = self.diagrams.without(left, taken)


@pytest.fixture(scope="module")
def proof() -> Proof:
    return Proof(BASE)


# -- every rule can matter ----------------------------------------------------


def test_nothing_is_unused() -> None:
    assert unused(BASE) == []


def test_every_condition_is_true_of_some_case_and_false_of_another(
    proof: Proof,
) -> None:
    errors = {
        f"terms.toml: contradiction.{each.id}"
        for each in BASE.contradictions
        if each.level == "error"
    }
    assert [
        path
        for path, condition in BASE.conditions()
        if not proof.splits(TRUE if path in errors else proof.consistent, condition)
    ] == []


def test_every_action_row_decides_some_case_of_its_scenario(proof: Proof) -> None:
    assert [
        (name, place)
        for name, scenario in BASE.scenarios.items()
        for place, taken in proof.rows(scenario, proof.reached[name])
        if taken == FALSE
    ] == []


def test_every_conditional_argument_can_be_true_and_false_in_its_scenario(
    proof: Proof,
) -> None:
    assert [
        (name, argument.text)
        for name, scenario in BASE.scenarios.items()
        for argument in scenario.argument
        if argument.condition is not None
        and not proof.splits(proof.reached[name], argument.condition)
    ] == []


def test_every_scenario_is_reached(proof: Proof) -> None:
    assert [name for name in BASE.scenarios if proof.reached[name] == FALSE] == []


def test_no_option_has_two_gates_of_one_kind_that_say_the_same(proof: Proof) -> None:
    assert [
        (owner.id, [gate.id for gate in owner.gate if _key(proof, gate) == key])
        for owner in BASE.gated()
        for key, count in Counter(
            _key(proof, gate) for gate in owner.gate if not gate.always
        ).items()
        if count > 1
    ] == []


def _key(proof: Proof, gate: Gate) -> tuple[str, int]:
    return gate.kind, proof.of(gate.condition)


# -- the guarantees -----------------------------------------------------------


def broken(proof: Proof, each: Guarantee) -> set[str]:
    """The options and measures that some case offers against a guarantee."""
    return {
        name
        for name in each.options
        if proof.diagrams.both(open_to(proof, each, name), proof.indicated(name))
        != FALSE
    } | {name for name in each.measures if open_to(proof, each, name) != FALSE}


def open_to(proof: Proof, each: Guarantee, name: str) -> int:
    """The cases of a guarantee that no forbid gate of an option stops."""
    owner = proof.base.options.get(name) or proof.base.measures[name]
    concerned = proof.both(proof.consistent, each.condition)
    return proof.not_forbidden(concerned, owner.gate)


def on_standings_alone(proof: Proof, each: Guarantee) -> set[tuple[str, str]]:
    return {
        (each.id, name)
        for name in (*each.options, *each.measures)
        if open_to(proof, each, name) != FALSE
    }


WITHHOLDING = [each for each in BASE.guarantees if each.never_when]
ACTING = [each for each in BASE.guarantees if each.action is not None]


@pytest.mark.parametrize("each", WITHHOLDING, ids=lambda each: each.id)
def test_no_complete_case_is_offered_what_a_guarantee_withholds(
    proof: Proof, each: Guarantee
) -> None:
    assert broken(proof, each) == set()


def test_only_these_guarantees_rest_on_standings_alone(proof: Proof) -> None:
    found = [on_standings_alone(proof, each) for each in WITHHOLDING]
    assert set().union(*found) == FRAGILE


@pytest.mark.parametrize("name", ["red_flag", "uncertain_diagnosis"])
def test_nothing_is_recommended_before_a_referral(name: str) -> None:
    assert set(BASE.scenario(name).not_recommended) == {*BASE.options}
    assert {row.act for row in BASE.scenario(name).action} == {"refer"}


@pytest.mark.parametrize("each", ACTING, ids=lambda each: each.id)
def test_every_complete_case_of_a_guarantee_leads_to_its_action(
    proof: Proof, each: Guarantee
) -> None:
    assert led_elsewhere(proof, each) == []


def led_elsewhere(proof: Proof, each: Guarantee) -> list[tuple[str, int]]:
    """The action rows of another act that decide some case of a guarantee."""
    return [
        (name, place)
        for name, scenario in proof.base.scenarios.items()
        for place, taken in proof.rows(
            scenario, proof.both(proof.reached[name], each.condition)
        )
        if taken != FALSE and scenario.action[place].act != each.action
    ]


def without_gate(base: Knowledge, name: str, gate: str) -> Knowledge:
    option = base.option(name)
    left = tuple(each for each in option.gate if each.id != gate)
    assert len(left) == len(option.gate) - 1
    return with_option(base, attrs.evolve(option, gate=left))


def with_option(base: Knowledge, option: Option) -> Knowledge:
    return attrs.evolve(base, options={**base.options, option.id: option})


def guarantee(name: str) -> Guarantee:
    return next(each for each in BASE.guarantees if each.id == name)


@pytest.mark.parametrize(
    ("name", "option", "gate"),
    [
        ("G10", "laser_ablation", "isotretinoin"),
        ("G11", "cryotherapy", "raynaud"),
        ("G15c", "electrodesiccation", "lid_margin_operator"),
        ("G25b", "extraction", "xeroderma_pigmentosum_outside_centre"),
    ],
)
def test_the_proof_notices_a_gate_that_is_gone(
    name: str, option: str, gate: str
) -> None:
    proof = Proof(without_gate(BASE, option, gate))
    assert broken(proof, guarantee(name)) == {option}


def test_the_proof_notices_a_warning_sign_that_the_triage_passes_over() -> None:
    first = BASE.decisions["warning_sign"]
    branches = tuple(
        attrs.evolve(branch, to="sure" if branch.to == "red_flag" else branch.to)
        for branch in first.branch
    )
    decisions = {**BASE.decisions, first.id: attrs.evolve(first, branch=branches)}
    proof = Proof(attrs.evolve(BASE, decisions=decisions))
    assert led_elsewhere(proof, guarantee("G21b"))
    assert broken(proof, guarantee("G21a")) >= {"observation", "tretinoin"}
    assert "extraction" not in broken(proof, guarantee("G21a"))


# -- the standings ------------------------------------------------------------

DEPARTURES = {
    ("lid_margin", "extraction"): "first_line",  # addendum K3
    ("lid_margin", "electrodesiccation"): "limited",  # addendum K3
    ("lid_margin", "laser_ablation"): "limited",  # addendum K3
    ("secondary_other", "extraction"): "first_line",  # addendum K4
    ("secondary_other", "observation"): "reasonable",  # addendum K4
    ("adult_many_face", "electrodesiccation"): "limited",  # addendum K7
    ("adult_many_face", "laser_ablation"): "limited",  # addendum K7
}
"""Where the clinical addendum departs from the table that was agreed before it."""


def test_the_standings_are_those_that_were_agreed() -> None:
    with (DATA / "standings.csv").open(encoding="utf-8", newline="") as file:
        agreed = {row.pop("scenario"): row for row in csv.DictReader(file)}
    for (scenario, option), standing in DEPARTURES.items():
        assert agreed[scenario][option] != standing
        agreed[scenario][option] = standing
    assert {
        name: {option: STANDINGS[rank] for option, rank in scenario.ranks.items()}
        for name, scenario in BASE.scenarios.items()
    } == agreed
