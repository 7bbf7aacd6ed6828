"""The case in a file, read by the knowledge that is to decide it."""

from __future__ import annotations

import argparse

from milia_cds.assessment.assessment import Assessment, assess
from milia_cds.assessment.base import load_knowledge
from milia_cds.case.stated import StatedCase
from milia_cds.cli.streams import read, today
from milia_cds.knowledge.model import Knowledge


def read_case(text: bytes, base: Knowledge) -> StatedCase:
    """The case in JSON text, of whatever domain the knowledge is."""
    return StatedCase.read_json(base.vocabulary, text)


def assessed(asked: argparse.Namespace) -> Assessment:
    """The assessment of the case in a file, by the knowledge that was asked for."""
    text = read(asked.file)
    base = load_knowledge(asked.knowledge, policy=asked.policy)
    return assess(read_case(text, base), base, on=today())
