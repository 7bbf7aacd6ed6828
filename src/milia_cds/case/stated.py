"""A case of any domain, as it was stated.

`AnyCase` is what every case can do, `StatedCase` a case without typed sections.
"""

from __future__ import annotations

import json
from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Self, TypeVar

import attrs

from milia_cds.case.misplaced import mend_of_fact
from milia_cds.case.statement import AS_OF, ASSUMED, read_statement
from milia_cds.case.strict_json import parse_json
from milia_cds.case.vocabulary import Vocabulary
from milia_cds.errors import (
    CaseError,
    Problem,
    Problems,
    name_in_path,
    only,
    quoted,
)
from milia_cds.logic.facts import Value
from milia_cds.shown import AtHome

C = TypeVar("C", bound="StatedCase")


class AnyCase(AtHome):
    """A case of some domain, as it was stated; a fact that is `None` is not known."""

    __slots__ = ()

    @property
    @abstractmethod
    def vocabulary(self) -> Vocabulary:
        """The vocabulary by which it was read."""

    @property
    @abstractmethod
    def assume_absent(self) -> tuple[str, ...]:
        """The sections and questions that were screened for: left out is not there."""

    @property
    @abstractmethod
    def as_of(self) -> date | None:
        """The day on which it was stated, where that was said."""

    @property
    @abstractmethod
    def not_known(self) -> frozenset[str]:
        """The facts that were asked and are not known."""

    @abstractmethod
    def value(self, name: str) -> Any:
        """The value of a fact or setting by its dotted name; `None` is not known.

        Parameters
        ----------
        name
            The name. A role that the domain does not give
            has none, "", and so no value.
        """

    @abstractmethod
    def _given(self, section: str) -> Mapping[str, Any]:
        """What a section does not leave out, by the name of the fact in it."""

    @abstractmethod
    def _read_again(self, data: object, problems: list[Problem]) -> Self:
        """The case that plain values give, read by the same vocabulary."""

    def values(self) -> tuple[Value | None, ...]:
        """The stated values in the order of the vocabulary."""
        return tuple(map(self.value, self.vocabulary.readable))

    def facts(self) -> dict[str, Value | None]:
        """The stated values by dotted name; `None` is not known."""
        return dict(zip(self.vocabulary.readable, self.values(), strict=True))

    def absent(self) -> Sequence[Value | None]:
        """What `assume_absent` says of each fact, in the order of the vocabulary.

        It says nothing, `None`, of numbers and of what was asked and is not known; what
        is stated goes before it.
        """
        absent = self.vocabulary.absences(self.assume_absent)
        if not self.not_known:
            return absent
        left = list(absent)
        for name in self.not_known:
            left[self.vocabulary.places[name]] = None
        return left

    def absences(self) -> dict[str, Value]:
        """The values that `assume_absent` stands for, by dotted name.

        Left out are facts that were stated, or asked and not known, and numbers.
        """
        return {
            name: absence
            for name, stated, absence in zip(
                self.vocabulary.readable, self.values(), self.absent(), strict=True
            )
            if stated is None and absence is not None
        }

    def stating(self, facts: Mapping[str, Any] | None = None, /, **more: Any) -> Self:
        """The case with some other facts stated.

        Parameters
        ----------
        facts, more
            Plain JSON values by the name of the fact or setting, dotted or, where it is
            used in one section only, without its section; `None` is not known.

        Raises
        ------
        CaseError
            With every problem at once, each with its path and how to mend it; a fact
            that is given by two names is one.
        WrongTypeError
            When `facts` is no mapping.

        Examples
        --------
        >>> from milia_cds import Case
        >>> Case().stating({"age_years": 34, "patient.preterm": False}).to_dict()
        {'patient': {'age_years': 34, 'preterm': False}}
        >>> Case().stating(age_years=34) == Case().stating({"age_years": 34})
        True
        """
        given = {} if facts is None else facts
        only(Mapping, given, "stating takes facts by name", "use {name: value}")
        problems = Problems()
        data = self.to_dict()
        pairs = [*given.items(), *more.items()]
        for name, value in _named_once(self.vocabulary, pairs, problems):
            section, _, fact = name.partition(".")
            data.setdefault(section, {})[fact] = value
        return self._read_again(data, problems)

    def to_dict(self) -> dict[str, Any]:
        """The case as plain JSON values; reading them gives the same case."""
        plain: dict[str, Any] = {}
        for section, kinds in self.vocabulary.by_section.items():
            given = self._given(section)
            said = {
                fact: None if given[fact] is None else kind.plain(given[fact])
                for fact, kind in kinds.items()
                if fact in given
            }
            if said:
                plain[section] = said
        if self.assume_absent:
            plain[ASSUMED] = list(self.assume_absent)
        if self.as_of is not None:
            plain[AS_OF] = self.as_of.isoformat()
        return plain

    def to_json(self, *, indent: int | None = None) -> str:
        """The case as JSON text.

        Parameters
        ----------
        indent
            The spaces of one step of indentation; `None` writes one line.
        """
        return json.dumps(self.to_dict(), indent=indent)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class StatedCase(AnyCase):
    """A case of any domain, without typed sections; `Knowledge.case` reads one.

    Parameters
    ----------
    vocabulary
        The vocabulary by which it was read.
    stated
        The values that are known, by dotted name, settings included.
    assume_absent
        The sections and spoken questions that were screened for.
    not_known
        The facts that were asked and are not known.
    as_of
        The day on which it was stated, or `None`.
    """

    vocabulary: Vocabulary
    stated: Mapping[str, Value]
    assume_absent: tuple[str, ...] = ()
    not_known: frozenset[str] = frozenset()
    as_of: date | None = None

    def __eq__(self, other: object) -> bool:
        """Whether both state the same by the same vocabulary."""
        if not isinstance(other, StatedCase):
            return NotImplemented
        said, others = self._said, other._said
        return said == others and self.vocabulary.agrees_with(other.vocabulary)

    def __hash__(self) -> int:
        """A hash that equal cases share."""
        return hash((frozenset(self.stated), *self._said[1:]))

    @property
    def _said(self) -> tuple[object, ...]:
        return self.stated, self.assume_absent, self.not_known, self.as_of

    def __repr__(self) -> str:
        """Show what is stated."""
        return f"<A case of {self.vocabulary.domain}: {self.to_json()}>"

    def value(self, name: str) -> Any:
        """The value of a fact or setting by its dotted name; `None` is not known.

        Parameters
        ----------
        name
            The name. A role that the domain does not give
            has none, "", and so no value.
        """
        return self.stated.get(name)

    def _given(self, section: str) -> Mapping[str, Any]:
        given = {**self.stated, **dict.fromkeys(self.not_known)}
        split = ((name.partition("."), value) for name, value in given.items())
        return {fact: value for (of, _, fact), value in split if of == section}

    def _read_again(self, data: object, problems: list[Problem]) -> Self:
        return _stated(self.vocabulary, data, problems, type(self))

    @classmethod
    def read(cls, vocabulary: Vocabulary, data: object) -> Self:
        """Read a case from plain JSON values, strictly.

        Parameters
        ----------
        vocabulary
            What it may state.
        data
            An object of sections, each an object of facts. A fact that is `None` was
            asked and is not known; one that is left out was not asked.

        Raises
        ------
        CaseError
            With every problem at once, each with its path and how to mend it.
        """
        return _stated(vocabulary, data, Problems(), cls)

    @classmethod
    def read_json(cls, vocabulary: Vocabulary, text: str | bytes) -> Self:
        """Read a case from JSON text, strictly.

        Parameters
        ----------
        vocabulary
            What it may state.
        text
            The text; bytes are read as UTF-8.

        Raises
        ------
        CaseError
            With every problem at once, each with its path and how to mend it.
        """
        return _stated(vocabulary, *parse_json(text, CaseError), cls)


def _stated(
    vocabulary: Vocabulary, data: object, problems: list[Problem], made: type[C]
) -> C:
    read = read_statement(vocabulary, data, problems)
    given = {
        f"{section}.{fact}": value
        for section, facts in read.sections.items()
        for fact, value in facts.items()
    }
    not_known = frozenset(name for name, value in given.items() if value is None)
    return made(
        vocabulary=vocabulary,
        stated={name: value for name, value in given.items() if value is not None},
        assume_absent=read.assume_absent,
        not_known=not_known - vocabulary.settings,
        as_of=read.as_of,
    )


def only_cases(case: object) -> None:
    """Refuse what is no case.

    Raises
    ------
    WrongTypeError
        Saying how to read one.
    """
    only(AnyCase, case, "assess takes a Case", "use Case.from_dict")


def _path_of(name: object) -> str:
    if not isinstance(name, str):
        return name_in_path(name)
    section, dot, fact = name.partition(".")
    return name_in_path(section) + (dot and f".{name_in_path(fact)}")


def _named_once(
    vocabulary: Vocabulary, facts: Iterable[tuple[Any, Any]], problems: list[Problem]
) -> Iterator[tuple[str, Any]]:
    """Each fact by its dotted name, unless it is given by two names, or is none."""
    first: dict[str, str] = {}
    for given, value in facts:
        name = vocabulary.dotted.get(given, given)
        if name not in vocabulary.kinds:
            message = f"{quoted(given)} is no fact"
            mend = "use the name of a fact"
            if isinstance(given, str):
                mend = mend_of_fact(vocabulary, given, value)
            problems.append(Problem(_path_of(given), message, mend))
        elif name in first:
            message = f"{quoted(given)} is given twice"
            if given != first[name]:
                both = f"{quoted(first[name])} and {quoted(given)}"
                message = f"{both} name the same fact"
            problems.append(Problem(name, message, "give it once"))
        else:
            first[name] = given
            yield name, value
