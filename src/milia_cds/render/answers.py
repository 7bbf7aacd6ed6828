"""What is said of the answers to why, why not, what if and how firm."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

from milia_cds.explanation.differences import Difference, Moved, Stand, Turned
from milia_cds.explanation.outcome import Reason, Stamp
from milia_cds.explanation.stability import Stability
from milia_cds.explanation.why import Why
from milia_cds.explanation.why_not import Change, Path, WhyNot
from milia_cds.knowledge.model import Knowledge, Source
from milia_cds.render.lines import listed, spaced, unheaded
from milia_cds.render.phrases import action_of, fact_of, rests_on
from milia_cds.render.sheet import Item, Part, Sheet
from milia_cds.render.thresholds import ThresholdWords, thresholds_picture

_TRUTHS = {True: "true", False: "false", None: "not known"}


Answer: TypeAlias = Why | WhyNot | Stability | Difference


def answer_sheet(said: Answer, base: Knowledge | None) -> Sheet:
    """Say an answer, with its notice and its digest.

    Parameters
    ----------
    said
        The answer.
    base
        The knowledge base that gave it, in whose words its facts and options are named;
        where it is not at hand, they keep their ids.
    """
    answers = _Answers(base)
    match said:
        case Why():
            return answers.why(said)
        case WhyNot():
            return answers.why_not(said)
        case Stability():
            return answers.stability(said)
        case Difference():
            return answers.difference(said)


class _Answers:
    """Says answers in the words of the knowledge base that gave them.

    Parameters
    ----------
    base
        The knowledge base; where it is not at hand, facts and options keep their ids.
    """

    def __init__(self, base: Knowledge | None) -> None:
        self.base = base

    @property
    def sources(self) -> Mapping[str, Source]:
        """What is known of the sources."""
        return self.base.sources if self.base else {}

    def why(self, said: Why) -> Sheet:
        """Say why an option has its verdict."""
        verdict = spaced(said.verdict)
        if said.verdict == "offered":
            verdict = f"offered, {spaced(said.standing)}"
        intro = "This rests on no fact of the case."
        if said.facts:
            intro = "The facts named are enough for it, whatever all others may be."
        elif said.asks:
            intro = f"It is withheld until this is known: {self.names(said.asks)}."
        facts = (Item(self.fact(*each)) for each in said.facts.items())
        return self.sheet(
            f"Why {said.label} is {verdict}",
            intro,
            (
                Part("Enough for it", tuple(facts), folded=False),
                Part("Because", tuple(map(_reason, said.because)), folded=False),
                Part("Also", tuple(map(_reason, said.also))),
            ),
            said.knowledge,
        )

    def why_not(self, said: WhyNot) -> Sheet:
        """Say what would have to be otherwise for an option."""
        first = self.paths(said.first)
        if not said.exact:
            first = (Item("Not worked out: there are too many cases."),)
        return self.sheet(
            f"What would have to be otherwise for {said.label}",
            f"As it is: {spaced(said.verdict)}. Of several ways, one is enough.",
            (
                Part("To be offered", self.paths(said.offered), folded=False),
                Part("To come first", first, folded=False),
            ),
            said.knowledge,
        )

    def paths(self, paths: Iterable[Path]) -> tuple[Item, ...]:
        """Say ways that lead there, or that none does."""
        ways = tuple(map(self.path, paths))
        return ways or (Item("Never, whatever could be otherwise."),)

    def path(self, path: Path) -> Item:
        """Say what would have to be otherwise together, and what is asked then."""
        said = "; and ".join(map(self.change, path.changes))
        asked = Item(self.names(path.asks), "Then still to ask")
        return Item(
            said or "Nothing known stands against it.",
            items=(asked,) if path.asks else (),
        )

    def change(self, change: Change) -> str:
        """Say what one fact would have to be, and what it is."""
        instead = " or ".join(self.fact(change.fact, each) for each in change.instead)
        return f"{instead} (now: {self.fact(change.fact, change.now)})"

    def stability(self, said: Stability) -> Sheet:
        """Say which weights would change the first place."""
        known = {each.option: each.label for each in said.can_be_first}
        labels = known | {
            name: self.label(name) for name in (*said.first, *said.rivals)
        }
        words = ThresholdWords(said, labels)
        return self.sheet(
            "How firm the first place is",
            words.heading(),
            (
                Part(
                    "How far each weight may move",
                    tuple(map(Item, words.moves())),
                    folded=False,
                ),
                Part("Some weighting puts first", tuple(map(Item, words.ways()))),
            ),
            said.knowledge,
        )._replace(picture=thresholds_picture(words))

    def difference(self, said: Difference) -> Sheet:
        """Say what moved, and the rules that moved it."""
        before, after = said.knowledge
        one = before == after
        stamps = () if one else (("Before", before), ("After", after))
        named = (Item(", ".join(rests_on(each)), name) for name, each in stamps)
        return self.sheet(
            "What moved",
            "The first of each pair is before, the second after."
            if said
            else "Nothing moved: the same is to be done, in the same order.",
            (
                Part("In short", tuple(self.moves(said)), folded=False),
                Part("Options", tuple(map(self.moved, said.moved)), folded=False),
                Part("Rules that turned", tuple(map(_turned, said.turned))),
                Part("Questions", tuple(self.questions(said))),
                Part("Knowledge", tuple(named), folded=False),
            ),
            after,
        )

    def moves(self, said: Difference) -> Iterator[Item]:
        """Say what moved of the whole."""
        if said.disposition is not None:
            pair = [action_of(each) for each in said.disposition]
            yield Item(" -> ".join(pair), "What to do")
        if said.scenarios is not None:
            pair = [", ".join(map(self.situation, names)) for names in said.scenarios]
            yield Item(" -> ".join(pair), "Situation")
        if said.first is not None:
            pair = [self.labels(names) or "none" for names in said.first]
            yield Item(" -> ".join(pair), "First place")

    def moved(self, moved: Moved) -> Item:
        """Say how one option moved, and by which rules."""
        said = " -> ".join(map(_stand, (moved.before, moved.after)))
        rules = Item(", ".join(moved.rules), "By")
        return Item(said, self.label(moved.option), items=(rules,) * bool(moved.rules))

    def questions(self, said: Difference) -> Iterator[Item]:
        """Say what is asked now, and what no longer is."""
        for lead, facts in (("Asked now", said.asked), ("Not any more", said.settled)):
            if facts:
                yield Item(self.names(facts), lead)

    # -- words --

    def sheet(
        self, title: str, intro: str, parts: tuple[Part, ...], stamp: Stamp
    ) -> Sheet:
        """Give the sheet of an answer."""
        return Sheet(title, (intro,), parts, stamp, self.sources)

    def fact(self, name: str, value: object) -> str:
        """Say a fact with its value."""
        return fact_of(name, value, self.base)

    def names(self, facts: Iterable[str]) -> str:
        """Name facts."""
        known = self.base.facts if self.base else {}
        return ", ".join(known[n].label if n in known else n for n in facts)

    def label(self, option: str) -> str:
        """Name an option."""
        known = self.base.options.get(option) if self.base else None
        return known.label if known else spaced(option)

    def labels(self, options: tuple[str, ...]) -> str:
        """Name several options; nothing where there is none."""
        return listed(map(self.label, options)) if options else ""

    def situation(self, scenario: str) -> str:
        """Name a scenario."""
        known = self.base.scenarios.get(scenario) if self.base else None
        return known.label if known else spaced(scenario)


def _reason(reason: Reason) -> Item:
    return Item(
        unheaded(reason.text, reason.if_),
        f"If {reason.if_}" if reason.if_ else "",
        reason.sources,
        reason.judgement,
    )


def _stand(stand: Stand) -> str:
    verdict, standing, rank = stand
    more = f" ({spaced(standing)}, place {rank})" if standing else ""
    return f"{spaced(verdict)}{more}"


def _turned(turned: Turned) -> Item:
    pair = f"{_TRUTHS[turned.before]} -> {_TRUTHS[turned.after]}"
    return Item(f"{pair} ({turned.when})", turned.rule)
