"""The typed door of milia beside its data: both must say the same of every fact.

`Case` and its sections are written by hand, for editors and type checkers; the data is
what the engine reads. Only this room knows both.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

import attrs

from milia_cds.case.case import Case
from milia_cds.case.milia import VOCABULARY
from milia_cds.case.stated import AnyCase
from milia_cds.errors import KnowledgeError, Problem, nearest, not_meant, quoted
from milia_cds.knowledge.model import Knowledge, homed
from milia_cds.logic.facts import Choice, Kind, Members, Number, Weights, YesNo

_CHANGE_BOTH = "; whoever changes it changes case/milia.py too"


def held_to_the_typed(base: Knowledge) -> Knowledge:
    """The knowledge of milia, whose facts are those of the typed sections.

    Its ids of options and criteria come in the order of the typed sections, on which
    the JSON of a case depends; in the data the order is that of the files.

    Parameters
    ----------
    base
        The knowledge base.

    Raises
    ------
    KnowledgeError
        With every difference, each with its file and key.
    """
    problems = list(_differences(base)) or list(_screens_differ(base))
    if problems:
        raise KnowledgeError(problems)
    typed = VOCABULARY
    vocabulary = attrs.evolve(base.vocabulary, kinds=typed.kinds, screens=typed.screens)
    return homed(attrs.evolve(base, vocabulary=vocabulary))


def nothing_stated(base: Knowledge) -> AnyCase:
    """A case in which nothing is known, typed where the facts are the typed ones.

    Parameters
    ----------
    base
        The knowledge base that is to decide it.
    """
    typed = base.vocabulary.agrees_with(VOCABULARY)
    return Case() if typed else base.case({})


def stated_in(data: object, base: Knowledge) -> AnyCase:
    """The case that plain values state, typed where the facts are the typed ones.

    Parameters
    ----------
    data
        Plain JSON values.
    base
        The knowledge base that is to decide it.

    Raises
    ------
    CaseError
        With every problem at once, each with its path and how to mend it.
    """
    typed = base.vocabulary.agrees_with(VOCABULARY)
    return Case.from_dict(data) if typed else base.case(data)


# -- where the data says otherwise --------------------------------------------


def _differences(base: Knowledge) -> Iterator[Problem]:
    given = base.vocabulary
    typed = VOCABULARY.kinds
    yield from _names_differ("facts.toml: ", "fact", given.kinds, typed)
    for name, kind in typed.items():
        if name in given.kinds:
            yield from _facts_differ(name, kind, base)
    yield from _out_of_order("", typed, given.kinds)
    yield from _sections_differ(base)


def _sections_differ(base: Knowledge) -> Iterator[Problem]:
    given, typed = base.vocabulary, VOCABULARY
    yield from _out_of_order("section", typed.sections, given.sections)
    for name in given.sections:
        said = given.sections[name].may_be_assumed_absent
        if name in typed.sections and said is not (name in typed.screened):
            path = f"facts.toml: section.{name}.may_be_assumed_absent"
            yield _not_as_typed(path, said, not said)


def _screens_differ(base: Knowledge) -> Iterator[Problem]:
    """Report what else `assume_absent` would mean where only questions are named.

    A fact that is asked elsewhere is reported, and not its two questions too.
    """
    given, typed = base.vocabulary.screens, VOCABULARY.screens
    moved = set()
    for name, screen in _asked_by(typed).items():
        said = base.facts[name].screen if name in base.facts else screen
        if said != screen:
            moved |= {said, screen}
            yield _not_as_typed(f"facts.toml: {name}.screen", said, screen)
    for name in dict.fromkeys((*given, *typed)):
        if name not in moved and given.get(name) != typed.get(name):
            may = "does not let" if name not in typed else "lets"
            message = f"the typed case {may} it be assumed absent as it is here"
            mend = f"ask the same facts by it, or none{_CHANGE_BOTH}"
            yield Problem(f"facts.toml: screen.{name}", message, mend)


def _asked_by(screens: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    return {fact: screen for screen, facts in screens.items() for fact in facts}


def _facts_differ(name: str, typed: Kind, base: Knowledge) -> Iterator[Problem]:
    path = f"facts.toml: {name}"
    given = base.vocabulary.kinds[name]
    is_setting = name in VOCABULARY.settings
    if is_setting is not (name in base.vocabulary.settings):
        yield _not_as_typed(f"{path}.setting", not is_setting, is_setting)
    if isinstance(typed, Members | Weights) and type(given) is type(typed):
        yield from _ids_differ(name, typed, given)
        return
    said, wanted = _keys(given), _keys(typed)
    for key in said | wanted:
        one, other = said.get(key), wanted.get(key)
        if key == "members" and one and other:
            yield from _members_differ(f"{path}.members", one, other)
        elif one != other:
            yield _not_as_typed(f"{path}.{key}", one, other)
            if key == "kind":
                return


def _keys(kind: Kind) -> dict[str, Any]:
    """What the table of a fact says of its kind, key by key."""
    match kind:
        case YesNo(absent):
            return {"kind": "yes_no", "absent": "unknown" if absent is None else "no"}
        case Number(low, high, unit, whole):
            name = "whole_number" if whole else "number"
            return {"kind": name, "low": low, "high": high, "unit": unit}
        case Choice(members, absent):
            return {"kind": "choice", "absent": absent, "members": members}
        case Members():
            return {"kind": "options"}
        case Weights():
            return {"kind": "weights"}


def _members_differ(
    path: str, given: tuple[str, ...], typed: tuple[str, ...]
) -> Iterator[Problem]:
    yield from _names_differ(f"{path}.", "member", given, typed)
    yield from _out_of_order(path.removeprefix("facts.toml: "), typed, given)


def _names_differ(
    lead: str, noun: str, given: Collection[str], typed: Collection[str]
) -> Iterator[Problem]:
    """Report names of one side alone; one that is misspelt is not missing too."""
    unknown = [name for name in given if name not in typed]
    for name in unknown:
        mend = f"{nearest(name, typed)}{_CHANGE_BOTH}"
        yield Problem(f"{lead}{name}", f"the typed case has no such {noun}", mend)
    for name in not_meant((name for name in typed if name not in given), unknown):
        mend = f"add it, as in case/milia.py{_CHANGE_BOTH}"
        yield Problem(f"{lead}{name}", f"the {noun} is missing", mend)


def _ids_differ(name: str, typed: Kind, given: Kind) -> Iterator[Problem]:
    path, noun = f"options/: as members of {name}", "option"
    if isinstance(typed, Weights):
        path, noun = f"criteria.toml: as criteria of {name}", "criterion"
    known, said = _ids(typed), _ids(given)
    for each in said:
        if each not in known:
            message = f"there is no {noun} {quoted(each)}"
            yield Problem(path, message, nearest(each, known))
    for each in known:
        if each not in said:
            yield Problem(path, f"the {noun} {quoted(each)} is missing", "add it")


def _ids(kind: Any) -> tuple[str, ...]:
    ids: tuple[str, ...] = kind.criteria if isinstance(kind, Weights) else kind.members
    return ids


def _out_of_order(
    key: str, typed: Collection[str], given: Collection[str]
) -> Iterator[Problem]:
    """Report the first name that stands elsewhere, where both have the same names."""
    if sorted(typed) != sorted(given):
        return
    for one, other in zip(typed, given, strict=True):
        if one != other:
            path = f"facts.toml: {f'{key}.' if key else ''}{other}"
            mend = f"put {one} before it{_CHANGE_BOTH}"
            yield Problem(
                path, "it stands out of order, and values go by position", mend
            )
            return


def _not_as_typed(path: str, given: Any, typed: Any) -> Problem:
    message = f"{_toml(given)} is not what the typed case has"
    mend = f"write {_toml(typed)}" if typed not in {None, ""} else "remove it"
    return Problem(path, message, f"{mend}{_CHANGE_BOTH}")


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return quoted(value) if isinstance(value, str) else str(value)
