"""What says "none known" of a family, and what contradicts it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from milia_cds.adapters.fhir.codes import Match
from milia_cds.adapters.fhir.context import Context
from milia_cds.adapters.fhir.gathering import Resource
from milia_cds.adapters.fhir.reading import Saying
from milia_cds.knowledge.fhir import WHOLE, NoneKnown


def none_known(
    said: Iterable[tuple[Resource, NoneKnown, str]],
    against: Callable[[NoneKnown], list[Resource]],
    context: Context,
) -> Iterator[Saying]:
    """No to each fact of which nothing is known; what contradicts it leaves it open.

    Parameters
    ----------
    said
        The resources with such a code, and why one does not count; "" where it does.
    against
        The resources that contradict one.
    context
        What it is read in.
    """
    for each, none, why in said:
        contrary = [] if why else against(none)
        for fact in none.facts:
            rule = context.base.fhir.rules_of(fact)[0]
            match = Match(rule, none.id, None, WHOLE)
            if why:
                yield context.voice(each, match).opens(why)
            else:
                yield context.voice(each, match).denies("it says that none is known")
            for other in contrary:
                against_it = f"it contradicts {each.reference}, by which none is known"
                yield context.voice(other, match).opens(against_it)
