"""What many decisions come to: dangers first, who gets what, and what is missing."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Self

import attrs
import pyarrow as pa

from milia_cds.adapters.cohort.batches import Batch
from milia_cds.adapters.cohort.counting import Counts, Missing, cases_said, most
from milia_cds.adapters.cohort.frames import Frame, table_of
from milia_cds.adapters.cohort.layout import FrameError
from milia_cds.adapters.cohort.writing import METADATA, VERDICTS
from milia_cds.assessment.base import knowledge_of
from milia_cds.errors import Problem, quoted
from milia_cds.explanation.lapses import OVERDUE
from milia_cds.explanation.outcome import Stamp, stamp
from milia_cds.knowledge.currency import overdue_text
from milia_cds.knowledge.dangers import URGENCIES
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.wording import capital
from milia_cds.render.blocks import Item, Paragraph, Part, Points, Sheet, Table
from milia_cds.render.markup import Markup, element
from milia_cds.render.phrases import rests_on, series, spaced
from milia_cds.render.picture import Picture
from milia_cds.render.sheets.frame import drawn, framed
from milia_cds.render.svg import Title, svg
from milia_cds.render.writers.html import as_card, as_page
from milia_cds.render.writers.text import as_text
from milia_cds.shown import Face, Shown

_WIDTH, _MARGIN, _NAMES, _ROW, _BAR = 760, 16, 220, 24, 14
_COLUMNS = (
    "refused",
    "urgency",
    "disposition",
    "first",
    "warnings",
    "verdict",
    "alerts",
    "lacking",
)
_MOST = 12
_MOST_LABELS = 6


@attrs.frozen(eq=False, repr=False)
class CohortSummary(Shown):
    """What many decisions come to.

    Parameters
    ----------
    base
        The knowledge base that decided them.
    counts
        What was counted.
    overdue
        Whether the knowledge should have been reviewed by the day of the decisions.
    """

    base: Knowledge
    counts: Counts
    overdue: bool = False

    @classmethod
    def of(
        cls, batches: Iterable[Batch], base: Knowledge, *, overdue: bool = False
    ) -> Self:
        """Sum up batches of results.

        Parameters
        ----------
        batches
            Record batches as `decide_batch` gives them; each is let go when it is
            counted.
        base
            The knowledge base that decided them.
        overdue
            Whether it should have been reviewed by then.
        """
        counts = Counts()
        for batch in batches:
            counts.add(batch)
        return cls(base, counts, overdue)

    @property
    def worth_recording(self) -> tuple[Missing, ...]:
        """The facts whose recording would free most patients, the best first."""
        return tuple(self.counts.worth_recording())

    def text(self) -> str:
        """The summary as text."""
        return as_text(self._sheet())

    def __str__(self) -> str:
        """The text."""
        return self.text()

    def __repr__(self) -> str:
        """Name what it sums up."""
        return f"<CohortSummary of {cases_said(self.counts.cases)}>"

    def html(self) -> str:
        """The summary as a page."""
        return as_page(self._sheet())

    def picture(self) -> Picture:
        """How the options stand over all cases, as bars."""
        said, by = cases_said(self.counts.cases), self._stamp
        title = Title(f"The verdicts on {said} ({by.notice})", rests_on(by))
        words = [
            f"{name}: {', '.join(f'{count} {spaced(verdict)}' for verdict, count in v)}"
            for name, v in self._bars()
        ]
        height = _MARGIN + (len(words) + 1) * _ROW
        return Picture.of(svg(_WIDTH, height, title, [*self._ink()]), "\n".join(words))

    def _face(self) -> Face:
        return Face(lambda: as_card(self._sheet()), self.text)

    def _sheet(self) -> Sheet:
        counts = self.counts
        said = cases_said(counts.cases, counts.refused)
        blocks: list[Any] = [Paragraph(f"{said}.")]
        if self.overdue:
            blocks.insert(0, Paragraph(overdue_text(self.base)))
        if counts.cases > counts.refused:
            blocks += self._decided()
        return framed("A cohort", blocks, self._stamp, self.base.sources)

    @property
    def _stamp(self) -> Stamp:
        return stamp(self.base, overdue=self.overdue)

    def _decided(self) -> list[Any]:
        """What there is to say where a case could be decided."""
        return [
            _part("Dangers", self._dangers(), "No danger is stated or asked for."),
            _part("How urgent", self._urgencies(), "Nothing is urgent."),
            _part("What to do", self._actions(), "Nothing is decided."),
            _part("What comes first", self._firsts(), "Nothing is offered."),
            Part("Verdicts", (self._verdicts(),), folded=False),
            Part("What to record", (*self._missing(),), folded=False),
            drawn(self.picture(), repeats=True),
        ]

    def _dangers(self) -> Iterator[Item]:
        counts = self.counts
        order = sorted(
            self.base.alerts.values(), key=lambda each: -URGENCIES.index(each.urgency)
        )
        for alert in order:
            certain, asked = counts.certain[alert.id], counts.asked[alert.id]
            if certain or asked:
                said = [f"{certain} certain"] * bool(certain)
                said += [f"{asked} to be asked for"] * bool(asked)
                text = f"{', '.join(said)} ({spaced(alert.urgency)}): {alert.text}"
                yield Item(text, spaced(alert.id))

    def _urgencies(self) -> Iterator[Item]:
        for name in reversed(URGENCIES):
            if self.counts.urgency[name]:
                yield Item(str(self.counts.urgency[name]), spaced(name))

    def _actions(self) -> Iterator[Item]:
        for name, count in most(self.counts.actions):
            yield Item(str(count), spaced(name))
        for (to, urgency), count in most(self.counts.to):
            where = self.base.destinations[to].label
            yield Item(f"{count}, {spaced(urgency)}", f"refer to {where}")

    def _firsts(self) -> Iterator[Item]:
        every = [*most(self.counts.first)]
        for names, count in every[:_MOST]:
            labels = [self.base.options[name].label for name in names]
            yield Item(str(count), " or ".join(labels) or "nothing")
        if every[_MOST:]:
            yield Item(str(sum(count for _, count in every[_MOST:])), "others")

    def _verdicts(self) -> Table:
        rows = [
            (label, *(str(dict(counts).get(each, "")) for each in VERDICTS))
            for label, counts in self._bars()
        ]
        return Table(("option", *map(spaced, VERDICTS)), rows)

    def _bars(self) -> Iterator[tuple[str, list[tuple[str, int]]]]:
        """The verdicts on each option, that are any."""
        for name, option in self.base.options.items():
            counts: Mapping[str, int] = self.counts.verdicts.get(name, {})
            said = [(str(each), counts[each]) for each in VERDICTS if counts.get(each)]
            yield capital(option.label), said

    def _missing(self) -> Iterator[Any]:
        lacking = self.counts.lacking
        if not lacking:
            yield Paragraph("Nothing is withheld for want of a fact.")
            return
        yield Paragraph(
            f"In {cases_said(lacking)} an option is withheld because a fact was not "
            "recorded. Recorded in this order, these free most cases soonest: nothing "
            "is withheld in them any more. Facts in one row free a case only together."
        )
        rows, freed = [], 0
        for each in self.worth_recording:
            freed += each.frees
            frees = f"{each.frees} of the {each.lacking} without it"
            numbers = frees, f"{freed} of {lacking}"
            rows.append((self._labels(each), *numbers))
        yield Table(("record", "frees", "free by then"), rows)

    def _labels(self, missing: Missing) -> str:
        """The labels of facts, of many the first."""
        labels = [self.base.facts[name].label for name in missing.facts]
        if len(labels) > _MOST_LABELS:
            more = len(labels) - _MOST_LABELS
            labels = [*labels[:_MOST_LABELS], f"{more} more"]
        return series(labels)

    def _ink(self) -> Iterator[Markup]:
        whole = max(1, self.counts.cases - self.counts.refused)
        room = _WIDTH - 2 * _MARGIN - _NAMES
        for at, (label, counts) in enumerate(self._bars()):
            y = _MARGIN + at * _ROW
            yield _said(label, _MARGIN, y + 11, "small")
            offered = dict(counts).get("offered", 0)
            withheld = dict(counts).get("withheld", 0)
            left = _MARGIN + _NAMES
            yield _bar("ground", left, y, room)
            yield _bar("bar-a", left, y, room * offered / whole)
            yield _bar(
                "bar-b", left + room * offered / whole, y, room * withheld / whole
            )
        y = _MARGIN + len(self.base.options) * _ROW + 11
        yield _said("From the left: offered, withheld, the rest.", _MARGIN, y, "small")


def _bar(kind: str, x: float, y: float, width: float) -> Markup:
    return element(
        "rect",
        class_=kind,
        x=f"{x:.1f}",
        y=str(y),
        width=f"{max(width, 0):.1f}",
        height=str(_BAR),
    )


def _said(text: str, x: float, y: float, ink: str) -> Markup:
    return element("text", text, x=f"{x:.0f}", y=f"{y:.0f}", class_=ink)


def _part(heading: str, items: Iterable[Item], otherwise: str) -> Part:
    said = tuple(items)
    block = Points(said) if said else Paragraph(otherwise)
    return Part(heading, (block,), folded=False)


def cohort_summary(frame: Frame, knowledge: Knowledge | None = None) -> CohortSummary:
    """Sum up a frame of decisions.

    Parameters
    ----------
    frame
        What `assess_many` gave, of any kind that is not lazy.
    knowledge
        The knowledge base that decided; `None` is the one that comes with the library.

    Raises
    ------
    FrameError
        When it is no such frame, or its metadata names another knowledge.

    Examples
    --------
    >>> import pyarrow
    >>> from milia_cds.adapters.cohort.frames import assess_many
    >>> found = assess_many(pyarrow.table({"patient.age_years": [34, None]}))
    >>> summary = cohort_summary(found)
    >>> summary.counts.cases, len(summary.worth_recording)
    (2, 2)
    """
    base = knowledge_of("cohort_summary", knowledge)
    if isinstance(frame, pa.RecordBatch):
        frame = pa.Table.from_batches([frame])
    table = table_of(frame)
    missing = [name for name in _COLUMNS if name not in table.column_names]
    problems = [
        Problem(name, "there is no such column", "give what assess_many gave")
        for name in missing
    ]
    said = json.loads((table.schema.metadata or {}).get(METADATA, b"{}"))
    other = said.get("knowledge", base.digest)
    if other != base.digest:
        message = f"it was decided by {quoted(other)}"
        problems.append(Problem("knowledge", message, "give that knowledge"))
    if problems:
        raise FrameError(problems)
    batches = table.select(_COLUMNS).to_batches()
    return CohortSummary.of(batches, base, overdue=_is_overdue(table))


def _is_overdue(table: Any) -> bool:
    """Whether the rows are warned so; all are that were decided, or none."""
    first = table.column("warnings").drop_null()[:1].to_pylist()
    return any(OVERDUE in names for names in first)
