"""An option grid: the same few questions answered of a few options, on one page.

Rows are what people ask, columns are the options; every cell says as much as the next.
What is the same for all options stands once, outside the table.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import attrs

from milia_cds.explanation.outcome import AlertSaid, Stamp
from milia_cds.explanation.reasons import View
from milia_cds.knowledge.criteria import GridQuestion
from milia_cds.knowledge.options import STANDINGS, Option, Standing
from milia_cds.knowledge.records import Said, plain
from milia_cds.knowledge.texts import NOT_KNOWN, Cell, Risk
from milia_cds.knowledge.wording import capital
from milia_cds.shown import Told

FEWEST = 3
MOST = 5
"""The columns of a grid: so many, unless fewer options are offered."""
_GOOD = STANDINGS.index("reasonable")
_WHAT = GridQuestion(id="what", ask="What happens?")
_RISKS = "What can go wrong, and how often?"


@attrs.frozen(kw_only=True, eq=False, repr=False)
class GridColumn(Said):
    """An option that is offered, or withheld while something is not known.

    `label` is its name for the patient, `name` that for the clinician.
    """

    option: str
    label: str
    name: str
    verdict: str
    standing: Standing


@attrs.frozen(kw_only=True, eq=False, repr=False)
class GridRow(Said):
    """A question, and the answer for each option, in the order of the columns."""

    id: str
    question: str
    cells: tuple[str, ...]


@attrs.frozen(kw_only=True)
class Grid(Told):
    """An option grid, in plain words for patient and clinician together.

    Parameters
    ----------
    alerts
        The dangers that come before any option, the most urgent first.
    situation
        What it is about, in the patient's words; empty while that is not known.
    wait
        What to expect where nothing is done yet, the same for every option.
    notes
        What nobody may miss who chooses among these options.
    columns
        The options: leaving alone, then by rank those that are first line or
        reasonable; of the whole table all that are offered in order, then those that
        are withheld.
    rows
        The questions with their answers.
    left_out
        The names of the options that are offered and have no column.
    withheld
        The names of those that may become possible once more is known.
    matters
        What people weigh, to be ticked; nothing where there is no treatment.
    counted
        Whether anybody has counted, in the domain itself, how often something goes
        wrong; also true where no treatment stands there.
    whole
        Whether it is the whole table.
    knowledge
        Which knowledge it comes from, and how far it has been reviewed.
    """

    alerts: tuple[AlertSaid, ...]
    situation: str
    wait: tuple[str, ...]
    notes: tuple[str, ...]
    columns: tuple[GridColumn, ...]
    rows: tuple[GridRow, ...]
    left_out: tuple[str, ...]
    withheld: tuple[str, ...]
    matters: tuple[str, ...]
    counted: bool
    whole: bool
    knowledge: Stamp

    def to_dict(self) -> dict[str, Any]:
        """The grid as plain JSON values."""
        written: dict[str, Any] = plain(self)
        return written


def side_by_side(
    view: View, alerts: tuple[AlertSaid, ...], stamp: Stamp, *, whole: bool = False
) -> Grid:
    """Put options side by side.

    Parameters
    ----------
    view
        The view of the exact record.
    alerts
        The alerts of the answer.
    stamp
        Which knowledge it comes from.
    whole
        Whether all options that are possible have a column, and all criteria a row.
    """
    return _Grid(view, whole=whole).made(alerts, stamp)


class _Grid:
    """The parts of a grid, of one decision."""

    def __init__(self, view: View, *, whole: bool) -> None:
        self.view = view
        self.base = view.base
        self.judged = view.record.verdicts
        self.whole = whole
        self.offered = [self.base.options[p.option] for p in view.record.ranking]
        withheld = [e for e in self.judged.values() if e.verdict == "withheld"]
        best_first = sorted(withheld, key=lambda each: -each.best)
        self.withheld = [self.base.options[each.option] for each in best_first]
        self.options = self.shown()
        self.treatments = [each for each in self.options if each.act == "treat"]

    def made(self, alerts: tuple[AlertSaid, ...], stamp: Stamp) -> Grid:
        rest = [each for each in self.offered if each not in self.options]
        return Grid(
            alerts=alerts,
            situation=self.situation(),
            wait=tuple(self.waiting()),
            notes=tuple(self.notes()),
            columns=tuple(map(self.column, self.options)),
            rows=tuple(self.rows()) if self.options else (),
            left_out=tuple(map(_name, rest)),
            withheld=() if self.whole else tuple(map(_name, self.withheld)),
            matters=self.matters(),
            counted=self.counted(),
            whole=self.whole,
            knowledge=stamp,
        )

    # -- columns --

    def shown(self) -> list[Option]:
        """The options that have a column, in order."""
        if self.whole:
            return [*self.offered, *self.withheld]
        alone = [each for each in self.offered if each.act == "observe"][:1]
        others = [each for each in self.offered if each not in alone]
        good = [each for each in others if self.judged[each.id].worst >= _GOOD]
        columns = max(FEWEST, min(MOST, len(alone) + len(good))) - len(alone)
        chosen = [*good, *(each for each in others if each not in good)][:columns]
        return [*alone, *(each for each in others if each in chosen)]

    def column(self, option: Option) -> GridColumn:
        return GridColumn(
            option=option.id,
            label=_name(option),
            name=_aside(option),
            verdict=self.judged[option.id].verdict,
            standing=STANDINGS[self.judged[option.id].worst],
        )

    # -- rows --

    def rows(self) -> Iterator[GridRow]:
        for each in self.asked():
            cells = tuple(self.cell(option, each) for option in self.options)
            yield GridRow(id=each.id, question=each.ask, cells=cells)
        if self.whole:
            risks = tuple(" ".join(self.risky(option)) for option in self.options)
            yield GridRow(id="risks", question=_RISKS, cells=risks)

    def asked(self) -> Sequence[GridQuestion]:
        """The questions: those of the grid, or what happens and every criterion."""
        if self.base.grid and not self.whole:
            return tuple(self.base.grid.values())
        criteria = self.base.criteria.items()
        return _WHAT, *(
            GridQuestion(id=name, ask=each.ask_patient, criterion=name)
            for name, each in criteria
        )

    def cell(self, option: Option, asked: GridQuestion) -> str:
        """What an option answers to a question: its own words, or a level in words."""
        own = () if self.whole else option.cell
        said = (
            each for each in own if each.row == asked.id and self.says(each, option)
        )
        for each in said:
            return each.plain
        return self.level(option, asked.criterion) if asked.criterion else option.plain

    def says(self, cell: Cell, option: Option) -> bool:
        """Whether a cell is known to hold and may be said here."""
        held = self.view.holds(cell.condition)
        return bool(held) and self.view.claims.stand(cell.claims, of=option.id)

    def level(self, option: Option, criterion: str) -> str:
        """The level of an option in words; the least that is still possible."""
        record = self.view.record
        scales = self.view.engine.scales[option.id]
        level = scales.least_levels(record.true, record.unknown)[criterion]
        said = self.base.criteria[criterion].levels[level]
        return f"{capital(said)}."

    def risks(self, option: Option) -> list[Risk]:
        """What can go wrong with an option, the worst first."""
        found = [r for r in option.risk if self.view.holds(r.condition) is not False]
        return sorted(found, key=lambda risk: -risk.severity)

    def counted(self) -> bool:
        """Whether what can go wrong with a treatment was counted, or nothing can."""
        found = [risk for option in self.treatments for risk in self.risks(option)]
        domain = self.base.vocabulary.domain
        return not found or any(risk.basis == domain for risk in found)

    def risky(self, option: Option) -> Iterator[str]:
        risks = self.risks(option)
        for risk in risks:
            yield risk.plain
            if risk.frequency != NOT_KNOWN:
                yield _how_often(risk, self.base.vocabulary.domain)
        if not risks:
            yield "No risk is known."

    # -- what stands outside the table --

    def situation(self) -> str:
        """The one situation, in the patient's words."""
        names = self.view.record.walk.scenarios
        return self.base.scenarios[names[0]].plain if len(names) == 1 else ""

    def waiting(self) -> Iterable[str]:
        """What to expect of the condition itself, the same for every option."""
        known = (e for e in self.view.advice("expectation") if e.if_ is None)
        said = [each.plain for each in known if each.plain]
        return said or ["It depends on what is not known yet."]

    def notes(self) -> Iterator[str]:
        """The notes on options that are possible, unless they are known not to hold."""
        possible = {each.id for each in (*self.offered, *self.withheld)}
        for each in self.base.grid_notes:
            concerned = not possible.isdisjoint(self.base.single(each.options))
            if concerned and self.view.holds(each.condition) is not False:
                yield each.plain

    def matters(self) -> tuple[str, ...]:
        """What people weigh who may be treated, in a few words each."""
        if not self.treatments:
            return ()
        criteria = self.base.criteria.values()
        said = tuple(each.matters for each in criteria if each.matters)
        return said or tuple(each.label for each in criteria)


def _aside(option: Option) -> str:
    """The name for the clinician, where that for the patient does not hold it."""
    label = option.label
    return "" if label.lower() in _name(option).lower() else label


def _name(option: Option) -> str:
    return option.plain_label or option.label


def _how_often(risk: Risk, domain: str) -> str:
    figure = ", ".join(filter(None, [risk.frequency, risk.population, risk.period]))
    larger = f". This figure is not from {domain}" * (risk.basis == "analogue")
    return f"How often: {figure}{larger}."
