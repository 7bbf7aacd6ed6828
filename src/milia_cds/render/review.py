"""What a clinician must sign before the knowledge leaves its draft: claim by claim.

The pack is a list of sections; `review_page` writes them as a page or as Markdown. What
several options or scenarios share is a claim once, in a section of its own: of a rule
with all its wordings.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any

import attrs

from milia_cds.explanation.bands import HOW_SOON
from milia_cds.knowledge.model import (
    STANDINGS,
    ActionRow,
    Argument,
    Branch,
    Gate,
    Knowledge,
    Measure,
    Option,
    Scenario,
)
from milia_cds.knowledge.promises import Guarantee, Promise
from milia_cds.knowledge.texts import ADVICE_KINDS, Advice, Call, Risk, Step
from milia_cds.knowledge.wording import Wording
from milia_cds.knowledge.words import FactEntry, Screen, TermEntry
from milia_cds.logic.conditions import Condition
from milia_cds.render.pack import Pack, PackClaim, PackSection
from milia_cds.render.particulars import EFFECTS, InGeneral, heading_of, how_often
from milia_cds.render.phrases import capital, coded, series, source_line, spaced
from milia_cds.render.review_alerts import alerts_section
from milia_cds.render.review_aliases import aliases_section

_CERTAINTIES = ("very_low", "low", "moderate", "high")
_ADVICE = {
    "what": "What it is",
    "never": "What never to do",
    "home_care": "Care at home",
    "prevention": "Prevention",
    "expectation": "What to expect",
    "mimic": "What looks like {domain}",
    "red_flag": "Warning signs",
    "after_procedure": "When to call after a procedure",
    "question": "Common questions",
}


def review_pack(base: Knowledge) -> Pack:
    """Gather everything that a clinician must sign, section by section."""
    about = base.about
    return Pack(
        title=f"{about.name}: review pack",
        notice=about.notice,
        version=about.version,
        digest=base.digest,
        review_by=about.review_by,
        sections=tuple(_Pack(base).sections()),
        sources={
            name: source_line(name, source) + (f". {source.url}" if source.url else "")
            for name, source in base.sources.items()
        },
    )


_Rule = str | tuple[str, str, str, str]
"""The place of a shared rule, or what makes two gates say the same."""
_Row = ActionRow | Argument


@attrs.frozen(slots=False)
class _Pack:
    base: Knowledge

    @cached_property
    def words(self) -> Wording:
        return Wording(self.base, subjects=True)

    def sections(self) -> Iterator[PackSection]:
        yield self.about()
        yield alerts_section(self.base, self.words, self.claim)
        yield self.promises()
        yield from self.triage()
        yield self.words_section()
        yield PackSection(id="scenarios", title="Scenario by scenario")
        yield self.shared_rows()
        yield from map(self.scenario, self.base.scenarios.values())
        yield PackSection(id="options", title="Option by option")
        yield self.shared_rules()
        yield self.shared_steps()
        yield from map(self.option, self.base.options.values())
        yield PackSection(id="measures", title="Supporting measures")
        yield from map(self.measure, self.base.measures.values())
        yield PackSection(id="advice", title="Advice beyond one option")
        yield from map(self.advice, ADVICE_KINDS)
        yield self.questions()
        if self.base.vocabulary.vernacular.aliases:
            yield aliases_section(self.base)

    # -- the whole --

    def about(self) -> PackSection:
        about = self.base.about
        return PackSection(
            id="about",
            title="What this is, and how far it may be trusted",
            notes=(about.intended_use, f"Users: {about.users}"),
            claims=(
                *_judged("certainty", [about.certainty]),
                *_judged("limit", about.limits),
                *(
                    PackClaim(id=f"attribute.{key}", text=f"{spaced(key)}: {text}")
                    for key, text in about.attributes.items()
                ),
                PackClaim(
                    id="codes", text=f"Codes of the diagnosis: {coded(about.codes)}."
                ),
            ),
        )

    def promises(self) -> PackSection:
        """The guarantees, by number."""
        every: list[Guarantee | Promise] = [
            *self.base.guarantees,
            *self.base.promises,
        ]
        return PackSection(
            id="guarantees",
            title="What must never be violated",
            notes=("Each holds for every patient, whatever is not known.",),
            claims=tuple(
                PackClaim(id=f"guarantee.{each.id}", text=f"{each.number}. {each.text}")
                for each in sorted(every, key=lambda each: each.number)
            ),
        )

    def triage(self) -> Iterator[PackSection]:
        claims = []
        for decision in self.base.decisions.values():
            text = f"{decision.ask} {'; '.join(map(self.way, decision.branch))}."
            claims.append(self.claim(f"triage.{decision.id}", decision, text))
        yield PackSection(
            id="triage",
            title="How a patient comes to a scenario",
            notes=("A question that cannot be answered keeps every way open.",),
            claims=tuple(claims),
        )

    def way(self, branch: Branch) -> str:
        clause = "otherwise" if branch.otherwise else self.clause(branch.condition)
        scenario = self.base.scenarios.get(branch.to)
        to = scenario.label if scenario else f"go on to {spaced(branch.to)}"
        return f"{clause}: {to}"

    def words_section(self) -> PackSection:
        """The terms that conditions use, and what each stands for."""
        terms = self.base.terms.items()
        claims = [
            self.claim(f"term.{name}", term, f"{term.label}: {self.meaning(term)}")
            for name, term in terms
        ]
        claims += [
            self.claim(f"contradiction.{each.id}", each, each.text)
            for each in self.base.contradictions
        ]
        claims += self.filled()
        return PackSection(
            id="terms",
            title="What the words of the conditions mean",
            claims=tuple(attrs.evolve(claim, when="") for claim in claims),
        )

    def filled(self) -> Iterator[PackClaim]:
        """What settles a fact that is not stated, and what is said while one is."""
        for name, fact in self.base.facts.items():
            for place, each in enumerate(fact.settled, 1):
                clause = self.clause(each.condition)
                value = self.words.value(name, each.value)
                text = f"Not stated, while {clause}: {value}. {each.text}"
                yield self.claim(f"{name}.settled.{place}", each, text)
            if fact.pending is not None:
                text = f"While only {fact.label} is not known: {fact.pending.text}"
                yield self.claim(f"{name}.pending", fact.pending, text)

    def meaning(self, term: TermEntry) -> str:
        note = f" {term.note}" if term.note else ""
        return f"{self.words.condition(term.condition)}.{note}"

    def questions(self) -> PackSection:
        """What is asked, of the clinician and of the patient."""
        screens = self.base.screens.items()
        facts = self.base.facts.items()
        return PackSection(
            id="questions",
            title="What is asked",
            notes=("Questions that settle several facts come first.",),
            claims=(
                *(
                    PackClaim(
                        id=f"screen.{name}", text=_asked(each), plain=each.ask_patient
                    )
                    for name, each in screens
                ),
                *(
                    PackClaim(id=name, text=_asked(each), plain=each.ask_patient)
                    for name, each in facts
                    if each.ask
                ),
            ),
        )

    # -- scenarios --

    def scenario(self, scenario: Scenario) -> PackSection:
        return PackSection(
            id=f"scenario-{scenario.id}",
            title=scenario.label,
            level=3,
            claims=(
                self.claim(
                    f"{scenario.id}.standing", scenario, self.standing(scenario)
                ),
                *(
                    self.claim(f"{scenario.id}.action.{place}", row, _action(row))
                    for place, row in enumerate(scenario.action, 1)
                    if not _is_shared(row)
                ),
                *self.arguments(scenario.id, scenario.argument),
            ),
            also=tuple(dict.fromkeys(map(_shared_id, _shared(scenario)))),
        )

    def shared_rows(self) -> PackSection:
        """The actions and arguments that several scenarios share."""
        found: dict[str, list[tuple[Scenario, _Row]]] = {}
        for scenario in self.base.scenarios.values():
            for row in _shared(scenario):
                found.setdefault(_shared_id(row), []).append((scenario, row))
        return PackSection(
            id="shared-rows",
            title="What several scenarios share",
            level=3,
            claims=tuple(self.shared_row(name, each) for name, each in found.items()),
        )

    def shared_row(self, name: str, each: Sequence[tuple[Scenario, _Row]]) -> PackClaim:
        where = series(dict.fromkeys(scenario.label for scenario, _ in each))
        row = each[0][1]
        if isinstance(row, ActionRow):
            said = _action(row)
        else:
            options = dict.fromkeys(getattr(row, "option", "") for _, row in each)
            said = self.argument(row, [*options])
        return self.claim(name, row, f"{said} (For {where}.)")

    def standing(self, scenario: Scenario) -> str:
        said = []
        for standing in reversed(STANDINGS):
            names = [
                self.base.options[name].label for name in getattr(scenario, standing)
            ]
            if names:
                said.append(f"{spaced(standing)}: {', '.join(names)}")
        return capital(f"{'; '.join(said)}.")

    def arguments(
        self, owner: str, arguments: Iterable[Argument]
    ) -> Iterator[PackClaim]:
        for place, each in enumerate(arguments, 1):
            if not _is_shared(each):
                options = [each.option] if each.option else []
                text = self.argument(each, options)
                yield self.claim(f"{owner}.argument.{place}", each, text)

    def argument(self, each: Argument, options: Sequence[str]) -> str:
        whose = f"{self.labels(options)}, " if options else ""
        return capital(f"{whose}{each.side}: {self.base.told(each)}")

    # -- options --

    def option(self, option: Option) -> PackSection:
        own = [gate for gate in option.gate if _rule(gate) not in self.rules]
        owner = f"option.{option.id}"
        return PackSection(
            id=f"option-{option.id}",
            title=option.label,
            level=3,
            notes=(f"Performed by: {option.performed_text}",),
            claims=(
                self.claim(owner, option, option.summary),
                *self.codes(owner, option),
                self.levels(option),
                *self.arguments(option.id, option.argument),
                *(self.risk(option, risk) for risk in option.risk),
                *(self.step(f"{option.id}.step", step) for step in option.step),
                *(self.call(f"{option.id}.call", call) for call in option.call),
                *(self.gate(gate) for gate in _by_kind(own)),
            ),
            also=tuple(self.shared_by(option)),
        )

    def shared_by(self, option: Option) -> Iterator[str]:
        """The ids of the shared rules, steps and calls of an option."""
        for rule, gates in self.rules.items():
            if any(_rule(gate) == rule for gate in option.gate):
                yield f"shared.{gates[0].name}"
        for step in self.base.common_steps:
            if option.id in step.options:
                yield f"step.{step.id}"
        for call in self.base.common_calls:
            if option.id in call.options:
                yield f"call.{call.id}"

    @cached_property
    def rules(self) -> dict[_Rule, list[Gate]]:
        """The rules that several options or measures share."""
        found: dict[_Rule, list[Gate]] = {}
        for gate in self.base.gates():
            found.setdefault(_rule(gate), []).append(gate)
        return {rule: gates for rule, gates in found.items() if len(gates) > 1}

    def shared_rules(self) -> PackSection:
        firsts = {gates[0].name: gates for gates in self.rules.values()}
        ordered = _by_kind(gates[0] for gates in firsts.values())
        return PackSection(
            id="shared-rules",
            title="Rules that several options share",
            level=3,
            claims=tuple(self.shared_rule(firsts[gate.name]) for gate in ordered),
        )

    def shared_rule(self, gates: list[Gate]) -> PackClaim:
        """A rule, what most options say first, then what others say instead."""
        sources = _merged(gates)
        claim = self.gate(gates[0], self.owners(gates))
        effect = claim.text.removesuffix(gates[0].text)
        return attrs.evolve(
            claim,
            id=f"shared.{gates[0].name}",
            text=effect + self.worded(gates, "text"),
            plain=self.worded(gates, "plain"),
            sources=sources,
            judgement=any(gate.judgement for gate in gates),
            certainty=self.certainty(sources),
        )

    def worded(self, gates: Iterable[Gate], register: str) -> str:
        """The wordings of a rule, that of most options first."""
        said: dict[str, list[Gate]] = {}
        for gate in gates:
            said.setdefault(getattr(gate, register), []).append(gate)
        first, *others = sorted(said.items(), key=lambda each: -len(each[1]))
        more = [f"For {self.owners(some)}: {text}" for text, some in others]
        return " ".join([first[0], *more])

    def owners(self, gates: Iterable[Gate]) -> str:
        names: dict[str, Option | Measure] = {**self.base.options, **self.base.measures}
        return series(names[gate.name.partition(".")[0]].label for gate in gates)

    def shared_steps(self) -> PackSection:
        return PackSection(
            id="shared-steps",
            title="Steps and calls that several options share",
            level=3,
            claims=(
                *(self.step("step", each) for each in self.base.common_steps),
                *(self.call("call", each) for each in self.base.common_calls),
            ),
        )

    def codes(self, name: str, owner: Option | Measure) -> Iterator[PackClaim]:
        if owner.codes:
            yield PackClaim(id=f"{name}.codes", text=f"Codes: {coded(owner.codes)}.")

    def levels(self, option: Option) -> PackClaim:
        said = []
        for level in option.level:
            more = [
                f"{each.level} if {self.clause(each.condition)}"
                for each in level.modifier
            ]
            label = self.base.criteria[level.criterion].label
            said.append(f"{label} {', '.join([str(level.base), *more])}")
        return PackClaim(
            id=f"{option.id}.levels",
            text=f"On the criteria, 0 worst to 4 best: {'; '.join(said)}.",
            sources=_merged(option.level),
            judgement=any(level.judgement for level in option.level),
            certainty=self.certainty(_merged(option.level)),
        )

    def risk(self, option: Option, risk: Risk) -> PackClaim:
        said = InGeneral(self.words).risk(risk)
        more = [
            f"{capital(self.clause(each.condition))}: {each.text}"
            for each in risk.modifier
        ]
        plain = " ".join([risk.plain, *(each.plain for each in risk.modifier)])
        text = " ".join(
            [f"Risk: {risk.text}", how_often(said, self.base.vocabulary.domain), *more]
        )
        sources = _merged([risk, *risk.modifier])
        return attrs.evolve(
            self.claim(f"{option.id}.risk.{risk.id}", risk, text),
            plain=plain,
            sources=sources,
            certainty=self.certainty(sources),
        )

    def step(self, owner: str, step: Step) -> PackClaim:
        shared = f" (for {self.labels(step.options)})" if step.options else ""
        text = f"{heading_of(step)}{shared}: {step.text}"
        return self.claim(f"{owner}.{step.id}", step, text)

    def call(self, owner: str, call: Call) -> PackClaim:
        shared = f" (for {self.labels(call.options)})" if call.options else ""
        text = f"Call {_how_soon(call)}{shared}: {call.text}"
        return self.claim(f"{owner}.{call.id}", call, text)

    def labels(self, options: Iterable[str]) -> str:
        return series(self.base.options[name].label for name in options)

    def gate(self, gate: Gate, owners: str = "") -> PackClaim:
        effect = EFFECTS[gate.kind].removesuffix(" while").removesuffix(" when")
        to = f" (at most {spaced(gate.to)})" if gate.to else ""
        whose = f", {owners}" if owners else ""
        return self.claim(gate.name, gate, f"{effect}{to}{whose}: {gate.text}")

    # -- the rest --

    def measure(self, measure: Measure) -> PackSection:
        own = [gate for gate in measure.gate if _rule(gate) not in self.rules]
        return PackSection(
            id=f"measure-{measure.id}",
            title=measure.label,
            level=3,
            notes=(f"Performed by: {measure.performed_text}",),
            claims=(
                self.claim(f"measure.{measure.id}", measure, measure.summary),
                *self.codes(f"measure.{measure.id}", measure),
                *(self.gate(gate) for gate in _by_kind(own)),
            ),
        )

    def heading(self, kind: str, advice: Sequence[Advice]) -> str:
        if kind == "what" and advice:
            return advice[0].title
        return _ADVICE[kind].format(domain=self.base.vocabulary.domain)

    def advice(self, kind: str) -> PackSection:
        chosen = [each for each in self.base.advice if each.kind == kind]
        return PackSection(
            id=f"advice-{spaced(kind).replace(' ', '-')}",
            title=self.heading(kind, chosen),
            level=3,
            claims=tuple(
                self.claim(f"advice.{each.id}", each, self.advised(each))
                for each in chosen
            ),
        )

    def advised(self, advice: Advice) -> str:
        colon = "" if advice.kind == "question" else ":"
        sure = f" How sure: {spaced(advice.certainty)}." if advice.certainty else ""
        return f"{advice.title}{colon} {self.base.told(advice)}{sure}"

    # -- claims --

    def claim(self, name: str, record: Any, text: str) -> PackClaim:
        return PackClaim(
            id=name,
            text=text,
            plain=getattr(record, "plain", ""),
            when=self.clause(getattr(record, "condition", None)),
            sources=record.sources,
            judgement=record.judgement,
            certainty=self.certainty(record.sources),
        )

    def clause(self, condition: Condition | None) -> str:
        return "" if condition is None else self.words.condition(condition)

    def certainty(self, sources: Iterable[str]) -> str:
        known = [self.base.sources[name].certainty for name in sources]
        return spaced(min(known, key=_CERTAINTIES.index)) if known else ""


def _rule(gate: Gate) -> _Rule:
    return gate.place or (gate.kind, gate.when, gate.text, gate.plain)


def _shared(scenario: Scenario) -> list[_Row]:
    rows: list[_Row] = [*scenario.action, *scenario.argument]
    return [row for row in rows if _is_shared(row)]


def _is_shared(row: _Row) -> bool:
    """Whether a row is one that several scenarios share."""
    return bool(row.place) and ": scenario." not in row.place


def _shared_id(row: _Row) -> str:
    """The name of a shared row, such as "shared.argument.3"."""
    _, _, key = row.place.partition(": ")
    return f"shared.{key.replace('[', '.').removesuffix(']')}"


def _by_kind(gates: Iterable[Gate]) -> list[Gate]:
    order = [*EFFECTS]
    return sorted(gates, key=lambda gate: order.index(gate.kind))


def _merged(records: Iterable[Any]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for each in records for name in each.sources))


def _judged(name: str, texts: Iterable[str]) -> Iterator[PackClaim]:
    for place, text in enumerate(texts, 1):
        yield PackClaim(id=f"{name}.{place}", text=text)


def _action(row: Any) -> str:
    where = f" to {spaced(row.to)}, {HOW_SOON[row.urgency]}" if row.to else ""
    return f"{capital(spaced(row.act))}{where}: {row.text}"


def _asked(entry: Screen | FactEntry) -> str:
    return f"{entry.ask} ({entry.help})" if entry.help else entry.ask


def _how_soon(call: Call) -> str:
    return "the same day" if call.how_soon == "same_day" else "soon"
