"""What makes dangers honest is proved, and what is not so is found with a case."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from milia_cds import load_knowledge
from milia_cds.check.dangers import dangers
from milia_cds.check.findings import Finding
from milia_cds.check.space import Space
from milia_cds.knowledge.dangers import Alert, signs_of
from milia_cds.knowledge.model import Knowledge
from milia_cds.logic.conditions import Condition, Or
from milia_cds.logic.language import parse

BASE = load_knowledge()
SCOPE = BASE.scope()


def found(base: Knowledge) -> list[Finding]:
    space = Space(base)
    return list(dangers(base, space, space.results(base)))


def when(text: str) -> Condition:
    return parse(text, SCOPE)


def spoilt() -> Knowledge:
    """The knowledge with one fault of each kind, for a space takes its time to make."""
    never = when("findings.infected and not findings.infected")
    alerts = {
        **BASE.alerts,
        "infection_today": changed("infection_today", signs=Or(())),
        "sick_baby": changed(
            "sick_baby", condition=never, signs=signs_of(never, BASE.facts)
        ),
        "herpes_at_the_eye": changed("herpes_at_the_eye", urgency="emergency"),
    }
    del alerts["herpes_immunosuppressed"]
    newborn = BASE.scenarios["newborn"]
    row = attrs.evolve(
        newborn.action[0],
        urgency="same_day",
        condition=when("findings.widespread"),
        place="",
    )
    facts = {
        # A keloid only forbids: read as "no" it would help, so it can be no way out.
        "history.keloid": attrs.evolve(BASE.facts["history.keloid"], way_out=True),
        "findings.infected": attrs.evolve(
            BASE.facts["findings.infected"], condition=when("lesion.count > 20")
        ),
    }
    return attrs.evolve(
        BASE,
        alerts=alerts,
        facts={**BASE.facts, **facts},
        scenarios={
            **BASE.scenarios,
            "newborn": attrs.evolve(newborn, action=(row, *newborn.action[1:])),
        },
    )


def changed(name: str, **changes: Any) -> Alert:
    return attrs.evolve(BASE.alerts[name], **changes)


@pytest.fixture(scope="module")
def faults() -> list[Finding]:
    return found(spoilt())


def test_the_shipped_dangers_are_honest() -> None:
    assert found(BASE) == []


@pytest.mark.parametrize(
    ("kind", "path", "text"),
    [
        (
            "way_out.helps",
            "facts.toml: history.keloid.way_out",
            (
                "Where history.keloid is not stated, extraction stands higher than "
                "where it is."
            ),
        ),
        (
            "alert.unsigned",
            "alerts.toml: alert.infection_today.when",
            "It can hold without any sign, so that nobody would be asked.",
        ),
        ("alert.never", "alerts.toml: alert.sick_baby.when", "It never holds."),
        (
            "alert.uncarried",
            "alerts.toml: alert.herpes_at_the_eye",
            "It is carried, and what to do is less urgent: add a row, or move one.",
        ),
        (
            "row.unannounced",
            "scenarios.toml",
            "What to do is for today, and no alert of today says so.",
        ),
        (
            "row.missed",
            "scenarios.toml: scenario.newborn.action[0]",
            "It is for today, and a case where it holds can end elsewhere.",
        ),
        (
            "fact.muted",
            "facts.toml: findings.infected.asked_when",
            "Where nobody is asked for it, it can move what to do.",
        ),
    ],
)
def test_a_fault_is_found(
    faults: list[Finding], kind: str, path: str, text: str
) -> None:
    matching = [each for each in faults if (each.kind, each.path) == (kind, path)]
    assert text in [each.text for each in matching]
    assert {each.level for each in matching} == {"error"}


def test_what_has_a_case_shows_it(faults: list[Finding]) -> None:
    shown = {"alert.unsigned", "alert.uncarried", "row.unannounced", "row.missed"}
    assert shown == {each.kind for each in faults if each.case is not None}
