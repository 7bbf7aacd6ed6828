"""What a knowledge base promises, as records: guarantees, and the order it keeps.

Each mirrors a table of `guarantees.toml` or `order.toml`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

import attrs

from milia_cds.knowledge.dangers import Urgency
from milia_cds.knowledge.records import Entry, derived
from milia_cds.logic.conditions import Condition

Action: TypeAlias = Literal["treat", "observe", "treat_cause", "refer"]
"""What to do in a scenario."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Exempt(Entry):
    """A gate of the gentler option that some options need not follow, and why."""

    gate: str
    options: tuple[str, ...]
    reason: str


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Guarantee(Entry):
    """What must hold for every case, whatever is unknown.

    While `never_when` is not known to be false, none of the `options` and `measures`
    is offered. Or, when `when` is true, the disposition is `action`, so urgent and to
    there where that is said, or an alert is certain. Or what gates do to the `gentler`
    option, they do at least as far to those that it `binds`. A file may name groups of
    options, and by `not_for` those of them that it is not about.
    """

    id: str
    number: int
    text: str
    options: tuple[str, ...] = ()
    not_for: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    never_when: str = ""
    when: str = ""
    action: Action | None = None
    to: str | None = None
    urgency: Urgency | None = None
    urgency_at_least: Urgency | None = None
    alert: str | None = None
    gentler: str = ""
    binds: tuple[str, ...] = ()
    except_: tuple[Exempt, ...] = ()
    condition: Condition = derived()

    def exempt(self, option: str) -> frozenset[str]:
        """The gates of the gentler option that an option need not follow."""
        return frozenset(each.gate for each in self.except_ if option in each.options)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Promise(Entry):
    """A guarantee that tests hold: about texts (content) or the engine (law)."""

    id: str
    number: int
    text: str


@attrs.frozen(kw_only=True, eq=False, repr=False)
class KeptOrder(Entry):
    """The order of the options in each scenario, and the contradictions, as digests."""

    contradictions: str = ""
    scenario: Mapping[str, str] = attrs.field(factory=dict)
