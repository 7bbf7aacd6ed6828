"""What there is to say of the answers to why, why not, what if and how firm."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeAlias

from milia_cds.explanation.bands import HOW_SOON, danger_of
from milia_cds.explanation.differences import (
    AlertMoved,
    Difference,
    Moved,
    Stand,
    Turned,
)
from milia_cds.explanation.outcome import Disposition, Stamp
from milia_cds.explanation.stability import Stability
from milia_cds.explanation.why import Why
from milia_cds.explanation.why_not import Change, Path, WhyNot
from milia_cds.knowledge.model import Knowledge
from milia_cds.render.blocks import Item, Paragraph, Part, Points, Sheet
from milia_cds.render.phrases import fact_of, rests_on, series, spaced
from milia_cds.render.sheets.frame import conditional_item, drawn, framed
from milia_cds.render.thresholds import ThresholdWords, thresholds_picture

_ALERTED = {"certain": "stated", "asked": "to ask for", "silent": "silent"}
_NEVER = "Never: nothing that can change would do it."
_TRUTHS = {True: "true", False: "false", None: "not known"}


Answer: TypeAlias = Why | WhyNot | Stability | Difference


def answer_sheet(said: Answer, base: Knowledge | None) -> Sheet:
    """What an answer says.

    Parameters
    ----------
    said
        The answer.
    base
        The knowledge base that gave it, in whose words its facts and options are named;
        where it is not at hand, they keep their ids.
    """
    words = _AnswerWords(base)
    match said:
        case Why():
            return words.why(said)
        case WhyNot():
            return words.why_not(said)
        case Stability():
            return words.stability(said)
        case Difference():
            return words.difference(said)


class _AnswerWords:
    """Says answers in the words of the knowledge base that gave them.

    Parameters
    ----------
    base
        The knowledge base; where it is not at hand, facts and options keep their ids.
    """

    def __init__(self, base: Knowledge | None) -> None:
        self.base = base

    def sheet(self, title: str, intro: str, parts: Iterable[Part], by: Stamp) -> Sheet:
        """The sheet of an answer that this knowledge gave."""
        sources = self.base.sources if self.base else {}
        return framed(title, (Paragraph(intro), *parts), by, sources)

    def why(self, said: Why) -> Sheet:
        """Why an option has its verdict."""
        verdict = spaced(said.verdict)
        if said.verdict == "offered":
            verdict = f"offered, {spaced(said.standing)}"
        intro = "This rests on no fact of the case."
        if said.facts:
            intro = "The facts named are enough for it, whatever the others are."
        elif said.asks:
            intro = f"It is withheld until this is known: {self.names(said.asks)}."
        facts = [Item(self.fact(*each)) for each in said.facts.items()]
        return self.sheet(
            f"Why {said.label} is {verdict}",
            intro,
            (
                _open("Enough for it", facts),
                _open("Because", map(conditional_item, said.because)),
                Part("Also", (Points(map(conditional_item, said.also)),)),
            ),
            said.knowledge,
        )

    def why_not(self, said: WhyNot) -> Sheet:
        """What would have to change for an option."""
        first = self.paths(said.first)
        if not said.exact:
            first = [Item("Not worked out: there are too many cases.")]
        return self.sheet(
            f"What would have to change for {said.label}",
            f"As it is: {spaced(said.verdict)}. Of several ways, one is enough.",
            (
                _open("Because", map(conditional_item, said.because)),
                _open("To be offered", self.paths(said.offered)),
                _open("To come first", first),
            ),
            said.knowledge,
        )

    def paths(self, paths: Iterable[Path]) -> list[Item]:
        """The ways that lead there, or that none does."""
        return [*map(self.path, paths)] or [Item(_NEVER)]

    def path(self, path: Path) -> Item:
        """What would have to change together, and what is asked then."""
        said = "; and ".join(map(self.change, path.changes))
        asked = Points([Item(self.names(path.asks), "Then still to ask")])
        return Item(
            said or "Nothing known stands against it.",
            blocks=(asked,) if path.asks else (),
        )

    def change(self, change: Change) -> str:
        """What one fact would have to be, and what it is."""
        instead = " or ".join(self.fact(change.fact, each) for each in change.instead)
        return f"{instead} (now: {self.fact(change.fact, change.now)})"

    def stability(self, said: Stability) -> Sheet:
        """Which weights would change the first place."""
        known = {each.option: each.label for each in said.can_be_first}
        labels = known | {
            name: self.label(name) for name in (*said.first, *said.rivals)
        }
        words = ThresholdWords(said, labels)
        return self.sheet(
            "How firm the first place is",
            words.heading(),
            (
                _open("How far each weight may move", map(Item, words.moves())),
                Part("Some weighting puts first", (Points(map(Item, words.ways())),)),
                drawn(thresholds_picture(words), repeats=True),
            ),
            said.knowledge,
        )

    def difference(self, said: Difference) -> Sheet:
        """What moved, and the rules that moved it."""
        before, after = said.knowledge
        stamps = () if before == after else (("Before", before), ("After", after))
        named = [Item(", ".join(rests_on(each)), name) for name, each in stamps]
        intro = "Nothing moved: the same is to be done, in the same order."
        if said:
            intro = "The first of each pair is before, the second after."
        return self.sheet(
            "What moved",
            intro,
            (
                _open("Dangers", map(_danger, said.alerts)),
                _open("In short", self.moves(said)),
                _open("Options", map(self.moved, said.moved)),
                Part("Rules that turned", (Points(map(_turned, said.turned)),)),
                Part("Questions", (Points(self.questions(said)),)),
                _open("Knowledge", named),
            ),
            after,
        )

    def moves(self, said: Difference) -> Iterator[Item]:
        """What moved of the whole."""
        if said.urgency is not None:
            pair = [HOW_SOON[each] if each else "none" for each in said.urgency]
            yield Item(" -> ".join(pair), "How urgent")
        if said.disposition is not None:
            pair = [self.to_do(each) for each in said.disposition]
            yield Item(" -> ".join(pair), "What to do")
        if said.scenarios is not None:
            pair = [", ".join(map(self.situation, names)) for names in said.scenarios]
            yield Item(" -> ".join(pair), "Situation")
        if said.first is not None:
            pair = [self.labels(names) or "none" for names in said.first]
            yield Item(" -> ".join(pair), "First place")

    @staticmethod
    def to_do(said: Disposition) -> str:
        """What to do, and where else to refer."""
        also = [f"{spaced(each.to)}, {HOW_SOON[each.urgency]}" for each in said.also]
        return f"{said.headline}; also {'; '.join(also)}" if also else said.headline

    def moved(self, moved: Moved) -> Item:
        """How one option moved, and by which rules."""
        said = " -> ".join(map(_stand, (moved.before, moved.after)))
        rules = Points([Item(", ".join(moved.rules), "By")])
        label = self.label(moved.option)
        return Item(said, label, blocks=(rules,) if moved.rules else ())

    def questions(self, said: Difference) -> Iterator[Item]:
        """What is asked now, and what no longer is."""
        for lead, facts in (("Asked now", said.asked), ("Not any more", said.settled)):
            if facts:
                yield Item(self.names(facts), lead)

    # -- words --

    def fact(self, name: str, value: object) -> str:
        """A fact with its value."""
        return fact_of(name, value, self.base)

    def names(self, facts: Iterable[str]) -> str:
        """The labels of facts, in a row."""
        known = self.base.facts if self.base else {}
        return ", ".join(known[n].label if n in known else n for n in facts)

    def label(self, option: str) -> str:
        """The label of an option."""
        known = self.base.options.get(option) if self.base else None
        return known.label if known else spaced(option)

    def labels(self, options: tuple[str, ...]) -> str:
        """The labels of several options; nothing where there is none."""
        return series(map(self.label, options)) if options else ""

    def situation(self, scenario: str) -> str:
        """The label of a scenario."""
        known = self.base.scenarios.get(scenario) if self.base else None
        return known.label if known else spaced(scenario)


def _open(heading: str, items: Iterable[Item]) -> Part:
    """A list that a page shows at once."""
    return Part(heading, (Points(items),), folded=False)


def _danger(moved: AlertMoved) -> Item:
    """An alert that came, went or turned, with what it says."""
    alert = moved.said
    turn = f"{_ALERTED[moved.before]} -> {_ALERTED[moved.after]}"
    return Item(
        f"{danger_of(alert)} To: {alert.to_text}.",
        f"{turn} ({HOW_SOON[alert.urgency]})",
        alert.sources,
        judgement=alert.judgement,
    )


def _stand(stand: Stand) -> str:
    verdict, standing, rank = stand
    more = f" ({spaced(standing)}, place {rank})" if standing else ""
    return f"{spaced(verdict)}{more}"


def _turned(turned: Turned) -> Item:
    pair = f"{_TRUTHS[turned.before]} -> {_TRUTHS[turned.after]}"
    return Item(f"{pair} ({turned.when})", turned.rule)
