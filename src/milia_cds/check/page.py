"""An examination as one self-contained HTML page, for the governance file of a clinic.

No script, no picture and no address of anything outside: it can be filed, printed and
read in ten years.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from milia_cds.check.examination import Examination
from milia_cds.check.findings import Finding
from milia_cds.check.guarantees import Held, Proof
from milia_cds.check.text import AGREED, counted, supports
from milia_cds.knowledge.model import Knowledge, Source

if TYPE_CHECKING:
    from milia_cds.check.coverage import Reached
    from milia_cds.check.mutation import Mutation

_STYLE = """
:root { color-scheme: light; --line: #c8ccd2; --soft: #f4f5f7; --ink: #1c2430; }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); margin: 2rem auto;
  max-width: 68rem; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2.2rem;
  border-bottom: 1px solid var(--line); padding-bottom: .2rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem;
  border-bottom: 1px solid var(--line); }
th { background: var(--soft); } td.number, th.number { text-align: right; }
code, pre { font: 13px/1.4 ui-monospace, monospace; overflow-wrap: anywhere; }
pre { background: var(--soft); padding: .5rem; white-space: pre-wrap; margin: .3rem 0; }
.draft { background: #fff3d6; border: 1px solid #d9a400; padding: .6rem 1rem; }
.error { color: #a01010; font-weight: 600; } .warning { color: #8a5a00; }
.note { color: #4a5563; } .proved { color: #14652f; } .broken { color: #a01010; }
.bar { display: inline-block; height: .7rem; background: #2f6f9f; }
.rest { display: inline-block; height: .7rem; background: var(--line); }
summary { cursor: pointer; } footer { margin-top: 3rem; color: #4a5563; }
@media print { body { margin: 0; max-width: none; } details { break-inside: avoid; } }
"""
_WIDTH = 12


def page_of_examination(
    examination: Examination,
    *,
    mutation: Mutation | None = None,
    coverage: Mapping[str, Reached] | None = None,
    today: dt.date,
) -> str:
    """Give an examination as an HTML page.

    Parameters
    ----------
    examination
        The examination.
    mutation
        What became of the mutants, where they were made.
    coverage
        How often each gate has each of its three values in the vignettes, where there
        are some.
    today
        The day on which the page is made: sources are past their review by it.
    """
    base = examination.base
    parts = [
        _head(examination, today),
        _section("Findings", _findings(examination.findings)),
        _changes(examination),
        _section("Guarantees", _proofs(examination)),
        _second(examination),
        _section("Gates in the vignettes", _covered(coverage)),
        _section("Mutants", _mutants(mutation)),
        _section("Sources past their review", _overdue(base, today)),
        _section("Diagrams", _sizes(examination.sizes)),
    ]
    body = "\n".join(line for part in parts for line in part)
    title = f"milia-cds check {escape(base.about.version)}"
    return (
        f'<!doctype html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n{body}\n"
        f"<footer>{escape(base.about.notice)}. {escape(base.digest)}</footer>\n"
        "</body>\n</html>\n"
    )


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    yield f"<h2>{escape(title)}</h2>"
    yield from lines


def _head(examination: Examination, today: dt.date) -> Iterator[str]:
    base = examination.base
    verdict = "nothing must be mended" if examination.sound else "something is wrong"
    level = "proved" if examination.sound else "broken"
    yield f"<h1>Examination of the knowledge: <span class={level}>{verdict}</span></h1>"
    draft = f"{base.about.notice}. {base.about.certainty}"
    yield f"<p class=draft>{escape(draft)}</p>"
    rows = [
        ("Knowledge", f"{base.about.version}, {base.digest}"),
        ("Local policy", str(base.policy).removeprefix("Local policy: ")),
        ("Reviewed by", ", ".join(base.about.reviewed_by) or "nobody yet"),
        ("To be reviewed by", base.about.review_by),
        ("Examined on", today.isoformat()),
        (
            "Contents",
            (
                f"{len(base.facts)} facts, {len(base.decisions)} decisions, "
                f"{len(base.scenarios)} scenarios, {len(base.options)} options, "
                f"{len(base.measures)} measures, {len(base.gates())} gates, "
                f"{len(base.sources)} sources"
            ),
        ),
    ]
    yield from _table(
        ("", ""), [[escape(a), escape(b)] for a, b in rows if b != "None"]
    )


def _table(
    headings: Sequence[str], rows: Iterable[Sequence[str]], numbers: int = 99
) -> Iterator[str]:
    """Give a table; columns from `numbers` on are figures. Cells are HTML."""
    yield "<table>"
    if any(headings):
        cells = "".join(_cell("th", c, i >= numbers) for i, c in enumerate(headings))
        yield f"<tr>{cells}</tr>"
    for row in rows:
        cells = "".join(_cell("td", c, i >= numbers) for i, c in enumerate(row))
        yield f"<tr>{cells}</tr>"
    yield "</table>"


def _cell(tag: str, text: str, number: bool) -> str:  # noqa: FBT001 - of a cell
    return f"<{tag}{' class=number' if number else ''}>{text}</{tag}>"


# -- findings --


def _findings(findings: Sequence[Finding]) -> Iterator[str]:
    yield f"<p>{escape(counted(findings))}.</p>"
    if findings:
        rows = [
            [
                f"<span class={each.level}>{each.level}</span>",
                f"<code>{escape(each.path)}</code>",
                f"{escape(each.text)}{_case(each.case)}",
                f"<code>{escape(each.kind)}</code>",
            ]
            for each in findings
        ]
        yield from _table(("level", "where", "what", "check"), rows)


def _case(case: Mapping[str, Any] | None) -> str:
    if case is None:
        return ""
    text = escape(json.dumps(case, indent=2))
    return f"<details><summary>for example</summary><pre>{text}</pre></details>"


def _changes(examination: Examination) -> Iterator[str]:
    if examination.against is None:
        return
    against = examination.against
    title = f"Compared with {against.about.version}, {against.digest}"
    yield from _section(title, _findings(examination.changes))


# -- guarantees --


def _proofs(examination: Examination) -> Iterator[str]:
    proved = len(examination.proofs) - len(examination.broken)
    yield (
        f"<p>{proved} proved for every complete case, "
        f"{len(examination.broken) or 'none'} broken, {len(examination.fragile)} "
        "fragile (held by standings alone).</p>"
    )
    rows = [
        [
            escape(proof.guarantee.id),
            _state(proof),
            escape(proof.guarantee.text),
            "".join(_supported(proof)),
        ]
        for proof in examination.proofs
    ]
    yield from _table(("", "", "guarantee", "what it rests on"), rows)


def _state(proof: Proof) -> str:
    if proof.broken:
        return "<span class=broken>broken</span>"
    if proof.fragile:
        return "<span class=warning>fragile</span>"
    return "<span class=proved>proved</span>"


def _supported(proof: Proof) -> Iterator[str]:
    for owner, case in proof.broken.items():
        yield f"<b>{escape(owner)}</b> breaks it{_case(case)}"
    if proof.held:
        yield f"<details><summary>{len(proof.held)} proofs</summary>"
        yield from map(_held, proof.held)
        yield "</details>"


def _held(held: Held) -> str:
    layers = [escape("; ".join(supports(layer))) for layer in held.layers]
    said = "<br>behind them: ".join(layers)
    return f"<p><b>{escape(held.owner)}</b>: {said}</p>"


def _second(examination: Examination) -> Iterator[str]:
    if examination.second is None:
        return
    agreed = f"<p>{escape(AGREED)}.</p>"
    lines = _findings(examination.second) if examination.second else iter([agreed])
    yield from _section("Second opinion", lines)


# -- vignettes --


def _covered(coverage: Mapping[str, Reached] | None) -> Iterator[str]:
    if coverage is None:
        yield "<p>Not asked: no vignettes were read (--cases).</p>"
        return
    missed = {name: each for name, each in coverage.items() if not each.everywhere}
    reached = len(coverage) - len(missed)
    yield (
        f"<p>{reached} of {len(coverage)} gates with a condition are true in some "
        "vignette, false in another and unknown in a third.</p>"
    )
    rows = [
        [f"<code>{escape(name)}</code>", str(e.true), str(e.false), str(e.unknown)]
        for name, e in coverage.items()
    ]
    yield "<details><summary>every gate</summary>"
    yield from _table(("gate", "true", "false", "unknown"), rows, 1)
    yield "</details>"


def _mutants(mutation: Mutation | None) -> Iterator[str]:
    if mutation is None:
        yield "<p>Not asked (--mutate).</p>"
        return
    rows = [
        [
            score.part,
            f"{_bar(score.value)} {score.value:.1%}",
            str(score.killed),
            str(score.survived),
            str(score.equivalent),
        ]
        for score in mutation.scores()
    ]
    headings = ("part", "score", "killed", "survived", "equivalent")
    yield from _table(headings, rows, 2)
    if mutation.survivors:
        yield "<details><summary>survivors</summary>"
        yield from _table(
            ("where", "what was done"),
            [
                [f"<code>{escape(e.path)}</code>", escape(e.what)]
                for e in mutation.survivors
            ],
        )
        yield "</details>"


def _bar(value: float) -> str:
    full = _WIDTH * value
    return (
        f'<span class=bar style="width:{full:.2f}rem"></span>'
        f'<span class=rest style="width:{_WIDTH - full:.2f}rem"></span>'
    )


# -- sources and sizes --


def overdue(base: Knowledge, today: dt.date) -> list[tuple[str, Source]]:
    """Give the sources that were checked longer ago than the knowledge allows.

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


def _overdue(base: Knowledge, today: dt.date) -> Iterator[str]:
    late = overdue(base, today)
    yield f"<p>{len(late) or 'None'} of {len(base.sources)} sources.</p>"
    if late:
        rows = [
            [f"<code>{escape(n)}</code>", escape(s.title), escape(s.checked)]
            for n, s in late
        ]
        yield from _table(("source", "title", "checked on"), rows)


def _sizes(sizes: Mapping[str, int]) -> Iterator[str]:
    yield "<p>Nodes of the decision diagrams over all complete cases.</p>"
    rows = [[escape(name), f"{size:,}"] for name, size in sizes.items()]
    yield from _table(("diagram", "nodes"), rows, 1)
