"""The plan: what to do in a line, the first options with a reason, what is open."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from milia_cds.decision.walk import AskedDecision
from milia_cds.explanation.acts import ACTIONS
from milia_cds.explanation.outcome import BriefLine
from milia_cds.explanation.parts import OfferedPart, WithheldPart
from milia_cds.explanation.short_names import named, short_name
from milia_cds.explanation.situation import Situation, is_today
from milia_cds.knowledge.options import STANDINGS
from milia_cds.knowledge.scenarios import ActionRow, Branch
from milia_cds.knowledge.wording import capital

FIRST = 3
"""So many options are named with their reason, and so many questions asked."""
HEADLINE = 49
"""So many characters has a headline that is put off to another day at most."""
RARE_DROP, REASON_DROP = 2, 8
"""When the count of the other options, and a reason, go where there is no room."""
_ENDS = 8
"""Where more ends than these are open, they are not told one by one."""
_SETTLED = "Settled: nothing still open changes what is done first."


class CarePlan:
    """What to do.

    Parameters
    ----------
    now
        How things stand.
    """

    def __init__(self, now: Situation) -> None:
        self.now = now
        self.said = now.said
        self.base = now.base
        self.part = now.said.disposition
        self.open = now.action == "needs_information"

    def lines(self) -> Iterator[BriefLine]:
        """What to do, with the options and their reasons."""
        yield BriefLine(text=self.headline)
        yield from self.why()
        if self.now.alarmed and self.now.action != "refer":
            yield BriefLine(text="Nothing elective is begun today.")
        yield from self.if_so()
        yield from self.options()
        for text in self.status():
            yield BriefLine(text=text)

    # -- in a line --

    @cached_property
    def headline(self) -> str:
        """What to do, in a line; in the own field what to do there, not to refer."""
        said = self.open_headline() if self.open else self.settled_headline()
        if not self.now.alarmed or self.now.action == "refer":
            return said
        lead = f"For the {self.base.vocabulary.domain}"
        put_off = f"{lead}: {said[:1].lower()}{said[1:]}"
        return put_off if len(put_off) <= HEADLINE else f"{lead}, another day."

    def settled_headline(self) -> str:
        """What to do, where that is known."""
        row, to = self.row, self.part.to
        if row and row.short and row.act == self.now.action:
            return row.short
        if to is not None:
            return self.own_headline(to) if self.part.own else self.sent_to(to)
        if self.now.action == "observe" and self.now.first is not None:
            return f"{capital(short_name(self.now.first))} comes first here."
        return ACTIONS[self.now.action]

    @property
    def row(self) -> ActionRow | None:
        """The action that decided, where nothing denies what it claims."""
        row = self.part.rows[0].record if self.part.rows else None
        stands = row is not None and self.said.claims.stand(row.claims)
        return row if stands else None

    def sent_to(self, to: str) -> str:
        """Where to refer, and how soon."""
        where = self.base.destinations[to].label
        soon = self.now.how_soon(self.part.urgency)
        return f"Refer to {where}{'' if where.endswith(soon) else f', {soon}'}."

    def own_headline(self, field: str) -> str:
        """What to do in the operator's own field, and how soon."""
        said = self.base.destinations[field].own_text
        soon = capital(self.now.how_soon(self.part.urgency))
        if soon.lower() in said.lower():
            return said
        return f"{soon}: {said[:1].lower()}{said[1:]}"

    def open_headline(self) -> str:
        """What to settle first, where it is not known what to do."""
        if self.part.awaited:
            return self.part.awaited
        if self.unplaced:
            first = self.base.facts[self.now.asked[0].facts[0]]
            start = f"Start with the {first.label}." if first.background else ""
            return f"Nothing can be said yet. {start or 'Ask what stands below.'}"
        for each in self.open_decisions:
            short = self.base.decisions[each.decision].short
            if short:
                return f"Open. First settle {short}."
        return "Open until what is asked below is known."

    # -- what the line leaves to say --

    def why(self) -> Iterator[BriefLine]:
        """What the headline leaves to say."""
        if self.row is not None and self.row.brief and not self.open:
            yield BriefLine(text=self.row.brief, drop=REASON_DROP)
        for also in self.part.also:
            where = self.base.destinations[also.to].label
            soon = self.now.how_soon(also.urgency)
            yield BriefLine(text=f"Also to {where}, {soon}.")

    def if_so(self) -> Iterator[BriefLine]:
        """What each answer still possible would lead to, the gravest first."""
        told = [] if self.unplaced else self.open_ends
        for text in told:
            yield BriefLine(text=text)
        if not self.open:
            return
        possible = named(self.base, self.possible_first)
        if possible and not self.unplaced:
            lead = "If none of these" if told else "Still possible as the first"
            yield BriefLine(text=f"{lead}: {possible}.")
        if self.base.undecided and any(self.held_back()):
            yield BriefLine(text=self.base.undecided)

    @cached_property
    def unplaced(self) -> bool:
        """Whether so much is open that only a question helps."""
        return self.open and len(self.open_ends) > _ENDS and bool(self.now.asked)

    @cached_property
    def open_decisions(self) -> tuple[AskedDecision, ...]:
        """The decisions that cannot be taken yet."""
        asked = self.said.record.walk.visits
        return tuple(each for each in asked if len(each.taken) > 1)

    @cached_property
    def open_ends(self) -> list[str]:
        """What each answer still possible would lead to, each with its "if"."""
        return [each.open for each in self.open_branches() if each.open]

    def open_branches(self) -> Iterator[Branch]:
        """The branches that may still be taken, in the order of the decisions."""
        for each in self.open_decisions:
            branches = self.base.decisions[each.decision].branch
            yield from (branches[place] for place in each.taken)

    @property
    def possible_first(self) -> list[str]:
        """The options that could come first, the best standing first."""
        every: tuple[OfferedPart | WithheldPart, ...]
        every = (*self.said.ranking, *self.said.withheld)
        ranks = {each.option: STANDINGS.index(each.best_standing) for each in every}
        possible = self.now.left.possible_first
        return sorted(possible, key=lambda name: -ranks.get(name, 0))

    def held_back(self) -> Iterator[WithheldPart]:
        """The treatments that are withheld."""
        for each in self.said.withheld:
            if self.base.options[each.option].act == "treat":
                yield each

    # -- the options --

    def options(self) -> Iterator[BriefLine]:
        """The first options with their reason; the others by name or counted."""
        for place, each in enumerate(self.said.ranking[:FIRST]):
            rank = f"{each.rank}=" if each.tied else f"{each.rank}"
            yield BriefLine(
                lead=f"{rank} {short_name(each.owner)}",
                text=self.reason(each),
                drop=REASON_DROP if place else 0,
            )
        others = self.said.ranking[FIRST:]
        also = [each.option for each in others if each.standing != "limited"]
        rare = len(others) - len(also)
        said = [
            f"Also reasonable: {named(self.base, also)}." if also else "",
            f"Rarely needed: {rare} more." if rare else "",
        ]
        if others:
            count = f"Also possible: {len(others)} more."
            text = " ".join(filter(None, said))
            yield BriefLine(text=text, drop=RARE_DROP, instead=count)

    def reason(self, offered: OfferedPart) -> str:
        """The one reason beside an option; without any, how it stands here."""
        rows = offered.owner.brief
        said = (row.text for row in rows if self.now.may_say(offered.owner, row))
        return next(said, offered.standing.replace("_", " "))

    # -- how sure it is --

    def status(self) -> Iterator[str]:
        """Whether anything still open can change the answer."""
        if self.now.settled:
            facts = self.base.facts
            taken = ", ".join(facts[name].label for name in self.said.lifted_by)
            said = f"Settled. Taken as no, since not stated: {taken}."
            yield said if taken else _SETTLED
        elif not self.open:
            yield "Not settled: what is asked below can still change this."
        worst = self.part.at_worst
        if worst is not None and is_today(worst) and not self.open:
            yield f"At worst: {self.now.how_soon(worst)}. Ask before anything else."
