"""Interviews as they are stored, and read back strictly."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

import attrs

from milia_cds.assessment.assessment import assess
from milia_cds.assessment.typed import stated_in
from milia_cds.case.stated import AnyCase
from milia_cds.errors import CaseError, InterviewError, Problem, nearest, quoted
from milia_cds.explanation.outcome import Question, Stamp, stamp
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.records import Said, plain
from milia_cds.knowledge.tables import read_record

FORMAT: Literal["milia-cds/interview/1"] = "milia-cds/interview/1"


@attrs.frozen
class Asked:
    """A question that was asked, and the case as it was before."""

    question: Question
    before: AnyCase
    passed: frozenset[str]


@attrs.frozen(kw_only=True, eq=False, repr=False)
class StoredQuestion(Said):
    """A question that was asked, as it is stored, with the case as it was before."""

    question: Question
    before: Any
    passed: tuple[str, ...]


@attrs.frozen(kw_only=True, eq=False, repr=False)
class StoredInterview(Said):
    """An interview as it is stored."""

    format: Literal["milia-cds/interview/1"]
    case: Any
    asked: tuple[StoredQuestion, ...]
    passed: tuple[str, ...]
    knowledge: Stamp


def interview_written(
    case: AnyCase, asked: Iterable[Asked], passed: frozenset[str], base: Knowledge
) -> dict[str, Any]:
    """An interview as plain JSON values.

    Parameters
    ----------
    case
        What is known so far.
    asked, passed
        What was asked, and the facts that were passed over.
    base
        The knowledge base that asks.
    """
    written: dict[str, Any] = plain(
        {
            "format": FORMAT,
            "case": case.to_dict(),
            "asked": [
                {
                    "question": each.question,
                    "before": each.before.to_dict(),
                    "passed": each.passed,
                }
                for each in asked
            ],
            "passed": passed,
            "knowledge": stamp(base),
        }
    )
    return written


def read_interview(
    data: object, problems: list[Problem], base: Knowledge
) -> tuple[AnyCase, list[Asked], frozenset[str]]:
    """Read what `interview_written` gave: the case, what was asked and passed over.

    Parameters
    ----------
    data
        Plain JSON values.
    problems
        What is wrong with them already.
    base
        The knowledge base with which the interview was begun.

    Raises
    ------
    InterviewError
        With every problem at once, each with its path.
    """
    lead = "" if isinstance(data, dict) else "interview"
    stored = read_record(StoredInterview, data, lead, problems)
    if stored is None or problems:
        raise InterviewError(problems)
    reader = _Reader(base, problems)
    case = reader.interview(stored)
    asked = reader.asked(stored.asked)
    reader.facts("passed", stored.passed)
    if problems or case is None:
        raise InterviewError(problems)
    return case, asked, frozenset(stored.passed)


class _Reader:
    """Reads a stored interview by the knowledge with which it was begun.

    Parameters
    ----------
    base
        The knowledge base.
    problems
        Where problems are added.
    """

    def __init__(self, base: Knowledge, problems: list[Problem]) -> None:
        self.base = base
        self.problems = problems

    def interview(self, stored: StoredInterview) -> AnyCase | None:
        """The case of an interview, if it can be assessed by this knowledge."""
        if stored.knowledge != stamp(self.base):
            message = f"{stored.knowledge.digest} is not the knowledge that is given"
            if stored.knowledge.digest == self.base.digest:
                message = "it was begun under another policy, or another notice"
            mend = "give that knowledge, or begin anew with the case: Interview(case)"
            self.problems.append(Problem("knowledge", message, mend))
        case = self.case("case", stored.case)
        if case is not None:
            try:
                assess(case, self.base)
            except CaseError as error:
                self.report("case", error)
        return case

    def asked(self, stored: Iterable[StoredQuestion]) -> list[Asked]:
        """The questions that were asked, each with the case before it."""
        found = []
        for place, each in enumerate(stored):
            path = f"asked[{place}]"
            self.facts(f"{path}.question.facts", each.question.facts)
            self.facts(f"{path}.passed", each.passed)
            if each.question.screen not in self.base.screens:
                message = f"there is no screen {quoted(each.question.screen)}"
                mend = nearest(each.question.screen, self.base.screens)
                self.problems.append(Problem(f"{path}.question.screen", message, mend))
            before = self.case(f"{path}.before", each.before)
            if before is not None:
                found.append(Asked(each.question, before, frozenset(each.passed)))
        return found

    def case(self, path: str, data: object) -> AnyCase | None:
        """A case that stands at a path."""
        try:
            return stated_in(data, self.base)
        except CaseError as error:
            self.report(path, error)
            return None

    def facts(self, path: str, names: Iterable[str]) -> None:
        """Report every name that is no fact."""
        for place, name in enumerate(names):
            if name not in self.base.kinds:
                message = f"there is no fact {quoted(name)}"
                mend = nearest(name, self.base.kinds)
                self.problems.append(Problem(f"{path}[{place}]", message, mend))

    def report(self, path: str, error: CaseError) -> None:
        """Report the problems of a case, at the place where it stands."""
        for each in error.problems:
            place = path if each.path == "case" else f"{path}.{each.path}"
            self.problems.append(attrs.evolve(each, path=place))
