"""Answers as they are stored: written with a digest of their content, read with care.

The digest says whether the content is what was written. It is no signature: whoever can
change the content can make another digest. What must be sure of its origin is signed or
kept where nobody else can write.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Literal

import attrs

from milia_cds.assessment.base import shipped_by
from milia_cds.assessment.consistency import discrepancies, unwritable
from milia_cds.errors import AssessmentError, Problem, quoted
from milia_cds.explanation.outcome import Outcome, Stamp, stamp
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.records import plain
from milia_cds.knowledge.tables import read_record

NOT_CHECKED = "not checked, its knowledge is not at hand"
"""What every face says of an answer whose knowledge is not at hand."""


@attrs.frozen(kw_only=True, eq=False, repr=False, slots=False)
class StoredOutcome(Outcome):
    """Everything that an assessment says, as it is stored: with a digest over it."""

    detail: Literal["full"]
    digest: str


def in_full(outcome: Outcome) -> dict[str, Any]:
    """An outcome as plain JSON values, with a digest over all of them.

    Parameters
    ----------
    outcome
        What the assessment says.
    """
    return sealed({**plain(outcome), "detail": "full"})


def sealed(content: Mapping[str, Any]) -> dict[str, Any]:
    """Content with its digest, which stands last.

    Parameters
    ----------
    content
        Plain JSON values by key.
    """
    return {**content, "digest": content_digest(content)}


def content_digest(content: Mapping[str, Any]) -> str:
    """The digest over all but the digest: "sha256:" and 64 digits.

    It is the same however JSON is written: in any order of the keys, with any spaces,
    and with 4.0 written as 4.

    Parameters
    ----------
    content
        Plain JSON values by key.
    """
    said = {key: value for key, value in content.items() if key != "digest"}
    text = json.dumps(_uniform(said), sort_keys=True, separators=(",", ":"))
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def _uniform(value: Any) -> Any:
    """Plain values with whole numbers as such: other languages know no 4.0."""
    if isinstance(value, str):  # most of them, and so first
        return value
    if isinstance(value, dict):
        return {key: _uniform(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_uniform(each) for each in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def read_outcome(
    data: object, problems: list[Problem], given: Knowledge | None
) -> tuple[Outcome, Knowledge | None]:
    """Read a stored answer, and find the knowledge that gave it.

    Parameters
    ----------
    data
        Plain JSON values.
    problems
        What is wrong with them already.
    given
        The knowledge base that is said to have given it.

    Returns
    -------
    tuple
        What it says, and the knowledge base; `None` where that is not at hand.

    Raises
    ------
    AssessmentError
        With every problem at once, each with its path.
    """
    outcome = _formed(data, problems)
    if outcome is not None and not problems:
        base = _at_hand(outcome, given, problems)
        if not problems:
            problems += discrepancies(outcome, base)
        said = data if isinstance(data, dict) else {}
        if not problems and content_digest(said) != outcome.digest:
            message = "the content is not what the digest was made over"
            mend = "store what to_dict gives and change nothing, or assess again"
            problems.append(Problem("digest", message, mend))
        if not problems:
            return _without_digest(outcome), base
    raise AssessmentError(problems)


def _formed(data: object, problems: list[Problem]) -> StoredOutcome | None:
    lead = "" if isinstance(data, dict) else "assessment"
    if isinstance(data, dict) and data.get("detail") in {"decision", "standard"}:
        message = f"{quoted(data['detail'])} leaves out much and cannot be read back"
        mend = "store what to_dict() gives, which is full"
        problems.append(Problem("detail", message, mend))
        return None
    outcome = read_record(StoredOutcome, data, lead, problems)
    if outcome is not None:
        problems += unwritable(data, "")
    return outcome


def _without_digest(stored: StoredOutcome) -> Outcome:
    names = [field.name for field in attrs.fields(Outcome)]
    return Outcome(**{name: getattr(stored, name) for name in names})


def _at_hand(
    outcome: Outcome, given: Knowledge | None, problems: list[Problem]
) -> Knowledge | None:
    """The knowledge that gave an answer, where it is at hand."""
    if given is None:
        return _shipped(outcome)
    if outcome.knowledge == _stamp(given, outcome):
        return given
    digest, mend = outcome.knowledge.digest, "give the knowledge base that made the "
    message = f"{digest} is not the knowledge that was given"
    if digest == given.digest:
        if outcome.knowledge.policy == stamp(given).policy:
            return given  # the stamp says something else of it
        message = "it was made under another policy than that of the knowledge"
    problems.append(Problem("knowledge", message, f"{mend}assessment, or none"))
    return None


def _shipped(outcome: Outcome) -> Knowledge | None:
    by_policy = outcome.knowledge.policy is not None
    return None if by_policy else shipped_by(outcome.knowledge.digest)


def at_hand(outcome: Outcome) -> Knowledge | None:
    """The knowledge base that comes with the library, where it gave an answer.

    Parameters
    ----------
    outcome
        What the answer says.
    """
    base = _shipped(outcome)
    return base if base and outcome.knowledge == _stamp(base, outcome) else None


def _stamp(base: Knowledge, outcome: Outcome) -> Stamp:
    """The stamp of knowledge on the day of an answer."""
    return stamp(base, overdue=outcome.knowledge.overdue)


def said_unchecked(outcome: Outcome) -> Outcome:
    """An answer whose notice says that its knowledge is not at hand.

    Parameters
    ----------
    outcome
        What the answer says.
    """
    knowledge = outcome.knowledge
    notice = f"{NOT_CHECKED}; it says of itself: {knowledge.notice}"
    return attrs.evolve(outcome, knowledge=attrs.evolve(knowledge, notice=notice))
