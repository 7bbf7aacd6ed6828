"""Mutation of the knowledge: what is equivalent, what is killed, what survives."""

from __future__ import annotations

import attrs
import pytest

from milia_cds import load_knowledge
from milia_cds.check import mutation
from milia_cds.check.mutants import PARTS, Mutant, MutatedPart, mutants
from milia_cds.check.mutation import Fate, MutantFate, Mutation, Trial, mutate
from milia_cds.check.scores import mutation_sheet, scores_picture
from milia_cds.knowledge.options import by_rule
from milia_cds.render.writers.text import as_text
from tests.common import vignettes

BASE = load_knowledge()
VIGNETTES = vignettes()
EVERY = 90
"""Of the mutants, one in so many; `milia-cds check --mutate` decides all."""


@pytest.fixture(scope="module")
def every() -> list[Mutant]:
    return mutants(BASE)


@pytest.fixture(scope="module")
def trial() -> Trial:
    return Trial(BASE, VIGNETTES)


def named(every: list[Mutant], path: str, what: str) -> Mutant:
    return next(each for each in every if (each.path, each.what) == (path, what))


# -- the mutants --------------------------------------------------------------


def test_mutants_are_always_the_same_in_the_same_order(every: list[Mutant]) -> None:
    assert [(e.path, e.what) for e in mutants(BASE)] == [
        (e.path, e.what) for e in every
    ]
    assert {each.part for each in every} == set(PARTS)
    assert len(every) > 1900


@pytest.mark.parametrize(
    ("path", "what"),
    [
        ("options/cryotherapy.toml: gate.cold_urticaria", "drop it"),
        ("options/cryotherapy.toml: gate.cold_urticaria", "negate it"),
        (
            "options/steaming.toml: gate.under_18",
            "patient.age_years < 60 for 18",
        ),
        ("common.toml: gate.eyelid[1]", "lesion.site: scalp for upper_eyelid"),
        ("common.toml: gate.eyelid[1]", "not for adapalene"),
        ("common.toml: gate.isotretinoin[0]", 'to = "limited"'),
        ("common.toml: gate.amide_allergy", "not for topical_anaesthetic"),
        ("options/extraction.toml: gate.failed", "drop it"),
        (
            "measures/topical_anaesthetic.toml: gate.preterm",
            "negate it",
        ),
        ("triage.toml: decision.warning_sign", "swap red_flag and sure"),
        ("scenarios.toml: scenario.red_flag.action[0]", 'urgency = "routine"'),
        ("scenarios.toml: scenario.red_flag.action[0]", 'to = "emergency_eye_care"'),
        ("scenarios.toml: action[0]", "drop it"),
        ("scenarios.toml: action[0]", "not for newborn"),
        ("scenarios.toml: scenario.newborn: extraction", "limited"),
        ("scenarios.toml: scenario.child_few: extraction", "reasonable"),
        ("alerts.toml: alert.infection_today", "drop it"),
        ("alerts.toml: alert.infection_today", "not findings.infected"),
        ("alerts.toml: alert.infection_today", 'urgency = "urgent"'),
        ("options/adapalene.toml: level.speed", "1 for 0"),
        ("options/adapalene.toml: invasiveness", "5"),
        ("criteria.toml: criterion.cost.weight", "2 for 1"),
    ],
)
def test_there_is_a_mutant(every: list[Mutant], path: str, what: str) -> None:
    mutant = named(every, path, what)
    assert mutant.base is not BASE


def test_a_limit_moves_to_its_neighbour_or_half_way_where_it_has_none(
    every: list[Mutant],
) -> None:
    path = "common.toml: gate.inr"
    moved = [e.what for e in every if e.path == path and "inr >" in e.what]
    assert moved == ["history.inr > 2 for 3.5", "history.inr > 5 for 3.5"]


def test_a_shared_rule_is_changed_for_all_its_options_at_once(
    every: list[Mutant],
) -> None:
    mutant = named(every, "common.toml: gate.inr", "history.inr > 2 for 3.5")
    options = ("cryotherapy", "electrodesiccation", "laser_ablation")
    assert mutant.owners == options
    for name, option in mutant.base.options.items():
        changed = [
            gate.id
            for gate, before in zip(option.gate, BASE.options[name].gate, strict=True)
            if gate.condition != before.condition
        ]
        assert changed == (["inr"] if name in options else [])


def test_an_option_dropped_from_a_rule_alone_loses_it(every: list[Mutant]) -> None:
    mutant = named(every, "common.toml: gate.inr", "not for cryotherapy")
    assert mutant.owners == ("cryotherapy",)
    lost = {each.name for each in BASE.gates()} - {e.name for e in mutant.base.gates()}
    assert lost == {"cryotherapy.inr"}


def test_a_rule_of_one_option_has_none_to_drop(every: list[Mutant]) -> None:
    alone = [each.what for each in every if each.path == "common.toml: gate.infant[1]"]
    assert "drop it" in alone
    assert not [what for what in alone if what.startswith("not for")]


def test_no_mutant_changes_a_shared_rule_for_some_of_its_options(
    every: list[Mutant],
) -> None:
    shared = by_rule(BASE.gated())
    for each in every:
        if each.part in {"gates", "cautions"} and not each.what.startswith("not for"):
            assert each.owners == tuple(owner.id for owner, _ in shared[each.path])


def test_a_shared_action_changes_in_all_its_scenarios_or_is_lost_to_one(
    every: list[Mutant],
) -> None:
    path = "scenarios.toml: action[0]"
    everywhere = named(every, path, "negate it")
    assert everywhere.owners == ("newborn", "infant_persistent", "oral_newborn")
    changed = {
        name
        for name, scenario in BASE.scenarios.items()
        if [row.condition for row in scenario.action]
        != [row.condition for row in everywhere.base.scenarios[name].action]
    }
    assert changed == set(everywhere.owners)
    lost = named(every, path, "not for newborn").base.scenarios
    assert [name for name in lost if lost[name] != BASE.scenarios[name]] == ["newborn"]
    assert lost["newborn"].action == BASE.scenarios["newborn"].action[1:]


# -- their fates --------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "fate", "by"),
    [
        (("options/cryotherapy.toml: gate.cold_urticaria", "drop it"), "killed", "G11"),
        (
            ("triage.toml: decision.warning_sign", "swap red_flag and sure"),
            "killed",
            "G",
        ),
        (
            ("scenarios.toml: scenario.red_flag: observation", "limited"),
            "killed",
            "G21a",
        ),
        (
            ("common.toml: gate.not_bothered", "not for home_exfoliation"),
            "equivalent",
            "",
        ),
        (
            ("common.toml: gate.pemphigoid_eye", "not for cryotherapy"),
            "equivalent",
            "",
        ),
        (("common.toml: gate.inr", "drop it"), "killed", "G20b"),
        (("common.toml: gate.inr", "not for cryotherapy"), "killed", "G20b"),
        (("alerts.toml: alert.infection_today", "drop it"), "killed", "G26u"),
        (("alerts.toml: alert.infection_today", "negate it"), "killed", "G26u"),
        (
            ("alerts.toml: alert.infection_today", 'urgency = "urgent"'),
            "killed",
            "G26u",
        ),
        (("alerts.toml: alert.inr_too_high", "negate it"), "killed", "G26v"),
        (("options/adapalene.toml: level.speed", "1 for 0"), "killed", "order.toml"),
        (("criteria.toml: criterion.cost.weight", "2 for 1"), "killed", "order.toml"),
        (("options/steaming.toml: level.speed", "1 for 0"), "equivalent", ""),
    ],
)
def test_a_mutant_meets_its_fate(
    every: list[Mutant], trial: Trial, at: tuple[str, str], fate: str, by: str
) -> None:
    decided = trial.fate(named(every, *at))
    assert decided.fate == fate
    assert decided.by.startswith(by)


def test_without_vignettes_what_breaks_no_guarantee_survives(
    every: list[Mutant],
) -> None:
    alone = Trial(BASE, ())
    caution = named(every, "common.toml: gate.elderly", "not for extraction")
    assert alone.fate(caution).fate == "survived"


def test_a_vignette_kills_what_it_sees(every: list[Mutant], trial: Trial) -> None:
    caution = named(every, "common.toml: gate.elderly", "not for extraction")
    decided = trial.fate(caution)
    assert decided.fate == "killed"
    assert decided.by in {each.id for each in VIGNETTES}


def test_an_alert_that_is_said_to_more_is_killed_by_a_vignette_at_its_limit(
    every: list[Mutant], trial: Trial
) -> None:
    path = "alerts.toml: alert.tetracycline_under_12"
    decided = trial.fate(named(every, path, "patient.age_years < 16 for 12"))
    assert (decided.fate, decided.by) == ("killed", "limit_tetracycline_at_14")


def test_a_text_that_no_longer_says_what_it_claims_is_killed_by_its_words(
    every: list[Mutant], trial: Trial
) -> None:
    claims = [trial.fate(each) for each in every if each.part == "claims"]
    killed = [each for each in claims if each.fate == "killed"]
    assert {each.by for each in killed} == {"text.unclaimed"}
    assert len(killed) > len(claims) / 2


def test_of_a_sample_enough_are_killed(trial: Trial) -> None:
    by_part: dict[str, list[int]] = {}
    for place, each in enumerate(trial.mutants):
        by_part.setdefault(each.part, []).append(place)
    places = [place for several in by_part.values() for place in several[::EVERY]]
    sample = Mutation(tuple(trial.decide(places)))
    assert sample.enough, [str(each) for each in sample.survivors]


def test_processes_share_the_work_and_give_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(mutation, "mutants", lambda base: mutants(base)[:6])
    told: list[tuple[int, int]] = []
    alone = mutate(BASE, VIGNETTES, processes=1, progress=lambda *at: told.append(at))
    assert told[-1] == (6, 6)
    assert len(alone.decided) == 6
    assert mutate(BASE, VIGNETTES, processes=2) == alone


# -- the score ----------------------------------------------------------------


def decided(part: MutatedPart, fate: Fate) -> MutantFate:
    return MutantFate(part, "options/x.toml: gate.y", "drop it", fate)


def test_the_score_leaves_out_what_is_equivalent() -> None:
    made = Mutation(
        (
            *[decided("gates", "killed")] * 97,
            *[decided("gates", "survived")] * 3,
            *[decided("gates", "equivalent")] * 5,
        )
    )
    gates = made.scores()[0]
    assert (gates.value, gates.enough) == (0.97, True)
    worse = Mutation((*made.decided, decided("gates", "survived")))
    assert worse.scores()[0].enough is False
    assert worse.enough is False
    assert attrs.asdict(gates) == {
        "part": "gates",
        "killed": 97,
        "survived": 3,
        "equivalent": 5,
    }


def test_the_scores_and_survivors_are_said() -> None:
    made = Mutation((decided("gates", "killed"), *[decided("gates", "survived")] * 22))
    sheet = mutation_sheet(made, BASE)
    short, full = as_text(sheet), as_text(sheet, detail="full")
    assert "\nKilled, of all that change a result:\n" in short
    said = "- gates: score 4.3% (too few), killed 1, survived 22, equivalent 0\n"
    assert said in short
    assert short.count("- survived: options/x.toml: gate.y: drop it\n") == 20
    assert "\nand 2 more survivors (--detail full lists them)\n" in short
    assert full.count("- survived: options/x.toml: gate.y: drop it\n") == 22


def test_the_picture_of_the_scores_has_a_bar_for_each_part() -> None:
    made = Mutation((decided("gates", "killed"), decided("gates", "survived")))
    picture = scores_picture(made, BASE)
    assert picture.text.splitlines()[0] == "gates: score 50.0%"
    assert picture.svg.count('class="bar-a"') == len(PARTS)
    assert BASE.about.notice in picture.title
