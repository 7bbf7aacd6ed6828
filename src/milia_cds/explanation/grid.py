"""An option grid: the same questions answered of every option that is still possible.

Rows are what people ask, columns are the options; every cell says as much as the next.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

import attrs

from milia_cds.errors import visible
from milia_cds.explanation.bands import Band
from milia_cds.explanation.outcome import AlertSaid, Stamp
from milia_cds.explanation.reasons import View
from milia_cds.knowledge.model import STANDINGS, Option, Standing
from milia_cds.knowledge.texts import NOT_KNOWN, Risk
from milia_cds.shown import Shown

_NARROWEST = 40


@attrs.frozen(kw_only=True)
class GridColumn:
    """An option that is offered, or withheld while something is not known."""

    option: str
    label: str
    verdict: str
    standing: Standing


@attrs.frozen(kw_only=True)
class GridRow:
    """A question, and the answer for each option, in the order of the columns.

    A cell is a few short texts; none is empty.
    """

    id: str
    question: str
    cells: tuple[tuple[str, ...], ...]


@attrs.frozen(kw_only=True)
class Grid(Shown):
    """An option grid, in plain words for patient and clinician together.

    Parameters
    ----------
    alerts
        The dangers that come before any option, the most urgent first.
    columns
        The options: offered ones in order, then withheld ones.
    rows
        The questions with their answers.
    knowledge
        Which knowledge it comes from, and how far it has been reviewed.
    """

    alerts: tuple[AlertSaid, ...]
    columns: tuple[GridColumn, ...]
    rows: tuple[GridRow, ...]
    knowledge: Stamp

    def text(self, *, width: int = 80) -> str:
        """The grid as text, question by question.

        Parameters
        ----------
        width
            The most columns of a line; fewer than 40 are taken as 40.
        """
        return visible("\n".join(self._lines(max(width, _NARROWEST))), "\n")

    def _lines(self, width: int) -> Iterator[str]:
        yield from _wrapped(f"Options side by side: {self.knowledge.notice}", "", width)
        for alert in self.alerts:
            yield from _wrapped(f"{Band((alert,)).mark}: {alert.plain}", "  ! ", width)
        for column in self.columns:
            held = ", withheld until more is known" * (column.verdict == "withheld")
            standing = column.standing.replace("_", " ")
            yield from _wrapped(f"{column.label} ({standing}{held})", "  - ", width)
        if not self.columns:
            said = "Nothing is open to compare: no option is offered or withheld."
            yield from _wrapped(said, "", width)
        for row in self.rows if self.columns else ():
            yield ""
            yield row.question
            for column, cell in zip(self.columns, row.cells, strict=True):
                yield from _wrapped(f"{column.label}: {' '.join(cell)}", "  - ", width)
        yield ""
        yield self.knowledge.digest
        policy = self.knowledge.policy
        if policy is not None:
            said = f"Local policy: {policy.name}, {policy.version}, {policy.digest}"
            yield from _wrapped(said, "", width)


def side_by_side(view: View, alerts: tuple[AlertSaid, ...], stamp: Stamp) -> Grid:
    """Put the options that are still possible side by side.

    Parameters
    ----------
    view
        The view of the exact record.
    alerts
        The alerts of the answer.
    stamp
        Which knowledge it comes from.
    """
    judged = view.record.verdicts
    offered = [place.option for place in view.record.ranking]
    withheld = [name for name, each in judged.items() if each.verdict == "withheld"]
    options = [view.base.options[name] for name in (*offered, *withheld)]
    columns = tuple(
        GridColumn(
            option=option.id,
            label=option.label,
            verdict=judged[option.id].verdict,
            standing=STANDINGS[judged[option.id].worst],
        )
        for option in options
    )
    rows = tuple(_rows(view, options))
    return Grid(alerts=alerts, columns=columns, rows=rows, knowledge=stamp)


def _rows(view: View, options: list[Option]) -> Iterator[GridRow]:
    def row(name: str, question: str, *cells: tuple[str, ...]) -> GridRow:
        return GridRow(id=name, question=question, cells=cells)

    yield row("what", "What happens?", *((each.plain,) for each in options))
    for name, criterion in view.base.criteria.items():
        cells = ((_level(view, option, name),) for option in options)
        yield row(name, criterion.ask_patient, *cells)
    risks = (tuple(_risks(view, option)) for option in options)
    yield row("risks", "What can go wrong, and how often?", *risks)
    wait = tuple(_waiting(view))
    yield row("wait", "What if I wait?", *(wait for _ in options))


def _level(view: View, option: Option, criterion: str) -> str:
    """Say the level of an option in words; the least that is still possible."""
    levels = view.engine.scales[option.id].least_levels(
        view.record.true, view.record.unknown
    )
    said = view.base.criteria[criterion].levels[levels[criterion]]
    return f"{said[0].upper()}{said[1:]}."


def _risks(view: View, option: Option) -> Iterator[str]:
    risks = [risk for risk in option.risk if view.holds(risk.condition) is not False]
    for risk in sorted(risks, key=lambda risk: -risk.severity):
        yield f"{risk.plain} {_how_often(risk, view.base.vocabulary.domain)}"
    if not risks:
        yield "No risk is known."


def _how_often(risk: Risk, domain: str) -> str:
    if risk.frequency == NOT_KNOWN:
        return "How often is not known."
    figure = ", ".join(filter(None, [risk.frequency, risk.population, risk.period]))
    larger = f". This figure is not from {domain}" * (risk.basis == "analogue")
    return f"How often: {figure}{larger}."


def _waiting(view: View) -> Iterator[str]:
    """What to expect of the condition itself, the same for every option."""
    known = (each for each in view.advice("expectation") if each.if_ is None)
    said = [each.plain for each in known if each.plain]
    yield from said or ["It depends on what is not known yet."]


def _wrapped(text: str, lead: str, width: int) -> list[str]:
    return textwrap.wrap(
        text,
        width,
        initial_indent=lead,
        subsequent_indent=" " * len(lead),
        break_on_hyphens=False,
    )
