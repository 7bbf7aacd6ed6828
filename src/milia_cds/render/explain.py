"""An option or an alert explained by its id, as text, as `milia-cds explain` prints."""

from __future__ import annotations

from milia_cds.errors import UnknownNameError
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.options import Measure, Option
from milia_cds.render.lines import Detail, reaches
from milia_cds.render.sheets.alert import alert_sheet
from milia_cds.render.sheets.brief import brief_sheet
from milia_cds.render.sheets.option import option_sheet
from milia_cds.render.writers.text import as_text


def explained(
    base: Knowledge, name: str, *, detail: Detail = "brief", colour: bool = False
) -> str:
    """What there is to say of an option, a measure or an alert, as text.

    Parameters
    ----------
    base
        The knowledge base.
    name
        The id of the option, measure or alert.
    detail
        "brief" and "short" say of an option or a measure what matters most, on about
        one screen; "standard" says all of it, and "full" also its sources, and in words
        what its picture shows.
    colour
        Whether to use the colours of a terminal.

    Raises
    ------
    UnknownNameError
        When nothing of these has this id.
    """
    if name in base.alerts:
        sheet = alert_sheet(base.alerts[name], base)
        return as_text(sheet, detail=detail, colour=colour)
    owners: dict[str, Option | Measure] = {**base.options, **base.measures}
    if name not in owners:
        names = (*owners, *base.alerts)
        raise UnknownNameError("option, measure or alert", name, names)
    write = option_sheet if reaches(detail, "standard") else brief_sheet
    return as_text(write(owners[name], base), detail=detail, colour=colour)
