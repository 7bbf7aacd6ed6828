"""The pages of the triage and of every scenario: the way there, what stands there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from docs._ext.markdown import (
    bullets,
    code,
    definition,
    link,
    page,
    picture,
    plain,
    spaced,
    table,
    target,
    toctree,
)
from docs._ext.saying import Saying
from milia_cds.knowledge.options import STANDINGS
from milia_cds.knowledge.scenarios import ActionRow, Branch, Decision, Scenario

TRIAGE = "pictures/triage.svg"


def triage_pages(say: Saying) -> Iterator[tuple[str, str]]:
    """The page of the triage, and the pages of all scenarios."""
    yield "triage", _triage(say)
    yield "scenarios/index", _index(say)
    for scenario in say.base.scenarios.values():
        yield f"scenarios/{scenario.id}", _scenario(say, scenario)


# -- triage --


def _triage(say: Saying) -> str:
    return page(
        "(all-decisions)=\n# Triage",
        "Which kind of milia is it? The decisions are asked in this order; each leads "
        "to another decision or to a [scenario](#all-scenarios). Where a fact is not "
        "known, every branch that could still be taken is taken. That exactly one "
        "branch is true in every complete case is proved whenever the knowledge is "
        "loaded.",
        picture(TRIAGE, "The decisions and the scenarios they lead to"),
        *(_decision(say, decision) for decision in say.base.decisions.values()),
        "(destinations)=\n## Where a referral goes",
        *(_destination(say, name) for name in say.base.destinations),
    )


def _decision(say: Saying, decision: Decision) -> str:
    rows = [
        (_branch(say, branch), _written(branch), _to(say, branch.to))
        for branch in decision.branch
    ]
    return page(
        target("decision", decision.id),
        f"## {code(decision.id)}",
        plain(decision.ask),
        table(("when", "written", "leads to"), rows),
        plain(decision.note),
        say.claim(decision),
    )


def _branch(say: Saying, branch: Branch) -> str:
    return "otherwise" if branch.otherwise else say.when(branch.condition)


def _written(branch: Branch) -> str:
    return "" if branch.otherwise else code(branch.when)


def _to(say: Saying, name: str) -> str:
    if name in say.base.scenarios:
        return f"scenario {say.scenario(name)}"
    return f"decision {link(code(name), 'decision', name)}"


def _destination(say: Saying, name: str) -> str:
    each = say.base.destinations[name]
    own = f"If {say.when(each.condition)}: {plain(each.own_text)}"
    return page(
        target("destination", name),
        definition(
            f"{plain(each.label)} ({code(name)})",
            own if each.condition else "",
            say.claim(each),
        ),
    )


# -- scenarios --


def _index(say: Saying) -> str:
    scenarios = say.base.scenarios
    rows = [
        (say.scenario(name), plain(each.label), say.options(each.first_line))
        for name, each in scenarios.items()
    ]
    return page(
        "(all-scenarios)=\n# Scenarios",
        "The kinds of milia that the [triage](#all-decisions) tells apart. Each says "
        "how every option stands there ([all in one table](#standings)) and what to "
        "do.",
        table(("scenario", "what it is", "first line"), rows),
        toctree(scenarios),
    )


def _scenario(say: Saying, scenario: Scenario) -> str:
    return page(
        target("scenario", scenario.id),
        f"# {plain(scenario.label[0].upper() + scenario.label[1:])}",
        f"*To a patient:* {plain(scenario.plain)}",
        f"*What may be said:* {plain(scenario.say)}" if scenario.say else "",
        f"*What is not recommended is not:* {plain(scenario.aside)}."
        if scenario.aside
        else "",
        f"id {code(scenario.id)}",
        plain(scenario.note),
        say.claim(scenario),
        "## How a case gets here",
        *("\n".join(_steps(say, way)) for way in _ways(say, scenario.id)),
        target("actions", scenario.id),
        "## What to do",
        "The first row that holds decides.",
        bullets(_action(say, row) for row in scenario.action),
        "## Standing of every option",
        _standings(say, scenario),
        _arguments(say, scenario),
    )


def _ways(say: Saying, end: str) -> Iterator[list[tuple[str, Branch]]]:
    """Every way from the first decision: the decisions, and the branch of each."""
    decisions = say.base.decisions
    if end == next(iter(decisions)):
        yield []
    for name, decision in decisions.items():
        for branch in decision.branch:
            if branch.to == end:
                yield from ([*way, (name, branch)] for way in _ways(say, name))


def _steps(say: Saying, way: Iterable[tuple[str, Branch]]) -> Iterator[str]:
    for place, (name, branch) in enumerate(way, 1):
        ask = plain(say.base.decisions[name].ask)
        at = link(code(name), "decision", name)
        yield f"{place}. {at}: {ask} *{_branch(say, branch)}*"


def _action(say: Saying, row: ActionRow) -> str:
    when = f"If {say.when(row.condition)}" if row.condition else "Otherwise"
    where = f" to {link(code(row.to), 'destination', row.to)}" if row.to else ""
    urgency = f", {row.urgency}" if row.urgency else ""
    act = f"{code(row.act)}{where}{urgency}"
    own = f" In the operator's own field: {plain(row.own_text)}" if row.own_text else ""
    shown = row.short or row.brief
    short = f" *On one screen:* {plain(f'{row.short} {row.brief}')}" if shown else ""
    return f"{when}: {act}. {say.text(row)}{own}{short} {say.claim(row)}"


def _standings(say: Saying, scenario: Scenario) -> str:
    rows = [
        (spaced(standing), say.options(getattr(scenario, standing)))
        for standing in reversed(STANDINGS)
    ]
    return table(("standing", "options"), rows)


def _arguments(say: Saying, scenario: Scenario) -> str:
    lines = [
        f"{say.option(each.option)}, *{each.side}*"
        f"{f', if {say.when(each.condition)}' if each.condition else ''}: "
        f"{plain(each.text)} {say.claim(each)}"
        for each in scenario.argument
    ]
    if not lines:
        return ""
    title = "## Arguments for and against, here"
    return page(target("arguments", scenario.id), title, bullets(lines))
