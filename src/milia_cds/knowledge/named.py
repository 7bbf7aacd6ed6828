"""Names that entries ask for: none unknown, none missing, none given twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator

from milia_cds.errors import Problem, not_meant, quoted
from milia_cds.knowledge.consequences import (
    FACT,
    OPTION,
    OPTION_GROUP,
    Dependent,
    Home,
    no_such,
)
from milia_cds.knowledge.model import Knowledge
from milia_cds.logic.facts import (
    Choice,
    Kind,
    Members,
)


def has_twice(path: str, owners: Iterable[str], name: str, mend: str) -> Problem:
    """The problem of an id that owners would have a second time."""
    message = f"{', '.join(owners)}: each would have {quoted(name)} twice"
    return Problem(path, message, mend)


def members_of(fact: str, kind: Kind) -> Home:
    """Where the members of a fact stand."""
    if isinstance(kind, Members):
        return Home(OPTION, kind.members)
    members = kind.members if isinstance(kind, Choice) else ()
    return Home(f"{FACT.format(fact)}.members.{{}}", members)


def single_names(path: str, names: Iterable[str], base: Knowledge) -> Iterator[Problem]:
    """Find names that are neither an option nor a group.

    Only a group that comes to nothing is left where groups were read.
    """
    homes = (Home(OPTION, base.options), Home(OPTION_GROUP, base.groups))
    yield from known_names(path, "option or group", names, *homes)


def known_names(
    path: str, noun: str, names: Iterable[str], *homes: Home
) -> Iterator[Problem]:
    """The names that stand in none of these homes."""
    for name in names:
        if not any(name in home.names for home in homes):
            yield no_such(path, noun, name, homes)


def no_repeats(path: str, names: Iterable[str]) -> Iterator[Problem]:
    """The names that are given more than once."""
    for name, count in Counter(names).items():
        if count > 1:
            message = f"{quoted(name)} stands there {count} times"
            yield Problem(path, message, "keep one")


def needless(known: Iterable[str], used: Collection[str]) -> list[str]:
    """Names that are not used, nor meant by one that is misspelt."""
    known = tuple(known)
    unknown = [name for name in used if name not in known]
    return not_meant([name for name in known if name not in used], unknown)


def exact_names(
    path: str, noun: str, names: Collection[str], home: Home
) -> Iterator[Problem]:
    """Find names that are unknown or missing; a misspelt one is not missing too."""
    yield from known_names(path, noun, names, home)
    unknown = [name for name in names if name not in home.names]
    missing = [name for name in home.names if name not in names]
    for name in not_meant(missing, unknown):
        message = f"the {noun} {quoted(name)} is missing"
        yield Dependent(path, message, "add it", (home.of(name),), among=path)
