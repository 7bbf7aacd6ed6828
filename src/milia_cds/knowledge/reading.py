"""Reading the knowledge base: files to records, strictly, all problems at once.

`read_knowledge` reads every file of a folder, parses every condition against the
vocabulary, cross-checks every name and gives the frozen records, or raises with each
problem's file and key path.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

import attrs

from milia_cds.case.vocabulary import Roles, Vocabulary
from milia_cds.errors import ConditionError, KnowledgeError, Problem, nearest, quoted
from milia_cds.knowledge.about import About, Source
from milia_cds.knowledge.crosscheck import cross_check
from milia_cds.knowledge.declared import kind_of
from milia_cds.knowledge.files import (
    SHIPPED,
    AdviceFile,
    CommonFile,
    CriteriaFile,
    FactsFile,
    GuaranteesFile,
    ScenariosFile,
    TermsFile,
    TriageFile,
    digest_of,
    read_files,
)
from milia_cds.knowledge.model import (
    STANDINGS,
    Branch,
    CriterionLevel,
    Decision,
    Destination,
    Gate,
    Guarantee,
    Knowledge,
    Measure,
    Option,
    Scenario,
    homed,
)
from milia_cds.knowledge.sharing import Sharing, with_rules
from milia_cds.knowledge.tables import read_record
from milia_cds.knowledge.texts import Risk
from milia_cds.knowledge.words import (
    FactEntry,
    TermEntry,
)
from milia_cds.logic.conditions import Condition, NamedSet, Not, Or, Scope
from milia_cds.logic.facts import Choice
from milia_cds.logic.language import parse
from milia_cds.logic.plan import disjunctive

T = TypeVar("T")


def read_knowledge(folder: Path = SHIPPED) -> Knowledge:
    """Read a knowledge base.

    Parameters
    ----------
    folder
        The folder with the TOML files.

    Raises
    ------
    KnowledgeError
        With every problem, each with its file and key path.
    """
    problems: list[Problem] = []
    files = read_files(folder, problems)
    if problems:
        raise KnowledgeError(problems)
    read = _Reader(files, problems).knowledge()
    if read is not None:
        cross_check(read, problems)
    if problems or read is None:
        raise KnowledgeError(problems)
    return homed(read)


class _Reader:
    """Reads the files of one knowledge base, gathering problems."""

    def __init__(
        self,
        files: Mapping[str, bytes],
        problems: list[Problem],
    ) -> None:
        self.files = files
        self.problems = problems
        self.scope = Scope({})
        self.parsed: dict[str, Condition] = {}

    def knowledge(self) -> Knowledge | None:
        said = self.facts()
        terms = self.file("terms.toml", TermsFile)
        triage = self.file("triage.toml", TriageFile)
        scenarios = self.file("scenarios.toml", ScenariosFile)
        criteria = self.file("criteria.toml", CriteriaFile)
        guarantees = self.file("guarantees.toml", GuaranteesFile)
        common = self.file("common.toml", CommonFile)
        advice = self.file("advice.toml", AdviceFile)
        about = self.file("about.toml", About)
        options = self.folder("options", Option)
        measures = self.folder("measures", Measure)
        sources = self.sources()
        self.unexpected()
        if not (terms and triage and scenarios and criteria and guarantees):
            return None
        if not (common and advice and about):
            return None
        vocabulary = self.vocabulary(said, about, options, criteria)
        if any(each.path.startswith("facts.toml") for each in self.problems):
            return None  # what a condition may name is not known
        self.scope = self.named(terms, vocabulary)
        shared = self.sharing(common, scenarios)
        rules = shared.rules([*options, *measures])
        return Knowledge(
            vocabulary=vocabulary,
            screens=said.screens,
            facts=said.facts,
            sets=terms.set,
            terms=self.terms(terms),
            guards={
                name: self.compiled(guard, f"terms.toml: guard.{name}")
                for name, guard in terms.guard.items()
            },
            contradictions=self.each(terms.contradiction, "terms.toml: contradiction"),
            decisions=self.by_id(
                [self.decision(each) for each in triage.decision],
                "triage.toml: decision",
            ),
            destinations={
                name: self.destination(name, each)
                for name, each in scenarios.destination.items()
            },
            scenarios=self.by_id(
                shared.scenarios(map(self.scenario, scenarios.scenario)),
                "scenarios.toml: scenario",
            ),
            options={each.id: with_rules(self.option(each), rules) for each in options},
            measures={
                each.id: with_rules(self.measure(each), rules) for each in measures
            },
            groups=common.group,
            scenario_groups=scenarios.group,
            common_steps=tuple(
                shared.several(each)
                for each in self.each(common.step, "common.toml: step")
            ),
            common_calls=tuple(
                shared.several(each)
                for each in self.each(common.call, "common.toml: call")
            ),
            advice=self.each(advice.advice, "advice.toml: advice"),
            criteria=self.by_id(criteria.criterion, "criteria.toml: criterion"),
            sources=sources,
            guarantees=tuple(
                shared.several(self.guarantee(each)) for each in guarantees.guarantee
            ),
            promises=(*guarantees.content, *guarantees.law),
            about=about,
            digest=digest_of(self.files),
        )

    # -- files --

    def table(self, name: str) -> dict[str, Any]:
        content = self.files.get(name)
        if content is None:
            self.problem(name, "the file is missing", "add it")
            return {}
        try:
            return tomllib.loads(content.decode("utf-8"))
        except UnicodeDecodeError as bad:
            self.problem(name, f"byte {bad.start} is not UTF-8", "save it as UTF-8")
        except tomllib.TOMLDecodeError as bad:
            self.problem(name, f"this is not TOML: {bad}", "mend the syntax there")
        except RecursionError:
            self.problem(name, "the values are nested too deeply", "flatten them")
        return {}

    def file(self, name: str, record: type[T]) -> T | None:
        before = len(self.problems)
        data = self.table(name)
        if len(self.problems) > before:
            return None
        return read_record(record, data, f"{name}: ", self.problems)

    def stems(self, folder: str) -> tuple[str, ...]:
        """The names of the files of a folder, which are the ids of what they hold."""
        return tuple(
            path.removeprefix(f"{folder}/").removesuffix(".toml")
            for path in self.files
            if path.startswith(f"{folder}/")
        )

    def folder(self, name: str, record: type[T]) -> list[T]:
        read = []
        for path in self.files:
            if path.startswith(f"{name}/"):
                each = self.file(path, record)
                if each is None:
                    continue
                stem = path.removeprefix(f"{name}/").removesuffix(".toml")
                if each.id != stem:  # type: ignore[attr-defined]
                    mend = f'write id = "{stem}", or rename the file'
                    self.problem(f"{path}: id", "it is not the file's name", mend)
                read.append(each)
        return read

    def sources(self) -> dict[str, Source]:
        read = {}
        for name, data in self.table("sources.toml").items():
            source = read_record(Source, data, f"sources.toml: {name}", self.problems)
            if source is not None:
                read[name] = source
        return read

    def facts(self) -> FactsFile:
        said = FactsFile()
        for key, table in self.table("facts.toml").items():
            path = f"facts.toml: {key}"
            if key == "role":
                said.roles = read_record(Roles, table, path, self.problems) or Roles()
                continue
            record, into = said.tables(key)
            lead = f"{key}." if record is FactEntry else ""
            for name, entry in (table if isinstance(table, dict) else {}).items():
                read = read_record(record, entry, f"{path}.{name}", self.problems)
                if read is not None:
                    into[f"{lead}{name}"] = read
            if not isinstance(table, dict):
                read_record(record, table, f"{path}.", self.problems)
        return said

    def vocabulary(
        self,
        said: FactsFile,
        about: About,
        options: list[Option],
        criteria: CriteriaFile,
    ) -> Vocabulary:
        """The vocabulary that `facts.toml` declares; options are those with a file."""
        files = self.stems("options")
        ids = tuple(dict.fromkeys(each.id for each in options))
        if len(options) < len(files):  # some could not be read
            ids = files
        weighed = tuple(each.id for each in criteria.criterion)
        return Vocabulary(
            domain=about.domain,
            case=about.case,
            kinds={
                name: kind_of(name, entry, ids, weighed, self.problems)
                for name, entry in said.facts.items()
            },
            settings=frozenset(
                name for name, each in said.facts.items() if each.setting
            ),
            sections=said.sections,
            roles=said.roles,
        )

    def unexpected(self) -> None:
        expected = {
            "facts.toml",
            "terms.toml",
            "triage.toml",
            "scenarios.toml",
            "criteria.toml",
            "guarantees.toml",
            "common.toml",
            "advice.toml",
            "about.toml",
            "sources.toml",
        }
        for path in self.files:
            if path not in expected and path.partition("/")[0] not in {
                "options",
                "measures",
            }:
                mend = nearest(path, expected)
                self.problem(path, "no file of this name is read", mend)

    def problem(self, path: str, message: str, mend: str) -> None:
        self.problems.append(Problem(path, message, mend))

    # -- conditions --

    def named(self, terms: TermsFile, vocabulary: Vocabulary) -> Scope:
        """The scope: the sets, and the terms parsed on demand."""
        kinds = vocabulary.readable
        sets = {}
        for name, entry in terms.set.items():
            kind = kinds.get(entry.fact)
            if isinstance(kind, Choice) and set(entry.members) <= set(kind.members):
                sets[name] = NamedSet(entry.fact, entry.members)
        scope = Scope(kinds, sets, {})
        return attrs.evolve(scope, terms=_Terms(terms.term, scope))

    def condition(self, text: str, path: str) -> Condition | None:
        """Parse a condition, once for each text; report what is wrong with it."""
        if text not in self.parsed:
            try:
                condition = parse(text, self.scope)
                disjunctive(condition)
            except ConditionError as bad:
                place = f"{path}, column {bad.column}"
                self.problem(place, bad.message, bad.mend)
                return None
            self.parsed[text] = condition
        return self.parsed[text]

    def compiled(self, record: Any, path: str, key: str = "when") -> Any:
        """The record with its condition parsed, where it has one."""
        text = getattr(record, key)
        if not text:
            return record
        condition = self.condition(text, f"{path}.{key}")
        return attrs.evolve(record, condition=condition)

    def by_id(self, records: Iterable[T], path: str) -> dict[str, T]:
        """Records by their id, which each must have for itself."""
        found: dict[str, T] = {}
        counted = Counter(record.id for record in records)  # type: ignore[attr-defined]
        for record in records:
            found[record.id] = record  # type: ignore[attr-defined]
        for name, count in counted.items():
            if count > 1:
                message = f"{quoted(name)} stands there {count} times"
                self.problem(path, message, "keep one")
        return found

    def each(self, records: tuple[T, ...], path: str) -> tuple[T, ...]:
        """Compile records that have an id."""
        return tuple(
            self.compiled(record, f"{path}.{record.id}")  # type: ignore[attr-defined]
            for record in records
        )

    def numbered(self, records: tuple[T, ...], path: str) -> tuple[T, ...]:
        """Compile records that have none."""
        return tuple(
            self.compiled(record, f"{path}[{place}]")
            for place, record in enumerate(records)
        )

    def sharing(self, common: CommonFile, scenarios: ScenariosFile) -> Sharing:
        """What several options or scenarios share, its conditions parsed."""
        gates = self.each(common.gate, "common.toml: gate")
        actions = self.numbered(scenarios.action, "scenarios.toml: action")
        arguments = self.numbered(scenarios.argument, "scenarios.toml: argument")
        return Sharing(
            attrs.evolve(common, gate=gates),
            attrs.evolve(scenarios, action=actions, argument=arguments),
            self.stems("options"),
            self.stems("measures"),
            self.problems,
        )

    def terms(self, terms: TermsFile) -> dict[str, TermEntry]:
        return {
            name: self.compiled(entry, f"terms.toml: term.{name}")
            for name, entry in terms.term.items()
        }

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
        rows = self.numbered(scenario.action, f"{path}.action")
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
        return attrs.evolve(
            option,
            level=levels,
            argument=self.numbered(option.argument, f"{path}argument"),
            gate=self.gates(option.id, option.gate, path),
            risk=tuple(
                self.risk(risk, f"{path}risk.{risk.id}") for risk in option.risk
            ),
            step=self.each(option.step, f"{path}step"),
            call=self.each(option.call, f"{path}call"),
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

    def guarantee(self, guarantee: Guarantee) -> Guarantee:
        path = f"guarantees.toml: guarantee.{guarantee.id}"
        key = "never_when" if guarantee.never_when else "when"
        compiled: Guarantee = self.compiled(guarantee, path, key)
        return compiled


class _Terms(Mapping[str, Condition]):
    """The named conditions, each parsed when first asked for."""

    def __init__(self, entries: Mapping[str, TermEntry], scope: Scope) -> None:
        self._entries = entries
        self._scope = attrs.evolve(scope, terms=self)
        self._parsed: dict[str, Condition] = {}
        self._open: list[str] = []

    def __getitem__(self, name: str) -> Condition:
        if name not in self._parsed:
            if name in self._open:
                circle = " uses ".join([*self._open, name])
                raise ConditionError(
                    f"the terms go in a circle: {circle}", "define one without it", 1
                )
            self._open.append(name)
            try:
                self._parsed[name] = parse(self._entries[name].when, self._scope)
            finally:
                self._open.pop()
        return self._parsed[name]

    def __contains__(self, name: object) -> bool:
        return name in self._entries

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)
