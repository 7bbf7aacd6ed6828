"""Hostile cases of any domain: any values, any of them known, contradictions too."""

from __future__ import annotations

from random import Random
from typing import Any

from milia_cds.case.stated import AnyCase
from milia_cds.knowledge.model import Knowledge
from milia_cds.logic.cells import cut
from milia_cds.logic.conditions import atoms
from milia_cds.logic.facts import Choice, Kind, Members, Number, Weights


class Drawing:
    """Draws cases of a knowledge base, whose cells give the numbers worth trying."""

    def __init__(self, base: Knowledge) -> None:
        self.base = base
        used = (atom for _, each in base.conditions() for atom in atoms(each))
        cells = {each.fact: each for each in cut(base.kinds, used)}
        self.limits = {name: each.cuts for name, each in cells.items()}

    def case(self, random: Random) -> AnyCase:
        """A case, which may contradict itself."""
        known = random.choice((0.02, 0.3, 0.7, 0.95, 1.0))
        asked = random.choice((0.0, 0.0, 0.3))
        sections: dict[str, dict[str, Any]] = {}
        for name, kind in self.base.vocabulary.kinds.items():
            section, _, fact = name.partition(".")
            setting = name in self.base.vocabulary.settings
            if random.random() < (0.2 if setting else known):
                value = self.value(name, kind, random)
                sections.setdefault(section, {})[fact] = value
            elif random.random() < asked:
                sections.setdefault(section, {})[fact] = None
        names = self.base.vocabulary.absentable
        screened = random.sample(names, random.randint(0, min(3, len(names))))
        return self.base.case({**sections, "assume_absent": screened})

    def value(self, name: str, kind: Kind, random: Random) -> Any:
        """A plain value of a fact."""
        match kind:
            case Number():
                value: float = random.uniform(kind.low, kind.high)
                if self.limits.get(name) and random.random() < 0.7:
                    value = random.choice(self.limits[name]) - random.choice((0, 1))
                value = min(max(value, kind.low), kind.high)
                return int(value) if kind.whole else value
            case Choice(members):
                return random.choice(members)
            case Members(members):
                return random.sample(members, random.randint(0, min(3, len(members))))
            case Weights(criteria):
                some = random.sample(criteria, random.randint(0, min(3, len(criteria))))
                return {each: random.randint(1, 10) for each in some}
        return random.random() < random.choice((0.05, 0.5))
