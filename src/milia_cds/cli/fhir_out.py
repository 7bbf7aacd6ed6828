"""The commands that write FHIR: `milia-cds fhir write`, and `fhir questionnaire`."""

from __future__ import annotations

import argparse
import json
from datetime import datetime

from milia_cds.adapters.fhir import Reading, questionnaire, write_fhir
from milia_cds.assessment.assessment import assess
from milia_cds.assessment.base import load_knowledge
from milia_cds.case.stated import StatedCase
from milia_cds.cli.cases import NO_CASE, given_case
from milia_cds.cli.fhir import reading_of
from milia_cds.cli.shorthand import is_fact, stating
from milia_cds.cli.streams import InputError, put, today
from milia_cds.errors import quoted
from milia_cds.knowledge.model import Knowledge


def print_bundle(asked: argparse.Namespace) -> None:
    """Print the assessment of a case, or of a record, as a FHIR Bundle."""
    base = load_knowledge(asked.knowledge, policy=asked.policy)
    if asked.patient_id is None:
        message = "--patient is missing; name whom it is about, such as Patient/1"
        raise InputError(message)
    case, reading = _case(asked, base)
    bundle = write_fhir(
        assess(case, base, on=today()),
        patient=asked.patient_id,
        at=_moment(asked.at),
        reading=reading,
    )
    put(json.dumps(bundle, indent=2), asked.output)


def print_questionnaire(asked: argparse.Namespace) -> None:
    """Print the questions about a case, what is known filled in."""
    base = load_knowledge(asked.knowledge)
    form = questionnaire(base, case=given_case(asked.given, base))
    put(json.dumps(form, indent=2), asked.output)


def _case(
    asked: argparse.Namespace, base: Knowledge
) -> tuple[StatedCase, Reading | None]:
    """The case that was given, or that of a record, and how the record was read."""
    if asked.fhir is None:
        case = given_case(asked.given, base)
        if case is None:
            raise InputError(NO_CASE)
        return case, None
    files = [each for each in asked.given if not is_fact(each)]
    if files:
        message = f"{quoted(files[0])} would be a case beside that of --fhir; give one"
        raise InputError(message)
    reading = reading_of(asked.fhir, asked, base)
    return stating(base.vocabulary, reading.case, asked.given), reading


def _moment(said: str | None) -> datetime:
    if said is None:
        return datetime.now().astimezone()
    try:
        at = datetime.fromisoformat(said)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        message = f"--at {quoted(said)} is no time with its zone; give one such as "
        raise InputError(f"{message}2026-05-01T09:30:00+00:00")
    return at
