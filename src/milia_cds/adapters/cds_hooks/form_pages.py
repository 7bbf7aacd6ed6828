"""The pages of a form: the questions, and the answers to be looked over."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence

from milia_cds.adapters.cds_hooks.form_answers import DEED, Fields
from milia_cds.adapters.cds_hooks.form_questions import (
    ASK,
    FormQuestion,
    asked_of,
    every_question,
    helps_of,
    items_of,
)
from milia_cds.adapters.fhir.output import Element
from milia_cds.adapters.fhir.relevance import NOT_KNOWN
from milia_cds.errors import Problem
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.wording import capital
from milia_cds.render.markup import Child, Markup, Page, element, fold, joined
from milia_cds.render.parts import bullets, footer, notice
from milia_cds.render.style import FORM

SHOW, SAVE, CHANGE = "show", "save", "change"
"""What is to be done with the answers."""

_MANY = 8
"""From so many answers on they stand in columns."""
_PLACE = re.compile(r"\[[0-9]*\]$")
_COMPARED = {
    ">": "more than",
    ">=": "at least",
    "<": "less than",
    "<=": "at most",
    "=": "",
}


def form_page(
    base: Knowledge,
    ask: Sequence[str] = (),
    *,
    given: Fields | None = None,
    problems: Sequence[Problem] = (),
    action: str,
) -> str:
    """The form as a whole page; after a refusal with what was entered and is wrong.

    Parameters
    ----------
    base
        The knowledge base whose facts are asked for.
    ask
        The facts that are asked for first; all others are folded away below them.
    given
        What was entered, by the name of its field.
    problems
        What is wrong, by the name of its field.
    action
        Where the form is posted to.

    Raises
    ------
    AskError
        When a fact that is asked for is none.
    """
    return _Form(base, asked_of(base, ask), given or {}, problems).page(action)


class _Form:
    """The form with what was entered, and what is wrong with it.

    Parameters
    ----------
    base
        The knowledge base.
    ask
        The facts that are asked for first.
    given
        What was entered.
    problems
        What is wrong.
    """

    def __init__(
        self,
        base: Knowledge,
        ask: tuple[str, ...],
        given: Fields,
        problems: Sequence[Problem],
    ) -> None:
        self.base = base
        self.ask = ask
        self.given = given
        self.asked = {each.link: each for each in every_question(base)}
        self.wrong = list(problems)
        self.at: dict[str, list[Problem]] = {}
        for problem in problems:
            for field in self._fields(problem):
                self.at.setdefault(field, []).append(problem)

    def _fields(self, problem: Problem) -> list[str]:
        """The fields at which a problem is said."""
        places = [_PLACE.sub("", each) for each in problem.path.split(" and ")]
        return [each for each in places if self._question(each) is not None]

    def _question(self, field: str) -> FormQuestion | None:
        """The question of a field; of a criterion, the one it is a part of."""
        whole, _, criterion = field.rpartition(".")
        question = self.asked.get(field) or self.asked.get(whole)
        parts = question is not None and (
            field == question.link or criterion in question.below
        )
        return question if parts else None

    def page(self, action: str) -> str:
        """The whole page."""
        first = [self.field(self.asked[name]) for name in self.ask]
        rest = [*self._folded()]
        heading = "Other questions" if first else "Questions"
        body = element(
            "form",
            element("input", type="hidden", name=ASK, value=",".join(self.ask)),
            _section("Asked for", first) if first else None,
            _section(heading, rest) if rest else None,
            _hand_over(),
            method="post",
            action=action,
            accept_charset="utf-8",
            autocomplete="off",
        )
        lead = [element("p", each) for each in (_LEAD, _LIMITS)]
        title = f"Questions about {self.base.vocabulary.case}"
        return framed_page(self.base, title, self._summary(), lead, body)

    def _summary(self) -> Markup | None:
        """All that is wrong, each with a link to its field."""
        if not self.wrong:
            return None
        count = len(self.wrong)
        heading = "1 answer needs" if count == 1 else f"{count} answers need"
        said = [self._summed(each) for each in self.wrong]
        return element(
            "div",
            element("h2", f"{heading} to be corrected", class_="name"),
            bullets(said),
            class_="alert",
            role="alert",
            tabindex="-1",
            autofocus=True,
        )

    def _summed(self, problem: Problem) -> Markup:
        fields = self._fields(problem)
        if not fields:
            return joined(problem_sentence(problem))
        links = [
            element("a", self._words(each), href=f"#{_id(each)}") for each in fields
        ]
        commas: list[Child] = [links[0]]
        for each in links[1:]:
            commas += [", ", each]
        return joined(commas, ": ", problem_sentence(problem, named=False))

    def _words(self, field: str) -> str:
        question = self._question(field)
        if question is None or field == question.link:
            return self.base.facts[field].label
        return str(question.below[field.rpartition(".")[2]]["text"])

    # -- the fields --

    def _folded(self) -> Iterator[Markup]:
        """The screens that are not asked for, each folded unless something is in it."""
        screens: dict[str, list[FormQuestion]] = {}
        for each in self.asked.values():
            if each.link not in self.ask:
                screens.setdefault(each.screen["linkId"], []).append(each)
        for several in screens.values():
            whole = several[0].screen
            helps = [] if whole is several[0].item else helps_of(whole)
            yield fold(
                whole["text"],
                [element("p", each, class_="quiet") for each in helps],
                [self.field(each, alone=False) for each in several],
                open_=any(map(self._touched, several)),
            )

    def _touched(self, question: FormQuestion) -> bool:
        fields = [question.link, *self._parts(question)]
        return any(each in self.at or any(self._given(each)) for each in fields)

    def _parts(self, question: FormQuestion) -> list[str]:
        return [f"{question.link}.{each}" for each in question.below]

    def _given(self, field: str) -> list[str]:
        return [each.strip() for each in self.given.get(field, ())]

    def field(self, question: FormQuestion, *, alone: bool = True) -> Markup:
        """A question with its help, what is wrong with it, and what may be answered.

        Parameters
        ----------
        question
            The question.
        alone
            Whether it stands without its screen, whose help it then has.
        """
        link = question.link
        helps = question.helps
        if alone and question.screen is not question.item:
            helps = [*helps_of(question.screen), *helps]
        needed = self._needed(question.when)
        notes = [
            element("p", each, class_="quiet")
            for each in (*helps, *([needed] if needed else []))
        ]
        help_ = element("div", notes, id=f"{_id(link)}-help") if notes else None
        wrong = self._wrong(link)
        described = [
            *([f"{_id(link)}-help"] if help_ else []),
            *([f"{_id(link)}-wrong"] if wrong else []),
        ]
        control = self._control(question)
        look = [
            *(["lone"] if question.screen is question.item and not alone else []),
            *(["bad"] if wrong else []),
        ]
        one = question.type == "choice" and not question.item.get("repeats")
        return element(
            "fieldset",
            element("legend", question.text),
            help_,
            wrong,
            control,
            id=_id(link),
            class_=" ".join(look) or None,
            role="radiogroup" if one else None,
            aria_describedby=" ".join(described) or None,
        )

    def _wrong(self, field: str) -> Markup | None:
        said = [
            element("p", problem_sentence(each, named=False), class_="wrong")
            for each in self.at.get(field, ())
        ]
        return element("div", said, id=f"{_id(field)}-wrong") if said else None

    def _needed(self, when: list[Element]) -> str:
        """Where an answer is needed, in words; "" is everywhere."""
        said: dict[str, list[str]] = {}
        for each in when:
            said.setdefault(each["question"], []).append(self._answer(each))
        parts = [
            f"“{self.base.facts[name].label}” is {_one_of(answers)}"
            for name, answers in said.items()
        ]
        return f"Needed only where {', or where '.join(parts)}." if parts else ""

    def _answer(self, when: Element) -> str:
        if "answerBoolean" in when:
            return "not answered"
        if "answerCoding" in when:
            options = self.asked[when["question"]].options
            return options[when["answerCoding"]["code"]].lower()
        return f"{_COMPARED[when['operator']]} {when['answerDecimal']}".strip()

    def _control(self, question: FormQuestion) -> Child:
        if question.type == "group":
            return [self._weight(question, each) for each in question.below]
        if question.type == "decimal":
            not_known = self._box("checkbox", question.link, NOT_KNOWN, "Not known")
            number = element(
                "label",
                _bounds(question.item),
                self._number(question.link),
            )
            return element("div", number, not_known, class_="answers")
        kind = "checkbox" if question.item.get("repeats") else "radio"
        boxes = [
            self._box(kind, question.link, code, words)
            for code, words in question.options.items()
        ]
        several = len(boxes) >= _MANY
        return element("div", boxes, class_="answers several" if several else "answers")

    def _weight(self, question: FormQuestion, name: str) -> Markup:
        field, item = f"{question.link}.{name}", question.below[name]
        return element(
            "div",
            element("label", f"{item['text']} ", _bounds(item), for_=f"{_id(field)}"),
            self._number(field, id_=_id(field)),
            self._wrong(field),
            class_="weight",
        )

    def _number(self, field: str, id_: str | None = None) -> Markup:
        typed = [each for each in self._given(field) if each != NOT_KNOWN]
        wrong = field in self.at
        return element(
            "input",
            type="text",
            name=field,
            id=id_,
            value=", ".join(dict.fromkeys(typed)),
            inputmode="decimal",
            autocomplete="off",
            aria_invalid="true" if wrong else None,
            aria_describedby=f"{_id(field)}-wrong" if wrong else None,
        )

    def _box(self, kind: str, field: str, code: str, words: str) -> Markup:
        box = element(
            "input",
            type=kind,
            name=field,
            value=code,
            checked=code in self._given(field),
        )
        return element("label", box, words)


def _one_of(words: list[str]) -> str:
    """Words of which any may be, those that are not known or not given at the end."""
    last = [each for each in ("not known", "not answered") if each in words]
    ordered = [*(each for each in words if each not in last), *last]
    first = ", ".join(ordered[:-1])
    return f"{first} or {ordered[-1]}" if first else ordered[-1]


def _id(field: str) -> str:
    return field.replace(".", "-")


def _bounds(item: Element) -> str:
    """What a number may be, in words."""
    more = {each["url"].rpartition("/")[2]: each for each in item["extension"]}
    low, high = (more[name]["valueDecimal"] for name in ("minValue", "maxValue"))
    noun = "Whole number" if "maxDecimalPlaces" in more else "Number"
    unit = more.get("questionnaire-unit", {}).get("valueCoding", {}).get("display", "")
    return f"{noun}, {low:g} to {high:g} {unit}".rstrip()


def problem_sentence(problem: Problem, *, named: bool = True) -> str:
    """A problem as a sentence."""
    said = f"{problem.message}; {problem.mend}"
    return f"{problem.path}: {said}" if named else capital(said)


def _section(heading: str, parts: Iterable[Child]) -> Markup:
    return element("section", element("h2", heading, class_="part"), parts)


def framed_page(base: Knowledge, title: str, *parts: Child) -> str:
    """A page of the form: what it is, that it is a draft, and what it rests on."""
    about = base.about
    body = element(
        "main",
        element("h1", title, class_="title"),
        notice(about.notice),
        parts,
        footer(f"{about.name}, version {about.version}, {base.digest}"),
        class_="milia form",
    )
    return Page(title, FORM, body)


_LEAD = (
    "What you leave as it is counts as not answered, which is never “no”. "
    "If you chose something by mistake, choose “Not known”."
)
_LIMITS = (
    "This page is not filled in from the record, does not write into it, and keeps "
    "nothing. The first two would need a SMART launch, which this service lacks."
)
_HANDING = (
    "The answers come as a FHIR QuestionnaireResponse that does not say of whom it is. "
    "The program that sent you here adds the patient to it and stores it in its FHIR "
    "server; from then on the service reads it at every call."
)


def _hand_over() -> Markup:
    return element(
        "section",
        element("h2", "When you are done", class_="part"),
        element("p", _HANDING),
        _deeds(**{SHOW: "Show the answers", SAVE: "Save the answers as a file"}),
        class_="deed",
    )


def _deeds(**deeds: str) -> Markup:
    buttons = [
        element("button", words, name=DEED, value=deed) for deed, words in deeds.items()
    ]
    return element("p", buttons, class_="deed")


def answers_page(base: Knowledge, fields: Fields, said: Element, *, action: str) -> str:
    """A page that shows what was answered, to be saved or changed.

    Parameters
    ----------
    base
        The knowledge base.
    fields
        What was posted.
    said
        The QuestionnaireResponse.
    action
        Where the form is posted to.
    """
    kept = [
        element("input", type="hidden", name=name, value=text)
        for name, texts in fields.items()
        for text in texts
        if name != DEED
    ]
    text = json.dumps(said, indent=2)
    form = element(
        "form",
        kept,
        _deeds(**{SAVE: "Save the answers as a file", CHANGE: "Change the answers"}),
        method="post",
        action=action,
        accept_charset="utf-8",
        autocomplete="off",
    )
    return framed_page(
        base,
        "Your answers",
        element("dl", [*_answered(said)]),
        element("p", _HANDING),
        form,
        fold(
            "The QuestionnaireResponse, to be copied",
            element("pre", text, class_="words", tabindex="0"),
        ),
    )


def _answered(of: Element) -> Iterator[Markup]:
    """Each question with its answer."""
    for item in items_of(of):
        if "answer" in item or "item" not in item:
            given = [*map(_said, item.get("answer", ()))] or ["Not known"]
            yield element("dt", item["text"])
            yield element("dd", "; ".join(given))
        yield from _answered(item)


def _said(answer: Element) -> str:
    coding = answer.get("valueCoding")
    return str(coding["display"] if coding else answer["valueDecimal"])
