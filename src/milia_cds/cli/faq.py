"""The command `faq`: questions that patients often ask, found by words."""

from __future__ import annotations

import argparse
import json
from typing import Any

from milia_cds.assessment.base import load_knowledge
from milia_cds.cli.overdue import say_overdue
from milia_cds.cli.streams import colour
from milia_cds.explanation.outcome import stamp
from milia_cds.knowledge.faq import Found, faq
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.records import plain
from milia_cds.knowledge.texts import Advice
from milia_cds.render.sheets.faq import faq_sheet, titles_sheet
from milia_cds.render.writers.text import as_text

_FORMAT = "milia-cds/faq/1"


def run(asked: argparse.Namespace) -> None:
    """Print the questions that hold the words, with their answers; or list them all."""
    base = load_knowledge(asked.knowledge, policy=asked.policy)
    say_overdue(base)
    words = " ".join(asked.words)
    found = faq(base, words)
    if asked.json:
        print(json.dumps(_content(found, words, base), indent=2, ensure_ascii=False))
        return
    full = asked.detail == "full"
    answered = faq_sheet(found, base, full=full)
    sheet = answered if words or full else titles_sheet(found, base)
    print(as_text(sheet, detail=asked.detail, colour=colour()))


def _content(found: Found, words: str, base: Knowledge) -> dict[str, Any]:
    return {
        "format": _FORMAT,
        "words": words,
        "questions": [_record(each) for each in found.questions],
        "nearest": [_record(each) for each in found.nearest],
        "knowledge": plain(stamp(base)),
    }


def _record(question: Advice) -> dict[str, Any]:
    return {
        "id": question.id,
        "question": question.title,
        "plain": question.plain,
        "text": question.text,
        "when": question.when or None,
        "sources": list(question.sources),
        "judgement": question.judgement,
    }
