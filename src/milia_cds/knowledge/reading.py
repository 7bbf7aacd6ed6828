"""Reading the knowledge base: files to records, strictly, all problems at once.

`read_knowledge` reads every file of a folder, parses every condition against the
vocabulary, cross-checks every name and gives the frozen records, or raises with each
problem's file and key path.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import attrs

from milia_cds.errors import ConditionError, KnowledgeError, Problem, quoted
from milia_cds.knowledge.consequences import (
    FACT,
    SET,
    TERM,
    Home,
    asked,
    told_once,
)
from milia_cds.knowledge.contents import Contents
from milia_cds.knowledge.criteria import Criterion, GridQuestion
from milia_cds.knowledge.crosscheck import inconsistencies
from milia_cds.knowledge.dangers import Alert, Claim, signs_of
from milia_cds.knowledge.entries import place_of
from milia_cds.knowledge.filed import Filed
from milia_cds.knowledge.files import SHIPPED, digest_of, read_files
from milia_cds.knowledge.handed import handed
from milia_cds.knowledge.leaflets import Leaflets
from milia_cds.knowledge.model import Knowledge, homed
from milia_cds.knowledge.named import members_of
from milia_cds.knowledge.options import STANDINGS, CriterionLevel, Gate, Measure, Option
from milia_cds.knowledge.promises import Guarantee
from milia_cds.knowledge.records import Entry
from milia_cds.knowledge.scenarios import (
    ActionRow,
    Branch,
    Decision,
    Destination,
    Scenario,
)
from milia_cds.knowledge.shared import SharedAction
from milia_cds.knowledge.sharing import Sharing, with_rules
from milia_cds.knowledge.signing import unfit, with_status
from milia_cds.knowledge.terms import Terms, read_condition
from milia_cds.knowledge.texts import Advice, Call, Consent, Risk, Step
from milia_cds.knowledge.vocabulary import vocabulary_of
from milia_cds.knowledge.words import FactEntry, TermEntry
from milia_cds.logic.conditions import (
    Condition,
    NamedSet,
    Not,
    Or,
    Scope,
)
from milia_cds.logic.facts import Choice

T = TypeVar("T", bound=Entry)
Identified = TypeVar(
    "Identified", Alert, Claim, Decision, Scenario, Criterion, GridQuestion
)
OfSeveral = TypeVar("OfSeveral", Step, Call, Consent)
Rows = TypeVar("Rows", ActionRow, SharedAction)
Told = TypeVar("Told", ActionRow, SharedAction, Advice)


def read_knowledge(folder: Path | Contents = SHIPPED) -> Knowledge:
    """Read a knowledge base.

    Parameters
    ----------
    folder
        The folder with the TOML files, or what they hold.

    Raises
    ------
    KnowledgeError
        With every problem, each with its file and key path.
    """
    problems: list[Problem] = []
    files: Mapping[str, bytes]
    if isinstance(folder, Contents):
        files = folder.files
    else:
        files = read_files(folder, problems)
    if problems and not files:
        raise KnowledgeError(problems)
    reader = _Reader(Filed(files, problems))
    read = reader.knowledge()
    reader.found += inconsistencies(read)
    if not reader.found:  # a rule that is lost elsewhere would be missed here too
        reader.found += handed(read)
    problems += unfit(read.signatures)
    problems += told_once(reader.found, reader.doubts, files.values())
    if problems:
        raise KnowledgeError(problems)
    return homed(with_status(read))


class _Reader:
    """Makes one knowledge base of what its files say, gathering problems.

    Parameters
    ----------
    filed
        What the files say.

    Attributes
    ----------
    found
        The problems between entries, which may follow from what could not be read.
    """

    def __init__(self, filed: Filed) -> None:
        self.filed = filed
        self.doubts = filed.doubts
        self.found: list[Problem] = []
        self.parsed: dict[str, Condition] = {}
        self.vocabulary = vocabulary_of(filed)
        scope = Scope(self.vocabulary.readable, self.sets())
        self.named = Terms(filed.terms.term, scope)
        self.scope = attrs.evolve(scope, terms=self.named)

    def knowledge(self) -> Knowledge:
        """The knowledge base, of what can be read."""
        filed = self.filed
        terms = self.terms()
        shared = self.sharing()
        rules = shared.rules([*filed.options, *filed.measures])
        return Knowledge(
            vocabulary=self.vocabulary,
            screens=filed.facts.screens,
            facts={
                name: self.fact(name, each)
                for name, each in filed.facts.facts.items()
                if name in self.vocabulary.kinds
            },
            sets=filed.terms.set,
            terms=terms,
            guards={
                name: self.compiled(guard, f"terms.toml: guard.{name}")
                for name, guard in filed.terms.guard.items()
            },
            contradictions=self.each(
                filed.terms.contradiction, "terms.toml: contradiction"
            ),
            decisions=self.by_id(
                map(self.decision, filed.triage.decision), "triage.toml: decision"
            ),
            undecided=filed.triage.undecided,
            destinations={
                name: self.destination(name, each)
                for name, each in filed.scenarios.destination.items()
            },
            addressees=filed.alerts.addressee,
            urgencies=filed.alerts.urgency,
            alerts=self.by_id(
                map(self.alert, filed.alerts.alert), "alerts.toml: alert"
            ),
            claims=self.by_id(filed.claims.claim, "claims.toml: claim"),
            scenarios=self.by_id(
                shared.scenarios(map(self.scenario, filed.scenarios.scenario)),
                "scenarios.toml: scenario",
            ),
            options={
                each.id: with_rules(self.option(each), rules) for each in filed.options
            },
            measures={
                each.id: with_rules(self.measure(each), rules)
                for each in filed.measures
            },
            groups=filed.common.group,
            scenario_groups=filed.scenarios.group,
            common_steps=self.several(filed.common.step, "common.toml: step", shared),
            common_calls=self.several(filed.common.call, "common.toml: call", shared),
            common_consent=self.several(
                filed.common.consent, "common.toml: consent", shared
            ),
            advice=tuple(map(self.advice, filed.advice.advice)),
            checks=self.numbered(filed.advice.check, "advice.toml: check"),
            leaflets=self.leaflets(filed.leaflets, shared),
            criteria=self.by_id(filed.criteria.criterion, "criteria.toml: criterion"),
            grid=self.by_id(filed.criteria.grid, "criteria.toml: grid"),
            grid_notes=self.numbered(
                filed.criteria.grid_note, "criteria.toml: grid_note"
            ),
            sources=filed.sources,
            guarantees=tuple(
                self.guarantee(each, shared) for each in filed.guarantees.guarantee
            ),
            promises=(*filed.guarantees.content, *filed.guarantees.law),
            about=filed.about,
            digest=digest_of(filed.files),
            order=filed.order,
            figure_of=filed.figure.fact,
            outlines=filed.figure.outline,
            marks=filed.figure.mark,
            fhir=filed.fhir,
            signatures=filed.reviews.signature,
            contents=Contents(filed.files),
        )

    # -- names --

    def sets(self) -> dict[str, NamedSet]:
        """The sets of members that there are; what is wrong with one is told later."""
        sets = {}
        for name, entry in self.filed.terms.set.items():
            kind = self.vocabulary.readable.get(entry.fact)
            if isinstance(kind, Choice) and set(entry.members) <= set(kind.members):
                sets[name] = NamedSet(entry.fact, entry.members)
            else:
                self.doubts.place(SET.format(name))
        return sets

    def terms(self) -> dict[str, TermEntry]:
        """The terms that can be read."""
        found = {}
        for name, entry in self.filed.terms.term.items():
            place = TERM.format(name)
            try:
                found[name] = attrs.evolve(entry, condition=self.named[name])
            except ConditionError:
                self.doubts.place(place)
                self.wrong(self.named.wrong[name], f"{place}.when")
        return found

    # -- conditions --

    def condition(self, text: str, path: str) -> Condition | None:
        """Parse a condition, once for each text; report what is wrong with it."""
        if text not in self.parsed:
            try:
                self.parsed[text] = read_condition(text, self.scope)
            except ConditionError as bad:
                self.wrong(bad, path)
                return None
        return self.parsed[text]

    def wrong(self, bad: ConditionError, path: str) -> None:
        """Report what is wrong with a condition."""
        place = f"{path}, column {bad.column}"
        of, name = bad.unknown
        homes = self.homes(of, name) if name else ()
        self.found.append(asked(place, bad.message, bad.mend, name, homes))

    def homes(self, of: str, name: str) -> tuple[Home, ...]:
        """Where a name that a condition asks for might stand."""
        if of == "set":
            return (Home(SET, self.filed.terms.set),)
        if of == "name" and "." in name:
            return (Home(FACT, self.vocabulary.readable),)
        if of == "name":
            return (Home(TERM, self.filed.terms.term),)
        return (members_of(of, self.vocabulary.kinds[of]),)

    def compiled(self, record: Any, path: str, key: str = "when") -> Any:
        """The record with its condition parsed, where it has one."""
        text = getattr(record, key)
        if not text:
            return record
        condition = self.condition(text, f"{path}.{key}")
        return attrs.evolve(record, condition=condition)

    def by_id(self, records: Iterable[Identified], path: str) -> dict[str, Identified]:
        """Records by their id, which each must have for itself."""
        records = tuple(records)
        for name, count in Counter(record.id for record in records).items():
            if count > 1:
                message = f"{quoted(name)} stands there {count} times"
                self.found.append(Problem(path, message, "keep one"))
                self.doubts.place(path)
        return {record.id: record for record in records}

    def each(self, records: tuple[T, ...], path: str) -> tuple[T, ...]:
        """Compile records that have an id."""
        return tuple(
            # Callers give such.
            self.compiled(record, f"{path}.{record.id}")  # type: ignore[attr-defined]
            for record in records
        )

    def numbered(self, records: tuple[T, ...], path: str) -> tuple[T, ...]:
        """Compile records that have none."""
        return tuple(
            self.compiled(record, place_of(record, f"{path}[{number}]"))
            for number, record in enumerate(records)
        )

    def sharing(self) -> Sharing:
        """What several options or scenarios share, its conditions parsed."""
        common, scenarios = self.filed.common, self.filed.scenarios
        gates = self.each(common.gate, "common.toml: gate")
        actions = self.rows(scenarios.action, "scenarios.toml: action")
        arguments = self.numbered(scenarios.argument, "scenarios.toml: argument")
        return Sharing(
            attrs.evolve(common, gate=gates),
            attrs.evolve(scenarios, action=actions, argument=arguments),
            self.filed.stems("options"),
            self.filed.stems("measures"),
            self.found,
        )

    def several(
        self, records: tuple[OfSeveral, ...], path: str, shared: Sharing
    ) -> tuple[OfSeveral, ...]:
        """Compile steps or calls that several options share."""
        return tuple(
            shared.several(each, f"{path}.{each.id}")
            for each in self.each(records, path)
        )

    def fact(self, name: str, entry: FactEntry) -> FactEntry:
        path = f"facts.toml: {name}"
        settled = self.numbered(entry.settled, f"{path}.settled")
        compiled: FactEntry = self.compiled(entry, path, "asked_when")
        pending = entry.pending and self.compiled(entry.pending, f"{path}.pending")
        return attrs.evolve(compiled, settled=settled, pending=pending)

    def alert(self, alert: Alert) -> Alert:
        path = f"alerts.toml: alert.{alert.id}"
        sentences = self.numbered(alert.sentence, f"{path}.sentence")
        read: Alert = self.compiled(alert, path)
        condition: Condition | None = read.condition
        if condition is not None:
            signs = signs_of(condition, self.filed.facts.facts)
            read = attrs.evolve(read, signs=signs)
        return attrs.evolve(read, sentence=sentences)

    def advice(self, advice: Advice) -> Advice:
        path = f"advice.toml: advice.{advice.id}"
        compiled: Advice = self.compiled(advice, path)
        return self.told(compiled, path)

    def rows(self, rows: tuple[Rows, ...], path: str) -> tuple[Rows, ...]:
        """Compile rows of actions, with their sentences."""
        return tuple(
            self.told(row, place_of(row, f"{path}[{number}]"))
            for number, row in enumerate(self.numbered(rows, path))
        )

    def told(self, entry: Told, path: str) -> Told:
        """An entry whose text may be a list of sentences: the text is all of them."""
        if not entry.sentence:
            return entry
        sentences = self.numbered(entry.sentence, f"{path}.sentence")
        given: dict[str, Any] = {"sentence": sentences}
        for key in ("text", "plain"):
            said = [getattr(each, key, "") for each in sentences]
            if hasattr(entry, key) and not getattr(entry, key):
                given[key] = " ".join(filter(None, said))
        return attrs.evolve(entry, **given)

    def decision(self, decision: Decision) -> Decision:
        path = f"triage.toml: decision.{decision.id}.branch"
        branches: list[Branch] = []
        before: list[Condition] = []
        for place, branch in enumerate(decision.branch):
            compiled = self.compiled(branch, f"{path}[{place}]")
            if branch.otherwise and before:
                compiled = attrs.evolve(branch, condition=Not(Or(tuple(before))))
            elif compiled.condition is not None:
                before.append(compiled.condition)
            branches.append(compiled)
        return attrs.evolve(decision, branch=tuple(branches))

    def destination(self, name: str, destination: Destination) -> Destination:
        path = f"scenarios.toml: destination.{name}"
        compiled: Destination = self.compiled(destination, path, "own_when")
        return compiled

    def scenario(self, scenario: Scenario) -> Scenario:
        path = f"scenarios.toml: scenario.{scenario.id}"
        rows = self.rows(scenario.action, f"{path}.action")
        arguments = self.numbered(scenario.argument, f"{path}.argument")
        ranks = {
            option: rank
            for rank, standing in enumerate(STANDINGS)
            for option in getattr(scenario, standing)
        }
        return attrs.evolve(scenario, action=rows, argument=arguments, ranks=ranks)

    def option(self, option: Option) -> Option:
        path = f"options/{option.id}.toml: "
        levels = tuple(self.level(level, path) for level in option.level)
        text = option.unlisted_when
        unlisted = self.condition(text, f"{path}unlisted_when") if text else None
        return attrs.evolve(
            option,
            condition=unlisted,
            level=levels,
            argument=self.numbered(option.argument, f"{path}argument"),
            brief=self.numbered(option.brief, f"{path}brief"),
            how=self.numbered(option.how, f"{path}how"),
            cell=self.numbered(option.cell, f"{path}cell"),
            consent=self.each(option.consent, f"{path}consent"),
            gate=self.gates(option.id, option.gate, path),
            risk=tuple(
                self.risk(risk, f"{path}risk.{risk.id}") for risk in option.risk
            ),
            step=self.each(option.step, f"{path}step"),
            call=self.each(option.call, f"{path}call"),
        )

    def leaflets(self, said: Leaflets, shared: Sharing) -> Leaflets:
        return attrs.evolve(
            said,
            person=self.numbered(said.person, "leaflets.toml: person"),
            line=tuple(
                shared.several(line, f"leaflets.toml: line[{number}]")
                for number, line in enumerate(said.line)
            ),
            referred=self.numbered(said.referred, "leaflets.toml: referred"),
            letter=self.numbered(said.letter, "leaflets.toml: letter"),
        )

    def risk(self, risk: Risk, path: str) -> Risk:
        modifiers = self.numbered(risk.modifier, f"{path}.modifier")
        compiled: Risk = self.compiled(risk, path)
        return attrs.evolve(compiled, modifier=modifiers)

    def level(self, level: CriterionLevel, path: str) -> CriterionLevel:
        at = f"{path}level.{level.criterion}.modifier"
        return attrs.evolve(level, modifier=self.numbered(level.modifier, at))

    def measure(self, measure: Measure) -> Measure:
        path = f"measures/{measure.id}.toml: "
        return attrs.evolve(measure, gate=self.gates(measure.id, measure.gate, path))

    def gates(self, owner: str, gates: tuple[Gate, ...], path: str) -> tuple[Gate, ...]:
        def compiled(gate: Gate) -> Gate:
            at = f"{path}gate.{gate.id}.when"
            condition = self.condition(gate.when, at) if gate.when else None
            name = f"{owner}.{gate.id}"
            return attrs.evolve(gate, condition=condition, name=name)

        return tuple(map(compiled, gates))

    def guarantee(self, guarantee: Guarantee, shared: Sharing) -> Guarantee:
        path = f"guarantees.toml: guarantee.{guarantee.id}"
        key = "never_when" if guarantee.never_when else "when"
        compiled: Guarantee = self.compiled(guarantee, path, key)
        return shared.guarantee(compiled, path)
