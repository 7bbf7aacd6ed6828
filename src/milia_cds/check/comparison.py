"""What a change of the knowledge changes, for every case at once.

Two knowledge bases over the same facts are compared diagram by diagram, so that an edit
without effect is told from one that offers something to somebody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from itertools import combinations
from operator import eq
from typing import Any, TypeAlias

from milia_cds.check.findings import Finding, Severity
from milia_cds.check.space import Space
from milia_cds.decision.all_cases import AllCases
from milia_cds.decision.ranking import Score
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.options import (
    STANDINGS,
    Argument,
    Gate,
    Measure,
    Option,
    gate_place,
)
from milia_cds.knowledge.promises import Guarantee
from milia_cds.knowledge.texts import Advice, Call, Risk, Step
from milia_cds.logic.diagrams import FALSE

_CONTRADICTIONS = (
    ("error", ("change.accepted", "change.refused"), "refused"),
    ("warning", ("change.unwarned", "change.warned"), "warned of"),
)
"""Of each level the kinds of what is lost and of what is more, and what happens."""
Pair: TypeAlias = tuple[Score, Score]
"""The place of an option before and after."""
Passing: TypeAlias = Callable[[Pair | None, Pair | None], tuple[str, str] | None]
"""How two options came and come beside each other, where that differs."""


def compare(
    old: Knowledge, new: Knowledge, space: Space | None = None
) -> list[Finding]:
    """Every difference between the results of two knowledge bases.

    What may be offered, or stand better, or be said no longer, is a warning; the rest
    is a note. The example cases are cases of the new one.

    Parameters
    ----------
    old, new
        Knowledge bases over the same facts.
    space
        A space of both, where there is one.
    """
    if dict(old.kinds) != dict(new.kinds):
        text = "The two knowledge bases have other facts and cannot be compared."
        return [Finding("change.facts", "warning", "facts.toml", text)]
    return list(_Comparison(old, new, space or Space(new, old)).findings())


class _Comparison:
    def __init__(self, old: Knowledge, new: Knowledge, space: Space) -> None:
        self.old = old
        self.new = new
        self.bases = (old, new)
        self.space = space
        self.diagrams = space.diagrams
        self.before = space.results(old)
        self.after = space.results(new)

    def findings(self) -> Iterator[Finding]:
        yield from self.scenarios()
        yield from self.actions()
        yield from self.owners(self.old.options, self.new.options, "options")
        yield from self.owners(self.old.measures, self.new.measures, "measures")
        yield from self.first()
        yield from self.order()
        yield from self.guarantees()
        yield from self.contradictions()
        yield from self.words()

    # -- the way --

    def scenarios(self) -> Iterator[Finding]:
        pairs = self.pairs(self.before.scenario, self.after.scenario)
        for (was, now), node in pairs:
            text = f"Cases that came to {was} now come to {now}."
            path = "triage.toml: decision"
            yield self.found("change.scenario", "warning", path, text, node)

    def actions(self) -> Iterator[Finding]:
        for (was, now), node in self.pairs(self.before.rows, self.after.rows):
            text = f"The action was {_action(was)} and is now {_action(now)}."
            path = "scenarios.toml: scenario"
            yield self.found("change.action", "warning", path, text, node)

    def pairs(self, before: int, after: int) -> Iterator[tuple[Any, int]]:
        """Every pair of different values, with the cases that have it."""
        if before == after:
            return
        changes = self.diagrams.changes(before, after)
        for pair in sorted(self.diagrams.values(changes) - {None}, key=repr):
            yield pair, self.space.where(partial(eq, pair), changes)

    # -- options and measures --

    def owners(
        self,
        old: Mapping[str, Option] | Mapping[str, Measure],
        new: Mapping[str, Option] | Mapping[str, Measure],
        folder: str,
    ) -> Iterator[Finding]:
        for name in dict.fromkeys([*old, *new]):
            path = f"{folder}/{name}.toml"
            if name not in new or name not in old:
                text = f"It is {'new' if name in new else 'gone'}."
                yield Finding("change.option", "warning", path, text)
                continue
            before = _verdicts(self.before, old[name])
            after = _verdicts(self.after, new[name])
            yield from self.verdicts(name, path, before, after)
            yield from self.gates(old[name], new[name], (before, after))

    def verdicts(
        self, name: str, path: str, before: int, after: int
    ) -> Iterator[Finding]:
        """What became of an option, each kind of change once."""
        seen: dict[tuple[str, Severity, str], int] = {}
        for (was, now), node in self.pairs(before, after):
            said = _changed(name, was, now)
            seen[said] = self.diagrams.either(seen.get(said, FALSE), node)
        for (kind, level, text), node in seen.items():
            yield self.found(kind, level, path, text, node)

    def gates(
        self,
        old: Option | Measure,
        new: Option | Measure,
        verdicts: tuple[int, int],
    ) -> Iterator[Finding]:
        """The cautions and notes that are said in other cases than before.

        Only cases count in which the option is offered before and after.
        """
        before = {gate.id: gate for gate in old.gate}
        after = {gate.id: gate for gate in new.gate}
        places = {
            gate.id: gate_place(owner, gate)
            for owner in (old, new)
            for gate in owner.gate
        }
        offered = self.diagrams.all(map(self.offered, verdicts))
        for name, at in places.items():
            was = self.said(before.get(name), offered)
            now = self.said(after.get(name), offered)
            lost = self.diagrams.without(was, now)
            more = self.diagrams.without(now, was)
            if lost != FALSE:
                text = "It is no longer said in cases in which it was."
                yield self.found("change.unsaid", "warning", at, text, lost)
            if more != FALSE:
                text = "It is said in cases in which it was not."
                yield self.found("change.said", "note", at, text, more)

    def offered(self, verdicts: int) -> int:
        return self.space.where(lambda verdict: verdict[0] == "offered", verdicts)

    def said(self, gate: Gate | None, offered: int) -> int:
        """The cases in which a gate adds its words to an option offered."""
        if gate is None or gate.kind == "forbid":
            return FALSE
        return self.diagrams.both(offered, self.space.of(gate.condition))

    def first(self) -> Iterator[Finding]:
        before, after = self.before.first, self.after.first
        if before is None or after is None:
            return
        for (was, now), node in self.pairs(before, after):
            text = f"First was {_names(was)} and is now {_names(now)}."
            yield self.found("change.first", "note", "options/", text, node)

    def order(self) -> Iterator[Finding]:
        """Pairs of options of which the other now comes first, by points or less.

        Only cases count in which both stand as before: what moves by its standing is
        said already.
        """
        names = [name for name in self.old.options if name in self.new.options]
        stays = {name for name in names if self.stays(name)}
        placed = {
            name: self.diagrams.apply(
                _twice, self.before.placed[name], self.after.placed[name], kept=_twice
            )
            for name in names
        }
        for one, other in combinations(names, 2):
            if not {one, other} <= stays:
                beside = self.beside(one, other)
                pairs = self.differing(beside, placed[one], placed[other])
                for said in sorted(self.diagrams.values(pairs) - {None}):
                    node = self.space.where(partial(eq, said), pairs)
                    text = f"{one} comes {said[1]} {other} in cases in which it came "
                    text += f"{said[0]}."
                    yield self.found("change.order", "note", "options/", text, node)

    def differing(self, beside: Passing, one: int, other: int) -> int:
        """The diagram of `beside`, of the places alone at which it can differ."""
        values = self.diagrams.values
        ahead = {v for v in values(one) if any(beside(v, w) for w in values(other))}
        behind = {w for w in values(other) if any(beside(v, w) for v in ahead)}
        one = self.diagrams.apply(lambda v: v if v in ahead else None, one)
        other = self.diagrams.apply(lambda w: w if w in behind else None, other)
        return self.diagrams.apply(beside, one, other)

    def stays(self, name: str) -> bool:
        """Whether all that places an option among others is as it was."""
        old, new = self.old.options[name], self.new.options[name]
        return (
            old.invasiveness == new.invasiveness
            and self.before.placed[name] == self.after.placed[name]
        )

    def beside(self, one: str, other: str) -> Passing:
        """How two options came and come beside each other, where that differs."""
        options = [(base.options[one], base.options[other]) for base in self.bases]

        def beside(here: Pair | None, there: Pair | None) -> tuple[str, str] | None:
            if here is None or there is None:
                return None
            was, now = (
                _beside(*each) for each in zip(here, there, options, strict=True)
            )
            return None if was == now else (was, now)

        return beside

    # -- promises and refusals --

    def guarantees(self) -> Iterator[Finding]:
        after = {each.id: each for each in self.new.guarantees}
        for each in self.old.guarantees:
            path = f"guarantees.toml: guarantee.{each.id}"
            if each.id not in after:
                yield Finding("change.guarantee", "warning", path, "It is gone.")
            else:
                yield from self.weaker(each, after[each.id], path)

    def weaker(self, old: Guarantee, new: Guarantee, path: str) -> Iterator[Finding]:
        before, after = self.space.of(old.condition), self.space.of(new.condition)
        lost = self.diagrams.without(before, after)
        if lost != FALSE:
            text = "It promises less: there are cases of which it no longer speaks."
            yield self.found("change.guarantee", "warning", path, text, lost)
        owners = {*old.options, *old.measures} - {*new.options, *new.measures}
        if owners or old.action != new.action:
            text = f"It promises less: {_names(owners) or old.action} is gone from it."
            yield Finding("change.guarantee", "warning", path, text)

    def contradictions(self) -> Iterator[Finding]:
        path = "terms.toml: contradiction"
        for level, kinds, what in _CONTRADICTIONS:
            before, after = (self.contradictory(base, level) for base in self.bases)
            lost = self.diagrams.without(before, after)
            more = self.diagrams.without(after, before)
            if lost != FALSE:
                text = f"Facts that contradict one another are no longer {what}."
                yield self.found(kinds[0], "warning", path, text, lost)
            if more != FALSE:
                text = f"Cases are {what} that were not."
                yield self.found(kinds[1], "note", path, text, more)

    def contradictory(self, base: Knowledge, level: str) -> int:
        """The cases that some contradiction of a level is about."""
        return self.diagrams.any(
            self.space.of(each.condition)
            for each in base.contradictions
            if each.level == level
        )

    # -- the rest --

    def words(self) -> Iterator[Finding]:
        """Other conditions that changed: texts are then said to others."""
        before = {path: self.space.of(each) for path, each in _texts(self.old)}
        after = {path: self.space.of(each) for path, each in _texts(self.new)}
        for path in dict.fromkeys([*before, *after]):
            was, now = before.get(path, FALSE), after.get(path, FALSE)
            if was != now:
                node = self.space.differing(was, now)
                text = "What stands there is said in other cases than before."
                yield self.found("change.text", "note", path, text, node)

    def found(
        self, kind: str, level: Severity, path: str, text: str, node: int
    ) -> Finding:
        return Finding(kind, level, path, text, self.space.case(node, self.new))


def _verdicts(results: AllCases, owner: Option | Measure) -> int:
    if isinstance(owner, Option):
        return results.options[owner.id]
    verdict = results.measures[owner.id]
    return results.diagrams.apply(lambda each: (each, 1), verdict)


def _twice(was: Score, now: Score) -> Pair | None:
    """The place of an option before and after, where it is offered and stands alike."""
    return (was, now) if was[0] and was[0] == now[0] else None


def _beside(here: Score, there: Score, options: tuple[Option, Option]) -> str:
    """How one option comes beside another; a tie is listed by what is less invasive."""
    if here != there:
        return "before" if here > there else "after"
    one, other = ((each.invasiveness, each.id) for each in options)
    return "level with, named before" if one < other else "level with, named after"


def _changed(
    name: str, was: tuple[str, int], now: tuple[str, int]
) -> tuple[str, Severity, str]:
    """Say what became of an option in some cases."""
    if now[0] == "offered" != was[0]:
        text = f"{name} is offered in cases in which it was {_spaced(was[0])}."
        return "change.offered", "warning", text
    if was[0] == "offered" != now[0]:
        text = f"{name} is {_spaced(now[0])} in cases in which it was offered."
        return "change.not_offered", "note", text
    if was[0] != now[0]:
        text = f"{name} was {_spaced(was[0])} in cases in which it is "
        return "change.reason", "note", f"{text}{_spaced(now[0])}."
    before, after = (_spaced(STANDINGS[rank]) for _, rank in (was, now))
    text = f"{name} stands at {after} in cases in which it stood at {before}."
    better = now[1] > was[1]
    kind = "change.better" if better else "change.worse"
    return kind, "warning" if better else "note", text


def _texts(base: Knowledge) -> Iterator[tuple[str, Any]]:
    """The conditions that only choose words: no gates, branches and actions."""
    for path, entry, *_ in base.entries:
        words = path.startswith(("options/", "common", "advice"))
        if words and isinstance(entry, (Argument, Risk, Step, Call, Advice)):
            yield path, entry.condition


def _action(row: tuple[str, str | None, str | None]) -> str:
    return " ".join(_spaced(part) for part in row if part)


def _spaced(name: str) -> str:
    return name.replace("_", " ")


def _names(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))
