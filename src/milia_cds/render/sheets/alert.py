"""What there is to say of a danger that a case may state, without a case."""

from __future__ import annotations

from milia_cds.explanation.bands import HOW_SOON
from milia_cds.explanation.outcome import stamp
from milia_cds.knowledge.dangers import Alert
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.wording import Wording, capital
from milia_cds.render.alert_words import addressed, on_condition, silenced_claim
from milia_cds.render.blocks import Item, Paragraph, Part, Points, Sheet
from milia_cds.render.phrases import spaced
from milia_cds.render.sheets.frame import framed


def alert_sheet(alert: Alert, base: Knowledge) -> Sheet:
    """When an alert is said, what it says, to whom, and what is not said beside it.

    Parameters
    ----------
    alert
        The alert.
    base
        The knowledge base that it is of.
    """
    words = Wording(base, subjects=True)
    more = [
        Item(on_condition(each, each.text, words))
        for each in alert.sentence
        if each.text
    ]
    silenced = [Item(silenced_claim(name, base)) for name in alert.silences]
    note = (Paragraph(alert.note),) if alert.note else ()
    return framed(
        f"{capital(spaced(alert.id))} ({alert.id})",
        (
            Paragraph(f"Alert, {HOW_SOON[alert.urgency]}: {addressed(alert, base)}."),
            Paragraph(alert.text, alert.sources, alert.judgement),
            Part("Also said", (Points(more),), folded=False),
            Paragraph(f"To a patient: {alert.plain}"),
            Paragraph(f"Certain when {words.condition(alert.condition)}."),
            Paragraph(
                "Asked for while that is not known and one of these holds: "
                f"{words.condition(alert.signs)}."
            ),
            Part("Never said beside it", (Points(silenced),), folded=False),
            *note,
        ),
        stamp(base),
        base.sources,
    )


def dangers_part(base: Knowledge) -> Part:
    """Every alert of a knowledge base, in short."""
    items = [
        Item(each.text, f"{capital(spaced(each.id))} ({HOW_SOON[each.urgency]})")
        for each in base.alerts.values()
    ]
    return Part("Dangers that are said first", (Points(items),))
