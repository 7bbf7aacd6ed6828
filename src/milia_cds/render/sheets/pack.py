"""The review pack: what a clinician judges in an afternoon, and then signs.

Patients and leaflets are handed in, since only the rooms above can answer for a case.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

import attrs

from milia_cds.explanation.outcome import Stamp, stamp
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.reviews import JUDGED, SECTIONS, SectionId
from milia_cds.knowledge.signing import (
    LETTERS,
    counting,
    digests_of,
    last_signed,
    mark_of,
    marks_of,
)
from milia_cds.knowledge.wording import capital
from milia_cds.render.blocks import (
    Ballot,
    BallotRow,
    Banner,
    Block,
    Enclosed,
    Item,
    Paragraph,
    Part,
    Points,
    Sheet,
    Span,
    Table,
)
from milia_cds.render.markup import Page
from milia_cds.render.phrases import rests_on, spaced
from milia_cds.render.sheets.pack_rows import Ballots, Since, since
from milia_cds.render.sheets.pack_time import boxes, in_words, minutes, words_in

_TITLES: Mapping[SectionId, str] = {
    "standings": "Scenarios and options: one standing in each cell",
    "dangers": "Alerts, destinations and urgencies",
    "guarantees": "What must never happen",
    "patients": "Patients: the answer in one line",
    "figures": "Every figure beside its source",
    "leaflets": "Leaflets as they print",
    "rules": "Rules by harm: never, look, call",
    "texts": "All other texts",
}
_HOW: Mapping[SectionId, str] = {
    "standings": "Read a row, and ring a cell that you would change.",
    "dangers": "Each is said whatever else is decided. In italics: to the patient.",
    "guarantees": "Proved over every case by milia-cds check, or held by tests.",
    "patients": "Judge the patient, not the rule. To change: write what you would do.",
    "figures": "The figure, the population and the source must agree.",
    "leaflets": "Read as the patient would, and look at how it prints.",
    "rules": "What forbids, then warning signs, then when to call; the graver first.",
    "texts": "Framed: changed since they were signed.",
}
_RECKONED = """\
Reckoned, not timed: 150 words a minute; besides reading, 30 seconds a row, 45 a \
patient, 20 a rule, 2 a cell of the first table, a minute to look at each leaflet."""
_DIGEST = re.compile(r"sha256:[0-9a-f]+")
_LINE = "_" * 24
From = Literal["vignettes", "examples", "none"]


@attrs.frozen
class Judged:
    """A patient to judge: who it is, and the answer in one line.

    `facts` are those that depart from what is usual; `stated` is all that is stated.
    """

    id: str
    facts: str
    answer: str
    stated: str

    @property
    def mark(self) -> str:
        """What changes with what is stated, or with the answer."""
        return mark_of([self.stated, self.answer])


@attrs.frozen
class HandedOut:
    """A leaflet as it prints, and for whom it is."""

    id: str
    title: str
    page: Page

    @property
    def mark(self) -> str:
        """What changes with the leaflet, but not with the digest on it."""
        return mark_of([self.title, _DIGEST.sub("", self.page.body)])


@attrs.frozen(slots=False)
class Pack:
    """All that is printed for a review.

    Parameters
    ----------
    base
        The knowledge base.
    patients, leaflets
        The patients to judge, and the leaflets.
    usual
        What holds for the patients where nothing else is said.
    drawn_from
        Where the patients come from.
    whole
        Whether all other texts are printed too, changed or not.
    overdue
        Whether the day by which to review the knowledge has passed.
    """

    base: Knowledge
    patients: tuple[Judged, ...] = ()
    leaflets: tuple[HandedOut, ...] = ()
    usual: str = ""
    drawn_from: From = "none"
    whole: bool = False
    overdue: bool = False

    @property
    def stamp(self) -> Stamp:
        """Which knowledge is reviewed, and how far it has been."""
        return stamp(self.base, overdue=self.overdue)

    def marks(self, section: SectionId) -> dict[str, str]:
        """The mark of each row of a section, as a signature keeps them."""
        if section not in JUDGED:
            return marks_of(self.base, section)
        rows = self.patients if section == "patients" else self.leaflets
        return {each.id: each.mark for each in rows}


@attrs.frozen
class _Section:
    id: SectionId
    blocks: tuple[Block, ...]

    @property
    def number(self) -> int:
        return SECTIONS.index(self.id) + 1

    @property
    def title(self) -> str:
        return f"{self.number} {_TITLES[self.id]}"

    @property
    def estimate(self) -> str:
        count = boxes(self.blocks)
        noun = "box" if count == 1 else "boxes"
        return f"{count} {noun}, about {in_words(minutes(self.blocks)) or '0 min'}."


def pack_sheet(pack: Pack) -> Sheet:
    """The review pack as a sheet.

    Parameters
    ----------
    pack
        What is to be printed.
    """
    about, known = pack.base.about, pack.stamp
    sections = [*_sections(pack)]
    printed = [each for each in sections if boxes(each.blocks)]
    return Sheet(
        f"{about.name}: review pack",
        Banner(known.notice, about.certainty),
        (
            *_cover(pack, printed),
            *(_part(pack, each) for each in printed),
            _signing(pack),
        ),
        (f"Knowledge {about.version}, {about.status}", *rests_on(known)),
    )


def foot_line(pack: Pack) -> str:
    """What stands at the foot of every page.

    Parameters
    ----------
    pack
        What is to be printed.
    """
    about = pack.base.about
    return (
        f"{about.name}, knowledge {about.version}, {pack.base.digest[:19]}. "
        f"{capital(pack.stamp.notice)}."
    )


def _sections(pack: Pack) -> Iterator[_Section]:
    made = Ballots(pack.base)
    written: dict[SectionId, tuple[Block, ...]] = {
        "standings": (made.standings(), _key()),
        "dangers": (made.dangers(),),
        "guarantees": (made.guarantees(),),
        "patients": (*_usual(pack), _patients(pack)),
        "figures": (made.figures(),),
        "leaflets": tuple(_leaflets(pack)),
        "rules": (made.rules(),),
        "texts": (made.texts(whole=pack.whole),),
    }
    for name in SECTIONS:
        yield _Section(name, written[name])


def _key() -> Paragraph:
    said: list[str | Span] = []
    for standing, letter in LETTERS.items():
        said += [Span(letter, "strong"), f" {spaced(standing)}. "]
    return Paragraph([*said, "Framed: changed since it was signed."])


def _usual(pack: Pack) -> Iterator[Paragraph]:
    if pack.usual:
        yield Paragraph([Span("Unless said otherwise: ", "strong"), pack.usual])


def _patients(pack: Pack) -> Ballot:
    known = _judged_since(pack, "patients")
    rows = []
    for number, each in enumerate(pack.patients, 1):
        framed = range(3) if known.changed(each.id) else ()
        rows.append(
            BallotRow(
                each.id, (str(number), each.facts, each.answer), frozenset(framed)
            )
        )
    headings = ("No", "Patient", "Answer")
    return Ballot(
        headings, rows, seconds=45, room="What you would do", widths=(3, 31, 43, 6, 17)
    )


def _leaflets(pack: Pack) -> Iterator[Block]:
    known = _judged_since(pack, "leaflets")
    for each in pack.leaflets:
        framed = frozenset({0} if known.changed(each.id) else ())
        row = BallotRow(each.id, (each.title,), framed)
        yield Ballot(("Leaflet",), (row,), room="What you would change")
        yield Enclosed(each.title, each.page)


def _judged_since(pack: Pack, section: SectionId) -> Since:
    return Since(last_signed(pack.base, section), pack.marks(section))


# -- each section --


def _part(pack: Pack, section: _Section) -> Part:
    digest = digests_of(pack.base)[section.id].removeprefix("sha256:")[:12]
    sign = f" Section {digest}. Signature {_LINE} Date {_LINE[:12]}"
    how = f" {_HOW[section.id]}"
    lead = Paragraph([Span(section.estimate, "strong"), how, Span(sign, "quiet")])
    return Part(
        section.title,
        (lead, *map(Paragraph, _history(pack, section.id)), *section.blocks),
        folded=False,
    )


def _history(pack: Pack, section: SectionId) -> Iterator[str]:
    """Who has signed a section, and what has changed since."""
    for each in counting(pack.base).get(section, ()):
        yield f"Signed by {each.by} on {each.date}; nothing has changed since."
        return
    last = last_signed(pack.base, section)
    if last is None:
        return
    judged = section in JUDGED
    known = _judged_since(pack, section) if judged else since(pack.base, section)
    rows = known.rows()
    count = f"{len(rows)} row{'s' * (len(rows) != 1)}"
    gone = f" Gone: {', '.join(known.gone())}." if known.gone() and not judged else ""
    yield (
        f"Changed since signed by {last.by} on {last.date}, so that the signature no "
        f"longer counts: {count}, framed.{gone}"
    )


# -- the first page, and the last --


def _cover(pack: Pack, printed: Sequence[_Section]) -> Iterator[Block]:
    total = sum(minutes(each.blocks) for each in printed)
    count = sum(boxes(each.blocks) for each in printed)
    yield Paragraph(
        [
            Span(f"{count} boxes, about {in_words(total)}", "strong"),
            f": {_sittings(printed)} {_RECKONED}",
        ]
    )
    yield Points(map(Item, _how_to()))
    yield Table(
        ("Section", "Boxes", "Words", "Minutes", "Signed"),
        [
            (
                each.title,
                str(boxes(each.blocks)),
                str(words_in(each.blocks)),
                str(minutes(each.blocks)),
                _signed(pack, each.id),
            )
            for each in printed
        ],
    )
    yield from map(Paragraph, _left_out(pack))


def _sittings(printed: Sequence[_Section]) -> str:
    """Where to stop for the day: after the section nearest to half of the time."""
    each = [minutes(section.blocks) for section in printed]
    half = min(
        range(1, len(each)),
        key=lambda n: abs(sum(each[:n]) - sum(each[n:])),
        default=0,
    )
    if not half:
        return ""
    first, last = printed[half - 1].number, printed[half].number
    return f"two sittings are better, 1 to {first}, and from {last} on another day."


def _how_to() -> Iterator[str]:
    yield (
        "In each row tick agree or change. For change, write beside it what it should "
        "say. A row without a tick is not reviewed."
    )
    yield (
        "Each section is signed by itself, and may be signed by another person. A "
        "section that changes after that counts as unsigned."
    )
    yield "Where something is missing, write it on the last page."


def _signed(pack: Pack, section: SectionId) -> str:
    signed = counting(pack.base).get(section, ())
    if signed:
        return "; ".join(f"{each.by}, {each.date}" for each in signed)
    return "changed since signed" if last_signed(pack.base, section) else "no"


def _left_out(pack: Pack) -> Iterator[str]:
    """What is not printed, and where patients come from."""
    if pack.drawn_from == "examples":
        yield (
            "No folder of vignettes was given (--cases), so the patients are the "
            "examples that come with the library."
        )
    elif not pack.patients:
        yield "No folder of vignettes was given (--cases), so there are no patients."
    if pack.whole:
        return
    made = Ballots(pack.base)
    every, changed = made.texts(whole=True), made.texts(whole=False)
    left = len(every.rows) - len(changed.rows)
    signed = last_signed(pack.base, "texts") is not None
    why = "unchanged since they were signed" if signed else "not signed yet"
    count = words_in([every]) - words_in([changed])
    yield (
        f"Not printed: {left} other texts ({count} words; "
        f"arguments, notes, steps, questions, words for patients), {why}. "
        "milia-cds review --all prints them. The knowledge is reviewed when every "
        "section is signed, these too."
    )


def _signing(pack: Pack) -> Part:
    digests = digests_of(pack.base)
    rows = [
        (_TITLES[name], str(len(pack.marks(name))), digests[name]) for name in SECTIONS
    ]
    return Part(
        "Signing",
        (
            Paragraph(
                "milia-cds review --format toml prints what goes into reviews.toml, "
                "in the folder of the knowledge: fill in who signs and when, and leave "
                "out each section, patient and leaflet that you do not agree with."
            ),
            Table(("Section", "Rows", "Digest"), rows),
            Paragraph(f"Name and specialty {_LINE} Register number {_LINE}"),
            Paragraph(f"Conflicts of interest {_LINE} Time that it took {_LINE}"),
            Paragraph("Missing, or to be worded differently:"),
        ),
        folded=False,
    )


# -- what is pasted --


def signatures_to_fill(pack: Pack) -> str:
    """The text of `reviews.toml`, with who signs and when left to be filled in.

    Parameters
    ----------
    pack
        What was printed.
    """
    return "\n".join(_toml(pack))


def _toml(pack: Pack) -> Iterator[str]:
    yield "# Signatures of a review: leave out what you do not agree with."
    yield "# What each key means: README.md."
    digests = digests_of(pack.base)
    for name in SECTIONS:
        yield "\n[[signature]]"
        yield f'section = "{name}"'
        for key in ("name", "role", "date"):
            yield f'{key} = ""'
        yield f'digest = "{digests[name]}"'
        yield "\n[signature.rows]"
        for row, mark in pack.marks(name).items():
            yield f"{_quoted(row)} = {_quoted(mark)}"
    yield ""


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
