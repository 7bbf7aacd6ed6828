"""How things stand with an answer that is to be said on one screen."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from milia_cds.decision.completions import Completions
from milia_cds.explanation.answer import Parts
from milia_cds.explanation.bands import HOW_SOON
from milia_cds.explanation.outcome import Question
from milia_cds.knowledge.dangers import URGENCIES, URGENT, Urgency
from milia_cds.knowledge.options import Option
from milia_cds.knowledge.texts import Phrase


class Situation:
    """What is so of an answer, and what may be said of it.

    Parameters
    ----------
    said
        What there is to say of the decision.
    completions
        What the case may still become.
    asked
        What to ask next, the most decisive first.
    """

    def __init__(
        self, said: Parts, completions: Completions, asked: Sequence[Question]
    ) -> None:
        self.said = said
        self.base = said.base
        self.left = completions
        self.asked = asked
        self.action = said.disposition.action

    @cached_property
    def at_once(self) -> bool:
        """Whether the patient is sent on today, so that nothing else matters now."""
        soon = self.said.disposition.urgency
        return self.action == "refer" and soon is not None and is_today(soon)

    @cached_property
    def alarmed(self) -> bool:
        """Whether the case states a danger of today."""
        return any(each.certain and is_today(each.urgency) for each in self.said.alerts)

    @cached_property
    def settled(self) -> bool:
        """Whether no answer to a question changes what to do or what comes first."""
        doubtful = any(not each.certain for each in self.said.alerts)
        return self.left.agree_with(self.said.record) and not doubtful

    @cached_property
    def first(self) -> Option | None:
        """The option in the first place."""
        return next((each.owner for each in self.said.ranking), None)

    @cached_property
    def treats(self) -> bool:
        """Whether it is a treatment."""
        return self.first is not None and self.first.act == "treat"

    @cached_property
    def treated(self) -> bool:
        """Whether the first option is a treatment that is begun here."""
        return self.treats and self.action != "refer" and not self.alarmed

    @cached_property
    def begun(self) -> bool:
        """Whether the first option is begun here, be it to leave alone."""
        return self.treated or (not self.treats and not self.alarmed)

    def how_soon(self, urgency: Urgency | None) -> str:
        """How soon something is, in words."""
        words = self.base.urgencies.get(urgency or "routine")
        return words.short if words else HOW_SOON[urgency or "routine"]

    def may_say(self, option: Option, row: Phrase) -> bool:
        """Whether a phrase about an option is true here."""
        kinds = self.base.scenario_groups
        where = {
            scenario
            for name in row.scenarios
            for scenario in (kinds[name].scenarios if name in kinds else (name,))
        }
        return (
            (not where or where >= {*self.said.record.walk.scenarios})
            and self.said.holds(row.condition) is True
            and self.said.claims.stand(row.claims, of=option.id)
        )

    def spoken(self, screen: str) -> str:
        """A question in a line."""
        entry = self.base.screens.get(screen)
        return (entry.short or entry.ask) if entry else ""


def is_today(urgency: Urgency) -> bool:
    """Whether something cannot wait for tomorrow."""
    return URGENCIES.index(urgency) > URGENT
