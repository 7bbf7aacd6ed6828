"""The vocabulary that `facts.toml` declares; options are those with a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from milia_cds.case.vernacular import Vernacular
from milia_cds.case.vocabulary import Vocabulary
from milia_cds.errors import Problem
from milia_cds.knowledge.consequences import FACT
from milia_cds.knowledge.declared import kind_of
from milia_cds.knowledge.filed import Filed
from milia_cds.logic.facts import Kind


def vocabulary_of(filed: Filed) -> Vocabulary:
    """The vocabulary, of the facts whose kind can be read.

    Parameters
    ----------
    filed
        What the files say; problems and doubts are added to it.
    """
    said, about = filed.facts, filed.about
    kinds = dict(_kinds(filed))
    return Vocabulary(
        domain=about.domain,
        case=about.case,
        kinds=kinds,
        settings=frozenset(name for name, each in said.facts.items() if each.setting),
        sections=said.sections,
        roles=said.roles,
        screens=dict(_absentable(filed, kinds)),
        spoken=_vernacular(filed),
    )


def _kinds(filed: Filed) -> Iterator[tuple[str, Kind]]:
    """The kind of every fact that declares one."""
    options = filed.stems("options")
    criteria = tuple(each.id for each in filed.criteria.criterion)
    for name, entry in filed.facts.facts.items():
        wrong: list[Problem] = []
        kind = kind_of(name, entry, options, criteria, wrong)
        if not wrong:
            yield name, kind
            continue
        filed.problems += wrong
        filed.doubts.place(FACT.format(name))


def _absentable(
    filed: Filed, kinds: Mapping[str, Kind]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The questions to which "no" denies facts of sections that may be absent."""
    said = filed.facts
    absent = {
        name for name, entry in said.sections.items() if entry.may_be_assumed_absent
    }
    for screen, entry in said.screens.items():
        facts = [name for name, fact in said.facts.items() if fact.screen == screen]
        denied = tuple(
            name for name in facts if name in kinds and kinds[name].absent is not None
        )
        within = all(name.partition(".")[0] in absent for name in facts)
        if denied and within and entry.no_to_all:
            yield screen, denied


def _vernacular(filed: Filed) -> Vernacular:
    """What people call the facts and their members."""
    said, aliases = filed.facts, filed.aliases
    labels = {name: each.label for name, each in said.sections.items()}
    labels |= {name: each.label for name, each in said.facts.items()}
    return Vernacular(
        labels=labels,
        members={
            name: each.members for name, each in said.facts.items() if each.members
        },
        aliases=aliases.alias,
        spelling=aliases.spelling,
        ignored=aliases.ignored,
    )
