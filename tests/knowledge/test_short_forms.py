"""Every option and measure can be said on one screen, in a leaflet and in the grid.

A limit of length is held wherever a text is read.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest

from milia_cds import Case, assess, load_knowledge
from milia_cds.knowledge.files import SHIPPED
from milia_cds.knowledge.options import Measure, Option
from tests import common

BASE = load_knowledge()
OWNERS = {each.id: each for each in BASE.gated()}
ROWS = ("what", "gone", "soon", "visits", "hurt", "marks", "cost")
TOGETHER = 210
"""So many characters of how an option is done stand on one screen."""
STEPS = range(1, 6)
"""So many steps afterwards an option may have of its own on one screen."""
SHORTEST = 3
"""So many words are an answer rather than a sentence."""
NAMES = ("Raynaud", "INR")
"""What begins with a capital letter wherever it stands."""


def own(name: str, kind: str) -> list[dict[str, Any]]:
    """The tables of a kind in the file of an option or measure itself."""
    folder = "measures" if name in BASE.measures else "options"
    path = SHIPPED / folder / f"{name}.toml"
    tables: list[dict[str, Any]] = tomllib.loads(path.read_text("utf-8")).get(kind, [])
    return tables


def fragments(name: str) -> Iterator[tuple[str, str]]:
    """The short forms of an option or measure that are no sentences."""
    owner = OWNERS[name]
    yield "short", owner.short
    yield "plain_label", owner.plain_label
    for kind in ("gate", "risk", "step", "call"):
        for table in own(name, kind):
            if "short" in table:
                yield f"{kind}.{table['id']}", table["short"]
    if isinstance(owner, Option):
        for number, row in enumerate(owner.brief):
            yield f"brief[{number}]", row.text
        for point in owner.consent:
            yield f"consent.{point.id}", point.text


def lacking(name: str) -> list[str]:
    """What lacks a short form, of an option or measure and of what it shares."""
    owner = OWNERS[name]
    barring = [each for each in owner.gate if each.kind in {"forbid", "lower"}]
    said = [(each.id, each.short) for each in barring]
    if isinstance(owner, Option):
        said += [(each.id, each.short) for each in owner.risk]
        said += [(each.id, each.short) for each in BASE.calls(owner)]
    return [name for name, short in said if not short]


@pytest.mark.parametrize("name", OWNERS)
def test_what_bars_it_what_can_go_wrong_and_what_to_call_about_is_short(
    name: str,
) -> None:
    assert lacking(name) == []


@pytest.mark.parametrize("name", OWNERS)
def test_every_option_and_measure_has_a_short_name_for_both_readers(name: str) -> None:
    assert OWNERS[name].short
    assert OWNERS[name].plain_label


def test_no_two_have_the_same_short_name() -> None:
    for field in ("short", "plain_label"):
        names = [getattr(each, field) for each in OWNERS.values()]
        assert len({*names}) == len(names)


@pytest.mark.parametrize("name", OWNERS)
def test_a_short_form_begins_small_and_ends_without_a_stop(name: str) -> None:
    wrong = {
        place: words
        for place, words in fragments(name)
        if words.endswith((".", ";", ","))
        or (words[:1].isupper() and not words.startswith(NAMES))
    }
    assert wrong == {}


@pytest.mark.parametrize("name", BASE.options)
def test_one_reason_is_left_whoever_the_patient_is(name: str) -> None:
    *special, last = BASE.options[name].brief
    assert (last.when, last.scenarios, last.claims) == ("", (), ())
    assert all(row.when or row.scenarios for row in special)


@pytest.mark.parametrize("name", BASE.options)
def test_how_it_is_done_is_said_in_sentences_for_everybody(name: str) -> None:
    rows = BASE.options[name].how
    assert any(not (row.when or row.scenarios) for row in rows)
    assert all(re.match(r"[A-Z].*\.$", row.text) for row in rows)


@pytest.mark.parametrize("name", BASE.options)
def test_every_question_of_the_grid_is_answered_for_everybody(name: str) -> None:
    cells = BASE.options[name].cell
    assert tuple(dict.fromkeys(each.row for each in cells)) == ROWS
    for row in ROWS:
        *special, last = [each for each in cells if each.row == row]
        assert (last.when, last.claims) == ("", ())
        assert all(each.when for each in special)


@pytest.mark.parametrize("name", BASE.options)
def test_a_few_steps_afterwards_are_said_on_one_screen(name: str) -> None:
    short = [each for each in own(name, "step") if "short" in each]
    assert len(short) in STEPS
    assert {each["phase"] for each in short} <= {"aftercare", "review"}


def test_no_reason_says_the_same_of_two_options_on_one_screen() -> None:
    """Two places with one reason tell the reader nothing of the second."""
    rows = [row.text for option in BASE.options.values() for row in option.brief]
    assert len({*rows}) == len(rows)


def test_how_it_is_done_fits_beside_every_case() -> None:
    long = {}
    for vignette in common.sampled(common.vignettes(), 9):
        if vignette.expect.contradiction is not None:  # the case is refused
            continue
        case = Case.from_dict(vignette.case_data)
        for part in assess(case).outcome.brief:
            said = " ".join(each.text for each in part.lines)
            if part.label == "how" and len(said) > TOGETHER:
                long[vignette.id] = said
    assert long == {}


REASONS: dict[str, tuple[dict[str, Any], str, str]] = {
    "a newborn": (
        {"patient.age_years": 0.03, "lesion.site": "nose"},
        "observation",
        "most gone by 1 month, usually all by 3; no scar",
    ),
    "an adult": ({}, "observation", "costs nothing, leaves no scar; but most stay"),
    "keloids": ({"history.keloid": True}, "observation", "cannot scar; but most stay"),
    "after a peel": (
        {"lesion.origin": "secondary", "lesion.cause": "chemical_peel"},
        "observation",
        "mostly pass by themselves; how soon, nobody knows",
    ),
    "pregnant, at the eye": (
        {"patient.pregnancy": "pregnant", "lesion.site": "lower_eyelid"},
        "extraction",
        "preferred in pregnancy and near the eye; at once",
    ),
    "the lid margin": (
        {"lesion.site": "lid_margin", "clinic.operator": "oculoplastic_surgeon"},
        "extraction",
        "the only one that keeps tissue for histology",
    ),
    "a plaque": (
        {"lesion.pattern": "plaque", "lesion.site": "chin"},
        "extraction",
        "each cyst at once; but in stages, many visits",
    ),
    "a tattoo": (
        {"lesion.origin": "secondary", "lesion.cause": "tattoo", "lesion.site": "arm"},
        "tretinoin",
        "shrank them after urea, in one patient",
    ),
    "dark skin": (
        {"patient.phototype": 5},
        "extraction",
        "gone at once; few at a time, dark marks possible",
    ),
}
PLAIN: dict[str, Any] = {
    "patient.age_years": 34,
    "patient.phototype": 2,
    "patient.pregnancy": "none",
    "patient.breastfeeding": False,
    "patient.cooperative": True,
    "lesion.origin": "primary",
    "lesion.pattern": "scattered",
    "lesion.site": "cheek",
    "lesion.count": 5,
    "lesion.diagnosis": "confirmed",
    "goals.wants_treatment": True,
    "clinic.operator": "dermatologist",
}


@pytest.mark.parametrize("patient", REASONS)
def test_the_reason_beside_an_option_is_true_of_this_patient(patient: str) -> None:
    facts, option, reason = REASONS[patient]
    stated = {**PLAIN, **facts}
    if "patient.age_years" in facts:
        del stated["patient.pregnancy"], stated["patient.breastfeeding"]
    data: dict[str, Any] = {"assume_absent": ["findings", "history"]}
    for name, value in stated.items():
        section, _, fact = name.partition(".")
        data.setdefault(section, {})[fact] = value
    answer = assess(Case.from_dict(data))
    short = BASE.options[option].short
    said = {
        line.lead.partition(" ")[2]: line.text
        for part in answer.outcome.brief
        for line in part.lines
        if line.lead
    }
    assert said[short] == reason


def test_a_measure_is_named_but_never_ranked() -> None:
    assert all(isinstance(OWNERS[name], Measure) for name in BASE.measures)
    assert [OWNERS[name].short for name in BASE.measures] == [
        "lidocaine injection",
        "numbing cream",
    ]


def test_no_sentence_answers_for_two_options_in_the_grid() -> None:
    """But for the shortest, such as what costs little."""
    said = {
        (sentence, name)
        for name, option in BASE.options.items()
        for cell in option.cell
        for sentence in re.split(r"(?<=[.?!])\s+", cell.plain)
        if len(sentence.split()) > SHORTEST
    }
    assert len({sentence for sentence, _ in said}) == len(said)
