"""The facts that open conditions lack, of many cases."""

from __future__ import annotations

from collections.abc import Mapping

from milia_cds.adapters.cohort.planes import Plane, Planes
from milia_cds.logic.conditions import And, Atom, Condition, Not, Or, Term


class Lacking:
    """Gathers what open conditions lack.

    A part of an open condition lacks something where it is open itself: what is known
    of the other parts does not decide.

    Parameters
    ----------
    facts
        What is decided on.
    """

    def __init__(self, facts: Planes) -> None:
        self.facts = facts
        self.found: dict[str, Plane] = {}

    def of(self, asked: Mapping[Condition, Plane]) -> dict[str, Plane]:
        """Where each fact is lacking.

        Parameters
        ----------
        asked
            Conditions, and where it is asked what they lack.
        """
        for condition, here in asked.items():
            self._lacks(condition, here)
        return self.found

    def _lacks(self, condition: Condition, here: Plane) -> None:
        here = here & self.facts.open(condition)
        if not here.any():
            return
        match condition:
            case Atom(fact, _):
                self.found[fact] = self.found.get(fact, self.facts.none) | here
            case Term(_, part) | Not(part):
                self._lacks(part, here)
            case And(parts) | Or(parts):
                for part in parts:
                    self._lacks(part, here)
