"""Questions that patients often ask, with the answer to each, as a sheet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from milia_cds.explanation.outcome import stamp
from milia_cds.knowledge.faq import Found
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.texts import Advice, Sentence
from milia_cds.knowledge.wording import Wording
from milia_cds.render.alert_words import on_condition
from milia_cds.render.blocks import Block, Item, Paragraph, Part, Points, Sheet
from milia_cds.render.sheets.frame import framed

_NONE = "No question holds these words. The nearest:"


def faq_sheet(found: Found, base: Knowledge, *, full: bool = False) -> Sheet:
    """The questions that were found, with their answers; else the nearest by name.

    Parameters
    ----------
    found
        What was found.
    base
        The knowledge base that it is of.
    full
        Whether the words for the clinician are said too, with their sources.
    """
    if found.questions:
        words = Wording(base, subjects=True)
        title = "A common question" if len(found.questions) == 1 else "Common questions"
        blocks: Iterable[Block] = (
            _answered(each, words, full=full) for each in found.questions
        )
    else:
        title = "Common questions"
        blocks = (Paragraph(_NONE), titles(found.nearest))
    return framed(title, blocks, stamp(base), base.sources)


def titles_sheet(found: Found, base: Knowledge) -> Sheet:
    """The questions that were found, without their answers.

    Parameters
    ----------
    found, base
        As for `faq_sheet`.
    """
    blocks = (titles(found.questions),)
    return framed("Common questions", blocks, stamp(base), base.sources)


def titles(questions: Iterable[Advice]) -> Points:
    """Questions in a list."""
    return Points([Item(each.title) for each in questions])


def _answered(question: Advice, words: Wording, *, full: bool) -> Part:
    blocks = _answer(question, words, full=full)
    return Part(question.title, tuple(blocks), folded=False)


def _answer(question: Advice, words: Wording, *, full: bool) -> Iterator[Block]:
    if question.condition is not None:
        yield Paragraph(f"If {words.condition(question.condition)}:")
    yield Paragraph(_said(question.plain, question.sentence, "plain", words))
    if full:
        text = _said(question.text, question.sentence, "text", words)
        said = Paragraph(text, question.sources, question.judgement)
        yield Part("For the clinician", (said, *_departure(question)), folded=False)


def _departure(question: Advice) -> Iterator[Paragraph]:
    if question.departs:
        yield Paragraph(f"Where it departs from popular articles: {question.departs}")


def _said(
    text: str, sentences: tuple[Sentence, ...], register: str, words: Wording
) -> str:
    """A text, or its sentences, each with what must hold for it."""
    if not sentences:
        return text
    said = (on_condition(each, getattr(each, register), words) for each in sentences)
    return " ".join(filter(None, said))
