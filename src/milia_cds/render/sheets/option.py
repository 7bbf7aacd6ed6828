"""What there is to say of an option or a supporting measure, without a case."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import attrs

from milia_cds.explanation.bands import HOW_SOON
from milia_cds.explanation.outcome import stamp
from milia_cds.explanation.places import RiskSaid
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.options import STANDINGS, Argument, Gate, Measure, Option
from milia_cds.knowledge.texts import Cell, Consent, Phrase, Risk
from milia_cds.knowledge.wording import Wording, capital
from milia_cds.logic.conditions import Condition
from milia_cds.render.blocks import Item, Paragraph, Part, Points, Sheet, Span
from milia_cds.render.decision_graph import decision_picture
from milia_cds.render.particulars import EFFECTS, RISKS, InGeneral, how_often
from milia_cds.render.phrases import coded, spaced, unheaded
from milia_cds.render.sheets.frame import conditional_item, drawn, founded, framed

_SIDES = {"for": "Speaks for it", "against": "Speaks against it"}


def option_sheet(option: Option | Measure, base: Knowledge) -> Sheet:
    """What an option or a measure is, and every rule, risk and step of it.

    Parameters
    ----------
    option
        The option or measure.
    base
        The knowledge base that it is of.
    """
    about = _About(base, Wording(base, subjects=True))
    ranked = option if isinstance(option, Option) else None
    picture = decision_picture(base, option=ranked.id) if ranked else None
    return framed(
        f"{capital(option.label)} ({option.id})",
        (
            *about.dangers(option),
            *about.intro(option),
            *(about.ranked(ranked) if ranked else ()),
            *about.gates(option.gate),
            *([drawn(picture)] if picture else ()),
            founded(option),
        ),
        stamp(base),
        base.sources,
    )


@attrs.frozen
class _About:
    """Says what a knowledge base holds of an option, in its words."""

    base: Knowledge
    words: Wording

    def dangers(self, option: Option | Measure) -> Iterator[Part]:
        """The dangers beside which it is never said to be used, or to come first."""
        claims = {f"does:{option.id}", f"leads:{option.id}"}
        items = [
            Item(
                each.text,
                f"{capital(spaced(each.id))} ({HOW_SOON[each.urgency]})",
                each.sources,
                judgement=each.judgement,
            )
            for each in self.base.alerts.values()
            if not claims.isdisjoint(each.silences)
        ]
        if items:
            heading = "Never said to be used beside these dangers"
            yield Part(heading, (Points(items),), folded=False)

    def intro(self, option: Option | Measure) -> Iterator[Paragraph]:
        yield Paragraph(option.summary)
        yield Paragraph(f"To a patient: {option.plain}")
        if option.performed_text:
            yield Paragraph(f"Performed by: {option.performed_text}")
        if option.codes:
            yield Paragraph(f"Codes: {coded(option.codes)}")

    def ranked(self, option: Option) -> Iterator[Part]:
        """What only an option has: where it stands, and what comes with it."""
        yield Part("Standing", tuple(self.standings(option)), folded=False)
        levels = Points(self.levels(option))
        yield Part("Criteria, 0 worst to 4 best", (levels,))
        yield from self.arguments(option)
        yield Part("On one screen and in the grid", (Points(self.in_short(option)),))
        said_of = InGeneral(self.words).particulars(self.base, option)
        for heading, said in said_of.items():
            items = map(conditional_item, said)
            if heading == RISKS:
                items = map(self.risk, option.risk)
            yield Part(heading, (Points(items),))

    def in_short(self, option: Option) -> Iterator[Item]:
        """The lines of one screen and the cells of the grid, each when it is said."""
        for lead, phrases in (
            ("The reason", option.brief),
            ("How", option.how),
            ("Before a patient agrees", option.consent),
        ):
            for each in phrases:
                yield self.short_item(lead, each.text, each)
        for cell in option.cell:
            yield self.short_item(self.base.grid[cell.row].ask, cell.plain, cell)

    def short_item(self, lead: str, text: str, entry: Phrase | Consent | Cell) -> Item:
        scenarios = getattr(entry, "scenarios", ())
        only = f" (only in {', '.join(map(spaced, scenarios))})" if scenarios else ""
        when = (
            f", if {self.words.condition(entry.condition)}" if entry.condition else ""
        )
        return Item(
            f"{text}{only}", f"{lead}{when}", entry.sources, judgement=entry.judgement
        )

    # -- where it stands --

    def standings(self, option: Option) -> Iterator[Points | Paragraph]:
        scenarios = self.base.scenarios.values()
        items = []
        for rank, standing in reversed(list(enumerate(STANDINGS))):
            names = [each.label for each in scenarios if each.ranks[option.id] == rank]
            if names:
                where = "; ".join(names)
                if not rank:
                    every = len(names) == len(scenarios)
                    where = f"{'everywhere' if every else 'everywhere else'}: {where}"
                items.append(Item(where, spaced(standing)))
        yield Points(items)
        yield from self.local(option)

    def local(self, option: Option) -> Iterator[Paragraph]:
        """What a local policy does to the standing."""
        policy = self.base.policy
        if policy is None:
            return
        if option.id in policy.not_offered:
            yield Paragraph("Not offered here, by the local policy.")
        lowered = [
            scenario.label
            for name, scenario in self.base.scenarios.items()
            if f"{name}.{option.id}" in policy.lowered
        ]
        if lowered:
            yield Paragraph(f"Lowered by the local policy in: {'; '.join(lowered)}")

    def levels(self, option: Option) -> Iterator[Item]:
        for level in option.level:
            modifiers = [
                Item(
                    f"{each.level} if {self.words.condition(each.condition)}",
                    sources=each.sources,
                    judgement=each.judgement,
                )
                for each in level.modifier
            ]
            yield Item(
                str(level.base),
                self.base.criteria[level.criterion].label,
                level.sources,
                judgement=level.judgement,
                blocks=(Points(modifiers),) if modifiers else (),
            )

    # -- its texts --

    def arguments(self, option: Option) -> Iterator[Part]:
        for side, heading in _SIDES.items():
            chosen = [each for each in option.argument if each.side == side]
            yield Part(heading, (Points(map(self.argument, chosen)),))

    def argument(self, argument: Argument) -> Item:
        clause = self.clause(argument.condition)
        return Item(
            unheaded(self.base.told(argument), clause),
            f"If {clause}" if clause else "",
            argument.sources,
            judgement=argument.judgement,
        )

    def risk(self, risk: Risk) -> Item:
        """A risk, how often it comes, and who runs it more often."""
        said = RiskSaid.of(risk.id, risk, (), self.clause(risk.condition) or None)
        modifiers = [
            Item(
                unheaded(each.text, self.clause(each.condition)),
                f"If {self.clause(each.condition)}",
                each.sources,
                judgement=each.judgement,
                mark="!",
            )
            for each in risk.modifier
        ]
        often = how_often(said, self.base.vocabulary.domain)
        figure = (f"{often} ", Span(self.basis(risk), "quiet"))
        more = (Points(modifiers),) if modifiers else ()
        return attrs.evolve(conditional_item(said), blocks=(Paragraph(figure), *more))

    def basis(self, risk: Risk) -> str:
        """Where the figure of a risk comes from."""
        domain, other = self.base.vocabulary.domain, self.base.about.analogue
        return {
            domain: f"Counted in {domain}.",
            "analogue": f"Not from {domain}{f': {other}' if other else ''}.",
            "not_known": "No figure was found.",
        }[risk.basis]

    def gates(self, gates: Iterable[Gate]) -> Iterator[Part]:
        every = tuple(gates)
        for kind, heading in EFFECTS.items():
            chosen = [gate for gate in every if gate.kind == kind]
            yield Part(heading, (Points(map(self.gate, chosen)),))

    def gate(self, gate: Gate) -> Item:
        """A rule: when it holds, and below that what it says."""
        clause = self.clause(gate.condition) or "for everybody"
        said = capital(unheaded(gate.text, clause))
        return Item((), clause, blocks=(Paragraph(said, gate.sources, gate.judgement),))

    def clause(self, condition: Condition | None) -> str:
        """A condition in words; nothing where there is none."""
        return self.words.condition(condition) if condition is not None else ""
