"""The text of an assessment: its layout, and that the full one leaves nothing out.

`test_lengths` holds how long each text is, and in what order. The claims are tried on
every example and on the cases of many vignettes.
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
from milia_cds.explanation.outcome import Assumption, Outcome, Question
from milia_cds.explanation.places import Reason
from milia_cds.logic.facts import Choice, Members
from milia_cds.render.lines import DETAILS, Detail
from milia_cds.render.phrases import conditional, unheaded, unsaid
from milia_cds.render.text import text_of
from tests.common import sampled

BASE = load_knowledge()
EXAMPLES = Path(__file__).parents[2] / "examples" / "cases"
VIGNETTES = Path(__file__).parents[1] / "cases"

DETAIL = pytest.mark.parametrize("detail", DETAILS)
NAMED = {"unknown_everything", "red_flag"}
"""Vignettes that are looked at by name."""
TRACE = "The way through the rules"
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
    yield from sampled(every, 20)
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
    assert len(answers()) > 60


# -- layout -------------------------------------------------------------------


@DETAIL
def test_no_line_ends_in_a_space(detail: Detail) -> None:
    assert [each for each in every_line(detail) if each[1] != each[1].rstrip()] == []


@DETAIL
def test_no_value_is_written_as_python_writes_it(detail: Detail) -> None:
    python = re.compile(r"[=,(\[] ?None\b|[=:] (True|False)\b|frozenset|\[\]|\(\)|[{}]")
    assert [each for each in every_line(detail) if python.search(each[1])] == []


@pytest.mark.parametrize("detail", ["short", "standard"])
def test_only_commands_have_an_underscore_but_in_full(detail: Detail) -> None:
    said = [each for each in every_line(detail) if "_" in each[1]]
    assert said == []


def test_the_full_text_has_underscores_in_names_only() -> None:
    names = set(FACTS)
    for kind in FACTS.values():
        names |= set(kind.members) if isinstance(kind, Choice | Members) else set()
    strange = set()
    for name, answer in answers().items():
        nodes = {step.node for step in answer.trace}
        lines = lines_of(name, "full")
        for line in lines[: lines.index("Sources")]:
            words = {word.strip("[]().,:;") for word in line.split() if "_" in word}
            strange |= words - names - nodes
    assert strange == set()


@DETAIL
def test_there_is_never_more_than_one_blank_line(detail: Detail) -> None:
    for name in answers():
        lines = lines_of(name, detail)
        assert ("", "") not in pairwise(lines), name
        assert "" not in {lines[0], lines[-1]}, name


def test_the_headline_says_what_to_do_where_and_how_soon() -> None:
    seen = Counter[str]()
    for name, answer in answers().items():
        said, head = answer.disposition, answer.disposition.headline
        later = head.startswith("For the milia")
        sent = said.action == "refer" and not said.own
        seen += Counter(later=later, own=said.own, sent=sent)
        assert head == answer.outcome.brief[0].lines[0].text, name
        assert head.endswith("."), name
        if sent:
            where, soon = BASE.destinations[str(said.to)], said.urgency or "routine"
            assert head.startswith(f"Refer to {where.label}"), name
            assert BASE.urgencies[soon].short in head, name
        else:
            assert not head.startswith("Refer"), name
        if said.because[0].rule.endswith(".pending"):
            assert head == said.because[0].text, name
        alerts = [each for each in answer.alerts if each.certain]
        today = any(each.urgency in {"same_day", "emergency"} for each in alerts)
        assert later is (today and said.action != "refer"), name
    assert min(seen.values()) > 0


def headings(name: str) -> list[str]:
    """The headings of the options in a full text."""
    heading = re.compile(r"  \d+=? .+: .+ of \d+ points$")
    return [each for each in lines_of(name, "full") if heading.match(each)]


def test_the_full_text_has_every_option_in_its_place_with_its_points() -> None:
    for name, answer in answers().items():
        wanted = [
            f"  {each.rank}{'=' if each.tied else ''} {each.label}: "
            f"{each.standing.replace('_', ' ')}"
            for each in answer.ranking
        ]
        found = headings(name)
        assert len(found) == len(wanted), name
        assert all(map(str.startswith, found, wanted)), name


def test_the_full_text_leaves_nothing_to_full_detail() -> None:
    for name in answers():
        assert "--detail" not in joined(lines_of(name, "full")), name


def test_a_shorter_text_counts_what_it_leaves_out_of_a_list() -> None:
    counts = 0
    for name in answers():
        text = joined(lines_of(name, "standard"))
        for number, noun in re.findall(r"and (\d+) more (\w+) \(", text):
            counts += 1
            assert (int(number) == 1) is not noun.endswith("s"), (name, noun)
    assert counts > 5


def test_an_option_that_could_stand_better_says_how_well() -> None:
    outcome = example("adult_cheek")
    first = attrs.evolve(outcome.ranking[0], standing="limited", points=7, of=9)
    said = attrs.evolve(outcome, ranking=(first,))
    text = text_of(said, BASE, detail="full")
    assert "  1 extraction: limited, at best first line, 7 of 9 points\n" in text


def test_a_tie_is_shown_by_an_equals_sign() -> None:
    outcome = example("adult_cheek")
    one, other, third, *_ = outcome.ranking
    tied = (
        attrs.evolve(one, rank=1, tied=True),
        attrs.evolve(other, rank=1, tied=True),
        third,
    )
    said = attrs.evolve(outcome, ranking=tied)
    lines = text_of(said, BASE, detail="short").split("\n")
    marks = [line[:5] for line in lines if re.match(r"  \d=? ", line)]
    assert marks[:2] == ["  1= ", "  1= "]


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
    return [said for said in said_in(record) if not held(text, said)]


def held(text: str, said: str) -> bool:
    """Whether a text holds another, of which a sentence may stand elsewhere in it."""
    every = re.split(r"(?<=[.?!]) (?=[A-Z])", joined(said))
    return joined(said) in text or all(each in text for each in every)


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
                often = f" How often: {risk.frequency}"
                often *= risk.frequency != "not known"
                assert f"{joined(risk.text)}{often}" in text
                passes = PASSES[risk.reversible]
                assert f"(severity {risk.severity} of 5; {passes})" in text
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
            grounds = f" ({', '.join(place.sources)})" if place.sources else ""
            certainty = place.certainty.replace("_", " ")
            said = f"Certainty of its least certain source: {certainty}.{grounds}"
            assert said in text, (name, place.option)


def test_the_full_text_lists_every_source_once() -> None:
    for name in answers():
        listed = lines_of(name, "full")
        listed = listed[listed.index("Sources") :]
        named = [each[4:].partition(":")[0] for each in listed if each[:4] == "  - "]
        assert named == sorted(set(named)), name


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
            assert f" ({', '.join(names)})" in text, (name, reason.rule)


def test_the_full_text_holds_every_step_of_the_trace_with_its_truth() -> None:
    for name, answer in answers().items():
        (block,) = (each for each in blocks(name, "full") if each[0] == TRACE)
        steps = [f"- {step.node}: {TRUTHS[step.truth]}" for step in answer.trace]
        assert joined(block[1:]) == joined(steps), name


def test_the_full_text_names_the_facts_of_what_is_excluded() -> None:
    text = joined(lines_of("adult_eyelid", "full"))
    assert (
        "superficial peel: - On the eyelid, lash line or corner of the eye: acid stays "
        "outside the orbital rim, as splash injures the eye. What is surely a milium "
        "is watched, or extracted with fine forceps. "
        "[site: lower eyelid (lash line to orbital rim)]"
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
    assert f"So it is. [a.fact = {said}] " in full
    assert "So it is. - Situation:" in short


# -- it is said once, and reads as a sentence ---------------------------------


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


def test_a_reason_of_two_options_is_said_once_and_named_again() -> None:
    text = joined(lines_of("adult_cheek", "full"))
    assert text.count("Few lesions: slow, weeks to months; an adjunct") == 1
    again = "As for tretinoin: Few lesions: slow, weeks to months; an ..."
    assert text.count(again) == 2  # adapalene and tazarotene


@DETAIL
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
    assert conditions > 3


def test_a_condition_is_said_only_of_what_is_not_known() -> None:
    for name, answer in answers().items():
        for place in answer.ranking:
            for reason in (*place.cautions, *place.notes):
                if reason.if_ is not None:
                    assert f"If {reason.if_}: " in joined(lines_of(name, "full"))
                    assert reason.facts == {}


# -- colour -------------------------------------------------------------------


@DETAIL
def test_colours_change_nothing_but_the_colour(detail: Detail) -> None:
    for name, answer in sampled(answers().items(), 9):
        plain = answer.text(detail=detail)
        coloured = answer.text(detail=detail, colour=True)
        assert "\033" not in plain, name
        assert COLOUR.sub("", coloured) == plain, name
        assert coloured != plain, name


@DETAIL
def test_every_colour_ends_on_its_line(detail: Detail) -> None:
    for name, answer in tuple(answers().items())[1::3]:
        for line in answer.text(detail=detail, colour=True).split("\n"):
            codes = COLOUR.findall(line)
            assert codes[1::2] == ["\033[0m"] * (len(codes) // 2), name
            assert "\033[0m" not in codes[::2], name


@pytest.mark.parametrize(
    ("name", "title"),
    [
        (
            "red_flag",
            "\033[1;31mRefer to oculoplastic surgery, urgent (2 weeks).\033[0m",
        ),
        ("adult_cheek", "\033[1;32mTreat, as wished; leaving them is a choice.\033[0m"),
        ("newborn", "\033[1;32mNo treatment: they go by themselves.\033[0m"),
        (
            "unknown_everything",
            "\033[1;33mNothing can be said yet. Start with the age.\033[0m",
        ),
    ],
)
def test_the_disposition_has_the_colour_of_its_weight(name: str, title: str) -> None:
    assert title in answers()[name].text(colour=True)


# -- the same for a stored assessment -----------------------------------------


@DETAIL
def test_an_assessment_that_was_stored_has_the_same_text(detail: Detail) -> None:
    for answer in sampled(answers().values(), 9):
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
