"""An interview as markup: the question as a form, dangers before it.

The form has no ids, so that one interview may be shown in several places at once; the
script joins what is wrong to its field.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import attrs

from milia_cds.adapters.widget.reading import NO, NOT_KNOWN, YES, Deed, Fields
from milia_cds.assessment.interview import Interview
from milia_cds.errors import Problem
from milia_cds.explanation.bands import bands
from milia_cds.explanation.outcome import Question
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.wording import capital
from milia_cds.logic.facts import Choice, Kind, Members, Number, YesNo
from milia_cds.render.markup import Child, Markup, element
from milia_cds.render.parts import bullets, card
from milia_cds.render.style import QUESTIONS

_MANY = 8
"""From so many answers on they stand in columns."""

_SETTLED = "Settled: no answer can change the first place or what to do."
_DONE = "There is nothing left to ask."
_YES_NO_UNKNOWN = {YES: "Yes", NO: "No", NOT_KNOWN: "Not known"}


@attrs.frozen
class Form:
    """The question that an interview asks now.

    Parameters
    ----------
    interview
        The interview.
    base
        The knowledge base that words the question.
    given
        What was entered, where it was refused.
    problems
        What is wrong with it.
    """

    interview: Interview
    base: Knowledge
    given: Fields = attrs.field(factory=dict)
    problems: Sequence[Problem] = ()

    def drawn(self) -> Markup:
        """The form as a card."""
        question = self.interview.next_question()
        notice = self.interview.assessment.outcome.knowledge.notice
        return card(
            f"Interview ({notice})",
            self._dangers(),
            element("p", self._far(question), class_="quiet"),
            element("p", _SETTLED) if self.interview.settled else None,
            element("form", self._asked(question), novalidate=True),
            style=QUESTIONS,
            kind="form",
        )

    def _dangers(self) -> list[Markup]:
        """Each danger that is stated, before anything is asked."""
        alerts = self.interview.assessment.alerts
        return [
            element(
                "p",
                element("strong", band.mark, class_="how bad"),
                f"{band.first.text} To: {band.first.to_text}.",
                class_="alert",
            )
            for band in bands(each for each in alerts if each.certain)
        ]

    def _far(self, question: Question | None) -> str:
        asked, left = len(self.interview.asked), self.interview.left
        if question is None:
            return f"{asked} questions asked" if asked != 1 else "1 question asked"
        more = f", up to {left - 1} more" if left > 1 else ", the last one"
        return f"Question {asked + 1}{more}"

    # -- the question --

    def _asked(self, question: Question | None) -> Iterator[Child]:
        title = question.ask if question else _DONE
        yield element("h3", title, class_="name", tabindex="-1")
        if question:
            screen = self.base.screens[question.screen]
            yield from _helps(screen.help)
        yield self._refused(question)
        if question:
            yield [self._field(fact, question) for fact in question.facts]
        yield element("p", self._deeds(question), class_="deeds")

    def _refused(self, question: Question | None) -> Markup | None:
        """What is wrong and stands at no field of the question."""
        facts = question.facts if question else ()
        said = [each for each in self.problems if not any(_at(each, facts))]
        if not said:
            return None
        lines = [f"{self._where(each)}{_sentence(each)}" for each in said]
        return element("div", bullets(lines), class_="alert refused")

    def _where(self, problem: Problem) -> str:
        facts = self.base.facts
        labels = [facts[each].label for each in _at(problem, facts)]
        return f"{capital(' and '.join(labels))}: " if labels else ""

    def _field(self, fact: str, question: Question) -> Markup | None:
        """The control of one fact, with its help and what is wrong with it."""
        entry, kind = self.base.facts[fact], self.base.kinds[fact]
        alone = len(question.facts) == 1
        if alone and isinstance(kind, YesNo):
            return element("div", _helps(entry.help))  # its buttons answer it
        wrong = [each for each in self.problems if fact in _at(each, question.facts)]
        said = [element("p", _sentence(each), class_="wrong") for each in wrong]
        look = " ".join([*(["lone"] if alone else []), *(["bad"] if wrong else [])])
        return element(
            "fieldset",
            element("legend", entry.ask),
            _helps(entry.help),
            said,
            element(
                "div", self._control(fact, kind, alone=alone), class_=_spread(kind)
            ),
            class_=look or None,
            role="radiogroup" if isinstance(kind, YesNo | Choice) else None,
        )

    def _control(self, fact: str, kind: Kind, *, alone: bool) -> Iterator[Markup]:
        not_known = {} if alone else {NOT_KNOWN: "Not known"}
        match kind:
            case YesNo():
                yield from self._boxes("radio", fact, _YES_NO_UNKNOWN)
            case Choice():
                yield from self._boxes("radio", fact, self._members(fact) | not_known)
            case Members():
                none = {NO: "None of these"}
                members = self._members(fact) | none | not_known
                yield from self._boxes("checkbox", fact, members)
            case Number():
                yield element("label", _bounds(kind, self.base, fact), self._text(fact))
                yield from self._boxes("checkbox", fact, not_known)

    def _members(self, fact: str) -> dict[str, str]:
        """The words of each member that is still offered."""
        entry, kind = self.base.facts[fact], self.base.kinds[fact]
        if isinstance(kind, Members):
            options = self.base.options
            return {name: capital(options[name].label) for name in kind.members}
        words = entry.members.items()
        return {
            name: capital(each) for name, each in words if name not in entry.retired
        }

    def _boxes(
        self, type_: str, fact: str, answers: Mapping[str, str]
    ) -> Iterator[Markup]:
        for value, words in answers.items():
            chosen = value in self.given.get(fact, ())
            box = element("input", type=type_, name=fact, value=value, checked=chosen)
            yield element("label", box, words)

    def _text(self, fact: str) -> Markup:
        typed = [each for each in self.given.get(fact, ()) if each != NOT_KNOWN]
        return element(
            "input",
            type="text",
            name=fact,
            value=", ".join(typed),
            inputmode="decimal",
            autocomplete="off",
        )

    # -- what may be done --

    def _deeds(self, question: Question | None) -> Iterator[Markup]:
        """The buttons; the first is what the Enter key does."""
        if question:
            yield from self._answers(question)
            rest = "The rest is not known" if len(question.facts) > 1 else None
            yield _deed("skip", "Not known", data_rest=rest)
        yield _deed("back", "Back", disabled=not self.interview.asked)

    def _answers(self, question: Question) -> Iterator[Markup]:
        fact = question.facts[0]
        if len(question.facts) == 1 and isinstance(self.base.kinds[fact], YesNo):
            yield element("button", "Yes", name=fact, value=YES)
            yield element("button", "No", name=fact, value=NO)
            return
        yield _deed("answer", "Answer")
        if len(question.facts) > 1 and self.interview.may_deny(question):
            yield _deed("deny", "No to all", data_rest="No to the rest")


def _deed(deed: Deed, words: str, **more: str | bool | None) -> Markup:
    return element("button", words, name="deed", value=deed, **more)


def _helps(text: str) -> list[Markup]:
    return [element("p", text, class_="quiet")] if text else []


def _spread(kind: Kind) -> str:
    return (
        "answers several" if len(getattr(kind, "members", ())) >= _MANY else "answers"
    )


def _bounds(kind: Number, base: Knowledge, fact: str) -> str:
    noun = "Whole number" if kind.whole else "Number"
    return f"{noun}, {kind.low:g} to {kind.high:g} {base.facts[fact].unit}".rstrip()


def _at(problem: Problem, facts: Iterable[str]) -> list[str]:
    """The facts of a question at which a problem is said."""
    places = [each.partition("[")[0] for each in problem.path.split(" and ")]
    return [each for each in places if each in facts]


def _sentence(problem: Problem) -> str:
    return capital(f"{problem.message}; {problem.mend}")
