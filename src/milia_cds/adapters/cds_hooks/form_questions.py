"""The questions of a form, as the Questionnaire of a knowledge base has them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from milia_cds.adapters.fhir.output import Element
from milia_cds.adapters.fhir.questionnaire import questionnaire
from milia_cds.errors import Problem, Problems, ProblemsError, nearest, quoted
from milia_cds.knowledge.model import Knowledge

ASK = "ask"
"""The field, and the part of an address, that names the facts that are asked for."""

_SCREEN = "screen."


class FormError(ProblemsError):
    """What was posted is no answer to the questions, each problem with its field."""

    subject = "The form"


class AskError(FormError):
    """A form was asked for with names that are no facts."""

    subject = "The address"


class FormQuestion(NamedTuple):
    """A question of the form.

    Parameters
    ----------
    item
        The item of the Questionnaire.
    screen
        The item of what is asked as one; the same where it is asked alone.
    """

    item: Element
    screen: Element

    @property
    def link(self) -> str:
        """The dotted name of the fact."""
        return str(self.item["linkId"])

    @property
    def text(self) -> str:
        """What is asked."""
        return str(self.item["text"])

    @property
    def type(self) -> str:
        """The type of its item: choice, decimal, or a group of decimals."""
        return str(self.item["type"])

    @property
    def options(self) -> Mapping[str, str]:
        """What may be answered: the words by the code."""
        codes = [each["valueCoding"] for each in self.item.get("answerOption", ())]
        return {each["code"]: each["display"] for each in codes}

    @property
    def below(self) -> Mapping[str, Element]:
        """The numbers of which it is made, by their name in it."""
        inner = [each for each in items_of(self.item) if each["type"] != "display"]
        return {each["linkId"].rpartition(".")[2]: each for each in inner}

    @property
    def helps(self) -> list[str]:
        """What helps to answer it; what helps with the whole screen stands there."""
        return helps_of(self.item)

    @property
    def when(self) -> list[Element]:
        """What shows it, any of it; nothing shows it always."""
        whole: list[Element] = self.screen.get("enableWhen", [])
        return list(self.item.get("enableWhen", whole))


def items_of(item: Element) -> list[Element]:
    """The items in an item."""
    below: list[Element] = item.get("item", [])
    return below


def helps_of(item: Element) -> list[str]:
    """The texts in an item that help to answer it."""
    return [each["text"] for each in items_of(item) if each["type"] == "display"]


def every_question(base: Knowledge) -> Iterator[FormQuestion]:
    """The questions of a knowledge base, in the order of asking."""
    for screen in questionnaire(base)["item"]:
        if not screen["linkId"].startswith(_SCREEN):
            yield FormQuestion(screen, screen)
            continue
        for item in items_of(screen):
            if item["type"] != "display":
                yield FormQuestion(item, screen)


def asked_of(base: Knowledge, ask: Iterable[str]) -> tuple[str, ...]:
    """The facts that are asked for, each once.

    Parameters
    ----------
    base
        The knowledge base.
    ask
        Names of facts, with commas between them.

    Raises
    ------
    AskError
        When a name is that of no fact.
    """
    names = dict.fromkeys(
        name.strip() for text in ask for name in text.split(",") if name.strip()
    )
    kinds = base.vocabulary.kinds
    problems = Problems()
    problems.extend(
        Problem(ASK, f"there is no fact {quoted(name)}", nearest(name, kinds))
        for name in names
        if name not in kinds
    )
    if problems:
        raise AskError(problems)
    return tuple(names)
