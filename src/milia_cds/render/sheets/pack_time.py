"""How long a section of the review pack takes: an estimate that is said on it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from milia_cds.render.blocks import (
    Ballot,
    Block,
    Enclosed,
    Paragraph,
    Part,
    Points,
    Table,
    words_of,
)

WORDS_A_MINUTE = 150
_LEAFLET = 60
"""The seconds that it takes to look at how a leaflet prints."""
_MARKUP = re.compile(r"<style.*?</style>|<[^>]+>", re.DOTALL)


def boxes(blocks: Iterable[Block]) -> int:
    """How many rows blocks ask to be judged."""
    return sum(len(each.rows) for each in _ballots(blocks))


def words_in(blocks: Iterable[Block]) -> int:
    """How many words blocks have."""
    return sum(len(text.split()) for text in _texts(blocks))


def minutes(blocks: Iterable[Block]) -> int:
    """How many minutes blocks take, at least to the next minute."""
    several = tuple(blocks)
    judging = sum(each.seconds * len(each.rows) for each in _ballots(several))
    looking = _LEAFLET * sum(isinstance(each, Enclosed) for each in several)
    reading = 60 * words_in(several) / WORDS_A_MINUTE
    return -int(-(judging + looking + reading) // 60)


def in_words(count: int) -> str:
    """Minutes in words, such as "3 h 20 min"."""
    hours, left = divmod(count, 60)
    return " ".join([f"{hours} h"] * bool(hours) + [f"{left} min"] * bool(left))


def _ballots(blocks: Iterable[Block]) -> Iterator[Ballot]:
    for block in blocks:
        if isinstance(block, Ballot):
            yield block
        elif isinstance(block, Part):
            yield from _ballots(block.blocks)


def _texts(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        match block:
            case Paragraph():
                yield words_of(block.spans)
            case Points():
                for item in block.items:
                    yield f"{item.lead} {words_of(item.spans)}"
                    yield from _texts(item.blocks)
            case Table():
                yield from (cell for row in block.rows for cell in row)
            case Ballot():
                for choice in block.rows:
                    yield from map(words_of, choice.cells)
            case Enclosed():
                yield _MARKUP.sub(" ", block.page.body)
            case Part():
                yield block.heading
                yield from _texts(block.blocks)
