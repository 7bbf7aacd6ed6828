"""What was decided on a case, in few words, and the digests that stand for it.

The decision is what the rules say of the case, each condition by itself: no completion
of the case is looked at, so anybody can work it out again from the knowledge and the
case. An answer may say more, never less carefully: what all completions agree on,
though one condition alone leaves it open. Such answers have a digest of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from milia_cds.assessment.assessment import Assessment
from milia_cds.assessment.stored import content_digest
from milia_cds.decision.disposition import DispositionDecision
from milia_cds.decision.record import Record
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.options import STANDINGS
from milia_cds.knowledge.records import plain
from milia_cds.logic.conditions import truth

DECISION_FORMAT = "milia-cds/decision/1"

_VERIFIER = Path(__file__).parents[1] / "tools" / "verify_decision.py"
_IN_A_CHECKOUT = Path(__file__).parents[3] / "tools" / "verify_decision.py"
# Its home is `tools/` of the repository; a wheel has it beside the rooms.


def decision_content(assessment: Assessment) -> dict[str, Any]:
    """What was decided on a case, as plain JSON values.

    Parameters
    ----------
    assessment
        What `assess` gave, not one that was read from storage.

    Returns
    -------
    dict
        The facts that are known once the case is resolved, the scenarios, the alerts,
        the urgency, the disposition, and of each option and measure what the rules
        make of it; no text, no question, and nothing that looks at completions.

    Raises
    ------
    NoCaseError
        When the assessment was read from storage, which holds no case.
    """
    decided = assessment.decided
    record = decided.decision.record
    content = {
        "format": DECISION_FORMAT,
        "facts": _known(record.facts),
        "scenarios": list(record.walk.scenarios),
        "alerts": {each.alert.id: each.certain for each in record.alerts},
        "urgency": record.urgency,
        "disposition": _disposition(record.disposition, decided.base, record),
        "options": _options(record),
        "measures": {name: each.verdict for name, each in record.measures.items()},
    }
    if record.visit:
        content["visit"] = plain(record.visit)
    return content


def decision_digest(assessment: Assessment) -> str:
    """The digest of what was decided: "sha256:" and 64 digits.

    Parameters
    ----------
    assessment
        What `assess` gave, not one that was read from storage.

    Raises
    ------
    NoCaseError
        When the assessment was read from storage, which holds no case.
    """
    return content_digest(decision_content(assessment))


def to_verify(assessment: Assessment) -> dict[str, Any]:
    """A decision with all that whoever checks it needs beside the case and the bundle.

    The answer is composed, for the facts that it asks for.

    Parameters
    ----------
    assessment
        What `assess` gave, not one that was read from storage.

    Raises
    ------
    NoCaseError
        When the assessment was read from storage, which holds no case.
    """
    content, base = decision_content(assessment), assessment.decided.base
    said = assessment.outcome
    return {
        "decision": content,
        "digest": content_digest(content),
        "knowledge": base.digest,
        "policy": None if base.policy is None else base.policy.digest,
        "asks": {
            "alerts": {each.alert: list(each.asks) for each in said.alerts},
            "options": {each.option: list(each.asks) for each in said.withheld},
            "measures": {each.measure: list(each.asks) for each in said.measures},
        },
    }


def verifier() -> Path:
    """The path of the program that checks what `to_verify` gives."""
    return _VERIFIER if _VERIFIER.is_file() else _IN_A_CHECKOUT


def answer_digest(answer: Mapping[str, Any]) -> str:
    """The digest of an answer as it was handed out, but for a digest in it.

    Parameters
    ----------
    answer
        Plain JSON values, in whatever detail: what `to_dict` gave, or cards.
    """
    return content_digest(answer)


def _known(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: plain(value) for name, value in facts.items() if value is not None}


def _disposition(
    settled: DispositionDecision, base: Knowledge, record: Record
) -> dict[str, Any]:
    """What to do, and whether the operator is of the field that a referral goes to."""
    where = None if settled.to is None else base.destinations[settled.to].condition
    return {
        "action": settled.action,
        "to": settled.to,
        "urgency": settled.urgency,
        "own": where is not None and truth(where, record.facts) is True,
        "also": {str(row.record.to): row.record.urgency for row in settled.also},
    }


def _options(record: Record) -> dict[str, dict[str, Any]]:
    """Of each option the verdict and standings; of an offered one its place too."""
    options: dict[str, dict[str, Any]] = {
        name: {
            "verdict": each.verdict,
            "standing": STANDINGS[each.worst],
            "best_standing": STANDINGS[each.best],
        }
        for name, each in record.verdicts.items()
    }
    for place in record.ranking:
        options[place.option] |= {"points": place.points, "rank": place.rank}
    return options
