"""What is said of a case, an option, a measure, a scenario and a knowledge base."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from milia_cds.case.stated import AnyCase
from milia_cds.explanation.outcome import stamp
from milia_cds.knowledge.model import (
    STANDINGS,
    Gate,
    Knowledge,
    Measure,
    Option,
    Scenario,
)
from milia_cds.knowledge.texts import Risk
from milia_cds.knowledge.wording import Wording
from milia_cds.logic.conditions import Condition
from milia_cds.render.decision_graph import decision_picture
from milia_cds.render.explain import TITLES
from milia_cds.render.lines import capital, spaced
from milia_cds.render.sheet import Item, Part, Sheet

_PHASES = {
    "preparation": "Before",
    "anaesthesia": "Anaesthesia",
    "aftercare": "Aftercare",
    "review": "Review",
}


def case_sheet(case: AnyCase, base: Knowledge) -> Sheet:
    """Say what a case states, what was asked and is not known, and what is left open.

    Parameters
    ----------
    case
        The case.
    base
        Whose words name the facts.
    """
    facts = case.facts()
    stated = [name for name, value in facts.items() if value is not None]
    assumed = case.absences()
    labels = {name: base.facts[name].label for name in facts}
    open_ = len(facts) - len(stated) - len(assumed)
    intro = (
        f"Facts stated: {len(stated)}; assumed absent: {len(assumed)}; not known: "
        f"{open_}. What is not known is never read as no."
    )
    return Sheet(
        f"Case: {base.vocabulary.case}",
        (intro,),
        (
            *_stated(case, base, stated),
            Part(
                "Wishes and the clinic's list",
                tuple(_settings(case, base)),
                folded=False,
            ),
            Part(
                "Not known",
                tuple(
                    Item(_open(name, case), label)
                    for name, label in labels.items()
                    if facts[name] is None and name not in assumed
                ),
            ),
            Part(
                "Assumed absent, because it was screened for",
                tuple(
                    Item(Wording(base).value(name, value))
                    for name, value in assumed.items()
                ),
            ),
        ),
        stamp(base),
        base.sources,
    )


def _open(name: str, case: AnyCase) -> str:
    return "asked, not known" if name in case.not_known else "not stated"


def _stated(case: AnyCase, base: Knowledge, names: Iterable[str]) -> Iterator[Part]:
    facts = case.facts()
    words = Wording(base)
    chosen = list(names)
    for section, said in base.vocabulary.sections.items():
        items = tuple(
            Item(words.value(name, facts[name]))
            for name in chosen
            if name.startswith(f"{section}.")
        )
        yield Part(said.label, items, folded=False)


def _settings(case: AnyCase, base: Knowledge) -> Iterator[Item]:
    roles = base.vocabulary.roles
    for name, weight in (case.value(roles.weights) or {}).items():
        yield Item(f"{weight} of 10", f"Weight of {base.criteria[name].label}")
    offers = case.value(roles.offers)
    if offers is not None:
        named = [base.options[name].label for name in sorted(offers)]
        yield Item(", ".join(named) or "nothing", "The clinic offers")


def option_sheet(option: Option | Measure, base: Knowledge) -> Sheet:
    """Say what an option or a measure is, and every rule, risk and step of it."""
    words = Wording(base)
    ranked = option if isinstance(option, Option) else None
    return Sheet(
        f"{capital(option.label)} ({option.id})",
        tuple(
            filter(
                None,
                [
                    option.summary,
                    f"To a patient: {option.plain}",
                    f"Performed by: {option.performed_text}"
                    if option.performed_text
                    else "",
                ],
            )
        ),
        (
            *(_of_option(ranked, base, words) if ranked else ()),
            *_rules(option.gate, words),
            *(_besides(ranked, base, words) if ranked else ()),
            Part("Rests on", (Item("", "", option.sources, option.judgement),)),
        ),
        stamp(base),
        base.sources,
        decision_picture(base, option=ranked.id) if ranked else None,
    )


def _of_option(option: Option, base: Knowledge, words: Wording) -> Iterator[Part]:
    standings = []
    for rank, standing in reversed(list(enumerate(STANDINGS))):
        named = [
            scenario.label
            for scenario in base.scenarios.values()
            if scenario.ranks[option.id] == rank
        ]
        if named:
            standings.append(Item("; ".join(named), spaced(standing)))
    yield Part("Standing", tuple(standings), folded=False)
    yield Part(
        "Criteria, 0 worst to 4 best",
        tuple(
            Item(
                str(level.base),
                base.criteria[level.criterion].label,
                level.sources,
                level.judgement,
                tuple(
                    Item(
                        f"{each.level} if {words.condition(each.condition)}",
                        "",
                        each.sources,
                        each.judgement,
                    )
                    for each in level.modifier
                ),
            )
            for level in option.level
        ),
    )
    for side, heading in (("for", "Speaks for it"), ("against", "Speaks against it")):
        chosen = [each for each in option.argument if each.side == side]
        yield Part(heading, tuple(_entry(each, words) for each in chosen))


def _rules(gates: tuple[Gate, ...], words: Wording) -> Iterator[Part]:
    for kind, heading in TITLES.items():
        items = []
        for gate in gates:
            if gate.kind == kind:
                clause = _clause(gate.condition, words) or "always"
                items.append(Item(gate.text, clause, gate.sources, gate.judgement))
        yield Part(heading, tuple(items))


def _besides(option: Option, base: Knowledge, words: Wording) -> Iterator[Part]:
    yield Part("What can go wrong", tuple(_risk(each, words) for each in option.risk))
    steps = base.steps(option)
    for phase, heading in _PHASES.items():
        chosen = [step for step in steps if step.phase == phase]
        yield Part(heading, tuple(_entry(step, words, step.timing) for step in chosen))
    calls = base.calls(option)
    yield Part("When to call", tuple(_entry(c, words, c.how_soon) for c in calls))


def _risk(risk: Risk, words: Wording) -> Item:
    domain, other = words.base.vocabulary.domain, words.base.about.analogue
    figure = ", ".join(filter(None, [risk.frequency, risk.population, risk.period]))
    basis = {
        domain: f"counted in {domain}",
        "analogue": f"not from {domain}{f': {other}' if other else ''}",
        "not_known": "no figure was found",
    }[risk.basis]
    said = _entry(risk, words)
    about = (
        Item(f"{figure} ({basis})", "How often"),
        Item(
            f"{risk.severity} of 5; reversible: {spaced(risk.reversible)}", "Severity"
        ),
        *(_entry(each, words) for each in risk.modifier),
    )
    return said._replace(items=about)


def _entry(record: Any, words: Wording, when: str = "") -> Item:
    """Give a record with text, condition and sources; `when` is its time, as an id."""
    clause = _clause(record.condition, words)
    parts = [capital(spaced(when)), f"if {clause}" if clause else ""]
    lead = ", ".join(filter(None, parts))
    return Item(record.text, lead, record.sources, record.judgement)


def _clause(condition: Condition | None, words: Wording) -> str:
    return words.condition(condition) if condition is not None else ""


def scenario_sheet(scenario: Scenario, base: Knowledge) -> Sheet:
    """Say what a scenario is, what to do in it, and where each option stands."""
    words = Wording(base)
    standings = [
        Item(", ".join(base.options[name].label for name in named), spaced(standing))
        for standing in reversed(STANDINGS)
        if (named := getattr(scenario, standing))
    ]
    actions = []
    for row in scenario.action:
        said = _entry(row, words)
        where = [spaced(row.to)] if row.to else []
        where += [row.urgency] if row.urgency else []
        act = ": ".join(filter(None, [spaced(row.act), ", ".join(where)]))
        lead = f"{act}, {said.lead}" if said.lead else act
        actions.append(said._replace(lead=lead))
    arguments = [
        _entry(each, words)._replace(lead=_about(each, base, words))
        for each in scenario.argument
    ]
    return Sheet(
        f"{capital(scenario.label)} ({scenario.id})",
        tuple(filter(None, [f"To a patient: {scenario.plain}", scenario.note])),
        (
            Part("What to do: the first that is true", tuple(actions), folded=False),
            Part("Standing of the options", tuple(standings), folded=False),
            Part("Arguments", tuple(arguments)),
            Part("Rests on", (Item("", "", scenario.sources, scenario.judgement),)),
        ),
        stamp(base),
        base.sources,
        decision_picture(base, scenario=scenario.id),
    )


def _about(argument: Any, base: Knowledge, words: Wording) -> str:
    clause = _clause(argument.condition, words)
    label = base.options[argument.option].label
    return f"{argument.side} {label}{f', if {clause}' if clause else ''}"


def knowledge_sheet(base: Knowledge) -> Sheet:
    """Say what a knowledge base is, for whom, and what is in it."""
    about = base.about
    return Sheet(
        f"{about.name} {about.version}",
        (about.intended_use, f"For: {about.users}"),
        (
            Part("Review", tuple(_review(base)), folded=False),
            Part("What it holds", tuple(_counts(base)), folded=False),
            Part("Limits", tuple(Item(each) for each in about.limits)),
            Part(
                "Options",
                tuple(Item(each.summary, each.id) for each in base.options.values()),
            ),
            Part(
                "Situations",
                tuple(Item(each.label, each.id) for each in base.scenarios.values()),
            ),
            Part(
                "What it guarantees",
                tuple(map(Item, _kept(base))),
            ),
            Part(
                "Where it comes from",
                tuple(
                    Item(text, capital(spaced(name)))
                    for name, text in about.attributes.items()
                ),
            ),
        ),
        stamp(base),
        base.sources,
        decision_picture(base, triage=True),
    )


def _kept(base: Knowledge) -> Iterator[str]:
    yield from (each.text for each in base.guarantees)
    yield from (each.text for each in base.promises)


def _review(base: Knowledge) -> Iterator[Item]:
    about = base.about
    yield Item(f"{about.status}, of {about.date}", "Status")
    yield Item(", ".join(about.reviewed_by) or "nobody yet", "Reviewed by")
    yield Item(about.review_by, "To be reviewed by")


def _counts(base: Knowledge) -> Iterator[Item]:
    counts = {
        "facts": base.facts,
        "decisions": base.decisions,
        "situations": base.scenarios,
        "options": base.options,
        "supporting measures": base.measures,
        "rules": base.gates(),
        "criteria": base.criteria,
        "sources": base.sources,
    }
    for name, held in counts.items():
        yield Item(str(len(held)), capital(name))
