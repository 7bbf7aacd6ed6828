"""What was read of a FHIR record: the case, and who says each fact, or why not."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

import attrs

from milia_cds.case.stated import StatedCase
from milia_cds.errors import Problem

ANSWERED = "questionnaire"
"""The rule by which answers of a person to our questions are read."""


class RecordSource(NamedTuple):
    """A resource that says something, and by which rule it was read.

    Parameters
    ----------
    reference
        The resource, such as "Condition/1".
    version
        Its `meta.versionId`; "" where it has none.
    rule
        The id in `fhir.toml`, or in the policy of the clinic.
    """

    reference: str
    version: str
    rule: str


@attrs.frozen
class Saying:
    """What one resource says of one fact.

    Parameters
    ----------
    fact
        The dotted name.
    value
        What it is; `None`: the resource speaks of the fact and leaves it open.
    source
        Which resource says so.
    day
        The day for which it holds, or `None`.
    why
        How it was read, or why it leaves the fact open, as the end of a sentence.
    part
        The part of a composite fact that it is about; `None` is the whole of it.
    aside
        Whether it is of another time, so that it keeps open nothing that others say.
    """

    fact: str
    value: Any
    source: RecordSource
    day: date | None = None
    why: str = ""
    part: str | None = None
    aside: bool = False


@attrs.frozen
class FactEvidence:
    """How one fact was read.

    Parameters
    ----------
    fact
        The dotted name.
    value
        As the case states it; `None` is not known.
    said_by
        The resources that say it, or that speak of it and leave it open.
    why
        How it was read, or why it is not known, in a sentence.
    """

    fact: str
    value: Any
    said_by: tuple[RecordSource, ...]
    why: str


@attrs.frozen
class Ignored:
    """A resource that was not read, and why."""

    reference: str
    why: str


@attrs.frozen(eq=False, repr=False)
class Reading:
    """A record as it was read.

    Parameters
    ----------
    case
        What it states of the patient, as of the day that was given.
    evidence
        For every fact of the vocabulary, in its order: who says it, or why it is not
        known.
    ignored
        The resources that were skipped, and why.
    problems
        What is wrong with the record itself, each with its path.
    """

    case: StatedCase
    evidence: Mapping[str, FactEvidence]
    ignored: tuple[Ignored, ...]
    problems: tuple[Problem, ...]

    def __repr__(self) -> str:
        """Say how much is known; a record of a patient is shown to nobody by chance."""
        known = sum(each.value is not None for each in self.evidence.values())
        return f"<Reading: {known} of {len(self.evidence)} facts are known>"
