"""What is stored of a decision: the case, the digests, and the little that is read."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from typing import Any

from milia_cds.adapters.ledger.entries import (
    DECISION,
    Body,
    Draft,
    Recording,
    moment_said,
    name_given,
    stored_key,
)
from milia_cds.assessment.assessment import Assessment
from milia_cds.assessment.digests import answer_digest, decision_content
from milia_cds.assessment.stored import content_digest
from milia_cds.errors import only
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.records import plain


def draft_of(recording: Recording) -> Draft:
    """The entry of a decision, before it has its place.

    Parameters
    ----------
    recording
        What is to be recorded.

    Raises
    ------
    WrongTypeError
        When something in it is of a wrong type.
    NoCaseError
        When the assessment was read from storage.
    """
    given = recording.assessment
    only(Assessment, given, "a ledger records an Assessment", "use assess")
    base = given.decided.base
    key = name_given("record", "key", recording.key)
    return Draft(
        at=moment_said("record", recording.at),
        kind=DECISION,
        body=Body.of(
            dict(_content(recording)),
            name_given("record", "subject", recording.subject),
            stored_key(DECISION, key),
        ),
        knowledge=base.digest,
        policy=policy_digest(base),
    )


def new_bundles(
    recordings: Iterable[Recording], there: Container[tuple[str, str]]
) -> dict[tuple[str, str], bytes]:
    """The bundles by which decisions were made that are not there yet.

    Parameters
    ----------
    recordings
        The decisions.
    there
        The digests of the knowledge and of the policy of each bundle that is there.
    """
    bases = (each.assessment.decided.base for each in recordings)
    by_digests = {(base.digest, policy_digest(base)): base for base in bases}
    return {
        digests: base.bundle()
        for digests, base in by_digests.items()
        if digests not in there
    }


def policy_digest(base: Knowledge) -> str:
    """The digest of the policy of a knowledge base; "" where it has none."""
    return "" if base.policy is None else base.policy.digest


def _content(recording: Recording) -> Iterator[tuple[str, Any]]:
    """What is stored, by key."""
    decided = recording.assessment.decided
    content = decision_content(recording.assessment)
    yield "case", decided.case.to_dict()
    if decided.on is not None:
        yield "on", decided.on.isoformat()
    if decided.decision.record.visit:
        yield "visit", plain(decided.decision.record.visit)
    yield "decision", content_digest(content)
    yield "gist", gist_of(content)
    if recording.answer is not None:
        yield "answer", _answer(recording.answer)
    if recording.context is not None:
        yield "context", _plain_context(recording.context)


def gist_of(content: Mapping[str, Any]) -> dict[str, Any]:
    """The little of a decision that is read without making it again.

    Parameters
    ----------
    content
        What was decided, as `decision_content` gives it.
    """
    options = content["options"]
    ranked = sorted(
        (each["rank"], name) for name, each in options.items() if "rank" in each
    )
    return {
        "action": content["disposition"]["action"],
        "ranking": [name for _, name in ranked],
        "withheld": [
            name for name, each in options.items() if each["verdict"] == "withheld"
        ],
    }


def _answer(answer: Mapping[str, Any]) -> dict[str, str]:
    """The digest of what was handed out, and in which detail it was."""
    mend = "give what to_dict gave"
    only(Mapping, answer, "record takes an answer as plain JSON values", mend)
    detail = answer.get("detail")
    return {
        "digest": answer_digest(answer),
        "detail": detail if isinstance(detail, str) else "",
    }


def _plain_context(context: Mapping[str, Any]) -> dict[str, Any]:
    only(Mapping, context, "record takes a context by name", "use {name: value}")
    return dict(context)
