"""The pages of options and supporting measures: standings, levels, rules, texts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from docs._ext.markdown import (
    bullets,
    code,
    definition,
    link,
    listed,
    page,
    picture,
    plain,
    spaced,
    table,
    target,
    toctree,
)
from docs._ext.places import gate_link, rule_of
from docs._ext.saying import Saying, codes
from docs._ext.short_pages import in_short
from milia_cds.knowledge.options import STANDINGS, Gate, Measure, Option
from milia_cds.knowledge.texts import Call, Risk, Step

TITLES = {
    "forbid": "Never offered while",
    "lower": "Less recommended while",
    "caution": "Take care when",
    "favour": "Speaks for it when",
    "note": "To know",
}
MEANINGS = {
    "forbid": "While one of these holds the option is excluded; while it is not known "
    "whether one holds, the option is withheld and the question asked.",
    "lower": "One that holds takes a step off the standing, never below limited; two "
    "or more make it not recommended. With *to*, it caps the standing there instead. "
    "One that is not known counts as if it held, until it is answered.",
    "caution": "Shown with the option; with its “if” while it is not known.",
    "favour": "A reason for the option, shown only when it is known to hold.",
    "note": "Information that is shown with the option.",
}
STANDING_LETTER = {
    "first_line": "F",
    "reasonable": "R",
    "limited": "L",
    "not_recommended": "-",
}


def gated_pages(say: Saying) -> Iterator[tuple[str, str]]:
    """The pages of all options and measures, and the page that lists them."""
    yield "options/index", _index(say)
    for option in say.base.options.values():
        yield f"options/{option.id}", _option(say, option)
    for measure in say.base.measures.values():
        yield f"options/{measure.id}", _measure(say, measure)


def _index(say: Saying) -> str:
    base = say.base
    options = [
        (
            say.option(option.id),
            code(option.id),
            plain(spaced(option.family)),
            plain(option.summary),
            _counts(option.gate),
        )
        for option in base.options.values()
    ]
    measures = [
        (
            link(plain(each.label), "measure", each.id),
            code(each.id),
            plain(each.summary),
            _counts(each.gate),
        )
        for each in base.measures.values()
    ]
    return page(
        "(all-options)=\n# Options and measures",
        "What can be chosen. Every option has a [standing](#standings) in every "
        "[scenario](#all-scenarios), a level on every [criterion](#all-criteria), and "
        "gates: the rules about one patient. A measure supports an option; it has "
        "gates too, but is never ranked.",
        table(("option", "id", "family", "what it is", "gates"), options),
        "## Supporting measures",
        table(("measure", "id", "what it is", "gates"), measures),
        _standings_table(say),
        toctree([*base.options, *base.measures]),
    )


def _counts(gates: Iterable[Gate]) -> str:
    kinds = [gate.kind for gate in gates]
    return listed(f"{kinds.count(kind)} {kind}" for kind in TITLES if kind in kinds)


def _standings_table(say: Saying) -> str:
    base = say.base
    rows = [
        (
            say.scenario(name),
            *(
                STANDING_LETTER[STANDINGS[scenario.ranks[option]]]
                for option in base.options
            ),
        )
        for name, scenario in base.scenarios.items()
    ]
    head = ("scenario", *map(say.option, base.options))
    return page(
        "(standings)=\n## Standing of every option in every scenario",
        "F first line, R reasonable, L limited, - not recommended; before the gates of "
        "the one patient.",
        "```{rst-class} standings\n```",
        table(head, rows),
    )


# -- one option --


def _option(say: Saying, option: Option) -> str:
    return page(
        target("option", option.id),
        f"# {_title(option.label)}",
        _facts_of(say, option),
        _guarantees(say, option.id),
        _standings(say, option),
        _levels(say, option),
        _arguments(say, option),
        in_short(say, option),
        "## All its rules in one picture",
        picture(f"../pictures/{option.id}.svg", f"The rules of {option.label}"),
        *_gates(say, option.gate),
        _risks(say, option.risk, option.id),
        _steps(say, option),
        _calls(say, option),
        "## On the command line",
        f"```sh\nmilia-cds explain {option.id}\n```",
    )


def _measure(say: Saying, measure: Measure) -> str:
    return page(
        target("measure", measure.id),
        f"# {_title(measure.label)}",
        _facts_of(say, measure),
        _guarantees(say, measure.id),
        *_gates(say, measure.gate),
        "## On the command line",
        f"```sh\nmilia-cds explain {measure.id}\n```",
    )


def _title(label: str) -> str:
    return plain(label[0].upper() + label[1:])


def _facts_of(say: Saying, owner: Option | Measure) -> str:
    lines = [f"id {code(owner.id)}"]
    if owner.family:
        lines.append(f"family {code(owner.family)}")
    if isinstance(owner, Option):
        lines.append(f"act {code(owner.act)}")
        lines.append(f"invasiveness {owner.invasiveness} (0 least)")
        if owner.condition:
            when = say.when(owner.condition)
            lines.append(f"in full lists only, if {when}. {say.rule(owner)}")
    if owner.performed_by:
        lines.append(f"performed by {listed(map(spaced, owner.performed_by))}")
    return page(
        plain(owner.summary),
        f"*To a patient:* {plain(owner.plain)}",
        f"*Who performs it:* {plain(owner.performed_text)}"
        if owner.performed_text
        else "",
        bullets(lines),
        codes(owner.codes),
        say.claim(owner),
    )


def _guarantees(say: Saying, name: str) -> str:
    found = [
        f"{link(each.id, 'guarantee', each.id)}: {plain(each.text)}"
        for each in say.base.guarantees
        if name in (*each.options, *each.measures)
    ]
    if not found:
        return ""
    lead = "What is proved about it for every case, whatever is unknown:"
    return page("## Guarantees", lead, bullets(found))


def _standings(say: Saying, option: Option) -> str:
    rows = []
    for rank, standing in reversed(list(enumerate(STANDINGS))):
        names = [
            name
            for name, scenario in say.base.scenarios.items()
            if scenario.ranks[option.id] == rank
        ]
        if names:
            rows.append((spaced(standing), say.scenarios(names)))
    return page("## Standing", table(("standing", "in the scenarios"), rows))


def _levels(say: Saying, option: Option) -> str:
    rows = [
        (
            link(
                plain(say.base.criteria[level.criterion].label),
                "criterion",
                level.criterion,
            ),
            str(level.base),
            "; ".join(
                f"{each.level} if {say.when(each.condition)}" for each in level.modifier
            ),
            say.rests(level),
        )
        for level in option.level
    ]
    head = ("criterion", "level", "for some patients", "rests on")
    return page(
        target("levels", option.id),
        "## Criteria",
        "0 is worst, 4 is best. The first that holds replaces the level.",
        table(head, rows),
    )


def _arguments(say: Saying, option: Option) -> str:
    if not option.argument:
        return ""
    lines = [
        f"*{each.side}*{_if(say, each)}: {plain(each.text)} {say.claim(each)}"
        for each in option.argument
    ]
    return page(
        target("reasons", option.id), "## Arguments for and against", bullets(lines)
    )


def _if(say: Saying, record: Any) -> str:
    return f", if {say.when(record.condition)}" if record.condition else ""


# -- gates --


def _gates(say: Saying, gates: Iterable[Gate]) -> Iterator[str]:
    """The gates by kind, in their order; a shared one is a line that leads to it."""
    gates = tuple(gates)
    for kind, title in TITLES.items():
        chosen = [gate for gate in gates if gate.kind == kind]
        if chosen:
            yield f"## {title}"
            yield MEANINGS[kind]
        for is_shared, some in groupby(chosen, key=lambda gate: bool(rule_of(gate))):
            if is_shared:
                yield "[Shared with others](#shared-rules); each leads to its rule:"
                yield bullets(_shared(say, gate) for gate in some)
            else:
                yield from (_gate(say, gate) for gate in some)


def _shared(say: Saying, gate: Gate) -> str:
    said = gate_link(say.when(gate.condition), gate)
    return f"{said}{capped(gate)} ({code(gate.name)})"


def _gate(say: Saying, gate: Gate) -> str:
    return page(
        target("gate", gate.name),
        definition(
            f"{say.when(gate.condition)}{capped(gate)}",
            plain(gate.text),
            f"*To a patient:* {plain(gate.plain)}" if gate.plain else "",
            in_a_list(gate),
            f"Gate {code(gate.name)}. {say.rule(gate)} {say.claim(gate)}"
            f" {carried(gate.rows)} {say.cases.tried(*gate.rows)}"
            f" {say.proved.guarantees(gate.name)}",
        ),
    )


def in_a_list(gate: Gate) -> str:
    """The reason in a few words."""
    return f"*In a list:* {plain(gate.short)}." if gate.short else ""


def capped(gate: Gate) -> str:
    """The standing that a gate caps at, where it does."""
    return f" (to {spaced(gate.to)})" if gate.to else ""


def carried(rows: Sequence[str]) -> str:
    """Which rows of the reviewed list a gate carries."""
    if not rows:
        return ""
    return f"Carries {listed(rows)} of the [reviewed rules](/reference/rules.md)."


# -- risks, steps, calls --


def _risks(say: Saying, risks: Iterable[Risk], owner: str) -> str:
    said = [_risk(say, risk, owner) for risk in risks]
    if not said:
        return ""
    lead = (
        "Severity from 1 (trivial) to 5 (serious or permanent). An *analogue* is a "
        "figure from a larger procedure or another lesion: an upper range."
    )
    return page("## Risks", lead, *said)


def _risk(say: Saying, risk: Risk, owner: str) -> str:
    figure = [risk.frequency, risk.population, risk.period]
    more = [
        f"More likely or worse if {say.when(each.condition)}: {plain(each.text)} "
        f"{say.claim(each)}"
        for each in risk.modifier
    ]
    return page(
        target("risk", f"{owner}.{risk.id}"),
        definition(
            f"{plain(risk.text)}",
            f"How often: {plain(', '.join(each for each in figure if each))} "
            f"(basis: {spaced(risk.basis)}). Severity {risk.severity}; "
            f"reversible: {spaced(risk.reversible)}.",
            f"Only if {say.when(risk.condition)}." if risk.condition else "",
            bullets(more),
            f"*To a patient:* {plain(risk.plain)}",
            f"Risk {code(risk.id)}. {say.claim(risk)}",
        ),
    )


def _steps(say: Saying, option: Option) -> str:
    rows = [
        (spaced(each.phase), spaced(each.timing), _said(say, each, option, "step"))
        for each in say.base.steps(option)
    ]
    if not rows:
        return ""
    anchors = [target("step", f"{option.id}.{each.id}") for each in option.step]
    return page(
        *anchors, "## Steps, in order", table(("phase", "when", "what to do"), rows)
    )


def _calls(say: Saying, option: Option) -> str:
    rows = [
        (spaced(each.how_soon), _said(say, each, option, "call"))
        for each in say.base.calls(option)
    ]
    if not rows:
        return ""
    anchors = [target("call", f"{option.id}.{each.id}") for each in option.call]
    return page(*anchors, "## When to call", table(("how soon", "about what"), rows))


def _said(say: Saying, text: Step | Call, option: Option, kind: str) -> str:
    own = option.step if kind == "step" else option.call
    shared = "" if text in own else f" {link('shared', kind, f'common.{text.id}')}."
    when = f"If {say.when(text.condition)}: " if text.condition else ""
    return f"{when}{plain(text.text)} {say.claim(text)}{shared}"
