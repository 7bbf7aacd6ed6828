"""The knowledge base as one record: what the files of `data/` say, checked and frozen.

Its entries each mirror one table of a file, of which `data/README.md` has the grammar;
`reading` reads them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from importlib import import_module
from typing import Any
from weakref import ref

import attrs

from milia_cds.case.stated import StatedCase
from milia_cds.case.vocabulary import Vocabulary
from milia_cds.errors import UnknownNameError, visible
from milia_cds.knowledge.about import About, Policy, Source
from milia_cds.knowledge.contents import Contents
from milia_cds.knowledge.criteria import Criterion, GridNote, GridQuestion
from milia_cds.knowledge.dangers import (
    Addressee,
    Alert,
    Claim,
    UrgencyWords,
)
from milia_cds.knowledge.entries import Placed, stands_at, walk
from milia_cds.knowledge.fhir import Fhir
from milia_cds.knowledge.figure import Mark, Outline
from milia_cds.knowledge.leaflets import Leaflets
from milia_cds.knowledge.options import Gate, Measure, Option
from milia_cds.knowledge.promises import Guarantee, KeptOrder, Promise
from milia_cds.knowledge.records import alike
from milia_cds.knowledge.reviews import Signature
from milia_cds.knowledge.scenarios import Decision, Destination, Scenario
from milia_cds.knowledge.texts import (
    HOW_SOON,
    TIMINGS,
    Advice,
    Call,
    Check,
    Consent,
    Step,
)
from milia_cds.knowledge.words import (
    Contradiction,
    FactEntry,
    Guard,
    OptionGroup,
    ScenarioGroup,
    Screen,
    SetEntry,
    TermEntry,
)
from milia_cds.logic.conditions import Condition, NamedSet, Scope
from milia_cds.logic.facts import Kind
from milia_cds.shown import AtHome, Shown


@attrs.frozen(kw_only=True, eq=False, repr=False, slots=False)  # entries are kept
class Knowledge(Shown):
    """The whole knowledge base.

    Parameters
    ----------
    vocabulary
        What a case may state: its facts in order, its sections, and who is who.
    screens, facts
        The spoken questions, by id; the words of every fact, by dotted name.
    sets, terms, guards, contradictions
        What `terms.toml` says, the first three by name.
    decisions, undecided, destinations
        The nodes of the triage, by id, the first one first; what holds until they are
        decided, in a line; where referrals go.
    addressees, urgencies, alerts, claims
        Whom alerts are for; how soon something is, in words; the dangers that a case
        may state, by id, in the order of the file; what texts claim, by id.
    scenarios, options, measures
        By id, in the order of the files.
    groups, scenario_groups
        Options and scenarios that are named together, by the name.
    common_steps, common_calls, common_consent
        The steps, the calls and the points of consent that several options share.
    advice, checks
        Advice beyond one option; what to look for before anything is done.
    leaflets
        What all leaflets and letters share.
    criteria, grid, grid_notes
        What people weigh, and what the grid answers, by id; what stands beside it.
    sources
        What claims rest on, by id.
    guarantees, promises
        What is proved for every case, and what tests hold.
    about
        What the knowledge base is, for whom, and how far it may be trusted.
    digest
        "sha256:" and the digest of all files.
    policy
        The local policy laid over them, or `None`.
    order
        What is kept of the order of the options; empty where nothing is.
    figure_of, outlines, marks
        The fact whose members are marked on outlines; the outlines by name, and where
        each member lies.
    fhir
        How facts are read from a FHIR record.
    signatures
        Who has reviewed which section of it.
    contents
        The files that it was read from.
    """

    vocabulary: Vocabulary
    screens: Mapping[str, Screen] = stands_at("facts.toml: screen")
    facts: Mapping[str, FactEntry] = stands_at("facts.toml: ")
    sets: Mapping[str, SetEntry] = stands_at("terms.toml: set")
    terms: Mapping[str, TermEntry] = stands_at("terms.toml: term")
    guards: Mapping[str, Guard] = stands_at("terms.toml: guard")
    contradictions: tuple[Contradiction, ...] = stands_at("terms.toml: contradiction")
    decisions: Mapping[str, Decision] = stands_at("triage.toml: decision")
    undecided: str
    destinations: Mapping[str, Destination] = stands_at("scenarios.toml: destination")
    addressees: Mapping[str, Addressee] = stands_at("alerts.toml: addressee")
    urgencies: Mapping[str, UrgencyWords] = stands_at("alerts.toml: urgency")
    alerts: Mapping[str, Alert] = stands_at("alerts.toml: alert")
    claims: Mapping[str, Claim] = stands_at("claims.toml: claim")
    scenarios: Mapping[str, Scenario] = stands_at("scenarios.toml: scenario")
    options: Mapping[str, Option] = stands_at("options/{}.toml: ")
    measures: Mapping[str, Measure] = stands_at("measures/{}.toml: ")
    groups: Mapping[str, OptionGroup] = stands_at("common.toml: group")
    scenario_groups: Mapping[str, ScenarioGroup] = stands_at("scenarios.toml: group")
    common_steps: tuple[Step, ...] = stands_at("common.toml: step")
    common_calls: tuple[Call, ...] = stands_at("common.toml: call")
    common_consent: tuple[Consent, ...] = stands_at("common.toml: consent")
    advice: tuple[Advice, ...] = stands_at("advice.toml: advice")
    checks: tuple[Check, ...] = stands_at("advice.toml: check")
    leaflets: Leaflets = stands_at("leaflets.toml: ")
    criteria: Mapping[str, Criterion] = stands_at("criteria.toml: criterion")
    grid: Mapping[str, GridQuestion] = stands_at("criteria.toml: grid")
    grid_notes: tuple[GridNote, ...] = stands_at("criteria.toml: grid_note")
    sources: Mapping[str, Source] = stands_at("sources.toml: ")
    guarantees: tuple[Guarantee, ...] = stands_at("guarantees.toml: guarantee")
    promises: tuple[Promise, ...] = stands_at("guarantees.toml: ")
    about: About = stands_at("about.toml: ")
    digest: str
    policy: Policy | None = None
    order: KeptOrder = attrs.field(factory=KeptOrder)
    figure_of: str = ""
    outlines: Mapping[str, Outline] = stands_at("figure.toml: outline")
    marks: Mapping[str, Mark] = stands_at("figure.toml: mark")
    fhir: Fhir = attrs.field(factory=Fhir, metadata={"path": "fhir.toml: "})
    signatures: tuple[Signature, ...] = ()
    contents: Contents = attrs.field(factory=Contents, eq=False)

    def __repr__(self) -> str:
        """Name the knowledge base and its status."""
        about = self.about
        return visible(f"<Knowledge {about.version}, {about.status}, {self.digest}>")

    def __eq__(self, other: object) -> bool:
        """Whether both say the same; two that were compared are not compared again."""
        if self is other:
            return True
        if not isinstance(other, Knowledge):
            return NotImplemented
        found = self._compared.get(id(other))
        if found is None or found[0]() is not other:
            names = [field.name for field in attrs.fields(Knowledge) if field.eq]
            same = all(alike(getattr(self, n), getattr(other, n)) for n in names)
            found = self._compared[id(other)] = ref(other), same
            other._compared[id(self)] = ref(self), same
        return found[1]

    @cached_property
    def _compared(self) -> dict[int, tuple[ref[Knowledge], bool]]:
        """With which it was compared, and whether they say the same."""
        return {}

    def __hash__(self) -> int:
        """A hash that equal knowledge shares, fast: it is asked for every case."""
        return hash(self.digest)

    def __copy__(self) -> Knowledge:
        """The knowledge base itself, which nothing can change."""
        return self

    def __deepcopy__(self, _copied: dict[int, Any]) -> Knowledge:
        """The knowledge base itself, which nothing can change."""
        return self

    def __getstate__(self) -> dict[str, Any]:
        """Pickle what it says, not what was worked out of it."""
        return {f.name: getattr(self, f.name) for f in attrs.fields(Knowledge)}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Read what it says; its entries lead to it again."""
        self.__dict__.update(state)
        homed(self)

    @property
    def kinds(self) -> Mapping[str, Kind]:
        """The kind of every fact that conditions may read, by dotted name, in order."""
        return self.vocabulary.readable

    def case(self, data: object) -> StatedCase:
        """Read a case of the domain from plain JSON values, strictly.

        Parameters
        ----------
        data
            An object of sections, each an object of facts. A fact that is `None`, or
            left out, is not known.

        Raises
        ------
        CaseError
            With every problem at once, each with its path and how to mend it.

        Examples
        --------
        >>> from milia_cds import load_knowledge
        >>> case = load_knowledge().case({"patient": {"age_years": 34}})
        >>> case.value("patient.age_years")
        34
        """
        case: StatedCase = StatedCase.read(self.vocabulary, data).at_home(self)
        return case

    def bundle(self) -> bytes:
        """The knowledge base and its policy as a zip, to be kept beside decisions.

        `load_knowledge` reads it: the same knowledge, with the same digests. The same
        content gives the same zip, but for how the library of the system packs it.

        Raises
        ------
        KnowledgeError
            When it was not read from files.

        Examples
        --------
        >>> from milia_cds import load_knowledge
        >>> load_knowledge(load_knowledge().bundle()) == load_knowledge()
        True
        """
        # Only who makes a bundle waits for the import of zipfile.
        made: bytes = import_module("milia_cds.knowledge.bundles").bundle_of(self)
        return made

    def option(self, name: str) -> Option:
        """An option by id.

        Parameters
        ----------
        name
            The id, which is the name of its file.

        Raises
        ------
        UnknownNameError
            With the nearest name.
        """
        if name not in [*self.options]:  # a list, which is no name, has no hash
            raise UnknownNameError("option", name, self.options)
        return self.options[name]

    def scenario(self, name: str) -> Scenario:
        """A scenario by id.

        Parameters
        ----------
        name
            The id.

        Raises
        ------
        UnknownNameError
            With the nearest name.
        """
        if name not in [*self.scenarios]:
            raise UnknownNameError("scenario", name, self.scenarios)
        return self.scenarios[name]

    def scope(self) -> Scope:
        """The names that conditions of this knowledge base may use."""
        return Scope(
            self.kinds,
            {name: NamedSet(e.fact, e.members) for name, e in self.sets.items()},
            {name: entry.condition for name, entry in self.terms.items()},
        )

    @cached_property
    def entries(self) -> tuple[Placed, ...]:
        """Every entry with its place, the file and the key; wholes before parts."""
        return walk(self)

    def conditions(self) -> Iterator[tuple[str, Condition]]:
        """Every condition with the place of its entry."""
        for placed in self.entries:
            condition = getattr(placed.entry, "condition", None)
            if condition is not None:
                yield placed.path, condition

    def told(self, record: Any, left: str | None = None) -> str:
        """The text of a record, and that its figure is from elsewhere, where it is.

        Parameters
        ----------
        record
            An entry with a text.
        left
            What is left of its text, where not all of it is said.
        """
        text = record.text if left is None else left
        elsewhere = bool(text) and getattr(record, "basis", None) == "analogue"
        domain = self.vocabulary.domain
        return f"{text}{f' This figure is not from {domain}.' * elsewhere}"

    def sourced(self) -> Iterator[tuple[str, Any]]:
        """Everything that must have a source or be a judgement, with its place."""
        for placed in self.entries:
            if hasattr(placed.entry, "sources"):
                yield placed.path, placed.entry

    def steps(self, option: Option) -> tuple[Step, ...]:
        """The steps of an option, shared ones first, in the order of time.

        Parameters
        ----------
        option
            An option of this knowledge base.
        """
        steps = [step for step in self.common_steps if option.id in step.options]
        return tuple(
            sorted([*steps, *option.step], key=lambda step: TIMINGS.index(step.timing))
        )

    def calls(self, option: Option) -> tuple[Call, ...]:
        """What to call about after an option, the most pressing first.

        Parameters
        ----------
        option
            An option of this knowledge base.
        """
        calls = [call for call in self.common_calls if option.id in call.options]
        return tuple(
            sorted([*calls, *option.call], key=lambda c: HOW_SOON.index(c.how_soon))
        )

    def consents(self, option: Option) -> tuple[Consent, ...]:
        """What is said before a patient agrees to an option, shared points first.

        Parameters
        ----------
        option
            An option of this knowledge base.
        """
        shared = [each for each in self.common_consent if option.id in each.options]
        return (*shared, *option.consent)

    def members(self, name: str) -> tuple[str, ...]:
        """The options of a group, or the name itself where it is none.

        Parameters
        ----------
        name
            The name of a group, or the id of an option or measure.
        """
        return self.groups[name].options if name in self.groups else (name,)

    def single(self, names: Iterable[str]) -> tuple[str, ...]:
        """Ids, with those of its members in the place of each group; each once.

        Parameters
        ----------
        names
            Names of groups, and ids of options or measures.
        """
        return tuple(dict.fromkeys(n for name in names for n in self.members(name)))

    def gates(self) -> tuple[Gate, ...]:
        """Every gate of every option and measure, in the order of the files."""
        return tuple(gate for owner in self.gated() for gate in owner.gate)

    def gated(self) -> Iterator[Option | Measure]:
        """Every option and measure."""
        yield from self.options.values()
        yield from self.measures.values()


def homed(base: Knowledge) -> Knowledge:
    """The knowledge base, to which its options, measures and scenarios now lead."""
    for placed in base.entries:
        if isinstance(placed.entry, AtHome):
            placed.entry.at_home(base)
    return base
