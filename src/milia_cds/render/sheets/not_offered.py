"""What there is to say of options that are not offered, and of measures beside them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from milia_cds.explanation.places import MeasureVerdict, SetAside, Withheld
from milia_cds.render.blocks import Block, Item, Points
from milia_cds.render.phrases import label_of, series
from milia_cds.render.sheets.offered import standing_of
from milia_cds.render.sheets.said import Telling

_ASKED = 4
_MEASURES = {
    "offered": "may be used",
    "withheld": "withheld until more is known",
    "excluded": "not for this patient",
}


def withheld_item(each: Withheld, say: Telling) -> Item:
    """An option that something unknown may forbid, and what to ask.

    Parameters
    ----------
    each
        The option.
    say
        Says its reasons.
    """
    asks = each.asks_for if say.full else each.asks_for[:_ASKED]
    more = len(each.asks_for) - len(asks)
    rest = f" and {more} more" if more else ""
    blocks: tuple[Block, ...] = ()
    if say.full:
        standing = standing_of(each.standing, each.best_standing)
        reasons = [say.of(each.label, reason, "?") for reason in each.because]
        blocks = (Points([Item(standing, "Standing"), *reasons]),)
    return Item(f"ask {', '.join(asks)}{rest}", each.label, blocks=blocks)


def aside_items(aside: Iterable[SetAside], say: Telling) -> Iterator[Item]:
    """Options that are set aside, those for the same reasons together.

    Parameters
    ----------
    aside
        The options.
    say
        Says their reasons: all of them, or the first.
    """
    alike: dict[tuple[object, ...], list[SetAside]] = {}
    for each in aside:
        reasons = each.because if say.full else each.because[:1]
        said = tuple((reason.text, reason.if_) for reason in reasons)
        alike.setdefault(said, []).append(each)
    return (_together(several, say) for several in alike.values())


def _together(alike: Sequence[SetAside], say: Telling) -> Item:
    """Options that are set aside for the same reasons."""
    labels, because = series(each.label for each in alike), alike[0].because
    if not say.full:
        said = say.reason(because[0]) if because else Item()
        lead = f"{said.lead}: " if said.lead else ""
        return Item((lead, *said.spans), labels)
    reasons = [say.of(alike[0].label, each, "-") for each in because]
    return Item((), labels, blocks=(Points(reasons),) if reasons else ())


def measure_item(each: MeasureVerdict, say: Telling) -> Item:
    """The verdict on a supporting measure.

    Parameters
    ----------
    each
        The measure.
    say
        Says its reasons.
    """
    asks = ", ".join(label_of(name, say.base) for name in each.asks)
    said = f"{_MEASURES[each.verdict]}{f'; ask {asks}' if asks else ''}"
    shown = each.because if say.full or each.verdict == "excluded" else ()
    reasons = [say.of(each.label, reason, "-") for reason in shown]
    if say.full:
        reasons += [say.of(each.label, reason, "!") for reason in each.cautions]
    return Item(said, each.label, blocks=(Points(reasons),) if reasons else ())
