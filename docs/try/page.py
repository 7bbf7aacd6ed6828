"""What the page asks of the library; its worker runs this, in the browser.

Cases come in and answers go out as JSON text. What is wrong with a case is an answer
too: each problem with the fields that it is about, in the words of the library.
"""

from __future__ import annotations

import json
import pickle
import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from pprint import pformat
from typing import Any

import milia_cds
from milia_cds.assessment.assessment import Assessment
from milia_cds.assessment.decided import decided
from milia_cds.decision.all_cases import take
from milia_cds.errors import CaseError, Problem
from milia_cds.explanation.questions import muted
from milia_cds.knowledge.model import Knowledge

PREPARED = Path(__file__).with_name("prepared.pickle")
"""The results of all cases, and their knowledge, as they were made for this page."""

VERDICTS = {
    "withheld": "waits for an answer",
    "excluded": "not for this patient",
    "not_indicated": "no use here",
    "unavailable": "not offered here",
}
_PLACE = re.compile(r"\[[0-9]+\]$")


def prepared() -> bytes:
    """What was made for this page when it was built."""
    return PREPARED.read_bytes()


def opened(results: bytes) -> Page:
    """The page over what was prepared when it was built, by this Python and library."""
    return Page(take(pickle.loads(results)))  # noqa: S301 - the page's own build made it


class Page:
    """Answers about one case after the other, and what moved between two of them.

    Parameters
    ----------
    base
        The knowledge base that answers.
    """

    def __init__(self, base: Knowledge) -> None:
        self.base = base
        self._before: dict[str, str] = {}
        self._answer: Assessment | None = None

    def anew(self) -> str:
        """Begin with another case: nothing has moved then."""
        self._before = {}
        return ""

    def answer(self, case: str, day: str) -> str:
        """The answer about a case, or what is wrong with it.

        Parameters
        ----------
        case
            The case as JSON text.
        day
            The day of the assessment, such as "2026-05-01".
        """
        on = date.fromisoformat(day)
        try:
            made = decided(self.base.case(json.loads(case)), self.base, on=on)
        except CaseError as error:
            self._answer = None
            return json.dumps({"problems": [*map(self._problem, error.problems)]})
        self._answer = Assessment(decided=made)
        known = made.decision.record.facts
        silent = [fact for fact in self.base.facts if muted(self.base, fact, known)]
        return json.dumps({**self._said(self._answer), "muted": silent})

    def _said(self, answer: Assessment) -> dict[str, Any]:
        now = dict(_stands(answer))
        moved = [*self._moved(self._before or now, now)]
        self._before = now
        return {
            "card": answer._repr_mimebundle_(include={"text/html"})["text/html"],
            "headline": answer.disposition.headline,
            "alerts": [each.text for each in answer.alerts if each.certain],
            "questions": [*self._asked(answer)],
            "moved": moved,
            "firm": _firmness(answer),
        }

    def _asked(self, answer: Assessment) -> Iterator[dict[str, Any]]:
        for question in answer.questions:
            facts = [*question.facts]
            yield {"ask": self.base.screens[question.screen].short, "facts": facts}

    def _moved(
        self, before: dict[str, str], now: dict[str, str]
    ) -> Iterator[dict[str, str]]:
        """The options that have another verdict, with both in words."""
        for option, stand in now.items():
            if before[option] != stand:
                label = self.base.options[option].label
                yield {"option": label, "before": before[option], "now": stand}

    def _problem(self, problem: Problem) -> dict[str, Any]:
        fields = [_PLACE.sub("", each) for each in problem.path.split(" and ")]
        return {
            "fields": [each for each in fields if each],
            "said": f"{problem.message}; {problem.mend}",
        }

    # -- on demand --

    def json(self) -> str:
        """The whole answer that was given last."""
        return self._last().to_json()

    def path(self) -> str:
        """The path of the case that was answered last, as a picture."""
        return milia_cds.path_picture(self._last()).svg  # imported when it is wanted

    def python(self, case: str, day: str) -> str:
        """A program that gives the same answer.

        Parameters
        ----------
        case, day
            As for `answer`.
        """
        stated = pformat(json.loads(case), width=84, sort_dicts=False)
        on = date.fromisoformat(day)
        return (
            "from datetime import date\n\n"
            "from milia_cds import Case, assess\n\n"
            f"case = Case.from_dict(\n    {stated.replace(chr(10), chr(10) + '    ')}\n"
            ")\n"
            f"print(assess(case, on=date({on.year}, {on.month}, {on.day})))\n"
        )

    def _last(self) -> Assessment:
        if self._answer is None:
            message = "the case has no answer: mend what is marked first"
            raise ValueError(message)
        return self._answer


def _stands(answer: Assessment) -> Iterator[tuple[str, str]]:
    """The verdict on every option in words."""
    for place in answer.ranking:
        yield place.option, "offered"
    for verdict, words in VERDICTS.items():
        for each in getattr(answer, verdict):
            yield each.option, words


def _firmness(answer: Assessment) -> dict[str, str]:
    """What each weight would change, by its criterion; "" of the whole order."""
    found = answer.stability()
    said = list(found.sentences())
    if not found.first:
        return {"": said[0]}
    criteria = [each.criterion for each in found.thresholds]
    whole = said[: len(said) - len(criteria)]
    by_weight = zip(criteria, said[len(whole) :], strict=True)
    return {"": " ".join(whole), **dict(by_weight)}


COMMANDS: dict[str, Callable[..., str]] = {
    "anew": Page.anew,
    "answer": Page.answer,
    "json": Page.json,
    "path": Page.path,
    "python": Page.python,
}
"""What the page may ask for, by the word that it asks with."""
