"""What was posted from a form, read as a case and written as its answers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias
from urllib.parse import parse_qs

from milia_cds.adapters.cds_hooks.form_questions import (
    ASK,
    FormError,
    FormQuestion,
    every_question,
)
from milia_cds.adapters.fhir.output import Element
from milia_cds.adapters.fhir.questionnaire import response
from milia_cds.adapters.fhir.relevance import NO, NOT_KNOWN, YES
from milia_cds.errors import ContradictionError, Problem, Problems, nearest, quoted
from milia_cds.knowledge.model import Knowledge
from milia_cds.logic.facts import OR_NULL, Kind, Members, Number, YesNo

Fields: TypeAlias = Mapping[str, Sequence[str]]
"""What was posted: the texts of each field, by its name."""

DEED = "deed"
"""The field that says what is to be done with the answers."""

_MOST_FIELDS = 1000
_NUMBER = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?")


def fields_of(body: bytes) -> dict[str, list[str]]:
    """The fields of a form that was posted.

    Parameters
    ----------
    body
        The body, as `application/x-www-form-urlencoded` in UTF-8.

    Raises
    ------
    FormError
        When it is none, or has more than 1000 fields.
    """
    try:
        text = body.decode("ascii")
        return parse_qs(text, errors="strict", max_num_fields=_MOST_FIELDS)
    except ValueError:
        message = "what was sent cannot be read as a form"
        mend = f"send at most {_MOST_FIELDS} fields, urlencoded in UTF-8"
        raise FormError([Problem("the body", message, mend)]) from None


def answers_of(base: Knowledge, fields: Fields, *, at: datetime) -> Element:
    """The answers in a form as a completed QuestionnaireResponse without a subject.

    Parameters
    ----------
    base
        The knowledge base whose facts were asked for.
    fields
        The texts of each field, by the dotted name of a fact, or of a criterion below
        it: "yes", "no", a member, several members of a set or "no" for none of them, a
        number, "not_known". Empty or left out is no answer.
    at
        When they were given, with its zone.

    Raises
    ------
    FormError
        With every problem at once, each with the name of its field.
    WrongTypeError
        When `at` has no zone.

    Examples
    --------
    >>> from datetime import UTC
    >>> from milia_cds import load_knowledge
    >>> at = datetime(2026, 5, 1, 9, 30, tzinfo=UTC)
    >>> said = answers_of(load_knowledge(), {"history.pacemaker": ["no"]}, at=at)
    >>> said["item"][0]["item"][0]["answer"][0]["valueCoding"]["code"]
    'no'
    """
    plain: dict[str, dict[str, Any]] = {}
    problems = Problems()
    asked = {each.link: each for each in every_question(base)}
    fields = {name: texts for name, texts in fields.items() if name not in {ASK, DEED}}
    for name, texts in fields.items():
        given = list(dict.fromkeys(text.strip() for text in texts if text.strip()))
        try:
            if given:
                _put(plain, name, given, asked, base)
        except _NoAnswerError as wrong:
            problems.append(Problem(name, wrong.message, wrong.mend))
    if not plain and not problems:
        mend = "answer at least one"
        problems.append(Problem("the form", "no question is answered", mend))
    _drop_unreadable(plain, base, problems)
    said: Element = {}
    try:
        said = response(base.case(plain), knowledge=base, at=at)
    except ContradictionError as error:
        mend = "correct one of them, or choose “Not known”"
        problems.extend(Problem(e.path, e.message, mend) for e in error.problems)
    if problems:
        raise FormError(problems)
    return said


def _drop_unreadable(
    plain: dict[str, dict[str, Any]], base: Knowledge, problems: Problems
) -> None:
    """Drop the answers that are out of bounds, and say so."""
    kinds = base.vocabulary.kinds
    found: list[Problem] = []
    for section, facts in plain.items():
        for fact, value in [*facts.items()]:
            name = f"{section}.{fact}"
            if value is not None and kinds[name].read(value, name, found) is None:
                del facts[fact]
    for each in found:
        mend = each.mend.removesuffix(f", {OR_NULL}")
        problems.append(Problem(each.path, each.message, mend))


class _NoAnswerError(Exception):
    """What a field says is no answer: what is wrong with it, and how to mend it."""

    def __init__(self, message: str, mend: str) -> None:
        self.message = message
        self.mend = mend
        super().__init__(message)


def _put(
    plain: dict[str, dict[str, Any]],
    name: str,
    given: list[str],
    asked: Mapping[str, FormQuestion],
    base: Knowledge,
) -> None:
    """Put the answer of a field into its place among the plain values of a case."""
    section, _, fact = name.partition(".")
    whole, _, criterion = name.rpartition(".")
    if name in asked and asked[name].type != "group":
        value = _value(asked[name], base.vocabulary.kinds[name], given)
        plain.setdefault(section, {})[fact] = value
    elif whole in asked and criterion in asked[whole].below:
        weights = plain.setdefault(section, {}).setdefault(whole.partition(".")[2], {})
        weights[criterion] = _number(given)
    else:
        message = f"{quoted(name)} is no question"
        raise _NoAnswerError(message, nearest(name, asked))


def _value(question: FormQuestion, kind: Kind, given: list[str]) -> Any:
    """The answer to a question as a plain value of a case."""
    if given == [NOT_KNOWN]:
        return None
    if isinstance(kind, Number):
        return _number(given)
    strange = [each for each in given if each not in question.options]
    if strange:
        message = f"{quoted(strange[0])} is no answer to it"
        raise _NoAnswerError(message, "choose one of those that are offered")
    alone = {NO, NOT_KNOWN} & {*given} if isinstance(kind, Members) else {*given}
    if given[1:] and alone:
        message = "it has answers that exclude one another"
        raise _NoAnswerError(message, "choose one of them")
    if isinstance(kind, Members):
        return [] if alone else given
    return {YES: True, NO: False}[given[0]] if isinstance(kind, YesNo) else given[0]


def _number(given: list[str]) -> float:
    if given[1:]:
        message = "it has more than one answer"
        raise _NoAnswerError(message, "give one of them")
    text = given[0]
    if not _NUMBER.fullmatch(text):
        message = f"{quoted(text)} is not a number"
        raise _NoAnswerError(message, "write it in digits, such as 2 or 1.5")
    return float(text) if "." in text else int(text)
