"""What says "none known" of a family, and what contradicts it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from milia_cds.adapters.fhir.codes import Match
from milia_cds.adapters.fhir.context import Context
from milia_cds.adapters.fhir.gathering import Resource
from milia_cds.adapters.fhir.reading import Saying
from milia_cds.knowledge.fhir import NoneKnown


def none_known(
    said: Iterable[tuple[Resource, NoneKnown, str]],
    against: Callable[[NoneKnown], list[Resource]],
    context: Context,
) -> Iterator[Saying]:
    """No to each fact of which nothing is known, unless something contradicts it.

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
            rule = next(iter(context.base.fhir.rules_of(fact)))
            match = Match(rule, none.id, None, "")
            if why:
                yield context.voice(each, match).opens(why)
            elif contrary:
                for other in (each, *contrary):
                    about = f"{each.reference} says that none is known"
                    if other is each:
                        about = f"{contrary[0].reference} contradicts it"
                    yield context.voice(other, match).opens(about)
            else:
                voice = context.voice(each, match)
                yield voice.says(value=False, why="it says that none is known")
