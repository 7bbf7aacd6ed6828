"""Dangers as records: how soon, for whom, what is an alert, and what texts claim.

Each mirrors a table of `alerts.toml` or `claims.toml`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

import attrs

from milia_cds.knowledge.records import Entry, at_most, derived
from milia_cds.knowledge.texts import Sentence
from milia_cds.knowledge.words import FactEntry
from milia_cds.logic.conditions import Condition, Or, plain_atoms

Urgency: TypeAlias = Literal["routine", "soon", "urgent", "same_day", "emergency"]
URGENCIES: tuple[Urgency, ...] = ("routine", "soon", "urgent", "same_day", "emergency")
"""The urgencies of a referral, from least to most."""
URGENT = URGENCIES.index("urgent")
"""The most that is said where no completion is known to need more."""
ClaimStands: TypeAlias = Literal[
    "offered", "first", "unsilenced", "unhurried", "no_alert_today"
]
"""What must hold for a claim to stand, beside that no alert silences it."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Addressee(Entry):
    """Whom an alert is for, in words for the clinician and for the patient."""

    label: str
    plain: str = ""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class UrgencyWords(Entry):
    """How soon something is: on one screen, in a letter, and for the patient."""

    short: str = at_most(24, needed=True)
    label: str
    plain: str
    sources: tuple[str, ...] = ()
    judgement: bool = False


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Alert(Entry):
    """A danger that the case itself states, whatever is decided.

    Parameters
    ----------
    urgency, to
        How soon, and whom it is for.
    text, plain
        What is said to the clinician and to the patient.
    sentence
        More of it, each while its own `when` holds.
    silences
        The claims that no text may make beside it.
    carried
        Whether it is a danger of what is judged, now: then the disposition is never
        less urgent.
    signs
        What must be known for it to be asked: its tests that stand without `not`, but
        for facts that every case has.
    """

    id: str
    when: str
    urgency: Urgency
    to: tuple[str, ...]
    text: str
    plain: str
    sentence: tuple[Sentence, ...] = ()
    silences: tuple[str, ...] = ()
    carried: bool = False
    sources: tuple[str, ...] = ()
    judgement: bool = False
    note: str = ""
    condition: Condition = derived()
    signs: Condition = derived()


def signs_of(condition: Condition, facts: Mapping[str, FactEntry]) -> Condition:
    """The signs of an alert: its tests without `not`, except those of background facts.

    Parameters
    ----------
    condition
        When the alert is certain.
    facts
        The words of every fact.
    """
    signs = plain_atoms(condition)
    return Or(tuple(each for each in signs if not facts[each.fact].background))


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Claim(Entry):
    """Something that a text says and that the rest of an answer can make false.

    It never stands beside an alert that silences it.

    Parameters
    ----------
    markers
        The words by which it is known, to the clinician and to the patient.
    stands
        What else must hold: that the option it names is offered, or is in the first
        place; that nothing is urgent today and nothing is referred; that no alert is of
        today.
    """

    id: str
    text: str
    markers: tuple[str, ...]
    stands: ClaimStands
    judgement: bool = False
