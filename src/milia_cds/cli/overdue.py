"""What a command says of knowledge whose review is overdue today."""

from __future__ import annotations

from milia_cds.cli.program import complain
from milia_cds.cli.streams import today
from milia_cds.knowledge.currency import is_overdue, overdue_text
from milia_cds.knowledge.model import Knowledge


def say_overdue(base: Knowledge) -> bool:
    """Say on the standard error that the review of knowledge is overdue, where it is.

    Parameters
    ----------
    base
        The knowledge base, with the policy of a clinic where it has one.

    Returns
    -------
    bool
        Whether it is.
    """
    late = is_overdue(base, today())
    if late:
        complain(overdue_text(base))
    return late
