"""What there is to say of an examination.

As a text it answers the command; as a page it is filed with the governance of a clinic,
printed, and read in ten years.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import attrs

from milia_cds.check.examination import Examination
from milia_cds.check.findings import SEVERITIES, Finding, Severity
from milia_cds.check.guarantees import Held, Proof, Support
from milia_cds.check.scores import mutants_blocks
from milia_cds.explanation.outcome import stamp
from milia_cds.knowledge.about import Source
from milia_cds.knowledge.clinic_codes import is_no
from milia_cds.knowledge.currency import is_overdue
from milia_cds.knowledge.fhir import ClinicCode
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.wording import capital
from milia_cds.render.blocks import (
    Block,
    Item,
    Meaning,
    Paragraph,
    Part,
    Points,
    Sheet,
    Span,
    Table,
    Verbatim,
)
from milia_cds.render.sheets.frame import framed

if TYPE_CHECKING:  # they need the extra `testing`
    from milia_cds.check.coverage import Reached
    from milia_cds.check.mutation import Mutation

AGREED = (
    "Second opinion (z3, by an encoding of its own): agrees; every guarantee proved, "
    "also where facts are unknown, every decision exclusive and complete, offered is "
    "offered in every completion, forgetting never helps."
)
_INKS: dict[Severity, Meaning] = {"error": "bad", "warning": "open", "note": ""}
_COLUMNS = 68


def examination_sheet(
    examination: Examination,
    *,
    coverage: Mapping[str, Reached] | None = None,
    today: dt.date,
) -> Sheet:
    """What an examination found.

    Parameters
    ----------
    examination
        The examination.
    coverage
        How often each gate has each of its three values in the vignettes, where there
        are some.
    today
        The day: sources are past their review by it.
    """
    sound = examination.sound
    verdict = "nothing must be mended" if sound else "something is wrong"
    if examination.strict and not sound:
        verdict += " (strict: warnings count)"
    return framed(
        ("Examination of the knowledge: ", Span(verdict, ink=_good(good=sound))),
        (
            Points(_head(examination, today)),
            _listed("Findings", examination.findings),
            *_changes(examination),
            _guarantees(examination),
            *_second(examination),
            *_vignettes(examination),
            _covered(coverage),
            _overdue(examination.base, today),
            _sizes(examination.sizes),
        ),
        stamp(examination.base, overdue=is_overdue(examination.base, today)),
        examination.base.sources,
    )


def report_sheet(
    examination: Examination,
    *,
    mutation: Mutation | None = None,
    coverage: Mapping[str, Reached] | None = None,
    today: dt.date,
) -> Sheet:
    """An examination with what became of the mutants, to be filed as one page."""
    sheet = examination_sheet(examination, coverage=coverage, today=today)
    blocks: tuple[Block, ...] = (Paragraph("Not asked (--mutate)."),)
    if mutation is not None:
        blocks = mutants_blocks(mutation, examination.base)
    *before, overdue_part, sizes = sheet.blocks
    mutants = Part("Mutants", blocks, folded=False)
    return attrs.evolve(sheet, blocks=(*before, mutants, overdue_part, sizes))


def _good(*, good: bool) -> Meaning:
    return "good" if good else "bad"


def _head(examination: Examination, today: dt.date) -> Iterator[Item]:
    base = examination.base
    yield Item(f"{base.about.version}, {base.digest}", "Knowledge")
    if base.policy is not None:
        yield Item(str(base.policy).removeprefix("Local policy: "), "Local policy")
        for each in base.fhir.clinic:
            no = is_no(each, base)
            yield Item(_codes(each), "Code that says no" if no else "Code")
    yield Item(", ".join(base.about.reviewed_by) or "nobody yet", "Reviewed by")
    late = ", which has passed" if is_overdue(base, today) else ""
    yield Item(f"{base.about.review_by}{late}", "To be reviewed by")
    yield Item(f"{today.isoformat()}, by milia-cds check", "Examined on")
    yield Item(
        f"{len(base.facts)} facts, {len(base.decisions)} decisions (exclusive and "
        f"complete), {len(base.scenarios)} scenarios, {len(base.options)} options, "
        f"{len(base.measures)} measures, {len(base.gates())} gates, "
        f"{len(base.sources)} sources",
        "Contents",
    )


def _codes(given: ClinicCode) -> str:
    """What a clinic lets codes of its records mean."""
    count = len(given.pairs)
    about, means = given.fact, given.means
    if given.option:
        about, means = "orders", given.option
    systems = ", ".join(dict.fromkeys(system for system, _ in given.pairs))
    codes = f"{count} codes" if count > 1 else f"the code {given.pairs[0][1]}"
    part = f", of the part {given.part}" if given.part else ""
    return (
        f"{about}: {codes} of {systems} {'mean' if count > 1 else 'means'} "
        f"{means}{part} ({given.id.partition(': ')[2]})"
    )


# -- findings --


def counted(findings: Iterable[Finding]) -> str:
    """How many findings there are of each level: "no error, 1 warning, 2 notes"."""
    counts = Counter(each.level for each in findings)
    return ", ".join(
        f"{counts[level] or 'no'} {level}{'s' if counts[level] > 1 else ''}"
        for level in SEVERITIES
    )


def _listed(heading: str, findings: Sequence[Finding]) -> Part:
    graver = [each for each in findings if each.level != "note"]
    notes = [each for each in findings if each.level == "note"]
    blocks = (
        Paragraph(f"{capital(counted(findings))}."),
        Points(map(_finding, graver)),
        Points(map(_finding, notes), 0, "notes"),
    )
    return Part(heading, blocks, folded=False)


def _finding(finding: Finding) -> Item:
    said = Paragraph((finding.text, Span(f" [{finding.kind}]", "quiet")))
    case = () if finding.case is None else (_code(finding.case, "for example"),)
    level = Span(finding.level, "tag", _INKS[finding.level])
    return Item((level, Span(finding.path, "strong")), blocks=(said, *case))


def _code(case: Mapping[str, Any], lead: str) -> Verbatim:
    """A case as JSON, a section a line where it fits."""
    lines = []
    for key, value in case.items():
        line = f'  "{key}": {json.dumps(value)}'
        if len(line) >= _COLUMNS and isinstance(value, dict):
            facts = [f"    {json.dumps(k)}: {json.dumps(v)}" for k, v in value.items()]
            line = "\n".join([f'  "{key}": {{', ",\n".join(facts), "  }"])
        lines.append(line)
    return Verbatim("\n".join(["{", ",\n".join(lines), "}"]), lead)


def _changes(examination: Examination) -> Iterator[Part]:
    against = examination.against
    if against is None:
        return
    heading = f"Compared with {against.about.version}, {against.digest}"
    if examination.changes:
        yield _listed(heading, examination.changes)
    else:
        none = f"{capital(counted(()))}: no result changes in any case."
        yield Part(heading, (Paragraph(none),), folded=False)


def _second(examination: Examination) -> Iterator[Part]:
    if examination.second is None:
        return
    heading = "Second opinion (z3)"
    if examination.second:
        yield _listed(heading, examination.second)
    else:
        yield Part(heading, (Paragraph(AGREED),), folded=False)


def _vignettes(examination: Examination) -> Iterator[Part]:
    failing = examination.vignettes
    if failing is None:
        return
    if failing:
        yield _listed("Vignettes", failing)
    else:
        every = Paragraph("Every vignette comes out as expected.")
        yield Part("Vignettes", (every,), folded=False)


# -- guarantees --


def _guarantees(examination: Examination) -> Part:
    proved = len(examination.proofs) - len(examination.broken)
    counts = Paragraph(
        f"{proved} proved for every complete case, {len(examination.broken) or 'none'} "
        f"broken, {len(examination.fragile) or 'none'} fragile (held by standings "
        "alone)."
    )
    weak = [each for each in examination.proofs if each.broken or each.fragile]
    firm = [each for each in examination.proofs if each not in weak]
    every = Part("Proved", (Points(map(_proof, firm)),), folded=False, detail="full")
    return Part("Guarantees", (counts, Points(map(_proof, weak)), every), folded=False)


def _proof(proof: Proof) -> Item:
    guarantee = proof.guarantee
    state = Span("proved", "tag", "good")
    blocks: list[Block] = []
    if proof.broken:
        state = Span("broken", "tag", "bad")
        blocks += [
            _code(case, _breaks(proof, owner)) for owner, case in proof.broken.items()
        ]
    elif proof.fragile:
        state = Span("fragile", "tag", "open")
        names = ", ".join(proof.fragile)
        blocks.append(Paragraph(f"Held by standings alone for {names}."))
    if proof.held:
        held = Points(map(_held, proof.held))
        blocks.append(Part("What it rests on", (held,), detail="full"))
    named = Span(guarantee.id, "strong")
    return Item((state, named, f": {guarantee.text}"), blocks=tuple(blocks))


def _breaks(proof: Proof, owner: str) -> str:
    return f"{proof.said[owner]} in this case, which `milia-cds assess` reproduces"


def _held(held: Held) -> Item:
    first, *behind = ["; ".join(supports(layer)) for layer in held.layers]
    more = Points(Item(said, "behind them") for said in behind)
    return Item(f"by {first}", held.owner, blocks=(more,) if behind else ())


def supports(layer: Iterable[Support]) -> Iterator[str]:
    """What supports a guarantee: gates, standings in scenarios, actions."""
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


# -- vignettes --


def _covered(coverage: Mapping[str, Reached] | None) -> Part:
    heading = "Gates in the vignettes"
    if coverage is None:
        none = Paragraph("Not asked: no vignettes were read (--cases).")
        return Part(heading, (none,), folded=False, detail="full")
    reached = sum(each.everywhere for each in coverage.values())
    counts = Paragraph(
        f"{reached} of {len(coverage)} gates with a condition are true in some "
        "vignette, false in another and unknown in a third."
    )
    rows = (
        (name, str(each.true), str(each.false), str(each.unknown))
        for name, each in coverage.items()
    )
    every = Table(("gate", "true", "false", "unknown"), rows)
    blocks = (counts, Part("Every gate", (every,)))
    return Part(heading, blocks, folded=False, detail="full")


# -- sources and sizes --


def overdue(base: Knowledge, today: dt.date) -> list[tuple[str, Source]]:
    """The sources that were checked longer ago than the knowledge allows.

    It is to be reviewed a certain time after its date; its sources are too.
    """
    allowed = _date(base.about.review_by) - _date(base.about.date)
    return [
        (name, source)
        for name, source in base.sources.items()
        if _date(source.checked) + allowed < today
    ]


def _date(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def _overdue(base: Knowledge, today: dt.date) -> Part:
    late = overdue(base, today)
    counts = Paragraph(f"{len(late) or 'None'} of {len(base.sources)} sources.")
    rows = [(name, source.title, source.checked) for name, source in late]
    table = (Table(("source", "title", "checked on"), rows),) if rows else ()
    blocks = (counts, *table)
    return Part("Sources past their review", blocks, folded=False, detail="full")


def _sizes(sizes: Mapping[str, int]) -> Part:
    about = Paragraph("Nodes of the decision diagrams over all complete cases.")
    rows = ((name, f"{size:,}") for name, size in sizes.items())
    blocks = (about, Table(("diagram", "nodes"), rows))
    return Part("Diagrams", blocks, folded=False, detail="full")
