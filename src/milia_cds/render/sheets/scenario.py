"""What there is to say of a scenario."""

from __future__ import annotations

from collections.abc import Iterator

from milia_cds.explanation.outcome import stamp
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.options import STANDINGS
from milia_cds.knowledge.scenarios import Scenario
from milia_cds.knowledge.wording import Wording, capital
from milia_cds.logic.conditions import Condition
from milia_cds.render.blocks import Item, Paragraph, Part, Points, Sheet
from milia_cds.render.decision_graph import decision_picture
from milia_cds.render.phrases import spaced
from milia_cds.render.sheets.frame import drawn, founded, framed


def scenario_sheet(scenario: Scenario, base: Knowledge) -> Sheet:
    """What a scenario is, what to do in it, and where each option stands.

    Parameters
    ----------
    scenario
        The scenario.
    base
        The knowledge base that it is of.
    """
    words = Wording(base)
    actions = Points(_actions(scenario, words))
    standings = Points(_standings(scenario, base))
    arguments = Points(_arguments(scenario, base, words))
    return framed(
        f"{capital(scenario.label)} ({scenario.id})",
        (
            Paragraph(f"To a patient: {scenario.plain}"),
            *([Paragraph(scenario.note)] if scenario.note else ()),
            Part("What to do: the first that is true", (actions,), folded=False),
            Part("Standing of the options", (standings,), folded=False),
            Part("Arguments", (arguments,)),
            drawn(decision_picture(base, scenario=scenario.id)),
            founded(scenario),
        ),
        stamp(base),
        base.sources,
    )


def _actions(scenario: Scenario, words: Wording) -> Iterator[Item]:
    for row in scenario.action:
        where = ", ".join(filter(None, [spaced(row.to or ""), row.urgency]))
        act = f"{spaced(row.act)}: {where}" if where else spaced(row.act)
        lead = f"{act}{_if(row.condition, words)}"
        yield Item(row.text, lead, row.sources, judgement=row.judgement)


def _standings(scenario: Scenario, base: Knowledge) -> Iterator[Item]:
    for standing in reversed(STANDINGS):
        names = [base.options[name].label for name in getattr(scenario, standing)]
        if names:
            yield Item(", ".join(names), spaced(standing))


def _arguments(scenario: Scenario, base: Knowledge, words: Wording) -> Iterator[Item]:
    for each in scenario.argument:
        label = base.options[each.option].label
        lead = f"{each.side} {label}{_if(each.condition, words)}"
        yield Item(base.told(each), lead, each.sources, judgement=each.judgement)


def _if(condition: Condition | None, words: Wording) -> str:
    return "" if condition is None else f", if {words.condition(condition)}"
