"""What the clinician and the patient read: risks, steps, calls and advice, as records.

Each text has two registers: `text` for the clinician, `plain` for the patient.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

import attrs

from milia_cds.knowledge.records import Entry, at_most, derived
from milia_cds.logic.conditions import Condition

Certainty: TypeAlias = Literal["high", "moderate", "low", "very_low"]
CERTAINTIES: tuple[Certainty, ...] = ("very_low", "low", "moderate", "high")
Basis: TypeAlias = str
"""Where a figure is from: the name of the domain, "analogue" or "not_known"."""
Elsewhere: TypeAlias = Literal["analogue"]
"""Said of a text whose figure is not from the domain."""
Reversible: TypeAlias = Literal["yes", "partly", "no", "not_known"]
Phase: TypeAlias = Literal["preparation", "anaesthesia", "aftercare", "review"]
PHASES: tuple[Phase, ...] = ("preparation", "anaesthesia", "aftercare", "review")
Timing: TypeAlias = Literal[
    "before",
    "immediate",
    "first_two_days",
    "first_week",
    "until_healed",
    "ongoing",
    "review",
]
TIMINGS: tuple[Timing, ...] = (
    "before",
    "immediate",
    "first_two_days",
    "first_week",
    "until_healed",
    "ongoing",
    "review",
)
HowSoon: TypeAlias = Literal["emergency", "same_day", "soon"]
HOW_SOON: tuple[HowSoon, ...] = ("emergency", "same_day", "soon")
AdviceKind: TypeAlias = Literal[
    "what",
    "never",
    "home_care",
    "prevention",
    "expectation",
    "mimic",
    "red_flag",
    "after_procedure",
    "question",
]
ADVICE_KINDS: tuple[AdviceKind, ...] = (
    "what",
    "never",
    "home_care",
    "prevention",
    "expectation",
    "mimic",
    "red_flag",
    "after_procedure",
    "question",
)
NOT_KNOWN = "not known"
"""The frequency of a risk of which no figure was found."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Sentence(Entry):
    """One sentence of a text, said while its `when` holds and its claims may stand.

    `claims` are those of `claims.toml` that it makes, such as that waiting is safe.
    """

    text: str
    plain: str = ""
    when: str = ""
    claims: tuple[str, ...] = ()
    condition: Condition | None = derived()


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Phrase(Entry):
    """A line about an option, said while its `when` holds and its claims may stand.

    `scenarios` are those, or groups of those, in which alone it is said.
    """

    text: str = at_most(90, needed=True)
    when: str = ""
    scenarios: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    judgement: bool = False
    condition: Condition | None = derived()


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Check(Entry):
    """What to look for before anything is done; every one that holds is said."""

    text: str = at_most(150, needed=True)
    when: str = ""
    sources: tuple[str, ...] = ()
    judgement: bool = False
    condition: Condition | None = derived()


@attrs.frozen(kw_only=True, eq=False, repr=False)
class BriefReason(Phrase):
    """The one reason that stands beside an option on one screen."""

    text: str = at_most(49, needed=True)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Cell(Entry):
    """What an option answers to a question of the grid; the first true one counts."""

    row: str
    plain: str = at_most(70, needed=True)
    when: str = ""
    claims: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    judgement: bool = False
    condition: Condition | None = derived()


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Consent(Entry):
    """What is said and written down before a patient agrees.

    `options` are those that share it, where it stands in the common file.
    """

    id: str
    text: str = at_most(40, needed=True)
    when: str = ""
    options: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    judgement: bool = False
    condition: Condition | None = derived()


@attrs.frozen(kw_only=True, eq=False, repr=False)
class RiskModifier(Entry):
    """Who runs a risk more often, or runs a worse one."""

    when: str
    text: str
    plain: str
    sources: tuple[str, ...] = ()
    judgement: bool = False
    condition: Condition | None = derived()


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Risk(Entry):
    """What can go wrong, how often, how badly, and whether it goes away.

    Parameters
    ----------
    frequency
        A natural frequency with its denominator, or "not known".
    basis
        Where the figure is from: the domain, by its name; an "analogue", such as a
        larger procedure or another disease; or "not_known".
    severity
        1 (trivial) to 5 (serious or permanent).
    short
        What it is in a list, such as "infection".
    """

    id: str
    text: str
    plain: str
    short: str = at_most(30)
    frequency: str
    basis: Basis
    severity: int
    reversible: Reversible
    population: str = ""
    period: str = ""
    when: str = ""
    modifier: tuple[RiskModifier, ...] = ()
    sources: tuple[str, ...] = ()
    judgement: bool = False
    condition: Condition | None = derived()


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Step(Entry):
    """Something to do before, during or after, and when.

    `options` are those that share it, where it stands in the common file. One that has
    a `short` form is said on one screen.
    """

    id: str
    phase: Phase
    timing: Timing
    text: str
    plain: str
    short: str = at_most(60)
    when: str = ""
    options: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    judgement: bool = False
    condition: Condition | None = derived()


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Call(Entry):
    """What to call about after a treatment, and how soon; `short` is it in a list."""

    id: str
    how_soon: HowSoon
    text: str
    plain: str
    short: str = at_most(40)
    when: str = ""
    options: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    judgement: bool = False
    condition: Condition | None = derived()


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Advice(Entry):
    """Advice beyond one option: what never to do, home care, what to expect.

    `basis` is set where a figure in the text is from an analogue, as that of a risk is.

    Parameters
    ----------
    short
        It in a list: a look-alike with the signs that tell it, a sign to come back for.
    harm, often
        Of a look-alike: 1 is the most harmful, and the commonest, of all.
    how_soon
        Of a sign: how soon to come back.
    leaflets
        The options whose leaflets print it; `None`: all, if it says what never to do,
        or what it is about, else none.
    """

    id: str
    kind: AdviceKind
    title: str
    short: str = at_most(70)
    harm: int | None = None
    often: int | None = None
    how_soon: HowSoon | None = None
    leaflets: tuple[str, ...] | None = None
    text: str = ""
    plain: str = ""
    when: str = ""
    certainty: Certainty | None = None
    basis: Elsewhere | None = None
    articles: tuple[int, ...] = ()
    departs: str = ""
    claims: tuple[str, ...] = ()
    sentence: tuple[Sentence, ...] = ()
    sources: tuple[str, ...] = ()
    judgement: bool = False
    condition: Condition | None = derived()
