"""What leaflets and letters name: checked when it is read, and enough for everybody."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from milia_cds import load_knowledge
from milia_cds.errors import Problem
from milia_cds.knowledge.handed import handed
from milia_cds.knowledge.leaflets import LeafletLine, LetterRow, ReferredLine
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.tables import read_record
from milia_cds.logic.conditions import facts_in

BASE = load_knowledge()
NOT_ASKED = {"clinic", "goals", "lesion"}
"""The sections of which no patient is asked in print."""


def with_leaflets(**changes: Any) -> Knowledge:
    return attrs.evolve(BASE, leaflets=attrs.evolve(BASE.leaflets, **changes))


def told(base: Knowledge) -> list[str]:
    return [f"{each.path}: {each.message}" for each in handed(base)]


def test_nothing_in_the_shipped_files_names_what_is_not_there() -> None:
    assert told(BASE) == []


def line(*says: str, options: tuple[str, ...] = ("extraction",)) -> LeafletLine:
    return LeafletLine(part="care", says=says, plain="Wait.", options=options)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"line": (line("hands_of"),)},
            'leaflets.toml: line[0].says: there is no step, gate or risk "hands_of"',
        ),
        (
            {"line": (line("hands_off", options=("extract",)),)},
            'leaflets.toml: line[0].options: there is no option or group "extract"',
        ),
        (
            {"unsaid": ("gate.suncream",)},
            'leaflets.toml: unsaid: there is no step, gate or risk "gate.suncream"',
        ),
        (
            {"signs": {"history.keloids": "you have raised scars"}},
            'leaflets.toml: signs: there is no fact "history.keloids"',
        ),
        (
            {"row": (LetterRow(heading="Age", facts=("patient.age",)),)},
            'leaflets.toml: row[0].facts: there is no fact "patient.age"',
        ),
        (
            {"row": (LetterRow(heading="Age", screens=("ages",)),)},
            'leaflets.toml: row[0].screens: there is no screen "ages"',
        ),
        (
            {"referred": (ReferredLine(part="why", plain="So.", to=("moon",)),)},
            'leaflets.toml: referred[0].to: there is no destination "moon"',
        ),
    ],
)
def test_a_name_that_is_not_there_is_told(
    changes: dict[str, Any], message: str
) -> None:
    assert told(with_leaflets(**changes)) == [message]


def test_a_place_has_words_for_every_member_of_its_fact() -> None:
    place = BASE.leaflets.place
    assert place is not None
    fewer = {name: said for name, said in place.members.items() if name != "cheek"}
    base = with_leaflets(place=attrs.evolve(place, members=fewer))
    assert told(base) == ['leaflets.toml: place.members: the member "cheek" is missing']
    base = with_leaflets(place=attrs.evolve(place, fact="lesion.count"))
    assert told(base) == [
        'leaflets.toml: place.fact: there is no choice "lesion.count"'
    ]


def test_an_option_whose_lines_name_nothing_is_told() -> None:
    option = BASE.options["extraction"]
    assert option.leaflet is not None
    own = attrs.evolve(option.leaflet, line=(line("wait"),))
    changed = attrs.evolve(option, leaflet=own)
    base = attrs.evolve(BASE, options={**BASE.options, "extraction": changed})
    path = "options/extraction.toml: leaflet.line[0].says"
    assert told(base) == [f'{path}: there is no step, gate or risk "wait"']


def test_every_option_is_named_for_its_leaflet() -> None:
    titles = [o.leaflet.title for o in BASE.options.values() if o.leaflet is not None]
    assert len(titles) == len(BASE.options)
    assert len(set(titles)) == len(titles)


def test_what_may_be_unknown_of_a_patient_can_be_asked_in_print() -> None:
    risks = [risk for option in BASE.options.values() for risk in option.risk]
    conditions = [
        *(step.condition for o in BASE.options.values() for step in BASE.steps(o)),
        *(risk.condition for risk in risks),
        *(more.condition for risk in risks for more in risk.modifier),
    ]
    asked = {
        name
        for condition in conditions
        if condition is not None
        for name in facts_in(condition)
        if not BASE.facts[name].background and name.partition(".")[0] not in NOT_ASKED
    }
    assert asked - {*BASE.leaflets.signs} == set()


def test_a_line_has_a_limit() -> None:
    problems: list[Problem] = []
    data = {"part": "care", "says": ["hands_off"], "plain": "Wait. " * 30}
    assert read_record(LeafletLine, data, "line[0]", problems) is None
    assert [each.path for each in problems] == ["line[0].plain"]
