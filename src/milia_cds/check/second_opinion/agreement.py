"""Where the second opinion differs from the proofs by diagrams, as findings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from milia_cds.case.vocabulary import Vocabulary
from milia_cds.check.findings import Finding
from milia_cds.check.guarantees import Proof
from milia_cds.check.second_opinion.opinion import SecondOpinion
from milia_cds.check.space import written
from milia_cds.knowledge.model import Knowledge


def second_opinion(base: Knowledge, proofs: Iterable[Proof]) -> list[Finding]:
    """What z3 refutes, and every guarantee on which it and the diagrams differ.

    Parameters
    ----------
    base
        The knowledge base.
    proofs
        The proofs of its guarantees by diagrams.

    Raises
    ------
    UndecidedError
        When z3 does not find out in time.
    """
    return list(_findings(SecondOpinion(base), proofs, base.vocabulary))


def _findings(
    opinion: SecondOpinion, proofs: Iterable[Proof], vocabulary: Vocabulary
) -> Iterator[Finding]:
    for proof in proofs:
        path = f"guarantees.toml: guarantee.{proof.guarantee.id}"
        facts = opinion.broken(proof.guarantee)
        if facts is not None:
            text = "z3 breaks it too." if proof.broken else "z3 breaks it."
            case = written(facts, vocabulary, assumed=())
            yield Finding("second.guarantee", "error", path, text, case)
        elif proof.broken:
            text = "z3 proves it, but diagrams break it: one of the two is mistaken."
            yield Finding("second.guarantee", "error", path, text)
        if {*opinion.idle(proof.guarantee)} != {*proof.idle}:
            text = "z3 and the diagrams differ on which exceptions it needs."
            yield Finding("second.guarantee", "error", path, text)
    for each in (*opinion.undecided(), *opinion.unlawful()):
        text = f"z3 refutes that {each.claim}."
        case = written(each.facts, vocabulary, assumed=())
        yield Finding("second.law", "error", "triage.toml", text, case)
