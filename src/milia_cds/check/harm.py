"""The order of harm, by diagrams: what gates do to one option, they do to harsher ones.

A gentler option and one that it binds are compared by their gates alone, whatever the
scenario: where a gate forbids the first, one forbids the second; and from each of the
four standings the second comes to stand no higher than the first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache

import attrs

from milia_cds.check.space import Space
from milia_cds.decision.all_cases import NO_EFFECT, AllCases, Lowering
from milia_cds.decision.verdicts import lowered
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.options import STANDINGS, Gate, Option, gate_place
from milia_cds.knowledge.promises import Exempt, Guarantee
from milia_cds.logic.diagrams import FALSE


@attrs.frozen
class Breach:
    """Cases in which an option is bound less than the gentler one, and by what.

    Parameters
    ----------
    cases
        The diagram of cases in which all these gates hold, and no other need hold.
    forbidden
        Whether the gentler option is forbidden in these cases.
    said
        What gates do to the one and to the other, as a sentence without its full stop.
    """

    cases: int
    forbidden: bool
    said: str


class OrderOfHarm:
    """What a guarantee of this form comes to.

    Parameters
    ----------
    base
        The knowledge base.
    space, results
        The space of its cases, and its results there.
    """

    def __init__(self, base: Knowledge, space: Space, results: AllCases) -> None:
        self.base = base
        self.space = space
        self.results = results
        self.diagrams = space.diagrams
        self.forbidden = cache(self._forbidden)
        self.lowered = cache(self._lowered)

    def gates(self, guarantee: Guarantee, owner: str) -> tuple[Gate, ...]:
        """The gates of the gentler option that an option must follow.

        Those of a local policy are not among them: whom a clinic treats how is its own.
        """
        exempt = guarantee.exempt(owner)
        option = self.base.options[guarantee.gentler]
        return tuple(
            gate
            for gate in _deciding(option)
            if gate.id not in exempt and not gate.id.startswith("policy.")
        )

    def where(self, guarantee: Guarantee, owner: str) -> int:
        """The cases in which the gentler option's gates do something."""
        gates = self.gates(guarantee, owner)
        lowered = self.space.where(lambda each: each != NO_EFFECT, self.lowered(gates))
        return self.diagrams.either(self.forbidden(gates), lowered)

    def broken(self, guarantee: Guarantee, owner: str) -> int:
        """The cases in which an option is bound less than the gentler one."""
        own = _deciding(self.base.options[owner])
        gates = self.gates(guarantee, owner)
        less = self.diagrams.either(self.forbidden(gates), self.higher(gates, own))
        return self.diagrams.without(less, self.forbidden(own))

    def higher(self, gentler: tuple[Gate, ...], own: tuple[Gate, ...]) -> int:
        """The cases in which an option's gates lower it less, from some standing."""
        return self.diagrams.apply(
            _lowers_less, self.lowered(gentler), self.lowered(own), kept=_lowers_less
        )

    def _forbidden(self, gates: tuple[Gate, ...]) -> int:
        return self.diagrams.any(
            self.space.of(gate.condition) for gate in gates if gate.kind == "forbid"
        )

    def _lowered(self, gates: tuple[Gate, ...]) -> int:
        return self.results.lowering(gates)

    def together(self, guarantee: Guarantee, owner: str) -> int:
        """The cases in which the lower gates of an option alone bind it enough."""
        gates = self.gates(guarantee, owner)
        own = _deciding(self.base.options[owner])
        less = self.diagrams.either(self.forbidden(gates), self.higher(gates, own))
        return self.diagrams.negation(less)

    def breach(self, guarantee: Guarantee, owner: str) -> Breach:
        """The plainest cases of a guarantee that is broken for an option."""
        gentler, option = (self.base.options[n] for n in (guarantee.gentler, owner))
        must = self.gates(guarantee, owner)
        left = self.broken(guarantee, owner)
        for gate in (*reversed(must), *_deciding(option)):
            other = self.diagrams.without(left, self.space.of(gate.condition))
            left = left if other == FALSE else other
        held = [self._held(gates, left) for gates in (must, _deciding(option))]
        forbidden = any(gate.kind == "forbid" for gate in held[0])
        said = f"{_said(gentler, held[0])}; {_said(option, held[1])}"
        return Breach(left, forbidden, said)

    def _held(self, gates: Iterable[Gate], cases: int) -> list[Gate]:
        """The gates that hold in all these cases."""
        return [
            gate
            for gate in gates
            if self.space.within(cases, self.space.of(gate.condition))
        ]

    def idle(self, guarantee: Guarantee) -> Iterator[tuple[int, str]]:
        """The exceptions that an option does not need, by their number."""
        for number, each in enumerate(guarantee.except_):
            for owner in each.options:
                without = attrs.evolve(guarantee, except_=_less(guarantee, each, owner))
                if self.broken(without, owner) == FALSE:
                    yield number, owner


def _less(guarantee: Guarantee, exempt: Exempt, owner: str) -> tuple[Exempt, ...]:
    """The exceptions, of which one is no longer for an option."""
    options = tuple(name for name in exempt.options if name != owner)
    fewer = attrs.evolve(exempt, options=options)
    return tuple(fewer if each is exempt else each for each in guarantee.except_)


def _deciding(option: Option) -> tuple[Gate, ...]:
    return tuple(gate for gate in option.gate if gate.kind in {"forbid", "lower"})


def _lowers_less(gentler: Lowering, own: Lowering) -> bool:
    """Whether from some standing gates lower less than those of the gentler option."""
    ranks = range(len(STANDINGS))
    return any(lowered(rank, *own) > lowered(rank, *gentler) for rank in ranks)


def _said(option: Option, gates: Sequence[Gate]) -> str:
    """What gates do to an option, each kind once."""
    done: dict[str, list[str]] = {}
    for gate in gates:
        verb = "is forbidden by" if gate.kind == "forbid" else "is lowered by"
        if gate.to is not None:
            verb = f"is lowered to {gate.to} by"
        done.setdefault(verb, []).append(gate_place(option, gate))
    said = (f"{verb} {', '.join(places)}" for verb, places in done.items())
    return f"{option.id} {' and '.join(said) or 'is bound by no gate'}"
