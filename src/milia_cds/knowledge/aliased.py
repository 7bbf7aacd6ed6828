"""Whether the words of people lead to what there is, each word to one thing."""

from __future__ import annotations

from collections.abc import Iterator

from milia_cds.case.vernacular import Alias
from milia_cds.errors import Problem, quoted
from milia_cds.knowledge.consequences import FACT, SECTION, Home
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.named import known_names, members_of
from milia_cds.knowledge.tables import read_value
from milia_cds.logic.facts import Choice, Members


def aliased(base: Knowledge) -> Iterator[Problem]:
    """Find what is wrong with the aliases of a knowledge base.

    Parameters
    ----------
    base
        The knowledge base.
    """
    vernacular = base.vocabulary.vernacular
    seen: dict[tuple[str, str], str] = {}
    for number, alias in enumerate(vernacular.aliases):
        path = f"aliases.toml: alias[{number}]"
        yield from _leads(path, alias, base)
        yield from _stated(path, alias, base)
        for of in alias.of or ("",):
            yield from _words(path, of, alias, base, seen)


def _leads(path: str, alias: Alias, base: Knowledge) -> Iterator[Problem]:
    """The names that it leads to, which must be there."""
    kinds = base.vocabulary.kinds
    facts, sections = Home(FACT, kinds), Home(SECTION, base.vocabulary.sections)
    yield from known_names(f"{path}.of", "fact", alias.of, facts)
    yield from known_names(f"{path}.facts", "fact", alias.facts, facts, sections)
    yield from known_names(f"{path}.stated", "fact", alias.stated, facts)
    for fact in (each for each in alias.of if each in kinds):
        home = members_of(fact, kinds[fact])
        yield from known_names(f"{path}.members", "member", alias.members, home)
    if alias.members and not alias.of:
        mend = "write of = [...], the facts that have these members"
        yield Problem(f"{path}.members", "members of no fact", mend)
    if not (alias.members or alias.facts or alias.stated or alias.text):
        yield Problem(path, "it leads nowhere", "add members, facts, stated or text")
    if alias.items and "{}" not in alias.items:
        mend = 'write {} where the item stands, such as "{} allergy"'
        yield Problem(f"{path}.items", f"{quoted(alias.items)} has no place", mend)


def _stated(path: str, alias: Alias, base: Knowledge) -> Iterator[Problem]:
    kinds = base.vocabulary.kinds
    for name, value in alias.stated.items():
        problems: list[Problem] = []
        if name in kinds:
            read_value(kinds[name], value, f"{path}.stated.{name}", problems)
        yield from problems


def _words(
    path: str,
    of: str,
    alias: Alias,
    base: Knowledge,
    seen: dict[tuple[str, str], str],
) -> Iterator[Problem]:
    """The words that say nothing, or that already mean something."""
    vernacular = base.vocabulary.vernacular
    kind = base.vocabulary.kinds.get(of)
    members = kind.members if isinstance(kind, Choice | Members) else ()
    understood = {vernacular.key(member) for member in members}
    for word in alias.words:
        form = vernacular.key(word)
        if not form:
            yield Problem(f"{path}.words", f"{quoted(word)} is no word", "remove it")
        elif seen.setdefault((of, form), path) != path:
            message = f"{quoted(word)} stands at {seen[of, form]} too"
            yield Problem(f"{path}.words", message, "keep one of the two")
        elif form in understood or vernacular.labelled(word, of):
            message = f"{quoted(word)} is understood without it"
            yield Problem(f"{path}.words", message, "remove it")
