"""What many tests share: the vignettes, read once, and the healthy adult, once."""

from __future__ import annotations

import io
import json
import os
import sys
import threading
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from milia_cds import Case, load_knowledge
from milia_cds.case.milia import READABLE
from milia_cds.check import Examination, examine
from milia_cds.check.space import Space
from milia_cds.explanation.outcome import Outcome
from milia_cds.knowledge.model import Knowledge
from milia_cds.render.lines import Detail
from milia_cds.render.markup import Markup
from milia_cds.render.sheets.assessment import PAGE, assessment_sheet
from milia_cds.render.text import sheet_of
from milia_cds.render.writers.html import as_card
from milia_cds.testing import Vignette, load_vignettes

T = TypeVar("T")

CASES = Path(__file__).parent / "cases"

OTHERWORLD = Path(__file__).parent / "otherworld" / "knowledge"
"""The knowledge of another domain, which is small."""

THOROUGH = os.environ.get("MILIA_CDS_THOROUGH") == "1"
"""Whether thousands of cases are tried instead of dozens; it takes hours."""

ADULT: Mapping[str, Mapping[str, Any]] = {
    "patient": {
        "age_years": 34,
        "phototype": 2,
        "pregnancy": "none",
        "cooperative": True,
    },
    "lesion": {
        "origin": "primary",
        "pattern": "scattered",
        "site": "cheek",
        "count": 5,
        "diagnosis": "confirmed",
    },
    "goals": {"wants_treatment": True},
    "clinic": {"operator": "dermatologist"},
}
"""A healthy adult with few milia on the cheek who wants them treated, as JSON."""

SCREENED = {**ADULT, "assume_absent": ["findings", "history"]}
"""The same one, screened for findings and history."""

EVERY_ANSWER: Mapping[str, Any] = {
    **{name: kind.absent for name, kind in READABLE.items() if kind.absent is not None},
    **{
        f"{section}.{fact}": value
        for section, facts in ADULT.items()
        for fact, value in facts.items()
    },
    "lesion.size_mm": 1.5,
    "lesion.duration_weeks": 20,
    "lesion.cause": "other",
    "history.inr": 2.5,
    "history.lipid_or_liver_monitoring_possible": True,
}
"""What the same adult answers when every fact is asked for."""


def adult(**facts: Any) -> Case:
    """The screened adult, with other facts."""
    return Case.from_dict(SCREENED).stating(facts)


def assessment_card(outcome: Outcome, base: Knowledge | None = None) -> Markup:
    """The card of an answer, with what is folded away in it."""
    return as_card(assessment_sheet(outcome, base, PAGE))


def richly(
    outcome: Outcome, base: Knowledge | None, width: int, detail: Detail = "full"
) -> str:
    """An answer as rich prints it."""
    from rich.console import Console  # noqa: PLC0415 - an extra

    from milia_cds.render.writers.terminal import print_sheet  # noqa: PLC0415 - an extra

    page = io.StringIO()
    sheet = sheet_of(outcome, base, detail)
    print_sheet(sheet, Console(file=page, width=width), detail)
    return page.getvalue()


def sampled(items: Iterable[T], every: int) -> list[T]:
    """Each so many-th of some items; all of them in a thorough run."""
    return list(items)[:: 1 if THOROUGH else every]


@cache
def vignettes() -> tuple[Vignette, ...]:
    """Every vignette of `tests/cases`."""
    return load_vignettes(CASES)


@cache
def patients() -> Mapping[str, Case]:
    """Patients as a clinic meets them, and published ones, by name.

    Nothing is decided about them: whatever is said of a case holds for each. One whose
    facts contradict one another is `refused`, and left out.
    """
    lines = (CASES.parent / "data" / "patients.jsonl").read_text(encoding="utf-8")
    read = map(json.loads, lines.splitlines())
    return {
        each["name"]: Case.from_dict(each["case"])
        for each in read
        if not each.get("refused", False)
    }


def patients_and_vignettes(
    *, patients_every: int = 1, vignettes_every: int
) -> dict[str, Case]:
    """Each so many-th patient and vignette by name; all of them in a thorough run.

    Vignettes whose facts contradict one another are no cases, and left out.
    """
    chosen = dict(sampled(patients().items(), patients_every))
    for each in sampled(vignettes(), vignettes_every):
        if each.expect.contradiction is None:
            chosen[each.id] = Case.from_dict(each.case_data)
    return chosen


@cache
def space() -> Space:
    """All cases of the shipped knowledge: to make their diagrams takes seconds."""
    return Space(load_knowledge())


@cache
def examined() -> Examination:
    """What an examination finds in the shipped knowledge; it takes seconds too."""
    return examine(load_knowledge(), space=space())


THREADS = 4


def at_once(work: Callable[[], T]) -> list[T]:
    """What several threads get that begin the same work at once.

    They take turns every microsecond.
    """
    begin = threading.Barrier(THREADS)
    found: list[T] = []

    def run() -> None:
        begin.wait()
        found.append(work())

    threads = [threading.Thread(target=run) for _ in range(THREADS)]
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(before)
    assert len(found) == THREADS
    return found
