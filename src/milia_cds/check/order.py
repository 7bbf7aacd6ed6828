"""The signature of order: a digest for each scenario, kept with the knowledge.

It is over what each option comes to in every complete case: whether it is offered, at
which standing, with which levels; and over the weights and the invasiveness. So it is
the order by any weights, and an edit that changes none of these leaves it as it is,
however a rule is written.

What is hashed is no diagram but its function: the mean of the values over all cases,
where values and cells weigh what a hash draws for them, modulo a prime (after Blum,
Chandra and Wegman 1980). The cells of a fact weigh 1 together, and a cell that is cut
in two weighs what its parts do. So neither the order of the facts nor the other tests
of a fact make a difference, and two functions have one number with a chance below
2 ** -100.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TypeAlias

from milia_cds.check.findings import Finding
from milia_cds.check.space import Space
from milia_cds.decision.all_cases import AllCases
from milia_cds.decision.first_place import OptionLevels
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.promises import KeptOrder
from milia_cds.logic.cells import Variable
from milia_cds.logic.diagrams import Diagrams

FILE = "order.toml"
_PRIME = 2**127 - 1
_DIGITS = 16
_HEAD = """\
# The order of the options, as digests: an edit that changes it unnoticed is an error.
# `milia-cds check --write-order` writes this. What each key means: README.md.
"""
_ACCEPT = (
    "`milia-cds check --against` the knowledge as it was, with `--detail full`, shows "
    "the cases; `--write-order` accepts them."
)
Pair: TypeAlias = tuple[int, int]
"""The diagrams of the scenario and of the place of an option."""


def order_of(base: Knowledge, space: Space, results: AllCases) -> KeptOrder:
    """The signature of a knowledge base.

    Parameters
    ----------
    base
        The knowledge base.
    space, results
        The space of its cases, and its results there.
    """
    means = _Means(space.diagrams)
    parts: dict[str, list[str]] = {name: [] for name in base.scenarios}
    for name in sorted(base.options):
        invasiveness, place = order_of_option(results, base, name)
        for scenario, mean in means.of_each(results.scenario, place).items():
            parts[scenario].append(f"{name} {invasiveness} {mean:x}")
    contradictions = [
        f"{each.id} {each.level} {sorted(each.stated)} "
        f"{means.of(space.of(each.condition)):x}"
        for each in sorted(base.contradictions, key=lambda each: each.id)
    ]
    return KeptOrder(
        contradictions=_digest(contradictions),
        scenario={
            name: _digest([*weights_of(base), *each] if each else [])
            for name, each in parts.items()
        },
    )


def order_of_option(results: AllCases, base: Knowledge, name: str) -> tuple[int, int]:
    """What orders an option: how invasive it is, and the diagram of its places.

    The diagram is text: the rank and the levels, empty where it is not offered.

    Parameters
    ----------
    results, base
        The results of a knowledge base.
    name
        The id of the option.
    """
    offered, levels = results.offered[name], results.levels[name]
    place = results.diagrams.apply(_place, offered, levels, kept=_place)
    return base.options[name].invasiveness, place


def weights_of(base: Knowledge) -> list[str]:
    """The weight of each criterion, and whether it is the patient's own, as text."""
    criteria = sorted(base.criteria.items())
    return [f"{name} {each.weight} {each.own}" for name, each in criteria]


def changed_order(
    base: Knowledge, space: Space, results: AllCases
) -> Iterator[Finding]:
    """Find in what the signature is not the one that is kept with the knowledge.

    Parameters
    ----------
    base
        The knowledge base; with a local policy nothing is kept of it.
    space, results
        The space of its cases, and its results there.
    """
    kept = base.order
    if base.policy is not None:
        return
    if not kept.scenario:
        text = "No signature of the order is kept, so an edit may change it unnoticed: "
        text += "`milia-cds check FOLDER --write-order` writes one."
        yield Finding("order.unkept", "note", FILE, text)
        return
    order = order_of(base, space, results)
    names = dict.fromkeys([*order.scenario, *kept.scenario])
    moved = [n for n in names if order.scenario.get(n) != kept.scenario.get(n)]
    if moved:
        text = "The order of the options, or what it rests on, is no longer the one "
        text += f"kept here, in: {', '.join(moved)}. {_ACCEPT}"
        yield Finding("order.changed", "error", f"{FILE}: scenario", text)
    if order.contradictions != kept.contradictions:
        text = "The facts that are refused, or warned of, as contradictory are no "
        text += f"longer those kept here. {_ACCEPT}"
        yield Finding("order.changed", "error", f"{FILE}: contradictions", text)


def write_order(order: KeptOrder, folder: Path) -> Path:
    """Write a signature to the folder of its knowledge; gives the file."""
    lines = [_HEAD, f'contradictions = "{order.contradictions}"', "", "[scenario]"]
    lines += [f'{name} = "{digest}"' for name, digest in order.scenario.items()]
    file = folder / FILE
    file.write_text("\n".join([*lines, ""]), encoding="utf-8")
    return file


def _place(rank: int, levels: OptionLevels) -> str:
    """What an option comes to, as a text; empty where it is not offered."""
    return f"{rank} {sorted(levels)}" if rank else ""


def _digest(lines: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:_DIGITS]


@cache
def _drawn(text: str) -> int:
    """A number that a hash draws for a text."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()) % _PRIME


class _Means:
    """The means of functions over all cases.

    Parameters
    ----------
    diagrams
        The diagrams that say what the functions are.
    """

    def __init__(self, diagrams: Diagrams) -> None:
        self.diagrams = diagrams
        self.weights = [tuple(_weights(each)) for each in diagrams.variables]
        self.of = cache(self._of)

    def _of(self, node: int) -> int:
        """The mean of a condition."""
        level, children = self.diagrams.parts(node)
        if not children:
            return int(self.diagrams.value(node))
        weights = self.weights[level]
        return (
            sum(w * self.of(c) for w, c in zip(weights, children, strict=True)) % _PRIME
        )

    def of_each(self, scenario: int, place: int) -> dict[str, int]:
        """The mean of the places of an option, for each scenario that offers it."""
        parts, nowhere = self.diagrams.parts, self.diagrams.end("")
        # From the first variable on: the part of all cases that comes to a pair.
        masses: list[dict[Pair, int]] = [{} for _ in (*self.weights, None)]
        masses[0][scenario, place] = 1
        for level, weights in enumerate(self.weights):
            for (one, other), mass in masses[level].items():
                ways = self._ways(one, level), self._ways(other, level)
                for weight, here, there in zip(weights, *ways, strict=True):
                    if there != nowhere:
                        ahead = masses[min(parts(here)[0], parts(there)[0])]
                        before = ahead.get((here, there), 0)
                        ahead[here, there] = (before + weight * mass) % _PRIME
        means: dict[str, int] = {}
        for pair, mass in masses[-1].items():
            name, said = map(self.diagrams.value, pair)
            means[name] = (means.get(name, 0) + mass * _drawn(said)) % _PRIME
        return means

    def _ways(self, node: int, level: int) -> tuple[int, ...]:
        """What a diagram comes to in each cell of a variable."""
        at, children = self.diagrams.parts(node)
        return children if at == level else (node,) * len(self.weights[level])


def _weights(variable: Variable) -> Iterator[int]:
    """What each cell of a variable weighs, modulo the prime; 1 together."""
    name = variable.name
    if variable.cuts:
        # Of a number: of what lies below a cut, less what lies below the one before.
        below = (_drawn(f"{name} {float(cut)!r}") for cut in variable.cuts)
        for before, after in pairwise([0, *below, 1]):
            yield (after - before) % _PRIME
    elif variable.places:
        drawn = {member: _drawn(f"{name} {member}") for member in variable.places}
        whole = pow(sum(drawn.values()), -1, _PRIME)
        for cell in range(len(variable.examples)):
            part = sum(n for m, n in drawn.items() if variable.places[m] == cell)
            yield part * whole % _PRIME
    else:
        yes = _drawn(name)
        yield (1 - yes) % _PRIME
        yield yes
