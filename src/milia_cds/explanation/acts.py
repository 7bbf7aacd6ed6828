"""The first of an answer: the dangers, and what to do now, composed when read.

As in `parts`, each has the attributes of the record that it becomes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

import attrs

from milia_cds.decision.alerts import Raised
from milia_cds.decision.completions import Completions
from milia_cds.decision.disposition import Awaited, ReachedRow
from milia_cds.explanation.outcome import AlsoRefer
from milia_cds.explanation.places import Reason
from milia_cds.explanation.reasons import View
from milia_cds.knowledge.dangers import URGENCIES, URGENT, Addressee
from milia_cds.knowledge.options import STANDINGS
from milia_cds.knowledge.records import plain as written
from milia_cds.knowledge.scenarios import ActionRow
from milia_cds.knowledge.wording import capital
from milia_cds.logic.conditions import plain_atoms, truth


class AlertPart:
    """A danger that is certain or asked for; becomes an `AlertSaid`.

    Without completions it asks for all that its condition lacks.
    """

    def __init__(
        self, view: View, raised: Raised, completions: Completions | None
    ) -> None:
        self.view = view
        self.rule, self.certain = raised.alert, raised.certain
        self.alert, self.to = raised.alert.id, raised.alert.to
        self.urgency = raised.alert.urgency
        self.sources, self.judgement = raised.alert.sources, raised.alert.judgement
        self._left = None if completions is None else completions.alert(self.alert)

    @cached_property
    def if_(self) -> str | None:
        """What is left to know of it."""
        return None if self.certain else self.view.unless_known(self.rule.condition)

    @cached_property
    def asks(self) -> tuple[str, ...]:
        """The facts to ask for."""
        if self.certain:
            return ()
        missing = set(self.view.unknown_in(self.rule.condition))
        return self.view.that_matter(missing, self._left)

    @property
    def asks_for(self) -> tuple[str, ...]:
        """The same in words."""
        return tuple(self.view.base.facts[name].label for name in self.asks)

    @cached_property
    def facts(self) -> Mapping[str, Any]:
        """The known facts that make it certain, or a question."""
        if self.certain:
            return self.view.decided_by(self.rule.condition)
        facts = self.view.facts
        return {
            sign.fact: written(facts[sign.fact])
            for sign in plain_atoms(self.rule.signs)
            if truth(sign, facts)
        }

    @property
    def to_text(self) -> str:
        """Whom it is for, in words."""
        return ", ".join(self._addressees(lambda each: each.label))

    @property
    def to_plain(self) -> str:
        """Whom it is for, in the patient's words."""
        return ", ".join(self._addressees(lambda each: each.plain or each.label))

    def _addressees(self, words: Callable[[Addressee], str]) -> Iterator[str]:
        return (words(self.view.base.addressees[name]) for name in self.to)

    @cached_property
    def text(self) -> str:
        """What is said to the clinician."""
        labels = ", ".join(self.asks_for)
        more = (text for text, _ in self._more)
        return self._said(self.rule.text, more, f"Ask now: {labels}. If {self.if_}:")

    @cached_property
    def plain(self) -> str:
        """What is said to the patient."""
        entries = self.view.base.facts
        asked = " ".join(dict.fromkeys(entries[name].ask_patient for name in self.asks))
        if self.certain or self._yes_is_the_danger:
            more = (plain for _, plain in self._more)
            return self._said(self.rule.plain, more, f"{asked} If so:")
        return f"{asked} Tell us before anything is done."

    @property
    def _yes_is_the_danger(self) -> bool:
        """Whether each question is one of yes or no, and "yes" makes it certain."""
        entries = self.view.base.facts
        signs = {each.fact for each in plain_atoms(self.rule.signs)}
        return all(
            name in signs and entries[name].kind == "yes_no" for name in self.asks
        )

    def _said(self, own: str, more: Iterable[str], question: str) -> str:
        said = " ".join(filter(None, [own, *more]))
        return said if self.certain else f"{question} {said}"

    @property
    def _more(self) -> Iterator[tuple[str, str]]:
        """The further sentences, in both registers."""
        return self.view.claims.sentences(self.rule.sentence, self.view.clause)


ACTIONS = {
    "treat": "Treat.",
    "observe": "Observe.",
    "treat_cause": "Treat the cause.",
    "refer": "Refer.",
}
"""An action of which no row says more."""


class DispositionPart:
    """What to do now; becomes a `Disposition`."""

    def __init__(self, view: View, lifted_by: Sequence[str] = ()) -> None:
        self.view = view
        self.decided = view.record.disposition
        self.action, self.to = self.decided.action, self.decided.to
        self.urgency, self.rows = self.decided.urgency, self.decided.rows
        self.at_worst = self.decided.at_worst
        self._lifted_by = lifted_by

    @property
    def own(self) -> bool:
        """Whether the operator is of the field that the referral goes to."""
        return self.to is not None and self._is_own(self.to)

    @property
    def awaited(self) -> str:
        """What would come first as soon as one fact is known; empty where none is."""
        pending = self.decided.pending
        return "" if pending is None else self._awaited(pending).text

    @cached_property
    def _put_off(self) -> str:
        """What comes before all else that is not for today, as a danger is."""
        raised = self.view.record.alerts
        today = any(each.certain and each.urgency > URGENT for each in raised)
        if not today or self.action == "refer":
            return ""
        return f"For the {self.view.base.vocabulary.domain}, another day: "

    @cached_property
    def also(self) -> tuple[AlsoRefer, ...]:
        """The further referrals that hold."""
        return tuple(map(self._also, self.decided.also))

    def _also(self, row: ReachedRow) -> AlsoRefer:
        reason = self.view.reason(row.name, row.record, row.record.condition)
        text = f"{self._own_text(row.record)} {reason.text}".strip()
        to, urgency = str(row.record.to), row.record.urgency or URGENCIES[0]
        return AlsoRefer(to=to, urgency=urgency, rule=row.name, text=text)

    @cached_property
    def because(self) -> tuple[Reason, ...]:
        """The rows of actions that led to it."""
        return tuple(self._because())

    def _because(self) -> Iterator[Reason]:
        put_off = self._put_off
        for reason in self._of_the_case():
            yield attrs.evolve(reason, text=f"{put_off}{reason.text}")
            put_off = ""
        told: set[str] = set()
        open_: set[str] = set()
        for row in self.rows:
            reason = self.view.reason(row.name, row.record, row.record.condition)
            own = self._own_text(row.record)
            if own not in told:
                told.add(own)
                reason = attrs.evolve(reason, text=f"{own} {reason.text}".strip())
            own_order = self.view.record.own
            if row.record.act == "treat" and self.action == "observe" and not own_order:
                reason = attrs.evolve(reason, text=self._watch_first(row, reason.text))
            if not reason.text:
                reason = attrs.evolve(reason, text=self._in_general(row.record))
            if reason.if_ is None:
                reason = self._only_if(row, reason, open_)
            else:
                open_.add(_scenario_of(row))
            if put_off and row.record.act != "refer":
                reason = attrs.evolve(reason, text=f"{put_off}{reason.text}")
                put_off = ""
            yield reason
        yield from self._explained()
        for name in self._lifted_by:
            label = self.view.base.facts[name].label
            yield Reason(
                rule=f"{name}.way_out",
                text=f"Lifted only by {label}: state it if it is so.",
                facts={name: None},
                judgement=True,
            )

    def _of_the_case(self) -> Iterator[Reason]:
        """What is said before the rows: what is waited for, and what was weighed."""
        pending = self.decided.pending
        if pending is not None:
            yield self._awaited(pending)
        yield from self._by_own_values()

    def _only_if(self, row: ReachedRow, reason: Reason, open_: set[str]) -> Reason:
        """A reason of one of several scenarios, or after a row that may hold instead.

        Parameters
        ----------
        open_
            The scenarios of which a row was said that may hold.
        """
        scenario = _scenario_of(row)
        if not self.view.one_scenario:
            return attrs.evolve(reason, if_=self.view.way_to(scenario))
        if scenario in open_:
            return attrs.evolve(reason, text=f"Otherwise: {reason.text}")
        return reason

    def _explained(self) -> Iterator[Reason]:
        """What a way out that is stated explains."""
        base, facts = self.view.base, self.view.record.facts
        for name, entry in base.facts.items():
            found = [each for each in entry.explains if facts[each] is True]
            if entry.way_out and facts[name] is True and found:
                labels = ", ".join(base.facts[each].label for each in found)
                yield Reason(
                    rule=f"{name}.way_out",
                    text=f"{entry.explained}: {labels}.",
                    facts=dict.fromkeys((name, *found), True),
                    judgement=True,
                )

    def _by_own_values(self) -> Iterator[Reason]:
        """What the patient's own values have put first, where they differ from ours."""
        view, record = self.view, self.view.record
        if not record.own or {row.record.act for row in self.rows} != {"treat"}:
            return
        watched = [
            place
            for place in record.ranking
            if view.base.options[place.option].act == "observe"
        ]
        first_line = any(STANDINGS[each.worst] == "first_line" for each in watched)
        for name, criterion in view.base.criteria.items():
            text = ""
            if criterion.own and self.action == "observe":
                text = criterion.own_observe
            elif criterion.own and self.action == "treat" and first_line:
                text = criterion.own_treat
            if text:
                yield Reason(rule=f"{name}.own", text=text, judgement=True)

    def _awaited(self, awaited: Awaited) -> Reason:
        """What comes first as soon as the one fact that lacks is known."""
        base = self.view.base
        pending = base.facts[awaited.fact].pending
        names = " or ".join(base.options[name].label for name in awaited.options)
        said = "" if pending is None else pending.text
        return Reason(
            rule=f"{awaited.fact}.pending",
            text=f"{capital(names)}, {said}.",
            facts={awaited.fact: None},
            sources=() if pending is None else pending.sources,
            judgement=pending is not None and pending.judgement,
        )

    def _in_general(self, row: ActionRow) -> str:
        """What is left of an action whose text may not stand beside the rest."""
        return self._own_text(row) or ACTIONS[row.act]

    def _watch_first(self, row: ReachedRow, text: str) -> str:
        """Why a scenario that treats comes to watching here.

        Where it has nothing before or beside watching, its own words say so.
        """
        options = self.view.base.options
        first = next(iter(self.view.record.ranking), None)
        if first is None or options[first.option].act != "observe":
            return text
        ranks = self.view.base.scenarios[_scenario_of(row)].ranks
        if sum(rank >= ranks[first.option] for rank in ranks.values()) == 1:
            return text
        label = options[first.option].label
        named = capital(label)
        open_here = f"{named} comes first among the options open here."
        # What is left of a text that lost sentences names nothing else.
        whole = text == row.record.text
        return f"{open_here} In general: {text}" if whole else f"{open_here} {text}"

    def _own_text(self, row: ActionRow) -> str:
        """What a referral says to the operator whose own field it is."""
        if row.to is None or not self._is_own(row.to):
            return ""
        return row.own_text or self.view.base.destinations[row.to].own_text

    def _is_own(self, destination: str) -> bool:
        where = self.view.base.destinations[destination]
        return where.condition is not None and self.view.holds(where.condition) is True


def _scenario_of(row: ReachedRow) -> str:
    return row.name.rpartition(".")[0]
