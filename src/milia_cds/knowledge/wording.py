"""Conditions and values in words: the sentence that a clinician reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.words import FactEntry
from milia_cds.logic.conditions import (
    And,
    Atom,
    Compare,
    Condition,
    Holds,
    Not,
    OneOf,
    Or,
    Term,
    Yes,
)
from milia_cds.logic.facts import Value

_PLAIN = {
    "<": "under {n}",
    "<=": "{n} or under",
    ">": "over {n}",
    ">=": "{n} or over",
    "==": "{n}",
}
_OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}


class Wording:
    """Says conditions of a knowledge base in words.

    Parameters
    ----------
    subjects
        Whether a clause names its subject ("the patient is breastfeeding"), so that it
        can stand in a sentence of its own; without, it is a label ("is breastfeeding").
    """

    def __init__(self, base: Knowledge, *, subjects: bool = False) -> None:
        self.base = base
        self.subjects = subjects
        named = {each.subject for each in base.vocabulary.sections.values()}
        self._said_once = tuple(sorted(filter(None, named), key=len, reverse=True))

    def condition(self, condition: Condition) -> str:
        """Say a condition as a clause, such as "age under 12 years"."""
        return self._say(condition, holds=True)

    def value(self, fact: str, value: Value | None) -> str:
        """What is known of a fact, such as "is growing" or "site: cheek"."""
        entry = self.base.facts[fact]
        match value:
            case None:
                return f"{entry.label}: not known"
            case bool():
                return entry.yes if value else entry.no
            case frozenset():
                labels = [self._option(name) for name in sorted(value)]
                return f"{entry.label}: {', '.join(labels) or 'none'}"
            case str():
                return f"{entry.label}: {entry.members.get(value, value)}"
            case int() | float():
                return f"{entry.label}: {_amount(value, entry)}"
            case _:
                return f"{entry.label}: {value}"

    def _say(self, condition: Condition, *, holds: bool) -> str:
        match condition:
            case Atom(fact, Yes()):
                clause = self._atom(fact, Yes(), holds=holds)
                return self._led(self.base.vocabulary.subject(fact), clause)
            case Atom(fact, test):
                return self._atom(fact, test, holds=holds)
            case Term(name, _):
                entry = self.base.terms[name]
                return self._led(entry.subject, entry.label if holds else entry.not_)
            case Not(part):
                return self._say(part, holds=not holds)
            case And(parts) | Or(parts):
                every = isinstance(condition, And) is holds
                between = self._between(parts) if isinstance(condition, And) else ""
                if between and holds:
                    return between
                return self._joined(parts, holds=holds, every=every)

    def _joined(self, parts: Sequence[Condition], *, holds: bool, every: bool) -> str:
        said = dict.fromkeys(
            self._part(part, holds=holds, every=every) for part in parts
        )
        return (" and " if every else " or ").join(self._same_subject_once(said))

    def _part(self, part: Condition, *, holds: bool, every: bool) -> str:
        clause = self._say(part, holds=holds)
        while isinstance(part, Not):
            part, holds = part.part, not holds
        if isinstance(part, And | Or) and not (holds and self._chain(part)):
            mixed = isinstance(part, And) is holds
            return clause if mixed is every else f"({clause})"
        return clause

    def _chain(self, part: And | Or) -> bool:
        return isinstance(part, And) and bool(self._between(part.parts))

    def _between(self, parts: Sequence[Condition]) -> str:
        """Say two bounds of one number as a range."""
        match parts:
            case (
                Atom(fact, Compare(">=", low)),
                Atom(other, Compare("<" | "<=" as sign, high)),
            ) if fact == other:
                entry = self.base.facts[fact]
                to = "to" if sign == "<=" else "to under"
                return self._number(fact, f"{_figure(low)} {to} {_amount(high, entry)}")
        return ""

    def _atom(self, fact: str, test: object, *, holds: bool) -> str:
        entry = self.base.facts[fact]
        match test:
            case Yes():
                return entry.yes if holds else entry.no
            case OneOf(_, str() as name):
                named = self.base.sets[name]
                return self._led(named.subject, named.label if holds else named.not_)
            case OneOf(members, _):
                labels = [
                    label for name, label in entry.members.items() if name in members
                ]
                verb = "is" if holds else "is not"
                return f"{self._named(fact)} {verb} {_listed(labels)}"
            case Compare("==", bound) if not holds:
                return self._number(fact, f"other than {_amount(bound, entry)}")
            case Compare(sign, bound):
                said = _PLAIN[sign if holds else _OPPOSITE[sign]]
                return self._number(fact, said.format(n=_amount(bound, entry)))
            case Holds(member):
                clause = entry.has if holds else entry.lacks
                return clause.format(self._option(member))
        message = f"no words for {test}"
        raise TypeError(message)

    def _led(self, subject: str, clause: str) -> str:
        return f"{subject} {clause}".strip() if self.subjects else clause

    def _named(self, fact: str) -> str:
        label = self.base.facts[fact].label
        section = self.base.vocabulary.section(fact)
        owner = section.possessive if section and self.subjects else ""
        return f"{owner} {label}".strip()

    def _number(self, fact: str, said: str) -> str:
        return f"{self._named(fact)} {'is ' * self.subjects}{said}"

    def _option(self, name: str) -> str:
        option = self.base.options.get(name)
        return option.label if option else name

    def _same_subject_once(self, clauses: Iterable[str]) -> Iterator[str]:
        """Leave a subject out where the clause before began with it."""
        before = ""
        for clause in clauses:
            begins = (s for s in self._said_once if clause.startswith(f"{s} "))
            subject = next(begins, "")
            same = subject and subject == before
            yield clause.removeprefix(subject).strip() if same else clause
            before = subject


def _listed(labels: Iterable[str]) -> str:
    *first, last = labels
    return f"{', '.join(first)} or {last}" if first else last


def _figure(value: float) -> str:
    return f"{value:g}"


def _amount(value: float, entry: FactEntry) -> str:
    unit = entry.unit.removesuffix("s") if value == 1 else entry.unit
    return f"{_figure(value)} {unit}".rstrip()


def capital(text: str) -> str:
    """Begin a text with a capital letter, and leave the rest as it is."""
    return text[:1].upper() + text[1:]
