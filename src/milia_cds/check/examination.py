"""The examination: all that is asked of a knowledge base, and what came of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import attrs

from milia_cds.check.analysis import analyse
from milia_cds.check.comparison import compare
from milia_cds.check.dangers import dangers
from milia_cds.check.findings import Finding, graded
from milia_cds.check.guarantees import Proof, prove
from milia_cds.check.order import changed_order
from milia_cds.check.space import Space
from milia_cds.decision.all_cases import AllCases
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.reviews import SECTIONS
from milia_cds.knowledge.signing import counting, last_signed


@attrs.frozen(kw_only=True)
class Examination:
    """What an examination found.

    Parameters
    ----------
    base
        The knowledge base, with its local policy where there is one.
    findings
        What the analysis found, the gravest first.
    proofs
        Of each guarantee: whether it holds, and what it rests on.
    sizes
        The nodes of each diagram.
    against
        The knowledge base that it was compared with, or `None`.
    changes
        What differs from that, the gravest first.
    second
        Where a second opinion differs, and what it refutes; `None`: none was asked.
    vignettes
        Those that do not come out as expected; `None`: none were run.
    strict
        Whether warnings must be mended too.
    """

    base: Knowledge
    findings: tuple[Finding, ...]
    proofs: tuple[Proof, ...]
    sizes: Mapping[str, int] = attrs.field(hash=False)
    against: Knowledge | None = None
    changes: tuple[Finding, ...] = ()
    second: tuple[Finding, ...] | None = None
    vignettes: tuple[Finding, ...] | None = None
    strict: bool = False

    @property
    def broken(self) -> tuple[Proof, ...]:
        """The guarantees that do not hold."""
        return tuple(proof for proof in self.proofs if proof.broken)

    @property
    def fragile(self) -> tuple[Proof, ...]:
        """The guarantees that standings alone hold for some option."""
        return tuple(proof for proof in self.proofs if proof.fragile)

    @property
    def sound(self) -> bool:
        """Whether nothing must be mended: no error, no guarantee broken."""
        grave = {"error", "warning"} if self.strict else {"error"}
        return not self.broken and all(each.level not in grave for each in self.every())

    def every(self) -> Iterator[Finding]:
        """Every finding of whatever was asked."""
        yield from self.findings
        yield from self.changes
        yield from self.second or ()
        yield from self.vignettes or ()


def examine(
    base: Knowledge,
    *,
    against: Knowledge | None = None,
    space: Space | None = None,
) -> Examination:
    """Examine a knowledge base: analyse it, prove its guarantees, compare it.

    Parameters
    ----------
    base
        A knowledge base, as `load_knowledge` gives it.
    against
        Another one to compare it with, such as the one that comes with the library.
    space
        A space of all of them, where there is one.
    """
    space = space or Space(*(each for each in (base, against) if each is not None))
    results = space.results(base)
    proofs = prove(base, space, results)
    findings = [
        *analyse(base, space, results),
        *_idle(proofs),
        *dangers(base, space, results),
        *changed_order(base, space, results),
        *_own_texts(base),
        *_outdated(base),
    ]
    changes = [] if against is None else compare(against, base, space)
    return Examination(
        base=base,
        findings=tuple(graded(findings)),
        proofs=proofs,
        sizes=_sizes(results),
        against=against,
        changes=tuple(graded(changes)),
    )


def _sizes(results: AllCases) -> dict[str, int]:
    diagrams = results.diagrams
    named = {
        "scenario": results.scenario,
        "action": results.rows,
        **{f"option {name}": node for name, node in results.options.items()},
        **{f"measure {name}": node for name, node in results.measures.items()},
        "first place": results.first,
        "disposition": results.disposition,
    }
    return {
        name: diagrams.size(node) for name, node in named.items() if node is not None
    }


def _idle(proofs: Iterable[Proof]) -> Iterator[Finding]:
    """Find the exceptions without which a guarantee holds too."""
    for proof in proofs:
        for number, owner in proof.idle:
            path = f"guarantees.toml: guarantee.{proof.guarantee.id}.except[{number}]"
            text = f"It holds for {owner} without this exception: take {owner} out."
            yield Finding("guarantee.idle", "error", path, text)


def _outdated(base: Knowledge) -> Iterator[Finding]:
    """Warn of each section that was signed and has changed since."""
    if not base.signatures:
        return
    counts = counting(base)
    for section in SECTIONS:
        signed = last_signed(base, section)
        if signed is not None and section not in counts:
            text = f"{signed.by} signed it on {signed.date}, and it has changed since, "
            text += "so it counts as unsigned: `milia-cds review` frames what changed."
            path = f"reviews.toml: {section}"
            yield Finding("review.outdated", "warning", path, text)


def _own_texts(base: Knowledge) -> Iterator[Finding]:
    """Note every text that a local policy adds: no test has read it."""
    if base.policy is None:
        return
    entries: list[tuple[str, Any]] = [
        *(("gate", gate) for owner in base.gated() for gate in owner.gate),
        *(("step", each) for each in base.common_steps),
        *(("call", each) for each in base.common_calls),
        *(("advice", each) for each in base.advice),
    ]
    for key, entry in entries:
        if entry.id.startswith("policy."):
            text = "A text of the clinic: read whether it keeps the promises about "
            text += "texts, " + ", ".join(each.id for each in base.promises) + "."
            path = f"policy {base.policy.name}: {key}.{entry.id.partition('.')[2]}"
            yield Finding("policy.text", "note", path, text)
