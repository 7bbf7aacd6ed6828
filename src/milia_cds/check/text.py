"""An examination as text of at most 80 columns; the cases in it can be copied out."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from milia_cds.check.examination import Examination
from milia_cds.check.findings import SEVERITIES, Finding
from milia_cds.check.guarantees import Held, Proof, Support
from milia_cds.render.lines import wrapped
from milia_cds.render.text import Detail

if TYPE_CHECKING:
    from milia_cds.check.mutation import Mutation

AGREED = (
    "Second opinion (z3, by an encoding of its own): agrees; every guarantee proved, "
    "also where facts are unknown, every decision exclusive and complete, offered is "
    "offered in every completion, forgetting never helps"
)
_COLUMNS = 72
_SHORT = len("sha256:") + 12
"""So much of a digest tells two knowledge bases apart at a glance."""
_SURVIVORS = 20


def text_of_examination(examination: Examination, *, detail: Detail = "short") -> str:
    """Give an examination as text.

    Parameters
    ----------
    detail
        "short" counts the notes and what the guarantees rest on; "full" lists them.
    """
    full = detail == "full"
    parts = [
        heading(examination),
        _findings(examination.findings, "Findings", full=full),
        _changes(examination, full=full),
        _proofs(examination, full=full),
        _second(examination),
    ]
    shown = ["\n".join(part) for part in map(list, parts) if part]
    return "\n\n".join(shown)


def heading(examination: Examination) -> Iterator[str]:
    """Say what was examined, and how far it may be trusted."""
    base = examination.base
    yield f"milia-cds check: {base.about.notice}"
    yield f"Knowledge {base.about.version}, {base.digest}"
    if base.policy is not None:
        yield from wrapped(str(base.policy))
    yield from wrapped(
        f"{len(base.facts)} facts, {len(base.decisions)} decisions (exclusive and "
        f"complete), {len(base.scenarios)} scenarios, {len(base.options)} options, "
        f"{len(base.measures)} measures, {len(base.gates())} gates, "
        f"{len(base.sources)} sources"
    )


def counted(findings: Iterable[Finding]) -> str:
    """Count findings by level, as in "no error, 1 warning, 2 notes"."""
    counts = Counter(each.level for each in findings)
    return ", ".join(
        f"{counts[level] or 'no'} {level}{'s' if counts[level] > 1 else ''}"
        for level in SEVERITIES
    )


def _findings(findings: Sequence[Finding], title: str, *, full: bool) -> Iterator[str]:
    yield from wrapped(f"{title}: {counted(findings)}", "", "  ")
    folded = 0
    for each in findings:
        if each.level == "note" and not full:
            folded += 1
        else:
            yield from _finding(each)
    if folded:
        noun = "note" if folded == 1 else "notes"
        yield f"  {folded} {noun} (--detail full lists them)"


def _finding(finding: Finding) -> Iterator[str]:
    yield from wrapped(f"{finding.level}: {finding.path}", "  ", "    ")
    yield from wrapped(f"{finding.text} [{finding.kind}]", "    ")
    if finding.case is not None:
        yield from case_lines(finding.case, "    ")


def case_lines(case: Mapping[str, Any], lead: str) -> Iterator[str]:
    """Give a case as JSON, a section a line where it fits."""
    yield f"{lead}{{"
    parts = list(case.items())
    for place, (key, value) in enumerate(parts):
        comma = "," if place < len(parts) - 1 else ""
        line = f'{lead}  "{key}": {json.dumps(value)}{comma}'
        if len(line) <= _COLUMNS or not isinstance(value, dict):
            yield line
            continue
        yield f'{lead}  "{key}": {{'
        facts = [f"{json.dumps(k)}: {json.dumps(v)}" for k, v in value.items()]
        yield from (f"{lead}    {fact}," for fact in facts[:-1])
        yield f"{lead}    {facts[-1]}"
        yield f"{lead}  }}{comma}"
    yield f"{lead}}}"


def _changes(examination: Examination, *, full: bool) -> Iterator[str]:
    if examination.against is None:
        return
    against = examination.against
    title = f"Compared with {against.about.version} ({against.digest[:_SHORT]})"
    if not examination.changes:
        yield from wrapped(f"{title}: no result changes in any case")
        return
    yield from _findings(examination.changes, title, full=full)


# -- guarantees --


def _proofs(examination: Examination, *, full: bool) -> Iterator[str]:
    proved = len(examination.proofs) - len(examination.broken)
    broken = len(examination.broken) or "none"
    yield f"Guarantees: {proved} proved for every complete case, {broken} broken"
    for proof in examination.broken:
        yield from _broken(proof)
    for proof in examination.fragile:
        names = ", ".join(proof.fragile)
        line = f"fragile: {proof.guarantee.id}: held by standings alone for {names}"
        yield from wrapped(line, "  ", "    ")
    if full:
        for proof in examination.proofs:
            yield from _proof(proof)
    else:
        yield "  (--detail full lists what each rests on)"


def _broken(proof: Proof) -> Iterator[str]:
    guarantee = proof.guarantee
    yield from wrapped(f"broken: {guarantee.id}: {guarantee.text}", "  ", "    ")
    for owner, case in proof.broken.items():
        said = f"not {owner}" if guarantee.action is not None else f"{owner} is offered"
        yield f"    {said} in this case, which `milia-cds assess` reproduces:"
        yield from case_lines(case, "    ")


def _proof(proof: Proof) -> Iterator[str]:
    guarantee = proof.guarantee
    word = "broken" if proof.broken else "proved"
    yield from wrapped(f"{word}: {guarantee.id}: {guarantee.text}", "  ", "    ")
    for held in proof.held:
        yield from _held(held)


def _held(held: Held) -> Iterator[str]:
    for place, layer in enumerate(held.layers):
        lead = "behind them" if place else f"{held.owner}: by"
        said = "; ".join(supports(layer))
        yield from wrapped(f"{lead} {said}", "    ", "      ")


def supports(layer: Iterable[Support]) -> Iterator[str]:
    """Name what supports a guarantee: gates, standings in scenarios, actions."""
    keys: dict[str, list[str]] = {}
    for support in layer:
        for name in support.names:
            file, _, key = name.partition(": ")
            what = "scenario" if file == "scenarios.toml" else "gate"
            keys.setdefault(what, []).append(key.removeprefix(f"{what}."))
    if "gate" in keys:
        yield ", ".join(keys["gate"])
    if "scenario" in keys:
        names = (key.partition(": ")[0] for key in keys["scenario"])
        yield f"the standing or action in {', '.join(names)}"


def _second(examination: Examination) -> Iterator[str]:
    if examination.second is None:
        return
    if not examination.second:
        yield from wrapped(AGREED)
        return
    yield from _findings(examination.second, "Second opinion (z3)", full=True)


# -- mutation --


def text_of_mutation(mutation: Mutation, *, detail: Detail = "short") -> str:
    """Give what became of the mutants as text.

    Parameters
    ----------
    detail
        "short" lists the first survivors; "full" lists them all.
    """
    return "\n".join(_mutation(mutation, full=detail == "full"))


def _mutation(mutation: Mutation, *, full: bool) -> Iterator[str]:
    yield "Mutants: killed, of all that change a result"
    for score in mutation.scores():
        every = score.killed + score.survived
        short = "" if score.enough else ", too few"
        yield (
            f"  {score.part:9} {score.killed} of {every} ({score.value:.1%}{short}); "
            f"{score.equivalent} equivalent"
        )
    shown = mutation.survivors if full else mutation.survivors[:_SURVIVORS]
    for each in shown:
        yield from wrapped(f"survived: {each.path}: {each.what}", "  ", "    ")
    left = len(mutation.survivors) - len(shown)
    if left:
        yield f"  and {left} more survivors (--detail full lists them)"
