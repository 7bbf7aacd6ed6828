"""The explanation of an option: its layout, and that it leaves no rule out."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import attrs
import pytest

from milia_cds.assessment.base import load_knowledge
from milia_cds.errors import UnknownNameError
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.options import STANDINGS, Gate, Measure, Option
from milia_cds.knowledge.texts import Call, Step
from milia_cds.knowledge.wording import Wording
from milia_cds.logic.language import parse
from milia_cds.render.explain import explained
from milia_cds.render.phrases import unheaded

BASE = load_knowledge()
EVERY = [*BASE.options, *BASE.measures]
OWNERS = pytest.mark.parametrize("name", EVERY)
OPTIONS = pytest.mark.parametrize("name", BASE.options)
TITLES = (
    "Standing",
    "Criteria, 0 worst to 4 best",
    "Speaks for it",
    "Speaks against it",
    "What can go wrong",
    "Before",
    "Anaesthesia",
    "Straight after",
    "In the first two days",
    "In the first week",
    "Until it has healed",
    "All along",
    "Review",
    "Call the same day",
    "Call soon",
    "Never offered while",
    "Less recommended while",
    "Take care when",
    "Speaks for it when",
    "To know",
    "Rests on",
    "Sources",
)


def owner(name: str) -> Option | Measure:
    return BASE.options.get(name) or BASE.measures[name]


@cache
def whole(name: str, base: Knowledge = BASE) -> str:
    """The explanation of full detail, without the picture in words."""
    text = explained(base, name, detail="full")
    before, drawn, after = text.partition("\n\nPicture: ")
    return before + after[after.index("\n\nRests on") :] if drawn else text


def blocks(name: str, base: Knowledge = BASE) -> list[list[str]]:
    return [block.split("\n") for block in whole(name, base).split("\n\n")]


def block(name: str, title: str, base: Knowledge = BASE) -> list[str]:
    """The lines below a title."""
    return next(each[1:] for each in blocks(name, base) if each[0] == title)


def grounds(record: Any) -> str:
    return ", ".join([*record.sources, *["judgement"] * record.judgement])


def joined(text: str) -> str:
    return " ".join(text.split())


# -- layout -------------------------------------------------------------------


@OWNERS
def test_an_explanation_keeps_to_80_columns_without_spaces_at_the_end(
    name: str,
) -> None:
    lines = whole(name).split("\n")
    assert [line for line in lines if len(line) > 80 or line != line.rstrip()] == []


@OWNERS
def test_an_explanation_begins_with_its_name_and_that_it_is_a_draft(name: str) -> None:
    (first, second, *_), *_ = blocks(name)
    label = owner(name).label
    assert first == f"{label[0].upper()}{label[1:]} ({name})"
    assert second.startswith("Draft, not clinically reviewed. ")


@OWNERS
def test_no_section_is_empty_and_all_come_in_one_order(name: str) -> None:
    *_, titled = ([each for each in blocks(name) if each[0] in TITLES],)
    places = [TITLES.index(each[0]) for each in titled]
    assert places == sorted(set(places))
    assert [each for each in titled if not each[1:]] == []
    assert all(line.startswith("  ") for each in titled for line in each[1:])


@OWNERS
def test_nothing_is_written_as_python_or_toml_writes_it(name: str) -> None:
    said, _, _ = whole(name).partition("\n\nSources\n")  # and addresses
    text = "\n".join(said.split("\n")[1:])
    assert re.findall(r"None|True\b(?! )|False|\[\]|\(\)|[{}]|\w+_\w+", text) == []


# -- what it says -------------------------------------------------------------


@OWNERS
def test_an_explanation_holds_every_gate_with_its_condition_and_its_sources(
    name: str,
) -> None:
    text = joined(whole(name))
    words = Wording(BASE, subjects=True)
    for gate in owner(name).gate:
        clause = words.condition(gate.condition) if gate.condition else "for everybody"
        cited = [*gate.sources, *(["judgement"] if gate.judgement else [])]
        rest = unheaded(gate.text, clause)
        said = f"- {clause}: {rest[0].upper()}{rest[1:]} ({', '.join(cited)})"
        assert joined(said) in text, gate.id


@OWNERS
def test_an_explanation_says_what_it_is_to_clinician_and_patient(name: str) -> None:
    text = joined(whole(name))
    assert joined(owner(name).summary) in text
    assert f"To a patient: {joined(owner(name).plain)}" in text
    assert f"Performed by: {joined(owner(name).performed_text)}" in text


@OPTIONS
def test_an_option_says_where_it_stands_in_every_scenario(name: str) -> None:
    expected = []
    for rank, standing in reversed(list(enumerate(STANDINGS))):
        names = [
            scenario.label
            for scenario in BASE.scenarios.values()
            if scenario.ranks[name] == rank
        ]
        where = "; ".join(names)
        if not rank:
            everywhere = len(names) == len(BASE.scenarios)
            where = f"{'everywhere' if everywhere else 'everywhere else'}: {where}"
        if names:
            expected.append(f"- {standing.replace('_', ' ')}: {where}")
    assert joined("\n".join(block(name, "Standing"))) == " ".join(expected)


@OPTIONS
def test_an_option_says_its_level_on_every_criterion(name: str) -> None:
    words = Wording(BASE, subjects=True)
    expected = []
    for level in BASE.options[name].level:
        label = BASE.criteria[level.criterion].label
        expected.append(f"- {label}: {level.base} ({grounds(level)})")
        expected += [
            f"- {each.level} if {words.condition(each.condition)} ({grounds(each)})"
            for each in level.modifier
        ]
    assert len(expected) >= len(BASE.criteria)
    assert joined("\n".join(block(name, TITLES[1]))) == joined(" ".join(expected))


@OPTIONS
def test_an_option_says_what_speaks_for_and_against_it(name: str) -> None:
    text = joined(whole(name))
    for argument in BASE.options[name].argument:
        cited = [*argument.sources, *(["judgement"] if argument.judgement else [])]
        said = f"- {BASE.told(argument)}"
        if argument.condition is not None:
            clause = Wording(BASE, subjects=True).condition(argument.condition)
            said = f"- If {clause}: {unheaded(BASE.told(argument), clause)}"
        assert f"{joined(said)} ({', '.join(cited)})" in text


def test_an_argument_for_some_patients_says_for_whom() -> None:
    words = Wording(BASE, subjects=True)
    silent = [
        f"{name}: {argument.text}"
        for name, option in BASE.options.items()
        for argument in option.argument
        if argument.condition is not None
        and words.condition(argument.condition) not in joined(whole(name))
    ]
    assert silent == []


@OPTIONS
def test_an_option_says_what_can_go_wrong_and_how_often(name: str) -> None:
    text = joined("\n".join(block(name, "What can go wrong")))
    for risk in BASE.options[name].risk:
        assert joined(risk.text) in text
        assert f"Severity {risk.severity} of 5" in text
        assert joined(f"How often: {risk.frequency}") in text
        assert joined(risk.population) in text
        for modifier in risk.modifier:
            assert joined(modifier.text) in text
            assert modifier.condition is not None
            words = Wording(BASE, subjects=True)
            assert f"! If {words.condition(modifier.condition)}: " in text


@OPTIONS
def test_an_option_says_every_step_and_call_under_its_time(name: str) -> None:
    words = Wording(BASE, subjects=True)
    option = BASE.options[name]
    calls = {
        "emergency": "To hospital now",
        "same_day": "Call the same day",
        "soon": "Call soon",
    }
    headed: list[tuple[str, Step | Call]] = [
        *((heading_of(step), step) for step in BASE.steps(option)),
        *((calls[call.how_soon], call) for call in BASE.calls(option)),
    ]
    for heading, entry in headed:
        text = joined("\n".join(block(name, heading)))
        clause = words.condition(entry.condition) if entry.condition else ""
        lead = f"If {clause}: " if clause else ""
        said = unheaded(entry.text, clause)
        assert f"- {lead}{joined(said)}" in text, entry.id


def heading_of(step: Step) -> str:
    phases = {"preparation": "Before", "anaesthesia": "Anaesthesia"}
    times = {
        "immediate": "Straight after",
        "first_two_days": "In the first two days",
        "first_week": "In the first week",
        "until_healed": "Until it has healed",
        "ongoing": "All along",
        "review": "Review",
    }
    return phases.get(step.phase) or times[step.timing]


def test_a_rate_of_a_laser_is_from_a_larger_procedure() -> None:
    text = joined("\n".join(block("laser_ablation", "What can go wrong")))
    rates = re.findall(r"\d+ in 100\b", text)
    assert len(rates) > 4
    for sentence in text.split("How often: ")[1:]:
        if re.search(r"\d+ in 100\b", sentence):
            said = "not known in milia (from a larger procedure, CO2 resurfacing of"
            assert sentence.startswith(said)


def cited_in(name: str) -> set[str]:
    """The sources that an explanation names in brackets."""
    before = whole(name).split("\n\nSources\n")[0]
    groups = re.findall(r"^ *\(((?:\w+(?:, )?)+)\)$", before, re.MULTILINE)
    return {source for group in groups for source in group.split(", ")} - {"judgement"}


@OWNERS
def test_every_source_that_is_named_is_described_at_the_end(name: str) -> None:
    entries = "\n".join(block(name, "Sources"))
    described = re.findall(r"^  - (\w+): ", entries, re.MULTILINE)
    assert described == sorted(described)
    assert cited_in(name) <= set(described)
    for each in described:
        assert joined(BASE.sources[each].title) in joined(entries)


# -- by hand ------------------------------------------------------------------


def gates() -> tuple[Gate, Gate]:
    baby = Gate(
        id="baby",
        kind="forbid",
        text="Not on babies.",
        sources=("E001",),
        judgement=True,
        condition=parse("patient.age_years < 1", BASE.scope()),
    )
    known = Gate(id="known", kind="note", always=True, text="Cold.", judgement=True)
    return known, baby


def spray(*gate: Gate) -> Knowledge:
    """A knowledge base with one measure made by hand."""
    measure = attrs.evolve(
        BASE.measures["topical_anaesthetic"],
        id="cold_spray",
        label="cold spray",
        summary="A spray that cools.",
        plain="It cools.",
        performed_text="Anyone.",
        sources=(),
        judgement=True,
        gate=gate,
    )
    return attrs.evolve(BASE, measures={"cold_spray": measure})


def test_a_measure_is_explained_word_for_word() -> None:
    base = spray(*gates())
    heading, what, *_ = blocks("cold_spray", base)
    assert heading[0] == "Cold spray (cold_spray)"
    assert what == [
        "A spray that cools.",
        "To a patient: It cools.",
        "Performed by: Anyone.",
    ]
    assert block("cold_spray", "Never offered while", base) == [
        "  - the patient's age is under 1 year:",
        "    Not on babies.",
        "    (E001, judgement)",
    ]
    assert block("cold_spray", "To know", base) == [
        "  - for everybody:",
        "    Cold.",
        "    (judgement)",
    ]
    titles = [each[0] for each in blocks("cold_spray", base)[2:-1]]
    assert titles == ["Never offered while", "To know", "Rests on", "Sources"]


def test_a_measure_without_gates_or_sources_has_only_what_it_rests_on() -> None:
    *_, grounds, stamp = blocks("cold_spray", spray())
    assert grounds == ["Rests on", "  (judgement)"]
    assert stamp == ["Knowledge 0.2.0, draft", BASE.digest]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        pytest.param(
            "extracton",
            'no option, measure or alert "extracton"; did you mean "extraction"?',
        ),
        pytest.param(
            "topical_anesthetic",
            'no option, measure or alert "topical_anesthetic"; did you mean '
            '"topical_anaesthetic"?',
        ),
        pytest.param(
            "",
            'no option, measure or alert ""; it is none of the 44 names in use',
        ),
    ],
    ids=["misspelt", "misspelt_measure", "empty"],
)
def test_what_does_not_exist_is_not_explained(name: str, message: str) -> None:
    with pytest.raises(UnknownNameError) as caught:
        explained(BASE, name)
    assert str(caught.value) == message


def test_on_a_terminal_its_headings_stand_out_and_it_says_the_same() -> None:
    coloured = explained(BASE, "extraction", detail="full", colour=True)
    assert "\033[1mStanding\033[0m" in coloured
    plain = explained(BASE, "extraction", detail="full")
    assert re.sub("\033\\[\\d*m", "", coloured) == plain


def test_full_detail_says_in_words_what_the_picture_shows() -> None:
    full = explained(BASE, "extraction", detail="full")
    picture = "Picture: The rules of extraction (draft, not clinically reviewed)"
    assert f"\n\n{picture}\nsituations: first line\n" in full


@pytest.mark.parametrize("name", BASE.alerts)
def test_an_explained_alert_says_all_that_it_says(name: str) -> None:
    alert = BASE.alerts[name]
    said = joined(whole(name))
    words = Wording(BASE, subjects=True)
    assert joined(alert.text) in said
    assert joined(alert.plain) in said
    assert f"Certain when {words.condition(alert.condition)}." in said
    for each in alert.to:
        assert BASE.addressees[each].label in said
    for source in alert.sources:
        assert source in said


def test_an_option_begins_with_the_dangers_beside_which_it_is_never_said() -> None:
    said = joined(whole("adapalene"))
    alert = joined(BASE.alerts["topical_retinoid_in_pregnancy"].text)
    assert said.index(alert) < said.index(joined(BASE.options["adapalene"].summary))
    assert alert not in joined(whole("extraction"))


# -- in short -----------------------------------------------------------------


@OWNERS
def test_in_short_an_explanation_fits_on_a_screen(name: str) -> None:
    lines = explained(BASE, name).split("\n")
    assert len(lines) <= 40
    assert [line for line in lines if len(line) > 80 or line != line.rstrip()] == []
    assert lines[1].startswith("Draft, not clinically reviewed. ")
    assert f"milia-cds explain {name} --detail full says " in " ".join(lines)


def test_in_short_an_option_says_when_it_is_offered_and_what_forbids_it() -> None:
    _, _, *parts, _ = explained(BASE, "gentle_cleansing").split("\n\n")
    headings = [each.partition("\n")[0] for each in parts]
    assert headings == ["Offered", "Never offered", "Sources"]


def test_in_short_the_first_rules_that_forbid_are_named_and_the_rest_counted() -> None:
    said = explained(BASE, "isotretinoin")
    assert "\nOffered\n  - not offered in 29 of 29 situations\n" in said
    assert "\n  - while the patient's age is under 12 years\n" in said
    assert "  and 11 more rules (--detail full lists them)\n" in said


def test_in_short_a_measure_of_judgement_alone_says_so() -> None:
    assert explained(spray(*gates()), "cold_spray").split("\n")[5:-3] == [
        "A spray that cools.",
        "",
        "Never offered",
        "  - while the patient's age is under 1 year",
        "",
        "Sources",
        "  - the authors' judgement",
        "",
    ]
