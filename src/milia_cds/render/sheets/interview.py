"""What there is to say of an interview: what to ask now, and what is known so far."""

from __future__ import annotations

from milia_cds.explanation.outcome import Outcome, Question
from milia_cds.knowledge.model import Knowledge
from milia_cds.render.blocks import Item, Paragraph, Part, Points, Sheet
from milia_cds.render.sheets.assessment import question_items
from milia_cds.render.sheets.frame import framed
from milia_cds.render.sheets.said import Telling


def interview_sheet(
    outcome: Outcome, base: Knowledge, question: Question | None, asked: int, left: int
) -> Sheet:
    """How far an interview is.

    Parameters
    ----------
    outcome
        The answer to what is known so far.
    base
        The knowledge base that asks.
    question
        What is asked now; `None` where nothing is left.
    asked, left
        How many questions were asked, and how many may still be.
    """
    items = question_items(question, Telling(base, full=True)) if question else ()
    dangers = [Item(each.text) for each in outcome.alerts if each.certain]
    return framed(
        question.ask if question else "There is nothing left to ask.",
        (
            Part("Dangers that are stated", (Points(dangers),), folded=False),
            Points(items),
            Paragraph(f"Asked: {asked}; left, at most: {left}."),
            Paragraph(f"So far: {outcome.disposition.headline}"),
        ),
        outcome.knowledge,
        base.sources,
    )
