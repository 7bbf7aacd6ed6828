"""Every piece of advice reaches a reader: it stands in some output, for some case."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from milia_cds import (
    Assessment,
    Case,
    ContradictionError,
    assess,
    leaflet,
    load_knowledge,
)
from milia_cds.explanation.places import Reason
from milia_cds.knowledge.faq import faq, questions_of
from milia_cds.render.lines import Detail
from milia_cds.render.sheets.faq import faq_sheet
from milia_cds.render.writers.text import as_text
from tests import common

BASE = load_knowledge()
ADVICE = {each.id: each for each in BASE.advice}
LENGTHS: tuple[Detail, ...] = ("brief", "short", "standard")
"""The full text is left out: it says all, and hardly anybody reads it."""
ENDING = 40
"""So much of the end of a text tells it from every other."""


def folded(text: str) -> str:
    return " ".join(text.split())


def told(answer: Assessment) -> list[Reason]:
    """The advice of an answer, wherever it stands in it."""
    said = answer.outcome
    return [
        *(*said.never, *said.home_care, *said.red_flags_to_watch),
        *(*said.expectations, *said.mimics, *said.prevention),
    ]


def answers() -> Iterator[Assessment]:
    """Patients, then vignettes, as long as somebody asks for more."""
    cases = [*common.patients().values()]
    cases += [Case.from_dict(each.case_data) for each in common.vignettes()]
    for case in cases:
        try:
            yield assess(case)
        except ContradictionError:
            continue


def outputs(answer: Assessment) -> Iterator[tuple[str, str]]:
    """What is written of an answer, by the name of the output."""
    for detail in LENGTHS:
        yield detail, folded(answer.text(detail=detail))
    for place in answer.ranking[:1]:
        page = re.sub(r"<[^>]+>", " ", str(leaflet(answer, place.option)))
        yield "leaflet", folded(page)


def stands_in(reason: Reason, page: str) -> bool:
    """Whether a piece of advice is said, by its short form or by one of its texts."""
    short = ADVICE[reason.rule.removeprefix("advice.")].short
    endings = (reason.text[-ENDING:], reason.plain[-ENDING:], short)
    return any(each and each in page for each in endings)


@cache
def reached() -> dict[str, set[str]]:
    """The outputs that show each piece of advice, of those that were looked at."""
    found: dict[str, set[str]] = {name: set() for name in ADVICE}
    page = folded(as_text(faq_sheet(faq(BASE), BASE, full=True), detail="full"))
    for each in questions_of(BASE):
        if each.plain in page and each.text in page:
            found[each.id].add("faq")
    for answer in answers():
        missing = {name for name, names in found.items() if not names}
        new = [r for r in told(answer) if r.rule.removeprefix("advice.") in missing]
        for output, page in outputs(answer) if new else ():
            for reason in told(answer):
                if stands_in(reason, page):
                    found[reason.rule.removeprefix("advice.")].add(output)
        if not missing:
            break
    return found


def test_every_piece_of_advice_reaches_a_reader() -> None:
    assert [name for name, outputs in reached().items() if not outputs] == []


def test_no_output_that_says_advice_is_idle() -> None:
    assert {each for names in reached().values() for each in names} >= {
        "brief",
        "standard",
        "leaflet",
        "faq",
    }


def test_what_is_asked_is_answered_without_a_case_and_the_rest_with_one() -> None:
    by_faq = {name for name, names in reached().items() if "faq" in names}
    assert by_faq == {each.id for each in questions_of(BASE)}
