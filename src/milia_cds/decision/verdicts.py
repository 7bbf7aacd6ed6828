"""Verdicts: whether an option may be offered, and how it stands.

The first that holds: excluded (a forbid gate is true), unavailable (the clinic does not
offer it), not indicated (it stands at not_recommended at best), withheld (a forbid gate
is unknown, or it may stand at not_recommended), offered.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, reduce
from operator import or_
from typing import Literal, NamedTuple, TypeAlias

import attrs

from milia_cds.knowledge.options import STANDINGS, Gate
from milia_cds.logic.conditions import Condition

VerdictName: TypeAlias = Literal[
    "offered", "withheld", "excluded", "not_indicated", "unavailable"
]

NOT_RECOMMENDED = STANDINGS.index("not_recommended")
LIMITED = STANDINGS.index("limited")
TOO_MANY = 2
"""So many lower gates make an option not recommended."""


class Verdict(NamedTuple):
    """The verdict on one option, and its worst and best standing as ranks."""

    option: str
    verdict: VerdictName
    worst: int
    best: int


@cache
def _verdict(option: str, verdict: VerdictName, worst: int, best: int) -> Verdict:
    """The record of a judgement; the few that there are, are shared."""
    return Verdict(option, verdict, worst, best)


@attrs.frozen(eq=False, repr=False)
class Rules:
    """The deciding gates of an option, as bits of the plan.

    Parameters
    ----------
    forbid, lower
        The bits of the forbid gates, and of the lower gates without a cap.
    doubled
        The bits that several lower gates without a cap have in common.
    caps
        Each rank that lower gates cap at, the lowest first, and the bits of those.
    always_forbidden, always_lowered, always_capped
        What the gates without a condition do: whether one forbids, how many lower,
        and the lowest cap.
    deciding
        The bits of all gates that decide the standing, and of those that forbid.
    """

    forbid: int
    lower: int
    doubled: int
    caps: tuple[tuple[int, int], ...]
    always_forbidden: bool = False
    always_lowered: int = 0
    always_capped: int = len(STANDINGS) - 1
    deciding: int = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        """Gather the bits that decide."""
        caps = reduce(or_, (bits for _, bits in self.caps), 0)
        object.__setattr__(self, "deciding", self.forbid | self.lower | caps)

    @classmethod
    def of(cls, gates: Iterable[Gate], bits: Mapping[Condition, int]) -> Rules:
        """Compile the gates of one option or measure, by the bit of each condition."""
        gates = tuple(gates)
        plain = [gate for gate in gates if gate.kind == "lower" and gate.to is None]
        lowering = Counter(bits[each.condition] for each in plain if each.condition)
        capped = [
            (gate, STANDINGS.index(gate.to))
            for gate in gates
            if gate.kind == "lower" and gate.to is not None
        ]
        forbids = [gate for gate in gates if gate.kind == "forbid"]
        forbidding = [bits[each.condition] for each in forbids if each.condition]
        caps: dict[int, int] = {}
        for each, rank in capped:
            if each.condition:
                caps[rank] = caps.get(rank, 0) | bits[each.condition]
        always = [rank for gate, rank in capped if gate.always]
        return cls(
            reduce(or_, forbidding, 0),
            reduce(or_, lowering, 0),
            reduce(or_, (bit for bit, count in lowering.items() if count > 1), 0),
            tuple(sorted(caps.items())),
            any(gate.always for gate in forbids),
            sum(gate.always for gate in plain),
            min([len(STANDINGS) - 1, *always]),
        )

    def standing(self, rank: int, bits: int) -> int:
        """The rank that a cell becomes when the gates with these bits are true."""
        lowering = bits & self.lower
        lowers = lowering.bit_count() + self.always_lowered
        if lowering & self.doubled:
            lowers = TOO_MANY
        cap = self.always_capped
        for lower_cap, capping in self.caps:
            if bits & capping:
                cap = min(cap, lower_cap)
                break
        return lowered(rank, lowers, cap)


def lowered(rank: int, lowers: int, cap: int) -> int:
    """The rank that a cell becomes, by the count of lower gates and a cap."""
    if lowers >= TOO_MANY:
        return NOT_RECOMMENDED
    if lowers and rank > LIMITED:
        rank -= 1
    return rank if rank < cap else cap  # noqa: FURB136 - quicker, and called most


def judge(
    option: str,
    rules: Rules,
    cells: Sequence[int],
    bits: tuple[int, int],
    *,
    available: bool,
) -> Verdict:
    """Judge one option for one case.

    Parameters
    ----------
    option
        Its id.
    rules
        Its gates.
    cells
        The ranks of the option in the scenarios that are possible.
    bits
        The bits of the plan that are true, and those that are unknown.
    available
        Whether the clinic offers it.
    """
    true, unknown = bits[0] & rules.deciding, bits[1] & rules.deciding
    low = high = cells[0]
    if len(cells) > 1:
        low, high = min(cells), max(cells)
    worst = best = rules.standing(low, true | unknown)
    if unknown or high > low:
        best = rules.standing(high, true)
    if rules.always_forbidden or true & rules.forbid:
        verdict: VerdictName = "excluded"
    elif not available:
        verdict = "unavailable"
    elif best == NOT_RECOMMENDED:
        verdict = "not_indicated"
    elif unknown & rules.forbid or worst == NOT_RECOMMENDED:
        verdict = "withheld"
    else:
        verdict = "offered"
    return _verdict(option, verdict, worst, best)
