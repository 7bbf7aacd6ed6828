"""What looks like a slip of the pen, seen by comparing rules with one another.

None of these is wrong in itself; each is rare in knowledge that was written with care.
A rule that several options share is as many gates when it is asked what is usual, but
one rule, written in one place, when it departs from that.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import pairwise

import attrs

from milia_cds.check.findings import Finding
from milia_cds.check.space import Space
from milia_cds.knowledge.about import Source
from milia_cds.knowledge.dangers import Alert, Claim
from milia_cds.knowledge.entries import Placed
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.options import Gate, Measure, Option, by_rule, gate_place
from milia_cds.knowledge.promises import Guarantee, Promise
from milia_cds.logic.conditions import Compare, atoms
from milia_cds.logic.facts import Number

_NEAR = 0.1
"""Two limits are near one another within this part of the greater."""
_PEERS = 3
"""So many gates of one name make a rule of which another may depart."""
_LIKE = 0.5
"""Two texts are alike that have so many of their words in common, in one order."""

_SAID = ("title", "text", "plain", "summary", "own_text", "performed_text")
"""The keys of what is said with an answer."""
_NO_CLAIMS = (Alert, Claim, Guarantee, Promise, Source)
"""What is said whatever else is, and what is no part of an answer."""
_BETWEEN = re.compile(r"(?<=[.!?]) ")


@attrs.frozen
class _Rule:
    """A rule where it is written, the gates that it comes to, and when they hold."""

    path: str
    owners: tuple[str, ...]
    gates: tuple[Gate, ...]
    node: int

    @property
    def of_the_clinic(self) -> bool:
        """Whether a local policy adds it."""
        return self.gates[0].id.startswith("policy.")


def slips(base: Knowledge, space: Space) -> Iterator[Finding]:
    """What departs from what the rest of the knowledge does."""
    rules = _rules(base.options.values(), space)
    yield from _limits(base)
    yield from _peers(base, space, rules)
    yield from _words(base, space, rules)
    yield from _copies(_rules(base.gated(), space))
    yield from dict.fromkeys(_unclaimed(base))
    yield from _rows(base)
    yield from _groups(base)


def _rules(owners: Iterable[Option | Measure], space: Space) -> list[_Rule]:
    """Every rule of some options and measures, in their order."""
    return [
        _Rule(
            path,
            tuple(owner.id for owner, _ in found),
            tuple(gate for _, gate in found),
            space.of(found[0][1].condition),
        )
        for path, found in by_rule(owners).items()
    ]


def _limits(base: Knowledge) -> Iterator[Finding]:
    """Find two limits of one number that nearly agree."""
    for fact, kind in base.kinds.items():
        if not isinstance(kind, Number):
            continue
        used: dict[float, Counter[str]] = {}
        for path, condition in base.conditions():
            for atom in dict.fromkeys(atoms(condition)):
                if atom.fact == fact and isinstance(atom.test, Compare):
                    cut = _cut(atom.test, whole=kind.whole)
                    used.setdefault(cut, Counter())[path] += 1
        yield from _near(fact, used)


def _cut(test: Compare, *, whole: bool) -> float:
    """Where a test cuts; `> 20` and `>= 21` cut a whole number alike."""
    after = test.sign in {"<=", ">"}
    if not after:
        return test.bound
    # Between a value and the next: of a real number, just beyond the bound itself.
    return test.bound + 1 if whole else test.bound + 1e-9


def _near(fact: str, used: dict[float, Counter[str]]) -> Iterator[Finding]:
    def often(cut: float) -> tuple[int, int]:
        """In how many places a cut is written, and in how many it then stands."""
        return len(used[cut]), used[cut].total()

    told: set[float] = set()
    for low, high in pairwise(sorted(used)):
        if low <= 0 or high - low > _NEAR * high:
            continue
        rare, usual = sorted((low, high), key=often)
        if rare in told or (len(used[rare]) > 1 and often(usual) == often(rare)):
            continue
        told.add(rare)  # a cut between two others is one slip
        here, there = next(iter(used[rare])), next(iter(used[usual]))
        text = f"{fact} is cut at {rare:g} here and at {usual:g} elsewhere: is one of "
        text += f"them a slip? See {there}."
        if abs(high - low) < 1e-6:  # noqa: PLR2004 - the side of one bound
            text = f"Whether {usual:g} itself counts of {fact} differs from elsewhere."
            text += f" See {there}."
        yield Finding("slip.limit", "warning", here, text)


def _peers(base: Knowledge, space: Space, rules: Sequence[_Rule]) -> Iterator[Finding]:
    """Find a rule that says something else than all others of its name and kind."""
    named: dict[tuple[str, str], dict[int, list[_Rule]]] = {}
    for rule in rules:
        gate = rule.gates[0]
        if gate.condition is not None and not rule.of_the_clinic:
            alike = named.setdefault((gate.id, gate.kind), {})
            alike.setdefault(rule.node, []).append(rule)
    for alike in named.values():
        usual, *others = sorted(alike.values(), key=_gates, reverse=True)
        if len(others) != 1 or len(others[0]) != 1:
            continue
        (odd,) = others[0]
        if _gates(usual) < max(_PEERS, 2 * len(odd.gates)):
            continue
        text = f"{_gates(usual)} gates of this name hold in other cases than this one"
        if len(odd.gates) > 1:
            text += f", which goes to {', '.join(odd.owners)}"
        case = space.case(space.differing(odd.node, usual[0].node), base)
        text += f". See {usual[0].path}."
        yield Finding("slip.peer", "warning", odd.path, text, case)


def _gates(rules: Iterable[_Rule]) -> int:
    """How many gates some rules come to."""
    return sum(len(rule.gates) for rule in rules)


def _words(base: Knowledge, space: Space, rules: Sequence[_Rule]) -> Iterator[Finding]:
    """Find two rules with the same words and other conditions."""
    said: dict[tuple[str, str], _Rule] = {}
    for rule in rules:
        first = [said.setdefault((gate.text, gate.kind), rule) for gate in rule.gates]
        for other in {each.path: each for each in first}.values():
            if rule.node != other.node:
                text = f"The same words stand at another condition: {other.path}."
                case = space.case(space.differing(rule.node, other.node), base)
                yield Finding("slip.words", "warning", rule.path, text, case)


def _copies(rules: Sequence[_Rule]) -> Iterator[Finding]:
    """Find a rule that is written again, with nearly the same words."""
    named: dict[tuple[object, ...], list[_Rule]] = {}
    for rule in rules:
        if not rule.of_the_clinic:
            gate = rule.gates[0]
            written = named.setdefault((gate.id, gate.kind, gate.to, rule.node), [])
            first = next((each for each in written if _alike(each, rule)), None)
            written.append(rule)
            if first is not None:
                text = "It holds in the same cases and says nearly the same as "
                text += f"{first.path}: write one rule for both in common.toml, with "
                text += "a wording where the words have to differ."
                yield Finding("slip.copy", "warning", rule.path, text)


def _alike(one: _Rule, other: _Rule) -> bool:
    """Whether some text of a rule is nearly one of another."""
    texts = [{gate.text: None for gate in rule.gates} for rule in (one, other)]
    words = [[re.findall(r"\w+", text.lower()) for text in each] for each in texts]
    return any(
        SequenceMatcher(None, here, there).ratio() >= _LIKE
        for here in words[0]
        for there in words[1]
    )


def _rows(base: Knowledge) -> Iterator[Finding]:
    """Find a gate that carries a reviewed row of another option.

    A row of a shared rule goes only to the option that it is of.
    """
    for owner in base.gated():
        rows = [row for gate in owner.gate for row in gate.rows]
        usual = Counter(_beginning(row) for row in rows).most_common(1)
        own = owner.own_rows or tuple(beginning for beginning, _ in usual)
        for gate in owner.gate:
            for row in gate.rows:
                if not row.startswith(own):
                    path = f"{gate_place(owner, gate)}.rows"
                    text = f"{row} is a row of another option; here they begin with "
                    text += f"{' or '.join(own)}."
                    yield Finding("slip.row", "warning", path, text)


def _beginning(row: str) -> str:
    """What a row of the reviewed list begins with, up to its number."""
    return "".join(row.partition("-")[:2])


def _groups(base: Knowledge) -> Iterator[Finding]:
    """Find groups, members and options that no rule reaches by a group."""
    reached: dict[str, list[str]] = {name: [] for name in base.groups}
    for option in base.options.values():
        for name in dict.fromkeys(name for gate in option.gate for name in gate.groups):
            reached[name].append(option.id)
    for name, group in base.groups.items():
        path = f"common.toml: group.{name}"
        if not reached[name]:
            text = "No rule is for this group, so its members share none: name it in "
            text += "the `for` of one, or remove it."
            yield Finding("group.idle", "warning", path, text)
            continue
        for member in group.options:
            if member not in reached[name]:
                text = f"Every rule of the group spares {member}: is it rightly there?"
                yield Finding("group.spared", "warning", path, text)
    grouped = {each for group in base.groups.values() for each in group.options}
    for name in base.options if base.groups else ():
        if name not in grouped:
            text = (
                "It is in no group: what a rule or a guarantee says of a group never "
            )
            text += "reaches it. Join one in common.toml if it should."
            path = f"options/{name}.toml"
            yield Finding("option.ungrouped", "note", path, text)


# -- what texts claim --


def _unclaimed(base: Knowledge) -> Iterator[Finding]:
    for placed in base.entries:
        yield from unclaimed(base, placed)


def unclaimed(base: Knowledge, placed: Placed) -> Iterator[Finding]:
    """Find sentences with the words of a claim that they do not say they make.

    Parameters
    ----------
    base
        The knowledge base.
    placed
        The entry with the sentences, where it stands.
    """
    spared = f"for the {base.vocabulary.domain}"
    within = (*placed.within, placed.entry)
    if any(isinstance(each, _NO_CLAIMS) for each in within):
        return
    own = {
        name.partition(":")[0]
        for each in within
        for name in getattr(each, "claims", ())
    }
    for sentence in _sentences(placed.entry):
        words = sentence.lower()
        if spared in words:
            continue
        for name, claim in base.claims.items():
            found = next((each for each in claim.markers if each in words), None)
            if found is not None and name not in own:
                text = (
                    f"“{found}” claims {name}, and the text does not say so: "
                    f"“{sentence}”"
                )
                yield Finding("text.unclaimed", "error", placed.path, text)


def _sentences(entry: object) -> Iterator[str]:
    """The sentences of an entry, without those that stand in a list of their own."""
    listed = {"text", "plain"} if getattr(entry, "sentence", ()) else set()
    for key in _SAID:
        said = "" if key in listed else getattr(entry, key, "")
        if isinstance(said, str):
            yield from filter(None, _BETWEEN.split(said))
