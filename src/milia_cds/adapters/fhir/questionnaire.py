"""The questions of a vocabulary as a FHIR Questionnaire, and a case as its answers.

Every question can be answered by "not known", or left without an answer. Neither is
ever a "no". `linkId` is the dotted name of the fact.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5

from milia_cds.adapters.fhir.output import (
    NAME,
    Element,
    coding,
    day_or_instant,
    fhir_text,
    own,
    patient_reference,
)
from milia_cds.adapters.fhir.relevance import (
    ANSWERS,
    NO,
    NOT_KNOWN,
    YES,
    shown_when,
)
from milia_cds.assessment.base import knowledge_of
from milia_cds.assessment.decided import decided
from milia_cds.case.stated import AnyCase
from milia_cds.case.vocabulary import Vocabulary
from milia_cds.errors import only
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.wording import capital
from milia_cds.logic.facts import MOST_WEIGHT, Choice, Members, Number, Weights, YesNo

_CORE = "http://hl7.org/fhir/StructureDefinition"
_CONTROL = "http://hl7.org/fhir/questionnaire-item-control"
_HELP = {
    "url": f"{_CORE}/questionnaire-itemControl",
    "valueCodeableConcept": {"coding": [{"system": _CONTROL, "code": "help"}]},
}
_WEIGHT = Number(0, MOST_WEIGHT, whole=True)
_EXCLUSIVE = {"url": f"{_CORE}/questionnaire-optionExclusive", "valueBoolean": True}


def canonical(vocabulary: Vocabulary) -> str:
    """The address of the Questionnaire of a domain.

    Parameters
    ----------
    vocabulary
        The vocabulary of the domain. That from which the program has its name needs no
        name of its own.
    """
    domain = vocabulary.domain
    mine = f"{domain}-cds" == NAME
    return own("questionnaire", "1", *([] if mine else [quote(domain, safe="")]))


def questionnaire(
    knowledge: Knowledge | None = None, *, case: AnyCase | None = None
) -> Element:
    """The questions about a case, as a FHIR R4 Questionnaire.

    A yes/no fact is a choice of yes, no and not known: a box of two states would make
    "no" of what nobody touched. A number that is not known is left without an answer.

    Parameters
    ----------
    knowledge
        The knowledge base whose facts are asked for; `None` is the one that comes with
        the library.
    case
        What is known already: it is filled in, to be looked over. What was screened for
        is filled in as absent.

    Raises
    ------
    ContradictionError
        When stated facts of the case cannot be true together.
    CaseError
        When the case is of another domain than the knowledge.
    WrongTypeError
        When `knowledge` is no knowledge base or `case` no case.

    Examples
    --------
    >>> form = questionnaire()
    >>> form["url"], form["item"][1]["linkId"]
    ('urn:milia-cds:questionnaire:1', 'patient.preterm')
    >>> [each["valueCoding"]["code"] for each in form["item"][1]["answerOption"]]
    ['yes', 'no', 'not_known']
    """
    base = knowledge_of("questionnaire", knowledge)
    about = base.about
    given = {} if case is None else _stated("questionnaire", case, base)
    return {
        "resourceType": "Questionnaire",
        "url": canonical(base.vocabulary),
        "version": about.version,
        "title": fhir_text(f"Questions about {base.vocabulary.case}"),
        "status": "active" if about.status == "reviewed" else "draft",
        "subjectType": ["Patient"],
        "date": about.date,
        "description": fhir_text(
            f"{capital(about.notice)}. Not known, or no answer, is never no. "
            f"{NAME}, knowledge {about.version}, {base.digest}"
        ),
        "item": _Form(base, given).questions(),
    }


def response(
    case: AnyCase,
    *,
    knowledge: Knowledge | None = None,
    subject: str | None = None,
    at: date | datetime | None = None,
) -> Element:
    """What a case states, as a completed QuestionnaireResponse.

    Parameters
    ----------
    case
        The case. What was screened for is answered as absent; what was asked and is not
        known is answered so, or is a number without an answer.
    knowledge
        The knowledge base of its domain; `None` is the one that comes with the library.
    subject
        The patient, such as "Patient/1".
    at
        When it was stated: a day, or a time with its zone; `None` is the day that the
        case says. Without any day nobody can rely on the answers, and none is read.

    Raises
    ------
    ContradictionError
        When stated facts of the case cannot be true together.
    CaseError
        When the case is of another domain than the knowledge.
    WrongTypeError
        When something given is of a wrong type.

    Examples
    --------
    >>> from milia_cds import Case
    >>> case = Case.from_dict({"patient": {"preterm": False}, "as_of": "2026-05-01"})
    >>> said = response(case, subject="Patient/1")
    >>> said["authored"], said["item"][0]["answer"][0]["valueCoding"]["code"]
    ('2026-05-01', 'no')
    """
    base = knowledge_of("response", knowledge)
    given = _stated("response", case, base)
    when = case.as_of if at is None else at
    said: Element = {
        "resourceType": "QuestionnaireResponse",
        "questionnaire": f"{canonical(base.vocabulary)}|{base.about.version}",
        "status": "completed",
    }
    if subject is not None:
        said["subject"] = patient_reference("response", subject)
    if when is not None:
        said["authored"] = day_or_instant("response", when)
    answers = [*_Form(base, given).answers()]
    if answers:
        said["item"] = answers
    content = json.dumps(said, sort_keys=True)
    return {**said, "id": str(uuid5(NAMESPACE_URL, f"{own('response')} {content}"))}


def _stated(taker: str, case: AnyCase, base: Knowledge) -> Mapping[str, Any]:
    """What a case states, and what screening comes to; `None` is asked, not known."""
    only(AnyCase, case, f"{taker} takes a case", "use Case.from_dict or Knowledge.case")
    facts = decided(case, base).decision.record.facts
    absent = {
        name: value for name, value in case.absences().items() if facts[name] == value
    }
    stated = {name: case.value(name) for name in base.vocabulary.kinds}
    known = {name: value for name, value in stated.items() if value is not None}
    return {**absent, **dict.fromkeys(case.not_known), **known}


class _Form:
    """The questions of a vocabulary, and what is known of each.

    Parameters
    ----------
    base
        The knowledge base whose facts it asks for.
    given
        What is filled in, by dotted name; `None` is asked, and not known.
    """

    def __init__(self, base: Knowledge, given: Mapping[str, Any]) -> None:
        self.base = base
        self.given = given
        self.kinds = base.vocabulary.kinds

    @property
    def screens(self) -> Mapping[str, list[str]]:
        """The facts of each spoken question, in the order of asking."""
        screens: dict[str, list[str]] = {name: [] for name in self.base.screens}
        for name in self.kinds:
            screens[self.base.facts[name].screen].append(name)
        return {name: facts for name, facts in screens.items() if facts}

    # -- the questions --

    def questions(self) -> list[Element]:
        """The items of a Questionnaire: questions, and groups of those asked as one."""
        return [self._screen(screen, facts) for screen, facts in self.screens.items()]

    def _screen(self, screen: str, facts: list[str]) -> Element:
        spoken = self.base.screens[screen].help
        relevance = [self._relevance(fact) for fact in facts]
        if len(facts) == 1:
            return {**self._question(facts[0], spoken), **relevance[0]}
        shared = relevance[0] if all(r == relevance[0] for r in relevance) else {}
        items = [
            {**self._question(fact), **({} if shared else its_own)}
            for fact, its_own in zip(facts, relevance, strict=True)
        ]
        link = f"screen.{screen}"
        group = {**self._asked(link), "type": "group", **shared}
        return {**group, "item": [*_help(link, spoken), *items]}

    def _relevance(self, fact: str) -> Element:
        enabling = shown_when(self.base.facts[fact].condition, self.kinds)
        return {"enableWhen": enabling, "enableBehavior": "any"} if enabling else {}

    def _question(self, name: str, *helps: str) -> Element:
        entry, kind = self.base.facts[name], self.kinds[name]
        item, below = self._asked(name), _help(name, *helps, entry.help)
        match kind:
            case Number():
                item |= _number(kind, entry.unit, self.given.get(name))
            case Weights(criteria):
                given = self.given.get(name) or {}
                below += [
                    {**self._asked(f"{name}.{c}"), **_number(_WEIGHT, "", given.get(c))}
                    for c in criteria
                ]
                item |= {"type": "group"}
            case _:
                item |= self._choice(name)
        return {**item, **({"item": below} if below else {})}

    def _asked(self, link: str) -> Element:
        """The name of an item, and what it asks."""
        section, _, rest = link.partition(".")
        if section == "screen":
            text = self.base.screens[rest].ask
        elif link in self.kinds:
            unit = self.base.facts[link].unit
            text = f"{self.base.facts[link].ask}{unit and f' ({unit})'}"
        else:
            text = self.base.criteria[link.rpartition(".")[2]].question
        return {"linkId": link, "text": fhir_text(text)}

    def _choice(self, name: str) -> Element:
        several = isinstance(self.kinds[name], Members)
        chosen = self._chosen(name)
        options = []
        for code, display in self._codes(name).items():
            option: Element = {"valueCoding": coding(ANSWERS, code, display)}
            if several and code in {NO, NOT_KNOWN}:
                option["extension"] = [_EXCLUSIVE]
            if code in chosen:
                option["initialSelected"] = True
            options.append(option)
        repeats = {"repeats": True} if several else {}
        return {"type": "choice", **repeats, "answerOption": options}

    def _codes(self, name: str) -> Mapping[str, str]:
        """What may be answered, in words; a retired member only where it is stated."""
        entry = self.base.facts[name]
        codes: dict[str, str] = {}
        match self.kinds[name]:
            case YesNo():
                codes = {YES: "Yes", NO: "No"}
            case Choice(members):
                gone = {*entry.retired} - {self.given.get(name)}
                codes = {m: capital(entry.members[m]) for m in members if m not in gone}
            case Members(members):
                codes = {m: capital(self.base.options[m].label) for m in members}
                codes[NO] = "None of these"
        return {**codes, NOT_KNOWN: "Not known"}

    # -- the answers --

    def answers(self) -> Iterator[Element]:
        """The items of a QuestionnaireResponse: what is filled in."""
        for screen, facts in self.screens.items():
            said = [self._answer(fact) for fact in facts if fact in self.given]
            if len(facts) == 1:
                yield from said
            elif said:
                yield {**self._asked(f"screen.{screen}"), "item": said}

    def _answer(self, name: str) -> Element:
        kind, value = self.kinds[name], self.given[name]
        match kind:
            case Number() | Weights() if not value and value != 0:
                below: Element = {}
            case Number():
                below = {"answer": [{"valueDecimal": value}]}
            case Weights():
                below = {"item": [*self._weights(name, value)]}
            case _:
                words = self._codes(name)
                coded = [
                    coding(ANSWERS, code, words[code]) for code in self._chosen(name)
                ]
                below = {"answer": [{"valueCoding": each} for each in coded]}
        return {**self._asked(name), **below}

    def _weights(self, name: str, weights: Mapping[str, int]) -> Iterator[Element]:
        for criterion, weight in weights.items():
            answer = [{"valueDecimal": weight}]
            yield {**self._asked(f"{name}.{criterion}"), "answer": answer}

    def _chosen(self, name: str) -> tuple[str, ...]:
        """The codes that are filled in for a fact that is chosen from a list."""
        if name not in self.given:
            return ()
        value = self.given[name]
        match self.kinds[name]:
            case _ if value is None:
                return (NOT_KNOWN,)
            case Members(members):
                return tuple(each for each in members if each in value) or (NO,)
            case YesNo():
                return (YES if value else NO,)
        return (str(value),)


def _number(kind: Number, unit: str, given: float | None) -> Element:
    bounds = {"minValue": kind.low, "maxValue": kind.high}
    more: list[Element] = [
        {"url": f"{_CORE}/{name}", "valueDecimal": bound}
        for name, bound in bounds.items()
    ]
    if kind.whole:
        more.append({"url": f"{_CORE}/maxDecimalPlaces", "valueInteger": 0})
    if unit:
        coded = {"display": fhir_text(unit)}
        more.append({"url": f"{_CORE}/questionnaire-unit", "valueCoding": coded})
    filled = {} if given is None else {"initial": [{"valueDecimal": given}]}
    return {"extension": more, "type": "decimal", **filled}


def _help(link: str, *texts: str) -> list[Element]:
    text = " ".join(dict.fromkeys(filter(None, texts)))
    if not text:
        return []
    item = {"linkId": f"{link}#help", "text": fhir_text(text), "type": "display"}
    return [{"extension": [_HELP], **item}]
