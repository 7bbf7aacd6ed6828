"""How many words a sheet has, so that what is printed fits its pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from milia_cds.render.blocks import Block, Part, Points, Room, Sheet, words_of


def word_count(sheet: Sheet) -> int:
    """The words of a sheet beside its sources, and the room to write."""
    banner = f"{sheet.banner.notice} {sheet.banner.more}"
    texts = [words_of(sheet.title), banner, *texts_of((*sheet.bands, *sheet.blocks))]
    return sum(len(text.split()) for text in texts)


def texts_of(blocks: Iterable[Block]) -> Iterator[str]:
    """The texts of blocks as they are read: headings, points, paragraphs, labels."""
    for block in blocks:
        match block:
            case Part():
                if block:
                    yield block.heading
                    yield from texts_of(block.blocks)
            case Points():
                for item in block.items:
                    yield f"{item.lead} {words_of(item.spans)}"
            case Room():
                yield " ".join(block.labels)
            case _ if hasattr(block, "spans"):
                yield f"{getattr(block, 'mark', '')} {words_of(block.spans)}"
