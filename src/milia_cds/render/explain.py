"""An option explained by its id, as text: what `milia-cds explain` prints."""

from __future__ import annotations

from milia_cds.errors import UnknownNameError
from milia_cds.knowledge.model import Knowledge, Measure, Option
from milia_cds.render.lines import Detail
from milia_cds.render.sheets.option import option_sheet
from milia_cds.render.writers.text import as_text


def explained(
    base: Knowledge, name: str, *, detail: Detail = "short", colour: bool = False
) -> str:
    """What there is to say of an option or a measure, as text of at most 80 columns.

    Parameters
    ----------
    base
        The knowledge base.
    name
        The id of the option or measure.
    detail
        "full" says in words what its picture shows.
    colour
        Whether to use the colours of a terminal.

    Raises
    ------
    UnknownNameError
        When there is neither an option nor a measure of this id.
    """
    owners: dict[str, Option | Measure] = {**base.options, **base.measures}
    if name not in owners:
        raise UnknownNameError("option or measure", name, owners)
    return as_text(option_sheet(owners[name], base), detail=detail, colour=colour)
