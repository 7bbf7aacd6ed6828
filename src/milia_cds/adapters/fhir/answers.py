"""The answers to the questions of a vocabulary, read from QuestionnaireResponses.

They are what a person states, so a way out may come from them, and from nothing else.
Only completed and amended responses speak, and only those that say their day; of two
the newer one. What holds for a day is not read from an older answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

import attrs

from milia_cds.adapters.fhir.context import Context
from milia_cds.adapters.fhir.elements import (
    days,
    days_before,
    items,
    months_before,
    table,
    text,
)
from milia_cds.adapters.fhir.gathering import Resource
from milia_cds.adapters.fhir.questionnaire import canonical
from milia_cds.adapters.fhir.reading import ANSWERED, RecordSource, Saying
from milia_cds.adapters.fhir.relevance import ANSWERS, NO, NOT_KNOWN, YES
from milia_cds.errors import Problem, described, quoted, visible
from milia_cds.explanation.lapses import held_days
from milia_cds.logic.facts import Choice, Members, Number, Value, Weights, YesNo

_SPEAKING = frozenset({"completed", "amended"})
_STATUSES = (*_SPEAKING, "in-progress", "entered-in-error", "stopped")
_MOST_ITEMS = 10_000
_MOST_NAMED = 60


class _NoAnswerError(Exception):
    """An answer that says nothing: what is wrong with it, and how to mend it."""

    def __init__(self, message: str, mend: str) -> None:
        self.message = message
        self.mend = mend
        super().__init__(message)


class _Answer(NamedTuple):
    """What a response says of one fact, and how it was read.

    Parameters
    ----------
    value
        The value; `None` is not known.
    why
        How it was read.
    aside
        Whether it takes nothing from what others say: nobody knew, or nobody answered.
    """

    value: Value | None
    why: str
    aside: bool = False


@attrs.frozen(eq=False)
class _Response:
    """A response to our questions: its day, and what it says of each fact.

    Parameters
    ----------
    resource
        The resource.
    day
        Its day; `None` where it does not speak.
    silent
        Why it does not speak.
    answers
        What it says, by the dotted name of the fact.
    """

    resource: Resource
    day: date | None
    silent: str
    answers: Mapping[str, _Answer]


def answers(responses: list[Resource], context: Context) -> Iterator[Saying]:
    """What the newest answer to each question says.

    Parameters
    ----------
    responses
        The QuestionnaireResponses of the patient.
    context
        The day, the knowledge, and where problems are said.
    """
    url = canonical(context.vocabulary)
    read = []
    for each in responses:
        if text(each.data.get("questionnaire")).partition("|")[0] == url:
            read.append(_read(each, context))
        else:
            context.record.ignore(each, "it answers no questions of this library")
    newest: dict[str, date] = {}
    for one in read:
        for fact in one.answers if one.day is not None else ():
            newest[fact] = max(one.day or date.min, newest.get(fact, date.min))
    for one in read:
        for fact, answer in one.answers.items():
            latest = newest.get(fact)
            yield _saying(one, fact, answer, latest, context)


def _saying(
    one: _Response, fact: str, answer: _Answer, newest: date | None, context: Context
) -> Saying:
    """What a response says of a fact, or why that says nothing."""
    at = one.resource
    lacking = context.incomplete(["QuestionnaireResponse"])
    value, why, aside = answer
    if one.day is None:
        value, why, aside = None, one.silent, True
    elif newest is not None and one.day < newest:
        value, why, aside = None, f"there is a newer answer, of {newest}", True
    elif one.day < _oldest(fact, one.answers, context):
        value, why, aside = None, f"it was answered on {one.day}, too long ago", True
    elif lacking:
        value, why, aside = None, f"a newer answer may be missing: {lacking}", False
    elif at.contested:
        value, aside = None, False
        why = "there are two versions of it, and which is newer is not said"
    source = RecordSource(visible(at.reference), visible(at.version), ANSWERED)
    return Saying(fact, value, source, one.day, why, aside=aside)


def _oldest(fact: str, said: Mapping[str, _Answer], context: Context) -> date:
    """The first day on which a fact may have been answered to hold on that of the case.

    What holds for a day, holds for as long as a case does, and no longer than what a
    record says of it.
    """
    base, as_of = context.base, context.as_of
    days_held = [
        rule.within_days for rule in base.fhir.rules_of(fact) if rule.within_days
    ]
    first = [days_before(as_of, each) for each in days_held]
    months = (rule.within_months for rule in base.fhir.rules_of(fact))
    first += [months_before(as_of, each) for each in months if each]
    if base.facts[fact].dated:
        numbers = {name: each.value for name, each in said.items()}
        held = held_days(base, numbers)
        first += [days_before(as_of, int(held))] if held != float("inf") else []
    return max(first, default=date.min)


# -- a response --


def _read(at: Resource, context: Context) -> _Response:
    day, silent = _day(at, context)
    return _Response(at, day, silent, dict(_facts(at, context)))


def _day(at: Resource, context: Context) -> tuple[date | None, str]:
    """The day of a response that speaks, or why it does not."""
    status = at.data.get("status")
    if not isinstance(status, str) or status not in _SPEAKING:
        known = status if status in _STATUSES else "of no known status"
        return None, f"it is {known}, so it is not read"
    authored = days(at.data.get("authored"))
    if authored is None or authored.first != authored.last:
        return None, "it says no day, so it is not read"
    if authored.last > context.as_of:
        return None, f"it is of {authored}, after the day of the case"
    return authored.last, ""


class _Item(NamedTuple):
    """An item with an answer, and where it stands in its response."""

    link: str
    answers: list[Any]
    path: str


def _facts(at: Resource, context: Context) -> Iterator[tuple[str, _Answer]]:
    """What a response says, fact by fact."""
    found: dict[str, list[_Item]] = {}
    strange: dict[str, str] = {}
    for each in _items(at, context):
        fact = _fact(each.link, context)
        if fact:
            found.setdefault(fact, []).append(each)
        elif each.answers:
            strange.setdefault(each.link, each.path)
    for link, path in strange.items():
        mend = "use the linkIds of the Questionnaire"
        context.problem(at, path, f"{quoted(link)} is no question", mend)
    for fact, several in found.items():
        try:
            yield fact, _answer(fact, several, context)
        except _NoAnswerError as wrong:
            context.problem(at, several[0].path, wrong.message, wrong.mend)
            yield fact, _Answer(None, f"its answer cannot be read: {wrong.message}")


def _items(at: Resource, context: Context) -> Iterator[_Item]:
    """Every item that is no group, wherever it stands; a hostile form has an end."""
    ahead: list[tuple[object, str]] = [(at.data.get("item"), "item")]
    left = _MOST_ITEMS
    while ahead:
        several, path = ahead.pop()
        if several is not None and not isinstance(several, list):
            message = f"{described(several)} is not a list"
            context.problem(at, path, message, "give a list of items")
        for number, each in enumerate(items(several)):
            left -= 1
            if left < 0:
                message = f"it has more than {_MOST_ITEMS} items"
                context.problem(at, "item", message, "give a form of this library")
                return
            data, place = table(each), f"{path}[{number}]"
            link, given = text(data.get("linkId")), items(data.get("answer"))
            ahead.append((data.get("item"), f"{place}.item"))
            ahead += [
                (table(one).get("item"), f"{place}.answer[{n}].item")
                for n, one in enumerate(given)
            ]
            if link:
                yield _Item(link, given, place)


def _fact(link: str, context: Context) -> str:
    """The fact that an item is about; "" where it is about none."""
    kinds = context.vocabulary.kinds
    whole, _, criterion = link.rpartition(".")
    kind = kinds.get(whole)
    if isinstance(kind, Weights):
        return whole if criterion in kind.criteria else ""
    return link if link in kinds and not isinstance(kinds[link], Weights) else ""


# -- an answer --


def _answer(fact: str, several: list[_Item], context: Context) -> _Answer:
    """What the items of one fact say.

    Raises
    ------
    _NoAnswerError
        When they say nothing that can be read.
    """
    kind = context.vocabulary.kinds[fact]
    given = [each for one in several for each in one.answers]
    if not given:
        return _Answer(None, "it was asked and has no answer", aside=True)
    match kind:
        case Weights():
            return _Answer(_weights(several, kind), "so it was answered")
        case Number():
            numbers = [_number(each, kind) for each in given]
            if len({*numbers}) > 1:
                raise _NoAnswerError("it has several answers", "give one number")
            return _Answer(numbers[0], "so it was answered")
    codes = {_code(each) for each in given}
    if codes == {NOT_KNOWN}:
        return _Answer(None, "it was answered as not known", aside=True)
    return _Answer(_chosen(kind, codes), "so it was answered")


def _chosen(kind: YesNo | Choice | Members, codes: set[str]) -> Value:
    """The value that codes choose."""
    values: Mapping[str, Value] = {YES: True, NO: False}
    if isinstance(kind, Members):
        if codes <= {*kind.members}:
            return frozenset(codes)
        values = {**dict.fromkeys(kind.members, frozenset()), NO: frozenset()}
    elif isinstance(kind, Choice):
        values = {name: name for name in kind.members}
    known = (*values, NOT_KNOWN)
    strange = sorted(codes.difference(known))
    if strange:
        mend = f"use one of {', '.join(known)}"
        raise _NoAnswerError(f"{quoted(strange[0])} is no answer to it", mend)
    if len(codes) > 1:
        message = "it has answers that exclude one another"
        raise _NoAnswerError(message, "give one answer")
    return values[codes.pop()]


def _value(answer: object, kinds: tuple[str, ...]) -> Any:
    """The one value of an answer, of one of some types."""
    values = {key: each for key, each in table(answer).items() if key[:5] == "value"}
    if len(values) != 1 or not {*values} <= {*kinds}:
        what = ", ".join(sorted(values)) or "no value"
        message = f"it is answered by {visible(what[:_MOST_NAMED])}"
        raise _NoAnswerError(message, f"answer by {' or '.join(kinds)}")
    return next(iter(values.values()))


def _code(answer: object) -> str:
    """The code of an answer, of our own system alone."""
    coding = table(_value(answer, ("valueCoding",)))
    system, code = coding.get("system"), coding.get("code")
    if system != ANSWERS or not isinstance(code, str):
        message = f"{quoted(code)} of {quoted(system)} is no code of an answer"
        raise _NoAnswerError(message, f"use the codes of {ANSWERS}")
    return code


def _number(answer: object, kind: Number) -> Value:
    """The number of an answer, within the bounds of its fact."""
    problems: list[Problem] = []
    given = _value(answer, ("valueDecimal", "valueInteger"))
    read = kind.read(given, "value", problems)
    if read is None:
        wrong = problems[0]
        raise _NoAnswerError(wrong.message, wrong.mend)
    return read


def _weights(several: list[_Item], kind: Weights) -> Value:
    """The weights of the criteria that have one."""
    weights: dict[str, Any] = {}
    for each in several:
        given = [_value(one, ("valueDecimal", "valueInteger")) for one in each.answers]
        criterion = each.link.rpartition(".")[2]
        if len(given) > 1 or (given and criterion in weights):
            mend = "give one weight a criterion"
            raise _NoAnswerError("it has several answers", mend)
        if given:
            weights[criterion] = given[0]
    problems: list[Problem] = []
    read = kind.read(weights, "value", problems)
    if read is None:
        raise _NoAnswerError(problems[0].message, problems[0].mend)
    return read
