"""The section of the review pack with the words that people write for facts."""

from __future__ import annotations

from collections.abc import Iterator

from milia_cds.case.vernacular import Alias
from milia_cds.knowledge.model import Knowledge
from milia_cds.render.pack import PackClaim, PackSection
from milia_cds.render.phrases import capital, series, spaced


def aliases_section(base: Knowledge) -> PackSection:
    """Every alias: the words, of what they are a value, and where they lead.

    Parameters
    ----------
    base
        The knowledge base.
    """
    aliases = base.vocabulary.vernacular.aliases
    return PackSection(
        id="aliases",
        title="What people write, and what they are told to write instead",
        notes=(
            "No such word is read as a value: it is refused, and this is said.",
            "Where a word leads to several, it is asked which of them is meant.",
        ),
        claims=tuple(
            PackClaim(id=f"alias.{number}", text=_said(alias, base), judgement=True)
            for number, alias in enumerate(aliases, 1)
        ),
    )


def _said(alias: Alias, base: Knowledge) -> str:
    labels = base.vocabulary.vernacular.labels
    words = ", ".join(f'"{word}"' for word in alias.words)
    named = [labels.get(name, name) for name in alias.of]
    lead = f"{words}, as a value of {series(named)}" if named else words
    return f"{lead}: {'; '.join(_leads(alias, base))}"


def _leads(alias: Alias, base: Knowledge) -> Iterator[str]:
    words = base.vocabulary.vernacular
    for fact in alias.of[:1]:
        members = words.members.get(fact, {})
        named = [members.get(name, spaced(name)) for name in alias.members]
        yield from [" or ".join(named)] if named else ()
    if alias.facts:
        yield " or ".join(words.labels.get(name, name) for name in alias.facts)
    for name, value in alias.stated.items():
        label = words.labels.get(name, name)
        said = {True: "yes", False: "no"}.get(value, str(value))
        yield f"{label}: {said}"
    if alias.items:
        yield "each item by itself"
    if alias.text:
        yield capital(alias.text)
