"""An answer as text, in the length that is asked for, of lines of 80 columns."""

from __future__ import annotations

from collections.abc import Mapping

from milia_cds.explanation.outcome import Outcome
from milia_cds.knowledge.model import Knowledge
from milia_cds.render.blocks import Sheet
from milia_cds.render.lines import Detail
from milia_cds.render.sheets.assessment import FULL, Room, assessment_sheet
from milia_cds.render.width import WIDTH, as_wide_as
from milia_cds.render.writers.text import as_text, band_lines

MOST: Mapping[Detail, int] = {"short": 60, "standard": 200}
"""The most lines of a text, besides its dangers."""

_ROOMS: Mapping[Detail, tuple[Room, ...]] = {
    "brief": (Room(detail="brief"),),
    "short": tuple(
        Room(
            detail="short",
            reasons=reasons,
            places=places,
            arguments=arguments,
            groups=groups,
            questions=questions,
            particulars=0,
            advice=0,
        )
        for reasons, places, arguments, groups, questions in (
            (3, 3, 2, 6, 5),
            (3, 3, 1, 6, 4),
            (3, 3, 1, 3, 3),
            (3, 3, 1, 2, 3),
            (3, 3, 1, 1, 2),
            (2, 3, 1, 0, 2),
            (2, 2, 1, 0, 2),
            (2, 1, 1, 0, 1),
            (1, 1, 1, 0, 1),
            (1, 0, 0, 0, 0),
            (0, 0, 0, 0, 0),
        )
    ),
    "standard": tuple(
        Room(
            detail="standard",
            reasons=reasons,
            places=3,
            arguments=arguments,
            groups=groups,
            questions=questions,
            particulars=particulars,
            advice=advice,
        )
        for reasons, arguments, groups, questions, particulars, advice in (
            (6, None, None, 8, 3, None),
            (4, 3, 8, 8, 3, None),
            (4, 3, 8, 8, 2, None),
            (4, 2, 8, 6, 1, None),
            (3, 2, 6, 5, 1, 5),
            (3, 2, 4, 4, 1, 3),
            (2, 1, 3, 3, 1, 2),
            (1, 1, 2, 2, 1, 1),
            (1, 1, 2, 1, 0, 1),
        )
    ),
    "full": (FULL,),
}
"""How much there is room for in each length, tried in turn until it fits."""


def text_of(
    outcome: Outcome,
    base: Knowledge | None,
    *,
    detail: Detail,
    colour: bool = False,
) -> str:
    """An outcome as text.

    Parameters
    ----------
    outcome
        What the assessment says.
    base
        The knowledge that gave it; `None` where it is not at hand.
    detail
        "brief" is one screen of at most 24 lines besides its dangers, "short" has the
        reasons in at most 60, "standard" has consent and aftercare in at most 200, and
        "full" is all but the inner values of the trace.
    colour
        Whether to use the colours of a terminal.
    """
    return as_text(sheet_of(outcome, base, detail), detail=detail, colour=colour)


def sheet_of(outcome: Outcome, base: Knowledge | None, detail: Detail) -> Sheet:
    """An outcome as a sheet of which a text has the lines that its length allows.

    Parameters
    ----------
    outcome, base, detail
        As for `text_of`.
    """
    *roomy, least = _ROOMS[detail]
    for room in roomy:
        sheet = assessment_sheet(outcome, base, room)
        if _fits(sheet, detail):
            return sheet
    return assessment_sheet(outcome, base, least)


def _fits(sheet: Sheet, detail: Detail) -> bool:
    if detail not in MOST:
        return True
    with as_wide_as(WIDTH):
        lines = as_text(sheet, detail=detail).count("\n") + 1
        return lines - band_lines(sheet) <= MOST[detail]
