"""Short phrases that several faces share: what to do, how often, a value."""

from __future__ import annotations

from milia_cds.outcome import Disposition, Place, RiskSaid
from milia_cds.render.text import spaced

_ACTIONS = {
    "treat": "Treat",
    "observe": "Observe",
    "treat_cause": "Treat the cause",
    "refer": "Refer",
    "needs_information": "More information is needed first",
}
_WORDS = {None: "not known", True: "yes", False: "no"}


def action_of(disposition: Disposition) -> str:
    """Say what to do, in a few words."""
    action = _ACTIONS[disposition.action]
    where = [spaced(disposition.to)] if disposition.to else []
    where += [disposition.urgency] if disposition.urgency else []
    return f"{action}: {', '.join(where)}" if where else action


def how_often(risk: RiskSaid) -> str:
    """Say how often, in whom, from where the figure is, how bad, and for how long."""
    figure = ", ".join(filter(None, [risk.frequency, risk.population, risk.period]))
    basis = ""
    if risk.basis == "analogue":
        basis = " (not from milia: a larger procedure or another lesion)"
    return (
        f"How often: {figure}{basis}. Severity {risk.severity} of 5; reversible: "
        f"{spaced(risk.reversible)}."
    )


def value_of(value: object) -> str:
    """Say a plain value."""
    if value is None or isinstance(value, bool):
        return _WORDS[value]
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value)) or "none"
    return str(value)


def prominent(place: Place) -> bool:
    """Tell whether an option is shown unfolded."""
    return place.standing != "limited" or place.rank == 1
