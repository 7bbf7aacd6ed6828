"""The facts that open conditions lack, of many cases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from milia_cds.adapters.cohort.planes import Plane, Planes, somewhere
from milia_cds.logic.conditions import Atom, Condition, conditions_within, extent


class Lacking:
    """Gathers what open conditions lack.

    A part of an open condition lacks something where it is open itself: what is known
    of the other parts does not decide. A part of several conditions is looked at once.

    Parameters
    ----------
    conditions
        The conditions that may be asked about.
    """

    def __init__(self, conditions: Iterable[Condition]) -> None:
        every: dict[Condition, None] = {}
        waiting = [*conditions]
        while waiting:
            condition = waiting.pop()
            if condition not in every:
                every[condition] = None
                waiting.extend(conditions_within(condition))
        # The deepest first: so each comes after all that it is a part of.
        self.order = sorted(every, key=lambda each: -extent(each)[1])

    def of(self, facts: Planes, asked: Mapping[Condition, Plane]) -> dict[str, Plane]:
        """Where each fact is lacking.

        Parameters
        ----------
        facts
            What is decided on.
        asked
            Conditions, and where it is asked what they lack.
        """
        left, found = dict(asked), dict[str, Plane]()
        for condition in self.order:
            if condition not in left:
                continue
            here = left.pop(condition) & facts.open(condition)
            if not somewhere(here):
                continue
            if isinstance(condition, Atom):
                fact = condition.fact
                found[fact] = found[fact] | here if fact in found else here
            for part in conditions_within(condition):
                left[part] = left[part] | here if part in left else here
        return found
