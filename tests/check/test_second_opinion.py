"""The second opinion: z3 proves the same by its own encoding, and agrees on cases."""

from __future__ import annotations

import importlib
import sys

import attrs
import pytest
import z3

from benchmarks.second_opinion import Comparison, boundaries, patients
from milia_cds import Case, ContradictionError, assess, load_knowledge
from milia_cds.check import second_opinion as proof
from milia_cds.check.second_opinion import Broken, SecondOpinion, UndecidedError
from milia_cds.decision.engine import compiled
from milia_cds.errors import UnknownNameError
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.promises import Guarantee
from milia_cds.knowledge.scenarios import Branch
from milia_cds.logic.conditions import And, Not, Or
from milia_cds.logic.facts import Value
from milia_cds.logic.language import parse
from milia_cds.testing.strategies import case_of
from tests.common import sampled, vignettes

BASE = load_knowledge()
GUARANTEES = {each.id: each for each in BASE.guarantees}
PATIENTS = 150
EVERY = 40
"""Of the boundaries of all conditions, one in so many; the benchmark takes all."""


@pytest.fixture(scope="module")
def opinion() -> SecondOpinion:
    return SecondOpinion(BASE)


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    return Comparison(BASE)


# -- proofs -------------------------------------------------------------------


@pytest.mark.parametrize("guarantee", GUARANTEES)
def test_every_guarantee_is_proved(opinion: SecondOpinion, guarantee: str) -> None:
    assert opinion.broken(guarantee) is None


def test_every_decision_is_exclusive_and_complete(opinion: SecondOpinion) -> None:
    assert list(opinion.undecided()) == []


def test_the_laws_hold_of_every_option_and_measure(opinion: SecondOpinion) -> None:
    assert list(opinion.unlawful()) == []


def test_a_guarantee_is_looked_up_by_its_id(opinion: SecondOpinion) -> None:
    with pytest.raises(UnknownNameError, match="did you mean"):
        opinion.broken("G05a")


def test_giving_up_is_no_proof(
    opinion: SecondOpinion, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(z3.Solver, "check", lambda *_: z3.unknown)
    with pytest.raises(UndecidedError, match=r"^z3 gave up: "):
        opinion.broken("G05")


# -- what is broken is found, and the engine breaks it too --------------------


def without_gates(base: Knowledge, option: str) -> Knowledge:
    """The knowledge with an option that nothing forbids."""
    bare = attrs.evolve(base.options[option], gate=())
    return attrs.evolve(base, options={**base.options, option: bare})


def offers(base: Knowledge, facts: dict[str, Value], option: str) -> bool:
    facts = {name: value for name, value in facts.items() if name in base.kinds}
    record = compiled(base).decide([facts.get(name) for name in base.kinds])
    return record.verdicts[option].verdict == "offered"


@pytest.mark.parametrize(
    ("option", "guarantee"),
    [("cryotherapy", "G11"), ("adapalene", "G05"), ("extraction", "G19")],
)
def test_a_broken_guarantee_is_shown_by_a_case_that_the_engine_reproduces(
    option: str, guarantee: str
) -> None:
    base = without_gates(BASE, option)
    facts = SecondOpinion(base).broken(guarantee)
    assert facts is not None
    assert offers(base, facts, option)
    assert not offers(BASE, facts, option)


def test_a_guarantee_that_only_unknown_facts_break_is_broken() -> None:
    # In a complete case one of the two is always false, so the gate never forbids.
    quiet = parse("history.keloid and not history.keloid", BASE.scope())
    guarantee = attrs.evolve(
        GUARANTEES["G11"], options=("extraction",), condition=quiet
    )
    facts = SecondOpinion(BASE).broken(guarantee)
    assert facts is not None
    assert "history.keloid" not in facts
    assert offers(BASE, facts, "extraction")


@pytest.mark.parametrize(
    ("action", "when", "holds"),
    [
        ("refer", "red_flag", True),
        ("refer", "findings.widespread", False),
        ("treat", "goals.wants_treatment", False),
        ("observe", "newborn and settled and not syndrome", False),
        ("treat_cause", "findings.infected", False),
    ],
)
def test_an_action_is_proved_or_refuted(
    opinion: SecondOpinion, action: str, when: str, *, holds: bool
) -> None:
    guarantee = Guarantee(
        id="X",
        number=99,
        text="Something.",
        when=when,
        action=action,  # type: ignore[arg-type]  # a literal, by the table
        condition=parse(when, BASE.scope()),
    )
    assert (opinion.broken(guarantee) is None) is holds


def test_overlaps_and_gaps_are_shown_by_a_case() -> None:
    first, *_ = BASE.decisions
    yes, no = BASE.decisions[first].branch
    scope = BASE.scope()
    wide = attrs.evolve(yes, condition=Or((yes.condition, parse("infant", scope))))
    narrow = attrs.evolve(no, condition=And((no.condition, parse("infant", scope))))
    found = [_undecided(wide, no), _undecided(yes, narrow)]
    assert [[each.claim for each in some] for some in found] == [
        [f"{first}: branches 1 and 2 exclude each other"],
        [f"{first}: a branch is true"],
    ]


def _undecided(*branches: Branch) -> list[Broken]:
    first, *_ = BASE.decisions
    decision = attrs.evolve(BASE.decisions[first], branch=branches)
    base = attrs.evolve(BASE, decisions={**BASE.decisions, first: decision})
    return list(SecondOpinion(base).undecided())


def test_a_triage_with_a_gap_breaks_the_laws() -> None:
    first, *_ = BASE.decisions
    yes, no = BASE.decisions[first].branch
    narrow = attrs.evolve(yes, condition=Not(yes.condition))
    decision = attrs.evolve(BASE.decisions[first], branch=(narrow, no))
    base = attrs.evolve(BASE, decisions={**BASE.decisions, first: decision})
    assert any(
        "every completion" in each.claim for each in SecondOpinion(base).unlawful()
    )


# -- z3 and the engine decide alike -------------------------------------------


def test_both_decide_the_vignettes_alike(comparison: Comparison) -> None:
    differences: list[str] = []
    for each in sampled(vignettes(), 12):
        try:
            differences += comparison.of_case(Case.from_dict(each.case_data))
        except ContradictionError:
            continue
    assert differences == []


def test_both_decide_cases_near_patients_alike(comparison: Comparison) -> None:
    differences: list[str] = []
    patients(BASE, PATIENTS, lambda case: differences.extend(comparison.of_case(case)))
    assert differences == []


def test_both_decide_at_the_boundaries_of_conditions_alike(
    comparison: Comparison,
) -> None:
    assert [
        difference
        for around in boundaries(BASE, EVERY)
        for facts in around
        for difference in comparison.of_facts(facts)
    ] == []


def test_a_difference_would_be_seen() -> None:
    """An engine whose knowledge differs is told apart, so agreement means something."""
    comparison = Comparison(BASE)
    comparison.engine = compiled(without_gates(BASE, "extraction"))
    comparison.base = comparison.engine.base
    case = Case.from_dict({"findings": {"infected": True}})
    assert any("verdicts" in each for each in comparison.of_case(case))


def test_dispositions_of_complete_cases_are_alike(opinion: SecondOpinion) -> None:
    model = z3.Model()
    wrong = []
    for around in boundaries(BASE, 2 * EVERY):
        for facts in around:
            if set(facts) != set(BASE.kinds):
                continue
            try:
                answer = assess(case_of(facts, {}))
            except ContradictionError:
                continue
            for constant, value in opinion.complete.formulas.stated(facts):
                model.update_value(constant, value)
            action = answer.disposition.action
            acted = opinion.complete.acted(action)
            if not z3.is_true(model.eval(acted, model_completion=True)):
                wrong.append((facts, action))
    assert wrong == []


def test_without_z3_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "z3", None)
    with pytest.raises(
        ImportError, match=r"^milia_cds\.check\.second_opinion needs z3: pip"
    ):
        importlib.reload(proof)


def test_a_way_out_that_helps_where_it_is_denied_is_refuted() -> None:
    keloid = attrs.evolve(BASE.facts["history.keloid"], way_out=True)
    facts = {**BASE.facts, "history.keloid": keloid}
    opinion = SecondOpinion(attrs.evolve(BASE, facts=facts))
    claim = "history.keloid: denied, it never helps: extraction is offered"
    assert any(each.claim == claim for each in opinion.unlawful())
