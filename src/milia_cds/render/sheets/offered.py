"""What there is to say of offered options: why, in what order, risks, steps, calls."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from milia_cds.explanation.places import Place
from milia_cds.render.blocks import Block, Item, Paragraph, Part, Points, Table
from milia_cds.render.particulars import (
    Particular,
    Shared,
    how_often_counted,
    particulars_of,
)
from milia_cds.render.phrases import series, spaced
from milia_cds.render.sheets.said import Telling

_BARS = 4
"""So many options stand side by side in a table of bars."""
_LEVELS = 4
_NOT_COUNTED = "Nobody has counted how often these happen{where}{but}."
_UNLESS = ", unless a figure stands beside it"


def place_part(place: Place, say: Telling, arguments: int | None = None) -> Part:
    """An option in its place, with what speaks for it and against it.

    Parameters
    ----------
    place
        The option.
    say
        Says its reasons.
    arguments
        The most reasons on each side; `None` is all.
    """
    points = f", {place.points} of {place.of} points" if say.full else ""
    standing = standing_of(place.standing, place.best_standing)
    about = _about(place) if say.full else ()
    return Part(
        f"{numbered(place)}: {standing}{points}",
        (*_arguments(place, say, arguments), *about),
    )


def numbered(place: Place) -> str:
    """An option after the number of its place."""
    return f"{place.rank}{'=' if place.tied else ''} {place.label}"


def standing_of(worst: str, best: str) -> str:
    """A standing, and what it is at best where that is better."""
    at_best = "" if worst == best else f", at best {spaced(best)}"
    return f"{spaced(worst)}{at_best}"


def _arguments(place: Place, say: Telling, most: int | None) -> Iterator[Points]:
    for mark, reasons in (
        ("+", place.arguments_for[:most]),
        ("-", place.arguments_against[:most]),
        ("!", place.cautions),
        ("*", place.notes if say.full else ()),
    ):
        yield Points([say.of(place.label, each, mark) for each in reasons])


def _about(place: Place) -> Iterator[Points]:
    """Of what its points are made, who performs it, and on what it stands."""
    points = ", ".join(
        f"{each.label} {each.level} x {each.weight}" for each in place.contributions
    )
    who = ", ".join(map(spaced, place.performed_by))
    certainty = f"{spaced(place.certainty)}."
    yield Points(
        Item(said, lead, sources)
        for lead, said, sources in (
            ("Points, level by weight", points, ()),
            ("Performed by", who, ()),
            ("Certainty of its least certain source", certainty, place.sources),
        )
        if said
    )


def order_part(places: Iterable[Place]) -> Part:
    """Why the first options stand in this order: the level of each criterion.

    Parameters
    ----------
    places
        The offered options.
    """
    shown = [each for each in places if each.contributions][:_BARS]
    if not shown:
        return Part("Why this order", ())
    rows = [
        (f"{each.label} (weight {each.weight})", *_levels(shown, criterion))
        for criterion, each in enumerate(shown[0].contributions)
    ]
    heads = (f"0 worst, {_LEVELS} best", *(each.label for each in shown))
    note = Paragraph(
        "Standing comes first; points, level by weight, only order options of equal "
        "standing."
    )
    table = Table(heads, tuple(rows), bars=_LEVELS)
    return Part("Why this order", (table, note))


def _levels(shown: Iterable[Place], criterion: int) -> Iterator[str]:
    return (str(each.contributions[criterion].level) for each in shown)


def particulars_part(places: Sequence[Place], say: Telling) -> Part:
    """Risks, steps and calls of several options, what they share once.

    Parameters
    ----------
    places
        The options.
    say
        Says their risks and steps.
    """
    said = {each.label: particulars_of(each) for each in places}
    shared = Shared.between(said)
    parts: list[Block] = [
        Part(label, tuple(headed(shared.own(each), say)))
        for label, each in said.items()
    ]
    for owners, common in shared.common(said).items():
        parts.append(Part(f"For {series(owners)}", tuple(headed(common, say))))
    told = [each for each in parts if each]
    counts = not_counted(places, say) if told else ()
    return Part("Before, risks, aftercare and calls", (*counts, *told))


def headed(said: Mapping[str, Sequence[Particular]], say: Telling) -> Iterator[Part]:
    """Risks, steps and calls, each under its heading."""
    for heading, entries in said.items():
        yield Part(heading, (Points(map(say.particular, entries)),))


def not_counted(places: Iterable[Place], say: Telling) -> Iterator[Paragraph]:
    """That nobody has how_often_counted, said once for all risks without a figure."""
    known = {bool(how_often_counted(risk)) for place in places for risk in place.risks}
    if False in known:
        where = f" in {say.domain}" if say.domain else ""
        but = _UNLESS if True in known else ""
        yield Paragraph(_NOT_COUNTED.format(where=where, but=but))
