"""Questions that patients often ask, with their answers, found by words.

A word counts by its stem, and the more the fewer questions hold it. Common ones such as
"they" count only where no other word was given.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from math import log

import attrs

from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.texts import Advice, AdviceKind

_KINDS: tuple[AdviceKind, ...] = ("question", "what")
_LONGEST = 200
"""Of a longer search this much is looked up."""
_RARE = 4
"""A rare word stands in at most one of so many questions."""
_TITLE = 3
"""So much more counts a word in the question than one in its answer."""
_ALIKE = 0.75
"""How alike two words are of which one may be a slip for the other."""
_ENDING = re.compile(r"(?<=\w\w)(?:ies|ing|ed|es|s|e|y)$")
_DOUBLED = re.compile(r"([bdgmnprt])\1$")


@attrs.frozen
class Found:
    """What was found for some words.

    Parameters
    ----------
    questions
        The questions that hold the words, those that fit best first.
    nearest
        Where none does: those with words that are spelt alike, or else all.
    """

    questions: tuple[Advice, ...]
    nearest: tuple[Advice, ...] = ()


def questions_of(base: Knowledge) -> tuple[Advice, ...]:
    """What patients often ask, then what else there is to know, each in its order."""
    kinds = {
        kind: [each for each in base.advice if each.kind == kind] for kind in _KINDS
    }
    return tuple(each for several in kinds.values() for each in several)


def faq(base: Knowledge, words: str = "") -> Found:
    """Look for questions that patients often ask.

    Parameters
    ----------
    base
        The knowledge base.
    words
        What is looked for; without words, all questions are found.
    """
    questions = questions_of(base)
    wanted = _stems(words[:_LONGEST])
    if not wanted:
        return Found(questions)
    index = _Index(questions)
    found = index.best(wanted)
    return Found(found) if found else Found((), index.alike(wanted) or questions)


class _Index:
    """The stems of every question and of its answer."""

    def __init__(self, questions: tuple[Advice, ...]) -> None:
        self.titles = {each: {*_stems(each.title)} for each in questions}
        self.stems = {
            each: {*_stems(f"{each.title} {each.plain} {each.text}")}
            for each in questions
        }
        self.held = Counter(stem for stems in self.stems.values() for stem in stems)

    def best(self, wanted: Sequence[str]) -> tuple[Advice, ...]:
        """The questions that fit at least half as well as the best, it first."""
        telling = [stem for stem in wanted if not self._is_common(stem)]
        scores = {each: self._score(each, telling or wanted) for each in self.stems}
        most = max(scores.values(), default=0.0)
        fit = [each for each, score in scores.items() if score and score >= most / 2]
        return tuple(sorted(fit, key=lambda each: -scores[each]))

    def _is_common(self, stem: str) -> bool:
        return self.held[stem] * _RARE > len(self.stems)

    def _score(self, question: Advice, wanted: Iterable[str]) -> float:
        return sum(
            log(1 + len(self.stems) / self.held[stem])
            * (_TITLE if stem in self.titles[question] else 1)
            for stem in wanted
            if stem in self.stems[question]
        )

    def alike(self, wanted: Sequence[str]) -> tuple[Advice, ...]:
        """The questions with words that are spelt like those that none holds."""
        meant = [
            stem
            for each in wanted
            if each not in self.held
            for stem in get_close_matches(each, self.held, n=1, cutoff=_ALIKE)
        ]
        return self.best(meant) if meant else ()


def _stems(text: str) -> list[str]:
    bare = unicodedata.normalize("NFKD", text.lower())
    words = re.findall(r"[^\W_]+", "".join(filter(_is_letter, bare)))
    return list(dict.fromkeys(_DOUBLED.sub(r"\1", _ENDING.sub("", w)) for w in words))


def _is_letter(sign: str) -> bool:
    return not unicodedata.combining(sign) and sign not in "'\u2019"
