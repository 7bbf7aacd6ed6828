"""Whether a case is old, or the knowledge: what may have changed since.

No verdict rests on it, and no fact is moved by it: it is said, and that is all.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from milia_cds.explanation.places import Reason
from milia_cds.knowledge.currency import overdue_text
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.records import plain
from milia_cds.logic.facts import Value

LAPSED, OVERDUE = "as_of", "review_by"
"""The names by which the warnings are known among the others."""


def lapsed(
    base: Knowledge,
    stated: Mapping[str, Value | None],
    as_of: date | None,
    on: date | None,
) -> tuple[Reason, ...]:
    """The warning that a case is old, or is assessed before it was stated, or none.

    Parameters
    ----------
    base
        The knowledge base: it says which facts are of a day, and for how long.
    stated
        The stated values by dotted name; `None` is not known.
    as_of, on
        The days on which the case was stated and is assessed; `None` is not said.
    """
    if as_of is None or on is None:
        return ()
    dated = {
        name: value
        for name, value in stated.items()
        if value is not None and base.facts[name].dated
    }
    days = (on - as_of).days
    labels = ", ".join(base.facts[name].label for name in dated)
    if days < 0:
        text = f"The case is assessed on {on}, before the day on which it was stated, "
        text += f"{as_of}: check both days."
    elif dated and days > held_days(base, stated):
        text = f"The case was stated on {as_of}, {_days(days)} before it is assessed: "
        text += f"ask again for what may have changed since ({labels})."
    else:
        return ()
    facts = {name: plain(value) for name, value in dated.items()}
    return (Reason(rule=LAPSED, text=text, facts=facts),)


def review_overdue(base: Knowledge) -> Reason:
    """The warning that the knowledge should have been reviewed by now.

    Parameters
    ----------
    base
        The knowledge base.
    """
    return Reason(rule=OVERDUE, text=overdue_text(base))


def held_days(base: Knowledge, stated: Mapping[str, Value | None]) -> float:
    """For how many days such a case is taken to hold: the first limit that is its.

    Parameters
    ----------
    base
        The knowledge base that has the limits.
    stated
        The stated values by dotted name; `None` is not known.
    """
    for lapse in base.about.lapse:
        if lapse.below is None:
            return lapse.after_days
        value = stated.get(lapse.fact)
        if isinstance(value, int | float) and value < lapse.below:
            return lapse.after_days
    return float("inf")


def _days(days: int) -> str:
    return "1 day" if days == 1 else f"{days} days"
