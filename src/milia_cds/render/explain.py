"""An option explained: what it is, where it stands, what its rules are, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import attrs

from milia_cds.errors import UnknownNameError
from milia_cds.explanation.outcome import Reason, RiskSaid, StepSaid
from milia_cds.knowledge.model import (
    STANDINGS,
    Gate,
    Knowledge,
    Measure,
    Option,
    Source,
)
from milia_cds.knowledge.texts import Call, Risk, Step
from milia_cds.knowledge.wording import Wording
from milia_cds.knowledge.words import Code
from milia_cds.logic.conditions import Condition
from milia_cds.render.lines import Ink, capital, conditional, spaced, unheaded, wrapped
from milia_cds.render.option import Items, ItemText, items

TITLES = {
    "forbid": "Never offered while",
    "lower": "Less recommended while",
    "caution": "Take care when",
    "favour": "Speaks for it when",
    "note": "To know",
}
"""What each kind of gate does, as a heading."""


def explained(base: Knowledge, name: str, *, colour: bool = False) -> str:
    """Explain an option or a supporting measure as text of at most 80 columns.

    Parameters
    ----------
    name
        Its id.
    colour
        Whether to use the colours of a terminal.

    Raises
    ------
    UnknownNameError
        When there is neither an option nor a measure of this id.
    """
    owners: dict[str, Option | Measure] = {**base.options, **base.measures}
    if name not in owners:
        raise UnknownNameError("option or measure", name, owners)
    words = Wording(base, subjects=True)
    lines = _Explanation(base, words, Ink(colour=colour)).of(owners[name])
    return "\n".join(lines)


def described(name: str, source: Source) -> str:
    """Give a source in one line: who, what, when, of which kind, how sure."""
    what = f"{source.authors}. " if source.authors else ""
    year = f", {source.year}" if source.year else ""
    certainty = spaced(source.certainty)
    return f"{name}: {what}{source.title}{year} ({source.type}, {certainty})"


def coded(codes: Iterable[Code]) -> str:
    """Give codes with their system, its version where it is known, and their name."""
    said = []
    for code in codes:
        system = f"{code.system} {code.version}".strip()
        said.append(f"{system} {code.code}, {code.display}")
    return "; ".join(said)


@attrs.frozen
class InGeneral:
    """Says the records of an option without a case: every condition in words."""

    words: Wording

    def clause(self, condition: Condition | None) -> str | None:
        """Give a condition in words, where there is one."""
        return None if condition is None else self.words.condition(condition)

    def items(self, base: Knowledge, option: Option) -> Items:
        """Give the risks, steps and calls of an option by heading."""
        steps = base.steps(option)
        early = {
            phase: [self._step(step) for step in steps if step.phase == phase]
            for phase in ("preparation", "anaesthesia")
        }
        late = [self._step(step) for step in steps if step.phase not in early]
        calls = [self._step(call) for call in base.calls(option)]
        return items([self.risk(each) for each in option.risk], early, late + calls)

    def _step(self, entry: Step | Call) -> StepSaid:
        return StepSaid.of(entry, self.clause(entry.condition))

    def risk(self, risk: Risk) -> RiskSaid:
        """Say a risk with all its modifiers, whose texts name their own case."""
        more = tuple(
            Reason(
                rule=risk.id,
                text=each.text,
                plain=each.plain,
                sources=each.sources,
                judgement=each.judgement,
            )
            for each in risk.modifier
        )
        return RiskSaid.of(risk.id, risk, more, self.clause(risk.condition))


@attrs.frozen
class _Explanation:
    base: Knowledge
    words: Wording
    ink: Ink

    def headed(self, title: str) -> Iterator[str]:
        yield ""
        yield self.ink(title, "bold")

    def of(self, owner: Option | Measure) -> Iterator[str]:
        yield self.ink(f"{owner.label} ({owner.id})", "bold")
        yield from wrapped(f"{self.base.about.notice}. {self.base.about.certainty}")
        if self.base.policy is not None:
            yield from wrapped(str(self.base.policy))
        yield ""
        yield from wrapped(owner.summary)
        yield from wrapped(f"To a patient: {owner.plain}")
        if owner.performed_text:
            yield from wrapped(f"Performed by: {owner.performed_text}")
        yield from self.ink.cited(owner.sources, "", judgement=owner.judgement)
        if owner.codes:
            yield from wrapped(f"Codes: {coded(owner.codes)}", "", "  ")
        if isinstance(owner, Option):
            yield from self.standings(owner)
            yield from self.levels(owner)
            yield from self.arguments(owner)
            yield from self.items(owner)
        yield from self.gates(owner.gate)
        yield from self.sources(owner)

    def standings(self, option: Option) -> Iterator[str]:
        yield from self.headed("Standing")
        for rank, standing in reversed(list(enumerate(STANDINGS))):
            names = [
                scenario.label
                for scenario in self.base.scenarios.values()
                if scenario.ranks[option.id] == rank
            ]
            if names:
                where = "; ".join(names)
                if not rank:
                    everywhere = len(names) == len(self.base.scenarios)
                    where = "everywhere" if everywhere else "everywhere else"
                yield from wrapped(f"  {spaced(standing)}: {where}", "", "    ")
        yield from self.local(option)

    def local(self, option: Option) -> Iterator[str]:
        """Say what a local policy does to the standing."""
        policy = self.base.policy
        if policy is None:
            return
        if option.id in policy.not_offered:
            yield from wrapped("Not offered here, by the local policy.", "  ")
        lowered = [
            scenario.label
            for name, scenario in self.base.scenarios.items()
            if f"{name}.{option.id}" in policy.lowered
        ]
        if lowered:
            said = f"  Lowered by the local policy in: {'; '.join(lowered)}"
            yield from wrapped(said, "", "    ")

    def levels(self, option: Option) -> Iterator[str]:
        yield from self.headed("Criteria, 0 worst to 4 best")
        for level in option.level:
            yield f"  {self.base.criteria[level.criterion].label}: {level.base}"
            for modifier in level.modifier:
                clause = self.words.condition(modifier.condition)
                yield from wrapped(f"    {modifier.level} if {clause}", "", "      ")

    def arguments(self, option: Option) -> Iterator[str]:
        sides = (("for", "Speaks for it"), ("against", "Speaks against it"))
        for side, title in sides:
            chosen = [each for each in option.argument if each.side == side]
            if chosen:
                yield from self.headed(title)
            for each in chosen:
                clause = self.words.condition(each.condition) if each.condition else ""
                yield from wrapped(conditional(each.text, clause), "  - ")
                yield from self.ink.cited(
                    each.sources, "    ", judgement=each.judgement
                )

    def items(self, option: Option) -> Iterator[str]:
        for heading, entries in InGeneral(self.words).items(self.base, option).items():
            yield ""
            yield from ItemText(self.ink, domain=self.base.vocabulary.domain).headed(
                {heading: entries}
            )

    def gates(self, gates: Iterable[Gate]) -> Iterator[str]:
        gates = tuple(gates)
        for kind, title in TITLES.items():
            chosen = [gate for gate in gates if gate.kind == kind]
            if chosen:
                yield from self.headed(title)
            for gate in chosen:
                yield from self.gate(gate)

    def gate(self, gate: Gate) -> Iterator[str]:
        clause = (
            self.words.condition(gate.condition) if gate.condition else "for everybody"
        )
        yield from wrapped(clause, "  - ")
        said = unheaded(gate.text, clause)
        yield from wrapped(capital(said), "      ")
        yield from self.ink.cited(gate.sources, "      ", judgement=gate.judgement)

    def sources(self, owner: Option | Measure) -> Iterator[str]:
        names = sorted(set(sources_of(self.base, owner)))
        if names:
            yield from self.headed("Sources")
        for name in names:
            yield from wrapped(described(name, self.base.sources[name]), "  ", "    ")


def sources_of(base: Knowledge, owner: Option | Measure) -> Iterator[str]:
    """Give the ids of all that an option or a measure is founded on."""
    yield from owner.sources
    claims: list[Gate | Risk | Step | Call] = [*owner.gate]
    if isinstance(owner, Option):
        claims += [*owner.risk, *base.steps(owner), *base.calls(owner)]
        for risk in owner.risk:
            for modifier in risk.modifier:
                yield from modifier.sources
        for argument in owner.argument:
            yield from argument.sources
        for level in owner.level:
            yield from level.sources
    for claim in claims:
        yield from claim.sources
