"""What a reviewer signs: the sections of the knowledge, row by row, with their digests.

Every entry stands in a row of just one section, or in two by different keys. So what
is changed after a signature is found, whatever it is.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Any, TypeAlias

import attrs

from milia_cds.errors import Problem, quoted
from milia_cds.knowledge.dangers import Addressee, Alert, UrgencyWords
from milia_cds.knowledge.entries import Placed
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.options import STANDINGS, Argument, Gate
from milia_cds.knowledge.promises import Guarantee, Promise
from milia_cds.knowledge.reviews import JUDGED, SECTIONS, SectionId, Signature
from milia_cds.knowledge.scenarios import ActionRow, Destination, Scenario
from milia_cds.knowledge.texts import NOT_KNOWN, Advice, Call, Check, Risk

LETTERS = {
    "first_line": "F",
    "reasonable": "R",
    "limited": "L",
    "not_recommended": "n",
}
"""The letter of each standing."""
_SIGNED_APART = frozenset({"version", "date", "review_by", "notice", "name"})
"""What `about.toml` says of one version only."""
_RATE = re.compile(r"\d[\d,.]*(?: ?%| in \d| of \d| times\b)")
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_MARK = re.compile(r"(?:[A-Za-z]* )?[0-9a-f]{16}")


@attrs.frozen
class Piece:
    """Some keys of an entry where it stands, and the entry that it is a part of."""

    path: str
    entry: Any
    keys: tuple[str, ...]
    owner: Any = None

    def content(self) -> list[Any]:
        """What the keys say, in whatever order a record declares them."""
        owner = getattr(self.owner, "id", "")
        return [owner, {key: _plain(getattr(self.entry, key)) for key in self.keys}]


Rows: TypeAlias = Mapping[str, tuple[Piece, ...]]
_Place: TypeAlias = tuple[SectionId, str, Callable[[str], bool]]
"""A section, a row in it, and which keys of an entry stand there."""


def sections_of(base: Knowledge) -> Mapping[SectionId, Rows]:
    """The rows of every section that is written in the files, by the id of the row.

    Parameters
    ----------
    base
        The knowledge base.
    """
    return _sections(base)


@lru_cache(maxsize=4)
def _sections(base: Knowledge) -> Mapping[SectionId, Rows]:
    found: dict[SectionId, dict[str, list[Piece]]] = {
        name: {} for name in SECTIONS if name not in JUDGED
    }
    for placed in base.entries:
        for section, row, piece in _pieces(placed):
            found[section].setdefault(row, []).append(piece)
    for row, entry in _unplaced(base):
        found["texts"][row] = [Piece(row, entry, _given(entry))]
    return {
        section: {row: tuple(pieces) for row, pieces in rows.items()}
        for section, rows in found.items()
    }


def _pieces(placed: Placed) -> Iterator[tuple[SectionId, str, Piece]]:
    """The rows in which an entry stands, each with the keys that stand there."""
    path, entry, _, within = placed
    owner = within[0] if within else None
    keys = _given(entry)
    place = _place(placed)
    apart: tuple[str, ...] = ()
    if place is not None:
        section, row, signs = place
        apart = tuple(key for key in keys if signs(key))
        yield section, row, Piece(path, entry, apart, owner)
    rest = tuple(key for key in keys if key not in apart)
    if any(getattr(entry, key) for key in rest):
        yield "texts", path, Piece(path, entry, rest, owner)


def _place(placed: Placed) -> _Place | None:
    """The section and the row of an entry other than that of all other texts."""
    for entry in (*placed.within, placed.entry):
        for find in (_danger, _promise, _rule, _figure):
            if found := find(entry, placed):
                return found
    entry = placed.entry
    if isinstance(entry, Scenario):
        return "standings", entry.id, lambda key: key in {*STANDINGS, "label"}
    return None


def _danger(entry: Any, placed: Placed) -> _Place | None:
    match entry:
        case Alert():
            return "dangers", f"alert.{entry.id}", _every
        case ActionRow(act="refer"):
            return "dangers", placed.path.partition(".sentence")[0], _every
        case Addressee() | Destination() | UrgencyWords():
            return "dangers", "urgencies and destinations", _every
    return None


def _promise(entry: Any, _: Placed) -> _Place | None:
    if isinstance(entry, Guarantee | Promise):
        return "guarantees", str(entry.number), _every
    return None


def _rule(entry: Any, placed: Placed) -> _Place | None:
    owner = getattr(placed.within[0], "id", "") if placed.within else ""
    match entry:
        case Gate(kind="forbid"):
            name = entry.id if entry.place else f"own.{owner}"
            return "rules", f"forbid.{name}", _not_plain
        case Call():
            return "rules", f"call.{owner or entry.how_soon}", _not_plain
        case Advice(kind="red_flag"):
            return "rules", f"look.{entry.id}", _every
        case Check():
            return "rules", "look.before anything is done", _every
    return None


def _figure(entry: Any, _: Placed) -> _Place | None:
    if isinstance(entry, Risk | Argument | Advice) and has_figure(entry):
        return "figures", figure_row(entry), _not_plain
    return None


def _every(key: str) -> bool:
    return bool(key)


def _not_plain(key: str) -> bool:
    return key != "plain"


def has_figure(entry: Any) -> bool:
    """Whether an entry says how often something is, or how much.

    Parameters
    ----------
    entry
        A risk, an argument or a piece of advice.
    """
    if getattr(entry, "frequency", NOT_KNOWN) != NOT_KNOWN:
        return True
    said = f"{entry.text} {getattr(entry, 'population', '')}"
    return bool(_RATE.search(said))


def figure_row(entry: Any) -> str:
    """The row of a figure: what it rests on."""
    return " ".join(entry.sources) or "judgement"


def _unplaced(base: Knowledge) -> Iterator[tuple[str, Any]]:
    """What the knowledge says in entries that have no place of their own."""
    for number, alias in enumerate(base.vocabulary.vernacular.aliases):
        yield f"aliases.toml: alias[{number}]", alias
    for name, section in base.vocabulary.sections.items():
        yield f"facts.toml: section.{name}", section


# -- marks and digests --


def marks_of(base: Knowledge, section: SectionId) -> dict[str, str]:
    """The mark of every row of a section, which changes with what the row says.

    Parameters
    ----------
    base
        The knowledge base.
    section
        A section that is written in the files.
    """
    return {
        row: f"{_letters(base, row)} {_mark(base, pieces)}"
        if section == "standings"
        else _mark(base, pieces)
        for row, pieces in sections_of(base)[section].items()
    }


def _mark(base: Knowledge, pieces: Iterable[Piece]) -> str:
    content = [piece.content() for piece in pieces]
    cited = {name for p in pieces for name in getattr(p.entry, "sources", ())}
    said = [base.sources[name].claim for name in sorted(cited & {*base.sources})]
    return mark_of([content, said])


def mark_of(content: Any) -> str:
    """A short digest of anything that JSON can say."""
    return _sha(json.dumps(content, sort_keys=True))[:16]


def letters_of(base: Knowledge, scenario: Scenario) -> dict[str, str]:
    """The letter of every option in a scenario, by id.

    Parameters
    ----------
    base
        The knowledge base.
    scenario
        One of its scenarios.
    """
    found = {
        name: letter
        for standing, letter in LETTERS.items()
        for name in getattr(scenario, standing)
    }
    return {name: found[name] for name in base.options}


def _letters(base: Knowledge, row: str) -> str:
    return "".join(letters_of(base, base.scenarios[row]).values())


def digest_of_rows(section: str, rows: Mapping[str, str]) -> str:
    """The digest of a section, of the marks of its rows."""
    lines = (f"{row}\0{mark}\n" for row, mark in sorted(rows.items()))
    return f"sha256:{_sha(section + chr(0) + ''.join(lines))}"


def digests_of(base: Knowledge) -> Mapping[SectionId, str]:
    """The digest of every section; those that are judged rest on all of the others."""
    return _digests(base)


@lru_cache(maxsize=4)
def _digests(base: Knowledge) -> Mapping[SectionId, str]:
    written: dict[str, str] = {
        name: digest_of_rows(name, marks_of(base, name)) for name in sections_of(base)
    }
    judged = {name: digest_of_rows(name, written) for name in JUDGED}
    return {name: judged.get(name) or written[name] for name in SECTIONS}


def _sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _given(entry: Any) -> tuple[str, ...]:
    """The keys of an entry that hold no entries, which have places of their own.

    A text that is made of sentences is none: they say it.
    """
    names = [
        field.name
        for field in attrs.fields(type(entry))
        if not field.metadata.get("derived", False)
        and not _holds_entries(getattr(entry, field.name))
    ]
    apart: Collection[str] = ()
    if hasattr(entry, "intended_use"):
        apart = _SIGNED_APART
    elif getattr(entry, "sentence", ()) and not isinstance(entry, Alert):
        apart = ("text", "plain")
    return tuple(name for name in names if name not in apart)


def _holds_entries(value: Any) -> bool:
    return isinstance(value, tuple) and bool(value) and attrs.has(type(value[0]))


def _plain(value: Any) -> Any:
    """A value as JSON can say it."""
    match value:
        case None | bool() | int() | float() | str():
            return value
        case Mapping():
            return {str(key): _plain(each) for key, each in value.items()}
        case frozenset() | set():
            return sorted(map(str, value))
        case tuple() | list():
            return [_plain(each) for each in value]
        case _ if attrs.has(type(value)):
            return {
                f.name: _plain(getattr(value, f.name))
                for f in attrs.fields(type(value))
                if not f.metadata.get("derived", False)
            }
    return str(value)


# -- signatures --


def counting(base: Knowledge) -> dict[SectionId, list[Signature]]:
    """The signatures that count, by section: it has not changed since."""
    now = digests_of(base)
    found: dict[SectionId, list[Signature]] = {}
    for each in base.signatures:
        if each.digest == now[each.section]:
            found.setdefault(each.section, []).append(each)
    return found


def last_signed(base: Knowledge, section: SectionId) -> Signature | None:
    """The last signature of a section, whether it counts or not."""
    signed = [each for each in base.signatures if each.section == section]
    return max(signed, key=lambda each: each.date, default=None)


def with_status(base: Knowledge) -> Knowledge:
    """The knowledge base with the status that follows from its signatures.

    Parameters
    ----------
    base
        The knowledge base, as its files say.
    """
    if not base.signatures:
        return base
    signed = counting(base)
    if not signed:
        return base
    if {*signed} == {*SECTIONS}:
        names = tuple(dict.fromkeys(s.by for name in SECTIONS for s in signed[name]))
        notice = f"reviewed by {'; '.join(names)}"
        about = attrs.evolve(
            base.about, status="reviewed", reviewed_by=names, notice=notice
        )
    else:
        by: dict[str, list[str]] = {}
        for name in SECTIONS:
            for each in signed.get(name, ()):
                by.setdefault(each.by, []).append(name)
        about = attrs.evolve(
            base.about,
            status="partly reviewed",
            reviewed_by=tuple(f"{who} ({', '.join(of)})" for who, of in by.items()),
            notice=f"draft, {len(signed)} of {len(SECTIONS)} sections reviewed",
        )
    return attrs.evolve(base, about=about)


def unfit(signatures: Iterable[Signature]) -> Iterator[Problem]:
    """What is wrong with signatures, each with where and how to mend it."""
    for number, each in enumerate(signatures):
        path = f"reviews.toml: signature[{number}]"
        for key in ("name", "role"):
            if not getattr(each, key).strip():
                yield Problem(
                    f"{path}.{key}", "it is empty", "write who signs, as what"
                )
        if not _is_day(each.date):
            message = f"{quoted(each.date)} is no day"
            yield Problem(f"{path}.date", message, 'write the day, as "2027-01-31"')
        yield from _false(each, path)


def _false(signature: Signature, path: str) -> Iterator[Problem]:
    mend = "print the section anew (milia-cds review --format toml) and sign that"
    for row, mark in signature.rows.items():
        if not _MARK.fullmatch(mark):
            message = f"{quoted(mark)} is no mark of a row"
            yield Problem(f"{path}.rows.{row}", message, mend)
            return
    if not _DIGEST.fullmatch(signature.digest):
        message = f"{quoted(signature.digest)} is no digest"
        yield Problem(f"{path}.digest", message, mend)
    elif signature.section not in JUDGED:
        made = digest_of_rows(signature.section, signature.rows)
        if signature.digest != made:
            message = "it is not the digest of the rows below it"
            yield Problem(f"{path}.digest", message, mend)


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
