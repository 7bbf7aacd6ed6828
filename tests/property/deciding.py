"""Cases to decide, engines to decide them, and what laws read of a decision.

A law about a case is checked on the case after the filling by `assume_absent`, for only
then is an unknown unknown. Completions are drawn from all cells and may contradict
themselves, so they are decided by an engine that does not mind (design, section 4).

`MILIA_CDS_THOROUGH=1 pytest tests/property` tries 20,000 fresh cases for each law.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from milia_cds import Case, load_knowledge
from milia_cds.decision.all_cases import prepare
from milia_cds.decision.completions import Completions
from milia_cds.decision.engine import Engine, compiled
from milia_cds.decision.record import Record
from milia_cds.logic.facts import Value
from milia_cds.testing import completions, hostile_cases, near_patients
from milia_cds.testing.archetypes import Archetype, Between
from milia_cds.testing.strategies import axes, consistent
from tests.common import THOROUGH

Facts: TypeAlias = Mapping[str, Value | None]

BASE = load_knowledge()
ENGINE = compiled(BASE)
UNMINDFUL = Engine(
    attrs.evolve(
        BASE,
        contradictions=(),
        facts={name: attrs.evolve(e, settled=()) for name, e in BASE.facts.items()},
    )
)
"""The same engine, but that it decides contradictory cases too, and settles nothing:
it is given the facts of a case that has been resolved."""

CASES = {"near": near_patients(), "hostile": hostile_cases()}

settings.register_profile(
    "laws",
    max_examples=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "thorough laws",
    max_examples=20_000,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
PROFILE = settings.get_profile("thorough laws" if THOROUGH else "laws")

on_both = pytest.mark.parametrize("kind", CASES)


def law(check: Callable[..., None]) -> Callable[..., None]:
    """Check a property of cases on near patients and on hostile cases."""
    return _checked(check, PROFILE)


def slow_law(check: Callable[..., None]) -> Callable[..., None]:
    """Check a property of assessments, on fewer cases: their texts take longer."""
    return _checked(check, settings(PROFILE, max_examples=PROFILE.max_examples // 4))


def _checked(check: Callable[..., None], profile: settings) -> Callable[..., None]:
    drawn: Callable[..., None] = on_both(profile(given(data=st.data())(check)))
    return drawn


def decided(case: Case, engine: Engine = ENGINE) -> Record:
    return engine.decide(
        case.values(),
        absent=case.absent(),
        offers=case.clinic.offers,
        weights=case.goals.weights,
    )


def redecided(facts: Facts, case: Case, engine: Engine = UNMINDFUL) -> Record:
    """Decide other facts, with the settings of a case."""
    return engine.decide(
        [facts[name] for name in engine.names],
        offers=case.clinic.offers,
        weights=case.goals.weights,
    )


def completed(data: st.DataObject, case: Case) -> list[Record]:
    """Decide some completions of a case."""
    drawn = [data.draw(completions(case)) for _ in range(3)]
    return [redecided(each.facts(), each) for each in drawn]


def left(record: Record) -> Completions:
    """What is left to be told apart of a decision."""
    return Completions(prepare(BASE), record)


def with_verdict(record: Record, *verdicts: str) -> set[str]:
    return {name for name, each in record.verdicts.items() if each.verdict in verdicts}


def disposition(record: Record) -> tuple[str, str | None, str | None]:
    settled = record.disposition
    return settled.action, settled.to, settled.urgency


def typical(archetype: Archetype) -> dict[str, Value | None]:
    """One patient of an archetype: the first values that it names."""
    facts = {
        name: int(drawn.high) if isinstance(drawn, Between) else drawn[0]
        for name, drawn in archetype.facts.items()
    }
    return consistent({**facts, "goals.wants_treatment": True}, BASE)


def complete(facts: Facts) -> dict[str, Value]:
    """Each unknown fact with the first of its values."""
    first = {axis.fact: axis.value(0) for axis in axes(BASE)}
    return {
        name: first[name] if value is None else value for name, value in facts.items()
    }
