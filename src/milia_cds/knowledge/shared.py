"""Rules of several options and rows of several scenarios, as records.

Each mirrors a table of `common.toml` or `scenarios.toml`; `sharing` expands them.
"""

from __future__ import annotations

import attrs

from milia_cds.knowledge.options import Evidence, GateRule
from milia_cds.knowledge.records import Entry, at_most
from milia_cds.knowledge.scenarios import ActionRule


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
class SharedGate(GateRule):
    """A rule of several options and measures: a gate of each of them."""

    for_: tuple[str, ...]
    not_for: tuple[str, ...] = ()
    wording: tuple[OtherWords, ...] = ()


@attrs.frozen(kw_only=True, eq=False, repr=False)
class SharedAction(ActionRule):
    """An action of several scenarios, before the rows of their own."""

    for_: tuple[str, ...]


@attrs.frozen(kw_only=True, eq=False, repr=False)
class SharedArgument(Evidence):
    """Evidence about options in several scenarios, before the arguments of their own.

    It is repeated for each of the `options`, in their order.
    """

    for_: tuple[str, ...]
    options: tuple[str, ...]
