"""An option or a measure on one screen: what it is, when it is offered, when not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from milia_cds.explanation.outcome import stamp
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.options import STANDINGS, Measure, Option
from milia_cds.knowledge.wording import Wording, capital
from milia_cds.render.blocks import Banner, Item, Paragraph, Part, Points, Sheet
from milia_cds.render.phrases import about_source, coded, rests_on, spaced

_NAMED = 2
"""How many situations are named of each standing."""
_FORBIDS = 5
_SOURCES = 2


def brief_sheet(option: Option | Measure, base: Knowledge) -> Sheet:
    """What matters most of an option or a measure, on about one screen.

    Parameters
    ----------
    option
        The option or measure.
    base
        The knowledge base that it is of.
    """
    said = stamp(base)
    offered = list(_offered(option, base)) if isinstance(option, Option) else []
    return Sheet(
        f"{capital(option.label)} ({option.id})",
        Banner(said.notice, said.certainty),
        (
            Paragraph(option.summary),
            *_codes(option),
            Part("Offered", (Points(offered),), folded=False),
            Part("Never offered", (*_dangers(option, base), _forbidden(option, base))),
            Part("Sources", (_sources(option, base),)),
        ),
        (
            *_more(option),
            f"Knowledge {said.version}, {said.status}",
            *rests_on(said),
        ),
    )


def _codes(option: Option | Measure) -> Iterator[Paragraph]:
    if option.codes:
        yield Paragraph(f"Codes: {coded(option.codes)}")


def _offered(option: Option, base: Knowledge) -> Iterator[Item]:
    """Where it stands, the best standing first."""
    left = len(base.scenarios)
    for rank, standing in reversed(list(enumerate(STANDINGS))):
        names = [s.label for s in base.scenarios.values() if s.ranks[option.id] == rank]
        if rank and names:
            left -= len(names)
            yield Item(_first(names, _NAMED), spaced(standing))
    if left:
        yield Item(f"not offered in {left} of {len(base.scenarios)} situations")


def _forbidden(option: Option | Measure, base: Knowledge) -> Points:
    words = Wording(base, subjects=True)
    clauses = [
        words.condition(gate.condition) if gate.condition else "for everybody"
        for gate in option.gate
        if gate.kind == "forbid"
    ]
    items = [Item(f"while {each}") for each in dict.fromkeys(clauses)]
    return Points(items, shown=_FORBIDS, noun="rules")


def _dangers(option: Option | Measure, base: Knowledge) -> Iterator[Points]:
    """The dangers beside which it is never said to be used, or to come first."""
    claims = {f"does:{option.id}", f"leads:{option.id}"}
    names = [
        spaced(each.id)
        for each in base.alerts.values()
        if not claims.isdisjoint(each.silences)
    ]
    if names:
        yield Points([Item(f"beside the alert {_first(names, _NAMED, ', ')}")])


def _sources(option: Option | Measure, base: Knowledge) -> Points:
    items = [
        Item(about_source(base.sources[name]), name)
        for name in option.sources
        if name in base.sources
    ]
    if not items and option.judgement:
        items = [Item("the authors' judgement")]
    return Points(items, shown=_SOURCES, noun="sources")


def _more(option: Option | Measure) -> Iterator[str]:
    said = "every rule, risk, step and source" if isinstance(option, Option) else "all"
    yield f"milia-cds explain {option.id} --detail full says {said}."


def _first(names: Sequence[str], count: int, between: str = "; ") -> str:
    shown = between.join(names[:count])
    more = len(names) - count
    return f"{shown}{between}and {more} more" if more > 0 else shown
