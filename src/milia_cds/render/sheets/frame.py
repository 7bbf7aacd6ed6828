"""What every sheet has: its banner, the sources that it names, what it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from milia_cds.explanation.outcome import Stamp
from milia_cds.explanation.places import Reason, RiskSaid, StepSaid
from milia_cds.knowledge.about import Source
from milia_cds.knowledge.options import Measure, Option
from milia_cds.knowledge.scenarios import Scenario
from milia_cds.render.blocks import (
    Banner,
    Block,
    Figure,
    Item,
    Paragraph,
    Part,
    Points,
    Sheet,
    Span,
    Words,
    cited,
)
from milia_cds.render.phrases import about_source, addresses, rests_on, unheaded
from milia_cds.render.picture import Picture

_NOT_AT_HAND = (
    "The knowledge base that gave this answer is not at hand, so the sources are named "
    "by their ids only."
)


def framed(
    title: Words, blocks: Iterable[Block], stamp: Stamp, sources: Mapping[str, Source]
) -> Sheet:
    """A sheet of these blocks, with all that it must say besides.

    Parameters
    ----------
    title
        Its title.
    blocks
        What there is to say.
    stamp
        Which knowledge it comes from, and how far that has been reviewed.
    sources
        What is known of the sources.
    """
    said = tuple(blocks)
    version = f"Knowledge {stamp.version}, {stamp.status}"
    return Sheet(
        title,
        Banner(stamp.notice, stamp.certainty),
        (*said, *sources_part(cited(said), sources)),
        (version, *rests_on(stamp)),
    )


def drawn(picture: Picture, *, repeats: bool = False) -> Part:
    """A picture as a part; in a text its words stand there in full detail."""
    figure = Figure(picture, repeats=repeats)
    return Part(f"Picture: {picture.title}", (figure,), detail="full")


def founded(record: Option | Measure | Scenario) -> Part:
    """What a record rests on as a whole."""
    grounds = Paragraph((), record.sources, record.judgement)
    return Part("Rests on", (grounds,), folded=False)


def conditional_item(said: Reason | RiskSaid | StepSaid) -> Item:
    """What a record says, led by the condition on which it holds."""
    return Item(
        unheaded(said.text, said.if_),
        f"If {said.if_}" if said.if_ else "",
        said.sources,
        judgement=said.judgement,
    )


def sources_part(names: Iterable[str], sources: Mapping[str, Source]) -> Iterator[Part]:
    """The sources of these ids, each once, in the order of their ids.

    Parameters
    ----------
    names
        The ids; one that is not known stands alone.
    sources
        What is known of sources.
    """
    names = sorted(set(names))
    items = tuple(_source(name, sources.get(name)) for name in names)
    if not items:
        return
    known = any(each.spans for each in items)
    why = () if known else (Paragraph(_NOT_AT_HAND),)
    yield Part("Sources", (*why, Points(items)))


def _source(name: str, source: Source | None) -> Item:
    if source is None:
        return Item((), name)
    ways = (
        way
        for text, address in addresses(source)
        for way in (" ", Span(text, address=address))
    )
    return Item((about_source(source), *ways), name)
