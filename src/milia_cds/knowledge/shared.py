"""Rules of several options and rows of several scenarios, as records.

Each mirrors a table of `common.toml` or `scenarios.toml`; `sharing` expands them.
"""

from __future__ import annotations

import attrs

from milia_cds.knowledge.dangers import Urgency
from milia_cds.knowledge.entries import shared_from
from milia_cds.knowledge.options import GateKind, Side, Standing
from milia_cds.knowledge.promises import Action
from milia_cds.knowledge.records import Entry, at_most, derived
from milia_cds.knowledge.texts import Sentence
from milia_cds.logic.conditions import Condition


@attrs.frozen(kw_only=True, eq=False, repr=False)
class OtherWords(Entry):
    """Other words of a shared rule, for some of its options.

    What is left out is as in the rule; `sources` and `judgement` go together.
    """

    for_: tuple[str, ...]
    text: str = ""
    plain: str = ""
    short: str = at_most(26)
    sources: tuple[str, ...] = ()
    judgement: bool = False


@attrs.frozen(kw_only=True, eq=False, repr=False)
class SharedGate(Entry):
    """A rule of several options and measures: a gate of each of them."""

    id: str
    for_: tuple[str, ...]
    not_for: tuple[str, ...] = ()
    kind: GateKind
    text: str
    plain: str = ""
    short: str = at_most(26)
    when: str = ""
    claims: tuple[str, ...] = ()
    always: bool = False
    to: Standing | None = None
    sources: tuple[str, ...] = ()
    judgement: bool = False
    rows: tuple[str, ...] = ()
    wording: tuple[OtherWords, ...] = ()
    condition: Condition | None = derived()


@attrs.frozen(kw_only=True, eq=False, repr=False)
class SharedAction(Entry):
    """An action of several scenarios, before the rows of their own."""

    for_: tuple[str, ...]
    act: Action
    text: str = ""
    short: str = at_most(49)
    brief: str = at_most(140)
    when: str = ""
    to: str | None = None
    urgency: Urgency | None = None
    own_text: str = ""
    claims: tuple[str, ...] = ()
    sentence: tuple[Sentence, ...] = ()
    sources: tuple[str, ...] = ()
    judgement: bool = False
    condition: Condition | None = derived()
    place: str = shared_from()


@attrs.frozen(kw_only=True, eq=False, repr=False)
class SharedArgument(Entry):
    """Evidence about options in several scenarios, before the arguments of their own.

    It is repeated for each of the `options`, in their order.
    """

    for_: tuple[str, ...]
    options: tuple[str, ...]
    side: Side
    text: str
    when: str = ""
    claims: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    judgement: bool = False
    condition: Condition | None = derived()
    place: str = shared_from()
