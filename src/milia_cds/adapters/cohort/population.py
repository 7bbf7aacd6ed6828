"""Whom a change of the knowledge moves: the same cases decided before and after it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal, NamedTuple, Self, TypeAlias, Unpack

import attrs
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import types

from milia_cds.adapters.cohort.batches import Batch, Decider, HowDecided, in_chunks
from milia_cds.adapters.cohort.changed import Rule, bearing, changed_rules
from milia_cds.adapters.cohort.counting import as_texts, cases_said, parts_of, texts
from milia_cds.adapters.cohort.flow import Flow, flow_picture
from milia_cds.adapters.cohort.frames import Frame, table_of
from milia_cds.adapters.cohort.layout import NOT_KNOWN, dotted_name
from milia_cds.adapters.cohort.writing import ASK, CERTAIN
from milia_cds.assessment.base import knowledge_of
from milia_cds.explanation.outcome import stamp
from milia_cds.knowledge.model import Knowledge
from milia_cds.render.blocks import Paragraph, Part, Sheet, Table
from milia_cds.render.phrases import rests_on, spaced
from milia_cds.render.picture import Picture
from milia_cds.render.sheets.frame import drawn, framed
from milia_cds.render.svg import Title
from milia_cds.render.writers.html import as_card, as_page
from milia_cds.render.writers.text import as_text
from milia_cds.shown import Face, Shown

What: TypeAlias = Literal["alert", "verdict", "measure", "first", "action", "refused"]
"""What may differ."""

SILENT, NOBODY = "silent", "nothing"
_EXAMPLES = 5
_NULL = pa.scalar(None, pa.large_string())
_HEADINGS = ("what", "before", "after", "cases", "rows (from 0)", "changed rules there")


class Movement(NamedTuple):
    """Cases in which something differs.

    Parameters
    ----------
    what, name
        What, and of which option, measure or alert.
    before, after
        What it was, and what it is.
    cases
        In how many cases.
    rows
        Up to five of them, by number from 0.
    rules
        The rules that differ between the two and are true or open in one of these rows.
    """

    what: What
    name: str
    before: str
    after: str
    cases: int
    rows: tuple[int, ...]
    rules: tuple[str, ...]

    @property
    def gravity(self) -> int:
        """In the order of safety: dangers gone first, then what is newly offered."""
        ranks = {CERTAIN: 2, ASK: 1}
        if self.what == "alert":
            fewer = ranks.get(self.after, 0) < ranks.get(self.before, 0)
            return 0 if fewer else 3
        if self.what in {"verdict", "measure"}:
            offered = {self.before: 2, self.after: 1}
            return offered.get("offered", 5)
        return 4


class _Cell:
    """The cases of one move, as they are found."""

    def __init__(self) -> None:
        self.cases = 0
        self.rows: list[int] = []
        self.rules: dict[str, None] = {}


@attrs.frozen(eq=False, repr=False)
class PopulationDiff(Shown):
    """Whom a change of the knowledge moves.

    Parameters
    ----------
    before, after
        The two knowledge bases.
    cases
        How many cases there are.
    refused
        How many of them one of the two could not decide; of these nothing else is
        compared.
    moved
        What differs, in the order of safety: alerts gone or only asked for, newly
        offered, no longer offered, then the rest, the most frequent first.
    first
        How often each first place became which, unchanged ones too.
    left_out
        The facts that the knowledge before, and after, does not know.
    """

    before: Knowledge
    after: Knowledge
    cases: int
    refused: int
    moved: tuple[Movement, ...]
    first: Mapping[tuple[str, str], int]
    left_out: tuple[tuple[str, ...], tuple[str, ...]]

    @classmethod
    def of(
        cls,
        batches: Iterable[Batch],
        before: Knowledge,
        after: Knowledge,
        **asked: Unpack[HowDecided],
    ) -> Self:
        """Compare what two knowledge bases say of batches of cases.

        Parameters
        ----------
        batches
            Record batches of cases, of one schema; each is let go when it is counted.
        before, after
            The two knowledge bases.
        asked
            How the rows are decided.

        Raises
        ------
        FrameError
            When the columns, or what is said of all rows, cannot be read.
        """
        comparing = _Comparing(before, after, asked)
        for batch in in_chunks(batches):
            comparing.add(batch)
        moved = sorted(comparing.moves(), key=lambda e: (e.gravity, -e.cases, e[:4]))
        return cls(
            before,
            after,
            comparing.cases,
            comparing.refused,
            tuple(moved),
            dict(comparing.first),
            comparing.left_out,
        )

    def __bool__(self) -> bool:
        """Whether anybody is moved."""
        return bool(self.moved)

    def __repr__(self) -> str:
        """Name what it compares."""
        return f"<PopulationDiff of {cases_said(self.cases)}: {len(self.moved)} moves>"

    def text(self) -> str:
        """The comparison as text."""
        return as_text(self._sheet(), detail="full")

    def __str__(self) -> str:
        """The text."""
        return self.text()

    def html(self) -> str:
        """The comparison as a page."""
        return as_page(self._sheet())

    def picture(self) -> Picture:
        """How the first places moved, as a flow from the left to the right."""
        about = self.after.about
        title = Title(
            f"The first place of {cases_said(self.cases)} ({about.notice})",
            (*rests_on(stamp(self.before)), *rests_on(stamp(self.after))),
        )
        return flow_picture(
            [Flow(*pair, cases) for pair, cases in self.first.items()], title
        )

    def _face(self) -> Face:
        return Face(lambda: as_card(self._sheet()), self.text)

    def _sheet(self) -> Sheet:
        blocks: list[Any] = [
            Paragraph(
                f"{cases_said(self.cases, self.refused)}; before: {self.before.digest}."
            ),
            *self._not_known(),
            Part("What differs", (self._table(),), folded=False),
            drawn(self.picture()),
        ]
        sources = self.after.sources
        return framed("Before and after", blocks, stamp(self.after), sources)

    def _not_known(self) -> Iterator[Paragraph]:
        for side, names in zip(("before", "after"), self.left_out, strict=True):
            if names:
                yield Paragraph(f"Not known {side}, and left out: {', '.join(names)}.")

    def _table(self) -> Table | Paragraph:
        if not self.moved:
            return Paragraph("Nothing, in no case.")
        rows = [
            (
                spaced(f"{each.what} {each.name}".strip()),
                spaced(each.before),
                spaced(each.after),
                str(each.cases),
                ", ".join(map(str, each.rows)),
                ", ".join(each.rules),
            )
            for each in self.moved
        ]
        return Table(_HEADINGS, rows)


class _Side(NamedTuple):
    """One of the two: what decides by it, its rules that differ, and a batch."""

    decider: Decider
    rules: Mapping[str, Rule]
    batch: Batch


def _bearing(about: str, row: int, sides: Sequence[_Side]) -> Iterator[str]:
    """The rules that differ and are true or open in a row."""
    for decider, rules, batch in sides:
        if rules:
            decided = decider.decided(batch.slice(row, 1))
            facts = decided.resolved.facts
            yield from bearing(rules, facts, decided.scenarios, about)


class _Comparing:
    """Decides batches by both knowledge bases and counts what differs."""

    def __init__(self, before: Knowledge, after: Knowledge, asked: HowDecided) -> None:
        self.bases = before, after
        self.asked = asked
        self.rules = changed_rules(before, after)
        self.cases = self.refused = 0
        self.first: Counter[tuple[str, str]] = Counter()
        self.left_out: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
        self._cells: dict[tuple[What, str, str, str], _Cell] = {}
        self._deciders: tuple[Decider, Decider] | None = None

    def add(self, batch: Batch) -> None:
        ours, theirs = self.bases
        known = [_known_to(ours, theirs, batch), _known_to(theirs, ours, batch)]
        (one, gone_before), (other, gone_after) = known
        self.left_out = gone_before, gone_after
        if self._deciders is None:
            self._deciders = (
                Decider(one.schema, ours, **self.asked),
                Decider(other.schema, theirs, **self.asked),
            )
        deciders = self._deciders
        results = deciders[0].decide(one), deciders[1].decide(other)
        sides = [*map(_Side, deciders, self.rules, (one, other))]
        for what, name, before, after in _pairs(*results):
            self._count((what, name), before, after, sides)
        first = [each.to_pylist() for each in _firsts(*results)]
        self.first.update(pair for pair in zip(*first, strict=True) if None not in pair)
        self.cases += batch.num_rows
        self.refused += _answered(*results).false_count

    def _count(
        self, what: tuple[What, str], before: Any, after: Any, sides: Sequence[_Side]
    ) -> None:
        here = pc.fill_null(pc.not_equal(before, after), fill_value=False)
        unlike = np.flatnonzero(here.to_numpy(zero_copy_only=False))
        if not len(unlike):
            return
        places = pa.array(unlike)
        pairs = zip(
            unlike.tolist(),
            before.take(places).to_pylist(),
            after.take(places).to_pylist(),
            strict=True,
        )
        for row, was, is_ in pairs:
            cell = self._cells.setdefault((*what, was, is_), _Cell())
            cell.cases += 1
            if len(cell.rows) < _EXAMPLES:
                cell.rows.append(self.cases + row)
                cell.rules.update(dict.fromkeys(_bearing(what[1], row, sides)))

    def moves(self) -> Iterator[Movement]:
        for (what, name, before, after), cell in self._cells.items():
            yield Movement(
                what, name, before, after, cell.cases, (*cell.rows,), (*cell.rules,)
            )


def _firsts(one: Batch, other: Batch) -> Iterator[Any]:
    """The first place in each, " = " between ties; null where one is refused."""
    answered = _answered(one, other)
    for each in (one, other):
        names = pc.replace_substring(as_texts(each.column("first")), " ", " = ")
        said = pc.if_else(pc.equal(names, ""), NOBODY, names)
        yield pc.if_else(answered, said, _NULL)


def _answered(one: Batch, other: Batch) -> Any:
    return pc.invert(pc.or_(one.column("refused"), other.column("refused")))


def _pairs(one: Batch, other: Batch) -> Iterator[tuple[What, str, Any, Any]]:
    """What each says of every row, thing by thing; null where one says nothing."""
    refused = [each.column("refused") for each in (one, other)]
    said = [pc.if_else(each, "refused", "decided") for each in refused]
    yield "refused", "", said[0], said[1]
    actions = [parts_of(each.column("disposition"))["action"] for each in (one, other)]
    yield "action", "", texts(actions[0]), texts(actions[1])
    before, after = _firsts(one, other)
    yield "first", "", before, after
    columns: tuple[tuple[What, str], ...] = (
        ("alert", "alerts"),
        ("verdict", "verdict"),
        ("measure", "measure"),
    )
    answered = _answered(one, other)
    for what, column in columns:
        ours, theirs = parts_of(one.column(column)), parts_of(other.column(column))
        for name in {**ours, **theirs}:
            sides = [_said_by(each, name, answered) for each in (ours, theirs)]
            yield what, name, sides[0], sides[1]


def _said_by(parts: Mapping[str, Any], name: str, answered: Any) -> Any:
    """What one side says of a thing; silent where it does not know it."""
    said = pa.nulls(len(answered), pa.large_string())
    if name in parts:
        said = texts(parts[name])
    silent = pa.scalar(SILENT, pa.large_string())
    return pc.if_else(answered, pc.coalesce(said, silent), _NULL)


def _known_to(
    base: Knowledge, other: Knowledge, batch: Batch
) -> tuple[Batch, tuple[str, ...]]:
    """A batch without the facts that only the other knowledge base knows, and these."""
    columns, gone = {}, []
    for name, array in zip(batch.schema.names, batch.columns, strict=True):
        if name in other.vocabulary.sections and types.is_struct(array.type):
            kept = {}
            for fact, part in parts_of(array).items():
                if _only_theirs(f"{name}.{fact}", base, other):
                    gone.append(f"{name}.{fact}")
                else:
                    kept[fact] = part
            if kept:
                columns[name] = pa.StructArray.from_arrays([*kept.values()], [*kept])
        elif _only_theirs(dotted_name(name), base, other):
            gone.append(dotted_name(name))
        elif name == NOT_KNOWN:
            columns[name] = _asked(array, base, other)
        else:
            columns[name] = array
    if not gone:
        return batch, ()
    return pa.RecordBatch.from_pydict(columns), tuple(gone)


def _asked(array: Any, base: Knowledge, other: Knowledge) -> Any:
    """The names of what is not known, without those that only the other knows."""
    asked = [
        None
        if names is None
        else [n for n in names if not _only_theirs(n, base, other)]
        for names in array.to_pylist()
    ]
    return pa.array(asked, array.type)


def _only_theirs(name: str, base: Knowledge, other: Knowledge) -> bool:
    return name in other.vocabulary.kinds and name not in base.vocabulary.kinds


def compare_knowledge(
    frame: Frame,
    before: Knowledge,
    after: Knowledge,
    **asked: Unpack[HowDecided],
) -> PopulationDiff:
    """Decide the cases of a frame by two knowledge bases, and say what differs.

    Parameters
    ----------
    frame
        A frame of cases that is not lazy, as `assess_many` takes it. A fact that one
        of the two does not know is left out there, and named.
    before, after
        The two knowledge bases.
    asked
        How the rows are decided, as `HowDecided` says.

    Raises
    ------
    FrameError
        When the columns, or what is said of all rows, cannot be read.

    Examples
    --------
    >>> import pyarrow
    >>> from milia_cds import load_knowledge
    >>> base = load_knowledge()
    >>> rows = pyarrow.table({"patient.age_years": [34, None]})
    >>> bool(compare_knowledge(rows, base, base))
    False
    """
    knowledge_of("compare_knowledge", before)
    knowledge_of("compare_knowledge", after)
    if isinstance(frame, pa.RecordBatch):
        frame = pa.Table.from_batches([frame])
    table = table_of(frame)
    return PopulationDiff.of(table.to_batches(), before, after, **asked)
