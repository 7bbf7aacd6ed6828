"""The interview: one spoken question after the other, until nothing can change.

It asks only what can still change a result, the most decisive first, and says when
the first place and the disposition are settled, so that one may stop there.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from milia_cds.assessment.assessment import Assessment, assess
from milia_cds.assessment.base import knowledge_of, prepare
from milia_cds.assessment.decided import day_given
from milia_cds.assessment.stored_interview import (
    Asked,
    interview_written,
    read_interview,
)
from milia_cds.assessment.typed import nothing_stated
from milia_cds.case.stated import AnyCase
from milia_cds.case.strict_json import parse_json
from milia_cds.errors import (
    AnswerError,
    InterviewError,
    described,
    quoted,
)
from milia_cds.explanation.outcome import Question
from milia_cds.explanation.questions import about_one
from milia_cds.knowledge.model import Knowledge
from milia_cds.render.sheets.interview import interview_sheet
from milia_cds.render.writers.html import as_card
from milia_cds.render.writers.text import as_text
from milia_cds.shown import Face, Shown


class Interview(Shown):
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
    OverdueError
        When the review of the knowledge is long overdue, as for `assess`.
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

    def __repr__(self) -> str:
        """Show how far it is, and what to ask now."""
        now = self.next_question()
        asks = f"asks {now.screen}" if now else "done"
        return f"<Interview: {len(self.asked)} asked, up to {self.left} left, {asks}>"

    def _face(self) -> Face:
        asked, left = len(self.asked), self.left
        said, now = self._assessment.outcome, self.next_question()
        sheet = interview_sheet(said, self._base, now, asked, left)
        return Face(lambda: as_card(sheet), lambda: as_text(sheet, detail="full"))

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
            JSON values; what it leaves out stays open and is asked again. `None` is
            not known: that was asked, as by `skip`.
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
        self._state(question, facts)

    def skip(self) -> None:
        """Leave the question open: it was asked, and the answer is not known.

        Raises
        ------
        AnswerError
            When no question is open.
        """
        question = self._question()
        self._state(question, dict.fromkeys(question.facts))

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

    # -- keeping it --

    def to_dict(self) -> dict[str, Any]:
        """The interview as plain JSON values: its case, and what was asked so far.

        Examples
        --------
        >>> interview = Interview()
        >>> interview.answer(34)
        >>> Interview.from_dict(interview.to_dict()) == interview
        True
        """
        return interview_written(self.case, self._asked, self._passed, self._base)

    def to_json(self, *, indent: int | None = None) -> str:
        """The interview as JSON text.

        Parameters
        ----------
        indent
            The spaces of one step of indentation; `None` writes one line.
        """
        return json.dumps(self.to_dict(), indent=indent)

    @staticmethod
    def from_dict(
        data: object, knowledge: Knowledge | None = None, *, on: date | None = None
    ) -> Interview:
        """Go on with a stored interview, read strictly.

        Parameters
        ----------
        data
            What `to_dict` gave, as plain JSON values.
        knowledge
            The knowledge base with which it was begun; `None` is the one that comes
            with the library.
        on
            The day on which it goes on, as for `assess`; the day of before is not
            stored.

        Raises
        ------
        InterviewError
            With every problem at once, each with its path.
        """
        base = knowledge_of("Interview", knowledge)
        return Interview._gone_on(*read_interview(data, [], base), base, on)

    @staticmethod
    def from_json(
        text: str | bytes,
        knowledge: Knowledge | None = None,
        *,
        on: date | None = None,
    ) -> Interview:
        """Go on with an interview that was stored as JSON text, read strictly.

        Parameters
        ----------
        text
            What `to_json` gave; bytes are read as UTF-8.
        knowledge
            The knowledge base with which it was begun, as for `from_dict`.
        on
            The day on which it goes on, as for `from_dict`.

        Raises
        ------
        InterviewError
            With every problem at once, each with its path.
        """
        base = knowledge_of("Interview", knowledge)
        read = read_interview(*parse_json(text, InterviewError), base)
        return Interview._gone_on(*read, base, on)

    @classmethod
    def _gone_on(
        cls,
        case: AnyCase,
        asked: Iterable[Asked],
        passed: frozenset[str],
        base: Knowledge,
        on: date | None,
    ) -> Interview:
        """The interview about a case, when so much has been asked."""
        begun = cls(case, base, on=on)
        begun._asked, begun._passed = list(asked), passed
        return begun

    @property
    def _kept(self) -> tuple[Any, ...]:
        return self.case, tuple(self._asked), self._passed, self._base, self._on

    def __eq__(self, other: object) -> bool:
        """Whether both are about the same case, and have come as far."""
        if not isinstance(other, Interview):
            return NotImplemented
        return self._kept == other._kept

    __hash__ = None  # type: ignore[assignment] # answering changes it

    def __reduce__(self) -> tuple[Any, ...]:
        """Copy and pickle the case and what was asked; the assessment is made anew."""
        return Interview._gone_on, self._kept

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
            message = f"{quoted(both)} and {quoted(names[both])} name the same fact"
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

    def _state(self, question: Question, facts: Mapping[str, Any]) -> None:
        before = self.case
        self._assessment = self._assessed(before.stating(facts))
        self._asked.append(Asked(question, before, self._passed))
        not_known = {name for name, each in facts.items() if each is None}
        self._passed = (self._passed | not_known) - (facts.keys() - not_known)
