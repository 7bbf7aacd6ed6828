"""The case that was given, read by the knowledge that is to decide it."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from milia_cds.assessment.assessment import Assessment, assess
from milia_cds.assessment.base import load_knowledge
from milia_cds.case.stated import StatedCase
from milia_cds.cli.shorthand import is_fact, stating
from milia_cds.cli.streams import InputError, read, today
from milia_cds.knowledge.model import Knowledge

NO_CASE = (
    "no case is given; give a file, or - for standard input, or facts such as age=34 "
    "site=cheek (milia-cds facts lists them)"
)


def read_case(text: bytes, base: Knowledge) -> StatedCase:
    """The case in JSON text, of whatever domain the knowledge is."""
    return StatedCase.read_json(base.vocabulary, text)


def given_case(given: Sequence[str], base: Knowledge) -> StatedCase | None:
    """The case of a file, of facts, or of both; `None` where nothing is given.

    Parameters
    ----------
    given
        At most one name of a file, and facts such as "age=34", which go before what the
        file says.
    base
        The knowledge that is to decide it.
    """
    facts = [each for each in given if is_fact(each)]
    files = [each for each in given if not is_fact(each)]
    if len(files) > 1:
        message = f"{', '.join(files)} would be {len(files)} cases; give one file. A "
        message += "fact is written with =, such as age=34"
        raise InputError(message)
    case = read_case(_read(files[0]), base) if files else None
    return stating(base.vocabulary, case, facts) if facts else case


def _read(name: str) -> bytes:
    """The text of a file; where there is none, it may have been meant for a fact."""
    try:
        return read(name)
    except InputError as error:
        if name == "-" or {".", "/", "\\"}.intersection(name) or Path(name).exists():
            raise
        message = f"{error}, or a fact with =, such as age=34"
        raise InputError(message) from None


def assessed(asked: argparse.Namespace) -> Assessment:
    """The assessment of a case that was given, by the knowledge that was asked for."""
    base = load_knowledge(asked.knowledge, policy=asked.policy)
    case = given_case(asked.given, base)
    if case is None:
        raise InputError(NO_CASE)
    return assess(case, base, on=today())
