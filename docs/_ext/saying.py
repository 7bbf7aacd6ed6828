"""How the generated pages say conditions, claims and names, each with its links."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import attrs

from docs._ext.case_pages import Cases
from docs._ext.markdown import bullets, code, link, listed, plain
from docs._ext.places import (
    Place,
    Usage,
    direct_facts,
    sets_in,
    terms_in,
    used_in,
)
from docs._ext.proved import Proved
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.texts import Sentence
from milia_cds.knowledge.wording import Wording
from milia_cds.knowledge.words import Code
from milia_cds.logic.conditions import Condition
from milia_cds.render.alert_words import on_condition

_KEYS = ("when", "never_when", "asked_when", "unlisted_when", "own_when")
"""The keys under which a record writes its condition."""


@attrs.frozen
class Saying:
    """A knowledge base, what uses what in it, and how its parts are said."""

    base: Knowledge
    usage: Usage
    words: Wording
    cases: Cases
    proved: Proved

    @classmethod
    def of(cls, base: Knowledge) -> Saying:
        """Make it from a knowledge base."""
        return cls(base, Usage.of(base), Wording(base), Cases.of(base), Proved.of(base))

    def when(self, condition: Condition | None) -> str:
        """Say a condition in words."""
        return plain(self.words.condition(condition)) if condition else "always"

    def rule(self, record: Any) -> str:
        """Show the condition of a record as it is written, with what it reads."""
        condition = record.condition
        if condition is None:
            return ""
        text = next(filter(None, (getattr(record, key, "") for key in _KEYS)))
        reads = [
            *(link(code(name), "term", name) for name in _once(terms_in(condition))),
            *(link(code(name), "set", name) for name in _once(sets_in(condition))),
            *(link(code(name), "fact", name) for name in direct_facts(condition)),
        ]
        return f"Written {code(text)}; reads {listed(reads)}."

    def claim(self, record: Any) -> str:
        """What a claim rests on, as a sentence."""
        said = self.rests(record)
        return f"Rests on {said}." if said else ""

    def rests(self, record: Any) -> str:
        """List what a claim rests on."""
        said = [link(plain(name), "source", name) for name in record.sources]
        if record.judgement:
            said.append("judgement")
        return listed(said)

    def text(self, record: Any) -> str:
        """The text of a record, or its sentences, each with its condition."""
        return plain(record.text) or " ".join(self.sentences(record.sentence, "text"))

    def plain_text(self, record: Any) -> str:
        """The same to a patient."""
        return plain(record.plain) or " ".join(self.sentences(record.sentence, "plain"))

    def sentences(self, parts: Iterable[Sentence], register: str) -> Iterator[str]:
        """Sentences in one register, each with what must hold for it."""
        for part in parts:
            if text := getattr(part, register):
                yield plain(on_condition(part, text, self.words))

    def option(self, name: str) -> str:
        """Link an option, or say its id where there is none."""
        option = self.base.options.get(name)
        return link(plain(option.label), "option", name) if option else code(name)

    def owner(self, name: str) -> str:
        """Link an option or a measure."""
        measure = self.base.measures.get(name)
        if measure is None:
            return self.option(name)
        return link(plain(measure.label), "measure", name)

    def options(self, names: Iterable[str]) -> str:
        """Link options."""
        return listed(map(self.option, names)) or "none"

    def scenario(self, name: str) -> str:
        """Link a scenario."""
        return link(code(name), "scenario", name)

    def scenarios(self, names: Iterable[str]) -> str:
        """Link scenarios."""
        return listed(map(self.scenario, names))

    def used(self, places: Iterable[Place], *, title: str = "Used in") -> str:
        """List where something is used."""
        lines = used_in(places)
        return f"{title}:\n\n{bullets(lines)}" if lines else f"{title}: nothing."


def _once(names: Iterable[str]) -> Iterable[str]:
    return dict.fromkeys(names)


def codes(given: Iterable[Code]) -> str:
    """Say codes of terminologies."""
    said = [
        f"{each.system} {code(each.code)} ({plain(each.display)})" for each in given
    ]
    return f"Codes: {listed(said)}." if said else ""
