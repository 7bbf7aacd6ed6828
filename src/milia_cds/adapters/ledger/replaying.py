"""Decisions made again from what was stored: the bundle and the case."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from milia_cds.adapters.ledger.entries import LedgerEntry, Replay
from milia_cds.adapters.ledger.recording import gist_of
from milia_cds.assessment.assessment import Assessment
from milia_cds.assessment.base import load_knowledge
from milia_cds.assessment.decided import decided
from milia_cds.assessment.details import JSON_DETAILS
from milia_cds.assessment.digests import answer_digest, decision_content
from milia_cds.assessment.stored import content_digest
from milia_cds.errors import described
from milia_cds.knowledge.model import Knowledge
from milia_cds.version import VERSION

_MOST_BASES = 4
_BEYOND = "the gist is the same, and something else in the decision is not"


class Bases:
    """The knowledge bases of bundles, of which the last few that were used are kept.

    Parameters
    ----------
    content
        Gives the bundle of a knowledge and a policy, by their digests.
    """

    def __init__(self, content: Callable[[str, str], bytes]) -> None:
        self._content = content
        self._kept: OrderedDict[tuple[str, str], Knowledge] = OrderedDict()

    def __getitem__(self, digests: tuple[str, str]) -> Knowledge:
        """The knowledge base with its policy, read from its bundle.

        Raises
        ------
        KnowledgeError
            When it cannot be read, or another version of the library reads it.
        """
        if digests not in self._kept:
            self._kept[digests] = load_knowledge(self._content(*digests))
            if len(self._kept) > _MOST_BASES:
                self._kept.popitem(last=False)
        self._kept.move_to_end(digests)
        return self._kept[digests]


def assessment_of(entry: LedgerEntry, base: Knowledge) -> Assessment:
    """The assessment of a stored case, made again.

    Parameters
    ----------
    entry
        The entry of the decision.
    base
        The knowledge that decided.

    Raises
    ------
    NoEntryError
        When it is erased.
    """
    stored = entry.content
    case = base.case(stored["case"])
    on = date.fromisoformat(stored["on"]) if "on" in stored else None
    visit = dict(_of_visit(stored.get("visit", {}), base))
    return Assessment(decided=decided(case, base, visit or None, on))


def _of_visit(stored: Mapping[str, Any], base: Knowledge) -> Iterator[tuple[str, Any]]:
    """What other cases of a visit said of this one, as it was stored."""
    for name, value in stored.items():
        section, _, fact = name.partition(".")
        said = base.case({section: {fact: value}})
        yield name, said.value(name)


def replay_of(entry: LedgerEntry, base: Knowledge) -> Replay:
    """A stored decision made again, and what of it is otherwise.

    Parameters
    ----------
    entry
        The entry of the decision.
    base
        The knowledge that decided.

    Raises
    ------
    NoEntryError
        When it is erased.
    """
    stored = entry.content
    again = assessment_of(entry, base)
    content = decision_content(again)
    same = content_digest(content) == stored["decision"]
    difference: tuple[str, ...] = ()
    if not same:
        difference = tuple(_differences(stored["gist"], gist_of(content))) or (_BEYOND,)
    return Replay(
        id=entry.id,
        same=same,
        difference=difference,
        same_answer=_same_answer(stored.get("answer"), again),
        engine=(entry.engine, VERSION),
    )


def _differences(stored: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    for name in stored:
        if stored[name] != now.get(name):
            yield f"{name}: {_listed(stored[name])} is now {_listed(now.get(name))}"


def _listed(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "nothing"
    return described(value)


def _same_answer(stored: Mapping[str, Any] | None, again: Assessment) -> bool | None:
    if stored is None or stored["detail"] not in JSON_DETAILS:
        return None
    return bool(answer_digest(again.to_dict(stored["detail"])) == stored["digest"])
