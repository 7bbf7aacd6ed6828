"""What to write instead of a key that is no section or no fact: told, never read.

It is worked out where a case is refused, and only there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from milia_cds.case.amounts import Amount, shown, size_in, unit_of
from milia_cds.case.misread import advice, misread
from milia_cds.case.replies import reply_of
from milia_cds.case.telling import Fact, going_on
from milia_cds.case.vernacular import Alias
from milia_cds.case.vocabulary import Vocabulary
from milia_cds.errors import Problem, described, name_in_path, quoted
from milia_cds.logic.facts import OR_NULL, Number

_LISTED = 40
_LONGEST = 80
_WORD = re.compile(r"[A-Z]?[^\W_A-Z]+|[A-Z]+(?![^\W_A-Z])|\d+")


class Meant(NamedTuple):
    """What a key may mean: facts or sections, an alias, and its own unit."""

    names: tuple[str, ...] = ()
    alias: Alias | None = None
    unit: str = ""


# -- at the top of a case --


def no_case(vocabulary: Vocabulary, data: object) -> Problem:
    """The problem of what is no object.

    Parameters
    ----------
    vocabulary
        What a case may state.
    data
        What was given.
    """
    mend = f"give an object with the sections {', '.join(vocabulary.sections)}"
    if isinstance(data, list) and data and all(isinstance(x, dict) for x in data):
        mend = "give one case at a time: what stands between [ and ], without them"
    elif isinstance(data, str) and data.lstrip().startswith("{"):
        mend = "give what the text says, not the text: from_json reads it"
    elif data is None:
        mend += "; {} where nothing is known"
    return Problem("case", f"{described(data)} is no object", mend)


def misplaced(
    vocabulary: Vocabulary,
    key: object,
    value: object,
    tops: Iterable[str],
    *,
    brief: bool = False,
) -> list[Problem]:
    """The problems of a key at the top of a case that is no section.

    Parameters
    ----------
    vocabulary
        What a case may state.
    key, value
        The key, and what stands under it.
    tops
        The keys that may stand there.
    brief
        Whether nothing is looked up, as where there are very many problems.
    """
    tops = tuple(tops)
    path, message = name_in_path(key), f"{quoted(key)} is no section of a case"
    if brief or not isinstance(key, str) or len(key) > _LONGEST:
        return [Problem(path, message, f"use one of {', '.join(tops)}")]
    words = vocabulary.vernacular
    section = (words.same(key, tops) or _sections(vocabulary, key))[:1]
    if not section:
        section = () if key in vocabulary.kinds else words.slip(key, tops)
    if section:
        found = [Problem(path, message, f"did you mean {quoted(section[0])}?")]
        if section[0] in vocabulary.sections and isinstance(value, Mapping):
            found += _within(vocabulary, section[0], value, path)
        return found
    return [Problem(path, message, _mend_at_top(vocabulary, key, value, tops))]


def _sections(vocabulary: Vocabulary, key: str) -> tuple[str, ...]:
    """The one section that the key is another word for."""
    words = vocabulary.vernacular
    alias = words.alias(key)
    found = (*words.named(key), *(alias.facts if alias else ()))
    return found if len(found) == 1 and found[0] in vocabulary.sections else ()


def _within(
    vocabulary: Vocabulary, section: str, data: Mapping[Any, Any], path: str
) -> Iterator[Problem]:
    """The problems of the facts of a section whose name is misread."""
    for key, value in data.items():
        place = f"{path}.{name_in_path(key)}"
        kind = vocabulary.by_section[section].get(key)
        if kind is None:
            yield misplaced_fact(vocabulary, section, key, value, place)
        elif value is not None:
            problems: list[Problem] = []
            kind.read(value, place, problems)
            fact = Fact(f"{section}.{key}", kind, vocabulary.vernacular)
            yield from misread(fact, value, problems) if problems else ()


def _mend_at_top(
    vocabulary: Vocabulary, key: str, value: object, tops: tuple[str, ...]
) -> str:
    if isinstance(value, Mapping) and any(each in tops for each in value):
        stand = f"{', '.join(vocabulary.sections)} stand at the top"
        return f"write what is in it without {quoted(key)} around it: {stand}"
    told = _told(vocabulary, "", key)
    if told.names or told.alias:
        return _written(vocabulary, "", told, value)
    return f"leave it out, or use one of {', '.join(tops)}"


# -- in a section --


def misplaced_fact(  # noqa: PLR0913 - a key, its place, and how much to say
    vocabulary: Vocabulary,
    section: str,
    key: object,
    value: object,
    path: str,
    *,
    brief: bool = False,
) -> Problem:
    """The problem of a key in a section that is none of its facts.

    Parameters
    ----------
    vocabulary
        What a case may state.
    section
        The section.
    key, value
        The key, and what stands under it.
    path
        Where it stands.
    brief
        Whether nothing is looked up, as where there are very many problems.
    """
    message = f"{quoted(key)} is no fact of {section}"
    facts = vocabulary.by_section[section]
    if brief or not isinstance(key, str) or len(key) > _LONGEST:
        return Problem(path, message, _none_of(section, facts))
    told = _told(vocabulary, section, key)
    if told.names or told.alias:
        return Problem(path, message, _written(vocabulary, section, told, value))
    return Problem(path, message, _none_of(section, facts))


def mend_of_fact(vocabulary: Vocabulary, name: str, value: object) -> str:
    """What to write instead of a name that is no fact of any section.

    Parameters
    ----------
    vocabulary
        What a case may state.
    name, value
        The name, and the value that was given with it.
    """
    section, _, fact = name[:_LONGEST].rpartition(".")
    told = _told(vocabulary, "", name[:_LONGEST])
    if section in vocabulary.sections and not (told.names or told.alias):
        told = _told(vocabulary, section, fact)
    if told.names or told.alias:
        return _written(vocabulary, "", told, value)
    slip = vocabulary.vernacular.slip(name, [*vocabulary.kinds, *vocabulary.dotted])
    if slip:
        return f"did you mean {quoted(slip[0])}?"
    return f"leave it out: no fact is called so ({len(vocabulary.kinds)} are)"


def no_section(vocabulary: Vocabulary, section: str, data: object) -> Problem:
    """The problem of what stands under the name of a section and is no object.

    Parameters
    ----------
    vocabulary
        What a case may state.
    section
        The section.
    data
        What stands there.
    """
    mend = "give an object of facts, or leave the key out"
    if section in vocabulary.screened and _denied(data):
        screened = json.dumps({section: {}, "assume_absent": [section]})
        mend = f"write {screened} if all of it was looked for and is absent"
    elif isinstance(data, list) and data and all(isinstance(x, str) for x in data):
        mend = f"{mend}: {'; '.join(_of_items(vocabulary, '{}', data))}"
    return Problem(section, f"{described(data)} is no object", mend)


def _none_of(section: str, facts: Iterable[str]) -> str:
    names = tuple(facts)
    if len(names) > _LISTED:
        return (
            f"leave it out: {section} has no fact for it (the JSON Schema of a case "
            f"lists its {len(names)})"
        )
    return f"leave it out, or use one of {', '.join(names)}"


def _told(vocabulary: Vocabulary, section: str, key: str) -> Meant:
    """What a key may mean, its own section first."""
    words, kinds = vocabulary.vernacular, vocabulary.kinds
    if key in kinds:
        return Meant((key,))
    short = {name: name.partition(".")[2] for name in kinds}
    own = [name for name in kinds if name.startswith(f"{section}.")]
    same = words.same(key, [short[name] for name in own])
    if same:
        return Meant(tuple(name for name in own if short[name] in same))
    alias = words.alias(key)
    if alias:
        return Meant(alias.facts, alias)
    same = words.same(key, short.values())
    if same:
        return Meant(tuple(name for name in kinds if short[name] in same))
    in_a_unit = _in_a_unit(vocabulary, key)
    if in_a_unit:
        return in_a_unit
    named = tuple(name for name in words.named(key) if name in kinds)
    slip = words.slip(key, [short[name] for name in own])
    named = named or tuple(name for name in own if short[name] in slip)
    alias = None if named else words.near_alias(key)
    return Meant(alias.facts if alias else named, alias)


def _in_a_unit(vocabulary: Vocabulary, key: str) -> Meant | None:
    """The number that a key names without its unit, or with another one."""
    parts = [part.casefold() for part in _WORD.findall(key)]
    unit = unit_of(parts[-1]) if len(parts) > 1 else ""
    sought = vocabulary.vernacular.form("".join(parts[:-1] if unit else parts))
    for name, kind in vocabulary.kinds.items():
        if isinstance(kind, Number) and kind.unit:
            stem = name.partition(".")[2].removesuffix(f"_{kind.unit}")
            other = size_in(Amount(1, unit), kind.unit)
            if vocabulary.vernacular.form(stem) == sought and other is not None:
                return Meant((name,), unit=unit or kind.unit)
    return None


# -- what to write --


def _written(vocabulary: Vocabulary, section: str, told: Meant, value: object) -> str:
    """What to write instead of a key, with the value where it can be read."""
    alias = told.alias
    if alias is None and len(told.names) == 1:
        return _at(vocabulary, section, told, value)
    if alias is None:
        return f"{_which(told.names)}, whichever it is"
    return "; ".join(_of_alias(vocabulary, section, told, alias, value))


def _which(names: Iterable[str]) -> str:
    *most, last = names
    return f"write {', '.join(most)} or {last}" if most else f"it is {last}"


def _of_alias(
    vocabulary: Vocabulary, section: str, told: Meant, alias: Alias, value: object
) -> Iterator[str]:
    if alias.items:
        yield from _of_items(vocabulary, alias.items, value)
    if len(alias.facts) == 1 and alias.facts[0] in vocabulary.kinds:
        yield _at(vocabulary, section, told, value)
    elif alias.facts:
        yield f"{_which(alias.facts)}, whichever it is"
    if alias.stated and _denied(value):
        names = " and ".join(alias.stated)
        none = "only where none of the kind is there"
        yield f"it is one of several: write false at {names} {none}, {OR_NULL}"
    elif alias.stated:
        yield f"write {_snippet(alias.stated)}"
    if alias.text:
        yield going_on(alias.text)


def _denied(value: object) -> bool:
    return value in (False, 0) or (isinstance(value, str) and reply_of(value) == "no")


def _of_items(vocabulary: Vocabulary, items: str, value: object) -> Iterator[str]:
    """What to write for each item of a list that no case has."""
    listed = value
    if isinstance(value, str):
        listed = [] if _denied(value) else [*map(str.strip, re.split("[,;]", value))]
    for item in listed if isinstance(listed, list) else ():
        told = Meant()
        if isinstance(item, str):
            told = _told(vocabulary, "", items.replace("{}", item))
        if told.names or told.alias:
            yield f"for {quoted(item)} {_written(vocabulary, '', told, value=True)}"
        else:
            yield f"for {quoted(item)} there is no fact: leave it out"


def _at(vocabulary: Vocabulary, section: str, told: Meant, value: object) -> str:
    """Where the one fact belongs, and what to write there."""
    name = told.names[0]
    kind = vocabulary.kinds[name]
    home, _, fact = name.partition(".")
    given, why = value, ""
    if told.unit and isinstance(value, int | float) and isinstance(kind, Number):
        size = size_in(Amount(value, told.unit), kind.unit)
        value = json.loads(shown(size or 0))
        if told.unit != kind.unit:
            why = f" ({given} {told.unit} in {kind.unit})"
    problems: list[Problem] = []
    kind.read(value, name, problems)
    if value is None or not problems:
        same = home == section and told.alias is None and not told.unit
        written = f"write {_snippet({name: value})}{why}"
        return f"did you mean {quoted(fact)}?" if same else written
    mend = advice(Fact(name, kind, vocabulary.vernacular), value) or problems[0].mend
    return f"it belongs at {name}: {mend}"


def _snippet(stated: Mapping[str, Any]) -> str:
    """Facts as they stand in a case."""
    case: dict[str, dict[str, Any]] = {}
    for name, value in stated.items():
        section, _, fact = name.partition(".")
        case.setdefault(section, {})[fact] = value
    text = json.dumps(case).replace("\x7f", "\\u007f")
    return text if len(text) <= _LONGEST else f"it at {' and '.join(stated)}"
