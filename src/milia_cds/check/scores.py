"""What there is to say of the mutants: how many were killed, and which survived."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from milia_cds.explanation.outcome import stamp
from milia_cds.knowledge.model import Knowledge
from milia_cds.render.blocks import (
    Block,
    Figure,
    Item,
    Paragraph,
    Points,
    Sheet,
    Span,
    Table,
)
from milia_cds.render.markup import Markup, element
from milia_cds.render.phrases import rests_on
from milia_cds.render.picture import Picture
from milia_cds.render.sheets.frame import framed
from milia_cds.render.svg import Title, svg

if TYPE_CHECKING:  # they need the extra `testing`
    from milia_cds.check.mutation import MutantFate, Mutation, PartScore

_WIDTH = 560
_LEFT = 110
_BAR = 360
_ROW = 28
_SHOWN = 20


def mutation_sheet(mutation: Mutation, base: Knowledge) -> Sheet:
    """What became of the mutants of a knowledge base."""
    return framed("Mutants", mutants_blocks(mutation, base), stamp(base), base.sources)


def mutants_blocks(mutation: Mutation, base: Knowledge) -> tuple[Block, ...]:
    """The scores of the parts of the knowledge, and the mutants that survived."""
    headings = ("part", "score", "killed", "survived", "equivalent")
    rows = (
        (
            each.part,
            f"{each.value:.1%}{'' if each.enough else ' (too few)'}",
            *map(str, (each.killed, each.survived, each.equivalent)),
        )
        for each in mutation.scores()
    )
    return (
        Paragraph("Killed, of all that change a result:"),
        Table(headings, rows),
        Figure(scores_picture(mutation, base), repeats=True),
        Points(map(_survivor, mutation.survivors), _SHOWN, "survivors"),
    )


def _survivor(mutant: MutantFate) -> Item:
    fate = Span("survived", "tag", "bad")
    return Item((fate, Span(mutant.path, "strong"), f": {mutant.what}"))


def scores_picture(mutation: Mutation, base: Knowledge) -> Picture:
    """A bar for each part of the knowledge: killed, of all that change a result."""
    known = stamp(base)
    title = Title(f"Mutants that were killed ({known.notice})", rests_on(known))
    scores = mutation.scores()
    parts = [mark for at, each in enumerate(scores) for mark in _row(each, at * _ROW)]
    words = "\n".join(f"{each.part}: score {each.value:.1%}" for each in scores)
    return Picture.of(svg(_WIDTH, _ROW * (len(scores) + 1), title, parts), words)


def _row(score: PartScore, y: int) -> Iterator[Markup]:
    yield _text(score.part, 16, y)
    yield _bar("ground", _BAR, y)
    yield _bar("bar-a", _BAR * score.value, y)
    yield _text(f"{score.value:.1%}", _LEFT + _BAR + 12, y)


def _text(text: str, x: int, y: int) -> Markup:
    return element("text", text, x=str(x), y=str(y + 18))


def _bar(kind: str, width: float, y: int) -> Markup:
    across = f"{width:.1f}"
    place = {"x": str(_LEFT), "y": str(y + 6), "width": across, "height": "16"}
    return element("rect", class_=kind, **place)
