"""What leaflets and letters say, as records: lines, people, places, rows of a letter.

Each mirrors a table of `leaflets.toml`, or the table `leaflet` of an option.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

import attrs

from milia_cds.knowledge.records import Entry, at_most, derived
from milia_cds.logic.conditions import Condition

LeafletPart: TypeAlias = Literal["happens", "care", "wrong"]
ReferredPart: TypeAlias = Literal["first", "why", "there", "until", "sooner"]
LetterPart: TypeAlias = Literal["question", "told"]


@attrs.frozen(kw_only=True, eq=False, repr=False)
class LeafletLine(Entry):
    """A line that says several entries of an option in one, in their place.

    Parameters
    ----------
    says
        The ids of steps, and "gate.ID" of gates, that it says; it stands while one of
        them is known to hold.
    lead
        How long, where the line is about care; without it that of its first step.
    spare
        Whether it is among the first to go where the leaflet is too long.
    """

    part: LeafletPart
    says: tuple[str, ...]
    plain: str = at_most(170, needed=True)
    lead: str = at_most(30)
    spare: bool = False
    options: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    judgement: bool = False


@attrs.frozen(kw_only=True, eq=False, repr=False)
class OptionLeaflet(Entry):
    """How the leaflet of an option names it, and the lines of it alone.

    Parameters
    ----------
    title
        What it is, after the place, such as "having them taken out".
    choice
        What it is among the choices, in a sentence or two.
    happens, care
        The headings of what happens, and of what to do afterwards.
    unsaid
        Its steps and gates that no leaflet prints.
    """

    title: str = at_most(40, needed=True)
    choice: str = at_most(110, needed=True)
    happens: str = at_most(30)
    care: str = at_most(30)
    unsaid: tuple[str, ...] = ()
    line: tuple[LeafletLine, ...] = ()
    sources: tuple[str, ...] = ()
    judgement: bool = False


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Person(Entry):
    """Who is spoken of while its condition is known to hold; else it is the reader.

    `whose` is as "your child's"; `words` are what is put in the place of words that
    speak to the patient.
    """

    when: str
    whose: str
    words: Mapping[str, str] = attrs.field(factory=dict)
    condition: Condition = derived()


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Whereabouts(Entry):
    """Where on the body, after the name of the domain; `{whose}` is the person's."""

    fact: str
    members: Mapping[str, str]


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ReferralLine(Entry):
    """A line about a referral, said while it is known to hold.

    `to` are the destinations that it is about; without any, it is about all.
    """

    when: str = ""
    to: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    judgement: bool = False
    condition: Condition | None = derived()


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ReferredLine(ReferralLine):
    """A line of the leaflet for a patient who is referred."""

    part: ReferredPart
    plain: str = at_most(170, needed=True)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class LetterRow(Entry):
    """A row of the letter: the facts that stand in it.

    Parameters
    ----------
    heading
        Its name.
    facts, screens
        Facts that it always names, and further ones, by their questions, that it names
        where they hold; what an earlier row has stays there.
    absent
        The row for what was looked for and is absent; without it that is said here.
    none
        What is said where all that it names is absent.
    blank
        What the signer fills in.
    """

    heading: str
    facts: tuple[str, ...] = ()
    screens: tuple[str, ...] = ()
    absent: str = ""
    none: str = ""
    blank: str = ""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class LetterLine(ReferralLine):
    """What a letter asks, or what the patient was told; the first that holds is said.

    `part` is which of the two.
    """

    part: LetterPart
    text: str = at_most(240, needed=True)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Leaflets(Entry):
    """What all leaflets and letters share.

    Parameters
    ----------
    what
        What is looked at, such as "the spot".
    unsaid
        Steps, gates and risks that no leaflet prints.
    signs
        Facts as a clause to the patient, read after "if" and alone.
    person, place
        Who is spoken of, the first that holds; where.
    line
        Lines that several options share.
    referred
        The lines of the leaflet for a patient who is referred.
    row, letter
        The rows of the letter, and what it asks and tells.
    """

    what: str = "this"
    unsaid: tuple[str, ...] = ()
    signs: Mapping[str, str] = attrs.field(factory=dict)
    person: tuple[Person, ...] = ()
    place: Whereabouts | None = None
    line: tuple[LeafletLine, ...] = ()
    referred: tuple[ReferredLine, ...] = ()
    row: tuple[LetterRow, ...] = ()
    letter: tuple[LetterLine, ...] = ()
