"""The interview: one spoken question after the other, until nothing can change.

It asks only what can still change a result, the most decisive first, and says when
the first place and the disposition are settled, so that one may stop there.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

import attrs

from milia_cds.assessment.assessment import Assessment, assess
from milia_cds.assessment.base import knowledge_of, prepare
from milia_cds.assessment.decided import day_given
from milia_cds.assessment.typed import nothing_stated
from milia_cds.case.stated import AnyCase
from milia_cds.errors import AnswerError, described, quoted
from milia_cds.explanation.questions import about_one
from milia_cds.knowledge.model import Knowledge

if TYPE_CHECKING:
    from milia_cds.explanation.outcome import Question


@attrs.frozen
class Asked:
    """A question that was asked, and the case as it was before."""

    question: Question
    before: AnyCase
    passed: frozenset[str]


class Interview:
    """An interview about one case.

    Parameters
    ----------
    case
        What is known to begin with, a `Case` or what `Knowledge.case` gave; `None` is
        nothing.
    knowledge
        The knowledge base; `None` is the one that comes with the library.
    on
        The day of the interview, as for `assess`.

    Raises
    ------
    CaseError
        When the case cannot be assessed.
    WrongTypeError
        When `case` is no case, `knowledge` no knowledge base or `on` no date.

    Examples
    --------
    >>> interview = Interview()
    >>> interview.next_question().ask
    'How old is the patient?'
    >>> interview.answer(34)
    >>> interview.case.patient.age_years
    34
    """

    def __init__(
        self,
        case: AnyCase | None = None,
        knowledge: Knowledge | None = None,
        *,
        on: date | None = None,
    ) -> None:
        self._on = day_given("Interview", on)
        self._base = knowledge_of("Interview", knowledge)
        self._asked: list[Asked] = []
        self._passed: frozenset[str] = frozenset()
        if case is None:
            prepare(self._base)  # each answer is then quick, the first ones too
        known = nothing_stated(self._base) if case is None else case
        self._assessment = self._assessed(known)

    @property
    def case(self) -> Any:
        """What is known so far: a `Case`, or what `Knowledge.case` gives."""
        return self._assessment.case

    @property
    def assessment(self) -> Assessment:
        """The assessment of what is known so far."""
        return self._assessment

    @property
    def asked(self) -> tuple[Question, ...]:
        """The questions that were answered or skipped, in order."""
        return tuple(each.question for each in self._asked)

    @property
    def left(self) -> int:
        """How many questions are left, if no answer makes any of them needless."""
        return len(self._open())

    @property
    def settled(self) -> bool:
        """Whether no answer can change the first place or the disposition."""
        return self._assessment.status == "determinate"

    @property
    def done(self) -> bool:
        """Whether there is nothing left to ask."""
        return not self._open()

    def next_question(self) -> Question | None:
        """The question to ask now; `None` when the interview is done."""
        return next(iter(self._open()), None)

    def may_deny(self, question: Question) -> bool:
        """Whether "no" answers a question: it denies each of its facts.

        Parameters
        ----------
        question
            A question of this interview.
        """
        screen = self._base.screens[question.screen]
        single = len(question.facts) == 1
        return (single or screen.no_to_all) and all(
            self._base.kinds[fact].absent is not None for fact in question.facts
        )

    def answer(self, value: Any, *, no_to_rest: bool = False) -> None:
        """Answer the question that is asked now.

        Parameters
        ----------
        value
            `False`: no, to every fact of the question. For a question about one fact:
            its plain JSON value. Otherwise a mapping of facts, dotted or not, to plain
            JSON values; what it leaves out stays open and is asked again.
        no_to_rest
            Whether what the mapping leaves out is "no".

        Raises
        ------
        AnswerError
            When no question is open, or the answer does not fit the question.
        CaseError
            When a value is wrong, or contradicts what is known. Nothing is changed
            then, and the question stays open.
        """
        question = self._question()
        facts = self._facts(question, value, no_to_rest=no_to_rest)
        self._state(question, facts, self._passed)

    def skip(self) -> None:
        """Leave the question open: it was asked, and the answer is not known.

        Raises
        ------
        AnswerError
            When no question is open.
        """
        question = self._question()
        passed = self._passed.union(question.facts)
        self._state(question, dict.fromkeys(question.facts), passed)

    def back(self) -> None:
        """Take back the last answer, and ask that question again.

        Raises
        ------
        AnswerError
            When nothing was asked yet.
        """
        if not self._asked:
            message = "there is no answer to take back"
            raise AnswerError(message, "answer the first question")
        last = self._asked.pop()
        self._passed = last.passed
        self._assessment = self._assessed(last.before)

    # -- inside --

    def _assessed(self, case: AnyCase) -> Assessment:
        return assess(case, self._base, on=self._on)

    def _open(self) -> list[Question]:
        """The questions, without the facts that were passed over.

        When there is none left, the ways out that would change the answer: they hold
        nothing up, and the interview may end without them.
        """
        needed = [
            question
            for question in self._assessment.questions
            if not self._passed.issuperset(question.facts)
        ]
        return needed or [
            about_one(self._base, each.fact)
            for each in self._assessment.assumptions
            if each.by == "way_out" and each.fact not in self._passed
        ]

    def _question(self) -> Question:
        question = self.next_question()
        if question is None:
            message = "there is nothing left to ask"
            raise AnswerError(message, "read the assessment, or go back")
        return question

    def _facts(
        self, question: Question, value: Any, *, no_to_rest: bool
    ) -> dict[str, Any]:
        if isinstance(value, Mapping):
            return self._mapped(question, value, no_to_rest=no_to_rest)
        if value is False and self.may_deny(question):
            return self._denied(question.facts)
        if len(question.facts) == 1:
            return {question.facts[0]: value}
        message = (
            f"{described(value)} does not answer {len(question.facts)} facts at once"
        )
        mend = f"give an object of the facts {', '.join(question.facts)}"
        if self.may_deny(question):
            mend += ", or false for no to all"
        raise AnswerError(message, mend)

    def _mapped(
        self, question: Question, value: Mapping[Any, Any], *, no_to_rest: bool
    ) -> dict[str, Any]:
        names = {name.partition(".")[2]: name for name in question.facts}
        facts = {names.get(name, name): each for name, each in value.items()}
        if len(facts) < len(value):
            both = next(name for name in value if names.get(name) in value)
            message = f"{quoted(both)} and {quoted(names[both])} is given twice"
            raise AnswerError(message, "give it once")
        strange = [name for name in facts if name not in question.facts]
        if strange:
            message = f"{described(strange[0])} is not asked for"
            raise AnswerError(message, f"answer {', '.join(question.facts)}")
        rest = [name for name in question.facts if name not in facts]
        return {**(self._denied(rest) if no_to_rest else {}), **facts}

    def _denied(self, facts: list[str] | tuple[str, ...]) -> dict[str, Any]:
        denied = {}
        for fact in facts:
            kind = self._base.kinds[fact]
            if kind.absent is None:
                message = f"{fact} cannot be answered by no"
                raise AnswerError(message, f"give its value: {kind}")
            denied[fact] = kind.plain(kind.absent)
        return denied

    def _state(
        self, question: Question, facts: Mapping[str, Any], passed: frozenset[str]
    ) -> None:
        before = self.case
        self._assessment = self._assessed(before.stating(facts))
        self._asked.append(Asked(question, before, self._passed))
        self._passed = passed - {
            name for name, each in facts.items() if each is not None
        }
