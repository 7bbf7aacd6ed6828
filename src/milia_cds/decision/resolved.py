"""The resolved case: what is sure of each fact before screening fills what is left.

A way out is true only where it is stated; else it reads as no. A fact that is not
stated may be settled by stated facts that leave it nothing else. Both hold whether the
fact was left out or asked without an answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.words import Settled
from milia_cds.logic.conditions import facts_in, truth
from milia_cds.logic.facts import Value

_MOST_KEPT = 4096
_NOTHING: Mapping[str, Settled] = {}


class Resolving:
    """What makes the facts of a case sure.

    Parameters
    ----------
    base
        The knowledge base that says which facts are way outs, and what settles which.
    """

    def __init__(self, base: Knowledge) -> None:
        place = {name: number for number, name in enumerate(base.kinds)}
        entries = {name: base.facts[name] for name in base.kinds}
        self.way_outs = [place[name] for name, each in entries.items() if each.way_out]
        settling = {
            name: each.settled for name, each in entries.items() if each.settled
        }
        self._settling = [(place[name], name, each) for name, each in settling.items()]
        self._unsettling = [
            each.condition for each in base.contradictions if each.unsettles
        ]
        read = {
            fact: place[fact]
            for each in (
                *self._unsettling,
                *(each.condition for rules in settling.values() for each in rules),
            )
            for fact in facts_in(each)
        }
        self._reads = read | {name: place[name] for name in settling}
        self._settled = lru_cache(maxsize=_MOST_KEPT)(self._settle)

    def resolve(
        self, stated: Sequence[Value | None]
    ) -> tuple[list[Value | None], Mapping[str, Settled]]:
        """The values that are sure, and what settled those that were not stated.

        Parameters
        ----------
        stated
            The stated value of every fact, in the order of the vocabulary.
        """
        values = list(stated)
        for place in self.way_outs:
            values[place] = stated[place] is True
        settled = _NOTHING
        if self._settling:
            settled = self._settled(*[stated[place] for place in self._reads.values()])
            for place, name, _ in self._settling if settled else ():
                if name in settled:
                    values[place] = settled[name].value
        return values, settled

    def _settle(self, *read: Value | None) -> Mapping[str, Settled]:
        facts = dict(zip(self._reads, read, strict=True))
        if any(truth(each, facts) for each in self._unsettling):
            return _NOTHING
        return {
            name: rule
            for _, name, rules in self._settling
            if facts[name] is None
            for rule in rules[::-1]
            if truth(rule.condition, facts)
        }
