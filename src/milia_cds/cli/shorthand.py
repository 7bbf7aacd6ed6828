"""Facts as one types them: `age=34 site=cheek failed=extraction,steaming inr=unknown`.

A name may be dotted or not, with or without its unit, wherever it means one fact only.
A value is a word, a number, or several with commas, and is then read as strictly as a
case.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from milia_cds.case.misplaced import mend_of_fact
from milia_cds.case.stated import StatedCase
from milia_cds.case.vocabulary import Vocabulary
from milia_cds.errors import CaseError, Problem, name_in_path, quoted
from milia_cds.logic.facts import (
    MOST_WEIGHT,
    Choice,
    Kind,
    Members,
    Number,
    Weights,
    YesNo,
)

YES = frozenset({"y", "yes", "true"})
NO = frozenset({"n", "no", "false"})
UNKNOWN = frozenset({"u", "unknown", "not known", "null"})
NONE = frozenset({"none", "[]"})
"""What stands for the empty set."""

ABSENT = "assume_absent"
OF_THE_CASE = (ABSENT, "as_of")
"""What a case says beside its facts."""

_WORDS = {
    "true, false, or null (for not known)": "yes, no or unknown",
    "null (for not known)": "unknown",
    "or null": "or unknown",
    "write null": "write unknown",
    "for yes write true": "write yes",
    "for no write false": "write no",
    "write true": "write yes",
    "write false": "write no",
    "without quotation marks and unit": "without the unit",
    ", without quotation marks": "",
    " and without quotation marks": "",
}
"""What JSON calls by other words than one types."""

_FACT = re.compile(r"[^/\\=]+=")
_NUMBER = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]{1,20})?")


def is_fact(text: str) -> bool:
    """Whether an argument states a fact; else it names a file."""
    return _FACT.match(text) is not None


# -- names --


def names_of(vocabulary: Vocabulary) -> dict[str, str]:
    """Each way to name exactly one fact, and the dotted name of that fact.

    Parameters
    ----------
    vocabulary
        Whose facts and settings.
    """
    ways = {name: dict.fromkeys(_ways(vocabulary, name)) for name in vocabulary.kinds}
    used = Counter(way for several in ways.values() for way in several)
    unique = {
        way: name
        for name, several in ways.items()
        for way in several
        if used[way] == 1 and way not in vocabulary.sections
    }
    return unique | {name: name for name in vocabulary.kinds}


def short_names(vocabulary: Vocabulary) -> Mapping[str, str]:
    """The shortest way to name each fact, by its dotted name."""
    shortest: dict[str, str] = {}
    for way, name in names_of(vocabulary).items():
        if len(way) < len(shortest.get(name, name)):
            shortest[name] = way
    return {name: shortest.get(name, name) for name in vocabulary.kinds}


def _ways(vocabulary: Vocabulary, name: str) -> Iterator[str]:
    kind, short = vocabulary.kinds[name], name.partition(".")[2]
    yield from (name, short)
    if isinstance(kind, Number) and kind.unit:
        unit = f"_{kind.unit}"
        yield from (name.removesuffix(unit), short.removesuffix(unit))


def _normal(name: str) -> str:
    return re.sub(r"[ -]", "_", name.strip().lower())


# -- values --


def typed_value(kind: Kind, typed: str) -> Any:
    """What was typed as a plain JSON value; the case reads it strictly.

    Parameters
    ----------
    kind
        The kind of the fact.
    typed
        A word, a number, or several with commas.
    """
    word = typed.strip().lower()
    match kind:
        case YesNo() if word in YES | NO:
            return word in YES
        case Number() if _NUMBER.fullmatch(word):
            return float(word) if "." in word else int(word)
        case Choice(members):
            return member(members, typed)
        case Members() if word in NO | NONE:
            return []
        case Members(members):
            return [member(members, each) for each in _parts(typed)]
        case Weights():
            return dict(map(_weight, _parts(typed)))
    return typed


def example_of(kind: Kind) -> str:
    """What one could type for a fact."""
    match kind:
        case YesNo():
            return "yes"
        case Number(low):
            return f"{low:g}"
        case Choice(members):
            return members[0]
        case Members(members):
            return ",".join(members[:2])
        case Weights(criteria):
            return ",".join(f"{each}:{MOST_WEIGHT}" for each in criteria[:1])


def member(members: Sequence[str], typed: str) -> str:
    """The member that was meant, its blanks and capitals aside; else what was typed."""
    name = _normal(typed)
    return name if name in members else typed.strip()


def _parts(typed: str) -> list[str]:
    return [
        part for each in typed.strip("[] ").split(",") if (part := each.strip(' "'))
    ]


def _weight(typed: str) -> tuple[str, Any]:
    name, _, weight = typed.strip("{} ").partition(":")
    number = weight.strip()
    return _normal(name.strip(' "')), int(number) if number.isdecimal() else number


# -- the case --


def stating(
    vocabulary: Vocabulary, case: StatedCase | None, typed: Sequence[str]
) -> StatedCase:
    """A case with what was typed, which goes before what the case says.

    Parameters
    ----------
    vocabulary
        What may be stated.
    case
        What is known already; `None` is nothing.
    typed
        Arguments such as "age=34".

    Raises
    ------
    CaseError
        With every problem at once, each with its fact and what to write.
    """
    data: dict[str, Any] = {} if case is None else case.to_dict()
    problems = list(_state(vocabulary, data, typed))
    try:
        read = StatedCase.read(vocabulary, data)
    except CaseError as error:
        raise CaseError([*problems, *map(_in_words, error.problems)]) from None
    if problems:
        raise CaseError(problems)
    return read


def _state(
    vocabulary: Vocabulary, data: dict[str, Any], typed: Sequence[str]
) -> Iterator[Problem]:
    """Put what was typed into a case as plain values; give what cannot be."""
    names = names_of(vocabulary) | {each: each for each in OF_THE_CASE}
    given: dict[str, str] = {}
    for text in typed:
        key, _, value = text.partition("=")
        name = names.get(_normal(key))
        if name is None:
            yield _no_fact(vocabulary, names, key, value)
        elif name in given:
            message = f"{quoted(given[name])} and {quoted(text)} state the same fact"
            yield Problem(name, message, "give one of them")
        elif not value.strip():
            mend = f"write a value, such as {key.strip()}=unknown where it is not known"
            yield Problem(name, 'nothing stands behind "="', mend)
        else:
            given[name] = text
            _put(vocabulary, data, name, value)


def _put(vocabulary: Vocabulary, data: dict[str, Any], name: str, value: str) -> None:
    if name in OF_THE_CASE:
        data[name] = _parts(value) if name == ABSENT else value.strip()
        return
    section, _, fact = name.partition(".")
    unknown = value.strip().lower() in UNKNOWN
    plain = None if unknown else typed_value(vocabulary.kinds[name], value)
    data.setdefault(section, {})[fact] = plain


def _no_fact(
    vocabulary: Vocabulary, names: Mapping[str, str], key: str, value: str
) -> Problem:
    mend = mend_of_fact(vocabulary, key.strip(), value.strip())
    if mend.startswith("leave it out"):
        meant = vocabulary.vernacular.slip(_normal(key), names)
        mend = "milia-cds facts lists the facts that can be stated"
        if meant:
            mend = f"did you mean {quoted(meant[0])}?"
    message = f"{quoted(key)} is no fact"
    return _in_words(Problem(name_in_path(key.strip()), message, mend))


def _in_words(problem: Problem) -> Problem:
    """A problem whose mend says what to type, not what to write in JSON."""
    mend = problem.mend
    for json, word in _WORDS.items():
        mend = mend.replace(json, word)
    return Problem(problem.path, problem.message, mend)
