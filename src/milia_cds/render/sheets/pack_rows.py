"""What each section of the review pack asks to be judged, row by row.

The rows are those of `knowledge.signing`, so that what is printed is what is signed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, TypeAlias

import attrs

from milia_cds.explanation.bands import HOW_SOON
from milia_cds.knowledge.dangers import URGENCIES, URGENT, Alert, Urgency
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.reviews import SectionId, Signature
from milia_cds.knowledge.scenarios import ActionRow
from milia_cds.knowledge.signing import (
    Piece,
    last_signed,
    letters_of,
    marks_of,
    sections_of,
)
from milia_cds.knowledge.texts import HOW_SOON as HOW_SOONS
from milia_cds.knowledge.texts import NOT_KNOWN, Risk, Sentence
from milia_cds.knowledge.wording import Wording, capital
from milia_cds.logic.conditions import Condition
from milia_cds.render.alert_words import addressed
from milia_cds.render.blocks import Ballot, BallotRow, Meaning, Span, Words
from milia_cds.render.phrases import (
    about_source,
    conditional,
    grounds,
    spaced,
    unheaded,
)

_RULE, _ROW = 20, 30
"""The seconds that a rule and another row take, besides reading them."""
_HEADS = {"forbid": "Never", "look": "Look", "call": "Call"}
_NAMED = 2
"""So many situations are named, and others counted."""

_Texts: TypeAlias = dict[tuple[str, str], list[str]]
_Line: TypeAlias = "Iterable[str | Span]"


@attrs.frozen
class Since:
    """What has changed in a section since it was last signed.

    Parameters
    ----------
    signature
        The last signature; `None` where there is none.
    marks
        The marks of its rows, as they now are.
    """

    signature: Signature | None
    marks: Mapping[str, str]

    def changed(self, row: str) -> bool:
        """Whether a row is not as it was signed."""
        if self.signature is None:
            return False
        return self.signature.rows.get(row) != self.marks[row]

    def rows(self) -> list[str]:
        """The rows that are not as they were signed."""
        return [row for row in self.marks if self.changed(row)]

    def gone(self) -> list[str]:
        """The rows that were signed and are there no more."""
        signed = self.signature.rows if self.signature else {}
        return [row for row in signed if row not in self.marks]


def since(base: Knowledge, section: SectionId) -> Since:
    """What has changed in a section that is written in the files.

    Parameters
    ----------
    base
        The knowledge base.
    section
        The section.
    """
    return Since(last_signed(base, section), marks_of(base, section))


@attrs.frozen(slots=False)
class Ballots:
    """The tables of the sections of a knowledge base."""

    base: Knowledge

    @cached_property
    def words(self) -> Wording:
        """The words of conditions, in sentences."""
        return Wording(self.base, subjects=True)

    # -- scenarios and options --

    def standings(self) -> Ballot:
        """A row for each scenario, and the letter of each option in it."""
        options = self.base.options.values()
        return Ballot(
            ("Scenario", *(each.short or each.label for each in options)),
            [self.standing(name) for name in self.base.scenarios],
            seconds=_ROW + 2 * len(options),
            letters=True,
        )

    def standing(self, name: str) -> BallotRow:
        """The letters of a scenario; framed are those that changed since."""
        scenario = self.base.scenarios[name]
        letters = [*letters_of(self.base, scenario).values()]
        known = since(self.base, "standings")
        framed: set[int] = set()
        if known.changed(name) and known.signature is not None:
            before = known.signature.rows.get(name, "").partition(" ")[0]
            same = len(before) == len(letters)
            pairs = zip(before if same else " " * len(letters), letters, strict=True)
            framed = {n for n, (was, is_) in enumerate(pairs, 1) if was != is_} or {0}
        return BallotRow(name, (scenario.label, *letters), frozenset(framed))

    # -- dangers --

    def dangers(self) -> Ballot:
        """Alerts, then where it is referred to, the most urgent first."""
        rows = sections_of(self.base)["dangers"].items()
        ordered = sorted(rows, key=lambda row: _urgency(row[1]))
        return self.ballot(
            "dangers",
            ("Danger or situation", "When", "What is said", "To, and how soon"),
            {row: self.danger(row, pieces) for row, pieces in ordered},
            widths=(12, 20, 48, 13),
        )

    def danger(self, row: str, pieces: tuple[Piece, ...]) -> tuple[Words, ...]:
        """An alert, a referral, or the words for both."""
        first = pieces[0].entry
        if isinstance(first, Alert):
            return self.alert(first)
        if isinstance(first, ActionRow):
            return self.referral(pieces)
        said = "; ".join(
            dict.fromkeys(
                getattr(p.entry, "short", "") or p.entry.label for p in pieces
            )
        )
        return (capital(row), "", f"{said}.", "")

    def alert(self, alert: Alert) -> tuple[Words, ...]:
        """An alert whole, with what is never said beside it."""
        silenced = "; ".join(self.silenced(alert.silences))
        beside = f" Never said beside it: {silenced}." if silenced else ""
        return (
            capital(spaced(alert.id)),
            capital(self.clause(alert.condition)),
            [
                alert.text,
                *self.sentences(alert.sentence, "text"),
                Span(f" {alert.plain}", "quiet"),
                *self.sentences(alert.sentence, "plain"),
                f"{beside}{f' {alert.note}' if alert.note else ''}{_cited([alert])}",
            ],
            [f"{capital(addressed(alert, self.base))}, ", _how_soon(alert.urgency)],
        )

    def silenced(self, silences: Iterable[str]) -> Iterator[str]:
        """What is never said beside an alert, each claim once."""
        about: dict[str, list[str]] = {}
        for each in silences:
            claim, _, name = each.partition(":")
            about.setdefault(claim, []).append(name)
        for claim, names in about.items():
            said = self.base.claims[claim].text.removesuffix(".")
            facts = [self.base.facts[n].label for n in names if n in self.base.facts]
            named = ", ".join(filter(None, [self.labels(names), *facts]))
            yield f"{said}{f' ({named})' if named else ''}"

    def sentences(self, sentences: Iterable[Any], key: str) -> Iterator[Span]:
        """Further sentences, each with the condition on which it is said."""
        for each in sentences:
            if said := getattr(each, key):
                when = f"If {self.clause(each.condition)}: " if each.when else ""
                yield Span(f" {when}{said}", "quiet" if key == "plain" else "text")

    def referral(self, pieces: tuple[Piece, ...]) -> tuple[Words, ...]:
        """Where somebody is referred to, for all scenarios that share it."""
        row = pieces[0].entry
        owners = dict.fromkeys(p.owner.short or p.owner.label for p in pieces)
        own = f" To an operator of that field: {row.own_text}" if row.own_text else ""
        short = [f" {e}" for e in (row.short, row.brief) if e and e not in row.text]
        alone = all(len(piece.owner.action) == 1 for piece in pieces)
        named = [*owners]
        more = len(named) - _NAMED
        return (
            f"{capital(', '.join(named[:_NAMED]))}{f' and {more} more' * (more > 0)}",
            capital(self.clause(row.condition)) or ("Always" if alone else "Otherwise"),
            [
                "" if row.sentence else row.text,
                *self.sentences(row.sentence, "text"),
                Span("".join(short), "strong"),
                f"{own}{_cited([row])}",
            ],
            [
                f"{capital(self.base.destinations[row.to].label)}, ",
                _how_soon(row.urgency),
            ],
        )

    # -- guarantees --

    def guarantees(self) -> Ballot:
        """What must hold for every case, a row for each number."""
        rows = sections_of(self.base)["guarantees"]
        ordered = sorted(rows, key=int)
        return self.ballot(
            "guarantees",
            ("No", "What holds for every patient, whatever is not known"),
            {
                row: (row, " ".join(getattr(p.entry, "text", "") for p in rows[row]))
                for row in ordered
            },
            seconds=_RULE,
            widths=(4,),
        )

    # -- figures --

    def figures(self) -> Ballot:
        """A row for what some figures rest on, and the figures beside it."""
        rows = sections_of(self.base)["figures"]
        return self.ballot(
            "figures",
            ("Rests on", "What the source says", "What the library says"),
            {
                row: (row.replace(" ", ", "), self.read(pieces), self.counted(pieces))
                for row, pieces in rows.items()
            },
            widths=(8, 40, 46),
        )

    def read(self, pieces: Iterable[Piece]) -> _Line:
        """What was read of each source."""
        for name in dict.fromkeys(n for p in pieces for n in p.entry.sources):
            source = self.base.sources[name]
            said = " ".join(filter(None, (source.figure, source.claim)))
            read = "" if source.read == "read" else " Second-hand."
            sure = f" (certainty {spaced(source.certainty)})" if said else ""
            yield Span(f"{name}: ", "strong")
            yield f"{said or about_source(source)}{sure}.{read} "

    def counted(self, pieces: Iterable[Piece]) -> _Line:
        """What is said of each figure, once where several scenarios say the same."""
        found: dict[str, list[str]] = {}
        for piece in pieces:
            if not isinstance(piece.entry, Sentence):  # its whole says it
                found.setdefault(self.figure(piece.entry), []).extend(_about(piece))
        for text, named in found.items():
            if labels := self.labels(dict.fromkeys(named)):
                yield Span(f"{capital(labels)}: ", "strong")
            yield f"{text} "

    def figure(self, entry: Any) -> str:
        """A figure, and of whom it was counted."""
        clause = self.clause(entry.condition)
        if not isinstance(entry, Risk):
            return conditional(self.base.told(entry), clause)
        of = ", ".join(filter(None, (entry.population, entry.period)))
        often = "" if entry.frequency == NOT_KNOWN else f" {capital(entry.frequency)}."
        text = f"{entry.text}{often}{f' {capital(of)}.' if of else ''}"
        return conditional(text, clause)

    # -- rules by harm --

    def rules(self) -> Ballot:
        """What forbids, then what to look for, then what to call about."""
        rows = sections_of(self.base)["rules"]
        order = ("forbid", "look", "call")
        ordered = sorted(rows, key=lambda row: order.index(row.partition(".")[0]))
        return self.ballot(
            "rules",
            ("Rule", "What is said, and in few words"),
            {row: self.rule(row, rows[row]) for row in ordered},
            seconds=_RULE,
            widths=(16, 77),
        )

    def rule(self, row: str, pieces: tuple[Piece, ...]) -> tuple[Words, ...]:
        """The rules of a row, each once with those whom it is about.

        A row is named by its short form, where it has but one.
        """
        kind, _, name = row.partition(".")
        shorts = {getattr(piece.entry, "short", "") for piece in pieces}
        one = shorts.pop() if len(shorts) == 1 else ""
        whose = self.labels([name.removeprefix("own.")])
        title = getattr(pieces[0].entry, "title", "") if kind == "look" else ""
        named = title or whose or one or spaced(name)
        only = " (only this)" if whose and kind == "forbid" else ""
        return f"{_HEADS[kind]}: {named}{only}", self.said(pieces, named)

    def said(self, pieces: Sequence[Piece], named: str) -> _Line:
        """What pieces say, each condition and text once, with its short form.

        Parameters
        ----------
        pieces
            The pieces.
        named
            What the row is named by; a short form that says no more is left out.
        """
        before = ""
        for (soon, clause), texts in self.alike(pieces).items():
            lead = ", ".join(filter(None, (soon, f"if {clause}" if clause else "")))
            yield f"{capital(lead)}: " if lead else ""
            for (text, short), names in texts.items():
                labels = self.labels(names)
                if labels not in ("", before, named):
                    yield Span(f"{capital(labels)}. ", "quiet")
                before = labels
                yield f"{capital(unheaded(text, clause))} "
                if short not in ("", named):
                    yield Span(f"{capital(short)}. ", "strong")
        yield _cited(piece.entry for piece in pieces).strip()

    def alike(self, pieces: Iterable[Piece]) -> dict[tuple[str, str], _Texts]:
        """By how soon and on which condition, by text and short form: of whom.

        What holds without a condition comes first, or it would seem to have one.
        """
        found: dict[tuple[str, str], _Texts] = {}
        for piece in pieces:
            entry = piece.entry
            if "text" not in piece.keys:
                continue
            soon = spaced(getattr(entry, "how_soon", None) or "")
            texts = found.setdefault((soon, self.clause(entry.condition)), {})
            named = getattr(entry, "options", ()) or _about(piece)
            short = getattr(entry, "short", "")
            texts.setdefault((entry.text, short), []).extend(named)
        order = ["", *map(spaced, HOW_SOONS)]
        keys = sorted(found, key=lambda key: (order.index(key[0]), key[1] != ""))
        return {key: found[key] for key in keys}

    def labels(self, names: Iterable[str]) -> str:
        """Options and measures by their short names, and groups as a whole."""
        return options_in_words(names, self.base)

    # -- all other texts --

    def texts(self, *, whole: bool) -> Ballot:
        """Every other text, or those that have changed since they were signed.

        Parameters
        ----------
        whole
            Whether all of them are wanted.
        """
        rows = sections_of(self.base)["texts"]
        known = since(self.base, "texts")
        chosen = [*rows] if whole else known.rows()
        return self.ballot(
            "texts",
            ("Where", "What is said"),
            {row: (row, self.text(rows[row])) for row in chosen},
            seconds=_RULE,
            widths=(20,),
        )

    def text(self, pieces: Iterable[Piece]) -> _Line:
        """What the keys of an entry say, the condition first."""
        for piece in dict.fromkeys(pieces):
            condition = getattr(piece.entry, "condition", None)
            if condition is not None:
                yield f"If {self.clause(condition)}: "
            yield from self.keys(piece)

    def keys(self, piece: Piece) -> _Line:
        """What each key says, but the condition."""
        for key in piece.keys:
            value = getattr(piece.entry, key)
            if key == "when" or value in ("", (), None) or value == {}:
                continue
            if key in ("text", "label", "summary"):
                yield f"{_said(value)} "
            elif key in ("plain", "ask_patient"):
                yield Span(f"{_said(value)} ", "quiet")
            else:
                yield f"{capital(spaced(key))}: {_said(value)}. "

    # -- what all do --

    def clause(self, condition: Condition | None) -> str:
        """A condition in words, where there is one."""
        return "" if condition is None else self.words.condition(condition)

    def ballot(
        self,
        section: SectionId,
        headings: tuple[str, ...],
        rows: Mapping[str, tuple[Words, ...]],
        *,
        seconds: int = _ROW,
        widths: tuple[int, ...] = (),
    ) -> Ballot:
        """A table whose changed rows are framed as a whole."""
        known = since(self.base, section)
        made = []
        for row, cells in rows.items():
            framed = range(len(cells)) if known.changed(row) else ()
            made.append(BallotRow(row, cells, frozenset(framed)))
        return Ballot(headings, made, seconds=seconds, widths=widths)


def _urgency(pieces: tuple[Piece, ...]) -> tuple[int, int]:
    first = pieces[0].entry
    kinds = (Alert, ActionRow)
    kind = next((n for n, each in enumerate(kinds) if isinstance(first, each)), 2)
    urgency = getattr(first, "urgency", None)
    return kind, -URGENCIES.index(urgency) if urgency else 0


def _how_soon(urgency: Urgency) -> Span:
    """How soon, in the ink of its urgency."""
    rank = URGENCIES.index(urgency)
    ink: Meaning = "bad" if rank > URGENT else "open" if rank else ""
    return Span(HOW_SOON[urgency], "strong", ink)


def _cited(entries: Iterable[Any]) -> str:
    """What entries rest on, each source once."""
    several = tuple(entries)
    names = dict.fromkeys(n for each in several for n in getattr(each, "sources", ()))
    judged = any(getattr(each, "judgement", False) for each in several)
    named = grounds(names, judgement=judged)
    return f" ({named})" if named else ""


def _about(piece: Piece) -> list[str]:
    """The option or measure that a piece is about, where it is about one."""
    option = getattr(piece.entry, "option", "")
    owner = [piece.owner.id] if piece.owner is not None else []
    return [option] if option else owner


def _said(value: Any) -> str:
    match value:
        case str():
            return value
        case bool():
            return "yes" if value else "no"
        case Mapping():
            return "; ".join(f"{spaced(str(k))}: {_said(v)}" for k, v in value.items())
        case tuple() | list() | frozenset():
            return ", ".join(map(_said, value))
    return str(value)


def options_in_words(names: Iterable[str], base: Knowledge) -> str:
    """Options and measures by their short names, and groups as a whole.

    Parameters
    ----------
    names
        Ids; what is no option or measure is left out.
    base
        The knowledge base.
    """
    owners: dict[str, Any] = {**base.options, **base.measures}
    left = [name for name in dict.fromkeys(names) if name in owners]
    said = []
    for group in base.groups.values():
        if len(group.options) > 1 and {*group.options} <= {*left}:
            said.append(group.short or group.label)
            left = [name for name in left if name not in group.options]
    return ", ".join([*said, *(owners[n].short or owners[n].label for n in left)])
