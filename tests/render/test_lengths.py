"""The four lengths of an answer: how long each is, in what order, nothing twice."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import pairwise

import attrs
import pytest

from milia_cds import Assessment, assess, load_knowledge
from milia_cds.explanation.outcome import BriefLine, BriefPart
from milia_cds.render.columns import fitted
from milia_cds.render.lines import DETAILS, Detail
from milia_cds.render.sheets.assessment import Room, assessment_sheet
from milia_cds.render.text import sheet_of, text_of
from milia_cds.render.writers.text import as_text, band_lines
from tests.common import adult, patients_and_vignettes, sampled

BASE = load_knowledge()
MOST: Mapping[Detail, int] = {"brief": 24, "short": 60, "standard": 200}
LIMITED = pytest.mark.parametrize("detail", MOST)
LABELS = (
    *("PLAN", "ODD", "CHECK", "NOT YET", "NOT HERE", "HOW", "CONSENT", "SAY", "AFTER"),
    *("ASK", "MORE"),
)
MARKS = ("EMERGENCY", "TODAY", "URGENT", "SOON", "ROUTINE")
PARTS = (
    *("Why", "On what the oddities rest", "Options, best first", "Why this order"),
    *("Before, risks, aftercare and calls", "Withheld until more is known"),
    *("Excluded for this patient", "Not indicated here", "Not offered by this clinic"),
    *("Supporting measures", "To tell the patient", "What to ask next"),
    *("Taken for granted", "The way through the rules", "Sources"),
)


CASES = patients_and_vignettes(patients_every=4, vignettes_every=60)


@cache
def answer(name: str) -> Assessment:
    return assess(CASES[name])


@pytest.fixture(params=CASES)
def given(request: pytest.FixtureRequest) -> Assessment:
    return answer(request.param)


@cache
def lines_of(given: Assessment, detail: Detail) -> tuple[str, ...]:
    return tuple(given.text(detail=detail).split("\n"))


def dangers(given: Assessment, detail: Detail) -> int:
    """How many lines its dangers take."""
    return band_lines(sheet_of(given.outcome, BASE, detail), detail=detail)


# -- how long, and how wide --


@LIMITED
def test_no_text_is_longer_than_its_length_allows_besides_dangers(
    given: Assessment, detail: Detail
) -> None:
    lines = lines_of(given, detail)
    assert len(lines) - dangers(given, detail) <= MOST[detail]


@LIMITED
def test_no_line_is_wider_than_80_columns(given: Assessment, detail: Detail) -> None:
    assert [each for each in lines_of(given, detail) if len(each) > 80] == []


def test_a_longer_text_says_more(given: Assessment) -> None:
    lengths = [len(lines_of(given, detail)) for detail in DETAILS]
    assert lengths == sorted(set(lengths))


@pytest.mark.parametrize("width", [40, 60, 140])
def test_a_brief_says_the_same_in_every_width(width: int) -> None:
    for name in sampled(CASES, 12):
        said = answer(name).text(width=width)
        assert max(map(len, said.split("\n"))) <= width
        assert words(said) == words(answer(name).text()), name


def words(text: str) -> Counter[str]:
    return Counter(text.split())


# -- order --


def labels_of(lines: tuple[str, ...]) -> list[str]:
    return [each[:10].strip() for each in lines if each[:1].strip()]


def test_a_brief_has_its_dangers_first_and_its_parts_in_one_order(
    given: Assessment,
) -> None:
    labels = labels_of(lines_of(given, "brief"))
    first = labels.index("PLAN")
    assert all(each.rstrip("?") in {*MARKS, "NOW"} for each in labels[:first])
    assert len(labels[:first]) >= sum(each.certain for each in given.alerts)
    places = [LABELS.index(each) for each in labels[first:]]
    assert places == sorted(set(places))


def test_labels_stand_in_the_first_ten_columns_and_texts_behind(
    given: Assessment,
) -> None:
    for line in lines_of(given, "brief"):
        assert line[9] == " " or line.startswith("EMERGENCY"), line
        assert line[:10].strip() in {"", *labels_of((line,))}
        assert line[10:].strip()


def test_the_draft_notice_ends_the_first_line_of_the_plan(given: Assessment) -> None:
    for detail in DETAILS:
        [plan] = (e for e in lines_of(given, detail) if e.startswith("PLAN  "))
        assert plan.endswith("  draft, not reviewed")
        assert len(plan) == 80


def test_every_length_begins_with_the_same_screen(given: Assessment) -> None:
    screens = []
    for detail in ("brief", "short", "standard"):
        lines = lines_of(given, detail)
        kept = [each for each in lines if not each.startswith("MORE ")]
        screens.append(kept[: kept.index("")] if "" in kept else kept)
    assert screens[0] == screens[1] == screens[2]


@pytest.mark.parametrize("detail", ["short", "standard", "full"])
def test_parts_come_in_one_order_and_none_is_empty(
    given: Assessment, detail: Detail
) -> None:
    lines = lines_of(given, detail)
    found = [
        (line.partition(" (by")[0], after)
        for line, after in pairwise(lines)
        if line.partition(" (by")[0] in PARTS
    ]
    places = [PARTS.index(heading) for heading, _ in found]
    assert places == sorted(set(places))
    assert all(after.startswith("  ") for _, after in found)


@pytest.mark.parametrize("detail", ["short", "standard", "full"])
def test_a_longer_text_ends_with_the_notice_in_full_and_the_digest(
    given: Assessment, detail: Detail
) -> None:
    lines = lines_of(given, detail)
    stamp = given.knowledge
    assert lines[-1] == stamp.digest
    end = " ".join(lines[-8:])
    assert f"Draft, not clinically reviewed. {stamp.certainty}" in end


def test_a_brief_has_no_points_digest_or_source(given: Assessment) -> None:
    said = "\n".join(lines_of(given, "brief"))
    assert "sha256" not in said
    assert "points" not in said
    assert not re.search(r"\bE\d{3}\b", said)


# -- no sentence twice --

MARK = re.compile(r"^ *(?:[-+!*?>.] |\d+=? )")
ITEM = re.compile(
    r"\n+(?= *(?:[-+!*?>.] |\d+=? (?!x )))|\n\n+|\n(?=[A-Z]{2,})"
    r"|\n(?=( *)(?=\S)[^\n.]{1,70}\n\1  [-+!*?>.\d])"  # a heading
)
GROUNDS = re.compile(r"^ *\([^()]*\)$| \[[^\]]*\]", re.MULTILINE)
"""The sources and facts below and behind a reason."""
SAME_OF_SEVERAL = (
    *("As for", "How often", "Performed by", "Standing", "Affects", "For"),
    *("Points", "Certainty"),
)
NOT_FROM_HERE = "This figure is not from milia."
"""Said of each figure that is from elsewhere."""
WORSE = re.compile(r" {6,}! ")
"""Who runs one risk more often; the same people may run another more often too."""
LONG = 6
"""So many words make a sentence that may not stand there twice."""


def sentences(text: str) -> Iterator[str]:
    for item in filter(None, ITEM.split(text)):
        if WORSE.match(item):
            continue
        line = " ".join(GROUNDS.sub("", MARK.sub("", item)).split())
        for each in re.split(r"(?<=[.?!]) (?=[A-Z])", line):
            if each == NOT_FROM_HERE:
                continue
            if not each.startswith(SAME_OF_SEVERAL) and len(each.split()) >= LONG:
                yield each


def waits(part: BriefPart) -> Iterator[str]:
    """What a brief asks: in the same words beside what waits for it."""
    if part.label in {"ask", "not yet"}:
        for line in part.lines:
            yield from re.split(r"(?<=[.?!]) (?=[A-Z])", line.text)


@pytest.mark.parametrize("detail", DETAILS)
def test_no_sentence_stands_twice(given: Assessment, detail: Detail) -> None:
    text = given.text(detail=detail).split("\nThe way through the rules\n")[0]
    asked = {each for part in given.outcome.brief for each in waits(part)}
    counts = Counter(each for each in sentences(text) if each not in asked)
    assert [each for each, count in counts.items() if count > 1] == []


def test_what_nobody_has_counted_is_said_once_for_all_risks(given: Assessment) -> None:
    for detail in ("standard", "full"):
        said = " ".join(lines_of(given, detail))
        assert said.count("Nobody has counted how often these happen") <= 1
        assert "How often: not known" not in said


# -- what is dropped where it does not fit --


def brief(*lines: BriefLine) -> tuple[BriefPart, ...]:
    first = BriefPart(label="plan", lines=(BriefLine(text="Head."), *lines))
    return (first,)


def texts(made: tuple[BriefPart, ...]) -> list[str]:
    return [line.text for part in fitted(made, "draft") for line in part.lines]


def filler(count: int, drop: int = 0) -> list[BriefLine]:
    return [BriefLine(text=f"Line {n}.", drop=drop) for n in range(count)]


def test_what_fits_is_whole() -> None:
    made = brief(*filler(20), *filler(3, drop=1))
    assert len(texts(made)) == 24


def test_what_has_the_lowest_number_is_dropped_first_and_no_more_than_needed() -> None:
    later, sooner = BriefLine(text="Later.", drop=2), BriefLine(text="Sooner.", drop=1)
    left = texts(brief(*filler(22), later, sooner))
    assert "Later." in left
    assert "Sooner." not in left


def test_what_may_never_be_dropped_makes_it_longer() -> None:
    assert len(texts(brief(*filler(30), *filler(5, drop=3)))) == 31


def test_something_shorter_may_stand_instead() -> None:
    long = BriefLine(text="Long, " * 40, drop=1, instead="Short.")
    assert texts(brief(*filler(22), long))[-1] == "Short."


def test_the_names_of_options_stay_where_their_reasons_go() -> None:
    places = [
        BriefLine(lead="1 one", text="first"),
        BriefLine(lead="2 two", text="second", drop=8),
        BriefLine(lead="3 three", text="third", drop=8),
    ]
    made = brief(*places, *filler(22))
    assert "2 two, 3 three." in texts(made)
    assert "first" in texts(made)
    questions = [
        BriefLine(lead=f"{n}", text=f"Q{n}?", drop=9 * (n > 1)) for n in (1, 2)
    ]
    left = texts(brief(*questions, *filler(23)))
    assert "Q1?" in left
    assert "Q2?" not in left


def test_what_is_dropped_depends_on_no_terminal() -> None:
    given = max(map(answer, CASES), key=lambda each: len(each.text()))
    assert words(given.text(width=50)) == words(given.text(width=200))


# -- what each length holds --


def test_short_has_the_reasons_of_what_to_do_and_of_the_first_options() -> None:
    given = assess(adult())
    said = " ".join(" ".join(lines_of(given, "short")).split())
    for place in given.ranking[:2]:
        assert " ".join(place.arguments_for[0].text.split()) in said
        assert " ".join(place.arguments_against[0].text.split()) in said
        for caution in place.cautions:
            assert " ".join(caution.text.split()) in said


def test_standard_has_consent_aftercare_and_calls_of_the_first_option() -> None:
    given = assess(adult())
    said = " ".join(" ".join(lines_of(given, "standard")).split())
    first = given.ranking[0]
    said_of = (*first.preparation, *first.aftercare, *first.call_if)
    for text in [each.text for each in first.risks] + [each.text for each in said_of]:
        assert " ".join(text.split()) in said
    for reason in (*given.outcome.never, *given.outcome.red_flags_to_watch):
        assert " ".join(reason.text.split()) in said


def test_a_condition_that_is_not_known_is_said_with_its_if(given: Assessment) -> None:
    said = " ".join(" ".join(lines_of(given, "standard")).split())
    for place in given.ranking[:1]:
        conditional = [(each.if_, each.text) for each in place.risks]
        steps = (*place.preparation, *place.call_if)
        conditional += [(each.if_, each.text) for each in steps]
        for if_, text in conditional:
            if if_ is not None and text in said:
                assert f"If {if_}: " in said


def test_an_unknown_pregnancy_leaves_the_advice_about_it_with_its_if() -> None:
    given = assess(adult(pregnancy=None))
    said = " ".join(" ".join(lines_of(given, "standard")).split())
    told = [e for e in given.outcome.never if e.if_ is not None]
    assert told
    assert all(f"If {each.if_}: " in said for each in told)


# -- an answer whose knowledge is not at hand --


def test_a_brief_of_an_answer_without_its_knowledge_says_that_it_is_not_checked(
    given: Assessment,
) -> None:
    stamp = attrs.evolve(given.knowledge, digest="sha256:" + "0" * 64)
    alone = Assessment(outcome=attrs.evolve(given.outcome, knowledge=stamp))
    lines = alone.text().split("\n")
    plan = next(n for n, each in enumerate(lines) if each.startswith("PLAN "))
    said = " ".join(" ".join(lines[plan:]).split())
    assert "Not checked, its knowledge is not at hand; it says of itself:" in said
    assert "draft, not clinically reviewed" in said


def test_a_sheet_holds_no_more_than_there_is_room_for() -> None:
    outcome = assess(adult()).outcome
    nothing = Room(detail="short", reasons=0, places=0, particulars=0, advice=0)
    sheet = assessment_sheet(outcome, BASE, nothing)
    assert len(as_text(sheet, detail="short")) < len(
        text_of(outcome, BASE, detail="short")
    )
