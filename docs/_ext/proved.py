"""What holds each guarantee, as the proofs have found it: gates and standings."""

from __future__ import annotations

import re
from collections.abc import Mapping

import attrs

from docs._ext.markdown import code, link, listed, plain
from docs._ext.places import SHARED
from milia_cds import Knowledge
from milia_cds.check import Held, examine


@attrs.frozen
class Proved:
    """The proofs of a knowledge base, read from both ends.

    Parameters
    ----------
    held
        How each guarantee is held for each option, measure or action, by its id.
    holds
        The guarantees that rest on each gate, by its name.
    """

    held: Mapping[str, tuple[Held, ...]]
    holds: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, base: Knowledge) -> Proved:
        """Prove every guarantee."""
        held = {proof.guarantee.id: proof.held for proof in examine(base).proofs}
        holds: dict[str, dict[str, None]] = {}
        for guarantee, ways in held.items():
            for name in (name for way in ways for name in _first(way)):
                if gate := _gate(name):
                    holds.setdefault(gate, {})[guarantee] = None
        return cls(held, {gate: tuple(found) for gate, found in holds.items()})

    def by(self, guarantee: str) -> list[str]:
        """What holds a guarantee, a line for all that are held by the same."""
        owners: dict[str, list[str]] = {}
        for way in self.held.get(guarantee, ()):
            held = listed(dict.fromkeys(map(_place, _first(way))))
            owners.setdefault(held, []).append(plain(way.owner))
        return [f"{listed(names)}: {held}" for held, names in owners.items()]

    def guarantees(self, *gates: str) -> str:
        """Which guarantees rest on some gates."""
        names = dict.fromkeys(
            name for gate in gates for name in self.holds.get(gate, ())
        )
        links = [link(name, "guarantee", name) for name in names]
        return f"Holds {listed(links)}." if links else ""


def _first(way: Held) -> list[str]:
    """The places of the first set of supports that suffices alone."""
    return [name for each in way.layers[0] for name in each.names] if way.layers else []


def _gate(name: str) -> str | None:
    """The name of the gate at a place.

    Such as `options/x.toml: gate.y`, or `common.toml: gate.y (x)`.
    """
    file, _, path = name.partition(": ")
    found = re.fullmatch(r"gate\.(.+?)(?:\[\d+\])?(?: \((\w+)\))?", path)
    if found is None:
        return None
    owner = found[2] or file.removesuffix(".toml").rpartition("/")[2]
    return f"{owner}.{found[1]}"


def _place(name: str) -> str:
    gate = _gate(name)
    if gate is not None and name.startswith(SHARED):
        rule = name.removeprefix(SHARED).partition(" (")[0]
        return link(code(gate.rpartition(".")[2]), "rule", rule)
    if gate is not None:
        return link(code(gate.rpartition(".")[2]), "gate", gate)
    found = re.search(r"scenario\.(\w+)(\.action)?", name)
    if found is None:
        return plain(name)
    what = "what to do in" if found[2] else "the standing in"
    return f"{what} {link(code(found[1]), 'scenario', found[1])}"
