"""What several faces share: what to do, a fact in words, what stands out, the stamp."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import attrs

from milia_cds.explanation.outcome import Disposition, Place, Reason, Stamp
from milia_cds.knowledge.model import Knowledge
from milia_cds.knowledge.wording import Wording
from milia_cds.render.lines import spaced

_ACTIONS = {
    "treat": "Treat",
    "observe": "Observe",
    "treat_cause": "Treat the cause",
    "refer": "Refer",
    "needs_information": "More information is needed first",
}
_WORDS = {None: "not known", True: "yes", False: "no"}


def action_of(disposition: Disposition) -> str:
    """Say what to do, in a few words."""
    action = _ACTIONS[disposition.action]
    where = [spaced(disposition.to)] if disposition.to else []
    where += [disposition.urgency] if disposition.urgency else []
    return f"{action}: {', '.join(where)}" if where else action


def value_of(value: object) -> str:
    """Say a plain value."""
    if value is None or isinstance(value, bool):
        return _WORDS[value]
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value)) or "none"
    return str(value)


def fact_of(name: str, value: Any, base: Knowledge | None) -> str:
    """Say a fact with its plain JSON value, in the words of a knowledge base."""
    if base is None or name not in base.facts:
        return f"{name} = {value_of(value)}"
    known = frozenset(value) if isinstance(value, list | tuple) else value
    return Wording(base).value(name, known)


def prominent(place: Place) -> bool:
    """Tell whether an option is shown unfolded."""
    return place.standing != "limited" or place.rank == 1


def once(reasons: Iterable[Reason]) -> Iterator[Reason]:
    """Drop a reason that says what another has said."""
    said: set[tuple[str, str | None]] = set()
    for reason in reasons:
        if (reason.text, reason.if_) not in said:
            said.add((reason.text, reason.if_))
            yield reason


def rests_on(stamp: Stamp) -> tuple[str, ...]:
    """Name the knowledge that an answer rests on, and the local policy over it."""
    if stamp.policy is None:
        return (stamp.digest,)
    name, version, digest = attrs.astuple(stamp.policy)
    return (stamp.digest, f"Local policy: {name}, {version}, {digest}")
