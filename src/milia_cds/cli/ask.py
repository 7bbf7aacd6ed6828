"""The interview in a terminal: screen by screen, with help, a way back and an end.

It reads lines and writes lines; nothing else. What is answered is read as strictly as a
case, and a wrong answer is explained and asked again.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import attrs

from milia_cds.assessment.base import load_knowledge
from milia_cds.assessment.interview import Interview
from milia_cds.case.stated import AnyCase
from milia_cds.cli.cases import given_case
from milia_cds.cli.shorthand import NO, UNKNOWN, YES, member, typed_value
from milia_cds.cli.streams import InputError, colour, not_written, today
from milia_cds.errors import AnswerError, CaseError, Problem, visible
from milia_cds.explanation.bands import HOW_SOON, bands
from milia_cds.explanation.outcome import Question
from milia_cds.knowledge.dangers import URGENCIES
from milia_cds.knowledge.model import Knowledge
from milia_cds.logic.facts import Choice, Kind, Members, Number, Weights, YesNo
from milia_cds.render.lines import Ink, wrapped

_HELP = """\
Answer with y (yes), n (no), a number, or a word or number from the list. Also:
  u  not known     b  back     ?  help     q  stop here"""
_BACK = {"b", "back"}
_HELP_ME = {"?", "h", "help"}
_STOP = {"q", "quit"}


class Stopped(Exception):  # noqa: N818 - a way out, not an error
    """The person at the terminal wants to stop."""


class _Back(Exception):  # noqa: N818 - a way back, not an error
    pass


@attrs.frozen
class Conversation:
    """An interview, asked of somebody who types.

    Parameters
    ----------
    interview
        The interview.
    base
        The knowledge base that words the questions.
    read
        Gives the next line that is typed, given what to write before it; raises
        `EOFError` at the end.
    write
        Writes a line.
    patient
        Whether the questions are put to the patient, in plain words.
    ink
        How headings and questions are written.
    """

    interview: Interview
    base: Knowledge
    read: Callable[[str], str]
    write: Callable[[str], None]
    patient: bool = False
    ink: Ink = Ink(colour=False)

    def hold(self) -> None:
        """Ask until there is nothing left to ask, or the person stops.

        A danger that has become certain is told at once, not only in the end.
        """
        self.tell(_HELP)
        offered = False
        told: frozenset[str] = frozenset()
        while (question := self.interview.next_question()) is not None:
            told = self.warn(told)
            if self.interview.settled and not offered:
                offered = True
                if not self.goes_on():
                    return
            try:
                self.ask(question)
            except _Back:
                self.go_back()
            except Stopped:
                return
        self.warn(told)
        self.tell("\nThere is nothing left to ask.")

    def warn(self, told: frozenset[str]) -> frozenset[str]:
        """Tell the certain alerts that were not told, and give those that are told."""
        certain = [each for each in self.interview.assessment.alerts if each.certain]
        for band in bands(each for each in certain if each.alert not in told):
            alert = band.first
            said = alert.plain if self.patient else alert.text
            whom = alert.to_plain if self.patient else alert.to_text
            self.tell(f"\n{band.mark}: {said} To: {whom}.", "bold", "red")
        return frozenset(each.alert for each in certain)

    def goes_on(self) -> bool:
        """Ask whether to go on, once the rest can only change lower places."""
        left = self.interview.left
        more = f"Up to {left} more questions" if left > 1 else "One more question"
        self.tell(
            "\nSettled: no answer can change the first place or what to do. "
            f"{more} could change what else is offered."
        )
        try:
            return self.yes_or_no("Go on? [y/n]") is not False
        except (Stopped, _Back):
            return False

    def go_back(self) -> None:
        """Take back the last answer, where there is one."""
        try:
            self.interview.back()
        except AnswerError as error:
            self.tell(str(error))

    # -- one question --

    def ask(self, question: Question) -> None:
        """Ask one question until it is answered or skipped."""
        number = len(self.interview.asked) + 1
        left = self.interview.left - 1
        more = f", up to {left} more" if left else ", the last one"
        self.tell(f"\nQuestion {number}{more}", "dim")
        self.tell(question.ask_patient if self.patient else question.ask, "bold")
        while True:
            try:
                self.answer(question)
            except (AnswerError, CaseError) as error:
                self.tell(f"That does not fit. {error}")
            else:
                return

    def answer(self, question: Question) -> None:
        """Read the answer to one question and give it to the interview."""
        if len(question.facts) == 1:
            self.give({question.facts[0]: self.value(question.facts[0], question)})
        elif self.interview.may_deny(question):
            self.any_of(question)
        else:
            self.one_by_one(question)

    def any_of(self, question: Question) -> None:
        """Ask whether any of several applies, and which."""
        said = self.yes_or_no("Any of these? [y/n/u]", question)
        if said is None:
            self.interview.skip()
        elif said:
            self.one_by_one(question)
        else:
            self.interview.answer(False)  # noqa: FBT003 - it is the answer

    def one_by_one(self, question: Question) -> None:
        """Ask for each fact of a question by itself."""
        facts = {}
        for fact in question.facts:
            entry = self.base.facts[fact]
            self.tell(f"  {entry.ask_patient if self.patient else entry.ask}")
            facts[fact] = self.value(fact, question)
        self.give(facts)

    def give(self, facts: dict[str, Any]) -> None:
        """Answer with what was typed; skip where nothing is known."""
        if all(value is None for value in facts.values()):
            self.interview.skip()
        else:
            self.interview.answer(facts)

    def value(self, fact: str, question: Question) -> Any:
        """Read the value of one fact as it is typed."""
        kind = self.base.kinds[fact]
        for line in self.choices(fact, kind):
            self.write(line)
        while True:
            typed = self.typed(_prompt(kind, self.base.facts[fact].unit), question)
            if typed in UNKNOWN:
                return None
            value = _value(kind, typed)
            problems: list[Problem] = []
            kind.read(value, fact, problems)
            if not problems:
                return value
            for problem in problems:
                mend = "answer y, n or u" if isinstance(kind, YesNo) else problem.mend
                self.tell(f"{problem.message}; {mend}")

    def choices(self, fact: str, kind: Kind) -> Iterator[str]:
        """The members that one may choose from, with a number each."""
        if isinstance(kind, Choice | Members):
            entry = self.base.facts[fact]
            labels = entry.members
            for number, member in enumerate(kind.members, 1):
                if member in entry.retired:
                    continue
                option = self.base.options.get(member)
                label = labels.get(member) or (option.label if option else member)
                yield from wrapped(f"{number:>2}  {label}", "    ", "        ")

    def yes_or_no(self, prompt: str, question: Question | None = None) -> bool | None:
        """Read yes, no, or `None` for not known."""
        while True:
            typed = self.typed(prompt, question)
            if typed in UNKNOWN:
                return None
            if typed in YES | NO:
                return typed in YES
            self.tell("Answer y, n or u." if "u]" in prompt else "Answer y or n.")

    def typed(self, prompt: str, question: Question | None = None) -> str:
        """Read a line; help, back and stop are dealt with here."""
        while True:
            try:
                line = self.read(f"{prompt} ").strip().lower()
            except EOFError:
                raise Stopped from None
            if line in _STOP:
                raise Stopped
            if line in _BACK:
                raise _Back
            if line in _HELP_ME:
                self.help(question)
            elif line:
                return line

    def help(self, question: Question | None) -> None:
        """Say how to answer, what counts, and what the question is for."""
        self.tell(_HELP)
        if question is None:
            return
        screen = self.base.screens[question.screen]
        for text in (screen.help, *(self.base.facts[f].help for f in question.facts)):
            if text:
                self.tell(text)
        if question.alerts:
            soon = max(
                (self.base.alerts[name].urgency for name in question.alerts),
                key=URGENCIES.index,
            )
            self.tell(f"It may show a danger: {HOW_SOON[soon]}.")
        if question.affects:
            labels = {each.id: each.label for each in self.base.gated()}
            names = ", ".join(labels[name] for name in question.affects)
            self.tell(f"It matters to: {names}.")

    def tell(self, text: str, *styles: str) -> None:
        """Write a text, wrapped."""
        for line in text.split("\n"):
            lead = " " * (len(line) - len(line.lstrip()))
            for each in wrapped(line.strip(), lead) or [""]:
                self.write(self.ink(each, *styles) if each else each)


def _prompt(kind: Kind, unit: str) -> str:
    match kind:
        case YesNo():
            return "[y/n/u]"
        case Number(low, high):
            return f"[{low:g} to {high:g}{f' {unit}' if unit else ''}, or u]"
        case Members():
            return "[numbers or names with commas, n for none, or u]"
        case Weights():
            return "[such as cost:5, speed:3, or u]"
    return "[number or name, or u]"


def _value(kind: Kind, typed: str) -> Any:
    """What was typed as a plain JSON value, with members by their number or name."""
    match kind:
        case Choice(members):
            return _numbered(members, typed)
        case Members(members) if typed not in NO | {"none"}:
            return [_numbered(members, each.strip()) for each in typed.split(",")]
    return typed_value(kind, typed)


def _numbered(members: tuple[str, ...], typed: str) -> str:
    if typed.isdecimal() and 1 <= int(typed) <= len(members):
        return members[int(typed) - 1]
    return member(members, typed)


# -- the command --


def run(asked: argparse.Namespace) -> None:
    """Hold an interview, then print the assessment."""
    base = load_knowledge(asked.knowledge, policy=asked.policy)
    interview = Interview(given_case(asked.given, base), base, on=today())
    if asked.save is not None:
        _writable(asked.save)  # before anything is asked, or the answers are lost
    print(f"milia-cds: {interview.assessment.knowledge.notice}")
    try:
        Conversation(
            interview,
            base,
            _line,
            print,
            patient=asked.patient,
            ink=Ink(colour=colour()),
        ).hold()
    finally:
        if asked.save is not None:
            _save(asked.save, interview.case)
    print()
    print(interview.assessment.text(detail=asked.detail, colour=colour()))


def _line(prompt: str) -> str:
    """A line that is typed; a terminal is sent the prompt as it is."""
    if sys.stdin is None or sys.stdout is None:
        message = "ask needs a terminal; standard input or output is closed"
        raise InputError(message)
    return input(visible(prompt))


def _writable(name: str) -> None:
    """See that a file can be written; what is in it stays for now."""
    try:
        Path(name).open("a", encoding="utf-8").close()
    except OSError as error:
        raise not_written(name, error) from None


def _save(name: str, case: AnyCase) -> None:
    try:
        Path(name).write_text(case.to_json(indent=2) + "\n", "utf-8")
    except OSError as error:
        raise not_written(name, error) from None
    print(f"\nThe case is saved in {visible(name)}.")
