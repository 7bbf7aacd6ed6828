"""What follows from another mistake, so that one typo is told as one problem.

An entry that cannot be read leaves its name in doubt, and what asks for the name is not
told. A name that several places ask for and that no entry has is told once: at the
entry of a like name for which nothing asks, or else where its own would stand.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

import attrs

from milia_cds.errors import Problem, meant, nearest, quoted

OPTION = "options/{}.toml"
MEASURE = "measures/{}.toml"
OPTION_GROUP = "common.toml: group.{}"
FACT = "facts.toml: {}"
SECTION = "facts.toml: section.{}"
SCREEN = "facts.toml: screen.{}"
SET = "terms.toml: set.{}"
TERM = "terms.toml: term.{}"
DECISION = "triage.toml: decision.{}"
SCENARIO = "scenarios.toml: scenario.{}"
SCENARIO_GROUP = "scenarios.toml: group.{}"
DESTINATION = "scenarios.toml: destination.{}"
CRITERION = "criteria.toml: criterion.{}"
GRID = "criteria.toml: grid.{}"
OUTLINE = "figure.toml: outline.{}"
SOURCE = "sources.toml: {}"

_MOST_TYPOS = 200
"""Of more names that are not there, none is looked for among those of like names."""


class Home(NamedTuple):
    """Where entries of a kind stand: "{}" is the name of one; and which there are."""

    place: str
    names: Collection[str]

    def of(self, name: str) -> str:
        """Where the entry of a name stands, or would."""
        return self.place.format(name)


@attrs.frozen
class Dependent(Problem):
    """A problem that something else may be the reason of.

    Parameters
    ----------
    rests_on
        The places of entries: it is told only if none of them is in doubt.
    among
        The place of entries, likewise: it is told only if each of them was read.
    name, homes
        The name that is asked for and not there, and where it might stand.
    """

    rests_on: tuple[str, ...] = ()
    among: str = ""
    name: str = ""
    homes: tuple[Home, ...] = attrs.field(default=(), eq=False)


def no_such(
    path: str, noun: str, name: str, homes: Sequence[Home], *others: str
) -> Dependent:
    """The problem of a name that is not there.

    Parameters
    ----------
    path
        Where it is asked for.
    noun
        What it should be, such as "option".
    name
        The name.
    homes
        Where it might stand.
    others
        Further names that may have been meant.
    """
    known = dict.fromkeys(each for home in homes for each in home.names)
    message = f"there is no {noun} {quoted(name)}"
    return asked(path, message, nearest(name, [*known, *others]), name, homes)


def asked(
    path: str, message: str, mend: str, name: str, homes: Sequence[Home]
) -> Dependent:
    """The problem of a name that is not there, in words of its own."""
    places = tuple(home.of(name) for home in homes)
    return Dependent(path, message, mend, places, name=name, homes=tuple(homes))


class Doubts:
    """The files, and the entries by their places, that could not be read."""

    def __init__(self) -> None:
        self.files: set[str] = set()
        self.places: set[str] = set()

    def file(self, name: str) -> None:
        """Nothing that the file says is sure."""
        self.files.add(name)
        self.places.add(name)

    def place(self, *places: str) -> None:
        """What is said of an entry, or of every entry of a list, is not sure."""
        self.places.update(places)

    def about(self, place: str) -> bool:
        """Whether an entry is in doubt, or a list, file or folder that it stands in."""
        return any(each in self.places for each in _wholes(place))

    def among(self, place: str) -> bool:
        """Whether any entry of a list or file is in doubt."""
        parts = (f"{place}.", f"{place}[", f"{place}: ")
        return self.about(place) or any(each.startswith(parts) for each in self.places)

    def excuse(self, problem: Problem) -> bool:
        """Whether a problem may follow from what could not be read."""
        if problem.path.partition(": ")[0] in self.files:
            return True
        if not isinstance(problem, Dependent):
            return False
        among = bool(problem.among) and self.among(problem.among)
        return among or any(map(self.about, problem.rests_on))


def _wholes(place: str) -> Iterator[str]:
    """A place, and all that it stands in."""
    file, _, key = place.partition(": ")
    while key:
        yield f"{file}: {key}"
        key = key.rpartition(".")[0]
    yield file
    yield f"{file.partition('/')[0]}/"


def told_once(
    found: Iterable[Problem], doubts: Doubts, files: Iterable[bytes]
) -> list[Problem]:
    """The problems without those that follow from another.

    Parameters
    ----------
    found
        What was found between the entries.
    doubts
        What could not be read.
    files
        The content of every file.
    """
    left = [each for each in dict.fromkeys(found) if not doubts.excuse(each)]
    if not left:
        return []
    text = "\n".join(content.decode("utf-8", "replace") for content in files)
    groups = _by_name(left)
    typos = len(groups) <= _MOST_TYPOS
    like = [_unused_like(group[0], text) if typos else "" for group in groups]
    alike = {*like}
    told: dict[Problem, Problem] = {
        each: _of_several(group, place)
        for group, place in zip(groups, like, strict=True)
        for each in group
        if len(group) > 1
    }
    return list(
        dict.fromkeys(
            told.get(each, Problem(each.path, each.message, each.mend))
            for each in left
            # Of an entry of a like name it is enough that nothing asks for it.
            if not (isinstance(each, Dependent) and each.path in alike)
        )
    )


def _by_name(found: Iterable[Problem]) -> list[list[Dependent]]:
    """Those that ask for one name, together."""
    named: dict[str, list[list[Dependent]]] = {}
    for each in found:
        if isinstance(each, Dependent) and each.homes:
            groups = named.setdefault(each.name, [])
            same = (group for group in groups if _asks_for_the_same(group[0], each))
            group = next(same, [])
            groups += [] if group else [group]
            group.append(each)
    return [group for groups in named.values() for group in groups]


def _asks_for_the_same(one: Dependent, other: Dependent) -> bool:
    """Whether two that ask for one name ask for it in one place."""
    return not {*one.rests_on}.isdisjoint(other.rests_on)


def _unused_like(each: Dependent, text: str) -> str:
    """The place of an entry of a like name that stands nowhere else, if any."""
    for home in each.homes:
        for name in meant(each.name, home.names):
            if len(re.findall(rf"(?<!\w){re.escape(name)}(?![\w.])", text)) == 1:
                return home.of(name)
    return ""


def _of_several(group: Sequence[Dependent], like: str) -> Problem:
    """The one problem of a name that several places ask for."""
    first, count = group[0], len(group)
    said = f"{count} places ask for {quoted(first.name)}, the first {first.path}"
    if like:
        mend = "rename it, or mend those places"
        return Problem(like, f"nothing asks for this name, but {said}", mend)
    shared = (p for p in first.rests_on if all(p in each.rests_on for each in group))
    place = next(shared, first.rests_on[0])
    return Problem(place, f"it is not there, but {said}", f"add it; or: {first.mend}")
