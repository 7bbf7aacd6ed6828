"""The commands that read FHIR records: `milia-cds fhir read`, and `assess --fhir`."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator
from datetime import date

import attrs

from milia_cds.adapters.fhir import FactEvidence, Reading, read_fhir
from milia_cds.assessment.assessment import assess
from milia_cds.assessment.base import load_knowledge
from milia_cds.case.days import day_said
from milia_cds.case.stated import StatedCase
from milia_cds.case.strict_json import parse_json
from milia_cds.cli.assess import show
from milia_cds.cli.program import complain
from milia_cds.cli.shorthand import is_fact, stating
from milia_cds.cli.streams import InputError, read, today
from milia_cds.errors import RecordError, quoted
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.wording import capital
from milia_cds.logic.facts import Value
from milia_cds.render.lines import wrapped

_INDENT = "    "


def print_reading(asked: argparse.Namespace) -> None:
    """Print how a record was read: each fact with its source or why not, the case."""
    base = load_knowledge(asked.knowledge, policy=asked.policy)
    reading = reading_of(asked.bundle, asked, base)
    if asked.json:
        print(json.dumps(as_json(reading, base), indent=2))
        return
    print("\n".join(_lines(reading, base)))


def print_assessment(asked: argparse.Namespace) -> None:
    """Print the assessment of a record; facts that are given go before what it says."""
    base = load_knowledge(asked.knowledge, policy=asked.policy)
    files = [each for each in asked.given if not is_fact(each)]
    if files:
        message = f"{quoted(files[0])} would be a case beside that of --fhir; give one"
        raise InputError(message)
    reading = reading_of(asked.fhir, asked, base)
    case: StatedCase = reading.case
    if asked.given:
        case = stating(base.vocabulary, case, asked.given)
    if reading.ignored or reading.problems:
        complain(
            f"resources that were ignored: {len(reading.ignored)}, problems of the "
            f"record: {len(reading.problems)}; `milia-cds fhir read` says which"
        )
    show(assess(case, base, on=today()), asked)


def reading_of(name: str, asked: argparse.Namespace, base: Knowledge) -> Reading:
    """Read the record in a file, or on standard input."""
    data, problems = parse_json(read(name), RecordError)
    if problems:
        raise RecordError(problems)
    return read_fhir(
        data,
        as_of=_day(asked.as_of),
        knowledge=base,
        patient=asked.patient_id,
        condition=asked.condition,
    )


def _day(said: str | None) -> date:
    if said is None:
        return today()
    day = day_said(said)
    if day is None:
        message = f"--as-of {quoted(said)} is no date; give one such as 2026-05-01"
        raise InputError(message)
    return day


def as_json(reading: Reading, base: Knowledge) -> dict[str, object]:
    """A reading as plain JSON values."""
    return {
        "knowledge": {"digest": base.digest, "notice": base.about.notice},
        "case": reading.case.to_dict(),
        "evidence": {
            fact: {
                "value": each.value,
                "said_by": [source._asdict() for source in each.said_by],
                "why": each.why,
            }
            for fact, each in reading.evidence.items()
        },
        "ignored": [attrs.asdict(each) for each in reading.ignored],
        "problems": [attrs.asdict(each) for each in reading.problems],
    }


# -- the table --


def _lines(reading: Reading, base: Knowledge) -> Iterator[str]:
    spoken = [each for each in reading.evidence.values() if each.said_by]
    yield from _headed("Known", _spoken(e for e in spoken if e.value is not None))
    left_open = "Not known, though the record speaks of it"
    yield from _headed(left_open, _spoken(e for e in spoken if e.value is None))
    yield from _headed("Not known", _unspoken(reading))
    ignored = [f"{each.reference}: {each.why}" for each in reading.ignored]
    yield from _headed("Ignored", _wrapped(ignored))
    yield from _headed("Problems of the record", _wrapped(map(str, reading.problems)))
    stamp = (
        f"{capital(base.about.notice)}. Knowledge {base.about.version}, {base.digest}"
    )
    yield from (*wrapped(stamp, ""), "", "Case")
    yield reading.case.to_json(indent=2)


def _headed(heading: str, lines: Iterable[str]) -> Iterator[str]:
    """Lines below their heading; nothing where there are none."""
    lines = list(lines)
    if lines:
        yield from (heading, *lines, "")


def _spoken(evidence: Iterable[FactEvidence]) -> Iterator[str]:
    for each in evidence:
        yield f"  {each.fact}: {_shown(each.value)}"
        yield from wrapped(each.why, _INDENT)


def _shown(value: Value | None) -> str:
    """A value as it is read; an age in full stands in the case."""
    if isinstance(value, float):
        return f"{value:.4g}"
    return "not known" if value is None else json.dumps(value)


def _unspoken(reading: Reading) -> Iterator[str]:
    """The facts of which nothing speaks, together by why."""
    reasons: dict[str, list[str]] = {}
    for each in reading.evidence.values():
        if not each.said_by:
            reasons.setdefault(each.why, []).append(each.fact)
    for why, facts in reasons.items():
        yield from wrapped(why, "  ")
        yield from wrapped(", ".join(facts), _INDENT)


def _wrapped(texts: Iterable[str]) -> Iterator[str]:
    for each in texts:
        yield from wrapped(each, "  ")
