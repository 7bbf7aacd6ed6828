"""Decisions and the scenarios they lead to: `triage.toml` and `scenarios.toml`."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from milia_cds.knowledge.dangers import Urgency
from milia_cds.knowledge.entries import shared_from
from milia_cds.knowledge.options import Argument
from milia_cds.knowledge.promises import Action
from milia_cds.knowledge.records import Entry, at_most, derived
from milia_cds.knowledge.texts import Sentence
from milia_cds.logic.conditions import Condition
from milia_cds.shown import AtHome


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Branch(Entry):
    """A way out of a decision; the last one may be `otherwise`.

    `short` is the answer in a word or two; `open` says in a line, with its "if", what
    to do then, for a case in which the question is still open.
    """

    to: str
    short: str = at_most(30)
    open: str = at_most(140)
    when: str = ""
    otherwise: bool = False
    condition: Condition = derived()


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Decision(Entry):
    """A node of the triage: one question, with exclusive and complete branches.

    `short` is the question in a word or two. Where its last branch says "no" to all
    that it asks for, `denies` is that in a word or two.
    """

    id: str
    ask: str
    short: str = at_most(30)
    denies: str = at_most(26)
    branch: tuple[Branch, ...]
    sources: tuple[str, ...] = ()
    judgement: bool = False
    note: str = ""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Destination(Entry):
    """Where a referral goes; `own_when` says that the operator is that specialty.

    Beside a referral to one of `covered_by` it need not be named: that sees to it.
    """

    label: str
    own_when: str = ""
    own_text: str = ""
    covered_by: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    judgement: bool = False
    condition: Condition | None = derived()


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ActionRule(Entry):
    """What to do, in one scenario or in several.

    `own_text` is said instead of that of the destination to an operator whose own
    field it is. `short` is it in a line, `brief` what that line leaves to say.
    """

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
class ActionRow(ActionRule):
    """What to do in a scenario; the first row that is true decides.

    One that says `first` stands before the rows that several scenarios share.
    """

    first: bool = False


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Scenario(Entry, AtHome):
    """A leaf of the triage: the standing of every option, and what to do.

    `short` is the situation in a few words, `aside` why what is not recommended there
    is not, `say` what may be said to the patient.

    In a visit, what a case that ends here states in the section `spreads` holds for all
    cases at the places of the set `spreads_over`.
    """

    id: str
    label: str
    plain: str
    short: str = at_most(44)
    aside: str = at_most(30)
    say: str = at_most(160)
    first_line: tuple[str, ...]
    reasonable: tuple[str, ...]
    limited: tuple[str, ...]
    not_recommended: tuple[str, ...]
    action: tuple[ActionRow, ...]
    argument: tuple[Argument, ...] = ()
    spreads: str = ""
    spreads_over: str = ""
    sources: tuple[str, ...] = ()
    judgement: bool = False
    note: str = ""
    ranks: Mapping[str, int] = attrs.field(
        factory=dict, metadata={"derived": True}, eq=False
    )
