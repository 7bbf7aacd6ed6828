"""What looks like a slip of the pen, seen by comparing rules with one another.

None of these is wrong in itself; each is rare in knowledge that was written with care.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from milia_cds.check.findings import Finding
from milia_cds.check.space import Space
from milia_cds.knowledge.model import Gate, Knowledge, gate_place
from milia_cds.logic.conditions import Compare, atoms
from milia_cds.logic.facts import Number

_NEAR = 0.1
"""Two limits are near one another within this part of the greater."""
_PEERS = 3
"""So many gates of one name make a rule of which another may depart."""


def slips(base: Knowledge, space: Space) -> Iterator[Finding]:
    """What departs from what the rest of the knowledge does."""
    yield from _limits(base)
    yield from _peers(base, space)
    yield from _words(base, space)
    yield from _rows(base)


def _limits(base: Knowledge) -> Iterator[Finding]:
    """Find two limits of one number that nearly agree."""
    for fact, kind in base.kinds.items():
        if not isinstance(kind, Number):
            continue
        used: dict[float, list[str]] = {}
        for path, condition in base.conditions():
            for atom in dict.fromkeys(atoms(condition)):
                if atom.fact == fact and isinstance(atom.test, Compare):
                    cut = _cut(atom.test, whole=kind.whole)
                    used.setdefault(cut, []).append(path)
        yield from _near(fact, used)


def _cut(test: Compare, *, whole: bool) -> float:
    """Where a test cuts; `> 20` and `>= 21` cut a whole number alike."""
    after = test.sign in {"<=", ">"}
    if not after:
        return test.bound
    # Between a value and the next: of a real number, just beyond the bound itself.
    return test.bound + 1 if whole else test.bound + 1e-9


def _near(fact: str, used: dict[float, list[str]]) -> Iterator[Finding]:
    cuts = sorted(used)
    for low, high in pairwise(cuts):
        if low <= 0 or high - low > _NEAR * high:
            continue
        rare, usual = sorted((low, high), key=lambda cut: len(used[cut]))
        if len(used[rare]) > 1 and len(used[usual]) == len(used[rare]):
            continue
        text = f"{fact} is cut at {rare:g} here and at {usual:g} elsewhere: is one of "
        text += f"them a slip? See {used[usual][0]}."
        if abs(high - low) < 1e-6:  # noqa: PLR2004 - the side of one bound
            text = f"Whether {usual:g} itself counts of {fact} differs from elsewhere."
            text += f" See {used[usual][0]}."
        yield Finding("slip.limit", "warning", used[rare][0], text)


def _peers(base: Knowledge, space: Space) -> Iterator[Finding]:
    """Find a gate that says something else than all others of its name and kind."""
    named: dict[tuple[str, str], list[tuple[str, Gate]]] = {}
    for option in base.options.values():
        for gate in option.gate:
            if gate.condition is not None and not gate.id.startswith("policy."):
                path = gate_place(option, gate)
                named.setdefault((gate.id, gate.kind), []).append((path, gate))
    for gates in named.values():
        nodes = [space.of(gate.condition) for _, gate in gates]
        (usual, count), *others = Counter(nodes).most_common()
        if len(others) != 1 or others[0][1] != 1 or count < _PEERS:
            continue
        odd = others[0][0]
        path, like = gates[nodes.index(odd)][0], gates[nodes.index(usual)][0]
        text = f"{count} gates of this name hold in other cases than this one. See "
        case = space.case(space.differing(odd, usual), base)
        yield Finding("slip.peer", "warning", path, f"{text}{like}.", case)


def _words(base: Knowledge, space: Space) -> Iterator[Finding]:
    """Find two gates with the same words and other conditions."""
    said: dict[tuple[str, str], tuple[str, int]] = {}
    for option in base.options.values():
        for gate in option.gate:
            path = gate_place(option, gate)
            node = space.of(gate.condition)
            before, first = said.setdefault((gate.text, gate.kind), (path, node))
            if node != first:
                text = f"The same words stand at another condition: {before}."
                case = space.case(space.differing(node, first), base)
                yield Finding("slip.words", "warning", path, text, case)


def _rows(base: Knowledge) -> Iterator[Finding]:
    """Find a gate that carries a reviewed row of another option."""
    for option in base.options.values():
        rows = [row for gate in option.gate for row in gate.rows]
        prefixes = Counter(row.partition("-")[0] for row in rows)
        if not prefixes:
            continue
        usual, _ = prefixes.most_common(1)[0]
        for gate in option.gate:
            for row in gate.rows:
                if row.partition("-")[0] != usual:
                    path = f"{gate_place(option, gate)}.rows"
                    text = f"{row} is a row of another option; here they are {usual}."
                    yield Finding("slip.row", "warning", path, text)
