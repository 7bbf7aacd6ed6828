"""The decision on many cases as a batch of Arrow: what comes out, and its schema."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, get_args

import attrs
import numpy as np
import pyarrow as pa

from milia_cds.adapters.cohort.cells import ArrowArray
from milia_cds.adapters.cohort.deciding import Decided
from milia_cds.adapters.cohort.judging import Ranks
from milia_cds.adapters.cohort.ordering import rank_numbers
from milia_cds.adapters.cohort.planes import (
    Array,
    Plane,
    everywhere,
    from_digits,
    nowhere,
    packed,
    rows_in,
    somewhere,
    union,
    unpacked,
)
from milia_cds.adapters.cohort.settling import ACTIONS, Also
from milia_cds.decision.verdicts import VerdictName
from milia_cds.errors import Problem
from milia_cds.explanation.lapses import OVERDUE
from milia_cds.explanation.outcome import stamp
from milia_cds.knowledge.dangers import URGENCIES
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.options import STANDINGS
from milia_cds.version import VERSION

METADATA = b"milia_cds"
"""The key of what the schema of a result says of it, as JSON."""
VERDICTS: tuple[VerdictName, ...] = get_args(VerdictName)
CERTAIN, ASK = "certain", "ask"
"""How an alert is raised."""


class Types(NamedTuple):
    """How names are written: each once, in a dictionary; or as plain texts.

    Parameters
    ----------
    name
        One of a few names.
    named
        One of many names, in a list.
    """

    name: Any
    named: Any

    @classmethod
    def of(cls, *, plain: bool) -> Types:
        """The types of a result.

        Parameters
        ----------
        plain
            Whether names are plain texts, for engines that know no dictionary.
        """
        if plain:
            return cls(pa.utf8(), pa.utf8())
        return cls(
            pa.dictionary(pa.int8(), pa.utf8()), pa.dictionary(pa.int16(), pa.utf8())
        )


def fields_of(base: Knowledge, *, plain: bool = False) -> list[Any]:
    """The columns of a result, after those that are handed on.

    Parameters
    ----------
    base
        The knowledge base.
    plain
        Whether names are plain texts.
    """
    name, named = Types.of(plain=plain)
    also = pa.list_(pa.struct([("to", named), ("urgency", named)]))
    disposition = [
        ("action", name),
        ("to", name),
        ("urgency", name),
        ("own", pa.bool_()),
        ("also", also),
    ]
    by_section = lacking_by_section(base)
    return [
        pa.field("refused", pa.bool_(), nullable=False),
        pa.field("problem", pa.utf8()),
        pa.field("urgency", name),
        pa.field("disposition", pa.struct(disposition)),
        pa.field("first", pa.list_(named)),
        pa.field("scenarios", pa.list_(named)),
        pa.field("warnings", pa.list_(named)),
        pa.field("verdict", _each(base.options, name)),
        pa.field("standing", _each(base.options, name)),
        pa.field("best_standing", _each(base.options, name)),
        pa.field("measure", _each(base.measures, name)),
        pa.field("alerts", _each(base.alerts, name)),
        pa.field(
            "lacking",
            pa.struct(
                [(each, _each(facts, pa.bool_())) for each, facts in by_section.items()]
            ),
        ),
    ]


def _each(names: Iterable[str], kind: Any) -> Any:
    return pa.struct([(each, kind) for each in names])


def lacking_by_section(base: Knowledge) -> dict[str, dict[str, str]]:
    """The facts that may be lacking, by section and name; the value is dotted."""
    found: dict[str, dict[str, str]] = {}
    for name in base.kinds:
        section, _, fact = name.partition(".")
        found.setdefault(section, {})[fact] = name
    return found


def told_of(
    base: Knowledge, left_out: Sequence[str], *, overdue: bool = False
) -> dict[bytes | str, bytes | str]:
    """What the schema of a result says of it.

    Parameters
    ----------
    base
        The knowledge base.
    left_out
        The facts that had no column.
    overdue
        Whether the knowledge should have been reviewed by then.
    """
    policy = base.policy
    said = {
        "knowledge": base.digest,
        "version": base.about.version,
        "status": base.about.status,
        "notice": stamp(base, overdue=overdue).notice,
        "overdue": overdue,
        "engine": VERSION,
        "policy": None if policy is None else policy.digest,
        "left_out": list(left_out),
    }
    return {METADATA: json.dumps(said).encode()}


@attrs.frozen(eq=False)
class Writer:
    """Writes decisions as batches of one schema.

    Parameters
    ----------
    base
        The knowledge base.
    plain
        Whether names are plain texts.
    overdue
        Whether each row is warned that the knowledge should have been reviewed.
    """

    base: Knowledge
    plain: bool = False
    overdue: bool = False

    def written(
        self, decided: Decided, problems: Mapping[int, Sequence[Problem]]
    ) -> list[ArrowArray]:
        """The columns of `fields_of`.

        Parameters
        ----------
        decided
            The decision.
        problems
            What is wrong with rows, by their number; nothing is said of these.
        """
        return _Writing(self, decided, problems).columns()


class _Writing:
    """Writes one decision."""

    def __init__(
        self,
        writer: Writer,
        decided: Decided,
        problems: Mapping[int, Sequence[Problem]],
    ) -> None:
        self.base = writer.base
        self.plain = writer.plain
        self.overdue = writer.overdue
        self.decided = decided
        self.rows = decided.rows
        self.problems = problems
        self.none = nowhere(self.rows)
        self.answered = everywhere(self.rows)
        refused = [each for each in problems if problems[each]]
        if refused:
            flags = np.zeros(self.rows, bool)
            flags[refused] = True
            self.answered = ~packed(flags)

    def columns(self) -> list[ArrowArray]:
        base, decided = self.base, self.decided
        options = decided.options
        return [
            self.flags(~self.answered),
            self.told(),
            self.name(decided.urgency, URGENCIES),
            self.disposition(),
            self.names(list(decided.order.first.items())),
            self.names(list(decided.scenarios.items())),
            self.warnings(),
            self.struct({n: self.verdict(options[n].verdicts) for n in base.options}),
            self.struct({n: self.standing(options[n].worst) for n in base.options}),
            self.struct({n: self.standing(options[n].best) for n in base.options}),
            self.struct(
                {n: self.verdict(decided.measures[n].verdicts) for n in base.measures}
            ),
            self.struct({name: self.alert(name) for name in base.alerts}),
            self.lacking(),
        ]

    # -- arrays from planes --

    def validity(self) -> Any:
        """The buffer of where there is an answer, or none where there always is."""
        if not self.problems:
            return None
        return pa.py_buffer(self.answered)

    def flags(self, plane: Plane) -> ArrowArray:
        """A plane as an array of yes and no."""
        buffers = [None, pa.py_buffer(np.ascontiguousarray(plane))]
        return pa.Array.from_buffers(pa.bool_(), self.rows, buffers)

    def told(self) -> ArrowArray:
        """What is wrong with each row, a line for each problem."""
        texts: list[str | None] = [None] * self.rows
        for row, problems in self.problems.items():
            texts[row] = "\n".join(map(str, problems))
        return pa.array(texts, pa.utf8()) if self.problems else self.nothing()

    def nothing(self) -> ArrowArray:
        return pa.nulls(self.rows, pa.utf8())

    def code(self, planes: Sequence[Plane]) -> Array:
        """The number of the plane that is true in each row, of those that exclude."""
        digits = [
            union([each for n, each in enumerate(planes) if n >> digit & 1], self.none)
            for digit in range((len(planes) - 1).bit_length())
        ]
        return from_digits(digits or [self.none], self.rows)

    def dictionary(
        self, codes: Array, names: Sequence[str], there: Plane | None = None
    ) -> ArrowArray:
        """Names by their numbers; null where there is none."""
        validity = None if there is None else pa.py_buffer(np.ascontiguousarray(there))
        kind = pa.from_numpy_dtype(codes.dtype)
        numbers = pa.Array.from_buffers(
            kind, len(codes), [validity, pa.py_buffer(np.ascontiguousarray(codes))]
        )
        every = pa.array(names, pa.utf8())
        array = pa.DictionaryArray.from_arrays(numbers, every, safe=False)
        return array.dictionary_decode() if self.plain else array

    def name(self, planes: Mapping[Any, Plane], names: Sequence[str]) -> ArrowArray:
        """The name whose plane is true, null where none is."""
        every = [planes.get(each, self.none) for each in names]
        there = union(every, self.none) & self.answered
        return self.dictionary(self.code(every), names, there)

    def verdict(self, planes: Mapping[VerdictName, Plane]) -> ArrowArray:
        return self.dictionary(self.code([planes[each] for each in VERDICTS]), VERDICTS)

    def standing(self, ranks: Ranks) -> ArrowArray:
        standing = rank_numbers(ranks, self.rows)
        return self.dictionary(standing, STANDINGS)

    def alert(self, name: str) -> ArrowArray:
        raised = self.decided.alerts[name]
        asked = unpacked(raised.asked, self.rows).view(np.int8)
        return self.dictionary(asked, (CERTAIN, ASK), raised.certain | raised.asked)

    def struct(
        self, children: Mapping[str, ArrowArray], *, inner: bool = False
    ) -> ArrowArray:
        """Arrays by name as one; null where there is no answer."""
        fields = [pa.field(name, each.type) for name, each in children.items()]
        validity = None if inner else self.validity()
        return pa.Array.from_buffers(
            pa.struct(fields), self.rows, [validity], children=[*children.values()]
        )

    def disposition(self) -> ArrowArray:
        settled = self.decided.disposition
        to = {name: settled.to.get(name, self.none) for name in self.base.destinations}
        return self.struct(
            {
                "action": self.name(settled.actions, ACTIONS),
                "to": self.name(to, [*self.base.destinations] or [""]),
                "urgency": self.name(settled.urgency, URGENCIES),
                "own": self.flags(settled.own),
                "also": self.also(settled.also),
            }
        )

    def lacking(self) -> ArrowArray:
        lacking = self.decided.lacking
        return self.struct(
            {
                section: self.struct(
                    {
                        fact: self.flags(lacking.get(name, self.none))
                        for fact, name in facts.items()
                    },
                    inner=True,
                )
                for section, facts in lacking_by_section(self.base).items()
            }
        )

    # -- lists --

    def warnings(self) -> ArrowArray:
        """The names of the warnings, first of all that the knowledge is overdue."""
        late = [(OVERDUE, self.answered)] if self.overdue else []
        return self.names([*late, *self.decided.resolved.warnings.items()])

    def names(self, listed: Sequence[tuple[str, Plane]]) -> ArrowArray:
        """The names whose planes are true, in their order."""
        offsets, places = self.listed([here for _, here in listed])
        values = self.dictionary(places, [name for name, _ in listed])
        return self.list_of(offsets, values)

    def also(self, every: Sequence[Also]) -> ArrowArray:
        """The further referrals."""
        offsets, places = self.listed([each.rows for each in every])
        to = [*self.base.destinations]
        where = np.array([to.index(each.to) for each in every], np.int16)
        soon = np.array([URGENCIES.index(each.urgency) for each in every], np.int16)
        parts = {
            "to": self.dictionary(_taken(where, places), to),
            "urgency": self.dictionary(_taken(soon, places), URGENCIES),
        }
        fields = [pa.field(name, each.type) for name, each in parts.items()]
        values = pa.StructArray.from_arrays([*parts.values()], fields=fields)
        return self.list_of(offsets, values)

    def listed(self, planes: Sequence[Plane]) -> tuple[Array, Array]:
        """The numbers of the planes that are true in each row, one row after another.

        Returns
        -------
        tuple
            Where each row begins, and the numbers.
        """
        listed = {
            number: here
            for number, plane in enumerate(planes)
            if somewhere(here := plane & self.answered)
        }
        counts = np.zeros(self.rows, np.int16)
        for here in listed.values():
            counts += unpacked(here, self.rows)
        offsets = np.zeros(self.rows + 1, np.int32)
        np.cumsum(counts, out=offsets[1:])
        ahead = offsets[:-1].copy()
        places = np.empty(offsets[-1], np.int16)
        for number, here in listed.items():
            rows = rows_in(here, self.rows)
            places[ahead[rows]] = number
            ahead[rows] += 1
        return offsets, places

    def list_of(self, offsets: Array, values: ArrowArray) -> ArrowArray:
        return pa.Array.from_buffers(
            pa.list_(values.type),
            self.rows,
            [self.validity(), pa.py_buffer(offsets)],
            children=[values],
        )


def _taken(of: Array, places: Array) -> Array:
    return of[places] if len(of) else np.zeros(0, np.int16)
