"""The text of an assessment: its layout, and that it leaves nothing out.

The claims are tried on every example and on the case of every vignette.
"""

from __future__ import annotations

import copy
import json
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Any

import attrs
import pytest

from milia_cds.assessment.assessment import Assessment, assess
from milia_cds.assessment.base import load_knowledge
from milia_cds.case.case import Case
from milia_cds.case.milia import FACTS
from milia_cds.errors import ContradictionError
from milia_cds.explanation.outcome import (
    Assumption,
    Outcome,
    Place,
    Question,
    Reason,
)
from milia_cds.logic.facts import Choice, Members
from milia_cds.render.lines import Detail
from milia_cds.render.phrases import conditional, unheaded, unsaid
from milia_cds.render.text import text_of
from tests.common import sampled

BASE = load_knowledge()
EXAMPLES = Path(__file__).parents[2] / "examples" / "cases"
VIGNETTES = Path(__file__).parents[1] / "cases"

DETAILS = pytest.mark.parametrize("detail", ["short", "full"])
TITLES = (
    "Options, best first (by standing, then by points)",
    (SHARED := "What several options share"),
    "Withheld until more is known",
    "Excluded for this patient",
    "Not indicated here",
    "Supporting measures",
    "What to expect",
    "Care at home",
    "Never",
    "Warning signs to watch",
    (QUESTIONS := "What to ask next"),
    "Assumed absent, because it was screened for",
    (TRACE := "The way through the rules"),
)
FOLDED = "Other possibilities, rarely needed:"
NAMED = {"unknown_everything", "red_flag"}
"""Vignettes that are looked at by name."""
NOTHING = "Nothing is offered here (full detail says why)."


COLOUR = re.compile(r"\033\[[\d;]*m")
TRUTHS = MappingProxyType({True: "true", False: "false", None: "not known"})


def case_of(vignette: Mapping[str, Any], bases: Mapping[str, Any]) -> Case:
    """Lay the facts of a vignette, in either grammar, over those of its base."""
    stated = copy.deepcopy(bases[vignette["base"]]) if "base" in vignette else {}
    changed = dict(vignette.get("set", {}))
    for section, facts in vignette.get("facts", {}).items():
        if isinstance(facts, dict):
            changed |= {f"{section}.{fact}": value for fact, value in facts.items()}
        else:
            stated[section] = facts
    unknown = (*vignette.get("null", ()), *vignette.get("not_known", ()))
    for name, value in {**changed, **dict.fromkeys(unknown)}.items():
        section, _, fact = name.partition(".")
        stated.setdefault(section, {})[fact] = value
    for name in (*vignette.get("unset", ()), *vignette.get("unknown", ())):
        section, _, fact = name.partition(".")
        del stated[section][fact]
    if "assume_absent" in vignette:
        stated["assume_absent"] = vignette["assume_absent"]
    return Case.from_dict(stated)


def cases() -> Iterator[tuple[str, Case]]:
    for path in sorted(EXAMPLES.glob("*.json")):
        yield path.stem, Case.from_json(path.read_bytes())
    every = list(vignettes())
    yield from sampled(every, 6)
    yield from ((name, case) for name, case in every if name in NAMED)


def vignettes() -> Iterator[tuple[str, Case]]:
    for path in sorted(VIGNETTES.glob("*.toml")):
        file = tomllib.loads(path.read_text("utf-8"))
        for vignette in (*file.get("vignette", ()), *file.get("case", ())):
            yield vignette["id"], case_of(vignette, file.get("base", {}))


@cache
def answers() -> Mapping[str, Assessment]:
    """The assessment of every case that is not refused."""
    found = {}
    for name, case in cases():
        try:
            found[name] = assess(case)
        except ContradictionError:
            continue
    return found


@cache
def lines_of(name: str, detail: Detail) -> tuple[str, ...]:
    return tuple(answers()[name].text(detail=detail).split("\n"))


def every_line(detail: Detail) -> Iterator[tuple[str, str]]:
    for name in answers():
        for line in lines_of(name, detail):
            yield name, line


def blocks(name: str, detail: Detail) -> list[list[str]]:
    text = "\n".join(lines_of(name, detail))
    return [block.split("\n") for block in text.split("\n\n")]


def joined(text: str | Iterable[str]) -> str:
    """A text, or its lines, without the line breaks."""
    lines = [text] if isinstance(text, str) else text
    return " ".join(" ".join(lines).split())


def example(name: str) -> Outcome:
    return answers()[name].outcome


def test_there_are_many_cases_to_look_at() -> None:
    assert len(answers()) > 140


# -- layout -------------------------------------------------------------------


@DETAILS
def test_no_line_is_wider_than_80_columns(detail: Detail) -> None:
    assert [each for each in every_line(detail) if len(each[1]) > 80] == []


@DETAILS
def test_no_line_ends_in_a_space(detail: Detail) -> None:
    assert [each for each in every_line(detail) if each[1] != each[1].rstrip()] == []


@DETAILS
def test_no_value_is_written_as_python_writes_it(detail: Detail) -> None:
    python = re.compile(r"[=,(\[] ?None\b|[=:] (True|False)\b|frozenset|\[\]|\(\)|[{}]")
    assert [each for each in every_line(detail) if python.search(each[1])] == []


def test_the_short_text_has_no_underscore() -> None:
    assert [each for each in every_line("short") if "_" in each[1]] == []


def test_the_full_text_has_underscores_in_names_only() -> None:
    names = set(FACTS)
    for kind in FACTS.values():
        names |= set(kind.members) if isinstance(kind, Choice | Members) else set()
    strange = set()
    for name, answer in answers().items():
        nodes = {step.node for step in answer.trace}
        for line in lines_of(name, "full"):
            words = {word.strip("[]().,:;") for word in line.split() if "_" in word}
            strange |= words - names - nodes
    assert strange == set()


@DETAILS
def test_no_section_is_empty(detail: Detail) -> None:
    empty = [
        (name, block)
        for name in answers()
        for block in blocks(name, detail)
        if block == [""]
        or (block[0] in TITLES and (len(block) == 1 or block[1][0] not in " 1"))
    ]
    assert empty == []


@DETAILS
def test_there_is_never_more_than_one_blank_line(detail: Detail) -> None:
    for name in answers():
        lines = lines_of(name, detail)
        assert ("", "") not in pairwise(lines), name
        assert "" not in {lines[0], lines[-1]}, name


@DETAILS
def test_the_sections_come_in_one_order(detail: Detail) -> None:
    for name in answers():
        firsts = [block[0] for block in blocks(name, detail)]
        places = [TITLES.index(first) for first in firsts if first in TITLES]
        assert places == sorted(set(places)), name


@DETAILS
def test_the_first_line_says_that_it_is_a_draft(detail: Detail) -> None:
    firsts = {lines_of(name, detail)[0] for name in answers()}
    assert firsts == {"milia-cds: draft, not clinically reviewed"}


@DETAILS
def test_the_digest_of_the_knowledge_comes_last(detail: Detail) -> None:
    for name, answer in answers().items():
        assert lines_of(name, detail)[-1] == answer.knowledge.digest


@DETAILS
def test_the_disposition_comes_before_anything_but_an_alert(detail: Detail) -> None:
    for name, answer in answers().items():
        place = 2 if answer.alerts else 1
        said = joined(blocks(name, detail)[place])
        assert said.startswith(answer.disposition.headline), name


SOON = {"same_day": "today", "emergency": "now (emergency)"}


def test_the_headline_says_what_to_do_where_and_how_soon() -> None:
    titles = {
        "treat": "Treat",
        "observe": "Observe",
        "treat_cause": "Treat the cause",
        "needs_information": "More information is needed first",
    }
    seen = Counter[str]()
    for name, answer in answers().items():
        said = answer.disposition
        where = str(said.to).replace("_", " ")
        soon = SOON.get(str(said.urgency), str(said.urgency))
        wanted = titles.get(said.action, f"Refer: {where}, {soon}")
        later = said.headline.startswith("For the milia, another day: ")
        own = said.headline.startswith(f"Own field ({soon}): ")
        seen += Counter(later=later, own=own)
        if said.because[0].rule.endswith(".pending"):
            wanted = said.because[0].text.removesuffix(".")
        if later:
            wanted = f"For the milia, another day: {wanted[0].lower()}{wanted[1:]}"
        assert own is said.own, name
        assert own or said.headline == wanted, name
    assert min(seen.values()) > 0


def test_the_label_of_an_option_is_parted_from_its_standing() -> None:
    glued = []
    for name, answer in answers().items():
        labels = "|".join(re.escape(place.label) for place in answer.ranking)
        starts = re.compile(rf"[ \d]\d[ =] (?:{labels})\w")
        if labels:
            glued += [line for line in lines_of(name, "full") if starts.match(line)]
    assert glued == []


def test_an_option_that_could_stand_better_keeps_to_80_columns() -> None:
    outcome = example("adult_cheek")
    first = attrs.evolve(outcome.ranking[0], standing="reasonable")
    said = attrs.evolve(outcome, ranking=(first,))
    lines = text_of(said, BASE, detail="short", colour=False).split("\n")
    assert [line for line in lines if len(line) > 80] == []


# -- what the short text folds away -------------------------------------------


def test_the_short_text_folds_limited_options_away() -> None:
    folding = 0
    for name, answer in answers().items():
        folded = [
            place.label
            for place in answer.ranking
            if place.standing == "limited" and place.rank != 1
        ]
        said = [joined(block) for block in blocks(name, "short")]
        line = f"{FOLDED} {', '.join(folded)}"
        assert [each for each in said if each.startswith(FOLDED)] == [line] * bool(
            folded
        ), name
        folding += bool(folded)
    assert folding > 100


def test_the_options_that_are_not_folded_away_come_in_their_order() -> None:
    for name, answer in answers().items():
        shown = [
            f"{place.rank:>2}{'=' if place.tied else ' '} {place.label}"
            for place in answer.ranking
            if place.standing != "limited" or place.rank == 1
        ]
        found = [
            line for line in lines_of(name, "short") if re.match(r"[ \d]\d[ =] ", line)
        ]
        assert len(found) == len(shown), name
        assert all(map(str.startswith, found, shown)), name


def test_the_full_text_folds_nothing_away() -> None:
    for name, answer in answers().items():
        lines = lines_of(name, "full")
        found = [line for line in lines if re.match(r"[ \d]\d[ =] \w", line)]
        assert len(found) == len(answer.ranking), name
        assert not any(line.startswith(FOLDED) for line in lines), name
        assert "full detail" not in joined(lines), name


def test_the_short_text_counts_the_questions_that_it_leaves_out() -> None:
    for name, answer in answers().items():
        block = [each for each in blocks(name, "short") if each[0] == QUESTIONS]
        assert len(block) == bool(answer.questions), name
        text = "\n".join(block[0]) if block else ""
        shown = len(re.findall(r"^  [.>] ", text, re.MULTILINE))
        more = re.search(r"^  and (\d+) more questions? \(full", text, re.MULTILINE)
        rest = int(more[1]) if more else 0
        assert shown + rest == len(answer.questions), name
        assert shown == min(5, len(answer.questions)), name


def test_the_short_text_counts_the_facts_that_it_does_not_ask_by_name() -> None:
    outcome = example("unknown_everything")
    for each in outcome.withheld:
        text = joined(text_of(outcome, BASE, detail="short", colour=False))
        names = list(each.asks_for[:4])
        rest = len(each.asks) - 4
        assert f"{each.label}: ask {', '.join(names)} and {rest} more " in text


def test_one_reason_that_is_left_out_is_one_reason() -> None:
    assert [each for each in every_line("short") if " 1 more reasons" in each[1]] == []


def test_the_short_text_gives_a_reason_once() -> None:
    for name, answer in answers().items():
        text = joined(blocks(name, "short")[1])
        said = {joined(each) for each in said_in(answer.disposition)}
        assert [each for each in said if text.count(each) > 1] == [], name


def test_where_nothing_is_offered_the_short_text_says_so() -> None:
    silent = [
        name
        for name, answer in answers().items()
        if not answer.ranking and not answer.withheld
    ]
    assert "red_flag" in silent
    for name in answers():
        assert (NOTHING in lines_of(name, "short")) is (name in silent), name
        assert NOTHING not in lines_of(name, "full"), name


def test_an_option_that_could_stand_better_says_how_well() -> None:
    outcome = example("adult_cheek")
    first = attrs.evolve(outcome.ranking[0], standing="limited", points=7, of=9)
    said = attrs.evolve(outcome, ranking=(first,))
    text = joined(text_of(said, BASE, detail="short", colour=False))
    assert "1 extraction limited, at best first line (7 of 9 points) +" in text


def test_a_tie_is_shown_by_an_equals_sign() -> None:
    outcome = example("adult_cheek")
    one, other, third, *_ = outcome.ranking
    tied = (
        attrs.evolve(one, rank=1, tied=True),
        attrs.evolve(other, rank=1, tied=True),
        third,
    )
    said = attrs.evolve(outcome, ranking=tied)
    lines = text_of(said, BASE, detail="short", colour=False).split("\n")
    marks = [line[:4] for line in lines if re.match(r"[ \d]\d[ =] ", line)]
    assert marks == [" 1= ", " 1= ", " 3  "]


# -- the full text leaves nothing out -----------------------------------------


PASSES = {
    "yes": "it passes",
    "partly": "it may not pass altogether",
    "no": "it often stays for good",
    "not_known": "whether it passes is not known",
}
PARTS = ("risks", "preparation", "anaesthesia", "aftercare", "call_if")
ENDS = ("never", "home_care", "red_flags_to_watch", "expectations")


def said_in(record: object) -> Iterator[str]:
    """Every text for a clinician in an outcome."""
    match record:
        case tuple():
            for item in record:
                yield from said_in(item)
        case Question(ask=text) | Assumption(text=text):
            yield text
        case _:
            if text := getattr(record, "text", ""):
                clause = getattr(record, "if_", None)
                yield f"If {clause}: {unheaded(text, clause)}" if clause else text
            for field in getattr(type(record), "__attrs_attrs__", ()):
                yield from said_in(getattr(record, field.name))


def left_out(name: str, record: object) -> list[str]:
    """The texts of a record that the full text does not hold."""
    text = joined(lines_of(name, "full"))
    return [said for said in said_in(record) if joined(said) not in text]


@pytest.mark.parametrize(
    "part",
    [
        "disposition",
        "withheld",
        "excluded",
        "not_indicated",
        "questions",
        "warnings",
        "assumptions",
    ],
)
def test_the_full_text_holds_every_text_of_a_part(part: str) -> None:
    found = 0
    for name, answer in answers().items():
        record = getattr(answer, part)
        if part == "disposition":  # its headline says the rest
            record = (*unsaid(record), *record.also)
        assert left_out(name, record) == [], name
        found += len(list(said_in(record)))
    assert found


@pytest.mark.parametrize(
    "part", ["arguments_for", "arguments_against", "cautions", "notes"]
)
def test_the_full_text_holds_every_reason_of_an_option(part: str) -> None:
    for name, answer in answers().items():
        record = tuple(getattr(place, part) for place in answer.ranking)
        assert left_out(name, record) == [], name


def test_the_full_text_holds_every_measure_beside_what_is_offered() -> None:
    for name, answer in answers().items():
        if answer.ranking:
            assert left_out(name, answer.measures) == [], name


def test_the_full_text_holds_the_measures_where_nothing_is_offered() -> None:
    for name in ("red_flag", "unknown_everything"):
        assert left_out(name, answers()[name].measures) == []


@pytest.mark.parametrize("part", PARTS)
def test_the_full_text_holds_what_to_know_of_an_option(part: str) -> None:
    found = 0
    for name, answer in answers().items():
        record = tuple(getattr(place, part) for place in answer.ranking)
        assert left_out(name, record) == [], name
        found += len(list(said_in(record)))
    assert found


def test_the_full_text_says_how_often_and_how_badly_it_may_go_wrong() -> None:
    for name, answer in answers().items():
        text = joined(lines_of(name, "full"))
        for place in answer.ranking:
            for risk in place.risks:
                assert f"{joined(risk.text)} How often: {risk.frequency}" in text
                assert (
                    f"Severity {risk.severity} of 5; {PASSES[risk.reversible]}." in text
                )
                if risk.basis == "analogue" and risk.frequency != "not known":
                    assert f"{risk.frequency} (not milia; {risk.population}" in text


def test_the_full_text_holds_the_advice() -> None:
    for name, answer in answers().items():
        record = tuple(getattr(answer.outcome, part) for part in ENDS)
        assert left_out(name, record) == [], name


def test_the_full_text_holds_every_source_of_an_option_and_of_its_reasons() -> None:
    for name, answer in answers().items():
        text = joined(lines_of(name, "full"))
        for place in answer.ranking:
            assert all(map(text.__contains__, cited(place))), (name, place.option)


def cited(place: Place) -> Iterator[str]:
    if place.sources:
        yield f"Sources: {', '.join(place.sources)}"


def test_the_full_text_holds_the_sources_of_every_reason_where_it_is_said() -> None:
    for name, answer in answers().items():
        text = joined(lines_of(name, "full"))
        for place in answer.ranking:
            reasons = (*place.arguments_for, *place.arguments_against, *place.cautions)
            for reason in reasons:
                names = [*reason.sources, *(["judgement"] if reason.judgement else [])]
                assert f" ({', '.join(names)})" in text, (name, reason.rule)
        for reason in (*answer.outcome.never, *answer.outcome.home_care):
            names = [*reason.sources, *(["judgement"] if reason.judgement else [])]
            assert f"{joined(reason.text)} ({', '.join(names)})" in text


def test_the_full_text_holds_every_step_of_the_trace_with_its_truth() -> None:
    for name, answer in answers().items():
        (block,) = (each for each in blocks(name, "full") if each[0] == TRACE)
        steps = [f"{step.node}: {TRUTHS[step.truth]}" for step in answer.trace]
        assert joined(block[1:]) == joined(steps), name


def test_the_full_text_names_the_facts_of_what_is_excluded() -> None:
    text = joined(lines_of("adult_eyelid", "full"))
    assert (
        "superficial peel: - On the eyelid, lash line or corner of the eye: acid stays "
        "outside the orbital rim, as splash injures the eye. What is surely a milium "
        "is watched, or extracted with fine forceps. [lesion.site = lower_eyelid]"
    ) in text


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, "not known"),
        (True, "yes"),
        (False, "no"),
        ("lower_eyelid", "lower_eyelid"),
        (34.5, "34.5"),
        (0, "0"),
        ([], "none"),
        (["extraction", "steaming"], "extraction, steaming"),
    ],
)
def test_a_fact_in_the_full_text_is_in_plain_words(value: object, said: str) -> None:
    outcome = example("red_flag")
    reason = Reason(rule="a.rule", text="So it is.", facts={"a.fact": value})
    because = attrs.evolve(outcome.disposition, because=(reason,), also=())
    changed = attrs.evolve(outcome, disposition=because)
    full = joined(text_of(changed, BASE, detail="full", colour=False))
    short = joined(text_of(changed, BASE, detail="short", colour=False))
    assert f"So it is. [a.fact = {said}] Situation:" in full
    assert "So it is. Situation:" in short


# -- it is said once, and reads as a sentence ---------------------------------

MARK = re.compile(r"^ *(?:[-+!*?>.]|\d+[ =]) ")
LONG = 6
"""So many words make a sentence that may not stand there twice."""
CITED = re.compile(r"^ *(?:\([^()]*\)|\[[^\]]*\])$", re.MULTILINE)
ITEM = re.compile(r"\n+(?= *(?:[-+!*?>.]|\d+[ =]) )|\n\n+|\n(?= *How )")
NOT_FROM_HERE = "This figure is not from milia."
"""Said of each figure that is from elsewhere."""
WORSE = re.compile(r" {6,}! ")
"""Who runs one risk more often; the same people may run another more often too."""


def sentences(name: str) -> Iterator[str]:
    """Every sentence of a full text, without its sources and its trace."""
    text = answers()[name].text(detail="full").split(f"\n{TRACE}\n")[0]
    for item in ITEM.split(CITED.sub("", text)):
        if WORSE.match(item):
            continue
        line = joined(MARK.sub("", item))
        if not line.startswith(("As for ", "How often", "Severity ", "More: ", "For ")):
            line = line.replace(NOT_FROM_HERE, "")
            yield from re.split(r"(?<=[.?!]) (?=[A-Z])", line)


def test_no_sentence_is_said_twice() -> None:
    looked_at = 0
    for name in answers():
        long = [each for each in sentences(name) if len(each.split()) >= LONG]
        looked_at += len(long)
        assert [each for each, count in Counter(long).items() if count > 1] == [], name
    assert looked_at > 10_000


@pytest.mark.parametrize(
    ("clause", "text", "said"),
    [
        (None, "Keloid: be gentle.", "Keloid: be gentle."),
        ("has a keloid", "Be gentle.", "If has a keloid: Be gentle."),
        ("has a keloid", "Keloid: be gentle.", "If has a keloid: be gentle."),
        ("on the lid", "Keloid: be gentle.", "If on the lid: Keloid: be gentle."),
        (
            "on the lid",
            "The lid, and lashes: no.",
            "If on the lid: The lid, and lashes: no.",
        ),
        ("on the lid", "On a lid: one: two.", "If on the lid: one: two."),
    ],
)
def test_a_heading_is_left_out_where_its_condition_has_said_every_word(
    clause: str | None, text: str, said: str
) -> None:
    assert conditional(text, clause) == said


def test_what_several_options_share_is_said_once_with_their_names() -> None:
    text = joined(lines_of("adult_cheek", "full"))
    consent = (
        "For extraction, electrodesiccation, cryotherapy, laser ablation and "
        "superficial peel Before - Consent, said and written"
    )
    photograph = (
        "For electrodesiccation, cryotherapy, laser ablation and superficial peel "
        "Before - A photograph of the site beforehand"
    )
    assert text.count(consent) == text.count(photograph) == 1
    assert text.count("More: what several options share, below.") > 4


def test_a_reason_of_two_options_is_said_once_and_named_again() -> None:
    text = joined(lines_of("adult_cheek", "full"))
    assert text.count("Few lesions: slow, weeks to months; an adjunct") == 1
    again = "As for tretinoin: Few lesions: slow, weeks to months; an ..."
    assert text.count(again) == 2  # adapalene and tazarotene


@DETAILS
def test_no_condition_dangles(detail: Detail) -> None:
    """An `if` names its case in words, ends in a colon, and what holds then follows."""
    conditions = 0
    for name in answers():
        text = joined(lines_of(name, detail))
        assert "[if" not in text, name
        assert not re.search(r"\bIf (?:is|has|lies|takes|uses|comes|and|or)\b", text), (
            name
        )
        assert not re.search(r"\bIf[^.]*: (?:[-+!*]|$)", text), name
        conditions += len(re.findall(r"\bIf [a-z][^.]*?: \w", text))
    assert conditions > 30


def test_a_condition_is_said_only_of_what_is_not_known() -> None:
    for name, answer in answers().items():
        for place in answer.ranking:
            for reason in (*place.cautions, *place.notes):
                if reason.if_ is not None:
                    assert f"If {reason.if_}: " in joined(lines_of(name, "full"))
                    assert reason.facts == {}


# -- colour -------------------------------------------------------------------


@DETAILS
def test_colours_change_nothing_but_the_colour(detail: Detail) -> None:
    for name, answer in tuple(answers().items())[::3]:
        plain = answer.text(detail=detail)
        coloured = answer.text(detail=detail, colour=True)
        assert "\033" not in plain, name
        assert COLOUR.sub("", coloured) == plain, name
        assert coloured != plain, name


@DETAILS
def test_every_colour_ends_on_its_line(detail: Detail) -> None:
    for name, answer in tuple(answers().items())[1::3]:
        for line in answer.text(detail=detail, colour=True).split("\n"):
            codes = COLOUR.findall(line)
            assert codes[1::2] == ["\033[0m"] * (len(codes) // 2), name
            assert "\033[0m" not in codes[::2], name


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("red_flag", "\033[1;31mRefer: oculoplastics, urgent\033[0m"),
        ("adult_cheek", "\033[1;32mTreat\033[0m"),
        ("newborn", "\033[1mObserve\033[0m"),
        ("unknown_everything", "\033[1;33mMore information is needed first\033[0m"),
    ],
)
def test_the_disposition_has_the_colour_of_its_weight(name: str, title: str) -> None:
    assert title in answers()[name].text(colour=True).split("\n")


# -- the same for a stored assessment -----------------------------------------


@DETAILS
def test_an_assessment_that_was_stored_has_the_same_text(detail: Detail) -> None:
    for answer in tuple(answers().values())[::3]:
        stored = Assessment.from_dict(json.loads(answer.to_json()))
        assert stored.text(detail=detail) == answer.text(detail=detail)


def test_where_the_knowledge_is_not_at_hand_nothing_is_said_of_a_domain() -> None:
    outcome = example("adult_cheek")
    full = joined(text_of(outcome, None, detail="full", colour=False))
    short = joined(text_of(outcome, None, detail="short", colour=False))
    assert "facts that nobody stated" in short
    assert "findings: " in full
    assert "(not milia; " not in full
    assert "How often: not known in milia" not in full
