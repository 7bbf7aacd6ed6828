"""The words of people for what a case may state: labels, aliases and spellings.

They are only ever told, never read as a value: what was meant is for whoever wrote it.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import attrs

_LONGEST = 100
"""Of a longer text this much is looked up."""
_MOST_FORMS = 5000
"""So many are remembered, which are more than the aliases of a domain."""
_SHORT = 4
"""In a shorter word a slip makes another word too easily."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Alias:
    """Words that people write, and what to write instead.

    Parameters
    ----------
    words
        The words. Capitals, accents, the plural and signs between letters make no
        difference. "yes" and "no" stand for all words for them, "date" for any date.
    of
        The facts of which the words would be a value; without, they are a key, or an
        item of a list that no case has.
    members
        The members that may be meant; of several, which one is asked.
    facts
        The facts or sections that may be meant; of several, which one is asked.
    stated
        What to write, as values by dotted name.
    items
        What is put before each item of a list that stands under the words, when the
        item is looked up in its turn.
    text
        A sentence that says what to write, alone or after the others.
    """

    words: tuple[str, ...]
    of: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    stated: Mapping[str, Any] = attrs.field(factory=dict)
    items: str = ""
    text: str = ""


@attrs.frozen(kw_only=True, eq=False, repr=False, slots=False)
class Vernacular:
    """What people call the facts of a vocabulary and their members.

    Parameters
    ----------
    labels
        The label of each fact by dotted name, and of each section.
    members
        The labels of the members of each choice, by the dotted name of the fact.
    aliases
        Further words.
    spelling
        Parts of words by the way in which others spell them.
    ignored
        Words that change nothing beside another one, such as a side of the body.
    """

    labels: Mapping[str, str] = attrs.field(factory=dict)
    members: Mapping[str, Mapping[str, str]] = attrs.field(factory=dict)
    aliases: tuple[Alias, ...] = ()
    spelling: Mapping[str, str] = attrs.field(factory=dict)
    ignored: tuple[str, ...] = ()

    # -- the form of a word --

    def form(self, word: str) -> str:
        """A word without capitals, accents, signs and differences of spelling.

        Parameters
        ----------
        word
            One word or several.
        """
        known = self._forms.get(word)
        if known is None:
            known = self._formed(word[:_LONGEST])
            if len(self._forms) < _MOST_FORMS:
                self._forms[word] = known
        return known

    @cached_property
    def _forms(self) -> dict[str, str]:
        return {}

    def _formed(self, word: str) -> str:
        plain = unicodedata.normalize("NFKD", word).casefold()
        form = "".join(sign for sign in plain if sign.isalnum())
        for one, other in self.spelling.items():
            form = form.replace(one, other)
        return form

    def key(self, word: str) -> str:
        """The form of a word without the plural: what it is looked up by.

        Parameters
        ----------
        word
            One word or several.
        """
        form = self.form(word)
        return form.removesuffix("s") if len(form) > 3 else form  # noqa: PLR2004 - "gas"

    def same(self, word: str, names: Iterable[str]) -> tuple[str, ...]:
        """The names that differ from the word in form, spelling or plural alone.

        Parameters
        ----------
        word
            What was written.
        names
            The names that exist.
        """
        sought = self.key(word)
        return tuple(name for name in names if sought and self.key(name) == sought)

    def slip(self, word: str, names: Iterable[str]) -> tuple[str, ...]:
        """The one name that a slip of the pen made the word, if there is one.

        Parameters
        ----------
        word
            What was written.
        names
            The names that exist.
        """
        sought = self.form(word)
        if len(sought) < _SHORT:
            return ()
        near = tuple(name for name in names if _is_slip(sought, self.form(name)))
        return near if len(near) == 1 else ()

    def bare(self, word: str) -> str:
        """A text without the words that change nothing; "" where none is among them.

        Parameters
        ----------
        word
            What was written.
        """
        words = re.findall(r"[^\W_]+", word)
        kept = [each for each in words if each.casefold() not in self.ignored]
        return " ".join(kept) if len(kept) < len(words) else ""

    # -- what a word may mean --

    def alias(self, word: str, of: str = "") -> Alias | None:
        """The alias of a word.

        Parameters
        ----------
        word
            What was written.
        of
            The fact of which it would be a value; "" for a key.
        """
        return self._of.get(of, {}).get(self.key(word))

    def near_alias(self, word: str, of: str = "") -> Alias | None:
        """The alias of a long word that is misspelt.

        Parameters
        ----------
        word
            What was written.
        of
            The fact of which it would be a value; "" for a key.
        """
        words = self._of.get(of, {}) if len(word) > _SHORT + 1 else {}
        return words.get("".join(self.slip(word, words)))

    @cached_property
    def _of(self) -> dict[str, dict[str, Alias]]:
        found: dict[str, dict[str, Alias]] = {}
        for alias in self.aliases:
            for of in alias.of or ("",):
                words = found.setdefault(of, {})
                words.update({self.key(word): alias for word in alias.words})
        return found

    def labelled(self, word: str, fact: str) -> tuple[str, ...]:
        """The members of a choice that are labelled by a word.

        Parameters
        ----------
        word
            What was written.
        fact
            The dotted name of the choice.
        """
        return self._labelled.get(fact, {}).get(self.key(word), ())

    @cached_property
    def _labelled(self) -> dict[str, dict[str, tuple[str, ...]]]:
        """The members by the forms of their labels, of each choice."""
        return {fact: self._by_form(labels) for fact, labels in self.members.items()}

    def _by_form(self, labels: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for name, label in labels.items():
            for form in dict.fromkeys(map(self.key, _readings(label))):
                found[form] = (*found.get(form, ()), name)
        return found

    def named(self, word: str) -> tuple[str, ...]:
        """The facts and sections that are labelled by a word.

        Parameters
        ----------
        word
            What was written.
        """
        sought = self.key(word)
        return tuple(
            name
            for name, label in self.labels.items()
            if sought in map(self.key, _readings(label))
        )


@cache
def spoken_in(folder: Path) -> Vernacular:
    """The words of a folder of knowledge, which has been checked by its tests.

    Parameters
    ----------
    folder
        The folder with `facts.toml` and `aliases.toml`.
    """
    facts, said = (
        tomllib.loads((folder / name).read_text(encoding="utf-8"))
        for name in ("facts.toml", "aliases.toml")
    )
    labels, members = _labelled(facts)
    return Vernacular(
        labels=labels,
        members=members,
        aliases=tuple(Alias(**_frozen(each)) for each in said["alias"]),
        spelling=said["spelling"],
        ignored=tuple(said["ignored"]),
    )


def _is_slip(one: str, other: str) -> bool:
    """Whether a letter is wrong, missing or too much, or two have changed places.

    A wrong first letter is no slip: it makes another word.
    """
    begins_alike = one[:1] == other[:1]
    if abs(len(one) - len(other)) > 1:
        return False
    while one and other and one[0] == other[0]:
        one, other = one[1:], other[1:]
    while one and other and one[-1] == other[-1]:
        one, other = one[:-1], other[:-1]
    if len(one) == 2 and one == other[::-1]:  # noqa: PLR2004 - two letters
        return True
    return begins_alike and len(one) <= 1 >= len(other)


def _readings(label: str) -> Iterator[str]:
    """A label, and it without its article and what stands in brackets."""
    yield label
    bare = label.partition(" (")[0]
    yield bare
    for article in ("a ", "an ", "the "):
        if bare.startswith(article):
            yield bare.removeprefix(article)


def _labelled(
    facts: Mapping[str, Any],
) -> tuple[dict[str, str], dict[str, Mapping[str, str]]]:
    """The labels of the tables of facts, and of the members of each."""
    labels = {name: each["label"] for name, each in facts["section"].items()}
    members = {}
    for section in facts["section"]:
        for fact, entry in facts.get(section, {}).items():
            labels[f"{section}.{fact}"] = entry["label"]
            if "members" in entry:
                members[f"{section}.{fact}"] = entry["members"]
    return labels, members


def _frozen(table: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: tuple(value) if isinstance(value, list) else value
        for key, value in table.items()
    }
