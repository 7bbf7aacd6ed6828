"""Where everything stands in a frame, and what is said of all its rows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

import attrs
from pyarrow import types

from milia_cds.case.misplaced import misplaced_fact
from milia_cds.case.statement import AS_OF, ASSUMED, read_screened
from milia_cds.errors import Problem, ProblemsError, nearest, quoted
from milia_cds.knowledge.model import Knowledge
from milia_cds.logic.facts import Kind, Members, Weights, plain_value

NOT_KNOWN = "not_known"
"""The column that names the facts that were asked and are not known."""
UNREAD = "unread"
"""The column of what is wrong with rows that could not be read at all."""
BETWEEN = "__"
"""What may stand for the dot in the name of a column."""

_BESIDE = (ASSUMED, AS_OF, NOT_KNOWN, UNREAD)


class FrameError(ProblemsError):
    """A frame cannot be read: its columns, or what was given beside it."""

    subject = "The frame"


def dotted_name(column: str) -> str:
    """The dotted name of the fact in a column."""
    return column.replace(BETWEEN, ".", 1)


@attrs.frozen
class ForAllRows:
    """What is said of all rows of a frame.

    Parameters
    ----------
    assume_absent
        The sections and spoken questions that were screened for.
    offers
        The options that the clinic offers; `None` is everything.
    weights
        The weights that replace the defaults.
    """

    assume_absent: tuple[str, ...] = ()
    offers: frozenset[str] | None = None
    weights: Mapping[str, int] | None = None


def for_all_rows(
    base: Knowledge,
    assume_absent: Iterable[str] = (),
    offers: Collection[str] | None = None,
    weights: Mapping[str, int] | None = None,
) -> ForAllRows:
    """Read what is said of all rows of a frame, strictly.

    Parameters
    ----------
    base
        The knowledge base.
    assume_absent, offers, weights
        As for `ForAllRows`.

    Raises
    ------
    FrameError
        With every problem at once.
    """
    problems: list[Problem] = []
    names = assume_absent if isinstance(assume_absent, str) else [*assume_absent]
    screened = read_screened(base.vocabulary, names, problems)
    read: dict[str, Any] = {}
    kinds: dict[str, tuple[Kind, Any]] = {
        "offers": (Members(tuple(base.options)), offers),
        "weights": (Weights(tuple(base.criteria)), weights),
    }
    for name, (kind, given) in kinds.items():
        if given is not None:
            plain = dict(given) if isinstance(given, Mapping) else given
            plain = sorted(plain) if isinstance(plain, set | frozenset) else plain
            plain = [*plain] if isinstance(plain, tuple) else plain
            read[name] = kind.read(plain_value(plain), name, problems)
    if problems:
        raise FrameError(problems)
    return ForAllRows(tuple(screened), read.get("offers"), read.get("weights"))


class CellsAt(NamedTuple):
    """Where a fact stands in a batch: a column, or a part of a column of structs."""

    column: int
    part: int | None = None


@attrs.frozen(eq=False)
class Layout:
    """Where everything stands in the batches of a schema.

    Parameters
    ----------
    facts
        Where each fact or setting stands, by dotted name.
    others
        Where stands what a case says beside its facts.
    kept
        The columns that are handed on, in their order.
    left_out
        The facts that have no column.
    """

    facts: Mapping[str, CellsAt]
    others: Mapping[str, int]
    kept: tuple[int, ...]
    left_out: tuple[str, ...]

    @classmethod
    def of(
        cls, base: Knowledge, schema: Any, keep: Collection[str], said: ForAllRows
    ) -> Layout:
        """Find everything in a schema of Arrow.

        Parameters
        ----------
        base
            The knowledge base.
        schema
            The schema.
        keep
            The names of the columns that are handed on, and not read unless they are
            facts.
        said
            What is said of all rows.

        Raises
        ------
        FrameError
            With every column that nothing in a case is called, that says what another
            says, or that is missing.
        """
        keep = [keep] if isinstance(keep, str) else [*keep]
        found = _Finding(base, keep)
        for number, field in enumerate(schema):
            found.place(number, field)
        found.beside(said)
        for name in keep:
            if name not in schema.names:
                mend = nearest(name, schema.names)
                found.problems.append(Problem(name, "there is no such column", mend))
        if found.problems:
            raise FrameError(found.problems)
        missing = tuple(name for name in base.kinds if name not in found.facts)
        kept = tuple(found.kept[name] for name in keep)
        return cls(found.facts, found.others, kept, missing)


class _Finding:
    """Finds the columns of a schema, gathering problems."""

    def __init__(self, base: Knowledge, keep: Collection[str]) -> None:
        self.vocabulary = base.vocabulary
        self.keep = keep
        self.facts: dict[str, CellsAt] = {}
        self.others: dict[str, int] = {}
        self.kept: dict[str, int] = {}
        self.problems: list[Problem] = []
        self._named: dict[str, str] = {}

    def place(self, number: int, field: Any) -> None:
        name, sections = field.name, self.vocabulary.by_section
        dotted = dotted_name(name)
        if name in self.keep:
            self.kept[name] = number
        if name in _BESIDE:
            self.others[name] = number
        elif dotted in self.vocabulary.kinds:
            self._fact(dotted, name, CellsAt(number))
        elif name in sections and types.is_struct(field.type):
            for part, inner in enumerate(field.type):
                self._part(name, inner, CellsAt(number, part))
        elif name in sections and types.is_null(field.type):
            for fact in sections[name]:
                self._fact(f"{name}.{fact}", name, CellsAt(number))
        elif name not in self.keep:
            self._unknown(name, dotted)

    def _part(self, section: str, inner: Any, place: CellsAt) -> None:
        name = f"{section}.{inner.name}"
        if inner.name in self.vocabulary.by_section[section]:
            self._fact(name, name, place)
        else:
            told = misplaced_fact(
                self.vocabulary, section, inner.name, None, name, brief=False
            )
            self.problems.append(told)

    def _fact(self, dotted: str, name: str, place: CellsAt) -> None:
        first = self._named.setdefault(dotted, name)
        if dotted in self.facts:
            message = f"{quoted(name)} says what the column {quoted(first)} says"
            self.problems.append(Problem(name, message, "drop one of the two"))
        self.facts[dotted] = place

    def _unknown(self, name: str, dotted: str) -> None:
        known = [*self.vocabulary.kinds, *self.vocabulary.sections, *_BESIDE]
        mend = nearest(dotted, known)
        if name in self.vocabulary.sections:
            mend = "give a struct of facts, or a column for each fact"
        message = "there is nothing of this name in a case"
        handed_on = "or name it in keep, to hand it on unread"
        self.problems.append(
            Problem(name, message, f"{mend.rstrip('?.')}; {handed_on}")
        )

    def beside(self, said: ForAllRows) -> None:
        """Refuse what both a column and an argument say."""
        roles = self.vocabulary.roles
        given = {
            ASSUMED: bool(said.assume_absent) and ASSUMED in self.others,
            "offers": said.offers is not None and roles.offers in self.facts,
            "weights": said.weights is not None and roles.weights in self.facts,
        }
        for name, twice in given.items():
            if twice:
                message = "a column says it by row, and it is given for all rows too"
                self.problems.append(Problem(name, message, "give one of the two"))
