"""The widget: an interview in a notebook, and the answer so far beside it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from milia_cds.adapters.widget.drawing import Form
from milia_cds.adapters.widget.reading import Deed, Fields, facts_answered, problems_of
from milia_cds.assessment.assessment import Assessment
from milia_cds.assessment.base import knowledge_of
from milia_cds.assessment.interview import Interview
from milia_cds.case.stated import AnyCase
from milia_cds.errors import AnswerError, CaseError, WrongTypeError
from milia_cds.explanation.outcome import Question
from milia_cds.knowledge.model import Knowledge
from milia_cds.render.sheets.assessment import first_screen
from milia_cds.render.writers.html import as_card

_HERE = Path(__file__).parent


class InterviewWidget(anywidget.AnyWidget):
    """An interview in a notebook: the question, and the answer so far beside it.

    `answer` is a trait, the assessment of what is known so far: `observe` it to be told
    after every answer.

    Parameters
    ----------
    interview_or_case
        The interview to go on with, or what is known to begin with; `None` is nothing.
    knowledge
        The knowledge base; `None` is the one that comes with the library. An interview
        has its own.

    Raises
    ------
    CaseError
        When the case cannot be assessed.
    WrongTypeError
        When it is given something else, or an interview and knowledge.

    Examples
    --------
    >>> widget = InterviewWidget()
    >>> widget.interview.answer(34)
    >>> widget.refresh()
    >>> widget.answer.case.patient.age_years
    34
    """

    _esm = _HERE / "interview.js"
    _css = _HERE / "interview.css"
    _shown = traitlets.Dict().tag(sync=True)
    answer = traitlets.Instance(Assessment, help="What is known so far, assessed.")

    def __init__(
        self,
        interview_or_case: Interview | AnyCase | None = None,
        knowledge: Knowledge | None = None,
    ) -> None:
        self._interview = _begun(interview_or_case, knowledge)
        self._base = knowledge_of("InterviewWidget", self._interview.assessment.base())
        super().__init__()
        self.on_msg(self._told)
        self.refresh()

    @property
    def interview(self) -> Interview:
        """The interview that it shows."""
        return self._interview

    def __repr__(self) -> str:
        """The interview that it shows."""
        return f"<InterviewWidget of {self._interview!r}>"

    def refresh(self) -> None:
        """Show the interview as it is now: for whoever answered it from Python."""
        self._show(Form(self._interview, self._base))

    def _show(self, form: Form) -> None:
        said = self._interview.assessment
        self._shown = {
            "turn": self._shown.get("turn", 0) + 1,
            "question": form.drawn(),
            "answer": as_card(first_screen(said.to_show, self._base)),
            "told": said.disposition.headline,
        }
        self.answer = said

    # -- what was pressed --

    def _told(self, _: object, said: Mapping[str, Any], __: object) -> None:
        """Do what was pressed, and show what is wrong with it at the question.

        What was pressed twice is done once: the second was meant for the question that
        has been answered.
        """
        if said["turn"] != self._shown["turn"]:
            return
        fields: Fields = said["fields"]
        try:
            self._do(said["deed"], fields)
        except (AnswerError, CaseError) as error:
            problems = [*problems_of(error)]
            self._show(Form(self._interview, self._base, fields, problems))
        else:
            self.refresh()

    def _do(self, deed: Deed, fields: Fields) -> None:
        question = self._interview.next_question()
        if deed == "back" or question is None:
            self._interview.back()
        elif deed == "skip" and len(question.facts) == 1:
            self._interview.skip()  # whatever was typed
        else:
            self._answer(question, deed, facts_answered(fields, self._base.kinds))

    def _answer(self, question: Question, deed: Deed, facts: Mapping[str, Any]) -> None:
        """Answer what was chosen; the rest is "no", not known, or asked again."""
        if deed == "skip":
            facts = {**dict.fromkeys(question.facts), **facts}
        elif deed == "answer" and not facts:
            message = "nothing is answered"
            raise AnswerError(message, "choose an answer, or press “Not known”")
        self._interview.answer(facts, no_to_rest=deed == "deny")


def _begun(given: Interview | AnyCase | None, knowledge: Knowledge | None) -> Interview:
    if not isinstance(given, Interview):
        return Interview(given, knowledge)
    if knowledge is not None:
        message = (
            "InterviewWidget takes an interview or knowledge, not both; the interview "
            "has its own"
        )
        raise WrongTypeError(message)
    return given
